//! Standard output and error. Colour and width are determined once, here.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::OnceLock;

use clap::ValueEnum;

use crate::model::reason::IoReason;
use crate::model::{Explained, Language, Said};
use crate::render::text::Style;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Colour {
    #[default]
    Auto,
    Always,
    Never,
}

/// The first failed write to standard output, for the whole process: an incomplete result must not look complete.
static UNWRITTEN: OnceLock<IoReason> = OnceLock::new();

/// Lines longer than this are hard to read; values are wrapped, never cut.
const MAX_WIDTH: usize = 100;

/// Behind every question.
const ONLY_YES: Explained = Explained::new("[only `yes` applies]", "[`yes` と入力した場合だけ実行します]");

#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// For standard output.
    pub style: Style,
    /// For standard error, where progress and problems go.
    pub error_style: Style,
    /// An operator can answer a question.
    pub interactive: bool,
    /// Lines on standard error may be rewritten in place.
    pub live: bool,
    /// Notes and progress are not written.
    pub quiet: bool,
    /// Of everything that is written for people.
    pub language: Language,
}

impl Terminal {
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place of the command line that reads NO_COLOR, TERM and COLUMNS")]
    pub fn detect(colour: Colour, quiet: bool, language: Language) -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let plain = set("NO_COLOR").is_some() || set("TERM").as_deref() == Some("dumb");
        let coloured = |terminal: bool| match colour {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => terminal && !plain,
        };
        let columns = set("COLUMNS").and_then(|text| text.parse().ok());
        let width = columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
        let width = width.filter(|width| *width > 0).unwrap_or(MAX_WIDTH).min(MAX_WIDTH);
        Self {
            style: Style { colour: coloured(io::stdout().is_terminal()), width },
            error_style: Style { colour: coloured(io::stderr().is_terminal()), width },
            interactive: io::stdin().is_terminal() && io::stderr().is_terminal(),
            live: !quiet && io::stderr().is_terminal() && set("TERM").as_deref() != Some("dumb"),
            quiet,
            language,
        }
    }

    /// Prints a result. A reader that closed the pipe (`| head`) is no error; a full disk is one, and is remembered.
    #[expect(clippy::unused_self, reason = "output belongs to the terminal")]
    pub fn print(&self, text: &str) {
        let mut out = io::stdout().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let written = out.write_all(text.as_bytes()).and_then(|()| out.write_all(end.as_bytes())).and_then(|()| out.flush());
        if let Err(error) = written
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            let _ = UNWRITTEN.set(error.into());
        }
    }

    /// Why some of the output did not arrive.
    #[expect(clippy::unused_self, reason = "output belongs to the terminal")]
    #[must_use]
    pub fn unwritten(&self) -> Option<&'static IoReason> {
        UNWRITTEN.get()
    }

    /// Prints a result that is a sentence, in the language of the command.
    pub fn say(&self, said: impl Into<Said>) {
        self.print(said.into().say(self.language));
    }

    /// Progress and banners: everything but the result. A text that exists in one language alone does not compile.
    pub fn note(&self, said: impl Into<Said>) {
        self.note_raw(said.into().say(self.language));
    }

    /// A note that has no language, such as a line of JSON, or that was written in the right one.
    pub fn note_raw(&self, text: &str) {
        if !self.quiet {
            self.line(text);
        }
    }

    /// What the operator must see before a question or a signature: `-q` keeps it.
    pub fn must_see(&self, said: impl Into<Said>) {
        self.must_see_raw(said.into().say(self.language));
    }

    /// The same for a text that has no language, or was written in the right one.
    pub fn must_see_raw(&self, text: &str) {
        self.line(text);
    }

    #[expect(clippy::unused_self, reason = "output belongs to the terminal")]
    fn line(&self, text: &str) {
        let mut out = io::stderr().lock();
        let _ = writeln!(out, "{}", text.trim_end_matches('\n'));
    }

    /// What went wrong; `-q` keeps it.
    pub fn problem(&self, said: impl Into<Said>) {
        self.line(&format!("tokaido: {}", said.into().say(self.language)));
    }

    /// Asks for a line; empty when there is no answer.
    pub fn ask(&self, question: impl Into<Said>) -> String {
        let _ = write!(io::stderr().lock(), "{} ", question.into().say(self.language));
        let mut answer = String::new();
        let _ = io::stdin().read_line(&mut answer);
        answer.trim().to_owned()
    }

    /// Asks a question; only `yes` is yes, in every language.
    pub fn confirm(&self, question: impl Into<Said>) -> bool {
        let (question, only) = (question.into(), ONLY_YES.say(self.language));
        let _ = write!(io::stderr().lock(), "{} {only} ", question.say(self.language));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).is_ok() && answer.trim() == "yes"
    }
}

//! Standard output and error. Colour and width are determined once, here.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use clap::ValueEnum;
use indicatif::MultiProgress;

use crate::model::reason::IoReason;
use crate::model::{Explained, Language, Reason as _, Said, visible};
use crate::render::json;
use crate::render::text::Style;
use crate::render::world;
use crate::world::Notice;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Colour {
    #[default]
    Auto,
    Always,
    Never,
}

/// The first failed write to standard output, for the whole process: an incomplete result must not look complete.
static UNWRITTEN: OnceLock<IoReason> = OnceLock::new();

/// Whether what was printed so far names the world: a person who reads "no drift" must see whether AWS was asked.
static NAMED: AtomicBool = AtomicBool::new(false);

/// Whether the result is a document or a page, to which no line is added.
static DOCUMENT: AtomicBool = AtomicBool::new(false);

/// What else is on standard error while a command runs.
#[derive(Debug, Clone)]
pub enum Beside {
    Nothing,
    /// Lines that are rewritten in place: a note is written above them.
    Bars(MultiProgress),
    /// Events, one JSON line each. A note of the world is one of them.
    Events,
}

static BESIDE: Mutex<Beside> = Mutex::new(Beside::Nothing);

/// From now on this is on standard error.
pub fn write_beside(beside: Beside) {
    *BESIDE.lock().unwrap_or_else(PoisonError::into_inner) = beside;
}

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
    pub fn print(&self, text: &str) {
        let text = shown(text, &self.style);
        heard(&text);
        DOCUMENT.fetch_or(text.starts_with(['{', '[', '<']), Ordering::Relaxed);
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

    /// Why a call waits. Among events it is one: `aws-waits`, with its code, fields and sentence.
    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "the simulated world waits for nothing"))]
    pub fn waits(&self, notice: &Notice) {
        if !matches!(*BESIDE.lock().unwrap_or_else(PoisonError::into_inner), Beside::Events) {
            return self.note(notice.said());
        }
        let event = serde_json::json!({
            "event": "aws-waits",
            "code": notice.code(),
            "fields": notice.fields(),
            "why": notice.say(Language::En),
        });
        self.note_raw(&json::line(&event));
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

    fn line(&self, text: &str) {
        let text = shown(text.trim_end_matches('\n'), &self.error_style);
        heard(&text);
        let write = || {
            let _ = writeln!(io::stderr().lock(), "{text}");
        };
        match &*BESIDE.lock().unwrap_or_else(PoisonError::into_inner) {
            Beside::Bars(bars) => bars.suspend(write),
            Beside::Nothing | Beside::Events => write(),
        }
    }

    /// Names the world that a command read, unless an output of the command has named it: behind the result, or on standard error
    /// where there is none, or where the result is a document.
    pub fn name_world(&self, world: impl FnOnce() -> Option<String>, refused: bool) {
        if NAMED.load(Ordering::Relaxed) {
            return;
        }
        let Some(world) = world() else { return };
        if refused || DOCUMENT.load(Ordering::Relaxed) {
            self.line(&world::text(&world, &self.error_style, self.language));
        } else {
            self.print(&world::text(&world, &self.style, self.language));
        }
    }

    /// What went wrong; `-q` keeps it.
    pub fn problem(&self, said: impl Into<Said>) {
        self.line(&format!("tokaido: {}", said.into().say(self.language)));
    }

    /// Asks for a line; empty when there is no answer.
    pub fn ask(&self, question: impl Into<Said>) -> String {
        let _ = write!(io::stderr().lock(), "{} ", shown(question.into().say(self.language), &self.error_style));
        let mut answer = String::new();
        let _ = io::stdin().read_line(&mut answer);
        answer.trim().to_owned()
    }

    /// Asks a question; only `yes` is yes, in every language.
    pub fn confirm(&self, question: impl Into<Said>) -> bool {
        let (question, only) = (question.into(), ONLY_YES.say(self.language));
        let _ = write!(io::stderr().lock(), "{} {only} ", shown(question.say(self.language), &self.error_style));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).is_ok() && answer.trim() == "yes"
    }
}

fn heard(text: &str) {
    if !NAMED.load(Ordering::Relaxed) && world::is_named(text) {
        NAMED.store(true, Ordering::Relaxed);
    }
}

/// The one way of a text to a terminal: nothing in it moves the cursor, hides or turns text, or colours more than our own marks.
pub fn shown<'t>(text: &'t str, style: &Style) -> Cow<'t, str> {
    if !style.colour || !text.contains(ESCAPE) {
        return visible(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut parts = text.split(ESCAPE);
    kept.push_str(&visible(parts.next().unwrap_or_default()));
    for part in parts {
        if let Some(length) = ours(part) {
            kept.push(ESCAPE);
            kept.push_str(&part[..length]);
            kept.push_str(&visible(&part[length..]));
        } else {
            kept.extend(ESCAPE.escape_unicode());
            kept.push_str(&visible(part));
        }
    }
    Cow::Owned(kept)
}

const ESCAPE: char = '\u{1b}';

/// The length of a mark of colour or weight behind the escape. Others, which hide or blink, are not ours.
fn ours(part: &str) -> Option<usize> {
    let (codes, _) = part.strip_prefix('[')?.split_once('m')?;
    let known =
        |code: &str| matches!(code, "" | "0" | "1" | "2" | "22" | "39") || matches!(code.as_bytes(), [b'3' | b'9', b'1'..=b'6']);
    codes.split(';').all(known).then_some(codes.len() + 2)
}

#[cfg(test)]
mod tests {
    use super::{Style, shown};

    #[test]
    fn only_our_own_colours_reach_a_terminal() {
        let plain = Style { colour: false, width: 80 };
        let coloured = Style { colour: true, width: 80 };
        let red = "\u{1b}[31;1mx\u{1b}[0m";
        assert_eq!(shown(red, &coloured), red);
        assert_eq!(shown(red, &plain), "\\u{1b}[31;1mx\\u{1b}[0m");
        for bad in ["\u{1b}[8mx", "\u{1b}[2J", "\u{1b}]0;title\u{7}", "\u{1b}", "\u{9b}31m", "\r", "\u{202e}", "\u{1b}[31"] {
            for style in [&plain, &coloured] {
                let text = shown(bad, style);
                assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{bad:?}: {text:?}");
            }
        }
        assert_eq!(shown("a\n\tb", &coloured), "a\n\tb");
    }
}

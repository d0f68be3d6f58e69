//! The text of one file without its secrets: the one place that decides which lines are shown, and what of a file a message may
//! repeat. Of two readings of a broken file it takes the one that shows less. Imports `model`.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use crate::model::{Finding, Source};

use super::secrets::{HIDDEN, announces, assignments, read, secret_value};

/// A private key that begins at most this many lines above is hidden whole.
const KEY_LINES: usize = 200;

/// Shorter words of a hidden line are words of the language as well.
const TELLING: usize = 6;
/// The same on the line of the mistake.
const TELLING_HERE: usize = 3;
/// Words that are taken out of messages, of a line and of a file: a file may be nothing but secrets, with a mistake for each.
const MOST: usize = 300;

/// A text, split into lines as the reader of this kind of file splits it, and what of each line is hidden.
#[derive(Debug)]
pub struct Redacted {
    text: String,
    /// The first and the last byte of each line, without the line end.
    spans: Vec<(usize, usize)>,
    /// Of each line; `None` where nothing is hidden.
    hidden: Vec<Option<Hidden>>,
    /// The words of hidden lines that no message may repeat, wherever its mistake is.
    telling: OnceLock<Vec<String>>,
}

/// What is hidden of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Hidden {
    /// Of the line, in bytes.
    part: Range<usize>,
    /// The line as it is shown.
    shown: String,
    /// Names before a colon may be shown: they announce a secret and are none.
    names: bool,
}

impl Redacted {
    /// `file` says how the text is read: policies are Rego, everything else is YAML.
    #[must_use]
    pub fn of(file: &str, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).to_owned();
        let yaml = Path::new(file).extension().is_none_or(|extension| extension != "rego");
        let (mut spans, mut begin) = (Vec::new(), 0);
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let pair = *byte == b'\r' && bytes.get(at + 1) == Some(&b'\n');
            if *byte == b'\n' || (yaml && *byte == b'\r' && !pair) {
                let end = if *byte == b'\n' && at > begin && bytes[at - 1] == b'\r' { at - 1 } else { at };
                spans.push((begin, end));
                begin = at + 1;
            }
        }
        spans.push((begin, text.len()));
        let mut reader = Reader { yaml, ..Reader::default() };
        let hidden = spans.iter().map(|(begin, end)| reader.next(&text[*begin..*end])).collect();
        Self { text, spans, hidden, telling: OnceLock::new() }
    }

    /// How many lines there are.
    #[must_use]
    pub const fn lines(&self) -> usize {
        self.spans.len()
    }

    /// Whether nothing is written in the file.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The line as it may be shown, from 1.
    #[must_use]
    pub fn line(&self, number: usize) -> Option<&str> {
        let index = number.checked_sub(1)?;
        let (begin, end) = *self.spans.get(index)?;
        match self.hidden.get(index)? {
            Some(hidden) => Some(&hidden.shown),
            None => self.text.get(begin..end),
        }
    }

    /// Takes what is hidden in this file out of what a finding says, in both languages.
    pub fn hide(&self, finding: &mut Finding) {
        let places = finding.source.iter().chain(finding.related.iter().map(|(_, at)| at)).map(|at: &Source| at.line);
        let places: BTreeSet<usize> = places.flat_map(|line| line.saturating_sub(1)..=line + 1).collect();
        let here = places.iter().filter_map(|line| self.hidden_words(line.checked_sub(1)?, TELLING_HERE));
        let elsewhere = self.telling.get_or_init(|| {
            let all = (0..self.hidden.len()).filter_map(|index| self.hidden_words(index, TELLING)).flatten();
            all.take(MOST).collect()
        });
        let mut secrets: Vec<String> = here.flatten().chain(elsewhere.iter().cloned()).collect();
        if secrets.is_empty() {
            return;
        }
        // The longest first: a part of it must not be all that is hidden.
        secrets.sort_by(|a, b| (b.len(), b).cmp(&(a.len(), a)));
        secrets.dedup();
        // A backtick in what is hidden looks like one of ours: then nothing is taken for our own words.
        let told_apart = !self.text.contains('`');
        finding.each_sentence(|text| if told_apart { without(text, &secrets) } else { replaced(text, &secrets) });
    }

    /// The words of at least this length that are hidden in a line, from 0.
    fn hidden_words(&self, index: usize, least: usize) -> Option<impl Iterator<Item = String>> {
        let hidden = self.hidden.get(index)?.as_ref()?;
        let (begin, _) = self.spans[index];
        let part = &self.text[begin + hidden.part.start..begin + hidden.part.end];
        Some(words(part, hidden.names).filter(move |word| word.chars().count() >= least).take(MOST))
    }
}

/// The words of a hidden part, as messages may repeat them.
fn words(part: &str, names: bool) -> impl Iterator<Item = String> {
    let breaks = |c: char| c.is_whitespace() || "\"'`,[]{}".contains(c);
    let pieces = part.split(breaks).filter(|piece| !piece.is_empty());
    pieces.flat_map(move |piece| {
        let name = names && piece.ends_with([':', '=', '：']);
        let whole = piece.trim_end_matches([':', '=', '：', '|', '>']);
        let inner = piece.split([':', '=', '：']).filter(move |word| !(names && announces(&read(word)) && *word != piece));
        let all = inner.chain([whole]).filter(move |word| !name && !word.is_empty());
        all.map(str::to_owned).collect::<Vec<_>>()
    })
}

/// How many signs of a longer word must stand in a message: messages cut long texts.
const BEGINNING: usize = 20;

/// `text` without these words. What stands in backticks comes from a file; outside of them stand our own words, among which a
/// short word of the file, or one that only announces a secret, is a word of the language.
fn without(text: &str, secrets: &[String]) -> String {
    let quoted = |index: usize| index % 2 == 1;
    let own: Vec<String> = secrets.iter().filter(|word| word.chars().count() >= TELLING && !is_name(word)).cloned().collect();
    let parts = text.split('`').enumerate();
    parts.map(|(index, part)| replaced(part, if quoted(index) { secrets } else { &own })).collect::<Vec<_>>().join("`")
}

/// A word of letters alone that announces a secret: `password`, `tokens`.
fn is_name(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && announces(word)
}

fn replaced(text: &str, secrets: &[String]) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        let begin: String = secret.chars().take(BEGINNING).collect();
        let mut kept = String::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(&begin) {
            let same =
                rest[at..].chars().zip(secret.chars()).take_while(|(here, there)| here == there).map(|(here, _)| here.len_utf8());
            kept.push_str(&rest[..at]);
            kept.push_str(HIDDEN);
            rest = &rest[at + same.sum::<usize>()..];
        }
        kept.push_str(rest);
        text = kept;
    }
    text
}

/// Reads lines one after the other, and knows which secret may still go on.
#[derive(Debug, Default)]
struct Reader {
    yaml: bool,
    /// Lines of a private key that may still come.
    key: usize,
    /// The blocks around the line: how far they are indented, and whether they belong to a secret.
    blocks: Vec<(usize, bool)>,
    goes_on: GoesOn,
}

/// How the secret of the line above may go on.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum GoesOn {
    #[default]
    Not,
    /// On every line that is no key of its own.
    Lines,
    /// On the next line, whatever it is: nothing was said yet.
    Next,
    /// Until this quote.
    Quoted(char),
}

impl Reader {
    fn next(&mut self, line: &str) -> Option<Hidden> {
        let whole = || Some(Hidden { part: 0..line.len(), shown: HIDDEN.to_owned(), names: false });
        if self.in_private_key(line) {
            return whole();
        }
        if self.yaml && !line.trim().is_empty() && self.belongs_to_a_secret(line) {
            return whole();
        }
        let (value, comment) = line.split_at(comment(line));
        if self.is_secret(value) {
            // The key of the mistake stays, when everything before the colon is a key.
            let name =
                |key: &&str| key.trim_start_matches([' ', '-']).chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
            let key = line.split_once(':').map(|(key, _)| key).filter(name).filter(|key| !secret_value(key));
            let Some(key) = key else { return Some(Hidden { names: true, ..whole()? }) };
            return Some(Hidden { part: key.len() + 1..line.len(), shown: format!("{key}: {HIDDEN}"), names: true });
        }
        if self.is_secret(comment) || assignments(&read(comment)).next().is_some() {
            let shown = format!("{value}# {HIDDEN}");
            return Some(Hidden { part: value.len()..line.len(), shown, names: true });
        }
        None
    }

    fn in_private_key(&mut self, line: &str) -> bool {
        let (begins, ends) = (line.contains("-----BEGIN"), line.contains("-----END"));
        if begins || ends {
            self.key = if begins && !ends { KEY_LINES } else { 0 };
            return true;
        }
        let inside = self.key > 0 && !line.contains("-----");
        self.key = if inside { self.key - 1 } else { 0 };
        inside
    }

    fn is_secret(&self, part: &str) -> bool {
        let text = read(part);
        if secret_value(part) {
            return true;
        }
        if !self.yaml {
            // A name of Rego may announce a secret; only a text behind it can be one.
            let literal = |at: usize| text[at..].trim_start_matches([':', '=', ' ']).starts_with('"');
            return text.char_indices().any(|(at, c)| matches!(c, ':' | '=') && literal(at))
                && assignments(&text).next().is_some();
        }
        let key = text.split_once(':').map(|(key, _)| key.trim_matches([' ', '-', '"', '\'', '{', '?']));
        let bare: Vec<&str> = text.trim_start_matches([' ', '-']).split_whitespace().collect();
        key.is_some_and(announces)
            || assignments(&text).next().is_some()
            // A colon that was forgotten.
            || matches!(bare[..], [name, _] if !name.contains(':') && announces(name))
    }

    /// Whether the line belongs to a secret that began above: by its indent, or because the secret above goes on.
    fn belongs_to_a_secret(&mut self, line: &str) -> bool {
        let read = read(line);
        let indent = indent(line);
        while self.blocks.last().is_some_and(|(outer, _)| *outer >= indent) {
            self.blocks.pop();
        }
        let under = self.blocks.last().is_some_and(|(_, secret)| *secret);
        let comment = line.trim_start().starts_with('#');
        let key = is_key(&read);
        let goes_on = match self.goes_on {
            GoesOn::Not => false,
            GoesOn::Lines => !comment && !key,
            GoesOn::Next => !comment,
            GoesOn::Quoted(_) => true,
        };
        match self.goes_on {
            GoesOn::Quoted(quote) if !line.contains(quote) => {}
            _ if goes_on => self.goes_on = GoesOn::Lines,
            _ if !comment => self.goes_on = GoesOn::Not,
            _ => {}
        }
        let named = read.split_once(':').filter(|(key, _)| announces(key.trim_matches([' ', '-', '"', '\''])));
        // `? password`: the value stands behind a colon on the next line.
        let asked = read
            .trim_start_matches([' ', '-'])
            .strip_prefix("? ")
            .is_some_and(|key| announces(key.trim_matches(['"', '\'', ' '])));
        if !comment && asked && named.is_none() {
            self.goes_on = GoesOn::Next;
        }
        if !comment && let Some((_, value)) = named {
            let value = value.trim();
            let open = |quote: char| value.starts_with(quote) && !(value.len() > 1 && value.ends_with(quote));
            self.goes_on = match value {
                _ if open('"') => GoesOn::Quoted('"'),
                _ if open('\'') => GoesOn::Quoted('\''),
                "" => GoesOn::Next,
                _ if value.starts_with(['|', '>']) => GoesOn::Next,
                _ => GoesOn::Lines,
            };
        }
        if !comment {
            self.blocks.push((indent, under || named.is_some()));
        }
        under || goes_on
    }
}

/// Whether a line begins with a key of its own.
fn is_key(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '-']);
    line.split_once(':').is_some_and(|(key, rest)| {
        let plain = |c: char| c.is_alphanumeric() || "_-.\"'".contains(c);
        !key.is_empty() && key.chars().all(plain) && rest.chars().next().is_none_or(char::is_whitespace)
    })
}

/// Where a comment begins outside of quotes, or the end.
fn comment(line: &str) -> usize {
    let (mut quote, mut before) = (None, ' ');
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return at,
            (None, '"' | '\'') if !before.is_alphanumeric() => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
        before = c;
    }
    line.len()
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}

//! Facts in the sentences of refusals that a sentence shortens, or that differ by language.

use std::fmt::Display;

use serde::{Serialize, Serializer};

use crate::model::reason::Spoken;
use crate::model::{Language, PolicyBreak, Said};

/// A digest, hex. A sentence shows twelve characters of it, a document all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Short(pub String);

impl Spoken for Short {
    fn spoken(&self, _: Language) -> impl Display {
        self.0.chars().take(12).collect::<String>()
    }
}

/// A sentence that stands in both languages among people and in English in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told(pub Said);

impl Spoken for Told {
    fn spoken(&self, language: Language) -> impl Display {
        self.0.say(language).to_owned()
    }
}

impl Serialize for Told {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.en)
    }
}

/// A list. A sentence names its first `MOST` items and counts the others; a document has all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FirstOf<const MOST: usize, T = String>(pub Vec<T>);

impl<const MOST: usize, T: Spoken> Spoken for FirstOf<MOST, T> {
    fn spoken(&self, language: Language) -> impl Display {
        let first: Vec<String> = self.0.iter().take(MOST).map(|item| item.spoken(language).to_string()).collect();
        plain(&format!("{}{}", first.join("; "), more(self.0.len(), MOST, language)))
    }
}

/// What breaks a policy. A sentence joins the resources that break it for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Breaks(pub Vec<PolicyBreak>);

impl Breaks {
    /// How many a sentence names. It counts the others, and the plan shows all of them.
    const NAMED: usize = 5;
}

impl Spoken for Breaks {
    fn spoken(&self, language: Language) -> impl Display {
        let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
        for one in self.0.iter().take(Self::NAMED) {
            let words = one.said.say(language);
            match groups.iter_mut().find(|(said, _)| *said == words) {
                Some((_, names)) => names.push(&one.id),
                None => groups.push((words, vec![&one.id])),
            }
        }
        let groups: Vec<String> = groups.into_iter().map(|(words, names)| format!("{}: {words}", names.join(", "))).collect();
        plain(&format!("{}{}", groups.join("; "), more(self.0.len(), Self::NAMED, language)))
    }
}

fn more(count: usize, most: usize, language: Language) -> String {
    match (count.saturating_sub(most), language) {
        (0, _) => String::new(),
        (more, Language::En) => format!("; and {more} more"),
        (more, Language::Ja) => format!("、ほか {more} 件"),
    }
}

/// The text on one line: a policy may quote what it found in AWS.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

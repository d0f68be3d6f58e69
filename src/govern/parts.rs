//! What stands in the gaps of refusals and is shortened, or said otherwise in each language.

use std::fmt::Display;

use serde::Serialize;

use crate::model::reason::Spoken;
use crate::model::{Language, PolicyBreak};

/// A digest: twelve characters of it in a sentence, all of it in documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Short(pub String);

impl Spoken for Short {
    fn spoken(&self, _: Language) -> impl Display {
        self.0.chars().take(12).collect::<String>()
    }
}

/// A list of which a sentence names so many and counts the others; documents have all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct FirstOf<const MOST: usize>(pub Vec<String>);

impl<const MOST: usize> Spoken for FirstOf<MOST> {
    fn spoken(&self, language: Language) -> impl Display {
        let first: Vec<&str> = self.0.iter().take(MOST).map(String::as_str).collect();
        plain(&format!("{}{}", first.join("; "), more(self.0.len(), MOST, language)))
    }
}

/// What breaks a policy. What several have in common is said once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Breaks(pub Vec<PolicyBreak>);

impl Breaks {
    /// More names than this are counted: the plan itself shows all of them.
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

/// On one line: a policy may quote what it found in AWS.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

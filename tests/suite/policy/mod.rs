//! The engine of policies without a plan: what a file may say, what it may ask, how it is answered, and its cases.

#![allow(clippy::unwrap_used, reason = "a test says what it expects")]

mod checked;
mod closed;
mod command;
mod defined;
mod form;
mod intricate;
mod judged;
mod reached;
mod samples;
mod types;

use std::collections::BTreeMap;

use tokaido::model::{Finding, Language, PolicyFiles, Source};
use tokaido::policy::{self, Policies};
use tokaido::render::text::Style;
use tokaido::render::{Lookup, findings};

/// Everything above the rules.
pub const HEAD: &str = "\
# METADATA
# title: A title
# custom:
#   title_ja: 題名
#   code: sample
#   about: [db-instance]
#   effect: deny
package tokaido.sample

";

pub const CHECKED: &str = "checked contains r.id if some r in input.planned[\"db-instance\"]\n";
pub const BROKEN: &str = "broken contains {\"id\": r.id, \"en\": \"no\", \"ja\": \"否\"} if {\n\tsome r in input.planned[\"db-instance\"]\n\tr.attributes.port == 1\n}\n";

/// Asks for the helper rule `x`: what nobody asks for is a mistake.
pub const ASKED: &str = "\nchecked contains r.id if {\n\tsome r in input.planned[\"db-instance\"]\n\tx\n}\n";

/// One file, `policies/sample.rego`.
pub fn compile(text: &str) -> (Policies, Vec<Finding>) {
    let files: BTreeMap<String, String> = [("policies/sample.rego".to_owned(), text.to_owned())].into();
    let digest = policy::digest(&files);
    policy::compile(&PolicyFiles { files, digest, checked: false })
}

/// The policy of a text without mistakes.
pub fn good(text: &str) -> Policies {
    let (policies, findings) = compile(text);
    assert!(findings.is_empty(), "{}", rendered(&findings));
    policies
}

use crate::table::is_japanese;

pub fn rendered(list: &[Finding]) -> String {
    findings::text(
        list,
        &Lookup { promise: &|_| None, quote: &|_| None, language: Language::En },
        &Style { colour: false, width: 200 },
    )
}

/// What is no code and no text in quotes.
fn outside_quotes(text: &str) -> String {
    let outside = |text: &str, quote: char| text.split(quote).step_by(2).collect::<Vec<_>>().join(" ");
    outside(&outside(text, '`'), '"')
}

/// The text without its mark, and where the mark was.
pub fn marked(text: &str) -> (String, Source) {
    let at = text.find('‸').unwrap_or_else(|| panic!("no mark: {text}"));
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (text.replace('‸', ""), Source { file: "policies/sample.rego".into(), line, column })
}

/// One mistake, at the mark, that says all of this.
pub fn refused(name: &str, text: &str, code: &str, fragments: &[&str]) {
    let (text, source) = marked(text);
    let (policies, findings) = compile(&text);
    let said = rendered(&findings);
    assert!(policies.is_empty(), "{name}: compiled all the same");
    assert_eq!(findings.len(), 1, "{name}: {said}");
    let japanese = findings[0].message.say(Language::Ja);
    assert!(is_japanese(japanese), "{name}: {japanese}");
    // What would be right is Japanese too, unless it is something to type.
    let right = findings[0].expected.as_ref().map(|right| (right.say(Language::En), right.say(Language::Ja)));
    if let Some((english, japanese)) = right
        && outside_quotes(english).chars().any(char::is_alphabetic)
    {
        assert!(is_japanese(japanese) || japanese.contains("Rego v1"), "{name}: {japanese}");
    }
    assert!(said.starts_with(&format!("{source}: error[{code}]: ")), "{name}: not {source} {code}: {said}");
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    for fragment in fragments {
        assert!(flat.contains(fragment), "{name}: {fragment} is not in: {said}");
    }
}

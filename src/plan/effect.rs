//! What a change means and when it happens, from the schema's rule for each difference.

use std::collections::BTreeSet;

use crate::model::{Diff, Impact, KindSchema, Mutability, Value};

/// The most serious meaning of any difference.
pub(super) fn impact(schema: &KindSchema, diffs: &[Diff]) -> Impact {
    if diffs.iter().all(|diff| diff.attribute() == "tags") {
        return Impact::TagsOnly;
    }
    let others = diffs.iter().filter(|diff| diff.attribute() != "tags");
    others.map(|diff| rule(schema, diff).1).min().unwrap_or(Impact::InPlace)
}

/// What AWS does with one difference. Taking something away exposes nobody; what cannot be taken back is at least
/// irreversible.
pub(super) fn rule(schema: &KindSchema, diff: &Diff) -> (Mutability, Impact) {
    let Some(attribute) = schema.attribute(diff.attribute()) else { return (Mutability::InPlace, Impact::InPlace) };
    let (mutability, impact) = attribute.effect(&diff.before, &diff.after);
    let narrows = diff.after.is_null() || diff.after == Value::Bool(false);
    let impact = if impact == Impact::Exposure && narrows { Impact::InPlace } else { impact };
    (mutability, if attribute.no_way_back(diff).is_some() { impact.min(Impact::Irreversible) } else { impact })
}

/// `now`, the window, or what somebody has to do; attributes are named when they differ in this.
pub(super) fn when(schema: &KindSchema, window: Option<&str>, diffs: &[Diff]) -> String {
    let names = |holds: &dyn Fn(Mutability) -> bool| {
        diffs.iter().filter(|diff| holds(rule(schema, diff).0)).map(Diff::attribute).collect::<BTreeSet<_>>()
    };
    let listed = |names: &BTreeSet<&str>| names.iter().copied().collect::<Vec<_>>().join(", ");
    let waiting = names(&|mutability| mutability == Mutability::Window);
    let reboot = names(&|mutability| mutability == Mutability::Reboot);
    let now = !names(&|mutability| mutability == Mutability::InPlace).is_empty();
    let mut staged: Vec<(BTreeSet<&str>, &str)> = Vec::new();
    for diff in diffs {
        if let Mutability::Staged(words) = rule(schema, diff).0 {
            match staged.iter_mut().find(|(_, known)| *known == words) {
                Some((names, _)) => _ = names.insert(diff.attribute()),
                None => staged.push(([diff.attribute()].into(), words)),
            }
        }
    }
    let kinds = [now, !waiting.is_empty(), !reboot.is_empty()].into_iter().filter(|holds| *holds).count() + staged.len();
    let mut parts = Vec::new();
    if now {
        parts.push("now".to_owned());
    }
    for (names, words) in &staged {
        parts.push(if kinds > 1 { format!("{} {words}", listed(names)) } else { (*words).to_owned() });
    }
    if !waiting.is_empty() {
        let in_window = match window {
            Some(window) => format!("{} ({window})", Mutability::Window.when()),
            None => Mutability::Window.when().to_owned(),
        };
        parts.push(if kinds > 1 { format!("{} {in_window}", listed(&waiting)) } else { in_window });
    }
    if !reboot.is_empty() {
        parts.push(Mutability::Reboot.when().to_owned());
    }
    parts.join("; ")
}

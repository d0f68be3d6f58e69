//! The impact of a change and the time at which it takes effect, from the schema's rule for each difference.

use std::collections::BTreeSet;

use crate::model::reason::plan::{At, Of, Timing};
use crate::model::{Diff, Explained, Impact, KindSchema, Mutability, Name, Stated, Value};

/// The most serious impact of any difference.
pub(super) fn impact(schema: &KindSchema, diffs: &[Diff]) -> Impact {
    if diffs.iter().all(|diff| diff.attribute() == "tags") {
        return Impact::TagsOnly;
    }
    let others = diffs.iter().filter(|diff| diff.attribute() != "tags");
    others.map(|diff| rule(schema, diff).1).min().unwrap_or(Impact::InPlace)
}

/// How AWS makes one difference, and its impact. A removal or a switch to `false` is no exposure. A difference without a way
/// back is at least irreversible.
pub(super) fn rule(schema: &KindSchema, diff: &Diff) -> (Mutability, Impact) {
    let Some(attribute) = schema.attribute(diff.attribute()) else { return (Mutability::InPlace, Impact::InPlace) };
    let (mutability, impact) = attribute.effect(&diff.before, &diff.after);
    let narrows = diff.after.is_null() || diff.after == Value::Bool(false);
    let impact = if impact == Impact::Exposure && narrows { Impact::InPlace } else { impact };
    (mutability, if attribute.no_way_back(diff).is_some() { impact.min(Impact::Irreversible) } else { impact })
}

/// When the differences take effect. The attributes are named when not all take effect at the same time.
pub(super) fn when(schema: &KindSchema, window: Option<&str>, diffs: &[Diff]) -> Vec<Stated<Timing>> {
    let names = |holds: &dyn Fn(Mutability) -> bool| {
        diffs.iter().filter(|diff| holds(rule(schema, diff).0)).map(Diff::name).collect::<BTreeSet<_>>()
    };
    let waiting = names(&|mutability| mutability == Mutability::Window);
    let reboot = !names(&|mutability| mutability == Mutability::Reboot).is_empty();
    let now = !names(&|mutability| mutability == Mutability::InPlace).is_empty();
    let mut staged: Vec<(BTreeSet<Name>, Explained)> = Vec::new();
    for diff in diffs {
        if let Mutability::Staged(words) = rule(schema, diff).0 {
            match staged.iter_mut().find(|(_, known)| *known == words) {
                Some((names, _)) => _ = names.insert(diff.name()),
                None => staged.push(([diff.name()].into(), words)),
            }
        }
    }
    let times = [now, !waiting.is_empty(), reboot].into_iter().filter(|holds| *holds).count() + staged.len();
    let of = |names: BTreeSet<Name>| if times > 1 { Of(names.into_iter().collect()) } else { Of::default() };
    let mut parts = Vec::new();
    if now {
        parts.push(Timing::Now);
    }
    parts.extend(staged.into_iter().map(|(names, words)| Timing::Staged { of: of(names), words: words.into() }));
    if !waiting.is_empty() {
        parts.push(Timing::Window { of: of(waiting), at: At(window.map(str::to_owned)) });
    }
    if reboot {
        parts.push(Timing::Reboot);
    }
    parts.into_iter().map(Stated::from).collect()
}

//! What AWS does not offer is not planned: it would be refused in the middle of an apply, after other changes were made.

use std::collections::{BTreeSet, VecDeque};

use crate::model::reason::plan::{BlockedReason, NextStep};
use crate::model::schema::Comparison;
use crate::model::{
    Action, Attributes, Blocked, BlockedCode, Change, Class, Diff, KindSchema, Name, OfferQuestion, OfferRule, Offered,
    Unconfirmed, Value, engine_version,
};

use super::decided::Decided;
use super::derived;
use super::input::PlanningInput;

/// At most so many values of an attribute are named.
const NAMED: usize = 8;

/// The questions about these changes.
pub(super) fn questions(input: &PlanningInput<'_>, changes: &[Change]) -> BTreeSet<OfferQuestion> {
    let asked = |change: &Change| Some(Wanted::of(input, change)?.question);
    let repairs = |change: &Change| asked(&Change { diffs: repairs(input, change), ..change.clone() });
    changes.iter().flat_map(|change| [asked(change), repairs(change)]).flatten().collect()
}

/// What of a change undoes what somebody else did. It is judged alone where the declared change is refused.
fn repairs(input: &PlanningInput<'_>, change: &Change) -> Vec<Diff> {
    let rule = input.schemas.get(change.kind.as_str()).and_then(|schema| schema.offered);
    let declared = |diff: &&Diff| rule.is_some_and(|rule| is_of(rule, diff)) && diff.class != Class::Drift;
    if change.action != Action::Update || !change.diffs.iter().any(|diff| declared(&diff)) {
        return Vec::new();
    }
    change.diffs.iter().filter(|diff| diff.class == Class::Drift).cloned().collect()
}

fn is_of(rule: OfferRule, diff: &Diff) -> bool {
    rule.attributes().any(|name| name == diff.name())
}

/// Refuses what AWS does not offer, and says of what it is not known.
pub(super) fn decide(input: &PlanningInput<'_>, decided: &mut Decided) {
    let mut changes: VecDeque<Change> = std::mem::take(&mut decided.changes).into();
    while let Some(change) = changes.pop_front() {
        let Some(wanted) = Wanted::of(input, &change) else {
            decided.changes.push(change);
            continue;
        };
        let unconfirmed = |operation, error| Unconfirmed { id: change.id.clone(), operation, error };
        let reason = match input.observed.offers.get(&wanted.question) {
            // Nobody was asked, as in a drift or in the first of two plans.
            None => None,
            Some(Offered::These(offers)) => wanted.refusal(offers),
            Some(Offered::Nothing) => {
                decided.unconfirmed.push(unconfirmed(None, None));
                None
            }
            Some(Offered::Failed { operation, error }) => {
                decided.unconfirmed.push(unconfirmed(Some(operation.clone()), Some(error.clone())));
                None
            }
        };
        match reason {
            None => decided.changes.push(change),
            // What is left of it is judged again: a repair asks for other values.
            Some(reason) => changes.extend(refuse(input, decided, change, &wanted, reason)),
        }
    }
}

/// Holds back a create as a whole, and of a change of a live resource what the offers are about; returns the rest. A manual change
/// is repaired whatever is declared beside it.
fn refuse(
    input: &PlanningInput<'_>,
    decided: &mut Decided,
    mut change: Change,
    wanted: &Wanted,
    reason: BlockedReason,
) -> Option<Change> {
    let id = change.id.clone();
    let resource = input.desired.resources.get(&id)?;
    let whole = change.action != Action::Update;
    let of_rule = |diff: &Diff| is_of(wanted.rule, diff);
    let declared = change.diffs.iter().any(|diff| of_rule(diff) && diff.class != Class::Drift);
    let about = |diff: &Diff| whole || of_rule(diff) && (!declared || diff.class != Class::Drift);
    let (held, rest): (Vec<Diff>, Vec<Diff>) = std::mem::take(&mut change.diffs).into_iter().partition(about);
    let first = held.iter().map(Diff::name).find(|name| wanted.rule.attributes().any(|known| known == *name));
    decided.blocked.push(Blocked {
        id,
        code: BlockedCode::NotOffered,
        source: Some(first.map_or(&resource.source, |name| resource.source_of(name)).clone()),
        reason: reason.into(),
        next: NextStep::DeclareOffered { command: wanted.command() }.into(),
        diffs: if whole { Vec::new() } else { held },
    });
    if rest.is_empty() {
        return None;
    }
    change.diffs = rest;
    derived::declared(&mut change, resource, wanted.schema);
    Some(change)
}

/// The values that a change asks AWS for.
struct Wanted {
    schema: &'static KindSchema,
    rule: OfferRule,
    /// The values of the rule that the object is to have.
    target: Attributes,
    /// Those that it does not have yet.
    new: BTreeSet<Name>,
    question: OfferQuestion,
}

impl Wanted {
    /// `None` where the change asks for nothing that AWS may not have, and where a value is not known.
    fn of(input: &PlanningInput<'_>, change: &Change) -> Option<Self> {
        let schema = *input.schemas.get(change.kind.as_str())?;
        let rule = schema.offered?;
        let new: BTreeSet<Name> = rule.attributes().filter(|name| change.diffs.iter().any(|diff| diff.name() == *name)).collect();
        if new.is_empty() {
            return None;
        }
        let declared = &input.desired.resources.get(&change.id)?.attributes;
        let target: Attributes = match change.action {
            Action::Create => rule.attributes().filter_map(|name| Some((name, declared.get(name)?.clone()))).collect(),
            // What does not change is as AWS has it; what was not read is not compared.
            Action::Update => {
                let live = &input.observed.owned.get(&change.id)?.attributes;
                let changed = |name: Name| change.diffs.iter().find(|diff| diff.name() == name).map(|diff| &diff.after);
                let value = |name: Name| changed(name).or_else(|| live.reading(name).asked().ok().flatten());
                rule.attributes().filter_map(|name| Some((name, value(name)?.clone()))).collect()
            }
            // What is adopted exists, and a plan changes its values after that.
            Action::Adopt | Action::Delete | Action::Replace => return None,
        };
        let asked: Option<Vec<(Name, Value)>> = rule.asks.iter().map(|name| Some((*name, target.get(*name)?.clone()))).collect();
        let question = OfferQuestion { kind: schema.kind, region: change.region, asked: Attributes::from_iter(asked?) };
        Some(Self { schema, rule, target, new, question })
    }

    fn refusal(&self, offers: &[Attributes]) -> Option<BlockedReason> {
        let values: Vec<String> = self.question.asked.iter().map(|(name, value)| format!("{name} {}", told(value))).collect();
        let region = self.question.region;
        if offers.is_empty() {
            return Some(BlockedReason::NotOffered { values, region });
        }
        let misses =
            |offer: &Attributes| self.rule.has.iter().copied().filter(|name| !self.fits(*name, offer)).collect::<Vec<_>>();
        let attribute = *offers.iter().map(misses).min_by_key(Vec::len)?.first()?;
        let nearest = offers.iter().filter(|offer| misses(offer).as_slice() == [attribute]);
        let nearest: Vec<&Attributes> =
            if nearest.clone().next().is_some() { nearest.collect() } else { offers.iter().collect() };
        let offered: BTreeSet<&Value> = nearest.iter().filter_map(|offer| offer.get(attribute)).collect();
        // The newest version stands last.
        let mut offered: Vec<String> = offered.into_iter().map(told).collect();
        offered.sort_by_key(|text| text.split('.').map(|part| part.parse::<u64>().unwrap_or(0)).collect::<Vec<_>>());
        let offered = offered.split_off(offered.len().saturating_sub(NAMED));
        let declared = self.target.get(attribute).map(told).unwrap_or_default();
        Some(BlockedReason::NotOfferedTogether { region, values, attribute, declared, offered })
    }

    /// Whether an offer has the value that is asked for. AWS may not tell it.
    fn fits(&self, name: Name, offer: &Attributes) -> bool {
        let (Some(wanted), Some(has)) = (self.target.get(name), offer.get(name)) else { return true };
        match (self.schema.row(name).map(|row| &row.comparison), wanted, has) {
            (_, Value::Bool(wanted), Value::Bool(can)) => *can || !*wanted,
            (Some(Comparison::Version { engine }), Value::Text(wanted), Value::Text(has)) => {
                // AWS may offer a version that runs to no new database any more.
                let engine = self.target.text(*engine).unwrap_or_default();
                let major = |version: &str| engine_version::major(engine, version).to_owned();
                if self.new.contains(&name) {
                    engine_version::is_within(wanted, has)
                } else {
                    engine_version::is_within(&major(wanted), &major(has))
                }
            }
            (_, wanted, has) => wanted == has,
        }
    }

    fn command(&self) -> String {
        let command = self.rule.command.replace("{region}", self.question.region.code());
        self.question.asked.iter().fold(command, |text, (name, value)| text.replace(&format!("{{{name}}}"), &told(value)))
    }
}

fn told(value: &Value) -> String {
    value.as_text().map_or_else(|| value.to_string(), str::to_owned)
}

//! The upstream comparison: every difference of a plan beside what was executed in the environment before, so that a reviewer
//! reads "the same change as there, except …".
//!
//! Ids are the same in every environment (`db-instance.catalog@tokyo`). Values contain the name and the account of their
//! environment; the comparison replaces both with placeholders before it compares.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{Action, Change, Diff, Environment, Operation, PlanBody, ResourceId, Value};

/// A step that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// The id of the resource, `kind.name@region`.
    pub id: ResourceId,
    /// What the driver did.
    pub operation: Operation,
    /// What the step changed.
    pub diffs: Vec<Diff>,
}

/// How a difference of the plan relates to what was executed. The order says how much a reviewer has to look at it, most first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "as", rename_all = "kebab-case")]
pub enum Likeness {
    /// Nothing like it was executed there.
    Never,
    /// It was executed there on another resource of the same kind.
    OtherResource {
        /// That resource.
        resource: ResourceId,
    },
    /// Another operation brought the same value there: to make a resource with a value and to change a resource to it are two
    /// things.
    OtherOperation {
        /// That operation.
        operation: Operation,
    },
    /// The same attribute of the same resource was brought to another value.
    OtherValue {
        /// That value; absent where another element of the attribute was changed.
        there: Option<Value>,
    },
    /// The same operation brought the same value there.
    Same,
}

/// One difference of the plan. Without a path it is a whole resource that the plan deletes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// The id of the resource, `kind.name@region`.
    pub id: ResourceId,
    /// What the plan does with it.
    pub action: Action,
    /// The path of the difference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The value that the plan reaches.
    pub after: Value,
    /// How it relates to what was executed.
    #[serde(flatten)]
    pub likeness: Likeness,
}

/// A plan beside what was executed in the environment before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UpstreamComparison {
    /// The environment before this one on the promotion path.
    pub with: Environment,
    /// The differences of the plan, in the order of their likeness: what was never executed there comes first.
    pub rows: Vec<Row>,
}

impl UpstreamComparison {
    /// The differences that are not the same.
    #[must_use]
    pub fn exceptions(&self) -> &[Row] {
        let same = self.rows.iter().position(|row| row.likeness == Likeness::Same).unwrap_or(self.rows.len());
        &self.rows[..same]
    }
}

/// The texts by which a value shows its environment.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The environment whose name is replaced.
    pub environment: Environment,
    /// The AWS account of the environment, twelve digits.
    pub account: &'a str,
}

/// Compares a plan with the steps that succeeded in another environment, of which the newest is last.
#[must_use]
pub fn compare(body: &PlanBody, with: Place<'_>, executed: &[Execution]) -> UpstreamComparison {
    let here = Place { environment: body.environment, account: &body.account };
    let mut rows: Vec<Row> = body
        .changes
        .iter()
        .flat_map(|change| {
            if change.action == Action::Delete {
                vec![deleted(change, executed)]
            } else {
                differences(change, here, with, executed)
            }
        })
        .collect();
    // The sort is stable, so differences of one likeness keep the order of the plan.
    rows.sort_by_key(|row| rank(&row.likeness));
    UpstreamComparison { with: with.environment, rows }
}

const fn rank(likeness: &Likeness) -> u8 {
    match likeness {
        Likeness::Never => 0,
        Likeness::OtherResource { .. } => 1,
        Likeness::OtherOperation { .. } => 2,
        Likeness::OtherValue { .. } => 3,
        Likeness::Same => 4,
    }
}

fn deleted(change: &Change, executed: &[Execution]) -> Row {
    let deletes = || executed.iter().rev().filter(|step| step.operation == Operation::Delete);
    let other = deletes().find(|step| step.id.kind == change.id.kind).map(|step| step.id.clone());
    let likeness = if deletes().any(|step| step.id == change.id) {
        Likeness::Same
    } else {
        other.map_or(Likeness::Never, |resource| Likeness::OtherResource { resource })
    };
    Row { id: change.id.clone(), action: change.action, path: None, after: Value::Null, likeness }
}

/// Whether the step reached its values as the change does. A create and an update reach a value in different ways, and only the
/// same way says how this change will go.
fn alike(step: &Execution, made: bool) -> bool {
    step.operation != Operation::Delete && (made == (step.operation == Operation::Create))
}

fn differences(change: &Change, here: Place<'_>, with: Place<'_>, executed: &[Execution]) -> Vec<Row> {
    let made = change.action == Action::Create;
    let row = |diff: &Diff| {
        let after = neutral(&diff.after, here);
        let own: Vec<&Execution> = executed.iter().rev().filter(|step| step.id == change.id).collect();
        let exact = |alike: bool| {
            let steps = own.iter().filter(move |step| self::alike(step, made) == alike);
            let done = steps.flat_map(|step| step.diffs.iter().map(move |done| (step.operation, done)));
            done.filter(|(_, done)| done.path == diff.path).map(|(operation, done)| (operation, neutral(&done.after, with)))
        };
        let (values, otherwise): (Vec<_>, Vec<_>) = (exact(true).collect(), exact(false).collect());
        let reached =
            |ways: &[(Operation, Value)]| ways.iter().find(|(_, there)| *there == after).map(|(operation, _)| *operation);
        let touched = |step: &&Execution| step.diffs.iter().any(|done| done.attribute() == diff.attribute());
        let elsewhere = || {
            let of_kind = || {
                executed
                    .iter()
                    .rev()
                    .filter(|step| alike(step, made))
                    .filter(|step| step.id.kind == change.id.kind)
                    .filter(touched)
            };
            of_kind().find(|step| step.id.region == change.id.region).or_else(|| of_kind().next())
        };
        let likeness = if reached(&values).is_some() {
            Likeness::Same
        } else if let Some(operation) = reached(&otherwise) {
            Likeness::OtherOperation { operation }
        } else if let Some((_, there)) = values.into_iter().chain(otherwise).next() {
            Likeness::OtherValue { there: Some(there) }
        } else if own.iter().any(|step| step.operation != Operation::Delete && touched(step)) {
            Likeness::OtherValue { there: None }
        } else if let Some(step) = elsewhere() {
            Likeness::OtherResource { resource: step.id.clone() }
        } else {
            Likeness::Never
        };
        Row { id: change.id.clone(), action: change.action, path: Some(diff.path.clone()), after: diff.after.clone(), likeness }
    };
    change.diffs.iter().map(row).collect()
}

/// The value with placeholders for the name and the account of its environment.
fn neutral(value: &Value, place: Place<'_>) -> Value {
    match value {
        Value::Text(text) => Value::from(neutral_text(text, place)),
        Value::List(items) => Value::List(items.iter().map(|item| neutral(item, place)).collect()),
        Value::Map(map) => Value::map(map.iter().map(|(key, value)| (neutral_text(key, place), neutral(value, place)))),
        other => other.clone(),
    }
}

/// Replaces whole words only: `production` in `production-catalog`, and not in `reproduction`.
fn neutral_text(text: &str, place: Place<'_>) -> String {
    let (mut out, mut word) = (String::with_capacity(text.len()), String::new());
    let finish = |word: &mut String, out: &mut String| {
        match word.as_str() {
            name if name == place.environment.as_str() => out.push_str("(environment)"),
            account if account == place.account => out.push_str("(account)"),
            other => out.push_str(other),
        }
        word.clear();
    };
    for c in text.chars() {
        if c.is_alphanumeric() {
            word.push(c);
        } else {
            finish(&mut word, &mut out);
            out.push(c);
        }
    }
    finish(&mut word, &mut out);
    out
}

/// The resources of these differences, in the order in which they first appear.
#[must_use]
pub fn resources(rows: &[Row]) -> Vec<&ResourceId> {
    let mut seen = BTreeSet::new();
    rows.iter().map(|row| &row.id).filter(|id| seen.insert(*id)).collect()
}

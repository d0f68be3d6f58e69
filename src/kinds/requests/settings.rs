//! What AWS accepts for one attribute of a kind: the member that the row names, in an operation that the kind's driver calls.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use serde_json::Value as Json;

use super::call::{Call, check};
use super::refusal::{Refusal, Why};
use super::scalar::Scalar;
use super::shapes::{Member, Shape};
use crate::kinds::Kind;
use crate::model::schema::AttributeSchema;
use crate::model::{Attributes, Name, Value};

/// A member of an operation that sets one attribute.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The operation.
    pub call: Call,
    /// The member.
    pub member: Member,
}

/// Those that were found, by kind and attribute: every create of the simulated AWS asks.
type Found = HashMap<(&'static str, Name), Arc<[Setting]>>;

static FOUND: LazyLock<RwLock<Found>> = LazyLock::new(RwLock::default);

impl Kind {
    /// The members that set this attribute, in the operations of the driver: the create first. Empty where the row names a setting with
    /// parts that the attribute tells in another form, such as the rules of a group.
    pub fn settings_of(&self, row: &AttributeSchema) -> Arc<[Setting]> {
        let place = (self.schema.kind, row.name);
        if let Some(known) = FOUND.read().unwrap_or_else(PoisonError::into_inner).get(&place) {
            return known.clone();
        }
        let found: Arc<[Setting]> = self.look_for_settings_of(row).into();
        FOUND.write().unwrap_or_else(PoisonError::into_inner).insert(place, found.clone());
        found
    }

    fn look_for_settings_of(&self, row: &AttributeSchema) -> Vec<Setting> {
        let Some(writes) = self.calls.writes.filter(|_| row.reads.is_empty()) else { return Vec::new() };
        let operations = [writes.create, writes.change].into_iter().chain(self.calls.more.iter().copied());
        let calls: Vec<Call> = operations.flat_map(Call::spelled_by_iam).collect();
        let named = |name: &str| {
            let found = calls.iter().filter_map(|call| Some(Setting { call: *call, member: call.member(name)? }));
            found.collect::<Vec<_>>()
        };
        row.doc.split(", ").flat_map(named).collect()
    }

    /// What AWS refuses in these attributes whatever else there is in the account. `asked`: what a request would send.
    pub fn refusals(&self, attributes: &Attributes, asked: impl Fn(Name) -> bool) -> Vec<Refusal> {
        let rows = self.schema.attributes.iter().filter(|row| asked(row.name));
        let mut found = Vec::new();
        for row in rows {
            let Some(value) = attributes.get(row.name).filter(|value| !value.is_null()) else { continue };
            for Setting { call, member } in self.settings_of(row).iter().copied() {
                if let Some(sent) = sent(call, member, value) {
                    check(call.service, member.shape, &sent, member.name.to_owned(), &mut found);
                }
            }
        }
        found.dedup();
        found
    }

    /// The attributes without which AWS creates nothing, and that are absent.
    pub fn missing(&self, attributes: &Attributes) -> Vec<Refusal> {
        let Some(writes) = self.calls.writes else { return Vec::new() };
        let create: Vec<Option<&str>> = Call::spelled_by_iam(writes.create).map(|call| call.input).collect();
        let absent = |row: &&AttributeSchema| attributes.get(row.name).is_none_or(Value::is_null);
        let demanded = |row: &AttributeSchema| {
            let settings = self.settings_of(row);
            settings
                .iter()
                .find(|setting| setting.member.required && create.contains(&setting.call.input))
                .map(|found| found.member)
        };
        let rows = self.schema.attributes.iter().filter(absent);
        rows.filter_map(demanded).map(|member| Refusal { member: member.name.to_owned(), why: Why::Missing }).collect()
    }
}

/// The value as a request has it. `None`: the attribute tells the setting in another form, which the driver writes: whether versions
/// are kept, where AWS wants `Enabled`.
fn sent(call: Call, member: Member, value: &Value) -> Option<Json> {
    let same = |shape: &str, value: &Value| match (call.service.shape(shape)?, value) {
        (Shape::Scalar(Scalar::Text { .. }), Value::Text(text)) => Some(Json::from(&**text)),
        (Shape::Scalar(Scalar::Integer(_)), Value::Int(number)) => Some(Json::from(*number)),
        (Shape::Scalar(Scalar::Boolean), Value::Bool(on)) => Some(Json::from(*on)),
        _ => None,
    };
    match (call.service.shape(member.shape)?, value) {
        (Shape::List { of, .. }, Value::List(items)) => {
            items.iter().map(|item| same(of, item)).collect::<Option<Vec<_>>>().map(Json::from)
        }
        (_, value) => same(member.shape, value),
    }
}

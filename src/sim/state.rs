//! The log replayed.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::value::Value;
use crate::model::{Name, Region};
use crate::world::behaviour::{Neighbours, SimObject};
use crate::world::{ErrorClass, Fault, Moment};

use super::entry::{Key, LogEntry};
use super::history::History;
use super::objects::Objects;
use super::together;

#[derive(Debug, Clone)]
pub struct State {
    pub now: Timestamp,
    pub objects: Objects,
    /// Counts the lines: identifiers come from it.
    pub serial: u64,
    pub faults: Vec<(Fault, u32)>,
    /// How many seconds late a new object is shown, by kind.
    pub lags: BTreeMap<String, u64>,
    pub account: Option<String>,
    /// Distinguishes this simulated AWS from every other.
    pub name: String,
    pub(super) history: History,
}

impl State {
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            objects: Objects::default(),
            serial: 0,
            faults: Vec::new(),
            lags: BTreeMap::new(),
            account: None,
            name: String::new(),
            history: History::default(),
        }
    }

    pub fn replay(&mut self, entry: LogEntry) {
        self.serial += 1;
        let before = self.now;
        self.now = before.max(entry.at());
        self.history.pass(&self.objects, before, self.now);
        match entry {
            LogEntry::Start { at, name, .. } => {
                self.now = at;
                self.name = name;
            }
            LogEntry::Put { object, with, .. } => {
                let key = Key::of(&object);
                self.history.put(self.objects.get(&key), &object, self.now);
                self.objects.put(*object);
                for object in with {
                    self.objects.put(object);
                }
            }
            LogEntry::Remove { key, .. } => {
                self.history.remove(&key);
                self.objects.remove(&key);
                for key in together::gone_with(&self.objects, &key) {
                    self.objects.remove(&key);
                }
            }
            LogEntry::Tick { .. } => {}
            LogEntry::Fault { fault, .. } => self.faults.push((fault, 0)),
            LogEntry::Lag { kind, seconds, .. } => {
                self.lags.insert(kind, seconds);
            }
            LogEntry::Strike { index, .. } => {
                if let Some((_, hits)) = self.faults.get_mut(index) {
                    *hits += 1;
                }
            }
            LogEntry::ClearFaults { .. } => {
                self.faults.clear();
                self.lags.clear();
                self.account = None;
            }
            LogEntry::Account { account, .. } => self.account = Some(account),
        }
    }

    /// The index of the planned failure for this call: of the operation, of the operation in this region, or of every call in
    /// this region.
    #[must_use]
    pub fn strike(&self, operation: &str, region: Option<Region>, moment: Moment) -> Option<(usize, ErrorClass)> {
        let meant = |named: &str| match named.split_once('@') {
            None => named == operation,
            Some((of, place)) => region.is_some_and(|region| region.as_str() == place) && (of.is_empty() || of == operation),
        };
        self.faults
            .iter()
            .position(|(fault, hits)| {
                meant(&fault.operation) && fault.moment == moment && (fault.times == 0 || *hits < fault.times)
            })
            .map(|index| (index, self.faults[index].0.class))
    }

    /// The objects of the account, as they see each other.
    #[must_use]
    pub fn in_account<'a>(&'a self, account: &'a str) -> InAccount<'a> {
        InAccount { state: self, account }
    }
}

#[derive(Debug, Clone, Copy)]
pub struct InAccount<'a> {
    state: &'a State,
    account: &'a str,
}

impl Neighbours for InAccount<'_> {
    fn called(&self, kind: &str, physical: &str) -> Vec<&SimObject> {
        self.state.objects.called(self.account, kind, physical).collect()
    }

    fn uses(&self, region: Region, identifier: &str) -> Option<&SimObject> {
        // Names repeat between regions; an ARN is used from everywhere, and IAM has no region.
        let anywhere = identifier.starts_with("arn:") || region == Region::Global;
        self.state.objects.in_account(self.account).filter(|object| anywhere || object.region == region).find(|object| {
            let holds =
                |name: Name, value: &Value| name != "name" && mentions(value, identifier) && together::keeps(object, name);
            object.outputs.values().all(|own| own != identifier)
                && object.made_with.as_deref() != Some(identifier)
                && object.attributes.iter().any(|(name, value)| holds(name, value))
        })
    }

    fn exists(&self, kind: &str, output: &str, identifier: &str) -> bool {
        let mut found = self.state.objects.with_output(output, identifier);
        found.any(|object| object.account == self.account && object.kind == kind)
    }
}

fn mentions(value: &Value, identifier: &str) -> bool {
    match value {
        Value::Text(text) => **text == *identifier,
        Value::List(items) => items.iter().any(|item| mentions(item, identifier)),
        Value::Map(map) => map.values().any(|item| mentions(item, identifier)),
        _ => false,
    }
}

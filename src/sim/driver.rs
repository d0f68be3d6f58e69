//! One driver for every kind: the kind's behaviour decides, and the log keeps the result.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::kinds::{Kind, backup_vault, db_cluster, db_instance, facts, kms_key};
use crate::model::observed::{ANOTHER_ACCOUNT, Listing, PendingValue};
use crate::model::schema::{Comparison, Mutability};
use crate::model::tags::{self, Tags};
use crate::model::{Attributes, Home, Live, Name, Readings, Region, Status};
use crate::world::behaviour::{ApiRefusal, Mint, Modification, SimObject};
use crate::world::{CreateRequest, Driver, ErrorClass, Moment, ProviderError, Told, UpdateRequest};

use super::accepted;
use super::core::Core;
use super::derived;
use super::entry::{Key, LogEntry};
use super::midway;
use super::state::State;
use super::together::{self, Associated};

pub(super) struct SimDriver {
    pub(super) core: Arc<Core>,
    pub(super) kind: &'static Kind,
    pub(super) region: Region,
}

impl SimDriver {
    fn account(&self) -> &str {
        &self.core.scope.account
    }

    fn begin(&self, verb: &str, resource: &str, mutating: bool) -> Result<String, ProviderError> {
        let operation = format!("{verb} {}", self.kind.schema.kind);
        if mutating {
            self.core.write_fence.check(&format!("sim:{operation}"), resource)?;
        }
        self.core.calls.record(&format!("sim:{operation}"), mutating);
        self.core.struck(&operation, Some(self.region), resource, Moment::Before)?;
        Ok(operation)
    }

    /// Decides on the newest state and commits; then drops the reply if a failure was planned.
    fn mutate<T>(
        &self,
        operation: &str,
        resource: &str,
        decide: impl FnOnce(&State) -> Result<(Vec<LogEntry>, T), ApiRefusal>,
    ) -> Result<T, ProviderError> {
        let core = &self.core;
        let answer = core.core_commit(operation, |state| match decide(state) {
            Ok((entries, answer)) => (entries, Ok(answer)),
            Err(refusal) => (Vec::new(), Err(refusal)),
        })?;
        let answer = answer
            .map_err(|refusal| core.error(refusal.class, &format!("sim:{operation}"), resource, refusal.code, refusal.message))?;
        core.struck(operation, Some(self.region), resource, Moment::After)?;
        Ok(answer)
    }

    /// Which objects of another kind belong to which object of this one.
    fn associated(&self, state: &State) -> Option<Associated> {
        Associated::of(self.kind, &state.objects, self.account(), self.region)
    }

    fn live(&self, object: &SimObject, associated: Option<&Associated>, now: Timestamp, turn: u64) -> Live {
        let behaviour = self.kind.behaviour;
        let word = if now >= object.settles_at { &object.settled } else { &object.state };
        let mut attributes = associated.map_or_else(|| object.attributes.clone(), |associated| associated.shown(object));
        derived::render(behaviour, &mut attributes, turn);
        let mut readings = Readings::whole(attributes);
        // AWS accepts these on create and never returns them.
        for attribute in self.kind.schema.attributes.iter().filter(|row| row.comparison == Comparison::WriteOnly) {
            if !readings.bare().contains(attribute.name) {
                readings.not_asked(attribute.name);
            }
        }
        Live {
            physical: object.physical.clone().into(),
            outputs: object.outputs.clone(),
            attributes: readings,
            tags: object.tags.clone(),
            status: behaviour.states.status(word),
            pending: object.pending.clone(),
        }
    }

    /// Of an object in another account only the name is known, because the name is unique in all of AWS.
    fn elsewhere(&self, object: &SimObject) -> Option<Live> {
        let (attribute, _) = self.kind.schema.name?;
        let mut attributes = Attributes::default();
        attributes.set(attribute, object.attributes.text(attribute)?);
        Some(Live {
            physical: object.physical.clone().into(),
            outputs: object.outputs.clone(),
            attributes: attributes.into(),
            tags: Tags::new(),
            status: Status::Failed(ANOTHER_ACCOUNT.to_owned()),
            pending: Vec::new(),
        })
    }

    fn is_made_by_aws(&self, live: &Live) -> bool {
        let name = self.kind.schema.name.and_then(|(attribute, _)| live.attributes.text(attribute));
        name.is_some_and(|name| self.kind.is_made_by_aws(name)) && !live.tags.keys().any(|key| key.starts_with(tags::NAMESPACE))
    }

    fn key(&self, physical: &str) -> Key {
        Key {
            account: self.account().to_owned(),
            region: self.region,
            kind: self.kind.schema.kind.to_owned(),
            physical: physical.to_owned(),
        }
    }
}

#[async_trait]
impl Driver for SimDriver {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let operation = self.begin("list", "all", false)?;
        let turn = self.core.calls.total();
        self.core.core_commit(&operation, |state| {
            let of = |account| {
                let all = state.objects.of_kind(account, self.region, self.kind.schema.kind);
                all.filter(|object| shown(object, state.now))
            };
            let associated = self.associated(state);
            let seen = |object| self.live(object, associated.as_ref(), state.now, turn);
            let mut live: Vec<Live> = of(self.account()).map(seen).collect();
            if self.kind.behaviour.global_names {
                let others = state.objects.accounts().filter(|account| *account != self.account());
                live.extend(others.flat_map(of).filter_map(|object| self.elsewhere(object)));
            }
            let made_by_aws = live.extract_if(.., |live| self.is_made_by_aws(live)).collect();
            (Vec::new(), Listing { live, made_by_aws, ..Listing::default() })
        })
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        let operation = self.begin("read", physical, false)?;
        let (key, turn) = (self.key(physical), self.core.calls.total());
        self.core.core_commit(&operation, |state| {
            let object = state.objects.get(&key).filter(|object| shown(object, state.now));
            (Vec::new(), object.map(|object| self.live(object, self.associated(state).as_ref(), state.now, turn)))
        })
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let name = self.kind.schema.name.and_then(|(attribute, _)| request.attributes.text(attribute)).unwrap_or("a new one");
        let operation = self.begin("create", name, true)?;
        let lost = self.core.struck(&operation, Some(self.region), name, Moment::Midway).err();
        let part = lost.is_some().then(|| midway::create(self.kind.schema, request));
        let request = part.as_ref().unwrap_or(request);
        let physical = self.mutate(&operation, name, |state| {
            if self.kind.schema.observed {
                return Err(observed());
            }
            offered(self.kind, self.region, &request.attributes, |_| true)?;
            let object = created(self.kind, self.account(), self.region, request, state)?;
            let physical = object.physical.clone();
            Ok((vec![together::made(state.now, "tokaido", state.serial + 1, object)], physical))
        })?;
        lost.map_or(Ok(physical), Err)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let physical = &request.live.physical;
        let operation = self.begin("update", physical, true)?;
        let lost = self.core.struck(&operation, Some(self.region), physical, Moment::Midway).err();
        self.mutate(&operation, physical, |state| {
            if self.kind.schema.observed {
                return Err(observed());
            }
            let object = state.objects.get(&self.key(physical)).ok_or_else(|| missing(physical))?;
            let part = lost.is_some().then(|| midway::update(self.kind.schema, object, request));
            let request = part.as_ref().unwrap_or(request);
            let names: Vec<Name> = request.changed.iter().copied().collect();
            free(self.kind, object, &names, &request.attributes, state)?;
            offered(self.kind, self.region, &request.attributes, |name| names.contains(&name))?;
            let object = updated(self.kind, object, &names, &request.attributes, &request.tags, state)?;
            Ok((vec![LogEntry::put(state.now, "tokaido", "update", object)], ()))
        })?;
        lost.map_or(Ok(()), Err)
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        let operation = self.begin("delete", &live.physical, true)?;
        self.mutate(&operation, &live.physical, |state| {
            let key = self.key(&live.physical);
            let Some(object) = state.objects.get(&key) else { return Ok((Vec::new(), ())) };
            if self.kind.schema.observed {
                return Err(observed());
            }
            if self.kind.schema.stateful {
                return Err(ApiRefusal::invalid("Stateful", "tokaido has no call that deletes this kind"));
            }
            together::deletable(self.kind, object, &state.in_account(self.account()))?;
            Ok((vec![LogEntry::Remove { at: state.now, by: "tokaido".to_owned(), key }], ()))
        })
    }

    async fn facts(&self, live: &[Live]) -> Result<Vec<Told>, ProviderError> {
        let operation = self.begin("facts", "all", false)?;
        self.core.core_commit(&operation, |state| {
            let objects = live.iter().filter_map(|live| state.objects.get(&self.key(&live.physical)));
            (Vec::new(), objects.flat_map(|object| told(state, object)).collect())
        })
    }

    async fn offers(&self, asked: &Attributes) -> Result<Option<Vec<Attributes>>, ProviderError> {
        self.begin("offers", self.kind.schema.kind, false)?;
        Ok((self.kind.behaviour.offers)(asked, self.region))
    }
}

/// A value that another object holds is no new value for this one.
fn free(kind: &Kind, object: &SimObject, names: &[Name], target: &Attributes, state: &State) -> Result<(), ApiRefusal> {
    let changed = kind.behaviour.exclusive.iter().filter(|name| names.contains(name));
    for value in changed.filter_map(|name| target.text(*name)) {
        let alike = |other: &&SimObject| {
            (&other.kind, other.region, &other.account) == (&object.kind, object.region, &object.account)
                && other.physical != object.physical
        };
        let more = |other: &SimObject| kind.schema.holds_too.and_then(|name| other.attributes.get(name)).cloned();
        let listed =
            |other: &SimObject| more(other).is_some_and(|all| all.as_list().is_some_and(|all| all.contains(&value.into())));
        let holds = |other: &&SimObject| {
            kind.schema.unique.is_some_and(|name| other.attributes.text(name) == Some(value)) || listed(other)
        };
        if let Some(other) = state.objects.values().filter(alike).find(holds) {
            let message = format!("{value} already exists: {} holds it", other.physical);
            return Err(ApiRefusal { class: ErrorClass::AlreadyExists, code: "AlreadyExistsException", message });
        }
    }
    Ok(())
}

/// AWS makes nothing, and changes nothing to what it does not offer. A value that stays need not be offered any more.
fn offered(kind: &Kind, region: Region, target: &Attributes, new: impl Fn(Name) -> bool) -> Result<(), ApiRefusal> {
    let asks = kind.schema.offered.is_some_and(|rule| rule.attributes().any(new));
    let refusal = asks.then(|| (kind.behaviour.unoffered)(target, region)).flatten();
    refusal.map_or(Ok(()), Err)
}

fn observed() -> ApiRefusal {
    ApiRefusal::invalid("Observed", "tokaido has no call that makes, changes or deletes this kind")
}

/// Facts of objects, besides their settings.
fn told(state: &State, object: &SimObject) -> Vec<Told> {
    match object.kind.as_str() {
        db_instance::NAME | db_cluster::NAME => state.history.of_database(object, state.now),
        backup_vault::NAME => state.history.of_vault(object, state.now),
        kms_key::NAME => vec![Told {
            physical: object.physical.clone(),
            name: facts::GRANTS.to_owned(),
            value: "0".to_owned(),
            operation: "sim:facts kms-key".to_owned(),
        }],
        _ => Vec::new(),
    }
}

fn shown(object: &SimObject, now: Timestamp) -> bool {
    object.shown_at.is_none_or(|at| now >= at)
}

fn missing(physical: &str) -> ApiRefusal {
    ApiRefusal { class: ErrorClass::NotFound, code: "NotFound", message: format!("{physical} does not exist") }
}

/// A new object, with everything AWS adds.
pub(super) fn created(
    kind: &Kind,
    account: &str,
    region: Region,
    request: &CreateRequest,
    state: &State,
) -> Result<SimObject, ApiRefusal> {
    let (behaviour, schema) = (kind.behaviour, kind.schema);
    let mut attributes = request.attributes.clone();
    derived::complete(behaviour, &mut attributes);
    derived::normalise(behaviour, &mut attributes);
    let near = state.objects.near(kind, region, &attributes);
    let others = near.filter(|object| object.account == account || behaviour.global_names);
    for other in others {
        if derived::conflicts(behaviour, schema, &attributes, other) {
            let message = format!("{} already exists", other.physical);
            return Err(ApiRefusal { class: ErrorClass::AlreadyExists, code: "AlreadyExists", message });
        }
    }
    derived::check(behaviour, schema, &attributes, |_| true, &state.in_account(account))?;
    accepted::create(kind, &request.attributes)?;
    let mint = Mint { home: Home { account, region }, serial: state.serial + 1 };
    let (physical, outputs) = derived::identify(schema, &mint, &attributes);
    let (word, seconds) = behaviour.creating.unwrap_or((behaviour.settled, 0));
    Ok(SimObject {
        account: account.to_owned(),
        region,
        kind: schema.kind.to_owned(),
        physical,
        outputs,
        attributes,
        tags: request.tags.clone(),
        state: word.to_owned(),
        settled: behaviour.settled.to_owned(),
        settles_at: later(state.now, seconds),
        shown_at: state.lags.get(schema.kind).map(|seconds| later(state.now, *seconds)),
        pending: Vec::new(),
        made_with: None,
    })
}

/// The object after a change of these attributes: some at once, some queued for the window.
pub(super) fn updated(
    kind: &Kind,
    object: &SimObject,
    names: &[Name],
    target: &Attributes,
    tags: &Tags,
    state: &State,
) -> Result<SimObject, ApiRefusal> {
    let (behaviour, schema) = (kind.behaviour, kind.schema);
    let mut changed = object.clone();
    let mut wanted = target.clone();
    derived::normalise(behaviour, &mut wanted);
    let word = if state.now >= object.settles_at { &object.settled } else { &object.state };
    let sent: Vec<Name> = names.iter().flat_map(|name| schema.together(*name)).map(|row| row.name).collect();
    let asked = Modification { state: word, changed: names, sent: &sent, before: &object.attributes, after: &wanted };
    let taken = (behaviour.takes)(&asked)?;
    let mut names = names.to_vec();
    names.extend(taken.also.names());
    wanted.extend(taken.also);
    let at_once = taken.at_once;
    if at_once {
        behaviour.settled.clone_into(&mut changed.settled);
        changed.attributes.extend(changed.pending.drain(..).map(|pending| (pending.attribute, pending.value)));
    }
    for name in &names {
        let Some(attribute) = schema.row(*name) else {
            return Err(ApiRefusal::invalid("InvalidParameterCombination", format!("{} has no attribute {name}", schema.kind)));
        };
        if matches!(attribute.mutability, Mutability::Forbidden(_)) {
            return Err(ApiRefusal::invalid("InvalidParameterCombination", format!("{} cannot be changed", attribute.doc)));
        }
        if let Some(element) = derived::locked(attribute, &object.attributes, &wanted) {
            return Err(ApiRefusal::invalid("InvalidParameterValue", format!("The parameter {element} cannot be modified.")));
        }
        if attribute.comparison == Comparison::Tags {
            changed.tags.retain(|key, _| !tags::compared(key) || tags.contains_key(key));
            changed.tags.extend(tags.clone());
            continue;
        }
        let value = wanted.get(*name).cloned();
        let before = changed.attributes.get(*name);
        let queued = value.as_ref().filter(|_| !at_once).and_then(|value| derived::waits(attribute, before, value));
        changed.pending.retain(|pending| pending.attribute != *name);
        match (queued, value) {
            (Some(when), Some(value)) if changed.attributes.get(*name) != Some(&value) => {
                changed.pending.push(PendingValue { attribute: *name, value, when: when.into() });
            }
            (Some(_), _) => {}
            (None, Some(value)) => {
                changed.attributes.set(*name, value);
            }
            (None, None) => {
                changed.attributes.remove(*name);
            }
        }
    }
    (behaviour.changeable)(&object.attributes, &wanted)?;
    let mut whole = changed.attributes.clone();
    whole.extend(changed.pending.iter().map(|pending| (pending.attribute, pending.value.clone())));
    let sent = |link: Name| schema.together(link).any(|row| names.contains(&row.name));
    derived::check(behaviour, schema, &whole, sent, &state.in_account(&object.account))?;
    accepted::update(kind, target, |name| names.contains(&name))?;
    if let Some((word, seconds)) = behaviour.modifying {
        word.clone_into(&mut changed.state);
        changed.settles_at = later(state.now, seconds);
    }
    Ok(changed)
}

fn later(now: Timestamp, seconds: u64) -> Timestamp {
    let step = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(0));
    now.saturating_add(step).unwrap_or(now)
}

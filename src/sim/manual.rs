//! Manual changes: `tokaido sandbox set|unset|remove` changes the simulated AWS as a person in a console would.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

use tokaido_derive::Reason;

use crate::kinds::{self, Kind};
use crate::model::path;
use crate::model::reason::Spoken;
use crate::model::schema::{Comparison, Mutability};
use crate::model::tags::{self, Tags};
use crate::model::value::Map;
use crate::model::{
    Attributes, Class, Diff, Environment, Language, Live, Name, Readings, Region, ResourceId, Stated, Status, Value, Words,
};
use crate::plan::links::{Index, lift, lower};
use crate::plan::{STATE, compare, patch};
use crate::world::CreateRequest;
use crate::world::behaviour::SimObject;

use super::driver::{created, updated};
use super::entry::{Key, LogEntry};
use super::log::{Log, LogError};
use super::state::State;
use super::together::{self, Associated};

#[derive(Debug, Reason)]
pub enum ManualError {
    #[en("{error}")]
    #[ja("{error}")]
    Log { error: Stated<LogError> },
    #[en("{id} is not in the sandbox; `tokaido sandbox list` shows what is")]
    #[ja("{id} はサンドボックスにありません。あるものは `tokaido sandbox list` で確認できます")]
    NoSuchResource { id: ResourceId },
    #[en("{id} has no attribute `{name}`; it has {known}")]
    #[ja("{id} に属性 `{name}` はありません。あるのは {known} です")]
    NoSuchAttribute { id: ResourceId, name: String, known: Vec<Name> },
    #[en("{id} has no {path}; it has {known}")]
    #[ja("{id} に {path} はありません。今あるもの: {known}")]
    NoSuchElement { id: ResourceId, path: String, known: Elements },
    #[en("AWS has no call that changes `{name}` of {id} by hand either: {procedure}")]
    #[ja("{id} の `{name}` は、手動でも AWS では変更できません: {procedure}")]
    Immutable { id: ResourceId, name: String, procedure: Words },
    #[en("the simulated AWS refuses: {message} ({code})")]
    #[ja("模擬の AWS が拒否しました: {message} ({code})")]
    Refused { code: &'static str, message: String },
    #[en("{path} cannot be set to {value}: {reason}")]
    #[ja("{path} を {value} にすることはできません: {reason}")]
    Value { path: String, value: String, reason: Stated<Misfit> },
}

impl std::error::Error for ManualError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Log { error: Stated::Ours(error) } = self { error.source() } else { None }
    }
}

impl From<LogError> for ManualError {
    fn from(error: LogError) -> Self {
        Self::Log { error: error.into() }
    }
}

/// Why a value does not fit at this path.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Misfit {
    #[en("{id} is not in the sandbox")]
    #[ja("{id} はサンドボックスにありません")]
    LeadsNowhere { id: ResourceId },
    #[en("the value of a tag is text")]
    #[ja("タグの値は文字列です")]
    TagIsText,
    /// What the type of the attribute says of the value.
    #[en("{problem}")]
    #[ja("値の形式が合いません（{problem}）")]
    OtherForm { problem: String },
    #[en("AWS knows no more of it than {kept}")]
    #[ja("AWS が保持するのは {kept} までです")]
    KeptInPart { kept: Value },
    #[en("AWS knows no more of it than nothing")]
    #[ja("AWS は何も保持しません")]
    NotKept,
}

/// The paths that exist.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Elements(pub Vec<String>);

impl Spoken for Elements {
    fn spoken(&self, language: Language) -> impl Display {
        match (self.0.is_empty(), language) {
            (true, Language::En) => "nothing there".to_owned(),
            (true, Language::Ja) => "なし".to_owned(),
            (false, _) => self.0.join(", "),
        }
    }
}

/// One line of `tokaido sandbox list`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SandboxRow {
    pub account: String,
    pub region: Region,
    pub kind: String,
    pub physical: String,
    pub id: Option<ResourceId>,
    pub state: String,
    pub attributes: Attributes,
    pub tags: Tags,
    /// The identifier of the object together with which AWS made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_with: Option<String>,
}

impl SandboxRow {
    /// The id, or what stands for it where there is none: kind, AWS's identifier and region.
    #[must_use]
    pub fn name(&self) -> ResourceId {
        self.id.clone().unwrap_or_else(|| ResourceId::new(&self.kind, &self.physical, self.region))
    }
}

impl Log {
    /// Every object, in order.
    pub fn rows(&self) -> Result<Vec<SandboxRow>, LogError> {
        self.read(|state| {
            let accounts: BTreeSet<&str> = state.objects.values().map(|object| object.account.as_str()).collect();
            let indexes: BTreeMap<&str, Index> =
                accounts.into_iter().map(|account| (account, Index::of(&owned(state, account)))).collect();
            let mut associated: BTreeMap<(&str, Region, &str), Option<Associated>> = BTreeMap::new();
            state
                .objects
                .values()
                .map(|object| (object, shown(state, object, &mut associated)))
                .map(|(object, attributes)| SandboxRow {
                    account: object.account.clone(),
                    region: object.region,
                    kind: object.kind.clone(),
                    physical: object.physical.clone(),
                    id: Environment::ALL.into_iter().find_map(|environment| tags::owner(&object.tags, environment)),
                    state: if state.now >= object.settles_at { object.settled.clone() } else { object.state.clone() },
                    attributes: lifted(object, &attributes, &indexes[object.account.as_str()]),
                    tags: object.tags.clone(),
                    made_with: object.made_with.clone(),
                })
                .collect()
        })
    }

    /// Sets an attribute, `attribute[key]`, or with `attribute[+]` adds an element.
    pub fn set_by_hand(&self, environment: Environment, id: &ResourceId, path: &str, value: &Value) -> Result<(), ManualError> {
        self.change_by_hand(environment, id, path, value)
    }

    /// Removes an attribute's value or one element.
    pub fn unset_by_hand(&self, environment: Environment, id: &ResourceId, path: &str) -> Result<(), ManualError> {
        self.change_by_hand(environment, id, path, &Value::Null)
    }

    /// Deletes a resource, where AWS lets a person delete it.
    pub fn remove_by_hand(&self, environment: Environment, id: &ResourceId) -> Result<(), ManualError> {
        self.commit(|state| match removal(state, environment, id) {
            Ok(entry) => (vec![entry], Ok(())),
            Err(error) => (Vec::new(), Err(error)),
        })?
    }

    /// Makes a resource that tokaido does not know, as a person in a console would.
    pub fn create_by_hand(
        &self,
        account: &str,
        region: Region,
        kind: &str,
        request: &CreateRequest,
    ) -> Result<String, ManualError> {
        self.commit(|state| {
            let Some(kind) = kinds::find(kind) else {
                let message = format!("there is no kind {kind}");
                return (Vec::new(), Err(ManualError::Refused { code: "UnknownKind", message }));
            };
            match created(kind, account, region, request, state) {
                Ok(mut object) => {
                    object.settles_at = state.now;
                    object.shown_at = None;
                    let physical = object.physical.clone();
                    (vec![together::made(state.now, "hand", state.serial + 1, object)], Ok(physical))
                }
                Err(refusal) => (Vec::new(), Err(ManualError::Refused { code: refusal.code, message: refusal.message })),
            }
        })?
    }

    fn change_by_hand(&self, environment: Environment, id: &ResourceId, path: &str, value: &Value) -> Result<(), ManualError> {
        self.commit(|state| match changed(state, environment, id, path, value) {
            Ok(object) => (vec![LogEntry::put(state.now, "hand", "set", object)], Ok(())),
            Err(error) => (Vec::new(), Err(error)),
        })?
    }
}

fn find<'a>(state: &'a State, environment: Environment, id: &ResourceId) -> Result<(&'a SimObject, &'static Kind), ManualError> {
    let missing = || ManualError::NoSuchResource { id: id.clone() };
    let claims = state.objects.values().filter(|object| tags::owner(&object.tags, environment).as_ref() == Some(id));
    let claimed = claims.min_by_key(|object| is_copy(object, environment, id));
    let object = claimed.or_else(|| state.objects.values().find(|object| is_called(object, id))).ok_or_else(missing)?;
    let kind = kinds::find(&object.kind).ok_or_else(missing)?;
    Ok((object, kind))
}

/// What has no id of ours is named by AWS's identifier: `route-table.rtb-0a1b…@tokyo`.
fn is_called(object: &SimObject, id: &ResourceId) -> bool {
    object.kind == id.kind.as_str() && object.region == id.region && object.physical == id.name.as_str()
}

/// AWS copies tags to a restored resource; of two resources that claim one id, this picks the one with the derived name.
fn is_copy(object: &SimObject, environment: Environment, id: &ResourceId) -> bool {
    let name =
        kinds::find(&object.kind).and_then(|kind| kind.schema.name).and_then(|(attribute, _)| object.attributes.text(attribute));
    name.is_some_and(|name| !name.eq_ignore_ascii_case(&environment.derived(&id.name)))
}

/// The resource of each id in this account; a copy only when there is nothing else.
fn owned(state: &State, account: &str) -> BTreeMap<ResourceId, Live> {
    let mut found: BTreeMap<ResourceId, Live> = BTreeMap::new();
    let of = |object: &SimObject| {
        Environment::ALL
            .into_iter()
            .find_map(|environment| tags::owner(&object.tags, environment).map(|id| (is_copy(object, environment, &id), id)))
    };
    for object in state.objects.values().filter(|object| object.account == account) {
        let Some((copy, id)) = of(object) else { continue };
        let live = Live {
            physical: object.physical.clone().into(),
            outputs: object.outputs.clone(),
            attributes: Readings::default(),
            tags: Tags::new(),
            status: Status::Ready,
            pending: Vec::new(),
        };
        if copy {
            found.entry(id).or_insert(live);
        } else {
            found.insert(id, live);
        }
    }
    found
}

/// The attributes as AWS shows them. `associated`: what is known already of which objects belong to those of a kind.
fn shown<'a>(
    state: &'a State,
    object: &'a SimObject,
    associated: &mut BTreeMap<(&'a str, Region, &'a str), Option<Associated>>,
) -> Attributes {
    let place = (object.account.as_str(), object.region, object.kind.as_str());
    let of_kind = || Associated::of(kinds::find(&object.kind)?, &state.objects, &object.account, object.region);
    let associated = associated.entry(place).or_insert_with(of_kind);
    associated.as_ref().map_or_else(|| object.attributes.clone(), |associated| associated.shown(object))
}

fn lifted(object: &SimObject, attributes: &Attributes, index: &Index) -> Attributes {
    kinds::find(&object.kind).map_or_else(|| attributes.clone(), |kind| lift(kind.schema, object.region, attributes, index))
}

/// Works on references, so that a person writes ids and never ARNs.
fn changed(
    state: &State,
    environment: Environment,
    id: &ResourceId,
    path: &str,
    value: &Value,
) -> Result<SimObject, ManualError> {
    let (object, kind) = find(state, environment, id)?;
    if let (STATE, Some(word)) = (path, value.as_text()) {
        return Ok(SimObject { settled: word.to_owned(), settles_at: state.now, ..object.clone() });
    }
    let name = path::attribute(path);
    let schema = kind.schema;
    let Some(attribute) = schema.attribute(name) else {
        let known = schema.attributes.iter().map(|attribute| attribute.name).collect();
        return Err(ManualError::NoSuchAttribute { id: id.clone(), name: name.to_owned(), known });
    };
    if let Mutability::Forbidden(procedure) = attribute.mutability {
        return Err(ManualError::Immutable { id: id.clone(), name: name.to_owned(), procedure: procedure.into() });
    }
    let owned = owned(state, &object.account);
    let before = compare::with_tags(&lifted(object, &object.attributes, &Index::of(&owned)), &object.tags);
    let path = match (path.strip_suffix("[+]"), attribute.comparison) {
        (Some(_), Comparison::Keyed(fields)) => format!("{name}[{}]", compare::element_key(fields, value)),
        (Some(_), _) => format!("{name}[{value}]"),
        (None, _) => path.to_owned(),
    };
    if value.is_null() && patch::value_at(schema, &before, &path).is_null() {
        let known = elements(schema, attribute.comparison, name, &before);
        return Err(ManualError::NoSuchElement { id: id.clone(), path, known });
    }
    let diff = Diff { path: path.clone(), before: Value::Null, after: value.clone(), class: Class::Drift };
    let mut target = patch::apply(schema, &before, &[diff]);
    fits(kind, &before, &target, name, &path, value)?;
    let tags = target.remove(tags::ATTRIBUTE).map(|tags| tags::of(&tags)).unwrap_or_default();
    let outputs = owned.into_iter().map(|(id, live)| (id, live.outputs)).collect();
    let target = lower(&target, &outputs).map_err(|reference| ManualError::Value {
        path: path.clone(),
        value: value.to_string(),
        reason: Misfit::LeadsNowhere { id: reference.to.clone() }.into(),
    })?;
    let mut object = updated(kind, object, &[attribute.name], &target, &tags, state)
        .map_err(|refusal| ManualError::Refused { code: refusal.code, message: refusal.message })?;
    object.settles_at = state.now;
    Ok(object)
}

/// A value that a person enters in a console has a type too. Only an attribute that was well formed before can be judged.
fn fits(kind: &Kind, before: &Attributes, target: &Attributes, name: &str, path: &str, value: &Value) -> Result<(), ManualError> {
    let refuse = |reason: Misfit| ManualError::Value { path: path.to_owned(), value: value.to_string(), reason: reason.into() };
    if kind.schema.attribute(name).is_some_and(|attribute| attribute.comparison == Comparison::Tags) {
        let text = value.is_null() || value.as_text().is_some() || path == name;
        return if text { Ok(()) } else { Err(refuse(Misfit::TagIsText)) };
    }
    let own = |attributes: &Attributes| {
        let mut own = attributes.clone();
        own.remove(tags::ATTRIBUTE);
        // Attributes that AWS accepts on create and never returns.
        let unseen = kind.schema.attributes.iter().filter(|attribute| attribute.comparison == Comparison::WriteOnly);
        for attribute in unseen {
            own.set_default(attribute.name, "");
        }
        own
    };
    if (kind.typed)(&own(before)).is_err() {
        return Ok(());
    }
    match (kind.typed)(&own(target)) {
        // The message names the path already.
        Err(reason) => {
            let problem = reason.strip_prefix(&format!("{name}: ")).map_or(reason.clone(), str::to_owned);
            Err(refuse(Misfit::OtherForm { problem }))
        }
        Ok(known) if known.get(path::name(name)) != target.get(path::name(name)) => {
            let kept = known.get(path::name(name)).cloned();
            Err(refuse(kept.map_or(Misfit::NotKept, |kept| Misfit::KeptInPart { kept })))
        }
        Ok(_) => Ok(()),
    }
}

fn elements(schema: &crate::model::KindSchema, comparison: Comparison, name: &str, before: &Attributes) -> Elements {
    let empty = if matches!(comparison, Comparison::Tags | Comparison::Map | Comparison::Policies) {
        Value::from(Map::new())
    } else {
        Value::from(Vec::<Value>::new())
    };
    let Some(attribute) = schema.attribute(name) else { return Elements(Vec::new()) };
    let paths = before
        .get(attribute.name)
        .map(|value| {
            compare::attribute_differences(attribute, before, value, &empty).into_iter().map(|delta| delta.path).collect()
        })
        .unwrap_or_default();
    Elements(paths)
}

fn removal(state: &State, environment: Environment, id: &ResourceId) -> Result<LogEntry, ManualError> {
    let (object, kind) = find(state, environment, id)?;
    if let Some(word) = kind.behaviour.remains {
        let object = SimObject { state: word.to_owned(), settled: word.to_owned(), settles_at: state.now, ..object.clone() };
        return Ok(LogEntry::put(state.now, "hand", "remove", object));
    }
    together::deletable(kind, object, &state.in_account(&object.account))
        .map_err(|refusal| ManualError::Refused { code: refusal.code, message: refusal.message })?;
    Ok(LogEntry::Remove { at: state.now, by: "hand".to_owned(), key: Key::of(object) })
}

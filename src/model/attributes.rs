//! The attributes of one resource, sorted by name. Clones share the values until one of them is changed.

use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Index;
use std::sync::{Arc, LazyLock};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::attribute::{Attr, Typed};
use super::map;
use super::name::Name;
use super::repeated::{self, Lately};
use super::value::{Map, Value};

/// The attributes of one resource, by name. Each name occurs once. The names are a list of their own: thousands of resources of one
/// kind have the same.
#[derive(Clone, PartialEq, Eq)]
pub struct Attributes {
    names: Arc<[Name]>,
    /// As many, in the order of the names.
    values: Arc<[Value]>,
}

thread_local! {
    static NAMES: Lately<[Name]> = const { RefCell::new(Vec::new()) };
}

static NONE: LazyLock<Attributes> = LazyLock::new(|| Attributes { names: Arc::new([]), values: Arc::new([]) });

/// More names than any kind has attributes.
const MOST_NAMES: usize = 128;

impl Attributes {
    /// Sorted attributes, each name once.
    fn of(attributes: Vec<(Name, Value)>) -> Self {
        if attributes.is_empty() {
            return Self::default();
        }
        let (names, values): (Vec<Name>, Vec<Value>) = attributes.into_iter().unzip();
        Self { names: NAMES.with(|lately| repeated::list_up_to(MOST_NAMES, lately, names)), values: values.into() }
    }

    fn pairs(&self) -> impl Iterator<Item = (Name, Value)> {
        self.names.iter().copied().zip(self.values.iter().cloned())
    }

    /// Where the attribute is, or where it would be. A name nearly always is the one that its row has, and is found by its address.
    fn find(&self, name: Name) -> Result<usize, usize> {
        match self.names.iter().position(|known| known.is_same(name)) {
            Some(place) => Ok(place),
            None => self.names.binary_search(&name),
        }
    }

    /// The value of this attribute; `None` when it is absent.
    #[must_use]
    pub fn get(&self, name: impl Into<Name>) -> Option<&Value> {
        self.find(name.into()).ok().map(|place| &self.values[place])
    }

    /// The value as its type; `None` when the attribute is absent, `null` or of another type.
    #[must_use]
    pub fn typed<T: Typed>(&self, attr: Attr<T>) -> Option<T> {
        self.get(attr).filter(|value| !value.is_null()).and_then(|value| T::from_value(value).ok())
    }

    /// The text of this attribute; `None` when it is absent or no text.
    #[must_use]
    pub fn text(&self, name: impl Into<Name>) -> Option<&str> {
        self.get(name).and_then(Value::as_text)
    }

    /// The number of this attribute; `None` when it is absent or no number.
    #[must_use]
    pub fn int(&self, name: impl Into<Name>) -> Option<i64> {
        self.get(name).and_then(Value::as_int)
    }

    /// Sets the attribute to this value, whether it is there or not.
    pub fn set(&mut self, name: impl Into<Name>, value: impl Into<Value>) {
        let name = name.into();
        match self.find(name) {
            Ok(place) => Arc::make_mut(&mut self.values)[place] = value.into(),
            Err(place) => self.insert(place, name, value.into()),
        }
    }

    fn insert(&mut self, place: usize, name: Name, value: Value) {
        let mut all: Vec<(Name, Value)> = self.pairs().collect();
        all.insert(place, (name, value));
        *self = Self::of(all);
    }

    /// Sets a typed attribute.
    pub fn put<T: Typed>(&mut self, attr: Attr<T>, value: T) {
        self.set(attr, value.into_value());
    }

    /// Sets the attribute where it is absent, and changes nothing where it has a value.
    pub fn set_default(&mut self, name: impl Into<Name>, value: impl Into<Value>) {
        let name = name.into();
        if let Err(place) = self.find(name) {
            self.insert(place, name, value.into());
        }
    }

    /// Removes the attribute and returns its value; `None` when it is absent.
    pub fn remove(&mut self, name: impl Into<Name>) -> Option<Value> {
        let place = self.find(name.into()).ok()?;
        let mut left: Vec<(Name, Value)> = self.pairs().collect();
        let (_, value) = left.remove(place);
        *self = Self::of(left);
        Some(value)
    }

    /// Whether the attribute is there; its value may be `null`.
    #[must_use]
    pub fn contains(&self, name: impl Into<Name>) -> bool {
        self.find(name.into()).is_ok()
    }

    /// Names and values, sorted by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Name, &Value)> + DoubleEndedIterator + Clone {
        self.names.iter().copied().zip(self.values.iter())
    }

    /// The names, sorted.
    pub fn names(&self) -> impl ExactSizeIterator<Item = Name> + DoubleEndedIterator + Clone {
        self.names.iter().copied()
    }

    /// The values, sorted by name.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> + DoubleEndedIterator + Clone {
        self.values.iter()
    }

    /// Removes every attribute for which `keep` is false.
    pub fn retain(&mut self, mut keep: impl FnMut(Name, &Value) -> bool) {
        let kept: Vec<(Name, Value)> = self.pairs().filter(|(name, value)| keep(*name, value)).collect();
        // When `keep` keeps everything, a clone stays shared.
        if kept.len() != self.len() {
            *self = Self::of(kept);
        }
    }

    /// How many attributes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Where a value is the other's it becomes the other's copy of it, and where all are, the lists do: a live resource nearly
    /// always is what was declared.
    pub fn share(&mut self, other: &Self) {
        if self.is_shared_with(other) {
            return;
        }
        let mut others = other.iter().peekable();
        let mut shared = 0;
        for (place, name) in self.names.iter().enumerate() {
            let value = &self.values[place];
            while others.next_if(|(next, _)| next < name).is_some() {}
            if let Some((_, same)) = others.next_if(|(next, same)| next == name && *same == value) {
                shared += 1;
                if !value.is_shared_with(same) {
                    Arc::make_mut(&mut self.values)[place] = same.clone();
                }
            }
        }
        if shared == self.len() && shared == other.len() {
            *self = other.clone();
        }
    }

    /// Whether the two are one list. Where they are not, they may still be equal.
    #[must_use]
    pub fn is_shared_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.values, &other.values) && Arc::ptr_eq(&self.names, &other.names)
    }

    /// Puts the answer in the place of this attribute's value, where the attribute is there and `f` answers.
    pub fn replace_one(&mut self, name: Name, f: impl FnOnce(&Value) -> Option<Value>) {
        let Ok(place) = self.find(name) else { return };
        if let Some(new) = f(&self.values[place]) {
            Arc::make_mut(&mut self.values)[place] = new;
        }
    }

    /// Puts the answer in the place of every value that `f` answers for. What others share stays as it is.
    pub fn replace(&mut self, mut f: impl FnMut(Name, &Value) -> Option<Value>) {
        for (place, name) in self.names.iter().enumerate() {
            if let Some(new) = f(*name, &self.values[place]) {
                Arc::make_mut(&mut self.values)[place] = new;
            }
        }
    }

    /// A copy in which `f` replaces values: what it returns replaces the value, `None` keeps it. A copy in which nothing is
    /// replaced shares the list.
    #[must_use]
    pub fn replaced(&self, mut f: impl FnMut(Name, &Value) -> Option<Value>) -> Self {
        let mut copy = self.clone();
        copy.replace(&mut f);
        copy
    }
}

impl Default for Attributes {
    fn default() -> Self {
        NONE.clone()
    }
}

/// As a map: attribute by attribute.
impl Ord for Attributes {
    fn cmp(&self, other: &Self) -> Ordering {
        self.iter().cmp(other.iter())
    }
}

impl PartialOrd for Attributes {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// The shape is that of a map.
impl JsonSchema for Attributes {
    fn inline_schema() -> bool {
        BTreeMap::<String, Value>::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<String, Value>::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        BTreeMap::<String, Value>::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, Value>::json_schema(generator)
    }
}

/// # Panics
/// When the attribute is absent.
impl<N: Into<Name>> Index<N> for Attributes {
    type Output = Value;

    fn index(&self, name: N) -> &Value {
        let name = name.into();
        self.get(name).unwrap_or_else(|| panic!("there is no attribute {name}"))
    }
}

impl<N: Into<Name>> Extend<(N, Value)> for Attributes {
    /// Sets each attribute. The last value of a name counts.
    fn extend<I: IntoIterator<Item = (N, Value)>>(&mut self, more: I) {
        let more: Vec<_> = more.into_iter().map(|(name, value)| (name.into(), value)).collect();
        if !more.is_empty() {
            *self = self.pairs().chain(more).collect();
        }
    }
}

impl<N: Into<Name>> FromIterator<(N, Value)> for Attributes {
    /// The last value of a name counts.
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(all: I) -> Self {
        let mut attributes: Vec<(Name, Value)> = all.into_iter().map(|(name, value)| (name.into(), value)).collect();
        if !attributes.is_sorted_by(|(a, _), (b, _)| a < b) {
            // The sort is stable: reversed before it, the last of one name comes first.
            attributes.reverse();
            attributes.sort_by_key(|(name, _)| *name);
            attributes.dedup_by(|(later, _), (first, _)| later == first);
        }
        Self::of(attributes)
    }
}

impl From<Map> for Attributes {
    fn from(map: Map) -> Self {
        map.into_iter().map(|(name, value)| (Name::interned(&name), value)).collect()
    }
}

impl IntoIterator for Attributes {
    type Item = (Name, Value);
    type IntoIter = std::vec::IntoIter<(Name, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.pairs().collect::<Vec<_>>().into_iter()
    }
}

impl Serialize for Attributes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(map::entries::<Name, Value, D>(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: Attr<i64> = Attr::row(&"days");
    const NAME: Attr<String> = Attr::row(&"name");

    fn some() -> Attributes {
        [
            (Name::row(&"name"), Value::from("acme")),
            (Name::row(&"cidr"), Value::from("10.0.0.0/16")),
            (Name::row(&"days"), Value::Int(7)),
        ]
        .into_iter()
        .collect()
    }

    #[test]
    fn they_are_in_the_order_of_their_names() {
        let mut attributes = some();
        attributes.set(Name::row(&"backup"), true);
        attributes.set(Name::row(&"zone"), "z");
        let names: Vec<&str> = attributes.names().map(Name::as_str).collect();
        assert_eq!(names, ["backup", "cidr", "days", "name", "zone"]);
        let json = serde_json::to_string(&attributes).expect("plain data");
        assert_eq!(json, r#"{"backup":true,"cidr":"10.0.0.0/16","days":7,"name":"acme","zone":"z"}"#);
        let unsorted = r#"{"zone":"z","name":"globex","days":7,"cidr":"10.0.0.0/16","backup":true,"name":"acme"}"#;
        assert_eq!(serde_json::from_str::<Attributes>(unsorted).expect("a map"), attributes, "the last of a name counts");
    }

    #[test]
    fn sets_are_ordered_as_maps_are() {
        let one = |name: &'static &'static str, value: i64| Attributes::from_iter([(Name::row(name), Value::Int(value))]);
        assert!(one(&"a", 2) < one(&"b", 1) && one(&"a", 1) < one(&"a", 2) && Attributes::default() < one(&"a", 1));
    }

    #[test]
    fn a_clone_shares_until_it_is_changed() {
        let first = some();
        let mut second = first.clone();
        assert!(first.is_shared_with(&second));
        second.retain(|_, _| true);
        second.set_default(Name::row(&"days"), 1);
        assert_eq!(second.remove(Name::row(&"unknown")), None);
        assert!(first.is_shared_with(&second), "nothing was changed");
        second.set(Name::row(&"days"), 35);
        assert_eq!((first.int(Name::row(&"days")), second.int(Name::row(&"days"))), (Some(7), Some(35)));
        let mut third = second.clone();
        assert_eq!(third.remove(Name::row(&"name")), Some(Value::from("acme")));
        third.retain(|name, _| name != "cidr");
        assert_eq!((second.len(), third.len()), (3, 1));
        assert_eq!(first, some());
    }

    #[test]
    fn names_that_repeat_are_there_once() {
        let (first, mut second) = (some(), some());
        assert!(Arc::ptr_eq(&first.names, &second.names) && !Arc::ptr_eq(&first.values, &second.values));
        second.set(Name::row(&"days"), 35);
        assert!(Arc::ptr_eq(&first.names, &second.names), "the names are the same");
        assert_ne!(first, second);
    }

    #[test]
    fn replaced_values_are_in_the_copy_alone() {
        let first = some();
        let same = first.replaced(|_, _| None);
        assert!(first.is_shared_with(&same));
        let other = first.replaced(|name, _| (name == "cidr").then(|| Value::from("lifted")));
        assert_eq!((other.text(Name::row(&"cidr")), other.text(Name::row(&"name"))), (Some("lifted"), Some("acme")));
        assert_eq!(first, some());
    }

    #[test]
    fn a_typed_name_gives_its_type_or_nothing() {
        let mut attributes = some();
        assert_eq!((attributes.typed(DAYS), attributes.typed(NAME)), (Some(7), Some("acme".to_owned())));
        attributes.set(Name::row(&"days"), "many");
        assert_eq!(attributes.typed(DAYS), None, "of another type");
        attributes.set(Name::row(&"days"), Value::Null);
        assert_eq!((attributes.typed(DAYS), attributes.contains(DAYS)), (None, true));
        attributes.put(DAYS, 35);
        assert_eq!((attributes.typed(DAYS), &attributes[DAYS]), (Some(35), &Value::Int(35)));
        assert_eq!(attributes.remove(DAYS), Some(Value::Int(35)));
        assert_eq!((attributes.typed(DAYS), attributes.contains(DAYS)), (None, false));
    }
}

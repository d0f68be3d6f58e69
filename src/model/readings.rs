//! What is known of the attributes of a live object: the values, and why the others have none.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attribute::{Attr, Typed};
use super::attributes::Attributes;
use super::name::Name;
use super::value::Value;

/// What is known of one attribute of a live object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading<T> {
    /// The value that AWS returned.
    Value(T),
    /// AWS was asked and has no value for it.
    Absent,
    /// No call that would tell it was made.
    NotAsked,
    /// The call that would tell it failed. The text is the error, in English.
    Failed(String),
}

impl<T> Reading<T> {
    /// The value, or `None` where AWS has none.
    ///
    /// # Errors
    /// It was not read. Who needs it does not know it.
    pub fn asked(self) -> Result<Option<T>, Unread> {
        match self {
            Self::Value(value) => Ok(Some(value)),
            Self::Absent => Ok(None),
            Self::NotAsked => Err(Unread::NotAsked),
            Self::Failed(why) => Err(Unread::Failed(why)),
        }
    }
}

/// Why it is not known whether there is a value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unread {
    /// The call that would tell it failed. The text is the error, in English.
    Failed(String),
    /// No call that would tell it was made.
    NotAsked,
}

/// Why an attribute has no value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Without {
    /// AWS was asked and has no value for it.
    Absent,
    /// No call that would tell it was made.
    NotAsked,
    /// The call that would tell it failed. The text is the error, in English.
    Failed(String),
}

/// The attributes of a live object.
///
/// Guarantees: nobody gets a value without learning whether it was read. Only [`Self::bare`] gives the values alone; the modules
/// that may use it are listed in a test.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Readings {
    #[serde(rename = "attributes")]
    values: Attributes,
    /// Whether an attribute with neither a value nor a reason is absent; otherwise it was not asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    whole: bool,
    /// Sorted by name.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty", with = "reasons")]
    #[schemars(with = "std::collections::BTreeMap<Name, Without>")]
    without: Box<[(Name, Without)]>,
}

impl Readings {
    /// Everything was read: what is not among these is absent.
    #[must_use]
    pub fn whole(values: Attributes) -> Self {
        Self { values, whole: true, without: Box::default() }
    }

    /// The attributes that have a value. What is missing here is absent, was not asked for, or failed: this is for showing and
    /// searching values, not for a decision.
    #[must_use]
    pub const fn bare(&self) -> &Attributes {
        &self.values
    }

    /// Whether every attribute was read.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.whole && self.without.iter().all(|(_, why)| *why == Without::Absent)
    }

    /// A text by which the object is recognised, such as its name: `None` where it has none that is known.
    #[must_use]
    pub fn text(&self, name: impl Into<Name>) -> Option<&str> {
        self.values.text(name)
    }

    /// The values, where each of these attributes was read: a name without a value is absent. Otherwise those that were not read.
    ///
    /// # Errors
    /// At least one of them was not read; all of them, with the reason.
    pub fn of(&self, names: impl IntoIterator<Item = Name>) -> Result<&Attributes, Vec<(Name, Unread)>> {
        let unread = |name: Name| self.reading(name).asked().err().map(|why| (name, why));
        let unread: Vec<(Name, Unread)> = names.into_iter().filter_map(unread).collect();
        if unread.is_empty() { Ok(&self.values) } else { Err(unread) }
    }

    /// The values, to change them. The reasons stay as they are; a value counts more than a reason.
    pub const fn values_mut(&mut self) -> &mut Attributes {
        &mut self.values
    }

    /// What is known of this attribute.
    #[must_use]
    pub fn reading(&self, name: impl Into<Name>) -> Reading<&Value> {
        let name = name.into();
        if let Some(value) = self.values.get(name) {
            return if *value == Value::Null { Reading::Absent } else { Reading::Value(value) };
        }
        match self.place(name).map(|place| &self.without[place].1) {
            Ok(Without::Absent) => Reading::Absent,
            Ok(Without::Failed(why)) => Reading::Failed(why.clone()),
            Ok(Without::NotAsked) => Reading::NotAsked,
            Err(_) => {
                if self.whole {
                    Reading::Absent
                } else {
                    Reading::NotAsked
                }
            }
        }
    }

    /// What is known of this attribute as its type. A value of another type is a failed reading, and `null` is absent.
    #[must_use]
    pub fn get<T: Typed>(&self, attr: Attr<T>) -> Reading<T> {
        match self.reading(attr) {
            Reading::Absent => Reading::Absent,
            Reading::Value(value) => match T::from_value(value) {
                Ok(value) => Reading::Value(value),
                Err(error) => Reading::Failed(format!("{attr}: {error}")),
            },
            Reading::NotAsked => Reading::NotAsked,
            Reading::Failed(why) => Reading::Failed(why),
        }
    }

    /// AWS returned this value.
    pub fn set(&mut self, name: impl Into<Name>, value: impl Into<Value>) {
        let name = name.into();
        self.values.set(name, value);
        if let Ok(place) = self.place(name) {
            let mut without = std::mem::take(&mut self.without).into_vec();
            without.remove(place);
            self.without = without.into();
        }
    }

    /// AWS returned this value of a typed attribute.
    pub fn put<T: Typed>(&mut self, attr: Attr<T>, value: T) {
        self.set(attr, value.into_value());
    }

    /// AWS returned this value, or has none.
    pub fn put_or_absent<T: Typed>(&mut self, attr: Attr<T>, value: Option<T>) {
        match value {
            Some(value) => self.put(attr, value),
            None => self.absent(attr),
        }
    }

    /// AWS returned this value, or its answer leaves out what it always has, which tells nothing.
    pub fn told<T: Typed>(&mut self, attr: Attr<T>, value: Option<T>) {
        match value {
            Some(value) => self.put(attr, value),
            None => self.not_asked(attr),
        }
    }

    /// AWS was asked and has no value for this attribute.
    pub fn absent(&mut self, name: impl Into<Name>) {
        self.lack(name.into(), Without::Absent);
    }

    /// No call that would tell this attribute was made.
    pub fn not_asked(&mut self, name: impl Into<Name>) {
        self.lack(name.into(), Without::NotAsked);
    }

    /// The call that would tell this attribute failed with this error.
    pub fn failed(&mut self, name: impl Into<Name>, why: impl Into<String>) {
        self.lack(name.into(), Without::Failed(why.into()));
    }

    fn lack(&mut self, name: Name, why: Without) {
        self.values.remove(name);
        match self.place(name) {
            Ok(place) => self.without[place].1 = why,
            Err(place) => {
                let mut without = std::mem::take(&mut self.without).into_vec();
                without.insert(place, (name, why));
                self.without = without.into();
            }
        }
    }

    fn place(&self, name: Name) -> Result<usize, usize> {
        self.without.binary_search_by(|(known, _)| known.cmp(&name))
    }
}

/// What is not among these was not asked for.
impl From<Attributes> for Readings {
    fn from(values: Attributes) -> Self {
        Self { values, whole: false, without: Box::default() }
    }
}

/// In JSON the reasons are a map: `{"rotation_period": "absent", "policy": {"failed": "denied"}}`.
mod reasons {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serializer};

    use super::{Name, Without};

    pub(super) fn serialize<S: Serializer>(reasons: &[(Name, Without)], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(reasons.iter().map(|(name, why)| (name, why)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Box<[(Name, Without)]>, D::Error> {
        BTreeMap::deserialize(deserializer).map(|reasons: BTreeMap<Name, Without>| reasons.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIAS: Attr<String> = Attr::row(&"alias");
    const DAYS: Attr<i64> = Attr::row(&"rotation_period");
    const POLICY: Attr<Value> = Attr::row(&"policy");
    const ENABLED: Attr<bool> = Attr::row(&"enabled");

    fn key() -> Readings {
        let mut readings = Readings::from(Attributes::from_iter([(ALIAS, Value::from("alias/acme"))]));
        readings.failed(POLICY, "denied");
        readings.absent(DAYS);
        readings.not_asked(ENABLED);
        readings
    }

    #[test]
    fn a_reading_is_a_value_or_says_why_there_is_none() {
        let readings = key();
        assert_eq!(readings.get(ALIAS), Reading::Value("alias/acme".to_owned()));
        assert_eq!(readings.get(DAYS), Reading::Absent);
        assert_eq!(readings.get(ENABLED), Reading::NotAsked);
        assert_eq!(readings.get(POLICY), Reading::Failed("denied".to_owned()));
        assert_eq!(readings.reading(Name::row(&"nobody_said")), Reading::NotAsked);
        assert_eq!((readings.get(ALIAS).asked(), readings.get(DAYS).asked()), (Ok(Some("alias/acme".to_owned())), Ok(None)));
        assert_eq!(readings.bare().len(), 1);
    }

    #[test]
    fn the_last_word_counts() {
        let mut readings = key();
        readings.set(Name::row(&"rotation_period"), 365);
        assert_eq!(readings.get(DAYS), Reading::Value(365));
        readings.absent(ALIAS);
        readings.failed(DAYS, "throttled");
        assert_eq!((readings.get(ALIAS), readings.get(DAYS)), (Reading::Absent, Reading::Failed("throttled".to_owned())));
        assert!(readings.bare().is_empty());
        readings.values_mut().set(Name::row(&"alias"), "alias/globex");
        assert_eq!(readings.get(ALIAS), Reading::Value("alias/globex".to_owned()), "a value outweighs a reason");
    }

    #[test]
    fn a_value_of_another_type_is_a_failed_reading() {
        let mut readings = key();
        readings.set(DAYS, "often");
        assert_eq!(readings.get(DAYS), Reading::Failed("rotation_period: expected a number, found text".to_owned()));
        assert_eq!(readings.reading(DAYS), Reading::Value(&Value::from("often")));
        readings.set(DAYS, Value::Null);
        assert_eq!(readings.get(DAYS), Reading::Absent);
    }

    #[test]
    fn values_are_given_only_where_all_of_them_were_read() {
        let readings = key();
        let read = readings.of([ALIAS.name(), DAYS.name()]).expect("both were read");
        assert_eq!((read.text(ALIAS), read.get(DAYS)), (Some("alias/acme"), None));
        let unread = vec![(POLICY.name(), Unread::Failed("denied".to_owned())), (ENABLED.name(), Unread::NotAsked)];
        assert_eq!(readings.of([ALIAS.name(), POLICY.name(), ENABLED.name()]), Err(unread));
        let whole = Readings::whole(Attributes::from_iter([(ALIAS, Value::from("alias/acme"))]));
        assert_eq!((whole.get(DAYS), whole.reading(Name::row(&"nobody_said"))), (Reading::Absent, Reading::Absent));
        let text = serde_json::to_string(&whole).expect("plain data");
        assert_eq!(serde_json::from_str::<Readings>(&text).expect("the same"), whole);
    }

    #[test]
    fn reasons_are_in_the_json_only_where_there_are_some() {
        let all = r#"{"attributes":{"alias":"alias/acme"},"without":{"enabled":"not-asked","policy":{"failed":"denied"},"rotation_period":"absent"}}"#;
        assert_eq!(serde_json::to_string(&key()).expect("plain data"), all);
        assert_eq!(serde_json::from_str::<Readings>(all).expect("the same"), key());
        let values = r#"{"attributes":{"alias":"alias/acme"}}"#;
        let read: Readings = serde_json::from_str(values).expect("attributes alone");
        assert_eq!(read.reading(DAYS), Reading::NotAsked);
        assert_eq!(serde_json::to_string(&read).expect("plain data"), values);
    }
}

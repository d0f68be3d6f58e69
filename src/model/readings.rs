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
    /// The value, where one was read.
    #[must_use]
    pub fn known(self) -> Option<T> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }
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

/// The attributes of a live object. An attribute with neither a value nor a reason was not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Readings {
    #[serde(rename = "attributes")]
    values: Attributes,
    /// Sorted by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "reasons")]
    #[schemars(with = "std::collections::BTreeMap<Name, Without>")]
    without: Vec<(Name, Without)>,
}

impl Readings {
    /// The attributes that have a value.
    #[must_use]
    pub const fn values(&self) -> &Attributes {
        &self.values
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
            return Reading::Value(value);
        }
        match self.place(name).map(|place| &self.without[place].1) {
            Ok(Without::Absent) => Reading::Absent,
            Ok(Without::Failed(why)) => Reading::Failed(why.clone()),
            Ok(Without::NotAsked) | Err(_) => Reading::NotAsked,
        }
    }

    /// What is known of this attribute as its type. A value of another type is a failed reading, and `null` is absent.
    #[must_use]
    pub fn get<T: Typed>(&self, attr: Attr<T>) -> Reading<T> {
        match self.reading(attr) {
            Reading::Value(Value::Null) | Reading::Absent => Reading::Absent,
            Reading::Value(value) => match T::from_value(value) {
                Ok(value) => Reading::Value(value),
                Err(error) => Reading::Failed(format!("{attr}: {error}")),
            },
            Reading::NotAsked => Reading::NotAsked,
            Reading::Failed(why) => Reading::Failed(why),
        }
    }

    /// The value; `None` where none was read, or one of another type.
    #[must_use]
    pub fn known<T: Typed>(&self, attr: Attr<T>) -> Option<T> {
        self.get(attr).known()
    }

    /// AWS returned this value.
    pub fn set(&mut self, name: impl Into<Name>, value: impl Into<Value>) {
        let name = name.into();
        self.values.set(name, value);
        if let Ok(place) = self.place(name) {
            self.without.remove(place);
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

    /// Marks those of these attributes as not asked that have neither a value nor a reason.
    pub fn rest_not_asked(&mut self, names: impl IntoIterator<Item = Name>) {
        for name in names {
            if let (false, Err(place)) = (self.values.contains(name), self.place(name)) {
                self.without.insert(place, (name, Without::NotAsked));
            }
        }
    }

    fn lack(&mut self, name: Name, why: Without) {
        self.values.remove(name);
        match self.place(name) {
            Ok(place) => self.without[place].1 = why,
            Err(place) => self.without.insert(place, (name, why)),
        }
    }

    fn place(&self, name: Name) -> Result<usize, usize> {
        self.without.binary_search_by(|(known, _)| known.cmp(&name))
    }
}

impl From<Attributes> for Readings {
    fn from(values: Attributes) -> Self {
        Self { values, without: Vec::new() }
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

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(Name, Without)>, D::Error> {
        BTreeMap::deserialize(deserializer).map(|reasons: BTreeMap<Name, Without>| reasons.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALIAS: Attr<String> = Attr::row("alias");
    const DAYS: Attr<i64> = Attr::row("rotation_period");
    const POLICY: Attr<Value> = Attr::row("policy");
    const ENABLED: Attr<bool> = Attr::row("enabled");

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
        assert_eq!(readings.reading(Name::row("nobody_said")), Reading::NotAsked);
        assert_eq!((readings.known(ALIAS), readings.known(DAYS)), (Some("alias/acme".to_owned()), None));
        assert_eq!(readings.values().len(), 1);
    }

    #[test]
    fn the_last_word_counts() {
        let mut readings = key();
        readings.set(Name::row("rotation_period"), 365);
        assert_eq!(readings.get(DAYS), Reading::Value(365));
        readings.absent(ALIAS);
        readings.failed(DAYS, "throttled");
        assert_eq!((readings.get(ALIAS), readings.get(DAYS)), (Reading::Absent, Reading::Failed("throttled".to_owned())));
        assert!(readings.values().is_empty());
        readings.values_mut().set(Name::row("alias"), "alias/globex");
        assert_eq!(readings.known(ALIAS).as_deref(), Some("alias/globex"), "a value outweighs a reason");
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

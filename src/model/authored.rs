//! Where single attributes are written: a short sorted list, because most resources have one or two such attributes.

use super::finding::Source;
use super::name::Name;

/// Attributes and the places where they are written, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Authored(Box<[(Name, Source)]>);

impl Authored {
    /// Where this attribute is written; `None` where only its block is known.
    #[must_use]
    pub fn get(&self, attribute: Name) -> Option<&Source> {
        let place = self.0.binary_search_by(|(known, _)| known.cmp(&attribute)).ok()?;
        Some(&self.0[place].1)
    }

    /// The places, in the order of the names.
    pub fn values(&self) -> impl Iterator<Item = &Source> {
        self.0.iter().map(|(_, source)| source)
    }
}

impl Extend<(Name, Source)> for Authored {
    /// Sets each place. The last place of a name counts.
    fn extend<I: IntoIterator<Item = (Name, Source)>>(&mut self, more: I) {
        let mut more = more.into_iter().peekable();
        if more.peek().is_none() {
            return;
        }
        let mut all = Vec::with_capacity(self.0.len() + more.size_hint().0.max(1));
        all.extend(std::mem::take(&mut self.0));
        for (name, source) in more {
            match all.binary_search_by(|(known, _): &(Name, Source)| known.cmp(&name)) {
                Ok(place) => all[place].1 = source,
                Err(place) => all.insert(place, (name, source)),
            }
        }
        self.0 = all.into();
    }
}

impl FromIterator<(Name, Source)> for Authored {
    fn from_iter<I: IntoIterator<Item = (Name, Source)>>(all: I) -> Self {
        let mut authored = Self::default();
        authored.extend(all);
        authored
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_place_of_a_name_counts() {
        let at = |line| Source { file: "environments/dev.yaml".into(), line, column: 1 };
        let (cidr, name) = (Name::row(&"cidr"), Name::row(&"name"));
        let mut authored = Authored::from_iter([(name, at(1)), (cidr, at(2)), (name, at(3))]);
        authored.extend([(Name::row(&"days"), at(4))]);
        assert_eq!((authored.get(name), authored.get(cidr)), (Some(&at(3)), Some(&at(2))));
        assert_eq!(authored.get(Name::row(&"vpc")), None);
        assert_eq!(authored.values().map(|source| source.line).collect::<Vec<_>>(), [2, 4, 3]);
    }
}

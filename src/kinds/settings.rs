//! Which settings AWS has for a kind that tokaido does not compare, so that nobody takes "no drift" for more than it is. Of an
//! observed kind: what AWS tells of it that tokaido does not read.
//!
//! In: `settings.txt` of the kind's folder, which `tests/models/settings.py` makes from AWS's own service models, and the kind's
//! rows. Out: [`Kind::of_aws`], [`Kind::not_compared`]. A setting inside another has the path that leads to it:
//! `IpPermissions.IpRanges.CidrIp`.

use crate::model::schema::AttributeSchema;

use super::kind::Kind;

impl AttributeSchema {
    /// The same, where tokaido reads only these members of AWS's setting.
    #[must_use]
    pub const fn reads(mut self, members: &'static [&'static str]) -> Self {
        self.reads = members;
        self
    }

    /// AWS's settings that the row compares, each with everything inside it.
    #[must_use]
    pub fn compared(&self) -> Vec<String> {
        if !self.comparison.compares() {
            return Vec::new();
        }
        let names = self.doc.split(", ");
        if self.reads.is_empty() {
            return names.map(str::to_owned).collect();
        }
        names.flat_map(|name| self.reads.iter().map(move |member| format!("{name}.{member}"))).collect()
    }
}

impl Kind {
    /// The settings that AWS has for the kind. Sorted.
    pub fn of_aws(&self) -> impl Iterator<Item = &'static str> {
        self.settings.lines().filter(|line| !line.starts_with('#'))
    }

    /// The settings that no row of the kind compares. Sorted. A setting of which nothing is compared stands for all inside it.
    #[must_use]
    pub fn not_compared(&self) -> Vec<&'static str> {
        let compared: Vec<String> = self.schema.attributes.iter().flat_map(AttributeSchema::compared).collect();
        let mut found: Vec<&str> = self
            .of_aws()
            .filter(|setting| !compared.iter().any(|whole| within(setting, whole)))
            .map(|setting| {
                let ends = setting.match_indices('.').map(|(end, _)| end);
                let outer = ends.map(|end| &setting[..end]).find(|outer| !compared.iter().any(|name| within(name, outer)));
                outer.unwrap_or(setting)
            })
            .collect();
        found.dedup();
        found
    }
}

/// Whether the setting is this one or inside it.
#[must_use]
pub fn within(setting: &str, whole: &str) -> bool {
    setting.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// How many settings of all kinds are not compared. Nothing of an observed kind is compared at all.
#[must_use]
pub fn not_compared() -> usize {
    super::declared().map(|kind| kind.not_compared().len()).sum()
}

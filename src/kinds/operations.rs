//! AWS's operations on a kind, as IAM spells them. The drivers, `doctor`, the permission files and the read budget take them
//! from here.

use super::tagging::Tagging;

/// The operations on one kind, each as IAM spells it: `ec2:DescribeVpcs`.
#[derive(Debug, Clone, Copy)]
pub struct Operations {
    /// Reads one object by its identifier. Most services list by the same call.
    pub look: &'static str,
    /// Those that change something; `None` of an observed kind.
    pub writes: Option<Writes>,
    /// The other operations that the kind's driver calls.
    pub more: &'static [&'static str],
}

/// The operations that make, change and delete an object of one kind.
#[derive(Debug, Clone, Copy)]
pub struct Writes {
    /// Makes one object.
    pub create: &'static str,
    /// Changes one object. An error names this operation when a driver refuses a change before it sends a call. Where every
    /// attribute is fixed, this is the create.
    pub change: &'static str,
    /// Deletes one object. Of a kind that holds data it is never called: `docs/permissions/apply.json` denies it.
    pub delete: &'static str,
    /// The operations on the tags.
    pub tags: Tagging,
}

impl Operations {
    /// The operations on the tags; `None` of an observed kind, whose tags are in the listing.
    #[must_use]
    pub fn tags(&self) -> Option<Tagging> {
        self.writes.map(|writes| writes.tags)
    }

    /// The operation that an error about a change names. Nothing changes an observed kind: its errors name the look.
    #[must_use]
    pub fn named(&self, of: impl Fn(Writes) -> &'static str) -> &'static str {
        self.writes.map_or(self.look, of)
    }

    /// The operations that change nothing: part of `docs/permissions/read.json`. Sorted, each once.
    #[must_use]
    pub fn reads(&self) -> Vec<&'static str> {
        self.sorted([Some(self.look), self.tags().and_then(|tags| tags.list)], true)
    }

    /// The operations that change something: part of `docs/permissions/apply.json`. Sorted, each once. `stateful`: the kind
    /// holds data, so its delete is left out.
    #[must_use]
    pub fn writes(&self, stateful: bool) -> Vec<&'static str> {
        let Some(Writes { create, change, delete, tags }) = self.writes else { return self.sorted([], false) };
        let delete = (!stateful).then_some(delete);
        self.sorted([Some(create), Some(change), delete, Some(tags.put), tags.remove], false)
    }

    fn sorted<const N: usize>(&self, own: [Option<&'static str>; N], asking: bool) -> Vec<&'static str> {
        let more = self.more.iter().copied().filter(|call| asks(call) == asking);
        let mut all: Vec<_> = own.into_iter().flatten().chain(more).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Whether the operation changes nothing, by AWS's verbs.
fn asks(call: &str) -> bool {
    let (_, operation) = call.split_once(':').unwrap_or_default();
    ["Describe", "Get", "List", "Search"].iter().any(|verb| operation.starts_with(verb))
}

//! What AWS calls the operations on a kind, as IAM spells them. Drivers, `doctor`, the permission files and the read budget
//! read them here.

use super::tagging::Tagging;

#[derive(Debug, Clone, Copy)]
pub struct Operations {
    /// One object by its identifier; most services list by the same call.
    pub look: &'static str,
    pub create: &'static str,
    /// Named when a change is refused before anything was sent. Where every attribute is fixed, the create.
    pub change: &'static str,
    /// Where the kind holds data it is never called: `apply.json` denies it.
    pub delete: &'static str,
    pub tags: Tagging,
    /// Whatever else its driver calls.
    pub more: &'static [&'static str],
}

impl Operations {
    /// What the driver asks: part of `docs/permissions/read.json`. Sorted.
    #[must_use]
    pub fn reads(&self) -> Vec<&'static str> {
        self.sorted([Some(self.look), self.tags.list], true)
    }

    /// What it sends: part of `docs/permissions/apply.json`. Sorted.
    #[must_use]
    pub fn writes(&self, stateful: bool) -> Vec<&'static str> {
        let delete = (!stateful).then_some(self.delete);
        self.sorted([Some(self.create), Some(self.change), delete, Some(self.tags.put), self.tags.remove], false)
    }

    fn sorted<const N: usize>(&self, own: [Option<&'static str>; N], asking: bool) -> Vec<&'static str> {
        let more = self.more.iter().copied().filter(|call| asks(call) == asking);
        let mut all: Vec<_> = own.into_iter().flatten().chain(more).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// AWS's verbs for what changes nothing.
fn asks(call: &str) -> bool {
    let (_, operation) = call.split_once(':').unwrap_or_default();
    ["Describe", "Get", "List"].iter().any(|verb| operation.starts_with(verb))
}

//! How one resource refers to another.

use std::cell::RefCell;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::ResourceId;
use super::shared::{Shared, place};

/// An output of another resource: `{"$ref": "kms-key.main@tokyo", "output": "arn"}` in JSON.
///
/// Plans hold references and never identifiers of AWS, so the same input gives the same bytes before and after a resource exists.
/// The executor lowers references to identifiers. The observer lifts identifiers to references.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The resource that is referred to.
    #[serde(rename = "$ref")]
    pub to: ResourceId,
    /// Which of its outputs: `id`, `arn` or `name`.
    pub output: Shared,
}

impl Reference {
    /// The reference to this output of this resource.
    #[must_use]
    pub fn new(to: &ResourceId, output: &str) -> Self {
        Self { to: to.clone(), output: Shared::common(output) }
    }
}

/// How many references a thread remembers that were made lately.
const RECENT: usize = 512;

thread_local! {
    static RECENTLY: RefCell<Vec<Option<Arc<Reference>>>> = const { RefCell::new(Vec::new()) };
}

/// A reference, shared with the one that this thread made lately, if it made one: a network's subnets all lead to it.
#[must_use]
pub(super) fn recent(reference: Reference) -> Arc<Reference> {
    RECENTLY.with_borrow_mut(|recently| {
        if recently.is_empty() {
            recently.resize(RECENT, None);
        }
        // Several kinds have resources of one name, and lead to them in turn.
        let kind = reference.to.kind.len() * 31 + reference.output.len();
        let slot = &mut recently[(place(reference.to.name.as_bytes(), RECENT) + kind) % RECENT];
        if let Some(known) = slot.as_ref().filter(|known| ***known == reference) {
            return Arc::clone(known);
        }
        let new = Arc::new(reference);
        *slot = Some(Arc::clone(&new));
        new
    })
}

/// A link in the typed spec of a kind: a reference in desired state, an identifier of AWS in live state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Link {
    /// An output of another resource of ours.
    Ref(Reference),
    /// AWS's identifier: `vpc-0a1b…`, an ARN or a name.
    Physical(String),
}

impl Link {
    /// The link to this output of this resource.
    #[must_use]
    pub fn to(id: &ResourceId, output: &str) -> Self {
        Self::Ref(Reference::new(id, output))
    }

    /// The identifier of AWS, after the executor lowered the link.
    ///
    /// # Errors
    /// The link is still a reference, which is a mistake of the caller. The message names the resource.
    pub fn physical(&self) -> Result<&str, String> {
        match self {
            Self::Physical(text) => Ok(text),
            Self::Ref(reference) => Err(format!("reference to {} was not resolved", reference.to)),
        }
    }
}

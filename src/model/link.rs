//! How one resource refers to another.

use std::cell::RefCell;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::id::ResourceId;
use super::shared::{Shared, place};

/// An output of another resource: `{"$ref": "kms-key.main@tokyo", "output": "arn"}` in JSON.
///
/// Plans hold references, never physical identifiers, so the same input gives the same bytes before and after a
/// resource exists. The executor lowers them to identifiers; the observer lifts identifiers to references.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    #[serde(rename = "$ref")]
    pub to: ResourceId,
    /// `id`, `arn` or `name`.
    pub output: Shared,
}

impl Reference {
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
        let slot = &mut recently[place(reference.to.name.as_bytes(), RECENT)];
        if let Some(known) = slot.as_ref().filter(|known| ***known == reference) {
            return Arc::clone(known);
        }
        let new = Arc::new(reference);
        *slot = Some(Arc::clone(&new));
        new
    })
}

/// A link in a kind's typed spec: a reference in desired state, a physical identifier in live state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Link {
    Ref(Reference),
    Physical(String),
}

impl Link {
    #[must_use]
    pub fn to(id: &ResourceId, output: &str) -> Self {
        Self::Ref(Reference::new(id, output))
    }

    /// The physical identifier, once lowered.
    ///
    /// # Errors
    /// A reference that was not lowered is a bug of the caller; the message names it.
    pub fn physical(&self) -> Result<&str, String> {
        match self {
            Self::Physical(text) => Ok(text),
            Self::Ref(reference) => Err(format!("reference to {} was not resolved", reference.to)),
        }
    }
}

//! What the identifiers of a resource are by its declaration alone.

use super::attributes::Attributes;
use super::identity::Home;
use super::pairs::Pairs;
use super::schema::KindSchema;

impl KindSchema {
    /// The outputs of the resource that these attributes declare, before it is there; `None` for a kind whose identifiers AWS
    /// invents, and without a name.
    #[must_use]
    pub fn declared_outputs(&self, home: &Home<'_>, attributes: &Attributes) -> Option<Pairs> {
        self.identity.declared(home, attributes.text(self.name?.0)?, attributes)
    }

    /// Whether the text may identify the resource that these attributes declare.
    #[must_use]
    pub fn may_identify(&self, home: &Home<'_>, attributes: &Attributes, text: &str) -> bool {
        match self.declared_outputs(home, attributes) {
            Some(outputs) => outputs.values().any(|output| output == text),
            None => self.identity.is_invented(text),
        }
    }
}

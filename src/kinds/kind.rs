//! What the program knows of one kind of resource.

use schemars::{Schema, SchemaGenerator};

use crate::model::{Attributes, KindSchema, Region};
use crate::world::behaviour::Behaviour;

use super::kit;
use super::operations::Operations;

/// How long a driver waits for AWS. Limits follow what comparable tools found necessary (field notes 3.2).
#[derive(Debug, Clone, Copy)]
pub struct Wait {
    /// Seconds between two reads.
    pub poll: u64,
    /// Seconds after which the driver stops waiting.
    pub limit: u64,
}

/// One kind of resource: everything that the program knows of it but how a driver calls AWS.
pub struct Kind {
    /// What the planner, `explain` and the documentation read: name, title, rows, and what is unique.
    pub schema: &'static KindSchema,
    /// How AWS behaves, for the simulated world and for the words of a state.
    pub behaviour: &'static Behaviour,
    /// Regions in which the kind is listed, whether or not a file declares something there.
    pub regions: &'static [Region],
    /// Whether only an audit lists it: no plan needs it, and there may be thousands.
    pub audit_only: bool,
    /// Names that AWS keeps for objects which it makes by itself. One that ends in a dot or a slash is the beginning of such
    /// names.
    pub made_by_aws: &'static [&'static str],
    /// How long a driver waits for a resource of this kind.
    pub wait: Wait,
    /// AWS's operations on the kind.
    pub calls: Operations,
    /// Raises the attributes to the kind's typed spec and lowers them again. A value of another type is refused; the error
    /// names the attribute. An attribute that the spec does not know is lost.
    pub typed: fn(&Attributes) -> Result<Attributes, String>,
    /// The JSON Schema of the typed spec: the attributes that a policy may ask about.
    pub shape: fn(&mut SchemaGenerator) -> Schema,
    /// A complete resource as YAML, as the conformance suite creates it.
    pub example: &'static str,
    /// The settings that AWS has, one a line, as `tests/models/settings.py` writes them; of an observed kind what AWS tells of it.
    pub(super) settings: &'static str,
}

/// The spec of a kind of the registry. `#[derive(Kind)]` writes the implementation.
pub trait Registered: kit::Spec {
    /// The kind's entry.
    const KIND: &'static Kind;
}

impl Kind {
    /// A kind of both regions whose driver reads every 2 seconds, for 5 minutes at most.
    pub const fn of<S: kit::Spec>(
        schema: &'static KindSchema,
        behaviour: &'static Behaviour,
        calls: Operations,
        example: &'static str,
    ) -> Self {
        Self {
            schema,
            behaviour,
            regions: &[Region::Tokyo, Region::Osaka],
            audit_only: false,
            made_by_aws: &[],
            wait: Wait { poll: 2, limit: 5 * 60 },
            calls,
            typed: kit::typed::<S>,
            shape: kit::shape::<S>,
            example,
            settings: "",
        }
    }

    /// The same, with the settings that AWS has for it.
    #[must_use]
    pub const fn settings(mut self, written: &'static str) -> Self {
        self.settings = written;
        self
    }

    /// The same, listed in these regions only.
    #[must_use]
    pub const fn regions(mut self, regions: &'static [Region]) -> Self {
        self.regions = regions;
        self
    }

    /// The same, listed by an audit only.
    #[must_use]
    pub const fn audit_only(mut self) -> Self {
        self.audit_only = true;
        self
    }

    /// The same, with objects of these names that AWS makes by itself.
    #[must_use]
    pub const fn made_by_aws(mut self, names: &'static [&'static str]) -> Self {
        self.made_by_aws = names;
        self
    }

    /// The same with a wait of at most so many seconds.
    #[must_use]
    pub const fn wait(mut self, limit: u64) -> Self {
        self.wait.limit = limit;
        self
    }

    /// The same with so many seconds between two reads.
    #[must_use]
    pub const fn poll(mut self, seconds: u64) -> Self {
        self.wait.poll = seconds;
        self
    }

    /// Whether AWS makes an object of this name by itself.
    #[must_use]
    pub fn is_made_by_aws(&self, name: &str) -> bool {
        self.made_by_aws.iter().any(|made| *made == name || (made.ends_with(['.', '/']) && name.starts_with(made)))
    }

    /// The reading operations of the kind's driver, as IAM spells them (`ec2:DescribeVpcs`). Sorted.
    #[must_use]
    pub fn reads(&self) -> Vec<&'static str> {
        self.calls.reads()
    }

    /// The operations with which the driver creates, changes and deletes, as IAM spells them. Sorted.
    #[must_use]
    pub fn writes(&self) -> Vec<&'static str> {
        self.calls.writes(self.schema.stateful)
    }
}

//! A complete [`EnvironmentSpec`] → resources with ids, links, tags and places (design 4.1).
//!
//! In: the specification of one environment. Out: its resources, and findings about ids, names and quotas.
//! Must not import: anything but `model`, `yaml`, `kinds` and `desired`.
//!
//! Guarantees: every setting that AWS would otherwise choose has a value here. It never panics, also on values that a check
//! refuses: the caller keeps the result only when there was no error.

mod backups;
mod check;
mod databases;
mod keys;
mod network;
mod store;

use std::collections::{BTreeMap, BTreeSet};

use crate::desired::decode::Spanned;
use crate::desired::effective::{Effective, effective};
use crate::desired::said::{Place, Right, RuleFault};
use crate::desired::scalars::{Engine, Words};
use crate::desired::spec::{Database, DatabaseForm, DivergenceSpec, EnvironmentSpec, Tenant, TenantDatabase};
use crate::kinds::kit::Spec;
use crate::kinds::{self, backup_vault, db_instance, documents, kms_key};
use crate::model::{DesiredResource, Environment, Finding, Name, Pairs, Region, ResourceId, Shared, Source, Value, tags};

pub use check::compiled;
pub use store::{bootstrap_set, records};

/// The letters of the parts of a block, in the order of the zones.
pub(super) const PARTS: [&str; 3] = ["a", "b", "c"];

pub type Resources = BTreeMap<ResourceId, DesiredResource>;

/// All resources, and the ids for which two blocks ask.
#[must_use]
pub fn compile(environment: Environment, spec: &EnvironmentSpec) -> (Resources, Vec<Finding>) {
    let divergences: &[Spanned<DivergenceSpec>] = spec.divergences.as_deref().unwrap_or_default();
    let mut compiler = Compiler {
        environment,
        spec,
        effective: effective(environment, &spec.protection, divergences),
        key_policy: documents::key_policy(spec.account.as_str()),
        resources: BTreeMap::new(),
        findings: Vec::new(),
    };
    compiler.keys();
    compiler.network();
    compiler.databases();
    compiler.backups();
    compiler.store();
    compiler.say_why_there();
    // Made anew in order, the map's nodes are full: it was filled in the order of the blocks.
    (compiler.resources.into_iter().collect(), compiler.findings)
}

struct Compiler<'a> {
    environment: Environment,
    spec: &'a EnvironmentSpec,
    effective: Effective,
    /// Of every key alike.
    key_policy: Value,
    resources: Resources,
    findings: Vec<Finding>,
}

/// A database of several tenants or of one, in the same form.
struct WantedDatabase<'a> {
    /// The name inside its id.
    name: String,
    tenant: Option<&'a Tenant>,
    physical_name: Option<&'a Spanned<Words>>,
    form: &'a DatabaseForm,
    /// The block that asks for it.
    source: &'a Source,
}

/// One resource without its tags.
struct Asked<'a> {
    id: ResourceId,
    /// A tenant's id, or [`tags::SHARED`].
    tenant: &'a str,
    source: &'a Source,
    authored: Vec<(Name, &'a Source)>,
}

impl<'a> Compiler<'a> {
    /// `<environment>-<name>`, the name AWS sees.
    fn physical(&self, name: &str) -> String {
        self.environment.derived(name)
    }

    fn add(&mut self, asked: Asked<'_>, spec: impl Spec) {
        let Asked { id, tenant, source, authored } = asked;
        let holds_data = [kms_key::NAME, db_instance::NAME, backup_vault::NAME].contains(&id.kind.as_str());
        let tags = Pairs::from([
            (Shared::common(tags::ENVIRONMENT), Shared::common(self.environment.as_str())),
            (Shared::common(tags::ID), Shared::from(id.to_string())),
            (Shared::common(tags::TENANT), Shared::from(tenant)),
            (Shared::common(tags::CLASSIFICATION), Shared::common(if holds_data { "customer-data" } else { "internal" })),
        ]);
        if let Some(first) = self.resources.get(&id) {
            let finding = Finding::error("duplicate-name", Some(source), RuleFault::AskedTwice { id: id.to_string() })
                .expected(Right::AnotherNameEither)
                .related(Place::FirstAsked, &first.source);
            // Two blocks with one id clash in several resources; one finding is enough.
            if !self.findings.iter().any(|known| known.source == finding.source && known.related == finding.related) {
                self.findings.push(finding);
            }
            return;
        }
        let authored = authored.into_iter().map(|(attribute, source)| (attribute, source.clone())).collect();
        let attributes = spec.lower();
        self.resources
            .insert(id, DesiredResource { attributes, tags, source: source.clone(), authored, adopt: false, window: None });
    }

    /// The place of `isolation`, which chose the network of a tenant's resources: a refused move points there.
    fn say_why_there(&mut self) {
        let chosen: BTreeMap<&str, &Source> =
            self.tenants().into_iter().map(|tenant| (tenant.id.as_str(), &tenant.isolation.source)).collect();
        for (id, resource) in &mut self.resources {
            let rows = kinds::find(&id.kind).map_or(&[][..], |kind| kind.schema.attributes);
            let Some(place) = rows.iter().find(|row| row.place) else { continue };
            let owner = resource.tags.get(tags::TENANT).and_then(|owner| chosen.get(owner.as_str()));
            resource.authored.extend(owner.map(|source| (place.name, (*source).clone())));
        }
    }

    /// A check reports a second tenant of the same id, once; here it is left out.
    fn tenants(&self) -> Vec<&'a Spanned<Tenant>> {
        let mut seen = BTreeSet::new();
        self.spec.tenants.iter().flatten().filter(|tenant| seen.insert(tenant.id.as_str())).collect()
    }

    fn dedicated(&self) -> Vec<&'a Spanned<Tenant>> {
        self.tenants().into_iter().filter(|tenant| *tenant.database == TenantDatabase::Dedicated).collect()
    }

    /// Here too the first of two with one name represents both.
    fn shared_databases(&self) -> Vec<&'a Spanned<Database>> {
        let mut seen = BTreeSet::new();
        self.spec.databases.iter().flatten().filter(|database| seen.insert(database.name.as_str())).collect()
    }

    /// Every database, shared ones first.
    fn wanted_databases(&self) -> Vec<WantedDatabase<'a>> {
        let shared = self.shared_databases().into_iter().map(|database| WantedDatabase {
            name: database.name.as_str().to_owned(),
            tenant: None,
            physical_name: database.physical_name.as_ref(),
            form: &database.form,
            source: &database.source,
        });
        let dedicated = self.spec.dedicated_database.iter().flat_map(|form| {
            self.dedicated().into_iter().map(|tenant| WantedDatabase {
                name: dedicated_name(tenant),
                tenant: Some(&tenant.value),
                physical_name: None,
                form,
                source: &tenant.source,
            })
        });
        shared.chain(dedicated).collect()
    }
}

fn dedicated_name(tenant: &Tenant) -> String {
    format!("{}-db", tenant.id.as_str())
}

/// The port an engine listens on.
pub(super) const fn port(engine: Engine) -> i64 {
    match engine {
        Engine::Postgres => 5432,
        Engine::Mysql | Engine::Mariadb => 3306,
    }
}

fn tokyo(kind: &str, name: &str) -> ResourceId {
    ResourceId::new(kind, name, Region::Tokyo)
}

fn osaka(kind: &str, name: &str) -> ResourceId {
    ResourceId::new(kind, name, Region::Osaka)
}

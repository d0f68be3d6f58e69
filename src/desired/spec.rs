//! The environment file, as types. Doc comments here are what an editor shows. Imports `model`.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::model::{Environment, Explained, ResourceId};
use crate::yaml::{Node, NodeValue};

use super::decode::{Decode, Decoder, Spanned, spec};
use super::said::{Right, ValueFault};
use super::scalars::{
    Accepted, AccountId, AtRest, BadScalar, BucketName, Cidr, Class, Count, DailyWindow, Date, Days, Engine, ForwarderId, Hours,
    InTransit, Isolation, Name, OsakaZone, Port, PrimaryRegion, Principal, RecoveryRegion, Release, RoleArn, Scalar,
    SchemaVersion, Size, TimeOfDay, TimeSource, TimeZoneName, TokyoZone, Version, WeeklyWindow, Words, scalar,
};

spec! {
    draft EnvironmentDraft;
    /// One environment: what shall exist in one AWS account, in Tokyo and Osaka.
    pub struct EnvironmentSpec {
        /// The version of this file's form.
        pub schema: Spanned<SchemaVersion>,
        /// Which of the three environments this is; the same as the file's name.
        pub environment: Spanned<EnvironmentName>,
        /// A file whose values hold wherever this one says nothing.
        pub extends: Option<Spanned<Words>>,
        /// The AWS account. STS must answer exactly this before any other call is made.
        pub account: Spanned<AccountId>,
        /// The role that tokaido assumes in the account.
        pub assume_role: Option<Spanned<RoleArn>>,
        /// Where records of what was applied are kept, and who may read and apply. Absent: a folder of the machine.
        pub store: Option<Spanned<Store>>,
        /// The two regions in which data may be.
        pub regions: Spanned<Regions>,
        /// Set by promotion, never by hand.
        pub release: Option<Spanned<Release>>,
        /// The addresses.
        pub network: Spanned<Network>,
        /// Databases that several tenants share.
        pub databases: Option<Vec<Spanned<Database>>>,
        /// The form of the database of every tenant with `database: dedicated`.
        pub dedicated_database: Option<Spanned<DatabaseForm>>,
        /// Customers.
        pub tenants: Option<Vec<Spanned<Tenant>>>,
        /// Resources that may be deleted. Nothing else ever is.
        pub retire: Option<Vec<Spanned<Retire>>>,
        /// Promises that dev or staging keeps less strictly, each with a reason and an end. Refused in production.
        pub divergences: Option<Vec<Spanned<DivergenceSpec>>>,
        /// What tokaido may not look at and this environment accepts, each with a reason and an end.
        pub exceptions: Option<Vec<Spanned<ExceptionSpec>>>,
        /// Load balancers, proxies and endpoints that tenants share, each with the reason why it keeps them apart.
        pub shared_forwarders: Option<Vec<Spanned<ForwarderSpec>>>,
        /// Roles of other accounts by which tokaido reads what joins this environment's networks: a transit gateway of a network
        /// account. Nothing there is ever changed.
        pub readers: Option<Vec<Spanned<ReaderSpec>>>,
        /// Backups and encryption.
        pub protection: Spanned<Protection>,
        /// Clocks.
        pub time: Spanned<Time>,
        /// How long logs are kept.
        pub logs: Option<Spanned<Logs>>,
        /// Rules for changes.
        pub change: Option<Spanned<ChangeRules>>,
    }
}

impl EnvironmentDraft {
    /// What could be read of the lists; empty when nothing was written.
    pub fn databases(&self) -> &[Spanned<Database>] {
        self.databases.as_ref().and_then(Option::as_deref).unwrap_or_default()
    }

    pub fn tenants(&self) -> &[Spanned<Tenant>] {
        self.tenants.as_ref().and_then(Option::as_deref).unwrap_or_default()
    }

    pub fn store(&self) -> Option<&Store> {
        self.store.iter().flatten().next().map(|store| &store.value)
    }

    pub fn retire(&self) -> &[Spanned<Retire>] {
        self.retire.as_ref().and_then(Option::as_deref).unwrap_or_default()
    }

    pub fn exceptions(&self) -> &[Spanned<ExceptionSpec>] {
        self.exceptions.as_ref().and_then(Option::as_deref).unwrap_or_default()
    }

    pub fn shared_forwarders(&self) -> &[Spanned<ForwarderSpec>] {
        self.shared_forwarders.as_ref().and_then(Option::as_deref).unwrap_or_default()
    }

    pub fn readers(&self) -> &[Spanned<ReaderSpec>] {
        self.readers.as_ref().and_then(Option::as_deref).unwrap_or_default()
    }

    pub fn divergences(&self) -> &[Spanned<DivergenceSpec>] {
        self.divergences.as_ref().and_then(Option::as_deref).unwrap_or_default()
    }
}

spec! {
    /// The bucket and the two roles that `tokaido bootstrap` makes.
    pub struct Store {
        /// The bucket of the records, in Tokyo and in the environment's own account.
        pub bucket: Spanned<BucketName>,
        /// Who may assume the two roles. When absent, the account's own policies decide.
        pub access: Option<Spanned<Access>>,
    }
}

spec! {
    /// Whom the two roles trust.
    pub struct Access {
        /// Who may look: plan, drift, doctor.
        pub reader: Option<Vec<Spanned<Principal>>>,
        /// Who may apply.
        pub applier: Option<Vec<Spanned<Principal>>>,
    }
}

spec! {
    /// The two regions of the white paper; no other can be written.
    pub struct Regions {
        /// Tokyo.
        pub primary: Spanned<PrimaryRegion>,
        /// Osaka.
        pub recovery: Spanned<RecoveryRegion>,
    }
}

spec! {
    /// Addresses in Tokyo, and in Osaka under `recovery`. Every block is cut into four parts, one for each zone as listed.
    pub struct Network {
        /// The whole network in Tokyo, /16 to /24.
        pub cidr: Spanned<Cidr>,
        /// Two or three zone ids. A third may be appended later; the order never changes.
        pub zones: Spanned<Vec<Spanned<TokyoZone>>>,
        /// Where shared databases live, inside `cidr`.
        pub shared: Spanned<Cidr>,
        /// The network in Osaka into which databases are restored.
        pub recovery: Spanned<RecoveryNetwork>,
    }
}

spec! {
    /// The network in Osaka. It is closed until a restore opens it.
    pub struct RecoveryNetwork {
        /// The whole network in Osaka, /16 to /24.
        pub cidr: Spanned<Cidr>,
        /// Two or three zone ids.
        pub zones: Spanned<Vec<Spanned<OsakaZone>>>,
    }
}

spec! {
    with form: DatabaseForm;
    /// A database that several tenants share. Always encrypted, private and protected against deletion.
    pub struct Database {
        /// Its name inside the environment.
        pub name: Spanned<Name>,
        /// Take over the RDS instance of this identifier instead of making `<environment>-<name>`.
        pub physical_name: Option<Spanned<Words>>,
    }
}

spec! {
    /// The form of every dedicated database; its name is the tenant's.
    #[schemars(rename = "DedicatedDatabase")]
    pub struct DatabaseForm {
        /// The engine.
        pub engine: Spanned<Engine>,
        /// The least version. AWS may hold a newer minor one.
        pub version: Spanned<Version>,
        /// The RDS instance class.
        pub class: Spanned<Class>,
        /// Storage grows by itself between these two.
        pub storage: Spanned<Storage>,
        /// A standby in a second zone.
        pub multi_az: Spanned<bool>,
        /// When RDS takes its daily backup.
        pub backup_window: Spanned<DailyWindow>,
        /// When RDS may restart the database.
        pub maintenance_window: Spanned<WeeklyWindow>,
    }
}

spec! {
    /// Storage of a database.
    pub struct Storage {
        /// What it begins with, 20 GiB or more.
        pub at_least: Spanned<Size>,
        /// How far it may grow; at least a tenth more than `at_least`.
        pub up_to: Spanned<Size>,
    }
}

spec! {
    /// A customer, with subnets and a security group of its own, or with a VPC of its own.
    pub struct Tenant {
        /// The customer's id.
        pub id: Spanned<Name>,
        /// How the customer is kept apart from others: `subnets` inside the network, or a `vpc` of its own.
        pub isolation: Spanned<Isolation>,
        /// The customer's addresses, /16 to /24: inside `network.cidr`, or outside of it with `isolation: vpc`.
        pub cidr: Spanned<Cidr>,
        /// `dedicated`, or `shared: <database>`.
        pub database: Spanned<TenantDatabase>,
        /// From where the customer may connect. Nothing else may.
        pub ingress_allow: Option<Vec<Spanned<IngressRule>>>,
    }
}

spec! {
    /// One source of the customer's own.
    pub struct IngressRule {
        /// Addresses outside the service.
        pub cidr: Spanned<Cidr>,
        /// The TCP port they may reach.
        pub port: Spanned<Port>,
    }
}

spec! {
    /// Permission to delete one resource.
    pub struct Retire {
        /// As a plan prints it: `subnet.old-tenant-a@tokyo`.
        pub id: Spanned<RetiredId>,
        /// Why, in words.
        pub reason: Spanned<Words>,
    }
}

spec! {
    /// A promise kept less strictly than in production, for a while.
    pub struct DivergenceSpec {
        /// `point-in-time-recovery` or `recovery-copies`.
        pub promise: Spanned<Words>,
        /// The value that holds here.
        pub value: Spanned<Days>,
        /// Why, in words.
        pub reason: Spanned<Words>,
        /// Who answers for it.
        pub owner: Spanned<Words>,
        /// The last day on which it holds.
        pub until: Spanned<Date>,
    }
}

spec! {
    /// What tokaido may not look at, accepted for a while. It makes nothing that is broken kept.
    pub struct ExceptionSpec {
        /// `closed-regions`, or the code of one region.
        pub what: Spanned<Accepted>,
        /// Why, in words.
        pub reason: Spanned<Words>,
        /// Who answers for it.
        pub owner: Spanned<Words>,
        /// The last day on which it holds.
        pub until: Spanned<Date>,
    }
}

spec! {
    /// Something that tenants share and that ends connections and begins others. A proof of isolation does not go through it.
    pub struct ForwarderSpec {
        /// What AWS calls it: `vpce-…`, `vpce-svc-…`, `eni-…`, or of a load balancer `app/NAME/ID`.
        pub id: Spanned<ForwarderId>,
        /// Why nothing passes through it from one tenant to another, in words.
        pub reason: Spanned<Words>,
    }
}

spec! {
    /// A role of another account that may read, and nothing else.
    pub struct ReaderSpec {
        /// The role, in the account that is read. One role for each account.
        pub role: Spanned<RoleArn>,
        /// Why it is read, in words.
        pub reason: Spanned<Words>,
    }
}

spec! {
    /// Backups and encryption: the promises with numbers.
    pub struct Protection {
        /// How far back a database can be restored in Tokyo.
        pub point_in_time_recovery: Spanned<Days>,
        /// Daily snapshots in Tokyo.
        pub primary_copies: Spanned<PrimaryCopies>,
        /// Copies of them in Osaka.
        pub recovery_copies: Spanned<RecoveryCopies>,
        /// Encryption of data and of traffic.
        pub encryption: Spanned<Encryption>,
    }
}

spec! {
    /// Daily snapshots in Tokyo, made by AWS Backup.
    pub struct PrimaryCopies {
        /// `1d`.
        pub every: Spanned<Days>,
        /// When a snapshot may begin; AWS starts it within the hour.
        pub at: Spanned<TimeOfDay>,
        /// How long each is kept.
        pub keep: Spanned<Days>,
    }
}

spec! {
    /// Copies in Osaka. AWS counts their age from the creation of the snapshot in Tokyo.
    pub struct RecoveryCopies {
        /// Days of copies that are present in Osaka.
        pub keep: Spanned<Days>,
        /// Days that a copy may need to arrive; added to `keep`.
        pub arrival_margin: Option<Spanned<Days>>,
    }
}

spec! {
    /// Encryption is not a choice; only the rotation of keys is.
    pub struct Encryption {
        /// `required`.
        pub at_rest: Spanned<AtRest>,
        /// `required`.
        pub in_transit: Spanned<InTransit>,
        /// How often keys are rotated: 90 to 365 days.
        pub key_rotation: Spanned<Days>,
    }
}

spec! {
    /// Clocks.
    pub struct Time {
        /// `amazon-time-sync`.
        pub source: Spanned<TimeSource>,
        /// `UTC`.
        pub zone: Spanned<TimeZoneName>,
    }
}

spec! {
    /// Logs.
    pub struct Logs {
        /// How long they are kept: 400 days or more, in a number that AWS accepts.
        pub keep: Spanned<Days>,
    }
}

spec! {
    /// Rules for changes that customers can feel.
    pub struct ChangeRules {
        /// How long before a change it is announced: 7 days or more.
        pub notice: Spanned<Days>,
        /// How many people must approve.
        pub approvals: Spanned<Count>,
        /// How long a release must have been proven in the environment before this one; 24 hours when absent.
        pub soak: Option<Spanned<Hours>>,
    }
}

/// One of the three environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnvironmentName(pub Environment);

impl Scalar for EnvironmentName {
    const EXPECTED: Explained = Explained::new("`dev`, `staging` or `production`", "`dev`、`staging`、`production` のいずれか");

    fn read(text: &str) -> Result<Self, BadScalar> {
        text.parse().map(Self).map_err(|_| {
            BadScalar::new("bad-environment", ValueFault::is_not(crate::yaml::shown(text), "an environment", "環境"))
        })
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "enum": ["dev", "staging", "production"] })
    }
}

/// The id of a resource under `retire:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetiredId(pub ResourceId);

impl Scalar for RetiredId {
    const EXPECTED: Explained = Explained::new(
        "kind.name@region, as a plan prints it: `subnet.old-tenant-a@tokyo`",
        "計画の表示と同じ kind.name@region: `subnet.old-tenant-a@tokyo`",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        text.parse().map(Self).map_err(|_| {
            BadScalar::new("bad-id", ValueFault::is_not(crate::yaml::shown(text), "the id of a resource", "リソースの ID "))
        })
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z-]+\\.[^@]+@(tokyo|osaka|global)$" })
    }
}

scalar!(EnvironmentName, RetiredId);

spec! {
    /// Use of a shared database.
    pub struct SharedDatabase {
        /// The name of a database under `databases`.
        pub shared: Spanned<Name>,
    }
}

/// Where a tenant's data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantDatabase {
    /// A database, key and subnets of its own.
    Dedicated,
    /// The name of a database under `databases`.
    Shared(Spanned<Name>),
}

impl Decode for TenantDatabase {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        match &node.value {
            NodeValue::Scalar(scalar) if scalar.text == "dedicated" => Some(Self::Dedicated),
            NodeValue::Map(_) => SharedDatabase::decode(node, decoder).map(|database| Self::Shared(database.shared)),
            _ => {
                let form = Explained::new(
                    "`dedicated`, or `{ shared: catalog }` with the name of a database",
                    "`dedicated`、またはデータベースの名前を書いた `{ shared: catalog }`",
                );
                decoder.wrong_type(node, Right::Form { form });
                None
            }
        }
    }
}

impl JsonSchema for TenantDatabase {
    fn schema_name() -> Cow<'static, str> {
        "TenantDatabase".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let shared = generator.subschema_for::<SharedDatabase>();
        json_schema!({ "oneOf": [{ "type": "string", "const": "dedicated" }, shared] })
    }
}

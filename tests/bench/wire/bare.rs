//! What `tokaido plan dev` asks of AWS, with the SDK and nothing else: no files, no comparison, no plan.
//!
//! A call waits for another only when it must: STS comes before everything, the role before the caller, a list before what is
//! asked of its objects, a bucket's tags before its settings, a key's state before its policy. The list of the records comes
//! before the resources, because what a record calls made must be looked for after the record was read; it is asked for once
//! more at the end, where the product looks whether an emergency is open. All other calls are independent, and at most
//! [`AT_ONCE`] wait for their answers at one moment.

use std::future::Future;
use std::process;
use std::time::Duration;

use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_backup::Client as Backup;
use aws_sdk_ec2::Client as Ec2;
use aws_sdk_ec2::types::{Filter, TransitGatewayAttachmentResourceType as Attached, VpcAttributeName};
use aws_sdk_iam::Client as Iam;
use aws_sdk_iam::types::EntityType;
use aws_sdk_kms::Client as Kms;
use aws_sdk_rds::Client as Rds;
use aws_sdk_s3::Client as S3;
use aws_sdk_sts::Client as Sts;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::timeout::TimeoutConfig;
use futures::future::{join, join_all, join3};
use futures::join;
use tokaido::kinds::db_parameter_group::PROMISED;
use tokio::sync::Semaphore;

use crate::Wrong;

/// What makes this program of the benchmark: its only argument.
pub const WORD: &str = "bare";

/// Calls in flight, as the product bounds them.
pub const AT_ONCE: usize = 8;

const TOKYO: &str = "ap-northeast-1";
const OSAKA: &str = "ap-northeast-3";
/// What the sample's dev.yaml says.
const ACCOUNT: &str = "111111111111";
const ROLE: &str = "arn:aws:iam::111111111111:role/tokaido";
const SESSION: &str = "tokaido-dev";
const BUCKET: &str = "tokaido-dev-111111111111";
/// With what the names of dev's objects begin.
const PREFIX: &str = "dev-";

pub fn main() -> Result<(), Wrong> {
    // As many threads as the product has.
    tokio::runtime::Builder::new_multi_thread().enable_all().worker_threads(2).build()?.block_on(run())
}

async fn run() -> Result<(), Wrong> {
    let timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_secs(5)).read_timeout(Duration::from_secs(60));
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(Region::from_static(TOKYO))
        .timeout_config(timeouts.build())
        .app_name(AppName::new("tokaido")?)
        .load()
        .await;
    let config = assumed(&config).await?;
    let caller = Sts::new(&config).get_caller_identity().send().await?;
    if caller.account() != Some(ACCOUNT) {
        return Err(format!("the caller is of account {:?}", caller.account()).into());
    }
    let gate = Gate(Semaphore::new(AT_ONCE));
    let (tokyo, osaka) = (Regional::new(&config, TOKYO, &gate), Regional::new(&config, OSAKA, &gate));
    let everywhere = Everywhere::new(&config, &gate);
    everywhere.records().await;
    join!(everywhere.roles(), everywhere.buckets(), tokyo.all(), osaka.all());
    everywhere.records().await;
    Ok(())
}

async fn assumed(config: &SdkConfig) -> Result<SdkConfig, Wrong> {
    let answer = Sts::new(config).assume_role().role_arn(ROLE).role_session_name(SESSION).send().await?;
    let found = answer.credentials().ok_or("STS answered without credentials")?;
    let (key, secret, token) = (found.access_key_id(), found.secret_access_key(), found.session_token());
    let credentials = Credentials::new(key, secret, Some(token.to_owned()), None, "AssumeRole");
    Ok(config.to_builder().credentials_provider(SharedCredentialsProvider::new(credentials)).build())
}

/// Through which every call goes that waits for no other.
struct Gate(Semaphore);

impl Gate {
    /// # Panics
    /// Never: nobody closes the semaphore.
    async fn call<T, E, R>(&self, call: impl Future<Output = Result<T, SdkError<E, R>>>) -> T
    where
        SdkError<E, R>: std::error::Error,
    {
        self.ask(call).await.unwrap_or_else(|error| failed(&error))
    }

    /// A setting that was never made is an error to S3.
    async fn setting<T, E, R>(&self, call: impl Future<Output = Result<T, SdkError<E, R>>>)
    where
        SdkError<E, R>: std::error::Error,
    {
        match self.ask(call).await {
            Ok(_) | Err(SdkError::ServiceError(_)) => {}
            Err(error) => failed(&error),
        }
    }

    async fn ask<T, E, R>(&self, call: impl Future<Output = Result<T, SdkError<E, R>>>) -> Result<T, SdkError<E, R>> {
        let _held = self.0.acquire().await;
        call.await
    }
}

#[expect(clippy::print_stderr, reason = "the runner shows it")]
fn failed(error: &(impl std::error::Error + ?Sized)) -> ! {
    eprintln!("{}", DisplayErrorContext(error));
    process::exit(1)
}

/// All pages of a list, as one call of the gate: a page needs the one before.
macro_rules! pages {
    ($self:ident, $call:expr) => {
        $self.gate.call($call.into_paginator().items().send().collect::<Result<Vec<_>, _>>())
    };
}

struct Everywhere<'a> {
    gate: &'a Gate,
    iam: Iam,
    s3: S3,
}

impl<'a> Everywhere<'a> {
    fn new(config: &SdkConfig, gate: &'a Gate) -> Self {
        let s3 = aws_sdk_s3::config::Builder::from(config).force_path_style(true).build();
        Self { gate, iam: Iam::new(config), s3: S3::from_conf(s3) }
    }

    async fn records(&self) {
        let call = self.s3.list_objects_v2().bucket(BUCKET).prefix("dev/records/").expected_bucket_owner(ACCOUNT);
        self.gate.call(call.send()).await;
    }

    async fn roles(&self) {
        let list = self.iam.get_account_authorization_details().filter(EntityType::Role).max_items(1000);
        let pages = self.gate.call(list.into_paginator().send().collect::<Result<Vec<_>, _>>()).await;
        let roles = pages.iter().flat_map(|page| page.role_detail_list()).filter_map(|role| role.role_name());
        let ours = roles.filter(|name| name.starts_with(PREFIX));
        join_all(ours.map(|name| self.gate.call(self.iam.get_role().role_name(name).send()))).await;
    }

    async fn buckets(&self) {
        let buckets = pages!(self, self.s3.list_buckets().max_buckets(1000)).await;
        join_all(buckets.iter().filter_map(|bucket| bucket.name()).map(|name| self.bucket(name))).await;
    }

    /// Of another bucket only the tags.
    async fn bucket(&self, name: &str) {
        let (gate, s3) = (self.gate, &self.s3);
        macro_rules! of {
            ($call:ident) => {
                s3.$call().bucket(name).expected_bucket_owner(ACCOUNT).send()
            };
        }
        gate.setting(of!(get_bucket_tagging)).await;
        if name != BUCKET {
            return;
        }
        join!(
            gate.setting(of!(get_object_lock_configuration)),
            gate.setting(of!(get_bucket_versioning)),
            gate.setting(of!(get_bucket_encryption)),
            gate.setting(of!(get_public_access_block)),
            gate.setting(of!(get_bucket_ownership_controls)),
            gate.setting(of!(get_bucket_policy)),
            gate.setting(of!(get_bucket_lifecycle_configuration)),
        );
    }
}

struct Regional<'a> {
    gate: &'a Gate,
    backup: Backup,
    ec2: Ec2,
    kms: Kms,
    rds: Rds,
}

impl<'a> Regional<'a> {
    fn new(config: &SdkConfig, region: &'static str, gate: &'a Gate) -> Self {
        let config = config.to_builder().region(Region::from_static(region)).build();
        Self { gate, backup: Backup::new(&config), ec2: Ec2::new(&config), kms: Kms::new(&config), rds: Rds::new(&config) }
    }

    async fn all(&self) {
        let ec2 = async {
            let options = pages!(self, self.ec2.describe_dhcp_options().max_results(1000));
            let subnets = pages!(self, self.ec2.describe_subnets().max_results(1000));
            let groups = pages!(self, self.ec2.describe_security_groups().max_results(1000));
            let tables = pages!(self, self.ec2.describe_route_tables().max_results(100));
            let acls = pages!(self, self.ec2.describe_network_acls().max_results(1000));
            let interfaces =
                pages!(self, self.ec2.describe_network_interfaces().include_managed_resources(true).max_results(1000));
            join!(options, self.vpcs(), subnets, groups, tables, acls, interfaces, self.paths())
        };
        let databases = pages!(self, self.rds.describe_db_instances().max_records(100));
        let clusters = pages!(self, self.rds.describe_db_clusters().max_records(100));
        join!(self.keys(), ec2, self.subnet_groups(), self.parameter_groups(), databases, clusters, self.vaults(), self.plans());
    }

    /// What leads out of a network.
    async fn paths(&self) {
        let peerings = pages!(self, self.ec2.describe_vpc_peering_connections().max_results(1000));
        let vpn = self.gate.call(self.ec2.describe_vpn_gateways().send());
        let nat = pages!(self, self.ec2.describe_nat_gateways().max_results(1000));
        let endpoints = pages!(self, self.ec2.describe_vpc_endpoints().max_results(1000));
        let services = pages!(self, self.ec2.describe_vpc_endpoint_service_configurations().max_results(1000));
        join!(peerings, vpn, nat, endpoints, services, self.lists(), self.attachments(), self.gateway_tables());
    }

    async fn lists(&self) {
        let lists = pages!(self, self.ec2.describe_managed_prefix_lists().max_results(100)).await;
        let others = lists.iter().filter(|list| list.owner_id() != Some("AWS")).filter_map(|list| list.prefix_list_id());
        let entries = |id: &str| self.ec2.get_managed_prefix_list_entries().prefix_list_id(id).max_results(100);
        join_all(others.map(|id| pages!(self, entries(id)))).await;
    }

    /// The subnets of networks are in a listing of their own.
    async fn attachments(&self) {
        let all = pages!(self, self.ec2.describe_transit_gateway_attachments().max_results(1000)).await;
        if all.iter().any(|one| one.resource_type() == Some(&Attached::Vpc)) {
            pages!(self, self.ec2.describe_transit_gateway_vpc_attachments().max_results(1000)).await;
        }
    }

    async fn gateway_tables(&self) {
        let tables = pages!(self, self.ec2.describe_transit_gateway_route_tables().max_results(1000)).await;
        let states = Filter::builder().name("state").values("active").values("blackhole").build();
        let search = |id: &str| self.ec2.search_transit_gateway_routes().transit_gateway_route_table_id(id);
        let routes = |id: &str| self.gate.call(search(id).filters(states.clone()).max_results(1000).send());
        join_all(tables.iter().filter_map(|table| table.transit_gateway_route_table_id()).map(routes)).await;
    }

    async fn keys(&self) {
        let keys = pages!(self, self.kms.list_keys().limit(1000));
        let aliases = pages!(self, self.kms.list_aliases().limit(100));
        let (keys, aliases) = join(keys, aliases).await;
        let named = |key: &str, begin: &str| {
            let mut of_key = aliases.iter().filter(|alias| alias.target_key_id() == Some(key));
            of_key.any(|alias| alias.alias_name().is_some_and(|name| name.starts_with(begin)))
        };
        let ids = keys.iter().filter_map(|key| key.key_id()).filter(|id| !named(id, "alias/aws/"));
        join_all(ids.map(|id| self.key(id, named(id, "alias/dev-")))).await;
    }

    async fn key(&self, id: &str, ours: bool) {
        let tags = pages!(self, self.kms.list_resource_tags().key_id(id).limit(50));
        // Whose it is says the alias, and only without one the tags.
        if !ours {
            tags.await;
            return;
        }
        let settings = async {
            self.gate.call(self.kms.describe_key().key_id(id).send()).await;
            let policy = self.gate.call(self.kms.get_key_policy().key_id(id).policy_name("default").send());
            join(policy, self.gate.call(self.kms.get_key_rotation_status().key_id(id).send())).await;
        };
        join(tags, settings).await;
    }

    async fn vpcs(&self) {
        let vpcs = pages!(self, self.ec2.describe_vpcs().max_results(1000)).await;
        let ours = vpcs
            .iter()
            .filter(|vpc| vpc.tags().iter().any(|tag| (tag.key(), tag.value()) == (Some("tokaido:environment"), Some("dev"))));
        let attribute = |id: &str, name: VpcAttributeName| {
            self.gate.call(self.ec2.describe_vpc_attribute().vpc_id(id).attribute(name).send())
        };
        let both = |id: &str| {
            join(attribute(id, VpcAttributeName::EnableDnsSupport), attribute(id, VpcAttributeName::EnableDnsHostnames))
        };
        join_all(ours.filter_map(|vpc| vpc.vpc_id()).map(both)).await;
    }

    async fn subnet_groups(&self) {
        let groups = pages!(self, self.rds.describe_db_subnet_groups().max_records(100)).await;
        let named = groups.iter().filter(|group| group.db_subnet_group_name() != Some("default"));
        join_all(named.filter_map(|group| group.db_subnet_group_arn()).map(|arn| self.tags_of_database_part(arn))).await;
    }

    async fn tags_of_database_part(&self, arn: &str) {
        self.gate.call(self.rds.list_tags_for_resource().resource_name(arn).send()).await;
    }

    async fn parameter_groups(&self) {
        let groups = pages!(self, self.rds.describe_db_parameter_groups().max_records(100)).await;
        let named = groups.iter().filter_map(|group| group.db_parameter_group_name().zip(group.db_parameter_group_arn()));
        let named = named.filter(|(name, _)| !name.starts_with("default."));
        join_all(named.map(|(name, arn)| async move {
            let ours = async {
                if name.starts_with(PREFIX) {
                    self.parameters(name).await
                }
            };
            join(self.tags_of_database_part(arn), ours).await
        }))
        .await;
    }

    async fn parameters(&self, group: &str) {
        let describe = || self.rds.describe_db_parameters().db_parameter_group_name(group).max_records(100);
        let promised = PROMISED.map(|(name, _)| name.to_owned()).into();
        let promised = aws_sdk_rds::types::Filter::builder().name("parameter-name").set_values(Some(promised)).build();
        join(pages!(self, describe().source("user")), pages!(self, describe().filters(promised))).await;
    }

    async fn vaults(&self) {
        let vaults = pages!(self, self.backup.list_backup_vaults().max_results(1000)).await;
        join_all(vaults.iter().filter_map(|vault| vault.backup_vault_arn()).map(|arn| self.tags_of_backup_part(arn))).await;
    }

    async fn tags_of_backup_part(&self, arn: &str) {
        self.gate.call(self.backup.list_tags().resource_arn(arn).send()).await;
    }

    async fn plans(&self) {
        let plans = pages!(self, self.backup.list_backup_plans().max_results(1000)).await;
        let ours = plans.iter().filter(|plan| plan.backup_plan_name().is_some_and(|name| name.starts_with(PREFIX)));
        let parts = ours.filter_map(|plan| plan.backup_plan_id().zip(plan.backup_plan_arn()));
        join_all(parts.map(|(id, arn)| {
            let get = self.gate.call(self.backup.get_backup_plan().backup_plan_id(id).send());
            join3(get, self.tags_of_backup_part(arn), self.selections(id))
        }))
        .await;
    }

    async fn selections(&self, plan: &str) {
        let list = self.backup.list_backup_selections().backup_plan_id(plan).max_results(1000);
        let members = pages!(self, list).await;
        let get = |id: &str| self.gate.call(self.backup.get_backup_selection().backup_plan_id(plan).selection_id(id).send());
        join_all(members.iter().filter_map(|member| member.selection_id()).map(get)).await;
    }
}

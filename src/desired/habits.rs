//! Keys and values as users of other tools write them, and the one key of tokaido's that each means: a row for each word. Each
//! target is a path of the environment schema; a test compares them. Imports `model`.

use crate::model::Explained;

use self::Tool::{Ansible, CloudFormation, Kubernetes, Pulumi, Terraform};
use self::Where::{Anywhere, There};

/// The tool that uses the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    Terraform,
    CloudFormation,
    Pulumi,
    Kubernetes,
    Ansible,
}

impl Tool {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Terraform => "Terraform",
            CloudFormation => "CloudFormation",
            Pulumi => "Pulumi",
            Kubernetes => "Kubernetes",
            Ansible => "Ansible",
        }
    }

    /// Whether `key` is this word as the tool spells it: `instance_class`, `InstanceClass` or `instanceClass`. Another spelling is
    /// nobody's word.
    fn spells(self, word: &str, key: &str) -> bool {
        let upper = key.starts_with(|c: char| c.is_ascii_uppercase());
        match self {
            Terraform | Ansible => key == word,
            CloudFormation => upper && !key.contains('_') && parts(key) == word,
            Pulumi | Kubernetes => !upper && !key.contains('_') && parts(key) == word,
        }
    }
}

/// Where the word has this meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Where {
    Anywhere,
    /// Only in a block that has this key, or in a block that has that key: the word is too common elsewhere.
    There,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Habit {
    /// In small letters with underscores, in whatever form the tool writes it.
    pub word: &'static str,
    /// The first tool uses it most.
    pub tools: &'static [Tool],
    pub at: Where,
    /// The path of the key that is meant.
    pub right: &'static str,
}

const fn habit(word: &'static str, tools: &'static [Tool], at: Where, right: &'static str) -> Habit {
    Habit { word, tools, at, right }
}

/// A word that has no key here, because tokaido decides what it would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Without {
    /// As in [`Habit::word`].
    pub word: &'static str,
    /// The block in which the word has no key; empty: in every block.
    pub block: &'static str,
    /// Why there is none, and which key decides, if one does.
    pub why: Explained,
}

const GROUPS: Explained = Explained::new(
    "tokaido makes a security group for each tenant; `tenants.ingress_allow` says who reaches it from outside",
    "セキュリティグループはテナントごとに tokaido が作成します。外からの通信は `tenants.ingress_allow` で許可します",
);

const NETWORK: Explained = Explained::new(
    "tokaido makes the VPC, with the addresses of `network.cidr`; an existing one is not named",
    "VPC は `network.cidr` のアドレスで tokaido が作成します。既存の VPC は指定しません",
);

/// The first row whose block holds wins, so rows of one block come before those of every block.
pub const WITHOUT: &[Without] = &[
    Without {
        word: "region",
        block: "store",
        why: Explained::new(
            "the bucket is in the environment's account, in the region of `regions.primary`",
            "バケットはその環境のアカウントの、`regions.primary` のリージョンに置きます",
        ),
    },
    Without {
        word: "vpc_id",
        block: "tenants",
        why: Explained::new(
            "tokaido makes the VPC; `isolation: vpc` gives the tenant one of its own",
            "VPC は tokaido が作成します。`isolation: vpc` を指定するとテナント専用の VPC になります",
        ),
    },
    Without { word: "vpc_id", block: "", why: NETWORK },
    Without { word: "vpc_security_group_ids", block: "", why: GROUPS },
    Without { word: "vpc_security_groups", block: "", why: GROUPS },
    Without { word: "security_group_ids", block: "", why: GROUPS },
    Without { word: "security_groups", block: "", why: GROUPS },
    Without {
        word: "db_name",
        block: "",
        why: Explained::new(
            "tokaido makes no database inside an instance; its owner makes it, with the credentials of the instance. `databases.name` names the instance",
            "インスタンスの中のデータベースは tokaido では作成しません。その所有者が、インスタンスの認証情報で作成します。`databases.name` はインスタンスの名前です",
        ),
    },
];

/// Why there is no key for this word of another tool. `path` as in [`meant`].
pub(super) fn without(path: &str, key: &str) -> Option<Explained> {
    let word = plain(key);
    WITHOUT.iter().find(|row| plain(row.word) == word && begins(path, row.block)).map(|row| row.why)
}

const RDS: &[Tool] = &[Terraform, CloudFormation, Pulumi, Ansible];
const AWS: &[Tool] = &[Terraform, CloudFormation, Pulumi];

/// By the key that is meant. A row for `databases` also holds for `dedicated_database`.
#[rustfmt::skip]
pub const HABITS: &[Habit] = &[
    habit("account_id", &[Terraform, Pulumi, Ansible], Anywhere, "account"),
    habit("aws_account_id", &[Ansible, CloudFormation], Anywhere, "account"),
    habit("allowed_account_ids", &[Terraform, Pulumi], Anywhere, "account"),
    habit("role_arn", &[Terraform, CloudFormation, Ansible], Anywhere, "assume_role"),
    habit("assume_role_arn", &[Ansible], Anywhere, "assume_role"),
    habit("execution_role_arn", &[CloudFormation], Anywhere, "assume_role"),
    habit("auto_approve", &[Terraform], Anywhere, "change.approvals"),
    habit("min_ready_seconds", &[Kubernetes], Anywhere, "change.soak"),
    habit("db_instance", AWS, Anywhere, "databases"),
    habit("db_instances", AWS, Anywhere, "databases"),
    habit("aws_db_instance", &[Terraform], Anywhere, "databases"),
    habit("rds_instance", &[Ansible], Anywhere, "databases"),
    habit("rds", &[Ansible, Pulumi], Anywhere, "databases"),
    habit("preferred_backup_window", &[CloudFormation, Terraform, Ansible], Anywhere, "databases.backup_window"),
    habit("backup_window", &[Terraform, Pulumi], Anywhere, "databases.backup_window"),
    habit("instance_class", &[Terraform, Pulumi], Anywhere, "databases.class"),
    habit("db_instance_class", &[CloudFormation, Ansible], Anywhere, "databases.class"),
    habit("instance_type", &[Ansible, Terraform, Pulumi], Anywhere, "databases.class"),
    habit("db_engine", &[Ansible], Anywhere, "databases.engine"),
    habit("preferred_maintenance_window", &[CloudFormation, Terraform, Ansible], Anywhere, "databases.maintenance_window"),
    habit("maintenance_window", &[Terraform, Pulumi], Anywhere, "databases.maintenance_window"),
    habit("maint_window", &[Ansible], Anywhere, "databases.maintenance_window"),
    habit("multi_az", &[CloudFormation, Terraform, Pulumi], Anywhere, "databases.multi_az"),
    habit("multi_zone", &[Ansible], Anywhere, "databases.multi_az"),
    habit("replicas", &[Kubernetes], Anywhere, "databases.multi_az"),
    habit("identifier", &[Terraform, Pulumi], There, "databases.name"),
    habit("db_instance_identifier", &[CloudFormation, Ansible], Anywhere, "databases.name"),
    habit("instance_name", &[Ansible], There, "databases.name"),
    habit("import", &[Terraform, Pulumi], There, "databases.physical_name"),
    habit("physical_resource_id", &[CloudFormation], Anywhere, "databases.physical_name"),
    habit("allocated_storage", RDS, Anywhere, "databases.storage.at_least"),
    habit("size", &[Ansible], There, "databases.storage.at_least"),
    habit("volume_size", &[Terraform, CloudFormation, Pulumi, Ansible], There, "databases.storage.at_least"),
    habit("requests", &[Kubernetes], There, "databases.storage.at_least"),
    habit("max_allocated_storage", RDS, Anywhere, "databases.storage.up_to"),
    habit("limits", &[Kubernetes], There, "databases.storage.up_to"),
    habit("engine_version", RDS, Anywhere, "databases.version"),
    habit("description", &[Terraform, CloudFormation], There, "divergences.reason"),
    habit("valid_until", AWS, There, "divergences.until"),
    habit("workspace", &[Terraform], Anywhere, "environment"),
    habit("stack", &[Pulumi, CloudFormation], Anywhere, "environment"),
    habit("stack_name", &[CloudFormation], Anywhere, "environment"),
    habit("bases", &[Kubernetes], Anywhere, "extends"),
    habit("vars_files", &[Ansible], Anywhere, "extends"),
    habit("include_vars", &[Ansible], Anywhere, "extends"),
    habit("cloudwatch_log_group", &[Terraform], Anywhere, "logs"),
    habit("retention_in_days", AWS, Anywhere, "logs.keep"),
    habit("vpc", AWS, Anywhere, "network"),
    habit("vpc_cidr", &[Terraform], Anywhere, "network.cidr"),
    habit("vpc_cidr_block", &[Terraform], Anywhere, "network.cidr"),
    habit("cidr_block", RDS, Anywhere, "network.cidr"),
    habit("database_subnets", &[Terraform], Anywhere, "network.shared"),
    habit("db_subnet_group_name", RDS, Anywhere, "network.shared"),
    habit("availability_zone", RDS, Anywhere, "network.zones"),
    habit("availability_zones", RDS, Anywhere, "network.zones"),
    habit("azs", &[Terraform], Anywhere, "network.zones"),
    habit("storage_encrypted", RDS, Anywhere, "protection.encryption.at_rest"),
    habit("at_rest_encryption_enabled", AWS, Anywhere, "protection.encryption.at_rest"),
    habit("server_side_encryption", &[Terraform, Pulumi], Anywhere, "protection.encryption.at_rest"),
    habit("transit_encryption_enabled", AWS, Anywhere, "protection.encryption.in_transit"),
    habit("tls", &[Kubernetes], Anywhere, "protection.encryption.in_transit"),
    habit("enable_key_rotation", AWS, Anywhere, "protection.encryption.key_rotation"),
    habit("rotation_period_in_days", AWS, Anywhere, "protection.encryption.key_rotation"),
    habit("backup_retention_period", RDS, Anywhere, "protection.point_in_time_recovery"),
    habit("backup_retention", &[Ansible], Anywhere, "protection.point_in_time_recovery"),
    habit("enable_continuous_backup", AWS, Anywhere, "protection.point_in_time_recovery"),
    habit("backup_plan", &[Terraform, CloudFormation, Ansible], Anywhere, "protection.primary_copies"),
    habit("aws_backup_plan", &[Terraform], Anywhere, "protection.primary_copies"),
    habit("schedule", &[Terraform, Kubernetes, Pulumi], Anywhere, "protection.primary_copies.at"),
    habit("schedule_expression", &[CloudFormation], Anywhere, "protection.primary_copies.at"),
    habit("delete_after", &[Terraform, Pulumi], Anywhere, "protection.primary_copies.keep"),
    habit("delete_after_days", &[CloudFormation, Ansible], Anywhere, "protection.primary_copies.keep"),
    habit("copy_action", &[Terraform], Anywhere, "protection.recovery_copies"),
    habit("copy_actions", &[CloudFormation, Pulumi, Ansible], Anywhere, "protection.recovery_copies"),
    habit("destination_vault_arn", &[Terraform, Pulumi], Anywhere, "protection.recovery_copies"),
    habit("destination_backup_vault_arn", &[CloudFormation, Ansible], Anywhere, "protection.recovery_copies"),
    habit("delete_after", &[Terraform, Pulumi], There, "protection.recovery_copies.keep"),
    habit("delete_after_days", &[CloudFormation, Ansible], There, "protection.recovery_copies.keep"),
    habit("region", RDS, Anywhere, "regions"),
    habit("aws_region", &[Ansible, Terraform], Anywhere, "regions"),
    habit("prevent_destroy", &[Terraform], Anywhere, "retire"),
    habit("removed", &[Terraform], Anywhere, "retire"),
    habit("deletion_policy", &[CloudFormation], Anywhere, "retire"),
    habit("prune", &[Kubernetes], Anywhere, "retire"),
    habit("description", &[Terraform, CloudFormation], There, "retire.reason"),
    habit("api_version", &[Kubernetes], Anywhere, "schema"),
    habit("aws_template_format_version", &[CloudFormation], Anywhere, "schema"),
    habit("required_version", &[Terraform], Anywhere, "schema"),
    habit("backend", &[Terraform, Pulumi], Anywhere, "store"),
    habit("remote_state", &[Terraform], Anywhere, "store"),
    habit("assume_role_policy", &[Terraform, Pulumi], Anywhere, "store.access"),
    habit("assume_role_policy_document", &[CloudFormation, Ansible], Anywhere, "store.access"),
    habit("bucket_name", &[CloudFormation], Anywhere, "store.bucket"),
    habit("bucket", &[Terraform, Pulumi], There, "store.bucket"),
    habit("namespaces", &[Kubernetes], Anywhere, "tenants"),
    habit("subnet_cidr", &[Terraform], Anywhere, "tenants.cidr"),
    habit("cidr_block", RDS, There, "tenants.cidr"),
    habit("cidr_block", RDS, There, "network.recovery.cidr"),
    habit("vpc_cidr", &[Terraform], There, "network.recovery.cidr"),
    habit("vpc_cidr_block", &[Terraform], There, "network.recovery.cidr"),
    habit("availability_zone", RDS, There, "network.recovery.zones"),
    habit("availability_zones", RDS, There, "network.recovery.zones"),
    habit("azs", &[Terraform], There, "network.recovery.zones"),
    habit("cidr_block", RDS, There, "tenants.ingress_allow.cidr"),
    habit("namespace", &[Kubernetes], Anywhere, "tenants.id"),
    habit("name", &[Kubernetes, Terraform, Ansible], There, "tenants.id"),
    habit("ingress", &[Terraform, Kubernetes, Pulumi], Anywhere, "tenants.ingress_allow"),
    habit("security_group_ingress", &[CloudFormation], Anywhere, "tenants.ingress_allow"),
    habit("network_policy", &[Kubernetes], Anywhere, "tenants.ingress_allow"),
    habit("rules", &[Ansible], There, "tenants.ingress_allow"),
    habit("cidr_blocks", &[Terraform, Pulumi], Anywhere, "tenants.ingress_allow.cidr"),
    habit("cidr_ipv4", &[Terraform, Pulumi], Anywhere, "tenants.ingress_allow.cidr"),
    habit("cidr_ip", &[CloudFormation, Ansible], Anywhere, "tenants.ingress_allow.cidr"),
    habit("ip_block", &[Kubernetes], Anywhere, "tenants.ingress_allow.cidr"),
    habit("load_balancer_source_ranges", &[Kubernetes], Anywhere, "tenants.ingress_allow.cidr"),
    habit("from_port", RDS, Anywhere, "tenants.ingress_allow.port"),
    habit("to_port", RDS, Anywhere, "tenants.ingress_allow.port"),
    habit("target_port", &[Kubernetes], Anywhere, "tenants.ingress_allow.port"),
    habit("ports", &[Ansible, Kubernetes], There, "tenants.ingress_allow.port"),
    habit("instance_tenancy", RDS, Anywhere, "tenants.isolation"),
    habit("tenancy", RDS, There, "tenants.isolation"),
    habit("vpc", AWS, There, "tenants.isolation"),
    habit("ntp_servers", RDS, Anywhere, "time.source"),
    habit("timezone", &[Ansible, Terraform, CloudFormation], Anywhere, "time.zone"),
    habit("time_zone", &[Kubernetes], Anywhere, "time.zone"),
];

/// The key that an unknown key probably means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    /// Relative to the place of the unknown key, as `storage.at_least`, or from the top of the file.
    pub(super) right: String,
    /// Who spells it so; `None` where nobody does.
    pub(super) tool: Option<Tool>,
}

impl Meant {
    /// The key to write in the same block, when the meant key is in it.
    pub(super) fn here(&self) -> &str {
        self.right.split('.').next().unwrap_or_default()
    }
}

/// `path`: the keys that lead to the block, joined by dots.
pub(super) fn meant(path: &str, key: &str) -> Option<Meant> {
    let word = plain(key);
    let named = HABITS.iter().filter(|habit| plain(habit.word) == word);
    let near: Vec<(u8, &Habit, String)> = named
        .filter_map(|habit| {
            let right = placed(path, habit.right);
            let (block, _) = right.rsplit_once('.').unwrap_or(("", &right));
            let nearness = match path {
                _ if block == path => 2,
                _ if begins(block, path) => 1,
                _ if habit.at == There => return None,
                _ => 0,
            };
            Some((nearness, habit, right))
        })
        .collect();
    // The first of the nearest. Another row may have the same word in another spelling.
    let nearest = near.iter().map(|(nearness, ..)| *nearness).max()?;
    let right = near.iter().find(|(nearness, ..)| *nearness == nearest).map(|(.., right)| right.clone())?;
    let rows = near.iter().filter(|row| row.2 == right);
    let tool = rows.flat_map(|(_, habit, _)| habit.tools.iter().map(|tool| (habit.word, *tool)));
    let tool = tool.filter(|(word, tool)| tool.spells(word, key)).map(|(_, tool)| tool).next();
    let inner = right.strip_prefix(path).and_then(|rest| if path.is_empty() { Some(rest) } else { rest.strip_prefix('.') });
    Some(Meant { right: inner.unwrap_or(&right).to_owned(), tool })
}

/// The same key for databases of single tenants.
fn placed(path: &str, right: &str) -> String {
    let (shared, own) = ("databases", "dedicated_database");
    match right.strip_prefix(shared) {
        Some(rest) if begins(path, own) => format!("{own}{rest}"),
        _ => right.to_owned(),
    }
}

/// Whether `path` is `block` or lies in it. Every path lies in the file itself.
fn begins(path: &str, block: &str) -> bool {
    block.is_empty() || path.strip_prefix(block).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// `DBInstanceClass` and `dbInstanceClass` → `db_instance_class`
fn parts(key: &str) -> String {
    let signs: Vec<char> = key.chars().collect();
    let mut word = String::new();
    for (at, c) in signs.iter().enumerate() {
        let begins = c.is_ascii_uppercase()
            && at > 0
            && (!signs[at - 1].is_ascii_uppercase() || signs.get(at + 1).is_some_and(char::is_ascii_lowercase));
        if begins {
            word.push('_');
        }
        word.push(c.to_ascii_lowercase());
    }
    word
}

/// Tools differ in capitals and in the sign between words.
fn plain(word: &str) -> String {
    word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The engine of a database as other tools write it: `postgres16` is a parameter group's family, `postgres:16` an image,
/// `postgresql` a product. Returns the engine, and its version where the word has one.
pub(super) fn engine(text: &str) -> Option<(&'static str, Option<String>)> {
    let text = text.trim().to_ascii_lowercase();
    let text = text.strip_prefix("aurora-").unwrap_or(&text);
    let (engine, rest) =
        [("postgresql", "postgres"), ("postgres", "postgres"), ("pg", "postgres"), ("mysql", "mysql"), ("mariadb", "mariadb")]
            .iter()
            .find_map(|(word, engine)| Some((*engine, text.strip_prefix(word)?)))?;
    let digits = rest.trim_start_matches([' ', '-', '_', ':', '=', '@', 'v']);
    if digits.is_empty() {
        return Some((engine, None));
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let dotted = match (engine, digits.contains('.'), digits.len()) {
        ("mysql", false, 2) => format!("{}.{}", &digits[..1], &digits[1..]),
        ("mariadb", false, 3 | 4) => format!("{}.{}", &digits[..2], &digits[2..]),
        _ => digits.trim_end_matches('.').to_owned(),
    };
    Some((engine, Some(dotted)))
}

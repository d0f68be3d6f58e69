//! Databases and tenants: names, references, storage, windows.

use crate::desired::decode::{Spanned, nearest};
use crate::desired::scalars::{DailyWindow, Engine, Isolation, Name, Version, WeeklyWindow};
use crate::desired::spec::{EnvironmentDraft, Storage, Tenant, TenantDatabase};
use crate::model::{Finding, Source};
use crate::promises::slug;
use crate::yaml::Node;

use super::context::Context;

/// GiB that RDS accepts for gp3.
const STORAGE: std::ops::RangeInclusive<i64> = 20..=65_536;

/// Ids whose resources would have names of the environment's own resources.
const RESERVED: [&str; 4] = ["shared", "main", "recovery", "backup"];

pub(super) fn check(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    let (tenants, databases) = (draft.tenants(), draft.databases());
    unique("databases", &databases.iter().map(|database| &database.name).collect::<Vec<_>>(), findings);
    unique("tenants", &tenants.iter().map(|tenant| &tenant.id).collect::<Vec<_>>(), findings);
    for tenant in tenants {
        reserved(tenant, findings);
        reference(context, draft, tenant, findings);
    }
    let copies_at = draft.protection.as_ref().map(|protection| &protection.primary_copies.at);
    let shared = databases.iter().map(|database| &database.form);
    let dedicated = draft.dedicated_database.iter().flatten().map(|form| &form.value);
    for form in shared.chain(dedicated) {
        version(*form.engine, &form.version, findings);
        storage(&form.storage, findings);
        windows(&form.backup_window, &form.maintenance_window, copies_at, findings);
    }
}

fn unique(what: &str, names: &[&Spanned<Name>], findings: &mut Vec<Finding>) {
    let mut seen: std::collections::BTreeMap<&str, &Source> = std::collections::BTreeMap::new();
    for name in names {
        if let Some(first) = seen.get(name.as_str()) {
            let finding =
                Finding::error("duplicate-name", Some(&name.source), format!("two {what} are called `{}`", name.as_str()));
            findings.push(finding.expected("another name").related("first written here", first));
        } else {
            seen.insert(name.as_str(), &name.source);
        }
    }
}

fn reserved(tenant: &Tenant, findings: &mut Vec<Finding>) {
    let id = tenant.id.as_str();
    if RESERVED.contains(&id) {
        let finding =
            Finding::error("reserved-name", Some(&tenant.id.source), format!("`{id}` is a name of the environment itself"));
        let listed = RESERVED.map(|name| format!("`{name}`")).join(", ");
        findings.push(finding.expected(format!("a name other than {listed}")).promise(slug::TENANT_ISOLATION));
    }
}

fn reference(context: &Context<'_>, draft: &EnvironmentDraft, tenant: &Tenant, findings: &mut Vec<Finding>) {
    match &tenant.database.value {
        TenantDatabase::Dedicated => {
            // As written: a block that could not be read was reported already.
            if draft.dedicated_database.as_ref().is_none_or(Option::is_none)
                && context.tree.get("dedicated_database").is_none_or(Node::is_null)
            {
                let message = format!("tenant `{}` has a dedicated database, but its form is not written", tenant.id.as_str());
                let finding = Finding::error("no-dedicated-database", Some(&tenant.database.source), message);
                findings.push(finding.expected("`dedicated_database:` with engine, version, class, storage and windows"));
            }
        }
        TenantDatabase::Shared(name) => {
            separated(tenant, name, findings);
            let written = context.tree.get("databases").map(Node::items).unwrap_or_default();
            let known: Vec<_> =
                written.iter().filter_map(|item| item.get("name")?.scalar().map(|scalar| scalar.text.as_str())).collect();
            if !known.contains(&name.as_str()) {
                let finding =
                    Finding::error("unknown-database", Some(&name.source), format!("there is no database `{}`", name.as_str()));
                let right = nearest(name.as_str(), &known).map_or_else(|| listed(&known), |near| format!("`{near}`"));
                findings.push(finding.expected(right));
            }
        }
    }
}

/// Nothing connects a tenant's own VPC with the network of shared databases.
fn separated(tenant: &Tenant, database: &Spanned<Name>, findings: &mut Vec<Finding>) {
    if *tenant.isolation == Isolation::Vpc {
        let message = format!(
            "tenant `{}` has a VPC of its own, from which the shared database `{}` cannot be reached",
            tenant.id.as_str(),
            database.as_str()
        );
        let finding = Finding::error("vpc-needs-dedicated", Some(&tenant.database.source), message)
            .expected("`database: dedicated`, or `isolation: subnets`");
        findings.push(finding.related("`isolation` is written here", &tenant.isolation.source).promise(slug::TENANT_ISOLATION));
    }
}

fn listed(known: &[&str]) -> String {
    if known.is_empty() {
        return "`dedicated`: no database is written under `databases`".to_owned();
    }
    format!("a name under `databases`: {}", known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
}

fn version(engine: Engine, version: &Spanned<Version>, findings: &mut Vec<Finding>) {
    let text = version.as_str();
    if engine != Engine::Postgres && !text.contains('.') {
        let message = format!("`{text}` is not a major version of {}", engine.as_str());
        findings
            .push(Finding::error("bad-version", Some(&version.source), message).expected("two parts in quotes, such as \"8.4\""));
    }
}

fn storage(storage: &Storage, findings: &mut Vec<Finding>) {
    let (least, most) = (&storage.at_least, &storage.up_to);
    for size in [least, most] {
        if !STORAGE.contains(&size.0) {
            let finding =
                Finding::error("storage-size", Some(&size.source), format!("`{}` is more or less than RDS offers", size.value));
            findings.push(finding.expected("20 GiB to 64 TiB").promise(slug::CAPACITY_GROWTH));
        }
    }
    if least.0 > most.0 {
        let message = format!("`at_least: {}` is more than `up_to: {}`", least.value, most.value);
        let finding = Finding::error("storage-range", Some(&least.source), message).expected(format!("{} or less", most.value));
        findings.push(finding.related("`up_to` is written here", &most.source).promise(slug::CAPACITY_GROWTH));
    } else if most.0 * 10 < least.0 * 11 {
        let message = format!("storage of {} could grow to {} only", least.value, most.value);
        let finding = Finding::error("no-room-to-grow", Some(&most.source), message);
        let right = format!("{} GiB or more: AWS asks for a tenth", (least.0 * 11 + 9) / 10);
        findings.push(finding.expected(right).promise(slug::CAPACITY_GROWTH));
    }
}

fn windows(
    backup: &Spanned<DailyWindow>,
    maintenance: &Spanned<WeeklyWindow>,
    copies_at: Option<&Spanned<crate::desired::scalars::TimeOfDay>>,
    findings: &mut Vec<Finding>,
) {
    if maintenance.overlaps(backup.value) {
        let message = format!("the maintenance window `{}` and the backup window overlap", maintenance.value);
        let finding = Finding::error("overlapping-windows", Some(&maintenance.source), message)
            .expected("windows that share no minute: RDS refuses them");
        findings.push(finding.related("the backup window is written here", &backup.source).promise(slug::POINT_IN_TIME_RECOVERY));
    }
    if let Some(at) = copies_at.filter(|at| backup.blocks(at.value)) {
        let message = "daily snapshots begin in this backup window or in the hour before it; AWS Backup may then fail";
        let finding = Finding::warning("copies-near-window", Some(&backup.source), message);
        findings.push(
            finding.expected("an hour between them").related("snapshots begin here", &at.source).promise(slug::RECOVERY_COPIES),
        );
    }
}

//! Databases and tenants: names, references, storage, windows.

use crate::desired::decode::{Spanned, nearest};
use crate::desired::said::{Place, Right, RuleFault};
use crate::desired::scalars::{Class, DailyWindow, Engine, Isolation, Name, TimeOfDay, Version, WeeklyWindow};
use crate::desired::spec::{EnvironmentDraft, Storage, Tenant, TenantDatabase};
use crate::kinds::backup_plan::START_WINDOW;
use crate::kinds::catalogue::{self, Major};
use crate::model::{Explained, Finding, Region, Source, engine_version};
use crate::promises::slug;
use crate::yaml::Node;

use super::context::Context;

/// GiB that RDS accepts for gp3.
const STORAGE: std::ops::RangeInclusive<i64> = 20..=65_536;

/// Ids whose resources would have names of the environment's own resources.
const RESERVED: [&str; 4] = ["shared", "main", "recovery", "backup"];

pub(super) fn check(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    let (tenants, databases) = (draft.tenants(), draft.databases());
    unique(
        Explained::new("databases", "databases "),
        &databases.iter().map(|database| &database.name).collect::<Vec<_>>(),
        findings,
    );
    unique(Explained::new("tenants", "tenants "), &tenants.iter().map(|tenant| &tenant.id).collect::<Vec<_>>(), findings);
    for tenant in tenants {
        reserved(tenant, findings);
        reference(context, draft, tenant, findings);
    }
    let copies_at = draft.protection.as_ref().map(|protection| &protection.primary_copies.at);
    let shared = databases.iter().map(|database| &database.form);
    let dedicated = draft.dedicated_database.iter().flatten().map(|form| &form.value);
    for form in shared.chain(dedicated) {
        if version(*form.engine, &form.version, findings) {
            listed_version(form.engine.as_str(), &form.version, findings);
        }
        listed_class(form.engine.as_str(), &form.class, findings);
        storage(&form.storage, findings);
        windows(&form.backup_window, &form.maintenance_window, copies_at, findings);
    }
}

fn unique(what: Explained, names: &[&Spanned<Name>], findings: &mut Vec<Finding>) {
    let mut seen: std::collections::BTreeMap<&str, &Source> = std::collections::BTreeMap::new();
    for name in names {
        if let Some(first) = seen.get(name.as_str()) {
            let finding = Finding::error(
                "duplicate-name",
                Some(&name.source),
                RuleFault::SameName { what, name: name.as_str().to_owned() },
            );
            findings.push(finding.expected(Right::AnotherName).related(crate::yaml::YamlPlace::First, first));
        } else {
            seen.insert(name.as_str(), &name.source);
        }
    }
}

fn reserved(tenant: &Tenant, findings: &mut Vec<Finding>) {
    let id = tenant.id.as_str();
    if RESERVED.contains(&id) {
        let finding = Finding::error("reserved-name", Some(&tenant.id.source), RuleFault::Reserved { id: id.to_owned() });
        let listed = RESERVED.map(|name| format!("`{name}`")).join(", ");
        findings.push(finding.expected(Right::OtherThan { names: listed }).promise(slug::TENANT_ISOLATION));
    }
}

fn reference(context: &Context<'_>, draft: &EnvironmentDraft, tenant: &Tenant, findings: &mut Vec<Finding>) {
    match &tenant.database.value {
        TenantDatabase::Dedicated => {
            // As written: a block that could not be read was reported already.
            if draft.dedicated_database.as_ref().is_none_or(Option::is_none)
                && context.tree.get("dedicated_database").is_none_or(Node::is_null)
            {
                let message = RuleFault::NoForm { tenant: tenant.id.as_str().to_owned() };
                let finding = Finding::error("no-dedicated-database", Some(&tenant.database.source), message);
                findings.push(finding.expected(Right::DedicatedForm));
            }
        }
        TenantDatabase::Shared(name) => {
            separated(tenant, name, findings);
            let written = context.tree.get("databases").map(Node::items).unwrap_or_default();
            let known: Vec<_> =
                written.iter().filter_map(|item| item.get("name")?.scalar().map(|scalar| scalar.text.as_str())).collect();
            if !known.contains(&name.as_str()) {
                let finding = Finding::error(
                    "unknown-database",
                    Some(&name.source),
                    RuleFault::NoDatabase { name: name.as_str().to_owned() },
                );
                let right =
                    nearest(name.as_str(), &known).map_or_else(|| listed(&known), |near| Right::typed(format!("`{near}`")));
                findings.push(finding.expected(right));
            }
        }
    }
}

/// Nothing connects a tenant's own VPC with the network of shared databases.
fn separated(tenant: &Tenant, database: &Spanned<Name>, findings: &mut Vec<Finding>) {
    if *tenant.isolation == Isolation::Vpc {
        let message = RuleFault::Unreached { tenant: tenant.id.as_str().to_owned(), database: database.as_str().to_owned() };
        let finding =
            Finding::error("vpc-needs-dedicated", Some(&tenant.database.source), message).expected(Right::DedicatedOrSubnets);
        findings.push(finding.related(Place::Isolation, &tenant.isolation.source).promise(slug::TENANT_ISOLATION));
    }
}

fn listed(known: &[&str]) -> Right {
    if known.is_empty() {
        return Right::DedicatedOnly;
    }
    Right::DatabaseNames { names: known.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ") }
}

/// Whether the version has the form of the engine's versions.
fn version(engine: Engine, version: &Spanned<Version>, findings: &mut Vec<Finding>) -> bool {
    let before = findings.len();
    let text = version.as_str();
    let (numbers, build) = engine_version::build(text);
    let parts = numbers.split('.').count();
    if engine != Engine::Postgres && parts < if build.is_some() { 3 } else { 2 } {
        let message = RuleFault::NotMajor { version: text.to_owned(), engine: engine.as_str() };
        findings.push(Finding::error("bad-version", Some(&version.source), message).expected(Right::TwoParts));
    }
    // A live version is never so, and an upgrade would be asked for again and again.
    let major = engine_version::major(engine.as_str(), text);
    if engine == Engine::Postgres && !major.contains('.') && parts > 2 {
        let message = RuleFault::NotPostgres { version: text.to_owned() };
        findings.push(Finding::error("bad-version", Some(&version.source), message).expected(Right::OneOrTwoParts));
    }
    findings.len() == before
}

/// Whether RDS has the major version. AWS adds newer ones, so a version that it may have by now is a warning.
fn listed_version(engine: &'static str, version: &Spanned<Version>, findings: &mut Vec<Finding>) {
    let text = version.as_str().to_owned();
    let known = catalogue::majors(engine).into_iter().rev().take(3).map(|major| format!("\"{major}\"")).collect::<Vec<_>>();
    let right = Right::either(known.iter().map(String::as_str));
    let fault = RuleFault::MajorUnlisted { version: text, engine, date: catalogue::as_of() };
    let finding = match catalogue::major(engine, version.as_str()) {
        Major::Listed => return,
        Major::Later => Finding::warning("version-not-listed", Some(&version.source), fault),
        Major::None => Finding::error("bad-version", Some(&version.source), fault),
    };
    findings.push(finding.expected(right));
}

/// Whether RDS has the class in the region that serves, and in that into which the database would be restored. AWS adds classes,
/// so both are warnings.
fn listed_class(engine: &'static str, class: &Spanned<Class>, findings: &mut Vec<Finding>) {
    let (text, date) = (class.as_str().to_owned(), catalogue::as_of());
    let has = |region| catalogue::has_class(engine, class.as_str(), region);
    let right =
        || catalogue::near_class(engine, class.as_str()).map_or(Right::ClassOfBoth, |near| Right::typed(format!("`{near}`")));
    if !has(Region::Tokyo) {
        let fault = RuleFault::ClassUnlisted { class: text, engine, date };
        findings.push(Finding::warning("class-not-listed", Some(&class.source), fault).expected(right()));
    } else if !has(Region::Osaka) {
        let fault = RuleFault::ClassNotInOsaka { class: text, engine, date };
        let finding = Finding::warning("class-not-in-osaka", Some(&class.source), fault).expected(right());
        findings.push(finding.promise(slug::RECOVERY_COPIES));
    }
}

fn storage(storage: &Storage, findings: &mut Vec<Finding>) {
    let (least, most) = (&storage.at_least, &storage.up_to);
    for size in [least, most] {
        if !STORAGE.contains(&size.0) {
            let finding =
                Finding::error("storage-size", Some(&size.source), RuleFault::StorageSize { size: size.value.to_string() });
            findings.push(finding.expected(Right::StorageSize).promise(slug::CAPACITY_GROWTH));
        }
    }
    if least.0 > most.0 {
        let message = RuleFault::StorageRange { least: least.value.to_string(), most: most.value.to_string() };
        let finding = Finding::error("storage-range", Some(&least.source), message)
            .expected(Right::OrLess { size: most.value.to_string() });
        findings.push(finding.related(Place::UpTo, &most.source).promise(slug::CAPACITY_GROWTH));
    } else if most.0 * 10 < least.0 * 11 {
        let message = RuleFault::NoRoom { least: least.value.to_string(), most: most.value.to_string() };
        let finding = Finding::error("no-room-to-grow", Some(&most.source), message);
        let right = Right::Tenth { size: (least.0 * 11 + 9) / 10 };
        findings.push(finding.expected(right).promise(slug::CAPACITY_GROWTH));
    }
}

fn windows(
    backup: &Spanned<DailyWindow>,
    maintenance: &Spanned<WeeklyWindow>,
    copies_at: Option<&Spanned<TimeOfDay>>,
    findings: &mut Vec<Finding>,
) {
    if maintenance.overlaps(backup.value) {
        let message = RuleFault::WindowsOverlap { window: maintenance.value.to_string() };
        let finding = Finding::error("overlapping-windows", Some(&maintenance.source), message).expected(Right::ApartWindows);
        findings.push(finding.related(Place::BackupWindow, &backup.source).promise(slug::POINT_IN_TIME_RECOVERY));
    }
    if let Some(at) = copies_at {
        copies(at, backup, maintenance, findings);
    }
}

/// A snapshot that AWS Backup begins in or near a window of RDS may fail, and that day then has neither snapshot nor copy.
/// Warnings, because the margin is known second hand only (field notes 20): AWS may still take such a snapshot.
fn copies(
    at: &Spanned<TimeOfDay>,
    backup: &Spanned<DailyWindow>,
    maintenance: &Spanned<WeeklyWindow>,
    findings: &mut Vec<Finding>,
) {
    let window = |fault, source| {
        let right = Right::ClearOfSnapshots { from: at.value.next_window(START_WINDOW).to_string(), to: at.value.to_string() };
        let finding = Finding::warning("copies-near-window", Some(source), fault).expected(right);
        finding.related(Place::Snapshots, &at.source).promise(slug::RECOVERY_COPIES)
    };
    if backup.is_near(at.value, START_WINDOW) {
        findings.push(window(RuleFault::SnapshotsNear, &backup.source));
    }
    if maintenance.is_near(at.value, START_WINDOW) {
        let fault = RuleFault::SnapshotsNearMaintenance { window: maintenance.value.to_string() };
        findings.push(window(fault, &maintenance.source));
    }
}

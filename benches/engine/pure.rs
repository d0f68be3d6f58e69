//! The pure part of `tokaido plan ENV`, step by step, and whether its answer is the right one.

use std::path::Path;
use std::sync::Arc;

use jiff::civil::date;
use tokaido::kinds::{self, db_instance};
use tokaido::model::observed::CallRecord;
use tokaido::model::{
    DesiredResource, DesiredState, Environment, ObservedState, PlanBody, RecordedState, ResourceId, Schemas, Severity,
    VerdictState, slug, tags,
};
use tokaido::plan::classify::Answer;
use tokaido::plan::{self, PlanningInput};
use tokaido::project;

/// Files → desired state: read, overlaid, decoded, checked, compiled.
///
/// # Panics
/// When the files have a mistake.
pub fn load(project: &Path) -> DesiredState {
    let mut loaded = project::load(project, &[Environment::Dev], date(2026, 11, 1));
    let mistake = loaded.findings.iter().find(|finding| finding.severity == Severity::Error);
    assert!(mistake.is_none(), "the estate has a mistake: {mistake:?}");
    let state = loaded.states.remove(&Environment::Dev).expect("an environment without a mistake");
    Arc::unwrap_or_clone(state)
}

/// Listings → what is observed: sorted into ours and others, identifiers lifted to references.
pub fn observe(desired: &DesiredState, schemas: &Schemas, answers: Vec<(CallRecord, Answer)>) -> ObservedState {
    plan::classify(desired, None, schemas, answers)
}

pub fn input<'a>(
    desired: &'a DesiredState,
    observed: &'a ObservedState,
    recorded: Option<&'a RecordedState>,
    schemas: &'a Schemas,
) -> PlanningInput<'a> {
    PlanningInput { desired, observed, recorded, schemas, tool_version: env!("CARGO_PKG_VERSION") }
}

/// The two readings of a finished body without which no plan leaves the pipeline.
pub fn distrust(input: &PlanningInput<'_>, body: &PlanBody) -> Vec<String> {
    let mut found = plan::lint(body, input.desired, input.observed, input.schemas);
    found.extend(plan::undeclared(body, input.desired, input.schemas, None));
    found
}

/// A converged world wants nothing, and every promise that is checked is kept.
///
/// # Panics
/// When the body says anything else.
pub fn assert_converged(desired: &DesiredState, body: &PlanBody, distrust: &[String]) {
    assert_eq!(distrust, &[] as &[String]);
    assert_eq!(body.summary.unchanged, desired.resources.len(), "{:?}", body.summary);
    let said = [
        ("changes", body.changes.len()),
        ("steps", body.steps.len()),
        ("drifted", body.drifted.len()),
        ("pending", body.pending.len()),
        ("orphans", body.orphans.len()),
        ("foreign", body.foreign.len()),
        ("copies", body.copies.len()),
        ("unreadable", body.unreadable.len()),
        ("blocked", body.blocked.len()),
    ];
    assert!(said.iter().all(|(_, count)| *count == 0), "a converged world is not quiet: {said:?}");
    assert!(!body.promises.is_empty(), "no promise was judged");
    let tenant = |resource: &DesiredResource| resource.tags.get(tags::TENANT).is_some_and(|tenant| *tenant != "shared");
    let tenants = desired.resources.values().any(tenant);
    for promise in &body.promises {
        // Without a tenant there is nothing to isolate.
        let isolates = [slug::TENANT_ISOLATION, slug::VIRTUAL_SEPARATION].contains(&promise.promise.as_str());
        let wanted = if isolates && !tenants { VerdictState::NotApplicable } else { VerdictState::Kept };
        assert_eq!((promise.before, promise.after), (wanted, wanted), "{}", promise.promise);
    }
}

/// The database of a tenant.
///
/// # Panics
/// When it has none.
pub fn database_of(desired: &DesiredState, tenant: &str) -> ResourceId {
    let of = |resource: &DesiredResource| resource.tags.get(tags::TENANT).is_some_and(|owner| owner == tenant);
    let mut databases = desired.resources.iter().filter(|(id, _)| id.kind == db_instance::NAME);
    databases.find(|(_, resource)| of(resource)).map(|(id, _)| id.clone()).expect("a tenant has a database")
}

/// Plans again with one database's backups shortened by hand: exactly that must be found, and the promise broken by it. So a
/// planner or a judge that overlooks members is not fast but wrong.
///
/// # Panics
/// When the plan finds anything else.
pub fn assert_sees(desired: &DesiredState, mut observed: ObservedState, recorded: Option<&RecordedState>, database: &ResourceId) {
    let live = observed.owned.get_mut(database).expect("the database of the last tenant");
    live.attributes.put(db_instance::at::backup_retention_days, 1);
    let schemas = kinds::schemas();
    let input = input(desired, &observed, recorded, &schemas);
    let body = plan::plan(&input);
    assert_eq!(distrust(&input, &body), [] as [String; 0]);
    let changed: Vec<&ResourceId> = body.changes.iter().map(|change| &change.id).collect();
    assert_eq!(changed, [database], "one thing was changed by hand");
    let broken = |promise: &&tokaido::model::PromiseMove| promise.before == VerdictState::Broken;
    let moved: Vec<_> = body.promises.iter().filter(broken).flat_map(|promise| &promise.resources).collect();
    assert!(!moved.is_empty(), "a promise is broken");
    assert!(moved.iter().all(|subject| **subject == database.to_string()), "{moved:?}");
}

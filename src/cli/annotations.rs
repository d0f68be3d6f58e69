//! Annotations of a plan: the upstream comparison, the approvals, the plans that wait for approval.

use std::collections::BTreeMap;
use std::fs;

use crate::desired::Override;
use crate::file;
use crate::govern::approval::Standing;
use crate::govern::promotion;
use crate::govern::status::Waiting;
use crate::govern::upstream::{self, Likeness, Place};
use crate::model::{DesiredState, Environment, Explained, Language, Plan, ResourceId};
use crate::render::Annotations;
use crate::render::annotations::{Approval, Approvals, UpstreamStanding};
use crate::render::rows::{Line, Role};
use crate::store::{Record, executions, history, last_begun, spent};

use super::approval_evidence;
use super::args::Cli;
use super::context::{self, store_of};
use super::exit::Failure;
use super::records::unreadable;
use super::terminal::Terminal;
use super::words::applying::NO_VALUE;

/// For outputs that stand alone. `records` are those of the plan's environment.
pub async fn annotations(
    cli: &Cli,
    plan: &Plan,
    desired: &DesiredState,
    records: &[Record],
    language: Language,
    terminal: &Terminal,
) -> Result<Annotations, Failure> {
    let staging = compared(cli, plan, terminal).await?.map(|upstream| upstreams(&upstream));
    // A page without this line is better than no page: `apply` checks the approvals again.
    let approvals = match standing(cli, plan, desired, records, terminal) {
        Ok(standing) => approvals(&standing, language),
        Err(failure) => {
            terminal.problem(failure.shown());
            None
        }
    };
    let promotion_path = promotion_path(cli, plan.body.environment)?;
    let records = desired.bucket.as_ref().map(|bucket| Line::new().value(Role::Path, format!("s3://{bucket}")));
    let lines: Vec<Line> = promotion_path.iter().map(|found| said_here(found, language)).chain(records).collect();
    Ok(Annotations {
        staging,
        approvals,
        promotion_path: (!lines.is_empty()).then(|| Line::dotted(lines)),
        ..Annotations::default()
    })
}

/// Overrides of the environment's own file about promotion: soak, approvals, notice. They are in no release, so no environment
/// before has tried them.
pub fn promotion_path(cli: &Cli, environment: Environment) -> Result<Vec<Override>, Failure> {
    let found = context::load(cli, &[environment])?.overrides.remove(&environment).unwrap_or_default();
    Ok(found.into_iter().filter(|found| found.path.starts_with("change.")).collect())
}

fn said_here(found: &Override, language: Language) -> Line {
    Line::new()
        .value(Role::Path, &found.path)
        .value(Role::Before, found.base.clone().unwrap_or_else(|| NO_VALUE.say(language).to_owned()))
        .value(Role::Muted, "→")
        .value(Role::After, &found.here)
        .value(Role::Muted, found.source.to_string())
}

/// Compares the plan with what the environment before executed; `None` where there is none before.
pub async fn compared(cli: &Cli, plan: &Plan, terminal: &Terminal) -> Result<Option<upstream::UpstreamComparison>, Failure> {
    let Some(before) = promotion::before(plan.body.environment) else { return Ok(None) };
    let records = store_of(cli, before, terminal).await?.records(before).await.map_err(|error| unreadable(&error))?;
    // Its account is part of many values; when its file is broken the values only look less alike.
    let loaded = context::load(cli, &[before])?;
    let account = loaded.states.get(&before).map_or("", |state| state.account.as_str());
    Ok(Some(upstream::compare(&plan.body, Place { environment: before, account }, &executions(&records))))
}

/// A change is as new as its newest part.
fn upstreams(upstream: &upstream::UpstreamComparison) -> BTreeMap<ResourceId, UpstreamStanding> {
    let mut found: BTreeMap<ResourceId, UpstreamStanding> = BTreeMap::new();
    for row in &upstream.rows {
        let like = match row.likeness {
            Likeness::Never => UpstreamStanding::Never,
            Likeness::OtherOperation { .. } => UpstreamStanding::OtherOperation,
            Likeness::OtherResource { .. } | Likeness::OtherValue { .. } => UpstreamStanding::OtherValues,
            Likeness::Same => UpstreamStanding::Same,
        };
        found.entry(row.id.clone()).and_modify(|known| *known = (*known).min(like)).or_insert(like);
    }
    found
}

/// Under the roles in force.
pub fn standing(
    cli: &Cli,
    plan: &Plan,
    desired: &DesiredState,
    records: &[Record],
    terminal: &Terminal,
) -> Result<Standing, Failure> {
    let applied = approval_evidence::applied_roles(cli, &history(records), desired.release.as_ref(), terminal)?;
    approval_evidence::standing(cli, plan, desired, records, applied.as_ref())
}

const NEEDED: Explained = Explained::new("people must approve, never the author", "名の承認が必要です（作成者本人を除く）");

/// `None` when no approval is needed.
fn approvals(standing: &Standing, language: Language) -> Option<Approvals> {
    if standing.required == 0 && standing.groups.is_empty() {
        return None;
    }
    let approved = standing.approved.iter().map(|vote| Approval { by: vote.person.clone(), at: vote.at.to_string() });
    let reason = match language {
        Language::En => format!("{} {}", standing.required, NEEDED.say(language)),
        Language::Ja => format!("{}{}", standing.required, NEEDED.say(language)),
    };
    // Also whose: three signatures of one group may still be too few.
    let reason = standing.groups.iter().fold(reason, |words, (group, least)| match language {
        Language::En => format!("{words}, {least} of them of {group}"),
        Language::Ja => format!("{words}。うち{group}から{least}名"),
    });
    // Only who is asked: `approve --list` says why each signature is missing.
    let missing = if standing.missing.is_empty() { Vec::new() } else { standing.able.iter().cloned().collect() };
    Some(Approvals { approved: approved.collect(), missing, reason })
}

/// Saved plans that could still be applied and wait for approvals, by id.
pub fn waiting(
    cli: &Cli,
    environment: Environment,
    desired: &DesiredState,
    records: &[Record],
    terminal: &Terminal,
) -> Result<Vec<Waiting>, Failure> {
    let folder = cli.project.join("plans").join(environment.as_str());
    let now = context::now(cli)?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        // A file that is no plan does not concern `status`; `show` says what is wrong with it.
        let Some(plan) = file::text(&path).ok().and_then(|text| Plan::read(&text).ok()) else { continue };
        let over = plan.expires_at.parse::<jiff::Timestamp>().map_or(true, |expires| expires <= now);
        // The same body may have been applied before and be needed again.
        let made = plan.created_at.parse::<jiff::Timestamp>().ok();
        let used =
            spent(records, &plan.nonce).is_some() || last_begun(records, &plan.id).is_some_and(|begun| Some(begun) >= made);
        if over
            || used
            || plan.body.is_empty()
            || plan.body.is_denied()
            || plan.body.environment != environment
            || !plan.is_current()
            || plan.foreign.is_some()
            || plan.digest() != plan.id
            || plan.sealed() != plan.seal
        {
            continue;
        }
        let standing = standing(cli, &plan, desired, records, terminal)?;
        if standing.required == 0 && standing.groups.is_empty() {
            continue;
        }
        found.push(Waiting {
            plan: plan.id.clone(),
            author: plan.author.clone(),
            expires_at: plan.expires_at.clone(),
            required: standing.required,
            approved: standing.approved.iter().map(|vote| vote.person.clone()).collect(),
            able: standing.able.iter().cloned().collect(),
            complete: standing.missing.is_empty(),
        });
    }
    found.sort_by(|a, b| a.plan.cmp(&b.plan));
    Ok(found)
}

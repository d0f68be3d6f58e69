//! What others know about a plan: what the environment before did with it, who has approved, what waits for whom.

use std::collections::BTreeMap;
use std::fs;

use crate::desired::Override;
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
    // A page without this line is better than no page: who may approve is asked again before anything is applied.
    let approvals = match standing(cli, plan, desired, records, terminal) {
        Ok(standing) => approvals(&standing, language),
        Err(failure) => {
            terminal.problem(&failure.text(Language::En));
            None
        }
    };
    let promotion_path = promotion_path(cli, plan.body.environment)?;
    let records = desired.bucket.as_ref().map(|bucket| Line::new().value(Role::Path, format!("s3://{bucket}")));
    let lines: Vec<Line> = promotion_path.iter().map(said_here).chain(records).collect();
    Ok(Annotations {
        staging,
        approvals,
        promotion_path: (!lines.is_empty()).then(|| Line::dotted(lines)),
        ..Annotations::default()
    })
}

/// What the environment's own file says otherwise about the way to it: soak, approvals, notice. It comes with no release,
/// so nothing before it has tried it.
pub fn promotion_path(cli: &Cli, environment: Environment) -> Result<Vec<Override>, Failure> {
    let found = context::load(cli, &[environment])?.overrides.remove(&environment).unwrap_or_default();
    Ok(found.into_iter().filter(|found| found.path.starts_with("change.")).collect())
}

fn said_here(found: &Override) -> Line {
    Line::new()
        .value(Role::Path, &found.path)
        .value(Role::Before, found.base.clone().unwrap_or_else(|| "(nothing)".to_owned()))
        .value(Role::Muted, "→")
        .value(Role::After, &found.here)
        .value(Role::Muted, found.source.to_string())
}

/// The plan beside what was executed in the environment before; `None` where there is none.
pub async fn compared(cli: &Cli, plan: &Plan, terminal: &Terminal) -> Result<Option<upstream::UpstreamComparison>, Failure> {
    let Some(before) = promotion::before(plan.body.environment) else { return Ok(None) };
    let records = store_of(cli, before, terminal).await?.records(before).await.map_err(|error| unreadable(&error))?;
    // Its account is part of many values; where its file is broken they only look less alike.
    let loaded = context::load(cli, &[before])?;
    let account = loaded.states.get(&before).map_or("", |state| state.account.as_str());
    Ok(Some(upstream::compare(&plan.body, Place { environment: before, account }, &executions(&records))))
}

/// A change is as new as the newest part of it.
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

/// `None` where nobody has to.
fn approvals(standing: &Standing, language: Language) -> Option<Approvals> {
    if standing.required == 0 && standing.groups.is_empty() {
        return None;
    }
    let approved = standing.approved.iter().map(|vote| Approval { by: vote.person.clone(), at: vote.at.to_string() });
    let reason = match language {
        Language::En => format!("{} {}", standing.required, NEEDED.say(language)),
        Language::Ja => format!("{}{}", standing.required, NEEDED.say(language)),
    };
    // And of whom: three signatures of one group may still be too few.
    let reason = standing.groups.iter().fold(reason, |words, (group, least)| match language {
        Language::En => format!("{words}, {least} of them of {group}"),
        Language::Ja => format!("{words}。うち{group}から{least}名"),
    });
    // Who is meant, not why each signature is missing: `approve --list` says that.
    let missing = if standing.missing.is_empty() { Vec::new() } else { standing.able.iter().cloned().collect() };
    Some(Approvals { approved: approved.collect(), missing, reason })
}

/// Saved plans that could still be applied and wait for somebody's word, by id.
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
        // What is no plan is no business of a status; `show` says what is wrong with it.
        let Some(plan) = fs::read_to_string(&path).ok().and_then(|text| Plan::read(&text).ok()) else { continue };
        let over = plan.expires_at.parse::<jiff::Timestamp>().map_or(true, |expires| expires <= now);
        // The same body may have been applied before, and be wanted again.
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

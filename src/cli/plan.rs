//! `tokaido plan ENV`: reads the live world, compares, and shows what would change.

use crate::govern::approval::unknown_author;
use crate::govern::roles::{requirement, roles_in_force};
use crate::model::{Environment, Plan, Reason as _, Said, Unreadable};
use crate::pipeline::Session;
use crate::render::{Annotations, jst};
use crate::store::history;
use crate::world::CallLog;

use super::annotations::{annotations, promotion_path};
use super::approval_evidence;
use super::args::{Cli, PlanArgs, PlanFormat};
use super::author::author;
use super::context::{self, Access};
use super::emergencies::note_open;
use super::exit::{Exit, Failure, completeness, policy_outcome};
use super::next::next;
use super::records::unreadable;
use super::release;
use super::saved;
use super::terminal::Terminal;
use super::words::applying::{Applying, NOTHING};
use super::words::general::General;
use super::words::{self, same};

pub async fn run(cli: &Cli, args: &PlanArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    // A saved plan is bound to its world, so that world must exist.
    let access = if args.save { Access::Change } else { Access::Read };
    let session = context::session(cli, args.environment, access, terminal).await?;
    let mut planned = session.plan().await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    if let Some(author) = author(args.author.as_deref(), &cli.project) {
        planned.plan = planned.plan.authored(author);
    }
    if let Some(note) = pin_note(cli, &planned.plan)? {
        terminal.note(note);
    }
    if args.environment == Environment::Production {
        for found in promotion_path(cli, args.environment)? {
            terminal.note(Applying::HereAlone {
                place: found.source.to_string(),
                base: found.base.map_or_else(|| NOTHING.into(), same),
                path: found.path,
                here: found.here,
            });
        }
    }
    let saved = if args.save {
        // A used plan is rewritten; without records none was used.
        let records = session.store.records(args.environment).await.unwrap_or_default();
        let saved = saved::save(cli, planned.plan.clone(), &records)?;
        planned.plan = saved.plan.clone();
        Some(saved)
    } else {
        None
    };
    let path = saved.as_ref().map(|saved| saved.path.display().to_string());
    let next = next(cli, &planned.plan, path.as_deref(), terminal.language);
    let tokaido = context::command(cli);
    let whole = match &path {
        Some(path) => format!("{tokaido} show {path} --format html"),
        None => format!("{tokaido} plan {} --format html", args.environment),
    };
    let alone = matches!(args.view.format, PlanFormat::Md | PlanFormat::Html);
    let annotations = if alone {
        let records = session.store.records(args.environment).await.map_err(|error| unreadable(&error))?;
        annotations(cli, &planned.plan, &session.desired, &records, terminal.language, terminal).await?
    } else {
        Annotations::default()
    };
    let annotations = Annotations { whole: Some(whole), ..annotations };
    let world = context::world(cli, &planned.plan.world);
    terminal.print(&args.view.write(&planned.plan, &world, terminal, &annotations, &next));
    note_unread(&planned.observed.unreadable, terminal);
    if let Some(saved) = &saved {
        let plan = &saved.plan;
        let path = words::path(&saved.path);
        terminal.must_see(if saved.kept {
            Applying::Kept { path, at: jst(&plan.created_at), author: plan.author.clone() }
        } else {
            Applying::Saved { path }
        });
        note_author(cli, &session, &planned.plan, terminal).await;
    }
    if let Some(note) = session.store.note() {
        terminal.note(note);
    }
    note_open(cli, &session, terminal).await;
    if args.stats {
        terminal.must_see(stats(session.world.calls()));
    }
    let changes = if args.detailed_exitcode && !planned.plan.body.is_empty() { Exit::Changes } else { Exit::Done };
    Ok(changes.worse(completeness(&planned.plan.body)).worse(policy_outcome(&planned.plan.body)))
}

/// AWS's full answer for each failed read, with the caller and the request id, which are in no plan.
pub(super) fn note_unread(unreadable: &[Unreadable], terminal: &Terminal) {
    for unread in unreadable {
        terminal.note(General::Unread { kind: unread.kind.clone(), region: unread.region, problem: unread.in_full().to_owned() });
    }
}

/// Reported now, before a person reads and signs the plan in vain.
async fn note_author(cli: &Cli, session: &Session, plan: &Plan, terminal: &Terminal) {
    let (environment, desired) = (plan.body.environment, &session.desired);
    let Ok(records) = session.store.records(environment).await else { return };
    let applied = match approval_evidence::applied_roles(cli, &history(&records), desired.release.as_ref(), terminal) {
        Ok(applied) => applied,
        Err(failure) => return terminal.problem(failure.shown()),
    };
    let Some(roles) = roles_in_force(applied.as_ref(), desired.roles.as_ref()) else { return };
    if requirement(Some(roles), environment, desired.approvals).required == 0 {
        return;
    }
    if let Some(refusal) = unknown_author(roles, plan) {
        terminal.note(Applying::NobodyApproves { why: refusal.why.said(), next: refusal.next.said() });
    }
}

/// Staging and production should use a release that was tried before them; dev is where the next release is tried.
fn pin_note(cli: &Cli, plan: &Plan) -> Result<Option<Said>, Failure> {
    let (environment, tokaido) = (plan.body.environment, context::command(cli));
    match &plan.body.release {
        None if environment != Environment::Dev => Ok(Some(Applying::NotPinned { environment, tokaido }.said())),
        Some(release) if environment == Environment::Dev && release::tree_moved(cli, release)? => {
            Ok(Some(Applying::TreeMovedOn { id: release.id.clone(), tokaido }.said()))
        }
        _ => Ok(None),
    }
}

/// Calls for each operation, and how many of them could change something.
pub fn stats(calls: &CallLog) -> Said {
    let counts = calls.counts();
    let width = counts.iter().map(|count| count.operation.len()).max().unwrap_or(0);
    let mut lines = vec![General::Calls.said()];
    for count in &counts {
        let line = format!("  {:width$}  {:>5}", count.operation, count.count);
        let mark = count.mutating.then(|| words::joined([same("  "), General::Changing.said()], ""));
        lines.push(words::joined([same(line), mark.unwrap_or_default()], ""));
    }
    lines.push(General::CallsInAll { all: calls.total(), mutating: calls.mutating() }.said());
    words::joined(lines, "\n")
}

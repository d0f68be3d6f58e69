//! `tokaido plan ENV`: live read, comparison, what would change.

use crate::govern::approval::unknown_author;
use crate::govern::roles::{requirement, roles_in_force};
use crate::model::{BlockedCode, Environment, Explained, Language, Plan, PlanBody, Unreadable};
use crate::pipeline::Session;
use crate::render::{Beside, jst};
use crate::store::history;
use crate::world::CallLog;

use super::args::{Cli, PlanArgs, PlanFormat};
use super::author::author;
use super::beside::{beside, lane};
use super::context::{self, Access};
use super::exit::{Exit, Failure};
use super::papers;
use super::promote::unreadable;
use super::release;
use super::review::note_open;
use super::saved;
use super::terminal::Terminal;

pub async fn run(cli: &Cli, args: &PlanArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    // A saved plan is bound to its world, so that world has to exist.
    let access = if args.save { Access::Change } else { Access::Read };
    let session = context::session(cli, args.environment, access, terminal).await?;
    let mut planned = session.plan().await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    if let Some(author) = author(args.author.as_deref(), &cli.project) {
        planned.plan = planned.plan.authored(author);
    }
    if let Some(note) = pin_note(cli, &planned.plan)? {
        terminal.note(&note);
    }
    if args.environment == Environment::Production {
        for found in lane(cli, args.environment)? {
            let base = found.base.as_deref().unwrap_or("nothing");
            terminal.note(&format!("{}: {} is {} here alone; below it is {base}", found.source, found.path, found.here));
        }
    }
    let saved = if args.save {
        // What was used is written anew; without records nothing was.
        let records = session.store.records(args.environment).await.unwrap_or_default();
        let saved = saved::save(cli, planned.plan.clone(), &records)?;
        planned.plan = saved.plan.clone();
        Some(saved)
    } else {
        None
    };
    let path = saved.as_ref().map(|saved| saved.path.display().to_string());
    let next = next(cli, &planned.plan, path.as_deref(), args.view.lang.into());
    let tokaido = context::command(cli);
    let whole = match &path {
        Some(path) => format!("{tokaido} show {path} --format html"),
        None => format!("{tokaido} plan {} --format html", args.environment),
    };
    let alone = matches!(args.view.format, PlanFormat::Md | PlanFormat::Html);
    let beside = if alone {
        let records = session.store.records(args.environment).await.map_err(|error| unreadable(&error))?;
        beside(cli, &planned.plan, &session.desired, &records, args.view.lang.into(), terminal).await?
    } else {
        Beside::default()
    };
    let beside = Beside { whole: Some(whole), ..beside };
    let world = context::world(cli, &planned.plan.world);
    terminal.print(&args.view.write(&planned.plan, &world, terminal, &beside, &next));
    note_unread(&planned.observed.unreadable, terminal);
    if let Some(saved) = &saved {
        let plan = &saved.plan;
        let path = saved.path.display();
        let made = || format!("the same plan, made {} by {}, and signed", jst(&plan.created_at), plan.author);
        terminal.note(&if saved.kept {
            format!("kept {path}: {}; remove {path} to make it anew, and have it signed anew", made())
        } else {
            format!("saved {path}")
        });
        note_author(cli, &session, &planned.plan, terminal).await;
    }
    if let Some(note) = session.store.note() {
        terminal.note(&note);
    }
    note_open(cli, &session, terminal).await;
    if args.stats {
        terminal.note(&stats(session.world.calls()));
    }
    let changes = if args.detailed_exitcode && !planned.plan.body.is_empty() { Exit::Changes } else { Exit::Done };
    Ok(changes.worse(quality(&planned.plan.body)).worse(passage(&planned.plan.body)))
}

/// What AWS said of reads that failed, in full: with the caller and the request id, which are in no plan.
pub(super) fn note_unread(unreadable: &[Unreadable], terminal: &Terminal) {
    for unread in unreadable {
        terminal.note(&format!("{} in {}: {}", unread.kind, unread.region, unread.in_full()));
    }
}

/// Now, and not when somebody has read and signed it for nothing.
async fn note_author(cli: &Cli, session: &Session, plan: &Plan, terminal: &Terminal) {
    let (environment, desired) = (plan.body.environment, &session.desired);
    let Ok(records) = session.store.records(environment).await else { return };
    let applied = match papers::applied_roles(cli, &history(&records), desired.release.as_ref(), terminal) {
        Ok(applied) => applied,
        Err(failure) => return terminal.problem(&failure.text(Language::En)),
    };
    let Some(roles) = roles_in_force(applied.as_ref(), desired.roles.as_ref()) else { return };
    if requirement(Some(roles), environment, desired.approvals).required == 0 {
        return;
    }
    if let Some(refusal) = unknown_author(roles, plan) {
        terminal.note(&format!("nobody can approve it: {}; {}", refusal.why, refusal.next));
    }
}

/// Staging and production are meant to be what was tried before them; dev is where the next release is tried.
fn pin_note(cli: &Cli, plan: &Plan) -> Result<Option<String>, Failure> {
    let (environment, tokaido) = (plan.body.environment, context::command(cli));
    match &plan.body.release {
        None if environment != Environment::Dev => Ok(Some(format!(
            "{environment} has no `release:`, so this is a plan of the tree; `{tokaido} promote RELEASE --to {environment}` pins it"
        ))),
        Some(release) if environment == Environment::Dev && release::tree_moved(cli, release)? => Ok(Some(format!(
            "dev is pinned to {id} and the tree has moved on: `{tokaido} release diff {id}` shows how; without its line `release:` dev is compiled from the tree",
            id = release.id
        ))),
        _ => Ok(None),
    }
}

/// The way of a plan of production: signatures bind a saved one.
pub fn signed(tokaido: &str, language: Language) -> Vec<String> {
    vec![
        format!("{tokaido} plan production --save      {}", KEEP.say(language)),
        format!("{tokaido} approve PLAN --key FILE     {}", SIGN.say(language)),
        format!("{tokaido} apply PLAN"),
    ]
}

/// What a plan could not promise: refused wishes are errors, failed reads leave it undetermined.
pub fn quality(body: &PlanBody) -> Exit {
    let read_failed = !body.unreadable.is_empty();
    let unknown = |code| matches!(code, BlockedCode::Unreadable | BlockedCode::InDoubt);
    let undetermined = |code| unknown(code) || (code == BlockedCode::DependsOnBlocked && read_failed);
    let refused = body.blocked.iter().any(|blocked| !undetermined(blocked.code));
    let exit = if read_failed { Exit::Undetermined } else { Exit::Done };
    if refused { exit.worse(Exit::Error) } else { exit }
}

/// Whether policies let it pass. An apply that an emergency took past them was not refused, so this is no matter of quality.
pub fn passage(body: &PlanBody) -> Exit {
    if body.is_denied() { Exit::Refused } else { Exit::Done }
}

/// What to type about a plan that a policy refuses; an emergency is the only other way.
pub fn next_of_denied(tokaido: &str, environment: Environment, target: &str, language: Language) -> Vec<String> {
    vec![
        format!("{tokaido} plan {environment}    {}", AFTER.say(language)),
        format!("{tokaido} apply {target} --emergency REASON    {}", PAST.say(language)),
    ]
}

fn next(cli: &Cli, plan: &Plan, saved: Option<&str>, language: Language) -> Vec<String> {
    let (tokaido, environment) = (context::command(cli), plan.body.environment);
    if plan.body.is_empty() {
        return Vec::new();
    }
    if plan.body.is_denied() {
        return next_of_denied(&tokaido, environment, saved.unwrap_or(environment.as_str()), language);
    }
    match saved {
        Some(path) if environment == Environment::Production => vec![
            format!("{tokaido} approve {path} --key FILE    each approver, after reading it"),
            format!("{tokaido} apply {path}"),
        ],
        Some(path) => vec![format!("{tokaido} apply {path}")],
        None if environment == Environment::Production => signed(&tokaido, language),
        None => vec![
            format!("{tokaido} plan {environment} --save    {}", KEEP.say(language)),
            format!("{tokaido} apply {environment}          {}", AGAIN.say(language)),
        ],
    }
}

const KEEP: Explained = Explained::new("keep this plan for review", "この計画をレビュー用に保存する");
const SIGN: Explained = Explained::new("each approver, after reading it", "承認者ごとに、内容を読んでから");
const AGAIN: Explained = Explained::new("plan again, ask, and apply", "もう一度計画し、確認してから適用する");

const AFTER: Explained =
    Explained::new("after what the policies name was changed", "ポリシーが示す箇所を直してから、もう一度計画する");
const PAST: Explained = Explained::new(
    "goes past them: recorded, and open until a second person reviews it",
    "ポリシーを越えて適用する。記録され、別の人が確認するまで残る",
);

/// Calls per operation, and how many of them could change something.
pub fn stats(calls: &CallLog) -> String {
    let counts = calls.counts();
    let width = counts.iter().map(|count| count.operation.len()).max().unwrap_or(0);
    let mut lines = vec!["calls:".to_owned()];
    for count in &counts {
        let mark = if count.mutating { "  changing" } else { "" };
        lines.push(format!("  {:width$}  {:>5}{mark}", count.operation, count.count));
    }
    lines.push(format!("calls in all: {}; mutating calls: {}", calls.total(), calls.mutating()));
    lines.join("\n")
}

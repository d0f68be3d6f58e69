//! `tokaido promote RELEASE --to ENV`: verify, decide, plan with the new pin, and only then write it.

use super::args::{Cli, Format, PromoteArgs};
use super::context::{self, Access, Begin, TOOL_VERSION, has_errors, store_of};
use super::exit::{Exit, Failure, completeness, policy_outcome};
use super::next::{next_of_denied, signed};
use super::records::{sighted, unreadable};
use super::terminal::Terminal;
use super::words::general::General;
use super::words::releasing::{AGAIN, KEEP, Releasing};
use super::{annotations, output, release};
use crate::desired::{Override, own_file, pin};
use crate::file;
use crate::govern::promotion::{self, Allowed, Asked, PromotionInput, Refusal, WatchedState, Way, decide};
use crate::govern::upstream::UpstreamComparison;
use crate::kinds;
use crate::model::plan::SCHEMA_VERSION;
use crate::model::{DesiredState, Environment, Finding, Language, Plan, Reason as _, ReleaseRef, Said};
use crate::pipeline::Session;
use crate::project::Quotes;
use crate::render::promotion::{self as render, Granted};
use crate::render::{json, plan as render_plan};
use crate::store::{Record, history};
use jiff::SignedDuration;
use serde::Serialize;
use std::sync::Arc;
use std::{fs, io};

pub async fn run(cli: &Cli, args: &PromoteArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let manifest = release::read(cli, &args.release, terminal)?;
    let release = manifest.reference();
    let file = EnvironmentFile::read(cli, args.to)?;
    let candidate = file.with(cli, &args.release, terminal)?;
    let granted = match allowed(cli, args, &manifest.tool_version, &release, &candidate.state, terminal).await? {
        Ok(granted) => granted,
        Err(refusals) => return refuse(cli, args, &release, &refusals, terminal),
    };
    // A pin that is there already may have been written by hand: the decision is made all the same.
    if file.pinned.as_deref() == Some(args.release.as_str()) && !is_recorded(&granted) {
        if args.view.format == Format::Json {
            let world = context::identity(cli)?;
            terminal.print(&json::pretty(&serde_json::json!({
                "schema_version": SCHEMA_VERSION, "environment": args.to, "world": world, "release": release,
                "was": file.pinned, "pinned": true,
            })));
            return Ok(Exit::Done);
        }
        terminal.say(Releasing::PinnedAlready {
            environment: args.to,
            release: args.release.clone(),
            tokaido: context::command(cli),
        });
        return Ok(Exit::Done);
    }
    // The live read comes before the edit, so that a promotion that cannot be planned pins nothing.
    let session = context::session_of(cli, candidate.state, Access::Read, terminal).await?;
    let planned = session.plan().await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    let upstream = annotations::compared(cli, &planned.plan, terminal).await?;
    // A blocked or refused plan shows what is missing: the pin says what is wanted, and `apply` refuses. A plan with failed reads
    // says nothing, so it pins nothing.
    let found = completeness(&planned.plan.body).worse(policy_outcome(&planned.plan.body));
    let pinned = planned.plan.body.unreadable.is_empty();
    let page = Promotion {
        schema_version: SCHEMA_VERSION,
        environment: args.to,
        world: &planned.plan.world,
        release: &release,
        was: file.pinned.as_deref(),
        pinned,
        allowed: &granted,
        overrides: &candidate.overrides,
        upstream: upstream.as_ref(),
        plan: &planned.plan,
    };
    if !pinned {
        show(cli, args, &page, terminal);
        terminal.problem(Releasing::NotPinned { environment: args.to, release: args.release.clone() });
        return Ok(found);
    }
    file.write(&candidate.text)?;
    if let Some(record) = record(args, &release, &granted, &session, &planned.caller.arn)
        && let Err(error) = session.store.append(args.to, &record).await
    {
        let back = file.write_over(&candidate.text, &file.text);
        let error = error.said();
        return Err(Failure::error(if matches!(back, Ok(true)) {
            Releasing::PutBack { error }
        } else {
            Releasing::NotPutBack { error }
        }));
    }
    show(cli, args, &page, terminal);
    Ok(found)
}

/// The document of `--format json`.
#[derive(Serialize)]
struct Promotion<'a> {
    schema_version: u32,
    environment: Environment,
    /// Where the plan was made, as it says.
    world: &'a str,
    release: &'a ReleaseRef,
    was: Option<&'a str>,
    /// Whether the file has the pin now: an incomplete plan leaves the file as it was.
    pinned: bool,
    #[serde(flatten)]
    allowed: &'a Allowed,
    overrides: &'a [Override],
    #[serde(rename = "twin")]
    upstream: Option<&'a UpstreamComparison>,
    plan: &'a Plan,
}

fn show(cli: &Cli, args: &PromoteArgs, page: &Promotion<'_>, terminal: &Terminal) {
    if args.view.format == Format::Json {
        terminal.print(&json::pretty(page));
        return;
    }
    let (tokaido, to) = (context::command(cli), args.to);
    let granted = Granted {
        release: page.release,
        to,
        was: page.was,
        allowed: page.allowed,
        overrides: page.overrides,
        upstream: page.upstream,
    };
    let next = if page.plan.body.is_denied() {
        next_of_denied(&tokaido, to, to.as_str(), terminal.language)
    } else if to == Environment::Production {
        signed(&tokaido, terminal.language)
    } else {
        vec![
            format!("{tokaido} plan {to} --save    {}", KEEP.say(terminal.language)),
            format!("{tokaido} apply {to}          {}", AGAIN.say(terminal.language)),
        ]
    };
    if page.pinned {
        terminal.print(&render::head(&granted, &terminal.style, terminal.language));
    }
    let world = context::world(cli, &page.plan.world);
    let options = args.view.options(terminal.language);
    terminal.print(&render_plan::text_in(&world, page.plan, &kinds::schemas(), &options, &terminal.style, &[]));
    if !page.pinned {
        return;
    }
    terminal.print(&render::tail(&granted, &terminal.style, &next, terminal.language));
}

fn refuse(
    cli: &Cli,
    args: &PromoteArgs,
    release: &ReleaseRef,
    refusals: &[Refusal],
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    if args.view.format == Format::Json {
        let world = context::identity(cli)?;
        let document = serde_json::json!({ "schema_version": SCHEMA_VERSION, "world": world, "refusals": refusals });
        terminal.print(&json::pretty(&document));
    }
    let command = context::command(cli);
    let asked = Asked { command: &command, release, to: args.to };
    let told = |language| render::refused(refusals, &asked, language);
    Err(Failure { exit: Exit::Refused, said: Said::new(told(Language::En), told(Language::Ja)) })
}

async fn allowed(
    cli: &Cli,
    args: &PromoteArgs,
    cut_with: &str,
    release: &ReleaseRef,
    state: &DesiredState,
    terminal: &Terminal,
) -> Result<Result<Allowed, Vec<Refusal>>, Failure> {
    let own = history(&store_of(cli, args.to, terminal).await?.records(args.to).await.map_err(|error| unreadable(&error))?);
    let (before, sight) = match promotion::before(args.to) {
        Some(before) => {
            let store = store_of(cli, before, terminal).await?;
            let records = store.records(before).await.map_err(|error| unreadable(&error))?;
            (Some(history(&records)), sighted(cli, &*store, before).await?)
        }
        None => (None, Ok(None)),
    };
    let way = match (args.back, args.lift_hold) {
        (true, _) => Way::Back,
        (_, true) => Way::LiftHold,
        _ => Way::Forward,
    };
    Ok(decide(&PromotionInput {
        release,
        cut_with,
        tool_version: TOOL_VERSION,
        to: args.to,
        own: &own,
        before: before.as_ref(),
        sight: WatchedState::of(&sight),
        soak: SignedDuration::from_hours(state.soak_hours),
        now: context::now(cli)?,
        way,
    }))
}

/// Whether the promotion leaves a record besides the edited line.
const fn is_recorded(allowed: &Allowed) -> bool {
    matches!(allowed, Allowed::Back { leaves: Some(_) } | Allowed::HoldLifted)
}

fn record(args: &PromoteArgs, release: &ReleaseRef, allowed: &Allowed, session: &Session, by: &str) -> Option<Record> {
    let (at, by, reason) = (session.world.clock().now(), by.to_owned(), args.reason.clone().unwrap_or_default());
    match allowed {
        Allowed::Back { leaves: Some(left) } => Some(Record::Hold { at, release: left.clone(), by, reason }),
        Allowed::HoldLifted => Some(Record::HoldLifted { at, release: release.clone(), by, reason }),
        Allowed::Forward | Allowed::Withdrawal | Allowed::Back { leaves: None } => None,
    }
}

/// An environment's own file, as it was read.
pub struct EnvironmentFile<'a> {
    cli: &'a Cli,
    environment: Environment,
    name: String,
    text: String,
    pub pinned: Option<String>,
}

/// The environment with another pin.
pub struct Candidate {
    pub state: Arc<DesiredState>,
    pub overrides: Vec<Override>,
    text: String,
}

impl<'a> EnvironmentFile<'a> {
    pub fn read(cli: &'a Cli, environment: Environment) -> Result<Self, Failure> {
        let name = own_file(environment);
        let text = context::files(cli)?
            .text(&name)
            .map_err(|finding| Failure::error(Releasing::NotRead { path: name.clone(), problem: finding.message.into() }))?;
        let pinned = pin::pinned(&name, &text);
        Ok(Self { cli, environment, name, text, pinned })
    }

    /// Loads and checks everything as if the pin were written.
    pub fn with(&self, cli: &Cli, release: &str, terminal: &Terminal) -> Result<Candidate, Failure> {
        let text = pin::pin(&self.name, &self.text, release).map_err(Failure::error)?;
        let edits = [(self.name.clone(), text.clone().into_bytes())].into();
        let files = context::files(cli)?.edited(&edits);
        let mut loaded = files.load(&[self.environment], false);
        if has_errors(&loaded.findings) {
            self.place(&text, &mut loaded.findings);
            let begin = Begin::WithRelease { environment: self.environment, release: release.to_owned() };
            // A line more was only thought of; another release in a line that is there is what the mistake is about.
            let shown = if same_length(&self.text, &text) { &text } else { &self.text };
            return Err(context::mistakes(&begin, &loaded, &Quotes::of(&files).with(&self.name, shown), terminal));
        }
        let overrides = loaded.overrides.remove(&self.environment).unwrap_or_default();
        let state = loaded.states.remove(&self.environment);
        let state = state.ok_or_else(|| Failure::error(General::NotCompiled { environment: self.environment }))?;
        Ok(Candidate { state, overrides, text })
    }

    /// Places as in the file, which does not have the line of the new pin.
    fn place(&self, edited: &str, findings: &mut [Finding]) {
        if same_length(&self.text, edited) {
            return;
        }
        let pin = 1 + self.text.lines().zip(edited.lines()).take_while(|(old, new)| old == new).count();
        for finding in findings {
            let places = finding.source.iter_mut().chain(finding.related.iter_mut().map(|(_, place)| place));
            places.filter(|place| place.file == self.name && place.line > pin).for_each(|place| place.line -= 1);
        }
    }

    fn write(&self, text: &str) -> Result<(), Failure> {
        let path = self.name.clone();
        match self.write_over(&self.text, text) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::error(Releasing::Edited { path })),
            Err(error) => Err(Failure::error(General::NothingWritten { path, error: error.into() })),
        }
    }

    /// Replaces the file atomically, if it still has the content that was read. `false`: somebody edited it meanwhile.
    fn write_over(&self, expected: &str, text: &str) -> io::Result<bool> {
        let path = fs::canonicalize(self.cli.project.join(&self.name))?;
        if file::read(&path)? != expected.as_bytes() {
            return Ok(false);
        }
        output::replace(&path, text)?;
        Ok(true)
    }
}

fn same_length(text: &str, edited: &str) -> bool {
    text.lines().count() == edited.lines().count()
}

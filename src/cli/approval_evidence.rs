//! The approval evidence of a saved plan: `plans/<environment>/<id>.approvals/<person>-<n>.txt` and the signature `.txt.sig`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use jiff::SignedDuration;

use crate::file;
use crate::govern::approval::{self, Standing};
use crate::govern::history::History;
use crate::govern::permit::Promotion;
use crate::govern::promotion::{self, Asked, WatchedState};
use crate::govern::refusal::{NextStep, Refusal, Why};
use crate::govern::roles::roles_in_force;
use crate::govern::statement::Signed;
use crate::model::{DesiredState, Environment, Language, Plan, ReleaseRef, Roles, Said};
use crate::pipeline::{ApprovalEvidence, EvidenceSource, Session};
use crate::project::{Project, Quotes, releases};
use crate::promises::Promises;
use crate::store::{Record, Store, history, last_begun, relied_on};

use super::args::Cli;
use super::context::{self, TOOL_VERSION, store_of};
use super::exit::Failure;
use super::records::{sighted, unreadable};
use super::terminal::Terminal;

/// A statement has a few hundred bytes, a signature of a long RSA key less than two thousand.
const MAX_BYTES: u64 = 16 * 1024;

pub fn folder(project: &Path, environment: Environment, plan: &str) -> PathBuf {
    project.join("plans").join(environment.as_str()).join(format!("{}.approvals", plan.get(..12).unwrap_or(plan)))
}

/// Whether the pinned release was promoted, and which roles are in force: read anew at each question.
pub struct ProjectEvidence<'a> {
    cli: &'a Cli,
    session: &'a Session,
    terminal: &'a Terminal,
    before: Before,
}

/// The records of the environment before this one.
enum Before {
    /// No release is pinned, so promotion has nothing to decide.
    NotAsked,
    /// A release is pinned in the first environment, which has none before it.
    None,
    Unknown {
        before: Environment,
        why: Said,
    },
    There {
        before: Environment,
        store: Arc<dyn Store>,
    },
}

impl<'a> ProjectEvidence<'a> {
    /// Connects once to the records that it needs.
    pub async fn open(cli: &'a Cli, session: &'a Session, terminal: &'a Terminal) -> Self {
        let desired = &session.desired;
        let before = match promotion::before(desired.environment) {
            _ if desired.release.is_none() => Before::NotAsked,
            None => Before::None,
            Some(before) => match store_of(cli, before, terminal).await {
                Ok(store) => Before::There { before, store },
                Err(failure) => Before::Unknown { before, why: failure.said },
            },
        };
        Self { cli, session, terminal, before }
    }

    /// Reads the records of this environment and of the one before. A failed read is a refusal that an emergency override may
    /// skip, like any other: production must not depend on the health of staging.
    async fn answer(&self) -> Result<(Promotion, Option<Roles>), Failure> {
        let (desired, to) = (&self.session.desired, self.session.desired.environment);
        let own = history(&self.session.store.records(to).await.map_err(|error| unreadable(&error))?);
        let mut refusals = Vec::new();
        let applied_roles = match roles_of_applied(context::files(self.cli)?, &own, desired.release.as_ref(), self.terminal) {
            Ok(roles) => roles,
            // The first environment needs no approvals.
            Err(_) if promotion::before(to).is_none() => None,
            Err(why) => {
                refusals.push(Refusal::new(why, NextStep::RestoreRelease));
                // This refusal holds whatever the pinned roles say.
                None
            }
        };
        let unread = |environment: Environment, problem: Said| {
            Refusal::new(Why::BeforeUnread { environment, problem }, NextStep::MakeRecordsReadable { environment })
        };
        match (&self.before, desired.release.as_ref()) {
            (Before::NotAsked, _) | (_, None) => {}
            (Before::None, Some(release)) => {
                refusals.extend(not_promoted(self.cli, self.session, release, &own, None, WatchedState::Never)?);
            }
            (Before::Unknown { before, why }, _) => refusals.push(unread(*before, why.clone())),
            (Before::There { before, store }, Some(release)) => match store.records(*before).await {
                Ok(records) => {
                    let (there, sight) = (history(&records), sighted(self.cli, &**store, *before).await?);
                    refusals.extend(not_promoted(self.cli, self.session, release, &own, Some(&there), WatchedState::of(&sight))?);
                }
                Err(error) => refusals.push(unread(*before, unreadable(&error).said)),
            },
        }
        let known = !matches!(self.before, Before::NotAsked);
        let promotion = (known || !refusals.is_empty()).then_some(if refusals.is_empty() { Ok(()) } else { Err(refusals) });
        Ok((promotion, applied_roles))
    }
}

#[async_trait]
impl EvidenceSource for ProjectEvidence<'_> {
    async fn evidence(&self, plan: &Plan) -> Result<ApprovalEvidence, String> {
        let statements = statements(&self.cli.project, plan);
        let (promotion, applied_roles) = self.answer().await.map_err(|failure| failure.text(Language::En))?;
        Ok(ApprovalEvidence { statements, promotion, applied_roles })
    }
}

/// Why the pinned release did not come by promotion.
fn not_promoted(
    cli: &Cli,
    session: &Session,
    release: &ReleaseRef,
    own: &History,
    before: Option<&History>,
    sight: WatchedState<'_>,
) -> Result<Vec<Refusal>, Failure> {
    let (desired, to) = (&session.desired, session.desired.environment);
    let question = promotion::PromotionInput {
        release,
        cut_with: desired.release_tool.as_deref().unwrap_or_default(),
        tool_version: TOOL_VERSION,
        to,
        own,
        before,
        sight,
        soak: SignedDuration::from_hours(desired.soak_hours),
        now: context::now(cli)?,
        way: promotion::Way::Forward,
    };
    let asked = Asked { command: &context::command(cli), release, to };
    let refusals = promotion::may_apply(&question).err().unwrap_or_default();
    Ok(refusals.iter().map(|refusal| refusal.told(&asked)).collect())
}

/// The roles of the release that was promoted and applied here last, when it is another than the pinned one. So no person adds
/// themselves in the release that they then approve, nor by an earlier apply of something else.
pub fn applied_roles(
    cli: &Cli,
    own: &History,
    pinned: Option<&ReleaseRef>,
    terminal: &Terminal,
) -> Result<Option<Roles>, Failure> {
    roles_of_applied(context::files(cli)?, own, pinned, terminal).map_err(|why| Failure::refused_because(&why))
}

fn roles_of_applied(
    files: &Project,
    own: &History,
    pinned: Option<&ReleaseRef>,
    terminal: &Terminal,
) -> Result<Option<Roles>, Why> {
    let Some(applied) = own.governing() else { return Ok(None) };
    if pinned.is_some_and(|pinned| pinned.digest == applied.digest) {
        return Ok(None);
    }
    let (found, findings) = releases::roles(files, &applied.id);
    match found {
        Some((manifest, roles)) if manifest.digest() == applied.digest => {
            // Without a person in the roles no approval was possible; the first people come with the next release.
            Ok(roles.filter(|roles| !roles.people.is_empty()))
        }
        _ => {
            let quotes = Quotes::of(files);
            let findings = context::told(&findings, &Promises::default(), &quotes, Language::En, &terminal.error_style);
            Err(Why::RolesLost { release: applied.id.clone(), findings: findings.trim_end().to_owned() })
        }
    }
}

/// The standing of a plan by the statements beside it.
pub fn standing(
    cli: &Cli,
    plan: &Plan,
    desired: &DesiredState,
    records: &[Record],
    applied_roles: Option<&Roles>,
) -> Result<Standing, Failure> {
    let statements = statements(&cli.project, plan);
    Ok(approval::standing(&approval::ApprovalInput {
        plan,
        roles: roles_in_force(applied_roles, desired.roles.as_ref()),
        floor: desired.approvals,
        statements: &statements,
        used: last_begun(records, &plan.id),
        spent: &relied_on(records),
        now: context::now(cli)?,
    }))
}

/// Sorted by name. A file that cannot be read is kept with the reason in place of its text and counts as void; so does a
/// statement without its signature. Neither stops an emergency override.
pub fn statements(project: &Path, plan: &Plan) -> Vec<Signed> {
    let folder = folder(project, plan.body.environment, &plan.id);
    let shown = |path: &Path| path.strip_prefix(project).unwrap_or(path).display().to_string();
    let void = |path: &Path, why: String| Signed { file: shown(path), text: why, signature: String::new() };
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => return vec![void(&folder, format!("cannot be listed: {error}"))],
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(error) => {
                found.push(void(&folder, format!("cannot be listed: {error}")));
                continue;
            }
        };
        if path.extension().is_some_and(|extension| extension == "txt") {
            found.push(match small(&path) {
                Ok(text) => Signed { file: shown(&path), text, signature: small(&signature_of(&path)).unwrap_or_default() },
                Err(why) => void(&path, why),
            });
        }
    }
    found.sort_by(|a, b| a.file.cmp(&b.file));
    found
}

fn signature_of(path: &Path) -> PathBuf {
    path.with_extension("txt.sig")
}

/// The text of a small, regular file: reading a pipe would block, and a long text is no statement.
fn small(path: &Path) -> Result<String, String> {
    let cannot = |error: io::Error| format!("cannot be read: {error}");
    let about = fs::metadata(path).map_err(cannot)?;
    if !about.is_file() {
        return Err("not a file".to_owned());
    }
    if about.len() > MAX_BYTES {
        return Err(format!("{} bytes, and a statement has at most {MAX_BYTES}", about.len()));
    }
    let bytes = file::read(path).map_err(cannot)?;
    // A file that is no text is no statement; reading it as one makes it void.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes a statement and its signature under the person's next number: both files, or none.
pub fn keep(project: &Path, plan: &Plan, person: &str, text: &str, signature: &str) -> io::Result<PathBuf> {
    let folder = folder(project, plan.body.environment, &plan.id);
    fs::create_dir_all(&folder)?;
    let mut number = 1_u32;
    loop {
        let path = folder.join(format!("{person}-{number}.txt"));
        let create = |path: &Path, text: &str| {
            OpenOptions::new().write(true).create_new(true).open(path).and_then(|mut file| file.write_all(text.as_bytes()))
        };
        if path.exists() {
            number += 1;
            continue;
        }
        // The signature first: a statement without one would be void.
        match create(&signature_of(&path), signature) {
            Ok(()) => {
                if let Err(error) = create(&path, text) {
                    let _ = fs::remove_file(signature_of(&path));
                    return Err(error);
                }
                return Ok(path.strip_prefix(project).unwrap_or(&path).to_owned());
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(error),
        }
    }
}

//! What must hold, written down a second time: from the records, the files as they are, and what the test itself remembers of
//! who signed what. No decision of the product is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use ssh_key::{PublicKey, SshSig};
use tokaido::govern::statement::{NAMESPACE, Signed};
use tokaido::model::digest::hex;
use tokaido::model::{AuthorizationBasis, Environment, Plan, ReleaseRef, Roles};
use tokaido::store::{Record, open_emergencies};

use super::product::TOOL;
use crate::support::people::key;

/// What the test itself knows of a statement that was honestly signed.
#[derive(Debug)]
pub struct Note {
    pub person: &'static str,
    pub plan: String,
    pub at: Timestamp,
    pub withdrawn: bool,
}

/// How an environment was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    Approved,
    Emergency,
    /// Nothing was changed, and no release arrived that was not there.
    Nothing,
    /// Nothing had to be changed, and the release is there from now on.
    Unchanged,
    /// An environment where nobody has to approve.
    Lower,
}

#[derive(Debug, Default)]
pub struct Oracle {
    /// By the SHA-256 of the statement.
    pub notes: BTreeMap<String, Note>,
    /// Who is named by the release of this digest, as whoever wrote it knows.
    pub named: BTreeMap<String, Roles>,
    /// Those of the release that arrived in production last; `None` before the first.
    in_force: Option<Roles>,
}

/// One apply, from outside.
pub struct Seen<'a> {
    pub plan: &'a Plan,
    pub statements: &'a [Signed],
    /// Of the environment, before and by the apply; of the environment before it.
    pub own: &'a [Record],
    pub new: &'a [Record],
    pub there: &'a [Record],
    /// The folder of the project.
    pub project: &'a Path,
    pub mutated: u64,
}

impl Oracle {
    /// Panics when the apply should not have been possible.
    pub fn judge(&mut self, seen: &Seen<'_>) -> Arrival {
        let environment = seen.plan.body.environment;
        let begun = seen.new.iter().position(|record| matches!(record, Record::Begun { .. }));
        assert!(seen.mutated == 0 || begun.is_some(), "{environment}: a change without a record");
        let basis = begun.map(|at| match &seen.new[at] {
            Record::Begun { basis, plan, .. } => {
                assert_eq!((plan, &seen.plan.body.digest()), (&seen.plan.id, &seen.plan.id), "an unverified body");
                basis.clone().expect("a ground")
            }
            _ => unreachable!(),
        });
        let mut arrived = None;
        for record in seen.new {
            if let Record::Begun { release: Some(release), at, .. } | Record::Proven { release: Some(release), at, .. } = record {
                assert_eq!(Some(release), seen.plan.body.release.as_ref(), "{environment}: another release than the plan's");
                may_be_there(seen, release, *at);
                arrived = Some(release.clone());
            }
        }
        if environment != Environment::Production {
            assert!(!matches!(basis, Some(AuthorizationBasis::Approved { .. })), "nobody has to approve {environment}");
            return Arrival::Lower;
        }
        let named = arrived.as_ref().map(|release| self.named[&release.digest].clone());
        let arrival = match basis {
            Some(AuthorizationBasis::Approved { by, statements }) => {
                let release = arrived.as_ref().expect("approved, and nothing was promoted");
                let roles = self.in_force.clone().unwrap_or_else(|| self.named[&release.digest].clone());
                self.approved(seen, &by, &statements, &roles);
                Arrival::Approved
            }
            Some(AuthorizationBasis::Emergency { id }) => {
                let before = &seen.new[..begun.unwrap_or(0)];
                let says = |record: &Record| matches!(record, Record::Emergency(emergency) if emergency.id == id && emergency.plan == seen.plan.id && emergency.reason.len() >= 10 && !emergency.missing.is_empty());
                assert!(before.iter().any(says), "an emergency that nobody wrote down before");
                let all = [seen.own, seen.new].concat();
                assert!(open_emergencies(&all).iter().any(|open| open.id == id), "an emergency that nobody can see");
                Arrival::Emergency
            }
            Some(other) => panic!("production was reached on the ground {other:?}"),
            None => {
                assert!(seen.plan.body.is_empty(), "a plan was executed and not recorded");
                // The next one is approved by those whom it names: somebody else must have agreed to them.
                let (new, old) = (named.as_ref().map(Roles::digest), self.in_force.as_ref().map(Roles::digest));
                assert!(
                    new.is_none() || old.is_none() || new == old,
                    "other people may approve from now on, and nobody was asked"
                );
                if arrived.is_some() { Arrival::Unchanged } else { Arrival::Nothing }
            }
        };
        self.in_force = named.or(self.in_force.take());
        arrival
    }

    fn approved(&self, seen: &Seen<'_>, by: &[String], statements: &[String], roles: &Roles) {
        let now = seen.new.iter().find_map(begun_at).expect("a beginning");
        let used = seen.own.iter().rev().find_map(|record| match record {
            Record::Begun { plan, at, .. } if *plan == seen.plan.id => Some(*at),
            _ => None,
        });
        let mut people = BTreeSet::new();
        for digest in statements {
            let note = self.notes.get(digest).unwrap_or_else(|| panic!("nobody signed {digest}"));
            assert_eq!((&note.plan, note.withdrawn), (&seen.plan.id, false), "{note:?}");
            assert!(note.at + SignedDuration::from_hours(7 * 24) > now, "too old: {note:?}");
            assert!(used.is_none_or(|used| note.at > used), "used: {note:?}");
            let public = PublicKey::from(key(note.person).public_key().key_data().clone());
            let signed = seen.statements.iter().filter(|signed| sha(signed.text.as_bytes()) == *digest).any(|signed| {
                let signature = SshSig::from_pem(&signed.signature).expect("a signature");
                signed.text.contains(&seen.plan.id) && public.verify(NAMESPACE, signed.text.as_bytes(), &signature).is_ok()
            });
            assert!(signed, "{} did not sign {digest}", note.person);
            let person = roles.person(note.person).unwrap_or_else(|| panic!("{} is nobody who may approve now", note.person));
            people.insert(person.id.clone());
        }
        assert_eq!(people.iter().cloned().collect::<Vec<_>>(), by);
        let manages = |person: &String| roles.person(person).is_some_and(|person| person.groups.contains("change-management"));
        assert!(people.len() >= 2 && people.iter().any(manages), "two people, one of change management: {people:?}");
        // The simulated STS always names alice.
        let author = seen.plan.author.split('@').next().unwrap_or_default();
        assert!(!people.contains("alice") && !people.contains(author), "the author approved: {people:?} {}", seen.plan.author);
    }
}

fn begun_at(record: &Record) -> Option<Timestamp> {
    if let Record::Begun { at, .. } = record { Some(*at) } else { None }
}

/// Its files are what they were when it got this digest, by this tool; and it came through the environment before, or is
/// there already, or was there and what replaced it is held.
fn may_be_there(seen: &Seen<'_>, release: &ReleaseRef, at: Timestamp) {
    let environment = seen.plan.body.environment;
    let (digest, tool) = frozen(seen.project, &release.id);
    assert_eq!((digest, tool.as_str()), (release.digest.clone(), TOOL), "{environment}: {} is not what it says", release.id);
    let soak = match environment {
        Environment::Dev => None,
        Environment::Staging => Some(SignedDuration::from_hours(1)),
        Environment::Production => Some(SignedDuration::from_hours(24)),
    };
    let (held, before) = (held(seen.own), self::held(seen.there));
    assert!(!held.contains(&release.digest), "{environment}: {} is held", release.id);
    let stays: Vec<Content<'_>> = seen.own.iter().filter_map(content).collect();
    if stays.last() == Some(&Content::Release(&release.digest)) {
        return;
    }
    let proven =
        |record: &Record| matches!(record, Record::Proven { release: Some(proven), .. } if proven.digest == release.digest);
    let lifted = lifted_since(seen.own, &release.digest);
    if stays.contains(&Content::Release(&release.digest)) && !lifted {
        assert!(seen.own.iter().any(proven), "{environment}: back to {}, which never worked there", release.id);
        assert!(
            stays
                .last()
                .is_none_or(|left| *left == Content::Tree || matches!(left, Content::Release(left) if held.contains(*left))),
            "{environment}: back to {}, and what was left is not held",
            release.id
        );
        return;
    }
    let Some(soak) = soak else { return };
    assert!(!before.contains(&release.digest), "{environment}: {} is held in the environment before", release.id);
    assert!(
        seasoned(seen.there, &release.digest, soak, at),
        "{environment}: {} has not soaked before: {:#?}",
        release.id,
        seen.there
    );
}

/// What an apply brought or saw.
#[derive(PartialEq)]
enum Content<'a> {
    Tree,
    Release(&'a str),
}

fn content(record: &Record) -> Option<Content<'_>> {
    match record {
        Record::Begun { release, .. } | Record::Proven { release, .. } => {
            Some(release.as_ref().map_or(Content::Tree, |release| Content::Release(&release.digest)))
        }
        _ => None,
    }
}

fn held(records: &[Record]) -> BTreeSet<String> {
    let mut held = BTreeSet::new();
    for record in records {
        match record {
            Record::Hold { release, .. } => held.insert(release.digest.clone()),
            Record::HoldLifted { release, .. } => held.remove(&release.digest),
            _ => false,
        };
    }
    held
}

/// Whether a hold was lifted after the content was there last.
fn lifted_since(records: &[Record], digest: &str) -> bool {
    let lifts = |record: &Record| matches!(record, Record::HoldLifted { release, .. } if release.digest == digest);
    let last = |is: &dyn Fn(&Record) -> bool| records.iter().rposition(is);
    last(&lifts)
        .is_some_and(|lift| last(&|record| content(record) == Some(Content::Release(digest))).is_none_or(|there| lift > there))
}

/// There now, clean at the last look, and clean with every promise kept for so long without anything else in between.
fn seasoned(records: &[Record], digest: &str, soak: SignedDuration, now: Timestamp) -> bool {
    let (mut since, mut clean) = (None, false);
    for record in records {
        let Some(content) = content(record) else { continue };
        clean = false;
        match record {
            _ if content != Content::Release(digest) => since = None,
            Record::Proven { at, violations, .. } if violations.is_empty() => {
                since = since.or(Some(*at));
                clean = true;
            }
            Record::Proven { .. } => since = None,
            _ => {}
        }
    }
    clean && since.is_some_and(|since: Timestamp| now.duration_since(since) >= soak)
}

/// The digest of a release's files as they are at this moment, and which tool its manifest names.
pub fn frozen(project: &Path, id: &str) -> (String, String) {
    let folder = project.join("releases").join(id);
    let (mut open, mut files) = (vec![folder.clone()], BTreeMap::new());
    while let Some(inner) = open.pop() {
        for path in fs::read_dir(inner).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let name = path.strip_prefix(&folder).expect("inside").display().to_string();
            files.insert(name, fs::read(&path).expect("a file"));
        }
    }
    let manifest = String::from_utf8(files.remove("release.yaml").expect("a manifest")).expect("text");
    let tool =
        manifest.lines().find_map(|line| line.strip_prefix("tool_version: ")).expect("a tool").trim_matches('"').to_owned();
    let mut parts = vec!["tokaido/release/v1".to_owned(), tool.clone()];
    parts.extend(files.iter().flat_map(|(name, bytes)| [name.clone(), sha(bytes)]));
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part.len().to_be_bytes());
        hasher.update(part);
    }
    (hex(&hasher.finalize()), tool)
}

pub fn sha(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

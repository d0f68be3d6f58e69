//! No sequence of commands reaches production without approvals that hold, or an emergency that everybody sees. The rule
//! is written down here a second time, from the records and the test's own notes, and not by asking the decision.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use ssh_key::{PublicKey, SshSig};
use tokaido::govern::permit::EmergencyOverride;
use tokaido::govern::statement::{Decision, NAMESPACE, Signed};
use tokaido::model::{AuthorizationBasis, DesiredState, Environment, Plan, Roles};
use tokaido::pipeline::{ApprovalEvidence, GateInput};
use tokaido::store::Record;
use tokaido::world::Clock as _;
use tokio::sync::watch;

use super::for_all;
use crate::support::lab::block_on;
use crate::support::people::{key, roles, signed, statement};
use crate::support::{Lab, attr, id, project, soak};

const CASES: u32 = 300;
const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "mallory"];

#[derive(Debug, Clone)]
enum Command {
    /// Somebody makes a plan and saves it.
    Plan {
        author: usize,
    },
    /// A different file gives a different plan.
    Edit,
    Approve {
        person: usize,
        plan: usize,
    },
    /// Everybody who may, so that some sequences arrive.
    ApproveAll {
        plan: usize,
    },
    Withdraw {
        person: usize,
        plan: usize,
    },
    /// A statement about another plan, put beside this one.
    Misplace {
        person: usize,
        plan: usize,
    },
    /// One person signs in the name of another.
    Forge {
        signer: usize,
        named: usize,
        plan: usize,
    },
    /// Somebody edits the roles: mallory gets in, or out again.
    Tamper,
    Apply {
        plan: usize,
        promoted: bool,
    },
    /// The environment, planned in the same moment.
    ApplyNow {
        author: usize,
    },
    Emergency {
        plan: usize,
        reason: usize,
    },
    /// Somebody changes the world by hand.
    Hand,
    Time {
        hours: i64,
    },
}

fn command() -> impl Strategy<Value = Command> {
    // Mostly alice and the newest plan: else hardly any sequence arrives.
    let who = prop_oneof![2 => Just(0_usize), 3 => 0..PEOPLE.len()];
    let which = prop_oneof![4 => Just(0_usize), 1 => 1..4_usize];
    prop_oneof![
        4 => who.clone().prop_map(|author| Command::Plan { author }),
        1 => Just(Command::Edit),
        4 => (who.clone(), which.clone()).prop_map(|(person, plan)| Command::Approve { person, plan }),
        2 => which.clone().prop_map(|plan| Command::ApproveAll { plan }),
        1 => (who.clone(), which.clone()).prop_map(|(person, plan)| Command::Withdraw { person, plan }),
        1 => (who.clone(), which.clone()).prop_map(|(person, plan)| Command::Misplace { person, plan }),
        1 => (who.clone(), who.clone(), which.clone()).prop_map(|(signer, named, plan)| Command::Forge { signer, named, plan }),
        1 => Just(Command::Tamper),
        5 => (which.clone(), prop::bool::weighted(0.8)).prop_map(|(plan, promoted)| Command::Apply { plan, promoted }),
        1 => who.prop_map(|author| Command::ApplyNow { author }),
        1 => (which, 0..3_usize).prop_map(|(plan, reason)| Command::Emergency { plan, reason }),
        3 => Just(Command::Hand),
        1 => (1..200_i64).prop_map(|hours| Command::Time { hours }),
    ]
}

/// What the test itself knows of a statement that was honestly signed.
struct Note {
    person: &'static str,
    plan: String,
    roles: String,
    at: Timestamp,
    withdrawn: bool,
    /// What the plan's file said beside its body.
    envelope: (String, String, String),
}

struct Office {
    lab: Lab,
    plans: Vec<Plan>,
    /// By plan id, as the folder beside a plan.
    folders: BTreeMap<String, Vec<Signed>>,
    notes: BTreeMap<String, Note>,
    roles: Roles,
    edits: usize,
}

/// Two resources are enough to change something.
fn small() -> DesiredState {
    let mut desired = project::load(project::root(), Environment::Production);
    desired.resources.retain(|id, _| ["vpc", "dhcp-options"].contains(&id.kind.as_str()) && id.to_string().ends_with("@tokyo"));
    desired
}

impl Office {
    fn new() -> Self {
        let lab = Lab::new(small());
        lab.converge();
        lab.set(&id("vpc.main@tokyo"), "dns_hostnames", &false.into()).expect("by hand");
        Self { lab, plans: Vec::new(), folders: BTreeMap::new(), notes: BTreeMap::new(), roles: roles(), edits: 0 }
    }

    fn plan_of(&self, index: usize) -> Option<Plan> {
        (!self.plans.is_empty()).then(|| self.plans[self.plans.len() - 1 - index % self.plans.len()].clone())
    }

    fn reload(&mut self) {
        let mut desired = (*self.lab.desired).clone();
        desired.roles = Some(self.roles.clone());
        desired.digest = format!("{:064x}", self.edits);
        self.lab = self.lab.with(desired);
    }

    fn sign(&mut self, person: usize, plan: &Plan, annotations: &str, decision: Decision) {
        let person = PEOPLE[person];
        let said = statement(plan, &self.roles, person, decision, self.lab.moment());
        let signed = signed(&said, &key(person));
        let digest = sha(&signed.text);
        if decision == Decision::Withdraw {
            for note in self.notes.values_mut().filter(|note| note.person == person && note.plan == plan.id) {
                note.withdrawn = true;
            }
        } else {
            let roles = self.roles.digest();
            self.notes.insert(
                digest,
                Note { person, plan: plan.id.clone(), roles, at: said.at, withdrawn: false, envelope: envelope(plan) },
            );
        }
        self.folders.entry(annotations.to_owned()).or_default().push(signed);
    }

    /// Applies and answers with the records that came of it.
    fn apply(&self, plan: &Plan, promoted: bool, plea: Option<&EmergencyOverride>) -> Vec<Record> {
        let before = self.lab.records().len();
        let statements = self.folders.get(&plan.id).cloned().unwrap_or_default();
        let promotion = promoted.then_some(Ok(()));
        let evidence =
            |_: &Plan| Ok(ApprovalEvidence { statements: statements.clone(), promotion: promotion.clone(), applied_roles: None });
        let gate_input = GateInput { evidence: &evidence, emergency: plea, saved: true };
        let (_go, stop) = watch::channel(false);
        let session = self.lab.session();
        let ended = block_on(session.apply(plan, &gate_input, stop, &mut |_| {}));
        let records = self.lab.records().split_off(before);
        if session.world.calls().mutating() > 0 {
            assert!(ended.is_ok(), "changed something and failed: {ended:?}");
            assert!(records.iter().any(|record| matches!(record, Record::Begun { .. })), "a change without a record");
        }
        records
    }

    /// How production was reached by these records, if it was: `true` by approval. Panics when it should not have been.
    fn audit(&self, plan: &Plan, promoted: bool, records: &[Record]) -> Option<bool> {
        let begun = records.iter().position(|record| matches!(record, Record::Begun { .. }))?;
        let Record::Begun { basis, plan: begun_plan, .. } = &records[begun] else { return None };
        assert_eq!(begun_plan, &plan.id);
        assert_eq!(plan.body.digest(), plan.id, "an unverified body");
        match basis.as_ref().expect("a ground") {
            AuthorizationBasis::Approved { by, statements } => {
                assert!(promoted, "approved without a promoted release");
                let mut people = BTreeSet::new();
                for digest in statements {
                    let all = self.lab.records();
                    let relied = |record: &&Record| matches!(record, Record::Begun { basis: Some(AuthorizationBasis::Approved { statements, .. }), .. } if statements.contains(digest));
                    assert_eq!(all.iter().filter(relied).count(), 1, "one apply, and no other");
                    let note = self.notes.get(digest).unwrap_or_else(|| panic!("nobody signed {digest}"));
                    assert_eq!(
                        (&note.plan, &note.roles, note.withdrawn),
                        (&plan.id, &self.roles.digest(), false),
                        "{}",
                        note.person
                    );
                    assert!(note.at.saturating_add(SignedDuration::from_hours(7 * 24)).expect("a time") > self.lab.world().now());
                    assert_eq!(note.envelope, envelope(plan), "the file was another");
                    assert!(self.really_signed(digest, note.person, plan));
                    people.insert(note.person.to_owned());
                }
                assert_eq!(&people.iter().cloned().collect::<Vec<_>>(), by);
                assert!(people.len() >= 2 && people.contains("bob"), "two people, one of change management: {people:?}");
                let author = plan.author.split('@').next().unwrap_or_default();
                assert!(!people.contains("alice") && !people.contains(author), "the author approved: {people:?} {}", plan.author);
                Some(true)
            }
            AuthorizationBasis::Emergency { id } => {
                let written = |record: &Record| matches!(record, Record::Emergency(emergency) if &emergency.id == id && emergency.reason.len() >= 10 && !emergency.missing.is_empty());
                assert!(records[..begun].iter().any(written), "an emergency that nobody can see");
                Some(false)
            }
            other => panic!("production was reached on the ground {other:?}"),
        }
    }

    /// With the library of signatures alone.
    fn really_signed(&self, digest: &str, person: &str, plan: &Plan) -> bool {
        self.folders[&plan.id].iter().filter(|signed| sha(&signed.text) == digest).any(|signed| {
            let signature = SshSig::from_pem(&signed.signature).expect("a signature");
            let public = PublicKey::from(key(person).public_key().key_data().clone());
            signed.text.contains(&plan.id) && public.verify(NAMESPACE, signed.text.as_bytes(), &signature).is_ok()
        })
    }
}

fn envelope(plan: &Plan) -> (String, String, String) {
    (plan.author.clone(), plan.caller.clone(), plan.expires_at.clone())
}

fn sha(text: &str) -> String {
    use sha2::{Digest as _, Sha256};
    tokaido::model::digest::hex(&Sha256::digest(text))
}

/// One sequence; how often production was reached by approval and by emergency.
fn sequence(commands: &[Command]) -> (usize, usize) {
    let mut office = Office::new();
    let vpc = id("vpc.main@tokyo");
    let (mut approved, mut emergencies, count) = (0, 0, |way: Option<bool>| match way {
        Some(true) => (1, 0),
        Some(false) => (0, 1),
        None => (0, 0),
    });
    let mut add = |(by_approval, by_emergency): (usize, usize)| {
        approved += by_approval;
        emergencies += by_emergency;
    };
    for command in commands {
        match command {
            Command::Plan { author } => {
                let plan = office.lab.plan().plan.authored(format!("{}@example.com", PEOPLE[*author]));
                office.plans.push(plan);
            }
            Command::Edit => {
                office.edits += 1;
                office.reload();
            }
            Command::Tamper => {
                let mut mallory = key_holder("mallory");
                if office.roles.people.len() == 3 {
                    mallory.groups.insert("change-management".to_owned());
                    office.roles.people.push(mallory);
                } else {
                    office.roles.people.truncate(3);
                }
                office.reload();
            }
            Command::Approve { person, plan } => {
                if let Some(plan) = office.plan_of(*plan) {
                    office.sign(*person, &plan, &plan.id.clone(), Decision::Approve);
                }
            }
            Command::ApproveAll { plan } => {
                if let Some(plan) = office.plan_of(*plan) {
                    for person in [1, 2] {
                        office.sign(person, &plan, &plan.id.clone(), Decision::Approve);
                    }
                }
            }
            Command::Withdraw { person, plan } => {
                if let Some(plan) = office.plan_of(*plan) {
                    office.sign(*person, &plan, &plan.id.clone(), Decision::Withdraw);
                }
            }
            Command::Misplace { person, plan } => {
                if let (Some(about), Some(annotations)) = (office.plan_of(*plan), office.plan_of(plan + 1)) {
                    office.sign(*person, &about, &annotations.id, Decision::Approve);
                }
            }
            Command::Forge { signer, named, plan } if signer != named => {
                if let Some(plan) = office.plan_of(*plan) {
                    let said = statement(&plan, &office.roles, PEOPLE[*named], Decision::Approve, office.lab.moment());
                    let forged = signed(&said, &key(PEOPLE[*signer]));
                    office.folders.entry(plan.id.clone()).or_default().push(forged);
                }
            }
            Command::Forge { .. } => {}
            Command::Apply { plan, promoted } => {
                if let Some(plan) = office.plan_of(*plan) {
                    let records = office.apply(&plan, *promoted, None);
                    add(count(office.audit(&plan, *promoted, &records)));
                }
            }
            Command::ApplyNow { author } => {
                let plan = office.lab.plan().plan.authored(format!("{}@example.com", PEOPLE[*author]));
                let records = office.apply(&plan, true, None);
                add(count(office.audit(&plan, true, &records)));
            }
            Command::Emergency { plan, reason } => {
                if let Some(plan) = office.plan_of(*plan) {
                    let reason = ["", "hurry", "the catalog database is full"][*reason].to_owned();
                    let plea = EmergencyOverride { reason, by: "alice@example.com".to_owned() };
                    let records = office.apply(&plan, true, Some(&plea));
                    add(count(office.audit(&plan, true, &records)));
                }
            }
            Command::Hand => {
                let on = office.lab.row(&vpc).attributes[attr("dns_hostnames")] == true.into();
                office.lab.set(&vpc, "dns_hostnames", &(!on).into()).expect("by hand");
            }
            Command::Time { hours } => {
                let hours = u64::try_from(*hours).expect("hours");
                block_on(office.lab.world().sleep(std::time::Duration::from_secs(hours * 3600)));
            }
        }
    }
    (approved, emergencies)
}

fn key_holder(person: &str) -> tokaido::model::Person {
    tokaido::model::Person {
        id: person.to_owned(),
        keys: [crate::support::people::public(&key(person))].into(),
        also_known_as: [format!("{person}@example.com")].into(),
        ..tokaido::model::Person::default()
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "how much the property saw is part of what it says")]
fn production_is_reached_by_approval_or_by_an_emergency_that_is_seen() {
    let (approved, emergencies, refused) = (Cell::new(0), Cell::new(0), Cell::new(0));
    for_all(CASES, 11, &prop::collection::vec(command(), 4..24), |commands| {
        let (by_approval, by_emergency) = sequence(&commands);
        approved.set(approved.get() + usize::from(by_approval > 0));
        emergencies.set(emergencies.get() + usize::from(by_emergency > 0));
        refused.set(refused.get() + usize::from(by_approval + by_emergency == 0));
    });
    println!(
        "{} sequences: {} reached production by approval, {} by emergency, {} not at all",
        soak::cases(CASES),
        approved.get(),
        emergencies.get(),
        refused.get()
    );
    assert!(approved.get() > 0 && emergencies.get() > 0 && refused.get() > 0);
}

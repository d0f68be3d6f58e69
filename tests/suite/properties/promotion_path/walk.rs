//! One sequence: what each command does, and who keeps the books.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use tokaido::desired::{own_file, pin, release as frozen};
use tokaido::govern::permit::EmergencyOverride;
use tokaido::govern::promotion::{Allowed, Refusal, Way, before};
use tokaido::govern::release as govern;
use tokaido::govern::statement::Decision;
use tokaido::model::{Environment, Person, Plan, Roles};
use tokaido::store::Record;

use super::oracle::{self, Arrival, Note, Oracle, Seen, sha};
use super::product::{Product, word, written};
use super::{Command, PEOPLE};
use crate::support::lab::block_on;
use crate::support::people::{key, public, roles, signed, statement};

pub type Tally = BTreeMap<String, usize>;

pub struct Walk {
    product: Product,
    oracle: Oracle,
    plans: Vec<Plan>,
    /// Frozen files that were altered, as they were.
    altered: Vec<(PathBuf, Vec<u8>)>,
    roles: Roles,
    edits: usize,
    /// No two statements are of the same moment.
    moments: i64,
    pub tally: Tally,
}

impl Walk {
    pub fn new() -> Self {
        let roles = roles();
        Self {
            product: Product::new(&roles),
            oracle: Oracle::default(),
            plans: Vec::new(),
            altered: Vec::new(),
            roles,
            edits: 0,
            moments: 0,
            tally: Tally::new(),
        }
    }

    pub fn step(&mut self, command: &Command) {
        match command {
            Command::Onward { times, mallory } => (0..*times).for_each(|_| self.onward(*mallory)),
            Command::Edit => self.edit(),
            Command::Tamper => {
                self.roles = with_or_without_mallory(&self.roles);
                self.product.write("policies/roles.yaml", &written(&self.roles));
            }
            Command::Cut => self.cut(),
            Command::Alter { release } => {
                if let Some(id) = self.release(*release) {
                    self.alter(&format!("releases/{id}/environments/base.yaml"), "# altered\n");
                }
            }
            Command::PutBack => self.put_back(),
            Command::Forge { release, roles } => self.forge(*release, *roles),
            Command::OtherTool { release } => {
                if let Some(id) = self.release(*release) {
                    self.rewrite(&id, "0.0.9");
                }
            }
            Command::Pin { environment, release } => self.pin(*environment, *release),
            Command::Promote { environment, release, way } => {
                if let Some(id) = self.release(*release) {
                    let _ = self.promote(&id, *environment, *way);
                }
            }
            Command::Plan { environment, author } => {
                self.plan(*environment, PEOPLE[*author]);
            }
            Command::Sign { person, plan } => {
                if let Some(plan) = self.plan_of(*plan) {
                    self.sign(PEOPLE[*person], &plan, Decision::Approve);
                }
            }
            Command::Withdraw { person, plan } => {
                if let Some(plan) = self.plan_of(*plan) {
                    self.sign(PEOPLE[*person], &plan, Decision::Withdraw);
                }
            }
            Command::Counterfeit { signer, named, plan } => {
                if let Some(plan) = self.plan_of(*plan).filter(|_| signer != named) {
                    let (roles, at) = (self.in_force(plan.body.environment), self.moment());
                    let said = statement(&plan, &roles, PEOPLE[*named], Decision::Approve, at);
                    let forged = signed(&said, &key(PEOPLE[*signer]));
                    self.product.statements.entry(plan.id.clone()).or_default().push(forged);
                }
            }
            Command::Apply { plan, reason } => {
                if let Some(plan) = self.plan_of(*plan) {
                    self.apply(&plan, reason.map(|reason| ["", "hurry", "the catalog database is full"][reason]));
                }
            }
            Command::Return { environment } => self.go_back(*environment),
            Command::Fail => self.product.fail(),
            Command::Hand { environment } => self.product.hand(*environment),
            Command::Stray { environment } => self.product.stray(*environment),
            Command::Time { minutes } => self.product.wait(SignedDuration::from_mins(*minutes)),
        }
    }

    fn count(&mut self, what: String) {
        *self.tally.entry(what).or_default() += 1;
    }

    fn release(&self, index: usize) -> Option<String> {
        let known = self.product.releases();
        (!known.is_empty()).then(|| known[known.len() - 1 - index % known.len()].clone())
    }

    fn plan_of(&self, index: usize) -> Option<Plan> {
        (!self.plans.is_empty()).then(|| self.plans[self.plans.len() - 1 - index % self.plans.len()].clone())
    }

    fn moment(&mut self) -> Timestamp {
        self.moments += 1;
        self.product.now() + SignedDuration::from_micros(self.moments)
    }

    fn edit(&mut self) {
        self.edits += 1;
        let (base, keep) = (self.product.text("environments/base.yaml"), 8 + self.edits);
        let (before, after) = base.split_once("Asia/Tokyo\", keep: ").expect("the copies");
        let after = after.split_once("d }").expect("days").1.to_owned();
        self.product.write("environments/base.yaml", &format!("{before}Asia/Tokyo\", keep: {keep}d }}{after}"));
    }

    fn cut(&mut self) {
        if let Some(id) = self.product.cut() {
            let (digest, _) = oracle::frozen(self.product.path(), &id);
            self.oracle.named.insert(digest, self.roles.clone());
        }
    }

    fn alter(&mut self, file: &str, more: &str) {
        let path = self.product.file(file);
        let bytes = fs::read(&path).expect("a file");
        self.product.write(file, &(String::from_utf8(bytes.clone()).expect("text") + more));
        self.altered.push((path, bytes));
    }

    fn put_back(&mut self) {
        while let Some((path, bytes)) = self.altered.pop() {
            fs::write(path, bytes).expect("a file");
        }
    }

    /// From now on it is a release of the same name and other content.
    fn forge(&mut self, release: usize, roles: bool) {
        let Some(id) = self.release(release) else { return };
        let (old, _) = oracle::frozen(self.product.path(), &id);
        let Some(named) = self.oracle.named.get(&old).cloned() else { return };
        let named = if roles { with_or_without_mallory(&named) } else { named };
        if roles {
            let file = format!("releases/{id}/policies/roles.yaml");
            let bytes = fs::read(self.product.file(&file)).expect("a file");
            self.altered.push((self.product.file(&file), bytes));
            self.product.write(&file, &written(&named));
        } else {
            self.alter(&format!("releases/{id}/environments/base.yaml"), "# forged\n");
        }
        self.rewrite(&id, super::product::TOOL);
        let (new, _) = oracle::frozen(self.product.path(), &id);
        self.oracle.named.insert(new, named);
    }

    /// The manifest of the files as they are.
    fn rewrite(&mut self, id: &str, tool: &str) {
        let folder = self.product.file(&frozen::folder(id));
        let mut content = govern::Content::new();
        for path in ["environments/base.yaml", "policies/promises.yaml", "policies/roles.yaml"] {
            content.insert(path.to_owned(), fs::read(folder.join(path)).expect("a file"));
        }
        let manifest = govern::manifest(id, tool, self.product.now(), None, &content);
        let path = folder.join(frozen::MANIFEST);
        self.altered.push((path.clone(), fs::read(&path).expect("a manifest")));
        fs::write(path, govern::written(&manifest)).expect("a manifest");
    }

    fn pin(&mut self, environment: Environment, release: Option<usize>) {
        let name = own_file(environment);
        let text = self.product.text(&name);
        let edited = match release.map(|index| self.release(index)) {
            None => text.split_inclusive('\n').filter(|line| !line.starts_with("release:")).collect(),
            Some(None) => return,
            Some(Some(id)) => pin::pin(&name, &text, &id).expect("a pin"),
        };
        self.product.write(&name, &edited);
    }

    fn promote(&mut self, release: &str, to: Environment, way: Way) -> Result<Allowed, Vec<Refusal>> {
        let promoted = self.product.promote(release, to, way);
        match &promoted {
            Ok(allowed) => {
                let way = serde_json::to_value(allowed).expect("data")["way"].as_str().expect("a word").to_owned();
                self.count(format!("promoted to {to}: {way}"));
            }
            Err(refusals) if refusals.is_empty() => self.count("promotion refused: the files cannot be used".to_owned()),
            Err(refusals) => refusals.iter().for_each(|refusal| self.count(format!("promotion refused: {}", word(refusal)))),
        }
        promoted
    }

    fn plan(&mut self, environment: Environment, author: &str) -> Option<Plan> {
        let session = self.product.session(environment)?;
        let plan = block_on(session.plan()).expect("a plan").plan.authored(format!("{author}@example.com"));
        self.plans.push(plan.clone());
        Some(plan)
    }

    /// The roles that a person finds in force who looks.
    fn in_force(&self, environment: Environment) -> Roles {
        self.product.session(environment).map(|session| self.product.roles(&session.desired)).unwrap_or_default()
    }

    fn sign(&mut self, person: &'static str, plan: &Plan, decision: Decision) {
        let (roles, at) = (self.in_force(plan.body.environment), self.moment());
        let signed = signed(&statement(plan, &roles, person, decision, at), &key(person));
        if decision == Decision::Withdraw {
            let mine = |note: &&mut Note| note.person == person && note.plan == plan.id;
            self.oracle.notes.values_mut().filter(mine).for_each(|note| note.withdrawn = true);
        } else {
            let note = Note { person, plan: plan.id.clone(), at, withdrawn: false };
            self.oracle.notes.insert(sha(signed.text.as_bytes()), note);
        }
        self.product.statements.entry(plan.id.clone()).or_default().push(signed);
    }

    fn apply(&mut self, plan: &Plan, reason: Option<&str>) -> bool {
        let environment = plan.body.environment;
        let own = self.product.records(environment);
        let there = before(environment).map(|before| self.product.records(before)).unwrap_or_default();
        let plea = reason.map(|reason| EmergencyOverride { reason: reason.to_owned(), by: "alice@example.com".to_owned() });
        let ended = self.product.apply(plan, plea.as_ref());
        let records = self.product.records(environment);
        let new = &records[own.len()..];
        match ended {
            Ok(mutated) => {
                let statements = self.product.statements.get(&plan.id).cloned().unwrap_or_default();
                let project = self.product.path();
                let seen = Seen { plan, statements: &statements, own: &own, new, there: &there, project, mutated };
                let arrival = self.oracle.judge(&seen);
                self.count(format!("{environment}: {arrival:?}"));
                arrival != Arrival::Nothing
            }
            Err(reasons) => {
                assert!(new.is_empty(), "refused, and recorded: {new:#?}");
                for reason in &reasons {
                    self.count(format!("{environment} refused: {reason}"));
                }
                false
            }
        }
    }

    /// To the release before the one that is there.
    fn go_back(&mut self, environment: Environment) {
        let mut stays: Vec<String> = Vec::new();
        for record in self.product.records(environment) {
            if let Record::Proven { release: Some(release), .. } = record {
                stays.push(release.id);
            }
        }
        stays.dedup();
        let Some(earlier) = stays.len().checked_sub(2).map(|at| stays[at].clone()) else { return };
        if self.promote(&earlier, environment, Way::Back).is_ok() {
            self.bring(environment, false);
        }
    }

    /// Plans, lets those sign who should, and applies.
    fn bring(&mut self, environment: Environment, mallory: bool) {
        let Some(plan) = self.plan(environment, "alice") else { return };
        if environment == Environment::Production {
            for person in ["bob", if mallory { "mallory" } else { "carol" }] {
                self.sign(person, &plan, Decision::Approve);
            }
        }
        self.apply(&plan, None);
    }

    /// The next right thing for the newest release.
    fn onward(&mut self, mallory: bool) {
        let Some(newest) = self.release(0) else { return self.cut() };
        for environment in Environment::ALL {
            let name = own_file(environment);
            if pin::pinned(&name, &self.product.text(&name)).as_deref() != Some(newest.as_str()) {
                let refused = self.promote(&newest, environment, Way::Forward).err();
                return refused.into_iter().for_each(|refusals| self.overcome(&newest, environment, &refusals));
            }
            let Some(plan) = self.plan(environment, "alice") else { return self.put_back() };
            let proven = self.product.records(environment).iter().rev().find_map(|record| match record {
                Record::Proven { release, .. } => Some(release.clone()),
                Record::Begun { .. } => Some(None),
                _ => None,
            });
            if !plan.body.is_empty() || proven.flatten() != plan.body.release {
                self.bring(environment, mallory);
                return;
            }
        }
        self.edit();
        self.cut();
    }

    /// What somebody does about a refusal.
    fn overcome(&mut self, newest: &str, to: Environment, refusals: &[Refusal]) {
        let Some(first) = refusals.last() else { return self.put_back() };
        let there = before(to).unwrap_or(to);
        match first {
            Refusal::Soaking { left_seconds, .. } => self.product.wait(SignedDuration::from_secs(*left_seconds)),
            Refusal::Held { .. } => {
                let _ = self.promote(newest, to, Way::LiftHold);
            }
            Refusal::IsBack { .. } => {
                let _ = self.promote(newest, to, Way::Back);
            }
            Refusal::Unkept { .. } => {
                self.product.stray(there);
                let plan = self.plan(there, "alice");
                if let Some(plan) = plan {
                    self.apply(&plan, None);
                }
            }
            Refusal::OtherTool { .. } | Refusal::OtherContent { .. } => {
                self.edit();
                self.cut();
            }
            _ => {
                let plan = self.plan(there, "alice");
                if let Some(plan) = plan {
                    self.apply(&plan, None);
                }
            }
        }
    }
}

fn with_or_without_mallory(roles: &Roles) -> Roles {
    let mut roles = roles.clone();
    if roles.person("mallory").is_some() {
        roles.people.retain(|person| person.id != "mallory");
    } else {
        roles.people.push(Person {
            id: "mallory".to_owned(),
            groups: ["change-management".to_owned()].into(),
            keys: [public(&key("mallory"))].into(),
            also_known_as: ["mallory@example.com".to_owned()].into(),
        });
    }
    roles
}

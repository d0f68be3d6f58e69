//! The product as its commands use it, in one process: real files in a folder, three accounts in one simulated world, records
//! in memory. What a command decides is decided by the functions that it calls; nothing is decided here.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tempfile::TempDir;
use tokaido::desired::{own_file, pin, release as frozen};
use tokaido::govern::permit::EmergencyOverride;
use tokaido::govern::promotion::{Allowed, PromotionInput, Refusal, WatchedState, Way, before, decide, may_apply};
use tokaido::govern::refusal::{NextStep, Refusal as Reason, Why};
use tokaido::govern::release as govern;
use tokaido::govern::roles::roles_in_force;
use tokaido::govern::statement::Signed;
use tokaido::kinds;
use tokaido::model::tags::{self, Tags};
use tokaido::model::{Attributes, DesiredState, Environment, Plan, Region, Roles, Said, Severity};
use tokaido::pipeline::{ApprovalEvidence, Gate, GateInput, PipelineError, Session};
use tokaido::project::{Reading, load_as, releases};
use tokaido::sim::{Log, LogEntry, SimWorld};
use tokaido::store::lease::Terms;
use tokaido::store::{Record, Store, history};
use tokaido::world::behaviour::SimObject;
use tokaido::world::{CreateRequest, ErrorClass, Fault, Moment, Scope};
use tokio::sync::watch;

use crate::support::lab::{MemoryStore, START, block_on};
use crate::support::{attr, id, project, yaml};

pub const TOOL: &str = "0.1.0";

pub struct Product {
    folder: TempDir,
    log: Arc<Log>,
    store: Arc<MemoryStore>,
    /// By plan id, as the folder beside a plan.
    pub statements: BTreeMap<String, Vec<Signed>>,
}

/// How an apply ended: with so many changing calls, or for what reasons not.
pub type Ended = Result<u64, Vec<String>>;

impl Product {
    pub fn new(roles: &Roles) -> Self {
        let folder = project::empty();
        let dev = fs::read_to_string(project::root().join("environments/dev.yaml")).expect("a file");
        let dev =
            dev.split("# A promise kept less strictly").next().expect("a beginning").replace("multi_az: false", "multi_az: true");
        for (environment, digit, more) in [("dev", '1', ""), ("staging", '2', "change: { soak: 1h }\n"), ("production", '3', "")]
        {
            let text = dev
                .replace("111111111111", &digit.to_string().repeat(12))
                .replace("environment: dev", &format!("environment: {environment}"));
            let text = text.replace("tokaido-dev-", &format!("tokaido-{environment}-")).replace("10.1", &format!("10.{digit}"));
            fs::write(folder.path().join(format!("environments/{environment}.yaml")), text + more).expect("a file");
        }
        let log = Arc::new(Log::in_memory(START.parse().expect("a time")));
        let product = Self { folder, log, store: Arc::default(), statements: BTreeMap::new() };
        product.write("policies/roles.yaml", &written(roles));
        product
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    pub fn now(&self) -> Timestamp {
        self.log.read(|state| state.now).expect("a world in memory")
    }

    pub fn wait(&self, duration: SignedDuration) {
        let later =
            |state: &tokaido::sim::State| (vec![LogEntry::Tick { at: state.now.checked_add(duration).expect("a time") }], ());
        self.log.commit(later).expect("a world in memory");
    }

    pub fn records(&self, environment: Environment) -> Vec<Record> {
        block_on(self.store.records(environment)).expect("memory")
    }

    /// The next change of a network is refused once.
    pub fn fail(&self) {
        for operation in ["create vpc", "update vpc"] {
            let operation = operation.to_owned();
            let fault = Fault { operation, class: ErrorClass::AccessDenied, moment: Moment::Before, times: 1 };
            let planned = |state: &tokaido::sim::State| (vec![LogEntry::Fault { at: state.now, fault }], ());
            self.log.commit(planned).expect("a world in memory");
        }
    }

    /// Somebody switches the network's names on or off.
    pub fn hand(&self, environment: Environment) {
        let vpc = id("vpc.main@tokyo");
        let rows = self.log.rows().expect("a world in memory");
        let account = account(environment);
        let Some(row) = rows.into_iter().find(|row| row.account == account && row.id.as_ref() == Some(&vpc)) else { return };
        let on = row.attributes[attr("dns_hostnames")] == true.into();
        self.log.set_by_hand(environment, &vpc, "dns_hostnames", &(!on).into()).expect("by hand");
    }

    /// Somebody makes a thing of another environment in this one's account, which breaks a promise and no plan; or takes it
    /// away again.
    pub fn stray(&self, environment: Environment) {
        let other = if environment == Environment::Dev { Environment::Staging } else { Environment::Dev };
        let stray = id("dhcp-options.stray@tokyo");
        let there = self
            .log
            .rows()
            .expect("a world in memory")
            .into_iter()
            .any(|row| row.account == account(environment) && row.id.as_ref() == Some(&stray));
        if there {
            let take = |state: &tokaido::sim::State| {
                let ours = |object: &SimObject| {
                    object.account == account(environment)
                        && object.tags.get(tags::ID).is_some_and(|own| *own == stray.to_string())
                };
                let key = state.objects.iter().find(|(_, object)| ours(object)).map(|(key, _)| key.clone());
                (key.map(|key| LogEntry::Remove { at: state.now, by: "hand".to_owned(), key }).into_iter().collect(), ())
            };
            self.log.commit(take).expect("a world in memory");
            return;
        }
        let set = yaml::read("{ domain_name_servers: [AmazonProvidedDNS], ntp_servers: [169.254.169.123] }");
        let tags = Tags::from([(tags::ENVIRONMENT.to_owned(), other.to_string()), (tags::ID.to_owned(), stray.to_string())]);
        let request = CreateRequest { attributes: Attributes::from(set.as_map().cloned().expect("a map")), tags };
        self.log.create_by_hand(&account(environment), Region::Tokyo, "dhcp-options", &request).expect("by hand");
    }

    /// The same bytes on the same day say the same, so they are read once: an environment's own file, and the release that it
    /// names or the tree.
    fn reading(&self, environment: Environment, reading: &Reading) -> Option<DesiredState> {
        thread_local! {
            static READ: RefCell<HashMap<u64, Option<DesiredState>>> = RefCell::default();
        }
        let mut hasher = DefaultHasher::new();
        (environment, self.now().as_second() / 86_400, &reading.edits, self.bytes(environment, &reading.edits)).hash(&mut hasher);
        let key = hasher.finish();
        if let Some(known) = READ.with_borrow(|read| read.get(&key).cloned()) {
            return known;
        }
        let read = self.read(environment, reading);
        READ.with_borrow_mut(|known| known.insert(key, read.clone()));
        read
    }

    /// What an environment is made of.
    fn bytes(&self, environment: Environment, edits: &BTreeMap<String, Vec<u8>>) -> BTreeMap<PathBuf, Vec<u8>> {
        let name = own_file(environment);
        let own = edits.get(&name).map_or_else(|| self.text(&name), |edit| String::from_utf8(edit.clone()).expect("text"));
        let mut found = BTreeMap::from([(name.clone().into(), own.clone().into_bytes())]);
        let mut open = if let Some(release) = pin::pinned(&name, &own) {
            vec![self.file(&frozen::folder(&release))]
        } else {
            found.insert("base".into(), self.text("environments/base.yaml").into_bytes());
            vec![self.file("policies")]
        };
        while let Some(folder) = open.pop() {
            for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(self.path()).expect("inside").to_owned();
                    found.insert(name, fs::read(&path).expect("a file"));
                }
            }
        }
        found
    }

    /// In Tokyo, as the product has it.
    fn today(&self) -> jiff::civil::Date {
        self.now().to_zoned(jiff::tz::TimeZone::get("Asia/Tokyo").expect("a zone")).date()
    }

    fn files(&self) -> tokaido::project::Project {
        tokaido::project::Project::open_at(self.path(), self.now(), Arc::new(tokaido::policy::Nothing))
    }

    fn read(&self, environment: Environment, reading: &Reading) -> Option<DesiredState> {
        let today = self.today();
        load_as(self.path(), &[environment], today, reading)
            .states
            .remove(&environment)
            .map(|state| small(Arc::unwrap_or_clone(state)))
    }

    fn session_of(&self, desired: DesiredState) -> Session {
        let scope = Scope { environment: desired.environment, account: desired.account.clone() };
        Session {
            world: SimWorld::new(Arc::clone(&self.log), scope),
            store: Arc::clone(&self.store) as Arc<dyn Store>,
            desired: Arc::new(desired),
            schemas: kinds::schemas(),
            tool_version: TOOL,
            lease: Terms::default(),
        }
    }

    /// `None` when the files cannot be used: a release that was altered, for example.
    pub fn session(&self, environment: Environment) -> Option<Session> {
        self.reading(environment, &Reading::default()).map(|desired| self.session_of(desired))
    }

    /// Oldest first.
    pub fn releases(&self) -> Vec<String> {
        let mut known = releases::known(&self.files());
        known.sort_by_key(|id| govern::ordered(id));
        known
    }

    /// `release cut`: the new id, or `None` when it refuses.
    pub fn cut(&self) -> Option<String> {
        let today = self.today();
        let loaded = load_as(self.path(), &Environment::ALL, today, &Reading { tree_only: true, ..Reading::default() });
        assert!(loaded.findings.iter().all(|finding| finding.severity != Severity::Error), "{:#?}", loaded.findings);
        let (known, content) = (self.releases(), loaded.content);
        let earlier = known.iter().map(|id| releases::read(&self.files(), id).0).collect::<Option<Vec<_>>>()?;
        let manifest = govern::manifest(&govern::next_id(&known, today), TOOL, self.now(), None, &content);
        if govern::newest(&earlier).is_some_and(|newest| newest.digest() == manifest.digest()) {
            return None;
        }
        let folder = self.file(&frozen::folder(&manifest.id));
        for (path, bytes) in &content {
            fs::create_dir_all(folder.join(path).parent().expect("a folder")).expect("a folder");
            fs::write(folder.join(path), bytes).expect("a file");
        }
        fs::write(folder.join(frozen::MANIFEST), govern::written(&manifest)).expect("a file");
        Some(manifest.id)
    }

    /// `promote`, in its order: verify, check, decide, plan, write. An empty list of reasons: the files cannot be used.
    pub fn promote(&self, release: &str, to: Environment, way: Way) -> Result<Allowed, Vec<Refusal>> {
        let name = own_file(to);
        let manifest = releases::read(&self.files(), release).0.ok_or_else(Vec::new)?;
        let text = pin::pin(&name, &self.text(&name), release).map_err(|_| Vec::new())?;
        let reading =
            Reading { edits: [(name.clone(), text.clone().into_bytes())].into(), tree_only: false, ..Reading::default() };
        let desired = self.reading(to, &reading).ok_or_else(Vec::new)?;
        let own = history(&self.records(to));
        let there = before(to).map(|before| history(&self.records(before)));
        let allowed = decide(&PromotionInput {
            release: &manifest.reference(),
            cut_with: &manifest.tool_version,
            tool_version: TOOL,
            to,
            own: &own,
            before: there.as_ref(),
            sight: WatchedState::Never,
            soak: SignedDuration::from_hours(desired.soak_hours),
            now: self.now(),
            way,
        })?;
        let session = self.session_of(desired);
        block_on(session.plan()).map_err(|_| Vec::new())?;
        self.write(&name, &text);
        let (at, by, reason) = (self.now(), "alice".to_owned(), "slow".to_owned());
        let record = match &allowed {
            Allowed::Back { leaves: Some(left) } => Some(Record::Hold { at, release: left.clone(), by, reason }),
            Allowed::HoldLifted => Some(Record::HoldLifted { at, release: manifest.reference(), by, reason }),
            Allowed::Forward | Allowed::Withdrawal | Allowed::Back { leaves: None } => None,
        };
        if let Some(record) = record {
            block_on(self.store.append(to, &record)).expect("memory");
        }
        Ok(allowed)
    }

    /// The roles of the release that is applied now, where it is another than the pinned one; or why nobody knows.
    pub fn applied_roles(&self, desired: &DesiredState) -> Result<Option<Roles>, Reason> {
        let own = history(&self.records(desired.environment));
        let Some(applied) = own.governing() else { return Ok(None) };
        if desired.release.as_ref().is_some_and(|pinned| pinned.digest == applied.digest) {
            return Ok(None);
        }
        match releases::roles(&self.files(), &applied.id).0 {
            Some((manifest, roles)) if manifest.digest() == applied.digest => Ok(roles.filter(|roles| !roles.people.is_empty())),
            _ => Err(named("roles-lost")),
        }
    }

    pub fn roles(&self, desired: &DesiredState) -> Roles {
        let applied = self.applied_roles(desired).ok().flatten();
        roles_in_force(applied.as_ref(), desired.roles.as_ref()).cloned().unwrap_or_default()
    }

    /// What `apply` lays beside a plan.
    fn evidence(&self, session: &Session, plan: &Plan) -> ApprovalEvidence {
        let (desired, to) = (&session.desired, session.desired.environment);
        let (mut refusals, mut known) = (Vec::new(), false);
        let applied_roles = self.applied_roles(desired).unwrap_or_else(|reason| {
            refusals.extend((to != Environment::Dev).then_some(reason));
            None
        });
        if let Some(release) = desired.release.as_ref() {
            known = true;
            let own = history(&self.records(to));
            let there = before(to).map(|before| history(&self.records(before)));
            let question = PromotionInput {
                release,
                cut_with: desired.release_tool.as_deref().unwrap_or_default(),
                tool_version: TOOL,
                to,
                own: &own,
                before: there.as_ref(),
                sight: WatchedState::Never,
                soak: SignedDuration::from_hours(desired.soak_hours),
                now: self.now(),
                way: Way::Forward,
            };
            refusals.extend(may_apply(&question).err().into_iter().flatten().map(|refusal| named(&word(&refusal))));
        }
        let promotion = (known || !refusals.is_empty()).then_some(if refusals.is_empty() { Ok(()) } else { Err(refusals) });
        let statements = self.statements.get(&plan.id).cloned().unwrap_or_default();
        ApprovalEvidence { statements, promotion, applied_roles }
    }

    /// `apply`, of a plan that was made before.
    pub fn apply(&self, plan: &Plan, plea: Option<&EmergencyOverride>) -> Ended {
        let session = self.session(plan.body.environment).ok_or_else(|| vec!["the files cannot be used".to_owned()])?;
        let evidence = self.evidence(&session, plan);
        let evidence = |_: &Plan| Ok(evidence.clone());
        let gate_input = GateInput { evidence: &evidence, emergency: plea, saved: true };
        let (_go, stop) = watch::channel(false);
        match block_on(session.apply(plan, &gate_input, stop, &mut |_| {})) {
            Ok(_) => Ok(session.world.calls().mutating()),
            Err(error) => {
                assert_eq!(session.world.calls().mutating(), 0, "changed something and refused: {error}");
                Err(reasons(&error))
            }
        }
    }
}

fn account(environment: Environment) -> String {
    let digit = match environment {
        Environment::Dev => "1",
        Environment::Staging => "2",
        Environment::Production => "3",
    };
    digit.repeat(12)
}

/// Two resources are enough to change something. What a release says of backups stands in a tag of one of them, so that
/// another content is another plan.
fn small(mut desired: DesiredState) -> DesiredState {
    let says =
        desired.resources.iter().find(|(id, _)| id.kind == "backup-plan").map(|(_, plan)| format!("{:?}", plan.attributes));
    let says = frozen::sha256(says.expect("a backup plan").as_bytes())[..12].to_owned();
    desired
        .resources
        .retain(|id, _| ["vpc", "dhcp-options"].contains(&id.kind.as_str()) && id.to_string().ends_with("main@tokyo"));
    desired.resources.get_mut(&id("vpc.main@tokyo")).expect("a network").tags.insert("backups".to_owned(), says);
    desired
}

/// The name of a refusal.
pub fn word(refusal: &Refusal) -> String {
    serde_json::to_value(refusal).expect("data")["refusal"].as_str().expect("a word").to_owned()
}

/// A reason that is told by its name alone.
fn named(word: &str) -> Reason {
    Reason::new(Why::Over { gate: Said::new(word, word) }, NextStep::SameAgain)
}

fn reasons(error: &PipelineError) -> Vec<String> {
    match error {
        PipelineError::Gate(Gate::NotPermitted { refusals, .. }) => {
            let short = |why: &str| {
                if why.contains("approvals") {
                    "too few approvals".to_owned()
                } else {
                    why.split([':', ',']).next().unwrap_or(why).to_owned()
                }
            };
            let told = refusals.0.iter().filter(|refusal| refusal.why != Why::NotSaved);
            told.map(|refusal| short(&refusal.why.to_string())).collect()
        }
        PipelineError::Gate(gate) => {
            vec![format!("{gate:?}").split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()]
        }
        other => panic!("{other}"),
    }
}

/// `policies/roles.yaml` of these roles.
pub fn written(roles: &Roles) -> String {
    let quoted = |words: &std::collections::BTreeSet<String>| serde_json::to_string(words).expect("text");
    let person = |person: &tokaido::model::Person| {
        format!(
            "  - id: {}\n    groups: {}\n    keys: {}\n    also_known_as: {}\n",
            person.id,
            quoted(&person.groups),
            quoted(&person.keys),
            quoted(&person.also_known_as)
        )
    };
    format!(
        "schema: tokaido/roles/v1\npeople:\n{}approvals:\n  production: {{ required: 2, groups: {{ change-management: 1 }} }}\n",
        roles.people.iter().map(person).collect::<String>()
    )
}

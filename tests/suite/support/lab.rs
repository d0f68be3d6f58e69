//! One environment in a simulated world in memory. Whatever only reads is checked for not changing anything.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};
use tokaido::kinds;
use tokaido::model::{
    ApplyEvent, ApplyReport, DesiredResource, DesiredState, DriftReport, Environment, EnvironmentAudit, Outcome, Plan, Region,
    ResourceId, Value,
};
use tokaido::pipeline::{ApprovalEvidence, GateInput, PipelineError, Planned, Session};
use tokaido::promises::Accounts;
use tokaido::sim::{ManualError, SandboxRow, SimWorld};
use tokaido::store::lease::Terms;
use tokaido::store::{Entry, Record, Store};
use tokaido::world::{Clock as _, ErrorClass, Fault, Moment, Scope};
use tokio::sync::watch;

pub use super::memory::MemoryStore;
use super::people;

pub const START: &str = "2026-11-01T00:00:00Z";

/// An id as it is printed.
pub fn id(text: &str) -> ResourceId {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// An environment that asks for these resources.
pub fn desired(environment: Environment, account: &str, resources: BTreeMap<ResourceId, DesiredResource>) -> DesiredState {
    DesiredState {
        environment,
        account: account.to_owned(),
        assume_role: None,
        primary: Region::Tokyo,
        recovery: Region::Osaka,
        resources,
        retire: BTreeMap::new(),
        divergences: Vec::new(),
        exceptions: Vec::new(),
        shared_forwarders: Vec::new(),
        readers: Vec::new(),
        database_users: BTreeMap::new(),
        release: None,
        release_tool: None,
        soak_hours: 24,
        bucket: None,
        roles: None,
        approvals: 2,
        digest: "c0".repeat(32),
        promises_digest: "b0".repeat(32),
        promised_days: BTreeMap::new(),
        policies: tokaido::model::PolicyFiles::default(),
    }
}

pub struct Lab {
    world: Arc<SimWorld>,
    store: Arc<MemoryStore>,
    pub desired: Arc<DesiredState>,
}

impl Lab {
    pub fn new(desired: DesiredState) -> Self {
        let scope = Scope { environment: desired.environment, account: desired.account.clone() };
        let start: Timestamp = START.parse().expect("a time");
        Self { world: SimWorld::in_memory(scope, start), store: Arc::default(), desired: Arc::new(governed(desired)) }
    }

    /// The same world and store, another wish.
    pub fn with(&self, desired: DesiredState) -> Self {
        Self { world: Arc::clone(&self.world), store: Arc::clone(&self.store), desired: Arc::new(governed(desired)) }
    }

    pub fn forget(&mut self) {
        self.store = Arc::default();
    }

    pub fn store(&self) -> &Arc<MemoryStore> {
        &self.store
    }

    pub fn world(&self) -> &Arc<SimWorld> {
        &self.world
    }

    /// A new process: calls are counted anew.
    pub fn session(&self) -> Session {
        Session {
            world: self.world.again(),
            store: Arc::clone(&self.store) as Arc<dyn Store>,
            desired: Arc::clone(&self.desired),
            schemas: kinds::schemas(),
            tool_version: "0.1.0",
            lease: Terms::default(),
        }
    }

    pub fn try_plan(&self) -> Result<Planned, PipelineError> {
        let session = self.session();
        let records = self.records().len();
        let planned = block_on(session.plan());
        assert_eq!(session.world.calls().mutating(), 0, "a plan never changes anything");
        assert_eq!(self.records().len(), records, "a plan records nothing");
        planned
    }

    pub fn plan(&self) -> Planned {
        self.try_plan().unwrap_or_else(|error| panic!("{error}"))
    }

    pub fn drift(&self) -> DriftReport {
        let session = self.session();
        let records = self.records().len();
        let report = block_on(session.drift()).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(session.world.calls().mutating(), 0, "drift never changes anything");
        assert_eq!(self.records().len(), records, "drift records nothing");
        report
    }

    /// All three environments have accounts of their own, as `validate` demands.
    pub fn audit(&self) -> EnvironmentAudit {
        let session = self.session();
        let records = self.records().len();
        let mut declared: BTreeMap<Environment, String> =
            Environment::ALL.map(|environment| (environment, format!("{environment} has its own"))).into();
        declared.insert(self.desired.environment, self.desired.account.clone());
        let accounts = Accounts { declared, caller: String::new() };
        let audit = block_on(session.audit(&accounts)).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(session.world.calls().mutating(), 0, "an audit never changes anything");
        assert_eq!(self.records().len(), records, "an audit records nothing");
        audit
    }

    /// Lets time pass.
    pub fn wait(&self, duration: jiff::SignedDuration) {
        let later = |state: &tokaido::sim::State| {
            (vec![tokaido::sim::LogEntry::Tick { at: state.now.checked_add(duration).expect("a time") }], ())
        };
        self.world.log().commit(later).expect("a world in memory");
    }

    pub fn apply(&self) -> ApplyReport {
        let planned = self.plan();
        self.apply_planned(&planned)
    }

    pub fn apply_planned(&self, planned: &Planned) -> ApplyReport {
        let (_go, stop) = watch::channel(false);
        let mut ended = 0;
        let mut count = |event: ApplyEvent| ended += usize::from(matches!(event, ApplyEvent::StepEnded { .. }));
        let report = self.let_pass(&self.session(), &planned.plan, stop, &mut count).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(ended, report.steps.len(), "every step ends with an event");
        assert_eq!(report.steps.len(), planned.plan.body.steps.len(), "every step of the plan is reported");
        report
    }

    pub fn apply_saved(&self, plan: &Plan) -> Result<ApplyReport, PipelineError> {
        let (_go, stop) = watch::channel(false);
        self.let_pass(&self.session(), plan, stop, &mut |_| {})
    }

    /// Now, and never the same twice: time stands still here, and an approval is used up by an apply of the same moment.
    pub fn moment(&self) -> Timestamp {
        static MOMENT: AtomicI64 = AtomicI64::new(1);
        let later = SignedDuration::from_micros(MOMENT.fetch_add(1, Ordering::Relaxed));
        self.world.now().saturating_add(later).expect("a time")
    }

    /// As the product does it: with statements that bob and carol have signed, of a release that was promoted.
    pub fn let_pass(
        &self,
        session: &Session,
        plan: &Plan,
        stop: watch::Receiver<bool>,
        on_event: &mut (dyn FnMut(ApplyEvent) + Send),
    ) -> Result<ApplyReport, PipelineError> {
        let at = self.moment();
        let statements = match &self.desired.roles {
            Some(roles) if plan.body.environment == Environment::Production => people::approvals(plan, roles, at),
            _ => Vec::new(),
        };
        let evidence =
            |_: &Plan| Ok(ApprovalEvidence { statements: statements.clone(), promotion: Some(Ok(())), applied_roles: None });
        let gate_input = GateInput { evidence: &evidence, emergency: None, saved: true };
        block_on(session.apply(plan, &gate_input, stop, on_event))
    }

    /// Applies, and demands that it went well and left nothing to do.
    pub fn converge(&self) -> ApplyReport {
        let report = self.apply();
        assert!(all_done(&report), "{report:#?}");
        assert_eq!(report.remaining.as_deref(), Some(&[][..]), "{report:#?}");
        self.assert_settled();
        report
    }

    /// Nothing is left to do, nothing drifted.
    pub fn assert_settled(&self) {
        let body = self.plan().plan.body;
        assert!(body.changes.is_empty() && body.blocked.is_empty(), "{:#?} {:#?}", body.changes, body.blocked);
        let drift = self.drift();
        assert!(!drift.has_drift(), "{drift:#?}");
    }

    pub fn records(&self) -> Vec<Record> {
        block_on(self.store.records(self.desired.environment)).unwrap_or_default()
    }

    pub fn entries(&self) -> Vec<Entry> {
        block_on(self.store.entries(self.desired.environment)).unwrap_or_default()
    }

    pub fn set(&self, id: &ResourceId, path: &str, value: &Value) -> Result<(), ManualError> {
        if value.is_null() {
            return self.world.log().unset_by_hand(self.desired.environment, id, path);
        }
        self.world.log().set_by_hand(self.desired.environment, id, path, value)
    }

    pub fn remove(&self, id: &ResourceId) -> Result<(), ManualError> {
        self.world.log().remove_by_hand(self.desired.environment, id)
    }

    pub fn rows(&self) -> Vec<SandboxRow> {
        self.world.log().rows().expect("a world in memory")
    }

    pub fn row(&self, id: &ResourceId) -> SandboxRow {
        let row = self.rows().into_iter().find(|row| row.id.as_ref() == Some(id));
        row.unwrap_or_else(|| panic!("{id} is not in the world"))
    }

    pub fn fail(&self, operation: &str, class: ErrorClass, moment: Moment, times: u32) {
        let fault = Fault { operation: operation.to_owned(), class, moment, times };
        self.world.fail(fault).expect("a world in memory");
    }

    pub fn heal(&self) {
        let healed = |state: &tokaido::sim::State| (vec![tokaido::sim::LogEntry::ClearFaults { at: state.now }], ());
        self.world.log().commit(healed).expect("a world in memory");
    }
}

/// With people who may approve, and a release where one is needed.
fn governed(mut desired: DesiredState) -> DesiredState {
    if desired.roles.as_ref().is_none_or(|roles| roles.people.is_empty()) {
        desired.roles = Some(people::roles());
    }
    if desired.environment != Environment::Dev && desired.release.is_none() {
        desired.release = Some(people::release());
    }
    desired
}

pub fn all_done(report: &ApplyReport) -> bool {
    report.steps.iter().all(|step| matches!(step.outcome, Outcome::Done | Outcome::AlreadyDone))
}

pub fn block_on<F: Future>(future: F) -> F::Output {
    thread_local! {
        static RUNTIME: tokio::runtime::Runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    }
    RUNTIME.with(|runtime| runtime.block_on(future))
}

//! What could not be read is in the plan, and who asked is not: the same world gives the same bytes to everybody.

use std::sync::Arc;

use async_trait::async_trait;
use tokaido::kinds::{self, db_instance};
use tokaido::model::observed::Listing;
use tokaido::model::reason::Spoken as _;
use tokaido::model::{Attributes, Environment, Language, Live, Region, Said, Status};
use tokaido::pipeline::{Planned, Session};
use tokaido::plan::{self, PlanningInput};
use tokaido::sim::SimWorld;
use tokaido::world::{
    CallLog, Caller, Clock, CreateRequest, Driver, ErrorClass, ProviderError, UpdateRequest, World, WriteFence,
};

use crate::support::lab::block_on;
use crate::support::{Lab, id, project};

/// A world in which the listing of databases is not what AWS has.
struct Impaired {
    inner: Arc<SimWorld>,
    how: How,
}

/// How.
enum How {
    /// It fails, as one caller hears of it.
    Denied(ProviderError),
    /// It does not tell the port, and databases are in this state.
    Partial(Status),
}

struct Partial(Arc<dyn Driver>, Status);

#[async_trait]
impl Driver for Partial {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let mut listing = self.0.list().await?;
        for live in &mut listing.live {
            live.attributes.not_asked(db_instance::at::port);
            live.status = self.1.clone();
        }
        Ok(listing)
    }
    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        self.0.read(physical).await
    }
    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        self.0.create(request).await
    }
    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        self.0.update(request).await
    }
    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        self.0.delete(live).await
    }
    async fn offers(&self, asked: &Attributes) -> Result<Option<Vec<Attributes>>, ProviderError> {
        self.0.offers(asked).await
    }
}

struct Deaf(ProviderError);

#[async_trait]
impl Driver for Deaf {
    async fn list(&self) -> Result<Listing, ProviderError> {
        Err(self.0.clone())
    }
    async fn read(&self, _: &str) -> Result<Option<Live>, ProviderError> {
        Err(self.0.clone())
    }
    async fn create(&self, _: &CreateRequest) -> Result<String, ProviderError> {
        Err(self.0.clone())
    }
    async fn update(&self, _: &UpdateRequest) -> Result<(), ProviderError> {
        Err(self.0.clone())
    }
    async fn delete(&self, _: &Live) -> Result<(), ProviderError> {
        Err(self.0.clone())
    }
    async fn offers(&self, _: &Attributes) -> Result<Option<Vec<Attributes>>, ProviderError> {
        Err(self.0.clone())
    }
}

#[async_trait]
impl World for Impaired {
    async fn caller(&self) -> Result<Caller, ProviderError> {
        self.inner.caller().await
    }
    fn driver(&self, kind: &str, region: Region) -> Option<Arc<dyn Driver>> {
        let inner = self.inner.driver(kind, region)?;
        Some(match &self.how {
            _ if kind != db_instance::NAME => inner,
            How::Denied(error) => Arc::new(Deaf(error.clone())),
            How::Partial(status) => Arc::new(Partial(inner, status.clone())),
        })
    }
    fn clock(&self) -> &dyn Clock {
        self.inner.clock()
    }
    fn calls(&self) -> &CallLog {
        self.inner.calls()
    }
    fn write_fence(&self) -> &WriteFence {
        self.inner.write_fence()
    }
    fn identity(&self) -> String {
        self.inner.identity()
    }
    fn banner(&self) -> Option<Said> {
        None
    }
}

fn denied(role: &str, request: &str) -> ProviderError {
    let caller = format!("arn:aws:sts::333333333333:assumed-role/{role}/{role}-session");
    ProviderError {
        principal: Some(caller.clone()),
        request_id: Some(request.to_owned()),
        code: Some("AccessDenied".to_owned()),
        ..ProviderError::new(
            ErrorClass::AccessDenied,
            "rds:DescribeDBInstances",
            "db-instance in tokyo",
            format!("User: {caller} is not authorized to perform: rds:DescribeDBInstances ({request})"),
        )
    }
}

fn planned(lab: &Lab, error: ProviderError) -> Planned {
    block_on(session(lab, How::Denied(error)).plan()).unwrap_or_else(|error| panic!("{error}"))
}

fn session(lab: &Lab, how: How) -> Session {
    Session { world: Arc::new(Impaired { inner: lab.world().again(), how }), ..lab.session() }
}

/// An answer without a declared attribute is a read that failed, in every command, and no difference.
#[test]
fn an_answer_that_does_not_tell_an_attribute_is_unknown_in_every_command() {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    let planned = block_on(session(&lab, How::Partial(Status::Ready)).plan()).unwrap_or_else(|error| panic!("{error}"));
    assert!(planned.plan.body.changes.is_empty() && planned.plan.body.drifted.is_empty(), "{:#?}", planned.plan.body.changes);
    let drift = block_on(session(&lab, How::Partial(Status::Ready)).drift()).unwrap_or_else(|error| panic!("{error}"));
    assert!(!drift.has_drift());
    for unreadable in [&planned.plan.body.unreadable, &drift.unreadable] {
        let databases: Vec<_> =
            unreadable.iter().map(|one| (one.id.clone(), one.operation.as_str(), one.error.as_str())).collect();
        let wanted = ["db-instance.acme-db@tokyo", "db-instance.catalog@tokyo"];
        assert_eq!(databases, wanted.map(|name| (Some(id(name)), "rds:DescribeDBInstances", "the answer has no port")));
    }
}

/// Of a resource that is not ready AWS does not tell everything. Its state says so, and no read failed.
#[test]
fn what_a_state_hides_is_no_failed_read() {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    lab.converge();
    for (status, codes) in [
        (Status::Working("creating".to_owned()), &[][..]),
        (Status::Failed("stopped".to_owned()), &["failed-state", "failed-state"]),
    ] {
        let planned = block_on(session(&lab, How::Partial(status)).plan()).unwrap_or_else(|error| panic!("{error}"));
        let body = planned.plan.body;
        assert_eq!(body.blocked.iter().map(|blocked| blocked.code.as_str()).collect::<Vec<_>>(), codes);
        assert!(body.unreadable.is_empty() && body.changes.is_empty(), "{:#?}", body.unreadable);
    }
}

#[test]
fn a_plan_says_what_could_not_be_read_and_not_who_asked() {
    let lab = Lab::new(project::load(project::root(), Environment::Production));
    let (first, second) = (denied("applier", "7f3e-first"), denied("reader", "91bc-second"));
    let (one, other) = (planned(&lab, first.clone()), planned(&lab, second));
    assert_eq!(one.plan.body, other.plan.body);
    assert_eq!(one.plan.id, other.plan.id, "the same inputs, the same bytes");
    let text = serde_json::to_string(&one.plan.body).expect("JSON");
    assert!(text.contains("rds:DescribeDBInstances") && text.contains("AccessDenied"), "{text}");
    assert!(!text.contains("assumed-role") && !text.contains("7f3e"), "{text}");
    assert!(!one.plan.body.unreadable.is_empty() && !one.plan.body.blocked.is_empty());
    // Who looks for the cause is told all of it, beside the plan.
    let told: Vec<&str> = one.observed.unreadable.iter().map(tokaido::model::Unreadable::in_full).collect();
    assert!(told.iter().all(|told| told.contains(&first.to_string())), "{told:#?}");
}

/// An owned resource of which a part was not read: the part is unknown, and the rest is planned as ever.
#[test]
fn an_attribute_that_was_not_read_is_no_difference_and_blocks_nothing_else() {
    let lab = Lab::new(project::load(project::copy().path(), Environment::Production));
    lab.converge();
    let catalog = id("db-instance.catalog@tokyo");
    let mut observed = lab.plan().observed;
    let live = observed.owned.get_mut(&catalog).expect("a database");
    live.attributes.not_asked(db_instance::at::port);
    live.attributes.failed(db_instance::at::log_exports, "denied");
    live.attributes.put(db_instance::at::backup_retention_days, 1);
    let schemas = kinds::schemas();
    let input =
        PlanningInput { desired: &lab.desired, observed: &observed, recorded: None, schemas: &schemas, tool_version: "0.1.0" };
    let body = plan::plan(&input);
    let changed: Vec<&str> = body.changes.iter().flat_map(|change| &change.diffs).map(|diff| diff.path.as_str()).collect();
    assert_eq!(changed, ["backup_retention_days"], "{:#?}", body.changes);
    let [blocked] = &body.blocked[..] else { panic!("{:#?}", body.blocked) };
    assert_eq!((&blocked.id, blocked.code.as_str()), (&catalog, "unreadable"));
    let reason = blocked.reason.spoken(Language::En).to_string();
    assert!(reason.contains("AWS did not return") && reason.contains("port") && reason.contains("log_exports"), "{reason}");
    assert!(plan::lint(&body, &lab.desired, &observed, &schemas).is_empty());
}

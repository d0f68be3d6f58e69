//! What could not be read is in the plan, and who asked is not: the same world gives the same bytes to everybody.

use std::sync::Arc;

use async_trait::async_trait;
use tokaido::model::observed::Listing;
use tokaido::model::{Environment, Live, Region, Said};
use tokaido::pipeline::{Planned, Session};
use tokaido::sim::SimWorld;
use tokaido::world::{
    CallLog, Caller, Clock, CreateRequest, Driver, ErrorClass, ProviderError, UpdateRequest, World, WriteFence,
};

use crate::support::lab::block_on;
use crate::support::{Lab, project};

/// A world in which databases cannot be listed, as one caller hears of it.
struct Denied {
    inner: Arc<SimWorld>,
    error: ProviderError,
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
}

#[async_trait]
impl World for Denied {
    async fn caller(&self) -> Result<Caller, ProviderError> {
        self.inner.caller().await
    }
    fn driver(&self, kind: &str, region: Region) -> Option<Arc<dyn Driver>> {
        if kind == "db-instance" { Some(Arc::new(Deaf(self.error.clone()))) } else { self.inner.driver(kind, region) }
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
    let world = Denied { inner: lab.world().again(), error };
    let session = Session { world: Arc::new(world), ..lab.session() };
    block_on(session.plan()).unwrap_or_else(|error| panic!("{error}"))
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

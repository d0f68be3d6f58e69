//! The store against a real server. `tests/wire/run` starts moto, makes the bucket, runs this, and looks at what is there.

use std::sync::Arc;
use std::time::Duration;

use aws_config::BehaviorVersion;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use tokaido::aws::S3Store;
use tokaido::model::{DesiredState, Environment};
use tokaido::store::lease::{Ask, Terms, Unheld, acquire};
use tokaido::store::{Store, StoreError, Swap};
use tokaido::world::{Clock as _, WriteFence};
use tokio::sync::watch;

use crate::aws_replay::Replay;
use crate::lease::{contract, lease};
use crate::support::project;

fn variable(name: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "the wire suite says where its server is")]
    std::env::var(name).unwrap_or_else(|_| panic!("tests/wire/run sets {name}"))
}

#[tokio::test]
#[ignore = "tests/wire/run starts it, with a server"]
async fn a_bucket_on_the_wire() {
    let config = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region("ap-northeast-1")
        .credentials_provider(SharedCredentialsProvider::new(Credentials::new("wire", "wire", None, None, "wire")))
        .endpoint_url(variable("TOKAIDO_WIRE_S3"))
        .load()
        .await;
    let (session, cache) = (Replay::new([]).session_of(&config), tempfile::tempdir().expect("a folder"));
    let (bucket, desired) = (variable("TOKAIDO_WIRE_BUCKET"), project::load(project::root(), Environment::Dev));
    let open = |bucket: &str| S3Store::new(&session, &DesiredState { bucket: None, ..desired.clone() }, bucket, cache.path());
    contract::holds(&open(&bucket), &open(&bucket)).await;

    // Ten applies at once, each of which waits for the others.
    let turns = (0..10).map(|_| {
        let store: Arc<dyn Store> = Arc::new(open(&bucket));
        async move {
            let (write_fence, (_go, stop)) = (WriteFence::default(), watch::channel(false));
            let terms = Terms { wait: Duration::from_secs(60), look: Duration::from_millis(50), ..Terms::default() };
            let (environment, terms) = (Environment::Staging, &terms);
            let ask =
                Ask { store: &store, environment, caller: "bob", plan: "p", floor: 0, terms, write_fence: &write_fence, stop };
            let held = acquire(&ask, &mut |_| {}).await.expect("in turn");
            let fence = held.fence();
            held.release().await;
            fence
        }
    });
    let mut fences: Vec<u64> = futures::future::join_all(turns).await;
    fences.sort_unstable();
    assert_eq!(fences, (1..=10).collect::<Vec<_>>());

    // A holder that was killed: refused while its lease lasts, taken over after, by what the server's own clock says.
    let store: Arc<dyn Store> = Arc::new(open(&bucket));
    let now = tokaido::world::clock::SystemClock.now();
    let mut dead = lease("dead", 3, now);
    dead.expires_at = now + jiff::SignedDuration::from_secs(2);
    assert!(matches!(store.write_lease(Environment::Production, &dead, None).await, Ok(Swap::Done(_))));
    let (write_fence, terms, (_go, stop)) = (WriteFence::default(), Terms::default(), watch::channel(false));
    let ask = || Ask {
        store: &store,
        environment: Environment::Production,
        caller: "bob",
        plan: "p",
        floor: 0,
        terms: &terms,
        write_fence: &write_fence,
        stop: stop.clone(),
    };
    let refused = acquire(&ask(), &mut |_| {}).await;
    assert!(matches!(refused, Err(Unheld::Held(holder)) if *holder == dead), "it may live");
    tokio::time::sleep(Duration::from_secs(9)).await;
    assert_eq!(acquire(&ask(), &mut |_| {}).await.expect("nobody had to unlock it").fence(), 4);

    let error = open("tokaido-wire-nowhere").records(Environment::Dev).await.expect_err("no such bucket");
    assert!(matches!(error, StoreError::NoBucket { .. }), "{error}");
}

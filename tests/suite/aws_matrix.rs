//! What one failed read costs: every operation that reads, failing in every way, through one reading of the world to plan, drift and
//! verdicts. `docs/failed-reads.md` is what came of it.
//!
//! The world is the repository's dev environment as it was recorded, converged, in an account with a few foreign objects.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokaido::aws::connect::connect_with;
use tokaido::aws::operation::{as_iam_spells_it, mutating};
use tokaido::aws::replies::{Expected, TABLE};
use tokaido::aws::{ConnectError, Options, S3Store};
use tokaido::kinds;
use tokaido::model::{DriftReport, Environment, PlanBody, Verdict, VerdictState};
use tokaido::observe::{Depth, evidence, observe};
use tokaido::plan::{self, PlanningInput};
use tokaido::promises::{Accounts, JudgeInput, judge};
use tokaido::store::Store as _;
use tokaido::world::{Clock, Listener};

use super::aws_replay::{Answer, Replay, Seen, ok, status};
use super::aws_replies::{BUCKET, DAMAGES, Damage, complete, damaged, is_second, operation_of};
use crate::support::project::{load, root};

/// The account that was recorded.
const ACCOUNT: &str = "111111111111";

/// A way in which a read fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// AWS refuses the caller.
    Denied,
    /// AWS answers 500.
    ServerError,
    /// AWS sends nothing.
    Silent,
    /// The connection breaks.
    Broken,
    /// The reply is not complete.
    Damaged(Damage),
}

impl Way {
    fn all(expected: &Expected) -> impl Iterator<Item = Self> {
        let damages = DAMAGES.into_iter().filter(|damage| damage.is_possible(expected)).map(Self::Damaged);
        [Self::Denied, Self::ServerError, Self::Silent, Self::Broken].into_iter().chain(damages)
    }

    fn answer(self, seen: &Seen, operation: &str, body: &str, expected: &Expected) -> Answer {
        let refusal = |code: &str, http: u16| {
            let service = operation.split(':').next().unwrap_or_default();
            status(
                http,
                match service {
                    "ec2" => {
                        format!("<Response><Errors><Error><Code>{code}</Code><Message>m</Message></Error></Errors></Response>")
                    }
                    "s3" => format!("<Error><Code>{code}</Code><Message>m</Message></Error>"),
                    "kms" | "backup" | "dynamodb" | "elasticfilesystem" => format!("{{\"__type\":\"{code}\",\"message\":\"m\"}}"),
                    _ => format!("<ErrorResponse><Error><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>"),
                },
            )
        };
        match self {
            Self::Denied => refusal(if operation.starts_with("ec2:") { "UnauthorizedOperation" } else { "AccessDenied" }, 403),
            Self::ServerError => refusal("InternalError", 500),
            Self::Silent => Answer::Silent,
            Self::Broken => Answer::Lost,
            Self::Damaged(damage) => damaged(damage, body, expected, is_second(seen)).map_or_else(|| ok(body), ok),
        }
    }
}

/// Complete replies in an account in which nothing breaks a promise: the foreign stores of `aws_stores.rs` without their faults.
fn clean(seen: &Seen, operation: &str) -> String {
    let body = complete(seen, operation);
    let elsewhere = seen.headers.get("authorization").is_some_and(|signed| signed.contains("/us-east-1/"));
    if elsewhere {
        return nothing(operation).unwrap_or(body);
    }
    match operation {
        // The recorded clusters: none.
        "rds:DescribeDBClusters" | "rds:DescribeDBClusterAutomatedBackups" => nothing(operation).unwrap_or(body),
        "ec2:DescribeRegions" => body.replace("not-opted-in", "opt-in-not-required").replace("af-south-1", "us-west-2"),
        "s3:GetBucketPolicyStatus" => body.replace("true", "false"),
        _ => body
            .replace("<encrypted>false", "<encrypted>true")
            .replace("\"Encrypted\":false", "\"Encrypted\":true")
            .replace("<item><userId>210987654321</userId></item><item><group>all</group></item>", "")
            .replace("<AttributeValue>all</AttributeValue>", "")
            .replace("<AccountWithRestoreAccess><AccountId>210987654321</AccountId></AccountWithRestoreAccess>", ""),
    }
}

/// A complete reply that lists nothing.
fn nothing(operation: &str) -> Option<String> {
    let (_, name) = operation.split_once(':')?;
    let query = |list: &str| Some(format!("<{name}Response><{name}Result><{list}/></{name}Result></{name}Response>"));
    match name {
        "DescribeVolumes" => Some("<DescribeVolumesResponse><volumeSet/></DescribeVolumesResponse>".to_owned()),
        "DescribeSnapshots" => Some("<DescribeSnapshotsResponse><snapshotSet/></DescribeSnapshotsResponse>".to_owned()),
        "DescribeImages" => Some("<DescribeImagesResponse><imagesSet/></DescribeImagesResponse>".to_owned()),
        "DescribeDBInstances" => query("DBInstances"),
        "DescribeDBClusters" => query("DBClusters"),
        "DescribeDBSnapshots" => query("DBSnapshots"),
        "DescribeDBClusterSnapshots" => query("DBClusterSnapshots"),
        "DescribeDBInstanceAutomatedBackups" => query("DBInstanceAutomatedBackups"),
        "DescribeDBClusterAutomatedBackups" => query("DBClusterAutomatedBackups"),
        "DescribeClusters" => query("Clusters"),
        "DescribeClusterSnapshots" => query("Snapshots"),
        "ListTables" => Some(r#"{"TableNames":[]}"#.to_owned()),
        "DescribeFileSystems" => Some(r#"{"FileSystems":[]}"#.to_owned()),
        "ListBackupVaults" => Some(r#"{"BackupVaultList":[]}"#.to_owned()),
        _ => None,
    }
}

/// The day of the recording. Waits for nothing.
#[derive(Debug)]
struct Then;

#[async_trait]
impl Clock for Then {
    fn now(&self) -> Timestamp {
        "2026-11-02T01:00:00Z".parse().expect("a time")
    }

    async fn sleep(&self, _: Duration) {}
}

/// What came of one reading.
enum Outcome {
    /// The command ended before it looked, with this error.
    Ended(String),
    Seen(Box<Sight>),
}

struct Sight {
    body: PlanBody,
    drift: DriftReport,
    verdicts: Vec<Verdict>,
}

impl Sight {
    fn states(&self) -> BTreeMap<&str, VerdictState> {
        self.verdicts.iter().map(|verdict| (verdict.promise.as_str(), verdict.state)).collect()
    }
}

async fn reading(replay: &Replay) -> Outcome {
    let options = Options {
        environment: Environment::Dev,
        assume_role: None,
        bucket: Some(BUCKET.to_owned()),
        allow_endpoints: Vec::new(),
        readers: Vec::new(),
        listener: Listener::default(),
    };
    let world = match connect_with(&replay.config(None), &options, Arc::new(Then)).await {
        Ok(world) => world,
        Err(ConnectError::Provider(error)) => return Outcome::Ended(error.to_string()),
        Err(other) => return Outcome::Ended(other.to_string()),
    };
    let (desired, schemas) = (load(root(), Environment::Dev), kinds::schemas());
    let cache = tempfile::tempdir().expect("a folder");
    let store = S3Store::new(world.session(), &desired, BUCKET, cache.path());
    let recorded = match store.remembered(Environment::Dev).await {
        Ok(remembered) => remembered.parts().0,
        Err(error) => return Outcome::Ended(error.to_string()),
    };
    let mut observed = observe(&world, &desired, &schemas, Depth::Audit).await;
    observed.evidence = Some(evidence(&world, &observed).await);
    let input = PlanningInput {
        desired: &desired,
        observed: &observed,
        recorded: recorded.as_ref(),
        schemas: &schemas,
        tool_version: "0.1.0",
    };
    let now = Then.now();
    let declared = [(Environment::Dev, ACCOUNT.to_owned())].into();
    let accounts = Accounts { declared, caller: ACCOUNT.to_owned() };
    let verdicts = judge(&JudgeInput {
        desired: &desired,
        observed: &observed,
        recorded: recorded.as_ref(),
        schemas: &schemas,
        accounts: Some(&accounts),
        now: Some(now),
    });
    Outcome::Seen(Box::new(Sight { body: plan::plan(&input), drift: plan::drift(&input, &now.to_string()), verdicts }))
}

fn replay(wrong: Option<(String, Way, Expected)>) -> Replay {
    Replay::answering(move |seen| {
        let operation = operation_of(seen);
        let body = clean(seen, &operation);
        match &wrong {
            Some((name, way, expected)) if *name == operation => way.answer(seen, &operation, &body, expected),
            _ => ok(body),
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn base() {
    let Outcome::Seen(sight) = reading(&replay(None)).await else { panic!("no look") };
    let mut text = String::new();
    for verdict in &sight.verdicts {
        let _ = writeln!(text, "{} {:?} {:?}", verdict.promise, verdict.state, verdict.unknown);
        for one in &verdict.population {
            if one.state != VerdictState::Kept {
                let _ = writeln!(text, "    {one:?}");
            }
        }
    }
    panic!("{text}\n{:#?}\n{:#?}", sight.body.changes, sight.drift.drifted);
}

//! What one failed read costs: every operation that reads, failing in every way, through one reading of the world to plan, drift and
//! verdicts. `docs/failed-reads.md` is what came of it.
//!
//! The world is the repository's dev environment as it was recorded, converged, in an account with a few foreign objects.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use tokaido::aws::connect::connect_with;
use tokaido::aws::operation::{as_iam_spells_it, mutating};
use tokaido::aws::replies::{Expected, TABLE};
use tokaido::aws::{ConnectError, Options, S3Store};
use tokaido::kinds;
use tokaido::model::{DesiredState, DriftReport, Environment, PlanBody, Unreadable, Verdict, VerdictState};
use tokaido::observe::{Depth, evidence, observe};
use tokaido::plan::{self, PlanningInput};
use tokaido::promises::{Accounts, JudgeInput, judge};
use tokaido::store::Store as _;
use tokaido::world::{Clock, Listener};

use super::aws_replay::{Answer, Replay, Seen, ok, status};
use super::aws_replies::{BUCKET, DAMAGES, Damage, complete, damaged, is_second, operation_of};
use crate::support::project::{load, root};
use crate::support::soak;

static DESIRED: LazyLock<DesiredState> = LazyLock::new(|| load(root(), Environment::Dev));

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
    fn word(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::ServerError => "error of AWS",
            Self::Silent => "silent",
            Self::Broken => "broken off",
            Self::Damaged(Damage::Half) => "half",
            Self::Damaged(Damage::Empty) => "empty",
            Self::Damaged(Damage::Garbage) => "something else",
            Self::Damaged(Damage::WrongRoot) => "wrong document",
            Self::Damaged(Damage::NoList) => "no list",
            Self::Damaged(Damage::RepeatedPage) => "page twice",
            Self::Damaged(Damage::LostPage) => "page lost",
        }
    }

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
    let signed = seen.headers.get("authorization").map(String::as_str).unwrap_or_default();
    if ["/us-east-1/", "/us-west-2/"].iter().any(|region| signed.contains(region)) && !operation.starts_with("iam:") {
        return nothing(operation).unwrap_or(body);
    }
    match operation {
        // The recorded clusters: none.
        "rds:DescribeDBClusters" | "rds:DescribeDBClusterAutomatedBackups" => nothing(operation).unwrap_or(body),
        "ec2:DescribeRegions" => body.replace("not-opted-in", "opt-in-not-required").replace("af-south-1", "us-west-2"),
        "kms:ListGrants" => r#"{"Grants":[],"Truncated":false}"#.to_owned(),
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
        "2026-11-02T00:03:00Z".parse().expect("a time")
    }

    async fn sleep(&self, _: Duration) {}
}

/// What came of one reading.
enum Outcome {
    /// The command ended with this error before it looked.
    Ended(String),
    Seen(Box<Sight>),
}

struct Sight {
    body: PlanBody,
    drift: DriftReport,
    verdicts: Vec<Verdict>,
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
    let (desired, schemas) = (&*DESIRED, kinds::schemas());
    let cache = tempfile::tempdir().expect("a folder");
    let store = S3Store::new(world.session(), desired, BUCKET, cache.path());
    let recorded = match store.remembered(Environment::Dev).await {
        Ok(remembered) => remembered.parts().0,
        Err(error) => return Outcome::Ended(error.to_string()),
    };
    let mut observed = observe(&world, desired, recorded.as_ref(), &schemas, Depth::Audit).await;
    observed.evidence = Some(evidence(&world, &observed).await);
    let input =
        PlanningInput { desired, observed: &observed, recorded: recorded.as_ref(), schemas: &schemas, tool_version: "0.1.0" };
    let now = Then.now();
    let others = [(Environment::Staging, "222222222222"), (Environment::Production, "333333333333")];
    let declared =
        others.into_iter().chain([(Environment::Dev, ACCOUNT)]).map(|(of, account)| (of, account.to_owned())).collect();
    let accounts = Accounts { declared, caller: ACCOUNT.to_owned() };
    let verdicts = judge(&JudgeInput {
        desired,
        observed: &observed,
        recorded: recorded.as_ref(),
        schemas: &schemas,
        accounts: Some(&accounts),
        now: Some(now),
    });
    Outcome::Seen(Box::new(Sight {
        body: plan::plan(&input),
        drift: plan::drift(&input, &now.to_string(), &BTreeSet::new()),
        verdicts,
    }))
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

/// What one failed read costs, as the page says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Cost {
    /// The command ends with the error.
    Command,
    /// Whether `plan` and `drift` exit 8, and the promises that are unknown in an audit.
    Unknown { plan: bool, drift: bool, promises: BTreeSet<String> },
}

/// What is wrong with the outcome of a failed read: something was made of what was not read.
fn made_of_nothing(seen: &Sight, whole: &Sight) -> Vec<String> {
    let mut wrong = Vec::new();
    wrong.extend(seen.body.changes.iter().map(|change| format!("the plan would {:?} {}", change.action, change.id)));
    wrong.extend(seen.drift.drifted.iter().map(|note| format!("drift of {}", note.id)));
    wrong.extend(seen.drift.missing.iter().map(|gone| format!("{} is missing", gone.id)));
    for (verdict, before) in seen.verdicts.iter().zip(&whole.verdicts) {
        if verdict.state != before.state && verdict.state != VerdictState::Unknown {
            wrong.push(format!("{} is {} and was {}", verdict.promise, verdict.state.as_str(), before.state.as_str()));
        }
    }
    wrong
}

fn cost(outcome: &Outcome, whole: &Sight) -> Cost {
    let Outcome::Seen(seen) = outcome else { return Cost::Command };
    // A plan and a drift do not list what only an audit lists.
    let listed =
        |failed: &[Unreadable]| failed.iter().any(|failed| kinds::find(&failed.kind).is_some_and(|kind| !kind.audit_only));
    let unknown = seen.verdicts.iter().zip(&whole.verdicts).filter(|(now, before)| now.state != before.state);
    Cost::Unknown {
        plan: listed(&seen.body.unreadable),
        drift: listed(&seen.drift.unreadable),
        promises: unknown.map(|(now, _)| now.promise.clone()).collect(),
    }
}

/// The operation as the outcome names it.
fn names(outcome: &Outcome, operation: &str) -> bool {
    match outcome {
        // What is not the JSON of a record is a damaged record, whoever sent it.
        Outcome::Ended(error) => error.contains(operation) || error.contains("dev/records/00000001.json"),
        Outcome::Seen(seen) => {
            let verdicts = serde_json::to_string(&seen.verdicts).expect("plain data");
            verdicts.contains(operation) || seen.body.unreadable.iter().any(|failed| failed.operation == operation)
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::print_stderr, reason = "the table is what somebody runs this test with --nocapture for")]
async fn each_failed_read_costs_exactly_what_the_page_says() {
    let complete = replay(None);
    let Outcome::Seen(whole) = reading(&complete).await else { panic!("nothing failed") };
    assert_eq!(made_of_nothing(&whole, &whole), Vec::<String>::new(), "the recorded world is converged");
    let open =
        whole.verdicts.iter().filter(|verdict| verdict.state.is_open(verdict.unknown) || verdict.state == VerdictState::Unknown);
    assert_eq!(
        open.map(|verdict| &verdict.promise).collect::<Vec<_>>(),
        Vec::<&String>::new(),
        "and every promise with a check is kept"
    );
    let asked: BTreeSet<String> = complete.seen().iter().map(operation_of).collect();
    let whole = Arc::new(*whole);
    let mut tasks = Vec::new();
    for (turn, ((service, name), expected)) in TABLE.iter().filter(|((_, name), _)| !mutating(name)).enumerate() {
        let operation = as_iam_spells_it(if *service == "s3" { "S3" } else { service }, name);
        if !asked.contains(&operation) {
            continue;
        }
        let others: Vec<Way> = Way::all(expected).filter(|way| *way != Way::Denied).collect();
        let ways: Vec<Way> = [Way::Denied].into_iter().chain(soak::turn(&others, turn)).collect();
        let (whole, expected) = (Arc::clone(&whole), expected.clone());
        tasks.push(tokio::spawn(async move {
            let (mut by_cost, mut wrong) = (BTreeMap::<Cost, Vec<Way>>::new(), Vec::new());
            for way in ways {
                let outcome = reading(&replay(Some((operation.clone(), way, expected.clone())))).await;
                if let Outcome::Seen(seen) = &outcome {
                    wrong.extend(made_of_nothing(seen, &whole).into_iter().map(|what| format!("{operation} {way:?}: {what}")));
                }
                let cost = cost(&outcome, &whole);
                let silent = cost == Cost::Unknown { plan: false, drift: false, promises: BTreeSet::new() };
                if !silent && !names(&outcome, &operation) {
                    wrong.push(format!("{operation} {way:?}: nothing names the call"));
                }
                by_cost.entry(cost).or_default().push(way);
            }
            (operation, by_cost, wrong)
        }));
    }
    let mut rows = Vec::new();
    let (mut wrong, mut cells) = (Vec::new(), 0);
    for task in tasks {
        let (operation, by_cost, found) = task.await.expect("no panic");
        wrong.extend(found);
        cells += by_cost.values().map(Vec::len).sum::<usize>();
        eprintln!("{operation}: {by_cost:?}");
        rows.push((operation, by_cost));
    }
    eprintln!("{} operations, {cells} cells", rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(rows.len() >= 70 && cells >= 2 * rows.len(), "{} operations, {cells} cells", rows.len());
    committed("docs/failed-reads.md", &page(&rows, &asked));
}

/// The page, for people who ask what they lose with a permission or a call.
fn page(rows: &[(String, BTreeMap<Cost, Vec<Way>>)], asked: &BTreeSet<String>) -> String {
    let mut text = HEAD.to_owned();
    for (operation, by_cost) in rows {
        for (cost, ways) in by_cost {
            let ways = if by_cost.len() == 1 {
                "every way".to_owned()
            } else {
                ways.iter().map(|way| way.word()).collect::<Vec<_>>().join(", ")
            };
            let exit = |eight: bool| if eight { "exit 8" } else { "–" };
            let (plan, drift, promises) = match cost {
                Cost::Command => ("ends with the error", "ends with the error", "ends with the error".to_owned()),
                Cost::Unknown { plan, drift, promises } if promises.is_empty() => (exit(*plan), exit(*drift), "–".to_owned()),
                Cost::Unknown { plan, drift, promises } => {
                    (exit(*plan), exit(*drift), promises.iter().cloned().collect::<Vec<_>>().join(", "))
                }
            };
            let _ = writeln!(text, "| `{operation}` | {ways} | {plan} | {drift} | {promises} |");
        }
    }
    let more = TABLE.iter().filter(|((_, name), _)| !mutating(name));
    let more = more.map(|((service, name), _)| as_iam_spells_it(if *service == "s3" { "S3" } else { service }, name));
    let more: Vec<String> =
        more.filter(|operation| !asked.contains(operation)).map(|operation| format!("`{operation}`")).collect();
    let _ = writeln!(text, "\nNot in the table, because an audit does not call them: {}.", more.join(", "));
    text
}

const HEAD: &str = "# What a failed read costs

Every operation that an audit reads with, failing in every way: denied, answered with an error of AWS, silent, broken off, half,
empty, something else than a reply, the wrong document, without its list, a page that comes twice, a page that is lost. The test
`aws_matrix` runs each through one reading of a converged environment and compares this table. `make test` tries a denial and one
other way of each, `TOKAIDO_SOAK=1` all of them; `TOKAIDO_BLESS=1` writes the table. In every cell nothing is created, nothing is
drift, and no promise is kept or broken by what was not read.

`plan` and `drift` exit 8 where a read that they make failed. A promise that is unknown stops a promotion. Where nothing is unknown,
what could not be read is in another network than ours.

| operation | fails | `plan` | `drift` | unknown in an audit |
|---|---|---|---|---|
";

/// The page is what this run says; `TOKAIDO_BLESS=1` writes it.
fn committed(path: &str, text: &str) {
    let path = root().join(path);
    if std::env::var_os("TOKAIDO_BLESS").is_some() {
        std::fs::write(&path, text).expect("written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == text, "{} is not what a failed read costs; TOKAIDO_BLESS=1 writes it:\n{text}", path.display());
}

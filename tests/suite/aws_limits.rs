//! AWS's own buckets of calls, in virtual time: how long the calls of one process take, and how many of them are refused.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use jiff::Timestamp;
use tokaido::aws::limits::{Limits, Rate, published};
use tokaido::aws::patience::{Patience, READ_ATTEMPTS};
use tokaido::aws::sender::{Asked, Sender};
use tokaido::model::{Language, Reason as _};
use tokaido::world::{Clock, ErrorClass, Listener, Notice, ProviderError};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, yield_now};

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("no test panics while it holds this")
}

/// A clock that goes on when nothing else does.
#[derive(Debug, Default)]
struct Virtual {
    now: Mutex<Duration>,
    sleepers: Mutex<Vec<(Duration, oneshot::Sender<()>)>>,
}

#[async_trait]
impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.steady()
    }

    fn steady(&self) -> Duration {
        *locked(&self.now)
    }

    async fn sleep(&self, duration: Duration) {
        let (wake, woken) = oneshot::channel();
        locked(&self.sleepers).push((self.steady() + duration, wake));
        woken.await.expect("the clock outlives its sleepers");
    }
}

impl Virtual {
    /// Lets all of them run to their ends, and says how long that took.
    async fn run<T>(&self, all: Vec<JoinHandle<T>>) -> (Duration, Vec<T>) {
        let began = self.steady();
        while !all.iter().all(JoinHandle::is_finished) {
            // Whoever can go on without the clock does so first.
            for _ in 0..8 {
                yield_now().await;
            }
            let mut sleepers = locked(&self.sleepers);
            let Some(next) = sleepers.iter().map(|(until, _)| *until).min() else { continue };
            let (due, later): (Vec<_>, Vec<_>) = sleepers.drain(..).partition(|(until, _)| *until <= next);
            *sleepers = later;
            *locked(&self.now) = next;
            due.into_iter().for_each(|(_, wake)| wake.send(()).unwrap_or_default());
        }
        let mut ended = Vec::new();
        for one in all {
            ended.push(one.await.expect("no panic"));
        }
        (self.steady() - began, ended)
    }
}

/// A refusal, as the SDK tells it.
#[derive(Debug)]
struct Refused(ErrorMetadata);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl ProvideErrorMetadata for Refused {
    fn meta(&self) -> &ErrorMetadata {
        &self.0
    }
}

type Reply = Result<(), SdkError<Refused, HttpResponse>>;

fn refused(code: &str, status: u16) -> Reply {
    let meta = ErrorMetadata::builder().code(code).message("as AWS says it").build();
    Err(SdkError::service_error(Refused(meta), HttpResponse::new(status.try_into().expect("a status"), SdkBody::empty())))
}

/// AWS, which keeps a bucket for each operation of each account.
#[derive(Debug, Default)]
struct Aws {
    clock: Arc<Virtual>,
    buckets: Mutex<BTreeMap<(String, String), Kept>>,
}

#[derive(Debug)]
struct Kept {
    rate: Rate,
    free: f64,
    at: Duration,
    calls: usize,
    throttled: usize,
}

impl Aws {
    fn keeping(self: &Arc<Self>, account: &str, operation: &str, rate: Rate) {
        let kept = Kept { rate, free: rate.burst, at: self.clock.steady(), calls: 0, throttled: 0 };
        locked(&self.buckets).insert((account.to_owned(), operation.to_owned()), kept);
    }

    fn answer(&self, account: &str, operation: &str) -> Reply {
        let now = self.clock.steady();
        let mut buckets = locked(&self.buckets);
        let Some(kept) = buckets.get_mut(&(account.to_owned(), operation.to_owned())) else { return Ok(()) };
        kept.free = ((now - kept.at).as_secs_f64() * kept.rate.per_second + kept.free).min(kept.rate.burst);
        kept.at = now;
        kept.calls += 1;
        // Two clocks of AWS never agree to the last bit; nor do two sums of seconds.
        if kept.free + 1e-6 >= 1.0 {
            kept.free -= 1.0;
            return Ok(());
        }
        kept.throttled += 1;
        refused("RequestLimitExceeded", 503)
    }

    /// How many calls came, and how many of them were refused.
    fn saw(&self, account: &str, operation: &str) -> (usize, usize) {
        let buckets = locked(&self.buckets);
        let kept = &buckets[&(account.to_owned(), operation.to_owned())];
        (kept.calls, kept.throttled)
    }
}

const A: &str = "111111111111";
const B: &str = "222222222222";

struct Process {
    aws: Arc<Aws>,
    limits: Arc<Limits>,
    told: Arc<Mutex<Vec<Notice>>>,
}

impl Process {
    fn new() -> Self {
        Self { aws: Arc::default(), limits: Arc::default(), told: Arc::default() }
    }

    fn sender(&self, account: &str) -> Arc<Sender> {
        let told = self.told.clone();
        let listener = Listener::new(move |notice| locked(&told).push(notice.clone()));
        Arc::new(Sender::new((account, None), self.limits.clone(), self.aws.clock.clone(), listener))
    }

    /// This many calls of an operation at the same time.
    fn calls(&self, account: &'static str, operation: &'static str, many: usize) -> Vec<JoinHandle<Result<(), ProviderError>>> {
        let sender = self.sender(account);
        let call = |_| {
            let (sender, aws) = (sender.clone(), self.aws.clone());
            tokio::spawn(async move {
                let asked = Asked { operation, region: "ap-northeast-1", resource: "it" };
                sender.send(asked, Patience::Write, None, || async { aws.answer(account, operation) }).await
            })
        };
        (0..many).map(call).collect()
    }

    async fn run(&self, all: Vec<JoinHandle<Result<(), ProviderError>>>) -> Duration {
        let (took, ended) = self.aws.clock.run(all).await;
        assert!(ended.iter().all(Result::is_ok), "{ended:?}");
        took
    }
}

/// The shortest time in which AWS accepts this many calls.
fn floor(many: usize, rate: Rate) -> f64 {
    let over = u32::try_from(many).map_or(0.0, f64::from) - rate.burst;
    over / rate.per_second
}

/// Every published rate, with AWS's bucket full at the beginning: nothing is refused, and no time is lost.
#[tokio::test]
async fn calls_take_as_long_as_aws_published_rates_say() {
    for operation in [
        "ec2:CreateVpc",
        "ec2:CreateVpcEndpoint",
        "ec2:CreateTags",
        "ec2:DescribeVpcAttribute",
        "ec2:AuthorizeSecurityGroupIngress",
        "kms:CreateKey",
        "kms:CreateAlias",
        "kms:EnableKeyRotation",
        "kms:GetKeyPolicy",
    ] {
        let rate = published(operation).expect("published");
        let many = if rate.burst > 400.0 { 3000 } else { 300 };
        let process = Process::new();
        process.aws.keeping(A, operation, rate);
        let took = process.run(process.calls(A, operation, many)).await.as_secs_f64();
        let (calls, throttled) = process.aws.saw(A, operation);
        let ratio = took / floor(many, rate);
        eprintln!("{operation}: {many} calls, {took:.1} s, {ratio:.3} times the floor, {throttled} throttled");
        assert!(ratio <= 1.2, "{operation}: {ratio}");
        assert_eq!((calls, throttled), (many, 0), "{operation}");
    }
}

/// An account whose limits are lower than the published ones, or whose buckets others drain; and operations without a published
/// rate. Nothing tells it but throttles.
#[tokio::test]
async fn lower_limits_are_learned() {
    let rate = |burst, per_second| Rate { burst, per_second };
    for (operation, kept) in [
        ("ec2:CreateVpc", rate(50.0, 2.0)),
        ("ec2:CreateSubnet", rate(1.0, 5.0)),
        ("ec2:DescribeVpcAttribute", rate(5.0, 4.0)),
        ("kms:GetKeyPolicy", rate(30.0, 30.0)),
        ("rds:ListTagsForResource", rate(10.0, 11.0)),
        ("backup:GetBackupPlan", rate(5.0, 2.0)),
    ] {
        let process = Process::new();
        process.aws.keeping(A, operation, kept);
        let took = process.run(process.calls(A, operation, 300)).await.as_secs_f64();
        let (calls, throttled) = process.aws.saw(A, operation);
        let ratio = took / floor(300, kept);
        eprintln!("{operation}: 300 calls, {took:.1} s, {ratio:.2} times the floor, {throttled} of {calls} throttled");
        assert!(ratio <= 1.2, "{operation}: {ratio}");
        assert!(throttled < calls * 3 / 4, "{operation}: {throttled} of {calls}");
    }
}

/// All sessions of a process in one account draw from one bucket; two accounts from two.
#[tokio::test]
async fn a_process_shares_its_limits_by_account() {
    let rate = published("ec2:CreateVpc").expect("published");
    let process = Process::new();
    process.aws.keeping(A, "ec2:CreateVpc", rate);
    process.aws.keeping(B, "ec2:CreateVpc", rate);
    let mut all = process.calls(A, "ec2:CreateVpc", 75);
    all.extend(process.calls(A, "ec2:CreateVpc", 75));
    all.extend(process.calls(B, "ec2:CreateVpc", 150));
    let took = process.run(all).await.as_secs_f64();
    assert!((20.0..24.0).contains(&took), "{took}");
    assert_eq!((process.aws.saw(A, "ec2:CreateVpc").1, process.aws.saw(B, "ec2:CreateVpc").1), (0, 0));
}

/// An operation that AWS refuses for long keeps nothing else waiting: its other calls are refused at the end, in their own time.
#[tokio::test]
async fn an_operation_without_calls_left_holds_back_no_other() {
    let process = Process::new();
    process.aws.keeping(A, "ec2:CreateVpc", Rate { burst: 0.0, per_second: 0.0 });
    let stuck = process.calls(A, "ec2:CreateVpc", 20);
    let done = Arc::new(Mutex::new(Vec::new()));
    let others = ["ec2:CreateSubnet", "rds:DescribeDBInstances", "ec2:DescribeVpcs"].map(|operation| {
        let (calls, done, clock) = (process.calls(A, operation, 40), done.clone(), process.aws.clock.clone());
        tokio::spawn(async move {
            for call in calls {
                call.await.expect("no panic").expect("accepted");
            }
            locked(&done).push(clock.steady());
        })
    });
    let (took, ended) = process.aws.clock.run(stuck).await;
    for one in ended {
        assert_eq!(one.expect_err("refused for ever").class, ErrorClass::Throttled);
    }
    for other in others {
        other.await.expect("no panic");
    }
    assert_eq!(locked(&done).as_slice(), [Duration::ZERO; 3], "not a moment, while the others waited for {took:?}");
}

/// Throttles at random, as many as three in ten: an operation that has room left is not slowed down for long.
#[tokio::test]
async fn throttles_at_random_cost_little() {
    let process = Process::new();
    let (clock, limits) = (process.aws.clock.clone(), process.limits.clone());
    let mut seed = 7_u64;
    let mut all = Vec::new();
    let sender = process.sender(A);
    for chain in 0..40 {
        let mut dice: Vec<bool> = Vec::new();
        for _ in 0..400 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            dice.push((seed >> 33) % 10 < 3);
        }
        let (sender, dice) = (sender.clone(), Arc::new(Mutex::new(dice)));
        let clock = clock.clone();
        all.push(tokio::spawn(async move {
            let operation = ["rds:DescribeDBInstances", "kms:GetKeyPolicy", "backup:CreateBackupPlan", "iam:GetRole"][chain % 4];
            for _ in 0..10 {
                let asked = Asked { operation, region: "ap-northeast-1", resource: "it" };
                let call = || async {
                    clock.sleep(Duration::from_millis(100)).await;
                    if locked(&dice).pop().expect("enough") { refused("Throttling", 400) } else { Ok(()) }
                };
                sender.send(asked, Patience::Repeatable { attempts: READ_ATTEMPTS }, None, call).await?;
            }
            Ok::<(), ProviderError>(())
        }));
    }
    let took = process.run(all).await.as_secs_f64();
    eprintln!("40 chains of 10 calls of 100 ms, 30 % throttled: {took:.1} s; {limits:?}");
    assert!(took < 60.0, "{took}");
}

#[tokio::test]
async fn a_long_wait_is_told_each_half_minute() {
    let process = Process::new();
    let rate = published("ec2:CreateVpcEndpoint").expect("published");
    process.aws.keeping(A, "ec2:CreateVpcEndpoint", rate);
    process.run(process.calls(A, "ec2:CreateVpcEndpoint", 20)).await;
    let told = locked(&process.told).clone();
    let said: Vec<String> = told.iter().map(|notice| notice.said().say(Language::En).to_owned()).collect();
    let told = |seconds: u32| {
        format!("ec2:CreateVpcEndpoint in ap-northeast-1 waits {seconds} s for its turn: AWS allows 0.3 of these calls a second")
    };
    assert_eq!(said, [told(3), told(3)], "sixteen calls wait, up to 53 s");
}

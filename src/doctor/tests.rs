//! Facts in, verdicts out: no world, no files.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::*;
use crate::doctor::{CheckResult, Fact, policies as policy};
use crate::kinds::subnet;
use crate::model::{
    Attributes, Authored, DesiredResource, Environment, Listing, Live, Pairs, Readings, ResourceId, Source, Status, Value, tags,
};
use crate::world::CallCount;
use crate::world::ErrorClass::{AccessDenied, ExpiredCredentials, Unreachable};

const ACCOUNT: &str = "111111111111";

fn desired(kinds: &[(&str, usize)]) -> DesiredState {
    let source = Source { file: "environments/dev.yaml".into(), line: 1, column: 1 };
    let one = DesiredResource {
        attributes: Attributes::from_iter([(subnet::at::vpc, Value::from("vpc-1"))]),
        tags: Pairs::new(),
        source,
        authored: Authored::default(),
        adopt: false,
        window: None,
    };
    let ids = kinds.iter().flat_map(|(kind, count)| (0..*count).map(|n| ResourceId::new(kind, &format!("n{n}"), Region::Tokyo)));
    DesiredState {
        environment: Environment::Dev,
        account: ACCOUNT.to_owned(),
        assume_role: None,
        primary: Region::Tokyo,
        recovery: Region::Osaka,
        resources: ids.map(|id| (id, one.clone())).collect(),
        retire: BTreeMap::new(),
        divergences: Vec::new(),
        exceptions: Vec::new(),
        shared_forwarders: Vec::new(),
        readers: Vec::new(),
        database_users: BTreeMap::new(),
        digest: String::new(),
        roles: None,
        approvals: 2,
        promises_digest: String::new(),
        promised_days: BTreeMap::new(),
        policies: crate::model::PolicyFiles::default(),
        release: None,
        release_tool: None,
        soak_hours: 24,
        bucket: None,
    }
}

fn live(name: &str, id: Option<&str>) -> Live {
    let tags = id.map(|id| [(tags::ENVIRONMENT.to_owned(), "dev".to_owned()), (tags::ID.to_owned(), id.to_owned())].into());
    Live {
        physical: name.into(),
        outputs: Pairs::new(),
        attributes: Readings::default(),
        tags: tags.unwrap_or_default(),
        status: Status::Ready,
        pending: Vec::new(),
    }
}

/// Every listing answers and is empty.
fn facts() -> Facts {
    let reads = kinds::ALL.into_iter().flat_map(|kind| {
        let read = |region: &Region| Read { kind: kind.schema.kind, region: *region, answer: Ok(Listing::default()) };
        kind.regions.iter().map(read).collect::<Vec<_>>()
    });
    let now = Timestamp::UNIX_EPOCH;
    Facts {
        connection: Connection::Answered(Caller {
            account: ACCOUNT.to_owned(),
            arn: "arn:aws:iam::111111111111:user/h".to_owned(),
        }),
        reads: reads.collect(),
        calls: vec![CallCount { operation: "kms:ListKeys".to_owned(), mutating: false, count: 2 }],
        clock: Some(ClockReading { ours: now, theirs: now }),
        simulated: false,
    }
}

fn fail(facts: &mut Facts, kind: &str, class: ErrorClass, operation: &str) {
    for read in facts.reads.iter_mut().filter(|read| read.kind == kind) {
        read.answer = Err(ProviderError::new(class, operation, kind, "refused"));
    }
}

fn found(checks: &[Check], name: &str) -> Check {
    checks.iter().find(|check| check.check == name).unwrap_or_else(|| panic!("no check {name} in {checks:#?}")).clone()
}

fn items(fact: &Fact) -> Vec<String> {
    fact.items.iter().map(ToString::to_string).collect()
}

fn of(facts: &Facts, name: &str) -> Check {
    found(&environment(&desired(&[]), facts), name)
}

#[test]
fn every_connection_leads_to_the_same_checks_in_the_same_order() {
    let names = |facts: &Facts| environment(&desired(&[]), facts).iter().map(|check| check.check).collect::<Vec<_>>();
    let error = |operation: &str| ProviderError::new(ErrorClass::AccessDenied, operation, "it", "no");
    let all = names(&facts());
    let stranger = Caller { account: "999999999999".to_owned(), arn: "arn".to_owned() };
    for connection in [
        Connection::Answered(stranger),
        Connection::Refused(Said::new("not AWS", "AWS ではありません")),
        Connection::Absent(Said::new("no", "なし")),
        Connection::Failed(error("sts:AssumeRole")),
        Connection::Failed(error("sts:GetCallerIdentity")),
    ] {
        let facts = Facts { connection, reads: Vec::new(), ..facts() };
        assert_eq!(names(&facts), all);
        let checks = environment(&desired(&[]), &facts);
        let ok: Vec<_> = checks.iter().filter(|check| check.verdict == CheckResult::Ok).map(|check| check.check).collect();
        assert!(["tokyo", "osaka", "iam", "permissions", "quotas", "account"].iter().all(|name| !ok.contains(name)), "{ok:?}");
    }
}

/// Every verdict other than `ok` says what to do, and `ok` does not.
#[test]
fn what_is_not_ok_says_what_to_do() {
    let mut every = environment(&desired(&[]), &facts());
    for class in ErrorClass::ALL {
        let mut facts = facts();
        fail(&mut facts, "kms-key", class, "kms:ListAliases");
        every.extend(environment(&desired(&[("kms-key", 1)]), &facts));
        facts.connection = Connection::Failed(ProviderError::new(class, "sts:AssumeRole", "role", "no"));
        every.extend(environment(&desired(&[]), &facts));
    }
    for check in every {
        assert_eq!(check.next.is_none(), check.verdict == CheckResult::Ok, "{check:#?}");
    }
}

#[test]
fn a_denied_read_is_a_problem_and_any_other_failure_is_unknown() {
    for class in ErrorClass::ALL {
        let mut facts = facts();
        fail(&mut facts, "kms-key", class, "kms:ListAliases");
        let (permissions, tokyo) = (of(&facts, "permissions"), of(&facts, "tokyo"));
        if class == ErrorClass::AccessDenied {
            assert_eq!((permissions.verdict, tokyo.verdict), (CheckResult::Problem, CheckResult::Ok), "a refusal is an answer");
            let next = permissions.next.expect("what to do");
            assert!(next.contains("allow kms:ListAliases for arn:aws:iam::111111111111:user/h"), "{next}");
            assert_eq!(items(&permissions.facts[0]), ["kms:ListAliases in tokyo and osaka"]);
        } else {
            assert_eq!((permissions.verdict, tokyo.verdict), (CheckResult::Unknown, CheckResult::Unknown), "{class:?}");
        }
    }
}

#[test]
fn permissions_are_proven_by_calls_and_nothing_else() {
    let check = of(&facts(), "permissions");
    let items = |label: &str| check.facts.iter().find(|fact| &*fact.label == label).map(items);
    assert_eq!(items("proven"), Some(vec!["kms:ListKeys".to_owned()]));
    let rest = items("not tried").unwrap_or_default();
    assert_eq!(rest.len() + 1, policy::allowed(policy::READ).len());
    assert!(rest.contains(&"ec2:DescribeVpcs".to_owned()));
}

#[test]
fn who_is_refused_by_sts_is_told_whether_it_is_the_credentials_or_the_role() {
    let seen = |class, operation| {
        let facts = Facts { connection: Connection::Failed(ProviderError::new(class, operation, "role", "no")), ..facts() };
        (of(&facts, "credentials").verdict, of(&facts, "role").verdict)
    };
    assert_eq!(seen(AccessDenied, "sts:AssumeRole"), (CheckResult::Ok, CheckResult::Problem));
    assert_eq!(seen(ExpiredCredentials, "sts:AssumeRole"), (CheckResult::Problem, CheckResult::Unknown));
    assert_eq!(seen(ExpiredCredentials, "sts:GetCallerIdentity"), (CheckResult::Problem, CheckResult::Unknown));
    assert_eq!(seen(Unreachable, "sts:AssumeRole"), (CheckResult::Unknown, CheckResult::Unknown));
}

/// STS refuses the signature of a machine whose clock is off, and tells its own time with the refusal.
#[test]
fn a_refused_time_is_a_problem_of_the_clock_and_not_of_the_credentials() {
    let at = |second| Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
    let seen = |class, clock: Option<ClockReading>| {
        let error = ProviderError {
            clock: clock.map(Box::new),
            ..ProviderError::new(class, "sts:GetCallerIdentity", "the caller", "no")
        };
        let facts = Facts { connection: Connection::Failed(error), ..facts() };
        (of(&facts, "credentials"), of(&facts, "clock"))
    };
    let behind = Some(ClockReading { ours: at(1_000), theirs: at(1_900) });
    let (credentials, clock) = seen(ErrorClass::ClockSkew, behind);
    assert_eq!((credentials.verdict, clock.verdict), (CheckResult::Unknown, CheckResult::Problem));
    assert!(clock.says.contains("900 seconds behind AWS"), "{clock:?}");
    assert!(credentials.says.contains("this machine's clock is 15 minutes behind AWS"), "{credentials:?}");
    assert_eq!(seen(ErrorClass::ClockSkew, None).1.verdict, CheckResult::Problem, "the refusal alone says it");
    // Another refusal tells the time too.
    let (credentials, clock) = seen(ExpiredCredentials, behind);
    assert_eq!((credentials.verdict, clock.verdict), (CheckResult::Problem, CheckResult::Problem));
    let right = Some(ClockReading { ours: at(1_000), theirs: at(1_001) });
    assert_eq!(seen(ExpiredCredentials, right).1.verdict, CheckResult::Ok);
    assert_eq!(seen(Unreachable, None).1.verdict, CheckResult::Unknown);
}

#[test]
fn the_clock_is_tolerated_as_far_as_sigv4_does_and_never_guessed() {
    let at = |ours: i64| {
        let at = |second| Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
        of(&Facts { clock: Some(ClockReading { ours: at(1000 + ours), theirs: at(1000) }), ..facts() }, "clock")
    };
    for seconds in [0, 1, -1, 300, -300] {
        assert_eq!(at(seconds).verdict, CheckResult::Ok, "{seconds}");
    }
    for seconds in [301, -301, 86_400, -900] {
        assert_eq!(at(seconds).verdict, CheckResult::Problem, "{seconds}");
    }
    assert!(at(301).says.contains("301 seconds ahead of") && at(-301).says.contains("301 seconds behind"));
    assert_eq!(of(&Facts { clock: None, ..facts() }, "clock").verdict, CheckResult::Unknown);
}

#[test]
fn quotas_count_what_is_declared_and_what_is_there_once() {
    let there = |lives: Vec<Live>| {
        let mut facts = facts();
        for read in facts.reads.iter_mut().filter(|read| read.kind == "vpc" && read.region == Region::Tokyo) {
            read.answer = Ok(Listing { live: lives.clone(), ..Listing::default() });
        }
        facts
    };
    let check = |declared: usize, lives: Vec<Live>| found(&environment(&desired(&[("vpc", declared)]), &there(lives)), "quotas");
    assert_eq!(check(5, Vec::new()).verdict, CheckResult::Ok);
    assert!(check(5, Vec::new()).says.contains("`VPCs per Region` in tokyo, 5 of 5"));
    // The declared one is tokaido's.
    assert_eq!(check(5, vec![live("vpc-1", Some("vpc.n0@tokyo"))]).verdict, CheckResult::Ok);
    let beyond = check(5, vec![live("vpc-1", None)]);
    assert_eq!(beyond.verdict, CheckResult::Unknown, "the limit may have been raised");
    assert_eq!(items(&beyond.facts[0]), ["6 of kind vpc in tokyo, default 5: `VPCs per Region`"]);
    // An orphan stays until an operator retires it.
    assert_eq!(check(5, vec![live("vpc-1", Some("vpc.gone@tokyo"))]).verdict, CheckResult::Unknown);
    // Subnets are counted for each VPC.
    let subnets = found(&environment(&desired(&[("subnet", 201)]), &facts()), "quotas");
    assert_eq!(items(&subnets.facts[0]), ["201 of kind subnet in vpc-1, default 200: `Subnets per VPC`"]);
    let mut blind = facts();
    fail(&mut blind, "vpc", ErrorClass::Throttled, "ec2:DescribeVpcs");
    assert_eq!(found(&environment(&desired(&[("vpc", 1)]), &blind), "quotas").verdict, CheckResult::Unknown);
    assert_eq!(
        found(&environment(&desired(&[("kms-key", 1)]), &blind), "quotas").verdict,
        CheckResult::Ok,
        "nothing of it is needed"
    );
}

//! What holds data and is no kind of its own: where it is, whether it is encrypted, with whom it is shared; and regions in which
//! nobody may look.

use std::collections::BTreeSet;

use jiff::civil::date;
use tokaido::kinds;
use tokaido::model::{
    Attributes, CLOSED_REGIONS, Closed, ClosedBy, DesiredState, EnvironmentAudit, Examined, Exception, Region, Source,
    UnknownCause, Verdict, VerdictState,
};
use tokaido::observe::{Depth, observe};
use tokaido::promises::judge::{JudgeInput, judge};
use tokaido::world::{CreateRequest, ErrorClass, Moment};

use super::{in_state, production, states};
use crate::support::lab::block_on;
use crate::support::{Lab, yaml};

const RESIDENCY: &str = "data-residency";
const AT_REST: &str = "encryption-at-rest";

/// Makes a store as a person would, and answers with what a verdict calls it.
pub fn store(lab: &Lab, region: Region, attributes: &str) -> String {
    let attributes = Attributes::from(yaml::read(attributes).as_map().cloned().expect("attributes"));
    let request = CreateRequest { attributes, tags: [("owner".to_owned(), "another team".to_owned())].into() };
    let made = lab.world().log().create_by_hand(&lab.desired.account, region, "data-store", &request).expect("a store");
    format!("{made} (data-store@{region})")
}

/// The promises that are broken, with the members.
fn broken(audit: &EnvironmentAudit) -> Vec<(String, Vec<String>)> {
    let all = in_state(audit, VerdictState::Broken).into_iter();
    all.map(|(promise, members)| (promise, members.into_iter().collect())).collect()
}

fn member(audit: &EnvironmentAudit, promise: &str, subject: &str) -> Examined {
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == promise).expect("a verdict");
    verdict.population.iter().find(|member| member.subject == subject).unwrap_or_else(|| panic!("no {subject}")).clone()
}

pub const FINE: &str = "{ store: ebs-volume, encrypted: true }";

/// Every database has automated backups, which an audit lists and a plan does not.
#[test]
fn an_audit_looks_at_stores_and_a_plan_does_not() {
    let lab = production();
    let subject = store(&lab, Region::Osaka, FINE);
    let audit = lab.audit();
    assert!(broken(&audit).is_empty());
    let found = member(&audit, RESIDENCY, &subject);
    assert!(found.beside && found.state == VerdictState::Kept, "{found:?}");
    let backups = states(&audit)[RESIDENCY].1.keys().filter(|subject| subject.starts_with("ab-")).count();
    let databases = lab.desired.resources.keys().filter(|id| id.kind == "db-instance").count();
    assert!(backups == databases + 1 && databases > 1, "{backups} of {databases}: one store was made by hand");
    assert!(lab.plan().observed.others.iter().all(|other| other.kind != "data-store"));
    assert!(lab.plan().observed.reads.iter().all(|read| read.kind != "data-store"));
}

#[test]
fn each_fault_of_a_store_breaks_exactly_its_promise() {
    let table: &[(Region, &str, &str, &str)] = &[
        (Region::Tokyo, "{ store: ebs-volume, encrypted: false }", AT_REST, "encrypted is false"),
        (Region::Osaka, "{ store: db-snapshot, encrypted: false, source: old }", AT_REST, "what is in it is readable"),
        (Region::Tokyo, "{ store: s3-bucket, region: ap-northeast-1, encrypted: false }", AT_REST, "encrypted is false"),
        (Region::Global, "{ store: db-instance, region: us-east-1, encrypted: true }", RESIDENCY, "db-instance in us-east-1"),
        (Region::Global, "{ store: s3-bucket, region: eu-west-1, encrypted: true }", RESIDENCY, "s3-bucket in eu-west-1"),
        (Region::Global, "{ store: backup-vault, region: us-east-1, encrypted: true }", RESIDENCY, "outside Tokyo and Osaka"),
        (Region::Global, "{ store: db-automated-backup, region: ap-northeast-2, encrypted: true }", RESIDENCY, "ap-northeast-2"),
        (Region::Tokyo, "{ store: ebs-snapshot, encrypted: true, shared_with: [all] }", RESIDENCY, "shared with all accounts"),
        (Region::Osaka, r#"{ store: db-snapshot, encrypted: true, shared_with: ["210987654321"] }"#, RESIDENCY, "210987654321"),
        (Region::Tokyo, "{ store: machine-image, encrypted: true, shared_with: [all] }", RESIDENCY, "copy it to any place"),
    ];
    for (region, attributes, promise, words) in table {
        let lab = production();
        let subject = store(&lab, *region, attributes);
        let audit = lab.audit();
        let mut expected = vec![((*promise).to_owned(), vec![subject.clone()])];
        if *promise == AT_REST {
            expected.insert(0, ("cryptographic-controls".to_owned(), vec![subject.clone()]));
        }
        assert_eq!(broken(&audit), expected, "{attributes}");
        let reason = member(&audit, promise, &subject).reason.expect("a reason").en;
        assert!(reason.contains(words), "{attributes}: {reason}");
    }
}

/// A database in Seoul with the tags of another environment is a matter of the three environments too.
#[test]
fn tags_of_another_environment_count_anywhere() {
    let lab = production();
    let attributes = yaml::read("{ store: db-instance, region: ap-northeast-2, encrypted: true }");
    let attributes = Attributes::from(attributes.as_map().cloned().expect("attributes"));
    let tags = [("tokaido:environment".to_owned(), "dev".to_owned())].into();
    let request = CreateRequest { attributes, tags };
    lab.world().log().create_by_hand(&lab.desired.account, Region::Global, "data-store", &request).expect("a store");
    let promises: BTreeSet<String> = broken(&lab.audit()).into_iter().map(|(promise, _)| promise).collect();
    assert_eq!(promises, [RESIDENCY, "three-environments"].map(str::to_owned).into());
}

#[test]
fn what_aws_does_not_say_is_unknown() {
    let lab = production();
    let subject = store(&lab, Region::Tokyo, "{ store: ebs-volume }");
    let audit = lab.audit();
    assert!(broken(&audit).is_empty());
    let found = member(&audit, AT_REST, &subject);
    assert_eq!((found.state, found.unknown), (VerdictState::Unknown, Some(UnknownCause::NotUnderstood)), "{found:?}");
}

fn closed(regions: &[&str], by: ClosedBy) -> Vec<Closed> {
    let caller = Some("arn:aws:iam::333333333333:role/tokaido-reader".to_owned());
    let one = |region: &&str| Closed {
        region: (*region).to_owned(),
        by,
        refused: if by == ClosedBy::Organisation { vec!["ec2:DescribeVolumes".to_owned()] } else { Vec::new() },
        caller: caller.clone(),
    };
    regions.iter().map(one).collect()
}

fn exception(what: &str, until: jiff::civil::Date) -> Exception {
    Exception {
        what: what.to_owned(),
        reason: "nothing was ever made there".to_owned(),
        owner: "platform".to_owned(),
        until,
        source: Source { file: "environments/production.yaml".into(), line: 1, column: 1 },
    }
}

/// The verdict on residency where these regions are closed and this is accepted.
fn residency(lab: &Lab, closed: &[Closed], exceptions: &[Exception]) -> Verdict {
    let session = lab.session();
    let mut observed = block_on(observe(&*session.world, &lab.desired, None, &kinds::schemas(), Depth::Audit));
    observed.closed = closed.to_vec();
    let desired = DesiredState { exceptions: exceptions.to_vec(), ..(*lab.desired).clone() };
    let input = JudgeInput {
        desired: &desired,
        observed: &observed,
        recorded: None,
        schemas: &kinds::schemas(),
        accounts: None,
        now: Some(session.world.clock().now()),
    };
    judge(&input).into_iter().find(|verdict| verdict.promise == RESIDENCY).expect("a verdict")
}

fn regions(verdict: &Verdict) -> Vec<(String, VerdictState, String)> {
    let of = |member: &&Examined| member.kind == "region";
    let said = |member: &Examined| member.reason.clone().expect("a reason").en;
    verdict.population.iter().filter(of).map(|member| (member.subject.clone(), member.state, said(member))).collect()
}

#[test]
fn a_closed_region_is_unknown_unless_an_exception_accepts_it_today() {
    let lab = production();
    let denied = closed(&["us-east-1", "us-east-2"], ClosedBy::Organisation);
    let disabled = closed(&["af-south-1"], ClosedBy::Account);
    let both = [denied.clone(), disabled].concat();
    let verdict = residency(&lab, &both, &[]);
    assert_eq!((verdict.state, verdict.unknown), (VerdictState::Unknown, Some(UnknownCause::Closed)));
    let found = regions(&verdict);
    assert_eq!(
        found.iter().map(|(subject, ..)| subject.as_str()).collect::<Vec<_>>(),
        ["region af-south-1", "region us-east-1, us-east-2"]
    );
    assert!(found[0].2.contains("not enabled in this account"), "{found:?}");
    // The line names who is to be exempt, and from what.
    assert!(found[1].2.contains("exempt arn:aws:iam::333333333333:role/tokaido-reader"), "{found:?}");
    let denied_calls = verdict.population.iter().find(|member| member.subject == found[1].0).expect("it").facts.clone();
    assert_eq!(&*denied_calls[0].value, "ec2:DescribeVolumes");
    assert!(!verdict.state.is_open(verdict.unknown), "no promotion waits for it");

    let far = date(2099, 12, 31);
    let all = residency(&lab, &both, &[exception(CLOSED_REGIONS, far)]);
    assert_eq!(all.state, VerdictState::Kept);
    let found = regions(&all);
    assert!(found.len() == 2 && found.iter().all(|(_, state, _)| *state == VerdictState::NotApplicable), "{found:?}");
    assert!(found[0].2.contains("accepted until 2099-12-31 by platform: nothing was ever made there"), "{found:?}");

    // One region alone, and one that ended.
    let one = residency(&lab, &denied, &[exception("us-east-1", far), exception("us-east-2", date(2020, 1, 1))]);
    assert_eq!(one.state, VerdictState::Unknown);
    let found: Vec<_> = regions(&one).into_iter().map(|(subject, state, _)| (subject, state)).collect();
    let expected = [("region us-east-1", VerdictState::NotApplicable), ("region us-east-2", VerdictState::Unknown)];
    assert_eq!(found, expected.map(|(subject, state)| (subject.to_owned(), state)));
}

/// An exception accepts what nobody may look at. What was found is broken all the same, in production as elsewhere.
#[test]
fn an_exception_lifts_no_promise() {
    let lab = production();
    store(&lab, Region::Global, "{ store: db-snapshot, region: us-east-1, encrypted: true }");
    let accepted = [exception(CLOSED_REGIONS, date(2099, 12, 31)), exception("us-east-1", date(2099, 12, 31))];
    assert_eq!(residency(&lab, &[], &accepted).state, VerdictState::Broken);
}

/// A denied listing of stores makes the promises that are about all data unknown, and no plan has anything to do with it.
#[test]
fn a_denied_listing_is_a_failed_read_of_an_audit_alone() {
    let lab = production();
    lab.fail("list data-store", ErrorClass::AccessDenied, Moment::Before, 0);
    assert!(lab.plan().plan.body.unreadable.is_empty());
    let unknown = in_state(&lab.audit(), VerdictState::Unknown);
    let names: Vec<&str> = unknown.keys().map(String::as_str).collect();
    assert_eq!(names, ["cryptographic-controls", RESIDENCY, AT_REST, "three-environments"]);
}

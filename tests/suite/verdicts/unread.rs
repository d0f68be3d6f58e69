//! What was not read is unknown: for every check, every attribute that it declares, and both ways in which there is none. And
//! where nothing is there that a promise is about, it is not applicable, whatever stands beside it.

use std::collections::BTreeSet;

use tokaido::govern::watch::seen;
use tokaido::kinds::{self, db_cluster, db_instance, kms_key, network_interface, security_group, subnet};
use tokaido::model::observed::{ObservedState, Other, OtherStanding};
use tokaido::model::reason::plan::Wait;
use tokaido::model::value::Link;
use tokaido::model::verdict::PartRole;
use tokaido::model::{
    Attributes, DesiredState, Examined, Live, Name, Open, Pairs, PendingValue, Readings, Region, ResourceId, Sighting, Status,
    UnknownCause, Value, Verdict, VerdictState, tags,
};
use tokaido::observe::{Depth, observe};
use tokaido::promises::judge::{CHECKS, JudgeInput, judge, moves, outlook};

use super::production;
use super::stores::{FINE, store};
use crate::support::id;
use crate::support::lab::block_on;

/// The verdicts of a plan: without facts, accounts and time.
fn verdicts(desired: &DesiredState, observed: &ObservedState) -> Vec<Verdict> {
    let schemas = kinds::schemas();
    judge(&JudgeInput { desired, observed, recorded: None, schemas: &schemas, accounts: None, now: None })
}

fn of<'a>(verdicts: &'a [Verdict], promise: &str) -> &'a Verdict {
    verdicts.iter().find(|verdict| verdict.promise == promise).expect("a verdict")
}

fn each_of_kind(observed: &mut ObservedState, kind: &str, mut change: impl FnMut(&mut Live)) {
    observed.owned.iter_mut().filter(|(id, _)| id.kind == kind).for_each(|(_, live)| change(live));
    observed.others.iter_mut().filter(|other| other.kind == kind).for_each(|other| change(&mut other.live));
}

fn foreign(kind: &str, physical: &str, attributes: Attributes) -> Other {
    let live = Live {
        physical: physical.into(),
        outputs: Pairs::from([("id".to_owned(), physical.to_owned())]),
        attributes: Readings::from(attributes),
        tags: tags::Tags::new(),
        status: Status::Ready,
        pending: Vec::new(),
    };
    Other { kind: kind.into(), region: Region::Tokyo, standing: OtherStanding::Foreign, live }
}

/// A rule of ours that no file declares and that leads to no tenant: only then the blocks of the tenants are compared.
fn with_an_undeclared_rule(observed: &mut ObservedState) {
    let group = observed.owned.get_mut(&id("security-group.globex@tokyo")).expect("a group");
    let mut rules = group.attributes.bare()[security_group::at::rules].as_list().expect("rules").to_vec();
    rules.push(Value::map([("direction", "egress"), ("protocol", "all"), ("peer", "192.0.2.0/24")]));
    group.attributes.values_mut().set(security_group::at::rules.name(), Value::from(rules));
}

/// The promises that rest on the proof of isolation.
const PROVED: [&str; 3] = ["tenant-ingress", "tenant-isolation", "virtual-separation"];

#[test]
fn an_attribute_that_a_check_declares_and_nobody_asked_for_makes_exactly_its_promise_unknown() {
    let lab = production();
    store(&lab, Region::Tokyo, FINE);
    let mut observed = block_on(observe(&*lab.session().world, &lab.desired, None, &kinds::schemas(), Depth::Audit));
    with_an_undeclared_rule(&mut observed);
    let before = verdicts(&lab.desired, &observed);
    let kept = before.iter().filter(|verdict| verdict.state == VerdictState::Kept).count();
    assert_eq!(kept, CHECKS.len(), "the world is clean");
    let declared: BTreeSet<(&str, Name)> = CHECKS
        .iter()
        .flat_map(|check| check.universe)
        .flat_map(|looked| looked.attributes.iter().filter_map(|name| Some((looked.kind?, *name))))
        .collect();
    assert!(declared.len() > 30, "{declared:?}");
    // Of a kind without a member here nothing can be left out; a cluster would leave TLS unknown. See `clusters.rs` and `interfaces.rs`.
    let absent = [db_cluster::NAME, network_interface::NAME];
    let declared = declared.into_iter().filter(|(kind, _)| !absent.contains(kind));
    for (kind, attribute) in declared {
        for (cause, lack) in [
            (UnknownCause::NotAsked, (|readings: &mut Readings, name: Name| readings.not_asked(name)) as fn(&mut Readings, Name)),
            (UnknownCause::ReadFailed, |readings, name| readings.failed(name, "denied")),
        ] {
            let mut changed = observed.clone();
            each_of_kind(&mut changed, kind, |live| lack(&mut live.attributes, attribute));
            for (verdict, was) in verdicts(&lab.desired, &changed).iter().zip(&before) {
                let check = CHECKS.iter().find(|check| check.slug == verdict.promise);
                let needs = check.is_some_and(|check| {
                    check.parts().iter().any(|part| part.kind == kind && part.attributes.contains(&attribute))
                });
                let wanted = if needs { (VerdictState::Unknown, Some(cause)) } else { (was.state, was.unknown) };
                // A proof of isolation may hold whatever this part says (`paths.rs`, and `reach`).
                let proved = check.is_some_and(|check| {
                    let mut parts = check.parts().into_iter().filter(|part| part.kind == kind);
                    parts.all(|part| part.role == PartRole::Read || !part.attributes.contains(&attribute))
                });
                if needs && proved && PROVED.contains(&verdict.promise.as_str()) && verdict.state == VerdictState::Kept {
                    continue;
                }
                assert_eq!((verdict.state, verdict.unknown), wanted, "{}: {attribute} of {kind}", verdict.promise);
            }
        }
    }
}

/// It stands where its groups are, and without a group nothing reaches it. On an emulator a database that grew by hand has no subnet
/// group, and left every tenant undecided.
#[test]
fn a_foreign_database_of_which_nobody_knows_the_subnets_concerns_those_that_its_groups_admit() {
    let lab = production();
    let isolation = |groups: Vec<Link>| {
        let mut observed = lab.plan().observed;
        let database = foreign_database(&observed, |live| {
            live.attributes.not_asked(db_instance::at::subnet_group);
            live.attributes.put(db_instance::at::security_groups, groups);
        });
        observed.others.push(database);
        let verdict = of(&verdicts(&lab.desired, &observed), "tenant-isolation").clone();
        let members = verdict.in_state(VerdictState::Unknown).map(|member| member.subject.clone()).collect::<Vec<_>>();
        (verdict.state, verdict.unknown, members)
    };
    assert_eq!(isolation(Vec::new()), (VerdictState::Kept, None, Vec::new()));
    let catalog = Link::Physical(lab.row(&id("security-group.catalog@tokyo")).physical);
    let met = ["tenant globex", "tenant initech"].map(str::to_owned).to_vec();
    assert_eq!(isolation(vec![catalog]), (VerdictState::Unknown, Some(UnknownCause::NotAsked), met));
}

#[test]
fn a_foreign_database_on_a_key_that_nobody_read_is_unknown_and_not_broken() {
    let lab = production();
    let mut observed = lab.plan().observed;
    let key = Attributes::from_iter([(kms_key::at::alias, Value::from("alias/partner"))]);
    observed.others.push(foreign(kms_key::NAME, "key-partner", key));
    let link = Link::Physical("key-partner".to_owned());
    let database = foreign_database(&observed, |live| live.attributes.put(db_instance::at::kms_key, link));
    observed.others.push(database);
    let verdicts = verdicts(&lab.desired, &observed);
    let verdict = of(&verdicts, "encryption-at-rest");
    assert_eq!((verdict.state, verdict.unknown), (VerdictState::Unknown, Some(UnknownCause::NotAsked)));
    let members: Vec<&Examined> = verdict.in_state(VerdictState::Unknown).collect();
    assert_eq!(members.len(), 1, "{members:#?}");
    let reason = members[0].reason.as_ref().expect("a reason").en.clone();
    assert!(reason.contains("enabled of key-partner") && reason.contains("was not asked for"), "{reason}");
}

/// What AWS answered is not what nobody asked for: the next look may say more.
#[test]
fn a_group_or_an_engine_that_is_not_there_is_not_understood() {
    let lab = production();
    let observed = lab.plan().observed;
    let cause = |change: &dyn Fn(&mut Readings)| {
        let mut changed = observed.clone();
        each_of_kind(&mut changed, db_instance::NAME, |live| change(&mut live.attributes));
        let verdicts = verdicts(&lab.desired, &changed);
        let verdict = of(&verdicts, "encryption-in-transit");
        assert_eq!(verdict.state, VerdictState::Unknown);
        verdict.unknown
    };
    let group = |name: &'static str| move |live: &mut Readings| live.set(db_instance::at::parameter_group, name);
    let (answered, nobody) = (Some(UnknownCause::NotUnderstood), Some(UnknownCause::NotAsked));
    assert_eq!(cause(&group("default.postgres16")), nobody, "the drivers list no group of AWS's own");
    assert_eq!(cause(&group("removed-by-hand")), answered);
    assert_eq!(cause(&|live| live.absent(db_instance::at::parameter_group)), answered);
    assert_eq!(cause(&|live| live.set(db_instance::at::engine, "oracle-ee")), nobody);
    assert_eq!(cause(&|live| live.absent(db_instance::at::engine)), answered);
}

/// A foreign database that keeps every promise except one that nobody can tell.
fn foreign_database(observed: &ObservedState, change: impl FnOnce(&mut Live)) -> Other {
    let like = observed.owned[&id("db-instance.catalog@tokyo")].clone();
    let mut live = Live { physical: "partner".into(), tags: tags::Tags::new(), outputs: Pairs::new(), ..like };
    change(&mut live);
    Other { kind: db_instance::NAME.into(), region: Region::Tokyo, standing: OtherStanding::Foreign, live }
}

#[test]
fn what_nobody_asked_for_hides_no_member_that_is_pending() {
    const CATALOG: &str = "db-instance.catalog@tokyo";
    let (lab, promise) = (production(), "encryption-in-transit");
    let mut observed = lab.plan().observed;
    let partner = foreign_database(&observed, |live| live.attributes.not_asked(db_instance::at::parameter_group));
    observed.others.push(partner);
    let (schemas, drift) = (kinds::schemas(), lab.drift());
    let look = |observed: &ObservedState| {
        let input = JudgeInput { desired: &lab.desired, observed, recorded: None, schemas: &schemas, accounts: None, now: None };
        let (states, verdicts) = (outlook(&input), judge(&input));
        let verdict = of(&verdicts, promise);
        assert_eq!((verdict.state, verdict.unknown), (VerdictState::Unknown, Some(UnknownCause::NotAsked)));
        let moved =
            moves(&states.promises, &states.promises).into_iter().find(|moved| moved.promise == promise).expect("a promise");
        let Sighting::Seen { open } = seen(&drift, &verdicts) else { panic!("nothing was seen") };
        let members = open.into_iter().filter_map(|open| match &open {
            Open::Promise { promise: of, state, member, .. } if of == promise => Some((*state, open.holds(), member.clone())),
            _ => None,
        });
        (moved.is_open(), members.collect::<Vec<_>>())
    };
    let asked = (VerdictState::Unknown, false, Some("partner (db-instance@tokyo)".to_owned()));
    assert_eq!(look(&observed), (false, vec![asked.clone()]), "nothing waits for what would be the same at the next look");
    let live = observed.owned.get_mut(&id(CATALOG)).expect("a database");
    let group = live.attributes.bare()[db_instance::at::parameter_group].clone();
    let when = Wait::Reboot.into();
    live.pending.push(PendingValue { attribute: db_instance::at::parameter_group.name(), value: group, when });
    let pending = (VerdictState::Pending, true, Some(CATALOG.to_owned()));
    assert_eq!(look(&observed), (true, vec![asked, pending]));
}

/// Resources of these ids alone, declared and there.
fn only(desired: &DesiredState, observed: &ObservedState, keep: impl Fn(&ResourceId) -> bool) -> (DesiredState, ObservedState) {
    let (mut desired, mut observed) = (desired.clone(), observed.clone());
    desired.resources.retain(|id, _| keep(id));
    observed.owned.retain(|id, _| keep(id));
    (desired, observed)
}

#[test]
fn without_databases_and_tenants_nothing_is_encrypted_or_isolated() {
    let lab = production();
    let planned = lab.plan().observed;
    let shared = |id: &ResourceId| {
        let tenant = lab.desired.resources[id].tags.get(tags::TENANT);
        tenant.is_some_and(|tenant| *tenant == "shared") && id.kind != db_instance::NAME
    };
    let (desired, observed) = only(&lab.desired, &planned, shared);
    assert!(desired.resources.keys().any(|id| id.kind == kms_key::NAME), "keys and vaults are still there");
    assert!(desired.resources.keys().any(|id| id.kind == security_group::NAME), "so are shared groups");
    let found = verdicts(&desired, &observed);
    for promise in [
        "data-residency",
        "encryption-at-rest",
        "encryption-in-transit",
        "capacity-growth",
        "point-in-time-recovery",
        "recovery-copies",
        "event-logs",
        "tenant-isolation",
        "cryptographic-controls",
        "virtual-separation",
    ] {
        assert_eq!(of(&found, promise).state, VerdictState::NotApplicable, "{promise}");
    }
    for promise in ["labelling", "clock", "tenant-ingress", "evidence-protection"] {
        assert_eq!(of(&found, promise).state, VerdictState::Kept, "{promise}");
    }
    // What stands beside can still break a promise.
    let mut off = observed.clone();
    each_of_kind(&mut off, kms_key::NAME, |live| live.attributes.put(kms_key::at::enabled, false));
    assert_eq!(of(&verdicts(&desired, &off), "encryption-at-rest").state, VerdictState::Broken);
    // One tenant's subnet is enough for isolation to be about something.
    let one = |id: &ResourceId| shared(id) || id.kind == subnet::NAME;
    let (desired, observed) = only(&lab.desired, &planned, one);
    assert_eq!(of(&verdicts(&desired, &observed), "tenant-isolation").state, VerdictState::Kept);
}

#[test]
fn a_verdict_lists_what_it_looks_at_and_what_it_is_about() {
    let lab = production();
    let found = verdicts(&lab.desired, &lab.plan().observed);
    for verdict in &found {
        let check = CHECKS.iter().find(|check| check.slug == verdict.promise);
        assert_eq!(verdict.universe.is_empty(), check.is_none(), "{}", verdict.promise);
        for member in &verdict.population {
            let roles: BTreeSet<PartRole> =
                verdict.universe.iter().filter(|part| part.kind == member.kind).map(|part| part.role).collect();
            // No resource of AWS's.
            let own = ["account", "tenant"].contains(&member.kind.as_str());
            assert!(own || !roles.is_empty(), "{}: {}", verdict.promise, member.subject);
            assert!(member.beside || own || roles.contains(&PartRole::Subject), "{}", member.subject);
        }
    }
    let said = CHECKS.iter().find(|check| check.slug == "encryption-at-rest").expect("a check").looks();
    assert_eq!(
        said.en,
        "every RDS database instance in Tokyo and Osaka, foreign ones too (storage_encrypted, kms_key, cluster), every RDS \
         database cluster in Tokyo and Osaka, foreign ones too (storage_encrypted, kms_key); judged as well: \
         every AWS Backup vault in Tokyo and Osaka, foreign ones too (kms_key), every KMS key of ours in Tokyo and Osaka \
         (enabled, rotation_days, origin, policy), in an audit also every data store in every region, foreign ones too (store, \
         encrypted, source); read for them: every KMS key in Tokyo and Osaka, foreign ones too (enabled, rotation_days, origin, \
         policy); in an audit, what AWS says of the state of: KMS key in Tokyo, KMS key in Osaka"
    );
    assert!(said.ja.starts_with("対象: 東京と大阪のすべての"), "{}", said.ja);
}

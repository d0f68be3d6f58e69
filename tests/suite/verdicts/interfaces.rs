//! Hosts in our networks: in whose subnets they stand, what they wear, and what meets through it (A3).

use tokaido::kinds::network_interface;
use tokaido::model::{EnvironmentAudit, UnknownCause, VerdictState};
use tokaido::sim::SandboxRow;

use super::breaks::make;
use super::{in_state, production};
use crate::support::{Lab, id};

const APART: &str = "tenant-isolation";

fn physical(lab: &Lab, what: &str) -> String {
    lab.row(&id(what)).physical
}

/// A host in this subnet of Tokyo that wears these groups. Answers with the identifier of its interface.
fn host(lab: &Lab, subnet: &str, groups: &[&str], more: &str) -> String {
    let known: Vec<String> = interfaces(lab);
    let of = |group: &&str| if group.starts_with("security-group.") { physical(lab, group) } else { (*group).to_owned() };
    let groups: Vec<String> = groups.iter().map(of).collect();
    let (vpc, subnet) = (physical(lab, "vpc.main@tokyo"), physical(lab, subnet));
    let more = if more.is_empty() { "source_dest_check: true, interface_type: interface" } else { more };
    let form = format!(
        "{{ vpc: {vpc}, subnet: {subnet}, groups: [{}], addresses: [], prefixes: [], public_addresses: [], {more} }}",
        groups.join(", ")
    );
    make(lab, network_interface::NAME, &form, &[]);
    interfaces(lab).into_iter().find(|one| !known.contains(one)).expect("a new interface")
}

fn interfaces(lab: &Lab) -> Vec<String> {
    lab.rows().into_iter().filter(|row: &SandboxRow| row.kind == network_interface::NAME).map(|row| row.physical).collect()
}

/// A group in the shared network that nobody declares, with these rules.
fn bridge(lab: &Lab, rules: &str) -> String {
    let vpc = physical(lab, "vpc.main@tokyo");
    make(lab, "security-group", &format!("{{ name: bridge, description: by hand, vpc: {vpc}, rules: [{rules}] }}"), &[]);
    let named = |row: &SandboxRow| row.attributes.text(crate::support::attr("name")) == Some("bridge");
    lab.rows().into_iter().find(named).expect("a group").physical
}

fn ingress(peer: &str) -> String {
    format!("{{ direction: ingress, protocol: tcp, from: 22, to: 22, peer: {peer} }}")
}

/// The members of isolation in this state, each with its reason.
fn members(audit: &EnvironmentAudit, state: VerdictState) -> Vec<(String, String)> {
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == APART).expect("a verdict");
    let told = verdict.in_state(state).map(|member| {
        let reason = member.reason.as_ref().map(|reason| reason.en.clone()).unwrap_or_default();
        (member.subject.split(' ').next().unwrap_or_default().to_owned(), reason)
    });
    told.collect()
}

fn broken(lab: &Lab) -> Vec<(String, String)> {
    let audit = lab.audit();
    let others: Vec<String> = in_state(&audit, VerdictState::Broken).into_keys().collect();
    assert!(
        others.iter().all(|promise| [APART, "virtual-separation", "tenant-ingress"].contains(&promise.as_str())),
        "{others:?}"
    );
    members(&audit, VerdictState::Broken)
}

fn kept(lab: &Lab) {
    let audit = lab.audit();
    assert!(in_state(&audit, VerdictState::Broken).is_empty(), "{:#?}", in_state(&audit, VerdictState::Broken));
    assert!(in_state(&audit, VerdictState::Unknown).is_empty(), "{:#?}", in_state(&audit, VerdictState::Unknown));
}

const GLOBEX: &str = "subnet.globex-a@tokyo";
const INITECH: &str = "subnet.initech-a@tokyo";
const SHARED: &str = "subnet.shared-a@tokyo";
const OF_GLOBEX: &str = "security-group.globex@tokyo";
const OF_INITECH: &str = "security-group.initech@tokyo";
const CLIENTS: &str = "security-group.catalog-clients@tokyo";
const CATALOG: &str = "security-group.catalog@tokyo";

/// Each tenant's hosts in its own subnets with its own group and that of the shared database's clients, the database with the
/// group of its own, a NAT gateway and a load balancer of services: nothing to say.
#[test]
fn hosts_that_wear_what_they_should_keep_the_promise() {
    let lab = production();
    for (subnet, group) in [(GLOBEX, OF_GLOBEX), (INITECH, OF_INITECH)] {
        host(&lab, subnet, &[group, CLIENTS], "");
        host(&lab, subnet, &[group], "source_dest_check: true, interface_type: vpc_endpoint, requester: amazon-elb");
    }
    host(&lab, SHARED, &[CATALOG], "source_dest_check: true, interface_type: interface, requester: amazon-rds");
    host(&lab, SHARED, &[], "source_dest_check: false, interface_type: nat_gateway, requester: amazon-nat");
    kept(&lab);
    assert!(lab.drift().drifted.is_empty());
    lab.assert_settled();
}

/// The three shapes of A3.
#[test]
fn a_foreign_group_connects_the_tenant_that_it_admits_with_the_one_that_wears_it() {
    let lab = production();
    let group = bridge(&lab, &ingress("10.30.32.0/20"));
    kept_but_ingress(&lab);
    host(&lab, INITECH, &[OF_INITECH, &group], "");
    let found = broken(&lab);
    assert!(found.iter().any(|(subject, why)| *subject == group && why.contains("hosts of initech wear it")), "{found:?}");

    let lab = production();
    let own = bridge(&lab, "");
    lab.set(
        &tokaido::model::ResourceId::new("security-group", &own, tokaido::model::Region::Tokyo),
        "rules[+]",
        &crate::support::yaml::read(&ingress(&own)),
    )
    .expect("by hand");
    host(&lab, GLOBEX, &[OF_GLOBEX, &own], "");
    kept(&lab);
    host(&lab, INITECH, &[OF_INITECH, &own], "");
    let found = broken(&lab);
    assert!(found.iter().any(|(subject, why)| *subject == own && why.contains("globex") && why.contains("initech")), "{found:?}");

    let lab = production();
    let both = host(&lab, SHARED, &[OF_GLOBEX, OF_INITECH], "");
    let found = broken(&lab);
    assert!(found.iter().any(|(subject, why)| *subject == both && why.contains("groups of globex, initech")), "{found:?}");
}

/// A group that admits one tenant breaks ingress, and until a host of another wears it isolation is kept.
fn kept_but_ingress(lab: &Lab) {
    let audit = lab.audit();
    assert_eq!(in_state(&audit, VerdictState::Broken).into_keys().collect::<Vec<_>>(), ["tenant-ingress"]);
}

/// More of the same kind.
#[test]
fn other_ways_in_which_two_tenants_meet_at_a_host() {
    // A tenant's subnet, another tenant's group.
    let lab = production();
    let one = host(&lab, GLOBEX, &[OF_INITECH], "");
    let found = broken(&lab);
    assert!(
        found.iter().any(|(subject, why)| *subject == one && why.contains("a subnet of globex and wears a group of initech")),
        "{found:?}"
    );

    // The group of the shared database on a host of a tenant: the clients of all tenants reach it.
    let lab = production();
    host(&lab, GLOBEX, &[OF_GLOBEX, CATALOG], "");
    kept(&lab);
    host(&lab, INITECH, &[OF_INITECH, CLIENTS], "");
    let found = broken(&lab);
    assert!(
        found.iter().any(|(subject, why)| subject == CATALOG && why.contains("it admits initech, and hosts of globex wear it")),
        "{found:?}"
    );

    // A foreign group that admits another foreign group, worn by hosts of two tenants.
    let lab = production();
    let peer = bridge(&lab, "");
    let vpc = physical(&lab, "vpc.main@tokyo");
    make(&lab, "security-group", &format!("{{ name: far, description: by hand, vpc: {vpc}, rules: [{}] }}", ingress(&peer)), &[]);
    let far = lab
        .rows()
        .into_iter()
        .find(|row| row.attributes.text(crate::support::attr("name")) == Some("far"))
        .expect("a group")
        .physical;
    host(&lab, GLOBEX, &[OF_GLOBEX, &peer], "");
    host(&lab, INITECH, &[OF_INITECH, &far], "");
    let found = broken(&lab);
    assert!(
        found.iter().any(|(subject, why)| *subject == far && why.contains("it admits globex, and hosts of initech wear it")),
        "{found:?}"
    );

    // One host with an interface in each tenant.
    let lab = production();
    let more = "source_dest_check: true, interface_type: interface, instance: i-1";
    let left = host(&lab, GLOBEX, &[OF_GLOBEX], more);
    kept(&lab);
    let right = host(&lab, INITECH, &[OF_INITECH], more);
    let found = broken(&lab);
    for interface in [left, right] {
        assert!(
            found.iter().any(|(subject, why)| *subject == interface && why.contains("i-1 has interfaces of globex, initech")),
            "{found:?}"
        );
    }
}

#[test]
fn a_host_that_may_forward_leaves_isolation_unknown() {
    let lab = production();
    let router = host(&lab, SHARED, &[], "source_dest_check: false, interface_type: interface");
    let audit = lab.audit();
    assert!(in_state(&audit, VerdictState::Broken).is_empty());
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == APART).expect("a verdict");
    assert_eq!((verdict.state, verdict.unknown), (VerdictState::Unknown, Some(UnknownCause::NotUnderstood)));
    let [(subject, why)] = &members(&audit, VerdictState::Unknown)[..] else { panic!("one interface") };
    assert!(*subject == router && why.contains("may forward"), "{why}");
}

/// A host of another network is none of ours, whatever it wears.
#[test]
fn interfaces_of_other_networks_are_not_judged() {
    let lab = production();
    make(&lab, "vpc", "{ cidr: 172.31.0.0/16, dns_support: true, dns_hostnames: false, dhcp_options: default }", &[]);
    let row = |kind: &str| {
        let rows = lab.rows();
        rows.into_iter()
            .find(|row| row.kind == kind && row.id.is_none() && row.made_with.is_none())
            .expect("made by hand")
            .physical
    };
    let vpc = row("vpc");
    make(&lab, "subnet", &format!("{{ vpc: {vpc}, cidr: 172.31.0.0/24, zone: apne1-az1, public_addresses: false }}"), &[]);
    let subnet = row("subnet");
    let form = format!(
        "{{ vpc: {vpc}, subnet: {subnet}, groups: [], addresses: [], prefixes: [], public_addresses: [], source_dest_check: false, interface_type: interface }}"
    );
    make(&lab, network_interface::NAME, &form, &[]);
    kept(&lab);
}

/// Each attribute that the check declares, not asked and failed.
#[test]
fn an_interface_of_which_something_was_not_read_is_unknown() {
    let lab = production();
    host(&lab, GLOBEX, &[OF_GLOBEX], "source_dest_check: true, interface_type: interface, instance: i-1");
    let before = lab.plan().observed;
    let schemas = tokaido::kinds::schemas();
    let check = tokaido::promises::judge::check_of(APART).expect("a check");
    let parts = check.parts();
    let part = parts.iter().find(|part| part.kind == network_interface::NAME).expect("interfaces are in the universe");
    assert!(part.attributes.len() > 5);
    for attribute in &part.attributes {
        let mut observed = before.clone();
        let one = observed.others.iter_mut().find(|other| other.kind == network_interface::NAME).expect("the interface");
        one.live.attributes.failed(*attribute, "denied");
        let input = tokaido::promises::JudgeInput {
            desired: &lab.desired,
            observed: &observed,
            recorded: None,
            schemas: &schemas,
            accounts: None,
            now: None,
        };
        let verdicts = tokaido::promises::judge(&input);
        let verdict = verdicts.iter().find(|verdict| verdict.promise == APART).expect("a verdict");
        assert_eq!((verdict.state, verdict.unknown), (VerdictState::Unknown, Some(UnknownCause::ReadFailed)), "{attribute}");
    }
}

//! Hosts and services: what they wear, where they stand, what they pass on, and what reaches them from the Internet.

use super::*;

#[test]
fn hosts_are_judged_by_what_they_wear_and_where_they_stand() {
    let lab = production();
    let open = open_group(&lab, MAIN);
    host(&lab, "subnet.globex-a@tokyo", "10.30.32.9", &[&open], "");
    expect(&lab, "a host that admits everybody, and nobody sends", &[]);
    host(&lab, "subnet.initech-a@tokyo", "10.30.48.9", &[&open], "");
    let both: &[(&str, &[&str])] = &[("globex → initech", &["10.30.32.9", "10.30.48.9"]), ("initech → globex", &["10.30.48.9"])];
    expect(&lab, "two of them", both);
    // One host with interfaces in the subnets of two tenants, and one that wears the groups of two.
    let joined: &[(&str, &[&str])] = &[("globex → initech", &["leak", "eni-"]), ("initech → globex", &["leak", "eni-"])];
    let lab = production();
    let of = "source_dest_check: true, interface_type: interface, instance: i-0123456789abcdef0";
    host(&lab, "subnet.globex-a@tokyo", "10.30.32.9", &[GLOBEX], of);
    host(&lab, "subnet.initech-a@tokyo", "10.30.48.9", &[INITECH], of);
    expect(&lab, "one instance", joined);
    let lab = production();
    host(&lab, "subnet.shared-a@tokyo", "10.30.0.9", &[GLOBEX, INITECH], "");
    expect(&lab, "two groups", joined);
}

#[test]
fn a_router_passes_on() {
    let lab = production();
    sends(&lab, GLOBEX);
    let open = open_group(&lab, MAIN);
    admits(&lab, INITECH, "10.30.0.9/32");
    let unchecked = "source_dest_check: false, interface_type: interface";
    let checked = host(&lab, "subnet.shared-a@tokyo", "10.30.0.9", &[&open], "");
    expect(&lab, "AWS checks it", &[]);
    add(&lab, &ResourceId::new(network_interface::NAME, &checked, Region::Tokyo), "source_dest_check", "false");
    expect(&lab, "AWS does not", &[("globex → initech", &["leak", "10.30.0.9", "; then "])]);
    let lab = production();
    sends(&lab, GLOBEX);
    let open = open_group(&lab, MAIN);
    host(
        &lab,
        "subnet.shared-a@tokyo",
        "10.30.0.9",
        &[&open],
        &unchecked.replace("interface_type: interface", "interface_type: nat_gateway"),
    );
    admits(&lab, INITECH, "10.30.0.9/32");
    expect(&lab, "the interface of a NAT gateway is none", &[]);
}

#[test]
fn forwarders_are_leaks_until_they_are_declared() {
    let lab = production();
    sends(&lab, GLOBEX);
    admits(&lab, INITECH, "10.30.0.0/20");
    let open = open_group(&lab, MAIN);
    let balancer = "source_dest_check: true, interface_type: interface, managed: true, requester: amazon-elb, description: ELB \
                    app/entrance/0123456789abcdef";
    host(&lab, "subnet.shared-a@tokyo", "10.30.0.9", &[&open], balancer);
    expect(&lab, "a load balancer", &[("globex → initech", &["leak NotAsked", "; then "])]);
    let entry = SharedForwarder {
        id: "app/entrance/0123456789abcdef".to_owned(),
        reason: "listeners by tenant".to_owned(),
        source: Source { file: "environments/production.yaml".into(), line: 1, column: 1 },
    };
    let declared = lab.with(DesiredState { shared_forwarders: vec![entry], ..(*lab.desired).clone() });
    expect(&declared, "declared", &[("globex → initech", &["assumed app/entrance/0123456789abcdef"])]);
    assert!(!in_state(&declared.audit(), VerdictState::Broken).contains_key("tenant-isolation"));
    // A customer's interface may be described as a customer likes.
    let lab = production();
    sends(&lab, GLOBEX);
    admits(&lab, INITECH, "10.30.0.0/20");
    let open = open_group(&lab, MAIN);
    host(
        &lab,
        "subnet.shared-a@tokyo",
        "10.30.0.9",
        &[&open],
        "source_dest_check: true, interface_type: interface, description: ELB app/x/1",
    );
    expect(&lab, "a host, which passes nothing on", &[]);
    let lab = production();
    sends(&lab, GLOBEX);
    admits(&lab, INITECH, "10.30.0.0/20");
    let open = open_group(&lab, MAIN);
    let unknown = "source_dest_check: true, interface_type: interface, managed: true, requester: amazon-elasticache";
    let eni = host(&lab, "subnet.shared-a@tokyo", "10.30.0.9", &[&open], unknown);
    let met: &[(&str, &[&str])] = &[("globex → initech", &["undecided", &eni]), ("initech → globex", &["undecided", &eni])];
    expect(&lab, "a service of which nobody knows what it passes on", met);
}

#[test]
fn an_endpoint_is_what_its_service_is() {
    let wired = |service: &dyn Fn(&Lab) -> String| {
        let lab = production();
        sends(&lab, GLOBEX);
        admits(&lab, ACME, "10.40.0.0/20");
        let (open, of_acme) = (open_group(&lab, MAIN), open_group(&lab, OF_ACME));
        let end = "source_dest_check: true, interface_type: vpc_endpoint, managed: true, requester: '727180483921'";
        let eni = host(&lab, "subnet.shared-a@tokyo", "10.30.0.9", &[&open], end);
        let balancer = "source_dest_check: true, interface_type: network_load_balancer, managed: true, requester: amazon-elb, \
                        description: ELB net/inner/0123456789abcdef";
        host(&lab, "subnet.acme-a@tokyo", "10.40.0.9", &[&of_acme], balancer);
        let service = service(&lab);
        let endpoint = format!(
            "{{ vpc: {}, endpoint_type: interface, service: {service}, subnets: [], groups: [], interfaces: [{eni}], route_tables: [], \
             owner: '{}', state: available }}",
            physical(&lab, MAIN),
            lab.desired.account
        );
        made(&lab, "vpc-endpoint", &endpoint);
        lab
    };
    let named = |service: &'static str| wired(&move |_: &Lab| service.to_owned());
    expect(&named("com.amazonaws.ap-northeast-1.kms"), "a service of AWS", &[]);
    let foreign = named("com.amazonaws.vpce.ap-northeast-1.vpce-svc-0fedcba9876543210");
    // Clients of the shared database may send to its block, so both can reach the endpoint.
    let met: &[(&str, &[&str])] = &[("globex → initech", &["undecided", "vpce-"]), ("initech → globex", &["undecided", "vpce-"])];
    expect(&foreign, "of another account, which may pass on what both send", met);
    let own = wired(&|lab: &Lab| {
        let balancer = "loadbalancer/net/inner/0123456789abcdef";
        let form = format!(
            "{{ service: com.amazonaws.vpce.ap-northeast-1.inner, acceptance_required: false, state: available, load_balancers: \
             ['arn:aws:elasticloadbalancing:ap-northeast-1:{}:{balancer}'] }}",
            lab.desired.account
        );
        format!("com.amazonaws.vpce.ap-northeast-1.{}", made(lab, "endpoint-service", &form))
    });
    let of_clients: &[&str] = &["leak NotAsked", "security-group.catalog-clients@tokyo", "10.30.0.9", "10.40.0.9"];
    let both: &[(&str, &[&str])] = &[("globex → acme", &["leak NotAsked", "10.40.0.9"]), ("initech → acme", of_clients)];
    expect(&own, "a service of this account, at a balancer of acme", both);
}

#[test]
fn a_database_of_nobody_is_a_place_to_meet() {
    let lab = production();
    sends(&lab, GLOBEX);
    sends(&lab, INITECH);
    expect(&lab, "the declared shared database", &[]);
    let admitted = "{ direction: ingress, protocol: tcp, from: 5432, to: 5432, peer: 10.30.0.0/16 }";
    set(&lab, "security-group.catalog@tokyo", "rules[+]", admitted);
    expect(&lab, "whomever it admits", &[]);
    let mut resources = lab.desired.resources.clone();
    resources.remove(&id("db-instance.catalog@tokyo"));
    let lab = lab.with(DesiredState { resources, ..(*lab.desired).clone() });
    let met: &[(&str, &[&str])] = &[
        ("globex → initech", &["leak", "db-instance.catalog@tokyo"]),
        ("initech → globex", &["leak", "db-instance.catalog@tokyo"]),
    ];
    expect(&lab, "one that nobody declares", met);
}

/// Pairs of tenants, and what is said of each.
type Leaks<'l> = &'l [(&'l str, &'l [&'l str])];

/// It holds the rows of its source: of a tenant's database it is the tenant's, and between the users of the declared shared one no
/// place to meet.
#[test]
fn a_replica_is_what_its_source_is() {
    let met: &[(&str, &[&str])] = &[("globex → initech", &["leak", "reader"]), ("initech → globex", &["leak", "reader"])];
    let acmes: &[(&str, &[&str])] = &[("globex → acme", &["leak", "reader"]), ("initech → acme", &["leak", "reader"])];
    let arn = |lab: &Lab, name: &str| format!("arn:aws:rds:ap-northeast-1:{}:db:{name}", lab.desired.account);
    let cases: [(&[&str], Leaks<'_>); 6] = [
        (&["production-catalog"], &[]),
        (&["arn:production-catalog"], &[]),
        (&["production-catalog", "reader-0", "reader-1"], &[]),
        (&["gone"], met),
        (&["null"], met),
        (&["production-acme-db"], acmes),
    ];
    for (sources, expected) in cases {
        let lab = production();
        sends(&lab, GLOBEX);
        sends(&lab, INITECH);
        let open = open_group(&lab, MAIN);
        let place = physical(&lab, "db-subnet-group.shared@tokyo");
        for (at, source) in sources.iter().enumerate() {
            let source = source.strip_prefix("arn:").map_or_else(|| (*source).to_owned(), |name| arn(&lab, name));
            // Only the last one can be reached.
            let groups = if at + 1 == sources.len() { open.as_str() } else { "" };
            let form = "engine: postgres, engine_version: '16.4', class: db.t4g.micro, allocated_storage: 20, publicly_accessible: false";
            let text = format!(
                "{{ name: reader-{at}, {form}, replica_of: {source}, subnet_group: {place}, security_groups: [{groups}] }}"
            );
            make(&lab, "db-instance", &text, &[]);
        }
        expect(&lab, &sources.join(" ← "), expected);
    }
}

/// The rows of a shared database are those of its users, wherever a copy of it stands: who does not use it and comes there comes to
/// them, although no user comes there.
#[test]
fn a_copy_of_a_shared_database_within_reach_of_another_tenant_is_a_leak() {
    let way: &[&str] = &["leak", "reader"];
    let with_acme: Leaks<'_> =
        &[("acme → globex", way), ("acme → initech", way), ("globex → acme", way), ("initech → acme", way)];
    for sources in
        [&["production-catalog"][..], &["production-catalog", "reader-0"], &["production-catalog", "reader-0", "reader-1"]]
    {
        for admitted in [true, false] {
            let lab = production();
            sends(&lab, ACME);
            let place = physical(&lab, "db-subnet-group.acme@tokyo");
            let open = open_group(&lab, OF_ACME);
            for (at, source) in sources.iter().enumerate() {
                let groups = if admitted && at + 1 == sources.len() { open.as_str() } else { "" };
                let form = "engine: postgres, engine_version: '16.4', class: db.t4g.micro, allocated_storage: 20, publicly_accessible: false";
                let text = format!(
                    "{{ name: reader-{at}, {form}, replica_of: {source}, subnet_group: {place}, security_groups: [{groups}] }}"
                );
                make(&lab, "db-instance", &text, &[]);
            }
            expect(&lab, &sources.join(" ← "), if admitted { with_acme } else { &[] });
        }
    }
}

/// The same holds for the database itself: its users may come there, and nobody else.
#[test]
fn a_shared_database_is_a_leak_to_who_does_not_use_it() {
    let catalog = id("db-instance.catalog@tokyo");
    let both: Leaks<'_> = &[("globex → initech", &["leak", "catalog"]), ("initech → globex", &["leak", "catalog"])];
    for (users, expected) in [(&["globex", "initech"][..], &[][..]), (&["globex"], both), (&["initech"], both), (&[], both)] {
        let lab = production();
        let users = users.iter().map(|user| (*user).to_owned()).collect();
        let lab = lab.with(DesiredState { database_users: [(catalog.clone(), users)].into(), ..(*lab.desired).clone() });
        expect(&lab, "nobody but a client is admitted", &[]);
        let admitted = "{ direction: ingress, protocol: tcp, from: 5432, to: 5432, peer: 10.30.0.0/16 }";
        set(&lab, "security-group.catalog@tokyo", "rules[+]", admitted);
        sends(&lab, GLOBEX);
        sends(&lab, INITECH);
        expect(&lab, "both are admitted", expected);
    }
}

#[test]
fn the_internet_is_compared_with_what_is_allowed() {
    let lab = production();
    route(&lab, MAIN, "0.0.0.0/0", "igw-0123456789abcdef0");
    let open = open_group(&lab, MAIN);
    let public = |groups: &[&str]| {
        let eni = host(&lab, "subnet.globex-a@tokyo", "10.30.32.9", groups, "");
        add(&lab, &ResourceId::new(network_interface::NAME, &eni, Region::Tokyo), "public_addresses", "[203.0.113.9]");
        eni
    };
    public(&[GLOBEX]);
    assert!(in_state(&lab.audit(), VerdictState::Broken).is_empty(), "its own group admits what is declared");
    let eni = public(&[&open]);
    let broken = in_state(&lab.audit(), VerdictState::Broken);
    assert_eq!(broken.keys().collect::<Vec<_>>(), ["tenant-ingress"], "{broken:#?}");
    assert_eq!(broken["tenant-ingress"], [format!("{eni} (network-interface@tokyo)")].into());
    assert_eq!(proved(&lab).proof.entries.len(), 1);
}

/// Foreign things that reach no tenant change nothing.
#[test]
fn a_foreign_gateway_nat_and_balancer_that_reach_no_tenant_leave_every_verdict_kept() {
    let lab = production();
    let before = lab.audit();
    route(&lab, MAIN, "0.0.0.0/0", "igw-0123456789abcdef0");
    let place = physical(&lab, "subnet.shared-a@tokyo");
    let nat = format!(
        "{{ vpc: {}, subnet: {place}, addresses: [10.30.0.8], public_addresses: [203.0.113.8], connectivity: public, state: available }}",
        physical(&lab, MAIN)
    );
    made(&lab, "nat-gateway", &nat);
    let open = open_group(&lab, MAIN);
    let balancer = "source_dest_check: true, interface_type: interface, managed: true, requester: amazon-elb, description: ELB \
                    app/entrance/0123456789abcdef, public_addresses: [203.0.113.9]";
    host(&lab, "subnet.shared-a@tokyo", "10.30.0.9", &[&open], &balancer.replace(", public_addresses: [203.0.113.9]", ""));
    let after = lab.audit();
    let state = |audit: &tokaido::model::EnvironmentAudit| {
        audit.verdicts.iter().map(|verdict| (verdict.promise.clone(), verdict.state)).collect::<Vec<_>>()
    };
    assert_eq!(state(&before), state(&after));
    expect(&lab, "nobody is reached", &[]);
}

/// Where a host is, and whether AWS checks what it sends, must be known before it is called harmless.
#[test]
fn a_host_of_which_something_was_not_read_leaves_its_tenants_undecided() {
    use tokaido::kinds;
    use tokaido::observe::{Depth, observe};
    let lab = production();
    sends(&lab, GLOBEX);
    let open = open_group(&lab, MAIN);
    host(&lab, "subnet.initech-a@tokyo", "10.30.48.9", &[&open], "");
    let (schemas, observed) =
        (kinds::schemas(), block_on(observe(&*lab.session().world, &lab.desired, None, &kinds::schemas(), Depth::Plan)));
    for (attribute, leaks) in [("addresses", 0), ("prefixes", 1), ("source_dest_check", 1), ("interface_type", 1), ("subnet", 0)]
    {
        let mut changed = observed.clone();
        for other in changed.others.iter_mut().filter(|other| other.kind == network_interface::NAME) {
            other.live.attributes.not_asked(attr(attribute));
        }
        let input = tokaido::promises::judge::JudgeInput {
            desired: &lab.desired,
            observed: &changed,
            recorded: None,
            schemas: &schemas,
            accounts: None,
            now: None,
        };
        let Proved { facts, proof } = tokaido::promises::judge::proved(&input);
        assert_eq!(proof.leaks.len(), leaks, "{attribute}");
        let named = proof.undecided.iter().flat_map(|one| &one.unread).any(|at| facts.unread[*at].what.ends_with(attribute));
        assert!(named, "{attribute}: {:#?}", proof.undecided);
    }
}

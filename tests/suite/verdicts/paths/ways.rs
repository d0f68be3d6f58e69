//! What joins networks: peerings, transit gateways, NAT gateways, private gateways.

use super::*;

#[test]
fn a_peering_joins_two_networks_while_it_is_active_and_routed() {
    let lab = globex_to_acme();
    expect(&lab, "no way", &[]);
    let peering = |state: &str, accepter: &str, account: &str| {
        format!(
            "{{ requester: {}, requester_account: '{}', requester_region: ap-northeast-1, accepter: {accepter}, accepter_account: \
             '{account}', accepter_region: ap-northeast-1, state: {state} }}",
            physical(&lab, MAIN),
            lab.desired.account
        )
    };
    let acme = physical(&lab, OF_ACME);
    let pending = made(&lab, "vpc-peering", &peering("pending-acceptance", &acme, &lab.desired.account));
    route(&lab, MAIN, "10.40.0.0/20", &pending);
    expect(&lab, "not accepted yet", &[]);
    set_state(&lab, "vpc-peering", &pending, "active");
    expect(&lab, "routed on one side", &[("globex → acme", &["leak OneWay", &pending])]);
    route(&lab, OF_ACME, "10.30.0.0/16", &pending);
    expect(&lab, "routed on both sides", &[("globex → acme", &["leak Returns", &pending])]);
    // Behind the network of another account nobody knows who is.
    let lab = globex_to_acme();
    let partner = made(&lab, "vpc-peering", &peering("active", "vpc-0123456789abcdef0", "444444444444"));
    route(&lab, MAIN, "10.99.0.0/16", &partner);
    // Whoever is there may send under the address of a customer of initech, which stands in the same network.
    expect(&lab, "both in the network that is joined to it", &[("globex → initech", &["undecided", &partner])]);
    let own = format!(
        "{{ requester: {}, requester_account: '{}', requester_region: ap-northeast-1, accepter: vpc-0123456789abcdef0, \
         accepter_account: '444444444444', accepter_region: ap-northeast-1, state: active }}",
        physical(&lab, OF_ACME),
        lab.desired.account
    );
    made(&lab, "vpc-peering", &own);
    let both: &[(&str, &[&str])] = &[("globex → acme", &["undecided", &partner]), ("globex → initech", &["undecided", &partner])];
    expect(&lab, "both networks are", both);
}

#[test]
fn a_transit_gateway_is_walked_through_its_tables() {
    let lab = globex_to_acme();
    let account = lab.desired.account.clone();
    let table = made(&lab, "transit-gateway-table", "{ gateway: tgw-0123456789abcdef0, routes: [], state: available }");
    let attach = |network: &str, subnet: &str, owner: &str, table: &str| {
        format!(
            "{{ gateway: tgw-0123456789abcdef0, gateway_owner: '{owner}', resource_type: vpc, vpc: {}, resource_owner: '{account}', \
             subnets: [{}], {table} state: available }}",
            physical(&lab, network),
            physical(&lab, subnet)
        )
    };
    let own = format!("table: {table},");
    made(&lab, "transit-gateway-attachment", &attach(MAIN, "subnet.globex-a@tokyo", &account, &own));
    let of_acme = made(&lab, "transit-gateway-attachment", &attach(OF_ACME, "subnet.acme-a@tokyo", &account, &own));
    route(&lab, MAIN, "10.40.0.0/20", "tgw-0123456789abcdef0");
    expect(&lab, "its table has no route", &[]);
    let table = ResourceId::new("transit-gateway-table", &table, Region::Tokyo);
    let to_acme = |state: &str| format!("[{{ block: 10.40.0.0/16, state: {state}, origin: static, attachments: [{of_acme}] }}]");
    add(&lab, &table, "routes", &to_acme("active"));
    expect(&lab, "a route", &[("globex → acme", &["leak OneWay", "10.40.0.0/16 → ", &of_acme])]);
    add(&lab, &table, "routes", &to_acme("blackhole"));
    expect(&lab, "a blackhole", &[]);
    // A gateway of a network account: its tables are not read.
    let lab = globex_to_acme();
    made(&lab, "transit-gateway-attachment", &attach(MAIN, "subnet.globex-a@tokyo", "444444444444", ""));
    made(&lab, "transit-gateway-attachment", &attach(OF_ACME, "subnet.acme-a@tokyo", "444444444444", ""));
    expect(&lab, "no route leads there", &[]);
    route(&lab, MAIN, "10.40.0.0/20", "tgw-0123456789abcdef0");
    let both: &[(&str, &[&str])] = &[
        ("globex → acme", &["undecided", "tgw-0123456789abcdef0 (444444444444)"]),
        ("globex → initech", &["undecided", "tgw-0123456789abcdef0 (444444444444)"]),
    ];
    expect(&lab, "a route", both);
}

#[test]
fn private_gateways_and_places_that_nobody_reads_leave_a_pair_undecided() {
    let lab = globex_to_acme();
    let gateway = made(&lab, "vpn-gateway", &format!("{{ networks: [{}], state: available }}", physical(&lab, OF_ACME)));
    expect(&lab, "globex cannot leave", &[]);
    route(&lab, MAIN, "192.168.0.0/16", "lgw-0123456789abcdef0");
    let both: &[(&str, &[&str])] = &[
        ("globex → acme", &["undecided", &gateway, "lgw-0123456789abcdef0"]),
        ("globex → initech", &["undecided", "lgw-0123456789abcdef0"]),
    ];
    expect(&lab, "both are joined to places that are not read", both);
    let lab = globex_to_acme();
    route(&lab, MAIN, "0.0.0.0/0", "igw-0123456789abcdef0");
    expect(&lab, "the Internet is no path between tenants", &[]);
}

#[test]
fn a_nat_gateway_sends_under_its_own_address() {
    let lab = production();
    sends(&lab, GLOBEX);
    admits(&lab, ACME, "10.30.0.9/32");
    let place = physical(&lab, "subnet.shared-a@tokyo");
    let nat = made(
        &lab,
        "nat-gateway",
        &format!(
            "{{ vpc: {}, subnet: {place}, addresses: [10.30.0.9], public_addresses: [], connectivity: private, state: available }}",
            physical(&lab, MAIN)
        ),
    );
    let peering = made(
        &lab,
        "vpc-peering",
        &format!(
            "{{ requester: {}, requester_account: '1', requester_region: ap-northeast-1, accepter: {}, accepter_account: '1', \
             accepter_region: ap-northeast-1, state: active }}",
            physical(&lab, MAIN),
            physical(&lab, OF_ACME)
        ),
    );
    // The table of the NAT gateway's subnet leads over the peering, that of everybody else to the NAT gateway.
    let beside = format!(
        "{{ vpc: {}, main: false, subnets: [{place}], gateways: [], propagating: [], routes: [{{ destination: 10.30.0.0/16, target: \
         local, state: active }}, {{ destination: 10.40.0.0/20, target: {peering}, state: active }}] }}",
        physical(&lab, MAIN)
    );
    made(&lab, "route-table", &beside);
    expect(&lab, "no route to it", &[]);
    route(&lab, MAIN, "10.40.0.0/20", &nat);
    expect(&lab, "through it", &[("globex → acme", &["leak", &nat, "sends it on from 10.30.0.9", "from 10.30."])]);
    set_state(&lab, "nat-gateway", &nat, "deleted");
    expect(&lab, "it is gone", &[]);
}

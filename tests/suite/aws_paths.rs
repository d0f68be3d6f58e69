//! What leads out of a network, on the wire: peerings, gateways, endpoints, prefix lists and transit gateways. What is asked, to the
//! letter, and what is made of the answers.

use serde_json::{Value as Json, json};
use tokaido::kinds;
use tokaido::model::{Listing, Live, Reading, Region};
use tokaido::world::ErrorClass;

use super::aws_drivers::form;
use super::aws_replay::{Replay, Seen, ok, status};

/// The reply to an operation with these elements in it.
fn reply(operation: &str, inner: &str) -> String {
    format!("<{operation}Response>{inner}</{operation}Response>")
}

fn list(name: &str, items: &[&str]) -> String {
    let items: String = items.iter().map(|item| format!("<item>{item}</item>")).collect();
    format!("<{name}>{items}</{name}>")
}

/// The attributes of the only object that is listed, and that they are of their types.
fn only<'a>(kind: &str, listing: &'a Listing) -> (&'a Live, Json) {
    let [live] = &listing.live[..] else { panic!("{kind}: {listing:#?}") };
    (kinds::find(kind).expect("a kind").typed)(live.attributes.bare()).unwrap_or_else(|error| panic!("{kind}: {error}"));
    (live, serde_json::to_value(live.attributes.bare()).expect("plain data"))
}

const PEERING: &str = "<vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><requesterVpcInfo><ownerId>111111111111</ownerId>\
    <vpcId>vpc-1</vpcId><cidrBlock>10.10.0.0/16</cidrBlock><cidrBlockSet><item><cidrBlock>10.10.0.0/16</cidrBlock></item><item>\
    <cidrBlock>10.11.0.0/16</cidrBlock></item></cidrBlockSet><ipv6CidrBlockSet><item>\
    <ipv6CidrBlock>2001:DB8:0:0::/56</ipv6CidrBlock></item></ipv6CidrBlockSet><region>ap-northeast-1</region></requesterVpcInfo>\
    <accepterVpcInfo><ownerId>222222222222</ownerId><vpcId>vpc-2</vpcId><region>ap-northeast-3</region></accepterVpcInfo>\
    <status><code>active</code><message>Active</message></status><tagSet/>";
const VPN: &str = "<vpnGatewayId>vgw-1</vpnGatewayId><state>available</state><type>ipsec.1</type><attachments>\
    <item><vpcId>vpc-2</vpcId><state>detached</state></item><item><vpcId>vpc-3</vpcId><state>detaching</state></item>\
    <item><vpcId>vpc-1</vpcId><state>attached</state></item></attachments><tagSet/>";
const NAT: &str = "<natGatewayId>nat-1</natGatewayId><vpcId>vpc-1</vpcId><subnetId>subnet-1</subnetId><state>available</state>\
    <connectivityType>public</connectivityType><natGatewayAddressSet><item><privateIp>10.10.0.9</privateIp>\
    <publicIp>203.0.113.9</publicIp></item><item><privateIp>10.10.0.8</privateIp></item></natGatewayAddressSet><tagSet/>";
const ENDPOINT: &str = "<vpcEndpointId>vpce-1</vpcEndpointId><vpcEndpointType>Interface</vpcEndpointType><vpcId>vpc-1</vpcId>\
    <serviceName>com.amazonaws.vpce.ap-northeast-1.vpce-svc-9</serviceName><state>PendingAcceptance</state>\
    <policyDocument>{}</policyDocument><routeTableIdSet/><subnetIdSet><item>subnet-2</item><item>subnet-1</item></subnetIdSet>\
    <groupSet><item><groupId>sg-1</groupId><groupName>x</groupName></item></groupSet><networkInterfaceIdSet><item>eni-1</item>\
    </networkInterfaceIdSet><ownerId>111111111111</ownerId><tagSet/>";
const SERVICE: &str = "<serviceId>vpce-svc-1</serviceId><serviceName>com.amazonaws.vpce.ap-northeast-1.vpce-svc-1</serviceName>\
    <serviceState>Available</serviceState><acceptanceRequired>false</acceptanceRequired><networkLoadBalancerArnSet>\
    <item>arn:net</item></networkLoadBalancerArnSet><gatewayLoadBalancerArnSet><item>arn:gateway</item></gatewayLoadBalancerArnSet>";
const LIST: &str = "<prefixListId>pl-1</prefixListId><addressFamily>IPv4</addressFamily><prefixListName>offices</prefixListName>\
    <ownerId>222222222222</ownerId><tagSet/>";
const ATTACHMENT: &str = "<transitGatewayAttachmentId>tgw-attach-1</transitGatewayAttachmentId>\
    <transitGatewayId>tgw-1</transitGatewayId><transitGatewayOwnerId>222222222222</transitGatewayOwnerId>\
    <resourceOwnerId>111111111111</resourceOwnerId><resourceType>vpc</resourceType><resourceId>vpc-1</resourceId>\
    <state>available</state><association><transitGatewayRouteTableId>tgw-rtb-1</transitGatewayRouteTableId>\
    <state>associated</state></association><tagSet/>";
const SUBNETS: &str = "<transitGatewayAttachmentId>tgw-attach-1</transitGatewayAttachmentId><vpcId>vpc-1</vpcId><subnetIds>\
    <item>subnet-2</item><item>subnet-1</item></subnetIds>";
const TABLE: &str = "<transitGatewayRouteTableId>tgw-rtb-1</transitGatewayRouteTableId><transitGatewayId>tgw-1</transitGatewayId>\
    <state>available</state><tagSet/>";
const ROUTES: [&str; 2] = [
    "<destinationCidrBlock>10.99.0.1/16</destinationCidrBlock><prefixListId>pl-1</prefixListId><transitGatewayAttachments><item>\
     <resourceId>vpc-2</resourceId><transitGatewayAttachmentId>tgw-attach-2</transitGatewayAttachmentId></item><item>\
     <transitGatewayAttachmentId>tgw-attach-1</transitGatewayAttachmentId></item></transitGatewayAttachments>\
     <type>propagated</type><state>active</state>",
    "<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><type>static</type><state>blackhole</state>",
];

/// The operation that lists each kind, the element of its list, what AWS calls the identifier in a request, and an item.
const LISTED: [(&str, &str, &str, &str, &str, Option<u32>); 8] = [
    ("vpc-peering", "DescribeVpcPeeringConnections", "vpcPeeringConnectionSet", "VpcPeeringConnectionId", PEERING, Some(1000)),
    ("vpn-gateway", "DescribeVpnGateways", "vpnGatewaySet", "VpnGatewayId", VPN, None),
    ("nat-gateway", "DescribeNatGateways", "natGatewaySet", "NatGatewayId", NAT, Some(1000)),
    ("vpc-endpoint", "DescribeVpcEndpoints", "vpcEndpointSet", "VpcEndpointId", ENDPOINT, Some(1000)),
    ("endpoint-service", "DescribeVpcEndpointServiceConfigurations", "serviceConfigurationSet", "ServiceId", SERVICE, Some(1000)),
    ("prefix-list", "DescribeManagedPrefixLists", "prefixListSet", "PrefixListId", LIST, Some(100)),
    (
        "transit-gateway-attachment",
        "DescribeTransitGatewayAttachments",
        "transitGatewayAttachments",
        "TransitGatewayAttachmentIds",
        ATTACHMENT,
        Some(1000),
    ),
    (
        "transit-gateway-table",
        "DescribeTransitGatewayRouteTables",
        "transitGatewayRouteTables",
        "TransitGatewayRouteTableIds",
        TABLE,
        Some(1000),
    ),
];

fn item(kind: &str) -> &'static str {
    LISTED.iter().find(|(known, ..)| *known == kind).expect("a kind").4
}

/// Answers with these items of one kind; `more` answers what is asked of one object, or of all.
fn answering(kind: &'static str, item: String, more: impl Fn(&Seen) -> String + Send + Sync + 'static) -> Replay {
    let (_, look, set, ..) = LISTED.into_iter().find(|(known, ..)| *known == kind).expect("a kind");
    Replay::answering(move |seen| {
        let action = seen.action();
        if action == look { ok(reply(look, &list(set, &[&item]))) } else { ok(reply(&action, &more(seen))) }
    })
    .once()
}

fn whole(seen: &Seen) -> String {
    match seen.action().as_str() {
        "GetManagedPrefixListEntries" => list("entrySet", &["<cidr>192.0.2.7/24</cidr>", "<cidr>10.99.0.0/16</cidr>"]),
        "DescribeTransitGatewayVpcAttachments" => list("transitGatewayVpcAttachments", &[SUBNETS]),
        "SearchTransitGatewayRoutes" => {
            list("routeSet", &ROUTES) + "<additionalRoutesAvailable>false</additionalRoutesAvailable>"
        }
        other => panic!("{other} is asked"),
    }
}

#[tokio::test]
async fn everything_that_leads_out_of_a_network_is_read_whole() {
    let link = |id: &str| format!("com.amazonaws.vpce.ap-northeast-1.{id}");
    let expected = [
        json!({
            "requester": "vpc-1", "requester_account": "111111111111", "requester_region": "ap-northeast-1",
            "requester_blocks": ["10.10.0.0/16", "10.11.0.0/16", "2001:db8::/56"],
            "accepter": "vpc-2", "accepter_account": "222222222222", "accepter_region": "ap-northeast-3", "state": "active",
        }),
        json!({ "networks": ["vpc-1", "vpc-3"], "state": "available" }),
        json!({
            "vpc": "vpc-1", "subnet": "subnet-1", "addresses": ["10.10.0.8", "10.10.0.9"], "public_addresses": ["203.0.113.9"],
            "connectivity": "public", "state": "available",
        }),
        json!({
            "vpc": "vpc-1", "endpoint_type": "Interface", "service": link("vpce-svc-9"), "subnets": ["subnet-1", "subnet-2"],
            "groups": ["sg-1"], "interfaces": ["eni-1"], "route_tables": [], "owner": "111111111111", "state": "pendingacceptance",
        }),
        json!({
            "service": link("vpce-svc-1"), "load_balancers": ["arn:gateway", "arn:net"], "acceptance_required": false,
            "state": "available",
        }),
        json!({ "name": "offices", "family": "IPv4", "owner": "222222222222", "entries": ["10.99.0.0/16", "192.0.2.0/24"] }),
        json!({
            "gateway": "tgw-1", "gateway_owner": "222222222222", "resource_type": "vpc", "vpc": "vpc-1", "resource": "vpc-1",
            "resource_owner": "111111111111", "subnets": ["subnet-1", "subnet-2"], "table": "tgw-rtb-1", "state": "available",
        }),
        json!({
            "gateway": "tgw-1", "state": "available",
            "routes": [
                { "block": "0.0.0.0/0", "state": "blackhole", "origin": "static", "attachments": [] },
                { "block": "10.99.0.0/16", "state": "active", "origin": "propagated",
                  "attachments": ["tgw-attach-1", "tgw-attach-2"], "list": "pl-1" },
            ],
        }),
    ];
    for ((kind, look, _, identifier, item, size), expected) in LISTED.into_iter().zip(expected) {
        let replay = answering(kind, item.to_owned(), whole);
        let driver = replay.driver(kind, Region::Osaka);
        let listing = driver.list().await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        let (live, found) = only(kind, &listing);
        assert_eq!(found, expected, "{kind}");
        let asked = replay.seen();
        assert!(asked.iter().all(|seen| seen.uri.contains("ec2.ap-northeast-3.amazonaws.com")), "{kind}");
        let parameters: Vec<String> = size.map(|size| format!("MaxResults={size}")).into_iter().collect();
        assert_eq!((asked[0].action().as_str(), form(&asked[0])), (look, parameters), "{kind}");
        let read = driver.read(&live.physical).await.expect("an answer").expect("it is there");
        assert_eq!(read, *live, "{kind}");
        let again = &replay.seen()[asked.len()];
        assert_eq!(form(again), [format!("{identifier}.1={}", live.physical)], "{kind}");
    }
}

/// What AWS always sends and is not there: the read has failed, and nobody takes it for none.
#[tokio::test]
async fn a_part_of_an_answer_is_no_answer() {
    for (kind, without) in [
        ("vpc-peering", "<vpcId>vpc-2</vpcId>"),
        ("vpc-peering", "<ownerId>222222222222</ownerId>"),
        ("vpc-peering", "<code>active</code>"),
        ("vpn-gateway", "<vpcId>vpc-1</vpcId>"),
        ("vpn-gateway", "<state>available</state>"),
        ("nat-gateway", "<vpcId>vpc-1</vpcId>"),
        ("nat-gateway", "<state>available</state>"),
        ("vpc-endpoint", "<vpcEndpointType>Interface</vpcEndpointType>"),
        ("vpc-endpoint", "<state>PendingAcceptance</state>"),
        ("endpoint-service", "<acceptanceRequired>false</acceptanceRequired>"),
        ("prefix-list", "<ownerId>222222222222</ownerId>"),
        ("transit-gateway-attachment", "<resourceType>vpc</resourceType>"),
        ("transit-gateway-table", "<transitGatewayId>tgw-1</transitGatewayId>"),
    ] {
        let part = item(kind).replacen(without, "", 1);
        assert_ne!(part, item(kind), "{without}");
        let error = answering(kind, part, whole).driver(kind, Region::Tokyo).list().await.expect_err(without);
        assert_eq!(error.class, ErrorClass::Unreachable, "{kind} {without}: {error}");
    }
}

/// The next page is asked for with the token of the one before.
#[tokio::test]
async fn every_page_is_read() {
    for (kind, look, set, _, item, size) in LISTED.into_iter().filter(|(.., size)| size.is_some()) {
        let replay = Replay::answering(move |seen| match (seen.action(), seen.form().get("NextToken")) {
            (action, None) if action == look => ok(reply(look, &(list(set, &[]) + "<nextToken>t-1</nextToken>"))),
            (action, Some(_)) if action == look => ok(reply(look, &list(set, &[item]))),
            (action, _) => ok(reply(&action, &whole(seen))),
        });
        let listing = replay.driver(kind, Region::Tokyo).list().await.unwrap_or_else(|error| panic!("{kind}: {error}"));
        assert_eq!(listing.live.len(), 1, "{kind}");
        let parameters = [format!("MaxResults={}", size.unwrap_or_default()), "NextToken=t-1".to_owned()];
        assert_eq!(form(&replay.seen()[1]), parameters, "{kind}");
    }
}

/// Of a peering that is not active AWS tells no blocks; of what is no network there are no subnets.
#[tokio::test]
async fn what_aws_has_no_value_for_is_absent() {
    let peering = "<vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><requesterVpcInfo><ownerId>111111111111</ownerId>\
        <vpcId>vpc-1</vpcId></requesterVpcInfo><accepterVpcInfo><ownerId>222222222222</ownerId><vpcId>vpc-2</vpcId>\
        </accepterVpcInfo><status><code>pending-acceptance</code></status>";
    let listing = answering("vpc-peering", peering.to_owned(), whole).driver("vpc-peering", Region::Tokyo).list().await;
    let readings = &listing.expect("a listing").live[0].attributes;
    assert_eq!(readings.get(kinds::vpc_peering::at::requester_blocks), Reading::Absent);
    assert_eq!(readings.get(kinds::vpc_peering::at::accepter_region), Reading::NotAsked);

    let regional = NAT.replace("<subnetId>subnet-1</subnetId>", "");
    let listing = answering("nat-gateway", regional, whole).driver("nat-gateway", Region::Tokyo).list().await;
    assert_eq!(listing.expect("a listing").live[0].attributes.get(kinds::nat_gateway::at::subnet), Reading::Absent);

    for (state, there) in [("associating", true), ("associated", true), ("disassociating", false), ("disassociated", false)] {
        let vpn = ATTACHMENT.replace("<resourceType>vpc<", "<resourceType>vpn<").replace(">associated<", &format!(">{state}<"));
        let replay = answering("transit-gateway-attachment", vpn, whole);
        let listing = replay.driver("transit-gateway-attachment", Region::Tokyo).list().await.expect("a listing");
        let readings = &listing.live[0].attributes;
        assert_eq!(replay.actions(), ["DescribeTransitGatewayAttachments"], "no network is attached");
        assert_eq!(readings.get(kinds::transit_gateway_attachment::at::vpc), Reading::Absent);
        assert_eq!(readings.get(kinds::transit_gateway_attachment::at::subnets), Reading::Absent);
        let table = readings.get(kinds::transit_gateway_attachment::at::table);
        assert_eq!(matches!(table, Reading::Value(_)), there, "{state}: {table:?}");
    }

    // One list of an endpoint that AWS leaves out is not an empty one.
    let bare = ENDPOINT.replace("<routeTableIdSet/>", "");
    let listing = answering("vpc-endpoint", bare, whole).driver("vpc-endpoint", Region::Tokyo).list().await.expect("a listing");
    assert_eq!(listing.live[0].attributes.get(kinds::vpc_endpoint::at::route_tables), Reading::NotAsked);
}

#[tokio::test]
async fn the_entries_of_aws_own_lists_are_not_asked() {
    let own = LIST.replace("222222222222", "AWS");
    let replay = answering("prefix-list", own, whole);
    let listing = replay.driver("prefix-list", Region::Tokyo).list().await.expect("a listing");
    assert_eq!(replay.actions(), ["DescribeManagedPrefixLists"]);
    assert_eq!(listing.live[0].attributes.get(kinds::prefix_list::at::entries), Reading::NotAsked);
}

/// What one object costs a call of its own is asked of it, to the letter, and a call that fails hides no object.
#[tokio::test]
async fn a_call_that_fails_for_one_object_is_a_failed_reading_of_it() {
    const DENIED: &str =
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";
    let states = ["Filter.1.Name=state", "Filter.1.Value.1=active", "Filter.1.Value.2=blackhole"];
    for (kind, attribute, action, asked) in [
        ("prefix-list", "entries", "GetManagedPrefixListEntries", vec!["MaxResults=100", "PrefixListId=pl-1"]),
        ("transit-gateway-attachment", "subnets", "DescribeTransitGatewayVpcAttachments", vec!["MaxResults=1000"]),
        (
            "transit-gateway-table",
            "routes",
            "SearchTransitGatewayRoutes",
            [&states[..], &["MaxResults=1000", "TransitGatewayRouteTableId=tgw-rtb-1"]].concat(),
        ),
    ] {
        let (_, look, set, _, item, _) = LISTED.into_iter().find(|(known, ..)| *known == kind).expect("a kind");
        for refused in [status(403, DENIED), ok(reply(action, ""))] {
            let replay =
                Replay::answering(
                    move |seen| {
                        if seen.action() == look { ok(reply(look, &list(set, &[item]))) } else { refused.clone() }
                    },
                )
                .once();
            let listing = replay.driver(kind, Region::Tokyo).list().await.expect("the object is listed");
            let seen = replay.seen();
            assert_eq!(
                (replay.actions(), form(&seen[1])),
                (vec![look.to_owned(), action.to_owned()], asked.iter().map(ToString::to_string).collect())
            );
            let row = kinds::find(kind).and_then(|kind| kind.schema.attribute(attribute)).expect("a row");
            let reading = listing.live[0].attributes.reading(row.name);
            let Reading::Failed(why) = reading else { panic!("{kind}: {reading:?}") };
            assert!(why.starts_with(&format!("ec2:{action}: ")), "{why}");
            assert!(listing.unreadable.is_empty());
        }
    }
}

/// EC2 may say that there are more routes than it shows: with a token they are read, without one the table is unknown.
#[tokio::test]
async fn a_table_with_more_routes_than_aws_shows_is_not_read() {
    let routes = |rest: &str, items: &[&str]| list("routeSet", items) + rest;
    const MORE: &str = "<additionalRoutesAvailable>true</additionalRoutesAvailable>";
    let cut = answering("transit-gateway-table", TABLE.to_owned(), move |_| routes(MORE, &ROUTES[..1]));
    let listing = cut.driver("transit-gateway-table", Region::Tokyo).list().await.expect("the table is listed");
    let Reading::Failed(why) = listing.live[0].attributes.get(kinds::transit_gateway_table::at::routes) else { panic!("cut") };
    assert!(why.contains("AWS has more routes than it shows"), "{why}");

    let paged = answering("transit-gateway-table", TABLE.to_owned(), move |seen| match seen.form().get("NextToken") {
        None => routes(&format!("{MORE}<nextToken>t-1</nextToken>"), &ROUTES[..1]),
        Some(_) => routes("<additionalRoutesAvailable>false</additionalRoutesAvailable>", &ROUTES[1..]),
    });
    let listing = paged.driver("transit-gateway-table", Region::Tokyo).list().await.expect("the table is listed");
    let Reading::Value(all) = listing.live[0].attributes.get(kinds::transit_gateway_table::at::routes) else { panic!("paged") };
    assert_eq!(all.len(), 2);
}

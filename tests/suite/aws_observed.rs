//! Observed kinds on the wire: what is asked, to the letter, and what is made of recorded answers. Nothing else is ever sent.

use serde_json::json;
use tokaido::kinds::{self, network_acl, network_interface, route_table};
use tokaido::model::{Live, Reading, Region};
use tokaido::world::{Changed, CreateRequest, ErrorClass};

use super::aws_drivers::{form, live, update};
use super::aws_errors::attributes;
use super::aws_replay::{Replay, ok};

fn values(live: &Live) -> serde_json::Value {
    serde_json::to_value(live.attributes.bare()).expect("plain data")
}

/// The answer with this table in it.
fn tables(table: &str) -> String {
    format!("<DescribeRouteTablesResponse><routeTableSet>{table}</routeTableSet></DescribeRouteTablesResponse>")
}

/// A complete answer: the main table of a network.
const TABLES: &str = "<DescribeRouteTablesResponse><routeTableSet><item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><ownerId>111111111111</ownerId><routeSet>\
    <item><destinationCidrBlock>10.10.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId><state>active</state>\
    <origin>CreateRouteTable</origin></item></routeSet><associationSet><item>\
    <routeTableAssociationId>rtbassoc-1</routeTableAssociationId><routeTableId>rtb-1</routeTableId><main>true</main>\
    <associationState><state>associated</state></associationState></item></associationSet><propagatingVgwSet/><tagSet/></item>\
    </routeTableSet></DescribeRouteTablesResponse>";

/// Every target that the model of EC2 has, and one that it does not have.
const TARGETS: [(&str, &str); 15] = [
    ("gatewayId", "igw-1"),
    ("gatewayId", "vgw-1"),
    ("gatewayId", "vpce-1"),
    ("natGatewayId", "nat-1"),
    ("egressOnlyInternetGatewayId", "eigw-1"),
    ("vpcPeeringConnectionId", "pcx-1"),
    ("transitGatewayId", "tgw-1"),
    ("coreNetworkArn", "arn:aws:networkmanager::111111111111:core-network/core-network-1"),
    ("odbNetworkArn", "arn:aws:odb:ap-northeast-1:111111111111:odb-network/odbnet-1"),
    ("localGatewayId", "lgw-1"),
    ("carrierGatewayId", "cagw-1"),
    ("networkInterfaceId", "eni-1"),
    ("instanceId", "i-1"),
    ("ipAddress", "10.10.0.9"),
    ("igwFirewall", "anything"),
];

#[tokio::test]
async fn a_route_table_is_read_whole() {
    let association = |inner: &str| format!("<item>{inner}</item>");
    let associations = [
        association(
            "<main>false</main><subnetId>subnet-2</subnetId><associationState><state>associated</state></associationState>",
        ),
        association("<main>false</main><subnetId>subnet-1</subnetId>"),
        association(
            "<main>false</main><subnetId>subnet-9</subnetId><associationState><state>disassociated</state></associationState>",
        ),
        association(
            "<main>false</main><gatewayId>igw-1</gatewayId><associationState><state>associated</state></associationState>",
        ),
    ]
    .concat();
    let routes = "<item><destinationIpv6CidrBlock>2001:DB8:0:0::/56</destinationIpv6CidrBlock>\
        <vpcPeeringConnectionId>pcx-1</vpcPeeringConnectionId><state>blackhole</state><origin>CreateRoute</origin></item>\
        <item><destinationPrefixListId>pl-1</destinationPrefixListId><gatewayId>vpce-1</gatewayId><state>active</state></item>\
        <item><destinationCidrBlock>10.9.0.0/16</destinationCidrBlock><instanceId>i-1</instanceId>\
        <networkInterfaceId>eni-1</networkInterfaceId><state>active</state><origin>EnableVgwRoutePropagation</origin></item>";
    let other = format!(
        "<item><routeTableId>rtb-2</routeTableId><vpcId>vpc-1</vpcId><routeSet>{routes}</routeSet>\
         <associationSet>{associations}</associationSet><propagatingVgwSet><item><gatewayId>vgw-1</gatewayId></item>\
         </propagatingVgwSet><tagSet><item><key>tokaido:environment</key><value>dev</value></item></tagSet></item>"
    );
    let first = TABLES.replace("</routeTableSet>", "</routeTableSet><nextToken>t-1</nextToken>");
    let replay = Replay::new([ok(first), ok(tables(&other))]);
    let listing = replay.driver("route-table", Region::Tokyo).list().await.expect("two pages");
    let seen = replay.seen();
    assert_eq!(replay.actions(), ["DescribeRouteTables", "DescribeRouteTables"]);
    assert_eq!(
        (form(&seen[0]), form(&seen[1])),
        (vec!["MaxResults=100".into()], vec!["MaxResults=100".into(), "NextToken=t-1".into()])
    );
    assert!(seen[0].uri.contains("ec2.ap-northeast-1.amazonaws.com"), "{}", seen[0].uri);
    assert_eq!(listing.live.iter().map(|live| live.physical.as_str()).collect::<Vec<_>>(), ["rtb-1", "rtb-2"]);
    assert_eq!(
        values(&listing.live[0]),
        json!({
            "vpc": "vpc-1", "main": true, "subnets": [], "gateways": [], "propagating": [],
            "routes": [{ "destination": "10.10.0.0/16", "target": "local", "state": "active", "origin": "CreateRouteTable" }],
        })
    );
    assert_eq!(
        values(&listing.live[1]),
        json!({
            "vpc": "vpc-1", "main": false, "subnets": ["subnet-1", "subnet-2"], "gateways": ["igw-1"], "propagating": ["vgw-1"],
            "routes": [
                { "destination": "10.9.0.0/16", "target": "eni-1", "state": "active", "origin": "EnableVgwRoutePropagation" },
                { "destination": "2001:db8::/56", "target": "pcx-1", "state": "blackhole", "origin": "CreateRoute" },
                { "destination": "pl-1", "target": "vpce-1", "state": "active" },
            ],
        })
    );
    for live in &listing.live {
        (route_table::KIND.typed)(live.attributes.bare()).expect("of its types");
    }
    assert_eq!(listing.live[1].tags.get("tokaido:environment").map(|tag| tag.as_str()), Some("dev"));
    assert!(listing.unreadable.is_empty());
}

#[tokio::test]
async fn every_target_of_a_route_is_read() {
    for (member, id) in TARGETS {
        let route = format!(
            "<item><destinationCidrBlock>10.9.0.0/16</destinationCidrBlock><{member}>{id}</{member}><state>active</state></item>"
        );
        let table = format!(
            "<item><routeTableId>rtb-1</routeTableId><vpcId>vpc-1</vpcId><routeSet>{route}</routeSet><associationSet/></item>"
        );
        let replay = Replay::new([ok(tables(&table))]);
        let listing = replay.driver("route-table", Region::Tokyo).list().await.expect("one table");
        let Reading::Value(routes) = listing.live[0].attributes.get(route_table::at::routes) else { panic!("{member}") };
        let expected = (member != "igwFirewall").then(|| id.to_owned());
        assert_eq!(routes[0].target, expected, "{member}");
        // AWS always says which gateways may add routes; that it did not is not "none".
        assert_eq!(listing.live[0].attributes.get(route_table::at::propagating), Reading::NotAsked);
    }
}

/// A complete answer: one ACL.
const ACLS: &str = "<DescribeNetworkAclsResponse><networkAclSet><item><networkAclId>acl-1</networkAclId><vpcId>vpc-1</vpcId><default>false</default><entrySet>\
    <item><ruleNumber>100</ruleNumber><protocol>6</protocol><ruleAction>allow</ruleAction><egress>false</egress>\
    <cidrBlock>10.10.0.7/16</cidrBlock><portRange><from>443</from><to>444</to></portRange></item>\
    <item><ruleNumber>32767</ruleNumber><protocol>-1</protocol><ruleAction>deny</ruleAction><egress>true</egress>\
    <ipv6CidrBlock>::/0</ipv6CidrBlock></item>\
    <item><ruleNumber>90</ruleNumber><protocol>58</protocol><ruleAction>deny</ruleAction><egress>false</egress>\
    <ipv6CidrBlock>2001:db8::/32</ipv6CidrBlock><icmpTypeCode><code>-1</code><type>128</type></icmpTypeCode></item></entrySet>\
    <associationSet><item><networkAclAssociationId>aclassoc-1</networkAclAssociationId><networkAclId>acl-1</networkAclId>\
    <subnetId>subnet-1</subnetId></item></associationSet><tagSet/></item>\
    </networkAclSet></DescribeNetworkAclsResponse>";

#[tokio::test]
async fn a_network_acl_is_read_whole() {
    let replay = Replay::new([ok(ACLS), ok(ACLS)]);
    let driver = replay.driver("network-acl", Region::Osaka);
    let listing = driver.list().await.expect("one page");
    assert_eq!(
        values(&listing.live[0]),
        json!({
            "vpc": "vpc-1", "default": false, "subnets": ["subnet-1"],
            "entries": [
                { "direction": "ingress", "number": 90, "action": "deny", "protocol": "icmpv6", "block": "2001:db8::/32", "from": 128, "to": -1 },
                { "direction": "ingress", "number": 100, "action": "allow", "protocol": "tcp", "block": "10.10.0.0/16", "from": 443, "to": 444 },
                { "direction": "egress", "number": 32767, "action": "deny", "protocol": "all", "block": "::/0" },
            ],
        })
    );
    (network_acl::KIND.typed)(listing.live[0].attributes.bare()).expect("of its types");
    let one = driver.read("acl-1").await.expect("an answer").expect("it is there");
    assert_eq!(one, listing.live[0]);
    let seen = replay.seen();
    assert_eq!((form(&seen[0]), form(&seen[1])), (vec!["MaxResults=1000".into()], vec!["NetworkAclId.1=acl-1".into()]));
    assert!(seen[0].uri.contains("ec2.ap-northeast-3.amazonaws.com"), "{}", seen[0].uri);
}

/// A complete answer: the interface of a service of AWS, which the account hides by default.
const INTERFACES: &str = "<DescribeNetworkInterfacesResponse><networkInterfaceSet><item><networkInterfaceId>eni-1</networkInterfaceId>\
    <subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><ownerId>111111111111</ownerId><description>aws-K8S-i-1</description><requesterId>amazon-eks</requesterId>\
    <sourceDestCheck>false</sourceDestCheck><interfaceType>trunk</interfaceType><groupSet><item><groupId>sg-2</groupId></item>\
    <item><groupId>sg-1</groupId></item></groupSet><attachment><instanceId>i-1</instanceId>\
    <instanceOwnerId>222222222222</instanceOwnerId></attachment><association><publicIp>203.0.113.9</publicIp></association>\
    <privateIpAddressesSet><item><privateIpAddress>10.10.0.9</privateIpAddress><association><publicIp>203.0.113.9</publicIp>\
    </association></item><item><privateIpAddress>10.10.0.8</privateIpAddress><association><publicIp>203.0.113.8</publicIp>\
    </association></item></privateIpAddressesSet><ipv6AddressesSet><item><ipv6Address>2001:db8::9</ipv6Address></item>\
    </ipv6AddressesSet><ipv4PrefixSet><item><ipv4Prefix>10.10.0.16/28</ipv4Prefix></item></ipv4PrefixSet>\
    <ipv6PrefixSet><item><ipv6Prefix>2001:db8:1::/80</ipv6Prefix></item></ipv6PrefixSet>\
    <operator><managed>true</managed><principal>eks.amazonaws.com</principal><hiddenByDefault>true</hiddenByDefault></operator>\
    <tagSet/></item></networkInterfaceSet></DescribeNetworkInterfacesResponse>";

#[tokio::test]
async fn an_interface_is_read_whole_and_hidden_ones_are_asked_for() {
    let first = INTERFACES.replace("</networkInterfaceSet>", "</networkInterfaceSet><nextToken>t-1</nextToken>");
    let bare = "<DescribeNetworkInterfacesResponse><networkInterfaceSet><item><networkInterfaceId>eni-2</networkInterfaceId>\
        <subnetId>subnet-1</subnetId><vpcId>vpc-1</vpcId><sourceDestCheck>true</sourceDestCheck><groupSet/></item>\
        </networkInterfaceSet></DescribeNetworkInterfacesResponse>";
    let replay = Replay::new([ok(first), ok(bare), ok(INTERFACES)]);
    let driver = replay.driver("network-interface", Region::Osaka);
    let listing = driver.list().await.expect("two pages");
    assert_eq!(
        values(&listing.live[0]),
        json!({
            "vpc": "vpc-1", "subnet": "subnet-1", "groups": ["sg-1", "sg-2"], "addresses": ["10.10.0.8", "10.10.0.9", "2001:db8::9"],
            "owner": "111111111111", "description": "aws-K8S-i-1",
            "prefixes": ["10.10.0.16/28", "2001:db8:1::/80"], "public_addresses": ["203.0.113.8", "203.0.113.9"],
            "source_dest_check": false, "interface_type": "trunk", "requester": "amazon-eks", "operator": "eks.amazonaws.com",
            "instance": "i-1", "instance_owner": "222222222222",
        })
    );
    (network_interface::KIND.typed)(listing.live[0].attributes.bare()).expect("of its types");
    let bare = &listing.live[1].attributes;
    assert_eq!(bare.get(network_interface::at::groups), Reading::Value(Vec::new()), "it wears none");
    assert_eq!(bare.get(network_interface::at::instance), Reading::Absent);
    assert_eq!(bare.get(network_interface::at::description), Reading::Absent);
    assert_eq!(bare.get(network_interface::at::owner), Reading::NotAsked);
    assert_eq!(bare.get(network_interface::at::interface_type), Reading::NotAsked);
    assert_eq!(driver.read("eni-1").await.expect("an answer").expect("it is there"), listing.live[0]);
    let seen: Vec<Vec<String>> = replay.seen().iter().map(form).collect();
    assert_eq!(seen[0], ["IncludeManagedResources=true", "MaxResults=1000"]);
    assert_eq!(seen[1], ["IncludeManagedResources=true", "MaxResults=1000", "NextToken=t-1"]);
    assert_eq!(seen[2], ["IncludeManagedResources=true", "NetworkInterfaceId.1=eni-1"]);
}

/// What AWS always sends and is not there: the read has failed, and nobody takes it for none.
#[tokio::test]
async fn a_table_or_an_acl_in_part_is_no_answer() {
    for (kind, whole, without) in [
        ("route-table", TABLES, "<main>true</main>"),
        ("route-table", TABLES, "<vpcId>vpc-1</vpcId>"),
        ("network-acl", ACLS, "<ruleNumber>90</ruleNumber>"),
        ("network-acl", ACLS, "<egress>true</egress>"),
        ("network-acl", ACLS, "<default>false</default>"),
        ("network-interface", INTERFACES, "<sourceDestCheck>false</sourceDestCheck>"),
        ("network-interface", INTERFACES, "<subnetId>subnet-1</subnetId>"),
        ("network-interface", INTERFACES, "<groupId>sg-2</groupId>"),
    ] {
        let part = whole.replacen(without, "", 1);
        assert_ne!(part, whole, "{without}");
        let error = Replay::new([ok(part)]).once().driver(kind, Region::Tokyo).list().await.expect_err(without);
        assert_eq!(error.class, ErrorClass::Unreachable, "{kind} {without}: {error}");
    }
}

/// Whoever asks a driver for a change gets no call, whatever the object says of whose it is.
#[tokio::test]
async fn nothing_is_sent_that_changes_an_observed_kind() {
    for kind in kinds::ALL.into_iter().filter(|kind| kind.schema.observed) {
        let replay = Replay::new([]);
        let driver = replay.driver(kind.schema.kind, Region::Tokyo);
        let name = kind.schema.attributes[0].name.as_str();
        let before = live("it", json!({}));
        let request = CreateRequest { attributes: attributes(json!({ "vpc": "vpc-1" })), tags: before.tags.clone() };
        for refused in [
            driver.create(&request).await.map(drop),
            driver.update(&update(before.clone(), json!({ name: "vpc-2" }), &[name])).await,
            driver.update(&update(before.clone(), json!({}), &["tags"])).await,
            driver.delete(&before).await,
        ] {
            let error = refused.expect_err("observed");
            assert_eq!((error.class, error.changed), (ErrorClass::Invalid, Changed::No), "{error}");
            assert_eq!(error.operation, kind.calls.look);
        }
        assert!(replay.seen().is_empty(), "{}", kind.schema.kind);
    }
}

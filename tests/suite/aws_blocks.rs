//! Blocks of addresses that a person adds to a network or a subnet, on the wire: they are read in both families, and taken away by
//! the ids of their associations. The first block stays, and none is ever added.

use serde_json::{Value as Json, json};
use tokaido::kinds::{subnet, vpc};
use tokaido::model::{Reading, Region};
use tokaido::world::{Changed, ErrorClass, ProviderError};

use super::aws_drivers::{form, live, update};
use super::aws_errors::request;
use super::aws_replay::{Answer, Replay, ok, status};

fn vpcs(inner: &str) -> String {
    format!(
        "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-1</vpcId><cidrBlock>10.10.0.0/16</cidrBlock>{inner}</item></vpcSet>\
         </DescribeVpcsResponse>"
    )
}

fn subnets(inner: &str) -> String {
    format!(
        "<DescribeSubnetsResponse><subnetSet><item><subnetId>subnet-1</subnetId>{inner}</item></subnetSet></DescribeSubnetsResponse>"
    )
}

fn association(block: &str, id: &str, state: &str) -> String {
    let member = if block.contains(':') { "ipv6CidrBlock" } else { "cidrBlock" };
    format!(
        "<item><associationId>{id}</associationId><{member}>{block}</{member}><{member}State><state>{state}</state></{member}State>\
         </item>"
    )
}

/// A network with blocks in every state, and one that was added after the executor read.
fn network() -> String {
    let four = [
        association("10.10.0.0/16", "a-first", "associated"),
        association("10.11.0.0/16", "a-second", "associated"),
        association("10.12.0.0/16", "a-coming", "associating"),
        association("10.13.0.0/16", "a-going", "disassociating"),
        association("10.14.0.0/16", "a-failed", "failed"),
    ];
    let six =
        association("2001:DB8:0:0::/56", "a-six", "associated") + &association("2001:db8:9::/56", "a-gone", "disassociated");
    vpcs(&format!(
        "<cidrBlockAssociationSet>{}</cidrBlockAssociationSet><ipv6CidrBlockAssociationSet>{six}</ipv6CidrBlockAssociationSet>",
        four.concat()
    ))
}

fn done(operation: &str) -> Answer {
    ok(format!("<{operation}Response><return>true</return></{operation}Response>"))
}

#[tokio::test]
async fn the_blocks_of_both_families_are_read() {
    for (body, wanted) in [
        (
            network(),
            Reading::Value(["10.10.0.0/16", "10.11.0.0/16", "10.12.0.0/16", "2001:db8::/56"].map(str::to_owned).to_vec()),
        ),
        // AWS always tells the first one. That it told none is not "none".
        (vpcs(""), Reading::NotAsked),
    ] {
        let listing = Replay::new([ok(body)]).driver("vpc", Region::Tokyo).list().await.expect("a list");
        assert_eq!(listing.live[0].attributes.get(vpc::at::blocks), wanted);
    }
    let six =
        association("2001:DB8:0:1::/64", "a-six", "associated") + &association("2001:db8:9::/64", "a-gone", "disassociated");
    let told = subnets(&format!(
        "<ipv6CidrBlockAssociationSet>{six}</ipv6CidrBlockAssociationSet><assignIpv6AddressOnCreation>true</assignIpv6AddressOnCreation>"
    ));
    let (some, none) = (vec!["2001:db8:0:1::/64".to_owned()], subnets("<ipv6CidrBlockAssociationSet/>"));
    for (body, blocks, addresses) in [
        (told, Reading::Value(some), Reading::Value(true)),
        (none, Reading::Value(Vec::new()), Reading::NotAsked),
        (subnets(""), Reading::NotAsked, Reading::NotAsked),
    ] {
        let listing = Replay::new([ok(body)]).driver("subnet", Region::Tokyo).list().await.expect("a list");
        let readings = &listing.live[0].attributes;
        assert_eq!((readings.get(subnet::at::ipv6_blocks), readings.get(subnet::at::ipv6_addresses)), (blocks, addresses));
    }
}

fn target(kind: &str) -> Json {
    serde_json::to_value(&request(kind).attributes).expect("plain data")
}

/// What a driver does with blocks that were read of the network.
async fn blocks(replay: &Replay, before: &[&str], wanted: &[&str]) -> Result<(), ProviderError> {
    let mut target = target("vpc");
    target["blocks"] = json!(wanted);
    let live = live("vpc-1", json!({ "cidr": "10.10.0.0/16", "blocks": before }));
    replay.driver("vpc", Region::Tokyo).update(&update(live, target, &["blocks"])).await
}

const FIRST: &str = "10.10.0.0/16";

#[tokio::test]
async fn an_added_block_goes_by_the_id_of_its_association() {
    let replay = Replay::new([ok(network()), done("DisassociateVpcCidrBlock"), done("DisassociateVpcCidrBlock")]);
    blocks(&replay, &[FIRST, "10.11.0.0/16", "2001:db8::/56"], &[FIRST]).await.expect("taken away");
    assert_eq!(replay.actions(), ["DescribeVpcs", "DisassociateVpcCidrBlock", "DisassociateVpcCidrBlock"]);
    let sent: Vec<Vec<String>> = replay.seen().iter().map(form).collect();
    // 10.12.0.0/16 came after the executor's read: no plan showed it, so it stays.
    assert_eq!(sent, [["VpcId.1=vpc-1"], ["AssociationId=a-second"], ["AssociationId=a-six"]]);

    let gone = "<Response><Errors><Error><Code>InvalidVpcCidrBlockAssociationID.NotFound</Code></Error></Errors></Response>";
    let replay = Replay::new([ok(network()), status(400, gone)]);
    blocks(&replay, &[FIRST, "10.11.0.0/16"], &[FIRST]).await.expect("one that is already gone is a success");
}

/// AWS's own words reach the user: a subnet, or a host, still uses the block.
#[tokio::test]
async fn what_aws_refuses_is_told_in_its_words() {
    let used = "<Response><Errors><Error><Code>DependencyViolation</Code><Message>The CIDR block has one or more associated subnets</Message>\
        </Error></Errors></Response>";
    let replay = Replay::new([ok(network()), status(400, used)]);
    let error = blocks(&replay, &[FIRST, "10.11.0.0/16"], &[FIRST]).await.expect_err("in use");
    assert_eq!(
        (error.class, error.changed, error.operation.as_str()),
        (ErrorClass::InUse, Changed::No, vpc::calls::DISASSOCIATE)
    );
    assert!(error.message.contains("one or more associated subnets"), "{error}");
}

#[tokio::test]
async fn the_first_block_stays_and_none_is_added() {
    for (before, wanted, words) in [
        (&[FIRST][..], &[FIRST, "10.11.0.0/16"][..], "tokaido adds no block of addresses"),
        (&[FIRST], &["10.11.0.0/16"], "tokaido adds no block of addresses"),
        (&[FIRST, "10.11.0.0/16"], &["10.11.0.0/16"], "a network keeps its first block"),
    ] {
        let replay = Replay::new([]);
        let error = blocks(&replay, before, wanted).await.expect_err(words);
        assert_eq!((error.class, error.changed), (ErrorClass::Invalid, Changed::No), "{error}");
        assert!(error.message.contains(words), "{error}");
        assert!(replay.seen().is_empty(), "{words}");
    }
    let (replay, mut wanted) = (Replay::new([]), target("subnet"));
    wanted["ipv6_blocks"] = json!(["2001:db8::/64"]);
    let before = live("subnet-1", json!({ "ipv6_blocks": [] }));
    let error = replay.driver("subnet", Region::Tokyo).update(&update(before, wanted, &["ipv6_blocks"])).await;
    assert!(error.expect_err("an addition").message.contains("tokaido adds no block of addresses"));
    assert!(replay.seen().is_empty());
}

#[tokio::test]
async fn a_subnet_loses_the_ipv6_that_a_person_gave_it() {
    let six = association("2001:db8::/64", "a-six", "associated");
    let described = subnets(&format!("<ipv6CidrBlockAssociationSet>{six}</ipv6CidrBlockAssociationSet>"));
    let replay = Replay::new([done("ModifySubnetAttribute"), ok(described), done("DisassociateSubnetCidrBlock")]);
    let before = live("subnet-1", json!({ "ipv6_blocks": ["2001:db8::/64"], "ipv6_addresses": true }));
    let request = update(before, target("subnet"), &["ipv6_addresses", "ipv6_blocks"]);
    replay.driver("subnet", Region::Tokyo).update(&request).await.expect("taken away");
    assert_eq!(replay.actions(), ["ModifySubnetAttribute", "DescribeSubnets", "DisassociateSubnetCidrBlock"]);
    let sent: Vec<Vec<String>> = replay.seen().iter().map(form).collect();
    assert_eq!(
        sent,
        [
            vec!["AssignIpv6AddressOnCreation.Value=false".to_owned(), "SubnetId=subnet-1".to_owned()],
            vec!["SubnetId.1=subnet-1".to_owned()],
            vec!["AssociationId=a-six".to_owned()],
        ]
    );
}

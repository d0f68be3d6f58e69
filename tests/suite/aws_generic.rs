//! What one driver does for all kinds: how much at once, what is refused before anything is sent, and what is said of a
//! change that was sent in part or not at all.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use tokaido::aws::generic;
use tokaido::aws::prelude::*;
use tokaido::kinds::subnet::{KIND, Spec};
use tokaido::model::{Mutability, Region, tags};
use tokaido::world::Changed;

use super::aws_drivers::{live, update};
use super::aws_errors::request;
use super::aws_replay::{Replay, ok, status};

const DENIED: &str =
    "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

/// Thirty objects, of which the seventh cannot be read; those that are listed first take longest. It changes nothing that
/// it is asked to change.
struct Shelf;

/// All but the fifth carry a tag of ours.
fn shown(number: usize) -> Live {
    let ours = Tags::from([(tags::TENANT.to_owned(), "acme".to_owned())]);
    let tags = if number == 5 { Tags::new() } else { ours };
    Live { tags, status: Status::Ready, ..live(&format!("subnet-{number}"), json!({})) }
}

#[async_trait]
impl Calls for Shelf {
    type Spec = Spec;
    type Item = usize;

    async fn list(_: &Place, only: Option<&str>) -> Answer<Vec<usize>> {
        Ok(if only.is_some() { Vec::new() } else { (0..30).collect() })
    }

    fn made_by_aws(item: &usize) -> bool {
        [5, 6].contains(item)
    }

    /// The tags of some may not be read, those of one are not answered, and one is gone.
    async fn tags(place: &Place, item: &usize) -> Answer<Tags> {
        let class = match item {
            10 | 11 | 12 => ErrorClass::AccessDenied,
            13 => ErrorClass::Throttled,
            14 => ErrorClass::NotFound,
            _ => return Ok(if *item == 15 { Tags::new() } else { shown(*item).tags }),
        };
        Err(place.refuse(class, "ec2:DescribeTags", &format!("subnet-{item}"), "no"))
    }

    fn concerns(_: &Place, item: &usize) -> bool {
        *item != 15
    }

    fn suspect(place: &Place, item: &usize) -> Suspect {
        match item {
            10 => place.id_from_name(&format!("{}mine", place.prefix())).map_or(Suspect::Foreign, Suspect::Id),
            11 => Suspect::Any,
            _ => Suspect::Foreign,
        }
    }

    async fn complete(place: &Place, item: &usize, tags: Tags) -> Answer<Option<Live>> {
        MOST.fetch_max(NOW.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        for _ in *item..40 {
            tokio::task::yield_now().await;
        }
        NOW.fetch_sub(1, Ordering::SeqCst);
        match item {
            7 => Err(place.refuse(ErrorClass::Throttled, KIND.calls.look, "subnet-7", "slow down")),
            9 => Ok(None),
            _ => Ok(Some(Live { tags, ..shown(*item) })),
        }
    }

    fn shown(item: &usize) -> Live {
        shown(*item)
    }

    async fn make(_: &New<'_>, _: &Spec) -> Answer<String> {
        Ok("subnet-0".to_owned())
    }
}

#[tokio::test]
async fn details_are_read_eight_at_a_time_and_told_in_the_listings_order() {
    let driver = generic::driver::<Shelf>(&Replay::new([]).session(), Region::Tokyo);
    let listing = driver.list().await.expect("the list was answered");
    let names = |live: &[Live]| live.iter().map(|live| live.physical.clone()).collect::<Vec<_>>();
    let elsewhere = [5, 7, 9, 10, 11, 12, 13, 14, 15];
    let expected: Vec<String> =
        (0..30).filter(|number| !elsewhere.contains(number)).map(|number| format!("subnet-{number}")).collect();
    assert_eq!(names(&listing.live), expected, "the sixth is made by AWS and carries a tag of ours");
    assert_eq!(names(&listing.made_by_aws), ["subnet-5"], "a subnet is inside a network");
    let unread: Vec<(&str, Option<String>)> = listing
        .unreadable
        .iter()
        .map(|one| (one.physical.as_deref().unwrap_or_default(), one.id.as_ref().map(ToString::to_string)))
        .collect();
    let mine = Some("subnet.mine@tokyo".to_owned());
    assert_eq!(unread, [("subnet-7", None), ("subnet-10", mine), ("subnet-11", None), ("subnet-13", None)]);
    assert_eq!(listing.locked.iter().map(|locked| locked.live.physical.as_str()).collect::<Vec<_>>(), ["subnet-12"]);
    assert_eq!((MOST.load(Ordering::SeqCst), NOW.load(Ordering::SeqCst)), (8, 0));
}

/// Success would be believed, recorded, and shown as drift by the next plan.
#[tokio::test]
async fn a_driver_that_sends_nothing_for_a_change_reports_no_success() {
    let driver = generic::driver::<Shelf>(&Replay::new([]).session(), Region::Tokyo);
    let target = json!({ "vpc": "vpc-1", "cidr": "10.10.0.0/22", "zone": "apne1-az1", "public_addresses": true });
    let error = driver.update(&update(live("subnet-1", json!({})), target, &["public_addresses"])).await.expect_err("not sent");
    assert_eq!((error.class, error.changed), (ErrorClass::Internal, Changed::No));
    assert!(error.message.contains("does not send public_addresses"), "{error}");
}

#[tokio::test]
async fn what_is_made_and_never_shown_is_told_to_exist() {
    let driver = generic::driver::<Shelf>(&Replay::new([]).session(), Region::Tokyo);
    let error = driver.create(&request("subnet")).await.expect_err("it stays invisible");
    assert_eq!((error.class, error.changed), (ErrorClass::NotFound, Changed::Partly));
    assert!(error.message.contains("subnet-0 exists now"), "{error}");
}

#[tokio::test]
async fn what_is_fixed_is_refused_in_the_schemas_words() {
    for (kind, attribute) in [("vpc", "cidr"), ("subnet", "zone"), ("subnet", "vpc"), ("dhcp-options", "ntp_servers")] {
        let replay = Replay::new([]);
        let target = serde_json::to_value(&request(kind).attributes).expect("plain data");
        let driver = replay.driver(kind, Region::Tokyo);
        let error = driver.update(&update(live("one", json!({})), target, &[attribute, "tags"])).await.expect_err("fixed");
        assert_eq!((error.class, error.changed, replay.seen().len()), (ErrorClass::Invalid, Changed::No, 0), "{kind}: {error}");
        let schema = tokaido::kinds::find(kind).and_then(|kind| kind.schema.attribute(attribute)).expect("an attribute");
        let Mutability::Forbidden(words) = schema.mutability else { panic!("{kind}.{attribute} is not fixed") };
        assert!(error.message.contains(words.en), "{error}");
    }
}

#[tokio::test]
async fn a_name_that_the_kind_does_not_have_is_refused() {
    let replay = Replay::new([]);
    let target = serde_json::to_value(&request("vpc").attributes).expect("plain data");
    let request = update(live("vpc-1", json!({})), target, &["dns_suport"]);
    let error = replay.driver("vpc", Region::Tokyo).update(&request).await.expect_err("unknown");
    assert_eq!((error.class, replay.seen().len()), (ErrorClass::Invalid, 0), "{error}");
    assert!(error.message.contains("vpc has no attribute dns_suport"), "{error}");
}

/// A target of another type fails before anything is sent.
#[tokio::test]
async fn a_value_of_another_type_is_refused_before_any_call() {
    let replay = Replay::new([]);
    let target = json!({ "cidr": "10.10.0.0/16", "dns_support": true, "dns_hostnames": "yes", "dhcp_options": "dopt-1" });
    let request = update(live("vpc-1", json!({})), target, &["dns_support", "dns_hostnames"]);
    let error = replay.driver("vpc", Region::Tokyo).update(&request).await.expect_err("a text for a switch");
    assert_eq!((error.class, error.changed), (ErrorClass::Invalid, Changed::No), "{error}");
    assert!(error.message.contains("dns_hostnames: expected true or false, found text"), "{error}");
    assert_eq!(replay.actions(), [""; 0]);
}

/// What a create cannot carry has calls of its own, and only what AWS shows otherwise or not at all is sent.
#[tokio::test]
async fn a_new_vpc_gets_what_its_create_cannot_carry() {
    let described = |options: &str| {
        let tags: String = super::aws_errors::tags()
            .iter()
            .map(|(key, value)| format!("<item><key>{key}</key><value>{value}</value></item>"))
            .collect();
        ok(format!(
            "<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-9</vpcId><dhcpOptionsId>{options}</dhcpOptionsId>\
             <tagSet>{tags}</tagSet></item></vpcSet></DescribeVpcsResponse>"
        ))
    };
    let made = || ok("<CreateVpcResponse><vpc><vpcId>vpc-9</vpcId></vpc></CreateVpcResponse>");
    let set = || ok("<ModifyVpcAttributeResponse><return>true</return></ModifyVpcAttributeResponse>");
    let dns = ["CreateVpc", "DescribeVpcs", "ModifyVpcAttribute", "ModifyVpcAttribute"];
    for (options, associated) in [("dopt-1", false), ("dopt-aws", true)] {
        let replay = Replay::new([made(), described(options), set(), set(), ok("<AssociateDhcpOptionsResponse/>")]);
        replay.driver("vpc", Region::Tokyo).create(&request("vpc")).await.expect("made");
        let expected: Vec<&str> = dns.into_iter().chain(associated.then_some("AssociateDhcpOptions")).collect();
        assert_eq!(replay.actions(), expected, "{options}");
    }
    let replay = Replay::new([made(), described("dopt-1"), set(), status(403, DENIED)]);
    let error = replay.driver("vpc", Region::Tokyo).create(&request("vpc")).await.expect_err("hostnames are denied");
    assert_eq!((error.class, error.changed), (ErrorClass::AccessDenied, Changed::Partly));
    assert!(error.message.contains("vpc-9 exists now"), "{error}");
}

/// A switch that AWS did not tell is not off.
#[tokio::test]
async fn an_attribute_without_a_value_was_not_read() {
    let ours = "<tagSet><item><key>tokaido:environment</key><value>dev</value></item></tagSet>";
    let listed = format!("<DescribeVpcsResponse><vpcSet><item><vpcId>vpc-9</vpcId>{ours}</item></vpcSet></DescribeVpcsResponse>");
    let replay = Replay::answering(move |seen| match seen.action().as_str() {
        "DescribeVpcs" => ok(listed.clone()),
        _ => ok("<DescribeVpcAttributeResponse><vpcId>vpc-9</vpcId></DescribeVpcAttributeResponse>"),
    });
    let listing = replay.driver("vpc", Region::Tokyo).list().await.expect("the list is complete");
    assert_eq!(listing.live.len(), 0);
    let unread: Vec<_> = listing.unreadable.iter().map(|one| (one.physical.as_deref(), one.operation.as_str())).collect();
    assert_eq!(unread, [(Some("vpc-9"), "ec2:DescribeVpcAttribute")]);
}

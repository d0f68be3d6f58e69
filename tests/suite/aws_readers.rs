//! Transit gateways of another account, read through a role under `readers:`: what is asked, with whose credentials, and what a
//! refusal leaves unknown. Nothing there is changed.

use serde_json::{Value as Json, json};
use tokaido::aws::connect::connect_with;
use tokaido::aws::{AwsWorld, ConnectError, Options, Session, drivers};
use tokaido::kinds::{transit_gateway_attachment, transit_gateway_table};
use tokaido::model::{Environment, Listing, Reader, Reading, Region, Said, Source};
use tokaido::world::clock::SystemClock;
use tokaido::world::write_fence::Mark;
use tokaido::world::{Clock, ErrorClass, Listener, World};

use std::sync::Arc;
use std::time::Duration;

use super::aws_drivers::form;
use super::aws_replay::{Answer, Hasty, Replay, Seen, ok, status};

const OWN_ROLE: &str = "arn:aws:iam::111111111111:role/tokaido";
const ROLE: &str = "arn:aws:iam::222222222222:role/network-reader";
const ATTACHMENTS: &str = "DescribeTransitGatewayAttachments";
const TABLES: &str = "DescribeTransitGatewayRouteTables";
const ROUTES: &str = "SearchTransitGatewayRoutes";

fn options(readers: &[(&str, &str)]) -> Options {
    let reader = |(account, role): &(&str, &str)| Reader {
        account: (*account).to_owned(),
        role: (*role).to_owned(),
        reason: "the network account owns the transit gateway".to_owned(),
        source: Source { file: "environments/dev.yaml".into(), line: 1, column: 1 },
    };
    Options {
        environment: Environment::Dev,
        assume_role: Some(OWN_ROLE.to_owned()),
        bucket: None,
        allow_endpoints: Vec::new(),
        readers: readers.iter().map(reader).collect(),
        listener: Listener::default(),
    }
}

/// Whose credentials signed the request.
fn who(seen: &Seen) -> &'static str {
    let signed = &seen.headers["authorization"];
    let keys = [("AKIDEXAMPLE", "machine"), ("ASIAOWN", "environment"), ("ASIATHERE", "reader")];
    keys.into_iter().find(|(key, _)| signed.contains(&format!("Credential={key}/"))).expect("known credentials").1
}

fn reply(operation: &str, inner: &str) -> Answer {
    ok(format!("<{operation}Response>{inner}</{operation}Response>"))
}

fn list(name: &str, items: &[String]) -> String {
    let items: String = items.iter().map(|item| format!("<item>{item}</item>")).collect();
    format!("<{name}>{items}</{name}>")
}

fn sts(seen: &Seen, there: &str) -> Answer {
    if seen.action() == "AssumeRole" {
        let key = if seen.form()["RoleArn"] == OWN_ROLE { "ASIAOWN" } else { "ASIATHERE" };
        let credentials = format!(
            "<Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
             <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        );
        return reply("AssumeRole", &format!("<AssumeRoleResult>{credentials}</AssumeRoleResult>"));
    }
    let (account, role) = if who(seen) == "reader" { (there, "network-reader") } else { ("111111111111", "tokaido") };
    let arn = format!("arn:aws:sts::{account}:assumed-role/{role}/tokaido-dev");
    let result = format!("<Arn>{arn}</Arn><UserId>u</UserId><Account>{account}</Account>");
    reply("GetCallerIdentity", &format!("<GetCallerIdentityResult>{result}</GetCallerIdentityResult>"))
}

fn attachment(id: &str, (gateway, owner): (&str, &str), (vpc, of): (&str, &str), table: Option<&str>) -> String {
    let table = table.map_or_else(String::new, |table| {
        format!(
            "<association><transitGatewayRouteTableId>{table}</transitGatewayRouteTableId><state>associated</state></association>"
        )
    });
    // Tags as ours have them, on all of them: in another account they mean nothing.
    format!(
        "<transitGatewayAttachmentId>{id}</transitGatewayAttachmentId><transitGatewayId>{gateway}</transitGatewayId>\
         <transitGatewayOwnerId>{owner}</transitGatewayOwnerId><resourceOwnerId>{of}</resourceOwnerId><resourceType>vpc\
         </resourceType><resourceId>{vpc}</resourceId><state>available</state>{table}<tagSet><item><key>tokaido:environment</key>\
         <value>dev</value></item></tagSet>"
    )
}

const THEIRS: (&str, &str) = ("tgw-1", "222222222222");
const OURS: (&str, &str) = ("tgw-9", "111111111111");

/// The account has an attachment to a gateway of the network account, one to a gateway of its own and one to a third account's.
/// The network account sees the first, another member's, and its table.
fn aws(seen: &Seen) -> Answer {
    match (seen.action().as_str(), who(seen)) {
        (ATTACHMENTS, "environment") => {
            let own = [
                attachment("tgw-attach-1", THEIRS, ("vpc-1", "111111111111"), None),
                attachment("tgw-attach-9", OURS, ("vpc-1", "111111111111"), Some("tgw-rtb-9")),
                attachment("tgw-attach-3", ("tgw-3", "333333333333"), ("vpc-1", "111111111111"), None),
            ];
            reply(ATTACHMENTS, &list("transitGatewayAttachments", &own))
        }
        (ATTACHMENTS, "reader") => {
            let there = [
                attachment("tgw-attach-1", THEIRS, ("vpc-1", "111111111111"), Some("tgw-rtb-1")),
                attachment("tgw-attach-2", THEIRS, ("vpc-2", "444444444444"), Some("tgw-rtb-2")),
            ];
            reply(ATTACHMENTS, &list("transitGatewayAttachments", &there))
        }
        ("DescribeTransitGatewayVpcAttachments", "environment") => {
            let subnets = |id: &str| {
                format!(
                    "<transitGatewayAttachmentId>{id}</transitGatewayAttachmentId><vpcId>vpc-1</vpcId><subnetIds><item>subnet-1\
                     </item></subnetIds>"
                )
            };
            let all = ["tgw-attach-1", "tgw-attach-9", "tgw-attach-3"].map(subnets);
            reply("DescribeTransitGatewayVpcAttachments", &list("transitGatewayVpcAttachments", &all))
        }
        (TABLES, whose) => {
            let (id, gateway) = if whose == "reader" { ("tgw-rtb-1", "tgw-1") } else { ("tgw-rtb-9", "tgw-9") };
            let table = format!(
                "<transitGatewayRouteTableId>{id}</transitGatewayRouteTableId><transitGatewayId>{gateway}</transitGatewayId>\
                 <state>available</state><tagSet/>"
            );
            reply(TABLES, &list("transitGatewayRouteTables", &[table]))
        }
        (ROUTES, _) => reply(ROUTES, &(list("routeSet", &[]) + "<additionalRoutesAvailable>false</additionalRoutesAvailable>")),
        (other, whose) => panic!("{other} is asked as {whose}"),
    }
}

const DENIED: &str =
    "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>";

/// AWS as above, where the role there may not do this.
fn without(denied: &'static [&'static str]) -> Replay {
    Replay::answering(move |seen| {
        let action = seen.action();
        match action.as_str() {
            "AssumeRole" if denied.contains(&"AssumeRole") && seen.form()["RoleArn"] == ROLE => Answer::Reply {
                status: 403,
                headers: vec![("x-amzn-requestid", "r-7".to_owned())],
                body: "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>".to_owned(),
            },
            "AssumeRole" | "GetCallerIdentity" => sts(seen, "222222222222"),
            action if who(seen) == "reader" && denied.contains(&action) => status(403, DENIED),
            _ => aws(seen),
        }
    })
}

async fn world(replay: &Replay, readers: &[(&str, &str)]) -> AwsWorld {
    connect_with(&replay.config(None), &options(readers), Arc::new(Hasty)).await.expect("STS answered")
}

const READERS: &[(&str, &str)] = &[("222222222222", ROLE)];

async fn listed(world: &AwsWorld, kind: &str) -> Listing {
    let listing = world.driver(kind, Region::Osaka).expect("a driver").list().await.expect("a listing");
    assert!(listing.unreadable.is_empty() && listing.locked.is_empty(), "{listing:#?}");
    listing
}

/// Who asked what, and how, since `from` requests.
fn asked(replay: &Replay, from: usize) -> Vec<(&'static str, String, Vec<String>)> {
    replay.seen()[from..].iter().map(|seen| (who(seen), seen.action(), form(seen))).collect()
}

fn parameters(all: &[&str]) -> Vec<String> {
    all.iter().map(ToString::to_string).collect()
}

fn of<'a>(listing: &'a Listing, id: &str) -> &'a tokaido::model::Live {
    listing.live.iter().find(|live| live.physical == id).unwrap_or_else(|| panic!("{id}: {listing:#?}"))
}

const FILTER: [&str; 3] = ["Filter.1.Name=transit-gateway-id", "Filter.1.Value.1=tgw-1", "MaxResults=1000"];

#[tokio::test]
async fn the_role_is_assumed_with_the_credentials_of_the_environment() {
    let replay = without(&[]);
    let world = world(&replay, READERS).await;
    let seen = asked(&replay, 0).into_iter().map(|(who, action, _)| (who, action)).collect::<Vec<_>>();
    let expected = [
        ("machine", "AssumeRole"),
        ("environment", "GetCallerIdentity"),
        ("environment", "AssumeRole"),
        ("reader", "GetCallerIdentity"),
    ];
    assert_eq!(seen, expected.map(|(who, action)| (who, action.to_owned())));
    let assume = parameters(&[&format!("RoleArn={ROLE}"), "RoleSessionName=tokaido-dev"]);
    assert_eq!(form(&replay.seen()[2]), assume);
    assert_eq!(world.caller().await.expect("asked while connecting").account, "111111111111");
    let there = world.session().others()[0].session.as_ref().expect("a session");
    assert_eq!((there.account(), there.bucket()), ("222222222222", None));
}

/// The owner's view has the table, ours the subnets, and another account's member is a member.
#[tokio::test]
async fn both_views_of_an_attachment_are_one() {
    let replay = without(&[]);
    let world = world(&replay, READERS).await;
    let listing = listed(&world, "transit-gateway-attachment").await;
    let all = "MaxResults=1000";
    assert_eq!(
        asked(&replay, 4),
        [
            ("environment", ATTACHMENTS.to_owned(), parameters(&[all])),
            ("environment", "DescribeTransitGatewayVpcAttachments".to_owned(), parameters(&[all])),
            ("reader", ATTACHMENTS.to_owned(), parameters(&FILTER)),
        ]
    );
    assert!(replay.seen()[6].uri.contains("ec2.ap-northeast-3."), "{}", replay.seen()[6].uri);
    let ids: Vec<&str> = listing.live.iter().map(|live| live.physical.as_str()).collect();
    assert_eq!(ids, ["tgw-attach-1", "tgw-attach-9", "tgw-attach-3", "tgw-attach-2"]);
    let json = |id: &str| serde_json::to_value(of(&listing, id).attributes.bare()).expect("plain data");
    let merged = json!({
        "gateway": "tgw-1", "gateway_owner": "222222222222", "resource_type": "vpc", "vpc": "vpc-1", "resource": "vpc-1",
        "resource_owner": "111111111111", "subnets": ["subnet-1"], "table": "tgw-rtb-1", "state": "available",
    });
    assert_eq!(json("tgw-attach-1"), merged);
    assert_eq!(json("tgw-attach-9")["table"], "tgw-rtb-9", "a gateway of ours");
    assert_eq!(json("tgw-attach-3").get("table").unwrap_or(&Json::Null), &Json::Null, "nobody reads there");
    let member = json("tgw-attach-2");
    assert_eq!((&member["resource_owner"], &member["vpc"]), (&json!("444444444444"), &json!("vpc-2")));
    assert_eq!(member["table"], "tgw-rtb-2");
    let member = of(&listing, "tgw-attach-2");
    assert_eq!(member.attributes.get(transit_gateway_attachment::at::subnets), Reading::NotAsked);
    assert!(member.tags.is_empty(), "nothing in another account is ours: {:?}", member.tags);
    assert!(!of(&listing, "tgw-attach-1").tags.is_empty());
}

#[tokio::test]
async fn the_tables_of_the_gateway_are_read_where_it_is() {
    let replay = without(&[]);
    let world = world(&replay, READERS).await;
    let listing = listed(&world, "transit-gateway-table").await;
    let states = ["Filter.1.Name=state", "Filter.1.Value.1=active", "Filter.1.Value.2=blackhole", "MaxResults=1000"];
    let routes = |id: &str| parameters(&[&states[..], &[&format!("TransitGatewayRouteTableId={id}")]].concat());
    assert_eq!(
        asked(&replay, 4),
        [
            ("environment", TABLES.to_owned(), parameters(&["MaxResults=1000"])),
            ("environment", ATTACHMENTS.to_owned(), parameters(&["MaxResults=1000"])),
            ("reader", TABLES.to_owned(), parameters(&FILTER)),
            ("environment", ROUTES.to_owned(), routes("tgw-rtb-9")),
            ("reader", ROUTES.to_owned(), routes("tgw-rtb-1")),
        ]
    );
    let read = |id: &str| of(&listing, id).attributes.get(transit_gateway_table::at::routes);
    assert_eq!((read("tgw-rtb-9"), read("tgw-rtb-1")), (Reading::Value(Vec::new()), Reading::Value(Vec::new())));
}

#[tokio::test]
async fn without_readers_nothing_more_is_asked() {
    let replay = without(&[]);
    let world = world(&replay, &[]).await;
    listed(&world, "transit-gateway-table").await;
    listed(&world, "transit-gateway-attachment").await;
    let expected = ["AssumeRole", "GetCallerIdentity", TABLES, ROUTES, ATTACHMENTS, "DescribeTransitGatewayVpcAttachments"];
    assert_eq!(replay.actions(), expected);
}

/// A gateway of a third account, for which there is no reader, is not asked about; nor is the reader where it owns nothing.
#[tokio::test]
async fn only_gateways_that_our_attachments_name_are_asked_about() {
    let replay = Replay::answering(|seen| match seen.action().as_str() {
        "AssumeRole" | "GetCallerIdentity" => sts(seen, "555555555555"),
        _ => aws(seen),
    });
    let world = world(&replay, &[("555555555555", "arn:aws:iam::555555555555:role/network-reader")]).await;
    listed(&world, "transit-gateway-attachment").await;
    listed(&world, "transit-gateway-table").await;
    assert!(asked(&replay, 4).iter().all(|(who, ..)| *who == "environment"), "{:?}", asked(&replay, 4));
}

#[tokio::test]
async fn another_account_behind_the_role_is_refused() {
    let replay = Replay::answering(|seen| sts(seen, "333333333333"));
    let error = connect_with(&replay.config(None), &options(READERS), Arc::new(Hasty)).await.expect_err("refused");
    let ConnectError::Account { role, declared, answered } = &error else { panic!("{error}") };
    assert_eq!((role.as_str(), declared.as_str(), answered.as_str()), (ROLE, "222222222222", "333333333333"));
    assert_eq!(replay.actions(), ["AssumeRole", "GetCallerIdentity", "AssumeRole", "GetCallerIdentity"]);
}

fn failed(listing: &Listing, id: &str) -> String {
    match of(listing, id).attributes.get(transit_gateway_attachment::at::table) {
        Reading::Failed(why) => why,
        other => panic!("{id}: {other:?}"),
    }
}

#[tokio::test]
async fn a_role_that_is_not_assumed_is_a_failed_reading_of_what_it_would_have_read() {
    let replay = without(&["AssumeRole"]);
    let world = world(&replay, READERS).await;
    let error = world.session().others()[0].session.as_ref().expect_err("denied");
    assert_eq!(
        (error.class, error.operation.as_str(), error.resource.as_str()),
        (ErrorClass::AccessDenied, "sts:AssumeRole", ROLE)
    );
    let caller = "arn:aws:sts::111111111111:assumed-role/tokaido/tokaido-dev";
    assert_eq!((error.principal.as_deref(), error.request_id.as_deref()), (Some(caller), Some("r-7")));

    let attachments = listed(&world, "transit-gateway-attachment").await;
    let why = failed(&attachments, "tgw-attach-1");
    assert!(why.starts_with("sts:AssumeRole: access-denied (AccessDenied)") && why.ends_with(&format!("({ROLE})")), "{why}");
    let others = ["tgw-attach-9", "tgw-attach-3"]
        .map(|id| of(&attachments, id).attributes.reading(transit_gateway_attachment::at::table.name()));
    assert!(matches!(others, [Reading::Value(_), Reading::Absent]), "{others:?}");
    let tables = listed(&world, "transit-gateway-table").await;
    assert_eq!(tables.live.len(), 1, "what is ours is read");
    assert!(asked(&replay, 3).iter().all(|(who, ..)| *who == "environment"), "{:?}", asked(&replay, 3));
    assert_eq!(replay.actions().iter().filter(|action| *action == "AssumeRole").count(), 2, "it is asked for once");
}

#[tokio::test]
async fn a_denied_listing_there_is_a_failed_reading_and_hides_nothing() {
    let world_without = without(&[ATTACHMENTS]);
    let attachments = listed(&world(&world_without, READERS).await, "transit-gateway-attachment").await;
    let why = failed(&attachments, "tgw-attach-1");
    assert!(why.starts_with("ec2:DescribeTransitGatewayAttachments: access-denied (UnauthorizedOperation)"), "{why}");
    assert!(why.ends_with(&format!("({ROLE})")), "{why}");
    assert_eq!(attachments.live.len(), 3);

    // The tables that attachments name stay in the population.
    let replay = without(&[TABLES]);
    let tables = listed(&world(&replay, READERS).await, "transit-gateway-table").await;
    let ids: Vec<&str> = tables.live.iter().map(|live| live.physical.as_str()).collect();
    assert_eq!(ids, ["tgw-rtb-9", "tgw-rtb-1", "tgw-rtb-2"]);
    for id in &ids[1..] {
        let Reading::Failed(why) = of(&tables, id).attributes.get(transit_gateway_table::at::routes) else { panic!("{id}") };
        assert!(why.starts_with("ec2:DescribeTransitGatewayRouteTables: access-denied"), "{why}");
    }
    let asked: Vec<_> = asked(&replay, 4).into_iter().filter(|(who, ..)| *who == "reader").collect();
    let both = [TABLES, ATTACHMENTS].map(|action| ("reader", action.to_owned(), parameters(&FILTER)));
    assert_eq!(asked, both, "the routes are not searched");

    let replay = without(&[ROUTES]);
    let tables = listed(&world(&replay, READERS).await, "transit-gateway-table").await;
    let Reading::Failed(why) = of(&tables, "tgw-rtb-1").attributes.get(transit_gateway_table::at::routes) else { panic!("read") };
    assert!(why.starts_with("ec2:SearchTransitGatewayRoutes: access-denied"), "{why}");
    assert_eq!(of(&tables, "tgw-rtb-9").attributes.get(transit_gateway_table::at::routes), Reading::Value(Vec::new()));
}

/// Neither a client that writes nor one that reads sends a change, and no lease opens the way.
#[tokio::test]
async fn nothing_is_changed_in_another_account() {
    let replay = without(&[]);
    let world = world(&replay, READERS).await;
    let there: &Arc<Session> = world.session().others()[0].session.as_ref().expect("a session");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let mark = Mark::of(&*clock);
    world.write_fence().begin(&clock, mark, Duration::from_secs(60));
    there.write_fence().begin(&clock, mark, Duration::from_secs(60));
    there.write_fence().extend(&clock, mark, Duration::from_secs(60));
    there.write_fence().close(Said::new("another reason", "別の理由"));
    let before = replay.seen().len();
    for region in [Region::Tokyo, Region::Osaka] {
        let vpc = drivers::find("vpc", there, region).expect("a driver");
        let live = super::aws_drivers::live("vpc-2", json!({}));
        let error = vpc.delete(&live).await.expect_err("refused");
        assert_eq!((error.class, error.resource.as_str()), (ErrorClass::Fenced, "vpc-2"), "{error}");
        assert_eq!(error.message, "account 222222222222 is under `readers:`: tokaido reads there and changes nothing");
        for client in [there.reader(region), there.writer(region)] {
            client.ec2.delete_transit_gateway_route().send().await.expect_err("refused");
            client.ec2.delete_vpc().vpc_id("vpc-2").send().await.expect_err("refused");
        }
    }
    assert_eq!(replay.seen().len(), before, "{:?}", replay.actions());
    assert!(world.write_fence().refusal().is_none(), "what is ours may still be changed");
}

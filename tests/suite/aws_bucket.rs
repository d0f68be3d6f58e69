//! What is sent to S3 and IAM for the bucket of the records and the roles, to the letter.

use serde_json::json;
use std::sync::Arc;
use tokaido::aws::endpoint::Hosts;
use tokaido::aws::session::Parts;
use tokaido::aws::{Session, drivers};
use tokaido::compile;
use tokaido::kinds::bucket::at;
use tokaido::kinds::kit::Spec as _;
use tokaido::kinds::{documents, iam_role};
use tokaido::model::observed::ANOTHER_ACCOUNT;
use tokaido::model::{Attributes, Environment, Live, Name, Region, Status};
use tokaido::world::{CallLog, Changed, CreateRequest, Driver, ErrorClass, Listener, UpdateRequest, WriteFence};

use super::aws_errors::{attributes, tags};
use super::aws_replay::{Answer, Hasty, Replay, ok, status};

const ACCOUNT: &str = "111111111111";
const NAME: &str = "tokaido-dev-111111111111";

fn driver(replay: &Replay) -> Arc<dyn Driver> {
    let parts = Parts {
        environment: Environment::Dev,
        account: ACCOUNT.to_owned(),
        bucket: Some(NAME.to_owned()),
        principal: None,
        hosts: Hosts::new(&[]),
        calls: Arc::new(CallLog::default()),
        clock: Arc::new(Hasty),
        write_fence: WriteFence::default(),
        read_attempts: 1,
        limits: Arc::default(),
        listener: Listener::default(),
    };
    let session = Arc::new(Session::new(&replay.config(None), parts));
    drivers::find("bucket", &session, Region::Tokyo).expect("a kind that lives there")
}

/// `GET NAME?policy`: the sub-resource tells the operation.
fn actions(replay: &Replay) -> Vec<String> {
    let seen = replay.seen();
    seen.iter()
        .map(|seen| {
            let path = seen.uri.splitn(4, '/').nth(3).unwrap_or_default().to_owned();
            format!("{} {}", seen.method, path.replace(&format!("{NAME}/"), "NAME"))
        })
        .collect()
}

fn error(http: u16, code: &str) -> Answer {
    status(http, format!("<Error><Code>{code}</Code><Message>no</Message><RequestId>r-1</RequestId></Error>"))
}

fn buckets(names: &[&str]) -> Answer {
    let all: String = names.iter().map(|name| format!("<Bucket><Name>{name}</Name></Bucket>")).collect();
    ok(format!("<ListAllMyBucketsResult><Buckets>{all}</Buckets></ListAllMyBucketsResult>"))
}

fn tagging(environment: &str) -> Answer {
    let pair = |key: &str, value: &str| format!("<Tag><Key>{key}</Key><Value>{value}</Value></Tag>");
    let all = [("tokaido:environment", environment), ("tokaido:id", "bucket.store@tokyo"), ("team", "platform")];
    let all: String = all.iter().map(|(key, value)| pair(key, value)).collect();
    ok(format!("<Tagging><TagSet>{all}</TagSet></Tagging>"))
}

fn lock() -> Answer {
    ok("<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode>\
        <Days>400</Days></DefaultRetention></Rule></ObjectLockConfiguration>")
}

fn details() -> Vec<Answer> {
    let policy = serde_json::to_string(&documents::bucket_policy(NAME, ACCOUNT)).expect("a document");
    vec![
        lock(),
        ok("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"),
        ok("<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>\
            </ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"),
        ok("<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>\
            <BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>true</RestrictPublicBuckets></PublicAccessBlockConfiguration>"),
        ok("<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>"),
        ok(policy),
        ok(
            "<LifecycleConfiguration><Rule><ID>replaced-leases</ID><Filter><Prefix>dev/lease.json</Prefix></Filter><Status>Enabled</Status>\
            <NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration></Rule>\
            <Rule><ID>unfinished-uploads</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>\
            <AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>\
            </LifecycleConfiguration>",
        ),
    ]
}

fn wanted() -> Attributes {
    compile::records(NAME, ACCOUNT, Environment::Dev).lower()
}

const DETAILS: [&str; 8] = [
    "GET NAME?tagging",
    "GET NAME?object-lock",
    "GET NAME?versioning",
    "GET NAME?encryption",
    "GET NAME?publicAccessBlock",
    "GET NAME?ownershipControls",
    "GET NAME?policy",
    "GET NAME?lifecycle",
];

/// Of a bucket that is not ours only the tags are asked; each call says whose it must be.
#[tokio::test]
async fn a_bucket_of_ours_is_read_whole() {
    let bare = error(404, "NoSuchTagSet");
    let replay = Replay::new([vec![buckets(&["photos", NAME]), bare, tagging("dev")], details()].concat());
    let listing = driver(&replay).list().await.expect("complete answers");
    assert!(listing.unreadable.is_empty(), "{:?}", listing.unreadable);
    assert_eq!(listing.live.len(), 1);
    assert_eq!(*listing.live[0].attributes.bare(), wanted(), "what is declared is what is read");
    assert_eq!(listing.live[0].outputs["arn"], format!("arn:aws:s3:::{NAME}"));
    let made = actions(&replay);
    assert!(made[0].starts_with("GET ?") && made[0].contains("max-buckets=1000"), "{made:?}");
    assert_eq!(made[1], "GET photos/?tagging");
    assert_eq!(made[2..], DETAILS);
    for seen in &replay.seen()[1..] {
        assert_eq!(seen.owner.as_deref(), Some(ACCOUNT), "{}", seen.uri);
        assert!(seen.uri.starts_with("https://s3.ap-northeast-1.amazonaws.com/"), "{}", seen.uri);
    }
}

/// What was never set is an answer; S3 calls it an error.
#[tokio::test]
async fn settings_that_were_never_made_are_unset() {
    let answers = [
        buckets(&[NAME]),
        tagging("dev"),
        error(404, "ObjectLockConfigurationNotFoundError"),
        ok("<VersioningConfiguration/>"),
        error(404, "ServerSideEncryptionConfigurationNotFoundError"),
        error(404, "NoSuchPublicAccessBlockConfiguration"),
        error(404, "OwnershipControlsNotFoundError"),
        error(404, "NoSuchBucketPolicy"),
        error(404, "NoSuchLifecycleConfiguration"),
    ];
    let listing = driver(&Replay::new(answers)).list().await.expect("complete answers");
    assert!(listing.unreadable.is_empty(), "{:?}", listing.unreadable);
    let found = listing.live[0].attributes.bare();
    assert_eq!(found.text(at::encryption), Some("none"));
    assert_eq!(found.text(at::object_ownership), Some("ObjectWriter"));
    assert_eq!(found[at::versioning].to_string() + &found[at::object_lock].to_string(), "falsefalse");
    assert!(found[at::default_retention].as_map().is_some_and(tokaido::model::value::Map::is_empty));
    assert!(!found.contains(at::policy));
    assert!(found[at::public_access_block].as_map().is_some_and(|map| map.values().all(|on| on.to_string() == "false")));
}

/// S3 counts 365 days a year. It sends one of the two numbers; a 0 beside the other says nothing.
#[tokio::test]
async fn a_retention_in_years_is_its_days() {
    for (told, days) in [("<Years>2</Years>", 730), ("<Days>0</Days><Years>1</Years>", 365), ("<Days>400</Days>", 400)] {
        let lock = ok(format!(
            "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode>\
            {told}</DefaultRetention></Rule></ObjectLockConfiguration>"
        ));
        let rest = details().into_iter().skip(1);
        let answers: Vec<Answer> = [buckets(&[NAME]), tagging("dev"), lock].into_iter().chain(rest).collect();
        let listing = driver(&Replay::new(answers)).list().await.expect("complete answers");
        let found = listing.live[0].attributes.bare();
        let retention = found[at::default_retention].as_map().expect("a map");
        assert_eq!(retention.get("days").and_then(tokaido::model::Value::as_int), Some(days), "{told}");
    }
}

/// A bucket that went in the middle is no bucket without settings.
#[tokio::test]
async fn a_bucket_that_went_meanwhile_is_unreadable_and_not_bare() {
    let replay = Replay::new([buckets(&[NAME]), tagging("dev"), error(404, "NoSuchBucket")]);
    let listing = driver(&replay).list().await.expect("the list was answered");
    assert!(listing.live.is_empty());
    assert_eq!(listing.unreadable[0].operation, "s3:GetBucketObjectLockConfiguration");
    assert_eq!(listing.unreadable[0].id.as_ref().map(ToString::to_string).as_deref(), Some("bucket.store@tokyo"));
    let replay = Replay::new([buckets(&[NAME]), error(404, "NoSuchBucket")]);
    let listing = driver(&replay).list().await.expect("the list was answered");
    assert!(listing.live.is_empty() && listing.unreadable.is_empty(), "gone before it was asked about");
}

/// Policies of other buckets keep their tags from this role. Neither can be ours: the file names another one.
#[tokio::test]
async fn a_closed_bucket_of_others_is_no_failed_reading() {
    let replay = Replay::answering(|seen| {
        let name = seen.uri.splitn(4, '/').nth(3).unwrap_or_default();
        match name {
            name if name.starts_with("tokaido-production") || name.starts_with("payroll") => error(403, "AccessDenied"),
            name if name.starts_with(NAME) => error(404, "NoSuchBucket"),
            _ => buckets(&["tokaido-production-333333333333", "payroll", NAME]),
        }
    });
    let listing = driver(&replay).list().await.expect("the list was answered");
    assert!(listing.unreadable.is_empty(), "{:?}", listing.unreadable);
    let closed: Vec<_> = listing.locked.iter().map(|one| (one.live.physical.as_str(), one.denied.operation.as_str())).collect();
    let operation = "s3:GetBucketTagging";
    assert_eq!(closed, [("tokaido-production-333333333333", operation), ("payroll", operation)]);
    // The one that the file names may be ours.
    let replay = Replay::answering(|seen| match seen.uri.contains(NAME) {
        true => error(403, "AccessDenied"),
        false => buckets(&[NAME]),
    });
    let listing = driver(&replay).list().await.expect("the list was answered");
    assert_eq!((listing.locked.len(), listing.unreadable.len()), (0, 1));
}

/// The name is free, or somebody else's in any of the ways in which S3 says so; anything else is no answer.
#[tokio::test]
async fn a_name_that_somebody_else_has_is_known() {
    for (answer, found) in [
        (error(404, "NoSuchBucket"), Some(0)),
        (error(403, "AccessDenied"), Some(1)),
        (error(301, "PermanentRedirect"), Some(1)),
        (error(501, "NotImplemented"), None),
    ] {
        let replay = Replay::new([buckets(&["photos"]), answer.clone(), error(404, "NoSuchTagSet")]);
        let listing = driver(&replay).list().await;
        assert_eq!(actions(&replay).get(1).map(String::as_str), Some("GET NAME?tagging"), "{answer:?}");
        match found {
            Some(count) => {
                let listing = listing.expect("the list was answered");
                assert_eq!((listing.live.len(), listing.unreadable.len()), (count, 0), "{answer:?}");
                assert!(listing.live.iter().all(|live| live.status == Status::Failed(ANOTHER_ACCOUNT.to_owned())));
                assert!(listing.live.iter().all(|live| live.attributes.bare().text(at::name) == Some(NAME)));
            }
            None => assert_eq!(listing.expect_err("no answer").operation, "s3:GetBucketTagging"),
        }
    }
}

#[tokio::test]
async fn somebody_elses_bucket_costs_one_call() {
    let replay = Replay::new([buckets(&["tokaido-theirs"]), error(404, "NoSuchBucket"), error(404, "NoSuchTagSet")]);
    let listing = driver(&replay).list().await.expect("complete answers");
    assert_eq!(replay.seen().len(), 3, "the name that is declared, and its tags");
    assert_eq!(listing.live[0].physical, "tokaido-theirs");
    assert!(listing.live[0].tags.is_empty() && listing.live[0].status == Status::Ready);
}

#[tokio::test]
async fn a_bucket_is_made_with_everything_said() {
    let nothing = || ok("");
    let answers =
        [nothing(), error(404, "NoSuchTagSet"), nothing(), nothing(), nothing(), nothing(), nothing(), nothing(), nothing()];
    let replay = Replay::new(answers);
    let request = CreateRequest { attributes: wanted(), tags: tags() };
    assert_eq!(driver(&replay).create(&request).await.expect("made"), NAME);
    assert_eq!(
        actions(&replay),
        [
            "PUT NAME",
            "GET NAME?tagging",
            "PUT NAME?tagging",
            "PUT NAME?publicAccessBlock",
            "PUT NAME?encryption",
            "PUT NAME?versioning",
            "PUT NAME?object-lock",
            "PUT NAME?policy",
            "PUT NAME?lifecycle",
        ]
    );
    let seen = replay.seen();
    assert_eq!(seen[0].owner, None, "a bucket that is not there has no owner");
    assert!(seen[1..].iter().all(|seen| seen.owner.as_deref() == Some(ACCOUNT)));
    for part in ["<LocationConstraint>ap-northeast-1</LocationConstraint>", "<Key>tokaido:intent</Key><Value>intent-1</Value>"] {
        assert!(seen[0].body.contains(part), "{part}: {}", seen[0].body);
    }
    for (header, value) in [("x-amz-bucket-object-lock-enabled", "true"), ("x-amz-object-ownership", "BucketOwnerEnforced")] {
        assert_eq!(seen[0].headers.get(header).map(String::as_str), Some(value), "{header}");
    }
    assert!(seen[2].body.contains("tokaido:environment"), "{}", seen[2].body);
    assert_eq!(seen[3].body.matches("true").count(), 4, "{}", seen[3].body);
    assert!(seen[4].body.contains("<SSEAlgorithm>AES256</SSEAlgorithm>"));
    assert!(seen[5].body.contains("<Status>Enabled</Status>"));
    assert!(seen[6].body.contains("<Mode>GOVERNANCE</Mode><Days>400</Days>"), "{}", seen[6].body);
    let policy: serde_json::Value = serde_json::from_str(&seen[7].body).expect("a document");
    assert_eq!(policy, serde_json::to_value(documents::bucket_policy(NAME, ACCOUNT)).expect("a document"));
    assert!(
        seen[8].body.contains("<Prefix>dev/lease.json</Prefix>") && seen[8].body.contains("<NoncurrentDays>1</NoncurrentDays>")
    );
}

/// The first call made a bucket; whatever fails then, it exists.
#[tokio::test]
async fn a_bucket_that_is_half_made_is_said_to_be() {
    let replay = Replay::new([ok(""), tagging("dev"), ok(""), error(403, "AccessDenied")]);
    let error = driver(&replay).create(&CreateRequest { attributes: wanted(), tags: tags() }).await.expect_err("denied");
    assert_eq!((error.class, error.changed), (ErrorClass::AccessDenied, Changed::Partly));
    assert!(error.message.contains("exists now"), "{error}");
}

#[tokio::test]
async fn a_name_that_is_taken_at_the_last_moment_is_told() {
    for code in ["BucketAlreadyExists", "BucketAlreadyOwnedByYou"] {
        let replay = Replay::new([error(409, code)]);
        let error = driver(&replay).create(&CreateRequest { attributes: wanted(), tags: tags() }).await.expect_err("taken");
        assert_eq!((error.class, error.changed), (ErrorClass::AlreadyExists, Changed::No), "{code}");
        assert_eq!(replay.seen().len(), 1, "{code}: nothing was set on somebody else's bucket");
    }
}

/// One attribute, one call; tags are put whole, and those of others go along.
#[tokio::test]
async fn only_what_changed_is_sent() {
    let live = |attributes: Attributes| Live {
        physical: NAME.into(),
        outputs: [("arn".to_owned(), format!("arn:aws:s3:::{NAME}"))].into(),
        attributes: attributes.into(),
        tags: [("team", "platform"), ("aws:made-by", "aws"), ("tokaido:old", "1"), ("tokaido:intent", "before")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .into(),
        status: Status::Ready,
        pending: Vec::new(),
    };
    for (attribute, call) in [
        ("encryption", "PUT NAME?encryption"),
        ("public_access_block", "PUT NAME?publicAccessBlock"),
        ("object_ownership", "PUT NAME?ownershipControls"),
        ("default_retention", "PUT NAME?object-lock"),
        ("policy", "PUT NAME?policy"),
        ("lifecycle", "PUT NAME?lifecycle"),
        ("versioning", "PUT NAME?versioning"),
        ("tags", "PUT NAME?tagging"),
    ] {
        let replay = Replay::new([ok("")]);
        let mut tags = tags();
        tags.remove("tokaido:intent");
        let request =
            UpdateRequest { live: live(wanted()), attributes: wanted(), tags, changed: [Name::interned(attribute)].into() };
        driver(&replay).update(&request).await.unwrap_or_else(|error| panic!("{attribute}: {error}"));
        assert_eq!(actions(&replay), [call], "{attribute}");
        if attribute == "tags" {
            let body = &replay.seen()[0].body;
            assert!(body.contains("platform") && body.contains("<Value>before</Value>"), "{body}");
            assert!(!body.contains("aws:made-by") && !body.contains("tokaido:old"), "{body}");
        }
    }
    let mut none = wanted();
    none.put(at::lifecycle, Vec::new());
    let replay = Replay::new([status(204, "")]);
    let request = UpdateRequest { live: live(wanted()), attributes: none, tags: tags(), changed: [at::lifecycle.name()].into() };
    driver(&replay).update(&request).await.expect("removed");
    assert_eq!(actions(&replay), ["DELETE NAME?lifecycle"], "S3 takes no configuration without a rule");
    assert!(driver(&Replay::new([])).delete(&live(wanted())).await.expect_err("never").message.contains("never deletes"));
}

/// A rule of somebody with parts that are not modelled is seen, and never written back without them.
#[tokio::test]
async fn foreign_rules_are_named_and_not_rewritten() {
    let theirs = "<LifecycleConfiguration><Rule><ID>all</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>\
                  <Expiration><Days>1</Days></Expiration></Rule></LifecycleConfiguration>";
    let mut answers = details();
    answers[6] = ok(theirs);
    let replay = Replay::new([vec![buckets(&[NAME]), tagging("dev")], answers].concat());
    let listing = driver(&replay).list().await.expect("complete answers");
    let found = listing.live[0].clone();
    assert!(
        found.attributes.bare()[at::lifecycle].to_string().contains("more [Expiration]"),
        "{}",
        found.attributes.bare()[at::lifecycle]
    );
    let request = UpdateRequest {
        attributes: found.attributes.bare().clone(),
        tags: found.tags.clone(),
        changed: [at::lifecycle.name()].into(),
        live: found,
    };
    let error = driver(&Replay::new([])).update(&request).await.expect_err("not ours to write");
    assert_eq!((error.class, error.changed), (ErrorClass::Invalid, Changed::No));
}

fn document(sid: &str) -> serde_json::Value {
    json!({ "Version": "2012-10-17", "Statement": [{ "Sid": sid, "Effect": "Allow", "Action": ["ec2:DescribeVpcs"], "Resource": "*" }] })
}

fn role(inline: serde_json::Value) -> serde_json::Value {
    json!({ "name": "dev-tokaido-reader", "path": "/tokaido/", "description": "d", "trust": document("Trust"),
        "managed_policies": [], "inline_policies": inline, "permissions_boundary": [] })
}

/// Tags and boundary come with the role; each document of its own is one call more.
#[tokio::test]
async fn a_role_is_read_with_its_own_policies_and_its_boundary() {
    const OURS: &str = "<Tags><member><Key>tokaido:environment</Key><Value>dev</Value></member></Tags>";
    const DOCUMENT: &str = "%7B%22Version%22%3A%222012-10-17%22%7D";
    let xml = |operation: &str, inner: &str| {
        ok(format!("<{operation}Response><{operation}Result>{inner}</{operation}Result></{operation}Response>"))
    };
    let common = |name: &str, path: &str| {
        format!(
            "<RoleName>{name}</RoleName><Path>{path}</Path><Arn>arn:{name}</Arn><RoleId>I</RoleId>\
             <CreateDate>2026-11-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>{DOCUMENT}</AssumeRolePolicyDocument>\
             <PermissionsBoundary><PermissionsBoundaryArn>arn:b</PermissionsBoundaryArn></PermissionsBoundary>"
        )
    };
    let listed = |name: &str, path: &str, tags: &str| {
        format!(
            "<member>{}{tags}<AttachedManagedPolicies/><InstanceProfileList/><RolePolicyList><member>\
             <PolicyName>tokaido</PolicyName><PolicyDocument>{DOCUMENT}</PolicyDocument></member></RolePolicyList></member>",
            common(name, path)
        )
    };
    let roles = [
        listed("dev-tokaido-reader", "/tokaido/", OURS),
        // Somebody made a copy of it elsewhere: its tags count, not its path.
        listed("copied", "/", OURS),
        // A name that one of ours may need, and a role of somebody else.
        listed("dev-of-others", "/", "<Tags/>"),
        listed("theirs", "/", "<Tags/>"),
        // The listing says nothing of its tags.
        listed("dev-silent", "/tokaido/", ""),
    ];
    let list = format!("<RoleDetailList>{}</RoleDetailList><IsTruncated>false</IsTruncated>", roles.concat());
    let whole = move |name: &str, path: &str| {
        xml("GetRole", &format!("<Role>{}<Description>what for</Description>{OURS}</Role>", common(name, path)))
    };
    let replay = Replay::answering(move |seen| {
        let form = seen.form();
        match (form["Action"].as_str(), form.get("RoleName").map(String::as_str)) {
            ("GetAccountAuthorizationDetails", None) => xml("GetAccountAuthorizationDetails", &list),
            ("GetRole", Some(name @ ("dev-tokaido-reader" | "dev-silent"))) => whole(name, "/tokaido/"),
            ("GetRole", Some(name @ "copied")) => whole(name, "/"),
            other => panic!("nobody has to ask {other:?}"),
        }
    });
    let listing = replay.driver("iam-role", Region::Global).list().await.expect("complete answers");
    let names: Vec<&str> = listing.live.iter().map(|live| live.physical.as_str()).collect();
    assert_eq!(names, ["dev-tokaido-reader", "copied", "dev-of-others", "dev-silent"]);
    assert_eq!(replay.seen().len(), 5, "one for the list, one for each of ours, one more for the silent one");
    let found = &listing.live[0];
    assert_eq!(found.tags["tokaido:environment"], "dev");
    assert_eq!(found.attributes.bare()[iam_role::at::permissions_boundary].to_string(), "[arn:b]");
    assert_eq!(found.attributes.bare()[iam_role::at::inline_policies].to_string(), "tokaido Version 2012-10-17");
    assert_eq!(found.attributes.text(iam_role::at::description), Some("what for"));
}

/// Documents by name: what is new or says something else is put, what nobody declared goes, the rest is left alone.
#[tokio::test]
async fn only_documents_that_differ_are_sent() {
    let done = ["PutRolePolicy", "DeleteRolePolicy", "DeleteRolePermissionsBoundary"];
    let replay = Replay::new(done.map(|action| ok(format!("<{action}Response/>"))));
    let live = attributes(role(json!({ "tokaido": document("Reads"), "same": document("Same"), "by-hand": document("Open") })));
    // One statement in a list, its action alone: the same document in another form.
    let same = json!({ "Version": "2012-10-17", "Statement": { "Sid": "Same", "Effect": "Allow", "Action": "ec2:DescribeVpcs", "Resource": ["*"] } });
    let target = attributes(role(json!({ "tokaido": document("More"), "same": same })));
    let request = UpdateRequest {
        live: Live {
            physical: "dev-tokaido-reader".into(),
            outputs: [("arn".to_owned(), "arn:r".to_owned())].into(),
            attributes: live.into(),
            tags: tags(),
            status: Status::Ready,
            pending: Vec::new(),
        },
        attributes: target,
        tags: tags(),
        changed: [iam_role::at::inline_policies.name(), iam_role::at::permissions_boundary.name()].into(),
    };
    replay.driver("iam-role", Region::Global).update(&request).await.expect("changed");
    assert_eq!(replay.actions(), done);
    let sent: Vec<_> = replay.seen().iter().map(|seen| seen.form().get("PolicyName").cloned().unwrap_or_default()).collect();
    assert_eq!(sent, ["tokaido", "by-hand", ""]);
}

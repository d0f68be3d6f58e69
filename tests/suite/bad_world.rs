//! Worlds that a plan cannot go on from: names held by strangers, claims by two, reads that fail, wishes that AWS does
//! not grant. Each row is refused by a stable word, says what to do next, and leaves everything of others as it was.

use std::fs;

use tokaido::model::tags::Tags;
use tokaido::model::{Attributes, DesiredState, Environment, Region};
use tokaido::sim::SandboxRow;
use tokaido::world::{CreateRequest, ErrorClass, Moment};

use crate::support::lab::{Lab, id};
use crate::support::{project, yaml};

struct Row {
    it: &'static str,
    /// The repository's production was applied before.
    applied: bool,
    /// In production.yaml, afterwards.
    edits: &'static [(&'static str, &'static str)],
    hand: fn(&Lab),
    id: &'static str,
    code: &'static str,
    /// Fragments of the refusal: its reason, what next, and the paths that differ.
    says: &'static [&'static str],
}

fn production(edits: &[(&str, &str)]) -> DesiredState {
    let folder = project::copy();
    let file = folder.path().join("environments/production.yaml");
    let mut text = fs::read_to_string(&file).expect("a file");
    for (find, replace) in edits {
        assert!(text.contains(find), "{find}");
        text = text.replacen(find, replace, 1);
    }
    fs::write(&file, text).expect("a file");
    project::load(folder.path(), Environment::Production)
}

fn make(lab: &Lab, region: Region, kind: &str, attributes: &str, tags: Tags) -> String {
    let attributes = Attributes::from(yaml::read(attributes).as_map().cloned().expect("a map"));
    let made = lab.world().log().create_by_hand(&lab.desired.account, region, kind, &CreateRequest { attributes, tags });
    made.unwrap_or_else(|error| panic!("{kind}: {error}"))
}

/// Somebody else's, in Tokyo.
fn theirs(lab: &Lab, kind: &str, attributes: &str) -> String {
    make(lab, Region::Tokyo, kind, attributes, Tags::new())
}

/// A network of somebody else with a subnet group over two zones in it.
fn their_network(lab: &Lab, group: &str) -> String {
    let vpc = theirs(lab, "vpc", "{ cidr: 172.16.0.0/16 }");
    let subnet =
        |number: u8| theirs(lab, "subnet", &format!("{{ vpc: {vpc}, cidr: 172.16.{number}.0/24, zone: apne1-az{number} }}"));
    let (a, b) = (subnet(1), subnet(2));
    theirs(lab, "db-subnet-group", &format!("{{ name: {group}, description: theirs, subnets: [{a}, {b}] }}"));
    vpc
}

/// `legacy`, as somebody made it long ago.
fn their_database(lab: &Lab, engine: &str, encrypted: bool) {
    let vpc = their_network(lab, "theirs");
    let size = "class: db.m7g.large, allocated_storage: 100, max_allocated_storage: 1024";
    let place = format!("vpc: {vpc}, subnet_group: theirs");
    let form = format!("name: legacy, engine: {engine}, engine_version: \"16.4\", storage_encrypted: {encrypted}");
    theirs(lab, "db-instance", &format!("{{ {form}, {size}, {place} }}"));
}

const LEGACY: (&str, &str) = ("  - name: catalog\n", "  - name: catalog\n    physical_name: legacy\n");

fn nothing(_: &Lab) {}

const NONE: &[(&str, &str)] = &[];

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { it: "a stranger's VPC has the tenant's block", applied: false, edits: NONE,
        hand: |lab| drop(theirs(lab, "vpc", "{ cidr: 10.40.0.0/20 }")),
        id: "vpc.acme@tokyo", code: "name-taken", says: &["holds cidr", "no tag of ours", "put them back"] },
    Row { it: "and what would live there waits", applied: false, edits: NONE,
        hand: |lab| drop(theirs(lab, "vpc", "{ cidr: 10.40.0.0/20 }")),
        id: "db-instance.acme-db@tokyo", code: "depends-on-blocked", says: &["which is blocked", "first"] },
    Row { it: "a stranger's VPC in Osaka", applied: false, edits: NONE,
        hand: |lab| drop(make(lab, Region::Osaka, "vpc", "{ cidr: 10.31.0.0/16 }", Tags::new())),
        id: "vpc.main@osaka", code: "name-taken", says: &["holds cidr"] },
    Row { it: "a key holds the alias", applied: false, edits: NONE,
        hand: |lab| drop(theirs(lab, "kms-key", "{ alias: alias/production-acme, policy: { Statement: [] } }")),
        id: "kms-key.acme@tokyo", code: "name-taken", says: &["holds alias"] },
    Row { it: "a parameter group has the name", applied: false, edits: NONE,
        hand: |lab| drop(theirs(lab, "db-parameter-group", "{ name: production-postgres16, family: postgres16, description: old }")),
        id: "db-parameter-group.postgres16@tokyo", code: "name-taken", says: &["production-postgres16", "no tag of ours"] },
    Row { it: "a role has the name", applied: false, edits: NONE,
        hand: |lab| drop(make(lab, Region::Global, "iam-role", "{ name: production-AWSBackup, path: /, description: theirs, trust: {} }", Tags::new())),
        id: "iam-role.backup@global", code: "name-taken", says: &["holds name"] },
    Row { it: "a subnet group has the name", applied: false, edits: NONE,
        hand: |lab| drop(their_network(lab, "production-acme")),
        id: "db-subnet-group.acme@tokyo", code: "name-taken", says: &["production-acme", "choose another name"] },
    Row { it: "a security group has the name", applied: false, edits: NONE,
        hand: |lab| { let vpc = their_network(lab, "theirs"); theirs(lab, "security-group", &format!("{{ name: production-globex, description: theirs, vpc: {vpc} }}")); },
        id: "security-group.globex@tokyo", code: "name-taken", says: &["holds name"] },
    Row { it: "a database has the name", applied: false, edits: NONE,
        hand: |lab| drop(theirs(lab, "db-instance", "{ name: production-catalog, class: db.m7g.large, engine: postgres, engine_version: \"16.4\", allocated_storage: 100 }")),
        id: "db-instance.catalog@tokyo", code: "name-taken", says: &["`physical_name:`"] },
    Row { it: "the bucket's name is in another account", applied: false, edits: NONE,
        hand: |lab| { let attributes = Attributes::from(yaml::read("{ name: tokaido-production-333333333333 }").as_map().cloned().expect("a map"));
            lab.world().log().create_by_hand("999999999999", Region::Tokyo, "bucket", &CreateRequest { attributes, tags: Tags::new() }).expect("made"); },
        id: "bucket.store@tokyo", code: "another-account", says: &["unique in all of AWS", "choose another name"] },
    Row { it: "a stranger's bucket has the name", applied: false, edits: NONE,
        hand: |lab| drop(theirs(lab, "bucket", "{ name: tokaido-production-333333333333 }")),
        id: "bucket.store@tokyo", code: "name-taken", says: &["holds name", "no tag of ours"] },
    Row { it: "a database to be taken over is not encrypted", applied: false, edits: &[LEGACY],
        hand: |lab| their_database(lab, "postgres", false),
        id: "db-instance.catalog@tokyo", code: "forbidden", says: &["storage_encrypted", "a plan never replaces it"] },
    Row { it: "a database to be taken over is of another engine", applied: false, edits: &[LEGACY],
        hand: |lab| their_database(lab, "mysql", true),
        id: "db-instance.catalog@tokyo", code: "forbidden", says: &["engine"] },
    Row { it: "a database to be taken over is in another network", applied: false, edits: &[LEGACY],
        hand: |lab| their_database(lab, "postgres", true),
        id: "db-instance.catalog@tokyo", code: "forbidden", says: &["vpc", "subnet_group", "nothing moves from one VPC to another"] },
    Row { it: "two VPCs claim the tenant's", applied: true, edits: NONE,
        hand: |lab| { let ours = lab.row(&id("vpc.acme@tokyo")); make(lab, Region::Tokyo, "vpc", "{ cidr: 10.60.0.0/20 }", ours.tags); },
        id: "vpc.acme@tokyo", code: "ambiguous", says: &["2 live resources carry this id", "never guesses"] },
    Row { it: "two subnets claim one id", applied: true, edits: NONE,
        hand: |lab| { let (ours, vpc) = (lab.row(&id("subnet.globex-a@tokyo")), their_network(lab, "theirs"));
            make(lab, Region::Tokyo, "subnet", &format!("{{ vpc: {vpc}, cidr: 172.16.9.0/24, zone: apne1-az1 }}"), ours.tags); },
        id: "subnet.globex-a@tokyo", code: "ambiguous", says: &["remove the tag tokaido:id"] },
    Row { it: "the tenant's key is on its way out", applied: true, edits: NONE,
        hand: |lab| lab.world().log().remove_by_hand(Environment::Production, &id("kms-key.acme@tokyo")).expect("scheduled"),
        id: "kms-key.acme@tokyo", code: "failed-state", says: &["no change can be made in this state", "plan again"] },
    Row { it: "VPCs may not be listed", applied: false, edits: NONE,
        hand: |lab| lab.fail("list vpc", ErrorClass::AccessDenied, Moment::Before, 100),
        id: "vpc.acme@tokyo", code: "unreadable", says: &["whether it exists is unknown", "make the read possible"] },
    Row { it: "databases cannot be listed for throttling", applied: false, edits: NONE,
        hand: |lab| lab.fail("list db-instance", ErrorClass::Throttled, Moment::Before, 100),
        id: "db-instance.acme-db@tokyo", code: "unreadable", says: &["unknown"] },
    Row { it: "the region cannot be reached", applied: false, edits: NONE,
        hand: |lab| lab.fail("list backup-vault", ErrorClass::Unreachable, Moment::Before, 100),
        id: "backup-vault.main@osaka", code: "unreadable", says: &["make the read possible"] },
    Row { it: "another block for a tenant that exists", applied: true, edits: &[("cidr: 10.30.32.0/20", "cidr: 10.30.64.0/20")],
        hand: nothing, id: "subnet.globex-a@tokyo", code: "forbidden", says: &["cidr", "the subnet keeps its block and zone"] },
    Row { it: "another block for a VPC that exists", applied: true, edits: &[("cidr: 10.40.0.0/20", "cidr: 10.44.0.0/20")],
        hand: nothing, id: "vpc.acme@tokyo", code: "forbidden", says: &["cidr", "the VPC keeps its block"] },
    Row { it: "zones in another order", applied: true, edits: &[("[apne1-az1, apne1-az2, apne1-az4]", "[apne1-az2, apne1-az1, apne1-az4]")],
        hand: nothing, id: "subnet.acme-a@tokyo", code: "forbidden", says: &["zone", "declare a new one"] },
    Row { it: "another engine for a database that exists", applied: true, edits: &[("engine: postgres\n    version: \"16\"", "engine: mysql\n    version: \"8.4\"")],
        hand: nothing, id: "db-instance.catalog@tokyo", code: "forbidden", says: &["engine", "make a new database and move the data"] },
];

#[test]
fn each_is_refused_in_words_and_nothing_of_others_moves() {
    let wrong: Vec<String> = ROWS.iter().flat_map(what_is_wrong).collect();
    assert!(wrong.is_empty(), "{} of {} rows are wrong\n\n{}", wrong.len(), ROWS.len(), wrong.join("\n"));
}

fn what_is_wrong(row: &Row) -> Vec<String> {
    let mut lab = Lab::new(production(if row.applied { &[] } else { row.edits }));
    if row.applied {
        lab.converge();
        lab = lab.with(production(row.edits));
    }
    (row.hand)(&lab);
    // What is named by `physical_name:` is no stranger.
    let strangers = |lab: &Lab| -> Vec<SandboxRow> {
        let theirs = |row: &SandboxRow| row.id.is_none() && row.physical != "legacy" && row.made_with.is_none();
        lab.rows().into_iter().filter(theirs).collect()
    };
    let before = strangers(&lab);
    let body = lab.plan().plan.body;
    let found = body.blocked.iter().find(|blocked| blocked.id == id(row.id) && blocked.code.as_str() == row.code);
    let Some(blocked) = found else {
        let all: Vec<_> = body.blocked.iter().map(|blocked| format!("{} {}", blocked.id, blocked.code)).collect();
        return vec![format!("{}: no `{}` for {}, but {all:?}", row.it, row.code, row.id)];
    };
    let paths = blocked.diffs.iter().map(|diff| diff.path.as_str()).collect::<Vec<_>>().join(" ");
    let text = format!("{} · {} · {paths}", blocked.reason, blocked.next);
    let unsaid = row.says.iter().filter(|fragment| !text.contains(*fragment));
    let mut wrong: Vec<_> = unsaid.map(|fragment| format!("{}: `{fragment}` is not said in {text}", row.it)).collect();
    if body.changes.iter().any(|change| change.id == id(row.id)) && row.code != "forbidden" {
        wrong.push(format!("{}: {} is changed all the same", row.it, row.id));
    }
    lab.heal();
    lab.apply();
    if strangers(&lab) != before {
        wrong.push(format!("{}: a stranger's resource was touched", row.it));
    }
    wrong
}

#[test]
fn a_link_that_leads_outside_of_the_project_is_not_followed() {
    let product = crate::support::binary::Product::new();
    let outside = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(outside.path(), "root: not-to-be-shown\n").expect("a file");
    let own = product.path().join("environments/dev.yaml");
    std::fs::remove_file(&own).expect("a file");
    std::os::unix::fs::symlink(outside.path(), &own).expect("a link");
    let ran = product.expect(1, &["validate", "dev"]);
    let said = format!("{}{}", ran.out, ran.err).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("it leads outside of the project") && !said.contains("not-to-be-shown"), "{said}");
    // Inside of the project a link is as good as a file.
    std::fs::remove_file(&own).expect("a link");
    std::fs::rename(product.path().join("environments/staging.yaml"), product.path().join("environments/kept.yaml"))
        .expect("a file");
    std::os::unix::fs::symlink("kept.yaml", product.path().join("environments/staging.yaml")).expect("a link");
    product.expect(0, &["validate", "staging"]);
}

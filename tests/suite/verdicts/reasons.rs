//! What verdicts say: every sentence in both languages, and the reasons as data beside them.

use tokaido::model::reason::plan::Wait;
use tokaido::model::{Environment, Explanation, Language, Reason, Stated, Value, VerdictState};
use tokaido::promises::judge::{
    Asked, Carried, Gibibytes, Lifetime, Names, OfOther, Place, Refused, Schedule, SharedWith, Span, Step, Unclear, Undeclared,
    Unknown, Unknowns, VerdictReason, Way,
};
use tokaido::reach::{Cause, Hop, Packet};

use super::production;
use crate::support::reasons::told_in_both_languages;
use crate::support::{attr, id};

/// A packet through everything that can let one pass.
fn way() -> Way {
    let text = |text: &str| text.to_owned();
    let hops = vec![
        Hop::Leaves { group: text("security-group.acme@tokyo"), rule: text("egress tcp 5432 10.0.0.0/8") },
        Hop::Crosses { acl: text("acl-1"), entry: text("egress 100 allow all 0.0.0.0/0") },
        Hop::Routed { table: text("rtb-1"), route: text("10.9.0.0/16 → nat-1") },
        Hop::Translated { by: text("nat-1"), source: [10, 9, 0, 7].into() },
        Hop::Switched { table: text("tgw-rtb-1"), route: text("10.9.0.0/16 → tgw-attach-1") },
        Hop::Unread { what: text("rtb-2 routes") },
        Hop::Enters { group: text("security-group.globex@tokyo"), rule: text("ingress tcp 5432 10.0.0.0/8") },
    ];
    let packet = |protocol, port| Packet { source: [10, 1, 0, 10].into(), destination: [10, 2, 0, 10].into(), protocol, port };
    let first = Step {
        from: Place::Startable { tenant: text("acme"), subnet: text("subnet.acme-a@tokyo") },
        to: Place::Named { name: text("db-instance.globex-db@tokyo") },
        packet: packet(6, 5432),
        hops,
    };
    let others = [(17, 53), (1, 8 << 8), (58, 128 << 8), (47, 0)];
    let others = others.map(|(protocol, port)| Step {
        from: Place::Bare { subnet: text("subnet.acme-a@tokyo") },
        to: Place::Named { name: text("eni-1") },
        packet: packet(protocol, port),
        hops: Vec::new(),
    });
    Way([first].into_iter().chain(others).collect())
}

fn unknowns() -> Unknowns {
    let of = |what: &str, cause| Unknown { what: what.to_owned(), cause };
    Unknowns(vec![
        of("list vpc-peering@tokyo: denied", Cause::Failed),
        of("vgw-1", Cause::NotAsked),
        of("rtb-1 10.9.0.0/16", Cause::NotUnderstood),
        of("tgw-1 (444444444444)", Cause::OtherAccount),
    ])
}

/// One of each, in the order of the variants.
fn one_of_each() -> Vec<VerdictReason> {
    use VerdictReason as R;
    let text = |text: &str| text.to_owned();
    let value = |text: &str| Value::from(text);
    let time = |text: &str| text.parse::<jiff::Timestamp>().expect("a time");
    let asked = || Stated::from(Asked::PublicName);
    let when = || Stated::from(Wait::Window);
    vec![
        R::ReadFailed { operation: text("rds:DescribeDBInstances"), error: text("denied") },
        R::NotAsked { attribute: attr("rotation_days"), of: OfOther(Some(text("key-1 (kms-key@tokyo)"))) },
        R::ReadingFailed { attribute: attr("trust"), of: OfOther(None), error: text("not JSON") },
        R::NotThere,
        R::Unrecognised { physical: text("vpc-1"), tag: Carried(Some(text("vpc.acme@tokyo"))) },
        R::Unremembered,
        R::Is { attribute: attr("publicly_accessible"), value: Value::Bool(true), asked: asked() },
        R::Accepted { attribute: attr("backup_retention_days"), now: value("7"), value: value("31"), when: when() },
        R::WillBe { attribute: attr("backup_retention_days"), value: value("7"), when: when(), asked: asked() },
        R::Failed { word: text("storage-full"), asked: asked() },
        R::SentElsewhere { list: attr("copies"), place: text("eu-west-1"), vault: value("arn:x") },
        R::StoredElsewhere { store: value("db-snapshot"), place: text("us-east-1") },
        R::EncryptionNotSaid,
        R::SharedWith { with: SharedWith(vec![text("210987654321"), text("all")]) },
        R::RegionsDenied { caller: Refused(Some(text("arn:aws:iam::333333333333:role/tokaido-reader"))) },
        R::RegionsNotEnabled,
        R::RegionsAccepted { reason: text("nothing was made there"), owner: text("platform"), until: text("2027-03-31") },
        R::SentToAccount { list: attr("copies"), account: text("444444444444"), vault: value("arn:x") },
        R::VaultOpen { statement: text("Partners") },
        R::VaultMayBeOpen { statement: text("Partners") },
        R::KeyOfOthers { key: value("alias/aws/rds") },
        R::KeyFailed { key: text("kms-key.main@tokyo"), word: text("PendingDeletion") },
        R::KeyOff,
        R::KeyNotRotated,
        R::KeyRotatedSeldom { days: 730, most: 365 },
        R::KeyOfOtherOrigin { key: text("key-1 (kms-key@tokyo)"), origin: text("EXTERNAL") },
        R::KeyOpen { key: text("kms-key.main@tokyo"), statement: text("Everybody") },
        R::KeyAdmits { key: text("kms-key.main@tokyo"), statement: text("Partner"), accounts: vec![text("222222222222")] },
        R::KeyUseUnclear { key: text("kms-key.main@tokyo"), statement: text("Partner"), why: Unclear::Organisation.into() },
        R::KeyWithoutPolicy { key: text("key-1 (kms-key@tokyo)") },
        R::KeyGranted {
            key: text("kms-key.main@tokyo"),
            grantee: text("arn:aws:iam::222222222222:root"),
            operations: text("Decrypt"),
        },
        R::KeyGrantedFreely { key: text("kms-key.main@tokyo"), grantee: text("logs.amazonaws.com"), operations: text("Decrypt") },
        R::GrantsUnread { key: text("kms-key.main@tokyo"), error: text("kms:ListGrants: access-denied") },
        R::GrantsNotAsked { key: text("kms-key.main@tokyo") },
        R::KeyElsewhere { places: vec![text("us-east-1"), text("eu-west-1")] },
        R::ReplicatesFrom { source: value("arn:x"), place: text("us-east-1") },
        R::ReplicatedTo { replica: value("arn:x"), place: text("us-east-1") },
        R::GlobalMembersNotRead { global: value("ledger-world") },
        R::SourceNotListed { source: value("ledger") },
        R::EngineUnknown { engine: value("oracle-se2"), promise: "clock" },
        R::ParametersUnread { group: value("default.postgres16") },
        R::ParameterIs { group: text("db-parameter-group.main@tokyo"), name: "rds.force_ssl", value: value("0"), right: "1" },
        R::ParametersWait { when: when() },
        R::AdmitsAddresses { rule: text("ingress tcp 443 0.0.0.0/0") },
        R::AdmitsList { rule: text("ingress tcp 443 pl-1") },
        R::PacketArrives { from: Names(vec![text("acme")]), way: way() },
        R::PacketArrivesOneWay { from: Names(vec![text("acme"), text("globex")]), way: way() },
        R::HostOfTwo { host: text("eni-1 (network-interface@tokyo)"), with: Names(vec![text("globex")]) },
        R::PacketMayArrive { from: Names((1..6).map(|at| format!("t{at}")).collect()), unread: unknowns() },
        R::GatewayDecides { from: Names(vec![text("acme")]) },
        R::MorePaths { more: 4 },
        R::InternetEnters { way: Way(vec![Step { from: Place::Internet, ..way().0[0].clone() }]) },
        R::InternetMayEnter { unread: unknowns() },
        R::RowsAreShared,
        R::KeyOfOtherTenant { tenant: text("globex") },
        R::Gone,
        R::BeingMade,
        R::RestorableOnlyTo { latest: time("2026-01-05T00:00:00Z"), minutes: 44 },
        R::NeverRestorable { made: time("2026-01-05T00:00:00Z") },
        R::RestorableUnknown,
        R::GoneCopiesNotRead,
        R::GoneWithoutCopies,
        R::GoneWithCopies { newest: time("2026-01-05T00:00:00Z") },
        R::NothingCopied,
        R::CopiesOfCluster,
        R::NotSelected,
        R::Excluded { plan: text("backup-plan.main@tokyo") },
        R::SelectionUnsure { plan: text("backup-plan.main@tokyo") },
        R::OptInNotRead { plan: text("backup-plan.main@tokyo") },
        R::LockForbids {
            vault: text("backup-vault.main@osaka"),
            span: Span { min: Some(30), max: None },
            plan: text("backup-plan.main@tokyo"),
            lifetime: Lifetime(Some(8)),
        },
        R::VaultDeniesCopies { vault: text("backup-vault.main@osaka"), statement: text("NoCopies") },
        R::VaultMayDenyCopies { vault: text("backup-vault.main@osaka"), statement: text("NoCopies") },
        R::RoleNotRead { role: value("arn:x") },
        R::KeptTooShort { plan: text("backup-plan.main@tokyo"), kept: 7, needed: 32, days: 31 },
        R::NotDaily { plan: text("backup-plan.main@tokyo"), schedule: Schedule(Some(text("cron(0 3 ? * SUN *)"))) },
        R::VaultNotThere { vault: value("arn:x") },
        R::VaultKeyUnusable { vault: text("backup-vault.copies@osaka") },
        R::VaultKeyNotRead { vault: text("theirs (backup-vault@osaka)") },
        R::KeyAdmitsNobody { key: text("kms-key.copies@osaka") },
        R::KeyPolicyUnsure { key: text("kms-key.copies@osaka") },
        R::RoleNotThere { role: value("arn:x") },
        R::RoleMayNotBackUp { role: text("iam-role.backup@global") },
        R::RoleNotAssumable { role: text("iam-role.backup@global"), service: "backup.amazonaws.com" },
        R::RoleDenied { role: text("iam-role.backup@global"), policy: text("stop") },
        R::RoleUnsure { role: text("iam-role.backup@global"), what: Undeclared::Trust.into() },
        R::PointTooOld { hours: 72 },
        R::VaultNotRead { vault: text("other (backup-vault@osaka)") },
        R::NoPoint,
        R::NoPointOfUnknownAge,
        R::RecordsGone,
        R::PolicyLacks { statements: vec![text("DenyOtherAccounts"), text("DenyPlain")] },
        R::PolicyAdds { statements: vec![text("AllowPartner")] },
        R::RecordsExpire { rule: text("tidy") },
        R::TagMissing { tag: "tokaido:tenant" },
        R::TagWrong { tag: "tokaido:tenant", live: text("globex"), wanted: text("acme") },
        R::NoRoom { now: Gibibytes(Some(100)), most: Gibibytes(Some(105)) },
        R::NoClock { options: value("dopt-1") },
        R::OtherClock { options: text("dhcp-options.main@tokyo"), found: value("10.0.0.2"), wanted: "169.254.169.123" },
        R::AccountUnread { other: Environment::Staging },
        R::AccountShared { other: Environment::Staging, account: text("111111111111") },
        R::CallerElsewhere { caller: text("111111111111") },
        R::OfOtherEnvironment { named: Environment::Dev, environment: Environment::Production },
    ]
}

#[test]
fn every_reason_of_a_verdict_is_told_whole_in_both_languages() {
    told_in_both_languages(&one_of_each());
    told_in_both_languages(&[
        Asked::StorageReadable,
        Asked::StoreReadable,
        Asked::PublicName,
        Asked::OutsideTheNetwork,
        Asked::HostsReached,
        Asked::Days { days: 31 },
        Asked::BackupsGoToo,
        Asked::NoBackups,
        Asked::SnapshotsUnlabelled,
        Asked::RecordsReplaced,
        Asked::RecordsDeleted,
        Asked::LockedDays { days: 400 },
        Asked::RecordsOpened,
        Asked::Logs { logs: Value::from("postgresql") },
    ]);
    let arn = || Value::from("arn:aws:iam::aws:policy/ReadOnlyAccess");
    told_in_both_languages(&[
        Undeclared::Trust,
        Undeclared::Boundary { arn: arn() },
        Undeclared::Inline,
        Undeclared::Policy { arn: arn() },
    ]);
}

/// Where a host stands, and what is not there, were English words inside Japanese sentences.
#[test]
fn japanese_sentences_hold_no_english_words_of_ours() {
    let ja = |reason: VerdictReason| reason.say(Language::Ja);
    let many = Names((1..8).map(|at| format!("t{at}")).collect());
    assert_eq!(ja(VerdictReason::GatewayDecides { from: many }).split(" から").next(), Some("t1、t2、t3、t4、t5 ほか 2 件"));
    let from = Place::Bare { subnet: "subnet.acme-a@tokyo".to_owned() };
    let way = Way(vec![Step { from, hops: Vec::new(), ..way().0[0].clone() }]);
    assert_eq!(
        ja(VerdictReason::PacketArrives { from: Names(vec!["acme".to_owned()]), way }),
        "acme から通信が届きます: 10.1.0.10（subnet.acme-a@tokyo にグループなしで起動したホスト）から \
         10.2.0.10（db-instance.globex-db@tokyo）への tcp 5432。"
    );
    assert_eq!(
        ja(VerdictReason::Unrecognised { physical: "vpc-1".to_owned(), tag: Carried(None) }),
        "適用後に特定できなくなりました。タグ tokaido:id のない vpc-1 かもしれません"
    );
    assert_eq!(
        ja(VerdictReason::NoRoom { now: Gibibytes(Some(20)), most: Gibibytes(None) }),
        "容量 20 GiB に対して上限が (なし) で、自動拡張に必要な一割の余地がありません"
    );
    assert_eq!(
        ja(VerdictReason::NotDaily { plan: "backup-plan.main@tokyo".to_owned(), schedule: Schedule(None) }),
        "backup-plan.main@tokyo の実行が毎日ではありません（予定なし）"
    );
    assert_eq!(
        ja(VerdictReason::ParametersWait { when: Wait::Window.into() }),
        "パラメータがまだ反映されていません（次のメンテナンス時間帯に）"
    );
}

/// A program finds out why without a sentence, and the sentences stand beside it as they did.
#[test]
fn the_audit_carries_its_reasons_as_data() {
    let lab = production();
    let id = id("db-instance.catalog@tokyo");
    lab.set(&id, "publicly_accessible", &Value::Bool(true)).expect("a change by hand");
    let audit = lab.audit();
    let verdict = audit.verdicts.iter().find(|verdict| verdict.promise == "encryption-in-transit").expect("the promise");
    let member = verdict.in_state(VerdictState::Broken).find(|member| member.subject == id.to_string()).expect("the database");
    let document = serde_json::to_value(member).expect("a member is JSON");
    assert_eq!(document["reason"]["en"], "publicly_accessible is true: its name leads to a public address");
    assert_eq!(document["reason"]["ja"], "publicly_accessible が true です。公開アドレスで到達できます");
    assert_eq!(
        document["reason"]["because"],
        serde_json::json!([{
            "code": "is",
            "fields": {
                "attribute": "publicly_accessible",
                "value": true,
                "asked": { "code": "public-name", "en": "its name leads to a public address" },
            },
        }])
    );
}

#[test]
fn several_reasons_are_one_text_and_each_by_its_code() {
    let both = Explanation::of(&VerdictReason::KeyOff).and(&Explanation::of(&VerdictReason::PointTooOld { hours: 72 }));
    assert_eq!(both.en, "the key is switched off; the newest recovery point in Osaka is 72 hours old");
    assert_eq!(both.ja, "鍵が無効です。大阪の最新の復旧ポイントが 72 時間前のものです");
    let codes: Vec<&str> = both.because.iter().map(|coded| coded.code.as_str()).collect();
    assert_eq!(codes, ["key-off", "point-too-old"]);
    assert_eq!(both.because[1].fields["hours"], 72);
}

/// A report that an older tokaido wrote has sentences alone.
#[test]
fn a_reason_without_codes_is_read_and_written_as_it_was() {
    let old = serde_json::json!({ "en": "the key is switched off", "ja": "鍵が無効です" });
    let read: Explanation = serde_json::from_value(old.clone()).expect("an old reason");
    assert!(read.because.is_empty());
    assert_eq!(serde_json::to_value(&read).expect("JSON"), old);
}

//! Refusals and errors of our own: every sentence in both languages, each with the facts that it speaks of.

use std::io;

use jiff::Timestamp;

use tokaido::desired::pin::{PinError, Unwritable};
use tokaido::govern::flaw::Flaw;
use tokaido::govern::refusal::{NextStep, Refusal, Why};
use tokaido::govern::{Breaks, FirstOf, Short, Told};
use tokaido::model::moment::{Lasting, Moment};
use tokaido::model::reason::plan::{BlockedReason, Unanswered};
use tokaido::model::reason::{Deed, FileReason, IoReason, Spoken as _, Trouble};
use tokaido::model::{Environment, Language, PolicyBreak, Reason, Region, ReleaseRef, Said, Value, Words};
use tokaido::pipeline::{Content, Digest, Distrusted, Findings, Gate, Refusals};
use tokaido::plan::{Altered, Cause, Moved};
use tokaido::sim::{Elements, LogError, ManualError, Misfit};
use tokaido::store::lease::Owner;
use tokaido::store::{Contested, LeaseRecord, StoreError};
use tokaido::world::{Advice, PolicyOf, Principal};

use crate::support::reasons::told_in_both_languages;
use crate::support::{attr, id};

const ENV: Environment = Environment::Production;

fn text(text: &str) -> String {
    text.to_owned()
}

fn time() -> Timestamp {
    "2026-01-05T00:30:00Z".parse().expect("a time")
}

fn seen(text: &str) -> Told {
    Told(Said::new(text, text))
}

fn short(text: &str) -> Short {
    Short(text.to_owned())
}

#[test]
fn why_something_may_not_pass() {
    let (release, environment, plan) = (|| text("2026.11.0"), ENV, || text("0a1b2c3d4e5f"));
    let (policy, place) = (|| text("bounded-logs"), || text("policies/logs.rego:12"));
    let since = || Moment(time());
    // Times are UTC in documents and JST in sentences, and spans are seconds: their own tests look at them.
    let told: Vec<Why> = vec![
        Why::UnknownAuthor { author: text("dave@example.com") },
        Why::NobodyNamed { environment },
        Why::TooFewApprovals { have: 1, required: 2, plan: plan() },
        Why::TooFewApprovalsSomeVoid { have: 1, required: 2, plan: plan() },
        Why::TooFewOfGroup { have: 0, wanted: 1, group: text("change-management") },
        Why::NotSaved,
        Why::Over { gate: Said::new("over", "終わり") },
        Why::NoReason { letters: 3 },
        Why::NoRelease { environment },
        Why::RolesLost { release: release(), findings: text("no such file") },
        Why::BeforeUnread { environment, problem: Said::new("unreadable", "読めません") },
        Why::PolicyRefuses { policy: policy(), place: place(), broken: Breaks(Vec::new()) },
        Why::PolicySilent { policy: policy(), place: place(), members: FirstOf(vec![text("bucket.a@tokyo")]) },
        Why::PolicyNotAsked { policy: policy(), place: place(), reads: FirstOf(vec![text("bucket@tokyo")]) },
        Why::OtherTool { release: release(), cut_with: text("0.1.0"), now: text("0.2.0") },
        Why::NotApplied { release: release(), environment },
        Why::OtherContent { environment, release: release(), there: short("aaaa"), here: short("bbbb") },
        Why::NotProven { release: release(), environment, begun: since() },
        Why::MovedOn { environment, on: text("2026.12.0"), since: since(), release: release() },
        Why::MovedToTree { environment, since: since(), release: release() },
        Why::Unkept { environment, seen: since(), promises: vec![text("clock"), text("labelling")] },
        Why::SeenOpen { environment, seen: since(), open: FirstOf(vec![seen("vpc.acme@tokyo")]) },
        Why::Blind { environment, seen: since(), problem: seen("access-denied") },
        Why::SightUnknown { environment, problem: seen("damaged") },
        Why::Soaking { release: release(), environment, since: since(), ends: since(), left: Lasting(3) },
        Why::HeldBefore { release: release(), environment, since: since(), reason: text("slow"), by: text("bob") },
        Why::Held { environment, release: release(), since: since(), reason: text("slow"), by: text("bob") },
        Why::IsBack { release: release(), environment, left: since() },
        Why::NeverHere { release: release(), environment },
        Why::NeverProvenHere { release: release(), environment },
        Why::NotHeld { release: release(), environment },
    ];
    told_in_both_languages(&told);
    let times = told.iter().filter(|why| why.fields().values().any(|field| *field == "2026-01-05T00:30:00Z")).count();
    assert_eq!(times, 10, "every variant with a time in it");
}

#[test]
fn what_to_do_about_a_refusal() {
    let (tokaido, release, environment) = (|| text("tokaido --world sandbox"), || text("2026.11.0"), ENV);
    told_in_both_languages(&[
        NextStep::AddAlias { author: text("dave@example.com") },
        NextStep::NamePeople,
        NextStep::AddPeople,
        NextStep::Approve { plan: text("0a1b2c3d4e5f"), people: vec![text("alice"), text("bob")] },
        NextStep::SaveIt { environment },
        NextStep::Run { command: text("tokaido plan dev") },
        NextStep::SayWhy { letters: 10 },
        NextStep::PromoteSome { environment },
        NextStep::RestoreRelease,
        NextStep::MakeRecordsReadable { environment },
        NextStep::ChangeIt { environment },
        NextStep::NameEach { file: text("policies/logs.rego") },
        NextStep::MakeReadable { environment },
        NextStep::UseTool { cut_with: text("0.1.0") },
        NextStep::PromoteAndApply { tokaido: tokaido(), release: release(), environment },
        NextStep::TakeBack,
        NextStep::ApplyUntilDone { tokaido: tokaido(), environment },
        NextStep::PromoteOther { on: text("2026.12.0"), release: release(), tokaido: tokaido(), environment },
        NextStep::KeepAgain { tokaido: tokaido(), environment },
        NextStep::ApplyOrWatch { tokaido: tokaido(), environment },
        NextStep::WatchOnce { tokaido: tokaido(), environment },
        NextStep::SameAgain,
        NextStep::AfterSoak { environment },
        NextStep::LiftHold { tokaido: tokaido(), release: release(), environment },
        NextStep::GoBack { tokaido: tokaido(), release: release(), environment },
        NextStep::WithoutBack { tokaido: tokaido(), release: release(), environment },
        NextStep::ChooseOther { tokaido: tokaido() },
        NextStep::WithoutLift { tokaido: tokaido(), release: release(), environment },
    ]);
}

#[test]
fn gates() {
    let lease = LeaseRecord {
        schema_version: 1,
        fence: 1,
        owner: Owner { caller: text("arn:alice"), host: text("host"), pid: 7, run: text("run") },
        plan: text("0a1b2c3d4e5f"),
        acquired_at: time(),
        heartbeat_at: time(),
        expires_at: time(),
        released: false,
    };
    let refusals = || Refusals(vec![Refusal::new(Why::NotSaved, NextStep::SaveIt { environment: ENV })]);
    let content = || Content(Some(ReleaseRef { id: text("2026.11.0"), digest: text("aaaa") }));
    told_in_both_languages(&[
        Gate::WrongAccount { environment: ENV, expected: text("333333333333"), found: text("111111111111"), arn: text("arn:x") },
        Gate::OtherTarget { planned: ENV, account: text("333333333333"), environment: ENV, expected: text("1") },
        Gate::Expired { expires_at: text("2026-01-05T00:30:00Z") },
        Gate::Used { at: time() },
        Gate::OtherConfiguration { planned: short("aaaa"), now: short("bbbb") },
        Gate::OtherRelease { environment: ENV, planned: content(), now: Content(None) },
        Gate::OtherRoles,
        Gate::OtherPolicies { planned: Digest(text("aaaa")), now: Digest(String::new()) },
        Gate::Denied { plan: short("aaaa"), refusals: refusals() },
        Gate::PolicyRefuses { policy: text("bounded-logs"), place: text("policies/logs.rego:1:2") },
        Gate::NotPermitted { environment: ENV, plan: short("aaaa"), refusals: refusals() },
        Gate::Papers { problem: text("denied") },
        Gate::OtherTool { planned: text("0.1.0"), now: text("0.2.0") },
        Gate::ReleaseOfOtherTool { release: text("2026.11.0"), cut_with: text("0.1.0"), now: text("0.2.0") },
        Gate::Altered { claimed: short("aaaa"), found: short("bbbb") },
        Gate::Resealed,
        Gate::Rewritten,
        Gate::Contradicts { findings: Findings(vec![text("one"), text("two")]) },
        Gate::ReplanMismatch { what: Altered::UnknownKind { id: id("vpc.acme@tokyo") }.into() },
        Gate::OtherWorld { planned: text("sandbox"), now: text("aws") },
        Gate::Held { environment: ENV, holder: Box::new(lease), until: text("2026-01-05T00:31:00Z") },
        Gate::Fenced { reason: Said::new("the lease ran out", "リースの期限が切れました") },
        Gate::OtherFormat { found: 9, expected: 1 },
        Gate::Stale { reason: Moved::UsedNow.into() },
        Gate::NotMissing { environment: ENV, id: text("bucket.records@tokyo"), what: text("versioning") },
    ]);
    told_in_both_languages(&[Distrusted::Contradiction { findings: Findings(vec![text("one")]) }]);
}

#[test]
fn what_a_plan_is_compared_with() {
    let (id, path) = (|| id("vpc.acme@tokyo"), || text("dns_support"));
    told_in_both_languages(&[
        Moved::UsedNow,
        Moved::RefusedNow { id: id(), reason: BlockedReason::Fixed.into() },
        Moved::MadeOtherwise { id: id() },
        Moved::Gone { id: id() },
        Moved::OtherValue { id: id(), path: path(), now: Value::Bool(true), planned: Value::Bool(false) },
        Moved::OtherCause { id: id(), path: path(), recorded: Cause::Declared.into(), planned: Cause::Unknown.into() },
        Moved::InDoubt { id: id(), unanswered: Unanswered { sent: text("noon"), until: text("half past noon") } },
        Moved::Unreadable { kind: text("vpc"), region: Region::Tokyo, problem: text("denied") },
        Moved::PromiseMoved { promise: text("clock") },
        Moved::AtTheStep { id: id(), problem: Said::new("it is gone", "実環境からなくなりました") },
    ]);
    told_in_both_languages(&[Cause::Declared, Cause::Drift, Cause::Unknown, Cause::Pending, Cause::OfAws]);
    told_in_both_languages(&[
        Altered::UnknownKind { id: id() },
        Altered::NotToBeMade { id: id() },
        Altered::NotToBeDeleted { id: id() },
        Altered::NotThis { id: id(), physical: text("vpc-1") },
        Altered::NotAnything { id: id() },
        Altered::NotToBeChanged { id: id(), path: path(), after: Value::Bool(true) },
        Altered::PromiseStandsOtherwise { promise: text("clock") },
        Altered::PromisesStandOtherwise,
    ]);
}

/// The words of the operating system are English: in Japanese its kind is said, and the words follow.
#[test]
fn the_operating_system_speaks_japanese_too() {
    for (kind, expected) in [
        (io::ErrorKind::NotFound, "見つかりません（"),
        (io::ErrorKind::PermissionDenied, "権限がありません（"),
        (io::ErrorKind::IsADirectory, "フォルダーです（"),
        (io::ErrorKind::StorageFull, "ディスクに空きがありません（"),
        (io::ErrorKind::InvalidData, "内容の形式が正しくありません（"),
    ] {
        let reason = IoReason::from(io::Error::from(kind));
        let (english, japanese) = (reason.spoken(Language::En).to_string(), reason.spoken(Language::Ja).to_string());
        assert_eq!(japanese, format!("{expected}{english}）"));
        assert_eq!(serde_json::to_value(&reason).expect("text"), english, "documents have no language");
    }
    // A code of the system without a kind of its own.
    let strange = IoReason::from(io::Error::from_raw_os_error(74));
    assert!(strange.spoken(Language::Ja).to_string().starts_with("OS のエラー（"), "{strange}");
    for reason in [FileReason::NotRegular, FileReason::Pipe, FileReason::Outside] {
        assert!(!reason.say(Language::Ja).is_ascii() && reason.to_string().is_ascii(), "{reason}");
    }
}

#[test]
fn files_records_and_calls() {
    let (path, reason) = (|| text("records/1.json"), || text("no JSON"));
    let trouble = || Trouble(io::Error::other("disk full"));
    told_in_both_languages(&[Deed::Create, Deed::CreateFolder, Deed::Open, Deed::Lock, Deed::Read, Deed::Write, Deed::Repair]);
    told_in_both_languages(&[Contested::Records, Contested::Lease, Contested::Sightings]);
    for error in [
        StoreError::Io { deed: Deed::Write, path: path(), source: trouble() },
        StoreError::Contested { what: Contested::Lease, place: text("s3://records") },
    ] {
        // The word of the deed is data in a document and a word of each language in the sentence.
        assert!(!error.say(Language::Ja).is_ascii() && error.say(Language::Ja) != error.to_string(), "{error}");
    }
    let disk = StoreError::Io { deed: Deed::Write, path: path(), source: trouble() };
    assert_eq!(disk.to_string(), "cannot write records/1.json: disk full");
    assert_eq!(disk.say(Language::Ja), "records/1.json の書き込みに失敗しました: disk full");
    assert!(std::error::Error::source(&disk).is_some_and(|source| source.to_string() == "disk full"));
    let damaged = StoreError::Damaged { path: path(), reason: reason() };
    let missing = StoreError::Missing { path: path() };
    let untagged = StoreError::NoVersion { path: path() };
    for error in [damaged, missing, untagged, StoreError::NoBucket { bucket: text("records"), environment: ENV }] {
        assert!(!error.say(Language::Ja).is_ascii() && error.say(Language::Ja).contains("records"), "{error}");
    }
    assert_eq!(
        LogError::Damaged { path: text("sandbox"), line: 3, reason: reason() }.say(Language::Ja),
        "サンドボックスのファイル sandbox の 3 行目が壊れています（no JSON）。`tokaido sandbox reset` で新しく作り直せます"
    );
    told_in_both_languages(&[
        Advice::Allow { operation: text("rds:DescribeDBInstances"), principal: Principal(Some(text("arn:x"))) },
        Advice::AllowInPolicy { operation: text("kms:DescribeKey"), principal: Principal(None), policy: PolicyOf::Key },
        Advice::AllowInBoth { operation: text("kms:DescribeKey"), principal: Principal(None), policy: PolicyOf::Key },
        Advice::RenewCredentials,
        Advice::CorrectTheSecret,
        Advice::SetTheClock,
        Advice::RunAgain,
        Advice::WaitAMinute,
        Advice::CheckTheNetwork,
        Advice::TrustTheCertificate,
        Advice::AskForQuota,
        Advice::FindOutWhose,
        Advice::WaitForAws,
        Advice::RemoveUsersFirst,
        Advice::PlanAgain,
        Advice::CorrectTheValue,
        Advice::WaitForTheOther,
        Advice::AskAws,
    ]);
    let nobody = Advice::Allow { operation: text("rds:X"), principal: Principal(None) };
    assert!(nobody.say(Language::Ja).starts_with("呼び出し元のロールに rds:X を許可"), "{}", nobody.say(Language::Ja));
}

#[test]
fn what_a_person_does_by_hand() {
    let (id, name, path) = (|| id("vpc.acme@tokyo"), || text("cidr"), || text("rules[x]"));
    told_in_both_languages(&[
        ManualError::Log { error: LogError::Foreign { path: text("notes.txt") }.into() },
        ManualError::NoSuchResource { id: id() },
        ManualError::NoSuchAttribute { id: id(), name: name(), known: vec![attr("cidr"), attr("dns_support")] },
        ManualError::NoSuchElement { id: id(), path: path(), known: Elements(vec![text("rules[y]")]) },
        ManualError::Immutable {
            id: id(),
            name: name(),
            procedure: Words { en: "make a new network".into(), ja: "新しいネットワークを作成します".into() },
        },
        ManualError::Refused { code: "InvalidGroup", message: text("no such group") },
        ManualError::Value { path: path(), value: text("7"), reason: Misfit::TagIsText.into() },
    ]);
    told_in_both_languages(&[
        Misfit::LeadsNowhere { id: id() },
        Misfit::TagIsText,
        Misfit::OtherForm { problem: text("not a number") },
        Misfit::KeptInPart { kept: Value::from("kept") },
        Misfit::NotKept,
    ]);
    told_in_both_languages(&[Unwritable::NotYaml, Unwritable::NoPlace, Unwritable::Crowded]);
    let error = PinError::ByHand { place: text("dev.yaml:3:1"), why: Unwritable::NoPlace.into(), release: text("2026.11.0") };
    told_in_both_languages(&[error]);
}

/// What several have in common is said once, in the words of the language; more than a few are counted.
#[test]
fn breaks_of_a_policy_are_grouped_in_each_language() {
    let one = |index: usize| PolicyBreak {
        id: format!("bucket.b{index}@tokyo"),
        said: Said::new("no expiry", "期限がありません"),
    };
    let why = Why::PolicyRefuses { policy: text("p"), place: text("p.rego:1"), broken: Breaks((0..7).map(one).collect()) };
    let names = "bucket.b0@tokyo, bucket.b1@tokyo, bucket.b2@tokyo, bucket.b3@tokyo, bucket.b4@tokyo";
    assert_eq!(why.to_string(), format!("policy p (p.rego:1) refuses {names}: no expiry; and 2 more"));
    assert_eq!(why.say(Language::Ja), format!("ポリシー p (p.rego:1) が拒否しています: {names}: 期限がありません、ほか 2 件"));
}

/// A document keeps English sentences where it had them.
#[test]
fn a_refusal_is_two_english_sentences_in_json() {
    let refusal = Refusal::new(Why::NoRelease { environment: ENV }, NextStep::PromoteSome { environment: ENV });
    assert_eq!(
        serde_json::to_value(&refusal).expect("JSON"),
        serde_json::json!({
            "why": "no release is pinned: production is only reached by promotion",
            "next": "tokaido promote RELEASE --to production",
        })
    );
    assert_eq!(
        refusal.spoken(Language::Ja).to_string(),
        "リリースが固定されていません。production へは昇格によってのみ適用できます\n    次の手順: tokaido promote RELEASE --to production を実行してください"
    );
}

#[test]
fn why_a_statement_does_not_count() {
    let at = || "2026-01-05T00:30:00Z".parse::<jiff::Timestamp>().expect("a time");
    told_in_both_languages(&[
        Flaw::OtherBeginning { expected: "tokaido approval v1", found: text("tokaido approval v9") },
        Flaw::NoLine { name: "author" },
        Flaw::NoDecision { word: text("perhaps") },
        Flaw::NoEnvironment { word: text("test") },
        Flaw::NoReleaseDigest,
        Flaw::NoTime,
        Flaw::OtherLineEnds,
        Flaw::More,
        Flaw::NoSignature,
        Flaw::OtherPurpose { found: text("file"), expected: "tokaido-approval@v1" },
        Flaw::OtherHash,
        Flaw::Untouched,
        Flaw::OtherAlgorithm { algorithm: text("ssh-dss") },
        Flaw::NoKey { problem: text("length invalid") },
        Flaw::Altered,
        Flaw::UnknownKey { fingerprint: text("SHA256:abc") },
        Flaw::OtherSigner { named: text("carol"), signer: text("bob") },
        Flaw::OwnPlan { person: text("alice") },
        Flaw::NoRole { person: text("erin") },
        Flaw::Review,
        Flaw::OtherPlan { plan: text("0a1b2c3d4e5f") },
        Flaw::OtherTarget { environment: ENV, account: text("222222222222") },
        Flaw::OtherRelease,
        Flaw::OtherAuthor { before: text("alice"), now: text("bob") },
        Flaw::NoAuthorThen { now: text("bob") },
        Flaw::OtherRoles,
        Flaw::Future { at: at() },
        Flaw::Old { days: 30 },
        Flaw::Used { at: at() },
        Flaw::OtherCaller { before: text("role/a"), now: text("role/b") },
        Flaw::OtherEnd { before: text("today"), now: text("tomorrow") },
        Flaw::Superseded,
    ]);
}

//! Drift, findings, applies and AWS's refusals as text.

use tokaido::kinds::schemas;
use tokaido::model::{
    ApplyEvent, ApplyReport, Class, Environment, Finding, Language, Operation, Outcome, Remaining, Source, StepReport, Unreadable,
};
use tokaido::render::{Lookup, PromiseText, Style, apply, drift, errors, findings};
use tokaido::world::{Changed, ErrorClass, ProviderError};

use super::fixtures::{self, id, source};
use super::{NARROW, WIDE, golden};

fn next() -> Vec<String> {
    vec!["tokaido plan production".to_owned()]
}

#[test]
fn drift_with_and_without_a_record() {
    golden("drift_100", &drift::text(&fixtures::drift(true), &schemas(), &WIDE, &next(), Language::En));
    golden("drift_ja_60", &drift::text(&fixtures::drift(true), &schemas(), &NARROW, &next(), Language::Ja));
    golden("drift_60", &drift::text(&fixtures::drift(true), &schemas(), &NARROW, &next(), Language::En));
    let unrecorded = drift::text(&fixtures::drift(false), &schemas(), &WIDE, &next(), Language::En);
    assert!(unrecorded.contains("no record of a last apply exists"), "{unrecorded}");
    assert!(!unrecorded.contains("last applied → live"), "{unrecorded}");
    golden("drift_unrecorded_100", &unrecorded);
}

/// "Unknown" is never shown as "ok": one failed read is enough.
#[test]
fn no_drift_needs_every_read() {
    let mut report = fixtures::no_drift();
    assert!(drift::text(&report, &schemas(), &WIDE, &[], Language::En).starts_with("no drift\n"));
    golden("drift_none_100", &drift::text(&report, &schemas(), &WIDE, &[], Language::En));
    let unreadable: Unreadable = fixtures::drift(true).unreadable.remove(0);
    report.unreadable.push(unreadable);
    assert!(
        drift::text(&report, &schemas(), &WIDE, &[], Language::En)
            .starts_with("drift unknown: nothing found, but 1 read failed\n")
    );
}

#[test]
fn a_class_is_shown_when_one_resource_has_several() {
    let mut report = fixtures::no_drift();
    let mut note = fixtures::drift(true).drifted.remove(2);
    note.diffs.push(fixtures::of(Class::ServiceManaged, fixtures::diff("allocated_storage", 100, 120)));
    report.drifted.push(note);
    let text = drift::text(&report, &schemas(), &WIDE, &[], Language::En);
    assert!(text.contains("35 → 1 day (-34) [drifted]"), "{text}");
    assert!(text.contains("100 → 120 GiB (+20) [service-managed]"), "{text}");
}

fn promise(slug: &str) -> Option<PromiseText> {
    (slug == "tenant-isolation").then(|| PromiseText {
        slug: slug.to_owned(),
        clause: "6".to_owned(),
        title_en: "No tenant reaches another tenant's data".to_owned(),
        title_ja: "テナント間の分離".to_owned(),
    })
}

const NO_FILES: Lookup<'_> = Lookup { promise: &promise, quote: &|_| None, language: Language::En };

/// Mistakes of no file, in words of their own.
#[derive(Debug, Clone, tokaido_derive::Reason)]
enum Said {
    #[en("{en}")]
    #[ja("{ja}")]
    Alike { en: String, ja: String },
}

fn said(en: &str, ja: &str) -> Said {
    Said::Alike { en: en.to_owned(), ja: ja.to_owned() }
}

pub fn mistakes() -> Vec<Finding> {
    let at = |file: &str, line, column| Source { file: file.into(), line, column };
    let overlap = said(
        "tenant globex: 10.30.16.0/20 overlaps the network of tenant acme",
        "テナント globex の 10.30.16.0/20 がテナント acme のネットワークと重なっています",
    );
    let apart = said(
        "a network of its own inside 10.30.0.0/16, for example 10.30.48.0/20",
        "10.30.0.0/16 の中の別のネットワーク。例: 10.30.48.0/20",
    );
    let base = said(
        "environments/staging.yaml extends base.yaml, which is not there",
        "environments/staging.yaml が継承する base.yaml がありません",
    );
    vec![
        Finding::warning("unused", Some(&at("environments/dev.yaml", 3, 1)), said("`retire:` is empty", "`retire:` が空です")),
        Finding::error("overlap", Some(&source(31)), overlap)
            .expected(apart)
            .promise("tenant-isolation")
            .related(said("acme is written here", "acme の場所"), &source(25)),
        Finding::error(
            "unknown-key",
            Some(&at(fixtures::FILE, 9, 3)),
            said("`databse` is not a key of an environment", "`databse` は環境のキーではありません"),
        )
        .expected(said("`databases`", "`databases`")),
        Finding::error("missing-file", None, base).promise("three-environments"),
    ]
}

#[test]
fn findings_are_sorted_and_counted() {
    golden("findings_100", &findings::text(&mistakes(), &NO_FILES, &WIDE));
    golden("findings_60", &findings::text(&mistakes(), &NO_FILES, &NARROW));
    let japanese = Lookup { language: Language::Ja, ..NO_FILES };
    golden("findings_ja_100", &findings::text(&mistakes(), &japanese, &WIDE));
    assert_eq!(findings::text(&[], &NO_FILES, &WIDE), "0 errors\n");
    assert!(findings::text(&mistakes()[..1], &NO_FILES, &WIDE).ends_with("\n1 warning in 1 file\n"));
}

fn events() -> Vec<ApplyEvent> {
    let of = 47;
    let ended = |step, name: &str, operation, elapsed, outcome| ApplyEvent::StepEnded {
        step,
        of,
        id: id(name),
        operation,
        elapsed,
        outcome,
        read_back: None,
    };
    let answered = || said("AWS answered 500 to ec2:DeleteSubnet", "AWS は ec2:DeleteSubnet に 500 を返しました").into();
    let mut gone = ended(5, "subnet.old-a@tokyo", Operation::Delete, 12, Outcome::Done);
    if let ApplyEvent::StepEnded { read_back, .. } = &mut gone {
        *read_back = Some(
            said(
                "AWS answered 500 to ec2:DeleteSubnet; read back, sent again, and answered (sent 2 times)",
                "AWS は ec2:DeleteSubnet に 500 を返しました。読み直して再送し、応答がありました（送信 2 回）",
            )
            .into(),
        );
    }
    vec![
        ApplyEvent::Started { steps: of },
        ApplyEvent::StepStarted { step: 3, of, id: id("db-instance.catalog@tokyo"), operation: Operation::Create },
        ApplyEvent::Waiting {
            step: 3,
            of,
            id: id("db-instance.catalog@tokyo"),
            elapsed: 80,
            waiting_for: said("AWS says `creating`", "状態 `creating` の終了").into(),
        },
        ended(3, "db-instance.catalog@tokyo", Operation::Create, 462, Outcome::Done),
        ended(4, "vpc.main@tokyo", Operation::Update, 0, Outcome::AlreadyDone),
        ApplyEvent::ReadBack {
            step: 5,
            of,
            id: id("subnet.old-a@tokyo"),
            elapsed: 7,
            replies: answered(),
            found: said("it is still there; it is sent again", "まだ残っています。再送します").into(),
        },
        gone,
        ended(
            12,
            "security-group.globex@tokyo",
            Operation::Update,
            3,
            Outcome::Failed {
                error: said(
                    "ec2:AuthorizeSecurityGroupIngress: access-denied (UnauthorizedOperation); nothing was changed",
                    "ec2:AuthorizeSecurityGroupIngress: access-denied (UnauthorizedOperation)。何も変更していません",
                )
                .into(),
                moved: false,
                refused: true,
            },
        ),
        ended(
            13,
            "backup-vault.main@osaka",
            Operation::Create,
            60,
            Outcome::Unknown { error: said("no answer in 60 seconds", "60 秒以内に応答がありません").into() },
        ),
        ended(
            14,
            "backup-plan.main@tokyo",
            Operation::Create,
            0,
            Outcome::Skipped { because: said("step 13 is unknown", "ステップ 13 の結果が不明です").into() },
        ),
        ApplyEvent::Interrupted,
        ApplyEvent::Replanning,
    ]
}

#[test]
fn one_line_per_event() {
    let all = |style: &Style| events().iter().map(|event| apply::event(event, style, Language::En)).collect::<String>();
    golden("apply_events_100", &all(&WIDE));
    golden("apply_events_60", &all(&NARROW));
}

pub fn ended() -> ApplyReport {
    let step = |number, name: &str, operation, elapsed, outcome| StepReport {
        number,
        id: id(name),
        operation,
        elapsed,
        outcome,
        read_back: None,
    };
    let found = said(
        "no whole answer to ec2:CreateVpc came; found by its tag: vpc-0a1b2c3d",
        "ec2:CreateVpc の応答は最後まで届きませんでした。タグで見つかりました: vpc-0a1b2c3d",
    );
    let skipped = || Outcome::Skipped {
        because: said("step 4 (security-group.globex@tokyo) failed", "ステップ 4 (security-group.globex@tokyo) が失敗しました")
            .into(),
    };
    ApplyReport {
        schema_version: 1,
        environment: Environment::Production,
        account: "333333333333".to_owned(),
        world: "aws".to_owned(),
        plan: "4f1c0ffee123a8d0".to_owned(),
        steps: vec![
            step(1, "kms-key.main@tokyo", Operation::Create, 9, Outcome::Done),
            StepReport { read_back: Some(found.into()), ..step(2, "vpc.main@tokyo", Operation::Create, 4, Outcome::Done) },
            step(3, "dhcp-options.main@tokyo", Operation::Update, 0, Outcome::AlreadyDone),
            step(
                4,
                "security-group.globex@tokyo",
                Operation::Update,
                3,
                Outcome::Failed {
                    error: said(
                        "ec2:AuthorizeSecurityGroupIngress on sg-0a: access-denied; nothing was changed",
                        "ec2:AuthorizeSecurityGroupIngress (sg-0a): access-denied。何も変更していません",
                    )
                    .into(),
                    moved: false,
                    refused: true,
                },
            ),
            step(5, "db-instance.catalog@tokyo", Operation::Create, 0, skipped()),
            step(6, "backup-plan.main@tokyo", Operation::Create, 0, skipped()),
            step(
                7,
                "backup-vault.main@osaka",
                Operation::Create,
                60,
                Outcome::Unknown { error: said("no answer in 60 seconds", "60 秒以内に応答がありません").into() },
            ),
        ],
        blocked: 1,
        interrupted: false,
        remaining: Some(vec![
            Remaining { id: id("security-group.globex@tokyo"), paths: vec!["rules[ingress tcp 443 203.0.113.0/24]".to_owned()] },
            Remaining {
                id: id("db-instance.catalog@tokyo"),
                paths: vec!["backup_retention_days".to_owned(), "class".to_owned()],
            },
        ]),
        unrecorded: None,
        promises: Vec::new(),
        mutating_calls: 12,
        elapsed: 754,
    }
}

#[test]
fn an_apply_adds_up_to_its_plan() {
    golden("apply_report_100", &apply::report(&ended(), &WIDE, &next(), Language::En));
    golden("apply_report_ja_100", &apply::report(&ended(), &WIDE, &next(), Language::Ja));
    golden("apply_report_60", &apply::report(&ended(), &NARROW, &next(), Language::En));
}

#[test]
fn an_apply_says_whether_anything_is_left() {
    let mut report = ended();
    report.steps.truncate(3);
    report.blocked = 0;
    report.remaining = Some(Vec::new());
    golden("apply_clean_100", &apply::report(&report, &WIDE, &[], Language::En));
    assert!(apply::report(&report, &WIDE, &[], Language::En).starts_with("apply finished: a fresh plan is empty\n"));
    report.remaining = None;
    assert!(apply::report(&report, &WIDE, &[], Language::En).contains("what is left is not known"));
    report.interrupted = true;
    assert!(
        apply::report(&report, &WIDE, &[], Language::En)
            .starts_with("apply incomplete: it was interrupted; no fresh plan could be made\n")
    );
}

#[test]
fn a_refusal_by_aws() {
    let bare = ProviderError::new(ErrorClass::Unreachable, "rds:CreateDBInstance", "production-catalog", "connection reset");
    let full = ProviderError {
        class: ErrorClass::AccessDenied,
        principal: Some("arn:aws:sts::333333333333:assumed-role/tokaido/hanako".to_owned()),
        request_id: Some("0a1b2c3d-1111-4222-8333-444455556666".to_owned()),
        code: Some("AccessDenied".to_owned()),
        message: "User: arn:aws:sts::333333333333:assumed-role/tokaido/hanako is not authorized to perform: rds:CreateDBInstance"
            .to_owned(),
        ..bare.clone()
    };
    golden("error_100", &errors::text(&full, &WIDE, Language::En));
    golden("error_60", &errors::text(&full, &NARROW, Language::En));
    let unknown = errors::text(&ProviderError { changed: Changed::Maybe, ..bare }, &WIDE, Language::En);
    assert!(unknown.contains("not known: the request left"), "{unknown}");
    for (code, status, words) in [(None, Some(503), "HTTP 503"), (Some("Busy".to_owned()), Some(400), "Busy (HTTP 400)")] {
        let text = errors::text(&ProviderError { code, status, ..full.clone() }, &WIDE, Language::En);
        assert!(text.contains(words), "{text}");
    }
}

//! What `doctor` prints: what is fine in a line, what is not with everything a person needs.

use tokaido::doctor::{Check, Counted, EnvironmentReport, Found, Item, Label, NotAsked, Remedy, Report, names};
use tokaido::model::{Environment, Language, Said, Sentence};
use tokaido::render::{doctor, json};

use super::{NARROW, WIDE, golden};

/// Of a field that is the same in both languages.
fn told(text: &str) -> Said {
    Said::new(text, text)
}

fn report() -> Report {
    let arn = "arn:aws:sts::333333333333:assumed-role/tokaido/tokaido-production";
    let words = |words: &[&str]| names(words.iter().map(|word| (*word).to_owned()));
    let list = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let grant = Remedy::Allow { actions: list(&["kms:ListKeys"]), principal: arn.to_owned() };
    let silent = "rds:DescribeDBInstances on db-instance: unreachable: no answer in 60 seconds; called as arn:aws:sts::333333333333:assumed-role/tokaido/tokaido-production; nothing was changed";
    let mistakes =
        Found::Mistakes { environments: vec![Environment::Dev, Environment::Production], mistakes: Counted::Mistakes(1) };
    let run = |command: &str| Remedy::Run { command: command.to_owned() };
    let project = vec![
        Check::problem("files", mistakes, run("tokaido validate"))
            .sentences(Label::Mistakes, words(&["environments/dev.yaml:20:12: `db.t4g.huge` is not an instance class"])),
        Check::ok("tool", Found::WithAws { version: "0.1.0" }),
    ];
    let answered = Found::SilentInPart { silent: list(&["rds"]), heard: list(&["backup", "ec2", "kms"]) };
    let network = Said::new(
        "check the network and the endpoint, then run the same command again",
        "ネットワークとエンドポイントを確認してから、同じコマンドをもう一度実行してください",
    );
    let beyond = Item::Beyond { count: 52, kind: "db-instance", place: "tokyo".to_owned(), most: 40, title: "DB instances" };
    let production = vec![
        Check::ok("credentials", Found::Caller { arn: arn.to_owned() }),
        Check::ok("account", Found::Account { account: "333333333333".to_owned() }),
        Check::problem("clock", Found::FarBehind { seconds: 412, tolerated: 300 }, Remedy::Synchronise),
        Check::ok("tokyo", Found::Answered { services: list(&["backup", "ec2", "kms", "rds"]) }),
        Check::unknown("osaka", answered, Remedy::Advice { advice: network }).sentences(Label::Failed, words(&[silent])),
        Check::problem("permissions", Found::Denied { needed: 28, added: 64 }, grant)
            .words(Label::Denied, words(&["kms:ListKeys in tokyo and osaka"]))
            .words(Label::Failed, words(&["rds:DescribeDBInstances"]))
            .words(
                Label::Proven,
                words(&["backup:ListBackupPlans", "backup:ListBackupVaults", "ec2:DescribeVpcs", "iam:ListRoles"]),
            )
            .words(Label::NotTried, words(&["backup:GetBackupPlan", "kms:DescribeKey"])),
        Check::unknown("quotas", Found::BeyondDefaults, run("ask AWS for an increase of each"))
            .sentences(Label::BeyondDefault, vec![Sentence::from(beyond)]),
    ];
    let other = Found::Said { said: told("dev is 111111111111 and the credentials belong to 333333333333") };
    let dev = vec![
        Check::problem("account", other, run("use credentials of 111111111111")).refused(),
        tokaido::doctor::not_asked("tokyo", NotAsked::OtherAccount),
        tokaido::doctor::not_asked("osaka", NotAsked::OtherAccount),
    ];
    let of = |environment, account: &str, caller: Option<&str>, checks| EnvironmentReport {
        environment,
        account: Some(account.to_owned()),
        caller: caller.map(str::to_owned),
        checks,
    };
    let environments =
        vec![of(Environment::Dev, "111111111111", None, dev), of(Environment::Production, "333333333333", Some(arn), production)];
    Report::new("0.1.0", "aws".to_owned(), project, environments)
}

#[test]
fn problems_say_what_to_do() {
    golden("doctor_100", &doctor::text(&report(), &WIDE, &[], Language::En));
    golden("doctor_60", &doctor::text(&report(), &NARROW, &[], Language::En));
    golden("doctor_ja_100", &doctor::text(&report(), &WIDE, &[], Language::Ja));
    golden("json_doctor", &json::pretty(&report()));
}

#[test]
fn ready_is_said_when_nothing_is_in_doubt() {
    let ready = Report::new("0.1.0", "aws".to_owned(), vec![Check::ok("tool", Found::WithAws { version: "0.1.0" })], Vec::new());
    assert!(doctor::text(&ready, &WIDE, &[], Language::En).starts_with("ready: 1 check ok\n"));
    let doubt =
        Report::new("0.1.0", "aws".to_owned(), vec![Check::unknown("clock", Found::NoTime, Remedy::AskAgain)], Vec::new());
    assert!(doctor::text(&doubt, &WIDE, &[], Language::En).starts_with("not certain: 0 problems · 1 unknown · 0 ok\n"));
}

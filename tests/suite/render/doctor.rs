//! What `doctor` prints: what is fine in a line, what is not with everything a person needs.

use tokaido::doctor::{Check, EnvironmentReport, Report};
use tokaido::model::Environment;
use tokaido::render::{doctor, json};

use super::{NARROW, WIDE, golden};

fn report() -> Report {
    let arn = "arn:aws:sts::333333333333:assumed-role/tokaido/tokaido-production";
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    let grant = format!("allow kms:ListKeys for {arn}; `tokaido doctor --policies` prints the whole policy");
    let silent = "rds:DescribeDBInstances on db-instance: unreachable: no answer in 60 seconds; called as arn:aws:sts::333333333333:assumed-role/tokaido/tokaido-production; nothing was changed";
    let again = "solve what is above, then ask again";
    let project = vec![
        Check::problem("files", "dev, production: 1 mistake", "tokaido validate")
            .sentences("mistakes", words(&["environments/dev.yaml:20:12: `db.t4g.huge` is not an instance class"])),
        Check::ok("tool", "tokaido 0.1.0, with AWS"),
    ];
    let production = vec![
        Check::ok("credentials", format!("found: {arn}")),
        Check::ok("account", "333333333333, as declared"),
        Check::problem(
            "clock",
            "this machine is 412 seconds behind AWS, which refuses requests from 300 seconds on",
            "synchronise this machine's clock (NTP; on EC2 Amazon Time Sync, 169.254.169.123)",
        ),
        Check::ok("tokyo", "backup, ec2, kms, rds answered"),
        Check::unknown(
            "osaka",
            "no answer from rds; backup, ec2, kms answered",
            "check the network and the endpoint, then run the same command again",
        )
        .sentences("failed", words(&[silent])),
        Check::problem("permissions", "denied; `plan` and `drift` need 28 actions, `apply` adds 64", grant)
            .words("denied", words(&["kms:ListKeys in tokyo and osaka"]))
            .words("failed", words(&["rds:DescribeDBInstances"]))
            .words("proven", words(&["backup:ListBackupPlans", "backup:ListBackupVaults", "ec2:DescribeVpcs", "iam:ListRoles"]))
            .words("not tried", words(&["backup:GetBackupPlan", "kms:DescribeKey"])),
        Check::unknown("quotas", "more is needed than AWS grants unless asked", "ask AWS for an increase of each")
            .sentences("beyond the default", words(&["52 of kind db-instance in tokyo, default 40: `DB instances`"])),
    ];
    let dev = vec![
        Check::problem(
            "account",
            "dev is 111111111111 and the credentials belong to 333333333333",
            "use credentials of 111111111111",
        )
        .refused(),
        Check::unknown("tokyo", "not asked: this is the wrong account", again),
        Check::unknown("osaka", "not asked: this is the wrong account", again),
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
    golden("doctor_100", &doctor::text(&report(), &WIDE, &[]));
    golden("doctor_60", &doctor::text(&report(), &NARROW, &[]));
    golden("json_doctor", &json::pretty(&report()));
}

#[test]
fn ready_is_said_when_nothing_is_in_doubt() {
    let ready = Report::new("0.1.0", "aws".to_owned(), vec![Check::ok("tool", "tokaido 0.1.0")], Vec::new());
    assert!(doctor::text(&ready, &WIDE, &[]).starts_with("ready: 1 check ok\n"));
    let doubt = Report::new("0.1.0", "aws".to_owned(), vec![Check::unknown("clock", "nobody told", "ask")], Vec::new());
    assert!(doctor::text(&doubt, &WIDE, &[]).starts_with("not certain: 0 problems · 1 unknown · 0 ok\n"));
}

//! What an apply says and does between two sends of one change: the words, a hand, a stop, a refusal.

use tokaido::model::{ApplyEvent, ApplyReport, Language, Outcome, Value};
use tokaido::world::{ErrorClass, Moment};
use tokio::sync::watch;

use super::{assert_no_duplicates, production};
use crate::support::binary::Product;
use crate::support::lab::{Lab, all_done, id};

const VPC: &str = "vpc.main@tokyo";
const DATABASE: &str = "db-instance.catalog@tokyo";

/// One difference of the network to repair.
fn drifted() -> Lab {
    let lab = production();
    lab.converge();
    lab.set(&id(VPC), "dns_hostnames", &false.into()).expect("by hand");
    lab
}

/// Applies, and does this before each reading that follows a lost reply.
fn between(lab: &Lab, act: impl Fn(&watch::Sender<bool>) + Send + Sync) -> ApplyReport {
    let planned = lab.plan();
    let (stop, stopped) = watch::channel(false);
    let mut on = |event: ApplyEvent| {
        if let ApplyEvent::Waiting { waiting_for, .. } = &event
            && waiting_for.contains("to read it back")
        {
            act(&stop);
        }
    };
    lab.let_pass(&lab.session(), &planned.plan, stopped, &mut on).expect("a report")
}

fn only(report: &ApplyReport) -> &Outcome {
    let [step] = &report.steps[..] else { panic!("{report:#?}") };
    &step.outcome
}

fn failed(report: &ApplyReport) -> &str {
    let Outcome::Failed { error, moved: false, .. } = only(report) else { panic!("{report:#?}") };
    error
}

fn unknown(report: &ApplyReport) -> &str {
    let Outcome::Unknown { error } = only(report) else { panic!("{report:#?}") };
    error
}

#[test]
fn three_losses_are_the_end_and_the_words_say_what_is_known() {
    let lab = drifted();
    lab.fail("update vpc", ErrorClass::Internal, Moment::Before, 0);
    let report = lab.apply();
    let words = "sent 3 times: AWS answered 500 to sim:update vpc (3 times); read back 45s after the last: still as before: \
                 dns_hostnames; AWS may still do it; the last answer: sim:update vpc on vpc-";
    let error = unknown(&report);
    assert!(error.starts_with(words) && error.contains("next: plan again; if it repeats, ask AWS"), "{error}");
    let Outcome::Unknown { error } = only(&report) else { unreachable!() };
    let japanese = error.say(Language::Ja);
    assert!(
        japanese.starts_with("3 回送信しました: AWS は sim:update vpc に 500 を返しました（3 回）。最後の送信から 45 秒後に"),
        "{japanese}"
    );
    // 5, 15 and 45 seconds.
    assert_eq!((report.mutating_calls, report.elapsed), (3, 65), "{report:#?}");
    assert_eq!(report.remaining.as_ref().map(Vec::len), Some(1));
    lab.heal();
    lab.converge();
}

#[test]
fn each_loss_is_told_and_another_send_is_enough() {
    let lab = drifted();
    lab.fail("update vpc", ErrorClass::Internal, Moment::Before, 1);
    lab.fail("update vpc", ErrorClass::Unreachable, Moment::Before, 1);
    let report = lab.apply();
    let told = report.steps[0].read_back.as_deref();
    let words = "AWS answered 500 to sim:update vpc; no whole answer to sim:update vpc came; read back, sent again, and answered \
                 (sent 3 times)";
    assert_eq!((told, report.mutating_calls), (Some(words), 3), "{report:#?}");
    lab.assert_settled();

    // The last of the three takes effect, and only a reading shows it.
    lab.set(&id(VPC), "dns_hostnames", &false.into()).expect("by hand");
    lab.fail("update vpc", ErrorClass::Unreachable, Moment::Before, 2);
    lab.fail("update vpc", ErrorClass::Internal, Moment::After, 1);
    let report = lab.apply();
    let words =
        "no whole answer to sim:update vpc came (2 times); AWS answered 500 to sim:update vpc; read back: the value is there";
    assert_eq!((report.steps[0].read_back.as_deref(), report.mutating_calls), (Some(words), 3), "{report:#?}");
    lab.assert_settled();
}

#[test]
fn a_step_without_a_loss_says_nothing_of_it() {
    let lab = drifted();
    let report = lab.converge();
    assert!(report.steps.iter().all(|step| step.read_back.is_none()), "{report:#?}");
}

/// AWS refuses what is sent again: that is an answer, and the loss before it is told too.
#[test]
fn a_refusal_of_the_second_send_ends_the_step() {
    for class in [ErrorClass::AccessDenied, ErrorClass::Invalid, ErrorClass::Quota, ErrorClass::InUse, ErrorClass::Throttled] {
        let lab = drifted();
        lab.fail("update vpc", ErrorClass::Internal, Moment::Before, 1);
        lab.fail("update vpc", class, Moment::Before, 1);
        let report = lab.apply();
        let words = "AWS answered 500 to sim:update vpc; read back: still as before: dns_hostnames; sent again, and refused: \
                     sim:update vpc on vpc-";
        let error = failed(&report);
        assert!(error.starts_with(words) && error.contains("nothing was changed; next: "), "{class:?}: {error}");
        assert_eq!(report.mutating_calls, 2, "{class:?}");
        lab.converge();
    }
}

/// A first answer that is a refusal ends the step, as ever.
#[test]
fn a_refusal_is_never_sent_again() {
    for class in ErrorClass::ALL.into_iter().filter(|class| !class.is_inconclusive() && *class != ErrorClass::Busy) {
        let lab = drifted();
        lab.fail("update vpc", class, Moment::Before, 1);
        let report = lab.apply();
        assert!(failed(&report).starts_with("sim:update vpc on vpc-"), "{class:?}: {report:#?}");
        assert_eq!((report.mutating_calls, report.elapsed), (1, 0), "{class:?}");
    }
}

/// After a loss, "it is there already" may be the echo of the call whose reply was lost: a reading decides.
#[test]
fn an_echo_of_the_lost_call_is_no_refusal() {
    for class in [ErrorClass::AlreadyExists, ErrorClass::NotFound] {
        let lab = drifted();
        lab.fail("update vpc", ErrorClass::Unreachable, Moment::Before, 1);
        lab.fail("update vpc", class, Moment::Before, 1);
        let report = lab.apply();
        assert!(all_done(&report), "{class:?}: {report:#?}");
        let told = report.steps[0].read_back.as_deref().expect("words");
        assert!(told.contains(&format!("AWS answered {} to sim:update vpc; read back", class.as_str())), "{told}");
        lab.assert_settled();
    }
}

/// The same of what a create has set, and its object does not show yet.
#[test]
fn an_echo_of_a_create_is_no_refusal() {
    let lab = production();
    lab.fail("create iam-role", ErrorClass::Unreachable, Moment::Midway, 1);
    lab.fail("update iam-role", ErrorClass::AlreadyExists, Moment::Before, 1);
    let report = lab.converge();
    let told: Vec<&str> = report.steps.iter().filter_map(|step| step.read_back.as_deref()).collect();
    let [told] = told[..] else { panic!("{told:#?}") };
    assert!(told.starts_with("no whole answer to sim:create iam-role came; found by its tag: "), "{told}");
    let end = "; then AWS answered already-exists to sim:update iam-role; read back, sent again, and answered (sent 2 times)";
    assert!(told.ends_with(end), "{told}");
    assert_no_duplicates(&lab);
}

/// What a create left undone, and what three updates could not finish: the object is there, and the words say what is not.
#[test]
fn a_create_that_cannot_be_finished_says_what_is_missing() {
    let lab = production();
    lab.fail("create iam-role", ErrorClass::Internal, Moment::Midway, 1);
    lab.fail("update iam-role", ErrorClass::Internal, Moment::Before, 3);
    let report = lab.apply();
    let unknown = report.steps.iter().find_map(|step| match &step.outcome {
        Outcome::Unknown { error } => Some(error),
        _ => None,
    });
    let error = unknown.expect("a step whose end is not known");
    assert!(error.starts_with("it was created, and the next plan finishes ") && error.contains(": sent 3 times: "), "{error}");
    lab.converge();
    assert_no_duplicates(&lab);
}

#[test]
fn a_value_that_somebody_set_between_two_sends_is_not_overwritten() {
    let lab = production();
    lab.converge();
    lab.set(&id(DATABASE), "backup_retention_days", &1.into()).expect("by hand");
    lab.fail("update db-instance", ErrorClass::Internal, Moment::Before, 1);
    let report = between(&lab, |_| lab.set(&id(DATABASE), "backup_retention_days", &7.into()).expect("by hand"));
    let words = "AWS answered 500 to sim:update db-instance; read back: backup_retention_days is 7 now and was 1 when the plan was \
                 made; plan again";
    assert_eq!((failed(&report), report.mutating_calls), (words, 1));
    assert_eq!(lab.row(&id(DATABASE)).attributes.int(crate::support::attr("backup_retention_days")), Some(7));
    lab.converge();
}

/// What appeared between two sends is in no difference, and stays.
#[test]
fn what_somebody_added_between_two_sends_stays() {
    let lab = production();
    lab.converge();
    let group = id("security-group.acme@tokyo");
    let rules = || lab.row(&group).attributes[crate::support::attr("rules")].as_list().map_or(0, <[Value]>::len);
    let before = rules();
    assert!(before > 0);
    lab.set(&group, "rules[ingress tcp 443 203.0.113.0/24]", &Value::Null).expect("by hand");
    lab.fail("update security-group", ErrorClass::Unreachable, Moment::Before, 1);
    let rule = r#"{"direction":"ingress","protocol":"tcp","from":22,"to":22,"peer":"198.51.100.0/24"}"#;
    let report = between(&lab, |_| {
        lab.set(&group, "rules[+]", &serde_json::from_str(rule).expect("a rule")).expect("by hand");
        lab.set(&group, "tags[team]", &Value::from("theirs")).expect("by hand");
    });
    assert!(all_done(&report), "{report:#?}");
    assert_eq!((rules(), report.remaining.as_ref().map(Vec::len)), (before + 1, Some(1)), "{report:#?}");
    assert_eq!(lab.row(&group).tags.get("team").map(tokaido::model::Shared::as_str), Some("theirs"));
    lab.converge();
}

/// Somebody takes our tags away between two sends: what is not ours is not changed.
#[test]
fn what_is_no_longer_ours_is_not_sent_again() {
    let lab = drifted();
    lab.fail("update vpc", ErrorClass::Internal, Moment::Before, 1);
    let report = between(&lab, |_| lab.set(&id(VPC), "tags[tokaido:id]", &Value::Null).expect("by hand"));
    let error = failed(&report);
    let begins = error.starts_with("AWS answered 500 to sim:update vpc; read back: vpc-");
    assert!(begins && error.ends_with(" does not carry our tags any more; plan again"), "{error}");
    assert_eq!(report.mutating_calls, 1);
}

#[test]
fn a_stop_during_the_pause_sends_nothing_more_and_reads_once() {
    let lab = drifted();
    lab.fail("update vpc", ErrorClass::Internal, Moment::Before, 1);
    let report = between(&lab, |stop| _ = stop.send(true));
    let words = "AWS answered 500 to sim:update vpc; read back: still as before: dns_hostnames; it was not sent again, because you \
                 stopped the apply";
    assert_eq!((unknown(&report), report.mutating_calls, report.interrupted), (words, 1, true));
    lab.converge();

    lab.set(&id(VPC), "dns_hostnames", &false.into()).expect("by hand");
    lab.fail("update vpc", ErrorClass::Internal, Moment::After, 1);
    let report = between(&lab, |stop| _ = stop.send(true));
    assert_eq!((only(&report), report.interrupted), (&Outcome::Done, true), "the reading shows it: {report:#?}");
    lab.assert_settled();

    // A reading that fails tells nothing, and the wait ends with the stop.
    lab.set(&id(VPC), "dns_hostnames", &false.into()).expect("by hand");
    lab.fail("update vpc", ErrorClass::Unreachable, Moment::After, 1);
    let report = between(&lab, |stop| {
        lab.fail("read vpc", ErrorClass::Unreachable, Moment::Before, 1);
        let _ = stop.send(true);
    });
    let words =
        "no whole answer to sim:update vpc came, and what came of it is not known: you stopped waiting; AWS goes on by itself";
    assert_eq!(unknown(&report), words);
    lab.assert_settled();
}

/// The list that looks for what a create made is itself not always answered.
#[test]
fn the_search_for_a_create_goes_on_when_a_list_fails_and_says_when_it_may_not_look() {
    for (class, found) in [(ErrorClass::Throttled, true), (ErrorClass::Unreachable, true), (ErrorClass::AccessDenied, false)] {
        let lab = production();
        let planned = lab.plan();
        lab.fail("create vpc", ErrorClass::Unreachable, Moment::After, 1);
        let (_go, stop) = watch::channel(false);
        let mut on = |event: ApplyEvent| {
            if matches!(event, ApplyEvent::Started { .. }) {
                // The apply has read everything by now.
                lab.fail("list vpc", class, Moment::Before, 3);
            }
        };
        let report = lab.let_pass(&lab.session(), &planned.plan, stop, &mut on).expect("a report");
        if found {
            assert!(all_done(&report), "{class:?}: {report:#?}");
        } else {
            let words = "no whole answer to sim:create vpc came; it could not be looked for (sim:list vpc on all: access-denied";
            let says = |outcome: &Outcome| matches!(outcome, Outcome::Unknown { error } if error.starts_with(words));
            assert!(report.steps.iter().any(|step| says(&step.outcome)), "{report:#?}");
            lab.heal();
            lab.wait(jiff::SignedDuration::from_mins(6));
            lab.converge();
        }
        assert_no_duplicates(&lab);
    }
}

/// The same with the binary: live lines, JSON events, the report in both languages, and a fault in the middle of a call.
#[test]
fn the_report_and_the_live_output_tell_it() {
    let product = Product::applied("dev");
    let broken = || {
        product.expect(0, &["sandbox", "--env", "dev", "set", DATABASE, "backup_retention_days", "1"]);
        product.expect(0, &["sandbox", "--env", "dev", "set", DATABASE, "tags[tokaido:tenant]", "globex"]);
    };
    broken();
    product.expect(0, &["sandbox", "fail", "update db-instance", "internal", "--times", "1", "--midway"]);
    let applied = product.expect(0, &["apply", "dev", "--yes"]);
    let words = "AWS answered 500 to sim:update db-instance; read back, sent again, and answered (sent 2 times)";
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat(&applied.out).contains(&format!("Read back (1): a reply was lost, and the step ended well ✓ [1] update {DATABASE}"))
    );
    assert!(flat(&applied.out).contains(words), "{applied:#?}");
    let live = flat(&applied.err);
    assert!(live.contains("a moment, to read it back (AWS answered 500 to sim:update db-instance)"), "{live}");
    assert!(
        live.contains(&format!("read back {DATABASE}: AWS answered 500 to sim:update db-instance; still as before: ")),
        "{live}"
    );
    assert!(live.contains(&format!("updated {DATABASE}: {words}")), "{live}");

    broken();
    product.expect(0, &["sandbox", "fail", "update db-instance", "unreachable", "--times", "1", "--after"]);
    let applied = product.expect(0, &["apply", "dev", "--yes", "--format", "json"]);
    let words = "no whole answer to sim:update db-instance came; read back: the value is there";
    assert_eq!(applied.json()["steps"][0]["read_back"], words, "{applied:#?}");
    let events: Vec<serde_json::Value> = applied.err.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let read_back = events.iter().find(|event| event["event"] == "read-back").expect("an event");
    assert_eq!((&read_back["id"], &read_back["found"]), (&DATABASE.into(), &"the value is there".into()), "{read_back}");
    let end = events.iter().find(|event| event["event"] == "step-ended").expect("an event");
    assert_eq!((&end["outcome"], &end["read_back"]), (&"done".into(), &words.into()), "{end}");

    // A read has no middle.
    let refused = product.run(&["sandbox", "fail", "read vpc", "internal", "--midway"]);
    assert!(refused.code == 1 && refused.err.contains("`read vpc` has no middle"), "{refused:#?}");
}

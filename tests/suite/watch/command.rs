//! `tokaido watch` as a timer and as a service run it. No round ever changes a resource.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::running::Running;
use crate::support::binary::{Product, Ran, apply, changed, ended};

const DATABASE: &str = "db-instance.catalog@tokyo";

fn lines(ran: &Ran) -> Vec<Value> {
    ran.out.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn names(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["event"].as_str().expect("an event")).collect()
}

/// Looks once; only sightings are new afterwards, the world and its records are the same bytes.
fn once(product: &Product, code: i32, words: &[&str]) -> Vec<Value> {
    let before = product.bytes();
    let ran = product.expect(code, &[&["watch", "--once"][..], words].concat());
    let touched: Vec<PathBuf> = changed(&before, &product.bytes());
    let sightings = |path: &PathBuf| path.to_string_lossy().contains("/watch/");
    assert!(touched.iter().all(sightings), "{touched:?}");
    let events = lines(&ran);
    for event in &events {
        assert_eq!(event["mutating_calls"], 0, "{event}");
    }
    events
}

fn open(event: &Value) -> Vec<String> {
    let still = event["open"].as_array().expect("what is open");
    let said = |open: &Value| {
        let of = |name: &str| open[name].as_str().unwrap_or_default().to_owned();
        let who = [of("id"), of("promise"), of("kind")].concat();
        format!("{} {who}", of("open"))
    };
    still.iter().map(said).collect()
}

fn advance(product: &Product, time: &str) {
    product.expect(0, &["sandbox", "advance", time]);
}

#[test]
fn a_timer_sees_drift_appear_and_go() {
    let product = Product::applied("production");
    let first = once(&product, 0, &["production"]);
    assert_eq!((names(&first), &first[0]["open"]), (vec!["transition"], &serde_json::json!([])));
    assert!(first[0]["calls"].as_u64().expect("a count") > 10);
    for _ in 0..2 {
        advance(&product, "15m");
        let beat = once(&product, 0, &["production"]);
        assert_eq!((names(&beat), &beat[0]["since"]), (vec!["heartbeat"], &first[0]["record"]));
    }
    product.expect(0, &["sandbox", "set", DATABASE, "backup_retention_days", "1"]);
    advance(&product, "15m");
    let events = once(&product, 4, &["production"]);
    assert_eq!(names(&events), ["transition"]);
    assert_eq!(open(&events[0]), [format!("drifted {DATABASE}"), "promise point-in-time-recovery".to_owned()]);
    assert_eq!((&events[0]["open"][0]["before"], &events[0]["open"][0]["after"]), (&35.into(), &1.into()));
    assert_eq!(events[0]["appeared"].as_array().map(Vec::len), Some(2));
    // A restart, for that is what a timer does each time, sees the same.
    advance(&product, "15m");
    let beat = once(&product, 4, &["production"]);
    assert_eq!((names(&beat), &beat[0]["open"]), (vec!["heartbeat"], &2.into()));
    product.expect(0, &apply("production"));
    let mended = once(&product, 0, &["production"]);
    assert_eq!((names(&mended), open(&mended[0]).len()), (vec!["transition"], 0));
    assert_eq!(mended[0]["went"].as_array().map(Vec::len), Some(2));
    // Nobody comes for five hours.
    advance(&product, "5h");
    let late = once(&product, 0, &["production"]);
    assert_eq!((names(&late), &late[0]["seconds"]), (vec!["gap", "heartbeat"], &18_000.into()));
    assert_eq!((&late[0]["from"], &late[0]["until"]), (&mended[0]["at"], &late[1]["at"]));
    let status = product.reads_only(0, &["status", "production", "--format", "json"]).json();
    let watch = &status["environments"][0]["watch"];
    assert_eq!((&watch["clean_since"], &watch["last_look"]), (&mended[0]["at"], &late[1]["at"]));
    assert_eq!((watch["gaps"].as_array().map(Vec::len), &watch["gap_seconds"]), (Some(1), &18_000.into()));
    let text = product.reads_only(0, &["status", "production"]).out;
    assert!(text.contains("clean since") && text.contains("1 in the last 7 days, 5h together"), "{text}");
    assert!(product.reads_only(0, &["status", "dev"]).out.contains("watched       never"));
}

/// A whole day in a second: 96 looks, 95 heartbeats, no gap.
#[test]
fn a_day_is_about_a_hundred_small_objects() {
    let product = Product::applied("dev");
    for number in 0..24 {
        let events = once(&product, 0, &["dev", "--every", "1h"]);
        assert_eq!(names(&events), [if number == 0 { "transition" } else { "heartbeat" }], "{number}");
        advance(&product, "1h");
    }
    let folder = product.path().join("world.jsonl.store/dev/watch");
    let files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("days")
        .flat_map(|day| fs::read_dir(day.expect("a day").path()).expect("sightings"))
        .map(|file| file.expect("a file").path())
        .collect();
    assert_eq!(files.len(), 24);
    let beats = files.iter().filter(|file| fs::metadata(file).expect("a file").len() < 400).count();
    assert!(beats >= 23, "a heartbeat is small");
}

#[test]
fn nothing_that_goes_wrong_is_quiet_and_nothing_stays_wrong() {
    let product = Product::applied("production");
    product.expect(0, &["sandbox", "set", DATABASE, "backup_retention_days", "1"]);
    let before = open(&once(&product, 4, &["production"])[0]);
    let blind = |what: &[&str], class: &str, code: i32| {
        product.expect(0, what);
        let events = once(&product, code, &["production"]);
        assert_eq!((names(&events), &events[0]["blind"]["class"]), (vec!["transition"], &class.into()), "{what:?}");
        assert_eq!(open(&events[0]), before, "a blind look closes nothing");
        assert_eq!(names(&once(&product, code, &["production"])), ["heartbeat"], "told once");
        product.expect(0, &["sandbox", "heal"]);
    };
    blind(&["sandbox", "fail", "caller", "expired-credentials"], "expired-credentials", 1);
    blind(&["sandbox", "fail", "caller", "throttled"], "throttled", 1);
    blind(&["sandbox", "fail", "caller", "unreachable"], "unreachable", 1);
    let healed = once(&product, 4, &["production"]);
    assert_eq!((names(&healed), healed[0].get("blind")), (vec!["transition"], None));
    assert_eq!(open(&healed[0]), before);

    // Osaka is gone: Tokyo is seen, and mended meanwhile; what was known of Osaka is unknown, not well.
    product.expect(0, &["sandbox", "fail", "@osaka", "unreachable"]);
    let events = once(&product, 4, &["production"]);
    assert_eq!((names(&events), events[0].get("blind")), (vec!["transition"], None));
    let said = open(&events[0]);
    assert!(said.contains(&format!("drifted {DATABASE}")), "Tokyo is not hidden: {said:?}");
    assert!(said.contains(&"unreadable kms-key".to_owned()) && said.contains(&"promise recovery-copies".to_owned()), "{said:?}");
    product.expect(0, &["sandbox", "heal"]);
    assert_eq!(open(&once(&product, 4, &["production"])[0]), before);
    // One kind is throttled in one region: undetermined, and drift is worse than that.
    product.expect(0, &["sandbox", "fail", "list kms-key@osaka", "throttled"]);
    let events = once(&product, 4, &["production"]);
    let unread: Vec<&Value> =
        events[0]["open"].as_array().expect("open").iter().filter(|open| open["open"] == "unreadable").collect();
    assert_eq!(unread.len(), 1, "{unread:?}");
    assert_eq!((&unread[0]["kind"], &unread[0]["region"]), (&"kms-key".into(), &"ap-northeast-3".into()));
    product.expect(0, &["sandbox", "heal"]);
    once(&product, 4, &["production"]);

    // A file that somebody is in the middle of writing.
    let path = product.path().join("environments/production.yaml");
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(&path, text.replacen("db.m7g.large", "not-a-class", 1)).expect("a file");
    let events = once(&product, 1, &["production"]);
    assert_eq!(events[0]["blind"]["class"], "files");
    let words = events[0]["blind"]["words"].as_str().expect("words");
    assert!(words.contains("environments/production.yaml:") && words.contains("not-a-class"), "{words}");
    assert_eq!((open(&events[0]), events[0].get("account")), (before.clone(), None));
    // The others are looked at as ever.
    let all = once(&product, 1, &[]);
    let of = |environment: &str| all.iter().find(|event| event["environment"] == environment).expect("a line");
    assert_eq!((of("production")["event"].as_str(), of("dev")["event"].as_str()), (Some("heartbeat"), Some("transition")));
    assert!(of("dev").get("blind").is_none() && of("staging").get("blind").is_none());
    fs::write(&path, text).expect("a file");
    assert_eq!(open(&once(&product, 4, &["production"])[0]), before);
}

#[test]
fn credentials_of_another_account_see_nothing() {
    let product = Product::applied("production");
    once(&product, 0, &["production"]);
    product.expect(0, &["sandbox", "account", "999999999999"]);
    let events = once(&product, 5, &["production"]);
    assert_eq!((names(&events), &events[0]["blind"]["class"]), (vec!["transition"], &"wrong-account".into()));
    assert_eq!(events[0]["calls"], 1, "STS alone was asked");
    product.expect(0, &["sandbox", "account", "333333333333"]);
    let events = once(&product, 0, &["production"]);
    assert_eq!((names(&events), events[0].get("blind")), (vec!["transition"], None));
}

/// Another clock than the world's would make records that hide every gap until its time.
#[test]
fn without_the_worlds_clock_nothing_is_recorded() {
    let product = Product::applied("dev");
    once(&product, 0, &["dev"]);
    let aside = product.path().join("aside.jsonl");
    fs::rename(product.world(), &aside).expect("a world");
    fs::write(product.world(), "no world\n").expect("a file");
    let before = product.bytes();
    let events = lines(&product.expect(1, &["watch", "dev", "--once"]));
    assert_eq!(names(&events), ["unrecorded"]);
    assert_eq!(changed(&before, &product.bytes()), Vec::<PathBuf>::new());
    fs::rename(&aside, product.world()).expect("a world");
    advance(&product, "15m");
    assert_eq!(names(&once(&product, 0, &["dev"])), ["heartbeat"]);
}

/// Where nothing can be written down, that is said, and for the history nobody looked.
#[test]
fn a_look_that_cannot_be_written_down_is_none() {
    let product = Product::applied("dev");
    once(&product, 0, &["dev"]);
    let folder = product.path().join("world.jsonl.store/dev/watch");
    let aside = product.path().join("world.jsonl.store/dev/kept");
    fs::rename(&folder, &aside).expect("a folder");
    fs::write(&folder, "in the way").expect("a file");
    advance(&product, "15m");
    let ran = product.expect(1, &["watch", "dev", "--once"]);
    let events = lines(&ran);
    assert_eq!((names(&events), &events[0]["open"]), (vec!["unrecorded"], &serde_json::json!([])));
    assert!(ran.err.contains("could not be written down"), "{}", ran.err);
    fs::remove_file(&folder).expect("a file");
    fs::rename(&aside, &folder).expect("a folder");
    advance(&product, "15m");
    assert_eq!(names(&once(&product, 0, &["dev"])), ["gap", "heartbeat"]);
}

/// What nobody can read is unknown, and hides neither the rest of the environment nor the others.
#[test]
fn a_damaged_sighting_does_not_blank_the_board() {
    let product = Product::applied("dev");
    let record = once(&product, 0, &["dev"])[0]["record"].as_str().expect("a place").to_owned();
    let path = product.path().join("world.jsonl.store/dev/watch").join(format!("{record}.json"));
    fs::write(&path, "{").expect("a file");
    let ran = product.reads_only(1, &["status"]);
    let name = format!("dev/watch/{record}.json");
    for said in ["watched       unknown: ", "staging", "production", "proven clean"] {
        assert!(ran.out.contains(said), "{said}: {}", ran.out);
    }
    assert!(ran.err.contains(&name) && !ran.err.contains("nothing was changed"), "{}", ran.err);
    let status = product.reads_only(1, &["status", "--format", "json"]).json();
    let of = |index: usize| &status["environments"][index];
    assert_eq!((of(0)["watch"].is_null(), of(1)["watch_problem"].is_null()), (true, true));
    assert!(of(0)["watch_problem"].as_str().expect("why").contains(&name), "{status}");
}

/// Two watchers of one environment at the same moment, ten times: each change is one transition.
#[test]
fn two_watchers_write_a_transition_once() {
    let product = Product::applied("dev");
    let mut told = 0;
    for round in 0..5 {
        let days = (2 + round).to_string();
        product.expect(0, &["sandbox", "--env", "dev", "set", DATABASE, "backup_retention_days", &days]);
        let both = [0, 1].map(|_| product.command(&["watch", "dev", "--once"]).spawn().expect("the binary starts"));
        let events: Vec<Value> = both.into_iter().flat_map(|child| lines(&ended(child))).collect();
        let mut names = names(&events);
        names.sort_unstable();
        assert_eq!(names, ["heartbeat", "transition"], "round {round}");
        told += events.iter().filter(|event| event["event"] == "transition").count();
    }
    assert_eq!(told, 5);
}

#[test]
fn a_service_looks_again_and_again_and_outlives_everything_but_a_signal() {
    let product = Product::applied("dev");
    let world = fs::read(product.world()).expect("a world");
    let mut running = Running::start(&product, &["dev", "--every", "1s"], &[]);
    running.note("simulated AWS");
    let first = running.event();
    assert_eq!((&first["event"], &first["open"]), (&"transition".into(), &serde_json::json!([])));
    assert_eq!(fs::read(product.world()).expect("a world"), world, "looking leaves no trace in the world");

    let dev = |words: &[&str]| product.expect(0, &[&["sandbox", "--env", "dev"][..], words].concat());
    dev(&["set", DATABASE, "deletion_protection", "false"]);
    assert_eq!(open(&running.event())[0], format!("drifted {DATABASE}"));
    dev(&["fail", "caller", "expired-credentials"]);
    assert_eq!(running.event()["blind"]["class"], "expired-credentials");
    dev(&["heal"]);
    let seen = running.event();
    assert_eq!((seen.get("blind"), open(&seen)[0].clone()), (None, format!("drifted {DATABASE}")));
    let path = product.path().join("environments/dev.yaml");
    let text = fs::read_to_string(&path).expect("a file");
    fs::write(&path, "schema: nonsense\n").expect("a file");
    assert_eq!(running.event()["blind"]["class"], "files");
    fs::write(&path, &text).expect("a file");
    assert!(running.event().get("blind").is_none());

    // Killed in the middle of whatever it does, and started again: the history goes on, nothing is told twice.
    running.signal("KILL");
    assert_eq!(running.ended(), (Vec::new(), None));
    let mut running = Running::start(&product, &["dev", "--every", "1s"], &[]);
    running.note("watching dev every 1s");
    dev(&["set", DATABASE, "deletion_protection", "true"]);
    let event = running.event();
    assert_eq!((&event["event"], open(&event).len()), (&"transition".into(), 0), "{event}");
    assert_eq!(event["went"].as_array().map(Vec::len), Some(2));
    running.signal("TERM");
    running.note("stopping after the calls in flight");
    assert_eq!(running.ended(), (Vec::new(), Some(0)));
    // A hundred killed processes leave at most what they wrote whole.
    for _ in 0..8 {
        let mut running = Running::start(&product, &["dev", "--every", "1s"], &[]);
        std::thread::sleep(std::time::Duration::from_millis(40));
        running.signal("KILL");
        running.ended();
    }
    assert_eq!(names(&once(&product, 0, &["dev"])), ["heartbeat"]);
}

#[test]
fn wrong_usage_is_said_without_a_secret() {
    let product = Product::new();
    for (words, said) in [
        (&["watch", "--metrics", "0.0.0.0:9464"][..], "not of this machine alone"),
        (&["watch", "--metrics", "localhost"], "127.0.0.1:9464"),
        (&["watch", "--every", "48h"], "1m to 24h"),
        (&["watch", "--every", "0s"], "1m to 24h"),
        (&["watch", "prod"], "dev, staging and production"),
        (&["watch", "--once", "--webhook", "http://hooks.example.com/s3cr3t"], "without encryption"),
        (&["watch", "--once", "--webhook", "https://me:s3cr3t@hooks.example.com/"], "TOKAIDO_WEBHOOK_SECRET"),
    ] {
        let ran = product.reads_only(64, words);
        assert!(ran.err.contains(said) && !ran.err.contains("s3cr3t"), "{words:?}: {}", ran.err);
        assert!(ran.out.is_empty());
    }
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tokaido"));
    command.env_clear().current_dir(product.path()).args(["--world", "aws", "watch", "--every", "30s"]);
    let ran = crate::support::binary::ran(command);
    assert!(ran.code == 64 && ran.err.contains("--every 1m"), "{ran:?}");
    let mut command = product.command(&["watch", "--once"]);
    command.env("TOKAIDO_WEBHOOK", "http://hooks.example.com/s3cr3t");
    let ran = crate::support::binary::ran(command);
    assert_eq!(ran.code, 64);
    assert!(!ran.err.contains("s3cr3t"), "{}", ran.err);
}

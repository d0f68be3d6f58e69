//! What Prometheus reads, scraped and parsed.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use super::running::Running;
use crate::support::binary::Product;

fn ask(address: &str, request: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
    write!(stream, "{request} HTTP/1.1\r\nhost: {address}\r\n\r\n").expect("a request");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("an answer");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    (head.to_owned(), body.to_owned())
}

/// Every sample by its name with labels. Each line is a comment or a sample, each family has a type and a help text.
fn samples(address: &str) -> BTreeMap<String, f64> {
    let (head, body) = ask(address, "GET /metrics");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("application/openmetrics-text"), "{head}");
    assert!(body.ends_with("# EOF\n"), "{body}");
    let typed: Vec<&str> = body.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    for name in &typed {
        assert!(body.contains(&format!("# HELP {name} ")), "{name} has no help");
    }
    let mut found = BTreeMap::new();
    for line in body.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').expect("a sample");
        let family = name.split('{').next().expect("a name");
        assert!(typed.contains(&family.trim_end_matches("_total")), "{family} has no type");
        assert!(found.insert(name.to_owned(), value.parse().expect("a number")).is_none(), "{name} twice");
    }
    found
}

/// Waits until the page says so.
fn until(address: &str, name: &str, value: f64) -> BTreeMap<String, f64> {
    for _ in 0..600 {
        let found = samples(address);
        if found.get(name).is_some_and(|found| (found - value).abs() < 0.5) {
            return found;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{name} did not become {value}: {:#?}", samples(address));
}

#[test]
fn prometheus_reads_how_it_stands() {
    let product = Product::applied("dev");
    let mut running = Running::start(&product, &["dev", "--every", "1s", "--metrics", "127.0.0.1:0"], &[]);
    let note = running.note("metrics on http://");
    let address = note.trim_start_matches("metrics on http://").trim_end_matches("/metrics").to_owned();
    let first = until(&address, r#"tokaido_watch_open{environment="dev",what="promise"}"#, 0.0);
    let of = |samples: &BTreeMap<String, f64>, name: &str| samples.get(name).copied().unwrap_or(-1.0);
    let at = of(&first, r#"tokaido_watch_last_look_timestamp_seconds{environment="dev"}"#);
    assert!((1_793_491_200.0..1_793_500_000.0).contains(&at), "the world's clock: {at}");
    let kept = r#"tokaido_watch_promises{environment="dev",state="kept"}"#;
    assert!(of(&first, kept) > 5.0, "{first:#?}");
    assert!((of(&first, &recovery("kept")) - 1.0).abs() < f64::EPSILON, "{first:#?}");
    let mutating =
        first.iter().filter(|(name, _)| name.starts_with("tokaido_watch_calls_total") && name.contains(r#"mutating="true""#));
    assert_eq!(mutating.count(), 0);

    product.expect(0, &["sandbox", "--env", "dev", "set", "db-instance.catalog@tokyo", "deletion_protection", "false"]);
    let open = until(&address, r#"tokaido_watch_open{environment="dev",what="drifted"}"#, 1.0);
    assert!((of(&open, &recovery("broken")) - 1.0).abs() < f64::EPSILON && of(&open, &recovery("kept")) < 0.0, "{open:#?}");
    // Blind: whatever was kept is unknown, and what was open is open.
    product.expect(0, &["sandbox", "fail", "caller", "expired-credentials"]);
    let blind = until(&address, r#"tokaido_watch_seen{environment="dev"}"#, 0.0);
    assert!(
        (of(&blind, kept)).abs() < f64::EPSILON && (of(&blind, &recovery("unknown")) - 1.0).abs() < f64::EPSILON,
        "{blind:#?}"
    );
    // What was seen broken is that still; nothing else is said to be anything.
    let states = blind.keys().filter(|name| name.contains("promise_state") && !name.contains(r#"state="unknown""#));
    assert_eq!(states.collect::<Vec<_>>(), [&recovery("broken")], "{blind:#?}");
    assert!((of(&blind, r#"tokaido_watch_open{environment="dev",what="drifted"}"#) - 1.0).abs() < f64::EPSILON);
    assert!(of(&blind, r#"tokaido_watch_failures_total{environment="dev",class="expired-credentials"}"#) >= 1.0);
    assert!(of(&blind, r#"tokaido_watch_looks_total{environment="dev",outcome="seen"}"#) >= 2.0);
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &["sandbox", "advance", "3h"]);
    let healed = until(&address, r#"tokaido_watch_gap_seconds_total{environment="dev"}"#, 10_800.0);
    assert!((of(&healed, r#"tokaido_watch_seen{environment="dev"}"#) - 1.0).abs() < f64::EPSILON);

    assert!(ask(&address, "GET /").0.starts_with("HTTP/1.1 404"));
    assert!(ask(&address, "POST /metrics").0.starts_with("HTTP/1.1 405"));
    // A second one cannot take the same port, and says so.
    let taken = product.expect(1, &["watch", "dev", "--once", "--metrics", &address]);
    assert!(taken.err.contains("metrics cannot be served on"), "{}", taken.err);
    running.signal("TERM");
    assert_eq!(running.ended().1, Some(0));
}

fn served(product: &Product) -> (Running, String) {
    let running = Running::start(product, &["dev", "--every", "1s", "--metrics", "127.0.0.1:0"], &[]);
    let note = running.note("metrics on http://");
    (running, note.trim_start_matches("metrics on http://").trim_end_matches("/metrics").to_owned())
}

fn recovery(state: &str) -> String {
    format!(r#"tokaido_watch_promise_state{{environment="dev",promise="point-in-time-recovery",state="{state}"}}"#)
}

const DATABASE: &str = "db-instance.catalog@tokyo";

/// What was seen broken is broken until somebody sees that it is not, and unknown besides.
#[test]
fn a_read_that_fails_resolves_no_alert() {
    let product = Product::applied("dev");
    product.expect(0, &["sandbox", "--env", "dev", "set", DATABASE, "deletion_protection", "false"]);
    let (_running, address) = served(&product);
    until(&address, &recovery("broken"), 1.0);
    product.expect(0, &["sandbox", "fail", "list db-instance@tokyo", "access-denied"]);
    let denied = until(&address, r#"tokaido_watch_open{environment="dev",what="unreadable"}"#, 1.0);
    let of = |name: &str| denied.get(name).copied();
    assert_eq!((of(&recovery("broken")), of(&recovery("unknown"))), (Some(1.0), Some(1.0)), "{denied:#?}");
    assert_eq!(of(r#"tokaido_watch_promises{environment="dev",state="broken"}"#), Some(1.0));
    product.expect(0, &["sandbox", "heal"]);
    product.expect(0, &["sandbox", "--env", "dev", "set", DATABASE, "deletion_protection", "true"]);
    let mended = until(&address, &recovery("kept"), 1.0);
    assert_eq!((mended.get(&recovery("broken")), mended.get(&recovery("unknown"))), (None, None), "{mended:#?}");
}

/// Started while nothing can be seen: which promises there are stands in the files, not in what this process has seen.
#[test]
fn a_watcher_that_starts_blind_says_that_all_is_unknown() {
    let product = Product::applied("dev");
    product.expect(0, &["sandbox", "--env", "dev", "set", DATABASE, "deletion_protection", "false"]);
    product.expect(4, &["watch", "dev", "--once"]);
    product.expect(0, &["sandbox", "fail", "caller", "expired-credentials"]);
    let (_running, address) = served(&product);
    let blind = until(&address, r#"tokaido_watch_seen{environment="dev"}"#, 0.0);
    let of = |name: &str| blind.get(name).copied();
    assert!(of(r#"tokaido_watch_promises{environment="dev",state="unknown"}"#) > Some(5.0), "{blind:#?}");
    assert_eq!(of(r#"tokaido_watch_promises{environment="dev",state="kept"}"#), Some(0.0));
    assert_eq!((of(&recovery("unknown")), of(&recovery("broken"))), (Some(1.0), Some(1.0)), "{blind:#?}");
}

/// Where nothing can be written down, the page says what is seen now and not what was written down last.
#[test]
fn what_cannot_be_recorded_is_open_all_the_same() {
    let product = Product::applied("dev");
    let (_running, address) = served(&product);
    let drifted = r#"tokaido_watch_open{environment="dev",what="drifted"}"#;
    until(&address, drifted, 0.0);
    let folder = product.path().join("world.jsonl.store/dev/watch");
    std::fs::rename(&folder, folder.with_file_name("kept")).expect("a folder");
    std::fs::write(&folder, "in the way").expect("a file");
    product.expect(0, &["sandbox", "--env", "dev", "set", DATABASE, "deletion_protection", "false"]);
    let unrecorded = until(&address, drifted, 1.0);
    assert_eq!(unrecorded.get(&recovery("broken")), Some(&1.0));
    assert!(unrecorded[r#"tokaido_watch_failures_total{environment="dev",class="unrecorded"}"#] >= 1.0, "{unrecorded:#?}");
    // Blind as well: what this process saw is open still.
    product.expect(0, &["sandbox", "fail", "caller", "expired-credentials"]);
    let blind = until(&address, r#"tokaido_watch_seen{environment="dev"}"#, 0.0);
    assert_eq!(blind.get(drifted), Some(&1.0), "{blind:#?}");
}

/// Callers that connect and say nothing take no files from the watcher.
#[test]
fn connections_are_few() {
    let product = Product::applied("dev");
    let (running, address) = served(&product);
    until(&address, r#"tokaido_watch_seen{environment="dev"}"#, 1.0);
    let files = || std::fs::read_dir(format!("/proc/{}/fd", running.id())).expect("a process").count();
    let before = files();
    let idle: Vec<TcpStream> = (0..80).map(|_| TcpStream::connect(&address).expect("it listens")).collect();
    std::thread::sleep(Duration::from_secs(1));
    // Looks open files as well.
    assert!(files() < before + 40, "{} files before, {} now", before, files());
    drop(idle);
    until(&address, r#"tokaido_watch_seen{environment="dev"}"#, 1.0);
}

//! The file of the simulated world: shared by processes, cut off by crashes, never half a line.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::sync::Arc;

use tokaido::model::{Environment, Value};
use tokaido::sim::{Log, LogEntry};

use crate::support::attr;
use crate::support::binary::Product;
use crate::support::id;
use crate::support::lab::START;

#[test]
fn many_writers_never_mix_their_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("world.jsonl");
    let (writers, lines) = (6, 40);
    std::thread::scope(|scope| {
        for writer in 0..writers {
            let path = &path;
            scope.spawn(move || {
                // A log of its own, as another process has.
                let log = Log::open(path, START.parse().expect("a time")).expect("a log");
                for number in 0..lines {
                    let account = format!("{writer}-{number}-{}", "x".repeat(500));
                    log.commit(|state| (vec![LogEntry::Account { at: state.now, account }], ())).expect("appended");
                }
            });
        }
    });
    let text = fs::read_to_string(&path).expect("a file");
    let entries: Vec<LogEntry> = text.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert_eq!(entries.len(), 1 + writers * lines, "each line once, and one start");
}

/// Two processes change the same world at once: both changes are there, nothing else is.
#[test]
fn two_processes_share_one_world() {
    let product = Product::applied("dev");
    let set = |id: &str, path: &str, value: &str| {
        product.command(&["sandbox", "--env", "dev", "set", id, path, value]).spawn().expect("started")
    };
    for round in 0..10 {
        let (days, words) = (format!("{}", 8 + round), format!("round {round}"));
        let children = [
            set("db-instance.catalog@tokyo", "backup_retention_days", &days),
            set("kms-key.main@tokyo", "description", &words),
            set("db-subnet-group.shared@tokyo", "description", &words),
        ];
        for child in children {
            assert_eq!(crate::support::binary::ended(child).code, 0);
        }
        let log = Log::open(&product.world(), START.parse().expect("a time")).expect("a whole file");
        let rows = log.rows().expect("rows");
        let value = |wanted: &str, attribute: &str| {
            rows.iter()
                .find(|row| row.id.as_ref() == Some(&id(wanted)))
                .and_then(|row| row.attributes.get(attr(attribute)))
                .cloned()
        };
        assert_eq!(value("db-instance.catalog@tokyo", "backup_retention_days"), Some(Value::Int(8 + round)));
        assert_eq!(value("kms-key.main@tokyo", "description"), Some(Value::from(words.as_str())));
        assert_eq!(value("db-subnet-group.shared@tokyo", "description"), Some(Value::from(words.as_str())));
    }
}

#[test]
fn a_line_cut_off_by_a_crash_never_happened() {
    let product = Product::applied("dev");
    let whole = fs::read(product.world()).expect("a file");
    let last = whole[..whole.len() - 1].iter().rposition(|byte| *byte == b'\n').expect("lines") + 1;
    for cut in [last + 1, last + 10, whole.len() - 1] {
        fs::write(product.world(), &whole[..cut]).expect("a file");
        let log = Arc::new(Log::open(&product.world(), START.parse().expect("a time")).expect("a log"));
        assert_eq!(fs::read(product.world()).expect("a file"), &whole[..last], "the half line is gone");
        log.set_by_hand(Environment::Dev, &id("vpc.main@tokyo"), "dns_hostnames", &Value::Bool(false)).expect("works on");
        for line in fs::read_to_string(product.world()).expect("a file").lines() {
            serde_json::from_str::<LogEntry>(line).expect(line);
        }
    }
    fs::write(product.world(), &whole).expect("a file");
    product.expect(0, &["plan", "dev", "--detailed-exitcode"]);
}

/// A whole line that makes no sense is damage, and is said with its place instead of guessed away.
#[test]
fn a_damaged_line_is_named() {
    let product = Product::applied("dev");
    let mut file = OpenOptions::new().append(true).open(product.world()).expect("a file");
    file.write_all(b"{\"entry\":\"nonsense\"}\n").expect("written");
    let lines = fs::read_to_string(product.world()).expect("a file").lines().count();
    let ran = product.reads_only(1, &["plan", "dev"]);
    assert!(ran.err.contains(&format!("line {lines}")) && ran.err.contains("sandbox reset"), "{}", ran.err);
}

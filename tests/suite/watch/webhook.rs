//! A receiver on this machine that is away, slow, broken, and then well.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::support::binary::{Product, ran};

/// One request: headers in lower case, and the body.
#[derive(Debug, Clone)]
struct Taken {
    path: String,
    headers: String,
    body: Value,
    raw: String,
}

impl Taken {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// What the receiver does with a request.
#[derive(Debug, Clone, Copy)]
enum Mood {
    Answers(u16),
    /// Takes the request and says nothing for so long.
    Slow(Duration),
    /// Hangs up.
    Leaves,
}

#[derive(Debug, Clone, Default)]
struct Receiver {
    taken: Arc<Mutex<Vec<Taken>>>,
}

impl Receiver {
    fn on(listener: TcpListener, moods: Vec<Mood>) -> Self {
        let receiver = Self::default();
        let taken = Arc::clone(&receiver.taken);
        std::thread::spawn(move || {
            let mut moods = moods.into_iter();
            for stream in listener.incoming().map_while(Result::ok) {
                serve(stream, moods.next().unwrap_or(Mood::Answers(204)), &taken);
            }
        });
        receiver
    }

    fn taken(&self) -> Vec<Taken> {
        self.taken.lock().expect("no panic").clone()
    }
}

fn serve(mut stream: TcpStream, mood: Mood, taken: &Mutex<Vec<Taken>>) {
    if matches!(mood, Mood::Leaves) {
        return;
    }
    let (mut text, mut part) = (Vec::new(), [0; 4096]);
    let (head, body) = loop {
        let count = stream.read(&mut part).expect("a request");
        assert!(count > 0, "the request broke off");
        text.extend_from_slice(&part[..count]);
        let whole = String::from_utf8_lossy(&text).into_owned();
        let Some((head, body)) = whole.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse::<usize>().ok());
        if body.len() == length.expect("a length") {
            break (head.to_owned(), body.to_owned());
        }
    };
    let path = head.split(' ').nth(1).expect("a path").to_owned();
    let headers = head.lines().skip(1).map(|line| line.split_once(": ").expect("a header"));
    let headers: Vec<String> = headers.map(|(name, value)| format!("{}: {value}", name.to_lowercase())).collect();
    assert!(head.starts_with("POST "), "{head}");
    let parsed = serde_json::from_str(&body).expect("one JSON document");
    taken.lock().expect("no panic").push(Taken { path, headers: headers.join("\n"), body: parsed, raw: body });
    let status = match mood {
        Mood::Answers(status) => status,
        Mood::Slow(time) => {
            std::thread::sleep(time);
            200
        }
        Mood::Leaves => return,
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status} x\r\nlocation: http://127.0.0.1:1/elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
}

fn listen() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/services/s3cr3t?token=s3cr3t", listener.local_addr().expect("an address"));
    (listener, url)
}

fn watch(product: &Product, url: &str, code: i32) -> crate::support::binary::Ran {
    let mut command = product.command(&["watch", "dev", "--once"]);
    command.env("TOKAIDO_WEBHOOK", url).env("TOKAIDO_WEBHOOK_SECRET", "Jefe");
    let ran = ran(command);
    assert_eq!(ran.code, code, "{ran:?}");
    assert!(!ran.err.contains("s3cr3t") && !ran.out.contains("s3cr3t"), "{ran:?}");
    ran
}

fn lines(out: &str) -> Vec<Value> {
    out.lines().map(|line| serde_json::from_str(line).expect("a line")).collect()
}

#[test]
fn news_arrive_however_the_receiver_fares() {
    let product = Product::applied("dev");
    let (listener, url) = listen();
    let moods = vec![Mood::Leaves, Mood::Answers(500), Mood::Answers(429), Mood::Slow(Duration::from_millis(300))];
    let receiver = Receiver::on(listener, moods);
    let line = lines(&watch(&product, &url, 0).out).remove(0);
    let taken = receiver.taken();
    assert_eq!(taken.len(), 3, "500, 429, and then it was taken");
    for one in &taken {
        assert_eq!(one.body, line, "the same event each time");
        assert_eq!(one.header("x-tokaido-event-id"), line["id"].as_str());
        assert_eq!(one.header("x-tokaido-event"), Some("transition"));
        assert_eq!(one.header("content-type"), Some("application/json"));
        assert_eq!(one.path, "/services/s3cr3t?token=s3cr3t");
        assert_eq!(one.header("x-tokaido-signature"), Some(signed("Jefe", &one.raw).as_str()));
    }
    // A heartbeat is nobody's news; a gap and what was seen at its end are.
    watch(&product, &url, 0);
    assert_eq!(receiver.taken().len(), 3);
    product.expect(0, &["sandbox", "advance", "2h"]);
    product.expect(0, &["sandbox", "fail", "caller", "expired-credentials"]);
    watch(&product, &url, 1);
    let names: Vec<Value> = receiver.taken().into_iter().skip(3).map(|one| one.body["event"].clone()).collect();
    assert_eq!(names, ["gap", "transition"]);
}

/// By a second implementation: HMAC as RFC 2104 writes it.
fn signed(key: &str, body: &str) -> String {
    use sha2::{Digest as _, Sha256};
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key.as_bytes());
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(body).finalize();
    let outer = Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
    outer.iter().fold("sha256=".to_owned(), |text, byte| text + &format!("{byte:02x}"))
}

/// An answer that leads elsewhere or refuses for good is not tried again, and nobody is sent elsewhere.
#[test]
fn a_refusal_is_said_and_not_repeated() {
    for status in [302, 400, 404] {
        let product = Product::applied("dev");
        let (listener, url) = listen();
        let host = url.split("/services").next().expect("a host").to_owned();
        let receiver = Receiver::on(listener, vec![Mood::Answers(status)]);
        let ran = watch(&product, &url, 0);
        assert_eq!(receiver.taken().len(), 1, "{status}");
        assert!(ran.err.contains(&format!("it answered {status}")) && ran.err.contains(&host), "{}", ran.err);
    }
}

/// Nobody is there: the look, its record and its exit code are what they would be, and what was not sent is said.
#[test]
fn a_receiver_that_is_away_hinders_nothing() {
    let product = Product::applied("dev");
    let (listener, url) = listen();
    drop(listener);
    let mut running = super::running::Running::start(&product, &["dev", "--every", "1s"], &[("TOKAIDO_WEBHOOK", &url)]);
    assert_eq!(running.event()["event"], "transition");
    product.expect(0, &["sandbox", "--env", "dev", "set", "db-instance.catalog@tokyo", "deletion_protection", "false"]);
    assert_eq!(running.event()["event"], "transition", "the loop goes on");
    // It comes back, on the same port, and hears of both in order.
    let address = url.trim_start_matches("http://").split('/').next().expect("an address").to_owned();
    let receiver = Receiver::on(TcpListener::bind(&address).expect("the same port"), Vec::new());
    running.signal("TERM");
    let (_, code) = running.ended();
    assert_eq!(code, Some(0));
    let taken = receiver.taken();
    assert_eq!(taken.len(), 2, "{taken:?}");
    assert!(taken[0].body["at"].as_str() <= taken[1].body["at"].as_str());
    assert_eq!(taken[0].header("x-tokaido-signature"), None, "without a secret nothing is signed");
}

/// What cannot be a secret is said before anything goes out without a signature.
#[test]
fn a_secret_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStrExt as _;

    let product = Product::applied("dev");
    let (listener, url) = listen();
    let receiver = Receiver::on(listener, Vec::new());
    let mut command = product.command(&["watch", "dev", "--once"]);
    command.env("TOKAIDO_WEBHOOK", &url).env("TOKAIDO_WEBHOOK_SECRET", std::ffi::OsStr::from_bytes(b"Je\xffe"));
    let refused = ran(command);
    assert_eq!((refused.code, refused.out.as_str()), (64, ""), "{refused:?}");
    assert!(refused.err.contains("TOKAIDO_WEBHOOK_SECRET"), "{refused:?}");
    assert_eq!(receiver.taken().len(), 0);
    assert!(watch(&product, &url, 0).err.contains(", signed"));
    let mut command = product.command(&["watch", "dev", "--once"]);
    command.env("TOKAIDO_WEBHOOK", &url);
    assert!(ran(command).err.contains(", unsigned"));
}

/// Nobody reads standard output: others are told all the same, and a signal ends it.
#[test]
fn a_reader_that_hangs_stops_nothing() {
    let product = Product::applied("dev");
    let (listener, url) = listen();
    let receiver = Receiver::on(listener, Vec::new());
    let (_reader, mut full) = std::io::pipe().expect("a pipe");
    // As much as a pipe holds: whoever writes more waits.
    full.write_all(&vec![b'\n'; 65_536]).expect("room");
    let mut command = product.command(&["watch", "dev", "--every", "1s"]);
    command.env("TOKAIDO_WEBHOOK", &url).stdout(full);
    let mut child = command.spawn().expect("the binary starts");
    let heard = |count: usize| {
        for _ in 0..600 {
            if receiver.taken().len() >= count {
                return true;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        false
    };
    let first = heard(1);
    product.expect(0, &["sandbox", "--env", "dev", "set", "db-instance.catalog@tokyo", "deletion_protection", "false"]);
    let second = heard(2);
    let _ = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    let mut ended = None;
    for _ in 0..600 {
        ended = ended.or(child.try_wait().expect("a child"));
        if ended.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = child.kill();
    let _ = child.wait();
    assert_eq!((first, second, ended.and_then(|ended| ended.code())), (true, true, Some(0)));
}

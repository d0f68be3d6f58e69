//! A watcher as a service manager runs it: lines come while it lives, a signal ends it.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::Value;

use crate::support::binary::Product;

/// Longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

pub struct Running {
    child: Child,
    lines: Receiver<Value>,
    pub notes: Receiver<String>,
}

impl Running {
    pub fn start(product: &Product, words: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut command = product.command(&[&["watch"][..], words].concat());
        command.envs(variables.iter().copied());
        let mut child = command.spawn().expect("the binary starts");
        let (to_lines, lines) = channel();
        let (to_notes, notes) = channel();
        let (out, err) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let event = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
                let _ = to_lines.send(event);
            }
        });
        std::thread::spawn(move || {
            for line in BufReader::new(err).lines().map_while(Result::ok) {
                let _ = to_notes.send(line);
            }
        });
        Self { child, lines, notes }
    }

    /// The next line.
    pub fn event(&self) -> Value {
        self.lines.recv_timeout(PATIENCE).expect("a line")
    }

    /// The next note that says this.
    pub fn note(&self, what: &str) -> String {
        loop {
            let note = self.notes.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("nobody said {what}"));
            if note.contains(what) {
                return note;
            }
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.expect("kill").success());
    }

    /// Lines that were not read yet, and the code.
    pub fn ended(&mut self) -> (Vec<Value>, Option<i32>) {
        let code = self.child.wait().expect("a child").code();
        (self.lines.iter().collect(), code)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

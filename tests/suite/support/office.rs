//! People with real keys, and a project whose roles name them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::binary::Product;

/// Real key files, made by ssh-keygen in a folder of their own.
pub struct Keys(TempDir);

impl Keys {
    pub fn new(people: &[&str]) -> Self {
        let keys = Self(tempfile::tempdir().expect("a folder"));
        for person in people {
            keys.generate(person, &["-t", "ed25519"]);
        }
        keys
    }

    pub fn generate(&self, name: &str, kind: &[&str]) {
        ssh_keygen(&[&["-q", "-N", "", "-C", "a comment", "-f", &self.file(name)][..], kind].concat());
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn file(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    pub fn public(&self, name: &str) -> String {
        fs::read_to_string(self.path(&format!("{name}.pub"))).expect("a public key").trim().to_owned()
    }
}

/// openssh-client is part of what the tests need; without it this fails and says so.
pub fn ssh_keygen(words: &[&str]) -> String {
    let output = Command::new("ssh-keygen").args(words).stdin(Stdio::null()).output().expect("ssh-keygen (openssh-client)");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// `ssh-keygen -Y verify`, as an auditor without tokaido would call it.
pub fn verifies(signers: &Path, person: &str, namespace: &str, text: &Path, signature: &Path) -> bool {
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "verify", "-f"]).arg(signers).args(["-I", person, "-n", namespace, "-s"]).arg(signature);
    command.stdin(fs::File::open(text).expect("a statement")).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().expect("ssh-keygen (openssh-client)").success()
}

/// Alice makes plans; bob of change management, carol and dave of the platform may approve; erin may not.
pub fn governed(keys: &Keys) -> Product {
    let product = Product::new();
    let person = |id: &str, group: &str| {
        format!(
            "  - id: {id}\n    groups: [{group}]\n    keys: [\"{}\"]\n    also_known_as: [{id}@example.com]\n",
            keys.public(id)
        )
    };
    let text = format!(
        "schema: tokaido/roles/v1\npeople:\n{}{}{}{}approvals:\n  production: {{ required: 2, from: [platform, change-management], groups: {{ change-management: 1 }} }}\n",
        person("alice", "platform"),
        person("bob", "change-management"),
        person("carol", "platform"),
        person("erin", "support"),
    );
    fs::write(product.path().join("policies/roles.yaml"), text).expect("a file");
    product.expect(0, &["validate"]);
    product
}

pub const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "erin"];

/// A plan of production by alice; its path.
pub fn planned(product: &Product) -> String {
    product.expect(0, &["plan", "production", "--save", "--author", "alice@example.com"]);
    let folder = product.path().join("plans/production");
    let mut files: Vec<_> = fs::read_dir(folder).expect("plans").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.is_file());
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].display().to_string()
}

/// Plans of production pass as they must: alice plans, bob and carol sign, and the signed plan is applied.
pub fn pass(product: &Product, keys: &Keys) {
    let saved = product.expect(0, &["plan", "production", "--save", "--author", "alice@example.com", "--format", "json"]).json();
    let id = saved["id"].as_str().expect("an id")[..12].to_owned();
    for person in ["bob", "carol"] {
        product.expect(0, &["approve", &id, "--key", &keys.file(person), "--yes"]);
    }
    product.expect(0, &["apply", &id, "--yes"]);
}

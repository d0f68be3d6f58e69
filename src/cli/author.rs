//! Who makes a plan or runs an apply, as this machine says. It is a claim and no proof; docs/approvals.md says what it proves.

use std::path::Path;
use std::process::{Command, Stdio};

/// `--author`, `TOKAIDO_AUTHOR`, or the address that git would put into a commit here.
pub fn author(given: Option<&str>, project: &Path) -> Option<String> {
    let given = given.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned);
    given.or_else(|| git_address(project)).filter(|name| !name.chars().any(char::is_control))
}

/// Without git, or without an address, nothing.
fn git_address(project: &Path) -> Option<String> {
    let mut git = Command::new("git");
    git.arg("-C").arg(project).args(["config", "user.email"]).stdin(Stdio::null()).stderr(Stdio::null());
    let output = git.output().ok().filter(|output| output.status.success())?;
    let address = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!address.is_empty()).then_some(address)
}

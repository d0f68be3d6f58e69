//! `ssh-keygen -Y sign` makes signatures: it asks for passphrases and talks to agents and security keys, and a private key never
//! enters this process.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::govern::roles::holder;
use crate::govern::statement::Decision;
use crate::govern::statement::{NAMESPACE, public};
use crate::model::{Person, Roles};

use super::exit::Failure;
use super::terminal::Terminal;

/// The public key of a key file, without comment: the file itself, its `.pub` file, or what ssh-keygen derives.
pub fn public_key(key: &Path, terminal: &Terminal) -> Result<String, Failure> {
    if !key.exists() {
        return Err(Failure::error(format!(
            "there is no key {}: `--key FILE` names your private key, or the .pub of a key in an agent",
            key.display()
        )));
    }
    let beside = PathBuf::from(format!("{}.pub", key.display()));
    let is_public = key.extension().is_some_and(|extension| extension == "pub");
    let line = if is_public || beside.exists() {
        let path = if is_public { key } else { &beside };
        fs::read_to_string(path).map_err(|error| Failure::error(format!("cannot read {}: {error}", path.display())))?
    } else {
        let output = ssh_keygen(Command::new("ssh-keygen").arg("-y").arg("-f").arg(key), b"", terminal)?;
        if !output.status.success() {
            return Err(failed("the public key cannot be had", key, &output));
        }
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    public(&line).map_err(|why| Failure::error(format!("{}: {why}", key.display())))
}

/// An armoured SSHSIG over the text.
pub fn sign(key: &Path, text: &str, terminal: &Terminal) -> Result<String, Failure> {
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key);
    let output = ssh_keygen(&mut command, text.as_bytes(), terminal)?;
    if !output.status.success() {
        return Err(failed("nothing was signed", key, &output));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::error("ssh-keygen answered something that is no signature"))
}

fn ssh_keygen(command: &mut Command, input: &[u8], terminal: &Terminal) -> Result<Output, Failure> {
    // A security key asks on standard error to be touched; without a terminal the words become part of the error.
    let stderr = if terminal.interactive { Stdio::inherit() } else { Stdio::piped() };
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr).spawn();
    let mut child = child.map_err(|error| {
        Failure::error(format!("ssh-keygen cannot be started ({error}): install OpenSSH 8.2 or newer (`openssh-client`)"))
    })?;
    // It may end without reading when the key is wrong; its own message then matters.
    let _ = child.stdin.take().map(|mut pipe| pipe.write_all(input));
    child.wait_with_output().map_err(|error| Failure::error(format!("ssh-keygen: {error}")))
}

fn failed(what: &str, key: &Path, output: &Output) -> Failure {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ");
    let said = if said.is_empty() { String::new() } else { format!(": {said}") };
    Failure::error(format!("{what}: ssh-keygen could not use {}{said}", key.display()))
}

/// The person who holds the key, who must be the person that was named.
pub fn signer<'a>(roles: &'a Roles, public: &str, named: Option<&str>) -> Result<&'a Person, Failure> {
    let person = holder(roles, public).ok_or_else(|| {
        Failure::refused("this key is nobody's in policies/roles.yaml; use a key that is named there, or have it added")
    })?;
    match named {
        Some(named) if named != person.id => {
            let known = if roles.person(named).is_some() { "" } else { ", whom policies/roles.yaml does not know" };
            Err(Failure::refused(format!("this is a key of {}, not of {named}{known}", person.id)))
        }
        _ => Ok(person),
    }
}

/// A signature is a personal act, so the command asks unless `--yes` was given.
pub fn agree(terminal: &Terminal, yes: bool, decision: Decision) -> Result<(), Failure> {
    if yes {
        return Ok(());
    }
    if !terminal.interactive {
        return Err(Failure::refused("nobody can be asked here; read what is signed and say --yes. Nothing was signed"));
    }
    if terminal.confirm(&format!("Sign this, to {}?", decision.as_str())) {
        Ok(())
    } else {
        Err(Failure::refused("not confirmed; nothing was signed"))
    }
}

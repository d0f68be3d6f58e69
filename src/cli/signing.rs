//! `ssh-keygen -Y sign` makes signatures: it asks for passphrases and talks to agents and security keys, and a private key never
//! enters this process.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::govern::roles::holder;
use crate::govern::statement::Decision;
use crate::govern::statement::{NAMESPACE, public};
use crate::model::{Person, Reason as _, Roles, Said};

use super::exit::Failure;
use super::terminal::Terminal;
use super::words::general::General;
use super::words::{self, signing::Signing};

/// The public key of a key file, without comment: the file itself, its `.pub` file, or what ssh-keygen derives.
pub fn public_key(key: &Path, terminal: &Terminal) -> Result<String, Failure> {
    if !key.exists() {
        return Err(Failure::error(Signing::NoKey { path: words::path(key) }));
    }
    let beside = PathBuf::from(format!("{}.pub", key.display()));
    let is_public = key.extension().is_some_and(|extension| extension == "pub");
    let line = if is_public || beside.exists() {
        let path = if is_public { key } else { &beside };
        fs::read_to_string(path)
            .map_err(|error| Failure::error(General::NotRead { path: words::path(path), error: error.into() }))?
    } else {
        let output = ssh_keygen(Command::new("ssh-keygen").arg("-y").arg("-f").arg(key), b"", terminal)?;
        if !output.status.success() {
            return Err(Failure::error(Signing::PublicKeyNotHad { path: words::path(key), told: told(&output) }));
        }
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    public(&line).map_err(|why| Failure::error(Signing::NoPublicKey { path: words::path(key), why }))
}

/// An armoured SSHSIG over the text.
pub fn sign(key: &Path, text: &str, terminal: &Terminal) -> Result<String, Failure> {
    let mut command = Command::new("ssh-keygen");
    command.args(["-Y", "sign", "-n", NAMESPACE, "-f"]).arg(key);
    let output = ssh_keygen(&mut command, text.as_bytes(), terminal)?;
    if !output.status.success() {
        return Err(Failure::error(Signing::NotSigned { path: words::path(key), told: told(&output) }));
    }
    String::from_utf8(output.stdout).map_err(|_| Failure::error(Signing::NoSignature))
}

fn ssh_keygen(command: &mut Command, input: &[u8], terminal: &Terminal) -> Result<Output, Failure> {
    // A security key asks on standard error to be touched; without a terminal the words become part of the error.
    let stderr = if terminal.interactive { Stdio::inherit() } else { Stdio::piped() };
    let child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(stderr).spawn();
    let mut child = child.map_err(|error| Failure::error(Signing::NoSshKeygen { error: error.into() }))?;
    // It may end without reading when the key is wrong; its own message then matters.
    let _ = child.stdin.take().map(|mut pipe| pipe.write_all(input));
    child.wait_with_output().map_err(|error| Failure::error(Signing::SshKeygen { error: error.into() }))
}

/// What ssh-keygen said, behind a colon.
fn told(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("; ");
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

/// The person who holds the key, who must be the person that was named.
pub fn signer<'a>(roles: &'a Roles, public: &str, named: Option<&str>) -> Result<&'a Person, Failure> {
    let person = holder(roles, public).ok_or_else(|| Failure::refused(Signing::NobodysKey))?;
    match named {
        Some(named) if named != person.id => {
            let known = if roles.person(named).is_some() { Said::default() } else { Signing::NotKnown.said() };
            Err(Failure::refused(Signing::OthersKey { holder: person.id.clone(), named: named.to_owned(), known }))
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
        return Err(Failure::refused(Signing::NobodyToAsk));
    }
    if terminal.confirm(Signing::Sign { decision: decision.as_str() }) {
        Ok(())
    } else {
        Err(Failure::refused(Signing::NotConfirmed))
    }
}

//! What a person signs: a few lines of plain text, with a signature beside them (SSHSIG), so that `ssh-keygen -Y verify` can
//! check them without tokaido. Verifying is a pure function here. Signing is done by `ssh-keygen`.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, PublicKey, SshSig};

use crate::model::digest::hex;
use crate::model::{Environment, ReleaseRef, Roles};

use super::flaw::Flaw;
use super::roles;

/// The namespace of the signatures. A signature that was made for another purpose is no approval.
pub const NAMESPACE: &str = "tokaido-approval@v1";

const FORMAT: &str = "tokaido approval v1";

/// The bit of a security key that says that a person touched it.
const TOUCHED: u8 = 1;

/// What a statement decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It approves a plan.
    Approve,
    /// It takes an approval back.
    Withdraw,
    /// It says that a second person has reviewed an emergency override.
    Review,
}

impl Decision {
    const ALL: [Self; 3] = [Self::Approve, Self::Withdraw, Self::Review];

    /// The word in the statement: `approve`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Withdraw => "withdraw",
            Self::Review => "review",
        }
    }
}

/// What a person signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What the signer decides.
    pub decision: Decision,
    /// The id of the plan, the SHA-256 of its body, 64 hex digits.
    pub plan: String,
    /// The environment of the plan.
    pub environment: Environment,
    /// The AWS account of the plan, twelve digits.
    pub account: String,
    /// The release of the plan; absent for the working tree, and then `none` is written.
    pub release: Option<ReleaseRef>,
    /// The author of the plan when it was signed. With another author the plan may be the signer's own.
    pub author: String,
    /// The ARN that asked AWS for the plan, as the plan said when it was signed. The file can be edited later, and the signer has
    /// seen this one.
    pub caller: String,
    /// When the plan expires, RFC 3339 in UTC, as it said when it was signed. Empty in a review, and then `none` is written.
    pub expires: String,
    /// The digest of the roles in force, hex. Empty where there are none, and then `none` is written.
    pub roles: String,
    /// The id of the signer in `policies/roles.yaml`.
    pub person: String,
    /// When the statement was made, on the clock of the signer's machine.
    pub at: Timestamp,
    /// The id of the emergency override that is reviewed, twelve hex digits. Only a review has it.
    pub emergency: Option<String>,
}

impl Statement {
    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> String {
        let release =
            self.release.as_ref().map_or_else(|| "none".to_owned(), |release| format!("{} {}", release.id, release.digest));
        let expires = if self.expires.is_empty() { "none" } else { &self.expires };
        let roles = if self.roles.is_empty() { "none" } else { &self.roles };
        let emergency = self.emergency.as_ref().map(|id| format!("emergency: {id}\n")).unwrap_or_default();
        format!(
            "{FORMAT}\ndecision: {}\nplan: {}\nenvironment: {}\naccount: {}\nrelease: {release}\nauthor: {}\ncaller: {}\nexpires: {expires}\nroles: {roles}\nperson: {}\nat: {}\n{emergency}",
            self.decision.as_str(),
            self.plan,
            self.environment,
            self.account,
            self.author,
            self.caller,
            self.person,
            self.at,
        )
    }

    /// Reads a statement. Only the text that [`Self::text`] writes is accepted, so that each meaning has one form.
    ///
    /// # Errors
    /// The first [`Flaw`] of the text.
    pub fn read(text: &str) -> Result<Self, Flaw> {
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        if first != FORMAT {
            return Err(Flaw::OtherBeginning { expected: FORMAT, found: shown(first) });
        }
        let mut line = |name: &'static str| {
            let rest = lines.next().and_then(|line| line.strip_prefix(name)).and_then(|rest| rest.strip_prefix(": "));
            rest.map(str::to_owned).ok_or(Flaw::NoLine { name })
        };
        let word = line("decision")?;
        let decision = Decision::ALL.into_iter().find(|decision| decision.as_str() == word);
        let decision = decision.ok_or(Flaw::NoDecision { word })?;
        let statement = Self {
            decision,
            plan: line("plan")?,
            environment: environment(line("environment")?)?,
            account: line("account")?,
            release: match line("release")?.as_str() {
                "none" => None,
                named => {
                    let (id, digest) = named.split_once(' ').ok_or(Flaw::NoReleaseDigest)?;
                    Some(ReleaseRef { id: id.to_owned(), digest: digest.to_owned() })
                }
            },
            author: line("author")?,
            caller: line("caller")?,
            expires: Some(line("expires")?).filter(|expires| expires != "none").unwrap_or_default(),
            roles: Some(line("roles")?).filter(|roles| roles != "none").unwrap_or_default(),
            person: line("person")?,
            at: line("at")?.parse().map_err(|_| Flaw::NoTime)?,
            emergency: if decision == Decision::Review { Some(line("emergency")?) } else { None },
        };
        if statement.text() == text {
            return Ok(statement);
        }
        let ends = text.contains('\r') && statement.text() == text.replace("\r\n", "\n");
        Err(if ends { Flaw::OtherLineEnds } else { Flaw::More })
    }
}

fn environment(word: String) -> Result<Environment, Flaw> {
    word.parse().map_err(|_| Flaw::NoEnvironment { word })
}

/// A statement and its signature as they were found. Nothing is checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The file, for messages.
    pub file: String,
    /// The text of the statement.
    pub text: String,
    /// The signature, armoured SSHSIG.
    pub signature: String,
}

/// A statement that the person whom it names has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The statement as it was read from the text.
    pub statement: Statement,
    /// SHA-256 of the text, hex.
    pub digest: String,
}

/// Checks form and signature, and that the key belongs to the person. It does not judge what the statement is about.
///
/// # Errors
/// The first [`Flaw`].
pub fn verify(signed: &Signed, people: &Roles) -> Result<Verified, Flaw> {
    let statement = Statement::read(&signed.text)?;
    let signature = SshSig::from_pem(&signed.signature).map_err(|_| Flaw::NoSignature)?;
    if signature.namespace() != NAMESPACE {
        return Err(Flaw::OtherPurpose { found: shown(signature.namespace()), expected: NAMESPACE });
    }
    if signature.hash_alg() != HashAlg::Sha512 {
        return Err(Flaw::OtherHash);
    }
    accepted(&signature)?;
    let key = plain(signature.public_key()).map_err(|problem| Flaw::NoKey { problem })?;
    let Some(person) = roles::holder(people, &key) else {
        return Err(Flaw::UnknownKey { fingerprint: fingerprint(signature.public_key()) });
    };
    if person.id != statement.person {
        return Err(Flaw::OtherSigner { named: shown(&statement.person), signer: person.id.clone() });
    }
    let public = PublicKey::from(signature.public_key().clone());
    public.verify(NAMESPACE, signed.text.as_bytes(), &signature).map_err(|_| Flaw::Altered)?;
    Ok(Verified { statement, digest: hex(&Sha256::digest(&signed.text)) })
}

fn accepted(signature: &SshSig) -> Result<(), Flaw> {
    match signature.algorithm() {
        Algorithm::Ed25519 | Algorithm::Ecdsa { .. } | Algorithm::Rsa { hash: Some(HashAlg::Sha512) } => Ok(()),
        Algorithm::SkEd25519 => {
            // The signature itself, then one byte of flags, then a counter of four bytes.
            let bytes = signature.signature_bytes();
            let flags = bytes.len().checked_sub(5).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
            if flags & TOUCHED == 0 { Err(Flaw::Untouched) } else { Ok(()) }
        }
        other => Err(Flaw::OtherAlgorithm { algorithm: other.to_string() }),
    }
}

/// The text of a public key as the roles file has it: without comment.
///
/// # Errors
/// A sentence when the key cannot be written in OpenSSH's form.
pub fn plain(key: &KeyData) -> Result<String, String> {
    let text = PublicKey::new(key.clone(), "").to_openssh().map_err(|error| error.to_string())?;
    Ok(text.trim().to_owned())
}

/// The text of the public key in a line of a `.pub` file, without its comment.
///
/// # Errors
/// A sentence when the line holds no public key in OpenSSH's form.
pub fn public(line: &str) -> Result<String, String> {
    let key = PublicKey::from_openssh(line.trim()).map_err(|_| "this is not a public key in OpenSSH's form".to_owned())?;
    plain(key.key_data())
}

fn fingerprint(key: &KeyData) -> String {
    key.fingerprint(HashAlg::Sha256).to_string()
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

/// The file that `ssh-keygen -Y verify -f` reads: every person with a key, for approvals alone.
#[must_use]
pub fn allowed_signers(people: &Roles) -> String {
    let lines = people
        .people
        .iter()
        .flat_map(|person| person.keys.iter().map(move |key| format!("{} namespaces=\"{NAMESPACE}\" {key}\n", person.id)));
    lines.collect()
}

//! What a person signs: a few lines of plain text, and the signature beside it (SSHSIG), so that `ssh-keygen -Y verify`
//! answers for it without tokaido. Verifying is pure; signing happens outside.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, PublicKey, SshSig};

use crate::model::digest::hex;
use crate::model::{Environment, ReleaseRef, Roles};

use super::flaw::Flaw;
use super::roles;

/// A signature made for anything else is no approval.
pub const NAMESPACE: &str = "tokaido-approval@v1";

const FORMAT: &str = "tokaido approval v1";

/// User presence: somebody touched the security key.
const TOUCHED: u8 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approve,
    /// Takes an approval back.
    Withdraw,
    /// A second person has looked at an emergency.
    Review,
}

impl Decision {
    const ALL: [Self; 3] = [Self::Approve, Self::Withdraw, Self::Review];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Withdraw => "withdraw",
            Self::Review => "review",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    pub decision: Decision,
    /// Id of the plan: the SHA-256 of its body.
    pub plan: String,
    pub environment: Environment,
    pub account: String,
    pub release: Option<ReleaseRef>,
    /// Who made the plan, as it said when it was signed: under another author it may be another's own.
    pub author: String,
    /// Who asked AWS for it, as the plan said then: the file can be edited, and whoever signed has seen this.
    pub caller: String,
    /// When the plan ends, as it said then; empty, and written `none`, where no plan is meant.
    pub expires: String,
    /// Digest of the roles in force; `none` is written where there are none.
    pub roles: String,
    pub person: String,
    pub at: Timestamp,
    /// Id of the emergency that is reviewed.
    pub emergency: Option<String>,
}

impl Statement {
    /// The bytes that are signed.
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

    /// Only what [`Self::text`] writes is read: one meaning has one form.
    ///
    /// # Errors
    /// The text is no statement.
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

/// A statement and its signature, as found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Where it was found, to be named in messages.
    pub file: String,
    pub text: String,
    /// Armoured SSHSIG.
    pub signature: String,
}

/// A statement that the person it names has really signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    pub statement: Statement,
    /// SHA-256 of the text, hex.
    pub digest: String,
}

/// Checks form, signature, and that the key belongs to the person. What the statement is about is not judged here.
///
/// # Errors
/// The first flaw.
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
            // The signature proper, one byte of flags, four of a counter.
            let bytes = signature.signature_bytes();
            let flags = bytes.len().checked_sub(5).and_then(|at| bytes.get(at)).copied().unwrap_or(0);
            if flags & TOUCHED == 0 { Err(Flaw::Untouched) } else { Ok(()) }
        }
        other => Err(Flaw::OtherAlgorithm { algorithm: other.to_string() }),
    }
}

/// A public key as the roles file keeps it: without comment.
pub fn plain(key: &KeyData) -> Result<String, String> {
    let text = PublicKey::new(key.clone(), "").to_openssh().map_err(|error| error.to_string())?;
    Ok(text.trim().to_owned())
}

/// The same from the line of a `.pub` file.
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

/// The file that `ssh-keygen -Y verify -f` reads: everybody with a key, for approvals alone.
#[must_use]
pub fn allowed_signers(people: &Roles) -> String {
    let lines = people
        .people
        .iter()
        .flat_map(|person| person.keys.iter().map(move |key| format!("{} namespaces=\"{NAMESPACE}\" {key}\n", person.id)));
    lines.collect()
}

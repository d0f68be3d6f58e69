//! Signatures: what ssh-keygen signs we accept, what we accept ssh-keygen accepts, and nothing else counts.

use std::fs;

use sha2::{Digest as _, Sha256};
use ssh_key::private::{Ed25519Keypair, PrivateKey};
use ssh_key::public::{KeyData, SkEd25519};
use ssh_key::{Algorithm, HashAlg, LineEnding, Signature, SigningKey, SshSig};
use tokaido::govern::statement::{Decision, NAMESPACE, Signed, Statement, allowed_signers, plain, public, verify};
use tokaido::model::{Environment, Person, Roles};

use super::{Keys, ssh_keygen, verifies};
use crate::support::lab::START;
use crate::support::people::{key, roles, signed, signed_for};

fn statement() -> Statement {
    Statement {
        decision: Decision::Approve,
        plan: "ab".repeat(32),
        environment: Environment::Production,
        account: "333333333333".to_owned(),
        release: None,
        author: "alice@example.com".to_owned(),
        caller: "arn:aws:sts::333333333333:assumed-role/tokaido/alice".to_owned(),
        expires: "2026-11-02T00:00:00Z".to_owned(),
        roles: roles().digest(),
        person: "bob".to_owned(),
        at: START.parse().expect("a time"),
        emergency: None,
    }
}

fn with(key: String) -> Roles {
    Roles { people: vec![Person { id: "bob".to_owned(), keys: [key].into(), ..Person::default() }], ..Roles::default() }
}

/// Both ways, for every type of key that people have in files.
#[test]
fn ssh_keygen_and_we_believe_each_other() {
    let keys = Keys::new(&[]);
    let text = keys.path("statement.txt");
    fs::write(&text, statement().text()).expect("a file");
    let kinds = [
        &["-t", "ed25519"][..],
        &["-t", "ecdsa", "-b", "256"],
        &["-t", "ecdsa", "-b", "384"],
        &["-t", "ecdsa", "-b", "521"],
        &["-t", "rsa", "-b", "3072"],
    ];
    for kind in kinds {
        let name = kind.join("");
        keys.generate(&name, kind);
        let people = with(public(&keys.public(&name)).expect("a key"));
        let signers = keys.path("signers");
        fs::write(&signers, allowed_signers(&people)).expect("a file");
        let signature = keys.path("statement.txt.sig");
        let _ = fs::remove_file(&signature);
        ssh_keygen(&["-q", "-Y", "sign", "-f", &keys.file(&name), "-n", NAMESPACE, &keys.file("statement.txt")]);
        assert!(verifies(&signers, "bob", NAMESPACE, &text, &signature), "{name}");
        assert!(!verifies(&signers, "alice", NAMESPACE, &text, &signature), "{name}: another person");
        assert!(!verifies(&signers, "bob", "git", &text, &signature), "{name}: another purpose");
        let theirs = Signed {
            file: String::new(),
            text: statement().text(),
            signature: fs::read_to_string(&signature).expect("a signature"),
        };
        verify(&theirs, &people).unwrap_or_else(|why| panic!("{name}: {why}"));
        let altered = Signed { text: theirs.text.replace("3333", "4444"), ..theirs };
        assert!(verify(&altered, &people).expect_err("altered").to_string().contains("does not fit"), "{name}");
    }
    // What the library signs, ssh-keygen verifies.
    let ours = signed(&statement(), &key("bob"));
    let (signers, signature) = (keys.path("signers"), keys.path("ours.sig"));
    fs::write(&signers, allowed_signers(&roles())).expect("a file");
    fs::write(&signature, &ours.signature).expect("a file");
    assert!(verifies(&signers, "bob", NAMESPACE, &text, &signature));
}

#[test]
fn what_does_not_count_says_why() {
    let people = roles();
    let why = |signed: &Signed| verify(signed, &people).expect_err("void").to_string();
    let text = statement().text();
    let good = signed(&statement(), &key("bob"));
    assert_eq!(verify(&good, &people).expect("good").statement, statement());
    assert!(why(&signed_for("git", HashAlg::Sha512, &text, &key("bob"))).contains("signed for `git`"));
    assert!(why(&signed_for(NAMESPACE, HashAlg::Sha256, &text, &key("bob"))).contains("SHA-512"));
    assert!(why(&signed(&statement(), &key("carol"))).contains("names bob and was signed with a key of carol"));
    assert!(why(&signed(&statement(), &key("mallory"))).contains("policies/roles.yaml does not have the key"));
    assert!(why(&Signed { signature: String::new(), ..good.clone() }).contains("cannot be read"));
    assert!(why(&Signed { text: format!("{text}\n"), ..good.clone() }).contains("no statement"));
    assert!(why(&Signed { text: text.replace("approve\n", "reject\n"), ..good }).contains("`reject` is no decision"));
}

/// One meaning has one form: no other bytes are read as a statement.
#[test]
fn a_statement_has_one_form() {
    let text = statement().text();
    assert_eq!(Statement::read(&text), Ok(statement()));
    let release = Statement { release: Some(crate::support::people::release()), ..statement() };
    assert_eq!(Statement::read(&release.text()), Ok(release));
    let review = Statement {
        decision: Decision::Review,
        expires: String::new(),
        emergency: Some("0123456789ab".to_owned()),
        ..statement()
    };
    assert_eq!(Statement::read(&review.text()), Ok(review));
    let other = [
        text.trim_end().to_owned(),
        text.replace('\n', "\r\n"),
        text.replace("2026-11-01T00:00:00Z", "2026-11-01T09:00:00+09:00"),
        format!("{text}note: and more\n"),
        text.replace("person: bob\n", ""),
        text.replace("caller: arn:aws:sts::333333333333:assumed-role/tokaido/alice\n", ""),
        text.replace("expires: 2026-11-02T00:00:00Z\n", ""),
        text.replace("expires: 2026-11-02T00:00:00Z\n", "expires: \n"),
        text.replace("caller: arn", "callers: arn"),
        text.replace("tokaido approval v1", "tokaido approval v2"),
    ];
    // Git on Windows changes line ends: what is void then says how it comes back.
    let why = Statement::read(&text.replace('\n', "\r\n")).expect_err("it is not what was signed").to_string();
    assert!(why.contains("CR LF") && why.contains(".gitattributes"), "{why}");
    for text in other {
        assert!(Statement::read(&text).is_err(), "{text}");
    }
}

fn raw<K: SigningKey>(key: &K, message: &[u8]) -> Signature {
    key.try_sign(message).expect("a signature")
}

/// A security key signs what was signed, its own application, flags and a counter. Untouched, it signed for somebody else.
#[test]
fn a_security_key_must_be_touched() {
    let device = Ed25519Keypair::from_seed(&[9; 32]);
    let application = "ssh:";
    let public = KeyData::from(SkEd25519::new(device.public, application));
    let people = with(plain(&public).expect("a key"));
    let sign = |flags: u8| {
        let text = statement().text();
        let inner = SshSig::signed_data(NAMESPACE, HashAlg::Sha512, text.as_bytes()).expect("data");
        let trailer = [&[flags][..], &7_u32.to_be_bytes()].concat();
        let message = [&Sha256::digest(application)[..], &trailer, &Sha256::digest(&inner)[..]].concat();
        let signature = raw(&PrivateKey::from(device.clone()), &message);
        let whole = Signature::new(Algorithm::SkEd25519, [signature.as_bytes(), &trailer].concat()).expect("a signature");
        let signature = SshSig::new(public.clone(), NAMESPACE, HashAlg::Sha512, whole).expect("a signature");
        Signed { file: String::new(), text, signature: signature.to_pem(LineEnding::LF).expect("armour") }
    };
    verify(&sign(1), &people).expect("touched");
    assert!(verify(&sign(0), &people).expect_err("untouched").to_string().contains("was not touched"));
}

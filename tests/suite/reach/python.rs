//! The checker that an auditor runs, on proofs of random networks and on proofs that are wrong.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use tempfile::NamedTempFile;
use tokaido::reach::{Facts, Proof, prove};

use super::generate;
use crate::support::soak;

/// What it says of these exports.
fn checked(exports: impl Iterator<Item = (Facts, Proof)>) -> Result<String, String> {
    let mut file = NamedTempFile::new().expect("a file");
    for (facts, proof) in exports {
        let line = format!("{}\n", serde_json::json!({ "facts": facts, "proof": proof }));
        file.write_all(line.as_bytes()).expect("a line");
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reach/check.py");
    let output = Command::new("python3").arg(script).arg(file.path()).output().expect("python3");
    let (out, error) =
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
    match output.status.code() {
        Some(0) => Ok(out),
        Some(1) => Err(error),
        code => panic!("check.py: {code:?} {error}"),
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "what was checked")]
fn the_proofs_of_random_networks_hold() {
    let seeds = u64::from(soak::cases(10_000));
    let exports = (0..seeds).map(|seed| {
        let facts = generate::network(seed);
        let proof = prove(&facts);
        (facts, proof)
    });
    let said = checked(exports).unwrap_or_else(|error| panic!("the line is the seed and one: {error}"));
    println!("generate::network, seeds 0..{seeds}: {said}");
    assert!(said.starts_with(&format!("{seeds} networks: ")), "{said}");
}

/// The first network whose proof has what is asked for, and that proof.
fn first(wanted: impl Fn(&Facts, &Proof) -> bool) -> (Facts, Proof) {
    let mut all = (0..).map(generate::network).map(|facts| {
        let proof = prove(&facts);
        (facts, proof)
    });
    all.find(|(facts, proof)| wanted(facts, proof) && checked([(facts.clone(), proof.clone())].into_iter()).is_ok())
        .expect("one of them")
}

fn refused(facts: &Facts, proof: Proof, why: &str) {
    let said = checked([(facts.clone(), proof)].into_iter()).expect_err("the proof is wrong");
    assert!(said.contains(why), "{said} instead of {why}");
}

#[test]
fn a_proof_that_hides_a_leak_is_refused() {
    let (facts, mut proof) = first(|_, proof| !proof.leaks.is_empty());
    proof.leaks.remove(0);
    refused(&facts, proof, "the proof says isolated, the packets say leaks");
}

#[test]
fn a_proof_that_hides_what_is_undecided_is_refused() {
    let (facts, mut proof) = first(|_, proof| !proof.undecided.is_empty());
    proof.undecided.remove(0);
    refused(&facts, proof, "the proof says isolated, the packets say undecided");
}

#[test]
fn a_leak_with_a_packet_that_does_not_arrive_is_refused() {
    let (facts, mut proof) = first(|_, proof| proof.leaks.iter().any(|leak| leak.path.len() == 1));
    let leak = proof.leaks.iter_mut().find(|leak| leak.path.len() == 1).expect("it has one");
    let mut other = leak.path[0].packet;
    other.source = if other.source.is_ipv4() { [203, 0, 113, 9].into() } else { [0x2001; 8].into() };
    leak.path[0].packet = other;
    refused(&facts, proof.clone(), "has no address");
    proof.leaks.iter_mut().for_each(|leak| leak.path.clear());
    refused(&facts, proof, "a leak without a packet");
}

#[test]
fn a_leak_that_is_none_is_refused() {
    let (facts, mut proof) = first(|_, proof| !proof.undecided.is_empty() && !proof.leaks.is_empty());
    let undecided = proof.undecided.remove(0);
    let mut leak = proof.leaks[0].clone();
    (leak.from, leak.to) = (undecided.from, undecided.to);
    proof.leaks.push(leak);
    refused(&facts, proof, "the proof says leaks, the packets say undecided");
}

#[test]
fn an_assumption_that_names_no_forwarder_is_refused() {
    let (facts, mut proof) = first(|_, proof| !proof.assumed.is_empty());
    proof.assumed[0].forwarders.clear();
    refused(&facts, proof, "are not what it passes through");
}

#[test]
fn an_entry_that_the_walls_keep_out_is_refused() {
    let (facts, mut proof) =
        first(|facts, proof| !proof.entries.is_empty() && facts.networks.iter().any(|network| !network.internet));
    let (mut closed, to) = (facts, proof.entries[0].to);
    refused(
        &closed,
        {
            let mut other = proof.clone();
            other.entries[0].packet.destination = [203, 0, 113, 9].into();
            other
        },
        "does not enter",
    );
    let network = closed.subnets[closed.points[to].subnet].network;
    closed.networks[network].internet = false;
    proof.entries.truncate(1);
    refused(&closed, proof, "does not enter");
}

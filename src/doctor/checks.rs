//! Facts of one environment → its checks, in the order in which one depends on another.

use std::collections::BTreeSet;

use crate::compile::bootstrap_set;
use crate::kinds::{self, session};
use crate::model::observed::ANOTHER_ACCOUNT;
use crate::model::{DesiredState, Live, Region, ResourceId, Status, tags};
use crate::world::{Caller, ClockReading, ErrorClass, ProviderError};

use super::{Check, Connection, Facts, Read, TOLERANCE_SECONDS, policies, quotas};

/// Every check that needs the connection, in order.
const BEHIND: [&str; 7] = ["account", "clock", "tokyo", "osaka", "iam", "permissions", "quotas"];

/// All checks of one environment.
#[must_use]
pub fn environment(desired: &DesiredState, facts: &Facts) -> Vec<Check> {
    let mut checks = in_order(desired, facts);
    if let Some(bucket) = &desired.bucket {
        checks.push(bootstrap(desired, facts, bucket));
    }
    checks
}

/// Whether the check on which the later ones depend is `ok`.
fn bootstrap(desired: &DesiredState, facts: &Facts, bucket: &str) -> Check {
    let set = bootstrap_set(desired);
    let reads = |id: &ResourceId| {
        let read = facts.reads.iter().find(|read| read.kind == id.kind && read.region == id.region)?;
        read.answer.as_ref().ok().filter(|listing| listing.unreadable.is_empty())
    };
    if set.iter().any(|id| reads(id).is_none()) {
        return not_asked("bootstrap", "the bucket and the roles could not be read");
    }
    let there = |id: &&ResourceId| {
        let ours = |live: &Live| tags::owner(&live.tags, desired.environment).as_ref() == Some(*id);
        reads(id).is_some_and(|listing| listing.live.iter().any(ours))
    };
    let missing: Vec<&ResourceId> = set.iter().filter(|id| !there(id)).collect();
    let elsewhere = |live: &Live| live.physical == bucket && live.status == Status::Failed(ANOTHER_ACCOUNT.to_owned());
    if set.iter().filter_map(reads).any(|listing| listing.live.iter().any(elsewhere)) {
        let says = format!("the name {bucket} belongs to another account; names of buckets are unique in all of AWS");
        let next = format!("choose another name under `store:` in environments/{}.yaml", desired.environment);
        return Check::problem("bootstrap", says, next);
    }
    let make = format!("tokaido bootstrap {}", desired.environment);
    let names = missing.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    if missing.is_empty() {
        Check::ok("bootstrap", format!("the bucket {bucket} and the roles of readers and appliers exist"))
    } else if facts.simulated {
        Check::ok("bootstrap", format!("not made yet: {names} (`{make}`; a simulated AWS keeps its records in a folder)"))
    } else if missing.iter().any(|id| id.region != Region::Global) {
        Check::problem("bootstrap", format!("the bucket {bucket} does not exist; not made yet: {names}"), make)
    } else {
        Check::problem("bootstrap", format!("not made yet: {names}"), make)
    }
}

fn in_order(desired: &DesiredState, facts: &Facts) -> Vec<Check> {
    match &facts.connection {
        Connection::Answered(caller) => answered(desired, facts, caller),
        Connection::Absent(why) => {
            let next = if facts.simulated {
                "`tokaido sandbox reset` starts a new simulated world"
            } else {
                "build tokaido with its default features"
            };
            let mut checks = vec![Check::problem("credentials", why, next)];
            checks.push(not_asked("role", "there is no world to ask"));
            checks.extend(behind("there is no world to ask"));
            checks
        }
        Connection::Refused(why) => {
            let next = "remove the override, or name the host with --allow-endpoint";
            let mut checks = vec![Check::problem("credentials", why, next).refused()];
            checks.push(not_asked("role", "the endpoint was refused"));
            checks.extend(behind("the endpoint was refused"));
            checks
        }
        Connection::Failed(error) => {
            let mut checks = failed(desired.assume_role.as_deref(), error);
            checks.extend(behind("nobody is known to ask as"));
            checks
        }
    }
}

/// A check that could not be made, and why.
#[must_use]
pub fn not_asked(check: &'static str, why: &str) -> Check {
    Check::unknown(check, format!("not asked: {why}"), "solve what is above, then ask again")
}

fn behind(why: &str) -> impl Iterator<Item = Check> {
    BEHIND.into_iter().map(move |check| not_asked(check, why))
}

/// STS refused: the cause is the credentials or the role.
fn failed(role: Option<&str>, error: &ProviderError) -> Vec<Check> {
    let says = error.to_string();
    let next = error.next().to_string();
    let asked_for_role = error.operation == session::ASSUME_ROLE;
    match error.class {
        ErrorClass::AccessDenied if asked_for_role => {
            let next = format!(
                "the role must exist and its trust policy must name you, and you need sts:AssumeRole on {}",
                role.unwrap_or("it")
            );
            vec![Check::ok("credentials", "found: STS knows them"), Check::problem("role", says, next)]
        }
        ErrorClass::ExpiredCredentials | ErrorClass::AccessDenied => {
            let mut checks = vec![Check::problem("credentials", says, next)];
            checks.push(not_asked("role", "there are no usable credentials"));
            checks
        }
        _ => {
            let mut checks = vec![Check::unknown("credentials", says, next)];
            checks.push(not_asked("role", "STS did not answer"));
            checks
        }
    }
}

fn answered(desired: &DesiredState, facts: &Facts, caller: &Caller) -> Vec<Check> {
    let role = match &desired.assume_role {
        Some(role) if facts.simulated => Check::ok("role", format!("{role} (simulated)")),
        Some(role) => Check::ok("role", format!("{role} was assumed")),
        None => Check::ok("role", "none is declared: the credentials are used as they are"),
    };
    let mut checks = vec![Check::ok("credentials", format!("found: {}", caller.arn)), role];
    if caller.account != desired.account {
        let environment = desired.environment;
        let says = format!(
            "{environment} is {} and the credentials belong to {}; nothing else was called",
            desired.account, caller.account
        );
        let next = format!("use credentials of {}, or correct `account:` in environments/{environment}.yaml", desired.account);
        checks.push(Check::problem("account", says, next).refused());
        // STS answers with its time.
        checks.push(clock(facts.clock, facts.simulated));
        checks.extend(behind("this is the wrong account").skip(2));
        return checks;
    }
    checks.push(Check::ok("account", format!("{}, as declared", caller.account)));
    checks.push(clock(facts.clock, facts.simulated));
    checks.extend(
        [(Region::Tokyo, "tokyo"), (Region::Osaka, "osaka"), (Region::Global, "iam")].map(|(r, name)| region(r, name, facts)),
    );
    checks.push(policies::check(facts, &caller.arn));
    checks.push(quotas::check(desired, &facts.reads));
    checks
}

/// The service a kind belongs to, as IAM spells it.
fn service(read: &Read) -> &'static str {
    kinds::find(read.kind).and_then(|kind| kind.calls.look.split(':').next()).unwrap_or(read.kind)
}

/// Whether the services of a region answer. A denial is an answer; permissions have a check of their own.
fn region(region: Region, name: &'static str, facts: &Facts) -> Check {
    let reads: Vec<&Read> = facts.reads.iter().filter(|read| read.region == region).collect();
    let silent: Vec<(&Read, &ProviderError)> = reads
        .iter()
        .filter_map(|read| read.answer.as_ref().err().map(|error| (*read, error)))
        .filter(|(_, error)| error.class != ErrorClass::AccessDenied)
        .collect();
    let objects: Vec<String> = reads
        .iter()
        .filter_map(|read| read.answer.as_ref().ok())
        .flat_map(|listing| &listing.unreadable)
        .map(|one| format!("{} {}: {}", one.kind, one.physical.as_deref().unwrap_or("(all)"), one.error))
        .collect();
    if reads.is_empty() {
        return Check::unknown(name, "nothing was asked", "solve what is above, then ask again");
    }
    let services: BTreeSet<&str> = reads.iter().map(|read| service(read)).collect();
    if let Some((_, first)) = silent.first() {
        let quiet: BTreeSet<&str> = silent.iter().map(|(read, _)| service(read)).collect();
        let says = if quiet == services {
            format!("no answer from {}", list(&quiet))
        } else {
            let heard = services.difference(&quiet).copied().collect();
            format!("no answer from {}; {} answered", list(&quiet), list(&heard))
        };
        let errors = silent.iter().map(|(_, error)| error.to_string()).collect();
        return Check::unknown(name, says, first.next().to_string()).sentences("failed", errors).sentences("unreadable", objects);
    }
    if !objects.is_empty() {
        let says = format!("{} answered, and some objects could not be read", list(&services));
        return Check::unknown(name, says, "see each error, then ask again").sentences("unreadable", objects);
    }
    Check::ok(name, format!("{} answered", list(&services)))
}

fn list(words: &BTreeSet<&str>) -> String {
    words.iter().copied().collect::<Vec<_>>().join(", ")
}

fn clock(reading: Option<ClockReading>, simulated: bool) -> Check {
    let synchronise = "synchronise this machine's clock (NTP; on EC2 Amazon Time Sync, 169.254.169.123)";
    let Some(ClockReading { ours, theirs }) = reading else {
        return Check::unknown("clock", "no answer of AWS told the time", synchronise);
    };
    // A difference without a number of seconds is far beyond any tolerance.
    let seconds = ours.duration_since(theirs).as_secs();
    let (off, way) = (seconds.unsigned_abs(), if seconds > 0 { "ahead of" } else { "behind" });
    if off > TOLERANCE_SECONDS {
        let says = format!("this machine is {off} seconds {way} AWS, which refuses requests from {TOLERANCE_SECONDS} seconds on");
        return Check::problem("clock", says, synchronise);
    }
    match off {
        0 if simulated => Check::ok("clock", "the simulated AWS has this clock only"),
        0 => Check::ok("clock", "the same second as AWS"),
        _ => Check::ok("clock", format!("{off} seconds {way} AWS; {TOLERANCE_SECONDS} are tolerated")),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

//! Facts of one environment → its checks, in the order in which one depends on another.

use std::collections::BTreeSet;

use crate::compile::bootstrap_set;
use crate::kinds::{self, session};
use crate::model::observed::ANOTHER_ACCOUNT;
use crate::model::{DesiredState, Language, Live, Reason as _, Region, ResourceId, Said, Sentence, Status, Unreadable, tags};
use crate::world::{Caller, ClockReading, ErrorClass, ProviderError, TOLERANCE_SECONDS, unread};

use super::reason::{Bare, Found, Item, Label, NotAsked, Remedy, RoleName};
use super::{Check, Connection, Facts, Read, policies, quotas};

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
        return not_asked("bootstrap", NotAsked::BootstrapUnread);
    }
    let there = |id: &&ResourceId| {
        let ours = |live: &Live| tags::owner(&live.tags, desired.environment).as_ref() == Some(*id);
        reads(id).is_some_and(|listing| listing.live.iter().any(ours))
    };
    let missing: Vec<ResourceId> = set.iter().filter(|id| !there(id)).cloned().collect();
    let elsewhere = |live: &Live| live.physical == bucket && live.status == Status::Failed(ANOTHER_ACCOUNT.to_owned());
    if set.iter().filter_map(reads).any(|listing| listing.live.iter().any(elsewhere)) {
        let says = Found::BucketElsewhere { bucket: bucket.to_owned() };
        return Check::problem("bootstrap", says, Remedy::OtherName { environment: desired.environment });
    }
    let command = format!("tokaido bootstrap {}", desired.environment);
    let bucket = bucket.to_owned();
    if missing.is_empty() {
        Check::ok("bootstrap", Found::Bootstrapped { bucket })
    } else if facts.simulated {
        Check::ok("bootstrap", Found::NotMadeSimulated { missing, command })
    } else if missing.iter().any(|id| id.region != Region::Global) {
        Check::problem("bootstrap", Found::NoBucket { bucket, missing }, Remedy::Run { command })
    } else {
        Check::problem("bootstrap", Found::NotMade { missing }, Remedy::Run { command })
    }
}

fn in_order(desired: &DesiredState, facts: &Facts) -> Vec<Check> {
    match &facts.connection {
        Connection::Answered(caller) => answered(desired, facts, caller),
        Connection::Absent(why) => {
            let next = if facts.simulated { Remedy::ResetSandbox } else { Remedy::BuildWithAws };
            let mut checks = vec![Check::problem("credentials", Found::Said { said: why.clone() }, next)];
            checks.push(not_asked("role", NotAsked::NoWorld));
            checks.extend(behind(NotAsked::NoWorld));
            checks
        }
        Connection::Misconfigured(why) => {
            let mut checks = vec![Check::problem("credentials", Found::Said { said: why.clone() }, Remedy::CorrectSetting)];
            checks.push(not_asked("role", NotAsked::Misconfigured));
            checks.extend(behind(NotAsked::Misconfigured));
            checks
        }
        Connection::Refused(why) => {
            let says = Found::Said { said: why.clone() };
            let mut checks = vec![Check::problem("credentials", says, Remedy::AllowEndpoint).refused()];
            checks.push(not_asked("role", NotAsked::EndpointRefused));
            checks.extend(behind(NotAsked::EndpointRefused));
            checks
        }
        Connection::Failed(error) => {
            let mut checks = failed(desired.assume_role.as_deref(), error);
            let off = error.class == ErrorClass::ClockSkew;
            let why = if off { NotAsked::ClockOff } else { NotAsked::Nobody };
            checks.extend(BEHIND.into_iter().map(|check| match (check, error.clock.as_deref().copied()) {
                // A refusal tells the time as well.
                ("clock", Some(reading)) => clock(Some(reading), facts.simulated),
                ("clock", None) if off => Check::problem(check, Found::ClockRefused, Remedy::Synchronise),
                _ => not_asked(check, why),
            }));
            checks
        }
    }
}

/// A check that could not be made, and why.
#[must_use]
pub fn not_asked(check: &'static str, why: NotAsked) -> Check {
    Check::unknown(check, Found::NotAsked { why }, Remedy::SolveAbove)
}

fn behind(why: NotAsked) -> impl Iterator<Item = Check> {
    BEHIND.into_iter().map(move |check| not_asked(check, why))
}

/// STS refused: the cause is the credentials or the role.
fn failed(role: Option<&str>, error: &ProviderError) -> Vec<Check> {
    let says = Found::Refused { error: Bare(error.clone()) };
    let next = Remedy::Advice { advice: error.next().said() };
    let asked_for_role = error.operation == session::ASSUME_ROLE;
    match error.class {
        ErrorClass::AccessDenied if asked_for_role => {
            let next = Remedy::TrustRole { role: RoleName(role.map(str::to_owned)) };
            vec![Check::ok("credentials", Found::KnownToSts), Check::problem("role", says, next)]
        }
        ErrorClass::ExpiredCredentials | ErrorClass::AccessDenied => {
            let mut checks = vec![Check::problem("credentials", says, next)];
            checks.push(not_asked("role", NotAsked::NoCredentials));
            checks
        }
        class => {
            let why = if class == ErrorClass::ClockSkew { NotAsked::ClockOff } else { NotAsked::StsSilent };
            let mut checks = vec![Check::unknown("credentials", says, next)];
            checks.push(not_asked("role", why));
            checks
        }
    }
}

fn answered(desired: &DesiredState, facts: &Facts, caller: &Caller) -> Vec<Check> {
    let role = match &desired.assume_role {
        Some(role) if facts.simulated => Check::ok("role", Found::RoleSimulated { role: role.clone() }),
        Some(role) => Check::ok("role", Found::RoleAssumed { role: role.clone() }),
        None => Check::ok("role", Found::NoRole),
    };
    let mut checks = vec![Check::ok("credentials", Found::Caller { arn: caller.arn.clone() }), role];
    if caller.account != desired.account {
        let environment = desired.environment;
        let (declared, found) = (desired.account.clone(), caller.account.clone());
        let says = Found::OtherAccount { environment, declared: declared.clone(), found };
        let next = Remedy::UseCredentials { account: declared, environment };
        checks.push(Check::problem("account", says, next).refused());
        // STS answers with its time.
        checks.push(clock(facts.clock, facts.simulated));
        checks.extend(behind(NotAsked::OtherAccount).skip(2));
        return checks;
    }
    checks.push(Check::ok("account", Found::Account { account: caller.account.clone() }));
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
    let objects: Vec<Sentence> = reads
        .iter()
        .filter_map(|read| read.answer.as_ref().ok())
        .flat_map(|listing| &listing.unreadable)
        .map(unreadable)
        .collect();
    if reads.is_empty() {
        return Check::unknown(name, Found::NothingAsked, Remedy::SolveAbove);
    }
    let services: BTreeSet<&str> = reads.iter().map(|read| service(read)).collect();
    if let Some((_, first)) = silent.first() {
        let quiet: BTreeSet<&str> = silent.iter().map(|(read, _)| service(read)).collect();
        let says = if quiet == services {
            Found::Silent { silent: list(&quiet) }
        } else {
            let heard = services.difference(&quiet).copied().collect();
            Found::SilentInPart { silent: list(&quiet), heard: list(&heard) }
        };
        let error = |error: &ProviderError| Item::Error { error: Bare(error.clone()) }.into();
        let errors = silent.iter().map(|(_, one)| error(one)).collect();
        let next = Remedy::Advice { advice: first.next().said() };
        return Check::unknown(name, says, next).sentences(Label::Failed, errors).sentences(Label::Unreadable, objects);
    }
    if !objects.is_empty() {
        let says = Found::AnsweredInPart { services: list(&services) };
        return Check::unknown(name, says, Remedy::SeeErrors).sentences(Label::Unreadable, objects);
    }
    Check::ok(name, Found::Answered { services: list(&services) })
}

fn list(words: &BTreeSet<&str>) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// One object that could not be read, or all of its kind.
fn unreadable(one: &Unreadable) -> Sentence {
    let (kind, error) = (one.kind.clone(), Said::new(one.error.as_str(), unread(&one.operation, &one.error, Language::Ja)));
    match one.physical.clone() {
        Some(physical) => Item::Object { kind, physical, error }.into(),
        None => Item::Every { kind, error }.into(),
    }
}

fn clock(reading: Option<ClockReading>, simulated: bool) -> Check {
    let Some(ClockReading { ours, theirs }) = reading else {
        return Check::unknown("clock", Found::NoTime, Remedy::Synchronise);
    };
    let seconds = ours.duration_since(theirs).as_secs();
    let (off, ahead, tolerated) = (seconds.unsigned_abs(), seconds > 0, TOLERANCE_SECONDS);
    if off > TOLERANCE_SECONDS {
        let says = if ahead { Found::FarAhead { seconds: off, tolerated } } else { Found::FarBehind { seconds: off, tolerated } };
        return Check::problem("clock", says, Remedy::Synchronise);
    }
    match off {
        0 if simulated => Check::ok("clock", Found::OneClock),
        0 => Check::ok("clock", Found::SameSecond),
        _ if ahead => Check::ok("clock", Found::Ahead { seconds: off, tolerated }),
        _ => Check::ok("clock", Found::Behind { seconds: off, tolerated }),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;

//! `tokaido review EMERGENCY`: a second person signs a review of an emergency override. Adds one record and changes no resource
//! of AWS.

use crate::govern::roles::{counts, known_as, requirement, roles_in_force};
use crate::govern::statement::{Decision, Signed, Statement, verify};
use crate::model::{Emergency, Environment, Person, Reason as _, Review, Roles};
use crate::store::{Record, emergencies, history};

use super::args::{Cli, ReviewArgs};
use super::exit::{Exit, Failure};
use super::signing::{agree, signer};
use super::terminal::Terminal;
use super::words::signing::{Reviewing, Signing};
use super::{approval_evidence, context, signing};

pub async fn run(cli: &Cli, args: &ReviewArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let emergency = find(cli, &args.emergency, terminal).await?;
    let desired = context::desired(cli, emergency.environment, terminal)?;
    let public = signing::public_key(&args.key, terminal)?;
    let nobody = Roles::default();
    let records = context::records(cli, emergency.environment, terminal).await?;
    let history = history(&records);
    let applied_roles = approval_evidence::applied_roles(cli, &history, desired.release.as_ref(), terminal)?;
    let roles = roles_in_force(applied_roles.as_ref(), desired.roles.as_ref()).unwrap_or(&nobody);
    // Without a promoted release the people of the file were never approved, least of all new ones.
    if history.governing().is_none() && !emergency.roles.is_empty() && emergency.roles != roles.digest() {
        return Err(Failure::refused(Reviewing::OtherRoles { id: emergency.id, environment: emergency.environment }));
    }
    let person = signer(roles, &public, args.person.as_deref())?;
    second(roles, person, &emergency, desired.approvals)?;
    let at = context::now(cli)?;
    let statement = Statement {
        decision: Decision::Review,
        plan: emergency.plan.clone(),
        environment: emergency.environment,
        account: desired.account.clone(),
        release: None,
        author: emergency.author.clone(),
        caller: emergency.caller.clone(),
        // An emergency override stays open until it is reviewed.
        expires: String::new(),
        roles: roles.digest(),
        person: person.id.clone(),
        at,
        emergency: Some(emergency.id.clone()),
    };
    let text = statement.text();
    terminal.say(described(&emergency));
    terminal.must_see(Signing::Signs { person: person.id.clone(), statement: text.clone() });
    agree(terminal, args.yes, Decision::Review)?;
    let signature = signing::sign(&args.key, &text, terminal)?;
    let signed = Signed { file: person.id.clone(), text, signature };
    verify(&signed, roles).map_err(|why| Failure::error(Reviewing::NothingRecorded { why: why.said() }))?;
    let review = Review {
        at,
        emergency: emergency.id.clone(),
        person: person.id.clone(),
        statement: signed.text,
        signature: signed.signature,
    };
    let store = context::store_of(cli, emergency.environment, terminal).await?;
    store
        .append(emergency.environment, &Record::Reviewed(review))
        .await
        .map_err(|error| Failure::error(Reviewing::NotRecorded { error: error.said() }))?;
    terminal.say(Reviewing::Reviewed { id: emergency.id, person: person.id.clone() });
    Ok(Exit::Done)
}

/// By its id or the beginning of it, among all environments.
async fn find(cli: &Cli, name: &str, terminal: &Terminal) -> Result<Emergency, Failure> {
    let (mut found, mut unread) = (Vec::new(), None);
    for environment in Environment::ALL {
        // Broken records of another environment are no reason to refuse this review.
        let records = match context::records(cli, environment, terminal).await {
            Ok(records) => records,
            Err(failure) => {
                unread.get_or_insert(failure);
                continue;
            }
        };
        found.extend(
            emergencies(&records)
                .into_iter()
                .filter(|(emergency, _)| !name.is_empty() && emergency.id.starts_with(name))
                .map(|(emergency, review)| (emergency.clone(), review.cloned())),
        );
    }
    if let (true, Some(failure)) = (found.is_empty(), unread) {
        return Err(failure);
    }
    match found.as_slice() {
        [] => Err(Failure::error(Reviewing::NoEmergency { name: name.to_owned() })),
        [(emergency, None)] => Ok(emergency.clone()),
        [(emergency, Some(review))] => Err(Failure::refused(Reviewing::ReviewedAlready {
            person: review.person.clone(),
            id: emergency.id.clone(),
            at: review.at.to_string(),
        })),
        several => {
            let list = several.iter().map(|(emergency, _)| emergency.id.as_str()).collect::<Vec<_>>().join(", ");
            Err(Failure::error(Reviewing::Several { name: name.to_owned(), list }))
        }
    }
}

/// A second person: one whose approvals count there, and who did not make the override.
fn second(roles: &Roles, person: &Person, emergency: &Emergency, floor: usize) -> Result<(), Failure> {
    let refused = |reason: Reviewing| Err(Failure::refused(reason));
    let id = || person.id.clone();
    let mut rule = requirement(Some(roles), emergency.environment, floor);
    // Staging may need no approvals, and its emergency overrides are reviewed all the same.
    if rule.required == 0 {
        rule.from.clear();
    }
    if !counts(person, &rule) {
        return refused(Reviewing::InNoGroup { person: id(), environment: emergency.environment });
    }
    let names = [emergency.by.as_str(), emergency.caller.as_str(), emergency.author.as_str()];
    if names.iter().any(|name| known_as(roles, name).any(|known| known.id == person.id)) {
        return refused(Reviewing::TookPart { person: id(), by: emergency.by.clone() });
    }
    if known_as(roles, &emergency.by).next().is_none() {
        return refused(Reviewing::NobodyKnownAs { by: emergency.by.clone(), person: id() });
    }
    Ok(())
}

fn described(emergency: &Emergency) -> Reviewing {
    Reviewing::Described {
        id: emergency.id.clone(),
        environment: emergency.environment,
        at: emergency.at.to_string(),
        by: emergency.by.clone(),
        caller: emergency.caller.clone(),
        plan: emergency.plan[..12.min(emergency.plan.len())].to_owned(),
        reason: emergency.reason.clone(),
        skipped: emergency.skipped(),
    }
}

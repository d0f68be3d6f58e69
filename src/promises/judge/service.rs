//! The checks of labels, capacity, event logs, clocks and the three environments.

use std::collections::BTreeSet;

use super::population::{Judged, Population};
use crate::kinds::{self, db_instance, dhcp_options, vpc};
use crate::model::equality::{self, Spelling};
use crate::model::{Environment, Examined, Explanation, Fact, Standing, Value, VerdictState, tags};

use super::super::slug;
use super::data::{Demand, parameters};
use super::subject::{Subject, UNCLEAR, each};
use super::view::{Found, SETTINGS, View};
use super::{Asked, Gibibytes, VerdictReason};

const LABELS: [&str; 4] = [tags::ENVIRONMENT, tags::ID, tags::TENANT, tags::CLASSIFICATION];

pub(super) fn labelling(view: &View<'_>, population: &mut Population) {
    for kind in kinds::declared() {
        each(view, view.ours(kind.schema.kind), population, |subject| {
            for label in LABELS {
                label_of(subject, label);
            }
            if kind.schema.kind == db_instance::NAME {
                let copied = |value: &Value| *value == Value::Bool(true);
                subject.require(db_instance::at::copy_tags_to_snapshot, copied, Asked::SnapshotsUnlabelled);
            }
        });
    }
}

fn label_of(subject: &mut Subject<'_, '_>, label: &'static str) {
    let member = subject.member;
    let live = member.live.tags.get(label);
    subject.fact(label, live.map_or("(none)", |tag| tag.as_str()));
    let wanted = member.declared.and_then(|declared| declared.tags.get(label));
    match (live, wanted) {
        (None, _) => subject.broken(VerdictReason::TagMissing { tag: label }),
        (Some(live), Some(wanted)) if live != wanted => {
            subject.broken(VerdictReason::TagWrong { tag: label, live: live.into(), wanted: wanted.into() });
        }
        _ => {}
    }
}

pub(super) fn capacity(view: &View<'_>, population: &mut Population) {
    each(view, view.ours(db_instance::NAME), population, |subject| {
        let (now, most) =
            (subject.note(db_instance::at::allocated_storage), subject.note(db_instance::at::max_allocated_storage));
        let Some((now, most)) = now.zip(most) else { return };
        let (now, most) = (now.as_int(), most.as_int());
        // RDS ignores a ceiling that is less than a tenth above the size (field notes 15.10).
        let wide = |number: i64| i128::from(number);
        let grows = now.zip(most).is_some_and(|(now, most)| wide(most) * 10 >= wide(now) * 11);
        if !grows {
            subject.broken(VerdictReason::NoRoom { now: Gibibytes(now), most: Gibibytes(most) });
        }
    });
}

pub(super) fn event_logs(view: &View<'_>, population: &mut Population) {
    each(view, view.ours(db_instance::NAME), population, |subject| {
        let declared = subject.member.declared.and_then(|declared| declared.attributes.get(db_instance::at::log_exports));
        let mut wanted: Vec<Value> = declared.and_then(Value::as_list).unwrap_or_default().to_vec();
        // Logs are those of the engine that runs; another declared one may never come to run.
        let engine = |value: &Value| value.as_text().map(|engine| Spelling::Case.form(engine).into_owned());
        let of = subject.member.declared.and_then(|declared| declared.attributes.get(db_instance::at::engine)).and_then(engine);
        let runs = subject.value(db_instance::at::engine).and_then(engine);
        if let Some(runs) = runs.filter(|runs| of.is_some_and(|of| of != *runs)) {
            wanted = db_instance::log_exports(&runs).iter().map(|log| Value::from(*log)).collect();
        }
        let sends = |value: &Value| {
            let sent: BTreeSet<&Value> = value.as_list().unwrap_or_default().iter().collect();
            !sent.is_empty() && wanted.iter().all(|log| sent.contains(log))
        };
        subject.require(db_instance::at::log_exports, sends, Asked::Logs { logs: Value::from(wanted.clone()) });
    });
}

pub(super) fn clock(view: &View<'_>, population: &mut Population) {
    each(view, view.ours(vpc::NAME), population, |subject| {
        let Some(link) = subject.note(vpc::at::dhcp_options) else { return };
        match view.follow(link, dhcp_options::NAME, subject.member.region) {
            Found::Hidden(failed) => subject.hidden(failed),
            Found::Nowhere => subject.broken(VerdictReason::NoClock { options: link.clone() }),
            Found::Here(sets) => {
                for set in &sets {
                    let Some(servers) = subject.note_of(set, dhcp_options::at::ntp_servers) else { continue };
                    let servers = servers.as_list().unwrap_or_default();
                    if !equality::is_time_sync(servers) {
                        let found = Value::from(servers.to_vec());
                        let (options, wanted) = (set.subject(), dhcp_options::TIME_SYNC);
                        subject.broken(VerdictReason::OtherClock { options, found, wanted });
                    }
                }
            }
        }
    });
    each(view, view.ours(db_instance::NAME), population, |subject| {
        let Some(engine) = subject.value(db_instance::at::engine) else { return };
        let demanded: &[Demand] = match engine.as_text().map(|engine| Spelling::Case.form(engine)).as_deref() {
            Some("postgres") => &[("timezone", &["UTC"]), ("log_timezone", &["UTC"])],
            Some("mysql" | "mariadb") => &[("time_zone", &["UTC", "+00:00"])],
            _ => &[],
        };
        parameters(view, subject, demanded, slug::CLOCK);
    });
}

/// Judges whether the account belongs to this environment alone.
pub(super) fn environments(view: &View<'_>, population: &mut Population) {
    let desired = view.input.desired;
    let (environment, account) = (desired.environment, desired.account.as_str());
    let fact = |name: &str, value: &str, source: &str| Fact {
        name: name.to_owned(),
        value: value.into(),
        source: source.to_owned(),
        at: None,
    };
    let mut examined = Examined {
        subject: format!("account {account}"),
        kind: "account".to_owned(),
        standing: Standing::Ours,
        state: VerdictState::Kept,
        unknown: None,
        beside: false,
        level: Some(SETTINGS),
        reason: None,
        facts: vec![fact(&format!("account of {environment}"), account, "environments/*.yaml")],
    };
    let mut say = |judged: Judged, reason: VerdictReason| {
        let worse = Judged::of(&examined).min(judged);
        (examined.state, examined.unknown) = (worse.state, worse.unknown);
        examined.level = None;
        let said = Explanation::of(&reason);
        examined.reason = Some(examined.reason.take().map_or_else(|| said.clone(), |first| first.and(&said)));
    };
    if let Some(accounts) = view.input.accounts {
        for other in Environment::ALL.into_iter().filter(|other| *other != environment && !accounts.declared.contains_key(other))
        {
            say(UNCLEAR, VerdictReason::AccountUnread { other });
        }
        let others = accounts.declared.iter().filter(|(other, _)| **other != environment);
        for (other, shared) in others.clone().filter(|(_, other)| *other == account) {
            say(VerdictState::Broken.into(), VerdictReason::AccountShared { other: *other, account: shared.clone() });
        }
        if accounts.caller != account {
            say(VerdictState::Broken.into(), VerdictReason::CallerElsewhere { caller: accounts.caller.clone() });
        }
        examined
            .facts
            .extend(others.map(|(other, account)| fact(&format!("account of {other}"), account, "environments/*.yaml")));
        examined.facts.push(fact("account of the caller", &accounts.caller, "caller"));
    }
    population.push(examined);
    let strays = kinds::ALL.into_iter().flat_map(|kind| view.all(kind.schema.kind)).filter_map(|seen| {
        let super::view::Seen::Here(member) = seen else { return None };
        let named = member.live.tags.get(tags::ENVIRONMENT)?.parse::<Environment>().ok()?;
        (named != environment).then_some((member, named))
    });
    for (member, named) in strays {
        let mut subject = Subject::new(view, member);
        subject.fact(tags::ENVIRONMENT, named);
        subject.broken(VerdictReason::OfOtherEnvironment { named, environment });
        subject.end(population);
    }
}

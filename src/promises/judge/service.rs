//! Labels, room to grow, logs, clocks, and three environments.

use std::collections::BTreeSet;

use super::super::slug;
use super::SETTINGS;
use super::data::parameters;
use super::trial::{Trial, each};
use super::view::{Found, View};
use crate::kinds::{self, db_instance, dhcp_options, vpc};
use crate::model::{Environment, Examined, Fact, Said, Standing, Value, VerdictState, tags};

const LABELS: [&str; 4] = [tags::ENVIRONMENT, tags::ID, tags::TENANT, tags::CLASSIFICATION];

pub(super) fn labelling(view: &View<'_>, population: &mut Vec<Examined>) {
    for kind in kinds::ALL {
        each(view, view.ours(kind.schema.kind), population, |trial| {
            for label in LABELS {
                label_of(trial, label);
            }
            if kind.schema.kind == db_instance::NAME {
                let copied = |value: &Value| *value == Value::Bool(true);
                trial.must(
                    db_instance::at::copy_tags_to_snapshot,
                    copied,
                    "its snapshots carry no label",
                    "スナップショットにタグが付きません",
                );
            }
        });
    }
}

fn label_of(trial: &mut Trial<'_, '_>, label: &str) {
    let member = trial.member;
    let live = member.live.tags.get(label);
    trial.tell(label, live.map_or_else(|| "(none)".to_owned(), Clone::clone));
    let wanted = member.declared.and_then(|declared| declared.tags.get(label));
    match (live, wanted) {
        (None, _) => trial.broken(format!("the tag {label} is missing"), format!("タグ {label} がありません")),
        (Some(live), Some(wanted)) if live != wanted => trial.broken(
            format!("the tag {label} says {live}, and it is {wanted}"),
            format!("タグ {label} の値は {live} ですが、正しくは {wanted} です"),
        ),
        _ => {}
    }
}

pub(super) fn capacity(view: &View<'_>, population: &mut Vec<Examined>) {
    each(view, view.ours(db_instance::NAME), population, |trial| {
        let (now, most) = (
            trial.note(db_instance::at::allocated_storage).as_int(),
            trial.note(db_instance::at::max_allocated_storage).as_int(),
        );
        // Below a tenth RDS takes the ceiling for none (field notes 15.10).
        let wide = |number: i64| i128::from(number);
        let grows = now.zip(most).is_some_and(|(now, most)| wide(most) * 10 >= wide(now) * 11);
        if !grows {
            let say = |value: Option<i64>| value.map_or_else(|| "(none)".to_owned(), |value| format!("{value} GiB"));
            let (now, most) = (say(now), say(most));
            trial.broken(
                format!("it may grow to {most} and has {now}: a tenth more is needed for it to grow at all"),
                format!("容量 {now} に対して上限が {most} で、自動拡張に必要な一割の余地がありません"),
            );
        }
    });
}

pub(super) fn event_logs(view: &View<'_>, population: &mut Vec<Examined>) {
    each(view, view.ours(db_instance::NAME), population, |trial| {
        let declared = trial.member.declared.and_then(|declared| declared.attributes.get(db_instance::at::log_exports));
        let wanted: Vec<Value> = declared.and_then(Value::as_list).unwrap_or_default().to_vec();
        let sends = |value: &Value| {
            let sent: BTreeSet<&Value> = value.as_list().unwrap_or_default().iter().collect();
            !sent.is_empty() && wanted.iter().all(|log| sent.contains(log))
        };
        let all = Value::from(wanted.clone());
        trial.must(db_instance::at::log_exports, sends, &format!("{all} are needed"), &format!("必要なログは {all} です"));
    });
}

pub(super) fn clock(view: &View<'_>, population: &mut Vec<Examined>) {
    each(view, view.ours(vpc::NAME), population, |trial| {
        let link = trial.note(vpc::at::dhcp_options);
        match view.follow(link, dhcp_options::NAME, trial.member.region) {
            Found::Hidden(failed) => trial.hidden(failed),
            Found::Nowhere => trial.broken(
                format!("it uses the option set {link}, which names no clock of ours"),
                format!("時刻サーバーを指定したオプションセットを使っていません（{link}）"),
            ),
            Found::Here(sets) => {
                for set in &sets {
                    trial.tell_of(set, dhcp_options::at::ntp_servers);
                    let servers = set
                        .live
                        .attributes
                        .values()
                        .get(dhcp_options::at::ntp_servers)
                        .and_then(Value::as_list)
                        .unwrap_or_default();
                    if servers != [Value::from(dhcp_options::TIME_SYNC)] {
                        let found = Value::from(servers.to_vec());
                        trial.broken(
                            format!("{} names {found} instead of {}", set.subject(), dhcp_options::TIME_SYNC),
                            format!("{} の時刻サーバーが {} ではなく {found} です", set.subject(), dhcp_options::TIME_SYNC),
                        );
                    }
                }
            }
        }
    });
    each(view, view.ours(db_instance::NAME), population, |trial| {
        let demanded: &[(&str, &[&str])] = match trial.value(db_instance::at::engine).as_text() {
            Some("postgres") => &[("timezone", &["UTC"]), ("log_timezone", &["UTC"])],
            Some("mysql" | "mariadb") => &[("time_zone", &["UTC", "+00:00"])],
            _ => &[],
        };
        parameters(view, trial, demanded, slug::CLOCK);
    });
}

/// The account belongs to this environment alone.
pub(super) fn environments(view: &View<'_>, population: &mut Vec<Examined>) {
    let desired = view.input.desired;
    let (environment, account) = (desired.environment, desired.account.as_str());
    let fact = |name: &str, value: &str, source: &str| Fact {
        name: name.to_owned(),
        value: value.to_owned(),
        source: source.to_owned(),
        at: None,
    };
    let mut examined = Examined {
        subject: format!("account {account}"),
        kind: "account".to_owned(),
        standing: Standing::Ours,
        state: VerdictState::Kept,
        level: Some(SETTINGS),
        reason: None,
        facts: vec![fact(&format!("account of {environment}"), account, "environments/*.yaml")],
    };
    let mut say = |state: VerdictState, en: String, ja: String| {
        examined.state = state;
        examined.level = None;
        examined.reason = Some(Said::new(en, ja));
    };
    if let Some(accounts) = view.input.accounts {
        for other in Environment::ALL.into_iter().filter(|other| *other != environment && !accounts.declared.contains_key(other))
        {
            say(
                VerdictState::Unknown,
                format!("the account of {other} cannot be read from its file; tokaido validate"),
                format!("{other} のアカウントをファイルから読めません。tokaido validate を実行してください"),
            );
        }
        let others = accounts.declared.iter().filter(|(other, _)| **other != environment);
        for (other, shared) in others.clone().filter(|(_, other)| *other == account) {
            say(
                VerdictState::Broken,
                format!("{other} has the account {shared} too"),
                format!("{other} も同じアカウント {shared} を使います"),
            );
        }
        if accounts.caller != account {
            let caller = &accounts.caller;
            say(
                VerdictState::Broken,
                format!("the credentials belong to {caller}"),
                format!("認証情報のアカウントが {caller} です"),
            );
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
        let mut trial = Trial::new(view, member);
        trial.tell(tags::ENVIRONMENT, named.to_string());
        trial.broken(
            format!("it is labelled {named} and lives in the account of {environment}"),
            format!("{named} のタグが付いた資源が {environment} のアカウントにあります"),
        );
        population.push(trial.end());
    }
}

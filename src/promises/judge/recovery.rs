//! Going back in time in Tokyo, and what lies in Osaka.

use jiff::{SignedDuration, Timestamp};

use super::super::slug;
use super::trial::{Trial, absent, each, not_there};
use super::view::{Found, Member, Seen, View};
use crate::kinds::{backup_plan, backup_vault, db_instance, facts, iam_role, kms_key};
use crate::model::{Examined, Level, Region, Said, Status, Value, VerdictState};

/// RDS uploads logs every five minutes; a lag beyond this is an alarm (field notes 16).
const LAG_MOST: SignedDuration = SignedDuration::from_mins(15);

/// A day between two backups, an hour to begin, twelve to end, and an hour to arrive.
const POINT_AGE_MOST: SignedDuration = SignedDuration::from_hours(24 + 1 + 12 + 1);

pub(super) fn point_in_time(view: &View<'_>, population: &mut Vec<Examined>) {
    let days = view.days(slug::POINT_IN_TIME_RECOVERY);
    let members = view.ours(db_instance::NAME);
    for seen in &members {
        if let Seen::Lost(id) = seen {
            let gone = Said::new(
                "it was applied and is gone, and its automated backups with it",
                "適用後に失われ、自動バックアップも残っていません",
            );
            population.push(absent(id, VerdictState::Broken, gone));
        }
    }
    let members = members.into_iter().filter(|seen| !matches!(seen, Seen::Lost(_))).collect();
    each(view, members, population, |trial| {
        trial.must(
            "backup_retention_days",
            |value| value.as_int().is_some_and(|kept| kept >= days),
            &format!("{days} days are promised"),
            &format!("約束は {days} 日です"),
        );
        trial.must(
            "deletion_protection",
            |value| *value == Value::Bool(true),
            "its backups would go with it",
            "削除するとバックアップも失われます",
        );
        trial.must_work("no backups are taken in this state", "この状態ではバックアップが取られません");
        if let Status::Working(word) = &trial.member.live.status
            && word.eq_ignore_ascii_case("creating")
        {
            trial.say(VerdictState::Pending, "AWS is still making it", "AWS が作成中です");
            return;
        }
        restorable(view, trial, days);
    });
}

/// How far RDS itself says that the database can be restored.
fn restorable(view: &View<'_>, trial: &mut Trial<'_, '_>, days: i64) {
    let Some(now) = view.input.now.filter(|_| view.evidence()) else { return };
    let latest = trial.reading(facts::LATEST_RESTORABLE).and_then(|text| text.parse::<Timestamp>().ok());
    let earliest = trial.reading(facts::EARLIEST_RESTORABLE).and_then(|text| text.parse::<Timestamp>().ok());
    let Some(latest) = latest else { return };
    let lag = now.duration_since(latest);
    if lag > LAG_MOST {
        let minutes = lag.as_mins();
        return trial.broken(
            format!("RDS can restore only to {latest}, {minutes} minutes ago"),
            format!("復元できるのは {minutes} 分前（{latest}）までです"),
        );
    }
    trial.level = Level::Effective;
    let far = now.saturating_sub(SignedDuration::from_hours(24 * (days - 1))).unwrap_or(now);
    if earliest.is_some_and(|earliest| earliest <= far) {
        trial.level = Level::Evidenced;
    }
}

/// How a backup plan covers a database.
struct Copying<'a> {
    plan: Member<'a>,
    vault: &'a Value,
    days: Option<i64>,
    role: &'a Value,
    schedule: Option<&'a str>,
}

pub(super) fn copies(view: &View<'_>, population: &mut Vec<Examined>) {
    let days = view.days(slug::RECOVERY_COPIES);
    let plans: Vec<Member<'_>> = view
        .all(backup_plan::NAME)
        .into_iter()
        .filter_map(|seen| if let Seen::Here(member) = seen { Some(member) } else { None })
        .collect();
    for seen in view.ours(db_instance::NAME) {
        population.push(match seen {
            Seen::Here(member) => {
                let mut trial = Trial::new(view, member);
                covered(view, &mut trial, &plans, days);
                trial.end()
            }
            Seen::Hidden(id, failed) => absent(id, VerdictState::Unknown, super::failure(failed)),
            Seen::Lost(id) | Seen::NotMade(id) => absent(id, VerdictState::NotApplicable, not_there()),
        });
    }
}

fn covered(view: &View<'_>, trial: &mut Trial<'_, '_>, plans: &[Member<'_>], days: i64) {
    let here = plans.iter().filter(|plan| plan.region == trial.member.region);
    let (mut copying, mut selected) = (Vec::new(), false);
    for plan in here {
        for role in selections(plan, &trial.member) {
            selected = true;
            copying.extend(copies_of(plan, role));
        }
    }
    // One plan that keeps the promise is enough; else the first shortfall of each is named.
    let verdicts: Vec<_> = copying.iter().map(|copying| (copying, shortfall(view, copying, days))).collect();
    if let Some((copying, _)) = verdicts.iter().find(|(_, shortfall)| shortfall.is_none()) {
        tell(trial, copying);
        let vault = copying.vault.clone();
        return arrived(view, trial, &vault, days);
    }
    // What a failed read may hide is not missing.
    let blind = view
        .input
        .observed
        .unreadable
        .iter()
        .find(|failed| failed.kind == backup_plan::NAME && failed.region == trial.member.region);
    match (verdicts.first(), blind) {
        (None, Some(failed)) => trial.hidden(failed),
        (None, None) if selected => {
            trial.broken("the plan that selects it copies nothing to Osaka", "対象とするプランが大阪への複製を行いません");
        }
        (None, None) => trial.broken("no backup plan selects it", "どのバックアッププランの対象にもなっていません"),
        (Some(_), _) => {
            for (copying, shortfall) in &verdicts {
                tell(trial, copying);
                if let Some((state, said)) = shortfall {
                    trial.say(*state, said.en.clone(), said.ja.clone());
                }
            }
        }
    }
}

fn tell(trial: &mut Trial<'_, '_>, copying: &Copying<'_>) {
    for attribute in ["copies", "selections"] {
        trial.tell_of(&copying.plan, attribute);
    }
}

fn elements<'a>(plan: &Member<'a>, list: &str) -> impl Iterator<Item = &'a std::collections::BTreeMap<String, Value>> + use<'a> {
    plan.live.attributes.get(list).and_then(Value::as_list).unwrap_or_default().iter().filter_map(Value::as_map)
}

/// The roles of the selections that name this database.
fn selections<'a>(plan: &Member<'a>, database: &Member<'_>) -> Vec<&'a Value> {
    let names = |selection: &&std::collections::BTreeMap<String, Value>| {
        let resources = selection.get("resources").and_then(Value::as_list).unwrap_or_default();
        resources.iter().any(|link| View::means(link, database))
    };
    elements(plan, "selections").filter(names).map(|selection| selection.get("role").unwrap_or(&Value::Null)).collect()
}

fn copies_of<'a>(plan: &Member<'a>, role: &'a Value) -> Vec<Copying<'a>> {
    let in_osaka = |vault: &Value| super::view::region_of(vault) == Some(Region::Osaka);
    elements(plan, "copies")
        .filter_map(|copy| {
            let vault = copy.get("vault").filter(|vault| in_osaka(vault))?;
            let rule = elements(plan, "rules").find(|rule| rule.get("name") == copy.get("rule"))?;
            Some(Copying {
                plan: *plan,
                vault,
                days: copy.get("delete_after_days").and_then(Value::as_int),
                role,
                schedule: rule.get("schedule").and_then(Value::as_text),
            })
        })
        .collect()
}

/// What keeps this copy from being the promised one.
fn shortfall(view: &View<'_>, copying: &Copying<'_>, days: i64) -> Option<(VerdictState, Said)> {
    let broken = |en: String, ja: String| Some((VerdictState::Broken, Said::new(en, ja)));
    let plan = copying.plan.subject();
    if let Some(kept) = copying.days.filter(|kept| *kept < days) {
        return broken(
            format!("{plan} keeps copies for {kept} days; {days} are promised"),
            format!("{plan} の複製の保管期間が {kept} 日です（約束は {days} 日）"),
        );
    }
    if !copying.schedule.is_some_and(daily) {
        let schedule = copying.schedule.unwrap_or("none");
        return broken(
            format!("{plan} does not run every day: {schedule}"),
            format!("{plan} の実行が毎日ではありません（{schedule}）"),
        );
    }
    let vaults = match view.follow(copying.vault, backup_vault::NAME, Region::Osaka) {
        Found::Here(vaults) => vaults,
        Found::Hidden(failed) => return Some((VerdictState::Unknown, super::failure(failed))),
        Found::Nowhere => {
            let vault = copying.vault;
            return broken(format!("{vault} is not there"), format!("{vault} が存在しません"));
        }
    };
    for vault in &vaults {
        let link = vault.live.attributes.get("kms_key").unwrap_or(&Value::Null);
        match view.follow(link, kms_key::NAME, Region::Osaka) {
            Found::Hidden(failed) => return Some((VerdictState::Unknown, super::failure(failed))),
            Found::Here(keys) if keys.iter().all(usable) => {}
            Found::Here(_) | Found::Nowhere => {
                return broken(
                    format!("the key of {} cannot be used, so no copy arrives", vault.subject()),
                    format!("{} の鍵が使えないため、複製が届きません", vault.subject()),
                );
            }
        }
    }
    role(view, copying)
}

fn usable(key: &Member<'_>) -> bool {
    !matches!(key.live.status, Status::Failed(_)) && key.live.attributes.get("enabled") == Some(&Value::Bool(true))
}

/// AWS Backup can do nothing without its role.
fn role(view: &View<'_>, copying: &Copying<'_>) -> Option<(VerdictState, Said)> {
    let roles = match view.follow(copying.role, iam_role::NAME, Region::Global) {
        Found::Here(roles) => roles,
        Found::Hidden(failed) => return Some((VerdictState::Unknown, super::failure(failed))),
        Found::Nowhere => {
            let role = copying.role;
            let said = Said::new(
                format!("{role}, which AWS Backup assumes, is not there"),
                format!("AWS Backup が使う {role} が存在しません"),
            );
            return Some((VerdictState::Broken, said));
        }
    };
    let has = |role: &Member<'_>| {
        let attached = role.live.attributes.get("managed_policies").and_then(Value::as_list).unwrap_or_default();
        iam_role::BACKUP_POLICIES.first().is_some_and(|policy| attached.contains(&Value::from(*policy)))
    };
    let lame = roles.iter().find(|role| !has(role))?;
    let said = Said::new(
        format!("{} may not take backups: AWS's policy for them is not attached", lame.subject()),
        format!("{} にバックアップ用の AWS 管理ポリシーが付いていません", lame.subject()),
    );
    Some((VerdictState::Broken, said))
}

/// `cron(minute hour day month weekday year)`: no field but the first two limits the days.
fn daily(schedule: &str) -> bool {
    let fields: Option<Vec<&str>> =
        schedule.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')).map(|inner| inner.split_whitespace().collect());
    fields.is_some_and(|fields| fields.len() == 6 && fields[2..].iter().all(|field| ["*", "?", "1/1"].contains(field)))
}

/// What lies in the vault: the number in a plan proves nothing.
fn arrived(view: &View<'_>, trial: &mut Trial<'_, '_>, vault: &Value, days: i64) {
    let Some(now) = view.input.now.filter(|_| view.evidence()) else { return };
    let Found::Here(vaults) = view.follow(vault, backup_vault::NAME, Region::Osaka) else { return };
    let database = trial.member.live.outputs.get("arn").cloned().unwrap_or_default();
    let (mut newest, mut oldest) = (None, None);
    for vault in &vaults {
        let mut time = |name: &str| {
            let reading = view.fact(vault, &facts::of_points(name, &database))?;
            trial.cite(reading);
            reading.value.parse::<Timestamp>().ok()
        };
        newest = newest.max(time(facts::NEWEST_POINT));
        oldest = time(facts::OLDEST_POINT).or(oldest);
    }
    let made = trial.reading(facts::CREATED).and_then(|text| text.parse::<Timestamp>().ok());
    let Some(newest) = newest else {
        // Before the first night there is nothing to copy.
        match made {
            Some(made) if now.duration_since(made) > POINT_AGE_MOST => {
                trial.broken("no recovery point of it is in Osaka", "大阪に復旧ポイントがありません");
            }
            _ => {}
        }
        return;
    };
    let age = now.duration_since(newest);
    if age > POINT_AGE_MOST {
        let hours = age.as_hours();
        return trial.broken(
            format!("the newest recovery point in Osaka is {hours} hours old"),
            format!("大阪の最新の復旧ポイントが {hours} 時間前のものです"),
        );
    }
    trial.level = Level::Effective;
    let far = now.saturating_sub(SignedDuration::from_hours(24 * (days - 1))).unwrap_or(now);
    if oldest.is_some_and(|oldest| oldest <= far) {
        trial.level = Level::Evidenced;
    }
}

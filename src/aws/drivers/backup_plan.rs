//! How a backup plan is called. Its rules are sent as a whole. Its selections are immutable objects of their own; a digest of the
//! content at the end of a selection's AWS name tells them apart.

use std::collections::BTreeSet;

use aws_sdk_backup::operation::get_backup_plan::GetBackupPlanOutput;
use aws_sdk_backup::types::{
    BackupPlan, BackupPlanInput, BackupPlansListMember, BackupRuleInput, BackupSelection, BackupSelectionsListMember, Condition,
    ConditionParameter, ConditionType, Conditions, CopyAction, Lifecycle,
};
use futures::future::{join, try_join_all};
use sha2::{Digest, Sha256};

use crate::aws::prelude::*;
use crate::kinds::backup_plan::{Copy, NAME, Rule, Selection, Spec, TagTest, at, calls};
use crate::model::digest::hex;

/// AWS's defaults for what a rule does not say: time zone, schedule, and minutes of the two windows.
const UTC: &str = "Etc/UTC";
const SCHEDULE: &str = "cron(0 5 ? * * *)";
const START_WINDOW: i64 = 480;
const COMPLETION_WINDOW: i64 = 10_080;
/// AWS's number for "for ever".
const FOREVER: i64 = -1;

/// A plan as the listing shows it, or as the call about one plan does.
pub enum Seen {
    Listed(Box<BackupPlansListMember>),
    Whole { id: String, plan: Box<GetBackupPlanOutput> },
}

/// A selection as AWS holds it, or as it should be: then it has neither id nor time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Held {
    id: String,
    full_name: String,
    created: i128,
    what: What,
}

/// What a selection says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct What {
    role: String,
    resources: Vec<String>,
    not_resources: Vec<String>,
    tags: Vec<TagTest>,
    conditions: Vec<TagTest>,
}

impl What {
    /// Of a selection whose links lead somewhere.
    fn of(selection: &Selection) -> Result<Self, String> {
        Ok(Self {
            role: selection.role.physical()?.to_owned(),
            resources: sorted(links(&selection.resources)?),
            not_resources: sorted(links(&selection.not_resources)?),
            tags: sorted(selection.tags.clone()),
            conditions: sorted(selection.conditions.clone()),
        })
    }

    fn read(selection: &BackupSelection) -> Self {
        let listed = |condition: &Condition| TagTest {
            test: match condition.condition_type() {
                ConditionType::Stringequals => EQUALS.to_owned(),
                other => other.as_str().to_owned(),
            },
            key: condition.condition_key().to_owned(),
            value: condition.condition_value().to_owned(),
        };
        let conditions = selection.conditions().into_iter().flat_map(|conditions| {
            let each = |test: &'static str, found: &[ConditionParameter]| {
                let one = |found: &ConditionParameter| TagTest {
                    test: test.to_owned(),
                    key: text(found.condition_key()),
                    value: text(found.condition_value()),
                };
                found.iter().map(one).collect::<Vec<_>>()
            };
            [
                each(EQUALS, conditions.string_equals()),
                each(NOT_EQUALS, conditions.string_not_equals()),
                each(LIKE, conditions.string_like()),
                each(NOT_LIKE, conditions.string_not_like()),
            ]
        });
        Self {
            role: selection.iam_role_arn().to_owned(),
            resources: sorted(selection.resources().to_vec()),
            not_resources: sorted(selection.not_resources().to_vec()),
            tags: sorted(selection.list_of_tags().iter().map(listed)),
            conditions: sorted(conditions.flatten()),
        }
    }

    fn named(self, name: String) -> Selection {
        let physical = |found: Vec<String>| found.into_iter().map(Link::Physical).collect();
        Selection {
            name,
            role: Link::Physical(self.role),
            resources: physical(self.resources),
            not_resources: physical(self.not_resources),
            tags: self.tags,
            conditions: self.conditions,
        }
    }

    /// As AWS Backup takes it.
    fn sent(&self, full_name: &str) -> Result<BackupSelection, String> {
        let listed = |test: &TagTest| {
            let kind = if test.test == EQUALS { ConditionType::Stringequals } else { ConditionType::from(&*test.test) };
            let condition = Condition::builder().condition_type(kind).condition_key(&test.key).condition_value(&test.value);
            condition.build().map_err(|error| error.to_string())
        };
        let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
        let tags = self.tags.iter().map(listed).collect::<Result<Vec<_>, _>>()?;
        let each = |name: &str| {
            let of = self.conditions.iter().filter(|test| test.test == name);
            let made = of.map(|test| ConditionParameter::builder().condition_key(&test.key).condition_value(&test.value).build());
            Some(made.collect::<Vec<_>>()).filter(|made| !made.is_empty())
        };
        let conditions = || {
            let conditions = Conditions::builder().set_string_equals(each(EQUALS)).set_string_not_equals(each(NOT_EQUALS));
            conditions.set_string_like(each(LIKE)).set_string_not_like(each(NOT_LIKE)).build()
        };
        BackupSelection::builder()
            .selection_name(full_name)
            .iam_role_arn(&self.role)
            .set_resources(Some(self.resources.clone()))
            .set_not_resources(some(&self.not_resources))
            .set_list_of_tags(Some(tags).filter(|tags| !tags.is_empty()))
            .set_conditions((!self.conditions.is_empty()).then(conditions))
            .build()
            .map_err(|error| error.to_string())
    }
}

const EQUALS: &str = "StringEquals";
const NOT_EQUALS: &str = "StringNotEquals";
const LIKE: &str = "StringLike";
const NOT_LIKE: &str = "StringNotLike";

impl Held {
    fn same(&self, other: &Self) -> bool {
        (&self.full_name, &self.what) == (&other.full_name, &other.what)
    }
}

/// `databases-1` with this role and these resources is always `databases-1-5f2e81aa` in AWS.
fn full_name(name: &str, what: &What) -> String {
    let mut said = format!("{}\n{}", what.role, what.resources.join("\n"));
    if !(what.not_resources.is_empty() && what.tags.is_empty() && what.conditions.is_empty()) {
        said = format!("{said}\n{:?}", (&what.not_resources, &what.tags, &what.conditions));
    }
    let digest = hex(&Sha256::digest(said));
    format!("{name}-{}", digest.get(..8).unwrap_or(&digest))
}

/// The name before the digest, when there is one.
fn stem(full_name: &str) -> &str {
    match full_name.rsplit_once('-') {
        Some((stem, digest)) if digest.len() == 8 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) => stem,
        _ => full_name,
    }
}

/// A replacement that was cut off leaves two selections of one name. The newest gets the name; the others show their full names,
/// and the next plan removes them.
fn selections(mut held: Vec<Held>) -> Vec<Selection> {
    held.sort_by(|a, b| (b.created, &b.full_name).cmp(&(a.created, &a.full_name)));
    let mut taken = BTreeSet::new();
    let mut found: Vec<Selection> = held
        .into_iter()
        .map(|held| {
            let short = stem(&held.full_name).to_owned();
            held.what.named(if taken.insert(short.clone()) { short } else { held.full_name })
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn delete_after(lifecycle: Option<&Lifecycle>) -> Option<i64> {
    lifecycle.and_then(Lifecycle::delete_after_days).filter(|days| *days != FOREVER)
}

fn rules(plan: &BackupPlan) -> (Vec<Rule>, Vec<Copy>) {
    let (mut rules, mut copies) = (Vec::new(), Vec::new());
    for rule in plan.rules() {
        rules.push(Rule {
            name: rule.rule_name().to_owned(),
            vault: Link::Physical(rule.target_backup_vault_name().to_owned()),
            schedule: rule.schedule_expression().unwrap_or(SCHEDULE).to_owned(),
            timezone: rule.schedule_expression_timezone().unwrap_or(UTC).to_owned(),
            start_window_minutes: rule.start_window_minutes().unwrap_or(START_WINDOW),
            completion_window_minutes: rule.completion_window_minutes().unwrap_or(COMPLETION_WINDOW),
            delete_after_days: delete_after(rule.lifecycle()).unwrap_or(FOREVER),
            continuous: rule.enable_continuous_backup().unwrap_or_default(),
        });
        copies.extend(rule.copy_actions().iter().map(|copy| Copy {
            rule: rule.rule_name().to_owned(),
            vault: Link::Physical(copy.destination_backup_vault_arn().to_owned()),
            delete_after_days: delete_after(copy.lifecycle()),
        }));
    }
    rules.sort_by(|a, b| a.name.cmp(&b.name));
    copies.sort_by(|a, b| (&a.rule, &a.vault).cmp(&(&b.rule, &b.vault)));
    (rules, copies)
}

fn input(name: &str, rules: &[Rule], copies: &[Copy]) -> Result<BackupPlanInput, String> {
    let kept = |days: i64| Lifecycle::builder().delete_after_days(days).build();
    let actions = |rule: &Rule| -> Result<Vec<CopyAction>, String> {
        let of_rule = copies.iter().filter(|copy| copy.rule == rule.name);
        of_rule
            .map(|copy| {
                let action = CopyAction::builder().destination_backup_vault_arn(copy.vault.physical()?);
                action.set_lifecycle(copy.delete_after_days.map(kept)).build().map_err(|error| error.to_string())
            })
            .collect()
    };
    if let Some(lost) = copies.iter().find(|copy| rules.iter().all(|rule| rule.name != copy.rule)) {
        return Err(format!("a copy belongs to the rule {}, which does not exist", lost.rule));
    }
    let mut plan = BackupPlanInput::builder().backup_plan_name(name).set_rules(Some(Vec::new()));
    for rule in rules {
        let rule = BackupRuleInput::builder()
            .rule_name(&rule.name)
            .target_backup_vault_name(rule.vault.physical()?)
            .schedule_expression(&rule.schedule)
            .schedule_expression_timezone(&rule.timezone)
            .start_window_minutes(rule.start_window_minutes)
            .completion_window_minutes(rule.completion_window_minutes)
            .set_lifecycle((rule.delete_after_days != FOREVER).then(|| kept(rule.delete_after_days)))
            .set_copy_actions(Some(actions(rule)?))
            .enable_continuous_backup(rule.continuous)
            .build()
            .map_err(|error| error.to_string())?;
        plan = plan.rules(rule);
    }
    plan.build().map_err(|error| error.to_string())
}

fn wanted(selections: &[Selection]) -> Result<Vec<Held>, String> {
    let one = |selection: &Selection| -> Result<Held, String> {
        let what = What::of(selection)?;
        Ok(Held { full_name: full_name(&selection.name, &what), what, ..Held::default() })
    };
    selections.iter().map(one).collect()
}

async fn held(place: &Place, plan: &str) -> Answer<Vec<Held>> {
    let call = place.reader().backup.list_backup_selections().backup_plan_id(plan).max_results(1000);
    let send = |token| call.clone().set_next_token(token).send();
    let members = place.pages(calls::SELECTIONS, plan, send, |page| (page.backup_selections_list, page.next_token)).await?;
    try_join_all(members.iter().map(|member| one_held(place, plan, member))).await
}

async fn one_held(place: &Place, plan: &str, member: &BackupSelectionsListMember) -> Answer<Held> {
    let id = member.selection_id().unwrap_or_default();
    let call = || place.reader().backup.get_backup_selection().backup_plan_id(plan).selection_id(id).send();
    let answer = place.read(calls::SELECTION, id, call).await?;
    let selection = answer.backup_selection();
    Ok(Held {
        id: id.to_owned(),
        full_name: text(member.selection_name().or(selection.map(BackupSelection::selection_name))),
        created: member.creation_date().map_or(0, aws_smithy_types::DateTime::as_nanos),
        what: selection.map(What::read).unwrap_or_default(),
    })
}

async fn select(place: &Place, plan: &str, wanted: &Held) -> Answer<()> {
    let sent = wanted.what.sent(&wanted.full_name);
    let selection = sent.map_err(|error| place.invalid(calls::SELECT, &wanted.full_name, error))?;
    let token = tags::token(&Tags::new(), &format!("{plan}/{}", wanted.full_name));
    let call = place.writer().backup.create_backup_selection().backup_plan_id(plan);
    let call = call.backup_selection(selection).creator_request_id(token);
    place.write(calls::SELECT, &wanted.full_name, || call.clone().send()).await.map(drop)
}

async fn deselect(place: &Place, plan: &str, id: &str) -> Answer<()> {
    let call = || place.writer().backup.delete_backup_selection().backup_plan_id(plan).selection_id(id).send();
    place.remove(calls::DESELECT, id, call).await
}

/// Makes new selections before it removes old ones, so that no database is ever without one. Only a selection whose AWS name is
/// still taken waits until its predecessor is removed. A selection that the executor did not read was made since, and stays.
async fn replace_selections(change: &Change<'_>, read: &[Selection], wanted: &[Held]) -> Answer<()> {
    let (place, plan) = (change.place(), change.id());
    // A new plan has none.
    let held = if change.is_new() { Vec::new() } else { change.check(held(place, plan).await)? };
    let was_read = |held: &&Held| {
        read.iter().any(|selection| {
            let names = [stem(&held.full_name), &held.full_name];
            names.contains(&selection.name.as_str()) && What::of(selection).is_ok_and(|what| what == held.what)
        })
    };
    let parts = Parts::between(&held, wanted, Held::same);
    let taken = |wanted: &&Held| held.iter().any(|held| held.full_name == wanted.full_name);
    for selection in parts.missing.iter().filter(|wanted| !taken(wanted)) {
        change.step(select(place, plan, selection).await)?;
    }
    for surplus in parts.surplus.iter().filter(was_read) {
        change.step(deselect(place, plan, &surplus.id).await)?;
    }
    for selection in parts.missing.iter().filter(taken) {
        change.step(select(place, plan, selection).await)?;
    }
    Ok(())
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = Seen;
    const FOREIGN_TOO: bool = true;

    async fn list(place: &Place, _: Option<&str>) -> Answer<Vec<Seen>> {
        let call = place.reader().backup.list_backup_plans().max_results(1000);
        let send = |token| call.clone().set_next_token(token).send();
        let plans = place.pages(calls::LIST, NAME, send, |page| (page.backup_plans_list, page.next_token)).await?;
        let there = plans.into_iter().filter(|plan| plan.deletion_date().is_none());
        Ok(there.map(|plan| Seen::Listed(Box::new(plan))).collect())
    }

    async fn complete(place: &Place, seen: &Seen, tags: Tags) -> Answer<Option<Live>> {
        let mut live = Self::shown(seen);
        let (whole, held) = match seen {
            Seen::Listed(_) => join(Self::look(place, &live.physical), held(place, &live.physical)).await,
            Seen::Whole { .. } => (Ok(None), held(place, &live.physical).await),
        };
        if let Seen::Listed(_) = seen {
            let Some(whole) = whole? else { return Ok(None) };
            live = Self::shown(&whole);
        }
        live.attributes.put(at::selections, selections(held?));
        Ok(Some(Live { tags, ..live }))
    }

    async fn look(place: &Place, id: &str) -> Answer<Option<Seen>> {
        let call = || place.reader().backup.get_backup_plan().backup_plan_id(id).send();
        let answer = place.find(Self::KIND.calls.look, id, call).await?;
        // A deleted plan can still be read by its id.
        let there = answer.filter(|answer| answer.deletion_date().is_none());
        Ok(there.map(|plan| Seen::Whole { id: id.to_owned(), plan: Box::new(plan) }))
    }

    fn shown(seen: &Seen) -> Live {
        let mut attributes = Readings::default();
        match seen {
            Seen::Listed(plan) => {
                attributes.put(at::name, text(plan.backup_plan_name()));
                Self::live(plan.backup_plan_id(), plan.backup_plan_arn(), attributes)
            }
            Seen::Whole { id, plan } => {
                let (rules, copies) = plan.backup_plan().map(rules).unwrap_or_default();
                attributes.put(at::name, text(plan.backup_plan().map(BackupPlan::backup_plan_name)));
                attributes.put(at::rules, rules);
                attributes.put(at::copies, copies);
                Self::live(Some(id), plan.backup_plan_arn(), attributes)
            }
        }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let plan = new.valid(input(&spec.name, &spec.rules, &spec.copies))?;
        // A selection that is not valid is refused before there is a plan without it.
        new.valid(wanted(&spec.selections))?;
        let call = new.writer().backup.create_backup_plan().backup_plan(plan).creator_request_id(new.token());
        let call = call.set_backup_plan_tags(Some(tags::to_map(new.tags())));
        new.id(new.send(|| call.clone().send()).await?.backup_plan_id())
    }

    async fn set(change: &Change<'_>) -> Answer<()> {
        // AWS replaces the name and all rules, so the whole target is sent.
        if change.to(at::name)?.is_some() | change.to(at::rules)?.is_some() | change.to(at::copies)?.is_some() {
            let (name, rules) = (change.target(at::name)?, change.target(at::rules)?);
            let plan = change.valid(input(&name, &rules, &change.target(at::copies)?))?;
            let call = change.writer().backup.update_backup_plan().backup_plan_id(change.id()).backup_plan(plan);
            change.send(|| call.clone().send()).await?;
        }
        if let Some(target) = change.to(at::selections)? {
            let read = change.before(at::selections)?;
            let wanted = change.check(change.valid(wanted(&target)))?;
            replace_selections(change, &read, &wanted).await?;
        }
        Ok(())
    }

    /// AWS refuses to delete a plan with selections, so they are deleted first.
    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        let held = match held(gone.place(), gone.id()).await {
            Err(error) if error.class == ErrorClass::NotFound => return Ok(()),
            other => other?,
        };
        for selection in &held {
            gone.step(deselect(gone.place(), gone.id(), &selection.id).await)?;
        }
        gone.delete(|| gone.writer().backup.delete_backup_plan().backup_plan_id(gone.id()).send()).await
    }
}

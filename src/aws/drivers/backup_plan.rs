//! How a backup plan is called. Its rules travel as a whole; its selections are immutable objects of their own, told
//! apart by a digest of their content at the end of their AWS name.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_backup::operation::get_backup_plan::GetBackupPlanOutput;
use aws_sdk_backup::types::{
    BackupPlan, BackupPlanInput, BackupPlansListMember, BackupRuleInput, BackupSelection, BackupSelectionsListMember, CopyAction,
    Lifecycle,
};
use futures::future::try_join_all;
use futures::try_join;
use sha2::{Digest, Sha256};

use crate::aws::call::Progress;
use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, label};
use crate::kinds::Kind;
use crate::kinds::backup_plan::{Copy, KIND, NAME, Rule, Selection, Spec, at, calls, readiness};
use crate::model::plan::hex;
use crate::model::tags::Tags;
use crate::model::value::Link;
use crate::model::{Live, Name, Readings};
use crate::world::{ErrorClass, ProviderError};

/// What AWS assumes when a rule does not say.
const UTC: &str = "Etc/UTC";
const START_WINDOW: i64 = 480;
const COMPLETION_WINDOW: i64 = 10_080;
/// AWS's number for "for ever".
const FOREVER: i64 = -1;

pub struct Plans {
    at: Place,
}

/// A plan as the list shows it, or as it says itself.
pub enum Seen {
    Listed(Box<BackupPlansListMember>),
    Whole { id: String, plan: Box<GetBackupPlanOutput> },
}

/// A selection as AWS holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    id: String,
    full_name: String,
    created: i128,
    role: String,
    resources: Vec<String>,
}

/// `databases-1` with this role and these resources is always `databases-1-5f2e81aa` in AWS.
fn full_name(name: &str, role: &str, resources: &[String]) -> String {
    let digest = hex(&Sha256::digest(format!("{role}\n{}", resources.join("\n"))));
    format!("{name}-{}", digest.get(..8).unwrap_or(&digest))
}

/// The name before the digest, when there is one.
fn stem(full_name: &str) -> &str {
    match full_name.rsplit_once('-') {
        Some((stem, digest)) if digest.len() == 8 && digest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) => stem,
        _ => full_name,
    }
}

/// A replacement that was cut off leaves two selections of one name: the newest carries it, the others show in full and
/// are removed by the next plan.
fn selections(mut held: Vec<Held>) -> Vec<Selection> {
    held.sort_by(|a, b| (b.created, &b.full_name).cmp(&(a.created, &a.full_name)));
    let mut taken = BTreeSet::new();
    let mut found: Vec<Selection> = held
        .into_iter()
        .map(|held| {
            let short = stem(&held.full_name).to_owned();
            let name = if taken.insert(short.clone()) { short } else { held.full_name };
            let resources = held.resources.into_iter().map(Link::Physical).collect();
            Selection { name, role: Link::Physical(held.role), resources }
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
            schedule: rule.schedule_expression().unwrap_or_default().to_owned(),
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

/// A selection as it should be.
struct Wanted {
    full_name: String,
    role: String,
    resources: Vec<String>,
}

fn wanted(selections: &[Selection]) -> Result<Vec<Wanted>, String> {
    let one = |selection: &Selection| -> Result<Wanted, String> {
        let role = selection.role.physical()?.to_owned();
        let mut resources: Vec<String> =
            selection.resources.iter().map(|resource| resource.physical().map(str::to_owned)).collect::<Result<_, _>>()?;
        resources.sort();
        Ok(Wanted { full_name: full_name(&selection.name, &role, &resources), role, resources })
    };
    selections.iter().map(one).collect()
}

impl Plans {
    async fn held(&self, plan: &str) -> Result<Vec<Held>, ProviderError> {
        let pages = self
            .at
            .reader()
            .backup
            .list_backup_selections()
            .backup_plan_id(plan)
            .max_results(1000)
            .into_paginator()
            .items()
            .send();
        let members = self.at.read(calls::SELECTIONS, plan, pages.collect::<Result<Vec<_>, _>>()).await?;
        try_join_all(members.iter().map(|member| self.details(plan, member))).await
    }

    async fn details(&self, plan: &str, member: &BackupSelectionsListMember) -> Result<Held, ProviderError> {
        let id = member.selection_id().unwrap_or_default();
        let call = self.at.reader().backup.get_backup_selection().backup_plan_id(plan).selection_id(id).send();
        let answer = self.at.read(calls::SELECTION, id, call).await?;
        let selection = answer.backup_selection();
        let mut resources = selection.map(|found| found.resources().to_vec()).unwrap_or_default();
        resources.sort();
        Ok(Held {
            id: id.to_owned(),
            full_name: member.selection_name().or(selection.map(BackupSelection::selection_name)).unwrap_or_default().to_owned(),
            created: member.creation_date().map_or(0, aws_smithy_types::DateTime::as_nanos),
            role: selection.map_or_else(String::new, |found| found.iam_role_arn().to_owned()),
            resources,
        })
    }

    async fn select(&self, plan: &str, wanted: &Wanted) -> Result<(), ProviderError> {
        let operation = calls::SELECT;
        let selection = BackupSelection::builder()
            .selection_name(&wanted.full_name)
            .iam_role_arn(&wanted.role)
            .set_resources(Some(wanted.resources.clone()))
            .build()
            .map_err(|error| self.at.invalid(operation, &wanted.full_name, error.to_string()))?;
        let token = tags::token(&Tags::new(), &format!("{plan}/{}", wanted.full_name));
        let call = self
            .at
            .writer()
            .backup
            .create_backup_selection()
            .backup_plan_id(plan)
            .backup_selection(selection)
            .creator_request_id(token);
        self.at.write(operation, &wanted.full_name, || call.clone().send()).await?;
        Ok(())
    }

    async fn deselect(&self, plan: &str, id: &str) -> Result<(), ProviderError> {
        let call = self.at.writer().backup.delete_backup_selection().backup_plan_id(plan).selection_id(id);
        self.at.remove(calls::DESELECT, id, || call.clone().send()).await
    }

    /// New selections first, so that no database is ever without one. Only a selection whose name is still taken by
    /// another content has to wait for its predecessor to go. One that the executor did not read was made since and
    /// stays.
    async fn replace_selections(&self, change: &Change<'_>, read: &[Selection], wanted: &[Wanted]) -> Result<(), ProviderError> {
        let plan = change.id();
        // A new plan has none.
        let held = if change.is_new() { Vec::new() } else { change.check(self.held(plan).await)? };
        let was_read = |held: &&Held| {
            let resources: BTreeSet<&str> = held.resources.iter().map(String::as_str).collect();
            read.iter().any(|selection| {
                let names = [stem(&held.full_name), &held.full_name];
                let same =
                    selection.resources.iter().filter_map(|link| link.physical().ok()).collect::<BTreeSet<_>>() == resources;
                names.contains(&selection.name.as_str()) && selection.role.physical().ok() == Some(held.role.as_str()) && same
            })
        };
        let same = |held: &Held, wanted: &Wanted| {
            held.full_name == wanted.full_name && held.role == wanted.role && held.resources == wanted.resources
        };
        let missing: Vec<&Wanted> = wanted.iter().filter(|wanted| held.iter().all(|held| !same(held, wanted))).collect();
        let (blocked, free): (Vec<&Wanted>, Vec<&Wanted>) =
            missing.into_iter().partition(|wanted| held.iter().any(|held| held.full_name == wanted.full_name));
        for selection in free {
            change.step(self.select(plan, selection).await)?;
        }
        for surplus in held.iter().filter(was_read).filter(|held| wanted.iter().all(|wanted| !same(held, wanted))) {
            change.step(self.deselect(plan, &surplus.id).await)?;
        }
        for selection in blocked {
            change.step(self.select(plan, selection).await)?;
        }
        Ok(())
    }
}

fn live(id: &str, arn: &str, attributes: Readings) -> Live {
    Live {
        outputs: [("id".to_owned(), id.to_owned()), ("arn".to_owned(), arn.to_owned())].into(),
        physical: id.to_owned(),
        attributes,
        tags: Tags::new(),
        status: readiness(""),
        pending: Vec::new(),
    }
}

#[async_trait]
impl Calls for Plans {
    type Spec = Spec;
    type Item = Seen;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::GET;
    const CHANGE: &'static str = calls::UPDATE;
    const LATER: &'static [Name] = &[at::selections.name()];

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<Seen>, ProviderError> {
        let pages = self.at.reader().backup.list_backup_plans().max_results(1000).into_paginator().items().send();
        let plans = self.at.read(calls::LIST, NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        let there = plans.into_iter().filter(|plan| plan.deletion_date().is_none());
        Ok(there.map(|plan| Seen::Listed(Box::new(plan))).collect())
    }

    fn sight(&self, seen: &Seen) -> Sight {
        let Seen::Listed(plan) = seen else { return Sight::Shown(self.shown(seen)) };
        match plan.backup_plan_name().unwrap_or_default() {
            name if name.starts_with("aws/") => Sight::MadeByAws,
            name if name.starts_with(&self.at.prefix()) => Sight::Ask {
                physical: plan.backup_plan_id().unwrap_or_default().to_owned(),
                owner: self.at.id_from_name(NAME, name),
            },
            _ => Sight::Shown(self.shown(seen)),
        }
    }

    async fn complete(&self, seen: &Seen) -> Result<Option<Live>, ProviderError> {
        if let Seen::Listed(plan) = seen {
            return match self.look(plan.backup_plan_id().unwrap_or_default()).await? {
                Some(whole) => self.complete(&whole).await,
                None => Ok(None),
            };
        }
        let mut live = self.shown(seen);
        let (held, tags) = try_join!(self.held(&live.physical), self.tags(seen))?;
        live.attributes.put(at::selections, selections(held));
        live.tags = tags;
        Ok(Some(live))
    }

    async fn look(&self, id: &str) -> Result<Option<Seen>, ProviderError> {
        let call = self.at.reader().backup.get_backup_plan().backup_plan_id(id).send();
        let answer = self.at.find(calls::GET, id, call).await?;
        // A deleted plan can still be read by its id.
        let there = answer.filter(|answer| answer.deletion_date().is_none());
        Ok(there.map(|plan| Seen::Whole { id: id.to_owned(), plan: Box::new(plan) }))
    }

    fn shown(&self, seen: &Seen) -> Live {
        let mut attributes = Readings::default();
        attributes.not_asked(at::selections);
        match seen {
            Seen::Listed(plan) => {
                attributes.set(at::name, plan.backup_plan_name().unwrap_or_default());
                attributes.not_asked(at::rules);
                attributes.not_asked(at::copies);
                live(plan.backup_plan_id().unwrap_or_default(), plan.backup_plan_arn().unwrap_or_default(), attributes)
            }
            Seen::Whole { id, plan } => {
                let (rules, copies) = plan.backup_plan().map(rules).unwrap_or_default();
                attributes.set(at::name, plan.backup_plan().map_or("", BackupPlan::backup_plan_name));
                attributes.put(at::rules, rules);
                attributes.put(at::copies, copies);
                live(id, plan.backup_plan_arn().unwrap_or_default(), attributes)
            }
        }
    }

    async fn tags(&self, seen: &Seen) -> Result<Tags, ProviderError> {
        label::backup_tags(&self.at, label::arn(&self.shown(seen))).await
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let refuse = |error: String| self.at.invalid(calls::CREATE, &spec.name, error);
        let plan = input(&spec.name, &spec.rules, &spec.copies).map_err(refuse)?;
        // What cannot be selected is said before there is a plan without it.
        wanted(&spec.selections).map_err(refuse)?;
        let call = self
            .at
            .writer()
            .backup
            .create_backup_plan()
            .backup_plan(plan)
            .set_backup_plan_tags(Some(tags::to_map(tags)))
            .creator_request_id(tags::token(tags, &spec.name));
        let answer = self.at.write(calls::CREATE, &spec.name, || call.clone().send()).await?;
        answer.backup_plan_id().map(str::to_owned).ok_or_else(|| self.at.nameless(calls::CREATE, &spec.name))
    }

    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        let id = change.id();
        if change.to(at::rules)?.is_some() | change.to(at::copies)?.is_some() {
            // AWS replaces all rules, so the whole target is sent.
            let (name, rules) = (change.target(at::name)?, change.target(at::rules)?);
            let plan = input(&name, &rules, &change.target(at::copies)?).map_err(|error| change.invalid(&error))?;
            let call = self.at.writer().backup.update_backup_plan().backup_plan_id(id).backup_plan(plan);
            change.step(self.at.write(calls::UPDATE, id, || call.clone().send()).await)?;
        }
        if let Some(target) = change.to(at::selections)? {
            let read = change.before(at::selections)?;
            let wanted = change.check(wanted(&target).map_err(|error| change.invalid(&error)))?;
            self.replace_selections(change, &read, &wanted).await?;
        }
        Ok(())
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::backup(&self.at, label::arn(live), delta).await
    }

    /// A plan with selections cannot go: they go first.
    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        let id = &live.physical;
        let held = match self.held(id).await {
            Err(error) if error.class == ErrorClass::NotFound => return Ok(()),
            other => other?,
        };
        let mut progress = Progress::default();
        for selection in &held {
            progress.step(self.deselect(id, &selection.id).await)?;
        }
        let call = self.at.writer().backup.delete_backup_plan().backup_plan_id(id);
        progress.step(self.at.remove(calls::DELETE, id, || call.clone().send()).await)
    }
}

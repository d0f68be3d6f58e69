//! How a backup plan is called. Its rules travel as a whole; its selections are immutable objects of their own, told
//! apart by a digest of their content at the end of their AWS name.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_backup::types::{
    BackupPlan, BackupPlanInput, BackupPlansListMember, BackupRuleInput, BackupSelection, BackupSelectionsListMember, CopyAction,
    Lifecycle,
};
use futures::future::try_join_all;
use futures::try_join;
use sha2::{Digest, Sha256};

use super::{Copy, NAME, Rule, Selection, Spec, readiness};
use crate::aws::call::{Progress, partly};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, label};
use crate::model::plan::hex;
use crate::model::value::Link;
use crate::model::{Attributes, Listing, Live, Region};
use crate::world::{CreateRequest, Driver, ErrorClass, ProviderError, UpdateRequest};

/// What AWS assumes when a rule does not say.
const UTC: &str = "Etc/UTC";
const START_WINDOW: i64 = 480;
const COMPLETION_WINDOW: i64 = 10_080;
/// AWS's number for "for ever".
const FOREVER: i64 = -1;

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
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

fn input(spec: &Spec) -> Result<BackupPlanInput, String> {
    let kept = |days: i64| Lifecycle::builder().delete_after_days(days).build();
    let copies = |rule: &Rule| -> Result<Vec<CopyAction>, String> {
        let of_rule = spec.copies.iter().filter(|copy| copy.rule == rule.name);
        of_rule
            .map(|copy| {
                let action = CopyAction::builder().destination_backup_vault_arn(copy.vault.physical()?);
                action.set_lifecycle(copy.delete_after_days.map(kept)).build().map_err(|error| error.to_string())
            })
            .collect()
    };
    if let Some(lost) = spec.copies.iter().find(|copy| spec.rules.iter().all(|rule| rule.name != copy.rule)) {
        return Err(format!("a copy belongs to the rule {}, which does not exist", lost.rule));
    }
    let mut plan = BackupPlanInput::builder().backup_plan_name(&spec.name).set_rules(Some(Vec::new()));
    for rule in &spec.rules {
        let rule = BackupRuleInput::builder()
            .rule_name(&rule.name)
            .target_backup_vault_name(rule.vault.physical()?)
            .schedule_expression(&rule.schedule)
            .schedule_expression_timezone(&rule.timezone)
            .start_window_minutes(rule.start_window_minutes)
            .completion_window_minutes(rule.completion_window_minutes)
            .set_lifecycle((rule.delete_after_days != FOREVER).then(|| kept(rule.delete_after_days)))
            .set_copy_actions(Some(copies(rule)?))
            .enable_continuous_backup(rule.continuous)
            .build()
            .map_err(|error| error.to_string())?;
        plan = plan.rules(rule);
    }
    plan.build().map_err(|error| error.to_string())
}

/// What the list says: enough for a plan of somebody else.
fn listed(plan: &BackupPlansListMember) -> Live {
    let id = plan.backup_plan_id().unwrap_or_default().to_owned();
    let arn = plan.backup_plan_arn().unwrap_or_default().to_owned();
    let mut attributes = Attributes::default();
    attributes.set("name", plan.backup_plan_name().unwrap_or_default());
    Live {
        outputs: [("id".to_owned(), id.clone()), ("arn".to_owned(), arn)].into(),
        physical: id,
        attributes,
        tags: crate::model::tags::Tags::new(),
        status: readiness(""),
        pending: Vec::new(),
    }
}

/// A selection as it should be.
struct Wanted {
    full_name: String,
    role: String,
    resources: Vec<String>,
}

fn wanted(spec: &Spec) -> Result<Vec<Wanted>, String> {
    let one = |selection: &Selection| -> Result<Wanted, String> {
        let role = selection.role.physical()?.to_owned();
        let mut resources: Vec<String> =
            selection.resources.iter().map(|resource| resource.physical().map(str::to_owned)).collect::<Result<_, _>>()?;
        resources.sort();
        Ok(Wanted { full_name: full_name(&selection.name, &role, &resources), role, resources })
    };
    spec.selections.iter().map(one).collect()
}

impl Aws {
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
        let members = self.at.read("backup:ListBackupSelections", plan, pages.collect::<Result<Vec<_>, _>>()).await?;
        try_join_all(members.iter().map(|member| self.details(plan, member))).await
    }

    async fn details(&self, plan: &str, member: &BackupSelectionsListMember) -> Result<Held, ProviderError> {
        let id = member.selection_id().unwrap_or_default();
        let call = self.at.reader().backup.get_backup_selection().backup_plan_id(plan).selection_id(id).send();
        let answer = self.at.read("backup:GetBackupSelection", id, call).await?;
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

    /// Rules, selections and tags; `None` when the plan is gone.
    async fn complete(&self, id: &str) -> Result<Option<Live>, ProviderError> {
        let call = self.at.reader().backup.get_backup_plan().backup_plan_id(id).send();
        let Some(answer) = self.at.find("backup:GetBackupPlan", id, call).await? else { return Ok(None) };
        // A deleted plan can still be read by its id.
        if answer.deletion_date().is_some() {
            return Ok(None);
        }
        let arn = answer.backup_plan_arn().unwrap_or_default().to_owned();
        let (held, tags) = try_join!(self.held(id), label::backup_tags(&self.at, &arn))?;
        let (rules, copies) = answer.backup_plan().map(rules).unwrap_or_default();
        let spec = Spec {
            name: answer.backup_plan().map_or_else(String::new, |plan| plan.backup_plan_name().to_owned()),
            rules,
            copies,
            selections: selections(held),
        };
        Ok(Some(Live {
            physical: id.to_owned(),
            tags,
            outputs: [("id".to_owned(), id.to_owned()), ("arn".to_owned(), arn)].into(),
            attributes: Attributes::lower(&spec),
            status: readiness(""),
            pending: Vec::new(),
        }))
    }

    async fn select(&self, plan: &str, wanted: &Wanted) -> Result<(), ProviderError> {
        let operation = "backup:CreateBackupSelection";
        let selection = BackupSelection::builder()
            .selection_name(&wanted.full_name)
            .iam_role_arn(&wanted.role)
            .set_resources(Some(wanted.resources.clone()))
            .build()
            .map_err(|error| self.at.invalid(operation, &wanted.full_name, error.to_string()))?;
        let token = tags::token(&crate::model::tags::Tags::new(), &format!("{plan}/{}", wanted.full_name));
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
        self.at.remove("backup:DeleteBackupSelection", id, || call.clone().send()).await
    }

    /// New selections first, so that no database is ever without one. Only a selection whose name is still taken by
    /// another content has to wait for its predecessor to go. One that the executor did not read was made since and
    /// stays.
    async fn replace_selections(&self, plan: &str, read: &[Selection], wanted: &[Wanted]) -> Result<(), ProviderError> {
        let held = self.held(plan).await?;
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
        let mut progress = Progress::default();
        let missing: Vec<&Wanted> = wanted.iter().filter(|wanted| held.iter().all(|held| !same(held, wanted))).collect();
        let (blocked, free): (Vec<&Wanted>, Vec<&Wanted>) =
            missing.into_iter().partition(|wanted| held.iter().any(|held| held.full_name == wanted.full_name));
        for selection in free {
            progress.step(self.select(plan, selection).await)?;
        }
        for surplus in held.iter().filter(was_read).filter(|held| wanted.iter().all(|wanted| !same(held, wanted))) {
            progress.step(self.deselect(plan, &surplus.id).await)?;
        }
        for selection in blocked {
            progress.step(self.select(plan, selection).await)?;
        }
        Ok(())
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let pages = self.at.reader().backup.list_backup_plans().max_results(1000).into_paginator().items().send();
        let plans = self.at.read("backup:ListBackupPlans", NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        let mut listing = Listing::default();
        for plan in plans.iter().filter(|plan| plan.deletion_date().is_none()) {
            let (name, id) = (plan.backup_plan_name().unwrap_or_default(), plan.backup_plan_id().unwrap_or_default());
            if name.starts_with("aws/") {
                continue;
            }
            if !name.starts_with(&self.at.prefix()) {
                listing.live.push(listed(plan));
                continue;
            }
            match self.complete(id).await {
                Ok(live) => listing.live.extend(live),
                Err(error) => listing.unreadable.push(self.at.unreadable(NAME, id, self.at.id_from_name(NAME, name), &error)),
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        self.complete(physical).await
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = "backup:CreateBackupPlan";
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let refuse = |error: String| self.at.invalid(operation, &spec.name, error);
        let (plan, wanted) = (input(&spec).map_err(refuse)?, wanted(&spec).map_err(refuse)?);
        let call = self
            .at
            .writer()
            .backup
            .create_backup_plan()
            .backup_plan(plan)
            .set_backup_plan_tags(Some(tags::to_map(&request.tags)))
            .creator_request_id(tags::token(&request.tags, &spec.name));
        let answer = self.at.write(operation, &spec.name, || call.clone().send()).await?;
        let id = answer.backup_plan_id().ok_or_else(|| self.at.nameless(operation, &spec.name))?.to_owned();
        let finish = async {
            let seen = self.at.until_visible("backup:GetBackupPlan", &id, || self.complete(&id)).await?;
            let arn = seen.outputs.get("arn").cloned().unwrap_or_default();
            label::backup(&self.at, &arn, &Delta::missing(&seen.tags, &request.tags)).await?;
            for selection in &wanted {
                self.select(&id, selection).await?;
            }
            Ok(())
        };
        finish.await.map_err(|error| partly(&id, error))?;
        Ok(id)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let (operation, id) = ("backup:UpdateBackupPlan", &request.live.physical);
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, id, error))?;
        let refuse = |error: String| self.at.invalid(operation, id, error);
        let changed = |name: &str| request.changed.contains(name);
        if changed("name") {
            return Err(refuse("a backup plan keeps its name".to_owned()));
        }
        let mut progress = Progress::default();
        if changed("rules") || changed("copies") {
            // AWS replaces all rules, so the whole target is sent.
            let call = self.at.writer().backup.update_backup_plan().backup_plan_id(id).backup_plan(input(&spec).map_err(refuse)?);
            progress.step(self.at.write(operation, id, || call.clone().send()).await)?;
        }
        if changed("selections") {
            let read: Vec<Selection> = request.live.attributes.part("selections").map_err(refuse)?;
            progress.step(self.replace_selections(id, &read, &wanted(&spec).map_err(refuse)?).await)?;
        }
        if changed("tags") {
            let arn = request.live.outputs.get("arn").map_or("", String::as_str);
            progress.step(label::backup(&self.at, arn, &Delta::between(&request.live.tags, &request.tags)).await)?;
        }
        Ok(())
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
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
        progress.step(self.at.remove("backup:DeleteBackupPlan", id, || call.clone().send()).await)
    }
}

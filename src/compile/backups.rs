//! Vaults in both regions and the plan that fills them: daily in Tokyo, copied to Osaka with a lifecycle of its own.

use crate::kinds::backup_plan::{self, SELECTION_CHUNK, START_WINDOW};
use crate::kinds::{backup_vault, db_instance, iam_role, kms_key};
use crate::model::tags::SHARED;
use crate::model::value::Link;
use crate::model::{Region, ResourceId};

use super::keys::{BACKUP, MAIN};
use super::{Asked, Compiler, osaka, tokyo};

/// AWS gives a job up after this many minutes.
const COMPLETION_WINDOW: i64 = 720;

/// The one rule of the plan.
const DAILY: &str = "daily";

impl Compiler<'_> {
    pub(super) fn backups(&mut self) {
        let primary = &self.spec.protection.primary_copies;
        let recovery = &self.spec.protection.recovery_copies;
        let vaults = [(Region::Tokyo, &primary.source), (Region::Osaka, &recovery.source)];
        for (region, source) in vaults {
            let key = ResourceId::new(kms_key::NAME, MAIN, region);
            let vault =
                backup_vault::Spec { name: self.physical(MAIN), kms_key: Link::to(&key, "arn"), lock: None, policy: None };
            self.add(
                Asked { id: ResourceId::new(backup_vault::NAME, MAIN, region), tenant: SHARED, source, authored: vec![] },
                vault,
            );
        }
        let margin = recovery.arrival_margin.as_ref().map_or(0, |days| days.0);
        let plan = backup_plan::Spec {
            name: self.physical(MAIN),
            rules: vec![backup_plan::Rule {
                name: DAILY.to_owned(),
                vault: Link::to(&tokyo(backup_vault::NAME, MAIN), "name"),
                schedule: primary.at.cron(),
                timezone: primary.at.zone().to_owned(),
                start_window_minutes: START_WINDOW.into(),
                completion_window_minutes: COMPLETION_WINDOW,
                delete_after_days: primary.keep.0,
                // RDS itself owns point-in-time recovery; AWS Backup would take it over (design 5).
                continuous: false,
            }],
            copies: vec![backup_plan::Copy {
                rule: DAILY.to_owned(),
                vault: Link::to(&osaka(backup_vault::NAME, MAIN), "arn"),
                delete_after_days: Some(self.effective.recovery_copies.days + margin),
            }],
            selections: self.selections(),
        };
        let decided = self.effective.recovery_copies.source.clone();
        let authored = vec![(backup_plan::at::rules.name(), &primary.source), (backup_plan::at::copies.name(), &decided)];
        self.add(Asked { id: tokyo(backup_plan::NAME, MAIN), tenant: SHARED, source: &primary.source, authored }, plan);
    }

    /// Every database by ARN, sorted, in chunks that a selection accepts.
    fn selections(&self) -> Vec<backup_plan::Selection> {
        let role = ResourceId::new(iam_role::NAME, BACKUP, Region::Global);
        let databases: Vec<_> = self.resources.keys().filter(|id| id.kind == db_instance::NAME).collect();
        let chunks = databases.chunks(SELECTION_CHUNK).enumerate();
        chunks
            .map(|(index, ids)| backup_plan::Selection {
                name: format!("databases-{}", index + 1),
                role: Link::to(&role, "arn"),
                resources: ids.iter().map(|id| Link::to(id, "arn")).collect(),
                not_resources: Vec::new(),
                tags: Vec::new(),
                conditions: Vec::new(),
            })
            .collect()
    }
}

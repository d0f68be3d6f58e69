//! The numbers of the white paper: never weaker, except by a divergence in dev or staging that has not ended.

use crate::desired::decode::{Spanned, nearest};
use crate::desired::effective::LOWERABLE;
use crate::desired::said::{Place, Right, RuleFault};
use crate::desired::scalars::Days;
use crate::desired::spec::{DivergenceSpec, EnvironmentDraft, Protection};
use crate::model::{Environment, Explained, Finding};
use crate::promises::{ARRIVAL_DAYS, LOG_DAYS, NOTICE_DAYS, SLUGS, slug};
use crate::yaml::shown;

use super::context::Context;

/// RDS keeps backups no longer (field notes 15).
const RECOVERY_MOST: i64 = 35;
/// AWS Backup keeps recovery points no longer.
const COPY_MOST: i64 = 36_500;
/// With fewer days a snapshot could expire before the next one exists.
const SNAPSHOT_LEAST: i64 = 2;
/// Days between rotations: KMS accepts no fewer than 90, and the white paper promises a year.
const ROTATION: std::ops::RangeInclusive<i64> = 90..=365;
/// Approvers in production, whatever the file says.
const APPROVALS_LEAST: i64 = 2;
/// The days that AWS accepts, from twelve months on.
const LOG_STEPS: [i64; 10] = [400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

pub(super) fn check(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    if let Some(protection) = &draft.protection {
        recovery(context, protection, findings);
        arrival(context, protection, findings);
        snapshots(protection, findings);
        rotation(protection, findings);
    }
    if let Some(logs) = draft.logs.iter().flatten().next() {
        let keep = &logs.keep;
        if !LOG_STEPS.contains(&keep.0) {
            let finding =
                Finding::error(weak(keep.0, LOG_DAYS), Some(&keep.source), RuleFault::LogsKept { days: keep.value.to_string() });
            let finding = finding.expected(Right::LogDays);
            findings.push(finding.promise(slug::EVENT_LOGS));
        }
    }
    if let Some(change) = draft.change.iter().flatten().next()
        && change.notice.0 < NOTICE_DAYS
    {
        let notice = &change.notice;
        let finding =
            Finding::error("weaker-than-promised", Some(&notice.source), RuleFault::Notice { notice: notice.value.to_string() });
        findings.push(finding.expected(Right::NoticeDays { days: NOTICE_DAYS }));
    }
    if let Some(soak) = draft.change.iter().flatten().next().and_then(|change| change.soak.as_ref())
        && soak.0 < 1
    {
        let message = RuleFault::NoSoak { soak: soak.value.to_string() };
        let finding = Finding::error("no-soak", Some(&soak.source), message);
        findings.push(finding.expected(Right::SoakHours).promise(slug::THREE_ENVIRONMENTS));
    }
    if let Some(approvals) = draft.change.iter().flatten().next().map(|change| &change.approvals)
        && context.environment == Environment::Production
        && approvals.0 < APPROVALS_LEAST
    {
        let message = RuleFault::FewApprovals { count: approvals.0 };
        let finding = Finding::error("weaker-than-promised", Some(&approvals.source), message);
        findings.push(finding.expected(Right::Approvals { count: APPROVALS_LEAST }));
    }
    divergences(context, draft, findings);
}

const fn weak(days: i64, least: i64) -> &'static str {
    if days < least { "weaker-than-promised" } else { "above-limit" }
}

fn recovery(context: &Context<'_>, protection: &Protection, findings: &mut Vec<Finding>) {
    let copies = &protection.recovery_copies;
    let promised = [
        (
            &protection.point_in_time_recovery,
            slug::POINT_IN_TIME_RECOVERY,
            Explained::new("`point_in_time_recovery`", "`point_in_time_recovery` "),
            RECOVERY_MOST,
        ),
        (&copies.keep, slug::RECOVERY_COPIES, Explained::new("`keep` of the copies in Osaka", "大阪の複製の `keep` "), COPY_MOST),
    ];
    for (written, slug, what, most) in promised {
        let least = context.promises.at_least_days(slug);
        let right = if context.environment == Environment::Production {
            Right::DaysOrMore { days: least }
        } else {
            Right::DaysOrDivergence { days: least }
        };
        if written.0 < least {
            let finding = Finding::error(
                "weaker-than-promised",
                Some(&written.source),
                RuleFault::KeptFor { what, days: written.value.to_string() },
            );
            findings.push(finding.expected(right).promise(slug));
        } else if written.0 > most {
            let finding = Finding::error(
                "above-limit",
                Some(&written.source),
                RuleFault::KeptFor { what, days: written.value.to_string() },
            );
            findings.push(finding.expected(Right::DaysOrLess { days: most }).promise(slug));
        }
    }
}

/// The days of a copy count from the creation of its source, so a copy that takes a day to arrive is there a day less.
fn arrival(context: &Context<'_>, protection: &Protection, findings: &mut Vec<Finding>) {
    let copies = &protection.recovery_copies;
    let margin = copies.arrival_margin.as_ref();
    if context.environment != Environment::Production || margin.is_some_and(|margin| margin.0 >= ARRIVAL_DAYS) {
        return;
    }
    let (source, message) = match margin {
        Some(margin) => (&margin.source, RuleFault::Margin { days: margin.value.to_string() }),
        None => (&copies.keep.source, RuleFault::NoMargin),
    };
    let least = context.promises.at_least_days(slug::RECOVERY_COPIES);
    let right = Right::Margin { days: ARRIVAL_DAYS, least };
    let finding = Finding::error("weaker-than-promised", Some(source), message);
    findings.push(finding.expected(right).promise(slug::RECOVERY_COPIES));
}

fn snapshots(protection: &Protection, findings: &mut Vec<Finding>) {
    let primary = &protection.primary_copies;
    if primary.every.0 != 1 {
        let finding = Finding::error(
            "not-daily",
            Some(&primary.every.source),
            RuleFault::SnapshotsEvery { days: primary.every.value.to_string() },
        );
        findings.push(finding.expected(Right::Daily).promise(slug::RECOVERY_COPIES));
    }
    let keep = &primary.keep;
    if !(SNAPSHOT_LEAST..=COPY_MOST).contains(&keep.0) {
        let finding =
            Finding::error("snapshot-lifecycle", Some(&keep.source), RuleFault::SnapshotsKept { days: keep.value.to_string() });
        findings
            .push(finding.expected(Right::DaysBetween { least: SNAPSHOT_LEAST, most: COPY_MOST }).promise(slug::RECOVERY_COPIES));
    }
}

fn rotation(protection: &Protection, findings: &mut Vec<Finding>) {
    let rotation: &Spanned<Days> = &protection.encryption.key_rotation;
    if !ROTATION.contains(&rotation.0) {
        let finding =
            Finding::error("key-rotation", Some(&rotation.source), RuleFault::Rotated { days: rotation.value.to_string() });
        findings.push(finding.expected(Right::Rotation).promise(slug::ENCRYPTION_AT_REST));
    }
}

fn divergences(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    let entries = draft.divergences();
    for (index, entry) in entries.iter().enumerate() {
        let named = entry.promise.as_str();
        let Some(known) = SLUGS.into_iter().find(|slug| *slug == named) else {
            let finding =
                Finding::error("unknown-promise", Some(&entry.promise.source), RuleFault::NoPromise { name: shown(named) });
            let right =
                nearest(named, &LOWERABLE).map_or_else(|| Right::either(LOWERABLE), |near| Right::typed(format!("`{near}`")));
            findings.push(finding.expected(right));
            continue;
        };
        if context.environment == Environment::Production {
            let message = RuleFault::ProductionDiverges { promise: known };
            let finding = Finding::error("divergence-in-production", Some(&entry.source), message);
            findings.push(finding.expected(Right::NoDivergence).promise(known));
            continue;
        }
        if !LOWERABLE.contains(&known) {
            let finding = Finding::error(
                "divergence-not-possible",
                Some(&entry.promise.source),
                RuleFault::NothingToLower { promise: known },
            );
            let quoted = LOWERABLE.map(|slug| format!("`{slug}`"));
            findings.push(finding.expected(Right::either(quoted.iter().map(String::as_str))).promise(known));
            continue;
        }
        if let Some(first) = entries[..index].iter().find(|earlier| earlier.promise.as_str() == named) {
            let finding =
                Finding::error("duplicate-divergence", Some(&entry.promise.source), RuleFault::DivergesTwice { promise: known });
            findings.push(
                finding.expected(Right::OneEntry).related(crate::yaml::YamlPlace::First, &first.promise.source).promise(known),
            );
        }
        if entry.until.0 < context.today {
            let until = &entry.until;
            let message = RuleFault::DivergenceEnded { until: until.0.to_string(), today: context.today.to_string() };
            let finding = Finding::error("divergence-expired", Some(&until.source), message);
            findings.push(finding.expected(Right::EndOrAgree).promise(known));
        }
        lowers(entry, known, draft, findings);
    }
}

fn lowers(entry: &DivergenceSpec, known: &'static str, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    let value = &entry.value;
    if value.0 < 1 {
        let finding =
            Finding::error("divergence-too-low", Some(&value.source), RuleFault::BackupsOff { value: value.value.to_string() });
        findings.push(finding.expected(Right::OneDay).promise(known));
        return;
    }
    let Some(protection) = &draft.protection else { return };
    let written =
        if known == slug::RECOVERY_COPIES { &protection.recovery_copies.keep } else { &protection.point_in_time_recovery };
    if value.0 >= written.0 {
        let message = RuleFault::NotLess { value: value.value.to_string() };
        let finding = Finding::error("divergence-without-effect", Some(&value.source), message);
        findings.push(
            finding
                .expected(Right::LessThan { days: written.value.to_string() })
                .related(Place::Holds, &written.source)
                .promise(known),
        );
    }
}

//! The keys with which data is encrypted: whether they work and are rotated, who may use them, and where their material is.

use super::key_use::{self, Grantee, Whom};
use super::subject::{FAILED, Subject};
use super::view::{Found, Member, View};
use super::{OfOther, VerdictReason};
use crate::kinds::{facts, kms_key};
use crate::model::value::Link;
use crate::model::{Attr, Name, Region, Status, UnknownCause, Value};

/// The most days between two rotations of a key: at least once a year.
const ROTATION_MOST: i64 = 365;

/// The source of the key material that AWS makes, and rotates.
const OF_AWS: &str = "AWS_KMS";

/// Operations of a grant that use nothing of the key.
const HARMLESS: [&str; 3] = ["DescribeKey", "GetPublicKey", "RetireGrant"];

pub(super) fn is_true(value: &Value) -> bool {
    *value == Value::Bool(true)
}

/// Requires a key that the account manages and that the region lists. A declared key is a subject of its own; of an undeclared
/// one this subject says what is wrong with the key.
pub(super) fn own<'a>(view: &View<'a>, subject: &mut Subject<'a, '_>, key: Attr<Link>) {
    let Some(link) = subject.note(key) else { return };
    match view.follow(link, kms_key::NAME, subject.member.region) {
        Found::Here(keys) => {
            for key in keys.iter().filter(|key| key.declared.is_none()) {
                unsound(view, subject, Some(key));
            }
        }
        Found::Hidden(failed) => subject.hidden(failed),
        Found::Nowhere => subject.broken(VerdictReason::KeyOfOthers { key: link.clone() }),
    }
}

/// Says what is wrong with a key: another resource, or the subject itself.
pub(super) fn unsound<'a>(view: &View<'a>, subject: &mut Subject<'a, '_>, other: Option<&Member<'a>>) {
    let key = other.copied().unwrap_or(subject.member);
    if let Status::Failed(word) = &key.live.status {
        return subject.broken(VerdictReason::KeyFailed { key: key.subject(), word: word.clone() });
    }
    let mut read = |name: Name| if other.is_some() { subject.note_of(&key, name) } else { subject.note(name) };
    let [enabled, days, origin, policy] =
        [kms_key::at::enabled.name(), kms_key::at::rotation_days.name(), kms_key::at::origin.name(), kms_key::at::policy.name()]
            .map(&mut read);
    if enabled.is_some_and(|enabled| !is_true(enabled)) {
        subject.broken(VerdictReason::KeyOff);
    } else if let (Some(days), Some(origin)) = (days, origin) {
        rotation(subject, &key, days.as_int(), origin.as_text());
    }
    if let Some(policy) = policy {
        users(view, subject, &key, policy);
    }
    grants(view, subject, &key);
}

fn rotation(subject: &mut Subject<'_, '_>, key: &Member<'_>, days: Option<i64>, origin: Option<&str>) {
    match (days, origin.filter(|origin| *origin != OF_AWS)) {
        (None, Some(origin)) => {
            let reason = VerdictReason::KeyOfOtherOrigin { key: key.subject(), origin: origin.to_owned() };
            subject.unknown(UnknownCause::NotUnderstood, reason);
        }
        (None, None) => subject.broken(VerdictReason::KeyNotRotated),
        (Some(days), _) if days > ROTATION_MOST => {
            subject.broken(VerdictReason::KeyRotatedSeldom { days, most: ROTATION_MOST });
        }
        (Some(_), _) => {}
    }
}

/// Says of a key that its policy lets others use it, or may. The declared policy, which most keys have, admits the account alone
/// (a test in `key_use` says so), and need not be taken apart for each key.
fn users(view: &View<'_>, subject: &mut Subject<'_, '_>, key: &Member<'_>, policy: &Value) {
    if key.declared.and_then(|declared| declared.attributes.get(kms_key::at::policy)) == Some(policy) {
        return;
    }
    let key = key.subject();
    if policy.as_map().is_none() {
        return subject.unknown(UnknownCause::NotUnderstood, VerdictReason::KeyWithoutPolicy { key });
    }
    for admitted in key_use::admitted(policy, &view.input.desired.account) {
        let (key, statement) = (key.clone(), admitted.statement);
        match admitted.whom {
            Whom::Everybody => subject.broken(VerdictReason::KeyOpen { key, statement }),
            Whom::Accounts(accounts) => {
                subject.broken(VerdictReason::KeyAdmits { key, statement, accounts: accounts.into_iter().collect() });
            }
            Whom::Unclear(why) => {
                let reason = VerdictReason::KeyUseUnclear { key, statement, why: why.into() };
                subject.unknown(UnknownCause::NotUnderstood, reason);
            }
        }
    }
}

/// Says of a key that it was granted to others. Only an audit lists grants.
fn grants<'a>(view: &View<'a>, subject: &mut Subject<'a, '_>, key: &Member<'a>) {
    if !view.evidence() {
        return;
    }
    if let Some(failed) = view.untold(kms_key::NAME, key.region) {
        return subject.hidden(failed);
    }
    let named = key.subject();
    if let Some(unread) = view.fact(key, facts::GRANTS_UNREAD) {
        return subject.say(FAILED, VerdictReason::GrantsUnread { key: named, error: unread.value.clone() });
    }
    let Some(count) = view.fact(key, facts::GRANTS) else {
        return subject.unknown(UnknownCause::NotAsked, VerdictReason::GrantsNotAsked { key: named });
    };
    subject.cite(count);
    for (prefix, constrained) in [(facts::GRANT, true), (facts::FREE_GRANT, false)] {
        for reading in view.facts_named(key, prefix) {
            subject.cite(reading);
            if reading.value.split(", ").all(|operation| HARMLESS.contains(&operation)) {
                continue;
            }
            let grantee = reading.name.strip_prefix(prefix).unwrap_or_default().to_owned();
            let (key, operations) = (named.clone(), reading.value.clone());
            match key_use::grantee(&grantee, &view.input.desired.account) {
                Grantee::Account | Grantee::Nobody => {}
                Grantee::Service if constrained => {}
                Grantee::Service => {
                    let reason = VerdictReason::KeyGrantedFreely { key, grantee, operations };
                    subject.unknown(UnknownCause::NotUnderstood, reason);
                }
                Grantee::Other => subject.broken(VerdictReason::KeyGranted { key, grantee, operations }),
                Grantee::Unclear => {
                    subject.unknown(UnknownCause::NotUnderstood, VerdictReason::KeyGranted { key, grantee, operations });
                }
            }
        }
    }
}

/// Says of a key that its material is in other regions as well. A key that nobody could read is no fault of its own: it may
/// encrypt nothing.
pub(super) fn elsewhere(subject: &mut Subject<'_, '_>) {
    let Some(regions) = subject.value(kms_key::at::regions) else { return };
    let ours = [Region::Tokyo, Region::Osaka].map(Region::code);
    let codes = regions.as_list().unwrap_or_default().iter().filter_map(Value::as_text);
    let places: Vec<String> = codes.filter(|code| !ours.contains(code)).map(str::to_owned).collect();
    if !places.is_empty() {
        subject.fact(kms_key::at::regions, regions);
        subject.broken(VerdictReason::KeyElsewhere { places });
    }
}

/// Says of what is encrypted that it is not known where the material of its key is. A key that is known to be elsewhere is a
/// subject of its own.
pub(super) fn material<'a>(view: &View<'a>, subject: &mut Subject<'a, '_>, key: Attr<Link>) {
    let link = match view.read(&subject.member, key.name()) {
        Ok(link) => link,
        Err(why) => return subject.unread(key.name(), why, None),
    };
    match view.follow(link, kms_key::NAME, subject.member.region) {
        Found::Here(keys) => keys.iter().for_each(|key| {
            subject.note_of(key, kms_key::at::regions);
        }),
        Found::Hidden(failed) => subject.hidden(failed),
        // A key of another account. The id of a multi-Region key begins so.
        Found::Nowhere if link.as_text().is_some_and(|arn| arn.contains(":key/mrk-")) => {
            let of = OfOther(link.as_text().map(str::to_owned));
            subject.unknown(UnknownCause::NotAsked, VerdictReason::NotAsked { attribute: kms_key::at::regions.name(), of });
        }
        Found::Nowhere => {}
    }
}

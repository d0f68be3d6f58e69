//! Clusters and replicas: whose backups and whose encryption an instance shows, and where the data is that it came from or goes to.

use super::subject::Subject;
use super::view::{Found, View, arn_region};
use super::{Asked, VerdictReason, keys};
use crate::kinds::{db_cluster, db_instance};
use crate::model::{Attr, Region, Standing, UnknownCause, Value};

/// The name or ARN of another database, where AWS has one.
fn named<'a>(subject: &Subject<'a, '_>, attribute: Attr<impl Sized>) -> Option<&'a Value> {
    subject.value(attribute.name()).filter(|value| value.as_text().is_some())
}

/// Whether the instance is judged by the cluster of which it is a member: the cluster is a subject of its own. tokaido's own
/// databases are no members, so what is declared of them holds all the same.
pub(super) fn is_judged(view: &View<'_>, subject: &mut Subject<'_, '_>) -> bool {
    let Some(cluster) = named(subject, db_instance::at::cluster).filter(|_| subject.member.standing != Standing::Ours) else {
        return false;
    };
    subject.fact(db_instance::at::cluster, cluster);
    match view.follow(cluster, db_cluster::NAME, subject.member.region) {
        Found::Here(_) => {}
        Found::Hidden(failed) => subject.hidden(failed),
        Found::Nowhere => {
            subject.unknown(UnknownCause::NotUnderstood, VerdictReason::SourceNotListed { source: cluster.clone() });
        }
    }
    true
}

/// Whether a replica is judged by its source, which can be restored in its place. A replica of tokaido's own declared database is
/// that database: what is declared of it holds.
pub(super) fn is_replica(view: &View<'_>, subject: &mut Subject<'_, '_>, attribute: Attr<String>) -> bool {
    let Some(source) = named(subject, attribute).filter(|_| subject.member.standing != Standing::Ours) else { return false };
    subject.fact(attribute, source);
    let found = [db_instance::NAME, db_cluster::NAME].map(|kind| view.follow(source, kind, subject.member.region));
    let here = found.iter().any(|found| matches!(found, Found::Here(_)));
    let hidden = found.iter().find_map(|found| if let Found::Hidden(failed) = found { Some(*failed) } else { None });
    match hidden {
        _ if here => {}
        Some(failed) => subject.hidden(failed),
        None => {
            let cause = if elsewhere(source).is_some() { UnknownCause::NotAsked } else { UnknownCause::NotUnderstood };
            subject.unknown(cause, VerdictReason::SourceNotListed { source: source.clone() });
        }
    }
    true
}

/// The region of an ARN, where it is neither Tokyo nor Osaka.
fn elsewhere(arn: &Value) -> Option<&str> {
    let code = arn_region(arn.as_text()?)?;
    let ours = [Region::Tokyo, Region::Osaka].map(Region::code);
    (!ours.contains(&code)).then_some(code)
}

/// Says of a database that what it replicates, or what replicates it, is in another region. An ARN tells it.
pub(super) fn stays(subject: &mut Subject<'_, '_>, source: Attr<String>, replicas: Attr<impl Sized>) {
    if let Some(source) = named(subject, source)
        && let Some(place) = elsewhere(source)
    {
        subject.broken(VerdictReason::ReplicatesFrom { source: source.clone(), place: place.to_owned() });
    }
    for replica in subject.value(replicas.name()).and_then(Value::as_list).unwrap_or_default() {
        if let Some(place) = elsewhere(replica) {
            subject.broken(VerdictReason::ReplicatedTo { replica: replica.clone(), place: place.to_owned() });
        }
    }
}

/// Where the data of a cluster is. The members of a global cluster are not in its answer.
pub(super) fn residency<'a>(view: &View<'a>, subject: &mut Subject<'a, '_>) {
    let region = subject.member.region.code();
    subject.fact("region", region);
    stays(subject, db_cluster::at::replica_of, db_cluster::at::replicas);
    if subject.value(db_cluster::at::storage_encrypted).is_some_and(keys::is_true) {
        keys::material(view, subject, db_cluster::at::kms_key);
    }
    if let Some(global) = named(subject, db_cluster::at::global_cluster) {
        let global = global.clone();
        subject.unknown(UnknownCause::NotAsked, VerdictReason::GlobalMembersNotRead { global });
    }
}

/// Requires that a cluster is reached through its network alone, now and as AWS will set it. Its parameter group is not read.
pub(super) fn in_transit(subject: &mut Subject<'_, '_>) {
    let not_true = |value: &Value| *value != Value::Bool(true);
    subject.require(db_cluster::at::publicly_accessible, not_true, Asked::PublicName);
    subject.require(db_cluster::at::internet_gateway, not_true, Asked::PublicName);
    subject.require(db_cluster::at::vpc_networking, |value| *value != Value::Bool(false), Asked::OutsideTheNetwork);
    let group = subject.value(db_cluster::at::parameter_group).cloned().unwrap_or(Value::Null);
    subject.unknown(UnknownCause::NotAsked, VerdictReason::ParametersUnread { group });
}

/// The parameter group of the cluster of which an instance is a member.
pub(super) fn group_of(view: &View<'_>, subject: &Subject<'_, '_>) -> Option<Value> {
    let cluster = named(subject, db_instance::at::cluster)?;
    let Found::Here(found) = view.follow(cluster, db_cluster::NAME, subject.member.region) else { return Some(cluster.clone()) };
    let group = |cluster| view.read(cluster, db_cluster::at::parameter_group.name()).ok().cloned();
    Some(found.iter().find_map(group).unwrap_or_else(|| cluster.clone()))
}

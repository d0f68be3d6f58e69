//! How an IAM role is called. IAM lists a role without its tags, boundary and policies, so each role of ours takes three more
//! reads, and one for each of its inline policies.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_iam::types::Role;

use crate::aws::prelude::*;
use crate::kinds::iam_role::{KIND, NAME, PATH, Spec, at, calls};
use crate::model::statement::statements;

pub struct Roles;

pub struct Seen {
    role: Role,
    /// IAM lists a role without its tags and its boundary.
    listed: bool,
}

async fn inline_policies(place: &Place, name: &str) -> Answer<BTreeMap<String, Value>> {
    let pages = place.reader().iam.list_role_policies().role_name(name).into_paginator().items().send();
    let names: Vec<String> = place.read(calls::INLINE, name, pages.collect()).await?;
    let mut found = BTreeMap::new();
    for policy in names {
        let call = place.reader().iam.get_role_policy().role_name(name).policy_name(&policy).send();
        let Some(answer) = place.find(calls::GET_INLINE, name, call).await? else { continue };
        let document = document::parse_encoded(answer.policy_document());
        found.insert(policy, document.map_err(|error| place.refuse(ErrorClass::Internal, calls::GET_INLINE, name, error))?);
    }
    Ok(found)
}

async fn policies(place: &Place, name: &str) -> Answer<BTreeSet<String>> {
    let pages = place.reader().iam.list_attached_role_policies().role_name(name).into_paginator().items().send();
    let found = place.read(calls::ATTACHED, name, pages.collect::<Result<Vec<_>, _>>()).await?;
    Ok(found.iter().filter_map(|policy| policy.policy_arn().map(str::to_owned)).collect())
}

async fn detach(place: &Place, name: &str, policy: &str) -> Answer<()> {
    let call = place.writer().iam.detach_role_policy().role_name(name).policy_arn(policy);
    place.remove(calls::DETACH, name, || call.clone().send()).await
}

async fn remove_inline(place: &Place, name: &str, policy: &str) -> Answer<()> {
    let call = place.writer().iam.delete_role_policy().role_name(name).policy_name(policy);
    place.remove(calls::DELETE_INLINE, name, || call.clone().send()).await
}

/// Changes only what the executor read. A policy or a document that was added by hand since stays until a plan has shown it.
async fn set_managed(change: &Change<'_>, target: &BTreeSet<String>) -> Answer<()> {
    let read: BTreeSet<String> = change.before(at::managed_policies)?.into_iter().collect();
    for policy in target.difference(&read) {
        let call = change.writer().iam.attach_role_policy().role_name(change.id()).policy_arn(policy);
        change.write(calls::ATTACH, || call.clone().send()).await?;
    }
    for policy in read.difference(target) {
        change.step(detach(change.place(), change.id(), policy).await)?;
    }
    Ok(())
}

async fn set_inline(change: &Change<'_>, target: &BTreeMap<String, Value>) -> Answer<()> {
    let read = change.before(at::inline_policies)?;
    let same = |policy: &str, document: &Value| read.get(policy).is_some_and(|read| statements(read) == statements(document));
    for (policy, document) in target.iter().filter(|(policy, document)| !same(policy, document)) {
        let text = change.valid_for(calls::PUT_INLINE, document::text(document))?;
        let call = change.writer().iam.put_role_policy().role_name(change.id()).policy_name(policy).policy_document(text);
        change.write_new(calls::PUT_INLINE, || call.clone().send()).await?;
    }
    for policy in read.keys().filter(|policy| !target.contains_key(*policy)) {
        change.step(remove_inline(change.place(), change.id(), policy).await)?;
    }
    Ok(())
}

async fn set_boundary(change: &Change<'_>, arn: Option<&String>) -> Answer<()> {
    let (client, name) = (&change.writer().iam, change.id());
    let Some(arn) = arn else {
        let call = client.delete_role_permissions_boundary().role_name(name);
        return change.step(change.place().remove(calls::DELETE_BOUNDARY, name, || call.clone().send()).await);
    };
    let call = client.put_role_permissions_boundary().role_name(name).permissions_boundary(arn);
    change.write(calls::PUT_BOUNDARY, || call.clone().send()).await.map(drop)
}

#[async_trait]
impl Calls for Roles {
    type Spec = Spec;
    type Item = Seen;

    const KIND: &'static Kind = &KIND;
    const LATER: &'static [Name] = &[at::managed_policies.name(), at::inline_policies.name()];

    async fn list(place: &Place, _: Option<&str>) -> Answer<Vec<Seen>> {
        let pages = place.reader().iam.list_roles().path_prefix(PATH).max_items(1000).into_paginator().items().send();
        let roles = place.read(calls::LIST, NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(roles.into_iter().map(|role| Seen { role, listed: true }).collect())
    }

    /// Only its tags say which id a role has, and the tags may be what cannot be read.
    fn sight(_: &Place, seen: &Seen) -> Sight {
        Sight::Ask { physical: seen.role.role_name().to_owned(), owner: None }
    }

    async fn complete(place: &Place, seen: &Seen) -> Answer<Option<Live>> {
        let name = seen.role.role_name();
        let whole = if seen.listed { Self::look(place, name).await? } else { None };
        if seen.listed && whole.is_none() {
            return Ok(None);
        }
        let mut live = Self::shown(whole.as_ref().unwrap_or(seen));
        if let Reading::Failed(why) = live.attributes.get(at::trust) {
            return Err(place.refuse(ErrorClass::Internal, KIND.calls.look, name, why));
        }
        let (managed, inline) = try_join!(policies(place, name), inline_policies(place, name))?;
        live.attributes.put(at::managed_policies, managed.into_iter().collect());
        live.attributes.put(at::inline_policies, inline);
        Ok(Some(live))
    }

    async fn look(place: &Place, name: &str) -> Answer<Option<Seen>> {
        let answer = place.find(KIND.calls.look, name, place.reader().iam.get_role().role_name(name).send()).await?;
        Ok(answer.and_then(|answer| answer.role).map(|role| Seen { role, listed: false }))
    }

    fn shown(seen: &Seen) -> Live {
        let role = &seen.role;
        let mut attributes = Readings::default();
        attributes.set(at::name, role.role_name());
        attributes.set(at::path, role.path());
        attributes.set(at::description, role.description().unwrap_or_default());
        match role.assume_role_policy_document().map(document::parse_encoded) {
            Some(Ok(trust)) => attributes.put(at::trust, trust),
            Some(Err(why)) => attributes.failed(at::trust, why),
            None => attributes.absent(at::trust),
        }
        if !seen.listed {
            let boundary = role.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn());
            attributes.put(at::permissions_boundary, boundary.map(str::to_owned).into_iter().collect());
        }
        Live { tags: tags::from_iam(role.tags()), ..Self::live(Some(role.role_name()), Some(role.arn()), attributes) }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let trust = new.valid(document::text(&spec.trust))?;
        let call = new.writer().iam.create_role().role_name(&spec.name).path(&spec.path).description(&spec.description);
        let call = call.set_permissions_boundary(spec.permissions_boundary.first().cloned());
        let call = call.assume_role_policy_document(trust).set_tags(Some(tags::to_iam(new.tags())));
        new.send(|| call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    async fn set(change: &Change<'_>) -> Answer<()> {
        let (name, client) = (change.id(), &change.writer().iam);
        if let Some(description) = change.to(at::description)? {
            let call = client.update_role().role_name(name).description(description);
            change.send(|| call.clone().send()).await?;
        }
        if let Some(trust) = change.to(at::trust)? {
            let trust = change.valid_for(calls::UPDATE_TRUST, document::text(&trust))?;
            let call = client.update_assume_role_policy().role_name(name).policy_document(trust);
            change.write(calls::UPDATE_TRUST, || call.clone().send()).await?;
        }
        if let Some(policies) = change.to(at::managed_policies)? {
            set_managed(change, &policies.into_iter().collect()).await?;
        }
        if let Some(documents) = change.to_or_none(at::inline_policies)? {
            set_inline(change, &documents.unwrap_or_default()).await?;
        }
        if let Some(boundary) = change.to_or_none(at::permissions_boundary)? {
            set_boundary(change, boundary.unwrap_or_default().first()).await?;
        }
        Ok(())
    }

    /// IAM refuses to delete a role with policies, so they are removed first.
    async fn remove(place: &Place, name: &str) -> Answer<()> {
        let attached = match policies(place, name).await {
            Err(error) if error.class == ErrorClass::NotFound => return Ok(()),
            other => other?,
        };
        let mut progress = PartialChange::default();
        for policy in &attached {
            progress.step(detach(place, name, policy).await)?;
        }
        for policy in inline_policies(place, name).await?.keys() {
            progress.step(remove_inline(place, name, policy).await)?;
        }
        let call = place.writer().iam.delete_role().role_name(name);
        progress.step(place.delete(name, || call.clone().send()).await)
    }
}

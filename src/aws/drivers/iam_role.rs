//! How an IAM role is called. IAM lists a role without its tags, boundary and policies, so each role of ours takes three more
//! reads, and one for each of its inline policies.

use std::collections::BTreeMap;

use aws_sdk_iam::types::Role;

use crate::aws::prelude::*;
use crate::kinds::iam_role::{NAME, PATH, Spec, at, calls};
use crate::model::statement::statements;

pub struct Seen {
    role: Role,
    /// IAM lists a role without its tags and its boundary.
    listed: bool,
}

async fn inline_policies(place: &Place, name: &str) -> Answer<BTreeMap<String, Value>> {
    let call = place.reader().iam.list_role_policies().role_name(name);
    let send = |token| call.clone().set_marker(token).send();
    let names = place.pages(calls::INLINE, name, send, |page| (Some(page.policy_names), page.marker)).await?;
    let mut found = BTreeMap::new();
    for policy in names {
        let call = place.reader().iam.get_role_policy().role_name(name).policy_name(&policy).send();
        let Some(answer) = place.find(calls::GET_INLINE, name, call).await? else { continue };
        let document = document::parse_encoded(answer.policy_document());
        found.insert(policy, document.map_err(|error| place.refuse(ErrorClass::Internal, calls::GET_INLINE, name, error))?);
    }
    Ok(found)
}

async fn managed_policies(place: &Place, name: &str) -> Answer<Vec<String>> {
    let call = place.reader().iam.list_attached_role_policies().role_name(name);
    let send = |token| call.clone().set_marker(token).send();
    let found = place.pages(calls::ATTACHED, name, send, |page| (page.attached_policies, page.marker)).await?;
    Ok(sorted(found.iter().filter_map(|policy| policy.policy_arn().map(str::to_owned))))
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = Seen;

    async fn list(place: &Place, _: Option<&str>) -> Answer<Vec<Seen>> {
        let call = place.reader().iam.list_roles().path_prefix(PATH).max_items(1000);
        let send = |token| call.clone().set_marker(token).send();
        let roles = place.pages(calls::LIST, NAME, send, |page| (Some(page.roles), page.marker)).await?;
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
            return Err(place.refuse(ErrorClass::Internal, Self::KIND.calls.look, name, why));
        }
        let (managed, inline) = try_join!(managed_policies(place, name), inline_policies(place, name))?;
        live.attributes.put(at::managed_policies, managed);
        live.attributes.put(at::inline_policies, inline);
        Ok(Some(live))
    }

    async fn look(place: &Place, name: &str) -> Answer<Option<Seen>> {
        let answer = place.find(Self::KIND.calls.look, name, place.reader().iam.get_role().role_name(name).send()).await?;
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
        let (name, iam) = (change.id(), &change.writer().iam);
        if let Some(description) = change.to(at::description)? {
            change.send(|| iam.update_role().role_name(name).description(&description).send()).await?;
        }
        if let Some(trust) = change.to(at::trust)? {
            let trust = change.valid_for(calls::UPDATE_TRUST, document::text(&trust))?;
            let call = || iam.update_assume_role_policy().role_name(name).policy_document(&trust).send();
            change.write(calls::UPDATE_TRUST, call).await?;
        }
        let managed = change.parts(at::managed_policies)?;
        let call = |arn| iam.attach_role_policy().role_name(name).policy_arn(arn).send();
        change.put_each(calls::ATTACH, managed.missing, call).await?;
        let call = |arn| iam.detach_role_policy().role_name(name).policy_arn(arn).send();
        change.drop_each(calls::DETACH, managed.surplus, call).await?;
        let inline = change.entries(at::inline_policies, |a, b| statements(a) == statements(b))?;
        let text = |(policy, document)| document::text(&document).map(|text| (policy, text));
        let missing: Vec<_> =
            change.valid_for(calls::PUT_INLINE, inline.missing.into_iter().map(text).collect::<Result<_, _>>())?;
        let call = |(policy, text)| iam.put_role_policy().role_name(name).policy_name(policy).policy_document(text).send();
        change.put_each(calls::PUT_INLINE, missing, call).await?;
        let call = |policy| iam.delete_role_policy().role_name(name).policy_name(policy).send();
        change.drop_each(calls::DELETE_INLINE, inline.surplus, call).await?;
        let Some(boundary) = change.to_or_none(at::permissions_boundary)? else { return Ok(()) };
        let Some(arn) = boundary.unwrap_or_default().into_iter().next() else {
            return change.remove(calls::DELETE_BOUNDARY, || iam.delete_role_permissions_boundary().role_name(name).send()).await;
        };
        let call = || iam.put_role_permissions_boundary().role_name(name).permissions_boundary(&arn).send();
        change.write(calls::PUT_BOUNDARY, call).await.map(drop)
    }

    /// IAM refuses to delete a role with policies, so they are removed first.
    async fn remove(gone: &Steps<'_>) -> Answer<()> {
        let (place, name, iam) = (gone.place(), gone.id(), &gone.writer().iam);
        let attached = match managed_policies(place, name).await {
            Err(error) if error.class == ErrorClass::NotFound => return Ok(()),
            other => other?,
        };
        let call = |arn| iam.detach_role_policy().role_name(name).policy_arn(arn).send();
        gone.drop_each(calls::DETACH, attached, call).await?;
        let inline: Vec<String> = inline_policies(place, name).await?.into_keys().collect();
        let call = |policy| iam.delete_role_policy().role_name(name).policy_name(policy).send();
        gone.drop_each(calls::DELETE_INLINE, inline, call).await?;
        gone.delete(|| iam.delete_role().role_name(name).send()).await
    }
}

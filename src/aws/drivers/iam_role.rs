//! How an IAM role is called. One listing has every role of the account with its tags, its boundary and its policies; only the
//! description of a role of ours takes a call more. `iam:ListRoles` has none of these, and a role outside tokaido's path would
//! take a call to show that it carries our tags.

use std::collections::BTreeMap;

use aws_sdk_iam::types::{AttachedPolicy, EntityType, PolicyDetail, Role, RoleDetail, Tag};

use crate::aws::prelude::*;
use crate::kinds::iam_role::{BACKUP, NAME, PATH, SERVICE_PATH, Spec, at, calls};
use crate::model::equality::policy;

pub enum Seen {
    /// As the listing shows it: without its description.
    Listed(Box<RoleDetail>),
    /// As the call about one role shows it: without its policies.
    Described(Box<Role>),
}

async fn inline_policies(place: &Place, name: &str) -> Answer<BTreeMap<String, Value>> {
    let call = place.reader().iam.list_role_policies().role_name(name);
    let send = |token| call.clone().set_marker(token).send();
    let names = place.pages(calls::INLINE, name, send, |page| (Some(page.policy_names), page.marker)).await?;
    let mut found = BTreeMap::new();
    for policy in names {
        let call = || place.reader().iam.get_role_policy().role_name(name).policy_name(&policy).send();
        let Some(answer) = place.find(calls::GET_INLINE, name, call).await? else { continue };
        let document = document::parse_encoded(answer.policy_document());
        found.insert(policy, document.map_err(|error| place.refuse(ErrorClass::Internal, calls::GET_INLINE, name, error))?);
    }
    Ok(found)
}

fn arns(policies: &[AttachedPolicy]) -> Vec<String> {
    sorted(policies.iter().filter_map(|policy| policy.policy_arn().map(str::to_owned)))
}

async fn managed_policies(place: &Place, name: &str) -> Answer<Vec<String>> {
    let call = place.reader().iam.list_attached_role_policies().role_name(name);
    let send = |token| call.clone().set_marker(token).send();
    Ok(arns(&place.pages(calls::ATTACHED, name, send, |page| (page.attached_policies, page.marker)).await?))
}

/// The policies of a listed role. What the reply leaves out was not asked for.
fn policies(role: &RoleDetail, attributes: &mut Readings) {
    if let Some(managed) = &role.attached_managed_policies {
        attributes.put(at::managed_policies, arns(managed));
    }
    let Some(inline) = &role.role_policy_list else { return };
    let document = |policy: &PolicyDetail| Some((text(policy.policy_name()), policy.policy_document()?.to_owned()));
    let documents = inline.iter().filter_map(document);
    match documents.map(|(name, text)| Ok((name, document::parse_encoded(&text)?))).collect::<Result<BTreeMap<_, _>, String>>() {
        Ok(found) if found.len() == inline.len() => attributes.put(at::inline_policies, found),
        Ok(_) => attributes.failed(at::inline_policies, "a policy without a document".to_owned()),
        Err(why) => attributes.failed(at::inline_policies, why),
    }
}

/// Whether its path or its name is one of tokaido's.
fn may_be_ours(place: &Place, role: &RoleDetail) -> bool {
    role.path() == Some(PATH) || role.role_name().is_some_and(|name| name.starts_with(&place.prefix()))
}

/// Whether its trust policy names AWS Backup. AWS's own role for the service is none that a plan of a person uses.
fn serves_backup(role: &RoleDetail) -> bool {
    let trust = role.assume_role_policy_document().map(document::decode).unwrap_or_default();
    trust.contains(BACKUP) && !role.path().is_some_and(|path| path.starts_with(SERVICE_PATH))
}

/// What both calls say of a role.
struct Common<'a> {
    name: &'a str,
    path: Option<&'a str>,
    arn: Option<&'a str>,
    trust: Option<&'a str>,
    boundary: Option<&'a str>,
    tags: &'a [Tag],
}

fn common(role: &Common<'_>) -> Live {
    let mut attributes = Readings::default();
    attributes.set(at::name, role.name);
    if let Some(path) = role.path {
        attributes.set(at::path, path);
    }
    match role.trust.map(document::parse_encoded) {
        Some(Ok(trust)) => attributes.put(at::trust, trust),
        Some(Err(why)) => attributes.failed(at::trust, why),
        None => attributes.absent(at::trust),
    }
    attributes.put(at::permissions_boundary, role.boundary.map(str::to_owned).into_iter().collect());
    Live { tags: tags::from_iam(role.tags), ..Spec::live(Some(role.name), role.arn, attributes) }
}

/// What the call about one role says.
fn described(role: &Role) -> Live {
    let mut live = common(&Common {
        name: role.role_name(),
        path: Some(role.path()),
        arn: Some(role.arn()),
        trust: role.assume_role_policy_document(),
        boundary: role.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn()),
        tags: role.tags(),
    });
    live.attributes.set(at::description, role.description().unwrap_or_default());
    live
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = Seen;

    async fn list(place: &Place, _: Option<&str>) -> Answer<Vec<Seen>> {
        let call = place.reader().iam.get_account_authorization_details().filter(EntityType::Role).max_items(1000);
        let send = |token| call.clone().set_marker(token).send();
        let roles = place.pages(calls::LIST, NAME, send, |page| (page.role_detail_list, page.marker)).await?;
        Ok(roles.into_iter().map(|role| Seen::Listed(Box::new(role))).collect())
    }

    /// Of the account's other roles those are listed that lie under tokaido's path or hold a name which one of ours needs, and
    /// those that AWS Backup may assume for a plan of others.
    fn concerns(place: &Place, seen: &Seen) -> bool {
        let Seen::Listed(role) = seen else { return true };
        may_be_ours(place, role) || serves_backup(role)
    }

    /// A listing that does not speak of a role's tags does not say that it has none.
    async fn tags(place: &Place, seen: &Seen) -> Answer<Tags> {
        let shown = Self::shown(seen);
        let silent = matches!(seen, Seen::Listed(role) if role.tags.is_none() && may_be_ours(place, role));
        let whole = if silent { Self::look(place, &shown.physical).await? } else { None };
        Ok(whole.as_ref().map_or(shown.tags, |role| Self::shown(role).tags))
    }

    async fn complete(place: &Place, seen: &Seen, _: Tags) -> Answer<Option<Live>> {
        let live = match seen {
            Seen::Listed(listed) => {
                let name = listed.role_name().unwrap_or_default();
                let Some(Seen::Described(role)) = Self::look(place, name).await? else { return Ok(None) };
                let mut live = described(&role);
                policies(listed, &mut live.attributes);
                live
            }
            Seen::Described(role) => {
                let (mut live, name) = (described(role), role.role_name());
                let (managed, inline) = try_join!(managed_policies(place, name), inline_policies(place, name))?;
                live.attributes.put(at::managed_policies, managed);
                live.attributes.put(at::inline_policies, inline);
                live
            }
        };
        for (name, call) in [(at::trust.name(), Self::KIND.calls.look), (at::inline_policies.name(), calls::LIST)] {
            if let Reading::Failed(why) = live.attributes.reading(name) {
                return Err(place.refuse(ErrorClass::Internal, call, &live.physical, why));
            }
        }
        Ok(Some(live))
    }

    async fn look(place: &Place, name: &str) -> Answer<Option<Seen>> {
        let answer = place.find(Self::KIND.calls.look, name, || place.reader().iam.get_role().role_name(name).send()).await?;
        Ok(answer.and_then(|answer| answer.role).map(|role| Seen::Described(Box::new(role))))
    }

    fn shown(seen: &Seen) -> Live {
        match seen {
            Seen::Described(role) => described(role),
            Seen::Listed(role) => {
                let mut live = common(&Common {
                    name: role.role_name().unwrap_or_default(),
                    path: role.path(),
                    arn: role.arn(),
                    trust: role.assume_role_policy_document(),
                    boundary: role.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn()),
                    tags: role.tags(),
                });
                policies(role, &mut live.attributes);
                live
            }
        }
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
        let inline = change.entries(at::inline_policies, policy::same)?;
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

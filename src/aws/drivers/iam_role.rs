//! How an IAM role is called. IAM lists a role without its tags, boundary and policies: three reads more for each role of
//! ours, and one for each of its inline policies.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use aws_sdk_iam::types::Role;
use futures::try_join;

use crate::aws::call::Progress;
use crate::aws::generic::{Calls, Change, Sight};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, document, label};
use crate::kinds::Kind;
use crate::kinds::iam_role::{KIND, NAME, PATH, Spec, at, calls, readiness};
use crate::model::statement::statements;
use crate::model::tags::Tags;
use crate::model::{Live, Name, Reading, Readings, Value};
use crate::world::{ErrorClass, ProviderError};

pub struct Roles {
    at: Place,
}

pub struct Seen {
    role: Role,
    /// IAM lists a role without its tags and its boundary.
    listed: bool,
}

impl Roles {
    async fn get(&self, name: &str) -> Result<Option<Role>, ProviderError> {
        let answer = self.at.find(calls::GET, name, self.at.reader().iam.get_role().role_name(name).send()).await?;
        Ok(answer.and_then(|answer| answer.role))
    }

    async fn inline_policies(&self, name: &str) -> Result<BTreeMap<String, Value>, ProviderError> {
        let pages = self.at.reader().iam.list_role_policies().role_name(name).into_paginator().items().send();
        let names = self.at.read(calls::INLINE, name, pages.collect::<Result<Vec<_>, _>>()).await?;
        let mut found = BTreeMap::new();
        for policy in names {
            let operation = calls::GET_INLINE;
            let call = self.at.reader().iam.get_role_policy().role_name(name).policy_name(&policy).send();
            let Some(answer) = self.at.find(operation, name, call).await? else { continue };
            let document = document::parse_encoded(answer.policy_document());
            let document = document.map_err(|error| self.at.refuse(ErrorClass::Internal, operation, name, error))?;
            found.insert(policy, document);
        }
        Ok(found)
    }

    async fn policies(&self, name: &str) -> Result<BTreeSet<String>, ProviderError> {
        let pages = self.at.reader().iam.list_attached_role_policies().role_name(name).into_paginator().items().send();
        let found = self.at.read(calls::ATTACHED, name, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(found.iter().filter_map(|policy| policy.policy_arn().map(str::to_owned)).collect())
    }

    async fn attach(&self, name: &str, policy: &str) -> Result<(), ProviderError> {
        let call = self.at.writer().iam.attach_role_policy().role_name(name).policy_arn(policy);
        self.at.write(calls::ATTACH, name, || call.clone().send()).await?;
        Ok(())
    }

    async fn put_inline(&self, name: &str, policy: &str, document: &Value) -> Result<(), ProviderError> {
        let operation = calls::PUT_INLINE;
        let text = document::text(document).map_err(|error| self.at.invalid(operation, name, error))?;
        let call = self.at.writer().iam.put_role_policy().role_name(name).policy_name(policy).policy_document(text);
        self.at.write_new(operation, name, || call.clone().send()).await.map(drop)
    }

    async fn set_boundary(&self, name: &str, arn: Option<&str>) -> Result<(), ProviderError> {
        let client = &self.at.writer().iam;
        if let Some(arn) = arn {
            let call = client.put_role_permissions_boundary().role_name(name).permissions_boundary(arn);
            self.at.write(calls::PUT_BOUNDARY, name, || call.clone().send()).await.map(drop)
        } else {
            let call = client.delete_role_permissions_boundary().role_name(name);
            self.at.remove(calls::DELETE_BOUNDARY, name, || call.clone().send()).await
        }
    }

    async fn remove_inline(&self, name: &str, policy: &str) -> Result<(), ProviderError> {
        let call = self.at.writer().iam.delete_role_policy().role_name(name).policy_name(policy);
        self.at.remove(calls::DELETE_INLINE, name, || call.clone().send()).await
    }

    /// What the executor read is what is changed: a policy or a document that somebody added since stays until a plan has
    /// shown it.
    async fn set_managed(&self, change: &Change<'_>, target: &BTreeSet<String>) -> Result<(), ProviderError> {
        let read: BTreeSet<String> = change.before(at::managed_policies)?.into_iter().collect();
        for policy in target.difference(&read) {
            change.step(self.attach(change.id(), policy).await)?;
        }
        for policy in read.difference(target) {
            change.step(self.detach(change.id(), policy).await)?;
        }
        Ok(())
    }

    async fn set_inline(&self, change: &Change<'_>, target: &BTreeMap<String, Value>) -> Result<(), ProviderError> {
        let read = change.before(at::inline_policies)?;
        let same = |policy: &str, document: &Value| read.get(policy).is_some_and(|read| statements(read) == statements(document));
        for (policy, document) in target.iter().filter(|(policy, document)| !same(policy, document)) {
            change.step(self.put_inline(change.id(), policy, document).await)?;
        }
        for policy in read.keys().filter(|policy| !target.contains_key(*policy)) {
            change.step(self.remove_inline(change.id(), policy).await)?;
        }
        Ok(())
    }

    async fn detach(&self, name: &str, policy: &str) -> Result<(), ProviderError> {
        let call = self.at.writer().iam.detach_role_policy().role_name(name).policy_arn(policy);
        self.at.remove(calls::DETACH, name, || call.clone().send()).await
    }
}

#[async_trait]
impl Calls for Roles {
    type Spec = Spec;
    type Item = Seen;

    const KIND: &'static Kind = &KIND;
    const CREATE: &'static str = calls::CREATE;
    const LOOK: &'static str = calls::GET;
    const CHANGE: &'static str = calls::UPDATE;
    const LATER: &'static [Name] = &[at::managed_policies.name(), at::inline_policies.name()];

    fn new(at: Place) -> Self {
        Self { at }
    }

    fn at(&self) -> &Place {
        &self.at
    }

    async fn list(&self) -> Result<Vec<Seen>, ProviderError> {
        let pages = self.at.reader().iam.list_roles().path_prefix(PATH).max_items(1000).into_paginator().items().send();
        let roles = self.at.read(calls::LIST, NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(roles.into_iter().map(|role| Seen { role, listed: true }).collect())
    }

    /// Which of ours it is stands in its tags, which may be what cannot be read.
    fn sight(&self, seen: &Seen) -> Sight {
        Sight::Ask { physical: seen.role.role_name().to_owned(), owner: None }
    }

    async fn complete(&self, seen: &Seen) -> Result<Option<Live>, ProviderError> {
        let name = seen.role.role_name();
        let whole = if seen.listed { self.look(name).await? } else { None };
        if seen.listed && whole.is_none() {
            return Ok(None);
        }
        let mut live = self.shown(whole.as_ref().unwrap_or(seen));
        if let Reading::Failed(why) = live.attributes.get(at::trust) {
            return Err(self.at.refuse(ErrorClass::Internal, calls::GET, name, why));
        }
        let (managed, inline) = try_join!(self.policies(name), self.inline_policies(name))?;
        live.attributes.put(at::managed_policies, managed.into_iter().collect());
        live.attributes.put(at::inline_policies, inline);
        Ok(Some(live))
    }

    async fn look(&self, name: &str) -> Result<Option<Seen>, ProviderError> {
        Ok(self.get(name).await?.map(|role| Seen { role, listed: false }))
    }

    fn shown(&self, seen: &Seen) -> Live {
        let (role, name) = (&seen.role, seen.role.role_name().to_owned());
        let mut attributes = Readings::default();
        attributes.set(at::name, name.as_str());
        attributes.set(at::path, role.path());
        attributes.set(at::description, role.description().unwrap_or_default());
        match role.assume_role_policy_document().map(document::parse_encoded) {
            Some(Ok(trust)) => attributes.put(at::trust, trust),
            Some(Err(why)) => attributes.failed(at::trust, why),
            None => attributes.absent(at::trust),
        }
        if seen.listed {
            attributes.not_asked(at::permissions_boundary);
        } else {
            let boundary = role.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn());
            attributes.put(at::permissions_boundary, boundary.map(str::to_owned).into_iter().collect());
        }
        attributes.not_asked(at::managed_policies);
        attributes.not_asked(at::inline_policies);
        Live {
            outputs: [("name".to_owned(), name.clone()), ("arn".to_owned(), role.arn().to_owned())].into(),
            physical: name,
            attributes,
            tags: tags::from_iam(role.tags()),
            status: readiness(""),
            pending: Vec::new(),
        }
    }

    async fn make(&self, spec: &Spec, tags: &Tags) -> Result<String, ProviderError> {
        let trust = document::text(&spec.trust).map_err(|error| self.at.invalid(calls::CREATE, &spec.name, error))?;
        let call = self
            .at
            .writer()
            .iam
            .create_role()
            .role_name(&spec.name)
            .path(&spec.path)
            .description(&spec.description)
            .assume_role_policy_document(trust)
            .set_permissions_boundary(spec.permissions_boundary.first().cloned())
            .set_tags(Some(tags::to_iam(tags)));
        self.at.write(calls::CREATE, &spec.name, || call.clone().send()).await?;
        Ok(spec.name.clone())
    }

    async fn set(&self, change: &Change<'_>) -> Result<(), ProviderError> {
        let name = change.id();
        if let Some(description) = change.to(at::description)? {
            let call = self.at.writer().iam.update_role().role_name(name).description(description);
            change.step(self.at.write(calls::UPDATE, name, || call.clone().send()).await)?;
        }
        if let Some(trust) = change.to(at::trust)? {
            let trust = document::text(&trust).map_err(|error| self.at.invalid(calls::UPDATE_TRUST, name, error));
            let call = self.at.writer().iam.update_assume_role_policy().role_name(name).policy_document(change.check(trust)?);
            change.step(self.at.write(calls::UPDATE_TRUST, name, || call.clone().send()).await)?;
        }
        if let Some(policies) = change.to(at::managed_policies)? {
            self.set_managed(change, &policies.into_iter().collect()).await?;
        }
        if let Some(documents) = change.to_or_none(at::inline_policies)? {
            self.set_inline(change, &documents.unwrap_or_default()).await?;
        }
        if let Some(boundary) = change.to_or_none(at::permissions_boundary)? {
            let boundary = boundary.unwrap_or_default();
            change.step(self.set_boundary(name, boundary.first().map(String::as_str)).await)?;
        }
        Ok(())
    }

    async fn tag(&self, live: &Live, delta: &Delta) -> Result<(), ProviderError> {
        label::iam(&self.at, &live.physical, delta).await
    }

    /// A role with policies cannot go: they go first.
    async fn remove(&self, live: &Live) -> Result<(), ProviderError> {
        let name = &live.physical;
        let attached = match self.policies(name).await {
            Err(error) if error.class == ErrorClass::NotFound => return Ok(()),
            other => other?,
        };
        let mut progress = Progress::default();
        for policy in &attached {
            progress.step(self.detach(name, policy).await)?;
        }
        for policy in self.inline_policies(name).await?.keys() {
            progress.step(self.remove_inline(name, policy).await)?;
        }
        let call = self.at.writer().iam.delete_role().role_name(name);
        progress.step(self.at.remove(calls::DELETE, name, || call.clone().send()).await)
    }
}

//! How an IAM role is called. IAM lists a role without its tags, boundary and policies: three reads more for each role of
//! ours, and one for each of its inline policies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_iam::types::Role;
use futures::future::join_all;
use futures::try_join;

use super::{NAME, PATH, Spec, readiness};
use crate::aws::call::{Progress, partly};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, document, label};
use crate::model::{Attributes, Listing, Live, Region, Value};
use crate::plan::compare;
use crate::world::{CreateRequest, Driver, ErrorClass, ProviderError, UpdateRequest};

struct Aws {
    at: Place,
}

pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(Aws { at: Place::new(session, region) })
}

impl Aws {
    async fn get(&self, name: &str) -> Result<Option<Role>, ProviderError> {
        let answer = self.at.find("iam:GetRole", name, self.at.reader().iam.get_role().role_name(name).send()).await?;
        Ok(answer.and_then(|answer| answer.role))
    }

    async fn inline_policies(&self, name: &str) -> Result<BTreeMap<String, Value>, ProviderError> {
        let pages = self.at.reader().iam.list_role_policies().role_name(name).into_paginator().items().send();
        let names = self.at.read("iam:ListRolePolicies", name, pages.collect::<Result<Vec<_>, _>>()).await?;
        let mut found = BTreeMap::new();
        for policy in names {
            let operation = "iam:GetRolePolicy";
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
        let found = self.at.read("iam:ListAttachedRolePolicies", name, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(found.iter().filter_map(|policy| policy.policy_arn().map(str::to_owned)).collect())
    }

    async fn complete(&self, role: &Role) -> Result<Live, ProviderError> {
        let name = role.role_name().to_owned();
        let trust = role.assume_role_policy_document().map(document::parse_encoded).transpose();
        let trust = trust.map_err(|error| self.at.refuse(ErrorClass::Internal, "iam:GetRole", &name, error))?;
        let boundary = role.permissions_boundary().and_then(|boundary| boundary.permissions_boundary_arn());
        let (managed, inline_policies) = try_join!(self.policies(&name), self.inline_policies(&name))?;
        let spec = Spec {
            name: name.clone(),
            path: role.path().to_owned(),
            description: role.description().unwrap_or_default().to_owned(),
            trust: trust.unwrap_or(Value::Null),
            managed_policies: managed.into_iter().collect(),
            inline_policies,
            permissions_boundary: boundary.map(str::to_owned).into_iter().collect(),
        };
        Ok(Live {
            tags: tags::from_iam(role.tags()),
            outputs: [("name".to_owned(), name.clone()), ("arn".to_owned(), role.arn().to_owned())].into(),
            physical: name,
            attributes: Attributes::lower(&spec),
            status: readiness(""),
            pending: Vec::new(),
        })
    }

    async fn attach(&self, name: &str, policy: &str) -> Result<(), ProviderError> {
        let call = self.at.writer().iam.attach_role_policy().role_name(name).policy_arn(policy);
        self.at.write("iam:AttachRolePolicy", name, || call.clone().send()).await?;
        Ok(())
    }

    async fn put_inline(&self, name: &str, policy: &str, document: &Value) -> Result<(), ProviderError> {
        let operation = "iam:PutRolePolicy";
        let text = document::text(document).map_err(|error| self.at.invalid(operation, name, error))?;
        let call = self.at.writer().iam.put_role_policy().role_name(name).policy_name(policy).policy_document(text);
        self.at.write_new(operation, name, || call.clone().send()).await.map(drop)
    }

    async fn set_boundary(&self, name: &str, arn: Option<&str>) -> Result<(), ProviderError> {
        let client = &self.at.writer().iam;
        if let Some(arn) = arn {
            let call = client.put_role_permissions_boundary().role_name(name).permissions_boundary(arn);
            self.at.write("iam:PutRolePermissionsBoundary", name, || call.clone().send()).await.map(drop)
        } else {
            let call = client.delete_role_permissions_boundary().role_name(name);
            self.at.remove("iam:DeleteRolePermissionsBoundary", name, || call.clone().send()).await
        }
    }

    async fn remove_inline(&self, name: &str, policy: &str) -> Result<(), ProviderError> {
        let call = self.at.writer().iam.delete_role_policy().role_name(name).policy_name(policy);
        self.at.remove("iam:DeleteRolePolicy", name, || call.clone().send()).await
    }

    /// What the executor read is what is changed: a document that somebody added since stays until a plan has shown it.
    async fn set_inline(
        &self,
        name: &str,
        live: &BTreeMap<String, Value>,
        target: &BTreeMap<String, Value>,
        progress: &mut Progress,
    ) -> Result<(), ProviderError> {
        let same = |policy: &str, document: &Value| {
            live.get(policy).is_some_and(|live| compare::statements(live) == compare::statements(document))
        };
        for (policy, document) in target.iter().filter(|(policy, document)| !same(policy, document)) {
            progress.step(self.put_inline(name, policy, document).await)?;
        }
        for policy in live.keys().filter(|policy| !target.contains_key(*policy)) {
            progress.step(self.remove_inline(name, policy).await)?;
        }
        Ok(())
    }

    async fn look(&self, name: &str) -> Result<Option<Live>, ProviderError> {
        match self.get(name).await? {
            Some(role) => self.complete(&role).await.map(Some),
            None => Ok(None),
        }
    }

    async fn detach(&self, name: &str, policy: &str) -> Result<(), ProviderError> {
        let call = self.at.writer().iam.detach_role_policy().role_name(name).policy_arn(policy);
        self.at.remove("iam:DetachRolePolicy", name, || call.clone().send()).await
    }
}

#[async_trait]
impl Driver for Aws {
    async fn list(&self) -> Result<Listing, ProviderError> {
        let pages = self.at.reader().iam.list_roles().path_prefix(PATH).max_items(1000).into_paginator().items().send();
        let roles = self.at.read("iam:ListRoles", NAME, pages.collect::<Result<Vec<_>, _>>()).await?;
        let mut listing = Listing::default();
        let looks = join_all(roles.iter().map(|role| self.look(role.role_name()))).await;
        for (name, found) in roles.iter().map(Role::role_name).zip(looks) {
            match found {
                Ok(live) => listing.live.extend(live),
                // Which of ours it is stands in its tags, which may be what could not be read.
                Err(error) => listing.unreadable.push(self.at.unreadable(NAME, name, None, &error)),
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        self.look(physical).await
    }

    async fn create(&self, request: &CreateRequest) -> Result<String, ProviderError> {
        let operation = "iam:CreateRole";
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, NAME, error))?;
        let trust = document::text(&spec.trust).map_err(|error| self.at.invalid(operation, &spec.name, error))?;
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
            .set_tags(Some(tags::to_iam(&request.tags)));
        self.at.write(operation, &spec.name, || call.clone().send()).await?;
        let finish = async {
            let seen = self.at.until_visible("iam:GetRole", &spec.name, || self.get(&spec.name)).await?;
            label::iam(&self.at, &spec.name, &Delta::missing(&tags::from_iam(seen.tags()), &request.tags)).await?;
            for policy in &spec.managed_policies {
                self.attach(&spec.name, policy).await?;
            }
            self.set_inline(&spec.name, &BTreeMap::new(), &spec.inline_policies, &mut Progress::default()).await
        };
        finish.await.map_err(|error| partly(&spec.name, error))?;
        Ok(spec.name)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let (operation, name) = ("iam:UpdateRole", &request.live.physical);
        let spec: Spec = request.attributes.raise().map_err(|error| self.at.invalid(operation, name, error))?;
        let changed = |attribute: &str| request.changed.contains(attribute);
        if changed("name") || changed("path") {
            return Err(self.at.invalid(operation, name, "a role keeps its name and path"));
        }
        let mut progress = Progress::default();
        if changed("description") {
            let call = self.at.writer().iam.update_role().role_name(name).description(&spec.description);
            progress.step(self.at.write(operation, name, || call.clone().send()).await)?;
        }
        if changed("trust") {
            let trust = document::text(&spec.trust).map_err(|error| self.at.invalid(operation, name, error))?;
            let call = self.at.writer().iam.update_assume_role_policy().role_name(name).policy_document(trust);
            progress.step(self.at.write("iam:UpdateAssumeRolePolicy", name, || call.clone().send()).await)?;
        }
        if changed("managed_policies") {
            // What the executor read: a policy that somebody attached since stays.
            let read = request.live.attributes.part::<BTreeSet<String>>("managed_policies");
            let read = read.map_err(|error| self.at.invalid(operation, name, error))?;
            let target = spec.managed_policies.into_iter().collect::<BTreeSet<_>>();
            for policy in target.difference(&read) {
                progress.step(self.attach(name, policy).await)?;
            }
            for policy in read.difference(&target) {
                progress.step(self.detach(name, policy).await)?;
            }
        }
        if changed("inline_policies") {
            let live: Spec = request.live.attributes.raise().map_err(|error| self.at.invalid(operation, name, error))?;
            self.set_inline(name, &live.inline_policies, &spec.inline_policies, &mut progress).await?;
        }
        if changed("permissions_boundary") {
            let target = spec.permissions_boundary.first().map(String::as_str);
            progress.step(self.set_boundary(name, target).await)?;
        }
        if changed("tags") {
            progress.step(label::iam(&self.at, name, &Delta::between(&request.live.tags, &request.tags)).await)?;
        }
        Ok(())
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
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
        progress.step(self.at.remove("iam:DeleteRole", name, || call.clone().send()).await)
    }
}

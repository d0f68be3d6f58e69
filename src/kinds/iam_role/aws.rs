//! How an IAM role is called. IAM lists a role without its tags and policies: two reads more for each role of ours.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_iam::types::Role;

use super::{NAME, PATH, Spec, readiness};
use crate::aws::call::{Progress, partly};
use crate::aws::tags::{self, Delta};
use crate::aws::{Place, Session, document, label};
use crate::model::tags::Tags;
use crate::model::{Attributes, Listing, Live, Region, Value};
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

    async fn tags(&self, name: &str) -> Result<Tags, ProviderError> {
        let pages = self.at.reader().iam.list_role_tags().role_name(name).into_paginator().items().send();
        Ok(tags::from_iam(&self.at.read("iam:ListRoleTags", name, pages.collect::<Result<Vec<_>, _>>()).await?))
    }

    async fn policies(&self, name: &str) -> Result<BTreeSet<String>, ProviderError> {
        let pages = self.at.reader().iam.list_attached_role_policies().role_name(name).into_paginator().items().send();
        let found = self.at.read("iam:ListAttachedRolePolicies", name, pages.collect::<Result<Vec<_>, _>>()).await?;
        Ok(found.iter().filter_map(|policy| policy.policy_arn().map(str::to_owned)).collect())
    }

    async fn complete(&self, role: &Role) -> Result<Live, ProviderError> {
        let name = role.role_name().to_owned();
        let trust = role.assume_role_policy_document().map(document::parse_encoded).transpose();
        let trust = trust.map_err(|error| self.at.refuse(ErrorClass::Internal, "iam:ListRoles", &name, error))?;
        let spec = Spec {
            name: name.clone(),
            path: role.path().to_owned(),
            description: role.description().unwrap_or_default().to_owned(),
            trust: trust.unwrap_or(Value::Null),
            managed_policies: self.policies(&name).await?.into_iter().collect(),
        };
        Ok(Live {
            tags: self.tags(&name).await?,
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
        for role in &roles {
            match self.complete(role).await {
                Ok(live) => listing.live.push(live),
                Err(error) => {
                    let name = role.role_name();
                    listing.unreadable.push(self.at.unreadable(NAME, name, self.at.id_from_name(NAME, name), &error));
                }
            }
        }
        Ok(listing)
    }

    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        match self.get(physical).await? {
            Some(role) => self.complete(&role).await.map(Some),
            None => Ok(None),
        }
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
            .set_tags(Some(tags::to_iam(&request.tags)));
        self.at.write(operation, &spec.name, || call.clone().send()).await?;
        let finish = async {
            self.at.until_visible("iam:GetRole", &spec.name, || self.get(&spec.name)).await?;
            label::iam(&self.at, &spec.name, &Delta::missing(&self.tags(&spec.name).await?, &request.tags)).await?;
            for policy in &spec.managed_policies {
                self.attach(&spec.name, policy).await?;
            }
            Ok(())
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
        let call = self.at.writer().iam.delete_role().role_name(name);
        progress.step(self.at.remove("iam:DeleteRole", name, || call.clone().send()).await)
    }
}

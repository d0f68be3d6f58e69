//! One object that has to be made. A driver asks for its parts.

use std::error::Error;

use aws_sdk_ec2::types::{ResourceType, TagSpecification};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::aws::call::Answer;
use crate::aws::session::Clients;
use crate::aws::{Place, tags};
use crate::model::tags::Tags;
use crate::model::value::Link;
use crate::world::{CreateRequest, ProviderError};

/// The place of a new object, its tags, and the name by which errors call it.
pub struct New<'a> {
    place: &'a Place,
    tags: &'a Tags,
    name: String,
}

impl<'a> New<'a> {
    pub(super) fn of(place: &'a Place, request: &'a CreateRequest) -> Self {
        let schema = place.kind().schema;
        let named = schema.unique.or(schema.name.map(|(name, _)| name)).and_then(|name| request.attributes.text(name));
        Self { place, tags: &request.tags, name: named.unwrap_or(schema.kind).to_owned() }
    }

    #[must_use]
    pub fn writer(&self) -> &Clients {
        self.place.writer()
    }

    #[must_use]
    pub const fn tags(&self) -> &Tags {
        self.tags
    }

    /// The tags in the form in which EC2's creates take them.
    #[must_use]
    pub fn labels(&self, resource: ResourceType) -> TagSpecification {
        TagSpecification::builder().resource_type(resource).set_tags(Some(tags::to_ec2(self.tags))).build()
    }

    /// The same intent gives the same token.
    #[must_use]
    pub fn token(&self) -> String {
        tags::token(self.tags, &self.name)
    }

    /// The identifier to which a link leads.
    ///
    /// # Errors
    /// A link whose target has no identifier yet.
    pub fn link<'l>(&self, link: &'l Link) -> Answer<&'l str> {
        self.valid(link.physical())
    }

    fn operation(&self) -> &'static str {
        self.place.kind().calls.named(|writes| writes.create)
    }

    /// A converted value, or an error that names the create call.
    ///
    /// # Errors
    /// A value that this driver cannot send.
    pub fn valid<T>(&self, value: Result<T, impl Into<String>>) -> Answer<T> {
        value.map_err(|error| self.invalid(error))
    }

    #[must_use]
    pub fn invalid(&self, why: impl Into<String>) -> ProviderError {
        self.place.invalid(self.operation(), &self.name, why)
    }

    /// The create call.
    ///
    /// # Errors
    /// As AWS refuses it.
    pub async fn send<T, E, C>(&self, call: impl Fn() -> C + Send + Sync) -> Answer<T>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.place.write(self.operation(), &self.name, call).await
    }

    /// The identifier in AWS's answer.
    ///
    /// # Errors
    /// AWS's answer has no identifier.
    pub fn id(&self, answered: Option<&str>) -> Answer<String> {
        answered.map(str::to_owned).ok_or_else(|| self.place.nameless(self.operation(), &self.name))
    }
}

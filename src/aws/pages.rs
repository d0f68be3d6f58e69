//! All pages of a list. AWS's SDK stops where a token comes twice, as if the list had ended there; here that is a failed read.

use std::collections::BTreeSet;
use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use super::call::{Answer, Place};
use super::sender::{Asked, Reads};
use crate::world::{ErrorClass, ProviderError};

/// What one page says: its items, `None` where it has no list, and the token of the next page.
pub type Page<T> = (Option<Vec<T>>, Option<String>);

/// The items of every page. `send` asks for the page with this token; `open` takes it apart.
///
/// # Errors
/// The error of a page; a page without a list; a token that came before, with which the list would never end.
pub async fn all<T, P, E, C>(
    reads: Reads<'_>,
    asked: Asked<'_>,
    send: impl Fn(Option<String>) -> C + Send + Sync,
    open: impl Fn(P) -> Page<T> + Send + Sync,
) -> Result<Vec<T>, ProviderError>
where
    T: Send,
    P: RequestId + Send,
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    C: Future<Output = Result<P, SdkError<E, HttpResponse>>> + Send,
{
    let (mut found, mut tokens, mut token) = (Vec::new(), BTreeSet::new(), None);
    loop {
        let page = reads.read(asked, || send(token.clone())).await?;
        let request_id = page.request_id().map(str::to_owned);
        let failed = |why: &str| {
            let mut error = ProviderError::new(ErrorClass::Unreachable, asked.operation, asked.resource, why);
            error.principal = reads.sender.principal().map(str::to_owned);
            error.request_id.clone_from(&request_id);
            crate::world::log::refused(&error);
            error
        };
        let (items, next) = open(page);
        found.extend(items.ok_or_else(|| failed("the reply has no list, which AWS always sends"))?);
        let Some(next) = next.filter(|next| !next.is_empty()) else { return Ok(found) };
        if !tokens.insert(next.clone()) {
            return Err(failed("the list does not end: AWS sent the token of a page that was read already"));
        }
        token = Some(next);
    }
}

impl Place {
    /// The items of every page of a list, as one read.
    pub async fn pages<T, P, E, C>(
        &self,
        operation: &str,
        resource: &str,
        send: impl Fn(Option<String>) -> C + Send + Sync,
        open: impl Fn(P) -> Page<T> + Send + Sync,
    ) -> Answer<Vec<T>>
    where
        T: Send,
        P: RequestId + Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<P, SdkError<E, HttpResponse>>> + Send,
    {
        all(self.session().reads(), self.asked(operation, resource), send, open).await
    }

    /// The listing of the kind, or the one object with this identifier.
    pub async fn look<T, P, E, C>(
        &self,
        only: Option<&str>,
        send: impl Fn(Option<String>) -> C + Send + Sync,
        open: impl Fn(P) -> Page<T> + Send + Sync,
    ) -> Answer<Vec<T>>
    where
        T: Send,
        P: RequestId + Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<P, SdkError<E, HttpResponse>>> + Send,
    {
        self.pages(self.kind().calls.look, only.unwrap_or(self.kind().schema.kind), send, open).await
    }
}

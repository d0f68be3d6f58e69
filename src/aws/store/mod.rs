//! Records and the lease in a bucket of the environment's own account. S3 checks a condition of every write.
//!
//! ```text
//! <environment>/records/00000001.json   If-None-Match: *   taken: the next number
//! <environment>/lease.json              If-None-Match: * when there is none, If-Match: <etag> when there is
//! <environment>/watch/2026-11-01/00000001.json   If-None-Match: *
//! ```
//!
//! In and out: as [`crate::store::Store`], which this implements.
//!
//! Must not import: a driver.
//!
//! Guarantees: no object is deleted, and a record is never written again. Every call names the account that must own the bucket,
//! so a bucket of another account with this name gets no record, and its objects are not read. S3 returns what was written last.

mod cache;
mod watch;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::timeout::TimeoutConfig;
use futures::stream::{self, StreamExt as _, TryStreamExt as _};

use super::Session;
use super::classify::{bucket_missing, condition_failed};
use super::date::DateHeader;
use super::pages;
use super::patience::{Patience, READ_ATTEMPTS};
use super::sender::{Asked, Reads, Sender};
use crate::kinds::bucket::LEASE;
use crate::kinds::session::{GET_RECORD as GET, LIST_RECORDS as LIST, PUT_RECORD as PUT};
use crate::model::reason::{Deed, Trouble};
use crate::model::{DesiredState, Environment, Region, Said};
use crate::store::{
    Contested, Entry, LeaseRecord, Seen, Store, StoreError, Swap, Version, WatchStore, first_missing, record_name, record_number,
};
use crate::world::{ErrorClass, ProviderError};

use cache::Cache;

/// How many records are fetched at the same time.
const AT_ONCE: usize = 16;
/// How long one attempt lasts at most.
const HANGS: Duration = Duration::from_secs(6);
/// Every call of the store may be repeated: S3 checks the condition of each write.
const REPEATABLE: Patience = Patience::Repeatable { attempts: READ_ATTEMPTS };
/// How many lost writes end the attempt: they met another write, or a number that was taken since it was read.
const CONTESTED: usize = 50;

#[derive(Debug)]
pub struct S3Store {
    client: Client,
    bucket: String,
    /// The account (twelve digits) that must own the bucket.
    account: String,
    region: Region,
    sender: Arc<Sender>,
    cache: Cache,
    /// Held while a record is added. S3 gives each number once, so writers of one process would only take turns at being refused.
    adding: tokio::sync::Mutex<()>,
    /// The highest number that was seen in each environment.
    newest: Mutex<BTreeMap<Environment, u64>>,
    /// The environment whose records were looked for when the bucket did not exist.
    missing: Mutex<Option<Environment>>,
}

/// One record as a listing shows it.
struct Listed {
    number: u64,
    key: String,
    etag: String,
}

impl S3Store {
    /// `cache`: a folder for copies of records that were read before. Makes no call.
    #[must_use]
    pub fn new(session: &Arc<Session>, desired: &DesiredState, bucket: &str, cache: &Path) -> Self {
        // A heartbeat that is tried again is worth more than one that hangs.
        let timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_secs(3)).operation_attempt_timeout(HANGS).build();
        let client = &session.reader(desired.primary).s3;
        Self {
            client: Client::from_conf(client.config().to_builder().timeout_config(timeouts).build()),
            bucket: bucket.to_owned(),
            account: desired.account.clone(),
            region: desired.primary,
            sender: session.sender().clone(),
            cache: Cache::new(&cache.join(bucket)),
            adding: tokio::sync::Mutex::default(),
            newest: Mutex::default(),
            missing: Mutex::default(),
        }
    }

    fn url(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    /// One call about this key, sent again after a failure that may pass.
    async fn send<T, E, C>(&self, operation: &str, key: &str, call: impl Fn() -> C + Send + Sync) -> Result<T, ProviderError>
    where
        T: Send,
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
        C: Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send,
    {
        self.sender.send(self.asked(operation, &self.url(key)), REPEATABLE, None, call).await
    }

    const fn asked<'a>(&self, operation: &'a str, resource: &'a str) -> Asked<'a> {
        Asked { operation, region: self.region.code(), resource }
    }

    /// What a failed call means for the caller of the store.
    fn meant(&self, environment: Environment, error: ProviderError) -> StoreError {
        let (bucket, account) = (self.bucket.clone(), self.account.clone());
        if bucket_missing(&error) {
            *self.missing.lock().unwrap_or_else(PoisonError::into_inner) = Some(environment);
            return StoreError::NoBucket { bucket, environment };
        }
        match error.class {
            ErrorClass::AccessDenied => StoreError::refused(bucket, account, &error),
            _ => StoreError::Provider { error: Box::new(error) },
        }
    }

    fn newest(&self, environment: Environment) -> Option<u64> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).get(&environment).copied()
    }

    fn saw(&self, environment: Environment, number: u64) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let last = newest.entry(environment).or_default();
        *last = (*last).max(number);
    }

    /// Every record after this number, in order.
    async fn list(&self, environment: Environment, after: u64) -> Result<Vec<Listed>, StoreError> {
        let prefix = format!("{environment}/records/");
        let after_key = (after > 0).then(|| key_of(environment, after));
        let mut found: Vec<Listed> = self
            .objects(environment, &prefix, after_key)
            .await?
            .into_iter()
            .filter_map(|(key, etag)| {
                let number = record_number(key.strip_prefix(&prefix)?)?;
                Some(Listed { number, key, etag })
            })
            .collect();
        found.sort_by_key(|listed| listed.number);
        self.saw(environment, found.last().map_or(after, |last| last.number));
        Ok(found)
    }

    /// The keys and ETags of all objects with this prefix, after this key.
    async fn objects(
        &self,
        environment: Environment,
        prefix: &str,
        after: Option<String>,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let call = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix).expected_bucket_owner(&self.account);
        let call = call.set_start_after(after);
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let url = self.url(prefix);
        let found = pages::all(
            Reads { sender: &self.sender, attempts: READ_ATTEMPTS, places: None },
            self.asked(LIST, &url),
            |token| call.clone().set_continuation_token(token).send(),
            // S3 sends no list where there is no object.
            |page| (Some(page.contents.unwrap_or_default()), page.next_continuation_token),
        );
        let found = found.await.map_err(|error| self.meant(environment, error))?;
        Ok(found.iter().map(|object| (text(object.key()), text(object.e_tag()))).collect())
    }

    async fn entry(&self, environment: Environment, listed: Listed) -> Result<Entry, StoreError> {
        let parsed = |body: &[u8]| serde_json::from_slice(body);
        let known = (!listed.etag.is_empty()).then(|| self.cache.get(&listed.key, &listed.etag)).flatten();
        if let Some(entry) = known.and_then(|body| parsed(&body).ok()) {
            return Ok(entry);
        }
        let (body, etag) = self.get(environment, &listed.key).await?;
        let entry =
            parsed(&body).map_err(|error| StoreError::Damaged { path: self.url(&listed.key), reason: error.to_string() })?;
        self.cache.put(&listed.key, &etag, &body);
        Ok(entry)
    }

    async fn get(&self, environment: Environment, key: &str) -> Result<(Vec<u8>, String), StoreError> {
        let call = self.client.get_object().bucket(&self.bucket).key(key).expected_bucket_owner(&self.account);
        let answer = self.send(GET, key, || call.clone().send()).await.map_err(|error| self.meant(environment, error))?;
        let etag = answer.e_tag().unwrap_or_default().to_owned();
        let body = answer.body.collect().await.map_err(|error| self.broken(key, &error))?;
        Ok((body.into_bytes().to_vec(), etag))
    }

    /// The version of the lease object. Without one no write can name what it replaces.
    fn version(&self, key: &str, etag: Option<&str>) -> Result<Version, StoreError> {
        let etag = etag.filter(|etag| !etag.is_empty()).ok_or_else(|| StoreError::NoVersion { path: self.url(key) })?;
        Ok(Version(etag.to_owned()))
    }

    fn broken(&self, key: &str, error: &dyn Error) -> StoreError {
        let message = format!("the answer broke off: {error}");
        let mut error = ProviderError::new(ErrorClass::Unreachable, GET, &self.url(key), message);
        error.principal = self.sender.principal().map(str::to_owned);
        StoreError::Provider { error: Box::new(error) }
    }

    fn put(&self, key: &str, body: &[u8]) -> PutObjectFluentBuilder {
        let call = self.client.put_object().bucket(&self.bucket).key(key).expected_bucket_owner(&self.account);
        call.content_type("application/json").body(ByteStream::from(body.to_vec()))
    }
}

fn key_of(environment: Environment, number: u64) -> String {
    format!("{environment}/records/{}", record_name(number))
}

fn lease_of(environment: Environment) -> String {
    format!("{environment}/{LEASE}")
}

/// One line of JSON, as in a folder.
fn json<T: serde::Serialize>(value: &T, place: &str) -> Result<Vec<u8>, StoreError> {
    let mut text = serde_json::to_vec(value).map_err(|error| StoreError::Io {
        deed: Deed::Write,
        path: place.to_owned(),
        source: Trouble(std::io::Error::other(error)),
    })?;
    text.push(b'\n');
    Ok(text)
}

#[async_trait]
impl Store for S3Store {
    fn place(&self) -> String {
        format!("s3://{}", self.bucket)
    }

    fn note(&self) -> Option<Said> {
        let environment = (*self.missing.lock().unwrap_or_else(PoisonError::into_inner))?;
        let bucket = &self.bucket;
        Some(Said::new(
            format!(
                "the bucket {bucket} does not exist yet, so nothing is known of earlier applies and no cause of a difference; \
                 `tokaido bootstrap {environment}` makes it, and apply needs it"
            ),
            format!(
                "バケット {bucket} がまだないため、以前の適用も差異の原因も分かりません。適用に必要なこのバケットは \
                 `tokaido bootstrap {environment}` で作成できます"
            ),
        ))
    }

    async fn append_entry(&self, environment: Environment, entry: &Entry) -> Result<(), StoreError> {
        let body = json(entry, &self.place())?;
        let _adding = self.adding.lock().await;
        if self.newest(environment).is_none() {
            self.list(environment, 0).await?;
        }
        for _ in 0..CONTESTED {
            let number = self.newest(environment).unwrap_or(0) + 1;
            let key = key_of(environment, number);
            let error = match self.send(PUT, &key, || self.put(&key, &body).if_none_match("*").send()).await {
                Ok(answer) => {
                    self.cache.put(&key, answer.e_tag().unwrap_or_default(), &body);
                    self.saw(environment, number);
                    return Ok(());
                }
                Err(error) => error,
            };
            if !condition_failed(&error) {
                return Err(self.meant(environment, error));
            }
            // Another process took the number; or this one did, and the answer to an earlier attempt was lost.
            match self.list(environment, number - 1).await?.first() {
                Some(first) if first.number == number => {
                    if self.get(environment, &first.key).await?.0 == body {
                        return Ok(());
                    }
                }
                // The other write is not finished, or it failed.
                _ => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
        Err(StoreError::Contested { what: Contested::Records, place: self.place() })
    }

    async fn entries(&self, environment: Environment) -> Result<Vec<Entry>, StoreError> {
        let listed = self.list(environment, 0).await?;
        if let Some(number) = first_missing(listed.iter().map(|listed| listed.number)) {
            return Err(StoreError::Missing { path: self.url(&key_of(environment, number)) });
        }
        let reads = listed.into_iter().map(|listed| self.entry(environment, listed));
        stream::iter(reads).buffered(AT_ONCE).try_collect().await
    }

    fn watch(&self) -> &dyn WatchStore {
        self
    }

    async fn read_lease(&self, environment: Environment) -> Result<Option<Seen>, StoreError> {
        let (key, dates) = (lease_of(environment), DateHeader::default());
        let call = self.client.get_object().bucket(&self.bucket).key(&key).expected_bucket_owner(&self.account);
        let answer = match self.send(GET, &key, || call.clone().customize().interceptor(dates.clone()).send()).await {
            Ok(answer) => answer,
            Err(error) if error.class == ErrorClass::NotFound && !bucket_missing(&error) => return Ok(None),
            Err(error) => return Err(self.meant(environment, error)),
        };
        // Both times are S3's own. The age does not rely on this machine's clock or on the holder's.
        let written = answer.last_modified().map(aws_smithy_types::DateTime::secs);
        let age = dates
            .reading()
            .zip(written)
            .and_then(|(reading, written)| u64::try_from(reading.theirs.as_second() - written).ok().map(Duration::from_secs));
        let version = self.version(&key, answer.e_tag())?;
        let body = answer.body.collect().await.map_err(|error| self.broken(&key, &error))?.into_bytes();
        let record: LeaseRecord = serde_json::from_slice(&body)
            .map_err(|error| StoreError::Damaged { path: self.url(&key), reason: error.to_string() })?;
        Ok(Some(Seen { record, version, age, dead: false }))
    }

    async fn write_lease(
        &self,
        environment: Environment,
        lease: &LeaseRecord,
        expected: Option<&Version>,
    ) -> Result<Swap, StoreError> {
        let key = lease_of(environment);
        let body = json(lease, &self.place())?;
        let call = || match expected {
            None => self.put(&key, &body).if_none_match("*").send(),
            Some(Version(etag)) => self.put(&key, &body).if_match(etag).send(),
        };
        match self.send(PUT, &key, call).await {
            Ok(answer) => Ok(Swap::Done(self.version(&key, answer.e_tag())?)),
            Err(error) if condition_failed(&error) => Ok(Swap::Conflict),
            Err(error) => Err(self.meant(environment, error)),
        }
    }
}

//! Sightings in the bucket. The reader role may only add them, so nothing here replaces an object.

use async_trait::async_trait;
use jiff::civil::Date;

use super::{GET, PUT, S3Store, json};
use crate::aws::classify::{bucket_missing, condition_failed};
use crate::model::{Environment, WatchKey, WatchRecord};
use crate::store::{StoreError, WatchStore};
use crate::world::ErrorClass;

/// The version of every copy: sightings never change, so a copy on this machine needs none.
const WRITTEN_ONCE: &str = "";

fn prefix_of(environment: Environment) -> String {
    format!("{environment}/watch/")
}

fn key_of(environment: Environment, key: WatchKey) -> String {
    format!("{}{key}.json", prefix_of(environment))
}

#[async_trait]
impl WatchStore for S3Store {
    async fn add_sighting(&self, environment: Environment, key: WatchKey, record: &WatchRecord) -> Result<bool, StoreError> {
        let (key, body) = (key_of(environment, key), json(record, &self.url(""))?);
        let error = match self.send(PUT, &key, || self.put(&key, &body).if_none_match("*").send()).await {
            Ok(_) => {
                self.cache.put(&key, WRITTEN_ONCE, &body);
                return Ok(true);
            }
            Err(error) => error,
        };
        if !condition_failed(&error) {
            return Err(self.meant(environment, error));
        }
        // Another process took the key; or this one did, and the answer to an earlier attempt was lost. Or another write is
        // not finished: then there is nothing to read, and the key counts as taken.
        Ok(self.body(environment, &key).await?.is_some_and(|there| there == body))
    }

    async fn sighting_keys(&self, environment: Environment, from: Option<Date>) -> Result<Vec<WatchKey>, StoreError> {
        let prefix = prefix_of(environment);
        let objects = self.objects(environment, &prefix, from.map(|day| format!("{prefix}{day}/"))).await?;
        let parsed = |key: &str| key.strip_prefix(&prefix)?.strip_suffix(".json")?.parse().ok();
        let mut keys: Vec<WatchKey> = objects.iter().filter_map(|(key, _)| parsed(key)).collect();
        keys.sort();
        Ok(keys)
    }

    async fn sighting(&self, environment: Environment, key: WatchKey) -> Result<Option<WatchRecord>, StoreError> {
        let key = key_of(environment, key);
        if let Some(record) = self.cache.get(&key, WRITTEN_ONCE).and_then(|body| serde_json::from_slice(&body).ok()) {
            return Ok(Some(record));
        }
        let Some(body) = self.body(environment, &key).await? else { return Ok(None) };
        let record = serde_json::from_slice(&body)
            .map_err(|error| StoreError::Damaged { path: self.url(&key), reason: error.to_string() })?;
        self.cache.put(&key, WRITTEN_ONCE, &body);
        Ok(Some(record))
    }
}

impl S3Store {
    /// The body of an object; `None` when it is not there.
    async fn body(&self, environment: Environment, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let call = self.client.get_object().bucket(&self.bucket).key(key).expected_bucket_owner(&self.account);
        let answer = match self.send(GET, key, || call.clone().send()).await {
            Ok(answer) => answer,
            Err(error) if error.class == ErrorClass::NotFound && !bucket_missing(&error) => return Ok(None),
            Err(error) => return Err(self.meant(environment, error)),
        };
        let body = answer.body.collect().await.map_err(|error| self.broken(key, &error))?;
        Ok(Some(body.into_bytes().to_vec()))
    }
}

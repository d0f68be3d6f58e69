//! How stores of data are found. Most are no kind of any SDK that tokaido has, so `aws::inventory` asks for them; buckets are listed
//! for all regions at once.

use std::sync::Arc;

use crate::aws::Session;
use crate::aws::inventory::{buckets, listing};
use crate::aws::prelude::*;
use crate::kinds::data_store::KIND;
use crate::model::observed::Listing;
use crate::model::{Attributes, Region};
use crate::world::{CreateRequest, Driver, UpdateRequest};

/// Makes the driver, for [`super::TABLE`].
pub fn driver(session: &Arc<Session>, region: Region) -> Arc<dyn Driver> {
    Arc::new(DataStores(Place::new(session, region, &KIND)))
}

struct DataStores(Place);

impl DataStores {
    fn refuse<T>(&self, physical: &str) -> Result<T, ProviderError> {
        Err(self.0.invalid(KIND.calls.look, physical, "no file declares this kind: tokaido reads it and changes nothing of it"))
    }
}

#[async_trait]
impl Driver for DataStores {
    async fn list(&self) -> Result<Listing, ProviderError> {
        if self.0.region() != Region::Global {
            return Ok(listing::home(&self.0).await);
        }
        let (others, buckets) = futures::join!(listing::elsewhere(&self.0), buckets::all(&self.0));
        let mut listing = others?;
        match buckets {
            Ok(buckets) => listing.live.extend(buckets),
            Err(error) => listing.unreadable.push(self.0.unreadable("every s3-bucket", None, &error)),
        }
        Ok(listing)
    }

    /// One store alone is never asked for.
    async fn read(&self, physical: &str) -> Result<Option<Live>, ProviderError> {
        self.refuse(physical)
    }

    async fn create(&self, _: &CreateRequest) -> Result<String, ProviderError> {
        self.refuse(KIND.schema.kind)
    }

    async fn update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        self.refuse(&request.live.physical)
    }

    async fn delete(&self, live: &Live) -> Result<(), ProviderError> {
        self.refuse(&live.physical)
    }

    async fn offers(&self, _: &Attributes) -> Result<Option<Vec<Attributes>>, ProviderError> {
        Ok(None)
    }
}

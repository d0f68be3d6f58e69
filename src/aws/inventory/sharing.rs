//! With whom a store is shared.

use super::caller::Request;
use super::stores::{Asking, Sharing, Store, operation};
use crate::aws::call::{Answer, Place};
use crate::aws::read;
use crate::aws::replies::Node;
use crate::world::ErrorClass;

/// The accounts, and `all` for everybody. `None` where AWS offers no sharing of this store.
///
/// # Errors
/// The call about the store failed.
pub(super) async fn of(place: &Place, region: &str, store: &Store, id: &str, item: &Node) -> Answer<Option<Vec<String>>> {
    match store.sharing {
        Sharing::Never => Ok(None),
        Sharing::Listed(path) => Ok(Some(named(place, item, &[path]))),
        Sharing::Asked { unless: Some((path, words)), .. } if words.contains(&item.first(&[path])) => Ok(None),
        Sharing::Asked { call, .. } => ask(place, region, store, id, &call).await,
    }
}

async fn ask(place: &Place, region: &str, store: &Store, id: &str, asking: &Asking) -> Answer<Option<Vec<String>>> {
    let own = asking.send.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let request = Request {
        service: store.service,
        operation: operation(asking.call),
        path: "/",
        parameters: own.chain([(asking.of, id.to_owned())]).collect(),
    };
    match place.session().ask(region, &request).await {
        Ok(reply) => Ok(Some(named(place, &reply, asking.named))),
        // It was deleted since it was listed.
        Err(error) if error.class == ErrorClass::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Our own account is no other.
fn named(place: &Place, reply: &Node, paths: &[&str]) -> Vec<String> {
    let names = paths.iter().flat_map(|path| reply.at(path)).map(|node| node.text.trim());
    read::sorted(names.filter(|name| !name.is_empty() && *name != place.account()).map(str::to_owned))
}

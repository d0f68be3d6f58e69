//! The listing of the kind `data-store`, in one region or in all others.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use futures::stream::{self, StreamExt as _};

use super::caller::Request;
use super::sharing;
use super::stores::{EC2, Encrypted, STORES, Store, Where, operation};
use crate::aws::call::{Answer, Place};
use crate::aws::replies::{Node, expected};
use crate::aws::tags;
use crate::kinds::data_store::{at, calls};
use crate::model::observed::{Closed, ClosedBy, Listing, Unreadable};
use crate::model::value::Link;
use crate::model::{Live, Pairs, Readings, Region, Status};
use crate::world::{ErrorClass, ProviderError};

/// How many stores are asked at the same time with whom they are shared. Each call waits for its turn besides.
const AT_ONCE: usize = 8;

/// What AWS says of a policy of the organisation (IAM user guide, "Troubleshoot access denied error messages"): that one denies the
/// call, or that none allows it.
const BY_ORGANISATION: [&str; 2] = ["explicit deny in a service control policy", "no service control policy allows"];

/// Lists every store in Tokyo or Osaka. A listing that fails hides the stores of its kind alone.
pub async fn home(place: &Place) -> Listing {
    let mut listing = Listing::default();
    let code = place.region().code();
    for (store, answer) in stores_in(place, code, |store| store.place == Where::Everywhere).await {
        match answer {
            Ok(items) => listing.live.extend(items),
            Err(error) => listing.unreadable.push(unreadable(place, &[code], store.name, &error)),
        }
    }
    listing
}

/// Lists every store in every other region.
///
/// # Errors
/// The list of the regions could not be read.
pub async fn elsewhere(place: &Place) -> Answer<Listing> {
    let mut listing = Listing::default();
    let (open, disabled) = regions(place).await?;
    listing.closed.extend(disabled.into_iter().map(|region| Closed {
        region,
        by: ClosedBy::Account,
        refused: Vec::new(),
        caller: None,
    }));
    // A call that fails alike in several regions is one failed read of all of them.
    let mut failed: BTreeMap<(&str, String), (ProviderError, Vec<&str>)> = BTreeMap::new();
    let read = join_all(open.iter().map(|region| async move { (region, region_of(place, region).await) })).await;
    for (region, answers) in read {
        let answers = match answers {
            Ok(answers) => answers,
            Err(error) => {
                failed.entry((EVERYTHING, place.unread(&error))).or_insert_with(|| (error, Vec::new())).1.push(region);
                continue;
            }
        };
        let denied = |(_, answer): &(&Store, Answer<Vec<Live>>)| answer.as_ref().is_err_and(by_organisation);
        if answers.iter().all(denied) {
            listing.closed.push(Closed {
                region: region.clone(),
                by: ClosedBy::Organisation,
                refused: answers.iter().map(|(store, _)| store.call.to_owned()).collect::<BTreeSet<_>>().into_iter().collect(),
                caller: place.session().principal().map(str::to_owned),
            });
            continue;
        }
        for (store, answer) in answers {
            match answer {
                Ok(items) => listing.live.extend(items),
                Err(error) => {
                    let key = (store.name, place.unread(&error));
                    failed.entry(key).or_insert_with(|| (error, Vec::new())).1.push(region);
                }
            }
        }
    }
    for ((name, _), (error, regions)) in failed {
        listing.unreadable.push(unreadable(place, &regions, name, &error));
    }
    Ok(listing)
}

/// What a region that does not answer hides.
const EVERYTHING: &str = "data-store";

/// Every listing of another region. The first call also tells whether the region answers at all: where only the endpoints of Tokyo
/// and Osaka can be reached, one call waits in each region, not fourteen.
///
/// # Errors
/// The region does not answer.
async fn region_of(place: &Place, region: &str) -> Answer<Vec<(&'static Store, Answer<Vec<Live>>)>> {
    let first = &STORES[0];
    let probe = stores_in(place, region, |store| store.name == first.name).await;
    if let Some((_, Err(error))) = probe.first()
        && error.class == ErrorClass::Unreachable
    {
        return Err(error.clone());
    }
    let rest = stores_in(place, region, |store| store.name != first.name).await;
    Ok(probe.into_iter().chain(rest).collect())
}

fn by_organisation(error: &ProviderError) -> bool {
    error.class == ErrorClass::AccessDenied && BY_ORGANISATION.iter().any(|words| error.message.contains(words))
}

fn unreadable(place: &Place, regions: &[&str], store: &str, error: &ProviderError) -> Unreadable {
    place.unreadable(&format!("every {store} in {}", regions.join(", ")), None, error)
}

/// The other regions that are enabled in the account, and those that are not.
async fn regions(place: &Place) -> Answer<(Vec<String>, Vec<String>)> {
    let parameters = vec![("AllRegions", "true".to_owned())];
    let request = Request { service: &EC2, operation: operation(calls::REGIONS), path: "/", parameters };
    let reply = place.session().ask(Region::Tokyo.code(), &request).await?;
    let (mut open, mut disabled, mut ours) = (Vec::new(), Vec::new(), 0);
    for item in reply.at("regionInfo[]") {
        let name = item.first(&["regionName"]).to_owned();
        if Region::from_code(&name).is_some() {
            ours += 1;
            continue;
        }
        if item.first(&["optInStatus"]) == "not-opted-in" { disabled.push(name) } else { open.push(name) }
    }
    // Every account has the regions that need not be enabled, ours and Virginia among them.
    if ours < 2 || open.is_empty() {
        let why = "the list of regions is not whole: it lacks regions that every account has";
        return Err(place.refuse(ErrorClass::Unreachable, calls::REGIONS, "every region", why));
    }
    open.sort();
    disabled.sort();
    Ok((open, disabled))
}

/// Every listing of one region, each with its stores or its error.
async fn stores_in(place: &Place, region: &str, wanted: impl Fn(&Store) -> bool) -> Vec<(&'static Store, Answer<Vec<Live>>)> {
    join_all(STORES.iter().filter(|store| wanted(store)).map(|store| async move {
        let answer = match pages(place, region, store).await {
            Ok(items) => {
                let read: Vec<_> = items.into_iter().map(|item| one(place, region, store, item)).collect();
                Ok(stream::iter(read).buffered(AT_ONCE).collect::<Vec<_>>().await)
            }
            Err(error) => Err(error),
        };
        (store, answer)
    }))
    .await
}

/// The items of every page.
async fn pages(place: &Place, region: &str, store: &Store) -> Answer<Vec<Node>> {
    let (mut found, mut tokens, mut token) = (Vec::new(), BTreeSet::new(), None);
    let own = || store.send.iter().map(|(name, value)| (*name, (*value).to_owned()));
    let (name, size) = store.pages.size;
    let more = expected(store.service.iam, operation(store.call)).token;
    loop {
        let parameters = own().chain([(name, size.to_owned())]).chain(token.take().map(|token| (store.pages.token, token)));
        let request = Request {
            service: store.service,
            operation: operation(store.call),
            path: store.path,
            parameters: parameters.collect(),
        };
        let mut reply = place.session().ask(region, &request).await?;
        let next = more.as_ref().and_then(|path| reply.find(path).first().map(|node| node.text.trim().to_owned()));
        found.extend(reply.take(store.items));
        let Some(next) = next.filter(|next| !next.is_empty()) else { return Ok(found) };
        if !tokens.insert(next.clone()) {
            let why = "the list does not end: AWS sent the token of a page that was read already";
            return Err(place.refuse(ErrorClass::Unreachable, store.call, region, why));
        }
        token = Some(next);
    }
}

/// One store as its item shows it, and with whom it is shared.
async fn one(place: &Place, region: &str, store: &Store, item: Node) -> Live {
    let id = if store.id.is_empty() { item.text.trim() } else { item.first(&[store.id]) };
    let arn = store.arn.map(|path| item.first(&[path])).filter(|arn| !arn.is_empty());
    let mut readings = Readings::default();
    readings.put(at::store, store.name.to_owned());
    readings.put_or_absent(at::region, (place.region() == Region::Global).then(|| region.to_owned()));
    readings.told(at::encrypted, encrypted(store, &item));
    let text = |path: Option<&str>| path.map(|path| item.first(&[path])).filter(|text| !text.is_empty()).map(str::to_owned);
    readings.put_or_absent(at::kms_key, text(store.key).map(Link::Physical));
    let source = Some(item.first(store.source)).filter(|source| !source.is_empty());
    readings.put_or_absent(at::source, source.map(|source| Link::Physical(source.to_owned())));
    match sharing::of(place, region, store, id, &item).await {
        Ok(accounts) => readings.put_or_absent(at::shared_with, accounts),
        Err(error) => readings.failed(at::shared_with, place.unread(&error)),
    }
    let pairs = |tag: &Node| Some((tag.first(&["key", "Key"]).to_owned(), tag.first(&["value", "Value"]).to_owned()));
    let pairs: Vec<(String, String)> = store.tags.iter().flat_map(|path| item.at(path)).filter_map(pairs).collect();
    Live {
        physical: physical(place, region, store, arn.unwrap_or(id)).into(),
        outputs: Pairs::from([("id".to_owned(), id.to_owned())]),
        attributes: readings,
        tags: tags::from_pairs(pairs.iter().map(|(key, value)| (Some(key.as_str()), Some(value.as_str())))),
        status: Status::Ready,
        pending: Vec::new(),
    }
}

/// An ARN, and what EC2 invents, is unique by itself. A name is unique among the stores of its kind in its region.
fn physical(place: &Place, region: &str, store: &Store, id: &str) -> String {
    if id.starts_with("arn:") {
        return id.to_owned();
    }
    let named = if *store.service == EC2 { id.to_owned() } else { format!("{}/{id}", store.name) };
    if place.region() == Region::Global { format!("{region}/{named}") } else { named }
}

/// `None`: the reply does not say it.
fn encrypted(store: &Store, item: &Node) -> Option<bool> {
    let Encrypted::At(path) = store.encrypted else { return Some(true) };
    let said = item.at(path);
    let each: Option<Vec<bool>> = said.iter().map(|node| node.text.trim().to_ascii_lowercase().parse().ok()).collect();
    each.filter(|each| !each.is_empty()).map(|each| each.into_iter().all(|one| one))
}

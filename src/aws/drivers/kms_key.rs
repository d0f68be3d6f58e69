//! How a KMS key is called. Its tags say which id it has, whatever alias it has now. A second key, made because an alias was
//! renamed by hand, would leave the data of the first key unreadable.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_kms::types::{GrantConstraints, GrantListEntry, KeyManagerType, KeyMetadata, KeySpec, KeyState, OriginType};
use futures::join;
use futures::stream::{self, StreamExt as _};

use crate::aws::prelude::*;
use crate::kinds::facts;
use crate::kinds::kms_key::{NAME, Spec, at, calls};

/// The only policy name that KMS accepts.
const POLICY: &str = "default";

/// Days between two rotations when AWS names no period.
const YEAR: i64 = 365;

/// Of how many keys the grants are listed at the same time.
const AT_ONCE: usize = 8;

/// A key as the two listings show it, or as the call about one key does.
pub enum Seen {
    Listed {
        id: String,
        arn: String,
        /// All aliases of the key. The first is the one to show: an alias of ours before foreign ones.
        aliases: Vec<String>,
    },
    Described(Box<KeyMetadata>),
}

fn alias_prefix(place: &Place) -> String {
    format!("alias/{}", place.prefix())
}

/// Sorts the aliases of a key so that the one to show comes first.
fn preferred(place: &Place, mut aliases: Vec<String>) -> Vec<String> {
    let ours = alias_prefix(place);
    aliases.sort_by_cached_key(|alias| (!alias.starts_with(&ours), alias.clone()));
    aliases
}

/// The aliases of every key, or of one key: key id and alias name.
async fn aliases(place: &Place, key: Option<&str>) -> Answer<Vec<(String, String)>> {
    let call = place.reader().kms.list_aliases().set_key_id(key.map(str::to_owned)).limit(100);
    let send = |token| call.clone().set_marker(token).send();
    let entries = place.pages(calls::ALIASES, key.unwrap_or(NAME), send, |page| (page.aliases, page.next_marker)).await?;
    let both = |entry: aws_sdk_kms::types::AliasListEntry| entry.target_key_id.or(key.map(str::to_owned)).zip(entry.alias_name);
    Ok(entries.into_iter().filter_map(both).collect())
}

async fn aliases_of(place: &Place, key: &str) -> Answer<Vec<String>> {
    Ok(aliases(place, Some(key)).await?.into_iter().map(|(_, alias)| alias).collect())
}

async fn policy(place: &Place, key: &str) -> Answer<Value> {
    let call = || place.reader().kms.get_key_policy().key_id(key).policy_name(POLICY).send();
    let answer = place.read(calls::GET_POLICY, key, call).await?;
    let document = document::parse(answer.policy().unwrap_or("{}"));
    document.map_err(|error| place.refuse(ErrorClass::Internal, calls::GET_POLICY, key, error))
}

async fn rotation(place: &Place, key: &str) -> Answer<Option<i64>> {
    let call = || place.reader().kms.get_key_rotation_status().key_id(key).send();
    let answer = place.read(calls::GET_ROTATION, key, call).await?;
    Ok(answer.key_rotation_enabled().then(|| answer.rotation_period_in_days().map_or(YEAR, i64::from)))
}

/// Whether AWS can rotate the key by itself; about any other key KMS refuses the question.
fn rotates(metadata: &KeyMetadata) -> bool {
    metadata.origin().is_none_or(|origin| *origin == OriginType::AwsKms)
        && metadata.key_spec().is_none_or(|spec| *spec == KeySpec::SymmetricDefault)
}

/// How the id of a multi-Region key begins, and no other.
const MULTI_REGION: &str = "mrk-";

/// The regions that hold the key's material; `None` where the description does not say it.
fn regions(metadata: &KeyMetadata) -> Option<Vec<String>> {
    if !metadata.multi_region().unwrap_or_else(|| metadata.key_id().starts_with(MULTI_REGION)) {
        return Some(Vec::new());
    }
    let all = metadata.multi_region_configuration()?;
    let keys = all.primary_key().into_iter().chain(all.replica_keys());
    keys.map(|key| key.region().map(str::to_owned)).collect::<Option<Vec<_>>>().map(sorted)
}

/// Everything about a key, with the policy and the rotation, which neither listing nor description has.
async fn details(place: &Place, metadata: &KeyMetadata, aliases: &[String], tags: Tags) -> Answer<Live> {
    let mut live = Live { tags, ..described(metadata) };
    named(&mut live.attributes, aliases);
    // For a key that waits for its deletion, KMS's answers to both calls have no meaning.
    if !matches!(live.status, Status::Failed(_)) {
        let key = metadata.key_id();
        let (policy, rotation) = try_join!(policy(place, key), rotation(place, key))?;
        live.attributes.put(at::policy, policy);
        live.attributes.put_or_absent(at::rotation_days, rotation);
    }
    Ok(live)
}

/// The aliases of a key: the one to show, and the others.
fn named(attributes: &mut Readings, aliases: &[String]) {
    attributes.put_or_absent(at::alias, aliases.first().cloned());
    attributes.put(at::more_aliases, aliases.iter().skip(1).cloned().collect());
}

/// What the two listings say about a key.
fn listed(id: &str, arn: &str, aliases: &[String]) -> Live {
    let mut attributes = Readings::default();
    named(&mut attributes, aliases);
    Spec::live(Some(id), Some(arn), attributes)
}

/// What the description of a key says. It has neither aliases nor policy nor rotation.
fn described(metadata: &KeyMetadata) -> Live {
    let mut attributes = Readings::default();
    attributes.set(at::description, metadata.description().unwrap_or_default());
    attributes.put(at::enabled, metadata.enabled());
    attributes.told(at::origin, metadata.origin().map(|origin| origin.as_str().to_owned()));
    attributes.told(at::regions, regions(metadata));
    let status = Spec::status(metadata.key_state().map_or("Enabled", KeyState::as_str));
    Live { status, ..Spec::live(Some(metadata.key_id()), metadata.arn(), attributes) }
}

/// Removes the alias that the executor read, when it is one of ours. An alias that was added by hand since stays.
async fn set_alias(change: &Change<'_>, read: Option<&str>, target: Option<&str>) -> Answer<()> {
    let (place, kms, key) = (change.place(), &change.writer().kms, change.id());
    if let Some(alias) = target.filter(|_| target != read) {
        let call = || kms.create_alias().alias_name(alias).target_key_id(key).send();
        let outcome = match place.write_new(calls::CREATE_ALIAS, alias, call).await {
            // An alias that leads to another key was set by hand, and is not moved. An alias that leads to this key is done.
            Err(error) if error.class == ErrorClass::AlreadyExists => {
                let here = aliases_of(place, key).await;
                here.and_then(|here| if here.iter().any(|found| found == alias) { Ok(()) } else { Err(error) })
            }
            other => other.map(drop),
        };
        change.step(outcome)?;
    }
    if let Some(alias) = read.filter(|alias| alias.starts_with(&alias_prefix(place)) && target != read) {
        let call = || kms.delete_alias().alias_name(alias).send();
        change.step(place.remove(calls::DELETE_ALIAS, alias, call).await)?;
    }
    Ok(())
}

/// The error of a call about one part of a key, as a failed reading: without what differs from call to call.
fn failed(place: &Place, key: &str, error: &ProviderError) -> String {
    let why = place.unreadable(key, None, error);
    format!("{}: {}", why.operation, why.error)
}

/// The grants of one key, those of one grantee together.
async fn grants(place: &Place, key: &str) -> Answer<Vec<(String, String)>> {
    let call = place.reader().kms.list_grants().key_id(key).limit(100);
    let send = |token| call.clone().set_marker(token).send();
    let all = place.pages(calls::GRANTS, key, send, |page| (page.grants, page.next_marker)).await?;
    let mut told = vec![(facts::GRANTS.to_owned(), all.len().to_string())];
    let mut may: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for grant in &all {
        let operations = grant.operations().iter().map(|operation| operation.as_str());
        may.entry(facts::of_grantee(grantee(grant), grant.constraints().is_some_and(binds))).or_default().extend(operations);
    }
    told.extend(may.into_iter().map(|(name, operations)| (name, operations.into_iter().collect::<Vec<_>>().join(", "))));
    Ok(told)
}

fn grantee(grant: &GrantListEntry) -> &str {
    grant.grantee_service_principal().or_else(|| grant.grantee_principal()).unwrap_or("(none)")
}

fn binds(constraints: &GrantConstraints) -> bool {
    let context = constraints.encryption_context_subset().or_else(|| constraints.encryption_context_equals());
    context.is_some_and(|pairs| !pairs.is_empty()) || constraints.source_arn().is_some()
}

#[async_trait]
impl Calls for Spec {
    type Spec = Self;
    type Item = Seen;

    async fn list(place: &Place, _: Option<&str>) -> Answer<Vec<Seen>> {
        let call = place.reader().kms.list_keys().limit(1000);
        let send = |token| call.clone().set_marker(token).send();
        let keys = place.pages(calls::LIST, NAME, send, |page| (page.keys, page.next_marker));
        let (keys, all) = try_join!(keys, aliases(place, None))?;
        let mut of_key: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, alias) in all {
            of_key.entry(key).or_default().push(alias);
        }
        let seen = keys.into_iter().map(|key| {
            let id = key.key_id.unwrap_or_default();
            let aliases = preferred(place, of_key.remove(&id).unwrap_or_default());
            Seen::Listed { aliases, id, arn: key.key_arn.unwrap_or_default() }
        });
        Ok(seen.collect())
    }

    fn made_by_aws(seen: &Seen) -> bool {
        matches!(seen, Seen::Listed { aliases, .. } if aliases.iter().any(|alias| alias.starts_with("alias/aws/")))
    }

    /// The first alias is one of ours where the key has one.
    fn suspect(place: &Place, seen: &Seen) -> Suspect {
        let Seen::Listed { aliases, .. } = seen else { return Suspect::Any };
        let alias = aliases.first().map(|alias| alias.strip_prefix("alias/").unwrap_or(alias));
        alias.and_then(|alias| place.id_from_name(alias)).map_or(Suspect::Foreign, Suspect::Id)
    }

    async fn complete(place: &Place, seen: &Seen, tags: Tags) -> Answer<Option<Live>> {
        match seen {
            Seen::Listed { id, aliases, .. } => match Self::look(place, id).await? {
                Some(Seen::Described(metadata)) => details(place, &metadata, aliases, tags).await.map(Some),
                _ => Ok(None),
            },
            Seen::Described(metadata) => {
                let aliases = preferred(place, aliases_of(place, metadata.key_id()).await?);
                details(place, metadata, &aliases, tags).await.map(Some)
            }
        }
    }

    /// A foreign key may encrypt data. What its policy keeps from tokaido is a failed reading, and the rest is known. A key that
    /// AWS manages is left out.
    async fn foreign(place: &Place, seen: &Seen, tags: Tags) -> Answer<Option<Live>> {
        let Seen::Listed { id, aliases, .. } = seen else { return Ok(Some(Live { tags, ..Self::shown(seen) })) };
        let Some(Seen::Described(metadata)) = Self::look(place, id).await? else { return Ok(None) };
        if metadata.key_manager() == Some(&KeyManagerType::Aws) {
            return Ok(None);
        }
        let mut live = Live { tags, ..described(&metadata) };
        named(&mut live.attributes, aliases);
        if matches!(live.status, Status::Failed(_)) {
            return Ok(Some(live));
        }
        let days = async { if rotates(&metadata) { rotation(place, id).await } else { Ok(None) } };
        let (policy, days) = join!(policy(place, id), days);
        match policy {
            Ok(policy) => live.attributes.put(at::policy, policy),
            Err(error) => live.attributes.failed(at::policy, failed(place, id, &error)),
        }
        match days {
            Ok(days) => live.attributes.put_or_absent(at::rotation_days, days),
            Err(error) => live.attributes.failed(at::rotation_days, failed(place, id, &error)),
        }
        Ok(Some(live))
    }

    async fn look(place: &Place, key: &str) -> Answer<Option<Seen>> {
        let answer = place.find(Self::KIND.calls.look, key, || place.reader().kms.describe_key().key_id(key).send()).await?;
        Ok(answer.and_then(|answer| answer.key_metadata).map(|metadata| Seen::Described(Box::new(metadata))))
    }

    fn usable(seen: &Seen) -> bool {
        !matches!(seen, Seen::Described(metadata) if metadata.key_state() == Some(&KeyState::Creating))
    }

    fn shown(seen: &Seen) -> Live {
        match seen {
            Seen::Listed { id, arn, aliases } => listed(id, arn, aliases),
            Seen::Described(metadata) => described(metadata),
        }
    }

    async fn make(new: &New<'_>, spec: &Spec) -> Answer<String> {
        let policy = new.valid(document::text(&spec.policy))?;
        let call = new.writer().kms.create_key().description(&spec.description).policy(policy);
        let call = call.set_tags(Some(tags::to_kms(new.tags())));
        let answer = new.send(|| call.clone().send()).await?;
        new.id(answer.key_metadata().map(KeyMetadata::key_id))
    }

    /// KMS refuses most changes of a disabled key, so a key is enabled before all other changes and disabled after them.
    async fn set(change: &Change<'_>) -> Answer<()> {
        let (key, kms) = (change.id(), &change.writer().kms);
        if change.to(at::enabled)? == Some(true) {
            change.write(calls::ENABLE, || kms.enable_key().key_id(key).send()).await?;
        }
        if let Some(alias) = change.to_or_none(at::alias)? {
            let read = change.before_or_none(at::alias)?;
            set_alias(change, read.as_deref(), alias.as_deref()).await?;
        }
        if let Some(description) = change.to(at::description)? {
            change.send(|| kms.update_key_description().key_id(key).description(&description).send()).await?;
        }
        if let Some(policy) = change.to(at::policy)? {
            let policy = change.valid_for(calls::PUT_POLICY, document::text(&policy))?;
            let call = || kms.put_key_policy().key_id(key).policy_name(POLICY).policy(&policy).send();
            change.write(calls::PUT_POLICY, call).await?;
        }
        match change.to_or_none(at::rotation_days)? {
            Some(Some(days)) => {
                let days = change.valid_for(calls::ENABLE_ROTATION, narrow(days))?;
                let call = || kms.enable_key_rotation().key_id(key).rotation_period_in_days(days).send();
                change.write_new(calls::ENABLE_ROTATION, call).await.map(drop)
            }
            Some(None) => change.write(calls::DISABLE_ROTATION, || kms.disable_key_rotation().key_id(key).send()).await.map(drop),
            None => Ok(()),
        }
    }

    async fn last(change: &Change<'_>) -> Answer<()> {
        let off = change.to(at::enabled)? == Some(false);
        let call = || change.writer().kms.disable_key().key_id(change.id()).send();
        if off { change.write(calls::DISABLE, call).await.map(drop) } else { Ok(()) }
    }
    /// To whom each key was granted. A key whose grants may not be listed hides no other's.
    async fn facts(place: &Place, live: &[Live]) -> Answer<Vec<Told>> {
        let asked: Vec<_> =
            live.iter().map(|key| async move { (key.physical.as_str(), grants(place, &key.physical).await) }).collect();
        let answers: Vec<_> = stream::iter(asked).buffered(AT_ONCE).collect().await;
        let facts = answers.into_iter().flat_map(|(key, answer)| {
            let told = answer.unwrap_or_else(|error| vec![(facts::GRANTS_UNREAD.to_owned(), failed(place, key, &error))]);
            let of_key = |(name, value)| Told { physical: key.to_owned(), name, value, operation: calls::GRANTS.to_owned() };
            told.into_iter().map(of_key).collect::<Vec<_>>()
        });
        Ok(facts.collect())
    }
}

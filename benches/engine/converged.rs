//! The live world that is exactly what an environment asks for, made the way an apply makes it in the simulated AWS: links
//! become identifiers, the kind adds AWS's defaults and rewrites what AWS rewrites, and the tags are those of a create. Only
//! what looks at other objects (`check`, `conflicts`) is left out, so that a large world is made in seconds.

use std::collections::BTreeMap;

use tokaido::kinds::{self, network_acl, subnet};
use tokaido::model::observed::{CallRecord, Listing};
use tokaido::model::recorded::RecordedResource;
use tokaido::model::{
    DesiredResource, DesiredState, Home, Live, Pairs, Readings, RecordedState, Region, ResourceId, Value, tags,
};
use tokaido::plan::Listed;
use tokaido::plan::classify::Answer;
use tokaido::plan::links;
use tokaido::sim::derived;
use tokaido::world::behaviour::Mint;

/// When every listing was read.
const AT: &str = "2026-11-01T00:00:00Z";

type Outputs = BTreeMap<ResourceId, Pairs>;

/// Every live resource with its kind and region, in the order in which kinds are asked, then by physical identifier.
///
/// # Panics
/// When a resource refers to one that can never be made.
pub fn world(desired: &DesiredState) -> Vec<(String, Region, Live)> {
    let (mut made, mut outputs) = (Vec::with_capacity(desired.resources.len()), Outputs::new());
    let mut left: Vec<(&ResourceId, &DesiredResource)> = desired.resources.iter().collect();
    while !left.is_empty() {
        let before = left.len();
        // What refers to something that is not there yet is made in a later round.
        left.retain(|(id, resource)| match create(desired, id, resource, made.len() as u64 + 1, &outputs) {
            Some(live) => {
                outputs.insert((*id).clone(), live.outputs.clone());
                made.extend(together(desired, id, &live, made.len() as u64 + 1));
                made.push((id.kind.to_string(), id.region, live));
                false
            }
            None => true,
        });
        assert!(left.len() < before, "{} resources refer to what does not exist", left.len());
    }
    associate(&mut made);
    let asked = |kind: &str| kinds::ALL.iter().position(|known| known.schema.kind == kind);
    made.sort_by_cached_key(|(kind, region, live)| (asked(kind), *region, live.physical.clone()));
    made
}

/// Listings name for each subnet the ACL that decides at its edge: the default one of its network. Without it the edge of each
/// subnet would be unread.
fn associate(made: &mut [(String, Region, Live)]) {
    let mut subnets: BTreeMap<Value, Vec<Value>> = BTreeMap::new();
    for (_, _, live) in made.iter().filter(|(kind, ..)| kind == subnet::NAME) {
        let network = live.attributes.bare()[subnet::at::vpc].clone();
        subnets.entry(network).or_default().push(Value::from(live.physical.as_str()));
    }
    for (_, _, live) in made.iter_mut().filter(|(kind, ..)| kind == network_acl::NAME) {
        let of_network = subnets.remove(&live.attributes.bare()[network_acl::at::vpc]);
        live.attributes.set(network_acl::at::subnets, Value::list(of_network.unwrap_or_default()));
    }
    assert!(subnets.is_empty(), "a network without its ACL");
}

/// One create; `None` while something that it refers to is not there.
fn create(desired: &DesiredState, id: &ResourceId, resource: &DesiredResource, serial: u64, outputs: &Outputs) -> Option<Live> {
    let kinds::Kind { behaviour, schema, .. } = kinds::find(&id.kind).expect("a kind");
    let mut attributes = links::lower(&resource.attributes, outputs).ok()?;
    derived::complete(behaviour, &mut attributes);
    derived::normalise(behaviour, &mut attributes);
    let mint = Mint { home: Home { account: &desired.account, region: id.region }, serial };
    let (physical, outputs) = derived::identify(schema, &mint, &attributes);
    derived::render(behaviour, &mut attributes, 1);
    let mut tags = resource.tags.clone();
    tags.insert(tags::INTENT, format!("benchmark/{serial}"));
    tags.insert_default("Name", || desired.environment.derived(&id.name));
    let status = behaviour.states.status(behaviour.settled);
    Some(Live { physical: physical.into(), outputs, attributes: Readings::whole(attributes), tags, status, pending: Vec::new() })
}

/// What AWS makes by itself together with a resource, such as the main route table of a network.
fn together(desired: &DesiredState, id: &ResourceId, live: &Live, serial: u64) -> Vec<(String, Region, Live)> {
    let mint = Mint { home: Home { account: &desired.account, region: id.region }, serial };
    let all = derived::made_with(&id.kind, &live.physical, live.attributes.bare(), &mint);
    all.map(|(kind, physical, outputs, attributes)| {
        let status = kind.behaviour.states.status(kind.behaviour.settled);
        let attributes = Readings::whole(attributes);
        let live = Live { physical: physical.into(), outputs, attributes, tags: Pairs::new(), status, pending: Vec::new() };
        (kind.schema.kind.to_owned(), id.region, live)
    })
    .collect()
}

/// The world as `observe` gets it: one answer for each kind in each region, sorted by physical identifier as a listing is, and
/// taken apart as soon as it is there, by `listed`. `world` is in the order of [`world`].
///
/// # Panics
/// When something lives where nobody lists.
pub fn answers(
    world: impl IntoIterator<Item = (String, Region, Live)>,
    mut listed: impl FnMut(&kinds::Kind, Listing) -> Listed,
) -> Vec<(CallRecord, Answer)> {
    let (mut world, mut found) = (world.into_iter().peekable(), Vec::new());
    for kind in kinds::ALL {
        for region in kind.regions {
            let mut live = Vec::new();
            while let Some((_, _, next)) = world.next_if(|(of, at, _)| of == kind.schema.kind && at == region) {
                live.push(next);
            }
            let read = CallRecord { kind: kind.schema.kind.to_owned(), region: *region, at: AT.to_owned() };
            let name = kind.schema.name.map(|(name, _)| name);
            let made =
                |live: &mut Live| name.and_then(|name| live.attributes.text(name)).is_some_and(|name| kind.is_made_by_aws(name));
            let made_by_aws = live.extract_if(.., made).collect();
            found.push((read, Ok(listed(kind, Listing { live, made_by_aws, ..Listing::default() }))));
        }
    }
    assert!(world.next().is_none(), "something lives where nobody lists");
    found
}

/// What an apply that ended well has recorded.
pub fn recorded(desired: &DesiredState) -> RecordedState {
    let applied =
        |resource: &DesiredResource| RecordedResource { attributes: resource.attributes.clone(), tags: resource.tags.clone() };
    let resources = desired.resources.iter().map(|(id, resource)| (id.clone(), applied(resource)));
    RecordedState { resources: resources.collect(), ..RecordedState::default() }
}

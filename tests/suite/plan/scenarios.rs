//! Scenario folders: what is wished, what is there, what was applied → the plan, as text and as JSON.
//!
//! `desired.yaml`: `resources:` (`id`, `attributes`, and if wanted `tags`, `adopt`, `window`) and `retire:`. `live.yaml`:
//! `objects:` (`of` for ours, else `kind` and `region`; `physical`, `attributes`, and if wanted `tags`, `status`,
//! `pending`, `locked`) and `unreadable:`. `recorded.yaml`: as the resources of desired; without the file nothing was recorded.
//! `make bless` rewrites the expectations.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tokaido::kinds;
use tokaido::model::observed::Listing;
use tokaido::model::plan::Plan;
use tokaido::model::reason::plan::Wait;
use tokaido::model::recorded::RecordedResource;
use tokaido::model::tags::Tags;
use tokaido::model::value::Map;
use tokaido::model::{
    Attributes, Authored, CallRecord, DesiredResource, Environment, Live, Locked, ObservedState, PendingValue, Readings,
    RecordedState, Region, ResourceId, Source, Status, Tombstone, Unreadable, Value, tags,
};
use tokaido::plan::{self, Listed, PlanningInput, classify};
use tokaido::render::{PlanOptions, Style, json, plan as render};

use crate::support::attr;
use crate::support::{desired, id, yaml};

const ACCOUNT: &str = "111111111111";
const AT: &str = "2026-11-01T00:00:00Z";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/scenarios")
}

fn read(path: &Path) -> Map {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    yaml::read(&text).as_map().cloned().unwrap_or_default()
}

fn list<'a>(map: &'a Map, name: &str) -> Vec<&'a Map> {
    map.get(name).and_then(Value::as_list).unwrap_or_default().iter().map(|item| item.as_map().expect("a map")).collect()
}

fn text<'a>(map: &'a Map, name: &str) -> Option<&'a str> {
    map.get(name).and_then(Value::as_text)
}

fn attributes(map: &Map) -> Attributes {
    Attributes::from(map.get("attributes").and_then(Value::as_map).cloned().unwrap_or_default())
}

/// The tags as written, else those that a resource of ours carries.
fn tags_of(map: &Map, own: Option<&ResourceId>) -> Tags {
    let ours: Option<Tags> = own.map(|id| {
        let pairs = [
            (tags::ENVIRONMENT, "dev"),
            (tags::ID, &*id.to_string()),
            (tags::TENANT, "shared"),
            (tags::CLASSIFICATION, "internal"),
        ];
        pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
    });
    match map.get("tags").and_then(Value::as_map) {
        // `more:` beside the usual ones, anything else instead of them.
        Some(written) => {
            let words = |map: &Map| -> Tags { map.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect() };
            match written.get("more").and_then(Value::as_map) {
                Some(more) => ours.unwrap_or_default().into_iter().chain(words(more)).collect(),
                None => words(written),
            }
        }
        None => ours.unwrap_or_default(),
    }
}

fn resources(map: &Map, file: &str) -> BTreeMap<ResourceId, DesiredResource> {
    let one = |(index, resource): (usize, &Map)| {
        let id = id(text(resource, "id").expect("an id"));
        let wanted = DesiredResource {
            attributes: attributes(resource),
            tags: tags_of(resource, Some(&id)),
            source: Source { file: file.into(), line: 10 * (index + 1), column: 3 },
            authored: Authored::default(),
            adopt: resource.get("adopt") == Some(&Value::Bool(true)),
            window: text(resource, "window").map(str::to_owned),
        };
        (id, wanted)
    };
    list(map, "resources").into_iter().enumerate().map(one).collect()
}

fn live(object: &Map) -> (String, Region, Live) {
    let own = text(object, "of").map(id);
    let kind = own.as_ref().map_or_else(|| text(object, "kind").expect("a kind").to_owned(), |id| id.kind.to_string());
    let named = |name: &str| Region::ALL.into_iter().find(|region| region.as_str() == name).expect("a region");
    let region = own.as_ref().map_or_else(|| named(text(object, "region").unwrap_or("tokyo")), |id| id.region);
    let physical = text(object, "physical").expect("a physical id").to_owned();
    let outputs = [("id", physical.clone()), ("name", physical.clone()), ("arn", format!("arn:{physical}"))];
    let status =
        text(object, "status").map_or(Status::Ready, |word| kinds::find(&kind).expect("a kind").behaviour.states.status(word));
    let pending = list(object, "pending").into_iter().map(|pending| PendingValue {
        attribute: attr(text(pending, "attribute").expect("a name")),
        value: pending["value"].clone(),
        when: match text(pending, "when") {
            None => Wait::Window.into(),
            Some("after a manual reboot") => Wait::Reboot.into(),
            Some(other) => panic!("{other}"),
        },
    });
    let live = Live {
        outputs: outputs.map(|(name, value)| (name.to_owned(), value)).into(),
        attributes: Readings::whole(attributes(object)),
        tags: tags_of(object, own.as_ref()),
        status,
        pending: pending.collect(),
        physical: physical.into(),
    };
    (kind, region, live)
}

/// Every network has a main route table, as in AWS.
fn main_table(region: Region, network: &Live) -> (String, Region, Live) {
    let values = [(attr("vpc"), Value::from(&*network.physical)), (attr("main"), Value::Bool(true))];
    let live = Live {
        physical: format!("rtb-of-{}", network.physical).into(),
        outputs: Tags::default(),
        attributes: Readings::whole(Attributes::from_iter(values)),
        tags: Tags::new(),
        status: Status::Ready,
        pending: Vec::new(),
    };
    ("route-table".to_owned(), region, live)
}

/// Every kind and region answers, as in a real look at the world.
fn observed(map: &Map, desired: &tokaido::model::DesiredState, recorded: Option<&RecordedState>) -> ObservedState {
    let mut objects: Vec<_> = list(map, "objects").into_iter().map(|object| (Some(object), live(object))).collect();
    let networks = objects.iter().filter(|(_, (kind, ..))| kind == "vpc");
    let tables: Vec<_> = networks.map(|(_, (_, at, vpc))| (None, main_table(*at, vpc))).collect();
    objects.extend(tables);
    let denied = list(map, "unreadable");
    let mut answers = Vec::new();
    for kind in kinds::ALL {
        for region in kind.regions {
            let name = kind.schema.kind;
            let read = CallRecord { kind: name.to_owned(), region: *region, at: AT.to_owned() };
            let here = denied.iter().find(|one| text(one, "kind") == Some(name) && text(one, "region") == Some(region.as_str()));
            let unreadable = |one: &Map| Unreadable {
                kind: name.to_owned(),
                region: *region,
                physical: text(one, "physical").map(str::to_owned),
                id: text(one, "id").map(id),
                operation: text(one, "denied").map_or_else(|| format!("sim:list {name}"), str::to_owned),
                error: "access-denied".to_owned(),
                unanswered: None,
                told: String::new(),
            };
            let mut listing = Listing::default();
            for (object, (_, _, live)) in objects.iter().filter(|(_, (kind, at, _))| kind == name && at == region) {
                match object.filter(|object| object.get("locked") == Some(&Value::Bool(true))) {
                    Some(object) => {
                        let denied = Unreadable { physical: Some(live.physical.to_string()), ..unreadable(object) };
                        listing.locked.push(Locked { live: live.clone(), denied });
                    }
                    None => listing.live.push(live.clone()),
                }
            }
            let answer = match here {
                Some(one) if one.contains_key("physical") => Ok(Listing { unreadable: vec![unreadable(one)], ..listing }),
                Some(one) => Err(unreadable(one)),
                None => Ok(listing),
            };
            answers.push((read, answer.map(|listing| Listed::of(desired, kind.schema, listing))));
        }
    }
    classify(desired, recorded, &kinds::schemas(), answers)
}

fn run(folder: &Path) -> Plan {
    let file = read(&folder.join("desired.yaml"));
    let mut wish = desired(Environment::Dev, ACCOUNT, resources(&file, "environments/dev.yaml"));
    for (index, entry) in list(&file, "retire").into_iter().enumerate() {
        let source = Source { file: "environments/dev.yaml".into(), line: 200 + index, column: 5 };
        wish.retire.insert(
            id(text(entry, "id").expect("an id")),
            Tombstone { reason: text(entry, "reason").unwrap_or("left").to_owned(), source },
        );
    }
    let recorded = folder.join("recorded.yaml");
    let recorded = recorded.exists().then(|| {
        let of = |(id, resource): (ResourceId, DesiredResource)| {
            (id, RecordedResource { attributes: resource.attributes, tags: resource.tags })
        };
        RecordedState { resources: resources(&read(&recorded), "").into_iter().map(of).collect(), ..RecordedState::default() }
    });
    let observed = observed(&read(&folder.join("live.yaml")), &wish, recorded.as_ref());
    let schemas = kinds::schemas();
    let input = PlanningInput {
        desired: &wish,
        observed: &observed,
        recorded: recorded.as_ref(),
        schemas: &schemas,
        tool_version: "0.0.0",
    };
    let body = plan::plan(&input);
    let lint = plan::lint(&body, &wish, &observed, &schemas);
    assert!(lint.is_empty(), "{}: {lint:#?}", folder.display());
    Plan {
        id: body.digest(),
        foreign: None,
        created_at: AT.to_owned(),
        expires_at: "2026-11-02T00:00:00Z".to_owned(),
        observed_at: AT.to_owned(),
        nonce: "0".repeat(16),
        author: String::new(),
        caller: "arn:aws:sts::111111111111:assumed-role/tokaido/test".to_owned(),
        world: "sandbox test".to_owned(),
        seal: String::new(),
        body,
    }
}

#[test]
fn every_scenario_is_planned_as_written() {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(folder()).expect("scenarios").map(|entry| entry.expect("a folder").path()).collect();
    folders.sort();
    let bless = std::env::var_os("TOKAIDO_BLESS").is_some();
    let mut different = Vec::new();
    for folder in &folders {
        let plan = run(folder);
        let options = PlanOptions { tags: true, ..PlanOptions::default() };
        let text = render::text(&plan, &kinds::schemas(), &options, &Style { colour: false, width: 100 }, &[]);
        // The body as a person reads it; in the file of a plan it is one line.
        let json = json::pretty(&plan.body);
        for (file, made) in [("expect.plan.txt", &text), ("expect.plan.json", &json)] {
            let path = folder.join(file);
            if bless {
                fs::write(&path, made).expect("a file");
            } else if fs::read_to_string(&path).ok().as_ref() != Some(made) {
                different.push(format!("{}:\n{made}", path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path).display()));
            }
        }
    }
    assert!(
        different.is_empty(),
        "{} differ from the file; `make bless` after a deliberate change\n{}",
        different.len(),
        different.join("\n")
    );
    assert!(folders.len() >= 30, "{} scenarios", folders.len());
}

/// Scenarios named `equal-…` are about what is not a difference: their plans do nothing and refuse nothing.
#[test]
fn what_is_equal_is_not_planned() {
    for entry in fs::read_dir(folder()).expect("scenarios") {
        let path = entry.expect("a folder").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("equal-")) {
            let body = run(&path).body;
            assert!(
                body.changes.is_empty() && body.blocked.is_empty() && body.drifted.is_empty(),
                "{}: {:#?}",
                path.display(),
                body.changes
            );
        }
    }
}

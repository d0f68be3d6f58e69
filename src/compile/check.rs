//! Checks on the compiled resources: names as AWS sees them, tombstones of declared resources, default quotas.

use std::collections::BTreeMap;

use crate::compile::Resources;
use crate::desired::said::{Place, Right, RuleFault};
use crate::desired::spec::EnvironmentSpec;
use crate::kinds::quotas::{DEFAULTS, Quota};
use crate::kinds::security_group::MOST_RULES;
use crate::kinds::{self, security_group};
use crate::model::{DesiredResource, Environment, Finding, Region, Source, Value};
use crate::yaml::shown;

pub fn compiled(environment: Environment, spec: &EnvironmentSpec, resources: &Resources, findings: &mut Vec<Finding>) {
    names(environment, resources, findings);
    for entry in spec.retire.iter().flatten() {
        if let Some(resource) = resources.get(&entry.id.value.0) {
            let message = RuleFault::RetiredAndDeclared { id: entry.id.value.0.to_string() };
            let finding = Finding::error("retire-declared", Some(&entry.id.source), message);
            findings.push(finding.expected(Right::OneOfTheTwo).related(Place::Declared, &resource.source));
        }
    }
    quotas(resources, findings);
}

fn names(environment: Environment, resources: &Resources, findings: &mut Vec<Finding>) {
    let mut taken: BTreeMap<(&str, Region, String), (&Source, String)> = BTreeMap::new();
    for (id, resource) in resources {
        let Some((attribute, rule)) = kinds::find(&id.kind).and_then(|kind| kind.schema.name) else { continue };
        let Some(name) = resource.attributes.text(attribute) else { continue };
        let source = resource.source_of(attribute);
        if let Some(why) = rule.refuse(name) {
            let finding =
                Finding::error("illegal-name", Some(source), RuleFault::NameInAws { name: shown(name), id: id.to_string(), why });
            let right = Right::NameRule { least: rule.min, most: rule.max, words: rule.words, environment };
            findings.push(finding.expected(right));
        }
        // AWS compares most names without regard to case.
        let key = (id.kind.as_str(), id.region, name.to_ascii_lowercase());
        if let Some((first, other)) = taken.get(&key) {
            let finding = Finding::error(
                "duplicate-name",
                Some(source),
                RuleFault::SameNameInAws { name: shown(name), id: id.to_string(), other: other.clone() },
            );
            findings.push(finding.expected(Right::AnotherName).related(Place::Other, first));
        } else {
            taken.insert(key, (source, id.to_string()));
        }
    }
}

fn quotas(resources: &Resources, findings: &mut Vec<Finding>) {
    for Quota { kind, most, title, per } in DEFAULTS {
        // A quota inside something, such as a VPC, is counted for each of those separately.
        let mut groups: BTreeMap<(Region, Option<&Value>), Vec<&DesiredResource>> = BTreeMap::new();
        for (id, resource) in resources.iter().filter(|(id, _)| id.kind == kind) {
            let within = per.and_then(|attribute| resource.attributes.get(attribute));
            groups.entry((id.region, within)).or_default().push(resource);
        }
        for ((region, within), members) in groups {
            let Some(first_beyond) = members.get(most) else { continue };
            let place = within.map_or_else(|| region.to_string(), |within| format!("`{within}`"));
            let message = RuleFault::Quota { count: members.len(), kind, place, most };
            findings.push(Finding::warning("quota", Some(&first_beyond.source), message).expected(ask(title, members.len())));
        }
    }
    for (id, resource) in resources.iter().filter(|(id, _)| id.kind == security_group::NAME) {
        let rules = resource.attributes.get(security_group::at::rules).and_then(Value::as_list).unwrap_or_default();
        for direction in ["ingress", "egress"] {
            let text = Some(Value::from(direction));
            let count = rules.iter().filter(|rule| rule.as_map().and_then(|rule| rule.get("direction")) == text.as_ref()).count();
            if count > MOST_RULES {
                let message = RuleFault::QuotaOfRules { id: id.to_string(), count, direction, most: MOST_RULES };
                let finding = Finding::warning("quota", Some(&resource.source), message);
                findings.push(finding.expected(ask("Inbound or outbound rules per security group", count)));
            }
        }
    }
}

const fn ask(title: &'static str, wanted: usize) -> Right {
    Right::Increase { title, wanted }
}

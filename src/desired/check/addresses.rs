//! Blocks of addresses: their size, their place, and that no two overlap.

use std::collections::BTreeMap;

use crate::desired::decode::Spanned;
use crate::desired::said::{Place, Right, RuleFault};
use crate::desired::scalars::{Cidr, Isolation};
use crate::desired::spec::{EnvironmentDraft, Network, Tenant};
use crate::model::{Finding, Said, Source};
use crate::promises::slug;

use super::context::Context;

/// Cut into four, a /24 still gives parts that hold a database in each zone. A /16 is the largest that EC2 accepts.
const LARGEST: u8 = 16;
const SMALLEST: u8 = 24;

/// Shorter prefixes admit more than any customer owns.
const WIDEST_SOURCE: u8 = 8;

/// RDS needs two zones; the fourth part of a block is reserved.
const ZONES: std::ops::RangeInclusive<usize> = 2..=3;

pub(super) fn check(context: &Context<'_>, draft: &EnvironmentDraft, findings: &mut Vec<Finding>) {
    let tenants = draft.tenants();
    let network = draft.network.as_ref().map(|network| &network.value);
    zones(context, network, findings);
    for tenant in tenants {
        size(&tenant.cidr, findings);
    }
    if let Some(network) = network {
        for block in [&network.cidr, &network.shared, &network.recovery.cidr] {
            size(block, findings);
        }
        for block in [&network.cidr, &network.recovery.cidr] {
            private(block, findings);
        }
        inside(&network.shared, &network.cidr, findings);
        for tenant in tenants {
            match *tenant.isolation {
                Isolation::Subnets => inside(&tenant.cidr, &network.cidr, findings),
                Isolation::Vpc => outside(tenant, network, findings),
            }
        }
        if network.cidr.overlaps(*network.recovery.cidr) {
            overlap(&network.recovery.cidr, Said::new("the network in Tokyo", "東京のネットワーク"), &network.cidr, findings);
        }
    }
    apart(network, tenants, findings);
    let service = Service::of(network, tenants);
    for tenant in tenants {
        sources(tenant, &service, findings);
    }
}

fn size(block: &Spanned<Cidr>, findings: &mut Vec<Finding>) {
    let prefix = block.value.0.prefix_len();
    if !(LARGEST..=SMALLEST).contains(&prefix) {
        let message = RuleFault::BlockSize { block: block.value.0.to_string(), prefix: prefix.into() };
        findings.push(
            Finding::error("block-size", Some(&block.source), message)
                .expected(Right::BlockSize { largest: LARGEST.into(), smallest: SMALLEST.into() }),
        );
    }
}

fn private(block: &Spanned<Cidr>, findings: &mut Vec<Finding>) {
    if !block.is_private() {
        let message = RuleFault::PublicAddresses { block: block.value.0.to_string() };
        let finding = Finding::error("public-addresses", Some(&block.source), message);
        findings.push(finding.expected(Right::PrivateBlock));
    }
}

fn inside(block: &Spanned<Cidr>, network: &Spanned<Cidr>, findings: &mut Vec<Finding>) {
    if !network.contains(block.value) {
        let message = RuleFault::OutsideNetwork { block: block.value.0.to_string() };
        let finding = Finding::error("outside-network", Some(&block.source), message)
            .expected(Right::BlockInside { block: network.value.0.to_string() });
        findings.push(finding.related(Place::Network, &network.source));
    }
}

/// A tenant with a VPC of its own: a block that overlaps another network would mean two places in every rule.
fn outside(tenant: &Tenant, network: &Network, findings: &mut Vec<Finding>) {
    private(&tenant.cidr, findings);
    let others = [(&network.cidr, "network.cidr"), (&network.recovery.cidr, "network.recovery.cidr")];
    for (other, key) in others.into_iter().filter(|(other, _)| other.overlaps(tenant.cidr.value)) {
        let (block, tenant_id) = (tenant.cidr.value.0.to_string(), tenant.id.as_str().to_owned());
        let message = RuleFault::InsideNetwork { block, key, tenant: tenant_id };
        let finding = Finding::error("vpc-inside-network", Some(&tenant.cidr.source), message).expected(Right::BlockOutside {
            tokyo: network.cidr.value.0.to_string(),
            osaka: network.recovery.cidr.value.0.to_string(),
        });
        findings.push(finding.related(Place::Network, &other.source).promise(slug::TENANT_ISOLATION));
    }
}

fn overlap(block: &Spanned<Cidr>, whose: Said, other: &Spanned<Cidr>, findings: &mut Vec<Finding>) {
    let message = RuleFault::BlocksOverlap { block: block.value.0.to_string(), other: other.value.0.to_string(), whose };
    let finding = Finding::error("overlapping-cidr", Some(&block.source), message).expected(Right::ApartBlocks);
    findings.push(finding.related(Place::OtherBlock, &other.source).promise(slug::TENANT_ISOLATION));
}

/// Shared services and every tenant: each in its own block.
fn apart(network: Option<&Network>, tenants: &[Spanned<Tenant>], findings: &mut Vec<Finding>) {
    let shared = network.map(|network| (Said::new("shared services", "共有サービス"), &network.shared));
    // A VPC inside the network was reported already, and would overlap here a second time.
    let reported = |tenant: &Tenant| {
        *tenant.isolation == Isolation::Vpc && network.is_some_and(|network| network.cidr.overlaps(tenant.cidr.value))
    };
    let own = tenants.iter().filter(|tenant| !reported(tenant)).map(|tenant| (named(tenant), &tenant.cidr));
    let mut earlier = Blocks::default();
    let blocks: Vec<_> = shared.into_iter().chain(own).collect();
    for (index, (_, block)) in blocks.iter().enumerate() {
        if let Some(other) = earlier.first_overlapping(block.value) {
            let (whose, other) = &blocks[other];
            overlap(block, whose.clone(), other, findings);
        }
        earlier.add(block.value, index);
    }
}

/// Blocks by their beginning, so that not every block is compared with every other. Two blocks overlap only when one contains the
/// other: either one begins inside the other, or it is one of the few larger blocks around it.
#[derive(Default)]
struct Blocks {
    /// By first address and prefix: the place of the first such block in the file.
    first: BTreeMap<(u32, u8), usize>,
    /// One bit for each prefix length that occurs.
    prefixes: u64,
}

impl Blocks {
    /// Added in the order of the file.
    fn add(&mut self, block: Cidr, place: usize) {
        self.prefixes |= 1 << block.0.prefix_len();
        self.first.entry((u32::from(block.0.network()), block.0.prefix_len())).or_insert(place);
    }

    /// The place of the first block in the file that shares an address with this one.
    fn first_overlapping(&self, block: Cidr) -> Option<usize> {
        let (begin, end) = (u32::from(block.0.network()), u32::from(block.0.broadcast()));
        let inside = self.first.range((begin, 0)..=(end, u8::MAX)).map(|(_, place)| *place);
        let larger = (0..block.0.prefix_len()).filter(|prefix| self.prefixes & (1 << prefix) != 0);
        let around = larger.filter_map(|prefix| {
            let bits = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
            self.first.get(&(begin & bits, prefix)).copied()
        });
        inside.chain(around).min()
    }
}

/// A tenant is reached from the customer's addresses, never from inside the service.
fn sources(tenant: &Tenant, service: &Service<'_>, findings: &mut Vec<Finding>) {
    let rules: &[_] = tenant.ingress_allow.as_deref().unwrap_or_default();
    for (index, rule) in rules.iter().enumerate() {
        let cidr = &rule.cidr;
        let written = cidr.value.0;
        if let Some(first) = rules[..index].iter().find(|earlier| earlier.cidr.value == cidr.value && *earlier.port == *rule.port)
        {
            let finding = Finding::error(
                "duplicate-rule",
                Some(&cidr.source),
                RuleFault::AllowedTwice { source_block: written.to_string() },
            );
            findings.push(finding.expected(Right::SourceOnce).related(crate::yaml::YamlPlace::First, &first.cidr.source));
        }
        if written.prefix_len() < WIDEST_SOURCE {
            let message = RuleFault::AdmitsAll { source_block: written.to_string() };
            let finding = Finding::error("source-too-wide", Some(&cidr.source), message).expected(Right::CustomersAddresses);
            findings.push(finding.promise(slug::TENANT_INGRESS));
        } else if let Some((what, related)) = service.holds(cidr.value) {
            let message = RuleFault::InsideService { source_block: written.to_string(), what };
            let finding = Finding::error("tenant-names-tenant", Some(&cidr.source), message);
            let finding = finding.expected(Right::CustomersAddressesOnly).related(Place::InBlock, related);
            findings.push(finding.promise(slug::TENANT_ISOLATION));
        }
    }
}

fn named(tenant: &Tenant) -> Said {
    let id = tenant.id.as_str();
    Said::new(format!("tenant `{id}`"), format!("テナント `{id}` "))
}

/// The service's own addresses.
struct Service<'a> {
    network: Option<&'a Network>,
    tenants: &'a [Spanned<Tenant>],
    blocks: Blocks,
}

impl<'a> Service<'a> {
    fn of(network: Option<&'a Network>, tenants: &'a [Spanned<Tenant>]) -> Self {
        let mut blocks = Blocks::default();
        for (place, tenant) in tenants.iter().enumerate() {
            blocks.add(tenant.cidr.value, place);
        }
        Self { network, tenants, blocks }
    }

    /// The owner of these addresses, if they are the service's own.
    fn holds(&self, cidr: Cidr) -> Option<(Said, &'a Source)> {
        if let Some(place) = self.blocks.first_overlapping(cidr) {
            let tenant = &self.tenants[place];
            return Some((named(tenant), &tenant.cidr.source));
        }
        let network = self.network?;
        let blocks = [
            (Said::new("shared services", "共有サービス"), &network.shared),
            (Said::new("the network in Tokyo", "東京のネットワーク"), &network.cidr),
            (Said::new("the network in Osaka", "大阪のネットワーク"), &network.recovery.cidr),
        ];
        blocks.into_iter().find(|(_, block)| block.overlaps(cidr)).map(|(what, block)| (what, &block.source))
    }
}

fn zones(context: &Context<'_>, network: Option<&Network>, findings: &mut Vec<Finding>) {
    let Some(network) = network else { return };
    let written = context.tree.get("network");
    let tokyo = network.zones.iter().map(|zone| (zone.as_str(), &zone.source)).collect::<Vec<_>>();
    let osaka = network.recovery.zones.iter().map(|zone| (zone.as_str(), &zone.source)).collect::<Vec<_>>();
    let lists = [
        (tokyo, written, &network.zones.source),
        (osaka, written.and_then(|network| network.get("recovery")), &network.recovery.zones.source),
    ];
    for (zones, written, source) in lists {
        // Counted as written: a zone that could not be read was reported already.
        let count = written.and_then(|node| node.get("zones")).map_or(zones.len(), |node| node.items().len());
        if !ZONES.contains(&count) {
            let finding = Finding::error("zone-count", Some(source), RuleFault::ZoneCount { count });
            findings.push(finding.expected(Right::Zones));
        }
        for (index, (zone, source)) in zones.iter().enumerate() {
            if let Some((_, first)) = zones[..index].iter().find(|(earlier, _)| earlier == zone) {
                let finding = Finding::error("duplicate-zone", Some(source), RuleFault::ZoneTwice { zone: (*zone).to_owned() });
                findings.push(finding.expected(Right::ZoneOnce).related(crate::yaml::YamlPlace::First, first));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rustix::time::{ClockId, clock_gettime};

    use super::*;

    fn cidr(text: &str) -> Cidr {
        Cidr(text.parse().expect("a block"))
    }

    #[test]
    fn the_first_block_in_the_file_that_overlaps_is_found() {
        let texts = [
            "10.1.0.0/16",
            "10.0.0.0/24",
            "10.0.1.0/24",
            "10.0.0.0/23",
            "10.1.2.0/24",
            "10.0.0.0/24",
            "192.168.0.0/31",
            "192.168.0.1/32",
            "10.1.0.0/16",
            "255.255.255.255/32",
            "255.0.0.0/8",
            "10.0.2.0/23",
        ];
        let blocks: Vec<Cidr> = texts.into_iter().map(cidr).collect();
        let mut known = Blocks::default();
        for (place, block) in blocks.iter().enumerate() {
            let asked = blocks.iter().copied().chain(["0.0.0.0/0", "10.0.0.7/32", "10.1.0.0/17", "11.0.0.0/8"].map(cidr));
            for asked in asked {
                let compared = blocks[..place].iter().position(|other| other.overlaps(asked));
                assert_eq!(known.first_overlapping(asked), compared, "{} among the first {place}", asked.0);
            }
            known.add(*block, place);
        }
    }

    /// Processor seconds of searching, for each of so many blocks, among those before it.
    fn searched(blocks: u32) -> f64 {
        let spent = || Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).expect("not negative").as_secs_f64();
        let nets = (0..blocks).map(|index| cidr(&format!("10.{}.{}.0/24", index / 256, index % 256)));
        // The worst order, which no file has: each block begins before the one that was added last.
        let blocks: Vec<Cidr> = nets.rev().collect();
        let (before, mut known) = (spent(), Blocks::default());
        for (place, block) in blocks.iter().enumerate() {
            assert_eq!(known.first_overlapping(*block), None);
            known.add(*block, place);
        }
        spent() - before
    }

    #[test]
    fn four_times_the_blocks_cost_about_four_times_as_much() {
        let quickest = |blocks| (0..3).map(|_| searched(blocks)).fold(f64::INFINITY, f64::min);
        let (small, large) = (quickest(4_000), quickest(16_000));
        // Comparing each with each would give sixteen.
        assert!(large / small <= 8.0, "16,000 blocks cost {:.1} times what 4,000 cost", large / small);
    }
}

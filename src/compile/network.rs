//! Addresses, subnets and security groups, in Tokyo and in Osaka.

use crate::desired::decode::Spanned;
use crate::desired::scalars::{Cidr, Isolation, quarters};
use crate::desired::spec::{Database, Tenant, TenantDatabase};
use crate::kinds::security_group::{Direction, Rule};
use crate::kinds::{db_subnet_group, dhcp_options, security_group, subnet, vpc};
use crate::model::tags::SHARED;
use crate::model::value::Link;
use crate::model::{Region, ResourceId, Source};

use super::{Asked, Compiler, PARTS, keys::MAIN, osaka, port, tokyo};

/// The network in Osaka, and its subnets.
pub(super) const RECOVERY: &str = "recovery";

impl<'a> Compiler<'a> {
    pub(super) fn network(&mut self) {
        let network = &self.spec.network;
        for (region, cidr, source) in
            [(Region::Tokyo, &network.cidr, &network.source), (Region::Osaka, &network.recovery.cidr, &network.recovery.source)]
        {
            self.clock(region);
            self.vpc(&Block { name: MAIN, tenant: SHARED, vpc: ResourceId::new(vpc::NAME, MAIN, region), cidr, source });
        }
        let zones: Vec<_> = network.zones.iter().map(|zone| zone.as_str()).collect();
        self.subnets(
            &Block {
                name: SHARED,
                tenant: SHARED,
                vpc: tokyo(vpc::NAME, MAIN),
                cidr: &network.shared,
                source: &network.shared.source,
            },
            &zones,
        );
        self.subnet_group(SHARED, SHARED, Region::Tokyo, &network.shared.source);
        for database in self.shared_databases() {
            self.shared_groups(database);
        }
        self.tenant_networks(&zones);
        let recovery = &network.recovery;
        let zones: Vec<_> = recovery.zones.iter().map(|zone| zone.as_str()).collect();
        self.subnets(
            &Block {
                name: RECOVERY,
                tenant: SHARED,
                vpc: osaka(vpc::NAME, MAIN),
                cidr: &recovery.cidr,
                source: &recovery.source,
            },
            &zones,
        );
        self.subnet_group(RECOVERY, SHARED, Region::Osaka, &recovery.source);
        let about = "restored databases, closed until opened";
        self.group(Group {
            name: RECOVERY.to_owned(),
            vpc: osaka(vpc::NAME, MAIN),
            tenant: SHARED,
            about,
            rules: vec![],
            source: &recovery.source,
        });
    }

    /// Kind by kind, as the result is read: what is made one after the other lies side by side in memory.
    fn tenant_networks(&mut self, zones: &[&str]) {
        let tenants = self.tenants();
        let block = |tenant: &'a Spanned<Tenant>| {
            let name = tenant.id.as_str();
            Block { name, tenant: name, vpc: home(tenant), cidr: &tenant.cidr, source: &tenant.source }
        };
        for tenant in tenants.iter().filter(|tenant| *tenant.isolation == Isolation::Vpc) {
            self.vpc(&block(tenant));
        }
        for tenant in &tenants {
            self.subnets(&block(tenant), zones);
        }
        for tenant in &tenants {
            self.tenant_groups(tenant);
        }
        for tenant in self.dedicated() {
            let name = tenant.id.as_str();
            self.subnet_group(name, name, Region::Tokyo, &tenant.source);
        }
    }

    /// One option set for a region: every VPC there uses it, a tenant's too.
    fn clock(&mut self, region: Region) {
        let time = &self.spec.time;
        let set = dhcp_options::Spec {
            domain_name_servers: vec!["AmazonProvidedDNS".to_owned()],
            ntp_servers: vec![dhcp_options::TIME_SYNC.to_owned()],
        };
        let authored = vec![(dhcp_options::at::ntp_servers.name(), &time.value.source.source)];
        let id = ResourceId::new(dhcp_options::NAME, MAIN, region);
        self.add(Asked { id, tenant: SHARED, source: &time.source, authored }, set);
    }

    /// A whole network. tokaido compiles nothing that connects two of them: no peering, no route, no gateway.
    fn vpc(&mut self, block: &Block<'_>) {
        let options = ResourceId::new(dhcp_options::NAME, MAIN, block.vpc.region);
        let spec = vpc::Spec {
            cidr: block.cidr.0.to_string(),
            blocks: vec![block.cidr.0.to_string()],
            dns_support: true,
            dns_hostnames: true,
            dhcp_options: Link::to(&options, "id"),
        };
        let authored =
            vec![(vpc::at::cidr.name(), &block.cidr.source), (vpc::at::dhcp_options.name(), &self.spec.time.value.source.source)];
        self.add(Asked { id: block.vpc.clone(), tenant: block.tenant, source: block.source, authored }, spec);
    }

    /// Part *i* of the block belongs to the *i*-th zone, so an appended zone renumbers nothing.
    fn subnets(&mut self, block: &Block<'_>, zones: &[&str]) {
        for ((part, zone), letter) in quarters(block.cidr.value).into_iter().zip(zones).zip(PARTS) {
            let spec = subnet::Spec {
                vpc: Link::to(&block.vpc, "id"),
                cidr: part.to_string(),
                zone: (*zone).to_owned(),
                public_addresses: false,
                ipv6_blocks: Vec::new(),
                ipv6_addresses: false,
            };
            let id = ResourceId::new(subnet::NAME, &format!("{}-{letter}", block.name), block.vpc.region);
            self.add(
                Asked {
                    id,
                    tenant: block.tenant,
                    source: block.source,
                    authored: vec![(subnet::at::cidr.name(), &block.cidr.source)],
                },
                spec,
            );
        }
    }

    fn subnet_group(&mut self, name: &str, tenant: &str, region: Region, source: &Source) {
        let zones = match region {
            Region::Osaka => self.spec.network.recovery.zones.len(),
            Region::Tokyo | Region::Global => self.spec.network.zones.len(),
        };
        let subnets = PARTS.iter().take(zones).map(|letter| ResourceId::new(subnet::NAME, &format!("{name}-{letter}"), region));
        let about = if tenant == SHARED { format!("{name} databases") } else { format!("databases of {name}") };
        let spec = db_subnet_group::Spec {
            name: self.physical(name),
            description: format!("tokaido {}: {about}", self.environment),
            subnets: subnets.map(|id| Link::to(&id, "id")).collect(),
        };
        let id = ResourceId::new(db_subnet_group::NAME, name, region);
        self.add(Asked { id, tenant, source, authored: vec![] }, spec);
    }

    /// The database admits one source: the group that its clients have besides their own (design 4.1).
    fn shared_groups(&mut self, database: &'a Spanned<Database>) {
        let (name, port) = (database.name.as_str(), port(*database.form.engine));
        let clients = format!("{name}-clients");
        let from_clients = tcp(Direction::Ingress, port, Link::to(&tokyo(security_group::NAME, &clients), "id"));
        let to_shared = tcp(Direction::Egress, port, Link::Physical(self.spec.network.shared.0.to_string()));
        let (source, tenant, vpc) = (&database.source, SHARED, tokyo(vpc::NAME, MAIN));
        self.group(Group {
            name: clients,
            vpc: vpc.clone(),
            tenant,
            about: &format!("clients of database {name}"),
            rules: vec![(to_shared, &self.spec.network.shared.source)],
            source,
        });
        self.group(Group {
            name: name.to_owned(),
            vpc,
            tenant,
            about: &format!("database {name}"),
            rules: vec![(from_clients, source)],
            source,
        });
    }

    fn tenant_groups(&mut self, tenant: &'a Spanned<Tenant>) {
        let name = tenant.id.as_str();
        let allowed = tenant.ingress_allow.iter().flatten();
        let mut rules: Vec<_> = allowed
            .map(|rule| (tcp(Direction::Ingress, rule.port.0, Link::Physical(rule.cidr.0.to_string())), &rule.source))
            .collect();
        let database = (*tenant.database == TenantDatabase::Dedicated).then_some(self.spec.dedicated_database.as_ref()).flatten();
        if let Some(form) = database {
            let port = port(*form.engine);
            rules.push((tcp(Direction::Egress, port, Link::Physical(tenant.cidr.0.to_string())), &tenant.database.source));
            let from_tenant = tcp(Direction::Ingress, port, Link::to(&tokyo(security_group::NAME, name), "id"));
            self.group(Group {
                name: format!("{name}-db"),
                vpc: home(tenant),
                tenant: name,
                about: &format!("database of {name}"),
                rules: vec![(from_tenant, &tenant.database.source)],
                source: &tenant.source,
            });
        }
        self.group(Group {
            name: name.to_owned(),
            vpc: home(tenant),
            tenant: name,
            about: &format!("tenant {name}"),
            rules,
            source: &tenant.source,
        });
    }

    fn group(&mut self, group: Group<'_>) {
        let Group { name, vpc, tenant, about, mut rules, source } = group;
        rules.sort_by(|a, b| a.0.cmp(&b.0));
        // The list as a whole points at its first authored rule; a plan shows single rules by their own key.
        let authored = rules.first().map(|(_, source)| (security_group::at::rules.name(), *source)).into_iter().collect();
        let spec = security_group::Spec {
            name: self.physical(&name),
            description: format!("tokaido {}: {about}", self.environment),
            vpc: Link::to(&vpc, "id"),
            rules: rules.into_iter().map(|(rule, _)| rule).collect(),
        };
        let id = ResourceId::new(security_group::NAME, &name, vpc.region);
        self.add(Asked { id, tenant, source, authored }, spec);
    }
}

/// A block of addresses: a network, or what is cut from one.
struct Block<'a> {
    name: &'a str,
    tenant: &'a str,
    /// The network it lies in, or is.
    vpc: ResourceId,
    cidr: &'a Spanned<Cidr>,
    source: &'a Source,
}

struct Group<'a> {
    name: String,
    vpc: ResourceId,
    tenant: &'a str,
    about: &'a str,
    rules: Vec<(Rule, &'a Source)>,
    source: &'a Source,
}

/// The VPC in which a tenant lives: its own, or the one that tenants in subnets share.
pub(super) fn home(tenant: &Tenant) -> ResourceId {
    let name = match *tenant.isolation {
        Isolation::Vpc => tenant.id.as_str(),
        Isolation::Subnets => MAIN,
    };
    tokyo(vpc::NAME, name)
}

fn tcp(direction: Direction, port: i64, peer: Link) -> Rule {
    Rule { direction, protocol: "tcp".to_owned(), from: Some(port), to: Some(port), peer }
}

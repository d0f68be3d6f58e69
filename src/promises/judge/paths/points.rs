//! The hosts and services that are there, the databases, and the hosts that a tenant could start.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::{Builder, first, here};
use crate::kinds::{db_instance, db_subnet_group, network_interface, security_group};
use crate::model::{Standing, Value, tags};
use crate::promises::judge::view::{Found, Member};
use crate::reach::{Allowed, Cause, GroupAt, NetworkAt, Part, Point, PointKind, Role, SubnetAt, TenantAt, Unread, UnreadAt};

/// How many replicas of replicas are followed. RDS lets three follow each other (RDS user guide, "Working with DB instance read
/// replicas").
const MOST_REPLICAS: usize = 8;

fn is_declared(member: &Member<'_>) -> bool {
    member.standing == Standing::Ours && member.declared.is_some()
}

impl<'a> Builder<'_, 'a> {
    pub(super) fn points(&mut self) {
        let view = self.view;
        let (interfaces, databases) = (here(view, network_interface::NAME).count(), here(view, db_instance::NAME).count());
        // A subnet group has three subnets, and in each subnet a tenant could start a host with groups and one without.
        self.facts.points.reserve(interfaces + 3 * databases + 2 * self.facts.subnets.len());
        self.interfaces();
        let clients = self.databases();
        self.startable(&clients);
    }

    fn interfaces(&mut self) {
        let view = self.view;
        for region in [crate::model::Region::Tokyo, crate::model::Region::Osaka] {
            if let Some(failed) = view.failed(network_interface::NAME, region) {
                let (what, networks) = (super::failed_words(failed), self.networks_of(region));
                self.note(Unread { what, cause: Cause::Failed, networks, hides: false });
            }
        }
        let owners = self.owners();
        // The tenants of all interfaces of one host.
        let mut hosts: HashMap<&str, BTreeSet<TenantAt>> = HashMap::new();
        let first = self.facts.points.len();
        let mut instances: Vec<Option<&str>> = Vec::new();
        for member in here(view, network_interface::NAME) {
            let link = match self.part(&member, network_interface::at::subnet) {
                Part::Read(link) => link,
                Part::Unread(why) => {
                    self.everywhere(why, member.region);
                    continue;
                }
            };
            // Interfaces of networks that AWS makes are of no concern.
            let Some(subnet) = self.subnet(link, member.region) else { continue };
            let groups = match self.part(&member, network_interface::at::groups) {
                Part::Read(groups) => self.worn(&groups.as_list().unwrap_or_default().iter().collect::<Vec<_>>(), member.region),
                Part::Unread(why) => Part::Unread(why),
            };
            let mut tenants: BTreeSet<TenantAt> = self.homes[subnet].into_iter().collect();
            tenants.extend(groups.read().into_iter().flat_map(|worn| worn.iter()).filter_map(|group| owners[*group]));
            let instance = self.text(&member, network_interface::at::instance);
            if let Some(instance) = instance {
                hosts.entry(instance).or_default().extend(&tenants);
            }
            instances.push(instance);
            let role = self.role(&member);
            let public = self.links(&member, network_interface::at::public_addresses);
            let at = self.facts.points.len();
            self.points.insert(member.live.physical.to_string(), at);
            if let Some(instance) = instance {
                self.points.entry(instance.to_owned()).or_insert(at);
            }
            let mut blocks = self.blocks(&member, network_interface::at::addresses);
            blocks.extend(self.blocks(&member, network_interface::at::prefixes));
            self.facts.points.push(Point {
                name: member.named(),
                subnet,
                tenants: tenants.into_iter().collect(),
                blocks: blocks.into(),
                groups,
                kind: PointKind::Here,
                role,
                users: Arc::default(),
                public: !public.is_empty(),
            });
        }
        for (at, instance) in instances.into_iter().enumerate() {
            if let Some(tenants) = instance.and_then(|instance| hosts.get(instance)) {
                self.facts.points[first + at].tenants = tenants.iter().copied().collect();
            }
        }
    }

    /// The tenant of each group of ours.
    fn owners(&self) -> Vec<Option<TenantAt>> {
        let mut owners = vec![None; self.facts.groups.len()];
        for (tenant, groups) in self.own_groups().into_iter().enumerate() {
            for group in groups {
                owners[group] = Some(tenant);
            }
        }
        owners
    }

    /// The databases, each at any address of its subnet group. Returns the groups that their clients wear, and who their clients are.
    fn databases(&mut self) -> BTreeMap<GroupAt, BTreeSet<TenantAt>> {
        let view = self.view;
        let mut shared: BTreeMap<GroupAt, BTreeSet<TenantAt>> = BTreeMap::new();
        for member in here(view, db_instance::NAME) {
            let links = self.links(&member, db_instance::at::security_groups);
            let groups = match self.part(&member, db_instance::at::security_groups) {
                Part::Read(_) => self.worn(&links, member.region),
                Part::Unread(why) => Part::Unread(why),
            };
            let name = member.named();
            let (tenant, users, mut role) = self.between(&member);
            let tenants: Arc<[TenantAt]> = tenant.into_iter().collect();
            let declared = is_declared(&member);
            let subnets = match self.subnets_of(&member) {
                Ok(subnets) => subnets,
                Err(why) => self.somewhere(&member, why, &groups, &mut role),
            };
            if declared && tenant.is_none() {
                for group in groups.read().into_iter().flat_map(|worn| worn.iter()) {
                    shared.entry(*group).or_default().extend(users.iter());
                }
            }
            for subnet in subnets {
                self.facts.points.push(Point {
                    name: name.clone(),
                    subnet,
                    tenants: tenants.clone(),
                    blocks: self.facts.subnets[subnet].blocks.clone(),
                    groups: groups.clone(),
                    kind: PointKind::Database,
                    role: role.clone(),
                    users: if role == Role::Meeting { users.clone() } else { Arc::default() },
                    // Its interface says it.
                    public: false,
                });
            }
        }
        let admits = |group: &crate::reach::Group| {
            let rules = group.rules.read().into_iter().flat_map(|rules| rules.iter());
            let named = rules.filter(|rule| rule.ingress).filter_map(|rule| match rule.peer {
                crate::reach::Peer::Group(named) => Some(named),
                _ => None,
            });
            named.collect::<Vec<_>>()
        };
        let mut clients: BTreeMap<GroupAt, BTreeSet<TenantAt>> = BTreeMap::new();
        for (group, users) in &shared {
            for client in admits(&self.facts.groups[*group]) {
                clients.entry(client).or_default().extend(users);
            }
        }
        let of_nobody: BTreeSet<GroupAt> = here(view, security_group::NAME)
            .filter(|member| member.standing == Standing::Ours && member.tenant().is_none())
            .filter_map(|member| self.groups.of(&member))
            .collect();
        clients.retain(|group, _| of_nobody.contains(group) && !shared.contains_key(group));
        clients
    }

    /// Whose a database is, the tenants that use it, and what it is between tenants. A replica holds the rows of what it replicates,
    /// so it is what that is.
    fn between(&mut self, member: &Member<'a>) -> (Option<TenantAt>, Arc<[TenantAt]>, Role) {
        let mut at = *member;
        for _ in 0..MOST_REPLICAS {
            let tenant = self.tenant(&at);
            if tenant.is_some() {
                return (tenant, Arc::default(), Role::End);
            }
            // One that the file declares for some is no way between these: rows are the matter of the application. Whoever else
            // comes there comes to their rows.
            if is_declared(&at) {
                let users = at.id.and_then(|id| self.view.input.desired.database_users.get(id));
                let users: BTreeSet<TenantAt> =
                    users.into_iter().flatten().filter_map(|user| self.tenants.get(user.as_str()).copied()).collect();
                return (None, users.into_iter().collect(), Role::Meeting);
            }
            let source = match self.part(&at, db_instance::at::replica_of) {
                Part::Read(source) => source,
                Part::Unread(why) => return (None, Arc::default(), Role::Obscure(why)),
            };
            match first(self.view.follow(source, db_instance::NAME, at.region)) {
                Some(source) => at = source,
                None => break,
            }
        }
        (None, Arc::default(), Role::Meeting)
    }

    /// The subnets of a database: those of its subnet group.
    ///
    /// # Errors
    /// What was not read.
    fn subnets_of(&mut self, member: &Member<'a>) -> Result<Vec<SubnetAt>, UnreadAt> {
        let link = match self.part(member, db_instance::at::subnet_group) {
            Part::Read(link) => link,
            Part::Unread(why) => return Err(why),
        };
        match self.view.follow(link, db_subnet_group::NAME, member.region) {
            Found::Here(groups) => {
                let Some(group) = groups.first() else { return Ok(Vec::new()) };
                match self.part(group, db_subnet_group::at::subnets) {
                    Part::Read(links) => {
                        let links = links.as_list().unwrap_or_default();
                        Ok(links.iter().filter_map(|link| self.subnet(link, member.region)).collect())
                    }
                    Part::Unread(why) => Err(why),
                }
            }
            Found::Hidden(failed) => Err(self.failed(failed)),
            // RDS's own group of a default network, which is of no concern.
            Found::Nowhere => Ok(Vec::new()),
        }
    }

    /// Where a database may stand of which that was not read. One of nobody stands in the network of its groups (the RDS user guide,
    /// "Working with a DB instance in a VPC": a database wears groups of its own network), and two may meet there. Of any other nothing
    /// can be said.
    fn somewhere(&mut self, member: &Member<'a>, why: UnreadAt, groups: &Part<Arc<[GroupAt]>>, role: &mut Role) -> Vec<SubnetAt> {
        let (Part::Read(groups), Role::Meeting) = (groups, &*role) else {
            self.everywhere(why, member.region);
            return Vec::new();
        };
        *role = Role::Obscure(why);
        let networks: BTreeSet<_> =
            groups.iter().filter_map(|group| self.group_networks.get(*group).copied().flatten()).collect();
        (0..self.facts.subnets.len()).filter(|at| networks.contains(&self.facts.subnets[*at].network)).collect()
    }

    /// Hosts that each tenant could start in its own subnets: with its own groups, and without one.
    fn startable(&mut self, clients: &BTreeMap<GroupAt, BTreeSet<TenantAt>>) {
        let own = self.own_groups();
        // Subnets of one tenant in one network differ in their addresses alone.
        let mut worn: HashMap<(TenantAt, NetworkAt), [Arc<[usize]>; 2]> = HashMap::new();
        for subnet in 0..self.facts.subnets.len() {
            let Some(tenant) = self.homes[subnet] else { continue };
            let place = &self.facts.subnets[subnet];
            let (network, name, blocks) = (place.network, place.name.clone(), place.blocks.clone());
            let [tenants, groups] = worn.entry((tenant, network)).or_insert_with(|| {
                // A host wears groups of its own network.
                let near = |group: &&GroupAt| self.group_networks[**group].is_none_or(|own| own == network);
                let uses = clients.iter().filter(|(_, users)| users.contains(&tenant)).map(|(group, _)| group);
                let all: BTreeSet<GroupAt> = own[tenant].iter().chain(uses.filter(near)).copied().collect();
                [[tenant].into(), all.into_iter().collect()]
            });
            let mut start = |groups: Arc<[GroupAt]>, kind| {
                let (name, tenants, blocks) = (name.clone(), tenants.clone(), blocks.clone());
                let groups = Part::Read(groups);
                let (role, users) = (Role::End, Arc::default());
                self.facts.points.push(Point { name, subnet, tenants, blocks, groups, kind, role, users, public: false });
            };
            start(groups.clone(), PointKind::Startable);
            if let Some(default) = self.defaults[network] {
                start([default].into(), PointKind::Bare);
            }
        }
    }

    /// What the Internet may send to each tenant: the addresses that its declared groups admit.
    pub(super) fn allowed(&mut self) {
        let desired = self.view.input.desired;
        let groups = desired.resources.iter().filter(|(id, _)| id.kind == security_group::NAME);
        for (_, resource) in groups {
            let Some(tenant) = resource.tags.get(tags::TENANT).and_then(|tenant| self.tenants.get(tenant.as_str())) else {
                continue;
            };
            let rules = resource.attributes.get(security_group::at::rules).and_then(Value::as_list).unwrap_or_default();
            for rule in rules.iter().filter_map(Value::as_map) {
                let ingress = rule.get("direction").and_then(Value::as_text) == Some("ingress");
                let block = rule.get("peer").and_then(Value::as_text).and_then(|block| block.parse().ok());
                if let (true, Some(block), Some(traffic)) = (ingress, block, super::networks::traffic(rule)) {
                    self.facts.allowed.push(Allowed { tenant: *tenant, block, traffic });
                }
            }
        }
    }
}

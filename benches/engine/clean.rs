//! Estates as tokaido compiles them (src/compile/network.rs), as facts of a proof: clean, of any size. The suite and the benchmark
//! use them.

use ipnet::IpNet;
use tokaido::reach::{
    Acl, Allowed, Entry, Facts, Group, Network, Part, Peer, Point, PointKind, Role, Route, Rule, Subnet, Table, Target, Traffic,
    Translator,
};

/// SplitMix64: the same numbers in every run.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a size");
        usize::try_from(self.next() % end).expect("below a size")
    }

    /// True in so many of a hundred.
    pub fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// # Panics
/// If the text is no block.
pub fn block(text: &str) -> IpNet {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

const DATABASE: Traffic = Traffic { protocol: (6, 6), port: (5432, 5432) };
const WEB: Traffic = Traffic { protocol: (6, 6), port: (443, 443) };
const ZONES: [&str; 2] = ["apne1-az1", "apne1-az4"];
/// The shared subnets take so many of the 1,024 blocks of 64 addresses of the shared network.
const SHARED: usize = 8;
/// So many tenants at most have a network of their own.
const OWN_NETWORKS: usize = 200;

/// What the tenants of an estate admit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// What tokaido writes.
    Clean,
    /// Everybody sends everywhere and admits all private addresses.
    Dense,
}

struct Making {
    dice: Dice,
    facts: Facts,
    own: usize,
    clients: Option<usize>,
    /// The tenants that use the shared database.
    users: Vec<usize>,
}

/// An estate of so many tenants. The seed says which of them have a network, a database or hosts of their own, and what of others
/// stands beside them.
///
/// # Panics
/// With more than 1,000 tenants: their network has no more room.
pub fn estate(tenants: usize, seed: u64, rules: Rules) -> Facts {
    assert!(tenants <= 1_000, "{tenants} tenants in one network");
    let facts = Facts { tenants: (0..tenants).map(|at| format!("tenant-{at:04}")).collect(), ..Facts::default() };
    let mut making = Making { dice: Dice::new(seed), facts, own: 0, clients: None, users: Vec::new() };
    let main = making.network("main", block("10.0.0.0/16"));
    let shared = making.subnets(main, "shared", 0);
    making.shared(&shared);
    (0..tenants).for_each(|tenant| making.tenant(tenant, main, rules));
    making.strangers(main, &shared);
    let users: std::sync::Arc<[usize]> = making.users.into();
    for point in making.facts.points.iter_mut().filter(|point| point.role == Role::Meeting) {
        point.users = std::sync::Arc::clone(&users);
    }
    making.facts
}

impl Making {
    /// With the ACL, the table and the default group that AWS makes.
    fn network(&mut self, name: &str, all: IpNet) -> usize {
        let at = self.facts.networks.len();
        let (name, region) = (name.to_owned(), "ap-northeast-1".to_owned());
        self.facts.networks.push(Network {
            name: name.clone().into(),
            region: region.into(),
            blocks: Part::Read(vec![all]),
            open: vec![],
            internet: false,
        });
        let entry = |ingress| {
            let (words, block) = ("100".to_owned(), block("0.0.0.0/0"));
            Entry { words: words.into(), ingress, allow: true, traffic: Traffic::ALL, block }
        };
        self.facts
            .acls
            .push(Acl { name: format!("acl of {name}").into(), entries: Part::Read(vec![entry(true), entry(false)].into()) });
        let local = Route { words: all.to_string().into(), blocks: Part::Read(vec![all]), target: Target::Local };
        self.facts.tables.push(Table { name: format!("table of {name}").into(), routes: Part::Read(vec![local]) });
        let group = self.group(&format!("default of {name}"));
        self.rule(group, true, Traffic::ALL, Peer::Group(group));
        self.rule(group, false, Traffic::ALL, Peer::Blocks(vec![block("0.0.0.0/0")]));
        at
    }

    /// One for each zone, in quarters of the `part`-th block of 64 addresses.
    fn subnets(&mut self, network: usize, name: &str, part: usize) -> Vec<usize> {
        let first = match &self.facts.networks[network].blocks {
            Part::Read(blocks) => blocks[0].network(),
            Part::Unread(_) => unreachable!("every network is read"),
        };
        let std::net::IpAddr::V4(first) = first else { unreachable!("tokaido compiles IPv4") };
        let begin = u32::from(first) + 64 * u32::try_from(part).expect("small");
        let mut found = vec![];
        for (zone, quarter) in ZONES.into_iter().zip([0, 16]) {
            let blocks = vec![block(&format!("{}/28", std::net::Ipv4Addr::from(begin + quarter)))];
            let (name, zone) = (format!("{name}-{zone}"), zone.to_owned());
            let (acl, table) = (Part::Read(network), Part::Read(network));
            self.facts.subnets.push(Subnet { name: name.into(), network, zone: zone.into(), blocks: blocks.into(), acl, table });
            found.push(self.facts.subnets.len() - 1);
        }
        found
    }

    fn group(&mut self, name: &str) -> usize {
        let (name, region) = (name.to_owned(), "ap-northeast-1".to_owned());
        self.facts.groups.push(Group { name: name.into(), region: region.into(), rules: Part::Read(vec![]) });
        self.facts.groups.len() - 1
    }

    fn rule(&mut self, group: usize, ingress: bool, traffic: Traffic, peer: Peer) {
        if let Part::Read(rules) = &mut self.facts.groups[group].rules {
            let words = format!("{} {}", if ingress { "ingress" } else { "egress" }, rules.len());
            rules.push(Rule { words: words.into(), ingress, traffic, peer });
        }
    }

    fn point(&mut self, name: String, subnet: usize, tenants: Vec<usize>, groups: Vec<usize>, kind: PointKind) -> &mut Point {
        let blocks = self.facts.subnets[subnet].blocks.clone();
        let groups = Part::Read(groups.into());
        self.facts.points.push(Point {
            name: name.into(),
            subnet,
            tenants: tenants.into(),
            blocks,
            groups,
            kind,
            role: Role::End,
            users: [].into(),
            public: false,
        });
        self.facts.points.last_mut().expect("it was added")
    }

    /// A shared database, which admits its clients' group alone.
    fn shared(&mut self, subnets: &[usize]) {
        if self.dice.percent(70) {
            let (clients, database) = (self.group("orders-clients"), self.group("orders"));
            self.rule(clients, false, DATABASE, Peer::Blocks(vec![block("10.0.0.0/23")]));
            self.rule(database, true, DATABASE, Peer::Group(clients));
            for subnet in subnets {
                self.point(format!("orders in {subnet}"), *subnet, vec![], vec![database], PointKind::Database).role =
                    Role::Meeting;
            }
            self.clients = Some(clients);
        }
    }

    fn tenant(&mut self, tenant: usize, main: usize, rules: Rules) {
        let name = self.facts.tenants[tenant].clone();
        let own = self.dice.percent(10) && self.own < OWN_NETWORKS;
        let (network, part) = if own {
            self.own += 1;
            (self.network(&name, block(&format!("10.{}.0.0/16", self.own))), 0)
        } else {
            (main, SHARED + tenant)
        };
        let subnets = self.subnets(network, &name, part);
        let whole = match self.facts.subnets[subnets[0]].blocks[0] {
            IpNet::V4(part) => part.supernet().and_then(|half| half.supernet()).map_or(IpNet::V4(part), IpNet::V4),
            IpNet::V6(_) => unreachable!("tokaido compiles IPv4"),
        };
        let group = self.group(&name);
        let mut groups = vec![group];
        if self.dice.percent(50) {
            let customers = block(&format!("203.{}.{}.0/24", tenant / 256, tenant % 256));
            self.rule(group, true, WEB, Peer::Blocks(vec![customers]));
            self.facts.allowed.push(Allowed { tenant, block: customers, traffic: WEB });
        }
        if self.dice.percent(50) {
            let database = self.group(&format!("{name}-db"));
            self.rule(group, false, DATABASE, Peer::Blocks(vec![whole]));
            self.rule(database, true, DATABASE, Peer::Group(group));
            for subnet in &subnets {
                self.point(format!("{name}-db in {subnet}"), *subnet, vec![tenant], vec![database], PointKind::Database);
            }
        } else if let Some(clients) = self.clients.filter(|_| !own) {
            groups.push(clients);
            self.users.push(tenant);
        }
        if rules == Rules::Dense {
            self.rule(group, false, Traffic::ALL, Peer::Blocks(vec![block("10.0.0.0/8")]));
            self.rule(group, true, Traffic::ALL, Peer::Blocks(vec![block("10.0.0.0/8")]));
        }
        let public = *self.dice.of(&[true, false, false, false, false]);
        let default =
            self.facts.groups.iter().position(|known| known.name == format!("default of {}", self.facts.networks[network].name));
        for subnet in subnets {
            self.point(format!("{name} in {subnet}"), subnet, vec![tenant], groups.clone(), PointKind::Startable).public = public;
            let bare = default.into_iter().collect();
            self.point(format!("{name} bare in {subnet}"), subnet, vec![tenant], bare, PointKind::Bare);
            if self.dice.percent(30) {
                let address = self.facts.subnets[subnet].blocks[0].hosts().nth(4).map(IpNet::from);
                let host = self.point(format!("{name} host in {subnet}"), subnet, vec![tenant], groups.clone(), PointKind::Here);
                host.blocks = address.into_iter().collect();
            }
        }
    }

    /// An Internet gateway, a NAT gateway and a load balancer of others, which reach no tenant.
    fn strangers(&mut self, main: usize, shared: &[usize]) {
        if self.dice.percent(50) {
            self.facts.networks[main].internet = true;
        }
        if self.dice.percent(30) {
            let (name, subnet) = ("translator".to_owned(), Part::Read(shared[0]));
            self.facts.translators.push(Translator { name, subnet, blocks: vec![block("10.0.0.9/32")] });
            let words = "0.0.0.0/0".to_owned();
            let route =
                Route { words: words.into(), blocks: Part::Read(vec![block("0.0.0.0/0")]), target: Target::Translator(0) };
            if let Part::Read(routes) = &mut self.facts.tables[main].routes {
                routes.push(route);
            }
        }
        if self.dice.percent(30) {
            let group = self.group("balancer of somebody");
            self.rule(group, true, WEB, Peer::Blocks(vec![block("0.0.0.0/0")]));
            self.rule(group, false, Traffic::ALL, Peer::Blocks(vec![block("10.0.0.0/16")]));
            let point = self.point("balancer".to_owned(), shared[0], vec![], vec![group], PointKind::Here);
            point.role = Role::Forwarder { of: "balancer".into(), shared: None };
            point.blocks = vec![block("10.0.0.7/32")].into();
        }
    }
}

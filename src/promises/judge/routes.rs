//! Where the packets of a subnet go: the route table that serves it. Whether what a route leads to is a way between tenants is not
//! proven here; a route that leads out of the network makes its subnets unknown.

use std::cell::OnceCell;
use std::collections::HashMap;

use super::VerdictReason;
use super::population::Judged;
use super::subject::{Subject, unread};
use super::view::{Called, Found, Member, Seen, View};
use crate::kinds::{route_table, subnet, vpc};
use crate::model::{Name, Region, UnknownCause, Value};

/// The route tables, by whom they serve.
pub(super) struct Routes<'v, 'a> {
    view: &'v View<'a>,
    /// Collected for the first subnet.
    found: OnceCell<Known<'a>>,
}

#[derive(Default)]
struct Known<'a> {
    /// By each subnet that is associated explicitly.
    of_subnet: HashMap<(Region, Called<'a>), Vec<Member<'a>>>,
    /// The main tables, by their network.
    of_network: HashMap<(Region, Called<'a>), Vec<Member<'a>>>,
    /// Of each region: that it was not read whom a table serves.
    unsure: Vec<(Region, Judged, VerdictReason)>,
}

impl<'v, 'a> Routes<'v, 'a> {
    pub(super) const fn new(view: &'v View<'a>) -> Self {
        Self { view, found: OnceCell::new() }
    }

    /// Judges the routes of a subnet.
    pub(super) fn judge(&self, subject: &mut Subject<'a, '_>) {
        let member = subject.member;
        if let Some(failed) = self.view.failed(route_table::NAME, member.region) {
            return subject.hidden(failed);
        }
        let explicit = member.names().find_map(|name| self.known().of_subnet.get(&(member.region, name)));
        let tables = explicit.or_else(|| self.main(subject));
        tables.into_iter().flatten().for_each(|table| leads_out(subject, table));
    }

    /// The main table of the network of a subnet that is associated with none. Says of the subnet where it is not known.
    fn main(&self, subject: &mut Subject<'a, '_>) -> Option<&Vec<Member<'a>>> {
        let (region, known) = (subject.member.region, self.known());
        let mut sure = true;
        for (_, judged, reason) in known.unsure.iter().filter(|(place, ..)| *place == region) {
            sure = false;
            subject.say(*judged, reason.clone());
        }
        let network = subject.value(subnet::at::vpc)?;
        let main = Called::by(network).and_then(|network| known.of_network.get(&(region, network)));
        if main.is_none() && sure && !self.is_planned(network, region) {
            subject.unknown(UnknownCause::NotUnderstood, VerdictReason::NoRoutes);
        }
        main
    }

    /// Whether a plan would make the network. AWS gives it a main table with nothing but its own addresses.
    fn is_planned(&self, network: &Value, region: Region) -> bool {
        let Found::Here(found) = self.view.follow(network, vpc::NAME, region) else { return false };
        found.iter().all(|network| network.live.outputs.is_empty())
    }

    fn known(&self) -> &Known<'a> {
        self.found.get_or_init(|| {
            let mut known = Known::default();
            for seen in self.view.all(route_table::NAME) {
                if let Seen::Here(table) = seen {
                    self.add(&mut known, table);
                }
            }
            known
        })
    }

    fn add(&self, known: &mut Known<'a>, table: Member<'a>) {
        use route_table::at::{main, subnets, vpc};
        let mut read = |attribute: Name| {
            let value = self.view.read(&table, attribute);
            value.map_err(|why| {
                let (judged, reason) = unread(attribute, why, Some(&table));
                known.unsure.push((table.region, judged, reason));
            })
        };
        let (explicit, is_main) = (read(subnets.name()), read(main.name()));
        let network = if is_main == Ok(&Value::Bool(false)) { Ok(&Value::Null) } else { read(vpc.name()) };
        for subnet in explicit.ok().and_then(Value::as_list).unwrap_or_default().iter().filter_map(Called::by) {
            known.of_subnet.entry((table.region, subnet)).or_default().push(table);
        }
        if let (Ok(Value::Bool(true)), Some(network)) = (is_main, network.ok().and_then(Called::by)) {
            known.of_network.entry((table.region, network)).or_default().push(table);
        }
    }
}

/// Says of a subnet that this table, which serves it, has routes to places that are not read.
fn leads_out<'a>(subject: &mut Subject<'a, '_>, table: &Member<'a>) {
    let Some(routes) = subject.note_of(table, route_table::at::routes) else { return };
    for route in routes.as_list().unwrap_or_default().iter().filter_map(Route::of).filter(Route::leads_out) {
        let (table, destination) = (table.subject(), route.destination.to_owned());
        match route.target {
            // Nobody asked what is behind it.
            Some(target) => {
                let reason = VerdictReason::LeadsOut { table, destination, target: target.to_owned() };
                subject.unknown(UnknownCause::NotAsked, reason);
            }
            None => subject.unknown(UnknownCause::NotUnderstood, VerdictReason::LeadsSomewhere { table, destination }),
        }
    }
}

/// One route, taken apart.
struct Route<'a> {
    destination: &'a str,
    target: Option<&'a str>,
    state: Option<&'a str>,
}

impl<'a> Route<'a> {
    fn of(whole: &'a Value) -> Option<Self> {
        let text = |name: &str| whole.as_map()?.get(name).and_then(Value::as_text);
        Some(Self { destination: text("destination")?, target: text("target"), state: text("state") })
    }

    /// Whether packets leave the network by it for a place that is not read. The Internet, and a service of AWS behind a gateway
    /// endpoint, are no other tenant. What has no target that is known may lead anywhere.
    fn leads_out(&self) -> bool {
        let begins =
            |prefixes: &[&str]| self.target.is_some_and(|target| prefixes.iter().any(|prefix| target.starts_with(prefix)));
        let gateway_endpoint = begins(&["vpce-"]) && self.destination.starts_with("pl-");
        let harmless = self.target == Some("local") || begins(&["igw-", "nat-", "eigw-"]) || gateway_endpoint;
        self.state != Some("blackhole") && !harmless
    }
}

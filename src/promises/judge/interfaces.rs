//! The hosts and services in our networks, by their interfaces: in whose subnets they stand and which groups they wear. What
//! passes between them is not proven here (that needs routes and ACLs as well): two tenants are called connected where a group
//! admits one of them and a host of the other wears it.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use super::subject::Subject;
use super::view::{Found, Member, Seen, View};
use super::{VerdictReason, Worn};
use crate::kinds::{network_interface, security_group, subnet, vpc};
use crate::model::equality::same_name;
use crate::model::{Region, Standing, UnknownCause, Value};

/// AWS's words for the interface of a NAT gateway. It never has the check, and lets nothing in.
const NAT: [&str; 2] = ["nat_gateway", "natGateway"];

type Tenants = BTreeSet<String>;

/// Every interface of our networks, by what it wears and to which host it belongs.
pub(super) struct Interfaces<'v, 'a> {
    view: &'v View<'a>,
    /// Collected when it is first asked for.
    found: OnceCell<Known<'a>>,
}

#[derive(Default)]
struct Known<'a> {
    /// The tenants whose hosts wear a group, by its identifier.
    wearers: BTreeMap<(Region, &'a str), Tenants>,
    /// The tenants in whose subnets a host stands, or whose groups it wears.
    hosts: BTreeMap<&'a str, Tenants>,
}

impl<'v, 'a> Interfaces<'v, 'a> {
    pub(super) const fn new(view: &'v View<'a>) -> Self {
        Self { view, found: OnceCell::new() }
    }

    /// Every interface of our networks. Of one whose network was not read it is not known that it is not there.
    pub(super) fn all(&self) -> impl Iterator<Item = Seen<'a>> {
        let view = self.view;
        view.all(network_interface::NAME).filter(move |seen| match seen {
            Seen::Here(member) => {
                let Ok(network) = view.read(member, network_interface::at::vpc.name()) else { return true };
                match view.follow(network, vpc::NAME, member.region) {
                    Found::Here(found) => found.iter().any(|network| network.standing == Standing::Ours),
                    Found::Hidden(_) => true,
                    Found::Nowhere => false,
                }
            }
            _ => true,
        })
    }

    /// The tenants whose hosts wear this group.
    pub(super) fn wearers(&self, group: &Member<'a>) -> Option<&Tenants> {
        self.known().wearers.get(&(group.region, group.live.physical.as_str()))
    }

    fn known(&self) -> &Known<'a> {
        self.found.get_or_init(|| {
            let mut known = Known::default();
            for seen in self.all() {
                if let Seen::Here(interface) = seen {
                    self.add(&mut known, &interface);
                }
            }
            known
        })
    }

    fn add(&self, known: &mut Known<'a>, interface: &Member<'a>) {
        let groups = self.groups(interface);
        let mut tenants: Tenants = groups.iter().filter_map(tenant).collect();
        tenants.extend(self.home(interface));
        if tenants.is_empty() {
            return;
        }
        for group in &groups {
            let key = (group.region, group.live.physical.as_str());
            known.wearers.entry(key).or_default().extend(tenants.iter().cloned());
        }
        let host = self.view.read(interface, network_interface::at::instance.name()).ok().and_then(Value::as_text);
        if let Some(host) = host {
            known.hosts.entry(host).or_default().extend(tenants);
        }
    }

    /// The groups that the interface wears, as far as they are listed.
    fn groups(&self, interface: &Member<'a>) -> Vec<Member<'a>> {
        let links = self.view.read(interface, network_interface::at::groups.name()).ok().and_then(Value::as_list);
        let links = links.unwrap_or_default().iter();
        let found = links.filter_map(|link| match self.view.follow(link, security_group::NAME, interface.region) {
            Found::Here(groups) => Some(groups),
            Found::Hidden(_) | Found::Nowhere => None,
        });
        found.flatten().collect()
    }

    /// The tenant in whose subnet the interface stands.
    fn home(&self, interface: &Member<'a>) -> Option<String> {
        let link = self.view.read(interface, network_interface::at::subnet.name()).ok()?;
        match self.view.follow(link, subnet::NAME, interface.region) {
            Found::Here(found) => found.iter().find_map(tenant),
            Found::Hidden(_) | Found::Nowhere => None,
        }
    }

    /// Judges one interface: what it wears where it stands, and whether it may forward.
    pub(super) fn judge(&self, subject: &mut Subject<'a, '_>) {
        subject.beside();
        let home = self.home(&subject.member);
        let mut worn = Tenants::new();
        let links = subject.note(network_interface::at::groups).and_then(Value::as_list).unwrap_or_default();
        for link in links {
            match self.view.follow(link, security_group::NAME, subject.member.region) {
                Found::Hidden(failed) => subject.hidden(failed),
                Found::Nowhere => {
                    subject.unknown(UnknownCause::NotUnderstood, VerdictReason::WearsUnknownGroup { group: link.clone() });
                }
                Found::Here(groups) => worn.extend(groups.iter().filter_map(tenant)),
            }
        }
        match &home {
            Some(home) => {
                for tenant in worn.iter().filter(|tenant| *tenant != home) {
                    let group = Worn::OfTenant { tenant: tenant.clone() }.into();
                    subject.broken(VerdictReason::StandsAndWears { home: home.clone(), group });
                }
            }
            None if worn.len() > 1 => {
                subject.broken(VerdictReason::WearsGroupsOf { tenants: worn.iter().cloned().collect() });
            }
            None => {}
        }
        self.host(subject);
        let forwards = subject.value(network_interface::at::source_dest_check).is_some_and(|check| *check == Value::Bool(false));
        let kind = subject.value(network_interface::at::interface_type).and_then(Value::as_text).unwrap_or_default();
        if forwards && !NAT.iter().any(|nat| same_name(nat, kind)) {
            subject.fact(network_interface::at::source_dest_check, false);
            subject.unknown(UnknownCause::NotUnderstood, VerdictReason::MayForward);
        }
    }

    /// A host with interfaces of two tenants connects them.
    fn host(&self, subject: &mut Subject<'a, '_>) {
        let Some(host) = subject.value(network_interface::at::instance).and_then(Value::as_text) else { return };
        let Some(tenants) = self.known().hosts.get(host).filter(|tenants| tenants.len() > 1) else { return };
        let (host, tenants) = (host.to_owned(), tenants.iter().cloned().collect());
        subject.broken(VerdictReason::HostOfTwo { host, tenants });
    }

    /// Says of a group that it lets hosts of different tenants meet: one that it admits, and one that wears it.
    pub(super) fn meet(&self, subject: &mut Subject<'a, '_>, admitted: &Tenants) {
        let Some(wearers) = self.wearers(&subject.member) else { return };
        let apart = admitted.iter().any(|one| wearers.iter().any(|other| one != other));
        if apart {
            let (admitted, wearers) = (admitted.iter().cloned().collect(), wearers.iter().cloned().collect());
            subject.broken(VerdictReason::WornByOthers { admitted, wearers });
        }
    }
}

fn tenant(member: &Member<'_>) -> Option<String> {
    member.tenant().map(str::to_owned)
}

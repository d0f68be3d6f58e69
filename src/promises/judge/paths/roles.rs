//! What an interface does with what it receives, by what AWS says of it.

use super::{Builder, here, texts};
use crate::kinds::{endpoint_service, network_interface, vpc_endpoint};
use crate::model::equality::same_name;
use crate::model::{Shared, Value};
use crate::promises::judge::view::Member;
use crate::reach::{Cause, Role};

/// Interfaces that begin and pass on nothing for others: a host's own, a function's, the ends of connectors whose ways are facts of
/// their own (AWS's words for `InterfaceType`, EC2 API reference, "NetworkInterface").
const ENDS: [&str; 9] =
    ["interface", "efa", "efa-only", "branch", "trunk", "lambda", "nat_gateway", "natGateway", "transit_gateway"];

/// Load balancers, of which the listeners and the targets are not read.
const BALANCERS: [&str; 3] = ["load_balancer", "network_load_balancer", "gateway_load_balancer"];

/// The services that ask for an interface and run what a customer stores or begins, by the word for the requester or the beginning
/// of the description that the service writes.
const BALANCER: (&str, &str) = ("amazon-elb", "ELB ");
const PROXY: &str = "Network interface for DBProxy";
const DATABASE: &str = "amazon-rds";

impl<'a> Builder<'_, 'a> {
    pub(super) fn role(&mut self, member: &Member<'a>) -> Role {
        let kind = self.needed(member, network_interface::at::interface_type).and_then(Value::as_text).unwrap_or_default();
        let requester = self.text(member, network_interface::at::requester).unwrap_or_default();
        let words = self.text(member, network_interface::at::description).unwrap_or_default();
        let managed = matches!(self.view.read(member, network_interface::at::managed.name()), Ok(Value::Bool(true)))
            || self.text(member, network_interface::at::operator).is_some();
        let is = |names: &[&str]| names.iter().any(|name| same_name(name, kind));
        if is(&BALANCERS) || managed && (requester == BALANCER.0 || words.starts_with(BALANCER.1)) {
            return self.forwarder(member, words.strip_prefix(BALANCER.1).filter(|_| managed || is(&BALANCERS)));
        }
        if is(&["vpc_endpoint", "gateway_load_balancer_endpoint"]) {
            return self.endpoint(member);
        }
        if managed && words.starts_with(PROXY) {
            return self.forwarder(member, None);
        }
        if managed && requester == DATABASE {
            // What is not one of the databases that a file declares is judged by the database itself.
            return Role::End;
        }
        let unchecked = self.needed(member, network_interface::at::source_dest_check) == Some(&Value::Bool(false));
        if is(&ENDS) && !managed {
            let translates = is(&["nat_gateway", "natGateway"]);
            return if unchecked && !translates { Role::Router } else { Role::End };
        }
        if is(&ENDS[5..]) {
            return Role::End;
        }
        self.obscure(member, format!("{} ({kind}, {requester}, {words:?})", member.subject()))
    }

    /// A managed interface of a kind that is not known. One of a tenant alone is an end of the tenant's as well.
    fn obscure(&mut self, member: &Member<'a>, what: String) -> Role {
        if let Some(shared) = self.declared(&[member.live.physical.as_str()]) {
            return Role::Forwarder { of: member.live.physical.as_str().into(), shared: Some(shared) };
        }
        Role::Obscure(self.unsure(what, Cause::NotAsked))
    }

    /// A load balancer or a proxy, by the name that AWS writes into the description of its interfaces: `net/NAME/ID`.
    fn forwarder(&mut self, member: &Member<'a>, name: Option<&str>) -> Role {
        let name = name.map_or_else(|| member.live.physical.to_string(), str::to_owned);
        let service = self.service_of(&name);
        let shared = self.declared(&[member.live.physical.as_str(), &name, service.as_deref().unwrap_or(&name)]);
        Role::Forwarder { of: service.unwrap_or(name).into(), shared }
    }

    /// The endpoint service that leads to a load balancer.
    fn service_of(&mut self, balancer: &str) -> Option<String> {
        let view = self.view;
        let leads = |member: &Member<'a>| {
            let balancers = self.needed(member, endpoint_service::at::load_balancers);
            balancers.is_some_and(|all| texts(all).any(|arn| arn.ends_with(&format!("loadbalancer/{balancer}"))))
        };
        here(view, endpoint_service::NAME).find(leads).map(|member| member.live.physical.to_string())
    }

    /// An endpoint: of a service of AWS, of a service of this account, or of another account.
    fn endpoint(&mut self, member: &Member<'a>) -> Role {
        let view = self.view;
        let own = member.live.physical.as_str();
        let found = here(view, vpc_endpoint::NAME).find(|endpoint| {
            let interfaces = view.read(endpoint, vpc_endpoint::at::interfaces.name()).ok();
            interfaces.is_some_and(|all| texts(all).any(|interface| interface == own))
        });
        let Some(endpoint) = found else {
            let what = match view.failed(vpc_endpoint::NAME, member.region) {
                Some(failed) => super::failed_words(failed),
                None => format!("{} {}", vpc_endpoint::NAME, member.subject()),
            };
            return self.obscure(member, what);
        };
        let id = endpoint.live.physical.clone();
        let service = self.text(&endpoint, vpc_endpoint::at::service).unwrap_or_default();
        let plain = self.text(&endpoint, vpc_endpoint::at::endpoint_type).is_some_and(|kind| same_name(kind, "interface"));
        // `com.amazonaws.vpce.REGION.vpce-svc-ID` is a service of a customer of AWS; every other interface endpoint is AWS's.
        let Some(of) = service.rsplit('.').next().filter(|last| last.starts_with("vpce-svc-")) else {
            if plain && !service.is_empty() {
                return Role::End;
            }
            return self.beyond(&id, id.to_string());
        };
        let known = here(view, endpoint_service::NAME).any(|member| member.live.physical == of);
        if known {
            let shared = self.declared(&[of, &id]);
            return Role::Forwarder { of: of.into(), shared };
        }
        self.beyond(&id, format!("{id} ({service})"))
    }

    fn beyond(&mut self, endpoint: &str, what: String) -> Role {
        if let Some(shared) = self.declared(&[endpoint]) {
            return Role::Forwarder { of: endpoint.into(), shared: Some(shared) };
        }
        Role::Obscure(self.unsure(what, Cause::OtherAccount))
    }

    /// Why one of these may stand between tenants, as the environment file says.
    fn declared(&self, ids: &[&str]) -> Option<Shared> {
        let declared = &self.view.input.desired.shared_forwarders;
        declared.iter().find(|declared| ids.contains(&declared.id.as_str())).map(|declared| declared.reason.as_str().into())
    }
}

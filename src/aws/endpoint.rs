//! Which hosts may be called: AWS, this machine, and the hosts that the operator names with `--allow-endpoint`.
//!
//! The rule is checked twice. It is checked on the configured overrides before any request is sent, so that the operator gets a
//! refusal and not a failed call. And it is checked on every request, so that no unforeseen configuration gets past it.

use std::net::IpAddr;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use crate::model::Said;

/// Services that tokaido calls, as the SDK names them.
const SERVICES: [&str; 10] = ["Backup", "DynamoDB", "EC2", "EFS", "IAM", "KMS", "RDS", "Redshift", "S3", "STS"];

/// An endpoint that is configured instead of AWS's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    pub service: &'static str,
    pub url: String,
}

/// Every override that the SDK would follow, from the environment or the profile.
#[must_use]
pub fn overrides(config: &SdkConfig) -> Vec<Override> {
    let specific = |service: &'static str| {
        let key = ServiceConfigKey::builder().service_id(service).env("AWS_ENDPOINT_URL").profile("endpoint_url").build().ok()?;
        config.service_config()?.load_config(key)
    };
    SERVICES
        .into_iter()
        .filter_map(|service| {
            let url = specific(service).or_else(|| config.endpoint_url().map(str::to_owned))?;
            Some(Override { service, url })
        })
        .collect()
}

/// The warning before every result while an override is in force; `None` without overrides.
#[must_use]
pub fn banner(overrides: &[Override]) -> Option<Said> {
    let mut urls: Vec<&str> = overrides.iter().map(|found| found.url.as_str()).collect();
    urls.sort_unstable();
    urls.dedup();
    let urls = urls.join(", ");
    (!urls.is_empty())
        .then(|| Said::new(format!("NOT AWS: calls go to {urls}"), format!("AWS ではありません: 呼び出し先は {urls} です")))
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hosts {
    allowed: Vec<String>,
}

impl Hosts {
    #[must_use]
    pub fn new(allowed: &[String]) -> Self {
        Self { allowed: allowed.iter().map(|host| host.to_ascii_lowercase()).collect() }
    }

    #[must_use]
    pub fn accept_override(&self, url: &str) -> bool {
        host(url).is_some_and(|host| is_loopback(&host) || self.allowed.contains(&host))
    }

    #[must_use]
    pub fn accept(&self, url: &str) -> bool {
        host(url).is_some_and(|host| is_aws(&host) || is_loopback(&host) || self.allowed.contains(&host))
    }
}

/// `.api.aws` is the domain of dual-stack endpoints; S3's are in the other one. AWS owns both, and everything in them.
fn is_aws(host: &str) -> bool {
    host.ends_with(".amazonaws.com") || host.ends_with(DUAL_STACK)
}

const DUAL_STACK: &str = ".api.aws";

/// Which kind of AWS's endpoints the host is, when it is not the usual one.
#[must_use]
pub fn kind(host: &str) -> Option<&'static str> {
    let fips = host.contains("-fips.");
    match host.ends_with(DUAL_STACK) || host.contains(".dualstack.") {
        true if fips => Some("FIPS dual-stack"),
        true => Some("dual-stack"),
        false => fips.then_some("FIPS"),
    }
}

/// AWS's own endpoint of a regional service: the rule of every service that this is used for, as its SDK has it.
#[must_use]
pub fn regional(service: &str, region: &str, fips: bool, dual_stack: bool) -> String {
    let (fips, domain) = (if fips { "-fips" } else { "" }, if dual_stack { DUAL_STACK } else { ".amazonaws.com" });
    format!("https://{service}{fips}.{region}{domain}")
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The host of a URL in lower case, without user, port and brackets.
#[must_use]
pub fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let (_, place) = authority.rsplit_once('@').unwrap_or(("", authority));
    let host =
        if let Some(bracketed) = place.strip_prefix('[') { bracketed.split(']').next()? } else { place.split(':').next()? };
    (!host.is_empty()).then(|| host.to_ascii_lowercase())
}

/// Why a request was not sent.
#[derive(Debug, thiserror::Error)]
#[error("{host} is neither AWS nor this machine; name it with --allow-endpoint if it is meant")]
pub struct Refused {
    pub host: String,
}

#[derive(Debug, Clone)]
pub struct Guard(pub Hosts);

#[dyn_dispatch_hint]
impl Intercept for Guard {
    fn name(&self) -> &'static str {
        "tokaido::Guard"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let uri = context.request().uri();
        if self.0.accept(uri) { Ok(()) } else { Err(Refused { host: host(uri).unwrap_or_else(|| uri.to_owned()) }.into()) }
    }
}

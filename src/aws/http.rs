//! The HTTP client of every call: of all services, of STS, and of whatever the SDK asks for credentials.

use std::error::Error;
use std::fmt;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, ConnectorBuilder, HttpClientError};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;

use super::endpoint;
use super::settings::Bundle;

/// A client that trusts the CAs of this machine, or only those of the bundle. It keeps its connections for all who share it.
///
/// # Errors
/// Those of the TLS library.
pub fn client(bundle: Option<&Bundle>) -> Result<SharedHttpClient, HttpClientError> {
    let mut trusted = TrustStore::default();
    if let Some(bundle) = bundle {
        trusted = bundle.certificates.iter().fold(TrustStore::empty(), |store, one| store.with_pem_certificate(one.as_bytes()));
    }
    let tls = TlsContext::builder().with_trust_store(trusted).build()?;
    let client = Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.set_tls_context(tls.clone());
        connector.build()
    });
    Ok(SharedHttpClient::new(Named { client, bundle: bundle.map(|bundle| bundle.path.clone()) }))
}

/// The host was not reached, for a reason that no second attempt changes. Nothing was sent to it.
#[derive(Debug)]
pub struct Unreached {
    pub host: String,
    /// Whether the host showed a certificate that this machine does not trust. Otherwise no such host is known.
    pub untrusted: bool,
    /// The file of the trusted CAs, where one is set.
    bundle: Option<String>,
    /// What the library says.
    words: String,
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, untrusted, bundle, words } = self;
        if *untrusted {
            write!(f, "{host} showed a certificate that this machine does not trust ({words})")?;
            return match bundle {
                Some(path) => write!(f, "; trusted are only the CAs of {path}, which AWS_CA_BUNDLE or the profile names"),
                None => f.write_str("; trusted are the CAs of this machine, and AWS_CA_BUNDLE names no others"),
            };
        }
        write!(f, "no host {host} is known ({words})")?;
        match endpoint::kind(host) {
            Some(kind) => {
                write!(f, "; AWS may have no {kind} endpoint of this service in this region, and no other one is called")
            }
            None => Ok(()),
        }
    }
}

impl Error for Unreached {}

/// Names the host in errors that would not.
#[derive(Debug)]
struct Named {
    client: SharedHttpClient,
    bundle: Option<String>,
}

impl HttpClient for Named {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.client.http_connector(settings, components);
        SharedHttpConnector::new(NamedConnector { connector, bundle: self.bundle.clone() })
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.client.connector_metadata()
    }
}

#[derive(Debug)]
struct NamedConnector {
    connector: SharedHttpConnector,
    bundle: Option<String>,
}

impl HttpConnector for NamedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (host, bundle) = (endpoint::host(request.uri()).unwrap_or_default(), self.bundle.clone());
        let answer = self.connector.call(request);
        HttpConnectorFuture::new(async move { answer.await.map_err(|error| named(host, bundle, error)) })
    }
}

fn named(host: String, bundle: Option<String>, error: ConnectorError) -> ConnectorError {
    if error.is_timeout() {
        return error;
    }
    // The libraries below have no type of their own for these two that comes through: their words are all there is.
    let is = |needle: &'static str| {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            let text = inner.to_string();
            if text.contains(needle) {
                return Some(text);
            }
            cause = inner.source();
        }
        None
    };
    let unreached = match (is("invalid peer certificate"), is("failed to lookup address")) {
        (Some(words), _) => Unreached { host, untrusted: true, bundle, words },
        (None, Some(words)) => Unreached { host, untrusted: false, bundle, words },
        (None, None) => return error,
    };
    ConnectorError::io(unreached.into()).never_connected()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looked_up(host: &str) -> ConnectorError {
        let words = "failed to lookup address information: Name or service not known";
        named(host.to_owned(), None, ConnectorError::io(std::io::Error::other(words).into()))
    }

    #[test]
    fn a_host_that_is_not_known_is_named_and_so_is_its_kind() {
        let said = |host: &str| looked_up(host).into_source().to_string();
        for (host, kind) in [
            ("ec2.ap-northeast-3.api.aws", "no dual-stack endpoint of this service in this region"),
            ("sts-fips.ap-northeast-1.amazonaws.com", "no FIPS endpoint of this service in this region"),
        ] {
            assert!(said(host).contains(host) && said(host).contains(kind), "{}", said(host));
        }
        assert!(said("ec2.ap-northeast-1.amazonaws.com").ends_with("Name or service not known)"));
    }

    #[test]
    fn other_errors_stay_as_they_are() {
        let timeout = named("host".to_owned(), None, ConnectorError::timeout("invalid peer certificate".into()));
        assert!(timeout.is_timeout() && timeout.into_source().downcast_ref::<Unreached>().is_none());
        let broken = named("host".to_owned(), None, ConnectorError::io("connection reset".into()));
        assert!(broken.into_source().downcast_ref::<Unreached>().is_none());
    }
}

//! The webhook: one POST for each event, retried, never waited for.
//!
//! When the receiver is too slow, the newest event is dropped, counted and reported. The address may hold a secret, so only its
//! host is ever printed.

use std::env::VarError;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::mpsc::TrySendError;
use std::thread;
use std::time::Duration;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error};

use crate::cli::exit::{Exit, Failure};
use crate::cli::terminal::Terminal;
use crate::cli::words::watching::Watching;
use crate::model::digest::hex;
use crate::model::{Reason as _, WatchEvent};
use crate::render::json;

use super::metrics::{Delivery, Metrics};
use super::outbox::Outbox;

/// For one attempt, from the name lookup to the last byte of the answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// The delay after the first failure; it doubles each time, up to the longest. All delays together are about five minutes.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);
const ATTEMPTS: u32 = 12;

#[derive(Debug)]
pub(super) struct Webhook {
    host: String,
    signed: bool,
    outbox: Outbox<Parcel>,
    metrics: Arc<Metrics>,
    terminal: Terminal,
}

#[derive(Debug)]
struct Parcel {
    id: String,
    event: &'static str,
    body: String,
}

/// The state of the thread.
struct Sender {
    agent: Agent,
    url: Uri,
    host: String,
    secret: Option<Vec<u8>>,
    metrics: Arc<Metrics>,
    terminal: Terminal,
}

impl Webhook {
    /// `None` without an address.
    #[expect(clippy::disallowed_methods, reason = "a secret is taken from the environment: arguments are in the process list")]
    pub(super) fn configured(url: Option<&str>, metrics: &Arc<Metrics>, terminal: &Terminal) -> Result<Option<Self>, Failure> {
        let Some(url) = url.filter(|url| !url.is_empty()) else { return Ok(None) };
        let (url, host) = address(url).map_err(|wrong| Failure::new(Exit::Usage, wrong))?;
        let secret = match std::env::var("TOKAIDO_WEBHOOK_SECRET") {
            Ok(secret) => Some(secret).filter(|secret| !secret.is_empty()),
            Err(VarError::NotPresent) => None,
            // Otherwise events would go out unsigned, while the operator who set the secret believes the opposite.
            Err(VarError::NotUnicode(_)) => return Err(Failure::new(Exit::Usage, Watching::SecretNoText)),
        };
        let signed = secret.is_some();
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let mut config = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            // A redirect is no delivery, and its target may belong to anyone.
            .max_redirects(0)
            .http_status_as_error(false)
            .user_agent(concat!("tokaido/", env!("CARGO_PKG_VERSION")));
        if url.scheme_str() == Some("http") {
            // On this machine no proxy must see it.
            config = config.proxy(None);
        }
        let sender = Sender {
            agent: config.build().new_agent(),
            url,
            host: host.clone(),
            secret: secret.map(String::into_bytes),
            metrics: Arc::clone(metrics),
            terminal: *terminal,
        };
        let outbox = Outbox::started("webhook", move |parcel: Parcel| sender.send(&parcel));
        let outbox = outbox.map_err(|error| Failure::error(Watching::NoWebhook { error: error.into() }))?;
        Ok(Some(Self { host, signed, outbox, metrics: Arc::clone(metrics), terminal: *terminal }))
    }

    /// Scheme and host, and whether events are signed, for people.
    pub(super) fn described(&self) -> Watching {
        let host = self.host.clone();
        if self.signed { Watching::NewsSigned { host } } else { Watching::NewsUnsigned { host } }
    }

    /// Never waits.
    pub(super) fn send(&self, event: &WatchEvent) {
        let parcel = Parcel { id: event.id.clone(), event: event.what.name(), body: json::line(event) };
        if let Err(error) = self.outbox.put(parcel) {
            self.metrics.delivered(Delivery::Dropped);
            let why = if matches!(error, TrySendError::Full(_)) { Watching::TooMany } else { Watching::NobodySends };
            self.terminal.problem(Watching::NotSent { id: event.id.clone(), host: self.host.clone(), why: why.said() });
        }
    }

    pub(super) async fn drain(self, patience: Duration) {
        let left = self.outbox.drain(patience).await;
        if left > 0 {
            self.terminal.problem(Watching::Unsent { left, host: self.host });
        }
    }
}

/// https, or http on this machine. The message does not show the address, which may hold a secret.
fn address(text: &str) -> Result<(Uri, String), Watching> {
    let wrong = |why: Watching| Watching::Address { why: why.said() };
    let url: Uri = text.parse().map_err(|_| wrong(Watching::NoAddress))?;
    let authority = url.authority().ok_or_else(|| wrong(Watching::NoHost))?;
    if authority.as_str().contains('@') {
        return Err(wrong(Watching::HasPassword));
    }
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let here = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let host = format!("{}://{authority}", url.scheme_str().unwrap_or_default());
    match url.scheme_str() {
        Some("https") => Ok((url, host)),
        Some("http") if here => Ok((url, host)),
        Some("http") => Err(wrong(Watching::NotEncrypted)),
        _ => Err(wrong(Watching::OtherScheme)),
    }
}

impl Sender {
    fn send(&self, parcel: &Parcel) {
        let outcome = self.deliver(parcel);
        self.metrics.delivered(if outcome.is_ok() { Delivery::Delivered } else { Delivery::Failed });
        if let Err(why) = outcome {
            let why = why.said();
            self.terminal.problem(Watching::NotTaken { host: self.host.clone(), id: parcel.id.clone(), why });
        }
    }

    /// Until the receiver accepts it, refuses it for good, or the attempts are used up.
    fn deliver(&self, parcel: &Parcel) -> Result<(), Watching> {
        let mut pause = FIRST_PAUSE;
        for attempt in 1..=ATTEMPTS {
            let why = match self.post(parcel) {
                Ok(status) if (200..300).contains(&status) => return Ok(()),
                // The receiver's fault, or a condition that may pass.
                Ok(status) if status >= 500 || status == 408 || status == 429 => Watching::Answered { status: status.into() },
                Ok(status) => return Err(Watching::Final { status: status.into() }),
                Err(error) => reason(&error),
            };
            if attempt == ATTEMPTS {
                return Err(Watching::Times { why: why.said(), attempts: ATTEMPTS });
            }
            self.metrics.delivered(Delivery::Retried);
            thread::sleep(pause);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        Ok(())
    }

    fn post(&self, parcel: &Parcel) -> Result<u16, Error> {
        let mut request = self
            .agent
            .post(&self.url)
            .header("content-type", "application/json")
            .header("x-tokaido-event", parcel.event)
            .header("x-tokaido-event-id", &parcel.id);
        if let Some(secret) = &self.secret {
            request = request.header("x-tokaido-signature", format!("sha256={}", signature(secret, parcel.body.as_bytes())));
        }
        Ok(request.send(parcel.body.as_bytes())?.status().as_u16())
    }
}

/// HMAC-SHA-256 of the body, in hexadecimal.
fn signature(secret: &[u8], body: &[u8]) -> String {
    // A key of any length is right for HMAC.
    Hmac::<Sha256>::new_from_slice(secret).map(|mac| hex(&mac.chain_update(body).finalize().into_bytes())).unwrap_or_default()
}

/// In words, without the address.
fn reason(error: &Error) -> Watching {
    match error {
        Error::Io(error) => Watching::Io { error: error.into() },
        Error::Timeout(_) => Watching::Timeout,
        Error::HostNotFound => Watching::NameUnknown,
        Error::ConnectionFailed => Watching::NoConnection,
        Error::Rustls(error) => Watching::Untrusted { error: error.to_string() },
        _ => Watching::RequestFailed,
    }
}

#[cfg(test)]
mod tests {
    use super::{address, signature};

    #[test]
    fn only_addresses_that_nobody_else_reads() {
        for good in ["https://hooks.example.com/a?b=c", "http://127.0.0.1:8080/x", "http://[::1]:1/", "http://localhost/"] {
            assert!(address(good).is_ok(), "{good}");
        }
        for bad in
            ["http://hooks.example.com/s3cr3t", "ftp://127.0.0.1/s3cr3t", "s3cr3t", "/s3cr3t", "https://u:s3cr3t@host/", ""]
        {
            let error = address(bad).expect_err(bad);
            assert!(!error.to_string().contains("s3cr3t"), "{error}");
        }
        assert_eq!(address("https://hooks.example.com/services/s3cr3t").expect("good").1, "https://hooks.example.com");
    }

    /// RFC 4231, test case 2.
    #[test]
    fn the_signature_is_the_one_of_the_standard() {
        let signed = signature(b"Jefe", b"what do ya want for nothing?");
        assert_eq!(signed, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}

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
use crate::model::WatchEvent;
use crate::model::digest::hex;
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
        let (url, host) = address(url).map_err(|text| Failure::new(Exit::Usage, text))?;
        let secret = match std::env::var("TOKAIDO_WEBHOOK_SECRET") {
            Ok(secret) => Some(secret).filter(|secret| !secret.is_empty()),
            Err(VarError::NotPresent) => None,
            // Otherwise events would go out unsigned, while the operator who set the secret believes the opposite.
            Err(VarError::NotUnicode(_)) => {
                let text = "TOKAIDO_WEBHOOK_SECRET is not UTF-8, so nothing could be signed with it; next: set it to a text, \
                            such as the hexadecimal digits of a random key, or unset it";
                return Err(Failure::new(Exit::Usage, text));
            }
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
        let outbox = outbox.map_err(|error| Failure::error(format!("the webhook cannot start: {error}")))?;
        Ok(Some(Self { host, signed, outbox, metrics: Arc::clone(metrics), terminal: *terminal }))
    }

    /// Scheme and host, and whether events are signed, for people.
    pub(super) fn described(&self) -> String {
        format!("{}, {}", self.host, if self.signed { "signed" } else { "unsigned" })
    }

    /// Never waits.
    pub(super) fn send(&self, event: &WatchEvent) {
        let parcel = Parcel { id: event.id.clone(), event: event.what.name(), body: json::line(event) };
        if let Err(error) = self.outbox.put(parcel) {
            self.metrics.delivered(Delivery::Dropped);
            let why = if matches!(error, TrySendError::Full(_)) { "too many wait" } else { "nobody sends" };
            self.terminal.problem(&format!("event {} was not sent to {}: {why}; it is recorded", event.id, self.host));
        }
    }

    pub(super) async fn drain(self, patience: Duration) {
        let left = self.outbox.drain(patience).await;
        if left > 0 {
            self.terminal.problem(&format!("{left} events could not be sent to {} before the end; they are recorded", self.host));
        }
    }
}

/// https, or http on this machine. The message does not show the address, which may hold a secret.
fn address(text: &str) -> Result<(Uri, String), String> {
    let wrong = |why: &str| format!("the address of the webhook {why}; it is https://…, or http:// on this machine");
    let url: Uri = text.parse().map_err(|_| wrong("is no address"))?;
    let authority = url.authority().ok_or_else(|| wrong("has no host"))?;
    if authority.as_str().contains('@') {
        return Err(wrong("has a user or a password in it, which others would print; sign with TOKAIDO_WEBHOOK_SECRET instead"));
    }
    let name = authority.host().trim_start_matches('[').trim_end_matches(']');
    let here = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let host = format!("{}://{authority}", url.scheme_str().unwrap_or_default());
    match url.scheme_str() {
        Some("https") => Ok((url, host)),
        Some("http") if here => Ok((url, host)),
        Some("http") => Err(wrong("would be sent without encryption")),
        _ => Err(wrong("is neither https nor http")),
    }
}

impl Sender {
    fn send(&self, parcel: &Parcel) {
        let outcome = self.deliver(parcel);
        self.metrics.delivered(if outcome.is_ok() { Delivery::Delivered } else { Delivery::Failed });
        if let Err(why) = outcome {
            self.terminal.problem(&format!("{} did not take event {}: {why}; it is recorded", self.host, parcel.id));
        }
    }

    /// Until the receiver accepts it, refuses it for good, or the attempts are used up.
    fn deliver(&self, parcel: &Parcel) -> Result<(), String> {
        let mut pause = FIRST_PAUSE;
        for attempt in 1..=ATTEMPTS {
            let why = match self.post(parcel) {
                Ok(status) if (200..300).contains(&status) => return Ok(()),
                // The receiver's fault, or a condition that may pass.
                Ok(status) if status >= 500 || status == 408 || status == 429 => format!("it answered {status}"),
                Ok(status) => return Err(format!("it answered {status}, which trying again does not mend")),
                Err(error) => reason(&error),
            };
            if attempt == ATTEMPTS {
                return Err(format!("{why}, {ATTEMPTS} times"));
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
fn reason(error: &Error) -> String {
    match error {
        Error::Io(error) => error.to_string(),
        Error::Timeout(_) => "no answer in time".to_owned(),
        Error::HostNotFound => "its name is not known".to_owned(),
        Error::ConnectionFailed => "no connection".to_owned(),
        Error::Rustls(error) => format!("no trusted connection: {error}"),
        _ => "the request failed".to_owned(),
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
            assert!(!error.contains("s3cr3t"), "{error}");
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

//! Settings of this machine beside the credentials: which CA is trusted, and which kind of AWS's endpoints is called. The SDK
//! reads the kinds of endpoints and no CA bundle. What cannot be followed is a mistake of the operator, told before any call.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::PathBuf;

use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use tokaido_derive::Reason;

use super::endpoint::Override;
use crate::model::reason::IoReason;

/// A setting of the AWS CLI and of every SDK, as the environment and as a profile spells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub variable: &'static str,
    pub profile: &'static str,
}

pub const CA_BUNDLE: Setting = Setting { variable: "AWS_CA_BUNDLE", profile: "ca_bundle" };
pub const DUAL_STACK: Setting = Setting { variable: "AWS_USE_DUALSTACK_ENDPOINT", profile: "use_dualstack_endpoint" };
pub const FIPS: Setting = Setting { variable: "AWS_USE_FIPS_ENDPOINT", profile: "use_fips_endpoint" };

impl Setting {
    /// Its value in the environment, or else in the profile. An empty one is none, as for the AWS CLI.
    fn value(self, config: &SdkConfig) -> Option<String> {
        // The key has to name a service. None has a value of its own of these settings.
        let key = ServiceConfigKey::builder().service_id("STS").env(self.variable).profile(self.profile).build().ok()?;
        config.service_config()?.load_config(key).filter(|value| !value.trim().is_empty())
    }
}

/// Services that tokaido calls and that have no FIPS endpoint in Tokyo and Osaka. IAM, KMS and EFS have one (the list of
/// endpoints that AWS publishes with its SDKs, August 2026: `fips` variants of ap-northeast-1, ap-northeast-3 and aws-global).
const WITHOUT_FIPS: [&str; 7] = ["Backup", "DynamoDB", "EC2", "RDS", "Redshift", "S3", "STS"];

/// A file larger than this is no CA bundle. That of a whole operating system has a quarter of a megabyte.
const LARGEST: u64 = 16 << 20;

/// A setting that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Mistake {
    #[en(
        "the CA bundle {path} cannot be read: {error}; AWS_CA_BUNDLE, or `ca_bundle` of the profile, has to name a file with CA \
         certificates in PEM form, or to be removed"
    )]
    #[ja(
        "CA バンドル {path} を読み取れません: {error}。AWS_CA_BUNDLE（またはプロファイルの `ca_bundle`）には PEM 形式の CA 証明書の\
         ファイルを指定するか、設定を外してください"
    )]
    BundleUnreadable { path: String, error: IoReason },
    #[en(
        "the CA bundle {path} is not a regular file of at most 16 MiB; AWS_CA_BUNDLE, or `ca_bundle` of the profile, has to name \
         a file with CA certificates in PEM form, or to be removed"
    )]
    #[ja(
        "CA バンドル {path} は 16 MiB 以下の通常のファイルではありません。AWS_CA_BUNDLE（またはプロファイルの `ca_bundle`）には PEM 形式の\
         CA 証明書のファイルを指定するか、設定を外してください"
    )]
    BundleNoFile { path: String },
    #[en(
        "the CA bundle {path} has no certificate that can be used; AWS_CA_BUNDLE, or `ca_bundle` of the profile, has to name a \
         file in PEM form, in which each certificate stands between `-----BEGIN CERTIFICATE-----` and \
         `-----END CERTIFICATE-----`, or to be removed"
    )]
    #[ja(
        "CA バンドル {path} に使える証明書がありません。AWS_CA_BUNDLE（またはプロファイルの `ca_bundle`）には、各証明書が \
         `-----BEGIN CERTIFICATE-----` と `-----END CERTIFICATE-----` の間にある PEM 形式のファイルを指定するか、設定を外してください"
    )]
    BundleEmpty { path: String },
    #[en("{variable}, or `{profile}` of the profile, is `{value}`; it has to be `true` or `false`, or to be removed")]
    #[ja("{variable}（またはプロファイルの `{profile}`）が `{value}` です。`true` か `false` を指定するか、設定を外してください")]
    NoSwitch { variable: &'static str, profile: &'static str, value: String },
    #[en(
        "AWS_USE_FIPS_ENDPOINT, or `use_fips_endpoint` of the profile, is on, and AWS has no FIPS endpoint in Tokyo and Osaka for \
         {services}; no other endpoint is called instead: switch it off to work with this environment"
    )]
    #[ja(
        "AWS_USE_FIPS_ENDPOINT（またはプロファイルの `use_fips_endpoint`）が有効ですが、東京と大阪には {services} の FIPS \
         エンドポイントがありません。代わりに別のエンドポイントを呼び出すことはありません。この環境で作業するには無効にしてください"
    )]
    NoFips { services: Vec<String> },
    #[en(
        "{variable}, or `{profile}` of the profile, is on, and {service} calls are configured to go to {url}; one call has one \
         endpoint: remove one of the two settings"
    )]
    #[ja(
        "{variable}（またはプロファイルの `{profile}`）が有効で、{service} の呼び出し先は {url} にも設定されています。\
         どちらか一方の設定を外してください"
    )]
    TwoEndpoints { variable: &'static str, profile: &'static str, service: &'static str, url: String },
}

impl std::error::Error for Mistake {}

/// Finds a setting of endpoints that cannot be followed.
///
/// # Errors
/// The first mistake.
pub fn check(config: &SdkConfig, overrides: &[Override]) -> Result<(), Mistake> {
    let switches = [(FIPS, config.use_fips()), (DUAL_STACK, config.use_dual_stack())];
    for (setting, on) in switches {
        let Setting { variable, profile } = setting;
        // The SDK passes over a value that it does not understand, and would call the usual endpoint.
        let is_switch = |value: &String| ["true", "false"].iter().any(|word| value.eq_ignore_ascii_case(word));
        if let Some(value) = setting.value(config).filter(|value| !is_switch(value)) {
            return Err(Mistake::NoSwitch { variable, profile, value });
        }
        if let (Some(true), Some(Override { service, url })) = (on, overrides.first()) {
            return Err(Mistake::TwoEndpoints { variable, profile, service, url: url.clone() });
        }
    }
    if config.use_fips() == Some(true) {
        return Err(Mistake::NoFips { services: WITHOUT_FIPS.map(str::to_owned).into() });
    }
    Ok(())
}

/// The certificates of the CAs that are trusted instead of the machine's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// Where they were read.
    pub path: String,
    /// Each in PEM form. The HTTP client can use every one of them.
    pub certificates: Vec<String>,
}

/// The CA bundle that the environment or the profile names.
///
/// # Errors
/// A file that cannot be read, or that has no certificate.
pub fn bundle(config: &SdkConfig) -> Result<Option<Bundle>, Mistake> {
    CA_BUNDLE.value(config).map(|path| Bundle::read(&path)).transpose()
}

impl Bundle {
    /// # Errors
    /// As [`bundle`].
    pub fn read(path: &str) -> Result<Self, Mistake> {
        let (file, path) = (PathBuf::from(path), path.to_owned());
        let unreadable = |error: std::io::Error| Mistake::BundleUnreadable { path: path.clone(), error: error.into() };
        // The path is asked before it is opened: opening a pipe waits for its other end.
        let metadata = fs::metadata(&file).map_err(unreadable)?;
        if !metadata.is_file() || metadata.len() > LARGEST {
            return Err(Mistake::BundleNoFile { path });
        }
        let mut bytes = Vec::new();
        File::open(&file).and_then(|file| file.take(LARGEST).read_to_end(&mut bytes)).map_err(unreadable)?;
        let certificates: Vec<String> = blocks(&String::from_utf8_lossy(&bytes)).filter(|block| usable(block)).collect();
        if certificates.is_empty() { Err(Mistake::BundleEmpty { path }) } else { Ok(Self { path, certificates }) }
    }
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// The certificates of a PEM file, each with its two lines. What stands between them is a comment or something else.
fn blocks(text: &str) -> impl Iterator<Item = String> {
    text.split(BEGIN).skip(1).filter_map(|rest| Some(format!("{BEGIN}{}{END}\n", rest.split_once(END)?.0)))
}

/// Whether the HTTP client takes the certificate. It would panic at another one, and bundles of whole companies have some.
fn usable(block: &str) -> bool {
    let certificate = CertificateDer::from_pem_slice(block.as_bytes());
    certificate.is_ok_and(|certificate| RootCertStore::empty().add(certificate).is_ok())
}

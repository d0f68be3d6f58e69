//! The settings of a machine that every call follows: a CA bundle, dual-stack endpoints, FIPS endpoints.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_types::service_config::{LoadServiceConfig, ServiceConfigKey};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tokaido::aws::connect::connect_with;
use tokaido::aws::endpoint::{Hosts, kind, regional};
use tokaido::aws::inventory::caller::{Protocol, Request, Service};
use tokaido::aws::settings::{self, Bundle, Mistake};
use tokaido::aws::{AwsWorld, ConnectError, Options, http};
use tokaido::model::{Environment, Language, Reason as _, Region};
use tokaido::world::{Changed, ErrorClass, Listener, World as _};

use super::aws_errors::request;
use super::aws_replay::{Hasty, Replay, ok};

const CA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/tls/ca.pem");

const OTHER_CA: &str = "-----BEGIN CERTIFICATE-----\n\
    MIIBgTCCASegAwIBAgIUahD71kfFkNZxigCxSVbwSkevME4wCgYIKoZIzj0EAwIw\n\
    FTETMBEGA1UEAwwKQW5vdGhlciBDQTAgFw0yNjExMzAwNzUzMThaGA8yMTI2MTEw\n\
    NjA3NTMxOFowFTETMBEGA1UEAwwKQW5vdGhlciBDQTBZMBMGByqGSM49AgEGCCqG\n\
    SM49AwEHA0IABI0GovrWlfLKa9JzfqAouz6WqKJsSg1MFbABcaq9y4bugScg6RdI\n\
    2jpx5nOHQuWQoAHPKXOm1KukN+rXlza6j6ijUzBRMB0GA1UdDgQWBBQA2r4jMNH5\n\
    X1OvKyHSNIqjjYhAjDAfBgNVHSMEGDAWgBQA2r4jMNH5X1OvKyHSNIqjjYhAjDAP\n\
    BgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQDiBqfCPIhiOkJUrHUg\n\
    8Sm3JP3Nul97A4ZuvDHtIETM1AIgDltJfCv8LsVLHj2v3v8P2dW5tK7dDm3Sqc4l\n\
    o2R5zbw=\n\
    -----END CERTIFICATE-----\n";

fn options() -> Options {
    Options {
        environment: Environment::Dev,
        assume_role: None,
        bucket: None,
        allow_endpoints: Vec::new(),
        readers: Vec::new(),
        listener: Listener::default(),
    }
}

/// An AWS of its own that shows a certificate of the private CA in `tls/`, valid for 127.0.0.1 and a hundred years.
#[derive(Clone, Default)]
struct Tls {
    /// The services that were called, as their signatures name them.
    services: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Tls {
    fn serve(&self) -> String {
        let certificate = CertificateDer::from(include_bytes!("tls/server.der").to_vec());
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(include_bytes!("tls/server.key.der").to_vec()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
        let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).expect("a pair"));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let this = self.clone();
        thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                this.connections.fetch_add(1, Ordering::SeqCst);
                let (this, config) = (this.clone(), config.clone());
                thread::spawn(move || this.converse(socket, config));
            }
        });
        format!("https://127.0.0.1:{port}")
    }

    /// Answers until the client ends the connection, or refuses the certificate.
    fn converse(&self, socket: TcpStream, config: Arc<ServerConfig>) -> Option<()> {
        let mut stream = StreamOwned::new(ServerConnection::new(config).ok()?, socket);
        loop {
            let head = until_blank_line(&mut stream)?;
            let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
            let mut body = vec![0; length.unwrap_or(0)];
            stream.read_exact(&mut body).ok()?;
            // `Credential=AKID/20261101/ap-northeast-1/sts/aws4_request`
            let service = head.split("aws4_request").next()?.trim_end_matches('/').rsplit('/').next()?.to_owned();
            let answer = reply(&service, &String::from_utf8_lossy(&body));
            self.services.lock().expect("no panic").push(service);
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{answer}", answer.len()).ok()?;
            stream.flush().ok()?;
        }
    }
}

fn until_blank_line(stream: &mut impl Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn reply(service: &str, body: &str) -> String {
    match service {
        "sts" => {
            "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::111111111111:assumed-role/tokaido/x</Arn>\
             <UserId>u</UserId><Account>111111111111</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        }
        "ec2" => "<DescribeVpcsResponse><vpcSet/></DescribeVpcsResponse>",
        "s3" => "<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>",
        "dynamodb" => r#"{"TableNames":[]}"#,
        other => panic!("{other} was called: {body}"),
    }
    .to_owned()
}

/// The configuration of a machine: where it calls, and whom it trusts.
fn machine(url: &str, bundle: Option<&Bundle>) -> SdkConfig {
    let credentials = Credentials::new("AKIDEXAMPLE", "example", None, None, "tls");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(http::client(bundle).expect("a client"))
        .endpoint_url(url)
        .build()
}

static DYNAMODB: Service = Service { iam: "dynamodb", id: "DynamoDB", protocol: Protocol::Json("DynamoDB_20120810") };
static EFS: Service = Service { iam: "elasticfilesystem", id: "EFS", protocol: Protocol::Rest };

fn tables() -> Request {
    Request { service: &DYNAMODB, operation: "ListTables", path: "/", parameters: Vec::new() }
}

async fn calls(world: &AwsWorld) {
    for kind in ["vpc", "bucket"] {
        world.driver(kind, Region::Tokyo).expect("a kind").list().await.expect("an answer");
    }
    world.session().ask("ap-northeast-1", &tables()).await.expect("an answer");
}

#[tokio::test]
async fn every_call_trusts_the_ca_of_the_bundle() {
    let aws = Tls::default();
    let bundle = Bundle::read(CA).expect("a bundle");
    let world = connect_with(&machine(&aws.serve(), Some(&bundle)), &options(), Arc::new(Hasty)).await.expect("STS answered");
    calls(&world).await;
    assert_eq!(*aws.services.lock().expect("no panic"), ["sts", "ec2", "s3", "dynamodb"]);
}

#[tokio::test]
async fn an_unknown_ca_is_named_with_the_setting_that_makes_it_known() {
    let aws = Tls::default();
    let error = connect_with(&machine(&aws.serve(), None), &options(), Arc::new(Hasty)).await.expect_err("not trusted");
    let ConnectError::Provider(error) = error else { panic!("{error}") };
    assert_eq!((error.class, error.changed), (ErrorClass::Untrusted, Changed::No), "{error}");
    assert!(error.message.contains("127.0.0.1 showed a certificate that this machine does not trust"), "{error}");
    assert!(error.message.contains("AWS_CA_BUNDLE names no others"), "{error}");
    assert!(error.next().to_string().contains("AWS_CA_BUNDLE"), "{}", error.next());
    assert!(error.next().say(Language::Ja).contains("AWS_CA_BUNDLE"), "{}", error.next());
    assert!(aws.services.lock().expect("no panic").is_empty(), "nothing was sent");
    assert_eq!(aws.connections.load(Ordering::SeqCst), 1, "a second attempt changes nothing");
}

/// A bundle replaces the CAs of the machine, as for the AWS CLI.
#[tokio::test]
async fn another_bundle_is_named_with_its_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("other.pem");
    std::fs::write(&path, OTHER_CA).expect("written");
    let bundle = Bundle::read(path.to_str().expect("a path")).expect("a bundle");
    let aws = Tls::default();
    let config = machine(&aws.serve(), Some(&bundle));
    let error = connect_with(&config, &options(), Arc::new(Hasty)).await.expect_err("not trusted");
    assert!(error.to_string().contains(&format!("trusted are only the CAs of {}", path.display())), "{error}");
}

/// A write that met an untrusted certificate was not sent: nothing may have changed.
#[tokio::test]
async fn a_write_to_an_untrusted_host_changed_nothing() {
    let config = machine(&Tls::default().serve(), None);
    let session = Replay::new([]).session_of(&config);
    let driver = tokaido::aws::drivers::find("vpc", &session, Region::Tokyo).expect("a kind");
    let error = driver.create(&request("vpc")).await.expect_err("not trusted");
    assert_eq!((error.class, error.changed), (ErrorClass::Untrusted, Changed::No), "{error}");
}

#[test]
fn a_bundle_without_a_certificate_is_a_mistake_with_its_path() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path.to_str().expect("a path").to_owned()
    };
    let good = std::fs::read_to_string(CA).expect("the CA");
    let cases = [
        folder.path().join("absent.pem").to_str().expect("a path").to_owned(),
        folder.path().to_str().expect("a path").to_owned(),
        written("empty.pem", b""),
        written("der.pem", include_bytes!("tls/server.der")),
        written("text.pem", b"not a certificate\n"),
        written("cut.pem", good.split("-----END").next().expect("a part").as_bytes()),
        written("garbage.pem", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
        "/dev/null".to_owned(),
    ];
    for path in cases {
        let mistake = Bundle::read(&path).expect_err("no bundle");
        for language in [Language::En, Language::Ja] {
            let said = mistake.say(language).to_string();
            assert!(said.contains(&path) && said.contains("AWS_CA_BUNDLE") && said.contains("PEM"), "{said}");
        }
    }
    // Comments, other certificates, and one that the library does not take.
    let mixed = format!("# ours\n{good}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{OTHER_CA}");
    assert_eq!(Bundle::read(&written("mixed.pem", mixed.as_bytes())).expect("two").certificates.len(), 2);
}

/// What the environment or the profile of a machine says.
#[derive(Debug, Clone)]
struct Says(BTreeMap<&'static str, String>);

impl LoadServiceConfig for Says {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        self.0.get(key.env()).or_else(|| self.0.get(key.profile())).cloned()
    }
}

fn says(settings: &[(&'static str, &str)]) -> SdkConfig {
    let settings = settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12()).service_config(Says(settings)).build()
}

#[test]
fn the_bundle_is_that_of_the_environment_or_of_the_profile() {
    for name in ["AWS_CA_BUNDLE", "ca_bundle"] {
        assert_eq!(
            settings::bundle(&says(&[(name, CA)])).expect("read").map(|bundle| bundle.path),
            Some(CA.to_owned()),
            "{name}"
        );
        let mistake = settings::bundle(&says(&[(name, "/nowhere/ca.pem")])).expect_err("absent");
        assert!(matches!(mistake, Mistake::BundleUnreadable { ref path, .. } if path == "/nowhere/ca.pem"), "{mistake}");
    }
    for none in [&[][..], &[("AWS_CA_BUNDLE", "")]] {
        assert_eq!(settings::bundle(&says(none)), Ok(None));
    }
}

/// The SDK passes over such a value, and would call the usual endpoint.
#[test]
fn a_switch_that_is_neither_on_nor_off_is_a_mistake() {
    for name in ["AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint", "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"] {
        for value in ["yes", "1", "on", "treu"] {
            let mistake = settings::check(&says(&[(name, value)]), &[]).expect_err("no switch").to_string();
            assert!(mistake.contains(name) && mistake.contains(&format!("`{value}`")), "{mistake}");
        }
        for value in ["true", "FALSE", ""] {
            assert_eq!(settings::check(&says(&[(name, value)]), &[]), Ok(()), "{name}={value}");
        }
    }
}

#[tokio::test]
async fn fips_is_refused_where_aws_has_none_and_dual_stack_beside_another_endpoint() {
    let replay = Replay::new([]);
    let config = replay.config(None).to_builder().use_fips(true).build();
    let error = connect_with(&config, &options(), Arc::new(Hasty)).await.expect_err("refused").to_string();
    assert!(error.contains("no FIPS endpoint in Tokyo and Osaka for Backup, DynamoDB, EC2, RDS, Redshift, S3"), "{error}");
    let local = replay.config(Some("http://127.0.0.1:4566"));
    for (config, name) in [
        (local.to_builder().use_dual_stack(true).build(), "AWS_USE_DUALSTACK_ENDPOINT"),
        (local.to_builder().use_fips(true).build(), "AWS_USE_FIPS_ENDPOINT"),
    ] {
        let error = connect_with(&config, &options(), Arc::new(Hasty)).await.expect_err("two endpoints").to_string();
        assert!(error.contains(name) && error.contains("http://127.0.0.1:4566"), "{error}");
    }
    assert!(replay.seen().is_empty(), "no call before a refusal");
}

/// Where the calls of one session go, by service.
async fn hosts(fips: bool, dual_stack: bool) -> Vec<String> {
    let replay = Replay::answering(|_| ok(""));
    let config = replay.config(None).to_builder().use_fips(fips).use_dual_stack(dual_stack).build();
    let session = replay.clone().once().session_of(&config);
    for (kind, region) in [
        ("vpc", Region::Osaka),
        ("db-subnet-group", Region::Tokyo),
        ("backup-vault", Region::Tokyo),
        ("bucket", Region::Tokyo),
        ("iam-role", Region::Global),
    ] {
        // What is answered is no matter: where it was asked is.
        let _ = tokaido::aws::drivers::find(kind, &session, region).expect("a kind").list().await;
    }
    let _ = session.ask("ap-northeast-1", &tables()).await;
    let files =
        Request { service: &EFS, operation: "DescribeFileSystems", path: "/2015-02-01/file-systems", parameters: Vec::new() };
    let _ = session.ask("ap-northeast-3", &files).await;
    let mut hosts: Vec<String> = replay
        .seen()
        .iter()
        .filter_map(|seen| Some(seen.uri.split_once("://")?.1.split(['/', '?']).next()?.to_owned()))
        .collect();
    hosts.dedup();
    hosts
}

/// The clients of the SDK and the calls without one follow the same rule.
#[tokio::test]
async fn every_call_goes_to_the_kind_of_endpoint_that_is_set() {
    assert_eq!(
        hosts(false, true).await,
        [
            "ec2.ap-northeast-3.api.aws",
            "rds.ap-northeast-1.api.aws",
            "backup.ap-northeast-1.api.aws",
            "s3.dualstack.ap-northeast-1.amazonaws.com",
            "iam.global.api.aws",
            "dynamodb.ap-northeast-1.api.aws",
            "elasticfilesystem.ap-northeast-3.api.aws",
        ]
    );
    assert_eq!(
        hosts(true, false).await,
        [
            "ec2-fips.ap-northeast-3.amazonaws.com",
            "rds-fips.ap-northeast-1.amazonaws.com",
            "backup-fips.ap-northeast-1.amazonaws.com",
            "s3-fips.ap-northeast-1.amazonaws.com",
            "iam-fips.amazonaws.com",
            "dynamodb-fips.ap-northeast-1.amazonaws.com",
            "elasticfilesystem-fips.ap-northeast-3.amazonaws.com",
        ]
    );
    assert_eq!(regional("ec2", "ap-northeast-1", true, true), "https://ec2-fips.ap-northeast-1.api.aws");
}

#[test]
fn awss_dual_stack_domain_is_awss_and_no_other() {
    let hosts = Hosts::new(&[]);
    for (url, accepted, named) in [
        ("https://ec2.ap-northeast-1.api.aws/", true, Some("dual-stack")),
        ("https://iam.global.api.aws", true, Some("dual-stack")),
        ("https://s3.dualstack.ap-northeast-1.amazonaws.com/bucket", true, Some("dual-stack")),
        ("https://kms-fips.ap-northeast-1.amazonaws.com", true, Some("FIPS")),
        ("https://ec2-fips.us-east-1.api.aws", true, Some("FIPS dual-stack")),
        ("https://rds.ap-northeast-1.amazonaws.com", true, None),
        ("https://xapi.aws", false, None),
        ("https://api.aws", false, None),
        ("https://ec2.ap-northeast-1.api.aws.example.com", false, None),
        ("https://ec2.ap-northeast-1.on.aws", false, None),
        ("https://ec2.ap-northeast-1.api.aws@example.com", false, None),
    ] {
        let host = tokaido::aws::endpoint::host(url).expect("a host");
        assert_eq!((hosts.accept(url), kind(&host)), (accepted, named), "{url}");
        assert!(!hosts.accept_override(url), "an override to {url} is named with --allow-endpoint");
    }
}

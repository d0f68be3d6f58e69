//! Projects of any size, for measuring growth: one environment whose tenants each have a network and a database of their own.
//! Everything that does not grow is what the sample project of this repository has: `base.yaml`, promises, roles and policies.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// What is there without any tenant: two networks, the shared database, backups, the store and its roles.
pub const SHARED: usize = 27;

/// A tenant's own VPC, three subnets, two security groups, subnet group, key and database.
pub const OF_A_TENANT: usize = 9;

/// How many tenants make about this many resources: never more resources, and fewer by less than one tenant.
pub const fn tenants(resources: usize) -> usize {
    resources.saturating_sub(SHARED) / OF_A_TENANT
}

const ENVIRONMENT: &str = r#"schema: tokaido/v1
environment: dev
extends: base.yaml
account: "111111111111"
store: { bucket: tokaido-dev-111111111111 }

network:
  cidr: 10.10.0.0/16
  zones: [apne1-az1, apne1-az2, apne1-az4]
  shared: 10.10.0.0/20
  recovery: { cidr: 10.11.0.0/16, zones: [apne3-az1, apne3-az2, apne3-az3] }

databases:
  - { name: catalog, engine: postgres, version: "16", class: db.t4g.micro, storage: { at_least: 20 GiB, up_to: 100 GiB },
      multi_az: false, backup_window: "02:00-02:30 Asia/Tokyo", maintenance_window: "Sun 05:00-05:30 Asia/Tokyo" }

dedicated_database:
  { engine: postgres, version: "16", class: db.t4g.micro, storage: { at_least: 20 GiB, up_to: 100 GiB },
    multi_az: false, backup_window: "01:00-01:30 Asia/Tokyo", maintenance_window: "Sun 06:00-06:30 Asia/Tokyo" }
"#;

/// The first /16 of tenants: above the two networks, so that no block lies in them.
const FIRST: usize = 64;

/// A /16 holds this many blocks of a tenant.
const BLOCKS: usize = 256;

/// Writes the project into a folder that is empty or holds an older estate.
///
/// # Errors
/// When a file cannot be read or written.
///
/// # Panics
/// When 10.0.0.0/8 has no room for so many tenants.
pub fn write(folder: &Path, tenants: usize) -> io::Result<()> {
    assert!(tenants <= (256 - FIRST) * BLOCKS, "10.0.0.0/8 has no room for {tenants} tenants");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let environments = folder.join("environments");
    fs::create_dir_all(environments.join("tenants"))?;
    // The other two environments are not planned; an audit asks whether each has an account of its own.
    for file in ["base.yaml", "staging.yaml", "production.yaml"] {
        fs::copy(repository.join("environments").join(file), environments.join(file))?;
    }
    copy(&repository.join("policies"), &folder.join("policies"))?;
    fs::write(environments.join("dev.yaml"), ENVIRONMENT)?;
    fs::write(environments.join("tenants/dev.yaml"), list(tenants))
}

/// A tenant list is a file of its own, as a long one is in a real project. With 9 values for a tenant 100,000 resources are
/// just within the 100,000 values that one file may hold.
fn list(tenants: usize) -> String {
    let mut text = "tenants:\n".to_owned();
    for index in 0..tenants {
        let (high, low, customer) = (FIRST + index / BLOCKS, index % BLOCKS, index % 250);
        let written = write!(
            text,
            "  - id: {}\n    isolation: vpc\n    cidr: 10.{high}.{low}.0/24\n    database: dedicated\n    \
             ingress_allow:\n      - {{ cidr: 203.0.113.{customer}/32, port: 443 }}\n",
            name(index)
        );
        written.expect("a string takes every text");
    }
    text
}

/// The id of a tenant, counted from 0.
pub fn name(index: usize) -> String {
    format!("acme-{index:05}")
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

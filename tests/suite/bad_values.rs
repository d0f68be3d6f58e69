//! Values that are not accepted: by themselves, beside each other, or against the paper. Each row edits a valid project.

use crate::table::{BASE, DEV, PRODUCTION, STAGING, check, rows};

#[test]
fn single_values() {
    check(&rows! {
        "account without quotes" :: PRODUCTION "account: \"333333333333\"" => "account: ‸333333333333"
            => "unquoted-number": "`333333333333` without quotes is a number", "expected: \"333333333333\", in quotes", "promise: three-environments";
        "account too short" :: DEV "\"111111111111\"" => "‸\"11111111111\""
            => "bad-account": "`11111111111` is not an AWS account id", "twelve digits";
        "account with hyphens" :: DEV "\"111111111111\"" => "‸\"1111-1111-1111\""
            => "bad-account": "1111-1111-1111";
        "role of another form" :: DEV "arn:aws:iam::111111111111:role/tokaido" => "‸tokaido"
            => "bad-role": "the ARN of a role";
        "role of another account" :: DEV "arn:aws:iam::111111111111:role" => "‸arn:aws:iam::222222222222:role"
            => "wrong-account": "account 222222222222", "environment in 111111111111";
        "another schema version" :: BASE "schema: tokaido/v1" => "schema: tokaido/v1\n# below",
            DEV "schema: tokaido/v1" => "schema: ‸tokaido/v2"
            => "bad-schema-version": "expected: `tokaido/v1`";
        "another schema version of a shared file" :: BASE "schema: tokaido/v1" => "schema: ‸tokaido/v2"
            => "bad-schema-version": "expected: `tokaido/v1`";
        "a fourth environment" :: DEV "environment: dev" => "environment: ‸test"
            => "bad-environment": "`dev`, `staging` or `production`";
        "the name of another environment" :: DEV "environment: dev" => "environment: ‸production"
            => "wrong-environment": "`production` is written in the file of dev", "expected: `dev`";
        "third region" :: BASE "recovery: ap-northeast-3" => "recovery: ‸us-east-1"
            => "region-not-allowed": "`us-east-1`", "`ap-northeast-3` (Osaka)", "promise: data-residency";
        "regions the wrong way round" :: BASE "primary: ap-northeast-1" => "primary: ‸ap-northeast-3"
            => "region-not-allowed": "`ap-northeast-1` (Tokyo)";
        "zone of another region" :: PRODUCTION "apne1-az4]" => "‸apne3-az1]"
            => "zone-not-in-region": "`apne3-az1` is not a zone of tokyo (ap-northeast-1)", "promise: data-residency";
        "zone of another region in Osaka" :: PRODUCTION "apne3-az3]" => "‸use1-az3]"
            => "zone-not-in-region": "not a zone of osaka";
        "zone by name" :: PRODUCTION "[apne1-az1," => "[‸ap-northeast-1a,"
            => "zone-not-in-region": "names differ between accounts", "`apne1-az1`";
        "a zone that the region does not have" :: PRODUCTION "apne1-az4]" => "‸apne1-az9]"
            => "zone-not-in-region": "`apne1-az9` is not among the zones of tokyo", "as of 2026-11-30", "`apne1-az4`";
        "a fourth zone of Osaka" :: PRODUCTION "apne3-az3]" => "‸apne3-az4]"
            => "zone-not-in-region": "not among the zones of osaka";
        "a class of no size" :: PRODUCTION "class: db.m7g.large" => "class: ‸db.m9z.huge"
            => "bad-class": "`db.m9z.huge`", "db.m7g.large";
        "a class of a family without a generation" :: PRODUCTION "class: db.m7g.large" => "class: ‸db.large.large"
            => "bad-class": "`db.large.large`";
        "a class that counts from zero" :: PRODUCTION "class: db.m7g.large" => "class: ‸db.m7g.0xlarge"
            => "bad-class": "`db.m7g.0xlarge`";
        "a version far beyond the newest" :: PRODUCTION "version: \"16\"" => "version: ‸\"99\""
            => "bad-version": "RDS has no postgres `99` in the list of 2026-10-20", "\"18\" or \"17\" or \"16\"";
        "a version that was never offered" :: PRODUCTION
            "engine: postgres\n    version: \"16\"" => "engine: mysql\n    version: ‸\"8.2\""
            => "bad-version": "RDS has no mysql `8.2`", "\"8.4\" or \"8.0\"";
        "name with capitals" :: PRODUCTION "name: catalog" => "name: ‸Catalog"
            => "bad-name" among others: "`Catalog`", "lower-case";
        "name with two hyphens" :: PRODUCTION "id: initech" => "id: ‸ini--tech"
            => "bad-name": "`ini--tech`";
        "name too long" :: PRODUCTION "id: initech" => "id: ‸initech-of-the-far-east"
            => "bad-name": "has 23 characters", "at most 20";
        "name is a number" :: PRODUCTION "id: initech" => "id: ‸2026"
            => "unquoted-number": "`2026`";
        "engine" :: PRODUCTION "engine: postgres" => "engine: ‸oracle"
            => "bad-engine": "`oracle`", "`postgres`, `mysql` or `mariadb`";
        "version without quotes" :: PRODUCTION "version: \"16\"" => "version: ‸16.10"
            => "unquoted-number": "\"16.10\", in quotes";
        "version in words" :: PRODUCTION "version: \"16\"" => "version: ‸latest"
            => "bad-version": "`latest`";
        "version with a zero before it" :: PRODUCTION "version: \"16\"" => "version: ‸\"016\""
            => "bad-version": "`016`";
        "three numbers of postgres" :: PRODUCTION "version: \"16\"" => "version: ‸\"16.4.1\""
            => "bad-version": "two numbers since 10", "\"16.4\"";
        "a build of a major version" :: PRODUCTION "version: \"16\"" => "version: ‸\"16-rds.20270115\""
            => "bad-version": "`16-rds.20270115`";
        "a build without its day" :: PRODUCTION "version: \"16\"" => "version: ‸\"16.13-rds.2027\""
            => "bad-version": "`16.13-rds.2027`";
        "a build of a major version of mysql" :: PRODUCTION
            "engine: postgres\n    version: \"16\"" => "engine: mysql\n    version: ‸\"5.7-rds.20240408\""
            => "bad-version": "not a major version of mysql", "8.4";
        "major of mysql" :: PRODUCTION "engine: postgres\n    version: \"16\"" => "engine: mysql\n    version: ‸\"8\""
            => "bad-version": "not a major version of mysql", "8.4";
        "class" :: PRODUCTION "class: db.m7g.large" => "class: ‸m7g.large"
            => "bad-class": "`m7g.large`", "db.m7g.large";
        "size in GB" :: PRODUCTION "100 GiB" => "‸100 GB"
            => "bad-size": "`100 GB`", "expected: `100 GiB`";
        "size without unit" :: PRODUCTION "100 GiB" => "‸100"
            => "bad-size": "`100` is not a size", "promise: capacity-growth";
        "duration without unit" :: BASE "recovery: 35d" => "recovery: ‸35"
            => "bad-duration": "`35`", "`35d`", "promise: point-in-time-recovery";
        "one person alone in production" :: PRODUCTION "dedicated_database:" => "change: { soak: 1h, approvals: ‸1 }\ndedicated_database:"
            => "weaker-than-promised": "`1` would let too few people decide about production", "expected: `2` or more";
        "duration in words" :: BASE "keep: 8d" => "keep: ‸8 days"
            => "bad-duration": "`8 days`", "promise: recovery-copies";
        "window of another zone" :: PRODUCTION "02:00-02:30 Asia/Tokyo" => "02:00-02:30 JST",
            PRODUCTION "backup_window: \"" => "backup_window: ‸\""
            => "bad-window": "`02:00-02:30 JST`";
        "window without zone" :: PRODUCTION "backup_window: \"02:00-02:30 Asia/Tokyo\"" => "backup_window: ‸\"02:00-02:30\""
            => "bad-window": "Asia/Tokyo or UTC", "promise: point-in-time-recovery";
        "window without day" :: PRODUCTION "maintenance_window: \"Sun 05:00-05:30" => "maintenance_window: ‸\"05:00-05:30"
            => "bad-window": "weekly window";
        "window too short" :: PRODUCTION "backup_window: \"02:00-02:30" => "backup_window: ‸\"02:00-02:20"
            => "window-too-short": "has 20 minutes", "at least 30";
        "time of day" :: BASE "at: \"03:00 Asia/Tokyo\"" => "at: ‸\"3am\""
            => "bad-time": "`3am`";
        "port" :: PRODUCTION "port: 443" => "port: ‸70000"
            => "bad-port": "1 to 65535", "promise: tenant-ingress";
        "block with host bits" :: PRODUCTION "cidr: 10.30.32.0/20" => "cidr: ‸10.30.33.0/20"
            => "host-bits": "`10.30.33.0/20` has bits set", "`10.30.32.0/20`", "promise: tenant-isolation";
        "no block" :: PRODUCTION "cidr: 10.30.32.0/20" => "cidr: ‸10.30.32.0"
            => "bad-cidr": "`10.30.32.0`";
        "block of IPv6" :: PRODUCTION "203.0.113.0/24" => "‸2001:db8::/32"
            => "bad-cidr" among others: "IPv4";
        "day that does not exist" :: DEV "2027-03-31" => "‸2027-02-30"
            => "bad-date": "`2027-02-30`";
        "empty reason" :: DEV "reason: \"cost; no customer data\"" => "reason: ‸\"\""
            => "empty-text": "the text is empty";
        "encryption not required" :: BASE "at_rest: required" => "at_rest: ‸optional"
            => "weaker-than-promised": "`optional`", "promise: encryption-at-rest";
        "TLS not required" :: BASE "in_transit: required" => "in_transit: ‸preferred"
            => "weaker-than-promised": "promise: encryption-in-transit";
        "another clock" :: BASE "source: amazon-time-sync" => "source: ‸pool.ntp.org"
            => "weaker-than-promised": "`amazon-time-sync`", "promise: clock";
        "another time zone" :: BASE "zone: UTC" => "zone: ‸Asia/Tokyo"
            => "weaker-than-promised": "`UTC`", "promise: clock";
        "bucket with capitals" :: PRODUCTION "tokaido-production-333333333333" => "‸Tokaido-Production"
            => "bad-bucket": "`Tokaido-Production` is not a name that S3 accepts", "63 lower-case letters";
        "bucket with dots" :: DEV "tokaido-dev-111111111111" => "‸records.dev"
            => "bad-bucket": "`records.dev`";
        "bucket too short" :: DEV "tokaido-dev-111111111111" => "‸ab"
            => "bad-bucket": "3 to 63";
        "bucket of S3's own" :: DEV "tokaido-dev-111111111111" => "‸records-s3alias"
            => "bad-bucket": "reserved by S3";
        "bucket of another environment" :: STAGING "tokaido-staging-222222222222" => "‸tokaido-dev-111111111111"
            => "same-bucket": "also that of dev", "a bucket for each environment", "promise: three-environments";
        "store without a bucket" :: DEV "store: { bucket: tokaido-dev-111111111111 }" => "‸store: {}"
            => "missing-key": "`store.bucket` is missing";
        "everybody may read" :: DEV "bucket: tokaido-dev-111111111111 }" => "bucket: tokaido-dev-111111111111, access: { reader: [‸\"*\"] } }"
            => "bad-principal": "`*` cannot be trusted", "the ARN of a role";
        "a service may apply" :: DEV "bucket: tokaido-dev-111111111111 }" => "bucket: tokaido-dev-111111111111, access: { applier: [‸ec2.amazonaws.com] } }"
            => "bad-principal": "`ec2.amazonaws.com`";
        "nobody may read" :: DEV "bucket: tokaido-dev-111111111111 }" => "bucket: tokaido-dev-111111111111, ‸access: { reader: [] } }"
            => "empty-access": "`reader` names no principal";
        "isolation of another kind" :: PRODUCTION "isolation: subnets" => "isolation: ‸none"
            => "bad-isolation": "`subnets`", "or `vpc`", "`database: dedicated`", "promise: tenant-isolation";
        "approvals" :: BASE "approvals: 2" => "approvals: ‸0"
            => "bad-count": "from 1";
        "database of a tenant" :: PRODUCTION "    database: dedicated" => "    database: ‸own"
            => "wrong-type": "`dedicated`, or `{ shared: catalog }`";
    });
}

#[test]
fn addresses() {
    check(&rows! {
        "two tenants in one block" :: PRODUCTION "cidr: 10.30.48.0/20" => "cidr: ‸10.30.32.0/21"
            => "overlapping-cidr": "`10.30.32.0/21` overlaps `10.30.32.0/20` of tenant `globex`", "promise: tenant-isolation";
        "tenant in the shared block" :: PRODUCTION "cidr: 10.30.32.0/20" => "cidr: ‸10.30.8.0/24"
            => "overlapping-cidr": "of shared services";
        "tenant outside the network" :: PRODUCTION "cidr: 10.30.32.0/20" => "cidr: ‸10.40.32.0/20"
            => "outside-network": "does not lie inside `network.cidr`", "`10.30.0.0/16`";
        "shared block outside the network" :: PRODUCTION "shared: 10.30.0.0/20" => "shared: ‸10.50.0.0/20"
            => "outside-network": "`10.50.0.0/20`";
        "block too small" :: PRODUCTION "cidr: 10.30.32.0/20" => "cidr: ‸10.30.32.0/25"
            => "block-size": "is a /25", "from /16 to /24";
        "network too large" :: PRODUCTION "cidr: 10.30.0.0/16" => "cidr: ‸10.0.0.0/8",
            PRODUCTION "10.31.0.0/16" => "172.20.0.0/16",
            PRODUCTION "cidr: 10.40.0.0/20" => "cidr: 172.21.0.0/20"
            => "block-size": "is a /8";
        "Osaka in Tokyo's addresses" :: PRODUCTION "10.31.0.0/16" => "‸10.30.128.0/17"
            => "overlapping-cidr": "of the network in Tokyo";
        "public addresses" :: PRODUCTION "10.31.0.0/16" => "‸11.31.0.0/16"
            => "public-addresses": "10.0.0.0/8";
        "one zone" :: PRODUCTION "zones: [apne1-az1, apne1-az2, apne1-az4]" => "‸zones: [apne1-az1]"
            => "zone-count": "1 zones", "two or three";
        "four zones" :: PRODUCTION "zones: [apne1-az1, apne1-az2, apne1-az4]" => "‸zones: [apne1-az1, apne1-az2, apne1-az3, apne1-az4]"
            => "zone-count": "4 zones";
        "a zone twice" :: PRODUCTION "apne1-az4]" => "‸apne1-az1]"
            => "duplicate-zone": "`apne1-az1` is written twice";
        "another tenant's block" :: PRODUCTION "203.0.113.0/24" => "‸10.30.32.0/20"
            => "tenant-names-tenant": "`10.30.32.0/20` is an address inside the service: tenant `globex`", "promise: tenant-isolation";
        "a part of the tenant's own block" :: PRODUCTION "203.0.113.0/24" => "‸10.40.1.0/24"
            => "tenant-names-tenant": "tenant `acme`";
        "the shared block" :: PRODUCTION "203.0.113.0/24" => "‸10.30.0.0/24"
            => "tenant-names-tenant": "shared services";
        "a free part of the network" :: PRODUCTION "203.0.113.0/24" => "‸10.30.240.0/24"
            => "tenant-names-tenant": "the network in Tokyo";
        "around the network" :: PRODUCTION "203.0.113.0/24" => "‸10.0.0.0/8"
            => "tenant-names-tenant": "`10.0.0.0/8`";
        "everybody" :: PRODUCTION "203.0.113.0/24" => "‸0.0.0.0/0"
            => "source-too-wide": "admits everybody", "promise: tenant-ingress";
        "a source twice" :: PRODUCTION "192.0.2.16/28" => "‸198.51.100.0/25"
            => "duplicate-rule": "allowed twice";
    });
}

#[test]
fn a_vpc_of_its_own() {
    check(&rows! {
        "a shared database" :: PRODUCTION "    isolation: vpc\n    cidr: 10.40.0.0/20\n    database: dedicated" => "    isolation: vpc\n    cidr: 10.40.0.0/20\n    ‸database: { shared: catalog }"
            => "vpc-needs-dedicated": "tenant `acme` has a VPC of its own", "`catalog` cannot be reached", "`database: dedicated`, or `isolation: subnets`", "`isolation` is written here: environments/production.yaml", "promise: tenant-isolation";
        "inside the network" :: PRODUCTION "cidr: 10.40.0.0/20" => "cidr: ‸10.30.16.0/20"
            => "vpc-inside-network": "`10.30.16.0/20` overlaps `network.cidr`", "tenant `acme`", "a block outside `10.30.0.0/16` and `10.31.0.0/16`, or `isolation: subnets`", "the network is written here", "promise: tenant-isolation";
        "in the shared block" :: PRODUCTION "cidr: 10.40.0.0/20" => "cidr: ‸10.30.0.0/22"
            => "vpc-inside-network": "`network.cidr`";
        "in the block of a tenant in subnets" :: PRODUCTION "cidr: 10.40.0.0/20" => "cidr: ‸10.30.32.0/20"
            => "vpc-inside-network": "`network.cidr`";
        "in the network of Osaka" :: PRODUCTION "cidr: 10.40.0.0/20" => "cidr: ‸10.31.64.0/20"
            => "vpc-inside-network": "overlaps `network.recovery.cidr`", "promise: tenant-isolation";
        "two tenants in one" :: PRODUCTION "    isolation: subnets\n    cidr: 10.30.48.0/20\n    database: { shared: catalog }" => "    isolation: vpc\n    cidr: ‸10.40.8.0/21\n    database: dedicated"
            => "overlapping-cidr": "`10.40.8.0/21` overlaps `10.40.0.0/20` of tenant `acme`", "promise: tenant-isolation";
        "around the other" :: PRODUCTION "    isolation: subnets\n    cidr: 10.30.48.0/20\n    database: { shared: catalog }" => "    isolation: vpc\n    cidr: ‸10.40.0.0/16\n    database: dedicated"
            => "overlapping-cidr": "`10.40.0.0/16` overlaps `10.40.0.0/20` of tenant `acme`";
        "too small" :: PRODUCTION "cidr: 10.40.0.0/20" => "cidr: ‸10.40.0.0/26"
            => "block-size": "is a /26", "from /16 to /24";
        "too large" :: PRODUCTION "cidr: 10.40.0.0/20" => "cidr: ‸172.16.0.0/12"
            => "block-size": "is a /12", "from /16 to /24";
        "public addresses" :: PRODUCTION "cidr: 10.40.0.0/20" => "cidr: ‸203.0.0.0/20",
            PRODUCTION "203.0.113.0/24" => "192.0.2.0/28"
            => "public-addresses": "`203.0.0.0/20` holds public addresses", "10.0.0.0/8";
        "moved back without its block" :: STAGING "isolation: vpc" => "isolation: subnets",
            STAGING "cidr: 10.41.0.0/20" => "cidr: ‸10.41.0.0/20"
            => "outside-network": "`10.41.0.0/20` does not lie inside `network.cidr`";
        "no form of its database" :: DEV "    isolation: subnets\n    cidr: 10.10.16.0/20\n    database: { shared: catalog }" => "    isolation: vpc\n    cidr: 10.42.0.0/20\n    database: ‸dedicated"
            => "no-dedicated-database": "tenant `acme`";
        "a source in another tenant's VPC" :: PRODUCTION "198.51.100.0/25" => "‸10.40.3.0/24"
            => "tenant-names-tenant": "tenant `acme`", "nothing passes between tenants";
        "the plural" :: PRODUCTION "isolation: vpc" => "isolation: ‸vpcs"
            => "bad-isolation" among others: "`vpcs`", "or `vpc`";
    });
}

#[test]
fn names_and_references() {
    check(&rows! {
        "two tenants of one id" :: PRODUCTION "id: initech" => "id: ‸globex"
            => "duplicate-name": "two tenants are called `globex`", "first written here";
        "two databases of one name" :: PRODUCTION "databases:\n" => "databases:\n  - { name: catalog, engine: mysql, version: \"8.4\", class: db.m7g.large, storage: { at_least: 20 GiB, up_to: 1 TiB }, multi_az: true, backup_window: \"02:00-02:30 Asia/Tokyo\", maintenance_window: \"Sun 05:00-05:30 Asia/Tokyo\" }\n",
            PRODUCTION "- name: catalog" => "- name: ‸catalog"
            => "duplicate-name": "two databases are called `catalog`";
        "tenant and database of one name" :: PRODUCTION "  - id: initech" => "  - ‸id: catalog"
            => "duplicate-name": "also asks for `security-group.catalog@tokyo`", "first asked for here";
        "reserved id" :: PRODUCTION "id: initech" => "id: ‸shared"
            => "reserved-name" among others: "`shared` is a name of the environment itself";
        "database that does not exist" :: PRODUCTION "database: { shared: catalog }" => "database: { shared: ‸catalogue }"
            => "unknown-database": "no database `catalogue`", "expected: `catalog`";
        "dedicated without a form" :: DEV "database: { shared: catalog }" => "database: ‸dedicated"
            => "no-dedicated-database": "tenant `acme` has a dedicated database", "`dedicated_database:`";
        "physical name too long" :: PRODUCTION "  - name: catalog\n" => "  - name: catalog\n    physical_name: ‸the-catalog-database-of-the-company-that-was-bought-in-the-year-2019\n"
            => "illegal-name": "the name of `db-instance.catalog@tokyo` in AWS", "has 68 characters";
        "physical name not legal" :: PRODUCTION "  - name: catalog\n" => "  - name: catalog\n    physical_name: ‸Legacy_Catalog\n"
            => "illegal-name": "contains `_`", "RDS accepts";
        "physical name of another database" :: PRODUCTION "  - name: catalog\n" => "  - name: catalog\n    physical_name: ‸production-acme-db\n"
            => "duplicate-name": "`db-instance.acme-db@tokyo`";
        "one account for two environments" :: STAGING "account: \"222222222222\"" => "account: ‸\"111111111111\"",
            STAGING "iam::222222222222" => "iam::111111111111"
            => "same-account": "also that of dev", "promise: three-environments";
    });
}

#[test]
fn numbers_of_the_paper() {
    check(&rows! {
        "35 days weakened" :: BASE "recovery: 35d" => "recovery: ‸34d"
            => "weaker-than-promised": "`point_in_time_recovery` is `34d`", "`35d` or more", "promise: point-in-time-recovery";
        "more than RDS keeps" :: BASE "recovery: 35d" => "recovery: ‸36d"
            => "above-limit": "`35d` or less";
        "a copy without a lifecycle" :: BASE "recovery_copies: { keep: 7d, arrival_margin: 1d }" => "‸recovery_copies: { arrival_margin: 1d }"
            => "missing-key": "`protection.recovery_copies.keep` is missing", "`keep: 7d`", "promise: recovery-copies";
        "copies below seven days" :: BASE "{ keep: 7d," => "{ keep: ‸6d,"
            => "weaker-than-promised": "is `6d`", "promise: recovery-copies";
        "copies that may not be late" :: BASE "arrival_margin: 1d" => "arrival_margin: ‸0d"
            => "weaker-than-promised": "`arrival_margin` is `0d`", "`1d` or more", "less than 7 days (clause 12)", "promise: recovery-copies";
        "copies without a margin" :: BASE "{ keep: 7d, arrival_margin: 1d }" => "{ keep: ‸7d }"
            => "weaker-than-promised": "there is no `arrival_margin`", "`1d` or more";
        "snapshots not daily" :: BASE "every: 1d" => "every: ‸2d"
            => "not-daily": "every `2d`";
        "snapshots kept for a day" :: BASE "keep: 8d" => "keep: ‸1d"
            => "snapshot-lifecycle": "`1d`";
        "rotation" :: BASE "key_rotation: 365d" => "key_rotation: ‸30d"
            => "key-rotation": "`90d` to `365d`";
        "logs below twelve months" :: BASE "keep: 400d" => "keep: ‸365d"
            => "weaker-than-promised": "`365d`", "29 February";
        "logs in a number CloudWatch refuses" :: BASE "keep: 400d" => "keep: ‸500d"
            => "above-limit": "`545d`";
        "short notice" :: BASE "notice: 7d" => "notice: ‸3d"
            => "weaker-than-promised": "`7d` or more (clause 10)";
        "storage the wrong way round" :: PRODUCTION "at_least: 100 GiB, up_to: 1 TiB" => "at_least: ‸2 TiB, up_to: 1 TiB"
            => "storage-range": "`at_least: 2 TiB` is more than `up_to: 1 TiB`", "promise: capacity-growth";
        "storage that cannot grow" :: PRODUCTION "at_least: 100 GiB, up_to: 1 TiB" => "at_least: 100 GiB, up_to: ‸100 GiB"
            => "no-room-to-grow": "110 GiB or more";
        "storage too small" :: PRODUCTION "at_least: 100 GiB" => "at_least: ‸5 GiB"
            => "storage-size": "20 GiB to 64 TiB";
        "overlapping windows" :: PRODUCTION "maintenance_window: \"Sun 05:00-05:30" => "maintenance_window: ‸\"Sun 01:45-02:15"
            => "overlapping-windows": "`Sun 01:45-02:15 Asia/Tokyo`", "the backup window is written here";
        "divergence without a reason" :: DEV "- { promise: point-in-time-recovery, value: 7d, reason: \"cost; no customer data\"," => "- ‸{ promise: point-in-time-recovery, value: 7d,"
            => "missing-key": "`divergences[0].reason` is missing";
        "divergence past its date" :: DEV "until: 2027-03-31" => "until: ‸2026-10-31"
            => "divergence-expired": "ended on 2026-10-31; today is 2026-11-01", "promise: point-in-time-recovery";
        "exception of one of our regions" :: PRODUCTION "tenants:\n" => "exceptions:\n  - { what: ‸ap-northeast-1, reason: closed, owner: me, until: 2099-03-31 }\ntenants:\n"
            => "bad-exception": "`ap-northeast-1`", "`closed-regions`, or the code of one region other than Tokyo and Osaka";
        "exception of a promise" :: PRODUCTION "tenants:\n" => "exceptions:\n  - { what: ‸data-residency, reason: cost, owner: me, until: 2099-03-31 }\ntenants:\n"
            => "bad-exception": "`data-residency` is not something that an exception can accept";
        "exception of a region by another spelling" :: DEV "divergences:\n" => "exceptions:\n  - { what: ‸US-EAST-1, reason: closed, owner: me, until: 2099-03-31 }\ndivergences:\n"
            => "bad-exception": "`US-EAST-1`";
        "exception twice" :: PRODUCTION "tenants:\n" => "exceptions:\n  - { what: us-east-1, reason: closed, owner: me, until: 2099-03-31 }\n  - { what: ‸us-east-1, reason: closed, owner: me, until: 2099-03-31 }\ntenants:\n"
            => "duplicate-exception": "`us-east-1` is accepted twice", "one entry for one thing";
        "exception without a reason" :: PRODUCTION "tenants:\n" => "exceptions:\n  - ‸{ what: us-east-1, owner: me, until: 2099-03-31 }\ntenants:\n"
            => "missing-key": "`exceptions[0].reason` is missing";
        "divergence in production" :: PRODUCTION "tenants:\n" => "divergences:\n  - ‸{ promise: recovery-copies, value: 1d, reason: cost, owner: me, until: 2027-03-31 }\ntenants:\n"
            => "divergence-in-production": "production keeps `recovery-copies`";
        "divergence of nothing" :: DEV "promise: point-in-time-recovery" => "promise: ‸point-in-time"
            => "unknown-promise": "no promise `point-in-time`", "`point-in-time-recovery`";
        "divergence of what has no number" :: DEV "promise: point-in-time-recovery" => "promise: ‸encryption-at-rest"
            => "divergence-not-possible": "no number", "promise: encryption-at-rest";
        "divergence that switches backups off" :: DEV "value: 7d" => "value: ‸0d"
            => "divergence-too-low": "switch backups off";
        "divergence that lowers nothing" :: DEV "value: 7d" => "value: ‸35d"
            => "divergence-without-effect": "less than `35d`";
        "divergence twice" :: DEV "divergences:\n" => "divergences:\n  - { promise: point-in-time-recovery, value: 3d, reason: cost, owner: me, until: 2027-03-31 }\n",
            DEV "promise: point-in-time-recovery, value: 7d" => "promise: ‸point-in-time-recovery, value: 7d"
            => "duplicate-divergence": "diverges twice";
    });
}

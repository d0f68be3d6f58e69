"""What the suite expects, in one place: the command line, and the numbers and names of the environment files."""

ENVIRONMENTS = {
    # Days of point-in-time recovery: 35, unless the environment declares a divergence.
    "dev": {"account": "111111111111", "retention": 7},
    "staging": {"account": "222222222222", "retention": 35},
    "production": {"account": "333333333333", "retention": 35},
}

# The bucket that each environment file names.
BUCKET = "tokaido-{env}-{account}"

TOKYO = "ap-northeast-1"
OSAKA = "ap-northeast-3"
TIME_SYNC = "169.254.169.123"
# Seven days in Osaka and a day to arrive: AWS counts from the creation of the source.
OSAKA_DAYS = 8

# The command line. `{env}` is the environment.
PLAN = ["plan", "{env}", "--detailed-exitcode", "--stats"]
BOOTSTRAP = ["bootstrap", "{env}", "--yes", "--stats"]
APPLY = ["apply", "{env}", "--yes", "--stats", "--emergency", "the wire is under test"]
DRIFT = ["drift", "{env}", "--format", "json", "--stats"]

WATCH = ["watch", "{env}", "--once"]
AUDIT = ["audit", "{env}", "--format", "json", "--stats"]

EXIT_DONE, EXIT_ERROR, EXIT_CHANGES, EXIT_DRIFT, EXIT_BROKEN, EXIT_REFUSED, EXIT_UNKNOWN = 0, 1, 2, 3, 4, 5, 8

# In the output of `--stats`.
MUTATING = r"mutating calls: (\d+)"
CALLS = r"^  (\w+:\w+) +(\d+)(  changing)?$"

# Objects that cost a read of their own, as docs/read-budget.md calls them.
TAGGED = ("buckets", "keys", "subnet groups", "parameter groups", "vaults", "plans")
PATHS = ("prefix lists", "regions with an attached network", "transit gateway tables")
COUNTED = (*TAGGED, *(f"all {what}" for what in TAGGED), "vpcs", "all selections", "roles", *PATHS)

# What `drift` names when a promise is broken: the resource's id and the attributes that differ.
DRIFTED = {
    "encrypted and private": ("db-instance.catalog@tokyo", {"publicly_accessible"}),
    "point-in-time recovery": ("db-instance.catalog@tokyo", {"backup_retention_days"}),
    "copies in Osaka": ("backup-plan.main@tokyo", {"copies"}),
    "tenants are apart": ("security-group.acme@tokyo", {"rules"}),
    "one clock": ("vpc.main@tokyo", {"dhcp_options"}),
    "records are private": ("bucket.store@tokyo", {"public_access_block"}),
    "records stay": ("bucket.store@tokyo", {"policy"}),
    "records do not expire": ("bucket.store@tokyo", {"lifecycle"}),
}

# What `audit` calls broken when a promise is broken: the promises of the paper, by slug.
BROKEN = {
    "encrypted and private": {"encryption-in-transit", "cryptographic-controls"},
    "point-in-time recovery": {"point-in-time-recovery"},
    "copies in Osaka": {"recovery-copies"},
    "tenants are apart": {"tenant-ingress"},
    "one clock": {"clock"},
    "records are private": {"evidence-protection"},
    "records stay": {"evidence-protection"},
    "records do not expire": {"evidence-protection"},
}


def broken(environment, promise):
    """An address that no customer named breaks the promise about addresses. That a packet arrives takes a sender as well."""
    return BROKEN[promise]

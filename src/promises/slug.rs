//! Slugs that the code speaks of. Each must be in `policies/promises.yaml`.

pub const DATA_RESIDENCY: &str = "data-residency";
pub const LABELLING: &str = "labelling";
pub const TENANT_INGRESS: &str = "tenant-ingress";
pub const ENCRYPTION_AT_REST: &str = "encryption-at-rest";
pub const ENCRYPTION_IN_TRANSIT: &str = "encryption-in-transit";
pub const CHANGE_NOTICE: &str = "change-notice";
pub const CAPACITY_GROWTH: &str = "capacity-growth";
pub const POINT_IN_TIME_RECOVERY: &str = "point-in-time-recovery";
pub const RECOVERY_COPIES: &str = "recovery-copies";
pub const EVENT_LOGS: &str = "event-logs";
pub const CLOCK: &str = "clock";
pub const TENANT_ISOLATION: &str = "tenant-isolation";
pub const THREE_ENVIRONMENTS: &str = "three-environments";
pub const INCIDENT_NOTICE: &str = "incident-notice";
pub const ACCESS_LOGS: &str = "access-logs";
pub const CRYPTOGRAPHIC_CONTROLS: &str = "cryptographic-controls";
pub const VIRTUAL_SEPARATION: &str = "virtual-separation";

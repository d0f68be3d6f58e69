//! Slugs of the promises that the code names. Each must be in `policies/promises.yaml`.

/// Clause 2: data stays in the two regions.
pub const DATA_RESIDENCY: &str = "data-residency";
/// Clause 3: every resource carries its labels.
pub const LABELLING: &str = "labelling";
/// Clause 6: only the addresses that a tenant names are admitted.
pub const TENANT_INGRESS: &str = "tenant-ingress";
/// Clause 8: stored data is encrypted.
pub const ENCRYPTION_AT_REST: &str = "encryption-at-rest";
/// Clause 8: connections are encrypted.
pub const ENCRYPTION_IN_TRANSIT: &str = "encryption-in-transit";
/// Clause 10: notice before a change.
pub const CHANGE_NOTICE: &str = "change-notice";
/// Clause 11: capacity grows before it ends.
pub const CAPACITY_GROWTH: &str = "capacity-growth";
/// Clause 12: databases can be restored to a moment of the past.
pub const POINT_IN_TIME_RECOVERY: &str = "point-in-time-recovery";
/// Clause 12: backups are copied to Osaka.
pub const RECOVERY_COPIES: &str = "recovery-copies";
/// Clause 13: events are logged.
pub const EVENT_LOGS: &str = "event-logs";
/// Clause 14: clocks follow Amazon Time Sync, in UTC.
pub const CLOCK: &str = "clock";
/// Clause 16: tenants are kept apart.
pub const TENANT_ISOLATION: &str = "tenant-isolation";
/// Clause 18: dev, staging and production have accounts of their own.
pub const THREE_ENVIRONMENTS: &str = "three-environments";
/// Clause 20: notice of an incident.
pub const INCIDENT_NOTICE: &str = "incident-notice";
/// Clause 22: the records are protected.
pub const EVIDENCE_PROTECTION: &str = "evidence-protection";
/// Clause 25: access logs are kept.
pub const ACCESS_LOGS: &str = "access-logs";
/// Clause 26: judged by what clause 8 is judged by.
pub const CRYPTOGRAPHIC_CONTROLS: &str = "cryptographic-controls";
/// Clause 30: judged by what clause 16 is judged by.
pub const VIRTUAL_SEPARATION: &str = "virtual-separation";

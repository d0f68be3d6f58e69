//! How fast gp3 storage is by itself, and from which size on RDS wants to be told. From the guide's table of gp3 storage
//! (`CHAP_Storage`), field notes 3.1 and 20.

/// How fast storage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Performance {
    /// Operations in a second.
    pub iops: i64,
    /// MiB in a second.
    pub throughput: i64,
}

/// What storage has that RDS spreads over several volumes; it may be told up to `MOST`.
pub const SPREAD: Performance = Performance { iops: 12_000, throughput: 500 };
/// The most that RDS accepts for such storage.
pub const MOST: Performance = Performance { iops: 64_000, throughput: 4_000 };
/// What smaller storage has. RDS accepts no other numbers for it, nor these.
pub const SINGLE: Performance = Performance { iops: 3_000, throughput: 125 };

/// The least that storage of this size has, where RDS wants to be told at every change of the storage; `None` where it refuses to
/// be told. `gib`: GiB.
#[must_use]
pub fn told(engine: &str, storage_type: &str, gib: i64) -> Option<Performance> {
    let from = match engine {
        "mysql" | "mariadb" | "postgres" => 400,
        oracle if oracle.starts_with("oracle-") => 200,
        _ => return None,
    };
    (storage_type == GP3 && gib >= from).then_some(SPREAD)
}

/// The type of storage that tokaido declares.
pub const GP3: &str = "gp3";

//! How much of a long property runs: a tenth in `make test` and CI, all of it in `make soak`. Which tenth never changes.

use std::sync::LazyLock;

use proptest::test_runner::{Config, RngSeed};

/// `TOKAIDO_SOAK=1` runs everything. It is read here alone.
#[expect(clippy::disallowed_methods, reason = "whoever runs the tests says how much of them")]
static WHOLE: LazyLock<bool> = LazyLock::new(|| match std::env::var("TOKAIDO_SOAK").as_deref() {
    Ok("1") => true,
    Err(std::env::VarError::NotPresent) | Ok("" | "0") => false,
    other => panic!("TOKAIDO_SOAK is 1 or absent, not {other:?}"),
});

const PART: u32 = 10;

/// How many of so many cases run. Cases come from a fixed seed, so the tenth is always the first ones.
pub fn cases(whole: u32) -> u32 {
    if *WHOLE { whole } else { whole.div_ceil(PART) }
}

/// The first of every ten, for what counts its own seeds and trials.
pub fn some<T>(whole: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
    let step = if *WHOLE { 1 } else { PART };
    whole.into_iter().step_by(usize::try_from(step).expect("small"))
}

/// All of them in `make soak`, else the one whose turn it is: for a product of two lists of which every member must be seen.
pub fn turn<T: Copy>(list: &[T], turn: usize) -> Vec<T> {
    if *WHOLE { list.to_vec() } else { vec![list[turn % list.len()]] }
}

/// For `proptest!`: so many cases from this seed, and no files beside the sources.
pub fn seeded(cases: u32, seed: u64) -> Config {
    Config { cases, failure_persistence: None, rng_seed: RngSeed::Fixed(seed), ..Config::default() }
}

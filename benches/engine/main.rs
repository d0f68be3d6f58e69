//! `make bench`: what the engine costs at 1,000, 10,000 and 100,000 resources, as lines `bench NAME VALUE UNIT`.
//!
//! ```text
//! cargo bench --bench engine                    everything
//! cargo bench --bench engine -- pure 1000       the pure part at these sizes
//! cargo bench --bench engine -- sandbox 1000    the binary in the simulated world at these sizes
//! cargo bench --bench engine -- reach           the proof of isolation
//! ```
//!
//! docs/performance.md says what each figure includes.

mod child;
mod clean;
mod commands;
mod converged;
mod estate;
mod measure;
mod pure;
mod reach;

use std::path::Path;

use mimalloc::MiMalloc;

use measure::Figures;

/// The product's.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const PURE: &[usize] = &[1_000, 10_000, 100_000];
const SANDBOX: &[usize] = &[1_000, 10_000];

fn main() {
    // cargo says `--bench` to every benchmark.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match &words[..] {
        [child::WORLD, project, out] => child::write_world(Path::new(project), Path::new(out)),
        [child::PLAN, project, world] => child::plan(Path::new(project), Path::new(world), false),
        [child::PLAN, project, world, "recorded"] => child::plan(Path::new(project), Path::new(world), true),
        [] => {
            measured(PURE, SANDBOX);
            reach::measure(&mut Figures::default());
        }
        ["reach"] => reach::measure(&mut Figures::default()),
        ["pure", sizes @ ..] => measured(&wanted(sizes, PURE), &[]),
        ["sandbox", sizes @ ..] => measured(&[], &wanted(sizes, SANDBOX)),
        other => panic!("{other:?}: nothing, `reach`, or `pure` or `sandbox` with sizes"),
    }
}

fn wanted(sizes: &[&str], all: &[usize]) -> Vec<usize> {
    let number = |size: &&str| size.parse().unwrap_or_else(|_| panic!("`{size}` is no number of resources"));
    if sizes.is_empty() { all.to_vec() } else { sizes.iter().map(number).collect() }
}

fn measured(pure: &[usize], sandbox: &[usize]) {
    let mut figures = Figures::default();
    for size in pure {
        child::measure(*size, &mut figures);
    }
    for size in sandbox {
        commands::measure(*size, &mut figures);
    }
    for sizes in pure.windows(2) {
        for what in child::RATIOS {
            figures.ratio(what, sizes[1], sizes[0]);
        }
    }
    for sizes in sandbox.windows(2) {
        for what in ["apply", "apply-peak", "plan", "plan-peak", "drift", "audit"] {
            figures.ratio(&format!("sandbox/{what}"), sizes[1], sizes[0]);
        }
    }
}

//! No sequence of commands reaches production without verified files, the whole lane and approvals that hold, or an emergency
//! that everybody sees. Promotion is real here: files in a folder, three environments, time.

mod oracle;
mod product;
mod walk;

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;
use tokaido::govern::promotion::Way;
use tokaido::model::Environment;

use super::for_each;
use crate::support::soak;
use walk::{Tally, Walk};

/// Of which a tenth runs outside of `make soak`: the seed is one whose first ten see all that must happen.
const CASES: u32 = 100;

/// Who may sign a plan of production besides those who should.
pub const PEOPLE: [&str; 4] = ["alice", "bob", "carol", "mallory"];

/// Releases and plans are counted from the newest.
#[derive(Debug, Clone)]
pub enum Command {
    /// Whoever knows the lane does the next right thing, so many times. With mallory, he signs in the place of carol.
    Onward {
        times: usize,
        mallory: bool,
    },
    /// The next release says something else.
    Edit,
    /// Mallory gets into the project's roles, or out again.
    Tamper,
    Cut,
    /// A frozen file is altered, and nothing else.
    Alter {
        release: usize,
    },
    /// Everything that was altered is as it was.
    PutBack,
    /// A frozen file is altered and the manifest rewritten so that it fits: the roles, or what stands in base.yaml.
    Forge {
        release: usize,
        roles: bool,
    },
    /// The manifest names another version of the tool, and its digest fits.
    OtherTool {
        release: usize,
    },
    /// A pin written by hand; without a release it is removed.
    Pin {
        environment: Environment,
        release: Option<usize>,
    },
    Promote {
        environment: Environment,
        release: usize,
        way: Way,
    },
    Plan {
        environment: Environment,
        author: usize,
    },
    Sign {
        person: usize,
        plan: usize,
    },
    Withdraw {
        person: usize,
        plan: usize,
    },
    /// One person signs in the name of another.
    Counterfeit {
        signer: usize,
        named: usize,
        plan: usize,
    },
    Apply {
        plan: usize,
        reason: Option<usize>,
    },
    /// Back to what was there before, as somebody does in need, and applied.
    Return {
        environment: Environment,
    },
    /// The next change of a network fails.
    Fail,
    /// Somebody changes the environment by hand.
    Hand {
        environment: Environment,
    },
    /// Somebody breaks a promise in a way that no plan repairs; or mends it.
    Stray {
        environment: Environment,
    },
    Time {
        minutes: i64,
    },
}

fn command() -> impl Strategy<Value = Command> {
    let environment =
        || prop_oneof![1 => Just(Environment::Dev), 2 => Just(Environment::Staging), 3 => Just(Environment::Production)];
    let release = || prop_oneof![3 => Just(0_usize), 2 => Just(1), 1 => 2..4_usize];
    let plan = || prop_oneof![4 => Just(0_usize), 1 => 1..4_usize];
    let person = || 0..PEOPLE.len();
    let way = prop_oneof![4 => Just(Way::Forward), 3 => Just(Way::Back), 2 => Just(Way::LiftHold)];
    prop_oneof![
        12 => (1..12_usize, prop::bool::weighted(0.25)).prop_map(|(times, mallory)| Command::Onward { times, mallory }),
        1 => Just(Command::Edit),
        2 => Just(Command::Tamper),
        2 => Just(Command::Cut),
        1 => release().prop_map(|release| Command::Alter { release }),
        1 => Just(Command::PutBack),
        2 => (release(), any::<bool>()).prop_map(|(release, roles)| Command::Forge { release, roles }),
        1 => release().prop_map(|release| Command::OtherTool { release }),
        2 => (environment(), prop::option::weighted(0.8, release())).prop_map(|(environment, release)| Command::Pin { environment, release }),
        4 => (environment(), release(), way).prop_map(|(environment, release, way)| Command::Promote { environment, release, way }),
        5 => (environment(), prop_oneof![2 => Just(0_usize), 1 => person()]).prop_map(|(environment, author)| Command::Plan { environment, author }),
        4 => (person(), plan()).prop_map(|(person, plan)| Command::Sign { person, plan }),
        1 => (person(), plan()).prop_map(|(person, plan)| Command::Withdraw { person, plan }),
        1 => (person(), person(), plan()).prop_map(|(signer, named, plan)| Command::Counterfeit { signer, named, plan }),
        6 => (plan(), prop::option::weighted(0.35, prop_oneof![1 => 0..2_usize, 3 => Just(2)])).prop_map(|(plan, reason)| Command::Apply { plan, reason }),
        4 => environment().prop_map(|environment| Command::Return { environment }),
        2 => Just(Command::Fail),
        3 => environment().prop_map(|environment| Command::Hand { environment }),
        1 => environment().prop_map(|environment| Command::Stray { environment }),
        3 => (5..2000_i64).prop_map(|minutes| Command::Time { minutes }),
    ]
}

#[test]
#[expect(clippy::print_stdout, reason = "how much the property saw is part of what it says")]
fn production_is_reached_through_the_lane_or_by_an_emergency_that_is_seen() {
    let (total, sequences) = (RefCell::new(Tally::new()), RefCell::new(Tally::new()));
    let run = soak::cases(CASES);
    for_each(run, 48, &prop::collection::vec(command(), 4..24), |commands| {
        let mut walk = Walk::new();
        for command in &commands {
            walk.step(command);
        }
        for (what, count) in walk.tally {
            *total.borrow_mut().entry(what.clone()).or_default() += count;
            *sequences.borrow_mut().entry(what).or_default() += 1;
        }
    });
    let (total, sequences) = (total.into_inner(), sequences.into_inner());
    println!("{run} sequences: how often, in how many sequences, what");
    for (what, count) in &total {
        println!("{count:6} {:6}  {what}", sequences[what]);
    }
    let seen = |what: &str| sequences.get(what).copied().unwrap_or(0);
    let cases = usize::try_from(run).expect("small");
    assert!(seen("production: Approved") * 3 > cases, "a third of all sequences arrive by approvals");
    let rare: BTreeMap<_, _> = MUST_HAPPEN.iter().map(|what| (what, seen(what))).filter(|(_, count)| *count == 0).collect();
    assert!(rare.is_empty(), "the property never saw {rare:?}");
}

/// Without these the property would say less than it seems to. What is rarer is walked on purpose, below.
const MUST_HAPPEN: &[&str] = &[
    "production: Approved",
    "production: Unchanged",
    "production refused: too few approvals",
    "promotion refused: never-here",
    "promotion refused: not-applied",
    "promotion refused: soaking",
    "promoted to production: forward",
];

/// Ways that chance hardly finds, each judged by the same oracle: what was seen at the end of each.
#[test]
fn the_rare_ways_are_walked_too() {
    use Environment::{Dev, Production, Staging};
    let promote = |environment, release, way| Command::Promote { environment, release, way };
    let forward = |environment, release| promote(environment, release, Way::Forward);
    let apply = |environment| [Command::Plan { environment, author: 0 }, Command::Apply { plan: 0, reason: None }];
    let next = || vec![Command::Edit, Command::Cut];
    let arrive = |environment| [vec![forward(environment, 0)], apply(environment).to_vec()].concat();
    let soaked = |environment| [arrive(environment), vec![Command::Time { minutes: 1500 }]].concat();
    let onward = || vec![Command::Onward { times: 14, mallory: false }];
    let ways: [(&str, Vec<Command>); 9] = [
        (
            "production: Emergency",
            [
                onward(),
                vec![
                    Command::Hand { environment: Production },
                    Command::Plan { environment: Production, author: 0 },
                    Command::Apply { plan: 0, reason: Some(2) },
                ],
            ]
            .concat(),
        ),
        (
            "promotion refused: not-proven",
            [
                onward(),
                next(),
                soaked(Dev),
                vec![forward(Staging, 0), Command::Hand { environment: Staging }, Command::Fail],
                apply(Staging).to_vec(),
                vec![Command::Time { minutes: 1500 }, forward(Production, 0)],
            ]
            .concat(),
        ),
        ("promotion refused: other-tool", vec![Command::Cut, Command::OtherTool { release: 0 }, forward(Dev, 0)]),
        (
            "promotion refused: other-content",
            [vec![Command::Cut], soaked(Dev), vec![Command::Forge { release: 0, roles: false }, forward(Staging, 0)]].concat(),
        ),
        (
            "promotion refused: moved-on",
            [vec![Command::Cut], soaked(Dev), next(), soaked(Dev), vec![forward(Staging, 1)]].concat(),
        ),
        (
            "promotion refused: held",
            [vec![Command::Cut], arrive(Dev), next(), arrive(Dev), vec![Command::Return { environment: Dev }, forward(Dev, 0)]]
                .concat(),
        ),
        ("promotion refused: not-held", [vec![Command::Cut], arrive(Dev), vec![promote(Dev, 0, Way::LiftHold)]].concat()),
        ("promotion refused: is-back", [vec![Command::Cut], arrive(Dev), next(), arrive(Dev), vec![forward(Dev, 1)]].concat()),
        (
            "promotion refused: unkept",
            [
                vec![Command::Cut],
                soaked(Dev),
                vec![Command::Stray { environment: Dev }],
                apply(Dev).to_vec(),
                vec![forward(Staging, 0)],
            ]
            .concat(),
        ),
    ];
    for (wanted, commands) in ways {
        let mut walk = Walk::new();
        for command in commands {
            walk.step(&command);
        }
        assert!(walk.tally.contains_key(wanted), "{wanted}: {:#?}", walk.tally);
    }
}

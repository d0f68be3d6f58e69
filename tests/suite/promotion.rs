//! Who may go where: the decision alone, as a table and as a property. Histories are written as words, an hour each:
//! `b:A:0` an apply of A began, `p:A:1` it was seen clean, `u:A:2` clean with a promise unkept, `h`/`l` a hold and its end;
//! `T` is the tree.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use tokaido::govern::history::{Event, History};
use tokaido::govern::promotion::{Allowed, PromotionInput, Refusal, WatchedState, Way, decide};
use tokaido::govern::refusal::NextStep;
use tokaido::govern::status::{Drift, Facts, Onward, summary};
use tokaido::govern::watch::{Last, digest};
use tokaido::model::{
    Blind, Environment, News, Open, Picture, ReleaseRef, Said, Sentence, Still, UnknownCause, VerdictState, WatchKey, WatchRecord,
};

use crate::properties::for_each;

fn hour(hours: i64) -> Timestamp {
    "2026-11-01T00:00:00Z".parse::<Timestamp>().expect("a time") + SignedDuration::from_hours(hours)
}

/// `A` is a release of this name; `A2` one of the same name with other content.
fn release(word: &str) -> Option<ReleaseRef> {
    (word != "T").then(|| ReleaseRef { id: word[..1].to_owned(), digest: word.to_lowercase().repeat(20) })
}

fn event(word: &str) -> Event {
    let parts: Vec<&str> = word.split(':').collect();
    let (release, at) = (release(parts[1]), hour(parts[2].parse().expect("an hour")));
    let (plan, by, reason) = ("plan".to_owned(), "alice".to_owned(), "slow".to_owned());
    let violations = vec!["recovery-copies".to_owned()];
    match parts[0] {
        "b" => Event::Begun { at, plan, by, release, agreed: true },
        "p" => Event::Proven { at, plan, release, violations: Vec::new() },
        "u" => Event::Proven { at, plan, release, violations },
        "h" => Event::Held { at, release: release.expect("a release"), by, reason },
        "l" => Event::Lifted { at, release: release.expect("a release"), by, reason },
        other => panic!("{other}"),
    }
}

fn history(words: &str) -> History {
    History { events: words.split_whitespace().map(event).collect() }
}

/// May A, with a soak of 24 hours, go there at this hour? The answer as words.
fn asked(to: Environment, own: &str, before: &str, now: i64, way: Way) -> String {
    let (own, before) = (history(own), history(before));
    let question = PromotionInput {
        release: &release("A").expect("a release"),
        cut_with: "0.1.0",
        tool_version: "0.1.0",
        to,
        own: &own,
        before: (to != Environment::Dev).then_some(&before),
        sight: WatchedState::Never,
        soak: SignedDuration::from_hours(24),
        now: hour(now),
        way,
    };
    said(&decide(&question))
}

fn said(decided: &Result<Allowed, Vec<Refusal>>) -> String {
    let word = |value: serde_json::Value, key: &str| value[key].as_str().expect("a word").to_owned();
    match decided {
        Ok(allowed) => word(serde_json::to_value(allowed).expect("data"), "way"),
        Err(refusals) => refusals
            .iter()
            .map(|refusal| word(serde_json::to_value(refusal).expect("data"), "refusal"))
            .collect::<Vec<_>>()
            .join(" "),
    }
}

#[test]
fn the_lane() {
    use Environment::{Dev, Production, Staging};
    let rows = [
        ("dev needs nothing before", Dev, "", "", 0, "forward"),
        ("nothing was applied before", Staging, "", "", 0, "not-applied"),
        ("another release was", Production, "", "b:B:0 p:B:1", 99, "not-applied"),
        ("one of the same name was", Production, "", "b:A2:0 p:A2:1", 99, "other-content"),
        ("the tree was", Production, "", "b:T:0 p:T:1", 99, "not-applied"),
        ("applied, never clean", Production, "", "b:A:0", 99, "not-proven"),
        ("soaking since it was first clean", Production, "", "b:A:0 p:A:1", 24, "soaking"),
        ("one second before the end is not the end", Production, "", "b:A:0 p:A:1 p:A:24", 24, "soaking"),
        ("soaked", Production, "", "b:A:0 p:A:1", 25, "forward"),
        ("an empty plan is applied by being seen clean", Production, "", "p:A:1", 25, "forward"),
        ("seen clean again does not start anew", Production, "", "b:A:0 p:A:1 p:A:20", 25, "forward"),
        ("repaired meanwhile, and clean again", Production, "", "b:A:0 p:A:1 b:A:9 p:A:10", 25, "forward"),
        ("an apply that runs, or did not end clean", Production, "", "b:A:0 p:A:1 b:A:9", 99, "not-proven"),
        ("a promise is not kept", Production, "", "b:A:0 u:A:1", 99, "unkept"),
        ("a promise was broken and is kept again: the soak begins anew", Production, "", "p:A:0 u:A:9 p:A:10", 33, "soaking"),
        ("and ends", Production, "", "p:A:0 u:A:9 p:A:10", 34, "forward"),
        ("replaced by another release", Production, "", "p:A:0 b:B:50 p:B:51", 99, "moved-on"),
        ("replaced by the tree", Production, "", "p:A:0 b:T:50", 99, "moved-on"),
        ("replaced and back: the soak begins anew", Production, "", "p:A:0 p:B:50 p:A:60", 70, "soaking"),
        ("held there, and gone back from", Production, "", "p:A:0 h:A:1 p:B:2 p:A:3", 99, "held-before"),
        ("held there, and still there", Production, "", "p:A:0 h:A:1", 99, "held-before"),
        ("held there once", Production, "", "p:A:0 h:A:1 p:B:2 l:A:3 p:A:4", 99, "forward"),
        ("everything at once", Production, "", "b:A:0 u:A:1 b:A:2 b:B:3", 4, "moved-on not-proven unkept"),
    ];
    for (it, to, own, before, now, expected) in rows {
        assert_eq!(asked(to, own, before, now, Way::Forward), expected, "{it}");
    }
}

#[test]
fn going_back_and_coming_again() {
    let good = "b:A:0 p:A:1";
    let rows = [
        ("forward to where it was is going back", Way::Forward, "b:A:0 p:A:1 b:B:2 p:B:3", "is-back"),
        ("back, without a soak", Way::Back, "b:A:0 p:A:1 b:B:2 p:B:3", "back"),
        ("back from what never worked", Way::Back, "b:A:0 p:A:1 b:B:2", "back"),
        ("back to what was never here", Way::Back, "b:B:2 p:B:3", "never-here"),
        ("back to what never worked", Way::Back, "b:A:0 b:B:2 p:B:3", "never-proven-here"),
        ("an unapplied promotion is taken back", Way::Forward, "b:A:0 p:A:1", "withdrawal"),
        ("and so it is with --back", Way::Back, "b:A:0 p:A:1", "withdrawal"),
        ("what was left is held", Way::Forward, "b:A:0 p:A:1 h:A:2 b:B:3 p:B:4", "held"),
        ("and does not come back by going back", Way::Back, "b:A:0 p:A:1 h:A:2 b:B:3 p:B:4", "held"),
        ("until the hold is lifted", Way::LiftHold, "b:A:0 p:A:1 h:A:2 b:B:3 p:B:4", "hold-lifted"),
        ("lifted, and not yet applied", Way::Forward, "b:A:0 p:A:1 h:A:2 b:B:3 p:B:4 l:A:5", "forward"),
        ("lifted, applied and replaced: it would be going back", Way::Forward, "p:A:1 h:A:2 p:B:4 l:A:5 p:A:6 p:B:7", "is-back"),
        ("held again", Way::Forward, "p:A:1 h:A:2 p:B:4 l:A:5 p:A:6 h:A:7 p:B:8", "held"),
        ("held before going back was applied", Way::LiftHold, "b:A:0 p:A:1 h:A:2", "hold-lifted"),
        ("nothing to lift", Way::LiftHold, "b:B:3 p:B:4", "not-held"),
        ("a hold on another release", Way::Forward, "h:B:3", "forward"),
    ];
    for (it, way, own, expected) in rows {
        assert_eq!(asked(Environment::Production, own, good, 99, way), expected, "{it}");
    }
    // Lifting a hold is no way around the lane.
    assert_eq!(asked(Environment::Production, "p:A:1 h:A:2 p:B:4", "p:A:0", 5, Way::LiftHold), "soaking");
    assert_eq!(asked(Environment::Production, "p:A:1 h:A:2 p:B:4", "", 5, Way::LiftHold), "not-applied");
}

/// A look of this hour, after which this is open.
fn looked(at: i64, open: &[Open], blind: bool) -> Last {
    let open = open.iter().map(|what| Still { since: hour(at), what: what.clone() }).collect();
    let blind = blind.then(|| Blind { since: hour(at), class: "unreachable".to_owned(), words: "no route".to_owned() });
    let (picture, key) = (Picture { blind, open }, WatchKey::after(None, hour(at)));
    let news = News::Transition { picture: picture.clone(), appeared: Vec::new(), went: Vec::new() };
    let digest = digest(&picture);
    let record = WatchRecord { at: hour(at), clock: None, every_seconds: 900, looks: 1, took_ms: 1, digest, gap: None, news };
    Last { key, record, transition: (key, hour(at)), picture }
}

/// What watchers saw counts from the last clean look of an apply on: A was seen clean in the tenth hour.
#[test]
fn what_is_open_in_the_environment_before_does_not_go_on() {
    let id = || crate::support::id("db-instance.catalog@tokyo");
    let drifted = Open::Drifted { id: id(), path: "class".to_owned(), before: 1.into(), after: 2.into() };
    let promise = |state| Open::Promise { promise: "clock".to_owned(), state, unknown: None, member: None };
    let asked = UnknownCause::NotAsked;
    let not_asked =
        Open::Promise { promise: "clock".to_owned(), state: VerdictState::Unknown, unknown: Some(asked), member: None };
    let unreadable = Open::Unreadable { kind: "vpc".to_owned(), region: id().region, physical: None, id: None };
    let orphan = Open::Orphaned { id: id(), physical: "db".to_owned() };
    let rows = [
        ("clean", looked(11, &[], false), "forward"),
        ("drift", looked(11, std::slice::from_ref(&drifted), false), "seen-open"),
        ("drift of the same moment", looked(10, std::slice::from_ref(&drifted), false), "seen-open"),
        ("drift before", looked(9, std::slice::from_ref(&drifted), false), "forward"),
        ("missing", looked(11, &[Open::Missing { id: id() }], false), "seen-open"),
        ("a promise is broken", looked(11, &[promise(VerdictState::Broken)], false), "seen-open"),
        ("a promise is unknown", looked(11, &[promise(VerdictState::Unknown)], false), "seen-open"),
        ("nobody asks what decides a promise", looked(11, &[not_asked], false), "forward"),
        ("a promise waits for the window", looked(11, &[promise(VerdictState::Pending)], false), "seen-open"),
        ("something could not be read", looked(11, &[unreadable], false), "seen-open"),
        ("something is there that is not declared", looked(11, &[orphan], false), "forward"),
        ("blind", looked(11, &[], true), "unseen"),
        ("blind before", looked(9, &[], true), "forward"),
        ("blind, and open before", looked(11, &[drifted], true), "unseen seen-open"),
    ];
    let (own, before) = (History::default(), history("b:A:0 p:A:10"));
    let question = PromotionInput {
        release: &release("A").expect("a release"),
        cut_with: "0.1.0",
        tool_version: "0.1.0",
        to: Environment::Production,
        own: &own,
        before: Some(&before),
        sight: WatchedState::Never,
        soak: SignedDuration::from_hours(24),
        now: hour(99),
        way: Way::Forward,
    };
    for (it, last, expected) in &rows {
        assert_eq!(said(&decide(&PromotionInput { sight: WatchedState::Last(last), ..question })), *expected, "{it}");
    }
    assert_eq!(
        said(&decide(&PromotionInput {
            sight: WatchedState::Unknown(&Said::new("half a file", "半分のファイル")), ..question
        })),
        "unseen"
    );
    assert_eq!(said(&decide(&question)), "forward");
}

#[test]
fn another_tool_is_another_release() {
    let (own, before) = (History::default(), history("p:A:0"));
    let question = PromotionInput {
        release: &release("A").expect("a release"),
        cut_with: "0.1.0",
        tool_version: "0.2.0",
        to: Environment::Production,
        own: &own,
        before: Some(&before),
        sight: WatchedState::Never,
        soak: SignedDuration::from_hours(1),
        now: hour(9),
        way: Way::Forward,
    };
    assert_eq!(said(&decide(&question)), "other-tool");
    assert_eq!(said(&decide(&PromotionInput { tool_version: "0.1.0", ..question })), "forward");
    // Every reason at once.
    let early = PromotionInput { own: &history("h:A:0"), now: hour(0), ..question };
    assert_eq!(said(&decide(&early)), "other-tool held");
}

#[test]
fn the_end_of_a_soak_is_said_to_the_second() {
    let (own, before) = (History::default(), history("b:A:0 p:A:1"));
    let question = PromotionInput {
        release: &release("A").expect("a release"),
        cut_with: "0.1.0",
        tool_version: "0.1.0",
        to: Environment::Production,
        own: &own,
        before: Some(&before),
        sight: WatchedState::Never,
        soak: SignedDuration::from_hours(24),
        now: hour(21) + SignedDuration::from_mins(48),
        way: Way::Forward,
    };
    let refusals = decide(&question).expect_err("too early");
    let expected =
        Refusal::Soaking { environment: Environment::Staging, since: hour(1), ends: hour(25), left_seconds: 3 * 3600 + 12 * 60 };
    assert_eq!(refusals, [expected]);
}

/// An oracle of its own: what is allowed forward was clean, kept, untouched by anything else and for long enough.
#[test]
fn nothing_goes_on_that_was_not_proven() {
    let words =
        prop::collection::vec((prop::sample::select(vec!["b", "p", "u"]), prop::sample::select(vec!["A", "B", "T"])), 0..9);
    for_each(3000, 31, &(words, 0_i64..60), |(words, now)| {
        let text: Vec<String> = words.iter().enumerate().map(|(at, (what, of))| format!("{what}:{of}:{}", 3 * at)).collect();
        let decided = asked(Environment::Production, "", &text.join(" "), now, Way::Forward);
        let tail: Vec<_> = words.iter().enumerate().rev().take_while(|(_, (_, of))| *of == "A").collect();
        let kept = tail.iter().take_while(|(_, (what, _))| *what != "u").filter(|(_, (what, _))| *what == "p").last();
        let proven = words.last().is_some_and(|(what, of)| (*what, *of) == ("p", "A"));
        let soaked = kept.is_some_and(|(at, _)| 3 * i64::try_from(*at).expect("small") + 24 <= now);
        assert_eq!(decided == "forward", proven && soaked, "{text:?} at {now}: {decided}");
    });
}

#[test]
fn the_board_says_what_is_known_and_no_more() {
    let (own, there) = (history("b:A:0 p:A:1 h:B:2"), history("b:T:0"));
    let onward = Onward {
        cut_with: "0.1.0",
        tool_version: "0.1.0",
        there: &there,
        sight: WatchedState::Never,
        soak: SignedDuration::from_hours(24),
        now: hour(3),
    };
    let pinned = release("A");
    let facts = Facts {
        account: Some("222222222222"),
        environment: Environment::Staging,
        pinned: pinned.as_ref(),
        problem: None,
        history: &own,
        drift: None,
        onward: Some(&onward),
        waiting: &[],
        emergencies: &[],
        watch: None,
        watch_problem: None,
    };
    let status = summary(&facts);
    assert_eq!(status.drift, Drift::NotRead, "nobody read: it is unknown, not none");
    assert_eq!((status.applied.as_ref(), status.tree, status.open_since), (pinned.as_ref(), false, None));
    assert_eq!(status.last_proven.map(|proven| proven.at), Some(hour(1)));
    assert_eq!(status.holds.iter().map(|held| held.release.id.as_str()).collect::<Vec<_>>(), ["B"]);
    let next = status.next.expect("production is next");
    assert!(matches!(next.refusals.as_slice(), [Refusal::Soaking { ends, .. }] if *ends == hour(25)), "{:?}", next.refusals);
    // It is there already: nothing waits.
    let arrived = history("b:A:0");
    let arrived = Onward { there: &arrived, ..onward };
    assert_eq!(summary(&Facts { onward: Some(&arrived), ..facts }).next, None);
    // Files that cannot be used leave the pin unknown, not the tree.
    let broken = Sentence::from(NextStep::SameAgain);
    let unknown = summary(&Facts { pinned: None, problem: Some(&broken), ..facts });
    assert!(!unknown.tree && unknown.problem.is_some());
    let open = history("b:A:0 p:A:1 b:A:5");
    assert_eq!(summary(&Facts { history: &open, ..facts }).open_since, Some(hour(5)));
}

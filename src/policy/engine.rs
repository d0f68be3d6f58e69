//! regorus, and nothing of it beyond this file, the checks and the tracer: parsing, asking, limits, the engine's errors as
//! places. Imports `model`.

use std::collections::BTreeSet;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use regorus::unstable::{Module, Ref, Rule};
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, LimitError, PolicyLengthConfig, Value};
use serde_json::Value as Json;

use super::scan::{self, Inserted};
use super::testing::skeleton;
use super::{check, paper};
use crate::model::{Finding, Source};

/// For each of the two sets. A policy over a thousand databases takes some milliseconds.
const LIMIT: Duration = Duration::from_secs(2);
/// The engine looks at its clock between two steps only. What has not ended this much later is inside of one.
const GRACE: Duration = Duration::from_secs(1);
/// Work units between two looks at the clock.
const INTERVAL: NonZeroU32 = NonZeroU32::new(64).unwrap();
/// No rule of an organisation is longer; it keeps what is made of it small.
const LONGEST: NonZeroUsize = NonZeroUsize::new(64 * 1024).unwrap();
const STACK: usize = 256 * 1024 * 1024;
const SETS: [&str; 2] = ["checked", "broken"];

/// What the engine complains about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Complaint {
    pub(super) source: Source,
    pub(super) reason: String,
}

/// What a policy answered, and which of its lines it passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) checked: Vec<Json>,
    pub(super) broken: Vec<Json>,
    pub(super) covered: BTreeSet<u32>,
    pub(super) uncovered: BTreeSet<u32>,
}

/// Policies that are still at work in threads which nobody can end: by file and digest, with what was said of them.
static STUCK: Mutex<Vec<(String, String, Complaint)>> = Mutex::new(Vec::new());

/// The engine goes down one call for each rule that leads to another. `Err`: no thread can be started.
pub(super) fn on_a_wide_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let spawned =
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).map_err(|error| threadless(&error))?;
        Ok(spawned.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// A limit of the machine, not a mistake of the policy; without an answer nothing is allowed.
fn threadless(error: &std::io::Error) -> String {
    format!("no thread could be started to ask it ({error}); raise the limit of processes or of memory and run this again")
}

fn engine(file: &str, text: &str) -> Result<(Engine, String), Box<Complaint>> {
    let mut engine = Engine::new();
    engine.set_rego_v0(false);
    engine.set_strict_builtin_errors(true);
    engine.set_gather_prints(true);
    engine.set_policy_length_config(PolicyLengthConfig { max_file_bytes: LONGEST, ..PolicyLengthConfig::default() });
    match engine.add_policy(file.to_owned(), text.to_owned()) {
        Ok(package) => Ok((engine, package)),
        Err(error) => {
            let nowhere = Source { file: file.into(), line: 1, column: 1 };
            Err(Box::new(complaint(&nowhere, text, &error.to_string())))
        }
    }
}

/// The syntax tree.
pub(super) fn parse(file: &str, text: &str) -> Result<Ref<Module>, Box<Finding>> {
    let refused = |complaint: &Complaint| {
        Box::new(
            Finding::error("policy-syntax", Some(&complaint.source), complaint.reason.clone())
                .expected("Rego v1: `checked contains x.id if …`"),
        )
    };
    if let Some((line, column)) = scan::too_deep(text) {
        let source = Source { file: file.into(), line, column };
        let finding = Finding::error("policy-syntax", Some(&source), "this bracket is inside of too many others");
        return Err(Box::new(
            finding.expected("at most 12 brackets inside of each other; give what is inside a name of its own"),
        ));
    }
    let (mut engine, _) = engine(file, text).map_err(|complaint| refused(&complaint))?;
    let source = Source { file: file.into(), line: 1, column: 1 };
    let nothing = || refused(&Complaint { source, reason: "nothing is written here".to_owned() });
    engine.get_modules().first().cloned().ok_or_else(nothing)
}

/// Asks about an environment with nothing in it: finds what is wrong whatever the input.
pub(super) fn rehearse(file: &str, text: &str) -> Option<Finding> {
    let complaint = ask(file, text, &skeleton(), false).err()?;
    Some(
        Finding::error("policy-fails", Some(&complaint.source), complaint.reason.clone())
            .expected("a policy that can be evaluated even where there is nothing to judge"),
    )
}

/// What comes out of the thread that asks.
enum Word {
    /// A set is asked for, defined here.
    Begins(Source),
    Ends(Result<Answer, Box<Complaint>>),
}

/// Both sets of the policy over this input. What does not end is left behind: the process can go on, and never asks it
/// again.
pub(super) fn ask(file: &str, text: &str, input: &Json, coverage: bool) -> Result<Answer, Box<Complaint>> {
    let digest = paper::digest([text.as_bytes()]);
    let (own, policy, question) = (file.to_owned(), text.to_owned(), input.clone());
    attended(file, &digest, move |words| answer(&own, &policy, &question, coverage, words))
}

fn attended(
    file: &str,
    digest: &str,
    work: impl FnOnce(&Sender<Word>) -> Result<Answer, Box<Complaint>> + Send + 'static,
) -> Result<Answer, Box<Complaint>> {
    if let Some((.., said)) = stuck().iter().find(|(of, what, _)| of == file && what == digest) {
        return Err(Box::new(said.clone()));
    }
    let (words, heard) = mpsc::channel();
    let (own, mark) = (file.to_owned(), digest.to_owned());
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let answer = work(&words);
        let mut stuck = stuck();
        if words.send(Word::Ends(answer)).is_err() {
            // It did end, on a machine that was slow or asleep: it may be asked again.
            stuck.retain(|(of, what, _)| *of != own || *what != mark);
        }
    });
    let worker = worker.map_err(|error| {
        let source = Source { file: file.into(), line: 1, column: 1 };
        Box::new(Complaint { source, reason: threadless(&error) })
    })?;
    // To read the file and the input takes as long as they are, and ends.
    let mut word = heard.recv().map_err(|_| RecvTimeoutError::Disconnected);
    let mut begun = None;
    loop {
        match word {
            Ok(Word::Ends(answer)) => return answer,
            Ok(Word::Begins(source)) => begun = Some(source),
            Err(RecvTimeoutError::Timeout) => {
                let mut stuck = stuck();
                // In the last moment: behind the lock nothing comes any more.
                while let Ok(word) = heard.try_recv() {
                    if let Word::Ends(answer) = word {
                        return answer;
                    }
                }
                let source = begun.unwrap_or_else(|| Source { file: file.into(), line: 1, column: 1 });
                let said = Complaint { source, reason: endless() };
                stuck.push((file.to_owned(), digest.to_owned(), said.clone()));
                drop(heard);
                return Err(Box::new(said));
            }
            Err(RecvTimeoutError::Disconnected) => match worker.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => unreachable!("a thread that ends says so"),
            },
        }
        word = heard.recv_timeout(LIMIT + GRACE);
    }
}

fn stuck() -> MutexGuard<'static, Vec<(String, String, Complaint)>> {
    STUCK.lock().unwrap_or_else(PoisonError::into_inner)
}

fn endless() -> String {
    format!("it has not ended after {} seconds", LIMIT.as_secs())
}

/// The engine forgets a whole set when the element that it comes to last is undefined, and makes an empty one of it. As a
/// list of one, which has none where it is undefined, every element is there to be looked at.
fn listed(text: &str, rules: &[Ref<Rule>]) -> Option<Vec<(usize, &'static str)>> {
    let element = |rule: &Ref<Rule>| {
        let Rule::Spec { bodies, .. } = &**rule else { return None };
        // Without a body the next `if` is another rule's.
        let body = bodies.first()?.query.span.start as usize;
        scan::element(text, check::head(check::refr(rule)).end as usize).filter(|(_, end)| *end <= body)
    };
    let elements = rules.iter().map(element).collect::<Option<Vec<_>>>()?;
    Some(elements.into_iter().flat_map(|(begins, ends)| [(begins, "[__e|__e:="), (ends, "]")]).collect())
}

fn answer(file: &str, text: &str, input: &Json, coverage: bool, words: &Sender<Word>) -> Result<Answer, Box<Complaint>> {
    let (mut own, package) = engine(file, text)?;
    let defined = own.get_modules().first().map(|module| check::rules(module)).unwrap_or_default();
    let place = |set: &str| match defined.get(set).and_then(|definitions| definitions.first()) {
        Some(rule) => check::source(file, check::head(check::refr(rule))),
        None => Source { file: file.into(), line: 1, column: 1 },
    };
    let (mut lists, mut inserts) = (Vec::new(), Vec::new());
    for set in SETS {
        let rules = defined.get(set).map(Vec::as_slice).unwrap_or_default();
        let found = listed(text, rules);
        lists.push(found.is_some());
        inserts.extend(found.into_iter().flatten());
    }
    inserts.sort_unstable();
    let asked = Inserted::new(text, &inserts);
    let (mut engine, _) = engine(file, &asked.text)?;
    let failed = |set: &str, error: &dyn std::fmt::Display| {
        let mut said = complaint(&place(set), &asked.text, &error.to_string());
        if said.source != place(set) {
            said.source.column = asked.column(said.source.line, said.source.column);
        }
        Box::new(said)
    };
    engine.set_input_json(&input.to_string()).map_err(|error| failed("broken", &error))?;
    engine.set_enable_coverage(coverage);
    let mut sets: Vec<Vec<Json>> = Vec::new();
    for (set, listed) in SETS.into_iter().zip(lists) {
        _ = words.send(Word::Begins(place(set)));
        engine.set_execution_timer_config(ExecutionTimerConfig { limit: LIMIT, check_interval: INTERVAL });
        let value = engine.eval_rule(format!("{package}.{set}")).map_err(|error| {
            if let Some(LimitError::TimeLimitExceeded { .. }) = error.downcast_ref() {
                return Box::new(Complaint { source: place(set), reason: endless() });
            }
            failed(set, &error)
        })?;
        let undefined = || {
            let reason = format!(
                "`{set}` has an element that is undefined, such as one with a field that is absent there; ask for the field in \
                 the body, or let `object.get` say what stands for it"
            );
            Box::new(Complaint { source: place(set), reason })
        };
        let Value::Set(_) = value else { return Err(undefined()) };
        let value = value.to_json_str().map_err(|error| failed(set, &error))?;
        let value: Vec<Json> = serde_json::from_str(&value).map_err(|error| failed(set, &error))?;
        let one = |element: Json| match element {
            Json::Array(mut list) if listed => list.pop().ok_or_else(undefined),
            element => Ok(element),
        };
        sets.push(value.into_iter().map(one).collect::<Result<Vec<_>, _>>()?);
    }
    let broken = sets.pop().unwrap_or_default();
    let mut answer = Answer { checked: sets.pop().unwrap_or_default(), broken, ..Answer::default() };
    if coverage {
        let report = engine.get_coverage_report().map_err(|error| failed("broken", &error))?;
        for file in report.files {
            answer.covered.extend(file.covered);
            answer.uncovered.extend(file.not_covered);
        }
    }
    Ok(answer)
}

/// The engine writes `--> file:line:column`, the line, a caret and `error: …`. A tab is four columns to it. `otherwise` is
/// the place of what it says without one.
fn complaint(otherwise: &Source, policy: &str, text: &str) -> Complaint {
    let place = |line: &str| {
        let mut parts = line.trim().strip_prefix("-->")?.trim().rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        Some((parts.next()?.parse().ok()?, column))
    };
    let said = text.lines().find_map(|line| line.trim().strip_prefix("error:"));
    let reason = said.or_else(|| text.lines().find(|line| !line.trim().is_empty())).unwrap_or("the engine does not say why");
    let reason = reason.trim().to_owned();
    let Some((line, seen)): Option<(usize, usize)> = text.lines().find_map(place) else {
        return Complaint { source: otherwise.clone(), reason };
    };
    let letters = policy.lines().nth(line.saturating_sub(1)).unwrap_or_default().chars();
    let wide = letters.scan(1, |at, letter| {
        let begins = *at;
        *at += if letter == '\t' { 4 } else { 1 };
        Some(begins)
    });
    let column = wide.take_while(|begins| *begins < seen).count() + 1;
    Complaint { source: Source { line, column, ..otherwise.clone() }, reason }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it expects")]
mod tests {
    use serde_json::json;

    use super::*;

    const FILE: &str = "policies/a.rego";

    /// What the checks before the engine do not let through must still not pass for an answer.
    #[test]
    fn an_undefined_head_is_no_empty_set() {
        let said = |rules: &str| {
            let text = format!("package tokaido.a\n\n{rules}\n");
            ask(FILE, &text, &json!({ "list": [{ "id": "a", "risks": ["x"] }, { "id": "b" }] }), false)
        };
        let good = "contains r.id if some r in input.list";
        let lost = "contains {\"id\": r.id, \"en\": r.risks[0]} if some r in input.list";
        for (rules, set, line) in [
            (format!("checked {good}\n\nbroken {lost}"), "broken", 5),
            (format!("checked {lost}\n\nbroken {good}"), "checked", 3),
            (format!("checked {good}\n\nbroken {} }}", lost.replace(" if ", " if {\n\t\"a\" != \"b\"\n\t")), "broken", 5),
        ] {
            let complaint = said(&rules).unwrap_err();
            assert_eq!(complaint.source.to_string(), format!("{FILE}:{line}:1"));
            assert!(complaint.reason.starts_with(&format!("`{set}` has an element that is undefined")), "{}", complaint.reason);
        }
        let empty = said("checked contains r.id if some r in input.list\n\nbroken contains 1 if input.none").unwrap();
        assert_eq!((empty.checked.len(), empty.broken.len()), (2, 0));
        // An element without a body ends where its rule does.
        let bare = said("checked contains \"a\"\n\nlist if input.list\n\nbroken contains \"a\" if list").unwrap();
        assert_eq!((bare.checked, bare.broken), (vec![json!("a")], vec![json!("a")]));
    }

    /// One step may take longer than anybody waits, and the engine does not look at its clock meanwhile.
    #[test]
    fn a_step_that_does_not_end_is_left_behind() {
        let source = Source { file: FILE.into(), line: 7, column: 1 };
        let said = Err(Box::new(Complaint { source: source.clone(), reason: endless() }));
        let (ended, end) = mpsc::channel::<()>();
        let first = attended(FILE, "a", move |words| {
            _ = words.send(Word::Begins(source));
            _ = end.recv();
            Ok(Answer::default())
        });
        assert_eq!(first, said);
        // Its thread is still at work: whoever asks again is not given a second one.
        assert_eq!(attended(FILE, "a", |_| panic!("asked again")), said);
        assert_eq!(attended(FILE, "b", |_| Ok(Answer::default())), Ok(Answer::default()));
        // It did end, on a machine that was slow.
        drop(ended);
        while stuck().iter().any(|(_, digest, _)| digest == "a") {
            std::thread::yield_now();
        }
        assert_eq!(attended(FILE, "a", |_| Ok(Answer::default())), Ok(Answer::default()));
    }

    #[test]
    fn numbers_that_grow_without_end() {
        let mut text =
            "package tokaido.a\n\nchecked contains 1 if true\n\nbroken contains 1 if n25 < 1\n\nn0 := 99999999999999999\n"
                .to_owned();
        for n in 1..=25 {
            let before = n - 1;
            text.extend(["\nn", &n.to_string(), " := n", &before.to_string(), " * n", &before.to_string(), "\n"]);
        }
        let complaint = ask(FILE, &text, &json!({}), false).unwrap_err();
        assert_eq!((complaint.source.line, complaint.reason), (5, endless()));
    }

    /// No single one of them is too deep.
    #[test]
    fn many_deep_brackets_are_not_even_parsed() {
        let deep = format!("{}1{}", "[{".repeat(6), "}]".repeat(6));
        let text = format!("x := {deep}\n").repeat(1000);
        let finding = parse(FILE, &format!("package tokaido.a\n\n{text}")).unwrap_err();
        assert!(finding.message.contains("too many others"), "{}", finding.message);
        assert!(parse(FILE, &format!("package tokaido.a\n\nx := {deep}\n")).is_ok());
    }

    /// Another limit than that of time has its own words, and what has no place is at the definition of its set.
    #[test]
    fn which_limit_it_was() {
        let text =
            "package tokaido.a\n\nchecked contains 1 if true\n\nbroken contains 1 if regex.match(\"(a{1000}){1000}\", \"a\")\n";
        let complaint = ask(FILE, text, &json!({}), false).unwrap_err();
        assert!(!complaint.reason.contains("has not ended"), "{complaint:?}");
        assert_eq!(complaint.source.line, 5, "{complaint:?}");
    }
}

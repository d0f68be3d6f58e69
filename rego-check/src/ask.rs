//! Asking policies: what is made ready once for each, the limits, and what they answer.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use regorus::unstable::{Module, Ref, Rule};
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{LimitError, Value};
use serde_json::Value as Json;

use crate::check;
use crate::document::Document;
use crate::engine::{STACK, complaint, engine, on_a_wide_stack, parse, threadless};
use crate::finding::{Complaint, Place};
use crate::mentions::Mentions;
use crate::scan::{self, Inserted};

/// For each of the two sets, and [`FOR_EACH`] item of the document more. A policy over a thousand databases takes some
/// milliseconds.
const LIMIT: Duration = Duration::from_secs(2);
/// A policy that reads each of a hundred thousand resources may take a second or two on a machine with nothing else to do.
const FOR_EACH: Duration = Duration::from_micros(100);
/// The engine looks at its clock between two steps only. What has not ended this much later is inside of one.
const GRACE: Duration = Duration::from_secs(1);
/// Work units between two looks at the clock.
const INTERVAL: NonZeroU32 = NonZeroU32::new(64).unwrap();
const SETS: [&str; 2] = ["checked", "broken"];

/// What a policy answered, and which of its lines it passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// The set `checked`, in the engine's order.
    pub checked: Vec<Json>,
    /// The set `broken`, in the engine's order.
    pub broken: Vec<Json>,
    /// Lines that were passed; only when they were asked for.
    pub covered: BTreeSet<u32>,
    /// Lines that can be passed and were not; only when they were asked for.
    pub uncovered: BTreeSet<u32>,
}

/// A policy that was read and can be asked, without having been checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    file: Arc<str>,
    text: Arc<str>,
    /// The text with both sets as lists of one where they are sets.
    asked: Arc<Inserted>,
    /// Where each set is defined, and whether its elements are lists of one.
    sets: [(Place, bool); 2],
    mentions: Mentions,
}

impl Prepared {
    /// Reads one policy. `file` names it in messages of the engine.
    ///
    /// # Errors
    /// The text is not Rego, or no thread can be started.
    pub fn new(file: &str, text: &str) -> Result<Self, Complaint> {
        Self::each(&[(file, text)]).pop().unwrap_or_else(|| Err(Complaint { place: Place::START, reason: String::new() }))
    }

    /// Reads policies, each a file and its text, with one thread for all.
    #[must_use]
    pub fn each(policies: &[(&str, &str)]) -> Vec<Result<Self, Complaint>> {
        let all = || policies.iter().map(|(file, text)| Self::here(file, text)).collect();
        on_a_wide_stack(all).unwrap_or_else(|reason| {
            policies.iter().map(|_| Err(Complaint { place: Place::START, reason: reason.clone() })).collect()
        })
    }

    pub(crate) fn here(file: &str, text: &str) -> Result<Self, Complaint> {
        let module = parse(file, text).map_err(|finding| Complaint { place: finding.place, reason: finding.message.en })?;
        Ok(Self::of(file, text, &module))
    }

    fn of(file: &str, text: &str, module: &Module) -> Self {
        let defined = check::rules(module);
        let (mut inserts, mut sets) = (Vec::new(), [(Place::START, false); 2]);
        for (set, (place, is_listed)) in SETS.into_iter().zip(&mut sets) {
            let rules = defined.get(set).map(Vec::as_slice).unwrap_or_default();
            if let Some(rule) = rules.first() {
                *place = check::place_of(check::head(check::refr(rule)));
            }
            let found = listed(text, rules);
            *is_listed = found.is_some();
            inserts.extend(found.into_iter().flatten());
        }
        inserts.sort_unstable();
        let asked = Arc::new(Inserted::new(text, &inserts));
        Self { file: file.into(), text: text.into(), asked, sets, mentions: Mentions::of(module) }
    }

    /// Where `broken` is defined.
    #[must_use]
    pub const fn broken(&self) -> Place {
        self.sets[1].0
    }

    /// Which parts of the input its text names.
    #[must_use]
    pub const fn mentions(&self) -> &Mentions {
        &self.mentions
    }

    /// Both sets of the policy over this input; with `coverage` also which lines it passes.
    ///
    /// # Errors
    /// It cannot be evaluated, or does not end: two seconds for each set, and a second more for every 10,000 items of the input. Whoever asks again what has not ended yet is
    /// told so at once.
    pub fn ask(&self, input: &Document, coverage: bool) -> Result<Answer, Complaint> {
        let (mut answers, failed) = ask(&[self], input, coverage);
        match (answers.pop(), failed) {
            (Some(answer), None) => Ok(answer),
            (_, failed) => Err(failed.unwrap_or_else(|| Complaint { place: self.broken(), reason: String::new() })),
        }
    }

    fn mark(&self) -> Mark {
        (Arc::clone(&self.file), Arc::clone(&self.text))
    }
}

/// A file and its text.
type Mark = (Arc<str>, Arc<str>);

/// Policies that are still at work in threads that cannot be ended, with what was said of them.
static STUCK: Mutex<Vec<(Mark, Complaint)>> = Mutex::new(Vec::new());

/// What comes out of the thread that asks, for one policy after the other.
enum Word {
    /// A set is asked for, defined here.
    Begins(Place),
    Ends(Result<Answer, Box<Complaint>>),
}

/// What each of these policies answers about the input, in their order, until one fails: then also why. One thread asks all.
/// What does not end is left behind: the process can go on, and never asks it again.
#[must_use]
pub fn ask(policies: &[&Prepared], input: &Document, coverage: bool) -> (Vec<Answer>, Option<Complaint>) {
    let marks: Vec<Mark> = policies.iter().map(|policy| policy.mark()).collect();
    let (asked, input): (Vec<Prepared>, Document) = (policies.iter().map(|policy| (*policy).clone()).collect(), input.clone());
    let limit = limit(&input);
    attended(&marks, limit, move |index, words| answer(&asked[index], &input, coverage, limit, words))
}

fn limit(input: &Document) -> Duration {
    LIMIT + FOR_EACH * u32::try_from(input.items()).unwrap_or(u32::MAX)
}

fn attended(
    marks: &[Mark],
    limit: Duration,
    work: impl Fn(usize, &Sender<Word>) -> Result<Answer, Box<Complaint>> + Send + 'static,
) -> (Vec<Answer>, Option<Complaint>) {
    let known = |mark: &Mark| stuck().iter().find(|(of, _)| of == mark).map(|(_, said)| said.clone());
    let known = marks.iter().enumerate().find_map(|(index, mark)| Some((index, known(mark)?)));
    let (count, known) = known.map_or((marks.len(), None), |(index, said)| (index, Some(said)));
    if count == 0 {
        return (Vec::new(), known);
    }
    let (words, heard) = mpsc::channel();
    let own: Vec<Mark> = marks[..count].to_vec();
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        for (index, mark) in own.iter().enumerate() {
            let answer = work(index, &words);
            let failed = answer.is_err();
            let mut stuck = stuck();
            if words.send(Word::Ends(answer)).is_err() {
                // It did end, on a machine that was slow or asleep: it may be asked again.
                stuck.retain(|(of, _)| of != mark);
                return;
            }
            if failed {
                return;
            }
        }
    });
    let worker = match worker {
        Ok(worker) => worker,
        Err(error) => return (Vec::new(), Some(Complaint { place: Place::START, reason: threadless(&error) })),
    };
    let (mut answers, mut begun) = (Vec::new(), None);
    while answers.len() < count {
        // To read the text and the input takes as long as they are, and ends.
        let word = match begun {
            None => heard.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(_) => heard.recv_timeout(limit + GRACE),
        };
        match word {
            Ok(Word::Ends(Ok(answer))) => {
                answers.push(answer);
                begun = None;
            }
            Ok(Word::Ends(Err(complaint))) => return (answers, Some(*complaint)),
            Ok(Word::Begins(place)) => begun = Some(place),
            Err(RecvTimeoutError::Timeout) => {
                let mut stuck = stuck();
                // In the last moment: behind the lock no end comes any more, and what came is looked at first.
                if let Ok(word) = heard.try_recv() {
                    match word {
                        Word::Ends(Ok(answer)) => {
                            answers.push(answer);
                            begun = None;
                        }
                        Word::Ends(Err(complaint)) => return (answers, Some(*complaint)),
                        Word::Begins(place) => begun = Some(place),
                    }
                    continue;
                }
                let said = Complaint { place: begun.unwrap_or(Place::START), reason: endless(limit) };
                stuck.push((marks[answers.len()].clone(), said.clone()));
                drop(heard);
                return (answers, Some(said));
            }
            Err(RecvTimeoutError::Disconnected) => match worker.join() {
                Err(panic) => std::panic::resume_unwind(panic),
                Ok(()) => unreachable!("a thread that ends says so"),
            },
        }
    }
    (answers, known)
}

fn stuck() -> MutexGuard<'static, Vec<(Mark, Complaint)>> {
    STUCK.lock().unwrap_or_else(PoisonError::into_inner)
}

fn endless(limit: Duration) -> String {
    format!("it has not ended after {} seconds", limit.as_secs())
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

fn answer(
    policy: &Prepared,
    input: &Document,
    coverage: bool,
    limit: Duration,
    words: &Sender<Word>,
) -> Result<Answer, Box<Complaint>> {
    let asked = &*policy.asked;
    let (mut engine, package) = engine(&policy.file, &asked.text)?;
    let failed = |place: Place, error: &dyn std::fmt::Display| {
        let mut said = complaint(place, &asked.text, &error.to_string());
        if said.place != place {
            said.place.column = asked.column(said.place.line, said.place.column);
        }
        Box::new(said)
    };
    engine.set_input(input.0.clone());
    engine.set_enable_coverage(coverage);
    let mut sets: Vec<Vec<Json>> = Vec::new();
    for (set, (place, listed)) in SETS.into_iter().zip(policy.sets) {
        _ = words.send(Word::Begins(place));
        engine.set_execution_timer_config(ExecutionTimerConfig { limit, check_interval: INTERVAL });
        let value = engine.eval_rule(format!("{package}.{set}")).map_err(|error| {
            if let Some(LimitError::TimeLimitExceeded { .. }) = error.downcast_ref() {
                return Box::new(Complaint { place, reason: endless(limit) });
            }
            failed(place, &error)
        })?;
        let undefined = || {
            let reason = format!(
                "`{set}` has an element that is undefined, such as one with a field that is absent there; ask for the field in \
                 the body, or let `object.get` say what stands for it"
            );
            Box::new(Complaint { place, reason })
        };
        let Value::Set(_) = value else { return Err(undefined()) };
        let value = value.to_json_str().map_err(|error| failed(place, &error))?;
        let value: Vec<Json> = serde_json::from_str(&value).map_err(|error| failed(place, &error))?;
        let one = |element: Json| match element {
            Json::Array(mut list) if listed => list.pop().ok_or_else(undefined),
            element => Ok(element),
        };
        sets.push(value.into_iter().map(one).collect::<Result<Vec<_>, _>>()?);
    }
    let broken = sets.pop().unwrap_or_default();
    let mut answer = Answer { checked: sets.pop().unwrap_or_default(), broken, ..Answer::default() };
    if coverage {
        let report = engine.get_coverage_report().map_err(|error| failed(policy.broken(), &error))?;
        for file in report.files {
            answer.covered.extend(file.covered);
            answer.uncovered.extend(file.not_covered);
        }
    }
    Ok(answer)
}
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test says what it expects")]
mod tests {
    use serde_json::json;

    use super::*;

    fn ask_one(text: &str, input: &Json) -> Result<Answer, Complaint> {
        Prepared::new(FILE, text)?.ask(&Document::from(input), false)
    }

    fn mark(text: &str) -> Vec<Mark> {
        vec![(FILE.into(), text.into())]
    }

    const FILE: &str = "policies/a.rego";

    /// What the checks before the engine do not let through must still not pass for an answer.
    #[test]
    fn an_undefined_head_is_no_empty_set() {
        let said = |rules: &str| {
            let text = format!("package tokaido.a\n\n{rules}\n");
            ask_one(&text, &json!({ "list": [{ "id": "a", "risks": ["x"] }, { "id": "b" }] }))
        };
        let good = "contains r.id if some r in input.list";
        let lost = "contains {\"id\": r.id, \"en\": r.risks[0]} if some r in input.list";
        for (rules, set, line) in [
            (format!("checked {good}\n\nbroken {lost}"), "broken", 5),
            (format!("checked {lost}\n\nbroken {good}"), "checked", 3),
            (format!("checked {good}\n\nbroken {} }}", lost.replace(" if ", " if {\n\t\"a\" != \"b\"\n\t")), "broken", 5),
        ] {
            let complaint = said(&rules).unwrap_err();
            assert_eq!(complaint.place.to_string(), format!("{line}:1"));
            assert!(complaint.reason.starts_with(&format!("`{set}` has an element that is undefined")), "{}", complaint.reason);
        }
        let empty = said("checked contains r.id if some r in input.list\n\nbroken contains 1 if input.none").unwrap();
        assert_eq!((empty.checked.len(), empty.broken.len()), (2, 0));
        // An element without a body ends where its rule does.
        let bare = said("checked contains \"a\"\n\nlist if input.list\n\nbroken contains \"a\" if list").unwrap();
        assert_eq!((bare.checked, bare.broken), (vec![json!("a")], vec![json!("a")]));
    }

    /// One step may take longer than a command waits, and the engine does not look at its clock meanwhile.
    #[test]
    fn a_step_that_does_not_end_is_left_behind() {
        let place = Place { line: 7, column: 1 };
        let said = Some(Complaint { place, reason: endless(LIMIT) });
        let (ended, end) = mpsc::channel::<()>();
        let end = Mutex::new(end);
        let first = attended(&mark("a"), LIMIT, move |_, words| {
            _ = words.send(Word::Begins(place));
            _ = end.lock().unwrap().recv();
            Ok(Answer::default())
        });
        assert_eq!(first, (vec![], said.clone()));
        // Its thread is still at work: whoever asks again is not given a second one.
        assert_eq!(attended(&mark("a"), LIMIT, |_, _| panic!("asked again")), (vec![], said.clone()));
        let other = || attended(&mark("b"), LIMIT, |_, _| Ok(Answer::default()));
        assert_eq!(other(), (vec![Answer::default()], None));
        // Of several those before it are asked, and none behind it.
        let three: Vec<Mark> = ["b", "a", "b"].into_iter().flat_map(mark).collect();
        let asked = attended(&three, LIMIT, |index, _| if index == 0 { Ok(Answer::default()) } else { panic!("asked {index}") });
        assert_eq!(asked, (vec![Answer::default()], said));
        // It did end, on a machine that was slow.
        drop(ended);
        while stuck().iter().any(|(mark, _)| &*mark.1 == "a") {
            std::thread::yield_now();
        }
        assert_eq!(attended(&mark("a"), LIMIT, |_, _| Ok(Answer::default())), (vec![Answer::default()], None));
    }

    /// The limit is each policy's own, and the first that fails is told of with the answers before it.
    #[test]
    fn policies_are_asked_until_one_fails() {
        let failed = Complaint { place: Place::START, reason: "no".to_owned() };
        let said = failed.clone();
        let asked = attended(&["1", "2", "3"].map(|text| mark(text).remove(0)), LIMIT, move |index, words| {
            _ = words.send(Word::Begins(Place::START));
            if index == 1 { Err(Box::new(said.clone())) } else { Ok(Answer::default()) }
        });
        assert_eq!(asked, (vec![Answer::default()], Some(failed)));
    }

    /// A large estate is given the time that it takes to read it once.
    #[test]
    fn a_larger_document_has_more_time() {
        let of = |count: usize| {
            let items = Document::list((0..count).map(|_| Document::from(true)));
            limit(&Document::object([(Document::from("planned"), Document::object([(Document::from("vpc"), items)]))]))
        };
        assert_eq!((limit(&Document::NULL), of(998)), (LIMIT, LIMIT + Duration::from_millis(100)));
        assert!(of(100_000) > Duration::from_secs(11));
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
        let complaint = ask_one(&text, &json!({})).unwrap_err();
        assert_eq!((complaint.place.line, complaint.reason), (5, endless(LIMIT)));
    }

    /// No single one of them is too deep.
    #[test]
    fn many_deep_brackets_are_not_even_parsed() {
        let deep = format!("{}1{}", "[{".repeat(6), "}]".repeat(6));
        let text = format!("x := {deep}\n").repeat(1000);
        let finding = parse(FILE, &format!("package tokaido.a\n\n{text}")).unwrap_err();
        assert!(finding.message.en.contains("too many others"), "{}", finding.message);
        assert!(parse(FILE, &format!("package tokaido.a\n\nx := {deep}\n")).is_ok());
    }

    /// Another limit than that of time has its own words, and what has no place is at the definition of its set.
    #[test]
    fn which_limit_it_was() {
        let text =
            "package tokaido.a\n\nchecked contains 1 if true\n\nbroken contains 1 if regex.match(\"(a{1000}){1000}\", \"a\")\n";
        let complaint = ask_one(text, &json!({})).unwrap_err();
        assert!(!complaint.reason.contains("has not ended"), "{complaint:?}");
        assert_eq!(complaint.place.line, 5, "{complaint:?}");
    }
}

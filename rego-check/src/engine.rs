//! regorus, as far as a text and its tree go: parsing, stacks, and the engine's errors as places.

use std::num::NonZeroUsize;

use regorus::unstable::{Module, Ref};
use regorus::{Engine, PolicyLengthConfig};

use crate::finding::{Code, Complaint, Finding, Place, Text};
use crate::scan;

/// No rule of an organisation is longer; it keeps what is made of it small.
const LONGEST: NonZeroUsize = NonZeroUsize::new(64 * 1024).unwrap();
pub(crate) const STACK: usize = 256 * 1024 * 1024;

/// The engine goes down one call for each rule that leads to another. `Err`: no thread can be started.
pub(crate) fn on_a_wide_stack<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    std::thread::scope(|scope| {
        let spawned =
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).map_err(|error| threadless(&error))?;
        Ok(spawned.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    })
}

/// A limit of the machine, not a mistake of the policy; without an answer nothing is allowed.
pub(crate) fn threadless(error: &std::io::Error) -> String {
    format!("no thread could be started to ask it ({error}); raise the limit of processes or of memory and run this again")
}

pub(crate) fn engine(file: &str, text: &str) -> Result<(Engine, String), Box<Complaint>> {
    let mut engine = Engine::new();
    engine.set_rego_v0(false);
    engine.set_strict_builtin_errors(true);
    engine.set_gather_prints(true);
    engine.set_policy_length_config(PolicyLengthConfig { max_file_bytes: LONGEST, ..PolicyLengthConfig::default() });
    match engine.add_policy(file.to_owned(), text.to_owned()) {
        Ok(package) => Ok((engine, package)),
        Err(error) => Err(Box::new(complaint(Place::START, text, &error.to_string()))),
    }
}

/// The syntax tree.
pub(crate) fn parse(file: &str, text: &str) -> Result<Ref<Module>, Box<Finding>> {
    let refused = |complaint: &Complaint| {
        let finding = Finding::new(Code::Syntax, complaint.place, Text::same(&complaint.reason));
        Box::new(finding.expected(Text::same("Rego v1: `checked contains x.id if …`")))
    };
    if let Some((line, column)) = scan::too_deep(text) {
        let message = ("this bracket is inside of too many others", "この括弧は入れ子が深すぎます");
        let finding = Finding::new(Code::Syntax, Place { line, column }, message);
        return Err(Box::new(finding.expected((
            "at most 12 brackets inside of each other; give what is inside a name of its own",
            "括弧の入れ子は 12 段まで。内側のものには名前を付けてください",
        ))));
    }
    let (mut engine, _) = engine(file, text).map_err(|complaint| refused(&complaint))?;
    let nothing = || {
        let message = ("nothing is written here", "ここに内容がありません");
        let finding = Finding::new(Code::Syntax, Place::START, message);
        Box::new(finding.expected(Text::same("Rego v1: `checked contains x.id if …`")))
    };
    engine.get_modules().first().cloned().ok_or_else(nothing)
}

/// The engine writes `--> file:line:column`, the line, a caret and `error: …`. A tab is four columns to it. `otherwise` is
/// the place of what it says without one.
pub(crate) fn complaint(otherwise: Place, policy: &str, text: &str) -> Complaint {
    let place = |line: &str| {
        let mut parts = line.trim().strip_prefix("-->")?.trim().rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        Some((parts.next()?.parse().ok()?, column))
    };
    let said = text.lines().find_map(|line| line.trim().strip_prefix("error:"));
    let reason = said.or_else(|| text.lines().find(|line| !line.trim().is_empty())).unwrap_or("the engine does not say why");
    let reason = reason.trim().to_owned();
    let Some((line, seen)): Option<(usize, usize)> = text.lines().find_map(place) else {
        return Complaint { place: otherwise, reason };
    };
    let letters = policy.lines().nth(line.saturating_sub(1)).unwrap_or_default().chars();
    let wide = letters.scan(1, |at, letter| {
        let begins = *at;
        *at += if letter == '\t' { 4 } else { 1 };
        Some(begins)
    });
    let column = wide.take_while(|begins| *begins < seen).count() + 1;
    Complaint { place: Place { line, column }, reason }
}

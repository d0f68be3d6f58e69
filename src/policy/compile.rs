//! Files → policies, with every mistake that can be found without a plan. Imports `model`.

#[cfg(feature = "policy")]
use crate::model::{Environment, Said};
use crate::model::{Finding, PolicyFiles, Source};

#[cfg(feature = "policy")]
use super::error::PolicyError;
use super::policies::Policies;
#[cfg(feature = "policy")]
use super::policies::{FOLDER, Policy, source};
#[cfg(feature = "policy")]
use super::said::{Fault, Place, Right, means};
#[cfg(feature = "policy")]
use super::{checker, memory, metadata};

/// What is said where no engine is.
#[cfg(not(feature = "policy"))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, tokaido_derive::Reason)]
enum Absent {
    #[en("this tokaido was built without the engine that asks policies")]
    #[ja("この tokaido はポリシーのエンジンなしで作られています")]
    Engine,
    #[en("a tokaido with the feature `policy`, or a project without policies")]
    #[ja("機能 `policy` を含む tokaido、またはポリシーのないプロジェクト")]
    Right,
}

/// The policies without a mistake, and the mistakes of all.
#[cfg(feature = "policy")]
#[must_use]
pub fn compile(files: &PolicyFiles) -> (Policies, Vec<Finding>) {
    let (mut list, mut findings) = (Vec::new(), Vec::new());
    for (file, text) in &files.files {
        list.extend(one(file, text, &mut findings));
    }
    list.sort_by(|a: &Policy, b| a.code.cmp(&b.code));
    (Policies { list: list.into() }, findings)
}

/// This binary has no engine: a project with policies is refused, and its policies are not ignored.
#[cfg(not(feature = "policy"))]
#[must_use]
pub fn compile(files: &PolicyFiles) -> (Policies, Vec<Finding>) {
    let finding = |file: &String| {
        let source = Source { file: file.into(), line: 1, column: 1 };
        Finding::error("no-policy-engine", Some(&source), Absent::Engine).expected(Absent::Right)
    };
    (Policies::default(), files.files.keys().map(finding).collect())
}

/// The mistakes of all policies. Texts that this program found without mistakes before are not checked again; those that it finds
/// without mistakes now are remembered.
#[cfg(feature = "policy")]
#[must_use]
pub fn check(files: &PolicyFiles, memory: &dyn super::Memory) -> Vec<Finding> {
    let known = memory.known();
    let (mut findings, mut good) = (Vec::new(), Vec::new());
    for (file, text) in &files.files {
        let key = memory::key(file, text);
        if known.contains(&key) {
            continue;
        }
        let before = findings.len();
        one(file, text, &mut findings);
        if findings.len() == before {
            good.push(key);
        }
    }
    if !good.is_empty() {
        memory.add(&good);
    }
    findings
}

/// [`compile`] without an engine has nothing to remember.
#[cfg(not(feature = "policy"))]
#[must_use]
pub fn check(files: &PolicyFiles, _: &dyn super::Memory) -> Vec<Finding> {
    compile(files).1
}

/// The policies that are on in this environment. The texts are only parsed when their mistakes were looked for already, as
/// loading does.
///
/// # Errors
/// The first policy with a mistake.
#[cfg(feature = "policy")]
pub(super) fn of_plan(files: &PolicyFiles, environment: Environment) -> Result<Policies, PolicyError> {
    if files.checked {
        return read(files, environment);
    }
    let (policies, findings) = compile(files);
    match findings.into_iter().next() {
        None => Ok(policies.only(|policy| policy.effects.contains_key(&environment))),
        Some(finding) => {
            let source = finding.source.unwrap_or_else(|| start(FOLDER));
            Err(PolicyError::new(finding.code, source, finding.message.to_string()))
        }
    }
}

#[cfg(feature = "policy")]
fn read(files: &PolicyFiles, environment: Environment) -> Result<Policies, PolicyError> {
    let mut chosen = Vec::new();
    for (file, text) in &files.files {
        let mut findings = Vec::new();
        let Some(metadata) = metadata::read(file, text, &mut findings) else {
            let code = rego_check::stem(file);
            let found = findings.into_iter().next().map(|finding| (finding.source, finding.message.to_string()));
            let (source, reason) = found.unwrap_or_default();
            return Err(PolicyError::new(code, source.unwrap_or_else(|| start(file)), reason));
        };
        if metadata.effects.contains_key(&environment) {
            chosen.push((file, text, metadata));
        }
    }
    let texts: Vec<(&str, &str)> = chosen.iter().map(|(file, text, _)| (file.as_str(), text.as_str())).collect();
    let mut list = Vec::new();
    for ((file, text, metadata), prepared) in chosen.iter().zip(rego_check::Prepared::each(&texts)) {
        let prepared = prepared.map_err(|complaint| PolicyError::of(&metadata.code, file, complaint))?;
        list.push(Policy::new(metadata.clone(), file, text, prepared, None));
    }
    list.sort_by(|a: &Policy, b| a.code.cmp(&b.code));
    Ok(Policies { list: list.into() })
}

#[cfg(feature = "policy")]
fn start(file: &str) -> Source {
    Source { file: file.into(), line: 1, column: 1 }
}

#[cfg(feature = "policy")]
fn one(file: &str, text: &str, findings: &mut Vec<Finding>) -> Option<Policy> {
    let before = findings.len();
    let metadata = metadata::read(file, text, findings);
    let checked = match checker::checker().check(file, text) {
        Ok(checked) => checked,
        Err(found) => {
            findings.extend(found.into_iter().map(|found| finding(file, found)));
            return None;
        }
    };
    let metadata = metadata.filter(|_| findings.len() == before)?;
    match rego_check::Prepared::new(file, text) {
        Ok(prepared) => Some(Policy::new(metadata, file, text, prepared, Some(&checked.looked))),
        // Parsed a moment ago, so this fails only on a machine that cannot start a thread.
        Err(complaint) => {
            findings.push(Finding::error(
                "policy-fails",
                Some(&source(file, complaint.place)),
                Fault::Unevaluated { said: complaint.reason },
            ));
            None
        }
    }
}

/// A mistake that the library found, with its place in the file.
#[cfg(feature = "policy")]
fn finding(file: &str, found: rego_check::Finding) -> Finding {
    // Of a text that the engine cannot read, the engine's own sentence is English; its code says in Japanese what it means.
    let engine = found.message.en == found.message.ja;
    let japanese = if engine { format!("{}（{}）", means(found.code).ja, found.message.en) } else { found.message.ja };
    let message = Fault::Rego { said: Said::new(found.message.en, japanese) };
    let mut finding = Finding::error(found.code.as_str(), Some(&source(file, found.place)), message);
    if !found.expected.en.is_empty() {
        finding = finding.expected(Right::said(found.expected));
    }
    match found.related {
        Some((what, place)) => finding.related(Place::Related { what: Said::new(what.en, what.ja) }, &source(file, place)),
        None => finding,
    }
}

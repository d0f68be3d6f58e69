//! Files → policies, with every mistake that can be found without a plan. Imports `model`.

use super::Policies;
#[cfg(feature = "policy")]
use super::{Policy, check, engine, metadata, trace};
use crate::model::{Finding, PolicyFiles, Source};

/// The file's name without folders and ending.
#[cfg(feature = "policy")]
pub(super) fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".rego").unwrap_or(name)
}

/// What was probably meant, for a message.
#[cfg(feature = "policy")]
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    let score = |name: &str| {
        // A part of a long name is as good a guess as a letter too many.
        let part = name.split('_').any(|part| part == word) || name.contains(word) && word.len() > 3;
        strsim::jaro_winkler(word, name).max(if part { 0.85 } else { 0.0 })
    };
    let best = known.iter().copied().map(|name| (score(name), name)).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    match best {
        Some((score, name)) if score >= 0.75 => format!("`{name}`"),
        _ if known.is_empty() => "nothing".to_owned(),
        _ if known.len() <= 12 => {
            let quoted: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
            format!("one of {}", quoted.join(", "))
        }
        _ => format!("one of {} names; `tokaido schema policy-input` has them", known.len()),
    }
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

/// No engine is in this tokaido: what a project wants is refused, never passed over.
#[cfg(not(feature = "policy"))]
#[must_use]
pub fn compile(files: &PolicyFiles) -> (Policies, Vec<Finding>) {
    let finding = |file: &String| {
        let source = Source { file: file.into(), line: 1, column: 1 };
        Finding::error("no-policy-engine", Some(&source), "this tokaido was built without the engine that asks policies")
            .expected("a tokaido with the feature `policy`, or a project without policies")
    };
    (Policies::default(), files.files.keys().map(finding).collect())
}

#[cfg(feature = "policy")]
fn one(file: &str, text: &str, findings: &mut Vec<Finding>) -> Option<Policy> {
    let before = findings.len();
    let metadata = metadata::read(file, text, findings);
    // Deep trees are walked by calls; the parser's own limit on depth keeps that far from this stack's end.
    let checked = engine::on_a_wide_stack(|| {
        let module = match engine::parse(file, text) {
            Ok(module) => module,
            Err(finding) => return Err(vec![*finding]),
        };
        let mut found = Vec::new();
        let shape = check::check(file, &module, &mut found);
        let reads = match &shape {
            Some(_) => trace::trace(file, &module, &mut found),
            None => trace::Reads::default(),
        };
        // What only the engine sees: a variable that nothing binds, a sum of texts.
        if found.is_empty() {
            found.extend(engine::rehearse(file, text));
        }
        if found.is_empty() { Ok((shape, reads)) } else { Err(found) }
    });
    let nowhere = Source { file: file.into(), line: 1, column: 1 };
    match checked.unwrap_or_else(|reason| Err(vec![Finding::error("policy-fails", Some(&nowhere), reason)])) {
        Err(mut found) => {
            found.sort_by(|a, b| a.source.cmp(&b.source).then_with(|| a.message.cmp(&b.message)));
            findings.append(&mut found);
            None
        }
        Ok((shape, reads)) => {
            let (shape, metadata) = (shape?, metadata.filter(|_| findings.len() == before)?);
            let reads = reads.with(&metadata.about);
            Some(Policy {
                code: metadata.code,
                title: metadata.title,
                description: metadata.description,
                effects: metadata.effects,
                about: metadata.about,
                source: Source { file: file.into(), line: shape.line, column: shape.column },
                reads,
                text: text.into(),
            })
        }
    }
}

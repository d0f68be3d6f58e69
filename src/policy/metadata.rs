//! The block of comments that describes a policy: OPA's `# METADATA`, read with places. Imports `model`, `kinds`.

use std::collections::{BTreeMap, BTreeSet};

use crate::kinds;
use crate::model::{Effect, Environment, Explained, Finding, Said, Source};
use crate::yaml::{self, MapEntry, Node, NodeValue, Origin, Rules};

use super::about::{About, CHANGES};
use super::said::{Fault, Right};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) code: String,
    pub(super) title: Said,
    pub(super) description: Option<String>,
    pub(super) effects: BTreeMap<Environment, Effect>,
    pub(super) about: About,
}

const EXAMPLE: Right = Right::form(
    "the block `# METADATA`, `# title: …`, `# custom:` with title_ja, code, about and effect, right above `package`; \
     docs/policies.md has one to copy",
    "`package` のすぐ上の `# METADATA`、`# title: …`、および title_ja、code、about、effect を持つ `# custom:`。写せる例が docs/policies.md にあります",
);

/// `None` when something is missing or wrong; every mistake is in `findings`.
pub(super) fn read(file: &str, text: &str, findings: &mut Vec<Finding>) -> Option<Metadata> {
    let _before = findings.len();
    let Some((line, indent, block)) = block(text) else {
        let start = Source { file: file.into(), line: 1, column: 1 };
        let marked = text.starts_with('\u{feff}');
        let (message, expected) = if marked {
            (Fault::ByteOrderMark, Right::form("UTF-8 without one", "バイト順マーク（BOM）のない UTF-8"))
        } else {
            (Fault::NoMetadata, EXAMPLE)
        };
        findings.push(wrong(&start, message).expected(expected));
        return None;
    };
    // A merge of two branches can leave such a block: tokaido must not choose one of two effects.
    if let Some(second) = again(text, line) {
        let place = Source { file: file.into(), line: second, column: 1 };
        let above = Fault::Again { line: line - 1 };
        findings
            .push(wrong(&place, above).expected(Right::form("one block, right above `package`", "`package` のすぐ上に一つだけ")));
        return None;
    }
    let before = findings.len();
    let root = yaml::parse(Origin { file: file.into(), line, indent }, &block, Rules::OF_A_POLICY, findings)?;
    if findings.len() > before {
        return None;
    }
    let mut reader = Reader { findings };
    reader.only(&root, Explained::new("the metadata", "メタデータ"), &["title", "description", "scope", "custom"]);
    if let Some(scope) = root.get("scope").filter(|scope| scope.text() != Some("package")) {
        reader.wrong(scope, Fault::WholeFile, Right::form("`scope: package`, or no scope", "`scope: package` とするか、省く"));
    }
    let title = reader.text(&root, "title", &Right::typed("`title: No database is public`"));
    let description = root.get("description").and_then(|node| reader.words(node));
    let custom = reader.needed(
        &root,
        "custom",
        &Right::form("`custom:` with title_ja, code, about and effect", "title_ja、code、about、effect を持つ `custom:`"),
    )?;
    reader.only(custom, Explained::new("custom", "custom "), &["title_ja", "code", "about", "effect"]);
    let title_ja =
        reader.text(custom, "title_ja", &Right::form("`title_ja:` and the title in Japanese", "`title_ja:` と日本語の題名"));
    let code = reader.code(file, custom);
    let about = reader.about(custom);
    let effects = reader.effects(custom);
    let metadata = Metadata { code: code?, title: Said::new(title?, title_ja?), description, effects: effects?, about: about? };
    (findings.len() == before).then_some(metadata)
}

/// The first block of comments that begins with `# METADATA` and stands before `package`: the number of the line after that word,
/// the columns that were cut off in front, and the text.
fn block(text: &str) -> Option<(usize, usize, String)> {
    let mut lines = text.lines().enumerate().skip_while(|(_, line)| line.trim_end() != "# METADATA");
    let (begin, _) = lines.next()?;
    if text.lines().take(begin).any(|line| line.starts_with("package ")) {
        return None;
    }
    let mut block = String::new();
    for line in lines.map(|(_, line)| line).take_while(|line| line.starts_with('#')) {
        // The same two columns are cut off in every line, so that places stay right.
        let rest = line.strip_prefix("# ").or_else(|| line.strip_prefix('#'))?;
        block.push_str(rest);
        block.push('\n');
    }
    Some((begin + 2, 2, block))
}

/// The line of a second such block before `package`. A block after it belongs to a single rule.
fn again(text: &str, from: usize) -> Option<usize> {
    let rest = text.lines().enumerate().skip(from - 1).take_while(|(_, line)| !line.starts_with("package "));
    rest.map(|(index, line)| (index + 1, line.trim_end())).find(|(_, line)| *line == "# METADATA").map(|(line, _)| line)
}

fn wrong(source: &Source, message: Fault) -> Finding {
    Finding::error("policy-metadata", Some(source), message)
}

/// One word of `effect`.
#[derive(Debug, Clone, Copy)]
enum Written {
    On(Effect),
    Off,
}

struct Reader<'a> {
    findings: &'a mut Vec<Finding>,
}

impl Reader<'_> {
    fn wrong(&mut self, node: &Node, message: Fault, expected: Right) {
        self.findings.push(wrong(&node.source, message).expected(expected));
    }

    /// These keys and no others.
    fn only(&mut self, node: &Node, what: Explained, known: &[&str]) {
        for MapEntry { key, key_source: source, .. } in node.entries() {
            if !known.contains(&key.as_str()) {
                let expected = Right::said(super::checker::nearest(key, known.iter().copied()));
                self.findings.push(wrong(source, Fault::UnknownKey { key: key.clone(), what }).expected(expected));
            }
        }
    }

    fn needed<'a>(&mut self, node: &'a Node, key: &str, example: &Right) -> Option<&'a Node> {
        let found = node.get(key);
        if found.is_none() {
            self.wrong(node, Fault::Missing { key: key.to_owned() }, example.clone());
        }
        found
    }

    fn words(&mut self, node: &Node) -> Option<String> {
        let text = node.text().map(str::trim).filter(|text| !text.is_empty());
        if text.is_none() {
            self.wrong(node, Fault::NotText, Right::form("text on one line", "一行の文字列"));
        }
        text.map(str::to_owned)
    }

    fn text(&mut self, node: &Node, key: &str, example: &Right) -> Option<String> {
        let found = self.needed(node, key, example)?;
        self.words(found)
    }

    fn code(&mut self, file: &str, custom: &Node) -> Option<String> {
        let stem = rego_check::stem(file);
        let code = self.text(custom, "code", &Right::typed(format!("`code: {stem}`")))?;
        if code != stem {
            let node = custom.get("code").unwrap_or(custom);
            self.wrong(node, Fault::OtherCode { code, file: file.to_owned() }, Right::FileName { stem: stem.to_owned() });
            return None;
        }
        Some(code)
    }

    fn about(&mut self, custom: &Node) -> Option<About> {
        let example = Right::form(
            "`about: [db-instance]` with the kinds that it judges, or `about: changes`",
            "判定する種類を並べた `about: [db-instance]`、または `about: changes`",
        );
        let node = self.needed(custom, "about", &example)?;
        if node.text() == Some(CHANGES) {
            return Some(About::Changes);
        }
        let named: Vec<&Node> = if node.text().is_some() { vec![node] } else { node.items().iter().collect() };
        let mut found = BTreeSet::new();
        for item in &named {
            let word = item.text().unwrap_or_default();
            if kinds::find(word).is_some() {
                found.insert(word.to_owned());
            } else if word == CHANGES {
                let alone = Right::form("`about: changes` alone, or kinds alone", "`about: changes` だけ、または種類だけ");
                self.wrong(item, Fault::ChangesAlone, alone);
            } else {
                let known = kinds::planned().map(|kind| kind.schema.kind).chain([CHANGES]);
                self.wrong(item, Fault::NoKind { word: word.to_owned() }, Right::said(super::checker::nearest(word, known)));
            }
        }
        if named.is_empty() {
            self.wrong(node, Fault::NoKindNamed, example);
        }
        (found.len() == named.len() && !found.is_empty()).then_some(About::Kinds(found))
    }

    fn effects(&mut self, custom: &Node) -> Option<BTreeMap<Environment, Effect>> {
        let example = Right::form(
            "`effect: deny`, `effect: warn`, or `effect: {production: deny, staging: deny, dev: warn}`",
            "`effect: deny`、`effect: warn`、または `effect: {production: deny, staging: deny, dev: warn}`",
        );
        let node = self.needed(custom, "effect", &example)?;
        if !matches!(node.value, NodeValue::Map(_)) {
            let effect = self.effect(node, &example)?;
            return self.somewhere(node, Environment::ALL.map(|environment| (environment, effect)).into());
        }
        self.only(node, Explained::new("effect", "effect "), &Environment::ALL.map(Environment::as_str));
        let mut written = Vec::new();
        for environment in Environment::ALL {
            let each = self.needed(node, environment.as_str(), &Right::Effect { environment })?;
            written.push((
                environment,
                self.effect(each, &Right::form("`deny`, `warn` or `off`", "`deny`、`warn`、`off` のいずれか"))?,
            ));
        }
        self.somewhere(node, written)
    }

    /// A policy that is off everywhere would be a file without a use.
    fn somewhere(&mut self, node: &Node, written: Vec<(Environment, Written)>) -> Option<BTreeMap<Environment, Effect>> {
        let on = |(environment, written)| match written {
            Written::On(effect) => Some((environment, effect)),
            Written::Off => None,
        };
        let effects: BTreeMap<Environment, Effect> = written.into_iter().filter_map(on).collect();
        if effects.is_empty() {
            self.wrong(
                node,
                Fault::OffEverywhere,
                Right::form("no file, or an effect in at least one environment", "ファイルを除くか、一つ以上の環境で有効にする"),
            );
            return None;
        }
        Some(effects)
    }

    fn effect(&mut self, node: &Node, expected: &Right) -> Option<Written> {
        match node.text() {
            Some("deny") => Some(Written::On(Effect::Deny)),
            Some("warn") => Some(Written::On(Effect::Warn)),
            Some("off") => Some(Written::Off),
            other => {
                self.wrong(node, Fault::NoEffect { word: other.unwrap_or_default().to_owned() }, expected.clone());
                None
            }
        }
    }
}

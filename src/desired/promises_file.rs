//! `policies/promises.yaml` → [`Promises`], never weaker than the paper. Imports `promises` and `kinds`.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::model::{Explained, Finding, PromiseKind, Severity, Source};
use crate::promises::{Bilingual, Controls, Promise, Promises, SLUGS, below_floor, entry_of};
use crate::yaml::{Node, NodeValue, shown};

use super::decode::{Decode, Decoder, Spanned, nearest, spec};
use super::files::Files;
use super::said::{Right, RuleFault, ValueFault};
use super::scalars::{BadScalar, Scalar, Words, choice, scalar};

pub const FILE: &str = "policies/promises.yaml";

choice! {
    /// The version of this file's form.
    pub enum PromisesVersion ("bad-schema-version", "`tokaido/promises/v1`", "`tokaido/promises/v1`") { V1 = "tokaido/promises/v1" }
}

choice! {
    /// Who or what keeps a promise.
    pub enum KindWord ("bad-promise-kind", "`enforce`, `prove`, `process` or `info`", "`enforce`、`prove`、`process`、`info` のいずれか") {
        Enforce = "enforce",
        Prove = "prove",
        Process = "process",
        Info = "info"
    }
}

spec! {
    /// The white paper's promises.
    pub struct PromisesFile {
        /// The version of this file's form.
        pub schema: Spanned<PromisesVersion>,
        /// In the order of the paper.
        pub promises: Vec<Spanned<PromiseSpec>>,
    }
}

spec! {
    /// One promise.
    pub struct PromiseSpec {
        /// By which everything refers to it.
        pub id: Spanned<Slug>,
        /// Section of the paper, in quotes.
        pub clause: Spanned<Words>,
        /// Who or what keeps it: `enforce`, `prove`, `process` or `info`.
        pub kind: Spanned<KindWord>,
        /// Controls it answers.
        pub controls: ControlsSpec,
        /// A few words.
        pub title: BilingualSpec,
        /// What customers are told, in our own words.
        pub sentence: BilingualSpec,
        /// Numbers and names in the sentence.
        pub parameters: Option<Spanned<Parameters>>,
    }
}

spec! {
    /// Controls by edition.
    pub struct ControlsSpec {
        /// ISO/IEC 27017:2015.
        pub iso27017_2015: Vec<Spanned<Words>>,
        /// ISO/IEC 27002:2022.
        pub iso27002_2022: Vec<Spanned<Words>>,
    }
}

spec! {
    /// Japanese and English.
    pub struct BilingualSpec {
        /// Japanese.
        pub ja: Spanned<Words>,
        /// English.
        pub en: Spanned<Words>,
    }
}

/// The name of a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slug(String);

impl Scalar for Slug {
    const EXPECTED: Explained = Explained::new(
        "lower-case words joined by hyphens: `recovery-copies`",
        "英小文字の語をハイフンでつないだ名前: `recovery-copies`",
    );

    fn read(text: &str) -> Result<Self, BadScalar> {
        let good = text.len() <= 60
            && text.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(BadScalar::new("bad-name", ValueFault::is_not(shown(text), "the name of a promise", "約束の名前")))
        }
    }

    fn schema() -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$" })
    }
}

scalar!(Slug);

/// Parameters by name.
#[derive(Debug, Clone, Default)]
pub struct Parameters(BTreeMap<String, Spanned<Words>>);

impl Decode for Parameters {
    fn decode(node: &Node, decoder: &mut Decoder) -> Option<Self> {
        let NodeValue::Map(entries) = &node.value else {
            let form = Explained::new("names and values: `at_least: 35d`", "名前と値: `at_least: 35d`");
            decoder.wrong_type(node, Right::Form { form });
            return None;
        };
        let read = entries.iter().filter_map(|entry| Some((entry.key.clone(), Spanned::decode(&entry.node, decoder)?)));
        Some(Self(read.collect()))
    }
}

impl JsonSchema for Parameters {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Parameters".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<Words>() })
    }
}

/// Reads and checks the promises of the tree (no prefix) or of a release (its folder). When something is wrong the findings say so and the promises cannot be relied on.
pub fn load(files: &mut Files, prefix: &str, findings: &mut Vec<Finding>) -> Promises {
    let Some(tree) = files.tree(&format!("{prefix}{FILE}"), None, findings) else { return Promises::default() };
    let mut decoder = Decoder::default();
    let file = PromisesFile::decode(&tree, &mut decoder);
    findings.append(&mut decoder.findings);
    let Some(file) = file else { return Promises::default() };
    let bad_entries = findings.iter().any(|finding| finding.severity == Severity::Error);
    check(&file, &tree, bad_entries, findings);
    Promises::new(file.promises.into_iter().map(|promise| lower(promise.value)).collect())
}

fn check(file: &PromisesFile, tree: &Node, bad_entries: bool, findings: &mut Vec<Finding>) {
    for (index, promise) in file.promises.iter().enumerate() {
        let id = &promise.id;
        if let Some(first) = file.promises[..index].iter().find(|earlier| earlier.id.value == id.value) {
            let finding = Finding::error("duplicate-name", Some(&id.source), RuleFault::PromisedTwice { id: id.0.clone() });
            findings.push(finding.expected(Right::PromiseOnce).related(crate::yaml::YamlPlace::First, &first.id.source));
        }
        let Some(known) = SLUGS.into_iter().find(|slug| *slug == id.0) else {
            let near = nearest(&id.0, &SLUGS).map_or_else(|| SLUGS.join(", "), |near| format!("`{near}`"));
            let near = Right::typed(near);
            findings.push(
                Finding::error("unknown-promise", Some(&id.source), RuleFault::NotOfThePaper { id: id.0.clone() }).expected(near),
            );
            continue;
        };
        for shortfall in below_floor(&lower(promise.value.clone())) {
            let parameter = shortfall.floor.parameter;
            let place = promise.parameters.as_ref().map_or(&promise.source, |parameters| {
                parameters.0.get(parameter).map_or(&parameters.source, |written| &written.source)
            });
            let message = match &shortfall.written {
                Some(written) => RuleFault::WeakerThanPaper { parameter, written: shown(written), promise: known },
                None => RuleFault::ParameterMissing { parameter, promise: known },
            };
            let finding = Finding::error("promise-below-paper", Some(place), message);
            findings.push(
                finding
                    .expected(Right::Floor { right: shortfall.right.clone(), clause: shortfall.floor.clause.to_string() })
                    .promise(known),
            );
        }
        check_clause(promise, known, findings);
    }
    // An entry that could not be read, or whose name is nearly right, is not missing as well.
    let written = |slug: &str| file.promises.iter().any(|promise| promise.id.0 == slug);
    let nearly = |slug: &str| file.promises.iter().any(|promise| nearest(&promise.id.0, &SLUGS) == Some(slug));
    // Likeness is measured only for what is not there: for every pair it took longer than reading the file.
    let meant = |slug: &str| written(slug) || nearly(slug);
    let missing = SLUGS.into_iter().filter(|slug| !bad_entries && !meant(slug));
    for slug in missing {
        let source = tree.get("promises").map_or(&tree.source, |node| &node.source);
        let finding = Finding::error("missing-promise", Some(source), RuleFault::PromiseMissing { promise: slug });
        findings.push(finding.expected(Right::EntryWith { promise: slug }).promise(slug));
    }
}

/// The sections are the paper's: an auditor finds a sentence by them. So is who keeps it: what tokaido enforces does not
/// become a remark by a word in a file.
fn check_clause(promise: &Spanned<PromiseSpec>, known: &'static str, findings: &mut Vec<Finding>) {
    let Some(paper) = entry_of(known) else { return };
    let mut differs = |what: &'static str, written: &str, source: &Source, right: String| {
        let message = RuleFault::NotThePapers { what, written: shown(written), promise: known };
        findings.push(Finding::error("promise-below-paper", Some(source), message).expected(Right::typed(right)).promise(known));
    };
    let (clause, kind) = (&promise.clause, kind(*promise.kind));
    if clause.as_str() != paper.clause {
        differs("clause", clause.as_str(), &clause.source, format!("\"{}\"", paper.clause));
    }
    if kind != paper.kind {
        differs("kind", kind.as_str(), &promise.kind.source, format!("`{}`", paper.kind.as_str()));
    }
}

const fn kind(word: KindWord) -> PromiseKind {
    match word {
        KindWord::Enforce => PromiseKind::Enforce,
        KindWord::Prove => PromiseKind::Prove,
        KindWord::Process => PromiseKind::Process,
        KindWord::Info => PromiseKind::Info,
    }
}

fn lower(promise: PromiseSpec) -> Promise {
    let words = |list: Vec<Spanned<Words>>| list.into_iter().map(|word| word.as_str().to_owned()).collect();
    let bilingual = |text: BilingualSpec| Bilingual { ja: text.ja.as_str().to_owned(), en: text.en.as_str().to_owned() };
    let parameters = promise.parameters.map(|parameters| parameters.value.0).unwrap_or_default();
    Promise {
        id: promise.id.0.clone(),
        clause: promise.clause.as_str().to_owned(),
        kind: kind(*promise.kind),
        controls: Controls {
            iso27017_2015: words(promise.controls.iso27017_2015),
            iso27002_2022: words(promise.controls.iso27002_2022),
        },
        title: bilingual(promise.title),
        sentence: bilingual(promise.sentence),
        parameters: parameters.into_iter().map(|(name, value)| (name, value.as_str().to_owned())).collect(),
    }
}

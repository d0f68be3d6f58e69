//! Everything that a plan, a file or a finding names can be explained, in both languages, and every rule names its page.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tokaido::desired::{codes, keys};
use tokaido::kinds;
use tokaido::model::{BlockedCode, Language, Mutability, Risk};
use tokaido::policy::Policies;
use tokaido::promises::Promises;
use tokaido::render::{Style, explain};

use crate::project::Project;
use crate::support::binary::Product;

fn promises() -> Promises {
    Project::new().load().promises
}

/// A word is found, and says something in the language it was asked in.
fn explained(word: &str, promises: &Promises) {
    let topics = explain::find(word, promises, &Policies::default());
    assert!(!topics.is_empty(), "`{word}` is not explained");
    for topic in &topics {
        let (_, title, en) = explain::words(topic, Language::En);
        assert!(!title.is_empty() && en.len() > 3, "{word}: {en}");
        let (_, title, ja) = explain::words(topic, Language::Ja);
        assert!(!title.is_empty() && !ja.is_ascii(), "{word}: {ja}");
        assert!(!en.chars().any(|c| ('ぁ'..='ヶ').contains(&c)), "{word}: the languages are mixed up: {en}");
    }
    for language in [Language::En, Language::Ja] {
        let text = explain::text(&topics, language, &Style { colour: false, width: 80 });
        assert!(text.contains(word) || topics.len() > 1 || word.parse::<u8>().is_ok(), "{text}");
    }
}

#[test]
fn every_attribute_has_its_rule_its_page_and_two_languages() {
    let promises = promises();
    for kind in kinds::ALL {
        for attribute in kind.schema.attributes {
            let name = format!("{}.{}", kind.schema.kind, attribute.name);
            assert!(attribute.source.starts_with("https://docs.aws.amazon.com/"), "{name} names no page of AWS");
            assert!(!attribute.doc.is_empty() && attribute.doc.len() < 60, "{name} has no AWS name");
            assert!(!attribute.mutability.when().en.is_empty() && !attribute.impact.as_str().is_empty(), "{name}");
            if let Mutability::Forbidden(procedure) = attribute.mutability {
                assert!(procedure.en.len() > 20 && !procedure.ja.is_ascii(), "{name} is forbidden and says no way out");
                assert!(attribute.cases.is_empty() && attribute.hazards.is_empty(), "{name}: what never changes has no risk");
            }
            assert!(attribute.cases.iter().all(|case| !case.words.is_empty()), "{name}: a case has no words");
            assert!(attribute.about.en.len() > 20, "{name} is not explained");
            explained(&name, &promises);
        }
    }
}

/// A kind says what it compares and, in the same breath, what it does not.
#[test]
fn every_kind_with_what_is_not_compared() {
    let promises = promises();
    for kind in kinds::ALL {
        let name = kind.schema.kind;
        explained(name, &promises);
        assert_eq!(explain::nearest(name, &promises, &Policies::default())[0], name);
        let titles = if kind.schema.observed {
            ["Not read", "読み取らない項目"]
        } else {
            ["Not compared", "比較しない設定"]
        };
        for (language, title) in [Language::En, Language::Ja].into_iter().zip(titles) {
            let text = explain::text(&explain::find(name, &promises, &Policies::default()), language, &Style::default());
            let listed = kind.not_compared();
            assert_eq!(text.contains(&format!("{title} ({})", listed.len())), !listed.is_empty(), "{text}");
            let missing = listed.iter().find(|setting| !text.contains(**setting));
            assert_eq!(missing, None, "{text}");
            assert!(kind.schema.attributes.iter().all(|attribute| text.contains(attribute.name.as_str())), "{text}");
        }
    }
}

/// "No drift" is no more than it is: after it stands how much is not compared. Programs read it elsewhere, and `-q` leaves it out.
#[test]
fn drift_says_that_not_everything_is_compared() {
    let product = Product::new();
    let count = kinds::settings::not_compared();
    assert!(count > 100, "{count}");
    let said = |words: &[&str]| product.reads_only(3, words).err;
    assert!(said(&["drift", "dev"]).contains(&format!("{count} settings that AWS has are not compared")));
    let japanese = said(&["drift", "dev", "--lang", "ja"]);
    assert!(japanese.contains(&format!("AWS の設定のうち {count} 項目は比較していません")), "{japanese}");
    for quiet in [&["drift", "dev", "-q"][..], &["drift", "dev", "--format", "json"]] {
        let said = said(quiet);
        assert!(!said.contains("not compared"), "{said}");
    }
    let of_kind = product.reads_only(0, &["explain", "iam-role"]).out;
    assert!(of_kind.contains("Not compared (1)") && of_kind.contains("MaxSessionDuration"), "{of_kind}");
}

/// A reviewer sees every change of a rule as a change of this page. `TOKAIDO_BLESS=1` writes it anew.
#[test]
fn the_table_of_attributes_is_committed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/attributes.md");
    let text = explain::attributes();
    if std::env::var_os("TOKAIDO_BLESS").is_some() {
        fs::write(&path, &text).expect("docs/ can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == text, "docs/attributes.md is not what the schemas say: run make bless");
}

#[test]
fn every_risk_and_every_promise() {
    let promises = promises();
    for risk in Risk::ALL {
        explained(risk.code(), &promises);
        explained(&risk.code().to_lowercase().to_uppercase(), &promises);
    }
    assert!(Risk::ALL.is_sorted_by_key(|risk| risk.code()), "a change lists its codes in this order");
    for promise in promises.iter() {
        explained(&promise.id, &promises);
        explained(&promise.clause, &promises);
    }
}

/// The words that a plan can say, from the type itself: one that is forgotten in the list cannot be explained.
#[test]
fn every_reason_for_a_refusal() {
    let schema = serde_json::to_value(schemars::schema_for!(BlockedCode)).expect("a schema");
    let variants = schema["oneOf"].as_array().into_iter().flatten().filter_map(|one| one["const"].as_str());
    let words: BTreeSet<&str> = variants.collect();
    assert_eq!(words, BlockedCode::ALL.iter().map(|code| code.as_str()).collect(), "{schema:#}");
    assert!(BlockedCode::ALL.is_sorted_by_key(|code| code.as_str()));
    let promises = promises();
    for code in BlockedCode::ALL {
        let json = serde_json::to_value(code).expect("a word");
        assert_eq!(json, code.as_str(), "a plan says the same word in text and in JSON");
        explained(code.as_str(), &promises);
        let topics = explain::find(code.as_str(), &promises, &Policies::default());
        assert!(topics.iter().any(|topic| matches!(topic, explain::Topic::Blocked(found) if *found == code)), "{code}");
    }
}

#[test]
fn every_key_of_the_environment_file() {
    let (keys, promises) = (keys::all(), promises());
    assert!(keys.len() > 60 && keys.contains_key("databases.storage.up_to"), "{:?}", keys.keys());
    for path in keys.keys() {
        explained(path, &promises);
    }
}

/// Every string that stands where a finding takes its code.
fn codes_of_the_sources() -> BTreeSet<String> {
    let word = |text: &str| text.contains('-') || text == "quota";
    let plain = |text: &str| {
        !text.starts_with('-')
            && !text.ends_with('-')
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut open, mut found) = (
        ["desired", "compile", "project", "yaml", "policy", "../rego-check/src"].map(|folder| source.join(folder)).to_vec(),
        BTreeSet::new(),
    );
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                open.push(path);
            } else if !path.parent().is_some_and(|folder| folder.ends_with("desired/codes")) && !path.ends_with("keys.rs") {
                let text = fs::read_to_string(&path).expect("a source");
                let strings = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .flat_map(|line| line.split('"').skip(1).step_by(2));
                found.extend(strings.filter(|text| plain(text) && word(text)).map(str::to_owned));
            }
        }
    }
    found
}

/// Strings with a hyphen in these folders that are no code.
const OTHERS: &[&str] = &[
    "amazon-time-sync",
    "customer-data",
    "date-time",
    "open-source-rds-extended-support-disabled",
    "replaced-leases",
    "unfinished-uploads",
    "rds-ca-rsa2048-g1",
    "ap-northeast-1",
    "ap-northeast-3",
    "apne1-az",
    "apne3-az",
    "2027-03-31",
    "tokaido-production-333333333333",
];

#[test]
fn every_code_of_a_finding() {
    let (used, promises) = (codes_of_the_sources(), promises());
    let known: BTreeSet<_> = codes::all().map(|(code, _)| (*code).to_owned()).collect();
    assert_eq!(known.len(), codes::all().count(), "a code stands twice");
    for part in [codes::CODES, codes::BAD, codes::POLICIES] {
        assert!(part.is_sorted_by_key(|(code, _)| *code));
    }
    let missing: Vec<_> =
        used.difference(&known).filter(|code| !OTHERS.contains(&code.as_str())).filter(|code| !is_id(code)).collect();
    assert!(missing.is_empty(), "no explanation in src/desired/codes: {missing:?}");
    let unused: Vec<_> = known.difference(&used).collect();
    assert!(unused.is_empty(), "explained and never said: {unused:?}");
    for code in &known {
        explained(code, &promises);
    }
}

/// A kind or a promise, named by the compiler or by a check.
fn is_id(text: &str) -> bool {
    kinds::find(text).is_some() || tokaido::promises::SLUGS.contains(&text)
}

#[test]
fn what_is_unknown_brings_the_nearest_names() {
    let near = |word: &str| explain::nearest(word, &promises(), &Policies::default());
    assert_eq!(near("av20")[..2], ["AV201", "AV202"]);
    assert_eq!(near("db-instance.clas")[0], "db-instance.class");
    assert!(near("retention").iter().any(|name| name == "db-instance.backup_retention_days"), "{:?}", near("retention"));
    assert_eq!(near("overlaping-cidr")[0], "overlapping-cidr");
    assert_eq!(near("at_leest")[0], "databases.storage.at_least");
    assert_eq!(near("Db Instance.Class")[0], "db-instance.class");
    // A word that is like no name has no neighbours.
    for word in ["xyzzy", "kubernetes", "hunter2", "no-such-word", "zz", "q", "さくら", "", "aws_lambda_function"] {
        assert_eq!(near(word), Vec::<String>::new(), "{word}");
    }
}

#[test]
fn the_command() {
    let product = Product::new();
    let said = |words: &[&str]| product.reads_only(0, words).out;
    assert!(said(&["explain", "AV201"]).contains("restarts"));
    assert!(said(&["explain", "av201", "--lang", "ja"]).contains("再起動"));
    let field = said(&["explain", "db-instance.backup_retention_days"]);
    for fragment in ["0 ↔ n: in the next maintenance window", "point-in-time-recovery", "SE303", "https://docs.aws.amazon.com/"]
    {
        assert!(field.contains(fragment), "{fragment}: {field}");
    }
    assert!(said(&["explain", "databases.storage.up_to"]).contains("How far it may grow"));
    assert!(said(&["explain", "overlapping-cidr", "--lang", "ja"]).contains("アドレス"));
    let clause = said(&["explain", "12"]);
    assert!(clause.contains("point-in-time-recovery") && clause.contains("recovery-copies"), "{clause}");
    let unknown = product.run(&["explain", "db-instance.clas"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.err.contains("the nearest names are db-instance.class"), "{unknown:?}");
    let unknown = product.expect(1, &["explain", "xyzzy"]);
    assert!(unknown.err.contains("nothing is called `xyzzy` or nearly so"), "{unknown:?}");
    let unknown = product.expect(1, &["explain", "xyzzy", "--lang", "ja"]);
    assert!(unknown.err.contains("近い名前のものもありません"), "{unknown:?}");
    // The language comes from the flag alone.
    let mut command = product.command(&["explain", "AV201"]);
    let output = command.env("LANG", "ja_JP.UTF-8").env("LC_ALL", "ja_JP.UTF-8").output().expect("a run");
    assert!(String::from_utf8_lossy(&output.stdout).contains("restarts"));
}

//! The form of a file: metadata, package, the two sets, syntax.

use super::{ASKED, BROKEN, CHECKED, HEAD, compile, good, marked, refused, rendered};
use tokaido::model::{Effect, Environment};
use tokaido::policy::About;

fn rules() -> String {
    format!("{CHECKED}{BROKEN}")
}

/// What is replaced in the head, by what, and what is said at the mark.
#[test]
fn mistakes_in_the_metadata() {
    let meta = "policy-metadata";
    for (name, from, to, code, fragments) in [
        (
            "no block",
            "# METADATA\n# title: A title\n",
            "‸# title: A title\n",
            meta,
            &["does not say what it is", "docs/policies.md"][..],
        ),
        ("no title", "# title: A title\n", "# ‸description: x\n", meta, &["`title` is missing"]),
        ("an empty title", "title: A title", "title:", meta, &["not text"]),
        ("a key that is not there", "title: A title", "title: A title\n# ‸titel: x", meta, &["unknown key `titel`", "`title`"]),
        ("another scope", "title: A title", "title: A title\n# scope: ‸rule", meta, &["`scope: package`"]),
        (
            "no custom",
            "# custom:\n#   title_ja: 題名\n#   code: sample\n#   about: [db-instance]\n#   effect: deny\n",
            "",
            meta,
            &["`custom` is missing"],
        ),
        ("no Japanese", "#   title_ja: 題名\n", "", meta, &["`title_ja` is missing"]),
        (
            "a key of custom",
            "#   code: sample",
            "#   ‸severity: high\n#   code: sample",
            meta,
            &["unknown key `severity` of custom"],
        ),
        ("another code", "code: sample", "code: ‸other", meta, &["the code is `other`", "`code: sample`"]),
        (
            "a kind that is not there",
            "[db-instance]",
            "[vpc, ‸db-instanse]",
            meta,
            &["`db-instanse` is not a kind", "`db-instance`"],
        ),
        ("changes among kinds", "[db-instance]", "[vpc, ‸changes]", meta, &["not one of several", "alone"]),
        ("no kind", "about: [db-instance]", "‸about: []", meta, &["no kind is named"]),
        ("no effect that is one", "effect: deny", "effect: ‸block", meta, &["`block` is not an effect"]),
        ("off everywhere", "effect: deny", "effect: ‸off", meta, &["off everywhere"]),
        ("an environment too few", "effect: deny", "‸effect: { production: deny, dev: off }", meta, &["`staging` is missing"]),
        (
            "an environment too many",
            "effect: deny",
            "effect: { production: deny, staging: deny, dev: off, ‸test: warn }",
            meta,
            &["unknown key `test`"],
        ),
        ("no YAML", "title: A title", "title: \"A title", "yaml-syntax", &["cannot be read as YAML"]),
        ("a byte order mark", "# METADATA", "\u{feff}# METADATA", meta, &["begins with a byte order mark", "UTF-8 without one"]),
        (
            "two blocks",
            "package ",
            "\n‸# METADATA\n# title: B\n# custom:\n#   effect: warn\npackage ",
            meta,
            &["stands here again", "in line 1 already", "one block"],
        ),
        ("twice", "title: A title", "title: A title\n# ‸title: B", "duplicate-key", &["written twice"]),
    ] {
        let head = HEAD.replacen(from, to, 1);
        assert_ne!(head, HEAD, "{name}");
        let text = format!("{head}{}", rules());
        if head.contains('‸') {
            refused(name, &text, code, fragments);
        } else {
            let said = rendered(&compile(&text).1);
            assert!(
                said.contains(&format!("error[{code}]")) && fragments.iter().all(|part| said.contains(part)),
                "{name}: {said}"
            );
            assert!(said.starts_with("policies/sample.rego:"), "{name}: {said}");
        }
    }
}

#[test]
fn mistakes_in_the_rules() {
    for (name, text, code, fragments) in [
        (
            "another package",
            format!("{}{}", HEAD.replace("package tokaido.sample", "package ‸tokaido.smaple"), rules()),
            "policy-name",
            &["`package tokaido.sample`"][..],
        ),
        ("an import", format!("{HEAD}import ‸data.lists\n\n{}", rules()), "policy-alone", &["`import data.lists`"]),
        (
            "an alias of the input",
            format!("{HEAD}import ‸input.plan as p\n\n{}", rules()),
            "policy-alone",
            &["begins with `input.`"],
        ),
        (
            "no `checked`",
            format!("{}{BROKEN}", HEAD.replace("package", "‸package")),
            "policy-rules",
            &["`checked` is not defined"],
        ),
        (
            "no `broken`",
            format!("{}{CHECKED}", HEAD.replace("package", "‸package")),
            "policy-rules",
            &["`broken` is not defined"],
        ),
        (
            "two of `broken`",
            format!("{HEAD}{CHECKED}{BROKEN}\n‸{BROKEN}"),
            "policy-rules",
            &["`broken` is defined twice", "first defined here: policies/sample.rego:11:1"],
        ),
        ("`broken` is no set", format!("{HEAD}{CHECKED}\n‸broken := []\n"), "policy-rules", &["not defined as a set"]),
        ("a rule with dots", format!("{HEAD}{}\n‸a.b := 1\n", rules()), "policy-rules", &["`a.b` cannot be the name of a rule"]),
        (
            "no Rego",
            format!("{HEAD}{CHECKED}\nbroken contains {{\"id\": 1 ‸if {{ true }}\n"),
            "policy-syntax",
            &["expecting `}`"],
        ),
        ("old Rego", format!("{HEAD}{}\nx ‸{{ true }}\n", rules()), "policy-syntax", &["`if` keyword is required"]),
        (
            "fails whatever the input",
            format!("{HEAD}{}\nx := to_number(\"‸a\")\n\nchecked contains \"a\" if x == 1\n", rules()),
            "policy-fails",
            &["could not parse"],
        ),
    ] {
        refused(name, &text, code, fragments);
    }
}

#[test]
fn a_name_that_no_file_of_a_policy_has() {
    let files = [("policies/No_Name.rego".to_owned(), format!("{HEAD}{}", rules()))].into();
    let (policies, findings) =
        tokaido::policy::compile(&tokaido::model::PolicyFiles { files, digest: String::new(), checked: false });
    assert!(policies.is_empty());
    assert!(rendered(&findings).contains("a policy cannot be called `No_Name`"), "{}", rendered(&findings));
}

#[test]
fn every_mistake_of_a_file_at_once() {
    let text = format!(
        "{}{}\nx := input.a\n\ny := input.b\n\nz := time.now_ns()\n",
        HEAD.replace("effect: deny", "effect: block"),
        rules()
    );
    let said = rendered(&compile(&text).1);
    for part in ["`block` is not an effect", "unknown field `a`", "unknown field `b`", "`time.now_ns`"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn what_a_file_without_mistakes_says() {
    let head = HEAD
        .replace("effect: deny", "effect: { production: deny, staging: warn, dev: off }")
        .replace("# custom:", "# description: Why.\n# custom:");
    let policies = good(&format!("{head}import rego.v1\n\n{}", rules()));
    let policy = policies.iter().next().unwrap();
    assert_eq!((policy.code.as_str(), policy.title.en.as_str(), policy.title.ja.as_str()), ("sample", "A title", "題名"));
    assert_eq!(policy.description.as_deref(), Some("Why."));
    assert_eq!(policy.effects, [(Environment::Staging, Effect::Warn), (Environment::Production, Effect::Deny)].into());
    assert_eq!(policy.about, About::Kinds(["db-instance".to_owned()].into()));
    assert_eq!(policy.source.to_string(), "policies/sample.rego:14:1");
    assert_eq!(*policy.reads(), ["db-instance".to_owned()].into());
}

/// What a policy reads is in its syntax tree, not in what its author says.
#[test]
fn which_reads_a_policy_needs() {
    let reads = |rule: &str| good(&format!("{HEAD}{}\n{rule}\n{ASKED}", rules())).iter().next().unwrap().reads().clone();
    let all = tokaido::kinds::planned().count();
    assert_eq!(reads("x := input.environment").len(), 1);
    assert_eq!(reads("x := input.plan.environment").len(), 1);
    assert_eq!(reads("x := count(input.live.vpc)"), ["db-instance", "vpc"].map(str::to_owned).into());
    assert_eq!(reads("x if {\n\tsome k in {\"vpc\", \"subnet\"}\n\tinput.live[k]\n}").len(), 3);
    for whole in
        ["x := count(input.plan.changes)", "x if some k, l in input.live", "x := input.planned", "x := json.marshal(input)"]
    {
        assert_eq!(reads(whole).len(), all, "{whole}");
    }
    let changes = good(&format!(
        "{}{}",
        HEAD.replace("[db-instance]", "changes"),
        "checked contains c.id if some c in input.plan.changes\nbroken contains {\"id\": \"a\", \"en\": \"b\", \"ja\": \"c\"} if false\n"
    ));
    assert_eq!(changes.iter().next().unwrap().reads().len(), all);
}

#[test]
fn the_same_files_have_the_same_digest() {
    let files = |text: &str| [("policies/a.rego".to_owned(), text.to_owned())].into();
    assert_eq!(tokaido::policy::digest(&files("x")), tokaido::policy::digest(&files("x")));
    assert_ne!(tokaido::policy::digest(&files("x")), tokaido::policy::digest(&files("y")));
    assert_eq!(tokaido::policy::digest(&[].into()), "");
    assert_eq!(marked("a\nb‸c").1.to_string(), "policies/sample.rego:2:2");
}

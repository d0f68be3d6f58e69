//! What policies say, on every output: a refusal is the first thing that is read.

use tokaido::kinds::schemas;
use tokaido::model::{Effect, Language, Plan, PolicyBreak, PolicyVerdict, Said, Source};
use tokaido::render::plan;

use super::pages::{html, markdown, options};
use super::{NARROW, WIDE, fixtures, golden};

fn verdict(policy: &str, effect: Effect, (en, ja): (&str, &str), line: usize) -> PolicyVerdict {
    PolicyVerdict {
        policy: policy.to_owned(),
        title: Said::new(en, ja),
        effect,
        source: Source { file: format!("policies/{policy}.rego").into(), line, column: 1 },
        checked: 12,
        broken: Vec::new(),
        unjudged: Vec::new(),
        unread: Vec::new(),
    }
}

fn broken(id: &str, en: &str, ja: &str) -> PolicyBreak {
    PolicyBreak { id: id.to_owned(), said: Said::new(en, ja) }
}

/// One of each kind of answer, by code as they are in a plan.
fn answers() -> Vec<PolicyVerdict> {
    let small = ("Instances are small", "インスタンスは小さいものを使う");
    let owner = ("Everything has an owner", "すべてに責任者がいる");
    let mut kept = verdict("keys-rotate", Effect::Deny, ("Keys rotate", "鍵を更新する"), 9);
    kept.checked = 3;
    let refuses = PolicyVerdict {
        broken: vec![
            broken(
                "db-instance.catalog@tokyo",
                "db.m7g.xlarge is larger than db.m7g.large",
                "db.m7g.xlarge は db.m7g.large より大きい",
            ),
            broken("db-instance.ledger@tokyo", "db.r7g.large is not allowed", "db.r7g.large は使えません"),
        ],
        unjudged: vec!["db-instance.new@tokyo".to_owned()],
        ..verdict("small-instances", Effect::Deny, small, 14)
    };
    let warns = PolicyVerdict {
        broken: vec![broken("bucket.records@tokyo", "it has no tag `owner`", "タグ `owner` がありません")],
        ..verdict("owned", Effect::Warn, owner, 22)
    };
    let blind = PolicyVerdict {
        unread: vec!["kms:ListKeys in osaka: access-denied".to_owned()],
        checked: 0,
        ..verdict("key-names", Effect::Deny, ("Keys are named", "鍵に名前がある"), 7)
    };
    vec![blind, kept, warns, refuses]
}

fn with(policies: Vec<PolicyVerdict>) -> Plan {
    let mut of = fixtures::three_repairs();
    of.body.digests.policies = "70".repeat(32);
    of.body.policies = policies;
    of
}

fn text(of: &Plan, language: Language) -> String {
    plan::text(of, &schemas(), &options(language), &WIDE, &[])
}

#[test]
fn answers_of_policies() {
    let of = with(answers());
    golden("plan_policies_100", &text(&of, Language::En));
    golden("plan_policies_60_ja", &plan::text(&of, &schemas(), &options(Language::Ja), &NARROW, &[]));
    golden("comment_policies_en", &markdown(&of, Language::En));
    golden("page_policies_ja", html(&of, Language::Ja).split_once("<body>").expect("a body").1);
}

/// The first line of a terminal, the first warning of a page, the first line of its head.
#[test]
fn a_denied_plan_says_so_before_anything_else() {
    let of = with(answers());
    assert_eq!(text(&of, Language::En).lines().next(), Some("A policy refuses this plan: it cannot be applied."));
    assert_eq!(text(&of, Language::Ja).lines().next(), Some("ポリシーに違反するため、この計画は適用できません。"));
    let page = html(&of, Language::En);
    let warning = page.find("A policy refuses this plan").expect("a warning");
    assert!(warning < page.find("id=\"head\"").expect("a head") && page.contains("4 policies"), "{warning}");
    let comment = markdown(&of, Language::En);
    assert!(comment.lines().nth(3).is_some_and(|line| line.contains("A policy refuses this plan")), "{comment}");
    // Refusals stand before warnings, and neither behind a fold.
    for out in [text(&of, Language::En), page, comment] {
        let places = ["key-names", "small-instances", "owned"].map(|code| out.find(code));
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}: {out}");
        assert!(
            out.replace('\\', "").contains("policies/small-instances.rego:14") && out.contains("the policy says nothing of"),
            "{out}"
        );
        assert!(!out.contains("keys-rotate"), "what is kept is only counted: {out}");
    }
}

#[test]
fn what_lets_pass_does_not_alarm() {
    let warned = with(answers().into_iter().filter(|verdict| verdict.effect == Effect::Warn).collect());
    let kept = with(answers().into_iter().filter(PolicyVerdict::is_kept).collect());
    let mut nothing = with(answers());
    (nothing.body.changes, nothing.body.steps) = (Vec::new(), Vec::new());
    for of in [&warned, &kept, &nothing] {
        for out in [text(of, Language::En), html(of, Language::En), markdown(of, Language::En)] {
            assert!(!out.contains("cannot be applied"), "{out}");
        }
    }
    assert!(text(&warned, Language::En).contains("1 warns") && text(&nothing, Language::En).contains("2 refuse "));
    let said = text(&kept, Language::En);
    assert!(said.contains("1 policy · 1 kept") && !said.contains("Policies ("), "{said}");
    assert!(!text(&fixtures::three_repairs(), Language::En).contains("polic"), "no policies, no line");
}

//! What holds for every text: width, no escape bytes, same bytes; and Japanese.

use proptest::prelude::*;
use tokaido::kinds::schemas;
use tokaido::model::reason::Stated;
use tokaido::model::{Change, Impact, Plan, Value};
use tokaido::render::{Detail, PlanOptions, Style, drift, plan};
use unicode_width::UnicodeWidthStr;

use super::{NARROW, WIDE, fixtures, golden};
use crate::support::soak;

fn show(of: &Plan, detail: Detail, style: &Style) -> String {
    plan::text(of, &schemas(), &PlanOptions { detail, tags: true, ..PlanOptions::default() }, style, &[])
}

/// The only lines that may stick out: one value without a space, with its sign and the separator after it, and the lines to
/// paste, which must stay as they are.
fn assert_width(text: &str, width: usize) {
    for line in text.lines().filter(|line| line.width() > width) {
        let value = line.trim().trim_end_matches(" ·").trim_start_matches(['→', '+', '-', '~']).trim_start();
        assert!(!value.contains(' ') || value.starts_with("{ id: "), "wider than {width}: `{line}`");
    }
    assert!(text.lines().all(|line| line.trim_end() == line), "blanks at the end of a line");
    assert!(text.ends_with('\n') && !text.ends_with("\n\n"));
}

#[test]
fn every_width_is_kept() {
    let plans = [fixtures::ten_creates(), fixtures::three_repairs(), fixtures::every_action(), fixtures::every_section()];
    for width in [40, 60, 80, 100, 160] {
        let style = Style { colour: false, width };
        for plan in &plans {
            for detail in [Detail::Full, Detail::Changed, Detail::Names] {
                assert_width(&show(plan, detail, &style), width);
            }
        }
        assert_width(&drift::text(&fixtures::drift(true), &schemas(), &style, &[], tokaido::model::Language::En), width);
    }
}

/// Colour adds escape bytes and nothing else.
#[test]
fn colour_changes_no_letter() {
    for width in [60, 100] {
        let plain = show(&fixtures::every_section(), Detail::Changed, &Style { colour: false, width });
        let painted = show(&fixtures::every_section(), Detail::Changed, &Style { colour: true, width });
        assert!(painted.contains('\u{1b}') && !plain.contains('\u{1b}'));
        let mut stripped = String::new();
        let mut rest = painted.as_str();
        while let Some((text, code)) = rest.split_once('\u{1b}') {
            stripped.push_str(text);
            rest = code.split_once('m').expect("a colour code").1;
        }
        stripped.push_str(rest);
        assert_eq!(stripped, plain);
    }
}

/// Wide characters count two columns, and a line begins with no closing sign.
#[test]
fn japanese_is_measured_in_columns() {
    let change = Change {
        reason: Stated::sentence(
            "前回の適用のあとに、担当者がコンソールから手作業で変更した値を、環境ファイルに書かれた値（三十五日）へ戻します。",
        ),
        when: vec![Stated::sentence("次のメンテナンス時間帯 日曜 05:00 JST")],
        ..fixtures::change(
            "db-instance.catalog@tokyo",
            Impact::InPlace,
            vec![fixtures::diff("tags[用途]", Value::Null, "受注管理"), fixtures::diff("backup_retention_days", 1, 35)],
        )
    };
    let plan = fixtures::plan(vec![change]);
    for (name, style) in [("plan_japanese_100", WIDE), ("plan_japanese_60", NARROW)] {
        let text = show(&plan, Detail::Changed, &style);
        assert_width(&text, style.width);
        assert!(text.lines().all(|line| !line.trim_start().starts_with(['、', '。', '）'])), "{text}");
        golden(name, &text);
    }
}

/// Text as it comes from AWS: spaces, wide characters, escape bytes, characters that turn the text round.
fn words() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-z]{1,12}",
        1 => "[ぁ-んァ-ヶ一-龠、。（）]{1,9}",
        1 => Just("\u{1b}[31m".to_owned()),
        1 => Just("\u{202e}\r\n\t".to_owned()),
        1 => "[a-z0-9:/.-]{20,90}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.join(" "))
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        words().prop_map(Value::from)
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::list::<Value>),
            prop::collection::btree_map("[A-Za-z_]{1,12}", inner, 0..4).prop_map(Value::map),
        ]
    })
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("backup_retention_days".to_owned()),
        Just("policy".to_owned()),
        words().prop_map(|element| format!("rules[{element}]")),
        words().prop_map(|element| format!("policy[{element}]")),
        words().prop_map(|element| format!("copies[{element}].delete_after_days")),
        "[\\[\\].a-z]{0,9}",
    ]
}

/// A command can be copied from a terminal of any width; what it is for moves out of its way.
#[test]
fn commands_are_never_broken() {
    let command = "tokaido apply plans/production/4f1c0ffee123a8d05b7e2299c1d0e4f7.json --world sandbox";
    let next = [format!("{command}    executes exactly this plan")];
    let text = plan::text(&fixtures::plan(Vec::new()), &schemas(), &PlanOptions::default(), &NARROW, &next);
    assert!(text.ends_with(&format!("\n  {command}\n    executes exactly this plan\n")), "{text}");
}

proptest! {
    #![proptest_config(soak::seeded(96, 73))]
    #[test]
    fn any_text_is_safe(
        diffs in prop::collection::vec((path(), value(), value()), 0..5),
        reason in words(),
        kind in prop_oneof![Just("kms-key.main@tokyo"), Just("security-group.a@tokyo"), Just("backup-plan.a@tokyo"), Just("unheard-of.a@osaka")],
        width in 40..140usize,
    ) {
        let diffs: Vec<_> = diffs.into_iter().map(|(path, before, after)| fixtures::diff(&path, before, after)).collect();
        let plan = fixtures::plan(vec![Change { reason: Stated::sentence(reason), ..fixtures::change(kind, Impact::Exposure, diffs) }]);
        for detail in [Detail::Full, Detail::Changed, Detail::Names] {
            let text = show(&plan, detail, &Style { colour: false, width });
            let escapes = text.contains(|c: char| c == '\u{202e}' || (c.is_control() && c != '\n'));
            prop_assert!(!escapes, "an escape byte");
            assert_width(&text, width);
            prop_assert_eq!(&text, &show(&plan, detail, &Style { colour: false, width }));
        }
    }
}

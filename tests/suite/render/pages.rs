//! Plans as pages: what stands on them, what is never folded, and what may not be there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use tokaido::kinds::{self, schemas};
use tokaido::model::{Action, Change, Impact, Language, Plan, Value};
use tokaido::render::annotations::{Approval, Approvals, UpstreamStanding};
use tokaido::render::rows::{Line, Role};
use tokaido::render::{Annotations, PlanOptions, md, plan};

use super::{fixtures, golden};

pub fn options(language: Language) -> PlanOptions {
    PlanOptions { language, ..PlanOptions::default() }
}

fn next() -> Vec<String> {
    vec!["tokaido apply plans/production/4f1c0ffee123.json    executes exactly this plan".to_owned()]
}

pub fn html(of: &Plan, language: Language) -> String {
    plan::html(of, &schemas(), &options(language), &Annotations::default(), &next())
}

pub fn markdown(of: &Plan, language: Language) -> String {
    let whole = Some("tokaido show 4f1c0ffee123 --format html".to_owned());
    plan::md(of, &schemas(), &options(language), &Annotations { whole, ..Annotations::default() }, &next())
}

/// Without the style sheet, which is a file of its own.
fn body(html: &str) -> &str {
    html.split_once("<body>").expect("a body").1
}

fn every() -> [Plan; 5] {
    let mut empty = fixtures::plan(Vec::new());
    empty.body.summary.unchanged = 47;
    [empty, fixtures::ten_creates(), fixtures::three_repairs(), fixtures::every_action(), fixtures::every_section()]
}

#[test]
fn pages_are_what_they_were() {
    let [empty, creates, repairs, actions, sections] = every();
    golden("page_empty_ja", body(&html(&empty, Language::Ja)));
    golden("page_every_action_en", body(&html(&actions, Language::En)));
    golden("page_every_section_ja", body(&html(&sections, Language::Ja)));
    golden("comment_empty_en", &markdown(&empty, Language::En));
    golden("comment_ten_creates_en", &markdown(&creates, Language::En));
    golden("comment_three_repairs_ja", &markdown(&repairs, Language::Ja));
    golden("comment_every_action_en", &markdown(&actions, Language::En));
    golden("comment_every_section_ja", &markdown(&sections, Language::Ja));
}

/// Whoever knows more about the plan adds lines, not another page.
#[test]
fn what_others_know_has_its_places() {
    let of = fixtures::every_action();
    let upstreams = BTreeMap::from([
        (fixtures::id("security-group.catalog@tokyo"), UpstreamStanding::Same),
        (fixtures::id("db-instance.catalog@tokyo"), UpstreamStanding::OtherValues),
    ]);
    let annotations = Annotations {
        staging: Some(upstreams),
        approvals: Some(Approvals {
            approved: vec![Approval { by: "alice".to_owned(), at: "2026-11-05T02:00:00Z".to_owned() }],
            missing: vec!["bob".to_owned(), "one of the database group".to_owned()],
            reason: "TN601 asks for the person who answers for isolation".to_owned(),
        }),
        notice: Some(Line::new().prose(Role::Ok, "sent to 3 of 3 customers 8 days before")),
        window: Some(Line::new().prose(Role::Warn, "a freeze begins before it ends")),
        ..Annotations::default()
    };
    let page = plan::html(&of, &schemas(), &options(Language::En), &annotations, &[]);
    golden("page_beside_en", body(&page));
    let order = ["Data and outage", "Notice to customers", "<dt>Staging", "Still true", "<dt>Window", "<dt>Way back", "<dt>Who"];
    let places: Vec<_> = order.iter().map(|label| page.find(label)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    // What staging never did stands before what it did, within its consequence.
    let exposure = page.split("id=\"exposure\"").nth(1).expect("exposure");
    assert!(exposure.find("kms-key.main@tokyo") < exposure.find("security-group.catalog@tokyo"));
    let bare = html(&of, Language::En);
    for absent in ["Notice to customers", "<dt>Staging", "<dt>Window", "approved", "staging"] {
        assert!(!bare.contains(absent), "{absent} has no source and is said");
    }
}

/// One file: no script, nothing from elsewhere, a policy that allows nothing else.
#[test]
fn a_page_asks_for_nothing() {
    for of in &every() {
        for language in [Language::En, Language::Ja] {
            let page = html(of, language);
            for word in ["<script", "src=", "url(", "@import", "http://", "https://", "<link", "<iframe", "style=", "javascript:"]
            {
                assert!(!page.contains(word), "{word}");
            }
            assert!(page.contains("default-src 'none'; style-src 'sha256-") || page.contains("default-src &#39;none&#39;"));
            assert!(page.contains(if language == Language::Ja { "<html lang=\"ja\"" } else { "<html lang=\"en\"" }));
            assert!(page.ends_with("</html>\n"));
            assert_eq!(page, html(of, language), "same plan, same bytes");
            assert_eq!(markdown(of, language), markdown(of, language), "same plan, same bytes");
        }
    }
}

/// The parts of a page that stand behind a fold.
fn folded(page: &str) -> String {
    let parts = page.split("<details>").skip(1);
    parts.map(|part| part.split("</details>").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_serious_is_never_behind_a_fold() {
    let of = fixtures::every_action();
    for page in [html(&of, Language::En), markdown(&of, Language::En)] {
        let hidden = folded(&page);
        for change in &of.body.changes {
            let name = change.id.to_string();
            assert!(page.contains(&name), "{name}");
            if change.impact <= Impact::Irreversible {
                assert!(!hidden.contains(&name), "{name} is folded");
            }
        }
        assert!(hidden.contains("vpc.main@tokyo"), "tags are folded");
    }
    // A code that is more than a repair opens its group; a repair alone does not.
    let page = html(&fixtures::three_repairs(), Language::En);
    assert!(!folded(&page).contains("backup-plan.main@tokyo"), "RG701 is read");
    assert!(folded(&page).contains("backup_retention_days"), "a repair is folded");
}

/// What could not be read is never said to be well.
#[test]
fn the_head_does_not_calm_what_is_unknown() {
    let page = html(&fixtures::every_section(), Language::En);
    let head = page.split("id=\"head\"").nth(1).and_then(|rest| rest.split("</section>").next()).expect("a head");
    assert!(head.contains("2 reads failed") && head.contains("not judged") && !head.contains("\"ok\">Nothing"), "{head}");
    let altered = Annotations { altered: true, ..Annotations::default() };
    let page = plan::html(&fixtures::three_repairs(), &schemas(), &options(Language::En), &altered, &[]);
    assert!(page.contains("class=\"warning\"") && page.contains("altered after it was made"));
    let comment = plan::md(&fixtures::three_repairs(), &schemas(), &options(Language::En), &altered, &[]);
    assert!(comment.lines().nth(3).is_some_and(|line| line.contains("altered after it was made")), "{comment}");
}

fn many(count: usize, impact: Impact, long: usize) -> Vec<Change> {
    let one = |index: usize| {
        let diffs = vec![fixtures::diff("description", "x".repeat(long), Value::from("y".repeat(long)))];
        fixtures::change(&format!("dhcp-options.set-{index}@tokyo"), impact, diffs)
    };
    (0..count).map(one).collect()
}

#[test]
fn a_comment_is_one_comment() {
    for (harmless, serious, long) in [(0, 0, 0), (40, 5, 10), (5000, 40, 10), (300, 60, 10_000), (9000, 200, 300), (10, 900, 60)]
    {
        let mut changes = many(serious, Impact::Interruption, long);
        changes.extend(many(harmless + serious, Impact::InPlace, long).split_off(serious));
        let text = markdown(&fixtures::plan(changes), Language::Ja);
        assert!(text.len() <= md::LIMIT, "{harmless}, {serious}: {} bytes", text.len());
        assert!(!text.contains("このコメントは不完全"), "{harmless}, {serious}: all that must be read fits");
        for index in 0..serious {
            assert!(text.contains(&format!("<code>dhcp-options.set-{index}@tokyo</code>")), "{serious}: {index} is missing");
        }
        if harmless > 4000 {
            assert!(text.contains(&format!("無停止での変更 ({harmless})")), "what is folded is counted");
        }
        assert!(text.contains("tokaido show 4f1c0ffee123 --format html"));
    }
}

/// More serious rows than a comment holds: it says so before anything else, and does not pretend to be the plan.
#[test]
fn a_comment_that_was_cut_says_so() {
    let text = markdown(&fixtures::plan(many(6000, Impact::Destructive, 10)), Language::En);
    assert!(text.len() <= md::LIMIT, "{}", text.len());
    let warning = text.find("This comment is incomplete").expect("a warning");
    assert!(warning < text.find("dhcp-options").expect("a row") && text.contains("6000 destructive"));
    assert!(text.trim_end().ends_with("<code>tokaido show 4f1c0ffee123 --format html</code>"));
}

/// A program finds the comment of the same environment again, whatever the plan.
#[test]
fn the_first_line_of_a_comment_is_stable() {
    let lines: BTreeSet<String> =
        every().iter().map(|of| markdown(of, Language::Ja).lines().next().unwrap_or_default().to_owned()).collect();
    assert_eq!(lines.into_iter().collect::<Vec<_>>(), ["<!-- tokaido: plan production 333333333333 -->"]);
    let mut of = fixtures::three_repairs();
    of.body.account = "--> <script>".to_owned();
    assert!(markdown(&of, Language::En).starts_with("<!-- tokaido: plan production  script -->\n"));
}

/// A Japanese page says everything that plans say in Japanese. What stays English is marked, and is a name or a person's.
#[test]
fn plans_of_the_scenarios_are_said_in_japanese() {
    let titles: BTreeSet<&str> = kinds::ALL.iter().map(|kind| kind.schema.title).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/scenarios");
    let mut seen = 0;
    for entry in fs::read_dir(folder).expect("scenarios").map(|entry| entry.expect("an entry").path()) {
        let text = fs::read_to_string(entry.join("expect.plan.json")).expect("a plan");
        let body: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let mut of = fixtures::plan(Vec::new());
        of.body = serde_json::from_value(body).expect("a plan body");
        let page = html(&of, Language::Ja);
        seen += of.body.changes.len() + of.body.blocked.len();
        let own = |text: &str| {
            let written =
                of.body.changes.iter().any(|change| change.action == Action::Delete && change.reason.to_string() == text);
            let answered = of.body.unreadable.iter().any(|gap| gap.error == text);
            let hinted = of.body.foreign.iter().any(|entry| entry.hint.as_deref() == Some(text));
            written || answered || hinted || text == "executes exactly this plan"
        };
        for part in page.split("lang=\"en\">").skip(1) {
            let said = part.split('<').next().unwrap_or_default();
            let title = said.split(" · ").next().unwrap_or_default();
            assert!(titles.contains(title) || own(said), "{}: `{said}` has no Japanese in render/phrases.rs", entry.display());
        }
    }
    assert!(seen > 40, "{seen}");
}

/// The same order of sections as on a terminal.
#[test]
fn all_outputs_tell_in_the_same_order() {
    let of = fixtures::every_section();
    let ids = [
        "exposure",
        "in-place",
        "blocked",
        "drifted",
        "pending",
        "service-managed",
        "orphans",
        "foreign",
        "copies",
        "unreadable",
        "divergences",
        "way-back",
    ];
    let page = html(&of, Language::En);
    let places: Vec<_> = ids.iter().filter_map(|id| page.find(&format!("<section id=\"{id}\""))).collect();
    assert_eq!(places.len(), ids.len());
    assert!(places.is_sorted());
    assert_eq!(of.body.changes.iter().filter(|change| page.contains(&change.id.to_string())).count(), of.body.changes.len());
}

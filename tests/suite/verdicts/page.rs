//! The audit as a page: everything is on it, in two languages, and it asks for nothing.

use std::collections::BTreeSet;

use crate::support::binary::Product;

fn page(product: &Product, code: i32, language: &str) -> String {
    let words = ["audit", "production", "dev", "--format", "html", "--lang", language];
    let page = product.reads_only(code, &words).out;
    assert_eq!(page, product.reads_only(code, &words).out, "the same audit, the same bytes");
    page
}

/// Ids, dates and counts: what both languages must say alike.
fn values(page: &str) -> BTreeSet<String> {
    let body = page.split_once("<body>").expect("a body").1;
    let mut text = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    let word = |word: &str| word.contains('@') || word.starts_with("arn:") || word.starts_with("2026-");
    text.split(|c: char| c.is_whitespace() || c == '（')
        .filter(|one| word(one))
        .map(|one| one.trim_matches(|c: char| ".,;()（）。".contains(c)).to_owned())
        .collect()
}

#[test]
fn a_page_of_two_environments_in_two_languages() {
    let product = Product::applied("production");
    product.expect(0, &["apply", "dev", "--yes"]);
    product.expect(0, &["sandbox", "set", "db-instance.catalog@tokyo", "backup_retention_days", "1"]);
    product.expect(0, &["sandbox", "fail", "list dhcp-options", "access-denied"]);
    let (en, ja) = (page(&product, 4, "en"), page(&product, 4, "ja"));
    for page in [&en, &ja] {
        assert!(!page.contains("<script") && !page.contains("http-equiv=\"refresh\"") && !page.contains("style=\""));
        for link in ["src=", "@import", "url(", "href=\"http"] {
            assert!(!page.contains(link), "{link}");
        }
        assert_eq!(page.matches("<svg").count(), 2, "a chart for each environment");
        assert!(page.contains("role=\"img\" aria-label="), "the chart says its counts");
        assert!(page.matches("<th scope=\"col\">").count() >= 3);
        for clause in 1..=32 {
            let (en, ja) = (format!("clause {clause} "), format!("第 {clause} 項 "));
            assert!(page.contains(&en) || page.contains(&ja), "clause {clause}");
        }
        assert!(page.contains("id=\"broken\"") && page.contains("id=\"unknown\"") && page.contains("id=\"kept\""));
        assert!(
            page.find("id=\"broken\"") < page.find("id=\"unknown\"") && page.find("id=\"unknown\"") < page.find("id=\"kept\"")
        );
        assert!(page.contains("list db-instance@tokyo"), "facts name their source");
        assert!(page.contains("7d"), "the divergence of dev is on the page");
        assert!(!page.contains("before → after") && !page.contains("変更前 → 変更後"), "nothing changes in an audit");
    }
    assert!(en.contains("<html lang=\"en\"") && en.contains("backup_retention_days is 1: 35 days are promised"));
    assert!(ja.contains("<html lang=\"ja\"") && ja.contains("約束は 35 日です") && ja.contains("違反"));
    let (english, japanese) = (values(&en), values(&ja));
    assert!(english.len() > 30, "{english:?}");
    assert_eq!(english.symmetric_difference(&japanese).collect::<Vec<_>>(), Vec::<&String>::new());
}

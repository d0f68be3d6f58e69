//! Tables of mistakes: what is edited, and which finding says so, where and in which words.
//!
//! `‸` in a replacement marks the place the finding must name. Unless a row says `among others` the finding is the only
//! error: one mistake, one message.

use tokaido::model::{Environment, Language, Severity};

use crate::project::{Project, all_rendered, rendered};

pub const BASE: &str = "environments/base.yaml";
pub const DEV: &str = "environments/dev.yaml";
pub const DEV_TENANTS: &str = "environments/tenants/dev.yaml";
pub const STAGING: &str = "environments/staging.yaml";
pub const PRODUCTION: &str = "environments/production.yaml";
pub const PROMISES: &str = "policies/promises.yaml";

pub struct Row {
    pub it: &'static str,
    /// File, what is there (empty: the whole file), what comes instead.
    pub edits: &'static [(&'static str, &'static str, &'static str)],
    pub code: &'static str,
    pub among_others: bool,
    /// Fragments of the finding as it is printed.
    pub says: &'static [&'static str],
}

/// `"it" :: FILE "find" => "replace", … => "code": "fragment", …;`
macro_rules! rows {
    ($($it:literal :: $($file:ident $find:literal => $replace:literal),+ => $code:literal $(among $others:ident)?: $($says:literal),*;)*) => {
        [$($crate::table::Row {
            it: $it,
            edits: &[$(($file, $find, $replace)),+],
            code: $code,
            among_others: [$(stringify!($others),)? ""].len() > 1,
            says: &[$($says),*],
        }),*]
    };
}
pub(crate) use rows;

pub fn check(rows: &[Row]) {
    let wrong: Vec<_> = rows.iter().flat_map(what_is_wrong).collect();
    assert!(wrong.is_empty(), "{} of {} rows are wrong\n\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

/// Whether a sentence is Japanese.
pub fn is_japanese(text: &str) -> bool {
    text.chars().any(|c| ('\u{3041}'..='\u{30ff}').contains(&c) || ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Two words of letters one after the other, outside of what is typed.
fn is_sentence(text: &str) -> bool {
    let said: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" x1 ");
    let words: Vec<&str> = said.split_whitespace().collect();
    words.windows(3).any(|three| three.iter().all(|word| word.chars().all(|c| c.is_ascii_lowercase())))
}

fn what_is_wrong(row: &Row) -> Vec<String> {
    let mut project = Project::new();
    for (file, find, replace) in row.edits {
        project.edit(file, find, replace);
    }
    let loaded = project.load();
    let place = project.marked.as_ref().expect("a row marks a place");
    let Some(finding) = loaded.findings.iter().find(|finding| finding.code == row.code && finding.source.as_ref() == Some(place))
    else {
        return vec![format!("{}: no `{}` at {place}, but\n{}", row.it, row.code, all_rendered(&loaded))];
    };
    let text = rendered(finding);
    let japanese = finding.message.say(Language::Ja);
    let mut wrong = Vec::new();
    if !is_japanese(japanese) {
        wrong.push(format!("{}: said in English alone: {japanese}", row.it));
    }
    for more in finding.expected.iter().chain(finding.related.iter().map(|(word, _)| word)) {
        // What is typed is the same in both; a sentence is not.
        if is_sentence(more) && !is_japanese(more.say(Language::Ja)) {
            wrong.push(format!("{}: said in English alone: {more}", row.it));
        }
    }
    let unsaid = row.says.iter().filter(|fragment| !text.contains(*fragment));
    wrong.extend(unsaid.map(|fragment| format!("{}: `{fragment}` is not said in\n{text}", row.it)));
    let errors = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if !row.among_others && errors != 1 {
        wrong.push(format!("{}: {errors} errors for one mistake\n{}", row.it, all_rendered(&loaded)));
    }
    let edited =
        |environment: &Environment| row.edits.iter().any(|(file, ..)| *file == format!("environments/{environment}.yaml"));
    if let Some(environment) =
        loaded.states.keys().find(|environment| edited(environment) && place.file.contains(environment.as_str()))
    {
        wrong.push(format!("{}: {environment} has a state in spite of an error", row.it));
    }
    wrong
}

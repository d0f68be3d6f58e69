//! Tables of mistakes: what is edited, and which finding says so, where and in which words.
//!
//! `‸` in a replacement marks the place the finding must name. Unless a row says `among others` the finding is the only
//! error: one mistake, one message.

use tokaido::model::{Environment, Severity};

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
    let unsaid = row.says.iter().filter(|fragment| !text.contains(*fragment));
    let mut wrong: Vec<_> = unsaid.map(|fragment| format!("{}: `{fragment}` is not said in\n{text}", row.it)).collect();
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

//! The starter project: the repository's own files, so that there is one copy of them, which the tests cover.

use std::borrow::Cow;

use jiff::ToSpan as _;
use jiff::civil::Date;

/// Path in the project, with forward slashes, and content. In reading order.
pub const FILES: [(&str, &str); 22] = [
    ("environments/base.yaml", include_str!("../../environments/base.yaml")),
    ("environments/dev.yaml", include_str!("../../environments/dev.yaml")),
    ("environments/staging.yaml", include_str!("../../environments/staging.yaml")),
    ("environments/production.yaml", include_str!("../../environments/production.yaml")),
    ("policies/promises.yaml", include_str!("../../policies/promises.yaml")),
    ("policies/roles.yaml", include_str!("../../policies/roles.yaml")),
    ("policies/few-deletions.rego", include_str!("../../policies/few-deletions.rego")),
    ("policies/no-administrator.rego", include_str!("../../policies/no-administrator.rego")),
    ("policies/no-open-ingress.rego", include_str!("../../policies/no-open-ingress.rego")),
    ("policies/one-database-at-a-time.rego", include_str!("../../policies/one-database-at-a-time.rego")),
    ("policies/steady-classes.rego", include_str!("../../policies/steady-classes.rego")),
    ("policies/tests/few-deletions.yaml", include_str!("../../policies/tests/few-deletions.yaml")),
    ("policies/tests/no-administrator.yaml", include_str!("../../policies/tests/no-administrator.yaml")),
    ("policies/tests/no-open-ingress.yaml", include_str!("../../policies/tests/no-open-ingress.yaml")),
    ("policies/tests/one-database-at-a-time.yaml", include_str!("../../policies/tests/one-database-at-a-time.yaml")),
    ("policies/tests/steady-classes.yaml", include_str!("../../policies/tests/steady-classes.yaml")),
    ("plans/README.md", include_str!("../../plans/README.md")),
    // The first line of each file names its schema, for editors.
    ("schemas/base.schema.json", include_str!("../../schemas/base.schema.json")),
    ("schemas/environment.schema.json", include_str!("../../schemas/environment.schema.json")),
    ("schemas/promises.schema.json", include_str!("../../schemas/promises.schema.json")),
    ("schemas/roles.schema.json", include_str!("../../schemas/roles.schema.json")),
    // The repository's own file also names build output.
    (".gitignore", "# tokaido: records of what was applied from this machine, and the simulated world\n/.tokaido/\n"),
];

/// Days of the sample divergence, from the day on which the project is made.
pub const DIVERGES: i32 = 90;

/// The text of a file for a project made today: a fixed date would pass, and a new project would begin with a mistake.
#[must_use]
pub fn dated(text: &'static str, today: Date) -> Cow<'static, str> {
    let Some((before, rest)) = text.split_once(UNTIL) else { return Cow::Borrowed(text) };
    let after = rest.get(DATE..).unwrap_or_default();
    let until = today.saturating_add(DIVERGES.days());
    Cow::Owned(format!("{before}{UNTIL}{until}{after}"))
}

const UNTIL: &str = "owner: platform, until: ";
const DATE: usize = "2027-03-31".len();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_divergence_lasts_from_the_day_the_project_begins() {
        for today in [jiff::civil::date(2026, 11, 1), jiff::civil::date(2031, 12, 30)] {
            let until = today.saturating_add(DIVERGES.days());
            let changed: Vec<_> = FILES.iter().filter(|(_, text)| dated(text, today) != **text).collect();
            let [(file, text)] = changed[..] else { panic!("one file has the date, not {}", changed.len()) };
            assert_eq!(*file, "environments/dev.yaml");
            assert!(dated(text, today).contains(&format!("until: {until} }}")), "{}", dated(text, today));
        }
    }
}

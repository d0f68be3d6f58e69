//! `tokaido policy test|input`: the organisation's policies, with their cases or with a fresh plan.

use crate::model::Environment;

use super::args::{Cli, PolicyArgs, PolicyVerb};
use super::context::{self, Access};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;

pub async fn run(cli: &Cli, args: &PolicyArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    match &args.verb {
        PolicyVerb::Test { files, format } => testing::run(cli, files, *format, terminal),
        PolicyVerb::Input { environment } => input(cli, *environment, terminal).await,
    }
}

async fn input(cli: &Cli, environment: Environment, terminal: &Terminal) -> Result<Exit, Failure> {
    let session = context::session(cli, environment, Access::Read, terminal).await?;
    let input = session.policy_input().await.map_err(|error| Failure::of(&error, &terminal.error_style))?;
    terminal.print(&crate::render::json::pretty(&input));
    Ok(Exit::Done)
}

#[cfg(not(feature = "policy"))]
mod testing {
    use std::path::PathBuf;

    use super::{Cli, Exit, Failure, Terminal};
    use crate::cli::args::Format;

    pub fn run(_: &Cli, _: &[PathBuf], _: Format, _: &Terminal) -> Result<Exit, Failure> {
        Err(Failure::error("this tokaido was built without the engine that asks policies: build it with the feature `policy`"))
    }
}

#[cfg(feature = "policy")]
mod testing {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{Cli, Exit, Failure, Terminal};
    use crate::cli::args::Format;
    use crate::cli::context::{Begin, checked_files, has_errors, mistakes};
    use crate::model::{Environment, Language};
    use crate::policy::testing::{self, Report, Suite, Tested};
    use crate::policy::{self, FOLDER, Policies};
    use crate::project::Quotes;
    use crate::render::json;
    use crate::render::rows::counted;

    pub fn run(cli: &Cli, files: &[PathBuf], format: Format, terminal: &Terminal) -> Result<Exit, Failure> {
        // The policies of the project's files, not those that a release froze: cases are for the author of the next ones.
        let checked = checked_files(cli)?;
        let mut loaded = checked.load(&Environment::ALL, true);
        let mut quotes = Quotes::of(&checked);
        let (policies, mut suites) = (policy::compile(&loaded.rules).0, Vec::new());
        for file in if files.is_empty() { all(cli)? } else { files.to_vec() } {
            if file.is_dir() {
                return Err(Failure::error(format!("{}: this is a folder; name the files of cases in it", file.display())));
            }
            let text = fs::read_to_string(&file).map_err(|error| Failure::error(format!("{}: {error}", file.display())))?;
            let (suite, findings) = testing::read(&name(cli, &file), &text);
            quotes = quotes.with(&name(cli, &file), &text);
            suites.extend(suite);
            loaded.findings.extend(findings);
        }
        if !has_errors(&loaded.findings) {
            loaded.findings.extend(testing::strays(&policies, &suites));
        }
        if has_errors(&loaded.findings) {
            return Err(mistakes(&Begin::NothingTested, &loaded, &quotes, terminal));
        }
        let wanted = if files.is_empty() { policies } else { policies.only(|policy| named(&suites, &policy.code)) };
        let report = testing::run(&wanted, &suites);
        terminal.print(&match format {
            Format::Json => json::pretty(&report),
            Format::Text => text(&wanted, &report, terminal.language),
        });
        Ok(if report.passed { Exit::Done } else { Exit::Error })
    }

    fn named(suites: &[Suite], code: &str) -> bool {
        suites.iter().any(|suite| suite.policy == code)
    }

    /// Every file of cases, by name.
    fn all(cli: &Cli) -> Result<Vec<PathBuf>, Failure> {
        let folder = cli.project.join(FOLDER).join("tests");
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::error(format!("{}: {error}", folder.display()))),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| Failure::error(format!("{}: {error}", folder.display())))?.path();
            // A hidden file of an editor is no file of cases.
            let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '#']));
            // A folder of such a name is among the mistakes of the files.
            if !hidden && !path.is_dir() && path.extension().is_some_and(|extension| extension == "yaml") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// The path relative to the project.
    fn name(cli: &Cli, file: &Path) -> String {
        file.strip_prefix(&cli.project).unwrap_or(file).to_string_lossy().replace('\\', "/")
    }

    fn text(policies: &Policies, report: &Report, language: Language) -> String {
        if policies.is_empty() {
            return match language {
                Language::En => format!("there is no policy in {FOLDER}/; docs/policies.md has one to begin with\n"),
                Language::Ja => format!("{FOLDER}/ にポリシーがありません。最初の例は docs/policies.md にあります\n"),
            };
        }
        let mut text = String::new();
        for tested in &report.policies {
            text.push_str(&one(tested, language));
            text.push('\n');
        }
        let cases: usize = report.policies.iter().map(|tested| tested.cases.len()).sum();
        let failed = report.policies.iter().filter(|tested| !tested.passed).count();
        if language == Language::Ja {
            let ended =
                if failed == 0 { "すべて合格".to_owned() } else { format!("{failed} 件のポリシーが不合格") };
            return text + &format!("ポリシー {} 件、テストケース {cases} 件: {ended}\n", report.policies.len());
        }
        let ended =
            if failed == 0 { "all passed".to_owned() } else { format!("{} did not pass", counted(failed, "policy", "policies")) };
        let (policies, cases) = (counted(report.policies.len(), "policy", "policies"), counted(cases, "case", "cases"));
        text + &format!("{policies}, {cases}: {ended}\n")
    }

    fn one(tested: &Tested, language: Language) -> String {
        let (ok, failed, all) = match language {
            Language::En => ("ok    ", "FAILED", "lines "),
            Language::Ja => ("合格  ", "不合格", "行    "),
        };
        let mut lines = vec![format!("{}  {}", tested.policy, tested.file)];
        for case in &tested.cases {
            let word = if case.passed { ok } else { failed };
            let place = if case.passed { String::new() } else { format!("  {}", case.source) };
            lines.push(format!("  {word}  {}{place}", case.name));
            lines.extend(case.problems.iter().map(|problem| format!("            {}", problem.say(language))));
        }
        let passed = tested.lines - tested.uncovered.len();
        lines.push(match language {
            Language::En => format!("  {all}  {passed} of {} passed by a case", tested.lines),
            Language::Ja => format!("  {all}  {} 行のうち {passed} 行をテストケースが通過", tested.lines),
        });
        lines.extend(tested.uncovered.iter().map(|line| match language {
            Language::En => format!("  {failed}  {}:{line}: no case passes this line", tested.file),
            Language::Ja => format!("  {failed}  {}:{line}: この行を通過するテストケースがありません", tested.file),
        }));
        lines.extend(tested.missing.iter().map(|missing| match language {
            Language::En => format!("  {failed}  missing: {missing}"),
            Language::Ja => format!("  {failed}  不足: {}", missing.say(language)),
        }));
        lines.extend(tested.unneeded.iter().map(|condition| match language {
            Language::En => format!(
                "  {failed}  {}: no case needs the condition `{}`: add one that ends otherwise without it, or take it out",
                condition.source, condition.text
            ),
            Language::Ja => format!(
                "  {failed}  {}: 条件 `{}` を必要とするテストケースがありません。この条件がないと結果が変わるテストケースを加えるか、条件を取り除いてください",
                condition.source, condition.text
            ),
        }));
        lines.extend(tested.internal.iter().map(|internal| format!("  {failed}  {}", internal.say(language))));
        lines.push(String::new());
        lines.join("\n")
    }
}

//! `tokaido policy test|input`: the organisation's policies, with their cases or with a fresh plan.

use serde::Serialize;

use crate::model::Environment;

use super::args::{Cli, PolicyArgs, PolicyVerb, WorldChoice};
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
    let world = match cli.world {
        WorldChoice::Aws => session.world.identity(),
        // One that was never started has another name each time.
        WorldChoice::Sandbox(_) => context::identity(cli)?,
    };
    let printed = Printed { world, input };
    terminal.print(&crate::render::json::pretty(&printed));
    Ok(Exit::Done)
}

/// No policy sees which world was read, so the name stands beside the input.
#[derive(Serialize)]
struct Printed {
    world: String,
    #[serde(flatten)]
    input: serde_json::Value,
}

#[cfg(not(feature = "policy"))]
mod testing {
    use std::path::PathBuf;

    use super::{Cli, Exit, Failure, Terminal};
    use crate::cli::args::Format;
    use crate::cli::words::policy::Testing;

    pub fn run(_: &Cli, _: &[PathBuf], _: Format, _: &Terminal) -> Result<Exit, Failure> {
        Err(Failure::error(Testing::NoEngine))
    }
}

#[cfg(feature = "policy")]
mod testing {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::{Cli, Exit, Failure, Terminal};
    use crate::cli::args::Format;
    use crate::cli::context::{Begin, checked_files, has_errors, mistakes};
    use crate::cli::words::policy::{FAILED, PASSED, Testing};
    use crate::cli::words::{self, counted};
    use crate::file;
    use crate::model::{Environment, Language, Reason as _};
    use crate::policy::testing::{self, Report, Suite, Tested};
    use crate::policy::{self, FOLDER, Policies};
    use crate::project::Quotes;
    use crate::render::json;

    pub fn run(cli: &Cli, files: &[PathBuf], format: Format, terminal: &Terminal) -> Result<Exit, Failure> {
        // The policies of the project's files, not those that a release froze: cases are for the author of the next ones.
        let checked = checked_files(cli)?;
        let mut loaded = checked.load(&Environment::ALL, true);
        let mut quotes = Quotes::of(&checked);
        let (policies, mut suites) = (policy::compile(&loaded.rules).0, Vec::new());
        for file in if files.is_empty() { all(cli)? } else { files.to_vec() } {
            if file.is_dir() {
                return Err(Failure::error(Testing::Folder { path: words::path(&file) }));
            }
            let text = file::text(&file).map_err(|error| unread(&file, &error))?;
            let (suite, findings) = testing::read(&name(cli, &file), &text);
            quotes = quotes.with(&name(cli, &file), &text);
            suites.extend(suite);
            loaded.findings.extend(quotes.without_secrets(findings));
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
            Err(error) => return Err(unread(&folder, &error)),
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(|error| unread(&folder, &error))?.path();
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

    fn unread(path: &Path, error: &std::io::Error) -> Failure {
        Failure::error(Testing::NotRead { path: words::path(path), error: error.into() })
    }

    fn text(policies: &Policies, report: &Report, language: Language) -> String {
        if policies.is_empty() {
            return Testing::NoPolicy { folder: FOLDER }.say(language);
        }
        let mut text = String::new();
        for tested in &report.policies {
            text.push_str(&one(tested, language));
            text.push('\n');
        }
        let cases: usize = report.policies.iter().map(|tested| tested.cases.len()).sum();
        let failed = report.policies.iter().filter(|tested| !tested.passed).count();
        let counted_policies = |count| counted(count, "policy", "policies", "件のポリシー");
        let ended =
            if failed == 0 { Testing::AllPassed } else { Testing::NotPassed { policies: counted_policies(failed) } }.said();
        let policies = counted_policies(report.policies.len());
        let cases = counted(cases, "case", "cases", "件のテスト");
        text + &Testing::Ended { policies, cases, ended }.say(language)
    }

    fn one(tested: &Tested, language: Language) -> String {
        let (good, bad) = (PASSED.say(language), FAILED.say(language));
        let failed = |what: Testing| format!("  {bad}  {}", what.say(language));
        let mut lines = vec![format!("{}  {}", tested.policy, tested.file)];
        for case in &tested.cases {
            let word = if case.passed { good } else { bad };
            let place = if case.passed { String::new() } else { format!("  {}", case.source) };
            lines.push(format!("  {word}  {}{place}", case.name));
            lines.extend(case.problems.iter().map(|problem| format!("            {}", problem.say(language))));
        }
        let passed = tested.lines - tested.uncovered.len();
        lines.push(format!("  {}", Testing::Lines { passed, lines: tested.lines }.say(language)));
        let untested = |line| Testing::LineUntested { place: format!("{}:{line}", tested.file) };
        lines.extend(tested.uncovered.iter().map(|line| failed(untested(line))));
        lines.extend(tested.missing.iter().map(|missing| failed(Testing::Missing { missing: missing.say(language).to_owned() })));
        lines.extend(tested.unneeded.iter().map(|condition| {
            failed(Testing::Unneeded { place: condition.source.to_string(), condition: condition.text.clone() })
        }));
        lines.extend(tested.internal.iter().map(|internal| format!("  {bad}  {}", internal.say(language))));
        lines.push(String::new());
        lines.join("\n")
    }
}

//! The first minutes: a starter project from nothing, and a shell that completes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::binary::{Ran, ran};
use crate::support::project;

fn run(folder: &Path, words: &[&str]) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tokaido"));
    command.current_dir(folder).env_clear().args(words).stdin(Stdio::null());
    ran(command)
}

fn files(folder: &Path) -> BTreeSet<String> {
    let (mut open, mut found) = (vec![folder.to_owned()], BTreeSet::new());
    while let Some(next) = open.pop() {
        for path in fs::read_dir(next).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                found.insert(path.strip_prefix(folder).expect("inside").to_string_lossy().into_owned());
            }
        }
    }
    found
}

#[test]
fn a_starter_project_can_be_released() {
    let folder = tempfile::tempdir().expect("a folder");
    let steps: [&[&str]; 6] = [
        &["init"],
        &["--world", "sandbox", "release", "cut"],
        &["--world", "sandbox", "promote", "ID", "--to", "dev"],
        &["--world", "sandbox", "apply", "dev", "--yes"],
        &["--world", "sandbox", "sandbox", "advance", "1h"],
        &["--world", "sandbox", "promote", "ID", "--to", "staging"],
    ];
    let mut id = String::new();
    for words in steps {
        let words: Vec<&str> = words.iter().map(|word| if *word == "ID" { id.as_str() } else { word }).collect();
        let ran = run(folder.path(), &words);
        assert_eq!(ran.code, 0, "{words:?}: {ran:#?}");
        if let Some(cut) = ran.out.strip_prefix("cut ") {
            id = cut.split(' ').next().expect("an id").to_owned();
        }
    }
    let staging = fs::read_to_string(folder.path().join("environments/staging.yaml")).expect("a file");
    assert!(staging.contains(&format!("extends: base.yaml\nrelease: {id}\n")), "{staging}");
}

#[test]
fn a_starter_project_works_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let begun = run(folder.path(), &["init"]);
    assert_eq!(begun.code, 0, "{begun:#?}");
    for word in
        ["account", "assume_role", "network", "tokaido validate", "tokaido --world sandbox plan production", "tokaido doctor"]
    {
        assert!(begun.out.contains(word), "{word}: {}", begun.out);
    }
    let written = files(folder.path());
    for file in &written {
        let path = folder.path().join(file);
        if file != ".gitignore" {
            // The sample divergence is dated from today; a unit test says how.
            let undated = |path: &Path| {
                let text = fs::read_to_string(path).expect("text");
                let lines = text.lines().map(|line| line.split_once(", until: ").map_or(line, |(before, _)| before).to_owned());
                lines.collect::<Vec<_>>()
            };
            assert_eq!(undated(&path), undated(&project::root().join(file)), "{file} is the repository's own");
        }
        // An editor finds the schema that the first line names.
        let text = fs::read_to_string(&path).expect("text");
        if let Some(schema) = text.lines().next().and_then(|line| line.split_once("$schema=")) {
            assert!(path.parent().expect("a folder").join(schema.1).is_file(), "{file} names {}", schema.1);
        }
    }
    assert_eq!(written.iter().filter(|file| file.starts_with("environments/")).count(), 4, "{written:?}");
    let ignored = fs::read_to_string(folder.path().join(".gitignore")).expect("a file");
    assert!(ignored.lines().any(|line| line.ends_with(".tokaido/")), "{ignored}");
    let valid = run(folder.path(), &["validate"]);
    assert_eq!((valid.code, valid.err.as_str()), (0, ""), "{valid:#?}");
    assert!(!valid.out.contains("warning"), "{}", valid.out);
    for words in [&["--world", "sandbox", "plan", "production"][..], &["--world", "sandbox", "doctor"]] {
        assert_eq!(run(folder.path(), words).code, 0, "{words:?}");
    }
}

#[test]
fn a_starter_project_overwrites_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("environments")).expect("a folder");
    for file in ["environments/dev.yaml", ".gitignore", "plans"] {
        fs::write(folder.path().join(file), "mine\n").expect("a file");
    }
    let before = files(folder.path());
    let refused = run(folder.path(), &["init"]);
    assert_eq!((refused.code, refused.out.as_str()), (1, ""));
    for file in &before {
        assert!(refused.err.contains(&format!("{file}\n")), "{file} is named: {}", refused.err);
        assert_eq!(fs::read_to_string(folder.path().join(file)).expect("a file"), "mine\n");
    }
    assert_eq!(files(folder.path()), before, "nothing was added");
    // Elsewhere it goes on, into a folder that is not there yet.
    let elsewhere = run(folder.path(), &["init", "a/new place"]);
    assert_eq!(elsewhere.code, 0, "{elsewhere:#?}");
    assert!(elsewhere.out.contains("cd 'a/new place'"), "{}", elsewhere.out);
    assert!(folder.path().join("a/new place/policies/promises.yaml").is_file());
    assert_eq!(run(folder.path(), &["init", "a/new place"]).code, 1, "a second time it is refused");
    assert_eq!(run(folder.path(), &["--project", "b", "init"]).code, 0);
    assert!(folder.path().join("b/environments/base.yaml").is_file());
}

#[test]
fn a_starter_project_that_cannot_be_written_leaves_nothing_behind() {
    let folder = tempfile::tempdir().expect("a folder");
    // A file where a folder has to be: it is named, and nothing is made around it.
    fs::write(folder.path().join("file"), "mine\n").expect("a file");
    let failed = run(folder.path(), &["init", "file/below"]);
    assert_eq!(failed.code, 1, "{failed:#?}");
    assert!(failed.err.contains("nothing was"), "{}", failed.err);
    assert_eq!(files(folder.path()), ["file".to_owned()].into());
}

/// A failure after the first files: what was made is taken away again.
#[cfg(unix)]
#[test]
fn a_starter_project_is_written_whole_or_not_at_all() {
    let folder = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink("nowhere", folder.path().join("schemas")).expect("a link");
    let failed = run(folder.path(), &["init"]);
    assert_eq!((failed.code, failed.out.as_str()), (1, ""), "{failed:#?}");
    assert!(failed.err.contains("schemas/base.schema.json") && failed.err.contains("nothing was left behind"), "{}", failed.err);
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
    assert_eq!(left, ["schemas"], "the folders are gone as well");
}

#[test]
fn a_folder_without_a_project_names_the_way_to_one() {
    let folder = tempfile::tempdir().expect("a folder");
    for words in [&["validate"][..], &["--world", "sandbox", "plan", "dev"], &["--world", "sandbox", "doctor", "dev"]] {
        let said = run(folder.path(), words);
        assert_eq!(said.code, 1, "{words:?}: {said:#?}");
        assert!(format!("{}{}", said.out, said.err).contains("tokaido init"), "{words:?}: {said:#?}");
        assert!(files(folder.path()).is_empty(), "{words:?}");
    }
}

#[test]
fn every_shell_completes_every_command() {
    let here = project::root();
    let help = run(here, &["--help"]).out;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 10 && ["init", "doctor", "completions"].iter().all(|new| commands.contains(new)), "{commands:?}");
    for shell in ["bash", "zsh", "fish"] {
        let script = run(here, &["completions", shell]);
        assert_eq!((script.code, script.err.as_str()), (0, ""), "{shell}");
        for command in &commands {
            assert!(script.out.contains(command), "{shell} does not complete {command}");
        }
        assert!(script.out.contains("--detailed-exitcode") || script.out.contains("detailed-exitcode"), "{shell}");
        assert_eq!(run(here, &["completions", shell]).out, script.out, "{shell}: the same bytes");
    }
    assert_eq!(run(here, &["completions", "tcsh"]).code, 64);
}

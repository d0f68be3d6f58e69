//! `tokaido init [DIR]`: a commented starter project. All of it is written or nothing, and nothing is overwritten.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::model::{Language, Reason as _, Said};
use crate::render::rows::{Block, Document, Line, Role, Row};
use crate::render::text;
use crate::world::Clock as _;
use crate::world::clock::SystemClock;

use super::args::{Cli, InitArgs};
use super::context::{tokyo, typed};
use super::exit::{Exit, Failure};
use super::starter::{FILES, dated};
use super::terminal::Terminal;
use super::words;
use super::words::files::{AFTER_INIT, EDIT_FIRST, EDITS, Starting, THIS_FOLDER, WRITTEN};

pub fn run(cli: &Cli, args: &InitArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let folder = args.folder.as_deref().unwrap_or(&cli.project);
    let there = already_there(folder);
    if !there.is_empty() {
        return Err(Failure::error(Starting::There {
            files: files(there.len()),
            are: Said::new(if there.len() == 1 { "is" } else { "are" }, "あります"),
            list: there.iter().map(|path| format!("  {}", path.display())).collect::<Vec<_>>().join("\n"),
        }));
    }
    write_all(folder, SystemClock.now().to_zoned(tokyo()).date())?;
    terminal.print(&text::document(&page(folder, terminal.language), &terminal.style));
    Ok(Exit::Done)
}

/// Also finds a dangling link, and a file where a folder must be.
fn already_there(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (file, _) in FILES {
        let path = folder.join(file);
        let blocked = path.ancestors().skip(1).take_while(|above| above.starts_with(folder)).find(|above| above.is_file());
        if let Some(blocked) = blocked {
            found.push(blocked.to_owned());
        } else if path.symlink_metadata().is_ok() {
            found.push(path);
        }
    }
    found.dedup();
    found
}

/// What was made so far, in order, to be removed when the rest cannot be made.
#[derive(Default)]
struct Made {
    folders: Vec<PathBuf>,
    files: Vec<PathBuf>,
}

fn write_all(folder: &Path, today: Date) -> Result<(), Failure> {
    let mut made = Made::default();
    let Err((path, error)) = FILES.iter().try_for_each(|(file, text)| {
        let path = folder.join(file);
        made.write(&path, &dated(text, today)).map_err(|error| (path, error))
    }) else {
        return Ok(());
    };
    let left = made.take_away();
    let ending = if left.is_empty() { Starting::NothingLeft } else { Starting::Left { left: left.join(", ") } };
    Err(Failure::error(Starting::NotWritten { path: words::path(&path), error: error.into(), ending: ending.said() }))
}

impl Made {
    fn write(&mut self, path: &Path, text: &str) -> io::Result<()> {
        let missing = path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()).take_while(|above| !above.exists());
        for above in missing.collect::<Vec<_>>().into_iter().rev() {
            fs::create_dir(above)?;
            self.folders.push(above.to_owned());
        }
        // `create_new`: a file that appeared after the check is not overwritten either.
        let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
        self.files.push(path.to_owned());
        file.write_all(text.as_bytes())
    }

    /// Returns what could not be removed.
    fn take_away(self) -> Vec<String> {
        let files = self.files.into_iter().filter(|file| fs::remove_file(file).is_err()).collect::<Vec<_>>();
        let folders = self.folders.into_iter().rev().filter(|folder| fs::remove_dir(folder).is_err());
        files.into_iter().chain(folders).map(|path| path.display().to_string()).collect()
    }
}

fn files(count: usize) -> Said {
    words::counted(count, "file", "files", "個のファイル")
}

fn page(folder: &Path, language: Language) -> Document {
    let mut page = Document::default();
    let place = if folder == Path::new(".") { THIS_FOLDER.say(language).to_owned() } else { folder.display().to_string() };
    let written = files(FILES.len());
    let written = match language {
        Language::En => format!("{} in", written.en),
        Language::Ja => format!("{}、場所は", written.ja),
    };
    page.line(Line::new().value(Role::Ok, WRITTEN.say(language)).prose(Role::Plain, written).whole(Role::Path, place));
    let rows = EDITS.map(|(label, why)| Row { label: label.to_owned(), body: Line::new().prose(Role::Plain, why.say(language)) });
    let heading = Line::new().value(Role::Heading, EDIT_FIRST.say(language));
    page.section(heading, vec![Block::Facts(rows.into())]);
    let mut next = Vec::new();
    if folder != Path::new(".") {
        next.push(format!("cd {}", typed(&folder.display().to_string())));
    }
    next.extend(AFTER_INIT.map(|(command, purpose)| format!("{command}{}", purpose.say(language))));
    page.next(&next, language);
    page
}

//! A command reads the project once: what it says in one place and in another comes from the same bytes. The kernel counts
//! who opens which file.

use std::collections::BTreeMap;
use std::fs;
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};

use rustix::fs::inotify::{CreateFlags, ReadFlags, Reader, WatchFlags, add_watch, init};

use crate::support::binary::{Product, apply};

/// How often each file of these folders was opened while `run` ran, by its path in the project.
fn opened(product: &Product, run: impl FnOnce()) -> BTreeMap<String, usize> {
    let watch = init(CreateFlags::NONBLOCK | CreateFlags::CLOEXEC).expect("inotify");
    let mut folders = BTreeMap::new();
    for top in ["environments", "policies", "releases"] {
        watch_below(&watch, product.path(), &product.path().join(top), &mut folders);
    }
    run();
    let mut buffer = [MaybeUninit::uninit(); 4096];
    let mut events = Reader::new(watch, &mut buffer);
    let mut found = BTreeMap::new();
    while let Ok(event) = events.next() {
        assert!(!event.events().contains(ReadFlags::QUEUE_OVERFLOW), "too many events to count");
        // Two equal events in a row are told as one, so that the end of a reading is listened to as well.
        let opens = event.events().contains(ReadFlags::OPEN) && !event.events().contains(ReadFlags::ISDIR);
        if let (Some(name), true) = (event.file_name(), opens) {
            let folder: &String = &folders[&event.wd()];
            *found.entry(format!("{folder}/{}", name.to_string_lossy())).or_insert(0) += 1;
        }
    }
    found
}

fn watch_below(watch: &impl std::os::fd::AsFd, root: &Path, folder: &Path, folders: &mut BTreeMap<i32, String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let inside: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    let number = add_watch(watch, folder, WatchFlags::OPEN | WatchFlags::CLOSE_NOWRITE).expect("a watch");
    folders.insert(number, folder.strip_prefix(root).expect("below").display().to_string());
    for inner in inside {
        watch_below(watch, root, &inner, folders);
    }
}

#[test]
fn each_file_is_opened_once_in_a_command() {
    let product = Product::applied("dev");
    product.expect(0, &["release", "cut", "--note", "the beginning"]);
    product.expect(0, &["promote", "2026.11.0", "--to", "dev"]);
    product.expect(0, &apply("dev"));
    let base = product.path().join("environments/base.yaml");
    let twice = opened(&product, || {
        for _ in 0..2 {
            fs::read(&base).expect("a file");
        }
    });
    assert_eq!(twice, [("environments/base.yaml".to_owned(), 2)].into(), "the kernel counts");
    let commands: [&[&str]; 13] = [
        &["validate"],
        &["plan", "dev"],
        &["plan", "production"],
        &["plan", "production", "--format", "html"],
        &["drift", "dev"],
        &["audit"],
        &["audit", "dev"],
        &["status", "--live"],
        &["doctor", "dev"],
        &["release", "list"],
        &["release", "show", "2026.11.0"],
        &["policy", "test"],
        &["apply", "production", "--yes"],
    ];
    let mut more = Vec::new();
    let mut files = 0;
    for words in commands {
        let counts = opened(&product, || _ = product.run(words));
        files += counts.len();
        let several = counts.into_iter().filter(|(_, count)| *count > 1);
        more.extend(several.map(|(file, count)| format!("`{}` opens {file} {count} times", words.join(" "))));
    }
    assert!(files > 60, "{files}: something was read at all");
    assert!(more.is_empty(), "{}", more.join("\n"));
}

//! A file that an option names is written nowhere in what tokaido reads or keeps; and what is no regular file is not opened.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::support::binary::{Product, Ran, ended};

fn export(product: &Product, code: i32, file: &Path) -> Ran {
    product.expect(code, &["prove", "isolation", "dev", "--export", &file.display().to_string()])
}

/// A file where a saved plan is.
fn saved(product: &Product) -> PathBuf {
    let folder = product.path().join("plans/dev");
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("0123456789ab.json");
    fs::write(&file, "{}").expect("a file");
    file
}

#[test]
fn only_an_export_is_written_over() {
    let product = Product::applied("dev");
    let saved = saved(&product);
    fs::create_dir(product.path().join("templates")).unwrap_or_default();
    let outside = tempfile::tempdir().expect("a folder");
    let (root, outside) = (product.path().to_owned(), outside.path().to_owned());
    fs::write(outside.join("notes.txt"), "mine\n").expect("a file");
    let store = PathBuf::from(format!("{}.store", product.world().display()));
    let record = store.join("dev/00000001.json");
    assert!(record.is_file(), "{}", record.display());
    for (link, to) in
        [("environment", root.join("environments/dev.yaml")), ("record", record.clone()), ("world", product.world())]
    {
        symlink(to, outside.join(link)).expect("a link");
    }
    symlink(root.join("policies"), outside.join("folder")).expect("a link");
    symlink(outside.join("nothing"), outside.join("dangling")).expect("a link");
    let before = product.bytes();
    for file in [
        root.join("environments/production.yaml"),
        root.join("environments/new.json"),
        root.join("policies/new.json"),
        root.join("policies/../environments/dev.yaml"),
        root.join("templates/new.json"),
        saved,
        product.world(),
        record,
        store.join("dev/new.json"),
        outside.join("environment"),
        outside.join("record"),
        outside.join("world"),
        outside.join("folder/new.json"),
        outside.join("dangling"),
        outside.join("notes.txt"),
    ] {
        let ran = export(&product, 64, &file);
        assert!(ran.err.contains("nothing was written") && ran.out.is_empty(), "{}: {ran:#?}", file.display());
    }
    assert_eq!(product.bytes(), before);
    assert_eq!(fs::read_to_string(outside.join("notes.txt")).expect("a file"), "mine\n");
    let file = outside.join("proof.json");
    for _ in 0..2 {
        export(&product, 0, &file);
        let text = fs::read_to_string(&file).expect("an export");
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok_and(|told| told["facts"].is_object()));
    }
    export(&product, 0, Path::new("/dev/null"));
}

/// Ends within a minute, or hangs.
fn in_time(product: &Product, words: &[&str]) -> Ran {
    let mut child = product.command(words).stdin(Stdio::null()).spawn().expect("the binary starts");
    for _ in 0..3000 {
        if child.try_wait().expect("a child").is_some() {
            return ended(child);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("a child");
    panic!("{words:?} hangs");
}

fn pipe(path: &Path) {
    let _ = fs::remove_file(path);
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

/// Where the pipe is, in a product with this store.
type At = fn(&Product, PathBuf) -> PathBuf;

#[test]
fn a_pipe_in_place_of_a_file_stops_no_command() {
    let store = |product: &Product| PathBuf::from(format!("{}.store/dev", product.world().display()));
    let rows: [(At, &[&str], i32); 7] = [
        (|_, store| store.join("00000002.json"), &["drift", "dev"], 1),
        (|_, store| store.join("00000002.json"), &["plan", "dev"], 1),
        (|_, store| store.join("lease.json"), &["apply", "dev", "--yes"], 1),
        (|product, _| product.path().join("plans/dev/0123456789ab.json"), &["show", "0123456789ab"], 1),
        (|product, _| product.path().join("plans/dev/0123456789ab.json"), &["status", "dev"], 0),
        (|product, _| product.world(), &["plan", "dev"], 1),
        (|product, _| product.world(), &["sandbox", "reset"], 1),
    ];
    for (at, words, code) in rows {
        let product = Product::applied("dev");
        fs::create_dir_all(product.path().join("plans/dev")).expect("a folder");
        pipe(&at(&product, store(&product)));
        let ran = in_time(&product, words);
        assert_eq!(ran.code, code, "{words:?}: {ran:#?}");
        if code == 1 {
            assert!(ran.err.contains("regular file") || ran.err.contains("no sandbox"), "{words:?}: {ran:#?}");
        }
    }
}

/// Whatever stands in the place of an optional file is not absent.
#[test]
fn what_is_no_file_is_not_absent() {
    for file in ["policies/roles.yaml", "environments/tenants/dev.yaml"] {
        let rows: [fn(&Path); 3] = [
            pipe,
            |path| fs::create_dir_all(path).expect("a folder"),
            |path| symlink("nothing-here.yaml", path).expect("a link"),
        ];
        for make in rows {
            let product = Product::new();
            let path = product.path().join(file);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            let _ = fs::remove_file(&path);
            make(&path);
            let ran = in_time(&product, &["validate"]);
            assert!(
                ran.code == 1 && ran.out.contains("unreadable-file") || ran.err.contains("unreadable-file"),
                "{file}: {ran:#?}"
            );
        }
    }
}

#[test]
fn a_file_that_is_replaced_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt as _;
    let product = Product::applied("dev");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("facts.json");
    export(&product, 0, &file);
    for mode in [0o600, 0o640] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).expect("a mode");
        export(&product, 0, &file);
        assert_eq!(fs::metadata(&file).expect("the file").permissions().mode() & 0o777, mode);
    }
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing is left beside it");
}

//! What went wrong with a file, for the sentence that names the file.

use std::fmt::Display;
use std::io;

use serde::{Serialize, Serializer};
use tokaido_derive::Reason;

use super::Spoken;
use crate::model::text::Language;

/// What was to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Reason)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Deed {
    #[en("create")]
    #[ja("作成")]
    Create,
    #[en("create the folder of")]
    #[ja("フォルダーの作成")]
    CreateFolder,
    #[en("open")]
    #[ja("オープン")]
    Open,
    #[en("lock")]
    #[ja("ロック")]
    Lock,
    #[en("read")]
    #[ja("読み取り")]
    Read,
    #[en("write")]
    #[ja("書き込み")]
    Write,
    #[en("repair")]
    #[ja("修復")]
    Repair,
}

/// The error of the operating system, in its own words.
#[derive(Debug)]
pub struct Trouble(pub io::Error);

impl Spoken for Trouble {
    fn spoken(&self, _: Language) -> impl Display {
        &self.0
    }
}

impl Serialize for Trouble {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

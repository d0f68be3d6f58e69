//! What went wrong with a file, for the sentence that names the file.

use std::fmt::{self, Display};
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

/// Why the operating system did not do something: in English in its own words; in Japanese what kind of error it is, with those
/// words in brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IoReason {
    kind: io::ErrorKind,
    /// Whether the operating system said it, and not tokaido or a library.
    system: bool,
    /// What tokaido says of it, in both languages.
    own: Option<NotRegular>,
    words: String,
}

impl From<&io::Error> for IoReason {
    fn from(error: &io::Error) -> Self {
        let own = error.get_ref().and_then(|inner| inner.downcast_ref::<NotRegular>()).copied();
        Self { kind: error.kind(), system: error.raw_os_error().is_some(), own, words: error.to_string() }
    }
}

impl From<io::Error> for IoReason {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

impl Display for IoReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Spoken for IoReason {
    fn spoken(&self, language: Language) -> impl Display {
        let words = &self.words;
        if let Some(own) = self.own {
            return own.spoken(language).to_string();
        }
        match (language, japanese(self.kind)) {
            (Language::Ja, Some(kind)) => format!("{kind}（{words}）"),
            (Language::Ja, None) if self.system => format!("OS のエラー（{words}）"),
            _ => words.clone(),
        }
    }
}

impl Serialize for IoReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words)
    }
}

/// The kind of an error of the operating system; `None` where the kind says nothing.
const fn japanese(kind: io::ErrorKind) -> Option<&'static str> {
    Some(match kind {
        io::ErrorKind::NotFound => "見つかりません",
        io::ErrorKind::PermissionDenied => "権限がありません",
        io::ErrorKind::AlreadyExists => "すでに存在します",
        io::ErrorKind::IsADirectory => "フォルダーです",
        io::ErrorKind::NotADirectory => "パスの途中がフォルダーではありません",
        io::ErrorKind::DirectoryNotEmpty => "フォルダーが空ではありません",
        io::ErrorKind::ReadOnlyFilesystem => "読み取り専用のファイルシステムです",
        io::ErrorKind::StorageFull => "ディスクに空きがありません",
        io::ErrorKind::QuotaExceeded => "ディスクの割り当てを使い切っています",
        io::ErrorKind::FileTooLarge => "ファイルが大きすぎます",
        io::ErrorKind::InvalidFilename => "使えないファイル名です",
        io::ErrorKind::InvalidData => "内容の形式が正しくありません",
        io::ErrorKind::InvalidInput => "使えない指定です",
        io::ErrorKind::UnexpectedEof => "途中で終わっています",
        io::ErrorKind::ResourceBusy | io::ErrorKind::ExecutableFileBusy => "使用中です",
        io::ErrorKind::OutOfMemory => "メモリが足りません",
        io::ErrorKind::Interrupted => "中断されました",
        io::ErrorKind::TimedOut => "時間切れです",
        io::ErrorKind::WouldBlock => "今は実行できません",
        io::ErrorKind::WriteZero => "最後まで書き込めません",
        io::ErrorKind::BrokenPipe => "読み取り側が閉じています",
        io::ErrorKind::ConnectionRefused => "接続を拒否されました",
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted => "接続が切れました",
        io::ErrorKind::NotConnected => "接続していません",
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "相手に到達できません",
        io::ErrorKind::NetworkDown => "ネットワークが停止しています",
        io::ErrorKind::AddrInUse => "アドレスは使用中です",
        io::ErrorKind::AddrNotAvailable => "使えないアドレスです",
        io::ErrorKind::Unsupported => "対応していない操作です",
        _ => return None,
    })
}

/// Something that is there under the name of a file, and is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum NotRegular {
    #[en("it is a folder")]
    #[ja("フォルダーです")]
    Folder,
    #[en("it is not a regular file")]
    #[ja("通常のファイルではありません")]
    Other,
}

impl std::error::Error for NotRegular {}

impl NotRegular {
    /// The error of whoever wanted to open it.
    #[must_use]
    pub fn of(about: &std::fs::Metadata) -> io::Error {
        let (kind, what) =
            if about.is_dir() { (io::ErrorKind::IsADirectory, Self::Folder) } else { (io::ErrorKind::InvalidInput, Self::Other) };
        io::Error::new(kind, what)
    }
}

/// The same with the error itself, for errors that lead back to their cause.
#[derive(Debug)]
pub struct Trouble(pub io::Error);

impl Spoken for Trouble {
    fn spoken(&self, language: Language) -> impl Display {
        IoReason::from(&self.0).spoken(language).to_string()
    }
}

impl Serialize for Trouble {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// Why a file of a project has no text.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum FileReason {
    #[en("it is not a regular file")]
    #[ja("通常のファイルではありません")]
    NotRegular,
    #[en("it is a pipe")]
    #[ja("パイプです")]
    Pipe,
    #[en("it is a link to a file that does not exist")]
    #[ja("存在しないファイルへのリンクです")]
    Nowhere,
    #[en("it leads outside of the project")]
    #[ja("プロジェクトの外を指しています")]
    Outside,
    #[en("{error}")]
    #[ja("{error}")]
    Io { error: IoReason },
}

impl From<&io::Error> for FileReason {
    fn from(error: &io::Error) -> Self {
        Self::Io { error: error.into() }
    }
}

impl From<io::Error> for FileReason {
    fn from(error: io::Error) -> Self {
        Self::from(&error)
    }
}

impl Serialize for FileReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

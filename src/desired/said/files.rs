//! What is wrong with a file as a whole, or with a release.

use tokaido_derive::Reason;

use crate::model::reason::FileReason;

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum FileFault {
    #[en("there is no file `{file}`")]
    #[ja("ファイル `{file}` がありません")]
    NoFile { file: String },
    #[en("`{file}` has {length} bytes")]
    #[ja("`{file}` は {length} バイトあります")]
    TooLarge { file: String, length: u64 },
    #[en("`{file}` cannot be read: {why}")]
    #[ja("`{file}` を読み込めません: {why}")]
    Unreadable { file: String, why: FileReason },
    #[en("this is not UTF-8 text")]
    #[ja("UTF-8 の文字列ではありません")]
    NotUtf8,
    #[en("`{folder}/` cannot be listed: {why}")]
    #[ja("`{folder}/` の一覧を取得できません: {why}")]
    Unlisted { folder: String, why: FileReason },
    #[en("`release` is written in a file that environments share")]
    #[ja("複数の環境が共有するファイルに `release` が書かれています")]
    SharedRelease,
    #[en("`{text}` is no version that this tokaido reads")]
    #[ja("`{text}` はこの tokaido が読める版ではありません")]
    OtherVersion { text: String },
    #[en("`{text}` leads outside {folder}/")]
    #[ja("`{text}` は {folder}/ の外を指しています")]
    LeadsOutside { text: String, folder: String },
    #[en("files extend each other in a circle: {files}")]
    #[ja("ファイルの継承が循環しています: {files}")]
    Circle { files: String },
    #[en("`{key}` does not belong into a tenant list")]
    #[ja("`{key}` はテナント一覧のファイルには書けません")]
    NotInTenantList { key: String },
    #[en("no policy is read from `{path}`")]
    #[ja("`{path}` のポリシーは読み込まれません")]
    NoPolicyRead { path: String },
    #[en("no case is read from `{path}`")]
    #[ja("`{path}` のテストケースは読み込まれません")]
    NoCaseRead { path: String },
    #[en("nothing is read from `{path}`")]
    #[ja("`{path}` は読み込まれません")]
    NothingRead { path: String },
    #[en("nothing is read from the folder `{path}`")]
    #[ja("フォルダー `{path}` の中は読み込まれません")]
    FolderUnread { path: String },
    #[en("`{folder}` holds no {manifest}, so it is no release")]
    #[ja("`{folder}` に {manifest} がないため、リリースとして使えません")]
    NoManifest { folder: String, manifest: String },
    #[en("there is no release `{id}`")]
    #[ja("リリース `{id}` はありません")]
    NoRelease { id: String },
    #[en("`{written}` is written in the manifest of {id}")]
    #[ja("{id} の目録に `{written}` と書かれています")]
    OtherId { written: String, id: String },
    #[en("this manifest has the digest {found} and says {said}")]
    #[ja("この目録のダイジェストは {found} ですが、{said} と書かれています")]
    OtherDigest { found: String, said: String },
    #[en("`{at}` is later than now, {now}")]
    #[ja("`{at}` は現在の {now} より後です")]
    CutLater { at: String, now: String },
    #[en("`{path}` cannot be in a release")]
    #[ja("`{path}` はリリースに含められません")]
    NotInRelease { path: String },
    #[en("`{path}` was altered: its SHA-256 is {found} and the manifest says {said}")]
    #[ja("`{path}` が変更されています。SHA-256 は {found} ですが、目録には {said} とあります")]
    Altered { path: String, found: String, said: String },
    #[en("`{path}` is missing; the manifest says SHA-256 {said}")]
    #[ja("`{path}` がありません。目録には SHA-256 {said} とあります")]
    Gone { path: String, said: String },
    #[en("`{path}` was altered: it has {length} bytes")]
    #[ja("`{path}` が変更されています。{length} バイトあります")]
    AlteredLength { path: String, length: u64 },
    #[en("`{path}` was added: the manifest does not name it")]
    #[ja("`{path}` が追加されています。目録に記載がありません")]
    Added { path: String },
}

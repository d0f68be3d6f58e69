//! Sentences about a project's files and saved plans: `init`, `validate`, `show` and every command that takes a plan.

use tokaido_derive::Reason;

use crate::model::reason::IoReason;
use crate::model::{Environment, Explained, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Starting {
    #[en(
        "nothing was written: {files} of the starter project {are} there already\n{list}\nname an empty folder (`tokaido init DIR`), or move them away"
    )]
    #[ja(
        "何も書き込んでいません。雛形のうち {files}がすでに{are}\n{list}\n空のフォルダーを指定するか (`tokaido init DIR`)、それらを移動してください"
    )]
    There { files: Said, are: Said, list: String },
    #[en("cannot write {path}: {error}; {ending}")]
    #[ja("{path} に書き込めません: {error}。{ending}")]
    NotWritten { path: String, error: IoReason, ending: Said },
    #[en("nothing was left behind")]
    #[ja("書きかけのものは残っていません")]
    NothingLeft,
    #[en("these could not be removed again: {left}")]
    #[ja("次のものを削除できませんでした: {left}")]
    Left { left: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Saved {
    #[en("{path}:{line}:{column}: this is not a plan of this tokaido: {problem}; plan again")]
    #[ja("{path}:{line}:{column}: この tokaido の計画として読み取れません（{problem}）。計画し直してください")]
    NoPlan { path: String, line: usize, column: usize, problem: String },
    #[en("the {what} in {path} has signs that cannot be seen; plan again")]
    #[ja("{path} の {what} に見えない文字があります。計画し直してください")]
    Invisible { what: &'static str, path: String },
    #[en("{path} holds another plan than its name says: {id}; nothing was done. Name that one if it is meant, or plan again")]
    #[ja(
        "{path} の中身はファイル名と異なる計画です: {id}。何も実行していません。その計画でよければその ID を指定し、そうでなければ計画し直してください"
    )]
    OtherPlan { path: String, id: String },
    #[en("there is no plan `{name}`: give a file, or the beginning of an id under {folder}")]
    #[ja("計画 `{name}` はありません。ファイル、または {folder} にある計画の ID の先頭部分を指定してください")]
    NoSuchPlan { name: String, folder: String },
    #[en("`{name}` begins several plans: {list}")]
    #[ja("`{name}` で始まる計画が複数あります: {list}")]
    Several { name: String, list: String },
    #[en("{environment}: {resources} resources in account {account}{release}{declared}{policies}")]
    #[ja("{environment}: アカウント {account} に {resources} 個のリソース{release}{declared}{policies}")]
    Declared { environment: Environment, resources: usize, account: String, release: Said, declared: Said, policies: Said },
    #[en(", release {id}")]
    #[ja("、リリース {id}")]
    OfRelease { id: String },
    #[en(", {divergences} divergence(s)")]
    #[ja("、逸脱 {divergences} 件")]
    Divergences { divergences: usize },
}

/// What `init` says after writing.
pub const WRITTEN: Explained = Explained::new("written:", "書き込みました:");
pub const THIS_FOLDER: Explained = Explained::new("this folder", "このフォルダー");
pub const EDIT_FIRST: Explained = Explained::new("Edit first", "最初に編集するもの");

/// The fields to edit first, each with what to write.
pub const EDITS: [(&str, Explained); 5] = [
    (
        "account",
        Explained::new(
            "environments/{dev,staging,production}.yaml: your twelve-digit accounts, in quotes, one for each environment",
            "environments/{dev,staging,production}.yaml: 環境ごとの 12 桁のアカウント ID を引用符で囲んで書きます",
        ),
    ),
    (
        "assume_role",
        Explained::new(
            "the role of tokaido in that account; without the line the credentials are used as they are",
            "そのアカウントでの tokaido のロールです。この行がなければ、手元の認証情報をそのまま使います",
        ),
    ),
    (
        "network",
        Explained::new(
            "cidr, shared, recovery: blocks that nothing else of yours uses; zones: the ids, never the names",
            "cidr、shared、recovery にはほかで使っていないアドレス範囲を、zones には名前ではなく ID を書きます",
        ),
    ),
    (
        "tenants",
        Explained::new(
            "the three are examples: your own customers, and the addresses that they name",
            "三つは例です。実際の顧客と、顧客が指定したアドレスに置き換えます",
        ),
    ),
    (
        "divergences",
        Explained::new(
            "dev.yaml: who answers for it, and until when; after that day it is an error",
            "dev.yaml: 責任者と期限を書きます。期限を過ぎると誤りになります",
        ),
    ),
];

/// The commands to type after `init`, each with its purpose.
pub const AFTER_INIT: [(&str, Explained); 4] = [
    (
        "tokaido validate                             ",
        Explained::new("every mistake, with its place; calls nothing", "すべての誤りとその場所。何も呼び出さない"),
    ),
    (
        "tokaido --world sandbox plan production      ",
        Explained::new("in a simulated AWS: no account is needed", "模擬の AWS で実行する。アカウントは不要"),
    ),
    (
        "tokaido doctor --policies                    ",
        Explained::new("what tokaido's role has to be allowed", "tokaido のロールに必要な権限"),
    ),
    (
        "tokaido doctor                               ",
        Explained::new(
            "credentials, accounts, regions, permissions, quotas",
            "認証情報、アカウント、リージョン、権限、クォータの確認",
        ),
    ),
];

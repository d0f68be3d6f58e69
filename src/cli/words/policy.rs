//! Sentences of `policy test`.

use tokaido_derive::Reason;

#[cfg(feature = "policy")]
use crate::model::Explained;
use crate::model::Said;
use crate::model::reason::IoReason;

/// How a case ended, in columns of the same width.
#[cfg(feature = "policy")]
pub const PASSED: Explained = Explained::new("ok    ", "合格  ");
#[cfg(feature = "policy")]
pub const FAILED: Explained = Explained::new("FAILED", "不合格");

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[cfg_attr(not(feature = "policy"), expect(dead_code, reason = "policies are tested where there is an engine"))]
pub enum Testing {
    #[en("this tokaido was built without the engine that asks policies: build it with the feature `policy`")]
    #[ja("この tokaido はポリシーの判定機能なしでビルドされています。機能 `policy` を付けてビルドしてください")]
    #[cfg_attr(feature = "policy", expect(dead_code, reason = "said where there is no engine"))]
    NoEngine,
    #[en("{path}: this is a folder; name the files of cases in it")]
    #[ja("{path}: フォルダーです。その中のテストのファイルを指定してください")]
    Folder { path: String },
    #[en("{path}: {error}")]
    #[ja("{path} を読み取れません: {error}")]
    NotRead { path: String, error: IoReason },
    #[en("there is no policy in {folder}/; docs/policies.md has one to begin with\n")]
    #[ja("{folder}/ にポリシーがありません。最初の例は docs/policies.md にあります\n")]
    NoPolicy { folder: &'static str },
    #[en("{policies}, {cases}: {ended}\n")]
    #[ja("{policies}、{cases}: {ended}\n")]
    Ended { policies: Said, cases: Said, ended: Said },
    #[en("all passed")]
    #[ja("すべて合格しました")]
    AllPassed,
    #[en("{policies} did not pass")]
    #[ja("{policies}が不合格です")]
    NotPassed { policies: Said },
    #[en("lines   {passed} of {lines} passed by a case")]
    #[ja("行      {lines} 行のうち {passed} 行をテストが通ります")]
    Lines { passed: usize, lines: usize },
    #[en("{place}: no case passes this line")]
    #[ja("{place}: この行を通るテストがありません")]
    LineUntested { place: String },
    #[en("missing: {missing}")]
    #[ja("不足しています: {missing}")]
    Missing { missing: String },
    #[en("{place}: no case needs the condition `{condition}`: add one that ends otherwise without it, or take it out")]
    #[ja(
        "{place}: 条件 `{condition}` を必要とするテストがありません。この条件がなければ結果が変わるテストを加えるか、条件を外してください"
    )]
    Unneeded { place: String, condition: String },
}

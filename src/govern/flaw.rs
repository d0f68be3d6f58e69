//! Why a statement or its signature does not count.

use jiff::Timestamp;
use tokaido_derive::Reason;

use crate::model::Environment;

/// The first flaw of a statement. Flaws are looked for in this order: form, signature, signer, what the statement is about.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Flaw {
    // Its form.
    #[en("this is no statement: it does not begin with `{expected}` but with `{found}`")]
    #[ja("署名の対象文ではありません。`{expected}` ではなく `{found}` で始まっています")]
    OtherBeginning { expected: &'static str, found: String },
    #[en("this is no statement: it has no line `{name}: …` where one belongs")]
    #[ja("署名の対象文ではありません。あるべき位置に `{name}: …` の行がありません")]
    NoLine { name: &'static str },
    #[en("this is no statement: `{word}` is no decision")]
    #[ja("署名の対象文ではありません。`{word}` は決定を表す語ではありません")]
    NoDecision { word: String },
    #[en("this is no statement: `{word}` is not an environment; there are dev, staging and production")]
    #[ja("署名の対象文ではありません。`{word}` は環境名ではありません（dev、staging、production のいずれか）")]
    NoEnvironment { word: String },
    #[en("this is no statement: its release has no digest")]
    #[ja("署名の対象文ではありません。リリースのダイジェストがありません")]
    NoReleaseDigest,
    #[en("this is no statement: its time cannot be read")]
    #[ja("署名の対象文ではありません。日時を読み取れません")]
    NoTime,
    #[en(
        "this is no statement: its lines end in CR LF, and they were signed with LF: check it out as it was committed (`*.txt -text` in .gitattributes)"
    )]
    #[ja(
        "署名の対象文ではありません。行末が CR LF ですが、署名時は LF でした。コミットしたとおりにチェックアウトしてください（.gitattributes に `*.txt -text`）"
    )]
    OtherLineEnds,
    #[en("this is no statement: it says more than a statement says")]
    #[ja("署名の対象文ではありません。対象文にない内容が書かれています")]
    More,

    // Its signature.
    #[en("the signature cannot be read")]
    #[ja("署名を読み取れません")]
    NoSignature,
    #[en("it was signed for `{found}`, not for `{expected}`")]
    #[ja("`{expected}` ではなく `{found}` のための署名です")]
    OtherPurpose { found: String, expected: &'static str },
    #[en("it was signed over another hash than SHA-512")]
    #[ja("SHA-512 以外のハッシュに対する署名です")]
    OtherHash,
    #[en("the security key that signed it was not touched")]
    #[ja("署名時にセキュリティキーへの接触が確認されていません")]
    Untouched,
    #[en("signatures of type {algorithm} are not accepted")]
    #[ja("{algorithm} 形式の署名は受け付けません")]
    OtherAlgorithm { algorithm: String },
    #[en("the public key in the signature cannot be read: {problem}")]
    #[ja("署名に含まれる公開鍵を読み取れません: {problem}")]
    NoKey { problem: String },
    #[en("the signature does not fit: the text or the signature was altered")]
    #[ja("署名が一致しません。本文または署名が書き換えられています")]
    Altered,

    // Who signed.
    #[en("policies/roles.yaml does not have the key that signed it ({fingerprint})")]
    #[ja("署名の鍵が policies/roles.yaml に載っていません ({fingerprint})")]
    UnknownKey { fingerprint: String },
    #[en("it names {named} and was signed with a key of {signer}")]
    #[ja("{named} の名前ですが、{signer} の鍵で署名されています")]
    OtherSigner { named: String, signer: String },
    #[en("{person} made the plan; its author may not approve it")]
    #[ja("{person} はこの計画の作成者です。自分の計画は承認できません")]
    OwnPlan { person: String },
    #[en("{person} is in no group whose approvals count")]
    #[ja("{person} は、承認が認められるグループに属していません")]
    NoRole { person: String },

    // What it is about.
    #[en("it reviews an emergency and approves nothing")]
    #[ja("緊急適用の確認であり、承認ではありません")]
    Review,
    #[en("it is about another plan ({plan})")]
    #[ja("別の計画 ({plan}) に対するものです")]
    OtherPlan { plan: String },
    #[en("it is about {environment} in account {account}")]
    #[ja("アカウント {account} の {environment} に対するものです")]
    OtherTarget { environment: Environment, account: String },
    #[en("it is about another release")]
    #[ja("別のリリースに対するものです")]
    OtherRelease,
    #[en("it was signed when {before} was the author, and now it is {now}")]
    #[ja("署名時の作成者は {before} でしたが、現在は {now} です")]
    OtherAuthor { before: String, now: String },
    #[en("it was signed when the plan named no author, and now it names {now}")]
    #[ja("署名時には作成者の記載がありませんでしたが、現在は {now} です")]
    NoAuthorThen { now: String },
    #[en("the roles have changed since it was signed")]
    #[ja("署名後に役割 (roles) が変わりました")]
    OtherRoles,
    #[en("it is dated in the future ({at})")]
    #[ja("日付が未来です ({at})")]
    Future { at: Timestamp },
    #[en("it is older than {days} days")]
    #[ja("署名から {days} 日を過ぎています")]
    Old { days: i64 },
    #[en("it was used by the apply of {at}")]
    #[ja("{at} の適用で使用済みです")]
    Used { at: Timestamp },
    #[en("it was signed when {before} was AWS's caller, and now it is {now}")]
    #[ja("署名時の AWS の呼び出し元は {before} でしたが、現在は {now} です")]
    OtherCaller { before: String, now: String },
    #[en("it was signed for a plan that ends {before}, and this one ends {now}")]
    #[ja("署名時の計画の有効期限は {before} でしたが、この計画は {now} です")]
    OtherEnd { before: String, now: String },
    #[en("the same person said something newer")]
    #[ja("同じ人の、より新しい署名があります")]
    Superseded,
}

impl std::error::Error for Flaw {}

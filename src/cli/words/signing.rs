//! Sentences of `approve` and `review`, and of the signatures that both make.

use tokaido_derive::Reason;

use crate::model::reason::IoReason;
use crate::model::{Environment, Said};

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Signing {
    #[en("which key? `--key FILE` names your private key, or the .pub of a key in an agent")]
    #[ja("鍵を指定してください。`--key FILE` には秘密鍵、またはエージェントにある鍵の .pub を指定します")]
    WhichKey,
    #[en("policies/roles.yaml names no approvers; name people and their keys there, commit it, and plan again")]
    #[ja("policies/roles.yaml に承認できる人がいません。人と鍵を書いてコミットし、計画し直してください")]
    NobodyMay,
    #[en("{person} signs:\n\n{statement}")]
    #[ja("{person} が次の文に署名します:\n\n{statement}")]
    Signs { person: String, statement: String },
    #[en("nothing was kept: {why}")]
    #[ja("何も保存していません: {why}")]
    NothingKept { why: Said },
    #[en("the statement cannot be kept: {error}")]
    #[ja("署名の対象文を保存できません: {error}")]
    NotKept { error: IoReason },
    #[en("kept {path} and {path}.sig; commit both")]
    #[ja("{path} と {path}.sig を保存しました。両方をコミットしてください")]
    Kept { path: String },
    #[en("it was kept, and the approval of {person} still counts: {whys}")]
    #[ja("保存しましたが、{person} の承認はまだ有効です: {whys}")]
    StillCounts { person: String, whys: Said },
    #[en("it was kept, and the approval of {person} does not count: {whys}")]
    #[ja("保存しましたが、{person} の承認は有効になっていません: {whys}")]
    DoesNotCount { person: String, whys: Said },
    #[en("approved by {person}")]
    #[ja("{person} が承認しました")]
    Approved { person: String },
    #[en("withdrawn by {person}")]
    #[ja("{person} が承認を取り消しました")]
    Withdrawn { person: String },
    #[en("the plan file was altered: its body has the id {found}")]
    #[ja("計画のファイルが書き換えられています。本文の ID は {found} です")]
    PlanAltered { found: String },
    #[en("there is no approval of {person} for this plan to take back")]
    #[ja("この計画に対する {person} の承認がないため、取り消せません")]
    NothingToWithdraw { person: String },
    #[en("plans of {environment} need no approval; apply it, or ask for approvals in policies/roles.yaml")]
    #[ja(
        "{environment} の計画に承認は必要ありません。このまま適用するか、承認が必要であれば policies/roles.yaml に書いてください"
    )]
    NoApprovalNeeded { environment: Environment },
    #[en(
        "{person} made this plan (author {author}, caller {caller}), and an author may not approve their own plan; ask {others}"
    )]
    #[ja(
        "この計画は {person} が作成したもので（作成者 {author}、実行者 {caller}）、自分の計画は承認できません。{others}に依頼してください"
    )]
    OwnPlan { person: String, author: String, caller: String, others: Said },
    #[en("for another approver in policies/roles.yaml")]
    #[ja("policies/roles.yaml に別の承認者を加え、その人")]
    AnotherApprover,
    #[en("{person} is in none of the groups whose approvals of {environment} count ({groups})")]
    #[ja("{person} は、{environment} の承認が有効なグループ ({groups}) に入っていません")]
    InNoGroup { person: String, environment: Environment, groups: String },
    #[en("{person} has approved this plan already; nothing was signed")]
    #[ja("{person} はこの計画を承認済みです。何も署名していません")]
    ApprovedAlready { person: String },
    #[en("there is no key {path}: `--key FILE` names your private key, or the .pub of a key in an agent")]
    #[ja("鍵 {path} がありません。`--key FILE` には秘密鍵、またはエージェントにある鍵の .pub を指定します")]
    NoKey { path: String },
    #[en("{path}: {why}")]
    #[ja("{path} の公開鍵を使えません: {why}")]
    NoPublicKey { path: String, why: String },
    #[en("the public key cannot be had: ssh-keygen could not use {path}{told}")]
    #[ja("公開鍵を取り出せません。ssh-keygen が {path} を使えませんでした{told}")]
    PublicKeyNotHad { path: String, told: String },
    #[en("nothing was signed: ssh-keygen could not use {path}{told}")]
    #[ja("何も署名していません。ssh-keygen が {path} を使えませんでした{told}")]
    NotSigned { path: String, told: String },
    #[en("ssh-keygen answered something that is no signature")]
    #[ja("ssh-keygen の出力が署名ではありません")]
    NoSignature,
    #[en("ssh-keygen cannot be started ({error}): install OpenSSH 8.2 or newer (`openssh-client`)")]
    #[ja("ssh-keygen を起動できません ({error})。OpenSSH 8.2 以降 (`openssh-client`) をインストールしてください")]
    NoSshKeygen { error: IoReason },
    #[en("ssh-keygen: {error}")]
    #[ja("ssh-keygen の実行に失敗しました: {error}")]
    SshKeygen { error: IoReason },
    #[en("policies/roles.yaml does not have this key; use a key that it has, or have this one added")]
    #[ja("この鍵は policies/roles.yaml に載っていません。載っている鍵を使うか、この鍵を加えてもらってください")]
    NobodysKey,
    #[en("this is a key of {holder}, not of {named}{known}")]
    #[ja("これは {holder} の鍵で、{named} の鍵ではありません{known}")]
    OthersKey { holder: String, named: String, known: Said },
    #[en(", whom policies/roles.yaml does not know")]
    #[ja("（その人は policies/roles.yaml に載っていません）")]
    NotKnown,
    #[en("there is no terminal to ask on; read what is signed and say --yes. Nothing was signed")]
    #[ja("端末がないため確認の質問ができません。署名の対象文を読んでから --yes を指定してください。何も署名していません")]
    NobodyToAsk,
    #[en("Sign this, to {decision}?")]
    #[ja("この文に署名しますか? (決定: {decision})")]
    Sign { decision: &'static str },
    #[en("not confirmed; nothing was signed")]
    #[ja("確認が得られませんでした。何も署名していません")]
    NotConfirmed,
}

#[derive(Debug, Clone, PartialEq, Eq, Reason)]
pub enum Reviewing {
    #[en(
        "policies/roles.yaml is not what it was when emergency {id} began, and no promoted release of {environment} says who may review it; put the file back as it was (version control has it), review, and change it then"
    )]
    #[ja(
        "policies/roles.yaml が緊急の適用 {id} の開始時と異なり、確認できる人を定める昇格済みのリリースも {environment} にありません。ファイルをバージョン管理から元に戻して確認を済ませ、その後に変更してください"
    )]
    OtherRoles { id: String, environment: Environment },
    #[en("nothing was recorded: {why}")]
    #[ja("何も記録していません: {why}")]
    NothingRecorded { why: Said },
    #[en("the review was not recorded: {error}")]
    #[ja("確認を記録できませんでした: {error}")]
    NotRecorded { error: Said },
    #[en("emergency {id} was reviewed by {person}")]
    #[ja("緊急の適用 {id} は {person} が確認しました")]
    Reviewed { id: String, person: String },
    #[en("there is no emergency `{name}`: `tokaido plan ENV` names those that are open")]
    #[ja("緊急の適用 `{name}` はありません。未確認のものは `tokaido plan ENV` で分かります")]
    NoEmergency { name: String },
    #[en("{person} reviewed emergency {id} at {at}")]
    #[ja("緊急の適用 {id} は {person} が {at} に確認済みです")]
    ReviewedAlready { person: String, id: String, at: String },
    #[en("`{name}` begins several emergencies: {list}")]
    #[ja("`{name}` で始まる緊急の適用が複数あります: {list}")]
    Several { name: String, list: String },
    #[en("{person} is in no group whose approvals of {environment} count")]
    #[ja("{person} は、{environment} の承認が有効なグループに入っていません")]
    InNoGroup { person: String, environment: Environment },
    #[en("{person} took part in this emergency ({by}); a second person reviews it")]
    #[ja("{person} はこの緊急の適用に関わっています ({by})。確認するのは別の人です")]
    TookPart { person: String, by: String },
    #[en(
        "policies/roles.yaml knows no person as {by}, so tokaido cannot tell whether {person} is a second person; add `also_known_as: [\"{by}\"]` to the person who ran it"
    )]
    #[ja(
        "{by} が policies/roles.yaml の誰なのか分からないため、{person} が別の人かどうかを判断できません。実行した人に `also_known_as: [\"{by}\"]` を加えてください"
    )]
    NobodyKnownAs { by: String, person: String },
    #[en("emergency {id} of {environment} at {at}\nby {by} (caller {caller})\nplan {plan}\nreason: {reason}\nskipped:{skipped}")]
    #[ja(
        "{environment} の緊急の適用 {id} ({at})\n実行した人 {by} (実行者 {caller})\n計画 {plan}\n理由: {reason}\n省いたもの:{skipped}"
    )]
    Described {
        id: String,
        environment: Environment,
        at: String,
        by: String,
        caller: String,
        plan: String,
        reason: String,
        skipped: Said,
    },
}

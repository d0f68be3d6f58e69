//! The reasons that a plan gives: why a resource changes, when, why not, and what to do instead.

use std::fmt::{self, Display};

use serde::{Deserialize, Serialize};
use tokaido_derive::Reason;

use super::{Spoken, Stated};
use crate::model::id::{Region, ResourceId};
use crate::model::name::Name;
use crate::model::text::{Language, Words};

/// Why a resource changes.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[reason(read)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum ChangeReason {
    #[en("declared and not there")]
    #[ja("宣言されていて、実環境にない")]
    NotThere,
    #[en("named by `physical_name:`")]
    #[ja("`physical_name:` で指定されている")]
    Named,
    #[en("declared differently since the last apply")]
    #[ja("前回の適用の後に宣言が変わった")]
    Declared,
    #[en("drifted since the last apply")]
    #[ja("前回の適用の後にずれた")]
    Drifted,
    #[en("differs, and no record says who moved")]
    #[ja("異なっており、どちらが動いたかの記録がない")]
    UnknownCause,
    #[en("drifted and declared differently since the last apply")]
    #[ja("前回の適用の後にずれ、宣言も変わった")]
    DriftedAndDeclared,
    #[en("drifted since the last apply; of some differences no record says who moved")]
    #[ja("前回の適用の後にずれ、一部の差分はどちらが動いたかの記録がない")]
    DriftedInPart,
    #[en("declared differently since the last apply; of some differences no record says who moved")]
    #[ja("前回の適用の後に宣言が変わり、一部の差分はどちらが動いたかの記録がない")]
    DeclaredInPart,
    /// The reason that a person wrote into the tombstone.
    #[en("{reason}")]
    #[ja("{reason}")]
    Retired { reason: String },
}

/// When a part of a change takes effect.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[reason(read)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Timing {
    #[en("now")]
    #[ja("すぐに反映")]
    Now,
    #[en("{of}in the next maintenance window{at}")]
    #[ja("{of}次のメンテナンス時間帯に反映{at}")]
    Window { of: Of, at: At },
    #[en("effective after a manual reboot")]
    #[ja("手動で再起動した後に反映")]
    Reboot,
    #[en("{of}{words}")]
    #[ja("{of}{words}")]
    Staged { of: Of, words: Words },
}

/// The attributes that a part of a change is about. Empty where the part is about all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Of(pub Vec<Name>);

impl Spoken for Of {
    fn spoken(&self, language: Language) -> impl Display {
        let names = self.0.spoken(language).to_string();
        match (names.is_empty(), language) {
            (true, _) => names,
            (false, Language::En) => format!("{names} "),
            (false, Language::Ja) => format!("{names} は"),
        }
    }
}

/// The hours of a maintenance window, where the environment file declares them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct At(pub Option<String>);

impl Spoken for At {
    fn spoken(&self, _: Language) -> impl Display {
        self.0.as_ref().map(|hours| format!(" ({hours})")).unwrap_or_default()
    }
}

/// When AWS will apply a value that it holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Reason)]
#[reason(read)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Wait {
    #[en("in the next maintenance window")]
    #[ja("次のメンテナンス時間帯に")]
    Window,
    #[en("in the next maintenance window, {at}")]
    #[ja("次のメンテナンス時間帯 ({at}) に")]
    WindowAt { at: String },
    #[en("after a manual reboot")]
    #[ja("手動で再起動した後に")]
    Reboot,
}

/// Why a difference is no change of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[reason(read)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum NoteReason {
    #[en("within what is declared, where AWS may move it by itself")]
    #[ja("宣言の範囲内で、AWS が自ら変えてよい値です")]
    WithinDeclared,
    #[en("declared lower than what was applied: it does not go back, and stays as it is")]
    #[ja("適用済みの値より低く宣言されています。下げられないため、そのまま残ります")]
    DeclaredLower,
    #[en("more than declared, and accepted; no record says whether AWS moved it or less is declared now")]
    #[ja("宣言を上回っており、そのまま認めます。AWS が変えたのか宣言が下がったのかの記録はありません")]
    MoreThanDeclared,
    #[en("AWS holds more than what is declared, and it is accepted; a person may have asked for it")]
    #[ja("宣言を上回る値を AWS が保持しており、そのまま認めます。人が変更した可能性があります")]
    QueuedBeyond,
    #[en("live differs from what is declared; no record says who moved")]
    #[ja("実環境が宣言と異なります。どちらが動いたかの記録はありません")]
    UnknownCause,
    #[en("AWS will apply it {when}")]
    #[ja("{when} AWS が反映します")]
    Waits { when: Vec<Stated<Wait>> },
    #[en("AWS will apply it {when}; the promise {promise} is not kept until then")]
    #[ja("{when} AWS が反映します。それまで約束 {promise} は守られません")]
    WaitsBroken { when: Vec<Stated<Wait>>, promise: String },
    #[en("AWS will apply it {when}; the promises {promises} are not kept until then")]
    #[ja("{when} AWS が反映します。それまで約束 {promises} は守られません")]
    WaitsBrokenSeveral { when: Vec<Stated<Wait>>, promises: Vec<String> },
}

/// Why a change cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[reason(read)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum OneWayReason {
    #[en("it holds data, keys or evidence: no plan deletes it, so it stays")]
    #[ja("データ、鍵、証跡を持つため、計画で削除することはなく、残ります")]
    Stays,
    /// A row of the kind says why.
    #[en("{words}")]
    #[ja("{words}")]
    Kind { words: Words },
}

/// Why the plan refuses a change.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[reason(read)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum BlockedReason {
    #[en("{count} live resources carry this id: {physical}")]
    #[ja("実環境の {count} 個のリソースがこの ID を持っています: {physical}")]
    Ambiguous { count: usize, physical: Vec<String> },
    #[en("whether it was made is unknown: its create was {unanswered}")]
    #[ja("作成されたかどうか分かりません。{unanswered}")]
    InDoubt { unanswered: Unanswered },
    #[en("{operation} failed, so whether it exists is unknown: {error}")]
    #[ja("{operation} に失敗したため、存在するかどうか分かりません: {error}")]
    Unreadable { operation: String, error: String },
    #[en("AWS did not return {attributes}, so whether they differ is unknown")]
    #[ja("AWS が {attributes} を返さなかったため、差分があるか分かりません")]
    Untold { attributes: Vec<Name> },
    #[en("{physical} carries tags of tokaido for {owner}")]
    #[ja("{physical} には {owner} を示す tokaido のタグがあります")]
    OwnedElsewhere { physical: String, owner: Owner },
    #[en(
        "the name {name} belongs to another account, or the caller may not ask about it: names of this kind are unique in all of AWS"
    )]
    #[ja("名前 {name} は別のアカウントが使っているか、確かめる権限がありません。この種類の名前は AWS 全体で一つしか使えません")]
    AnotherAccount { name: String },
    #[en("{physical} holds {held} and {label}")]
    #[ja("{physical} が {held} を使っており、{label}")]
    HeldMislabelled { physical: String, held: Held, label: Label },
    #[en("{physical} holds {held} and carries no tag of ours")]
    #[ja("{physical} が {held} を使っており、tokaido のタグがありません")]
    HeldUntagged { physical: String, held: Held },
    #[en("{other} still holds {held}")]
    #[ja("{other} がまだ {held} を使っています")]
    HeldByOurs { other: ResourceId, held: Held },
    #[en("{block} does not lie in {place}, whose block is {whole}")]
    #[ja("{block} が {place} の範囲 ({whole}) に入っていません")]
    OutsideItsPlace { block: String, place: ResourceId, whole: String },
    #[en("it was there and is gone: making an empty one would hide the loss")]
    #[ja("以前あったものがなくなっています。空のものを作ると消失が隠れます")]
    Lost,
    #[en("it was there and is gone; its tags are on {copies}: making an empty one would hide the loss")]
    #[ja("以前あったものがなくなっています（タグは {copies} にあります）。空のものを作ると消失が隠れます")]
    LostWithCopies { copies: Vec<String> },
    #[en("no record says whether it was made, and {physical} {label}: it may be the same")]
    #[ja("作成されたかどうかの記録がなく、{physical} には {label}。同じものかもしれません")]
    PerhapsMislabelled { physical: String, label: Label },
    #[en("it was there and is gone, and {physical} {label}: it may be the same")]
    #[ja("以前あったものがなくなっています。{physical} には {label}。同じものかもしれません")]
    Mislabelled { physical: String, label: Label },
    #[en("`physical_name:` names {name}, and nothing of that name is there to take over")]
    #[ja("`physical_name:` の {name} という名前のものがなく、引き継げません")]
    NothingToAdopt { name: String },
    #[en("AWS does not offer {values} in {region}")]
    #[ja("AWS は {region} で {values} を提供していません")]
    NotOffered { values: Vec<String>, region: Region },
    #[en("in {region} AWS offers {values}, but not with {attribute} {declared}; it has {offered}")]
    #[ja(
        "AWS は {region} で {values} を提供していますが、{attribute} {declared} との組み合わせはありません。提供しているのは {offered} です"
    )]
    NotOfferedTogether { region: Region, values: Vec<String>, attribute: Name, declared: String, offered: Vec<String> },
    #[en("AWS reports `{word}`; no change can be made in this state")]
    #[ja("AWS の状態が `{word}` のため、変更できません")]
    FailedState { word: String },
    #[en("AWS reports `{word}` and takes only a change of {attribute} in this state; everything else waits for it")]
    #[ja("AWS の状態が `{word}` で、{attribute} の変更しか受け付けません。そのほかはその後になります")]
    OnlyRemedy { word: String, attribute: Name },
    #[en(
        "AWS reports `{word}`, and with the one change that it takes in this state it would also apply at once what it has queued: {attributes}"
    )]
    #[ja("AWS の状態が `{word}` で、受け付ける唯一の変更を送ると、保留中の {attributes} も直ちに反映されます")]
    RemedyWithQueued { word: String, attributes: Vec<Name> },
    #[en("AWS cannot change this on the live resource, and a plan never replaces it")]
    #[ja("稼働中のリソースでは AWS が変更できず、計画で作り直すこともありません")]
    Fixed,
    #[en("{title}: holds data, keys or evidence, and no plan deletes it")]
    #[ja("{title}: データ、鍵、証跡を持つため、計画で削除することはありません")]
    HoldsData { title: String },
    #[en("{physical} carries this tag and may be {declared}, which is declared and gone")]
    #[ja("{physical} がこのタグを持っていますが、宣言済みで見当たらない {declared} かもしれません")]
    MayBeDeclared { physical: String, declared: ResourceId },
    #[en("{physical} carries this tag and holds the {name} of {declared}: their tags may have been swapped")]
    #[ja("{physical} がこのタグを持っていますが、{name} は {declared} のものです。タグが入れ替わっているかもしれません")]
    MayBeSwapped { physical: String, declared: ResourceId, name: Name },
    #[en("{physical} carries this tag, and its {attributes} is not that of this id: it may be another resource")]
    #[ja("{physical} がこのタグを持っていますが、{attributes} はこの ID のものではありません。別のリソースかもしれません")]
    NotItsOwn { physical: String, attributes: Vec<Name> },
    #[en("it needs {needs}, which is blocked")]
    #[ja("必要な {needs} が拒否されています")]
    NeedsBlocked { needs: ResourceId },
    #[en("{users} still needs it")]
    #[ja("{users} にまだ必要です")]
    StillNeeded { users: Vec<ResourceId> },
    #[en("whether {attributes} is right is unknown: {target} cannot be recognised now")]
    #[ja("{attributes} が正しいかどうか分かりません。{target} を今は特定できません")]
    Unrecognised { attributes: Vec<Name>, target: ResourceId },
    #[en("{data} is not declared any more and still holds data; what protects it stays")]
    #[ja("{data} は宣言から消えましたがデータを持っています。それを守るものは残します")]
    ProtectsData { data: ResourceId },
    #[en("another part of this change of {tenant} is refused, and half of it would do harm")]
    #[ja("{tenant} の変更の別の部分が拒否されており、半分だけ行うと害があります")]
    Half { tenant: String },
    #[en("{of} keeps its {attribute}, which this plan does not change, and this change would cut its users off")]
    #[ja("{of} の {attribute} はこの計画では変わらないため、この変更だけを行うと利用者が接続できなくなります")]
    KeepsItsUsers { of: ResourceId, attribute: Name },
    #[en(
        "this plan does not show that {of} gets its declared {attribute}, and a rule for it may lead elsewhere or cut users off"
    )]
    #[ja(
        "{of} の {attribute} が宣言どおりになるか確かめられません。規則だけを変えると、別のものにつながるか接続できなくなるおそれがあります"
    )]
    MayLeadElsewhere { of: ResourceId, attribute: Name },
}

/// What a person does about a refused wish.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[reason(read)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum NextStep {
    #[en("plan again after that; `apply` waits by itself")]
    #[ja("その時刻を過ぎてから、もう一度計画してください（`apply` は自動的に待ちます）")]
    PlanLater,
    #[en("find out which one is right and remove the tag tokaido:id from the others; tokaido never guesses")]
    #[ja("正しいものを確かめ、ほかのものからタグ tokaido:id を外します。tokaido は推測しません")]
    FindOut,
    #[en("make the read possible, then plan again")]
    #[ja("読み取れるようにしてから、もう一度計画します")]
    MakeReadable,
    #[en("another environment or project declares it, so it is not adopted; give it up there and remove those tags first")]
    #[ja("ほかで宣言されているものは引き継げません。先にそちらで手放し、タグを外します")]
    GiveUpThere,
    #[en("choose another name; one with the account's number in it is seldom taken")]
    #[ja("別の名前にします。アカウント番号を含む名前なら、ほとんど重なりません")]
    AnotherName,
    #[en("if {physical} is not {id}, take the tags of tokaido off it; if it is, put its tags back: {command}")]
    #[ja("{physical} が {id} でなければ tokaido のタグを外し、{id} であればタグを元に戻します: {command}")]
    PutBack { physical: String, id: ResourceId, command: String },
    #[en("if {physical} is {id}, put its tags back: {command}; if not, it belongs to another environment: choose another {name}")]
    #[ja(
        "{physical} が {id} であれば、タグを元に戻します: {command} そうでなければ別の環境のものなので、{name} を別の値にします"
    )]
    PutBackOrGiveWay { physical: String, id: ResourceId, command: String, name: Name },
    #[en(
        "if it is ours and lost its tags, put them back; if it should be taken over, say so with `physical_name:` where the kind has it; otherwise choose another name"
    )]
    #[ja(
        "自分たちのものでタグが失われたのなら付け直します。引き継ぐのなら、書ける種類では `physical_name:` で指定します。それ以外は別の名前にします"
    )]
    PutBackOrRename,
    #[en("if it is ours and lost its tags, put them back; otherwise choose another block")]
    #[ja("自分たちのものでタグが失われたのなら付け直します。それ以外は別の範囲にします")]
    PutBackOrMove,
    #[en("if it is {declared}, put its tag tokaido:id back: a tombstone deletes nothing that is declared")]
    #[ja("{declared} であれば、タグ tokaido:id を元に戻してください。`retire:` の行が宣言済みのものを削除することはありません")]
    PutBackDeclared { declared: ResourceId },
    #[en(
        "find out which resource it is and put its tag tokaido:id right: a tombstone deletes only what was applied under its id"
    )]
    #[ja("どのリソースかを確かめ、タグ tokaido:id を正しい値にしてください。変更や削除の対象は、その ID で適用したものだけです")]
    PutRight,
    #[en("restore it under its name; or, to begin empty, remove its block, apply, and declare it again")]
    #[ja("同じ名前で復元します。空から始めるのなら、宣言を消して適用し、もう一度宣言します")]
    Restore,
    #[en(
        "find out who gave it to {physical} and why; then take {held} away from {physical} by hand and plan again, so that this resource gets it back"
    )]
    #[ja(
        "{physical} に付けた人と理由を確かめてから、手動で {physical} から {held} を外し、もう一度計画します。計画がこのリソースに付け直します"
    )]
    TakeAway { physical: String, held: Held },
    #[en("correct `physical_name:`, or remove it to make a new one")]
    #[ja("`physical_name:` を直すか、消して新しく作ります")]
    CorrectName,
    #[en("declare what AWS offers there, then plan again; this lists it: {command}")]
    #[ja("AWS が提供している値を宣言し、もう一度計画します。一覧: {command}")]
    DeclareOffered { command: String },
    #[en("repair it with AWS's documentation of this state, then plan again")]
    #[ja("この状態についての AWS の文書に従って直し、もう一度計画します")]
    Repair,
    #[en("apply this plan, then plan again")]
    #[ja("この計画を適用してから、もう一度計画します")]
    AfterThis,
    /// The procedure that a row of the kind gives instead of the change.
    #[en("{words}")]
    #[ja("{words}")]
    Procedure { words: Words },
    #[en("AWS accepts no change of {element} here: tokaido sends everything else, and this stays as it is")]
    #[ja("AWS はここでの {element} の変更を認めていません。tokaido はそのほかを変更し、これはそのまま残ります")]
    Unlocked { element: String },
    #[en("a new major version is a project: snapshot, try it in staging, upgrade by hand, then declare it (docs/procedures.md)")]
    #[ja(
        "メジャーバージョンの更新は別に計画します。スナップショットを取り、ステージングで試し、手動で更新してから宣言します (docs/procedures.md)"
    )]
    NextMajor,
    #[en("AWS cannot go back to an older version: declare the one that runs, or restore a snapshot")]
    #[ja("AWS は古いバージョンに戻せません。稼働中のバージョンを宣言するか、スナップショットから復元します")]
    NoDowngrade,
    #[en("declare a block inside {whole}: a network keeps its block")]
    #[ja("{whole} の中の範囲を宣言します。ネットワークの範囲は変えられません")]
    BlockInside { whole: String },
    #[en("{other} is declared as well: choose another {name} for one of the two")]
    #[ja("{other} も宣言されています。どちらかの {name} を別の値にします")]
    AnotherValue { other: ResourceId, name: Name },
    #[en("this plan deletes {other} at its end: apply, then plan again")]
    #[ja("この計画は最後に {other} を削除します。適用してから、もう一度計画します")]
    ApplyFirst { other: ResourceId },
    #[en("{other} is not declared any more: paste under `retire:`, apply, and plan again: {line}")]
    #[ja("{other} は宣言から消えています。`retire:` の下に貼り付けて適用し、もう一度計画します: {line}")]
    Retire { other: ResourceId, line: String },
    #[en("{other} holds data and is not declared any more: docs/procedures.md says how it is given up")]
    #[ja("{other} はデータを持ち、宣言から消えています。手放す手順は docs/procedures.md にあります")]
    GiveUp { other: ResourceId },
    #[en("remove the tombstone; docs/procedures.md says how such a resource is given up")]
    #[ja("削除指定を消します。手放す手順は docs/procedures.md にあります")]
    RemoveTombstone,
    #[en("unblock {id} first")]
    #[ja("先に {id} の拒否を解消します")]
    Unblock { id: ResourceId },
    #[en(
        "keep the line; it is deleted once {id} does not need it any more, so unblock the change of {id} first, or take it back"
    )]
    #[ja(
        "この行はそのままで構いません。{id} に不要になれば削除されます。先に {id} の変更の拒否を解消するか、その変更を取り消します"
    )]
    EndUse { id: ResourceId },
    #[en("declare {data} again, or give it up (docs/procedures.md) and plan again")]
    #[ja("{data} をもう一度宣言するか、手放して (docs/procedures.md) もう一度計画します")]
    DeclareAgain { data: ResourceId },
    #[en("take back what is refused for {tenant}, or follow its procedure first")]
    #[ja("{tenant} について拒否されたものを取り下げるか、先にその手順を行います")]
    TakeBack { tenant: String },
    #[en("take back the change of {of}, or follow its procedure first")]
    #[ja("{of} の変更を取り下げるか、先にその手順を行います")]
    TakeBackFor { of: ResourceId },
}

impl NextStep {
    /// The line at the end of the sentence that a person copies: a command for the shell, or an entry for a file.
    #[must_use]
    pub fn to_copy(&self) -> Option<&str> {
        match self {
            Self::PutBack { command: line, .. } | Self::PutBackOrGiveWay { command: line, .. } | Self::Retire { line, .. } => {
                Some(line)
            }
            _ => None,
        }
    }
}

/// An indeterminate create: a create that was sent and of which no answer is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Unanswered {
    /// When the create was sent, RFC 3339 in UTC.
    pub sent: String,
    /// RFC 3339 in UTC: from then on AWS shows what the create made.
    pub until: String,
}

impl Spoken for Unanswered {
    fn spoken(&self, language: Language) -> impl Display {
        let Self { sent, until } = self;
        match language {
            Language::En => format!("sent at {sent} and not answered; AWS may show what it made until {until}"),
            Language::Ja => {
                format!("{sent} に送信した作成要求の応答がなく、AWS は {until} まで結果を表示しないことがあります")
            }
        }
    }
}

/// A value that a create needs for itself and that another resource holds: a uniqueness conflict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// The attribute whose value is held.
    pub name: Name,
    /// The value that is held. Absent where it is the wanted value, which the reader knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The wanted block of addresses. Present where another block is held and the two overlap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlaps: Option<String>,
}

impl Spoken for Held {
    fn spoken(&self, language: Language) -> impl Display {
        let value = self.value.as_ref().map(|value| format!(" {value}")).unwrap_or_default();
        let overlaps = self.overlaps.as_ref().map(|wanted| match language {
            Language::En => format!(", which overlaps {wanted}"),
            Language::Ja => format!("（{wanted} と重なる）"),
        });
        format!("{}{value}{}", self.name, overlaps.unwrap_or_default())
    }
}

/// The tags of tokaido on a mislabelled resource, each as `key=value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Label {
    /// Those that it carries, the intent left out.
    pub has: Vec<String>,
    /// Those that say which resource it is and that it does not carry: the environment, the id, or both.
    pub lacks: Vec<String>,
}

impl Spoken for Label {
    fn spoken(&self, language: Language) -> impl Display {
        let (has, lacks) = (self.has.join(", "), self.lacks.join(", "));
        match language {
            Language::En => format!("carries {has} and not {lacks}"),
            Language::Ja => format!("{has} のタグが付いていて、{lacks} のタグがありません"),
        }
    }
}

/// The owner that tags of tokaido name, as far as they say it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The value of the tag tokaido:id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The value of the tag tokaido:environment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
}

impl Spoken for Owner {
    fn spoken(&self, language: Language) -> impl Display {
        let part = |part: &Option<String>, en: &str, ja: &str| {
            let unknown = if language == Language::En { en } else { ja };
            part.clone().unwrap_or_else(|| unknown.to_owned())
        };
        let (id, environment) =
            (part(&self.id, "something", "不明なリソース"), part(&self.environment, "some environment", "不明な環境"));
        match language {
            Language::En => format!("{id} in {environment}"),
            Language::Ja => format!("{environment} の {id}"),
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spoken(Language::En).fmt(f)
    }
}

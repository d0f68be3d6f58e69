//! Why a plan or a release may not pass, and what a person does about it: the sentences of approvals, permits, policies and
//! promotions.

use std::fmt;

use serde::{Serialize, Serializer};
use tokaido_derive::Reason;

use super::parts::{Breaks, FirstOf, Short, Told};
use crate::model::moment::{Lasting, Moment};
use crate::model::reason::Spoken;
use crate::model::{Environment, Language, Said};

/// Why a plan or a release may not pass, and what to do. In documents both are English sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Why it may not pass.
    #[serde(serialize_with = "sentence")]
    pub why: Why,
    /// What a person does about it.
    #[serde(serialize_with = "sentence")]
    pub next: NextStep,
}

/// The English sentence, for documents.
pub(super) fn sentence<S: Serializer>(reason: &impl fmt::Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(reason)
}

impl Refusal {
    /// A refusal with this reason and this next step.
    #[must_use]
    pub const fn new(why: Why, next: NextStep) -> Self {
        Self { why, next }
    }
}

/// Two lines, for a list.
impl Spoken for Refusal {
    fn spoken(&self, language: Language) -> impl fmt::Display {
        let next = match language {
            Language::En => "next",
            Language::Ja => "次の手順",
        };
        format!("{}\n    {next}: {}", self.why.spoken(language), self.next.spoken(language))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spoken(Language::En).fmt(f)
    }
}

/// Why a plan or a release may not pass.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum Why {
    // Approvals.
    #[en("the author of this plan is not in policies/roles.yaml: {author}")]
    #[ja("この計画の作成者が policies/roles.yaml に載っていません: {author}")]
    UnknownAuthor { author: String },
    #[en("plans of {environment} have no approvers: policies/roles.yaml names no people")]
    #[ja("{environment} の計画を承認できる人がいません。policies/roles.yaml に誰も載っていません")]
    NobodyNamed { environment: Environment },
    #[en("{have} of {required} approvals of plan {plan}")]
    #[ja("計画 {plan} の承認が {required} 件のうち {have} 件です")]
    TooFewApprovals { have: usize, required: usize, plan: String },
    #[en("{have} of {required} approvals of plan {plan}; void statements: tokaido approve PLAN --list")]
    #[ja("計画 {plan} の承認が {required} 件のうち {have} 件です。無効な署名は tokaido approve PLAN --list で確認できます")]
    TooFewApprovalsSomeVoid { have: usize, required: usize, plan: String },
    #[en("{have} of {wanted} approvals from the group {group}")]
    #[ja("グループ {group} の承認が {wanted} 件のうち {have} 件です")]
    TooFewOfGroup { have: usize, wanted: usize, group: String },
    #[en("approvals bind a saved plan, and this one was made just now")]
    #[ja("承認は保存した計画に対するものですが、この計画は今作成したものです")]
    NotSaved,
    /// The plan itself cannot be applied any more.
    #[en("{gate}")]
    #[ja("{gate}")]
    Over { gate: Said },

    // Permits.
    #[en("an emergency needs a reason, and this one has {letters} letters that can be read")]
    #[ja("緊急の適用には理由が必要ですが、この理由で読める文字は {letters} 字です")]
    NoReason { letters: usize },
    #[en("no release is pinned: {environment} is only reached by promotion")]
    #[ja("リリースが固定されていません。{environment} へは昇格によってのみ適用できます")]
    NoRelease { environment: Environment },
    #[en(
        "release {release} was applied last and its roles decide who may approve, but it is not here as it was applied; restore releases/{release}/ from the repository\n{findings}"
    )]
    #[ja(
        "リリース {release} が最後に適用され、その役割が承認者を決めますが、適用したときの内容がここにありません。リポジトリから releases/{release}/ を復元してください\n{findings}"
    )]
    RolesLost { release: String, findings: String },
    #[en("what {environment} has proven cannot be read: {problem}")]
    #[ja("{environment} での確認の記録を読み取れません: {problem}")]
    BeforeUnread { environment: Environment, problem: Said },

    // Policies.
    #[en("policy {policy} ({place}) refuses {broken}")]
    #[ja("ポリシー {policy} ({place}) が拒否しています: {broken}")]
    PolicyRefuses { policy: String, place: String, broken: Breaks },
    #[en("policy {policy} ({place}) neither checked nor refused {members}: its silence lets nothing pass")]
    #[ja("ポリシー {policy} ({place}) は次のものを確認も拒否もしていません: {members}。判定のないものは通しません")]
    PolicySilent { policy: String, place: String, members: FirstOf<5> },
    #[en("policy {policy} ({place}) was not asked: what it judges could not be read: {reads}")]
    #[ja("ポリシー {policy} ({place}) の判定対象を読み取れなかったため、判定していません: {reads}")]
    PolicyNotAsked { policy: String, place: String, reads: FirstOf<5> },

    // Promotions.
    #[en("{release} was cut with tokaido {cut_with} and this is {now}, which may compile the same files otherwise")]
    #[ja("{release} は tokaido {cut_with} で作成されましたが、こちらは {now} で、同じファイルから別の結果になることがあります")]
    OtherTool { release: String, cut_with: String, now: String },
    #[en("{release} was never applied in {environment}, and no environment is skipped")]
    #[ja("{release} は {environment} に適用されたことがありません。環境を飛ばすことはできません")]
    NotApplied { release: String, environment: Environment },
    #[en("{environment} had a {release} of other content: its digest was {there} and this one is {here}")]
    #[ja("{environment} に適用された {release} は内容が異なります。そのダイジェストは {there}、こちらは {here} です")]
    OtherContent { environment: Environment, release: String, there: Short, here: Short },
    #[en("the apply of {release} in {environment} that began {begun} has not ended with nothing left to do")]
    #[ja("{begun} に始まった {environment} への {release} の適用が、残りのない状態で終わっていません")]
    NotProven { release: String, environment: Environment, begun: Moment },
    #[en("{environment} is on {on} since {since}, no longer on {release}")]
    #[ja("{environment} は {since} から {on} になっており、{release} ではありません")]
    MovedOn { environment: Environment, on: String, since: Moment, release: String },
    #[en("{environment} has the tree since {since}, no longer {release}")]
    #[ja("{environment} は {since} から作業ツリーの内容になっており、{release} ではありません")]
    MovedToTree { environment: Environment, since: Moment, release: String },
    #[en("not all promises were kept in {environment} when it was last looked at ({seen}): {promises}")]
    #[ja("{environment} を最後に確認したとき ({seen})、守られていない約束がありました: {promises}")]
    Unkept { environment: Environment, seen: Moment, promises: Vec<String> },
    #[en("a watcher saw in {environment} at {seen}, after its last apply: {open}")]
    #[ja("最後の適用の後、{seen} に {environment} の監視で見つかったものがあります: {open}")]
    SeenOpen { environment: Environment, seen: Moment, open: FirstOf<6, Told> },
    #[en("a watcher could see nothing of {environment} at {seen}, after its last apply: {problem}")]
    #[ja("最後の適用の後、{seen} の監視で {environment} を読み取れませんでした: {problem}")]
    Blind { environment: Environment, seen: Moment, problem: Told },
    #[en("what watchers saw of {environment} is unknown: {problem}")]
    #[ja("{environment} の監視の結果が分かりません: {problem}")]
    SightUnknown { environment: Environment, problem: Told },
    #[en("{release} is proven in {environment} since {since}; its soak ends {ends}, in {left}")]
    #[ja("{release} は {environment} で {since} から確認済みですが、観察期間が {ends} まで続きます（残り {left}）")]
    Soaking { release: String, environment: Environment, since: Moment, ends: Moment, left: Lasting },
    #[en("{release} is held in {environment} since {since}: {reason} ({by})")]
    #[ja("{release} は {since} から {environment} で保留されています: {reason} ({by})")]
    HeldBefore { release: String, environment: Environment, since: Moment, reason: String, by: String },
    #[en("{environment} went back from {release} on {since}: {reason} ({by})")]
    #[ja("{environment} は {since} に {release} から前のリリースに戻りました: {reason} ({by})")]
    Held { environment: Environment, release: String, since: Moment, reason: String, by: String },
    #[en("{release} was in {environment} before, until {left}: this is going back")]
    #[ja("{release} は {left} まで {environment} にありました。これは前のリリースに戻る操作です")]
    IsBack { release: String, environment: Environment, left: Moment },
    #[en("{release} was never applied in {environment}, so this is not going back")]
    #[ja("{release} は {environment} に適用されたことがないため、前のリリースに戻る操作ではありません")]
    NeverHere { release: String, environment: Environment },
    #[en(
        "{release} was applied in {environment}, and that never ended with nothing left to do: it is no safe place to go back to"
    )]
    #[ja("{release} の {environment} への適用は、残りのない状態で終わったことがなく、安全に戻れる先ではありません")]
    NeverProvenHere { release: String, environment: Environment },
    #[en("{release} is not held in {environment}")]
    #[ja("{release} は {environment} で保留されていません")]
    NotHeld { release: String, environment: Environment },
}

/// What a person does about a refusal. `tokaido` is the command as the operator called it: `tokaido --world sandbox`.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum NextStep {
    // Approvals.
    #[en("add `also_known_as: [\"{author}\"]` to the person, or plan again with --author ADDRESS")]
    #[ja("その人に `also_known_as: [\"{author}\"]` を加えるか、--author ADDRESS を付けて計画し直してください")]
    AddAlias { author: String },
    #[en("name people and their keys in policies/roles.yaml (`tokaido schema roles`), commit it, and plan again")]
    #[ja("policies/roles.yaml に承認者と鍵を書き (`tokaido schema roles`)、コミットしてから計画し直してください")]
    NamePeople,
    #[en("policies/roles.yaml names no other approver: add people with keys to it, and plan again")]
    #[ja("ほかに承認できる人がいません。policies/roles.yaml に鍵を持つ人を加えてから計画し直してください")]
    AddPeople,
    #[en("tokaido approve {plan} --key FILE   by {people}")]
    #[ja("tokaido approve {plan} --key FILE   （承認できる人: {people}）")]
    Approve { plan: String, people: Vec<String> },
    #[en("tokaido plan {environment} --save, have it approved, apply the saved plan")]
    #[ja("tokaido plan {environment} --save で保存し、承認を得てから、保存した計画を適用してください")]
    SaveIt { environment: Environment },
    #[en("{command}")]
    #[ja("{command}")]
    Run { command: String },

    // Permits.
    #[en("--emergency \"{letters} letters or more, on one line, that a second person will understand\"")]
    #[ja("--emergency \"ほかの人が理解できる理由を一行で、{letters} 字以上\"")]
    SayWhy { letters: usize },
    #[en("tokaido promote RELEASE --to {environment}")]
    #[ja("tokaido promote RELEASE --to {environment} を実行してください")]
    PromoteSome { environment: Environment },
    #[en("restore that release, or say why it cannot wait: --emergency")]
    #[ja("そのリリースを復元してください。待てない場合は --emergency で理由を述べてください")]
    RestoreRelease,
    #[en("make the records of {environment} readable, or say why it cannot wait: --emergency")]
    #[ja("{environment} の記録を読み取れるようにしてください。待てない場合は --emergency で理由を述べてください")]
    MakeRecordsReadable { environment: Environment },

    // Policies.
    #[en("change what it names, then tokaido plan {environment}; only an emergency goes past it: --emergency REASON")]
    #[ja(
        "指摘されたものを直してから tokaido plan {environment} を実行してください。これを越えられるのは緊急の適用だけです: --emergency REASON"
    )]
    ChangeIt { environment: Environment },
    #[en("let the policy name each of them in `checked` or in `broken` ({file}), and plan again")]
    #[ja("ポリシーがそれぞれを `checked` か `broken` に含めるように直し ({file})、計画し直してください")]
    NameEach { file: String },
    #[en("make it readable (tokaido doctor {environment}), and plan again")]
    #[ja("読み取れるようにしてから (tokaido doctor {environment})、計画し直してください")]
    MakeReadable { environment: Environment },

    // Promotions.
    #[en("use tokaido {cut_with}, or cut a new release and let it take the whole way")]
    #[ja("tokaido {cut_with} を使うか、新しいリリースを作成して最初の環境から昇格してください")]
    UseTool { cut_with: String },
    #[en("{tokaido} promote {release} --to {environment}, then {tokaido} apply {environment}")]
    #[ja("{tokaido} promote {release} --to {environment} の後に {tokaido} apply {environment} を実行してください")]
    PromoteAndApply { tokaido: String, release: String, environment: Environment },
    #[en("take the release back from version control as it was cut, or cut a new one")]
    #[ja("作成したときのリリースをバージョン管理から取り出すか、新しいリリースを作成してください")]
    TakeBack,
    #[en("{tokaido} plan {environment}, then {tokaido} apply {environment} until nothing is left")]
    #[ja("{tokaido} plan {environment} の後に、残りがなくなるまで {tokaido} apply {environment} を実行してください")]
    ApplyUntilDone { tokaido: String, environment: Environment },
    #[en("promote {on} instead, or bring {release} back: {tokaido} promote {release} --to {environment}")]
    #[ja("代わりに {on} を昇格するか、{release} に戻してください: {tokaido} promote {release} --to {environment}")]
    PromoteOther { on: String, release: String, tokaido: String, environment: Environment },
    #[en("let it be kept again, then {tokaido} apply {environment}, which looks again")]
    #[ja("約束が守られるようにしてから {tokaido} apply {environment} を実行してください。もう一度確認します")]
    KeepAgain { tokaido: String, environment: Environment },
    #[en("{tokaido} apply {environment}, or, when all is as declared again, {tokaido} watch {environment} --once, which sees it")]
    #[ja(
        "{tokaido} apply {environment} を実行してください。すでに宣言どおりであれば {tokaido} watch {environment} --once で確認できます"
    )]
    ApplyOrWatch { tokaido: String, environment: Environment },
    #[en("{tokaido} watch {environment} --once, until it sees again")]
    #[ja("読み取れるようになるまで {tokaido} watch {environment} --once を実行してください")]
    WatchOnce { tokaido: String, environment: Environment },
    #[en("make that readable, then the same command")]
    #[ja("読み取れるようにしてから、同じコマンドを実行してください")]
    SameAgain,
    #[en("the same command after that; `change.soak` of {environment} says how long")]
    #[ja("その後に同じコマンドを実行してください。期間は {environment} の `change.soak` で決まります")]
    AfterSoak { environment: Environment },
    #[en("{tokaido} promote {release} --to {environment} --lift-hold --reason TEXT, when that is over")]
    #[ja("原因が解消したら {tokaido} promote {release} --to {environment} --lift-hold --reason TEXT を実行してください")]
    LiftHold { tokaido: String, release: String, environment: Environment },
    #[en("{tokaido} promote {release} --to {environment} --back --reason TEXT")]
    #[ja("{tokaido} promote {release} --to {environment} --back --reason TEXT を実行してください")]
    GoBack { tokaido: String, release: String, environment: Environment },
    #[en("{tokaido} promote {release} --to {environment}, without --back")]
    #[ja("--back を付けずに {tokaido} promote {release} --to {environment} を実行してください")]
    WithoutBack { tokaido: String, release: String, environment: Environment },
    #[en("{tokaido} release list, and go back to one that worked")]
    #[ja("{tokaido} release list で、問題なく動いていたリリースを選んでください")]
    ChooseOther { tokaido: String },
    #[en("{tokaido} promote {release} --to {environment}, without --lift-hold")]
    #[ja("--lift-hold を付けずに {tokaido} promote {release} --to {environment} を実行してください")]
    WithoutLift { tokaido: String, release: String, environment: Environment },
}

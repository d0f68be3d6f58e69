//! The reasons of verdicts: one variant for each sentence that a check says of a member.

use jiff::Timestamp;
use tokaido_derive::Reason;

use super::parts::{Asked, Carried, Gibibytes, Lifetime, OfOther, Refused, Schedule, SharedWith, Span, Unclear, Undeclared};
use super::paths::{Names, Unknowns, Way};
use crate::model::reason::plan::Wait;
use crate::model::{Environment, Name, Stated, Value};

/// Why a member of a population is not kept, or not kept yet.
#[derive(Debug, Clone, PartialEq, Eq, Reason)]
#[expect(missing_docs, reason = "the sentence beside each variant says what it means and names its fields")]
pub enum VerdictReason {
    // Of any check.
    #[en("{operation} failed: {error}")]
    #[ja("{operation} に失敗しました: {error}")]
    ReadFailed { operation: String, error: String },
    #[en("{attribute}{of} was not asked for, so it is not known")]
    #[ja("{attribute}{of} は照会していないため分かりません")]
    NotAsked { attribute: Name, of: OfOther },
    #[en("{attribute}{of} could not be read: {error}")]
    #[ja("{attribute}{of} を読み取れませんでした: {error}")]
    ReadingFailed { attribute: Name, of: OfOther, error: String },
    #[en("declared and not there: nothing to judge")]
    #[ja("宣言されていますが、まだ存在しないため判定の対象がありません")]
    NotThere,
    #[en("it was applied and cannot be recognised: {physical}, whose tag tokaido:id says {tag}, may be it")]
    #[ja("適用後に特定できなくなりました。{tag} {physical} かもしれません")]
    Unrecognised { physical: String, tag: Carried },
    #[en("declared and not there, and nothing is recorded here of what was applied: whether it was lost is unknown")]
    #[ja("宣言されていますが存在せず、適用の記録もないため、失われたものかどうか分かりません")]
    Unremembered,
    #[en("{attribute} is {value}: {asked}")]
    #[ja("{attribute} が {value} です。{asked}")]
    Is { attribute: Name, value: Value, asked: Stated<Asked> },
    #[en("{attribute} is {now}; AWS has accepted {value} and applies it {when}")]
    #[ja("{attribute} は {now} で、AWS が受け付けた {value} は後から反映されます（{when}）")]
    Accepted { attribute: Name, now: Value, value: Value, when: Stated<Wait> },
    #[en("AWS will set {attribute} to {value} {when}: {asked}")]
    #[ja("AWS が {attribute} を {value} に変えます（{when}）。{asked}")]
    WillBe { attribute: Name, value: Value, when: Stated<Wait>, asked: Stated<Asked> },
    #[en("AWS reports `{word}`: {asked}")]
    #[ja("AWS の状態は `{word}` です。{asked}")]
    Failed { word: String, asked: Stated<Asked> },

    // Where data is, and how it is encrypted.
    #[en("{list} send recovery points to {place} ({vault})")]
    #[ja("{list} が復旧ポイントを {place} に送ります（{vault}）")]
    SentElsewhere { list: Name, place: String, vault: Value },
    #[en("{store} in {place}: data is stored outside Tokyo and Osaka")]
    #[ja("{store} が {place} にあります。データが東京と大阪の外に保管されています")]
    StoredElsewhere { store: Value, place: String },
    #[en("AWS does not say whether it is encrypted")]
    #[ja("暗号化されているかどうかを AWS が示しません")]
    EncryptionNotSaid,
    #[en("it is shared with {with}, who can copy it to any place")]
    #[ja("{with} と共有されており、どこへでも複製できます")]
    SharedWith { with: SharedWith },
    #[en(
        "closed by a policy of the organisation, not looked at; to look there, exempt {caller} from the deny for the calls below, or accept it under `exceptions:`"
    )]
    #[ja(
        "組織のポリシーで閉鎖されているため確認していません。確認するには、下記の呼び出しの拒否から {caller} を除外するか、`exceptions:` で受け入れます"
    )]
    RegionsDenied { caller: Refused },
    #[en(
        "not enabled in this account, not looked at: AWS keeps what was made there before it was disabled; enable it to look, or accept it under `exceptions:`"
    )]
    #[ja(
        "このアカウントで有効になっていないため確認していません。無効にする前に作られたものは AWS に残ります。確認するには有効にするか、`exceptions:` で受け入れます"
    )]
    RegionsNotEnabled,
    #[en("closed, not looked at; accepted until {until} by {owner}: {reason}")]
    #[ja("閉鎖されているため確認していません。{owner} が {until} まで受け入れています: {reason}")]
    RegionsAccepted { reason: String, owner: String, until: String },
    #[en("{list} send recovery points to the account {account} ({vault}), of which nothing is proven here")]
    #[ja("{list} が復旧ポイントをアカウント {account}（{vault}）に送りますが、そこでの扱いは確認できません")]
    SentToAccount { list: Name, account: String, vault: Value },
    #[en("{statement} of its policy admits others than this account, who may copy out what lies in it")]
    #[ja("ポリシーの {statement} がこのアカウント以外に許可しているため、中身を持ち出されるおそれがあります")]
    VaultOpen { statement: String },
    #[en("whether {statement} of its policy lets others than this account copy out what lies in it is not known")]
    #[ja("ポリシーの {statement} がこのアカウント以外に持ち出しを許すかどうか分かりません")]
    VaultMayBeOpen { statement: String },
    #[en("it is encrypted with {key}, which is no key of this account's own")]
    #[ja("{key} で暗号化されていますが、このアカウント専用の鍵ではありません")]
    KeyOfOthers { key: Value },
    #[en("AWS reports `{word}` for {key}")]
    #[ja("{key} の状態は `{word}` です")]
    KeyFailed { key: String, word: String },
    #[en("the key is switched off")]
    #[ja("鍵が無効です")]
    KeyOff,
    #[en("the key is not rotated")]
    #[ja("鍵が定期的に更新されません")]
    KeyNotRotated,
    #[en("the key is rotated every {days} days; {most} are promised")]
    #[ja("鍵の更新間隔が {days} 日です（約束は {most} 日以内）")]
    KeyRotatedSeldom { days: i64, most: i64 },
    #[en(
        "the material of {key} comes from {origin}: AWS does not rotate it by itself, and whether it was rotated on demand is not read"
    )]
    #[ja("{key} の鍵素材の出所は {origin} で、AWS は自動更新しません。手動で更新されているかは読み取りません")]
    KeyOfOtherOrigin { key: String, origin: String },
    #[en("`{statement}` in the policy of {key} lets every account use it")]
    #[ja("{key} のポリシーの `{statement}` が、すべてのアカウントに使用を許可しています")]
    KeyOpen { key: String, statement: String },
    #[en("`{statement}` in the policy of {key} lets {accounts} use it")]
    #[ja("{key} のポリシーの `{statement}` が、アカウント {accounts} に使用を許可しています")]
    KeyAdmits { key: String, statement: String, accounts: Vec<String> },
    #[en("whether others may use {key} is not known: `{statement}` {why}")]
    #[ja("{key} を他者が使えるか分かりません。`{statement}` は{why}")]
    KeyUseUnclear { key: String, statement: String, why: Stated<Unclear> },
    #[en("whether others may use {key} is not known: KMS shows no policy")]
    #[ja("{key} のポリシーがないため、他者が使えるか分かりません")]
    KeyWithoutPolicy { key: String },
    #[en("a grant lets {grantee} use {key}: {operations}")]
    #[ja("グラントにより {grantee} が {key} を使えます（{operations}）")]
    KeyGranted { key: String, grantee: String, operations: String },
    #[en("a grant lets {grantee} use {key} for resources of any account: {operations}")]
    #[ja("グラントにより {grantee} が、どのアカウントのリソースについても {key} を使えます（{operations}）")]
    KeyGrantedFreely { key: String, grantee: String, operations: String },
    #[en("the grants of {key} could not be listed: {error}")]
    #[ja("{key} のグラントを一覧にできませんでした: {error}")]
    GrantsUnread { key: String, error: String },
    #[en("the grants of {key} were not asked for")]
    #[ja("{key} のグラントは照会していません")]
    GrantsNotAsked { key: String },
    #[en("the material of its key is in {places} too")]
    #[ja("鍵素材が {places} にもあります")]
    KeyElsewhere { places: Vec<String> },
    #[en("it replicates {source}, which is in {place}")]
    #[ja("複製元の {source} が {place} にあります")]
    ReplicatesFrom { source: Value, place: String },
    #[en("{replica} replicates it in {place}")]
    #[ja("{replica} が {place} でこのデータベースを複製しています")]
    ReplicatedTo { replica: Value, place: String },
    #[en("it belongs to the global cluster {global}, whose other members are not read")]
    #[ja("グローバルクラスター {global} に属していますが、ほかのメンバーは読み取りません")]
    GlobalMembersNotRead { global: Value },
    #[en("it is judged by {source}, which no list shows")]
    #[ja("判定の元になる {source} が一覧にありません")]
    SourceNotListed { source: Value },
    #[en("tokaido knows no setting of {engine} for {promise}")]
    #[ja("{engine} の設定から {promise} を判定する方法がありません")]
    EngineUnknown { engine: Value, promise: &'static str },
    #[en("it runs with {group}, whose values are not read: attach a group that says them")]
    #[ja("{group} の値は読み取れません。値を明示したパラメータグループを使ってください")]
    ParametersUnread { group: Value },
    #[en("{name} is {value} in {group}; {right} is needed")]
    #[ja("{group} の {name} が {value} です（必要な値は {right}）")]
    ParameterIs { group: String, name: &'static str, value: Value, right: &'static str },
    #[en("its parameters are not in effect yet: {when}")]
    #[ja("パラメータがまだ反映されていません（{when}）")]
    ParametersWait { when: Stated<Wait> },

    // Who may connect with whom.
    #[en("`{rule}` admits addresses to a port that no tenant declares for them")]
    #[ja("`{rule}` は、どのテナントも宣言していないアドレスとポートの組み合わせを許可しています")]
    AdmitsAddresses { rule: String },
    #[en("`{rule}` admits a list of addresses that no tenant declares")]
    #[ja("`{rule}` は、どのテナントも宣言していないアドレスの一覧からの接続を許可しています")]
    AdmitsList { rule: String },
    #[en("{from} can reach it: {way}")]
    #[ja("{from} から通信が届きます: {way}")]
    PacketArrives { from: Names, way: Way },
    #[en("{from} can reach it, though no answer can come back: {way}")]
    #[ja("{from} から通信が届きます（応答は戻れません）: {way}")]
    PacketArrivesOneWay { from: Names, way: Way },
    #[en("{host} belongs to it and to {with}: by the subnet where it stands, the groups that it wears, or its other interfaces")]
    #[ja("{host} が {with} にも属しています（置かれたサブネット、付いているグループ、またはほかのインターフェイスによります）")]
    HostOfTwo { host: String, with: Names },
    #[en("whether {from} can reach it depends on what was not read: {unread}")]
    #[ja("{from} から届くかどうかは、読み取っていないもの次第です: {unread}")]
    PacketMayArrive { from: Names, unread: Unknowns },
    #[en("whether {from} can reach it depends on how the transit gateway treats zones and security groups, which is not read")]
    #[ja(
        "{from} から届くかどうかは、トランジットゲートウェイでのゾーンとセキュリティグループの扱い次第です（読み取っていません）"
    )]
    GatewayDecides { from: Names },
    #[en("and {more} more such paths")]
    #[ja("同様の経路がほかに {more} 件あります")]
    MorePaths { more: usize },
    #[en("any host of the Internet can reach it beyond what is allowed: {way}")]
    #[ja("許可していないインターネットの通信が届きます: {way}")]
    InternetEnters { way: Way },
    #[en("whether hosts of the Internet can reach it depends on what was not read: {unread}")]
    #[ja("インターネットから届くかどうかは、読み取っていないもの次第です: {unread}")]
    InternetMayEnter { unread: Unknowns },
    #[en("tenants share it: they are separated in the network, and their rows by the application, which is not judged")]
    #[ja("テナントが共有しています。ネットワークでは分離されていますが、行の分離はアプリケーションの役割で、判定していません")]
    RowsAreShared,
    #[en("it is encrypted with a key of {tenant}")]
    #[ja("{tenant} の鍵で暗号化されています")]
    KeyOfOtherTenant { tenant: String },

    // Going back in time in Tokyo.
    #[en("it was applied and is gone, and its automated backups with it")]
    #[ja("適用後に失われ、自動バックアップも残っていません")]
    Gone,
    #[en("AWS is still making it")]
    #[ja("AWS が作成中です")]
    BeingMade,
    #[en("RDS can restore only to {latest}, {minutes} minutes ago")]
    #[ja("復元できるのは {minutes} 分前（{latest}）までです")]
    RestorableOnlyTo { latest: Timestamp, minutes: i64 },
    #[en("it was made at {made}, and RDS names no moment to which it can be restored")]
    #[ja("{made} に作成されましたが、RDS は復元できる時点を示していません")]
    NeverRestorable { made: Timestamp },
    #[en("RDS says neither when it was made nor to which moment it can be restored")]
    #[ja("RDS が作成時刻も復元できる時点も示していません")]
    RestorableUnknown,

    // What lies in Osaka, and what brings it there.
    #[en("it is gone; only an audit looks at its copies")]
    #[ja("失われています。複製は監査で確認します")]
    GoneCopiesNotRead,
    #[en("it is gone, and no recovery point of it is in Osaka")]
    #[ja("失われ、大阪にも復旧ポイントがありません")]
    GoneWithoutCopies,
    #[en("it is gone; its newest recovery point in Osaka is of {newest}: restore it before it expires")]
    #[ja("失われています。大阪の最新の復旧ポイントは {newest} のものです。期限が切れる前に復元してください")]
    GoneWithCopies { newest: Timestamp },
    #[en("the plan that selects it copies nothing to Osaka")]
    #[ja("対象とするプランが大阪への複製を行いません")]
    NothingCopied,
    #[en("it is a member of a cluster: AWS Backup copies the cluster, and which plans select clusters is not judged")]
    #[ja("クラスターのメンバーです。AWS Backup はクラスターを複製しますが、クラスターを対象とするプランは判定していません")]
    CopiesOfCluster,
    #[en("no backup plan selects it")]
    #[ja("どのバックアッププランの対象にもなっていません")]
    NotSelected,
    #[en("{plan} names it and leaves it out all the same: an exclusion or a condition of the selection speaks against it")]
    #[ja("{plan} に指定されていますが、選択の除外または条件によって対象から外れています")]
    Excluded { plan: String },
    #[en("whether {plan} selects it is not known: AWS does not document what its selection says")]
    #[ja("{plan} の選択条件は AWS の文書では解釈が定まらず、対象かどうか分かりません")]
    SelectionUnsure { plan: String },
    #[en(
        "{plan} selects it by a tag, by a service or among everything, which counts only where the account has opted in to backups of RDS; that setting is not read"
    )]
    #[ja(
        "{plan} はタグやサービスの指定で対象に含めていますが、RDS のバックアップを有効にする設定（オプトイン）が必要で、その設定は読み取りません"
    )]
    OptInNotRead { plan: String },
    #[en("the lock of {vault} takes only what lives {span}, and {plan} asks for {lifetime}: AWS Backup fails such jobs")]
    #[ja("{vault} のロックが認める保管期間は {span} ですが、{plan} の指定は {lifetime} のため、ジョブが失敗します")]
    LockForbids { vault: String, span: Span, plan: String, lifetime: Lifetime },
    #[en("{statement} of the policy of {vault} denies copies, so none is made")]
    #[ja("{vault} のポリシーの {statement} が複製を拒否しているため、複製が行われません")]
    VaultDeniesCopies { vault: String, statement: String },
    #[en("whether {statement} of the policy of {vault} stops backups or copies is not known")]
    #[ja("{vault} のポリシーの {statement} がバックアップや複製を妨げるかどうか分かりません")]
    VaultMayDenyCopies { vault: String, statement: String },
    #[en("what the role {role} may do, which is not ours, is not read")]
    #[ja("当社のものではないロール {role} の権限は読み取りません")]
    RoleNotRead { role: Value },
    #[en(
        "{plan} keeps copies for {kept} days, counted from the backup in Tokyo; {needed} are needed for the {days} that are promised"
    )]
    #[ja("{plan} の複製の保管期間が、東京でのバックアップから数えて {kept} 日です（約束は {days} 日、必要な設定は {needed} 日）")]
    KeptTooShort { plan: String, kept: i64, needed: i64, days: i64 },
    #[en("{plan} does not run every day: {schedule}")]
    #[ja("{plan} の実行が毎日ではありません（{schedule}）")]
    NotDaily { plan: String, schedule: Schedule },
    #[en("{vault} is not there")]
    #[ja("{vault} が存在しません")]
    VaultNotThere { vault: Value },
    #[en("the key of {vault} cannot be used, so no copy arrives")]
    #[ja("{vault} の鍵が使えないため、複製が届きません")]
    VaultKeyUnusable { vault: String },
    #[en("the key of {vault}, which is AWS's own or of another account, is not read")]
    #[ja("{vault} の鍵は AWS のものか別のアカウントのもので、読み取りません")]
    VaultKeyNotRead { vault: String },
    #[en("the policy of {key} allows no principal to use it, so no copy arrives")]
    #[ja("{key} のポリシーが誰にも使用を許可していないため、複製が届きません")]
    KeyAdmitsNobody { key: String },
    #[en("whether the policy of {key} still admits AWS Backup is not known: it is not the declared one")]
    #[ja("{key} のポリシーが宣言と異なるため、AWS Backup が鍵を使えるか分かりません")]
    KeyPolicyUnsure { key: String },
    #[en("{role}, which AWS Backup assumes, is not there or does not admit it")]
    #[ja("AWS Backup が使う {role} が存在しないか、AWS Backup を許可していません")]
    RoleNotThere { role: Value },
    #[en("{role} may not take backups: AWS's policy for them is not attached")]
    #[ja("{role} にバックアップ用の AWS 管理ポリシーが付いていません")]
    RoleMayNotBackUp { role: String },
    #[en("AWS Backup may not assume {role}: its trust policy does not admit {service}")]
    #[ja("{role} の信頼ポリシーが {service} を許可していないため、AWS Backup が引き受けられません")]
    RoleNotAssumable { role: String, service: &'static str },
    #[en("the inline policy {policy} of {role} denies everything")]
    #[ja("{role} のインラインポリシー {policy} がすべての操作を拒否しています")]
    RoleDenied { role: String, policy: String },
    #[en("whether AWS Backup can still work as {role} is not known: {what} was not declared")]
    #[ja("{role} の{what}が宣言と異なるため、AWS Backup が動作できるか分かりません")]
    RoleUnsure { role: String, what: Stated<Undeclared> },
    #[en("the newest recovery point in Osaka is {hours} hours old")]
    #[ja("大阪の最新の復旧ポイントが {hours} 時間前のものです")]
    PointTooOld { hours: i64 },
    #[en("what lies in {vault}, which is not ours, is not read")]
    #[ja("当社のものではない {vault} の中身は読み取りません")]
    VaultNotRead { vault: String },
    #[en("no recovery point of it is in Osaka")]
    #[ja("大阪に復旧ポイントがありません")]
    NoPoint,
    #[en("no recovery point of it is in Osaka, and RDS does not say when it was made")]
    #[ja("大阪に復旧ポイントがなく、RDS が作成時刻を示していません")]
    NoPointOfUnknownAge,

    // The bucket of the records.
    #[en("it was applied and is gone, and the records in it with it")]
    #[ja("適用後に失われ、中の記録も残っていません")]
    RecordsGone,
    #[en("its policy lacks {statements}, or says something else there")]
    #[ja("ポリシーの {statements} がないか、内容が異なります")]
    PolicyLacks { statements: Vec<String> },
    #[en("its policy has statements that are not declared: {statements}")]
    #[ja("ポリシーに宣言していない文 {statements} があります")]
    PolicyAdds { statements: Vec<String> },
    #[en("the rule {rule} of its lifecycle is not declared and removes versions")]
    #[ja("宣言していないライフサイクル規則 {rule} が版を削除します")]
    RecordsExpire { rule: String },

    // Labels, room to grow, clocks, and three environments.
    #[en("the tag {tag} is missing")]
    #[ja("タグ {tag} がありません")]
    TagMissing { tag: &'static str },
    #[en("the tag {tag} says {live}, and it is {wanted}")]
    #[ja("タグ {tag} の値は {live} ですが、正しくは {wanted} です")]
    TagWrong { tag: &'static str, live: String, wanted: String },
    #[en("it may grow to {most} and has {now}: a tenth more is needed for it to grow at all")]
    #[ja("容量 {now} に対して上限が {most} で、自動拡張に必要な一割の余地がありません")]
    NoRoom { now: Gibibytes, most: Gibibytes },
    #[en("it uses the option set {options}, which names no clock of ours")]
    #[ja("時刻サーバーを指定したオプションセットを使っていません（{options}）")]
    NoClock { options: Value },
    #[en("{options} names {found} instead of {wanted}")]
    #[ja("{options} の時刻サーバーが {wanted} ではなく {found} です")]
    OtherClock { options: String, found: Value, wanted: &'static str },
    #[en("the account of {other} cannot be read from its file; tokaido validate")]
    #[ja("{other} のアカウントをファイルから読めません。tokaido validate を実行してください")]
    AccountUnread { other: Environment },
    #[en("{other} has the account {account} too")]
    #[ja("{other} も同じアカウント {account} を使います")]
    AccountShared { other: Environment, account: String },
    #[en("the credentials belong to {caller}")]
    #[ja("認証情報のアカウントが {caller} です")]
    CallerElsewhere { caller: String },
    #[en("it is labelled {named} and lives in the account of {environment}")]
    #[ja("{named} のタグが付いた資源が {environment} のアカウントにあります")]
    OfOtherEnvironment { named: Environment, environment: Environment },
}

//! Promises and how they are judged, backups, watching, and the organisation's own policies.

use crate::model::Explained;

use super::term::Term;

pub const TERMS: &[Term] = &[
    Term {
        name: Explained::new("promise", "約束"),
        meaning: Explained::new(
            "One technical commitment of the white paper, such as 35 days of point-in-time recovery. `policies/promises.yaml` \
            holds all of them as data.",
            "「ポイントインタイムリカバリを 35 日」のような、ホワイトペーパーの技術的な約束です。すべて \
            `policies/promises.yaml` にデータとして書かれています。",
        ),
        related: &["clause", "verdict", "divergence"],
    },
    Term {
        name: Explained::new("clause", "条項"),
        meaning: Explained::new(
            "A numbered section of the white paper. It holds one promise or several; `tokaido explain 12` shows those of clause \
            12.",
            "ホワイトペーパーの番号付きの項目です。一つまたは複数の約束を含みます。`tokaido explain 12` で 12 項の約束を表示し\
            ます。",
        ),
        related: &["promise"],
    },
    Term {
        name: Explained::new("check", "判定方法"),
        meaning: Explained::new(
            "The function that judges one promise from what was declared, read and recorded. `docs/promises.md` says what each \
            check looks at, and what not yet.",
            "宣言、読み取り、記録の内容から、一つの約束を判定する処理です。何を見て、何をまだ見ていないかは `docs/promises.md` \
            にあります。",
        ),
        related: &["promise", "verdict", "population"],
    },
    Term {
        name: Explained::new("require", "要件の判定"),
        meaning: Explained::new(
            "Inside a check: to compare one attribute or state of a resource with what the promise needs. A value that is right \
            only later makes the verdict pending; a wrong value, or one that AWS will change to a wrong one, makes it broken.",
            "判定方法の中で、リソースの属性や状態を約束に必要な値と比べることです。後で正しくなる値は反映待ち、正しくない値\
            と、これから正しくなくなる値は違反と判定します。",
        ),
        related: &["check", "verdict", "pending"],
    },
    Term {
        name: Explained::new("verdict", "判定"),
        meaning: Explained::new(
            "What tokaido found out about one promise in one environment. Its state is broken, unknown, pending, kept, not \
            applicable, no check yet or outside infrastructure; the most serious member of the population decides.",
            "一つの環境における、一つの約束の判定結果です。違反、不明、反映待ち、遵守、対象なし、未判定、インフラ対象外のいず\
            れかで、対象の中で最も重いものが全体の結果になります。",
        ),
        related: &["broken", "unknown", "pending", "kept", "not applicable", "no check yet", "outside infrastructure"],
    },
    Term {
        name: Explained::new("population", "判定の対象"),
        meaning: Explained::new(
            "Everything that a promise or a policy speaks about, judged one by one. Where a promise is about all data, foreign \
            databases and copies belong to it.",
            "約束またはポリシーが対象とするものの全体です。一つずつ判定します。すべてのデータに関する約束では、管理外のデータ\
            ベースや複製も含みます。",
        ),
        related: &["verdict", "foreign", "unjudged"],
    },
    Term {
        name: Explained::new("broken", "違反"),
        meaning: Explained::new(
            "A verdict: what AWS says now does not keep the promise. `audit` exits 4.",
            "判定の一つです。現在の AWS の状態が約束を満たしていません。`audit` の終了コードは 4 になります。",
        ),
        related: &["verdict"],
    },
    Term {
        name: Explained::new("unknown", "不明"),
        meaning: Explained::new(
            "Something could not be determined: a read was denied or failed, what was read or recorded does not say it, a region \
            is closed, or tokaido does not ask AWS for it (not asked). tokaido never counts it as kept; a command that found \
            nothing worse exits 8. A promotion does not wait for what is closed or not asked.",
            "判断できない状態です。読み取りの拒否や失敗、読み取りや記録の内容だけでは判断できない場合、リージョンが閉鎖されてい\
            る場合、tokaido が AWS に問い合わせていない場合（未照会）があります。遵守とはみなしません。ほかに重い結果がなけれ\
            ば、終了コードは 8 になります。閉鎖と未照会の項目は、昇格を妨げません。",
        ),
        related: &["verdict", "unresolved reference", "universe"],
    },
    Term {
        name: Explained::new("universe", "確認の範囲"),
        meaning: Explained::new(
            "What a check looks at, as it declares it: kinds, regions, whose resources, and which attributes. The promise is \
            about some of them; others are judged beside them, such as keys, and alone keep no promise; the rest is read to judge \
            these. A member of which a declared attribute was not read is unknown.",
            "判定方法が宣言する、確認の範囲です。種類、リージョン、誰のリソースか、どの属性かを示します。約束の対象そのもののほ\
            かに、あわせて判定するもの（鍵など。それだけでは約束を遵守したことになりません）と、判定のために読み取るだけのもの\
            があります。宣言した属性を読み取れなかったリソースは不明になります。",
        ),
        related: &["check", "population", "unknown", "not applicable"],
    },
    Term {
        name: Explained::new("kept", "遵守"),
        meaning: Explained::new(
            "A verdict: every member of the population satisfies the promise. The level of evidence says how much was seen.",
            "判定の一つです。対象のすべてが約束を満たしています。どこまで確認したかは証拠の段階で示します。",
        ),
        related: &["verdict", "level of evidence"],
    },
    Term {
        name: Explained::new("not applicable", "対象なし"),
        meaning: Explained::new(
            "A verdict: the environment has nothing that the promise speaks about.",
            "判定の一つです。その環境に、約束の対象となるものがありません。",
        ),
        related: &["verdict", "population"],
    },
    Term {
        name: Explained::new("no check yet", "未判定"),
        meaning: Explained::new(
            "A verdict: infrastructure or a process could decide the promise, and tokaido has no check for it yet. Such clauses \
            are counted by themselves.",
            "判定の一つです。インフラまたは手続きで判断できる約束ですが、tokaido にまだ判定方法がありません。件数は別に示しま\
            す。",
        ),
        related: &["verdict", "check"],
    },
    Term {
        name: Explained::new("outside infrastructure", "インフラ対象外"),
        meaning: Explained::new(
            "A verdict: no infrastructure decides the promise. It is listed so that an auditor finds every clause.",
            "判定の一つです。インフラでは判断できない約束です。監査人がすべての条項を確認できるよう、一覧に含めます。",
        ),
        related: &["verdict", "clause"],
    },
    Term {
        name: Explained::new("level of evidence", "証拠の段階"),
        meaning: Explained::new(
            "How much was seen of a promise that is kept: configured, effective or evidenced. A verdict has the least level of \
            everything it rests on.",
            "守られている約束について、どこまで確認したかを示します。設定を確認、反映を確認、実績を確認の三段階で、根拠のうち\
            最も低いものが判定の段階になります。",
        ),
        related: &["configured", "effective", "evidenced", "fact"],
    },
    Term {
        name: Explained::new("configured", "設定を確認"),
        meaning: Explained::new(
            "A level of evidence: AWS returns the setting.",
            "証拠の段階の一つです。AWS がその設定を返しました。",
        ),
        related: &["level of evidence"],
    },
    Term {
        name: Explained::new("effective", "反映を確認"),
        meaning: Explained::new(
            "A level of evidence: AWS says that the setting took effect everywhere it must.",
            "証拠の段階の一つです。必要なすべての場所で設定が有効になったと、AWS が示しました。",
        ),
        related: &["level of evidence"],
    },
    Term {
        name: Explained::new("evidenced", "実績を確認"),
        meaning: Explained::new(
            "A level of evidence: there is a fact that could not exist unless the promise works, such as last night's recovery \
            point in Osaka.",
            "証拠の段階の一つです。昨夜の大阪の復旧ポイントのように、約束が機能していなければ存在しない事実を確認しました。",
        ),
        related: &["level of evidence", "fact"],
    },
    Term {
        name: Explained::new("fact", "読み取った事実"),
        meaning: Explained::new(
            "One thing that AWS said, with its value, the call and the time. An audit also reads facts that no file declares, \
            such as the moments to which a database can be restored.",
            "AWS が示した一つの事実です。値、呼び出し、日時とともに記録します。監査では、データベースを復元できる時点のよう\
            に、ファイルで宣言しない事実も読み取ります。",
        ),
        related: &["level of evidence", "audit"],
    },
    Term {
        name: Explained::new("audit", "監査"),
        meaning: Explained::new(
            "`tokaido audit` judges every promise by what AWS says now, with the population and the facts of each. It changes \
            nothing.",
            "`tokaido audit` が、現在の AWS の状態からすべての約束を判定し、対象と事実を示すことです。何も変更しません。",
        ),
        related: &["verdict", "drift", "watch"],
    },
    Term {
        name: Explained::new("divergence", "逸脱"),
        meaning: Explained::new(
            "A promise that dev or staging keeps less strictly, declared in the environment file with a value, a reason, an \
            owner and a last day. Production has none.",
            "dev または staging で緩めている約束です。環境ファイルに、値、理由、責任者、最終日とともに宣言します。本番では認め\
            られません。",
        ),
        related: &["promise", "override"],
    },
    Term {
        name: Explained::new("point-in-time recovery", "任意の時点への復元"),
        meaning: Explained::new(
            "Restoring a database to any moment of the last days, from the backups that RDS keeps in Tokyo. The white paper \
            promises 35 days.",
            "RDS が東京に保持するバックアップから、直近の任意の時点にデータベースを復元することです。ホワイトペーパーは 35 日\
            間を約束しています。",
        ),
        related: &["recovery copy", "promise"],
    },
    Term {
        name: Explained::new("recovery copy", "大阪の複製"),
        meaning: Explained::new(
            "A copy of a daily backup in a vault in Osaka, for the loss of Tokyo. The white paper promises 7 days of them.",
            "東京が失われた場合に備え、毎日のバックアップを大阪のボールトに写したものです。ホワイトペーパーは 7 日分を約束して\
            います。",
        ),
        related: &["point-in-time recovery", "backup prerequisites"],
    },
    Term {
        name: Explained::new("backup prerequisites", "バックアップの前提"),
        meaning: Explained::new(
            "What AWS Backup needs so that a recovery copy can be made: a plan that runs every day, usable keys with the right \
            policies, and a role with the right trust, policies and boundary. The promise of copies in Osaka is judged by them \
            too.",
            "AWS Backup が大阪の複製を作るために必要なものです。毎日実行されるプラン、適切なポリシーを持つ有効な鍵、信頼、ポリ\
            シー、境界が適切なロールを含みます。大阪の複製に関する約束は、これも合わせて判定します。",
        ),
        related: &["recovery copy", "check"],
    },
    Term {
        name: Explained::new("policy", "ポリシー"),
        meaning: Explained::new(
            "A rule of the organisation over plans, written in Rego, one file in `policies/`. Its effect is `deny` (the plan is \
            refused) or `warn` (the plan says so); no policy lets anything pass that is refused otherwise.",
            "計画に対する組織の規則です。`policies/` に Rego で、一つのファイルに一つ書きます。効果は `deny`（計画を拒否）また\
            は `warn`（警告のみ）です。ほかの理由で拒否されたものを、ポリシーが通すことはありません。",
        ),
        related: &["case", "unjudged", "emergency override"],
    },
    Term {
        name: Explained::new("unjudged", "判定漏れ"),
        meaning: Explained::new(
            "A member of a policy's population that the policy neither checked nor called broken. For a policy that denies, it \
            refuses the plan.",
            "ポリシーの対象のうち、確認も違反の指摘もされなかったものです。`deny` のポリシーでは、計画が拒否されます。",
        ),
        related: &["policy", "population"],
    },
    Term {
        name: Explained::new("case", "テストケース"),
        meaning: Explained::new(
            "An example in `policies/tests/`: what a policy is given and what it must answer. `tokaido policy test` runs all \
            cases and fails when a line or a condition of a policy is covered by none.",
            "`policies/tests/` に書く例です。ポリシーに与える入力と、期待する判定を示します。`tokaido policy test` がすべて実\
            行し、どのケースでも確認されない行や条件があれば失敗します。",
        ),
        related: &["policy"],
    },
    Term {
        name: Explained::new("watch", "監視"),
        meaning: Explained::new(
            "`tokaido watch` looks at drift and at every promise on a clock, records what changes and that it looked, and tells \
            others. It changes no resource.",
            "`tokaido watch` が、ずれとすべての約束を一定の間隔で確認することです。変化と確認した事実を記録し、通知します。リ\
            ソースは変更しません。",
        ),
        related: &["sighting", "transition", "heartbeat", "gap"],
    },
    Term {
        name: Explained::new("sighting", "観測"),
        meaning: Explained::new(
            "What one look of a watcher found: the list of what is open (drifted, missing, orphaned, unreadable, promises), or \
            that it saw nothing at all.",
            "監視の一回の確認で分かったことです。ずれ、消失、宣言のないリソース、読み取り不可、約束のうち、正常でないものの一\
            覧、または何も確認できなかったことを示します。",
        ),
        related: &["watch", "blind"],
    },
    Term {
        name: Explained::new("transition", "変化"),
        meaning: Explained::new(
            "A record of a watcher: something opened or closed since the record before, or the watcher became blind or could \
            see again.",
            "監視の記録の一つです。前の記録から、正常でないものが増減したこと、または確認できなくなった、再び確認できたことを\
            示します。",
        ),
        related: &["watch", "sighting", "heartbeat"],
    },
    Term {
        name: Explained::new("heartbeat", "定期記録"),
        meaning: Explained::new(
            "A record of a watcher: it looked, and nothing changed. A watcher that runs on writes one every 15 minutes, however \
            often it looks.",
            "監視の記録の一つです。確認したが変化がなかったことを示します。動き続けている監視は、確認の間隔にかかわらず 15 分\
            ごとに書きます。",
        ),
        related: &["watch", "transition"],
    },
    Term {
        name: Explained::new("gap", "監視の空白"),
        meaning: Explained::new(
            "A time for which no watcher recorded a look although the interval demands one. It is recorded and shown, never \
            counted as clean.",
            "間隔どおりの確認が記録されていない時間です。記録して表示し、正常だったとはみなしません。",
        ),
        related: &["watch", "heartbeat"],
    },
    Term {
        name: Explained::new("blind", "観測不能"),
        meaning: Explained::new(
            "A watcher saw nothing at all, for example because credentials expired. Nothing that was open is closed by it.",
            "認証情報の期限切れなどにより、監視が何も確認できなかった状態です。それまで正常でなかったものが、これによって解消\
            したとはみなしません。",
        ),
        related: &["watch", "sighting", "unknown"],
    },
];

//! Releases, promotion, approvals, and the permit to apply.

use crate::model::Explained;

use super::term::Term;

pub const TERMS: &[Term] = &[
    Term {
        name: Explained::new("release", "リリース"),
        meaning: Explained::new(
            "What the three environments have in common, frozen under `releases/`: the base file, the policies, the promises, \
            the roles and the version of tokaido. Its digest identifies it; its name, such as `2026.11.0`, is for people.",
            "三つの環境に共通する内容を `releases/` に固定したものです。基本のファイル、ポリシー、約束、役割、tokaido のバー\
            ジョンを含みます。識別はダイジェストで行い、`2026.11.0` のような名前は人のためのものです。",
        ),
        related: &["pin", "promotion", "digest"],
    },
    Term {
        name: Explained::new("pin", "リリースの指定"),
        meaning: Explained::new(
            "The line `release:` in an environment file, which says which release the environment uses. `tokaido promote` \
            writes it.",
            "環境ファイルの `release:` の行です。その環境が使うリリースを示します。`tokaido promote` が書き込みます。",
        ),
        related: &["release", "promotion"],
    },
    Term {
        name: Explained::new("promotion path", "昇格経路"),
        meaning: Explained::new(
            "The order in which a release goes through the environments: dev, then staging, then production. No environment is \
            skipped.",
            "リリースが環境を進む順序です。dev、staging、production の順で、途中の環境を飛ばすことはできません。",
        ),
        related: &["promotion", "upstream comparison", "environment"],
    },
    Term {
        name: Explained::new("promotion", "昇格"),
        meaning: Explained::new(
            "Pinning an environment to a release that the environment before has proven for long enough. It changes one line of \
            a file and nothing in AWS.",
            "前の環境で十分な期間確認されたリリースを、次の環境に指定することです。ファイルの一行が変わるだけで、AWS では何も\
            変わりません。",
        ),
        related: &["promotion path", "soak", "proven", "hold"],
    },
    Term {
        name: Explained::new("proven", "確認済み"),
        meaning: Explained::new(
            "Recorded of a release in an environment when the look after an apply left nothing to do. Promotion needs it, with \
            every promise kept.",
            "適用後の確認で行うべきことが残らなかったときに、その環境とリリースについて記録されるものです。昇格には、これとす\
            べての約束の遵守が必要です。",
        ),
        related: &["promotion", "soak", "violation"],
    },
    Term {
        name: Explained::new("soak", "観察期間"),
        meaning: Explained::new(
            "The time for which a release must be proven in an environment before the next one may take it: `change.soak` of \
            the next environment, 24 hours when absent.",
            "リリースが次の環境に進む前に、確認済みのまま過ごすべき時間です。次の環境の `change.soak` で決まり、省略時は 24 時\
            間です。",
        ),
        related: &["proven", "promotion"],
    },
    Term {
        name: Explained::new("hold", "保留"),
        meaning: Explained::new(
            "A release that an environment left by going back. It does not come again there until an operator lifts the hold \
            with a reason.",
            "前のリリースに戻したときに、そこから外したリリースに付くものです。担当者が理由を添えて解除するまで、その環境に再\
            び指定することはできません。",
        ),
        related: &["promotion", "pin"],
    },
    Term {
        name: Explained::new("override", "環境ごとの上書き"),
        meaning: Explained::new(
            "A value of an environment file that differs from the shared one in `environments/base.yaml`. `release show` and \
            `promote` list each with both values.",
            "環境ファイルが、共通の `environments/base.yaml` と異なる値を持つことです。`release show` と `promote` が両方の値\
            を示します。",
        ),
        related: &["release", "divergence"],
    },
    Term {
        name: Explained::new("gate", "ゲート"),
        meaning: Explained::new(
            "A decision that refuses a command with exit code 5 before anything is changed, with the reason and what to do \
            next: the wrong account, an altered, used or expired plan, missing approvals, a policy, a promotion that is too \
            early.",
            "変更の前に、コマンドを終了コード 5 で拒否する判断です。理由と次に行うことを示します。アカウントの違い、書き換え済\
            み、使用済み、期限切れの計画、承認の不足、ポリシー、早すぎる昇格などが対象です。",
        ),
        related: &["permit", "gate input"],
    },
    Term {
        name: Explained::new("gate input", "ゲートの入力"),
        meaning: Explained::new(
            "What the gates of an apply are asked with: where the approval evidence is, whether the plan was saved, and an \
            emergency override if there is one.",
            "適用のゲートに渡すものです。承認の証拠の所在、計画が保存されたものかどうか、緊急の適用の指定を含みます。",
        ),
        related: &["gate", "approval evidence", "emergency override"],
    },
    Term {
        name: Explained::new("permit", "許可"),
        meaning: Explained::new(
            "The value that lets the executor run one plan, once. Only the decision over release, policies, approvals or a \
            recorded emergency makes one, and a bootstrap has one of its own.",
            "一つの計画を一度だけ実行させるための許可です。リリース、ポリシー、承認、または記録された緊急の適用に基づく判断だ\
            けが発行します。初期構築には専用の許可があります。",
        ),
        related: &["gate", "authorization basis", "apply"],
    },
    Term {
        name: Explained::new("authorization basis", "適用の根拠"),
        meaning: Explained::new(
            "Why an apply was let pass, recorded with it: bootstrap, open (nothing is required there), promoted, approved by \
            named people, or an emergency.",
            "適用が許可された理由です。適用とともに記録します。初期構築、条件なし、昇格、承認（承認者を含む）、緊急の適用のい\
            ずれかです。",
        ),
        related: &["permit", "record"],
    },
    Term {
        name: Explained::new("approval", "承認"),
        meaning: Explained::new(
            "A person's signature, made with an SSH key, on a statement about one plan. `policies/roles.yaml` says whose \
            approvals count and how many are needed; the author of a plan never approves it.",
            "一つの計画についての対象文に、SSH 鍵で行う署名です。誰の承認が有効で何人必要かは `policies/roles.yaml` で決まりま\
            す。計画の作成者は承認できません。",
        ),
        related: &["statement", "roles", "void"],
    },
    Term {
        name: Explained::new("approval evidence", "承認の証拠"),
        meaning: Explained::new(
            "What lies beside a plan when its gates decide: the signed statements, what promotion says of its release, and the \
            roles that were applied last.",
            "計画を許可するかどうかの判断に使うものです。署名された対象文、リリースの昇格の判断、前回適用された役割を含みま\
            す。",
        ),
        related: &["approval", "statement", "gate input"],
    },
    Term {
        name: Explained::new("statement", "署名の対象文"),
        meaning: Explained::new(
            "A few lines of plain text that a person signs: the decision, the plan, the environment, the account, the author, \
            the roles, the person and the time. `ssh-keygen -Y verify` checks the signature without tokaido.",
            "署名する数行の文章です。決定、計画、環境、アカウント、作成者、役割、署名者、日時を含みます。署名は tokaido がなく\
            ても `ssh-keygen -Y verify` で確認できます。",
        ),
        related: &["approval", "void"],
    },
    Term {
        name: Explained::new("void", "無効"),
        meaning: Explained::new(
            "A statement that does not count, for example because its author made the plan, the roles have changed, or an apply \
            has used it. `tokaido approve --list` names each one with the reason.",
            "効力のない署名です。計画の作成者による署名、役割の変更、使用済みなどが理由です。`tokaido approve --list` が理由と\
            ともに示します。",
        ),
        related: &["statement", "approval"],
    },
    Term {
        name: Explained::new("roles", "役割"),
        meaning: Explained::new(
            "`policies/roles.yaml`: the people, their groups and keys, and how many of whom must approve a plan of each \
            environment.",
            "`policies/roles.yaml` の内容です。人、グループ、鍵と、環境ごとに誰の承認が何人必要かを定めます。",
        ),
        related: &["approval"],
    },
    Term {
        name: Explained::new("emergency override", "緊急の適用"),
        meaning: Explained::new(
            "`apply --emergency REASON`: it skips promotion, policies and approvals, and nothing else. It is recorded before \
            anything runs, and shown until a second person has signed a review.",
            "`apply --emergency REASON` による適用です。昇格、ポリシー、承認だけを省きます。実行前に記録され、別の人が確認の署\
            名をするまで表示され続けます。",
        ),
        related: &["review", "gate", "record"],
    },
    Term {
        name: Explained::new("review", "緊急の適用の確認"),
        meaning: Explained::new(
            "`tokaido review`: a second person signs that they have looked at an emergency override.",
            "`tokaido review` で、別の人が緊急の適用を確認したと署名することです。",
        ),
        related: &["emergency override", "statement"],
    },
    Term {
        name: Explained::new("apply", "適用"),
        meaning: Explained::new(
            "To execute a plan: check each precondition, record the intent, call AWS, wait, record the outcome, and look again \
            at the end. What `apply` cannot finish it reports with exit code 6.",
            "計画を実行することです。前提条件の確認、意図の記録、AWS の呼び出し、待機、結果の記録を行い、最後に状態を確認しま\
            す。完了できなければ終了コード 6 で報告します。",
        ),
        related: &["plan", "permit", "lease"],
    },
    Term {
        name: Explained::new("record", "記録"),
        meaning: Explained::new(
            "One immutable fact about an environment, such as an apply that began or a step that ended. Records are only ever \
            added, in a folder or in the bucket that `store.bucket` names.",
            "適用の開始やステップの終了など、その環境についての変更されない事実です。フォルダー、または `store.bucket` のバ\
            ケットに追加されるだけで、書き換えられることはありません。",
        ),
        related: &["recorded state", "baseline", "fence"],
    },
    Term {
        name: Explained::new("baseline", "基準の記録"),
        meaning: Explained::new(
            "The record of the fresh look after an apply: these resources are as applied. It replaces what was recorded before \
            and is what drift is measured against.",
            "適用後の確認の記録です。どのリソースが適用どおりであるかを示します。それまでの記録に代わり、ずれを判断する基準に\
            なります。",
        ),
        related: &["record", "drift"],
    },
    Term {
        name: Explained::new("lease", "リース"),
        meaning: Explained::new(
            "What lets one apply run at a time in an environment. The holder renews it; one that nobody renews can be taken \
            over, so no operator has to unlock anything.",
            "一つの環境で同時に実行できる適用を一つに限るしくみです。保持者が更新し続け、更新されなくなったリースはほかの適用\
            が引き継ぐため、手動での解除は不要です。",
        ),
        related: &["fence", "write fence", "apply"],
    },
    Term {
        name: Explained::new("fence", "フェンス番号"),
        meaning: Explained::new(
            "A number that grows with each new holder of the lease. Every record of an apply carries the fence under which it \
            was written, so late words of an earlier holder are not believed.",
            "リースの保持者が替わるたびに増える番号です。適用の記録には、書いた時点のフェンス番号が付きます。前の保持者が遅れ\
            て書いた内容は採用されません。",
        ),
        related: &["lease", "record", "write fence"],
    },
    Term {
        name: Explained::new("write fence", "書き込みフェンス"),
        meaning: Explained::new(
            "What a driver asks right before each call that changes something. It closes before another apply can take the \
            lease over, and then nothing is sent any more.",
            "変更を伴う呼び出しの直前に、ドライバーが確認するものです。ほかの適用がリースを引き継げるようになる前に閉じ、以後\
            は何も送信されません。",
        ),
        related: &["lease", "driver", "fence"],
    },
    Term {
        name: Explained::new("indeterminate create", "結果不明の作成"),
        meaning: Explained::new(
            "A create that was sent and of which no answer is known, and whose result AWS may still hide (five minutes at \
            most). A plan blocks it with the code `in-doubt`; the next apply waits.",
            "送信したものの結果が分からず、AWS が作成結果をまだ表示していない可能性のある作成です（長くて 5 分間）。計画では \
            `in-doubt` として拒否し、次の適用は待機します。",
        ),
        related: &["apply", "blocked", "unknown"],
    },
    Term {
        name: Explained::new("bootstrap", "初期構築"),
        meaning: Explained::new(
            "`tokaido bootstrap`: the first step in an account. It makes the bucket of the records, a role that may look and a \
            role that may apply, and only what is missing.",
            "`tokaido bootstrap` で行う、アカウントでの最初の作業です。記録のバケット、閲覧用のロール、適用用のロールのうち、\
            ないものだけを作ります。",
        ),
        related: &["subset", "permit", "record"],
    },
];

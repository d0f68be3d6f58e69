//! A plan: what is in it, what it does, what it refuses, and how it is checked.

use crate::model::Explained;

use super::term::Term;

pub const TERMS: &[Term] = &[
    Term {
        name: Explained::new("plan", "計画"),
        meaning: Explained::new(
            "What tokaido will do to one environment: every change, in order, with its reason, its impact and the way back. A \
            saved plan is executed exactly as it is, once, within 24 hours, or refused.",
            "一つの環境に対して行うことを、順序、理由、影響、切り戻しとともに示したものです。保存した計画は 24 時間以内に\
            一度だけ、そのとおりに実行され、できなければ拒否されます。",
        ),
        related: &["change", "body", "envelope", "apply"],
    },
    Term {
        name: Explained::new("body", "本文"),
        meaning: Explained::new(
            "The part of a plan that is approved: changes, steps, everything that was noted, and the digests of its inputs. It \
            holds no time and no caller, so the same inputs give the same bytes. Its SHA-256 is the plan's id.",
            "計画のうち、承認の対象となる部分です。変更、ステップ、注意事項、入力のダイジェストを含みます。日時や呼び出し元を\
            含まないため、入力が同じなら内容も同じです。本文の SHA-256 が計画の ID になります。",
        ),
        related: &["plan", "envelope", "digest"],
    },
    Term {
        name: Explained::new("envelope", "付帯情報"),
        meaning: Explained::new(
            "The part of a plan around the body: when it was made and when it expires, who made it, which caller AWS named, and \
            which world was read.",
            "計画の本文以外の部分です。作成日時、有効期限、作成者、AWS が示した呼び出し元、読み取った実行先を含みます。",
        ),
        related: &["plan", "body", "seal"],
    },
    Term {
        name: Explained::new("digest", "ダイジェスト"),
        meaning: Explained::new(
            "The SHA-256 of a content. The same digest means the same content, so digests tell which configuration, roles, \
            policies or release a plan or a record is about.",
            "内容の SHA-256 です。ダイジェストが同じなら内容も同じです。計画や記録が、どの設定、役割、ポリシー、リリースに基づ\
            くかを示します。",
        ),
        related: &["body", "release", "seal"],
    },
    Term {
        name: Explained::new("seal", "封印"),
        meaning: Explained::new(
            "A SHA-256 over a plan's id and envelope. It shows an envelope that was damaged or edited, but anyone can compute \
            it, so it does not prove who wrote the file.",
            "計画の ID と付帯情報から計算した SHA-256 です。付帯情報の破損や書き換えを検出できます。ただし誰でも計算できるた\
            め、作成者の証明にはなりません。",
        ),
        related: &["envelope", "self-consistency"],
    },
    Term {
        name: Explained::new("change", "変更"),
        meaning: Explained::new(
            "What a plan does to one resource: create, update, delete or adopt it, with each difference before and after. As \
            the cause of a difference, *change* means that the files differ from what was applied last.",
            "計画が一つのリソースに対して行うことです。作成、変更、削除、引き継ぎがあり、差分ごとに前後の値を示します。差分の\
            原因としての「変更」は、宣言が前回の適用と異なることを指します。",
        ),
        related: &["step", "impact", "drift"],
    },
    Term {
        name: Explained::new("step", "ステップ"),
        meaning: Explained::new(
            "One create, update or delete of a plan. It has a number and names the steps that must have succeeded before it \
            starts.",
            "計画に含まれる一つの作成、変更、削除です。番号があり、先に成功していなければならないステップを示します。",
        ),
        related: &["change", "precondition", "apply"],
    },
    Term {
        name: Explained::new("precondition", "前提条件"),
        meaning: Explained::new(
            "What must still be true of a resource when its step begins, such as the value before the change. When it is not, \
            the step is not tried.",
            "ステップの開始時に満たされているべき、変更前の値などの条件です。満たされていなければ、そのステップは実行しませ\
            ん。",
        ),
        related: &["step", "replan check"],
    },
    Term {
        name: Explained::new("drift", "ずれ"),
        meaning: Explained::new(
            "Live AWS differs from what was applied last: a person or a program changed it outside tokaido. `tokaido drift` \
            finds it and a plan repairs it.",
            "実環境が前回の適用と異なることです。tokaido の外で変更されたことを意味します。`tokaido drift` が検出し、計画で修\
            復します。",
        ),
        related: &["change", "manual change", "recorded state"],
    },
    Term {
        name: Explained::new("pending", "保留中"),
        meaning: Explained::new(
            "AWS has accepted a value and will apply it later, usually in the maintenance window. It is neither a change nor \
            drift. Until it is in effect, a promise that needs it is not kept; the verdict is then `pending` too.",
            "AWS が値を受け付け、後で反映する状態です。多くはメンテナンス時間帯に反映されます。変更でもずれでもありません。反\
            映までは、その値を必要とする約束は守られていません。判定では「反映待ち」と表示します。",
        ),
        related: &["violation", "verdict", "service-managed"],
    },
    Term {
        name: Explained::new("service-managed", "AWS による変更"),
        meaning: Explained::new(
            "AWS moved a value by itself within what is declared, such as a newer minor version or storage that has grown. It \
            is neither a change nor drift.",
            "新しいマイナーバージョンや自動で増えたストレージなど、AWS が宣言の範囲内で変えた値です。変更でもずれでもありませ\
            ん。",
        ),
        related: &["pending", "drift"],
    },
    Term {
        name: Explained::new("adopt", "引き継ぎ"),
        meaning: Explained::new(
            "To take over a resource that exists: the file names it with `physical_name:`, and the apply puts tokaido's tags on \
            it.",
            "既にあるリソースを tokaido の管理下に置くことです。ファイルの `physical_name:` で指定すると、適用時に tokaido の\
            タグが付きます。",
        ),
        related: &["ownership", "foreign"],
    },
    Term {
        name: Explained::new("retire", "撤去"),
        meaning: Explained::new(
            "To delete a resource on purpose. A plan deletes one only when it carries tokaido's tags and a line under `retire:` \
            names it; what holds data, keys or evidence is never deleted.",
            "リソースを意図して削除することです。tokaido のタグがあり、`retire:` に書かれている場合だけ計画に入ります。デー\
            タ、鍵、証跡を持つものは削除しません。",
        ),
        related: &["tombstone", "orphan"],
    },
    Term {
        name: Explained::new("tombstone", "削除指定"),
        meaning: Explained::new(
            "A line under `retire:` with the id of a resource and a reason. `tokaido plan` prints the line for each orphan that \
            can be deleted, and calls it *spent* when nothing live carries the tags any more.",
            "`retire:` の下に書く、リソースの ID と理由の行です。削除できる「宣言のないリソース」には、計画がこの行を表示しま\
            す。該当するリソースがなくなると、使い終えた削除指定と表示します。",
        ),
        related: &["retire", "orphan"],
    },
    Term {
        name: Explained::new("blocked", "拒否"),
        meaning: Explained::new(
            "Something that the files ask for and that the plan refuses to do. It carries a code such as `name-taken`, the \
            reason, and what to do instead; `tokaido explain CODE` says more.",
            "ファイルが求めていても、計画が行わないものです。`name-taken` などのコード、理由、代わりに行うことを示します。詳し\
            くは `tokaido explain CODE` で確認できます。",
        ),
        related: &["uniqueness conflict", "unknown", "mislabelled"],
    },
    Term {
        name: Explained::new("uniqueness conflict", "一意な値の競合"),
        meaning: Explained::new(
            "A name, an alias or an address block that a create needs is held by something else. AWS would refuse the create, \
            or a second resource would stand beside the first, so the plan blocks it before any step runs.",
            "作成に必要な名前、エイリアス、アドレス範囲を、ほかのものが使っている状態です。AWS に拒否されるか、同じものが二つ\
            できるおそれがあるため、計画はステップを実行する前に拒否します。",
        ),
        related: &["blocked", "foreign"],
    },
    Term {
        name: Explained::new("impact", "影響"),
        meaning: Explained::new(
            "What a change means to the users of a resource. From the most serious: destructive, interruption, exposure, \
            irreversible, in place, create, adopt, tags only. A plan shows its changes in this order.",
            "変更がリソースの利用者に与える影響です。重いものから順に、削除・作り直し、中断、公開範囲、元に戻せない、無停止\
            での変更、作成、引き継ぎ、タグのみです。計画はこの順に変更を示します。",
        ),
        related: &["destructive", "interruption", "exposure", "irreversible", "in place", "tags only", "risk code"],
    },
    Term {
        name: Explained::new("destructive", "削除・作り直し"),
        meaning: Explained::new(
            "An impact: a resource is deleted or replaced, so something disappears.",
            "影響の一つです。リソースの削除または作り直しにより、なくなるものがあります。",
        ),
        related: &["impact", "retire"],
    },
    Term {
        name: Explained::new("interruption", "中断"),
        meaning: Explained::new(
            "An impact: users may notice a restart or a failover.",
            "影響の一つです。再起動やフェイルオーバーが利用者に見えることがあります。",
        ),
        related: &["impact"],
    },
    Term {
        name: Explained::new("exposure", "公開範囲"),
        meaning: Explained::new(
            "An impact: who can reach or use something changes, and it may be more than before.",
            "影響の一つです。到達または利用できる範囲が変わり、広がることがあります。",
        ),
        related: &["impact"],
    },
    Term {
        name: Explained::new("irreversible", "元に戻せない"),
        meaning: Explained::new(
            "An impact: AWS offers no call that takes the change back.",
            "影響の一つです。変更を元に戻す手段が AWS にありません。",
        ),
        related: &["impact", "way back"],
    },
    Term {
        name: Explained::new("in place", "無停止での変更"),
        meaning: Explained::new(
            "An impact: AWS changes the live resource without an interruption.",
            "影響の一つです。稼働中のリソースを中断なしに変更します。",
        ),
        related: &["impact"],
    },
    Term {
        name: Explained::new("tags only", "タグのみ"),
        meaning: Explained::new(
            "An impact: only tags change, with no effect on a service.",
            "影響の一つです。タグだけが変わり、サービスへの影響はありません。",
        ),
        related: &["impact"],
    },
    Term {
        name: Explained::new("risk code", "リスクの記号"),
        meaning: Explained::new(
            "A short code on a change, such as `AV201`, that says what it can do to users, data or protection. `tokaido explain \
            CODE` says what it means.",
            "`AV201` のように、変更が利用者、データ、保護に与え得る影響を示す短い記号です。意味は `tokaido explain CODE` で確\
            認できます。",
        ),
        related: &["impact", "change"],
    },
    Term {
        name: Explained::new("way back", "切り戻し"),
        meaning: Explained::new(
            "What it would take to undo a plan: values to put back, resources to retire or to make again, and every change that \
            is one-way.",
            "計画を元に戻すために必要なことです。元に戻す値、撤去または作り直すリソース、不可逆の変更をすべて示します。",
        ),
        related: &["one-way", "irreversible"],
    },
    Term {
        name: Explained::new("one-way", "不可逆"),
        meaning: Explained::new(
            "A change, or one difference of it, that cannot be taken back. The plan names each one with the reason.",
            "元に戻せない変更または差分です。計画に理由とともに一件ずつ示します。",
        ),
        related: &["way back", "irreversible"],
    },
    Term {
        name: Explained::new("violation", "約束の不履行"),
        meaning: Explained::new(
            "A promise that is not kept while a pending value waits, because the value in effect is weaker than the declared \
            one; or a promise that is not kept, or a policy that refuses what is there, at the closing look of an apply. A \
            release with violations is not promoted.",
            "保留中の値が反映されるまで、現在の値が宣言より弱いために守られていない約束です。適用後の確認で守られていない約束\
            や、ポリシーの拒否も含みます。これが残るリリースは昇格できません。",
        ),
        related: &["promise", "pending", "proven"],
    },
    Term {
        name: Explained::new("subset", "計画の一部"),
        meaning: Explained::new(
            "A part of a plan: some of its resources, as if there were no others. `bootstrap` executes the subset with the \
            bucket of the records and the two roles.",
            "一部のリソースだけを対象とした計画です。`bootstrap` は、記録のバケットと二つのロールだけからなる一部を実行しま\
            す。",
        ),
        related: &["plan", "bootstrap"],
    },
    Term {
        name: Explained::new("self-consistency", "自己整合性"),
        meaning: Explained::new(
            "Whether everything in a plan file that follows from its differences (impact, risks, reasons, steps, summary, way \
            back) is what tokaido derives from them. A file that fails this was altered: `show` says so and `approve` refuses \
            it.",
            "計画ファイルの影響、リスク、理由、ステップ、まとめ、切り戻しが、差分から導かれる内容と一致しているかどうかで\
            す。一致しないファイルは書き換えられたものであり、`show` はそれを示し、`approve` は拒否します。",
        ),
        related: &["plan", "seal", "replan check"],
    },
    Term {
        name: Explained::new("replan check", "再計画による照合"),
        meaning: Explained::new(
            "What `apply` does when it holds the lease: it plans afresh and demands that each change of the plan is in the \
            fresh plan with the same values and cause, or is done already. Otherwise nothing begins.",
            "リースを取得した `apply` が計画を作り直し、計画のすべての変更が、同じ値と原因で新しい計画にあるか、既に完了してい\
            るかを確かめることです。一致しなければ何も始めません。",
        ),
        related: &["plan", "lease", "self-consistency"],
    },
    Term {
        name: Explained::new("annotation", "注記"),
        meaning: Explained::new(
            "What is known about a plan beside the plan itself: the upstream comparison, approvals, the notice to customers, \
            the window. Annotations are not part of what is approved.",
            "前の環境との比較、承認、お客様への予告、実施の時間帯など、計画の周辺の情報です。承認の対象には含まれません。",
        ),
        related: &["plan", "upstream comparison", "approval"],
    },
    Term {
        name: Explained::new("upstream comparison", "前の環境との比較"),
        meaning: Explained::new(
            "For each difference of a plan, whether the environment before on the promotion path executed the same: never, on \
            another resource, by another operation, with another value, or the same.",
            "計画の差分ごとに、昇格経路の一つ前の環境で同じことを実施したかどうかを示します。未実施、別のリソース、別の操作、\
            別の値、同じ、のいずれかです。",
        ),
        related: &["promotion path", "annotation"],
    },
];

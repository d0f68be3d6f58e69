//! Where resources are, what is declared, read and recorded of them, and whose they are.

use crate::model::Explained;

use super::term::Term;

pub const TERMS: &[Term] = &[
    Term {
        name: Explained::new("environment", "環境"),
        meaning: Explained::new(
            "One of dev, staging and production. Each environment has one file under `environments/` and one AWS account of its \
            own.",
            "dev、staging、production のいずれかです。それぞれに `environments/` のファイルが一つあり、専用の AWS アカウントを\
            使います。",
        ),
        related: &["promotion path", "release"],
    },
    Term {
        name: Explained::new("world", "実行先"),
        meaning: Explained::new(
            "The place that holds the resources: AWS, or the simulated AWS of the sandbox. A plan names the world that was read \
            and is applied to no other.",
            "リソースが置かれている場所です。AWS と、模擬環境の AWS があります。計画には読み取った実行先が記録され、ほかの実行\
            先には適用できません。",
        ),
        related: &["sandbox", "driver"],
    },
    Term {
        name: Explained::new("sandbox", "模擬環境"),
        meaning: Explained::new(
            "A simulated AWS, kept in a file, by default under `.tokaido/`. Commands work on it with `--world sandbox`; it \
            follows AWS's rules, has a clock of its own, and nothing reaches AWS. `tokaido sandbox` changes it by hand \
            and lets calls fail.",
            "ファイル（省略時は `.tokaido/` の下）に保存される模擬の AWS です。`--world sandbox` を付けたコマンドは\
            これを対象とし、AWS には届きません。時計も独自のものです。`tokaido sandbox` で、手動の変更や\
            呼び出しの失敗を起こせます。",
        ),
        related: &["world", "manual change"],
    },
    Term {
        name: Explained::new("kind", "種類"),
        meaning: Explained::new(
            "A sort of AWS resource that tokaido manages, such as `db-instance` or `security-group`. Its table of attributes \
            says how AWS lets each of them change.",
            "tokaido が管理する AWS リソースの種類です。`db-instance` や `security-group` などがあります。種類ごとの属性の表\
            に、AWS がどの変更を認めるかが書かれています。",
        ),
        related: &["resource", "attribute", "driver"],
    },
    Term {
        name: Explained::new("resource", "リソース"),
        meaning: Explained::new(
            "One thing in AWS, such as a database or a subnet. Its id has a kind, a name and a region: \
            `db-instance.catalog@tokyo`.",
            "データベースやサブネットなど、AWS にある一つのものです。ID は種類、名前、リージョンからなります（例: \
            `db-instance.catalog@tokyo`）。",
        ),
        related: &["kind", "attribute", "ownership"],
    },
    Term {
        name: Explained::new("attribute", "属性"),
        meaning: Explained::new(
            "One setting of a resource, such as the days for which a database keeps its backups. `docs/attributes.md` lists all \
            of them.",
            "バックアップの保持日数など、リソースの設定項目です。一覧は `docs/attributes.md` にあります。",
        ),
        related: &["kind", "impact", "risk code"],
    },
    Term {
        name: Explained::new("driver", "ドライバー"),
        meaning: Explained::new(
            "The code that lists, reads, creates, changes and deletes the resources of one kind through AWS's API.",
            "一つの種類のリソースについて、AWS の API で一覧、読み取り、作成、変更、削除を行うプログラムです。",
        ),
        related: &["kind", "write fence"],
    },
    Term {
        name: Explained::new("reference", "参照"),
        meaning: Explained::new(
            "A link from one resource to another, written with the id of the other and the value that is needed, such as its \
            ARN. Plans hold references and no identifiers of AWS, so a plan's bytes do not depend on what AWS called a \
            resource.",
            "リソースから別のリソースへのつながりです。相手の ID と、ARN など必要な値の名前で表します。計画には AWS の識別子で\
            はなく参照を書くため、AWS が付けた識別子によって計画の内容が変わることはありません。",
        ),
        related: &["unresolved reference", "resource"],
    },
    Term {
        name: Explained::new("unresolved reference", "未解決の参照"),
        meaning: Explained::new(
            "A link in a live resource that leads to something which tokaido cannot recognise now: it could not be read, \
            several resources claim its id, or its tags are gone. What differs there is unknown, not wrong.",
            "実環境のリソースから出ているつながりのうち、相手を今は判別できないものです。読み取りの失敗、同じ ID を持つリソー\
            スの重複、タグの消失が原因です。その差分は誤りではなく、不明として扱います。",
        ),
        related: &["reference", "unknown"],
    },
    Term {
        name: Explained::new("desired state", "宣言された状態"),
        meaning: Explained::new(
            "The resources that the files of the project ask for, checked and complete.",
            "プロジェクトのファイルが求めるリソースの全体です。検査を終え、すべての値がそろったものです。",
        ),
        related: &["observed state", "recorded state", "plan"],
    },
    Term {
        name: Explained::new("observed kind", "読み取り専用の種類"),
        meaning: Explained::new(
            "A kind of AWS resource that no file declares, such as a route table. tokaido reads and judges it and shows it to \
            policies. Whatever tags such a resource carries, it is not tokaido's, and no plan names it.",
            "ルートテーブルのように、ファイルで宣言しない AWS リソースの種類です。読み取って判定に使い、ポリシーにも渡します。\
            どのようなタグが付いていても tokaido のものとは扱わず、計画にも現れません。",
        ),
        related: &["observed state", "foreign", "verdict"],
    },
    Term {
        name: Explained::new("observed state", "読み取った状態"),
        meaning: Explained::new(
            "What AWS answered when tokaido read every kind in every region, sorted into tokaido's own resources, foreign ones \
            and copies. What could not be read is part of it.",
            "すべての種類をすべてのリージョンで読み取った結果です。tokaido のもの、管理外のもの、複製に分けます。読み取れな\
            かったものも含めて示します。",
        ),
        related: &["desired state", "ownership", "unknown"],
    },
    Term {
        name: Explained::new("recorded state", "記録された状態"),
        meaning: Explained::new(
            "What the applies of an environment left behind, as its records say. Without it tokaido still finds differences, \
            but not their cause.",
            "その環境でこれまでに適用した結果を、記録からまとめたものです。なくても差分は見つかりますが、原因は分かりません。",
        ),
        related: &["record", "drift", "baseline"],
    },
    Term {
        name: Explained::new("ownership", "所有"),
        meaning: Explained::new(
            "A resource belongs to tokaido when its tags `tokaido:environment` and `tokaido:id` say so and, where AWS keeps \
            names unique, its name fits too. tokaido changes and deletes nothing else, except that it adopts what a file names \
            with `physical_name:`.",
            "タグ `tokaido:environment` と `tokaido:id` によって、tokaido が管理するリソースと判断することです。名前が一意の種\
            類では、名前の一致も必要です。`physical_name:` で引き継ぐものを除き、それ以外を変更、削除することはありません。",
        ),
        related: &["foreign", "copy", "orphan", "adopt"],
    },
    Term {
        name: Explained::new("foreign", "管理外"),
        meaning: Explained::new(
            "A live resource in the account or its networks without tokaido's tags. It is reported and never touched. Promises \
            about all data are judged for it too.",
            "アカウントやネットワークにあり、tokaido のタグがないリソースです。報告するだけで、触れることはありません。すべて\
            のデータに関する約束は、これも対象に判定します。",
        ),
        related: &["ownership", "population"],
    },
    Term {
        name: Explained::new("copy", "複製"),
        meaning: Explained::new(
            "A live resource that carries the tags of another resource under another name, such as a restored database. tokaido \
            neither owns nor deletes it.",
            "別のリソースのタグが付いた、別名のリソースです。復元したデータベースが代表例です。tokaido は管理も削除もしませ\
            ん。",
        ),
        related: &["ownership", "mislabelled"],
    },
    Term {
        name: Explained::new("orphan", "宣言のないリソース"),
        meaning: Explained::new(
            "A live resource with tokaido's tags that the files do not declare any more. A plan shows it and leaves it alone \
            until a line under `retire:` names it.",
            "tokaido のタグがあり、ファイルの宣言からは消えているリソースです。計画に表示しますが、`retire:` に書かれるまで何\
            もしません。",
        ),
        related: &["tombstone", "retire"],
    },
    Term {
        name: Explained::new("mislabelled", "タグの食い違い"),
        meaning: Explained::new(
            "A live resource whose tags may not be its own: a copy, one of several that claim the same id, only half of the \
            tags, or an id that nothing declares or ever applied. It may be a resource that seems to be missing.",
            "付いているタグが本来のものか疑わしいリソースです。複製、同じ ID を名乗る複数のリソース、タグの片方だけのもの、宣\
            言も適用もされていない ID のものがあります。失われたように見えるリソースの実体である可能性があります。",
        ),
        related: &["copy", "ownership", "blocked"],
    },
    Term {
        name: Explained::new("tenant", "テナント"),
        meaning: Explained::new(
            "A customer of the service, declared in an environment file with its addresses, its isolation and its database.",
            "サービスのお客様です。環境ファイルに、アドレス、分離の方式、データベースとともに宣言します。",
        ),
        related: &["tenant isolation"],
    },
    Term {
        name: Explained::new("tenant isolation", "テナント分離"),
        meaning: Explained::new(
            "What keeps the resources of one tenant apart from those of another: subnets and security groups of its own in a \
            shared VPC (`isolation: subnets`), or a VPC of its own that nothing connects (`isolation: vpc`).",
            "テナントのリソースをほかのテナントから分けるしくみです。共有 VPC の中に専用のサブネットとセキュリティグループを置\
            く方式（`isolation: subnets`）と、どこともつながらない専用の VPC を置く方式（`isolation: vpc`）があります。",
        ),
        related: &["tenant", "promise"],
    },
    Term {
        name: Explained::new("finding", "ファイルの誤り"),
        meaning: Explained::new(
            "A mistake in a file, with its place, the value that was read, what would be right, and a code. tokaido collects \
            all findings of a run and reports them together.",
            "ファイルの誤りです。場所、読み取った値、正しい書き方、コードを示します。一度の実行で見つかった誤りは、まとめて報\
            告します。",
        ),
        related: &["case"],
    },
    Term {
        name: Explained::new("invisible character", "見えない文字"),
        meaning: Explained::new(
            "A character that a reader cannot see and that moves, hides or reverses the text beside it. tokaido never prints \
            one as it is.",
            "目に見えず、前後の文字を動かしたり、隠したり、逆向きに見せたりする文字です。tokaido がそのまま表示することはあり\
            ません。",
        ),
        related: &["finding"],
    },
    Term {
        name: Explained::new("manual change", "手動の変更"),
        meaning: Explained::new(
            "A change that a person makes outside tokaido, for example in AWS's console. `drift` finds it; `tokaido sandbox \
            set` makes one in the simulated AWS.",
            "AWS のコンソールなど、tokaido の外で人が行った変更です。`drift` が検出します。模擬環境では `tokaido sandbox set` \
            で起こせます。",
        ),
        related: &["drift", "sandbox"],
    },
];

//! What each code of a refusal means: `tokaido explain forbidden`. The only table of these texts.

use crate::model::{BlockedCode, Explained};

/// What this code means and what the operator can do, in both languages.
#[must_use]
pub const fn explained(code: BlockedCode) -> Explained {
    match code {
        BlockedCode::Ambiguous => Explained::new(
            "More than one live resource carries the tags of this id. tokaido never guesses which one is meant: find out, and \
            remove the tag tokaido:id from the others.",
            "同じ ID のタグを持つリソースが複数あります。tokaido はどれが正しいかを推測しません。確かめたうえで、ほかのリソースから \
            tokaido:id タグを外してください。",
        ),
        BlockedCode::AnotherAccount => Explained::new(
            "Names of this kind are unique in all of AWS, and this one belongs to another account, or the caller may not ask \
            about it. Choose another name; one with the account's number in it is seldom taken.",
            "この種類の名前は AWS 全体で一つしか使えません。すでに別のアカウントが使っているか、確かめる権限がありません。別の名前に\
            してください。アカウント番号を含む名前なら、ほとんど重なりません。",
        ),
        BlockedCode::DependsOnBlocked => Explained::new(
            "It needs something that this plan refuses or cannot recognise. Unblock that first; this follows by itself.",
            "この計画で拒否されたもの、または判別できないものを必要としています。先にそちらを解消すれば、これも進みます。",
        ),
        BlockedCode::FailedState => Explained::new(
            "AWS reports a state that waiting does not heal, and accepts no change in it, or one only. That one is planned alone \
            and the rest waits. From any other state, repair it with AWS's documentation of that state, then plan again.",
            "待っても直らない状態であり、AWS は変更を受け付けないか、一つだけ受け付けます。受け付ける変更は単独で計画し、そのほかは待ちます。\
            それ以外の状態では、AWS の文書に従って復旧してから、もう一度計画してください。",
        ),
        BlockedCode::Forbidden => Explained::new(
            "AWS cannot change this on a live resource, or not in this direction, and a plan never replaces one. The plan \
            names the procedure; docs/procedures.md describes it.",
            "稼働中のリソースでは変えられない項目、または戻せない方向の変更です。計画がリソースを作り直すことはありません。手順は計画と \
            docs/procedures.md にあります。",
        ),
        BlockedCode::Half => Explained::new(
            "Another part of the change is not made by this plan: it is refused, or could not be read, and half of it would cut a \
            tenant or the users of a database off. Rules stay as long as the port or the addresses that they lead to may stay. \
            Take back what is refused, follow its procedure, or make it readable first.",
            "変更の別の部分が拒否されたか、読み取れないため、この計画では行われません。半分だけ適用するとテナントやデータベースの利用者が\
            接続できなくなるため、見送ります。規則は、それが指すポートやアドレスが変わらない可能性がある間、そのまま残ります。拒否された部分を\
            取り下げるか、先に手順を済ませるか、読み取れるようにしてください。",
        ),
        BlockedCode::Lost => Explained::new(
            "It was there and is gone. Of what held data, an empty one would look as if nothing had happened: restore it under \
            its name, or give it up expressly. Of anything else, something carries our tags under another id and may be the \
            same: put its tag tokaido:id back.",
            "以前あったものが失われています。データを持っていたものは、空のものを作ると何も起きなかったように見えるため作りません。同じ名前で\
            復元するか、明示的に手放してください。そのほかは、別の ID のタグが付いた同じものかもしれません。タグ tokaido:id を元に戻して\
            ください。",
        ),
        BlockedCode::NameTaken => Explained::new(
            "Something without our tags holds the name, the alias or the address block. It may be ours with its tags removed, \
            and a second one beside it would be worse than this refusal.",
            "名前、エイリアス、アドレス範囲のいずれかを、tokaido のタグがないものが使っています。タグを外された自分たちのリソースかもしれず、\
            二つ目を作るよりも拒否する方が安全です。",
        ),
        BlockedCode::NotOffered => Explained::new(
            "AWS was asked and does not offer these values there now: a class that the region does not have, a version that was \
            retired, a combination that does not exist. It would refuse them in the middle of an apply. Declare what it offers.",
            "AWS に確認したところ、宣言された値は今そのリージョンで提供されていません。リージョンにないクラス、提供が終わったバージョン、\
            存在しない組み合わせなどです。適用の途中で拒否されるため、提供されている値を宣言してください。",
        ),
        BlockedCode::NothingToAdopt => Explained::new(
            "`physical_name:` says that something exists and is to be taken over, and nothing of that name is there. Correct \
            the name, or remove the line to make a new one.",
            "`physical_name:` に書かれた名前のリソースがありません。名前を直すか、新しく作る場合はその行を消してください。",
        ),
        BlockedCode::OutsideItsPlace => Explained::new(
            "The address block does not lie in the block of the network that is there, so AWS would refuse it. A network keeps \
            its block: declare a block inside it.",
            "アドレス範囲が、実在するネットワークの範囲に収まっていないため、AWS が拒否します。ネットワークの範囲は変えられないので、\
            その中の範囲を宣言してください。",
        ),
        BlockedCode::OwnedElsewhere => Explained::new(
            "What `physical_name:` names carries tags of tokaido for another owner. It is declared \
            there, so it is not adopted here: give it up there and remove those tags first.",
            "`physical_name:` が指すリソースには、ほかの所有者を示す tokaido のタグがあります。先にそちらで手放し、タグを外してください。",
        ),
        BlockedCode::ProtectsData => Explained::new(
            "The change would take the protection, such as a backup, from data that still exists and is not declared any more. \
            Declare that data again, or give it up first.",
            "宣言から消えてもまだ残っているデータから、バックアップなどの保護を外す変更です。データをもう一度宣言するか、先に手放して\
            ください。",
        ),
        BlockedCode::StatefulDelete => Explained::new(
            "A line under `retire:` names something that holds data, keys or evidence. No plan deletes such a thing; \
            docs/procedures.md says how it is given up.",
            "`retire:` の行が、データ、鍵、証跡を持つものを指しています。計画がこれを削除することはありません。手放す手順は \
            docs/procedures.md にあります。",
        ),
        BlockedCode::StillHeld => Explained::new(
            "Something else of ours still holds the name, the alias or the address block, so AWS would refuse a second one. \
            Often it is what an old id left behind: retire it with the line that the plan shows, apply, and plan again. Or \
            a tag tokaido:id was changed outside tokaido: put it back.",
            "名前、エイリアス、アドレス範囲のいずれかを、tokaido の別のリソースがまだ使っているため、AWS は二つ目を拒否します。多くは古い ID \
            が残したものです。計画に示された行で退役させ、適用してから、もう一度計画してください。tokaido の外でタグ tokaido:id が書き換えられた場合は、\
            元に戻してください。",
        ),
        BlockedCode::InDoubt => Explained::new(
            "An apply was ended after it had sent the create of this and before it knew the answer, and AWS may not show for \
            some minutes what it made. Making it again now could make it twice, so nothing is done until that time is over. \
            `apply` waits by itself.",
            "これを作成する要求を送った直後に適用が中断され、結果が分かりません。AWS は作成したものを数分間表示しないことがあり、今作成すると \
            二重になるおそれがあるため、その時間が過ぎるまで何も行いません。`apply` は自動的に待ちます。",
        ),
        BlockedCode::Unreadable => Explained::new(
            "It, or its kind in this region, could not be read, so nothing is known about it and nothing is done. Make the \
            read possible, then plan again.",
            "読み取りに失敗したため状態が分からず、何も行いません。読み取れるようにしてから、もう一度計画してください。",
        ),
    }
}

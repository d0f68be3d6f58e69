//! What a plan says in words of its own, in Japanese. A plan is made once, in English, because its bytes are what is
//! approved; a page in Japanese says the same. What is not found here is shown as it is, and marked as English.

use crate::model::Language;

/// A sentence with `{}` where names stand; in Japanese `{}` in the same order.
type Phrase = (&'static str, &'static str);

pub fn say(text: &str, language: Language) -> String {
    match language {
        Language::En => text.to_owned(),
        Language::Ja => japanese(text).unwrap_or_else(|| text.to_owned()),
    }
}

fn japanese(text: &str) -> Option<String> {
    if let Some((_, ja)) = PHRASES.iter().find(|(en, _)| *en == text) {
        return Some((*ja).to_owned());
    }
    // Several times in one line, before a pattern takes them for one: `now; multi_az in the next maintenance window`.
    let several = text.split_once("; ").and_then(|(first, rest)| Some(format!("{}、{}", japanese(first)?, japanese(rest)?)));
    several.or_else(|| PHRASES.iter().find_map(|(en, ja)| Some(filled(ja, &parts(en, text)?))))
}

/// What stands in the places of `{}`. The shortest that fits; an end without `{}` must be the end.
fn parts<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut pieces = pattern.split("{}");
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let pieces: Vec<&str> = pieces.collect();
    let mut found = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        let last = index + 1 == pieces.len();
        let at = if last { rest.strip_suffix(piece)?.len() } else { rest.find(piece)? };
        found.push(&rest[..at]);
        rest = &rest[at + piece.len()..];
    }
    (rest.is_empty() && found.iter().all(|part| !part.is_empty())).then_some(found)
}

fn filled(pattern: &str, parts: &[&str]) -> String {
    let mut pieces = pattern.split("{}");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for (index, piece) in pieces.enumerate() {
        text.push_str(parts.get(index).copied().unwrap_or_default());
        text.push_str(piece);
    }
    text
}

const PHRASES: &[Phrase] = &[
    // Why a resource changes.
    ("declared and not there", "宣言されていて、実環境にない"),
    ("declared differently since the last apply", "前回の適用の後に宣言が変わった"),
    ("differs, and no record says who moved", "異なっており、どちらが動いたかの記録がない"),
    ("drifted and declared differently since the last apply", "前回の適用の後にずれ、宣言も変わった"),
    (
        "drifted since the last apply; of some differences no record says who moved",
        "前回の適用の後にずれ、一部の差分はどちらが動いたかの記録がない",
    ),
    ("drifted since the last apply", "前回の適用の後にずれた"),
    ("named by `physical_name:`", "`physical_name:` で指定されている"),
    // When.
    ("now", "すぐに反映"),
    ("never", "変更できない"),
    ("effective after a manual reboot", "手動で再起動した後に反映"),
    ("in the next maintenance window", "次のメンテナンス時間帯に反映"),
    ("in the next maintenance window ({})", "次のメンテナンス時間帯に反映 ({})"),
    ("{} in the next maintenance window", "{} は次のメンテナンス時間帯に反映"),
    ("{} in the next maintenance window ({})", "{} は次のメンテナンス時間帯に反映 ({})"),
    (
        "dynamic parameters now, static ones after a manual reboot",
        "動的なパラメータはすぐに、静的なものは手動で再起動した後に反映",
    ),
    (
        "{} dynamic parameters now, static ones after a manual reboot",
        "{} は、動的なパラメータはすぐに、静的なものは手動で再起動した後に反映",
    ),
    (
        "now; running hosts follow when they renew their lease, within hours",
        "すぐに反映。稼働中のホストはリースの更新時（数時間以内）に従う",
    ),
    (
        "{} now; running hosts follow when they renew their lease, within hours",
        "{} はすぐに反映。稼働中のホストはリースの更新時（数時間以内）に従う",
    ),
    // What AWS does by itself.
    ("AWS moved it by itself within what is declared", "宣言の範囲内で AWS が自ら変えました"),
    ("AWS will apply it after a manual reboot", "手動で再起動した後に AWS が反映します"),
    ("AWS will apply it in the next maintenance window", "次のメンテナンス時間帯に AWS が反映します"),
    ("AWS will apply it in the next maintenance window, {}", "次のメンテナンス時間帯に AWS が反映します ({})"),
    ("AWS will apply it {}", "AWS が後で反映します ({})"),
    (
        "live differs from what is declared; no record says who moved",
        "実環境が宣言と異なります。どちらが動いたかの記録はありません",
    ),
    ("within what is declared, where AWS may move it by itself", "宣言の範囲内で、AWS が自ら変えてよい値です"),
    (
        "declared lower than what was applied: it does not go back, and stays as it is",
        "適用済みの値より低く宣言されています。下げられないため、そのまま残ります",
    ),
    (
        "more than declared, and accepted; no record says whether AWS moved it or less is declared now",
        "宣言を上回っており、そのまま認めます。AWS が変えたのか宣言が下がったのかの記録はありません",
    ),
    // Why there is no way back.
    (
        "it holds data, keys or evidence: no plan deletes it, so it stays",
        "データ、鍵、証跡を持つため、計画で削除することはなく、残ります",
    ),
    (
        "a new subnet has another id, and its addresses may be taken meanwhile",
        "新しいサブネットは別の ID になり、その間にアドレスが使われることがあります",
    ),
    (
        "a role of the same name is another role: policies that name the old one do not follow",
        "同じ名前のロールでも別のロールであり、元のロールを指すポリシーは追従しません",
    ),
    ("a new plan has another id; its history stays with the old one", "新しいプランは別の ID になり、履歴は元のプランに残ります"),
    ("a new set has another id", "新しいオプションセットは別の ID になります"),
    (
        "a new group has another id: rules that name the old one do not follow",
        "新しいグループは別の ID になり、元のグループを指す規則は追従しません",
    ),
    (
        "a new VPC has another id, and everything inside was made for the old one",
        "新しい VPC は別の ID になり、中のものはすべて元の VPC のために作られています",
    ),
    (
        "RDS has no downgrade: an older version is only reached by restoring into a new database",
        "RDS はバージョンを下げられません。古いバージョンに戻すには新しいデータベースへの復元が必要です",
    ),
    ("AWS never switches Object Lock off", "オブジェクトロックは、一度有効にすると無効に戻せません"),
    ("RDS storage never shrinks", "RDS の容量は減らせません"),
    (
        "recovery points older than the new number of days are discarded and do not return",
        "新しい日数より古い復旧ポイントは破棄され、戻りません",
    ),
    // Why something is refused.
    ("{} does not lie in {}, whose block is {}", "{} が {} の範囲 ({}) に入っていません"),
    ("{} still holds cidr {}, which overlaps {}", "{} がまだ範囲 {} を使っており、{} と重なります"),
    ("{} still holds {} {}", "{} がまだ {} {} を使っています"),
    (
        "AWS cannot change this on the live resource, and a plan never replaces it",
        "稼働中のリソースでは AWS が変更できず、計画で作り直すこともありません",
    ),
    ("AWS reports `{}`; no change can be made in this state", "AWS の状態が `{}` のため、変更できません"),
    ("{} live resources carry this id: {}", "実環境の {} 個のリソースがこの ID を持っています: {}"),
    (
        "{}: holds data, keys or evidence, and no plan deletes it",
        "{}: データ、鍵、証跡を持つため、計画で削除することはありません",
    ),
    ("it needs {}, which is blocked", "必要な {} が拒否されています"),
    ("{} holds {} and carries no tag of ours", "{} が {} を使っており、tokaido のタグがありません"),
    ("{} holds {} and carries the tag of {}", "{} が {} を使っており、{} のタグが付いています"),
    (
        "it was there and is gone, and {} carries the tag of {}: it may be the same",
        "以前あったものがなくなっています。{} に {} のタグが付いており、同じものかもしれません",
    ),
    (
        "whether it was made is unknown: its create was sent at {} and not answered; AWS may show what it made until {}",
        "作成されたかどうか分かりません。{} に送信した作成要求の応答がなく、AWS は {} まで結果を表示しないことがあります",
    ),
    (
        "plan again after that; `apply` waits by itself",
        "その時刻を過ぎてから、もう一度計画してください（`apply` は自動的に待ちます）",
    ),
    (
        "{} carries this tag and may be {}, which is declared and gone",
        "{} がこのタグを持っていますが、宣言済みで見当たらない {} かもしれません",
    ),
    (
        "if it is {}, put its tag tokaido:id back: a tombstone deletes nothing that is declared",
        "{} であれば、タグ tokaido:id を元に戻してください。`retire:` の行が宣言済みのものを削除することはありません",
    ),
    ("{} failed, so whether it exists is unknown: {}", "{} に失敗したため、存在するかどうか分かりません: {}"),
    ("whether {} is right is unknown: {} cannot be recognised now", "{} が正しいかどうか分かりません。{} を今は特定できません"),
    ("{} carries tags of tokaido for {}", "{} には {} を示す tokaido のタグがあります"),
    (
        "it was there and is gone; its tags are on {}: making an empty one would hide the loss",
        "以前あったものがなくなっています（タグは {} にあります）。空のものを作ると消失が隠れます",
    ),
    (
        "it was there and is gone: making an empty one would hide the loss",
        "以前あったものがなくなっています。空のものを作ると消失が隠れます",
    ),
    (
        "`physical_name:` names {}, and nothing of that name is there to take over",
        "`physical_name:` の {} という名前のものがなく、引き継げません",
    ),
    (
        "{} is not declared any more and still holds data; what protects it stays",
        "{} は宣言から消えましたがデータを持っています。それを守るものは残します",
    ),
    (
        "another part of this change of {} is refused, and half of it would do harm",
        "{} の変更の別の部分が拒否されており、半分だけ行うと害があります",
    ),
    // What to do instead.
    ("declare a block inside {}: a network keeps its block", "{} の中の範囲を宣言します。ネットワークの範囲は変えられません"),
    (
        "this plan deletes {} at its end: apply, then plan again",
        "この計画は最後に {} を削除します。適用してから、もう一度計画します",
    ),
    ("{} is declared as well: choose another {} for one of the two", "{} も宣言されています。どちらかの {} を別の値にします"),
    (
        "if {} is {}, put its tag tokaido:id back; if not, take the tags of tokaido off it",
        "{} が {} であれば、タグ tokaido:id を元に戻します。そうでなければ tokaido のタグを外します",
    ),
    (
        "if it is ours and lost its tags, put them back; otherwise choose another block",
        "自分たちのものでタグが失われたのなら付け直します。それ以外は別の範囲にします",
    ),
    (
        "{} holds data and is not declared any more: docs/procedures.md says how it is given up",
        "{} はデータを持ち、宣言から消えています。手放す手順は docs/procedures.md にあります",
    ),
    (
        "{} is not declared any more: paste under `retire:`, apply, and plan again: {}",
        "{} は宣言から消えています。`retire:` の下に貼り付けて適用し、もう一度計画します: {}",
    ),
    (
        "a database keeps this: snapshot, copy or restore with the new value, verify, swap the names (docs/procedures.md)",
        "データベースでは変更できません。スナップショットを取り、新しい値で複製または復元し、確かめてから名前を入れ替えます (docs/procedures.md)",
    ),
    (
        "find out which one is right and remove the tag tokaido:id from the others; tokaido never guesses",
        "正しいものを確かめ、ほかのものからタグ tokaido:id を外します。tokaido は推測しません",
    ),
    (
        "if it is ours and lost its tags, put them back; if it should be taken over, say so with `physical_name:` where the kind has it; otherwise choose another name",
        "自分たちのものでタグが失われたのなら付け直します。引き継ぐのなら、書ける種類では `physical_name:` で指定します。それ以外は別の名前にします",
    ),
    (
        "the name {} belongs to another account, or the caller may not ask about it: names of this kind are unique in all of AWS",
        "名前 {} は別のアカウントが使っているか、確かめる権限がありません。この種類の名前は AWS 全体で一つしか使えません",
    ),
    (
        "choose another name; one with the account's number in it is seldom taken",
        "別の名前にします。アカウント番号を含む名前なら、ほとんど重なりません",
    ),
    ("make the read possible, then plan again", "読み取れるようにしてから、もう一度計画します"),
    (
        "remove the tombstone; docs/procedures.md says how such a resource is given up",
        "削除指定を消します。手放す手順は docs/procedures.md にあります",
    ),
    (
        "repair it with AWS's documentation of this state, then plan again",
        "この状態についての AWS の文書に従って直し、もう一度計画します",
    ),
    ("unblock {} first", "先に {} の拒否を解消します"),
    (
        "adopt only what nobody else declares; give it up there and remove those tags first",
        "ほかで宣言されているものは引き継げません。先にそちらで手放し、タグを外します",
    ),
    (
        "restore it under its name; or, to begin empty, remove its block, apply, and declare it again",
        "同じ名前で復元します。空から始めるのなら、宣言を消して適用し、もう一度宣言します",
    ),
    ("correct `physical_name:`, or remove it to make a new one", "`physical_name:` を直すか、消して新しく作ります"),
    (
        "declare {} again, or give it up (docs/procedures.md) and plan again",
        "{} をもう一度宣言するか、手放して (docs/procedures.md) もう一度計画します",
    ),
    (
        "take back what is refused for {}, or follow its procedure first",
        "{} について拒否されたものを取り下げるか、先にその手順を行います",
    ),
    (
        "a new major version is a project: snapshot, try it in staging, upgrade by hand, then declare it (docs/procedures.md)",
        "メジャーバージョンの更新は別に計画します。スナップショットを取り、ステージングで試し、手動で更新してから宣言します (docs/procedures.md)",
    ),
    (
        "AWS cannot go back to an older version: declare the one that runs, or restore a snapshot",
        "AWS は古いバージョンに戻せません。稼働中のバージョンを宣言するか、スナップショットから復元します",
    ),
    (
        "a database keeps this from its creation: make a new database and move the data",
        "データベースの作成時に決まります。新しいデータベースを作り、データを移します",
    ),
    (
        "RDS would restart the database at once, whatever the window: make a new database with this port and move the data",
        "RDS は時間帯に関係なくすぐに再起動します。このポートで新しいデータベースを作り、データを移します",
    ),
    (
        "a backup plan keeps its name: declare a new plan before retiring this one, so that no day is without a backup",
        "バックアッププランの名前は変えられません。バックアップのない日ができないように、新しいプランを宣言してから撤去します",
    ),
    (
        "a vault keeps its name and key: declare a new vault and move the rules; recovery points stay where they are until they expire",
        "ボールトの名前と鍵は変えられません。新しいボールトを宣言して規則を移します。復旧ポイントは期限まで元の場所に残ります",
    ),
    (
        "a parameter group keeps its name, family and description: declare a new one, attach it to its databases, then retire this one",
        "パラメータグループの名前、ファミリー、説明は変えられません。新しいものを宣言してデータベースに付け、その後で撤去します",
    ),
    (
        "a subnet group keeps its name: declare a new one, move its databases, then retire this one",
        "サブネットグループの名前は変えられません。新しいものを宣言してデータベースを移し、その後で撤去します",
    ),
    (
        "AWS cannot change a DHCP option set: declare it under another name, plan and apply, then retire the old one",
        "DHCP オプションセットは変えられません。別の名前で宣言し、計画して適用した後で、古いものを撤去します",
    ),
    (
        "a bucket keeps its name: declare a new one, copy the records there, and keep this one",
        "バケットの名前は変えられません。新しいものを宣言して記録を写し、元のものも残します",
    ),
    (
        "a role keeps its name and path: declare a new role, move its users, then retire this one",
        "ロールの名前とパスは変えられません。新しいロールを宣言し、使う側を移してから撤去します",
    ),
    (
        "a security group keeps its name and description: declare a new one, attach it beside this one, then retire this one",
        "セキュリティグループの名前と説明は変えられません。新しいものを宣言して並べて付け、その後で撤去します",
    ),
    (
        "a subnet keeps its block and zone: declare a new one, move what lives here, then retire this one",
        "サブネットのアドレス範囲とゾーンは変えられません。新しいものを宣言し、中のものを移してから撤去します",
    ),
    (
        "a VPC keeps its block: declare a second network, move what lives here, then retire this one",
        "VPC のアドレス範囲は変えられません。二つ目のネットワークを宣言し、中のものを移してから撤去します",
    ),
    (
        "nothing moves from one VPC to another: write `isolation` and `cidr` as they were, then give the customer a second tenant id in the new network, move the data, and retire the old id (docs/procedures.md, \"A tenant must move to another network\")",
        "VPC から別の VPC へは何も移せません。`isolation` と `cidr` を元に戻し、新しいネットワークにお客様の二つ目のテナント ID を作ってデータを移し、古い ID を撤去します (docs/procedures.md)",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;
    use crate::model::Mutability;

    #[test]
    fn names_go_where_they_belong() {
        let ja = |text: &str| say(text, Language::Ja);
        assert_eq!(ja("it needs vpc.main@tokyo, which is blocked"), "必要な vpc.main@tokyo が拒否されています");
        assert_eq!(ja("now; multi_az in the next maintenance window"), "すぐに反映、multi_az は次のメンテナンス時間帯に反映");
        assert_eq!(
            ja("in the next maintenance window (Sun 05:00-05:30 Asia/Tokyo)"),
            "次のメンテナンス時間帯に反映 (Sun 05:00-05:30 Asia/Tokyo)"
        );
        assert_eq!(ja("tenant left 2026-10"), "tenant left 2026-10");
        assert_eq!(say("now", Language::En), "now");
    }

    #[test]
    fn both_sides_name_the_same_number_of_things() {
        for (en, ja) in PHRASES {
            assert_eq!(en.matches("{}").count(), ja.matches("{}").count(), "{en}");
            assert!(!ja.is_ascii(), "{en}");
        }
    }

    /// What the kinds say about a way back, a time or a procedure.
    #[test]
    fn whatever_a_kind_says_is_said_in_japanese() {
        for kind in kinds::ALL {
            let mut said: Vec<&str> = kind.schema.once_gone.into_iter().collect();
            for attribute in kind.schema.attributes {
                said.extend(attribute.one_way.map(|(_, why)| why));
                for mutability in attribute.cases.iter().map(|case| case.mutability).chain([attribute.mutability]) {
                    said.push(mutability.when());
                    said.extend(if let Mutability::Forbidden(procedure) = mutability { Some(procedure) } else { None });
                }
            }
            for text in said {
                assert!(japanese(text).is_some(), "{}: `{text}` has no Japanese in render/phrases.rs", kind.schema.kind);
            }
        }
    }
}

//! The risks of a change, and what each code means. Risks follow from the schema and the differences alone.

use std::collections::BTreeSet;

use crate::model::{Action, Change, Class, Diff, Explained, Impact, KindSchema, Mutability, Region, Risk, Value};
use crate::promises::slug;

use super::{effect, remedy};

/// The name and the meaning of a risk's code, in both languages. The only table of these texts.
#[must_use]
pub const fn explained(risk: Risk) -> (Explained, Explained) {
    match risk {
        Risk::Interrupts => (
            Explained::new("Interruption", "中断"),
            Explained::new(
                "Applying this restarts, reboots or fails over something that is in use, or takes a service away \
                from its users. Connections are cut; plan it with those who use it.",
                "適用すると、使用中のものが再起動またはフェイルオーバーするか、利用できなくなります。接続は切れる\
                ため、利用者と時間を調整してください。",
            ),
        ),
        Risk::Waits => (
            Explained::new("Waits for the maintenance window", "メンテナンス時間帯を待つ"),
            Explained::new(
                "AWS accepts the value at once and puts it into effect in the next maintenance window. Until \
                then the plan shows it as pending; tokaido never asks AWS to apply it immediately, because that \
                would also release every other queued change.",
                "AWS は値をすぐに受け付けますが、反映は次のメンテナンス時間帯です。それまで計画には保留中と表示さ\
                れます。即時適用を求めると待機中のほかの変更まで一緒に反映されるため、tokaido は求めません。",
            ),
        ),
        Risk::Repairs => (
            Explained::new("Repairs drift", "ずれの修復"),
            Explained::new(
                "Somebody changed this outside tokaido since the last apply, and the plan puts the declared \
                value back. Find out who moved it and why before applying: it may have been an emergency \
                measure.",
                "前回の適用後に tokaido の外で変更された値を、宣言した値に戻します。緊急の対応だった可能性がある\
                ため、適用の前に誰がなぜ変えたのかを確かめてください。",
            ),
        ),
        Risk::Destroys => (
            Explained::new("Destroys data, keys or evidence", "データ、鍵、証跡の消失"),
            Explained::new(
                "A database, key or vault would be deleted or replaced. No plan of tokaido may carry this code: \
                the linter refuses the whole plan. docs/procedures.md says how such a resource is given up.",
                "データベース、鍵、ボールトを削除または作り直すことを意味します。この記号を持つ計画は検査で全体が\
                拒否されるため、実行されることはありません。手放す手順は docs/procedures.md にあります。",
            ),
        ),
        Risk::Deletes => (
            Explained::new("Deletes something without data", "データを持たないものの削除"),
            Explained::new(
                "A resource that holds no data is deleted. It carries our tag and a line under `retire:` asks \
                for it; both keys were needed.",
                "データを持たないリソースを削除します。tokaido のタグが付いていることと、`retire:` に書かれている\
                ことの両方がそろった場合だけ計画に入ります。",
            ),
        ),
        Risk::Irreversible => (
            Explained::new("No way back", "元に戻せない"),
            Explained::new(
                "AWS offers no call that takes this back. The section \"Way back\" of the plan names it and says \
                why. Decide before applying, not after.",
                "AWS にはこれを元に戻す手段がありません。計画の「Way back」に名前と理由が載っています。適用する前\
                に判断してください。",
            ),
        ),
        Risk::Logging => (
            Explained::new("Touches logging or audit", "ログと監査への影響"),
            Explained::new(
                "What is recorded changes. A log that stops is noticed only when it is needed, so check \
                afterwards that entries still arrive.",
                "記録される内容が変わります。止まったログは必要になるまで気付かれないため、適用の後に記録が届いて\
                いることを確かめてください。",
            ),
        ),
        Risk::Residency => (
            Explained::new("Touches where data is kept", "データの所在への影響"),
            Explained::new(
                "The difference names a place in another region than the resource: data moves there, stops \
                moving there, or its copies live for another time. Customer data may be in Tokyo and Osaka only.",
                "リソースと別のリージョンの場所が差分に含まれています。データの送り先や複製の保管期間が変わります。\
                お客様のデータを置けるのは東京と大阪だけです。",
            ),
        ),
        Risk::Exposes => (
            Explained::new("Widens exposure", "公開範囲の拡大"),
            Explained::new(
                "Somebody may reach or use more than before: a rule that admits, a group that is attached, a \
                policy that grants. Compare each line with what was asked for.",
                "通信の許可、グループの追加、ポリシーの付与などにより、届く範囲や使える範囲が広がります。依頼され\
                た内容と一行ずつ照らし合わせてください。",
            ),
        ),
        Risk::Encryption => (
            Explained::new("Weakens encryption or touches its keys", "暗号化の弱化、または鍵への影響"),
            Explained::new(
                "Encryption becomes weaker, a key is switched off or rotated less often, or who may use a key \
                changes. A database whose key is switched off becomes unreachable, and after seven days only a \
                backup helps.",
                "暗号化が弱まる、鍵が無効になる、更新の間隔が延びる、鍵を使える人が変わる、のいずれかです。鍵を無\
                効にしたデータベースは使えなくなり、七日を過ぎるとバックアップからしか復旧できません。",
            ),
        ),
        Risk::Protection => (
            Explained::new("Lowers protection", "保護の低下"),
            Explained::new(
                "Protection against deletion is switched off, or less is backed up, copied or kept than before. \
                Recovery points that expire are gone for good.",
                "削除からの保護が外れるか、バックアップ、複製、保管期間のいずれかが減ります。期限の切れた復旧ポイ\
                ントは二度と戻りません。",
            ),
        ),
        Risk::Tenants => (
            Explained::new("Touches tenant isolation", "テナント分離への影響"),
            Explained::new(
                "The difference lies in what keeps tenants apart: addresses, subnets, groups, or the rules \
                between them. Show it to the person who answers for isolation.",
                "アドレス、サブネット、グループ、その間の規則など、テナントを分けている設定に差分があります。分離\
                の責任者に確認してください。",
            ),
        ),
    }
}

/// The risks of one change, sorted.
#[must_use]
pub fn of(schema: &KindSchema, change: &Change) -> Vec<Risk> {
    let mut found = BTreeSet::new();
    match change.action {
        Action::Delete | Action::Replace => {
            found.insert(if schema.stateful { Risk::Destroys } else { Risk::Deletes });
            if schema.attributes.iter().any(|attribute| attribute.promise == Some(slug::TENANT_ISOLATION)) {
                found.insert(Risk::Tenants);
            }
            if schema.once_gone.is_some() {
                found.insert(Risk::Irreversible);
            }
        }
        Action::Create if schema.stateful => _ = found.insert(Risk::Irreversible),
        Action::Create | Action::Update | Action::Adopt => {}
    }
    for diff in &change.diffs {
        found.extend(of_difference(schema, change.region, change.action == Action::Create, diff));
    }
    // In a failed state AWS applies the change at once.
    if remedy::state(change).is_some() {
        found.remove(&Risk::Waits);
    }
    found.into_iter().collect()
}

fn of_difference(schema: &KindSchema, home: Region, created: bool, diff: &Diff) -> BTreeSet<Risk> {
    let mut found = BTreeSet::new();
    let Some(attribute) = schema.attribute(diff.attribute()) else { return found };
    for hazard in attribute.hazards {
        if hazard.on.fires(created, &diff.path, &diff.before, &diff.after) {
            found.insert(hazard.risk);
        }
    }
    if leaves(home, diff, attribute.refers_to.is_empty()) {
        found.insert(Risk::Residency);
    }
    // A new resource interrupts no user, and every attribute of it is new: only its hazards and links give it a code.
    if created {
        return found;
    }
    let (mutability, impact) = effect::rule(schema, diff);
    found.extend(of_rule(mutability, impact));
    let facts = [
        // An interruption without a way back has both codes.
        (attribute.no_way_back(diff).is_some(), Risk::Irreversible),
        (attribute.promise == Some(slug::TENANT_ISOLATION), Risk::Tenants),
        (diff.class == Class::Drift, Risk::Repairs),
    ];
    found.extend(facts.into_iter().filter(|(holds, _)| *holds).map(|(_, risk)| risk));
    found
}

/// The risks that follow from how AWS changes an attribute and from the impact of the change.
pub fn of_rule(mutability: Mutability, impact: Impact) -> impl Iterator<Item = Risk> {
    let facts = [
        (impact == Impact::Interruption, Risk::Interrupts),
        (mutability == Mutability::Window, Risk::Waits),
        (impact == Impact::Irreversible, Risk::Irreversible),
        (impact == Impact::Exposure, Risk::Exposes),
    ];
    facts.into_iter().filter(|(holds, _)| *holds).map(|(_, risk)| risk)
}

/// Whether a link of this difference leads to another region: by a reference, by the element of the path, or by an ARN.
fn leaves(home: Region, diff: &Diff, unlinked: bool) -> bool {
    if unlinked || home == Region::Global {
        return false;
    }
    let elsewhere = |value: &Value| {
        let mut away = false;
        value.visit_references(&mut |reference| away |= ![home, Region::Global].contains(&reference.to.region));
        _ = value.map_leaves(&mut |leaf| {
            let region = leaf.as_text().and_then(|text| text.strip_prefix("arn:")).and_then(|arn| arn.split(':').nth(2));
            away |= region.is_some_and(|region| !region.is_empty() && region != home.code());
            None
        });
        away
    };
    let others = Region::ALL.into_iter().filter(|region| ![home, Region::Global].contains(region));
    let in_path = others.into_iter().any(|region| diff.path.contains(&format!("@{region}]")));
    in_path || elsewhere(&diff.before) || elsewhere(&diff.after)
}

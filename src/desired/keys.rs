//! The keys of an environment file, as `explain` names them: `protection.point_in_time_recovery`. English is the
//! description in the JSON Schema, which is the doc comment of the field; Japanese stands here. A test compares the two.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema;

/// A key in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub en: String,
    pub ja: &'static str,
    /// The form of the value, in words, where the type has any.
    pub form: Option<String>,
}

/// Every key by its path, without list indexes.
#[must_use]
pub fn all() -> BTreeMap<String, Key> {
    let root = schema::environment().to_value();
    let mut found = BTreeMap::new();
    collect(&root, &root, "", &mut found);
    found
}

/// The schemas that a schema may stand for: itself, its reference, its alternatives, and the entries of a list.
fn forms<'a>(root: &'a Value, node: &'a Value) -> Vec<&'a Value> {
    let mut found = vec![node];
    let referred = node.get("$ref").and_then(Value::as_str).and_then(|to| root.pointer(to.trim_start_matches('#')));
    let several = ["anyOf", "oneOf", "allOf"].iter().filter_map(|name| node.get(name)?.as_array()).flatten();
    for inner in referred.into_iter().chain(several).chain(node.get("items")) {
        found.extend(forms(root, inner));
    }
    found
}

fn collect(root: &Value, node: &Value, above: &str, found: &mut BTreeMap<String, Key>) {
    for form in forms(root, node) {
        for (name, property) in form.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let path = if above.is_empty() { name.clone() } else { format!("{above}.{name}") };
            let said = |node: &Value| node.get("description").and_then(Value::as_str).map(|text| text.replace('\n', " "));
            let kind = forms(root, property)
                .into_iter()
                .skip(1)
                .find_map(|form| said(form).filter(|_| form.get("properties").is_none()));
            let en = said(property).unwrap_or_default();
            let ja = JAPANESE.iter().find(|(known, _)| *known == path).map_or("", |(_, ja)| *ja);
            collect(root, property, &path, found);
            found.insert(path, Key { en, ja, form: kind });
        }
    }
}

/// By path, sorted.
const JAPANESE: &[(&str, &str)] = &[
    ("account", "AWS アカウントです。ほかの呼び出しの前に、STS の答えがこれと一致することを確かめます。"),
    ("assume_role", "tokaido がアカウント内で引き受けるロールです。"),
    ("change", "お客様に影響し得る変更の規則です。"),
    ("change.approvals", "承認に必要な人数です。"),
    ("change.notice", "変更を何日前までに知らせるかです。7 日以上です。"),
    ("change.soak", "一つ前の環境で、リリースが問題なく保たれているべき時間です。書かなければ 24 時間です。"),
    ("databases", "複数のテナントが共有するデータベースです。"),
    ("databases.backup_window", "RDS が毎日のバックアップを取る時間帯です。"),
    ("databases.class", "RDS のインスタンスクラスです。"),
    ("databases.engine", "データベースエンジンです。"),
    ("databases.maintenance_window", "RDS がデータベースを再起動してよい時間帯です。"),
    ("databases.multi_az", "二つ目のゾーンに待機系を置くかどうかです。"),
    ("databases.name", "環境の中での名前です。"),
    ("databases.physical_name", "`<environment>-<name>` を新しく作る代わりに、この識別子の RDS インスタンスを引き継ぎます。"),
    ("databases.storage", "この二つの値の間で容量が自動的に増えます。"),
    ("databases.storage.at_least", "開始時の容量です。20 GiB 以上です。"),
    ("databases.storage.up_to", "自動で増える上限です。`at_least` より一割以上大きくします。"),
    ("databases.version", "最低限のバージョンです。AWS がより新しいマイナーバージョンを使うことがあります。"),
    ("dedicated_database", "`database: dedicated` のテナントすべてに共通するデータベースの形です。"),
    ("dedicated_database.backup_window", "RDS が毎日のバックアップを取る時間帯です。"),
    ("dedicated_database.class", "RDS のインスタンスクラスです。"),
    ("dedicated_database.engine", "データベースエンジンです。"),
    ("dedicated_database.maintenance_window", "RDS がデータベースを再起動してよい時間帯です。"),
    ("dedicated_database.multi_az", "二つ目のゾーンに待機系を置くかどうかです。"),
    ("dedicated_database.storage", "この二つの値の間で容量が自動的に増えます。"),
    ("dedicated_database.storage.at_least", "開始時の容量です。20 GiB 以上です。"),
    ("dedicated_database.storage.up_to", "自動で増える上限です。`at_least` より一割以上大きくします。"),
    ("dedicated_database.version", "最低限のバージョンです。AWS がより新しいマイナーバージョンを使うことがあります。"),
    ("divergences", "dev または staging で緩めている約束です。理由と期限を添えます。本番では書けません。"),
    ("divergences.owner", "この逸脱に責任を持つ人です。"),
    ("divergences.promise", "`point-in-time-recovery` または `recovery-copies` です。"),
    ("divergences.reason", "理由です。"),
    ("divergences.until", "有効な最後の日です。"),
    ("divergences.value", "この環境での値です。"),
    ("environment", "三つの環境のどれかを示します。ファイル名と同じにします。"),
    ("exceptions", "tokaido が確認できない範囲のうち、この環境で受け入れるものです。理由と期限を添えます。"),
    ("exceptions.owner", "この例外に責任を持つ人です。"),
    ("exceptions.reason", "理由です。"),
    ("exceptions.until", "有効な最後の日です。"),
    ("exceptions.what", "`closed-regions`（閉鎖されたリージョンすべて）または一つのリージョンのコードです。"),
    ("extends", "このファイルに書かれていない値を引き継ぐ元のファイルです。"),
    ("logs", "ログの保管期間です。"),
    ("logs.keep", "保管する日数です。400 日以上で、AWS が受け付ける値にします。"),
    ("network", "ネットワークのアドレスです。"),
    ("network.cidr", "東京のネットワーク全体のアドレス範囲（/16 から /24）です。"),
    ("network.recovery", "大阪にある、データベースの復元先のネットワークです。"),
    ("network.recovery.cidr", "大阪のネットワーク全体のアドレス範囲（/16 から /24）です。"),
    ("network.recovery.zones", "二つまたは三つのゾーン ID です。"),
    ("network.shared", "共有データベースを置く範囲です。`cidr` の中から選びます。"),
    ("network.zones", "二つまたは三つのゾーン ID です。三つ目は後から足せますが、順番は変えません。"),
    ("protection", "バックアップと暗号化です。"),
    ("protection.encryption", "データと通信の暗号化です。"),
    ("protection.encryption.at_rest", "`required` だけです。"),
    ("protection.encryption.in_transit", "`required` だけです。"),
    ("protection.encryption.key_rotation", "鍵を更新する間隔です。90 日から 365 日です。"),
    ("protection.point_in_time_recovery", "東京でデータベースをどこまでさかのぼって復元できるかです。"),
    ("protection.primary_copies", "東京で毎日取るスナップショットです。"),
    ("protection.primary_copies.at", "スナップショットを始められる時刻です。AWS は一時間以内に始めます。"),
    ("protection.primary_copies.every", "`1d` です。"),
    ("protection.primary_copies.keep", "一つのスナップショットを残す期間です。"),
    ("protection.recovery_copies", "大阪への複製です。期間は東京でのスナップショット作成時から数えます。"),
    ("protection.recovery_copies.arrival_margin", "複製が届くまでにかかり得る日数です。`keep` に加えます。"),
    ("protection.recovery_copies.keep", "大阪にそろえておく複製の日数です。"),
    (
        "readers",
        "ほかのアカウントのロールです。この環境のネットワークをつなぐもの（ネットワーク用アカウントのトランジットゲートウェイなど）を読み取るために引き受けます。変更はしません。",
    ),
    ("readers.reason", "読み取る理由です。"),
    ("readers.role", "読み取り先のアカウントのロールです。アカウントごとに一つです。"),
    ("regions", "データを置いてよい二つのリージョンです。"),
    ("regions.primary", "東京です。"),
    ("regions.recovery", "大阪です。"),
    ("release", "昇格によって設定されます。手では書きません。"),
    ("retire", "削除してよいリソースです。ここにないものは削除しません。"),
    ("retire.id", "計画に表示されるとおりに書きます。例は `subnet.old-tenant-a@tokyo` です。"),
    ("retire.reason", "理由です。"),
    ("schema", "このファイルの形式の版です。"),
    (
        "shared_forwarders",
        "テナントが共有するロードバランサー、プロキシ、エンドポイントです。それぞれにテナント間を隔てる理由を添えます。",
    ),
    ("shared_forwarders.id", "AWS の識別子です。`vpce-…`、`vpce-svc-…`、`eni-…`、ロードバランサーは `app/名前/ID` で書きます。"),
    ("shared_forwarders.reason", "これを通ってテナント間の通信が届かない理由です。"),
    ("store", "適用の記録の保管先と、読み取りと適用を許す相手です。書かなければ、実行した機械のフォルダーに保管します。"),
    ("store.access", "二つのロールを引き受けられる者です。書かなければ、アカウント自身のポリシーが許す者に限ります。"),
    ("store.access.applier", "適用を行える者です。"),
    ("store.access.reader", "計画、ずれの確認、診断を行える者です。"),
    ("store.bucket", "記録を保管するバケットです。環境と同じアカウントの東京に置きます。"),
    ("tenants", "お客様です。"),
    ("tenants.cidr", "お客様のアドレス範囲（/16 から /24）です。`network.cidr` の中、`isolation: vpc` ではその外から選びます。"),
    ("tenants.database", "`dedicated`、または `shared: <database>` です。"),
    ("tenants.database.shared", "`databases` にあるデータベースの名前です。"),
    ("tenants.id", "お客様の識別子です。"),
    ("tenants.ingress_allow", "お客様が接続してくる場所です。ほかからは接続できません。"),
    ("tenants.ingress_allow.cidr", "サービスの外にある接続元のアドレスです。"),
    ("tenants.ingress_allow.port", "接続を許す TCP ポートです。"),
    ("tenants.isolation", "お客様をほかから分ける方式です。ネットワーク内の `subnets`、または専用の `vpc` です。"),
    ("time", "時刻です。"),
    ("time.source", "`amazon-time-sync` です。"),
    ("time.zone", "`UTC` です。"),
];

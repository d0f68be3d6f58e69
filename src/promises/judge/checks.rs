//! The table of the checks: what each check reads, what it looks at, and what it does not look at yet.

use super::super::slug;
use super::population::Population;
use super::view::View;
use super::{data, network, recovery, service};
use crate::kinds::{
    self, backup_plan, backup_vault, db_instance, db_parameter_group, dhcp_options, iam_role, kms_key, security_group, subnet,
    vpc,
};
use crate::model::{Explained, Region};

/// A kind's name, and the regions in which the check needs it.
pub type Need = (&'static str, &'static [Region]);

const BOTH: &[Region] = &[Region::Tokyo, Region::Osaka];
const TOKYO: &[Region] = &[Region::Tokyo];
const OSAKA: &[Region] = &[Region::Osaka];
const GLOBAL: &[Region] = &[Region::Global];

/// The check of one promise.
pub struct Check {
    /// The promise's slug.
    pub slug: &'static str,
    /// The reads without which the verdict is unknown; empty means every kind.
    pub needs: &'static [Need],
    /// The facts that an audit asks for beside the settings, by kind and region.
    pub facts: &'static [(&'static str, Region)],
    /// The slugs of the promises whose populations are this one's; empty for a check with a population of its own.
    pub repeats: &'static [&'static str],
    /// What the check looks at, in both languages.
    pub looks: Explained,
    /// What it does not look at yet, in both languages.
    pub missing: Explained,
    pub(super) run: fn(&View<'_>, &mut Population),
}

impl Check {
    /// Whether a failed read of this kind in this region makes the verdict unknown.
    #[must_use]
    pub fn needs(&self, kind: &str, region: Region) -> bool {
        match (self.needs, self.repeats) {
            ([], []) => kinds::find(kind).is_some(),
            ([], repeats) => repeats.iter().any(|slug| check_of(slug).is_some_and(|check| check.needs(kind, region))),
            (needs, _) => needs.iter().any(|(needed, regions)| *needed == kind && regions.contains(&region)),
        }
    }
}

/// The check of the promise with this slug, if there is one.
#[must_use]
pub fn check_of(slug: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.slug == slug)
}

const fn check(slug: &'static str, needs: &'static [Need], run: fn(&View<'_>, &mut Population)) -> Check {
    let none = Explained::new("", "");
    Check { slug, needs, facts: &[], repeats: &[], looks: none, missing: none, run }
}

impl Check {
    const fn looks(mut self, en: &'static str, ja: &'static str) -> Self {
        self.looks = Explained::new(en, ja);
        self
    }

    const fn missing(mut self, en: &'static str, ja: &'static str) -> Self {
        self.missing = Explained::new(en, ja);
        self
    }

    const fn facts(mut self, facts: &'static [(&'static str, Region)]) -> Self {
        self.facts = facts;
        self
    }

    const fn repeats(mut self, repeats: &'static [&'static str]) -> Self {
        self.repeats = repeats;
        self
    }
}

/// For a promise that is judged by the populations of other promises.
fn joined(_: &View<'_>, _: &mut Population) {}

/// Every check, in the order of the paper.
pub static CHECKS: [Check; 14] = [
    check(
        slug::DATA_RESIDENCY,
        &[(db_instance::NAME, BOTH), (backup_vault::NAME, BOTH), (kms_key::NAME, BOTH), (backup_plan::NAME, BOTH)],
        data::residency,
    )
    .looks(
        "every database, vault and key of the account in the two regions, and where every backup plan sends its copies",
        "二つのリージョンにあるすべてのデータベース、ボールト、鍵と、すべてのバックアッププランの複製先",
    )
    .missing(
        "Other regions, snapshots and replicas of automated backups are not listed yet.",
        "ほかのリージョン、スナップショット、自動バックアップの複製はまだ調べていません。",
    ),
    check(slug::LABELLING, &[], service::labelling)
        .looks(
            "the four tags of every resource of ours, against what is declared, and whether snapshots inherit them",
            "当社のすべての資源の四つのタグと、スナップショットへの引き継ぎ",
        )
        .missing("Snapshots and recovery points themselves are not listed yet.", "スナップショットと復旧ポイント自体はまだ調べていません。"),
    check(slug::TENANT_INGRESS, &[(security_group::NAME, BOTH)], network::ingress)
        .looks(
            "every rule of every group of ours that admits addresses, against what is declared: for a tenant the addresses that \
             its customer named, for shared services and databases none",
            "当社のすべてのグループがアドレスを許可する規則と宣言との照合。テナントではお客様が指定したアドレスだけ、共有サービスとデータベースでは許可なし",
        )
        .missing(
            "Load balancers and web firewalls are not read yet; neither are the rules of groups that are not ours.",
            "ロードバランサーと WAF、管理外のグループの規則はまだ調べていません。",
        ),
    check(
        slug::ENCRYPTION_AT_REST,
        &[(db_instance::NAME, BOTH), (backup_vault::NAME, BOTH), (kms_key::NAME, BOTH)],
        data::at_rest,
    )
    .looks(
        "the encryption and the key of every database and vault, foreign ones too; whether every key of ours is usable and rotated",
        "管理外のものを含むすべてのデータベースとボールトの暗号化と鍵、当社の鍵の有効性と定期更新",
    )
    .missing(
        "Snapshots, automated backups, volumes and image files in S3 are not read yet.",
        "スナップショット、自動バックアップ、ボリューム、S3 の画像ファイルはまだ調べていません。",
    ),
    check(slug::ENCRYPTION_IN_TRANSIT, &[(db_instance::NAME, BOTH), (db_parameter_group::NAME, BOTH)], data::in_transit)
        .looks(
            "of every database, foreign ones too: no public address, and a parameter group in effect that demands TLS",
            "管理外のものを含むすべてのデータベースの公開設定と、TLS を必須とするパラメータグループの反映",
        )
        .missing(
            "Certificates, load balancers, buckets and the connections themselves are not read yet.",
            "証明書、ロードバランサー、バケット、実際の接続はまだ調べていません。",
        ),
    check(slug::CAPACITY_GROWTH, &[(db_instance::NAME, BOTH)], service::capacity)
        .looks("whether every database of ours may grow by a tenth at least", "当社のすべてのデータベースに一割以上の拡張余地があるか")
        .missing(
            "Alarms and the growth of processors and memory are not read yet.",
            "アラームと、CPU やメモリの拡張はまだ調べていません。",
        ),
    check(slug::POINT_IN_TIME_RECOVERY, &[(db_instance::NAME, BOTH)], recovery::point_in_time)
        .facts(&[(db_instance::NAME, Region::Tokyo), (db_instance::NAME, Region::Osaka)])
        .looks(
            "the retention and the protection of every database, foreign ones and restored copies too; in an audit, to which \
             moments RDS says it can restore it",
            "管理外のものと復元した複製を含むすべてのデータベースの保持日数と削除保護。監査では RDS が復元できる範囲も確認",
        )
        .missing("A restore is not tried.", "実際の復元は試していません。"),
    check(
        slug::RECOVERY_COPIES,
        &[
            (db_instance::NAME, BOTH),
            (backup_plan::NAME, TOKYO),
            (backup_vault::NAME, OSAKA),
            (kms_key::NAME, OSAKA),
            (iam_role::NAME, GLOBAL),
        ],
        recovery::copies,
    )
    .facts(&[(backup_vault::NAME, Region::Osaka), (db_instance::NAME, Region::Tokyo), (db_instance::NAME, Region::Osaka)])
    .looks(
        "of every database, foreign ones and restored copies too: a plan that selects it, runs every day and copies to Osaka \
         for long enough (in production a day longer than promised, because AWS counts from the backup in Tokyo and a copy \
         needs time to arrive); the vault there, its key and the key's policy; the role, who may assume it, its policies and \
         its boundary, against what is declared; in an audit, the recovery points that lie in Osaka, also of a database that \
         is gone",
        "管理外のものと復元した複製を含む各データベースを対象とする毎日のプラン、大阪への複製とその期間（AWS は東京でのバックアップから数え、\
         複製の到着に時間がかかるため、本番環境では約束より一日長いこと）、大阪のボールトと鍵とそのポリシー、ロールを引き受けられる者と\
         ポリシーと境界の宣言との照合。監査では大阪の復旧ポイント（失われたデータベースのものを含む）も確認",
    )
    .missing(
        "Whether a restore from Osaka works is not tried. What boundaries and managed policies say, the policies of vaults and \
         that of the key in Tokyo are not read.",
        "大阪からの復元は試していません。境界と管理ポリシーの内容、ボールトのポリシー、東京の鍵のポリシーは読み取りません。",
    ),
    check(slug::EVENT_LOGS, &[(db_instance::NAME, BOTH)], service::event_logs)
        .looks("which logs every database of ours sends to CloudWatch Logs", "当社の各データベースが CloudWatch Logs に送るログ")
        .missing(
            "CloudTrail, flow logs and the retention of log groups are not read yet.",
            "CloudTrail、フローログ、ロググループの保管期間はまだ調べていません。",
        ),
    check(
        slug::CLOCK,
        &[(vpc::NAME, BOTH), (dhcp_options::NAME, BOTH), (db_instance::NAME, BOTH), (db_parameter_group::NAME, BOTH)],
        service::clock,
    )
    .looks(
        "the DHCP option set of every network of ours, and the time zone of every database of ours",
        "当社のすべてのネットワークの DHCP オプションセットと、当社のすべてのデータベースのタイムゾーン",
    )
    .missing("The clocks of hosts are not measured.", "ホストの時刻は測定していません。"),
    check(
        slug::TENANT_ISOLATION,
        &[(security_group::NAME, BOTH), (subnet::NAME, BOTH), (vpc::NAME, BOTH), (db_instance::NAME, BOTH)],
        network::isolation,
    )
    .looks(
        "every rule of every group in our networks, foreign groups too: does one name another tenant's group or addresses; the \
         groups that databases wear; public addresses of subnets",
        "管理外のものを含む、当社のネットワーク内の全グループの全規則と他テナントのグループやアドレスとの照合、データベースに付いたグループ、サブネットの公開アドレス",
    )
    .missing(
        "That no packet passes is not proven: routes, network ACLs, peerings and endpoints are not read yet.",
        "通信が届かないことの証明ではありません。ルート、ネットワーク ACL、ピアリング、エンドポイントはまだ調べていません。",
    ),
    check(slug::THREE_ENVIRONMENTS, &[], service::environments)
        .looks(
            "three different accounts, the caller's account, and resources that carry another environment's tag",
            "三つの異なるアカウント、呼び出し元のアカウント、別環境のタグが付いた資源",
        )
        .missing(
            "Whether what runs in production was verified in staging is not judged yet.",
            "本番の内容が検証環境で確認済みかどうかはまだ判定していません。",
        ),
    check(slug::CRYPTOGRAPHIC_CONTROLS, &[], joined)
        .repeats(&[slug::ENCRYPTION_AT_REST, slug::ENCRYPTION_IN_TRANSIT])
        .looks("what clause 8 is judged by", "第 8 項の判定と同じ")
        .missing("What clause 8 does not look at yet.", "第 8 項でまだ調べていない範囲と同じです。"),
    check(slug::VIRTUAL_SEPARATION, &[], joined)
        .repeats(&[slug::TENANT_ISOLATION])
        .looks("what clause 16 is judged by", "第 16 項の判定と同じ")
        .missing("What clause 16 does not look at yet.", "第 16 項でまだ調べていない範囲と同じです。"),
];

//! The table of the checks: what each check looks at, what must hold, and what it does not look at yet.

use PartRole::Subject;
use Whose::{All, InOurNetworks, Ours};

use super::super::slug;
use super::check::{Check, check};
use super::paths::{ISOLATION, SEPARATION};
use super::population::Population;
use super::universe::{BOTH, EVERYWHERE, GLOBAL, Looked, OSAKA, TOKYO, about, beside, every_kind, read, sentence};
use super::view::View;
use super::{data, network, records, recovery, service};
use crate::kinds::{
    backup_plan, backup_vault, bucket, data_store, db_cluster, db_instance, db_parameter_group, dhcp_options, iam_role, kms_key,
    network_acl, network_interface, route_table, security_group, subnet, vpc,
};
use crate::model::verdict::{Part, PartRole, Whose};
use crate::model::{Name, Region, Said};

/// The check of the promise with this slug, if there is one.
#[must_use]
pub fn check_of(slug: &str) -> Option<&'static Check> {
    CHECKS.iter().find(|check| check.slug == slug)
}

impl Check {
    /// The checks whose populations this one has: itself, or those that it repeats.
    pub fn sources(&'static self) -> impl Iterator<Item = &'static Self> {
        let own = self.repeats.is_empty().then_some(self);
        own.into_iter().chain(self.repeats.iter().filter_map(|slug| check_of(slug)))
    }

    /// Whether a failed read of this kind in this region makes the verdict unknown.
    #[must_use]
    pub fn needs(&'static self, kind: &str, region: Region) -> bool {
        self.sources().any(|check| check.universe.iter().any(|looked| looked.reads(kind, region)))
    }

    /// What it looks at, in both languages.
    #[must_use]
    pub fn looks(&'static self) -> Said {
        let said: Vec<Said> = self.sources().map(|check| sentence(check.universe, check.facts)).collect();
        let joined = |part: fn(&Said) -> &String, between: &str| said.iter().map(part).cloned().collect::<Vec<_>>().join(between);
        Said::new(joined(|said| &said.en, "; "), joined(|said| &said.ja, "。"))
    }

    /// What it looks at, as data. Parts that several of the repeated checks have are one.
    #[must_use]
    pub fn parts(&'static self) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        for part in self.sources().flat_map(|check| check.universe).flat_map(Looked::parts) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts
    }
}

/// For a promise that is judged by the populations of other promises.
fn joined(_: &View<'_>, _: &mut Population) {}

/// What of a key says whether it works, is rotated, and who may use it.
const KEY: &[Name] =
    &[kms_key::at::enabled.name(), kms_key::at::rotation_days.name(), kms_key::at::origin.name(), kms_key::at::policy.name()];

/// Every check, in the order of the paper.
pub static CHECKS: [Check; 15] = [
    check(
        slug::DATA_RESIDENCY,
        &[
            about(
                db_instance::NAME,
                BOTH,
                All,
                &[
                    db_instance::at::storage_encrypted.name(),
                    db_instance::at::replica_of.name(),
                    db_instance::at::replicas.name(),
                ],
            ),
            about(
                db_cluster::NAME,
                BOTH,
                All,
                &[
                    db_cluster::at::storage_encrypted.name(),
                    db_cluster::at::kms_key.name(),
                    db_cluster::at::replica_of.name(),
                    db_cluster::at::replicas.name(),
                    db_cluster::at::global_cluster.name(),
                ],
            ),
            beside(backup_vault::NAME, BOTH, All, &[backup_vault::at::policy.name()]),
            beside(kms_key::NAME, BOTH, All, &[]),
            beside(
                backup_plan::NAME,
                BOTH,
                All,
                &[backup_plan::at::rules.name(), backup_plan::at::copies.name(), backup_plan::at::selections.name()],
            ),
            beside(
                data_store::NAME,
                EVERYWHERE,
                All,
                &[data_store::at::store.name(), data_store::at::region.name(), data_store::at::shared_with.name()],
            ),
            read(db_instance::NAME, BOTH, &[db_instance::at::kms_key.name()]),
            read(backup_vault::NAME, BOTH, &[backup_vault::at::kms_key.name()]),
            read(kms_key::NAME, BOTH, &[kms_key::at::regions.name()]),
        ],
        data::residency,
    )
    .demands(
        "data, keys with all their material, and copies stay in Tokyo and Osaka and in this account, and no vault lets another account \
         take what lies in it; in an audit nothing that holds data is in another region or shared with another account",
        "データ、鍵（鍵素材を含む）、複製が東京と大阪、このアカウントに留まり、どのボールトもほかのアカウントに中身を渡さないこと。監査では、\
         ほかのリージョンにデータがなく、ほかのアカウントと共有されていないこと",
    )
    .missing(
        "Services that hold data and are none of those that an audit lists (`explain data-store.store`), and the policies by which \
         objects, tables and file systems are opened to other accounts, access lists and replication of buckets are not read. Of a global cluster the other members \
         are not shown. In a closed region nothing is read.",
        "監査で一覧を読み取らないサービス（`explain data-store.store` に示すもの以外）と、オブジェクト、テーブル、ファイルシステムをほかの\
         アカウントに開放するポリシー、バケットのアクセスリストとレプリケーションは読み取りません。グローバルクラスターのほかのメンバーは示されません。閉鎖されたリージョンは確認しません。",
    ),
    check(
        slug::LABELLING,
        &[every_kind(Ours, Subject), about(db_instance::NAME, BOTH, Ours, &[db_instance::at::copy_tags_to_snapshot.name()])],
        service::labelling,
    )
    .demands("four tags, as declared; snapshots inherit them", "四つのタグが宣言どおりに付き、スナップショットに引き継がれること")
    .missing("Snapshots and recovery points themselves are not listed yet.", "スナップショットと復旧ポイント自体はまだ調べていません。"),
    check(
        slug::TENANT_INGRESS,
        &[about(
            security_group::NAME,
            BOTH,
            InOurNetworks,
            &[security_group::at::vpc.name(), security_group::at::name.name(), security_group::at::rules.name()],
        ),
            beside(
                network_interface::NAME,
                BOTH,
                InOurNetworks,
                &[
                    network_interface::at::subnet.name(),
                    network_interface::at::groups.name(),
                    network_interface::at::addresses.name(),
                    network_interface::at::public_addresses.name(),
                ],
            ),
            read(network_acl::NAME, BOTH, &[network_acl::at::subnets.name(), network_acl::at::entries.name()]),
            read(route_table::NAME, BOTH, &[route_table::at::vpc.name(), route_table::at::routes.name()]),
            read(vpc::NAME, BOTH, &[]),
            read(
                subnet::NAME,
                BOTH,
                &[subnet::at::vpc.name(), subnet::at::cidr.name(), subnet::at::ipv6_blocks.name()],
            ),
        ],
        network::ingress,
    )
    .demands(
        "rules admit only declared addresses: for a tenant those that its customer named, for shared services and databases none; \
         nothing else of the Internet arrives at a host or a database",
        "規則が宣言したアドレスだけを許可すること。テナントではお客様が指定したアドレスだけ、共有サービスとデータベースでは許可なし。それ以外の\
         インターネットの通信がホストとデータベースに届かないこと",
    )
    .missing(
        "What web firewalls and the listeners of load balancers refuse is not read.",
        "WAF とロードバランサーのリスナーが拒否する通信は読み取りません。",
    ),
    check(
        slug::ENCRYPTION_AT_REST,
        &[
            about(
                db_instance::NAME,
                BOTH,
                All,
                &[
                    db_instance::at::storage_encrypted.name(),
                    db_instance::at::kms_key.name(),
                    db_instance::at::cluster.name(),
                ],
            ),
            about(db_cluster::NAME, BOTH, All, &[db_cluster::at::storage_encrypted.name(), db_cluster::at::kms_key.name()]),
            beside(backup_vault::NAME, BOTH, All, &[backup_vault::at::kms_key.name()]),
            beside(kms_key::NAME, BOTH, Ours, KEY),
            read(kms_key::NAME, BOTH, KEY),
            beside(
                data_store::NAME,
                EVERYWHERE,
                All,
                &[data_store::at::store.name(), data_store::at::encrypted.name(), data_store::at::source.name()],
            ),
        ],
        data::at_rest,
    )
    .facts(&[(kms_key::NAME, Region::Tokyo), (kms_key::NAME, Region::Osaka)])
    .demands(
        "databases and vaults are encrypted with a key of this account that is usable, rotated at least once a year, and of use to \
         this account alone: by its policy, and in an audit by its grants; in an audit everything else that holds data is encrypted",
        "データベースとボールトが、このアカウントの、有効で年に一度以上更新される鍵で暗号化され、その鍵をこのアカウントだけが使えること（\
         ポリシーで判定し、監査ではグラントも確認）。監査では、データを保管するほかのものもすべて暗号化されていること",
    )
    .missing(
        "Whom the account's own IAM policies let use a key is not judged. Objects that were written to a bucket before it encrypted \
         are not looked at one by one.",
        "アカウント内の IAM ポリシーが誰に鍵の使用を許可しているかは判定しません。バケットが暗号化される前に書かれたオブジェクトは個別に\
         確認しません。",
    ),
    check(
        slug::ENCRYPTION_IN_TRANSIT,
        &[
            about(
                db_instance::NAME,
                BOTH,
                All,
                &[
                    db_instance::at::publicly_accessible.name(),
                    db_instance::at::engine.name(),
                    db_instance::at::parameter_group.name(),
                    db_instance::at::cluster.name(),
                ],
            ),
            about(
                db_cluster::NAME,
                BOTH,
                All,
                &[
                    db_cluster::at::publicly_accessible.name(),
                    db_cluster::at::vpc_networking.name(),
                    db_cluster::at::internet_gateway.name(),
                ],
            ),
            read(db_cluster::NAME, BOTH, &[db_cluster::at::parameter_group.name()]),
            read(db_parameter_group::NAME, BOTH, &[db_parameter_group::at::parameters.name()]),
        ],
        data::in_transit,
    )
    .demands(
        "no public address, and a parameter group in effect that demands TLS",
        "公開されておらず、TLS を必須とするパラメータグループが反映されていること",
    )
    .missing(
        "The parameter groups of clusters, certificates, load balancers, buckets and the connections themselves are not read yet.",
        "クラスターのパラメータグループ、証明書、ロードバランサー、バケット、実際の接続はまだ調べていません。",
    ),
    check(
        slug::CAPACITY_GROWTH,
        &[about(
            db_instance::NAME,
            BOTH,
            Ours,
            &[db_instance::at::allocated_storage.name(), db_instance::at::max_allocated_storage.name()],
        )],
        service::capacity,
    )
    .demands("storage may grow by a tenth at least", "容量に一割以上の拡張余地があること")
    .missing("Alarms and the growth of processors and memory are not read yet.", "アラームと、CPU やメモリの拡張はまだ調べていません。"),
    check(
        slug::POINT_IN_TIME_RECOVERY,
        &[
            about(
                db_instance::NAME,
                BOTH,
                All,
                &[
                    db_instance::at::backup_retention_days.name(),
                    db_instance::at::deletion_protection.name(),
                    db_instance::at::cluster.name(),
                    db_instance::at::replica_of.name(),
                ],
            ),
            about(
                db_cluster::NAME,
                BOTH,
                All,
                &[
                    db_cluster::at::backup_retention_days.name(),
                    db_cluster::at::deletion_protection.name(),
                    db_cluster::at::replica_of.name(),
                ],
            ),
        ],
        recovery::point_in_time,
    )
    .facts(&[
        (db_instance::NAME, Region::Tokyo),
        (db_instance::NAME, Region::Osaka),
        (db_cluster::NAME, Region::Tokyo),
        (db_cluster::NAME, Region::Osaka),
    ])
    .demands(
        "backups are kept for the promised days and protected against deletion, those of a cluster for its members, those of the \
         source for a replica; in an audit, RDS can restore to these days",
        "約束の日数のバックアップが保持され、削除から保護されていること（クラスターのメンバーはクラスター、リードレプリカは複製元で判定）。\
         監査では RDS がその範囲に復元できること",
    )
    .missing("A restore is not tried.", "実際の復元は試していません。"),
    check(
        slug::RECOVERY_COPIES,
        &[
            about(db_instance::NAME, BOTH, All, &[db_instance::at::cluster.name(), db_instance::at::replica_of.name()]),
            read(db_cluster::NAME, BOTH, &[]),
            read(
                backup_plan::NAME,
                TOKYO,
                &[backup_plan::at::rules.name(), backup_plan::at::copies.name(), backup_plan::at::selections.name()],
            ),
            read(backup_vault::NAME, TOKYO, &[backup_vault::at::lock.name(), backup_vault::at::policy.name()]),
            read(
                backup_vault::NAME,
                OSAKA,
                &[backup_vault::at::kms_key.name(), backup_vault::at::lock.name(), backup_vault::at::policy.name()],
            ),
            read(kms_key::NAME, OSAKA, &[kms_key::at::enabled.name(), kms_key::at::policy.name()]),
            read(
                iam_role::NAME,
                GLOBAL,
                &[
                    iam_role::at::trust.name(),
                    iam_role::at::managed_policies.name(),
                    iam_role::at::inline_policies.name(),
                    iam_role::at::permissions_boundary.name(),
                ],
            ),
        ],
        recovery::copies,
    )
    .facts(&[(backup_vault::NAME, Region::Osaka), (db_instance::NAME, Region::Tokyo), (db_instance::NAME, Region::Osaka)])
    .demands(
        "a plan, foreign or ours, selects it, runs every day and copies to Osaka for long enough (in production a day longer than \
         promised, because AWS counts from the backup in Tokyo and a copy needs time to arrive); locks and policies of both vaults \
         let backups and copies pass; a replica is judged by its source; the vault there and its key are usable; \
         the role, who may assume it, its policies and its boundary are as declared or allow more, those of others as AWS makes them; in an audit, a recovery point lies in \
         Osaka, also of a database that is gone",
        "毎日実行されるプラン（管理外を含む）の対象で、約束の期間だけ大阪に複製されること（AWS は東京でのバックアップから数え、複製の到着に\
         時間がかかるため、本番環境では約束より一日長いこと）。双方のボールトのロックとポリシーがバックアップと複製を妨げないこと（リードレプリカは複製元で判定）。大阪のボールトと鍵が使え、ロールを引き受けられる者とポリシーと境界が宣言どおり、または許可を加えたもの（管理外のロールは AWS の既定どおり）であること。\
         監査では大阪に復旧ポイントがあること（失われたデータベースのものを含む）",
    )
    .missing(
        "Whether a restore from Osaka works is not tried. What boundaries and managed policies say, the policy of the key in Tokyo, \
         and for which kinds of resources the account has opted in to backups are not read.",
        "大阪からの復元は試していません。境界と管理ポリシーの内容、東京の鍵のポリシー、バックアップを有効にした資源の種類\
         （オプトイン）は読み取りません。",
    ),
    check(
        slug::EVENT_LOGS,
        &[about(db_instance::NAME, BOTH, Ours, &[db_instance::at::engine.name(), db_instance::at::log_exports.name()])],
        service::event_logs,
    )
    .demands("the declared logs go to CloudWatch Logs", "宣言したログが CloudWatch Logs に送られること")
    .missing(
        "CloudTrail, flow logs and the retention of log groups are not read yet.",
        "CloudTrail、フローログ、ロググループの保管期間はまだ調べていません。",
    ),
    check(
        slug::CLOCK,
        &[
            about(vpc::NAME, BOTH, Ours, &[vpc::at::dhcp_options.name()]),
            about(db_instance::NAME, BOTH, Ours, &[db_instance::at::engine.name(), db_instance::at::parameter_group.name()]),
            read(dhcp_options::NAME, BOTH, &[dhcp_options::at::ntp_servers.name()]),
            read(db_parameter_group::NAME, BOTH, &[db_parameter_group::at::parameters.name()]),
        ],
        service::clock,
    )
    .demands(
        "networks use Amazon Time Sync, and databases run in UTC",
        "ネットワークが Amazon Time Sync を使い、データベースのタイムゾーンが UTC であること",
    )
    .missing("The clocks of hosts are not measured.", "ホストの時刻は測定していません。"),
    check(
        slug::TENANT_ISOLATION,
        &ISOLATION,
        network::isolation,
    )
    .demands(
        "no packet of one tenant arrives at another: neither at the hosts and databases that exist, nor at any host that a tenant \
         could start in its own subnets with its own groups; no host belongs to two tenants; subnets give no public addresses; without \
         a tenant there is nothing to isolate",
        "あるテナントの通信が別のテナントに届かないこと。既存のホストとデータベースに加え、テナントが自分のサブネットで自分のグループを付けて\
         起動できるホストについても判定します。二つのテナントに属するホストがなく、サブネットが公開アドレスを付けないこと。テナントが\
         なければ対象なし",
    )
    .missing(
        "Hosts pass nothing on, unless AWS checks neither source nor destination there. Two hosts that are both started without a \
         group reach each other by the rule that AWS writes into the default group; that rule is not counted. VPC Lattice, traffic \
         mirroring and the rules of firewalls are not read; what a firewall may let pass leaves a pair undecided.",
        "送信元と送信先の確認が無効なホストを除き、ホストは通信を中継しないものとします。グループを指定せずに起動したホスト同士は、AWS が\
         デフォルトグループに書く規則で互いに届きますが、この規則は数えません。VPC Lattice、トラフィックミラーリング、ファイアウォールの\
         規則は読み取りません。ファイアウォールが通し得る組は未確定になります。",
    ),
    check(slug::THREE_ENVIRONMENTS, &[every_kind(All, PartRole::Beside)], service::environments)
        .demands(
            "three different accounts, the caller's account is this one, and nothing carries another environment's tag",
            "三つの環境のアカウントが異なり、呼び出し元がこのアカウントで、別環境のタグが付いた資源がないこと",
        )
        .missing(
            "Whether what runs in production was verified in staging is not judged yet.",
            "本番の内容が検証環境で確認済みかどうかはまだ判定していません。",
        ),
    check(
        slug::EVIDENCE_PROTECTION,
        &[about(
            bucket::NAME,
            TOKYO,
            Ours,
            &[
                bucket::at::versioning.name(),
                bucket::at::object_lock.name(),
                bucket::at::default_retention.name(),
                bucket::at::encryption.name(),
                bucket::at::public_access_block.name(),
                bucket::at::object_ownership.name(),
                bucket::at::policy.name(),
                bucket::at::lifecycle.name(),
            ],
        )],
        records::protected,
    )
    .demands(
        "the bucket of the records is private, encrypted and versioned, locks what is written for the declared days, denies what \
         its policy must deny, and lets nothing expire that is not declared",
        "記録のバケットが非公開で暗号化・版管理され、書き込みを宣言した日数だけ固定し、ポリシーが拒否すべき操作を拒否し、宣言していない期限切れがないこと",
    )
    .missing(
        "Records in a folder, the trail of CloudTrail and who may read the records are not judged yet.",
        "フォルダ内の記録、CloudTrail の証跡、記録を読める者はまだ判定していません。",
    ),
    check(slug::CRYPTOGRAPHIC_CONTROLS, &[], joined)
        .repeats(&[slug::ENCRYPTION_AT_REST, slug::ENCRYPTION_IN_TRANSIT])
        .demands("what clause 8 demands", "第 8 項と同じ")
        .missing("What clause 8 does not look at yet.", "第 8 項でまだ調べていない範囲と同じです。"),
    check(slug::VIRTUAL_SEPARATION, &SEPARATION, network::separation)
        .demands(
            "no packet of one tenant arrives at another, and no database is encrypted with the key of another tenant than its own; \
             databases that tenants share are named",
            "あるテナントの通信が別のテナントに届かず、データベースが別のテナントの鍵で暗号化されていないこと。テナントが共有するデータベースは\
             明示します",
        )
        .missing(
            "In a shared database the application separates the rows, and in the vaults of an environment lie the backups of all its \
             tenants. Buckets of customers' files, roles of tenants, endpoint policies and logs are not judged by tenant yet.",
            "共有データベースの行の分離はアプリケーションの役割です。ボールトには環境内の全テナントのバックアップが置かれます。お客様の\
             ファイルのバケット、テナントのロール、エンドポイントのポリシー、ログはまだテナントごとに判定しません。",
        ),
];

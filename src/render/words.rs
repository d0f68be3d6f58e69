//! The words of plans in both languages, side by side: one word for one thing. What a plan itself says is in
//! `model::reason::plan`.

use crate::model::{Action, Explained, Impact, Language};

/// A count with its noun. English has two forms, Japanese one.
#[derive(Debug, Clone, Copy)]
pub struct Noun {
    one: &'static str,
    many: &'static str,
    /// With `{}` where the number stands.
    ja: &'static str,
}

impl Noun {
    const fn new(one: &'static str, many: &'static str, ja: &'static str) -> Self {
        Self { one, many, ja }
    }

    pub fn count(self, count: usize, language: Language) -> String {
        match language {
            Language::En => format!("{count} {}", if count == 1 { self.one } else { self.many }),
            Language::Ja => self.ja.replace("{}", &count.to_string()),
        }
    }
}

pub const ELEMENTS: Noun = Noun::new("elements", "elements", "要素 {} 個");
pub const ENTRIES: Noun = Noun::new("entries", "entries", "項目 {} 個");
pub const STATEMENTS: Noun = Noun::new("statement", "statements", "ステートメント {} 個");
pub const CHARACTERS: Noun = Noun::new("character", "characters", "{} 文字");
pub const TAGS: Noun = Noun::new("tag", "tags", "タグ {} 個");
pub const UNCHANGED: Noun = Noun::new("unchanged", "unchanged", "変更なし {} 個");
pub const AS_DECLARED: Noun =
    Noun::new("resource is exactly as declared", "resources are exactly as declared", "リソース {} 個が宣言のとおり");
pub const NO_WAY_BACK: Noun = Noun::new("change has no way back", "changes have no way back", "元に戻せない変更が {} 件");
pub const FAILED_READS: Noun = Noun::new("read failed", "reads failed", "読み取りの失敗 {} 件");
pub const CHANGED: Noun = Noun::new("changed", "changed", "変更 {} 個");
pub const MISSING_COUNT: Noun = Noun::new("missing", "missing", "欠落 {} 個");
pub const DELETED: Noun =
    Noun::new("resource is deleted or replaced", "resources are deleted or replaced", "削除または作り直し {} 件");
pub const LOWERED: Noun = Noun::new("change lowers protection", "changes lower protection", "保護を下げる変更 {} 件");
pub const INTERRUPTED: Noun = Noun::new("change interrupts", "changes interrupt", "中断を伴う変更 {} 件");
pub const POLICY_COUNT: Noun = Noun::new("policy", "policies", "ポリシー {} 件");
pub const REFUSING: Noun = Noun::new("refuses", "refuse", "適用を拒否 {} 件");
pub const WARNING: Noun = Noun::new("warns", "warn", "警告 {} 件");
pub const POLICIES_KEPT: Noun = Noun::new("kept", "kept", "遵守 {} 件");
pub const LOOKED_AT: Noun = Noun::new("looked at", "looked at", "確認 {} 件");
pub const MORE: Noun = Noun::new("more", "more", "ほか {} 件");

macro_rules! words {
    ($($name:ident: $en:literal, $ja:literal;)*) => {
        $(pub const $name: Explained = Explained::new($en, $ja);)*
        #[cfg(test)]
        const ALL: &[Explained] = &[$($name),*];
    };
}

words! {
    PLAN: "plan", "計画";
    PAGE_TITLE: "Plan", "計画";
    ALTERED: "This plan was altered after it was made: nothing below can be relied on, and no apply accepts it.",
        "この計画は作成後に書き換えられています。以下の内容は信頼できず、適用は拒否されます。";
    ENVIRONMENT: "environment", "環境";
    ACCOUNT: "account", "アカウント";
    RELEASE: "release", "リリース";
    REGIONS: "regions", "リージョン";
    CALLER: "caller", "呼び出し元";
    AUTHOR: "author", "作成者";
    WORLD: "world", "実行先";
    REHEARSAL: "simulated; AWS was not asked", "模擬環境です。AWS への問い合わせはありません";
    SIMULATED: "Simulated world: nothing here was read from AWS, and no apply of this plan reaches it.",
        "模擬環境です。AWS から読み取ったものではなく、この計画を適用しても AWS には届きません。";
    READ_LIVE: "read live", "読み取り";
    EXPIRES: "expires", "期限";
    TREE: "the tree", "作業ツリー";
    PLAN_ID: "plan id (SHA-256 of the body)", "計画 ID (本文の SHA-256)";
    CONFIGURATION: "configuration", "設定ファイル";
    PROMISES_FILE: "promises", "約束";
    TOOL: "tokaido", "tokaido";

    VERDICT: "Verdict", "判定";
    SUMMARY: "Summary", "まとめ";
    NEXT: "Next", "次に実行するコマンド";
    IMPACT: "impact", "影響";
    ACTIONS: "actions", "操作";
    NOTHING_TO_DO: "nothing to do", "変更は不要";
    NO_CHANGES: "no changes", "変更なし";
    NOTHING_DESTROYED: "nothing is destroyed or replaced", "削除や作り直しはありません";
    SEE_BELOW: "see below", "下に記載";

    CREATE: "create", "作成";
    UPDATE: "update", "変更";
    REPLACE: "replace", "作り直し";
    DELETE: "delete", "削除";
    ADOPT: "adopt", "引き継ぎ";
    PENDING_COUNT: "pending", "保留中";
    UNCHANGED_COUNT: "unchanged", "変更なし";
    CHANGES_NAMES: "changes", "対象";
    NEXT_STEP: "next:", "次の手順:";

    DESTRUCTIVE_COUNT: "destructive", "削除・作り直し";
    INTERRUPTION_COUNT: "interrupting", "中断";
    EXPOSURE_COUNT: "exposure", "公開範囲";
    IRREVERSIBLE_COUNT: "irreversible", "元に戻せない";
    IN_PLACE_COUNT: "in place", "無停止での変更";
    CREATE_COUNT: "create", "作成";
    ADOPT_COUNT: "adopt", "引き継ぎ";
    TAGS_COUNT: "tags only", "タグのみ";

    DESTRUCTIVE: "Destructive", "削除・作り直し";
    DESTRUCTIVE_MEANS: "something disappears", "なくなるものがあります";
    INTERRUPTION: "Interruption", "中断";
    INTERRUPTION_MEANS: "users may notice a restart or a failover", "再起動やフェイルオーバーが利用者に見えることがあります";
    EXPOSURE: "Exposure", "公開範囲";
    EXPOSURE_MEANS: "who can reach what changes", "どこから何に届くかが変わります";
    IRREVERSIBLE: "Irreversible", "元に戻せない";
    IRREVERSIBLE_MEANS: "there is no way back", "元に戻す手段がありません";
    IN_PLACE: "In place", "無停止での変更";
    IN_PLACE_MEANS: "no interruption", "中断はありません";
    IN_PLACE_RISK: "In place, with a risk", "無停止での変更（注意が必要）";
    IN_PLACE_RISK_MEANS: "no interruption, and a code to look at", "中断はありませんが、確かめるべき記号があります";
    IN_PLACE_REST: "In place, the others", "無停止での変更（ほか）";
    CREATE_REST: "Create, the others", "作成（ほか）";
    CREATE_RISK: "Create, with a risk", "作成（注意が必要）";
    CREATE_RISK_MEANS: "new resources with a code to look at", "確かめるべき記号がある新しいリソース";
    CREATE_GROUP: "Create", "作成";
    CREATE_MEANS: "new resources", "新しいリソース";
    ADOPT_GROUP: "Adopt", "引き継ぎ";
    ADOPT_MEANS: "existing resources that become ours", "既にあるリソースを管理下に置きます";
    TAGS_GROUP: "Tags only", "タグのみ";
    TAGS_MEANS: "no effect on a service", "サービスへの影響はありません";

    POLICIES: "Policies", "組織のポリシー";
    REFUSES: "refuses", "適用を拒否";
    WARNS: "warns", "警告";
    UNJUDGED: "the policy says nothing of", "ポリシーが何も述べていない対象";
    UNASKED: "not asked, because a read failed", "読み取りに失敗したため判定していません";
    DENIED: "A policy refuses this plan: it cannot be applied.", "ポリシーに違反するため、この計画は適用できません。";

    BLOCKED: "Blocked", "拒否";
    BLOCKED_COUNT: "blocked", "拒否";
    BLOCKED_MEANS: "declared, and refused by this plan; nothing is tried", "宣言されていますが、この計画では行いません";
    DRIFTED: "Drifted", "ずれ";
    DRIFTED_COUNT: "drifted", "ずれ";
    DRIFTED_MEANS: "changed outside tokaido", "tokaido の外で変更されました";
    DRIFTED_SIDES: "last applied → live", "前回の適用 → 実環境";
    DIFFERENT_MEANS: "cause unknown, no apply was recorded", "原因は不明です。適用の記録がありません";
    DIFFERENT_SIDES: "declared → live", "宣言 → 実環境";
    PENDING: "Pending", "保留中";
    PENDING_MEANS: "AWS has accepted the value and will apply it later", "AWS は値を受け付け、後で反映します";
    MANAGED: "Service-managed", "AWS による変更";
    MANAGED_MARK: "managed", "AWS";
    MANAGED_MEANS: "more than declared, and accepted", "宣言を上回っており、そのまま認めます";
    ORPHANS: "Orphans", "宣言のないリソース";
    ORPHAN: "orphan", "宣言なし";
    ORPHANS_MEANS: "carry our tag, are not declared any more; left alone", "tokaido のタグがあり、宣言からは消えています。何もしません";
    ORPHAN_DELETE: "to delete it, paste under `retire:`", "削除するには `retire:` の下に貼り付けます";
    ORPHAN_STAYS: "holds data: no plan deletes it", "データを持つため、計画で削除することはありません";
    FOREIGN: "Foreign", "管理外";
    FOREIGN_MEANS: "not ours by their tags; reported, never touched", "タグから見て管理外です。知らせるだけで触れません";
    COPIES: "Copies", "複製";
    COPIES_MEANS: "carry our tags under another name; never owned, never deleted",
        "tokaido のタグが付いた別名のものです。管理も削除もしません";
    COPY_OF: "carries the tags of", "このタグの元:";
    UNREADABLE: "Unreadable", "読み取り不可";
    UNREADABLE_COUNT: "unreadable", "読み取り不可";
    UNREADABLE_MEANS: "not known, so not ok", "分からないものは正常とみなしません";
    UNCONFIRMED: "Not confirmed by AWS", "AWS に確認できなかったもの";
    UNCONFIRMED_MEANS: "AWS did not say whether it offers what is declared; an apply may be refused there",
        "宣言した値が提供されているかどうかを AWS が答えませんでした。適用時に拒否されることがあります";
    NO_OFFER: "AWS names nothing that it offers", "AWS から提供内容の回答がありません";
    EVERY: "every", "すべての";
    SPENT: "Spent tombstones", "使い終えた削除指定";
    SPENT_MEANS: "no live resource carries their tags", "このタグを持つリソースは実環境にありません";
    SPENT_LINE: "the line can go", "この行は消せます";
    SPENT_HELD: "holds its name without its tags, so it is not deleted: put the tags back, or remove the line",
        "が元のタグなしで同じ名前を使っているため、削除しません。タグを付け直すか、この行を消します";
    DIVERGENCES: "Divergences", "逸脱";
    DIVERGENCES_MEANS: "promises kept less strictly here, as declared", "この環境で緩めている約束です";
    OWNER: "owner", "責任者";
    UNTIL: "until", "期限";
    IN_REGION: "in", "·";

    WAY_BACK: "Way back", "切り戻し";
    WAY_BACK_ALL: "everything can be taken back", "すべて元に戻せます";
    UPDATE_BACK: "update back", "元の値に変更";
    RETIRE: "retire", "撤去";
    MAKE_AGAIN: "make again", "作り直す";
    ONE_WAY: "one-way", "不可逆";

    RESTART: "[restart]", "[再起動]";
    NEXT_WINDOW: "[next window]", "[次のメンテナンス時間帯]";
    ONE_WAY_TAIL: "[one-way]", "[不可逆]";
    CANNOT_CHANGE: "[cannot change]", "[変更不可]";
    CAUSE_UNKNOWN: "cause unknown", "原因不明";
    PENDING_CLASS: "pending", "保留中";
    MANAGED_CLASS: "service-managed", "AWS による変更";

    HEAD: "Before you approve", "承認の前に";
    HEAD_DATA: "Data and outage", "データと停止";
    HEAD_NOTICE: "Notice to customers", "お客様への予告";
    HEAD_STAGING: "Staging", "ステージング";
    HEAD_TRUE: "Still true", "今も正しいか";
    HEAD_WINDOW: "Window", "実施の時間帯";
    HEAD_BACK: "Way back", "切り戻し";
    HEAD_WHO: "Who", "作成と承認";
    HEAD_LANE: "Said here alone", "この環境だけの設定";
    NOTHING_DELETED: "Nothing is deleted or replaced", "削除や作り直しはありません";
    NO_OUTAGE: "Nothing is interrupted", "中断はありません";
    NOT_JUDGED: "what could not be read is not judged", "読み取れなかったものは判断していません";
    UNTIL_MOVED: "apply refuses it when what it changes has moved since",
        "その後に対象が動いていれば、適用は拒否されます";
    MADE_BY: "made by", "作成";
    APPROVED_BY: "approved by", "承認済み";
    STILL_MISSING: "still needed", "承認待ち";
    NO_APPROVAL_YET: "not approved yet", "まだ誰も承認していません";

    TWIN_NEVER: "never executed in staging", "ステージングで未実施";
    TWIN_OTHERWISE: "staging came to it by another operation", "ステージングでは別の操作で設定";
    TWIN_OTHER: "staging had other values", "ステージングでは別の値";
    TWIN_SAME: "same as in staging", "ステージングと同じ";


    CODES: "Codes on this page", "このページの記号";
    ATTRIBUTE: "attribute", "属性";
    BEFORE_AFTER: "before → after", "変更前 → 変更後";
    RESOURCE: "resource", "リソース";
    STATE_AND_FACTS: "state, and what was read", "状態と読み取った値";
    CONTENTS: "Changes by consequence", "影響ごとの件数";
    SHOW_ALL: "whole value", "全文";
    FOLDED: "Folded to fit into one comment:", "一つのコメントに収めるため省略:";
    CUT: "This comment is incomplete: it cannot hold every row that must be read. Decide by the whole plan, not by this.",
        "このコメントは不完全です。読むべき行がすべては入りません。必ず計画の全体を見て判断してください。";
    WHOLE_PLAN: "The whole plan:", "計画の全体:";
}

/// A sentence made of facts, in the language that is asked for.
pub fn either(language: Language, en: impl Into<String>, ja: impl Into<String>) -> String {
    match language {
        Language::En => en.into(),
        Language::Ja => ja.into(),
    }
}

/// `3 drifted`, `ずれ 3`
pub fn tallied(count: usize, word: &str, language: Language) -> String {
    match language {
        Language::En => format!("{count} {word}"),
        Language::Ja => format!("{word} {count}"),
    }
}

pub const fn action(action: Action) -> Explained {
    match action {
        Action::Create => CREATE,
        Action::Update => UPDATE,
        Action::Replace => REPLACE,
        Action::Delete => DELETE,
        Action::Adopt => ADOPT,
    }
}

/// In the line of one change.
pub const fn impact(impact: Impact) -> Explained {
    match impact {
        Impact::Destructive => DESTRUCTIVE_COUNT,
        Impact::Interruption => Explained::new("interruption", "中断"),
        Impact::Exposure => EXPOSURE_COUNT,
        Impact::Irreversible => IRREVERSIBLE_COUNT,
        Impact::InPlace => IN_PLACE_COUNT,
        Impact::Create => CREATE_COUNT,
        Impact::Adopt => ADOPT_COUNT,
        Impact::TagsOnly => TAGS_COUNT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_both_languages() {
        for word in ALL.iter().filter(|word| word.en != "tokaido" && word.ja != "·" && word.ja != "AWS") {
            assert!(!word.en.is_empty() && word.en.is_ascii() || word.en.contains('→'), "{word:?}");
            assert!(!word.ja.is_empty() && !word.ja.is_ascii(), "{word:?}");
        }
    }

    /// One word for one thing: the same English word is the same Japanese word.
    #[test]
    fn a_word_has_one_translation() {
        for word in ALL {
            let others = ALL.iter().filter(|other| other.en.eq_ignore_ascii_case(word.en));
            for other in others {
                assert_eq!(word.ja, other.ja, "{}", word.en);
            }
        }
    }

    #[test]
    fn counts_say_their_number() {
        for noun in [
            ELEMENTS,
            ENTRIES,
            STATEMENTS,
            CHARACTERS,
            TAGS,
            UNCHANGED,
            AS_DECLARED,
            NO_WAY_BACK,
            CHANGED,
            MISSING_COUNT,
            POLICY_COUNT,
            REFUSING,
            WARNING,
            POLICIES_KEPT,
            LOOKED_AT,
            MORE,
        ] {
            assert!(noun.count(1, Language::En).starts_with("1 ") && noun.count(12, Language::En).starts_with("12 "));
            assert!(noun.count(12, Language::Ja).contains("12") && !noun.count(12, Language::Ja).contains("{}"));
        }
    }
}

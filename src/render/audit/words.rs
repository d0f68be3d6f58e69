//! The words of an audit in both languages, and glyphs that do not depend on colour.

use crate::model::{Language, Level, VerdictState};

pub const fn say(language: Language, en: &'static str, ja: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Ja => ja,
    }
}

pub const fn state(state: VerdictState, language: Language) -> &'static str {
    let ja = match state {
        VerdictState::Broken => "違反",
        VerdictState::Unknown => "不明",
        VerdictState::Pending => "反映待ち",
        VerdictState::Kept => "遵守",
        VerdictState::NotApplicable => "対象なし",
        VerdictState::NoCheckYet => "未判定",
        VerdictState::OutsideInfrastructure => "インフラ対象外",
    };
    say(language, state.as_str(), ja)
}

pub const fn level(level: Level, language: Language) -> &'static str {
    let ja = match level {
        Level::Configured => "設定を確認",
        Level::Effective => "反映を確認",
        Level::Evidenced => "実績を確認",
    };
    say(language, level.as_str(), ja)
}

pub const fn glyph(state: VerdictState) -> &'static str {
    match state {
        VerdictState::Broken => "×",
        VerdictState::Unknown => "?",
        VerdictState::Pending => "…",
        VerdictState::Kept => "✓",
        VerdictState::NotApplicable | VerdictState::NoCheckYet | VerdictState::OutsideInfrastructure => "-",
    }
}

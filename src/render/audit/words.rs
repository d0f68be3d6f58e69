//! The words of an audit in both languages, and glyphs that do not depend on colour.

use crate::model::{Language, Level, VerdictState};

pub const fn say(language: Language, en: &'static str, ja: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Ja => ja,
    }
}

pub const fn state(state: VerdictState, language: Language) -> &'static str {
    state.titled().say(language)
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

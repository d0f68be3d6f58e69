//! How AWS lets an attribute change, and exceptions to that.

use super::impact::Impact;
use super::reason::plan::Wait;
use super::text::Explained;
use super::value::Value;

/// How AWS lets an attribute change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mutability {
    /// One call changes it without an interruption.
    InPlace,
    /// It changes in place, and takes effect with a restart, at once or in the maintenance window.
    Reboot,
    /// AWS applies it in the maintenance window. tokaido never sends `ApplyImmediately`.
    Window,
    /// One call changes it. The text says when the change reaches everything that it concerns.
    Staged(Explained),
    /// AWS cannot change it on a live resource. A plan never replaces the resource: it shows this procedure and refuses.
    Forbidden(Explained),
}

impl Mutability {
    /// When a new value takes effect, in words.
    #[must_use]
    pub const fn when(self) -> Explained {
        match self {
            Self::InPlace => Explained::new("now", "すぐに反映"),
            Self::Reboot => Explained::new("effective after a manual reboot", "手動で再起動した後に反映"),
            Self::Window => Explained::new("in the next maintenance window", "次のメンテナンス時間帯に反映"),
            Self::Staged(words) => words,
            Self::Forbidden(_) => Explained::new("never", "変更できない"),
        }
    }

    /// What AWS waits for before it applies a new value; `None` where it does not wait.
    #[must_use]
    pub const fn wait(self) -> Option<Wait> {
        match self {
            Self::Window => Some(Wait::Window),
            Self::Reboot => Some(Wait::Reboot),
            Self::InPlace | Self::Staged(_) | Self::Forbidden(_) => None,
        }
    }

    /// The word in the tables of the documentation: `in place`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InPlace => "in place",
            Self::Reboot => "reboot",
            Self::Window => "window",
            Self::Staged(_) => "staged",
            Self::Forbidden(_) => "forbidden",
        }
    }
}

/// Changes for which AWS has another rule than for the rest of an attribute.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The changes in words, for tables: `0 ↔ n`.
    pub words: &'static str,
    /// Whether the case holds for this value before and this value after.
    pub applies: fn(&Value, &Value) -> bool,
    /// How AWS lets the attribute change in this case.
    pub mutability: Mutability,
    /// What the change means to others in this case.
    pub impact: Impact,
}

impl Case {
    /// The changes in words, which they are, and their rule.
    #[must_use]
    pub const fn new(words: &'static str, applies: fn(&Value, &Value) -> bool, mutability: Mutability, impact: Impact) -> Self {
        Self { words, applies, mutability, impact }
    }
}

/// Whether `false` becomes `true`, for [`Case::applies`].
#[must_use]
pub fn turned_on(before: &Value, after: &Value) -> bool {
    *before == Value::Bool(false) && *after == Value::Bool(true)
}

/// Whether a set gets an item, for [`Case::applies`]: of two whole sets, or of the difference of one item.
#[must_use]
pub fn adds(before: &Value, after: &Value) -> bool {
    let live = before.as_list().unwrap_or_default();
    after.as_list().map_or(before.is_null() && !after.is_null(), |wanted| wanted.iter().any(|item| !live.contains(item)))
}

/// Whether `true` becomes `false`, for [`Case::applies`].
#[must_use]
pub fn turned_off(before: &Value, after: &Value) -> bool {
    turned_on(after, before)
}

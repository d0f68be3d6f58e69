//! Whom a statement or a grant lets use a key.

use std::collections::BTreeSet;

use super::super::parts::Unclear;

/// Twelve digits.
pub(super) type Account = String;

/// Whom a statement lets use the key, beside the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Every account.
    Everybody,
    /// These other accounts.
    Accounts(BTreeSet<Account>),
    /// What tokaido reads does not say it.
    Unclear(Unclear),
}

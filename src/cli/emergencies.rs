//! Emergency overrides without a review: every command that looks at the environment reports them.

use crate::pipeline::Session;
use crate::render::jst;
use crate::store::open_emergencies;

use super::args::Cli;
use super::context;
use super::terminal::Terminal;

/// One line on standard error for each of them, so that every operator who plans or applies sees it.
pub async fn note_open(cli: &Cli, session: &Session, terminal: &Terminal) {
    let Ok(records) = session.store.emergencies(session.desired.environment).await else { return };
    for emergency in open_emergencies(&records) {
        terminal.note(&format!(
            "emergency {id} of {} is not reviewed yet: {} ({}, {}); next: {} review {id} --key FILE",
            emergency.environment,
            emergency.reason,
            emergency.by,
            jst(&emergency.at.to_string()),
            context::command(cli),
            id = emergency.id,
        ));
    }
}

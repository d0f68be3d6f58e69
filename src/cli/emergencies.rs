//! Emergency overrides without a review: every command that looks at the environment reports them.

use crate::pipeline::Session;
use crate::render::jst;
use crate::store::open_emergencies;

use super::args::Cli;
use super::context;
use super::terminal::Terminal;
use super::words::applying::Applying;

/// One line on standard error for each of them, so that every operator who plans or applies sees it.
pub async fn note_open(cli: &Cli, session: &Session, terminal: &Terminal) {
    let Ok(records) = session.store.emergencies(session.desired.environment).await else { return };
    for emergency in open_emergencies(&records) {
        terminal.note(Applying::NotReviewed {
            id: emergency.id.clone(),
            environment: emergency.environment,
            reason: emergency.reason.clone(),
            by: emergency.by.clone(),
            at: jst(&emergency.at.to_string()),
            tokaido: context::command(cli),
        });
    }
}

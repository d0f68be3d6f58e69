//! Records that commands read before they decide, and the refusal when they cannot be read.

use crate::govern::watch::Last;
use crate::model::{Environment, Explained};
use crate::store::{Store, StoreError, last_sighting};

use super::args::Cli;
use super::context::{self};
use super::exit::Failure;

/// The newest sighting; or, in words, why it is unknown.
pub async fn sighted(cli: &Cli, store: &dyn Store, environment: Environment) -> Result<Result<Option<Last>, String>, Failure> {
    Ok(last_sighting(store, environment, context::now(cli)?).await.map_err(|error| error.to_string()))
}

/// A refusal because the records of the environment could not be read.
pub fn unreadable(error: &StoreError) -> Failure {
    let consequence = Explained::new(
        "; without the records nobody knows what was proven, and nothing was changed",
        "。記録がなければ何が確認済みか分かりません。何も変更していません",
    );
    Failure::unread(error, consequence)
}

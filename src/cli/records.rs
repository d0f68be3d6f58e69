//! Records that commands read before they decide, and the refusal when they cannot be read.

use crate::govern::watch::Last;
use crate::model::{Environment, Explained, Reason as _, Said};
use crate::store::{Store, StoreError, last_sighting};

use super::args::Cli;
use super::context::{self};
use super::exit::Failure;

/// The newest sighting; or, in words, why it is unknown.
pub async fn sighted(cli: &Cli, store: &dyn Store, environment: Environment) -> Result<Result<Option<Last>, Said>, Failure> {
    Ok(last_sighting(store, environment, context::now(cli)?).await.map_err(|error| error.said()))
}

/// A refusal because the records of the environment could not be read.
pub fn unreadable(error: &StoreError) -> Failure {
    let consequence = Explained::new(
        "; without the records tokaido does not know what was proven, and nothing was changed",
        "。記録がなければ何が確認済みか分かりません。何も変更していません",
    );
    Failure::unread(error, consequence)
}

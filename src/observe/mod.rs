//! Level 8: looks at the live world. Bounded concurrent reads; what could not be read is recorded, never guessed.

use futures::StreamExt as _;
use futures::stream;

use crate::kinds;
use crate::model::observed::{CallRecord, ObservedState};
use crate::model::{DesiredState, Region, Schemas, Unreadable};
use crate::plan::classify;
use crate::world::{ProviderError, World};

/// Lists at once: AWS's limits are per operation, so different kinds do not slow each other.
const AT_ONCE: usize = 8;

/// Reads every kind in every region it lives in, and sorts the answers.
pub async fn observe(world: &dyn World, desired: &DesiredState, schemas: &Schemas) -> ObservedState {
    let questions: Vec<(&'static str, Region)> =
        kinds::ALL.into_iter().flat_map(|kind| kind.regions.iter().map(|region| (kind.schema.kind, *region))).collect();
    let answers = stream::iter(questions.into_iter().enumerate())
        .map(|(index, (kind, region))| async move {
            let answer = match world.driver(kind, region) {
                Some(driver) => driver.list().await.map_err(|error| unreadable(kind, region, &error)),
                None => Err(missing_driver(kind, region)),
            };
            let read = CallRecord { kind: kind.to_owned(), region, at: world.clock().now().to_string() };
            (index, (read, answer))
        })
        .buffer_unordered(AT_ONCE);
    let mut answers: Vec<_> = answers.collect().await;
    // Answers arrive in any order; the state is built in one.
    answers.sort_by_key(|(index, _)| *index);
    classify(desired, schemas, answers.into_iter().map(|(_, answer)| answer).collect())
}

fn unreadable(kind: &str, region: Region, error: &ProviderError) -> Unreadable {
    Unreadable {
        kind: kind.to_owned(),
        region,
        physical: None,
        id: None,
        operation: error.operation.clone(),
        error: format!("{error}; next: {}", error.next()),
    }
}

fn missing_driver(kind: &str, region: Region) -> Unreadable {
    Unreadable {
        kind: kind.to_owned(),
        region,
        physical: None,
        id: None,
        operation: "list".to_owned(),
        error: "this world has no such kind".to_owned(),
    }
}

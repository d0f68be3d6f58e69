//! One step: precheck → intent → act → wait.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::kinds::{self, Kind};
use crate::model::plan::hex;
use crate::model::tags::{self, Tags};
use crate::model::{
    Action, ApplyEvent, Attributes, Change, Diff, KindSchema, Live, Operation, Outcome, Plan, Reference, Status, Step,
};
use crate::plan::compare::{self, with_tags};
use crate::plan::links::{Index, lift, lower};
use crate::plan::patch;
use crate::store::{Record, StoreError};
use crate::world::{Changed, CreateRequest, Driver, ErrorClass, ProviderError, UpdateRequest};

use super::settle::{Progress, Settled, Waiting, ready, settle};
use super::{Bindings, Execution};

/// A stuck "busy" answer is asked again this often before the step fails.
const BUSY_RETRIES: usize = 30;

type Events<'e> = &'e mut (dyn FnMut(ApplyEvent) + Send);

/// The value of the intent tag of a step's create.
#[must_use]
pub fn intent(plan: &Plan, step: usize) -> String {
    hex(&Sha256::digest(format!("{}/{}/{step}", plan.id, plan.nonce)))[..32].to_owned()
}

struct Job<'a> {
    execution: &'a Execution<'a>,
    step: &'a Step,
    change: &'a Change,
    kind: &'static Kind,
    driver: &'a dyn Driver,
}

pub(super) async fn run(
    execution: &Execution<'_>,
    step: &Step,
    bindings: &mut Bindings,
    on_event: Events<'_>,
) -> Result<Outcome, StoreError> {
    let change = execution.plan.body.changes.iter().find(|change| change.id == step.id);
    let (Some(change), Some(kind)) = (change, kinds::find(&step.id.kind)) else {
        return Ok(failed(format!("the plan has no change for {}", step.id)));
    };
    let Some(driver) = execution.world.driver(&step.id.kind, step.id.region) else {
        return Ok(failed(format!("this world has no {}", step.id.kind)));
    };
    let job = Job { execution, step, change, kind, driver: &*driver };
    match step.operation {
        Operation::Create => job.create(bindings, on_event).await,
        Operation::Update => job.update(bindings, on_event).await,
        Operation::Delete => job.delete(on_event).await,
    }
}

fn failed(error: impl Into<String>) -> Outcome {
    Outcome::Failed { error: error.into() }
}

/// An error after a call: failed when AWS refused, unknown when no answer says.
fn ended(error: &ProviderError) -> Outcome {
    let text = format!("{error}; next: {}", error.next());
    if error.changed == Changed::Maybe { Outcome::Unknown { error: text } } else { failed(text) }
}

fn unresolved(reference: &Reference) -> Outcome {
    failed(format!("{} has no {} yet", reference.to, reference.output))
}

impl Job<'_> {
    fn schema(&self) -> &'static KindSchema {
        self.kind.schema
    }

    fn remember_intent(&self) -> Result<String, StoreError> {
        let intent = intent(self.execution.plan, self.step.number);
        let record = Record::Intent {
            at: self.execution.world.clock().now(),
            plan: self.execution.plan.id.clone(),
            step: self.step.number,
            id: self.step.id.clone(),
            operation: self.step.operation,
            intent: intent.clone(),
        };
        self.execution.store.append(self.execution.desired.environment, &record)?;
        Ok(intent)
    }

    /// Live attributes as the plan writes them: lifted, with the tags.
    fn lifted(&self, live: &Live, index: &Index) -> Attributes {
        with_tags(&lift(self.schema(), self.step.id.region, &live.attributes, index), &live.tags)
    }

    async fn create(&self, bindings: &mut Bindings, on_event: Events<'_>) -> Result<Outcome, StoreError> {
        let (attributes, tags) = self.change.created();
        if let Some(refusal) = self.not_absent(&attributes, &tags) {
            return Ok(refusal);
        }
        let attributes = match lower(&attributes, &bindings.outputs) {
            Ok(attributes) => attributes,
            Err(reference) => return Ok(unresolved(&reference)),
        };
        let intent = self.remember_intent()?;
        let mut request = CreateRequest { attributes, tags };
        request.tags.insert(tags::INTENT.to_owned(), intent.clone());
        request
            .tags
            .entry("Name".to_owned())
            .or_insert_with(|| format!("{}-{}", self.execution.desired.environment, self.step.id.name));
        let physical = match self.driver.create(&request).await {
            Ok(physical) => physical,
            Err(error) => match self.find_created(&intent, &error).await {
                Some(physical) => physical,
                None => return Ok(ended(&error)),
            },
        };
        self.finish_create(&physical, &request, bindings, on_event).await
    }

    /// The precondition of a create, on what was read a moment ago: nothing carries the id, nothing holds the name.
    fn not_absent(&self, attributes: &Attributes, tags: &Tags) -> Option<Outcome> {
        let (observed, id) = (self.execution.observed, &self.step.id);
        if let Some(live) = observed.owned.get(id) {
            let wanted = with_tags(attributes, tags);
            let same = compare::differences(self.schema(), &with_tags(&live.attributes, &live.tags), &wanted).is_empty();
            let moved = || failed("it exists since the plan was made, with other values; plan again");
            return Some(if same { Outcome::AlreadyDone } else { moved() });
        }
        if let Some(candidates) = observed.ambiguous.get(id) {
            return Some(failed(format!("{} carry this id since the plan was made; plan again", candidates.join(", "))));
        }
        let held = self.schema().unique.and_then(|unique| attributes.text(unique))?.to_ascii_lowercase();
        let holder = observed.taken.get(&(id.kind.clone(), id.region, held))?;
        Some(failed(format!("{} holds its name since the plan was made; plan again", holder.physical)))
    }

    /// The reply of a create was lost, or says that it exists: ours is the one with our intent.
    async fn find_created(&self, intent: &str, error: &ProviderError) -> Option<String> {
        if error.changed == Changed::No && error.class != ErrorClass::AlreadyExists {
            return None;
        }
        let listing = self.driver.list().await.ok()?;
        listing
            .live
            .into_iter()
            .find(|live| live.tags.get(tags::INTENT).is_some_and(|tag| tag == intent))
            .map(|live| live.physical)
    }

    /// Waits until it is there, then repairs what the create left undone (a lost tag, a second call that failed).
    async fn finish_create(
        &self,
        physical: &str,
        request: &CreateRequest,
        bindings: &mut Bindings,
        on_event: Events<'_>,
    ) -> Result<Outcome, StoreError> {
        let present = |live: Option<&Live>| live.map_or_else(|| Progress::Waiting("AWS to show it".to_owned()), ready);
        let live = match self.wait(physical, on_event, &present).await {
            Settled::Done(Some(live)) => live,
            Settled::Done(None) => return Ok(failed("it vanished while it was being created")),
            Settled::Failed(error) => return Ok(failed(error)),
            Settled::Unknown(error) => return Ok(Outcome::Unknown { error }),
        };
        bindings.outputs.insert(self.step.id.clone(), live.outputs.clone());
        bindings.index.add(&self.step.id, &live);
        let wanted = with_tags(&request.attributes, &request.tags);
        let left: BTreeSet<String> = compare::differences(self.schema(), &with_tags(&live.attributes, &live.tags), &wanted)
            .into_iter()
            .map(|delta| delta.path.split('[').next().unwrap_or_default().to_owned())
            .collect();
        if left.is_empty() {
            return Ok(Outcome::Done);
        }
        let update =
            UpdateRequest { live: *live, attributes: request.attributes.clone(), tags: request.tags.clone(), changed: left };
        match self.driver.update(&update).await {
            Ok(()) => Ok(match self.wait(physical, on_event, &present).await {
                Settled::Done(_) => Outcome::Done,
                Settled::Failed(error) => failed(error),
                Settled::Unknown(error) => Outcome::Unknown { error },
            }),
            Err(error) => {
                Ok(failed(format!("it was created, and {} is not as declared: {error}; plan again", join(&update.changed))))
            }
        }
    }

    async fn update(&self, bindings: &mut Bindings, on_event: Events<'_>) -> Result<Outcome, StoreError> {
        let Some(physical) = self.planned_physical() else {
            return Ok(failed("the plan does not say which live resource it means"));
        };
        let usable = |live: Option<&Live>| live.map_or_else(|| Progress::Failed("it is gone; plan again".to_owned()), ready);
        let live = match self.wait(&physical, on_event, &usable).await {
            Settled::Done(Some(live)) => *live,
            Settled::Done(None) => return Ok(failed("it is gone; plan again")),
            Settled::Failed(error) => return Ok(failed(error)),
            Settled::Unknown(error) => return Ok(failed(format!("nothing was changed: {error}"))),
        };
        if self.change.action != Action::Adopt && !self.is_ours(&live) {
            return Ok(failed(format!("{physical} does not carry our tags any more; plan again")));
        }
        let actual = self.lifted(&live, &bindings.index);
        let open: Vec<Diff> =
            self.change.diffs.iter().filter(|diff| !self.reached(&live, &actual, diff, &bindings.index)).cloned().collect();
        if open.is_empty() {
            self.bind(bindings, &live);
            return Ok(Outcome::AlreadyDone);
        }
        if let Some(moved) = open.iter().find(|diff| !self.as_planned(&live, &actual, diff, &bindings.index)) {
            let now = patch::value_at(self.schema(), &actual, &moved.path);
            return Ok(failed(format!(
                "{} is {now} now and was {} when the plan was made; plan again",
                moved.path, moved.before
            )));
        }
        let request = match self.update_request(&live, &actual, &open, bindings) {
            Ok(request) => request,
            Err(reference) => return Ok(unresolved(&reference)),
        };
        self.remember_intent()?;
        if let Err(error) = self.call_update(&request).await {
            return Ok(ended(&error));
        }
        let index = &bindings.index;
        let arrived = |live: Option<&Live>| {
            let Some(live) = live else { return Progress::Failed("it is gone".to_owned()) };
            let actual = self.lifted(live, index);
            match open.iter().find(|diff| !self.reached(live, &actual, diff, index)) {
                Some(diff) if live.status == Status::Ready => Progress::Waiting(format!("{} to show its new value", diff.path)),
                _ => ready(live),
            }
        };
        Ok(match self.wait(&physical, on_event, &arrived).await {
            Settled::Done(live) => {
                if let Some(live) = live {
                    self.bind(bindings, &live);
                }
                Outcome::Done
            }
            Settled::Failed(error) => failed(error),
            Settled::Unknown(error) => Outcome::Unknown { error },
        })
    }

    fn bind(&self, bindings: &mut Bindings, live: &Live) {
        bindings.outputs.insert(self.step.id.clone(), live.outputs.clone());
        bindings.index.add(&self.step.id, live);
    }

    fn update_request(
        &self,
        live: &Live,
        actual: &Attributes,
        open: &[Diff],
        bindings: &Bindings,
    ) -> Result<UpdateRequest, Reference> {
        let mut target = patch::apply(self.schema(), actual, open);
        let tags = target.0.remove("tags").and_then(|tags| tags.as_map().cloned()).unwrap_or_default();
        let tags: Tags = tags.into_iter().filter_map(|(key, value)| value.as_text().map(|text| (key, text.to_owned()))).collect();
        Ok(UpdateRequest {
            live: live.clone(),
            attributes: lower(&target, &bindings.outputs)?,
            tags: tags.into_iter().filter(|(key, _)| tags::compared(key)).collect(),
            changed: open.iter().map(|diff| diff.attribute().to_owned()).collect(),
        })
    }

    /// AWS may be busy with the object although its state says available (field notes 1.3): asked again, bounded.
    async fn call_update(&self, request: &UpdateRequest) -> Result<(), ProviderError> {
        let mut tries = 0;
        loop {
            match self.driver.update(request).await {
                Err(error) if error.class == ErrorClass::Busy && tries < BUSY_RETRIES && !*self.execution.stop.borrow() => {
                    tries += 1;
                    self.execution.world.clock().sleep(std::time::Duration::from_secs(self.kind.wait.poll)).await;
                }
                answer => return answer,
            }
        }
    }

    /// The live value is the target already, or AWS holds the target for later.
    fn reached(&self, live: &Live, actual: &Attributes, diff: &Diff, index: &Index) -> bool {
        self.pending(live, diff, index).map_or_else(|| patch::reached(self.schema(), actual, diff), |value| value == diff.after)
    }

    /// The live value is the one the plan was made from.
    fn as_planned(&self, live: &Live, actual: &Attributes, diff: &Diff, index: &Index) -> bool {
        patch::value_at(self.schema(), actual, &diff.path) == diff.before
            || self.pending(live, diff, index).is_some_and(|value| value == diff.before)
    }

    fn pending(&self, live: &Live, diff: &Diff, index: &Index) -> Option<crate::model::Value> {
        let pending = live.pending.iter().find(|pending| pending.attribute == diff.path)?;
        let alone = Attributes([(pending.attribute.clone(), pending.value.clone())].into());
        lift(self.schema(), self.step.id.region, &alone, index).0.remove(&pending.attribute)
    }

    async fn delete(&self, on_event: Events<'_>) -> Result<Outcome, StoreError> {
        let Some(physical) = self.planned_physical() else {
            return Ok(failed("the plan does not say which live resource it means"));
        };
        let live = match self.driver.read(&physical).await {
            Ok(Some(live)) => live,
            Ok(None) => return Ok(Outcome::AlreadyDone),
            Err(error) => return Ok(failed(format!("{error}; next: {}", error.next()))),
        };
        let owner = tags::owner(&live.tags, self.execution.desired.environment);
        if owner.as_ref() != Some(&self.step.id)
            || !self.execution.desired.retire.contains_key(&self.step.id)
            || self.schema().stateful
        {
            return Ok(failed(format!("{physical} is not deleted: it needs our tag, a tombstone, and a kind without data")));
        }
        self.remember_intent()?;
        if let Err(error) = self.driver.delete(&live).await {
            return Ok(ended(&error));
        }
        let gone = |live: Option<&Live>| live.map_or(Progress::Done, |_| Progress::Waiting("AWS to remove it".to_owned()));
        Ok(match self.wait(&physical, on_event, &gone).await {
            Settled::Done(_) => Outcome::Done,
            Settled::Failed(error) => failed(error),
            Settled::Unknown(error) => Outcome::Unknown { error },
        })
    }

    /// Nothing without our tag is changed or deleted, and tags can be taken away between a plan and its step.
    fn is_ours(&self, live: &Live) -> bool {
        tags::owner(&live.tags, self.execution.desired.environment).as_ref() == Some(&self.step.id)
    }

    fn planned_physical(&self) -> Option<String> {
        self.change.preconditions.iter().find_map(|precondition| match precondition {
            crate::model::Precondition::Exists { physical } => Some(physical.clone()),
            _ => None,
        })
    }

    async fn wait(
        &self,
        physical: &str,
        on_event: Events<'_>,
        predicate: &(dyn Fn(Option<&Live>) -> Progress + Sync),
    ) -> Settled {
        let waiting = Waiting {
            driver: self.driver,
            physical,
            wait: self.kind.wait,
            step: self.step.number,
            of: self.execution.plan.body.steps.len(),
            id: &self.step.id,
        };
        settle(self.execution, &waiting, on_event, predicate).await
    }
}

fn join(names: &BTreeSet<String>) -> String {
    names.iter().cloned().collect::<Vec<_>>().join(", ")
}

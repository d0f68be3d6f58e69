//! Which steps may begin: those whose predecessors ended, and those that can never begin. In the order of the plan, without a
//! scan of all steps whenever one ends.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::Step;

/// Steps by their place in the plan.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// The steps that wait for the step of this number.
    dependents: BTreeMap<usize, Vec<usize>>,
    /// The number of steps for which each still waits.
    open: Vec<usize>,
    /// Neither begun nor ended.
    waiting: BTreeSet<usize>,
    /// Of those: every step that they wait for has ended.
    ready: BTreeSet<usize>,
    /// Of those: a step that they wait for ended badly.
    doomed: BTreeSet<usize>,
}

/// Which steps the caller can take now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// A step may begin.
    Free,
    /// The limit is reached: only steps that can never begin are of interest.
    Full,
    /// No step begins any more: every waiting step is reported.
    Halted,
}

impl Queue {
    pub(super) fn of(steps: &[Step]) -> Self {
        let mut queue = Self { waiting: (0..steps.len()).collect(), ..Self::default() };
        for (place, step) in steps.iter().enumerate() {
            queue.open.push(step.after.len());
            if step.after.is_empty() {
                queue.ready.insert(place);
            }
            for number in &step.after {
                queue.dependents.entry(*number).or_default().push(place);
            }
        }
        queue
    }

    /// The next step, at this place or later.
    pub(super) fn next(&self, from: usize, room: Room) -> Option<usize> {
        let first = |of: &BTreeSet<usize>| of.range(from..).next().copied();
        match room {
            Room::Halted => first(&self.waiting),
            Room::Full => first(&self.doomed),
            Room::Free => first(&self.doomed).into_iter().chain(first(&self.ready)).min(),
        }
    }

    /// The step runs, or was skipped.
    pub(super) fn leave(&mut self, place: usize) {
        self.waiting.remove(&place);
        self.ready.remove(&place);
        self.doomed.remove(&place);
    }

    /// The step of this number has ended.
    pub(super) fn end(&mut self, number: usize, well: bool) {
        for place in self.dependents.remove(&number).unwrap_or_default() {
            self.open[place] = self.open[place].saturating_sub(1);
            if !self.waiting.contains(&place) {
                continue;
            }
            if self.open[place] == 0 {
                self.ready.insert(place);
            }
            if !well {
                self.doomed.insert(place);
            }
        }
    }

    /// Whether any step has not begun.
    pub(super) fn waits(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether one of them can be taken before another step ends.
    pub(super) fn moves(&self) -> bool {
        !self.ready.is_empty() || !self.doomed.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Operation, Region, ResourceId};

    /// Steps numbered from 1, each with what it waits for.
    fn queue(after: &[&[usize]]) -> Queue {
        let step = |(place, after): (usize, &&[usize])| Step {
            number: place + 1,
            id: ResourceId::new("vpc", &format!("acme-{place}"), Region::Tokyo),
            operation: Operation::Create,
            after: after.to_vec(),
        };
        Queue::of(&after.iter().enumerate().map(step).collect::<Vec<_>>())
    }

    #[test]
    fn a_step_is_ready_when_all_that_it_waits_for_has_ended() {
        let mut queue = queue(&[&[], &[1], &[1, 2], &[]]);
        assert_eq!((queue.next(0, Room::Free), queue.next(1, Room::Free)), (Some(0), Some(3)));
        queue.leave(0);
        assert_eq!(queue.next(0, Room::Free), Some(3));
        queue.end(1, true);
        assert_eq!((queue.next(0, Room::Free), queue.next(0, Room::Full)), (Some(1), None));
        queue.leave(1);
        assert_eq!(queue.next(2, Room::Free), Some(3), "the third waits for the second too");
        queue.end(2, true);
        assert_eq!(queue.next(0, Room::Free), Some(2));
    }

    #[test]
    fn what_waits_for_a_failure_is_looked_at_before_the_rest_has_ended() {
        let mut queue = queue(&[&[], &[], &[1, 2], &[3]]);
        queue.leave(0);
        queue.leave(1);
        queue.end(1, false);
        assert_eq!(queue.next(0, Room::Full), Some(2));
        queue.leave(2);
        queue.end(3, false);
        assert_eq!((queue.next(0, Room::Full), queue.next(3, Room::Free)), (Some(3), Some(3)));
        queue.leave(3);
        queue.end(2, true);
        assert!(!queue.waits() && !queue.moves(), "a step that was skipped does not come again");
    }

    #[test]
    fn when_nothing_begins_any_more_every_waiting_step_is_told() {
        let mut queue = queue(&[&[], &[1], &[2], &[]]);
        queue.leave(0);
        let all: Vec<usize> =
            std::iter::successors(queue.next(0, Room::Halted), |place| queue.next(place + 1, Room::Halted)).collect();
        assert_eq!(all, [1, 2, 3]);
        assert!(queue.waits() && queue.moves());
        queue.leave(3);
        assert!(!queue.moves(), "the others wait for a step that runs");
    }
}

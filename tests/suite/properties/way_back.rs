//! A plan of two-way updates can be taken back: its inverse leads to the world as it was.

use std::collections::BTreeMap;

use tokaido::kinds;
use tokaido::model::{Action, Attributes, ResourceId};
use tokaido::plan::{compare, patch, way_back};

use super::for_all;
use crate::support::Lab;
use crate::support::generate::{Form, Wish, wish};

/// Everything about a database that can go back and forth.
fn moved(form: &Form, other: &Form) -> Form {
    Form {
        class: other.class,
        growth: other.growth,
        multi_az: other.multi_az,
        backup_at: other.backup_at,
        day: other.day,
        ..form.clone()
    }
}

/// The same resources, other values.
fn another(wish: &Wish, other: &Wish) -> Wish {
    Wish {
        rotation: other.rotation,
        copies_keep: other.copies_keep,
        dedicated: moved(&wish.dedicated, &other.dedicated),
        databases: wish.databases.iter().map(|form| moved(form, &other.dedicated)).collect(),
        tenants: wish
            .tenants
            .iter()
            .zip(other.tenants.iter().cycle())
            .map(|(tenant, other)| crate::support::generate::Tenant { sources: other.sources, ..tenant.clone() })
            .collect(),
        ..wish.clone()
    }
}

fn live(lab: &Lab) -> BTreeMap<ResourceId, Attributes> {
    let owned = lab.plan().observed.owned;
    owned.into_iter().map(|(id, live)| (id, compare::actual(&live))).collect()
}

#[test]
fn two_way_updates_can_be_taken_back() {
    for_all(60, 7, &(wish(), wish()), |(wish, other)| {
        let lab = Lab::new(wish.load());
        lab.converge();
        let before = live(&lab);
        let there = lab.with(another(&wish, &other).load());
        let planned = there.plan();
        let body = &planned.plan.body;
        assert!(body.changes.iter().all(|change| change.action == Action::Update), "{:#?}", body.changes);
        let Some(back) = &body.way_back else { return assert!(body.is_empty()) };
        assert_eq!((back.update, back.delete, back.create), (body.changes.len(), 0, 0));
        assert!(back.one_way.is_empty(), "{:#?}", back.one_way);
        there.apply_planned(&planned);

        // The values that the inverse says are the values that were there.
        let after = live(&there);
        for change in &body.changes {
            let schema = kinds::find(&change.kind).expect("a kind").schema;
            let inverse = way_back::inverse(&change.diffs);
            let restored = patch::apply(schema, &after[&change.id], &inverse);
            let left = compare::differences(schema, &restored, &before[&change.id]);
            assert!(left.is_empty(), "{}: {left:#?}", change.id);
        }
        // And the world accepts them: the first wish, planned anew, is that inverse, and leaves nothing to do.
        let again = lab.plan();
        let pairs =
            again.plan.body.changes.iter().map(|change| (change.id.clone(), change.diffs.len())).collect::<BTreeMap<_, _>>();
        for change in &body.changes {
            assert_eq!(pairs.get(&change.id), Some(&change.diffs.len()), "{}", change.id);
        }
        lab.apply_planned(&again);
        lab.assert_settled();
        let now = live(&lab);
        for (id, before) in &before {
            let schema = kinds::find(&id.kind).expect("a kind").schema;
            assert!(compare::differences(schema, &now[id], before).is_empty(), "{id}");
        }
    });
}

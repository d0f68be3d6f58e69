//! The planner from files: `tests/suite/scenarios/<name>/`, read by a person, judged by bytes.

mod blocks;
mod by_hand;
mod documents;
mod entries;
mod reasons;
mod lost_tags;
mod scenarios;
mod stays;
mod unread;
mod used;
mod versions;

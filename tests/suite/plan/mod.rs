//! The planner from files: `tests/suite/scenarios/<name>/`, read by a person, judged by bytes.

mod blocks;
mod documents;
mod entries;
mod reasons;
mod scenarios;
mod stays;
mod unread;
mod versions;

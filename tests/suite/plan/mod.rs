//! The planner from files: `tests/suite/scenarios/<name>/`, read by a person, judged by bytes.

mod scenarios;
mod unread;

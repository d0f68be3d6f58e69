//! `tokaido schema NAME`: prints the JSON Schemas that are committed under schemas/.

use crate::desired::schema as desired;
use crate::policy;
use crate::render::{json, schema as render};

use super::args::{SchemaArgs, SchemaName};
use super::exit::Exit;
use super::terminal::Terminal;

pub fn run(args: &SchemaArgs, terminal: &Terminal) -> Exit {
    let text = match args.name {
        SchemaName::Environment => json::pretty(&desired::environment()),
        SchemaName::Base => json::pretty(&desired::base()),
        SchemaName::Promises => json::pretty(&desired::promises()),
        SchemaName::Roles => json::pretty(&desired::roles()),
        SchemaName::Plan => render::plan_schema(),
        SchemaName::Audit => render::audit_schema(),
        SchemaName::Drift => render::drift_schema(),
        SchemaName::PolicyInput => json::pretty(&policy::printed_schema()),
        SchemaName::Watch => render::watch_schema(),
    };
    terminal.print(&text);
    Exit::Done
}

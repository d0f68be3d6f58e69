//! `tokaido schema NAME`: the JSON Schemas that are committed under schemas/.

use crate::desired::schema as desired;
use crate::render::schema as render;

use super::args::{SchemaArgs, SchemaName};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;

pub fn run(args: &SchemaArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let text = match args.name {
        SchemaName::Environment => desired::environment(),
        SchemaName::Base => desired::base(),
        SchemaName::Plan => render::plan_schema(),
        SchemaName::Drift => render::drift_schema(),
    };
    terminal.print(&text);
    Ok(Exit::Done)
}

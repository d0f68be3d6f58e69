//! Shows the progress of an apply: a live line for each running step on a terminal, plain lines elsewhere, JSON lines on request.

use super::args::Format;
use super::terminal::{Beside, Terminal, write_beside};
use crate::model::{ApplyEvent, Sentence};
use crate::render::{apply as render, json};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::time::Duration;
use tracing::info;

/// The target of the lines about steps.
const STEP: &str = "tokaido::step";

/// A plain wait prints a line this often, in seconds.
const STILL: u64 = 60;

pub enum Progress {
    Json(Terminal),
    /// The last line of each step, and its time: a line when a wait begins or changes, and one each minute.
    Plain(Terminal, BTreeMap<usize, (Sentence, u64)>),
    Live(Terminal, MultiProgress, BTreeMap<usize, ProgressBar>),
}

impl Progress {
    pub fn new(format: Format, terminal: &Terminal) -> Self {
        match format {
            Format::Json => {
                write_beside(Beside::Events);
                Self::Json(*terminal)
            }
            Format::Text if terminal.live => {
                let lines = MultiProgress::new();
                write_beside(Beside::Bars(lines.clone()));
                Self::Live(*terminal, lines, BTreeMap::new())
            }
            Format::Text => Self::Plain(*terminal, BTreeMap::new()),
        }
    }

    pub fn on(&mut self, event: &ApplyEvent) {
        log(event);
        match self {
            Self::Json(terminal) => {
                terminal.note_raw(&json::line(event));
            }
            Self::Plain(terminal, said) => plain(terminal, said, event),
            Self::Live(terminal, lines, bars) => live(terminal, lines, bars, event),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        write_beside(Beside::Nothing);
    }
}

/// A line of the log for each step that begins or ends.
fn log(event: &ApplyEvent) {
    match event {
        ApplyEvent::StepStarted { step, id, operation, .. } => {
            info!(target: STEP, step, id = %id, operation = operation.as_str(), "step begins");
        }
        ApplyEvent::ReadBack { step, id, replies, found, .. } => {
            info!(target: STEP, step, id = %id, replies = %replies, found = %found, "read back");
        }
        ApplyEvent::StepEnded { step, id, operation, outcome, .. } => {
            info!(target: STEP, step, id = %id, operation = operation.as_str(), outcome = outcome.as_str(), "step ends");
        }
        _ => {}
    }
}

fn plain(terminal: &Terminal, said: &mut BTreeMap<usize, (Sentence, u64)>, event: &ApplyEvent) {
    if let ApplyEvent::Waiting { step, elapsed, waiting_for, .. } = event {
        let again = said.get(step).is_some_and(|(words, at)| words == waiting_for && elapsed.saturating_sub(*at) < STILL);
        if again {
            return;
        }
        said.insert(*step, (waiting_for.clone(), *elapsed));
    }
    terminal.note_raw(&render::event(event, &terminal.error_style, terminal.language));
}

fn live(terminal: &Terminal, lines: &MultiProgress, bars: &mut BTreeMap<usize, ProgressBar>, event: &ApplyEvent) {
    let text = render::event(event, &terminal.error_style, terminal.language);
    let text = text.trim_end();
    match event {
        ApplyEvent::StepStarted { step, .. } => {
            let bar = lines.add(ProgressBar::new_spinner());
            // A template that does not parse would be a bug of tokaido; the library's own style is good enough then.
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed_precise} {wide_msg}") {
                bar.set_style(style);
            }
            bar.set_message(text.to_owned());
            bar.enable_steady_tick(Duration::from_millis(250));
            bars.insert(*step, bar);
        }
        ApplyEvent::Waiting { step, .. } => {
            if let Some(bar) = bars.get(step) {
                bar.set_message(text.to_owned());
            }
        }
        ApplyEvent::StepEnded { step, .. } => {
            if let Some(bar) = bars.remove(step) {
                bar.finish_and_clear();
            }
            // A closed terminal is no reason to stop an apply.
            let _ = lines.println(text);
        }
        ApplyEvent::AwaitingLease { .. }
        | ApplyEvent::AwaitingSight { .. }
        | ApplyEvent::ReadBack { .. }
        | ApplyEvent::Started { .. }
        | ApplyEvent::Interrupted
        | ApplyEvent::Replanning => {
            let _ = lines.println(text);
        }
    }
}

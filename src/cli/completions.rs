//! `tokaido completions SHELL`: the completion script of a shell, generated from the command line's definition.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use super::args::{Cli, CompletionsArgs, ShellName};
use super::exit::Exit;
use super::terminal::Terminal;

pub fn run(args: &CompletionsArgs, terminal: &Terminal) -> Exit {
    let shell = match args.shell {
        ShellName::Bash => Shell::Bash,
        ShellName::Zsh => Shell::Zsh,
        ShellName::Fish => Shell::Fish,
    };
    // Into memory first: the generator panics when its output is closed, and `| head` is no error.
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "tokaido", &mut script);
    terminal.print(&String::from_utf8_lossy(&script));
    Exit::Done
}

//! The command line: parses arguments, calls the library, turns answers into text, JSON and exit codes.
//!
//! Each command is a file of its own with an `Args` and a `run`. Results go to standard output, everything else to
//! standard error.

mod aws;
mod check;
mod clock;
mod config;
mod coverage;
mod diff;
mod doctor;
mod export;
mod failure;
mod file;
mod fleet;
mod interrupt;
mod junit;
mod keys;
mod mcp;
mod open;
mod output;
mod query;
mod record;
mod redact;
mod replay;
mod run;
mod shell;
mod show;
mod target;
mod template;
mod test;
mod test_state;
mod trace;
mod why;
mod writing;
mod zone;

pub use failure::Failure;
pub use output::Output;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Open AWS Step Functions executions, find what failed, and replay it.
#[derive(Debug, Parser)]
#[command(name = "stepback", version, about, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    open: open::Args,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Record(Box<record::Args>),
    Redact(redact::Args),
    Why(why::Args),
    Diff(diff::Args),
    Show(show::Args),
    Trace(trace::Args),
    Replay(Box<replay::Args>),
    Fleet(fleet::Args),
    Run(run::Args),
    Test(Box<test::Args>),
    TestState(Box<test_state::Args>),
    Export(export::Args),
    Query(query::Args),
    Check(check::Args),
    Mcp(mcp::Args),
    Keys(keys::Args),
    Completions(shell::CompletionsArgs),
    Man(shell::ManArgs),
    Doctor(doctor::Args),
}

/// What a command that did its work found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing is wrong: exit code 0.
    Fine,
    /// What the command was asked to find out came out negative: exit code 1.
    Finding,
    /// Nothing of that kind was found, but not everything could be read: exit code 4.
    Partial,
}

/// Runs the command line of this process and returns its exit code.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let mut output = Output::standard();
            let text = error.render().to_string();
            if error.use_stderr() {
                output.note(text.trim_end());
                return ExitCode::from(2);
            }
            return finish(output.line(text.trim_end()).map(|()| Verdict::Fine), output);
        }
    };
    let mut output = Output::standard();
    let Some(command) = cli.command else { return finish(open::run(cli.open, &output), output) };
    let done = perform(command, &mut output);
    finish(done, output)
}

/// Does what a command is for.
fn perform(command: Command, output: &mut Output) -> Result<Verdict, Failure> {
    match command {
        Command::Record(args) => record::run(&args, output),
        Command::Redact(args) => redact::run(&args, output),
        Command::Why(args) => why::run(&args, output),
        Command::Diff(args) => diff::run(&args, output),
        Command::Show(args) => show::run(&args, output),
        Command::Trace(args) => trace::run(&args, output),
        Command::Replay(args) => replay::run(&args, output),
        Command::Fleet(args) => fleet::run(&args, output),
        Command::Run(args) => run::run(&args, output),
        Command::Test(args) => test::run(&args, output),
        Command::TestState(args) => test_state::run(&args, output),
        Command::Export(args) => export::run(&args, output),
        Command::Query(args) => query::run(&args, output),
        Command::Check(args) => check::run(&args, output),
        Command::Mcp(args) => mcp::run(&args, output),
        Command::Keys(args) => keys::run(&args, output),
        Command::Completions(args) => shell::completions(&args, output),
        Command::Man(args) => shell::man(&args, output),
        Command::Doctor(args) => doctor::run(&args, output),
    }
}

/// Sends the result on its way and returns the exit code.
fn finish(done: Result<Verdict, Failure>, mut output: Output) -> ExitCode {
    crate::tasks::end_all();
    let code = exit_code(done, &mut output);
    interrupt::exit_code().map_or(code, ExitCode::from)
}

fn exit_code(done: Result<Verdict, Failure>, output: &mut Output) -> ExitCode {
    match done.and_then(|verdict| output.flush().map(|()| verdict)) {
        Ok(Verdict::Fine) => ExitCode::SUCCESS,
        Ok(Verdict::Finding) => ExitCode::from(1),
        Ok(Verdict::Partial) => ExitCode::from(4),
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            output.complain(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

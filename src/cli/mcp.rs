//! `stepback mcp`: the same answers for an assistant.

use super::{Cli, Failure, Output, Verdict, aws, record, redact, target};
use crate::mcp::{Commands, Desk, Journal, Opt, Places, Settings, Told};
use crate::recording::Recording;
use clap::{CommandFactory, Parser};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

#[cfg(test)]
mod privacy;
#[cfg(test)]
mod tests;

/// Serve the same answers to an assistant, over the Model Context Protocol on standard input and output.
///
/// Nothing is written, nothing in AWS is changed, and only files below the given folders are read. Values of payloads are
/// served only with --payloads; without it their names, types and sizes are, and error texts. Runs until the client goes
/// away. Needs a stepback built with the feature 'mcp'.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  stepback mcp recordings/
  claude mcp add stepback -- stepback mcp ~/recordings
  stepback mcp recordings/ --payloads --redact '*token*' --redact '$.customer.email'
  stepback mcp recordings/ --aws --profile readonly --log calls.jsonl

Exit codes: 0 when the client has gone away, 2 when the server cannot start.")]
pub struct Args {
    /// Folders of recordings, and recordings, that may be read.
    #[arg(value_name = "FOLDER", default_value = ".")]
    folders: Vec<PathBuf>,
    /// Serve payloads, not only their shape.
    #[arg(long)]
    payloads: bool,
    /// Take this out of everything first: a name, a path or a pattern, as 'stepback redact' has it.
    #[arg(long, value_name = "NAME|PATH|PATTERN")]
    redact: Vec<String>,
    #[command(flatten)]
    pseudonyms: redact::Pseudonyms,
    /// Also fetch executions from AWS, by ARN or console address; reads only.
    #[arg(long)]
    aws: bool,
    /// Write a line for each call into this file, without payloads.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    #[command(flatten)]
    reach: aws::Reach,
}

pub(super) fn run(args: &Args, _: &mut Output) -> Result<Verdict, Failure> {
    let desk = desk(args)?;
    serve(desk)?;
    Ok(Verdict::Fine)
}

#[cfg(feature = "mcp")]
fn serve(desk: Desk) -> Result<(), Failure> {
    crate::mcp::serve(desk).map_err(|error| Failure::input(format!("The client could not be served: {error}.")))
}

#[cfg(not(feature = "mcp"))]
fn serve(_: Desk) -> Result<(), Failure> {
    Err(Failure::input("This stepback was built without the Model Context Protocol.")
        .hint("Build it with the feature 'mcp': cargo install stepback --features mcp"))
}

fn desk(args: &Args) -> Result<Desk, Failure> {
    let journal = args.log.as_deref().map(|path| {
        let cannot = |error| Failure::input(format!("Cannot write '{}': {error}.", path.display()));
        Journal::open(path).map_err(cannot)
    });
    let settings = Settings {
        places: Places::new(&args.folders).map_err(|refused| Failure::input(refused.to_string()))?,
        payloads: args.payloads,
        redact: record::rules(&args.redact)?,
        stand_in: args.pseudonyms.stand_in()?,
        aws: args.aws,
        journal: journal.transpose()?,
    };
    Ok(Desk::new(settings, Box::new(CommandLine { reach: args.reach.clone() })))
}

/// The commands of this program, called from inside of it.
struct CommandLine {
    reach: aws::Reach,
}

impl Commands for CommandLine {
    fn options(&self, command: &str) -> Vec<Opt> {
        let cli = Cli::command();
        let found = cli.find_subcommand(command).into_iter().flat_map(clap::Command::get_arguments);
        let option = |argument: &clap::Arg| Opt {
            name: argument.get_long().unwrap_or(argument.get_id().as_str()).to_owned(),
            help: argument.get_help().map(ToString::to_string).unwrap_or_default(),
            values: argument.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect(),
        };
        found.map(option).collect()
    }

    fn run(&self, arguments: &[OsString], stop: &Arc<AtomicBool>) -> Told {
        let whole = std::iter::once(OsString::from("stepback")).chain(arguments.iter().cloned());
        let command = match Cli::try_parse_from(whole).map(|cli| cli.command) {
            Ok(Some(command)) => command,
            Ok(None) => return Told { exit: 2, ..Told::default() },
            Err(error) => return wrong(&error),
        };
        let mut output = Output::kept(Arc::clone(stop));
        let done = super::perform(command, &mut output);
        let kept = output.into_kept();
        let (text, mut notes) = kept.map(|kept| (kept.text, kept.notes)).unwrap_or_default();
        let exit = match &done {
            Ok(Verdict::Fine) => 0,
            Ok(Verdict::Finding) => 1,
            Ok(Verdict::Partial) => 4,
            Err(failure) => {
                notes.push(failure.to_string());
                failure.exit_code()
            }
        };
        Told { exit, text: String::from_utf8_lossy(&text).into_owned(), notes }
    }

    fn open(&self, path: &Path) -> Result<Vec<Recording>, String> {
        let name = target::Name::from(path.as_os_str().to_owned());
        let mut output = Output::kept(Arc::default());
        target::recordings(&name, None, &aws::Reach::default(), &mut output)
            .map_err(|failure| failure.message().to_owned())
    }

    fn fetch(&self, address: &str) -> Option<Result<Recording, String>> {
        let remote = match aws::named(address) {
            Ok(remote) => remote?,
            Err(failure) => return Some(Err(failure.to_string())),
        };
        let mut output = Output::kept(Arc::default());
        Some(aws::recording(&remote, &self.reach, &mut output).map_err(|failure| failure.to_string()))
    }
}

/// What clap says of arguments, without its usage, which is the command line's.
fn wrong(error: &clap::Error) -> Told {
    let text = error.render().to_string();
    let first = text.split("\n\n").next().unwrap_or_default().trim().to_owned();
    Told { exit: 2, text: String::new(), notes: vec![first] }
}

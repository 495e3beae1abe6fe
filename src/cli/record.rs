//! `stepback record`.

#[cfg(feature = "aws")]
mod carry;
mod destination;
#[cfg(feature = "aws")]
mod fetch;
#[cfg(feature = "aws")]
mod from_logs;
#[cfg(feature = "aws")]
mod keeper;
mod since;
mod summary;

use super::{Failure, Output, Verdict, aws, redact, target};
use crate::recording::Recording;
use crate::recording::redact::{Rule, StandIn};
use crate::source::remote::Remote;
use destination::Destination;
use since::Since;
use std::path::PathBuf;

/// Save an execution to one file.
///
/// The file is written whole or not at all, also while it grows. Run again with the same file, an incomplete one is
/// completed. Exits with 3 when AWS did not answer everything; the file then says what is missing.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An execution's ARN or its address in the console; or a recording, to redact or compress it.
    target: target::Name,
    /// The file; a name ending in .gz or .zst is compressed [default: MACHINE-NAME.sfn.json].
    #[arg(short = 'o', long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Which executions it started are saved with their events.
    #[arg(long, value_name = "WHICH", default_value = "failed")]
    children: Which,
    /// Save the log lines of the functions of failed tasks.
    #[arg(long)]
    logs: bool,
    /// Follow the execution until it ends.
    #[arg(long)]
    follow: bool,
    /// Remove secrets: a name such as password or *token*, a path such as $.customer.email, a pattern such as /\d{16}/
    ///
    /// May be given several times. Names and paths apply to every payload and to JSON inside of it, patterns to every
    /// text. The file says how often each was found.
    #[arg(long, value_name = "NAME|PATH|PATTERN")]
    redact: Vec<String>,
    #[command(flatten)]
    pseudonyms: redact::Pseudonyms,
    /// How far back to look for an Express execution, such as 2h, 3d or 2026-11-20T03:00:00Z.
    #[arg(long, value_name = "WHEN")]
    since: Option<Since>,
    /// Overwrite the file.
    #[arg(long)]
    force: bool,
    /// Print a summary as JSON (format stepback.record/1).
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    reach: aws::Reach,
}

/// Which of the executions that an execution started are recorded with their events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Which {
    /// All
    All,
    /// Those that failed; the others by name
    Failed,
    /// None
    None,
}

/// What is taken out before anything is written.
#[derive(Debug)]
struct Redacting {
    rules: Vec<Rule>,
    stand_in: StandIn,
}

impl Redacting {
    fn apply(&self, recording: &Recording) -> Recording {
        recording.redacted(&self.rules, &self.stand_in)
    }
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let (rules, stand_in) = (rules(&args.redact)?, args.pseudonyms.stand_in()?);
    match args.target.remote()? {
        Some(remote) => live(args, &remote, &Redacting { rules, stand_in }, output),
        None => local(args, &Redacting { rules, stand_in }, output),
    }
}

/// Reads what is to be taken out.
pub(super) fn rules(texts: &[String]) -> Result<Vec<Rule>, Failure> {
    let parse = |text: &String| {
        let failure = |reason| Failure::input(format!("'{text}' cannot be redacted: {reason}."));
        Rule::parse(text).map_err(|error| failure(error.reason))
    };
    texts.iter().map(parse).collect()
}

/// A recording that is there already, written anew.
fn local(args: &Args, redacting: &Redacting, output: &mut Output) -> Result<Verdict, Failure> {
    let mut recordings = target::recordings(&args.target, None, &args.reach, output)?;
    let (Some(recording), true) = (recordings.pop(), recordings.is_empty()) else {
        return Err(Failure::input(format!("{} holds several executions; one is wanted.", args.target)));
    };
    let Some(path) = &args.output else {
        return Err(Failure::input("The file to write is missing.").hint("Name it with -o FILE."));
    };
    let itself = path.canonicalize().is_ok_and(|path| args.target.path().canonicalize().is_ok_and(|it| it == path));
    if itself && !args.force {
        let failure = Failure::input(format!("{} would be replaced by itself.", args.target));
        return Err(failure.hint("Name another file with -o, or add --force."));
    }
    let destination = match itself {
        true => Destination::replacing(path.clone()),
        false => Destination::at(path.clone(), recording.arn().map(|arn| &**arn), args.force)?,
    };
    let recording = redacting.apply(&recording);
    destination.save(&recording)?;
    summary::tell(&recording, &destination, None, args.json, output)?;
    Ok(Verdict::Fine)
}

#[cfg(feature = "aws")]
fn live(args: &Args, remote: &Remote, redacting: &Redacting, output: &mut Output) -> Result<Verdict, Failure> {
    fetch::run(args, remote, redacting, output)
}

#[cfg(not(feature = "aws"))]
fn live(_: &Args, _: &Remote, _: &Redacting, _: &mut Output) -> Result<Verdict, Failure> {
    Err(Failure::input("This stepback was built without AWS.")
        .hint("Build it with the feature 'aws', which is the default."))
}

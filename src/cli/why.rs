//! `stepback why`.

use super::target::{self, Target};
use super::{Failure, Output, Verdict};
use crate::report;
use serde_json::Value;

/// Print what failed and why: the root cause, down through Maps, Map Runs and nested executions.
///
/// Exits with 1 when the execution failed, timed out or was aborted, and with 4 when that cannot be told or something
/// could not be read.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    subject: target::Subject,
    /// Print JSON (format stepback.why/1; a list when the target holds several executions).
    #[arg(long, conflicts_with = "markdown")]
    json: bool,
    /// Print Markdown, for a ticket.
    #[arg(long)]
    markdown: bool,
    #[command(flatten)]
    layout: target::Layout,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let targets = args.subject.open(output)?;
    if args.json {
        let answers = targets.iter().map(|target| {
            let answer = report::why_json(&target.diagnosis, &target.overview);
            report::with_bearings(answer, &target.bearings(&args.subject.target))
        });
        output.json(&one_or_list(answers.collect()))?;
    } else {
        let found = |target: &Target| target.bearings(&args.subject.target);
        let all: Vec<_> = targets.iter().map(|target| (&target.overview, found(target))).collect();
        let listing = report::listing(&all, args.layout.paper(output)).filter(|_| !args.markdown);
        if let Some(lines) = listing {
            lines.into_iter().try_for_each(|line| output.line(line))?;
            return Ok(target::verdict(&targets));
        }
        for (number, target) in targets.iter().enumerate() {
            if number > 0 {
                output.line("")?;
            }
            lines(args, target, output)?;
        }
    }
    Ok(target::verdict(&targets))
}

fn lines(args: &Args, target: &Target, output: &mut Output) -> Result<(), Failure> {
    let bearings = target.bearings(&args.subject.target);
    let lines = if args.markdown {
        report::ticket(&target.diagnosis, &target.overview, &bearings)
    } else {
        report::why_and_where(&target.diagnosis, &target.overview, &bearings, args.layout.paper(output))
    };
    lines.into_iter().try_for_each(|line| output.line(line))
}

/// Returns the only answer as it is, several as a list.
pub(super) fn one_or_list(mut answers: Vec<Value>) -> Value {
    match answers.len() {
        1 => answers.pop().unwrap_or_default(),
        _ => Value::Array(answers),
    }
}

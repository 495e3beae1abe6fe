//! `stepback test`: cases run, and what was expected of them.

mod definitions;
mod files;
mod human;
mod session;
mod watch;

use super::junit;
use super::{Failure, Output, Verdict, coverage, interrupt, target, template};
use files::Found;
use session::{Row, Session};
use std::path::PathBuf;
use std::time::Instant;

/// Run case files: a machine, an input and answers, and what is expected of the run.
///
/// A case file is what 'stepback export --format case' writes, or is written by hand; the test cases of a
/// MockConfigFile.json count as cases, of which is expected that every task is answered. Nothing is called, and waiting
/// costs nothing. Exits with 1 when a case fails.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:
  stepback test cases/
  stepback test cases/ --junit report.xml --coverage
  stepback test MockConfigFile.json --definition template.yaml
  stepback test cases/refund.case.json --update && git diff cases/")]
pub struct Args {
    /// Case files, MockConfigFile.json files, or folders of them.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Run only the cases whose name contains this text.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Run this definition instead of those that the cases name: a definition, a template, or a folder of templates. Of
    /// several machines, the one a case names.
    #[arg(long, value_name = "PATH")]
    definition: Option<PathBuf>,
    #[command(flatten)]
    given: template::Parameters,
    /// Print JSON (format stepback.tests/1).
    #[arg(long, conflicts_with = "watch")]
    json: bool,
    /// Write a report in JUnit's XML as well: a case for each case.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write into the case files what came out, where it is not what was expected. Matchers that match are kept.
    #[arg(long, conflicts_with = "watch")]
    update: bool,
    /// Stay, and run again what a changed file touches, until Ctrl-C.
    #[arg(long, conflicts_with = "coverage")]
    watch: bool,
    #[command(flatten)]
    coverage: coverage::Wanted,
    #[command(flatten)]
    layout: target::Layout,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let session = Session::new(args, interrupt::flag())?;
    if args.watch {
        return watch::run(args, &session, output);
    }
    let began = Instant::now();
    let found = files::find(&args.paths, args.only.as_deref());
    let mut rows = session.run(&found);
    if args.update {
        session.update(&found, &mut rows)?;
    }
    report(args, &session, &found, &rows, began, output)?;
    ended(found, &rows, output)
}

/// Writes what came out.
fn report(
    args: &Args,
    session: &Session<'_>,
    found: &Found,
    rows: &[Row],
    began: Instant,
    output: &mut Output,
) -> Result<(), Failure> {
    if let Some(path) = &args.junit {
        junit::write(path, "stepback test", &rows.iter().map(Row::case).collect::<Vec<_>>())?;
    }
    if args.json {
        return output.json(&session.to_json(rows));
    }
    let paper = args.layout.paper(output);
    human::rows(rows, paper, output)?;
    if !rows.is_empty() {
        human::summary(rows, found, began.elapsed(), paper, output)?;
    }
    session.collected.print(paper, output)
}

/// Returns the exit code: that of a file that cannot be read goes before that of a case that fails.
fn ended(found: Found, rows: &[Row], output: &mut Output) -> Result<Verdict, Failure> {
    let nothing = rows.is_empty() && found.unreadable.is_empty();
    if let Some(failure) = found.unreadable.into_iter().reduce(|first, next| {
        output.complain(&first);
        next
    }) {
        return Err(failure);
    }
    if nothing {
        let failure = match found.left_out {
            0 => Failure::input("No cases were found."),
            left_out => Failure::input(format!("None of {left_out} cases has that text in its name.")),
        };
        return Err(failure.hint("'stepback export RECORDING --format case -o NAME.case.json' writes a first one."));
    }
    Ok(if rows.iter().all(Row::passes) { Verdict::Fine } else { Verdict::Finding })
}

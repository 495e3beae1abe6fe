//! `stepback doctor`.

mod checks;
mod credentials;
#[cfg(feature = "aws")]
mod probe;
mod settings;

use super::config::ConfigArgs;
use super::{Failure, Output, Verdict};
use checks::{Check, State};
use serde_json::json;

/// Check this machine: terminal, folders, settings, credentials; with --aws, the permissions.
///
/// Secrets are not shown. Exits with 1 when something is wrong.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Ask AWS as well: one call for each permission that reading needs.
    #[arg(long)]
    aws: bool,
    #[command(flatten)]
    reach: super::aws::Reach,
    #[command(flatten)]
    config: ConfigArgs,
    /// Print JSON (format stepback.doctor/1).
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let mut found = checks::program();
    found.extend(checks::terminal(output));
    found.extend(checks::folders());
    found.extend(settings::checks(&args.config));
    found.extend(credentials::checks(&args.reach.options()));
    if args.aws {
        found.extend(probe(args)?);
    }
    if args.json {
        let checks: Vec<_> = found.iter().map(Check::json).collect();
        output.json(&json!({ "format": "stepback.doctor/1", "checks": checks }))?;
    } else {
        print(&found, output)?;
    }
    let wrong = found.iter().any(|check| check.state == State::Wrong);
    Ok(if wrong { Verdict::Finding } else { Verdict::Fine })
}

#[cfg(feature = "aws")]
fn probe(args: &Args) -> Result<Vec<Check>, Failure> {
    probe::checks(args.reach.options())
}

#[cfg(not(feature = "aws"))]
fn probe(_: &Args) -> Result<Vec<Check>, Failure> {
    Err(Failure::input("This stepback was built without AWS.")
        .hint("Build it with the feature 'aws', which is the default."))
}

/// ```text
/// terminal
///   ✔ size        120 × 40
///   ! colours     16: COLORTERM is not set
///                 Set COLORTERM=truecolor if the terminal has them.
/// ```
fn print(found: &[Check], output: &mut Output) -> Result<(), Failure> {
    let widest = found.iter().map(|check| check.name.len()).max().unwrap_or(0);
    let mut topic = "";
    for check in found {
        if check.topic != topic {
            if !topic.is_empty() {
                output.line("")?;
            }
            topic = check.topic;
            output.line(topic)?;
        }
        let sign = check.state.sign(output.unicode());
        let pad = " ".repeat(widest - check.name.len());
        output.line(format!("  {sign} {}{pad}  {}", check.name, check.text))?;
        if let Some(hint) = &check.hint {
            output.line(format!("    {}  {hint}", " ".repeat(widest)))?;
        }
    }
    Ok(())
}

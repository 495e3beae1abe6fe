//! `stepback test-state`: one state tried out as AWS's TestState does, without calling anything.

mod given;
mod text;

use super::template::Choice;
use super::{Failure, Output, Verdict};
use crate::event::Timestamp;
use crate::interpreter::test_state::{Outcome, Refusal, Request, Surroundings, test_state};
use given::Parts;
use serde_json::json;
use std::hash::{BuildHasher, RandomState};
use std::time::{SystemTime, UNIX_EPOCH};

/// Test one state as AWS's TestState does: its request in, its response out.
///
/// Nothing is called: Task, Parallel and Map states need the result of their work, or the error it ends with. A result
/// is compared with the API it stands for as far as its model is known; a note says where it is not.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// A definition in JSON or YAML, or a template with one: a machine with --state, or a single state; - for standard
    /// input.
    #[arg(required_unless_present = "request", conflicts_with = "request")]
    definition: Option<String>,
    /// A request with the members of the API, as JSON; - for standard input.
    #[arg(long, value_name = "FILE")]
    request: Option<String>,
    #[command(flatten)]
    parts: Parts,
    #[command(flatten)]
    template: Choice,
    /// Prints the response as JSON also on a terminal.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let request = args.request()?;
    let human = output.is_terminal() && !args.json;
    match test_state(&request, surroundings()) {
        Ok(response) => {
            if let Some(call) = &response.uncompared {
                output.note(format!(
                    "note: The mocked result was not compared: stepback does not know what '{call}' returns."
                ));
            }
            if human {
                text::write(&request, &response, output)?;
            } else {
                output.json(&response)?;
            }
            Ok(match response.outcome {
                Outcome::Succeeded { .. } | Outcome::Caught { .. } => Verdict::Fine,
                Outcome::Failed(_) | Outcome::Retriable(_) => Verdict::Finding,
            })
        }
        Err(refusal) => refused(&refusal, human, output),
    }
}

impl Args {
    fn request(&self) -> Result<Request, Failure> {
        match (&self.request, &self.definition) {
            (Some(_), _) if self.parts != Parts::default() => {
                Err(Failure::input("A request is given in one piece by --request and in parts by other options.")
                    .hint("Put everything into the request, or give a definition instead of --request."))
            }
            (Some(file), _) => {
                let text = super::file::text(file)?;
                Request::read(&text).map_err(|error| {
                    Failure::input(format!("'{file}' is no TestState request: {error}."))
                        .hint("Its members are those of AWS's TestState: definition, stateName, input, mock and so on.")
                })
            }
            (None, Some(definition)) => self.parts.request(definition, &self.template),
            (None, None) => Err(Failure::input("Neither a definition nor a request is given.")),
        }
    }
}

/// The one place of this command that looks at the clock and draws a number.
fn surroundings() -> Surroundings {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX);
    let seed = RandomState::new().hash_one(since_1970);
    Surroundings { now: Timestamp::from_millis(millis), seed }
}

fn refused(refusal: &Refusal, human: bool, output: &mut Output) -> Result<Verdict, Failure> {
    let Some(code) = refusal.code() else {
        return Err(Failure::input(refusal.to_string())
            .hint("Give its result with --mock-result, or an error with --mock-error; in a request: \"mock\"."));
    };
    if human {
        output.line(format!("{code}: {refusal}"))?;
    } else {
        output.json(&json!({ "error": { "code": code, "message": refusal.to_string() } }))?;
    }
    Ok(Verdict::Finding)
}

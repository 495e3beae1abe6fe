//! `stepback query`.

mod explain;
mod expression;

use super::clock::Live;
use super::{Failure, Output, Verdict, file};
use crate::query::Scope;
use expression::Expression;
use serde_json::{Map, Value};

/// Evaluate an expression as Step Functions would.
///
/// The expression is a JSONPath ($.a, $$.Execution.Id, $variable.b), an intrinsic function (States.Format('{}', $.a)), a
/// JSONata expression ({% $states.input.a %}), or a payload template: a JSON object with such expressions in it. The
/// value is printed as JSON. The exit code is 1 when nothing is selected or the evaluation fails.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The expression; a path may leave out its "$."
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    expression: String,
    /// The JSON document that "$" means; "-" is standard input, and without a file it is {}
    #[arg(value_name = "FILE")]
    input: Option<String>,
    /// What "$$" means: a JSON object or a file that holds one
    #[arg(long, value_name = "FILE|JSON")]
    context: Option<String>,
    /// The variables: a JSON object or a file that holds one
    #[arg(long, value_name = "FILE|JSON")]
    variables: Option<String>,
    /// Explain each step, and what is there where it stops matching
    #[arg(long)]
    explain: bool,
}

pub(super) fn run(args: &Args, output: &mut Output) -> Result<Verdict, Failure> {
    let expression = Expression::compile(&args.expression)?;
    let input = match &args.input {
        Some(file) => read(file)?,
        None => Value::Object(Map::new()),
    };
    let context = Value::Object(object("--context", args.context.as_deref())?);
    let variables = object("--variables", args.variables.as_deref())?;
    let scope = Scope { input: &input, context: &context, variables: &variables, sources: &Live };
    if args.explain {
        return explain::run(&expression, &scope, output);
    }
    match expression.evaluate(&scope) {
        Ok(value) => {
            output.json(&value)?;
            Ok(Verdict::Fine)
        }
        Err(failure) => {
            output.note(failure.reason);
            if let Some(hint) = failure.hint {
                output.note(format!("hint: {hint}"));
            }
            Ok(Verdict::Finding)
        }
    }
}

/// Reads an object that is given as JSON or as the name of a file; nothing given is an empty one.
fn object(option: &str, given: Option<&str>) -> Result<Map<String, Value>, Failure> {
    let value = match given {
        None => return Ok(Map::new()),
        Some(text) if text.trim_start().starts_with(['{', '[', '"']) => parse(text.as_bytes(), option)?,
        Some(file) => read(file)?,
    };
    match value {
        Value::Object(members) => Ok(members),
        _ => Err(Failure::input(format!("{option} must be a JSON object."))),
    }
}

fn read(file: &str) -> Result<Value, Failure> {
    let text = file::bytes(file)
        .map_err(|failure| failure.hint("What is named here is a file that holds JSON, or - for standard input."))?;
    let name = if file == "-" { "Standard input" } else { file };
    parse(&text, name)
}

fn parse(text: &[u8], name: &str) -> Result<Value, Failure> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    serde_json::from_slice(text).map_err(|error| Failure::input(format!("{name} is not JSON: {error}.")))
}

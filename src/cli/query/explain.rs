//! `stepback query --explain`: what each part of a path selects.

use super::super::{Failure, Output, Verdict};
use super::expression::{Expression, hint};
use crate::query::Scope;
use crate::query::path::{Path, Stage};
use serde_json::Value;

/// How much of a value a line shows.
const SHOWN: usize = 60;

pub(super) fn run(expression: &Expression, scope: &Scope<'_>, output: &mut Output) -> Result<Verdict, Failure> {
    let paths = expression.paths();
    for path in &paths {
        explain(path, scope, output)?;
    }
    if paths.is_empty() {
        output.note("There is no JSONPath in the expression to explain; this is its value.");
    }
    match expression.evaluate(scope) {
        Ok(value) => {
            output.line(format!("= {}", shortened(&value)))?;
            Ok(Verdict::Fine)
        }
        Err(failure) => {
            output.line(format!("! {}", failure.reason))?;
            Ok(Verdict::Finding)
        }
    }
}

fn explain(path: &Path, scope: &Scope<'_>, output: &mut Output) -> Result<(), Failure> {
    let trail = path.explain(scope);
    let width = trail.stages.iter().map(|stage| stage.part.chars().count()).max().unwrap_or(0);
    for Stage { part, selected } in &trail.stages {
        let selected = selected.as_ref().map_or_else(|| "nothing".to_owned(), shortened);
        output.line(format!("{part:width$}  {selected}"))?;
    }
    if let Some(miss) = &trail.miss {
        output.line(miss.reason.to_string())?;
    }
    match trail.instead.as_ref().and_then(hint) {
        Some(hint) => output.line(hint),
        None => Ok(()),
    }
}

/// Returns the beginning of a value's JSON text, and how large a long one is.
fn shortened(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        return text;
    }
    let beginning: String = text.chars().take(SHOWN).collect();
    format!("{beginning}… ({} bytes)", text.len())
}

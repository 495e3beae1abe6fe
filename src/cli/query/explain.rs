//! `stepback query --explain`: what each part of a path selects, and how the value of JSONata comes about.

use super::super::{Failure, Output, Verdict};
use super::expression::{Expression, hint};
use crate::query::Scope;
use crate::query::jsonata::{self, Part, Session};
use crate::query::operand::{Operand, Standing, shortened};
use crate::query::path::{Path, Stage};

pub(super) fn run(expression: &Expression, scope: &Scope<'_>, output: &mut Output) -> Result<Verdict, Failure> {
    let paths = expression.paths();
    for path in &paths {
        explain(path, scope, output)?;
    }
    let session = Session::new(*scope);
    let jsonata = expression.jsonata();
    for expression in &jsonata {
        explain_jsonata(expression, &session, output)?;
    }
    if paths.is_empty() && jsonata.is_empty() {
        output.note("There is no expression to explain; this is the value.");
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
    // A path that goes on with nothing has stopped nowhere; what it came by may still tell why.
    let operand = Operand::of_path(path, scope);
    match (operand.is_missing(), trail.instead.as_ref().and_then(hint)) {
        (true, _) => output.line(operand.to_string()),
        (false, Some(hint)) => output.line(hint),
        (false, None) => Ok(()),
    }
}

/// Shows what an expression reads, then its operations in the order in which they are done.
fn explain_jsonata(
    expression: &jsonata::Expression,
    session: &Session<'_>,
    output: &mut Output,
) -> Result<(), Failure> {
    let explanation = expression.explain(session);
    let operands = Operand::of_jsonata(expression, session);
    let places = operands.iter().map(|operand| match &operand.standing {
        Standing::Value(value) => (operand.reference.clone(), shortened(value)),
        _ => (operand.reference.clone(), format!("nothing: {operand}")),
    });
    let steps = explanation.steps.iter().map(|step| {
        let operands = step.operands.iter().map(shown).collect::<Vec<_>>();
        let times = if step.times > 1 { format!(" (the last of {} times)", step.times) } else { String::new() };
        (step.written(&operands), format!("{}{times}", shown(&step.result)))
    });
    let lines: Vec<(String, String)> = places.chain(steps).collect();
    let width = lines.iter().map(|(left, _)| left.chars().count()).max().unwrap_or(0);
    for (left, right) in lines {
        output.line(format!("{left:width$}  {right}"))?;
    }
    Ok(())
}

fn shown(part: &Part) -> String {
    match part {
        Part::Value(value) => shortened(value),
        part => part.to_string(),
    }
}

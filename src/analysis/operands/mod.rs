//! The operands of a failed evaluation: what each reference of the expression came to, or where it stopped.
//!
//! The expression is the one AWS's sentence names, or the one that stands in the field it names; the documents are those
//! recorded. What `$` meant is checked: only a document on which the expression fails as AWS says it did is believed.

mod documents;
mod sentence;

#[cfg(test)]
mod tests;

use super::cause::{Diagnosis, Finding, Stage};
use super::provenance::Story;
use crate::asl::StateKind;
use crate::asl::state::{ChoiceData, Condition};
use crate::history::{MemberId, VisitId};
use crate::query::expression::Expression as JsonPath;
use crate::query::jsonata::{self, Session};
use crate::query::operand::{Document, Operand, Standing, distinct};
use crate::query::{FixedSources, Scope};
use documents::Documents;
use sentence::Subject;
use serde_json::Value;

/// Operands that are kept of one expression.
const KEPT: usize = 50;
/// Findings that did not end the execution whose operands are looked for.
const OTHERS: usize = 20;

/// Adds the operands of failed evaluations to what a diagnosis found.
pub fn add_operands(diagnosis: &mut Diagnosis, story: Story<'_>) {
    let others = diagnosis.others.iter_mut().take(OTHERS);
    for finding in diagnosis.causes.iter_mut().chain(others) {
        finding.operands = operands(finding, story);
    }
}

/// Returns the operands of the expression a failure is about.
fn operands(finding: &Finding, story: Story<'_>) -> Vec<Operand> {
    let of_a_state = matches!(finding.stage, Stage::Evaluation | Stage::State | Stage::FailState);
    let (Some(visit), Some(message)) = (finding.place.visit.filter(|_| of_a_state), &finding.cause) else {
        return Vec::new();
    };
    let Some(subject) = sentence::subject(message.sentence()) else { return Vec::new() };
    let member = finding.place.execution;
    let documents = Documents::of(story, member, visit);
    let mut operands = match &subject {
        Subject::Jsonata(expression, _) => of_jsonata(expression, &documents),
        Subject::JsonPath { expression, quoted } => {
            of_path(expression, quoted.as_ref(), message.sentence(), &documents)
        }
        Subject::Field(name) => of_field(name, story, member, visit, &documents),
        Subject::Input => vec![whole_input(&documents)],
        Subject::Rules => of_rules(story, member, visit, &documents),
    };
    operands.truncate(KEPT);
    let of_item = matches!(&subject, Subject::Jsonata(_, Some(field)) if field.starts_with("ItemSelector"));
    for operand in &mut operands {
        if !documents.tells(operand, of_item) {
            operand.standing = Standing::NotRecorded;
        }
    }
    operands
}

impl Documents {
    /// Tells whether what an operand came to is known: a document that was not recorded is not one that is not there.
    fn tells(&self, operand: &Operand, of_item: bool) -> bool {
        match &operand.document {
            Document::Input => self.input.is_some(),
            Document::Result | Document::ErrorOutput => true,
            Document::Variable(_) => !operand.is_missing() || self.has_all_variables,
            // The selector of a Map is evaluated for each of its items; which one it failed for is not recorded.
            Document::Context if of_item && operand.reference.contains(".Map") => false,
            Document::Context => !operand.is_missing() || self.is_defined,
        }
    }

    fn scope<'d>(&'d self, input: &'d Value) -> Scope<'d> {
        Scope { input, context: &self.context, variables: &self.variables, sources: &FixedSources }
    }
}

fn of_jsonata(expression: &jsonata::Expression, documents: &Documents) -> Vec<Operand> {
    let nothing = Value::Null;
    let mut session = Session::new(documents.scope(documents.input.as_ref().unwrap_or(&nothing)));
    if let Some(result) = &documents.result {
        session = session.with_result(result);
    }
    if let Some(error) = &documents.error {
        session = session.with_error_output(error);
    }
    Operand::of_jsonata(expression, &session)
}

/// The operands of a path or a call, looked up in the document on which it fails with the words of the cause.
fn of_path(expression: &JsonPath, quoted: Option<&Value>, sentence: &str, documents: &Documents) -> Vec<Operand> {
    let fails = |data: &Value| match expression.evaluate(&documents.scope(data)) {
        Err(error) => {
            let path = expression.paths().into_iter().next();
            let miss = path.and_then(|path| path.explain(&documents.scope(data)).miss);
            let said = miss.map(|miss| miss.reason.to_string());
            // What is quoted may be cut off, so not the whole sentence need agree.
            error.is_intrinsic_failure()
                || said.is_none_or(|said| sentence.contains(&said))
                || !names_a_reason(sentence)
        }
        Ok(value) => sentence.starts_with("Reference path") && !value.is_array(),
    };
    let shaped = ["The SecondsPath", "The TimestampPath", "Unable to apply ReferencePath"];
    let by_value = shaped.iter().any(|words| sentence.starts_with(words)) || sentence.contains("Path field refers to");
    let likeliest = documents.data.first().filter(|_| by_value || documents.is_defined);
    let data = quoted.or_else(|| documents.data.iter().find(|data| fails(data))).or(likeliest);
    let operands = data.map(|data| Operand::of_expression(expression, &documents.scope(data)));
    // Without a definition the data may have been selected before; the sentence says what was there.
    let told = sentence.split_once(" == ").map(|(_, value)| value);
    let agrees = |operands: &Vec<Operand>| {
        documents.is_defined || told.is_none_or(|told| operands.iter().any(|operand| comes_to(operand, told)))
    };
    match operands.filter(agrees) {
        Some(operands) => operands,
        None => {
            let mut operands = Operand::of_expression(expression, &documents.scope(&Value::Null));
            let of_input = operands.iter_mut().filter(|operand| operand.document == Document::Input);
            of_input.for_each(|operand| operand.standing = Standing::NotRecorded);
            operands
        }
    }
}

/// Tells whether an operand came to what a sentence quotes.
fn comes_to(operand: &Operand, told: &str) -> bool {
    let Standing::Value(value) = &operand.standing else { return false };
    value.as_str() == Some(told) || serde_json::from_str::<Value>(told).is_ok_and(|told| told == *value)
}

/// Only sentences about a path alone go on with what stood in its way.
fn names_a_reason(sentence: &str) -> bool {
    sentence.starts_with("Invalid path '") && sentence.contains("' : ")
}

fn whole_input(documents: &Documents) -> Operand {
    let (reference, input) = ("$states.input".to_owned(), documents.input.clone());
    let is_path = documents.input.as_ref().is_none_or(Value::is_null);
    let reference = if is_path { "$".to_owned() } else { reference };
    Operand { reference, document: Document::Input, standing: Standing::Value(input.unwrap_or_default()) }
}

/// The operands of what the definition has in a field.
fn of_field(name: &str, story: Story<'_>, member: MemberId, visit: VisitId, documents: &Documents) -> Vec<Operand> {
    let written = written(name, story, member, visit);
    let Some(Value::String(text)) = written else { return Vec::new() };
    if let Some(text) = jsonata::expression_text(text.trim()) {
        return jsonata::Expression::compile(text).map(|it| of_jsonata(&it, documents)).unwrap_or_default();
    }
    match (JsonPath::compile(&text), documents.data.first()) {
        (Ok(expression), Some(data)) => Operand::of_expression(&expression, &documents.scope(data)),
        _ => Vec::new(),
    }
}

/// Returns what the definition of a state has in a field.
fn written(name: &str, story: Story<'_>, member: MemberId, visit: VisitId) -> Option<Value> {
    let definition = story.programs.program(member).ok()?.definition.to_value()?;
    let state = state_in(&definition, &story.history(member).visit(visit).name)?;
    let pointer = name.replace('[', "/").replace(']', "");
    state.pointer(&format!("/{pointer}")).cloned()
}

/// Finds a state by its name, however deep it stands.
fn state_in<'d>(definition: &'d Value, name: &str) -> Option<&'d Value> {
    let states = definition.get("States")?.as_object()?;
    states.get(name).or_else(|| {
        states.values().find_map(|state| {
            let inner = ["ItemProcessor", "Iterator"].iter().filter_map(|field| state.get(field));
            let branches = state.get("Branches").and_then(Value::as_array).into_iter().flatten();
            inner.chain(branches).find_map(|scope| state_in(scope, name))
        })
    })
}

/// The operands of the rules of a Choice, each once.
fn of_rules(story: Story<'_>, member: MemberId, visit: VisitId, documents: &Documents) -> Vec<Operand> {
    let Ok(program) = story.programs.program(member) else { return Vec::new() };
    let state = program.machine.find(&story.history(member).visit(visit).name);
    let Some(StateKind::Choice(choice)) = state.map(|state| &state.kind) else { return Vec::new() };
    match (&choice.data, documents.data.first()) {
        (ChoiceData::JsonPath { rules, .. }, Some(data)) => {
            let scope = documents.scope(data);
            distinct(rules.iter().flat_map(|rule| Operand::of_rule(&rule.rule, &scope)))
        }
        (ChoiceData::Jsonata { rules, .. }, _) => {
            let conditions = rules.iter().filter_map(|rule| match &rule.condition {
                Condition::Expression(expression) => Some(expression),
                Condition::Literal(_) => None,
            });
            distinct(conditions.flat_map(|expression| of_jsonata(expression, documents)))
        }
        _ => Vec::new(),
    }
}

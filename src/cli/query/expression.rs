//! The kinds of expression the command takes, and how their failures are worded.

use super::super::Failure;
use crate::query::expression::Expression as JsonPath;
use crate::query::intrinsic::Call;
use crate::query::path::{Found, Path};
use crate::query::template::{Template, TemplateProblem};
use crate::query::{EvaluationError, EvaluationFailure, Scope, SyntaxError, jsonata};
use serde_json::Value;
use std::borrow::Cow;

/// A compiled expression of any kind.
pub(super) enum Expression {
    JsonPath(JsonPath),
    JsonPathTemplate(Template),
    Jsonata(jsonata::Expression),
    JsonataTemplate(jsonata::Template),
}

/// Why there is no value, in words.
pub(super) struct NoValue {
    pub(super) reason: String,
    pub(super) hint: Option<String>,
}

impl Expression {
    /// Compiles a text of any kind.
    pub(super) fn compile(text: &str) -> Result<Self, Failure> {
        let trimmed = text.trim();
        if let Some(text) = jsonata::expression_text(trimmed) {
            let compiled = jsonata::Expression::compile(text);
            return compiled.map(Self::Jsonata).map_err(|error| Failure::input(format!("Not JSONata: {error}.")));
        }
        if trimmed.starts_with('{') {
            return Self::template(trimmed);
        }
        if Call::is_meant(trimmed) {
            let call = Call::compile(trimmed).map_err(|error| pointed("intrinsic function", trimmed, &error))?;
            return Ok(Self::JsonPath(JsonPath::Call(call)));
        }
        let path = Path::compile_bare(text).map_err(|error| pointed("JSONPath", text, &error))?;
        Ok(Self::JsonPath(JsonPath::Path(path)))
    }

    fn template(text: &str) -> Result<Self, Failure> {
        let template: Value = serde_json::from_str(text).map_err(|error| {
            Failure::input(format!("The template is not JSON: {error}."))
                .hint("A JSONata expression stands between {% and %}.")
        })?;
        if has_jsonata(&template) {
            let compiled = jsonata::Template::compile(&template);
            return compiled.map(Self::JsonataTemplate).map_err(|errors| {
                let errors: Vec<_> = errors.iter().map(|error| format!("{}: {}", error.pointer, error.error)).collect();
                Failure::input(format!("The template has mistakes: {}.", errors.join("; ")))
            });
        }
        Template::compile(&template).map(Self::JsonPathTemplate).map_err(|errors| {
            let errors: Vec<_> =
                errors.iter().map(|error| format!("{}: {}", error.field, problem(&error.problem))).collect();
            Failure::input(format!("The template has mistakes: {}.", errors.join("; ")))
        })
    }

    /// Returns the value, or why there is none.
    pub(super) fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, NoValue> {
        let value = match self {
            // A path given alone is asked of the library: only Step Functions never applies one to null.
            Self::JsonPath(JsonPath::Path(path)) => {
                path.read(scope).map(Cow::into_owned).map_err(EvaluationError::from)
            }
            Self::JsonPath(expression) => expression.evaluate(scope).map(Cow::into_owned),
            Self::JsonPathTemplate(template) => template.evaluate(scope).map(Cow::into_owned),
            Self::Jsonata(expression) => {
                let session = jsonata::Session::new(*scope);
                return expression.evaluate(&session, "EXPR").map_err(|failure| NoValue::plain(alone(&failure)));
            }
            Self::JsonataTemplate(template) => {
                let session = jsonata::Session::new(*scope);
                return template.evaluate(&session, "EXPR").map_err(|failure| NoValue::plain(failure.to_string()));
            }
        };
        value.map_err(|error| NoValue::of(&error, self, scope))
    }

    /// Returns the paths of a JSONPath expression.
    pub(super) fn paths(&self) -> Vec<&Path> {
        match self {
            Self::JsonPath(expression) => expression.paths(),
            Self::JsonPathTemplate(template) => {
                template.expressions().into_iter().flat_map(|(_, expression)| expression.paths()).collect()
            }
            Self::Jsonata(_) | Self::JsonataTemplate(_) => Vec::new(),
        }
    }

    /// Returns the JSONata expressions in the order of the text.
    pub(super) fn jsonata(&self) -> Vec<&jsonata::Expression> {
        match self {
            Self::Jsonata(expression) => vec![expression],
            Self::JsonataTemplate(template) => template.expressions(),
            Self::JsonPath(_) | Self::JsonPathTemplate(_) => Vec::new(),
        }
    }
}

/// AWS's sentence without the field, which an expression given alone has not.
fn alone(failure: &jsonata::Failure) -> String {
    format!("The JSONata expression '{}' {}", failure.expression, failure.kind)
}

fn has_jsonata(value: &Value) -> bool {
    match value {
        Value::String(text) => jsonata::is_expression(text),
        Value::Array(items) => items.iter().any(has_jsonata),
        Value::Object(members) => members.values().any(has_jsonata),
        _ => false,
    }
}

fn problem(problem: &TemplateProblem) -> String {
    match problem {
        TemplateProblem::NotText => "the value must be a string".to_owned(),
        TemplateProblem::Expression(error) => error.to_string(),
        TemplateProblem::Duplicate => "the same key stands there without '.$'".to_owned(),
        TemplateProblem::TooDeep => "nested too deeply".to_owned(),
    }
}

/// Shows where in the text the mistake is.
fn pointed(kind: &str, text: &str, error: &SyntaxError) -> Failure {
    let before = text.get(..error.offset.min(text.len())).unwrap_or(text);
    let column = unicode_width::UnicodeWidthStr::width(before);
    Failure::input(format!("Not a valid {kind}: {}.\n  {text}\n  {:column$}^", error.problem, ""))
}

impl NoValue {
    fn plain(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), hint: None }
    }

    fn of(error: &EvaluationError, expression: &Expression, scope: &Scope<'_>) -> Self {
        let hint = match &error.failure {
            EvaluationFailure::Path(miss) => {
                let path = expression.paths().into_iter().find(|path| *path.text() == *miss.path);
                path.and_then(|path| path.explain(scope).instead).and_then(|found| hint(&found))
            }
            EvaluationFailure::Intrinsic(error) => Some(format!("{error}.")),
            _ => None,
        };
        Self { reason: error.aws_cause(scope), hint }
    }
}

/// How many names a hint lists.
const NAMES: usize = 12;

/// Tells what is there instead of what was asked for.
pub(super) fn hint(found: &Found) -> Option<String> {
    if let Some((wanted, similar)) = &found.similar {
        return Some(format!("There is no '{wanted}' there; perhaps '{similar}' is meant."));
    }
    match found.names.len() {
        0 => Some(format!("There is {} where the path stops.", found.kind)),
        count if count > NAMES => {
            Some(format!("The names there are {}, and {} more.", found.names[..NAMES].join(", "), count - NAMES))
        }
        _ => Some(format!("The names there are {}.", found.names.join(", "))),
    }
}

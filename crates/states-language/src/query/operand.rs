//! What the references of an expression come to: their values, or the place where they stop.
//!
//! This is what is told of an expression that failed, and what `stepback query --explain` tells of any.

use super::choice::Rule;
use super::expression::Expression;
use super::jsonata::{self, Binding, Session};
use super::path::{Found, Path, Root};
use super::scope::Scope;
use serde_json::Value;
use std::fmt;

/// A reference of an expression, and what it comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Operand {
    /// The reference as it is written: `$report.adjustments.margin`.
    pub reference: String,
    /// The document it looks into.
    pub document: Document,
    /// What it comes to.
    pub standing: Standing,
}

/// A document an expression looks into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Document {
    /// `$`, or `$states.input`.
    Input,
    /// `$$`, or `$states.context`.
    Context,
    /// `$states.result`.
    Result,
    /// `$states.errorOutput`.
    ErrorOutput,
    /// A variable, by name without `$`.
    Variable(Box<str>),
}

/// What a reference comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Standing {
    /// This value.
    Value(Value),
    /// Nothing: it stops on its way.
    Missing {
        /// The reference up to the first part that is not there.
        stops: String,
        /// The reference up to the last part that is there.
        after: String,
        /// What is there.
        found: Found,
    },
    /// Nothing: there is no such document.
    Absent,
    /// Nobody knows: the document was not recorded.
    NotRecorded,
}

/// How much of a value is said.
const SHOWN: usize = 60;
/// How many names are listed.
const NAMES: usize = 12;

impl Operand {
    /// Returns what a path comes to.
    pub fn of_path(path: &Path, scope: &Scope<'_>) -> Self {
        let document = match path.root() {
            Root::Input => Document::Input,
            Root::Context => Document::Context,
            Root::Variable(name) => Document::Variable(name.clone()),
        };
        Self { reference: path.text().to_owned(), document, standing: standing(path, scope) }
    }

    /// Returns what the paths of a path or a call come to, each once.
    pub fn of_expression(expression: &Expression, scope: &Scope<'_>) -> Vec<Self> {
        distinct(expression.paths().into_iter().map(|path| Self::of_path(path, scope)))
    }

    /// Returns what the paths of the rule of a Choice come to, each once.
    pub fn of_rule(rule: &Rule, scope: &Scope<'_>) -> Vec<Self> {
        distinct(rule.paths().into_iter().map(|path| Self::of_path(path, scope)))
    }

    /// Returns what a JSONata expression reads, each once.
    pub fn of_jsonata(expression: &jsonata::Expression, session: &Session<'_>) -> Vec<Self> {
        let reaches = expression.references().reaches().iter();
        distinct(reaches.filter_map(|reach| {
            let document = match &reach.binding {
                Binding::States => return None,
                Binding::Input => Document::Input,
                Binding::Context => Document::Context,
                Binding::Result => Document::Result,
                Binding::ErrorOutput => Document::ErrorOutput,
                Binding::Variable(name) => Document::Variable(name.clone()),
            };
            let standing = reach.standing(session);
            // A function that is passed on by its name looks like a variable.
            let is_function = standing == Standing::Absent && reach.is_function();
            (!is_function).then(|| Self { reference: reach.to_string(), document, standing })
        }))
    }

    /// Tells whether it comes to nothing.
    pub fn is_missing(&self) -> bool {
        matches!(self.standing, Standing::Missing { .. } | Standing::Absent)
    }
}

/// Returns each operand once.
pub fn distinct(operands: impl IntoIterator<Item = Operand>) -> Vec<Operand> {
    let mut kept: Vec<Operand> = Vec::new();
    for operand in operands {
        if !kept.iter().any(|known| known.reference == operand.reference) {
            kept.push(operand);
        }
    }
    kept
}

fn standing(path: &Path, scope: &Scope<'_>) -> Standing {
    let trail = path.explain(scope);
    let stages: Vec<(String, Option<&Value>)> =
        trail.stages.iter().map(|stage| (dotted(&stage.part), stage.selected.as_ref())).collect();
    let Some((_, whole)) = stages.last() else { return Standing::Absent };
    if let (Some(value), None) = (whole, &trail.miss)
        && !path.is_beyond(scope)
    {
        return Standing::Value((*value).clone());
    }
    // An element that is not there is null, and all that is looked for in it is missing.
    let stop = stages.windows(2).find_map(|pair| match pair {
        [(after, Some(value)), (stops, next)] if next.is_none_or(Value::is_null) && !value.is_null() => {
            let named = trail.instead.clone().filter(|_| next.is_none());
            let found = named.unwrap_or_else(|| Found::at(value, None));
            Some(Standing::Missing { stops: stops.clone(), after: after.clone(), found })
        }
        _ => None,
    });
    let null = Value::Null;
    stop.unwrap_or_else(|| match stages.split_first() {
        Some(((root, value), [])) => Standing::Value(value.cloned().unwrap_or_else(|| root.as_str().into())),
        Some(((root, value), rest)) => Standing::Missing {
            stops: rest.first().map(|(part, _)| part.clone()).unwrap_or_default(),
            after: root.clone(),
            found: Found::at(value.unwrap_or(&null), None),
        },
        None => Standing::Absent,
    })
}

/// A path in brackets as people write it: `$['order']['id'][0]` is `$.order.id[0]`.
fn dotted(part: &str) -> String {
    let mut text = String::with_capacity(part.len());
    let mut rest = part;
    while let Some(at) = rest.find("['") {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        text.push_str(before);
        let name = from.get(2..).and_then(|from| from.split_once("']"));
        match name {
            Some((name, after)) if is_plain(name) => {
                text.push('.');
                text.push_str(name);
                rest = after;
            }
            _ => {
                text.push_str(from.get(..2).unwrap_or_default());
                rest = from.get(2..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    text
}

/// Tells whether a name needs neither quotes nor brackets.
pub(super) fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c == '_' || c.is_alphanumeric()) && name.starts_with(|c: char| c == '_' || c.is_alphabetic())
}

/// The operand as it is told: `$baseRate = 790`, `$report.adjustments is missing; $report has reportId, status`.
impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { reference, document, standing } = self;
        match standing {
            Standing::Value(value) => write!(f, "{reference} = {}", shortened(value)),
            Standing::Missing { stops, after, found } => write!(f, "{stops} is missing; {after} {found}"),
            Standing::Absent if matches!(document, Document::Variable(_)) => {
                write!(f, "{reference} is missing: the variable is not assigned")
            }
            Standing::Absent => write!(f, "{reference} is missing: there is none here"),
            Standing::NotRecorded => write!(f, "{reference} is not recorded"),
        }
    }
}

/// What is there, as a predicate: `has id, status`, `is a string`.
impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |f: &mut fmt::Formatter<'_>| {
            f.write_str(&self.names.get(..self.names.len().min(NAMES)).unwrap_or_default().join(", "))?;
            match self.names.len().checked_sub(NAMES) {
                None | Some(0) => Ok(()),
                Some(more) => write!(f, " and {more} more"),
            }
        };
        match (self.names.is_empty(), self.kind.starts_with("an array")) {
            (true, _) => write!(f, "is {}", self.kind)?,
            (false, true) => {
                write!(f, "is {}, each with ", self.kind)?;
                names(f)?;
            }
            (false, false) => {
                f.write_str("has ")?;
                names(f)?;
            }
        }
        match &self.similar {
            Some((_, similar)) => write!(f, "; perhaps {similar} is meant"),
            None => Ok(()),
        }
    }
}

/// Returns the beginning of a value's JSON text, and how large a long one is.
pub fn shortened(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= SHOWN {
        return text;
    }
    let beginning: String = text.chars().take(SHOWN).collect();
    format!("{beginning}… ({} bytes)", text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(operands: &[Operand]) -> String {
        operands.iter().map(ToString::to_string).collect::<Vec<_>>().join(" · ")
    }

    #[test]
    fn references_of_jsonata_come_to_values_or_stop() {
        let input =
            json!({"n": "12", "rows": [{"id": 1, "price": 5}, {"id": 2}], "odd name": {"x": null}, "t": "text"});
        let variables = json!({"baseRate": 790, "report": {"reportId": "r", "status": "ready", "score": 688}});
        let variables = variables.as_object().unwrap();
        let scope = Scope { variables, ..Scope::of(&input) };
        for (text, expected) in [
            (
                "$baseRate + $report.adjustments.margin",
                "$baseRate = 790 · $report.adjustments is missing; $report has reportId, status, score",
            ),
            ("$states.input.n + 1", "$states.input.n = \"12\""),
            ("$report.scor", "$report.scor is missing; $report has reportId, status, score; perhaps score is meant"),
            ("$states.input.rows[1].price", "$states.input.rows[1].price is missing; $states.input.rows[1] has id"),
            (
                "$states.input.rows[7].price",
                "$states.input.rows[7] is missing; $states.input.rows is an array of 2 elements, each with id, price",
            ),
            (
                "$states.input.rows.prise",
                "$states.input.rows.prise is missing; $states.input.rows is an array of 2 elements, each with id, price; perhaps price is meant",
            ),
            ("$states.input.rows.id", "$states.input.rows.id = [1,2]"),
            ("$states.input.t.deep.er", "$states.input.t.deep is missing; $states.input.t is a string"),
            ("$states.input.`odd name`.x", "$states.input.`odd name`.x = null"),
            (
                "$nope & $states.result.a",
                "$nope is missing: the variable is not assigned · $states.result.a is missing: there is none here",
            ),
            (
                "$map($states.input.rows, function($r) { $r.price * $baseRate })",
                "$states.input.rows = [{\"id\":1,\"price\":5},{\"id\":2}] · $baseRate = 790",
            ),
            ("$map([1], $string)", ""),
            ("$states.input.rows[id = 2].price", "$states.input.rows = [{\"id\":1,\"price\":5},{\"id\":2}]"),
            ("($x := $baseRate; $x + $x)", "$baseRate = 790"),
            ("1 + 1", ""),
        ] {
            let expression = jsonata::Expression::compile(text).unwrap();
            assert_eq!(told(&Operand::of_jsonata(&expression, &Session::new(scope))), expected, "{text}");
        }
    }

    #[test]
    fn paths_come_to_values_or_stop() {
        let input = json!({"carrier": {"body": {"data": {"offers": []}}}, "list": [1, 2], "s": "x", "odd name": 1});
        let context = json!({"State": {"Name": "S"}});
        let scope = Scope { context: &context, ..Scope::of(&input) };
        for (text, expected) in [
            ("$.list[1]", "$.list[1] = 2"),
            ("$.list[5]", "$.list[5] is missing; $.list is an array of 2 elements"),
            ("$.carrier.body.rates[0].price", "$.carrier.body.rates is missing; $.carrier.body has data"),
            ("$.s.deeper", "$.s.deeper is missing; $.s is a string"),
            ("$['odd name']", "$['odd name'] = 1"),
            ("$.carier", "$.carier is missing; $ has carrier, list, s, odd name; perhaps carrier is meant"),
            ("$$.State.Nam", "$$.State.Nam is missing; $$.State has Name; perhaps Name is meant"),
            ("$v.x", "$v.x is missing: the variable is not assigned"),
            ("$", "$ = {\"carrier\":{\"body\":{\"data\":{\"offers\":[]}}},\"list\":[1,2],\"s\":… (77 bytes)"),
            ("States.Format('{} {}', $.s, $.list[0])", "$.s = \"x\" · $.list[0] = 1"),
        ] {
            let expression = Expression::compile(text).unwrap();
            assert_eq!(told(&Operand::of_expression(&expression, &scope)), expected, "{text}");
        }
        let null = Value::Null;
        let path = Path::compile("$.a.b").unwrap();
        assert_eq!(Operand::of_path(&path, &Scope::of(&null)).to_string(), "$.a is missing; $ is null");
        assert_eq!(Operand::of_path(&Path::compile("$").unwrap(), &Scope::of(&null)).to_string(), "$ = null");
    }
}

//! Choice.

use super::fields::{JSONATA_RULE, SCHEMA_VALIDATION_FAILED};
use super::payload::descend;
use super::spot::Spot;
use super::transitions::Here;
use super::{Parser, place};
use crate::asl::compiled::Rule;
use crate::asl::machine::QueryLanguage;
use crate::asl::node::{Data, Node};
use crate::asl::state::{Choice, ChoiceData, Condition, JsonPathRule, JsonataRule};
use crate::query::choice::{RuleError, RuleProblem};
use crate::query::jsonata::expression_text;
use serde_json::Value;

/// Members of a rule that are not part of its comparison.
const AROUND: [&str; 4] = ["Next", "Assign", "Comment", "Output"];

impl Parser {
    pub(super) fn choice(&mut self, state: &Spot<'_, '_>, here: Here<'_>, language: QueryLanguage) -> Option<Choice> {
        self.required(state, &["Choices"]);
        let default = state.get("Default").and_then(|default| self.target(&default, here.scope, here.names));
        let choices = state.get("Choices")?;
        if self.is_open(&choices) {
            self.transitions.open(here.scope);
            return None;
        }
        let list = self.filled_list(&choices)?;
        let data = match language {
            QueryLanguage::JsonPath => ChoiceData::JsonPath {
                input_path: self.selection(state, "InputPath"),
                rules: list.iter().filter_map(|rule| self.jsonpath_rule(rule, here)).collect(),
                assign: self.assign(state),
                output_path: self.selection(state, "OutputPath"),
            },
            QueryLanguage::Jsonata => ChoiceData::Jsonata {
                rules: list.iter().filter_map(|rule| self.jsonata_rule(rule, here)).collect(),
                output: self.jsonata(state, "Output"),
                assign: self.assign_jsonata(state),
            },
        };
        Some(Choice { data, default })
    }

    fn jsonpath_rule(&mut self, spot: &Spot<'_, '_>, here: Here<'_>) -> Option<JsonPathRule> {
        if has_open_rule(spot.node, 0) {
            self.leave_open();
            self.transitions.open(here.scope);
            return None;
        }
        let Value::Object(mut members) = spot.node.to_value() else {
            self.refuse(spot, "Expected value of type [OBJECT]");
            return None;
        };
        for (condition, field) in [("Condition", "Condition"), ("Output", "Output")] {
            if members.contains_key(field) {
                self.refuse(
                    spot,
                    format!(
                        "The QueryLanguage is set to 'JSONPath', but field '{condition}' is only supported for the \
                         'JSONata' QueryLanguage"
                    ),
                );
                members.shift_remove(field);
            }
        }
        self.required(spot, &["Next"]);
        members.retain(|key, _| !AROUND.contains(&key.as_str()));
        let rule = Rule::compile(&members);
        if let Err(errors) = &rule {
            errors.iter().for_each(|error| self.rule_error(spot, error));
        }
        let next = self.next(spot, here);
        let assign = self.assign(spot);
        let comment = self.comment(spot);
        Some(JsonPathRule { rule: rule.ok()?, next: next?, assign, comment, place: place(spot) })
    }

    fn rule_error(&mut self, rule: &Spot<'_, '_>, error: &RuleError) {
        let (location, node) = descend(rule, &error.pointer);
        let field_of = |field: &str| node.get(field).map_or(node.span, |value| value.span);
        let substituted = |field: &str| node.get(field).is_some_and(|value| value.is_substitution());
        let (location, span, message) = match &error.problem {
            RuleProblem::Missing(field) => (location, node.span, format!("These fields are required: [{field}]")),
            RuleProblem::NoOperator => {
                (location, node.span, "A choice rule must have exactly one comparison operator".to_owned())
            }
            RuleProblem::SeveralOperators(names) => {
                let message =
                    format!("This object should have only one of the following fields: [{}]", names.join(", "));
                (location, node.span, message)
            }
            RuleProblem::TooDeep => (location, node.span, "The rules are nested too deeply".to_owned()),
            RuleProblem::Unknown(field) => (location, field_of(field), format!("Field '{field}' is not supported")),
            RuleProblem::OnlyOutermost(field) => {
                (location, field_of(field), format!("Field '{field}' is not supported"))
            }
            RuleProblem::WrongType { field, .. } | RuleProblem::Path { field, .. } if substituted(field) => return,
            RuleProblem::WrongType { field, expected } => {
                let is_empty = node.get(field).and_then(Node::items).is_some_and(<[_]>::is_empty);
                (format!("{location}/{field}"), field_of(field), wrong_type(expected, is_empty))
            }
            RuleProblem::Path { field, .. } => {
                let starts = node.get(field).and_then(|value| value.text()).is_some_and(|text| text.starts_with('$'));
                let why = if starts { "" } else { ": Reference path didn't start with '$'" };
                (format!("{location}/{field}"), field_of(field), format!("Value is not a Reference Path{why}"))
            }
        };
        self.report(SCHEMA_VALIDATION_FAILED, location, span, message);
        if let RuleProblem::Path { error, .. } = &error.problem {
            self.hint(format!("It is not one: {error}."));
        }
    }

    fn jsonata_rule(&mut self, spot: &Spot<'_, '_>, here: Here<'_>) -> Option<JsonataRule> {
        if !self.known_fields(spot, JSONATA_RULE, QueryLanguage::Jsonata) {
            self.is_open(spot);
            self.transitions.open(here.scope);
            return None;
        }
        self.required(spot, &["Next", "Condition"]);
        let condition = spot.get("Condition").and_then(|condition| self.condition(&condition));
        let next = self.next(spot, here);
        let output = self.jsonata(spot, "Output");
        let assign = self.assign_jsonata(spot);
        let comment = self.comment(spot);
        Some(JsonataRule { condition: condition?, next: next?, output, assign, comment, place: place(spot) })
    }

    fn condition(&mut self, spot: &Spot<'_, '_>) -> Option<Condition> {
        if let Data::Bool(literal) = spot.node.data {
            return Some(Condition::Literal(literal));
        }
        let text = self.text(spot)?;
        match expression_text(text) {
            Some(source) => self.expression(spot, source).map(Condition::Expression),
            None if spot.node.is_substitution() => Some(Condition::Literal(false)),
            None => {
                self.refuse(spot, "Expected value of type [BOOLEAN]");
                self.hint("Write the condition between '{%' and '%}'.");
                None
            }
        }
    }
}

/// Tells whether a rule, or one it is made of, is put in at deployment.
fn has_open_rule(rule: &Node, depth: usize) -> bool {
    /// Deeper ones are refused for their depth.
    const DEEPEST: usize = 100;
    let open = |rule: &Node| has_open_rule(rule, depth + 1);
    let any = |field: &str| rule.get(field).and_then(Node::items).is_some_and(|rules| rules.iter().any(open));
    depth < DEEPEST
        && (rule.is_substitution()
            || rule.has_open_keys()
            || any("And")
            || any("Or")
            || rule.get("Not").is_some_and(open))
}

/// Returns what AWS says of a member of another type than the compiler of rules expected, in its words.
fn wrong_type(expected: &str, is_empty: bool) -> String {
    let name = match expected {
        "a boolean" => "BOOLEAN",
        "a number" => "NUMBER",
        "a rule" => "OBJECT",
        _ if is_empty => return "Value cannot be empty".to_owned(),
        _ if expected.starts_with("a timestamp") => return "String does not match RFC3339 timestamp".to_owned(),
        _ if expected.starts_with("a list") => "ARRAY",
        _ => "STRING",
    };
    format!("Expected value of type [{name}]")
}

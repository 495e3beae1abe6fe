//! Makes rules from the members of a definition.

use super::operator::{OPERATORS, Operand, Operator};
use super::{Check, Pattern, Rule, Test};
use crate::query::error::SyntaxError;
use crate::query::path::Path;
use serde_json::{Map, Value};

/// How deep rules may be nested.
const NESTING: usize = 100;

/// A mistake in a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError {
    /// The rule that has the mistake, as a JSON Pointer from the outermost rule.
    pub pointer: String,
    /// What is wrong.
    pub problem: RuleProblem,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleProblem {
    /// A field that every rule of this kind must have.
    Missing(&'static str),
    /// No comparison, `And`, `Or` or `Not`.
    NoOperator,
    /// More than one comparison; their names.
    SeveralOperators(Vec<String>),
    /// A field that a rule does not know.
    Unknown(String),
    /// A field of the wrong type, and what it should be.
    WrongType {
        /// The field.
        field: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A field that should be a path.
    Path {
        /// The field.
        field: String,
        /// What is wrong with it.
        error: SyntaxError,
    },
    /// A field that only the outermost rule may have.
    OnlyOutermost(&'static str),
    /// Rules nested too deeply.
    TooDeep,
}

const COMBINATORS: [&str; 3] = ["And", "Or", "Not"];

pub(super) fn rule(members: &Map<String, Value>) -> Result<Rule, Vec<RuleError>> {
    let mut compiler = Compiler { errors: Vec::new(), pointer: String::new() };
    match compiler.rule(members, NESTING) {
        Some(rule) if compiler.errors.is_empty() => Ok(rule),
        _ => Err(compiler.errors),
    }
}

struct Compiler {
    errors: Vec<RuleError>,
    pointer: String,
}

impl Compiler {
    fn report<T>(&mut self, problem: RuleProblem) -> Option<T> {
        self.errors.push(RuleError { pointer: self.pointer.clone(), problem });
        None
    }

    fn wrong_type<T>(&mut self, field: &str, expected: &'static str) -> Option<T> {
        self.report(RuleProblem::WrongType { field: field.to_owned(), expected })
    }

    fn rule(&mut self, members: &Map<String, Value>, nesting: usize) -> Option<Rule> {
        let Some(nesting) = nesting.checked_sub(1) else { return self.report(RuleProblem::TooDeep) };
        let operators = self.operators(members);
        match operators.as_slice() {
            [] => self.report(RuleProblem::NoOperator),
            ["Not"] => self.not(members, nesting),
            ["And"] => self.combined("And", members, nesting).map(Rule::And),
            ["Or"] => self.combined("Or", members, nesting).map(Rule::Or),
            [name] => self.test(name, members),
            several => {
                let names = several.iter().map(ToString::to_string).collect();
                self.report(RuleProblem::SeveralOperators(names))
            }
        }
    }

    /// Returns the names of the operators among the members, and reports members that mean nothing.
    fn operators<'m>(&mut self, members: &'m Map<String, Value>) -> Vec<&'m str> {
        let mut operators = Vec::new();
        for key in members.keys().map(String::as_str) {
            match key {
                "Next" if !self.pointer.is_empty() => drop(self.report::<()>(RuleProblem::OnlyOutermost("Next"))),
                "Assign" if !self.pointer.is_empty() => drop(self.report::<()>(RuleProblem::OnlyOutermost("Assign"))),
                "Next" | "Assign" | "Comment" => {}
                "Variable" if !COMBINATORS.iter().any(|combinator| members.contains_key(*combinator)) => {}
                _ if COMBINATORS.contains(&key) || operator(key).is_some() => operators.push(key),
                unknown => drop(self.report::<()>(RuleProblem::Unknown(unknown.to_owned()))),
            }
        }
        operators
    }

    fn not(&mut self, members: &Map<String, Value>, nesting: usize) -> Option<Rule> {
        match members.get("Not") {
            Some(Value::Object(inner)) => {
                let rule = self.at("Not", |compiler| compiler.rule(inner, nesting))?;
                Some(Rule::Not(Box::new(rule)))
            }
            _ => self.wrong_type("Not", "a rule"),
        }
    }

    fn combined(&mut self, name: &str, members: &Map<String, Value>, nesting: usize) -> Option<Vec<Rule>> {
        let Some(Value::Array(items)) = members.get(name).filter(|rules| **rules != Value::Array(Vec::new())) else {
            return self.wrong_type(name, "a list of rules, at least one");
        };
        let rules: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(at, item)| match item {
                Value::Object(inner) => self.at(&format!("{name}/{at}"), |compiler| compiler.rule(inner, nesting)),
                _ => self.at(&format!("{name}/{at}"), |compiler| compiler.wrong_type(name, "a list of rules")),
            })
            .collect();
        rules.into_iter().collect()
    }

    fn test(&mut self, name: &str, members: &Map<String, Value>) -> Option<Rule> {
        let variable = match members.get("Variable") {
            Some(variable) => self.path("Variable", variable),
            None => self.report(RuleProblem::Missing("Variable")),
        };
        let (operator_name, operator) = operator(name)?;
        let operand = members.get(name)?;
        let check = self.check(name, operator, operand);
        let operand = match (operator, operand) {
            (Operator::ComparePath(_), Value::String(path)) => path.as_str().into(),
            (_, constant) => constant.to_string().into_boxed_str(),
        };
        Some(Rule::Test(Box::new(Test { variable: variable?, operator: operator_name, operand, check: check? })))
    }

    fn check(&mut self, name: &str, operator: Operator, value: &Value) -> Option<Check> {
        match (operator, value) {
            (Operator::Present, Value::Bool(wanted)) => Some(Check::Present(*wanted)),
            (Operator::Kind(kind), Value::Bool(wanted)) => Some(Check::Kind(kind, *wanted)),
            (Operator::Present | Operator::Kind(_), _) => self.wrong_type(name, "a boolean"),
            (Operator::Matches, Value::String(pattern)) => Some(Check::Matches(Pattern::compile(pattern))),
            (Operator::Matches, _) => self.wrong_type(name, "a string"),
            (Operator::ComparePath(comparison), path) => {
                self.path(name, path).map(|path| Check::Compare(comparison, Operand::Path(path)))
            }
            (Operator::Compare(comparison), constant) => match comparison.family().read(constant) {
                Some(constant) => Some(Check::Compare(comparison, Operand::Constant(constant))),
                None => self.wrong_type(name, comparison.family().expected()),
            },
        }
    }

    fn path(&mut self, field: &str, value: &Value) -> Option<Path> {
        let Value::String(text) = value else { return self.wrong_type(field, "a path") };
        match Path::compile(text) {
            Ok(path) => Some(path),
            Err(error) => self.report(RuleProblem::Path { field: field.to_owned(), error }),
        }
    }

    fn at<T>(&mut self, tokens: &str, compile: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(tokens);
        let result = compile(self);
        self.pointer.truncate(length);
        result
    }
}

fn operator(name: &str) -> Option<(&'static str, Operator)> {
    OPERATORS.iter().find(|(known, _)| *known == name).copied()
}

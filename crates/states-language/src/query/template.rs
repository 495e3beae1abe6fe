//! Payload templates: objects whose keys ending in `.$` hold expressions.
//!
//! The order of the result is part of what AWS records: per object first the members without expression, as declared,
//! then the others in the order of a Java `HashMap` of their keys without `.$`. It is fixed when compiling.

#[cfg(test)]
mod tests;

use super::budget::{Budget, TooLarge};
use super::error::{EvaluationError, EvaluationFailure, SyntaxError};
use super::expression::Expression;
use super::java::hash_map_order;
use super::scope::Scope;
use crate::json::{At, Step};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// How deep templates may be nested.
const NESTING: usize = 200;

/// A compiled payload template.
#[derive(Debug, Clone)]
pub struct Template {
    root: Node,
}

#[derive(Debug, Clone)]
enum Node {
    /// A part without expressions.
    Constant(Value),
    /// Members in the order of the result.
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
    /// An expression and the key it stands behind, with its `.$`.
    Expression(Box<str>, Expression),
}

impl Template {
    /// Compiles a template and reports every mistake in it.
    pub fn compile(template: &Value) -> Result<Self, Vec<TemplateError>> {
        let mut compiler = Compiler { errors: Vec::new(), pointer: String::new() };
        let root = compiler.node(template, NESTING);
        if compiler.errors.is_empty() { Ok(Self { root }) } else { Err(compiler.errors) }
    }

    /// Returns the value of the template; one without expressions is not copied.
    pub fn evaluate<'a>(&'a self, scope: &Scope<'a>) -> Result<Cow<'a, Value>, EvaluationError> {
        match &self.root {
            Node::Constant(value) => Ok(Cow::Borrowed(value)),
            root => root.evaluate(scope, &Budget::new()).map(Cow::Owned),
        }
    }

    /// Returns the value when the template has no expressions.
    pub fn constant(&self) -> Option<&Value> {
        match &self.root {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Returns each expression with the key it stands behind, in the order they are evaluated.
    pub fn expressions(&self) -> Vec<(&str, &Expression)> {
        let mut found = Vec::new();
        self.root.collect(&mut found);
        found
    }
}

impl Template {
    /// Returns each expression with the place its value takes and the way to it in the definition.
    pub fn parts(&self) -> Vec<Part<'_, Expression>> {
        let mut found = Vec::new();
        self.root.parts(&mut At::default(), &mut Vec::new(), &mut found);
        found
    }
}

/// An expression of a template and where its value goes.
#[derive(Debug, Clone)]
pub struct Part<'t, E> {
    /// The place of its value in the template's.
    pub at: At,
    /// The way to it in the template as it is written, where keys may end in `.$`.
    pub written: Vec<Box<str>>,
    /// The expression.
    pub expression: &'t E,
}

impl Node {
    fn parts<'n>(&'n self, at: &mut At, written: &mut Vec<Box<str>>, found: &mut Vec<Part<'n, Expression>>) {
        match self {
            Self::Constant(_) => {}
            Self::Object(members) => {
                for (key, member) in members {
                    let as_written = match member {
                        Self::Expression(field, _) => field.clone(),
                        _ => key.as_str().into(),
                    };
                    member.part_below(Step::Member(key.as_str().into()), as_written, at, written, found);
                }
            }
            Self::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.part_below(Step::Item(index), index.to_string().into(), at, written, found);
                }
            }
            Self::Expression(_, expression) => {
                found.push(Part { at: at.clone(), written: written.clone(), expression });
            }
        }
    }

    fn part_below<'n>(
        &'n self,
        step: Step,
        as_written: Box<str>,
        at: &mut At,
        written: &mut Vec<Box<str>>,
        found: &mut Vec<Part<'n, Expression>>,
    ) {
        at.0.push(step);
        written.push(as_written);
        self.parts(at, written, found);
        at.0.pop();
        written.pop();
    }

    fn evaluate(&self, scope: &Scope<'_>, budget: &Budget) -> Result<Value, EvaluationError> {
        match self {
            Self::Constant(value) => Ok(value.clone()),
            Self::Object(members) => {
                let mut object = Map::with_capacity(members.len());
                for (key, member) in members {
                    object.insert(key.clone(), member.evaluate(scope, budget)?);
                }
                Ok(Value::Object(object))
            }
            Self::Array(items) => items.iter().map(|item| item.evaluate(scope, budget)).collect(),
            Self::Expression(field, expression) => {
                let found = expression.evaluate_within(scope, budget);
                match found.map_err(|error| error.in_field(field))? {
                    Cow::Borrowed(value) => budget.copy(value).map_err(|limit| too_large(field, expression, limit)),
                    Cow::Owned(value) => Ok(value),
                }
            }
        }
    }

    fn collect<'n>(&'n self, found: &mut Vec<(&'n str, &'n Expression)>) {
        match self {
            Self::Constant(_) => {}
            Self::Object(members) => members.iter().for_each(|(_, member)| member.collect(found)),
            Self::Array(items) => items.iter().for_each(|item| item.collect(found)),
            Self::Expression(field, expression) => found.push((field, expression)),
        }
    }
}

fn too_large(field: &str, expression: &Expression, limit: TooLarge) -> EvaluationError {
    let failure = EvaluationFailure::TooLarge(limit);
    EvaluationError { field: Some(field.into()), expression: expression.text().into(), failure }
}

struct Compiler {
    errors: Vec<TemplateError>,
    /// Where in the template the compiler is.
    pointer: String,
}

impl Compiler {
    fn node(&mut self, template: &Value, nesting: usize) -> Node {
        let Some(inner) = nesting.checked_sub(1) else {
            self.report("", TemplateProblem::TooDeep);
            return Node::Constant(Value::Null);
        };
        match template {
            Value::Object(members) => self.object(members, inner),
            Value::Array(items) => {
                let items = items.iter().enumerate();
                let nodes = items.map(|(at, item)| self.at(&at.to_string(), |compiler| compiler.node(item, inner)));
                Node::array(nodes.collect())
            }
            scalar => Node::Constant(scalar.clone()),
        }
    }

    fn object(&mut self, members: &Map<String, Value>, nesting: usize) -> Node {
        let (mut fixed, mut dynamic) = (Vec::new(), Vec::new());
        for (key, member) in members {
            match key.strip_suffix(".$") {
                None => {
                    let node = self.at(&escaped(key), |compiler| compiler.node(member, nesting));
                    fixed.push((key.clone(), node));
                }
                Some(stripped) => {
                    if members.contains_key(stripped) {
                        self.report(key, TemplateProblem::Duplicate);
                    }
                    if let Some(node) = self.expression(key, member) {
                        dynamic.push((stripped.to_owned(), node));
                    }
                }
            }
        }
        if dynamic.is_empty() && fixed.iter().all(|(_, node)| matches!(node, Node::Constant(_))) {
            return Node::Constant(Value::Object(members.clone()));
        }
        let order = hash_map_order(dynamic.iter().map(|(key, _)| key.as_str()));
        let mut dynamic: Vec<_> = dynamic.into_iter().map(Some).collect();
        fixed.extend(order.into_iter().filter_map(|at| dynamic.get_mut(at).and_then(Option::take)));
        Node::Object(fixed)
    }

    fn expression(&mut self, key: &str, member: &Value) -> Option<Node> {
        let Value::String(text) = member else {
            self.report(key, TemplateProblem::NotText);
            return None;
        };
        match Expression::compile(text) {
            Ok(expression) => Some(Node::Expression(key.into(), expression)),
            Err(error) => {
                self.report(key, TemplateProblem::Expression(error));
                None
            }
        }
    }

    fn at<T>(&mut self, token: &str, compile: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(token);
        let result = compile(self);
        self.pointer.truncate(length);
        result
    }

    fn report(&mut self, field: &str, problem: TemplateProblem) {
        self.errors.push(TemplateError { pointer: self.pointer.clone(), field: field.to_owned(), problem });
    }
}

impl Node {
    /// Makes an array that is constant when its items are.
    fn array(items: Vec<Self>) -> Self {
        if !items.iter().all(|item| matches!(item, Self::Constant(_))) {
            return Self::Array(items);
        }
        let values = items.into_iter().filter_map(|item| match item {
            Self::Constant(value) => Some(value),
            _ => None,
        });
        Self::Constant(values.collect())
    }
}

fn escaped(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// A mistake in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The object that holds the field, as a JSON Pointer from the template's root.
    pub pointer: String,
    /// The key as written, with its `.$`.
    pub field: String,
    /// What is wrong.
    pub problem: TemplateProblem,
}

/// What is wrong with a field of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateProblem {
    /// A key ends in `.$` and the value is no string.
    NotText,
    /// The value is neither a path nor a call.
    Expression(SyntaxError),
    /// Two keys are the same once `.$` is taken off.
    Duplicate,
    /// The template is nested too deeply.
    TooDeep,
}

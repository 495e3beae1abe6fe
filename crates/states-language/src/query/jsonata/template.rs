//! Any JSON with expressions among its strings: `Arguments`, `Output`, `Assign`, `Items`.

use super::expression::Expression;
use super::expression_text;
use super::failure::{CompileError, Failure};
use super::session::Session;
use crate::json::{At, Kind, Step};
use crate::query::template::Part;
use serde_json::{Map, Value};
use std::fmt;

/// JSON whose strings may be expressions; keys never are, and their order is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    root: Node,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Constant(Value),
    Expression(Expression),
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
}

impl Template {
    /// Compiles JSON and reports every expression that cannot be compiled.
    pub fn compile(value: &Value) -> Result<Self, Vec<TemplateError>> {
        let mut errors = Vec::new();
        let root = Node::compile(value, &mut String::new(), &mut errors);
        if errors.is_empty() { Ok(Self { root }) } else { Err(errors) }
    }

    /// Returns the value of the template; `field` is the path of the field it stands in, such as `Output`.
    pub fn evaluate(&self, session: &Session<'_>, field: &(impl fmt::Display + ?Sized)) -> Result<Value, Failure> {
        self.root.evaluate(session, &Path::Field(&field))
    }

    /// Returns the value of the template and insists on the type of an expression's value.
    ///
    /// Literal JSON is not checked: its type is seen when the definition is read.
    pub fn evaluate_as(
        &self,
        expected: Kind,
        session: &Session<'_>,
        field: &(impl fmt::Display + ?Sized),
    ) -> Result<Value, Failure> {
        match &self.root {
            Node::Expression(expression) => expression.evaluate_as(expected, session, field),
            root => root.evaluate(session, &Path::Field(&field)),
        }
    }

    /// Returns the value when there are no expressions in it.
    pub fn constant(&self) -> Option<&Value> {
        match &self.root {
            Node::Constant(value) => Some(value),
            _ => None,
        }
    }

    /// Returns the expression when the whole template is one.
    pub fn expression(&self) -> Option<&Expression> {
        match &self.root {
            Node::Expression(expression) => Some(expression),
            _ => None,
        }
    }

    /// Returns every expression in the order of the text.
    pub fn expressions(&self) -> Vec<&Expression> {
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

/// An expression that cannot be compiled and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateError {
    /// The string, as a JSON Pointer from the template's root.
    pub pointer: String,
    /// What is wrong.
    pub error: CompileError,
}

/// Where evaluation is, kept on the stack and only spelled out for a failure.
enum Path<'a> {
    Field(&'a dyn fmt::Display),
    Member(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => name.fmt(f),
            Self::Member(parent, name) => write!(f, "{parent}/{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

impl Node {
    fn compile(value: &Value, pointer: &mut String, errors: &mut Vec<TemplateError>) -> Self {
        match value {
            Value::String(text) => match expression_text(text).map(Expression::compile) {
                None => Self::Constant(value.clone()),
                Some(Ok(expression)) => Self::Expression(expression),
                Some(Err(error)) => {
                    errors.push(TemplateError { pointer: pointer.clone(), error });
                    Self::Constant(Value::Null)
                }
            },
            Value::Object(members) => {
                let compile = |(key, member): (&String, &Value)| {
                    let step = key.replace('~', "~0").replace('/', "~1");
                    (key.clone(), Self::compile_below(member, &step, pointer, errors))
                };
                Self::Object(members.iter().map(compile).collect()).folded()
            }
            Value::Array(items) => {
                let compile =
                    |(index, item): (usize, &Value)| Self::compile_below(item, &index.to_string(), pointer, errors);
                Self::Array(items.iter().enumerate().map(compile).collect()).folded()
            }
            constant => Self::Constant(constant.clone()),
        }
    }

    fn compile_below(value: &Value, step: &str, pointer: &mut String, errors: &mut Vec<TemplateError>) -> Self {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(step);
        let node = Self::compile(value, pointer, errors);
        pointer.truncate(length);
        node
    }

    /// Makes one constant of a node without expressions.
    fn folded(self) -> Self {
        match self {
            Self::Object(members) if members.iter().all(|(_, node)| matches!(node, Self::Constant(_))) => {
                let constant = |(key, node)| match node {
                    Self::Constant(value) => Some((key, value)),
                    _ => None,
                };
                Self::Constant(Value::Object(members.into_iter().filter_map(constant).collect()))
            }
            Self::Array(items) if items.iter().all(|node| matches!(node, Self::Constant(_))) => {
                let constant = |node| match node {
                    Self::Constant(value) => Some(value),
                    _ => None,
                };
                Self::Constant(Value::Array(items.into_iter().filter_map(constant).collect()))
            }
            node => node,
        }
    }

    fn evaluate(&self, session: &Session<'_>, path: &Path<'_>) -> Result<Value, Failure> {
        match self {
            Self::Constant(value) => Ok(value.clone()),
            Self::Expression(expression) => expression.evaluate(session, path),
            Self::Object(members) => {
                let mut object = Map::with_capacity(members.len());
                for (key, node) in members {
                    object.insert(key.clone(), node.evaluate(session, &Path::Member(path, key))?);
                }
                Ok(Value::Object(object))
            }
            Self::Array(items) => {
                let item = |(index, node): (usize, &Self)| node.evaluate(session, &Path::Item(path, index));
                items.iter().enumerate().map(item).collect::<Result<_, _>>().map(Value::Array)
            }
        }
    }

    fn parts<'n>(&'n self, at: &mut At, written: &mut Vec<Box<str>>, found: &mut Vec<Part<'n, Expression>>) {
        let mut below = |node: &'n Self, step: Step, key: Box<str>| {
            at.0.push(step);
            written.push(key);
            node.parts(at, written, found);
            at.0.pop();
            written.pop();
        };
        match self {
            Self::Constant(_) => {}
            Self::Expression(expression) => {
                found.push(Part { at: at.clone(), written: written.clone(), expression });
            }
            Self::Object(members) => {
                for (key, node) in members {
                    below(node, Step::Member(key.as_str().into()), key.as_str().into());
                }
            }
            Self::Array(items) => {
                for (index, node) in items.iter().enumerate() {
                    below(node, Step::Item(index), index.to_string().into());
                }
            }
        }
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Expression>) {
        match self {
            Self::Constant(_) => {}
            Self::Expression(expression) => found.push(expression),
            Self::Object(members) => members.iter().for_each(|(_, node)| node.collect(found)),
            Self::Array(items) => items.iter().for_each(|node| node.collect(found)),
        }
    }
}

//! The short way for plain expressions: paths, arithmetic, comparisons, text and conditions, straight over JSON.
//!
//! Most expressions of real machines are of this kind, and converting a state's input for jsonata-core costs more than
//! evaluating them. This evaluator knows only cases in which JSONata has no surprises, and gives up on everything else,
//! an array on the way of a path or a type that does not fit, whereupon jsonata-core decides. It never raises an error
//! of its own.

use super::convert::{number_value, written};
use super::references::Binding;
use super::session::Session;
use jsonata_core::ast::{AstNode, BinaryOp, PathStep, UnaryOp};
use serde_json::{Map, Value};
use std::borrow::Cow;

/// An expression the short way may be able to evaluate.
#[derive(Debug)]
pub(super) enum Direct {
    Text(Box<str>),
    Number(f64),
    Bool(bool),
    Null,
    Path { root: Binding, names: Vec<Box<str>> },
    Arithmetic(BinaryOp, Box<Self>, Box<Self>),
    Comparison(BinaryOp, Box<Self>, Box<Self>),
    Both(Box<Self>, Box<Self>),
    Either(Box<Self>, Box<Self>),
    Concatenation(Box<Self>, Box<Self>),
    Negation(Box<Self>),
    Condition { test: Box<Self>, yes: Box<Self>, no: Option<Box<Self>> },
    Object(Vec<(String, Self)>),
    Array(Vec<Element>),
    Call(Builtin, Box<Self>),
}

/// An element of an array constructor; the items of an array are spliced in unless it is a constructor itself.
#[derive(Debug)]
pub(super) struct Element {
    value: Direct,
    splice: bool,
}

/// The functions the short way knows.
#[derive(Debug, Clone, Copy)]
pub(super) enum Builtin {
    Exists,
    Not,
}

impl Builtin {
    fn name(self) -> &'static str {
        match self {
            Self::Exists => "exists",
            Self::Not => "not",
        }
    }
}

/// The value of a part of an expression.
#[derive(Debug)]
enum Item<'v> {
    Undefined,
    Null,
    Bool(bool),
    Number(f64),
    Text(Cow<'v, str>),
    /// An array or object of the data.
    Given(&'v Value),
    /// An array or object of the expression's.
    Made(Value),
}

/// The short way does not know; jsonata-core has to decide.
#[derive(Debug)]
pub(super) struct Surprise;

type Outcome<'v> = Result<Item<'v>, Surprise>;

/// Texts beyond this length are left to the evaluator that keeps a budget.
const MAX_TEXT: usize = 1 << 20;

/// Whole numbers below this print without an exponent or rounding.
const MAX_WHOLE: f64 = 1e15;

/// Deeper expressions are left to the evaluator that grows its stack.
const MAX_DEPTH: usize = 64;

impl Direct {
    /// Returns the short way for a tree, if there is one.
    pub(super) fn of(tree: &AstNode) -> Option<Self> {
        Self::compile(tree, MAX_DEPTH)
    }

    fn compile(node: &AstNode, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        let below = |node: &AstNode| Self::compile(node, depth).map(Box::new);
        Some(match node {
            AstNode::String(text) => Self::Text(text.as_str().into()),
            AstNode::Number(number) => Self::Number(*number),
            AstNode::Boolean(value) => Self::Bool(*value),
            AstNode::Null => Self::Null,
            AstNode::Block(items) if items.len() == 1 => return Self::compile(&items[0], depth),
            AstNode::Variable(_) => Self::path(node, &[])?,
            AstNode::Path { steps } => {
                let (first, rest) = steps.split_first().filter(|_| steps.iter().all(is_plain))?;
                Self::path(&first.node, rest)?
            }
            AstNode::Binary { op, lhs, rhs } => Self::binary(*op, below(lhs)?, below(rhs)?)?,
            AstNode::Unary { op: UnaryOp::Negate, operand } => Self::Negation(below(operand)?),
            AstNode::Conditional { condition, then_branch, else_branch } => Self::Condition {
                test: below(condition)?,
                yes: below(then_branch)?,
                no: match else_branch {
                    Some(branch) => Some(below(branch)?),
                    None => None,
                },
            },
            AstNode::Object(pairs) => Self::object(pairs, depth)?,
            AstNode::Array(items) => {
                let element = |item| {
                    let splice = !matches!(item, &AstNode::Array(_));
                    Some(Element { value: Self::compile(item, depth)?, splice })
                };
                Self::Array(items.iter().map(element).collect::<Option<_>>()?)
            }
            AstNode::Function { name, args, is_builtin: true } if args.len() == 1 => {
                let function = [Builtin::Exists, Builtin::Not].into_iter().find(|known| known.name() == name)?;
                Self::Call(function, below(&args[0])?)
            }
            _ => return None,
        })
    }

    fn path(root: &AstNode, rest: &[PathStep]) -> Option<Self> {
        let AstNode::Variable(name) = root else { return None };
        let mut names = Vec::with_capacity(rest.len());
        for step in rest {
            let AstNode::Name(name) = &step.node else { return None };
            names.push(name.as_str().into());
        }
        if name != "states" {
            return (!name.is_empty()).then(|| Self::Path { root: Binding::Variable(name.as_str().into()), names });
        }
        let root = match names.first().map(Box::<str>::as_ref)? {
            "input" => Binding::Input,
            "result" => Binding::Result,
            "errorOutput" => Binding::ErrorOutput,
            "context" => Binding::Context,
            _ => return None,
        };
        names.remove(0);
        Some(Self::Path { root, names })
    }

    fn binary(op: BinaryOp, left: Box<Self>, right: Box<Self>) -> Option<Self> {
        use BinaryOp as Op;
        Some(match op {
            Op::Add | Op::Subtract | Op::Multiply | Op::Divide | Op::Modulo => Self::Arithmetic(op, left, right),
            Op::Equal
            | Op::NotEqual
            | Op::LessThan
            | Op::LessThanOrEqual
            | Op::GreaterThan
            | Op::GreaterThanOrEqual => Self::Comparison(op, left, right),
            Op::And => Self::Both(left, right),
            Op::Or => Self::Either(left, right),
            Op::Concatenate => Self::Concatenation(left, right),
            _ => return None,
        })
    }

    fn object(pairs: &[(AstNode, AstNode)], depth: usize) -> Option<Self> {
        let mut members: Vec<(String, Self)> = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let AstNode::String(key) = key else { return None };
            // Two equal keys are an error of the language.
            if members.iter().any(|(known, _)| known == key) {
                return None;
            }
            members.push((key.clone(), Self::compile(value, depth)?));
        }
        Some(Self::Object(members))
    }

    /// Evaluates; `None` stands for undefined.
    pub(super) fn evaluate(&self, session: &Session<'_>) -> Result<Option<Value>, Surprise> {
        Ok(self.item(session)?.into_value())
    }

    fn item<'v>(&'v self, session: &Session<'v>) -> Outcome<'v> {
        Ok(match self {
            Self::Text(text) => Item::Text(Cow::Borrowed(text)),
            Self::Number(number) => Item::Number(*number),
            Self::Bool(value) => Item::Bool(*value),
            Self::Null => Item::Null,
            Self::Path { root, names } => return follow(root, names, session),
            Self::Arithmetic(op, left, right) => {
                Item::Number(calculate(*op, left.number(session)?, right.number(session)?)?)
            }
            Self::Comparison(op, left, right) => Item::Bool(compare(*op, &left.item(session)?, &right.item(session)?)?),
            Self::Both(left, right) => Item::Bool(left.truth(session)? && right.truth(session)?),
            Self::Either(left, right) => Item::Bool(left.truth(session)? || right.truth(session)?),
            Self::Concatenation(left, right) => concatenate(left.item(session)?, right.item(session)?)?,
            Self::Negation(operand) => Item::Number(-operand.number(session)?),
            Self::Condition { test, yes, no } => match (test.truth(session)?, no) {
                (true, _) => return yes.item(session),
                (false, Some(no)) => return no.item(session),
                (false, None) => Item::Undefined,
            },
            Self::Object(members) => Item::Made(make_object(members, session)?),
            Self::Array(elements) => Item::Made(make_array(elements, session)?),
            Self::Call(function, argument) => call(*function, argument, session)?,
        })
    }

    fn number(&self, session: &Session<'_>) -> Result<f64, Surprise> {
        match self.item(session)? {
            Item::Number(number) if number.is_finite() => Ok(number),
            _ => Err(Surprise),
        }
    }

    fn truth(&self, session: &Session<'_>) -> Result<bool, Surprise> {
        truth(&self.item(session)?)
    }
}

/// A step that is only a node: no filter, no binding, no part in a stream of tuples.
fn is_plain(step: &PathStep) -> bool {
    step.stages.is_empty()
        && step.focus.is_none()
        && step.index_var.is_none()
        && step.ancestor_label.is_none()
        && !step.is_tuple
        && !step.inner_tuple
}

fn follow<'v>(root: &Binding, names: &[Box<str>], session: &Session<'v>) -> Outcome<'v> {
    let mut place = match (session.value(root), root) {
        (Some(value), _) => value,
        // The name may be that of a function.
        (None, Binding::Variable(_)) => return Err(Surprise),
        (None, _) => return Ok(Item::Undefined),
    };
    for name in names {
        place = match place {
            Value::Object(members) => match members.get(&**name) {
                Some(member) => member,
                None => return Ok(Item::Undefined),
            },
            Value::Array(_) => return Err(Surprise),
            _ => return Ok(Item::Undefined),
        };
    }
    Ok(Item::of(place))
}

impl<'v> Item<'v> {
    fn of(value: &'v Value) -> Self {
        match value {
            Value::Null => Item::Null,
            Value::Bool(value) => Item::Bool(*value),
            Value::Number(number) => Item::Number(number.as_f64().unwrap_or(f64::NAN)),
            Value::String(text) => Item::Text(Cow::Borrowed(text)),
            Value::Array(_) | Value::Object(_) => Item::Given(value),
        }
    }

    fn into_value(self) -> Option<Value> {
        Some(match self {
            Item::Undefined => return None,
            Item::Null => Value::Null,
            Item::Bool(value) => Value::Bool(value),
            Item::Number(number) => number_value(number),
            Item::Text(text) => Value::String(text.into_owned()),
            Item::Given(value) => written(value),
            Item::Made(value) => value,
        })
    }
}

fn calculate(op: BinaryOp, left: f64, right: f64) -> Result<f64, Surprise> {
    Ok(match op {
        BinaryOp::Add => left + right,
        BinaryOp::Subtract => left - right,
        BinaryOp::Multiply => left * right,
        BinaryOp::Divide => left / right,
        BinaryOp::Modulo => left % right,
        _ => return Err(Surprise),
    })
}

fn compare(op: BinaryOp, left: &Item<'_>, right: &Item<'_>) -> Result<bool, Surprise> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    if matches!(op, BinaryOp::Equal | BinaryOp::NotEqual) {
        let equal = equal(left, right)?;
        return Ok(equal == (op == BinaryOp::Equal));
    }
    let order = match (left, right) {
        (Item::Number(left), Item::Number(right)) => left.partial_cmp(right).ok_or(Surprise)?,
        (Item::Text(left), Item::Text(right)) if left.is_ascii() && right.is_ascii() => left.cmp(right),
        _ => return Err(Surprise),
    };
    Ok(match op {
        BinaryOp::LessThan => order == Less,
        BinaryOp::LessThanOrEqual => order == Less || order == Equal,
        BinaryOp::GreaterThan => order == Greater,
        BinaryOp::GreaterThanOrEqual => order == Greater || order == Equal,
        _ => return Err(Surprise),
    })
}

fn equal(left: &Item<'_>, right: &Item<'_>) -> Result<bool, Surprise> {
    match (left, right) {
        (Item::Number(left), Item::Number(right)) => Ok(left == right),
        (Item::Text(left), Item::Text(right)) => Ok(left == right),
        (Item::Bool(left), Item::Bool(right)) => Ok(left == right),
        (Item::Null, Item::Null) => Ok(true),
        // Equality with undefined is false whichever way it is asked.
        (Item::Undefined | Item::Given(_) | Item::Made(_), _)
        | (_, Item::Undefined | Item::Given(_) | Item::Made(_)) => Err(Surprise),
        _ => Ok(false),
    }
}

fn truth(item: &Item<'_>) -> Result<bool, Surprise> {
    match item {
        Item::Undefined | Item::Null => Ok(false),
        Item::Bool(value) => Ok(*value),
        Item::Number(number) if !number.is_nan() => Ok(*number != 0.0),
        Item::Text(text) => Ok(!text.is_empty()),
        Item::Number(_) | Item::Given(_) | Item::Made(_) => Err(Surprise),
    }
}

fn concatenate<'v>(left: Item<'v>, right: Item<'v>) -> Outcome<'v> {
    let (left, right) = (text_of(left)?, text_of(right)?);
    if left.len() + right.len() > MAX_TEXT {
        return Err(Surprise);
    }
    Ok(Item::Text(Cow::Owned([&*left, &*right].concat())))
}

fn text_of(item: Item<'_>) -> Result<Cow<'_, str>, Surprise> {
    Ok(match item {
        Item::Text(text) => text,
        Item::Undefined => Cow::Borrowed(""),
        Item::Null => Cow::Borrowed("null"),
        Item::Bool(true) => Cow::Borrowed("true"),
        Item::Bool(false) => Cow::Borrowed("false"),
        Item::Number(number) if number.fract() == 0.0 && number.abs() < MAX_WHOLE => {
            Cow::Owned((number as i64).to_string())
        }
        Item::Number(_) | Item::Given(_) | Item::Made(_) => return Err(Surprise),
    })
}

fn make_object(members: &[(String, Direct)], session: &Session<'_>) -> Result<Value, Surprise> {
    let mut object = Map::with_capacity(members.len());
    for (key, member) in members {
        if let Some(value) = member.evaluate(session)? {
            object.insert(key.clone(), value);
        }
    }
    Ok(Value::Object(object))
}

fn make_array(elements: &[Element], session: &Session<'_>) -> Result<Value, Surprise> {
    let mut array = Vec::with_capacity(elements.len());
    for Element { value, splice } in elements {
        match value.evaluate(session)? {
            Some(Value::Array(items)) if *splice => array.extend(items),
            Some(item) => array.push(item),
            None => {}
        }
    }
    Ok(Value::Array(array))
}

fn call<'v>(function: Builtin, argument: &'v Direct, session: &Session<'v>) -> Outcome<'v> {
    // A variable of the same name hides the function.
    if session.scope().variables.get(function.name()).is_some() {
        return Err(Surprise);
    }
    let item = argument.item(session)?;
    match (function, item) {
        (Builtin::Exists, item) => Ok(Item::Bool(!matches!(item, Item::Undefined))),
        (Builtin::Not, Item::Undefined) => Err(Surprise),
        (Builtin::Not, item) => Ok(Item::Bool(!truth(&item)?)),
    }
}

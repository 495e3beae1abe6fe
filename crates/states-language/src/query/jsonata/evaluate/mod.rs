//! Evaluation: a walk over the tree, as the reference implementation walks it.
//!
//! The order of evaluation, which arrays are sequences, and how deep the walk nests are all to be seen from outside,
//! so the functions here follow the reference implementation's one by one. It evaluates the items of a constructor
//! side by side; here, as in Java, one comes after the other.

mod call;
mod frame;
mod group;
mod operator;
mod path;
mod run;
mod sort;
mod transform;

pub(super) use frame::Env;
pub(super) use group::append;
pub(super) use operator::boolean;
pub(super) use run::Run;
pub(super) use sort::is_greater;

use super::fault::{Fault, Outcome, Thrown};
use super::function::Function;
use super::number::Number;
use super::text::Text;
use super::tree::{Kind, Node};
use super::value::{Array, Items, Value};
use frame::Frame;
use std::rc::Rc;

impl<'v> Run<'v> {
    /// Evaluates a node, with what hangs on it.
    pub(super) fn evaluate(&self, node: &'v Node, input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        self.enter()?;
        let value = self.kind(node, input, env)?;
        let value =
            if node.predicates.is_empty() && node.group.is_none() { value } else { self.appended(node, value, env)? };
        self.leave();
        self.admit(settled(value, node.keep_array))
    }

    fn appended(&self, node: &'v Node, mut value: Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        for predicate in &node.predicates {
            value = self.filter(predicate, &value, env)?;
        }
        match &node.group {
            Some(pairs) if !matches!(node.kind, Kind::Path(_)) => self.group(pairs, &value, env),
            _ => Ok(value),
        }
    }

    fn kind(&self, node: &'v Node, input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        match &node.kind {
            Kind::Path(path) => self.path(node, path, input, env),
            Kind::Binary(operator, left, right) => self.binary(node, *operator, (left, right), input, env),
            Kind::Negate(operand) => self.negate(node, operand, input, env),
            Kind::Array(items) => self.array(node, items, input, env),
            Kind::Object(pairs) => self.group(pairs, input, env),
            Kind::Name(name) => self.member(input, name),
            Kind::Text(text) => Ok(Value::Text(Text::Given(text))),
            Kind::Number(number) => Ok(Value::Number(*number)),
            Kind::Bool(value) => Ok(Value::Bool(*value)),
            Kind::Null => Ok(Value::Null),
            Kind::Wildcard => self.wildcard(input),
            Kind::Descendant => self.descendants(input),
            Kind::Parent(slot) => {
                let label = self.tree.labels.get(*slot).map(|label| env.lookup(label));
                Ok(label.flatten().unwrap_or(Value::Undefined))
            }
            Kind::Condition { test, yes, no } => {
                if boolean(&self.evaluate(test, input, env)?)? == Some(true) {
                    self.evaluate(yes, input, env)
                } else {
                    no.as_ref().map_or(Ok(Value::Undefined), |no| self.evaluate(no, input, env))
                }
            }
            Kind::Block(expressions) => {
                let frame = Frame::within(env);
                let mut value = Value::Undefined;
                for expression in expressions {
                    value = self.evaluate(expression, input, &frame)?;
                }
                Ok(value)
            }
            Kind::Bind { name, value } => {
                let value = self.evaluate(value, input, env)?;
                self.bind(env, Text::Given(name), value.clone())?;
                Ok(value)
            }
            Kind::Regex(regex) => Ok(Value::function(Function::Regex(regex))),
            Kind::Call(call) => self.call(node, call, None, input, env),
            Kind::Partial(call) => self.partial(call, input, env),
            Kind::Lambda(lambda) => Ok(Value::function(Function::closure(lambda, input.clone(), env))),
            Kind::Apply(left, right) => self.apply_operator(left, right, input, env),
            Kind::Transform { .. } => Ok(Value::function(Function::Transform { node, env: Rc::clone(env) })),
            Kind::Variable(name) if name.is_empty() => Ok(input.clone()),
            Kind::Variable(name) => Ok(self.lookup(name, env)),
            Kind::Sort(terms) => self.sorted_by(terms, input, env),
            Kind::Placeholder => Ok(Value::Undefined),
            Kind::TooDeep => Err(super::failure::Limit::Depth.into()),
        }
    }

    fn array(&self, node: &'v Node, items: &'v [Node], input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        let mut array = Array::default();
        for item in items {
            let value = self.evaluate(item, input, env)?;
            match value {
                Value::Undefined => {}
                value if matches!(item.kind, Kind::Array(_)) => array.push(value),
                value => {
                    self.spend_items(value.items().len())?;
                    if items.len() == 1
                        && let Value::Array(made) = value
                    {
                        // The only item is an array: its items are taken over as they are.
                        let mut made = Rc::unwrap_or_clone(made);
                        (made.sequence, made.keep, made.tuples) = (false, false, false);
                        array = made;
                    } else {
                        array.extend(&value);
                    }
                }
            }
        }
        array.cons = node.cons_array;
        Ok(Value::Array(Rc::new(array)))
    }

    /// Looks a name up in an object, or in every object of an array.
    pub(super) fn member(&self, input: &Value<'v>, name: &str) -> Outcome<'v> {
        let Some(items) = input.array() else { return Ok(input.member(name)) };
        let mut found = Array::sequence(Vec::new());
        self.tick(items.len())?;
        for item in items.iter() {
            match self.member(&item, name)? {
                Value::Undefined => {}
                value => found.extend(&value),
            }
        }
        Ok(Value::Array(Rc::new(found)))
    }

    fn wildcard(&self, input: &Value<'v>) -> Outcome<'v> {
        let values: Vec<Value<'v>> = match (input.array(), input.members()) {
            (Some(items), _) => items.iter().collect(),
            (None, Some(members)) => members.list().into_iter().map(|(_, value)| value).collect(),
            _ => Vec::new(),
        };
        let mut found = Array::sequence(Vec::new());
        for value in values {
            if value.is_array() {
                // What has been put together of arrays is no sequence, and stays an array when it has a single item.
                found.sequence = false;
                self.flatten(&value, &mut found)?;
            } else {
                found.push(value);
            }
        }
        Ok(Value::Array(Rc::new(found)))
    }

    fn flatten(&self, value: &Value<'v>, found: &mut Array<'v>) -> Result<(), Fault> {
        self.tick(1)?;
        match value.array() {
            Some(items) => items.iter().try_for_each(|item| self.flatten(&item, found)),
            None => {
                self.spend_items(1)?;
                found.push(value.clone());
                Ok(())
            }
        }
    }

    fn descendants(&self, input: &Value<'v>) -> Outcome<'v> {
        if input.is_undefined() {
            return Ok(Value::Undefined);
        }
        let mut found = Vec::new();
        self.descend(input, &mut found)?;
        Ok(match found.len() {
            1 => found.pop().unwrap_or(Value::Undefined),
            _ => Value::sequence(found),
        })
    }

    fn descend(&self, input: &Value<'v>, found: &mut Vec<Value<'v>>) -> Result<(), Fault> {
        self.spend_items(1)?;
        if let Some(items) = input.array() {
            return items.iter().try_for_each(|item| self.descend(&item, found));
        }
        found.push(input.clone());
        let members = input.members().map(|members| members.list()).unwrap_or_default();
        members.iter().try_for_each(|(_, value)| self.descend(value, found))
    }

    fn negate(&self, node: &'v Node, operand: &'v Node, input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        let value = self.evaluate(operand, input, env)?;
        let result = match numeric(&value)? {
            Some(number) => Value::Number(number.negated()),
            None if value.is_undefined() => Value::Undefined,
            None => return Err(Thrown::about("D1002", &value).into()),
        };
        self.traced(node, "-", || vec![value], &result);
        Ok(result)
    }

    /// Remembers an operation for whoever wants an explanation.
    pub(super) fn traced(
        &self,
        node: &'v Node,
        name: &'v str,
        operands: impl FnOnce() -> Vec<Value<'v>>,
        result: &Value<'v>,
    ) {
        if let Some(trace) = &self.trace {
            trace.remember(node, name, operands(), result);
        }
    }
}

/// Makes nothing of an empty sequence and the item of a sequence of one.
fn settled(mut value: Value<'_>, keep: bool) -> Value<'_> {
    let Value::Array(array) = &mut value else { return value };
    if !array.sequence || array.tuples {
        return value;
    }
    if keep && !array.keep {
        Rc::make_mut(array).keep = true;
    }
    match array.items() {
        [] => Value::Undefined,
        [item] if !array.keep => item.clone(),
        _ => value,
    }
}

/// Returns a number, or nothing when the value is none; infinity is an error wherever a number is asked for.
pub(super) fn numeric(value: &Value<'_>) -> Result<Option<Number>, Fault> {
    match value {
        Value::Number(number) if number.is_nan() => Ok(None),
        Value::Number(number) if !number.is_finite() => {
            Err(Thrown { value: "null".to_owned(), ..Thrown::new("D1001") }.into())
        }
        Value::Number(number) => Ok(Some(*number)),
        _ => Ok(None),
    }
}

/// Tells whether all items are numbers.
pub(super) fn all_numbers(items: Items<'_, '_>) -> Result<bool, Fault> {
    let mut all = true;
    for item in items.iter() {
        all &= numeric(&item)?.is_some();
    }
    Ok(all)
}

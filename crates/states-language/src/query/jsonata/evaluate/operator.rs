//! Operators of two values.

use super::super::failure::Limit;
use super::super::fault::{Fault, Outcome, Thrown, shown};
use super::super::number::Number;
use super::super::text::{self, Text};
use super::super::tree::{Node, Operator};
use super::super::value::{NotText, Style, Value, stringify};
use super::{Env, Run, numeric};
use std::cmp::Ordering;

impl<'v> Run<'v> {
    pub(super) fn binary(
        &self,
        node: &'v Node,
        operator: Operator,
        (left, right): (&'v Node, &'v Node),
        input: &Value<'v>,
        env: &Env<'v>,
    ) -> Outcome<'v> {
        let left = self.evaluate(left, input, env)?;
        let sign = operator.sign();
        if matches!(operator, Operator::And | Operator::Or) {
            let mut other = Value::Undefined;
            let result = self.logical(operator, &left, || {
                other = self.evaluate(right, input, env)?;
                boolean(&other)
            });
            let result = Value::Bool(result.map_err(|fault| fault.renamed(sign))?);
            self.traced(node, sign, || vec![left, other], &result);
            return Ok(result);
        }
        let right = self.evaluate(right, input, env)?;
        let result = self.operate(operator, &left, &right).map_err(|fault| fault.renamed(sign))?;
        if operator != Operator::Range {
            self.traced(node, sign, || vec![left, right], &result);
        }
        Ok(result)
    }

    fn logical(
        &self,
        operator: Operator,
        left: &Value<'v>,
        right: impl FnOnce() -> Result<Option<bool>, Fault>,
    ) -> Result<bool, Fault> {
        let left = boolean(left)? == Some(true);
        if left == (operator == Operator::Or) {
            return Ok(left);
        }
        Ok(right()? == Some(true))
    }

    fn operate(&self, operator: Operator, left: &Value<'v>, right: &Value<'v>) -> Outcome<'v> {
        match operator {
            Operator::Add => calculate(left, right, Number::plus),
            Operator::Subtract => calculate(left, right, Number::minus),
            Operator::Multiply => calculate(left, right, Number::times),
            Operator::Divide => calculate(left, right, Number::divided_by),
            Operator::Remainder => calculate(left, right, Number::remainder),
            Operator::Equal => Ok(Value::Bool(self.equal(left, right)? == Some(true))),
            Operator::NotEqual => Ok(Value::Bool(self.equal(left, right)? == Some(false))),
            Operator::Less => compare(left, right, Ordering::is_lt),
            Operator::LessOrEqual => compare(left, right, Ordering::is_le),
            Operator::Greater => compare(left, right, Ordering::is_gt),
            Operator::GreaterOrEqual => compare(left, right, Ordering::is_ge),
            Operator::Concatenate => self.concatenate(left, right),
            Operator::Range => self.range(left, right),
            Operator::In => {
                let items = right.items();
                self.tick(items.len())?;
                let given = !left.is_undefined() && !right.is_undefined();
                Ok(Value::Bool(given && items.iter().any(|item| item.is_same(left))))
            }
            Operator::And | Operator::Or => Err(Fault::Internal),
        }
    }

    /// Nothing equals nothing: with undefined, `=` and `!=` are both false.
    fn equal(&self, left: &Value<'v>, right: &Value<'v>) -> Result<Option<bool>, Fault> {
        if left.is_undefined() || right.is_undefined() {
            return Ok(None);
        }
        Ok(Some(left.is_equal(right, &mut || self.count(1))?))
    }

    fn concatenate(&self, left: &Value<'v>, right: &Value<'v>) -> Outcome<'v> {
        let (left, right) = (self.text_of(left)?, self.text_of(right)?);
        self.spend(left.len() + right.len())?;
        let text = [&*left, &*right].concat();
        Ok(Value::text(if text::has_half(&text) { text::mended(text) } else { text }))
    }

    /// The text of a value as `$string` and `&` make it; undefined is nothing.
    pub(in super::super) fn text_of(&self, value: &Value<'v>) -> Result<Text<'v>, Fault> {
        self.written(value, None)
    }

    pub(in super::super) fn written(&self, value: &Value<'v>, indent: Option<usize>) -> Result<Text<'v>, Fault> {
        Ok(match value {
            Value::Text(text) => text.clone(),
            Value::Undefined | Value::Function(_) => Text::Given(""),
            Value::Number(number) if !number.is_finite() => {
                return Err(Thrown::about("D3001", value).into());
            }
            Value::Number(number) => Text::from(number.text()),
            value => {
                let mut text = String::new();
                let mut count = |bytes: usize| {
                    self.count(1)?;
                    self.spend(bytes)
                };
                stringify(value, Style::String, indent, &mut text, &mut count).map_err(|reason| match reason {
                    NotText::Limit(Limit::Memory) => Fault::Limit(Limit::Memory),
                    other => other.into(),
                })?;
                Text::from(text)
            }
        })
    }

    /// `first..last`. AWS's memory ends at 873,782 items (measured): about 24 bytes for each of 20 MiB.
    fn range(&self, left: &Value<'v>, right: &Value<'v>) -> Outcome<'v> {
        let integer = |value: &Value<'v>, code| match value {
            Value::Undefined => Ok(None),
            Value::Number(Number::Int(integer)) => Ok(Some(*integer)),
            Value::Number(Number::Double(double)) if double.is_finite() && double.fract() == 0.0 => {
                Ok(Some(Number::Double(*double).truncated()))
            }
            other => Err(Fault::from(Thrown::about(code, other))),
        };
        let (first, last) = (integer(left, "T2003")?, integer(right, "T2004")?);
        let (Some(first), Some(last)) = (first, last) else { return Ok(Value::Undefined) };
        if first > last {
            return Ok(Value::Undefined);
        }
        let size = i128::from(last) - i128::from(first) + 1;
        if size > 10_000_000 {
            return Err(Thrown { value: size.to_string(), ..Thrown::new("D2014") }.into());
        }
        if size > RANGE_ITEMS {
            return Err(Limit::Memory.into());
        }
        self.spend_items((last - first + 1).unsigned_abs().try_into().unwrap_or(usize::MAX))?;
        Ok(Value::sequence((first..=last).map(|number| Value::Number(Number::Int(number))).collect()))
    }
}

/// The most items the range operator makes before AWS's memory is used up.
const RANGE_ITEMS: i128 = 873_782;

fn calculate<'v>(left: &Value<'v>, right: &Value<'v>, operation: fn(Number, Number) -> Number) -> Outcome<'v> {
    let number = |value: &Value<'v>, code| match numeric(value)? {
        None if !value.is_undefined() => Err(Fault::from(Thrown::about(code, value))),
        number => Ok(number),
    };
    Ok(match (number(left, "T2001")?, number(right, "T2002")?) {
        (Some(left), Some(right)) => Value::Number(operation(left, right)),
        _ => Value::Undefined,
    })
}

fn compare<'v>(left: &Value<'v>, right: &Value<'v>, holds: fn(Ordering) -> bool) -> Outcome<'v> {
    let is_comparable = |value: &Value<'v>| matches!(value, Value::Undefined | Value::Text(_) | Value::Number(_));
    if !is_comparable(left) || !is_comparable(right) {
        let wrong = if matches!(left, Value::Text(_) | Value::Number(_)) { right } else { left };
        return Err(Thrown::about("T2010", wrong).into());
    }
    Ok(match (left, right) {
        (Value::Undefined, _) | (_, Value::Undefined) => Value::Undefined,
        (Value::Number(left), Value::Number(right)) => Value::Bool(left.compare(*right).is_some_and(holds)),
        (Value::Text(left), Value::Text(right)) => Value::Bool(holds(text::compare(left, right))),
        _ => return Err(Thrown { other: shown(right), ..Thrown::about("T2009", left) }.into()),
    })
}

/// The truth of a value; undefined has none.
pub(in super::super) fn boolean(value: &Value<'_>) -> Result<Option<bool>, Fault> {
    Ok(Some(match value {
        Value::Undefined => return Ok(None),
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(_) => numeric(value)?.is_some_and(|number| !number.is_zero()),
        Value::Text(text) => !text.is_empty(),
        Value::Array(_) | Value::GivenArray(_) => {
            let items = value.items();
            let mut any = false;
            for item in items.iter() {
                any |= boolean(&item)? == Some(true);
            }
            if items.len() == 1 && items.get(0).is_some_and(|item| item.is_undefined()) {
                return Ok(None);
            }
            any
        }
        Value::Object(_) | Value::GivenObject(_) => value.members().is_some_and(|members| members.len() > 0),
        // The reference implementation takes its own functions for objects with members.
        Value::Function(function) => function.is_object(),
    }))
}

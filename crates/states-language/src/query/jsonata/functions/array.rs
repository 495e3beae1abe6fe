//! `$append`, `$reverse`, `$shuffle`, `$distinct`, `$zip`, `$sort`.

use super::super::evaluate::{Run, all_numbers, append as joined, boolean, is_greater};
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::value::Value;
use super::{argument, items_at};
use std::collections::HashSet;

pub(in super::super) fn append<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let (left, right) = (argument(arguments, 0), argument(arguments, 1));
    run.spend_items(left.items().len() + right.items().len())?;
    Ok(joined(left.clone(), right))
}

pub(in super::super) fn reverse<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let array = argument(arguments, 0);
    if array.is_undefined() {
        return Ok(Value::Undefined);
    }
    let items = items_at(arguments, 0)?;
    if items.len() <= 1 {
        return Ok(array.clone());
    }
    run.spend_items(items.len())?;
    let mut items: Vec<Value<'v>> = items.iter().collect();
    items.reverse();
    Ok(Value::list(items))
}

/// From the evaluation's own random numbers.
pub(in super::super) fn shuffle<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let array = argument(arguments, 0);
    if array.is_undefined() {
        return Ok(Value::Undefined);
    }
    let items = items_at(arguments, 0)?;
    if items.len() <= 1 {
        return Ok(array.clone());
    }
    run.spend_items(items.len())?;
    let mut items: Vec<Value<'v>> = items.iter().collect();
    for index in (1..items.len()).rev() {
        // A remainder favours no item noticeably at these lengths.
        let other = usize::try_from(run.next_random() % (index as u64 + 1)).unwrap_or_default();
        items.swap(index, other);
    }
    Ok(Value::list(items))
}

/// A value that is found at once among others.
#[derive(PartialEq, Eq, Hash)]
enum Scalar {
    Undefined,
    Null,
    Bool(bool),
    Int(i64),
    Double(u64),
    Text(String),
}

fn scalar(value: &Value<'_>) -> Option<Scalar> {
    use super::super::number::Number;
    Some(match value {
        Value::Undefined => Scalar::Undefined,
        Value::Null => Scalar::Null,
        Value::Bool(value) => Scalar::Bool(*value),
        Value::Number(Number::Int(number)) => Scalar::Int(*number),
        // What is no number equals nothing.
        Value::Number(Number::Double(number)) if !number.is_nan() => Scalar::Double(number.to_bits()),
        Value::Text(text) => Scalar::Text(text.to_string()),
        _ => return None,
    })
}

pub(in super::super) fn distinct<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let array = argument(arguments, 0);
    let Some(items) = array.array().filter(|items| items.len() > 1) else { return Ok(array.clone()) };
    let mut seen = HashSet::new();
    let mut compounds: Vec<Value<'v>> = Vec::new();
    let mut results = Vec::new();
    for item in items.iter() {
        run.spend_items(1)?;
        let is_new = match scalar(&item) {
            Some(scalar) => seen.insert(scalar),
            None => {
                let mut known = false;
                for other in &compounds {
                    if item.is_equal(other, &mut || run.count(1))? {
                        known = true;
                        break;
                    }
                }
                if !known {
                    compounds.push(item.clone());
                }
                !known
            }
        };
        if is_new {
            results.push(item);
        }
    }
    Ok(if array.is_sequence() { Value::sequence(results) } else { Value::list(results) })
}

pub(in super::super) fn zip<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let length = arguments.iter().map(|array| array.array().map_or(0, |items| items.len())).min().unwrap_or(0);
    run.spend_items(length.saturating_mul(arguments.len() + 1))?;
    let at = |index: usize| {
        let item = |array: &Value<'v>| array.items().get(index).unwrap_or(Value::Undefined);
        Value::list(arguments.iter().map(item).collect())
    };
    Ok(Value::list((0..length).map(at).collect()))
}

pub(in super::super) fn sort<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let array = argument(arguments, 0);
    if array.is_undefined() {
        return Ok(Value::Undefined);
    }
    let items = items_at(arguments, 0)?;
    let comparator = argument(arguments, 1);
    if !comparator.is_undefined() {
        let is_after = |left: &Value<'v>, right: &Value<'v>| {
            let result = run.apply(comparator, vec![left.clone(), right.clone()], &Value::Null)?;
            is_truthy(&result)
        };
        return run.sort(array, &is_after);
    }
    if items.len() > 1 && !all_numbers(items)? && !items.iter().all(|item| item.as_text().is_some()) {
        return Err(Thrown::new("D3070").into());
    }
    run.sort(array, &|left, right| Ok(is_greater(left, right)))
}

/// The truth of JavaScript, by which the reference implementation asks a comparator: empty arrays and objects hold.
fn is_truthy(value: &Value<'_>) -> Result<bool, Fault> {
    match value {
        Value::Array(_) | Value::GivenArray(_) | Value::Object(_) | Value::GivenObject(_) | Value::Function(_) => {
            Ok(true)
        }
        Value::Number(number) => Ok(!number.is_nan() && !number.is_zero()),
        value => Ok(boolean(value)? == Some(true)),
    }
}

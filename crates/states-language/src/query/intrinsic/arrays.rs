//! The functions about arrays, and `States.JsonMerge`.

use super::Refusal;
use super::arguments::{Arguments, refuse};
use crate::query::java::hash_map_order;
use serde_json::{Map, Value};
use std::collections::HashSet;

/// The most items `States.ArrayRange` gives.
const RANGE: i128 = 1_000;

pub(super) fn of(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let items = (0..arguments.count()).map(|at| Ok(arguments.budget.copy(&*arguments.get(at)?)?));
    items.collect::<Result<Vec<_>, Refusal>>().map(Value::Array)
}

/// Cuts an array into chunks; the last one may be shorter.
pub(super) fn partition(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let items = arguments.array(0)?;
    let size = arguments.integer(1)?;
    let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
        return refuse("The size of the chunks must be a positive integer");
    };
    for item in items.iter() {
        arguments.budget.measure(item)?;
    }
    Ok(items.chunks(size).map(|chunk| Value::Array(chunk.to_vec())).collect())
}

pub(super) fn contains(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let (items, wanted) = (arguments.array(0)?, arguments.get(1)?);
    arguments.budget.measure(&wanted)?;
    for item in items.iter() {
        arguments.budget.measure(item)?;
        if *item == *wanted {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

/// Counts from the first number to the last, which is included when a step hits it.
pub(super) fn range(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let (first, last, step) = (arguments.integer(0)?, arguments.integer(1)?, arguments.integer(2)?);
    if step == 0 {
        return refuse("The step must not be 0");
    }
    let (distance, step) = (i128::from(last) - i128::from(first), i128::from(step));
    if distance.signum() * step.signum() < 0 {
        return Ok(Value::Array(Vec::new()));
    }
    let steps = distance / step;
    if steps >= RANGE {
        return refuse(format!("The range must not have more than {RANGE} items"));
    }
    let items = (0..=steps).map(|at| i64::try_from(i128::from(first) + at * step).unwrap_or(last));
    Ok(items.map(Value::from).collect())
}

pub(super) fn item(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let (items, index) = (arguments.array(0)?, arguments.integer(1)?);
    match usize::try_from(index).ok().and_then(|index| items.get(index)) {
        Some(item) => Ok(arguments.budget.copy(item)?),
        None => refuse(format!("The index {index} is outside of the array, which has {} items", items.len())),
    }
}

pub(super) fn length(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    Ok(arguments.array(0)?.len().into())
}

/// Keeps the first of equal items, in their order.
pub(super) fn unique(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let items = arguments.array(0)?;
    let mut seen = HashSet::new();
    let mut kept = Vec::new();
    for item in items.iter() {
        arguments.budget.measure(item)?;
        let mut key = String::new();
        write_sorted(item, &mut key);
        if seen.insert(key) {
            kept.push(item.clone());
        }
    }
    Ok(Value::Array(kept))
}

/// Writes a value so that equal ones have equal text, whatever the order of their members.
fn write_sorted(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_sorted(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            text.push('{');
            for (key, member) in members {
                text.push_str(&Value::from(key.as_str()).to_string());
                text.push(':');
                write_sorted(member, text);
                text.push(',');
            }
            text.push('}');
        }
        scalar => text.push_str(&scalar.to_string()),
    }
}

/// Puts the members of the second object over those of the first; only this shallow merge exists.
///
/// The result has the order of a Java `HashMap`, as the recordings of AWS show.
pub(super) fn merge(arguments: &Arguments<'_>) -> Result<Value, Refusal> {
    let (first, second, deep) = (arguments.get(0)?, arguments.get(1)?, arguments.get(2)?);
    if *deep != Value::Bool(false) {
        return refuse("The third argument must be false: there is no deep merge");
    }
    let mut merged: Map<String, Value> = Map::new();
    for (at, value) in [first, second].iter().enumerate() {
        let Value::Object(members) = value.as_ref() else { return Err(arguments.wrong(at, "an object", value)) };
        for (key, member) in members {
            arguments.budget.spend(key.len())?;
            merged.insert(key.clone(), arguments.budget.copy(member)?);
        }
    }
    let order = hash_map_order(merged.keys().map(String::as_str));
    let mut members: Vec<_> = merged.into_iter().map(Some).collect();
    Ok(Value::Object(order.into_iter().filter_map(|at| members.get_mut(at)?.take()).collect()))
}

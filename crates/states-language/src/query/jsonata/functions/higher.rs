//! Functions of higher order: `$map`, `$filter`, `$single`, `$reduce`, `$sift`, `$each`.

use super::super::evaluate::{Run, boolean};
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::value::{Object, Value};
use super::{argument, items_at};

impl<'v> Run<'v> {
    /// Calls a function that was given as an argument.
    pub(in super::super) fn invoke(&self, function: &Value<'v>, arguments: Vec<Value<'v>>) -> Outcome<'v> {
        self.apply(function, arguments, &Value::Null)
    }

    /// Calls a function with as many of a value, its place, and what it stands in, as the function takes.
    fn offer(&self, function: &Value<'v>, value: Value<'v>, place: Value<'v>, whole: &Value<'v>) -> Outcome<'v> {
        let arity = function.as_function().ok_or(Fault::Internal)?.arity();
        let mut arguments = vec![value];
        if arity >= 2 {
            arguments.push(place);
        }
        if arity >= 3 {
            arguments.push(whole.clone());
        }
        self.invoke(function, arguments)
    }
}

pub(in super::super) fn map<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let (array, function) = (argument(arguments, 0), argument(arguments, 1));
    if array.is_undefined() {
        return Ok(Value::Undefined);
    }
    let mut results = Vec::new();
    for (index, item) in items_at(arguments, 0)?.iter().enumerate() {
        let result = run.offer(function, item, Value::int(index), array)?;
        if !result.is_undefined() {
            run.spend_items(1)?;
            results.push(result);
        }
    }
    Ok(Value::sequence(results))
}

pub(in super::super) fn filter<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let (array, function) = (argument(arguments, 0), argument(arguments, 1));
    if array.is_undefined() {
        return Ok(Value::Undefined);
    }
    let mut results = Vec::new();
    for (index, item) in items_at(arguments, 0)?.iter().enumerate() {
        let holds = run.offer(function, item.clone(), Value::int(index), array)?;
        if boolean(&holds)? == Some(true) {
            run.spend_items(1)?;
            results.push(item);
        }
    }
    Ok(Value::sequence(results))
}

pub(in super::super) fn single<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let (array, function) = (argument(arguments, 0), argument(arguments, 1));
    if array.is_undefined() {
        return Ok(Value::Undefined);
    }
    let mut found = None;
    for (index, item) in items_at(arguments, 0)?.iter().enumerate() {
        let holds = function.is_undefined()
            || boolean(&run.offer(function, item.clone(), Value::int(index), array)?)? == Some(true);
        if holds && found.replace(item).is_some() {
            return Err(Thrown::new("D3138").into());
        }
    }
    found.ok_or_else(|| Thrown::new("D3139").into())
}

pub(in super::super) fn reduce<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let (array, function, first) = (argument(arguments, 0), argument(arguments, 1), argument(arguments, 2));
    if array.is_undefined() {
        return Ok(Value::Undefined);
    }
    let arity = function.as_function().ok_or(Fault::Internal)?.arity();
    if arity < 2 {
        return Err(Thrown::new("D3050").into());
    }
    let items = items_at(arguments, 0)?;
    let (mut result, start) = match items.get(0) {
        Some(item) if first.is_undefined() => (item, 1),
        _ => (first.clone(), 0),
    };
    for index in start..items.len() {
        let mut given = vec![result, items.get(index).unwrap_or(Value::Undefined)];
        if arity >= 3 {
            given.push(Value::int(index));
        }
        if arity >= 4 {
            given.push(array.clone());
        }
        result = run.invoke(function, given)?;
    }
    Ok(result)
}

pub(in super::super) fn sift<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let (object, function) = (argument(arguments, 0), argument(arguments, 1));
    let mut result = Object::default();
    for (key, value) in object.members().map(|members| members.list()).unwrap_or_default() {
        let holds = run.offer(function, value.clone(), Value::Text(key.clone()), object)?;
        if boolean(&holds)? == Some(true) {
            run.spend_items(2)?;
            result.insert(key, value);
        }
    }
    Ok(if result.len() == 0 { Value::Undefined } else { Value::object(result) })
}

pub(in super::super) fn each<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let (object, function) = (argument(arguments, 0), argument(arguments, 1));
    let mut results = Vec::new();
    for (key, value) in object.members().map(|members| members.list()).unwrap_or_default() {
        let result = run.offer(function, value, Value::Text(key), object)?;
        if !result.is_undefined() {
            run.spend_items(1)?;
            results.push(result);
        }
    }
    Ok(Value::sequence(results))
}

//! Functions of objects and of any value: `$keys`, `$lookup`, `$spread`, `$merge`, `$exists`, `$type`, `$boolean`,
//! `$not`, `$clone`, `$error`, `$assert`.

use super::super::evaluate::{Run, append, boolean as truth};
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::text::Text;
use super::super::value::{Object, Value};
use super::{argument, items_at};
use indexmap::IndexSet;

pub(in super::super) fn boolean<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    Ok(truth(argument(arguments, 0))?.map_or(Value::Undefined, Value::Bool))
}

pub(in super::super) fn not<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let value = argument(arguments, 0);
    if value.is_undefined() {
        return Ok(Value::Undefined);
    }
    Ok(Value::Bool(truth(value)? != Some(true)))
}

pub(in super::super) fn exists<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    Ok(Value::Bool(!argument(arguments, 0).is_undefined()))
}

pub(in super::super) fn type_of<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    Ok(Value::Text(Text::Given(match argument(arguments, 0) {
        Value::Undefined => return Ok(Value::Undefined),
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        value @ Value::Number(_) => {
            // What is no number is an object to the reference implementation, and infinity an error.
            if super::super::evaluate::numeric(value)?.is_some() { "number" } else { "object" }
        }
        Value::Text(_) => "string",
        Value::Array(_) | Value::GivenArray(_) => "array",
        Value::Object(_) | Value::GivenObject(_) => "object",
        Value::Function(_) => "function",
    })))
}

pub(in super::super) fn clone<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    match argument(arguments, 0) {
        Value::Undefined => Ok(Value::Undefined),
        value => run.cloned(value),
    }
}

pub(in super::super) fn keys<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let mut found = IndexSet::new();
    gather_keys(run, argument(arguments, 0), &mut found)?;
    Ok(Value::sequence(found.into_iter().map(Value::Text).collect()))
}

fn gather_keys<'v>(run: &Run<'v>, value: &Value<'v>, found: &mut IndexSet<Text<'v>>) -> Result<(), Fault> {
    run.tick(1)?;
    if let Some(items) = value.array() {
        return items.iter().try_for_each(|item| gather_keys(run, &item, found));
    }
    let members = value.members().map(|members| members.list()).unwrap_or_default();
    run.spend_items(members.len())?;
    found.extend(members.into_iter().map(|(key, _)| key));
    Ok(())
}

pub(in super::super) fn lookup<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    // A name that is undefined is the text "undefined" to JavaScript.
    let key = argument(arguments, 1).as_text().cloned().unwrap_or(Text::Given("undefined"));
    run.member(argument(arguments, 0), &key)
}

pub(in super::super) fn spread<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    spread_value(run, argument(arguments, 0))
}

fn spread_value<'v>(run: &Run<'v>, value: &Value<'v>) -> Outcome<'v> {
    if let Some(items) = value.array() {
        let mut result = Value::sequence(Vec::new());
        for item in items.iter() {
            let spread = spread_value(run, &item)?;
            run.spend_items(spread.items().len())?;
            result = append(result, &spread);
        }
        return Ok(result);
    }
    let Some(members) = value.members() else { return Ok(value.clone()) };
    run.spend_items(members.len() * 2)?;
    let single = |member: (Text<'v>, Value<'v>)| Value::object([member].into_iter().collect());
    Ok(Value::sequence(members.list().into_iter().map(single).collect()))
}

pub(in super::super) fn merge<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let mut result = Object::default();
    for item in items_at(arguments, 0)?.iter() {
        for (key, value) in item.members().map(|members| members.list()).unwrap_or_default() {
            run.spend_items(2)?;
            result.insert(key, value);
        }
    }
    Ok(Value::object(result))
}

pub(in super::super) fn error<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let message = argument(arguments, 0).as_text().filter(|message| !message.is_empty());
    let message = message.map_or("$error() function evaluated", |message| message);
    Err(Thrown::saying("D3137", message).into())
}

pub(in super::super) fn assert<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if matches!(argument(arguments, 0), Value::Bool(true)) {
        return Ok(Value::Undefined);
    }
    let message = argument(arguments, 1).as_text().filter(|message| !message.is_empty());
    let message = message.map_or("$assert() statement failed", |message| message);
    Err(Thrown::saying("D3141", message).into())
}

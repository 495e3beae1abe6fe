//! `$sum`, `$count`, `$max`, `$min`, `$average`.

use super::super::evaluate::Run;
use super::super::fault::{Fault, Outcome};
use super::super::number::Number;
use super::super::value::{Items, Value};
use super::{argument, items_at};

fn total(run: &Run<'_>, items: Items<'_, '_>) -> Result<Number, Fault> {
    run.tick(items.len())?;
    let add = |total: Number, item: Value<'_>| Ok(total.plus(item.as_number().ok_or(Fault::Internal)?));
    items.iter().try_fold(Number::Int(0), add)
}

pub(in super::super) fn sum<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    total(run, items_at(arguments, 0)?).map(Value::Number)
}

pub(in super::super) fn count<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::int(0));
    }
    Ok(Value::int(items_at(arguments, 0)?.len()))
}

pub(in super::super) fn max<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    extreme(run, arguments, std::cmp::Ordering::Greater)
}

pub(in super::super) fn min<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    extreme(run, arguments, std::cmp::Ordering::Less)
}

fn extreme<'v>(run: &Run<'v>, arguments: &[Value<'v>], wanted: std::cmp::Ordering) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let items = items_at(arguments, 0)?;
    run.tick(items.len())?;
    let mut found: Option<Number> = None;
    for item in items.iter() {
        let number = item.as_number().ok_or(Fault::Internal)?;
        match found {
            Some(best) if !number.is_nan() && number.compare(best) != Some(wanted) => {}
            _ => found = Some(number),
        }
        if number.is_nan() {
            break;
        }
    }
    Ok(found.map_or(Value::Undefined, Value::Number))
}

pub(in super::super) fn average<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let items = items_at(arguments, 0)?;
    if items.len() == 0 {
        return Ok(Value::Undefined);
    }
    Ok(Value::Number(total(run, items)?.divided_by(Number::of_size(items.len()))))
}

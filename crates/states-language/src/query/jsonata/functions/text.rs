//! Functions of texts.

use super::super::evaluate::Run;
use super::super::failure::Limit;
use super::super::fault::{Fault, Outcome};
use super::super::text::{Text, mended, unit_count};
use super::super::value::Value;
use super::{argument, items_at, number_at, optional_number, text_at};

pub(in super::super) fn string<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    let value = argument(arguments, 0);
    if value.is_undefined() {
        return Ok(Value::Undefined);
    }
    let indent = matches!(argument(arguments, 1), Value::Bool(true)).then_some(0);
    run.written(value, indent).map(Value::Text)
}

/// Positions from a start up to an end as JavaScript's `slice` takes them: negative ones count from the end.
fn slice(length: usize, start: f64, end: Option<f64>) -> std::ops::Range<usize> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the length")]
    let position = |at: f64| {
        let length = length as f64;
        let at = if at.is_nan() { 0.0 } else { at.trunc() };
        (if at < 0.0 { (length + at).max(0.0) } else { at.min(length) }) as usize
    };
    let (start, end) = (position(start), end.map_or(length, position));
    start..end.max(start)
}

pub(in super::super) fn substring<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    let count = text.chars().count();
    run.tick(count / 16)?;
    let mut start = optional_number(arguments, 1)?.map_or(f64::NAN, |start| start.as_f64());
    if count as f64 + start < 0.0 {
        start = 0.0;
    }
    let end = match optional_number(arguments, 2)?.map(|length| length.as_f64()) {
        Some(length) if length <= 0.0 => return Ok(Value::Text(Text::Given(""))),
        Some(length) if start >= 0.0 => Some(start + length),
        Some(length) => Some(count as f64 + start + length),
        None => None,
    };
    let range = slice(count, start, end);
    run.spend(range.len())?;
    Ok(Value::text(text.chars().skip(range.start).take(range.len()).collect::<String>()))
}

/// What is looked for; undefined is the text "undefined" to JavaScript.
fn wanted<'a>(arguments: &'a [Value<'_>]) -> Result<&'a str, Fault> {
    match argument(arguments, 1) {
        Value::Undefined => Ok("undefined"),
        _ => text_at(arguments, 1).map(|text| &**text),
    }
}

pub(in super::super) fn substring_before<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    run.spend(text.len())?;
    Ok(match text.split_once(wanted(arguments)?) {
        Some((before, _)) => Value::text(before),
        None => Value::Text(text.clone()),
    })
}

pub(in super::super) fn substring_after<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    run.spend(text.len())?;
    Ok(match text.split_once(wanted(arguments)?) {
        Some((_, after)) => Value::text(after),
        None => Value::Text(text.clone()),
    })
}

/// A function from a text to a text.
fn mapped<'v>(run: &Run<'v>, arguments: &[Value<'v>], change: fn(&str) -> String) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    run.spend(text.len())?;
    Ok(Value::text(change(text)))
}

pub(in super::super) fn lowercase<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    mapped(run, arguments, str::to_lowercase)
}

pub(in super::super) fn uppercase<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    mapped(run, arguments, str::to_uppercase)
}

pub(in super::super) fn trim<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    mapped(run, arguments, |text| {
        let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join(" ")
    })
}

pub(in super::super) fn length<'v>(_: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    Ok(Value::int(text_at(arguments, 0)?.chars().count()))
}

/// AWS refuses to add more characters than this to a text at once (recorded).
const PADDING: f64 = 262_144.0;

pub(in super::super) fn pad<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    let filling = argument(arguments, 2).as_text().filter(|filling| !filling.is_empty());
    let filling: &str = filling.map_or(" ", |filling| filling);
    let Some(width) = optional_number(arguments, 1)? else { return Ok(Value::Text(text.clone())) };
    let width = width.as_f64();
    let added = width.abs() - text.chars().count() as f64;
    if added.is_nan() || added <= 0.0 {
        return Ok(Value::Text(text.clone()));
    }
    if added > PADDING {
        return Err(Limit::Memory.into());
    }
    if added.fract() != 0.0 {
        return Err(Fault::Internal);
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the most padding")]
    let padding: String = filling.chars().cycle().take(added as usize).collect();
    run.spend(text.len() + padding.len())?;
    run.tick(padding.len() / 16)?;
    Ok(Value::text(if width > 0.0 { [&**text, &padding].concat() } else { [&padding, &**text].concat() }))
}

pub(in super::super) fn join<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let separator = argument(arguments, 1).as_text();
    let separator: &str = separator.map_or("", |separator| separator);
    let mut joined = String::new();
    for (index, item) in items_at(arguments, 0)?.iter().enumerate() {
        let text = if matches!(item, Value::Null) { Text::Given("") } else { run.text_of(&item)? };
        run.spend(text.len() + separator.len())?;
        run.tick(1)?;
        if index > 0 {
            joined.push_str(separator);
        }
        joined.push_str(&text);
    }
    Ok(Value::text(mended(joined)))
}

/// Counts in UTF-16 units where a number of characters ends; used by functions that name positions.
pub(super) fn units_before(text: &str, end: usize) -> usize {
    unit_count(text.get(..end).unwrap_or_default())
}

/// Reads a number that has to be given.
pub(super) fn given(arguments: &[Value<'_>], index: usize) -> Result<f64, Fault> {
    number_at(arguments, index).map(|number| number.as_f64())
}

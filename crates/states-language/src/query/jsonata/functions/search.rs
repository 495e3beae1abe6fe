//! Functions that look for a text or a pattern: `$contains`, `$match`, `$replace`, `$split`.

use super::super::evaluate::Run;
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::regex::Found;
use super::super::text::{Text, units};
use super::super::value::{Object, Value};
use super::text::units_before;
use super::{argument, optional_number, text_at};

pub(in super::super) fn contains<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    let found = match argument(arguments, 1) {
        Value::Text(wanted) => text.contains(&**wanted),
        matcher => run.first_match(matcher, text)?.is_some(),
    };
    Ok(Value::Bool(found))
}

/// How many matches are asked for, and whether fewer than none are.
fn limit(arguments: &[Value<'_>], index: usize, code: &'static str) -> Result<f64, Fault> {
    let Some(limit) = optional_number(arguments, index)? else { return Ok(f64::INFINITY) };
    if limit.as_f64() < 0.0 {
        return Err(Thrown::about(code, argument(arguments, index)).into());
    }
    Ok(limit.as_f64())
}

pub(in super::super) fn matches<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    let limit = limit(arguments, 2, "D3040")?;
    let mut results = Vec::new();
    if limit > 0.0 {
        let mut next = run.first_match(argument(arguments, 1), text)?;
        while let Some(found) = next
            && (results.len() as f64) < limit
        {
            run.spend_items(4)?;
            let mut object = Object::default();
            object.insert(Text::Given("match"), Value::Text(found.text.clone()));
            object.insert(Text::Given("index"), Value::int(units_before(text, found.start)));
            object.insert(Text::Given("groups"), Value::list(found.groups.clone()));
            results.push(Value::object(object));
            next = run.match_after(&found, text)?;
        }
    }
    Ok(Value::sequence(results))
}

pub(in super::super) fn replace<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    let (pattern, replacement) = (argument(arguments, 1), argument(arguments, 2));
    if pattern.as_text().is_some_and(|pattern| pattern.is_empty()) {
        return Err(Thrown::about("D3010", pattern).into());
    }
    let limit = limit(arguments, 3, "D3011")?;
    if limit <= 0.0 {
        return Ok(Value::Text(text.clone()));
    }
    match pattern {
        Value::Text(pattern) => replace_text(run, text, pattern, replacement, limit),
        _ => replace_matches(run, text, pattern, replacement, limit),
    }
}

fn replace_text<'v>(run: &Run<'v>, text: &Text<'v>, pattern: &str, replacement: &Value<'v>, limit: f64) -> Outcome<'v> {
    let replacement: &str = match replacement {
        Value::Text(replacement) => replacement,
        // The word that JavaScript makes of it.
        Value::Undefined => "undefined",
        _ => return Err(Fault::Internal),
    };
    let (mut result, mut rest, mut count) = (String::new(), &**text, 0.0);
    while count < limit
        && let Some((before, after)) = rest.split_once(pattern)
    {
        run.spend(before.len() + replacement.len())?;
        run.tick(1)?;
        result.push_str(before);
        result.push_str(replacement);
        rest = after;
        count += 1.0;
    }
    run.spend(rest.len())?;
    result.push_str(rest);
    Ok(Value::text(result))
}

fn replace_matches<'v>(
    run: &Run<'v>,
    text: &Text<'v>,
    pattern: &Value<'v>,
    replacement: &Value<'v>,
    limit: f64,
) -> Outcome<'v> {
    let (mut result, mut position, mut count) = (String::new(), 0, 0.0);
    let mut next = run.first_match(pattern, text)?;
    while let Some(found) = next
        && count < limit
    {
        result.push_str(text.get(position..found.start).unwrap_or_default());
        let replaced = match replacement {
            Value::Text(replacement) => Value::text(filled_in(replacement, &found)),
            Value::Function(_) => run.invoke(replacement, vec![found.object.clone()])?,
            _ => return Err(Fault::Internal),
        };
        let Value::Text(replaced) = replaced else { return Err(Thrown::about("D3012", &replaced).into()) };
        run.spend(found.start.saturating_sub(position) + replaced.len())?;
        result.push_str(&replaced);
        position = found.start + found.text.len();
        count += 1.0;
        next = run.match_after(&found, text)?;
    }
    let rest = text.get(position..).unwrap_or_default();
    run.spend(rest.len())?;
    result.push_str(rest);
    Ok(Value::text(result))
}

/// Puts what the groups matched in place of `$1`, and the whole match in place of `$0`.
fn filled_in(replacement: &str, found: &Found<'_>) -> String {
    let mut filled = String::new();
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        filled.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            filled.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('0') {
            filled.push_str(&found.text);
            rest = after;
        } else {
            match group_number(rest, found.groups.len()) {
                Some((group, after)) => {
                    let matched = group.checked_sub(1).and_then(|group| found.groups.get(group));
                    filled.push_str(matched.and_then(|matched| matched.as_text()).map_or("", |matched| matched));
                    rest = after;
                }
                None => filled.push('$'),
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// The number of a group, with as many digits as the number of groups has, or one fewer when there is no such group.
fn group_number(text: &str, groups: usize) -> Option<(usize, &str)> {
    let most = groups.to_string().len();
    let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let read = |digits: usize| text.get(..digits).and_then(|digits| digits.parse::<usize>().ok());
    let mut number = read(digits);
    if most > 1 && number.is_some_and(|number| number > groups) {
        number = read(digits.min(most - 1));
    }
    let number = number?;
    Some((number, text.get(number.to_string().len()..).unwrap_or_default()))
}

pub(in super::super) fn split<'v>(run: &Run<'v>, arguments: &[Value<'v>]) -> Outcome<'v> {
    if argument(arguments, 0).is_undefined() {
        return Ok(Value::Undefined);
    }
    let text = text_at(arguments, 0)?;
    let limit = limit(arguments, 2, "D3020")?;
    run.spend(text.len())?;
    if limit <= 0.0 {
        return Ok(Value::list(Vec::new()));
    }
    match argument(arguments, 1) {
        Value::Text(separator) => split_text(run, text, separator, limit.trunc()),
        matcher => split_matches(run, text, matcher, limit),
    }
}

fn split_text<'v>(run: &Run<'v>, text: &str, separator: &str, limit: f64) -> Outcome<'v> {
    let parts: Vec<String> = if separator.is_empty() {
        units(text).into_iter().map(|unit| super::super::text::from_units(&[unit])).collect()
    } else {
        text.split(separator).map(str::to_owned).collect()
    };
    run.spend_items(parts.len())?;
    /// A limit is an unsigned integer of 32 bits in JavaScript, and what is beyond them is cut off.
    const LIMITS: f64 = 4_294_967_296.0;
    let limit = if limit.is_finite() { limit.rem_euclid(LIMITS) } else { LIMITS };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 2^32")]
    let count = limit as usize;
    Ok(Value::list(parts.into_iter().take(count).map(Value::text).collect()))
}

fn split_matches<'v>(run: &Run<'v>, text: &Text<'v>, matcher: &Value<'v>, limit: f64) -> Outcome<'v> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut next = run.first_match(matcher, text)?;
    while let Some(found) = next
        && (parts.len() as f64) < limit
    {
        run.spend_items(1)?;
        parts.push(Value::text(text.get(start..found.start).unwrap_or_default()));
        start = found.end;
        next = run.match_after(&found, text)?;
    }
    if (parts.len() as f64) < limit {
        parts.push(Value::text(text.get(start..).unwrap_or_default()));
    }
    Ok(Value::list(parts))
}

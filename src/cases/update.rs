//! What came of a run, written down as what is expected from now on.

use super::file::{Case, Places};
use super::pattern::{Kind, Pattern, is_same, literally};
use super::run::Ran;
use crate::json::{At, Step, Value};
use serde_json::Map;

/// Returns what a run came to as the object `expect`. What is described in what was expected stays so if it matches.
/// The second run, of other time and chance, tells which values are drawn anew: of them only the kind is written.
pub fn expected(case: &Case, ran: &Ran, again: &Ran) -> Value {
    let old = case.expect.written.as_ref().and_then(Value::as_object).filter(|old| !old.is_empty());
    let asked = |name: &str| old.is_none_or(|old| old.contains_key(name));
    let was = |name: &str| old.and_then(|old| old.get(name));
    let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().map(Value::from);
    let mut new = Map::new();
    new.insert("status".to_owned(), Value::from(ran.status));
    let states = |ran: &Ran| ran.path.iter().map(|state| Value::from(state.as_str())).collect::<Value>();
    let ended = ["output", "error", "cause"].into_iter().any(asked);
    let members = [
        ("output", ran.output.clone(), again.output.clone(), ended),
        ("error", text(&ran.error), text(&again.error), ended),
        ("cause", text(&ran.cause), text(&again.cause), asked("cause") || asked("output") && ran.error.is_none()),
        ("path", Some(states(ran)), Some(states(again)), asked("path")),
    ];
    for (name, one, other, wanted) in members {
        if let Some(one) = one.filter(|_| wanted) {
            let drawn = drawn(&one, other.as_ref().unwrap_or(&one), &At::default(), &mut Vec::new());
            new.insert(name.to_owned(), was(name).map_or(drawn.clone(), |old| kept(old, &one, drawn)));
        }
    }
    if let Some(Value::Object(visits)) = was("visits") {
        let counted = visits.keys().map(|state| (state.clone(), Value::from(ran.visits(state))));
        new.insert("visits".to_owned(), Value::Object(counted.collect()));
    }
    Value::Object(new)
}

/// Returns the pattern of a value: what is another in the second one is described by the kind both have. Their places
/// are collected.
pub(super) fn drawn(one: &Value, other: &Value, at: &At, places: &mut Vec<(At, Kind)>) -> Value {
    let step = |step: Step| at.clone().join(&[step]);
    match (one, other) {
        (Value::Object(members), Value::Object(others))
            if members.len() == others.len() && members.keys().all(|name| others.contains_key(name)) =>
        {
            let written: Map<String, Value> = members
                .iter()
                .map(|(name, value)| {
                    let other = others.get(name).unwrap_or(value);
                    (name.clone(), drawn(value, other, &step(Step::Member(name.as_str().into())), places))
                })
                .collect();
            let drew = written.iter().any(|(name, pattern)| members.get(name) != Some(pattern));
            if drew { Value::Object(written) } else { literally(one) }
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let pairs = items.iter().zip(others).enumerate();
            pairs.map(|(index, (one, other))| drawn(one, other, &step(Step::Item(index)), places)).collect()
        }
        (one, other) if is_same(one, other) => literally(one),
        (one, other) => {
            let kind = Kind::of_both(one, other);
            places.push((at.clone(), kind));
            kind.written()
        }
    }
}

/// Keeps what of an old pattern still matches.
fn kept(old: &Value, value: &Value, new: Value) -> Value {
    let Ok(pattern) = Pattern::read(old) else { return new };
    if pattern.matches(value) {
        return old.clone();
    }
    match (pattern, old, value, new) {
        (Pattern::Object(_), Value::Object(olds), Value::Object(values), Value::Object(news)) => {
            let member = |(name, new): (String, Value)| {
                let kept = match (olds.get(&name), values.get(&name)) {
                    (Some(old), Some(value)) => kept(old, value, new),
                    _ => new,
                };
                (name, kept)
            };
            Value::Object(news.into_iter().map(member).collect())
        }
        (Pattern::List(_), Value::Array(olds), Value::Array(values), Value::Array(news)) => {
            let item = |(index, new): (usize, Value)| match (olds.get(index), values.get(index)) {
                (Some(old), Some(value)) => kept(old, value, new),
                _ => new,
            };
            news.into_iter().enumerate().map(item).collect()
        }
        (_, _, _, new) => new,
    }
}

/// Returns the text of a file in which cases expect something else. All other text stays as it is.
pub fn updated(text: &str, mut changes: Vec<(&Places, Value)>) -> String {
    let start = |places: &Places| places.expect.as_ref().map_or(places.end, |span| Some(span.start));
    changes.sort_by_key(|(places, _)| std::cmp::Reverse(start(places)));
    let mut text = text.to_owned();
    for (places, value) in changes {
        match (&places.expect, places.end) {
            (Some(span), _) => {
                let margin = margin(&text, span.start);
                text.replace_range(span.clone(), &laid_out(&value, &margin));
            }
            (None, Some(end)) => {
                let (before, rest) = text.split_at(end.min(text.len()));
                let body = before.trim_end();
                let outer = margin(before, before.len());
                let inner = format!("{outer}  ");
                let comma = if body.ends_with('{') { "" } else { "," };
                let value = laid_out(&value, &inner);
                text = format!("{body}{comma}\n{inner}\"expect\": {value}\n{outer}{rest}");
            }
            (None, None) => {}
        }
    }
    text
}

/// The blanks the line of a place begins with.
fn margin(text: &str, at: usize) -> String {
    let line = text.get(..at).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect()
}

fn laid_out(value: &Value, margin: &str) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.replace('\n', &format!("\n{margin}"))
}

//! How much of an answer is told: as much as fits into a number of bytes, with a word on each part that is left out.
//!
//! The bytes are shared out among the members of an object, the small ones first, and among the first items of an array:
//! what is short stays whole, what is long is cut. Each cut names the place to ask for, which the argument `part` takes:
//!
//! ```text
//! {"causes":[{"message":"…","input":"… left out, 5321 bytes: part=$.causes[0].input"},"… 12 more: part=$.causes[1:]"]}
//! ```

use serde_json::{Map, Value};

/// What is no longer stays whole: to say that it is left out takes as much.
const SHORT: usize = 110;
/// Of an item that does not fit whole so much must be told, or it is among those left out.
const WORTH: usize = 400;

/// Returns a value cut so that its JSON has about so many bytes at most.
pub fn fit(value: Value, most: usize, place: &str) -> Value {
    if length(&value) <= most {
        return value;
    }
    match value {
        Value::Object(members) => object(members, most, place),
        Value::Array(items) => array(items, most, place),
        Value::String(text) => string(&text, most, place),
        other => other,
    }
}

/// Returns the bytes of a value's JSON.
fn length(value: &Value) -> usize {
    match value {
        Value::Null => 4,
        Value::Bool(_) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(_) => value.to_string().len(),
        Value::Array(items) => 2 + items.iter().map(|item| length(item) + 1).sum::<usize>(),
        Value::Object(members) => 2 + members.iter().map(|(name, value)| name.len() + 4 + length(value)).sum::<usize>(),
    }
}

/// Shares bytes out: what wants less than an equal share gets what it wants, the others share the rest.
fn shares(wanted: &[usize], most: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|at| wanted.get(*at).copied().unwrap_or_default());
    let (mut left, mut given) = (most, vec![0; wanted.len()]);
    for (done, at) in order.iter().enumerate() {
        let equal = left / (order.len() - done).max(1);
        let share = wanted.get(*at).copied().unwrap_or_default().min(equal);
        if let Some(slot) = given.get_mut(*at) {
            *slot = share;
        }
        left = left.saturating_sub(share);
    }
    given
}

fn object(members: Map<String, Value>, most: usize, place: &str) -> Value {
    let names: usize = members.iter().map(|(name, _)| name.len() + 4).sum();
    let wanted: Vec<usize> = members.iter().map(|(_, value)| length(value)).collect();
    let shares = shares(&wanted, most.saturating_sub(names + 2));
    let told = members.into_iter().zip(shares).map(|((name, value), share)| {
        let at = member(place, &name);
        let wants = length(&value);
        let told = if wants <= share { value } else { cut(value, share, wants, &at) };
        (name, told)
    });
    Value::Object(told.collect())
}

/// Cuts what does not fit; of what is cut to nearly nothing only the size is told.
fn cut(value: Value, share: usize, wants: usize, at: &str) -> Value {
    let is_data = value.is_object() || value.is_array();
    match share {
        _ if wants <= SHORT => value,
        _ if is_data && share < SHORT => left_out(wants, at),
        _ => fit(value, share, at),
    }
}

fn left_out(bytes: usize, at: &str) -> Value {
    format!("… left out, {bytes} bytes: part={at}").into()
}

/// Tells the first items whole as long as they fit; the first that does not is cut if that is worth it.
fn array(items: Vec<Value>, most: usize, place: &str) -> Value {
    let all = items.len();
    let mut left = most.saturating_sub(SHORT);
    let mut told: Vec<Value> = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let wants = length(&item) + 1;
        if wants > left {
            if left >= WORTH || index == 0 {
                told.push(cut(item, left, wants, &format!("{place}[{index}]")));
            }
            break;
        }
        left -= wants;
        told.push(item);
    }
    let count = told.len();
    if count < all {
        told.push(format!("… {} more: part={place}[{count}:]", all - count).into());
    }
    Value::Array(told)
}

fn string(text: &str, most: usize, place: &str) -> Value {
    let remark = format!("… ({} bytes: part={place})", text.len());
    let mut end = most.saturating_sub(remark.len() + 2).min(text.len());
    if end < SHORT / 4 {
        return left_out(text.len(), place);
    }
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{remark}", text.get(..end).unwrap_or_default()).into()
}

fn member(place: &str, name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain { format!("{place}.{name}") } else { format!("{place}[{}]", Value::from(name)) }
}

/// Returns the part of a value at a place such as `$.causes[0].input` or `$.visits[20:]`, and the place it begins at; of
/// text `[n:]` is what follows n bytes. The reason as a sentence when there is none.
pub fn part(value: &Value, place: &str) -> Result<Value, String> {
    let steps =
        steps(place).ok_or_else(|| format!("{place} is not a place, such as $.causes[0].input or $.visits[20:]."))?;
    let mut at = value.clone();
    let mut done = "$".to_owned();
    for step in steps {
        let names = || match &at {
            Value::Object(members) => members.keys().take(20).cloned().collect::<Vec<_>>().join(", "),
            Value::Array(items) => format!("{} items", items.len()),
            _ => "a value".to_owned(),
        };
        let missing = format!("Nothing is at {place}: {done} has {}.", names());
        let next = match (&step, &at) {
            (Step::Name(name), Value::Object(members)) => members.get(name).cloned(),
            (Step::Item(index), Value::Array(items)) => items.get(*index).cloned(),
            (Step::Slice(from, to), Value::Array(items)) => {
                let to = to.unwrap_or(items.len()).min(items.len());
                items.get(*from..to).map(|items| Value::Array(items.to_vec()))
            }
            (Step::Slice(from, to), Value::String(text)) => {
                let end = to.unwrap_or(text.len()).min(text.len());
                text.get(*from..end).map(Value::from)
            }
            _ => None,
        };
        at = next.ok_or(missing)?;
        done = match step {
            Step::Name(name) => member(&done, &name),
            Step::Item(index) => format!("{done}[{index}]"),
            Step::Slice(..) => done,
        };
    }
    Ok(at)
}

enum Step {
    Name(String),
    Item(usize),
    Slice(usize, Option<usize>),
}

fn steps(place: &str) -> Option<Vec<Step>> {
    let mut rest = place.trim().strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, next) = after.split_at(end);
            steps.push(Step::Name((!name.is_empty()).then(|| name.to_owned())?));
            rest = next;
            continue;
        }
        let inside = rest.strip_prefix('[')?;
        if inside.starts_with('"') {
            let mut stream = serde_json::Deserializer::from_str(inside).into_iter::<String>();
            let name = stream.next()?.ok()?;
            rest = inside.get(stream.byte_offset()..)?.strip_prefix(']')?;
            steps.push(Step::Name(name));
            continue;
        }
        let (index, next) = inside.split_once(']')?;
        rest = next;
        steps.push(match index.split_once(':') {
            None => Step::Item(index.parse().ok()?),
            Some((from, to)) => {
                let from = if from.is_empty() { 0 } else { from.parse().ok()? };
                let to = if to.is_empty() { None } else { Some(to.parse().ok()?) };
                Step::Slice(from, to)
            }
        });
    }
    Some(steps)
}

/// Returns the place that an argument `part` begins at: cuts inside of a part name places of the whole answer.
pub fn origin(place: &str) -> &str {
    // A slice is the last step that `fit` writes: inside of it indexes begin anew.
    place
        .trim()
        .rfind('[')
        .filter(|at| place.get(*at..).is_some_and(|it| it.contains(':')))
        .map_or(place.trim(), |at| place.trim().get(..at).unwrap_or("$"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn small_answers_stay_whole() {
        let value = json!({ "a": [1, 2, { "b": "text" }] });
        assert_eq!(fit(value.clone(), 100, "$"), value);
    }

    #[test]
    fn what_is_cut_says_where_to_ask_and_what_is_small_stays() {
        let value = json!({ "status": "FAILED", "input": { "long": "x".repeat(4000) }, "visits": vec![json!({ "state": "Pay" }); 500] });
        let told = fit(value.clone(), 600, "$");
        assert!(told.to_string().len() <= 700, "{}", told.to_string().len());
        assert_eq!(told["status"], "FAILED");
        let last = told["visits"].as_array().and_then(|visits| visits.last()).and_then(Value::as_str).unwrap();
        let (_, place) = last.split_once("part=").unwrap();
        let rest = part(&value, place).unwrap();
        let shown = told["visits"].as_array().unwrap().len() - 1;
        assert_eq!(rest.as_array().unwrap().len(), 500 - shown);
    }

    #[test]
    fn places_lead_to_parts() {
        let value = json!({ "a": [{ "odd name": [1, 2, 3] }], "text": "abcdef" });
        let cases = [
            ("$", Ok(value.clone())),
            ("$.a[0][\"odd name\"][1:]", Ok(json!([2, 3]))),
            ("$.a[0][\"odd name\"][:1]", Ok(json!([1]))),
            ("$.a[0][\"odd name\"][2]", Ok(json!(3))),
            ("$.text[4:]", Ok(json!("ef"))),
            ("$.b", Err(())),
            ("$.a[7]", Err(())),
            ("$.a[7:]", Err(())),
            ("$.text[9:]", Err(())),
            ("a.b", Err(())),
            ("$.", Err(())),
            ("$[", Err(())),
        ];
        for (place, expected) in cases {
            assert_eq!(part(&value, place).map_err(|_| ()), expected, "{place}");
        }
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf =
            prop_oneof![Just(Value::Null), any::<i32>().prop_map(Value::from), "\\PC{0,60}".prop_map(Value::from)];
        leaf.prop_recursive(4, 200, 12, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..12).prop_map(Value::from),
                prop::collection::hash_map("[a-z. é]{0,8}", inner, 0..8)
                    .prop_map(|it| Value::Object(it.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn an_answer_keeps_near_its_budget_and_its_places_lead_somewhere(value in any_json(), most in 500_usize..3000) {
            let told = fit(value.clone(), most, "$");
            // Members are all named, so that an object of very many small ones may be longer.
            prop_assert!(told.to_string().len() <= most * 2 + 1000);
            for remark in remarks(&told) {
                let place = remark.split_once("part=").map(|(_, place)| place.trim_end_matches(')').to_owned()).unwrap();
                prop_assert!(part(&value, &place).is_ok(), "{}", place);
            }
        }
    }

    fn remarks(value: &Value) -> Vec<String> {
        match value {
            Value::Array(items) => items.iter().flat_map(remarks).collect(),
            Value::Object(members) => members.values().flat_map(remarks).collect(),
            Value::String(text) if text.contains("part=$") => vec![text.clone()],
            _ => Vec::new(),
        }
    }
}

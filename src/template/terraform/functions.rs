//! Terraform's functions, those that definitions are made with.

use super::eval::{Evaluator, Here, pairs};
use super::value::{Entry, Value, What};
use crate::asl::{Data, Format, Node, Span};
use crate::template::definition;
use hcl_edit::expr::FuncCall;

/// Evaluates a call; what cannot be told is called what the file writes.
pub(super) fn call(evaluator: &Evaluator<'_>, call: &FuncCall, span: Span, here: Here<'_>) -> Value {
    let name = call.name.name.as_str();
    // Of these only what is needed is evaluated.
    match name {
        "try" | "coalesce" => {
            let mut values = call.args.iter().map(|argument| evaluator.value(argument, here));
            let is_there = |value: &Value| match name {
                "try" => !value.is_unknown(),
                _ => !matches!(&value.what, What::Null) && value.to_text().is_none_or(|text| !text.text().is_empty()),
            };
            let found = values.find(is_there);
            return found.unwrap_or_else(|| evaluator.unknown(span));
        }
        "can" => return evaluator.unknown(span),
        _ => {}
    }
    let mut arguments: Vec<Value> = call.args.iter().map(|argument| evaluator.value(argument, here)).collect();
    if call.args.expand_final()
        && let Some(last) = arguments.pop()
    {
        match last.what {
            What::List(items) => arguments.extend(items),
            _ => return evaluator.unknown(span),
        }
    }
    let found = files(evaluator, name, &arguments, span, here)
        .or_else(|| texts(name, &arguments, span))
        .or_else(|| collections(name, &arguments, span))
        .or_else(|| numbers(name, &arguments, span));
    found.map_or_else(|| evaluator.unknown(span), |value| Value { span: place(&value, span), ..value })
}

/// What a function only hands on keeps its place, so that findings in it are told there.
fn place(value: &Value, call: Span) -> Span {
    match value.what {
        What::Object(_) | What::List(_) | What::Json(_) => value.span,
        _ => call,
    }
}

fn files(evaluator: &Evaluator<'_>, name: &str, arguments: &[Value], span: Span, here: Here<'_>) -> Option<Value> {
    let first = arguments.first()?;
    match name {
        "file" => evaluator.file(first, here.instance),
        "templatefile" => {
            let (path, at) = evaluator.path(first, here.instance)?;
            let loaded = evaluator.sources.needed(&path, at)?;
            let text = loaded.text.strip_prefix('\u{feff}').unwrap_or(&loaded.text).to_owned();
            evaluator.filled(&text, loaded.start, arguments.get(1), span, here)
        }
        "jsonencode" => Some(Value::new(first.span, What::Json(Box::new(first.clone())))),
        "jsondecode" => decoded(evaluator, first, Format::Json),
        "yamldecode" => decoded(evaluator, first, Format::Yaml),
        _ => None,
    }
}

fn decoded(evaluator: &Evaluator<'_>, text: &Value, format: Format) -> Option<Value> {
    if let What::Json(value) = &text.what {
        return Some((**value).clone());
    }
    let What::Text(text) = &text.what else { return None };
    match definition::read(text, format) {
        Ok(mut node) => {
            unquoted(&mut node);
            Some(Value::of_node(node))
        }
        Err(problem) => {
            evaluator.sources.problem(problem);
            None
        }
    }
}

/// A plain `${Name}` of YAML is the value itself, not a text.
fn unquoted(node: &mut Node) {
    match &mut node.data {
        Data::Text(text) if definition::lone_name(text).is_some() => {
            node.data = Data::Placeholder(text.clone());
        }
        Data::List(items) => items.iter_mut().for_each(unquoted),
        Data::Object(members) => members.iter_mut().for_each(|member| unquoted(&mut member.value)),
        _ => {}
    }
}

fn texts(name: &str, arguments: &[Value], span: Span) -> Option<Value> {
    let made = |text: &str| Some(Value::text(span, text));
    let text = |index: usize| arguments.get(index).and_then(Value::to_text).map(|text| text.text().to_owned());
    match name {
        "tostring" | "nonsensitive" | "sensitive" => match &arguments.first()?.what {
            What::Null | What::List(_) | What::Object(_) | What::Unknown(_) => arguments.first().cloned(),
            _ => Some(Value::new(span, What::Text(arguments.first()?.to_text()?))),
        },
        "format" => made(&formatted(&text(0)?, arguments.get(1..)?)?),
        "join" => {
            let items = arguments.get(1)?.items()?.iter().map(|item| item.to_text().map(|text| text.text().to_owned()));
            made(&items.collect::<Option<Vec<_>>>()?.join(&text(0)?))
        }
        "split" => {
            let (by, whole) = (text(0)?, text(1)?);
            if whole.contains("${") || by.is_empty() {
                return None;
            }
            Some(Value::new(span, What::List(whole.split(&*by).map(|part| Value::text(span, part)).collect())))
        }
        "upper" | "lower" | "title" | "trimspace" | "chomp" | "trimprefix" | "trimsuffix" | "trim" | "replace"
        | "substr" | "basename" | "dirname" | "startswith" | "endswith" | "abspath" => known(name, arguments, span),
        "indent" => {
            let What::Text(text) = &arguments.get(1)?.what else { return None };
            Some(Value::new(span, What::Text(text.clone())))
        }
        _ => None,
    }
}

/// Functions of texts that must be known to their last letter.
fn known(name: &str, arguments: &[Value], span: Span) -> Option<Value> {
    let text = |index: usize| arguments.get(index).and_then(Value::known_text);
    let first = text(0)?;
    let made = match name {
        "upper" => first.to_uppercase(),
        "lower" => first.to_lowercase(),
        "title" => title(&first),
        "trimspace" => first.trim().to_owned(),
        "chomp" => first.trim_end_matches(['\n', '\r']).to_owned(),
        "trimprefix" => first.strip_prefix(&*text(1)?).unwrap_or(&first).to_owned(),
        "trimsuffix" => first.strip_suffix(&*text(1)?).unwrap_or(&first).to_owned(),
        "trim" => {
            let cut = text(1)?;
            first.trim_matches(|c| cut.contains(c)).to_owned()
        }
        "replace" => {
            let from = text(1)?;
            // Between slashes stands a regular expression.
            if from.len() > 1 && from.starts_with('/') && from.ends_with('/') {
                return None;
            }
            first.replace(&*from, &text(2)?)
        }
        "substr" => {
            let number = |index: usize| arguments.get(index).and_then(Value::as_number);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "negative ones are no counts")]
            let (start, length) = (number(1)?.max(0.0) as usize, number(2)?);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "negative ones mean the rest")]
            let length = if length < 0.0 { usize::MAX } else { length as usize };
            first.chars().skip(start).take(length).collect()
        }
        "basename" => first.rsplit('/').next().unwrap_or_default().to_owned(),
        "dirname" => first.rsplit_once('/').map_or(".", |(folder, _)| folder).to_owned(),
        "abspath" => first,
        "startswith" => return Some(Value::bool(span, first.starts_with(&*text(1)?))),
        "endswith" => return Some(Value::bool(span, first.ends_with(&*text(1)?))),
        _ => return None,
    };
    Some(Value::text(span, &made))
}

fn title(text: &str) -> String {
    let mut starts = true;
    let letter = |c: char| {
        let shown = if starts { c.to_uppercase().collect::<String>() } else { c.to_string() };
        starts = !c.is_alphanumeric();
        shown
    };
    text.chars().map(letter).collect()
}

/// Fills `%s`, `%d`, `%v`, `%q` and `%%`.
fn formatted(template: &str, arguments: &[Value]) -> Option<String> {
    let mut out = String::new();
    let mut arguments = arguments.iter();
    let mut letters = template.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let mut flags = String::new();
        while let Some(flag) = letters.next_if(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | ' ' | '#')) {
            flags.push(flag);
        }
        match letters.next()? {
            '%' => out.push('%'),
            's' | 'd' | 'v' | 'f' | 'g' | 't' => {
                let text = arguments.next()?.to_text()?.text().to_owned();
                match flags.strip_prefix('0').and_then(|width| width.parse::<usize>().ok()) {
                    Some(width) => out.push_str(&format!("{text:0>width$}")),
                    None => out.push_str(&text),
                }
            }
            'q' => {
                let text = arguments.next()?.to_text()?;
                out.push_str(&serde_json::Value::from(text.text()).to_string());
            }
            _ => return None,
        }
    }
    Some(out)
}

fn collections(name: &str, arguments: &[Value], span: Span) -> Option<Value> {
    let first = arguments.first()?;
    let list = |items: Vec<Value>| Some(Value::new(first.span, What::List(items)));
    match name {
        "tolist" | "toset" | "tomap" | "tobool" => Some(first.clone()),
        "merge" => merged(arguments),
        "concat" => {
            let parts: Option<Vec<&[Value]>> = arguments.iter().map(Value::items).collect();
            list(parts?.concat())
        }
        "flatten" => list(flat(first)?),
        "compact" => {
            let empty = |item: &&Value| item.to_text().is_some_and(|text| !text.text().is_empty());
            list(first.items()?.iter().filter(empty).cloned().collect())
        }
        "distinct" => {
            let mut items: Vec<Value> = Vec::new();
            for item in first.items()? {
                let is_same = |other: &Value| other.to_node().to_value() == item.to_node().to_value();
                if !items.iter().any(is_same) {
                    items.push(item.clone());
                }
            }
            list(items)
        }
        "reverse" => list(first.items()?.iter().rev().cloned().collect()),
        "keys" => list(pairs(first)?.into_iter().map(|(key, _)| key).collect()),
        "values" => list(pairs(first)?.into_iter().map(|(_, value)| value).collect()),
        "one" => first.items()?.first().cloned(),
        "element" => {
            let items = first.items()?;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index of a list")]
            let index = arguments.get(1)?.as_number()?.max(0.0) as usize;
            items.get(index.checked_rem(items.len())?).cloned()
        }
        "lookup" => {
            let key = arguments.get(1)?.known_text()?;
            first.entries()?;
            first.get(&key).or_else(|| arguments.get(2)).cloned()
        }
        "length" => match &first.what {
            What::List(items) => Some(Value::new(span, What::Number(items.len().into()))),
            What::Object(entries) => Some(Value::new(span, What::Number(entries.len().into()))),
            _ => first.known_text().map(|text| Value::new(span, What::Number(text.chars().count().into()))),
        },
        "contains" => {
            let wanted = arguments.get(1)?.known_text()?;
            let items: Option<Vec<String>> = first.items()?.iter().map(Value::known_text).collect();
            Some(Value::bool(span, items?.contains(&wanted)))
        }
        "zipmap" => {
            let values = arguments.get(1)?.items()?;
            let entry = |(key, value): (&Value, &Value)| {
                let name = key.to_text()?.text().into();
                Some(Entry { key: name, key_span: key.span, value: value.clone() })
            };
            let entries = first.items()?.iter().zip(values).map(entry).collect::<Option<Vec<_>>>()?;
            Some(Value::new(span, What::Object(entries)))
        }
        "range" => {
            let numbers: Option<Vec<f64>> = arguments.iter().map(Value::as_number).collect();
            let (start, end, step) = match numbers?.as_slice() {
                [end] => (0.0, *end, 1.0),
                [start, end] => (*start, *end, 1.0),
                [start, end, step] if *step > 0.0 => (*start, *end, *step),
                _ => return None,
            };
            let mut items = Vec::new();
            let mut number = start;
            while number < end && items.len() < 1_024 {
                items.push(Value::number(span, number));
                number += step;
            }
            list(items)
        }
        _ => None,
    }
}

/// Later members replace earlier ones, in their place.
fn merged(arguments: &[Value]) -> Option<Value> {
    let says_nothing = |argument: &Value| argument.entries().is_none_or(<[Entry]>::is_empty);
    if arguments.iter().any(Value::is_unknown) && arguments.iter().all(says_nothing) {
        return None;
    }
    let mut entries: Vec<Entry> = Vec::new();
    for argument in arguments {
        if matches!(argument.what, What::Null) {
            continue;
        }
        if let What::Unknown(name) = &argument.what {
            // Which members it adds is not known; those beside it are.
            let key = format!("${{{name}}}").into();
            entries.push(Entry { key, key_span: argument.span, value: argument.clone() });
            continue;
        }
        for entry in argument.entries()? {
            match entries.iter_mut().find(|known| known.key == entry.key) {
                Some(known) => *known = entry.clone(),
                None => entries.push(entry.clone()),
            }
        }
    }
    Some(Value::new(arguments.first()?.span, What::Object(entries)))
}

fn flat(list: &Value) -> Option<Vec<Value>> {
    let mut items = Vec::new();
    for item in list.items()? {
        match item.items() {
            Some(_) => items.extend(flat(item)?),
            None => items.push(item.clone()),
        }
    }
    Some(items)
}

fn numbers(name: &str, arguments: &[Value], span: Span) -> Option<Value> {
    let numbers = || arguments.iter().map(Value::as_number).collect::<Option<Vec<f64>>>();
    let number = |number: f64| Some(Value::number(span, number));
    match name {
        "tonumber" => match &arguments.first()?.what {
            What::Unknown(_) => arguments.first().cloned(),
            _ => number(*numbers()?.first()?),
        },
        "min" => number(numbers()?.into_iter().reduce(f64::min)?),
        "max" => number(numbers()?.into_iter().reduce(f64::max)?),
        "floor" => number(numbers()?.first()?.floor()),
        "ceil" => number(numbers()?.first()?.ceil()),
        "abs" => number(numbers()?.first()?.abs()),
        _ => None,
    }
}

/// Reads a definition of what a machine's `definition` gives.
pub(super) fn definition_of(value: &Value) -> Option<Result<Node, crate::asl::Diagnostic>> {
    match &value.what {
        What::Json(inner) => match &inner.what {
            What::Unknown(_) => None,
            // jsonencode of a text that is JSON already would be a text in quotes.
            _ => Some(Ok(inner.to_node())),
        },
        What::Object(_) => Some(Ok(value.to_node())),
        What::Text(text) if definition::lone_name(text.text().trim()).is_none() => Some(definition::of_json(text)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_filled_from_the_left() {
        let values = [Value::text(Span::default(), "a"), Value::number(Span::default(), 7.0)];
        for (template, expected) in
            [("%s-%d", Some("a-7")), ("%s%%", Some("a%")), ("%q:%03d", Some("\"a\":007")), ("%s %s %s", None)]
        {
            assert_eq!(formatted(template, &values).as_deref(), expected, "{template}");
        }
        assert_eq!(title("hello wide-world"), "Hello Wide-World");
    }
}

//! Error texts and other sentences, without the data some of them quote.

use super::shape::shape;
use serde_json::Value;

/// A shape in a sentence is told up to so many bytes.
const SHORT: usize = 160;

/// Returns a text in which the JSON that it quotes is replaced by its shape: AWS puts a state's whole input into some
/// causes. JSON that was cut off takes the rest of the text with it.
pub fn without_json(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '[']) {
        let (before, from) = rest.split_at(at);
        told.push_str(before);
        match document(from) {
            Found::Json(value, length) => {
                told.push_str(&brief(&value));
                rest = from.get(length..).unwrap_or_default();
            }
            Found::Cut => {
                told.push_str(if from.starts_with('{') { "{…}" } else { "[…]" });
                return told;
            }
            Found::Nothing => {
                let (bracket, after) = from.split_at(1);
                told.push_str(bracket);
                rest = after;
            }
        }
    }
    told.push_str(rest);
    told
}

enum Found {
    /// A document and its length in bytes.
    Json(Value, usize),
    /// The beginning of one.
    Cut,
    /// A bracket like any other.
    Nothing,
}

fn document(text: &str) -> Found {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    if let Some(Ok(value)) = stream.next() {
        let empty = matches!(&value, Value::Array(items) if items.is_empty());
        return if empty { Found::Nothing } else { Found::Json(value, stream.byte_offset()) };
    }
    let inside: String = text.chars().filter(|c| !c.is_whitespace()).take(3).collect();
    let begins =
        ["{\"", "[\"", "[{\"", "[[", "{\\\"", "[{\\", "[\\\"", "{{\""].iter().any(|begin| inside.starts_with(begin));
    if begins { Found::Cut } else { Found::Nothing }
}

fn brief(value: &Value) -> String {
    let told = shape(value).to_string();
    match value {
        _ if told.len() <= SHORT => told,
        Value::Array(items) => format!("[… {} items]", items.len()),
        Value::Object(members) => {
            let names: Vec<&str> = members.keys().map(String::as_str).collect();
            let names = names.join(", ");
            if names.len() <= SHORT { format!("{{… {names}}}") } else { format!("{{… {} members}}", members.len()) }
        }
        _ => "…".to_owned(),
    }
}

/// The members of a cause in JSON that are its text, as Lambda, the SDKs and nested executions name them.
const TEXTS: &[&str] = &[
    "errormessage",
    "errortype",
    "errorcode",
    "message",
    "error",
    "cause",
    "statuscode",
    "status",
    "stacktrace",
    "trace",
    "servicename",
    "requestid",
    "reason",
    "stoppedreason",
    "exitcode",
    "executionarn",
    "name",
];

/// Returns a cause: text without quoted JSON; of a cause that is JSON itself the members that are error texts, and the
/// shape of the others.
pub fn cause(text: &str) -> Value {
    match serde_json::from_str::<Value>(text) {
        Ok(Value::Object(members)) => members.iter().map(|(name, value)| (name.clone(), part(name, value))).collect(),
        _ => without_json(text).into(),
    }
}

fn part(name: &str, value: &Value) -> Value {
    if !TEXTS.contains(&name.to_ascii_lowercase().as_str()) {
        return shape(value);
    }
    match value {
        Value::String(text) => cause(text),
        Value::Array(lines) => lines.iter().map(|line| line.as_str().map_or_else(|| shape(line), cause)).collect(),
        Value::Number(_) => value.clone(),
        _ => shape(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_text_keeps_its_words_and_loses_the_data_it_quotes() {
        let cases = [
            ("plain [Retry] {x} text", "plain [Retry] {x} text"),
            (r#"in the input '{"id":"secret"}'."#, r#"in the input '{"id":"<string, 6 bytes>"}'."#),
            (r#"cut: {"id":"secr"#, "cut: {…}"),
            (r#"cut: [{"id":"secr and more"#, "cut: […]"),
            (r#"escaped: {\"id\":\"secret\"}"#, "escaped: {…}"),
            ("items [1234, 5678] failed", r#"items ["<number>","… 1 more"] failed"#),
            ("é [ ] ü {", "é [ ] ü {"),
        ];
        for (text, expected) in cases {
            assert_eq!(without_json(text), expected, "{text}");
        }
    }

    #[test]
    fn a_cause_in_json_is_told_by_its_texts() {
        let text =
            r#"{"errorMessage":"no card {\"n\":4242}","errorType":"E","input":{"card":"4242"},"trace":["at f"]}"#;
        let told = json!({
            "errorMessage": "no card {\"n\":\"<number>\"}",
            "errorType": "E",
            "input": { "card": "<string, 4 bytes>" },
            "trace": ["at f"],
        });
        assert_eq!(cause(text), told);
    }
}

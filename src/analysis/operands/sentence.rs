//! Which expression a cause is about: AWS's sentences name it, or the field it stands in.

use crate::query::expression::Expression as JsonPath;
use crate::query::jsonata;
use serde_json::Value;

/// What a sentence is about.
#[derive(Debug)]
pub(super) enum Subject<'t> {
    /// A JSONata expression, and the field it stands in.
    Jsonata(jsonata::Expression, Option<&'t str>),
    /// A path or a call.
    JsonPath {
        /// The expression.
        expression: JsonPath,
        /// What it was applied to, where the sentence quotes that.
        quoted: Option<Value>,
    },
    /// The field of this name, whose expression only the definition has.
    Field(&'t str),
    /// The input of the state as a whole.
    Input,
    /// The rules of a Choice, none of which held.
    Rules,
}

/// How a sentence about a path goes: what stands before it, and what ends it.
struct Form {
    before: &'static str,
    after: &'static [&'static str],
}

/// The sentences that name one path. Some end with the value that was found there, `path == value`.
const FORMS: [Form; 9] = [
    Form { before: "Invalid path '", after: &["' : ", "': "] },
    Form { before: "The function '", after: &["' had the following error: "] },
    Form {
        before: "There was an error while evaluating the intrinsic function: ",
        after: &[". Invalid ", ". The ", ". "],
    },
    Form { before: "Reference path \"", after: &["\" must point to array"] },
    Form { before: "The SecondsPath parameter ", after: &[] },
    Form { before: "The TimestampPath parameter ", after: &[] },
    Form { before: "Unable to apply ReferencePath ", after: &[" to input "] },
    Form { before: "The JSONPath '", after: &["' specified for the field '"] },
    Form { before: "The variable '", after: &["' does not exist"] },
];

/// Sentences about a field whose expression is not named, behind the field's name.
const OF_A_FIELD: [&str; 4] = [
    " field must be a",
    " field cannot be parsed as an ISO-8601",
    " field refers to value",
    " must be a string but was",
];

/// Returns what a sentence is about; nothing when it is not about an expression.
pub(super) fn subject(text: &str) -> Option<Subject<'_>> {
    if let Some(rest) = text.strip_prefix("The JSONata expression '") {
        // The expression may have quotes in it, and may even quote the sentence; the field has none.
        let (expression, rest) = rest.rsplit_once("' specified for the field '")?;
        let expression = jsonata::Expression::compile(expression).ok()?;
        return Some(Subject::Jsonata(expression, rest.split_once('\'').map(|(field, _)| field)));
    }
    if text.starts_with("Failed to transition out of the state.") {
        return Some(Subject::Rules);
    }
    if text.starts_with("Map state input must be an array") || text.starts_with("Unable to apply Path transformation") {
        return Some(Subject::Input);
    }
    named(text).or_else(|| path_at_the_end(text)).or_else(|| field(text))
}

/// The path or call that a sentence has between words that are known.
fn named(text: &str) -> Option<Subject<'_>> {
    let (form, rest) = FORMS.iter().find_map(|form| Some((form, text.strip_prefix(form.before)?)))?;
    let quoted = rest.rsplit_once(" in the input '").map(|(_, quoted)| quoted.trim_end_matches(['\'', '.']));
    let quoted = quoted.or_else(|| rest.rsplit_once(" to input ").map(|(_, quoted)| quoted));
    let quoted = quoted.and_then(|quoted| serde_json::from_str(quoted).ok());
    // A call may have anything in its texts: the first end at which it can be read is the end.
    let ends = form.after.iter().flat_map(|after| rest.match_indices(after).map(|(at, _)| at));
    let mut ends: Vec<usize> = ends.collect();
    ends.sort_unstable();
    let expression = ends.into_iter().find_map(|end| compiled(rest.get(..end)?, form.before))?;
    Some(Subject::JsonPath { expression, quoted })
}

fn compiled(text: &str, before: &str) -> Option<JsonPath> {
    match before.starts_with("The variable") {
        true => JsonPath::compile(&format!("${text}")).ok(),
        false => JsonPath::compile(text).ok(),
    }
}

/// `The SecondsPath parameter references a negative value: $.wait == -1`, `… is not a valid integer: $.n`
fn path_at_the_end(text: &str) -> Option<Subject<'_>> {
    let known = ["The SecondsPath parameter ", "The TimestampPath parameter "].iter().any(|it| text.starts_with(it));
    if !known && !text.contains("Path field refers to value ") {
        return None;
    }
    let (_, rest) = text.split_once(": $").or_else(|| text.rsplit_once(": $"))?;
    let path = rest.split(" == ").next().unwrap_or(rest);
    let expression = JsonPath::compile(&format!("${path}")).ok()?;
    Some(Subject::JsonPath { expression, quoted: None })
}

fn field(text: &str) -> Option<Subject<'_>> {
    let rest = text.strip_prefix("The value for the field '").or_else(|| text.strip_prefix("The "))?;
    let end = OF_A_FIELD.iter().filter_map(|words| rest.find(words)).min()?;
    let name = rest.get(..end)?.trim_end_matches('\'');
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || "/[].".contains(c));
    is_name.then_some(Subject::Field(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match subject(text) {
            None => "nothing".to_owned(),
            Some(Subject::Jsonata(expression, field)) => format!("{} in {}", expression.source(), field.unwrap_or("-")),
            Some(Subject::JsonPath { expression, quoted }) => {
                format!("{}{}", expression.text(), quoted.map(|quoted| format!(" of {quoted}")).unwrap_or_default())
            }
            Some(Subject::Field(name)) => format!("field {name}"),
            Some(Subject::Input) => "input".to_owned(),
            Some(Subject::Rules) => "rules".to_owned(),
        }
    }

    #[test]
    fn sentences_name_their_expressions() {
        for (text, expected) in [
            (
                "The JSONata expression '$a & 'x' specified for the field '' & $b' specified for the field 'Output/c[0]' returned nothing (undefined).",
                "nothing",
            ),
            (
                "The JSONata expression '$a & 'it' & $b' specified for the field 'Output/c[0]' returned nothing (undefined).",
                "$a & 'it' & $b in Output/c[0]",
            ),
            (
                "The JSONPath '$.a' specified for the field 'b.$' could not be found in the input '{\"c\":1}'",
                "$.a of {\"c\":1}",
            ),
            (
                "The function 'States.Format('{}', $.name)' had the following error: The JsonPath argument for the field '$.name' could not be found in the input '{\"nam\":\"x\"}'",
                "States.Format('{}', $.name) of {\"nam\":\"x\"}",
            ),
            (
                "There was an error while evaluating the intrinsic function: States.ArrayLength($.value). Invalid arguments in States.ArrayLength",
                "States.ArrayLength($.value)",
            ),
            ("Invalid path '$.a.b' : Missing property in path $['a']", "$.a.b"),
            ("Invalid path '$.x': The choice state's condition path references an invalid value.", "$.x"),
            ("Reference path \"$.items\" must point to array.", "$.items"),
            ("The SecondsPath parameter does not reference an input value: $.wait", "$.wait"),
            ("The SecondsPath parameter references a negative value: $.wait == -1", "$.wait"),
            (
                "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: $.at == 2016-12",
                "$.at",
            ),
            ("The MaxConcurrencyPath field refers to value \"x\" which is not a valid integer: $.most", "$.most"),
            ("Unable to apply ReferencePath $.child to input 4", "$.child of 4"),
            (
                "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: x",
                "field Timestamp",
            ),
            ("The Seconds field must be a non-negative integer but was: -1", "field Seconds"),
            ("The value for the field 'CausePath' must be a string but was: 4", "field CausePath"),
            ("Map state input must be an array but was: {}", "input"),
            ("Failed to transition out of the state. The state does not point to a next state.", "rules"),
            ("The variable 'x' does not exist", "$x"),
            ("The specified tolerated failure threshold was exceeded", "nothing"),
            ("The activity arn:x does not exist.", "nothing"),
            ("", "nothing"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }
}

//! Causes that are sentences: what stands around them is taken off, what they hide is put in front.

use super::denial::Denial;
use super::document::one_line;

/// What a sentence says.
#[derive(Debug, PartialEq)]
pub(super) struct Said {
    /// In a few words.
    pub(super) summary: String,
    /// Who may not do what.
    pub(super) denial: Option<Denial>,
    /// The request it names.
    pub(super) request_id: Option<String>,
}

/// What an SDK puts behind a service's message.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Answer {
    pub(super) service: String,
    pub(super) status_code: Option<String>,
    pub(super) error_code: Option<String>,
    pub(super) request_id: Option<String>,
}

/// How much of a document that a sentence quotes is left in it.
const QUOTED: usize = 60;

/// Returns what a text says.
pub(super) fn said(text: &str) -> Said {
    let plain = |summary: String| Said { summary, denial: None, request_id: None };
    if let Some(denial) = Denial::of(text) {
        return Said { summary: denial.sentence(), denial: Some(denial), request_id: None };
    }
    if let Some((summary, request_id)) = ended_by_lambda(text) {
        return Said { summary, denial: None, request_id };
    }
    let summary = cancelled(text).or_else(|| without_input(text)).or_else(|| of_markup(text));
    plain(summary.unwrap_or_else(|| text.to_owned()))
}

/// `An error occurred while executing the state 'X' (entered at the event id #7). …`
pub(super) fn about_state(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let rest = text.strip_prefix("An error occurred while executing the state '")?;
    if let Some((state, rest)) = rest.split_once("' (entered at the event id #")
        && let Some((entered, rest)) = rest.split_once("). ")
    {
        return Some((state, Some(entered), rest));
    }
    let (state, rest) = rest.split_once('\'')?;
    Some((state, None, rest.trim_start_matches([' ', '.'])))
}

/// `… (Service: X; Status Code: 400; Error Code: Y; Request ID: Z; Proxy: null)`, with commas in newer SDKs, which tell
/// neither error code nor proxy.
pub(super) fn from_service(text: &str) -> Option<(&str, Answer)> {
    let (message, rest) = text.split_once("(Service: ")?;
    let inside = rest.split_once(')').map_or(rest, |(inside, _)| inside);
    let parts: Vec<&str> = inside.split([';', ',']).map(str::trim).collect();
    let part = |name: &str| {
        let found = parts.iter().find_map(|part| part.strip_prefix(name)?.strip_prefix(": "));
        found.filter(|value| !matches!(*value, "null" | "")).map(str::to_owned)
    };
    let answer = Answer {
        service: (*parts.first()?).to_owned(),
        status_code: part("Status Code"),
        error_code: part("Error Code"),
        request_id: part("Request ID"),
    };
    Some((message.trim(), answer))
}

/// What Lambda says of a call that it ended: `RequestId: … Error: Runtime exited with error: signal: killed`,
/// `2026-11-20T03:14:10.000Z … Task timed out after 3.00 seconds`.
fn ended_by_lambda(text: &str) -> Option<(String, Option<String>)> {
    let (request, rest) = match text.strip_prefix("RequestId: ") {
        Some(rest) => rest.split_once(' ')?,
        None => {
            let (before, _) = text.split_once(" Task timed out after ")?;
            let request = before.rsplit(' ').next().filter(|word| is_number(word))?;
            (request, text.get(before.len() + 1..)?)
        }
    };
    let told = rest.strip_prefix("Error: ").unwrap_or(rest).trim();
    let is_ended = ["Task timed out", "Runtime exited", "Process exited", "Error: Runtime"];
    if !text.starts_with("RequestId: ") && !is_ended.iter().any(|words| told.starts_with(words)) || told.is_empty() {
        return None;
    }
    // Nobody but the system sends this signal to a runtime, and it does so when memory is used up.
    let why = if told.ends_with("signal: killed") { ", as a rule because it ran out of memory" } else { "" };
    Some((format!("{told}{why}"), Some(request.to_owned()).filter(|id| !id.is_empty())))
}

/// Tells whether a word is the number of a request: hexadecimal digits in groups.
fn is_number(word: &str) -> bool {
    word.contains('-') && word.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// `Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]`
fn cancelled(text: &str) -> Option<String> {
    let (before, after) = text.split_once("[")?;
    let (reasons, _) = after.split_once(']')?;
    let (verb, _) = before.split_once(", please refer cancellation reasons")?;
    Some(format!("{verb}: {}", reasons_told(reasons.split(',').map(str::trim))?))
}

/// Returns which reasons a cancelled transaction gives for which of its items.
pub(super) fn reasons_told<'t>(reasons: impl Iterator<Item = &'t str>) -> Option<String> {
    let mut told: Vec<(&str, Vec<String>)> = Vec::new();
    let mut count = 0;
    for (place, reason) in reasons.enumerate() {
        count = place + 1;
        if reason == "None" {
            continue;
        }
        match told.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, places)) => places.push(count.to_string()),
            None => told.push((reason, vec![count.to_string()])),
        }
    }
    let told = told.iter().map(|(reason, places)| {
        let noun = if places.len() == 1 { "item" } else { "items" };
        format!("{reason} ({noun} {} of {count})", places.join(", "))
    });
    let told: Vec<String> = told.collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// Sentences about paths quote the whole document they were applied to, which stands below as well.
fn without_input(text: &str) -> Option<String> {
    let (before, after) = text.split_once(" in the input '").or_else(|| text.split_once(" to input "))?;
    let known = before.contains("could not be found") || before.starts_with("Unable to apply ReferencePath");
    (known && after.len() > QUOTED).then(|| format!("{before} in the input"))
}

/// The point of a page in HTML, or of an error in XML.
fn of_markup(text: &str) -> Option<String> {
    let text = text.trim_start();
    if !text.starts_with('<') {
        return None;
    }
    let element = |name: &str| {
        let found =
            text.split_once(&format!("<{name}>")).or_else(|| text.split_once(&format!("<{}>", name.to_uppercase())));
        let inside = found?.1.split('<').next()?;
        Some(one_line(inside)).filter(|inside| !inside.is_empty())
    };
    let code = element("Code").map(|code| format!(" ({code})")).unwrap_or_default();
    element("Message")
        .or_else(|| element("message"))
        .map(|message| format!("{message}{code}"))
        .or_else(|| element("title"))
        .or_else(|| text.contains("<html").then(|| without_tags(text)).filter(|text| !text.is_empty()))
}

/// Returns the text of a page between its tags.
fn without_tags(text: &str) -> String {
    let between = text.split('<').filter_map(|part| part.split_once('>').map(|(_, text)| text));
    one_line(&between.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_lose_what_stands_around_them() {
        for (text, expected, request) in [
            ("just so", "just so", None),
            (
                "RequestId: 4c1c-11 Error: Runtime exited with error: signal: killed",
                "Runtime exited with error: signal: killed, as a rule because it ran out of memory",
                Some("4c1c-11"),
            ),
            (
                "2026-11-20T03:14:10.000Z 9bcd8a4e-1f0b Task timed out after 3.00 seconds",
                "Task timed out after 3.00 seconds",
                Some("9bcd8a4e-1f0b"),
            ),
            (
                "RequestId: 7 Error: Runtime exited with error: exit status 1",
                "Runtime exited with error: exit status 1",
                Some("7"),
            ),
            (
                "RequestId: 7 Process exited before completing request",
                "Process exited before completing request",
                Some("7"),
            ),
            ("We saw that Task timed out after all", "We saw that Task timed out after all", None),
            (
                "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed]",
                "Transaction cancelled: ConditionalCheckFailed (items 2, 3 of 3)",
                None,
            ),
            (
                "The JSONPath '$.a' specified for the field 'b.$' could not be found in the input '{\"c\":1}'",
                "The JSONPath '$.a' specified for the field 'b.$' could not be found in the input '{\"c\":1}'",
                None,
            ),
            ("<html><head><title>502 Bad\nGateway</title></head>", "502 Bad Gateway", None),
            (
                "<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>",
                "The key does not exist. (NoSuchKey)",
                None,
            ),
            ("<html><body><h1>Down</h1> for now</body></html>", "Down for now", None),
            ("<3 of these", "<3 of these", None),
        ] {
            let said = said(text);
            assert_eq!((&*said.summary, said.request_id.as_deref()), (expected, request), "{text}");
        }
    }

    #[test]
    fn a_long_input_is_not_said_again() {
        let input = format!("{{\"rows\":[{}1]}}", "1,".repeat(100));
        let text =
            format!("The JSONPath '$.a' specified for the field 'b.$' could not be found in the input '{input}'");
        assert_eq!(
            said(&text).summary,
            "The JSONPath '$.a' specified for the field 'b.$' could not be found in the input"
        );
        let text = format!("Unable to apply ReferencePath $.x.y to input {input}");
        assert_eq!(said(&text).summary, "Unable to apply ReferencePath $.x.y in the input");
    }
}

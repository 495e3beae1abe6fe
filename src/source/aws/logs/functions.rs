//! The lines a function logged during one call of it.
//!
//! One line of the call is found by its number or by what it says; then the stream it stands in is read, since an
//! instance of a function does one call at a time, and cut where the call begins and ends.

use super::{LogGroup, Span, Wanted};
use crate::event::EventId;
use crate::recording::{LogLine, TaskLog};
use crate::source::aws::{AwsError, Client};
use serde_json::Value;
use std::sync::Arc;

/// A call whose lines are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallToFind {
    /// The event that ended it.
    pub event: EventId,
    /// Where the function logs.
    pub group: LogGroup,
    /// From when it was scheduled until it ended.
    pub span: Span,
    /// Its number, if known.
    pub request_id: Option<String>,
    /// What a line of it says otherwise: any of these.
    pub words: Vec<String>,
}

/// Clocks differ by a little, and the last lines are written a little late.
const MARGIN: i64 = 5_000;

/// A page of lines is at most 1 MB; more than so many of them nobody reads.
const PAGES: usize = 4;

/// As much of a line's words as is asked for.
const WORDS: usize = 80;

impl Client {
    /// Asks for the lines of a call; `None` when there are none to be found.
    pub async fn function_log(&self, call: &CallToFind) -> Result<Option<TaskLog>, AwsError> {
        let span = call.span.widened(MARGIN);
        let mut anchor = None;
        for pattern in patterns(call) {
            let wanted = Wanted { group: &call.group, span, pattern: Some(&pattern), stream: None };
            let (found, _) = self.log_lines(&wanted, PAGES).await?;
            anchor = nearest(call, found);
            if anchor.is_some() {
                break;
            }
        }
        let Some(anchor) = anchor else { return Ok(None) };
        let Some(stream) = anchor.log_stream_name.as_deref() else { return Ok(None) };
        let wanted = Wanted { group: &call.group, span, pattern: None, stream: Some(stream) };
        let (lines, _) = self.log_lines(&wanted, PAGES).await?;
        let lines = of_call(lines, &anchor);
        let request_id = lines.iter().find_map(request_id).or_else(|| call.request_id.as_deref().map(Arc::from));
        let log_group_name = Some(Arc::clone(&call.group.name));
        Ok(Some(TaskLog {
            event: Some(call.event),
            log_group_name,
            request_id,
            events: Some(lines),
            ..TaskLog::default()
        }))
    }
}

/// Returns the filter patterns that find a line of the call, the surest first: by its number, and by phrases of which any
/// may match.
fn patterns(call: &CallToFind) -> Vec<String> {
    let mut patterns: Vec<String> = call.request_id.iter().map(|id| format!("\"{id}\"")).collect();
    let phrases: Vec<String> = call.words.iter().filter_map(|words| phrase(words)).collect();
    match phrases.as_slice() {
        [] => {}
        [one] => patterns.push(one.clone()),
        several => patterns.push(several.iter().map(|phrase| format!("?{phrase}")).collect::<Vec<_>>().join(" ")),
    }
    patterns
}

/// Returns the longest part of some words that stands in a log as it stands here: JSON escapes quotes and backslashes.
fn phrase(words: &str) -> Option<String> {
    let parts = words.split(|c: char| matches!(c, '"' | '\\') || c.is_control());
    let part = parts.map(str::trim).max_by_key(|part| part.len())?;
    let part: String = part.chars().take(WORDS).collect();
    (part.len() > 2).then(|| format!("\"{}\"", part.trim()))
}

/// Of several lines the one nearest to the end of the call: it is the failure that is looked for.
fn nearest(call: &CallToFind, found: Vec<LogLine>) -> Option<LogLine> {
    let end = call.span.until.as_millis();
    found.into_iter().min_by_key(|line| line.timestamp.map_or(i64::MAX, |at| (at.as_millis() - end).abs()))
}

/// Returns those of a stream's lines that belong to the call of one of them: from its START up to its REPORT.
fn of_call(mut lines: Vec<LogLine>, anchor: &LogLine) -> Vec<LogLine> {
    lines.sort_by_key(|line| line.timestamp);
    let same = |line: &LogLine| line.timestamp == anchor.timestamp && line.message == anchor.message;
    let Some(at) = lines.iter().position(same) else { return vec![anchor.clone()] };
    let before = lines.get(..=at).unwrap_or_default();
    let first = before.iter().rposition(|line| marks(line, "START", "platform.start")).unwrap_or(0);
    let after = lines.get(at..).unwrap_or_default();
    let report = after.iter().position(|line| marks(line, "REPORT", "platform.report")).map(|found| at + found);
    let next = after.iter().skip(1).position(|line| marks(line, "START", "platform.start")).map(|found| at + found);
    let last = report.or(next).unwrap_or(lines.len() - 1);
    lines.drain(first..=last).collect()
}

/// Tells whether Lambda itself wrote the line, of that kind: as text, or as JSON when the function logs JSON.
fn marks(line: &LogLine, word: &str, kind: &str) -> bool {
    let message = line.message.as_deref().unwrap_or_default();
    match message.strip_prefix(word) {
        Some(rest) => rest.starts_with(" RequestId:"),
        None => platform(message).is_some_and(|record| record.get("type").and_then(Value::as_str) == Some(kind)),
    }
}

fn platform(message: &str) -> Option<Value> {
    message.starts_with('{').then(|| serde_json::from_str(message).ok())?
}

fn request_id(line: &LogLine) -> Option<Arc<str>> {
    let message = line.message.as_deref()?;
    if let Some(rest) = message.strip_prefix("START RequestId:") {
        return rest.split_whitespace().next().map(Arc::from);
    }
    let record = platform(message)?;
    record.pointer("/record/requestId").and_then(Value::as_str).map(Arc::from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Timestamp;

    fn line(at: i64, message: &str) -> LogLine {
        let timestamp = Some(Timestamp::from_millis(at));
        LogLine { timestamp, message: Some(message.into()), log_stream_name: Some("s".into()), ..LogLine::default() }
    }

    fn call(request_id: Option<&str>, words: &[&str]) -> CallToFind {
        CallToFind {
            event: EventId::FIRST,
            group: LogGroup::of_function("f", "eu-west-1"),
            span: Span { from: Timestamp::from_millis(0), until: Timestamp::from_millis(10) },
            request_id: request_id.map(str::to_owned),
            words: words.iter().map(|words| (*words).to_owned()).collect(),
        }
    }

    #[test]
    fn a_line_is_looked_for_by_number_or_by_words() {
        assert_eq!(patterns(&call(Some("a-b"), &["x", "yes"])), [r#""a-b""#, r#""yes""#]);
        assert_eq!(patterns(&call(None, &["no funds"])), [r#""no funds""#]);
        assert_eq!(patterns(&call(None, &["no \"funds\" for you", "E1"])), [r#""for you""#]);
        assert_eq!(patterns(&call(None, &["a b c", "Oops"])), [r#"?"a b c" ?"Oops""#]);
        assert_eq!(patterns(&call(None, &[])), Vec::<String>::new());
    }

    #[test]
    fn a_call_is_cut_out_of_its_stream() {
        let lines = vec![
            line(9, "REPORT RequestId: 2 Duration"),
            line(1, "START RequestId: 1 Version: 1"),
            line(2, "boom"),
            line(3, "REPORT RequestId: 1"),
            line(5, "START RequestId: 2 Version: 1"),
            line(6, "charging"),
            line(7, "boom"),
            line(8, "END RequestId: 2"),
            line(12, "START RequestId: 3 Version: 1"),
        ];
        let found = vec![lines[2].clone(), lines[6].clone()];
        let anchor = nearest(&call(None, &["boom"]), found).unwrap();
        let cut = of_call(lines, &anchor);
        let messages: Vec<_> = cut.iter().filter_map(|line| line.message.as_deref()).collect();
        assert_eq!(
            messages,
            ["START RequestId: 2 Version: 1", "charging", "boom", "END RequestId: 2", "REPORT RequestId: 2 Duration"]
        );
        assert_eq!(cut.iter().find_map(request_id).as_deref(), Some("2"));
    }

    #[test]
    fn a_call_whose_ends_were_not_fetched_goes_as_far_as_the_lines() {
        let lines = vec![line(1, "a"), line(2, "boom"), line(3, "b")];
        assert_eq!(of_call(lines.clone(), &lines[1]).len(), 3);
        let next =
            vec![line(1, "a"), line(2, "boom"), line(3, r#"{"type":"platform.start","record":{"requestId":"9"}}"#)];
        assert_eq!(of_call(next.clone(), &next[1]).len(), 2);
        assert_eq!(request_id(&next[2]).as_deref(), Some("9"));
    }
}

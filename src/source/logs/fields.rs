//! Results of CloudWatch Logs Insights with chosen fields: what was not asked for is made up from the rest.

use super::Record;
use crate::event::{Event, EventId};
use crate::json::{Member, Members, Payload, SharedBytes};
use serde_json::{Map, Value};

/// Names people give to fields of the details, for want of a better one.
const ALIASES: [(&str, &str); 8] = [
    ("name", "name"),
    ("state", "name"),
    ("state_name", "name"),
    ("error", "error"),
    ("cause", "cause"),
    ("input", "input"),
    ("output", "output"),
    ("resource", "resource"),
];

/// Puts columns such as `details.error` into an object `details`, and leaves out columns without a value.
pub(super) fn nested(columns: Members) -> Members {
    let (mut members, mut details) = (Vec::new(), Map::new());
    for Member { name, value } in columns.into_vec() {
        if matches!(&*value, b"\"\"" | b"null") {
            continue;
        }
        let inside = name.strip_prefix("details.").or_else(|| name.strip_prefix("details_"));
        let alias = ALIASES.iter().find(|(alias, _)| **alias == *name).map(|(_, member)| *member);
        match inside.or(alias) {
            Some(path) => put(&mut details, path, &value),
            None => members.push(Member { name, value }),
        }
    }
    if !details.is_empty() && members.iter().all(|member| &*member.name != "details") {
        let text = SharedBytes::from(Value::Object(details).to_string());
        members.push(Member { name: "details".into(), value: text });
    }
    members.into_iter().collect()
}

/// Sets a member of an object, or of an object in it: `inputDetails.truncated`. Values are texts, except for those two.
fn put(details: &mut Map<String, Value>, path: &str, value: &SharedBytes) {
    let text = match value.first() {
        Some(b'"') => Payload::from_literal(value.clone()).text().to_owned(),
        _ => String::from_utf8_lossy(value).into_owned(),
    };
    match path.split_once('.') {
        Some((outer, inner)) if outer.ends_with("Details") => {
            let truncated = Value::Bool(matches!(&*text, "true" | "1"));
            if let Value::Object(object) = details.entry(outer).or_insert_with(|| Value::Object(Map::new())) {
                object.insert(inner.to_owned(), truncated);
            }
        }
        // A part of an input or output that the query looked into.
        Some(_) => {}
        None => {
            details.insert(path.to_owned(), Value::String(text));
        }
    }
}

/// Numbers events in the order of their times. Of the same time, the order of the rows counts, which may be the newest
/// first.
pub(super) fn number(records: &mut [Record]) {
    let times = |records: &[Record]| {
        (records.first().map(|it| it.event.timestamp), records.last().map(|it| it.event.timestamp))
    };
    let (first, last) = times(records);
    if first > last {
        records.reverse();
    }
    records.sort_by_key(|record| record.event.timestamp);
    for (number, record) in (1..).zip(records) {
        if let Some(id) = EventId::new(number) {
            record.event.id = id;
        }
    }
}

/// Lets each event follow from the one before it.
pub(super) fn link(events: &mut [Event]) {
    events.sort_by_key(|event| event.id);
    let mut before: Option<EventId> = None;
    for event in events {
        // The service has the first state follow from nothing.
        if event.parent.is_none() && before.is_some_and(|before| before > EventId::FIRST) {
            event.parent = before;
        }
        before = Some(event.id);
    }
}

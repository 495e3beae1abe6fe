//! What a client can attach: the list of recordings and, of each, its definition, history and bookmarks.

use super::answer::{Answer, Unanswered};
use super::desk::Desk;
use super::open;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The list of all recordings.
const ALL: &str = "stepback://recordings";

/// What there is of a recording, by the host of its address, with a title.
const PARTS: [(&str, &str); 3] =
    [("definition", "definition"), ("history", "event history"), ("bookmarks", "bookmarks")];

/// Recordings on a page of the list.
const PAGE: usize = 50;

/// A history is served up to so many bytes; the tool show has the rest.
const MOST: u64 = 60_000;

/// What stays as it is in an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/').remove(b'~');

/// Returns a page of the resources; the cursor is the number of recordings before it.
pub fn list(desk: &Desk, cursor: Option<&str>) -> Result<Value, Unanswered> {
    let from: usize = match cursor {
        None => 0,
        Some(cursor) => cursor.parse().map_err(|_| Unanswered::Unknown("The cursor is not one of ours.".to_owned()))?,
    };
    let all = open::listing(&desk.settings().places);
    let files = all.get("files").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut told = Vec::new();
    if from == 0 {
        told.push(json!({
            "uri": ALL, "name": "recordings", "description": "The recordings that are served.", "mimeType": "application/json",
        }));
    }
    let names = files.iter().filter(|file| file.get("problem").is_none());
    let names: Vec<&str> = names.filter_map(|file| file.get("file")?.as_str()).collect();
    for name in names.iter().skip(from).take(PAGE) {
        for (part, title) in PARTS {
            let uri = format!("stepback://{part}/{}", utf8_percent_encode(name, PLAIN));
            told.push(json!({ "uri": uri, "name": format!("{name}: {title}"), "mimeType": "application/json" }));
        }
    }
    let next = (names.len() > from.saturating_add(PAGE)).then(|| (from + PAGE).to_string());
    let mut page = json!({ "resources": told });
    if let Some(next) = next {
        page["nextCursor"] = next.into();
    }
    Ok(page)
}

/// Returns the forms of the addresses.
pub fn templates() -> Value {
    let told = PARTS.map(|(part, title)| {
        json!({ "uriTemplate": format!("stepback://{part}/{{+path}}"), "name": title, "mimeType": "application/json" })
    });
    json!({ "resourceTemplates": told })
}

/// Returns what is at an address.
pub fn read(desk: &Desk, uri: &str, stop: &Arc<AtomicBool>) -> Result<Value, Unanswered> {
    let unknown = || Unanswered::Unknown(format!("There is nothing at {uri}."));
    let answer = if uri == ALL {
        desk.call("open", &arguments(&[("bytes", MOST.into())]), stop)?
    } else {
        let (part, path) = uri.strip_prefix("stepback://").and_then(|rest| rest.split_once('/')).ok_or_else(unknown)?;
        let path = percent_decode_str(path).decode_utf8().map_err(|_| unknown())?;
        match part {
            "definition" => return text(uri, desk.definition_of(&path)),
            "history" => desk.call("show", &asked(&path, "events"), stop)?,
            "bookmarks" => desk.call("show", &asked(&path, "bookmarks"), stop)?,
            _ => return Err(unknown()),
        }
    };
    match answer {
        Answer::Told(value) => text(uri, Ok(value.to_string())),
        Answer::Failed(reason) => Err(Unanswered::Unknown(reason)),
    }
}

fn asked(path: &str, what: &str) -> Map<String, Value> {
    arguments(&[("target", path.into()), ("what", what.into()), ("bytes", MOST.into())])
}

fn arguments(given: &[(&str, Value)]) -> Map<String, Value> {
    given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

fn text(uri: &str, text: Result<String, String>) -> Result<Value, Unanswered> {
    let text = text.map_err(Unanswered::Unknown)?;
    Ok(json!({ "contents": [{ "uri": uri, "mimeType": "application/json", "text": text }] }))
}

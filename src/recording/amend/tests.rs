//! What is changed in the text of a recording, and that nothing else is.

use super::*;
use crate::event::EventId;
use crate::recording::{Letter, Recording};
use proptest::prelude::*;

fn bookmark(letter: char, event: u32, note: &str) -> Bookmark {
    let note = (!note.is_empty()).then(|| note.into());
    Bookmark { letter: Letter::new(letter), event: EventId::new(event), note, ..Bookmark::default() }
}

fn amended(text: &str, change: &BookmarkChange) -> Result<String, AmendError> {
    let text = SharedBytes::from(text.to_owned());
    let mut written = Vec::new();
    amend(&text, std::slice::from_ref(change))?.to_writer(&mut written).unwrap();
    Ok(String::from_utf8(written).unwrap())
}

fn set(text: &str, bookmark: Bookmark) -> String {
    amended(text, &BookmarkChange::Set(bookmark)).unwrap()
}

const LAID_OUT: &str = "{\n  \"format\": \"stepback/1\",\n  \"events\": [ ],\n  \"mine\": 1.50\n}\n";

#[test]
fn the_first_bookmark_becomes_the_last_member_in_the_layout_of_the_others() {
    assert_eq!(
        set(LAID_OUT, bookmark('a', 3, "here")),
        "{\n  \"format\": \"stepback/1\",\n  \"events\": [ ],\n  \"mine\": 1.50,\n  \"bookmarks\": [\n    \
         {\"letter\":\"a\",\"event\":3,\"note\":\"here\"}\n  ]\n}\n"
    );
    assert_eq!(
        set(r#"{"format":"stepback/1","events":[]}"#, bookmark('a', 3, "")),
        r#"{"format":"stepback/1","events":[],"bookmarks":[{"letter":"a","event":3}]}"#
    );
}

#[test]
fn a_letter_moves_and_what_nobody_knows_goes_with_it() {
    let text = r#"{"bookmarks":[{"letter":"a","event":1,"color":"red"},{"event":9}],"format":"stepback/1"}"#;
    assert_eq!(
        set(text, bookmark('a', 3, "\"moved\"")),
        r#"{"bookmarks":[{"letter":"a","event":3,"note":"\"moved\"","color":"red"},{"event":9}],"format":"stepback/1"}"#
    );
}

#[test]
fn without_a_letter_those_of_one_place_differ_by_their_notes() {
    let text = r#"{"format":"stepback/1","bookmarks":[{"event":9},{"event":9,"note":"x","color":"red"},{"event":9,"note":"y"},{"event":9,"note":"y"}]}"#;
    let unnamed =
        |note: Option<&str>| Bookmark { event: EventId::new(9), note: note.map(Into::into), ..Bookmark::default() };
    let noted = amended(text, &BookmarkChange::Note(unnamed(Some("x")), Some("z".into()))).unwrap();
    assert_eq!(noted, text.replace("\"x\"", "\"z\""));
    let unnoted = amended(text, &BookmarkChange::Note(unnamed(Some("x")), None)).unwrap();
    assert_eq!(unnoted, text.replace(",\"note\":\"x\"", ""));
    let gone = |note| amended(text, &BookmarkChange::Remove(unnamed(note))).unwrap();
    assert_eq!(gone(None), text.replace("{\"event\":9},", ""));
    assert_eq!(gone(Some("x")), text.replace("{\"event\":9,\"note\":\"x\",\"color\":\"red\"},", ""));
    assert_eq!(gone(Some("y")), text.replacen(",{\"event\":9,\"note\":\"y\"}", "", 1));
    assert_eq!(gone(Some("z")), text);
}

#[test]
fn with_the_last_bookmark_the_member_goes() {
    let text = r#"{"bookmarks":[{"letter":"a","event":1}], "format":"stepback/1"}"#;
    let gone = BookmarkChange::Remove(bookmark('a', 1, ""));
    assert_eq!(amended(text, &gone).unwrap(), r#"{"format":"stepback/1"}"#);
    assert_eq!(amended(LAID_OUT, &gone).unwrap(), LAID_OUT, "there is nothing to remove");
}

#[test]
fn what_cannot_be_kept_is_not_touched() {
    let change = BookmarkChange::Set(bookmark('a', 1, ""));
    let refused = |text: &str| amended(text, &change).unwrap_err();
    assert_eq!(refused(r#"{"events":[]}"#), AmendError::NoRecording);
    assert_eq!(refused(r#"{"format":"stepback/1","events":[{"id":1"#), AmendError::Damaged);
    assert_eq!(refused(r#"{"format":"stepback/1"} {"format":"stepback/1"}"#), AmendError::Damaged);
    assert_eq!(refused("[]"), AmendError::NoRecording);
    assert_eq!(refused(r#"{"format":"stepback/1","bookmarks":{"a":1}}"#), AmendError::Bookmarks);
    assert_eq!(refused(r#"{"format":"stepback/1","bookmarks":[{"event":1} {"event":2}]}"#), AmendError::Bookmarks);
    let null = amended(r#"{"format":"stepback/1","bookmarks":null}"#, &change).unwrap();
    assert_eq!(null, r#"{"format":"stepback/1","bookmarks":[{"letter":"a","event":1}]}"#);
}

/// White space as files have it between a member and the next.
fn margin() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["", " ", "\n", "\n  ", "\n\t", "\r\n    ", "\n\n "]).prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn bookmarks_come_and_go_and_the_rest_stays_byte_for_byte(
        margins in prop::collection::vec(margin(), 4),
        values in prop::collection::vec("(\\[ ?1,  2\\.50\\]|\"x\\\\u00e9\\}\"|null|\\{\"a\" : \\[\\]\\})", 0..4),
        notes in prop::collection::vec(".{0,12}", 1..5),
    ) {
        let at = |place: usize| margins[place % margins.len()].as_str();
        let mut text = format!("{{{}\"format\"{}: \"stepback/1\"", at(0), at(1));
        for (place, value) in values.iter().enumerate() {
            text.push_str(&format!("{},{}\"m{place}\":{value}", at(place + 2), at(place)));
        }
        text.push_str(&format!("{}}}{}", at(3), at(2)));
        let marks: Vec<_> = notes.iter().zip('a'..).map(|(note, letter)| bookmark(letter, 7, note)).collect();
        let mut now = text.clone();
        for mark in &marks {
            now = set(&now, mark.clone());
        }
        let read = Recording::read(&SharedBytes::from(now.clone())).unwrap();
        prop_assert_eq!(&read.bookmarks, &marks);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&now).is_ok());
        for mark in &marks {
            now = amended(&now, &BookmarkChange::Remove(mark.clone())).unwrap();
        }
        prop_assert_eq!(now, text);
    }
}

//! The page as a whole: hostile data, bounds, the policy.

use super::{HtmlSubject, head, html};
use crate::analysis::{Programs, Whereabouts, diagnose, overview};
use crate::history::{Family, MemberId};
use crate::recording::Recording;
use crate::report::{Bearings, Zone};
use base64::prelude::*;
use serde_json::{Value, json};

fn page_of(recording: &Recording) -> String {
    let family = Family::of(recording);
    let (diagnosis, overview) = (diagnose(&family), overview(&family, MemberId::ROOT));
    let programs = Programs::of(recording, &family);
    let bearings = Bearings::new(Whereabouts::of(recording, &family, &diagnosis), "a'<b>.json", &Zone::default());
    html(&HtmlSubject {
        family: &family,
        diagnosis: &diagnosis,
        overview: &overview,
        programs: &programs,
        bearings: &bearings,
        bookmarks: &[],
        good: None,
    })
}

fn page(document: &Value) -> String {
    page_of(&crate::source::open_bytes(document.to_string().into_bytes()).unwrap().into_recording().unwrap())
}

/// A run of one task that is called, fed and failed with one text.
fn run_of(text: &str, input: &str) -> Value {
    let at = |second: u32| format!("2026-05-03T08:00:{second:02}Z");
    json!({
        "format": "stepback/1",
        "execution": { "name": text, "status": "FAILED", "error": text, "cause": text },
        "stateMachine": { "name": text, "definition": json!({
            "StartAt": text, "States": { text: { "Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "End": true } }
        }).to_string() },
        "events": [
            { "id": 1, "type": "ExecutionStarted", "timestamp": at(0), "executionStartedEventDetails": { "input": input } },
            { "id": 2, "previousEventId": 0, "type": "TaskStateEntered", "timestamp": at(1), "stateEnteredEventDetails": { "name": text, "input": input } },
            { "id": 3, "previousEventId": 2, "type": "LambdaFunctionScheduled", "timestamp": at(1), "lambdaFunctionScheduledEventDetails": { "resource": text, "input": input } },
            { "id": 4, "previousEventId": 3, "type": "LambdaFunctionFailed", "timestamp": at(2), "lambdaFunctionFailedEventDetails": { "error": text, "cause": text } },
            { "id": 5, "previousEventId": 4, "type": text, "timestamp": at(2) },
            { "id": 6, "previousEventId": 4, "type": "ExecutionFailed", "timestamp": at(3), "executionFailedEventDetails": { "error": text, "cause": text } },
        ],
        "bookmarks": [{ "letter": "a", "event": 4, "note": text }],
    })
}

/// The elements and attributes a page may have; all others would have come out of the data.
const ELEMENTS: &str = "!doctype a article b body br circle code dd defs details div dl dt footer g h1 h2 h3 h4 head header html i \
    li line main marker meta nav ol p path pre rect script section small span style summary svg table tbody td text th thead \
    time title tr tspan ul";

fn foreign_elements(page: &str) -> Vec<String> {
    let (before, rest) = page.split_once("<style>").unwrap();
    let rest = rest.split_once("</style>").unwrap().1;
    let (body, after) = rest.rsplit_once("<script>").unwrap();
    let after = after.split_once("</script>").unwrap().1;
    let tags = [before, body, after].into_iter().flat_map(|text| text.split('<').skip(1));
    let names = tags.map(|tag| {
        tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric() && c != '!').next().unwrap().to_owned()
    });
    names.filter(|name| !ELEMENTS.split_ascii_whitespace().any(|known| known == name)).collect()
}

#[test]
fn hostile_data_stays_data() {
    let hostile =
        "</script></style><img src=x onerror=alert(1)>\"' onload='x\u{202e}\u{1b}[2J\u{9b}\u{0}<!--]]>&lt;\u{2028}";
    for input in [
        json!({ hostile: [hostile, { "a": hostile }], "encoded": json!({ hostile: hostile }).to_string() }).to_string(),
        format!("{hostile} no JSON\n{}", "x".repeat(100)),
    ] {
        let page = page(&run_of(hostile, &input));
        assert_eq!(foreign_elements(&page), Vec::<String>::new());
        assert!(!page.contains(['\u{202e}', '\u{1b}', '\u{9b}', '\u{0}', '\u{2028}']));
        assert_eq!(page.matches("<script>").count(), 1);
        // No attribute is ended early: none of ours holds a quote, and theirs are written out.
        assert!(!page.contains("onerror=alert(1)>") && !page.contains("onload='"));
        assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    }
}

#[test]
fn the_policy_knows_the_style_and_the_script_and_allows_nothing_else() {
    for (text, digest) in [(head::STYLE, head::STYLE_DIGEST), (head::SCRIPT, head::SCRIPT_DIGEST)] {
        let hash = crate::query::Algorithm::named("SHA-256").unwrap().hex(text.as_bytes());
        let bytes: Vec<u8> = (0..64).step_by(2).map(|at| u8::from_str_radix(&hash[at..at + 2], 16).unwrap()).collect();
        assert_eq!(digest, format!("sha256-{}", BASE64_STANDARD.encode(bytes)), "of what begins {:?}", &text[..20]);
    }
    let page = page(&run_of("x", "{}"));
    assert!(page.contains("default-src 'none'"));
    for reached in ["<link", " src=", "url(h", "@import", " style=", " onclick"] {
        assert!(!page.contains(reached), "{reached}");
    }
}

#[test]
fn payloads_keep_their_text() {
    let input = r#"{"n": 1.50, "big": 123456789012345678901234567890, "s": "a\u0041\/", "dup": [ ], "deep": {"x": [1, 2]}, "t": true, "z": null, "pad": "0123456789012345678901234567890123456789"}"#;
    let page = page(&run_of("E", input));
    let tree = page.split_once("<div class=\"json\">").unwrap().1.split_once("</div></div>").unwrap().0;
    let mut text = String::new();
    for part in tree.split('<').skip(1) {
        text.push_str(part.split_once('>').unwrap().1);
    }
    let text = text.replace("&quot;", "\"");
    let squeezed = |text: &str| text.split_ascii_whitespace().collect::<String>();
    assert_eq!(squeezed(&text), squeezed(input));
}

#[test]
fn a_page_has_a_bound_and_says_what_it_leaves_out() {
    let long = json!({ "rows": (0..30_000).map(|row| json!({ "row": row })).collect::<Vec<_>>() }).to_string();
    let one = page(&run_of("E", &long));
    assert!(one.len() < 1 << 20, "{}", one.len());
    assert!(one.contains("Cut here; it has") && one.contains("data-cut"));
    let mut document = run_of("E", "{}");
    let events = document["events"].as_array_mut().unwrap();
    let (mut id, end) = (4, events.split_off(3));
    for number in 0..4_000_u32 {
        let data = json!({ "number": number, "text": "y".repeat(1_500) }).to_string();
        for (kind, details) in [("PassStateEntered", "input"), ("PassStateExited", "output")] {
            let key = if details == "input" { "stateEnteredEventDetails" } else { "stateExitedEventDetails" };
            let data = data.replace('y', if details == "input" { "y" } else { "z" });
            events.push(json!({ "id": id, "previousEventId": id - 1, "type": kind, "timestamp": "2026-05-03T08:00:01Z", key: { "name": "Loop", details: data } }));
            id += 1;
        }
    }
    drop(end);
    let many = page(&document);
    assert!(many.len() < 14 << 20, "{}", many.len());
    assert!(many.contains("Left out to keep this page small:"), "{}", &many[many.len() - 6_000..]);
}

#[test]
fn failing_items_come_first_and_good_ones_are_one_line() {
    let mut events = vec![
        json!({ "id": 1, "type": "ExecutionStarted", "timestamp": 1, "executionStartedEventDetails": { "input": "{}" } }),
        json!({ "id": 2, "previousEventId": 0, "type": "MapStateEntered", "timestamp": 1, "stateEnteredEventDetails": { "name": "Each", "input": "{}" } }),
        json!({ "id": 3, "previousEventId": 2, "type": "MapStateStarted", "timestamp": 1, "mapStateStartedEventDetails": { "length": 144 } }),
    ];
    let mut id = 3;
    for index in 0..144_u32 {
        let item = json!({ "name": "Each", "index": index });
        let (state, end) = if index == 77 { ("Fail", "Failed") } else { ("Pass", "Succeeded") };
        let entered = json!({ "name": "Do", "input": "{}" });
        let mut add = |kind: String, parent: u32, key: &str, details: &Value| {
            id += 1;
            events.push(json!({ "id": id, "previousEventId": parent, "type": kind, "timestamp": 2, key: details }));
            id
        };
        let mut last = add("MapIterationStarted".to_owned(), 3, "mapIterationStartedEventDetails", &item);
        last = add(format!("{state}StateEntered"), last, "stateEnteredEventDetails", &entered);
        if index != 77 {
            last = add(
                "PassStateExited".to_owned(),
                last,
                "stateExitedEventDetails",
                &json!({ "name": "Do", "output": "{}" }),
            );
        }
        add(format!("MapIteration{end}"), last, &format!("mapIteration{end}EventDetails"), &item);
    }
    let page = page(&json!({ "events": events }));
    assert!(page.contains("143 items succeeded <small>0–76, 78–143</small>"));
    let failed = page.find(">item 77<").unwrap();
    assert!(failed < page.find("143 items succeeded").unwrap());
    assert!(!page.contains(">item 5<"));
}

#[test]
fn any_shipped_recording_makes_a_page() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(recording) = crate::source::open_recording(&path) else { continue };
        let page = page_of(&recording);
        assert_eq!(foreign_elements(&page), Vec::<String>::new(), "{}", path.display());
    }
}

//! The Markdown of a cause as readers of Markdown see it.

use crate::analysis::{Whereabouts, diagnose, overview};
use crate::history::{Described, Family, MemberId};
use crate::recording::Recording;
use crate::report::{Bearings, Zone, ticket};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::json;

/// A task that fails three times, called and failing by one text.
fn family(text: &str) -> (Recording, Family) {
    let scheduled = json!({ "resource": "f", "input": json!({ "a": text }).to_string() });
    let failed = json!({ "error": text, "cause": text });
    let mut events = vec![
        json!({ "id": 1, "type": "ExecutionStarted", "timestamp": 1, "executionStartedEventDetails": { "input": "{}" } }),
        json!({ "id": 2, "previousEventId": 0, "type": "TaskStateEntered", "timestamp": 1, "stateEnteredEventDetails": { "name": text, "input": "{}" } }),
    ];
    for id in [3, 5, 7] {
        events.push(json!({ "id": id, "previousEventId": id - 1, "type": "LambdaFunctionScheduled", "timestamp": id, "lambdaFunctionScheduledEventDetails": scheduled }));
        events.push(json!({ "id": id + 1, "previousEventId": id, "type": "LambdaFunctionFailed", "timestamp": id + 1, "lambdaFunctionFailedEventDetails": failed }));
    }
    events.push(json!({ "id": 9, "previousEventId": 8, "type": "ExecutionFailed", "timestamp": 9, "executionFailedEventDetails": failed }));
    let document = json!({
        "format": "stepback/1", "events": events,
        "execution": { "executionArn": "arn:aws:states:eu-west-1:123456789012:execution:Pay:run-1", "name": text },
    });
    let recording = crate::source::open_bytes(document.to_string().into_bytes()).unwrap().into_recording().unwrap();
    let family = Family::of(&recording);
    (recording, family)
}

fn markdown(text: &str) -> String {
    let (recording, family) = family(text);
    let diagnosis = diagnose(&family);
    let bearings = Bearings::new(Whereabouts::of(&recording, &family, &diagnosis), text, &Zone::default());
    ticket(&diagnosis, &overview(&family, MemberId::ROOT), &bearings).join("\n")
}

#[test]
fn several_attempts_are_a_list_in_a_list() {
    let text = markdown("Busy");
    let mut depths = Vec::new();
    let mut depth = 0;
    for event in Parser::new(&text) {
        match event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(pulldown_cmark::TagEnd::List(_)) => depth -= 1,
            Event::Start(Tag::Item) => depths.push(depth),
            _ => {}
        }
    }
    assert_eq!(depths.iter().filter(|depth| **depth == 2).count(), 2, "{text}");
    assert!(!text.contains("- :"), "{text}");
    assert!(text.contains("\n- before:\n  - event 4"), "{text}");
    assert!(text.contains("\nTask input:\n\n```json\n"), "{text}");
    assert!(text.contains("[Open in the AWS console](<https://eu-west-1.console.aws.amazon.com/"), "{text}");
    assert!(text.ends_with("Reopen with `stepback Busy --at 8`"), "{text}");
}

#[test]
fn whatever_was_recorded_the_structure_stays_ours() {
    /// What a document is made of, its texts left out.
    fn shape(text: &str) -> Vec<String> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        let parts = Parser::new_ext(text, options).filter(|event| !matches!(event, Event::Text(_)));
        let named = parts.map(|event| match event {
            Event::Code(_) => "code".to_owned(),
            Event::Start(Tag::Link { dest_url, .. }) => format!("link {dest_url}"),
            event => format!("{event:?}"),
        });
        named.collect()
    }
    let plain = shape(&markdown("Busy"));
    for hostile in [
        "*bold* _em_ ~~gone~~ [a](http://x) ![i](y) <b>html</b> &amp; `code` # h | t |",
        "- item",
        "+ item",
        "1. one",
        "12) twelve",
        "=== under",
        "--- rule",
        "> quote",
        "# heading #",
        "```\nfence\n```",
        "````",
        "` ",
        "a\n\nb\n- c",
        "    indented",
        "\\",
        "trailing \\",
        "<!-- comment",
        "<script>",
        "[ ] task",
        "a | b\n--|--\nc | d",
        "http://example.com/?a=b&c=d",
        "日本 \u{202e}",
        "**",
        "\ttab",
    ] {
        let text = markdown(hostile);
        assert_eq!(shape(&text), plain, "{hostile:?}\n{text}");
    }
}

#[test]
fn a_description_alone_makes_whole_markdown_too() {
    let family = Family::new(Described { name: Some("x".into()), ..Described::default() }, [].into_iter().collect());
    let diagnosis = diagnose(&family);
    let text = ticket(&diagnosis, &overview(&family, MemberId::ROOT), &Bearings::default()).join("\n");
    assert!(text.starts_with("## x: "), "{text}");
    assert!(!text.ends_with('\n'));
}

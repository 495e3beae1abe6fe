//! Keeping an execution as a file, and the list of calls to AWS.

use super::{DECLINED, MIDDLE, SMALL, Screen};
use stepback::event::Timestamp;
use stepback::tui::handover::Document;
use stepback::tui::live::{Call, CallEnd, Existing, Kept};
use stepback::tui::{Effect, Msg, Trouble};

#[test]
fn what_is_on_the_screen_is_kept_under_a_name() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("x");
    assert!(screen.text().contains("File: MH-2026-118432.sfn.json"), "{}", screen.text());
    screen.keys("<enter>");
    let Some(Effect::Keep(ticket, _, _, path, Existing::Spare)) = screen.effects.last().cloned() else {
        panic!("it is to be kept: {:?}", screen.effects)
    };
    assert_eq!(path.to_str(), Some("MH-2026-118432.sfn.json"));
    screen.tell(Msg::Kept(ticket, Kept::Done(86_016)));
    assert!(screen.text().contains("Saved as MH-2026-118432.sfn.json (84 KiB)."), "{}", screen.text());
}

#[test]
fn a_file_that_is_there_is_replaced_only_when_that_is_said() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("x<ctrl-u>a.sfn.json<enter>");
    let Some(Effect::Keep(ticket, ..)) = screen.effects.last().cloned() else { panic!("it is to be kept") };
    screen.tell(Msg::Kept(ticket, Kept::Exists));
    insta::assert_snapshot!(screen.text());
    screen.keys("<enter>");
    let Some(Effect::Keep(ticket, _, _, _, existing)) = screen.effects.last().cloned() else { panic!("once more") };
    assert_eq!(existing, Existing::Replace);
    let trouble = Trouble { message: "Cannot write a.sfn.json: the disk is full.".to_owned(), hint: None };
    screen.tell(Msg::Kept(ticket, Kept::Trouble(trouble)));
    assert!(screen.text().contains("the disk is full"));
    screen.keys("<backspace>x<enter>");
    let Some(Effect::Keep(_, _, _, _, existing)) = screen.effects.last().cloned() else { panic!("under another name") };
    assert_eq!(existing, Existing::Spare);
}

fn calls(size: (u16, u16)) -> Screen {
    let mut screen = Screen::shipped(DECLINED, size);
    for (place, end) in [
        CallEnd::Done(212_000, "2.1 KiB".to_owned()),
        CallEnd::Done(1_430_000, "412 KiB".to_owned()),
        CallEnd::Refused(87_000, "AWS refuses: OnCall may not states:ListMapRuns.".to_owned()),
    ]
    .into_iter()
    .enumerate()
    {
        let operation = ["describe-execution", "get-execution-history --max-items 1000", "list-map-runs"][place];
        let arn = "arn:aws:states:eu-west-1:402817639051:execution:OrderFulfilment:MH-2026-118432";
        let command = format!("aws stepfunctions {operation} --execution-arn {arn} --region eu-west-1");
        let at = Timestamp::parse_iso("2026-11-20T03:14:07.000Z").unwrap();
        screen.tell(Msg::Called(Call { at, command, end }));
    }
    screen
}

#[test]
fn every_call_is_listed_as_a_command() {
    let mut screen = calls(SMALL);
    screen.keys("@");
    insta::assert_snapshot!("calls_small", screen.text());
    screen.keys("gyy");
    let copied = screen.copied().unwrap().to_owned();
    assert!(copied.starts_with("aws stepfunctions describe-execution --execution-arn arn:aws:states:"), "{copied}");
    screen.keys("<esc>");
    assert!(!screen.text().contains("calls to AWS"));
    let mut screen = calls(MIDDLE);
    screen.keys("@");
    insta::assert_snapshot!("calls_middle", screen.text());
}

#[test]
fn that_nothing_was_asked_is_said() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("@");
    assert!(screen.text().contains("No calls to AWS."));
}

#[test]
fn the_ending_of_the_name_decides_what_is_written() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("X");
    let text = screen.text();
    assert!(text.contains("File: MH-2026-118432.html") && text.contains("a page with everything in it"), "{text}");
    screen.keys("<enter>");
    let Some(Effect::Export(ticket, handover, path, Existing::Spare)) = screen.effects.last().cloned() else {
        panic!("it is to be exported: {:?}", screen.effects)
    };
    assert_eq!((handover.document, path.to_str()), (Document::Html, Some("MH-2026-118432.html")));
    assert!(handover.text(None).is_some_and(|page| page.contains("CardDeclined") && page.starts_with("<!doctype")));
    screen.tell(Msg::Kept(ticket, Kept::Done(1024)));
    assert!(screen.text().contains("Saved as MH-2026-118432.html (1.0 KiB)."), "{}", screen.text());
    screen.keys("x<ctrl-u>a.events.csv<enter>");
    let Some(Effect::Export(_, handover, ..)) = screen.effects.last().cloned() else { panic!("as rows") };
    assert_eq!(handover.document, Document::Events);
    assert_eq!(handover.text(None).map(|rows| rows.lines().count()), Some(85), "a heading and a row for each event");
}

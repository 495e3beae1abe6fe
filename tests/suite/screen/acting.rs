//! Changing something in AWS: only when allowed, only after what there is to know was shown and the word was typed.

use super::{DECLINED, MIDDLE, SMALL, Screen};
use stepback::source::{self, Opened};
use stepback::tui::live::{Acted, Acting, Came, Deed, Fact, Live, Preflight, Site, SiteId};
use stepback::tui::{Effect, Msg, Subject, Target, Ticket, Trouble};

const NAME: &str = "MH-2026-118432";

fn live() -> Live {
    Live::new(format!("arn:aws:states:eu-west-1:402817639051:execution:OrderFulfilment:{NAME}"))
}

fn shipped(name: &str, acting: Acting, size: (u16, u16)) -> Screen {
    let mut screen = Screen::waiting(Target::Live(live()), acting, size);
    let Effect::Open(ticket, _) = screen.asked()[0].clone() else { panic!("it is to be opened") };
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
    let Opened::One(recording) = source::open(&path).unwrap() else { panic!("one recording") };
    screen.tell(Msg::Connected(Ok(vec![Site {
        region: "eu-west-1".to_owned(),
        account: Some("402817639051".to_owned()),
        role: Some("OnCall".to_owned()),
        profile: None,
    }])));
    let target = Target::Live(Live { site: Some(SiteId(0)), ..live() });
    screen.tell(Msg::Came(ticket, Came::Whole(Box::new(Subject::new(target, *recording)))));
    screen.asked();
    screen
}

fn preparing(screen: &mut Screen, key: &str) -> (Ticket, Deed) {
    screen.keys(key);
    match screen.asked().as_slice() {
        [Effect::Prepare(ticket, deed, _)] => (*ticket, deed.clone()),
        other => panic!("it is to be prepared: {other:?}"),
    }
}

fn known() -> Preflight {
    Preflight {
        refused: None,
        facts: vec![
            Fact::Plain("It can be redriven for 10 d 4 h more.".to_owned()),
            Fact::Warning("The state machine has another definition now; a redrive runs the old one.".to_owned()),
        ],
    }
}

#[test]
fn nothing_can_be_changed_unless_it_was_allowed() {
    for key in ["S", "R", "A", "E", "K", "B"] {
        let mut screen = shipped(DECLINED, Acting::ReadOnly, SMALL);
        screen.keys(key);
        assert!(screen.text().contains("start stepback with --allow-actions"), "{key}: {}", screen.text());
        assert_eq!(screen.asked(), [], "{key}");
    }
    let mut screen = shipped(DECLINED, Acting::ReadOnly, SMALL);
    screen.keys("?");
    assert!(!screen.text().contains("Redrive"));
    screen.keys("<esc>:redrive");
    assert!(screen.text().contains("No action has that name."), "{}", screen.text());
    assert!(shipped(DECLINED, Acting::Allowed, SMALL).line("stepback  ").contains("ACTIONS ALLOWED"));
}

#[test]
fn a_redrive_is_confirmed_with_what_there_is_to_know() {
    let mut screen = shipped(DECLINED, Acting::Allowed, SMALL);
    let (ticket, deed) = preparing(&mut screen, "R");
    assert!(matches!(deed, Deed::Redrive(_)));
    screen.keys("redrive<enter>");
    assert!(screen.text().contains("Still waiting for AWS."), "{}", screen.text());
    screen.tell(Msg::Prepared(ticket, Ok(known())));
    screen.keys("<ctrl-u>");
    insta::assert_snapshot!("redrive_small", screen.text());
    screen.keys("yes<enter>");
    assert!(screen.text().contains("Nothing was done: you did not type redrive."), "{}", screen.text());
    assert_eq!(screen.asked(), []);
    screen.keys("redrive<enter>");
    let asked = screen.asked();
    let [Effect::Act(acting, _, Deed::Redrive(_))] = asked.as_slice() else { panic!("it is to be done: {asked:?}") };
    screen.keys("<enter>");
    assert_eq!(screen.asked(), [], "it is asked once");
    screen.tell(Msg::Acted(*acting, Acted::Done(live())));
    assert!(screen.text().contains(&format!("Redriven: {NAME}.")), "{}", screen.text());
    assert!(matches!(screen.asked().as_slice(), [Effect::Follow(..)]), "what happens then is followed");
}

#[test]
fn what_aws_would_refuse_is_not_asked() {
    let mut screen = shipped(DECLINED, Acting::Allowed, MIDDLE);
    let (ticket, _) = preparing(&mut screen, "R");
    let refused = Some("It ended more than 14 days ago, and cannot be redriven any more.".to_owned());
    screen.tell(Msg::Prepared(ticket, Ok(Preflight { refused, ..known() })));
    insta::assert_snapshot!("refused_middle", screen.text());
    screen.keys("redrive<enter>");
    assert_eq!(screen.asked(), []);
    screen.keys("<esc>");
    assert!(screen.text().contains("Nothing was changed."), "{}", screen.text());
}

#[test]
fn what_aws_refuses_after_all_is_shown_where_it_was_asked() {
    let mut screen = shipped(DECLINED, Acting::Allowed, SMALL);
    let (ticket, deed) = preparing(&mut screen, "A");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(DECLINED);
    let recorded = source::open_recording(&path).unwrap().input().unwrap().text().to_owned();
    assert!(matches!(deed, Deed::Start { input, .. } if input == recorded));
    screen.tell(Msg::Prepared(ticket, Ok(Preflight::default())));
    screen.keys("start<enter>");
    let Some(Effect::Act(acting, ..)) = screen.asked().last().cloned() else { panic!("it is to be done") };
    let message = "AWS refuses: OnCall may not states:StartExecution.".to_owned();
    screen.tell(Msg::Acted(acting, Acted::Not(Trouble { message, hint: None })));
    assert!(screen.text().contains("OnCall may not states:StartExecution."), "{}", screen.text());
    screen.keys("start<enter>");
    let Some(Effect::Act(acting, ..)) = screen.asked().last().cloned() else { panic!("it is to be done again") };
    let started = Live::new(live().arn.replace(NAME, "again-1"));
    screen.tell(Msg::Acted(acting, Acted::Done(started.clone())));
    assert!(matches!(screen.asked().last(), Some(Effect::Open(_, Target::Live(live))) if *live == started));
}

#[test]
fn the_input_is_edited_before_a_start() {
    let mut screen = shipped(DECLINED, Acting::Allowed, SMALL);
    screen.keys("E");
    let Some(Effect::Edit(ticket, draft)) = screen.asked().last().cloned() else { panic!("it is to be edited") };
    assert!(draft.text.starts_with('{') && draft.name.ends_with(".json"));
    screen.tell(Msg::Edited(ticket, Ok("{\"order\":".to_owned())));
    assert!(screen.text().contains("the edited input is not JSON"), "{}", screen.text());
    screen.keys("E");
    let Some(Effect::Edit(ticket, draft)) = screen.asked().last().cloned() else { panic!("it is to be edited") };
    assert_eq!(draft.text, "{\"order\":", "what was written is there to be mended");
    screen.tell(Msg::Edited(ticket, Ok("{\"order\":1}\n".to_owned())));
    let asked = screen.asked();
    let [Effect::Prepare(_, Deed::Start { input, .. }, _)] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(input, "{\"order\":1}");
}

#[test]
fn what_has_ended_is_not_stopped_and_no_task_waits_in_it() {
    let mut screen = shipped(DECLINED, Acting::Allowed, SMALL);
    screen.keys("S");
    assert!(screen.text().contains("there is nothing to stop"), "{}", screen.text());
    screen.keys("K");
    assert!(screen.text().contains("no task waits here"), "{}", screen.text());
}

#[test]
fn a_waiting_task_is_answered() {
    let mut screen = shipped("signup-awaiting-approval.sfn.json", Acting::Allowed, SMALL);
    let (ticket, deed) = preparing(&mut screen, "K");
    assert!(matches!(&deed, Deed::Succeed { token, .. } if !token.is_empty()));
    screen.tell(Msg::Prepared(ticket, Ok(Preflight::default())));
    screen.keys("<ctrl-u>{\"approved\":true}<enter>");
    insta::assert_snapshot!("answer_small", screen.text());
    screen.keys("succeed<enter>");
    let asked = screen.asked();
    let [Effect::Act(_, _, Deed::Succeed { output, .. })] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(output, "{\"approved\":true}");
}

#[test]
fn what_nobody_knows_is_not_asked_for_again_from_there() {
    let mut screen = shipped(DECLINED, Acting::Allowed, SMALL);
    let (ticket, _) = preparing(&mut screen, "R");
    screen.tell(Msg::Prepared(ticket, Ok(Preflight::default())));
    screen.keys("redrive<enter>");
    let Some(Effect::Act(acting, dialog, _)) = screen.asked().last().cloned() else { panic!("it is to be done") };
    assert_eq!(dialog, ticket, "what makes a repeat harmless belongs to the dialog");
    let message = "RedriveExecution may have been done: its answer was lost (closed).".to_owned();
    screen.tell(Msg::Acted(acting, Acted::Unknown(Trouble { message, hint: None })));
    assert!(
        screen.text().contains("may have been done") && screen.text().contains("closes this."),
        "{}",
        screen.text()
    );
    screen.keys("redrive<enter>");
    assert_eq!(screen.asked(), []);
    screen.keys("<esc>");
    assert!(screen.text().contains("Whether anything was changed is not known."), "{}", screen.text());
}

#[test]
fn what_was_found_to_be_done_says_so() {
    let mut screen = shipped(DECLINED, Acting::Allowed, SMALL);
    let (ticket, _) = preparing(&mut screen, "R");
    screen.tell(Msg::Prepared(ticket, Ok(Preflight::default())));
    screen.keys("redrive<enter>");
    let Some(Effect::Act(acting, ..)) = screen.asked().last().cloned() else { panic!("it is to be done") };
    screen.tell(Msg::Acted(acting, Acted::Found(live())));
    assert!(screen.text().contains("(the answer was lost; looked up)"), "{}", screen.text());
}

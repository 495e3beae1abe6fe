//! Replaying with edits: written on the screen or elsewhere, judged before they run, asked for when they are needed.

use super::replaying::{asked, play};
use super::{DECLINED, LARGE, MIDDLE, SMALL, Screen};
use serde_json::json;
use stepback::replay::Replay;
use stepback::tui::replaying::GoodAnswer;
use stepback::tui::{Draft, Effect, Msg, Ticket};

const CARRIER: &str = "shipping-quote-carrier-changed.sfn.json";

/// Opens the menu, unless it is open, and selects what holds the words.
fn choose(screen: &mut Screen, words: &str) {
    if !screen.text().contains("Edit the definition") {
        screen.keys("r");
    }
    screen.keys("g");
    for _ in 0..12 {
        let text = screen.text();
        let at = text.lines().position(|line| line.contains(words)).unwrap_or_else(|| panic!("no {words}:\n{text}"));
        if screen.roles().lines().nth(at).is_some_and(|line| line.matches('i').count() > 50) {
            return;
        }
        screen.keys("j");
    }
    panic!("{words} cannot be reached:\n{}", screen.text());
}

/// Replaces what is in the editor.
fn write(screen: &mut Screen, text: &str) {
    while !screen.text().contains("\"timeout\": true") {
        screen.keys("<ctrl-t>");
    }
    screen.keys("<down><down><down><end>");
    screen.keys(&"<backspace>".repeat(60));
    screen.tell(Msg::Paste(text.to_owned()));
}

/// The answer a good run of the same machine got.
fn good_answer(state: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings/order-shipped.sfn.json");
    let recording = stepback::source::open_recording(&path).unwrap();
    stepback::replay::last_answer(&recording, state).unwrap().to_string()
}

/// Takes what the person's own editor was asked to edit.
fn outside(screen: &Screen) -> (Ticket, Draft) {
    match screen.effects.last() {
        Some(Effect::Edit(ticket, draft)) => (*ticket, draft.clone()),
        other => panic!("nothing is to be edited but {other:?}"),
    }
}

/// Edits the definition so that PickRate reads what the carrier sends now.
fn fix(screen: &mut Screen) {
    choose(screen, "Edit the definition");
    screen.keys("<enter>");
    let (ticket, draft) = outside(screen);
    assert_eq!(draft.name, "definition.asl.json");
    let fixed = draft.text.replace("$.carrier.body.rates", "$.carrier.body.data.offers");
    assert_ne!(fixed, draft.text);
    screen.tell(Msg::Edited(ticket, Ok(fixed)));
}

#[test]
fn the_menu_says_what_can_be_replayed_and_edited() {
    for (name, size) in [("menu_small", SMALL), ("menu_middle", MIDDLE)] {
        let mut screen = Screen::shipped(DECLINED, size);
        insta::assert_snapshot!(name, screen.keys("r").text());
    }
}

#[test]
fn an_edited_answer_is_replayed_and_new_tasks_are_asked_for() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    choose(&mut screen, "result of ChargeCard, attempt 3");
    screen.keys("<enter>");
    write(&mut screen, &good_answer("ChargeCard"));
    screen.keys("<ctrl-s>");
    assert!(screen.line("result of ChargeCard").contains("edited: {\"result\":{"), "{}", screen.text());
    screen.keys("<enter>");
    play(&mut screen);
    assert!(screen.text().contains("CreateLabel, attempt 1, needs a result that is not recorded. One more"));
    for state in ["CreateLabel", "WriteInvoice"] {
        insta::assert_snapshot!(format!("asking_for_{state}"), screen.text());
        screen.keys("<enter>");
        screen.keys("<ctrl-t>");
        write(&mut screen, &good_answer(state));
        screen.keys("<ctrl-s>");
        play(&mut screen);
    }
    while screen.text().contains("a task result is needed") {
        screen.keys("jj<enter>");
        play(&mut screen);
    }
    insta::assert_snapshot!("fixed_by_answers", screen.text());
    assert!(screen.line("? keys").contains("edited: fixed"), "{}", screen.text());
}

#[test]
fn a_task_that_is_asked_for_can_be_let_fail_or_left() {
    let mut screen = Screen::shipped(CARRIER, SMALL);
    fix(&mut screen);
    screen.keys("<enter>");
    play(&mut screen);
    insta::assert_snapshot!("asking_small", screen.text());
    screen.keys("<esc>");
    assert!(screen.line("? keys").contains("edited: not decidable"));
    assert!(screen.text().contains("answer needed, attempt 1"), "{}", screen.text());
    screen.keys("r<enter>");
    assert!(screen.text().contains("a task result is needed"), "what is left open is asked again");
    screen.keys("j<enter>");
    play(&mut screen);
    assert!(screen.line("? keys").contains("edited: fixed"), "the catcher of PickRate takes the failure");
    screen.keys("Gkk");
    insta::assert_snapshot!("fixed_small", screen.text());
}

#[test]
fn what_aws_would_refuse_does_not_run_and_is_kept() {
    let mut screen = Screen::shipped(CARRIER, MIDDLE);
    choose(&mut screen, "Edit the definition");
    screen.keys("<enter>");
    let (ticket, draft) = outside(&screen);
    let broken = draft.text.replace("\"Next\": \"PickRate\"", "\"Next\": \"NoSuchState\"");
    screen.tell(Msg::Edited(ticket, Ok(broken.clone())));
    insta::assert_snapshot!("refused", screen.text());
    screen.keys("<ctrl-s>");
    assert!(screen.text().contains("AWS would refuse"), "it cannot be taken all the same");
    screen.keys("<enter>");
    let (again, draft) = outside(&screen);
    assert_ne!(again, ticket);
    assert_eq!(draft.text, broken);
    screen.tell(Msg::Edited(again, Err("The editor ended with code 1, so nothing was changed.".to_owned())));
    assert!(screen.text().contains("The editor ended with code 1"));
    screen.keys("<esc>");
    assert!(screen.line("Edit the definition").contains("as recorded"), "{}", screen.text());
}

#[test]
fn only_new_findings_are_told() {
    let mut screen = Screen::shipped(CARRIER, MIDDLE);
    fix(&mut screen);
    assert!(screen.text().contains("The definition has no new findings."), "{}", screen.text());
    assert!(screen.line("Edit the definition").contains("edited"));
}

#[test]
fn an_answer_nobody_waits_for_is_not_taken() {
    let mut screen = Screen::shipped(CARRIER, MIDDLE);
    screen.tell(Msg::Edited(Ticket::default(), Ok("{}".to_owned())));
    assert!(screen.text().contains("─ states ─"));
    choose(&mut screen, "Edit the definition");
    screen.keys("<enter>");
    let (ticket, draft) = outside(&screen);
    screen.tell(Msg::Edited(ticket, Ok(draft.text)));
    assert!(screen.text().contains("Nothing was changed."));
}

#[test]
fn what_is_typed_is_judged_at_once() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    choose(&mut screen, "Edit the result");
    screen.keys("<enter>");
    write(&mut screen, "{\n  \"result\": oops\n}");
    assert!(screen.text().contains("at line 2 column 13"), "{}", screen.text());
    screen.keys("<ctrl-s>");
    assert!(screen.text().contains("This cannot be replayed yet."));
    insta::assert_snapshot!("no_json", screen.keys("<left>").text());
    write(&mut screen, "{\"result\": 1, \"timeout\": true}");
    assert!(screen.text().contains("must say exactly one of"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(screen.text().contains("esc again discards your changes."));
    screen.keys("<esc>");
    assert!(screen.line("Edit the result").contains("as recorded"));
}

#[test]
fn edits_are_undone_one_by_one_and_told_as_commands() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    choose(&mut screen, "result of ChargeCard");
    screen.keys("<enter>");
    write(&mut screen, "{\"result\": {\"Payload\": {\"chargeId\": \"it's\"}}}");
    screen.keys("<ctrl-s>yl");
    let command = screen.copied().unwrap().to_owned();
    assert!(command.starts_with("cat > answers.json <<'END'\n{ \"states\": {\n"), "{command}");
    assert!(command.ends_with("stepback replay order-payment-declined.sfn.json --answers answers.json"), "{command}");
    let answers = command.lines().skip(1).take_while(|line| *line != "END").collect::<String>();
    let answers: serde_json::Value = serde_json::from_str(&answers).unwrap();
    let tries = answers["states"]["ChargeCard"].as_array().unwrap();
    let errors: Vec<_> = tries.iter().map(|entry| entry["error"].as_str()).collect();
    assert_eq!(errors, [Some("GatewayTimeout"), Some("GatewayTimeout"), None]);
    assert_eq!(tries[2], json!({"result": {"Payload": {"chargeId": "it's"}}}));
    choose(&mut screen, "result of ChargeCard");
    screen.keys("<delete>");
    assert!(screen.line("result of ChargeCard, attempt 3  ").contains("as recorded"), "{}", screen.text());
    screen.keys("gyl");
    assert_eq!(screen.copied(), Some("stepback replay order-payment-declined.sfn.json"));
    screen.keys("jjyl");
    let only = "stepback replay order-payment-declined.sfn.json --from 37 --until ChargeCard";
    assert_eq!(screen.copied(), Some(only));
}

#[test]
fn a_part_is_replayed_with_another_input() {
    let mut screen = Screen::shipped(CARRIER, MIDDLE);
    choose(&mut screen, "input of PickRate");
    screen.keys("<enter>");
    let input = r#"{"carrier": {"body": {"rates": [1.50]}}}"#;
    screen.keys("<ctrl-o>");
    let (ticket, _) = outside(&screen);
    screen.tell(Msg::Edited(ticket, Ok(format!("{input}\n"))));
    let line = screen.line("input of PickRate");
    assert!(line.contains(r#"edited: {"carrier":{"body":{"rates":[1.50]}}}"#), "{line}");
    screen.keys("<enter>");
    let (_, subject, plan) = asked(&screen);
    let replay = Replay::of(&subject.0.recording, plan.edits(&subject.0).unwrap()).unwrap();
    assert_eq!(replay.recorded().first().map(|event| event.id.get()), Some(9), "it begins where the state was entered");
    play(&mut screen);
    assert!(screen.text().contains("[1.5]"), "the task is given what was typed: {}", screen.text());
    screen.keys("<esc>");
    choose(&mut screen, "Replay the whole execution");
    assert!(screen.line("Edit the input of PickRate").contains("edited, but not for this replay"), "{}", screen.text());
}

#[test]
fn only_a_state_is_replayed() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    choose(&mut screen, "Replay only ChargeCard");
    screen.keys("<enter>");
    play(&mut screen);
    assert!(screen.text().contains("11 of 11 events as recorded"), "{}", screen.text());
    assert!(!screen.text().contains("ReleaseStock  "), "{}", screen.text());
}

#[test]
fn a_long_text_goes_to_an_editor_of_its_own() {
    let long = json!({"events": [
        {"id": 1, "timestamp": 1.0, "type": "ExecutionStarted",
         "executionStartedEventDetails": {"input": json!({"text": "x".repeat(20_000)}).to_string()}},
    ]});
    let mut screen = Screen::of_text(&long.to_string(), SMALL);
    choose(&mut screen, "Edit the input of the execution");
    screen.keys("<enter>");
    let (_, draft) = outside(&screen);
    assert_eq!(draft.name, "input.json");
    assert!(draft.text.starts_with("{\n  \"text\": \"xxx"));
}

#[test]
fn nothing_of_a_hostile_text_is_sent_to_the_terminal() {
    let nasty = "\u{1b}[31m\u{9b}2J\u{202e}evil 日本 👩‍👩‍👧";
    for size in [(60, 16), SMALL, MIDDLE, LARGE] {
        let mut screen = Screen::shipped(DECLINED, size);
        for keys in ["r", "jjjjjj", "<enter>"] {
            screen.keys(keys);
            screen.text();
        }
        screen.tell(Msg::Paste(nasty.repeat(40)));
        let text = screen.text();
        let sent = text.chars().find(|c| (c.is_control() && *c != '\n') || *c == '\u{202e}' || *c == '\u{9b}');
        assert_eq!(sent, None, "{text}");
        for keys in ["<ctrl-s>", "<esc>", "<esc>", "G<enter>"] {
            screen.keys(keys);
            screen.text();
        }
    }
}

#[test]
fn the_commands_replay_the_same_without_a_screen() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    choose(&mut screen, "result of ChargeCard");
    screen.keys("<enter>");
    write(&mut screen, &good_answer("ChargeCard"));
    screen.keys("<ctrl-s>yl");
    let command = screen.copied().unwrap().to_owned();
    let file: String = command.lines().skip(1).take_while(|line| *line != "END").collect();
    screen.keys("<enter>");
    let (_, subject, plan) = asked(&screen);
    let answers = stepback::tasks::AnswersFile::read(&file, "", None).unwrap();
    let headless = stepback::replay::Edits { answers: Some(answers), ..Default::default() };
    let events = |edits| {
        let mut replay = Replay::of(&subject.0.recording, edits).unwrap();
        while replay.advance(1_000) {}
        replay.finish().events
    };
    let (headless, here) = (events(headless), events(plan.edits(&subject.0).unwrap()));
    let differs = headless.iter().zip(&here).find(|(one, other)| one != other);
    assert_eq!(differs, None);
    assert_eq!(headless.len(), here.len());
}

/// Opens a recording with the cursor in an execution the run started.
fn in_child(name: &str, size: (u16, u16)) -> Screen {
    let mut screen = Screen::shipped(name, size);
    screen.keys("r");
    assert!(screen.text().contains("╭─ replay in "), "{}", screen.text());
    screen
}

#[test]
fn a_started_execution_is_replayed_by_itself() {
    let mut screen = in_child("payouts-child-failed.sfn.json", MIDDLE);
    insta::assert_snapshot!("menu_in_child", screen.text());
    screen.keys("j<enter>");
    play(&mut screen);
    let text = screen.text();
    assert!(text.contains("replay in ") && screen.line("? keys").contains("fidelity "), "{text}");
    screen.keys("n");
    screen.keys("r");
    screen.keys("g<enter>");
    play(&mut screen);
    assert!(screen.text().contains("replay of "), "the first entry is still the whole run: {}", screen.text());
    assert!(screen.text().contains("executions as recorded") || screen.text().contains("execution as recorded"));
}

#[test]
fn an_item_of_a_map_run_is_replayed_with_another_answer() {
    let mut screen = in_child("image-refresh-over-tolerance.sfn.json", MIDDLE);
    choose(&mut screen, "Edit the result of Resize");
    screen.keys("<enter>");
    write(&mut screen, "{\"result\": {\"Payload\": {\"width\": 640}}}");
    screen.keys("<ctrl-s>");
    choose(&mut screen, "Replay from Resize");
    screen.keys("yl");
    let command = screen.copied().unwrap().lines().last().unwrap().to_owned();
    screen.keys("<enter>");
    play(&mut screen);
    insta::assert_snapshot!("fixed_item", screen.text());
    let (_, subject, plan) = asked(&screen);
    let (_, address) = command.split_once("--from ").unwrap();
    let address = address.split_once(" --answers").unwrap().0.trim_matches('\'');
    let (recording, from) = stepback::replay::find_address(&subject.0.recording, address).unwrap();
    assert_eq!(recording.arn(), plan.recording(&subject.0).unwrap().arn(), "the command leads to the same execution");
    assert_eq!(Some(from), plan.edits(&subject.0).unwrap().from);
}

#[test]
fn the_forms_of_an_answer_lead_back_to_what_was_recorded() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    choose(&mut screen, "result of ChargeCard, attempt 3");
    screen.keys("<enter>");
    let recorded = screen.text();
    assert!(recorded.contains("\"error\": \"CardDeclined\""), "{recorded}");
    screen.keys("<ctrl-t>");
    assert!(screen.text().contains("\"result\": {}"), "{}", screen.text());
    screen.keys("7<ctrl-t>");
    assert!(screen.text().contains("\"timeout\": true"), "{}", screen.text());
    screen.keys("<ctrl-t>");
    assert!(screen.text().contains("\"error\": \"CardDeclined\""), "{}", screen.text());
    screen.keys("<ctrl-t>");
    assert!(screen.text().contains("\"result\": 7"), "what was written is there again: {}", screen.text());
}

#[test]
fn an_answer_is_taken_from_the_last_good_run_and_can_be_given_back() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    choose(&mut screen, "result of ChargeCard, attempt 3");
    screen.keys("<enter><ctrl-g>");
    let Some(Effect::Answer(ticket, _, state)) = screen.effects.last().cloned() else {
        panic!("the last good run is to be asked: {:?}", screen.effects)
    };
    assert_eq!(&*state, "ChargeCard");
    let good = GoodAnswer { run: "MH-2026-118429".to_owned(), text: good_answer("ChargeCard") };
    screen.tell(Msg::Answered(ticket, Ok(good.clone())));
    let text = screen.text();
    assert!(text.contains("As in MH-2026-118429.") && text.contains("\"result\""), "{text}");
    screen.keys("<ctrl-t><ctrl-t>");
    assert!(screen.text().contains("\"error\": \"CardDeclined\""), "{}", screen.text());
    // What comes late goes nowhere.
    screen.keys("<ctrl-g><esc><esc>");
    let Some(Effect::Answer(ticket, ..)) = screen.effects.last().cloned() else { panic!("asked again") };
    screen.tell(Msg::Answered(ticket, Ok(good)));
    assert!(!screen.text().contains("As in"), "{}", screen.text());
}

#[test]
fn a_replay_says_first_what_came_of_it_and_opens_as_a_run_of_its_own() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    choose(&mut screen, "result of ChargeCard, attempt 3");
    screen.keys("<enter>");
    write(&mut screen, "{\"error\":\"CardStolen\",\"cause\":\"reported yesterday\"}");
    screen.keys("<ctrl-s><enter>");
    play(&mut screen);
    let text = screen.text();
    let first = text.lines().skip_while(|line| !line.contains("+ replayed")).nth(1).unwrap_or_default();
    assert!(first.contains("Fails ") && first.contains("at "), "{text}");
    screen.keys("O");
    let text = screen.text();
    assert!(text.contains("This is the replayed run.") && text.contains("CardStolen"), "{text}");
    screen.keys("<ctrl-r>");
    assert!(screen.text().contains("not stored anywhere"), "{}", screen.text());
    screen.keys("q");
    assert!(screen.text().contains("+ replayed"), "{}", screen.text());
}

//! The graph and the timeline on the screen.

use super::{DECLINED, FILES, LARGE, MIDDLE, SMALL, Screen, breadcrumb, event};
use serde_json::{Value, json};
use stepback::tui::msg::Mouse;
use stepback::tui::{Effect, Msg};

const ROLLOUT: &str = "rollout-region-timed-out.sfn.json";
const CHILD: &str = "payouts-child-failed.sfn.json";

#[test]
fn the_graph_at_three_sizes() {
    for (name, size) in [("graph_small", SMALL), ("graph_middle", MIDDLE), ("graph_large", LARGE)] {
        insta::assert_snapshot!(name, Screen::shipped(DECLINED, size).keys("vv").text());
    }
}

#[test]
fn the_graph_follows_the_cursor_and_shows_what_comes_later_as_later() {
    let mut screen = Screen::shipped(DECLINED, MIDDLE);
    screen.keys("vv1G");
    assert!(screen.line("○").contains('○'));
    screen.keys("L");
    assert!(screen.line(" graph ").contains("ValidateOrder · Task · succeeded"));
    assert!(screen.text().contains("║ ✔ ValidateOrder ║"), "the state one is in has a double frame");
    screen.keys("83G");
    assert!(screen.text().contains("║ ✖ OrderFailed ║"));
}

#[test]
fn states_are_selected_in_all_directions_and_lead_to_their_visits() {
    let mut screen = Screen::shipped(DECLINED, LARGE);
    screen.keys("vvg");
    assert!(screen.line(" graph ").contains("ValidateOrder"));
    screen.keys("jj");
    assert!(screen.line(" graph ").contains("ReserveStock · Map · succeeded"));
    screen.keys("l");
    assert!(screen.line(" graph ").contains("OrderRejected · Fail · not reached"));
    screen.keys("<enter>");
    assert!(screen.text().contains("OrderRejected was not reached."));
    screen.keys("hj");
    assert!(screen.line(" graph ").contains("ReserveLine · Task"));
    screen.keys("<enter>");
    let first = breadcrumb(&mut screen);
    assert!(first.contains("ReserveStock[2] ▸ ReserveLine"), "{first}");
    screen.keys("<enter>");
    assert_ne!(breadcrumb(&mut screen), first, "again, the next visit");
}

#[test]
fn within_an_iteration_the_graph_shows_that_iteration() {
    let mut screen = Screen::shipped(FILES, MIDDLE);
    // On item 163, where LoadPrices failed: one visit of each state, not those of all 200 items.
    screen.keys("vv");
    assert!(screen.line(" graph ").contains("LoadPrices · Task · failed"));
    assert!(!screen.text().contains("×185"), "{}", screen.text());
    screen.keys("uuu");
    assert!(screen.text().contains("×185"), "{}", screen.text());
}

#[test]
fn containers_fold_and_states_shrink() {
    let mut screen = Screen::shipped(ROLLOUT, LARGE);
    screen.keys("vv");
    assert!(screen.text().contains("SmokeDublin"));
    screen.keys("za");
    assert!(screen.line(" graph ").contains("DeployEverywhere"));
    assert!(!screen.line("▸ Parallel").is_empty());
    screen.keys("zR");
    assert!(screen.text().contains("╭ Task ─────────╮"));
    screen.keys("-");
    assert!(screen.text().contains("[◌ SmokeDublin]"), "{}", screen.text());
    screen.keys("-");
    assert!(screen.text().contains("This is the smallest size."));
}

#[test]
fn what_a_task_started_is_drawn_inside_of_it() {
    let mut screen = Screen::shipped(CHILD, LARGE);
    screen.keys("vv");
    assert!(screen.line("▾ ✖ PaySellers").contains("Task of PayoutBatch"));
    screen.keys("gjjj<enter>");
    assert!(breadcrumb(&mut screen).contains("PaySellers"), "{}", breadcrumb(&mut screen));
}

#[test]
fn a_click_selects_a_state_and_a_second_one_its_visits() {
    let mut screen = Screen::shipped(DECLINED, LARGE);
    screen.keys("vvg");
    let text = screen.text();
    let (row, line) = text.lines().enumerate().find(|(_, line)| line.contains("✔ OrderValid?")).unwrap();
    let column = line.chars().take_while(|c| *c != '✔').count();
    let at = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    screen.tell(Msg::Mouse(Mouse::Click, at.0, at.1));
    assert!(screen.line(" graph ").contains("OrderValid? · Choice"));
    screen.tell(Msg::Mouse(Mouse::Click, at.0, at.1));
    assert!(breadcrumb(&mut screen).ends_with("OrderValid?"));
}

#[test]
fn the_timeline_at_three_sizes() {
    for (name, size) in [("timeline_small", SMALL), ("timeline_middle", MIDDLE), ("timeline_large", LARGE)] {
        insta::assert_snapshot!(name, Screen::shipped(ROLLOUT, size).keys("v").text());
    }
}

#[test]
fn the_failure_that_ends_a_run_is_seen_at_its_end() {
    let mut screen = Screen::shipped(FILES, MIDDLE);
    screen.keys("v");
    // The sign before the name, and the attempt that failed.
    assert_eq!(screen.line("»   ✖ ImportFiles[163]").matches('✖').count(), 2, "{}", screen.text());
}

#[test]
fn among_thousands_of_visits_on_few_columns_a_failure_is_seen() {
    let mut events = vec![json!({ "id": 1, "timestamp": 1_790_000_000.0, "type": "ExecutionStarted" })];
    let mut add = |kind: &str, details: &str, told: Value| {
        let id = events.len() + 1;
        let at = 1_790_000_000.0 + f64::from(u32::try_from(id).unwrap());
        events.push(json!({ "id": id, "previousEventId": id - 1, "timestamp": at, "type": kind, details: told }));
    };
    for number in 0..5_000 {
        let kind = if number == 2_501 { "Task" } else { "Pass" };
        add(&format!("{kind}StateEntered"), "stateEnteredEventDetails", json!({ "name": format!("S{}", number % 9) }));
        if number == 2_501 {
            let what = json!({ "resourceType": "lambda", "resource": "invoke", "region": "eu-west-1" });
            add("TaskScheduled", "taskScheduledEventDetails", what);
            let failed = json!({ "resourceType": "lambda", "resource": "invoke", "error": "Boom" });
            add("TaskFailed", "taskFailedEventDetails", failed);
        }
        add(&format!("{kind}StateExited"), "stateExitedEventDetails", json!({ "name": format!("S{}", number % 9) }));
    }
    let recording = json!({ "format": "stepback/1", "events": events }).to_string();
    let mut screen = Screen::of_text(&recording, MIDDLE);
    screen.keys("vg");
    let text = screen.text();
    let lane = text.lines().find(|line| line.starts_with("│ » ")).unwrap_or_else(|| panic!("{text}"));
    assert_eq!(lane.matches('✖').count(), 1, "{lane}");
    // Every column of the lane is taken by something.
    let bars = lane.trim_start_matches('│').split('│').next().unwrap_or_default().trim_end();
    assert!(bars.chars().skip(20).all(|c| c != ' '), "{lane}");
}

#[test]
fn lanes_are_selected_and_time_is_zoomed() {
    let mut screen = Screen::shipped(ROLLOUT, LARGE);
    screen.keys("v");
    let before = breadcrumb(&mut screen);
    screen.keys("k");
    assert_ne!(breadcrumb(&mut screen), before);
    screen.keys("=");
    assert!(screen.line(" timeline ").contains("50% of the time"), "{}", screen.line(" timeline "));
    screen.keys("--");
    assert!(screen.text().contains("This is the whole run."));
    screen.keys("zz");
    assert!(screen.line(" timeline ").contains("% of the time"));
}

#[test]
fn a_run_plays_by_recorded_time_until_it_ends() {
    let mut screen = Screen::shipped(DECLINED, SMALL);
    screen.keys("v1GPPp");
    assert!(screen.line("critical path").contains("playing at max"));
    let ticks = |screen: &Screen| screen.effects.iter().filter(|effect| matches!(effect, Effect::Tick(_))).count();
    let mut last = ticks(&screen);
    for _ in 0..1000 {
        let Some(Effect::Tick(ticket)) = screen.effects.last().cloned() else { break };
        screen.tell(Msg::Ticked(ticket));
        if ticks(&screen) == last {
            break;
        }
        last = ticks(&screen);
    }
    assert_eq!(event(&mut screen), "84");
    assert!(screen.text().contains("This is the end."));
    screen.keys("1Gp");
    assert_eq!(event(&mut screen), "1");
    screen.keys("<esc>");
    assert!(!screen.line("critical path").contains("playing"));
}

//! What lives in AWS, as lists: state machines, executions with the failed ones first, pages as one scrolls.

use super::{MIDDLE, SMALL, Screen};
use stepback::event::Timestamp;
use stepback::tui::browser::{Cursor, FailureTold, List, Listing, Looked, Machine, Of, Page, Row, Summary};
use stepback::tui::live::{Acting, Live, Site, SiteId};
use stepback::tui::{Effect, Found, Msg, Target, Ticket, Trouble};

const ORDERS: &str = "arn:aws:states:eu-west-1:123456789012:stateMachine:OrderFulfilment";

fn site(region: &str, profile: Option<&str>) -> Site {
    Site {
        profile: profile.map(str::to_owned),
        region: region.to_owned(),
        account: Some("123456789012".to_owned()),
        role: Some("OnCall".to_owned()),
    }
}

/// The screen without a target, in a folder with so many recordings.
fn home(recordings: usize, size: (u16, u16)) -> Screen {
    let mut screen = Screen::waiting(Target::Home(".".into()), Acting::ReadOnly, size);
    let asked = screen.asked();
    let [Effect::Open(ticket, Target::Home(_)), Effect::Connect] = asked.as_slice() else {
        panic!("a folder is to be opened, and AWS to be looked for: {asked:?}")
    };
    let listing = |number: usize| Listing {
        target: Target::Path(format!("run-{number}.sfn.json").into()),
        label: format!("run-{number}.sfn.json"),
        row: Row::Execution(Summary {
            name: format!("run-{number}"),
            status: "FAILED".to_owned(),
            ..Summary::default()
        }),
    };
    let found = Found::Folder("incidents".to_owned(), (0..recordings).map(listing).collect());
    screen.tell(Msg::Opened(*ticket, Ok(found)));
    screen
}

fn at(time: &str) -> Timestamp {
    Timestamp::parse_iso(&format!("2026-11-20T{time}Z")).unwrap()
}

fn page(listings: Vec<Listing>, next: Option<&str>) -> Result<Page, Trouble> {
    Ok(Page { listings, next: next.map(|next| Cursor(next.to_owned())), at: at("12:00:00"), found: None })
}

fn machine(name: &str, site: usize, place: &str) -> Listing {
    let arn = ORDERS.replace("OrderFulfilment", name);
    let machine = Machine {
        name: name.to_owned(),
        kind: "STANDARD".to_owned(),
        created: Some(at("03:00:00")),
        site: place.to_owned(),
    };
    Listing {
        target: Target::Live(Live { site: Some(SiteId(site)), arn }),
        label: name.to_owned(),
        row: Row::Machine(machine),
    }
}

fn execution(name: &str, status: &str, started: &str) -> Listing {
    let arn = format!("arn:aws:states:eu-west-1:123456789012:execution:OrderFulfilment:{name}");
    let failed = status != "SUCCEEDED" && status != "RUNNING";
    let summary = Summary {
        name: name.to_owned(),
        status: status.to_owned(),
        started: Some(at(started)),
        stopped: (status != "RUNNING").then(|| at("11:59:59")),
        failure: if failed { FailureTold::NotYet } else { FailureTold::Told },
        ..Summary::default()
    };
    let target = Target::Live(Live { site: Some(SiteId(0)), arn });
    Listing { target, label: name.to_owned(), row: Row::Execution(summary) }
}

/// Returns the pages that are asked for.
fn pages(effects: &[Effect]) -> Vec<(Ticket, List, Option<Cursor>)> {
    let page = |effect: &Effect| match effect {
        Effect::Page(ticket, list, cursor) => Some((*ticket, list.clone(), cursor.clone())),
        _ => None,
    };
    effects.iter().filter_map(page).collect()
}

/// The state machines of one region.
fn machines(size: (u16, u16)) -> Screen {
    let mut screen = home(0, size);
    screen.tell(Msg::Connected(Ok(vec![site("eu-west-1", None)])));
    let asked = pages(&screen.asked());
    let [(ticket, List { of: Of::Machines, site: Some(SiteId(0)), .. }, None)] = asked.as_slice() else {
        panic!("the machines are to be listed: {asked:?}")
    };
    let listings = vec![machine("OrderFulfilment", 0, "eu-west-1"), machine("NightlyImport", 0, "eu-west-1")];
    screen.tell(Msg::Paged(*ticket, page(listings, None)));
    screen
}

/// The executions of a machine: two failed, one timed out, one running, many that succeeded.
fn executions(size: (u16, u16)) -> Screen {
    let mut screen = machines(size);
    screen.keys("<enter>");
    for (ticket, list, _) in pages(&screen.asked()) {
        let (listings, next) = match list.status {
            Some("FAILED") => (
                vec![execution("nightly-1120", "FAILED", "10:00:00"), execution("nightly-1118", "FAILED", "08:00:00")],
                None,
            ),
            Some("TIMED_OUT") => (vec![execution("import-7", "TIMED_OUT", "09:00:00")], None),
            Some("RUNNING") => (vec![execution("nightly-1121", "RUNNING", "11:00:00")], None),
            Some("SUCCEEDED") => {
                let good = (0..60).map(|it| execution(&format!("good-{it}"), "SUCCEEDED", "07:00:00"));
                (good.collect(), Some("page 2"))
            }
            _ => (Vec::new(), None),
        };
        screen.tell(Msg::Paged(ticket, page(listings, next)));
    }
    screen
}

#[test]
fn without_credentials_recordings_are_there_and_it_is_said_calmly() {
    let trouble = || Trouble {
        message: "No AWS credentials were found.".to_owned(),
        hint: Some("Log in with 'aws sso login'.".to_owned()),
    };
    let mut screen = home(2, SMALL);
    screen.tell(Msg::Connected(Err(trouble())));
    assert!(screen.text().contains("Recordings only: No AWS credentials were found."), "{}", screen.text());
    assert!(screen.text().contains("run-1"));
    let mut screen = home(0, SMALL);
    assert!(screen.text().contains("Looking for AWS credentials…"));
    screen.tell(Msg::Connected(Err(trouble())));
    insta::assert_snapshot!(screen.text());
}

#[test]
fn recordings_and_aws_take_turns() {
    let mut screen = home(2, SMALL);
    assert!(screen.line("stepback  ").contains("2 recordings"));
    screen.tell(Msg::Connected(Ok(vec![site("eu-west-1", None)])));
    assert!(screen.text().contains("run-1"), "{}", screen.text());
    assert!(screen.line("stepback  ").contains("eu-west-1 1234-5678-9012 OnCall read-only"), "{}", screen.text());
    assert!(pages(&screen.asked()).is_empty(), "nothing is asked before somebody looks");
    screen.keys("<tab>");
    assert!(screen.text().contains("Asking AWS for the state machines…"), "{}", screen.text());
    let asked = pages(&screen.asked());
    screen.tell(Msg::Paged(asked[0].0, page(vec![machine("Orders", 0, "eu-west-1")], None)));
    assert!(screen.line("Orders").contains("standard"));
    screen.keys("<tab>");
    assert!(screen.text().contains("run-1"));
}

#[test]
fn machines_in_the_small_and_the_middle() {
    insta::assert_snapshot!("machines_small", machines(SMALL).text());
    insta::assert_snapshot!("machines_middle", machines(MIDDLE).text());
}

#[test]
fn several_places_stand_side_by_side() {
    let mut screen = home(0, MIDDLE);
    screen.tell(Msg::Connected(Ok(vec![site("eu-west-1", Some("prod")), site("us-east-1", Some("prod"))])));
    for (ticket, list, _) in pages(&screen.asked()).into_iter().rev() {
        let place = ["prod eu-west-1", "prod us-east-1"][list.site.unwrap().0];
        screen.tell(Msg::Paged(ticket, page(vec![machine("Orders", list.site.unwrap().0, place)], None)));
    }
    let text = screen.text();
    let rows: Vec<&str> = text.lines().filter(|line| line.contains("Orders")).collect();
    assert!(rows[0].contains("prod eu-west-1") && rows[1].contains("prod us-east-1"), "{text}");
    assert!(screen.line("stepback  ").contains("2 places read-only"));
    screen.keys("j<enter>");
    assert!(screen.line("stepback  ").contains("prod us-east-1 1234-5678-9012 OnCall read-only"), "{}", screen.text());
    assert!(pages(&screen.asked()).iter().all(|(_, list, _)| list.site == Some(SiteId(1))));
}

#[test]
fn executions_that_failed_come_first() {
    insta::assert_snapshot!("executions_small", executions(SMALL).text());
    insta::assert_snapshot!("executions_middle", executions(MIDDLE).text());
}

#[test]
fn where_and_why_is_asked_of_what_is_visible() {
    let mut screen = executions(MIDDLE);
    let asked = screen.asked();
    let told = asked.iter().rev().find_map(|effect| match effect {
        Effect::Tell(lives) => Some(lives.clone()),
        _ => None,
    });
    let told = told.unwrap();
    assert_eq!(told.iter().map(Live::name).collect::<Vec<_>>(), ["nightly-1120", "nightly-1118", "import-7"]);
    assert!(screen.line("nightly-1120").contains('…'));
    screen.tell(Msg::Told(told[0].clone(), Some(("ChargeCard".to_owned(), "Card.Declined".to_owned()))));
    screen.tell(Msg::Told(told[1].clone(), None));
    assert!(screen.line("nightly-1120").contains("ChargeCard"), "{}", screen.text());
    assert!(!screen.line("nightly-1118").contains('…'));
    assert!(!screen.asked().iter().any(|effect| matches!(effect, Effect::Tell(_))), "nothing is asked twice");
}

#[test]
fn the_next_page_comes_when_the_end_is_near() {
    let mut screen = executions(SMALL);
    screen.asked();
    screen.keys("jjj");
    assert!(pages(&screen.asked()).is_empty());
    screen.keys("G");
    let asked = pages(&screen.asked());
    let [(ticket, list, Some(Cursor(cursor)))] = asked.as_slice() else { panic!("a page is wanted: {asked:?}") };
    assert_eq!((list.status, cursor.as_str()), (Some("SUCCEEDED"), "page 2"));
    assert!(screen.text().contains("64 executions so far…"), "{}", screen.text());
    screen.tell(Msg::Paged(*ticket, page(vec![execution("older", "SUCCEEDED", "06:00:00")], None)));
    assert!(screen.text().contains("65 executions"), "{}", screen.text());
    screen.keys("G");
    assert!(screen.text().contains("older"));
}

#[test]
fn what_is_more_urgent_comes_in_above_and_the_cursor_stays() {
    let mut screen = machines(SMALL);
    screen.keys("<enter>");
    let asked = pages(&screen.asked());
    let ticket = |status: &str| asked.iter().find(|(_, list, _)| list.status == Some(status)).unwrap().0;
    let good = vec![execution("good-1", "SUCCEEDED", "07:00:00"), execution("good-2", "SUCCEEDED", "07:00:00")];
    screen.tell(Msg::Paged(ticket("SUCCEEDED"), page(good, None)));
    screen.keys("j");
    screen.tell(Msg::Paged(ticket("FAILED"), page(vec![execution("bad", "FAILED", "07:00:00")], None)));
    screen.keys("<enter>");
    let opened = screen.asked();
    assert!(
        matches!(opened.last(), Some(Effect::Open(_, Target::Live(live))) if live.name() == "good-2"),
        "{opened:?}"
    );
}

#[test]
fn aws_applies_what_it_can_of_a_filter() {
    let mut screen = executions(MIDDLE);
    screen.asked();
    screen.keys("/status:failed redriven nightly");
    assert!(pages(&screen.asked()).is_empty(), "nothing is asked while one types");
    screen.keys("<enter>");
    let asked = pages(&screen.asked());
    let [(ticket, list, None)] = asked.as_slice() else { panic!("one list is wanted: {asked:?}") };
    assert_eq!((list.status, list.redriven), (Some("FAILED"), Some(true)));
    let mut redriven = execution("nightly-1", "FAILED", "07:00:00");
    if let Row::Execution(summary) = &mut redriven.row {
        summary.redrives = 2;
    }
    screen.tell(Msg::Paged(*ticket, page(vec![redriven, execution("import", "FAILED", "07:00:00")], None)));
    let text = screen.text();
    assert!(text.contains("nightly-1 (redriven 2×)") && !text.contains("import"), "{text}");
    assert!(text.contains("1 of 2 with \"status:failed redriven nightly\""), "{text}");
    screen.keys("<esc>");
    assert!(pages(&screen.asked()).is_empty(), "nothing is read twice");
    assert!(screen.text().contains("64 executions so far"), "{}", screen.text());
    screen.keys("/redriven<enter>");
    assert_eq!(pages(&screen.asked()).len(), 4, "of what was read before, the failed ones are there");
    assert!(screen.text().contains("1 of 2"), "{}", screen.text());
}

/// Returns the executions that are asked why they failed, of the last question.
fn looked_into(effects: &[Effect]) -> Option<Vec<Live>> {
    effects.iter().rev().find_map(|effect| match effect {
        Effect::Tell(lives) => Some(lives.clone()),
        _ => None,
    })
}

/// A machine of which so many executions failed, on pages of 100.
fn failed(count: usize) -> Screen {
    let mut screen = machines(MIDDLE);
    screen.keys("<enter>");
    for (ticket, list, _) in pages(&screen.asked()) {
        let bad = list.status == Some("FAILED");
        let rows =
            (0..if bad { count.min(100) } else { 0 }).map(|it| execution(&format!("bad-{it}"), "FAILED", "07:00:00"));
        let next = (bad && count > 100).then_some("100");
        screen.tell(Msg::Paged(ticket, page(rows.collect(), next)));
    }
    screen
}

#[test]
fn a_filter_by_error_looks_into_what_failed_and_says_how_far() {
    let mut screen = failed(600);
    for live in looked_into(&screen.asked()).unwrap() {
        screen.tell(Msg::Told(live, None));
    }
    screen.keys("/error:Declined<enter>");
    let mut looked = 0;
    while let Some(lives) = looked_into(&screen.asked()) {
        assert!(lives.len() <= 40, "not all at once");
        for live in lives {
            looked += 1;
            let error = if live.name() == "bad-77" { "Card.Declined" } else { "States.Timeout" };
            screen.tell(Msg::Told(live, Some(("Charge".to_owned(), error.to_owned()))));
        }
    }
    assert_eq!(looked, 64, "the first page but for what was on the screen");
    assert!(screen.line("bad-77").contains("Card.Declined"), "{}", screen.text());
    assert!(screen.text().contains("1 of 100 so far"), "{}", screen.text());
}

#[test]
fn the_search_stops_at_its_budget_and_goes_on_when_asked() {
    let mut screen = failed(600);
    for live in looked_into(&screen.asked()).unwrap() {
        screen.tell(Msg::Told(live, None));
    }
    screen.keys("/error:Declined<enter>");
    let mut looked = 0;
    // Answers that find nothing, and pages as they are wanted, until nothing more is asked.
    loop {
        let asked = screen.asked();
        let (wanted, lives) = (pages(&asked), looked_into(&asked).unwrap_or_default());
        if wanted.is_empty() && lives.is_empty() {
            break;
        }
        for (ticket, _, cursor) in wanted {
            let from: usize = cursor.unwrap().0.parse().unwrap();
            let rows = (from..from + 100).map(|it| execution(&format!("bad-{it}"), "FAILED", "07:00:00"));
            let next = (from + 100 < 600).then(|| (from + 100).to_string());
            screen.tell(Msg::Paged(ticket, page(rows.collect(), next.as_deref())));
        }
        for live in lives {
            looked += 1;
            screen.tell(Msg::Told(live, None));
        }
    }
    assert_eq!(looked, 200);
    let words = "0 with \"error:Declined\", searched 236 of 300; G goes on";
    assert!(screen.text().contains(words), "{}", screen.text());
    screen.keys("G");
    assert!(looked_into(&screen.asked()).is_some() && screen.text().contains("esc stops"), "{}", screen.text());
    screen.keys("<esc>");
    assert!(screen.text().contains("Stopped at 300 rows; G goes on."), "{}", screen.text());
    assert!(screen.asked().is_empty());
    screen.keys("<esc>");
    assert!(screen.text().contains("300 executions"), "what was loaded is there: {}", screen.text());
}

#[test]
fn unknown_words_of_a_filter_are_told_with_the_known_ones() {
    let mut screen = executions(MIDDLE);
    screen.keys("/status:bogus<enter>");
    assert!(
        screen.text().contains("\"bogus\" is not a status. Known: failed, timed_out, aborted"),
        "{}",
        screen.text()
    );
    assert!(screen.text().contains("nightly-1120"), "it narrows nothing down");
    screen.keys("/<ctrl-u>since:soon<enter>");
    assert!(screen.text().contains("\"soon\" is not a time. Known: 45m, 2h"), "{}", screen.text());
}

#[test]
fn a_row_has_alias_and_version() {
    let mut screen = machines(MIDDLE);
    screen.keys("<enter>");
    let through = |name: &str, alias: &str, version: &str| {
        let mut row = execution(name, "FAILED", "10:00:00");
        if let Row::Execution(summary) = &mut row.row {
            (summary.alias, summary.version) = (alias.to_owned(), version.to_owned());
        }
        row
    };
    for (ticket, list, _) in pages(&screen.asked()) {
        let rows = match list.status {
            Some("FAILED") => vec![through("a", "live", "2"), through("b", "", "2"), through("c", "live", "3")],
            _ => Vec::new(),
        };
        screen.tell(Msg::Paged(ticket, page(rows, None)));
    }
    assert!(screen.line(" a ").contains("live:2") && screen.line(" b ").contains(" 2 "), "{}", screen.text());
    screen.asked();
    screen.keys("/version:2<enter>");
    assert!(screen.text().contains("live:2") && !screen.text().contains("live:3"), "{}", screen.text());
    let asked = pages(&screen.asked());
    assert!(asked.iter().all(|(_, list, _)| list.qualifier.as_deref() == Some("2")), "{asked:?}");
    let (ticket, ..) = asked[0];
    screen.tell(Msg::Paged(ticket, page(vec![through("a", "live", "2"), through("d", "live", "2")], None)));
    let text = screen.text();
    assert_eq!(text.matches(" FAILED").count() + text.matches("✖ failed").count(), 3, "a, d and b, each once: {text}");
}

#[test]
fn a_long_run_that_failed_just_now_is_since_then() {
    let mut screen = machines(MIDDLE);
    screen.keys("<enter>");
    let asked = pages(&screen.asked());
    let ended = |name: &str, started: &str, stopped: &str| {
        let mut row = execution(name, "FAILED", started);
        if let Row::Execution(summary) = &mut row.row {
            summary.stopped = Some(at(stopped));
        }
        row
    };
    // By the end, the latest first, as AWS lists what has ended.
    let rows = vec![
        ended("long", "01:00:00", "11:58:00"),
        ended("short", "11:50:00", "11:51:00"),
        ended("old", "07:00:00", "07:01:00"),
    ];
    for (ticket, list, _) in asked {
        let failed = list.status == Some("FAILED");
        screen.tell(Msg::Paged(ticket, page(if failed { rows.clone() } else { Vec::new() }, failed.then_some("f2"))));
    }
    let asked = pages(&screen.asked());
    let [(ticket, ..)] = asked.as_slice() else { panic!("there is room for more: {asked:?}") };
    screen.keys("/since:1h<enter>");
    let text = screen.text();
    assert!(text.contains("long") && text.contains("short") && !text.contains(" old "), "{text}");
    screen.tell(Msg::Paged(*ticket, page(vec![ended("older", "06:00:00", "06:01:00")], Some("f3"))));
    screen.keys("G");
    assert!(pages(&screen.asked()).is_empty(), "nothing behind it can fit");
    screen.keys("<esc>G");
    assert_eq!(pages(&screen.asked()).len(), 1, "without the filter there is more");
}

#[test]
fn going_to_the_end_reads_all_pages_and_can_be_stopped() {
    let mut screen = executions(SMALL);
    screen.asked();
    screen.keys("G");
    let mut read = 0;
    while let [(ticket, ..)] = pages(&screen.asked()).as_slice() {
        read += 1;
        let rows = (0..100).map(|it| execution(&format!("old-{read}-{it}"), "SUCCEEDED", "06:00:00"));
        screen.tell(Msg::Paged(*ticket, page(rows.collect(), (read < 24).then_some("more"))));
        if read == 3 {
            assert!(screen.text().contains("364 executions so far… esc stops"), "{}", screen.text());
        }
    }
    assert_eq!(read, 24, "the true end");
    assert!(screen.text().contains("2,464 executions") && screen.text().contains("old-24-99"), "{}", screen.text());
}

#[test]
fn an_express_machine_is_listed_from_its_log() {
    let mut screen = home(0, MIDDLE);
    screen.tell(Msg::Connected(Ok(vec![site("eu-west-1", None)])));
    let mut express = machine("Checkout", 0, "eu-west-1");
    if let Row::Machine(machine) = &mut express.row {
        machine.kind = "EXPRESS".to_owned();
    }
    let (ticket, ..) = pages(&screen.asked())[0].clone();
    screen.tell(Msg::Paged(ticket, page(vec![express], None)));
    screen.keys("<enter>");
    let asked = pages(&screen.asked());
    let [(ticket, list, None)] = asked.as_slice() else { panic!("one question, not five: {asked:?}") };
    assert!(matches!(&list.of, Of::Express(arn) if arn.ends_with(":Checkout")), "{list:?}");
    let found = Looked { words: "log of the last hour, 1.2 MB scanned by Insights".to_owned(), gaps: Vec::new() };
    let nothing = Page { listings: Vec::new(), next: None, at: at("12:00:00"), found: Some(found.clone()) };
    screen.tell(Msg::Paged(*ticket, Ok(nothing)));
    assert!(screen.text().contains("No executions of Checkout: log of the last hour, 1.2 MB"), "{}", screen.text());
    screen.keys("/since:24h<enter>");
    let asked = pages(&screen.asked());
    let [(ticket, list, None)] = asked.as_slice() else { panic!("the log is looked through again: {asked:?}") };
    assert!(!list.window.is_open());
    let mut row = execution("checkout-1", "FAILED", "10:00:00");
    if let Row::Execution(summary) = &mut row.row {
        (summary.failure, summary.error) = (FailureTold::Told, "Bad".to_owned());
    }
    let some = Page { listings: vec![row], next: None, at: at("12:00:00"), found: Some(found) };
    screen.tell(Msg::Paged(*ticket, Ok(some)));
    assert!(screen.line("checkout-1").contains("Bad") && screen.text().contains("1.2 MB scanned"), "{}", screen.text());
}

#[test]
fn a_list_that_cannot_be_read_says_what_is_missing() {
    let mut screen = machines(SMALL);
    screen.keys("<enter>");
    for (ticket, ..) in pages(&screen.asked()) {
        let trouble = Trouble {
            message: "AWS refuses: OnCall may not states:ListExecutions.".to_owned(),
            hint: Some("Allow states:ListExecutions in a policy of the caller.".to_owned()),
        };
        screen.tell(Msg::Paged(ticket, Err(trouble)));
    }
    insta::assert_snapshot!(screen.text());
    screen.keys("<ctrl-r>");
    assert_eq!(pages(&screen.asked()).len(), 5);
}

#[test]
fn a_machine_on_the_command_line_is_its_executions() {
    let live = Live::new(ORDERS);
    let mut screen = Screen::waiting(Target::Live(live), Acting::ReadOnly, SMALL);
    assert!(screen.text().contains("in eu-west-1 1234-5678-9012"), "{}", screen.text());
    let Effect::Open(ticket, _) = screen.asked()[0].clone() else { panic!("it is to be opened") };
    screen.tell(Msg::Connected(Ok(vec![site("eu-west-1", None)])));
    let of = Of::Executions(ORDERS.to_owned());
    screen.tell(Msg::Opened(ticket, Ok(Found::Account("OrderFulfilment".to_owned(), of, Some(SiteId(0))))));
    assert!(screen.text().contains("Asking AWS for the executions of OrderFulfilment…"), "{}", screen.text());
    let asked = pages(&screen.asked());
    assert_eq!(asked.len(), 5);
    for (ticket, ..) in asked {
        screen.tell(Msg::Paged(ticket, page(Vec::new(), None)));
    }
    assert!(screen.text().contains("OrderFulfilment has not been executed in the last 90 days."), "{}", screen.text());
}

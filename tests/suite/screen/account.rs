//! What lives in AWS, as lists: state machines, executions with the failed ones first, pages as one scrolls.

use super::{MIDDLE, SMALL, Screen};
use stepback::event::Timestamp;
use stepback::tui::browser::{Cursor, FailureTold, List, Listing, Machine, Of, Page, Row, Summary};
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
    Ok(Page { listings, next: next.map(|next| Cursor(next.to_owned())), at: at("12:00:00") })
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
    assert_eq!(pages(&screen.asked()).len(), 5, "everything is listed again");
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

//! Questions to a history: events of visits, the world at an event.

use super::*;

fn id(number: u32) -> EventId {
    EventId::new(number).unwrap()
}

fn history(text: &str) -> History {
    read(text).into_iter().collect()
}

const TWO_ITEMS: &str = r#"
1 ExecutionStarted in={"root":1}
2 PassStateEntered Set in={"a":0}
3<2 PassStateExited Set assign={"x":"1","y":"2"}
4<3 MapStateEntered M in={"items":[1,2]}
5<4 MapStateStarted length=2
6<5 MapIterationStarted M[0]
7<5 MapIterationStarted M[1]
8<6 PassStateEntered A in=10
9<8 PassStateExited A assign={"x":"10"}
10<7 TaskStateEntered A in=20
11<9 TaskStateEntered T in=30
12<11 TaskScheduled lambda:invoke in={"p":1}
13<12 TaskStarted lambda:invoke
14<13 TaskFailed lambda:invoke error=E
15<14 TaskScheduled lambda:invoke
"#;

#[test]
fn events_lead_along_their_visit_and_attempt() {
    let mut history = history(TWO_ITEMS);
    let visit = history.visit_of(id(13)).unwrap();
    assert_eq!(history.duration_micros(visit), None, "nobody knows how long what goes on has taken");
    history.set_seen(history.last_at().unwrap());
    let numbers = |events: Vec<&Event>| events.into_iter().map(|event| event.id.get()).collect::<Vec<_>>();
    assert_eq!(numbers(history.events_of(visit).collect()), [11, 12, 13, 14, 15]);
    let attempts = &history.visit(visit).attempts;
    assert_eq!(numbers(history.events_of_attempt(attempts[0]).collect()), [12, 13, 14]);
    assert_eq!(numbers(history.events_of_attempt(attempts[1]).collect()), [15]);
    assert_eq!(history.previous_of_visit(id(11)), None);
    assert_eq!(history.next_of_visit(id(14)), Some(id(15)));
    assert_eq!(history.visit_of(id(7)), history.visit_of(id(4)), "an iteration's start belongs to its Map");
    let path: Vec<_> = history.path_of(visit).into_iter().map(|visit| &*history.visit(visit).name).collect();
    assert_eq!(path, ["M", "T"]);
    assert_eq!(history.attempt_input(attempts[0]).unwrap().text(), r#"{"p":1}"#);
    assert_eq!(history.duration_micros(visit), Some(4_000_000));
}

#[test]
fn world_has_the_variables_of_its_flow() {
    let history = history(TWO_ITEMS);
    let at = |number: u32| {
        let world = history.world_at(id(number)).unwrap();
        let variables = world.variables();
        let variables: Vec<_> = variables.iter().map(|v| format!("{}={}", v.name, v.value.text())).collect();
        (variables.join(" "), world.input().unwrap().text().to_owned())
    };
    assert_eq!(at(1), (String::new(), r#"{"root":1}"#.to_owned()));
    assert_eq!(at(2), (String::new(), r#"{"a":0}"#.to_owned()));
    assert_eq!(at(4), ("x=1 y=2".to_owned(), r#"{"items":[1,2]}"#.to_owned()));
    assert_eq!(at(8), ("x=1 y=2".to_owned(), "10".to_owned()));
    assert_eq!(at(11), ("x=10 y=2".to_owned(), "30".to_owned()));
    assert_eq!(at(10), ("x=1 y=2".to_owned(), "20".to_owned()), "other iterations see their own");
    assert_eq!(history.world_at(id(11)).unwrap().elapsed_micros(), 10_000_000);
}

#[test]
fn world_knows_what_is_open_and_what_is_not_entered_yet() {
    let history = history(TWO_ITEMS);
    let open = |number: u32| {
        let open = history.world_at(id(number)).unwrap().open();
        open.into_iter().map(|visit| history.visit(visit).name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(open(1), Vec::<String>::new());
    assert_eq!(open(2), ["Set"]);
    assert_eq!(open(3), Vec::<String>::new());
    assert_eq!(open(8), ["M", "A"]);
    assert_eq!(open(15), ["M", "A", "T"]);
    let later = history.visit_of(id(11)).unwrap();
    assert_eq!(history.world_at(id(10)).unwrap().outcome(later), None);
    assert_eq!(history.world_at(id(11)).unwrap().outcome(later), Some(Outcome::Open));
}

#[test]
fn world_before_a_redrive_has_the_end_the_redrive_undid() {
    let history = history(
        "1 ExecutionStarted\n2 TaskStateEntered T\n3<2 ActivityScheduled\n4<3 ActivityFailed error=E\n\
         5<4 ExecutionFailed error=E\n6<5 ExecutionRedriven\n7<2 ActivityScheduled\n8<7 ActivitySucceeded\n9<8 TaskStateExited T",
    );
    let visit = history.visit_of(id(2)).unwrap();
    let outcome = |number: u32| history.world_at(id(number)).unwrap().outcome(visit);
    assert_eq!(outcome(3), Some(Outcome::Open));
    assert_eq!(outcome(5), Some(Outcome::Failed { by: id(4) }));
    assert_eq!(outcome(6), Some(Outcome::Failed { by: id(4) }));
    assert_eq!(outcome(7), Some(Outcome::Open));
    assert_eq!(outcome(9), Some(Outcome::Exited));
}

#[test]
fn branches_are_labelled_by_the_definition() {
    let mut history = history(
        "1 ExecutionStarted\n2 ParallelStateEntered P\n3<2 ParallelStateStarted\n4<3 PassStateEntered Second\n5<3 PassStateEntered First",
    );
    let indexes = |history: &History| history.scopes().filter_map(|(_, scope)| scope.index()).collect::<Vec<_>>();
    assert_eq!(indexes(&history), [0, 1]);
    history.label_branches(|_, first| {
        ["First", "Second"].iter().position(|name| *name == first).map(|place| place as u32)
    });
    assert_eq!(indexes(&history), [1, 0]);
}

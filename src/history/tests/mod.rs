//! Histories in a compact notation, folded, against the visits they should give.

mod corpus;
mod gaps;
pub(crate) mod notation;
mod properties;
mod queries;

use super::*;
use notation::{describe, read};

/// Runs the cases of a file: `== title`, events, `---`, what they should be read as.
fn run(cases: &str) {
    let mut wrong = Vec::new();
    for case in cases.split("== ").filter(|case| !case.trim().is_empty()) {
        let (title, rest) = case.split_once('\n').expect("a case has a title line");
        let (events, expected) = rest.split_once("---\n").expect("a case has --- between events and expectation");
        let found = describe(&read(events).into_iter().collect());
        if found.trim_end() != expected.trim_end() {
            wrong.push(format!("== {title}\nexpected:\n{}\nfound:\n{found}", expected.trim_end()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn states_and_tasks_follow_each_other() {
    run(include_str!("cases/sequences.txt"));
}

#[test]
fn maps_and_parallels_hold_their_flows() {
    run(include_str!("cases/containers.txt"));
}

#[test]
fn redrives_take_up_what_had_ended() {
    run(include_str!("cases/redrive.txt"));
}

#[test]
fn odd_histories_give_anomalies_and_sensible_visits() {
    run(include_str!("cases/odd.txt"));
}

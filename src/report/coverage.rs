//! What of a machine was gone through, and what never was.
//!
//! ```text
//! Orders: 12 executions
//!   states         9 of 10   90 %
//!   transitions    8 of 11   73 %
//!   choice rules    2 of 3   67 %
//! Never tried:
//!   state        Refund
//!   choice rule  Check: Choices[1] → Refund  $.total > 100
//!   retrier      Charge: Retry[0]  Card.Network
//! ```

use super::page::{Page, Paper, Role};
use super::quantity::{count, counted};
use super::words::shown;
use crate::analysis::coverage::{Counted, Coverage, Part, PartKind};
use serde_json::{Map, Value, json};

/// Columns of the words in front.
const WORD: usize = 14;

/// Parts that were never gone through and are listed by name.
const LISTED: usize = 200;

/// Returns what was gone through as lines of text.
pub fn coverage(coverage: &Coverage, paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    let executions = counted(coverage.executions, "execution", "executions");
    page.line(&[(Role::Strong, &shown(&coverage.machine)), (Role::Plain, &format!(": {executions}"))]);
    for kind in PartKind::ALL {
        let (gone, all) = coverage.share(kind);
        if all > 0 {
            let (noun, share) = (format!("{}s", kind.noun()), format!("{} of {}", count(gone), count(all)));
            let percent = gone * 100 / all;
            let role = if gone == all { Role::Succeeded } else { Role::Changed };
            page.line(&[(Role::Plain, &format!("  {noun:<WORD$}{share:>12}  ")), (role, &format!("{percent:>3} %"))]);
        }
    }
    let never: Vec<_> = coverage.parts().filter(|(_, counted)| counted.times == 0).collect();
    if !never.is_empty() {
        page.line(&[(Role::Plain, "Never tried:")]);
    }
    for (part, counted) in never.iter().take(LISTED) {
        let noun = part.kind().noun();
        let (what, label) = words(part, counted, paper);
        page.line(&[(Role::Dim, &format!("  {noun:<WORD$}")), (Role::Plain, &what), (Role::Dim, &label)]);
    }
    if never.len() > LISTED {
        page.line(&[(Role::Dim, &format!("  and {} more", count(never.len() - LISTED)))]);
    }
    page.into_lines()
}

/// Returns what a part is called, and what it is for.
fn words(part: &Part, counted: &Counted, paper: Paper) -> (String, String) {
    let arrow = if paper.unicode { "→" } else { "->" };
    let next = counted.next.as_deref().map(|next| format!(" {arrow} {}", shown(next))).unwrap_or_default();
    let label = if counted.label.is_empty() { String::new() } else { format!("  {}", shown(&counted.label)) };
    match part {
        Part::State(name) => (shown(name), String::new()),
        Part::Transition { from, to, catches } => {
            let how = if *catches { "  by a catcher" } else { "" };
            (format!("{} {arrow} {}", shown(from), shown(to)), how.to_owned())
        }
        Part::Rule(state, Some(rule)) => (format!("{}: Choices[{rule}]{next}", shown(state)), label),
        Part::Rule(state, None) => (format!("{}: Default{next}", shown(state)), String::new()),
        Part::Retrier(state, place) => (format!("{}: Retry[{place}]", shown(state)), label),
        Part::Catcher(state, place) => (format!("{}: Catch[{place}]{next}", shown(state)), label),
    }
}

/// Returns the same as JSON (format stepback.coverage/1).
pub fn coverage_json(coverage: &Coverage) -> Value {
    let mut told = Map::new();
    told.insert("format".to_owned(), Value::from("stepback.coverage/1"));
    told.insert("machine".to_owned(), Value::from(coverage.machine.as_str()));
    told.insert("executions".to_owned(), Value::from(coverage.executions));
    let members = ["states", "transitions", "rules", "retriers", "catchers"];
    for (kind, member) in PartKind::ALL.into_iter().zip(members) {
        let (gone, all) = coverage.share(kind);
        told.insert(member.to_owned(), json!({ "covered": gone, "all": all }));
    }
    let parts = coverage.parts().map(|(part, counted)| part_json(part, counted));
    told.insert("parts".to_owned(), parts.collect());
    Value::Object(told)
}

fn part_json(part: &Part, counted: &Counted) -> Value {
    let (next, times) = (counted.next.as_deref(), counted.times);
    let label = Some(counted.label.as_str()).filter(|label| !label.is_empty());
    match part {
        Part::State(name) => json!({ "kind": "state", "state": &**name, "times": times }),
        Part::Transition { from, to, catches } => {
            json!({ "kind": "transition", "state": &**from, "next": &**to, "catches": catches, "times": times })
        }
        Part::Rule(state, rule) => {
            json!({ "kind": "rule", "state": &**state, "index": rule, "next": next, "condition": label, "times": times })
        }
        Part::Retrier(state, place) => {
            json!({ "kind": "retrier", "state": &**state, "index": place, "errors": label, "times": times })
        }
        Part::Catcher(state, place) => {
            json!({ "kind": "catcher", "state": &**state, "index": place, "next": next, "errors": label, "times": times })
        }
    }
}

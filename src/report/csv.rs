//! Visits and events as rows of comma-separated values (RFC 4180).

use super::words::breadcrumb;
use crate::analysis::Place;
use crate::analysis::Status;
use crate::analysis::timeline::span;
use crate::event::Timestamp;
use crate::history::{Family, MemberId};

const VISITS: &str = "execution,place,state,type,status,entered,ended,milliseconds,attempts,error,entered_event,ended_event,input_bytes,output_bytes";
const EVENTS: &str = "execution,id,previous,time,type,place,error";

/// Returns a row for each visit of each execution of a family, in the order they were entered.
pub fn visits_csv(family: &Family) -> String {
    let mut rows = Rows::new(VISITS);
    for (id, member) in family.members() {
        let history = &member.history;
        for (visit, known) in history.visits() {
            let times = span(history, visit);
            let failure = known.outcome.failure().and_then(|event| history.failure_at(event));
            let ended = times.filter(|_| !known.outcome.is_open());
            rows.add(&[
                execution(family, id),
                breadcrumb(&Place::of_visit(family, id, visit)),
                known.name.to_string(),
                known.kind.name().to_owned(),
                Status::of_visit(history, visit).word().to_owned(),
                times.map(|(from, _)| from.to_string()).unwrap_or_default(),
                ended.map(|(_, to)| to.to_string()).unwrap_or_default(),
                ended.map(milliseconds).unwrap_or_default(),
                known.attempts.len().to_string(),
                failure.and_then(|failure| failure.error.as_deref()).unwrap_or_default().to_owned(),
                known.entered.map(|event| event.to_string()).unwrap_or_default(),
                known.ended.map(|event| event.to_string()).unwrap_or_default(),
                history.input(visit).map(|payload| payload.size().to_string()).unwrap_or_default(),
                history.output(visit).map(|payload| payload.size().to_string()).unwrap_or_default(),
            ]);
        }
    }
    rows.0
}

/// Returns a row for each event of each execution of a family.
pub fn events_csv(family: &Family) -> String {
    let mut rows = Rows::new(EVENTS);
    for (id, member) in family.members() {
        for event in member.history.events() {
            rows.add(&[
                execution(family, id),
                event.id.to_string(),
                event.parent.map(|parent| parent.to_string()).unwrap_or_default(),
                event.timestamp.to_string(),
                event.kind.name().to_owned(),
                breadcrumb(&Place::of(family, id, event.id)),
                event.details.failure().and_then(|failure| failure.error.as_deref()).unwrap_or_default().to_owned(),
            ]);
        }
    }
    rows.0
}

fn execution(family: &Family, member: MemberId) -> String {
    family.member(member).described.name.as_deref().unwrap_or_default().to_owned()
}

fn milliseconds((from, to): (Timestamp, Timestamp)) -> String {
    let micros = to.micros_since(from);
    format!("{}.{:03}", micros / 1000, micros % 1000)
}

/// Rows under a heading.
struct Rows(String);

impl Rows {
    fn new(heading: &str) -> Self {
        Self(format!("{heading}\n"))
    }

    fn add(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        self.0.push_str(&cells.join(","));
        self.0.push('\n');
    }
}

/// Quotes what would be read as more than one cell, and shields what a spreadsheet would run as a formula.
fn quoted(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula || cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}{}\"", if formula { "'" } else { "" }, cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_one_cell_and_text() {
        for (cell, written) in [
            ("plain", "plain"),
            ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}

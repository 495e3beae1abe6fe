//! Visits and events as rows of comma-separated values (RFC 4180).

use super::words::breadcrumb;
use crate::analysis::Place;
use crate::analysis::Status;
use crate::analysis::timeline::span;
use crate::event::Timestamp;
use crate::history::{Family, MemberId};
use crate::json::visible::visible_lines;

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

/// What separates cells, in some country's spreadsheet.
const DELIMITERS: [char; 5] = [',', ';', '|', '\t', '\n'];

/// Quotes what would be read as more than one cell, and shields what a spreadsheet would run as a formula: also behind
/// what another country's spreadsheet takes for the end of a cell.
fn quoted(cell: &str) -> String {
    let cell = shielded(&visible_lines(cell));
    if cell.starts_with('\'') || cell.contains('"') || cell.contains(DELIMITERS) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

fn shielded(cell: &str) -> String {
    let mut made = String::with_capacity(cell.len() + 1);
    let mut rest = cell;
    loop {
        let end = rest.find(DELIMITERS).unwrap_or(rest.len());
        let (part, behind) = rest.split_at(end);
        let start = part.len() - part.trim_start_matches([' ', '"', '\'', '\u{3000}']).len();
        let (before, inside) = part.split_at(start);
        let formula =
            inside.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']) && inside.trim().parse::<f64>().is_err();
        made.push_str(before);
        if formula {
            made.push('\'');
        }
        made.push_str(inside);
        let Some(delimiter) = behind.chars().next() else { return made };
        made.push(delimiter);
        rest = behind.get(delimiter.len_utf8()..).unwrap_or_default();
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
            ("a;=1+1", "\"a;'=1+1\""),
            ("a\t\"@x", "\"a\t\"\"'@x\""),
            ("two\n -cmd", "\"two\n '-cmd\""),
            ("a,-2,3", "\"a,-2,3\""),
            ("\u{1b}[31m\r", "\\u{1b}[31m\\r"),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}

//! What a list is narrowed down to, as it is typed: words to be found, and `status:failed since:2h redriven`.

use super::listing::{Listing, Row, Summary};
use crate::event::Timestamp;
use crate::json::rows::Needle;

/// What a list is narrowed down to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    typed: String,
    text: Option<Needle>,
    name: Option<Needle>,
    since: Option<When>,
    until: Option<When>,
    service: Service,
}

/// The part of a filter that AWS itself can apply, so that fewer pages are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Service {
    /// Only executions that stand like one of these, in AWS's words; any when empty.
    pub statuses: Vec<&'static str>,
    /// Only those that were redriven, or only those that were not.
    pub redriven: Option<bool>,
    /// Only those started through this alias or version.
    pub qualifier: Option<String>,
}

/// A moment as a person types it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    /// So many microseconds ago.
    Ago(i64),
    /// Then.
    At(Timestamp),
}

/// What can stand before a colon, for the line at the bottom.
pub const TERMS: &str = "status:failed  name:x  since:2h  until:2026-11-20  redriven  alias:x  version:3";

/// AWS's words for how an execution can stand, the most urgent first.
pub const STATUSES: [&str; 6] = ["FAILED", "TIMED_OUT", "ABORTED", "RUNNING", "PENDING_REDRIVE", "SUCCEEDED"];

impl Filter {
    /// Reads a filter; `None` when nothing is typed. What it does not know is looked for as text.
    pub fn new(typed: &str) -> Option<Self> {
        if typed.trim().is_empty() {
            return Needle::new(typed).map(|text| Self::of_text(typed, Some(text)));
        }
        let mut filter = Self::of_text(typed, None);
        let mut words = Vec::new();
        for word in typed.split(' ') {
            if !filter.term(word) {
                words.push(word);
            }
        }
        filter.text = Needle::new(words.join(" ").trim());
        Some(filter)
    }

    fn of_text(typed: &str, text: Option<Needle>) -> Self {
        let service = Service::default();
        Self { typed: typed.to_owned(), text, name: None, since: None, until: None, service }
    }

    /// Returns it as typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Returns the part AWS can apply.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Takes in `key:value`; tells whether it is one.
    fn term(&mut self, word: &str) -> bool {
        let (key, value) = word.split_once(':').unwrap_or((word, ""));
        match (key, value) {
            ("redriven", "" | "yes") => self.service.redriven = Some(true),
            ("redriven", "no") => self.service.redriven = Some(false),
            (_, "") => return false,
            ("status", value) => {
                let named: Vec<_> = value.split(',').filter_map(status).collect();
                self.service.statuses = named;
                return !self.service.statuses.is_empty();
            }
            ("name", value) => self.name = Needle::new(value),
            ("alias" | "version", value) => self.service.qualifier = Some(value.to_owned()),
            ("since", value) => self.since = when(value),
            ("until", value) => self.until = when(value),
            _ => return false,
        }
        !matches!((key, self.since, self.until), ("since", None, _) | ("until", _, None))
    }

    /// Tells whether a row is to be shown; `now` is when the list was read, for moments such as `2h` ago.
    pub fn fits(&self, listing: &Listing, now: Option<Timestamp>) -> bool {
        let found = self.text.as_ref().is_none_or(|text| text.is_in(&listing.words()));
        found
            && match &listing.row {
                Row::Execution(summary) => self.fits_execution(summary, now),
                Row::Machine(machine) => self.name.as_ref().is_none_or(|name| name.is_in(&machine.name)),
                Row::Unreadable(_) => self.name.is_none() && self.service == Service::default(),
            }
    }

    fn fits_execution(&self, summary: &Summary, now: Option<Timestamp>) -> bool {
        let Service { statuses, redriven, qualifier } = &self.service;
        let started = summary.started;
        (statuses.is_empty() || statuses.iter().any(|status| *status == summary.status))
            && redriven.is_none_or(|redriven| redriven == (summary.redrives > 0))
            && qualifier.as_ref().is_none_or(|qualifier| *qualifier == summary.qualifier)
            && self.name.as_ref().is_none_or(|name| name.is_in(&summary.name))
            && moment(self.since, now).is_none_or(|since| started.is_some_and(|started| started >= since))
            && moment(self.until, now).is_none_or(|until| started.is_some_and(|started| started < until))
    }

    /// Tells whether every execution that began before this one is left out, so that in a list with the latest first
    /// nothing more is to be found.
    pub fn is_past(&self, started: Option<Timestamp>, now: Option<Timestamp>) -> bool {
        matches!((moment(self.since, now), started), (Some(since), Some(started)) if started < since)
    }
}

fn status(typed: &str) -> Option<&'static str> {
    let typed = typed.to_uppercase().replace('-', "_");
    STATUSES.into_iter().find(|status| !typed.is_empty() && status.starts_with(&typed))
}

fn moment(when: Option<When>, now: Option<Timestamp>) -> Option<Timestamp> {
    match when? {
        When::At(moment) => Some(moment),
        When::Ago(micros) => Some(Timestamp::from_micros(now?.as_micros().saturating_sub(micros))),
    }
}

/// Reads `45m`, `2h`, `7d`, `2026-11-20`, `2026-11-20T03:14` (UTC).
fn when(typed: &str) -> Option<When> {
    let ago = |unit: char, seconds: i64| {
        let number: i64 = typed.strip_suffix(unit)?.parse().ok()?;
        Some(When::Ago(number.checked_mul(seconds)?.checked_mul(1_000_000)?))
    };
    let units = [('s', 1), ('m', 60), ('h', 3_600), ('d', 86_400), ('w', 604_800)];
    let at = || {
        let rest = "0000-00-00T00:00:00Z".get(typed.len()..)?;
        Timestamp::parse_iso(&format!("{typed}{rest}")).map(When::At)
    };
    units.into_iter().find_map(|(unit, seconds)| ago(unit, seconds)).or_else(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::msg::Target;

    const NOW: &str = "2026-11-20T12:00:00Z";

    fn listing(name: &str, status: &str, started: &str) -> Listing {
        let started = Timestamp::parse_iso(started);
        let redrives = u64::from(name == "again");
        let summary = Summary { name: name.into(), status: status.into(), started, redrives, ..Summary::default() };
        Listing { target: Target::Stdin, label: String::new(), row: Row::Execution(summary) }
    }

    #[test]
    fn a_list_is_narrowed_down() {
        let rows = [
            listing("nightly", "FAILED", "2026-11-20T11:00:00Z"),
            listing("nightly", "SUCCEEDED", "2026-11-20T09:00:00Z"),
            listing("again", "TIMED_OUT", "2026-11-19T09:00:00Z"),
        ];
        for (typed, kept) in [
            ("night", [true, true, false]),
            ("status:failed", [true, false, false]),
            ("status:f,timed-out", [true, false, true]),
            ("status:failed night", [true, false, false]),
            ("redriven", [false, false, true]),
            ("redriven:no", [true, true, false]),
            ("since:2h", [true, false, false]),
            ("since:2026-11-20", [true, true, false]),
            ("until:2026-11-20T10:00", [false, true, true]),
            ("name:agai", [false, false, true]),
            ("since:soon", [false, false, false]),
            ("status:odd", [false, false, false]),
            ("alias:prod", [false, false, false]),
        ] {
            let filter = Filter::new(typed).unwrap();
            let now = Timestamp::parse_iso(NOW);
            assert_eq!(rows.each_ref().map(|row| filter.fits(row, now)), kept, "{typed}");
        }
        assert_eq!(Filter::new(""), None);
    }
}

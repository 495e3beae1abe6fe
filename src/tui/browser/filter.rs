//! What a list is narrowed down to, as it is typed: words to be found, and `status:failed since:2h redriven`.

use super::listing::{FailureTold, Listing, Row, Summary};
use super::when::{self, When, Window};
use crate::event::Timestamp;
use crate::json::rows::Needle;

/// What a list is narrowed down to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    typed: String,
    text: Option<Needle>,
    name: Option<Needle>,
    state: Option<Needle>,
    error: Option<Needle>,
    window: Window,
    service: Service,
    problems: Vec<String>,
}

/// The part of a filter that AWS itself can apply, so that fewer pages are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Service {
    /// Only executions that stand like one of these, in AWS's words; any when empty.
    pub statuses: Vec<&'static str>,
    /// Only those that were redriven, or only those that were not.
    pub redriven: Option<bool>,
    /// Only those started through this alias.
    pub alias: Option<String>,
    /// Only those that ran this version, started through an alias or not.
    pub version: Option<String>,
}

/// Whether a row is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is.
    Fits,
    /// It is not.
    Not,
    /// That depends on where it failed and with what, which has not been looked up.
    Unknown,
}

/// What can stand before a colon, for the line at the bottom.
pub const TERMS: &str =
    "status:failed  error:x  state:x  name:x  since:2h  until:2026-11-20  redriven  alias:x  version:3";

/// AWS's words for how an execution can stand, the most urgent first.
pub const STATUSES: [&str; 6] = ["FAILED", "TIMED_OUT", "ABORTED", "RUNNING", "PENDING_REDRIVE", "SUCCEEDED"];

/// Those of executions that ended badly: only these have a failing state and an error.
const BAD: [&str; 3] = ["FAILED", "TIMED_OUT", "ABORTED"];

impl Filter {
    /// Reads a filter; `None` when nothing is typed. What has no key that is known is looked for as text.
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
        let (service, window, problems) = (Service::default(), Window::default(), Vec::new());
        let (name, state, error) = (None, None, None);
        Self { typed: typed.to_owned(), text, name, state, error, window, service, problems }
    }

    /// Returns it as typed.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// Returns the part AWS can apply.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Returns the span of time.
    pub fn window(&self) -> Window {
        self.window
    }

    /// Returns what of it says nothing, and what could be said instead: sentences. Those parts narrow nothing down.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// Tells whether executions that stand so can be among those it lets through.
    pub fn wants(&self, status: &str) -> bool {
        let statuses = &self.service.statuses;
        let by_failure = self.state.is_some() || self.error.is_some();
        if statuses.is_empty() { !by_failure || BAD.contains(&status) } else { statuses.contains(&status) }
    }

    /// Takes in `key:value`; tells whether it is one.
    fn term(&mut self, word: &str) -> bool {
        let (key, value) = match word.split_once(':') {
            Some(pair) => pair,
            None if word == "redriven" => (word, "yes"),
            None => return false,
        };
        let slot = match key {
            "status" => return self.statuses(value),
            "redriven" => return self.redriven(value),
            "since" | "until" => return self.moment(key, value),
            "alias" | "version" => {
                let value = Some(value.to_owned()).filter(|value| !value.is_empty());
                if value.is_none() {
                    self.problems.push(format!("{key}: wants the {key} behind it."));
                }
                let slot = if key == "alias" { &mut self.service.alias } else { &mut self.service.version };
                *slot = value;
                return true;
            }
            "name" => &mut self.name,
            "state" => &mut self.state,
            "error" => &mut self.error,
            _ => return false,
        };
        *slot = Needle::new(value);
        if slot.is_none() {
            self.problems.push(format!("{key}: wants what to look for behind it."));
        }
        true
    }

    fn statuses(&mut self, value: &str) -> bool {
        for word in value.split(',') {
            match status(word) {
                Some(status) => self.service.statuses.push(status),
                None if word.is_empty() && !self.service.statuses.is_empty() => {}
                None => {
                    let known = STATUSES.map(str::to_lowercase).join(", ");
                    self.problems.push(format!("\"{word}\" is not a status. Known: {known}."));
                }
            }
        }
        true
    }

    fn redriven(&mut self, value: &str) -> bool {
        match value {
            "yes" => self.service.redriven = Some(true),
            "no" => self.service.redriven = Some(false),
            _ => self.problems.push("redriven is followed by nothing, :yes or :no.".to_owned()),
        }
        true
    }

    fn moment(&mut self, key: &str, value: &str) -> bool {
        let when = When::read(value);
        if when.is_none() {
            self.problems.push(format!("\"{value}\" is not a time. Known: {}.", when::KNOWN));
        }
        let slot = if key == "since" { &mut self.window.since } else { &mut self.window.until };
        *slot = when;
        true
    }

    /// Tells whether a row is to be shown; `now` is when the list was read, for moments such as `2h` ago.
    pub fn judge(&self, listing: &Listing, now: Option<Timestamp>) -> Verdict {
        let Row::Execution(summary) = &listing.row else {
            let by_name = match &listing.row {
                Row::Machine(machine) => self.name.as_ref().is_none_or(|name| name.is_in(&machine.name)),
                _ => self.name.is_none() && self.service == Service::default(),
            };
            let found = self.text.as_ref().is_none_or(|text| text.is_in(&listing.words()));
            let by_failure = self.state.is_some() || self.error.is_some();
            return if by_name && found && !by_failure { Verdict::Fits } else { Verdict::Not };
        };
        if !self.fits_execution(summary, now) {
            return Verdict::Not;
        }
        match self.fits_failure(listing, summary) {
            true => Verdict::Fits,
            false if summary.failure == FailureTold::NotYet => Verdict::Unknown,
            false => Verdict::Not,
        }
    }

    fn fits_failure(&self, listing: &Listing, summary: &Summary) -> bool {
        self.state.as_ref().is_none_or(|state| state.is_in(&summary.state))
            && self.error.as_ref().is_none_or(|error| error.is_in(&summary.error))
            && self.text.as_ref().is_none_or(|text| text.is_in(&listing.words()))
    }

    fn fits_execution(&self, summary: &Summary, now: Option<Timestamp>) -> bool {
        let Service { redriven, alias, version, .. } = &self.service;
        let moment = |when: Option<When>| Some(when?.seen_at(now?));
        self.wants(&summary.status)
            && redriven.is_none_or(|redriven| redriven == (summary.redrives > 0))
            && alias.as_ref().is_none_or(|alias| *alias == summary.alias)
            && version.as_ref().is_none_or(|version| *version == summary.version)
            && self.name.as_ref().is_none_or(|name| name.is_in(&summary.name))
            && moment(self.window.since).is_none_or(|since| summary.latest().is_some_and(|latest| latest >= since))
            && moment(self.window.until).is_none_or(|until| summary.started.is_some_and(|started| started < until))
    }

    /// Tells whether nothing that comes after this page of a list can be let through. The list must be in the order
    /// AWS states, and show it: some servers sort by when executions began, which says nothing of when they ended.
    pub fn is_past(&self, page: &[Listing], now: Timestamp) -> bool {
        let Some(since) = self.window.since.map(|since| since.seen_at(now)) else { return false };
        let keys: Option<Vec<Timestamp>> = page.iter().map(|listing| listing.execution()?.listed_by()).collect();
        keys.is_some_and(|keys| {
            keys.is_sorted_by(|before, after| before >= after) && keys.last().is_some_and(|last| *last < since)
        })
    }
}

fn status(typed: &str) -> Option<&'static str> {
    let typed = typed.to_uppercase().replace('-', "_");
    STATUSES.into_iter().find(|status| !typed.is_empty() && status.starts_with(&typed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::msg::Target;

    const NOW: &str = "2026-11-20T12:00:00Z";

    fn listing(name: &str, status: &str, started: &str, stopped: &str) -> Listing {
        let (started, stopped) = (Timestamp::parse_iso(started), Timestamp::parse_iso(stopped));
        let redrives = u64::from(name == "again");
        let (alias, version) = if name == "again" { ("prod", "2") } else { ("", "") };
        let (name, status) = (name.into(), status.into());
        let (alias, version) = (alias.into(), version.into());
        let summary = Summary { name, status, started, stopped, redrives, alias, version, ..Summary::default() };
        Listing { target: Target::Stdin, label: String::new(), row: Row::Execution(summary) }
    }

    fn rows() -> [Listing; 4] {
        [
            listing("nightly", "FAILED", "2026-11-20T11:00:00Z", "2026-11-20T11:01:00Z"),
            listing("nightly", "SUCCEEDED", "2026-11-20T09:00:00Z", "2026-11-20T09:01:00Z"),
            listing("again", "TIMED_OUT", "2026-11-19T09:00:00Z", "2026-11-19T10:00:00Z"),
            // It ran for two days, and failed just now.
            listing("long", "FAILED", "2026-11-18T11:00:00Z", "2026-11-20T11:59:00Z"),
        ]
    }

    #[test]
    fn a_list_is_narrowed_down() {
        let rows = rows();
        for (typed, kept) in [
            ("night", [true, true, false, false]),
            ("status:failed", [true, false, false, true]),
            ("status:f,timed-out", [true, false, true, true]),
            ("status:failed night", [true, false, false, false]),
            ("redriven", [false, false, true, false]),
            ("redriven:no", [true, true, false, true]),
            ("since:2h", [true, false, false, true]),
            ("since:today", [true, true, false, true]),
            ("since:2026-11-20", [true, true, false, true]),
            ("until:2026-11-20T10:00", [false, true, true, true]),
            ("since:yesterday until:today", [false, false, true, true]),
            ("name:agai", [false, false, true, false]),
            ("alias:prod", [false, false, true, false]),
            ("version:2", [false, false, true, false]),
            ("alias:prod version:3", [false, false, false, false]),
            ("error:Card", [false, false, false, false]),
            ("arn:aws:states", [false, false, false, false]),
            // What says nothing narrows nothing down.
            ("since:soon", [true, true, true, true]),
            ("status:odd,failed", [true, false, false, true]),
            ("status:odd", [true, true, true, true]),
        ] {
            let filter = Filter::new(typed).unwrap();
            let now = Timestamp::parse_iso(NOW);
            assert_eq!(rows.each_ref().map(|row| filter.judge(row, now) == Verdict::Fits), kept, "{typed}");
        }
        assert_eq!(Filter::new(""), None);
    }

    #[test]
    fn what_is_not_known_is_told_with_what_is() {
        for (typed, expected) in [
            ("status:failed", None),
            ("status:", Some("\"\" is not a status. Known: failed, timed_out,")),
            ("status:bogus,failed", Some("\"bogus\" is not a status. Known: failed, timed_out,")),
            ("since:soon", Some("\"soon\" is not a time. Known: 45m, 2h,")),
            ("redriven:maybe", Some("redriven is followed by nothing, :yes or :no.")),
            ("error:", Some("error: wants what to look for behind it.")),
            ("version:", Some("version: wants the version behind it.")),
            ("http://x", None),
        ] {
            let filter = Filter::new(typed).unwrap();
            let first = filter.problems().first();
            assert_eq!(first.is_some(), expected.is_some(), "{typed}: {first:?}");
            assert!(expected.is_none_or(|expected| first.unwrap().starts_with(expected)), "{typed}: {first:?}");
        }
    }

    #[test]
    fn what_depends_on_a_failure_is_unknown_until_it_is_told() {
        let mut row = listing("nightly", "FAILED", "2026-11-20T11:00:00Z", "2026-11-20T11:01:00Z");
        let Row::Execution(summary) = &mut row.row else { panic!("it is an execution") };
        summary.failure = FailureTold::NotYet;
        for (typed, expected) in [
            ("error:Card", Verdict::Unknown),
            ("state:Charge", Verdict::Unknown),
            ("Card", Verdict::Unknown),
            ("night", Verdict::Fits),
            ("status:succeeded error:Card", Verdict::Not),
            ("error:Card since:10m", Verdict::Not),
        ] {
            let filter = Filter::new(typed).unwrap();
            assert_eq!(filter.judge(&row, Timestamp::parse_iso(NOW)), expected, "{typed}");
        }
    }

    #[test]
    fn a_list_ends_only_where_the_order_of_aws_says_so() {
        let now = Timestamp::parse_iso(NOW).unwrap();
        let filter = Filter::new("since:2h").unwrap();
        let [new, old, older, long] = rows();
        assert!(!filter.is_past(&[new.clone(), long.clone()], now), "the last one ended a minute ago");
        assert!(filter.is_past(&[long.clone(), new.clone(), old.clone(), older.clone()], now));
        assert!(!filter.is_past(&[new.clone(), old, long, older], now), "this is no order by the end");
        assert!(!filter.is_past(&[], now));
        let pending = listing("again", "PENDING_REDRIVE", "2026-11-19T09:00:00Z", "2026-11-19T10:00:00Z");
        assert!(!filter.is_past(&[pending], now), "what these are sorted by is not stated");
        let running = listing("going", "RUNNING", "2026-11-19T09:00:00Z", "");
        assert!(filter.is_past(&[running], now));
        assert!(!Filter::new("night").unwrap().is_past(&[new], now));
    }
}

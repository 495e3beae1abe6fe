//! Retry and Catch.

use super::fields::{CATCHER, RETRIER};
use super::spot::Spot;
use super::transitions::Here;
use super::{Parser, place};
use crate::asl::machine::QueryLanguage;
use crate::asl::node::Node;
use crate::asl::retry::{CatchData, Catcher, ErrorPattern, Jitter, Retrier};

const MOST_SECONDS: i64 = 99_999_999;
/// A retry is less than a leap year away.
const LONGEST_DELAY: i64 = 31_622_399;

impl Parser {
    pub(super) fn retriers(&mut self, state: &Spot<'_, '_>) -> Vec<Retrier> {
        let Some(spot) = state.get("Retry") else {
            return Vec::new();
        };
        let list = self.list(&spot).unwrap_or_default();
        let last = last_known(&list);
        list.iter().enumerate().filter_map(|(index, retrier)| self.retrier(retrier, index == last)).collect()
    }

    fn retrier(&mut self, spot: &Spot<'_, '_>, is_last: bool) -> Option<Retrier> {
        if !self.known_fields(spot, RETRIER, self.language) {
            return None;
        }
        self.required(spot, &["ErrorEquals"]);
        self.comment(spot);
        let error_equals = self.error_equals(spot, is_last);
        let interval = self.number_of(spot, "IntervalSeconds", 1, 1, MOST_SECONDS);
        let max_delay = self.number_of(spot, "MaxDelaySeconds", 0, 1, LONGEST_DELAY);
        let jitter = spot
            .get("JitterStrategy")
            .and_then(|jitter| self.one_of(&jitter, &[("FULL", Jitter::Full), ("NONE", Jitter::None)]));
        if let Some(delay) = spot.get("MaxDelaySeconds")
            && max_delay > 0
            && max_delay <= interval
            && !delay.node.is_substitution()
            && !spot.node.get("IntervalSeconds").is_some_and(Node::is_substitution)
        {
            self.refuse(&delay, "MaxDelaySeconds must be greater than IntervalSeconds");
        }
        Some(Retrier {
            error_equals: error_equals?,
            interval_seconds: interval,
            max_attempts: self.number_of(spot, "MaxAttempts", 3, 0, MOST_SECONDS),
            backoff_rate: match spot.get("BackoffRate") {
                Some(rate) => self.decimal(&rate, 1.0, f64::MAX).unwrap_or(1.0),
                None => 2.0,
            },
            max_delay_seconds: (max_delay > 0).then_some(max_delay),
            jitter: jitter.unwrap_or_default(),
            place: place(spot),
        })
    }

    fn number_of(&mut self, object: &Spot<'_, '_>, field: &str, default: u32, least: i64, most: i64) -> u32 {
        let Some(spot) = object.get(field) else {
            return default;
        };
        self.whole(&spot, least, most).and_then(|number| u32::try_from(number).ok()).unwrap_or(default)
    }

    pub(super) fn catchers(&mut self, state: &Spot<'_, '_>, here: Here<'_>, language: QueryLanguage) -> Vec<Catcher> {
        let Some(spot) = state.get("Catch") else {
            return Vec::new();
        };
        if spot.node.is_substitution() {
            self.transitions.open(here.scope);
            return Vec::new();
        }
        let list = self.list(&spot).unwrap_or_default();
        let last = last_known(&list);
        let catcher = |(index, catcher)| self.catcher(catcher, (index, last), here, language);
        list.iter().enumerate().filter_map(catcher).collect()
    }

    fn catcher(
        &mut self,
        spot: &Spot<'_, '_>,
        (index, last): (usize, usize),
        here: Here<'_>,
        language: QueryLanguage,
    ) -> Option<Catcher> {
        if !self.known_fields(spot, CATCHER, language) {
            self.transitions.open(here.scope);
            return None;
        }
        self.required(spot, &["ErrorEquals", "Next"]);
        let comment = self.comment(spot);
        let error_equals = self.error_equals(spot, index == last);
        self.in_catcher = true;
        let data = match language {
            QueryLanguage::JsonPath => {
                CatchData::JsonPath { result_path: self.result_path(spot), assign: self.assign(spot) }
            }
            QueryLanguage::Jsonata => {
                CatchData::Jsonata { output: self.jsonata(spot, "Output"), assign: self.assign_jsonata(spot) }
            }
        };
        self.in_catcher = false;
        let next = self.next(spot, here);
        Some(Catcher { error_equals: error_equals?, next: next?, data, comment, index, place: place(spot) })
    }

    fn error_equals(&mut self, object: &Spot<'_, '_>, is_last: bool) -> Option<Vec<ErrorPattern>> {
        let spot = object.get("ErrorEquals")?;
        let list = self.filled_list(&spot)?;
        let alone = list.len() == 1;
        let mut patterns = Vec::with_capacity(list.len());
        for error in &list {
            let pattern = match self.text(error)? {
                "States.ALL" => ErrorPattern::All,
                "States.TaskFailed" => ErrorPattern::TaskFailed,
                name => ErrorPattern::Name(name.to_owned()),
            };
            if pattern == ErrorPattern::All && !(alone && is_last) {
                self.refuse(error, "States.ALL must appear alone and at end of list");
            }
            patterns.push(pattern);
        }
        Some(patterns)
    }
}

/// Returns the place of the last item that is there for certain.
fn last_known(list: &[Spot<'_, '_>]) -> usize {
    list.iter().rposition(|item| !item.node.is_substitution()).unwrap_or(0)
}

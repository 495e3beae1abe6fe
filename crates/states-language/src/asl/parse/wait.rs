//! Wait.

use super::Parser;
use super::spot::Spot;
use super::transitions::Here;
use super::value::is_timestamp;
use crate::asl::machine::QueryLanguage;
use crate::asl::state::{Delay, Wait, WaitData};

/// The longest wait that can be written down, in seconds.
const LONGEST: i64 = 99_999_999;

impl Parser {
    pub(super) fn wait(&mut self, state: &Spot<'_, '_>, here: Here<'_>, language: QueryLanguage) -> Option<Wait> {
        let data = match language {
            QueryLanguage::JsonPath => WaitData::JsonPath {
                input_path: self.selection(state, "InputPath"),
                assign: self.assign(state),
                output_path: self.selection(state, "OutputPath"),
            },
            QueryLanguage::Jsonata => {
                WaitData::Jsonata { output: self.jsonata(state, "Output"), assign: self.assign_jsonata(state) }
            }
        };
        let delay = self.delay(state, language);
        let next = self.transition(state, here);
        Some(Wait { delay: delay?, data, next: next? })
    }

    fn delay(&mut self, state: &Spot<'_, '_>, language: QueryLanguage) -> Option<Delay> {
        if !self.exactly_one(state, &["SecondsPath", "Seconds", "TimestampPath", "Timestamp"]) {
            return None;
        }
        let has = |field: &str| state.node.get(field).is_some();
        if has("Seconds") || has("SecondsPath") {
            let seconds = self.setting(state, ("Seconds", "SecondsPath"), language, |parser, spot| {
                parser.whole(spot, 0, LONGEST).and_then(|seconds| u32::try_from(seconds).ok())
            });
            return seconds.map(Delay::Seconds);
        }
        let timestamp = self.setting(state, ("Timestamp", "TimestampPath"), language, |parser, spot| {
            let text = parser.text(spot)?;
            if !is_timestamp(text) && !spot.node.is_substitution() {
                parser.refuse(spot, "String does not match RFC3339 timestamp");
                parser.hint("Write it like '2016-03-14T01:59:00Z'.");
                return None;
            }
            Some(text.to_owned())
        });
        timestamp.map(Delay::Timestamp)
    }
}

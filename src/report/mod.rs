//! Answers as text and as JSON: what the screen shows, without a screen.
//!
//! Text is for people: it keeps to a width, says nothing by colour alone and never passes on control characters of a
//! payload. JSON is for programs: it is versioned by its member `format`, members are only ever added to a version.
//! This module must not know how answers are found, nor where they are written to.

mod bearings;
mod bookmarks;
mod budget;
mod cause;
mod coverage;
mod csv;
mod diff;
mod diff_changes;
mod diff_documents;
mod diff_json;
mod events;
mod explain;
mod fleet;
mod flow;
pub mod graph;
mod html;
mod listing;
mod markdown;
mod otlp;
mod outline;
mod page;
mod partial;
mod perfetto;
mod quantity;
mod record;
mod replay;
mod replay_json;
pub mod signs;
mod state;
#[cfg(test)]
mod tests;
mod trace;
mod trace_json;
mod tree;
mod tree_json;
mod why;
mod why_json;
mod words;
mod zone;

pub use bearings::{Bearings, reopening, ticket, why_and_where, with_bearings};
pub use bookmarks::{bookmark_entries, bookmark_words, bookmarks_json};
pub use budget::{budget_entries, budget_json};
pub use cause::operand_words;
pub use coverage::{coverage, coverage_json};
pub use csv::{events_csv, visits_csv};
pub use diff::{DiffSide, diff, one_state_diff};
pub use diff_documents::{data_diff, definition_diff, document_diff};
pub use diff_json::{data_diff_json, definition_diff_json, diff_json, document_diff_json, one_state_diff_json};
pub use events::events;
pub use explain::{explain_entries, explain_json};
pub use fleet::{
    RARE, bars, contrast_words, fleet, fleet_json, gap_words, no_contrast_words, share, survey, survey_json,
    survey_words, version_words,
};
pub use flow::{flow_entries, flow_json};
pub use html::{HtmlSubject, html};
pub use listing::listing;
pub use markdown::why_markdown;
pub use otlp::otlp;
pub use outline::{Entry, Mark, print as print_outline, visit_title};
pub use page::{Page, Paper, Role};
pub use partial::{FleetGap, fleet_gaps, missing_json, missing_words, status_words};
pub use perfetto::perfetto;
pub use quantity::{count, counted, duration, moment, moment_utc, size};
pub use record::{day as record_day, record_json};
pub use replay::{reason as replay_reason, replay, rule as replay_rule, verdict as replay_verdict};
pub use replay_json::{no_replay_json, replay_json};
pub use state::{at, state};
pub use trace::{
    document_words, field_words, maker_words, nothing_there, step_words, trace, use_words, uses, value_words,
};
pub use trace_json::{trace_json, uses_json};
pub use tree::tree;
pub use tree_json::{TreeJson, at_json, tree_json};
pub use why::{ends_words, map_run_note, map_run_words, why};
pub use why_json::why_json;
pub use words::{apart, breadcrumb, shown};
pub use zone::Zone;

//! What there is to say about the items of a Map, row by row.

use crate::analysis::Status;
use crate::analysis::fleet::{Group, Survey};
use crate::report;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How deep it stands.
    pub depth: u16,
    /// What it says.
    pub says: Says,
}

/// What a row says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// How many items went the same way.
    Group(usize),
    /// What the failing ones have in common.
    Told(Box<str>),
    /// Something else about them.
    Plain(Box<str>),
    /// The names of a group's columns.
    Head(usize),
    /// A group's item.
    Item(usize, usize),
}

/// Returns what there is to say.
pub(super) fn rows(survey: &Survey) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut say = |depth, says| rows.push(Row { depth, says });
    let several = survey.fleet.clusters.len() > 1;
    for told in report::contrast_words(&survey.fleet.contrast).into_iter().filter(|_| several) {
        say(0, Says::Told(format!("those that failed: {told}").into()));
    }
    for (at, group) in survey.groups.iter().enumerate() {
        say(0, Says::Group(at));
        if let Some(cluster) = survey.cluster(group) {
            cluster.cause.iter().for_each(|cause| say(1, Says::Plain(cause.as_str().into())));
            match &cluster.contrast {
                Some(contrast) => {
                    let told = report::contrast_words(contrast);
                    told.into_iter().for_each(|told| say(1, Says::Told(told.into())));
                    let nothing = report::no_contrast_words(contrast);
                    nothing.into_iter().for_each(|nothing| say(1, Says::Plain(nothing.into())));
                }
                None => say(1, Says::Plain(report::RARE.into())),
            }
        }
        say(1, Says::Head(at));
        group.items.iter().for_each(|item| say(2, Says::Item(at, *item)));
    }
    let many =
        |number: u64, words: &str| format!("{} {words}", report::count(usize::try_from(number).unwrap_or(usize::MAX)));
    if survey.pending > 0 {
        say(0, Says::Plain(many(survey.pending, "never started").into()));
    }
    if survey.unrecorded > 0 {
        say(0, Says::Plain(many(survey.unrecorded, "of which nothing is in the recording").into()));
    }
    for words in report::gap_words(survey.gap) {
        say(0, Says::Plain((*words).into()));
    }
    if survey.total() == 0 && survey.gap.is_none() {
        let words = format!("{} was given no items: there was nothing to do.", survey.map);
        say(0, Says::Plain(words.into()));
    }
    rows
}

/// Returns how the items of a group went.
pub fn name(survey: &Survey, group: &Group) -> String {
    let Some(cluster) = survey.cluster(group) else { return group.status.word().to_owned() };
    // Of items known only by how they ended nobody can tell the state.
    let state = cluster.state.as_deref().map(|state| format!("{state}  ")).unwrap_or_default();
    let error = cluster.error.as_deref().unwrap_or("unnamed error");
    match group.status {
        Status::Caught => format!("{state}caught {error}"),
        _ => format!("{state}{error}"),
    }
}

//! Where the bookmarks of a recording are in what happened.

use super::Place;
use crate::history::{Family, MemberId};
use crate::recording::Bookmark;
use std::sync::Arc;

/// A bookmark and the place it is at.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// The bookmark.
    pub bookmark: Bookmark,
    /// The place; `None` when the recording does not have that event.
    pub place: Option<Place>,
    /// Which attempt it is, and of how many, when there were several.
    pub attempt: Option<(u32, usize)>,
}

/// Returns the bookmarks with their places: those with a letter first, in the order of the alphabet.
pub fn marked(family: &Family, bookmarks: &[Bookmark]) -> Vec<Marked> {
    let mut marked: Vec<Marked> = bookmarks.iter().map(|bookmark| Marked::of(family, bookmark.clone())).collect();
    marked.sort_by_key(|marked| (marked.bookmark.letter.is_none(), marked.bookmark.letter));
    marked
}

/// Returns what a bookmark calls an execution of the family: nothing when it is the recorded one itself. `None` when
/// it cannot be called anything, because its ARN is not known.
pub fn called(family: &Family, execution: MemberId) -> Option<Option<Arc<str>>> {
    if execution == MemberId::ROOT {
        return Some(None);
    }
    family.member(execution).described.arn.clone().map(Some)
}

impl Marked {
    fn of(family: &Family, bookmark: Bookmark) -> Self {
        let arn = |member: MemberId| family.member(member).described.arn.as_deref();
        let execution = match bookmark.execution.as_deref() {
            None => Some(MemberId::ROOT),
            Some(named) => family.members().map(|(id, _)| id).find(|id| arn(*id) == Some(named)),
        };
        let event = bookmark.event.filter(|event| {
            execution.is_some_and(|execution| family.member(execution).history.event(*event).is_some())
        });
        let place = execution.zip(event).map(|(execution, event)| Place::of(family, execution, event));
        let attempt = place.as_ref().and_then(|place| {
            let history = &family.member(place.execution).history;
            let attempt = history.attempt(place.attempt?);
            let all = history.visit(attempt.visit).attempts.len();
            (all > 1).then_some((attempt.number, all))
        });
        Self { bookmark, place, attempt }
    }
}

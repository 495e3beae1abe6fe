//! A list to choose from: the recordings of a folder, the executions in one file, and what lives in an account.

mod feed;
mod filter;
mod listing;
mod when;

pub use feed::{Cursor, Feeds, List, Looked, Of, Page};
pub use filter::{Filter, TERMS, Verdict};
pub use listing::{FailureTold, Listing, Machine, Row, Summary};
pub use when::{When, Window};

use super::execution::Scroll;
use super::live::{Live, SiteId};
use super::msg::{Target, Ticket, Trouble};
use super::subject::Subject;
use crate::event::Timestamp;
use std::collections::HashSet;
use std::sync::Arc;

/// A list to choose from.
#[derive(Debug)]
pub struct Browser {
    /// What the list is of.
    pub title: String,
    /// Where the list came from, to read it again.
    pub source: Source,
    /// All there is.
    pub listings: Vec<Listing>,
    /// What is looked for.
    pub filter: Option<Filter>,
    /// The visible part.
    pub scroll: Scroll,
    /// The list that takes turns with this one: recordings here, the account there.
    pub beside: Option<Box<Browser>>,
    shown: Vec<usize>,
    /// The rows of which it is not known yet whether the filter lets them through.
    unknown: Vec<usize>,
    selected: usize,
    /// How many rows at the end came from a list before this one, and not from the service under this filter.
    kept: usize,
    /// Lists that were asked for under other filters, with their rows.
    aside: Vec<(Feeds, Vec<Listing>)>,
    /// How many executions may still be asked why they failed before somebody presses a key.
    looks: usize,
    /// Whether somebody waits for all of the list, and for all that fits.
    to_end: bool,
}

/// Executions that are asked why they failed, for a filter, before somebody must ask for more.
const LOOKS: usize = 200;

/// Of these, how many at once.
const BATCH: usize = 40;

/// Where a list came from.
#[derive(Debug)]
pub enum Source {
    /// A folder, or the shipped recordings.
    Target(Target),
    /// Several executions in one file, which are in memory already.
    Subjects(Vec<Arc<Subject>>),
    /// An account, page by page.
    Feeds(Box<Feeds>),
}

impl Browser {
    /// Lists what a folder holds.
    pub fn new(title: String, target: Target, listings: Vec<Listing>) -> Self {
        Self::with(title, Source::Target(target), listings)
    }

    /// Lists the executions of one file.
    pub fn of_subjects(title: String, subjects: Vec<Subject>) -> Self {
        let listings = subjects.iter().map(Listing::of).collect();
        Self::with(title, Source::Subjects(subjects.into_iter().map(Arc::new).collect()), listings)
    }

    /// Lists what lives at some sites; the pages are still to be read.
    pub fn of_account(title: String, of: Of, sites: Vec<Option<SiteId>>) -> Self {
        Self::with(title, Source::Feeds(Box::new(Feeds::new(of, sites))), Vec::new())
    }

    fn with(title: String, source: Source, listings: Vec<Listing>) -> Self {
        let shown = (0..listings.len()).collect();
        let scroll = Scroll::default();
        let (filter, beside, unknown, aside) = (None, None, Vec::new(), Vec::new());
        let (selected, kept, looks, to_end) = (0, 0, LOOKS, false);
        Self { title, source, listings, filter, scroll, beside, shown, unknown, selected, kept, aside, looks, to_end }
    }

    /// Puts a newer list in place of this one; the selected row stays selected.
    pub fn renew(&mut self, listings: Vec<Listing>) {
        let selected = self.selected().map(|listing| listing.target.clone());
        self.listings = listings;
        self.narrow();
        self.select(selected.as_ref());
    }

    /// Shows only what a filter lets through.
    pub fn set_filter(&mut self, filter: Option<Filter>) {
        self.filter = filter;
        self.narrow();
    }

    /// Reads what the filter wants. Where AWS has a list of its own for it, that one comes in the place of this one; what
    /// is here already and fits stays, and the list before comes back with its filter.
    pub fn serve_filter(&mut self) {
        let Source::Feeds(feeds) = &mut self.source else { return };
        let filter = self.filter.as_ref();
        let Some(new) = feeds.serve(filter) else { return self.narrow_anew() };
        let now = feeds.at;
        let known = self.aside.iter().position(|(other, _)| other.serves(filter));
        let (mut other, rows, kept) = match known.map(|place| self.aside.swap_remove(place)) {
            Some((other, rows)) => (other, rows, 0),
            None => {
                let fits = |listing: &&Listing| filter.is_none_or(|it| it.judge(listing, now) != Verdict::Not);
                let rows: Vec<Listing> = self.listings.iter().filter(fits).cloned().collect();
                let kept = rows.len();
                (new, rows, kept)
            }
        };
        other.serve(filter);
        feeds.rest();
        let before = std::mem::replace(&mut **feeds, other);
        let mut rows_before = std::mem::replace(&mut self.listings, rows);
        rows_before.truncate(rows_before.len().saturating_sub(self.kept));
        self.aside.push((before, rows_before));
        self.kept = kept;
        (self.looks, self.to_end) = (LOOKS, false);
        self.narrow();
    }

    /// Reads a live list from the beginning; what could not be read is tried again from there.
    pub fn read_again(&mut self) {
        if let Source::Feeds(feeds) = &mut self.source {
            if feeds.trouble.is_some() {
                return feeds.retry();
            }
            feeds.begin_again(self.filter.as_ref());
            self.listings.clear();
            self.aside.clear();
            self.kept = 0;
            self.looks = LOOKS;
            self.narrow();
        }
    }

    fn narrow_anew(&mut self) {
        (self.looks, self.to_end) = (LOOKS, false);
        self.narrow();
    }

    fn narrow(&mut self) {
        let (now, filter) = (self.read_at(), self.filter.as_ref());
        (self.shown, self.unknown) = (Vec::new(), Vec::new());
        for (place, listing) in self.listings.iter().enumerate() {
            match filter.map_or(Verdict::Fits, |filter| filter.judge(listing, now)) {
                Verdict::Fits => self.shown.push(place),
                Verdict::Unknown => self.unknown.push(place),
                Verdict::Not => {}
            }
        }
        self.selected = self.selected.min(self.shown.len().saturating_sub(1));
    }

    /// Decides again about one row of which more is known now.
    fn judge_again(&mut self, place: usize) {
        let (now, filter) = (self.read_at(), self.filter.as_ref());
        let Some(listing) = self.listings.get(place) else { return };
        let verdict = filter.map_or(Verdict::Fits, |filter| filter.judge(listing, now));
        if let Ok(at) = self.unknown.binary_search(&place)
            && verdict != Verdict::Unknown
        {
            self.unknown.remove(at);
        }
        if let Err(at) = self.shown.binary_search(&place)
            && verdict == Verdict::Fits
        {
            self.shown.insert(at, place);
            // The cursor stays on its row, unless it stands on the first one, which nobody has chosen.
            self.selected += usize::from(self.selected > 0 && at <= self.selected);
        }
    }

    /// When the list was read. A list of files does not say; its latest execution does as well.
    fn read_at(&self) -> Option<Timestamp> {
        match &self.source {
            Source::Feeds(feeds) => feeds.at,
            _ => self.listings.iter().filter_map(Listing::execution).filter_map(|summary| summary.started).max(),
        }
    }

    fn select(&mut self, target: Option<&Target>) {
        let same = |place: &usize| self.listings.get(*place).map(|listing| &listing.target) == target;
        self.selected = self.shown.iter().position(same).unwrap_or(self.selected);
        self.selected = self.selected.min(self.shown.len().saturating_sub(1));
    }

    /// Returns the pages of a live list that are wanted now.
    pub fn wanted(&mut self, ticket: impl FnMut() -> Ticket) -> Vec<(Ticket, List, Option<Cursor>)> {
        let Source::Feeds(feeds) = &mut self.source else { return Vec::new() };
        let bottom = (self.scroll.top() + self.scroll.height()).max(self.selected);
        // What may still turn out to fit is looked into before more is read.
        let before = |places: &[usize], rows: usize| places.partition_point(|place| *place < rows);
        feeds.wanted(|rows| before(&self.shown, rows) + before(&self.unknown, rows), bottom, ticket)
    }

    /// Tells whether this list or the one beside it waits for an answer.
    pub fn awaits(&self, ticket: Ticket) -> bool {
        let own = self.feeds().is_some_and(|feeds| feeds.awaits(ticket));
        own || self.beside.as_ref().is_some_and(|beside| beside.awaits(ticket))
    }

    /// Tells whether this list or the one beside it is of several places in AWS.
    pub fn is_several(&self) -> bool {
        let own = self.feeds().is_some_and(Feeds::is_several);
        own || self.beside.as_ref().is_some_and(|beside| beside.is_several())
    }

    /// Stops waiting for pages, of this list and the one beside it; returns the questions that are not to be answered.
    pub fn stop_waiting(&mut self) -> Vec<Ticket> {
        let mut stopped = self.beside.as_mut().map(|beside| beside.stop_waiting()).unwrap_or_default();
        if let Source::Feeds(feeds) = &mut self.source {
            stopped.extend(feeds.stop_waiting());
        }
        stopped
    }

    /// Takes in a page of a live list, for this one or the one beside it.
    pub fn paged(&mut self, ticket: Ticket, page: Result<Page, Trouble>) {
        if let Some(beside) = self.beside.as_mut().filter(|beside| beside.awaits(ticket)) {
            return beside.paged(ticket, page);
        }
        let Source::Feeds(feeds) = &mut self.source else { return };
        let over = match (&page, &self.filter) {
            (Ok(page), Some(filter)) => filter.is_past(&page.listings, page.at),
            _ => false,
        };
        let (listings, page) = match page {
            Ok(page) => {
                let rows = page.listings.len();
                feeds.found = page.found.or_else(|| feeds.found.take());
                (page.listings, Ok((rows, page.next, page.at)))
            }
            Err(trouble) => (Vec::new(), Err(trouble)),
        };
        let Some(at) = feeds.paged(ticket, page, over) else { return };
        let to_end = self.to_end;
        // Whoever stands on the first row has not chosen it yet: what is more urgent may come in above.
        let selected = self.selected().filter(|_| self.selected > 0).map(|listing| listing.target.clone());
        self.forget_kept(&listings);
        let at = at.min(self.listings.len() - self.kept);
        self.listings.splice(at..at, listings);
        self.narrow();
        if to_end {
            self.select_line(usize::MAX);
        } else if selected.is_some() {
            self.select(selected.as_ref());
        }
        self.come_to_end();
    }

    /// Takes the rows out that were kept and are among these, now that the service has said them.
    fn forget_kept(&mut self, listings: &[Listing]) {
        if self.kept > 0 {
            let first = self.listings.len() - self.kept;
            let told: HashSet<&Target> = listings.iter().map(|listing| &listing.target).collect();
            let mut place = 0;
            self.listings.retain(|listing| {
                place += 1;
                place <= first || !told.contains(&listing.target)
            });
            self.kept = self.listings.len() - first;
        }
    }

    /// Returns the live executions on the screen whose failing state and error are still to be asked for.
    pub fn untold(&self) -> Vec<Live> {
        let visible = self.scroll.range(self.shown.len());
        let rows = self.shown().skip(visible.start).take(visible.len());
        rows.filter(|listing| listing.execution().is_some_and(Summary::is_untold))
            .filter_map(|listing| match &listing.target {
                Target::Live(live) => Some(live.clone()),
                _ => None,
            })
            .collect()
    }

    /// Returns executions that may fit the filter and have not been asked why they failed, as many as may be asked now.
    pub fn sought(&self) -> Vec<Live> {
        let most = if self.to_end { BATCH } else { self.looks.min(BATCH) };
        let listings = self.unknown.iter().filter_map(|place| self.listings.get(*place));
        let lives = listings.filter_map(|listing| match &listing.target {
            Target::Live(live) => Some(live.clone()),
            _ => None,
        });
        lives.take(most).collect()
    }

    /// Notes that so many were asked.
    pub fn looked(&mut self, executions: usize) {
        self.looks = self.looks.saturating_sub(executions);
    }

    /// Returns how many executions may fit the filter that have not been asked why they failed.
    pub fn unlooked(&self) -> usize {
        self.unknown.len()
    }

    /// Tells whether an execution has not been told why it failed.
    pub fn is_untold(&self, live: &Live) -> bool {
        self.place_of(live).and_then(|place| self.listings.get(place)?.execution()).is_some_and(Summary::is_untold)
    }

    fn place_of(&self, live: &Live) -> Option<usize> {
        self.listings.iter().position(|listing| matches!(&listing.target, Target::Live(other) if other == live))
    }

    /// Takes in the failing state and the error of a live execution; `None` when they cannot be told.
    pub fn tell_failure(&mut self, live: &Live, failure: Option<&(String, String)>) {
        let aside = self.aside.iter_mut().flat_map(|(_, listings)| listings);
        let of_it = |listing: &&mut Listing| matches!(&listing.target, Target::Live(other) if other == live);
        for listing in self.listings.iter_mut().chain(aside).filter(of_it) {
            if let Row::Execution(summary) = &mut listing.row {
                summary.failure = FailureTold::Told;
                if let Some((state, error)) = failure {
                    (summary.state, summary.error) = (state.clone(), error.clone());
                }
            }
        }
        if let Some(place) = self.place_of(live) {
            self.judge_again(place);
            self.come_to_end();
        }
        if let Some(beside) = &mut self.beside {
            beside.tell_failure(live, failure);
        }
    }

    /// Tells whether an execution in AWS that goes on is on the screen.
    pub fn grows_older(&self) -> bool {
        let visible = self.scroll.range(self.shown.len());
        let mut rows = self.shown().skip(visible.start).take(visible.len()).filter_map(Listing::execution);
        self.feeds().is_some() && rows.any(|summary| summary.status == "RUNNING")
    }

    /// Lets the list beside this one take its place.
    pub fn turn(&mut self) -> bool {
        let Some(mut beside) = self.beside.take() else { return false };
        std::mem::swap(self, &mut beside);
        self.beside = Some(beside);
        true
    }

    /// Returns what is shown.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = &Listing> + '_ {
        let listing = |place: &usize| self.listings.get(*place).expect("only places of the list are shown");
        self.shown.iter().map(listing)
    }

    /// Returns the line the cursor is on.
    pub fn line(&self) -> usize {
        self.selected
    }

    /// Moves the cursor to a line.
    pub fn select_line(&mut self, line: usize) {
        self.selected = line.min(self.shown.len().saturating_sub(1));
    }

    /// Returns what the cursor is on.
    pub fn selected(&self) -> Option<&Listing> {
        self.listings.get(*self.shown.get(self.selected)?)
    }

    /// Returns the selected execution, when the list is of executions in memory.
    pub fn subject(&self) -> Option<Arc<Subject>> {
        let place = *self.shown.get(self.selected)?;
        match &self.source {
            Source::Subjects(subjects) => subjects.get(place).cloned(),
            Source::Target(_) | Source::Feeds(_) => None,
        }
    }

    /// Returns the live list, if it is one.
    pub fn feeds(&self) -> Option<&Feeds> {
        match &self.source {
            Source::Feeds(feeds) => Some(feeds),
            _ => None,
        }
    }

    /// Somebody moved in the list, and may want to see more of it.
    pub fn encourage(&mut self) {
        (self.looks, self.to_end) = (LOOKS, false);
        if let Source::Feeds(feeds) = &mut self.source {
            feeds.encourage();
        }
    }

    /// Reads a live list to its end, and looks into all of it that may fit the filter.
    pub fn go_to_end(&mut self) {
        if let Source::Feeds(feeds) = &mut self.source {
            feeds.go_to_end();
            self.to_end = feeds.has_more() || !self.unknown.is_empty();
        }
    }

    /// Tells whether it reads to the end.
    pub fn is_going_to_end(&self) -> bool {
        self.to_end
    }

    /// Stops reading to the end; tells whether it did.
    pub fn stop(&mut self) -> bool {
        if let Source::Feeds(feeds) = &mut self.source {
            feeds.stop();
        }
        self.looks = if self.to_end { 0 } else { self.looks };
        std::mem::take(&mut self.to_end)
    }

    /// Notes when the end that somebody waits for has come.
    fn come_to_end(&mut self) {
        let reads =
            self.feeds().is_some_and(|feeds| feeds.trouble.is_none() && (feeds.is_loading() || feeds.has_more()));
        self.to_end &= reads || !self.unknown.is_empty();
    }
}

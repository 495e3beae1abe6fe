//! A list to choose from: the recordings of a folder, the executions in one file, and what lives in an account.

mod feed;
mod filter;
mod listing;

pub use feed::{Cursor, Feeds, List, Of, Page};
pub use filter::{Filter, TERMS};
pub use listing::{FailureTold, Listing, Machine, Row, Summary};

use super::execution::Scroll;
use super::live::{Live, SiteId};
use super::msg::{Target, Ticket, Trouble};
use super::subject::Subject;
use crate::event::Timestamp;
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
    selected: usize,
}

/// Where a list came from.
#[derive(Debug)]
pub enum Source {
    /// A folder, or the shipped recordings.
    Target(Target),
    /// Several executions in one file, which are in memory already.
    Subjects(Vec<Arc<Subject>>),
    /// An account, page by page.
    Feeds(Feeds),
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
        Self::with(title, Source::Feeds(Feeds::new(of, sites)), Vec::new())
    }

    fn with(title: String, source: Source, listings: Vec<Listing>) -> Self {
        let shown = (0..listings.len()).collect();
        Self { title, source, listings, filter: None, scroll: Scroll::default(), beside: None, shown, selected: 0 }
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

    /// Reads the list anew when AWS can apply the filter itself.
    pub fn serve_filter(&mut self) {
        if let Source::Feeds(feeds) = &mut self.source
            && feeds.serve(self.filter.as_ref())
        {
            self.listings.clear();
            self.narrow();
        }
    }

    /// Reads a live list from the beginning; what could not be read is tried again from there.
    pub fn read_again(&mut self) {
        if let Source::Feeds(feeds) = &mut self.source {
            if feeds.trouble.is_some() {
                return feeds.retry();
            }
            feeds.begin_again();
            self.listings.clear();
            self.narrow();
        }
    }

    fn narrow(&mut self) {
        let now = self.read_at();
        let fits = |place: &usize| {
            let listing = self.listings.get(*place);
            let filter = self.filter.as_ref();
            filter.is_none_or(|filter| listing.is_some_and(|listing| filter.fits(listing, now)))
        };
        self.shown = (0..self.listings.len()).filter(fits).collect();
        self.selected = self.selected.min(self.shown.len().saturating_sub(1));
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
        let shown = &self.shown;
        let bottom = (self.scroll.top() + self.scroll.height()).max(self.selected);
        feeds.wanted(|rows| shown.partition_point(|place| *place < rows), bottom, ticket)
    }

    /// Tells whether this list or the one beside it waits for an answer.
    pub fn awaits(&self, ticket: Ticket) -> bool {
        let own = self.feeds().is_some_and(|feeds| feeds.awaits(ticket));
        own || self.beside.as_ref().is_some_and(|beside| beside.awaits(ticket))
    }

    /// Takes in a page of a live list, for this one or the one beside it.
    pub fn paged(&mut self, ticket: Ticket, page: Result<Page, Trouble>) {
        if let Some(beside) = self.beside.as_mut().filter(|beside| beside.awaits(ticket)) {
            return beside.paged(ticket, page);
        }
        let Source::Feeds(feeds) = &mut self.source else { return };
        let (listings, page) = match page {
            Ok(page) => {
                let rows = page.listings.len();
                (page.listings, Ok((rows, page.next, page.at)))
            }
            Err(trouble) => (Vec::new(), Err(trouble)),
        };
        let last = listings.last().and_then(Listing::execution).and_then(|summary| summary.started);
        let now = page.as_ref().ok().map(|(_, _, at)| *at);
        let over = self.filter.as_ref().is_some_and(|filter| filter.is_past(last, now));
        let Some(at) = feeds.paged(ticket, page, over) else { return };
        // Whoever stands on the first row has not chosen it yet: what is more urgent may come in above.
        let selected = self.selected().filter(|_| self.selected > 0).map(|listing| listing.target.clone());
        let at = at.min(self.listings.len());
        self.listings.splice(at..at, listings);
        self.narrow();
        if selected.is_some() {
            self.select(selected.as_ref());
        }
    }

    /// Returns the live executions on the screen whose failing state and error are still to be asked for.
    pub fn untold(&self) -> Vec<Live> {
        let visible = self.scroll.range(self.shown.len());
        let rows = self.shown().skip(visible.start).take(visible.len());
        rows.filter(|listing| listing.execution().is_some_and(|summary| summary.failure == FailureTold::NotYet))
            .filter_map(|listing| match &listing.target {
                Target::Live(live) => Some(live.clone()),
                _ => None,
            })
            .collect()
    }

    /// Takes in the failing state and the error of a live execution; `None` when they cannot be told.
    pub fn tell_failure(&mut self, live: &Live, failure: Option<&(String, String)>) {
        let of_it = |listing: &&mut Listing| matches!(&listing.target, Target::Live(other) if other == live);
        for listing in self.listings.iter_mut().filter(of_it) {
            if let Row::Execution(summary) = &mut listing.row {
                summary.failure = FailureTold::Told;
                if let Some((state, error)) = failure {
                    (summary.state, summary.error) = (state.clone(), error.clone());
                }
            }
        }
        if let Some(beside) = &mut self.beside {
            beside.tell_failure(live, failure);
        }
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
        if let Source::Feeds(feeds) = &mut self.source {
            feeds.encourage();
        }
    }
}

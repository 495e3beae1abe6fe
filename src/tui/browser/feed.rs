//! Lists that live in an account and come page by page, the next one when the cursor nears the end.

use super::filter::{Filter, STATUSES};
use super::listing::Listing;
use super::when::Window;
use crate::event::Timestamp;
use crate::tui::live::SiteId;
use crate::tui::msg::{Ticket, Trouble};

/// What a live list is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Of {
    /// The state machines of a region.
    Machines,
    /// The executions of a state machine, by its ARN.
    Executions(String),
    /// The executions of an Express machine, by its ARN: the service keeps no list of them, their log does.
    Express(String),
    /// The executions of a map run, by its ARN.
    Children(String),
}

/// A part of a live list that is asked for page by page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Where it is; found by the ARN when nothing is said.
    pub site: Option<SiteId>,
    /// What of.
    pub of: Of,
    /// Only executions that stand like this.
    pub status: Option<&'static str>,
    /// Only those that were redriven, or were not.
    pub redriven: Option<bool>,
    /// Only those started through this alias, or that ran this version.
    pub qualifier: Option<String>,
    /// Only those of this span of time, where looking costs by the time that is looked through.
    pub window: Window,
}

/// Where the next page begins, in words only the service understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// A page of a live list.
#[derive(Debug)]
pub struct Page {
    /// The rows.
    pub listings: Vec<Listing>,
    /// Where the next one begins; `None` after the last.
    pub next: Option<Cursor>,
    /// When it was read.
    pub at: Timestamp,
    /// What there is to say about how it was found, and what that cost.
    pub found: Option<Looked>,
}

/// How a list was found that the service does not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    /// Where, how far back, and what that cost: a few words.
    pub words: String,
    /// What cannot be found there: sentences.
    pub gaps: Vec<String>,
}

/// A live list: its parts one below the other.
#[derive(Debug)]
pub struct Feeds {
    /// What it is of.
    pub of: Of,
    /// Why a part of it could not be read, the last time.
    pub trouble: Option<Trouble>,
    /// When it was last read.
    pub at: Option<Timestamp>,
    /// How it was found, where that is worth telling.
    pub found: Option<Looked>,
    sites: Vec<Option<SiteId>>,
    served: Served,
    feeds: Vec<Feed>,
    /// How many pages may still be asked for before somebody presses a key.
    patience: usize,
    /// Whether somebody wants to see the end, however far it is.
    to_end: bool,
}

/// The part of a filter for which a list of its own is asked for. How executions stand is no part of it: each status is
/// a list anyway.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Served {
    redriven: Option<bool>,
    qualifier: Option<String>,
    window: Window,
}

#[derive(Debug)]
struct Feed {
    list: List,
    next: Next,
    rows: usize,
    /// Whether nothing of it is wanted now.
    idle: bool,
}

#[derive(Debug)]
enum Next {
    Ready(Option<Cursor>),
    Asked(Ticket, Option<Cursor>),
    Over,
    /// More would come, and none of it fits the filter.
    Past(Cursor),
    Broken(Option<Cursor>),
}

/// Pages looked through for rows that fit a filter before somebody must ask for more.
const PATIENCE: usize = 5;

/// The next page is asked for when so few rows are left below the screen.
const NEAR: usize = 10;

impl Feeds {
    /// A list that is to be read at these sites.
    pub fn new(of: Of, sites: Vec<Option<SiteId>>) -> Self {
        Self::serving(of, sites, Served::default())
    }

    fn serving(of: Of, sites: Vec<Option<SiteId>>, served: Served) -> Self {
        let feeds = parts(&of, &sites, &served);
        let (trouble, at, found) = (None, None, None);
        Self { of, trouble, at, found, sites, served, feeds, patience: PATIENCE, to_end: false }
    }

    /// Returns the site, when there is only one.
    pub fn site(&self) -> Option<SiteId> {
        match self.sites.as_slice() {
            [site] => *site,
            _ => None,
        }
    }

    /// Tells whether there are several sites.
    pub fn is_several(&self) -> bool {
        self.sites.len() > 1
    }

    /// Tells whether the answer to a question is waited for.
    pub fn awaits(&self, ticket: Ticket) -> bool {
        self.feeds.iter().any(|feed| matches!(feed.next, Next::Asked(asked, _) if asked == ticket))
    }

    /// Tells whether a page is on its way.
    pub fn is_loading(&self) -> bool {
        self.wanted_feeds().any(|feed| matches!(feed.next, Next::Asked(..)))
    }

    /// Tells whether there are pages nobody has asked for.
    pub fn has_more(&self) -> bool {
        self.wanted_feeds().any(|feed| !matches!(feed.next, Next::Over | Next::Past(_)))
    }

    fn wanted_feeds(&self) -> impl Iterator<Item = &Feed> {
        self.feeds.iter().filter(|feed| !feed.idle)
    }

    /// Somebody pressed a key: they want to see more.
    pub fn encourage(&mut self) {
        self.patience = PATIENCE;
        self.to_end = false;
    }

    /// Somebody wants to see the end.
    pub fn go_to_end(&mut self) {
        self.to_end = true;
    }

    /// Reads on only when somebody asks for it.
    pub fn stop(&mut self) {
        (self.to_end, self.patience) = (false, 0);
    }

    /// Reads what a filter wants from now on. Returns another list, to be read from its beginning, when the service has
    /// to be asked for one.
    pub(super) fn serve(&mut self, filter: Option<&Filter>) -> Option<Self> {
        let served = self.served_for(filter);
        if served == self.served {
            self.narrow(filter);
            return None;
        }
        let mut other = Self::serving(self.of.clone(), self.sites.clone(), served);
        other.narrow(filter);
        Some(other)
    }

    /// Tells whether this is the list a filter wants.
    pub(super) fn serves(&self, filter: Option<&Filter>) -> bool {
        self.served_for(filter) == self.served
    }

    /// Lets the parts rest of which a filter lets nothing through, and looks for more where another one saw no use in.
    fn narrow(&mut self, filter: Option<&Filter>) {
        for feed in &mut self.feeds {
            feed.idle = feed.list.status.is_some_and(|status| filter.is_some_and(|filter| !filter.wants(status)));
            if let Next::Past(cursor) = &feed.next {
                feed.next = Next::Ready(Some(cursor.clone()));
            }
        }
        self.patience = PATIENCE;
        self.to_end = false;
    }

    fn served_for(&self, filter: Option<&Filter>) -> Served {
        let Some(filter) = filter else { return Served::default() };
        let service = filter.service();
        match self.of {
            Of::Machines | Of::Children(_) => Served::default(),
            Of::Express(_) => Served { window: filter.window(), ..Served::default() },
            Of::Executions(_) => Served {
                redriven: service.redriven,
                // Who runs a version through an alias is in both lists; what comes is narrowed down on the screen.
                qualifier: service.alias.clone().or_else(|| service.version.clone()),
                window: Window::default(),
            },
        }
    }

    /// Waits for nothing any more; what was asked is asked again when it is wanted again.
    pub(super) fn rest(&mut self) {
        for feed in &mut self.feeds {
            if let Next::Asked(_, cursor) = &mut feed.next {
                feed.next = Next::Ready(cursor.take());
            }
        }
        self.to_end = false;
    }

    /// Reads the list from the beginning.
    pub fn begin_again(&mut self, filter: Option<&Filter>) {
        *self = Self::serving(self.of.clone(), self.sites.clone(), self.served_for(filter));
        self.narrow(filter);
    }

    /// Tries again what could not be read.
    pub fn retry(&mut self) {
        for feed in &mut self.feeds {
            if let Next::Broken(cursor) = &mut feed.next {
                feed.next = Next::Ready(cursor.take());
            }
        }
        self.trouble = None;
        self.patience = PATIENCE;
    }

    /// Stops waiting for pages, which can be tried again; returns the questions that are not to be answered.
    pub fn stop_waiting(&mut self) -> Vec<Ticket> {
        let mut stopped = Vec::new();
        for feed in &mut self.feeds {
            if let Next::Asked(ticket, cursor) = &mut feed.next {
                stopped.push(*ticket);
                feed.next = Next::Broken(cursor.take());
            }
        }
        if !stopped.is_empty() {
            self.trouble = Some(Trouble { message: "Stopped.".to_owned(), hint: None });
        }
        stopped
    }

    /// Returns the pages that are wanted now: the first of every part, and the next of the part that is shown to its
    /// end. `shown` tells how many rows of the first so many fit the filter; `bottom` is the last line on the screen.
    pub fn wanted(
        &mut self,
        shown: impl Fn(usize) -> usize,
        bottom: usize,
        mut ticket: impl FnMut() -> Ticket,
    ) -> Vec<(Ticket, List, Option<Cursor>)> {
        let mut wanted = Vec::new();
        let mut rows = 0;
        let mut going_on = false;
        for feed in &mut self.feeds {
            rows += feed.rows;
            going_on |= !feed.idle && self.to_end && matches!(&feed.next, Next::Asked(_, Some(_)));
            let Next::Ready(cursor) = &mut feed.next else { continue };
            let first = cursor.is_none();
            let enough = !self.to_end && (self.patience == 0 || shown(rows) > bottom + NEAR);
            if feed.idle || !first && (going_on || enough) {
                continue;
            }
            if !first {
                going_on = true;
                self.patience = self.patience.saturating_sub(1);
            }
            let (ticket, cursor) = (ticket(), cursor.take());
            wanted.push((ticket, feed.list.clone(), cursor.clone()));
            feed.next = Next::Asked(ticket, cursor);
        }
        self.to_end &= self.feeds.iter().any(|feed| !feed.idle && matches!(feed.next, Next::Asked(..)));
        wanted
    }

    /// Takes in a page; returns where its rows belong, or `None` when nobody waits for it any more. `over` tells that
    /// nothing after the last row can fit.
    pub fn paged(
        &mut self,
        ticket: Ticket,
        page: Result<(usize, Option<Cursor>, Timestamp), Trouble>,
        over: bool,
    ) -> Option<usize> {
        let asked = |feed: &Feed| matches!(feed.next, Next::Asked(asked, _) if asked == ticket);
        let place = self.feeds.iter().position(asked)?;
        let at = self.feeds.iter().take(place + 1).map(|feed| feed.rows).sum();
        let feed = self.feeds.get_mut(place)?;
        match page {
            Ok((rows, next, read)) => {
                feed.rows += rows;
                feed.next = match next {
                    Some(next) if over => Next::Past(next),
                    Some(next) => Next::Ready(Some(next)),
                    None => Next::Over,
                };
                self.at = Some(read);
            }
            Err(trouble) => {
                let cursor = match &mut feed.next {
                    Next::Asked(_, cursor) => cursor.take(),
                    _ => None,
                };
                feed.next = Next::Broken(cursor);
                self.trouble = Some(trouble);
                self.to_end = false;
            }
        }
        Some(at)
    }
}

/// Executions come by how they stand, those that went wrong first; AWS sorts each kind with the latest first. A log is
/// looked through once for all.
fn parts(of: &Of, sites: &[Option<SiteId>], served: &Served) -> Vec<Feed> {
    let feed = |site: Option<SiteId>, status: Option<&'static str>| {
        let Served { redriven, qualifier, window } = served.clone();
        let list = List { site, of: of.clone(), status, redriven, qualifier, window };
        Feed { list, next: Next::Ready(None), rows: 0, idle: false }
    };
    let of_children = matches!(of, Of::Children(_));
    let statuses = STATUSES.iter().filter(|status| of_children || **status != "PENDING_REDRIVE");
    match of {
        Of::Machines | Of::Express(_) => sites.iter().map(|site| feed(*site, None)).collect(),
        Of::Executions(_) | Of::Children(_) => {
            statuses.flat_map(|status| sites.iter().map(|site| feed(*site, Some(*status)))).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tickets() -> impl FnMut() -> Ticket {
        let mut ticket = Ticket::default();
        move || {
            ticket = ticket.next();
            ticket
        }
    }

    fn page(rows: usize, next: Option<&str>) -> Result<(usize, Option<Cursor>, Timestamp), Trouble> {
        Ok((rows, next.map(|next| Cursor(next.to_owned())), Timestamp::from_millis(0)))
    }

    #[test]
    fn every_part_is_begun_and_the_shown_one_goes_on() {
        let mut feeds = Feeds::new(Of::Executions("machine".to_owned()), vec![None]);
        let mut ticket = tickets();
        let first = feeds.wanted(|rows| rows, 20, &mut ticket);
        let statuses: Vec<_> = first.iter().map(|(_, list, _)| list.status.unwrap()).collect();
        assert_eq!(statuses, ["FAILED", "TIMED_OUT", "ABORTED", "RUNNING", "SUCCEEDED"]);
        assert!(feeds.wanted(|rows| rows, 20, &mut ticket).is_empty(), "nothing is asked for twice");
        assert_eq!(feeds.paged(first[4].0, page(100, Some("s2")), false), Some(0));
        assert_eq!(feeds.paged(first[0].0, page(100, Some("f2")), false), Some(0), "the failed ones go on top");
        assert_eq!(feeds.paged(first[0].0, page(1, None), false), None, "an answer counts once");
        assert!(feeds.wanted(|rows| rows, 20, &mut ticket).is_empty(), "there is enough to look at");
        let next = feeds.wanted(|rows| rows, 95, &mut ticket);
        assert_eq!(next[0].2, Some(Cursor("f2".to_owned())));
        assert_eq!(next.len(), 1);
    }

    #[test]
    fn looking_for_what_is_rare_stops_after_some_pages() {
        let mut feeds = Feeds::new(Of::Machines, vec![None]);
        let mut ticket = tickets();
        let mut pages = 0;
        while let [(asked, ..)] = feeds.wanted(|_| 0, 20, &mut ticket).as_slice() {
            feeds.paged(*asked, page(100, Some("more")), false);
            pages += 1;
        }
        assert_eq!(pages, 1 + PATIENCE);
        feeds.encourage();
        assert_eq!(feeds.wanted(|_| 0, 20, &mut ticket).len(), 1);
    }

    #[test]
    fn the_end_is_read_to_one_page_at_a_time_until_somebody_stops() {
        let mut feeds = Feeds::new(Of::Machines, vec![None]);
        let mut ticket = tickets();
        feeds.go_to_end();
        for number in 0..40 {
            let wanted = feeds.wanted(|rows| rows, 20, &mut ticket);
            assert_eq!(wanted.len(), 1, "page {number}");
            assert!(feeds.wanted(|rows| rows, 20, &mut ticket).is_empty(), "one at a time");
            feeds.paged(wanted[0].0, page(100, Some("more")), false);
        }
        feeds.stop();
        assert!(feeds.wanted(|rows| rows, 4_000, &mut ticket).is_empty());
        feeds.encourage();
        assert_eq!(feeds.wanted(|rows| rows, 4_000, &mut ticket).len(), 1, "whoever presses a key wants more");
    }

    #[test]
    fn what_is_past_one_filter_is_read_for_the_next() {
        let mut feeds = Feeds::new(Of::Executions("machine".to_owned()), vec![None]);
        let (mut ticket, since) = (tickets(), Filter::new("status:failed since:2h").unwrap());
        assert!(feeds.serve(Some(&since)).is_none(), "statuses and times are no other list");
        let wanted = feeds.wanted(|rows| rows, 20, &mut ticket);
        assert_eq!(wanted.iter().map(|(_, list, _)| list.status).collect::<Vec<_>>(), [Some("FAILED")]);
        feeds.paged(wanted[0].0, page(100, Some("f2")), true);
        assert!(!feeds.has_more() && feeds.wanted(|_| 0, 20, &mut ticket).is_empty());
        feeds.serve(None);
        let wanted = feeds.wanted(|_| 0, 20, &mut ticket);
        let asked: Vec<_> = wanted.iter().map(|(_, list, cursor)| (list.status.unwrap(), cursor.is_some())).collect();
        let first = [("TIMED_OUT", false), ("ABORTED", false), ("RUNNING", false), ("SUCCEEDED", false)];
        assert_eq!(asked, [&[("FAILED", true)], first.as_slice()].concat(), "it goes on where it was");
    }

    #[test]
    fn what_could_not_be_read_is_tried_again_from_there() {
        let mut feeds = Feeds::new(Of::Machines, vec![None]);
        let mut ticket = tickets();
        let first = feeds.wanted(|rows| rows, 20, &mut ticket);
        feeds.paged(first[0].0, page(5, Some("p2")), false);
        let second = feeds.wanted(|rows| rows, 20, &mut ticket);
        let trouble = Trouble { message: "Throttled.".to_owned(), hint: None };
        feeds.paged(second[0].0, Err(trouble), false);
        assert!(feeds.trouble.is_some() && feeds.wanted(|rows| rows, 20, &mut ticket).is_empty());
        feeds.retry();
        let again = feeds.wanted(|rows| rows, 20, &mut ticket);
        assert_eq!(again[0].2, Some(Cursor("p2".to_owned())));
    }
}

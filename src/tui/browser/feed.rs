//! Lists that live in an account and come page by page, the next one when the cursor nears the end.

use super::filter::{Filter, STATUSES, Service};
use super::listing::Listing;
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
    /// Only those started through this alias or version.
    pub qualifier: Option<String>,
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
    sites: Vec<Option<SiteId>>,
    service: Service,
    feeds: Vec<Feed>,
    /// How many pages may still be asked for before somebody presses a key.
    patience: usize,
}

#[derive(Debug)]
struct Feed {
    list: List,
    next: Next,
    rows: usize,
}

#[derive(Debug)]
enum Next {
    Ready(Option<Cursor>),
    Asked(Ticket, Option<Cursor>),
    Over,
    Broken(Option<Cursor>),
}

/// Pages looked through for rows that fit a filter before somebody must ask for more.
const PATIENCE: usize = 5;

/// The next page is asked for when so few rows are left below the screen.
const NEAR: usize = 10;

impl Feeds {
    /// A list that is to be read at these sites.
    pub fn new(of: Of, sites: Vec<Option<SiteId>>) -> Self {
        let service = Service::default();
        let feeds = parts(&of, &sites, &service);
        Self { of, trouble: None, at: None, sites, service, feeds, patience: PATIENCE }
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
        self.feeds.iter().any(|feed| matches!(feed.next, Next::Asked(..)))
    }

    /// Tells whether there are pages nobody has asked for.
    pub fn has_more(&self) -> bool {
        self.feeds.iter().any(|feed| !matches!(feed.next, Next::Over))
    }

    /// Somebody pressed a key: they want to see more.
    pub fn encourage(&mut self) {
        self.patience = PATIENCE;
    }

    /// Reads the list anew as a filter wants it; tells whether that is another list. Rows come anew as well.
    pub fn serve(&mut self, filter: Option<&Filter>) -> bool {
        let service = filter.map(|filter| filter.service().clone()).unwrap_or_default();
        let other = service != self.service && !matches!(self.of, Of::Machines);
        self.service = service;
        if other {
            self.begin_again();
        }
        other
    }

    /// Reads the list from the beginning.
    pub fn begin_again(&mut self) {
        self.feeds = parts(&self.of, &self.sites, &self.service);
        self.trouble = None;
        self.patience = PATIENCE;
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
            let Next::Ready(cursor) = &mut feed.next else { continue };
            let first = cursor.is_none();
            if !first && (going_on || self.patience == 0 || shown(rows) > bottom + NEAR) {
                continue;
            }
            if !first {
                going_on = true;
                self.patience -= 1;
            }
            let (ticket, cursor) = (ticket(), cursor.take());
            wanted.push((ticket, feed.list.clone(), cursor.clone()));
            feed.next = Next::Asked(ticket, cursor);
        }
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
                feed.next = if over { Next::Over } else { next.map_or(Next::Over, |next| Next::Ready(Some(next))) };
                self.at = Some(read);
            }
            Err(trouble) => {
                let cursor = match &mut feed.next {
                    Next::Asked(_, cursor) => cursor.take(),
                    _ => None,
                };
                feed.next = Next::Broken(cursor);
                self.trouble = Some(trouble);
            }
        }
        Some(at)
    }
}

/// Executions come by how they stand, those that went wrong first; AWS sorts each kind with the latest first.
fn parts(of: &Of, sites: &[Option<SiteId>], service: &Service) -> Vec<Feed> {
    let feed = |site: Option<SiteId>, status: Option<&'static str>| {
        let (redriven, qualifier) = (service.redriven, service.qualifier.clone());
        let list = List { site, of: of.clone(), status, redriven, qualifier };
        Feed { list, next: Next::Ready(None), rows: 0 }
    };
    let wanted = |status: &&&'static str| service.statuses.is_empty() || service.statuses.contains(*status);
    let of_children = matches!(of, Of::Children(_));
    let possible = |status: &&&'static str| of_children || **status != "PENDING_REDRIVE";
    let statuses = STATUSES.iter().filter(wanted).filter(possible);
    match of {
        Of::Machines => sites.iter().map(|site| feed(*site, None)).collect(),
        _ => statuses.flat_map(|status| sites.iter().map(|site| feed(*site, Some(*status)))).collect(),
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

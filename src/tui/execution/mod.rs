//! The execution screen: one cursor, which is an event, and panes that follow it.

mod axis;
mod data;
mod failures;
mod graph;
mod headline;
mod named;
mod outcome;
mod place;
mod scroll;
mod spot;
mod timeline;
mod tree;

pub use axis::{Axis, Cell};
pub use data::DataPane;
pub use failures::{Failures, failure_of};
pub use graph::{Direction, GraphPane};
pub use headline::Headline;
pub use place::{Place, Trail};
pub use scroll::Scroll;
pub use timeline::{Playing, Speed, TICK_MICROS, Timeline, TimelinePane};
pub use tree::{Node, Tree, TreePane, What};

use super::bookmarks::Bookmarks;
use super::event_list::EventsPane;
use super::items::Items;
use super::live::Fetch;
use super::msg::Ticket;
use super::origins::Origins;
use super::pane::{DataTab, MainView, Pane};
use super::panel::{Panel, Replayed};
use super::replaying::Plan;
use super::sheet::{Sheet, Study};
use super::subject::Subject;
use super::table::TablePane;
use crate::analysis::fleet::MapPlace;
use crate::event::{EventId, Timestamp};
use crate::history::{History, MemberId};
use crate::json::rows::{Needle, Outline};
use std::sync::Arc;

/// The state of the execution screen.
#[derive(Debug)]
pub struct Execution {
    /// What is looked at.
    pub subject: Arc<Subject>,
    /// The cursor.
    pub place: Place,
    /// Where it was before.
    pub trail: Trail,
    /// The pane that keys act on.
    pub focus: Pane,
    /// Whether that pane has the screen for itself.
    pub grown: bool,
    /// What the main pane shows.
    pub view: MainView,
    /// The tree.
    pub tree: TreePane,
    /// The graph.
    pub graph: GraphPane,
    /// The timeline.
    pub timeline: TimelinePane,
    /// The event list.
    pub events: EventsPane,
    /// The table of states, or of items.
    pub table: TablePane,
    /// The data.
    pub data: DataPane,
    /// The time axis and what is on it.
    pub axis: Axis,
    /// What went wrong.
    pub headline: Headline,
    /// What is looked for, and in which pane.
    pub search: Option<(Pane, Needle)>,
    /// Whether idle time is to be folded on the time axis.
    pub idle_folded: bool,
    /// A place to compare another one with.
    pub mark: Option<Place>,
    /// The places somebody marked for good.
    pub bookmarks: Bookmarks,
    /// A comparison that lies over the panes.
    pub panel: Option<Panel>,
    /// The items of a Map that lie over the panes, below a comparison.
    pub items: Option<Items>,
    /// Those shown last, to be shown again as they were.
    pub put_away: Option<Items>,
    /// Where a value came from, or who used it, over the data.
    pub origins: Option<Origins>,
    /// A comparison that is being worked out.
    pub waiting: Option<Waiting>,
    /// What is to be replayed next, and what is to be different in it.
    pub plan: Plan,
    /// The plans for other executions of the family.
    pub plans: Vec<Plan>,
    /// What a replay showed, once there was one.
    pub replayed: Option<Replayed>,
    /// The data of a row of the replay, and which row.
    pub preview: Option<(usize, Panel)>,
    /// How far it is, when it comes from AWS.
    pub fetch: Option<Fetch>,
    /// The present, while it goes on; of what is recorded, when it was recorded.
    pub now: Option<Timestamp>,
}

/// A comparison that is being worked out in the background.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The question.
    pub ticket: Ticket,
    /// What is worked out.
    pub work: Work,
}

/// What the cursor does on the last event when more events come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// It goes on to the new last one.
    Sticks,
    /// It stays.
    Stays,
}

/// What takes a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Finding the last good run and comparing this one with it.
    Runs,
    /// Replaying, with so many events of about so many.
    Replay(usize, usize),
    /// Comparing the items of a Map.
    Items(MapPlace),
}

impl Execution {
    /// Shows a subject with the cursor on what went wrong first.
    pub fn new(subject: Arc<Subject>) -> Self {
        let headline = subject.headline();
        let place = headline.place;
        let axis = Axis::new(subject.history(place.member), None);
        let mut screen = Self {
            tree: TreePane::new(subject.tree(place.member)),
            graph: GraphPane::default(),
            timeline: TimelinePane::default(),
            events: EventsPane::default(),
            table: TablePane::default(),
            data: DataPane::default(),
            trail: Trail::default(),
            focus: Pane::Main,
            grown: false,
            view: MainView::Tree,
            search: None,
            mark: None,
            bookmarks: Bookmarks::of(&subject),
            panel: None,
            items: None,
            put_away: None,
            origins: None,
            waiting: None,
            plan: Plan::default(),
            plans: Vec::new(),
            replayed: None,
            preview: None,
            fetch: None,
            now: subject.seen(),
            idle_folded: axis.is_folded(),
            axis,
            headline,
            place,
            subject,
        };
        screen.follow();
        screen.tree.reveal(screen.subject.tree(place.member));
        screen
    }

    /// Tells whether it lives in AWS and goes on, so that its age changes.
    pub fn grows_older(&self) -> bool {
        self.fetch.is_some() && self.subject.history(MemberId::ROOT).end().is_none() && self.subject.seen().is_some()
    }

    /// Takes in what time it is.
    pub fn tell_time(&mut self, now: Option<Timestamp>) {
        self.now = now;
        self.headline = self.subject.headline_at(now);
    }

    /// Returns the microseconds since a moment, while the execution goes on.
    pub fn age_since(&self, moment: Timestamp) -> Option<i64> {
        Some(self.now?.micros_since(moment).max(0))
    }

    /// Returns the history the cursor is in.
    pub fn history(&self) -> &History {
        self.subject.history(self.place.member)
    }

    /// Moves the cursor a little: to an event of the same execution.
    pub fn go(&mut self, event: EventId) {
        if self.history().event(event).is_some() {
            self.place.event = event;
            self.follow();
        }
    }

    /// Moves the cursor far, so that one may want to come back.
    pub fn jump(&mut self, place: Place) {
        if place != self.place && self.subject.history(place.member).event(place.event).is_some() {
            self.trail.left(self.place);
            self.set_place(place);
        }
    }

    /// Takes over where an older reading of the same recording was.
    pub fn take_after(&mut self, older: &Self) {
        let known = older.place.member.index() < self.subject.family.members().count();
        if known && self.subject.history(older.place.member).event(older.place.event).is_some() {
            self.set_place(older.place);
        }
        (self.focus, self.grown, self.view) = (older.focus, older.grown, older.view);
        if known {
            self.plan.clone_from(&older.plan);
        }
        self.show(older.data.tab);
        self.bookmarks.take_after(&older.bookmarks, &self.subject);
    }

    /// Shows the same execution with more of its history. The cursor stays where somebody put it; on the last event, or
    /// the last row of the tree, it goes on to the new last event when that is wanted. Where nobody put it, it goes to
    /// what is the cause now.
    pub fn renew(&mut self, subject: Arc<Subject>, at_tail: Tail) {
        let last = |history: &History| history.events().last().map(|event| event.id);
        let on_last_row = !self.lists_events(self.focus)
            && self.focus == Pane::Main
            && self.tree.selected() + 1 == self.subject.tree(self.place.member).len();
        let was_last = on_last_row || last(self.history()) == Some(self.place.event);
        let untouched = self.place == self.headline.place;
        let older = std::mem::replace(&mut self.subject, subject);
        // Once it has ended, no time passes any more.
        self.tell_time(self.subject.seen().map(|seen| seen.max(self.now.unwrap_or(seen))));
        let known = |place: Place| {
            let member = place.member.index() < self.subject.family.members().count();
            let same = || self.subject.title(place.member).arn == older.title(place.member).arn;
            member && same() && self.subject.history(place.member).event(place.event).is_some()
        };
        let before = self.place;
        if was_last && at_tail == Tail::Sticks && known(before) {
            self.place.event = last(self.subject.history(before.member)).unwrap_or(before.event);
        } else if untouched || !known(before) {
            self.place = self.headline.place;
        }
        self.mark = self.mark.filter(|mark| known(*mark));
        self.bookmarks.renew(&self.subject);
        // What was compared with an older reading stays to be read. What was said of the whole of it is not true any
        // more.
        self.replayed = None;
        self.preview = None;
        self.put_away = None;
        self.items.iter_mut().for_each(Items::grow_stale);
        let tree = self.subject.tree(self.place.member);
        self.tree = if self.place.member == before.member {
            self.tree.renewed(older.tree(before.member), tree)
        } else {
            TreePane::new(tree)
        };
        self.graph.renew(older.graph == self.subject.graph);
        self.timeline.renew();
        self.table.renew();
        self.axis = Axis::new(self.subject.history(self.place.member), Some(self.idle_folded));
        let history = self.subject.history(self.place.member);
        self.events.renew(history);
        self.tree.follow(tree, history, self.place.event);
        if self.place != before {
            self.tree.reveal(tree);
        }
        let needle = self.search.as_ref().filter(|(pane, _)| *pane == Pane::Data).map(|(_, needle)| needle);
        self.data.renew(&self.subject, self.place, needle);
    }

    /// Goes back (or forward) to where the cursor was.
    pub fn retrace(&mut self, place: Option<Place>) -> bool {
        let Some(place) = place else { return false };
        self.set_place(place);
        true
    }

    /// Shows a place for a while: the cursor goes there, and no jump is noted.
    pub fn look_at(&mut self, place: Place) {
        if place != self.place && self.subject.history(place.member).event(place.event).is_some() {
            self.set_place(place);
        }
    }

    fn set_place(&mut self, place: Place) {
        if place.member != self.place.member {
            self.tree = TreePane::new(self.subject.tree(place.member));
            self.events = EventsPane::default();
            self.table = TablePane::default();
            let folded = self.idle_folded.then_some(true);
            self.axis = Axis::new(self.subject.history(place.member), folded);
        }
        self.place = place;
        self.follow();
        self.tree.reveal(self.subject.tree(place.member));
    }

    /// Folds idle time on the time axis, or unfolds it.
    pub fn toggle_idle(&mut self) -> bool {
        self.idle_folded = !self.idle_folded;
        self.axis = Axis::new(self.history(), Some(self.idle_folded));
        self.axis.is_folded() == self.idle_folded
    }

    /// Shows a view of the data.
    pub fn show(&mut self, tab: DataTab) {
        self.data.tab = tab;
        self.refresh();
    }

    /// Lets the panes follow the cursor.
    fn follow(&mut self) {
        let history = self.subject.history(self.place.member);
        self.tree.follow(self.subject.tree(self.place.member), history, self.place.event);
        self.refresh();
    }

    fn refresh(&mut self) {
        let needle = self.search.as_ref().filter(|(pane, _)| *pane == Pane::Data).map(|(_, needle)| needle);
        self.data.refresh(&self.subject, self.place, needle);
    }

    /// Takes a sheet that was made in the background.
    pub fn take_sheet(&mut self, study: Study, sheet: Sheet) {
        let needle = self.search.as_ref().filter(|(pane, _)| *pane == Pane::Data).map(|(_, needle)| needle);
        self.data.take_sheet(study, sheet, needle);
    }

    /// Looks for something in the focused pane, or for nothing any more.
    pub fn set_search(&mut self, needle: Option<Needle>) {
        self.search = needle.map(|needle| (self.focus, needle));
        self.refresh_matches();
    }

    /// Tells whether something is looked for in what lies on top.
    pub fn is_searching(&self) -> bool {
        match (&self.panel, &self.items) {
            (Some(panel), _) => panel.search.is_some(),
            (None, Some(items)) => items.search.is_some(),
            (None, None) => self.search.is_some(),
        }
    }

    /// Finds anew what is looked for.
    pub fn refresh_matches(&mut self) {
        let needle = self.search.as_ref().map(|(pane, needle)| (*pane, needle));
        let in_events = needle.filter(|(pane, _)| self.lists_events(*pane)).map(|(_, needle)| needle.clone());
        let history = self.subject.history(self.place.member);
        self.events.find(history, in_events.as_ref());
        self.data.find(needle.filter(|(pane, _)| *pane == Pane::Data).map(|(_, needle)| needle));
    }

    /// Plans for an execution of the family; what was planned for another is kept.
    pub fn plan_for(&mut self, member: MemberId) {
        if self.plan.member == member {
            return;
        }
        let at = self.plans.iter().position(|plan| plan.member == member);
        let plan = at.map_or_else(|| Plan::of(member), |at| self.plans.swap_remove(at));
        self.plans.push(std::mem::replace(&mut self.plan, plan));
    }

    /// Returns the marked event of the execution the cursor is in.
    pub fn marked(&self) -> Option<EventId> {
        self.mark.filter(|mark| mark.member == self.place.member).map(|mark| mark.event)
    }

    /// Returns which kind of list a pane shows at the moment.
    pub fn lists_events(&self, pane: Pane) -> bool {
        pane == Pane::Events || (pane == Pane::Main && self.view == MainView::Events)
    }

    /// Tells whether the focused pane lists only some of the events.
    pub fn lists_filtered(&self) -> bool {
        self.lists_events(self.focus) && self.events.filter().is_some()
    }

    /// Tells whether the focused pane is a table of items.
    pub fn lists_items(&self) -> bool {
        self.focus == Pane::Main && self.view == MainView::Table && self.table.map().is_some()
    }

    /// Returns the execution around this one, if it was started by another of the family.
    pub fn parent_execution(&self) -> Option<MemberId> {
        use crate::history::Link;
        match self.subject.family.member(self.place.member).link {
            Link::Root => None,
            Link::Nested { parent, .. } | Link::Item { parent, .. } => Some(parent),
        }
    }
}

//! The items of a Map over the middle of the execution screen: put together by how they went, with what sets the failing
//! ones apart from the others.
//!
//! All that takes long is done when it is made, which is in the background when there is much to look at; painting and
//! moving look at no more than what is on the screen. This module must not know keys, nor colours beyond their roles.

mod list;
mod rows;

pub use list::{List, MISSING};
pub use rows::{Row, Says, name};

use super::execution::{Place, Scroll};
use super::subject::Subject;
use crate::analysis::Status;
use crate::analysis::fleet::{Group, Item, MapPlace, Spot, Survey, Trace};
use crate::event::EventId;
use crate::json::rows::{Folds, Needle, Nesting, Outline};
use std::collections::{HashMap, HashSet};

/// The items of a Map, on the screen.
#[derive(Debug, Clone)]
pub struct Items {
    /// The items.
    pub survey: Survey,
    /// The Map's entry, by which it is found again in a later reading of the same execution.
    pub home: Place,
    /// The visible part.
    pub scroll: Scroll,
    /// What is looked for in it.
    pub search: Option<Needle>,
    /// The columns of each group.
    lists: Vec<List>,
    rows: Vec<Row>,
    nesting: Nesting,
    folds: Folds,
    selected: usize,
    /// Whether more is known of the execution than when these were looked at.
    stale: bool,
    /// The marked place, and the item that failed or began there.
    mark: Option<(Place, Option<usize>)>,
}

/// What a row about a group is known by.
#[derive(PartialEq, Eq, Hash)]
enum Known<'a> {
    /// The state, the error and the cause of its failures.
    Failures(Part, [Option<&'a str>; 3]),
    /// How its items stand, of which none failed.
    Others(Part, Status),
}

/// What such a row stands above.
#[derive(PartialEq, Eq, Hash)]
enum Part {
    /// All that is said of the group.
    Whole,
    /// Its items.
    List,
}

/// Inputs of more bytes than this are looked at in the background.
const MUCH: usize = 256 * 1024;

/// Groups of more items than this show them when asked to.
const FEW: usize = 8;

impl Items {
    /// Tells whether making it may take so long that one would notice.
    pub fn is_long(subject: &Subject, map: MapPlace) -> bool {
        let MapPlace { execution, visit: Some(map) } = map else { return true };
        let history = subject.history(execution);
        let first = |scope: &crate::history::ScopeId| history.scope(*scope).visits.first().copied();
        let iterations = history.visit(map).children.iter().filter_map(first);
        let sizes = iterations.filter_map(|visit| history.input(visit)).map(crate::json::Payload::size);
        let children = subject.family.items_of(execution, map);
        let children =
            children.filter_map(|child| subject.family.member(child).input()).map(crate::json::Payload::size);
        sizes.chain(children).sum::<usize>() > MUCH
    }

    /// Looks at the items of a visit of a Map.
    pub fn of(subject: &Subject, map: MapPlace) -> Self {
        let survey = Survey::at(&subject.family, map);
        let lists: Vec<List> = survey.groups.iter().map(|group| List::of(&survey, group)).collect();
        let rows = rows::rows(&survey);
        let nesting = Nesting::of(rows.iter().map(|row| row.depth));
        let mut folds = Folds::none(&nesting);
        let any_failed = survey.fleet.failed > 0;
        folds.close_where(&nesting, |row| match rows.get(row).map(|row| &row.says) {
            Some(Says::Group(group)) => any_failed && survey.groups[*group].cluster.is_none(),
            Some(Says::Head(group)) => {
                let group = &survey.groups[*group];
                group.cluster.is_some() && group.items.len() > FEW
            }
            _ => false,
        });
        let is_group = |row: &Row| matches!(row.says, Says::Group(_));
        let selected = rows.iter().position(is_group).unwrap_or(0);
        let visit = map.visit.map(|visit| subject.history(map.execution).visit(visit));
        let entered = visit.and_then(|visit| visit.entered.or(visit.ended));
        let home = Place { member: map.execution, event: entered.unwrap_or(EventId::FIRST) };
        let scroll = Scroll::default();
        let (search, stale, mark) = (None, false, None);
        Self { survey, home, scroll, search, lists, rows, nesting, folds, selected, stale, mark }
    }

    /// Tells whether these are the items of that visit.
    pub fn is_of(&self, map: MapPlace) -> bool {
        self.survey.of == map
    }

    /// Puts the cursor where it was in an older reading of the same items, and leaves open what was open.
    #[must_use]
    pub fn after(mut self, older: &Self) -> Self {
        let before: HashMap<Known<'_>, usize> =
            (0..older.rows.len()).filter_map(|row| Some((older.known_by(row)?, row))).collect();
        let is_closed = |row: usize| match self.known_by(row).and_then(|known| before.get(&known)) {
            Some(before) => older.folds.is_closed(*before),
            None => self.folds.is_closed(row),
        };
        let closed: HashSet<usize> = (0..self.rows.len()).filter(|row| is_closed(*row)).collect();
        self.folds.close_where(&self.nesting, |row| closed.contains(&row));
        match self.counterpart_of(older) {
            // An item that went on may have come into a group that is folded.
            Some(row) => self.reveal(row),
            None => self.select_line(older.line()),
        }
        self.scroll = older.scroll;
        self.search.clone_from(&older.search);
        self
    }

    /// The row that says of the same items, or of the same one, what the row under an older reading's cursor did.
    fn counterpart_of(&self, older: &Self) -> Option<usize> {
        let label = |items: &Self, item: usize| items.survey.items.get(item).map(|item| item.label.clone());
        if let Some(Says::Item(_, item)) = older.selected() {
            let before = label(older, *item)?;
            let same = |row: &Row| matches!(row.says, Says::Item(_, item) if self.is_called(item, &before));
            return self.rows.iter().position(same);
        }
        let up = std::iter::successors(Some(older.selected), |row| older.nesting.parent(*row));
        let known = up.into_iter().find_map(|row| older.known_by(row))?;
        (0..self.rows.len()).find(|row| self.known_by(*row).as_ref() == Some(&known))
    }

    fn is_called(&self, item: usize, label: &str) -> bool {
        self.survey.items.get(item).is_some_and(|item| item.label == label)
    }

    /// By what a row about a group is known in every reading; numbers of groups change from one to the next.
    fn known_by(&self, row: usize) -> Option<Known<'_>> {
        let (group, part) = match self.rows.get(row)?.says {
            Says::Group(group) => (group, Part::Whole),
            Says::Head(group) => (group, Part::List),
            Says::Told(_) | Says::Plain(_) | Says::Item(..) => return None,
        };
        let group = self.survey.groups.get(group)?;
        Some(match self.survey.cluster(group) {
            Some(cluster) => {
                let (state, error) = (cluster.state.as_deref(), cluster.error.as_deref());
                Known::Failures(part, [state, error, cluster.cause.as_deref()])
            }
            None => Known::Others(part, group.status),
        })
    }

    /// Notes that more is known of the execution now.
    pub fn grow_stale(&mut self) {
        self.stale = true;
    }

    /// Tells whether more was known of the execution since the last time somebody asked.
    pub fn take_stale(&mut self) -> bool {
        std::mem::take(&mut self.stale)
    }

    /// Takes in which place is marked.
    pub fn set_mark(&mut self, mark: Option<Place>) {
        if self.mark.map(|(place, _)| place) != mark {
            self.mark = mark.map(|place| (place, self.item_at(place)));
        }
    }

    /// Returns the item that is marked.
    pub fn marked(&self) -> Option<usize> {
        self.mark?.1
    }

    /// Returns the rows that are not folded away.
    pub fn folds(&self) -> &Folds {
        &self.folds
    }

    /// Returns a row.
    pub fn row(&self, at: usize) -> Option<&Row> {
        self.rows.get(at)
    }

    /// Tells whether rows stand below a row.
    pub fn is_foldable(&self, row: usize) -> bool {
        self.nesting.is_foldable(row)
    }

    /// Returns the columns of a group.
    pub fn list(&self, group: usize) -> Option<&List> {
        self.lists.get(group)
    }

    /// Returns the line of the cursor.
    pub fn line(&self) -> usize {
        self.folds.line(self.selected)
    }

    /// Puts the cursor on a line.
    pub fn select_line(&mut self, line: usize) {
        let last = self.folds.visible().len().saturating_sub(1);
        self.selected = self.folds.row(line.min(last)).unwrap_or(0);
    }

    /// Returns what the row under the cursor says.
    pub fn selected(&self) -> Option<&Says> {
        self.rows.get(self.selected).map(|row| &row.says)
    }

    /// Returns the group the cursor is in.
    pub fn group(&self) -> Option<(usize, &Group)> {
        let up = std::iter::successors(Some(self.selected), |row| self.nesting.parent(*row));
        let group = up.filter_map(|row| self.rows.get(row)).find_map(|row| match row.says {
            Says::Group(group) => Some(group),
            _ => None,
        })?;
        Some((group, self.survey.groups.get(group)?))
    }

    /// Returns the item under the cursor; of a group the first one.
    pub fn item(&self) -> Option<usize> {
        match self.selected()? {
            Says::Item(_, item) => Some(*item),
            _ => self.group()?.1.items.first().copied(),
        }
    }

    /// Returns an item and what is known about it.
    pub fn get(&self, item: usize) -> Option<(&Item, &Trace)> {
        self.survey.items.get(item).zip(self.survey.traces.get(item))
    }

    /// Returns where an item failed or began, if its events are there.
    pub fn place(&self, item: usize) -> Option<Place> {
        let trace = self.survey.traces.get(item)?;
        let member = match trace.spot {
            Spot::Iteration(_) => self.survey.of.execution,
            Spot::Child(child) => child,
        };
        // Of results alone there is what the service says of each, and no event.
        let told = self.survey.of.visit.is_none().then_some(EventId::FIRST);
        Some(Place { member, event: trace.event.or(told)? })
    }

    /// Returns the item that failed or began at a place.
    pub fn item_at(&self, place: Place) -> Option<usize> {
        (0..self.survey.items.len()).find(|item| self.place(*item) == Some(place))
    }

    /// Folds or unfolds the row under the cursor, or folds what it stands in.
    pub fn toggle(&mut self) {
        let row = match self.nesting.is_foldable(self.selected) {
            true => Some(self.selected),
            false => self.nesting.parent(self.selected),
        };
        if let Some(row) = row {
            self.folds.toggle(&self.nesting, row);
            self.selected = self.folds.row(self.folds.line(self.selected)).unwrap_or(0);
        }
    }

    /// Unfolds everything.
    pub fn open_all(&mut self) {
        self.folds.open_all(&self.nesting);
    }

    /// Folds everything.
    pub fn close_all(&mut self) {
        self.folds.close_where(&self.nesting, |row| self.nesting.is_foldable(row));
        self.selected = self.folds.row(self.folds.line(self.selected)).unwrap_or(0);
    }

    /// Goes up to the row this one stands in; tells whether there is one.
    pub fn up(&mut self) -> bool {
        let parent = self.nesting.parent(self.selected);
        self.selected = parent.unwrap_or(self.selected);
        parent.is_some()
    }

    /// Goes to the next group, or to the one before; tells whether there is one.
    pub fn step_group(&mut self, forward: bool) -> bool {
        self.step(forward, |items, row| matches!(items.rows.get(row).map(|row| &row.says), Some(Says::Group(_))))
    }

    /// Goes to the next item that failed, or to the one before; tells whether there is one.
    pub fn step_failure(&mut self, forward: bool) -> bool {
        self.step(forward, |items, row| match items.rows.get(row).map(|row| &row.says) {
            Some(Says::Item(_, item)) => items.survey.items.get(*item).is_some_and(|item| item.outcome.is_failed()),
            _ => false,
        })
    }

    /// Goes to the item of that number; tells whether there is one.
    pub fn go_to(&mut self, number: u64) -> bool {
        let is = |row: &Row| match row.says {
            Says::Item(_, item) => self.survey.items.get(item).is_some_and(|item| item.index == Some(number)),
            _ => false,
        };
        let found = self.rows.iter().position(is);
        found.into_iter().for_each(|row| self.reveal(row));
        found.is_some()
    }

    /// Goes to the next row that holds what is looked for (or the one before), going around at the ends; tells whether
    /// there is one.
    pub fn find(&mut self, forward: bool) -> bool {
        let Some(needle) = &self.search else { return false };
        let (from, len) = (self.selected, self.rows.len());
        let at = |step: usize| if forward { (from + step) % len } else { (from + len - step % len) % len };
        let found = (1..=len).map(at).find(|row| self.holds(*row, needle));
        found.into_iter().for_each(|row| self.reveal(row));
        found.is_some()
    }

    /// Tells whether a row holds a text. Inputs are large, and items many: none is copied.
    fn holds(&self, row: usize, needle: &Needle) -> bool {
        match self.rows.get(row).map(|row| &row.says) {
            Some(Says::Group(group)) => {
                self.survey.groups.get(*group).is_some_and(|group| needle.is_in(&name(&self.survey, group)))
            }
            Some(Says::Item(_, item)) => self.survey.items.get(*item).is_some_and(|item| {
                needle.is_in(&item.label) || item.input.as_ref().is_some_and(|input| needle.is_in(input.text()))
            }),
            Some(Says::Told(words) | Says::Plain(words)) => needle.is_in(words),
            Some(Says::Head(_)) | None => false,
        }
    }

    fn step(&mut self, forward: bool, wanted: impl Fn(&Self, usize) -> bool) -> bool {
        let found = match forward {
            true => (self.selected + 1..self.rows.len()).find(|row| wanted(self, *row)),
            false => (0..self.selected).rev().find(|row| wanted(self, *row)),
        };
        found.into_iter().for_each(|row| self.reveal(row));
        found.is_some()
    }

    fn reveal(&mut self, row: usize) {
        self.selected = row;
        self.folds.reveal(&self.nesting, row);
    }
}

//! The visits as a tree: what there is to show, what of it is unfolded, and which row the cursor is on.

use super::Scroll;
use crate::analysis::Status;
use crate::event::EventId;
use crate::history::{AttemptId, Family, History, Link, MemberId, Place, ScopeId, VisitId};
use crate::json::rows::{Folds, Needle, Outline};
use crate::recording;
use std::collections::HashMap;

/// The visits of one execution, flattened: children stand behind their parent. The first row is the execution itself.
#[derive(Debug, Clone)]
pub struct Tree {
    nodes: Vec<Node>,
    places: HashMap<What, u32>,
}

/// A row of the tree.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it shows.
    pub what: What,
    /// How it stands.
    pub tone: Status,
    /// How deep it stands.
    pub depth: u16,
    /// Its first event; where the cursor goes when the row is selected.
    pub first: EventId,
    /// Its last event.
    pub last: Option<EventId>,
    parent: Option<u32>,
    end: u32,
}

impl Node {
    /// What tells a row from all others of its tree, however much of the history is known.
    fn key(&self) -> (u8, EventId) {
        let kind = match self.what {
            What::Execution => 0,
            What::Visit(_) => 1,
            What::Attempt(_) => 2,
            What::Scope(_) => 3,
            What::Items { .. } => 4,
            What::Started(_) => 5,
            // The executions of a Map's items have no event of their own in its history.
            What::Children { .. } => 6 + self.tone as u8,
        };
        (kind, self.first)
    }
}

/// What a row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum What {
    /// The execution.
    Execution,
    /// A visit of a state.
    Visit(VisitId),
    /// One of several attempts.
    Attempt(AttemptId),
    /// A branch or an iteration.
    Scope(ScopeId),
    /// All iterations of a Map that ended one way.
    Items {
        /// How many.
        count: usize,
        /// The first of them.
        first: ScopeId,
    },
    /// All executions of a Map's items that ended one way.
    Children {
        /// How many.
        count: usize,
        /// The first of them.
        first: MemberId,
    },
    /// An execution that a task or a Map started.
    Started(MemberId),
}

/// Maps of more items than this show those that went well as one row.
const MOST_ITEMS: usize = 8;

/// Items that failed the same way, caught or not, which are shown one by one; more of them are one row.
const MOST_FAILED: usize = 20;

/// What items may have come to, in the order in which they are shown.
const WAYS: [Status; 7] = [
    Status::Failed,
    Status::TimedOut,
    Status::Caught,
    Status::Running,
    Status::Waiting,
    Status::Aborted,
    Status::Succeeded,
];

/// Trees with at most so many rows are shown unfolded.
const SMALL: usize = 40;

impl Tree {
    /// Builds the tree of one execution of a family.
    pub fn new(family: &Family, member: MemberId) -> Self {
        let history = &family.member(member).history;
        let mut tree = Self { nodes: Vec::new(), places: HashMap::new() };
        let ends = history.end().map(|event| event.id);
        let status = history.end().and_then(|end| recording::Status::after(&end.kind));
        let tone = status.map_or(Status::Running, |status| Status::of_execution(status.name()));
        let first = history.events().first().map_or(EventId::FIRST, |event| event.id);
        let root = tree.add(None, What::Execution, tone, first, ends);
        tree.close(root);
        let builder = Builder { family, member, history };
        builder.visits(&mut tree, None, ScopeId::ROOT);
        let stray = family.member(member).children.iter().filter(|child| is_stray(family, **child));
        for child in stray {
            builder.started(&mut tree, None, *child, first);
        }
        tree
    }

    /// Returns a row.
    pub fn get(&self, index: usize) -> Option<&Node> {
        self.nodes.get(index)
    }

    /// Returns the deepest row an event belongs to, folded away or not.
    pub fn row_of(&self, history: &History, event: EventId) -> usize {
        let Some(lineage) = history.lineage(event) else { return 0 };
        let attempt = lineage.attempt.and_then(|attempt| self.places.get(&What::Attempt(attempt)));
        let visit = || lineage.visit.and_then(|visit| self.places.get(&What::Visit(visit)));
        let scope = || self.places.get(&What::Scope(lineage.scope));
        attempt.or_else(visit).or_else(scope).map_or(0, |row| *row as usize)
    }

    /// Returns the row of something.
    pub fn row(&self, what: What) -> Option<usize> {
        self.places.get(&what).map(|row| *row as usize)
    }

    fn add(&mut self, parent: Option<u32>, what: What, tone: Status, first: EventId, last: Option<EventId>) -> u32 {
        let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let depth = parent.and_then(|parent| self.nodes.get(parent as usize)).map_or(0, |node| node.depth + 1);
        self.nodes.push(Node { what, tone, depth, first, last, parent, end: index + 1 });
        self.places.insert(what, index);
        index
    }

    fn close(&mut self, row: u32) {
        let end = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        if let Some(node) = self.nodes.get_mut(row as usize) {
            node.end = end;
        }
    }
}

impl Outline for Tree {
    fn len(&self) -> usize {
        self.nodes.len()
    }

    fn parent(&self, row: usize) -> Option<usize> {
        self.nodes.get(row)?.parent.map(|parent| parent as usize)
    }

    fn end(&self, row: usize) -> usize {
        self.nodes.get(row).map_or(row + 1, |node| node.end as usize)
    }
}

fn is_stray(family: &Family, child: MemberId) -> bool {
    matches!(family.member(child).link, Link::Nested { task: None, .. } | Link::Item { map: None, .. })
}

struct Builder<'a> {
    family: &'a Family,
    member: MemberId,
    history: &'a History,
}

impl Builder<'_> {
    fn visits(&self, tree: &mut Tree, parent: Option<u32>, scope: ScopeId) {
        for visit in &self.history.scope(scope).visits {
            self.visit(tree, parent, *visit);
        }
    }

    fn visit(&self, tree: &mut Tree, parent: Option<u32>, id: VisitId) {
        let visit = self.history.visit(id);
        let Some(first) = visit.entered.or(visit.ended) else { return };
        let row = tree.add(parent, What::Visit(id), Status::of_visit(self.history, id), first, visit.ended);
        match visit.attempts.as_slice() {
            [only] => self.inside(tree, row, *only),
            attempts => {
                for attempt in attempts {
                    let tried = self.history.attempt(*attempt);
                    let tone = Status::of_attempt(tried.outcome);
                    let below = tree.add(Some(row), What::Attempt(*attempt), tone, tried.scheduled, tried.ended);
                    self.inside(tree, below, *attempt);
                    tree.close(below);
                }
            }
        }
        let loose = visit.children.iter().filter(|scope| self.history.scope(**scope).attempt().is_none());
        self.scopes(tree, row, loose.copied().collect());
        self.children(tree, row, &self.family.items_of(self.member, id).collect::<Vec<_>>(), first);
        tree.close(row);
    }

    /// The branches and iterations of an attempt, and the executions it started.
    fn inside(&self, tree: &mut Tree, row: u32, attempt: AttemptId) {
        let tried = self.history.attempt(attempt);
        let children = &self.history.visit(tried.visit).children;
        let own = children.iter().filter(|scope| self.history.scope(**scope).attempt() == Some(attempt));
        self.scopes(tree, row, own.copied().collect());
        for nested in self.family.nested_in(self.member, attempt) {
            self.started(tree, Some(row), nested, tried.scheduled);
        }
    }

    fn started(&self, tree: &mut Tree, parent: Option<u32>, child: MemberId, first: EventId) {
        let row = tree.add(parent, What::Started(child), self.tone_of(child), first, None);
        tree.close(row);
    }

    fn tone_of(&self, child: MemberId) -> Status {
        Status::of_execution(self.family.member(child).status().name())
    }

    /// The executions of a Map's items, as [`Self::scopes`] does with items inside of an execution.
    fn children(&self, tree: &mut Tree, parent: u32, children: &[MemberId], first: EventId) {
        for way in sorted(children, |child| self.tone_of(*child)) {
            way.shown.iter().for_each(|child| self.started(tree, Some(parent), *child, first));
            let Some(leader) = way.grouped.first().copied() else { continue };
            let what = What::Children { count: way.grouped.len(), first: leader };
            let row = tree.add(Some(parent), what, way.tone, first, None);
            way.grouped.iter().for_each(|child| self.started(tree, Some(row), *child, first));
            tree.close(row);
        }
    }

    /// Branches and few items as they are; of many items the failed ones first, the others by how they ended.
    fn scopes(&self, tree: &mut Tree, parent: u32, mut scopes: Vec<ScopeId>) {
        scopes.sort_by_key(|scope| self.history.scope(*scope).index());
        for way in sorted(&scopes, |scope| self.tone_of_scope(*scope)) {
            way.shown.iter().for_each(|scope| self.scope(tree, parent, *scope));
            self.group(tree, parent, &way.grouped, way.tone);
        }
    }

    fn tone_of_scope(&self, id: ScopeId) -> Status {
        let scope = self.history.scope(id);
        match scope.place {
            Place::Iteration { .. } => Status::of_item(self.history, id),
            Place::Root | Place::Branch { .. } => Status::of_scope(scope.outcome),
        }
    }

    fn group(&self, tree: &mut Tree, parent: u32, alike: &[ScopeId], tone: Status) {
        let Some(first) = alike.first().copied() else { return };
        let scope = |scope: &ScopeId| self.history.scope(*scope);
        let begins = alike.iter().filter_map(|id| scope(id).started).min();
        let ends = alike.iter().filter_map(|id| scope(id).ended).max();
        let what = What::Items { count: alike.len(), first };
        let row = tree.add(Some(parent), what, tone, begins.unwrap_or(EventId::FIRST), ends);
        for scope in alike {
            self.scope(tree, row, *scope);
        }
        tree.close(row);
    }

    fn scope(&self, tree: &mut Tree, parent: u32, id: ScopeId) {
        let scope = self.history.scope(id);
        let first_visit = scope.visits.first().and_then(|visit| self.history.visit(*visit).entered);
        let Some(first) = scope.started.or(first_visit) else { return };
        let row = tree.add(Some(parent), What::Scope(id), self.tone_of_scope(id), first, scope.ended);
        self.visits(tree, Some(row), id);
        tree.close(row);
    }
}

/// Items that came to the same.
struct Way<T> {
    tone: Status,
    /// Those with rows of their own.
    shown: Vec<T>,
    /// Those that are one row.
    grouped: Vec<T>,
}

/// Sorts items by what they came to: few as they are; of many the failed ones first, as long as they are not too many
/// themselves.
fn sorted<T: Copy>(items: &[T], tone: impl Fn(&T) -> Status) -> Vec<Way<T>> {
    if items.len() <= MOST_ITEMS {
        return vec![Way { tone: Status::Succeeded, shown: items.to_vec(), grouped: Vec::new() }];
    }
    let way = |wanted: Status| {
        let mut shown: Vec<T> = items.iter().copied().filter(|item| tone(item) == wanted).collect();
        let failed = matches!(wanted, Status::Failed | Status::TimedOut | Status::Caught);
        let grouped = shown.split_off(if failed { shown.len().min(MOST_FAILED) } else { 0 });
        Way { tone: wanted, shown, grouped }
    };
    WAYS.into_iter().map(way).collect()
}

/// What of a tree is on the screen.
#[derive(Debug, Clone, Default)]
pub struct TreePane {
    folds: Folds,
    selected: usize,
    /// The visible part.
    pub scroll: Scroll,
}

impl TreePane {
    /// Shows a tree: small ones whole, of large ones what went wrong.
    pub fn new(tree: &Tree) -> Self {
        let mut folds = Folds::none(tree);
        if tree.len() > SMALL {
            let good = |node: &Node| matches!(node.tone, Status::Succeeded | Status::Aborted);
            let folded = |row: usize| tree.get(row).is_some_and(|node| node.depth > 0 || good(node));
            folds.close_where(tree, |row| tree.is_foldable(row) && folded(row));
        } else {
            let grouped = |row: usize| {
                matches!(tree.get(row).map(|node| node.what), Some(What::Items { .. } | What::Children { .. }))
            };
            folds.close_where(tree, grouped);
        }
        Self { folds, selected: 0, scroll: Scroll::default() }
    }

    /// Shows a tree made of more events than the one shown so far: what was folded or unfolded stays so, and what is
    /// new is shown as in any new tree. Numbers of visits may be others now; the event each began with is the same.
    #[must_use]
    pub fn renewed(&self, older: &Tree, tree: &Tree) -> Self {
        let mut pane = Self::new(tree);
        let known = |row: usize| older.get(row).map(|node| (node.key(), self.folds.is_closed(row)));
        let known: HashMap<_, _> = (0..older.len()).filter_map(known).collect();
        let folds = std::mem::take(&mut pane.folds);
        let closed = |row: usize| {
            let before = tree.get(row).and_then(|node| known.get(&node.key()));
            before.copied().unwrap_or_else(|| folds.is_closed(row))
        };
        pane.folds = Folds::none(tree);
        pane.folds.close_where(tree, closed);
        let selected = older.get(self.selected).map(Node::key);
        let same = |row: &usize| tree.get(*row).map(Node::key) == selected;
        pane.selected = (0..tree.len()).find(same).unwrap_or(0);
        pane.scroll = self.scroll;
        pane
    }

    /// Returns what is unfolded.
    pub fn folds(&self) -> &Folds {
        &self.folds
    }

    /// Returns the line the cursor is on: that of its row, or of the fold its row is hidden in.
    pub fn line(&self) -> usize {
        self.folds.line(self.selected)
    }

    /// Returns the row on that line.
    pub fn selected(&self) -> usize {
        self.folds.row(self.line()).unwrap_or(0)
    }

    /// Selects the row an event belongs to, unless the selected one begins with it.
    pub fn follow(&mut self, tree: &Tree, history: &History, event: EventId) {
        if tree.get(self.selected).is_none_or(|node| node.first != event) {
            self.selected = tree.row_of(history, event);
        }
    }

    /// Selects a row on the screen and returns its first event.
    pub fn select_line(&mut self, tree: &Tree, line: usize) -> Option<EventId> {
        let last = self.folds.visible().len().checked_sub(1)?;
        self.selected = self.folds.row(line.min(last))?;
        tree.get(self.selected).map(|node| node.first)
    }

    /// Selects a row and unfolds what hides it.
    pub fn select_row(&mut self, tree: &Tree, row: usize) {
        self.selected = row;
        self.reveal(tree);
    }

    /// Unfolds what hides the selected row.
    pub fn reveal(&mut self, tree: &Tree) {
        self.folds.reveal(tree, self.selected);
    }

    /// Folds or unfolds the selected row, or folds what it stands in.
    pub fn toggle(&mut self, tree: &Tree) {
        let row = self.selected();
        if tree.is_foldable(row) {
            self.folds.toggle(tree, row);
            self.selected = row;
        } else if let Some(parent) = tree.parent(row) {
            self.folds.toggle(tree, parent);
        }
    }

    /// Unfolds everything.
    pub fn open_all(&mut self, tree: &Tree) {
        self.folds.open_all(tree);
    }

    /// Folds everything.
    pub fn close_all(&mut self, tree: &Tree) {
        self.folds.close_where(tree, |row| tree.is_foldable(row));
    }

    /// Returns the next row (or the one before) whose words hold a text, going around at the ends.
    pub fn find(&self, tree: &Tree, words: impl Fn(&Node) -> String, needle: &Needle, forward: bool) -> Option<usize> {
        let (len, from) = (tree.len(), self.selected());
        let at = |step: usize| if forward { (from + step) % len } else { (from + len - step % len) % len };
        (1..=len).map(at).find(|row| tree.get(*row).is_some_and(|node| needle.is_in(&words(node))))
    }
}

//! The recordings of a folder, or the executions in one file, to choose from.

use super::execution::{Scroll, Tone};
use super::msg::Target;
use super::subject::Subject;
use crate::event::Timestamp;
use crate::json::rows::Needle;
use crate::tui::text;
use std::sync::Arc;

/// Something that can be opened, as the folder's reader tells it.
#[derive(Debug, Clone)]
pub struct Listing {
    /// How to open it.
    pub target: Target,
    /// What to call it when it says nothing about itself.
    pub label: String,
    /// What it holds, or why that cannot be told.
    pub summary: Result<Summary, String>,
}

/// What can be told of a recording at a glance.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// The execution's name.
    pub name: String,
    /// The machine's name.
    pub machine: String,
    /// AWS's word for how it stands.
    pub status: String,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub stopped: Option<Timestamp>,
    /// The state that failed.
    pub state: String,
    /// The error it failed with.
    pub error: String,
    /// How many events it has.
    pub events: usize,
    /// Whether it is damaged.
    pub damaged: bool,
}

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
    pub filter: Option<Needle>,
    /// The visible part.
    pub scroll: Scroll,
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
}

impl Browser {
    /// Lists what a folder holds.
    pub fn new(title: String, target: Target, listings: Vec<Listing>) -> Self {
        Self::with(title, Source::Target(target), listings)
    }

    /// Lists the executions of one file.
    pub fn of_subjects(title: String, subjects: Vec<Subject>) -> Self {
        let listings = subjects.iter().map(listing).collect();
        Self::with(title, Source::Subjects(subjects.into_iter().map(Arc::new).collect()), listings)
    }

    fn with(title: String, source: Source, listings: Vec<Listing>) -> Self {
        let shown = (0..listings.len()).collect();
        Self { title, source, listings, filter: None, scroll: Scroll::default(), shown, selected: 0 }
    }

    /// Puts a newer list in place of this one; the selected recording stays selected.
    pub fn renew(&mut self, listings: Vec<Listing>) {
        let selected = self.selected().map(|listing| listing.target.clone());
        self.listings = listings;
        let filter = self.filter.take();
        self.set_filter(filter);
        let same = |place: &usize| self.listings.get(*place).map(|listing| &listing.target) == selected.as_ref();
        self.selected = self.shown.iter().position(same).unwrap_or(0);
    }

    /// Shows only what holds a text.
    pub fn set_filter(&mut self, filter: Option<Needle>) {
        let fits = |place: &usize| {
            let listing = self.listings.get(*place);
            filter.as_ref().is_none_or(|needle| listing.is_some_and(|listing| needle.is_in(&words(listing))))
        };
        self.shown = (0..self.listings.len()).filter(fits).collect();
        self.filter = filter;
        self.selected = self.selected.min(self.shown.len().saturating_sub(1));
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
            Source::Target(_) => None,
        }
    }
}

impl Summary {
    /// Returns how the execution stands.
    pub fn tone(&self) -> Tone {
        Tone::of_status(&self.status)
    }

    /// Returns how long the execution took.
    pub fn duration(&self) -> String {
        match (self.started, self.stopped) {
            (Some(started), Some(stopped)) => text::duration(stopped.micros_since(started)),
            _ => String::new(),
        }
    }
}

fn words(listing: &Listing) -> String {
    match &listing.summary {
        Ok(summary) => {
            let Summary { name, machine, status, state, error, .. } = summary;
            format!("{status} {name} {machine} {state} {error} {}", listing.label)
        }
        Err(problem) => format!("{} {problem}", listing.label),
    }
}

fn listing(subject: &Subject) -> Listing {
    let headline = subject.headline();
    let root = crate::history::MemberId::ROOT;
    let title = subject.title(root);
    let failed = headline.tone != Tone::Succeeded && headline.tone != Tone::Running;
    let history = subject.history(headline.place.member);
    let state = history.visit_of(headline.place.event).map(|visit| history.visit(visit).name.to_string());
    let summary = Summary {
        name: title.name.clone(),
        machine: title.machine.clone(),
        status: title.status.clone(),
        started: subject.recording.started(),
        stopped: subject.recording.stopped(),
        state: state.filter(|_| failed).unwrap_or_default(),
        error: if failed { headline.title } else { String::new() },
        events: subject.history(root).events().len(),
        damaged: !subject.recording.damage.is_empty(),
    };
    Listing { target: subject.target.clone(), label: title.name.clone(), summary: Ok(summary) }
}

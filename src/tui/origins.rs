//! Where a value came from, or who used it, as lines over the data pane: one stop after the other, and the cursor of
//! the screen follows. This module must not know keys or colours.

use super::execution::{Place, Scroll};
use super::subject::Subject;
use crate::analysis::provenance::{Field, Making, Spot, Step, Story, Using, trace, uses};
use crate::report;

/// The way of a value, on the screen.
#[derive(Debug, Clone)]
pub struct Origins {
    /// What stands on the upper edge.
    pub title: String,
    /// The visible part.
    pub scroll: Scroll,
    /// Where the cursor was when it was opened.
    pub home: Place,
    lines: Vec<Line>,
    stops: Vec<Stop>,
    selected: usize,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The stop it belongs to.
    pub stop: usize,
    /// How far it stands in.
    pub depth: u16,
    /// What it says.
    pub says: Says,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// Which document of which event.
    Document(String),
    /// The place in it, and the value where it is news.
    Place(String, Option<String>),
    /// A field of the definition it came through, or the states that kept it.
    Through(String),
    /// Who made it.
    Origin(String),
    /// How it was made of others, or where it went.
    How(String),
    /// What is not known.
    Gap(String),
}

/// A place one can go to.
#[derive(Debug, Clone, PartialEq)]
struct Stop {
    spot: Spot,
    line: usize,
}

impl Origins {
    /// Follows a value back to where it was made.
    pub fn back(subject: &Subject, home: Place, spot: Spot) -> Self {
        let story = subject.story();
        let mut origins = Self::new(format!("where {} came from", spot.at), home);
        let trace = trace(story, spot);
        let mut known = None;
        for told in trace.told(story) {
            let hop = told.hop;
            origins.stop(story, &hop.spot, hop.depth);
            let news = (known != Some((&hop.value, hop.depth))).then(|| report::value_words(hop.value.as_ref()));
            known = Some((&hop.value, hop.depth));
            origins.say(hop.depth, Says::Place(hop.spot.at.to_string(), news));
            origins.fields(hop.depth, &hop.fields);
            if !told.kept.is_empty() {
                origins.say(hop.depth, Says::Through(format!("unchanged by {}", told.kept.join(", "))));
            }
            let words = report::step_words(hop);
            let says = words.map(|words| match hop.step {
                Step::Origin(_) => Says::Origin(words),
                Step::Gap(_) | Step::Made(Making::Alike, _) => Says::Gap(words),
                Step::Copied | Step::Made(..) | Step::Above => Says::How(words),
            });
            says.into_iter().for_each(|says| origins.say(hop.depth, says));
        }
        if trace.cut {
            origins.say(0, Says::How("there are more places than are shown".to_owned()));
        }
        origins
    }

    /// Follows a value forward to those who used it.
    pub fn forward(subject: &Subject, home: Place, spot: &Spot) -> Self {
        let story = subject.story();
        let mut origins = Self::new(format!("who used {}", spot.at), home);
        origins.stop(story, spot, 0);
        let value = report::value_words(spot.value(story).as_ref());
        origins.say(0, Says::Place(spot.at.to_string(), Some(value)));
        let found = uses(story, spot);
        if found.uses.is_empty() {
            origins.say(0, Says::How("nobody used it".to_owned()));
        }
        for used in found.told() {
            let depth = used.depth.saturating_add(1);
            origins.stop(story, &used.spot, depth);
            let value = (used.using == Using::Computed).then(|| report::value_words(used.value.as_ref()));
            match used.using {
                Using::Copied => {}
                Using::Computed => origins.say(depth, Says::How("computed from it".to_owned())),
                Using::Decided => origins.say(depth, Says::How("evaluated by the Choice".to_owned())),
            }
            origins.say(depth, Says::Place(used.spot.at.to_string(), value));
            origins.fields(depth, &used.fields);
        }
        if found.cut {
            origins.say(0, Says::How("there are more uses than are shown".to_owned()));
        }
        origins
    }

    fn new(title: String, home: Place) -> Self {
        Self { title, scroll: Scroll::default(), home, lines: Vec::new(), stops: Vec::new(), selected: 0 }
    }

    fn stop(&mut self, story: Story<'_>, spot: &Spot, depth: u16) {
        self.stops.push(Stop { spot: spot.clone(), line: self.lines.len() });
        let document = report::document_words(story, &spot.document);
        self.say(depth, Says::Document(format!("event {}  {document}", spot.document.event)));
    }

    fn fields(&mut self, depth: u16, fields: &[Field]) {
        fields.iter().for_each(|field| self.say(depth, Says::Through(report::field_words(field))));
    }

    fn say(&mut self, depth: u16, says: Says) {
        self.lines.push(Line { stop: self.stops.len().saturating_sub(1), depth, says });
    }

    /// Returns the lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Returns the number of the stop under the cursor, from 1, and how many there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.selected + 1, self.stops.len())
    }

    /// Returns the stop under the cursor.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Returns the place under the cursor.
    pub fn spot(&self) -> Option<&Spot> {
        self.stops.get(self.selected).map(|stop| &stop.spot)
    }

    /// Puts the cursor on a stop.
    pub fn select(&mut self, stop: usize) {
        self.selected = stop.min(self.stops.len().saturating_sub(1));
    }

    /// Scrolls so that all of the stop under the cursor can be seen, its beginning first.
    pub fn settle(&mut self, height: usize) {
        let line = |stop: usize| self.stops.get(stop).map(|stop| stop.line);
        let first = line(self.selected).unwrap_or(0);
        let last = line(self.selected + 1).unwrap_or(self.lines.len()).saturating_sub(1);
        self.scroll.show(last, height, self.lines.len());
        self.scroll.show(first, height, self.lines.len());
    }
}

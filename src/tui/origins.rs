//! Where a value came from, or who used it, as lines over the data pane: one stop after the other, and the cursor of
//! the screen follows. This module must not know keys or colours.

use super::execution::{Place, Scroll};
use super::subject::Subject;
use super::text;
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
    said: Vec<Line>,
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
    /// Whether it goes on with what the line above says.
    pub continued: bool,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// Which document of which event.
    Document(String),
    /// The place in it, and the value where it is news.
    Place(String, Option<String>),
    /// The value, where it does not fit beside the place.
    Value(String),
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
}

/// The most lines one of them is broken into.
const MOST: usize = 8;

impl Line {
    /// Returns the columns in front of what it says.
    pub fn margin(&self) -> usize {
        let inner = if matches!(self.says, Says::Document(_)) { 1 } else { 3 };
        usize::from(self.depth).min(10) * 2 + inner + 1
    }

    /// Returns the columns for what it says, on a line of so many.
    pub fn room(&self, width: usize) -> usize {
        width.saturating_sub(self.margin() + 1).max(8)
    }

    /// The same on as many lines as it takes.
    fn wrapped(&self, width: usize) -> Vec<Self> {
        let room = self.room(width);
        let again = |makes: &dyn Fn(String) -> Says, words: &str, room: usize| {
            let parts = text::wrap(words, room, MOST).into_iter().enumerate();
            let line = |(place, part): (usize, String)| {
                let says = makes(part.trim_end().to_owned());
                Self { says, continued: self.continued || place > 0, ..self.clone() }
            };
            parts.map(line).collect::<Vec<_>>()
        };
        match &self.says {
            Says::Place(path, Some(value)) if text::width(path) + 2 + text::width(value) > room => {
                let mut lines = again(&|part| Says::Place(part, None), path, room);
                lines.extend(again(&Says::Value, value, room));
                lines
            }
            Says::Place(_, Some(_)) => vec![self.clone()],
            Says::Place(path, None) => again(&|part| Says::Place(part, None), path, room),
            Says::Document(words) => again(&Says::Document, words, room),
            Says::Value(words) => again(&Says::Value, words, room),
            Says::How(words) => again(&Says::How, words, room),
            // These have a sign in front.
            Says::Through(words) => again(&Says::Through, words, room - 2),
            Says::Origin(words) => again(&Says::Origin, words, room - 2),
            Says::Gap(words) => again(&Says::Gap, words, room - 2),
        }
    }
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
        Self {
            title,
            scroll: Scroll::default(),
            home,
            said: Vec::new(),
            lines: Vec::new(),
            stops: Vec::new(),
            selected: 0,
        }
    }

    fn stop(&mut self, story: Story<'_>, spot: &Spot, depth: u16) {
        self.stops.push(Stop { spot: spot.clone() });
        let document = report::document_words(story, &spot.document);
        self.say(depth, Says::Document(format!("event {}  {document}", spot.document.event)));
    }

    fn fields(&mut self, depth: u16, fields: &[Field]) {
        fields.iter().for_each(|field| self.say(depth, Says::Through(report::field_words(field))));
    }

    fn say(&mut self, depth: u16, says: Says) {
        self.said.push(Line { stop: self.stops.len().saturating_sub(1), depth, says, continued: false });
    }

    /// Returns what is said, whatever the width.
    pub fn said(&self) -> &[Line] {
        &self.said
    }

    /// Returns the lines, as they fit the width.
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

    /// Breaks what is said into lines, and scrolls so that all of the stop under the cursor can be seen, its beginning
    /// first.
    pub fn settle(&mut self, (width, height): (usize, usize)) {
        self.lines = self.said.iter().flat_map(|line| line.wrapped(width)).collect();
        let line = |stop: usize| self.lines.iter().position(|line| line.stop == stop);
        let first = line(self.selected).unwrap_or(0);
        let last = line(self.selected + 1).unwrap_or(self.lines.len()).saturating_sub(1);
        self.scroll.show(last, height, self.lines.len());
        self.scroll.show(first, height, self.lines.len());
    }
}

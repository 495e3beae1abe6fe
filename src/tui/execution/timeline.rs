//! The timeline as it is looked at: which lanes, which stretch of time, and whether it plays.

use super::{Axis, Place, Scroll};
use crate::analysis::critical::Critical;
use crate::analysis::timeline::{self, Lane};
use crate::event::{EventId, Timestamp};
use crate::history::{Family, History, MemberId, ScopeId, VisitId};
use crate::tui::msg::Ticket;
use crate::tui::text;
use std::collections::HashMap;
use std::ops::Range;

/// What the timeline shows of a family, worked out once.
#[derive(Debug)]
pub struct Timeline {
    /// The flows.
    pub lanes: Vec<Lane>,
    /// What the run's length came from.
    pub critical: Critical,
    /// The columns of the longest name of a lane with what it is indented by.
    pub longest_name: usize,
    rows: HashMap<(MemberId, ScopeId), usize>,
    /// The visits of each lane in which something failed.
    failing: Vec<Vec<VisitId>>,
}

/// The timeline on the screen.
#[derive(Debug, Default)]
pub struct TimelinePane {
    axis: Option<(bool, Axis)>,
    /// The part of the axis in sight, from 0 to 1.
    window: Option<Range<f64>>,
    selected: usize,
    followed: Option<Place>,
    /// The visible lanes.
    pub scroll: Scroll,
    /// Whether, and how fast, the cursor moves by itself.
    pub playing: Option<Playing>,
    speed: Speed,
}

/// A run being played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playing {
    /// The question for the next tick.
    pub ticket: Ticket,
    /// The recorded time that was come to, in microseconds.
    at: i64,
    /// Where the cursor was put last: somewhere else, it was moved by hand.
    event: EventId,
}

/// How fast a run is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Speed {
    /// As fast as it went.
    #[default]
    Once,
    /// Ten times as fast.
    Ten,
    /// So that the whole takes some seconds.
    Most,
}

/// The microseconds between two ticks.
pub const TICK_MICROS: i64 = 50_000;

/// How many ticks a whole run takes at most speed.
const MOST_TICKS: i64 = 160;

/// A pause of this many microseconds is skipped where idle time is folded.
const IDLE_MICROS: i64 = 1_000_000;

/// From this part of the axis on, all of it is looked at.
const WHOLE: f64 = 0.999;

/// The smallest part of the axis that can be looked at.
const SMALLEST: f64 = 1e-7;

impl Speed {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Once => "1x",
            Self::Ten => "10x",
            Self::Most => "max",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Once => Self::Ten,
            Self::Ten => Self::Most,
            Self::Most => Self::Once,
        }
    }
}

/// Lanes deeper than this are not indented any further.
const DEEPEST: usize = 5;

impl Lane {
    /// Returns the columns its name is indented by.
    pub fn indent(&self) -> usize {
        self.depth.min(DEEPEST) * 2
    }
}

impl Timeline {
    /// Works out what there is to show, given what lanes are called.
    pub fn of(family: &Family, name: impl Fn(&Lane) -> String) -> Self {
        let lanes = timeline::lanes(family);
        let longest_name = lanes.iter().map(|lane| text::width(&name(lane)) + lane.indent()).max().unwrap_or(0);
        let rows = lanes.iter().enumerate().map(|(row, lane)| ((lane.member, lane.scope), row)).collect();
        let failing = lanes.iter().map(|lane| failing(family, lane)).collect();
        Self { lanes, critical: Critical::of(family), longest_name, rows, failing }
    }

    /// Returns the visits of a lane in which something failed, in order.
    pub fn failing(&self, row: usize) -> &[VisitId] {
        self.failing.get(row).map(Vec::as_slice).unwrap_or_default()
    }

    /// Returns the lane an event belongs to.
    pub fn row_of(&self, family: &Family, place: Place) -> usize {
        let lineage = family.member(place.member).history.lineage(place.event);
        let scope = lineage.map_or(ScopeId::ROOT, |lineage| lineage.scope);
        self.rows.get(&(place.member, scope)).copied().unwrap_or(0)
    }

    /// Returns the next visit (or the one before) that is wanted, in the order of the lanes: asked with its lane, whether
    /// it is the first there, and its name.
    pub fn find(
        &self,
        family: &Family,
        place: Place,
        wanted: impl Fn(&Lane, bool, &str) -> bool,
        forward: bool,
    ) -> Option<Place> {
        let visits: Vec<(&Lane, usize, VisitId)> = self
            .lanes
            .iter()
            .flat_map(|lane| {
                let visits = &family.member(lane.member).history.scope(lane.scope).visits;
                visits.iter().enumerate().map(move |(number, visit)| (lane, number, *visit))
            })
            .collect();
        let here = family.member(place.member).history.visit_of(place.event);
        let row = self.row_of(family, place);
        let is_here = |(lane, _, visit): &(&Lane, usize, VisitId)| lane.member == place.member && Some(*visit) == here;
        // Between the visits of a lane one is before its first.
        let lane = self.lanes.get(row);
        let at = visits.iter().position(is_here);
        let begins = || visits.iter().position(|(of, ..)| lane.is_some_and(|lane| *of == lane)).unwrap_or(0);
        let len = visits.len();
        let order: Vec<usize> = match (at, forward) {
            (Some(at), true) => (at + 1..len).chain(0..=at).collect(),
            (Some(at), false) => (0..at).rev().chain((at..len).rev()).collect(),
            (None, true) => (begins()..len).chain(0..begins()).collect(),
            (None, false) => (0..begins()).rev().chain((begins()..len).rev()).collect(),
        };
        let visits = order.into_iter().filter_map(|at| visits.get(at));
        let found = visits.filter_map(|(lane, number, id)| {
            let visit = family.member(lane.member).history.visit(*id);
            let event = visit.entered.or(visit.ended)?;
            wanted(lane, *number == 0, &visit.name).then_some(Place { member: lane.member, event })
        });
        found.into_iter().next()
    }
}

fn failing(family: &Family, lane: &Lane) -> Vec<VisitId> {
    let history = &family.member(lane.member).history;
    let fails = |visit: &VisitId| {
        history.visit(*visit).outcome.failure().is_some() || timeline::failures(history, *visit).next().is_some()
    };
    history.scope(lane.scope).visits.iter().copied().filter(fails).collect()
}

impl TimelinePane {
    /// Returns the selected lane.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Returns how fast it plays, or would.
    pub fn speed(&self) -> Speed {
        self.speed
    }

    /// Brings the axis and the scrolling up to date, and follows the cursor when it has moved.
    pub fn settle(&mut self, timeline: &Timeline, family: &Family, place: Place, idle_folded: bool, height: usize) {
        if self.axis.as_ref().is_none_or(|(folded, _)| *folded != idle_folded) {
            let events = family.members().flat_map(|(_, member)| member.history.events());
            let mut times: Vec<i64> = events.map(|event| event.timestamp.as_micros()).collect();
            times.sort_unstable();
            self.axis = Some((idle_folded, Axis::of_times(&times, Some(idle_folded))));
            self.window = None;
        }
        if self.followed != Some(place) {
            self.followed = Some(place);
            self.selected = timeline.row_of(family, place);
            self.show(&family.member(place.member).history, place);
        }
        self.scroll.show(self.selected, height, timeline.lanes.len());
    }

    /// Forgets what was read off an older reading of the run.
    pub fn renew(&mut self) {
        self.axis = None;
        self.followed = None;
    }

    /// Moves the window so that the cursor is in it.
    fn show(&mut self, history: &History, place: Place) {
        let (Some(window), Some(event)) = (self.window.clone(), history.event(place.event)) else { return };
        let at = self.part(event.timestamp);
        let length = window.end - window.start;
        if !(window.start..=window.end).contains(&at) {
            let start = (at - length / 2.0).clamp(0.0, 1.0 - length);
            self.window = Some(start..start + length);
        }
    }

    fn part(&self, time: Timestamp) -> f64 {
        self.axis.as_ref().map_or(0.0, |(_, axis)| axis.part(time))
    }

    /// Returns the part of the axis in sight.
    pub fn window(&self) -> Range<f64> {
        self.window.clone().unwrap_or(0.0..1.0)
    }

    /// Returns where in so many columns a moment stands; left of the first or right of the last when out of sight.
    pub fn column(&self, time: Timestamp, columns: usize) -> f64 {
        let window = self.window();
        (self.part(time) - window.start) / (window.end - window.start) * columns as f64
    }

    /// Returns the stretches of idle time in sight that are folded, as columns, with their microseconds.
    pub fn folds(&self, columns: usize) -> Vec<(Range<usize>, i64)> {
        let Some((_, axis)) = &self.axis else { return Vec::new() };
        let window = self.window();
        let column = |part: f64| {
            let at = (part - window.start) / (window.end - window.start) * columns as f64;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the columns")]
            let at = at.clamp(0.0, columns as f64) as usize;
            at
        };
        let folds = axis.folded().map(|(part, micros)| (column(part.start)..column(part.end), micros));
        folds.filter(|(columns, _)| columns.len() > 1).collect()
    }

    /// Returns the moment at a column of so many.
    pub fn time_at(&self, column: usize, columns: usize) -> Timestamp {
        let window = self.window();
        let part = window.start + (window.end - window.start) * column as f64 / columns.max(1) as f64;
        Timestamp::from_micros(self.axis.as_ref().map_or(0, |(_, axis)| axis.moment(part)))
    }

    /// Moves the window by a part of its length.
    pub fn pan(&mut self, part: f64) {
        let window = self.window();
        let length = window.end - window.start;
        self.look_at(window.start + length * part, length);
    }

    /// Shows half of the time, or twice as much, around the cursor; tells whether that was possible.
    pub fn zoom(&mut self, larger: bool, history: &History, place: Place) -> bool {
        let Some(at) = history.event(place.event).map(|event| self.part(event.timestamp)) else { return false };
        let window = self.window();
        let length = window.end - window.start;
        let wanted = if larger { length / 2.0 } else { length * 2.0 };
        if wanted < SMALLEST || (!larger && length >= WHOLE) {
            return false;
        }
        let inside = ((at - window.start) / length).clamp(0.0, 1.0);
        self.look_at(at - wanted * inside, wanted);
        true
    }

    /// Shows the time of the visit the cursor is in, with a little around it; again, the whole run.
    pub fn focus(&mut self, history: &History, place: Place) {
        let visit = history.visit_of(place.event);
        let span = visit.and_then(|visit| timeline::span(history, visit));
        let Some((from, to)) = span.map(|(from, to)| (self.part(from), self.part(to))) else {
            self.window = None;
            return;
        };
        let length = ((to - from) * 1.2).clamp(SMALLEST * 10.0, 1.0);
        let before = self.window();
        self.look_at((from + to - length) / 2.0, length);
        if self.window() == before {
            self.window = None;
        }
    }

    fn look_at(&mut self, start: f64, length: f64) {
        let length = length.min(1.0);
        let start = start.clamp(0.0, 1.0 - length);
        self.window = (length < WHOLE).then_some(start..start + length);
    }

    /// Returns where the cursor goes when another lane is selected: what of it goes on at that time, or is nearest.
    pub fn place_in(timeline: &Timeline, family: &Family, row: usize, at: Timestamp) -> Option<Place> {
        let lane = timeline.lanes.get(row)?;
        let history = &family.member(lane.member).history;
        let visits = &history.scope(lane.scope).visits;
        let times = visits.iter().filter_map(|visit| Some((timeline::span(history, *visit)?, *visit)));
        let away = |(from, to): (Timestamp, Timestamp)| (from.micros_since(at)).max(at.micros_since(to)).max(0);
        let (_, visit) = times.min_by_key(|(span, _)| away(*span))?;
        let event = history.visit(visit).entered.or(history.visit(visit).ended)?;
        Some(Place { member: lane.member, event })
    }

    /// Begins to play, or ends it.
    pub fn play(&mut self, history: &History, place: Place, ticket: Ticket) -> bool {
        if self.playing.take().is_some() {
            return false;
        }
        let at = history.event(place.event).map_or(0, |event| event.timestamp.as_micros());
        self.playing = Some(Playing { ticket, at, event: place.event });
        true
    }

    /// Plays faster, and after the fastest slowest.
    pub fn cycle_speed(&mut self) -> Speed {
        self.speed = self.speed.next();
        self.speed
    }

    /// A tick has passed: returns the event the cursor is at now; `None` at the end.
    pub fn tick(&mut self, history: &History, place: Place, idle_folded: bool) -> Option<EventId> {
        let mut playing = self.playing?;
        let here = history.place_of(place.event)?;
        let now = history.event(place.event)?.timestamp.as_micros();
        if playing.event != place.event {
            playing.at = now;
        }
        let next = history.events().get(here + 1)?.timestamp.as_micros();
        let whole = history.last_at()?.micros_since(history.started_at()?);
        playing.at += match self.speed {
            Speed::Once => TICK_MICROS,
            Speed::Ten => TICK_MICROS * 10,
            Speed::Most => (whole / MOST_TICKS).max(1),
        };
        let skips = self.speed == Speed::Most || (idle_folded && next - now > IDLE_MICROS);
        if skips {
            playing.at = playing.at.max(next);
        }
        // Events need not be in the order of time: as many are passed as lie before the time come to.
        let passed = history.events().iter().skip(here + 1);
        let last = passed.take_while(|event| event.timestamp.as_micros() <= playing.at).last();
        playing.event = last.map_or(place.event, |event| event.id);
        self.playing = Some(playing);
        Some(playing.event)
    }
}

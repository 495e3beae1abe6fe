//! What of an execution is not in its recording, told by what is: damage, numbers of events that are not there, a log
//! that says only what failed.

use super::{Damage, DamageReason, Recording, Status};
use crate::event::{Details, EventId, Truncation};
use std::fmt;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Where the events of a recording come from, as [`Recorded::source`](super::Recorded::source) names it, when it is
/// the log of its machine.
pub const FROM_LOG: &str = "CloudWatch Logs";

/// The same when it is a query of that log for some fields of its lines.
pub const FROM_FIELDS: &str = "CloudWatch Logs Insights";

/// Gaps that are told one by one.
const LISTED: usize = 5;

/// Something that is not in a recording.
#[derive(Debug, Clone, PartialEq)]
pub enum Missing {
    /// A place that could not be read.
    Unread {
        /// The place.
        damage: Damage,
        /// What stood behind it.
        hides: Hidden,
    },
    /// The service had more events than were fetched.
    Pages {
        /// The last event that is there.
        after: Option<EventId>,
    },
    /// Events whose numbers are skipped: the first pages, or lines of a log.
    Events(RangeInclusive<u32>),
    /// More gaps between events than are listed.
    MoreGaps(usize),
    /// The log has only what failed.
    Level(Level),
    /// Inputs and outputs.
    Data(From),
    /// The rest of inputs and outputs that were too large for a line of the log.
    Rest,
    /// No line of the log tells how the execution ended.
    End {
        /// The last event that is there.
        after: Option<EventId>,
    },
    /// Every event: all that is there is what the service says about the execution.
    History {
        /// The execution.
        arn: Option<Arc<str>>,
        /// Whether the service says how it stands.
        described: bool,
    },
    /// The executions of the items of a Map Run.
    Items {
        /// The Map Run.
        arn: Option<Arc<str>>,
        /// How many items there are.
        of: u64,
    },
    /// What whoever made the recording says about it.
    Said(Arc<str>),
}

/// What a place that could not be read hides, beside itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hidden {
    /// Nothing that is known of.
    Nothing,
    /// How the execution ended.
    End,
    /// Items of a Map Run.
    Items,
}

/// Where events come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// The history that the service keeps.
    History,
    /// The log of the machine.
    Log,
    /// A query of that log for some fields of its lines.
    Fields,
}

/// How much a machine logs, as far as its log tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Every failure.
    Error,
    /// Only how executions end that do not succeed, as with FATAL.
    Fatal,
}

impl Missing {
    /// Tells whether something that was given could not be read, and not only was not there.
    pub fn is_unread(&self) -> bool {
        matches!(self, Self::Unread { .. })
    }

    /// Returns the word programs know it by.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Unread { damage, .. } => match damage.reason {
                DamageReason::Truncated => "cutOff",
                DamageReason::Stray { .. } => "strayLine",
                _ => "damage",
            },
            Self::Pages { .. } => "pages",
            Self::Events(_) | Self::MoreGaps(_) => "events",
            Self::Level(_) => "level",
            Self::Data(_) | Self::Rest => "executionData",
            Self::End { .. } => "end",
            Self::History { .. } => "history",
            Self::Items { .. } => "items",
            Self::Said(_) => "note",
        }
    }
}

/// A sentence.
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread { damage, hides } => unread(f, damage, *hides),
            Self::Pages { after } => {
                f.write_str("The service had more events")?;
                if let Some(after) = after {
                    write!(f, " after event {after}")?;
                }
                f.write_str(" than are here; how it ended is not known.")
            }
            Self::Events(gap) if gap.start() == gap.end() => write!(f, "Event {} is not here.", gap.start()),
            Self::Events(gap) => write!(f, "Events {} to {} are not here.", gap.start(), gap.end()),
            Self::MoreGaps(more) => write!(f, "{more} more gaps are between the events."),
            Self::Level(Level::Error) => f.write_str(
                "The log has failures only (level ERROR): states that were entered, what they were given and what went \
                 well were not logged. Level ALL with includeExecutionData would have told them.",
            ),
            Self::Level(Level::Fatal) => f.write_str(
                "The log has only how the execution ended (level FATAL, or ERROR): the states and what failed in them \
                 were not logged. Level ALL with includeExecutionData would have told them.",
            ),
            Self::Rest => f.write_str("The log cut inputs or outputs that were too large for a line."),
            Self::Data(From::Fields) => {
                f.write_str("The query did not ask for inputs and outputs: fields @timestamp, @message has them.")
            }
            Self::Data(From::Log) => f.write_str(
                "The log has no inputs and outputs: includeExecutionData is off in the machine's logging configuration.",
            ),
            Self::Data(From::History) => {
                f.write_str("The history has no inputs and outputs: it was fetched with --no-include-execution-data.")
            }
            Self::End { after } => {
                f.write_str("No line of the log tells how it ended")?;
                if let Some(after) = after {
                    write!(f, "; the last is event {after}")?;
                }
                f.write_str(".")
            }
            Self::History { arn, described } => history(f, arn.as_deref(), *described),
            Self::Items { arn, of } => {
                write!(f, "Of the executions of its {of} items none is here.")?;
                match arn {
                    Some(arn) => write!(f, " They are: aws stepfunctions list-executions --map-run-arn {arn}"),
                    None => Ok(()),
                }
            }
            Self::Said(note) => f.write_str(note),
        }
    }
}

fn unread(f: &mut fmt::Formatter<'_>, damage: &Damage, hides: Hidden) -> fmt::Result {
    match hides {
        Hidden::Nothing => return write!(f, "{damage}"),
        Hidden::Items => {
            let byte = damage.byte;
            return write!(f, "The results cannot be read from byte {byte} on: the items behind it are not counted.");
        }
        Hidden::End => {}
    }
    f.write_str("CUT OFF")?;
    match damage.after {
        Some(event) => write!(f, " after event {event}: ")?,
        None => f.write_str(" before the first event: ")?,
    }
    let byte = damage.byte;
    match &damage.reason {
        DamageReason::Truncated => write!(f, "the file ends at byte {byte}")?,
        DamageReason::Compression(reason) => write!(f, "it cannot be unpacked after byte {byte} ({reason})")?,
        DamageReason::Json(reason) => write!(f, "the file cannot be read from byte {byte} on ({reason})")?,
        _ => write!(f, "the file is damaged at byte {byte}")?,
    }
    f.write_str("; how it ended is not known.")
}

fn history(f: &mut fmt::Formatter<'_>, arn: Option<&str>, described: bool) -> fmt::Result {
    f.write_str(match described {
        true => "No event is here, only what the service says about the execution as a whole.",
        false => "No event is here.",
    })?;
    match arn {
        Some(arn) if super::is_express(arn) => {
            write!(f, " Express executions have their events in their log: stepback record {arn}")
        }
        Some(arn) => {
            write!(f, " The events: aws stepfunctions get-execution-history --execution-arn {arn} --output json")
        }
        None => Ok(()),
    }
}

impl Recording {
    /// Returns what of the execution is not in this recording. What the executions inside of it lack is theirs to say.
    pub fn missing(&self) -> Vec<Missing> {
        let end = self.unseen_end().is_some();
        let hiding = self.damage.iter().position(Damage::hides_what_follows);
        let unread = self.damage.iter().enumerate();
        let results = self.is_map_run_results();
        let hides = |place| match hiding == Some(place) {
            true if results => Hidden::Items,
            true if end => Hidden::End,
            _ => Hidden::Nothing,
        };
        let unread = unread.map(|(place, damage)| Missing::Unread { damage: damage.clone(), hides: hides(place) });
        let mut missing: Vec<Missing> = unread.collect();
        let (after, ended) = match self.events.last_facts() {
            Some(last) => (Some(last.id), last.kind.ends_execution()),
            None => (None, false),
        };
        if self.recorded.more_pages == Some(true) && !ended {
            missing.push(Missing::Pages { after });
        }
        let log = self.is_from_log();
        match self.level().filter(|_| log) {
            Some(level) => missing.push(Missing::Level(level)),
            None => missing.extend(self.gaps()),
        }
        if log && end && hiding.is_none() {
            missing.push(Missing::End { after });
        }
        if self.lacks_data() {
            missing.push(Missing::Data(self.from()));
        }
        if self.events.is_empty() && hiding.is_none() && self.map_runs.is_empty() {
            let described = self.execution.as_ref().is_some_and(|execution| execution.status.is_some());
            missing.push(Missing::History { arn: self.arn().cloned(), described });
        }
        if log && self.has_rest() {
            missing.push(Missing::Rest);
        }
        missing.extend(self.items_not_held());
        let tells = missing.is_empty() || self.is_map_run_results();
        if tells && self.recorded.complete == Some(false) {
            let notes = self.recorded.notes.iter().flatten();
            missing.extend(notes.map(|note| Missing::Said(Arc::clone(note))));
        }
        missing
    }

    /// Tells whether the events come from the log of the machine.
    pub fn is_from_log(&self) -> bool {
        self.from() != From::History
    }

    fn from(&self) -> From {
        match self.recorded.source.as_deref() {
            Some(FROM_LOG) => From::Log,
            Some(FROM_FIELDS) => From::Fields,
            _ => From::History,
        }
    }

    /// Returns what stands for the status when nothing tells it: the recording ends before the execution did.
    pub(super) fn unseen_end(&self) -> Option<Status> {
        let described = self.execution.as_ref().is_some_and(|execution| execution.status.is_some());
        if described || self.events.last_facts().is_some_and(|last| last.kind.ends_execution()) {
            return None;
        }
        if self.damage.iter().any(Damage::hides_what_follows) && !self.is_map_run_results() {
            return Some(Status::CutOff);
        }
        let described = self.map_runs.first().and_then(|run| run.map_run.as_ref()?.status.as_ref());
        let nothing = self.events.is_empty() && described.is_none();
        (self.recorded.more_pages == Some(true) || self.is_from_log() || nothing).then_some(Status::NotKnown)
    }

    fn gaps(&self) -> Vec<Missing> {
        let Some(last) = self.events.last_facts() else { return Vec::new() };
        if last.id.index() + 1 == self.events.len() {
            return Vec::new();
        }
        let (mut gaps, mut more, mut next) = (Vec::new(), 0, 1);
        for id in (0..self.events.len()).filter_map(|index| self.events.id(index)) {
            if id.get() > next {
                match gaps.len() < LISTED {
                    true => gaps.push(Missing::Events(next..=id.get() - 1)),
                    false => more += 1,
                }
            }
            next = id.get().saturating_add(1);
        }
        gaps.extend((more > 0).then_some(Missing::MoreGaps(more)));
        gaps
    }

    /// Returns the level of a log that has failures only; `None` of one that has more, or all there was.
    fn level(&self) -> Option<Level> {
        let last = self.events.last_facts()?;
        let kinds = || (0..self.events.len()).filter_map(|index| self.events.facts(index)).map(|facts| facts.kind);
        let gapless = last.id.index() + 1 == self.events.len();
        if gapless || !kinds().all(|kind| kind.is_failure()) {
            return None;
        }
        let fatal = kinds().all(|kind| kind.ends_execution());
        Some(if fatal { Level::Fatal } else { Level::Error })
    }

    /// Tells whether inputs and outputs were left out: of the beginning, and of the first state.
    fn lacks_data(&self) -> bool {
        let lacks = |event: &crate::event::Event| match &event.details {
            Details::ExecutionStarted(started) => Some(started.input.is_none()),
            Details::StateEntered(entered) => Some(entered.input.is_none()),
            _ => None,
        };
        let mut first = (0..self.events.len().min(3)).filter_map(|index| lacks(&self.events.get(index)?)).peekable();
        first.peek().is_some() && first.all(|lacks| lacks)
    }

    /// Tells whether the log cut inputs or outputs.
    fn has_rest(&self) -> bool {
        self.events.iter().any(|event| {
            let data = match &event.details {
                Details::ExecutionStarted(started) => started.input.as_ref(),
                Details::StateEntered(entered) => entered.input.as_ref(),
                Details::StateExited(exited) => exited.output.as_ref(),
                Details::Output(output) => output.as_ref(),
                Details::TaskOutput(done) => done.output.as_ref(),
                _ => None,
            };
            data.is_some_and(|data| data.truncation == Truncation::Cut)
        })
    }

    fn items_not_held(&self) -> impl Iterator<Item = Missing> + '_ {
        self.map_runs.iter().filter_map(|run| {
            let run = run.map_run.as_ref().filter(|_| self.events.is_empty() && run.executions.is_empty())?;
            let of = run.item_counts.as_ref()?.total.filter(|of| *of > 0)?;
            Some(Missing::Items { arn: run.map_run_arn.clone(), of })
        })
    }
}

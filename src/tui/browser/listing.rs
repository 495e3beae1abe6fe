//! A row of a list: what can be opened, and what is known of it before it is.

use crate::analysis::Status;
use crate::event::Timestamp;
use crate::history::MemberId;
use crate::tui::execution::Headline;
use crate::tui::msg::Target;
use crate::tui::subject::Subject;
use crate::tui::text;

/// Something that can be opened.
#[derive(Debug, Clone)]
pub struct Listing {
    /// How to open it.
    pub target: Target,
    /// What to call it when it says nothing about itself.
    pub label: String,
    /// What it is.
    pub row: Row,
}

/// What a row of a list is.
#[derive(Debug, Clone)]
pub enum Row {
    /// An execution, recorded or live.
    Execution(Summary),
    /// A state machine.
    Machine(Machine),
    /// A file that should be a recording and is none: why.
    Unreadable(String),
}

/// What can be told of an execution at a glance.
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
    /// When it was last redriven.
    pub redriven: Option<Timestamp>,
    /// The state that failed.
    pub state: String,
    /// The error it failed with.
    pub error: String,
    /// How many events it has.
    pub events: usize,
    /// Whether it is damaged.
    pub damaged: bool,
    /// Whether it is the results of a Map Run, which do not say how the Map Run stands.
    pub results: bool,
    /// Whether something of it is not there.
    pub partial: bool,
    /// How often it was redriven.
    pub redrives: u64,
    /// The alias of the machine it was started through.
    pub alias: String,
    /// The version of the machine it ran.
    pub version: String,
    /// Whether state and error are still to be asked for.
    pub failure: FailureTold,
}

/// Whether the failing state and the error of an execution have been looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailureTold {
    /// As far as they can be told they are.
    #[default]
    Told,
    /// Not yet: a list of live executions does not have them.
    NotYet,
}

/// A state machine of an account.
#[derive(Debug, Clone, Default)]
pub struct Machine {
    /// Its name.
    pub name: String,
    /// AWS's word for its type.
    pub kind: String,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// The region, with the profile where there are several.
    pub site: String,
}

impl Listing {
    /// Returns what a search looks at.
    pub fn words(&self) -> String {
        match &self.row {
            Row::Execution(summary) => {
                let Summary { name, machine, status, state, error, alias, version, .. } = summary;
                format!("{status} {name} {machine} {state} {error} {alias} {version} {}", self.label)
            }
            Row::Machine(machine) => format!("{} {} {}", machine.name, machine.kind, machine.site),
            Row::Unreadable(problem) => format!("{} {problem}", self.label),
        }
    }

    /// Returns what is known of the execution, if it is one.
    pub fn execution(&self) -> Option<&Summary> {
        match &self.row {
            Row::Execution(summary) => Some(summary),
            _ => None,
        }
    }

    /// Lists an execution in memory.
    pub(super) fn of(subject: &Subject) -> Self {
        let headline = subject.headline();
        let title = subject.title(MemberId::ROOT);
        let row = Row::Execution(Summary::of(subject, &headline));
        Self { target: subject.target.clone(), label: title.name.clone(), row }
    }
}

impl Summary {
    fn of(subject: &Subject, headline: &Headline) -> Self {
        let root = MemberId::ROOT;
        let title = subject.title(root);
        let failed = headline.tone != Status::Succeeded && headline.tone != Status::Running;
        let history = subject.history(headline.place.member);
        let state = history.visit_of(headline.place.event).map(|visit| history.visit(visit).name.to_string());
        Self {
            name: title.name.clone(),
            machine: title.machine.clone(),
            status: title.status.clone(),
            started: subject.recording.started(),
            stopped: subject.recording.stopped(),
            state: state.filter(|_| failed).unwrap_or_default(),
            error: if failed { headline.title.clone() } else { String::new() },
            events: subject.history(root).events().len(),
            damaged: !subject.recording.damage.is_empty(),
            results: subject.recording.is_map_run_results(),
            partial: !subject.family.member(MemberId::ROOT).described.missing.is_empty(),
            ..Self::default()
        }
    }

    /// Returns how the execution stands.
    pub fn tone(&self) -> Status {
        match self.results && Status::of_execution(&self.status) == Status::Lost {
            true if self.error.is_empty() => Status::Succeeded,
            true => Status::Failed,
            false => Status::of_execution(&self.status),
        }
    }

    /// Returns the word for how the execution stands.
    pub fn word(&self) -> &'static str {
        if self.results { "map run" } else { self.tone().word() }
    }

    /// Tells whether state and error are still to be asked for.
    pub fn is_untold(&self) -> bool {
        self.failure == FailureTold::NotYet
    }

    /// Returns how long the execution took or, of one that goes on, how old it is.
    pub fn duration(&self, now: Option<Timestamp>) -> String {
        let now = now.filter(|_| self.tone() == Status::Running);
        match (self.started, self.stopped.or(now)) {
            (Some(started), Some(until)) => text::duration(until.micros_since(started).max(0)),
            _ => String::new(),
        }
    }

    /// Returns when something last happened to the execution as a whole: it began, was redriven or ended.
    pub fn latest(&self) -> Option<Timestamp> {
        self.started.max(self.redriven).max(self.stopped)
    }

    /// Returns what AWS sorts the executions of one status by, the latest first: when those that run began or were
    /// redriven, and when the others ended. Rule: the API reference, ListExecutions. `None` where it is not stated.
    pub fn listed_by(&self) -> Option<Timestamp> {
        match &*self.status {
            "RUNNING" => self.started.max(self.redriven),
            "FAILED" | "TIMED_OUT" | "ABORTED" | "SUCCEEDED" => self.stopped,
            _ => None,
        }
    }

    /// Returns the alias and the version: `prod:3`, `prod`, `3`.
    pub fn qualifier(&self) -> String {
        let parts = [&self.alias, &self.version].into_iter().filter(|part| !part.is_empty());
        parts.map(String::as_str).collect::<Vec<_>>().join(":")
    }
}

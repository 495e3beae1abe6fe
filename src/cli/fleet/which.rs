//! Which executions are looked at, of many.

use crate::analysis::fleet::Item;
use crate::cli::Failure;
use crate::event::Timestamp;
use crate::recording::Status;
use crate::tui::browser::When;
use crate::tui::fleet::{Crowd, Part};

/// Which executions are looked at.
#[derive(Debug, Clone, clap::Args)]
pub(in crate::cli) struct Which {
    /// Only executions of this state machine.
    #[arg(long, value_name = "NAME")]
    pub(super) machine: Option<String>,
    /// Only executions that ended since then, and running ones that started since then: 24h, 7d, today, 2026-11-20.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    since: Option<When>,
    /// Only executions that ended before then, and running ones that started before then.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Option<When>,
    /// Only executions with these statuses: FAILED,TIMED_OUT.
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = status)]
    status: Vec<Status>,
    /// Of each target in AWS, only the newest N executions.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = limit)]
    pub(super) limit: usize,
}

impl Which {
    /// Returns since when and until when, seen at a moment.
    pub(super) fn span(&self, now: Timestamp) -> (Option<Timestamp>, Option<Timestamp>) {
        let at = |when: Option<When>| when.map(|when| when.seen_at(now));
        (at(self.since), at(self.until))
    }

    /// Returns the same for the screen.
    pub(super) fn crowd(&self, parts: Vec<Part>, now: Timestamp) -> Crowd {
        let (since, until) = self.span(now);
        Crowd {
            parts,
            machine: self.machine.clone(),
            since: since.map(Timestamp::as_micros),
            until: until.map(Timestamp::as_micros),
            statuses: self.status.clone(),
            limit: self.limit,
        }
    }

    /// Tells whether anything was said of it.
    pub(in crate::cli) fn is_narrow(&self) -> bool {
        self.machine.is_some() || self.since.is_some() || self.until.is_some() || !self.status.is_empty()
    }

    /// Returns the statuses; none when all are meant.
    #[cfg(feature = "aws")]
    pub(super) fn statuses(&self) -> &[Status] {
        &self.status
    }

    /// Tells whether an execution is meant, seen at a moment. One whose time is not known is in no span of time.
    pub(in crate::cli) fn holds(&self, item: &Item, now: Timestamp) -> bool {
        let (since, until) = self.span(now);
        (self.machine.is_none() || item.machine.as_deref() == self.machine.as_deref())
            && since.is_none_or(|since| item.at >= Some(since))
            && until.is_none_or(|until| item.at.is_some_and(|at| at < until))
            && (self.status.is_empty() || item.ran.status.as_ref().is_some_and(|status| self.status.contains(status)))
    }

    /// Says that nothing is left to look at.
    pub(in crate::cli) fn nothing(&self) -> Failure {
        let machine = self.machine.as_deref().map(|machine| format!(" of the machine {machine}")).unwrap_or_default();
        let failure = Failure::input(format!("There is no execution{machine} to look at."));
        if self.is_narrow() { failure.hint("Widen --machine, --since, --until or --status.") } else { failure }
    }
}

fn moment(typed: &str) -> Result<When, String> {
    When::read(typed)
        .ok_or_else(|| "expected a time such as 90m, 24h, 7d, today, 2026-11-20 or 2026-11-20T03:14".to_owned())
}

fn status(typed: &str) -> Result<Status, String> {
    let name = typed.to_ascii_uppercase().replace('-', "_");
    match Status::from_name(&name) {
        Status::Unknown(_) | Status::CutOff | Status::NotKnown => {
            Err("expected RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED or PENDING_REDRIVE".to_owned())
        }
        status => Ok(status),
    }
}

fn limit(typed: &str) -> Result<usize, String> {
    typed.parse().ok().filter(|limit| *limit > 0).ok_or_else(|| "expected a number from 1".to_owned())
}

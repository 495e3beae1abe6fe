//! Replays and comparisons in the background, one at a time, with their progress.

use super::good;
use super::open::guarded;
use crate::replay::Replay;
use crate::tui::panel::Replayed;
use crate::tui::replaying::Plan;
use crate::tui::{Msg, Subject, Ticket, Trouble};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::mpsc::UnboundedSender;

/// Steps of a replay between two looks at the outside.
const STEPS: usize = 2_000;

/// What is worked out in the background and can be stopped, if anything is.
#[derive(Default)]
pub(super) struct Player {
    running: Option<(Ticket, Arc<AtomicBool>)>,
}

impl Player {
    /// Begins a replay.
    pub(super) fn play(&mut self, answers: UnboundedSender<Msg>, ticket: Ticket, subject: Arc<Subject>, plan: Plan) {
        let stopped = self.begin(ticket);
        tokio::task::spawn_blocking(move || {
            let tell = |done, of| {
                let _ = answers.send(Msg::Replaying(ticket, done, of));
            };
            let done = guarded(&subject.target.spelled(), || played(&subject, plan, &stopped, &tell));
            if let Some(replayed) = done.transpose() {
                let _ = answers.send(Msg::Replayed(ticket, replayed.map(Box::new)));
            }
        });
    }

    /// Begins a comparison with the last good run.
    pub(super) fn compare(&mut self, answers: UnboundedSender<Msg>, ticket: Ticket, subject: Arc<Subject>) {
        let stopped = self.begin(ticket);
        tokio::task::spawn_blocking(move || {
            if let Some(panel) = good::compare(&subject, &stopped).transpose() {
                let _ = answers.send(Msg::Compared(ticket, panel));
            }
        });
    }

    /// What was begun before is not wanted any more.
    fn begin(&mut self, ticket: Ticket) -> Arc<AtomicBool> {
        let stopped = Arc::new(AtomicBool::new(false));
        if let Some((_, before)) = self.running.replace((ticket, Arc::clone(&stopped))) {
            before.store(true, Ordering::Relaxed);
        }
        stopped
    }

    /// Stops what was asked for with a ticket.
    pub(super) fn stop(&mut self, ticket: Ticket) {
        if let Some((_, stopped)) = self.running.take_if(|(running, _)| *running == ticket) {
            stopped.store(true, Ordering::Relaxed);
        }
    }
}

/// Replays to the end; `None` when it was stopped.
fn played(
    subject: &Subject,
    plan: Plan,
    stopped: &AtomicBool,
    tell: &dyn Fn(usize, usize),
) -> Result<Option<Replayed>, Trouble> {
    let trouble = |message| Trouble { message, hint: None };
    let edits = plan.edits(subject).map_err(trouble)?;
    let recording = plan.recording(subject).map_err(trouble)?;
    let mut replay = Replay::of(&recording, edits)
        .map_err(|reason| Trouble { message: format!("This run cannot be replayed: {reason}."), hint: None })?;
    while replay.advance(STEPS) {
        if stopped.load(Ordering::Relaxed) {
            return Ok(None);
        }
        tell(replay.events().len(), replay.expected());
    }
    Ok(Some(Replayed::new(subject, plan, &replay.finish())))
}

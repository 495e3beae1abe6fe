//! A build without AWS: every question is answered at once, with that.

use super::Reach;
use super::refused::refused;
use crate::tui::{Effect, Msg, Ticket, Trouble};
use tokio::sync::mpsc::UnboundedSender;

/// What would speak to AWS.
pub(in crate::runtime) struct Cloud {
    answers: UnboundedSender<Msg>,
}

impl Cloud {
    /// Speaks to nobody.
    pub(in crate::runtime) fn new(answers: UnboundedSender<Msg>, _: Reach) -> Self {
        Self { answers }
    }

    /// Answers that there is no AWS here.
    pub(in crate::runtime) fn perform(&mut self, effect: Effect) {
        let trouble = Trouble {
            message: "This build of stepback has no AWS.".to_owned(),
            hint: Some("Build it with the feature aws, which is on unless switched off.".to_owned()),
        };
        for msg in refused(effect, &trouble) {
            let _ = self.answers.send(msg);
        }
    }

    /// Nothing runs that could be stopped.
    pub(in crate::runtime) fn stop(&mut self, _: Ticket) {}
}

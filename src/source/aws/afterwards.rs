//! What became of a call whose answer did not come: looked up, since it is not sent again.
//!
//! What AWS says of an execution may be a moment old (rule: the API's reference, "eventually consistent"), so what is
//! not there yet is looked for more than once.

use super::{AwsError, Client, ErrorKind, Order};
use crate::event::{EventId, EventType};
use crate::recording::{Execution, Status};
use std::collections::HashSet;
use std::time::Duration;

/// How often is looked.
const LOOKS: u32 = 3;

/// Events that are looked at to tell what became of a task.
const EVENTS: u32 = 200;

impl Client {
    /// Tells whether an execution is there.
    pub async fn is_there(&self, arn: &str) -> Result<bool, AwsError> {
        for look in 0..LOOKS {
            self.pause(look).await;
            match self.describe_execution(arn).await {
                Ok(_) => return Ok(true),
                Err(error) if error.kind == ErrorKind::NotThere => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }

    /// Looks at an execution until that holds of it, or it has been looked at often enough. Returns what was seen last.
    pub async fn look_until(
        &self,
        arn: &str,
        holds: impl Fn(&Execution) -> bool,
    ) -> Result<(Execution, bool), AwsError> {
        let mut look = 0;
        loop {
            self.pause(look).await;
            let execution = self.describe_execution(arn).await?;
            let held = holds(&execution);
            look += 1;
            if held || look == LOOKS {
                return Ok((execution, held));
            }
        }
    }

    /// Returns the event a task ended with, if it has: the task that this event belongs to.
    pub async fn end_of_task(&self, execution: &str, task: EventId) -> Result<Option<EventType>, AwsError> {
        for look in 0..LOOKS {
            self.pause(look).await;
            let page = self.history_page(execution, Order::Reverse, EVENTS, None).await?;
            let mut of_task = HashSet::from([task]);
            for event in page.events.iter().filter(|event| event.id > task) {
                if event.parent.is_some_and(|parent| of_task.contains(&parent)) {
                    if event.kind.completes_task() || event.kind.fails_task() {
                        return Ok(Some(event.kind));
                    }
                    of_task.insert(event.id);
                }
            }
        }
        Ok(None)
    }

    async fn pause(&self, look: u32) {
        if look > 0 {
            tokio::time::sleep(self.patience().before(look - 1).max(Duration::from_millis(1))).await;
        }
    }
}

/// Tells whether an execution has been redriven since it was seen before. Rule: a redrive counts up, and the execution
/// runs again.
pub fn redriven(before: Option<&Execution>, now: &Execution) -> bool {
    let count = |execution: &Execution| execution.redrive_count.unwrap_or(0);
    match before {
        Some(before) => count(now) > count(before),
        None => matches!(now.status, Some(Status::Running)),
    }
}

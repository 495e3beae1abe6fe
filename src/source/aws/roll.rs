//! Many executions of a machine or a map run: those of a span of time, and how those that failed did so.

#[cfg(feature = "aws")]
use super::{AwsError, Client, ErrorKind, Order};
use super::{ExecutionFilter, Listed};
use crate::event::Timestamp;
#[cfg(feature = "aws")]
use crate::recording::Recording;
use crate::recording::{Execution, Status};
#[cfg(feature = "aws")]
use std::collections::HashSet;
#[cfg(feature = "aws")]
use tokio::task::JoinSet;

/// Which executions are called up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RollQuery {
    /// Whose.
    pub of: Listed,
    /// Those that stand so.
    pub statuses: Vec<Status>,
    /// Those that ended then or later, and those that go on and began then or later.
    pub since: Option<Timestamp>,
    /// Those that did so before.
    pub until: Option<Timestamp>,
    /// The newest so many.
    pub limit: usize,
}

/// The most executions a page holds.
const PAGE: u32 = 1_000;

/// Events at the end of a history that are looked at to tell how an execution failed: one call, whatever the number, and
/// enough for the states that lead to the end of all but wide Maps.
#[cfg(feature = "aws")]
const TAIL: u32 = 250;

/// Executions that are asked about at once.
#[cfg(feature = "aws")]
const AT_ONCE: usize = 8;

impl RollQuery {
    /// The newest so many executions.
    pub fn newest(of: Listed, limit: usize) -> Self {
        let statuses = Self::known(&of);
        Self { of, statuses, since: None, until: None, limit }
    }

    /// Returns how an execution can stand in such a list.
    pub fn known(of: &Listed) -> Vec<Status> {
        let mut statuses = vec![Status::Running, Status::Succeeded, Status::Failed, Status::TimedOut, Status::Aborted];
        if matches!(of, Listed::MapRun(_)) {
            statuses.push(Status::PendingRedrive);
        }
        statuses
    }

    /// Returns the moment that decides about an execution, by which the service sorts. Rule: ListExecutions, "running
    /// executions by startDate or redriveDate, the others by stopDate".
    pub fn moment(execution: &Execution) -> Option<Timestamp> {
        execution.stop_date.or_else(|| execution.redrive_date.max(execution.start_date))
    }

    fn holds(&self, execution: &Execution) -> bool {
        let at = Self::moment(execution);
        self.since.is_none_or(|since| at >= Some(since)) && self.until.is_none_or(|until| at < Some(until))
    }

    /// Tells whether nothing that comes after a page can be wanted.
    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "only a client reads pages"))]
    fn ends_with(&self, page: &[Execution]) -> bool {
        let last = page.last().and_then(Self::moment);
        self.since.zip(last).is_some_and(|(since, last)| last < since)
    }

    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "only a client reads pages"))]
    fn filter(&self, status: &Status) -> ExecutionFilter {
        let limit = u32::try_from(self.limit).unwrap_or(PAGE).clamp(1, PAGE);
        ExecutionFilter { of: self.of.clone(), status: Some(status.clone()), redrive: None, limit }
    }
}

#[cfg(feature = "aws")]
impl Client {
    /// Lists executions, those of each status by themselves, and tells of each page what of it is wanted. `true` when
    /// there are more than were asked for.
    pub async fn roll(&self, query: &RollQuery, mut page_of: impl FnMut(Vec<Execution>)) -> Result<bool, AwsError> {
        let mut is_cut = false;
        for status in &query.statuses {
            let (mut page, mut found, mut seen) = (None, 0, HashSet::new());
            loop {
                let list = self.executions(&query.filter(status), page).await?;
                let ends = query.ends_with(&list.items);
                let mut wanted: Vec<Execution> = list.items.into_iter().filter(|it| query.holds(it)).collect();
                let left = query.limit.saturating_sub(found);
                let more = wanted.len() > left;
                wanted.truncate(left);
                found += wanted.len();
                page_of(wanted);
                page = list.next;
                // A page that was there before leads round in a circle.
                if ends || page.as_ref().is_none_or(|page| !seen.insert(page.clone())) {
                    is_cut |= more;
                    break;
                }
                if found >= query.limit {
                    is_cut = true;
                    break;
                }
            }
        }
        Ok(is_cut)
    }

    /// Reads how executions ended, a few at a time: one call each, of the newest first. Tells the place of each in the
    /// list, with the end of its history as a recording. Ends with the first error that all others would meet as well.
    pub async fn tails(
        &self,
        executions: &[Execution],
        tell: impl FnMut(usize, Result<Recording, AwsError>),
    ) -> Result<(), AwsError> {
        let ask = |client: Client, execution: Execution| async move { client.tail(execution).await };
        self.several(executions, ask, tell).await
    }

    /// Asks what is known of executions, a few at a time: their inputs and outputs are not in a list.
    pub async fn described(
        &self,
        executions: &[Execution],
        tell: impl FnMut(usize, Result<Execution, AwsError>),
    ) -> Result<(), AwsError> {
        let ask = |client: Client, execution: Execution| async move {
            client.describe_execution(execution.execution_arn.as_deref().unwrap_or_default()).await
        };
        self.several(executions, ask, tell).await
    }

    async fn several<T: Send + 'static, Asking: Future<Output = Result<T, AwsError>> + Send + 'static>(
        &self,
        executions: &[Execution],
        ask: impl Fn(Client, Execution) -> Asking,
        mut tell: impl FnMut(usize, Result<T, AwsError>),
    ) -> Result<(), AwsError> {
        let mut left = executions.iter().enumerate();
        let mut asked = JoinSet::new();
        loop {
            while asked.len() < AT_ONCE
                && let Some((place, execution)) = left.next()
            {
                let asking = ask(self.clone(), execution.clone());
                asked.spawn(async move { (place, asking.await) });
            }
            match asked.join_next().await {
                None => return Ok(()),
                Some(Ok((_, Err(error)))) if is_of_all(&error) => return Err(error),
                Some(Ok((place, answer))) => tell(place, answer),
                // Somebody ended the task with the program.
                Some(Err(_)) => {}
            }
        }
    }

    /// Reads the end of a history.
    async fn tail(&self, execution: Execution) -> Result<Recording, AwsError> {
        let arn = execution.execution_arn.clone().unwrap_or_default();
        let page = self.history_page(&arn, Order::Reverse, TAIL, None).await?;
        let mut recording =
            Recording { execution: Some(execution), events: page.events, damage: page.damage, ..Recording::default() };
        if page.next.is_some() {
            recording.recorded.complete = Some(false);
        }
        Ok(recording)
    }
}

/// Tells whether others would be answered so as well: it lies in who asks or in the way.
#[cfg(feature = "aws")]
fn is_of_all(error: &AwsError) -> bool {
    error.kind.is_of_caller() || error.kind.is_of_network() || matches!(error.kind, ErrorKind::Denied { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn execution(started: i64, stopped: Option<i64>, redriven: Option<i64>) -> Execution {
        let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
        Execution {
            start_date: Some(at(started)),
            stop_date: stopped.map(at),
            redrive_date: redriven.map(at),
            ..Execution::default()
        }
    }

    #[test]
    fn what_ended_in_the_span_is_held_however_long_it_ran() {
        let mut query = RollQuery::newest(Listed::Machine("m".to_owned()), 10);
        query.since = Some(Timestamp::from_millis(100_000));
        query.until = Some(Timestamp::from_millis(200_000));
        for (execution, held) in [
            (execution(1, Some(150), None), true),
            (execution(1, Some(99), None), false),
            (execution(150, Some(200), None), false),
            (execution(150, None, None), true),
            (execution(1, None, None), false),
            (execution(1, None, Some(150)), true),
            (Execution::default(), false),
        ] {
            assert_eq!(query.holds(&execution), held, "{execution:?}");
        }
        assert!(query.ends_with(&[execution(1, Some(150), None), execution(1, Some(99), None)]));
        assert!(!query.ends_with(&[execution(1, Some(99), None), execution(1, Some(150), None)]));
        assert!(!query.ends_with(&[]));
    }
}

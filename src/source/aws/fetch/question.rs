//! What is asked while an execution is fetched, and what comes back.

use super::super::{AwsError, Cache, Client, ExecutionFilter, HistoryPage, Order, Page};

use super::node::NodeId;
use crate::recording::{DescribedMapRun, Execution, Recording, StateMachine};

/// The most events a page can have.
const PAGE: u32 = 1_000;

/// Something to ask about an execution that is being fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Question {
    /// Is it in the cache?
    Cached,
    /// What is known of it?
    Execution,
    /// Which definition did it run?
    Machine,
    /// A page of its history.
    History { order: Order, page: Option<String> },
    /// Which map runs did it start?
    MapRuns { page: Option<String> },
    /// What is known of its map run of that number?
    MapRun { run: usize },
    /// Which executions did its map run of that number start?
    Items { run: usize, page: Option<String> },
}

/// A question with everything needed to ask it.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    /// The execution it is about.
    pub(super) node: NodeId,
    pub(super) question: Question,
    /// The ARN to ask about: that of the execution, or of the map run.
    pub(super) arn: String,
}

/// An answer.
#[derive(Debug)]
pub(super) enum Answer {
    Cached(Option<Box<Recording>>),
    Execution(Box<Execution>),
    Machine(Box<StateMachine>),
    History(HistoryPage),
    MapRuns(Page<DescribedMapRun>),
    MapRun(Box<DescribedMapRun>),
    Items(Page<Execution>),
}

impl Asking {
    /// Tells whether it asks for a page that is not the first.
    pub(super) fn is_later_page(&self) -> bool {
        matches!(&self.question, Question::MapRuns { page: Some(_) } | Question::Items { page: Some(_), .. })
    }

    /// Asks.
    pub(super) async fn ask(&self, client: &Client, cache: Option<&Cache>) -> Result<Answer, AwsError> {
        let arn = &self.arn;
        Ok(match self.question.clone() {
            Question::Cached => Answer::Cached(cache.and_then(|cache| cache.get(arn)).map(Box::new)),
            Question::Execution => Answer::Execution(Box::new(client.describe_execution(arn).await?)),
            Question::Machine => Answer::Machine(Box::new(client.describe_state_machine_for_execution(arn).await?)),
            Question::History { order, page } => Answer::History(client.history_page(arn, order, PAGE, page).await?),
            Question::MapRuns { page } => Answer::MapRuns(client.map_runs(arn, page).await?),
            Question::MapRun { .. } => Answer::MapRun(Box::new(client.describe_map_run(arn).await?)),
            Question::Items { page, .. } => {
                Answer::Items(client.executions(&ExecutionFilter::of_map_run(arn.as_str()), page).await?)
            }
        })
    }
}

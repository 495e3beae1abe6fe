//! Adds what the functions of failed tasks logged.

use crate::analysis::{FailedCall, failed_calls};
use crate::cli::aws;
use crate::cli::record::fetch::Recorded;
use crate::cli::record::keeper::Keeper;
use crate::recording::Recording;
use crate::source::aws::logs::{CallToFind, LogGroup, Span};
use crate::source::aws::{AwsError, Client, ErrorKind};
use std::collections::{BTreeMap, HashSet};

/// Each call of a function takes two calls to AWS, five of which are allowed in a second.
const MOST: usize = 100;

/// Adds the log lines of the execution and of those it started.
pub(in crate::cli::record) async fn add(client: &Client, recorded: &mut Recorded, keeper: &mut Keeper<'_>) {
    let mut adding = Adding { client, left: MOST, missing: BTreeMap::new(), failure: None };
    Box::pin(adding.below(&mut recorded.recording, keeper)).await;
    let Adding { left, missing, failure, .. } = adding;
    let root = &mut recorded.recording.recorded;
    if left == 0 {
        root.note(format!("Log lines were recorded of the last {MOST} failed calls of functions at most."));
    }
    for (group, what) in missing {
        root.note(format!("{group}: {what}"));
    }
    if let Some(error) = failure {
        root.complete = Some(false);
        root.note(format!("Log lines are missing: {error}"));
        recorded.trouble.get_or_insert_with(|| aws::failure(&error));
    }
}

struct Adding<'c> {
    client: &'c Client,
    /// How many calls may still be looked for.
    left: usize,
    /// What was not found where.
    missing: BTreeMap<String, String>,
    /// What ended the search.
    failure: Option<AwsError>,
}

impl Adding<'_> {
    async fn below(&mut self, recording: &mut Recording, keeper: &mut Keeper<'_>) {
        self.of_one(recording, keeper).await;
        let items = recording.map_runs.iter_mut().flat_map(|run| &mut run.executions);
        for child in recording.children.iter_mut().chain(items) {
            Box::pin(self.below(child, keeper)).await;
        }
    }

    /// The latest failures count most.
    async fn of_one(&mut self, recording: &mut Recording, keeper: &mut Keeper<'_>) {
        let there: HashSet<_> = recording.task_logs().filter_map(|log| log.event).collect();
        let region = recording.arn().and_then(|arn| arn.split(':').nth(3).map(str::to_owned)).unwrap_or_default();
        let calls = failed_calls(recording).into_iter().rev().filter(|call| !there.contains(&call.event));
        for call in calls.collect::<Vec<_>>() {
            if self.failure.is_some() || self.left == 0 {
                return;
            }
            self.left -= 1;
            let left = self.left;
            keeper.tell(|| format!("log lines of {}, {} calls looked for", call.function, MOST - left));
            let call = to_find(call, &region);
            match self.client.function_log(&call).await {
                Ok(Some(log)) => recording.logs.push(log.into_payload()),
                Ok(None) => {
                    self.note(&call, "nothing was found of a failed call; its lines may be gone, late or elsewhere.");
                }
                Err(error) if error.kind == ErrorKind::NotThere => {
                    self.note(&call, "there is no such log group; the function may log elsewhere.");
                }
                Err(error) => self.failure = Some(error),
            }
        }
    }

    fn note(&mut self, call: &CallToFind, what: &str) {
        self.missing.insert(call.group.name.to_string(), what.to_owned());
    }
}

fn to_find(call: FailedCall, region: &str) -> CallToFind {
    CallToFind {
        event: call.event,
        group: LogGroup::of_function(&call.function, region),
        span: Span { from: call.from, until: call.until },
        request_id: call.request_id,
        words: call.words,
    }
}

//! Fetching: an execution with its whole history, and the executions it started, asked for as much at once as may be.

mod ends;
mod gather;
mod node;
mod question;
mod spans;
#[cfg(test)]
mod tests;

use super::{AwsError, Cache, Children, Client, ErrorKind, now};
use crate::recording::Recording;
use gather::Gathering;
use node::{Node, NodeId};
use question::{Answer, Asking};
use tokio::task::JoinSet;

/// How many calls are on their way at once.
const AT_ONCE: usize = 12;

/// What is fetched beside the execution itself.
#[derive(Debug, Clone, Default)]
pub struct FetchOptions {
    /// Which of the executions it started.
    pub children: Children,
    /// Where finished executions are kept, so that they need not be fetched twice.
    pub cache: Option<Cache>,
    /// What an earlier, interrupted fetch brought: its events are not lost.
    pub known: Option<Box<Recording>>,
}

/// What was fetched.
#[derive(Debug, Clone)]
pub struct Fetched {
    /// The recording; [`Recording::recorded`] says what is missing.
    pub recording: Recording,
    /// What AWS did not answer.
    pub troubles: Vec<AwsError>,
    /// Whether the history of the execution itself is there, all of it.
    pub has_history: bool,
}

/// How far fetching has come.
#[derive(Debug)]
pub struct Progress<'a> {
    gathering: &'a Gathering,
}

impl Progress<'_> {
    /// Returns how many events of the execution itself are there.
    pub fn events(&self) -> usize {
        self.root().history.as_ref().map_or(0, ends::Ends::len)
    }

    /// Tells whether what AWS says of the execution is there.
    pub fn is_described(&self) -> bool {
        self.root().execution.is_some()
    }

    /// Returns how many events it has, once that is known.
    pub fn total(&self) -> Option<usize> {
        self.root().history.as_ref()?.total()
    }

    /// Returns how many executions it started, as far as is known.
    pub fn executions(&self) -> usize {
        self.gathering.nodes().count() - 1
    }

    /// Returns how many of their histories are wanted, and how many of these are there.
    pub fn histories(&self) -> (usize, usize) {
        let wanted = self.gathering.nodes().skip(1).filter(|node| node.history.is_some());
        wanted.fold((0, 0), |(wanted, there), node| (wanted + 1, there + usize::from(node.has_history())))
    }

    /// Makes a recording of what is there: after the first round trip the failure is in it, whatever else is missing.
    pub fn recording(&self) -> Recording {
        self.gathering.recording(now())
    }

    fn root(&self) -> &Node {
        self.gathering.node(NodeId::ROOT)
    }
}

impl Client {
    /// Fetches an execution. `progress` is told of every answer. Dropping the future cancels what is on its way.
    ///
    /// What cannot be got is said in the recording; it is an error only when not even an event can.
    pub async fn fetch(
        &self,
        arn: &str,
        options: &FetchOptions,
        mut progress: impl FnMut(&Progress<'_>),
    ) -> Result<Fetched, AwsError> {
        let known = options.known.as_deref();
        let mut gathering = Gathering::new(arn, options.children, options.cache.is_some(), known);
        if gathering.node(NodeId::ROOT).is_express() {
            return Err(AwsError { resource: Some(arn.into()), ..AwsError::new(ErrorKind::InLogsOnly) });
        }
        let mut asked: JoinSet<(Asking, Result<Answer, AwsError>)> = JoinSet::new();
        loop {
            while asked.len() < AT_ONCE
                && let Some(asking) = gathering.next()
            {
                let (client, cache) = (self.clone(), options.cache.clone());
                asked.spawn(async move {
                    let answer = asking.ask(&client, cache.as_ref()).await;
                    (asking, answer)
                });
            }
            match asked.join_next().await {
                Some(Ok((asking, answer))) => gathering.take(&asking, answer),
                Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
                Some(Err(_)) => {}
                None => break,
            }
            progress(&Progress { gathering: &gathering });
        }
        if let Some(cache) = &options.cache {
            keep(cache, &gathering);
        }
        gathering.finish(now())
    }
}

/// Puts what has ended, and is all there, into the cache. A full disk is no reason to fail.
fn keep(cache: &Cache, gathering: &Gathering) {
    let new = gathering.nodes().filter(|node| node.is_complete() && node.ended() && !node.from_cache);
    for node in new {
        let _ = cache.put(&node.arn, &node.recording(now()));
    }
    cache.trim();
}

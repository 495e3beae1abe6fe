//! Many runs at once: failures that are alike put together, and what those have that the others have not.
//!
//! It works on plain summaries ([`Item`]), so that the same serves executions in a folder, iterations of a Map and the
//! children of a Map Run.

mod contrast;
mod course;
mod gather;
mod key;
mod normal;
mod record;
mod survey;
#[cfg(test)]
mod tests;
mod version;

pub use contrast::{Contrast, Shape, Trait, contrast};
pub use course::{Bin, Course};
pub use gather::{children, iterations};
pub use key::ClusterKey;
pub use record::{Counted, Extent, Record, StateTotals};
pub use survey::{Gap, Group, MapPlace, Spot, Survey, Trace};
pub use version::Version;

use crate::event::Timestamp;
use crate::json::Payload;
use crate::recording::{Counts, Status};
use indexmap::IndexMap;
use std::cmp::Reverse;
use std::sync::Arc;

/// One of many: an execution, an iteration or the child of a Map Run.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What to call it.
    pub label: String,
    /// The machine it ran; only items of one machine are compared.
    pub machine: Option<Arc<str>>,
    /// Its number among its siblings, from 0, where they have numbers.
    pub index: Option<u64>,
    /// How it went.
    pub outcome: Outcome,
    /// When it ended or, while it has not, began.
    pub at: Option<Timestamp>,
    /// What it was given.
    pub input: Option<Payload>,
    /// What AWS says of it as an execution; nothing of an iteration.
    pub ran: Ran,
}

/// What is known of an execution beside how it went.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ran {
    /// Its ARN.
    pub arn: Option<Arc<str>>,
    /// How it stands, in AWS's word.
    pub status: Option<Status>,
    /// The number of the machine's version it was started on.
    pub version: Option<Arc<str>>,
    /// The alias it was started through.
    pub alias: Option<Arc<str>>,
    /// When it began.
    pub started: Option<Timestamp>,
    /// When it ended.
    pub stopped: Option<Timestamp>,
    /// How often it was redriven.
    pub redrives: u64,
}

impl Ran {
    /// Returns the microseconds it took; `None` while it goes on.
    pub fn micros(&self) -> Option<i64> {
        let (started, stopped) = self.started.zip(self.stopped)?;
        Some(stopped.as_micros().saturating_sub(started.as_micros()))
    }
}

/// How one of many went.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Well.
    Passed,
    /// Badly.
    Failed(Failed),
    /// It has not ended, or was stopped.
    Open,
}

/// The failure one began with.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Failed {
    /// The state; absent when it is tied to none.
    pub state: Option<Arc<str>>,
    /// The error.
    pub error: Option<Arc<str>>,
    /// What the cause says.
    pub cause: Option<String>,
}

/// Many runs, sorted by how they failed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fleet {
    /// How many went well.
    pub passed: usize,
    /// How many failed.
    pub failed: usize,
    /// How many have not ended or were stopped.
    pub open: usize,
    /// How many machines they ran.
    pub machines: usize,
    /// What all failures have in common that the others have not; empty unless they failed in several ways, on one
    /// machine.
    pub contrast: Contrast,
    /// The failures, the most frequent first.
    pub clusters: Vec<Cluster>,
    /// How many ended how over time; `None` when nothing says when.
    pub course: Option<Course>,
}

/// Failures that are alike: the same state, the same error, and causes that differ in nothing but what is drawn anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Cluster {
    /// The machine.
    pub machine: Option<Arc<str>>,
    /// The state; absent when they are tied to none.
    pub state: Option<Arc<str>>,
    /// The error.
    pub error: Option<Arc<str>>,
    /// What the causes say, with `<n>`, `<id>`, `<time>` and so on in the place of what differs.
    pub cause: Option<String>,
    /// The places of the failing items in the list, the latest first.
    pub items: Vec<usize>,
    /// When the first of them failed.
    pub first: Option<Timestamp>,
    /// When the last did.
    pub last: Option<Timestamp>,
    /// What their inputs have that those of the items that went well have not; `None` of the less frequent of very many
    /// clusters, which are not compared.
    pub contrast: Option<Contrast>,
    /// How many of them there are in each part of [`Fleet::course`].
    pub trend: Vec<usize>,
    /// The versions of the machine that ran, the earliest first, and how many failed so on each.
    pub versions: Vec<Version>,
}

impl Cluster {
    /// Returns what names it, the same in every survey.
    pub fn key(&self) -> ClusterKey {
        ClusterKey::of([&self.machine, &self.state, &self.error].map(Option::as_deref), self.cause.as_deref())
    }
}

impl Item {
    /// Returns what names the failures that are alike this one; `None` unless it failed.
    pub fn cluster(&self) -> Option<ClusterKey> {
        let Outcome::Failed(failed) = &self.outcome else { return None };
        let names = [&self.machine, &failed.state, &failed.error].map(Option::as_deref);
        Some(ClusterKey::of(names, failed.normal_cause().as_deref()))
    }
}

impl Failed {
    /// Returns what the cause says, with `<n>`, `<id>`, `<time>` and so on in the place of what every failure draws anew.
    pub fn normal_cause(&self) -> Option<String> {
        self.cause.as_deref().map(normal::normalised)
    }
}

/// Clusters that are compared with what went well. Each looks at all that did again, which may be megabytes.
const COMPARED: usize = 20;

impl Fleet {
    /// Takes in how many items there are when only some are held.
    pub fn counted(&mut self, counts: &Counts) {
        let whole = |number: Option<u64>| usize::try_from(number.unwrap_or(0)).unwrap_or(usize::MAX);
        self.failed = whole(counts.failed).saturating_add(whole(counts.timed_out));
        self.passed = whole(counts.succeeded);
        self.open = whole(counts.total).saturating_sub(self.failed).saturating_sub(self.passed);
    }

    /// Returns how many there are.
    pub fn total(&self) -> usize {
        self.failed.saturating_add(self.passed).saturating_add(self.open)
    }
}

impl Outcome {
    /// Tells whether it failed.
    pub fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}

type Key = (Option<Arc<str>>, Option<Arc<str>>, Option<Arc<str>>, Option<String>);

/// Puts failures together that are alike.
pub fn fleet(items: &[Item]) -> Fleet {
    let mut alike: IndexMap<Key, Vec<usize>> = IndexMap::new();
    let (mut passed, mut open) = (0, 0);
    for (place, item) in items.iter().enumerate() {
        match &item.outcome {
            Outcome::Passed => passed += 1,
            Outcome::Open => open += 1,
            Outcome::Failed(failed) => {
                let cause = failed.normal_cause();
                let key = (item.machine.clone(), failed.state.clone(), failed.error.clone(), cause);
                alike.entry(key).or_default().push(place);
            }
        }
    }
    let machines: std::collections::HashSet<_> = items.iter().map(|item| &item.machine).collect();
    let mut clusters: Vec<Cluster> = alike.into_iter().map(|(key, places)| cluster(items, key, places)).collect();
    clusters.sort_by_key(|cluster| (Reverse(cluster.items.len()), Reverse(cluster.last)));
    for cluster in clusters.iter_mut().take(COMPARED) {
        cluster.contrast = Some(apart(items, cluster));
    }
    let course = Course::of(items);
    let versions = version::Versions::of(items);
    for cluster in &mut clusters {
        let members = || cluster.items.iter().filter_map(|place| items.get(*place));
        cluster.trend = course.as_ref().map(|course| course.trend(members())).unwrap_or_default();
        cluster.versions = versions.of_cluster(cluster.machine.as_ref(), members());
    }
    let failed = clusters.iter().map(|cluster| cluster.items.len()).sum();
    let contrast = if clusters.len() > 1 && machines.len() == 1 { contrast_of(items) } else { Contrast::default() };
    Fleet { passed, failed, open, machines: machines.len(), contrast, clusters, course }
}

/// Returns what the inputs of all items that failed have that those of the items that went well have not.
pub fn contrast_of(items: &[Item]) -> Contrast {
    let inputs = |wanted: fn(&Outcome) -> bool| -> Vec<&Payload> {
        items.iter().filter(|item| wanted(&item.outcome)).filter_map(|item| item.input.as_ref()).collect()
    };
    contrast(&inputs(Outcome::is_failed), &inputs(|outcome| *outcome == Outcome::Passed))
}

fn cluster(items: &[Item], (machine, state, error, cause): Key, mut places: Vec<usize>) -> Cluster {
    places.sort_by_key(|place| Reverse(items.get(*place).and_then(|item| item.at)));
    let found = |place: &usize| items.get(*place);
    let at = |item: &Item| item.at;
    let times = || places.iter().filter_map(found).filter_map(at);
    let (first, last) = (times().min(), times().max());
    let (trend, versions) = (Vec::new(), Vec::new());
    Cluster { machine, state, error, cause, first, last, contrast: None, items: places, trend, versions }
}

/// What sets the items of a cluster apart from those of the same machine that went well.
fn apart(items: &[Item], cluster: &Cluster) -> Contrast {
    let bad = cluster.items.iter().filter_map(|place| items.get(*place));
    let good = items.iter().filter(|item| item.outcome == Outcome::Passed && item.machine == cluster.machine);
    let failing: Vec<&Payload> = bad.filter_map(|item| item.input.as_ref()).collect();
    let passing: Vec<&Payload> = good.filter_map(|item| item.input.as_ref()).collect();
    contrast(&failing, &passing)
}

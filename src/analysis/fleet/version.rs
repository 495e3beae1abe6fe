//! The versions of a machine that ran, and on which of them failures of one kind occur.

use super::{Cluster, Item};
use std::collections::HashMap;
use std::sync::Arc;

/// A version of a machine beside a cluster of failures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its number; of executions that were started on none, `None`.
    pub name: Option<Arc<str>>,
    /// How many executions failed so on it.
    pub failed: usize,
    /// How many executions it ran.
    pub ran: usize,
}

/// The number of a version, or the ARN of a machine; `None` where there is none.
type Name = Option<Arc<str>>;

/// How many executions each version of each machine ran.
pub(super) struct Versions(HashMap<Name, HashMap<Name, usize>>);

impl Versions {
    pub(super) fn of(items: &[Item]) -> Self {
        let mut ran: HashMap<_, HashMap<_, usize>> = HashMap::new();
        for item in items {
            *ran.entry(item.machine.clone()).or_default().entry(item.ran.version.clone()).or_default() += 1;
        }
        Self(ran)
    }

    /// Returns the versions beside a cluster; none when the machine has none.
    pub(super) fn of_cluster<'a>(
        &self,
        machine: Option<&Arc<str>>,
        members: impl Iterator<Item = &'a Item>,
    ) -> Vec<Version> {
        let Some(ran) = self.0.get(&machine.cloned()).filter(|ran| ran.keys().any(Option::is_some)) else {
            return Vec::new();
        };
        let mut failed: HashMap<&Option<Arc<str>>, usize> = HashMap::new();
        members.for_each(|item| *failed.entry(&item.ran.version).or_default() += 1);
        let version = |(name, ran): (&Option<Arc<str>>, &usize)| Version {
            name: name.clone(),
            failed: failed.get(name).copied().unwrap_or(0),
            ran: *ran,
        };
        let mut versions: Vec<Version> = ran.iter().map(version).collect();
        versions.sort_by_cached_key(|version| version.number());
        versions
    }
}

impl Version {
    /// Versions are numbers that grow. What was started on none comes first.
    fn number(&self) -> (Option<u64>, Option<Arc<str>>) {
        (self.name.as_ref().and_then(|name| name.parse().ok()), self.name.clone())
    }
}

impl Cluster {
    /// Returns the version the failures began with, and how many executions ran on earlier ones without failing so;
    /// `None` when no earlier version ran, or failed so as well.
    pub fn began_with(&self) -> Option<(&Version, usize)> {
        let numbered = || self.versions.iter().filter(|version| version.name.is_some());
        let unnumbered = self.versions.iter().any(|version| version.name.is_none() && version.failed > 0);
        let first = numbered().find(|version| version.failed > 0).filter(|_| !unnumbered)?;
        let earlier = numbered().take_while(|version| version.failed == 0).map(|version| version.ran).sum();
        (earlier > 0).then_some((first, earlier))
    }
}

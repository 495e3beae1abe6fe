//! What is on the execution screen: a recording, its histories, and what is derived from them once.

use super::execution::{Failures, Tree};
use super::msg::Target;
use crate::history::{Family, History, MemberId};
use crate::recording::Recording;

/// An execution with the executions it started, ready to be looked at. Building one may take a while and needs
/// nothing but the recording, so it is done in the background.
#[derive(Debug)]
pub struct Subject {
    /// Where it was opened from.
    pub target: Target,
    /// What was recorded.
    pub recording: Recording,
    /// What happened.
    pub family: Family,
    members: Vec<Derived>,
}

/// What is derived from one member of the family.
#[derive(Debug)]
struct Derived {
    tree: Tree,
    failures: Failures,
    title: Title,
}

/// What an execution is called.
#[derive(Debug, Clone, Default)]
pub struct Title {
    /// Its machine.
    pub machine: String,
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// AWS's word for how it stands.
    pub status: String,
}

impl Subject {
    /// Folds a recording.
    pub fn new(target: Target, recording: Recording) -> Self {
        let mut titles = vec![title(&recording)];
        let mut family = Family::new(recording.arn().cloned(), recording.events.iter().collect());
        grow(&mut family, &mut titles, MemberId::ROOT, &recording, 0);
        let derive = |((id, member), title): ((MemberId, &crate::history::Member), Title)| Derived {
            tree: Tree::new(&family, id),
            failures: Failures::of(&member.history),
            title,
        };
        let members = family.members().zip(titles).map(derive).collect();
        Self { target, recording, family, members }
    }

    /// Returns the history of a member.
    pub fn history(&self, member: MemberId) -> &History {
        &self.family.member(member).history
    }

    /// Returns the visits of a member as a tree.
    pub fn tree(&self, member: MemberId) -> &Tree {
        &self.derived(member).tree
    }

    /// Returns the failures of a member.
    pub fn failures(&self, member: MemberId) -> &Failures {
        &self.derived(member).failures
    }

    /// Returns what a member is called.
    pub fn title(&self, member: MemberId) -> &Title {
        &self.derived(member).title
    }

    fn derived(&self, member: MemberId) -> &Derived {
        self.members.get(member.index()).expect("what is derived was derived for every member")
    }
}

/// How deep executions that start executions are followed.
const DEEPEST: usize = 16;

fn grow(family: &mut Family, titles: &mut Vec<Title>, parent: MemberId, recording: &Recording, depth: usize) {
    if depth >= DEEPEST {
        return;
    }
    for child in &recording.children {
        let arn = child.arn().cloned().unwrap_or_else(|| "".into());
        let id = family.add_nested(parent, arn, child.events.iter().collect());
        titles.push(title(child));
        grow(family, titles, id, child, depth + 1);
    }
    for run in &recording.map_runs {
        let arn = run.map_run.as_ref().and_then(|described| described.map_run_arn.clone());
        for item in &run.executions {
            let history = item.events.iter().collect();
            let id = family.add_item(parent, arn.as_deref().unwrap_or(""), item.arn().cloned(), history);
            titles.push(title(item));
            grow(family, titles, id, item, depth + 1);
        }
    }
}

fn title(recording: &Recording) -> Title {
    Title {
        machine: recording.machine_name().unwrap_or_default().to_owned(),
        name: recording.name().unwrap_or_default().to_owned(),
        arn: recording.arn().map(|arn| arn.to_string()),
        status: recording.status().name().to_owned(),
    }
}

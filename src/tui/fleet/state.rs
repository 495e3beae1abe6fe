//! What the screen of many executions shows.

use crate::analysis::fleet::{self, Cluster, Item, Outcome};
use crate::event::Timestamp;
use crate::recording::Status;
use crate::tui::execution::Scroll;
use crate::tui::live::Live;
use crate::tui::msg::Target;
use std::path::PathBuf;

/// Which executions are looked at: what is asked of the world.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Crowd {
    /// Where they are.
    pub parts: Vec<Part>,
    /// Only those of this machine.
    pub machine: Option<String>,
    /// Only those that ended since then, in microseconds since 1970; running ones that began since then.
    pub since: Option<i64>,
    /// Only those that did so before then.
    pub until: Option<i64>,
    /// Only those that stand so; all when there are none.
    pub statuses: Vec<Status>,
    /// Of each part in AWS, the newest so many.
    pub limit: usize,
}

/// Where executions are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Part {
    /// A folder or a file.
    Path(PathBuf),
    /// A state machine, a version or alias of one, a map run, or an execution.
    Live(Live),
}

/// Many executions on the screen.
#[derive(Debug)]
pub struct Fleet {
    /// What was asked for.
    pub crowd: Crowd,
    /// The executions.
    pub items: Vec<Item>,
    /// Where each is opened.
    pub targets: Vec<Target>,
    /// What they add up to.
    pub told: fleet::Fleet,
    /// What is not there of them, as sentences.
    pub gaps: Vec<String>,
    /// Half of those that succeeded took no longer, and 95 of 100; microseconds.
    pub percentiles: Option<(i64, i64)>,
    /// All groups: kinds of failures, the most frequent first, then the others.
    groups: Vec<Group>,
    /// The groups that are shown, each with the executions of it that are.
    shown: Vec<(usize, Vec<usize>)>,
    /// What both are narrowed down to.
    pub filter: Option<String>,
    /// Which list has the cursor.
    pub side: Side,
    /// The shown group under the cursor.
    pub group: usize,
    /// The shown execution of it under the cursor.
    pub item: usize,
    /// How the lists are scrolled.
    pub scrolls: [Scroll; 2],
}

/// Which list has the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// The groups.
    #[default]
    Groups,
    /// The executions of the group under the cursor.
    Items,
}

/// Executions that went alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its place among the kinds of failures, when they failed.
    pub cluster: Option<usize>,
    /// How they stand.
    pub status: Status,
    /// The places of its executions, the latest first.
    pub items: Vec<usize>,
}

/// Groups of what did not fail, in the order they are shown.
const OTHERS: [Status; 4] = [Status::Running, Status::PendingRedrive, Status::Aborted, Status::Succeeded];

impl Crowd {
    /// All that is in one place.
    pub fn of(part: Part) -> Self {
        Self { parts: vec![part], machine: None, since: None, until: None, statuses: Vec::new(), limit: 1_000 }
    }

    /// Returns what its parts are called on the command line.
    pub fn spelled(&self) -> String {
        let name = |part: &Part| match part {
            Part::Path(path) => path.display().to_string(),
            Part::Live(live) => live.arn.clone(),
        };
        self.parts.iter().map(name).collect::<Vec<_>>().join(" ")
    }

    /// Returns a few words for it.
    pub fn title(&self) -> String {
        let name = |part: &Part| match part {
            Part::Path(path) => path.display().to_string(),
            Part::Live(live) => live.arn.splitn(7, ':').nth(6).unwrap_or(&live.arn).to_owned(),
        };
        self.parts.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    /// Tells whether any of it is in AWS.
    pub fn is_live(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Live(_)))
    }

    /// Tells whether an execution is meant. One whose time is not known is in no span of time.
    pub fn holds(&self, item: &Item) -> bool {
        let at = item.at.map(Timestamp::as_micros);
        (self.machine.is_none() || item.machine.as_deref() == self.machine.as_deref())
            && self.since.is_none_or(|since| at >= Some(since))
            && self.until.is_none_or(|until| at.is_some_and(|at| at < until))
            && (self.statuses.is_empty()
                || item.ran.status.as_ref().is_some_and(|status| self.statuses.contains(status)))
    }
}

impl Fleet {
    /// Puts executions on the screen, each with what opens it.
    pub fn new(crowd: Crowd, found: Vec<(Item, Target)>, gaps: Vec<String>) -> Self {
        let (items, targets): (Vec<Item>, Vec<Target>) = found.into_iter().unzip();
        let told = fleet::fleet(&items);
        let groups = groups(&told, &items);
        let percentiles = percentiles(&items);
        let mut fleet = Self {
            crowd,
            items,
            targets,
            told,
            gaps,
            percentiles,
            groups,
            shown: Vec::new(),
            filter: None,
            side: Side::Groups,
            group: 0,
            item: 0,
            scrolls: [Scroll::default(), Scroll::default()],
        };
        fleet.narrow();
        fleet
    }

    /// Goes where the screen stood that this one is put in the place of.
    pub fn take_after(&mut self, before: &Self) {
        self.filter.clone_from(&before.filter);
        self.narrow();
        let same = |group: &Group| {
            let key =
                |fleet: &Self, group: &Group| group.cluster.and_then(|at| Some(fleet.told.clusters.get(at)?.key()));
            before.selected().is_some_and(|old| key(self, group) == key(before, old) && group.status == old.status)
        };
        let place = self.shown.iter().position(|(group, _)| self.groups.get(*group).is_some_and(same));
        self.select_group(place.unwrap_or(0));
        self.side = before.side;
    }

    /// Narrows down to what has all the words, or shows everything again.
    pub fn set_filter(&mut self, typed: &str) {
        self.filter = Some(typed.trim().to_owned()).filter(|typed| !typed.is_empty());
        self.narrow();
        self.select_group(0);
    }

    fn narrow(&mut self) {
        let filter = self.filter.clone().unwrap_or_default().to_lowercase();
        let words: Vec<&str> = filter.split_whitespace().collect();
        let shown = self.groups.iter().enumerate().filter_map(|(place, group)| {
            let named = self.words(group);
            let left: Vec<&str> = words.iter().copied().filter(|word| !named.contains(word)).collect();
            let has = |item: &usize| {
                left.is_empty() || {
                    let label = self.items.get(*item).map(|item| item.label.to_lowercase()).unwrap_or_default();
                    left.iter().all(|word| label.contains(word))
                }
            };
            let items: Vec<usize> = group.items.iter().copied().filter(has).collect();
            (!items.is_empty()).then_some((place, items))
        });
        self.shown = shown.collect();
    }

    /// What of a group is looked at by a filter, in small letters.
    fn words(&self, group: &Group) -> String {
        let Some(cluster) = self.cluster(group) else { return group.status.name().to_lowercase() };
        let parts = [&cluster.machine, &cluster.state, &cluster.error].map(|part| part.as_deref().unwrap_or_default());
        format!("{} {} {}", group.status.name(), parts.join(" "), cluster.cause.as_deref().unwrap_or_default())
            .to_lowercase()
    }

    /// Returns the kind of failure a group is of.
    pub fn cluster(&self, group: &Group) -> Option<&Cluster> {
        self.told.clusters.get(group.cluster?)
    }

    /// Returns the shown groups, each with how many executions of it are shown.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = (&Group, usize)> {
        self.shown.iter().map(|(group, items)| {
            let group = self.groups.get(*group).expect("what is shown are places of groups");
            (group, items.len())
        })
    }

    /// Returns the group under the cursor.
    pub fn selected(&self) -> Option<&Group> {
        self.groups.get(self.shown.get(self.group)?.0)
    }

    /// Returns the shown executions of the group under the cursor.
    pub fn members(&self) -> &[usize] {
        self.shown.get(self.group).map(|(_, items)| items.as_slice()).unwrap_or_default()
    }

    /// Returns the execution under the cursor, with what opens it.
    pub fn member(&self) -> Option<(&Item, &Target)> {
        let place = *self.members().get(self.item)?;
        self.items.get(place).zip(self.targets.get(place))
    }

    /// Puts the cursor on a shown group.
    pub fn select_group(&mut self, place: usize) {
        let place = place.min(self.shown.len().saturating_sub(1));
        if place != self.group {
            self.scrolls[1] = Scroll::default();
        }
        (self.group, self.item) = (place, 0);
    }

    /// Brings what depends on the size up to date.
    pub fn settle(&mut self, heights: [usize; 2]) {
        let [groups, items] = [self.shown.len(), self.members().len()];
        let (group, item) = (self.group, self.item);
        let [first, second] = &mut self.scrolls;
        first.show(group, heights[0], groups);
        second.show(item, heights[1], items);
    }
}

fn groups(told: &fleet::Fleet, items: &[Item]) -> Vec<Group> {
    let failures = told.clusters.iter().enumerate().map(|(place, cluster)| Group {
        cluster: Some(place),
        status: Status::Failed,
        items: cluster.items.clone(),
    });
    let others = OTHERS.into_iter().map(|status| {
        let is_meant = |item: &Item| {
            let known = item.ran.status.as_ref();
            let is_other = !known.is_some_and(|known| OTHERS.contains(known));
            match item.outcome {
                Outcome::Failed(_) => false,
                // Whatever else there is goes on, as far as anybody knows.
                _ => known == Some(&status) || status == Status::Running && is_other,
            }
        };
        let mut places: Vec<usize> = (0..items.len()).filter(|at| items.get(*at).is_some_and(is_meant)).collect();
        places.sort_by_key(|place| std::cmp::Reverse(items.get(*place).and_then(|item| item.at)));
        Group { cluster: None, status, items: places }
    });
    failures.chain(others).filter(|group| !group.items.is_empty()).collect()
}

/// Rule: nearest rank.
fn percentiles(items: &[Item]) -> Option<(i64, i64)> {
    let good = items.iter().filter(|item| item.outcome == Outcome::Passed);
    let mut took: Vec<i64> = good.filter_map(|item| item.ran.micros()).collect();
    took.sort_unstable();
    let rank = |percent: usize| took.get((took.len() * percent).div_ceil(100).saturating_sub(1)).copied();
    rank(50).zip(rank(95))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::fleet::{Failed, Ran};

    fn item(number: i64, error: Option<&str>) -> (Item, Target) {
        let failed = |error: &str| Failed { state: Some("Pay".into()), error: Some(error.into()), cause: None };
        let status = if error.is_some() { Status::Failed } else { Status::Succeeded };
        let at = |seconds: i64| Some(Timestamp::from_millis(seconds * 1_000));
        let ran = Ran { status: Some(status), started: at(1_000), stopped: at(1_000 + number), ..Ran::default() };
        let item = Item {
            label: format!("run-{number}"),
            machine: Some("Orders".into()),
            index: None,
            outcome: error.map_or(Outcome::Passed, |error| Outcome::Failed(failed(error))),
            at: at(1_000 + number),
            input: None,
            ran,
        };
        (item, Target::DemoRecording(format!("run-{number}")))
    }

    fn fleet() -> Fleet {
        let found = (1..=100).map(|number| {
            item(
                number,
                match number % 10 {
                    0 => Some("Declined"),
                    1 => Some("Late"),
                    _ => None,
                },
            )
        });
        Fleet::new(Crowd::of(Part::Path(PathBuf::from("runs"))), found.collect(), Vec::new())
    }

    #[test]
    fn groups_are_failures_and_then_the_others() {
        let fleet = fleet();
        let shown: Vec<(String, usize)> =
            fleet.shown().map(|(group, count)| (group.status.name().to_owned(), count)).collect();
        let [first, second, third] = shown.as_slice() else { panic!("{shown:?}") };
        assert_eq!((first.1, second.1), (10, 10));
        assert_eq!(third, &("SUCCEEDED".to_owned(), 80));
        assert_eq!(fleet.percentiles, Some((49_000_000, 95_000_000)));
        assert_eq!(fleet.member().unwrap().0.label, "run-100", "the latest first");
    }

    #[test]
    fn a_filter_looks_at_kinds_and_at_names_together() {
        let mut fleet = fleet();
        for (typed, groups, members) in [
            ("declined", 1, 10),
            ("declined run-4", 1, 1),
            ("run-40", 1, 1),
            ("nothing", 0, 0),
            ("", 3, 10),
            ("SUCCEEDED run-9", 1, 9),
        ] {
            fleet.set_filter(typed);
            assert_eq!((fleet.shown().len(), fleet.members().len()), (groups, members), "{typed}");
        }
    }

    #[test]
    fn what_is_read_again_stands_where_it_stood() {
        let mut before = fleet();
        before.select_group(1);
        let kind = before.cluster(before.selected().unwrap()).unwrap().key();
        let mut after = fleet();
        after.take_after(&before);
        assert_eq!(after.cluster(after.selected().unwrap()).unwrap().key(), kind);
    }
}

//! `--coverage`: what of the machines the executions of a command went through.

use super::{Failure, Output};
use crate::analysis::coverage::{Coverage, Seen};
use crate::asl::{Definition, Format};
use crate::recording::Recording;
use crate::report::{self, Paper};
use crate::tasks::kind_of;
use indexmap::IndexMap;
use serde_json::Value;
use std::sync::{Mutex, PoisonError};

/// Whether coverage is wanted, and how it is shown.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Wanted {
    /// Also show which states, transitions, choice rules, retriers and catchers were gone through: as a table, or on
    /// the graph, where what was never tried is dimmed.
    #[arg(long, value_name = "HOW", num_args = 0..=1, default_missing_value = "table", require_equals = true)]
    coverage: Option<How>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum How {
    Table,
    Graph,
}

/// The coverage of machines by executions, collected from several threads.
pub(super) struct Collected {
    how: Option<How>,
    machines: Mutex<IndexMap<String, Coverage>>,
}

impl Wanted {
    /// Nothing is collected yet, nor ever if nobody wants it.
    pub(super) fn collect(self) -> Collected {
        Collected { how: self.coverage, machines: Mutex::default() }
    }
}

impl Collected {
    /// Tells whether anybody wants it.
    pub(super) fn is_wanted(&self) -> bool {
        self.how.is_some()
    }

    /// Counts an execution for the machine whose definition it holds; machines of one definition are one.
    pub(super) fn add(&self, name: Option<&str>, recording: &Recording) {
        let Some(definition) = recording.definition().filter(|_| self.is_wanted()) else { return };
        let seen = Seen::of(recording);
        let mut machines = self.machines.lock().unwrap_or_else(PoisonError::into_inner);
        if !machines.contains_key(definition.text()) {
            let text = definition.text();
            let (machine, _) = Definition::read(text, Format::of_text(text)).parse(kind_of(recording));
            let Some(machine) = machine else { return };
            let name = name.or(recording.machine_name()).unwrap_or("machine");
            machines.insert(text.to_owned(), Coverage::of(name, &machine));
        }
        if let Some(coverage) = machines.get_mut(definition.text()) {
            coverage.add(&seen);
        }
    }

    /// Writes it for people, after what the command says itself.
    pub(super) fn print(&self, paper: Paper, output: &mut Output) -> Result<(), Failure> {
        for coverage in self.in_order() {
            output.line("")?;
            report::coverage(&coverage, paper).into_iter().try_for_each(|line| output.line(line))?;
            if self.how == Some(How::Graph) {
                output.line("")?;
                let lines = report::graph::graph(&coverage.graph, &coverage.course, paper);
                lines.into_iter().try_for_each(|line| output.line(line))?;
            }
        }
        Ok(())
    }

    /// Returns it as JSON, an object for each machine; `None` if nobody wants it.
    pub(super) fn to_json(&self) -> Option<Value> {
        self.is_wanted().then(|| self.in_order().iter().map(report::coverage_json).collect())
    }

    /// The machines by name, whatever thread came first.
    fn in_order(&self) -> Vec<Coverage> {
        let machines = self.machines.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found: Vec<Coverage> = machines.values().cloned().collect();
        found.sort_by(|one, other| one.machine.cmp(&other.machine));
        found
    }
}

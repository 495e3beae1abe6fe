//! The machines that the executions of a recording ran on.

use crate::asl::{Definition, Format, Machine, MachineKind};
use crate::history::{Family, MemberId};
use crate::recording::{MachineType, Recording};
use std::collections::HashMap;
use std::sync::Arc;

/// The machines of a recorded execution and of those its tasks started, as far as their definitions were recorded and
/// are such as AWS accepts.
#[derive(Debug, Clone, Default)]
pub struct Machines {
    root: Option<Arc<Machine>>,
    started: HashMap<Arc<str>, Arc<Machine>>,
}

impl Machines {
    /// Compiles the definitions in a recording, each once.
    pub fn of(recording: &Recording) -> Self {
        let mut compiled: HashMap<&str, Option<Arc<Machine>>> = HashMap::new();
        let machine = machine_of;
        let mut machines = Self { root: machine(recording), started: HashMap::new() };
        let mut left: Vec<&Recording> = vec![recording];
        while let Some(recording) = left.pop() {
            left.extend(&recording.children);
            left.extend(recording.map_runs.iter().flat_map(|run| &run.executions));
            for child in &recording.children {
                let Some((arn, text)) = child.arn().zip(child.definition()) else { continue };
                let known = compiled.entry(text.text()).or_insert_with(|| machine(child));
                machines.started.extend(known.clone().map(|machine| (arn.clone(), machine)));
            }
        }
        machines
    }

    /// Returns the machine of a member of the recording's family.
    pub fn of_member(&self, family: &Family, member: MemberId) -> Option<&Arc<Machine>> {
        if member == MemberId::ROOT {
            return self.root.as_ref();
        }
        self.started.get(family.member(member).described.arn.as_ref()?)
    }
}

fn machine_of(recording: &Recording) -> Option<Arc<Machine>> {
    let text = recording.definition()?.text();
    let described = recording.state_machine.as_ref().and_then(|machine| machine.machine_type.as_ref());
    let express =
        described == Some(&MachineType::Express) || recording.arn().is_some_and(|arn| arn.contains(":express:"));
    let kind = if express { MachineKind::Express } else { MachineKind::Standard };
    Definition::read(text, Format::of_text(text)).parse(kind).0.map(Arc::new)
}

//! Who an execution is: what it is called, where it runs, and what its context object says about it.

use crate::asl::MachineKind;
use crate::event::Timestamp;
use std::sync::Arc;

/// Who an execution is.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The execution's ARN.
    pub arn: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// The role it acts in.
    pub role_arn: Arc<str>,
    /// The machine's ARN, without a version.
    pub machine_arn: Arc<str>,
    /// The machine's name.
    pub machine_name: Arc<str>,
    /// The type of the machine.
    pub kind: MachineKind,
    /// When it started.
    pub started: Timestamp,
    /// The indexes of the Map iterations it was started for, outermost first; empty unless it is a child.
    pub path: Vec<u32>,
}

impl Identity {
    /// An execution that nobody has given a name: everything is made up, and alike in every run.
    pub fn local(kind: MachineKind, started: Timestamp) -> Self {
        let account = "us-east-1:123456789012";
        let arn = match kind {
            MachineKind::Standard => format!("arn:aws:states:{account}:execution:Local:local"),
            MachineKind::Express => format!("arn:aws:states:{account}:express:Local:local:local"),
        };
        Self {
            arn: arn.into(),
            name: "local".into(),
            role_arn: "arn:aws:iam::123456789012:role/Local".into(),
            machine_arn: format!("arn:aws:states:{account}:stateMachine:Local").into(),
            machine_name: "Local".into(),
            kind,
            started,
            path: Vec::new(),
        }
    }

    /// Returns the region the execution runs in.
    pub fn region(&self) -> &str {
        self.arn.split(':').nth(3).unwrap_or_default()
    }

    /// Returns partition, service, region and account as ARNs of this execution begin: `arn:aws:states:eu-west-1:1234`.
    pub(super) fn arn_prefix(&self) -> &str {
        let end = self.arn.match_indices(':').nth(4).map_or(self.arn.len(), |(at, _)| at);
        self.arn.get(..end).unwrap_or_default()
    }
}

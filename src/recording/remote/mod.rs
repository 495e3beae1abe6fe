//! What is named in AWS: by an ARN, by an address of the console, by a machine's name.
//!
//! Nothing here asks anybody anything: a name is taken apart, and what it names may not exist.

mod address;
mod arn;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

/// Something of Step Functions in AWS, named completely.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Remote {
    /// The partition: `aws`, `aws-cn`, `aws-us-gov`.
    pub partition: Arc<str>,
    /// The region.
    pub region: Arc<str>,
    /// The number of the account.
    pub account: Arc<str>,
    /// What it is.
    pub kind: RemoteKind,
}

/// What of Step Functions is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RemoteKind {
    /// An execution whose history the service keeps; also one that a map run started.
    Execution {
        /// Its machine.
        machine: MachineName,
        /// Its name.
        name: Arc<str>,
    },
    /// An execution of an express machine, whose history is in its logs only.
    Express {
        /// Its machine.
        machine: MachineName,
        /// Its name.
        name: Arc<str>,
        /// What tells it from others of that name.
        id: Arc<str>,
    },
    /// A machine, or a version or alias of it.
    Machine {
        /// The machine.
        machine: MachineName,
        /// The number of the version, or the name of the alias.
        qualifier: Option<Arc<str>>,
    },
    /// A map run.
    MapRun {
        /// The machine, with the label of its Map.
        machine: MachineName,
        /// What tells it from others of that Map.
        id: Arc<str>,
    },
}

/// The name of a machine; a Map state whose children are executions is one as well, by its label.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MachineName {
    /// The name.
    pub name: Arc<str>,
    /// The label of the Map state, or what stands for it when it has none.
    pub label: Option<Arc<str>>,
}

/// Why some text names nothing of Step Functions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteError {
    /// It is no ARN.
    NotAnArn(String),
    /// It is an ARN of another service.
    OtherService(String),
    /// It is an ARN of Step Functions, but of nothing that has executions.
    OtherResource(String),
    /// A part of the ARN is empty or has characters it cannot have.
    BadPart {
        /// What the part is.
        part: &'static str,
        /// What stands there.
        found: String,
    },
    /// It is an address without an ARN in it.
    NoArnInAddress(String),
}

impl Remote {
    /// Tells whether some text is meant as a name in AWS, well-formed or not: an ARN or a web address.
    pub fn is_meant(text: &str) -> bool {
        let text = text.trim_start();
        ["arn:", "https://", "http://"].iter().any(|start| text.starts_with(start))
    }

    /// Reads an ARN, or the address of a page of the console.
    pub fn parse(text: &str) -> Result<Self, RemoteError> {
        let text = text.trim();
        match address::is_address(text) {
            true => address::parse(text),
            false => arn::parse(text),
        }
    }

    /// The machine of that name; `None` when no machine can have the name.
    pub fn machine(name: &str, region: &str, account: &str) -> Option<Self> {
        let partition = partition_of(region);
        arn::parse(&format!("arn:{partition}:states:{region}:{account}:stateMachine:{name}")).ok()
    }

    /// Returns the machine an execution or map run belongs to; for a child of a map run the machine that has the Map.
    #[must_use]
    pub fn machine_of(&self) -> Self {
        let machine = MachineName { name: Arc::clone(&self.machine_name().name), label: None };
        Self { kind: RemoteKind::Machine { machine, qualifier: None }, ..self.clone() }
    }

    /// Returns the name of the machine.
    pub fn machine_name(&self) -> &MachineName {
        match &self.kind {
            RemoteKind::Execution { machine, .. }
            | RemoteKind::Express { machine, .. }
            | RemoteKind::Machine { machine, .. }
            | RemoteKind::MapRun { machine, .. } => machine,
        }
    }

    /// Returns the ARN.
    pub fn arn(&self) -> String {
        self.to_string()
    }

    /// Returns the address of its page in the console.
    pub fn console(&self) -> String {
        address::of(self)
    }
}

/// Returns the partition a region lies in.
fn partition_of(region: &str) -> &'static str {
    match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

impl fmt::Display for MachineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.label.as_ref().map_or(Ok(()), |label| write!(f, "/{label}"))
    }
}

/// Writes the ARN.
impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "arn:{}:states:{}:{}:", self.partition, self.region, self.account)?;
        match &self.kind {
            RemoteKind::Execution { machine, name } => write!(f, "execution:{machine}:{name}"),
            RemoteKind::Express { machine, name, id } => write!(f, "express:{machine}:{name}:{id}"),
            RemoteKind::Machine { machine, qualifier: None } => write!(f, "stateMachine:{machine}"),
            RemoteKind::Machine { machine, qualifier: Some(qualifier) } => {
                write!(f, "stateMachine:{machine}:{qualifier}")
            }
            RemoteKind::MapRun { machine, id } => write!(f, "mapRun:{machine}:{id}"),
        }
    }
}

impl RemoteError {
    /// Returns the next step for the reader.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotAnArn(_) | Self::BadPart { .. } => {
                "An execution's ARN is arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME."
            }
            Self::OtherService(_) | Self::OtherResource(_) => {
                "Executions, state machines and map runs of Step Functions can be opened."
            }
            Self::NoArnInAddress(_) => {
                "Open the page of an execution, a state machine or a map run in the console and copy its address."
            }
        }
    }
}

impl fmt::Display for RemoteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAnArn(text) => write!(f, "'{text}' is not an ARN."),
            Self::OtherService(service) => write!(f, "The ARN is one of {service}, not of Step Functions."),
            Self::OtherResource(resource) => write!(f, "The ARN is that of an {resource}, which has no executions."),
            Self::BadPart { part, found } if found.is_empty() => write!(f, "The ARN has no {part}."),
            Self::BadPart { part, found } => write!(f, "'{found}' cannot be the {part} of an ARN."),
            Self::NoArnInAddress(address) => write!(f, "The address {address} names no execution or state machine."),
        }
    }
}

impl std::error::Error for RemoteError {}

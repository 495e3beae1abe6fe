//! ARNs of Step Functions: `arn:PARTITION:states:REGION:ACCOUNT:KIND:…`.

use super::{MachineName, Remote, RemoteError, RemoteKind};
use std::sync::Arc;

/// As much of some text as a message shows.
const SHOWN: usize = 80;

pub(super) fn parse(text: &str) -> Result<Remote, RemoteError> {
    let not = || RemoteError::NotAnArn(text.chars().take(SHOWN).collect());
    let mut parts = text.splitn(6, ':');
    let [Some("arn"), Some(partition), Some(service), Some(region), Some(account), Some(resource)] =
        std::array::from_fn(|_| parts.next())
    else {
        return Err(not());
    };
    if service != "states" {
        return Err(RemoteError::OtherService(service.chars().take(SHOWN).collect()));
    }
    Ok(Remote {
        partition: word("partition", partition, |c| c.is_ascii_alphanumeric() || c == '-')?,
        region: word("region", region, |c| c.is_ascii_alphanumeric() || c == '-')?,
        account: word("account", account, |c| c.is_ascii_digit())?,
        kind: kind(resource)?,
    })
}

/// A version's or alias's qualifier may stand between the machine and the name of an execution; the execution is the
/// same without it.
fn kind(resource: &str) -> Result<RemoteKind, RemoteError> {
    let parts: Vec<&str> = resource.split(':').collect();
    Ok(match parts.as_slice() {
        ["execution", machine, name] | ["execution", machine, _, name] => {
            RemoteKind::Execution { machine: machine_name(machine)?, name: name_of("execution's name", name)? }
        }
        ["express", machine, name, id] | ["express", machine, _, name, id] => RemoteKind::Express {
            machine: machine_name(machine)?,
            name: name_of("execution's name", name)?,
            id: name_of("execution's id", id)?,
        },
        ["stateMachine", machine] => RemoteKind::Machine { machine: machine_name(machine)?, qualifier: None },
        ["stateMachine", machine, qualifier] => RemoteKind::Machine {
            machine: machine_name(machine)?,
            qualifier: Some(name_of("version or alias", qualifier)?),
        },
        ["mapRun", machine, id] => {
            RemoteKind::MapRun { machine: machine_name(machine)?, id: name_of("map run's id", id)? }
        }
        ["execution" | "express" | "stateMachine" | "mapRun", ..] => {
            return Err(RemoteError::BadPart { part: "name", found: String::new() });
        }
        [other, ..] => return Err(RemoteError::OtherResource(other.chars().take(SHOWN).collect())),
        [] => return Err(RemoteError::OtherResource(String::new())),
    })
}

fn machine_name(text: &str) -> Result<MachineName, RemoteError> {
    let (name, label) = match text.split_once('/') {
        Some((name, label)) => (name, Some(name_of("label", label)?)),
        None => (text, None),
    };
    Ok(MachineName { name: name_of("state machine's name", name)?, label })
}

/// Names have no white space, wildcards, brackets or control characters, and none of ``"#%\^|~`$&,;:/``. Rule: the
/// documentation of `name` in CreateStateMachine and StartExecution.
fn name_of(part: &'static str, text: &str) -> Result<Arc<str>, RemoteError> {
    word(part, text, |c| !c.is_whitespace() && !c.is_control() && !r##"?*<>{}[]"#%\^|~`$&,;:/"##.contains(c))
}

fn word(part: &'static str, text: &str, allowed: impl Fn(char) -> bool) -> Result<Arc<str>, RemoteError> {
    match !text.is_empty() && text.chars().all(allowed) {
        true => Ok(text.into()),
        false => Err(RemoteError::BadPart { part, found: text.chars().take(SHOWN).collect() }),
    }
}

//! Who a recorded execution was: what AWS said about it or, failing that, what its events hold.
//!
//! A bare history names no execution, but much of what its context object said can be told from it: the region from the
//! calls of tasks and from ARNs, the account from the role, the machine from its Map Runs, alias or version. What is
//! nowhere gets a text that no execution has, so that whoever compares can tell it wherever it comes up.

use crate::asl::MachineKind;
use crate::event::{Details, Event, EventType, Timestamp};
use crate::interpreter::Identity;
use crate::recording::{MachineType, Recording};
use std::sync::Arc;

/// When runs begin that nobody has dated: always the same, so that they can be repeated.
const UNDATED: i64 = 1_767_225_600_000;

const REGION: &str = "region-not-recorded";
const ACCOUNT: &str = "account-not-recorded";
const MACHINE: &str = "machine-not-recorded";
const EXECUTION: &str = "execution-not-recorded";
const ROLE: &str = "role-not-recorded";

/// Who an execution was, as far as that is known.
#[derive(Debug, Clone)]
pub struct Known {
    /// The identity; what is not known of it holds one of [`Self::missing`].
    pub identity: Identity,
    /// The texts that stand where nobody recorded anything.
    pub missing: Vec<&'static str>,
}

/// Returns the type of machine a recording is of: as AWS said, or as its ARNs tell.
pub fn kind_of(recording: &Recording) -> MachineKind {
    let described = recording.state_machine.as_ref().and_then(|machine| machine.machine_type.as_ref());
    let express = described == Some(&MachineType::Express) || recording.is_express();
    if express { MachineKind::Express } else { MachineKind::Standard }
}

/// Returns an execution without a past: everything about it is made up, and alike in every run.
pub fn undated(kind: MachineKind) -> Identity {
    Identity::local(kind, Timestamp::from_millis(UNDATED))
}

/// Returns who a recorded execution was.
pub fn identity_of(recording: &Recording, kind: MachineKind) -> Known {
    let mut clues = Clues::default();
    clues.described(recording);
    if clues.execution.is_none() {
        recording.map_runs.iter().filter_map(|run| run.map_run.as_ref()?.execution_arn.as_ref()).for_each(|arn| {
            clues.execution.get_or_insert_with(|| Arc::clone(arn));
        });
    }
    if clues.execution.is_none() || clues.role.is_none() {
        let events = &recording.events;
        // Most events are read only to be passed over, and a history may have a million.
        for place in 0..events.len() {
            if events.kind(place).is_some_and(|kind| clues.wants(kind)) {
                events.get(place).iter().for_each(|event| clues.event(event));
            }
        }
    }
    clues.known(recording, kind)
}

/// What is found out, piece by piece; what was found first counts.
#[derive(Default)]
struct Clues {
    execution: Option<Arc<str>>,
    machine: Option<Arc<str>>,
    name: Option<Arc<str>>,
    machine_name: Option<Arc<str>>,
    role: Option<Arc<str>>,
    /// ARNs of Step Functions' own things, which are where the execution is.
    own: Option<Arc<str>>,
    /// ARNs of what it called, which may be elsewhere.
    called: Option<Arc<str>>,
    region: Option<Arc<str>>,
}

fn keep(place: &mut Option<Arc<str>>, found: Option<&Arc<str>>) {
    if place.is_none() {
        *place = found.cloned();
    }
}

impl Clues {
    fn described(&mut self, recording: &Recording) {
        let (execution, machine) = (recording.execution.as_ref(), recording.state_machine.as_ref());
        keep(&mut self.execution, recording.arn());
        self.name = recording.name().map(Arc::from);
        keep(&mut self.machine, execution.and_then(|it| it.state_machine_arn.as_ref()));
        keep(&mut self.machine, machine.and_then(|it| it.state_machine_arn.as_ref()));
        keep(&mut self.machine_name, machine.and_then(|it| it.name.as_ref()));
        keep(&mut self.role, machine.and_then(|it| it.role_arn.as_ref()));
    }

    /// Tells whether events of a type may tell something that is not known yet.
    fn wants(&self, kind: &EventType) -> bool {
        match kind {
            EventType::ExecutionStarted => self.role.is_none() || self.machine.is_none(),
            EventType::MapRunStarted => self.own.is_none() || self.machine_name.is_none(),
            EventType::ActivityScheduled => self.own.is_none(),
            EventType::LambdaFunctionScheduled => self.called.is_none(),
            EventType::TaskScheduled => self.region.is_none(),
            _ => false,
        }
    }

    fn event(&mut self, event: &Event) {
        match &event.details {
            Details::ExecutionStarted(started) => {
                keep(&mut self.role, started.role_arn.as_ref());
                keep(&mut self.machine, started.state_machine_version_arn.as_ref());
                keep(&mut self.machine, started.state_machine_alias_arn.as_ref());
            }
            Details::MapRunStarted(Some(arn)) => {
                keep(&mut self.own, Some(arn));
                keep(&mut self.machine_name, part(arn, 6).map(unlabelled).as_ref());
            }
            Details::ActivityScheduled(scheduled) => keep(&mut self.own, scheduled.resource.as_ref()),
            Details::LambdaScheduled(scheduled) => keep(&mut self.called, scheduled.resource.as_ref()),
            Details::TaskScheduled(scheduled) => keep(&mut self.region, scheduled.region.as_ref()),
            _ => {}
        }
    }

    /// Returns a part of the first ARN that has it.
    fn part(&self, number: usize, arns: &[&Option<Arc<str>>]) -> Option<Arc<str>> {
        arns.iter().filter_map(|arn| part(arn.as_deref()?, number)).next().map(Arc::from)
    }

    fn known(self, recording: &Recording, kind: MachineKind) -> Known {
        let own = [&self.execution, &self.machine, &self.own];
        let role = [&self.execution, &self.machine, &self.own, &self.role, &self.called];
        let mut missing = Vec::new();
        let mut or_missing = |found: Option<Arc<str>>, text: &'static str| {
            found.unwrap_or_else(|| {
                missing.push(text);
                text.into()
            })
        };
        let partition = self.part(1, &role).unwrap_or_else(|| "aws".into());
        let region = self.part(3, &own).or_else(|| self.region.clone()).or_else(|| self.part(3, &[&self.called]));
        let region = or_missing(region, REGION);
        let account = or_missing(self.part(4, &role), ACCOUNT);
        let of_execution = self.execution.as_deref().and_then(|arn| part(arn, 6)).map(unlabelled);
        let machine_name = self.machine.as_deref().and_then(|arn| part(arn, 6)).map(unlabelled);
        let machine_name = or_missing(machine_name.or(self.machine_name.clone()).or(of_execution), MACHINE);
        let name = or_missing(self.name.clone(), EXECUTION);
        let prefix = format!("arn:{partition}:states:{region}:{account}");
        let made = || match kind {
            MachineKind::Standard => format!("{prefix}:execution:{machine_name}:{name}").into(),
            MachineKind::Express => format!("{prefix}:express:{machine_name}:{name}:{EXECUTION}").into(),
        };
        let arn = self.execution.clone().unwrap_or_else(made);
        let machine_arn = self.machine.as_deref().map(|arn| unversioned(arn).into());
        let machine_arn = machine_arn.unwrap_or_else(|| format!("{prefix}:stateMachine:{machine_name}").into());
        let role_arn = self.role.clone().unwrap_or_else(|| {
            missing.push(ROLE);
            format!("arn:{partition}:iam::{account}:role/{ROLE}").into()
        });
        let started = recording.started().unwrap_or_else(|| Timestamp::from_millis(UNDATED));
        let identity = Identity { arn, name, role_arn, machine_arn, machine_name, kind, started, path: Vec::new() };
        missing.dedup();
        Known { identity, missing }
    }
}

/// Returns a part of an ARN, unless it is empty. There are seven or more: `arn:aws:states:eu-west-1:1234:execution:…`.
fn part(arn: &str, number: usize) -> Option<&str> {
    let mut parts = arn.split(':');
    let first = parts.next()?;
    let found = if number == 0 { first } else { parts.nth(number - 1)? };
    (first == "arn" && !found.is_empty()).then_some(found)
}

/// Returns the name of the machine itself: that of a child of a Map Run is the machine's with the label of the Map.
fn unlabelled(name: &str) -> Arc<str> {
    name.split('/').next().unwrap_or(name).into()
}

/// Cuts the version or alias off a machine's ARN.
fn unversioned(arn: &str) -> &str {
    let end = arn.match_indices(':').nth(6).map_or(arn.len(), |(at, _)| at);
    arn.get(..end).unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(events: &str) -> Known {
        let recording = Recording::read(&format!(r#"{{"events":{events}}}"#).into()).expect("a recording");
        identity_of(&recording, MachineKind::Standard)
    }

    #[test]
    fn a_bare_history_tells_what_its_events_hold() {
        let started = |details: &str| {
            format!(
                r#"{{"id":1,"timestamp":1,"type":"ExecutionStarted","executionStartedEventDetails":{{{details}}}}}"#
            )
        };
        let role = started(r#""roleArn":"arn:aws-cn:iam::210987654321:role/R""#);
        let task =
            r#"{"id":3,"timestamp":1,"type":"TaskScheduled","taskScheduledEventDetails":{"region":"cn-north-1"}}"#;
        let lambda = r#"{"id":3,"timestamp":1,"type":"LambdaFunctionScheduled","lambdaFunctionScheduledEventDetails":
            {"resource":"arn:aws:lambda:eu-west-3:111122223333:function:f"}}"#;
        let run = r#"{"id":4,"timestamp":1,"type":"MapRunStarted","mapRunStartedEventDetails":
            {"mapRunArn":"arn:aws:states:eu-west-1:111122223333:mapRun:Import/Label:uuid"}}"#;
        let version = started(r#""stateMachineVersionArn":"arn:aws:states:eu-west-2:111122223333:stateMachine:Pay:7""#);
        for (events, arn, missing) in [
            (
                format!("[{role},{task}]"),
                "arn:aws-cn:states:cn-north-1:210987654321:execution:machine-not-recorded:execution-not-recorded",
                vec![MACHINE, EXECUTION],
            ),
            (
                format!("[{lambda}]"),
                "arn:aws:states:eu-west-3:111122223333:execution:machine-not-recorded:execution-not-recorded",
                vec![MACHINE, EXECUTION, ROLE],
            ),
            (
                format!("[{role},{lambda}]"),
                "arn:aws-cn:states:eu-west-3:210987654321:execution:machine-not-recorded:execution-not-recorded",
                vec![MACHINE, EXECUTION],
            ),
            (
                format!("[{lambda},{run}]"),
                "arn:aws:states:eu-west-1:111122223333:execution:Import:execution-not-recorded",
                vec![EXECUTION, ROLE],
            ),
            (
                format!("[{version}]"),
                "arn:aws:states:eu-west-2:111122223333:execution:Pay:execution-not-recorded",
                vec![EXECUTION, ROLE],
            ),
            (
                "[]".into(),
                "arn:aws:states:region-not-recorded:account-not-recorded:execution:machine-not-recorded:\
                 execution-not-recorded",
                vec![REGION, ACCOUNT, MACHINE, EXECUTION, ROLE],
            ),
        ] {
            let known = known(&events);
            assert_eq!((&*known.identity.arn, known.missing), (arn, missing), "{events}");
        }
    }

    #[test]
    fn what_aws_said_counts_first() {
        let mut recording = Recording::from_events(Vec::new());
        recording.execution = Some(crate::recording::Execution {
            execution_arn: Some("arn:aws:states:eu-west-1:1:execution:Pay:run-7".into()),
            state_machine_arn: Some("arn:aws:states:eu-west-1:1:stateMachine:Pay:live".into()),
            ..Default::default()
        });
        let Known { identity, missing } = identity_of(&recording, MachineKind::Standard);
        assert_eq!((&*identity.name, &*identity.machine_name, identity.region()), ("run-7", "Pay", "eu-west-1"));
        assert_eq!((&*identity.machine_arn, missing), ("arn:aws:states:eu-west-1:1:stateMachine:Pay", vec![ROLE]));
    }
}

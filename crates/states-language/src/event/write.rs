//! Writes an event the way the AWS CLI prints it: members in the order of the API model.

use super::details::{Data, Details, Failure, TaskRef, Truncation, Variables};
use super::{Event, Unknown};
use crate::json::{Member, Payload};
use serde::ser::{Error as _, Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("timestamp", &self.timestamp)?;
        map.serialize_entry("type", self.kind.name())?;
        map.serialize_entry("id", &self.id)?;
        map.serialize_entry("previousEventId", &self.parent.map_or(0, |parent| parent.get()))?;
        let unknown = self.unknown.as_deref();
        let no_details = self.details == Details::None && unknown.is_none_or(|unknown| unknown.details.is_empty());
        if let Some(member) = self.kind.details_member()
            && !no_details
        {
            map.serialize_entry(member, &DetailsWithUnknown { details: &self.details, unknown })?;
        }
        if let Some(unknown) = unknown {
            write_members::<S>(&mut map, &unknown.envelope)?;
        }
        map.end()
    }
}

/// The details of an event as the object inside its `…EventDetails` member.
pub(super) struct DetailsWithUnknown<'a> {
    pub(super) details: &'a Details,
    pub(super) unknown: Option<&'a Unknown>,
}

impl Serialize for DetailsWithUnknown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        write_details::<S>(&mut map, self.details)?;
        if let Some(unknown) = self.unknown {
            write_members::<S>(&mut map, &unknown.details)?;
        }
        map.end()
    }
}

fn write_members<S: Serializer>(map: &mut S::SerializeMap, members: &[Member]) -> Result<(), S::Error> {
    for member in members {
        let raw: &RawValue = serde_json::from_slice(&member.value).map_err(S::Error::custom)?;
        map.serialize_entry(&member.name, raw)?;
    }
    Ok(())
}

fn write_details<S: Serializer>(map: &mut S::SerializeMap, details: &Details) -> Result<(), S::Error> {
    match details {
        Details::None => Ok(()),
        Details::ExecutionStarted(started) => {
            write_data::<S>(map, "input", started.input.as_ref())?;
            write_optional::<S>(map, "roleArn", &started.role_arn)?;
            write_optional::<S>(map, "stateMachineAliasArn", &started.state_machine_alias_arn)?;
            write_optional::<S>(map, "stateMachineVersionArn", &started.state_machine_version_arn)
        }
        Details::Output(output) => write_data::<S>(map, "output", output.as_ref()),
        Details::Failure(failure) => write_failure::<S>(map, failure),
        Details::TaskFailure(failed) => {
            write_task::<S>(map, &failed.task)?;
            write_failure::<S>(map, &failed.failure)
        }
        Details::TaskOutput(done) => {
            write_task::<S>(map, &done.task)?;
            write_data::<S>(map, "output", done.output.as_ref())
        }
        Details::TaskStarted(task) => write_task::<S>(map, task),
        Details::ExecutionRedriven(count) => write_optional::<S>(map, "redriveCount", count),
        Details::StateEntered(entered) => {
            map.serialize_entry("name", &entered.name)?;
            write_data::<S>(map, "input", entered.input.as_ref())
        }
        Details::StateExited(exited) => {
            map.serialize_entry("name", &exited.name)?;
            write_data::<S>(map, "output", exited.output.as_ref())?;
            exited.assigned.as_deref().map_or(Ok(()), |assigned| write_variables::<S>(map, assigned))
        }
        Details::MapStateStarted(length) => write_optional::<S>(map, "length", length),
        Details::MapIteration(iteration) => {
            map.serialize_entry("name", &iteration.name)?;
            map.serialize_entry("index", &iteration.index)
        }
        Details::MapRunStarted(arn) => write_optional::<S>(map, "mapRunArn", arn),
        Details::MapRunRedriven(redriven) => {
            write_optional::<S>(map, "mapRunArn", &redriven.map_run_arn)?;
            write_optional::<S>(map, "redriveCount", &redriven.redrive_count)
        }
        Details::LambdaScheduled(scheduled) => {
            write_optional::<S>(map, "resource", &scheduled.resource)?;
            write_data::<S>(map, "input", scheduled.input.as_ref())?;
            write_optional::<S>(map, "timeoutInSeconds", &scheduled.timeout_in_seconds)?;
            write_credentials::<S>(map, scheduled.credentials_role_arn.as_deref())
        }
        Details::ActivityScheduled(scheduled) => {
            write_optional::<S>(map, "resource", &scheduled.resource)?;
            write_data::<S>(map, "input", scheduled.input.as_ref())?;
            write_optional::<S>(map, "timeoutInSeconds", &scheduled.timeout_in_seconds)?;
            write_optional::<S>(map, "heartbeatInSeconds", &scheduled.heartbeat_in_seconds)
        }
        Details::ActivityStarted(worker) => write_optional::<S>(map, "workerName", worker),
        Details::TaskScheduled(scheduled) => {
            write_task::<S>(map, &scheduled.task)?;
            write_optional::<S>(map, "region", &scheduled.region)?;
            write_optional::<S>(map, "parameters", &scheduled.parameters)?;
            write_optional::<S>(map, "timeoutInSeconds", &scheduled.timeout_in_seconds)?;
            write_optional::<S>(map, "heartbeatInSeconds", &scheduled.heartbeat_in_seconds)?;
            write_credentials::<S>(map, scheduled.credentials_role_arn.as_deref())
        }
        Details::EvaluationFailed(failed) => {
            write_failure::<S>(map, &failed.failure)?;
            write_optional::<S>(map, "location", &failed.location)?;
            write_optional::<S>(map, "state", &failed.state)
        }
    }
}

fn write_optional<S: Serializer>(
    map: &mut S::SerializeMap,
    name: &'static str,
    value: &Option<impl Serialize>,
) -> Result<(), S::Error> {
    value.as_ref().map_or(Ok(()), |value| map.serialize_entry(name, value))
}

fn write_failure<S: Serializer>(map: &mut S::SerializeMap, failure: &Failure) -> Result<(), S::Error> {
    write_optional::<S>(map, "error", &failure.error)?;
    write_optional::<S>(map, "cause", &failure.cause)
}

fn write_task<S: Serializer>(map: &mut S::SerializeMap, task: &TaskRef) -> Result<(), S::Error> {
    write_optional::<S>(map, "resourceType", &task.resource_type)?;
    write_optional::<S>(map, "resource", &task.resource)
}

fn write_credentials<S: Serializer>(map: &mut S::SerializeMap, role: Option<&str>) -> Result<(), S::Error> {
    #[derive(serde::Serialize)]
    #[serde(rename_all = "camelCase")]
    struct TaskCredentials<'a> {
        role_arn: &'a str,
    }
    role.map_or(Ok(()), |role_arn| map.serialize_entry("taskCredentials", &TaskCredentials { role_arn }))
}

fn write_data<S: Serializer>(
    map: &mut S::SerializeMap,
    name: &'static str,
    data: Option<&Data>,
) -> Result<(), S::Error> {
    let Some(data) = data else { return Ok(()) };
    map.serialize_entry(name, &data.payload)?;
    let details = if name == "input" { "inputDetails" } else { "outputDetails" };
    write_truncation::<S>(map, details, data.truncation)
}

fn write_variables<S: Serializer>(map: &mut S::SerializeMap, variables: &Variables) -> Result<(), S::Error> {
    struct Values<'a>(&'a Variables);
    impl Serialize for Values<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_map(self.0.values.iter().map(|(name, value): (_, &Payload)| (name, value)))
        }
    }
    map.serialize_entry("assignedVariables", &Values(variables))?;
    write_truncation::<S>(map, "assignedVariablesDetails", variables.truncation)
}

fn write_truncation<S: Serializer>(
    map: &mut S::SerializeMap,
    name: &'static str,
    truncation: Truncation,
) -> Result<(), S::Error> {
    #[derive(serde::Serialize)]
    struct Stated {
        truncated: bool,
    }
    match truncation {
        Truncation::Unstated => Ok(()),
        Truncation::Whole => map.serialize_entry(name, &Stated { truncated: false }),
        Truncation::Cut => map.serialize_entry(name, &Stated { truncated: true }),
    }
}

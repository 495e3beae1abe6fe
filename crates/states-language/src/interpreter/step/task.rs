//! Task: asked for here, done elsewhere.

use crate::asl::services::{self, ParameterProblem};
use crate::asl::state::Task;
use crate::asl::{Machine, Resource};
use crate::event::{ActivityScheduled, Data, Details, EventId, EventType, LambdaScheduled, TaskRef, TaskScheduled};
use crate::interpreter::data::{self, Call};
use crate::interpreter::error::StateError;
use crate::interpreter::execution::{Asked, Execution};
use crate::interpreter::flow::{Activity, TaskRun};
use crate::interpreter::here::Here;
use crate::interpreter::need::{Need, RequestId, TaskRequest};
use crate::json::Payload;
use std::sync::Arc;

impl Execution {
    /// Asks for a task. A first attempt follows from the entry, a further one from the event that failed.
    pub(in crate::interpreter) fn schedule(&mut self, machine: &Machine, here: Here<'_>, task: &Task, parent: EventId) {
        let Some(raw) = self.flows.visit(here.flow).map(|visit| visit.input.clone()) else { return };
        let token: Option<Arc<str>> = task.resource.has_token().then(|| self.chance.token().into());
        let call = self
            .evaluate(here, token.as_deref(), |environment, inspect| data::task_call(task, environment, &raw, inspect));
        let call = match call {
            Ok(call) => call,
            Err(error) => return self.state_error(machine, here, error),
        };
        if let Resource::Activity { arn } = &task.resource
            && self.missing_activities.contains(arn)
        {
            let error = StateError::runtime(format!("The activity {arn} does not exist."));
            return self.state_error(machine, here, error);
        }
        if self.too_large(&call.parameters) {
            return self.state_error(machine, here, StateError::too_large(&here.state.name));
        }
        if let Some(error) = refused(task, &call.parameters, &self.taken) {
            return self.state_error(machine, here, error);
        }
        let (kind, details) = scheduled(&task.resource, &call, self.identity.region());
        let scheduled = self.journal.append(Some(parent), kind, details);
        self.set_last(here.flow, scheduled);
        self.ask_for_task(here, task, call, token);
    }

    fn ask_for_task(&mut self, here: Here<'_>, task: &Task, call: Call, token: Option<Arc<str>>) {
        let id = RequestId(self.number());
        let (path, now) = (self.iteration_path(here.flow), self.journal.now());
        let resource = Arc::new(task.resource.clone());
        let Some(visit) = self.flows.visit_mut(here.flow) else { return };
        visit.activity = Activity::Task(TaskRun {
            id,
            resource: Arc::clone(&resource),
            started: false,
            timeout: call.timeout,
            heartbeat: call.heartbeat,
            timeout_timer: None,
            heartbeat_timer: None,
        });
        let request = TaskRequest {
            id,
            execution: Arc::clone(&self.identity.arn),
            asked: now,
            state: Arc::clone(&here.state.name),
            path,
            attempt: visit.retries.total,
            resource,
            parameters: call.parameters,
            timeout: call.timeout,
            heartbeat: call.heartbeat,
            role: call.role.map(Into::into),
            token,
        };
        self.ask(id, Asked { flow: here.flow, child: None }, Need::Task(request));
    }

    /// Takes the result of a task out of its state.
    pub(in crate::interpreter) fn task_done(
        &mut self,
        machine: &Machine,
        here: Here<'_>,
        task: &Task,
        result: &Payload,
    ) {
        let Some(raw) = self.flows.visit(here.flow).map(|visit| visit.input.clone()) else { return };
        let exit =
            self.evaluate(here, None, |environment, inspect| data::task_exit(task, environment, &raw, result, inspect));
        let last = self.last_of(here.flow).unwrap_or(here.entered);
        match exit {
            Ok(exit) => self.leave_visit(machine, here, last, exit, &task.next),
            Err(error) => self.state_error(machine, here, error),
        }
    }
}

/// Returns AWS's error when Step Functions would not pass on what is sent to a service; nothing is scheduled then, and
/// nothing catches it. What is missing is refused when the machine is created; an input that is passed as it is, by a
/// task without parameters, the service itself judges.
fn refused(task: &Task, parameters: &Payload, taken: &[ParameterProblem]) -> Option<StateError> {
    let Resource::Service(call) = &task.resource else { return None };
    if !task.data.names_parameters() {
        return None;
    }
    let problems = services::parameter_problems(call, parameters.value().ok()?);
    let told = |it: &&ParameterProblem| !matches!(it, ParameterProblem::Missing(_)) && !taken.contains(it);
    let told: Vec<String> = problems.iter().filter(told).map(ToString::to_string).collect();
    (!told.is_empty()).then(|| {
        let (parameters, told) = (parameters.text(), told.join(", "));
        StateError::runtime(format!("The Parameters '{parameters}' could not be used to start the Task: [{told}]"))
    })
}

/// What is being called, as the events of a service integration name it.
pub(in crate::interpreter) fn task_ref(resource: &Resource) -> TaskRef {
    match resource {
        Resource::Service(call) => {
            TaskRef { resource_type: Some(call.service.as_str().into()), resource: Some(call.resource().into()) }
        }
        Resource::Lambda { .. } | Resource::Activity { .. } => TaskRef::default(),
    }
}

fn scheduled(resource: &Resource, call: &Call, region: &str) -> (EventType, Details) {
    let credentials_role_arn = call.role.as_deref().map(Into::into);
    match resource {
        Resource::Lambda { arn } => {
            let details = LambdaScheduled {
                resource: Some(arn.as_str().into()),
                input: Some(Data::whole(call.parameters.clone())),
                timeout_in_seconds: call.timeout,
                credentials_role_arn,
            };
            (EventType::LambdaFunctionScheduled, Details::LambdaScheduled(Box::new(details)))
        }
        Resource::Activity { arn } => {
            let details = ActivityScheduled {
                resource: Some(arn.as_str().into()),
                input: Some(Data::whole(call.parameters.clone())),
                timeout_in_seconds: call.timeout,
                heartbeat_in_seconds: call.heartbeat,
            };
            (EventType::ActivityScheduled, Details::ActivityScheduled(Box::new(details)))
        }
        Resource::Service(_) => {
            let details = TaskScheduled {
                task: task_ref(resource),
                region: Some(region.into()),
                parameters: Some(call.parameters.clone()),
                timeout_in_seconds: call.timeout,
                heartbeat_in_seconds: call.heartbeat,
                credentials_role_arn,
            };
            (EventType::TaskScheduled, Details::TaskScheduled(Box::new(details)))
        }
    }
}

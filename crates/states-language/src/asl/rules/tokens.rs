//! Tasks that wait for somebody: how long, and whether anybody knows.

use super::subject::Subject;
use crate::asl::node::{Data, Node};
use crate::asl::resource::{Pattern, Resource};
use crate::asl::state::{ExecutionType, MapMode, State, StateKind, Task};

/// `WAITS_FOREVER`: a lost answer keeps the execution open for a year, when nothing sets it a limit.
/// `TOKEN_NOT_PASSED`: nobody learns the token that is waited for.
/// `EXPRESS_CHILD`: an Express child execution cannot wait for jobs, tokens or workers.
pub(super) fn check(subject: &mut Subject<'_>) {
    for (state, node) in subject.states() {
        let StateKind::Task(task) = &state.kind else {
            continue;
        };
        let waits_for = match &task.resource {
            Resource::Activity { .. } => Some("a worker"),
            Resource::Service(call) if call.pattern == Pattern::WaitForTaskToken => Some("the task token"),
            _ => None,
        };
        if let Some(what) = waits_for {
            patience(subject, state, task, what);
        }
        if let Resource::Service(call) = &task.resource
            && call.pattern == Pattern::WaitForTaskToken
        {
            passed_on(subject, state, node);
        }
        express_child(subject, state, task);
    }
}

fn patience(subject: &mut Subject<'_>, state: &State, task: &Task, what: &str) {
    if task.timeout.is_none() && task.heartbeat.is_none() && subject.machine.timeout.is_none() {
        let message = format!("'{}' waits for {what} as long as the execution may run", state.name);
        subject.warn("WAITS_FOREVER", state.place.pointer.to_string(), state.place.span, message);
        subject.hint("Set HeartbeatSeconds or TimeoutSeconds, here or for the whole machine.");
    }
}

fn passed_on(subject: &mut Subject<'_>, state: &State, node: &Node) {
    let field = if node.get("Arguments").is_some() { "Arguments" } else { "Parameters" };
    let Some(payload) = node.get(field) else {
        return;
    };
    if !mentions_token(payload) {
        let location = format!("{}/{field}", state.place.pointer);
        let message = format!("'{}' waits for a task token that its {field} do not pass on", state.name);
        subject.warn("TOKEN_NOT_PASSED", location, payload.span, message);
        subject.hint("Pass '$$.Task.Token', or '$states.context.Task.Token' in JSONata.");
    }
}

/// Anything that might carry the token counts: the whole context, a computed payload, a variable.
fn mentions_token(node: &Node) -> bool {
    match &node.data {
        Data::Text(text) => {
            ["Task.Token", "$$", "context", "Token']"].iter().any(|part| text.contains(part))
                || text.starts_with('$')
                || node.is_substitution()
        }
        Data::Object(members) => members.iter().any(|member| mentions_token(&member.value)),
        Data::List(items) => items.iter().any(mentions_token),
        Data::Placeholder(_) => true,
        _ => false,
    }
}

fn express_child(subject: &mut Subject<'_>, state: &State, task: &Task) {
    let waits = match &task.resource {
        Resource::Activity { .. } => true,
        Resource::Service(call) => call.pattern != Pattern::RequestResponse,
        Resource::Lambda { .. } => false,
    };
    if waits && in_express_child(subject, state) {
        let message = format!("'{}' runs in an Express child execution, which cannot wait for its result", state.name);
        subject.warn("EXPRESS_CHILD", state.place.pointer.to_string(), state.place.span, message);
        subject.hint("Set ProcessorConfig.ExecutionType to STANDARD.");
    }
}

fn in_express_child(subject: &Subject<'_>, state: &State) -> bool {
    let mut scope = state.scope;
    while let Some(container) = subject.machine[scope].container {
        let outer = &subject.machine[container.state()];
        if let StateKind::Map(map) = &outer.kind
            && let MapMode::Distributed(distributed) = &map.mode
        {
            return distributed.execution_type == ExecutionType::Express;
        }
        scope = outer.scope;
    }
    false
}

//! Changes in AWS: what there is to know before, and the change itself.

use super::now;
use super::there::Desk;
use super::trouble;
use crate::analysis::diff::DefinitionDiff;
use crate::event::{EventType, StateType};
use crate::history::{History, MemberId, Outcome};
use crate::recording::{Execution, Status};
use crate::source::aws::{Access, Actions, AwsError, Client, ErrorKind};
use crate::source::remote::Remote;
use crate::tui::live::{Deed, Fact, Live, Preflight};
use crate::tui::{Subject, Trouble, text};

/// How long after its end an execution can be redriven, in microseconds: 14 days. Rule: the developer guide, "Redriving
/// executions".
const REDRIVABLE: i64 = 14 * 86_400 * 1_000_000;

/// States named in one fact.
const NAMED: usize = 6;

/// Finds out what there is to know.
pub(super) async fn prepare(desk: &Desk, deed: &Deed, subject: &Subject) -> Result<Preflight, Trouble> {
    let live = deed.of();
    let client = desk.places.of_live(live).await?;
    let execution = client.describe_execution(&live.arn).await.map_err(|error| trouble(&error))?;
    let history = subject.history(MemberId::ROOT);
    let mut preflight = Preflight::default();
    let running = matches!(execution.status, Some(Status::Running));
    let word = execution.status.as_ref().map_or("?", Status::name);
    match deed {
        Deed::Redrive(_) => {
            preflight.refused = not_redrivable(&execution);
            preflight.facts.extend(time_left(&execution));
            preflight.facts.extend(again(history));
            preflight.facts.extend(drift(&client, live, subject, "A redrive runs the old one.").await);
        }
        Deed::Start { .. } => {
            preflight.facts.push(Fact::Plain("It starts a new execution; this one stays as it is.".to_owned()));
            preflight.facts.extend(drift(&client, live, subject, "The new one runs the definition of now.").await);
        }
        Deed::Stop(_) if !running => preflight.refused = Some(format!("It is not running any more: {word}.")),
        Deed::Stop(_) => preflight.facts.push(open_states(history)),
        Deed::Succeed { .. } | Deed::Fail { .. } if !running => {
            preflight.refused = Some(format!("The execution is not running any more: {word}."));
        }
        Deed::Succeed { token, .. } | Deed::Fail { token, .. } => {
            let shown: String = token.chars().take(16).collect();
            preflight.facts.push(Fact::Plain(format!("The task's token begins with {shown}.")));
        }
    }
    Ok(preflight)
}

/// AWS says whether it would, and why not.
fn not_redrivable(execution: &Execution) -> Option<String> {
    match execution.redrive_status.as_deref() {
        Some("REDRIVABLE") | None => None,
        Some(_) => {
            let reason = execution.redrive_status_reason.as_deref();
            Some(format!("AWS would refuse: {}.", reason.unwrap_or("it cannot be redriven").trim_end_matches('.')))
        }
    }
}

fn time_left(execution: &Execution) -> Option<Fact> {
    let left = REDRIVABLE - now().micros_since(execution.stop_date?);
    let times = match execution.redrive_count {
        None | Some(0) => String::new(),
        Some(1) => " It was redriven once before.".to_owned(),
        Some(times) => format!(" It was redriven {times} times before."),
    };
    Some(match left {
        left if left <= 0 => Fact::Warning(format!("It ended more than 14 days ago.{times}")),
        left => Fact::Plain(format!("It can be redriven for {} more.{times}", text::duration(left))),
    })
}

/// What a redrive does again: what failed, timed out or was aborted with it, not the containers around that. A Fail
/// state fails again at once with the same error. Rule: spec of ExecutionRedriven.
fn again(history: &History) -> Vec<Fact> {
    let mut facts = Vec::new();
    let failed = history.visits().filter(|(_, visit)| {
        let bad = matches!(visit.outcome, Outcome::Failed { .. } | Outcome::TimedOut { .. } | Outcome::Aborted { .. });
        let open = visit.outcome == Outcome::Open;
        (bad || open) && visit.kind != StateType::Fail && !visit.kind.is_container()
    });
    let names: Vec<&str> = failed.map(|(_, visit)| &*visit.name).collect();
    if !names.is_empty() {
        facts.push(Fact::Plain(format!("It runs again: {}, and what follows.", named(&names))));
    }
    let end = history.end().filter(|end| end.kind == EventType::ExecutionFailed);
    let fail = end.and_then(|end| history.visit_of(history.origin(end.id))).map(|visit| history.visit(visit));
    if let Some(fail) = fail.filter(|visit| visit.kind == StateType::Fail) {
        let words = format!("It ended in the Fail state {}: a redrive fails there again at once.", fail.name);
        facts.push(Fact::Warning(words));
    }
    facts
}

/// Whether the machine has another definition now than the one that was executed.
async fn drift(client: &Client, live: &Live, subject: &Subject, meaning: &str) -> Option<Fact> {
    let machine = Remote::parse(&live.arn).ok()?.machine_of();
    let now = match client.describe_state_machine(&machine.arn()).await {
        Ok(now) => now,
        Err(AwsError { kind: ErrorKind::NotThere, .. }) => {
            return Some(Fact::Warning("The state machine does not exist any more.".to_owned()));
        }
        Err(error) => return Some(Fact::Warning(format!("Whether the definition changed is not known: {error}"))),
    };
    let definition = now.definition?;
    let Some(executed) = subject.recording.definition() else {
        let unknown = "Whether the definition changed is not known: the one that was executed is not here.";
        return Some(Fact::Warning(unknown.to_owned()));
    };
    let (old, new) = (executed.value().ok()?, definition.value().ok()?);
    let changes = DefinitionDiff::of(old, new);
    if changes.is_empty() {
        return Some(Fact::Plain("The definition is the one that was executed.".to_owned()));
    }
    Some(Fact::Warning(format!("The definition has changed since ({}). {meaning}", changes.words())))
}

fn open_states(history: &History) -> Fact {
    let names: Vec<&str> = history.open().map(|visit| &*history.visit(visit).name).collect();
    Fact::Plain(match names.as_slice() {
        [] => "No state is open.".to_owned(),
        names => format!("It is aborted in {}; it can be redriven for 14 days.", named(names)),
    })
}

/// Names without repetition, as many as can be read at a glance.
fn named(names: &[&str]) -> String {
    let mut unique: Vec<&str> = Vec::new();
    for name in names {
        if !unique.contains(name) {
            unique.push(name);
        }
    }
    let more = unique.len().saturating_sub(NAMED);
    unique.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", unique.join(", "))
}

/// Makes the change, and returns the execution to look at then.
pub(super) async fn act(desk: &Desk, deed: &Deed) -> Result<Live, Trouble> {
    let live = deed.of();
    let client = desk.places.of_live(live).await?;
    let actions = match (desk.places.access(), client.actions()) {
        (Access::Actions, Some(actions)) => actions,
        _ => return Err(trouble(&AwsError::new(ErrorKind::ReadOnly))),
    };
    done(&actions, deed).await.map_err(|error| trouble(&error))
}

async fn done(actions: &Actions, deed: &Deed) -> Result<Live, AwsError> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    match deed {
        Deed::Stop(live) => actions.stop(&live.arn, None, None).await?,
        Deed::Redrive(live) => actions.redrive(&live.arn).await?,
        Deed::Succeed { token, output, .. } => actions.send_task_success(token, output).await?,
        Deed::Fail { token, error, cause, .. } => {
            actions.send_task_failure(token, given(error).as_deref(), given(cause).as_deref()).await?;
        }
        Deed::Start { like, input } => {
            let machine = Remote::parse(&like.arn).map(|remote| remote.machine_of().arn());
            let machine = machine.unwrap_or_else(|_| like.arn.clone());
            let arn = actions.start(&machine, None, Some(input)).await?;
            return Ok(Live { site: like.site, arn });
        }
    }
    Ok(deed.of().clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;
    use crate::tui::Target;
    use std::path::Path;

    fn history(name: &str) -> Subject {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name);
        Subject::new(Target::Stdin, source::open_recording(&path).unwrap())
    }

    #[test]
    fn what_a_redrive_runs_again_is_named() {
        let words = |name: &str| {
            let subject = history(name);
            again(subject.history(MemberId::ROOT)).iter().map(|fact| fact.text().to_owned()).collect::<Vec<_>>()
        };
        let declined = words("order-payment-declined.sfn.json");
        assert_eq!(declined, ["It ended in the Fail state OrderFailed: a redrive fails there again at once."]);
        let timed_out = words("rollout-region-timed-out.sfn.json");
        assert!(timed_out[0].starts_with("It runs again: "), "{timed_out:?}");
    }

    #[test]
    fn aws_words_why_it_would_refuse() {
        let execution = |status: &str, reason: Option<&str>| Execution {
            redrive_status: Some(status.into()),
            redrive_status_reason: reason.map(Into::into),
            ..Execution::default()
        };
        assert_eq!(not_redrivable(&execution("REDRIVABLE", None)), None);
        let reason = "Execution is RUNNING and cannot be redriven";
        let refused = not_redrivable(&execution("NOT_REDRIVABLE", Some(reason)));
        assert_eq!(refused.unwrap(), format!("AWS would refuse: {reason}."));
    }
}

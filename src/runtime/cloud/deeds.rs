//! Changes in AWS: what there is to know before, and the change itself.

use super::desk::Desk;
use super::now;
use super::trouble;
use crate::analysis::diff::DefinitionDiff;
use crate::event::{EventType, StateType};
use crate::history::{History, MemberId, Outcome};
use crate::recording::{Execution, Status};
use crate::source::aws::{Access, Actions, AwsError, Client, ErrorKind, redriven};
use crate::source::remote::{Remote, RemoteKind};
use crate::tui::live::{Acted, Deed, Fact, Live, Preflight};
use crate::tui::{Subject, Ticket, Trouble, text};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// How long after its end an execution can be redriven, in microseconds: 14 days. Rule: the developer guide, "Redriving
/// executions".
const REDRIVABLE: i64 = 14 * 86_400 * 1_000_000;

/// States named in one fact.
const NAMED: usize = 6;

/// What is known of the changes that were prepared, each by the question of what there is to know.
#[derive(Debug, Default)]
pub(super) struct Dialogs(Mutex<HashMap<Ticket, Dialog>>);

/// A change that was prepared.
#[derive(Debug, Clone)]
struct Dialog {
    /// What makes asking for it again harmless: the name of what is started, the token of a redrive.
    token: String,
    /// How the execution stood before.
    before: Option<Execution>,
}

impl Dialogs {
    fn of(&self, dialog: Ticket) -> Dialog {
        let mut dialogs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Dialog { token: uuid(), before: None };
        dialogs.entry(dialog).or_insert_with(new).clone()
    }

    fn note(&self, dialog: Ticket, before: &Execution) {
        let before = Some(before.clone());
        let noted = Dialog { before, ..self.of(dialog) };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(dialog, noted);
    }
}

/// A name nobody else has, as AWS gives when nobody gives one: a UUID of version 4.
fn uuid() -> String {
    let mut bytes = [0; 16];
    // Without a source of randomness the moment has to do.
    if getrandom::fill(&mut bytes).is_err() {
        bytes = i128::from(now().as_micros()).to_be_bytes();
    }
    let number = u128::from_be_bytes(bytes) & !(0xf << 76) & !(0b11 << 62) | 0x4 << 76 | 0b10 << 62;
    let hex = format!("{number:032x}");
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default().to_owned();
    [part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)].join("-")
}

/// Finds out what there is to know.
pub(super) async fn prepare(desk: &Desk, dialog: Ticket, deed: &Deed, subject: &Subject) -> Result<Preflight, Trouble> {
    let live = deed.of();
    let client = desk.places.of_live(live).await?;
    let execution = client.describe_execution(&live.arn).await.map_err(|error| trouble(&error))?;
    desk.dialogs.note(dialog, &execution);
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

/// Makes the change: asks for it once, and when no answer comes looks up what became of it.
pub(super) async fn act(desk: &Desk, dialog: Ticket, deed: &Deed) -> Acted {
    let client = match desk.places.of_live(deed.of()).await {
        Ok(client) => client,
        Err(trouble) => return Acted::Not(trouble),
    };
    let actions = match (desk.places.access(), client.actions()) {
        (Access::Actions, Some(actions)) => actions,
        _ => return Acted::Not(trouble(&AwsError::new(ErrorKind::ReadOnly))),
    };
    let known = desk.dialogs.of(dialog);
    match ask(&actions, deed, &known.token).await {
        Ok(live) => Acted::Done(live),
        Err(error) if is_ours(deed, &error) || error.kind.may_have_happened() => {
            desk.say_calls();
            look_up(&client, deed, &known, &error).await
        }
        Err(error) => Acted::Not(trouble(&error)),
    }
}

/// The name that is taken is one nobody else gives: it was started by what was asked before.
fn is_ours(deed: &Deed, error: &AwsError) -> bool {
    let taken = matches!(&error.kind, ErrorKind::Refused { code, .. } if &**code == "ExecutionAlreadyExists");
    taken && matches!(deed, Deed::Start { .. })
}

async fn ask(actions: &Actions, deed: &Deed, token: &str) -> Result<Live, AwsError> {
    let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    match deed {
        Deed::Stop(live) => actions.stop(&live.arn, None, None).await?,
        Deed::Redrive(live) => actions.redrive(&live.arn, token).await?,
        Deed::Succeed { token, output, .. } => actions.send_task_success(token, output).await?,
        Deed::Fail { token, error, cause, .. } => {
            actions.send_task_failure(token, given(error).as_deref(), given(cause).as_deref()).await?;
        }
        Deed::Start { like, input } => {
            let arn = actions.start(&machine_of(like), token, Some(input)).await?;
            return Ok(Live { site: like.site, arn });
        }
    }
    Ok(deed.of().clone())
}

fn machine_of(like: &Live) -> String {
    Remote::parse(&like.arn).map_or_else(|_| like.arn.clone(), |remote| remote.machine_of().arn())
}

/// Returns the ARN of an execution of a Standard machine by its name; `None` of an Express one, whose executions cannot
/// be asked about.
fn started_as(like: &Live, name: &str) -> Option<String> {
    let machine =
        Remote::parse(&like.arn).ok().filter(|it| matches!(it.kind, RemoteKind::Execution { .. }))?.machine_of();
    let RemoteKind::Machine { machine, .. } = machine.kind.clone() else { return None };
    let name = name.into();
    Some(Remote { kind: RemoteKind::Execution { machine, name }, ..Remote::parse(&like.arn).ok()? }.arn())
}

/// Finds out whether a change was made that was not answered.
async fn look_up(client: &Client, deed: &Deed, known: &Dialog, lost: &AwsError) -> Acted {
    let found = match deed {
        Deed::Start { like, .. } => match started_as(like, &known.token) {
            None => return unknown(lost, "Express executions cannot be looked up; its log group will tell."),
            Some(arn) => {
                let live = Live { site: like.site, arn };
                return match client.is_there(&live.arn).await {
                    Ok(true) => Acted::Found(live),
                    Ok(false) => not(
                        lost,
                        &format!(
                            "It was looked up: no execution {} has been started. Typed again, the word asks for the same \
                         name, so that none is started twice.",
                            known.token
                        ),
                    ),
                    Err(error) => unknown(lost, &format!("{error} The name is {}.", known.token)),
                };
            }
        },
        Deed::Redrive(live) => {
            let before = known.before.as_ref();
            let looked = client.look_until(&live.arn, |execution| redriven(before, execution)).await;
            looked.map(
                |(_, held)| if held { None } else { Some("It was looked up: it has not been redriven.".to_owned()) },
            )
        }
        Deed::Stop(live) => {
            let runs = |execution: &Execution| matches!(execution.status, None | Some(Status::Running));
            let looked = client.look_until(&live.arn, |execution| !runs(execution)).await;
            looked.map(|(_, held)| if held { None } else { Some("It was looked up: it is still running.".to_owned()) })
        }
        Deed::Succeed { of, task, .. } | Deed::Fail { of, task, .. } => {
            let wanted = matches!(deed, Deed::Succeed { .. });
            let looked = client.end_of_task(&of.arn, *task).await;
            looked.map(|end| match end {
                Some(end) if end.completes_task() == wanted && !is_time_out(&end) => None,
                Some(end) => Some(format!("It was looked up: the task ended with {end}.")),
                None => Some("It was looked up: the task still waits.".to_owned()),
            })
        }
    };
    match found {
        Ok(None) => Acted::Found(deed.of().clone()),
        Ok(Some(words)) => not(lost, &words),
        Err(error) => unknown(lost, &error.to_string()),
    }
}

fn is_time_out(kind: &EventType) -> bool {
    matches!(kind, EventType::TaskTimedOut | EventType::LambdaFunctionTimedOut | EventType::ActivityTimedOut)
}

fn not(lost: &AwsError, words: &str) -> Acted {
    Acted::Not(Trouble { message: lost.to_string(), hint: Some(words.to_owned()) })
}

fn unknown(lost: &AwsError, words: &str) -> Acted {
    let hint = format!("Whether it was cannot be looked up: {words}");
    Acted::Unknown(Trouble { message: lost.to_string(), hint: Some(hint) })
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
    fn a_name_is_a_uuid_and_stays_the_same_for_one_dialog() {
        let dialogs = Dialogs::default();
        let (one, other) = (Ticket::default(), Ticket::default().next());
        let name = dialogs.of(one).token;
        assert_eq!((name.len(), name.as_bytes()[14], name.matches('-').count()), (36, b'4', 4), "{name}");
        assert_eq!(dialogs.of(one).token, name);
        dialogs.note(one, &Execution::default());
        assert_eq!(dialogs.of(one).token, name);
        assert_ne!(dialogs.of(other).token, name);
    }

    #[test]
    fn an_execution_that_was_started_is_looked_for_by_its_name() {
        let standard = Live::new("arn:aws:states:eu-west-1:1:execution:Orders/Each:run");
        assert_eq!(started_as(&standard, "n").unwrap(), "arn:aws:states:eu-west-1:1:execution:Orders:n");
        let express = Live::new("arn:aws:states:eu-west-1:1:express:Orders:run:id");
        assert_eq!(started_as(&express, "n"), None);
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

//! Speaks to AWS in the background: one task for each question, which can be stopped.

use super::places::Places;
use super::refused::refused;
use super::{Reach, deeds, executions, fleet, good, lists};
use crate::recording::MachineType;
use crate::source::aws::Call as Made;
use crate::source::aws::{CallResult, Listener, Repeat};
use crate::source::remote::{Remote, RemoteKind};
use crate::tui::browser::Of;
use crate::tui::live::{Call, CallEnd, Live, Repeating};
use crate::tui::{Effect, Found, Msg, Target, Ticket, Trouble, text};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::AbortHandle;

/// What speaks to AWS.
pub(in crate::runtime) struct Cloud {
    desk: Desk,
    /// What can be stopped.
    running: HashMap<Ticket, AbortHandle>,
    /// Who looks where executions failed: only the latest question counts.
    telling: Option<AbortHandle>,
}

/// What every question needs.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) places: Arc<Places>,
    /// What is known of the changes that were prepared, by the question of what there is to know.
    pub(super) dialogs: Arc<deeds::Dialogs>,
    answers: UnboundedSender<Msg>,
}

impl Desk {
    /// Tells the screen something, and what was asked of AWS for it.
    pub(super) fn say(&self, msg: Msg) {
        self.say_calls();
        // Nobody listens any more when the program is ending.
        let _ = self.answers.send(msg);
    }

    /// Tells the screen what was asked of AWS since the last time.
    pub(super) fn say_calls(&self) {
        for call in self.places.new_calls() {
            let _ = self.answers.send(Msg::Called(told(call)));
        }
    }
}

impl Cloud {
    /// Speaks to AWS as that says. Nothing is asked yet.
    pub(in crate::runtime) fn new(answers: UnboundedSender<Msg>, mut reach: Reach) -> Self {
        let tells = answers.clone();
        reach.options.listener = Listener::new(move |repeat| {
            let _ = tells.send(Msg::Repeating(match repeat {
                Repeat::Again(again) => Repeating::Again(again.call, again.to_string()),
                Repeat::Slow(slow) => Repeating::Again(slow.call, slow.to_string()),
                Repeat::Over(call) => Repeating::Over(call),
            }));
        });
        let desk = Desk { places: Arc::new(Places::new(reach)), dialogs: Arc::default(), answers };
        Self { desk, running: HashMap::new(), telling: None }
    }

    /// Does what the screen asks of AWS.
    pub(in crate::runtime) fn perform(&mut self, effect: Effect) {
        let desk = self.desk.clone();
        match effect {
            // Nobody has a question of their own for this: it is stopped by the ticket of none.
            Effect::Connect => self.run(Ticket::default(), async move {
                let sites = desk.places.sites().await;
                desk.say(Msg::Connected(sites));
            }),
            Effect::Page(ticket, list, cursor) => self.run(ticket, async move {
                let page = lists::page(&desk, &list, cursor).await;
                desk.say(Msg::Paged(ticket, page));
            }),
            Effect::Tell(lives) => {
                let task = tokio::spawn(async move { lists::tell(&desk, lives).await });
                if let Some(before) = self.telling.replace(task.abort_handle()) {
                    before.abort();
                }
            }
            Effect::Open(ticket, Target::Live(live)) => {
                self.run(ticket, async move { open(&desk, ticket, live).await });
            }
            Effect::Open(ticket, Target::Fleet(crowd)) => self.run(ticket, async move {
                let found = fleet::open(&desk, *crowd).await;
                desk.say(Msg::Opened(ticket, found));
            }),
            Effect::Resume(ticket, asked) => {
                self.run(ticket, async move { executions::resume(&desk, ticket, &asked.0).await });
            }
            Effect::Follow(ticket, asked) => {
                self.run(ticket, async move { executions::follow(&desk, ticket, &asked.0).await });
            }
            Effect::Compare(ticket, asked) => self.run(ticket, async move {
                let compared = good::compare(&desk, asked.0).await;
                desk.say(Msg::Compared(ticket, compared));
            }),
            Effect::Answer(ticket, asked, state) => self.run(ticket, async move {
                let answer = good::answer(&desk, asked.0, state).await;
                desk.say(Msg::Answered(ticket, answer));
            }),
            Effect::Prepare(ticket, deed, asked) => self.run(ticket, async move {
                let preflight = deeds::prepare(&desk, ticket, &deed, &asked.0).await;
                desk.say(Msg::Prepared(ticket, preflight));
            }),
            Effect::Act(ticket, dialog, deed) => {
                // What acts is never stopped half-way: whether it acted would not be known.
                tokio::spawn(async move {
                    let acted = deeds::act(&desk, dialog, &deed).await;
                    desk.say(Msg::Acted(ticket, acted));
                });
            }
            other => {
                let trouble = Trouble { message: "This is nothing to ask of AWS.".to_owned(), hint: None };
                refused(other, &trouble).into_iter().for_each(|msg| desk.say(msg));
            }
        }
    }

    fn run(&mut self, ticket: Ticket, work: impl Future<Output = ()> + Send + 'static) {
        self.running.retain(|_, task| !task.is_finished());
        self.running.insert(ticket, tokio::spawn(work).abort_handle());
    }

    /// Stops what answers a question.
    pub(in crate::runtime) fn stop(&mut self, ticket: Ticket) {
        if ticket == Ticket::default()
            && let Some(telling) = self.telling.take()
        {
            telling.abort();
        }
        if let Some(task) = self.running.remove(&ticket) {
            task.abort();
            self.desk.say_calls();
        }
    }
}

/// Opens what a name names: an execution is fetched, of all else the list of executions is shown.
async fn open(desk: &Desk, ticket: Ticket, live: Live) {
    let remote = match Remote::parse(&live.arn) {
        Ok(remote) => remote,
        Err(error) => {
            let trouble = Trouble { message: error.to_string(), hint: Some(error.hint().to_owned()) };
            return desk.say(Msg::Opened(ticket, Err(trouble)));
        }
    };
    let arn = remote.arn();
    let account = |title: String, of: Of| Msg::Opened(ticket, Ok(Found::Account(title, of, live.site)));
    match &remote.kind {
        RemoteKind::Execution { .. } => executions::fetch(desk, ticket, Live { arn, ..live }, None).await,
        RemoteKind::Express { .. } => executions::rebuild(desk, ticket, Live { arn, ..live }, &remote).await,
        RemoteKind::Machine { machine, .. } => {
            let of = if is_express(desk, &live, &arn).await { Of::Express(arn) } else { Of::Executions(arn) };
            desk.say(account(machine.to_string(), of));
        }
        RemoteKind::MapRun { machine, .. } => {
            desk.say(account(format!("map run of {machine}"), Of::Children(arn)));
        }
    }
}

/// Asks whether a machine is an Express one, whose executions the service does not list. Who may not ask finds out from
/// the list.
async fn is_express(desk: &Desk, live: &Live, arn: &str) -> bool {
    let Ok(client) = desk.places.of_live(live).await else { return false };
    let machine = client.describe_state_machine(arn).await;
    machine.is_ok_and(|machine| machine.machine_type == Some(MachineType::Express))
}

/// A call in the words of the screen.
fn told(call: Made) -> Call {
    let micros = i64::try_from(call.took.as_micros()).unwrap_or(i64::MAX);
    let times = if call.attempts > 1 { format!(" #{}", call.attempts) } else { String::new() };
    let end = match call.result {
        CallResult::Answered { bytes } => CallEnd::Done(micros, format!("{}{times}", text::size(bytes))),
        CallResult::Failed(why) => CallEnd::Refused(micros, why.to_string()),
        CallResult::Lost(why) => CallEnd::Lost(micros, why.to_string()),
    };
    Call { at: call.at, command: call.command, end }
}

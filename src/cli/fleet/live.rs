//! The executions of machines and map runs in AWS: listed, and read as far as it takes to say how they failed.
//!
//! What is going to be asked is said before it is asked, and what was found until somebody stops it is kept.

use super::which::Which;
use crate::analysis::fleet::{self, Item, Outcome};
use crate::cli::output::Ticker;
use crate::cli::{Failure, Output, aws, interrupt};
use crate::event::Timestamp;
use crate::recording::{Execution, MachineType, Recording, StateMachine, Status};
use crate::report::{self, FleetGap as Gap, counted};
use crate::source::aws::logs::{ExpressError, InsightsQuery, LogLevel, LogSettings, Span};
use crate::source::aws::{Client, ErrorKind, Listed, Operation, RollQuery, now};
use crate::source::remote::{Remote, RemoteKind};
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// An execution and what was read of it: what a list says, the end of its history, or all of it.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Seen {
    pub(in crate::cli) item: Item,
    pub(in crate::cli) recording: Recording,
}

/// What was found in AWS.
#[derive(Debug, Default)]
pub(in crate::cli) struct Found {
    pub(in crate::cli) seen: Vec<Seen>,
    /// What is not there of it.
    pub(in crate::cli) gaps: Vec<Gap>,
    /// Whether somebody stopped it.
    pub(in crate::cli) is_stopped: bool,
}

/// Clusters whose inputs are read, and how many inputs of each; then of executions that succeeded.
const CLUSTERS: usize = 20;
const INPUTS: usize = 5;
const GOOD_INPUTS: usize = 20;

/// How far back the log of an Express machine is looked through unasked, in microseconds: it is charged for.
const HOUR: i64 = 3_600_000_000;

/// How often the line about progress is renewed.
const PATIENCE: Duration = Duration::from_millis(200);

/// Reads what a machine, a version, an alias or a map run has run.
pub(in crate::cli) fn gather(
    remote: &Remote,
    which: &Which,
    reach: &aws::Reach,
    stop: &AtomicBool,
    output: &mut Output,
) -> Result<Found, Failure> {
    let desk = Desk { remote, which, found: RefCell::default(), output: RefCell::new(output) };
    let asked = aws::block_on(interrupt::until(stop, async {
        let client = Client::connect(reach.options()).await.map_err(|error| aws::failure(&error))?;
        let asked = desk.ask(&client).await;
        desk.say(&format!("{} to AWS.", counted(client.calls().count().try_into().unwrap_or(0), "call", "calls")));
        asked
    }))?;
    let mut found = desk.found.into_inner();
    match asked {
        Some(Err(failure)) => return Err(failure),
        Some(Ok(())) => {}
        None => found.is_stopped = true,
    }
    let unread = found.recordings.iter().filter(|it| it.is_bad() && !it.is_read).count();
    if unread > 0 {
        let executions = counted(unread, "failed execution", "failed executions");
        found.gaps.push(gap(format!("How {executions} of {} failed was not read.", remote.machine_name()), true));
    }
    let seen = found.recordings.into_iter().map(Known::seen).collect();
    Ok(Found { seen, gaps: found.gaps, is_stopped: found.is_stopped })
}

/// Returns the query that lists the executions of an Express machine, to be run elsewhere.
pub(super) fn query(remote: &Remote, which: &Which, reach: &aws::Reach) -> Result<InsightsQuery, Failure> {
    aws::block_on(async {
        let client = Client::connect(reach.options()).await.map_err(|error| aws::failure(&error))?;
        let arn = remote.machine_of().arn();
        let machine = client.describe_state_machine(&arn).await.map_err(|error| aws::failure(&error))?;
        let settings = LogSettings::of(&machine).map_err(|not| aws::express_failure(&ExpressError::NotLogged(not)))?;
        Ok(InsightsQuery::executions(settings.group, span(which), &arn))
    })?
}

/// The span of time in which the log of an Express machine is looked through.
fn span(which: &Which) -> Span {
    let at = now();
    let (since, until) = which.span(at);
    let until = until.unwrap_or(at);
    let from = since.unwrap_or_else(|| Timestamp::from_micros(until.as_micros().saturating_sub(HOUR)));
    Span { from, until: until.max(from) }
}

/// What is known of an execution so far.
#[derive(Debug)]
struct Known {
    recording: Recording,
    /// Whether more than a list says was read.
    is_read: bool,
}

#[derive(Debug, Default)]
struct Sofar {
    recordings: Vec<Known>,
    gaps: Vec<Gap>,
    is_stopped: bool,
}

impl Known {
    fn listed(execution: Execution) -> Self {
        Self { recording: Recording { execution: Some(execution), ..Recording::default() }, is_read: false }
    }

    fn execution(&self) -> Execution {
        self.recording.execution.clone().unwrap_or_default()
    }

    fn is_bad(&self) -> bool {
        matches!(self.recording.status(), Status::Failed | Status::TimedOut)
    }

    fn item(&self) -> Item {
        match self.is_read {
            true => Item::of(&self.recording, self.recording.label()),
            false => Item::listed(&self.execution()),
        }
    }

    fn seen(self) -> Seen {
        Seen { item: self.item(), recording: self.recording }
    }
}

fn gap(words: String, is_unread: bool) -> Gap {
    Gap { file: String::new(), words, is_unread }
}

struct Desk<'a> {
    remote: &'a Remote,
    which: &'a Which,
    found: RefCell<Sofar>,
    output: RefCell<&'a mut Output>,
}

impl Desk<'_> {
    fn say(&self, words: &str) {
        self.output.borrow_mut().note(words);
    }

    async fn ask(&self, client: &Client) -> Result<(), Failure> {
        let of = match &self.remote.kind {
            RemoteKind::MapRun { .. } => Listed::MapRun(self.remote.arn()),
            _ => Listed::Machine(self.remote.arn()),
        };
        if matches!(of, Listed::Machine(_)) {
            match client.describe_state_machine(&self.remote.arn()).await {
                Ok(machine) if machine.machine_type == Some(MachineType::Express) => {
                    return self.express(client, &machine).await;
                }
                Ok(_) => {}
                // Whoever may list its executions need not be allowed to look at the machine.
                Err(error) if matches!(error.kind, ErrorKind::Denied { .. }) => self.say(&format!("note: {error}")),
                Err(error) => return Err(aws::failure(&error)),
            }
        }
        self.list(client, of).await?;
        self.read_ends(client).await;
        self.read_inputs(client).await;
        Ok(())
    }

    async fn list(&self, client: &Client, of: Listed) -> Result<(), Failure> {
        let mut query = RollQuery::newest(of, self.which.limit);
        (query.since, query.until) = self.which.span(now());
        if !self.which.statuses().is_empty() {
            query.statuses = self.which.statuses().to_vec();
        }
        let pages = self.which.limit.div_ceil(1_000) * query.statuses.len();
        let name = self.remote.machine_name();
        self.say(&format!(
            "Listing the newest {} executions of {name}: up to {} of ListExecutions{}.",
            report::count(self.which.limit),
            counted(pages, "call", "calls"),
            match query.since {
                Some(since) => format!(", or more to get back to {}", report::moment_utc(since)),
                None => String::new(),
            }
        ));
        let mut ticker = Ticker::new(PATIENCE);
        let listed = client.roll(&query, |page| {
            let found = &mut self.found.borrow_mut().recordings;
            found.extend(page.into_iter().map(Known::listed));
            ticker.tell(|| format!("Listing: {} executions", report::count(found.len())));
        });
        let listed = listed.await;
        ticker.clear();
        let mut found = self.found.borrow_mut();
        let moment = |known: &Known| known.recording.execution.as_ref().and_then(RollQuery::moment);
        found.recordings.sort_by_key(|known| Reverse(moment(known)));
        let is_cut = match listed {
            Ok(is_cut) => is_cut || found.recordings.len() > self.which.limit,
            Err(error) if found.recordings.is_empty() => return Err(aws::failure(&error)),
            Err(error) => {
                found.gaps.push(gap(format!("Not all executions of {name} were listed: {error}"), true));
                false
            }
        };
        found.recordings.truncate(self.which.limit);
        if is_cut {
            let limit = report::count(self.which.limit);
            found
                .gaps
                .push(gap(format!("Only the newest {limit} executions of {name} were looked at (--limit)."), false));
        }
        Ok(())
    }

    /// Reads how the failed ones ended.
    async fn read_ends(&self, client: &Client) {
        let bad: Vec<usize> = self.places(|known| known.is_bad());
        if bad.is_empty() {
            return;
        }
        self.announce("Reading how they failed", bad.len(), Operation::GetExecutionHistory);
        let executions = self.executions(&bad);
        let (mut ticker, mut done) = (Ticker::new(PATIENCE), 0);
        let ended = client.tails(&executions, |place, tail| {
            done += 1;
            ticker.tell(|| format!("Reading how they failed: {done} of {}", bad.len()));
            let found = &mut self.found.borrow_mut().recordings;
            if let (Ok(recording), Some(known)) = (tail, bad.get(place).and_then(|place| found.get_mut(*place))) {
                *known = Known { recording, is_read: true };
            }
        });
        let ended = ended.await;
        ticker.clear();
        if let Err(error) = ended {
            self.found.borrow_mut().gaps.push(gap(error.to_string(), true));
        }
    }

    /// Reads what some of each kind of failure and some that went well were given.
    async fn read_inputs(&self, client: &Client) {
        let wanted = self.inputs_wanted();
        if wanted.is_empty() {
            return;
        }
        self.announce("Reading inputs to compare", wanted.len(), Operation::DescribeExecution);
        let executions = self.executions(&wanted);
        let mut ticker = Ticker::new(PATIENCE);
        let mut done = 0;
        let ended = client.described(&executions, |place, described| {
            done += 1;
            ticker.tell(|| format!("Reading inputs to compare: {done} of {}", wanted.len()));
            let found = &mut self.found.borrow_mut().recordings;
            if let (Ok(described), Some(known)) = (described, wanted.get(place).and_then(|place| found.get_mut(*place)))
            {
                known.recording.execution = Some(described);
            }
        });
        let ended = ended.await;
        ticker.clear();
        if let Err(error) = ended {
            self.found.borrow_mut().gaps.push(gap(format!("Not all inputs were read: {error}"), false));
        }
    }

    fn inputs_wanted(&self) -> Vec<usize> {
        let found = self.found.borrow();
        let items: Vec<Item> = found.recordings.iter().map(Known::item).collect();
        let fleet = fleet::fleet(&items);
        if fleet.clusters.is_empty() || fleet.passed == 0 {
            return Vec::new();
        }
        let unknown = |place: &usize| items.get(*place).is_some_and(|item| item.input.is_none());
        let failed = fleet.clusters.iter().take(CLUSTERS).flat_map(|cluster| {
            let known = cluster.items.iter().filter(|place| !unknown(place)).count();
            cluster.items.iter().copied().filter(unknown).take(INPUTS.saturating_sub(known))
        });
        let good = (0..items.len()).filter(|place| items.get(*place).is_some_and(|it| it.outcome == Outcome::Passed));
        failed.chain(good.filter(unknown).take(GOOD_INPUTS)).collect()
    }

    fn places(&self, is_wanted: impl Fn(&Known) -> bool) -> Vec<usize> {
        let found = self.found.borrow();
        found.recordings.iter().enumerate().filter(|(_, known)| is_wanted(known)).map(|(place, _)| place).collect()
    }

    fn executions(&self, places: &[usize]) -> Vec<Execution> {
        let found = self.found.borrow();
        places.iter().filter_map(|place| found.recordings.get(*place)).map(Known::execution).collect()
    }

    /// Says how many calls are going to be made, and how long they take when AWS lets them through no faster.
    fn announce(&self, what: &str, calls: usize, operation: Operation) {
        let seconds = operation.seconds_for(calls, &self.remote.region);
        let long = match seconds {
            0 => String::new(),
            seconds => format!(", {} or longer", report::duration(i64::try_from(seconds).unwrap_or(0) * 1_000_000)),
        };
        self.say(&format!("{what}: {} of {}{long}.", counted(calls, "call", "calls"), operation.name()));
    }

    /// Asks the log: the service keeps no list of Express executions.
    async fn express(&self, client: &Client, machine: &StateMachine) -> Result<(), Failure> {
        let (span, name) = (span(self.which), self.remote.machine_name());
        let not_logged = |not| aws::express_failure(&ExpressError::NotLogged(not));
        let settings = LogSettings::of(machine).map_err(not_logged)?;
        self.say(&settings.cost(span));
        let arn = machine.state_machine_arn.clone().unwrap_or_else(|| self.remote.machine_of().arn().into());
        let found = client.express_executions(&arn, span).await.map_err(|error| aws::express_failure(&error))?;
        let is_cut = found.is_cut() || found.executions.len() > self.which.limit;
        let mut scanned = found.insights.scanned_bytes;
        let statuses = self.which.statuses();
        let wanted = |execution: &Execution| {
            statuses.is_empty() || execution.status.as_ref().is_some_and(|status| statuses.contains(status))
        };
        let listed = found.executions.into_iter().filter(wanted).take(self.which.limit);
        self.found.borrow_mut().recordings.extend(listed.map(Known::listed));
        let bad = self.executions(&self.places(Known::is_bad));
        let arns: Vec<&str> = bad.iter().filter_map(|execution| execution.execution_arn.as_deref()).collect();
        if !arns.is_empty() {
            let queries = arns.len().div_ceil(InsightsQuery::MOST_ARNS);
            self.say(&format!(
                "Reading how {} failed: {} of Insights, each charged for like the first ({} scanned).",
                counted(arns.len(), "execution", "executions"),
                counted(queries, "query", "queries"),
                report::size(usize::try_from(scanned).unwrap_or(usize::MAX))
            ));
            let read = client.express_several(machine, &arns, span.of_whole_executions()).await;
            match read {
                Ok((recordings, asked)) => {
                    scanned = asked.iter().fold(scanned, |sum, insights| sum.saturating_add(insights.scanned_bytes));
                    self.take_read(recordings);
                }
                Err(error) => {
                    self.found.borrow_mut().gaps.push(gap(error.to_string(), true));
                }
            }
        }
        self.say(&format!("Insights scanned {}.", report::size(usize::try_from(scanned).unwrap_or(usize::MAX))));
        let mut found = self.found.borrow_mut();
        if is_cut {
            let most = report::count(found.recordings.len());
            found.gaps.push(gap(format!("Only the newest {most} executions of {name} were looked at."), false));
        }
        if settings.level != LogLevel::All {
            found.gaps.extend(settings.gaps().into_iter().map(|words| gap(words, false)));
        }
        Ok(())
    }

    fn take_read(&self, recordings: Vec<Recording>) {
        let mut found = self.found.borrow_mut();
        let mut read: HashMap<_, Recording> =
            recordings.into_iter().filter_map(|recording| Some((recording.arn()?.clone(), recording))).collect();
        for known in &mut found.recordings {
            if let Some(recording) = known.recording.arn().and_then(|arn| read.remove(arn)) {
                *known = Known { recording, is_read: true };
            }
        }
    }
}

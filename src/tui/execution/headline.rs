//! What went wrong, in a few lines.

use super::Place;
use crate::analysis::Status;
use crate::analysis::cause::{Aborted, Fate, Finding, Items, Report, Stage, Waiting, WaitingFor};
use crate::analysis::place::Place as Way;
use crate::analysis::{Diagnosis, Message, Step};
use crate::event::{EventId, Timestamp};
use crate::history::MemberId;
use crate::report;
use crate::tui::subject::Subject;
use crate::tui::text;

/// What the top of the screen says.
#[derive(Debug, Clone)]
pub struct Headline {
    /// How the execution stands.
    pub tone: Status,
    /// The error, or how the execution stands.
    pub title: String,
    /// Where it happened, what was said about it, and what came of it: each a line, most telling first.
    pub lines: Vec<String>,
    /// How many of the lines stand out: those that tell what happened, not what came of it.
    pub telling: usize,
    /// The parts of the first line, of which the later ones can be done without where there is no room.
    pub whereabouts: Vec<String>,
    /// The fact that tells most beside the error's own message, in full and in fewer words.
    pub sharp: Vec<String>,
    /// Where it happened.
    pub place: Place,
    /// The cause, decoded.
    pub cause: Option<String>,
}

impl Headline {
    /// Words what a diagnosis found.
    pub fn of(subject: &Subject, diagnosis: &Diagnosis, now: Option<Timestamp>) -> Self {
        let results = subject.recording.is_map_run_results() && !diagnosis.causes.is_empty();
        let tone = if results { Status::Failed } else { Status::of_execution(diagnosis.status.name()) };
        let missing = &subject.family.member(MemberId::ROOT).described.missing;
        if let Some(finding) = diagnosis.causes.first() {
            return Self {
                tone,
                title: title(finding, diagnosis),
                lines: finding_lines(finding, diagnosis, now)
                    .into_iter()
                    .chain(diagnosis.map_runs.iter().take(2).map(report::map_run_words))
                    .chain(report::missing_words(missing))
                    .collect(),
                telling: 2 + usize::from(!finding.operands.is_empty()),
                whereabouts: whereabouts(finding),
                sharp: sharp(finding),
                place: Place { member: finding.place.execution, event: finding.place.event },
                cause: finding.cause.as_ref().map(decoded),
            };
        }
        let mut lines: Vec<String> = diagnosis.map_runs.iter().take(2).map(report::map_run_words).collect();
        lines.extend(diagnosis.waiting.iter().take(3).map(|it| waiting(it, now, tone)));
        lines.extend(others(diagnosis));
        if lines.is_empty() {
            let whole = missing.is_empty();
            lines.push(if whole { "Nothing failed." } else { "Nothing failed in what is here." }.to_owned());
        }
        lines.splice(0..0, report::missing_words(missing));
        let place = match diagnosis.waiting.first() {
            Some(waiting) => Place { member: waiting.place.execution, event: waiting.since },
            None => Self::place_in(subject, MemberId::ROOT),
        };
        let title = report::status_words(&diagnosis.status).to_owned();
        Self { tone, title, lines, telling: 2, whereabouts: Vec::new(), sharp: Vec::new(), place, cause: None }
    }

    /// Returns where an execution went wrong, or ended.
    pub fn place_in(subject: &Subject, member: MemberId) -> Place {
        let history = subject.history(member);
        let last = history.events().last().map_or(EventId::FIRST, |event| event.id);
        let failed = history.end().filter(|end| end.kind.is_failure()).map(|end| history.origin(end.id));
        Place { member, event: failed.unwrap_or(last) }
    }
}

/// The way to a place without the names of executions in it: those are drawn by lot, and the machine stands above.
fn breadcrumb(way: &Way) -> String {
    let mut words = String::new();
    for step in &way.steps {
        match step {
            Step::Item(index) | Step::Branch(index) => words.push_str(&format!("[{index}]")),
            Step::State(name) if words.is_empty() => words.push_str(name),
            Step::State(name) => words.push_str(&format!(" ▸ {name}")),
            Step::Execution(_) => {}
        }
    }
    words
}

/// The error, or what happened when it has no name.
fn title(finding: &Finding, diagnosis: &Diagnosis) -> String {
    match (&finding.error, finding.stage) {
        (Some(error), _) => error.to_string(),
        (None, Stage::TimeOut) => "States.Timeout".to_owned(),
        (None, Stage::Execution | Stage::Described | Stage::NotRecorded) => diagnosis.status.name().to_owned(),
        (None, _) => "unnamed error".to_owned(),
    }
}

fn finding_lines(finding: &Finding, diagnosis: &Diagnosis, now: Option<Timestamp>) -> Vec<String> {
    let mut lines = vec![whereabouts(finding).join(", ")];
    if let Some(message) = finding.cause.as_ref().filter(|message| !message.summary.is_empty()) {
        lines.push(message.summary.clone());
    }
    lines.extend(report::operand_words(&finding.operands));
    if finding.stage.is_stateless() {
        let tone = Status::of_execution(diagnosis.status.name());
        lines.extend(diagnosis.waiting.iter().take(2).map(|it| waiting(it, now, tone)));
    }
    let came = [tried(finding), fate(finding), ended_in(finding)];
    lines.extend(joined(came));
    lines.extend(joined([finding.items.as_ref().and_then(items), aborted(&finding.aborted), None]));
    let more = diagnosis.causes.len() - 1;
    if more > 0 {
        let came = if finding.stage == Stage::Described { "is there as well" } else { "ended it as well" };
        lines.push(format!("{} {came}.", text::counted(more, "other failure", "other failures")));
    }
    lines
}

fn joined(parts: [Option<String>; 3]) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

/// What the failing items share, or else what became of the failure: what whoever reads one line more wants to read.
fn sharp(finding: &Finding) -> Vec<String> {
    let shared = finding.items.as_ref().filter(|items| items.failed > 0);
    let contrast = shared.and_then(|items| report::contrast_words(&items.contrast).into_iter().next());
    if let (Some(items), Some(contrast)) = (shared.and_then(items), contrast) {
        return vec![items, contrast];
    }
    let caught = matches!(finding.fate, Fate::Caught { .. });
    let came = joined([tried(finding), fate(finding), ended_in(finding)]);
    let caught_by = joined([fate(finding).filter(|_| caught), None, None]);
    let shared = shared.and_then(items);
    shared.into_iter().chain(came).chain(caught_by).collect()
}

/// Where it happened, the parts that matter most first.
fn whereabouts(finding: &Finding) -> Vec<String> {
    match finding.stage {
        Stage::Execution => return vec!["No state failed; the execution as a whole ended.".to_owned()],
        Stage::Described if finding.place.steps.is_empty() => {
            return vec!["Which state failed is not known: no event is here.".to_owned()];
        }
        Stage::NotRecorded => return vec!["The events that tell what failed are not in the recording.".to_owned()],
        _ => {}
    }
    let mut words = breadcrumb(&finding.place);
    if let (true, Stage::Described, Some(Step::Execution(name))) =
        (words.is_empty(), finding.stage, finding.place.steps.last())
    {
        words = match finding.count {
            0 | 1 => format!("item {name}"),
            more => format!("item {name} and {} more", text::count(more - 1)),
        };
    }
    if words.is_empty() {
        words.push_str("a state whose entry is among the events that are missing");
    }
    let attempt = finding.attempt.filter(|(_, of)| *of > 1).map(|(number, of)| format!("attempt {number} of {of}"));
    let task = finding.task.as_deref().map(|task| format!("calling {}", short(task)));
    let micros = finding.micros.filter(|micros| *micros > 0).map(|micros| format!("{} in", text::duration(micros)));
    [Some(words), attempt, task, micros].into_iter().flatten().collect()
}

/// Of an ARN only the end is telling: the function's name.
fn short(task: &str) -> &str {
    match task.strip_prefix("arn:") {
        Some(arn) => arn.split_once(":function:").or_else(|| arn.rsplit_once(':')).map_or(arn, |(_, name)| name),
        None => task,
    }
}

/// `after GatewayTimeout twice`
fn tried(finding: &Finding) -> Option<String> {
    let mut errors: Vec<(String, usize)> = Vec::new();
    for tried in &finding.tries {
        let error = tried.error.as_deref().unwrap_or("unnamed error").to_owned();
        match errors.iter_mut().find(|(known, _)| *known == error) {
            Some((_, times)) => *times += 1,
            None => errors.push((error, 1)),
        }
    }
    let said = errors.into_iter().map(|(error, times)| match times {
        1 => error,
        2 => format!("{error} twice"),
        more => format!("{error} {more} times"),
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| format!("retried after {}", said.join(" and ")))
}

fn fate(finding: &Finding) -> Option<String> {
    Some(match &finding.fate {
        Fate::EndedRun if finding.stage.is_stateless() => return None,
        Fate::EndedRun => "nothing caught it".to_owned(),
        Fate::Caught { by, to: Some(to), .. } => format!("caught by {by} → {to}"),
        Fate::Caught { by, to: None, .. } => format!("caught by {by}"),
        Fate::Recovered => "a later attempt succeeded".to_owned(),
        Fate::Pending => "nothing has followed yet".to_owned(),
        Fate::RunAgain { by } => format!("{by} was run again"),
        Fate::Redriven => "the execution was redriven".to_owned(),
        Fate::Tolerated { by } => format!("tolerated by {by}"),
        Fate::Overtaken => "something else failed first".to_owned(),
    })
}

fn ended_in(finding: &Finding) -> Option<String> {
    let (state, Report { error, cause, .. }) = finding.ended_in.as_ref()?;
    let said = cause.as_ref().map(|cause| format!(": {}", cause.summary)).unwrap_or_default();
    let error = error.as_deref().map(|error| format!(" with {error}")).unwrap_or_default();
    Some(format!("the run ended in {state}{error}{said}"))
}

fn items(items: &Items) -> Option<String> {
    if items.failed == 0 {
        return None;
    }
    let (failed, total) = (text::count(items.failed), text::count(items.total));
    let mut words = format!("{failed} of {total} items failed in {}", items.map);
    if let Some(told) = report::contrast_words(&items.contrast).first() {
        words.push_str(&format!(": {told}"));
    }
    Some(words)
}

fn aborted(aborted: &Aborted) -> Option<String> {
    let states: usize = aborted.states.iter().map(|(_, times)| times).sum();
    let said = |number: usize, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        more => Some(format!("{more} {many}")),
    };
    let siblings = said(aborted.items, "item", "items").or_else(|| said(aborted.branches, "branch", "branches"));
    let siblings = siblings.or_else(|| said(states, "state", "states"))?;
    Some(format!("{siblings} aborted with it"))
}

fn others(diagnosis: &Diagnosis) -> Option<String> {
    let count: usize = diagnosis.others.iter().map(|finding| finding.count).sum();
    let first = diagnosis.others.first()?;
    let place = breadcrumb(&first.place);
    let error = first.error.as_deref().unwrap_or("unnamed error");
    let came = fate(first).unwrap_or_default();
    Some(match count {
        // What nothing has dealt with yet is not handled.
        1 if is_open(&first.fate) => format!("1 failure: {error} in {place}; {came}."),
        1 => format!("1 failure was handled: {error} in {place}; {came}."),
        more if diagnosis.others.iter().any(|other| is_open(&other.fate)) => {
            format!("{more} failures, the first: {error} in {place}; {came}.")
        }
        more => format!("{more} failures were handled, the first: {error} in {place}; {came}."),
    })
}

/// Tells whether it is still to be seen what comes of a failure.
fn is_open(fate: &Fate) -> bool {
    matches!(fate, Fate::Pending | Fate::Redriven | Fate::Overtaken)
}

/// What has ended waits no more.
fn waiting(waiting: &Waiting, now: Option<Timestamp>, tone: Status) -> String {
    let of = |name: &Option<std::sync::Arc<str>>| {
        name.as_deref().map(|name| format!(" ({})", short(name))).unwrap_or_default()
    };
    let what = match &waiting.what {
        WaitingFor::Time => "waits for a timestamp".to_owned(),
        WaitingFor::Token { task } => format!("waits for its task token to be returned{}", of(task)),
        WaitingFor::Job { task } => format!("waits for a job to end{}", of(task)),
        WaitingFor::Answer { task } => format!("waits for a response{}", of(task)),
        WaitingFor::Worker { activity } => format!("waits for a worker to pick it up{}", of(activity)),
        WaitingFor::Work { activity, worker: Some(worker) } => format!("waits for worker {worker}{}", of(activity)),
        WaitingFor::Work { activity, worker: None } => format!("waits for its worker{}", of(activity)),
        WaitingFor::Retry { error } => format!("waits to try again after{}", of(error)),
        WaitingFor::MapRun => "waits for its Map Run".to_owned(),
        WaitingFor::Step => "waits for its next step".to_owned(),
    };
    // Of what was stopped, the end says how long it waited.
    let now = now.filter(|_| waiting.seen.is_none_or(|seen| seen <= now.unwrap_or(seen))).or(waiting.seen);
    let age = waiting.since_at.zip(now).map(|(since, now)| now.micros_since(since)).filter(|micros| *micros > 0);
    let age = age.map(|micros| format!(" for {}", text::duration(micros - micros % 1_000_000))).unwrap_or_default();
    let since = waiting.since_at.map(|at| format!(", since {} UTC", text::moment(at))).unwrap_or_default();
    let place = breadcrumb(&waiting.place);
    if tone != Status::Running {
        return format!("{place} {}{age}{since}", what.replacen("waits", "waited", 1));
    }
    let ends: String = report::ends_words(waiting, now).into_iter().map(|words| format!(", {words}")).collect();
    // What comes by itself is what one wants to know first.
    if waiting.what == WaitingFor::Time && waiting.ends.is_some() {
        let ends = ends.trim_start_matches(", ");
        return format!("{place} waits {ends}{since}");
    }
    format!("{place} {what}{age}{ends}{since}")
}

/// The cause as a person wants to paste it: its JSON laid out, or its text.
fn decoded(message: &Message) -> String {
    let json = message.decoded.as_ref().and_then(|value| serde_json::to_string_pretty(value).ok());
    json.unwrap_or_else(|| message.raw.to_string())
}

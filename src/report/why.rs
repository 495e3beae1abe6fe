//! The root cause for people.

use super::cause::{innermost, operand_lines, origin, whole_cause};
use super::fleet::contrast_words;
use super::page::{Page, Paper, Role};
use super::partial;
use super::quantity::{count, counted, duration, moment, moment_utc, size};
use super::signs::{CAUGHT, FAILED, RUNNING, execution_sign};
use super::words::{breadcrumb, shown};
use crate::analysis::cause::{
    Aborted, EndsBy, Fate, Finding, Items, MapRunItems, MapStands, Report, Stage, Waiting, WaitingFor,
};
use crate::analysis::limits::{MAX_PAYLOAD, TOO_LARGE, Tight};
use crate::analysis::message::Form;
use crate::analysis::{Diagnosis, FunctionLog, Overview};
use crate::event::Timestamp;
use crate::history::{Family, MemberId, VisitId};
use crate::recording::{Counts, Status};
use std::sync::Arc;

/// Other failures that are listed.
pub(super) const LISTED: usize = 10;
/// What is said of what failing items have in common.
const TOLD: usize = 2;
/// Lines of a payload that are shown.
const PAYLOAD_LINES: usize = 14;
/// Lines of a function's log that are shown.
const LOG_LINES: usize = 12;

/// Returns the root cause as lines of text.
///
/// ```text
/// ✖ FAILED  nightly-1120  Card.Declined                     status, name, error
///
/// ✖ Card.Declined                                           the failure everything began with
///   ProcessItems[17] ▸ ChargeCard ▸ attempt 3 of 3
///   issuer said no
///   called    lambda:invoke, 2.31 s, event 142
///   …
/// ```
pub fn why(diagnosis: &Diagnosis, overview: &Overview, paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    heading(&mut page, diagnosis, overview);
    for finding in &diagnosis.causes {
        page.gap();
        cause(&mut page, finding, &diagnosis.status);
    }
    if diagnosis.causes.iter().all(|finding| finding.stage.is_stateless()) {
        waits(&mut page, diagnosis);
    }
    others(&mut page, diagnosis);
    page.into_lines()
}

/// Adds the line about the execution as a whole.
pub(super) fn heading(page: &mut Page, diagnosis: &Diagnosis, overview: &Overview) {
    let (role, sign) = execution_sign(page.paper(), &standing(overview));
    let name = overview.name.as_deref().map(|name| format!("  {name}")).unwrap_or_default();
    let so_far = if overview.status == Status::Running { " so far" } else { "" };
    let took = overview.micros.map(|micros| format!("{}{so_far}, ", duration(micros))).unwrap_or_default();
    let redriven =
        if overview.redrives > 0 { format!(", redriven {}", times(overview.redrives)) } else { String::new() };
    let events = match &overview.items {
        Some(items) => item_words(items),
        None if overview.events == 0 => "no event".to_owned(),
        None => counted(overview.events, "event", "events"),
    };
    let told = match overview.items.is_some() {
        true => format!("  {}", took.trim_end_matches(", ")),
        false => format!("  {took}{events}{redriven}"),
    };
    page.line(&[(role, &format!("{sign} {}", heading_words(overview))), (Role::Strong, &name), (Role::Dim, &told)]);
    if overview.items.is_some() {
        page.text(2, Role::Strong, &events, 2);
    }
    partial::missing(page, overview);
    if let Some(told) = &overview.told {
        partial::told(page, told);
    }
    if let Some(words) = end_words(diagnosis) {
        page.text(2, Role::Plain, &words, 2);
    }
    for tight in &overview.tight {
        page.text(2, Role::Changed, &tight_words(tight), 2);
    }
    for run in &diagnosis.map_runs {
        page.text(2, Role::Changed, &map_run_words(run), 2);
    }
    if diagnosis.is_uneventful() {
        page.text(2, Role::Plain, nothing_words(overview), 1);
    }
}

/// Returns what the execution ended with, where no cause tells it.
pub(super) fn end_words(diagnosis: &Diagnosis) -> Option<String> {
    let told = |end: &Report| {
        diagnosis.causes.iter().any(|finding| match &finding.ended_in {
            Some((_, report)) => report.error == end.error,
            None => finding.error == end.error && !finding.stage.is_stateless(),
        })
    };
    let end = diagnosis.end.as_ref().filter(|end| !told(end))?;
    Some(format!("ended with {}", report_words(end)))
}

/// Returns how an execution stands; the results of a Map Run stand as its items do.
pub(super) fn standing(overview: &Overview) -> Status {
    let items = overview.items.as_ref().filter(|items| overview.status.is_unseen() && items.total.unwrap_or(0) > 0);
    match items.map(|items| items.failed.unwrap_or(0) + items.timed_out.unwrap_or(0)) {
        Some(0) => Status::Succeeded,
        Some(_) => Status::Failed,
        None => overview.status.clone(),
    }
}

/// Returns what an execution is called by how it stands; a Map Run's results do not say how the Map Run stands.
pub(super) fn heading_words(overview: &Overview) -> &str {
    match overview.items.is_some() && overview.status.is_unseen() {
        true => "MAP RUN",
        false => partial::status_words(&overview.status),
    }
}

/// Returns how the items of a Map Run stand.
pub(super) fn item_words(items: &Counts) -> String {
    let whole = |number: Option<u64>| usize::try_from(number.unwrap_or(0)).unwrap_or(usize::MAX);
    let ways = [
        (items.failed, "failed"),
        (items.timed_out, "timed out"),
        (items.aborted, "aborted"),
        (items.succeeded, "succeeded"),
        (items.running, "running"),
        (items.pending, "pending"),
    ];
    let told = ways.into_iter().filter(|(number, _)| whole(*number) > 0);
    let told: Vec<String> = told.map(|(number, way)| format!("{} {way}", count(whole(number)))).collect();
    let all = counted(whole(items.total), "item", "items");
    match (items.total.unwrap_or(0), told.as_slice()) {
        (0, _) => "no item is in what is here".to_owned(),
        (_, []) => all,
        (_, told) => format!("{all}: {}", told.join(", ")),
    }
}

/// Returns what there is to say when nothing that is there failed.
pub(super) fn nothing_words(overview: &Overview) -> &'static str {
    let failed = |items: &Counts| items.failed.unwrap_or(0) + items.timed_out.unwrap_or(0) > 0;
    match (overview.missing.is_empty(), &overview.status) {
        _ if overview.items.as_deref().is_some_and(failed) => "What the items failed with is not here.",
        (false, Status::Succeeded) => "It succeeded; what failed on the way, if anything did, is not here.",
        (false, _) if overview.items.as_ref().is_none_or(|items| items.total.unwrap_or(0) == 0) => {
            "Nothing failed in what is here."
        }
        _ => "Nothing failed.",
    }
}

/// Returns how the items of a Map Run stand, as one or two sentences.
pub fn map_run_words(run: &MapRunItems) -> String {
    let map = shown(&run.map);
    let Some(failed) = run.failed else {
        return format!("Of the items of {map} nothing is recorded.");
    };
    let of = match (run.counts_items, run.total) {
        (true, 1) => "1 item".to_owned(),
        (true, total) => format!("{} items", count(total)),
        (false, 1) => "1 execution".to_owned(),
        (false, total) => format!("{} executions", count(total)),
    };
    let came = match run.stands {
        MapStands::Passed => "failed, tolerated",
        MapStands::Open => "have failed so far",
        MapStands::Stopped => "had failed when it was stopped",
        MapStands::Failed => "failed",
    };
    let missing = match run.missing {
        0 => String::new(),
        missing if missing >= failed => " What failed in them is not in the recording.".to_owned(),
        1 => " 1 failed execution is not in the recording.".to_owned(),
        missing => format!(" {} failed executions are not in the recording.", count(missing)),
    };
    format!("{} of {of} in {map} {came}.{missing}", count(failed))
}

/// Returns how many items of a Map Run failed, beside its name: `3 of 50 items failed`. Nothing of one without.
pub fn map_run_note(family: &Family, execution: MemberId, map: VisitId) -> String {
    let Some(run) = MapRunItems::of(family, execution, map) else { return String::new() };
    let total = usize::try_from(run.total).unwrap_or(usize::MAX);
    match (run.failed, run.counts_items) {
        (Some(failed), true) => format!("{} of {} failed", count(failed), counted(total, "item", "items")),
        (Some(failed), false) => {
            format!("{} of {} failed", count(failed), counted(total, "execution", "executions"))
        }
        (None, _) => "items not recorded".to_owned(),
    }
}

/// Returns how near a limit something came.
pub(super) fn tight_words(tight: &Tight) -> String {
    match tight {
        Tight::Payload { state, event, used, limit } => {
            let state = shown(state);
            format!("near a limit: {} of {} in {state}, event {event}", size(*used), size(*limit))
        }
        Tight::Events { used, limit } if used >= limit => {
            format!("a limit is reached: a Standard execution ends with its {}th event", count(*limit))
        }
        Tight::Events { used, limit } => format!("near a limit: {} of {} events", count(*used), count(*limit)),
    }
}

/// Names the limit a failure ran into; by how much is not recorded.
fn limit(finding: &Finding) -> Option<String> {
    let is_too_large = finding.error.as_deref() == Some(TOO_LARGE);
    is_too_large.then(|| format!("a payload may have {}; the one that has more is not recorded", size(MAX_PAYLOAD)))
}

fn times(number: usize) -> String {
    match number {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}

fn cause(page: &mut Page, finding: &Finding, status: &Status) {
    let sign = page.paper().sign(FAILED);
    page.line(&[(Role::Failed, &format!("{sign} {}", title(finding, status)))]);
    page.text(2, Role::Strong, &whereabouts(finding), 3);
    if let Some(message) = &finding.cause {
        page.text(2, Role::Plain, &message.summary, 8);
    }
    for words in operand_lines(&finding.operands) {
        page.text(2, Role::Changed, &words, 4);
    }
    for (label, text, most) in facts(finding) {
        page.labelled(label, Role::Plain, &text, most);
    }
    if let Some(Form::Function { stack, .. }) = innermost(finding).map(|message| &message.form) {
        for (number, line) in stack.iter().take(8).enumerate() {
            page.labelled(if number == 0 { "stack" } else { "" }, Role::Dim, line.trim_start(), 2);
        }
    }
    whole_cause(page, finding);
    if let Some(input) = &finding.input {
        page.payload(input_label(finding), input, PAYLOAD_LINES);
    }
    if let Some(log) = &finding.log {
        function_log(page, log);
    }
}

/// Returns what the input of what failed is called: a task is given one of its own.
pub(super) fn input_label(finding: &Finding) -> &'static str {
    match finding.stage {
        Stage::Task | Stage::TimeOut => "task input",
        _ => "input",
    }
}

/// Adds the last lines of a function's log: the failure stands at its end.
pub(super) fn function_log(page: &mut Page, log: &FunctionLog) {
    let before = log.lines.len().saturating_sub(LOG_LINES);
    let from = log.group.as_deref().unwrap_or_default();
    if before > 0 {
        page.labelled("log", Role::Dim, &format!("{from}, the last {LOG_LINES} of {} lines", log.lines.len()), 1);
    } else {
        page.labelled("log", Role::Dim, from, 1);
    }
    for line in log.lines.iter().skip(before) {
        page.labelled("", Role::Plain, line, 3);
    }
}

/// Returns the error, or what happened when it has no name.
pub(super) fn title(finding: &Finding, status: &Status) -> String {
    match (&finding.error, finding.stage, &finding.fate) {
        (Some(error), ..) => error.to_string(),
        (None, Stage::TimeOut, _) => "States.Timeout".to_owned(),
        (None, Stage::Described, _) => "Failed without an error name".to_owned(),
        (None, Stage::Execution | Stage::NotRecorded, _) => match status {
            Status::TimedOut => "Timed out".to_owned(),
            Status::Aborted => "Stopped".to_owned(),
            _ => "Failed without an error name".to_owned(),
        },
        (None, ..) => "No error name".to_owned(),
    }
}

/// Returns where it failed.
pub(super) fn whereabouts(finding: &Finding) -> String {
    let mut text = match finding.stage {
        Stage::Execution => return "No state failed; the execution as a whole ended.".to_owned(),
        Stage::Described if finding.place.steps.is_empty() => {
            return "Which state failed is not known: no event is here.".to_owned();
        }
        Stage::NotRecorded => return "The events that tell what failed are not in the recording.".to_owned(),
        Stage::Task | Stage::TimeOut if finding.place.steps.is_empty() => {
            "a state whose entry is not in the recording".to_owned()
        }
        _ => breadcrumb(&finding.place),
    };
    if let Some((number, of)) = finding.attempt.filter(|(_, of)| *of > 1) {
        text.push_str(&format!(" ▸ attempt {number} of {of}"));
    }
    if finding.count > 1 {
        text.push_str(&format!(", and {} more like it", finding.count - 1));
    }
    text
}

/// Returns what else is known of a failure: label, text, most lines.
pub(super) fn facts(finding: &Finding) -> Vec<(&'static str, String, usize)> {
    let mut facts = vec![("what", what(finding), 3)];
    facts.extend(origin(finding).into_iter().map(|words| ("from", words, 2)));
    facts.extend(finding.openers.iter().map(|opener| ("open", opener.command.clone(), 4)));
    for (number, tried) in finding.tries.iter().enumerate() {
        let error = tried.error.as_deref().unwrap_or("unnamed error");
        let message = tried.cause.as_ref().map(|cause| format!(": {}", cause.summary)).unwrap_or_default();
        let waited = tried.waited.map(|micros| format!(", retried after {}", duration(micros))).unwrap_or_default();
        let label = if number == 0 { "before" } else { "" };
        facts.push((label, format!("event {}{waited}: {error}{message}", tried.event), 2));
    }
    let runs = finding.runs.iter().map(|(name, run, of)| format!("{name}: run {run} of {of}"));
    facts.extend(runs.map(|text| ("runs", text, 1)));
    let through = finding.through.iter().map(|place| format!("{} (event {})", breadcrumb(place), place.event));
    facts.extend(through.map(|text| ("through", text, 2)));
    facts.extend(fate(finding).map(|text| ("then", text, 2)));
    if let Some((state, report)) = &finding.ended_in {
        facts.push(("ended in", format!("{state}: {}", report_words(report)), 3));
    }
    facts.extend(limit(finding).map(|text| ("limit", text, 2)));
    facts.extend(aborted(&finding.aborted).map(|text| ("aborted", text, 3)));
    facts.extend(finding.items.as_ref().and_then(items).map(|text| ("items", text, 3)));
    if finding.count > 1 {
        facts.push(("alike", alike(finding), 4));
    }
    facts
}

fn what(finding: &Finding) -> String {
    let what = match finding.stage {
        Stage::Task => "task failed",
        Stage::TimeOut => "task timed out",
        Stage::FailState => "Fail state reached",
        Stage::Evaluation => "expression failed",
        Stage::MapRun => "map run failed",
        Stage::State => "state failed by itself",
        Stage::Execution => "execution ended",
        Stage::Described => return "as the service says; no event is here".to_owned(),
        Stage::NotRecorded => return format!("the recording ends after event {}", finding.place.event),
    };
    let task = finding.task.as_deref().map(|task| format!(" {task},")).unwrap_or_default();
    let took = finding.micros.map(|micros| format!(" after {},", duration(micros))).unwrap_or_default();
    let attempt = finding.attempt.filter(|(_, of)| *of == 1).map(|_| " only attempt,").unwrap_or_default();
    format!("{what},{task}{took}{attempt} event {}", finding.place.event)
}

/// Returns what came of a failure.
pub(super) fn fate(finding: &Finding) -> Option<String> {
    Some(match &finding.fate {
        Fate::EndedRun if finding.stage.is_stateless() => return None,
        Fate::EndedRun => "nothing caught it: the execution failed with it".to_owned(),
        Fate::Caught { by, to: Some(to), .. } => format!("caught by {by}, which led to {to}"),
        Fate::Caught { by, to: None, .. } => format!("caught by {by}, whose catcher ended the flow"),
        Fate::Recovered => "a later attempt succeeded".to_owned(),
        Fate::Pending => "nothing has followed yet".to_owned(),
        Fate::RunAgain { by } => format!("{by} was run again"),
        Fate::Redriven => "the execution was redriven".to_owned(),
        Fate::Tolerated { by } => format!("tolerated by {by}"),
        Fate::Overtaken => "aborted with another failure before a retry succeeded".to_owned(),
    })
}

fn report_words(report: &Report) -> String {
    let error = report.error.as_deref().unwrap_or("unnamed error");
    match &report.cause {
        Some(cause) => format!("{error}: {}", cause.summary),
        None => error.to_owned(),
    }
}

fn aborted(aborted: &Aborted) -> Option<String> {
    if aborted.is_empty() {
        return None;
    }
    let states = aborted.states.iter().map(|(name, times)| match times {
        1 => name.to_string(),
        more => format!("{name} ({more} times)"),
    });
    let mut parts: Vec<String> = Vec::new();
    if aborted.items > 0 {
        parts.push(counted(aborted.items, "item", "items"));
    }
    if aborted.branches > 0 {
        parts.push(counted(aborted.branches, "branch", "branches"));
    }
    let states: Vec<String> = states.collect();
    if !states.is_empty() {
        let listed = states.get(..states.len().min(6)).unwrap_or_default().join(", ");
        let more = if states.len() > 6 { ", …" } else { "" };
        parts.push(format!("states {listed}{more}"));
    }
    Some(parts.join("; "))
}

fn items(items: &Items) -> Option<String> {
    if items.failed == 0 {
        return None;
    }
    let mut text = format!("{} of {} in {} had failures", count(items.failed), count(items.total), items.map);
    if !items.indexes.is_empty() {
        let numbers = items.indexes.iter().take(8).map(u64::to_string).collect::<Vec<_>>().join(", ");
        text.push_str(&format!(": {numbers}{}", if items.indexes.len() > 8 { ", …" } else { "" }));
    }
    if let Some(tolerated) = items.tolerated {
        text.push_str(&format!(", {tolerated} tolerated"));
    }
    for told in contrast_words(&items.contrast).into_iter().take(TOLD) {
        text.push_str(&format!("; {told}"));
    }
    Some(text)
}

fn alike(finding: &Finding) -> String {
    let places = std::iter::once(&finding.place).chain(&finding.alike).take(6);
    let listed = places.map(|place| match finding.stage {
        Stage::Described => breadcrumb(place),
        _ => format!("{} (event {})", breadcrumb(place), place.event),
    });
    let more = if finding.count > 6 { format!(", and {} more", finding.count - 6) } else { String::new() };
    listed.collect::<Vec<_>>().join(", ") + &more
}

fn others(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.others.is_empty() {
        return;
    }
    page.gap();
    page.line(&[(Role::Dim, "Also failed, without ending the run:")]);
    let sign = page.paper().sign(CAUGHT);
    for finding in diagnosis.others.iter().take(LISTED) {
        let times = if finding.count > 1 { format!(" × {}", finding.count) } else { String::new() };
        let head = format!("  {sign} {}", breadcrumb(&finding.place));
        page.line(&[
            (Role::Caught, &head),
            (Role::Plain, &format!("  {}{times}  event {}", title(finding, &diagnosis.status), finding.place.event)),
        ]);
        if let Some(message) = &finding.cause {
            page.text(4, Role::Plain, &message.summary, 2);
        }
        let before = match finding.tries.len() {
            0 => String::new(),
            tries => format!("after {} before it, ", counted(tries, "failed attempt", "failed attempts")),
        };
        page.text(4, Role::Dim, &format!("{before}{}", fate(finding).unwrap_or_default()), 2);
    }
    if diagnosis.others.len() > LISTED {
        page.text(2, Role::Dim, &format!("… and {} more", diagnosis.others.len() - LISTED), 1);
    }
}

fn waits(page: &mut Page, diagnosis: &Diagnosis) {
    if diagnosis.waiting.is_empty() {
        return;
    }
    page.gap();
    let stopped = !diagnosis.causes.is_empty();
    page.line(&[(Role::Dim, if stopped { "It was waiting:" } else { "It is waiting:" })]);
    let sign = page.paper().sign(RUNNING);
    for waiting in diagnosis.waiting.iter().take(LISTED) {
        let times = if waiting.count > 1 { format!(" and {} more", waiting.count - 1) } else { String::new() };
        page.line(&[(Role::Running, &format!("  {sign} {}{times}", breadcrumb(&waiting.place)))]);
        page.text(4, Role::Plain, &waiting_words(waiting), 3);
    }
}

/// Returns what something waits for in words.
pub(super) fn waiting_words(waiting: &Waiting) -> String {
    let of = |name: &Option<Arc<str>>| name.as_deref().map(|name| format!(" ({name})")).unwrap_or_default();
    let what = match &waiting.what {
        WaitingFor::Time => "for a point in time".to_owned(),
        WaitingFor::Token { task } => format!("for its task token to be returned{}", of(task)),
        WaitingFor::Job { task } => format!("for a job to end{}", of(task)),
        WaitingFor::Answer { task } => format!("for an answer{}", of(task)),
        WaitingFor::Worker { activity } => format!("for a worker to take the activity up{}", of(activity)),
        WaitingFor::Work { activity, worker: Some(worker) } => format!("for worker {worker}{}", of(activity)),
        WaitingFor::Work { activity, worker: None } => format!("for its worker{}", of(activity)),
        WaitingFor::Retry { error } => format!("to try again after{}", of(error)),
        WaitingFor::MapRun => "for its map run".to_owned(),
        WaitingFor::Step => "for its next step".to_owned(),
    };
    let so_far = waiting.micros.filter(|micros| *micros > 0).map(|micros| format!(", {} so far", duration(micros)));
    let at = waiting.since_at.map(|at| format!("{} ", moment_utc(at))).unwrap_or_default();
    let ends: String = ends_words(waiting, waiting.seen).into_iter().map(|words| format!(", {words}")).collect();
    format!("{what} since {at}(event {}){}{ends}", waiting.since, so_far.unwrap_or_default())
}

/// Returns when something stops waiting by itself, seen at a moment: `until 14:32:10 UTC, 4 min 3 s to go`, and what else
/// would end it.
pub fn ends_words(waiting: &Waiting, now: Option<Timestamp>) -> Vec<String> {
    let seconds = |seconds: u64| duration(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000));
    let mut words = Vec::new();
    if let Some(ends) = waiting.ends {
        let near = waiting.since_at.is_some_and(|since| moment(since).get(..10) == moment(ends.at).get(..10));
        let at = if near { moment_utc(ends.at).split_off(11) } else { moment_utc(ends.at) };
        let left = now.map(|now| ends.at.micros_since(now));
        let left = match left {
            Some(left) if left >= 0 => format!(", {} to go", duration(left - left % 1_000_000)),
            Some(_) => ", which has passed".to_owned(),
            None => String::new(),
        };
        words.push(match ends.by {
            EndsBy::Wait => format!("until {at}{left}"),
            EndsBy::Retry => format!("tries again at {at}{left}"),
            EndsBy::TimeOut => format!("times out at {at}{left}"),
            EndsBy::Execution => format!("the execution times out at {at}{left}"),
        });
    } else if let Some(limit) = waiting.timeout_seconds {
        // An activity's time begins when a worker takes it up.
        words.push(format!("may take {} once it is taken up", seconds(limit)));
    }
    words.extend(waiting.heartbeat_seconds.map(|limit| format!("needs a heartbeat every {}", seconds(limit))));
    words
}

//! Sentences that need more than gaps to be filled: which of several parts it was that failed.

use super::super::document::{Document, one_line};
use super::super::text::reasons_told;
use super::inner;
use serde_json::Value;

/// Signals by their numbers; an exit code over 128 is a signal's number and 128.
const SIGNALS: [(i64, &str); 6] =
    [(1, "SIGHUP"), (2, "SIGINT"), (6, "SIGABRT"), (9, "SIGKILL"), (11, "SIGSEGV"), (15, "SIGTERM")];

/// Returns `code 139 (SIGSEGV)`.
fn exit_code(code: i64) -> String {
    match SIGNALS.iter().find(|(number, _)| number + 128 == code) {
        Some((_, signal)) => format!("code {code} ({signal})"),
        None => format!("code {code}"),
    }
}

/// A container that ended, as ECS, Batch and EKS describe it.
struct Container {
    name: Option<String>,
    code: Option<i64>,
    reason: Option<String>,
}

impl Container {
    fn of(document: Document<'_>) -> Self {
        let (name, reason) = (document.text("Name"), document.text("Reason"));
        Self { name, code: document.number("ExitCode"), reason }
    }

    /// The higher, the more likely it is the one that ended the others: out of memory, a failure of its own, a start
    /// that failed, and last what a stopping task sends to every container.
    fn guilt(&self) -> u8 {
        match (self.code, self.reason.as_deref().unwrap_or_default()) {
            (_, reason) if reason.contains("OutOfMemory") => 4,
            (Some(0), _) => 0,
            (Some(137 | 143), "") => 1,
            (Some(_), _) => 3,
            (None, "") => 0,
            (None, _) => 2,
        }
    }

    /// Returns the memory it had, in MiB, if that is what it lacked: its own limit, or that of its task.
    fn memory(&self, own: Option<i64>, task: Option<i64>) -> String {
        let is_short = self.reason.as_deref().is_some_and(|reason| reason.contains("OutOfMemory"));
        let memory = own.filter(|own| *own > 0).or(task).filter(|_| is_short);
        memory.map(|memory| format!(" (it had {memory} MiB)")).unwrap_or_default()
    }

    /// Returns what became of it: `Container etl exited with code 137: OutOfMemoryError: …`.
    fn sentence(&self, otherwise: Option<String>) -> Option<String> {
        let name = self.name.as_deref().map(|name| format!("Container {name}")).unwrap_or_else(|| "Container".into());
        let why = self.reason.clone().or(otherwise);
        match (self.code, why) {
            (Some(code), Some(why)) => Some(format!("{name} exited with {}: {why}", self.told_code(code))),
            (Some(code), None) => Some(format!("{name} exited with {}", exit_code(code))),
            (None, Some(why)) => Some(format!("{name}: {why}")),
            (None, None) => None,
        }
    }

    /// What the reason says need not be said of the signal.
    fn told_code(&self, code: i64) -> String {
        if self.reason.is_some() { format!("code {code}") } else { exit_code(code) }
    }
}

/// A task of ECS: the container it stopped for, or why it did not start or was stopped.
pub(super) fn ecs_task(task: Document<'_>) -> Option<String> {
    let stopped = task.text("StoppedReason").map(|reason| inner(&reason, 0));
    let by_itself = task.text("StopCode").is_none_or(|code| code == "EssentialContainerExited");
    let mut containers: Vec<Container> = task.items("Containers").map(Container::of).collect();
    // The sort is stable: of equals the first one stays in front.
    containers.sort_by_key(|container| std::cmp::Reverse(container.guilt()));
    let guilty = containers.first().filter(|container| container.guilt() > 0);
    let own = |container: &Container| {
        let named = |document: &Document<'_>| document.text("Name") == container.name;
        task.items("Containers").find(named).and_then(|document| document.number("Memory"))
    };
    let told = |container: &Container, reason: Option<String>| {
        Some(container.sentence(reason)? + &container.memory(own(container), task.number("Memory")))
    };
    let code = task.text("StopCode").map(|code| format!(" ({code})")).unwrap_or_default();
    match (guilty, stopped) {
        (Some(container), Some(reason)) if by_itself || is_general(&reason) => told(container, Some(reason)),
        (Some(container), None) => told(container, None),
        (_, Some(reason)) => Some(format!("{reason}{code}")),
        (None, None) => {
            let task = task.text("LastStatus").map(|status| format!("The task ended {status}"))?;
            Some(format!("{task}{code}"))
        }
    }
}

/// What is said of every task whose container ended tells nothing.
fn is_general(reason: &str) -> bool {
    reason.starts_with("Essential container") || reason.trim_end_matches('.') == "Task failed to start"
}

/// A task that ECS found no place for.
pub(super) fn ecs_placement(answer: Document<'_>) -> Option<String> {
    let count = answer.items("Failures").count();
    let reason = answer.text("Failures.0.Reason")?;
    let detail = answer.text("Failures.0.Detail").map(|detail| format!(": {detail}")).unwrap_or_default();
    let at = answer.text("Failures.0.Arn").and_then(|arn| Some(arn.rsplit_once(':')?.1.to_owned()));
    let at = at.map(|at| format!(" on {at}")).unwrap_or_default();
    let more = if count > 1 {
        format!(" (and {} more {})", count - 1, if count == 2 { "failure" } else { "failures" })
    } else {
        String::new()
    };
    Some(format!("The task could not be placed: {reason}{detail}{at}{more}"))
}

/// A job of Batch: of its last attempt, or of the container that failed in it.
pub(super) fn batch_job(job: Document<'_>) -> Option<String> {
    let name = job.text("JobName").or_else(|| job.text("JobId")).unwrap_or_default();
    let status = job.text("StatusReason").or_else(|| job.text("Attempts.-1.StatusReason"));
    let tries = match job.items("Attempts").count() {
        0 | 1 => String::new(),
        tries => format!(" (attempt {tries})"),
    };
    if let Some(failed) = job.number("ArrayProperties.StatusSummary.FAILED").filter(|failed| *failed > 0) {
        let size = job.number("ArrayProperties.Size").map(|size| format!(" of {size}")).unwrap_or_default();
        return Some(format!("{failed}{size} child jobs of {name} failed{}", after_colon(status)));
    }
    let lists = ["EcsProperties.TaskProperties.0.Containers", "EksProperties.PodProperties.Containers"];
    let attempts = ["Attempts.-1.TaskProperties.0.Containers", "Attempts.-1.Containers"];
    let all = lists.iter().chain(&attempts).flat_map(|way| job.items(way)).map(Container::of);
    if let Some(guilty) = all.filter(|container| container.guilt() > 0).max_by_key(Container::guilt) {
        return Some(format!("{}{tries}, job {name}", guilty.sentence(status)?));
    }
    let code = job.number("Container.ExitCode").or_else(|| job.number("Attempts.-1.Container.ExitCode"));
    let reason = job.text("Container.Reason").or_else(|| job.text("Attempts.-1.Container.Reason"));
    let why = match (reason, status) {
        (Some(reason), Some(status)) if !is_general(&status) && !status.contains(&reason) => {
            Some(format!("{reason}; {status}"))
        }
        (reason, status) => reason.or(status),
    };
    match (code.filter(|code| *code != 0), why) {
        (Some(code), why) => Some(format!("Job {name} exited with {}{tries}{}", exit_code(code), after_colon(why))),
        (None, Some(why)) => Some(format!("Job {name}{tries}: {why}")),
        (None, None) => Some(format!("Job {name} ended {}", job.text("Status")?)),
    }
}

fn after_colon(why: Option<String>) -> String {
    why.map(|why| format!(": {why}")).unwrap_or_default()
}

/// A build of CodeBuild: the first phase that failed, with what it says.
pub(super) fn build(build: Document<'_>) -> Option<String> {
    let status = build.text("BuildStatus")?;
    let phase = build
        .items("Phases")
        .find(|phase| phase.text("PhaseStatus").is_some_and(|status| !matches!(&*status, "SUCCEEDED" | "QUEUED")));
    let Some(phase) = phase else {
        let id = build.text("Id").map(|id| format!(" {id}")).unwrap_or_default();
        return Some(format!("Build{id} ended {status}"));
    };
    let (name, ended) = (phase.text("PhaseType")?, phase.text("PhaseStatus")?);
    let told = phase.items("Contexts").find_map(|context| {
        let message = context.text("Message")?;
        let code = context.text("StatusCode").map(|code| format!(" ({code})")).unwrap_or_default();
        Some(format!("{}{code}", inner(&message, 0)))
    });
    let code = || phase.text("Contexts.0.StatusCode");
    let verb = match &*ended {
        "FAULT" => "failed by a fault of the service".to_owned(),
        "CLIENT_ERROR" | "FAILED" => "failed".to_owned(),
        "TIMED_OUT" => "timed out".to_owned(),
        "STOPPED" => "was stopped".to_owned(),
        other => format!("ended {other}"),
    };
    Some(format!("{name} {verb}{}", after_colon(told.or_else(code))))
}

/// A batch of builds: the builds that failed.
pub(super) fn build_batch(batch: Document<'_>) -> Option<String> {
    let status = batch.text("BuildBatchStatus")?;
    let failed = batch.items("BuildGroups").filter_map(|group| {
        let status = group.text("CurrentBuildSummary.BuildStatus").filter(|status| status != "SUCCEEDED")?;
        Some(format!("{} {status}", group.text("Identifier")?))
    });
    let failed: Vec<String> = failed.collect();
    match failed.is_empty() {
        true => Some(format!("The build batch ended {status}")),
        false => Some(format!("The build batch ended {status}: {}", failed.join(", "))),
    }
}

/// A step of EMR: what it failed with, or why its state changed.
pub(super) fn emr_step(step: Document<'_>) -> Option<String> {
    let name = step.text("Name").map(|name| format!(", step {name}")).unwrap_or_default();
    let details = ["Status.FailureDetails.Message", "Status.FailureDetails.Reason", "Status.StateChangeReason.Message"];
    let said = details.iter().filter_map(|way| step.text(way)).find(|text| text != "Unknown Error.");
    match said.or_else(|| step.text("Status.FailureDetails.Reason")) {
        Some(said) => Some(format!("{}{name}", inner(&said, 0))),
        None => Some(format!("The step ended {}{name}", step.text("Status.State")?)),
    }
}

/// A job run or an application of EMR Serverless, without where it says that logs may be.
pub(super) fn emr_serverless(run: Document<'_>) -> Option<String> {
    const PLACE: &str = "please check complete logs in configured logging destination.";
    let name = run.text("Name").map(|name| format!(", job run {name}")).unwrap_or_default();
    let Some(details) = run.text("StateDetails") else {
        let id = run.text("JobRunId").map_or_else(|| "The application".into(), |id| format!("Job run {id}"));
        return Some(format!("{id} ended {}", run.text("State")?));
    };
    let details = details.split_once(PLACE).map_or(&*details, |(_, rest)| rest).trim();
    let told = details.split_once("Last few exceptions: ").filter(|(_, exceptions)| !exceptions.is_empty());
    let Some((before, exceptions)) = told else { return Some(format!("{}{name}", inner(details, 0))) };
    let code = before.split_once("ExitCode: ").map(|(_, code)| code.trim_end_matches([' ', '.']).to_owned());
    let code = code.filter(|code| !code.is_empty()).map(|code| format!(" (exit code {code})")).unwrap_or_default();
    let exceptions = exceptions.trim_start_matches("Caused by: ");
    Some(format!("{exceptions}{code}{name}"))
}

/// An object of Kubernetes: a refusal (`kind: Status`), or a job's condition.
pub(super) fn kubernetes(object: Document<'_>) -> Option<String> {
    if let Some(message) = object.text("Message") {
        let reason = object.text("Reason").map(|reason| format!(" ({reason})")).unwrap_or_default();
        return Some(format!("{message}{reason}"));
    }
    let failed = object.items("Status.Conditions").find(|condition| {
        condition.text("Type").as_deref() == Some("Failed") && condition.text("Status").as_deref() != Some("False")
    })?;
    let name = object.text("Metadata.Name").map(|name| format!("Job {name}: ")).unwrap_or_default();
    let reason = failed.text("Reason").map(|reason| format!(" ({reason})")).unwrap_or_default();
    Some(format!("{name}{}{reason}", failed.text("Message").or_else(|| failed.text("Reason"))?))
}

/// A statement of the Redshift Data API, or the one of a batch that failed.
pub(super) fn redshift_statement(statement: Document<'_>) -> Option<String> {
    let error = statement.text("Error");
    let failed = || {
        let number = statement.items("SubStatements").position(|part| part.has("Error"))?;
        let part = statement.items("SubStatements").nth(number)?;
        Some(format!("{} (statement {})", part.text("Error")?, number + 1))
    };
    error.or_else(failed).or_else(|| Some(format!("The statement ended {}", statement.text("Status")?)))
}

/// A transaction of DynamoDB: which of its items it was cancelled for.
pub(super) fn cancellation(answer: Document<'_>) -> Option<String> {
    let codes: Vec<String> = answer
        .items("CancellationReasons")
        .map(|reason| reason.text("Code").unwrap_or_else(|| "None".into()))
        .collect();
    let told = reasons_told(codes.iter().map(String::as_str))?;
    let said = answer.items("CancellationReasons").find_map(|reason| reason.text("Message"));
    Some(format!("Transaction cancelled: {told}{}", said.map(|said| format!(": {said}")).unwrap_or_default()))
}

/// Entries of which some were not taken: `{"Entries": [{"EventId"}, {"ErrorCode", "ErrorMessage"}]}`.
pub(super) fn failed_entries(answer: Document<'_>, list: &str, noun: &str) -> Option<String> {
    let total = answer.items(list).count();
    let mut failed = answer.items(list).enumerate().filter(|(_, entry)| entry.has("ErrorCode|ErrorMessage"));
    let (place, first) = failed.next()?;
    let more = match failed.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let code = first.text("ErrorCode");
    let told = match (first.text("ErrorMessage"), code) {
        (Some(message), Some(code)) => format!("{message} ({code})"),
        (message, code) => message.or(code)?,
    };
    Some(format!("{noun} {} of {total} failed: {told}{more}", place + 1))
}

/// Messages of a batch of which some were not taken: `{"Failed": [{"Id", "Code", "Message"}], "Successful": […]}`.
pub(super) fn failed_batch(answer: Document<'_>) -> Option<String> {
    let failed = answer.items("Failed").count();
    let total = failed + answer.items("Successful").count();
    let id = answer.text("Failed.0.Id").map(|id| format!(" {id}")).unwrap_or_default();
    let code = answer.text("Failed.0.Code");
    let told = match (answer.text("Failed.0.Message"), code) {
        (Some(message), Some(code)) => format!("{message} ({code})"),
        (message, code) => message.or(code)?,
    };
    Some(format!("{failed} of {total} messages failed, the first{id}: {told}"))
}

/// An HTTP response as a document: its status and what its body says.
pub(super) fn response(answer: Document<'_>) -> Option<String> {
    let code = answer.number("StatusCode")?;
    let phrase = answer.text("StatusText");
    let body = answer.at("ResponseBody").or_else(|| answer.at("Body")).and_then(|body| match body {
        Value::String(text) => Some(one_line(text)).filter(|text| !text.is_empty()).map(|text| inner(&text, 0)),
        body => Some(inner(&body.to_string(), 0)),
    });
    Some(answered(code, phrase.as_deref(), body.as_deref()))
}

/// The usual words of HTTP statuses.
const PHRASES: [(i64, &str); 18] = [
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (413, "Content Too Large"),
    (415, "Unsupported Media Type"),
    (422, "Unprocessable Content"),
    (429, "Too Many Requests"),
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
];

/// Returns `404 Not Found: what the body says`.
pub(in super::super) fn answered(code: i64, phrase: Option<&str>, body: Option<&str>) -> String {
    let usual = PHRASES.iter().find(|(known, _)| *known == code).map(|(_, phrase)| *phrase);
    let head = match phrase.or(usual) {
        Some(phrase) => format!("{code} {phrase}"),
        None => format!("HTTP status {code}"),
    };
    let says_more = |body: &&str| !body.is_empty() && !head.eq_ignore_ascii_case(body);
    let body = body.map(str::trim).filter(says_more);
    // A body that begins with the status says it already.
    match body {
        Some(body) if body.starts_with(&code.to_string()) => body.to_owned(),
        Some(body) if phrase.or(usual).is_some_and(|phrase| phrase.eq_ignore_ascii_case(body)) => head,
        Some(body) => format!("{head}: {body}"),
        None => head,
    }
}

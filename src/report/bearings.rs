//! Where an execution is found and how one gets back to it: what everybody who reads a summary needs next.
//!
//! ```text
//! machine     nightly-import, us-east-1, account 123456789012
//! failed at   2026-11-20 03:14:07 UTC (2026-11-20 04:14:07 CET)
//! console     https://us-east-1.console.aws.amazon.com/states/home?region=us-east-1#/v2/executions/details/arn…
//! reopen      stepback nightly.sfn.json --at 142
//! ```

use super::markdown::{code_span, escaped, why_markdown};
use super::page::{Page, Paper, Role};
use super::quantity::{moment_iso, moment_utc};
use super::why::why;
use super::zone::Zone;
use crate::analysis::{Diagnosis, Overview, Whereabouts};
use crate::event::EventId;
use serde_json::{Value, json};

/// Where an execution is found and how one gets back to it.
#[derive(Debug, Clone, Default)]
pub struct Bearings {
    /// What it is called in AWS, and when it failed.
    pub found: Whereabouts,
    /// The command that shows it again; `None` when what was read cannot be read once more.
    pub reopen: Option<String>,
    /// The clocks of whoever reads it.
    pub zone: Zone,
}

impl Bearings {
    /// Where an execution that was opened from a target is found. Standard input cannot be read once more: what came
    /// from there is opened by its ARN.
    pub fn new(found: Whereabouts, target: &str, zone: &Zone) -> Self {
        let again = match target {
            "-" => found.remote.as_ref().map(|remote| reopening(&remote.arn(), found.event)),
            target => Some(reopening(target, found.event)),
        };
        Self { found, reopen: again, zone: zone.clone() }
    }

    /// Returns the machine, the region and the account, as far as they are known.
    pub(super) fn machine(&self) -> Option<String> {
        let Whereabouts { machine, region, account, .. } = &self.found;
        let account = account.as_deref().map(|account| format!("account {account}"));
        let parts = [machine.as_deref(), region.as_deref(), account.as_deref()];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Returns when it failed, in UTC and, where that is something else, as the reader's clocks show it.
    pub(super) fn failed(&self) -> Option<String> {
        let at = self.found.failed?;
        let local = self.zone.local(at).map(|local| format!(" ({local})")).unwrap_or_default();
        Some(format!("{}{local}", moment_utc(at)))
    }

    fn is_empty(&self) -> bool {
        self.machine().is_none() && self.found.failed.is_none() && self.reopen.is_none()
    }
}

/// Returns the command that shows a target at an event.
pub fn reopening(target: &str, event: Option<EventId>) -> String {
    let at = event.map(|event| format!(" --at {event}")).unwrap_or_default();
    format!("stepback {}{at}", argument(target))
}

/// Writes a name so that a shell and the command line read it as that name, whatever it begins with.
fn argument(name: &str) -> String {
    let name = if name.starts_with('-') && name != "-" { format!("./{name}") } else { name.to_owned() };
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_./:=".contains(c));
    if plain { name } else { format!("'{}'", name.replace('\'', r"'\''")) }
}

/// Returns the root cause as lines of text, and below it where the execution is found.
pub fn why_and_where(diagnosis: &Diagnosis, overview: &Overview, bearings: &Bearings, paper: Paper) -> Vec<String> {
    let mut lines = why(diagnosis, overview, paper);
    if !bearings.is_empty() {
        lines.push(String::new());
        lines.extend(bearings_lines(bearings, paper));
    }
    lines
}

fn bearings_lines(bearings: &Bearings, paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    if let Some(machine) = bearings.machine() {
        page.labelled("machine", Role::Plain, &machine, 2);
    }
    if let Some(failed) = bearings.failed() {
        page.labelled("failed at", Role::Plain, &failed, 2);
    }
    // Addresses and commands are copied: broken into lines they would be none.
    for (label, text) in [("console", bearings.found.console()), ("reopen", bearings.reopen.clone())] {
        if let Some(text) = text {
            page.unbroken(label, Role::Plain, &text);
        }
    }
    page.into_lines()
}

/// Returns the root cause as Markdown, to be pasted into a ticket, and below it where the execution is found.
pub fn ticket(diagnosis: &Diagnosis, overview: &Overview, bearings: &Bearings) -> Vec<String> {
    let mut lines = why_markdown(diagnosis, overview);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let machine = bearings.machine().map(|machine| format!("Machine: {}", escaped(&machine)));
    let failed = bearings.failed().map(|failed| format!("Failed at: {}", escaped(&failed)));
    // An ARN that could be read has nothing that would end the address, and the console's form is percent-encoded.
    let console = bearings.found.console().map(|address| format!("[Open in the AWS console](<{address}>)"));
    let reopen = bearings.reopen.as_ref().map(|command| format!("Reopen with {}", code_span(command)));
    let told: Vec<String> = [machine, failed, console, reopen].into_iter().flatten().collect();
    if !told.is_empty() {
        lines.extend([String::new(), told.join("\\\n")]);
    }
    lines
}

/// Adds to an answer for programs where the execution is found; `stepback.why/1` tells the members.
pub fn with_bearings(mut answer: Value, bearings: &Bearings) -> Value {
    let Whereabouts { machine, region, account, remote, failed, .. } = &bearings.found;
    let members = json!({
        "stateMachine": machine,
        "region": region,
        "account": account,
        "arn": remote.as_ref().map(ToString::to_string),
        "console": bearings.found.console(),
        "failedAt": failed.map(moment_iso),
        "reopen": bearings.reopen,
    });
    if let (Some(answer), Value::Object(members)) = (answer.as_object_mut(), members) {
        answer.extend(members);
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_as_that_name() {
        for (name, written) in [
            ("a/b.json", "a/b.json"),
            ("-", "-"),
            ("-rf", "./-rf"),
            ("--help me", "'./--help me'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ] {
            assert_eq!(argument(name), written);
        }
    }
}

//! An execution as one HTML page to hand over: the root cause, the visits with their data, the events.
//!
//! The page needs nothing from elsewhere, runs no script and folds with `<details>`. Everything recorded is escaped;
//! payloads are shown as they were received, indented when they are JSON.

use super::page::{Paper, Role};
use super::quantity::{counted, duration, moment_iso, moment_utc, size};
use super::signs::{attempt_note, attempt_sign, beside, execution_sign, note, outcome_sign};
use super::why::{map_run_note, why};
use super::words::shown;
use crate::analysis::{Diagnosis, Overview};
use crate::event::{EventId, StateType};
use crate::history::{Family, History, MemberId, Outcome, Place, ScopeId, ScopeOutcome, VisitId};
use crate::json::Payload;
use std::fmt::Write;

/// The paper signs and words are taken for.
const PAPER: Paper = Paper { width: 110, color: false, unicode: true };
/// Longer payloads are cut, and their size told.
const LONGEST: usize = 64 * 1024;
/// Containers are shown this deep.
const DEPTH: usize = 40;

const STYLE: &str = "\
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}\
pre{font:13px/1.45 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;background:#8881;\
padding:.6rem .8rem;border-radius:6px}details{margin-left:1.1rem}details>summary{margin-left:-1.1rem;cursor:pointer}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.1rem .6rem;border-bottom:1px solid #8883}\
small,.dim{color:#888}.failed{color:#c91b2b}.caught{color:#a06a00}.good{color:#1a7f37}.running{color:#0969da}.aborted{color:#8a6a50}";

/// Returns the page.
pub fn html(family: &Family, diagnosis: &Diagnosis, overview: &Overview) -> String {
    let (role, sign) = execution_sign(PAPER, &overview.status);
    let name = escaped(overview.name.as_deref().unwrap_or("Execution"));
    let mut facts: Vec<String> = overview.started.iter().map(|started| moment_utc(*started)).collect();
    facts.extend(overview.micros.map(duration));
    facts.push(counted(overview.events, "event", "events"));
    let mut page = Page(String::new());
    page.add(format_args!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{name}: {status}</title>\n<style>{STYLE}</style>\n\
         <h1><span class=\"{class}\">{sign} {status}</span> {name}</h1>\n<p class=\"dim\">{facts}</p>\n",
        status = overview.status.name(),
        class = class(role),
        facts = escaped(&facts.join(" · ")),
    ));
    let cause = why(diagnosis, overview, PAPER);
    page.add(format_args!("<h2>What went wrong</h2>\n<pre>{}</pre>\n<h2>Visits</h2>\n", escaped(&cause.join("\n"))));
    page.flow(family, MemberId::ROOT, ScopeId::ROOT, 0);
    page.events(family.root());
    page.0.push_str("</html>\n");
    page.0
}

struct Page(String);

impl Page {
    fn add(&mut self, text: std::fmt::Arguments<'_>) {
        let _ = self.0.write_fmt(text);
    }

    fn flow(&mut self, family: &Family, execution: MemberId, scope: ScopeId, depth: usize) {
        for visit in &family.member(execution).history.scope(scope).visits {
            self.visit(family, execution, *visit, depth);
        }
    }

    fn visit(&mut self, family: &Family, execution: MemberId, id: VisitId, depth: usize) {
        let history = &family.member(execution).history;
        let visit = history.visit(id);
        let (role, sign) = outcome_sign(PAPER, visit.outcome);
        let took = history.duration_micros(id).map(duration);
        let open = matches!(visit.outcome, Outcome::Failed { .. } | Outcome::TimedOut { .. }) && depth < 6;
        self.begin(
            open,
            role,
            sign,
            &visit.name,
            &beside([note(history, id), map_run_note(family, execution, id)]),
            took,
        );
        self.payload("input", history.input(id));
        if visit.kind == StateType::Task && visit.attempts.len() > 1 {
            for attempt in &visit.attempts {
                let tried = history.attempt(*attempt);
                let (role, sign) = attempt_sign(PAPER, tried.outcome);
                let name = format!("attempt {}", tried.number);
                let took = history.attempt_micros(*attempt).map(duration);
                self.begin(false, role, sign, &name, &attempt_note(history, tried), took);
                self.payload("sent", history.attempt_input(*attempt));
                self.payload("answer", history.attempt_output(*attempt));
                self.failure(history, tried.outcome.failure());
                self.0.push_str("</details>\n");
            }
        } else {
            self.failure(history, visit.outcome.failure().filter(|_| visit.kind == StateType::Task));
        }
        if depth < DEPTH {
            for scope in &visit.children {
                self.scope(family, execution, *scope, depth + 1);
            }
            let nested = visit.attempts.iter().flat_map(|attempt| family.nested_in(execution, *attempt));
            for child in nested.chain(family.items_of(execution, id)) {
                self.execution(family, child, depth + 1);
            }
        }
        self.payload("output", history.output(id));
        self.0.push_str("</details>\n");
    }

    fn scope(&mut self, family: &Family, execution: MemberId, id: ScopeId, depth: usize) {
        let history = &family.member(execution).history;
        let scope = history.scope(id);
        let outcome = match scope.outcome {
            ScopeOutcome::Open => Outcome::Open,
            ScopeOutcome::Succeeded => Outcome::Exited,
            ScopeOutcome::Failed { by } => Outcome::Failed { by },
            ScopeOutcome::Aborted { by } => Outcome::Aborted { by },
        };
        let (role, sign) = outcome_sign(PAPER, outcome);
        let name = match scope.place {
            Place::Branch { index, .. } => format!("branch {index}"),
            _ => format!("item {}", scope.index().unwrap_or(0)),
        };
        let open = matches!(outcome, Outcome::Failed { .. }) && depth < 6;
        self.begin(open, role, sign, &name, "", history.scope_micros(id).map(duration));
        self.flow(family, execution, id, depth);
        self.0.push_str("</details>\n");
    }

    fn execution(&mut self, family: &Family, id: MemberId, depth: usize) {
        let member = family.member(id);
        let (role, sign) = execution_sign(PAPER, &member.status());
        let name = format!("execution {}", member.described.name.as_deref().unwrap_or(""));
        let error = member.failure().error.as_deref().unwrap_or_default();
        let open = role == Role::Failed && depth < 6;
        self.begin(open, role, sign, &name, error, None);
        self.payload("input", member.input());
        self.flow(family, id, ScopeId::ROOT, depth);
        self.0.push_str("</details>\n");
    }

    /// Begins a part that folds.
    fn begin(&mut self, open: bool, role: Role, sign: &str, name: &str, note: &str, took: Option<String>) {
        self.add(format_args!(
            "<details{}><summary><span class=\"{}\">{sign} {}</span> {} <small>{}</small></summary>\n",
            if open { " open" } else { "" },
            class(role),
            escaped(name),
            escaped(note),
            took.unwrap_or_default(),
        ));
    }

    fn failure(&mut self, history: &History, event: Option<EventId>) {
        let Some(failure) = event.and_then(|event| history.failure_at(event)) else { return };
        let error = failure.error.as_deref().unwrap_or("unnamed error");
        let cause = failure.cause.as_deref().unwrap_or_default();
        self.add(format_args!("<pre class=\"failed\">{}\n{}</pre>\n", escaped(error), escaped(&indented(cause))));
    }

    fn payload(&mut self, label: &str, payload: Option<&Payload>) {
        let Some(payload) = payload else { return };
        let text = indented(payload.text());
        self.add(format_args!(
            "<details><summary class=\"dim\">{label} <small>{}</small></summary><pre>{}</pre></details>\n",
            size(payload.size()),
            escaped(&text),
        ));
    }

    fn events(&mut self, history: &History) {
        let all = counted(history.events().len(), "event", "events");
        self.add(format_args!("<h2>Events</h2>\n<details><summary>{all}</summary>\n<table>"));
        self.0.push_str("<tr><th>id<th>after<th>time<th>type<th>state</tr>\n");
        for event in history.events() {
            let state = history.visit_of(event.id).map(|visit| &*history.visit(visit).name).unwrap_or_default();
            self.add(format_args!(
                "<tr><td>{}<td>{}<td>{}<td>{}<td>{}</tr>\n",
                event.id,
                event.parent.map(|id| id.to_string()).unwrap_or_default(),
                moment_iso(event.timestamp),
                escaped(event.kind.name()),
                escaped(state),
            ));
        }
        self.0.push_str("</table></details>\n");
    }
}

fn class(role: Role) -> &'static str {
    match role {
        Role::Failed | Role::Removed => "failed",
        Role::Caught | Role::Changed => "caught",
        Role::Succeeded | Role::Added => "good",
        Role::Running => "running",
        Role::Aborted => "aborted",
        Role::Plain | Role::Strong | Role::Dim | Role::Key | Role::Value => "dim",
    }
}

/// Returns JSON indented, and any other text as it is; of a long one the beginning.
fn indented(text: &str) -> String {
    if text.len() > LONGEST {
        let end = text.floor_char_boundary(LONGEST);
        return format!("{}\n… {} in all", &text[..end], size(text.len()));
    }
    let value = serde_json::from_str::<serde_json::Value>(text);
    value.ok().and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned())
}

/// Control characters are written out, save the line breaks that are ours or the text's.
fn escaped(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(shown).collect();
    lines.join("\n").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_recorded_cannot_become_markup() {
        assert_eq!(escaped("<b a=\"1\">&\u{1b}[31m\n"), "&lt;b a=&quot;1&quot;&gt;&amp;\\u{1b}[31m\n");
        assert_eq!(indented("{\"a\":1}"), "{\n  \"a\": 1\n}");
        assert_eq!(indented("no JSON"), "no JSON");
        let long = indented(&"é".repeat(LONGEST));
        assert!(long.len() < LONGEST + 32 && long.ends_with("128 KiB in all"), "{}", &long[LONGEST - 8..]);
    }
}

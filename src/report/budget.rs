//! What an execution has used of AWS's limits, as an outline and as JSON.
//!
//! ```text
//! { "format": "stepback.budget/1", "tight": bool,
//!   "payload": { "limit": bytes, "states": [ { "state", "visits", "input": bytes, "output": bytes, "event",
//!                                              "grew": null | { "path", "before", "after" } } ] },
//!   "events":  { "used", "limit": n | null, "byState": [ { "state", "events" } ],
//!                "round": null | { "state", "times", "events", "left": n | null, "seconds": n | null },
//!                "items": null | { "state", "count", "begun", "events", "expected" } },
//!   "waiting": [ { "place", "since", "sinceEvent", "seconds", "timeoutSeconds", "heartbeatSeconds", "executionSeconds",
//!                  "endless": bool, "count", "blocked": [ state ] } ] }
//! ```

use super::outline::{Entry, Mark};
use super::page::Role;
use super::quantity::{count, counted, duration, moment_iso, size};
use super::why::waiting_words;
use super::words::breadcrumb;
use crate::analysis::Budget;
use crate::analysis::budget::{Bytes, Events, Stuck, near};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

/// States that are listed at first.
const LISTED: usize = 12;

/// Returns what was used, with what is near a limit first in sight.
pub fn budget_entries(budget: &Budget) -> Vec<Entry> {
    let mut entries = Vec::new();
    for stuck in &budget.stuck {
        waiting(&mut entries, stuck);
    }
    bytes(&mut entries, budget);
    events(&mut entries, &budget.events);
    entries
}

fn waiting(entries: &mut Vec<Entry>, stuck: &Stuck) {
    let (mark, role) = if stuck.is_endless() { (Mark::Bad, Role::Failed) } else { (Mark::Neutral, Role::Running) };
    let place = breadcrumb(stuck.place());
    let entry = Entry::new(0, mark).word(Role::Strong, format!("{place} waits"));
    let long = stuck.micros.map(|micros| format!("for {}", duration(micros))).unwrap_or_default();
    entries.push(entry.word(role, long).at(stuck.waiting.since));
    entries.push(Entry::new(1, Mark::None).word(Role::Plain, waiting_words(&stuck.waiting)));
    if stuck.waiting.count > 1 {
        let others = counted(stuck.waiting.count - 1, "other like it", "others like it");
        entries.push(Entry::new(1, Mark::None).word(Role::Plain, format!("and {others}")));
    }
    let seconds = |label: &str, seconds: Option<u64>| match seconds {
        Some(seconds) => {
            format!("{label} {}", duration(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1_000_000)))
        }
        None => format!("no {label}"),
    };
    let limits = [
        seconds("timeout", stuck.waiting.timeout_seconds),
        seconds("heartbeat", stuck.waiting.heartbeat_seconds),
        seconds("execution timeout", stuck.execution_seconds.map(u64::from)),
    ];
    entries.push(Entry::new(1, Mark::None).word(Role::Plain, limits.join(", ")));
    if stuck.is_endless() {
        let words = "Nothing here ends the waiting: a Standard execution stays open for up to a year.";
        entries.push(Entry::new(1, Mark::None).word(Role::Failed, words));
    }
    if !stuck.blocked.is_empty() {
        let blocked: Vec<&str> = stuck.blocked.iter().map(|name| &**name).collect();
        entries.push(Entry::new(1, Mark::None).word(Role::Dim, "blocked by it").word(Role::Plain, blocked.join(", ")));
    }
}

fn bytes(entries: &mut Vec<Entry>, budget: &Budget) {
    let limit = budget.payload_limit;
    let largest = budget.ledger.first().map_or(0, most);
    let (mark, role) = level(largest, limit);
    let entry = Entry::new(0, mark).word(Role::Strong, "payloads");
    let entry = entry.word(role, format!("{} of {} at most", size(largest), size(limit)));
    entries.push(entry.word(Role::Dim, percent(largest, limit)));
    let name = |bytes: &Bytes| bytes.state.width();
    let column = budget.ledger.iter().take(LISTED).map(name).max().unwrap_or(0).min(32);
    for (place, bytes) in budget.ledger.iter().enumerate() {
        if place == LISTED {
            let more = counted(budget.ledger.len() - LISTED, "smaller state", "smaller states");
            entries.push(Entry::new(1, Mark::None).word(Role::Dim, format!("… {more}")).closed());
        }
        let deep = if place < LISTED { 1 } else { 2 };
        let (mark, role) = level(most(bytes), limit);
        let mark = if mark == Mark::Good { Mark::None } else { mark };
        let gap = " ".repeat(column.saturating_sub(name(bytes)));
        let entry = Entry::new(deep, mark).word(Role::Key, format!("{}{gap}", bytes.state)).at(bytes.event);
        let entry = entry.word(role_of(role), format!("{:>8} in  {:>8} out", size(bytes.input), size(bytes.output)));
        let entry = entry.word(Role::Dim, percent(most(bytes), limit));
        let grew = bytes.grew.as_ref().map(|grew| {
            let before = if grew.before == 0 { "new".to_owned() } else { format!("from {}", size(grew.before)) };
            format!("{} grew to {} ({before})", grew.path, size(grew.after))
        });
        entries.push(entry.word(Role::Plain, grew.unwrap_or_default()));
    }
}

fn most(bytes: &Bytes) -> usize {
    bytes.input.max(bytes.output)
}

fn level(used: usize, limit: usize) -> (Mark, Role) {
    match near(used, limit) {
        _ if used > limit => (Mark::Bad, Role::Failed),
        true => (Mark::Caught, Role::Changed),
        false => (Mark::Good, Role::Succeeded),
    }
}

fn role_of(role: Role) -> Role {
    if role == Role::Succeeded { Role::Plain } else { role }
}

fn percent(used: usize, limit: usize) -> String {
    let tenths = used.saturating_mul(1000) / limit.max(1);
    format!("{}.{} %", tenths / 10, tenths % 10)
}

fn events(entries: &mut Vec<Entry>, events: &Events) {
    let entry = match events.limit {
        Some(limit) => {
            let (mark, role) = level(events.used, limit as usize);
            let entry = Entry::new(0, mark).word(Role::Strong, "events");
            let entry = entry.word(role, format!("{} of {}", count(events.used), count(limit)));
            entry.word(Role::Dim, percent(events.used, limit as usize))
        }
        None => {
            let entry = Entry::new(0, Mark::Good).word(Role::Strong, "events");
            entry.word(Role::Plain, format!("{}, and no limit: it is an Express execution", count(events.used)))
        }
    };
    entries.push(entry);
    if let Some(round) = &events.round {
        let said = format!("{} was entered {} times, {} events a round", round.state, round.times, round.events);
        let entry = Entry::new(1, Mark::None).word(Role::Plain, said);
        let left = round.left.map(|left| format!("{left} more rounds fit")).unwrap_or_default();
        let pace = round.micros.map(|micros| format!("that is {} at this pace", duration(micros))).unwrap_or_default();
        entries.push(entry.word(Role::Strong, left).word(Role::Dim, pace));
    }
    if let Some(items) = &events.items {
        let said = format!(
            "{}: {} of {} items begun, {} events each",
            items.state,
            count(items.begun),
            count(items.count),
            items.events
        );
        let limit = events.limit.map_or(usize::MAX, |limit| limit as usize);
        let (mark, role) = level(items.expected, limit);
        let entry = Entry::new(1, if mark == Mark::Good { Mark::None } else { mark }).word(Role::Plain, said);
        entries.push(entry.word(role_of(role), format!("about {} events when all are done", count(items.expected))));
    }
    for (state, used) in events.by_state.iter().take(LISTED) {
        let entry = Entry::new(1, Mark::None).word(Role::Dim, format!("{used:>6}")).word(Role::Key, state);
        entries.push(entry);
    }
}

/// Returns what was used for programs.
pub fn budget_json(budget: &Budget) -> Value {
    json!({
        "format": "stepback.budget/1",
        "tight": budget.is_tight(),
        "payload": {
            "limit": budget.payload_limit,
            "states": budget.ledger.iter().map(bytes_json).collect::<Vec<_>>(),
        },
        "events": events_json(&budget.events),
        "waiting": budget.stuck.iter().map(stuck_json).collect::<Vec<_>>(),
    })
}

fn bytes_json(bytes: &Bytes) -> Value {
    let grew = bytes.grew.as_ref();
    let grew = grew.map(|grew| json!({ "path": grew.path, "before": grew.before, "after": grew.after }));
    json!({
        "state": &*bytes.state,
        "visits": bytes.visits,
        "input": bytes.input,
        "output": bytes.output,
        "event": bytes.event.get(),
        "grew": grew,
    })
}

fn events_json(events: &Events) -> Value {
    let round = events.round.as_ref().map(|round| {
        json!({
            "state": &*round.state,
            "times": round.times,
            "events": round.events,
            "left": round.left,
            "seconds": round.micros.map(|micros| micros / 1_000_000),
        })
    });
    let items = events.items.as_ref().map(|items| {
        json!({
            "state": &*items.state,
            "count": items.count,
            "begun": items.begun,
            "events": items.events,
            "expected": items.expected,
        })
    });
    let by_state = events.by_state.iter().map(|(state, used)| json!({ "state": &**state, "events": used }));
    json!({
        "used": events.used,
        "limit": events.limit,
        "byState": by_state.collect::<Vec<_>>(),
        "round": round,
        "items": items,
    })
}

fn stuck_json(stuck: &Stuck) -> Value {
    json!({
        "place": breadcrumb(stuck.place()),
        "since": stuck.waiting.since_at.map(moment_iso),
        "sinceEvent": stuck.waiting.since.get(),
        "seconds": stuck.micros.map(|micros| micros / 1_000_000),
        "timeoutSeconds": stuck.waiting.timeout_seconds,
        "heartbeatSeconds": stuck.waiting.heartbeat_seconds,
        "executionSeconds": stuck.execution_seconds,
        "endless": stuck.is_endless(),
        "count": stuck.waiting.count,
        "blocked": stuck.blocked.iter().map(|name| &**name).collect::<Vec<_>>(),
    })
}

//! Where a value came from, or who used it, as text.
//!
//! ```text
//! "JPY"
//!   event 1203  $.currency  the input of ImportFiles[163] ▸ LoadPrices
//!     ← ImportFiles, line 43  ItemSelector/currency.$  $$.Map.Item.Value.currency
//!   event 12  $.files[163].currency  the result of ListFiles
//!     ◆ from the task's result
//! ```

use super::page::{Page, Paper, Role};
use super::words::{breadcrumb, shown};
use crate::analysis::provenance::{
    Document, Field, Gap, Hop, Making, Origin, Spot, Step, Story, Told, Trace, Use, Uses, Using, What,
};
use crate::analysis::{Place, Step as PlaceStep};
use crate::event::Details;
use serde_json::Value;

/// The longest value shown in a line.
const LONGEST: usize = 400;

/// Returns the way of a value back to where it was made.
pub fn trace(story: Story<'_>, trace: &Trace, paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    let mut known: Option<(&Value, u16)> = None;
    for Told { hop, kept } in trace.told(story) {
        let margin = margin(hop.depth);
        if known != hop.value.as_ref().map(|value| (value, hop.depth)) {
            page.line(&[(Role::Plain, &margin), (Role::Strong, &value_words(hop.value.as_ref()))]);
        }
        known = hop.value.as_ref().map(|value| (value, hop.depth));
        place(&mut page, story, &hop.spot, &margin);
        fields(&mut page, &hop.fields, &margin);
        if !kept.is_empty() {
            let arrow = paper.sign(["←", "<-"]);
            page.line(&[(Role::Dim, &format!("{margin}    {arrow} unchanged by {}", kept.join(", ")))]);
        }
        let (role, words) = (step_role(&hop.step), step_words(hop));
        if let Some(words) = words {
            page.line(&[(Role::Plain, &margin), (role, &format!("    {} {words}", sign(&hop.step, paper)))]);
        }
    }
    if trace.cut {
        page.line(&[(Role::Dim, "  There are more places than are shown.")]);
    }
    page.into_lines()
}

/// Returns who used a value.
pub fn uses(story: Story<'_>, spot: &Spot, uses: &Uses, paper: Paper) -> Vec<String> {
    let mut page = Page::new(paper);
    page.line(&[(Role::Strong, &value_words(spot.value(story).as_ref()))]);
    place(&mut page, story, spot, "");
    if uses.uses.is_empty() {
        page.line(&[(Role::Dim, "    Nobody used it.")]);
    }
    for used in uses.told() {
        let margin = margin(used.depth.saturating_add(1));
        let words = use_words(used);
        page.line(&[(Role::Plain, &margin), (Role::Plain, &format!("{} {words}", paper.sign(["→", "->"])))]);
        if used.using != Using::Copied && used.using != Using::Decided {
            page.line(&[(Role::Plain, &margin), (Role::Strong, &format!("  {}", value_words(used.value.as_ref())))]);
        }
        if used.using != Using::Decided {
            place(&mut page, story, &used.spot, &margin);
        }
        fields(&mut page, &used.fields, &margin);
    }
    if uses.cut {
        page.line(&[(Role::Dim, "  There are more uses than are shown.")]);
    }
    page.into_lines()
}

fn margin(depth: u16) -> String {
    "  ".repeat(usize::from(depth).min(12))
}

fn place(page: &mut Page, story: Story<'_>, spot: &Spot, margin: &str) {
    let event = format!("{margin}  event {}  ", spot.document.event);
    let document = document_words(story, &spot.document);
    page.line(&[(Role::Dim, &event), (Role::Plain, &format!("{}  ", spot.at)), (Role::Plain, &document)]);
}

fn fields(page: &mut Page, fields: &[Field], margin: &str) {
    let arrow = page.paper().sign(["←", "<-"]);
    for field in fields {
        let words = field_words(field);
        page.line(&[(Role::Dim, &format!("{margin}    {arrow} ")), (Role::Plain, &words)]);
    }
}

/// Returns a field with its state and its line: `ChargeCard, line 17  Parameters/id.$  $.order.id`.
pub fn field_words(field: &Field) -> String {
    let line = field.position.map(|position| format!(", line {}", position.line)).unwrap_or_default();
    let text = field.text.as_deref().map(|text| format!("  {text}")).unwrap_or_default();
    format!("{}{line}  {}{text}", field.state, field.name())
}

fn sign(step: &Step, paper: Paper) -> &'static str {
    match step {
        Step::Origin(_) => paper.sign(["◆", "*"]),
        Step::Gap(_) | Step::Made(Making::Alike, _) => "?",
        Step::Copied | Step::Made(..) | Step::Above => paper.sign(["←", "<-"]),
    }
}

fn step_role(step: &Step) -> Role {
    match step {
        Step::Origin(_) => Role::Succeeded,
        Step::Gap(_) | Step::Made(Making::Alike, _) => Role::Caught,
        Step::Copied | Step::Made(..) | Step::Above => Role::Dim,
    }
}

/// Returns a value on one line.
pub fn value_words(value: Option<&Value>) -> String {
    match value {
        None => "(not recorded)".to_owned(),
        Some(value) => {
            let text = value.to_string();
            match text.char_indices().nth(LONGEST) {
                Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
                None => text,
            }
        }
    }
}

/// Returns what a document is called: `the input of ChargeCard`.
pub fn document_words(story: Story<'_>, document: &Document) -> String {
    let place = Place::of(story.family, document.member, document.event);
    let details = story.history(document.member).event(document.event).map(|event| &event.details);
    let whole = matches!(details, Some(Details::ExecutionStarted(_))) || place.visit.is_none();
    let of = breadcrumb(&place);
    let of = if whole && place.steps.is_empty() { "the execution".to_owned() } else { of };
    match (&document.what, details) {
        (What::Variable(name), _) => format!("the variable ${name}, assigned by {of}"),
        (What::Failure, _) => format!("the failure of {of}"),
        (What::Input, Some(Details::StateEntered(_) | Details::ExecutionStarted(_)) | None) => {
            format!("the input of {of}")
        }
        (What::Input, Some(_)) => format!("what {of} asked for"),
        (What::Output, Some(Details::StateExited(_)) | None) => format!("the output of {of}"),
        (What::Output, Some(_)) if whole => format!("the output of {of}"),
        (What::Output, Some(_)) => format!("the result of {of}"),
    }
}

/// Returns in a few words who made a value that was found in a document: `ParseFile item 17`, `input`. Nothing when it
/// was made right there.
pub fn maker_words(story: Story<'_>, found_in: &Document, maker: &Hop) -> Option<String> {
    let document = &maker.spot.document;
    if document == found_in {
        return None;
    }
    let place = Place::of(story.family, document.member, document.event);
    let visit = |document: &Document| story.history(document.member).visit_of(document.event);
    let here = document.member == found_in.member && visit(document) == visit(found_in);
    let item = place.steps.iter().rev().find_map(|step| match step {
        PlaceStep::Item(index) => Some(format!(" item {index}")),
        _ => None,
    });
    let who = place.state().map(|state| format!("{state}{}", item.unwrap_or_default()));
    let who = who.filter(|_| !here);
    let did = |what: &str| match &who {
        Some(who) => format!("{what} by {who}"),
        None => format!("{what} here"),
    };
    Some(match &maker.step {
        Step::Origin(Origin::ExecutionInput) => "input".to_owned(),
        Step::Origin(Origin::Answer) => who.unwrap_or_else(|| "answered here".to_owned()),
        Step::Origin(Origin::Failure) => did("failure told"),
        Step::Origin(Origin::Written) => did("written"),
        Step::Origin(Origin::Context(_)) => "context object".to_owned(),
        Step::Origin(Origin::Reader) => did("read"),
        Step::Origin(Origin::MapRun) => "Map Run".to_owned(),
        Step::Origin(Origin::Expression) => did("made"),
        Step::Made(Making::Computed, _) => did("computed"),
        Step::Made(Making::Collected, _) => did("put together"),
        Step::Made(Making::Alike, _) | Step::Copied | Step::Above | Step::Gap(_) => return None,
    })
}

/// Returns what there is to say about how a value came to a place, beside the fields it came through.
pub fn step_words(hop: &Hop) -> Option<String> {
    Some(match &hop.step {
        Step::Copied => return None,
        Step::Made(Making::Collected, _) => "put together from".to_owned(),
        Step::Made(Making::Computed, 1) => "computed from".to_owned(),
        Step::Made(Making::Computed, places) => format!("computed from {places}"),
        Step::Made(Making::Alike, _) => "no trace of its origin; the same value is at".to_owned(),
        Step::Origin(origin) => origin_words(origin),
        Step::Above => "told above".to_owned(),
        Step::Gap(gap) => gap_words(gap),
    })
}

fn origin_words(origin: &Origin) -> String {
    match origin {
        Origin::ExecutionInput => "given in StartExecution".to_owned(),
        Origin::Answer => "from the task's result".to_owned(),
        Origin::Failure => "reported by the task".to_owned(),
        Origin::Written => "written in the definition".to_owned(),
        Origin::Context(path) => format!("told by AWS in the context object, {path}"),
        Origin::Reader => "read by the item reader".to_owned(),
        Origin::MapRun => "told by the Map Run".to_owned(),
        Origin::Expression => "made by the expression itself".to_owned(),
    }
}

fn gap_words(gap: &Gap) -> String {
    match gap {
        Gap::NoProgram(reason) => format!("not known. {reason}"),
        Gap::NotRecorded => "unknown: its source was not recorded".to_owned(),
        Gap::NotEvaluated => "unknown: the field yields nothing for the recorded data".to_owned(),
        Gap::Differs(Some(value)) => format!("unknown: its source is {}", value_words(Some(value))),
        Gap::Differs(None) => "unknown: there is nothing where it should come from".to_owned(),
        Gap::NotFound => "unknown: which item or catcher it was is not recorded".to_owned(),
    }
}

/// Returns what became of a value.
pub fn use_words(used: &Use) -> &'static str {
    match used.using {
        Using::Copied => "handed on to",
        Using::Computed => "used to compute",
        Using::Decided => "evaluated by the Choice",
    }
}

/// Returns a path that selects nothing, and what there is instead.
pub fn nothing_there(document: &Value, path: &str) -> String {
    let names = match document {
        Value::Object(members) => {
            let names: Vec<&str> = members.keys().take(12).map(String::as_str).collect();
            format!(" It has the members {}.", names.join(", "))
        }
        Value::Array(items) => format!(" It is an array of {} items.", items.len()),
        _ => String::new(),
    };
    format!("{} selects nothing there.{}", shown(path), shown(&names))
}

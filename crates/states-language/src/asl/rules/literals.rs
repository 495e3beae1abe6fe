//! Texts that look like an expression and are none.

use super::subject::Subject;
use crate::asl::machine::QueryLanguage;
use crate::asl::node::{Data, Member, Node};
use crate::asl::state::{State, StateKind};
use crate::query::intrinsic::Call;
use crate::query::jsonata::is_expression;
use crate::query::path::Path;

/// Fields of a JSONPath state that are templates.
const TEMPLATES: [&str; 6] = ["Parameters", "ResultSelector", "ItemSelector", "Assign", "BatchInput", "Arguments"];
/// Fields of a JSONata state whose texts may be expressions.
const COMPUTED: [&str; 5] = ["Arguments", "Output", "Assign", "ItemSelector", "Items"];

/// `NO_DOLLAR`, `PASS_RESULT_IS_STATIC` (codes of AWS), and `NO_EXPRESSION` for their like in JSONata.
pub(super) fn check(subject: &mut Subject<'_>) {
    for (state, node) in subject.states() {
        match state.language {
            QueryLanguage::JsonPath => jsonpath(subject, state, node),
            QueryLanguage::Jsonata => jsonata(subject, state, node),
        }
    }
}

fn jsonpath(subject: &mut Subject<'_>, state: &State, node: &Node) {
    for field in TEMPLATES {
        if let Some(template) = node.get(field) {
            no_dollar(subject, template, &format!("{}/{field}", state.place.pointer));
        }
    }
    if let (StateKind::Pass(_), Some(result)) = (&state.kind, node.get("Result")) {
        static_result(subject, result, &format!("{}/Result", state.place.pointer));
    }
}

fn no_dollar(subject: &mut Subject<'_>, node: &Node, location: &str) {
    for member in node.members().unwrap_or_default() {
        let Member { key, value, .. } = member;
        if let Some(text) = value.text() {
            if !key.ends_with(".$") && looks_like_path(text) {
                let message = format!(
                    "The value of '{key}' looks like a JSONPath. Instead of '{key}', use '{key}.$' to evaluate it as a \
                     JSONPath at runtime."
                );
                subject.warn("NO_DOLLAR", location.to_owned(), value.span, message);
                subject.as_aws();
            } else if !key.ends_with(".$") && looks_like_call(text) {
                let message = format!("The value of '{key}' looks like a function call, and is passed on as it stands");
                subject.warn("NO_DOLLAR", location.to_owned(), value.span, message);
                subject.hint(format!("Call the field '{key}.$' to have it evaluated."));
            }
        } else {
            no_dollar(subject, value, &format!("{location}/{key}"));
        }
    }
    for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
        no_dollar(subject, item, &format!("{location}[{index}]"));
    }
}

fn static_result(subject: &mut Subject<'_>, node: &Node, location: &str) {
    if let Some(text) = node.text()
        && (looks_like_path(text) || looks_like_call(text))
    {
        let message = "Result is passed on as it stands; this looks like a path and will not be evaluated";
        subject.warn("PASS_RESULT_IS_STATIC", location.to_owned(), node.span, message);
        subject.hint("Use Parameters, with a field whose name ends in '.$'.");
    }
    for member in node.members().unwrap_or_default() {
        static_result(subject, &member.value, &format!("{location}/{}", member.key));
    }
    for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
        static_result(subject, item, &format!("{location}[{index}]"));
    }
}

/// A path with a member or a context path; a lone `$` or `$5` may well be meant as it stands.
fn looks_like_path(text: &str) -> bool {
    let path = text.starts_with("$.") || text.starts_with("$$.") || text.starts_with("$[");
    path && Path::compile(text).is_ok()
}

fn looks_like_call(text: &str) -> bool {
    text.starts_with("States.") && text.ends_with(')') && Call::compile(text).is_ok()
}

fn jsonata(subject: &mut Subject<'_>, state: &State, node: &Node) {
    for field in COMPUTED {
        if let Some(value) = node.get(field) {
            no_expression(subject, value, &format!("{}/{field}", state.place.pointer));
        }
    }
}

fn no_expression(subject: &mut Subject<'_>, node: &Node, location: &str) {
    match &node.data {
        Data::Text(text) if !is_expression(text) => {
            // One delimiter alone makes no expression: the text is passed on, with it.
            let half = text.starts_with("{%") || text.ends_with("%}") || text.contains("{%") && text.contains("%}");
            if half || text.starts_with("$states.") {
                let message = "This looks like a JSONata expression, and is passed on as it stands";
                subject.warn("NO_EXPRESSION", location.to_owned(), node.span, message);
                subject.hint("The whole text must stand between '{%' and '%}', without spaces around them.");
            }
        }
        Data::Object(members) => {
            for member in members {
                no_expression(subject, &member.value, &format!("{location}/{}", member.key));
            }
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                no_expression(subject, item, &format!("{location}[{index}]"));
            }
        }
        _ => {}
    }
}

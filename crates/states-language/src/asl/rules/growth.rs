//! Values that grow by every turn of a loop, until they are too large.

use super::subject::Subject;
use crate::asl::machine::QueryLanguage;
use crate::asl::node::{Data, Node};
use crate::asl::references;
use crate::query::jsonata::expression_text;

/// `GROWS_IN_LOOP`: a variable or a field in a loop is made of itself and more; at 256 KiB the state fails.
pub(super) fn check(subject: &mut Subject<'_>) {
    let cyclic = subject.graph.in_cycle();
    for (state, node) in subject.states() {
        if !cyclic.get(state.id.index()).copied().unwrap_or_default() {
            continue;
        }
        if let Some(assign) = node.get("Assign") {
            let location = format!("{}/Assign", state.place.pointer);
            each_member(subject, assign, &location, |name, text| match state.language {
                QueryLanguage::Jsonata => jsonata_grows(text, &format!("${name}")),
                QueryLanguage::JsonPath => call_grows(text, &format!("${name}")),
            });
        }
        let output = if state.language == QueryLanguage::Jsonata { "Output" } else { "Parameters" };
        if let Some(output_node) = node.get(output).filter(|_| keeps_names(node)) {
            let location = format!("{}/{output}", state.place.pointer);
            each_member(subject, output_node, &location, |name, text| match state.language {
                QueryLanguage::Jsonata => jsonata_grows(text, &format!("$states.input.{name}")),
                QueryLanguage::JsonPath => call_grows(text, &format!("$.{name}")),
            });
        }
    }
}

/// Tells whether the members of the output are the members of the next input.
fn keeps_names(state: &Node) -> bool {
    state.get("ResultPath").is_none_or(|path| path.text() == Some("$"))
        && ["InputPath", "OutputPath"].iter().all(|field| state.get(field).is_none())
}

fn each_member(subject: &mut Subject<'_>, node: &Node, location: &str, grows: impl Fn(&str, &str) -> bool) {
    let Data::Object(members) = &node.data else {
        return;
    };
    for member in members {
        let name = member.key.strip_suffix(".$").unwrap_or(&member.key);
        if member.value.text().is_some_and(|text| grows(name, text)) {
            let message = format!("'{name}' grows by every turn of the loop");
            subject.warn("GROWS_IN_LOOP", location.to_owned(), member.value.span, message);
            subject.hint("At 256 KiB the state fails; keep what accumulates in a database or in S3.");
        }
    }
}

/// `States.Array($list, …)` nests, `States.Format('{}…', $text)` lengthens.
fn call_grows(text: &str, itself: &str) -> bool {
    let builds = text.starts_with("States.Array(") || text.starts_with("States.Format(");
    builds && references::mentions(text, itself)
}

/// `$append($list, …)`, `[$list, …]`, `$text & …`.
fn jsonata_grows(text: &str, itself: &str) -> bool {
    let Some(source) = expression_text(text) else {
        return false;
    };
    let squeezed: String = source.chars().filter(|character| !character.is_whitespace()).collect();
    let starts = [format!("$append({itself},"), format!("[{itself},"), format!("{itself}&")];
    starts.iter().any(|start| squeezed.starts_with(start.as_str()))
}

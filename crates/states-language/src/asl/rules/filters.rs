//! Words in the filters of paths that stand without quotes.

use super::subject::Subject;
use crate::asl::machine::QueryLanguage;
use crate::asl::node::Node;
use crate::query::expression::Expression;

/// Members that hold states, which are looked at by themselves.
const INNER: [&str; 3] = ["Branches", "ItemProcessor", "Iterator"];

/// `FILTER_WITHOUT_QUOTES`: deployed machines have `$.Labels[?(@.Name==Receipt)]`, and AWS takes the word for text. So
/// do we; but double quotes belong to the text, and so does everything else that was not meant as text.
pub(super) fn check(subject: &mut Subject<'_>) {
    for (state, node) in subject.states() {
        if state.language == QueryLanguage::JsonPath {
            look(subject, node, &state.place.pointer);
        }
    }
}

fn look(subject: &mut Subject<'_>, node: &Node, location: &str) {
    for member in node.members().unwrap_or_default() {
        let key = &*member.key;
        match member.value.text() {
            Some(text) if key.ends_with(".$") => words(subject, text, &member.value, location),
            Some(text) if key.ends_with("Path") || key == "Variable" => {
                words(subject, text, &member.value, &format!("{location}/{key}"));
            }
            None if !INNER.contains(&key) => look(subject, &member.value, &format!("{location}/{key}")),
            _ => {}
        }
    }
    for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
        look(subject, item, &format!("{location}[{index}]"));
    }
}

fn words(subject: &mut Subject<'_>, text: &str, node: &Node, location: &str) {
    let Ok(expression) = Expression::compile(text) else { return };
    for word in expression.paths().iter().flat_map(|path| path.bare_words()) {
        let message = format!("The filter compares with the text '{word}', which is not in quotes");
        subject.warn("FILTER_WITHOUT_QUOTES", location.to_owned(), node.span, message);
        subject.hint(match word.trim_matches('"') {
            bare if bare != word => format!("Double quotes are part of the text; write '{bare}' in single quotes."),
            _ => format!("Write '{word}' in single quotes."),
        });
    }
}

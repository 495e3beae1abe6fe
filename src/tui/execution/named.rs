//! The value that a failure speaks of, among the data the state had.

use crate::analysis::{Mentions, Message};
use crate::event::Failure;
use crate::json::rows::{Kind, Outline, Rows};

/// The documents a state had when it failed, what it sent to its task first: that is what the task complains of.
const GIVEN: [&str; 3] = ["task input", "input", "input of the execution"];

/// Returns the row of the value that a failure's message quotes: one that is the same, or the end of a path that leads
/// there, or as far as the path leads. Nothing is guessed: what is only similar does not count.
pub(super) fn named(rows: &Rows, failure: &Failure) -> Option<usize> {
    let mentions = Mentions::of(&Message::of(failure.cause.as_ref()?).summary);
    let mut documents: Vec<(usize, &str)> = rows.documents().filter(|(_, name)| GIVEN.contains(name)).collect();
    documents.sort_by_key(|(_, name)| GIVEN.iter().position(|given| given == name));
    // A path of the definition is one into the input of the state, not into what was sent.
    let input = documents.iter().find(|(_, name)| *name != GIVEN[0]);
    let reached = input.and_then(|(document, _)| {
        let found = mentions.paths.iter().map(|path| rows.descend(*document, path));
        found.filter(|(_, taken)| *taken > 0).map(|(row, _)| row).next()
    });
    if mentions.values.is_empty() {
        return reached;
    }
    reached.or_else(|| {
        let inside = documents.iter().flat_map(|(document, _)| *document..rows.end(*document));
        let mut leaves = inside.filter(|row| is_leaf(rows, *row));
        leaves.find(|row| {
            let decoded = rows.value(*row);
            mentions.values.iter().any(|value| *decoded == **value)
        })
    })
}

fn is_leaf(rows: &Rows, row: usize) -> bool {
    rows.get(row).is_some_and(|row| matches!(row.kind, Kind::String | Kind::Number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Payload;

    fn path(cause: &str) -> Option<String> {
        let mut rows = Rows::default();
        rows.push_text("error", "JPY");
        rows.push("input", &Payload::from_text(r#"{"file":{"currency":"JPY","rows":[17,4]},"n":"x"}"#));
        rows.push("task input", &Payload::from_text(r#"{"currency":"JPY","n":"y"}"#));
        let failure = Failure { error: Some("E".into()), cause: Some(cause.into()) };
        named(&rows, &failure).map(|row| format!("{} {}", rows.steps(row).0, rows.json_path(row)))
    }

    #[test]
    fn the_value_a_message_quotes_is_found() {
        assert_eq!(path("'JPY'").as_deref(), Some("task input $.currency"));
        assert_eq!(path("row '4' is bad").as_deref(), Some("input $.file.rows[1]"));
        assert_eq!(path(r#"{"errorMessage":"no 'x'","errorType":"E"}"#).as_deref(), Some("input $.n"));
        assert_eq!(path("Invalid path '$.file.rate.eur'").as_deref(), Some("input $.file"));
        assert_eq!(path("Invalid path '$.file.rows[0]'").as_deref(), Some("input $.file.rows[0]"));
    }

    #[test]
    fn what_is_not_there_is_not_guessed() {
        for cause in ["JPY", "'jpy'", "'JP'", "'currency'", "Invalid path '$.other'", ""] {
            assert_eq!(path(cause), None, "{cause}");
        }
    }
}

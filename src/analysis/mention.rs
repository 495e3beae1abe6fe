//! What the message of a failure quotes: values and paths, which may be found again in the data of the state.

use crate::json::diff::At;
use crate::query::path::{ReferencePath, Root};

/// Quotes longer than this are whole documents or sentences, not the name of one value.
const LONGEST: usize = 200;

/// How many bytes of a message are looked at: what is meant is quoted early, and somebody waits for the screen.
const MOST_READ: usize = 2048;

/// How many quotes are taken of a message.
const MOST_TAKEN: usize = 20;

/// What a message quotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// Values, as they were quoted.
    pub values: Vec<String>,
    /// Places in the input of the state.
    pub paths: Vec<At>,
}

impl Mentions {
    /// Finds what a message quotes. Only what stands in quotes counts: a word of a sentence may be the value of a field
    /// by chance. Of a long message the beginning counts.
    pub fn of(message: &str) -> Self {
        let mut mentions = Self::default();
        let beginning = message.get(..message.floor_char_boundary(MOST_READ)).unwrap_or_default();
        for quoted in quotes(beginning).into_iter().take(MOST_TAKEN) {
            match place(quoted) {
                Some(at) => mentions.paths.push(at),
                None => mentions.values.push(quoted.to_owned()),
            }
        }
        mentions
    }
}

/// Returns the place a path denotes, if it is one into the input. The document as a whole is no place in it.
fn place(text: &str) -> Option<At> {
    let path = ReferencePath::compile(text).ok().filter(|_| text.starts_with('$'))?;
    (*path.root() == Root::Input).then(|| path.at()).flatten().filter(|at| !at.0.is_empty())
}

/// Returns what stands in quotes, in order. An apostrophe inside a word opens and closes nothing, and in brackets quotes
/// belong to the notation: of a path, of a list, of a whole document.
fn quotes(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let (mut before, mut depth, mut from) = (' ', 0_usize, 0);
    for (at, c) in text.char_indices() {
        if at < from {
            continue;
        }
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let inside = text.get(at + c.len_utf8()..).unwrap_or_default();
        let opens = depth == 0 && !before.is_alphanumeric();
        let closing = closing(c).filter(|_| opens);
        let quoted = closing.and_then(|close| Some((close, inside.get(..end(inside, close)?)?)));
        before = c;
        if let Some((close, quoted)) = quoted {
            (before, from) = (close, at + c.len_utf8() + quoted.len() + close.len_utf8());
            found.extend(Some(quoted).filter(|quoted| !quoted.is_empty() && quoted.len() <= LONGEST));
        }
    }
    found
}

fn closing(open: char) -> Option<char> {
    match open {
        '\'' | '"' | '`' => Some(open),
        '“' => Some('”'),
        '‘' => Some('’'),
        '«' => Some('»'),
        _ => None,
    }
}

/// Returns where a quote ends: at the first closing sign that no letter and no digit follows. The quotes of a path's
/// brackets belong to the path.
fn end(inside: &str, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in inside.char_indices() {
        match c {
            '[' if inside.starts_with('$') => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            c if c == close && depth == 0 => {
                let behind = inside.get(at + c.len_utf8()..)?.chars().next();
                if !behind.is_some_and(char::is_alphanumeric) {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_name_values_and_paths() {
        for (message, values, paths) in [
            ("'JPY'", vec!["JPY"], vec![]),
            ("no rate for \"JPY\" in `rates`", vec!["JPY", "rates"], vec![]),
            ("the customer's card isn't valid", vec![], vec![]),
            ("the customer's name is 'O'Hara'", vec!["O'Hara"], vec![]),
            (
                "Invalid path '$.carrier.body' : No results for path: $['carrier']['body']",
                vec![],
                vec!["$.carrier.body"],
            ),
            ("The path '$['a b'][2].c' is missing", vec![], vec!["$['a b'][2].c"]),
            (
                "'$$.Execution.Id' and '$name.a' and '$' and '$..a' are no places in the input",
                vec!["$$.Execution.Id", "$name.a", "$", "$..a"],
                vec![],
            ),
            ("an 'open quote, and 'two' of them", vec!["open quote, and 'two"], vec![]),
            (r#"code 7, amount {"cents":5,"currency":"EUR"}, in ['a', "b"] 'c'"#, vec!["c"], vec![]),
            ("„x“ is quoted otherwise, “y” as here; '' is nothing", vec!["y"], vec![]),
            ("", vec![], vec![]),
        ] {
            let mentions = Mentions::of(message);
            assert_eq!(mentions.values, values, "{message}");
            let found: Vec<String> = mentions.paths.iter().map(ToString::to_string).collect();
            assert_eq!(found, paths, "{message}");
        }
        assert_eq!(Mentions::of(&format!("'{}'", "x".repeat(LONGEST + 1))), Mentions::default());
    }

    #[test]
    fn of_a_long_message_only_the_beginning_is_read() {
        assert_eq!(Mentions::of(&"'a' ".repeat(10_000)).values.len(), MOST_TAKEN);
        let far = format!("'near' {} 'far'", "é".repeat(MOST_READ));
        assert_eq!(Mentions::of(&far).values, ["near"]);
    }
}

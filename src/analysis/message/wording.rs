//! Sentences and commands with gaps that are filled from a document.
//!
//! ```text
//! {A.B}        what stands at that way, or else the whole gives nothing
//! {A|B|=c}     the first of several ways that leads somewhere; after "=" stands what is taken when none does
//! {in:A}       the same in what the task was given
//! [ … ]        is left out when a gap inside it cannot be filled
//! ```

use super::document::Document;
use serde_json::Value;

/// What gaps are filled from.
#[derive(Clone, Copy)]
pub(super) struct Source<'d> {
    /// The document.
    pub(super) document: Document<'d>,
    /// What the task was given.
    pub(super) input: Option<&'d Value>,
}

/// Fills the gaps of a wording; `write` puts a value into words or into a command, or refuses it.
pub(super) fn fill(wording: &str, source: Source<'_>, write: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::with_capacity(wording.len());
    let mut rest = wording;
    while let Some(at) = rest.find(['{', '[']) {
        let (before, from) = rest.split_at_checked(at)?;
        filled.push_str(before);
        let optional = from.starts_with('[');
        let inside = from.get(1..)?;
        let (inside, after) = inside.split_once(if optional { ']' } else { '}' })?;
        match optional {
            true => filled.push_str(&fill(inside, source, write).unwrap_or_default()),
            false => filled.push_str(&write(&gap(inside, source)?)?),
        }
        rest = after;
    }
    filled.push_str(rest);
    Some(filled)
}

fn gap(ways: &str, source: Source<'_>) -> Option<String> {
    ways.split('|').find_map(|way| match (way.strip_prefix('='), way.strip_prefix("in:")) {
        (Some(fixed), _) => Some(fixed.to_owned()),
        (None, Some(way)) => Document(source.input?).text(way),
        (None, None) => source.document.text(way),
    })
}

/// Returns a value as an argument that a shell passes on as it is; nothing for what would be taken for an option, or
/// holds what nobody sees.
pub(super) fn argument(value: &str) -> Option<String> {
    if value.is_empty() || value.starts_with('-') || value.chars().any(|c| c.is_control() || is_unseen(c)) {
        return None;
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:@=,+%".contains(c);
    match value.chars().all(is_plain) {
        true => Some(value.to_owned()),
        false => Some(format!("'{}'", value.replace('\'', r"'\''"))),
    }
}

/// Characters that turn text around or take no room: a command must be what it looks like.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn gaps_are_filled_or_the_part_around_them_is_left_out() {
        let (document, input) = (json!({"A": "x", "B": {"C": 7}}), json!({"I": "given"}));
        let source = Source { document: Document(&document), input: Some(&input) };
        for (wording, expected) in [
            ("plain", Some("plain")),
            ("{A} and {B.C}", Some("x and 7")),
            ("{Nope|A}", Some("x")),
            ("{Nope|=there}", Some("there")),
            ("{in:I}", Some("given")),
            ("{Nope}", None),
            ("{A}[ with {Nope}][ of {B.C}]", Some("x of 7")),
            ("{A", None),
        ] {
            assert_eq!(fill(wording, source, &|value| Some(value.to_owned())).as_deref(), expected, "{wording}");
        }
    }

    #[test]
    fn arguments_are_quoted_for_a_shell() {
        for (value, expected) in [
            ("arn:aws:ecs:us-east-1:1:task/c/9", Some("arn:aws:ecs:us-east-1:1:task/c/9")),
            ("a b", Some("'a b'")),
            ("$(rm -r x)", Some("'$(rm -r x)'")),
            ("it's", Some(r"'it'\''s'")),
            ("$LATEST", Some("'$LATEST'")),
            ("--profile", None),
            ("a\nb", None),
            ("a\u{202e}b", None),
            ("", None),
        ] {
            assert_eq!(argument(value).as_deref(), expected, "{value:?}");
        }
    }
}

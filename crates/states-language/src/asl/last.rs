//! `[(@.length-1)]`, the last element of an array.
//!
//! Step Functions takes it in paths and templates, as early versions of Jayway did; the Jayway our paths follow no
//! longer reads it, and says `[-1]`. A definition is read as if it said so too.

use super::node::{Data, Node};

const START: &str = "[(@.length";
/// Fields that are paths of any form; the others are reference paths, in which `@` has no place.
const PATHS: [&str; 3] = ["InputPath", "OutputPath", "ItemsPath"];

/// Writes such elements of a definition by their index from the end.
pub(super) fn index_from_end(node: &mut Node) {
    match &mut node.data {
        Data::Object(members) => {
            for member in members {
                let is_path = member.key.ends_with(".$") || PATHS.contains(&&*member.key);
                match &mut member.value.data {
                    Data::Text(text) if is_path && text.contains(START) => *text = rewritten(text).into_boxed_str(),
                    _ => index_from_end(&mut member.value),
                }
            }
        }
        Data::List(items) => items.iter_mut().for_each(index_from_end),
        _ => {}
    }
}

fn rewritten(text: &str) -> String {
    let mut parts = text.split(START);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match back(part) {
            Some((back, rest)) => result.push_str(&format!("[-{back}]{rest}")),
            None => result.extend([START, part]),
        }
    }
    result
}

/// Reads `-1)]` and returns the number and what follows.
fn back(text: &str) -> Option<(u16, &str)> {
    let (number, rest) = text.trim_start().strip_prefix('-')?.split_once(")]")?;
    Some((number.trim().parse().ok().filter(|back| *back > 0)?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_element_is_the_one_before_the_end() {
        for (text, expected) in [
            ("$.a[(@.length-1)]", "$.a[-1]"),
            ("$[(@.length - 2)].b[(@.length-1)].c", "$[-2].b[-1].c"),
            ("States.Format('{}', $.a[(@.length-1)])", "States.Format('{}', $.a[-1])"),
            ("$.a[(@.length)]", "$.a[(@.length)]"),
            ("$.a[(@.length-0)]", "$.a[(@.length-0)]"),
            ("$.a[(@.length-1", "$.a[(@.length-1"),
        ] {
            assert_eq!(rewritten(text), expected);
        }
    }
}

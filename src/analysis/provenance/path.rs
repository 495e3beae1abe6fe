//! The places of a document that a path as people write it selects.

use crate::json::diff::{At, Step};
use crate::query::path::{Path, Places};
use crate::query::{Scope, SyntaxError};
use serde_json::Value;

/// The word between the path to a string and the path inside of what it holds.
const DECODED: &str = " decoded ";

/// Returns the places that a path selects in a document: `$.a[*].b`, or `$.Cause decoded $.errorMessage` for what
/// stands in JSON inside a string. Where names lead into such a string they need not say so.
pub fn places(document: &Value, path: &str) -> Result<Vec<At>, SyntaxError> {
    let mut places = vec![At::default()];
    for (number, part) in path.split(DECODED).enumerate() {
        let path = Path::compile_bare(part)?;
        if number > 0 {
            places.iter_mut().for_each(|at| at.0.push(Step::Decoded));
        }
        places = places.into_iter().flat_map(|at| below(document, &at, &path)).collect();
    }
    if places.is_empty() && !path.contains(DECODED) {
        return Ok(through_strings(document, path).into_iter().collect());
    }
    Ok(places)
}

fn below(document: &Value, at: &At, path: &Path) -> Vec<At> {
    let Some(value) = at.find(document) else { return Vec::new() };
    let found = match path.places(&Scope::of(&value)) {
        Ok(Places::One(found)) => vec![found],
        Ok(Places::Several(found)) => found,
        Ok(Places::Made) | Err(_) => Vec::new(),
    };
    found.into_iter().map(|found| at.clone().join(&found.0)).collect()
}

/// Follows a path of names and numbers; a string on the way is decoded.
fn through_strings(document: &Value, path: &str) -> Option<At> {
    let mut at = At::default();
    for step in path.trim_start_matches('$').split(['.', '[', ']']).filter(|step| !step.is_empty()) {
        if matches!(&*at.find(document)?, Value::String(_)) {
            at.0.push(Step::Decoded);
        }
        let name = step.trim_matches('\'');
        at.0.push(match (&*at.find(document)?, name.parse()) {
            (Value::Array(_), Ok(index)) => Step::Item(index),
            _ => Step::Member(name.into()),
        });
        at.find(document)?;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_also_into_strings() {
        let document = json!({"a": [{"b": 1}, {"b": 2}], "Cause": "{\"errors\":[{\"message\":\"no\"}]}"});
        for (path, expected) in [
            ("$.a[*].b", "$.a[0].b $.a[1].b"),
            ("a[1]", "$.a[1]"),
            ("$.Cause decoded $.errors[0].message", "$.Cause decoded $.errors[0].message"),
            ("$.Cause.errors[0].message", "$.Cause decoded $.errors[0].message"),
            ("$.Cause.nothing", ""),
            ("$.b", ""),
        ] {
            let found: Vec<String> = places(&document, path).unwrap().iter().map(At::to_string).collect();
            assert_eq!(found.join(" "), expected, "{path}");
        }
        assert!(places(&document, "$..").is_err());
    }
}

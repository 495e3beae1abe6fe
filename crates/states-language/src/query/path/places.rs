//! Which places of a document a path selects.

use super::evaluate::is_absent;
use super::{Miss, Path};
use crate::json::{At, Step};
use crate::query::budget::Budget;
use crate::query::scope::Scope;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashMap;

/// The places of a document that a path selects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Places {
    /// One place, whose value is the path's.
    One(At),
    /// Several, whose values are the items of the path's value.
    Several(Vec<At>),
    /// None: the value is new, put together of members, or stands for elements that are not there.
    Made,
}

impl Path {
    /// Returns which places of the document it starts at the path selects.
    pub fn places(&self, scope: &Scope<'_>) -> Result<Places, Miss> {
        let root = self.document(scope).ok_or_else(|| self.no_variable())?;
        let found = self.query.each(root, &Budget::new()).map_err(|stop| self.miss(stop))?;
        let mut wanted: HashMap<*const Value, Vec<usize>> = HashMap::new();
        for (number, value) in found.iter().enumerate() {
            match value {
                Cow::Borrowed(value) if is_absent(value) => return Ok(Places::Made),
                Cow::Borrowed(value) => wanted.entry(std::ptr::from_ref(*value)).or_default().push(number),
                Cow::Owned(_) => return Ok(Places::Made),
            }
        }
        let mut places = vec![At::default(); found.len()];
        locate(root, &mut wanted, &mut places);
        match places.len() {
            _ if !self.is_definite() => Ok(Places::Several(places)),
            // A definite path that selects nothing has missed above.
            0 => Ok(Places::Made),
            _ => Ok(Places::One(places.swap_remove(0))),
        }
    }
}

/// Finds values of a document by their addresses. Walks without recursion: documents may be deep.
fn locate(root: &Value, wanted: &mut HashMap<*const Value, Vec<usize>>, places: &mut [At]) {
    let mut waiting = vec![(root, At::default())];
    while let Some((value, at)) = waiting.pop() {
        for number in wanted.remove(&std::ptr::from_ref(value)).unwrap_or_default() {
            if let Some(place) = places.get_mut(number) {
                *place = at.clone();
            }
        }
        if wanted.is_empty() {
            return;
        }
        match value {
            Value::Array(items) => {
                let inner = items.iter().enumerate();
                waiting.extend(inner.map(|(index, item)| (item, at.clone().join(&[Step::Item(index)]))));
            }
            Value::Object(members) => {
                let inner = members.iter();
                waiting.extend(inner.map(|(key, item)| (item, at.clone().join(&[Step::Member(key.as_str().into())]))));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_of_every_kind_tell_their_places() {
        let document = json!({"a": {"b": [{"c": 1, "d": "x"}, {"c": 2, "d": "y"}, {"c": 1}]}, "e": 1});
        for (path, expected) in [
            ("$", "$"),
            ("$.a.b[0].c", "$.a.b[0].c"),
            ("$.a.b[(@.length-1)].c", "$.a.b[2].c"),
            ("$.a.b[-1]", "made"),
            ("$.a.b[3]", "made"),
            ("$.a.b[1:2]['c']", "[$.a.b[1].c]"),
            ("$.a.b[*].d", "[$.a.b[0].d, $.a.b[1].d]"),
            ("$.a.b[?(@.c == 1)].c", "[$.a.b[0].c, $.a.b[2].c]"),
            ("$.a.b[0:2].c", "[$.a.b[0].c, $.a.b[1].c]"),
            ("$..c", "[$.a.b[0].c, $.a.b[1].c, $.a.b[2].c]"),
            ("$.a.b[0]['c','d']", "made"),
            ("$.a.b.length()", "missed"),
            ("$.a.nothing", "missed"),
        ] {
            let found = match Path::compile(path).unwrap().places(&Scope::of(&document)) {
                Ok(Places::One(at)) => at.to_string(),
                Ok(Places::Several(several)) => {
                    format!("[{}]", several.iter().map(At::to_string).collect::<Vec<_>>().join(", "))
                }
                Ok(Places::Made) => "made".to_owned(),
                Err(_) => "missed".to_owned(),
            };
            assert_eq!(found, expected, "{path}");
        }
    }
}

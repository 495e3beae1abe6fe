//! What a part of a document is made of: the one notion that everything here computes with.
//!
//! A field of a state turns some documents into another. For a place in the new one, [`Derived`] says which places of
//! the old ones it comes from. Fields that follow each other are chained by [`Derived::then`].

use super::{Field, Gap, Making, Origin};
use crate::json::diff::At;

/// Where a part of a document comes from; `R` names the documents.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Derived<R> {
    /// The fields on the way, the last one first.
    pub(super) fields: Vec<Field>,
    pub(super) from: From<R>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum From<R> {
    /// It is what stands at one place, as it is.
    Place(R, At),
    /// It is made of what stands at several places.
    Made(Making, Vec<(R, At)>),
    /// It was made here.
    Origin(Origin),
    /// Nobody knows.
    Gap(Gap),
}

impl<R> Derived<R> {
    pub(super) fn place(root: R, at: At) -> Self {
        Self { fields: Vec::new(), from: From::Place(root, at) }
    }

    pub(super) fn made(making: Making, places: Vec<(R, At)>) -> Self {
        let from = match places.is_empty() && making == Making::Computed {
            true => From::Origin(Origin::Expression),
            false => From::Made(making, places),
        };
        Self { fields: Vec::new(), from }
    }

    pub(super) fn origin(origin: Origin) -> Self {
        Self { fields: Vec::new(), from: From::Origin(origin) }
    }

    pub(super) fn gap(gap: Gap) -> Self {
        Self { fields: Vec::new(), from: From::Gap(gap) }
    }

    /// The same, through one more field, which comes after those known so far.
    pub(super) fn through(mut self, field: Field) -> Self {
        self.fields.insert(0, field);
        self
    }

    /// Goes on from each place to what that is derived from.
    pub(super) fn then<S>(self, mut next: impl FnMut(R, At) -> Derived<S>) -> Derived<S> {
        let mut fields = self.fields;
        let from = match self.from {
            From::Origin(origin) => From::Origin(origin),
            From::Gap(gap) => From::Gap(gap),
            From::Place(root, at) => {
                let before = next(root, at);
                fields.extend(before.fields);
                before.from
            }
            From::Made(mut making, places) => {
                let mut found = Vec::new();
                let mut lost = None;
                for (root, at) in places {
                    let before = next(root, at);
                    fields.extend(before.fields);
                    match before.from {
                        From::Place(root, at) => found.push((root, at)),
                        From::Made(how, places) => {
                            making = making.max(how);
                            found.extend(places);
                        }
                        // What was written down, or drawn by AWS, is no place to go to.
                        From::Origin(_) => {}
                        From::Gap(gap) => lost = Some(gap),
                    }
                }
                fields.dedup();
                match lost.filter(|_| found.is_empty()) {
                    Some(gap) => From::Gap(gap),
                    None => Derived::made(making, found).from,
                }
            }
        };
        Derived { fields, from }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::diff::Step;

    fn at(name: &str) -> At {
        At(vec![Step::Member(name.into())])
    }

    fn field(name: &str) -> Field {
        Field { state: "S".into(), way: vec![name.into()], text: None, position: None }
    }

    #[test]
    fn what_is_copied_from_a_copy_is_a_copy() {
        let derived = Derived::place('b', at("x")).through(field("Later"));
        let derived = derived.then(|_, at| Derived::place('a', at).through(field("Earlier")));
        assert_eq!(derived.from, From::Place('a', at("x")));
        assert_eq!(derived.fields.iter().map(Field::name).collect::<Vec<_>>(), ["Later", "Earlier"]);
    }

    #[test]
    fn what_is_made_of_something_computed_is_computed() {
        let parts = vec![('b', at("x")), ('b', at("y"))];
        let derived = Derived::made(Making::Collected, parts).then(|_, place| match place == at("x") {
            true => Derived::made(Making::Computed, vec![('a', at("p")), ('a', at("q"))]),
            false => Derived::origin(Origin::Written),
        });
        assert_eq!(derived.from, From::Made(Making::Computed, vec![('a', at("p")), ('a', at("q"))]));
    }

    #[test]
    fn what_comes_from_nowhere_known_is_a_gap() {
        let parts = vec![('b', at("x"))];
        let derived: Derived<char> = Derived::made(Making::Computed, parts).then(|_, _| Derived::gap(Gap::NotRecorded));
        assert_eq!(derived.from, From::Gap(Gap::NotRecorded));
        assert_eq!(Derived::<char>::made(Making::Computed, Vec::new()).from, From::Origin(Origin::Expression));
    }
}

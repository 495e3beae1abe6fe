//! Rules of a Choice state that never decide anything.

use super::subject::Subject;
use crate::asl::node::{Data, Node};
use crate::asl::state::{State, StateKind};
use crate::query::jsonata::expression_text;
use std::collections::{BTreeMap, HashMap};

/// `CHOICE_NEVER_MATCHES`: what a rule asks for cannot be, or an earlier rule has taken every such case.
pub(super) fn check(subject: &mut Subject<'_>) {
    for (state, node) in subject.states() {
        if matches!(state.kind, StateKind::Choice(_)) {
            rules(subject, state, node.get("Choices").and_then(Node::items).unwrap_or_default());
        }
    }
}

fn rules(subject: &mut Subject<'_>, state: &State, list: &[Node]) {
    let mut earlier = Earlier::default();
    for (index, rule) in list.iter().enumerate() {
        let demand = Demand::of(rule);
        let location = format!("{}/Choices[{index}]", state.place.pointer);
        if demand.is_impossible() {
            let message = "This rule never matches: nothing is what it asks for";
            subject.warn("CHOICE_NEVER_MATCHES", location, rule.span, message);
        } else if let Some(first) = earlier.covering(&demand) {
            let message = "This rule never decides: an earlier one takes everything it would match";
            subject.warn("CHOICE_NEVER_MATCHES", location, rule.span, message);
            subject.hint(format!("See Choices[{first}]; the first rule that matches decides."));
        } else {
            earlier.add(index, demand);
        }
    }
}

/// How many ranges of one variable are remembered; a Choice state with a thousand rules is compared in linear time.
const REMEMBERED: usize = 32;

/// The demands of earlier rules, by what a later one can be found with.
#[derive(Default)]
struct Earlier {
    always: Option<usize>,
    /// Demands of any kind as they are written.
    same: HashMap<String, usize>,
    /// Demands that one variable is one text.
    texts: HashMap<(String, String), usize>,
    /// Other demands, by their first variable.
    ranges: HashMap<String, Vec<(usize, Demand)>>,
}

impl Earlier {
    fn add(&mut self, index: usize, demand: Demand) {
        if demand == Demand::Always {
            self.always.get_or_insert(index);
        }
        self.same.entry(format!("{demand:?}")).or_insert(index);
        let Demand::All(ranges) = &demand else { return };
        let Some((variable, range)) = ranges.first_key_value() else { return };
        if let (Range::Text(text), 1) = (range, ranges.len()) {
            self.texts.entry((variable.clone(), text.clone())).or_insert(index);
            return;
        }
        let list = self.ranges.entry(variable.clone()).or_default();
        if list.len() < REMEMBERED {
            list.push((index, demand));
        }
    }

    /// Returns the first of the rules that take everything this demand is for.
    fn covering(&self, demand: &Demand) -> Option<usize> {
        let same = self.same.get(&format!("{demand:?}")).copied();
        let ranges = match demand {
            Demand::All(ranges) => Some(ranges),
            _ => None,
        };
        let of_variable = ranges.into_iter().flatten().filter_map(|(variable, range)| {
            let text = match range {
                Range::Text(text) => self.texts.get(&(variable.clone(), text.clone())).copied(),
                _ => None,
            };
            let list = self.ranges.get(variable).map_or(&[][..], Vec::as_slice);
            let wider = list.iter().find(|(_, earlier)| demand.implies(earlier)).map(|(index, _)| *index);
            text.into_iter().chain(wider).min()
        });
        of_variable.chain(same).chain(self.always).min()
    }
}

/// What a rule asks for, as far as it is understood.
#[derive(Debug, Clone, PartialEq)]
enum Demand {
    /// `true` or `false`.
    Always,
    Never,
    /// Every one of these variables is so.
    All(BTreeMap<String, Range>),
    /// Something else; equal only to itself.
    Opaque(Vec<(String, Data)>),
}

/// The values one variable may have.
#[derive(Debug, Clone, PartialEq)]
enum Range {
    /// Nothing.
    Empty,
    /// A number between two bounds; a bound may itself be allowed.
    Number {
        low: Bound,
        high: Bound,
    },
    /// One text.
    Text(String),
    Bool(bool),
    /// Any value of one type: the type test's name.
    Type(&'static str),
    Present(bool),
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Bound {
    value: f64,
    included: bool,
}

const LOWEST: Bound = Bound { value: f64::NEG_INFINITY, included: true };
const HIGHEST: Bound = Bound { value: f64::INFINITY, included: true };

impl Demand {
    fn of(rule: &Node) -> Self {
        if let Some(condition) = rule.get("Condition") {
            return Self::of_condition(condition);
        }
        let mut ranges = BTreeMap::new();
        match collect(rule, &mut ranges) {
            Some(()) if ranges.values().any(|range| *range == Range::Empty) => Self::Never,
            Some(()) => Self::All(ranges),
            None => Self::Opaque(comparison(rule)),
        }
    }

    fn of_condition(condition: &Node) -> Self {
        let literal = match &condition.data {
            Data::Bool(literal) => Some(*literal),
            Data::Text(text) => expression_text(text).and_then(|source| source.parse().ok()),
            _ => None,
        };
        match literal {
            Some(true) => Self::Always,
            Some(false) => Self::Never,
            None => Self::Opaque(vec![("Condition".to_owned(), without_places(condition).data)]),
        }
    }

    fn is_impossible(&self) -> bool {
        *self == Self::Never
    }

    /// Tells whether an earlier demand is met whenever this one is.
    fn implies(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (_, Self::Always) => true,
            (Self::All(own), Self::All(earlier)) => {
                let met = |(variable, range): (&String, &Range)| own.get(variable).is_some_and(|own| own.within(range));
                earlier.iter().all(met)
            }
            _ => self == earlier,
        }
    }
}

impl Range {
    fn of(operator: &str, operand: &Node) -> Option<Self> {
        Some(match (&operand.data, operator) {
            (Data::Text(_), _) if operand.is_substitution() => return None,
            (Data::Text(text), "StringEquals") => Self::Text(text.to_string()),
            (Data::Bool(value), "BooleanEquals") => Self::Bool(*value),
            (Data::Bool(present), "IsPresent") => Self::Present(*present),
            (Data::Bool(true), "IsString") => Self::Type("IsString"),
            (Data::Bool(true), "IsNumeric") => Self::Type("IsNumeric"),
            (Data::Bool(true), "IsBoolean") => Self::Type("IsBoolean"),
            (Data::Bool(true), "IsNull") => Self::Type("IsNull"),
            (Data::Number(number), operator) => {
                let value = number.as_f64()?;
                let bound = |included| Bound { value, included };
                let (low, high) = match operator {
                    "NumericEquals" => (bound(true), bound(true)),
                    "NumericLessThan" => (LOWEST, bound(false)),
                    "NumericLessThanEquals" => (LOWEST, bound(true)),
                    "NumericGreaterThan" => (bound(false), HIGHEST),
                    "NumericGreaterThanEquals" => (bound(true), HIGHEST),
                    _ => return None,
                };
                Self::Number { low, high }
            }
            _ => return None,
        })
    }

    fn type_test(&self) -> Option<&'static str> {
        match self {
            Self::Number { .. } => Some("IsNumeric"),
            Self::Text(_) => Some("IsString"),
            Self::Bool(_) => Some("IsBoolean"),
            Self::Type(test) => Some(test),
            Self::Empty | Self::Present(_) => None,
        }
    }

    /// Tells whether every value of this range is one of the other.
    fn within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Empty, _) => true,
            (Self::Number { low, high }, Self::Number { low: other_low, high: other_high }) => {
                let above = low.value > other_low.value
                    || low.value == other_low.value && (other_low.included || !low.included);
                let below = high.value < other_high.value
                    || high.value == other_high.value && (other_high.included || !high.included);
                above && below
            }
            (own, Self::Type(test)) => own.type_test() == Some(test),
            // A comparison with a variable that is absent fails the execution, so one that matches is present.
            (own, Self::Present(true)) => *own != Self::Present(false),
            _ => self == other,
        }
    }

    /// Returns the values that are in both ranges.
    fn both(&self, other: &Self) -> Self {
        if self.within(other) {
            return self.clone();
        }
        if other.within(self) {
            return other.clone();
        }
        match (self, other) {
            (Self::Number { low, high }, Self::Number { low: other_low, high: other_high }) => {
                let low = if low.value > other_low.value || low.value == other_low.value && !low.included {
                    low
                } else {
                    other_low
                };
                let high = if high.value < other_high.value || high.value == other_high.value && !high.included {
                    high
                } else {
                    other_high
                };
                let empty = low.value > high.value || low.value == high.value && !(low.included && high.included);
                if empty { Self::Empty } else { Self::Number { low: *low, high: *high } }
            }
            _ => Self::Empty,
        }
    }
}

/// Collects what a rule made of comparisons with constants and `And` asks for; `None` when it is more than that.
fn collect(rule: &Node, ranges: &mut BTreeMap<String, Range>) -> Option<()> {
    if let Some(parts) = rule.get("And") {
        return parts.items()?.iter().try_for_each(|part| collect(part, ranges));
    }
    let variable = rule.get("Variable")?.text()?;
    let around = ["Variable", "Next", "Assign", "Comment", "Output"];
    let mut operators = rule.members()?.iter().filter(|member| !around.contains(&&*member.key));
    let (operator, None) = (operators.next()?, operators.next()) else {
        return None;
    };
    let range = Range::of(&operator.key, &operator.value)?;
    let range = ranges.get(variable).map_or_else(|| range.clone(), |known| known.both(&range));
    ranges.insert(variable.to_owned(), range);
    Some(())
}

/// Returns the members of a rule that make its comparison.
fn comparison(rule: &Node) -> Vec<(String, Data)> {
    let members = rule.members().unwrap_or_default().iter();
    let members = members.filter(|member| !["Next", "Assign", "Comment", "Output"].contains(&&*member.key));
    let mut members: Vec<_> =
        members.map(|member| (member.key.to_string(), without_places(&member.value).data)).collect();
    members.sort_by(|(a, _), (b, _)| a.cmp(b));
    members
}

/// Copies a value as if it stood nowhere, so that equal values are equal.
fn without_places(node: &Node) -> Node {
    let data = match &node.data {
        Data::List(items) => Data::List(items.iter().map(without_places).collect()),
        Data::Object(members) => {
            let plain = |member: &crate::asl::node::Member| crate::asl::node::Member {
                key: member.key.clone(),
                key_span: crate::asl::place::Span::default(),
                value: without_places(&member.value),
            };
            Data::Object(members.iter().map(plain).collect())
        }
        data => data.clone(),
    };
    Node::new(0, 0, data)
}

//! The operators of filters.

use super::super::evaluate::Stop;
use super::decimal::Decimal;
use super::operand::Node;
use crate::query::budget::Budget;
use std::cmp::Ordering;

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    GreaterOrEqual,
    LessOrEqual,
    NotEqual,
    Less,
    Greater,
    Matches,
}

impl Operator {
    /// The operators in the order in which they are looked for.
    pub(super) const ALL: [(&'static str, Self); 7] = [
        ("==", Self::Equal),
        (">=", Self::GreaterOrEqual),
        ("<=", Self::LessOrEqual),
        ("!=", Self::NotEqual),
        ("<", Self::Less),
        (">", Self::Greater),
        ("=~", Self::Matches),
    ];

    /// Tells whether the operator holds. Values that cannot be compared make all operators false, `!=` too.
    pub(super) fn holds(self, left: &Node<'_>, right: &Node<'_>, same: bool, budget: &Budget) -> Result<bool, Stop> {
        if self == Self::Matches {
            return matches(left, right, budget);
        }
        let order = if same { Some(Ordering::Equal) } else { compare(left, right)? };
        let one_is_null = left.is_null() != right.is_null();
        Ok(order.is_some_and(|order| match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            _ if one_is_null => false,
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
            Self::Matches => false,
        }))
    }
}

/// Orders two values; nothing when they cannot be compared.
///
/// What stands to the right decides how: text there is read as a number beside a number, and as a boolean beside a
/// boolean; text to the left is only compared with text. Null, and the text `null`, come before everything: the
/// operators that order do not ask when one side is null itself.
fn compare(left: &Node<'_>, right: &Node<'_>) -> Result<Option<Ordering>, Stop> {
    Ok(match (left.is_nullish(), right.is_nullish()) {
        (true, true) => Some(Ordering::Equal),
        (false, true) => Some(Ordering::Greater),
        (true, false) => Some(Ordering::Less),
        (false, false) => match (left, right) {
            (Node::Text(left), Node::Text(right)) => Some(order_text(left, right)),
            (Node::Number(left), Node::Number(right)) => left.order(right),
            (Node::Number(left), Node::Text(right)) => {
                let right = Decimal::parse(right).ok_or(Stop::Failed("a number is compared with text that is none"))?;
                left.order_decimal(&right)
            }
            (Node::Bool(left), Node::Text(right)) => Some(left.cmp(&right.eq_ignore_ascii_case("true"))),
            (Node::Bool(left), Node::Bool(right)) => Some(left.cmp(right)),
            _ => None,
        },
    })
}

/// Orders text by UTF-16 units; to the right `\'` means a quote.
fn order_text(left: &str, right: &str) -> Ordering {
    if right.contains("\\'") {
        return left.encode_utf16().cmp(right.replace("\\'", "'").encode_utf16());
    }
    if left.is_ascii() && right.is_ascii() { left.cmp(right) } else { left.encode_utf16().cmp(right.encode_utf16()) }
}

/// Matches all of a value's text; the regular expression may stand on either side.
fn matches(left: &Node<'_>, right: &Node<'_>, budget: &Budget) -> Result<bool, Stop> {
    let (pattern, searched) = match (left, right) {
        (Node::Pattern(pattern), searched) | (searched, Node::Pattern(pattern)) => (pattern, searched),
        (Node::Null, Node::Null) => return Ok(false),
        _ => return Err(Stop::Failed("=~ needs a regular expression")),
    };
    if searched.is_null() {
        return Ok(false);
    }
    let text = searched.text(budget)?;
    budget.spend(text.len())?;
    pattern.matches(&text)
}

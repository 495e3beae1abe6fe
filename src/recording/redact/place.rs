//! A place in a payload: the part of JSONPath that says where, without asking what is there.

use super::RuleError;

/// A path of names, indexes, `*` and `..`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    text: String,
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// `.name`, `['name']`
    Name(String),
    /// `[0]`
    Index(usize),
    /// `.*`, `[*]`
    Any,
    /// `..`: any number of steps.
    Deep,
}

/// One step of the way to where a walk stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum At {
    Member(String),
    Element(usize),
}

impl Place {
    pub(super) fn parse(text: &str) -> Result<Self, RuleError> {
        let mut rest = text.strip_prefix('$').unwrap_or(text);
        let mut steps = Vec::new();
        while !rest.is_empty() {
            rest = step(rest, &mut steps).ok_or_else(|| {
                let at = text.len() - rest.len() + 1;
                let reason = format!("at character {at}: a path has only .name, ['name'], [0], [*], .* and ..name");
                RuleError { reason }
            })?;
        }
        if steps.last() == Some(&Step::Deep) {
            return Err(RuleError { reason: "a name is missing after '..'".to_owned() });
        }
        Ok(Self { text: text.to_owned(), steps })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Tells whether this is the place one gets to on that way.
    pub(super) fn is(&self, way: &[At]) -> bool {
        fits(&self.steps, way)
    }
}

/// Takes one step off the text of a path and returns what is left of it.
fn step<'t>(text: &'t str, steps: &mut Vec<Step>) -> Option<&'t str> {
    if let Some(rest) = text.strip_prefix("..") {
        steps.push(Step::Deep);
        return if rest.starts_with('[') { Some(rest) } else { name(rest, steps) };
    }
    if let Some(rest) = text.strip_prefix('.') {
        return name(rest, steps);
    }
    let rest = text.strip_prefix('[')?;
    if let Some(quote @ ('\'' | '"')) = rest.chars().next() {
        let (name, rest) = rest.get(1..)?.split_once(quote)?;
        steps.push(Step::Name(name.to_owned()));
        return rest.strip_prefix(']');
    }
    let (inside, rest) = rest.split_once(']')?;
    steps.push(if inside == "*" { Step::Any } else { Step::Index(inside.parse().ok()?) });
    Some(rest)
}

fn name<'t>(text: &'t str, steps: &mut Vec<Step>) -> Option<&'t str> {
    let (name, rest) = text.split_at(text.find(['.', '[']).unwrap_or(text.len()));
    let plain = !name.is_empty() && !name.contains([' ', '\'', '"', '(', ')', ']', '?', ',', ':']);
    steps.push(if name == "*" { Step::Any } else { Step::Name(name.to_owned()) });
    plain.then_some(rest)
}

fn fits(steps: &[Step], way: &[At]) -> bool {
    match (steps.split_first(), way.split_first()) {
        (None, None) => true,
        (Some((Step::Deep, rest)), _) => {
            (0..=way.len()).any(|skipped| fits(rest, way.get(skipped..).unwrap_or_default()))
        }
        (Some((step, steps)), Some((at, way))) => {
            let one = match (step, at) {
                (Step::Name(name), At::Member(member)) => name == member,
                (Step::Index(index), At::Element(element)) => index == element,
                (Step::Any, _) => true,
                _ => false,
            };
            one && fits(steps, way)
        }
        _ => false,
    }
}

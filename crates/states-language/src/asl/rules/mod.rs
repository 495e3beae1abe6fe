//! What AWS lets pass and an author would rather hear before the first run: always warnings, with our own codes.
//!
//! A rule is a question to a machine that AWS accepts; it speaks up only when it can prove its point.

mod arity;
mod calls;
mod choices;
mod errors;
mod filters;
mod growth;
mod keys;
mod literals;
mod paths;
mod reach;
mod shape;
mod subject;
mod tokens;
mod variables;

use super::definition::Definition;
use super::diagnostic::Diagnostic;
use super::machine::Machine;
use subject::Subject;

/// Asks every rule, and lists what they say in the order of the text.
pub(super) fn check(definition: &Definition, machine: &Machine) -> Vec<Diagnostic> {
    let Some(root) = definition.root() else {
        return Vec::new();
    };
    let mut subject = Subject::new(root, machine);
    for rule in [
        keys::check,
        literals::check,
        arity::check,
        calls::check,
        reach::check,
        choices::check,
        errors::check,
        tokens::check,
        variables::check,
        paths::check,
        filters::check,
        growth::check,
    ] {
        rule(&mut subject);
    }
    subject.into_findings()
}

#[cfg(test)]
mod tests;

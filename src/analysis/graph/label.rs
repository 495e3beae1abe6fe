//! Why one state follows another, in few words.

use crate::asl::graph::Reason;
use crate::asl::state::{ChoiceData, Condition};
use crate::asl::{Catcher, ErrorPattern, State, StateKind};

/// Returns the reason as one labels an arrow; empty for `Next`.
pub(in crate::analysis) fn label(state: &State, reason: Reason) -> String {
    match reason {
        Reason::Next => String::new(),
        Reason::Default => "Default".to_owned(),
        Reason::Choice(rule) => condition(state, rule).unwrap_or_else(|| format!("rule {rule}")),
        Reason::Catch(number) => state.catchers().get(number).map(errors).unwrap_or_default(),
    }
}

fn condition(state: &State, rule: usize) -> Option<String> {
    let StateKind::Choice(choice) = &state.kind else { return None };
    match &choice.data {
        ChoiceData::JsonPath { rules, .. } => rules.get(rule).map(|rule| rule.rule.in_few_words()),
        ChoiceData::Jsonata { rules, .. } => rules.get(rule).map(|rule| match &rule.condition {
            Condition::Literal(value) => value.to_string(),
            Condition::Expression(expression) => bare(expression.source()),
        }),
    }
}

/// Takes what an arrow need not say from an expression: the braces, and that `$states.input` is meant.
fn bare(expression: &str) -> String {
    let inner = expression.trim().trim_start_matches("{%").trim_end_matches("%}");
    inner.split_whitespace().collect::<Vec<_>>().join(" ").replace("$states.input.", "")
}

fn errors(catcher: &Catcher) -> String {
    let name = |pattern: &ErrorPattern| match pattern {
        ErrorPattern::All => "all".to_owned(),
        ErrorPattern::TaskFailed => "States.TaskFailed".to_owned(),
        ErrorPattern::Name(name) => name.clone(),
    };
    catcher.error_equals.iter().map(name).collect::<Vec<_>>().join(", ")
}

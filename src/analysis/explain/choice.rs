//! The rules of a Choice, one by one, with what each of them saw.

use super::given;
use crate::analysis::scene::{Draws, Scene};
use crate::asl::Place;
use crate::asl::state::{self, ChoiceData, Condition, JsonPathRule};
use crate::query::choice;
use crate::query::jsonata::{self, Session};
use serde_json::Value;
use std::sync::Arc;

/// The rules of a Choice, and which of them decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The rules in order.
    pub rules: Vec<Rule>,
    /// Where `Default` leads, and the line that says so.
    pub default: Option<(Arc<str>, Option<u32>)>,
    /// The rule that holds, by its place; `None` when `Default` decides or nothing can.
    pub decided: Option<usize>,
}

/// A rule and what it saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The line on which it begins.
    pub line: u32,
    /// Where it leads.
    pub next: Arc<str>,
    /// Its comment.
    pub comment: Option<String>,
    /// The test.
    pub test: Test,
}

/// A test, and what stands inside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// The test in words: `$.total NumericGreaterThan 100`, `And`, or a JSONata expression.
    pub text: String,
    /// What it came to.
    pub verdict: Verdict,
    /// The places it looks at, and what was there; `None` when nothing was.
    pub operands: Vec<(String, Option<Value>)>,
    /// The tests inside `And`, `Or` and `Not`, or the operations of an expression.
    pub parts: Vec<Test>,
}

/// What a test came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// It holds.
    Holds,
    /// It does not hold.
    HoldsNot,
    /// An operation of an expression gave this.
    Gave(Value),
    /// It cannot be evaluated, in AWS's words.
    Failed(String),
    /// It was not looked at: what came before it had decided.
    NotAsked,
}

impl From<bool> for Verdict {
    fn from(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::HoldsNot }
    }
}

/// Looks at the rules as the state did.
pub(super) fn seen(scene: &Scene<'_>, state: &state::Choice, draws: &Draws) -> Choice {
    let input = given::effective(scene, draws);
    let mut seen = Vec::new();
    let decided = scene.evaluate(draws, |around| match &state.data {
        ChoiceData::JsonPath { rules, .. } => {
            let scope = around.scope(&input);
            one_by_one(rules.len(), |place, asked| {
                let rule = rules.get(place)?;
                let test = if asked { of_rule(&rule.rule.explain(&scope), &scope) } else { unasked(rule) };
                let holds = test.verdict.clone();
                seen.push(described(scene, (&rule.place, &rule.next.name, &rule.comment), test));
                Some(holds)
            })
        }
        ChoiceData::Jsonata { rules, .. } => {
            let session = Session::new(around.scope(&input));
            one_by_one(rules.len(), |place, asked| {
                let rule = rules.get(place)?;
                let test = of_condition(place, &rule.condition, asked, &session);
                let holds = test.verdict.clone();
                seen.push(described(scene, (&rule.place, &rule.next.name, &rule.comment), test));
                Some(holds)
            })
        }
    });
    let line = scene.program.field(&scene.state.place, &["Default"]).map(|(_, line)| line);
    Choice { rules: seen, default: state.default.as_ref().map(|target| (Arc::clone(&target.name), line)), decided }
}

/// Asks rules in order until one holds or cannot be evaluated; the others are only listed.
fn one_by_one(count: usize, mut look: impl FnMut(usize, bool) -> Option<Verdict>) -> Option<usize> {
    let mut decided = None;
    let mut over = false;
    for place in 0..count {
        match look(place, !over) {
            Some(Verdict::Holds) => {
                decided = Some(place);
                over = true;
            }
            Some(Verdict::Failed(_)) => over = true,
            _ => {}
        }
    }
    decided
}

fn described(scene: &Scene<'_>, (place, next, comment): (&Place, &Arc<str>, &Option<String>), test: Test) -> Rule {
    Rule { line: scene.program.line_of(place), next: Arc::clone(next), comment: comment.clone(), test }
}

fn of_rule(seen: &choice::Explanation, scope: &crate::query::Scope<'_>) -> Test {
    let verdict = match &seen.outcome {
        Ok(holds) => Verdict::from(*holds),
        Err(error) => Verdict::Failed(error.aws_cause(scope)),
    };
    let mut parts: Vec<Test> = seen.parts.iter().map(|part| of_rule(part, scope)).collect();
    // Evaluation looks no further than the part that decides, or that cannot be evaluated.
    let decides = |test: &Test| {
        let found = (&*seen.text, &test.verdict);
        matches!(found, (_, Verdict::Failed(_)) | ("And", Verdict::HoldsNot) | ("Or", Verdict::Holds))
    };
    if let Some(at) = parts.iter().position(decides) {
        parts.iter_mut().skip(at + 1).for_each(forget);
    }
    Test { text: seen.text.clone(), verdict, operands: seen.operands.clone(), parts }
}

/// Marks a test and everything inside as not looked at.
fn forget(test: &mut Test) {
    test.verdict = Verdict::NotAsked;
    test.operands.clear();
    test.parts.iter_mut().for_each(forget);
}

/// A rule nobody looked at is listed with its words, not with values.
fn unasked(rule: &JsonPathRule) -> Test {
    let nothing = Value::Null;
    let scope = crate::query::Scope::of(&nothing);
    let mut test = of_rule(&rule.rule.explain(&scope), &scope);
    forget(&mut test);
    test
}

fn of_condition(place: usize, condition: &Condition, asked: bool, session: &Session<'_>) -> Test {
    match condition {
        Condition::Literal(holds) => {
            let verdict = if asked { Verdict::from(*holds) } else { Verdict::NotAsked };
            Test { text: holds.to_string(), verdict, operands: Vec::new(), parts: Vec::new() }
        }
        Condition::Expression(expression) => {
            let text = expression.source().to_owned();
            if !asked {
                return Test { text, verdict: Verdict::NotAsked, operands: Vec::new(), parts: Vec::new() };
            }
            let field = format!("Choices[{place}]/Condition");
            let verdict = match expression.evaluate_bool(session, &field) {
                Ok(holds) => Verdict::from(holds),
                Err(failure) => Verdict::Failed(failure.aws_cause()),
            };
            let seen = expression.explain(session);
            let operand = |(place, part): &(jsonata::Reference, jsonata::Part)| (place.to_string(), value(part));
            let operands = seen.places.iter().map(operand).collect();
            Test { text, verdict, operands, parts: steps(&seen) }
        }
    }
}

/// The operations of an expression. The last one is the expression itself, whose value is known.
fn steps(seen: &jsonata::Explanation) -> Vec<Test> {
    let inner = seen.steps.len().saturating_sub(1);
    let step = |step: &jsonata::Step| {
        let operands: Vec<String> = step.operands.iter().map(ToString::to_string).collect();
        let verdict = match value(&step.result) {
            Some(Value::Bool(holds)) => Verdict::from(holds),
            Some(value) => Verdict::Gave(value),
            None => Verdict::Gave(Value::from(step.result.to_string())),
        };
        Test { text: step.written(&operands), verdict, operands: Vec::new(), parts: Vec::new() }
    };
    let shown = if seen.steps.len() == 1 { 1 } else { inner };
    seen.steps.iter().take(shown).map(step).collect()
}

fn value(part: &jsonata::Part) -> Option<Value> {
    match part {
        jsonata::Part::Value(value) => Some(value.clone()),
        _ => None,
    }
}

//! One evaluation by jsonata-core.

use super::convert::{NoJson, to_value};
use super::failure::{FailureKind, Limit};
use super::functions::{self, mixed};
use super::limits::{Budget, Exceeded};
use super::references::References;
use super::session::Session;
use super::trace::{Operation, Trace, Watch};
use super::wording;
use jsonata_core::ast::AstNode;
use jsonata_core::evaluator::{Context, Evaluator, EvaluatorError, EvaluatorOptions};
use jsonata_core::value::JValue;
use serde_json::Value;
use std::cell::Cell;
use std::rc::Rc;

/// A safety net for loops that allocate nothing; far beyond what any useful expression takes.
const MILLISECONDS: u64 = if cfg!(test) { 1_000 } else { 3_000 };

/// How deep an evaluation may nest; a call of a function takes about three levels.
const LEVELS: usize = 10_000;

/// The longest sequence an expression may make.
const ITEMS: usize = 1_000_000;

/// What the functions of one evaluation share.
pub(super) struct Run {
    /// The time, which stands still during an evaluation.
    pub(super) now: f64,
    pub(super) budget: Budget,
    random: Cell<u64>,
    exceeded: Cell<Option<Limit>>,
    /// The operands of the operations, when an error is looked into.
    pub(super) trace: Trace,
}

impl Run {
    fn new(session: &Session<'_>, references: &References) -> Self {
        let named = |names: &[&str]| references.functions().any(|name| names.contains(&name));
        let sources = session.scope().sources;
        Self {
            now: if named(&["now", "millis"]) { sources.now_millis() as f64 } else { 0.0 },
            budget: Budget::new(),
            random: Cell::new(if named(&["random", "uuid", "shuffle"]) { sources.random() } else { 0 }),
            exceeded: Cell::new(None),
            trace: Trace::default(),
        }
    }

    fn evaluate(
        self: &Rc<Self>,
        tree: &AstNode,
        references: &References,
        session: &Session<'_>,
    ) -> Result<JValue, FailureKind> {
        let options = EvaluatorOptions {
            timeout_ms: Some(MILLISECONDS),
            cancel: None,
            max_stack_depth: Some(LEVELS),
            max_sequence_length: Some(ITEMS),
        };
        let mut evaluator = Evaluator::with_options(bindings(references, session), options);
        functions::register(&mut evaluator, references, self);
        contained(|| evaluator.evaluate(tree, &JValue::Undefined)).map_err(|error| self.failure(&error))
    }

    /// Returns the next of the random numbers of this evaluation, which follow from one draw of the caller's.
    pub(super) fn next_random(&self) -> u64 {
        let state = self.random.get();
        self.random.set(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
        mixed(state)
    }

    /// Spends bytes or ends the evaluation.
    pub(super) fn spend(&self, bytes: usize) -> Result<(), EvaluatorError> {
        self.check(self.budget.spend(bytes))
    }

    /// Ends the evaluation when the budget is spent.
    pub(super) fn check(&self, outcome: Result<(), Exceeded>) -> Result<(), EvaluatorError> {
        outcome.map_err(|Exceeded| self.end(Limit::Memory))
    }

    /// Ends the evaluation because it would take too long.
    pub(super) fn out_of_time(&self) -> EvaluatorError {
        self.end(Limit::Time)
    }

    fn end(&self, limit: Limit) -> EvaluatorError {
        self.exceeded.set(Some(limit));
        EvaluatorError::EvaluationError(limit.to_string())
    }

    fn failure(&self, error: &EvaluatorError) -> FailureKind {
        if let Some(limit) = self.exceeded.get() {
            return FailureKind::Limit(limit);
        }
        let (code, message) = split_code(error.message());
        match code {
            Some("D1011" | "U1001") => FailureKind::Limit(Limit::Depth),
            Some("D1012") => FailureKind::Limit(Limit::Time),
            Some("D2015") => FailureKind::Limit(Limit::Memory),
            _ => FailureKind::Thrown { code: code.map(Into::into), message: message.into() },
        }
    }
}

/// Evaluates a tree; there is no context item, so `$` and `$$` are undefined outside of paths and functions.
pub(super) fn evaluate(tree: &AstNode, references: &References, session: &Session<'_>) -> Result<Value, FailureKind> {
    let run = Rc::new(Run::new(session, references));
    let result = match run.evaluate(tree, references, session) {
        Err(FailureKind::Thrown { code: Some(code), message }) => {
            return Err(reworded(code, message, || look_into(tree, references, session)));
        }
        result => result?,
    };
    to_value(&result).map_err(|reason| match reason {
        NoJson::Undefined => FailureKind::Undefined,
        NoJson::Function => FailureKind::Unsupported,
        NoJson::TooLarge => FailureKind::Limit(Limit::Memory),
    })
}

/// Evaluates once more to find the operation that fails.
fn look_into(tree: &AstNode, references: &References, session: &Session<'_>) -> Option<Operation> {
    let run = Rc::new(Run::new(session, references));
    let mut tree = tree.clone();
    run.trace.watch(&mut tree, Watch::Failing);
    let again = run.evaluate(&tree, references, session);
    again.is_err().then(|| run.trace.last()).flatten()
}

/// Evaluates under watch and returns the operations that gave a result, in order.
pub(super) fn operations(tree: &AstNode, references: &References, session: &Session<'_>) -> Vec<Operation> {
    let run = Rc::new(Run::new(session, references));
    let mut tree = tree.clone();
    run.trace.watch(&mut tree, Watch::Everything);
    // A failure ends the list of operations; the reader is told of it by the evaluation proper.
    let _ = run.evaluate(&tree, references, session);
    run.trace.finished()
}

fn reworded(code: Box<str>, message: Box<str>, operation: impl FnOnce() -> Option<Operation>) -> FailureKind {
    let operation = if wording::needs_operation(&code) { operation() } else { None };
    let message = wording::sentence(&code, &message, operation.as_ref()).map_or(message, Into::into);
    FailureKind::Thrown { code: Some(code), message }
}

/// Makes an error of a panic inside jsonata-core: a hostile expression must not end the program.
fn contained(evaluate: impl FnOnce() -> Result<JValue, EvaluatorError>) -> Result<JValue, EvaluatorError> {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(evaluate));
    outcome.unwrap_or_else(|_| Err(EvaluatorError::EvaluationError("The expression cannot be evaluated".to_owned())))
}

fn bindings(references: &References, session: &Session<'_>) -> Context {
    let mut context = Context::new();
    if let Some(states) = session.states(references) {
        context.bind("states".to_owned(), states);
    }
    // A variable hides a function of the same name.
    for name in references.variables().chain(references.functions()) {
        if let Some(value) = session.variable(name) {
            context.bind(name.to_owned(), value);
        }
    }
    context
}

/// Splits `T2001: The left side …` into code and message.
pub(super) fn split_code(message: &str) -> (Option<&str>, &str) {
    match jsonata_core::evaluator::error_code_prefix(message) {
        Some(code) => (Some(code), message[code.len() + 1..].trim_start()),
        None => (None, message),
    }
}

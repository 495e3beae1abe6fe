//! Terraform's expressions, as far as the files say what they give.

use super::functions;
use super::instance::Instance;
use super::sources::Sources;
use super::value::{Entry, Value, What};
use crate::asl::Span;
use crate::template::choices::Choices;
use crate::template::text::{Mapped, offset};
use hcl_edit::expr::{BinaryOperator, Conditional, Expression, ForExpr, ObjectKey, UnaryOperator};
use std::cell::Cell;

/// How deep expressions may lead into each other: through locals, variables, modules and templates.
const DEPTH: usize = 60;

/// How many values one definition may need, so that files which name each other in turn come to an end.
const FUEL: usize = 200_000;

/// Evaluates expressions of a module and of those it calls.
pub(super) struct Evaluator<'a> {
    pub sources: &'a Sources<'a>,
    pub choices: &'a Choices,
    fuel: Cell<usize>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Here<'c> {
    pub instance: &'c Instance,
    /// Where the text of its file begins.
    pub start: u32,
    pub bindings: &'c [(String, Value)],
    pub depth: usize,
}

impl<'c> Here<'c> {
    pub fn of(instance: &'c Instance, start: u32, bindings: &'c [(String, Value)]) -> Self {
        Self { instance, start, bindings, depth: 0 }
    }

    pub fn deeper(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    pub fn span(&self, expression: &impl hcl_edit::Span) -> Span {
        let range = expression.span().unwrap_or_default();
        Span { start: self.start + offset(range.start), end: self.start + offset(range.end) }
    }
}

impl<'a> Evaluator<'a> {
    pub fn new(sources: &'a Sources<'a>, choices: &'a Choices) -> Self {
        Self { sources, choices, fuel: Cell::new(FUEL) }
    }

    /// Returns a value that is called what the file writes.
    pub fn unknown(&self, span: Span) -> Value {
        Value::unknown(span, &self.sources.slice(span))
    }

    /// Evaluates an expression; what the files do not say is unknown.
    pub fn value(&self, expression: &Expression, here: Here<'_>) -> Value {
        let span = here.span(expression);
        if here.depth > DEPTH || self.fuel.get() == 0 {
            return self.unknown(span);
        }
        self.fuel.set(self.fuel.get() - 1);
        let here = here.deeper();
        match expression {
            Expression::Null(_) => Value::new(span, What::Null),
            Expression::Bool(value) => Value::bool(span, **value),
            Expression::Number(number) => {
                let number = number.value().to_string().parse().ok();
                number.map_or_else(|| self.unknown(span), |number| Value::new(span, What::Number(number)))
            }
            Expression::String(text) => {
                let mapped = Mapped::decoded(text.as_str(), &self.sources.slice(span), span.start);
                Value::new(span, What::Text(mapped))
            }
            Expression::StringTemplate(template) => {
                match template.as_single_element().and_then(|it| it.as_interpolation()) {
                    Some(alone) => Value { span, ..self.value(&alone.expr, here) },
                    None => Value::new(span, What::Text(self.template(template.iter(), true, here))),
                }
            }
            Expression::HeredocTemplate(heredoc) => {
                Value::new(span, What::Text(self.template(heredoc.template.iter(), false, here)))
            }
            Expression::Parenthesis(inner) => self.value(inner.inner(), here),
            Expression::Array(items) => {
                Value::new(span, What::List(items.iter().map(|item| self.value(item, here)).collect()))
            }
            Expression::Object(object) => {
                let entries = object.iter().filter_map(|(key, value)| {
                    let (key, key_span) = self.key(key, here)?;
                    Some(Entry { key: key.into(), key_span, value: self.value(value.expr(), here) })
                });
                Value::new(span, What::Object(entries.collect()))
            }
            Expression::Variable(name) => self.variable(name.as_str(), span, here),
            Expression::Traversal(traversal) => self.traversal(traversal, span, here),
            Expression::Conditional(conditional) => self.conditional(conditional, here),
            Expression::FuncCall(call) => functions::call(self, call, span, here),
            Expression::UnaryOp(operation) => match operation.operator.value() {
                UnaryOperator::Not => self.decided(expression, span, here),
                UnaryOperator::Neg => match self.value(&operation.expr, here).as_number() {
                    Some(number) => Value::number(span, -number),
                    None => self.unknown(span),
                },
            },
            Expression::BinaryOp(operation) => {
                use BinaryOperator as Op;
                let operator = *operation.operator.value();
                if matches!(operator, Op::Plus | Op::Minus | Op::Mul | Op::Div | Op::Mod) {
                    let sides =
                        [&operation.lhs_expr, &operation.rhs_expr].map(|side| self.value(side, here).as_number());
                    let [Some(left), Some(right)] = sides else { return self.unknown(span) };
                    let result = match operator {
                        Op::Plus => left + right,
                        Op::Minus => left - right,
                        Op::Mul => left * right,
                        Op::Div => left / right,
                        _ => left % right,
                    };
                    return if result.is_finite() { Value::number(span, result) } else { self.unknown(span) };
                }
                self.decided(expression, span, here)
            }
            Expression::ForExpr(loops) => self.loops(loops, span, here),
        }
    }

    /// The name a condition has when it cannot be decided is the condition itself.
    fn decided(&self, expression: &Expression, span: Span, here: Here<'_>) -> Value {
        match self.truth(expression, here) {
            Ok(value) => Value::bool(span, value),
            Err(name) => Value::unknown(span, &name),
        }
    }

    /// Tells whether a condition holds, or what it is called.
    fn truth(&self, expression: &Expression, here: Here<'_>) -> Result<bool, String> {
        let here = here.deeper();
        match expression {
            Expression::Parenthesis(inner) => self.truth(inner.inner(), here),
            Expression::UnaryOp(operation) if *operation.operator.value() == UnaryOperator::Not => {
                let inner = self.truth(&operation.expr, here);
                inner.map(|value| !value).map_err(|name| match name.strip_prefix("not ") {
                    Some(name) => name.to_owned(),
                    None => format!("not {name}"),
                })
            }
            Expression::BinaryOp(operation) => {
                let (left, right) = (&operation.lhs_expr, &operation.rhs_expr);
                let operator = *operation.operator.value();
                match operator {
                    BinaryOperator::And | BinaryOperator::Or => {
                        let settles = operator == BinaryOperator::Or;
                        match (self.truth(left, here), self.truth(right, here)) {
                            (Ok(value), _) | (_, Ok(value)) if value == settles => Ok(value),
                            (Ok(_), other) | (other, Ok(_)) => other,
                            // Each of both is taken as everywhere else.
                            (Err(left), Err(right)) => {
                                let (left, right) = (self.take(&left), self.take(&right));
                                Ok(if settles { left || right } else { left && right })
                            }
                        }
                    }
                    _ => self.compared(operator, &self.value(left, here), &self.value(right, here)),
                }
            }
            _ => {
                let value = self.value(expression, here);
                value.as_bool().ok_or_else(|| match &value.what {
                    What::Unknown(name) => name.clone(),
                    _ => "?".to_owned(),
                })
            }
        }
    }

    fn compared(&self, operator: BinaryOperator, left: &Value, right: &Value) -> Result<bool, String> {
        use BinaryOperator as Op;
        let name = |value: &Value| match &value.what {
            What::Null => "null".to_owned(),
            _ => value.to_text().map_or_else(|| "…".to_owned(), |text| text.text().to_owned()),
        };
        let is_open = |value: &Value| value.is_unknown() || name(value).contains("${");
        if is_open(left) || is_open(right) {
            let (left, right) = (name(left), name(right));
            return Err(match operator {
                // The opposite of what is asked elsewhere.
                Op::NotEq => format!("not {left} == {right}"),
                _ => format!("{left} {} {right}", operator.as_str()),
            });
        }
        if let (Some(left), Some(right)) = (left.as_number(), right.as_number()) {
            return Ok(match operator {
                Op::Less => left < right,
                Op::LessEq => left <= right,
                Op::Greater => left > right,
                Op::GreaterEq => left >= right,
                Op::NotEq => left != right,
                _ => left == right,
            });
        }
        let equal = left.to_node().to_value() == right.to_node().to_value();
        Ok(if operator == Op::NotEq { !equal } else { equal })
    }

    /// Takes an unknown condition, the same way wherever it comes up, and its opposite the other way.
    pub fn take(&self, name: &str) -> bool {
        match name.strip_prefix("not ") {
            Some(name) => !self.choices.take(name),
            None => self.choices.take(name),
        }
    }

    /// Tells whether a condition holds, taken one way if nobody knows.
    pub fn holds(&self, condition: &Expression, here: Here<'_>) -> bool {
        self.truth(condition, here).unwrap_or_else(|name| self.take(&name))
    }

    fn conditional(&self, conditional: &Conditional, here: Here<'_>) -> Value {
        let branch =
            if self.holds(&conditional.cond_expr, here) { &conditional.true_expr } else { &conditional.false_expr };
        self.value(branch, here)
    }

    fn key(&self, key: &ObjectKey, here: Here<'_>) -> Option<(String, Span)> {
        match key {
            ObjectKey::Ident(name) => Some((name.as_str().to_owned(), here.span(name))),
            ObjectKey::Expression(expression) => {
                let span = here.span(expression);
                // A name without parentheses is a key, not a variable.
                if let Expression::Variable(name) = expression {
                    return Some((name.as_str().to_owned(), span));
                }
                Some((self.value(expression, here).to_text()?.text().to_owned(), span))
            }
        }
    }

    fn loops(&self, loops: &ForExpr, span: Span, here: Here<'_>) -> Value {
        let collection = self.value(&loops.intro.collection_expr, here);
        let Some(pairs) = pairs(&collection) else { return self.unknown(span) };
        let (mut items, mut entries): (Vec<Value>, Vec<Entry>) = (Vec::new(), Vec::new());
        for (key, value) in pairs {
            let mut bindings = here.bindings.to_vec();
            if let Some(name) = &loops.intro.key_var {
                bindings.push((name.as_str().to_owned(), key));
            }
            bindings.push((loops.intro.value_var.as_str().to_owned(), value));
            let here = Here { bindings: &bindings, ..here };
            if loops.cond.as_ref().is_some_and(|condition| !self.holds(&condition.expr, here)) {
                continue;
            }
            let value = self.value(&loops.value_expr, here);
            let Some(key) = &loops.key_expr else {
                items.push(value);
                continue;
            };
            let key_span = here.span(key);
            let Some(key) = self.value(key, here).to_text().map(|text| text.text().to_owned()) else { continue };
            let known = entries.iter_mut().find(|entry| *entry.key == *key);
            match (known, loops.grouping) {
                (Some(Entry { value: Value { what: What::List(group), .. }, .. }), true) => group.push(value),
                (Some(known), _) => known.value = value,
                (None, grouping) => {
                    let value = if grouping { Value::new(span, What::List(vec![value])) } else { value };
                    entries.push(Entry { key: key.into(), key_span, value });
                }
            }
        }
        let what = if loops.key_expr.is_some() { What::Object(entries) } else { What::List(items) };
        Value::new(span, what)
    }
}

/// Returns the keys and values of a list or an object; `None` of anything else.
pub(super) fn pairs(collection: &Value) -> Option<Vec<(Value, Value)>> {
    let span = collection.span;
    match &collection.what {
        What::List(items) => {
            let number = |index: usize| Value::new(span, What::Number(index.into()));
            Some(items.iter().enumerate().map(|(index, item)| (number(index), item.clone())).collect())
        }
        What::Object(entries) => {
            // Terraform goes through the keys in their order.
            let mut pairs: Vec<&Entry> = entries.iter().collect();
            pairs.sort_by(|a, b| a.key.cmp(&b.key));
            Some(
                pairs.into_iter().map(|entry| (Value::text(entry.key_span, &entry.key), entry.value.clone())).collect(),
            )
        }
        _ => None,
    }
}

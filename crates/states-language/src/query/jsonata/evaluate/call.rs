//! Calls, and functions applied to values.

use super::super::builtin::Builtin;
use super::super::fault::{Fault, Outcome, Thrown};
use super::super::function::{Closure, Function};
use super::super::parse::Tree;
use super::super::text::Text;
use super::super::tree::{Call, Kind, Node};
use super::super::value::Value;
use super::frame::{Env, Frame};
use super::{Run, boolean};
use std::rc::Rc;
use std::sync::LazyLock;

/// What `f ~> g` is when `f` is a function as well.
static CHAIN: LazyLock<Option<Tree>> =
    LazyLock::new(|| Tree::parse("function($f, $g) { function($x){ $g($f($x)) } }").ok());

impl<'v> Run<'v> {
    /// Calls a function; `first` is what `~>` puts before the arguments.
    pub(super) fn call(
        &self,
        node: &'v Node,
        call: &'v Call,
        first: Option<Value<'v>>,
        input: &Value<'v>,
        env: &Env<'v>,
    ) -> Outcome<'v> {
        let procedure = self.procedure(call, input, env)?;
        if procedure.is_none()
            && let Some(name) = call.path_name()
            && boolean(&self.lookup(name, env))? == Some(true)
        {
            return Err(Thrown { token: Some(name.into()), ..Thrown::new("T1005") }.into());
        }
        let mut arguments: Vec<Value<'v>> = Vec::with_capacity(call.arguments.len() + 1);
        arguments.extend(first);
        for argument in &call.arguments {
            arguments.push(match self.evaluate(argument, input, env)? {
                Value::Function(function) => Value::function(Function::Wrapped(function)),
                value => value,
            });
        }
        let shown = if self.trace.is_some() { arguments.clone() } else { Vec::new() };
        let result = match procedure {
            Some(Procedure::Builtin(builtin)) => self.builtin(builtin, &arguments, input),
            Some(Procedure::Value(value)) => self.apply(&value, arguments, input),
            None => self.apply(&Value::Undefined, arguments, input),
        };
        let result = result.map_err(|fault| fault.named(call.name()))?;
        if let Kind::Variable(name) = &call.procedure.kind {
            self.traced(node, name, || shown, &result);
        }
        Ok(result)
    }

    /// What is called; a function of the language is not made a value for it.
    fn procedure(&self, call: &'v Call, input: &Value<'v>, env: &Env<'v>) -> Result<Option<Procedure<'v>>, Fault> {
        if let Kind::Variable(name) = &call.procedure.kind
            && !name.is_empty()
            && call.procedure.is_bare()
        {
            self.check_deeper()?;
            return Ok(match self.variable(name, env) {
                Some(value) => Some(Procedure::Value(value)),
                None => Builtin::named(name).map(Procedure::Builtin),
            });
        }
        Ok(match self.evaluate(&call.procedure, input, env)? {
            Value::Undefined => None,
            value => Some(Procedure::Value(value)),
        })
    }

    fn builtin(&self, builtin: &'static Builtin, arguments: &[Value<'v>], input: &Value<'v>) -> Outcome<'v> {
        let arguments = builtin.signature().validate(arguments, input)?;
        let result = (builtin.call)(self, &arguments)?;
        self.admit(result)
    }

    /// Applies a function to values. A call it ends with is done here, so that the depth does not grow.
    pub(in super::super) fn apply(
        &self,
        procedure: &Value<'v>,
        arguments: Vec<Value<'v>>,
        input: &Value<'v>,
    ) -> Outcome<'v> {
        let mut result = self.apply_once(procedure, arguments, input)?;
        while let Some(closure) = thunk(&result) {
            self.tick(1)?;
            let Kind::Call(call) = &closure.lambda.body.kind else { break };
            let next = self.evaluate(&call.procedure, &closure.input, &closure.env)?;
            let arguments = call.arguments.iter().map(|argument| self.evaluate(argument, &closure.input, &closure.env));
            let arguments = arguments.collect::<Result<_, _>>()?;
            let name = match &call.procedure.kind {
                Kind::Variable(name) => Some(&**name),
                _ => None,
            };
            result = self.apply_once(&next, arguments, input).map_err(|fault| fault.named(name))?;
        }
        self.admit(result)
    }

    fn apply_once(&self, procedure: &Value<'v>, arguments: Vec<Value<'v>>, input: &Value<'v>) -> Outcome<'v> {
        let Some(function) = procedure.as_function() else { return Err(Thrown::new("T1006").into()) };
        match &**function {
            Function::Lambda(closure) => {
                let arguments = match closure.signature() {
                    Some(signature) => signature.validate(&arguments, input)?,
                    None => arguments,
                };
                self.closure(closure, arguments)
            }
            Function::Builtin(builtin) => self.builtin(builtin, &arguments, input),
            Function::Partial { builtin, bound } => {
                let mut arguments = arguments.into_iter();
                let value =
                    |bound: &Option<Value<'v>>| bound.clone().or_else(|| arguments.next()).unwrap_or(Value::Undefined);
                let arguments: Vec<Value<'v>> = bound.iter().map(value).collect();
                (builtin.call)(self, &arguments)
            }
            Function::Regex(regex) => self.regex_called(regex, &arguments),
            Function::Next { regex, text, from } => self.next_match(regex, text, *from),
            Function::Transform { node, env } => {
                let arguments = Builtin::transform_signature().validate(&arguments, input)?;
                self.transform(node, env, arguments.first().unwrap_or(&Value::Undefined))
            }
            Function::Wrapped(inner) => self.apply(&Value::Function(Rc::clone(inner)), arguments, &Value::Null),
        }
    }

    fn closure(&self, closure: &Closure<'v>, arguments: Vec<Value<'v>>) -> Outcome<'v> {
        let frame = Frame::within(&closure.env);
        let mut arguments = arguments.into_iter();
        for name in closure.parameters() {
            self.bind(&frame, Text::Given(name), arguments.next().unwrap_or(Value::Undefined))?;
        }
        let Some(trace) = &self.trace else {
            return self.evaluate(&closure.lambda.body, &closure.input, &frame);
        };
        trace.enter();
        let result = self.evaluate(&closure.lambda.body, &closure.input, &frame);
        trace.leave();
        result
    }

    /// `left ~> right`
    pub(super) fn apply_operator(
        &self,
        left: &'v Node,
        right: &'v Node,
        input: &Value<'v>,
        env: &Env<'v>,
    ) -> Outcome<'v> {
        let value = self.evaluate(left, input, env)?;
        if let Kind::Call(call) = &right.kind {
            return self.call(right, call, Some(value), input, env);
        }
        let function = self.evaluate(right, input, env)?;
        if function.as_function().is_none() {
            return Err(Thrown::about("T2006", &function).into());
        }
        if value.as_function().is_some()
            && let Some(chain) = CHAIN.as_ref()
        {
            let chain = self.evaluate(&chain.root, &Value::Null, env)?;
            return self.apply(&chain, vec![value, function], &Value::Null);
        }
        self.apply(&function, vec![value], &Value::Null)
    }

    /// `$f(?, 1)`: a function of what is left open.
    pub(super) fn partial(&self, call: &'v Call, input: &Value<'v>, env: &Env<'v>) -> Outcome<'v> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(match argument.kind {
                Kind::Placeholder => None,
                _ => Some(self.evaluate(argument, input, env)?),
            });
        }
        let procedure = self.evaluate(&call.procedure, input, env)?;
        if procedure.is_undefined()
            && let Some(name) = call.path_name()
            && boolean(&self.lookup(name, env))? == Some(true)
        {
            return Err(Thrown { token: Some(name.into()), ..Thrown::new("T1007") }.into());
        }
        let Some(mut function) = procedure.as_function() else {
            return Err(Thrown { token: call.name().map(Into::into), ..Thrown::new("T1008") }.into());
        };
        while let Function::Wrapped(inner) = &**function {
            function = inner;
        }
        match &**function {
            Function::Lambda(closure) => {
                let frame = Frame::within(&closure.env);
                let mut open = Vec::new();
                for (index, &name) in closure.parameters().iter().enumerate() {
                    match arguments.get(index) {
                        Some(None) => open.push(name),
                        Some(Some(value)) => self.bind(&frame, Text::Given(name), value.clone())?,
                        None => self.bind(&frame, Text::Given(name), Value::Undefined)?,
                    }
                }
                self.keep(&frame)?;
                Ok(Value::function(Function::Lambda(closure.with_parameters(open, frame))))
            }
            Function::Builtin(builtin) => {
                let bound = |index| arguments.get(index).cloned().unwrap_or(Some(Value::Undefined));
                let bound = (0..usize::from(builtin.parameters)).map(bound).collect();
                Ok(Value::function(Function::Partial { builtin, bound }))
            }
            _ => Err(Thrown::new("T1008").into()),
        }
    }
}

enum Procedure<'v> {
    Builtin(&'static Builtin),
    Value(Value<'v>),
}

/// A call in tail position that is still to be done.
fn thunk<'a, 'v>(value: &'a Value<'v>) -> Option<&'a Closure<'v>> {
    match &**value.as_function()? {
        Function::Lambda(closure) if closure.lambda.thunk => Some(closure),
        _ => None,
    }
}

//! The syntax tree of an expression, as it is evaluated.
//!
//! Steps of a path lie flat in it, filters hang on the step they belong to, and calls in tail position stand as thunks.

use super::number::Number;
use super::regex::Regex;
use super::signature::Signature;

/// A node, with what may hang on it when it is a step of a path or has been followed by a filter.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Filters on a node that is no step: `$x[0]`.
    pub(super) predicates: Vec<Node>,
    /// Filters and positions on a step.
    pub(super) stages: Vec<Stage>,
    /// `{…}` after a node.
    pub(super) group: Option<Box<Pairs>>,
    /// The variable of `@$x`.
    pub(super) focus: Option<Box<str>>,
    /// The variable of `#$i`.
    pub(super) index: Option<Box<str>>,
    /// The slot a `%` further down looks its value up in.
    pub(super) ancestor: Option<usize>,
    /// The step takes part in a stream of tuples.
    pub(super) tuple: bool,
    /// `[]` was written: a single value stays an array.
    pub(super) keep_array: bool,
    /// An array constructor first or last in a path is not flattened.
    pub(super) cons_array: bool,
    /// The slots of `%` below that are still to be given a step; empty after parsing but where there is none.
    pub(super) seeking: Vec<usize>,
}

/// Key and value expressions of an object constructor or a grouping.
pub(super) type Pairs = Vec<(Node, Node)>;

/// What is done with the values of a step.
#[derive(Debug)]
pub(super) enum Stage {
    /// `[…]`
    Filter(Node),
    /// `#$i` behind a filter.
    Index(Box<str>),
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind {
    Path(Path),
    Binary(Operator, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Array(Vec<Node>),
    Object(Pairs),
    Name(Box<str>),
    Text(Box<str>),
    Number(Number),
    Bool(bool),
    Null,
    Wildcard,
    Descendant,
    Parent(usize),
    Condition {
        test: Box<Node>,
        yes: Box<Node>,
        no: Option<Box<Node>>,
    },
    Block(Vec<Node>),
    Bind {
        name: Box<str>,
        value: Box<Node>,
    },
    Regex(Regex),
    Call(Call),
    /// A call with a `?` among its arguments.
    Partial(Call),
    Lambda(Box<Lambda>),
    /// `left ~> right`
    Apply(Box<Node>, Box<Node>),
    Transform {
        pattern: Box<Node>,
        update: Box<Node>,
        delete: Option<Box<Node>>,
    },
    Sort(Vec<Term>),
    /// `$name`; `$` has no name.
    Variable(Box<str>),
    /// `?` among the arguments of a call.
    Placeholder,
    /// Something nested deeper than an evaluation may go: it ends there, as it does at AWS.
    TooDeep,
}

/// Steps, each applied to every value of the one before.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) steps: Vec<Node>,
    /// One of the steps has `[]`.
    pub(super) keep_singleton: bool,
    /// Names without filters, bindings and groups: they can be followed without sequences while there are no arrays.
    pub(super) plain: bool,
}

/// A call: what is called, and with what.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) procedure: Box<Node>,
    pub(super) arguments: Vec<Node>,
}

impl Call {
    /// The name by which the function is called, if it is called by name.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.procedure.kind {
            Kind::Variable(name) => Some(name),
            Kind::Path(_) => self.path_name(),
            _ => None,
        }
    }

    /// The name written in place of a function's: `uppercase` for `$uppercase`.
    pub(super) fn path_name(&self) -> Option<&str> {
        match &self.procedure.kind {
            Kind::Path(path) => match path.steps.first().map(|step| &step.kind) {
                Some(Kind::Name(name)) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }
}

/// A function of the expression's own.
#[derive(Debug)]
pub(super) struct Lambda {
    pub(super) parameters: Vec<Box<str>>,
    pub(super) signature: Option<Signature>,
    pub(super) body: Node,
    /// A call in tail position, made a function so that it is called after the one it ends.
    pub(super) thunk: bool,
}

/// A term of `^(…)`.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) descending: bool,
    pub(super) expression: Node,
}

/// The operators that take two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Concatenate,
    Range,
    In,
    And,
    Or,
}

impl Operator {
    const ALL: [(Self, &'static str); 16] = [
        (Self::Add, "+"),
        (Self::Subtract, "-"),
        (Self::Multiply, "*"),
        (Self::Divide, "/"),
        (Self::Remainder, "%"),
        (Self::Equal, "="),
        (Self::NotEqual, "!="),
        (Self::Less, "<"),
        (Self::LessOrEqual, "<="),
        (Self::Greater, ">"),
        (Self::GreaterOrEqual, ">="),
        (Self::Concatenate, "&"),
        (Self::Range, ".."),
        (Self::In, "in"),
        (Self::And, "and"),
        (Self::Or, "or"),
    ];

    /// Returns the operator of a sign.
    pub(super) fn of(sign: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == sign).map(|(operator, _)| *operator)
    }

    /// Returns the sign.
    pub(super) fn sign(self) -> &'static str {
        Self::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, sign)| sign)
    }
}

impl Node {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            predicates: Vec::new(),
            stages: Vec::new(),
            group: None,
            focus: None,
            index: None,
            ancestor: None,
            tuple: false,
            keep_array: false,
            cons_array: false,
            seeking: Vec::new(),
        }
    }

    /// Tells whether nothing hangs on a node.
    pub(super) fn is_bare(&self) -> bool {
        self.predicates.is_empty()
            && self.stages.is_empty()
            && self.group.is_none()
            && self.focus.is_none()
            && self.index.is_none()
            && self.ancestor.is_none()
            && !self.tuple
            && !self.keep_array
    }

    /// Shows each direct child in the order of evaluation.
    pub(super) fn each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        match &self.kind {
            Kind::Path(path) => path.steps.iter().for_each(&mut *visit),
            Kind::Binary(_, left, right) | Kind::Apply(left, right) => {
                visit(left);
                visit(right);
            }
            Kind::Negate(operand) => visit(operand),
            Kind::Array(items) | Kind::Block(items) => items.iter().for_each(&mut *visit),
            Kind::Object(pairs) => each_pair(pairs, visit),
            Kind::Condition { test, yes, no } => {
                visit(test);
                visit(yes);
                no.iter().for_each(|no| visit(no));
            }
            Kind::Bind { value, .. } => visit(value),
            Kind::Call(call) | Kind::Partial(call) => {
                visit(&call.procedure);
                call.arguments.iter().for_each(&mut *visit);
            }
            Kind::Lambda(lambda) => visit(&lambda.body),
            Kind::Transform { pattern, update, delete } => {
                visit(pattern);
                visit(update);
                delete.iter().for_each(|delete| visit(delete));
            }
            Kind::Sort(terms) => terms.iter().for_each(|term| visit(&term.expression)),
            Kind::Name(_)
            | Kind::Text(_)
            | Kind::Number(_)
            | Kind::Bool(_)
            | Kind::Null
            | Kind::Wildcard
            | Kind::Descendant
            | Kind::Parent(_)
            | Kind::Regex(_)
            | Kind::Variable(_)
            | Kind::Placeholder
            | Kind::TooDeep => {}
        }
        self.each_appended(visit);
    }

    /// Shows what hangs on a node: filters and the pairs of a grouping.
    pub(super) fn each_appended<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        self.predicates.iter().for_each(&mut *visit);
        for stage in &self.stages {
            if let Stage::Filter(filter) = stage {
                visit(filter);
            }
        }
        if let Some(pairs) = &self.group {
            each_pair(pairs, visit);
        }
    }
}

fn each_pair<'a>(pairs: &'a Pairs, visit: &mut dyn FnMut(&'a Node)) {
    for (key, value) in pairs {
        visit(key);
        visit(value);
    }
}

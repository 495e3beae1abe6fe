//! What an expression refers to, found by looking at its text alone.

use super::builtin::Builtin;
use super::reach::Reach;
use super::tree::{Kind, Node, Path};

/// What an expression refers to, in the order of first occurrence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    places: Vec<Reference>,
    functions: Vec<Box<str>>,
    reaches: Vec<Reach>,
}

/// A place an expression reads: where from, and the names after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Where the value comes from.
    pub binding: Binding,
    /// The names that follow as far as they are plain: `order`, `id` of `$states.input.order.id[0]`.
    pub path: Vec<Box<str>>,
}

/// Where a value an expression reads comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Binding {
    /// `$states` without a member after it, or with one that does not exist.
    States,
    /// `$states.input`.
    Input,
    /// `$states.result`.
    Result,
    /// `$states.errorOutput`.
    ErrorOutput,
    /// `$states.context`.
    Context,
    /// A variable of the execution, by name without `$`.
    Variable(Box<str>),
}

impl Binding {
    /// What `$states` has, by the names of its members.
    pub(super) const STATES: [(&'static str, Self); 4] = [
        ("input", Self::Input),
        ("context", Self::Context),
        ("result", Self::Result),
        ("errorOutput", Self::ErrorOutput),
    ];

    /// Returns the binding of a member of `$states`.
    pub(super) fn of_states(name: &str) -> Option<Self> {
        Self::STATES.into_iter().find(|(known, _)| *known == name).map(|(_, binding)| binding)
    }
}

impl References {
    pub(super) fn of(tree: &Node) -> Self {
        let mut finder = Finder { found: Self::default(), bound: Vec::new() };
        finder.visit(tree);
        finder.found
    }

    /// Returns every place read, each once, in the order of the text.
    pub fn places(&self) -> &[Reference] {
        &self.places
    }

    /// Returns what is read as far as the text alone says it, each once: names, and elements by their numbers.
    pub fn reaches(&self) -> &[Reach] {
        &self.reaches
    }

    /// Returns where values come from, each once, in the order of the text.
    pub fn bindings(&self) -> Vec<&Binding> {
        let mut found = Vec::new();
        for reference in &self.places {
            if !found.contains(&&reference.binding) {
                found.push(&reference.binding);
            }
        }
        found
    }

    /// Returns the names of the variables read, without `$`, each once, in the order of the text.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.bindings().into_iter().filter_map(|binding| match binding {
            Binding::Variable(name) => Some(&**name),
            _ => None,
        })
    }

    /// Returns the names of the functions called or passed on, without `$`, each once, in the order of the text.
    pub fn functions(&self) -> impl Iterator<Item = &str> {
        self.functions.iter().map(|name| &**name)
    }

    /// Tells whether something is read from a binding.
    pub fn uses(&self, binding: &Binding) -> bool {
        self.places.iter().any(|reference| reference.binding == *binding)
    }
}

struct Finder {
    found: References,
    /// The names bound inside the expression where the walk is, innermost last.
    bound: Vec<Box<str>>,
}

impl Finder {
    fn visit(&mut self, node: &Node) {
        match &node.kind {
            Kind::Variable(name) => {
                self.variable(name, &[]);
                self.reach(name, node, &[]);
            }
            Kind::Path(path) => self.path(path),
            Kind::Call(call) | Kind::Partial(call) => {
                match &call.procedure.kind {
                    Kind::Variable(name) if !name.is_empty() => self.called(name),
                    _ => self.visit(&call.procedure),
                }
                call.arguments.iter().for_each(|argument| self.visit(argument));
            }
            // A function may call itself by the name it is being given, so the name is bound before its body.
            Kind::Bind { name, value } => {
                if matches!(value.kind, Kind::Lambda(_)) {
                    self.bound.push(name.clone());
                    self.visit(value);
                } else {
                    self.visit(value);
                    self.bound.push(name.clone());
                }
            }
            Kind::Lambda(lambda) => {
                let outer = self.bound.len();
                self.bound.extend(lambda.parameters.iter().cloned());
                self.visit(&lambda.body);
                self.bound.truncate(outer);
            }
            Kind::Block(expressions) => {
                let outer = self.bound.len();
                expressions.iter().for_each(|expression| self.visit(expression));
                self.bound.truncate(outer);
            }
            _ => return node.each_child(&mut |child| self.visit(child)),
        }
        node.each_appended(&mut |child| self.visit(child));
    }

    /// A function called by name; one that is no function of the language may be a variable.
    fn called(&mut self, name: &str) {
        self.function(name);
        if Builtin::named(name).is_none() && name != "eval" {
            self.variable(name, &[]);
        }
    }

    fn path(&mut self, path: &Path) {
        let mut rest = path.steps.as_slice();
        if let Some((Node { kind: Kind::Variable(name), .. }, tail)) = rest.split_first() {
            let first_is_plain = path.steps.first().is_some_and(is_plain);
            let names = if first_is_plain { leading_names(tail) } else { Vec::new() };
            self.variable(name, &names);
            if let Some(first) = path.steps.first() {
                self.reach(name, first, tail);
            }
            rest = tail;
        }
        let outer = self.bound.len();
        for step in &path.steps {
            self.bound.extend([&step.focus, &step.index].into_iter().flatten().cloned());
        }
        if rest.len() < path.steps.len()
            && let Some(first) = path.steps.first()
        {
            first.each_appended(&mut |child| self.visit(child));
        }
        rest.iter().for_each(|step| self.visit(step));
        self.bound.truncate(outer);
    }

    fn variable(&mut self, name: &str, path: &[&str]) {
        if name.is_empty() || self.bound.iter().any(|bound| **bound == *name) {
            return;
        }
        if name != "states" {
            // A name that is no variable may still be a function passed on: `$map(list, $uppercase)`.
            self.function(name);
            return self.place(Binding::Variable(name.into()), path);
        }
        let binding = match path.first() {
            Some(&"input") => Binding::Input,
            Some(&"result") => Binding::Result,
            Some(&"errorOutput") => Binding::ErrorOutput,
            Some(&"context") => Binding::Context,
            _ => Binding::States,
        };
        let path = path.get(1..).unwrap_or_default();
        self.place(binding, path);
    }

    fn reach(&mut self, name: &str, first: &Node, tail: &[Node]) {
        if name.is_empty() || self.bound.iter().any(|bound| **bound == *name) {
            return;
        }
        let reach = Reach::of(name, first, tail);
        self.found.reaches.extend(reach.filter(|reach| !self.found.reaches.contains(reach)));
    }

    fn place(&mut self, binding: Binding, path: &[&str]) {
        let reference = Reference { binding, path: path.iter().map(|&name| name.into()).collect() };
        if !self.found.places.contains(&reference) {
            self.found.places.push(reference);
        }
    }

    fn function(&mut self, name: &str) {
        let known = self.found.functions.iter().any(|found| **found == *name);
        if !known && !self.bound.iter().any(|bound| **bound == *name) {
            self.found.functions.push(name.into());
        }
    }
}

fn is_plain(step: &Node) -> bool {
    step.predicates.is_empty() && step.stages.is_empty() && step.focus.is_none() && step.index.is_none()
}

fn leading_names(steps: &[Node]) -> Vec<&str> {
    let mut names = Vec::new();
    for step in steps {
        match &step.kind {
            Kind::Name(name) => names.push(&**name),
            _ => break,
        }
        if !is_plain(step) {
            break;
        }
    }
    names
}

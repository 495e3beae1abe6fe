//! What an expression refers to, found by looking at its text alone.

use super::tree::each_child;
use jsonata_core::ast::{AstNode, BinaryOp, PathStep};

/// What an expression refers to, in the order of first occurrence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct References {
    places: Vec<Reference>,
    functions: Vec<Box<str>>,
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

impl References {
    pub(super) fn of(tree: &AstNode) -> Self {
        let mut finder = Finder { found: Self::default(), bound: Vec::new() };
        finder.visit(tree);
        finder.found
    }

    /// Adds the functions that the guards put into a tree.
    pub(super) fn add_functions_of(&mut self, tree: &AstNode) {
        if let AstNode::Function { name, .. } = tree
            && !self.functions().any(|known| known == name)
        {
            self.functions.push(name.as_str().into());
        }
        each_child(tree, &mut |child| self.add_functions_of(child));
    }

    /// Returns every place read, each once, in the order of the text.
    pub fn places(&self) -> &[Reference] {
        &self.places
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
    fn visit(&mut self, node: &AstNode) {
        match node {
            AstNode::Variable(name) => self.variable(name, &[]),
            AstNode::Path { steps } => self.path(steps),
            AstNode::Function { name, .. } => {
                self.function(name);
                self.children(node);
            }
            AstNode::Binary { op: BinaryOp::ColonEqual, lhs, rhs } => self.assignment(lhs, rhs),
            AstNode::Lambda { params, body, .. } => {
                let outer = self.bound.len();
                self.bound.extend(params.iter().map(|name| name.as_str().into()));
                self.visit(body);
                self.bound.truncate(outer);
            }
            AstNode::Block(_) => {
                let outer = self.bound.len();
                self.children(node);
                self.bound.truncate(outer);
            }
            _ => self.children(node),
        }
    }

    fn children(&mut self, node: &AstNode) {
        each_child(node, &mut |child| self.visit(child));
    }

    /// A function may call itself by the name it is being given, so the name is bound before its body.
    fn assignment(&mut self, name: &AstNode, value: &AstNode) {
        let AstNode::Variable(name) = name else {
            return self.visit(value);
        };
        if matches!(value, AstNode::Lambda { .. }) {
            self.bound.push(name.as_str().into());
            self.visit(value);
        } else {
            self.visit(value);
            self.bound.push(name.as_str().into());
        }
    }

    fn path(&mut self, steps: &[PathStep]) {
        let plain = |step: &PathStep| step.stages.is_empty() && step.focus.is_none() && step.index_var.is_none();
        let mut rest = steps;
        if let Some((PathStep { node: AstNode::Variable(name), .. }, tail)) = steps.split_first() {
            let names: Vec<&str> = if plain(&steps[0]) { leading_names(tail, plain) } else { Vec::new() };
            self.variable(name, &names);
            rest = tail;
        }
        let outer = self.bound.len();
        for step in steps {
            self.bound.extend([&step.focus, &step.index_var].into_iter().flatten().map(|name| name.as_str().into()));
        }
        if rest.len() < steps.len() {
            self.stages(&steps[0]);
        }
        for step in rest {
            self.visit(&step.node);
            self.stages(step);
        }
        self.bound.truncate(outer);
    }

    fn stages(&mut self, step: &PathStep) {
        for stage in &step.stages {
            if let jsonata_core::ast::Stage::Filter(filter) = stage {
                self.visit(filter);
            }
        }
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

fn leading_names(steps: &[PathStep], plain: impl Fn(&PathStep) -> bool) -> Vec<&str> {
    let mut names = Vec::new();
    for step in steps {
        match &step.node {
            AstNode::Name(name) => names.push(name.as_str()),
            _ => break,
        }
        if !plain(step) {
            break;
        }
    }
    names
}

//! What names stand for: variables, locals, resources, modules, paths.

use super::eval::{Evaluator, Here};
use super::instance::Instance;
use super::module::Of;
use super::sources::normal;
use super::value::{Value, What};
use crate::asl::Span;
use hcl_edit::expr::{Expression, Traversal, TraversalOperator};
use hcl_edit::structure::Block;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

impl Evaluator<'_> {
    pub(super) fn variable(&self, name: &str, span: Span, here: Here<'_>) -> Value {
        let bound = here.bindings.iter().rev().find(|(known, _)| known == name);
        bound.map_or_else(|| Value::unknown(span, name), |(_, value)| value.clone())
    }

    /// Follows a name and what is asked of it: `local.settings["a"].b[*].c`.
    pub(super) fn traversal(&self, traversal: &Traversal, span: Span, here: Here<'_>) -> Value {
        let operators: Vec<&TraversalOperator> = traversal.operators.iter().map(|operator| operator.value()).collect();
        let (value, rest) = match &traversal.expr {
            Expression::Variable(name) if here.bindings.iter().all(|(known, _)| known != name.as_str()) => {
                match self.named(name.as_str(), &operators, span, here) {
                    Some((value, used)) => (value, operators.get(used..).unwrap_or_default()),
                    None => return self.unknown(span),
                }
            }
            other => (self.value(other, here), operators.as_slice()),
        };
        self.followed(value, rest, span, here)
    }

    /// Returns what a name with its first parts stands for, and how many parts those are.
    fn named(
        &self,
        root: &str,
        operators: &[&TraversalOperator],
        span: Span,
        here: Here<'_>,
    ) -> Option<(Value, usize)> {
        let attribute = |index: usize| match operators.get(index) {
            Some(TraversalOperator::GetAttr(name)) => Some(name.as_str()),
            _ => None,
        };
        let first = attribute(0)?;
        match root {
            "var" => Some((self.given(first, span, here), 1)),
            "local" => {
                let local = here.instance.module.locals.get(first)?;
                Some((self.value(&local.it, elsewhere(local, here)), 1))
            }
            "path" => {
                let folder = match first {
                    "module" => &here.instance.module.folder,
                    "root" => &here.instance.root,
                    "cwd" => Path::new(""),
                    _ => return None,
                };
                let text = if folder == Path::new("") { ".".to_owned() } else { folder.display().to_string() };
                Some((Value::text(span, &text), 1))
            }
            "module" => {
                let call = here.instance.module.block("module", &[first])?;
                let output = attribute(1)?;
                let child = self
                    .child(call, HashMap::new(), here)
                    .filter(|child| !here.instance.is_below(&child.module.folder))?;
                let output = child.module.block("output", &[output])?;
                let value = &output.it.body.get_attribute("value")?.value;
                Some((self.value(value, Here { depth: here.depth, ..Here::of(&child, output.start, &[]) }), 2))
            }
            "data" => self.attribute("data", [first, attribute(1)?], attribute(2)?, here).map(|value| (value, 3)),
            _ => self.attribute("resource", [root, first], attribute(1)?, here).map(|value| (value, 2)),
        }
    }

    /// Returns the value of a variable: as given, else its default, unless that says nothing.
    fn given(&self, name: &str, span: Span, here: Here<'_>) -> Value {
        let module = &here.instance.module;
        if let Some(given) = here.instance.given.get(name) {
            return given.clone();
        }
        let settings = module.settings.get(name).filter(|_| here.instance.is_root);
        let default = settings.or_else(|| module.variables.get(name).and_then(Option::as_ref));
        let value = default.map(|default| self.value(&default.it, elsewhere(default, here)));
        let says_nothing = |value: &Value| matches!(&value.what, What::Text(text) if text.text().is_empty());
        value.filter(|value| !says_nothing(value)).unwrap_or_else(|| Value::unknown(span, &format!("var.{name}")))
    }

    /// Returns an attribute of a resource that its block says.
    fn attribute(&self, kind: &str, labels: [&str; 2], name: &str, here: Here<'_>) -> Option<Value> {
        let block = here.instance.module.block(kind, &labels)?;
        let inside = Here { depth: here.depth, ..Here::of(here.instance, block.start, &[]) };
        if labels[0] == "template_file" && name == "rendered" {
            return self.template_file(block, inside);
        }
        if labels[0] == "local_file" && name == "content" && kind == "data" {
            let path = self.value(&block.it.body.get_attribute("filename")?.value, inside);
            return self.file(&path, here.instance);
        }
        // What depends on a key or a number is not the same for all.
        if ["for_each", "count"].iter().any(|meta| block.it.body.has_attribute(meta)) {
            return None;
        }
        Some(self.value(&block.it.body.get_attribute(name)?.value, inside))
    }

    fn template_file(&self, block: &Of<Block>, here: Here<'_>) -> Option<Value> {
        let template = self.value(&block.it.body.get_attribute("template")?.value, here);
        let What::Text(text) = &template.what else { return None };
        let vars = block.it.body.get_attribute("vars").map(|vars| self.value(&vars.value, here));
        let place = text.place(0);
        self.filled(text.text(), place, vars.as_ref(), template.span, here)
    }

    /// Fills a template's text with values of its variables.
    pub(super) fn filled(
        &self,
        text: &str,
        start: u32,
        vars: Option<&Value>,
        span: Span,
        here: Here<'_>,
    ) -> Option<Value> {
        let entries = vars.and_then(Value::entries).unwrap_or_default();
        let bindings: Vec<(String, Value)> =
            entries.iter().map(|entry| (entry.key.to_string(), entry.value.clone())).collect();
        let here = Here { bindings: &bindings, start, ..here.deeper() };
        match self.rendered(text, here) {
            Ok(text) => Some(Value::new(span, What::Text(text))),
            Err(problem) => {
                self.sources.problem(problem);
                None
            }
        }
    }

    /// Returns the text of a file that a value names.
    pub(super) fn file(&self, path: &Value, instance: &Instance) -> Option<Value> {
        let path = self.path(path, instance)?;
        let loaded = self.sources.needed(&path.0, path.1)?;
        let text = crate::template::text::Mapped::verbatim(&loaded.text, loaded.start);
        Some(Value::new(path.1, What::Text(text)))
    }

    /// Returns the path of a file that a value names, from where Terraform is called.
    pub(super) fn path(&self, path: &Value, instance: &Instance) -> Option<(PathBuf, Span)> {
        let text = path.known_text()?;
        let path_text = Path::new(&text);
        let is_told =
            path_text.is_absolute() || instance.root.as_os_str().is_empty() || path_text.starts_with(&instance.root);
        let whole = if is_told { path_text.to_owned() } else { instance.root.join(path_text) };
        Some((normal(&whole), path.span))
    }

    /// Makes the instance of a module that a block calls; `None` when its files are not here.
    pub(super) fn child(&self, call: &Of<Block>, bindings: HashMap<String, Value>, here: Here<'_>) -> Option<Instance> {
        if here.depth > 40 {
            return None;
        }
        let bindings: Vec<(String, Value)> = bindings.into_iter().collect();
        let inside = Here { depth: here.depth + 1, ..Here::of(here.instance, call.start, &bindings) };
        let source = self.value(&call.it.body.get_attribute("source")?.value, inside).known_text()?;
        if !source.starts_with('.') {
            return None;
        }
        let folder = normal(&here.instance.module.folder.join(source));
        let module = self.sources.module(&folder);
        if module.blocks.is_empty() && module.variables.is_empty() {
            return None;
        }
        let mut given = HashMap::new();
        for attribute in call.it.body.attributes() {
            let name = attribute.key.as_str();
            if !matches!(name, "source" | "version" | "for_each" | "count" | "providers" | "depends_on") {
                given.insert(name.to_owned(), self.value(&attribute.value, inside));
            }
        }
        let name = call.it.labels.first().map_or("", |label| label.as_str());
        Some(Instance {
            module,
            root: here.instance.root.clone(),
            given,
            address: format!("{}module.{name}.", here.instance.address),
            is_root: false,
            above: here.instance.above.iter().chain([&here.instance.module.folder]).cloned().collect(),
        })
    }

    /// Applies what is asked of a value.
    fn followed(&self, value: Value, operators: &[&TraversalOperator], span: Span, here: Here<'_>) -> Value {
        let Some((operator, rest)) = operators.split_first() else { return Value { span, ..value } };
        let next = match operator {
            TraversalOperator::GetAttr(name) => self.step(&value, name.as_str()),
            TraversalOperator::Index(index) => {
                let index = self.value(index, here);
                index.known_text().and_then(|index| self.step(&value, &index))
            }
            TraversalOperator::LegacyIndex(index) => self.step(&value, &index.value().to_string()),
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => match &value.what {
                What::List(items) => {
                    let items = items.iter().map(|item| self.followed(item.clone(), rest, span, here)).collect();
                    return Value::new(span, What::List(items));
                }
                _ => None,
            },
        };
        match next {
            Some(next) => self.followed(next, rest, span, here),
            None => self.unknown(span),
        }
    }

    fn step(&self, value: &Value, name: &str) -> Option<Value> {
        match &value.what {
            What::Object(_) => value.get(name).cloned(),
            What::List(items) => items.get(name.parse::<usize>().ok()?).cloned(),
            _ => None,
        }
    }
}

/// The place of an expression in another file of the same module.
pub(super) fn elsewhere<'c, T>(of: &Of<T>, here: Here<'c>) -> Here<'c> {
    Here { start: of.start, bindings: &[], ..here }
}

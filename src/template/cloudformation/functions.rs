//! CloudFormation's functions, as far as the template says what they give.

use super::conditions;
use crate::asl::{Data, Diagnostic, Member, Node, Span};
use crate::template::choices::Choices;
use crate::template::definition::{lone_name, placeholder};
use crate::template::text::{Mapped, Texts, substitution};
use crate::template::{Options, as_text, warning};
use std::cell::RefCell;
use std::collections::HashMap;

/// How deep functions may stand in functions.
const DEPTH: usize = 200;
/// Bytes of a text, beyond which nothing more is put in: no definition is that long.
const MOST_TEXT: usize = 4 << 20;

/// `Ref: AWS::NoValue`, which takes away what it is the value of.
const NO_VALUE: &str = "${AWS::NoValue}";

/// What a template says besides its resources' properties.
pub(in crate::template) struct Scope<'a> {
    root: &'a Node,
    options: &'a Options,
    pub(super) choices: &'a Choices,
    /// Whether every name must be in the template. SAM and Serverless make resources of their own.
    closed: bool,
    notes: RefCell<Vec<Diagnostic>>,
}

impl<'a> Scope<'a> {
    pub fn new(root: &'a Node, options: &'a Options, choices: &'a Choices) -> Self {
        let closed = root.get("Resources").is_some() && root.get("Transform").is_none();
        Self { root, options, choices, closed, notes: RefCell::default() }
    }

    /// The same, where others make resources of their own, so that a name nobody explains is no mistake.
    pub fn open(root: &'a Node, options: &'a Options, choices: &'a Choices) -> Self {
        Self { closed: false, ..Self::new(root, options, choices) }
    }

    /// Returns what was noticed on the way.
    pub fn into_notes(self) -> Vec<Diagnostic> {
        self.notes.into_inner()
    }

    pub(super) fn section(&self, name: &str, key: &str) -> Option<&'a Node> {
        self.root.get(name)?.get(key)
    }

    /// Evaluates a value with all that is in it.
    pub fn value(&self, node: &Node) -> Node {
        self.value_at(node, 0)
    }

    pub(super) fn value_at(&self, node: &Node, depth: usize) -> Node {
        if depth > DEPTH {
            return placeholder("too deep", node.span);
        }
        if let Some(value) = self.function(node, depth) {
            return Node { span: node.span, ..value };
        }
        let data = match &node.data {
            Data::List(items) => {
                Data::List(items.iter().map(|item| self.value_at(item, depth + 1)).filter(is_value).collect())
            }
            Data::Object(members) => {
                let is_put_in = |member: &Member| member.key.starts_with("Fn::");
                let member = |member: &Member| {
                    // A transform among other members puts in more of them, or others.
                    if is_put_in(member) {
                        let alone = Node { span: member.key_span, data: Data::Object(vec![member.clone()]) };
                        let value =
                            Node { data: Data::Placeholder(alone.function_name().into()), span: member.value.span };
                        return Some(Member { key: alone.function_name().into(), key_span: member.key_span, value });
                    }
                    let value = self.value_at(&member.value, depth + 1);
                    is_value(&value).then(|| Member { key: member.key.clone(), key_span: member.key_span, value })
                };
                Data::Object(members.iter().filter_map(member).collect())
            }
            data => data.clone(),
        };
        Node { span: node.span, data }
    }

    /// Evaluates a function; `None` when the value is none.
    fn function(&self, node: &Node, depth: usize) -> Option<Node> {
        if !node.is_function() {
            return None;
        }
        let Some([Member { key, value, .. }]) = node.members() else { return None };
        let unknown = || Node { span: node.span, data: Data::Placeholder(node.function_name().into()) };
        let list = || value.items().unwrap_or_default();
        let found = match &**key {
            "Ref" => value.text().map(|name| self.reference(name, value.span, depth)),
            "Fn::GetAtt" => Some(self.attribute(node, value)),
            "Fn::Sub" | "Fn::Join" => self.composed(node, depth, None).map(|text| of_text(text.text(), node.span)),
            "Fn::If" => self.chosen(list()).map(|chosen| self.value_at(chosen, depth + 1)),
            "Fn::FindInMap" => self.in_map(list(), depth),
            "Fn::Select" => self.selected(list(), depth),
            "Fn::Split" => self.split(list(), depth),
            "Fn::ToJsonString" => Some(self.value_at(value, depth + 1)),
            _ => None,
        };
        Some(found.unwrap_or_else(unknown))
    }

    /// Returns what `Ref` gives.
    fn reference(&self, name: &str, span: Span, depth: usize) -> Node {
        let text = |text: &str| Node { span, data: Data::Text(text.into()) };
        if let Some(given) = self.options.parameters.get(name) {
            let kind = self.section("Parameters", name).and_then(|parameter| parameter.get("Type"));
            let is_number = kind.and_then(Node::text) == Some("Number");
            let number = is_number.then(|| given.parse().ok()).flatten();
            return number.map_or_else(|| text(given), |number| Node { span, data: Data::Number(number) });
        }
        match name {
            "AWS::Partition" => return text("aws"),
            "AWS::URLSuffix" => return text("amazonaws.com"),
            _ if name.starts_with("AWS::") => return placeholder(name, span),
            _ => {}
        }
        if let Some(parameter) = self.section("Parameters", name) {
            return default_of(parameter).unwrap_or_else(|| placeholder(name, span));
        }
        match self.section("Resources", name) {
            Some(resource) => {
                let named = named(resource).map(|given| self.value_at(given, depth + 1));
                named.filter(|given| given.text().is_some()).unwrap_or_else(|| placeholder(name, span))
            }
            None => {
                self.unresolved(name, span);
                placeholder(name, span)
            }
        }
    }

    fn attribute(&self, node: &Node, value: &Node) -> Node {
        let name = match &value.data {
            Data::Text(text) => text.split('.').next().map(str::to_owned),
            Data::List(items) => items.first().and_then(Node::text).map(str::to_owned),
            _ => None,
        };
        if let Some(name) = name.filter(|name| self.section("Resources", name).is_none()) {
            self.unresolved(&name, value.span);
        }
        Node { span: node.span, data: Data::Placeholder(node.function_name().into()) }
    }

    /// CloudFormation refuses a template that refers to nothing.
    fn unresolved(&self, name: &str, span: Span) {
        if self.closed && !name.is_empty() {
            self.note(format!("The template has no resource and no parameter '{name}'."), span);
        }
    }

    /// The same of a condition. Nobody makes conditions but the template.
    pub(super) fn undeclared(&self, name: &str, span: Span) {
        if self.root.get("Resources").is_some() {
            self.note(format!("The template has no condition '{name}'."), span);
        }
    }

    fn note(&self, message: String, span: Span) {
        {
            let mut notes = self.notes.borrow_mut();
            if notes.iter().all(|known| known.message != message) {
                notes.push(warning("UNRESOLVED_REFERENCE", message, span));
            }
        }
    }

    /// Returns the branch of an `Fn::If` that is taken.
    fn chosen<'n>(&self, list: &'n [Node]) -> Option<&'n Node> {
        let [condition, yes, no] = list else { return None };
        let name = condition.text()?;
        Some(if conditions::is_true(self, name, condition.span) { yes } else { no })
    }

    fn in_map(&self, list: &[Node], depth: usize) -> Option<Node> {
        let [map, first, second, rest @ ..] = list else { return None };
        let key = |node: &Node| as_text(&self.value_at(node, depth + 1)).filter(|key| !key.contains("${"));
        let found = || {
            let map = self.section("Mappings", &key(map)?)?;
            map.get(&key(first)?)?.get(&key(second)?)
        };
        let default = || rest.first().and_then(|options| options.get("DefaultValue"));
        found().or_else(default).map(|value| self.value_at(value, depth + 1))
    }

    fn selected(&self, list: &[Node], depth: usize) -> Option<Node> {
        let [index, items] = list else { return None };
        let index = as_text(&self.value_at(index, depth + 1))?.parse::<usize>().ok()?;
        let items = self.value_at(items, depth + 1);
        items.items()?.get(index).cloned()
    }

    fn split(&self, list: &[Node], depth: usize) -> Option<Node> {
        let [by, text] = list else { return None };
        let by = by.text().filter(|by| !by.is_empty())?;
        let text = self.value_at(text, depth + 1);
        let parts = text.text()?.split(by).map(|part| Node { span: text.span, data: Data::Text(part.into()) });
        Some(Node { span: text.span, data: Data::List(parts.collect()) })
    }

    /// Puts a text together, with the places its parts stand at; `None` when the value is none.
    pub fn text(&self, node: &Node, texts: &Texts) -> Option<Mapped> {
        self.composed(node, 0, Some(texts))
    }

    fn composed(&self, node: &Node, depth: usize, texts: Option<&Texts>) -> Option<Mapped> {
        if depth > DEPTH {
            return None;
        }
        let plain = |node: &Node, text: &str| match texts {
            Some(texts) => Mapped::decoded(text, texts.slice(node.span), node.span.start),
            None => Mapped::fixed(text, node.span.start),
        };
        if !node.is_function() {
            return match &node.data {
                Data::Text(text) => Some(plain(node, text)),
                _ => as_text(node).map(|text| Mapped::fixed(&text, node.span.start)),
            };
        }
        let Some([Member { key, value, .. }]) = node.members() else { return None };
        match (&**key, &value.data) {
            ("Fn::Sub", Data::Text(text)) => Some(self.substituted(&plain(value, text), None, depth)),
            ("Fn::Sub", Data::List(list)) => {
                let [template, values] = list.as_slice() else { return None };
                Some(self.substituted(&plain(template, template.text()?), Some(values), depth))
            }
            ("Fn::Join", Data::List(list)) => self.joined(list, depth, texts),
            ("Fn::If", Data::List(list)) => self.composed(self.chosen(list)?, depth + 1, texts),
            _ => {
                let value = self.value_at(node, depth + 1);
                let text = match &value.data {
                    Data::Placeholder(name) => name.to_string(),
                    _ => as_text(&value)?,
                };
                Some(Mapped::fixed(&text, node.span.start))
            }
        }
    }

    fn joined(&self, list: &[Node], depth: usize, texts: Option<&Texts>) -> Option<Mapped> {
        let [by, items] = list else { return None };
        let by = by.text()?;
        let evaluated;
        let items = match items.items() {
            Some(items) => items,
            None => {
                evaluated = self.value_at(items, depth + 1);
                evaluated.items()?
            }
        };
        let mut out = Mapped::default();
        let mut first = true;
        for item in items {
            let part = self.composed(item, depth + 1, texts)?;
            if part.text() == NO_VALUE {
                continue;
            }
            if !first {
                out.push(by, item.span.start, false);
            }
            first = false;
            out.append(&part);
        }
        Some(out)
    }

    /// Replaces `${Name}` and `${Name.Attribute}` as `Fn::Sub` does; `${!Name}` stays, without its mark.
    fn substituted(&self, template: &Mapped, values: Option<&Node>, depth: usize) -> Mapped {
        let mut out = Mapped::default();
        let text = template.text();
        let mut at = 0;
        // A value that is used twice, and uses another one twice, doubles with each step.
        let mut known: HashMap<&str, Option<String>> = HashMap::new();
        while let Some((start, end)) = substitution(text, at).filter(|_| out.text().len() < MOST_TEXT) {
            out.copy(template, at, start);
            let name = text.get(start + 2..end - 1).unwrap_or("");
            let place = template.place(crate::template::text::offset(start));
            if let Some(literal) = name.strip_prefix('!') {
                out.push(&format!("${{{literal}}}"), place, false);
            } else {
                let own = values.is_some_and(|values| values.get(name.trim()).is_some());
                let value = || self.substitute(name.trim(), values, Span { start: place, end: place + 1 }, depth);
                let value = if own { known.entry(name).or_insert_with(value).clone() } else { value() };
                match value {
                    Some(value) if lone_name(&value) != Some(name) => out.push(&value, place, false),
                    _ => out.copy(template, start, end),
                }
            }
            at = end;
        }
        out.copy(template, at, text.len());
        out
    }

    fn substitute(&self, name: &str, values: Option<&Node>, span: Span, depth: usize) -> Option<String> {
        let value = match values.and_then(|values| values.get(name)) {
            Some(value) => self.value_at(value, depth + 1),
            None => match name.split_once('.') {
                Some((resource, _)) => {
                    if self.section("Resources", resource).is_none() {
                        self.unresolved(resource, span);
                    }
                    return None;
                }
                None => self.reference(name, span, depth + 1),
            },
        };
        match &value.data {
            Data::Placeholder(written) => Some(written.to_string()),
            _ => as_text(&value),
        }
    }
}

/// A text that is a placeholder and nothing else is one also outside quotes.
fn of_text(text: &str, span: Span) -> Node {
    match lone_name(text) {
        Some(name) => placeholder(name, span),
        None => Node { span, data: Data::Text(text.into()) },
    }
}

fn is_value(node: &Node) -> bool {
    !matches!(&node.data, Data::Placeholder(name) if &**name == NO_VALUE)
}

/// Returns the default of a parameter, unless it only says where the value is, or nothing at all.
fn default_of(parameter: &Node) -> Option<Node> {
    let kind = parameter.get("Type").and_then(Node::text).unwrap_or("String");
    let default = parameter.get("Default")?;
    let given = as_text(default).filter(|text| !text.is_empty())?;
    if kind.starts_with("AWS::SSM::") {
        return None;
    }
    if kind == "CommaDelimitedList" || kind.starts_with("List<") {
        let item = |text: &str| Node { span: default.span, data: Data::Text(text.trim().into()) };
        return Some(Node { span: default.span, data: Data::List(given.split(',').map(item).collect()) });
    }
    // A number may stand where numbers are wanted; in a text it is written as it is.
    let number = (kind == "Number").then(|| given.trim().parse().ok()).flatten();
    let data = number.map_or_else(|| Data::Text(given.into()), Data::Number);
    Some(Node { span: default.span, data })
}

/// Returns the property whose value `Ref` gives, for resources that are named by one.
fn named(resource: &Node) -> Option<&Node> {
    let property = match resource.get("Type").and_then(Node::text)? {
        "AWS::Lambda::Function" | "AWS::Serverless::Function" => "FunctionName",
        "AWS::DynamoDB::Table" | "AWS::Serverless::SimpleTable" => "TableName",
        "AWS::S3::Bucket" => "BucketName",
        "AWS::Glue::Job" | "AWS::Glue::Crawler" | "AWS::Events::EventBus" => "Name",
        "AWS::ECS::Cluster" => "ClusterName",
        "AWS::CodeBuild::Project" => "Name",
        _ => return None,
    };
    resource.get("Properties")?.get(property)
}

//! Serverless Framework: state machines under `stepFunctions`, with its variables in them.

use super::choices;
use super::cloudformation::{self, Scope, beside, kind_of};
use super::definition;
use super::dynamic;
use super::text::{Mapped, Texts};
use super::{Draft, Reader, as_text, finding, warning};
use crate::asl::{Data, Diagnostic, Format, Member, Node, Span};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// How far variables may lead into each other.
const DEPTH: usize = 40;
/// Variables that are resolved in one file, each time they are used.
const MOST_VARIABLES: usize = 20_000;

/// Tells whether a document is a service, or a part of one, that has state machines.
pub(super) fn is_service(root: &Node) -> bool {
    let is_framework = root.get("service").is_some() && root.get("provider").is_some();
    root.get("stepFunctions").is_some() || is_framework && root.get("resources").is_some()
}

/// Reads the state machines of a service.
pub(super) fn read(root: &Node, reader: &Reader<'_>, texts: &mut Texts) -> Vec<Draft> {
    let variables = Variables {
        root,
        reader,
        texts: RefCell::new(texts),
        resolved: Cell::new(0),
        loaded: RefCell::default(),
        problems: RefCell::default(),
    };
    let section = root.get("stepFunctions").map(|section| variables.shallow(section));
    let machines = section.and_then(|section| section.get("stateMachines").map(|machines| variables.shallow(machines)));
    let problems = variables.problems.take();
    let mut members: Vec<Member> = Vec::new();
    match machines.map(|machines| machines.data) {
        Some(Data::Object(own)) => members = own,
        // Several files, each with some.
        Some(Data::List(parts)) => {
            for part in &parts {
                members.extend(variables.shallow(part).members().unwrap_or_default().iter().cloned());
            }
        }
        // The file they are in is not there.
        Some(_) => {
            let root = problems.into_iter().next();
            let root = root.map(Err).into_iter();
            let draft = |root| Draft {
                name: "stateMachines".to_owned(),
                aliases: Vec::new(),
                kind: None,
                root,
                notes: Vec::new(),
                absent: None,
            };
            return root.map(draft).collect();
        }
        None => {}
    }
    let mut drafts: Vec<Draft> = members.iter().map(|member| variables.machine(member)).collect();
    drafts.extend(variables.of_resources());
    drafts
}

struct Variables<'a, 't> {
    root: &'a Node,
    reader: &'a Reader<'a>,
    texts: RefCell<&'t mut Texts>,
    loaded: RefCell<HashMap<String, Option<Node>>>,
    problems: RefCell<Vec<Diagnostic>>,
    /// How many variables were resolved: they may use each other without end.
    resolved: Cell<usize>,
}

impl Variables<'_, '_> {
    /// State machines among the resources that the service adds in CloudFormation's own words.
    fn of_resources(&self) -> Vec<Draft> {
        let Some(resources) = self.root.get("resources").map(|resources| self.shallow(resources)) else {
            return Vec::new();
        };
        let parts = match resources.data {
            Data::List(parts) => parts.iter().map(|part| self.shallow(part)).collect(),
            _ => vec![resources],
        };
        let machines = |part: &Node| {
            let part = self.value(part, 0);
            cloudformation::machines(&part, self.reader, &mut self.texts.borrow_mut())
        };
        parts.iter().flat_map(machines).collect()
    }

    fn machine(&self, member: &Member) -> Draft {
        let machine = self.shallow(&member.value);
        self.problems.take();
        let found = machine.get("definition").map(|definition| self.value(definition, 0));
        let problems = self.problems.take();
        let resources = self.root.get("resources").map(|resources| self.shallow(resources));
        let scope_root = resources.as_ref().filter(|node| node.get("Resources").is_some()).unwrap_or(self.root);
        let text = |name: &str| machine.get(name).map(|node| self.value(node, 0)).as_ref().and_then(as_text);
        let aliases: Vec<String> = text("name").or_else(|| text("id")).into_iter().collect();
        let kind = text("type").and_then(|word| kind_of(&word));
        choices::best(|choices| {
            let scope = Scope::open(scope_root, self.reader.options, choices);
            let root = match &found {
                None => {
                    let message = format!("The state machine {} has no definition.", member.key);
                    Err(finding("MISSING_DESCRIPTION", message, member.key_span))
                }
                Some(node) => match &node.data {
                    Data::Text(text) => self.of_text(text, node.span),
                    Data::Placeholder(name) => Err(problems.first().cloned().unwrap_or_else(|| {
                        let message = format!("The definition of {} is {name}, which was not read.", member.key);
                        warning("DEFINITION_ELSEWHERE", message, node.span)
                    })),
                    _ if node.is_function() => {
                        let texts = self.texts.borrow();
                        scope
                            .text(node, &texts)
                            .map_or_else(|| Ok(scope.value(node)), |text| definition::of_json(&text))
                    }
                    _ => Ok(scope.value(node)),
                },
            };
            let mut root: Result<Node, Diagnostic> = root;
            if let Ok(root) = &mut root {
                dynamic::opened(root, dynamic::PSEUDO);
            }
            Draft {
                name: member.key.to_string(),
                aliases: aliases.clone(),
                kind,
                root,
                notes: Vec::new(),
                absent: None,
            }
        })
    }

    /// A definition as a text is JSON, or YAML.
    fn of_text(&self, text: &str, span: Span) -> Result<Node, Diagnostic> {
        let texts = self.texts.borrow();
        let raw = texts.slice(span);
        let mapped = Mapped::decoded(text, raw, span.start);
        definition::read(&mapped, Format::of_text(text))
    }

    /// Resolves a value if it is a variable as a whole, and leaves what is in it.
    fn shallow(&self, node: &Node) -> Node {
        match node.text() {
            Some(text) => self.in_text(text, node.span, 0).unwrap_or_else(|| node.clone()),
            None => node.clone(),
        }
    }

    /// Resolves the variables of a value.
    fn value(&self, node: &Node, depth: usize) -> Node {
        if depth > DEPTH {
            return node.clone();
        }
        let data = match &node.data {
            Data::Text(text) => return self.in_text(text, node.span, depth).unwrap_or_else(|| node.clone()),
            Data::List(items) => Data::List(items.iter().map(|item| self.value(item, depth + 1)).collect()),
            Data::Object(members) => {
                let member = |member: &Member| {
                    let key = self.in_text(&member.key, member.key_span, depth).as_ref().and_then(as_text);
                    let key = key.map_or_else(|| member.key.clone(), Into::into);
                    Member { key, key_span: member.key_span, value: self.value(&member.value, depth + 1) }
                };
                Data::Object(members.iter().map(member).collect())
            }
            data => data.clone(),
        };
        Node { span: node.span, data }
    }

    /// Resolves the variables of a text; `None` when it has none. A text that is one variable becomes its value.
    fn in_text(&self, text: &str, span: Span, depth: usize) -> Option<Node> {
        let (start, end) = variable(text, 0)?;
        if depth > DEPTH {
            return None;
        }
        if start == 0 && end == text.trim_end().len() {
            let inner = text.get(2..end - 1)?;
            return match self.resolved(inner, span, depth + 1) {
                // A value alone is told where it is used; what is larger, where it stands.
                Found::Value(node) if as_text(&node).is_some() => Some(Node { span, ..node }),
                Found::Value(node) => Some(node),
                Found::Unknown(name) => Some(definition::placeholder(&name, span)),
                Found::NoVariable => None,
            };
        }
        let mut out = String::new();
        let mut at = 0;
        while let Some((start, end)) = variable(text, at) {
            out.push_str(text.get(at..start)?);
            let whole = text.get(start..end)?;
            match self.resolved(text.get(start + 2..end - 1)?, span, depth + 1) {
                Found::Value(node) => match &node.data {
                    Data::Placeholder(name) => out.push_str(name),
                    Data::Null => {}
                    _ => out.push_str(&as_text(&node)?),
                },
                Found::Unknown(name) => match definition::placeholder(&name, span).data {
                    Data::Placeholder(name) => out.push_str(&name),
                    _ => out.push_str(whole),
                },
                Found::NoVariable => out.push_str(whole),
            }
            at = end;
        }
        out.push_str(text.get(at..)?);
        Some(Node { span, data: Data::Text(out.into()) })
    }

    /// Resolves what stands between the braces: addresses in turn, until one is there.
    fn resolved(&self, inner: &str, span: Span, depth: usize) -> Found {
        self.resolved.set(self.resolved.get() + 1);
        if depth > DEPTH || self.resolved.get() > MOST_VARIABLES {
            return Found::Unknown(inner.to_owned());
        }
        let inner = match self.in_text(inner, span, depth + 1) {
            Some(node) => as_text(&node).unwrap_or_else(|| inner.to_owned()),
            None => inner.to_owned(),
        };
        let parts = parts(&inner);
        let is_known = |part: &&str| SOURCES.iter().any(|source| part.starts_with(source));
        let Some(first) = parts.first().filter(|part| is_known(part)) else { return Found::NoVariable };
        let found = parts.iter().find_map(|part| self.address(part.trim(), span, depth));
        found.map_or_else(|| Found::Unknown((*first).to_owned()), Found::Value)
    }

    fn address(&self, part: &str, span: Span, depth: usize) -> Option<Node> {
        let text = |text: &str| Node { span, data: Data::Text(text.into()) };
        if let Some(quoted) = part.strip_prefix(['\'', '"']) {
            return Some(text(quoted.trim_end_matches(['\'', '"'])));
        }
        if let Some(rest) = part.strip_prefix("file(") {
            let (path, rest) = rest.split_once(')')?;
            let root = self.file(path.trim(), span)?;
            let found = at(&root, rest.strip_prefix(':').unwrap_or(""))?;
            return Some(self.value(found, depth + 1));
        }
        let Some((source, name)) = part.split_once(':') else {
            // A number or a truth value stays one; a text would have quotes.
            let literal = Node::read(part, Format::Json).ok();
            return literal.filter(|node| node.members().is_none()).map(|node| Node { span, ..node });
        };
        let given = |name: &str| self.reader.options.parameters.get(name).map(|given| text(given));
        match source {
            "self" => at(self.root, name).map(|node| self.value(node, depth + 1)),
            "opt" | "env" => given(name),
            "sls" if name == "stage" => given("stage").or_else(|| {
                let stage = at(self.root, "provider.stage").map(|node| self.value(node, depth + 1));
                Some(stage.filter(|stage| stage.text().is_some()).unwrap_or_else(|| text("dev")))
            }),
            "param" => given(name).or_else(|| {
                let stage = self.address("sls:stage", span, depth + 1);
                let stage = stage.as_ref().and_then(Node::text).unwrap_or("default");
                let of = |stage: &str| {
                    let params = self.root.get("params")?.get(stage)?.get(name)?;
                    Some(self.value(params, depth + 1))
                };
                of(stage).or_else(|| of("default"))
            }),
            "aws" if name == "region" => given("region").or_else(|| {
                at(self.root, "provider.region")
                    .map(|node| self.value(node, depth + 1))
                    .filter(|it| it.text().is_some())
            }),
            _ => None,
        }
    }

    fn file(&self, path: &str, span: Span) -> Option<Node> {
        if let Some(known) = self.loaded.borrow().get(path) {
            return known.clone();
        }
        let root = self.load(path, span);
        self.loaded.borrow_mut().insert(path.to_owned(), root.clone());
        root
    }

    fn load(&self, path: &str, span: Span) -> Option<Node> {
        // A program would have to be run for what it exports.
        if [".js", ".ts", ".cjs", ".mjs"].iter().any(|end| path.ends_with(end)) {
            return None;
        }
        let whole = beside(self.reader.path, path);
        let text = match self.reader.files.read(&whole) {
            Ok(text) => text,
            Err(reason) => {
                let message = format!("The file '{}' cannot be read: {reason}.", whole.display());
                self.problems.borrow_mut().push(finding("DEFINITION_NOT_FOUND", message, span));
                return None;
            }
        };
        let start = self.texts.borrow_mut().add(whole.display().to_string(), &text);
        let format = if text.trim_start().starts_with('{') { Format::Json } else { Format::Yaml };
        match definition::read(&Mapped::verbatim(&text, start), format) {
            Ok(root) => Some(root),
            Err(problem) => {
                self.problems.borrow_mut().push(problem);
                None
            }
        }
    }
}

/// Where variables come from.
const SOURCES: [&str; 11] = ["file(", "self:", "opt:", "env:", "sls:", "param:", "aws:", "cf:", "cf.", "ssm:", "s3:"];

enum Found {
    Value(Node),
    /// Known to nobody here, by its name.
    Unknown(String),
    /// `${AWS::Region}` and the like, which are not Serverless's.
    NoVariable,
}

/// Finds the next `${…}`, with what is nested in it.
fn variable(text: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + text.get(from..)?.find("${")?;
    let mut depth = 0;
    for (at, character) in text.get(start..)?.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return Some((start, start + at + 1));
                }
            }
            _ => {}
        }
    }
    None
}

/// Splits at commas that stand in no quotes and no parentheses.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quote, mut depth) = (Vec::new(), 0, None, 0_i32);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, ',') if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or("").trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or("").trim());
    parts
}

/// Follows names between points.
fn at<'n>(root: &'n Node, path: &str) -> Option<&'n Node> {
    let mut steps = path.split('.').filter(|step| !step.is_empty());
    steps.try_fold(root, |node, step| node.step(step).map(|(_, node)| node))
}

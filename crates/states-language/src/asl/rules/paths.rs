//! Paths to what no earlier state can have produced.

use super::shape::{Shape, names};
use super::subject::Subject;
use crate::asl::graph::{Edge, Reason};
use crate::asl::machine::{Container, QueryLanguage};
use crate::asl::node::{Data, Node};
use crate::asl::state::{MapMode, State, StateKind};

/// How often what arrives at a state may change before it counts as unknown.
const CHANGES: u32 = 12;

/// `PATH_CANNOT_EXIST`: every way to this state leaves a payload without the member the path asks for.
pub(super) fn check(subject: &mut Subject<'_>) {
    let inputs = inputs(subject);
    for (state, node) in subject.states() {
        let Some(Some((input, _))) = inputs.get(state.id.index()) else {
            continue;
        };
        if state.language != QueryLanguage::JsonPath || *input == Shape::Unknown {
            continue;
        }
        for read in reads(state, node, input) {
            let missing = names(read.path).is_some_and(|path| read.from.get(&path).is_none());
            if missing {
                let message = format!("No state before '{}' can have produced '{}'", state.name, read.path);
                subject.warn("PATH_CANNOT_EXIST", read.location, read.node.span, message);
                if let Some(members) = read.from.members() {
                    subject.hint(format!("What the path is applied to can have {members}."));
                }
            }
        }
    }
}

/// A path, where it stands, and what it is applied to.
struct Read<'a> {
    path: &'a str,
    node: &'a Node,
    location: String,
    from: Shape,
}

/// Finds the paths of a state that are applied to its input.
fn reads<'a>(state: &State, node: &'a Node, input: &Shape) -> Vec<Read<'a>> {
    let mut found = Vec::new();
    let pointer = &state.place.pointer;
    let effective = select(input, node.get("InputPath"));
    for member in node.members().unwrap_or_default() {
        let location = format!("{pointer}/{}", member.key);
        let from = if &*member.key == "InputPath" { input } else { &effective };
        match &*member.key {
            "InputPath"
            | "ItemsPath"
            | "SecondsPath"
            | "TimestampPath"
            | "TimeoutSecondsPath"
            | "HeartbeatSecondsPath"
            | "MaxConcurrencyPath"
            | "ErrorPath"
            | "CausePath" => {
                add(&mut found, &member.value, location, from);
            }
            "Parameters" | "ItemSelector" => template(&mut found, &member.value, &location, from),
            "Choices" => {
                for (index, rule) in member.value.items().unwrap_or_default().iter().enumerate() {
                    variables(&mut found, rule, &format!("{location}[{index}]"), from);
                }
            }
            _ => {}
        }
    }
    found
}

fn add<'a>(found: &mut Vec<Read<'a>>, node: &'a Node, location: String, from: &Shape) {
    if let Some(path) = node.text() {
        found.push(Read { path, node, location, from: from.clone() });
    }
}

fn template<'a>(found: &mut Vec<Read<'a>>, node: &'a Node, location: &str, from: &Shape) {
    match &node.data {
        Data::Object(members) => {
            for member in members {
                if member.key.ends_with(".$") {
                    add(found, &member.value, location.to_owned(), from);
                } else {
                    template(found, &member.value, &format!("{location}/{}", member.key), from);
                }
            }
        }
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                template(found, item, &format!("{location}[{index}]"), from);
            }
        }
        _ => {}
    }
}

/// A rule that asks whether something is present knows what it does.
fn variables<'a>(found: &mut Vec<Read<'a>>, rule: &'a Node, location: &str, from: &Shape) {
    if asks_for_presence(rule) {
        return;
    }
    if let Some(variable) = rule.get("Variable") {
        add(found, variable, format!("{location}/Variable"), from);
    }
    for combinator in ["And", "Or"] {
        for (index, part) in rule.get(combinator).and_then(Node::items).unwrap_or_default().iter().enumerate() {
            variables(found, part, &format!("{location}/{combinator}[{index}]"), from);
        }
    }
    if let Some(part) = rule.get("Not") {
        variables(found, part, &format!("{location}/Not"), from);
    }
}

fn asks_for_presence(rule: &Node) -> bool {
    rule.get("IsPresent").is_some()
        || rule.get("Not").is_some_and(asks_for_presence)
        || ["And", "Or"]
            .iter()
            .any(|name| rule.get(name).and_then(Node::items).unwrap_or_default().iter().any(asks_for_presence))
}

/// Finds the shape of every state's input, and how often it has changed.
fn inputs(subject: &Subject<'_>) -> Vec<Option<(Shape, u32)>> {
    let mut inputs: Vec<Option<(Shape, u32)>> = vec![None; subject.machine.states().len()];
    for (_, scope) in subject.machine.scopes() {
        let mut open = vec![(scope.start_at, at_start(subject, scope.container, &inputs))];
        while let Some((id, arriving)) = open.pop() {
            let Some(slot) = inputs.get_mut(id.index()) else {
                continue;
            };
            let input = match slot {
                None => arriving,
                Some((known, changes)) => {
                    let joined = if *changes > CHANGES { Shape::Unknown } else { known.or(&arriving) };
                    if joined == *known {
                        continue;
                    }
                    joined
                }
            };
            let changes = slot.as_ref().map_or(0, |(_, changes)| changes + 1);
            *slot = Some((input.clone(), changes));
            open.extend(subject.graph.from(id).iter().map(|edge| (edge.to, leaving(subject, edge, &input))));
        }
    }
    inputs
}

fn at_start(subject: &Subject<'_>, container: Option<Container>, inputs: &[Option<(Shape, u32)>]) -> Shape {
    let Some(container) = container else {
        return Shape::Unknown;
    };
    let outer = container.state();
    let (Some(node), Some(Some((input, _)))) = (subject.node(outer), inputs.get(outer.index())) else {
        return Shape::Unknown;
    };
    if subject.machine[outer].language != QueryLanguage::JsonPath {
        return Shape::Unknown;
    }
    let effective = select(input, node.get("InputPath"));
    match (container, &subject.machine[outer].kind) {
        (Container::Branch(..), _) => node.get("Parameters").map_or(effective.clone(), |it| composed(it, &effective)),
        (_, StateKind::Map(map)) if matches!(map.mode, MapMode::Inline) => {
            let selector = node.get("ItemSelector").or_else(|| node.get("Parameters"));
            selector.map_or(Shape::Unknown, |it| composed(it, &effective))
        }
        _ => Shape::Unknown,
    }
}

/// Returns the shape of what a state passes on along a transition.
fn leaving(subject: &Subject<'_>, edge: &Edge, input: &Shape) -> Shape {
    let (state, Some(node)) = (&subject.machine[edge.from], subject.node(edge.from)) else {
        return Shape::Unknown;
    };
    if state.language == QueryLanguage::Jsonata {
        return jsonata_output(state, node, edge.reason, input);
    }
    if let Reason::Catch(number) = edge.reason {
        let error = Shape::object([("Error".to_owned(), Shape::Other), ("Cause".to_owned(), Shape::Other)]);
        let catcher = node.get("Catch").and_then(Node::items).and_then(|list| list.get(number));
        return placed(input, catcher.and_then(|catcher| catcher.get("ResultPath")), error);
    }
    let effective = select(input, node.get("InputPath"));
    let output = match &state.kind {
        StateKind::Pass(_) => {
            let result = node.get("Result").filter(|result| !result.is_null()).map(Shape::of_constant);
            let composed = || node.get("Parameters").map_or(effective.clone(), |it| composed(it, &effective));
            placed(input, node.get("ResultPath"), result.unwrap_or_else(composed))
        }
        StateKind::Choice(_) | StateKind::Wait(_) => effective,
        _ => {
            let selected = node.get("ResultSelector").map(|it| composed(it, &Shape::Unknown));
            placed(input, node.get("ResultPath"), selected.unwrap_or(Shape::Unknown))
        }
    };
    select(&output, node.get("OutputPath"))
}

fn jsonata_output(state: &State, node: &Node, reason: Reason, input: &Shape) -> Shape {
    let holder = match reason {
        Reason::Choice(number) => node.get("Choices").and_then(Node::items).and_then(|rules| rules.get(number)),
        Reason::Catch(number) => node.get("Catch").and_then(Node::items).and_then(|list| list.get(number)),
        Reason::Next | Reason::Default => Some(node),
    };
    let unchanged = matches!(state.kind, StateKind::Pass(_) | StateKind::Wait(_) | StateKind::Choice(_));
    match holder.and_then(|holder| holder.get("Output")) {
        Some(output) if output.members().is_some() => {
            Shape::of_template(output, &|_, text| text.starts_with("{%").then_some(Shape::Unknown))
        }
        None if unchanged && !matches!(reason, Reason::Catch(_)) => input.clone(),
        _ => Shape::Unknown,
    }
}

/// Returns the shape of what a filter lets through.
fn select(input: &Shape, path: Option<&Node>) -> Shape {
    let Some(path) = path else {
        return input.clone();
    };
    if path.is_null() {
        return Shape::object([]);
    }
    path.text().map_or(Shape::Unknown, |path| at_path(input, path))
}

fn at_path(input: &Shape, path: &str) -> Shape {
    if path == "$" {
        return input.clone();
    }
    let plain = !path.contains(['[', '*', '?', '(']) && !path.contains("..");
    names(path).filter(|_| plain).and_then(|names| input.get(&names)).unwrap_or(Shape::Unknown)
}

/// Returns the shape of a payload template.
fn composed(template: &Node, input: &Shape) -> Shape {
    Shape::of_template(template, &|key, text| key.ends_with(".$").then(|| at_path(input, text)))
}

/// Returns the shape after `ResultPath`.
fn placed(input: &Shape, path: Option<&Node>, result: Shape) -> Shape {
    match path {
        None => result,
        Some(path) if path.is_null() => input.clone(),
        Some(path) => match path.text().filter(|path| !path.contains('[')).and_then(names) {
            Some(names) => input.put(&names, result),
            None => Shape::Unknown,
        },
    }
}

//! A definition on its way out of a template: from a text, from a tree, and back into JSON.

use super::finding;
use super::text::{Mapped, substitution};
use crate::asl::{Data, Diagnostic, Format, Member, Node, Span, json_complaint};

/// Reads a definition out of a text of JSON; its places are those the text came from.
pub(super) fn of_json(text: &Mapped) -> Result<Node, Diagnostic> {
    read(text, Format::Json)
}

/// Reads a definition out of a text.
pub(super) fn read(text: &Mapped, format: Format) -> Result<Node, Diagnostic> {
    match Node::read(text.text(), format) {
        Ok(mut root) => {
            root.moved(&|span| text.span(span));
            Ok(root)
        }
        Err(error) if format == Format::Json => {
            let complaint = json_complaint(text.text()).unwrap_or(error.message);
            let location = complaint.split_once("\n at ").map(|(_, location)| location.to_owned());
            let mut finding = finding("INVALID_JSON_DESCRIPTION", complaint, text.span(error.span));
            finding.location = location;
            Err(finding)
        }
        Err(error) => {
            let message = format!("The definition is not valid YAML: {}.", error.message);
            Err(finding("INVALID_YAML", message, text.span(error.span)))
        }
    }
}

/// Replaces each `${Name}` in the texts and keys of a definition; `None` leaves it as it is.
pub(super) fn substitute(node: &mut Node, value: &impl Fn(&str) -> Option<String>) {
    match &mut node.data {
        // In an object a number stands in quotes until it is put in, and its field says whether it is one: it stays open.
        Data::Text(text) if lone_name(text).and_then(value).is_some_and(|value| is_scalar(&value)) => {}
        Data::Text(text) if text.contains("${") => *text = in_text(text, value),
        Data::List(items) => items.iter_mut().for_each(|item| substitute(item, value)),
        Data::Object(members) => {
            for member in members {
                if member.key.contains("${") {
                    member.key = in_text(&member.key, value);
                }
                substitute(&mut member.value, value);
            }
        }
        _ => {}
    }
}

fn is_scalar(text: &str) -> bool {
    matches!(text, "true" | "false") || text.parse::<f64>().is_ok()
}

fn in_text(text: &str, value: &impl Fn(&str) -> Option<String>) -> Box<str> {
    Mapped::verbatim(text, 0).replaced(value).text().into()
}

/// Writes a definition as JSON in lines. Placeholders stay outside quotes, so that reading it gives the same.
pub(super) fn written(root: &Node) -> String {
    let mut out = String::new();
    write(root, 0, &mut out);
    out.push('\n');
    out
}

fn write(node: &Node, depth: usize, out: &mut String) {
    match &node.data {
        Data::Placeholder(name) => out.push_str(name),
        Data::List(items) if items.is_empty() => out.push_str("[]"),
        Data::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                line(index, depth + 1, out);
                write(item, depth + 1, out);
            }
            line(0, depth, out);
            out.push(']');
        }
        Data::Object(members) if members.is_empty() => out.push_str("{}"),
        Data::Object(members) => {
            out.push('{');
            for (index, Member { key, value, .. }) in members.iter().enumerate() {
                line(index, depth + 1, out);
                out.push_str(&serde_json::Value::from(&**key).to_string());
                out.push_str(": ");
                write(value, depth + 1, out);
            }
            line(0, depth, out);
            out.push('}');
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Text(_) => out.push_str(&node.to_value().to_string()),
    }
}

fn line(index: usize, depth: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

/// Makes a placeholder of a name, which loses what would end it.
pub(super) fn placeholder(name: &str, span: Span) -> Node {
    let name: String = name.chars().filter(|c| !matches!(c, '$' | '{' | '}' | '"' | '\\') && !c.is_control()).collect();
    let name = if name.trim().is_empty() { "?" } else { name.trim() };
    Node { span, data: Data::Placeholder(format!("${{{name}}}").into()) }
}

/// Returns the name of a text that is one placeholder and nothing else.
pub(super) fn lone_name(text: &str) -> Option<&str> {
    let (start, end) = substitution(text, 0)?;
    (start == 0 && end == text.len()).then(|| text.get(2..end - 1)).flatten()
}

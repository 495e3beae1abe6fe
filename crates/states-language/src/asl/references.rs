//! The variables a state names.
//!
//! DescribeStateMachine lists them per state, in the order of first occurrence.

use super::machine::QueryLanguage;
use super::node::{Data, Node};
use crate::query::jsonata::{Expression, expression_text};

/// Returns the names of the variables a state refers to, leaving the states inside it to themselves.
pub(super) fn of_state(state: &Node, language: QueryLanguage) -> Vec<String> {
    let mut names = Vec::new();
    for member in state.members().unwrap_or(&[]) {
        let inner = matches!(&*member.key, "Branches" | "ItemProcessor" | "Iterator" | "Result");
        if !inner {
            collect(&member.key, &member.value, language, &mut names);
        }
    }
    names
}

/// A field that reads variables.
pub(super) struct Reader<'a> {
    /// The location below the state, such as `/Output/v`. A payload template is named as a whole.
    pub location: String,
    pub node: &'a Node,
    pub names: Vec<String>,
}

/// Returns the fields of a state that read variables.
pub(super) fn readers<'a>(state: &'a Node, language: QueryLanguage) -> Vec<Reader<'a>> {
    let mut found = Vec::new();
    for member in state.members().unwrap_or(&[]) {
        if !matches!(&*member.key, "Branches" | "ItemProcessor" | "Iterator" | "Result") {
            read("", &member.key, &member.value, language, &mut found);
        }
    }
    found
}

fn read<'a>(around: &str, key: &str, node: &'a Node, language: QueryLanguage, found: &mut Vec<Reader<'a>>) {
    let location = if language == QueryLanguage::JsonPath && key.ends_with(".$") {
        around.to_owned()
    } else {
        format!("{around}/{key}")
    };
    match &node.data {
        Data::List(items) => {
            for (index, item) in items.iter().enumerate() {
                read(around, &format!("{key}[{index}]"), item, language, found);
            }
        }
        Data::Object(members) => {
            members.iter().for_each(|member| read(&location, &member.key, &member.value, language, found));
        }
        _ => {
            let mut names = Vec::new();
            collect(key, node, language, &mut names);
            if !names.is_empty() {
                found.push(Reader { location, node, names });
            }
        }
    }
}

fn collect(key: &str, node: &Node, language: QueryLanguage, names: &mut Vec<String>) {
    match &node.data {
        Data::Text(text) => match language {
            QueryLanguage::Jsonata => in_expression(text, names),
            QueryLanguage::JsonPath => {
                if key.ends_with(".$") || key.ends_with("Path") || key == "Variable" {
                    in_path(text, names);
                }
            }
        },
        Data::List(items) => items.iter().for_each(|item| collect("", item, language, names)),
        Data::Object(members) => {
            members.iter().for_each(|member| collect(&member.key, &member.value, language, names));
        }
        Data::Null | Data::Bool(_) | Data::Number(_) | Data::Placeholder(_) => {}
    }
}

fn in_expression(text: &str, names: &mut Vec<String>) {
    let Some(Ok(expression)) = expression_text(text).map(Expression::compile) else {
        return;
    };
    for name in expression.references().variables() {
        add(name, names);
    }
}

/// Finds `$name` in a path or in the arguments of an intrinsic function, outside quotes.
pub(super) fn in_path(text: &str, names: &mut Vec<String>) {
    let mut characters = text.char_indices().peekable();
    let mut quoted = false;
    let mut before = ' ';
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '\'' => quoted = !quoted,
            '$' if !quoted && before != '$' => {
                let rest = text.get(at + 1..).unwrap_or("");
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                if let Some(name) = rest.get(..end)
                    && name.starts_with(|c: char| c.is_alphabetic() || c == '_')
                {
                    add(name, names);
                }
            }
            _ => {}
        }
        before = character;
    }
}

fn add(name: &str, names: &mut Vec<String>) {
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// Tells whether a path is one of the arguments of a call.
pub(super) fn mentions(call: &str, path: &str) -> bool {
    let inside = call.split_once('(').map_or("", |(_, arguments)| arguments);
    inside.split([',', '(', ')']).any(|argument| argument.trim() == path)
}

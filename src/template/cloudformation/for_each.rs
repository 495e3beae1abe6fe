//! `Fn::ForEach` of the transform AWS::LanguageExtensions: resources written once and made for each of a list.

use crate::asl::{Data, Member, Node};

/// Loops may stand in loops; CloudFormation allows five.
const DEPTH: usize = 5;

/// Returns the resources of a document, those of its loops among them.
pub(super) fn resources(root: &Node) -> Vec<Member> {
    let resources = root.get("Resources").and_then(Node::members).unwrap_or_default();
    let mut found = Vec::new();
    resources.iter().for_each(|resource| expand(root, resource, 0, &mut found));
    found
}

fn expand(root: &Node, resource: &Member, depth: usize, found: &mut Vec<Member>) {
    let parts = resource.value.items().filter(|_| resource.key.starts_with("Fn::ForEach::") && depth < DEPTH);
    let Some([name, values, body]) = parts else {
        found.push(resource.clone());
        return;
    };
    let (Some(name), Some(members)) = (name.text(), body.members()) else { return };
    for value in values_of(root, values) {
        for member in members {
            let mut made = member.clone();
            made.key = filled(&made.key, name, &value).into();
            fill(&mut made.value, name, &value);
            expand(root, &made, depth + 1, found);
        }
    }
}

/// The values a loop goes through: those listed, or those of a parameter.
fn values_of(root: &Node, values: &Node) -> Vec<String> {
    if let Some(items) = values.items() {
        return items.iter().filter_map(|item| item.text().map(str::to_owned)).collect();
    }
    let parameter = values.get("Ref").and_then(Node::text).and_then(|name| root.get("Parameters")?.get(name));
    let default = parameter.and_then(|parameter| parameter.get("Default")).and_then(Node::text).unwrap_or_default();
    default.split(',').map(str::trim).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

fn fill(node: &mut Node, name: &str, value: &str) {
    match &mut node.data {
        Data::Text(text) => *text = filled(text, name, value).into(),
        Data::List(items) => items.iter_mut().for_each(|item| fill(item, name, value)),
        Data::Object(members) => {
            if let [member] = members.as_slice()
                && &*member.key == "Ref"
                && member.value.text() == Some(name)
            {
                node.data = Data::Text(value.into());
                return;
            }
            for member in members {
                member.key = filled(&member.key, name, value).into();
                fill(&mut member.value, name, value);
            }
        }
        _ => {}
    }
}

/// `&{Name}` takes what is no letter or digit out of the value.
fn filled(text: &str, name: &str, value: &str) -> String {
    let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    text.replace(&format!("${{{name}}}"), value).replace(&format!("&{{{name}}}"), &plain)
}

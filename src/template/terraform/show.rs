//! What `terraform show -json` prints of a plan or a state, and the state file itself.

use crate::asl::{Member, Node};
use crate::template::cloudformation::kind_of;
use crate::template::text::{Mapped, Texts};
use crate::template::{Draft, definition, warning};

/// Reads such a document; `None` when it is none.
pub(in crate::template) fn read(root: &Node, texts: &Texts) -> Option<Vec<Draft>> {
    let mut found = Vec::new();
    if root.get("format_version").is_some() {
        for values in ["planned_values", "values"] {
            if let Some(module) = root.get(values).and_then(|values| values.get("root_module")) {
                of_module(module, texts, &mut found, 0);
            }
        }
        return root.get("terraform_version").or_else(|| root.get("values")).map(|_| found);
    }
    root.get("terraform_version")?;
    for resource in root.get("resources").and_then(Node::items)? {
        let text = |name: &str| resource.get(name).and_then(Node::text).unwrap_or_default();
        if text("type") != "aws_sfn_state_machine" || text("mode") == "data" {
            continue;
        }
        let module = resource.get("module").and_then(Node::text).map(|module| format!("{module}."));
        for instance in resource.get("instances").and_then(Node::items).unwrap_or_default() {
            let key = instance.get("index_key").map(|key| format!("[{}]", key.to_value())).unwrap_or_default();
            let address = format!("{}{}.{}{key}", module.as_deref().unwrap_or(""), text("type"), text("name"));
            found.extend(instance.get("attributes").map(|values| machine(&address, values, texts)));
        }
    }
    Some(found)
}

/// Reads Terraform's own language written as JSON, as CDK for Terraform does; `None` when it is not that. Expressions in
/// the texts stay open.
pub(in crate::template) fn written(root: &Node, texts: &Texts) -> Option<Vec<Draft>> {
    let resources = root.get("resource")?.get("aws_sfn_state_machine")?.members()?;
    let draft = |resource: &Member| {
        let values = resource.value.items().and_then(<[Node]>::first).unwrap_or(&resource.value);
        let mut draft = machine(&resource.key, values, texts);
        let definition = values.get("definition").and_then(Node::text).unwrap_or_default();
        if definition::lone_name(definition.trim()).is_some() || definition.trim_start().starts_with("${") {
            let message = format!("The definition of {} is an expression, which was not evaluated.", resource.key);
            draft.root = Err(warning("DEFINITION_ELSEWHERE", message, values.span));
        }
        draft.aliases.push(format!("aws_sfn_state_machine.{}", resource.key));
        draft
    };
    Some(resources.iter().map(draft).collect())
}

fn of_module(module: &Node, texts: &Texts, found: &mut Vec<Draft>, depth: usize) {
    for resource in module.get("resources").and_then(Node::items).unwrap_or_default() {
        let is_machine = resource.get("type").and_then(Node::text) == Some("aws_sfn_state_machine");
        let is_managed = resource.get("mode").and_then(Node::text) != Some("data");
        let address = resource.get("address").and_then(Node::text);
        if let (true, Some(address), Some(values)) = (is_machine && is_managed, address, resource.get("values")) {
            found.push(machine(address, values, texts));
        }
    }
    for child in module.get("child_modules").and_then(Node::items).unwrap_or_default() {
        if depth < 50 {
            of_module(child, texts, found, depth + 1);
        }
    }
}

fn machine(address: &str, values: &Node, texts: &Texts) -> Draft {
    let name = address.strip_prefix("aws_sfn_state_machine.").unwrap_or(address);
    let text = |name: &str| values.get(name).and_then(Node::text);
    let root = match values.get("definition").filter(|node| node.text().is_some()) {
        Some(node) => {
            let decoded = Mapped::decoded(node.text().unwrap_or_default(), texts.slice(node.span), node.span.start);
            definition::of_json(&decoded)
        }
        None => {
            let message = format!("The definition of {address} is known only after the plan was applied.");
            Err(warning("DEFINITION_ELSEWHERE", message, values.span))
        }
    };
    let mut aliases = vec![address.to_owned()];
    aliases.extend(text("name").map(str::to_owned));
    aliases.retain(|alias| alias != name);
    Draft {
        name: name.to_owned(),
        aliases,
        kind: text("type").and_then(kind_of),
        root,
        notes: Vec::new(),
        absent: None,
    }
}

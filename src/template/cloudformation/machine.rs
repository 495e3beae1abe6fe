//! One state machine of a template.

use super::conditions;
use super::functions::Scope;
use crate::asl::{Data, Diagnostic, Format, MachineKind, Member, Node, Span};
use crate::template::choices::{self, Choices};
use crate::template::definition::{self, lone_name};
use crate::template::dynamic;
use crate::template::text::{Mapped, Texts, substitution};
use crate::template::{Draft, Reader, absence, as_text, finding, warning};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Where the definition of a machine stands.
enum Where<'a> {
    /// As an object.
    Tree(&'a Node),
    /// As a text, or a function that gives one.
    Text(&'a Node),
    /// In a file.
    File { text: Mapped, format: Format },
    /// Not here.
    Nowhere(Diagnostic),
}

/// Reads the machine of a resource.
pub(super) fn read(root: &Node, id: &str, resource: &Member, reader: &Reader<'_>, texts: &mut Texts) -> Draft {
    let globals = root.get("Globals").and_then(|globals| globals.get("StateMachine"));
    let properties = properties(resource);
    let property =
        |name: &str| properties.and_then(|own| own.get(name)).or_else(|| globals.and_then(|globals| globals.get(name)));
    let place = Where::of(root, resource, &property, reader, texts);
    let texts = &*texts;
    choices::best(|choices| {
        let scope = Scope::new(root, reader.options, choices);
        let named = |name: &str| property(name).map(|node| scope.value(node)).as_ref().and_then(as_text);
        let kind = named("StateMachineType").or_else(|| named("Type"));
        let substitutions = substitutions(&scope, &property);
        let mut tree = place.tree(&scope, &substitutions, texts, resource);
        if let Ok(tree) = &mut tree {
            definition::substitute(tree, &|name| substitutions.get(name).cloned().flatten());
            dynamic::opened(tree, dynamic::DYNAMIC);
        }
        let absent = resource.value.get("Condition").and_then(|condition| {
            let name = condition.text()?;
            let is_off = conditions::decided(&scope, name, condition.span) == Some(false);
            is_off.then(|| absence(id, &format!("its condition {name} is false"), condition.span))
        });
        let aliases = named("StateMachineName").or_else(|| named("Name")).into_iter();
        let aliases = aliases.filter(|alias| alias != id && !alias.contains("${")).collect();
        let mut notes = scope.into_notes();
        if let (Ok(tree), true) = (&tree, place.is_filled_by_substitutions_alone()) {
            missing(tree, &substitutions, &mut notes);
        }
        let kind = kind.and_then(|kind| kind_of(&kind));
        Draft { name: id.to_owned(), aliases, kind, root: tree, notes, absent }
    })
}

/// Returns the type of machine a word means.
pub(in crate::template) fn kind_of(word: &str) -> Option<MachineKind> {
    match word {
        "EXPRESS" => Some(MachineKind::Express),
        "STANDARD" => Some(MachineKind::Standard),
        _ => None,
    }
}

/// Values of `DefinitionSubstitutions`; none for what only the deployment knows, which keeps the name it has in the
/// definition.
type Substitutions = HashMap<String, Option<String>>;

fn substitutions<'a>(scope: &Scope<'_>, property: &dyn Fn(&str) -> Option<&'a Node>) -> Substitutions {
    let Some(given) = property("DefinitionSubstitutions").map(|node| scope.value(node)) else {
        return Substitutions::default();
    };
    let value = |member: &Member| {
        let value = as_text(&member.value).filter(|value| lone_name(value).is_none());
        let value = value.filter(|value| !value.contains(dynamic::DYNAMIC[0]));
        (member.key.to_string(), value)
    };
    given.members().unwrap_or_default().iter().map(value).collect()
}

fn properties(resource: &Member) -> Option<&Node> {
    resource.value.get("Properties")
}

impl<'a> Where<'a> {
    fn of(
        root: &Node,
        resource: &'a Member,
        property: &dyn Fn(&str) -> Option<&'a Node>,
        reader: &Reader<'_>,
        texts: &mut Texts,
    ) -> Self {
        if let Some(node) = property("Definition") {
            return if node.text().is_some() { Self::Text(node) } else { Self::Tree(node) };
        }
        if let Some(node) = property("DefinitionString") {
            return Self::Text(node);
        }
        let Some(node) = property("DefinitionUri").or_else(|| property("DefinitionS3Location")) else {
            if let Some(node) =
                properties(resource).filter(|node| node.is_function() || node.get("Fn::Transform").is_some())
            {
                let message = format!("The properties of {} are put in by a transform.", resource.key);
                return Self::Nowhere(warning("DEFINITION_ELSEWHERE", message, node.span));
            }
            let message = format!("The state machine {} has no definition.", resource.key);
            return Self::Nowhere(finding("MISSING_DESCRIPTION", message, resource.key_span));
        };
        let given = Scope::new(root, reader.options, &Choices::default()).value(node);
        let asset = resource.value.get("Metadata").and_then(|metadata| metadata.get("aws:asset:path"));
        match asset.and_then(Node::text).or_else(|| given.text()) {
            Some(path) if is_local(path) => Self::file(path, node.span, resource, reader, texts),
            _ => match uploaded(&given, reader) {
                Some(path) => Self::file(&path, node.span, resource, reader, texts),
                None => Self::Nowhere(elsewhere(resource, &given, node.span)),
            },
        }
    }

    fn file(path: &str, span: Span, resource: &Member, reader: &Reader<'_>, texts: &mut Texts) -> Self {
        let path = beside(reader.path, path);
        let text = match reader.files.read(&path) {
            Ok(text) => text,
            Err(reason) => {
                let message =
                    format!("The definition of {} cannot be read from '{}': {reason}.", resource.key, path.display());
                return Self::Nowhere(finding("DEFINITION_NOT_FOUND", message, span));
            }
        };
        let start = texts.add(path.display().to_string(), &text);
        let yaml = matches!(path.extension().and_then(std::ffi::OsStr::to_str), Some("yaml" | "yml"));
        let format = if yaml { Format::Yaml } else { Format::of_text(&text) };
        Self::File { text: Mapped::verbatim(&text, start), format }
    }

    /// Tells whether nothing but `DefinitionSubstitutions` puts something into the definition.
    fn is_filled_by_substitutions_alone(&self) -> bool {
        matches!(self, Self::File { .. })
    }

    fn tree(
        &self,
        scope: &Scope<'_>,
        substitutions: &Substitutions,
        texts: &Texts,
        resource: &Member,
    ) -> Result<Node, Diagnostic> {
        let replaced = |text: &Mapped| text.replaced(|name| substitutions.get(name).cloned().flatten());
        match self {
            Self::Tree(node) => known(scope.value(node), resource),
            Self::File { text, format } => definition::read(&replaced(text), *format).map(without_functions(scope)),
            Self::Nowhere(finding) => Err(finding.clone()),
            Self::Text(node) => {
                // A function may give an object where CloudFormation wants a text: Fn::ToJsonString does.
                if let Some(text) = scope.text(node, texts).filter(|text| lone_name(text.text()).is_none()) {
                    return definition::of_json(&replaced(&text));
                }
                known(scope.value(node), resource)
            }
        }
    }
}

/// Names placeholders of a definition's file that the template puts nothing in for: they would be deployed as they are.
fn missing(node: &Node, substitutions: &Substitutions, notes: &mut Vec<Diagnostic>) {
    match &node.data {
        Data::Text(text) | Data::Placeholder(text) => {
            let mut at = 0;
            while let Some((start, end)) = substitution(text, at) {
                at = end;
                let name = text.get(start + 2..end - 1).unwrap_or("");
                let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                if !is_name || substitutions.contains_key(name) {
                    continue;
                }
                let message = format!("DefinitionSubstitutions gives no value for ${{{name}}}.");
                if notes.iter().all(|known| known.message != message) {
                    notes.push(warning("MISSING_SUBSTITUTION", message, node.span));
                }
            }
        }
        Data::List(items) => items.iter().for_each(|item| missing(item, substitutions, notes)),
        Data::Object(members) => members.iter().for_each(|member| missing(&member.value, substitutions, notes)),
        _ => {}
    }
}

/// SAM takes functions in definition files of YAML too.
fn without_functions<'s>(scope: &'s Scope<'_>) -> impl FnOnce(Node) -> Node + 's {
    |node| scope.value(&node)
}

/// Makes sure that there is a definition and not only its name.
fn known(node: Node, resource: &Member) -> Result<Node, Diagnostic> {
    match &node.data {
        Data::Placeholder(name) => {
            let message = format!("The definition of {} is {name}, which this template does not tell.", resource.key);
            Err(warning("DEFINITION_ELSEWHERE", message, node.span))
        }
        _ => Ok(node),
    }
}

fn is_local(path: &str) -> bool {
    !path.contains("://") && !path.contains("${")
}

/// Returns the path of a file that a template names.
pub(in crate::template) fn beside(template: &Path, path: &str) -> PathBuf {
    let folder = template.parent().unwrap_or(Path::new(""));
    let path = path.strip_prefix("file://").unwrap_or(path);
    let mut joined = PathBuf::new();
    for part in folder.join(path).components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if joined.file_name().is_some() => {
                joined.pop();
            }
            part => joined.push(part),
        }
    }
    joined
}

/// Finds the file here that an object in S3 was uploaded from: one of its key beside the template, one of its name, or
/// the asset that CDK keeps in its output, of the stage or around it.
fn uploaded(given: &Node, reader: &Reader<'_>) -> Option<String> {
    let key = match given.text() {
        Some(address) => address.strip_prefix("s3://")?.split_once('/')?.1,
        None => given.get("Key")?.text()?,
    };
    let name = key.rsplit('/').next().filter(|name| !name.is_empty() && !key.contains("${"))?;
    let candidates = [key.to_owned(), name.to_owned(), format!("asset.{name}"), format!("../asset.{name}")];
    let is_there = |path: &String| !path.starts_with('/') && reader.files.read(&beside(reader.path, path)).is_ok();
    candidates.into_iter().find(is_there)
}

fn elsewhere(resource: &Member, given: &Node, span: Span) -> Diagnostic {
    let part = |name: &str| given.get(name).and_then(|node| as_text(node).or_else(|| written(node)));
    let address = match (given.text(), part("Bucket"), part("Key")) {
        (Some(address), ..) => address.to_owned(),
        (None, Some(bucket), Some(key)) => format!("s3://{bucket}/{key}"),
        _ => written(given).unwrap_or_else(|| "another place".to_owned()),
    };
    let message = format!("The definition of {} is in {address}, which was not read.", resource.key);
    warning("DEFINITION_ELSEWHERE", message, span)
}

fn written(node: &Node) -> Option<String> {
    match &node.data {
        Data::Placeholder(name) => Some(name.to_string()),
        _ => None,
    }
}

//! Terraform: modules of `.tf` files, templates they fill, and what `terraform show -json` prints.

mod eval;
mod functions;
mod instance;
mod module;
mod references;
pub(super) mod show;
mod sources;
mod template;
mod value;

use super::choices::{self, Choices};
use super::cloudformation::kind_of;
use super::{Draft, Kind, Reader, Reading, absence, broken, finding, finished, warning};
use crate::asl::{Data, Diagnostic, MachineKind, Span};
use eval::{Evaluator, Here, pairs};
use hcl_edit::structure::{Block, Body};
use instance::Instance;
use module::{Module, Of};
use sources::{Sources, normal};
use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use value::{Value, What};

/// How deep modules may call modules.
const DEEPEST: usize = 6;

/// How many instances of one resource are looked at.
const MOST: usize = 50;

/// Resources that are state machines, and the attribute their definition stands in.
const MACHINES: [(&str, &str); 2] =
    [("aws_sfn_state_machine", "definition"), ("awscc_stepfunctions_state_machine", "definition_string")];

/// How the names of files end that `templatefile` is given.
const TEMPLATES: [&str; 3] = ["tftpl", "tpl", "tmpl"];

/// Tells whether a file is one of Terraform's: by its name, or by the directives of its templates.
pub(super) fn is_meant(path: &Path, text: &str) -> bool {
    let end = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    end == "tf" || TEMPLATES.contains(&end) || (has_directive(text) && text.contains("StartAt"))
}

/// Tells whether a text has directives of Terraform's templates in it.
fn has_directive(text: &str) -> bool {
    let inner = text.split("%{").skip(1).map(|rest| rest.trim_start_matches(['~', ' ']));
    inner.take(1_000).any(|rest| ["if ", "for "].iter().any(|word| rest.starts_with(word)))
}

/// Reads a file of a module with the rest of the module, or a template on its own.
pub(super) fn read(text: &str, reader: &Reader<'_>) -> Reading {
    if reader.path.extension().is_none_or(|end| end != "tf") {
        return template_alone(text, reader);
    }
    if let Err(error) = text.parse::<Body>() {
        let at = super::text::offset(error.location().offset());
        let message = format!("The file is not valid Terraform: {}.", error.message());
        let span = Span { start: at, end: at + 1 };
        return broken(&reader.path.display().to_string(), text, finding("INVALID_HCL", message, span));
    }
    let path = normal(reader.path);
    let sources = Sources::new(reader.files);
    sources.add(&path, text);
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let given = reader.options.parameters.iter();
    let given = given.map(|(name, value)| (name.clone(), Value::text(Span::default(), value))).collect();
    let root = |folder: &Path, given: HashMap<String, Value>| Instance {
        module: sources.module(folder),
        root: folder.to_owned(),
        given,
        address: String::new(),
        is_root: true,
        above: Vec::new(),
    };
    let drafts = match caller(&folder, &sources) {
        // Whoever calls the module says what its variables are.
        Some(above) => {
            let above = root(&above, given);
            let drafts = machines(&above, None, &sources, 0);
            drafts.into_iter().filter(|(file, _)| *file == path).map(|(_, draft)| draft).collect()
        }
        None => {
            let instance = root(&folder, given);
            let drafts = machines(&instance, Some(&path), &sources, 0);
            drafts.into_iter().map(|(_, draft)| draft).collect()
        }
    };
    finish(Kind::Terraform, drafts, sources, &path)
}

fn finish(kind: Kind, drafts: Vec<Draft>, sources: Sources<'_>, path: &Path) -> Reading {
    let (texts, used) = sources.into_parts();
    let mut template = finished(kind, drafts, &texts);
    let own = path.display().to_string();
    template.files = std::iter::once(own.clone()).chain(used.into_iter().filter(|name| *name != own)).collect();
    Reading::Template(template)
}

/// A template whose variables nobody gives.
fn template_alone(text: &str, reader: &Reader<'_>) -> Reading {
    let path = normal(reader.path);
    let sources = Sources::new(reader.files);
    let loaded = sources.add(&path, text);
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    let module = Module { folder: folder.clone(), ..Module::default() };
    let instance = Instance {
        module: Rc::new(module),
        root: folder,
        given: HashMap::new(),
        address: String::new(),
        is_root: true,
        above: Vec::new(),
    };
    let given = reader.options.parameters.iter();
    let bindings: Vec<(String, Value)> =
        given.map(|(name, value)| (name.clone(), Value::text(Span::default(), value))).collect();
    let file = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let name = file.split('.').next().unwrap_or(file).to_owned();
    let yaml = file.contains(".yaml") || file.contains(".yml");
    let draft = choices::best(|choices| {
        let evaluator = Evaluator::new(&sources, choices);
        let here = Here::of(&instance, loaded.start, &bindings);
        let root = evaluator.rendered(text, here).and_then(|text| {
            let format = if yaml { crate::asl::Format::Yaml } else { crate::asl::Format::of_text(text.text()) };
            super::definition::read(&text, format)
        });
        Draft {
            name: name.clone(),
            aliases: Vec::new(),
            kind: None,
            root,
            notes: sources.take_problems(),
            absent: None,
        }
    });
    // Templates are filled for many ends; only one that has states is meant here.
    if !text.contains("StartAt") {
        return Reading::Other(Some("a template without a definition"));
    }
    finish(Kind::TerraformTemplate, vec![draft], sources, &path)
}

/// Finds the module that calls the one in a folder, some folders up or among the examples there.
fn caller(folder: &Path, sources: &Sources<'_>) -> Option<PathBuf> {
    let mut above = folder.to_owned();
    for _ in 0..3 {
        above = match above.file_name() {
            Some(_) => above.parent()?.to_owned(),
            None => return None,
        };
        let examples = ["examples", "example", "environments", "envs", "live", "test"].map(|name| above.join(name));
        let below = examples.iter().flat_map(|folder| sources.list(folder));
        let candidates = std::iter::once(above.clone()).chain(examples.clone()).chain(below);
        for candidate in candidates.filter(|candidate| candidate != folder) {
            if calls(&candidate, folder, sources) {
                // That module may be called in its turn.
                return Some(caller(&candidate, sources).unwrap_or(candidate));
            }
        }
    }
    None
}

fn calls(folder: &Path, callee: &Path, sources: &Sources<'_>) -> bool {
    sources.of_folder(folder).iter().any(|file| {
        let Ok(loaded) = sources.load(file) else { return false };
        if !loaded.text.contains("module") {
            return false;
        }
        let Ok(body) = loaded.text.parse::<Body>() else { return false };
        body.get_blocks("module").any(|block| {
            let source = block.body.get_attribute("source").and_then(|source| source.value.as_str().map(str::to_owned));
            source.is_some_and(|source| source.starts_with('.') && normal(&folder.join(source)) == callee)
        })
    })
}

/// Reads the machines of a module, of one of its files if that is asked, and of the modules it calls.
fn machines(instance: &Instance, file: Option<&Path>, sources: &Sources<'_>, depth: usize) -> Vec<(PathBuf, Draft)> {
    let mut found = Vec::new();
    for block in instance.module.blocks.iter().filter(|block| file.is_none_or(|file| block.file == file)) {
        let labels: Vec<&str> = block.it.labels.iter().map(|label| label.as_str()).collect();
        match (block.it.ident.as_str(), labels.as_slice()) {
            ("resource", [kind, name]) => {
                if let Some((_, attribute)) = MACHINES.iter().find(|(known, _)| known == kind) {
                    let drafts = resources(instance, block, (kind, name, attribute), sources);
                    found.extend(drafts.into_iter().map(|draft| (block.file.clone(), draft)));
                }
            }
            ("module", [name]) => found.extend(called(instance, block, name, sources, depth)),
            _ => {}
        }
    }
    found
}

/// Reads the machines of a module that a block calls.
fn called(
    instance: &Instance,
    block: &Of<Block>,
    name: &str,
    sources: &Sources<'_>,
    depth: usize,
) -> Vec<(PathBuf, Draft)> {
    if depth >= DEEPEST {
        return Vec::new();
    }
    let choices = Choices::default();
    let evaluator = Evaluator::new(sources, &choices);
    let mut found = Vec::new();
    let (all, absent) = instances(&evaluator, instance, block);
    let absent = absent.map(|why| absence(&format!("{}module.{name}", instance.address), &why, place(block)));
    for (key, bindings) in all {
        let here = Here::of(instance, block.start, &[]);
        match evaluator.child(block, bindings.iter().cloned().collect(), here) {
            Some(child) if instance.is_below(&child.module.folder) => {
                let address = format!("{}module.{name}", instance.address);
                let message = format!("The module {address} calls a module that it is part of.");
                let root = Err(finding("MODULE_CYCLE", message, place(block)));
                let (aliases, notes) = (Vec::new(), Vec::new());
                let draft = Draft { name: address, aliases, kind: None, root, notes, absent: None };
                found.push((block.file.clone(), draft));
                break;
            }
            Some(mut child) => {
                for file in sources.of_folder(&child.module.folder) {
                    sources.use_file(&file);
                }
                child.address = format!("{}module.{name}{key}.", instance.address);
                found.extend(machines(&child, None, sources, depth + 1));
            }
            // The module is not here; when it is given a definition, it makes a state machine of it.
            None if block.it.body.has_attribute("definition") => {
                let draft = machine(instance, block, &key, &bindings, ("module", name, "definition"), sources);
                let is_one = draft.root.as_ref().is_ok_and(|root| root.get("States").is_some())
                    || draft.root.as_ref().is_err_and(|problem| problem.code != "DEFINITION_ELSEWHERE");
                found.extend(is_one.then(|| (block.file.clone(), draft)));
            }
            None => {}
        }
    }
    if let Some(absent) = absent {
        found.iter_mut().for_each(|(_, draft)| draft.absent = Some(absent.clone()));
    }
    found
}

fn resources(instance: &Instance, block: &Of<Block>, labels: (&str, &str, &str), sources: &Sources<'_>) -> Vec<Draft> {
    let choices = Choices::default();
    let evaluator = Evaluator::new(sources, &choices);
    let (all, absent) = instances(&evaluator, instance, block);
    let machine = |(key, bindings): &(String, Bindings)| {
        let mut draft = machine(instance, block, key, bindings, labels, sources);
        draft.absent = absent.as_ref().map(|why| absence(&draft.name, why, place(block)));
        draft
    };
    all.iter().map(machine).collect()
}

type Bindings = Vec<(String, Value)>;

/// The keys of a block's instances, as they stand in addresses, with what `each` and `count` are in them; and why there
/// are none, when one stands for them.
type Instances = (Vec<(String, Bindings)>, Option<String>);

/// The place of a block's first word.
fn place(block: &Of<Block>) -> Span {
    let range = hcl_edit::Span::span(&block.it.ident).unwrap_or_default();
    Span { start: block.start + super::text::offset(range.start), end: block.start + super::text::offset(range.end) }
}

/// Returns the instances of a block. One that is switched off is looked at all the same, as one.
fn instances(evaluator: &Evaluator<'_>, instance: &Instance, block: &Of<Block>) -> Instances {
    let here = Here::of(instance, block.start, &[]);
    let span = Span { start: block.start, end: block.start };
    let each = |key: Value, value: Value| {
        let entry = |name: &str, value: Value| value::Entry { key: name.into(), key_span: span, value };
        vec![("each".to_owned(), Value::new(span, What::Object(vec![entry("key", key), entry("value", value)])))]
    };
    if let Some(all) = block.it.body.get_attribute("for_each") {
        let all = evaluator.value(&all.value, here);
        let found = pairs(&all).unwrap_or_default();
        if found.is_empty() {
            let absent = pairs(&all).map(|_| "its for_each is empty".to_owned());
            let (key, value) = (Value::unknown(span, "each.key"), Value::unknown(span, "each.value"));
            return (vec![(String::new(), each(key, value))], absent);
        }
        let is_set = all.items().is_some();
        let instance = |(key, value): (Value, Value)| {
            let key = if is_set { value.clone() } else { key };
            let name = key.to_text().map(|text| format!("[\"{}\"]", text.text())).unwrap_or_default();
            (name, each(key, value))
        };
        return (found.into_iter().take(MOST).map(instance).collect(), None);
    }
    if let Some(count) = block.it.body.get_attribute("count") {
        let count = evaluator.value(&count.value, here).as_number().unwrap_or(1.0);
        let absent = (count < 1.0).then(|| "its count is 0".to_owned());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between one and fifty")]
        let count = count.clamp(1.0, MOST as f64) as usize;
        let instance = |index: usize| {
            let number = Value::new(span, What::Number(index.into()));
            let entry = value::Entry { key: "index".into(), key_span: span, value: number };
            let name = if count > 1 { format!("[{index}]") } else { String::new() };
            (name, vec![("count".to_owned(), Value::new(span, What::Object(vec![entry])))])
        };
        return ((0..count).map(instance).collect(), absent);
    }
    (vec![(String::new(), Bindings::new())], None)
}

/// Reads one machine.
fn machine(
    instance: &Instance,
    block: &Of<Block>,
    key: &str,
    bindings: &Bindings,
    (kind, label, attribute): (&str, &str, &str),
    sources: &Sources<'_>,
) -> Draft {
    let address = format!("{}{kind}.{label}{key}", instance.address);
    let name = format!("{}{label}{key}", instance.address);
    choices::best(|choices| {
        let evaluator = Evaluator::new(sources, choices);
        let here = Here::of(instance, block.start, bindings);
        let attribute_of = |name: &str| {
            let attribute = block.it.body.get_attribute(name)?;
            Some((evaluator.value(&attribute.value, here), here.span(&attribute.value)))
        };
        let text = |name: &str| attribute_of(name).and_then(|(value, _)| value.known_text());
        sources.take_problems();
        let root = match attribute_of(attribute) {
            Some((value, span)) => told(&value, span, &address, sources),
            None => {
                let span = here.span(&block.it.ident);
                Err(finding("MISSING_DESCRIPTION", format!("The state machine {address} has no definition."), span))
            }
        };
        let notes = sources.take_problems();
        let kind = text("type").or_else(|| text("state_machine_type")).and_then(|word| kind_of(&word));
        let mut aliases = vec![address.clone(), label.to_owned()];
        aliases.extend(text("name").or_else(|| text("state_machine_name")));
        aliases.retain(|alias| *alias != name);
        Draft { name: name.clone(), aliases, kind: kind.or(None::<MachineKind>), root, notes, absent: None }
    })
}

fn told(value: &Value, span: Span, address: &str, sources: &Sources<'_>) -> Result<crate::asl::Node, Diagnostic> {
    match functions::definition_of(value) {
        Some(Ok(node)) if !matches!(node.data, Data::Placeholder(_)) => Ok(node),
        Some(Err(problem)) => Err(problem),
        _ => {
            // Most likely a file that is not there is why.
            let problems = sources.take_problems();
            Err(problems.into_iter().next().unwrap_or_else(|| {
                let shown = sources.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
                let shown: String = shown.chars().take(80).collect();
                let message = format!("The definition of {address} is {shown}, which these files do not tell.");
                warning("DEFINITION_ELSEWHERE", message, span)
            }))
        }
    }
}

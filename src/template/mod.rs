//! Definitions where they live: inside CloudFormation, SAM, CDK, Serverless Framework and Terraform files.
//!
//! A template becomes [`Machine`]s whose definitions keep their places in the template, so that what is wrong with them
//! is told there. What only a deployment knows stays a placeholder, written `${Name}`, which is accepted wherever a
//! value may stand. This module must not know the file system: what it needs of it is asked of [`Files`].

mod choices;
mod cloudformation;
mod definition;
mod described;
mod duplicates;
mod dynamic;
mod foreign;
mod serverless;
mod terraform;
mod text;
mod unknown;

pub use unknown::Unknown;

use crate::asl::{Data, Definition, Diagnostic, Format, MachineKind, Node, Origin, Severity, Source, Span};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use text::Texts;

/// The files beside a template.
pub trait Files {
    /// Returns the text of a file, or why it cannot be read.
    fn read(&self, path: &Path) -> Result<String, String>;

    /// Returns the files and folders in a folder, in the order of their names; none when it is not one.
    fn list(&self, folder: &Path) -> Vec<PathBuf>;
}

/// The size of the largest file that is taken for a template, in bytes: plans of Terraform reach some megabytes.
pub const LARGEST: u64 = 32 << 20;

/// How the names of files end that may hold definitions.
pub const EXTENSIONS: &[&str] =
    &[".json", ".yaml", ".yml", ".asl", ".template", ".tf", ".tftpl", ".tpl", ".tmpl", ".tfstate"];

/// Words one of which every template holds.
const MARKS: [&str; 5] =
    ["Resources", "stateMachineArn", "stepFunctions", "terraform_version", "aws_sfn_state_machine"];

/// Tells quickly whether a text may be a template.
pub fn may_be(path: &Path, text: &str) -> bool {
    terraform::is_meant(path, text) || MARKS.iter().any(|mark| text.contains(mark))
}

/// Returns what a document is that is no template, if it is something well known.
pub fn noun(text: &str) -> Option<&'static str> {
    let format = if text.trim_start().starts_with('{') { Format::Json } else { Format::Yaml };
    Node::read(text, format).ok().as_ref().and_then(foreign::noun)
}

/// What a template is written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// AWS CloudFormation, also as CDK synthesizes it.
    CloudFormation,
    /// The AWS Serverless Application Model.
    Sam,
    /// The Serverless Framework with its plugin for Step Functions.
    Serverless,
    /// A file of a Terraform module.
    Terraform,
    /// A template that Terraform fills.
    TerraformTemplate,
    /// What Terraform shows of a plan or a state.
    TerraformShow,
    /// The answer of DescribeStateMachine or DescribeStateMachineForExecution.
    Described,
}

/// What is known beside the template.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Values of parameters, by name; they go before the defaults of the template.
    pub parameters: BTreeMap<String, String>,
}

/// A state machine of a template.
#[derive(Debug, Clone)]
pub struct Machine {
    /// What the template calls it: the logical id, the key, the address.
    pub name: String,
    /// What else it is called, such as the name it will have in AWS.
    pub aliases: Vec<String>,
    /// The type, when the template says it.
    pub kind: Option<MachineKind>,
    /// The definition, or why there is none.
    pub definition: Definition,
    /// What its definition asks of a deployment.
    pub unknown: Vec<Unknown>,
    /// Why a deployment makes no such machine, when the template switches it off.
    pub absent: Option<Diagnostic>,
}

/// A template that was read.
#[derive(Debug, Clone)]
pub struct Template {
    /// What it is written for.
    pub kind: Kind,
    /// Its state machines, in the order of the file.
    pub machines: Vec<Machine>,
    /// The files it was read from, the template itself first.
    pub files: Vec<String>,
}

/// What came of reading a file.
#[derive(Debug, Clone)]
pub enum Reading {
    /// A template.
    Template(Template),
    /// A template, by what stands in it, that cannot be read: its text, and what hindered it.
    Broken(Box<Definition>),
    /// Something else: what it is, as a noun with its article, if that can be told.
    Other(Option<&'static str>),
}

impl Kind {
    /// Returns what to call such a file, with the article.
    pub fn noun(self) -> &'static str {
        match self {
            Self::CloudFormation => "a CloudFormation template",
            Self::Sam => "a SAM template",
            Self::Serverless => "a Serverless Framework file",
            Self::Terraform => "a Terraform file",
            Self::TerraformTemplate => "a template of Terraform's",
            Self::TerraformShow => "a plan or state of Terraform's",
            Self::Described => "the description of a state machine",
        }
    }
}

impl Machine {
    /// Tells whether it goes by a name.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.iter().any(|alias| alias == name)
    }

    /// Returns the definition as JSON, its placeholders as they are written; `None` when it cannot be read.
    pub fn text(&self) -> Option<String> {
        self.definition.tree().map(definition::written)
    }
}

/// A machine before all texts are known.
struct Draft {
    name: String,
    aliases: Vec<String>,
    kind: Option<MachineKind>,
    root: Result<Node, Diagnostic>,
    notes: Vec<Diagnostic>,
    absent: Option<Diagnostic>,
}

impl Draft {
    fn finish(self, source: &Arc<Source>) -> Machine {
        let unknown = self.root.as_ref().map(unknown::of).unwrap_or_default();
        let definition = Definition::of_tree(Arc::clone(source), self.root, self.notes);
        let Self { name, aliases, kind, absent, .. } = self;
        Machine { name, aliases, kind, definition, unknown, absent }
    }

    /// Counts what AWS would refuse.
    fn errors(&self) -> usize {
        let Ok(root) = &self.root else { return usize::MAX };
        let definition = Definition::of_tree(Arc::new(Source::new("")), Ok(root.clone()), Vec::new());
        let (_, findings) = definition.parse(self.kind.unwrap_or_default());
        findings.iter().filter(|finding| finding.severity == Severity::Error).count()
    }
}

/// Reads a file by what stands in it. Its path is used to name it and to find what stands beside it.
pub fn read(path: &Path, text: &str, files: &dyn Files, options: &Options) -> Reading {
    let name = path.display().to_string();
    let reader = Reader { path, files, options };
    if terraform::is_meant(path, text) {
        return terraform::read(text, &reader);
    }
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let format = if start.starts_with('{') { Format::Json } else { Format::Yaml };
    let root = match Node::read(text, format) {
        Ok(root) => root,
        Err(_) if !foreign::mentions_template(text) => return Reading::Other(None),
        Err(error) => {
            let (code, language) = match format {
                Format::Json => ("INVALID_JSON", "JSON"),
                Format::Yaml => ("INVALID_YAML", "YAML"),
            };
            let message = format!("The template is not valid {language}: {}.", error.message.trim_end_matches('.'));
            return broken(&name, text, finding(code, message, error.span));
        }
    };
    let mut texts = Texts::default();
    texts.add(&*name, text);
    let is_stack = cloudformation::is_template(&root);
    let root = match format {
        Format::Yaml if is_stack => Node::read_cloudformation(text).unwrap_or(root),
        _ => root,
    };
    let (kind, drafts) = if is_stack {
        cloudformation::read(&root, &reader, &mut texts)
    } else if serverless::is_service(&root) {
        (Kind::Serverless, serverless::read(&root, &reader, &mut texts))
    } else if let Some(drafts) = terraform::show::read(&root, &texts) {
        (Kind::TerraformShow, drafts)
    } else if let Some(drafts) = terraform::show::written(&root, &texts) {
        (Kind::Terraform, drafts)
    } else if let Some(drafts) = described::read(&root, &texts) {
        (Kind::Described, drafts)
    } else {
        return Reading::Other(foreign::noun(&root));
    };
    let mut drafts = drafts;
    if let Some(first) = drafts.first_mut() {
        first.notes.extend(duplicates::of(&root));
        if let Some(start) = Node::second_document(text).filter(|_| format == Format::Yaml) {
            let message = "Another YAML document begins here, of which nothing is read.";
            first.notes.push(warning("SECOND_DOCUMENT", message, Span { start, end: start + 3 }));
        }
    }
    Reading::Template(finished(kind, drafts, &texts))
}

/// What reading a template needs beside its text.
struct Reader<'a> {
    path: &'a Path,
    files: &'a dyn Files,
    options: &'a Options,
}

fn finished(kind: Kind, drafts: Vec<Draft>, texts: &Texts) -> Template {
    let source = Arc::new(Source::of_files(texts.files()));
    let files = texts.files().map(|(name, _)| name.to_owned()).collect();
    Template { kind, machines: drafts.into_iter().map(|draft| draft.finish(&source)).collect(), files }
}

fn broken(name: &str, text: &str, finding: Diagnostic) -> Reading {
    let source = Arc::new(Source::of_files([(name, text)]));
    Reading::Broken(Box::new(Definition::of_tree(source, Err(finding), Vec::new())))
}

fn finding(code: &'static str, message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        origin: Origin::Stepback,
        code,
        message: message.into(),
        location: None,
        span: Some(span),
        hint: None,
    }
}

/// Says that a template switches a machine off: why, without a full stop.
fn absence(name: &str, why: &str, span: Span) -> Diagnostic {
    let message = format!("The template makes no state machine {name}: {why}.");
    let hint = Some("It is checked all the same. --parameter NAME=VALUE switches it on.".to_owned());
    Diagnostic { hint, ..warning("NOT_DEPLOYED", message, span) }
}

fn warning(code: &'static str, message: impl Into<String>, span: Span) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..finding(code, message, span) }
}

/// Returns a value as a text, as templates put it into one.
fn as_text(node: &Node) -> Option<String> {
    match &node.data {
        Data::Text(text) => Some(text.to_string()),
        Data::Number(number) => Some(number.to_string()),
        Data::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;

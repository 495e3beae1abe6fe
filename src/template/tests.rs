//! Templates in the shapes they have in public, cut down to what matters.

mod cloudformation;
mod open;
mod serverless;
mod shapes;
mod terraform;

use super::*;
use crate::asl::Severity;
use std::collections::HashMap;

/// Files that exist only here.
#[derive(Default)]
pub(super) struct Folder(HashMap<PathBuf, String>);

impl Folder {
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(name, text)| (PathBuf::from(name), (*text).to_owned())).collect())
    }
}

impl Files for Folder {
    fn read(&self, path: &Path) -> Result<String, String> {
        self.0.get(path).cloned().ok_or_else(|| "there is no such file".to_owned())
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = self.0.keys().filter(|path| path.parent() == Some(folder)).cloned().collect();
        found.sort();
        found
    }
}

/// Reads the first file of a folder as a template.
pub(super) fn template(files: &[(&str, &str)]) -> Template {
    template_with(files, &[])
}

pub(super) fn template_with(files: &[(&str, &str)], parameters: &[(&str, &str)]) -> Template {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let (name, text) = files[0];
    assert!(may_be(Path::new(name), text), "{name}");
    match read(Path::new(name), text, &Folder::of(files), &Options { parameters }) {
        Reading::Template(template) => template,
        other => panic!("{name} is no template: {other:?}"),
    }
}

/// What is said about a machine, each as `SEVERITY file:line:column message`.
pub(super) fn findings(machine: &Machine) -> Vec<String> {
    let (_, findings) = machine.definition.check(machine.kind.unwrap_or_default());
    let source = machine.definition.source();
    let told = findings.iter().map(|finding| {
        let span = finding.span.unwrap_or_default();
        let place = source.position(span.start);
        let file = source.file(span.start).unwrap_or("?");
        let message = finding.message.lines().next().unwrap_or_default();
        format!("{} {file}:{}:{} {message}", finding.severity.name(), place.line, place.column)
    });
    told.collect()
}

pub(super) fn errors(machine: &Machine) -> Vec<String> {
    findings(machine).into_iter().filter(|told| told.starts_with(Severity::Error.name())).collect()
}

/// Makes sure that a template's machines have no errors, and returns their names.
#[track_caller]
pub(super) fn sound(template: &Template) -> Vec<&str> {
    for machine in &template.machines {
        assert_eq!(errors(machine), [""; 0], "{}", machine.name);
        let text = machine.text().unwrap();
        let (again, findings) = Definition::read(text.as_str(), Format::Json).parse(machine.kind.unwrap_or_default());
        assert!(again.is_some(), "{}: {findings:?} in {text}", machine.name);
        assert!(!text.contains("${}"), "{text}");
    }
    template.machines.iter().map(|machine| &*machine.name).collect()
}

pub(super) fn unknown(machine: &Machine) -> Vec<(&str, usize)> {
    machine.unknown.iter().map(|unknown| (&*unknown.name, unknown.count)).collect()
}

#[test]
fn what_is_no_template_is_told_what_it_is() {
    for (text, noun) in [
        ("apiVersion: v1\nkind: Pod\n", Some("a Kubernetes manifest")),
        ("on: push\njobs: {}\n", Some("a GitHub workflow")),
        ("{\"Version\": \"2012-10-17\", \"Statement\": []}", Some("an IAM policy")),
        ("AWSTemplateFormatVersion: '2010-09-09'\n", Some("a CloudFormation template without state machines")),
        ("StartAt: A\n", None),
        ("[1, 2]", None),
    ] {
        let reading = read(Path::new("x"), text, &Folder::default(), &Options::default());
        assert!(matches!(reading, Reading::Other(told) if told == noun), "{text}: {reading:?}");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    for (text, expected) in [
        ("Resources:\n  A:\n    Type: AWS::X\n   B: [\n", "INVALID_YAML 4:4"),
        ("{\"Resources\": {\"A\": {\"Type\": \"AWS::X\",}}}", "INVALID_JSON 1:39"),
    ] {
        let reading = read(Path::new("t"), text, &Folder::default(), &Options::default());
        let Reading::Broken(definition) = reading else { panic!("{reading:?}") };
        let (_, findings) = definition.parse(Default::default());
        let place = definition.source().position(findings[0].span.unwrap().start);
        assert_eq!(format!("{} {}:{}", findings[0].code, place.line, place.column), expected);
    }
}

#[test]
fn a_description_is_checked_where_it_stands() {
    let text = r#"{"stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:Inv", "name": "Inv", "type": "EXPRESS",
 "definition": "{\n  \"StartAt\": \"A\",\n  \"States\": {\"A\": {\"Type\": \"Pass\", \"Next\": \"Dnoe\"}}\n}"}"#;
    let template = template(&[("d.json", text)]);
    assert_eq!(template.machines[0].name, "Inv");
    assert_eq!(template.machines[0].kind, Some(MachineKind::Express));
    let column = text.lines().nth(1).unwrap().find("\\\"Dnoe").unwrap() + 1;
    assert_eq!(errors(&template.machines[0])[0], format!("ERROR d.json:2:{column} Missing 'Next' target: Dnoe"));
}

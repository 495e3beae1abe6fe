//! What is written down as JSON schemas holds for what the program reads and writes, by the words of a validator that is
//! not ours: the Python package `jsonschema`, which comes with the emulators.

use super::install;
use super::server::required;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Validates documents, one of them TOML, against a schema in which nothing that is not described may stand.
const VALIDATOR: &str = r#"
import json, sys, tomllib
import jsonschema

def closed(schema):
    """Allows no member that is not described, where some are described and the rest is not AWS's own details."""
    if isinstance(schema, dict):
        schema = {name: closed(part) for name, part in schema.items()}
        if "properties" in schema and "properties" not in schema["properties"]:
            schema.setdefault("additionalProperties", False)
    return [closed(part) for part in schema] if isinstance(schema, list) else schema

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(closed(schema))
for name in sys.argv[2:]:
    document = tomllib.load(open(name, "rb")) if name.endswith(".toml") else json.load(open(name))
    for error in validator.iter_errors(document):
        print(f"{name}: {error.json_path}: {error.message[:200]}")
"#;

/// Returns what the validator objects to; `None` where it is not there.
fn objections<P: AsRef<Path>>(schema: &str, documents: &[P]) -> Option<String> {
    let python = required(install::python())?;
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/reference").join(schema);
    let mut command = Command::new(python);
    command.args(["-c", VALIDATOR]).arg(schema).args(documents.iter().map(AsRef::as_ref));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn shipped_recordings_are_as_the_schema_says() {
    let folder = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings")).unwrap();
    let paths = folder.map(|entry| entry.unwrap().path());
    let recordings: Vec<_> = paths.filter(|path| path.to_string_lossy().ends_with(".sfn.json")).collect();
    assert!(recordings.len() >= 10);
    let Some(objections) = objections("recording.schema.json", &recordings) else { return };
    assert!(objections.is_empty(), "{objections}");
}

#[test]
fn what_is_no_recording_and_no_configuration_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        [path]
    };
    for (schema, document, objection) in [
        ("recording.schema.json", file("a.json", r#"{"format": "stepback/1"}"#), "'events' is a required property"),
        ("recording.schema.json", file("b.json", r#"{"format": "stepback/1", "events": [{}]}"#), "'id' is a required"),
        ("config.schema.json", file("c.toml", "theme = 'blue'"), "'blue' is not one of"),
        ("config.schema.json", file("d.toml", "[keys]\nfly = 'f'"), "'fly' was unexpected"),
        ("config.schema.json", file("e.toml", "[colors]\nfailed = 256"), "256 is not valid"),
    ] {
        let Some(objections) = objections(schema, &document) else { return };
        assert!(objections.contains(objection), "{objections}");
    }
}

#[test]
fn the_configuration_of_the_book_is_as_the_schema_says() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/src/reference/configuration.md");
    let page = fs::read_to_string(page).unwrap();
    let example = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config.toml");
    fs::write(&path, example).unwrap();
    let Some(objections) = objections("config.schema.json", &[path]) else { return };
    assert!(objections.is_empty(), "{objections}");
}

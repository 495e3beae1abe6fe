//! Test cases of AWS's MockConfigFile.json as cases.
//!
//! Such a file names machines and answers, and expects nothing: what it asks is that every task is answered and the
//! execution comes to an end.

use super::file::{Case, CaseError, Identity, Places, Written};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    #[serde(default)]
    state_machines: BTreeMap<String, Machine>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Machine {
    #[serde(default)]
    test_cases: BTreeMap<String, IgnoredAny>,
}

/// Tells whether a text is a mock configuration.
pub fn is_mock_config(text: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
    has("\"StateMachines\"") && has("\"TestCases\"") && has("\"MockedResponses\"")
}

/// Returns the test cases of a mock configuration with this name.
pub fn mock_cases(file: &str, text: &str) -> Result<Vec<Case>, CaseError> {
    let read: File = serde_json::from_str(text).map_err(|error| {
        let told = error.to_string();
        let reason = told.rsplit_once(" at line ").map_or(told.as_str(), |(reason, _)| reason).to_owned();
        CaseError { line: u32::try_from(error.line().max(1)).unwrap_or(u32::MAX), reason }
    })?;
    let mut cases = Vec::new();
    for (machine, Machine { test_cases }) in read.state_machines {
        cases.extend(test_cases.into_keys().map(|name| Case {
            places: Places { line: line_of(text, &name), ..Places::default() },
            answers: Some(Written::File(file.to_owned())),
            test_case: Some(name.clone()),
            machine: Some(machine.clone()),
            name: format!("{machine}/{name}"),
            about: None,
            definition: None,
            kind: None,
            parameters: BTreeMap::new(),
            input: None,
            machines: BTreeMap::new(),
            s3: None,
            execution: Identity::default(),
            seed: 1,
            expect: Default::default(),
        }));
    }
    Ok(cases)
}

/// The line on which a name first stands as the name of a member.
fn line_of(text: &str, name: &str) -> u32 {
    let quoted = serde_json::Value::from(name).to_string();
    let is_member = |at: &usize| text.get(at + quoted.len()..).is_some_and(|rest| rest.trim_start().starts_with(':'));
    let found = text.match_indices(&quoted).map(|(at, _)| at).find(is_member);
    let before = found.and_then(|at| text.get(..at)).unwrap_or_default();
    u32::try_from(before.matches('\n').count() + 1).unwrap_or(u32::MAX)
}

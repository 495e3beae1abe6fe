//! AWS's MockConfigFile.json: responses by test case, state and number of invocation.

use super::answer::{Answer, Answers, Ending, Reply};
use super::file::AnswersError;
use crate::event::Failure;
use crate::interpreter::TaskRequest;
use crate::json::Payload;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};

/// The file as it stands.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MockFile {
    #[serde(default)]
    state_machines: BTreeMap<String, MockedMachine>,
    #[serde(default)]
    mocked_responses: HashMap<String, BTreeMap<String, Response>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MockedMachine {
    #[serde(default)]
    test_cases: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    r#return: Option<Box<RawValue>>,
    throw: Option<Thrown>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Thrown {
    error: String,
    #[serde(default)]
    cause: String,
}

/// One test case of a mock configuration.
#[derive(Debug, Clone, Default)]
pub struct MockConfig {
    /// By state: the first and last invocation a response is for.
    states: HashMap<String, Vec<(u32, u32, Ending)>>,
    invoked: HashMap<String, u32>,
}

impl MockConfig {
    /// Picks a test case: of the machine of that name, or of the only machine there is.
    pub(super) fn of(file: &MockFile, machine: &str, test_case: Option<&str>) -> Result<Self, AnswersError> {
        let only = (file.state_machines.len() == 1).then(|| file.state_machines.values().next()).flatten();
        let mocked = file.state_machines.get(machine).or(only);
        let all: Vec<&str> =
            file.state_machines.values().flat_map(|it| it.test_cases.keys()).map(String::as_str).collect();
        let unknown = || AnswersError::NoTestCase(all.iter().map(|&case| case.to_owned()).collect());
        let found = test_case.and_then(|case| {
            let elsewhere = || file.state_machines.values().find_map(|machine| machine.test_cases.get(case));
            mocked.and_then(|machine| machine.test_cases.get(case)).or_else(elsewhere)
        });
        let mut states = HashMap::new();
        for (state, response) in found.ok_or_else(unknown)? {
            let missing = || AnswersError::Shape(format!("there is no mocked response '{response}'"));
            let invocations = file.mocked_responses.get(response).ok_or_else(missing)?;
            let entries = invocations.iter().map(|(key, response)| entry(key, response));
            states.insert(state.clone(), entries.collect::<Result<Vec<_>, _>>()?);
        }
        Ok(Self { states, invoked: HashMap::new() })
    }
}

/// Reads `"0"` or `"1-3"` and what happens then.
fn entry(key: &str, response: &Response) -> Result<(u32, u32, Ending), AnswersError> {
    let (first, last) = key.split_once('-').unwrap_or((key, key));
    let number = |text: &str| {
        let bad = |_| AnswersError::Shape(format!("'{key}' is neither a number of an invocation nor a range"));
        text.trim().parse::<u32>().map_err(bad)
    };
    let ending = match (&response.r#return, &response.throw) {
        (Some(result), None) => Ending::Succeeded(Payload::from_text(result.get())),
        (None, Some(thrown)) => {
            let (error, cause) = (thrown.error.as_str().into(), thrown.cause.as_str().into());
            Ending::Failed(Failure { error: Some(error), cause: Some(cause) }, None)
        }
        _ => return Err(AnswersError::Shape(format!("a response for '{key}' must have either Return or Throw"))),
    };
    Ok((number(first)?, number(last)?, ending))
}

impl Answers for MockConfig {
    /// Invocations of a state are counted through retries and iterations.
    fn reply(&mut self, request: &TaskRequest) -> Reply {
        let Some(entries) = self.states.get(&*request.state) else { return Reply::Nobody };
        let invoked = self.invoked.entry(request.state.to_string()).or_default();
        let number = *invoked;
        *invoked += 1;
        match entries.iter().find(|(first, last, _)| (*first..=*last).contains(&number)) {
            Some((_, _, ending)) => Reply::Given(Answer::of(ending.clone())),
            None => Reply::Nobody,
        }
    }
}

//! What TestState is asked.

use super::refusal::{Constraint, Refusal};
use crate::interpreter::options::MAX_PAYLOAD;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::fmt;

/// AWS's limit on definitions, in characters.
const LONGEST_DEFINITION: usize = 1 << 20;

/// What TestState is asked: a state, what flows into it, and what its work is to come to.
///
/// Texts that hold JSON are kept as they came, because AWS passes them through.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Request {
    /// The definition of a state, or of a whole machine when a state is named.
    #[serde(deserialize_with = "text")]
    pub definition: Option<String>,
    /// The role the state would act in.
    pub role_arn: Option<String>,
    /// The input; absent: an empty object.
    #[serde(deserialize_with = "text")]
    pub input: Option<String>,
    /// How much to tell.
    pub inspection_level: Option<String>,
    /// Whether secrets of HTTP requests are shown.
    pub reveal_secrets: bool,
    /// The variables there are when the state is entered.
    #[serde(deserialize_with = "text")]
    pub variables: Option<String>,
    /// The state of the machine to try out.
    pub state_name: Option<String>,
    /// What the state's work comes to.
    pub mock: Option<Mock>,
    /// The context object.
    #[serde(deserialize_with = "text")]
    pub context: Option<String>,
    /// What happened to the state before.
    pub state_configuration: Option<Configuration>,
}

/// What the work of a state comes to: one of a result and an error.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Mock {
    /// The result.
    #[serde(deserialize_with = "text")]
    pub result: Option<String>,
    /// The error.
    pub error_output: Option<MockError>,
    /// How the result is compared with the API it stands for.
    pub field_validation_mode: Option<String>,
}

/// The error a state's work ends with.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct MockError {
    /// Its name.
    pub error: Option<String>,
    /// Its cause.
    #[serde(deserialize_with = "text")]
    pub cause: Option<String>,
}

/// What happened to the state before, and what its reader has read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Configuration {
    /// How often the retrier that the error meets has retried already.
    pub retrier_retry_count: Option<i64>,
    /// The state inside a Map or Parallel that the error comes from.
    pub error_caused_by_state: Option<String>,
    /// How many iterations of the Map have failed.
    pub map_iteration_failure_count: Option<i64>,
    /// What the reader of the Map has read, as it stands in its source.
    #[serde(deserialize_with = "text")]
    pub map_item_reader_data: Option<String>,
}

/// How much a response tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum InspectionLevel {
    /// What comes out.
    #[default]
    Info,
    /// Also every stage on the way.
    Debug,
    /// Also the request and the response of an HTTP call.
    Trace,
}

/// How a mocked result is compared with the API it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldValidation {
    /// Its fields have the right type, and none that is required is missing.
    #[default]
    Strict,
    /// Its fields have the right type.
    Present,
    /// Not at all.
    None,
}

/// A text that is no request.
#[derive(Debug)]
pub struct ReadError(serde_json::Error);

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ReadError {}

impl Request {
    /// Reads a request as JSON, with the members of the API; those that hold JSON may be JSON instead of text.
    pub fn read(text: &str) -> Result<Self, ReadError> {
        serde_json::from_str(text).map_err(ReadError)
    }

    /// Returns how much to tell.
    pub fn level(&self) -> Result<InspectionLevel, Refusal> {
        const LEVELS: [(&str, InspectionLevel); 3] =
            [("INFO", InspectionLevel::Info), ("DEBUG", InspectionLevel::Debug), ("TRACE", InspectionLevel::Trace)];
        choose(self.inspection_level.as_deref(), "inspectionLevel", &LEVELS)
    }

    /// Checks what the API's model asks of every request.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        self.level()?;
        if self.definition.is_none() {
            return Err(Refusal::Constraint { member: "definition", constraint: Constraint::Present });
        }
        if let Some(name) = &self.state_name {
            check_name(name)?;
        }
        if let Some(mock) = &self.mock {
            mock.validation()?;
        }
        self.check_lengths()?;
        let Some(configuration) = &self.state_configuration else { return Ok(()) };
        let not_negative = |number: Option<i64>, member| match number {
            Some(value @ ..0) => Err(Refusal::Constraint { member, constraint: Constraint::NotNegative { value } }),
            _ => Ok(()),
        };
        not_negative(configuration.retrier_retry_count, "stateConfiguration.retrierRetryCount")?;
        not_negative(configuration.map_iteration_failure_count, "stateConfiguration.mapIterationFailureCount")
    }

    fn check_lengths(&self) -> Result<(), Refusal> {
        let (mock, configuration) = (self.mock.as_ref(), self.state_configuration.as_ref());
        let members = [
            ("definition", self.definition.as_ref(), LONGEST_DEFINITION),
            ("input", self.input.as_ref(), MAX_PAYLOAD),
            ("variables", self.variables.as_ref(), MAX_PAYLOAD),
            ("context", self.context.as_ref(), MAX_PAYLOAD),
            ("mock.result", mock.and_then(|mock| mock.result.as_ref()), MAX_PAYLOAD),
            (
                "stateConfiguration.mapItemReaderData",
                configuration.and_then(|configuration| configuration.map_item_reader_data.as_ref()),
                MAX_PAYLOAD,
            ),
        ];
        for (member, text, most) in members {
            if text.is_some_and(|text| text.len() > most) {
                return Err(Refusal::Constraint { member, constraint: Constraint::AtMost(most) });
            }
        }
        Ok(())
    }
}

impl Mock {
    /// Returns how the result is compared with the API it stands for.
    pub fn validation(&self) -> Result<FieldValidation, Refusal> {
        const MODES: [(&str, FieldValidation); 3] = [
            ("STRICT", FieldValidation::Strict),
            ("PRESENT", FieldValidation::Present),
            ("NONE", FieldValidation::None),
        ];
        choose(self.field_validation_mode.as_deref(), "mock.fieldValidationMode", &MODES)
    }
}

fn choose<T: Copy + Default>(
    given: Option<&str>,
    member: &'static str,
    choices: &[(&'static str, T)],
) -> Result<T, Refusal> {
    let Some(given) = given else { return Ok(T::default()) };
    let found = choices.iter().find(|(name, _)| *name == given);
    found.map(|(_, choice)| *choice).ok_or_else(|| {
        let allowed = choices.iter().map(|(name, _)| *name).collect();
        Refusal::Constraint { member, constraint: Constraint::OneOf { value: given.to_owned(), allowed } }
    })
}

fn check_name(name: &str) -> Result<(), Refusal> {
    const LONGEST: usize = 80;
    let length = name.chars().count();
    if (1..=LONGEST).contains(&length) {
        return Ok(());
    }
    let constraint = Constraint::Length { value: name.to_owned(), least: 1, most: LONGEST };
    Err(Refusal::Constraint { member: "stateName", constraint })
}

/// A member that holds JSON as text; whoever writes a request by hand may write the JSON itself.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = Box::<RawValue>::deserialize(deserializer)?;
    if raw.get().starts_with('"') {
        return serde_json::from_str(raw.get()).map(Some).map_err(serde::de::Error::custom);
    }
    Ok(Some(raw.get().to_owned()))
}

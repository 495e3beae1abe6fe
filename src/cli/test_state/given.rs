//! A request given in parts: options that hold JSON, or name a file that does.

use crate::asl::{Definition, Format, MachineKind};
use crate::cli::template::{self, Choice};
use crate::cli::{Failure, file};
use crate::interpreter::test_state::{Configuration, Mock, MockError, Request};
use clap::builder::PossibleValuesParser;
use std::path::Path;

/// The parts of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub(super) struct Parts {
    /// The state of the machine to try out.
    #[arg(long, value_name = "NAME")]
    state: Option<String>,
    /// What flows into the state; {} by default.
    #[arg(long, value_name = "FILE|JSON")]
    input: Option<String>,
    /// How much to tell; DEBUG by default, which is every stage.
    #[arg(long, value_name = "LEVEL", ignore_case = true,
        value_parser = PossibleValuesParser::new(["INFO", "DEBUG", "TRACE"]))]
    inspection_level: Option<String>,
    /// What the state's work gives.
    #[arg(long, value_name = "FILE|JSON", conflicts_with = "mock_error")]
    mock_result: Option<String>,
    /// The error the state's work ends with.
    #[arg(long, value_name = "ERROR")]
    mock_error: Option<String>,
    /// The cause of that error.
    #[arg(long, value_name = "TEXT", requires = "mock_error")]
    mock_cause: Option<String>,
    /// The variables there are when the state is entered, as a JSON object.
    #[arg(long, value_name = "FILE|JSON")]
    variables: Option<String>,
    /// The context object, instead of one made up.
    #[arg(long, value_name = "FILE|JSON")]
    context: Option<String>,
    /// The role the state acts in.
    #[arg(long, value_name = "ARN")]
    role_arn: Option<String>,
    /// How often the retrier that the error meets has retried already.
    #[arg(long, value_name = "COUNT")]
    retrier_retry_count: Option<i64>,
    /// The state inside a Map or Parallel that the error comes from.
    #[arg(long, value_name = "NAME")]
    error_caused_by_state: Option<String>,
    /// How many iterations of the Map have failed.
    #[arg(long, value_name = "COUNT")]
    map_iteration_failure_count: Option<i64>,
    /// What the Map's reader has read.
    #[arg(long, value_name = "FILE|JSON")]
    map_item_reader_data: Option<String>,
}

impl Parts {
    /// Makes a request of the parts and the definition's file.
    pub(super) fn request(&self, definition: &str, template: &Choice) -> Result<Request, Failure> {
        let json = |given: &Option<String>| given.as_deref().map(json_or_file).transpose();
        let mock = match (&self.mock_result, &self.mock_error) {
            (None, None) => None,
            _ => Some(Mock {
                result: json(&self.mock_result)?,
                error_output: self
                    .mock_error
                    .as_ref()
                    .map(|error| MockError { error: Some(error.clone()), cause: self.mock_cause.clone() }),
                field_validation_mode: None,
            }),
        };
        Ok(Request {
            definition: Some(self.definition(definition, template)?),
            state_name: self.state.clone(),
            // AWS wants a role where there is no mock; here nobody assumes it.
            role_arn: Some(self.role_arn.clone().unwrap_or_else(|| "arn:aws:iam::123456789012:role/Local".to_owned())),
            input: json(&self.input)?,
            inspection_level: Some(self.inspection_level.as_deref().unwrap_or("DEBUG").to_ascii_uppercase()),
            reveal_secrets: false,
            variables: json(&self.variables)?,
            mock,
            context: json(&self.context)?,
            state_configuration: self.configuration()?,
        })
    }

    /// Reads the definition and makes sure that it is clear which state is meant.
    fn definition(&self, path: &str, template: &Choice) -> Result<String, Failure> {
        let text = match template.machine(Path::new(path), None)? {
            Some(machine) => template::text(path, &machine)?,
            None => file::text(path)?,
        };
        let definition = Definition::read(text.as_str(), Format::of_text(&text));
        let (Some(machine), _) = definition.parse(MachineKind::Standard) else { return Ok(text) };
        let names = || machine.states().map(|state| format!("'{}'", state.name)).collect::<Vec<_>>().join(", ");
        match &self.state {
            Some(name) if machine.find(name).is_some() => Ok(text),
            Some(name) => {
                Err(Failure::input(format!("'{path}' has no state '{name}'."))
                    .hint(format!("Its states are {}.", names())))
            }
            None => Err(Failure::input(format!("'{path}' is a whole machine."))
                .hint(format!("Name one of its states with --state: {}.", names()))),
        }
    }

    fn configuration(&self) -> Result<Option<Configuration>, Failure> {
        let configuration = Configuration {
            retrier_retry_count: self.retrier_retry_count,
            error_caused_by_state: self.error_caused_by_state.clone(),
            map_iteration_failure_count: self.map_iteration_failure_count,
            map_item_reader_data: self.map_item_reader_data.as_deref().map(json_or_file).transpose()?,
        };
        Ok((configuration != Configuration::default()).then_some(configuration))
    }
}

/// A value that is JSON itself, or the name of a file.
fn json_or_file(given: &str) -> Result<String, Failure> {
    if serde_json::from_str::<serde::de::IgnoredAny>(given).is_ok() {
        return Ok(given.to_owned());
    }
    // What starts like JSON is meant as JSON; what is wrong with it is said where it is read.
    if given.trim_start().starts_with(['{', '[', '"']) { Ok(given.to_owned()) } else { file::text(given) }
}

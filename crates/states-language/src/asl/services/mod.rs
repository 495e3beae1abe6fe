//! The services behind the integrations: which calls there are, what they take, what they give.
//!
//! The facts about members come from the services' API models, in a table made by `tools/services.py`; it says which
//! version of them. Of a service that is newer than the table nothing is known, and nothing is said.

mod mock;
mod offered;
mod parameters;
mod table;
#[cfg(test)]
mod tests;

pub use mock::{MismatchKind, MockMismatch};
pub use parameters::ParameterProblem;

pub(super) use offered::apis;

use super::resource::{Pattern, ServiceCall};
use serde_json::Value;
use table::Lookup;

/// What is known of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recognition {
    /// Step Functions offers it.
    Offered,
    /// Step Functions offers the service, and not this of it.
    Refused,
    /// Nothing is known of the service; it may be newer than the table.
    Unheard,
}

/// Tells whether Step Functions offers a call.
pub(super) fn recognize(call: &ServiceCall) -> Recognition {
    if call.is_sdk() {
        let waits = matches!(call.pattern, Pattern::Sync | Pattern::Sync2);
        if waits || !call.api.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Recognition::Refused;
        }
        return match table::lookup(&call.service, &call.api) {
            Lookup::Api(_) => Recognition::Offered,
            Lookup::NoAction => Recognition::Refused,
            Lookup::NoService => Recognition::Unheard,
        };
    }
    match offered::is_offered(&call.service, &call.api, call.pattern) {
        Some(true) => Recognition::Offered,
        Some(false) => Recognition::Refused,
        // A service that is called through the SDK alone.
        None if table::has_service(&format!("aws-sdk:{}", call.service)) => Recognition::Refused,
        None => Recognition::Unheard,
    }
}

/// Returns the action of a service whose name differs from this one only in case, if there is one.
pub(super) fn similar_action(service: &str, api: &str) -> Option<String> {
    table::similar_action(service, api)
}

/// Returns the version of the API models that the table was made from, such as `botocore 1.44.8`.
pub fn models_version() -> &'static str {
    table::version()
}

/// Returns why a service would not take these parameters, in AWS's words where they are known, as they stand between
/// the brackets of `The Parameters '{…}' could not be used to start the Task: […]`. Empty when nothing is wrong, and
/// when the table knows nothing of the call.
///
/// `parameters` are what `Parameters` or `Arguments` came to.
pub fn parameter_problems(call: &ServiceCall, parameters: &Value) -> Vec<ParameterProblem> {
    match table::lookup(&call.service, &call.api) {
        Lookup::Api(api) => parameters::of_value(&api, parameters),
        _ => Vec::new(),
    }
}

/// Returns the members that a call takes; `None` when the table knows nothing of the call.
pub(super) fn members(call: &ServiceCall) -> Option<Members> {
    match table::lookup(&call.service, &call.api) {
        Lookup::Api(api) => Some(Members(api)),
        _ => None,
    }
}

/// The members a call takes.
pub(super) struct Members(table::Api);

impl Members {
    /// Returns the names of the members that are required, in the order of the model.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        self.0.input().members().filter(|member| member.required).map(|member| member.name)
    }

    /// Returns the member whose name is this one in another case.
    pub fn similar(&self, name: &str) -> Option<String> {
        let found = self.0.input().members().find(|member| member.name.eq_ignore_ascii_case(name))?.name.to_owned();
        Some(found)
    }
}

/// How closely a mocked result is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// What is required must be there, and what is there must fit.
    Strict,
    /// What is there must fit.
    Present,
}

/// Compares a mocked result with what the call gives, as far as [`knows_result`].
pub fn check_mock(call: &ServiceCall, result: &Value, comparison: Comparison) -> Result<(), MockMismatch> {
    match result_of(call) {
        Some(api) => api.output().map_or(Ok(()), |output| mock::check(&output, result, comparison)),
        None => Ok(()),
    }
}

/// Tells whether the table knows what a call gives. What comes back at the end of a job or from a callback is not what
/// the call itself gives.
pub fn knows_result(call: &ServiceCall) -> bool {
    result_of(call).is_some()
}

fn result_of(call: &ServiceCall) -> Option<table::Api> {
    match table::lookup(&call.service, &call.api) {
        Lookup::Api(api) if call.pattern == Pattern::RequestResponse && api.output().is_some() => Some(api),
        _ => None,
    }
}

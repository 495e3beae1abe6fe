//! What a service asks of the parameters of a task, as far as AWS looks at it when a machine is created.
//!
//! Nothing of it keeps a machine from being run.

use super::Parser;
use super::fields::SCHEMA_VALIDATION_FAILED;
use super::spot::Spot;
use crate::asl::machine::QueryLanguage;
use crate::asl::node::{Data, Member, Node, has_substitution};
use crate::asl::place::Span;
use crate::asl::resource::{Resource, ServiceCall};
use crate::asl::services;

impl Parser {
    /// Checks the parameters of a task against what it calls.
    pub(super) fn call(&mut self, state: &Spot<'_, '_>, resource: &Resource, language: QueryLanguage) {
        let refused = matches!(resource, Resource::Service(call) if !call.is_offered());
        if !self.creating || refused {
            return;
        }
        let field = parameters_field(language);
        let parameters = state.get(field);
        if let Some(parameters) = &parameters
            && language == QueryLanguage::JsonPath
            && !resource.has_token()
            && mentions_token(parameters.node)
        {
            self.no_token(parameters.node, &parameters.location());
        }
        match (resource, parameters) {
            (Resource::Activity { .. }, _) if state.get("Credentials").is_some() => {
                self.refuse_creation(state, "The field 'Credentials' is not supported for activities");
            }
            (Resource::Service(call), None) => {
                let message = format!("{field} field is required for resource ARN: {}", call.arn);
                self.refuse_creation(state, message);
            }
            (Resource::Service(call), Some(parameters)) => self.parameters(&parameters, call),
            _ => {}
        }
    }

    fn parameters(&mut self, parameters: &Spot<'_, '_>, call: &ServiceCall) {
        let Some(members) = given(parameters.node) else { return };
        if let Some(known) = services::members(call) {
            for name in known.required().filter(|name| !has(members, name)) {
                self.refuse_creation(parameters, format!("The field '{name}' is required but was missing"));
                if let Some(near) = members.iter().find(|member| name_of(member).eq_ignore_ascii_case(name)) {
                    self.hint_creation(format!("'{}' is not '{name}': names begin with a capital.", near.key));
                }
            }
        }
        if call.service == "http" {
            self.http(parameters, members);
        }
    }

    /// An HTTP task goes through a connection, and over TLS.
    fn http(&mut self, parameters: &Spot<'_, '_>, members: &[Member]) {
        if !["Authentication", "InvocationConfig"].iter().any(|name| has(members, name)) {
            self.refuse_creation(parameters, "The field 'Authentication' is required but was missing");
        }
        if let Some(endpoint) = parameters.get("ApiEndpoint")
            && endpoint.node.text().is_some_and(|text| text.starts_with("http://"))
        {
            self.refuse_creation(parameters, "The value of the field 'ApiEndpoint' has an invalid format");
            self.hint_creation("An HTTP task calls 'https://' endpoints only.");
        }
    }

    /// Checks the members of a reader's or writer's call that cannot do without them.
    pub(super) fn s3_parameters(&mut self, object: &Spot<'_, '_>, field: &str, required: &[&str]) {
        let Some(spot) = object.get(field) else {
            if self.creating {
                self.runnable.insert(self.diagnostics.len());
                self.required(object, &[field]);
            }
            return;
        };
        let Some(members) = given(spot.node) else { return };
        for name in required.iter().filter(|name| !has(members, name)) {
            self.refuse_creation(&spot, format!("The field '{name}' is required but was missing"));
        }
    }

    /// Finds `$$.Task.Token` where there is no such thing.
    fn no_token(&mut self, node: &Node, location: &str) {
        for member in node.members().unwrap_or_default() {
            match member.value.text() {
                Some(text) if member.key.ends_with(".$") && text.contains("$$.Task.Token") => {
                    self.token_refused(location, member.value.span, &member.key);
                }
                Some(_) => {}
                None => self.no_token(&member.value, &format!("{location}/{}", member.key)),
            }
        }
        for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
            self.no_token(item, &format!("{location}[{index}]"));
        }
    }

    fn token_refused(&mut self, location: &str, span: Span, key: &str) {
        let message =
            format!("The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call");
        self.runnable.insert(self.diagnostics.len());
        self.report(SCHEMA_VALIDATION_FAILED, location.to_owned(), span, message);
        self.hint("Only tasks that wait, '.waitForTaskToken' or '.sync', have a task token.");
    }
}

fn mentions_token(node: &Node) -> bool {
    match &node.data {
        Data::Text(text) => text.contains("$$.Task.Token"),
        Data::Object(members) => members.iter().any(|member| mentions_token(&member.value)),
        Data::List(items) => items.iter().any(mentions_token),
        _ => false,
    }
}

/// The field that holds what is sent to the service.
pub(super) fn parameters_field(language: QueryLanguage) -> &'static str {
    match language {
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    }
}

/// Returns the members of parameters that are written out; `None` when they are computed or put in at deployment.
fn given(parameters: &Node) -> Option<&[Member]> {
    let Data::Object(members) = &parameters.data else { return None };
    let is_template =
        |member: &Member| member.key.starts_with("Fn::") || &*member.key == "Ref" || has_substitution(&member.key);
    (!members.iter().any(is_template)).then_some(members)
}

fn name_of(member: &Member) -> &str {
    member.key.strip_suffix(".$").unwrap_or(&member.key)
}

/// Tells whether a member is there. Within a name the case may differ, as the SDKs spell acronyms differently.
fn has(members: &[Member], name: &str) -> bool {
    members.iter().map(name_of).any(|given| given.get(..1) == name.get(..1) && given.eq_ignore_ascii_case(name))
}

//! Resources, and which of them a machine of this kind may use.

use super::Parser;
use super::spot::Spot;
use crate::asl::machine::MachineKind;
use crate::asl::resource::{Pattern, Resource, ServiceCall};
use crate::asl::services::{self, Recognition};

impl Parser {
    /// Reads the `Resource` of a Task state.
    pub(super) fn task_resource(&mut self, spot: &Spot<'_, '_>) -> Option<Resource> {
        let text = self.text(spot)?;
        if spot.node.is_substitution() {
            // Nearly always a function: integrations are written out.
            return Some(Resource::parse(text).unwrap_or_else(|| Resource::Lambda { arn: text.to_owned() }));
        }
        let Some(resource) = Resource::parse(text) else {
            if is_arn(text) {
                self.unrecognized(spot, text);
            } else {
                self.refuse(spot, "Value is not a valid resource ARN");
            }
            return None;
        };
        match &resource {
            Resource::Lambda { .. } => {}
            Resource::Activity { .. } => {
                if self.kind == MachineKind::Express {
                    self.refuse(spot, "Express state machine does not support Activity ARN");
                }
            }
            Resource::Service(call) => self.service_call(spot, call),
        }
        Some(resource)
    }

    fn service_call(&mut self, spot: &Spot<'_, '_>, call: &ServiceCall) {
        if services::recognize(call) == Recognition::Refused {
            self.unrecognized(spot, &call.arn);
            if let Some(hint) = instead(call) {
                self.hint(hint);
            }
            return;
        }
        let pattern = match call.pattern {
            Pattern::RequestResponse => return,
            Pattern::Sync | Pattern::Sync2 => ".sync",
            Pattern::WaitForTaskToken => ".waitForTaskToken",
        };
        if self.kind == MachineKind::Express {
            // The space at the end is AWS's; the sentence about jobs has none.
            let end = if call.pattern == Pattern::WaitForTaskToken { " " } else { "" };
            self.refuse(spot, format!("Express state machine does not support '{pattern}' service integration{end}"));
        }
    }

    pub(super) fn unrecognized(&mut self, spot: &Spot<'_, '_>, arn: &str) {
        self.refuse(
            spot,
            format!(
                "The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the resource \
                 is not available in this region."
            ),
        );
    }

    /// Reads the `Resource` of an `ItemReader` or `ResultWriter`, one of a few S3 calls.
    pub(super) fn s3_resource(&mut self, spot: &Spot<'_, '_>, apis: &[&str]) -> Option<Resource> {
        let text = self.text(spot)?;
        let resource = Resource::parse(text);
        if let Some(Resource::Service(call)) = &resource
            && call.service == "s3"
            && call.pattern == Pattern::RequestResponse
            && apis.contains(&call.api.as_str())
        {
            return resource;
        }
        if spot.node.is_substitution() {
            return Some(resource.unwrap_or_else(|| Resource::Lambda { arn: text.to_owned() }));
        }
        self.refuse(spot, "The field 'Resource' does not match any of the allowed values");
        let names: Vec<String> = apis.iter().map(|api| format!("'arn:aws:states:::s3:{api}'")).collect();
        self.hint(format!("Here it is {}.", names.join(" or ")));
        None
    }
}

/// Tells whether a text has the form of an ARN, of whatever service.
fn is_arn(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, service, _, _, resource] = parts.as_slice() else { return false };
    *arn == "arn" && ![partition, service, resource].iter().any(|part| part.is_empty()) && !text.ends_with(':')
}

/// Returns what may be meant in place of a call that Step Functions does not offer.
fn instead(call: &ServiceCall) -> Option<String> {
    if call.is_sdk() {
        let similar = services::similar_action(&call.service, &call.api).filter(|action| *action != call.api);
        return Some(match similar {
            Some(action) => format!("Perhaps '{action}' is meant."),
            None if call.pattern == Pattern::Sync => "SDK integrations cannot wait for jobs.".to_owned(),
            None => format!("The API models of {} have no such action.", services::models_version()),
        });
    }
    let apis: Vec<&str> = services::apis(&call.service).collect();
    (!apis.contains(&call.api.as_str())).then(|| match apis.as_slice() {
        [] => format!("Calls of '{0}' go through the SDK: 'aws-sdk:{0}:{1}'.", call.service, call.api),
        apis => format!(
            "Optimized for '{0}' are {1}; every other call goes through 'aws-sdk:{0}:{2}'.",
            call.service,
            apis.join(", "),
            call.api
        ),
    })
}

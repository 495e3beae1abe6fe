//! Resources, and which of them a machine of this kind may use.

use super::Parser;
use super::spot::Spot;
use crate::asl::machine::MachineKind;
use crate::asl::resource::{Pattern, Resource, ServiceCall};
use crate::asl::services;

impl Parser {
    /// Reads the `Resource` of a Task state.
    pub(super) fn task_resource(&mut self, spot: &Spot<'_, '_>) -> Option<Resource> {
        let text = self.text(spot)?;
        if spot.node.is_substitution() {
            // Nearly always a function: integrations are written out.
            return Some(Resource::parse(text).unwrap_or_else(|| Resource::Lambda { arn: text.to_owned() }));
        }
        let Some(resource) = Resource::parse(text) else {
            self.unrecognized(spot, text);
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
        if !call.is_offered() {
            self.unrecognized(spot, &call.arn);
            let apis: Vec<&str> = services::apis(&call.service).collect();
            if !apis.is_empty() && !apis.contains(&call.api.as_str()) {
                self.hint(format!(
                    "Optimized for '{}' are {}; every other call goes through 'aws-sdk:{}:{}'.",
                    call.service,
                    apis.join(", "),
                    call.service,
                    call.api
                ));
            }
            return;
        }
        let pattern = match call.pattern {
            Pattern::RequestResponse => return,
            Pattern::Sync | Pattern::Sync2 => ".sync",
            Pattern::WaitForTaskToken => ".waitForTaskToken",
        };
        if self.kind == MachineKind::Express {
            // The space at the end is AWS's.
            self.refuse(spot, format!("Express state machine does not support '{pattern}' service integration "));
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
        self.unrecognized(spot, text);
        None
    }
}

//! Task.

use super::Parser;
use super::spot::Spot;
use super::transitions::Here;
use crate::asl::machine::QueryLanguage;
use crate::asl::setting::{Setting, Text};
use crate::asl::state::{Task, TaskData};

const LONGEST: i64 = 99_999_999;

impl Parser {
    pub(super) fn task(&mut self, state: &Spot<'_, '_>, here: Here<'_>, language: QueryLanguage) -> Option<Task> {
        self.required(state, &["Resource"]);
        let resource = state.get("Resource").and_then(|resource| self.task_resource(&resource));
        if let Some(resource) = &resource {
            self.call(state, resource, language);
        }
        let data = match language {
            QueryLanguage::JsonPath => TaskData::JsonPath {
                input_path: self.selection(state, "InputPath"),
                parameters: self.template(state, "Parameters"),
                result_selector: self.template(state, "ResultSelector"),
                result_path: self.result_path(state),
                assign: self.assign(state),
                output_path: self.selection(state, "OutputPath"),
            },
            QueryLanguage::Jsonata => TaskData::Jsonata {
                arguments: self.jsonata(state, "Arguments"),
                output: self.after_work(|parser| parser.jsonata(state, "Output")),
                assign: self.after_work(|parser| parser.assign_jsonata(state)),
            },
        };
        let role = state.get("Credentials").and_then(|credentials| self.role(&credentials, language));
        let timeout = self.seconds(state, ("TimeoutSeconds", "TimeoutSecondsPath"), language);
        let heartbeat = self.seconds(state, ("HeartbeatSeconds", "HeartbeatSecondsPath"), language);
        self.heartbeat_within_timeout(state, timeout.as_ref(), heartbeat.as_ref());
        let retry = self.retriers(state);
        let catch = self.catchers(state, here, language);
        let next = self.transition(state, here);
        Some(Task { resource: resource?, role, timeout, heartbeat, retry, catch, data, next: next? })
    }

    fn seconds(&mut self, state: &Spot<'_, '_>, fields: (&str, &str), language: QueryLanguage) -> Option<Setting<u32>> {
        self.setting(state, fields, language, |parser, spot| {
            parser.whole(spot, 1, LONGEST).and_then(|seconds| u32::try_from(seconds).ok())
        })
    }

    fn heartbeat_within_timeout(
        &mut self,
        state: &Spot<'_, '_>,
        timeout: Option<&Setting<u32>>,
        heartbeat: Option<&Setting<u32>>,
    ) {
        let (Some(Setting::Fixed(timeout)), Some(Setting::Fixed(heartbeat))) = (timeout, heartbeat) else {
            return;
        };
        let given = |field: &str| state.node.get(field).is_some_and(|node| !node.is_substitution());
        if heartbeat >= timeout && given("TimeoutSeconds") && given("HeartbeatSeconds") {
            self.refuse(state, "HeartbeatSeconds must be smaller than TimeoutSeconds");
        }
    }

    /// Reads `Credentials`; AWS only asks for the role and says nothing of other members.
    fn role(&mut self, credentials: &Spot<'_, '_>, language: QueryLanguage) -> Option<Text> {
        let role = self.computed_text(credentials, ("RoleArn", "RoleArn.$"), language);
        let given = ["RoleArn", "RoleArn.$"].iter().any(|field| credentials.node.get(field).is_some());
        if !given && !credentials.node.is_substitution() && !credentials.node.has_open_keys() {
            self.refuse(credentials, "The field 'RoleArn' is required but was missing");
        }
        role
    }
}

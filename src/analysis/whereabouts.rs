//! What an execution is called in AWS, where that is, and where in it to look.

use super::Diagnosis;
use crate::event::{EventId, Timestamp};
use crate::history::{Family, MemberId};
use crate::recording::Recording;
use crate::recording::remote::Remote;
use crate::replay::{identity_of, kind_of};
use std::sync::Arc;

/// What an execution is called in AWS, as far as its recording tells: what is not known stays out, and nothing is made up.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Whereabouts {
    /// The name of its machine.
    pub machine: Option<Arc<str>>,
    /// Its own name.
    pub execution: Option<Arc<str>>,
    /// The region it ran in.
    pub region: Option<Arc<str>>,
    /// The number of the account it ran in.
    pub account: Option<Arc<str>>,
    /// The execution, or the Map Run of which only the results are known, as AWS names it. `None` when a part of its ARN
    /// is not known, or was taken out before it was handed on.
    pub remote: Option<Remote>,
    /// When it failed: the moment of the first cause or, of one whose events do not tell, when it ended.
    pub failed: Option<Timestamp>,
    /// The event the view is best opened at, in the execution itself.
    pub event: Option<EventId>,
}

impl Whereabouts {
    /// Finds out where a recorded execution is found, and when it failed.
    pub fn of(recording: &Recording, family: &Family, diagnosis: &Diagnosis) -> Self {
        let map_run = recording.map_runs.first().filter(|_| recording.is_map_run_results());
        let found = match map_run {
            Some(run) => Self::of_map_run(run.map_run.as_ref().and_then(|run| run.map_run_arn.as_deref())),
            None => Self::of_execution(recording),
        };
        let first = diagnosis.causes.first().map(|finding| &finding.place);
        let event = first.filter(|place| place.execution == MemberId::ROOT).map(|place| place.event);
        let history = |member| &family.member(member).history;
        let event = event.filter(|event| history(MemberId::ROOT).event(*event).is_some());
        let at = first.and_then(|place| history(place.execution).event(place.event)).map(|event| event.timestamp);
        let failed = first.and_then(|_| at.or_else(|| recording.stopped()));
        Self { failed, event, ..found }
    }

    fn of_execution(recording: &Recording) -> Self {
        let known = identity_of(recording, kind_of(recording));
        let (identity, missing) = (known.identity, known.missing);
        let known = |text: &str| (!text.is_empty() && !missing.contains(&text)).then(|| Arc::from(text));
        let whole = !missing.iter().any(|missing| identity.arn.contains(missing));
        let account = identity.arn.split(':').nth(4).unwrap_or_default();
        Self {
            machine: known(&identity.machine_name),
            execution: known(&identity.name),
            region: known(identity.region()),
            account: known(account),
            remote: Remote::parse(&identity.arn).ok().filter(|_| whole),
            ..Self::default()
        }
    }

    fn of_map_run(arn: Option<&str>) -> Self {
        let Some(remote) = arn.and_then(|arn| Remote::parse(arn).ok()) else { return Self::default() };
        Self {
            machine: Some(Arc::clone(&remote.machine_name().name)),
            region: Some(Arc::clone(&remote.region)),
            account: Some(Arc::clone(&remote.account)),
            remote: Some(remote),
            ..Self::default()
        }
    }

    /// Returns the address of its page in the console.
    pub fn console(&self) -> Option<String> {
        self.remote.as_ref().map(Remote::console)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::diagnose;

    fn of(text: &str) -> Whereabouts {
        let recording = crate::source::open_bytes(text.to_owned().into_bytes()).unwrap().into_recording().unwrap();
        let family = Family::of(&recording);
        Whereabouts::of(&recording, &family, &diagnose(&family))
    }

    const EVENTS: &str = r#""events":[
        {"id":1,"previousEventId":0,"type":"ExecutionStarted","timestamp":"2026-05-03T08:00:00Z","executionStartedEventDetails":{"input":"{}"}},
        {"id":2,"previousEventId":0,"type":"TaskStateEntered","timestamp":"2026-05-03T08:00:01Z","stateEnteredEventDetails":{"name":"Pay","input":"{}"}},
        {"id":3,"previousEventId":2,"type":"LambdaFunctionScheduled","timestamp":"2026-05-03T08:00:01Z","lambdaFunctionScheduledEventDetails":{"resource":"arn:aws:lambda:eu-west-1:123456789012:function:pay","input":"{}"}},
        {"id":4,"previousEventId":3,"type":"LambdaFunctionStarted","timestamp":"2026-05-03T08:00:01Z"},
        {"id":5,"previousEventId":4,"type":"LambdaFunctionFailed","timestamp":"2026-05-03T08:00:02Z","lambdaFunctionFailedEventDetails":{"error":"E"}},
        {"id":6,"previousEventId":5,"type":"ExecutionFailed","timestamp":"2026-05-03T08:00:09Z","executionFailedEventDetails":{"error":"E"}}]"#;

    #[test]
    fn an_execution_is_named_by_its_arn_and_failed_with_its_first_cause() {
        let arn = "arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:Pay.all:run é";
        let found = of(&format!(
            r#"{{"format":"stepback/1","execution":{{"executionArn":"{}"}},{EVENTS}}}"#,
            arn.replace(' ', "-")
        ));
        assert_eq!(found.machine.as_deref(), Some("Pay.all"));
        assert_eq!((found.region.as_deref(), found.account.as_deref()), (Some("us-gov-west-1"), Some("123456789012")));
        let console = found.console().unwrap();
        assert!(console.starts_with("https://us-gov-west-1.console.amazonaws-us-gov.com/states/home"), "{console}");
        assert!(console.ends_with("Pay.all%3Arun-%C3%A9"), "{console}");
        assert_eq!(found.failed.unwrap().to_string(), "2026-05-03T08:00:02Z");
        assert_eq!(found.event.map(EventId::get), Some(5));
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let found = of(&format!("{{{EVENTS}}}"));
        assert_eq!((found.region.as_deref(), found.account.as_deref()), (Some("eu-west-1"), Some("123456789012")));
        assert_eq!((found.machine, found.execution, found.remote), (None, None, None));
        let redacted =
            of(&format!(r#"{{"format":"stepback/1","execution":{{"executionArn":"«redacted»"}},{EVENTS}}}"#));
        assert_eq!(redacted.console(), None);
    }
}

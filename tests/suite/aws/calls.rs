//! What is called, what is not, and how it is told.

use super::*;
use stepback::source::aws::{CallResult, Effect, Operation};

#[test]
fn every_call_is_told_as_a_command_line() {
    let stub = Stub::new(|request| Service::default().answer(request));
    let calls = block_on(async {
        let client = Client::connect(Options { profile: None, ..options(&stub) }).await.unwrap();
        client.history_page(ARN, stepback::source::aws::Order::Reverse, 10, None).await.unwrap();
        client.describe_state_machine("arn:aws:states:us-east-2:1:stateMachine:M").await.unwrap_err();
        client.calls().since(0)
    });
    let url = stub.url();
    assert_eq!(
        calls.iter().map(|call| call.command.as_str()).collect::<Vec<_>>(),
        [
            format!(
                "aws stepfunctions get-execution-history --execution-arn {ARN} --include-execution-data --reverse-order \
                 --max-results 10 --region eu-west-1 --endpoint-url {url}"
            ),
            format!(
                "aws stepfunctions describe-state-machine --state-machine-arn arn:aws:states:us-east-2:1:stateMachine:M \
                 --region us-east-2 --endpoint-url {url}"
            ),
        ]
    );
    assert_eq!(calls[0].request_id.as_deref(), Some("request-0"));
    assert!(matches!(calls[0].result, CallResult::Answered { bytes } if bytes > 100));
    assert!(matches!(&calls[1].result, CallResult::Failed(why) if why.contains("UnknownOperationException")));
}

#[test]
fn nothing_is_changed_by_a_client_that_may_only_look() {
    let stub = Stub::new(|request| Service::default().answer(request));
    block_on(async {
        let client = connect(&stub).await;
        assert!(client.actions().is_none());
        client.fetch(ARN, &FetchOptions::default(), |_| {}).await.unwrap();
    });
    let acting = stub.received().into_iter().filter(|request| {
        Operation::from_name(&request.operation).is_none_or(|operation| operation.effect() == Effect::Acts)
    });
    assert_eq!(acting.count(), 0);
}

#[test]
fn a_client_that_may_act_acts_once() {
    let stub = Stub::new(|request| match request.operation.as_str() {
        "StartSyncExecution" => serde_json::json!({ "executionArn": "arn:express", "status": "SUCCEEDED" }).into(),
        "StartExecution" => serde_json::json!({ "executionArn": ARN, "startDate": 1.5 }).into(),
        "StopExecution" => serde_json::json!({ "stopDate": 1.5 }).into(),
        _ => serde_json::json!({}).into(),
    });
    block_on(async {
        let client = Client::connect(Options { access: Access::Actions, ..options(&stub) }).await.unwrap();
        let actions = client.actions().unwrap();
        let started = actions.start(service::MACHINE, "again", Some("{}")).await.unwrap();
        assert_eq!(started, ARN);
        let ran = actions.start_sync(service::MACHINE, None, None).await.unwrap();
        assert_eq!(ran.execution_arn.as_deref(), Some("arn:express"));
        actions.stop(ARN, Some("Operator"), None).await.unwrap();
        actions.send_task_success("token", "{}").await.unwrap();
        actions.send_task_failure("token", Some("E"), Some("C")).await.unwrap();
        assert_eq!(client.calls().since(0).last().unwrap().effect(), Effect::Acts);
    });
    assert_eq!(stub.count("StartExecution"), 1);
    // AWS has another host for this one, which an address that was named has not.
    let sync = stub.received().into_iter().find(|request| request.operation == "StartSyncExecution").unwrap();
    assert_eq!(format!("http://{}", sync.host), stub.url());
    let stopped = stub.received().into_iter().find(|request| request.operation == "StopExecution").unwrap();
    assert_eq!(stopped.body, serde_json::json!({ "executionArn": ARN, "error": "Operator" }));
}

#[test]
fn the_caller_is_known_by_account_and_role() {
    let stub = Stub::new(|request| {
        assert_eq!(request.operation, "GetCallerIdentity");
        Reply::Text(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
             <Arn>arn:aws:sts::123456789012:assumed-role/Admin/me</Arn><UserId>U</UserId><Account>123456789012</Account>\
             </GetCallerIdentityResult></GetCallerIdentityResponse>"
                .to_owned(),
        )
    });
    let identity = block_on(async { connect(&stub).await.identity().await.unwrap() });
    assert_eq!((&*identity.account, identity.name()), ("123456789012", "Admin"));
}

#[test]
fn lists_come_page_by_page_with_their_filters() {
    use stepback::recording::Status;
    use stepback::source::aws::{ExecutionFilter, RedriveFilter};
    let stub = Stub::new(|request| {
        match (request.operation.as_str(), request.body["nextToken"].as_str()) {
        ("ListStateMachines", None) => {
            serde_json::json!({ "stateMachines": [{ "stateMachineArn": service::MACHINE, "name": "Orders", "type": "EXPRESS",
                "creationDate": 1.5 }], "nextToken": "2" })
            .into()
        }
        ("ListStateMachines", Some(_)) => serde_json::json!({ "stateMachines": [] }).into(),
        ("ListStateMachineVersions", _) => {
            serde_json::json!({ "stateMachineVersions": [{ "stateMachineVersionArn": "arn:v:2", "creationDate": 2 }] }).into()
        }
        ("ListStateMachineAliases", _) => {
            serde_json::json!({ "stateMachineAliases": [{ "stateMachineAliasArn": "arn:a", "creationDate": 2 }] }).into()
        }
        ("ListExecutions", _) => {
            serde_json::json!({ "executions": [{ "executionArn": ARN, "name": "run-1", "status": "FAILED",
                "startDate": 1.5, "redriveCount": 1, "itemCount": 4 }] })
            .into()
        }
        _ => Reply::Closed,
    }
    });
    block_on(async {
        let client = connect(&stub).await;
        let first = client.state_machines(None).await.unwrap();
        assert_eq!(first.items[0].name.as_deref(), Some("Orders"));
        let second = client.state_machines(first.next).await.unwrap();
        assert_eq!((second.items.len(), second.next), (0, None));
        assert_eq!(&*client.versions(service::MACHINE, None).await.unwrap().items[0].arn, "arn:v:2");
        assert_eq!(&*client.aliases(service::MACHINE, None).await.unwrap().items[0].arn, "arn:a");
        let filter = ExecutionFilter {
            status: Some(Status::Failed),
            redrive: Some(RedriveFilter::Redriven),
            limit: 7,
            ..ExecutionFilter::of_machine(service::MACHINE)
        };
        let executions = client.executions(&filter, None).await.unwrap();
        assert_eq!(
            (executions.items[0].status.clone(), executions.items[0].redrive_count),
            (Some(Status::Failed), Some(1))
        );
    });
    let asked = stub.received().into_iter().find(|request| request.operation == "ListExecutions").unwrap();
    assert_eq!(
        asked.body,
        serde_json::json!({ "stateMachineArn": service::MACHINE, "statusFilter": "FAILED", "redriveFilter": "REDRIVEN",
            "maxResults": 7 })
    );
}

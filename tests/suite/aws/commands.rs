//! Commands pointed at AWS.

use super::*;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

/// Runs stepback where nobody is logged in anywhere.
fn stepback(home: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stepback"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
        .args(arguments)
        .env("HOME", home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_MAX_ATTEMPTS", "1");
    command.output().unwrap()
}

fn with_keys(home: &Path) {
    std::fs::create_dir_all(home.join(".aws")).unwrap();
    std::fs::write(home.join(".aws/credentials"), "[default]\naws_access_key_id = A\naws_secret_access_key = s\n")
        .unwrap();
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn an_arn_and_a_console_address_are_targets_like_any_other() {
    let home = tempfile::tempdir().unwrap();
    with_keys(home.path());
    let stub = Stub::new(|request| Service::default().answer(request));
    let address =
        format!("https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/{ARN}");
    for target in [ARN, &address] {
        let output = stepback(home.path(), &["why", target, "--json", "--endpoint-url", &stub.url()]);
        assert_eq!((output.status.code(), said(&output)), (Some(1), String::new()));
        let why: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(why.to_string().contains("no stock"), "{why}");
    }
    let output = stepback(home.path(), &["show", ARN, "--events", "--json", "--endpoint-url", &stub.url()]);
    let shown: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(shown["events"].as_array().unwrap().len(), 24);
    let output = stepback(home.path(), &["diff", ARN, ARN, "--endpoint-url", &stub.url()]);
    assert_eq!((output.status.code(), said(&output)), (Some(0), String::new()));
}

#[test]
fn without_credentials_the_way_to_get_some_is_said() {
    let home = tempfile::tempdir().unwrap();
    let output = stepback(home.path(), &["why", ARN]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert_eq!(
        said(&output),
        "error: There are no AWS credentials.\nhint: Log in with 'aws sso login' or 'aws configure', or name a profile \
         with --profile. Recordings can be opened without.\n"
    );
    let output = stepback(home.path(), &["why", ARN, "--profile", "nowhere"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).starts_with("error: There is no AWS profile 'nowhere'."), "{}", said(&output));
}

#[test]
fn an_expired_login_says_how_to_log_in_again() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join(".aws")).unwrap();
    std::fs::write(
        home.path().join(".aws/config"),
        "[profile team]\nsso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Admin\n\
         [sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n",
    )
    .unwrap();
    let output = stepback(home.path(), &["why", ARN, "--profile", "team"]);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        said(&output),
        "error: The login of the profile team has expired.\nhint: Run: aws sso login --profile team\n"
    );
}

#[test]
fn names_of_other_things_are_refused_before_anything_is_asked() {
    let home = tempfile::tempdir().unwrap();
    for (target, message) in [
        ("arn:aws:states:eu-west-1:123456789012:activity:A", "The ARN is that of an activity"),
        (
            "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders",
            "Orders is a state machine, and an execution is wanted.",
        ),
        ("https://eu-west-1.console.aws.amazon.com/states/home", "names no execution"),
    ] {
        let output = stepback(home.path(), &["why", target]);
        assert_eq!(output.status.code(), Some(2));
        assert!(said(&output).contains(message), "{}", said(&output));
    }
}

#[test]
fn what_was_not_answered_is_a_warning_when_the_rest_is_there() {
    let home = tempfile::tempdir().unwrap();
    with_keys(home.path());
    let stub = Stub::new(|request| match request.operation.as_str() {
        "DescribeStateMachineForExecution" => Reply::Error(400, "AccessDeniedException", String::new()),
        _ => Service::default().answer(request),
    });
    let output = stepback(home.path(), &["why", ARN, "--endpoint-url", &stub.url()]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        said(&output),
        "warning: AWS refuses: the permission states:DescribeStateMachineForExecution is missing.\n"
    );
}

#[test]
fn a_failed_run_in_aws_is_compared_with_the_last_good_one_there() {
    let home = tempfile::tempdir().unwrap();
    with_keys(home.path());
    let good = "arn:aws:states:eu-west-1:123456789012:execution:Orders:run-0";
    let stub = Stub::new(move |request| match request.operation.as_str() {
        "ListExecutions" => {
            assert_eq!(request.body["statusFilter"], "SUCCEEDED");
            serde_json::json!({ "executions": [
                { "executionArn": "arn:aws:states:eu-west-1:123456789012:execution:Orders:run-2", "startDate": 1_863_608_447.0 },
                { "executionArn": good, "startDate": 1_763_508_447.0 },
            ]})
            .into()
        }
        _ if request.body["executionArn"] == good => {
            Service { status: "SUCCEEDED", ..Service::default() }.answer(request)
        }
        _ => Service::default().answer(request),
    });
    let output = stepback(home.path(), &["diff", ARN, "--endpoint-url", &stub.url()]);
    assert_eq!((output.status.code(), said(&output)), (Some(1), String::new()));
}

#[test]
fn the_last_good_run_is_the_last_that_ended_before() {
    let list = |executions: Value| {
        let stub = Stub::new(move |request| match request.operation.as_str() {
            "ListExecutions" => serde_json::json!({ "executions": executions }).into(),
            _ => Service::default().answer(request),
        });
        let found = block_on(async {
            let client = connect(&stub).await;
            let recording = client.fetch(ARN, &FetchOptions::default(), |_| {}).await.unwrap().recording;
            client.last_good(&recording).await.unwrap()
        });
        found.and_then(|found| found.name).map(|name| name.to_string())
    };
    let run = |name: &str, started: f64, stopped: f64| {
        serde_json::json!({ "executionArn": format!("{ARN}-{name}"), "name": name, "status": "SUCCEEDED",
                            "startDate": 1_763_608_447.0 + started, "stopDate": 1_763_608_447.0 + stopped })
    };
    // As AWS sorts them: by when they ended, the latest first.
    let all =
        [run("later", 10.0, 20.0), run("beside", -50.0, 5.0), run("long", -900.0, -1.0), run("short", -20.0, -10.0)];
    assert_eq!(list(all.to_vec().into()).as_deref(), Some("long"));
    // By when they began, as some emulators do.
    let mut sorted = all.to_vec();
    sorted.sort_by(|a, b| b["startDate"].as_f64().unwrap().total_cmp(&a["startDate"].as_f64().unwrap()));
    assert_eq!(list(sorted.into()).as_deref(), Some("long"));
    assert_eq!(list(all[..2].to_vec().into()).as_deref(), Some("beside"));
    assert_eq!(list(all[..1].to_vec().into()), None);
}

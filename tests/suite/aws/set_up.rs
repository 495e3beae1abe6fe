//! What is set up on a machine, well or not: told in its own words, and never the end of the program.

use super::account::Account;
use super::*;
use crate::program::{Done, Program};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

const CONFIG: &str = "[profile good]\nregion = eu-west-1\naws_access_key_id = GOOD\naws_secret_access_key = s\n\
    [profile role]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = gone\n\
    [profile half]\nregion = eu-west-1\naws_access_key_id = HALF\n";

fn with_config(endpoint: &str) -> Program {
    let program = Program::new(endpoint, "eu-west-1");
    std::fs::create_dir(program.path(".aws")).unwrap();
    std::fs::write(program.path(".aws/config"), CONFIG).unwrap();
    program
}

#[test]
fn what_is_wrong_with_a_profile_is_told_before_anybody_is_asked() {
    let account = Account::new(Service::default());
    let stub = Stub::new(move |request| account.answer(request));
    let program = with_config(&stub.url());
    for (profile, words) in [
        (
            "role",
            "error: The profile 'role' takes its credentials from 'gone', and there is no such profile.\nhint: Check source_profile",
        ),
        ("half", "error: The profile 'half' has aws_access_key_id, but no aws_secret_access_key.\nhint: Complete it"),
        ("gone", "error: There is no AWS profile 'gone'.\n"),
    ] {
        let said = program.live(&["why", ARN, "--profile", profile]).expect(3).said();
        assert!(said.starts_with(words), "{said}");
        let mut command = program.command(&["doctor"]);
        command.env("AWS_PROFILE", profile).env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        Done(command.output().unwrap()).expect(1);
    }
    let mut command = program.command(&["why", ARN, "--endpoint-url", &stub.url()]);
    let said = Done(command.env_remove("AWS_SECRET_ACCESS_KEY").output().unwrap()).expect(3).said();
    assert!(said.starts_with("error: AWS_ACCESS_KEY_ID is set, but AWS_SECRET_ACCESS_KEY is not.\n"), "{said}");
    assert_eq!(stub.received().len(), 0);
    program.live(&["why", ARN, "--profile", "good"]).expect(1);
    assert!(stub.received().iter().all(|request| request.key == "GOOD"));
}

#[test]
fn of_several_profiles_those_that_work_are_shown() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".aws")).unwrap();
    std::fs::write(home.path().join(".aws/config"), CONFIG).unwrap();
    let account = Account::new(Service::default());
    let stub = Stub::new(move |request| account.answer(request));
    let mut terminal = screen::stepback(home.path(), &stub, &["--profile", "good", "--profile", "role"]);
    terminal.shows("Orders").shows("good eu-west-1").shows("The profile 'role' takes its credentials");
    terminal.press("\r").shows("run-1").press("q").press("q");
    assert_eq!(terminal.ends(), 0);
    let mut terminal = screen::stepback(home.path(), &stub, &["--profile", "half", "--profile", "role"]);
    terminal.shows("The profile 'half' has aws_access_key_id, but no").press("q");
    assert_eq!(terminal.ends(), 0);
}

/// Every variable that AWS's programs read, with some more that are read on the way.
const VARIABLES: [&str; 40] = [
    "ALL_PROXY",
    "AWS_ACCESS_KEY_ID",
    "AWS_ACCOUNT_ID",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_AUTH_SCHEME_PREFERENCE",
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULTS_MODE",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_SFN",
    "AWS_ENDPOINT_URL_STS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_MAX_ATTEMPTS",
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
    "AWS_METADATA_SERVICE_TIMEOUT",
    "AWS_NEW_RETRIES_2026",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_REQUEST_CHECKSUM_CALCULATION",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
    "AWS_RETRY_MODE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SDK_UA_APP_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "HTTP_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
];

#[test]
fn no_variable_ends_the_program() {
    let account = Account::new(Service::default());
    let stub = Stub::new(move |request| account.answer(request));
    let huge = "x/".repeat(30_000);
    let bytes = OsString::from_vec(vec![0xff, b'/', 0xfe]);
    let odd: [OsString; 6] = ["".into(), " ".into(), "0".into(), "::// 💥\u{7}\n[".into(), huge.into(), bytes];
    let programs: Vec<Program> = (0..4).map(|_| with_config(&stub.url())).collect();
    let run = |program: &Program, name: &str, value: &OsString, arguments: &[&str]| {
        let mut command = program.command(arguments);
        command.env("AWS_MAX_ATTEMPTS", "1").env("AWS_EC2_METADATA_DISABLED", "true").env(name, value);
        // Where the address itself is tried, it is not given.
        if !name.starts_with("AWS_ENDPOINT_URL") {
            command.args(["--endpoint-url", &stub.url()]);
        } else if !value.is_empty() && value != " " {
            command.env("AWS_ENDPOINT_URL_STS", stub.url());
        } else {
            command.env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        }
        let done = Done(command.output().unwrap());
        let (said, code) = (done.said(), done.code());
        let shown: String = value.to_string_lossy().chars().take(20).collect();
        assert!(!said.contains("panicked") && !said.contains("Internal error"), "{name}={shown}: {said}");
        assert!(matches!(code, Some(0 | 1 | 3)), "{name}={shown}: {:?} {said}", done.0.status);
        assert!(said.len() < 2_000, "{name}={shown} is told at length: {} bytes", said.len());
    };
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for program in &programs {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(name) = VARIABLES.get(place) else { return };
                    odd.iter().for_each(|value| run(program, name, value, &["why", ARN]));
                    run(program, name, &odd[3], &["doctor"]);
                }
            });
        }
    });
}

//! What a person reads when AWS does not answer.

use super::*;

/// The sentence and the hint for a refusal of the history.
fn told(status: u16, code: &'static str, message: &str) -> (String, Option<String>) {
    let message = message.to_owned();
    let stub = Stub::new(move |_| Reply::Error(status, code, message.clone()));
    let error = fetch(&stub, &FetchOptions::default()).unwrap_err();
    (error.to_string(), error.hint())
}

#[test]
fn a_missing_permission_is_named() {
    let (said, hint) = told(
        400,
        "AccessDeniedException",
        &format!(
            "User: arn:aws:sts::123456789012:assumed-role/Reader/me is not authorized to perform: \
             states:GetExecutionHistory on resource: {ARN} because no identity-based policy allows the \
             states:GetExecutionHistory action"
        ),
    );
    assert_eq!(
        said,
        "AWS refuses: arn:aws:sts::123456789012:assumed-role/Reader/me may not states:GetExecutionHistory."
    );
    assert_eq!(hint.unwrap(), format!("Allow states:GetExecutionHistory on {ARN} in a policy of the caller."));
    let (_, hint) = told(
        400,
        "AccessDeniedException",
        "User: arn:aws:iam::1:user/u is not authorized to perform: states:GetExecutionHistory on resource: x with an \
         explicit deny in a service control policy",
    );
    assert!(hint.unwrap().starts_with("A policy denies states:GetExecutionHistory explicitly"));
}

#[test]
fn what_is_not_there_says_where_it_was_looked_for() {
    let (said, hint) = told(400, "ExecutionDoesNotExist", "Execution Does Not Exist: 'x'");
    assert_eq!(said, format!("There is no {ARN}."));
    assert_eq!(
        hint.unwrap(),
        "It was looked for in eu-west-1. Executions are kept for 90 days; check the region, the account and the profile."
    );
}

#[test]
fn other_refusals_have_a_next_step_or_awss_own_words() {
    for (status, code, message, said, hint) in [
        (
            400,
            "ExpiredTokenException",
            "The security token included in the request is expired",
            "The AWS credentials have expired.",
            "aws sso login",
        ),
        (
            400,
            "UnrecognizedClientException",
            "The security token included in the request is invalid.",
            "AWS does not accept the credentials.",
            "AWS_ACCESS_KEY_ID",
        ),
        (400, "ThrottlingException", "Rate exceeded", "AWS is asked too often.", "quota"),
        (500, "InternalFailure", "Oh no.", "AWS failed to answer (500): Oh no.", "try again"),
        (400, "KmsAccessDeniedException", "No key.", "AWS refuses: No key (KmsAccessDeniedException).", ""),
    ] {
        let (told, hinted) = told(status, code, message);
        assert!(told.ends_with(said), "{told}");
        assert!(hinted.unwrap_or_default().contains(hint), "{code}");
    }
}

#[test]
fn a_service_that_is_not_there_is_called_unreachable() {
    let url = Stub::new(|_| Reply::Closed).url();
    let error = block_on(async {
        let stub = Stub::new(|_| Reply::Closed);
        let options = Options { endpoint_url: Some(url.clone()), ..options(&stub) };
        Client::connect(options).await.unwrap().describe_execution(ARN).await.unwrap_err()
    });
    assert_eq!(
        error.to_string(),
        format!("Cannot reach AWS at {}: the connection was refused.", url.trim_start_matches("http://"))
    );
    assert!(error.hint().unwrap().contains("--endpoint-url"));
}

#[test]
fn an_answer_that_is_none_is_called_so() {
    let stub = Stub::new(|_| Reply::Text("<html>Log in to the hotel's network</html>".to_owned()));
    let error = block_on(async { connect(&stub).await.describe_execution(ARN).await.unwrap_err() });
    assert!(error.to_string().starts_with("Cannot read the answer to DescribeExecution"), "{error}");
}

#[test]
fn an_express_execution_says_where_its_history_is() {
    let stub = Stub::new(|_| Reply::Closed);
    let arn = "arn:aws:states:eu-west-1:123456789012:express:Orders:run-1:7e1e";
    let error =
        block_on(async { connect(&stub).await.fetch(arn, &FetchOptions::default(), |_| {}).await.unwrap_err() });
    assert_eq!(error.to_string(), "An express execution has its history in its logs only.");
}

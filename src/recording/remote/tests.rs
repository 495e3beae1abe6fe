use super::*;
use proptest::prelude::*;

const EXECUTION: &str = "arn:aws:states:eu-west-1:123456789012:execution:Orders:run-1";

#[test]
fn arns_are_taken_apart_and_put_together_again() {
    for arn in [
        EXECUTION,
        "arn:aws:states:eu-west-1:123456789012:execution:Orders/Each:0b0f3b6e-0a0a-4f4f-8d8d-1c1c1c1c1c1c",
        "arn:aws-cn:states:cn-north-1:123456789012:express:Orders:run-1:7e1e",
        "arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:Orders",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders:3",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders:live",
        "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders/Each",
        "arn:aws:states:eu-west-1:123456789012:mapRun:Orders/Each:0b0f3b6e",
        "arn:aws:states:eu-west-1:000000000000:execution:Größe.é:läuft_1",
    ] {
        assert_eq!(Remote::parse(arn).unwrap().arn(), arn);
    }
    let with_version = "arn:aws:states:eu-west-1:123456789012:execution:Orders:7:run-1";
    assert_eq!(Remote::parse(with_version).unwrap().arn(), EXECUTION);
}

#[test]
fn the_parts_of_a_child_of_a_map_run_are_told_apart() {
    let remote = Remote::parse("arn:aws:states:eu-west-1:123456789012:execution:Orders/Each:c-1").unwrap();
    let machine = MachineName { name: "Orders".into(), label: Some("Each".into()) };
    assert_eq!(remote.kind, RemoteKind::Execution { machine, name: "c-1".into() });
    assert_eq!(remote.machine_of().arn(), "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders");
}

#[test]
fn addresses_of_the_console_name_what_their_page_shows() {
    for address in [
        "https://console.aws.amazon.com/states/home?region=eu-west-1#/executions/details/arn:aws:states:eu-west-1:123456789012:execution:Orders:run-1",
        "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn:aws:states:eu-west-1:123456789012:execution:Orders:run-1",
        "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/arn%3Aaws%3Astates%3Aeu-west-1%3A123456789012%3Aexecution%3AOrders%3Arun-1?tab=events",
        "https://123456789012-abcd.eu-west-1.console.aws.amazon.com/states/home#/v2/executions/details/arn:aws:states:eu-west-1:123456789012:execution:Orders:run-1/",
        "https://d-1.awsapps.com/start/#/console?account_id=123456789012&destination=https%3A%2F%2Feu-west-1.console.aws.amazon.com%2Fstates%2Fhome%23%2Fv2%2Fexecutions%2Fdetails%2Farn%253Aaws%253Astates%253Aeu-west-1%253A123456789012%253Aexecution%253AOrders%253Arun-1",
    ] {
        assert_eq!(Remote::parse(address).unwrap().arn(), EXECUTION, "{address}");
    }
    for arn in [
        "arn:aws-cn:states:cn-north-1:123456789012:execution:Orders:run-1",
        "arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:Orders",
        "arn:aws:states:eu-west-1:123456789012:mapRun:Orders/Each:0b0f3b6e",
        "arn:aws:states:eu-west-1:123456789012:express:Orders:run-1:7e1e",
    ] {
        let remote = Remote::parse(arn).unwrap();
        assert_eq!(Remote::parse(&remote.console()).unwrap(), remote, "{}", remote.console());
    }
}

#[test]
fn what_names_nothing_is_told_why() {
    for (text, message) in [
        ("run-1", "'run-1' is not an ARN."),
        ("arn:aws:lambda:eu-west-1:123456789012:function:f", "The ARN is one of lambda, not of Step Functions."),
        (
            "arn:aws:states:eu-west-1:123456789012:activity:A",
            "The ARN is that of an activity, which has no executions.",
        ),
        ("arn:aws:states::123456789012:stateMachine:A", "The ARN has no region."),
        ("arn:aws:states:eu-west-1:me:stateMachine:A", "'me' cannot be the account of an ARN."),
        ("arn:aws:states:eu-west-1:123456789012:execution:A", "The ARN has no name."),
        (
            "arn:aws:states:eu-west-1:123456789012:stateMachine:A B",
            "'A B' cannot be the state machine's name of an ARN.",
        ),
        (
            "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/statemachines",
            "The address https://eu-west-1.console.aws.amazon.com/states/home names no execution or state machine.",
        ),
    ] {
        let error = Remote::parse(text).unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(error.hint().ends_with('.'));
    }
}

#[test]
fn a_machine_named_by_its_name_lies_in_the_partition_of_its_region() {
    let arn = |region| Remote::machine("Orders", region, "123456789012").unwrap().arn();
    assert_eq!(arn("eu-west-1"), "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders");
    assert_eq!(arn("cn-north-1"), "arn:aws-cn:states:cn-north-1:123456789012:stateMachine:Orders");
    assert_eq!(arn("us-gov-east-1"), "arn:aws-us-gov:states:us-gov-east-1:123456789012:stateMachine:Orders");
    assert_eq!(Remote::machine("no name", "eu-west-1", "123456789012"), None);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), arn in "(https://x#)?(arn:aws:states:[a-z%:/é]{0,12}:[0-9]{0,3}:(execution|mapRun|express)?[%a-z:/é ]{0,20})?") {
        let _ = Remote::parse(&text);
        if let Ok(remote) = Remote::parse(&arn) {
            prop_assert_eq!(Remote::parse(&remote.arn()).unwrap(), remote.clone());
            prop_assert_eq!(Remote::parse(&remote.console()).unwrap(), remote);
        }
    }
}

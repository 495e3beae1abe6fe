//! What AWS says of definitions, clause by clause: the sentence and the place.

use crate::asl::{Definition, Format, MachineKind, Severity};

/// Returns `CODE: message at location` of every error.
fn errors(definition: &str, kind: MachineKind) -> Vec<String> {
    let (_, findings) = Definition::read(definition, Format::Json).check(kind);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
    let text = |location: &Option<String>| location.clone().unwrap_or_else(|| "null".to_owned());
    errors.map(|error| format!("{}: {} at {}", error.code, error.message, text(&error.location))).collect()
}

/// The errors of a machine that starts at the state `A`, without the code of the schema.
fn of_states(states: &str) -> String {
    let definition = format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#);
    errors(&definition, MachineKind::Standard).join(" | ").replace("SCHEMA_VALIDATION_FAILED: ", "")
}

fn check_table(table: &[(&str, &str)]) {
    for (states, expected) in table {
        assert_eq!(of_states(states), *expected, "{states}");
    }
}

const END: &str = r#""B": {"Type": "Succeed"}"#;

/// Recorded answers of ValidateStateMachineDefinition.
#[test]
fn transitions_are_looked_at_after_fields_and_targets_before_what_is_not_reached() {
    let text = r#"{"StartAt":"Missing","States":{"A":{"Type":"Pass","Next":"Unknown"},"B":{"Type":"Wait","Seconds":-1,
        "End":true}}}"#;
    let expected = [
        "SCHEMA_VALIDATION_FAILED: Minimum value is 0 at /States/B/Seconds",
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: Missing at /StartAt",
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: Unknown at /States/A/Next",
        "MISSING_TRANSITION_TARGET: State \"A\" is not reachable. at /States/A",
        "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B",
    ];
    assert_eq!(errors(text, MachineKind::Standard), expected);
    for (text, expected) in [
        (r#"{"StartAt": "A"}"#, "These fields are required: [States] at /"),
        (r#"{"States": {"A": {"Type": "Pass", "End": true}}}"#, "These fields are required: [StartAt] at /"),
        ("{}", "These fields are required: [States, StartAt] at /"),
        (r#"{"StartAt": "A", "States": {}}"#, "Value cannot be empty at /States"),
        (
            r#"{"StartAt": "A", "States": {"A": {"Type": "Nope", "Next": "B"}, "B": {"Type": "Pass", "End": true}}}"#,
            "The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map] \
             at /States/A/Type",
        ),
    ] {
        assert_eq!(errors(text, MachineKind::Standard), [format!("SCHEMA_VALIDATION_FAILED: {expected}")], "{text}");
    }
}

#[test]
fn a_state_is_left_by_exactly_one_of_next_and_end() {
    let sentence = "This object should have only one of the following fields: [Next, End] at /States/A";
    check_table(&[
        (r#""A": {"Type": "Pass"}"#, sentence),
        (
            &format!(r#""A": {{"Type": "Pass", "Next": "B", "End": true}}, {END}"#),
            &format!("{sentence} | MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B"),
        ),
        (
            r#""A": {"Type": "Wait", "End": true}"#,
            "This object should have only one of the following fields: \
            [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A",
        ),
        (
            r#""A": {"Type": "Wait", "Seconds": 1, "SecondsPath": "$.s", "End": true}"#,
            "This object should have only one \
            of the following fields: [SecondsPath, Seconds, TimestampPath, Timestamp] at /States/A",
        ),
        (
            r#""A": {"Type": "Map", "End": true}"#,
            "This object should have only one of the following fields: [ItemProcessor, Iterator] at /States/A",
        ),
    ]);
}

#[test]
fn values_have_the_type_and_the_range_of_their_field() {
    check_table(&[
        (r#""A": {"Type": "Pass", "Comment": 1, "End": true}"#, "Expected value of type [STRING] at /States/A/Comment"),
        (
            r#""A": {"Type": "Wait", "Seconds": "1", "End": true}"#,
            "Expected value of type [INTEGER] at /States/A/Seconds",
        ),
        (
            r#""A": {"Type": "Wait", "Seconds": 100000000, "End": true}"#,
            "Maximum value is 99999999 at /States/A/Seconds",
        ),
        (
            r#""A": {"Type": "Pass", "QueryLanguage": "JQ", "End": true}"#,
            "Value should be one of the following: [JSONPath, JSONata] at /States/A/QueryLanguage",
        ),
        (
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Assign": [], "End": true}"#,
            "Expected value of type [OBJECT] at /States/A/Assign",
        ),
        (
            r#""A": {"Type": "Wait", "QueryLanguage": "JSONata", "Seconds": "{% 10 %", "End": true}"#,
            "Expected value of type [INTEGER] at /States/A/Seconds",
        ),
        (
            r#""A": {"Type": "Task", "Resource": "arn:aws:lambda:r:1:function:f", "End": true, "Retry": [{"ErrorEquals":
            ["X"], "MaxDelaySeconds": 31622400, "JitterStrategy": "SOME"}]}"#,
            "Maximum value is 31622399 at /States/A/Retry[0]/MaxDelaySeconds | \
             Value should be one of the following: [FULL, NONE] at /States/A/Retry[0]/JitterStrategy",
        ),
        (
            r#""A": {"Type": "Choice", "Choices": [{"And": [], "Next": "B"}, {"Variable": "$.x", "IsNull": 1, "Next": "B"},
            {"Variable": "$.x", "NumericEquals": "1", "Next": "B"}, {"Variable": "$.x", "TimestampEquals": "x", "Next":
            "B"}]}, "B": {"Type": "Succeed"}"#,
            "Value cannot be empty at /States/A/Choices[0]/And | \
             Expected value of type [BOOLEAN] at /States/A/Choices[1]/IsNull | \
             Expected value of type [NUMBER] at /States/A/Choices[2]/NumericEquals | \
             String does not match RFC3339 timestamp at /States/A/Choices[3]/TimestampEquals",
        ),
        (
            r#""A": {"Type": "Fail", "Error": "States.Mine"}"#,
            "Error names that begin with 'States.' are reserved at /States/A/Error",
        ),
    ]);
}

#[test]
fn resources_are_recognised() {
    let unrecognized = |arn: &str| {
        format!(
            "The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the resource is \
             not available in this region. at /States/A/Resource"
        )
    };
    let invalid = "Value is not a valid resource ARN at /States/A/Resource".to_owned();
    for (resource, expected) in [
        ("nothing", invalid.clone()),
        ("arn:aws:lambda:us-east-1:123456789012:function:", invalid.clone()),
        ("arn:aws:lambda:us-east-1:123456789012:function:f:", invalid),
        ("arn:aws:states:::dynamodb:query", unrecognized("arn:aws:states:::dynamodb:query")),
        ("arn:aws:states:::lambda:invoke.sync", unrecognized("arn:aws:states:::lambda:invoke.sync")),
        ("arn:aws:states:::aws-sdk:s3:PutObject", unrecognized("arn:aws:states:::aws-sdk:s3:PutObject")),
        (
            "arn:aws:states:us-east-1:123456789012:stateMachine:m",
            unrecognized("arn:aws:states:us-east-1:123456789012:stateMachine:m"),
        ),
        ("arn:aws:states:us-east-1:123456789012:aws-sdk:s3:listBuckets", String::new()),
        ("arn:aws:states:::brandnew:doIt", String::new()),
    ] {
        let state = format!(r#""A": {{"Type": "Task", "Resource": "{resource}", "Parameters": {{}}, "End": true}}"#);
        assert_eq!(of_states(&state), expected);
    }
}

/// Measured: members that the service requires; unknown ones are only found when the task starts.
#[test]
fn calls_have_the_members_that_their_service_requires() {
    let task = |resource: &str, rest: &str| {
        of_states(&format!(r#""A": {{"Type": "Task", "Resource": "arn:aws:states:{resource}", {rest}, "End": true}}"#))
    };
    for (resource, rest, expected) in [
        (
            "::lambda:invoke",
            r#""Parameters": {"functionName": "f"}"#,
            "The field 'FunctionName' is required but was missing at /States/A/Parameters",
        ),
        (
            "::lambda:invoke",
            r#""ResultPath": null"#,
            "Parameters field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/A",
        ),
        (
            "::lambda:invoke",
            r#""QueryLanguage": "JSONata""#,
            "Arguments field is required for resource ARN: arn:aws:states:::lambda:invoke at /States/A",
        ),
        (
            "::lambda:invoke",
            r#""QueryLanguage": "JSONata", "Arguments": {"Payload": 1}"#,
            "The field 'FunctionName' is required but was missing at /States/A/Arguments",
        ),
        ("::lambda:invoke", r#""QueryLanguage": "JSONata", "Arguments": "{% $states.input %}""#, ""),
        ("::lambda:invoke", r#""Parameters": {"FunctionName.$": "$.f", "unknown": 1}"#, ""),
        (
            "::aws-sdk:s3:putObject",
            r#""Parameters": {"bucket": "b", "Key": "k"}"#,
            "The field 'Bucket' is required but was missing at /States/A/Parameters",
        ),
        (
            "::sqs:sendMessage",
            r#""Parameters": {}"#,
            "The field 'QueueUrl' is required but was missing at /States/A/Parameters | The field 'MessageBody' is required but was missing at /States/A/Parameters",
        ),
        (
            "::lambda:invoke",
            r#""Parameters": {"FunctionName": "f", "Payload": {"t.$": "$$.Task.Token"}}"#,
            "The value for the field 't.$' must be a valid JSONPath or a valid intrinsic function call at /States/A/Parameters/Payload",
        ),
        (
            "::http:invoke",
            r#""Parameters": {"ApiEndpoint": "http://a", "Method": "GET"}"#,
            "The field 'Authentication' is required but was missing at /States/A/Parameters | The value of the field 'ApiEndpoint' has an invalid format at /States/A/Parameters",
        ),
        (
            "us-east-1:123456789012:activity:a",
            r#""Credentials": {"RoleArn": "r"}"#,
            "The field 'Credentials' is not supported for activities at /States/A",
        ),
    ] {
        assert_eq!(task(resource, rest), expected, "{resource} {rest}");
    }
}

#[test]
fn machines_that_only_creation_refuses_can_be_run() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true}}}"#;
    let definition = Definition::read(text, Format::Json);
    let (machine, findings) = definition.parse(MachineKind::Standard);
    assert!(machine.is_some() && findings.is_empty(), "{findings:?}");
    let (machine, findings) = definition.check(MachineKind::Standard);
    assert!(machine.is_some());
    assert_eq!(findings.iter().filter(|finding| finding.severity == Severity::Error).count(), 1);
}

#[test]
fn a_map_has_the_fields_of_its_mode() {
    let map = |fields: &str, config: &str| {
        of_states(&format!(
            r#""A": {{"Type": "Map", {fields} "End": true, "ItemProcessor": {{{config} "StartAt": "I", "States": {{"I":
               {{"Type": "Pass", "End": true}}}}}}}}"#
        ))
    };
    let distributed = r#""ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},"#;
    let inline = r#""ProcessorConfig": {"Mode": "INLINE", "ExecutionType": "STANDARD"},"#;
    let reader = |config: &str| {
        format!(
            r#""ItemReader": {{"Resource": "arn:aws:states:::s3:getObject", "Parameters": {{"Bucket": "b", "Key": "k"}},
               "ReaderConfig": {config}}},"#
        )
    };
    let at_reader = "at /States/A/ItemReader/ReaderConfig";
    for (fields, config, expected) in [
        ("", inline, "Field 'ExecutionType' is not supported at /States/A/ItemProcessor/ProcessorConfig".to_owned()),
        ("", r#""ProcessorConfig": {"Mode": "DISTRIBUTED"},"#, "These fields are required: [ExecutionType] at /States/A/ItemProcessor/ProcessorConfig".to_owned()),
        ("", r#""ProcessorConfig": {"Mode": "SOME"},"#, "Value should be one of the following: [INLINE, DISTRIBUTED] at /States/A/ItemProcessor/ProcessorConfig/Mode".to_owned()),
        ("", r#""ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "FAST"},"#, "Value should be one of the following: [STANDARD, EXPRESS] at /States/A/ItemProcessor/ProcessorConfig/ExecutionType".to_owned()),
        (r#""ToleratedFailureCount": 1,"#, "", "Field 'ToleratedFailureCount' is not supported at /States/A".to_owned()),
        (r#""QueryLanguage": "JSONata", "ToleratedFailureCount": "{% 1 %}","#, "", String::new()),
        (r#""QueryLanguage": "JSONata", "Items": "text","#, "", "Expected value of type [ARRAY] at /States/A/Items".to_owned()),
        (r#""ItemReader": {"Resource": "arn:aws:states:::lambda:invoke"},"#, distributed, "The field 'Resource' does not match any of the allowed values at /States/A/ItemReader/Resource".to_owned()),
        (r#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject"},"#, distributed, "These fields are required: [Parameters] at /States/A/ItemReader".to_owned()),
        (r#""ResultWriter": {},"#, distributed, "Value cannot be empty at /States/A/ResultWriter".to_owned()),
        (r#""ResultWriter": {"Resource": "arn:aws:states:::s3:putObject"},"#, distributed, "These fields are required: [Parameters] at /States/A/ResultWriter".to_owned()),
        (&*reader(r#"{"InputType": "CSV"}"#), distributed, format!("These fields are required: [CSVHeaderLocation] {at_reader}")),
        (&*reader(r#"{"InputType": "JSON", "CSVHeaderLocation": "FIRST_ROW"}"#), distributed, format!("Field 'CSVHeaderLocation' is not supported {at_reader}")),
        (&*reader(r#"{"Transformation": "LOAD_AND_FLATTEN"}"#), distributed, format!("These fields are required: [InputType] {at_reader}")),
        (&*reader(r#"{"InputType": "XML"}"#), distributed, format!("Value should be one of the following: [CSV, JSON, JSONL, PARQUET, MANIFEST] {at_reader}/InputType")),
    ] {
        assert_eq!(map(fields, config), expected, "{fields} {config}");
    }
}

#[test]
fn express_machines_cannot_wait_and_not_distribute() {
    let express =
        |states: &str| errors(&format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#), MachineKind::Express);
    let task = |resource: &str| {
        express(&format!(
            r#""A": {{"Type": "Task", "Resource": "arn:aws:states:::{resource}", "Parameters": {{"StateMachineArn": "m"}}, "End": true}}"#
        ))
    };
    let sentence = |pattern: &str| {
        [format!("SCHEMA_VALIDATION_FAILED: Express state machine does not support '{pattern} at /States/A/Resource")]
    };
    assert_eq!(task("states:startExecution.sync"), sentence(".sync' service integration"));
    assert_eq!(task("states:startExecution.sync:2"), sentence(".sync' service integration"));
    assert_eq!(task("states:startExecution.waitForTaskToken"), sentence(".waitForTaskToken' service integration "));
    let map = r#""A": {"Type": "Map", "End": true, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED",
        "ExecutionType": "EXPRESS"}, "StartAt": "I", "States": {"I": {"Type": "Pass", "End": true}}}}"#;
    let expected = "SCHEMA_VALIDATION_FAILED: The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' \
                    state machines at /States/A/ItemProcessor/ProcessorConfig";
    assert_eq!(express(map), [expected]);
}

/// Recorded, and that AWS accepted the same name in a container's own catcher and Assign.
#[test]
fn inner_scopes_leave_names_alone_that_others_around_them_assign() {
    let parallel = |own: &str, inner: &str| {
        of_states(&format!(
            r#""A": {{"Type": "Pass", "Assign": {{"x": 1}}, "Next": "P"}}, "P": {{"Type": "Parallel", {own} "End": true,
               "Branches": [{{"StartAt": "I", "States": {{"I": {{"Type": "Pass", "Assign": {{"{inner}": 2}}, "End":
               true}}}}}}]}}, "H": {{"Type": "Pass", "Next": "P"}}"#
        ))
    };
    let catch = r#""Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"y": 1}, "Next": "H"}],"#;
    let refused = "DUPLICATE_VARIABLE_NAME: The variable name 'x' was already defined in a parent scope. at \
                   /States/P/Branches[0]/States/I/Assign/x";
    assert_eq!(parallel(catch, "x"), refused);
    assert_eq!(parallel(catch, "y"), "");
    assert_eq!(parallel(&format!(r#""Assign": {{"z": 1}}, {catch}"#), "z"), "");
}

#[test]
fn what_states_does_not_have_is_refused() {
    check_table(&[
        (
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.result %}", "End": true}"#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/A/Output",
        ),
        (
            r#""A": {"Type": "Task", "QueryLanguage": "JSONata", "Resource": "arn:aws:lambda:r:1:function:f", "Arguments":
            {"a": "{% $states.result %}"}, "Output": "{% $states.result %}", "End": true}"#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/A/Arguments/a",
        ),
        (
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $states.errorOutput %}", "End": true}"#,
            "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/A/Output",
        ),
    ]);
}

/// Measured: a text where a number belongs is refused at creation; the number of arguments only matters when it runs.
#[test]
fn constants_of_calls_fit() {
    let sentence = "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call at";
    for (call, expected) in [
        ("States.MathAdd(1, '-1')", format!("{sentence} /States/A/Parameters")),
        ("States.Array(States.ArrayRange('0', 1, 1))", format!("{sentence} /States/A/Parameters")),
        ("States.MathAdd(1, -1)", String::new()),
        ("States.MathAdd($.a, $.b)", String::new()),
    ] {
        let state = format!(r#""A": {{"Type": "Pass", "Parameters": {{"x.$": "{call}"}}, "End": true}}"#);
        assert_eq!(of_states(&state), expected, "{call}");
    }
}

#[test]
fn definitions_have_a_longest_length() {
    let states = r#""A": {"Type": "Succeed"}"#;
    let text =
        |length: usize| format!(r#"{{"Comment": "{}", "StartAt": "A", "States": {{{states}}}}}"#, "x".repeat(length));
    let around = text(0).len();
    assert_eq!(errors(&text(1_048_576 - around), MachineKind::Standard), Vec::<String>::new());
    let expected = "SCHEMA_VALIDATION_FAILED: 1 validation error detected: Value at 'definition' failed to satisfy \
                    constraint: Member must have length less than or equal to 1048576 at null";
    assert_eq!(errors(&text(1_048_577 - around), MachineKind::Standard), [expected]);
}

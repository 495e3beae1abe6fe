//! The corpus of real definitions, and what each must and must not give.

use super::*;
use crate::corpus::corpus;

/// What TestState took must parse, unless it answered that the definition is wrong.
#[test]
fn what_test_state_accepted_is_accepted() {
    for path in corpus("test-state") {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let case: serde_json::Value = serde_json::from_str(&text).expect("a case is JSON");
        let definition = case.pointer("/request/definition").and_then(|text| text.as_str()).expect("a definition");
        let (machine, findings) = if case.pointer("/request/stateName").is_some() {
            Machine::parse(definition, MachineKind::Standard)
        } else {
            Machine::parse_state(definition)
        };
        let refused = case.pointer("/expect/error/message").and_then(|text| text.as_str()).unwrap_or("");
        let expected = !refused.starts_with("Invalid State Machine Definition");
        assert_eq!(machine.is_some(), expected, "{}: {findings:?}", path.display());
    }
}

/// Every definition AWS ran must parse.
#[test]
fn what_aws_accepted_is_accepted() {
    let mut refused = Vec::new();
    for path in corpus("executions").into_iter().chain(corpus("outcomes")) {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let Ok(case) = serde_json::from_str::<serde_json::Value>(&text) else { continue };
        let definition = case.get("definition").or_else(|| case.pointer("/stateMachine/definition"));
        let text = match definition {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => continue,
        };
        let express =
            [case.get("type"), case.pointer("/stateMachine/type")].contains(&Some(&serde_json::json!("EXPRESS")));
        let kind = if express { MachineKind::Express } else { MachineKind::Standard };
        let (machine, diagnostics) = Definition::read(text, Format::Json).check(kind);
        let errors = diagnostics.iter().filter(|finding| finding.severity == Severity::Error);
        if machine.is_none() || errors.clone().next().is_some() {
            let findings: Vec<String> =
                errors.map(|d| format!("{}: {} at {:?} ({:?})", d.code, d.message, d.location, d.hint)).collect();
            refused.push(format!("{}: {}", path.display(), findings.join("; ")));
        }
    }
    assert!(refused.is_empty(), "{} refused:\n{}", refused.len(), refused.join("\n"));
}

/// Returns `CODE: message at location` of every error, as CreateStateMachine joins them.
fn errors(definition: &str, kind: MachineKind) -> Vec<String> {
    let (machine, findings) = Machine::parse(definition, kind);
    assert_eq!(machine.is_none(), findings.iter().any(|finding| finding.severity == Severity::Error), "{findings:?}");
    let location = |finding: &Diagnostic| finding.location.clone().unwrap_or_else(|| "null".to_owned());
    findings.iter().map(|finding| format!("{}: {} at {}", finding.code, finding.message, location(finding))).collect()
}

/// Sentences AWS was seen to say.
#[test]
fn errors_are_in_the_words_of_aws() {
    let of_states = |states: &str| format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#);
    for (states, expected) in [
        (
            r#""A": {"Type": "Pass", "Next": "NOPE"}"#,
            &[
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next",
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ][..],
        ),
        (
            r#""A": {"Type": "Pass", "Next": "p3"}, "B": {"Type": "Pass", "End": true}"#,
            &[
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: p3 at /States/A/Next",
                "MISSING_TRANSITION_TARGET: State \"B\" is not reachable. at /States/B",
            ],
        ),
        (
            r#""A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}, "C": {"Type": "Pass", "Next": "A"}"#,
            &["MISSING_END_STATE: Workflow has no terminal state at null"],
        ),
        (
            r#""A": {"Type": "Map", "TimeoutSeconds": 1, "ItemProcessor": {"StartAt": "I", "States": {"I":
               {"Type": "Pass", "End": true}}}, "End": true}"#,
            &["SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/A"],
        ),
        (
            r#""A": {"Type": "Map", "MaxConcurrency": 1, "MaxConcurrencyPath": "$.n", "ItemProcessor": {"StartAt": "I",
               "States": {"I": {"Type": "Pass", "End": true}}}, "End": true}"#,
            &["SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [MaxConcurrency, \
               MaxConcurrencyPath] at /States/A"],
        ),
        (
            r#""A": {"Type": "Map", "ToleratedFailurePercentage": 101, "ItemProcessor": {"StartAt": "I", "States": {"I":
               {"Type": "Pass", "End": true}}}, "End": true}"#,
            &["SCHEMA_VALIDATION_FAILED: Maximum value is 100.0 at /States/A/ToleratedFailurePercentage"],
        ),
        (
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "TimeoutSecondsPath": "x", "End": true}"#,
            &["SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: Reference path didn't start with '$' at \
               /States/A/TimeoutSecondsPath"],
        ),
        (
            r#""A": {"Type": "Choice", "Choices": [{"Variable": "Test", "StringMatches": "Test", "Next": "B"}],
               "Default": "B"}, "B": {"Type": "Succeed"}"#,
            &["SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: Reference path didn't start with '$' at \
               /States/A/Choices[0]/Variable"],
        ),
        (
            r#""A": {"Type": "Choice", "Choices": [{"Variable": "$", "StringMatches": "Test"}], "Default": "B"},
               "B": {"Type": "Succeed"}"#,
            &["SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/A/Choices[0]"],
        ),
        (
            r#""A": {"Type": "Pass", "OutputPath": "Test", "End": true}"#,
            &["SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/A/OutputPath"],
        ),
        (
            r#""A": {"Type": "Pass", "Assign": {"Variable.$": "Test"}, "End": true}"#,
            &["SCHEMA_VALIDATION_FAILED: The value for the field 'Variable.$' must be a valid JSONPath or a valid \
               intrinsic function call at /States/A/Assign"],
        ),
        (
            r#""A": {"Type": "Pass", "Output": {"v": "{% phone %}"}, "QueryLanguage": "JSONata", "End": true}"#,
            &["UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported. at \
               /States/A/Output/v"],
        ),
        (
            r#""A": {"Type": "Pass", "Output": "{% 1 + %}", "QueryLanguage": "JSONata", "End": true}"#,
            &["INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/A/Output"],
        ),
        (
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Catch": [
               {"ErrorEquals": ["States.ALL"], "Next": "B"}, {"ErrorEquals": ["X"], "Next": "B"}], "End": true},
               "B": {"Type": "Fail"}"#,
            &["SCHEMA_VALIDATION_FAILED: States.ALL must appear alone and at end of list at \
               /States/A/Catch[0]/ErrorEquals[0]"],
        ),
    ] {
        let definition = of_states(states);
        assert_eq!(errors(&definition, MachineKind::Standard), expected, "{definition}");
    }
}

#[test]
fn an_inner_scope_leaves_the_names_of_an_outer_one_alone() {
    let machine = |config: &str| {
        format!(
            r#"{{"StartAt": "S", "States": {{"S": {{"Type": "Pass", "Assign": {{"x": 1}}, "Next": "M"}},
            "M": {{"Type": "Map", "Assign": {{"y": 1}}, "End": true, "ItemProcessor": {{{config}"StartAt": "I",
            "States": {{"I": {{"Type": "Pass", "Assign": {{"x.$": "$", "y": 2}}, "End": true}}}}}}}}}}}}"#
        )
    };
    let refused = ["DUPLICATE_VARIABLE_NAME: The variable name 'x' was already defined in a parent scope. at \
                    /States/M/ItemProcessor/States/I/Assign/x"];
    assert_eq!(errors(&machine(""), MachineKind::Standard), refused);
    let child = r#""ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "#;
    assert!(errors(&machine(child), MachineKind::Standard).is_empty());
}

#[test]
fn a_state_on_its_own_is_called_state_name_and_leads_anywhere() {
    let (machine, findings) = Machine::parse_state(r#"{"Type": "Pass", "Next": "Elsewhere"}"#);
    assert!(findings.is_empty());
    let machine = machine.expect("a valid state");
    let state = machine.find("StateName").expect("its name");
    let Some(Transition::Next(target)) = state.transition() else { panic!("it leads somewhere") };
    assert_eq!((&*target.name, target.id), ("Elsewhere", None));
    let (_, findings) = Machine::parse_state(r#"{"Type": "Wait", "Seconds": -1, "End": true}"#);
    assert_eq!(findings.first().and_then(|finding| finding.location.as_deref()), Some("/States/StateName/Seconds"));
}

#[test]
fn substitutions_stand_for_any_value() {
    let text = r#"{"StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": {"Fn::GetAtt": ["F", "Arn"]}, "TimeoutSeconds": ${Timeout}, "Next": "B",
              "Parameters": {"q.$": "${Path}"}, "Credentials": {"RoleArn": "${Role}"}},
        "B": {"Type": "Wait", "Timestamp": "${Until}", "Next": "C"},
        "C": {"Type": "Task", "Resource": "arn:${AWS::Partition}:states:::sqs:sendMessage", "End": true}}}"#;
    assert_eq!(errors(text, MachineKind::Standard), Vec::<String>::new());
}

#[test]
fn variables_are_listed_in_order_of_first_occurrence() {
    let text = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B",
        "Parameters": {"a.$": "$x.y", "b.$": "States.Format('$no {}', $z, $x)", "c": "$no"}, "Assign": {"v.$": "$w"}},
        "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $b & $states.input.c & $a %}", "End": true}}}"#;
    let machine = Machine::parse(text, MachineKind::Standard).0.expect("a valid machine");
    assert_eq!(machine.find("A").expect("a state").variable_references, ["x", "z", "w"]);
    assert_eq!(machine.find("B").expect("a state").variable_references, ["b", "a"]);
}

#[test]
fn deep_nesting_ends_in_an_error() {
    let mut text = r#"{"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true}}}"#.to_owned();
    for level in 0..240 {
        let state = format!(r#"{{"Type": "Parallel", "End": true, "Branches": [{text}]}}"#);
        text = format!(r#"{{"StartAt": "P{level}", "States": {{"P{level}": {state}}}}}"#);
    }
    let found = errors(&text, MachineKind::Standard);
    assert!(found.iter().any(|error| error.starts_with("TOO_DEEPLY_NESTED")), "{found:?}");
    let deep = format!("{}1{}", "[".repeat(990), "]".repeat(990));
    for field in ["Parameters", "Result", "Assign"] {
        let _ = Machine::parse_state(&format!(r#"{{"Type": "Pass", "{field}": {{"a": {deep}}}, "End": true}}"#));
    }
}

#[test]
fn a_machine_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Machine>();
}

proptest::proptest! {
    /// Whatever a definition's fields hold, parsing ends with a machine or with errors.
    #[test]
    fn any_value_in_any_field_is_survived(
        kind in proptest::sample::select(vec!["Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"]),
        field in proptest::sample::select(vec![
            "Next", "End", "InputPath", "Parameters", "ResultPath", "Assign", "Output", "Choices", "Branches", "Retry",
            "Catch", "ItemProcessor", "Iterator", "ItemReader", "ItemBatcher", "ResultWriter", "Seconds", "Timestamp",
            "Resource", "Credentials", "TimeoutSeconds", "ErrorPath", "SecondsPath", "TimeoutSecondsPath", "Condition", "QueryLanguage", "Label", "Items", "Default",
        ]),
        value in "(\\PC{0,12}|\\$\\.[a-z\\[\\]?(@*]{0,8}|\\{% .{0,10} %\\}|\\$\\{[A-Z]\\}|States\\.[A-Za-z]{0,10}\\(.{0,8}\\))",
        shape in 0..4,
    ) {
        let text = serde_json::Value::String(value);
        let value = match shape {
            0 => text,
            1 => serde_json::json!([text, {"Variable": text, "StringEquals": text, "Next": text}]),
            2 => serde_json::json!({"a.$": text, "StartAt": text, "States": {"B": {"Type": text}}}),
            _ => serde_json::json!([{"ErrorEquals": [text], "Next": text, "Condition": text}, -1, null, true]),
        };
        for language in ["JSONPath", "JSONata"] {
            let state = serde_json::json!({"Type": kind, "QueryLanguage": language, field: value, "End": true});
            let machine = serde_json::json!({"StartAt": "A", "States": {"A": state}});
            let definition = Definition::read(machine.to_string(), Format::Json);
            let _ = definition.check(MachineKind::Standard);
            for (machine, findings) in [definition.parse(MachineKind::Standard), Machine::parse_state(&state.to_string())] {
                let refused = findings.iter().any(|finding| finding.severity == Severity::Error);
                proptest::prop_assert_eq!(machine.is_none(), refused, "{:?}", findings);
            }
        }
    }

    #[test]
    fn any_text_is_survived(text in "\\PC{0,80}") {
        for format in [Format::Json, Format::Yaml] {
            let _ = Definition::read(text.clone(), format).check(MachineKind::Express);
        }
    }
}

#[test]
fn a_machine_aws_accepted_is_made_whatever_would_be_refused_of_it() {
    for (states, unmade, doubtful) in [
        (r#""A": {"Type": "Pass", "End": true}"#, "", ""),
        (r#""A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Novel", "End": true}"#, "B", ""),
        (r#""A": {"Type": "Pass", "Frobnicate": 1, "End": true}"#, "", "A"),
        (r#""A": {"Type": "Pass", "End": true}, "Unreached": {"Type": "Pass", "End": true}"#, "", ""),
        (
            r#""A": {"Type": "Parallel", "End": true, "Branches": [{"StartAt": "In", "States": {
                "In": {"Type": "Wait", "Seconds": "soon", "End": true}}}]}"#,
            "In",
            "",
        ),
    ] {
        let text = format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#);
        let (accepted, findings) = Definition::read(text, Format::Json).accepted(MachineKind::Standard);
        let accepted = accepted.unwrap();
        let names = |states: &[(std::sync::Arc<str>, String)]| {
            states.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(
            (names(&accepted.unmade), names(&accepted.doubtful)),
            (unmade.into(), doubtful.into()),
            "{findings:?}"
        );
    }
}

use crate::asl::{Definition, Format, MachineKind, Severity};

/// Returns `CODE location` of every warning about a definition that AWS accepts.
fn warnings(definition: &str) -> Vec<String> {
    let definition = Definition::read(definition, Format::Json);
    let (machine, findings) = definition.check(MachineKind::Standard);
    assert!(machine.is_some(), "{findings:?}");
    findings
        .iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| format!("{} {}", finding.code, finding.location.as_deref().unwrap_or("-")))
        .collect()
}

fn states(states: &str) -> String {
    format!(r#"{{"StartAt": "A", "States": {{{states}}}}}"#)
}

#[test]
fn each_rule_speaks_up_where_it_should() {
    for (machine, expected) in [
        (r#""A": {"Type": "Pass", "End": true, "End": true}"#, "DUPLICATE_FIELD_NAME /States/A"),
        (r#""A": {"Type": "Task", "Resource": "${Arn}", "End": true}"#, "SUBSTITUTION /States/A/Resource"),
        (
            r#""A": {"Type": "Pass", "Parameters": {"a": "${X}", "b": {"c.$": "$.${X}"}}, "Next": "Parameters"},
               "Parameters": {"Type": "Wait", "Seconds": "${X}", "End": true}"#,
            "SUBSTITUTION /States/A/Parameters/b/c.$",
        ),
        (
            r#""A": {"Type": "Pass", "Parameters": {"a": {"b": "$.x"}}, "End": true}"#,
            "NO_DOLLAR /States/A/Parameters/a",
        ),
        (
            r#""A": {"Type": "Pass", "InputPath": "$.Labels[?(@.Name==Receipt)]", "Parameters": {"b": {
               "c.$": "States.Array($.d[?(@.e == \"f\")])", "g.$": "$.d[?(@.e == 'f' && @.h != 1)]"}}, "End": true}"#,
            "FILTER_WITHOUT_QUOTES /States/A/InputPath, FILTER_WITHOUT_QUOTES /States/A/Parameters/b",
        ),
        (r#""A": {"Type": "Pass", "Result": ["$.x"], "End": true}"#, "PASS_RESULT_IS_STATIC /States/A/Result[0]"),
        (
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "a {% 1 %}", "End": true}"#,
            "NO_EXPRESSION /States/A/Output",
        ),
        (r#""A": {"Type": "Succeed", "End": true}"#, "NEEDLESS_END /States/A"),
        (
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% 1 %", "End": true}"#,
            "NO_EXPRESSION /States/A/Output",
        ),
        (
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f",
               "payload": 1}, "End": true}"#,
            "PARAMETER_REFUSED /States/A/Parameters",
        ),
        (
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::brandnew:doIt", "Parameters": {}, "End": true}"#,
            "UNKNOWN_SERVICE /States/A/Resource",
        ),
        (
            r#""A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Assign": {"v": 1}, "Next": "B"}],
               "Default": "B"}, "B": {"Type": "Pass", "Parameters": {"v.$": "$v"}, "End": true}"#,
            "POSSIBLY_UNDEFINED_VARIABLE /States/B/Parameters",
        ),
        (
            r#""A": {"Type": "Pass", "Parameters": {"a": {"b.$": "States.JsonMerge($.x, $.y)"}}, "End": true}"#,
            "INTRINSIC_ARITY /States/A/Parameters/a/b.$",
        ),
        (
            r#""A": {"Type": "Pass", "End": true}, "B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}"#,
            "UNREACHABLE_STATE /States/B, UNREACHABLE_STATE /States/C",
        ),
        (
            r#""A": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "B"}], "Default": "C"},
               "B": {"Type": "Wait", "Seconds": 1, "Next": "B"}, "C": {"Type": "Succeed"}"#,
            "NEVER_ENDS /States/B",
        ),
        (
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true, "Retry": [
               {"ErrorEquals": ["X", "States.Timeout"]}, {"ErrorEquals": ["X"]}, {"ErrorEquals": ["States.ALL"]}]}"#,
            "SHADOWED_RETRIER /States/A/Retry[1]",
        ),
        (
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true, "Catch": [
               {"ErrorEquals": ["States.TaskFailed"], "Next": "B"}, {"ErrorEquals": ["X"], "Next": "B"}]},
               "B": {"Type": "Fail"}"#,
            "SHADOWED_CATCHER /States/A/Catch[1]",
        ),
        (
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true, "Retry": [
               {"ErrorEquals": ["States.Runtime"]}, {"ErrorEquals": ["States.TaskTimeout"]}]}"#,
            "UNCATCHABLE_ERROR /States/A/Retry[0]/ErrorEquals[0], UNKNOWN_ERROR_NAME /States/A/Retry[1]/ErrorEquals[0]",
        ),
        (
            r#""A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
               "Parameters": {"QueueUrl": "q", "MessageBody": "b"}, "End": true}"#,
            "WAITS_FOREVER /States/A, TOKEN_NOT_PASSED /States/A/Parameters",
        ),
        (
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $x %}", "End": true}"#,
            "POSSIBLY_UNDEFINED_VARIABLE /States/A/Output",
        ),
        (
            r#""A": {"Type": "Parallel", "Branches": [{"StartAt": "I", "States": {
               "I": {"Type": "Pass", "Assign": {"x": 1}, "End": true}}}], "Next": "B"},
               "B": {"Type": "Pass", "Parameters": {"y.$": "$x"}, "End": true}"#,
            "POSSIBLY_UNDEFINED_VARIABLE /States/B/Parameters",
        ),
        (
            r#""A": {"Type": "Pass", "Result": {"a": {"b": 1}}, "Next": "B"},
               "B": {"Type": "Pass", "Parameters": {"x.$": "$.a.c"}, "End": true}"#,
            "PATH_CANNOT_EXIST /States/B/Parameters",
        ),
        (
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata",
               "Assign": {"all": "{% $append($all, $states.input) %}"}, "Next": "B"},
               "B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": true, "Next": "A"}], "Default": "C"},
               "C": {"Type": "Succeed"}"#,
            "POSSIBLY_UNDEFINED_VARIABLE /States/A/Assign/all, GROWS_IN_LOOP /States/A/Assign",
        ),
    ] {
        assert_eq!(warnings(&states(machine)).join(", "), expected, "{machine}");
    }
}

/// AWS's sentences, as recorded.
#[test]
fn warnings_of_aws_are_in_its_words() {
    for (machine, expected) in [
        (
            r#""A": {"Type": "Pass", "Parameters": {"value": "$.value"}, "End": true}"#,
            "The value of 'value' looks like a JSONPath. Instead of 'value', use 'value.$' to evaluate it as a JSONPath \
             at runtime.",
        ),
        (
            r#""A": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $branchOnly %}", "End": true}"#,
            "Variable 'branchOnly' is possibly not defined.",
        ),
    ] {
        let (_, findings) = Definition::read(states(machine), Format::Json).check(MachineKind::Standard);
        let [finding] = findings.as_slice() else { panic!("{findings:?}") };
        assert_eq!((&*finding.message, finding.origin.name()), (expected, "aws"));
    }
}

#[test]
fn rules_of_a_choice_are_compared() {
    let choice = |rules: &str| {
        states(&format!(
            r#""A": {{"Type": "Choice", "Choices": [{rules}], "Default": "B"}}, "B": {{"Type": "Succeed"}}"#
        ))
    };
    let rule = |variable: &str, operator: &str, operand: &str| {
        format!(r#"{{"Variable": "{variable}", "{operator}": {operand}, "Next": "B"}}"#)
    };
    let both = |a: &str, b: &str| {
        format!(r#"{{"And": [{{"Variable": "$.n", {a}}}, {{"Variable": "$.n", {b}}}], "Next": "B"}}"#)
    };
    let never = |index: usize| vec![format!("CHOICE_NEVER_MATCHES /States/A/Choices[{index}]")];
    for (rules, expected) in [
        (format!("{}, {}", rule("$.n", "NumericLessThan", "10"), rule("$.n", "NumericLessThan", "5")), never(1)),
        (format!("{}, {}", rule("$.n", "NumericLessThan", "5"), rule("$.n", "NumericLessThan", "10")), vec![]),
        (format!("{}, {}", rule("$.n", "IsNumeric", "true"), rule("$.n", "NumericEquals", "1")), never(1)),
        (format!("{}, {}", rule("$.s", "StringEquals", "\"a\""), rule("$.s", "StringEquals", "\"a\"")), never(1)),
        (format!("{}, {}", rule("$.s", "StringMatches", "\"a*\""), rule("$.s", "StringMatches", "\"a*\"")), never(1)),
        (format!("{}, {}", rule("$.s", "StringEquals", "\"a\""), rule("$.t", "StringEquals", "\"a\"")), vec![]),
        (both("\"NumericLessThan\": 1", "\"NumericGreaterThan\": 2"), never(0)),
        (both("\"NumericLessThanEquals\": 1", "\"NumericGreaterThanEquals\": 1"), vec![]),
        (both("\"NumericLessThan\": 1", "\"NumericGreaterThanEquals\": 1"), never(0)),
        (both("\"StringEquals\": \"a\"", "\"IsNumeric\": true"), never(0)),
        (both("\"IsPresent\": true", "\"StringEquals\": \"a\""), vec![]),
    ] {
        assert_eq!(warnings(&choice(&rules)), expected, "{rules}");
    }
}

#[test]
fn sound_machines_are_left_alone() {
    for machine in [
        r#""A": {"Type": "Pass", "Assign": {"x": 1, "f.$": "$"}, "Next": "B"},
           "B": {"Type": "Pass", "QueryLanguage": "JSONata", "Output": "{% $map([1], $string) & $x %}", "End": true}"#,
        r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.r", "Next": "B",
                 "Catch": [{"ErrorEquals": ["States.ALL"], "Assign": {"e.$": "$.Error"}, "ResultPath": "$.e", "Next": "B"}]},
           "B": {"Type": "Pass", "Parameters": {"a.$": "$.r.x", "b.$": "$.e.Error"}, "End": true}"#,
        r#""A": {"Type": "Pass", "Result": {"n": 0}, "ResultPath": "$.loop", "Next": "B"},
           "B": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.loop.n, 1)"}, "ResultPath": "$.loop", "Next": "C"},
           "C": {"Type": "Choice", "Choices": [{"Variable": "$.loop.n", "NumericLessThan": 3, "Next": "B"}],
                 "Default": "D"}, "D": {"Type": "Succeed"}"#,
        r#""A": {"Type": "Map", "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass", "Parameters":
           {"v.$": "$$.Map.Item.Value"}, "End": true}}}, "Next": "B"}, "B": {"Type": "Wait", "SecondsPath": "$[0].v", "End": true}"#,
        r#""A": {"Type": "Parallel", "Branches": [{"StartAt": "I", "States": {"I": {"Type": "Fail", "Error": "States.Done"}}}],
                 "Catch": [{"ErrorEquals": ["States.Done"], "Next": "B"}], "End": true}, "B": {"Type": "Succeed"}"#,
        r#""A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "${F}"},
                 "ResultPath": "$.r", "OutputPath": "$.r.list[(@.length-1)]", "End": true}"#,
    ] {
        assert_eq!(warnings(&states(machine)), Vec::<String>::new(), "{machine}");
    }
}

#[test]
fn a_machine_with_a_time_limit_does_not_wait_forever() {
    let machine = |limit: &str| {
        format!(
            r#"{{"StartAt": "A", {limit} "States": {{"A": {{"Type": "Task", "End": true,
               "Resource": "arn:aws:states:eu-west-1:123456789012:activity:a"}}}}}}"#
        )
    };
    assert_eq!(warnings(&machine("")), ["WAITS_FOREVER /States/A"]);
    assert_eq!(warnings(&machine(r#""TimeoutSeconds": 60,"#)), Vec::<String>::new());
}

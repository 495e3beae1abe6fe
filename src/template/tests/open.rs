//! What a template leaves open, and what it switches off.

use super::{errors, findings, template, template_with};

#[test]
fn what_is_put_in_as_a_whole_is_no_error() {
    for (text, machine) in [
        ("A: {Type: !Ref Kind, End: true}", "CloudFormation: a type"),
        ("A: !Ref State\n          B: {Type: Succeed}", "CloudFormation: a state"),
        ("A: {Type: Pass, Next: Lost}\n          Fn::Transform: {Name: Add}", "CloudFormation: some states"),
    ] {
        let text = format!(
            "Parameters: {{Kind: {{Type: String}}, State: {{Type: String}}}}\nResources:\n  M:\n    \
             Type: AWS::StepFunctions::StateMachine\n    Properties:\n      Definition:\n        StartAt: A\n        \
             States:\n          {text}\n"
        );
        let template = template(&[("t.yaml", &text)]);
        assert_eq!(errors(&template.machines[0]), [""; 0], "{machine}");
        assert!(!template.machines[0].unknown.is_empty(), "{machine}");
    }
    for states in ["{A = var.state}", "merge({A = {Type = \"Pass\", Next = \"B\"}}, var.states)", "var.states"] {
        let text = format!(
            "resource \"aws_sfn_state_machine\" \"m\" {{\n  definition = jsonencode({{StartAt = \"A\", States = {states}}})\n}}\n"
        );
        let template = template(&[("main.tf", &text)]);
        assert_eq!(errors(&template.machines[0]), [""; 0], "{states}");
        assert!(!template.machines[0].unknown.is_empty(), "{states}");
    }
}

#[test]
fn a_machine_that_is_switched_off_is_told() {
    let body = "definition = jsonencode({StartAt = \"A\", States = {A = {Type = \"Succeed\"}}})";
    for (meta, why) in [
        ("count = 0", Some("its count is 0")),
        ("count = var.on ? 1 : 0", None),
        ("count = 2", None),
        ("for_each = toset([])", Some("its for_each is empty")),
        ("for_each = {}", Some("its for_each is empty")),
        ("for_each = var.all", None),
    ] {
        let text = format!("resource \"aws_sfn_state_machine\" \"m\" {{\n  {meta}\n  {body}\n}}\n");
        let template = template(&[("main.tf", &text)]);
        let told = template.machines[0].absent.as_ref().map(|absent| absent.message.as_str());
        let wanted = why.map(|why| format!("The template makes no state machine m: {why}."));
        assert_eq!(told, wanted.as_deref(), "{meta}");
    }
    let text = "Parameters: {Stage: {Type: String, Default: dev}}\nConditions: {Live: !Equals [!Ref Stage, live]}\n\
                Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Condition: Live\n    Properties:\n      \
                Definition: {StartAt: A, States: {A: {Type: Succeed}}}\n";
    assert!(template(&[("t.yaml", text)]).machines[0].absent.is_some());
    assert!(template_with(&[("t.yaml", text)], &[("Stage", "live")]).machines[0].absent.is_none());
}

#[test]
fn modules_that_call_each_other_come_to_an_end() {
    let module = |other: &str| {
        format!(
            "module \"x\" {{\n  source = \"{other}\"\n}}\nmodule \"y\" {{\n  source = \"{other}\"\n}}\n\
             resource \"aws_sfn_state_machine\" \"m\" {{\n  definition = jsonencode({{StartAt = \"A\", States = \
             {{A = {{Type = \"Succeed\"}}}}}})\n}}\n"
        )
    };
    let (a, b) = (module("../b"), module("../a"));
    let template = template(&[("a/main.tf", &a), ("b/main.tf", &b)]);
    assert!(template.machines.len() < 10, "{}", template.machines.len());
    let told: Vec<String> = template.machines.iter().flat_map(errors).collect();
    assert!(told.iter().any(|told| told.contains("calls a module that it is part of")), "{told:?}");
}

#[test]
fn words_of_a_stack_are_those_of_yaml_1_1() {
    let text = "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      Definition:\n        \
                StartAt: Yes\n        States:\n          Yes: {Type: Wait, Seconds: 010, Next: No}\n          \
                No: {Type: Pass, Result: !If [Nobody, 1, 1], End: on}\n---\nA: 1\n";
    let template = template(&[("t.yaml", text)]);
    let machine = &template.machines[0];
    let value = machine.definition.to_value().unwrap();
    assert_eq!(value["States"]["Yes"], serde_json::json!({"Type": "Wait", "Seconds": 8, "Next": "No"}));
    assert_eq!(value["States"]["No"]["End"], true);
    let told = findings(machine);
    assert!(told.iter().any(|told| told.contains("no condition 'Nobody'")), "{told:?}");
    assert!(told.iter().any(|told| told.contains("t.yaml:10:1 Another YAML document")), "{told:?}");
    assert_eq!(errors(machine), [""; 0]);
}

//! CloudFormation, SAM and CDK.

use super::*;

#[test]
fn a_definition_string_in_a_sub_is_told_in_the_template() {
    let text = r#"AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Poster:
    Type: AWS::Lambda::Function
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      DefinitionString: !Sub |
        {
          "StartAt": "Post",
          "TimeoutSeconds": ${MaxSeconds},
          "States": {
            "Post": {"Type": "Task", "Resource": "${Poster.Arn}", "Next": "Dnoe"},
            "Done": {"Type": "Succeed"}
          }
        }
"#;
    let template = template(&[("cfn.yaml", text)]);
    assert_eq!(template.kind, Kind::CloudFormation);
    let machine = &template.machines[0];
    assert_eq!(unknown(machine), [("MaxSeconds", 1), ("Poster.Arn", 1)]);
    assert_eq!(
        errors(machine),
        ["ERROR cfn.yaml:14:75 Missing 'Next' target: Dnoe", "ERROR cfn.yaml:15:13 State \"Done\" is not reachable.",]
    );
}

#[test]
fn joined_definitions_are_told_in_their_pieces() {
    let text = r#"{"Resources": {"Flow": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
"DefinitionString": {"Fn::Join": ["", [
 "{\"StartAt\":\"Post\",\"States\":{\"Post\":{\"Type\":\"Task\",\"Resource\":\"arn:",
 {"Ref": "AWS::Partition"},
 ":states:::lambda:invoke\",\"Parameters\":{\"FunctionName\":\"",
 {"Fn::GetAtt": ["PostFn", "Arn"]},
 "\",\"Payload.$\":\"$\"},\"Next\":\"Dnoe\"},\"Done\":{\"Type\":\"Succeed\"}}}"]]}}}, "PostFn": {"Type": "AWS::Lambda::Function"}}}"#;
    let template = template(&[("cdk.template.json", text)]);
    let machine = &template.machines[0];
    let column = text.lines().nth(6).unwrap().find("\\\"Dnoe").unwrap() + 1;
    assert_eq!(errors(machine)[0], format!("ERROR cdk.template.json:7:{column} Missing 'Next' target: Dnoe"));
    assert_eq!(unknown(machine), [("PostFn.Arn", 1)]);
    let joined = text.replace("Dnoe", "Done");
    let joined = super::template(&[("cdk.template.json", &joined)]);
    assert_eq!(sound(&joined), ["Flow"]);
    assert!(joined.machines[0].text().unwrap().contains("arn:aws:states:::lambda:invoke"));
}

#[test]
fn joined_lines_of_yaml_keep_their_places() {
    let text = r#"Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString:
        !Join
          - "\n"
          -
            - "{"
            - '  "StartAt": "A",'
            - '  "States": {"A": {"Type": "Wait", "Seconds": -1, "End": true}}'
            - "}"
"#;
    let template = template(&[("m.yaml", text)]);
    assert_eq!(errors(&template.machines[0]), ["ERROR m.yaml:11:62 Minimum value is 0"]);
}

#[test]
fn functions_are_resolved_as_far_as_the_template_says() {
    let text = r#"Parameters:
  Stage: {Type: String, Default: prod}
  Table: {Type: String}
  Secret: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a/b}
  Nets: {Type: CommaDelimitedList, Default: "a, b"}
  Wait: {Type: Number, Default: 30}
Mappings:
  Sizes: {prod: {Max: 7}, dev: {Max: 1}}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  IsDev: !Not [{Condition: IsProd}]
  Either: !Or [!Condition IsDev, !Equals [!Ref Table, x]]
Resources:
  Fn: {Type: AWS::Lambda::Function, Properties: {FunctionName: !Sub "${Stage}-fn"}}
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      StateMachineName: !Sub flow-${Stage}
      StateMachineType: !If [IsDev, EXPRESS, STANDARD]
      Definition:
        StartAt: A
        States:
          A:
            Type: Pass
            Next: B
            Result:
              name: !Ref Fn
              max: !FindInMap [Sizes, !Ref Stage, Max]
              unknown: !FindInMap [Sizes, !Ref Table, Max]
              net: !Select [1, !Ref Nets]
              part: !Select [0, !Split ["-", a-b]]
              no: !If [IsDev, x, !Ref AWS::NoValue]
              mapped: !Sub ["${A}/${B}/${!C}/${Secret}", {A: !Ref Stage, B: !GetAtt Fn.Arn}]
              imported: !ImportValue shared
              long: {"Fn::Join": ["-", [a, {Ref: Table}]]}
              both: !If [Either, same, other]
          B: {Type: Wait, Seconds: !Ref Wait, End: true}
"#;
    let template = template(&[("t.yaml", text)]);
    let machine = &template.machines[0];
    assert_eq!((machine.kind, &*machine.aliases), (Some(MachineKind::Standard), &["flow-prod".to_owned()][..]));
    let value = machine.definition.to_value().unwrap();
    let expected = serde_json::json!({
        "name": "prod-fn", "max": 7, "unknown": "${Fn::FindInMap Sizes.Max}", "net": "b", "part": "a",
        "mapped": "prod/${Fn.Arn}/${C}/${Secret}", "imported": "${Fn::ImportValue shared}", "long": "a-${Table}",
        "both": "same"
    });
    assert_eq!(value["States"]["A"]["Result"], expected);
    let given = template_with(&[("t.yaml", text)], &[("Stage", "dev"), ("Table", "t")]);
    let value = given.machines[0].definition.to_value().unwrap();
    assert_eq!(given.machines[0].kind, Some(MachineKind::Express));
    assert_eq!(value["States"]["A"]["Result"]["long"], "a-t");
}

const FLOW: &str = r#"{
  "StartAt": "A",
  "TimeoutSeconds": ${Limit},
  "States": {
    "A": {"Type": "Task", "Resource": "${FnArn}", "Next": "B"},
    "B": {"Type": "Task", "Resource": "arn:${AWS::Partition}:states:::dynamodb:putItem",
      "Parameters": {"TableName": "${Table}", "Item": {"Id": {"S.$": "$.id"}}}, "End": true}
  }
}"#;

const SAM: &str = r#"AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Timeout: 3}
Resources:
  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
  Trading:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: statemachine/flow.asl.json
      DefinitionSubstitutions:
        FnArn: !GetAtt Fn.Arn
        Limit: 30
        Table: !Ref Transactions
      Policies:
        - LambdaInvokePolicy: {FunctionName: !Ref Fn}
  Transactions: {Type: AWS::Serverless::SimpleTable}
"#;

#[test]
fn definitions_of_files_take_what_the_template_puts_in() {
    let template = template(&[("t/template.yaml", SAM), ("t/statemachine/flow.asl.json", FLOW)]);
    assert_eq!(template.kind, Kind::Sam);
    assert_eq!(sound(&template), ["Trading"]);
    let machine = &template.machines[0];
    assert_eq!(machine.definition.to_value().unwrap()["TimeoutSeconds"], 30);
    assert_eq!(unknown(machine), [("FnArn", 1), ("AWS::Partition", 1), ("Table", 1)]);
    assert_eq!(template.files, ["t/template.yaml", "t/statemachine/flow.asl.json"]);
    let less = SAM.replace("        Table: !Ref Transactions\n", "");
    let less = super::template(&[("t/template.yaml", &less), ("t/statemachine/flow.asl.json", FLOW)]);
    let told = "WARNING t/statemachine/flow.asl.json:7:35 DefinitionSubstitutions gives no value for ${Table}.";
    assert!(findings(&less.machines[0]).iter().any(|finding| finding == told), "{:?}", findings(&less.machines[0]));
    let broken = FLOW.replace("\"Next\": \"B\"", "\"Next\": \"C\"");
    let template = super::template(&[("t/template.yaml", SAM), ("t/statemachine/flow.asl.json", &broken)]);
    assert_eq!(errors(&template.machines[0])[0], "ERROR t/statemachine/flow.asl.json:5:59 Missing 'Next' target: C");
}

#[test]
fn definitions_that_are_not_here_are_told() {
    for (uri, expected) in [
        (
            "statemachine/flow.asl.json",
            "ERROR t.yaml:10:22 The definition of Trading cannot be read from 'statemachine/flow.asl.json': there is no such file.",
        ),
        (
            "s3://bucket/key.json",
            "WARNING t.yaml:10:22 The definition of Trading is in s3://bucket/key.json, which was not read.",
        ),
        ("{Bucket: b, Key: k}", "WARNING t.yaml:10:22 The definition of Trading is in s3://b/k, which was not read."),
        ("!Ref Where", "WARNING t.yaml:10:22 The definition of Trading is in ${Where}, which was not read."),
    ] {
        let template = template(&[("t.yaml", &SAM.replace("statemachine/flow.asl.json", uri))]);
        assert_eq!(findings(&template.machines[0]), [expected], "{uri}");
    }
}

#[test]
fn keys_that_stand_twice_are_told() {
    let text = "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      RoleArn: a\n      RoleArn: b\n      Definition: {StartAt: A, States: {A: {Type: Succeed}}}\n";
    let template = template(&[("t.yaml", text)]);
    assert_eq!(
        findings(&template.machines[0]),
        ["WARNING t.yaml:6:7 The key 'RoleArn' stands twice here; only the last counts."]
    );
}

/// Each: files, the first of which is read, and the names of its machines.
#[test]
fn machines_are_found_in_every_form() {
    let machine = |properties: &str| {
        format!("Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n{properties}")
    };
    let object = "      Definition:\n        StartAt: A\n        States:\n          A: {Type: Pass, End: true}\n";
    type Case<'a> = (Vec<(&'a str, String)>, &'a [&'a str]);
    let cases: Vec<Case<'_>> = vec![
        (vec![("t.yaml", machine(object))], &["M"]),
        (
            vec![("t.yaml", machine("      DefinitionString: '{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}'\n"))],
            &["M"],
        ),
        (
            vec![("t.yaml", machine("      DefinitionString:\n        Fn::Sub:\n          - |-\n            {\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Wait\", \"Seconds\": ${Wait}, \"End\": true}}}\n          - Wait: !If [Long, 100, 1]\n"))],
            &["M"],
        ),
        (
            vec![
                ("t.yml", machine("      DefinitionS3Location: ./a.asl.yaml\n      DefinitionSubstitutions: {Arn: !ImportValue arn}\n")),
                ("a.asl.yaml", "StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: ${Arn}\n    End: true\n    Retry: &r\n      - ErrorEquals: [States.ALL]\n".to_owned()),
            ],
            &["M"],
        ),
        (
            vec![("t.yaml", machine("      DefinitionString:\n        Fn::ToJsonString:\n          StartAt: A\n          States:\n            A: {Type: Succeed}\n"))],
            &["M"],
        ),
        (
            vec![
                ("t.json", r#"{"Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine",
                  "Properties": {"DefinitionS3Location": {"Bucket": {"Fn::Sub": "cdk-${AWS::AccountId}"}, "Key": "1.json"}},
                  "Metadata": {"aws:asset:path": "asset.1.json", "aws:asset:property": "DefinitionS3Location"}}}}"#.to_owned()),
                ("asset.1.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}".to_owned()),
            ],
            &["M"],
        ),
        // Anchors, a bracket that closes to the left of its key, and a condition that is taken the same way twice.
        (
            vec![("t.yaml", machine("      Definition:\n        StartAt: !If [Fast, Q, S]\n        States: {\n          Q: &pass {Type: Pass, End: true},\n          R: {<<: *pass}\n      }\n").replace("StartAt: !If [Fast, Q, S]", "StartAt: !If [Fast, X, Q]").replace("R: {<<: *pass}", "Q2: !If [Fast, {Type: Pass, End: true}, !Ref AWS::NoValue]").replace("X,", "Q2,").replace("Q: &pass {Type: Pass, End: true}", "Q: !If [Fast, !Ref AWS::NoValue, {Type: Pass, End: true}]"))],
            &["M"],
        ),
        (
            vec![("t.yaml", format!("{}  N:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Type: EXPRESS\n{object}", machine(object)))],
            &["M", "N"],
        ),
        // Two numbers nobody knows contradict each other in no machine.
        (
            vec![("t.yaml", machine("      DefinitionString: !Sub |\n        {\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Task\", \"Resource\": \"${F.Arn}\", \"TimeoutSeconds\": ${T}, \"HeartbeatSeconds\": ${H},\n         \"Retry\": [{\"ErrorEquals\": [\"States.ALL\"], \"IntervalSeconds\": 9, \"MaxDelaySeconds\": ${D}, \"BackoffRate\": ${R}}], \"End\": true}}}\n"))],
            &["M"],
        ),
    ];
    for (files, names) in cases {
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(sound(&template(&files)), names, "{}", files[0].1);
    }
}

/// A text that is put into itself twice, thirty times over, is not put together to its end.
#[test]
fn nested_substitutions_come_to_an_end() {
    let sub = (0..30).fold("xx".to_owned(), |inside, _| format!("!Sub [\"${{x}}${{x}}\", {{x: {inside}}}]"));
    let text = format!(
        "Resources: {{M: {{Type: AWS::StepFunctions::StateMachine, Properties: {{DefinitionString: {sub}}}}}}}\n"
    );
    assert_eq!(template(&[("t.yaml", &text)]).machines.len(), 1);
}

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
    let template = super::template(&[("cdk.template.json", &joined)]);
    assert_eq!(sound(&template), ["Flow"]);
    assert!(template.machines[0].text().unwrap().contains("arn:aws:states:::lambda:invoke"));
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

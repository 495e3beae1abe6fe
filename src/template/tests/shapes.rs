//! The shapes of public samples, cut down: each must be read with the right machines and without an error.

use super::*;

/// Each: the file, its text, and the names of its machines.
const SHAPES: &[(&str, &str, &[&str])] = &[
    // A sample of serverless patterns: Sub with a map, GetAtt as a list.
    (
        "template.yaml",
        r#"AWSTemplateFormatVersion: 2010-09-09
Resources:
  MyStateMachine:
    Type: 'AWS::StepFunctions::StateMachine'
    Properties:
      DefinitionString:
        !Sub
          - |-
            {
              "Comment": "A Hello World example using an AWS Lambda function",
              "StartAt": "HelloWorld",
              "States": {
                "HelloWorld": {"Type": "Task", "Resource": "${lambdaArn}", "End": true}
              }
            }
          - {lambdaArn: !GetAtt [ MyLambdaFunction, Arn ]}
      RoleArn: !GetAtt [ StatesExecutionRole, Arn ]
  MyLambdaFunction: {Type: AWS::Lambda::Function}
  StatesExecutionRole: {Type: AWS::IAM::Role}
"#,
        &["MyStateMachine"],
    ),
    // Lines joined, the way the first documentation had it.
    (
        "template.json",
        r#"{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"M": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {
  "DefinitionString": {"Fn::Join": ["\n", ["{", "    \"StartAt\": \"HelloWorld\",", "    \"States\" : {", "        \"HelloWorld\" : {",
    "            \"Type\" : \"Task\", ", {"Fn::Join": ["", ["            \"Resource\" : \"", {"Fn::GetAtt": ["F", "Arn"]}, "\","]]},
    "            \"End\" : true", "        }", "    }", "}"]]}, "RoleArn": {"Fn::GetAtt": ["R", "Arn"]}}},
  "F": {"Type": "AWS::Lambda::Function"}, "R": {"Type": "AWS::IAM::Role"}}}"#,
        &["M"],
    ),
    // CDK: tokens in the middle of texts, a retry policy, a nested map, two machines.
    (
        "Stack.template.json",
        r#"{"Resources": {"SmA": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", [
  "{\"StartAt\":\"Each\",\"States\":{\"Each\":{\"Type\":\"Map\",\"End\":true,\"ItemsPath\":\"$.items\",\"ItemProcessor\":{\"ProcessorConfig\":{\"Mode\":\"INLINE\"},\"StartAt\":\"Do\",\"States\":{\"Do\":{\"End\":true,\"Retry\":[{\"ErrorEquals\":[\"Lambda.ServiceException\",\"Lambda.AWSLambdaException\"],\"IntervalSeconds\":2,\"MaxAttempts\":6,\"BackoffRate\":2}],\"Type\":\"Task\",\"Resource\":\"arn:",
  {"Ref": "AWS::Partition"}, ":states:::lambda:invoke\",\"Parameters\":{\"FunctionName\":\"", {"Fn::GetAtt": ["F1", "Arn"]}, "\",\"Payload.$\":\"$\"}}}}}},\"TimeoutSeconds\":300}"]]}}},
  "F1": {"Type": "AWS::Lambda::Function"},
  "SmB": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"StateMachineType": "EXPRESS", "DefinitionString": "{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}"}}},
  "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/cdk-bootstrap/x/version"}}}"#,
        &["SmA", "SmB"],
    ),
    // SAM with an object and functions in it; a name drawn from the stack.
    (
        "template.yml",
        r#"Transform: AWS::Serverless-2016-10-31
Parameters:
  Threshold: {Type: Number, Default: 10}
Resources:
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      Name: !Join ['-', [!Ref AWS::StackName, flow]]
      Type: STANDARD
      Definition:
        StartAt: Check
        States:
          Check:
            Type: Choice
            Choices:
              - Variable: $.n
                NumericGreaterThan: !Ref Threshold
                Next: Big
            Default: Small
          Big:
            Type: Task
            Resource: arn:aws:states:::sns:publish
            Parameters:
              TopicArn: !Ref Topic
              Message.$: $.n
            End: true
          Small:
            Type: Task
            Resource: !Sub arn:${AWS::Partition}:states:::sqs:sendMessage.waitForTaskToken
            Parameters:
              QueueUrl: !GetAtt Queue.QueueUrl
              MessageBody: {Token.$: $$.Task.Token}
            TimeoutSeconds: !FindInMap [Waits, !Ref AWS::Region, Seconds]
            End: true
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
Mappings:
  Waits: {us-east-1: {Seconds: 60}}
"#,
        &["Flow"],
    ),
    // Long functions in YAML, a substitution in a key's value and one in a number.
    (
        "long.yaml",
        r#"Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString:
        Fn::Sub: |
          {"StartAt": "A", "States": {
            "A": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync",
              "Parameters": {"LaunchType": "FARGATE", "Cluster": "${Cluster}", "TaskDefinition": "${Task}",
                "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["${NetA}", "${NetB}"]}}},
              "HeartbeatSeconds": ${Beat}, "TimeoutSeconds": 900, "Next": "B"},
            "B": {"Type": "Wait", "SecondsPath": "$.wait", "End": true}}}
"#,
        &["M"],
    ),
    // A condition on the machine, an object whose branches hang on it, a policy beside.
    (
        "cond.yaml",
        r#"Conditions:
  Notify: !Not [!Equals [!Ref Email, ""]]
Parameters:
  Email: {Type: String, Default: ""}
Resources:
  M:
    Type: AWS::Serverless::StateMachine
    Condition: Notify
    Properties:
      Definition:
        StartAt: A
        States:
          A:
            Type: Pass
            Next: !If [Notify, B, C]
          B: !If [Notify, {Type: Succeed}, !Ref AWS::NoValue]
          C: !If [Notify, !Ref AWS::NoValue, {Type: Fail, Error: None}]
"#,
        &["M"],
    ),
    // Serverless: a list of branches, CloudFormation's functions, events beside.
    (
        "serverless.yml",
        r#"service: hello
frameworkVersion: '3'
provider: {name: aws, runtime: nodejs18.x, stage: "${opt:stage, 'dev'}"}
functions:
  hello: {handler: handler.hello}
stepFunctions:
  stateMachines:
    hellostepfunc1:
      events:
        - http: {path: gofunction, method: GET}
      name: myStateMachine-${self:provider.stage}
      definition:
        Comment: "A Hello World example of the Amazon States Language"
        StartAt: FirstState
        States:
          FirstState:
            Type: Task
            Resource: {Fn::GetAtt: [hello, Arn]}
            Next: Both
          Both:
            Type: Parallel
            End: true
            Branches:
              - StartAt: Left
                States:
                  Left: {Type: Wait, Seconds: 1, End: true}
              - StartAt: Right
                States:
                  Right:
                    Type: Task
                    Resource: arn:aws:states:::sqs:sendMessage
                    Parameters:
                      QueueUrl: {Ref: Queue}
                      MessageBody: hi
                    End: true
    second:
      type: EXPRESS
      definition:
        Fn::Sub: '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${HelloLambdaFunction.Arn}", "End": true}}}'
plugins: [serverless-step-functions]
"#,
        &["hellostepfunc1", "second"],
    ),
    // Terraform's own documentation.
    (
        "main.tf",
        r#"resource "aws_sfn_state_machine" "sfn_state_machine" {
  name     = "my-state-machine"
  role_arn = aws_iam_role.iam_for_sfn.arn

  definition = <<EOF
{
  "Comment": "A Hello World example of the Amazon States Language using an AWS Lambda Function",
  "StartAt": "HelloWorld",
  "States": {
    "HelloWorld": {
      "Type": "Task",
      "Resource": "${aws_lambda_function.lambda.arn}",
      "End": true
    }
  }
}
EOF

  logging_configuration {
    log_destination = "${aws_cloudwatch_log_group.log.arn}:*"
  }
}
"#,
        &["sfn_state_machine"],
    ),
    // Keys in quotes, colons for equal signs, numbers from variables, a list that is put together, a conditional.
    (
        "quoted.tf",
        r#"variable "retries" {
  type    = number
  default = 3
}
variable "timeout" {}
locals {
  retry = [{ ErrorEquals = ["States.TaskFailed"], IntervalSeconds = 2, MaxAttempts = var.retries, BackoffRate = 1.5 }]
  names = { for index, name in ["a", "b"] : name => "State ${index}" }
}
resource "aws_sfn_state_machine" "m" {
  name = "${var.prefix}-m"
  definition = jsonencode({
    "Comment" : "x",
    "StartAt" : local.names["a"],
    "TimeoutSeconds" : var.timeout,
    "States" : {
      (local.names["a"]) : {
        "Type" : "Task",
        "Resource" : "arn:aws:states:::lambda:invoke",
        "Parameters" : { "FunctionName" : "${aws_lambda_function.f.arn}:$LATEST", "Payload.$" : "$" },
        "Retry" : concat(local.retry, []),
        "HeartbeatSeconds" : var.timeout - 1,
        "Next" : local.names.b
      },
      "State 1" = merge({ Type = "Wait", End = true }, var.short ? { Seconds = 1 } : { Timestamp = "2030-01-01T00:00:00Z" })
    }
  })
}
"#,
        &["m"],
    ),
    // A count, a module from a registry, a JSONata machine whose braces are its own.
    (
        "jsonata.tf",
        r#"module "sf" {
  source  = "terraform-aws-modules/step-functions/aws"
  version = "~> 4.2"
  definition = jsonencode({
    QueryLanguage = "JSONata"
    StartAt       = "A"
    States = { A = { Type = "Pass", Output = "{% {'a': $states.input.x} %}", End = true } }
  })
  service_integrations = { lambda = { lambda = ["arn:aws:lambda:*:*:function:x"] } }
}
resource "aws_sfn_state_machine" "n" {
  count      = 2
  definition = templatefile("nothing-${count.index}.json", {})
}
"#,
        &["sf"],
    ),
    // A template with a loop and with a condition in the middle of a list.
    (
        "loop.json.tftpl",
        r#"{
  "StartAt": "Fan",
  "States": {
    "Fan": {"Type": "Parallel", "End": true, "Branches": [
%{ for index, name in names ~}
      {"StartAt": "Run ${name}", "States": {"Run ${name}": {"Type": "Task", "Resource": "${arns[name]}", "End": true}}}%{ if index < length(names) - 1 },%{ endif }
%{ endfor ~}
    ]}
  }
}
"#,
        &["loop"],
    ),
    // The answer of DescribeStateMachineForExecution.
    (
        "described.json",
        r#"{"stateMachineArn": "arn:aws:states:eu-west-1:123456789012:stateMachine:x", "name": "x",
 "definition": "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}", "roleArn": "arn:aws:iam::123456789012:role/r", "updateDate": 1.0}"#,
        &["x"],
    ),
];

#[test]
fn public_shapes_are_read_without_an_error() {
    for (file, text, names) in SHAPES {
        let mut template = template(&[(file, text)]);
        // A file that is not there is a finding of its own.
        template.machines.retain(|machine| !errors(machine).iter().any(|told| told.contains("there is no such file")));
        assert_eq!(&sound(&template), names, "{file}: {text}");
    }
}

/// What is broken in a shape is found in it, at its line.
#[test]
fn broken_shapes_are_told_where_they_are_broken() {
    for (file, from, to, message) in [
        ("template.yaml", "\"StartAt\": \"HelloWorld\"", "\"StartAt\": \"Hello\"", "Missing 'Next' target: Hello"),
        ("template.json", "\\\"End\\\" : true", "\\\"Ende\\\" : true", "Field 'Ende' is not supported"),
        ("template.yml", "Default: Small", "Default: Smal", "Missing 'Next' target: Smal"),
        ("serverless.yml", "Next: Both", "Nex: Both", "Field 'Nex' is not supported"),
        ("main.tf", "\"End\": true", "\"End\": tru", "Unrecognized token 'tru'"),
        ("quoted.tf", "\"Next\" : local.names.b", "\"Next\" : \"Nowhere\"", "Missing 'Next' target: Nowhere"),
        ("loop.json.tftpl", "\"StartAt\": \"Fan\"", "\"StartAt\": \"Fun\"", "Missing 'Next' target: Fun"),
        ("described.json", "\\\"StartAt\\\": \\\"A\\\"", "\\\"StartAt\\\": \\\"B\\\"", "Missing 'Next' target: B"),
    ] {
        let (_, text, _) = SHAPES.iter().find(|(name, ..)| *name == file).unwrap();
        assert!(text.contains(from), "{file}");
        let broken = text.replacen(from, to, 1);
        let line = broken[..broken.find(to).unwrap()].matches('\n').count() + 1;
        let template = template(&[(file, &broken)]);
        let told: Vec<String> = template.machines.iter().flat_map(errors).collect();
        let is_told = |told: &String| told.starts_with(&format!("ERROR {file}:{line}:")) && told.contains(message);
        assert!(told.iter().any(is_told), "{file}:{line} {message} in {told:#?}");
    }
}

/// A definition of one state, as a file beside a template.
const BESIDE: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${Fn}", "End": true}}}"#;

/// A machine whose definition was uploaded: what is here of it is read, whatever CDK or a person called it.
#[test]
fn what_was_uploaded_is_read_from_the_file_it_was_made_of() {
    let machine = |location: &str| {
        format!(
            "Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties: {{{location}, RoleArn: x, DefinitionSubstitutions: {{Fn: !GetAtt F.Arn}}}}\n  F: {{Type: AWS::Lambda::Function}}\n"
        )
    };
    for (location, file) in [
        ("DefinitionS3Location: {Bucket: b, Key: m.asl.json}", "out/m.asl.json"),
        ("DefinitionS3Location: {Bucket: !Ref B, Key: some/where/m.asl.json}", "out/m.asl.json"),
        ("DefinitionS3Location: {Bucket: !Sub 'cdk-x-${AWS::Region}', Key: 01ab.json}", "out/asset.01ab.json"),
        ("DefinitionS3Location: {Bucket: b, Key: 01ab.json}", "asset.01ab.json"),
        ("DefinitionUri: s3://b/defs/m.asl.json", "out/defs/m.asl.json"),
    ] {
        let template = template(&[("out/t.yaml", &machine(location)), (file, BESIDE)]);
        assert_eq!(sound(&template), ["M"], "{location}");
        assert_eq!(template.files, ["out/t.yaml", file]);
    }
    for location in ["DefinitionS3Location: {Bucket: b, Key: !Ref K}", "DefinitionUri: s3://b/other.json"] {
        let template = template(&[("out/t.yaml", &machine(location)), ("out/m.asl.json", BESIDE)]);
        assert!(findings(&template.machines[0])[0].starts_with("WARNING"), "{location}: it is not here");
    }
}

#[test]
fn references_that_only_a_deployment_resolves_stay_open() {
    let text = r#"Resources:
  M:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: x
      DefinitionSubstitutions: {Fn: "{{resolve:ssm:/fn:1}}"}
      DefinitionString: '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"${Fn}","Next":"B"},
        "B":{"Type":"Task","Resource":"{{resolve:secretsmanager:b}}","Next":"C"},"C":{"Type":"Pass","Result":"x-{{resolve:ssm:c}}","End":true}}}'
"#;
    let template = template(&[("t.yaml", text)]);
    assert_eq!(sound(&template), ["M"]);
    assert_eq!(unknown(&template.machines[0]), [("Fn", 1), ("secretsmanager:b", 1), ("ssm:c", 1)]);
}

#[test]
fn loops_over_resources_are_made() {
    let text = r#"Transform: AWS::LanguageExtensions
Parameters: {Regions: {Type: CommaDelimitedList, Default: "eu-1, us-1"}}
Resources:
  Fn::ForEach::Machines:
    - Name
    - [One, Two]
    - ${Name}Flow:
        Type: AWS::StepFunctions::StateMachine
        Properties: {RoleArn: x, Definition: {StartAt: !Ref Name, States: {"${Name}": {Type: Succeed}}}}
  Fn::ForEach::Regions:
    - Region
    - !Ref Regions
    - In&{Region}:
        Type: AWS::StepFunctions::StateMachine
        Properties: {RoleArn: x, DefinitionString: '{"StartAt":"S","States":{"S":{"Type":"Pass","Result":"${Region}","End":true}}}'}
"#;
    assert_eq!(sound(&template(&[("t.yaml", text)])), ["OneFlow", "TwoFlow", "Ineu1", "Inus1"]);
}

#[test]
fn services_add_machines_in_the_words_of_cloudformation_and_count_with_numbers() {
    let text = r#"service: s
provider: {name: aws}
custom: {first: A}
stepFunctions:
  stateMachines:
    own:
      definition:
        StartAt: A
        TimeoutSeconds: "${env:LIMIT, 20}"
        States:
          A: {Type: Task, Resource: "arn:aws:lambda:#{AWS::Region}:#{AWS::AccountId}:function:f", End: true}
resources:
  - Resources:
      Added:
        Type: AWS::StepFunctions::StateMachine
        Properties: {RoleArn: x, Definition: {StartAt: "${self:custom.first}", States: {A: {Type: Succeed}}}}
"#;
    let found = template(&[("serverless.yml", text)]);
    assert_eq!((found.kind, sound(&found)), (Kind::Serverless, vec!["own", "Added"]));
    let alone = text.split("stepFunctions:").next().unwrap().to_owned()
        + "resources:\n"
        + text.split("resources:\n").nth(1).unwrap();
    assert_eq!(sound(&template(&[("serverless.yml", &alone)])), ["Added"]);
}

#[test]
fn terraform_written_as_json_is_read_and_its_expressions_stay_open() {
    let text = r#"{"//": {}, "resource": {"aws_sfn_state_machine": {
  "m": {"name": "n", "role_arn": "r", "definition": "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"Resource\":\"${aws_lambda_function.f.arn}\",\"End\":true}}}"},
  "computed": [{"name": "c", "definition": "${jsonencode(local.d)}"}]}}}"#;
    let template = template(&[("cdk.tf.json", text)]);
    let [m, computed] = template.machines.as_slice() else { panic!("{template:?}") };
    assert_eq!((errors(m), unknown(m)), (vec![], vec![("aws_lambda_function.f.arn", 1)]));
    assert!(m.is_called("aws_sfn_state_machine.m") && m.is_called("n"));
    assert!(findings(computed)[0].starts_with("WARNING"), "{:?}", findings(computed));
}

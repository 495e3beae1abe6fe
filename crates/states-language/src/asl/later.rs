//! What only a deployment knows may stand anywhere: no part of a good machine becomes wrong when it is put in later.

use super::{Data, Definition, Diagnostic, Format, MachineKind, Node, Severity, Source, Span};
use std::sync::Arc;

const JSONPATH: &str = r#"{
  "Comment": "c", "StartAt": "Look", "TimeoutSeconds": 60, "Version": "1.0", "QueryLanguage": "JSONPath",
  "States": {
    "Look": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "InputPath": "$", "Parameters":
      {"FunctionName": "f", "Payload.$": "$"}, "ResultSelector": {"a.$": "$.b"}, "ResultPath": "$.r", "OutputPath": "$",
      "TimeoutSeconds": 20, "HeartbeatSeconds": 10, "Credentials": {"RoleArn": "arn:aws:iam::123456789012:role/r"},
      "Retry": [{"ErrorEquals": ["A"], "IntervalSeconds": 1, "MaxAttempts": 2, "BackoffRate": 1.5, "MaxDelaySeconds": 5,
        "JitterStrategy": "FULL"}, {"ErrorEquals": ["States.ALL"]}],
      "Catch": [{"ErrorEquals": ["B"], "Next": "Lost", "ResultPath": "$.e"}, {"ErrorEquals": ["States.ALL"], "Next": "Lost"}],
      "Assign": {"v.$": "$.x"}, "Next": "Pick"},
    "Pick": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.a", "IsPresent": true}, {"Not": {"Variable": "$.a",
      "NumericEquals": 1}}], "Next": "Rest"}, {"Variable": "$.b", "StringEquals": "x", "Next": "Each", "Assign": {"q": 1}}],
      "Default": "Both"},
    "Rest": {"Type": "Wait", "Seconds": 5, "Next": "Until"},
    "Until": {"Type": "Wait", "Timestamp": "2016-03-14T01:59:00Z", "Next": "Spread"},
    "Each": {"Type": "Map", "ItemsPath": "$.items", "MaxConcurrency": 2, "ItemSelector": {"i.$": "$$.Map.Item.Value"},
      "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "One", "States": {"One": {"Type": "Pass",
        "Result": 1, "End": true}}}, "Next": "Done"},
    "Spread": {"Type": "Map", "Label": "l", "ToleratedFailureCount": 1, "ItemReader": {"Resource":
      "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a"],
      "MaxItems": 5}, "Parameters": {"Bucket": "b", "Key": "k"}}, "ItemBatcher": {"MaxItemsPerBatch": 3}, "ResultWriter":
      {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "b", "Prefix": "p"}, "WriterConfig":
      {"Transformation": "NONE", "OutputType": "JSON"}}, "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED",
      "ExecutionType": "EXPRESS"}, "StartAt": "Two", "States": {"Two": {"Type": "Pass", "Parameters": {"a.$":
      "States.Format('{}', $.b)"}, "End": true}}}, "Next": "Done"},
    "Both": {"Type": "Parallel", "Branches": [{"StartAt": "L", "States": {"L": {"Type": "Succeed"}}}, {"StartAt": "R",
      "States": {"R": {"Type": "Pass", "End": true}}}], "Next": "Done"},
    "Done": {"Type": "Succeed"},
    "Lost": {"Type": "Fail", "Error": "E", "Cause": "c"}
  }
}"#;

const JSONATA: &str = r#"{
  "QueryLanguage": "JSONata", "StartAt": "Look",
  "States": {
    "Look": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Arguments": {"TableName": "t", "Key": {"id":
      {"S": "{% $states.input.id %}"}}}, "Output": "{% $states.result.Item %}", "Assign": {"v": "{% $states.result %}"},
      "TimeoutSeconds": "{% 5 %}", "Catch": [{"ErrorEquals": ["B"], "Next": "Lost", "Output": "{% $states.errorOutput %}"}],
      "Next": "Pick"},
    "Pick": {"Type": "Choice", "Choices": [{"Condition": "{% $v.a = 1 %}", "Output": 1, "Assign": {"w": 2}, "Next": "Rest"},
      {"Condition": true, "Next": "Each"}], "Default": "Both"},
    "Rest": {"Type": "Wait", "Seconds": "{% 5 %}", "Next": "Done"},
    "Each": {"Type": "Map", "Items": "{% $states.input %}", "ItemSelector": {"i": "{% $states.context.Map.Item.Value %}"},
      "ItemProcessor": {"StartAt": "One", "States": {"One": {"Type": "Pass", "Output": 1, "Assign": {"z": 1}, "End": true}}},
      "Next": "Done"},
    "Both": {"Type": "Parallel", "Arguments": {"a": 1}, "Branches": [{"StartAt": "L", "States": {"L": {"Type": "Succeed"}}}],
      "Next": "Done"},
    "Done": {"Type": "Succeed", "Output": "{% $v %}"},
    "Lost": {"Type": "Fail", "Error": "{% 'E' %}", "Cause": "c"}
  }
}"#;

/// What to put in the place of a value; `None` leaves it.
type Put<'a> = dyn Fn(&Node) -> Option<Data> + 'a;

/// Puts something in the place of each value of a tree in turn, and tells about each.
fn each_place(root: &Node, put: &Put<'_>, told: &mut dyn FnMut(&str, Node)) {
    fn walk(root: &Node, way: &mut Vec<usize>, put: &Put<'_>, told: &mut dyn FnMut(&str, Node)) {
        let mut copy = root.clone();
        let (mut node, mut name) = (&mut copy, String::new());
        for &step in way.iter() {
            node = match &mut node.data {
                Data::Object(members) => {
                    name.push_str(&format!("/{}", members[step].key));
                    &mut members[step].value
                }
                Data::List(items) => {
                    name.push_str(&format!("[{step}]"));
                    &mut items[step]
                }
                _ => unreachable!("only objects and lists have parts"),
            };
        }
        let parts = node.members().map(<[_]>::len).or(node.items().map(<[_]>::len)).unwrap_or(0);
        if let Some(data) = put(node).filter(|_| !way.is_empty()) {
            node.data = data;
            told(&name, copy);
        }
        for part in 0..parts {
            way.push(part);
            walk(root, way, put, told);
            way.pop();
        }
    }
    walk(root, &mut Vec::new(), put, told);
}

fn errors(root: Node) -> Vec<Diagnostic> {
    let definition = Definition::of_tree(Arc::new(Source::new("")), Ok(root), Vec::new());
    let (_, findings) = definition.check(MachineKind::Standard);
    findings.into_iter().filter(|finding| finding.severity == Severity::Error).collect()
}

#[test]
fn what_is_put_in_later_is_wrong_nowhere() {
    let whole = |_: &Node| Some(Data::Placeholder("${Later}".into()));
    let function = |_: &Node| Node::read(r#"{"Fn::GetAtt": ["A", "B"]}"#, Format::Json).ok().map(|node| node.data);
    let text = |node: &Node| node.text().map(|_| Data::Text("${Later}".into()));
    let part = |node: &Node| node.text().map(|text| Data::Text(format!("{text}${{Later}}").into()));
    // A transform beside other members: any of them may be replaced, and others come.
    let open = |node: &Node| {
        let Data::Object(members) = &node.data else { return None };
        let later = || Node::new(0, 0, Data::Placeholder("${Later}".into()));
        let key = || super::Member { key: "${Later}".into(), key_span: Span { start: 0, end: 0 }, value: later() };
        Some(Data::Object(members.iter().skip(1).cloned().chain([key()]).collect()))
    };
    let ways: [(&str, &Put<'_>); 5] =
        [("whole", &whole), ("function", &function), ("text", &text), ("part", &part), ("open", &open)];
    let mut wrong = Vec::new();
    for text in [JSONPATH, JSONATA] {
        let root = Node::read(text, Format::Json).expect("JSON");
        assert_eq!(errors(root.clone()), []);
        for (name, put) in ways {
            each_place(&root, put, &mut |place, root| {
                wrong.extend(errors(root).into_iter().map(|error| format!("{name} {place}: {}", error.message)));
            });
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

//! The Serverless Framework.

use super::*;

#[test]
fn objects_are_checked_where_they_stand() {
    let text = "service: invoices\nstepFunctions:\n  validate: true\n  stateMachines:\n    invoices:\n      name: invoices-${opt:stage}\n      definition:\n        StartAt: Post\n        States:\n          Post:\n            Type: Task\n            Resource:\n              Fn::GetAtt: [post, Arn]\n            Next: Dnoe\n          Done:\n            Type: Succeed\n";
    let template = template(&[("serverless.yml", text)]);
    let machine = &template.machines[0];
    assert_eq!(machine.name, "invoices");
    assert_eq!(
        errors(machine),
        [
            "ERROR serverless.yml:14:19 Missing 'Next' target: Dnoe",
            "ERROR serverless.yml:15:11 State \"Done\" is not reachable."
        ]
    );
    assert_eq!(unknown(machine), [("post.Arn", 1)]);
}

#[test]
fn variables_are_resolved_as_far_as_the_files_say() {
    let text = r#"service: s
custom:
  region: eu-west-1
  waits: {dev: 5, prod: 50}
  stage: ${opt:stage, self:provider.stage}
provider:
  stage: dev
params:
  default: {queue: q-default}
  dev: {topic: t-dev}
stepFunctions:
  stateMachines:
    a: ${file(machines/a.yml)}
    b:
      type: EXPRESS
      name: ${self:service}-${sls:stage}
      definition:
        Comment: ${self:custom.region}/${param:queue}/${param:topic}/${env:HOME_OF}/${opt:x, 'y'}
        StartAt: W
        States:
          W:
            Type: Wait
            Seconds: ${self:custom.waits.${self:custom.stage}}
            Next: T
          T:
            Type: Task
            Resource: !Sub arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:f
            TimeoutSeconds: ${opt:t}
            End: true
    c:
      definition: |
        {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    d:
      definition: ${file(machines/d.json)}
"#;
    let files = [
        ("serverless.yml", text),
        (
            "machines/a.yml",
            "name: a\ndefinition:\n  StartAt: Yes\n  States:\n    Yes:\n      Type: Pass\n      Next: No\n    No:\n      Type: Succeed\n",
        ),
        ("machines/d.json", "{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Succeed\"}}}"),
    ];
    let template = template(&files);
    assert_eq!(sound(&template), ["a", "b", "c", "d"]);
    let value = template.machines[1].definition.to_value().unwrap();
    assert_eq!(value["Comment"], "eu-west-1/q-default/t-dev/${env:HOME_OF}/y");
    assert_eq!(value["States"]["W"]["Seconds"], 5);
    assert_eq!(template.machines[1].aliases, ["s-dev"]);
    assert_eq!(template.machines[1].kind, Some(MachineKind::Express));
    let given = template_with(&files, &[("stage", "prod")]);
    assert_eq!(given.machines[1].definition.to_value().unwrap()["States"]["W"]["Seconds"], 50);
}

#[test]
fn files_that_are_not_there_are_told() {
    let text = "stepFunctions:\n  stateMachines:\n    a:\n      definition: ${file(a.yml)}\n    b:\n      definition: ${file(b.js):make}\n";
    let template = template(&[("serverless.yml", text)]);
    assert_eq!(
        findings(&template.machines[0]),
        ["ERROR serverless.yml:4:19 The file 'a.yml' cannot be read: there is no such file."]
    );
    assert_eq!(
        findings(&template.machines[1]),
        ["WARNING serverless.yml:6:19 The definition of b is ${file(b.js):make}, which was not read."]
    );
}

/// What doubles with each step, or leads round in a circle, is given up as unknown, and there is an end.
#[test]
fn variables_that_multiply_come_to_an_end() {
    let doubling: String =
        (1..40).map(|step| format!("  l{step}: ${{self:custom.l{0}}}${{self:custom.l{0}}}\n", step - 1)).collect();
    let machines = "stepFunctions: {stateMachines: {m: {definition: \"${self:custom.l39}\"}}}\n";
    let deep = format!("service: s\ncustom:\n  l0: xx\n{doubling}{machines}");
    let round = format!(
        "service: s\ncustom:\n  l39: ${{self:custom.b}}${{self:custom.b}}\n  b: ${{self:custom.l39}}${{self:custom.l39}}\n{machines}"
    );
    for text in [deep, round] {
        assert_eq!(template(&[("serverless.yml", &text)]).machines.len(), 1);
    }
}

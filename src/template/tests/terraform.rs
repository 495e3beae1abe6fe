//! Terraform: modules, templates, plans.

use super::*;

const PASS: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${arn}", "End": true}}}"#;

#[test]
fn objects_of_jsonencode_keep_their_places() {
    let text = r#"resource "aws_sfn_state_machine" "invoices" {
  name     = "invoices"
  type     = "EXPRESS"
  definition = jsonencode({
    StartAt = "Post"
    States = {
      Post = { Type = "Task", Resource = aws_lambda_function.post.arn, Next = "Dnoe" }
      Done = { Type = "Succeed" }
    }
  })
}
"#;
    let template = template(&[("main.tf", text)]);
    let machine = &template.machines[0];
    assert_eq!((&*machine.name, machine.kind), ("invoices", Some(MachineKind::Express)));
    assert!(machine.is_called("aws_sfn_state_machine.invoices"));
    assert_eq!(unknown(machine), [("aws_lambda_function.post.arn", 1)]);
    assert_eq!(
        errors(machine),
        ["ERROR main.tf:7:79 Missing 'Next' target: Dnoe", "ERROR main.tf:8:7 State \"Done\" is not reachable."]
    );
}

#[test]
fn heredocs_and_templates_keep_their_places() {
    let heredoc = "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = <<-EOF\n    {\n      \"StartAt\": \"A\",\n      \"States\": {\n        \"A\": {\"Type\": \"Wait\", \"Seconds\": ${var.wait}, \"Next\": \"B\"}\n      }\n    }\n  EOF\n}\n";
    let of_heredoc = template(&[("m.tf", heredoc)]);
    assert_eq!(errors(&of_heredoc.machines[0])[0], "ERROR m.tf:6:63 Missing 'Next' target: B");
    let alone = "{\n  \"StartAt\": \"Post\",\n  \"TimeoutSeconds\": ${timeout},\n  \"States\": {\n    \"Post\": {\"Type\": \"Task\", \"Resource\": \"${post_arn}\", \"Next\": \"Dnoe\"},\n%{ if notify ~}\n    \"Tell\": {\"Type\": \"Pass\", \"End\": true},\n%{ endif ~}\n    \"Done\": {\"Type\": \"Succeed\"}\n  }\n}\n";
    let template = template(&[("flow.json.tftpl", alone)]);
    assert_eq!(template.machines[0].name, "flow");
    assert_eq!(
        errors(&template.machines[0]),
        [
            "ERROR flow.json.tftpl:5:65 Missing 'Next' target: Dnoe",
            "ERROR flow.json.tftpl:9:5 State \"Done\" is not reachable."
        ]
    );
}

/// Each: files, the first of which is read; the names of the machines; a text that the first definition has.
#[test]
fn machines_are_found_in_every_form() {
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str);
    let cases: &[Case<'_>] = &[
        (
            &[
                (
                    "main.tf",
                    "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = templatefile(\"${path.module}/sfn/a.json\", { arn = module.fn.arn })\n}\n",
                ),
                ("sfn/a.json", PASS),
            ],
            &["m"],
            "${module.fn.arn}",
        ),
        (
            &[
                (
                    "main.tf",
                    "locals {\n  path = \"./sfn/${var.kind}.json\"\n}\nvariable \"kind\" {\n  default = \"a\"\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n  definition = templatefile(local.path, { arn = \"x\" })\n}\n",
                ),
                ("sfn/a.json", &PASS.replace("${arn}", "arn:aws:lambda:eu-west-1:123456789012:function:${arn}")),
            ],
            &["m"],
            "function:x",
        ),
        (
            &[
                (
                    "main.tf",
                    "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode(yamldecode(templatefile(\"a.yaml\", { arn = var.arn, wait = var.wait })))\n}\n",
                ),
                (
                    "a.yaml",
                    "StartAt: A\nStates:\n  A:\n    Type: Task\n    Resource: ${arn}\n    TimeoutSeconds: ${wait}\n    HeartbeatSeconds: ${wait}\n    End: true\n",
                ),
            ],
            &["m"],
            "${var.arn}",
        ),
        (
            &[
                (
                    "main.tf",
                    "data \"template_file\" \"d\" {\n  template = file(\"a.json\")\n  vars = {\n    arn = aws_lambda_function.f.arn\n  }\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n  definition = data.template_file.d.rendered\n}\n",
                ),
                ("a.json", PASS),
            ],
            &["m"],
            "${aws_lambda_function.f.arn}",
        ),
        (
            &[
                ("main.tf", "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = file(\"a.json\")\n}\n"),
                ("a.json", PASS),
            ],
            &["m"],
            "${arn}",
        ),
        (
            &[
                (
                    "main.tf",
                    "module \"flow\" {\n  source = \"./modules/sfn\"\n  definition = templatefile(\"${path.module}/a.json\", { arn = var.arn })\n  name = \"orders\"\n}\n",
                ),
                (
                    "modules/sfn/main.tf",
                    "module \"inner\" {\n  source = \"../inner\"\n  text = var.definition\n  name = var.name\n}\n",
                ),
                ("modules/sfn/variables.tf", "variable \"definition\" {}\nvariable \"name\" {}\n"),
                (
                    "modules/inner/main.tf",
                    "variable \"text\" {}\nvariable \"name\" {}\nresource \"aws_sfn_state_machine\" \"this\" {\n  name = var.name\n  definition = var.text\n}\n",
                ),
                ("a.json", PASS),
            ],
            &["module.flow.module.inner.this"],
            "${var.arn}",
        ),
        (
            &[
                (
                    "modules/inner/main.tf",
                    "variable \"text\" {}\nresource \"aws_sfn_state_machine\" \"this\" {\n  definition = var.text\n}\n",
                ),
                (
                    "main.tf",
                    "module \"flow\" {\n  source = \"./modules/inner\"\n  text = file(\"${path.root}/a.json\")\n}\n",
                ),
                ("a.json", PASS),
            ],
            &["module.flow.this"],
            "${arn}",
        ),
        (
            &[(
                "main.tf",
                "module \"step_function\" {\n  source = \"terraform-aws-modules/step-functions/aws\"\n  name = \"sf\"\n  definition = <<EOF\n{\"StartAt\": \"A\", \"States\": {\"A\": {\"Type\": \"Pass\", \"End\": true}}}\nEOF\n}\n",
            )],
            &["step_function"],
            "Pass",
        ),
        (
            &[
                (
                    "main.tf",
                    "resource \"aws_sfn_state_machine\" \"m\" {\n  for_each = toset([\"a\", \"b\"])\n  name = each.key\n  definition = templatefile(\"${path.module}/${each.value}.json\", { arn = each.key })\n}\n",
                ),
                ("a.json", &PASS.replace("${arn}", "arn:aws:lambda:eu-west-1:123456789012:function:of-${arn}")),
                ("b.json", "{\"StartAt\": \"B\", \"States\": {\"B\": {\"Type\": \"Succeed\"}}}"),
            ],
            &["m[\"a\"]", "m[\"b\"]"],
            "of-a",
        ),
        (
            &[(
                "main.tf",
                "resource \"aws_sfn_state_machine\" \"m\" {\n  count = var.on ? 1 : 0\n  definition = jsonencode({\n    \"StartAt\" : \"Do\",\n    \"States\" : merge({ (local.name) = { Type = \"Pass\", End = true } }, var.x == null ? {} : {})\n  })\n}\nlocals {\n  name = join(\"\", [\"D\", lower(\"O\")])\n}\nvariable \"x\" {\n  default = null\n}\n",
            )],
            &["m"],
            "\"Do\"",
        ),
        (
            &[(
                "main.tf",
                "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode({\n    StartAt = \"P\"\n    States = { P = { Type = \"Parallel\", End = true, Branches = [for name in [\"x\", \"y\"] : {\n      StartAt = format(\"Run %s\", upper(name))\n      States = { \"Run ${upper(name)}\" = { Type = \"Wait\", Seconds = tonumber(\"5\"), End = true } }\n    }] } }\n  })\n}\n",
            )],
            &["m"],
            "Run Y",
        ),
        (
            &[(
                "plan.json",
                r#"{"format_version": "1.2", "terraform_version": "1.9", "planned_values": {"root_module": {"resources": [],
 "child_modules": [{"resources": [{"address": "module.a.aws_sfn_state_machine.m", "mode": "managed", "type": "aws_sfn_state_machine",
 "name": "m", "values": {"name": "n", "type": "STANDARD", "definition": "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}"}}]}]}}}"#,
            )],
            &["module.a.aws_sfn_state_machine.m"],
            "Pass",
        ),
        (
            &[(
                "terraform.tfstate",
                r#"{"version": 4, "terraform_version": "1.9", "resources": [{"mode": "managed", "type": "aws_sfn_state_machine", "name": "m",
 "instances": [{"attributes": {"name": "n", "definition": "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Pass\",\"End\":true}}}"}}]}]}"#,
            )],
            &["m"],
            "Pass",
        ),
    ];
    for (files, names, has) in cases {
        let template = template(files);
        assert_eq!(&sound(&template), names, "{}", files[0].1);
        let text = template.machines[0].text().unwrap();
        assert!(text.contains(has), "{has} in {text}");
    }
}

#[test]
fn conditions_nobody_knows_are_taken_the_same_way() {
    let text = r#"{ "StartAt": "%{ if fast }Quick%{ else }Slow%{ endif }",
  "States": {
%{ if fast ~}
    "Quick": {"Type": "Succeed"}
%{ else ~}
    "Slow": {"Type": "Succeed"}
%{ endif ~}
%{ if !fast ~}
    , "More": {"Type": "Succeed"}
%{ endif ~}
  } }"#;
    let template = template(&[("a.tftpl", text)]);
    assert_eq!(sound(&template), ["a"]);
    assert!(template.machines[0].text().unwrap().contains("Quick"));
}

#[test]
fn what_is_not_there_is_told_and_not_passed_over() {
    for (text, expected) in [
        (
            "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = file(\"a.json\")\n}\n",
            "ERROR main.tf:2:21 The file 'a.json' cannot be read: there is no such file.",
        ),
        (
            "resource \"aws_sfn_state_machine\" \"m\" {\n  definition = var.definition\n}\n",
            "WARNING main.tf:2:16 The definition of aws_sfn_state_machine.m is var.definition, which these files do not tell.",
        ),
        (
            "resource \"aws_sfn_state_machine\" \"m\" {\n  name = \"x\"\n}\n",
            "ERROR main.tf:1:1 The state machine aws_sfn_state_machine.m has no definition.",
        ),
    ] {
        let template = template(&[("main.tf", text)]);
        assert_eq!(findings(&template.machines[0]), [expected]);
    }
}

#[test]
fn files_that_name_each_other_come_to_an_end() {
    let text = "locals {\n  a = local.b\n  b = [local.a, local.a]\n}\nresource \"aws_sfn_state_machine\" \"m\" {\n  definition = jsonencode(local.a)\n}\nmodule \"me\" {\n  source = \"./\"\n}\n";
    let template = template(&[("main.tf", text)]);
    assert!(!template.machines.is_empty());
}

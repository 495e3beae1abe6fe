//! Rules said in few words, for labels.

use super::{Rule, Test};

impl Rule {
    /// Returns the rule in few words, as one labels an arrow: `status = "DONE"`, `total > $.limit`, `not paid`.
    pub fn in_few_words(&self) -> String {
        match self {
            Self::And(rules) => joined(rules, " and "),
            Self::Or(rules) => joined(rules, " or "),
            Self::Not(rule) => format!("not {}", grouped(rule)),
            Self::Test(test) => test.in_few_words(),
        }
    }
}

fn joined(rules: &[Rule], word: &str) -> String {
    rules.iter().map(grouped).collect::<Vec<_>>().join(word)
}

fn grouped(rule: &Rule) -> String {
    match rule {
        Rule::And(rules) | Rule::Or(rules) if rules.len() > 1 => format!("({})", rule.in_few_words()),
        _ => rule.in_few_words(),
    }
}

impl Test {
    fn in_few_words(&self) -> String {
        let variable = self.variable.text();
        let variable = variable.strip_prefix("$.").unwrap_or(variable);
        let operator = self.operator.strip_suffix("Path").unwrap_or(self.operator);
        let wanted = &*self.operand == "true";
        let relation = match operator {
            "BooleanEquals" if wanted => return variable.to_owned(),
            "BooleanEquals" if &*self.operand == "false" => return format!("not {variable}"),
            "StringMatches" => "matches",
            _ if operator.ends_with("LessThanEquals") => "<=",
            _ if operator.ends_with("GreaterThanEquals") => ">=",
            _ if operator.ends_with("LessThan") => "<",
            _ if operator.ends_with("GreaterThan") => ">",
            _ if operator.ends_with("Equals") => "=",
            _ => {
                let kind = operator.strip_prefix("Is").unwrap_or(operator).to_lowercase();
                return format!("{variable} is {}{kind}", if wanted { "" } else { "not " });
            }
        };
        format!("{variable} {relation} {}", self.operand)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn rules_are_said_as_one_labels_an_arrow() {
        for (rule, words) in [
            (json!({"Variable": "$.status", "StringEquals": "DONE"}), "status = \"DONE\""),
            (json!({"Variable": "$.total", "NumericGreaterThanPath": "$.limit"}), "total > $.limit"),
            (json!({"Variable": "$.paid", "BooleanEquals": false}), "not paid"),
            (json!({"Variable": "$.a", "IsPresent": true}), "a is present"),
            (json!({"Variable": "$.a", "IsNull": false}), "a is not null"),
            (json!({"Variable": "$$.Task.Token", "StringMatches": "x*"}), "$$.Task.Token matches \"x*\""),
            (
                json!({"Not": {"And": [{"Variable": "$.n", "NumericLessThanEquals": 3}, {"Variable": "$", "IsNull": true}]}}),
                "not (n <= 3 and $ is null)",
            ),
        ] {
            let Value::Object(members) = &rule else { unreachable!() };
            assert_eq!(Rule::compile(members).expect("a valid rule").in_few_words(), words);
        }
    }
}

//! References that stand in texts and that only a deployment resolves, turned into placeholders.

use super::definition::placeholder;
use crate::asl::{Data, Node};

/// How CloudFormation's dynamic references begin and end: `{{resolve:ssm:name:1}}`.
pub(super) const DYNAMIC: [&str; 2] = ["{{resolve:", "}}"];

/// How references of Serverless's plugin for pseudo parameters begin and end: `#{AWS::Region}`.
pub(super) const PSEUDO: [&str; 2] = ["#{", "}"];

/// Turns the references in all texts into placeholders.
pub(super) fn opened(node: &mut Node, marks: [&str; 2]) {
    match &mut node.data {
        Data::Text(text) if text.contains(marks[0]) => {
            let whole = text.trim().strip_prefix(marks[0]).and_then(|rest| rest.strip_suffix(marks[1]));
            match whole.filter(|name| !name.contains(marks[1])).map(str::to_owned) {
                Some(name) => node.data = placeholder(&name, node.span).data,
                None => *text = replaced(text, marks).into(),
            }
        }
        Data::List(items) => items.iter_mut().for_each(|item| opened(item, marks)),
        Data::Object(members) => members.iter_mut().for_each(|member| opened(&mut member.value, marks)),
        _ => {}
    }
}

fn replaced(text: &str, [begin, end]: [&str; 2]) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, (name, after))) =
        rest.split_once(begin).and_then(|(before, after)| Some((before, after.split_once(end)?)))
    {
        out.push_str(before);
        out.push_str("${");
        out.extend(name.chars().filter(|c| !matches!(c, '{' | '}' | '$')));
        out.push('}');
        rest = after;
    }
    out.push_str(rest);
    out
}

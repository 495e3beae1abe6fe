//! YAML with positions, as far as definitions and the templates around them use it.
//!
//! Read by a port of libyaml, which is what deployment tools read with: what they take is taken, also a bracket that is
//! indented less than its key. Plain words become numbers, booleans and null by the rules of YAML 1.2, as the tools do
//! that turn such files into JSON for AWS; `yes` and `on` stay texts. Anchors are followed, within a limit. A tag such
//! as `!Sub x` is read as CloudFormation's long form, `{"Fn::Sub": x}`. Only the first document of a file counts.

mod spacing;
mod words;

use self::spacing::{Spaced, index};
use super::json::parse_number;
use super::node::{Data, Member, Node};
use super::place::Span;
use super::source::offset;
use libyaml_safer::{Error, Event, EventData, Mark, Parser, ScalarStyle};
use std::collections::HashMap;

/// How many values aliases may add: enough for every sensible file, too few for an exponential one.
const ALIASED: usize = 100_000;

/// How deep lists and mappings may nest; the tools that read YAML in Python end near here too.
const DEPTH: usize = 256;

/// Text that is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YamlError {
    pub message: String,
    /// The byte where reading stopped.
    pub at: u32,
}

/// Members whose words are names of states: what looks like a truth there is meant as a text.
const NAMES: [&str; 3] = ["StartAt", "Next", "Default"];

/// Reads the first document of a text.
pub(super) fn read(text: &str) -> Result<Node, YamlError> {
    read_as(text, plain)
}

/// The same by the rules of YAML 1.1, which CloudFormation follows: `yes` is true, `010` is eight. It takes no dates
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>. Names of states and all
/// keys stay as they are written.
pub(super) fn read_1_1(text: &str) -> Result<Node, YamlError> {
    read_as(text, |text| words::of_1_1(text).unwrap_or_else(|| plain(text)))
}

/// Finds where another document begins, of which nothing is read.
pub(super) fn second_document(text: &str) -> Option<u32> {
    let spaced = Spaced::of(text).ok()?;
    let mut parser = Parser::new();
    parser.set_input(spaced.text.as_bytes());
    let mut documents = 0;
    loop {
        let event = parser.parse().ok()?;
        match event.data {
            EventData::StreamEnd => return None,
            EventData::DocumentStart { .. } => documents += 1,
            _ => {}
        }
        if documents == 2 {
            return Some(offset(spaced.origin(index(event.start_mark))));
        }
    }
}

fn read_as(text: &str, words: fn(&str) -> Data) -> Result<Node, YamlError> {
    // A mark some editors put first is no part of the text, but of its positions.
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let spaced = Spaced::of(text.get(mark..).unwrap_or(text))
        .map_err(|error| YamlError { at: error.at.saturating_add(offset(mark)), ..error })?;
    let mut parser = Parser::new();
    parser.set_input(spaced.text.as_bytes());
    let mut reader = Reader { parser, text, spaced: &spaced, mark, words, anchors: HashMap::new(), aliased: 0 };
    loop {
        let event = reader.next()?;
        match event.data {
            EventData::StreamEnd => return Ok(Node::new(0, 0, Data::Null)),
            EventData::StreamStart { .. } | EventData::DocumentStart { .. } | EventData::DocumentEnd { .. } => {}
            _ => return reader.value(event, 0),
        }
    }
}

struct Reader<'a> {
    parser: Parser<&'a [u8]>,
    text: &'a str,
    /// What the parser sees.
    spaced: &'a Spaced<'a>,
    /// Bytes of the text that the parser does not see.
    mark: usize,
    /// What plain words become.
    words: fn(&str) -> Data,
    anchors: HashMap<String, (Node, usize)>,
    aliased: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<Event, YamlError> {
        self.parser.parse().map_err(|error| self.unreadable(&error))
    }

    fn at(&self, mark: Mark) -> u32 {
        let at = self.spaced.origin(index(mark));
        offset(at.saturating_add(self.mark).min(self.text.len()))
    }

    fn span(&self, event: &Event) -> Span {
        Span { start: self.at(event.start_mark), end: self.at(event.end_mark) }
    }

    fn unreadable(&self, error: &Error) -> YamlError {
        let at = error.problem_mark().map_or(0, |mark| self.at(mark));
        YamlError { message: error.problem().to_owned(), at }
    }

    fn error<T>(&self, message: &str, span: Span) -> Result<T, YamlError> {
        Err(YamlError { message: message.to_owned(), at: span.start })
    }

    fn value(&mut self, event: Event, depth: usize) -> Result<Node, YamlError> {
        let span = self.span(&event);
        if depth > DEPTH {
            return self.error("it is nested too deeply", span);
        }
        let (node, anchor, tag) = match event.data {
            EventData::Scalar { anchor, tag, value, style, .. } => {
                let data = if style == ScalarStyle::Plain && tag.as_deref() != Some(TEXT) {
                    (self.words)(&value)
                } else {
                    Data::Text(value.into())
                };
                (Node { span, data }, anchor, tag)
            }
            EventData::SequenceStart { anchor, tag, .. } => (self.sequence(span, depth)?, anchor, tag),
            EventData::MappingStart { anchor, tag, .. } => (self.mapping(span, depth)?, anchor, tag),
            EventData::Alias { anchor } => return self.alias(&anchor, span),
            _ => return self.error("a value is expected", span),
        };
        let node = match tag.as_deref().and_then(function) {
            Some(name) => {
                let member = Member { key: name.into(), key_span: span, value: node };
                Node { span: member.value.span, data: Data::Object(vec![member]) }
            }
            None => node,
        };
        if let Some(anchor) = anchor {
            let size = size(&node);
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: &str, span: Span) -> Result<Node, YamlError> {
        let Some((node, size)) = self.anchors.get(anchor) else {
            return self.error("an alias refers to nothing", span);
        };
        self.aliased += size;
        if self.aliased > ALIASED {
            return self.error("its aliases stand for too much", span);
        }
        Ok(node.clone())
    }

    fn sequence(&mut self, opened: Span, depth: usize) -> Result<Node, YamlError> {
        let mut items = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event.data, EventData::SequenceEnd) {
                return Ok(Node { span: self.closed(opened, &event), data: Data::List(items) });
            }
            items.push(self.value(event, depth + 1)?);
        }
    }

    fn mapping(&mut self, opened: Span, depth: usize) -> Result<Node, YamlError> {
        let (mut members, mut merged): (Vec<Member>, Vec<Member>) = (Vec::new(), Vec::new());
        loop {
            let event = self.next()?;
            if matches!(event.data, EventData::MappingEnd) {
                merged.retain(|member| members.iter().all(|own| own.key != member.key));
                merged.append(&mut members);
                return Ok(Node { span: self.closed(opened, &event), data: Data::Object(merged) });
            }
            let key_span = self.span(&event);
            let EventData::Scalar { value: key, .. } = event.data else {
                return self.error("a key is not a text", key_span);
            };
            let event = self.next()?;
            let value = match &event.data {
                EventData::Scalar { value, style: ScalarStyle::Plain, tag: None, anchor: None, .. }
                    if NAMES.contains(&&*key) && words::is_truth(value) =>
                {
                    Node { span: self.span(&event), data: plain(value) }
                }
                _ => self.value(event, depth + 1)?,
            };
            if key == "<<" {
                merge(&mut merged, value);
            } else {
                members.push(Member { key: key.into(), key_span, value });
            }
        }
    }

    /// A block ends where the next thing begins; what is only space before that is no part of it.
    fn closed(&self, opened: Span, end: &Event) -> Span {
        let end = self.at(end.end_mark).max(opened.start);
        let text = self.text.get(opened.start as usize..end as usize).unwrap_or("");
        Span { start: opened.start, end: opened.start + offset(text.trim_end().len()) }
    }
}

/// YAML's own tag for texts.
const TEXT: &str = "tag:yaml.org,2002:str";

/// Returns the intrinsic function that a short tag of CloudFormation's stands for.
fn function(tag: &str) -> Option<String> {
    let name = tag.strip_prefix('!').filter(|name| !name.is_empty() && !name.starts_with('!'))?;
    Some(match name {
        "Ref" | "Condition" => name.to_owned(),
        _ => format!("Fn::{name}"),
    })
}

/// `<<: *defaults` adds the members that are not there.
fn merge(members: &mut Vec<Member>, value: Node) {
    let sources = match value.data {
        Data::Object(_) => vec![value],
        Data::List(items) => items,
        _ => Vec::new(),
    };
    for source in sources {
        let Data::Object(added) = source.data else {
            continue;
        };
        for member in added {
            if !members.iter().any(|known| known.key == member.key) {
                members.push(member);
            }
        }
    }
}

fn plain(text: &str) -> Data {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Data::Null,
        "true" | "True" | "TRUE" => return Data::Bool(true),
        "false" | "False" | "FALSE" => return Data::Bool(false),
        _ => {}
    }
    if is_number(text) {
        // JSON has no sign, no leading point and no trailing one.
        let text = text.strip_prefix('+').unwrap_or(text);
        let spelled = if text.starts_with('.') { format!("0{text}") } else { text.to_owned() };
        return Data::Number(parse_number(spelled.strip_suffix('.').unwrap_or(&spelled)));
    }
    Data::Text(text.into())
}

/// A decimal number without leading zeroes; everything else stays a text.
fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits = unsigned.bytes().filter(u8::is_ascii_digit).count();
    let shape = unsigned.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'-' | b'+'));
    let leading =
        unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    digits > 0 && shape && !leading && text.parse::<f64>().is_ok()
}

fn size(node: &Node) -> usize {
    1 + match &node.data {
        Data::List(items) => items.iter().map(size).sum(),
        Data::Object(members) => members.iter().map(|member| size(&member.value)).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_words_become_what_they_look_like() {
        let text = "a: 1\nb: 1.5\nc: true\nd: null\ne: yes\nf: '1'\ng: 0x10\nh: [x, {y: -2}]\ni: 012\n";
        let expected = json!({
            "a": 1, "b": 1.5, "c": true, "d": null, "e": "yes", "f": "1", "g": "0x10", "h": ["x", {"y": -2}], "i": "012"
        });
        assert_eq!(read(text).expect("valid").to_value(), expected);
    }

    #[test]
    fn positions_are_bytes_of_the_text() {
        let text = "é: ü\nStates:\n  Ä:\n    Type: Pass\n";
        let root = read(text).expect("valid");
        let members = root.members().expect("mapping");
        assert_eq!(&text[members[0].value.span.start as usize..members[0].value.span.end as usize], "ü");
        let key = members[1].value.members().expect("mapping")[0].key_span;
        assert_eq!(&text[key.start as usize..key.end as usize], "Ä");
    }

    #[test]
    fn aliases_are_followed_within_reason() {
        let text = "base: &b {x: 1}\nuse: *b\nmore: {<<: *b, y: 2}\n";
        let expected = json!({"base": {"x": 1}, "use": {"x": 1}, "more": {"x": 1, "y": 2}});
        assert_eq!(read(text).expect("valid").to_value(), expected);
        let mut bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n".to_owned();
        for level in 1..9 {
            let below = level - 1;
            let aliases = vec![format!("*a{below}"); 10].join(",");
            bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert!(read(&bomb).is_err());
    }

    #[test]
    fn tags_are_functions_and_nonsense_is_refused() {
        let root = read("Resource: !GetAtt Fn.Arn\nName: !Sub [x, {a: !Ref b}]\n").expect("valid");
        let expected = json!({
            "Resource": {"Fn::GetAtt": "Fn.Arn"}, "Name": {"Fn::Sub": ["x", {"a": {"Ref": "b"}}]}
        });
        assert_eq!(root.to_value(), expected);
        assert!(read("a: [1, 2\nb: }").is_err());
        assert!(read(&"[".repeat(100_000)).is_err());
    }

    #[test]
    fn brackets_may_close_where_they_like_and_complaints_have_a_place() {
        let text = "a:\n    b: {\n    x: 1,\n  }\n    c: [\n]\n";
        assert_eq!(read(text).expect("valid").to_value(), json!({"a": {"b": {"x": 1}, "c": []}}));
        let error = read("a: 1\nb: [1, 2\nc: }").expect_err("not YAML");
        assert_eq!((error.message.as_str(), error.at), ("did not find expected ',' or ']'", 15));
    }
}

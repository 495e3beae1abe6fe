//! YAML with positions, as far as definitions use it.
//!
//! Plain words become numbers, booleans and null by the rules of YAML 1.2, as the tools do that turn such files into
//! JSON for AWS; `yes` and `on` stay texts. Anchors are followed, within a limit, and a tag such as `!Sub` makes a
//! placeholder of a value. Only the first document of a file counts.

use super::json::{DEPTH, parse_number};
use super::node::{Data, Member, Node};
use super::place::Span;
use super::source::offset;
use saphyr_parser::{Event, Parser, ScalarStyle, Span as YamlSpan, StrInput, Tag};
use std::collections::HashMap;

/// How many values aliases may add: enough for every sensible file, too few for an exponential one.
const ALIASED: usize = 100_000;

/// Text that is not YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YamlError {
    pub message: String,
    /// The byte where reading stopped.
    pub at: u32,
}

/// Reads the first document of a text.
pub(super) fn read(text: &str) -> Result<Node, YamlError> {
    let mut reader = Reader {
        parser: Parser::new_from_str(text),
        offsets: Offsets { text, character: 0, byte: 0 },
        anchors: HashMap::new(),
        aliased: 0,
    };
    loop {
        match reader.next()? {
            Some((Event::StreamEnd, _)) | None => return Ok(Node::new(0, 0, Data::Null)),
            Some((Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing, _)) => {}
            Some(event) => return reader.value(event, 0),
        }
    }
}

struct Reader<'a> {
    parser: Parser<'a, StrInput<'a>>,
    offsets: Offsets<'a>,
    anchors: HashMap<usize, (Node, usize)>,
    aliased: usize,
}

/// Turns character counts, which mostly grow, into byte offsets.
struct Offsets<'a> {
    text: &'a str,
    character: usize,
    byte: usize,
}

impl Offsets<'_> {
    fn byte(&mut self, character: usize) -> u32 {
        if character < self.character {
            (self.character, self.byte) = (0, 0);
        }
        let rest = self.text.get(self.byte..).unwrap_or("");
        let ahead = character - self.character;
        self.byte += rest.char_indices().nth(ahead).map_or(rest.len(), |(at, _)| at);
        self.character = character;
        offset(self.byte)
    }

    fn span(&mut self, span: YamlSpan) -> Span {
        let start = self.byte(span.start.index());
        Span { start, end: self.byte(span.end.index()) }
    }
}

type Located<'a> = (Event<'a>, YamlSpan);

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Option<Located<'a>>, YamlError> {
        match self.parser.next_event() {
            None => Ok(None),
            Some(Ok(event)) => Ok(Some(event)),
            Some(Err(error)) => {
                let at = self.offsets.byte(error.marker().index());
                Err(YamlError { message: error.info().to_owned(), at })
            }
        }
    }

    fn error<T>(&self, message: &str, span: Span) -> Result<T, YamlError> {
        Err(YamlError { message: message.to_owned(), at: span.start })
    }

    fn value(&mut self, (event, yaml_span): Located<'a>, depth: usize) -> Result<Node, YamlError> {
        let span = self.offsets.span(yaml_span);
        if depth > DEPTH {
            return self.error("it is nested too deeply", span);
        }
        let (node, anchor, tag) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let data = if style == ScalarStyle::Plain { plain(&text) } else { Data::Text(text.as_ref().into()) };
                (Node { span, data: retagged(data, &text, tag.as_deref()) }, anchor, tag)
            }
            Event::SequenceStart(anchor, tag) => (self.sequence(span, depth)?, anchor, tag),
            Event::MappingStart(anchor, tag) => (self.mapping(span, depth)?, anchor, tag),
            Event::Alias(anchor) => return self.alias(anchor, span),
            _ => return self.error("a value is expected", span),
        };
        let node =
            if is_placeholder(tag.as_deref()) { Node { span: node.span, data: Data::Placeholder } } else { node };
        if anchor > 0 {
            let size = size(&node);
            self.anchors.insert(anchor, (node.clone(), size));
        }
        Ok(node)
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<Node, YamlError> {
        let Some((node, size)) = self.anchors.get(&anchor) else {
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
            match self.next()? {
                None => return self.error("a list does not end", opened),
                Some((Event::SequenceEnd, end)) => {
                    let end = self.offsets.span(end).end;
                    return Ok(Node { span: Span { start: opened.start, end }, data: Data::List(items) });
                }
                Some(event) => items.push(self.value(event, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, opened: Span, depth: usize) -> Result<Node, YamlError> {
        let mut members: Vec<Member> = Vec::new();
        loop {
            let event = match self.next()? {
                None => return self.error("a mapping does not end", opened),
                Some((Event::MappingEnd, end)) => {
                    let end = self.offsets.span(end).end;
                    return Ok(Node { span: Span { start: opened.start, end }, data: Data::Object(members) });
                }
                Some(event) => event,
            };
            let Event::Scalar(key, ..) = &event.0 else {
                let span = self.offsets.span(event.1);
                return self.error("a key is not a text", span);
            };
            let key: Box<str> = key.as_ref().into();
            let key_span = self.offsets.span(event.1);
            let Some(event) = self.next()? else {
                return self.error("a key has no value", key_span);
            };
            let value = self.value(event, depth + 1)?;
            if &*key == "<<" {
                merge(&mut members, value);
            } else {
                members.push(Member { key, key_span, value });
            }
        }
    }
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

/// CloudFormation's short forms: `!Sub`, `!GetAtt`, `!Ref`.
fn is_placeholder(tag: Option<&Tag>) -> bool {
    tag.is_some_and(|tag| !tag.is_yaml_core_schema() && tag.handle == "!" && !tag.suffix.is_empty())
}

fn retagged(data: Data, text: &str, tag: Option<&Tag>) -> Data {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() && tag.suffix == "str" => Data::Text(text.into()),
        _ => data,
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
    fn tags_are_placeholders_and_nonsense_is_refused() {
        let root = read("Resource: !GetAtt Fn.Arn\n").expect("valid");
        assert_eq!(root.get("Resource").map(|node| &node.data), Some(&Data::Placeholder));
        assert!(read("a: [1, 2\nb: }").is_err());
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}

//! JSON whose members begin with capitals, as the SDKs of Go and .NET write what the service answered.
//!
//! The first letters are made small where they stand, so that every place in the text stays what it is.

use crate::json::SharedBytes;

/// Members that tell such a text.
const KNOWN: [&[u8]; 3] = [b"\"PreviousEventId\"", b"\"ExecutionArn\"", b"\"ExecutionStartedEventDetails\""];

/// How far into the text one of them must stand.
const HEAD: usize = 1 << 16;

/// Returns the text with small first letters. `None` when nothing tells that it needs them.
pub(in crate::source) fn camel(text: &SharedBytes) -> Option<SharedBytes> {
    let head = text.get(..text.len().min(HEAD)).unwrap_or_default();
    if !KNOWN.iter().any(|known| memchr::memmem::find(head, known).is_some()) {
        return None;
    }
    let mut made = text.to_vec();
    let (mut at, mut variables) = (0, None);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                let end = string_end(text, at + 1);
                let is_name = text.get(end..).is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"));
                if is_name && variables.is_none() {
                    if let Some(first) = made.get_mut(at + 1) {
                        first.make_ascii_lowercase();
                    }
                    if text.get(at..end).is_some_and(|name| name == b"\"AssignedVariables\"") {
                        variables = Some(0_usize);
                    }
                    unwrap_constant(text, &mut made, at..end);
                }
                at = end;
                continue;
            }
            // The names of variables are the machine's own.
            b'{' => variables = variables.map(|depth| depth + 1),
            b'}' => variables = variables.map(|depth| depth.saturating_sub(1)).filter(|depth| *depth > 0),
            _ => {}
        }
        at += 1;
    }
    Some(SharedBytes::new(made))
}

fn string_end(text: &[u8], mut at: usize) -> usize {
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(b'"', b'\\', rest)) {
        at += found;
        if text.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

/// .NET writes a type or status as `{"Value": "ExecutionStarted"}`: blanks take the place of what is around the word.
fn unwrap_constant(text: &[u8], made: &mut [u8], name: std::ops::Range<usize>) {
    if text.get(name.clone()) != Some(b"\"Value\"".as_slice()) {
        return;
    }
    let before = text.get(..name.start).map(<[u8]>::trim_ascii_end).filter(|before| before.ends_with(b"{"));
    let value = text.get(name.end..).map(|rest| (rest, rest.trim_ascii_start().strip_prefix(b":")));
    let (Some(before), Some((_, Some(value)))) = (before, value) else { return };
    let start = text.len() - value.trim_ascii_start().len();
    if text.get(start) != Some(&b'"') {
        return;
    }
    let end = string_end(text, start + 1);
    let after = text.get(end..).unwrap_or_default();
    let close = end + (after.len() - after.trim_ascii_start().len());
    if text.get(close) != Some(&b'}') {
        return;
    }
    made.get_mut(before.len() - 1..start).into_iter().for_each(|part| part.fill(b' '));
    made.get_mut(close..=close).into_iter().for_each(|part| part.fill(b' '));
}

//! Which values differ only because every run draws them anew.
//!
//! Shapes are recognised wherever they stand: UUIDs, times, trace and request ids, long tokens, the variable part of
//! execution ARNs. What a run calls itself and when it ran is learned from the run: its name counts as volatile in any
//! text, and a time counts as volatile near the run; farther away by its distance in days, so that a deadline that
//! moved from next week to last year is still a difference.

use super::run::Run;
use crate::event::Timestamp;
use crate::json::diff::Judge;
use serde_json::{Number, Value};

/// Times this close to a run are volatile, in microseconds: two days.
const NEAR: i64 = 2 * DAY;
const DAY: i64 = 86_400_000_000;
/// A run's name that is shorter would be found in words it has nothing to do with.
const NAME: usize = 6;
/// Runs of letters and digits this long, with both in them, are ids.
const LONG_ID: usize = 20;

/// Excuses volatile values.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    old: Learned,
    new: Learned,
}

/// What is known about one run.
#[derive(Debug, Clone, Default)]
struct Learned {
    names: Vec<Box<str>>,
    ran: Option<(i64, i64)>,
}

impl Mask {
    /// A mask that knows shapes, but nothing about the runs.
    pub fn shapes() -> Self {
        Self::default()
    }

    /// A mask that has learned what two runs are called and when they ran.
    pub fn of(old: &Run<'_>, new: &Run<'_>) -> Self {
        Self { old: Learned::of(old), new: Learned::of(new) }
    }
}

impl Learned {
    fn of(run: &Run<'_>) -> Self {
        let name = run.name().filter(|name| name.len() >= NAME).map(Box::from);
        let ran = run.started().zip(run.last()).map(|(first, last)| (first.as_micros(), last.as_micros()));
        Self { names: name.into_iter().collect(), ran }
    }

    /// Returns what stands for a moment: nothing for one near the run, else the days between.
    fn time(&self, micros: i64) -> String {
        match self.ran {
            None => String::new(),
            Some((first, last)) if (first - NEAR..=last + NEAR).contains(&micros) => String::new(),
            Some((first, _)) => ((micros - first + DAY / 2).div_euclid(DAY)).to_string(),
        }
    }

    fn is_near(&self, micros: i64) -> bool {
        self.ran.is_some_and(|(first, last)| (first - NEAR..=last + NEAR).contains(&micros))
    }
}

impl Judge for Mask {
    fn excuses(&self, name: &str, old: &Value, new: &Value) -> bool {
        match (old, new) {
            (Value::Object(_), Value::Object(_)) => {
                matches!(name, "AllHttpHeaders" | "HttpHeaders" | "SdkResponseMetadata" | "ResponseMetadata")
            }
            (Value::String(left), Value::String(right)) => {
                is_uuid(left.as_bytes()) && is_uuid(right.as_bytes())
                    || is_drawn_anew(name)
                    || skeleton(left, &self.old) == skeleton(right, &self.new)
            }
            (Value::Number(left), Value::Number(right)) => {
                is_measured(name) || is_time(left, name, &self.old) && is_time(right, name, &self.new)
            }
            _ => false,
        }
    }
}

/// Members whose text is another in each run.
fn is_drawn_anew(name: &str) -> bool {
    const NAMES: [&str; 14] = [
        "tasktoken",
        "requestid",
        "xamznrequestid",
        "xrequestid",
        "xamzrequestid",
        "xamzid2",
        "xamzcfid",
        "xamzntraceid",
        "traceid",
        "traceparent",
        "contentlength",
        "date",
        "age",
        "receipthandle",
    ];
    let headers = name.contains('-') || name.starts_with(|c: char| c.is_ascii_uppercase());
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let known = NAMES.contains(&plain.as_str());
    known && (headers || !matches!(plain.as_str(), "date" | "age"))
}

/// Members that hold how long something took.
fn is_measured(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.contains("elapsed") || lower.contains("latency") || lower == "content-length"
}

/// Tells whether a number is a moment: seconds, milliseconds or microseconds since 1970, near the run or called a time.
fn is_time(number: &Number, name: &str, run: &Learned) -> bool {
    let Some(value) = number.as_f64() else { return false };
    let lower = name.to_ascii_lowercase();
    let called = ["time", "date", "epoch", "expires", "created", "updated"].iter().any(|word| lower.contains(word))
        || name.ends_with("At");
    [1e6, 1e3, 1.0].into_iter().any(|scale| {
        let micros = value * scale;
        // From 2001 to 2286: what is smaller or larger is taken for another unit, or for no time.
        let plausible = (1e15..1e16).contains(&micros);
        #[expect(clippy::cast_possible_truncation, reason = "the value was just checked to fit")]
        let near = plausible && run.is_near(micros as i64);
        near || plausible && called
    })
}

/// Returns a text with everything volatile replaced by signs. Texts of one skeleton differ in nothing else.
fn skeleton(text: &str, run: &Learned) -> String {
    let mut text = std::borrow::Cow::Borrowed(text);
    for name in &run.names {
        if text.contains(&**name) {
            text = text.replace(&**name, "\u{1}").into();
        }
    }
    let mut skeleton = String::with_capacity(text.len());
    let mut rest = &*text;
    let mut inside = false;
    while let Some(c) = rest.chars().next() {
        let found = if inside && c.is_ascii_alphanumeric() { None } else { volatile(rest, run) };
        let (length, sign) = match found {
            Some((length, sign)) => (length, Some(sign)),
            None => (c.len_utf8(), None),
        };
        match sign {
            Some(sign) => skeleton.push_str(&sign),
            None => skeleton.push(c),
        }
        inside = c.is_ascii_alphanumeric() && length == c.len_utf8();
        rest = rest.get(length..).unwrap_or_default();
    }
    skeleton
}

/// Returns a text with everything volatile replaced by what it is: `<time>`, `<id>`, `<token>`, `<execution>`.
pub(in crate::analysis) fn masked(text: &str) -> String {
    let skeleton = skeleton(text, &Learned::default());
    let name = |sign| match sign {
        '\u{2}' => Some("<execution>"),
        '\u{3}' => Some("<time>"),
        '\u{4}' | '\u{6}' => Some("<id>"),
        '\u{5}' => Some("<token>"),
        _ => None,
    };
    let mut masked = String::with_capacity(skeleton.len());
    for sign in skeleton.chars() {
        match name(sign) {
            Some(name) => masked.push_str(name),
            None => masked.push(sign),
        }
    }
    masked
}

/// Returns how long the volatile piece is that a text begins with, and the sign for it.
fn volatile(text: &str, run: &Learned) -> Option<(usize, String)> {
    if let Some((kept, length)) = execution_name(text) {
        return Some((length, format!("{}\u{2}", text.get(..kept).unwrap_or_default())));
    }
    if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    if let Some((length, micros)) = time(text) {
        return Some((length, format!("\u{3}{}", run.time(micros))));
    }
    let run_of = |test: fn(u8) -> bool| text.bytes().take_while(|byte| test(*byte)).count();
    if let Some(uuid) = text.get(..36)
        && is_uuid(uuid.as_bytes())
        && run_of(|byte| byte.is_ascii_alphanumeric() || byte == b'-') == 36
    {
        return Some((36, "\u{4}".to_owned()));
    }
    let token = run_of(|byte| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte));
    if token >= 64 && text.get(..token).is_some_and(|token| is_mixed(token.as_bytes())) {
        return Some((token, "\u{5}".to_owned()));
    }
    let word = run_of(|byte| byte.is_ascii_alphanumeric());
    let bytes = text.as_bytes().get(..word)?;
    if is_epoch(bytes, run) {
        return Some((word, "\u{3}".to_owned()));
    }
    is_id(bytes).then(|| (word, "\u{6}".to_owned()))
}

/// The part of an ARN that names a machine and then an execution: returns the length of both without and with the
/// execution's name.
fn execution_name(text: &str) -> Option<(usize, usize)> {
    let after = [":execution:", ":express:", ":mapRun:"].into_iter().find(|word| text.starts_with(word))?;
    let rest = text.get(after.len()..)?;
    let machine = rest.find(':')?;
    let name = rest.get(machine + 1..)?;
    let length = name.find(['"', ' ', ',', '\'', ')', '\n']).unwrap_or(name.len());
    let kept = after.len() + machine + 1;
    (machine < 256).then_some((kept, kept + length))
}

fn is_uuid(bytes: &[u8]) -> bool {
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(place, byte)| match place {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn is_mixed(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_digit) && bytes.iter().any(u8::is_ascii_alphabetic)
}

/// Long hexadecimal or mixed words, and short ones that change between digits, capitals and small letters all the time.
fn is_id(bytes: &[u8]) -> bool {
    let hex = bytes.iter().all(u8::is_ascii_hexdigit);
    if !is_mixed(bytes) {
        return false;
    }
    if bytes.len() >= LONG_ID || hex && bytes.len() >= 16 {
        return true;
    }
    let class = |byte: &u8| (byte.is_ascii_digit(), byte.is_ascii_uppercase());
    let changes = bytes.iter().zip(bytes.iter().skip(1)).filter(|(one, next)| class(one) != class(next)).count();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    bytes.len() >= 8 && digits >= 2 && changes >= 4
}

fn is_epoch(bytes: &[u8], run: &Learned) -> bool {
    let scale = match bytes.len() {
        10 => 1_000_000,
        13 => 1000,
        16 => 1,
        _ => return false,
    };
    let number = std::str::from_utf8(bytes).ok().and_then(|digits| digits.parse::<i64>().ok());
    number.and_then(|number| number.checked_mul(scale)).is_some_and(|micros| run.is_near(micros))
}

/// Returns the length of the time a text begins with, and the time.
fn time(text: &str) -> Option<(usize, i64)> {
    iso(text).or_else(|| http_date(text))
}

fn iso(text: &str) -> Option<(usize, i64)> {
    let bytes = text.as_bytes();
    let matches = |pattern: &[u8]| {
        bytes.len() >= pattern.len()
            && pattern.iter().zip(bytes).all(|(wanted, byte)| match wanted {
                b'0' => byte.is_ascii_digit(),
                b'T' => matches!(byte, b'T' | b't' | b' '),
                wanted => wanted == byte,
            })
    };
    if matches(b"00000000T000000Z") {
        let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        let long =
            format!("{}-{}-{}T{}:{}:{}Z", part(0..4), part(4..6), part(6..8), part(9..11), part(11..13), part(13..15));
        return Some((16, Timestamp::parse_iso(&long)?.as_micros()));
    }
    if !matches(b"0000-00-00T00:00:00") {
        return None;
    }
    let digits =
        |from: usize| bytes.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
    let fraction = if bytes.get(19) == Some(&b'.') { 1 + digits(20) } else { 0 };
    let at = 19 + fraction;
    let zone = match bytes.get(at) {
        Some(b'Z' | b'z') => 1,
        Some(b'+' | b'-') if digits(at + 1) == 2 && bytes.get(at + 3) == Some(&b':') && digits(at + 4) == 2 => 6,
        Some(b'+' | b'-') if digits(at + 1) == 4 => 5,
        _ => 0,
    };
    // What follows the seconds hardly matters for days.
    let whole = format!("{}T{}Z", text.get(..10)?, text.get(11..19)?);
    Some((at + zone, Timestamp::parse_iso(&whole)?.as_micros()))
}

/// `Fri, 20 Nov 2026 03:09:43 GMT`.
fn http_date(text: &str) -> Option<(usize, i64)> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = text.get(..29).filter(|date| date.ends_with(" GMT") && date.get(3..5) == Some(", "))?;
    let month = MONTHS.iter().position(|month| date.get(8..11) == Some(month))? + 1;
    let iso = format!("{}-{month:02}-{}T{}Z", date.get(12..16)?, date.get(5..7)?, date.get(17..25)?);
    Some((29, Timestamp::parse_iso(&iso)?.as_micros()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn excuses(name: &str, old: &Value, new: &Value) -> bool {
        let at = |text: &str| Timestamp::parse_iso(text).unwrap().as_micros();
        let learned =
            |name: &str, time: &str| Learned { names: vec![name.into()], ran: Some((at(time), at(time) + 60_000_000)) };
        let mask = Mask {
            old: learned("MH-2026-118429", "2026-11-20T03:09:43Z"),
            new: learned("MH-2026-118432", "2026-11-21T03:14:07Z"),
        };
        mask.excuses(name, old, new)
    }

    #[test]
    fn values_drawn_anew_are_excused() {
        for (name, old, new) in [
            ("id", json!("a88095f6-d7ba-4a65-8856-ee18a414ee1d"), json!("42618a20-2037-410e-a5f0-13ba522ae822")),
            ("placedAt", json!("2026-11-20T03:09:41Z"), json!("2026-11-21T03:14:05.123+00:00")),
            ("key", json!("out/20261120T030941Z.json"), json!("out/20261121T031405Z.json")),
            ("x", json!("Fri, 20 Nov 2026 03:09:43 GMT"), json!("Sat, 21 Nov 2026 03:09:43 GMT")),
            ("orderId", json!("MH-2026-118429"), json!("MH-2026-118432")),
            ("key", json!("MH-2026-118429/charge"), json!("MH-2026-118432/charge")),
            ("arn", json!("arn:aws:states:x:1:execution:M:a-1"), json!("arn:aws:states:x:1:execution:M:b-2")),
            ("chargeId", json!("ch_5Tz0KpWq"), json!("ch_9fQ2mX7c")),
            ("trace", json!("1-6afcea15-55ad1ae3995e743ac3fd6d73"), json!("1-6afcea15-0011223344556677aabbccdd")),
            ("TaskToken", json!("a"), json!("b")),
            ("expires", json!("2026-12-20T03:09:41Z"), json!("2026-12-21T03:14:05Z")),
            ("at", json!(1_795_144_183), json!(1_795_230_850_123_u64)),
            ("elapsedMs", json!(12), json!(31)),
        ] {
            assert!(excuses(name, &old, &new), "{name}: {old} {new}");
        }
    }

    #[test]
    fn other_values_are_not() {
        for (name, old, new) in [
            ("customer", json!("c-40086"), json!("c-77120")),
            ("sku", json!("BULB-E27-DIM"), json!("LAMP-ARC-BRASS")),
            ("version", json!("41"), json!("42")),
            ("total", json!(51_150), json!(60_760)),
            ("expires", json!("2026-12-20T03:09:41Z"), json!("2025-12-21T03:14:05Z")),
            ("arn", json!("arn:aws:states:x:1:execution:M:a"), json!("arn:aws:states:x:1:execution:N:a")),
            ("pdf", json!("s3://invoices/2026/INV-090417.pdf"), json!("s3://invoices/2026/INV-090418.pdf")),
            ("date", json!("2026-11-20"), json!("2026-11-21")),
            ("hash", json!("a88095f6-d7ba-4a65-8856-ee18a414ee1d"), json!("none")),
            ("id", json!("7"), json!(7)),
        ] {
            assert!(!excuses(name, &old, &new), "{name}: {old} {new}");
        }
    }
}

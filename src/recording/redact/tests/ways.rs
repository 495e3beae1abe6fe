//! The ways a secret stands in a recording: each is `(what a payload says, rule)`, and no byte of the secret is left.

use super::{recording, rules, scrubbed, written};
use crate::recording::Recording;
use crate::recording::redact::{Key, StandIn};
use serde_json::{Value, json};

const SECRET: &str = "hunter2SECRET";

/// A text as it stands inside of a JSON string.
pub(super) fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn ways() -> Vec<(String, &'static str)> {
    let json = format!(r#"{{"user":"u","password":"{SECRET}"}}"#);
    let deep = format!(r#"{{"customer":{{"card":"{SECRET}"}}}}"#);
    let cut = format!(r#"{{"user":"u","password":"{SECRET}"#);
    let path = "$.customer.card";
    let mut ways = vec![
        (json.clone(), "password"),
        (json.to_uppercase().replace(&SECRET.to_uppercase(), SECRET), "password"),
        (format!("Error: {json}"), "password"),
        (format!("Error: {}", escaped(&json)), "password"),
        (format!("Error: {}", escaped(&escaped(&json))), "password"),
        (format!(r#"{{"errorMessage":"{}"}}"#, escaped(&json)), "password"),
        (format!(r#"{{"errorMessage":"{}"#, escaped(&cut)), "password"),
        (format!(r#"{{"errorMessage":"{}\"#, escaped(&cut)), "password"),
        (format!(r#"{{"a":"{}\u00"#, escaped(&format!(r#"{{"b":"{}"#, escaped(&cut)))), "password"),
        (format!(r#"{{"p\u0061ssword":"{SECRET}"#), "password"),
        (r#"{"password":"hunter\u0032SECRET"#.to_string(), "password"),
        (format!(r#"{{\u0022password\u0022:\u0022{SECRET}\u0022}}"#), "password"),
        (format!("{}{}", "x [a ".repeat(90), json), "password"),
        (format!("{}{}", "{".repeat(300), json), "password"),
        (format!("oops {deep} end"), path),
        (format!("oops {} end", escaped(&deep)), path),
        (deep.trim_end_matches('}').to_owned(), path),
        (deep.trim_end_matches(['}', '"']).to_owned(), path),
        (format!(r#"{{"a":"{}"#, escaped(&deep)), path),
        (format!("[{deep}"), "$[*].customer.card"),
        (format!("{{'user': 'u', 'password': '{SECRET}'}}"), "password"),
        (format!("{{'user': u'u', u'password': b'{SECRET}', 'x': None}}"), "password"),
        (format!("{{'customer': {{'card': '{SECRET}'"), path),
        (format!("Order(id=1, password={SECRET}, total=2)"), "password"),
        (format!("{{user=u, password=my {SECRET}, x=1}}"), "password"),
        (format!("GET /login?user=u&password={SECRET}&x=1 HTTP/1.1"), "password"),
        (format!("user%3Du%26password%3D{SECRET}"), "password"),
        (format!("form[password]={SECRET}"), "password"),
        (format!("url=%7B%22password%22%3A%22{SECRET}%22%7D"), "password"),
        (format!("&quot;password&quot;:&quot;{SECRET}&quot;"), "password"),
        (format!("login failed: password: {SECRET} of user u"), "password"),
        (format!("Authorization: Bearer {SECRET}"), "authorization"),
        (format!("authorization=Bearer {SECRET}"), "authorization"),
        (format!("ERROR --password {SECRET} --verbose"), "password"),
        (format!("db.password={SECRET}"), "password"),
        (format!("password = \"a b {SECRET}\""), "password"),
        (format!("{{password: {SECRET}}}"), "password"),
        (format!(r#"[{{"Key":"password","Value":"{SECRET}"}}]"#), "password"),
        (format!(r#"[{{"Value":"{SECRET}","Key":"password"}}]"#), "password"),
        (format!(r#"{{"Name":"PASSWORD","Value":"{SECRET}"#), "password"),
        (format!(r#"{{"name":"password","value.$":"States.Format('{SECRET}')"}}"#), "password"),
        (format!("<add key=\"password\" value=\"{SECRET}\"/>"), "password"),
        (format!("<password>{SECRET}</password>"), "password"),
        (format!(r#"{{"password.$":"States.Format('{SECRET}')"}}"#), "password"),
        (
            format!(
                "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Result:\n      password: {SECRET}\n    End: true\n"
            ),
            "password",
        ),
        (format!("a:\n  password: |\n    x\n    {SECRET}\n  b: 1\n"), "password"),
        (format!("a:\n  password:\n    - x: 1\n    - {SECRET}\nb: 1\n"), "password"),
        (format!("customer:\n  name: A\n  card: {SECRET}\n"), path),
        (format!("items:\n- card: x\n- id: 1\n  card: {SECRET}\n"), "$.items[1].card"),
        (format!("tags:\n- Key: password\n  Value: {SECRET}\n"), "password"),
        (format!(r#"hunter", "user":"x", "password": "{SECRET}", "a": 1}}"#), "password"),
        (format!(r#""{{""user"":""u"",""password"":""{SECRET}""}}",7"#), "password"),
        (format!("{{\"a\": 1, \"password\": \"{SECRET}\", }} trailing"), "password"),
        (format!("private_key: -----BEGIN KEY-----\n{SECRET}\n-----END KEY-----\nnext"), "private_key"),
        (format!(r#"{{"x":"say \"password\": \"{SECRET}\""}}"#), "password"),
        (format!(r#"{{"{SECRET}":{{"a":1}}}}"#), "/hunter2SECRET/"),
        (r#"{"hunter2\u0053ECRET":1}"#.to_string(), "/hunter2SECRET/"),
        (r#"{"a":"hunter2\u0053ECRET"#.to_string(), "/hunter2SECRET/"),
        (format!("cut {} off", escaped(&escaped(r#""hunter2\u0053ECRET""#))), "/hunter2SECRET/"),
        (format!(r#"{{"pin": "{SECRET}"}}"#), r#"/"pin":\s*"\w+"/"#),
        (format!(r#"{{"a":["{SECRET}","x"]}}"#), r#"/hunter2\w*","x/"#),
        ("x=hunter2%53ECRET".to_owned(), "/hunter2SECRET/"),
        ("aHVudGVyMlNFQ1JFVA==".to_owned(), "/hunter2SECRET/"),
        (r#"{"a":"aHVudGVyMlNFQ1JFVA=="}"#.to_owned(), "/hunter2SECRET/"),
        (r#"{"a":"eyJwYXNzd29yZCI6Imh1bnRlcjJTRUNSRVQifQ=="}"#.to_owned(), "password"),
        (r#"{"password":"aHVudGVyMlNFQ1JFVA=="}"#.to_owned(), "password"),
        (SECRET.to_owned(), "$"),
    ];
    for depth in 1..8 {
        let mut text = json.clone();
        for _ in 0..depth {
            text = json!({ "m": text }).to_string();
        }
        ways.push((text.clone(), "password"));
        ways.push((format!("prose {text}"), "password"));
        ways.push((format!("prose {}", escaped(&text)), "password"));
        let secret = text.find(SECRET).unwrap();
        ways.push((text[..secret + SECRET.len()].to_owned(), "password"));
    }
    ways
}

/// Tells whether a text has the secret, however it is written.
pub(super) fn holds(text: &str, secret: &str) -> bool {
    let mut text = text.to_owned();
    let base64 = [base64(secret), base64(secret).trim_end_matches('=').to_owned()];
    loop {
        if text.contains(secret) || base64.iter().any(|it| text.contains(it)) {
            return true;
        }
        let next = unescaped(&text);
        if next == text {
            return false;
        }
        text = next;
    }
}

/// Takes one layer of escapes off, without the means of what is tested.
fn unescaped(text: &str) -> String {
    let (mut made, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        let code = |digits: Option<&str>| u32::from_str_radix(digits?, 16).ok().and_then(char::from_u32);
        let (plain, length) = match c {
            '\\' if rest.starts_with("\\u") && code(rest.get(2..6)).is_some() => (code(rest.get(2..6)), 6),
            '\\' if rest.len() > 1 => (rest.chars().nth(1), 1 + rest.chars().nth(1).unwrap().len_utf8()),
            '%' if rest.get(1..3).is_some_and(|it| code(Some(it)).is_some_and(|it| it.is_ascii())) => {
                (code(rest.get(1..3)), 3)
            }
            _ => (Some(c), c.len_utf8()),
        };
        made.extend(plain);
        rest = &rest[length..];
    }
    made
}

pub(super) fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut made = String::new();
    for group in text.as_bytes().chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, at| bits << 8 | u32::from(group.get(at).copied().unwrap_or(0)));
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at) & 63) as usize];
            made.push(if at <= group.len() { char::from(digit) } else { '=' });
        }
    }
    made
}

#[test]
fn no_way_leads_around_a_rule() {
    let mut leaks = Vec::new();
    for (text, rule) in ways() {
        let packed = text.contains("eyJ");
        assert!(packed || holds(&text, SECRET), "the case has the secret: {text}");
        let after = scrubbed(&text, &[rule]);
        if (holds(&after, SECRET) || packed && after.contains("eyJ")) && rule != "$" {
            leaks.push(format!("{rule}: {text}\n   → {after}"));
        }
        for member in ["input", "cause"] {
            let events = json!([{"timestamp": 1, "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
                                 "executionStartedEventDetails": { member: text }}]);
            let after = recording(&events).redacted(&rules(&[rule]), &StandIn::Same);
            let text = written(&after).to_string();
            if holds(&text, SECRET) || after.events.len() != 1 || after.redactions[0].count == Some(0) {
                leaks.push(format!("{rule} in {member}: {text}"));
            }
        }
    }
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.join("\n"));
}

/// Members of the recording around the payloads: `(document, rule)`.
#[test]
fn no_member_around_payloads_is_left_out() {
    let event = |extra: Value| {
        let mut event = json!({"timestamp": "2026-11-20T03:14:01.412000+00:00", "type": "PassStateExited", "id": 1,
                               "previousEventId": 0, "stateExitedEventDetails": {"name": "A", "output": "{}"}});
        event.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!([event])
    };
    let secret = json!(SECRET);
    let pattern = "/hunter2SECRET/";
    let number = 4_111_111_111_111_111_u64;
    for (member, value, rule) in [
        (SECRET, json!(1), pattern),
        ("x", json!({ SECRET: [1] }), pattern),
        ("x", json!({ "password": SECRET }), "password"),
        ("password", secret.clone(), "password"),
        ("x", json!({ "customer": { "card": SECRET } }), "$.customer.card"),
        ("customer", json!({ "card": SECRET }), "$.customer.card"),
        ("x", json!(format!("password={SECRET}")), "password"),
        ("x", json!([{ "Key": "password", "Value": SECRET }]), "password"),
        ("recorded", json!({ "by": SECRET, "at": SECRET }), pattern),
        ("recorded", json!({ "notes": [SECRET] }), pattern),
        ("execution", json!({ "type": SECRET, "level": SECRET, "status": SECRET, "redriveStatus": SECRET }), pattern),
        ("stateMachine", json!({ "type": SECRET, "roleArn": SECRET, "label": SECRET, "password": SECRET }), pattern),
        ("stateMachine", json!({ "loggingConfiguration": { "level": SECRET } }), pattern),
        ("stateMachine", json!({ "definition": format!("A:\n  password: {SECRET}\n") }), "password"),
        ("bookmarks", json!([{ "event": 1, "letter": SECRET, "note": SECRET, "x": SECRET }]), pattern),
        ("logs", json!([{ "message": format!("{{\"password\":\"{SECRET}\"}}") }, SECRET]), pattern),
        ("events", event(json!({ "type": SECRET })), pattern),
        ("events", event(json!({ "extra": { "password": SECRET } })), "password"),
        (
            "events",
            event(json!({ "stateExitedEventDetails": { "name": "A", "assignedVariables": { SECRET: "1" } } })),
            pattern,
        ),
        (
            "events",
            event(json!({ "stateExitedEventDetails": { "name": "A",
            "assignedVariables": { "v": format!("{{\"customer\":{{\"card\":\"{SECRET}\"}}}}") } } })),
            "$.customer.card",
        ),
        ("x", json!({ "a": number }), r"/\d{16}/"),
        ("execution", json!({ "redriveCount": number }), r"/\d{16}/"),
        ("execution", json!({ "name": "run", "input": "\"x\"", "traceHeader": SECRET }), pattern),
    ] {
        let mut document = json!({ "format": "stepback/1", "events": [] });
        document[member] = value.clone();
        let text = document.to_string();
        let read = Recording::read(&crate::json::SharedBytes::from(text)).unwrap();
        let after = written(&read.redacted(&rules(&[rule]), &StandIn::Same)).to_string();
        let left = holds(&after, SECRET) || after.contains(&number.to_string());
        assert!(!left, "{rule} in {member} {value}: {after}");
    }
}

#[test]
fn what_is_not_named_stays() {
    for text in [
        r#"{"passwords":1,"a":"it's 5\" wide","b":[1,2],"t":"12:30:01","u":"https://h/p?x=1&y=2"}"#,
        "don't: 'tis a \"quoted\" thing = 1 {not json} [1, 2",
        "StartAt: A\nStates:\n  A:\n    Type: Pass\n",
        r#"{"Key":"user","Value":"bob"}"#,
        r#"{"States":{"password":{"Type":"Pass","End":true}}}"#,
        "aGVsbG8gd29ybGQ= 100% & more &amp; \\n",
    ] {
        assert_eq!(scrubbed(text, &["password", "$.customer.card", "/hunter2/"]), text);
    }
}

#[test]
fn a_text_stays_what_it_is() {
    for (text, rule, expected) in [
        (r#"{"a":"{\"password\":\"x\"}"}"#, "password", r#"{"a":"{\"password\":\"[redacted]\"}"}"#),
        ("{'password': 'x', 'a': 1}", "password", "{'password': '[redacted]', 'a': 1}"),
        ("a?password=x&b=1", "password", "a?password=[redacted]&b=1"),
        ("{password=x, a=1}", "password", "{password=\"[redacted]\", a=1}"),
        ("password: x, user: bob", "password", "password: [redacted], user: bob"),
        ("a:\n  password: x\n  b: 1\n", "password", "a:\n  password: [redacted]\n  b: 1\n"),
        (r#"{"password.$":"$.x"}"#, "password", r#"{"password.$":"States.Format('[redacted]')"}"#),
        (r#"say {\"password\":\"x\"} now"#, "password", r#"say {\"password\":\"[redacted]\"} now"#),
        ("q=%22password%22%3A%22x%22", "password", "q=%22password%22%3A%22%5Bredacted%5D%22"),
        ("4111111111111111", r"/\d{16}/", "\"[redacted]\""),
        (r#"{"pin":"1","a":2}"#, r#"/"pin":"\d"/"#, r#"{"[redacted]":"[redacted]","a":2}"#),
    ] {
        assert_eq!(scrubbed(text, &[rule]), expected);
        assert_eq!(scrubbed(expected, &[rule]), expected, "once more takes out nothing more");
    }
}

#[test]
fn pseudonyms_tell_what_is_the_same() {
    let events = json!([
        {"timestamp": 1, "type": "ExecutionStarted", "id": 1, "previousEventId": 0,
         "executionStartedEventDetails": {"input": r#"{"password":"one","a":{"password":"two"}}"#}},
        {"timestamp": 2, "type": "PassStateExited", "id": 2, "previousEventId": 1,
         "stateExitedEventDetails": {"name": "A", "output": "say \\\"password\\\":\\\"one\\\"",
                                     "assignedVariables": {"password": "\"one\""}}},
    ]);
    let stand_in = StandIn::Pseudonym(Key::new(b"0123456789abcdef").unwrap());
    let once = recording(&events).redacted(&rules(&["password"]), &stand_in);
    let text = written(&once)["events"].to_string();
    let names: Vec<_> = text.match_indices("[redacted:").map(|(at, _)| &text[at..at + 23]).collect();
    assert_eq!(names.len(), 4);
    assert!(names[0] == names[2] && names[0] == names[3] && names[0] != names[1], "{names:?}");
    let twice = once.redacted(&rules(&["password", "/[0-9a-f]{12}/"]), &stand_in);
    assert_eq!(written(&twice)["events"], written(&once)["events"]);
}

#[test]
fn what_is_left_is_told_with_its_place() {
    use crate::recording::redact::{Left, left_in};
    let text = "{\n  \"format\": \"stepback/1\",\n  \"events\": [],\n  \"x\": {\"password\": \"a\", \"pin\": \"[redacted]\"},\n  \"y\": \"4111 and 4222\"\n}";
    let found = left_in(text, &rules(&["password", "pin", r"/4\d+/"]));
    let at = |rule, line, column, member: &str| Left { rule, line, column, member: Some(member.to_owned()) };
    assert_eq!(found, [at(0, 4, 21, "password"), at(2, 5, 9, "y"), at(2, 5, 18, "y")]);
    assert_eq!(left_in("a\npassword=x", &rules(&["password"])).len(), 1);
    assert_eq!(left_in(r#"{"events":[],"x":"\\\\u0034111"}"#, &rules(&[r"/4111/"])).len(), 1);
}

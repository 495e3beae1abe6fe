//! Whatever is made around a secret, nothing of it is left.

use super::scrubbed;
use super::ways::{base64, escaped, holds};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Something that is put around a text that names the secret.
#[derive(Debug, Clone)]
enum Layer {
    Member(String),
    Element,
    Prose(String, String),
    Escapes,
    Unicode,
    Percent,
    Base64,
}

fn around(text: &str, layer: &Layer) -> String {
    match layer {
        Layer::Member(name) => json!({ "a": 1, name: text, "z": [true] }).to_string(),
        Layer::Element => json!(["x", text]).to_string(),
        Layer::Prose(before, after) => format!("{before} {text} {after}"),
        Layer::Escapes => escaped(text),
        Layer::Unicode => {
            let unicode = |c: char| match c {
                '"' | '\\' | 's' | '\n' => format!("\\u{:04x}", u32::from(c)),
                c => c.to_string(),
            };
            let inner: String = text.chars().map(unicode).collect();
            format!("{{\"u\":\"{inner}\"}}")
        }
        Layer::Percent => text
            .bytes()
            .map(|byte| match byte {
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect(),
        Layer::Base64 => base64(text),
    }
}

fn layer() -> impl Strategy<Value = Layer> {
    prop_oneof![
        3 => "[a-z]{1,5}".prop_map(Layer::Member),
        1 => Just(Layer::Element),
        2 => ("[A-Za-z ]{0,12}", "[A-Za-z ]{0,12}").prop_map(|(a, b)| Layer::Prose(a, b)),
        2 => Just(Layer::Escapes),
        1 => Just(Layer::Unicode),
        1 => Just(Layer::Percent),
        1 => Just(Layer::Base64),
    ]
}

/// Text that names the secret, with the secret as it is written there.
fn named(secret: &str, form: usize) -> String {
    let quoted = Value::from(secret).to_string();
    match form {
        0 => format!(r#"{{"user":"u","password":{quoted},"n":1}}"#),
        1 => format!(r#"{{"tags":[{{"Key":"password","Value":{quoted}}}]}}"#),
        2 => format!("{{'user': 'u', 'password': '{}'}}", escaped(secret).replace('\'', "\\'")),
        3 => format!(r#"{{"password":[{quoted},{{"x":{quoted}}}]}}"#),
        4 => format!(r#"{{ "password.$" : {quoted} }}"#),
        _ => format!(r#"{{"a":{{"password":{quoted}"#),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_of_a_named_secret_is_left(
        secret in "S3cr3t[ -~\u{e9}\u{1f600}]{4,12}X",
        form in 0_usize..6,
        layers in proptest::collection::vec(layer(), 0..5),
    ) {
        let text = layers.iter().fold(named(&secret, form), |text, layer| around(&text, layer));
        let after = scrubbed(&text, &["password"]);
        prop_assert!(!holds(&after, &secret), "{secret:?} {layers:?}\n{text}\n{after}");
    }

    #[test]
    fn nothing_that_matches_is_left_wherever_it_is_cut(
        secret in "S3cr3t[a-zA-Z0-9]{4,12}",
        form in 0_usize..6,
        layers in proptest::collection::vec(layer(), 0..5),
        cut in 0.0_f64..1.0,
    ) {
        let text = layers.iter().fold(named(&secret, form), |text, layer| around(&text, layer));
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a short text")]
        let mut end = (text.len() as f64 * cut) as usize;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let cut = &text[..end];
        let after = scrubbed(cut, &["/S3cr3t[a-zA-Z0-9]*/", "password"]);
        prop_assert!(!holds(&after, &secret), "{secret:?} {layers:?}\n{cut}\n{after}");
        prop_assert!(!after.contains("S3cr3t"), "{after}");
    }
}

//! Characters that are not seen but obeyed, and text in which they are seen.
//!
//! One rule for the screen, for reports and for everything else that is printed: what moves the cursor, reorders the
//! text around it or takes no room is written out.

use std::fmt::Write as _;

/// Tells whether a character is obeyed instead of shown: control characters, marks that reorder the text around them,
/// line separators, and what takes no room and so hides in a text. What joins the parts of an emoji (U+200D) is seen.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Returns a text with every hidden character written out, as in `\u{202e}`; new lines and tabs as well.
pub fn visible(text: &str) -> String {
    written_out(text, is_hidden)
}

/// The same of a text of several lines: new lines and tabs stay.
pub fn visible_lines(text: &str) -> String {
    written_out(text, |c| is_hidden(c) && !matches!(c, '\n' | '\t'))
}

fn written_out(text: &str, hidden: impl Fn(char) -> bool) -> String {
    if !text.chars().any(&hidden) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            c if !hidden(c) => shown.push(c),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c => {
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    shown
}

/// Returns a JSON text with every hidden character of its strings escaped, which says the same: `\u202e`. White space
/// between its parts stays.
pub fn visible_json(text: &str) -> String {
    let hidden = |c: char| is_hidden(c) && !matches!(c, '\n' | '\t' | '\r');
    if !text.chars().any(hidden) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(shown, "\\u{unit:04x}");
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Returns a text with what stands before the `@` of addresses taken out: names and passwords.
pub fn without_credentials(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, behind) = rest.split_at(at + 3);
        made.push_str(before);
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>' | ')');
        let host = behind.find(ends).unwrap_or(behind.len());
        let (authority, behind) = behind.split_at(host);
        made.push_str(authority.rsplit_once('@').map_or(authority, |(_, host)| host));
        rest = behind;
    }
    made.push_str(rest);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_shown_without_its_password() {
        for (text, shown) in [
            ("http://me:secret@127.0.0.1:4566", "http://127.0.0.1:4566"),
            (
                "Cannot reach 'https://a:b@c@host/p?x=1@2' and http://h.",
                "Cannot reach 'https://host/p?x=1@2' and http://h.",
            ),
            ("a@b: no address", "a@b: no address"),
        ] {
            assert_eq!(without_credentials(text), shown);
        }
    }

    #[test]
    fn what_is_hidden_is_written_out() {
        let text = "a\x1b[31mb\u{7}\n\u{202e}é\u{9b}\u{61c}\u{feff}\u{200b}\u{e0041}\r👍";
        let shown = "a\\u{1b}[31mb\\u{7}\\n\\u{202e}é\\u{9b}\\u{61c}\\u{feff}\\u{200b}\\u{e0041}\\r👍";
        assert_eq!(visible(text), shown);
        assert_eq!(visible_lines(text), shown.replacen("\\n", "\n", 1));
        assert_eq!(visible("plain é"), "plain é");
    }

    #[test]
    fn json_says_the_same() {
        let value = serde_json::Value::from("\u{9b}\u{202e}\u{e0041}\u{7f} \n");
        let text = visible_json(&value.to_string());
        assert_eq!(text, r#""\u009b\u202e\udb40\udc41\u007f \n""#);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
        assert_eq!(visible_json("{\n\t\"a\": 1}\r\n"), "{\n\t\"a\": 1}\r\n");
    }
}

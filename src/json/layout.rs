//! JSON text laid out for people, and back: only the white space between the tokens changes, never a token.

/// Returns JSON with every member and item on a line of its own, and no more white space than that needs.
///
/// Text that is no JSON comes out with its tokens in order all the same.
pub fn pretty(text: &str) -> String {
    let mut laid = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let mut tokens = tokens(text).peekable();
    while let Some(token) = tokens.next() {
        match token {
            "{" | "[" => {
                laid.push_str(token);
                if matches!(tokens.peek(), Some(&("}" | "]"))) {
                    laid.extend(tokens.next());
                } else {
                    depth += 1;
                    new_line(&mut laid, depth);
                }
            }
            "}" | "]" => {
                depth = depth.saturating_sub(1);
                new_line(&mut laid, depth);
                laid.push_str(token);
            }
            "," => {
                laid.push_str(token);
                new_line(&mut laid, depth);
            }
            ":" => laid.push_str(": "),
            token => laid.push_str(token),
        }
    }
    laid
}

/// Returns JSON without white space between its tokens, as AWS writes it.
pub fn compact(text: &str) -> String {
    tokens(text).collect()
}

fn new_line(laid: &mut String, depth: usize) {
    laid.push('\n');
    // Text that opens ever more brackets must not grow with their square.
    laid.extend(std::iter::repeat_n("  ", depth.min(200)));
}

/// The tokens: marks one by one, strings and words whole.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let end = match rest.as_bytes().first()? {
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            b'"' => string_end(rest),
            _ => rest.find(|c: char| " \t\r\n{}[],:\"".contains(c)).unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at_checked(end)?;
        rest = behind;
        Some(token)
    })
}

fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_white_space_changes() {
        for (compacted, laid) in [
            (r#"{"a":1.10,"b":[],"c":{}}"#, "{\n  \"a\": 1.10,\n  \"b\": [],\n  \"c\": {}\n}"),
            (r#"[1,{"x y":"\" , : {é"}]"#, "[\n  1,\n  {\n    \"x y\": \"\\\" , : {é\"\n  }\n]"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("", ""),
        ] {
            assert_eq!(pretty(compacted), laid);
            assert_eq!(compact(laid), compacted);
        }
    }

    #[test]
    fn what_is_no_json_keeps_its_tokens() {
        for text in ["{\"a\": oops", "\"no end", "]]}", "é:", "[".repeat(10_000).as_str()] {
            assert_eq!(compact(&pretty(text)), compact(text));
        }
    }
}

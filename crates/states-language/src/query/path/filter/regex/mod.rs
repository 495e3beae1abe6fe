//! Regular expressions, written in Java's syntax.

mod translate;

use super::super::evaluate::Stop;

/// A compiled regular expression.
///
/// Matching takes time linear in the text, whatever the expression; look-around, back references and possessive
/// quantifiers, which Java has, are refused therefore.
#[derive(Debug, Clone)]
pub(super) struct Regex {
    text: Box<str>,
    compiled: regex::Regex,
}

/// How large a compiled regular expression may be, in bytes.
const SIZE: usize = 1 << 20;

impl Regex {
    /// Compiles a regular expression that has to match all of a text.
    pub(super) fn compile(text: &str, ignore_case: bool) -> Result<Self, String> {
        let whole = format!(r"\A(?:{})\z", translate::translate(text, ignore_case)?);
        let compiled = regex::RegexBuilder::new(&whole).size_limit(SIZE).build();
        compiled.map(|compiled| Self { text: text.into(), compiled }).map_err(|error| match error {
            regex::Error::Syntax(text) => text.lines().last().unwrap_or_default().trim().to_owned(),
            other => other.to_string(),
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn matches(&self, text: &str) -> Result<bool, Stop> {
        Ok(self.compiled.is_match(text))
    }
}

#[cfg(test)]
mod tests {
    use super::Regex;

    #[test]
    fn expressions_mean_what_they_mean_in_java() {
        for (pattern, matched, other) in [
            ("a.c", "abc", "a\nc"),
            (r"\d+\w\s", "123x ", "١x "),
            ("[^a-c]", "d", "b"),
            (r"[\w-x]+", "a-x", "a.x"),
            (r"[]a]", "]", "b"),
            (r"\Qa.c\E+", "a.cc", "abc"),
            (r"\p{Upper}\p{Digit}", "A1", "a1"),
            (r"(?i)AbC", "aBc", "abd"),
            (r"(?:(?i)a)b", "Ab", "AB"),
            (r"(a|b){2}", "ab", "abc"),
            (r"\x41\u0042\t", "AB\t", "AB"),
            (r"é", "é", "É"),
            (r"[[a-c]x]", "x", "d"),
            (r"a+?", "aa", ""),
        ] {
            let regex = Regex::compile(pattern, false).unwrap();
            assert_eq!((regex.matches(matched), regex.matches(other)), (Ok(true), Ok(false)), "{pattern}");
        }
        let regex = Regex::compile("[b-d]É", true).unwrap();
        assert_eq!((regex.matches("CÉ"), regex.matches("cé")), (Ok(true), Ok(false)), "only ASCII has no case");
        for wrong in ["(", ")", "*a", "a**", "a{", "a{2,1}", "[b-a]", "[a", r"\y", "(?=a)", r"(a)\1", "a*+"] {
            assert!(Regex::compile(wrong, false).is_err(), "{wrong}");
        }
    }
}

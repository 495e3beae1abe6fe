//! JUnit's XML, which build servers read: what was tried and what failed.

use super::Failure;
use std::fmt::Write;
use std::path::Path;

/// One thing that was tried.
#[derive(Clone)]
pub(super) struct Case {
    /// What was tried: a file, a machine, an execution.
    pub name: String,
    /// The file it stands in.
    pub file: String,
    /// What came out.
    pub outcome: Outcome,
}

/// What came out of a try.
#[derive(Clone)]
pub(super) enum Outcome {
    Passed,
    /// A sentence, and everything there is to say.
    Failed(String, String),
    /// It could not be tried, and why.
    Skipped(String),
}

/// Writes a report to a file.
pub(super) fn write(path: &Path, suite: &str, cases: &[Case]) -> Result<(), Failure> {
    std::fs::write(path, xml(suite, cases))
        .map_err(|error| Failure::input(format!("Cannot write '{}': {error}.", path.display())))
}

fn xml(suite: &str, cases: &[Case]) -> String {
    let count = |is: fn(&Outcome) -> bool| cases.iter().filter(|case| is(&case.outcome)).count();
    let failures = count(|outcome| matches!(outcome, Outcome::Failed(..)));
    let skipped = count(|outcome| matches!(outcome, Outcome::Skipped(_)));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let totals = format!("tests=\"{}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"", cases.len());
    let _ = writeln!(out, "<testsuites {totals}>\n  <testsuite name=\"{}\" {totals}>", escaped(suite));
    for case in cases {
        let (name, file) = (escaped(&case.name), escaped(&case.file));
        let _ = write!(out, "    <testcase name=\"{name}\" classname=\"{file}\" file=\"{file}\"");
        let _ = match &case.outcome {
            Outcome::Passed => writeln!(out, "/>"),
            Outcome::Failed(message, text) => writeln!(
                out,
                ">\n      <failure message=\"{}\">{}</failure>\n    </testcase>",
                escaped(message),
                escaped(text)
            ),
            Outcome::Skipped(reason) => {
                writeln!(out, ">\n      <skipped message=\"{}\"/>\n    </testcase>", escaped(reason))
            }
        };
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

/// Writes a text so that it may stand in an attribute or between tags. XML has no control characters at all.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push_str("&#10;"),
            '\t' => out.push('\t'),
            '\r' => {}
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_counted_and_nothing_breaks_out_of_its_place() {
        let case = |name: &str, outcome| Case { name: name.to_owned(), file: "a.json".to_owned(), outcome };
        let cases = [
            case("fine", Outcome::Passed),
            case("<&\"\u{1}", Outcome::Failed("bad".to_owned(), "a\nb</failure>".to_owned())),
            case("later", Outcome::Skipped("no answers".to_owned())),
        ];
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\">
  <testsuite name=\"check\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\">
    <testcase name=\"fine\" classname=\"a.json\" file=\"a.json\"/>
    <testcase name=\"&lt;&amp;&quot;\u{fffd}\" classname=\"a.json\" file=\"a.json\">
      <failure message=\"bad\">a&#10;b&lt;/failure&gt;</failure>
    </testcase>
    <testcase name=\"later\" classname=\"a.json\" file=\"a.json\">
      <skipped message=\"no answers\"/>
    </testcase>
  </testsuite>
</testsuites>
";
        assert_eq!(xml("check", &cases), expected);
    }
}

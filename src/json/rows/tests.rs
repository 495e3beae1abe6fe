use super::*;
use std::fmt::Write as _;

/// Draws rows as text: indentation, label, kind, value.
fn drawn(rows: &Rows) -> String {
    let mut out = String::new();
    for index in 0..rows.len() {
        let row = rows.get(index).unwrap();
        let label = match rows.label(index) {
            Label::Name(name) => format!("<{name}>"),
            Label::Key(key) => key.into_owned(),
            Label::Index(index) => format!("[{index}]"),
            Label::Nothing => "-".to_owned(),
        };
        let value = match row.kind {
            Kind::Object | Kind::Array => format!("{} bytes, {} rows", rows.size(index), row.count),
            Kind::Encoded { times, .. } => format!("encoded {times}×, {} rows", row.count),
            Kind::Lines | Kind::NoJson => format!("{:?}, {} rows", row.kind, row.count),
            _ => rows.value(index).into_owned(),
        };
        let indent = "  ".repeat(row.depth.into());
        writeln!(out, "{indent}{label} {value}").unwrap();
    }
    out
}

fn rows(text: &str) -> Rows {
    Rows::of("doc", &Payload::from_text(text))
}

#[test]
fn a_document_becomes_rows() {
    let rows = rows(r#" {"a": [1, 2.50, {}], "b" : {"c\u00e9":"x\"y", "d":null}, "e":true, "f":[] } "#);
    insta::assert_snapshot!(drawn(&rows), @r#"
    <doc> 75 bytes, 4 rows
      a 13 bytes, 3 rows
        [0] 1
        [1] 2.50
        [2] 2 bytes, 0 rows
      b 28 bytes, 2 rows
        cé x"y
        d null
      e true
      f 2 bytes, 0 rows
    "#);
}

#[test]
fn strings_with_documents_and_lines_are_taken_apart() {
    let inner =
        serde_json::json!({"errorMessage": "no", "Body": serde_json::json!({"x": [1]}).to_string()}).to_string();
    let twice = serde_json::Value::from(inner.clone()).to_string();
    let document =
        serde_json::json!({"Cause": inner, "Twice": twice, "Trace": "a\n  b\n", "Log": "[INFO] x", "E": "{}"});
    let rows = rows(&document.to_string());
    insta::assert_snapshot!(drawn(&rows), @r"
    <doc> 204 bytes, 5 rows
      Cause encoded 1×, 2 rows
        errorMessage no
        Body encoded 1×, 1 rows
          x 3 bytes, 1 rows
            [0] 1
      Twice encoded 2×, 2 rows
        errorMessage no
        Body encoded 1×, 1 rows
          x 3 bytes, 1 rows
            [0] 1
      Trace Lines, 2 rows
        - a
        -   b
      Log [INFO] x
      E {}
    ");
}

#[test]
fn rows_know_their_place() {
    let inner = serde_json::json!({"list": [{"it's": 1}]}).to_string();
    let rows = rows(&serde_json::json!({"a b": {"c": [0, inner]}}).to_string());
    let last = rows.len() - 1;
    assert_eq!(rows.json_path(last), "$['a b'].c[1] decoded $.list[0]['it\\'s']");
    assert_eq!(rows.jq_path(last), r#".["a b"].c[1] | fromjson | .list[0]["it's"]"#);
    assert_eq!(rows.json_path(0), "$");
    assert_eq!(rows.jq_path(0), ".");
}

#[test]
fn paths_begin_anew_inside_strings() {
    let rows = rows(&serde_json::json!(serde_json::json!([[7]]).to_string()).to_string());
    assert_eq!(rows.jq_path(2), "fromjson | .[0][0]");
    assert_eq!(rows.json_path(2), "$ decoded $[0][0]");
}

#[test]
fn text_that_is_no_json_is_shown_as_lines() {
    let rows = rows("{\"a\": 1,\n\"b\": cut he");
    assert_eq!(rows.problem(0).map(|problem| (problem.line, problem.column)), Some((2, 6)));
    insta::assert_snapshot!(drawn(&rows), @r#"
    <doc> NoJson, 2 rows
      - {"a": 1,
      - "b": cut he
    "#);
}

#[test]
fn folds_hide_what_is_below() {
    let rows = rows(r#"{"a":{"b":{"c":1}},"d":2}"#);
    let mut folds = Folds::none(&rows);
    assert_eq!(folds.visible(), [0, 1, 2, 3, 4]);
    folds.toggle(&rows, 1);
    assert_eq!(folds.visible(), [0, 1, 4]);
    assert_eq!((folds.line(3), folds.line(4), folds.row(2)), (1, 2, Some(4)));
    folds.reveal(&rows, 3);
    assert_eq!(folds.visible(), [0, 1, 2, 3, 4]);
    folds.close_where(&rows, |row| row > 0 && rows.is_foldable(row));
    assert_eq!(folds.visible(), [0, 1, 4]);
    folds.open_all(&rows);
    assert_eq!(folds.visible().len(), 5);
}

#[test]
fn search_is_smart_about_case() {
    let rows = rows(r#"{"orderId":"A-1","Note":"order","größe":"ÄÖ"}"#);
    let find = |text| rows.find(&Needle::new(text).unwrap());
    assert_eq!(find("order"), [1, 2]);
    assert_eq!(find("Order"), [0; 0]);
    assert_eq!(find("note"), [2]);
    assert_eq!(find("äö"), [3]);
    assert_eq!(Needle::new(""), None);
}

#[test]
fn hostile_documents_end() {
    let deep = "[".repeat(200_000) + &"]".repeat(200_000);
    let rows = Rows::of("deep", &Payload::from_text(deep));
    assert_eq!(rows.len(), 200_000);
    assert_eq!(rows.end(0), 200_000);
    let wide = format!("[{}0]", "0,".repeat(MOST_ROWS * 2));
    let rows = Rows::of("wide", &Payload::from_text(wide));
    assert_eq!(rows.len(), MOST_ROWS + 1);
    assert_eq!(rows.get(MOST_ROWS).map(|row| row.kind), Some(Kind::Cut));
    let mut nested = "[1]".to_owned();
    for _ in 0..12 {
        nested = serde_json::json!([nested]).to_string();
    }
    assert!(Rows::of("nested", &Payload::from_text(nested)).len() < 40);
}

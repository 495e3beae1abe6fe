//! CSV files: quoted fields, and rows as objects whose members stand in the order of a Java `HashMap`.

use super::{failed, plain};
use crate::asl::state::{CsvDelimiter, CsvHeaders, ReaderConfig};
use crate::event::Failure;
use crate::interpreter::data::Item;
use crate::query::hash_map_order;
use serde_json::{Map, Value};

/// Refuses column names of which two are the same.
pub(super) fn check_headers(headers: &[String]) -> Result<(), Failure> {
    let repeated =
        headers.iter().enumerate().any(|(index, header)| headers.iter().skip(index + 1).any(|it| it == header));
    if repeated { Err(failed("CSV headers cannot contain duplicates.")) } else { Ok(()) }
}

/// Returns the rows of a file; missing cells are empty, cells without a header are left out.
pub(super) fn items(text: &str, config: &ReaderConfig) -> Result<Vec<Item>, Failure> {
    let mut rows = rows(text.strip_prefix('\u{feff}').unwrap_or(text), delimiter(config.csv_delimiter)).into_iter();
    let headers = match &config.csv_headers {
        CsvHeaders::Given(headers) => headers.clone(),
        CsvHeaders::FirstRow => rows.next().unwrap_or_default(),
    };
    check_headers(&headers)?;
    let order = hash_map_order(headers.iter().map(String::as_str));
    let item = |row: Vec<String>| {
        let cell = |index: usize| row.get(index).map_or("", String::as_str);
        let members = order.iter().filter_map(|&index| Some((headers.get(index)?.clone(), Value::from(cell(index)))));
        plain(Value::Object(members.collect::<Map<_, _>>()))
    };
    Ok(rows.map(item).collect())
}

fn delimiter(delimiter: CsvDelimiter) -> char {
    match delimiter {
        CsvDelimiter::Comma => ',',
        CsvDelimiter::Pipe => '|',
        CsvDelimiter::Semicolon => ';',
        CsvDelimiter::Space => ' ',
        CsvDelimiter::Tab => '\t',
    }
}

fn rows(text: &str, delimiter: char) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let (mut row, mut cell, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted || cell.is_empty() => quoted = !quoted,
            c if quoted => cell.push(c),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => {
                row.push(std::mem::take(&mut cell));
                close_row(&mut rows, std::mem::take(&mut row));
            }
            c if c == delimiter => row.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    row.push(cell);
    close_row(&mut rows, row);
    rows
}

/// Blank lines are no rows.
fn close_row(rows: &mut Vec<Vec<String>>, row: Vec<String>) {
    let blank = matches!(row.as_slice(), [only] if only.is_empty());
    if !blank {
        rows.push(row);
    }
}

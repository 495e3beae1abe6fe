//! The columns of a group of items: what each is called, and what stands in its input where the failing ones differ.

use crate::analysis::fleet::{Group, Item, Survey};
use crate::json::diff::At;
use crate::tui::text;
use serde_json::Value;

/// The columns of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// The columns the longest label takes.
    pub label: usize,
    /// The fields that tell failing items from others, and the columns each takes.
    pub fields: Vec<(Box<str>, usize)>,
    /// What stands in them, item by item; nothing where there is none.
    cells: Vec<Box<str>>,
}

/// Fields that are shown.
const FIELDS: usize = 3;
/// Columns a field takes at most.
const WIDEST: usize = 24;
/// What stands where an input has nothing. Strings stand in quotes.
pub const MISSING: &str = "missing";

impl List {
    /// Reads the telling fields of all items of a group.
    pub fn of(survey: &Survey, group: &Group) -> Self {
        let mut paths = survey.telling(group);
        paths.truncate(FIELDS);
        let items = || group.items.iter().filter_map(|item| survey.items.get(*item));
        let label = items().map(|item| text::width(&item.label)).max().unwrap_or(0);
        let cells: Vec<Box<str>> = items().flat_map(|item| cells(item, &paths)).collect();
        let wide =
            |column: usize| cells.iter().skip(column).step_by(paths.len().max(1)).map(|cell| text::width(cell)).max();
        let fields = paths.iter().enumerate().map(|(column, path)| {
            let name = path.to_string();
            let name = name.strip_prefix("$.").unwrap_or(&name);
            let width = wide(column).unwrap_or(0).max(text::width(name)).clamp(4, WIDEST);
            (name.into(), width)
        });
        let fields = fields.collect();
        Self { label, fields, cells }
    }

    /// Returns what stands in the fields of the group's item at a place, in their order; nothing where there is none.
    pub fn cells(&self, place: usize) -> &[Box<str>] {
        let columns = self.fields.len();
        self.cells.get(place * columns..(place + 1) * columns).unwrap_or_default()
    }
}

/// Histories hold very many payloads, so the input is not kept parsed.
fn cells(item: &Item, paths: &[&At]) -> Vec<Box<str>> {
    if paths.is_empty() {
        return Vec::new();
    }
    let input = item.input.as_ref().and_then(|input| serde_json::from_str::<Value>(input.text()).ok());
    let Some(input) = input else { return vec![Box::default(); paths.len()] };
    let found = |path: &&At| path.find(&input).map(|value| value.to_string());
    // A column more than is shown tells that there is more.
    let cut = |text: String| text::head(&text, WIDEST + 1).into();
    paths.iter().map(|path| found(path).map_or_else(|| MISSING.into(), cut)).collect()
}

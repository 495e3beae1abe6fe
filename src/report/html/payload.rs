//! Payloads as trees that fold. The text between the brackets is the text that was recorded, so that what is copied out
//! of the page is what was there.

use super::Builder;
use super::text::{Json, Lines, Words};
use crate::json::Payload;
use crate::json::rows::{Kind, Label, Outline, Rows};
use crate::report::quantity::{counted, size};

/// A payload that is no longer stands in its line.
const SHORT: usize = 72;
/// Rows of a payload that belongs to what failed.
const MOST_ROWS: usize = 4_000;
/// Rows of any other.
const FEW_ROWS: usize = 400;
/// Bytes of a payload that is not JSON.
const MOST_TEXT: usize = 48 * 1024;
/// Bytes of one string.
const MOST_STRING: usize = 24 * 1024;
/// Objects and arrays inside each other: browsers bear some hundreds.
const DEPTH: u16 = 40;
/// How deep a tree is unfolded at first.
const UNFOLDED: u16 = 2;
/// Members and items that are unfolded at first.
const UNFOLDED_ITEMS: u32 = 30;

/// How much a payload matters: what it belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// The cause itself: it is shown unfolded.
    Cause,
    /// A state that failed.
    Failed,
    /// A state of which nobody asks.
    Other,
}

impl<'a> Builder<'a> {
    /// Adds a payload under a label. One that was shown before is not shown again; `whose` names it for later ones.
    pub(super) fn payload(&mut self, label: &str, whose: &str, payload: Option<&'a Payload>, weight: Weight) {
        let Some(payload) = payload else { return };
        let text = payload.text();
        if text.len() <= SHORT && !text.contains('\n') {
            self.out.add(format_args!(
                "<p class=\"data\"><span class=\"label\">{}</span> <code>{}</code></p>\n",
                Words(label),
                Json(text)
            ));
            return;
        }
        if let Some((number, whose)) = self.shown.get(text) {
            self.out.add(format_args!(
                "<p class=\"data\"><span class=\"label\">{}</span> <a href=\"#d{number}\">the same as {}</a></p>\n",
                Words(label),
                Words(whose)
            ));
            return;
        }
        if self.is_full(weight) {
            self.left.payloads += 1;
            self.left.bytes += text.len();
            let bytes = size(text.len());
            self.out.add(format_args!(
                "<p class=\"data\"><span class=\"label\">{}</span> <span class=\"dim\">{bytes}, left out</span></p>\n",
                Words(label)
            ));
            return;
        }
        let number = self.shown.len();
        self.shown.insert(text, (number, whose.to_owned()));
        let open = if weight == Weight::Cause { " open" } else { "" };
        self.out.add(format_args!(
            "<details class=\"data\" id=\"d{number}\"{open}><summary>{} <small>{}</small></summary>\n",
            Words(label),
            size(text.len())
        ));
        self.tree(payload, if weight == Weight::Other { FEW_ROWS } else { MOST_ROWS });
        self.out.push("</details>\n");
    }

    /// Adds a payload as a tree of at most so many rows.
    pub(super) fn tree(&mut self, payload: &Payload, most: usize) {
        let rows = Rows::of("", payload);
        let whole = payload.text();
        match rows.get(0).map(|row| row.kind) {
            None | Some(Kind::NoJson | Kind::Line) => {
                let end = whole.floor_char_boundary(MOST_TEXT);
                self.out.add(format_args!("<pre>{}</pre>\n", Lines(whole.get(..end).unwrap_or_default())));
                self.cut(end < whole.len(), whole.len());
            }
            Some(_) => {
                let from = self.out.0.len();
                self.out.push("<div class=\"json\"><div class=\"top\">");
                let mut tree = Tree { rows: &rows, left: most, cut: false };
                tree.value(self, 0, 0);
                let cut = tree.cut;
                self.out.push("</div></div>\n");
                if cut {
                    // What is not whole must not be copied as if it were.
                    let end = from + "<div class=\"json\"".len();
                    self.out.0.insert_str(end, " data-cut");
                }
                self.cut(cut, whole.len());
            }
        }
    }

    fn cut(&mut self, cut: bool, bytes: usize) {
        if cut {
            self.left.cut += 1;
            self.out.add(format_args!("<p class=\"dim\">Cut here; it has {} in all.</p>\n", size(bytes)));
        }
    }
}

struct Tree<'a> {
    rows: &'a Rows,
    /// How many more rows may be written.
    left: usize,
    cut: bool,
}

impl Tree<'_> {
    fn value(&mut self, page: &mut Builder<'_>, row: usize, depth: u16) {
        let Some(found) = self.rows.get(row) else { return };
        self.left = self.left.saturating_sub(1);
        match found.kind {
            Kind::Object => self.container(page, row, depth, ["{", "}"]),
            Kind::Array => self.container(page, row, depth, ["[", "]"]),
            Kind::String | Kind::Lines => {
                self.key(page, row);
                self.string(page, row);
            }
            Kind::Encoded { array, .. } => {
                self.key(page, row);
                self.string(page, row);
                self.decoded(page, row, depth, array);
            }
            Kind::Number => self.leaf(page, row, "n"),
            Kind::Bool | Kind::Null => self.leaf(page, row, "w"),
            Kind::Cut | Kind::NoJson | Kind::Line => {
                self.cut = true;
                page.out.push("<span class=\"dim\">…</span>");
            }
        }
    }

    fn leaf(&mut self, page: &mut Builder<'_>, row: usize, class: &str) {
        self.key(page, row);
        page.out.add(format_args!("<span class=\"{class}\">{}</span>", Json(self.rows.source(row))));
    }

    fn string(&mut self, page: &mut Builder<'_>, row: usize) {
        let text = self.rows.source(row);
        let end = text.floor_char_boundary(MOST_STRING);
        page.out.add(format_args!("<span class=\"s\">{}</span>", Json(text.get(..end).unwrap_or_default())));
        if end < text.len() {
            self.cut = true;
            page.out.add(format_args!("<span class=\"dim\">… {} in all</span>", size(text.len())));
        }
    }

    fn key(&self, page: &mut Builder<'_>, row: usize) {
        if let Label::Key(key) = self.rows.label(row) {
            let key = serde_json::to_string(&*key).unwrap_or_default();
            page.out.add(format_args!("<span class=\"k\">{}</span>: ", Json(&key)));
        }
    }

    fn container(&mut self, page: &mut Builder<'_>, row: usize, depth: u16, [opens, closes]: [&str; 2]) {
        let count = self.rows.get(row).map_or(0, |row| row.count);
        if count == 0 {
            self.key(page, row);
            page.out.add(format_args!("{opens}{closes}"));
            return;
        }
        if depth > DEPTH {
            self.key(page, row);
            self.cut = true;
            page.out.add(format_args!("{opens}<span class=\"dim\">…</span>{closes}"));
            return;
        }
        let unfolded = depth == 0 || depth <= UNFOLDED && count <= UNFOLDED_ITEMS;
        page.out.add(format_args!(
            "<details{}><summary data-n=\"{}\">",
            if unfolded { " open" } else { "" },
            members(count, opens == "[")
        ));
        self.key(page, row);
        page.out.add(format_args!("{opens}</summary><ul>"));
        self.inside(page, row, depth);
        page.out.add(format_args!("</ul>{closes}</details>"));
    }

    fn inside(&mut self, page: &mut Builder<'_>, row: usize, depth: u16) {
        let end = self.rows.end(row);
        let mut at = row + 1;
        while at < end {
            if self.left == 0 {
                self.cut = true;
                page.out.push("<li class=\"dim\">…</li>");
                return;
            }
            page.out.push("<li>");
            self.value(page, at, depth.saturating_add(1));
            at = self.rows.end(at).max(at + 1);
            page.out.push(if at < end { ",</li>" } else { "</li>" });
        }
    }

    /// The document that a string holds: shown, and no part of what is copied.
    fn decoded(&mut self, page: &mut Builder<'_>, row: usize, depth: u16, array: bool) {
        let count = self.rows.get(row).map_or(0, |row| row.count);
        if depth > DEPTH || self.left == 0 {
            return;
        }
        let [opens, closes] = if array { ["[", "]"] } else { ["{", "}"] };
        page.out.add(format_args!(
            "<div class=\"decoded\"><details{}><summary data-n=\"{}\">JSON in this string: {opens}</summary><ul>",
            if depth <= UNFOLDED && count <= UNFOLDED_ITEMS { " open" } else { "" },
            members(count, array)
        ));
        self.inside(page, row, depth);
        page.out.add(format_args!("</ul>{closes}</details></div>"));
    }
}

fn members(count: u32, array: bool) -> String {
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    if array { counted(count, "item", "items") } else { counted(count, "member", "members") }
}

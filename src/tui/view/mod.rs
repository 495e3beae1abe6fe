//! Paints the model. Nothing here decides anything: sizes, scrolling and folds were settled by `update`.

mod bookmarks;
mod browser;
pub(super) mod chrome;
mod data;
mod footer;
mod graph;
mod header;
mod headline;
mod items;
mod lanes;
mod live;
mod origins;
mod overlay;
mod panel;
mod place;
mod replaying;
mod sheet;
mod timeline;
mod visits;

use super::event_list;
use super::layout::{Layout, SMALLEST};
use super::look::Look;
use super::model::{Model, Screen};
use super::msg::Target;
use super::table;
use super::theme::Role;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Widget;

pub(super) use bookmarks::gutter;
pub(super) use browser::head as browser_head;
pub(super) use data::tab_at;
pub(super) use headline::bare_height as bare_headline_height;
pub(super) use headline::height as headline_height;
pub(super) use items::body as items_body;
pub(super) use lanes::{at as lane_at, height as lanes_height};
pub(super) use live::calls_height;
pub(super) use origins::{area as origins_area, size as origins_size};
pub(super) use overlay::lines as overlay_lines;
pub(super) use panel::{heights as panel_heights, line_at as panel_line_at};
pub(super) use replaying::dress;
pub(super) use timeline::{area as timeline_area, columns as timeline_columns};
pub(super) use visits::words;

/// Paints the screen.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let (width, height) = model.size;
    let settled = Rect::new(0, 0, width, height);
    if frame.area() == settled {
        paint(model, settled, frame.buffer_mut());
    } else {
        // The terminal was resized and the news of it is still on its way: what fits is shown until then.
        let mut whole = Buffer::empty(settled);
        paint(model, settled, &mut whole);
        let common = settled.intersection(frame.area());
        for position in common.positions() {
            frame.buffer_mut()[position] = whole[position].clone();
        }
        return;
    }
    if let Some((column, row)) = footer::cursor(model) {
        frame.set_cursor_position((column, row));
    }
}

fn paint(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (least_width, least_height) = SMALLEST;
    if area.width < least_width || area.height < least_height {
        return small(model, area, buffer);
    }
    buffer.set_style(area, model.look.style(Role::Text));
    match model.screen() {
        Screen::Opening => opening(model, area, buffer),
        Screen::Broken(trouble) => {
            let hint = trouble.hint.as_deref().unwrap_or("");
            say(&model.look, &[&trouble.message, hint], area, buffer);
        }
        Screen::Browser(browser) => browser::paint(model, browser, area, buffer),
        Screen::Fleet(fleet) => super::fleet::paint(model, fleet, area, buffer),
        Screen::Execution(execution) => {
            let (layout, look) = (&model.layout, &model.look);
            header::paint(model, execution, layout.header, buffer);
            headline::paint(model, execution, buffer);
            visits::paint(execution, look, layout, buffer);
            graph::paint(execution, look, layout, buffer);
            lanes::paint(execution, look, layout, buffer);
            event_list::paint(execution, look, layout, buffer);
            table::paint(execution, look, layout, buffer);
            data::paint(execution, look, layout, buffer);
            timeline::paint(execution, look, layout, buffer);
            if let Some(origins) = &execution.origins {
                origins::paint(origins, look, layout, buffer);
            }
            if let Some(items) = &execution.items {
                items::paint(items, look, layout, buffer);
            }
            if let Some(panel) = &execution.panel {
                panel::paint(panel, execution.preview.as_ref().map(|(_, data)| data), look, layout, buffer);
            }
        }
    }
    overlay::paint(model, area, buffer);
    footer::paint(model, area, buffer);
}

/// Returns how many lines at the bottom of the data pane are not rows.
pub(super) fn data_footer(layout: &Layout) -> usize {
    usize::from(layout.inside(layout.data).height >= 6)
}

fn opening(model: &Model, area: Rect, buffer: &mut Buffer) {
    let target = model.opening.as_ref().map(|opening| opening.target.spelled()).unwrap_or_default();
    let from = match model.opening.as_ref().map(|opening| &opening.target) {
        Some(Target::Live(live)) => format!("in {}", place::of_live(model, live)),
        _ => String::new(),
    };
    let again = model.calls.repeating().unwrap_or_default();
    say(&model.look, &[&format!("Opening {target}{}", model.look.glyphs.more), &from, again], area, buffer);
}

/// A terminal can be too small for any of this.
fn small(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (width, height) = SMALLEST;
    let wish = format!("stepback needs {width} columns and {height} rows.");
    let have = format!("This terminal has {} and {}.", area.width, area.height);
    say(&model.look, &[&wish, &have, "Make it larger, or use stepback why."], area, buffer);
}

/// Says something in the middle of an area.
fn say(look: &Look, lines: &[&str], area: Rect, buffer: &mut Buffer) {
    let width = usize::from(area.width.saturating_sub(4)).clamp(1, 90);
    let lines: Vec<String> = lines.iter().flat_map(|line| super::text::wrap(line, width, 12)).collect();
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let top = area.y + area.height.saturating_sub(height) / 2;
    for (row, line) in (top..area.bottom()).zip(&lines) {
        let line = Line::from(look.foreign(line.trim_end(), width, Role::Text));
        let left = area.width.saturating_sub(u16::try_from(line.width()).unwrap_or(u16::MAX)) / 2;
        line.render(Rect { x: area.x + left, y: row, width: area.width - left, height: 1 }, buffer);
    }
}

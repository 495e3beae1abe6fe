//! A terminal as an SVG: one picture, or several that follow one another.

use super::grid::{Grid, Rgb, Run};
use std::collections::HashMap;
use std::fmt::Write;

/// The colour of a terminal that was given none.
pub const GROUND: Rgb = [0x16, 0x18, 0x1d];
/// The colour of text that was given none.
pub const INK: Rgb = [0xd8, 0xdc, 0xe4];

/// The size of a cell, in the picture's own units.
const CELL: (f32, f32) = (8.4, 18.0);
/// The room around the cells, and above them for the title.
const MARGIN: f32 = 12.0;
const BAR: f32 = 30.0;

/// What is shown for a while.
pub struct Frame {
    pub grid: Grid,
    /// What the person did to get here.
    pub caption: String,
    pub seconds: f32,
}

/// Returns one picture.
pub fn still(grid: &Grid, title: &str) -> String {
    let mut lines = Lines::default();
    let body = lines.uses(grid);
    page(grid, title, &lines.text, &body, "")
}

/// Returns several pictures one after another, again and again.
pub fn film(frames: &[Frame], title: &str) -> String {
    let (mut lines, mut body, mut keyframes) = (Lines::default(), String::new(), String::new());
    let total: f32 = frames.iter().map(|frame| frame.seconds).sum();
    let height = frames.first().map_or(0.0, |frame| height(&frame.grid));
    let mut begin = 0.0;
    for (number, frame) in frames.iter().enumerate() {
        let down = height * number as f32;
        let caption = titled(width(&frame.grid) - 16.0, "end", "k", &frame.caption);
        let _ = write!(body, "<g transform=\"translate(0 {down})\">{caption}{}</g>", lines.uses(&frame.grid));
        let _ = write!(keyframes, "{:.2}%{{transform:translateY(-{down}px)}}", 100.0 * begin / total);
        begin += frame.seconds;
    }
    let style = format!(".film{{animation:film {total}s step-end infinite}}@keyframes film{{{keyframes}}}");
    let body = format!("<g class=\"film\">{body}</g>");
    frames.first().map(|frame| page(&frame.grid, title, &lines.text, &body, &style)).unwrap_or_default()
}

/// Lines that were drawn, each once however often it is seen.
#[derive(Default)]
struct Lines {
    known: HashMap<String, usize>,
    text: String,
}

impl Lines {
    fn uses(&mut self, grid: &Grid) -> String {
        let mut uses = String::new();
        for (row, line) in grid.lines.iter().enumerate().filter(|(_, line)| !line.is_empty()) {
            let drawn: String = line.iter().map(drawn).collect();
            let next = self.known.len();
            let number = *self.known.entry(drawn).or_insert_with_key(|drawn| {
                let _ = writeln!(self.text, "<g id=\"l{next}\">{drawn}</g>");
                next
            });
            let y = BAR + MARGIN + CELL.1 * row as f32;
            let _ = write!(uses, "<use href=\"#l{number}\" x=\"{MARGIN}\" y=\"{y}\"/>");
        }
        uses
    }
}

fn drawn(run: &Run) -> String {
    let (x, width) = (CELL.0 * f32::from(run.column), CELL.0 * f32::from(run.width));
    let mut drawn = String::new();
    if let Some(ground) = run.look.ground {
        let _ = write!(drawn, "<rect x=\"{x:.1}\" width=\"{width:.1}\" height=\"18\" fill=\"{}\"/>", hex(ground));
    }
    if run.text.trim().is_empty() {
        return drawn;
    }
    let ink = run.look.ink.map(|ink| format!(" fill=\"{}\"", hex(ink))).unwrap_or_default();
    let marks = [
        (run.look.bold, " font-weight=\"bold\""),
        (run.look.dim, " opacity=\".6\""),
        (run.look.italic, " font-style=\"italic\""),
        (run.look.underlined, " text-decoration=\"underline\""),
    ];
    let marks: String = marks.iter().filter(|(on, _)| *on).map(|(_, mark)| *mark).collect();
    let _ = write!(
        drawn,
        "<text x=\"{x:.1}\" y=\"13.5\" textLength=\"{width:.1}\"{ink}{marks}>{}</text>",
        escaped(&run.text)
    );
    drawn
}

fn width(grid: &Grid) -> f32 {
    CELL.0 * f32::from(grid.columns) + 2.0 * MARGIN
}

fn height(grid: &Grid) -> f32 {
    CELL.1 * grid.lines.len() as f32 + 2.0 * MARGIN + BAR
}

fn titled(x: f32, anchor: &str, class: &str, text: &str) -> String {
    format!("<text x=\"{x}\" y=\"20\" text-anchor=\"{anchor}\" class=\"{class}\">{}</text>", escaped(text))
}

fn page(grid: &Grid, title: &str, lines: &str, body: &str, style: &str) -> String {
    let (width, height) = (width(grid), height(grid));
    let title = titled(16.0, "start", "t", title);
    // Fonts and colours are inherited, so that what a run says of its own wins.
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         fill=\"{ink}\" style=\"font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre\">\n\
         <style>.t{{fill:#8b93a3}}.k{{fill:#f0c674;font-weight:bold}}{style}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\" fill=\"{ground}\"/>\n<defs>\n{lines}</defs>\n{title}\n{body}\n</svg>\n",
        ink = hex(INK),
        ground = hex(GROUND),
    )
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Not every painter of SVG keeps several spaces in a row, but all keep those that do not break.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace(' ', "\u{a0}")
}

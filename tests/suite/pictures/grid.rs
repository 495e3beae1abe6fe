//! What a terminal shows, as cells that know nothing of terminals.

use vt100::Color;

/// A colour as three bytes.
pub type Rgb = [u8; 3];

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    pub ink: Option<Rgb>,
    pub ground: Option<Rgb>,
    pub bold: bool,
    pub dim: bool,
    pub italic: bool,
    pub underlined: bool,
}

/// Neighbours that look the same, beginning at a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    pub column: u16,
    pub width: u16,
    pub text: String,
    pub look: Look,
}

/// A picture of a terminal, line by line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    pub columns: u16,
    pub lines: Vec<Vec<Run>>,
}

impl Grid {
    /// Copies what is on the screen.
    pub fn of(screen: &vt100::Screen) -> Self {
        let (rows, columns) = screen.size();
        let (rows, columns) = (rows.get(), columns.get());
        Self { columns, lines: (0..rows).map(|row| line(screen, row, columns)).collect() }
    }
}

fn line(screen: &vt100::Screen, row: u16, columns: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for column in 0..columns {
        let Some(cell) = screen.cell(row, column) else { continue };
        if cell.is_wide_continuation() {
            continue;
        }
        let width = 1 + u16::from(cell.is_wide());
        let text = if cell.has_contents() { cell.contents() } else { " " };
        let look = look(cell);
        match runs.last_mut() {
            // A character that is wide, or that fonts draw in widths of their own, stands alone: the rest keeps its columns.
            Some(run) if run.look == look && text.is_ascii() && run.text.is_ascii() => {
                run.text.push_str(text);
                run.width += width;
            }
            _ => runs.push(Run { column, width, text: text.to_owned(), look }),
        }
    }
    runs.retain(|run| run.look.ground.is_some() || run.look.underlined || !run.text.trim().is_empty());
    runs
}

fn look(cell: &vt100::Cell) -> Look {
    let (mut ink, mut ground) = (rgb(cell.fgcolor()), rgb(cell.bgcolor()));
    if cell.inverse() {
        (ink, ground) = (Some(ground.unwrap_or(super::svg::GROUND)), Some(ink.unwrap_or(super::svg::INK)));
    }
    Look { ink, ground, bold: cell.bold(), dim: cell.dim(), italic: cell.italic(), underlined: cell.underline() }
}

/// The program's own themes name their colours; the sixteen of a terminal are whatever the person chose.
fn rgb(color: Color) -> Option<Rgb> {
    match color {
        Color::Default => None,
        Color::Rgb(red, green, blue) => Some([red, green, blue]),
        Color::Idx(index) => Some(indexed(index)),
    }
}

/// The colours of xterm by number.
fn indexed(index: u8) -> Rgb {
    const FIRST: [Rgb; 16] = [
        [0, 0, 0],
        [205, 49, 49],
        [13, 188, 121],
        [229, 229, 16],
        [36, 114, 200],
        [188, 63, 188],
        [17, 168, 205],
        [229, 229, 229],
        [102, 102, 102],
        [241, 76, 76],
        [35, 209, 139],
        [245, 245, 67],
        [59, 142, 234],
        [214, 112, 214],
        [41, 184, 219],
        [255, 255, 255],
    ];
    let step = |level: u8| if level == 0 { 0 } else { 55 + 40 * level };
    match index {
        0..16 => FIRST[usize::from(index)],
        16..232 => {
            let cube = index - 16;
            [step(cube / 36), step(cube / 6 % 6), step(cube % 6)]
        }
        grey => [8 + 10 * (grey - 232); 3],
    }
}

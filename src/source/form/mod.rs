//! Histories and logs in other forms than JSON: what programs print of AWS's answers. Each is turned into the JSON that
//! the service would have sent, so that one reader has the last word on what an event is.
//!
//! Forms are told by how a text looks, never by a file's name, and a reading counts only if something is found in it.

mod csv;
mod draft;
mod encoding;
mod literal;
mod pascal;
mod stray;
mod table;
#[cfg(test)]
mod tests;
mod yaml;

pub(super) use csv::is_table;
pub(super) use encoding::decoded;
pub(super) use pascal::camel;
pub(super) use stray::without_strays;

use crate::recording::DamageReason;

/// A text as the JSON it stands for.
#[derive(Debug, Clone, Default)]
pub(super) struct Translation {
    /// The JSON. It ends early where the text is broken.
    pub(super) json: String,
    /// Where in the text what stands in the JSON comes from.
    pub(super) places: Places,
    /// Where and why reading stopped.
    pub(super) broken: Option<(usize, DamageReason)>,
    /// Whether the text has no last line break: if its history has no end either, it was cut there.
    pub(super) unfinished: bool,
    /// What should be said of the reading.
    pub(super) notes: Vec<&'static str>,
    /// How many bytes the text has.
    pub(super) length: usize,
}

/// Pairs of places: in the JSON, and in the text it was made of, both growing.
#[derive(Debug, Clone, Default)]
pub(super) struct Places(Vec<(usize, usize)>);

impl Places {
    /// Notes that what is written at `made` comes from `origin`.
    fn note(&mut self, made: usize, origin: usize) {
        if self.0.last().is_none_or(|(last, _)| *last < made) {
            self.0.push((made, origin));
        }
    }

    /// Returns where in the text the part of the JSON begins that a place lies in.
    pub(super) fn origin(&self, made: usize) -> usize {
        let after = self.0.partition_point(|(place, _)| *place <= made);
        after.checked_sub(1).and_then(|before| self.0.get(before)).map_or(0, |(_, origin)| *origin)
    }
}

/// Returns the ways a text that is not JSON may be read, the likeliest first. Each is tried only when asked for.
pub(super) fn translations(text: &str) -> impl Iterator<Item = Translation> + '_ {
    let ways: [fn(&str) -> Option<Translation>; 4] = [csv::read, table::read, literal::read, yaml::read];
    ways.into_iter().filter_map(move |read| {
        let mut translation = read(text)?;
        (translation.unfinished, translation.length) = (!text.ends_with('\n'), text.len());
        Some(translation)
    })
}

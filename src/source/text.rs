//! Bytes made into pieces: encoding, JSON, JSON with other lines in it, other forms.

use super::bytes::Content;
use super::form::{self, Translation};
use super::pieces::{Piece, Pieces};
use super::{SourceError, noun};
use crate::event::{Details, Event};
use crate::json::SharedBytes;
use crate::recording::{Damage, DamageReason};

/// Smaller texts are looked through for lines that do not belong there, even if nothing is wrong.
const SMALL: usize = 8 << 20;

/// Returns what bytes hold.
pub(super) fn pieces(content: Content) -> Result<Pieces, SourceError> {
    let Content { bytes, broken, .. } = content;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(SourceError::Empty);
    }
    let (bytes, note) = match form::decoded(&bytes) {
        Some((text, note)) => (text, Some(note)),
        None => (bytes, None),
    };
    let (mark, text) = text_of(&bytes);
    let mut pieces = read(&text, mark.len() as u64);
    pieces.notes.extend(note);
    if let Some(reason) = broken {
        pieces.add_damage(bytes.len() as u64, DamageReason::Compression(reason));
    }
    Ok(pieces)
}

/// Returns the byte order mark some programs put before UTF-8, if there is one, and the text behind it.
pub(super) fn text_of(bytes: &SharedBytes) -> (&[u8], SharedBytes) {
    let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let text = bytes.slice(mark..bytes.len()).unwrap_or_else(|| bytes.clone());
    (bytes.get(..mark).unwrap_or_default(), text)
}

/// Reads a text that begins at byte `base` of its file, in the first way in which anything is found in it.
fn read(text: &SharedBytes, base: u64) -> Pieces {
    let pieces = Pieces::of(text, base);
    if !pieces.found.is_empty() {
        // Inside of an event a line that does not belong there takes the details with it, without a word.
        let looked_at = pieces.is_damaged() || text.len() < SMALL;
        return if looked_at { without_strays(text, base, pieces) } else { pieces };
    }
    if let Some(camel) = form::camel(text) {
        let pieces = Pieces::of(&camel, base);
        if !pieces.found.is_empty() {
            return pieces;
        }
    }
    let others = Pieces::of_other_text(text, base);
    if others.found.iter().any(|piece| matches!(piece, Piece::Log(_))) {
        return others;
    }
    let stray = without_strays(text, base, Pieces::default());
    if !stray.found.is_empty() {
        return stray;
    }
    let foreign = match std::str::from_utf8(text.get(..last_character(text)).unwrap_or_default()) {
        Ok(text) => {
            let translated = form::translations(text).map(|translation| translated(translation, base));
            if let Some(found) = translated.into_iter().find(|pieces| !pieces.found.is_empty()) {
                return found;
            }
            noun::of_text(text)
        }
        Err(_) => None,
    };
    if !others.found.is_empty() {
        return others;
    }
    let mut pieces = pieces;
    if let Some(foreign) = foreign {
        // That it is not JSON says less than what it is.
        (pieces.foreign, pieces.damage) = (Some(foreign), Vec::new());
    }
    pieces
}

/// A text may be cut inside of its last character.
fn last_character(text: &SharedBytes) -> usize {
    match std::str::from_utf8(text) {
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        _ => text.len(),
    }
}

/// Reads JSON once more without the lines that do not belong into it, if more can be read then.
fn without_strays(text: &SharedBytes, base: u64, with: Pieces) -> Pieces {
    let Some((clean, strays)) = form::without_strays(text) else { return with };
    let mut pieces = Pieces::of(&clean, base);
    if pieces.found.is_empty() || pieces.worth() < with.worth() {
        return with;
    }
    pieces.damage.extend(strays.into_iter().map(|stray| Damage {
        byte: base + stray.byte as u64,
        after: None,
        reason: DamageReason::Stray { line: stray.line, text: stray.text },
    }));
    pieces
}

/// Reads the JSON of a text in another form, and tells damage by its place in that text.
fn translated(translation: Translation, base: u64) -> Pieces {
    let Translation { json, places, broken, unfinished, notes, length } = translation;
    let mut pieces = Pieces::of(&SharedBytes::from(json), 0);
    let mut told = false;
    pieces.each_damage(|damage| {
        let made = usize::try_from(damage.byte).unwrap_or(usize::MAX);
        damage.byte = base + places.origin(made) as u64;
        if let (DamageReason::Truncated, Some((at, reason))) = (&damage.reason, &broken) {
            (damage.byte, damage.reason) = (base + *at as u64, reason.clone());
            told = true;
        }
    });
    if let Some((at, reason)) = broken.filter(|_| !told) {
        pieces.add_damage(base + at as u64, reason);
    } else if !told && !ends(&pieces) && (unfinished || lacks_details(&pieces)) {
        pieces.add_damage(base + length as u64, DamageReason::Truncated);
    }
    pieces.notes.extend(notes.into_iter().map(str::to_owned));
    pieces
}

/// Tells whether the last event has no details though its type has some: they stood behind it.
fn lacks_details(pieces: &Pieces) -> bool {
    let lacks = |event: &Event| event.details == Details::None && event.kind.details_member().is_some();
    match pieces.found.last() {
        Some(Piece::Recording(recording) | Piece::Page { page: recording, .. }) => {
            let last = recording.events.len().checked_sub(1).and_then(|last| recording.events.get(last));
            last.is_some_and(|last| lacks(&last))
        }
        Some(Piece::Event(event)) => lacks(event),
        _ => false,
    }
}

/// Tells whether an execution ends in what was found, or nothing of the kind is to be expected.
fn ends(pieces: &Pieces) -> bool {
    pieces.found.iter().any(|piece| match piece {
        Piece::Recording(recording) | Piece::Page { page: recording, .. } => {
            recording.events.last_facts().is_some_and(|last| last.kind.ends_execution())
        }
        Piece::Event(event) => event.kind.ends_execution(),
        Piece::Log(_) => false,
        Piece::Execution(_) | Piece::Machine(_) | Piece::Definition(_) | Piece::MapRun(_) => true,
    })
}

//! Text in other encodings than UTF-8: UTF-16, as PowerShell writes it, and Windows-1252.

use crate::json::SharedBytes;

/// What the bytes 0x80 to 0x9f are in Windows-1252; the five it does not use stand for themselves.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Returns text in UTF-8, with a remark when it was something else. `None` when it is UTF-8 already.
pub(in crate::source) fn decoded(bytes: &[u8]) -> Option<(SharedBytes, String)> {
    if let Some(text) = utf16(bytes) {
        return Some((SharedBytes::from(text), "The text is UTF-16; places in it count bytes of UTF-8.".to_owned()));
    }
    let first = std::str::from_utf8(bytes).err()?;
    // Cut inside of a character is cut, and not another encoding.
    first.error_len()?;
    let at = first.valid_up_to();
    let note = format!("Bytes that are not UTF-8 were read as Windows-1252, the first at byte {at}.");
    Some((SharedBytes::from(windows_1252(bytes)), note))
}

/// Tells UTF-16 by its mark or by the zeros that half of its bytes are.
fn utf16(bytes: &[u8]) -> Option<String> {
    let (little, rest) = match bytes {
        [0xff, 0xfe, rest @ ..] => (true, rest),
        [0xfe, 0xff, rest @ ..] => (false, rest),
        [0, 1..=0xff, 0, 1..=0xff, ..] => (false, bytes),
        [1..=0xff, 0, 1..=0xff, 0, ..] => (true, bytes),
        _ => return None,
    };
    let (pairs, _) = rest.as_chunks::<2>();
    let units = pairs.iter().map(|pair| if little { u16::from_le_bytes(*pair) } else { u16::from_be_bytes(*pair) });
    Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

/// Reads bytes that are not UTF-8 one by one and leaves the others as they are: texts are often mixed.
fn windows_1252(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        let one = |byte: &u8| match byte {
            0x80..=0x9f => UPPER.get(usize::from(byte - 0x80)).copied().unwrap_or(char::REPLACEMENT_CHARACTER),
            byte => char::from(*byte),
        };
        text.extend(chunk.invalid().iter().map(one));
    }
    text
}

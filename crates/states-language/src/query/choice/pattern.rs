//! The patterns of `StringMatches`: `*` stands for any text, `\*` and `\\` for themselves.

/// A compiled pattern: the texts between the stars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pieces: Vec<String>,
}

impl Pattern {
    pub(super) fn compile(pattern: &str) -> Self {
        let mut pieces = Vec::new();
        let mut piece = String::new();
        let mut characters = pattern.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '*' => pieces.push(std::mem::take(&mut piece)),
                '\\' => piece.push(characters.next_if(|next| matches!(next, '*' | '\\')).unwrap_or('\\')),
                other => piece.push(other),
            }
        }
        pieces.push(piece);
        Self { pieces }
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        match self.pieces.as_slice() {
            [] => text.is_empty(),
            [whole] => text == whole,
            [first, middle @ .., last] => {
                let inner = text.strip_prefix(first.as_str()).and_then(|rest| rest.strip_suffix(last.as_str()));
                let found = middle.iter().try_fold(inner, |rest, piece| {
                    let rest = rest?;
                    let at = rest.find(piece.as_str())?;
                    Some(rest.get(at + piece.len()..))
                });
                found.flatten().is_some()
            }
        }
    }
}

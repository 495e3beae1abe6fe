//! Writes bookmarks into the file of a recording.

use super::SourceError;
use super::bytes::{self, Content};
use super::save::replace_packed;
use super::text::text_of;
use crate::recording::{AmendError, Bookmark, BookmarkChange, Recording, amend};
use std::path::Path;

/// Makes changes to the bookmarks in the file of a recording, and returns those it has then.
///
/// The file is read again first: what came into it since it was opened stays. Nothing of its text is written anew but
/// the bookmarks themselves, and a file that was packed is packed again. It is replaced as a whole, so that a crash
/// leaves the old one or the new one. `of` is the ARN of the execution it must hold.
pub fn bookmark(path: &Path, of: Option<&str>, changes: &[BookmarkChange]) -> Result<Vec<Bookmark>, SourceError> {
    let metadata = path.metadata()?;
    if metadata.is_dir() {
        return Err(SourceError::Bookmarks(AmendError::NoRecording));
    }
    if metadata.permissions().readonly() {
        return Err(SourceError::ReadOnly);
    }
    let Content { bytes, broken, packing } = bytes::of_file(path)?;
    if broken.is_some() {
        return Err(SourceError::Bookmarks(AmendError::Damaged));
    }
    let (mark, text) = text_of(&bytes);
    let amended = amend(&text, changes).map_err(SourceError::Bookmarks)?;
    let recorded = Recording::read(&text).and_then(|recording| recording.arn().cloned());
    if of.is_some() && recorded.as_deref() != of {
        return Err(SourceError::Replaced);
    }
    replace_packed(path, packing, |writer| {
        writer.write_all(mark)?;
        amended.to_writer(writer)
    })?;
    Ok(amended.bookmarks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::EventId;
    use crate::recording::Letter;
    use crate::source::{self, open_recording};
    use std::fs;
    use std::path::PathBuf;
    use tempfile::TempDir;

    const SHIPPED: &str = "order-shipped.sfn.json";

    fn change(letter: char, note: &str) -> BookmarkChange {
        BookmarkChange::Set(Bookmark {
            letter: Letter::new(letter),
            event: EventId::new(41),
            note: Some(note.into()),
            ..Bookmark::default()
        })
    }

    fn copied(name: &str) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings").join(name), &path).unwrap();
        (folder, path)
    }

    #[test]
    fn only_the_bookmarks_are_written_and_with_them_the_last_trace_goes() {
        let (_folder, path) = copied(SHIPPED);
        let before = fs::read(&path).unwrap();
        let arn = open_recording(&path).unwrap().arn().cloned();
        let marked = bookmark(&path, arn.as_deref(), &[change('a', "the bank answers 402")]).unwrap();
        assert_eq!(open_recording(&path).unwrap().bookmarks, marked);
        let after = fs::read(&path).unwrap();
        let kept = before.iter().zip(&after).take_while(|(before, after)| before == after).count();
        let ends = before.iter().rev().zip(after.iter().rev()).take_while(|(before, after)| before == after).count();
        assert!(kept + ends >= before.len(), "every byte stands before the bookmarks or behind them");
        let gone = BookmarkChange::Remove(marked[0].clone());
        assert_eq!(bookmark(&path, None, &[gone]).unwrap(), []);
        assert_eq!(fs::read(&path).unwrap(), before);
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_stays() {
        let (_folder, path) = copied(SHIPPED);
        let opened = open_recording(&path).unwrap();
        bookmark(&path, None, &[change('b', "theirs")]).unwrap();
        let marked = bookmark(&path, opened.arn().map(|arn| &**arn), &[change('a', "ours")]).unwrap();
        let notes: Vec<_> = marked.iter().map(|mark| mark.note.as_deref().unwrap()).collect();
        assert_eq!(notes, ["theirs", "ours"]);
    }

    #[test]
    fn a_packed_file_is_packed_again_and_a_link_stays_one() {
        for (name, packed) in [("a.sfn.json.gz", &[0x1f, 0x8b][..]), ("a.sfn.json.zst", &[0x28, 0xb5, 0x2f, 0xfd][..])]
        {
            let (folder, shipped) = copied(SHIPPED);
            let recording = open_recording(&shipped).unwrap();
            let (path, link) = (folder.path().join(name), folder.path().join("link"));
            source::save(&recording, &path).unwrap();
            std::os::unix::fs::symlink(&path, &link).unwrap();
            bookmark(&link, None, &[change('a', "here")]).unwrap();
            assert!(fs::read(&path).unwrap().starts_with(packed), "{name}");
            assert!(link.is_symlink());
            let marked = open_recording(&path).unwrap();
            assert_eq!(marked.bookmarks.len(), 1);
            assert_eq!(marked.events.len(), recording.events.len());
        }
    }

    #[test]
    fn what_cannot_be_written_says_why() {
        let (folder, path) = copied(SHIPPED);
        let refused = |path: &Path, of: Option<&str>| bookmark(path, of, &[change('a', "")]).unwrap_err();
        assert!(matches!(refused(&path, Some("arn:other")), SourceError::Replaced));
        assert!(matches!(refused(folder.path(), None), SourceError::Bookmarks(AmendError::NoRecording)));
        let raw = folder.path().join("events.json");
        fs::write(&raw, r#"{"events":[]}"#).unwrap();
        assert!(matches!(refused(&raw, None), SourceError::Bookmarks(AmendError::NoRecording)));
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        assert!(matches!(refused(&path, None), SourceError::ReadOnly));
    }
}

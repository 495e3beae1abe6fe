//! Files named on the command line, and standard input for `-`.

use super::Failure;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// The most that is read, so that a stream without an end does not fill the memory.
const LIMIT: u64 = 1 << 30;

/// Returns the bytes of a file.
pub(super) fn bytes(path: impl AsRef<Path>) -> Result<Vec<u8>, Failure> {
    let path = path.as_ref();
    let read = if path == Path::new("-") {
        to_the_end(&mut io::stdin().lock())
    } else {
        File::open(path).and_then(|mut file| to_the_end(&mut file))
    };
    read.map_err(|error| cannot(path, &error.to_string()))
}

/// Returns the text of a file, without the mark some editors put in front of it.
pub(super) fn text(path: impl AsRef<Path>) -> Result<String, Failure> {
    let path = path.as_ref();
    let text = String::from_utf8(bytes(path)?).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        cannot(path, &format!("it is not UTF-8 from byte {at} on"))
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn to_the_end(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.take(LIMIT + 1).read_to_end(&mut bytes)?;
    let too_large = || io::Error::other(format!("it is larger than {} GiB", LIMIT >> 30));
    if bytes.len() as u64 > LIMIT { Err(too_large()) } else { Ok(bytes) }
}

fn cannot(path: &Path, reason: &str) -> Failure {
    match path == Path::new("-") {
        true => Failure::input(format!("Cannot read standard input: {reason}.")),
        false => Failure::input(format!("Cannot read '{}': {reason}.", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.json");
        std::fs::write(&file, b"\xef\xbb\xbf{}").unwrap();
        assert_eq!(text(&file).unwrap(), "{}");
        std::fs::write(&file, b"ab\xff").unwrap();
        assert!(text(&file).unwrap_err().to_string().contains("it is not UTF-8 from byte 2 on"));
        assert_eq!(bytes(&file).unwrap(), b"ab\xff");
        assert!(text(folder.path().join("none")).is_err());
    }
}

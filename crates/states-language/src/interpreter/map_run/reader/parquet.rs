//! Parquet files: rows as objects, their members in the order of the columns. The crate that reads them is heavy, so that
//! the feature `parquet` has to be asked for. How Step Functions spells dates, times, decimals and bytes is not
//! documented; they are spelled as that crate does.

use super::failed;
use crate::event::Failure;
use crate::interpreter::data::Item;

/// Returns the rows of a file. On some damaged files the crate that reads them panics; that is an error here.
#[cfg(feature = "parquet")]
pub(super) fn items(content: &[u8]) -> Result<Vec<Item>, Failure> {
    std::panic::catch_unwind(|| rows(content))
        .unwrap_or_else(|_| Err(failed("The file is not Parquet: it is damaged.")))
}

#[cfg(feature = "parquet")]
fn rows(content: &[u8]) -> Result<Vec<Item>, Failure> {
    use super::plain;
    use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
    let unreadable = |error: ::parquet::errors::ParquetError| failed(&format!("The file is not Parquet: {error}."));
    let reader = SerializedFileReader::new(bytes::Bytes::copy_from_slice(content)).map_err(unreadable)?;
    let rows = reader.get_row_iter(None).map_err(unreadable)?;
    rows.map(|row| Ok(plain(row.map_err(unreadable)?.to_json_value()))).collect()
}

/// Says how to get what this build cannot do.
#[cfg(not(feature = "parquet"))]
pub(super) fn items(_content: &[u8]) -> Result<Vec<Item>, Failure> {
    Err(failed("This build cannot read Parquet: install stepback with --features parquet."))
}

#[cfg(all(test, feature = "parquet"))]
mod tests {
    use super::items;

    const ORDERS: &[u8] = include_bytes!("../../../../tests/parquet/orders.parquet");

    #[test]
    fn rows_are_objects_with_members_in_the_order_of_columns() {
        let rows = items(ORDERS).expect("a whole file");
        let texts: Vec<&str> = rows.iter().map(|row| row.value.text()).collect();
        assert_eq!(texts.len(), 3);
        assert_eq!(
            texts[1],
            r#"{"id":9007199254740993,"name":"","price":-0.25,"paid":false,"note":"late","tags":[],"#.to_owned()
                + r#""at":{"zip":"x","n":null},"day":"1969-12-31","time":"1970-01-01 00:00:00.000 +00:00","#
                + r#""sum":"-0.05","raw":"","count":{}}"#
        );
    }

    #[test]
    fn a_damaged_file_is_an_error_and_no_end_of_the_program() {
        for cut in (0..ORDERS.len()).step_by(13) {
            assert!(items(&ORDERS[..cut]).is_err(), "{cut}");
        }
        for place in (0..ORDERS.len()).step_by(17) {
            for bits in [0x01, 0x80, 0xff] {
                let mut damaged = ORDERS.to_vec();
                damaged[place] ^= bits;
                let _ = items(&damaged);
            }
        }
    }
}

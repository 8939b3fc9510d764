//! How many pages a document has, as far as it can be told without trusting it: nothing is run, all work is bounded.

use memchr::memmem;
use portico_domain::document::FileType;

/// No document has more pages than this; a chain that goes on is a loop.
const MOST_PAGES: u32 = 10_000;
/// How much of a PDF's compressed object streams is unpacked, each and in all.
const MOST_UNPACKED: usize = 64 << 20;

/// The number of pages, `None` where the kind has none or they cannot be counted.
#[must_use]
pub fn count(kind: FileType, content: &[u8]) -> Option<u32> {
    match kind {
        FileType::Pdf => pdf(content),
        FileType::Tiff => tiff(content),
        FileType::Jpeg => Some(1),
        FileType::Doc | FileType::Docx | FileType::Mdi | FileType::Xls | FileType::Xlsx | FileType::Xps => None,
    }
}

/// A TIFF is a chain of directories, one for each page.
fn tiff(content: &[u8]) -> Option<u32> {
    let little = content.starts_with(b"II");
    let bytes = |at: usize, length: usize| content.get(at..at.checked_add(length)?);
    let short = |at: usize| {
        let two = bytes(at, 2)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    };
    let long = |at: usize| {
        let four = bytes(at, 4)?.try_into().ok()?;
        usize::try_from(if little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) }).ok()
    };
    let (mut pages, mut directory) = (0, long(4)?);
    while directory != 0 && pages < MOST_PAGES {
        pages += 1;
        directory = long(directory.checked_add(2 + 12 * usize::from(short(directory)?))?)?;
    }
    (pages > 0 && directory == 0).then_some(pages)
}

/// The root of a PDF's page tree says how many pages there are. Every save of a file appends a new one: the last holds.
/// It stands in the file itself or in a compressed object stream.
fn pdf(content: &[u8]) -> Option<u32> {
    let mut last = roots(content).last();
    let mut left = MOST_UNPACKED;
    for marker in memmem::find_iter(content, b"/ObjStm") {
        let Some(packed) = stream(content, marker) else { continue };
        let Ok(unpacked) = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, left) else { continue };
        left -= unpacked.len().min(left);
        let here = roots(&unpacked).last().map(|(_, pages)| (marker, pages));
        last = last.max(here);
    }
    last.map(|(_, pages)| pages)
}

/// The bytes of the stream whose dictionary has something at `marker`.
fn stream(content: &[u8], marker: usize) -> Option<&[u8]> {
    let rest = content.get(marker..)?;
    let begin = memmem::find(rest, b"stream")? + b"stream".len();
    let rest = rest.get(begin..)?;
    let data = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n"))?;
    data.get(..memmem::find(data, b"endstream")?)
}

/// Place and number of pages of every root of a page tree: a dictionary of type `Pages` without a parent.
fn roots(text: &[u8]) -> impl Iterator<Item = (usize, u32)> {
    memmem::find_iter(text, b"/Pages").filter_map(|place| {
        let before = text.get(..place)?.trim_ascii_end();
        let dictionary = before.ends_with(b"/Type").then(|| dictionary(text, place))??;
        let has_parent = memmem::find(dictionary, b"/Parent").is_some();
        let number = dictionary.get(memmem::find(dictionary, b"/Count")? + b"/Count".len()..)?.trim_ascii_start();
        let digits = number.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let pages = std::str::from_utf8(number.get(..digits)?).ok()?.parse().ok()?;
        (!has_parent && (1..=MOST_PAGES).contains(&pages)).then_some((place, pages))
    })
}

/// The dictionary around a place, as far as it can be told by its brackets.
fn dictionary(text: &[u8], place: usize) -> Option<&[u8]> {
    let (mut depth, mut begin) = (0, place);
    while depth >= 0 {
        begin = begin.checked_sub(1)?;
        depth += bracket(text, begin, b">>") - bracket(text, begin, b"<<");
    }
    let (mut depth, mut end) = (0, place);
    while depth >= 0 && end < text.len() {
        depth += bracket(text, end, b"<<") - bracket(text, end, b">>");
        end += 1;
    }
    text.get(begin..end)
}

fn bracket(text: &[u8], place: usize, bracket: &[u8]) -> i32 {
    i32::from(text.get(place..).is_some_and(|rest| rest.starts_with(bracket)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: CASE-20
    #[test]
    fn the_pages_of_a_pdf_are_those_of_its_last_root() {
        let saved = b"%PDF-1.4\n1 0 obj<</Type /Pages /Kids [2 0 R] /Count 3>>endobj\n\
            2 0 obj <</Type/Pages/Parent 1 0 R/Kids[]/Count 9>> endobj 3 0 obj <</Type/Page>> endobj";
        assert_eq!(count(FileType::Pdf, saved), Some(3));
        let again = [saved.as_slice(), b"1 0 obj<</Count 4 /Resources<</Font<</F 9 0 R>>>> /Kids [] /Type /Pages>>"].concat();
        assert_eq!(count(FileType::Pdf, &again), Some(4));
        assert_eq!(count(FileType::Pdf, b"%PDF-1.4 <</Type/Outlines/Count 7>>"), None);
        assert_eq!(count(FileType::Pdf, b"%PDF-1.4 /Type/Pages /Count 7"), None);
    }

    /// REQ: CASE-20
    #[test]
    fn a_page_tree_in_an_object_stream_is_unpacked() {
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(b"1 0 <</Type/Pages/Kids[2 0 R]/Count 12>>", 6);
        let file = [b"%PDF-1.5\n5 0 obj<</Type/ObjStm/N 1>>stream\r\n", packed.as_slice(), b"\nendstream"].concat();
        assert_eq!(count(FileType::Pdf, &file), Some(12));
        let broken = [b"%PDF-1.5\n5 0 obj<</Type/ObjStm/N 1>>stream\nxxxx\nendstream".as_slice()].concat();
        assert_eq!(count(FileType::Pdf, &broken), None);
    }

    /// REQ: CASE-20
    #[test]
    fn the_pages_of_a_tiff_are_counted_and_a_loop_ends() {
        let two = b"II*\0\x08\0\0\0\0\0\x0E\0\0\0\0\0\0\0\0\0".as_slice();
        assert_eq!(count(FileType::Tiff, two), Some(2));
        assert_eq!(count(FileType::Tiff, b"II*\0\x08\0\0\0\0\0\x08\0\0\0"), None);
        assert_eq!(count(FileType::Tiff, b"MM\0*\0\0\0\x08\0\0\0\0\0\0"), Some(1));
        assert_eq!(count(FileType::Tiff, b"MM\0*\0\0\0\xFF"), None);
    }
}

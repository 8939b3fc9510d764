//! How many pages a document has, as far as it can be told without trusting it: nothing is run, all work is bounded.

use memchr::memmem;
use portico_domain::cases::document::FileType;

/// No document has more pages than this; a chain that goes on is a loop.
const MOST_PAGES: u32 = 10_000;
/// How much of a PDF's compressed object streams is unpacked in all.
const MOST_UNPACKED: usize = 32 << 20;
/// How many bytes of an object stream's dictionary are looked at.
const LONGEST_HEAD: usize = 500;
/// How deep its dictionaries may lie in one another.
const MOST_NESTED: usize = 64;

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
    let mut last = last_root(content);
    let (mut place, mut left) = (0, MOST_UNPACKED);
    while let Some((begin, packed)) = next_object_stream(content, place) {
        place = begin + packed.len();
        let unpacked = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, left);
        let unpacked = unpacked.unwrap_or_else(|error| error.output);
        left -= unpacked.len().min(left);
        last = last.max(last_root(&unpacked).map(|(_, pages)| (begin, pages)));
    }
    last.map(|(_, pages)| pages)
}

/// The next object stream from a place on: where its content begins, and the content.
fn next_object_stream(content: &[u8], mut place: usize) -> Option<(usize, &[u8])> {
    loop {
        place += memmem::find(content.get(place..)?, b"/ObjStm")? + b"/ObjStm".len();
        let head = content.get(place..content.len().min(place + LONGEST_HEAD))?;
        let Some(keyword) = memmem::find(head, b"stream") else { continue };
        let begin = place + keyword + b"stream".len();
        let data = content.get(begin..)?;
        let line = [b"\r\n".as_slice(), b"\n"].into_iter().find(|line| data.starts_with(line)).map_or(0, <[u8]>::len);
        let data = data.get(line..)?;
        return Some((begin + line, data.get(..memmem::find(data, b"endstream")?)?));
    }
}

/// What is known of a dictionary while it is read.
#[derive(Clone, Copy, Default)]
struct Dictionary {
    is_pages: bool,
    has_parent: bool,
    count: Option<u32>,
}

/// Place and number of pages of the last root of a page tree: a dictionary of type `Pages` without a parent. One pass; what
/// is in streams and strings may look like a dictionary and does no harm.
fn last_root(text: &[u8]) -> Option<(usize, u32)> {
    let (mut last, mut open, mut place) = (None, Vec::new(), 0);
    while let Some(rest) = text.get(place..).filter(|rest| !rest.is_empty()) {
        let token = [b"<<".as_slice(), b">>", b"/Type", b"/Parent", b"/Count", b"endobj", b"endstream"]
            .into_iter()
            .find(|token| rest.starts_with(token));
        let after = rest.get(token.map_or(1, <[u8]>::len)..).unwrap_or_default();
        let depth = open.len();
        match (token, open.last_mut()) {
            (Some(b"<<"), _) if depth < MOST_NESTED => open.push(Dictionary::default()),
            (Some(b">>"), _) => {
                if let Some(Dictionary { is_pages: true, has_parent: false, count: Some(count) }) = open.pop() {
                    last = Some((place, count));
                }
            }
            (Some(b"/Type"), Some(dictionary)) => dictionary.is_pages |= name(after) == b"/Pages",
            (Some(b"/Parent"), Some(dictionary)) => dictionary.has_parent = true,
            (Some(b"/Count"), Some(dictionary)) => dictionary.count = number(after),
            (Some(b"endobj" | b"endstream"), _) => open.clear(),
            _ => {}
        }
        place += token.map_or(1, <[u8]>::len);
    }
    last
}

/// The name that comes next.
fn name(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_start();
    let letters = text.iter().skip(1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    text.get(..=letters).unwrap_or_default()
}

/// The number of pages that comes next.
fn number(text: &[u8]) -> Option<u32> {
    let text = text.trim_ascii_start();
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).take(9).count();
    let number = std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()?;
    (1..=MOST_PAGES).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use portico_domain::{letters::compose, status::Audience};

    /// REQ: CASE-20
    #[test]
    fn the_pages_of_a_pdf_are_those_of_its_last_root() {
        let saved = b"%PDF-1.4\n1 0 obj<</Type /Pages /Kids [2 0 R] /Count 3>>endobj\n\
            2 0 obj <</Type/Pages/Parent 1 0 R/Kids[]/Count 9>> endobj 3 0 obj <</Type/Page>> endobj";
        assert_eq!(count(FileType::Pdf, saved), Some(3));
        let again =
            [saved.as_slice(), b"1 0 obj<</Count 4 /Resources<</Font<</F 9 0 R>>>> /Kids [] /Type /Pages>>"].concat();
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

    /// REQ: CASE-20 LTR-07
    #[test]
    fn a_letter_of_our_own_has_as_many_pages_as_were_set() {
        let facts = serde_json::from_str(include_str!("../../../domain/src/letters/fixtures/modified.json")).unwrap();
        let texts = toml::from_str(include_str!("../../../domain/src/letters/fixtures/texts.toml")).unwrap();
        let letter = compose(&facts, &texts, Audience::Provider).unwrap();
        let document = portico_letters::Document::new(&letter).unwrap();
        let pages = u32::try_from(document.page_count()).unwrap();
        assert!(pages > 1);
        assert_eq!(count(FileType::Pdf, &document.pdf().unwrap()), Some(pages));
        assert_eq!(count(FileType::Tiff, &document.fax().unwrap()), Some(pages));
    }
}

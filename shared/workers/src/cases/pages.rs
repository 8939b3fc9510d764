//! How many pages a document has, as far as it can be told without trusting it: nothing is run, all work is bounded.

use memchr::memmem;
use portico_domain::cases::document::FileType;

/// No document has more pages than this; a chain that goes on is a loop.
const MOST_PAGES: u32 = 10_000;
/// How much of a PDF's compressed object streams is unpacked in all.
const MOST_UNPACKED: usize = 32 << 20;
/// How many object streams are unpacked.
const MOST_STREAMS: usize = 20_000;
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
    for (begin, unpacked) in ObjectStreams::of(content) {
        last = last.max(last_root(&unpacked).map(|(_, pages)| (begin, pages)));
    }
    last.map(|(_, pages)| pages)
}

/// The object streams of a PDF, unpacked, each with where it begins; not more than so many, nor more than so much.
pub(super) struct ObjectStreams<'a> {
    content: &'a [u8],
    place: usize,
    streams: usize,
    left: usize,
}

impl<'a> ObjectStreams<'a> {
    pub(super) fn of(content: &'a [u8]) -> Self {
        Self { content, place: 0, streams: MOST_STREAMS, left: MOST_UNPACKED }
    }

    /// Whether there was more than is unpacked.
    pub(super) fn exhausted(&self) -> bool {
        self.left == 0 || self.streams == 0
    }
}

impl Iterator for ObjectStreams<'_> {
    type Item = (usize, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        self.streams = self.streams.checked_sub(1)?;
        let Some((begin, packed)) = next_object_stream(self.content, self.place) else {
            self.streams += 1;
            return None;
        };
        self.place = begin + packed.len();
        let unpacked = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(packed, self.left);
        let unpacked = unpacked.unwrap_or_else(|error| error.output);
        self.left -= unpacked.len().min(self.left);
        Some((begin, unpacked))
    }
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

/// What the structure of a PDF is read by.
const TOKENS: [&[u8]; 7] = [b"<<", b">>", b"/Type", b"/Parent", b"/Count", b"endobj", b"endstream"];

/// The tokens of a text in order. Each is searched for by itself: in the compressed content that most of a file is, hardly
/// any of them stands, and nothing is done byte by byte.
struct Tokens<'a> {
    text: &'a [u8],
    /// Each token with its next place that is known; behind the end when there is none.
    found: [(memmem::Finder<'static>, usize); 7],
}

impl<'a> Tokens<'a> {
    fn of(text: &'a [u8]) -> Self {
        let first = |token: &'static [u8]| {
            let finder = memmem::Finder::new(token);
            let place = finder.find(text).unwrap_or(text.len());
            (finder, place)
        };
        Self { text, found: TOKENS.map(first) }
    }

    /// The first token from a place on, and where it stands.
    fn next(&mut self, from: usize) -> Option<(&'static [u8], usize)> {
        for (finder, place) in &mut self.found {
            if *place < from {
                let found = self.text.get(from..).and_then(|rest| finder.find(rest));
                *place = found.map_or(self.text.len(), |found| from + found);
            }
        }
        let (token, (_, place)) = TOKENS.iter().zip(&self.found).min_by_key(|(_, (_, place))| *place)?;
        (*place < self.text.len()).then_some((token, *place))
    }
}

/// Place and number of pages of the last root of a page tree: a dictionary of type `Pages` without a parent. One pass; what
/// is in streams and strings may look like a dictionary and does no harm.
fn last_root(text: &[u8]) -> Option<(usize, u32)> {
    let (mut last, mut open, mut from) = (None, Vec::new(), 0);
    let mut tokens = Tokens::of(text);
    while let Some((token, place)) = tokens.next(from) {
        from = place + token.len();
        let after = text.get(from..).unwrap_or_default();
        let depth = open.len();
        match (token, open.last_mut()) {
            (b"<<", _) if depth < MOST_NESTED => open.push(Dictionary::default()),
            (b">>", _) => {
                if let Some(Dictionary { is_pages: true, has_parent: false, count: Some(count) }) = open.pop() {
                    last = Some((place, count));
                }
            }
            (b"/Type", Some(dictionary)) => dictionary.is_pages |= name(after) == b"/Pages",
            (b"/Parent", Some(dictionary)) => dictionary.has_parent = true,
            (b"/Count", Some(dictionary)) => dictionary.count = number(after),
            (b"endobj" | b"endstream", _) => open.clear(),
            _ => {}
        }
    }
    last
}

/// As much of a text as a name or a number may be away: blanks without end are none of either.
fn near(text: &[u8]) -> &[u8] {
    text.get(..text.len().min(LONGEST_HEAD)).unwrap_or_default()
}

/// The name that comes next.
fn name(text: &[u8]) -> &[u8] {
    let text = near(text).trim_ascii_start();
    let letters = text.iter().skip(1).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    text.get(..=letters).unwrap_or_default()
}

/// The number of pages that comes next.
fn number(text: &[u8]) -> Option<u32> {
    let text = near(text).trim_ascii_start();
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
    fn a_hostile_file_has_no_pages_and_ends() {
        let repeated = |part: &[u8]| [b"%PDF-1.7\n".as_slice(), &part.repeat(200_000 / part.len())].concat();
        let hostile: [&[u8]; 9] = [
            b"<<",
            b"<<>>",
            b"<</Type",
            b"<</Type/Pages/Count 99999>>",
            b"<</Type/Pages/Parent 1 0 R/Count 3>>",
            b"<</Type/Pages/Count 0>>",
            b"/ObjStm",
            b"/ObjStm stream\nendstream",
            b"<</Type                    ",
        ];
        for part in hostile {
            assert_eq!(count(FileType::Pdf, &repeated(part)), None, "{}", String::from_utf8_lossy(part));
        }
        let bomb = miniz_oxide::deflate::compress_to_vec_zlib(&vec![b' '; MOST_UNPACKED + (1 << 20)], 9);
        let stream = [b"5 0 obj<</Type/ObjStm>>stream\n", bomb.as_slice(), b"\nendstream "].concat();
        let file = [b"%PDF-1.5\n<</Type/Pages/Count 2>>endobj".as_slice(), &stream, &stream].concat();
        assert_eq!(count(FileType::Pdf, &file), Some(2), "what unpacks without end is not unpacked to its end");
        let deep = [b"%PDF-1.5\n".as_slice(), &b"<</A".repeat(10_000), b"<</Type/Pages/Count 2>>"].concat();
        assert_eq!(count(FileType::Pdf, &deep), Some(2), "what lies too deep counts with what is around it");
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

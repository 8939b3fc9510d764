//! A PDF is read as a viewer begins: from its header, and from its end to the table of its objects. What it would do is
//! looked for by name in all of it, compressed objects too. Its pictures and texts are not unpacked.

use memchr::memmem;
use portico_domain::cases::document::{FileError, FileType, pdf_header};

use super::{ends_as_archive, has_markup};
use crate::cases::pages::ObjectStreams;

/// How far from its end the end mark stands; blanks and zeros aside.
const END_WITHIN: usize = 2048;
/// No dictionary of an encryption and no id of a file is longer.
const LONGEST_VALUE: usize = 8192;

pub(super) fn check(content: &[u8]) -> Result<(), FileError> {
    let label = FileType::Pdf.label();
    let header = pdf_header(content).ok_or(FileError::Content(label))?;
    let before = content.get(..header).unwrap_or_default();
    let file = content.get(header..).unwrap_or_default();
    let end = end(content).ok_or(FileError::Incomplete(label))?;
    let after = content.get(end..).unwrap_or_default();
    if !is_text(before) || !is_text(after) || ends_as_archive(content) || outside_streams(file).any(has_markup) {
        return Err(FileError::TwoKinds(label));
    }
    let encrypted = encryption(content);
    if let Some(encryption) = &encrypted {
        // Without the password that only keeps people from changing it, it opens.
        if !encryption.opens() {
            return Err(FileError::Password);
        }
    }
    let mut active = active(content);
    let mut streams = ObjectStreams::of(content);
    let mut has_pages = has_name(content, b"Pages");
    // Compressed objects that would not be found, or not be read.
    let mut hidden =
        names(content).filter(|(name, _)| name == b"ObjStm").count() > memmem::find_iter(content, b"/ObjStm").count();
    for (begin, unpacked) in streams.by_ref() {
        let first = content.get(begin..content.len().min(begin + 16)).unwrap_or_default();
        let is_plain = first.iter().all(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace());
        hidden |= unpacked.is_empty() && !is_plain;
        active = active.or_else(|| self::active(&unpacked));
        has_pages |= has_name(&unpacked, b"Pages");
    }
    match active {
        Some(what) => Err(FileError::Active(what)),
        None if streams.exhausted() => Err(FileError::Inflated),
        // What is encrypted does not say.
        None if encrypted.is_none() && (!has_pages || hidden) => Err(FileError::Incomplete(label)),
        None => Ok(()),
    }
}

/// Where the file ends: behind its last end mark, which stands behind the place of a table of objects.
fn end(content: &[u8]) -> Option<usize> {
    let length = content.iter().rposition(|byte| !byte.is_ascii_whitespace() && *byte != 0)? + 1;
    let from = length.saturating_sub(END_WITHIN);
    let tail = content.get(from..length)?;
    let mark = memmem::rfind(tail, b"%%EOF")?;
    let (before, end) = (tail.get(..mark)?, from + mark + b"%%EOF".len());
    let start = before.get(memmem::rfind(before, b"startxref")? + b"startxref".len()..)?;
    let place: usize = std::str::from_utf8(start.trim_ascii()).ok()?.parse().ok()?;
    // Counted from the header or from the beginning; repaired by viewers when what is there was moved by a line end.
    let objects = [Some(0), pdf_header(content)].into_iter().flatten().any(|origin| {
        let near = origin.saturating_add(place).saturating_sub(64)
            ..origin.saturating_add(place).saturating_add(128).min(content.len());
        content
            .get(near)
            .is_some_and(|near| memmem::find(near, b"xref").is_some() || memmem::find(near, b" obj").is_some())
    });
    let root = has_name(content, b"Root");
    (objects && root).then_some(end)
}

/// Text, blanks and marks, and nothing that a browser or a shell would run.
fn is_text(part: &[u8]) -> bool {
    let part = part.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(part);
    let plain = |byte: &u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1A | 0x1B);
    part.iter().all(plain) && !part.contains(&b'<') && !part.starts_with(b"#!") && !part.starts_with(b"MZ")
}

/// What stands between the streams.
fn outside_streams(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let (mut rest, mut ends) = (Some(file), true);
    std::iter::from_fn(move || {
        let here = rest?;
        let Some(stream) = memmem::find(here, b"stream") else {
            rest = None;
            return Some(here);
        };
        let (part, after) = here.split_at_checked(stream + b"stream".len())?;
        let begins = part.get(..stream).is_some_and(|before| before.trim_ascii_end().ends_with(b">>"));
        let end = if begins && ends { memmem::find(after, b"endstream") } else { None };
        ends &= !begins || end.is_some();
        rest = end.map_or(Some(after), |end| after.get(end + b"endstream".len()..));
        Some(part)
    })
}

/// What the file would do, or brings along.
fn active(text: &[u8]) -> Option<&'static str> {
    const NAMES: [(&[u8], &str); 6] = [
        (b"JavaScript", "a program (JavaScript)"),
        (b"JS", "a program (JavaScript)"),
        (b"Launch", "a command that starts another program"),
        (b"EmbeddedFile", "other files"),
        (b"RichMedia", "a film or a program"),
        (b"Rendition", "a film or a program"),
    ];
    names(text).find_map(|(name, after)| {
        let (known, what) = NAMES
            .into_iter()
            .find(|(known, _)| name == *known || (*known == b"EmbeddedFile" && name == b"EmbeddedFiles"))?;
        // Two letters may stand in any text, and by chance in any large picture: they are a key only among text and before what
        // they name. What runs a program has one of the long names besides, whatever stands before.
        let named = || after.trim_ascii_start().first().is_some_and(|byte| matches!(byte, b'(' | b'<' | b'0'..=b'9'));
        let is_key = known.len() > 2 || (named() && is_among_text(text, after));
        is_key.then_some(what)
    })
}

/// Whether what stands before a place, given as the rest behind it, is what people could have typed.
fn is_among_text(text: &[u8], rest: &[u8]) -> bool {
    const LOOKED_AT: usize = 40;
    let place = text.len() - rest.len();
    let before = text.get(place.saturating_sub(LOOKED_AT)..place).unwrap_or_default();
    before.iter().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}

fn has_name(text: &[u8], wanted: &[u8]) -> bool {
    names(text).any(|(name, _)| name == wanted)
}

/// The names in a text, their escapes undone, each with what follows it. No name that matters is longer than a few letters.
fn names(text: &[u8]) -> impl Iterator<Item = (Vec<u8>, &[u8])> {
    const LONGEST: usize = 48;
    memchr::memchr_iter(b'/', text).filter_map(|place| {
        let raw = text.get(place + 1..text.len().min(place + 1 + LONGEST))?;
        // What is no letter begins no name that matters; most slashes of compressed content end here.
        raw.first().filter(|byte| byte.is_ascii_alphabetic() || **byte == b'#')?;
        let (mut name, mut at) = (Vec::new(), 0);
        while let Some(byte) = raw.get(at) {
            match byte {
                b'#' => {
                    let digits = raw.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
                    name.push(digits.and_then(|two| u8::from_str_radix(two, 16).ok())?);
                    at += 3;
                }
                byte if byte.is_ascii_alphanumeric() => {
                    name.push(*byte);
                    at += 1;
                }
                _ => break,
            }
        }
        Some((name, text.get(place + 1 + at..)?))
    })
}

/// How a file is encrypted: its dictionary, and the id of the file that goes with it.
struct Encryption<'a> {
    dictionary: &'a [u8],
    id: &'a [u8],
}

fn encryption(content: &[u8]) -> Option<Encryption<'_>> {
    let after = |key: &[u8], begins: fn(&[u8]) -> bool| {
        memmem::rfind_iter(content, key)
            .filter_map(|place| content.get(place + key.len()..).map(<[u8]>::trim_ascii_start))
            .find(|value| begins(value))
    };
    let begins_value = |text: &[u8]| text.first().is_some_and(u8::is_ascii_digit) || text.starts_with(b"<<");
    let given = after(b"/Encrypt", begins_value)?;
    let id = after(b"/ID", |text| text.starts_with(b"[")).and_then(one_value).unwrap_or(b"[<><>]");
    let dictionary =
        if given.starts_with(b"<<") { one_value(given) } else { object(content, given).and_then(one_value) };
    Some(Encryption { dictionary: dictionary.unwrap_or_default(), id })
}

/// The object that a reference names.
fn object<'a>(content: &'a [u8], reference: &[u8]) -> Option<&'a [u8]> {
    let digits = reference.iter().take_while(|byte| byte.is_ascii_digit()).take(10).count();
    let head = [reference.get(..digits)?, b" 0 obj"].concat();
    memmem::rfind_iter(content, &head).find_map(|place| {
        let own = place.checked_sub(1).and_then(|before| content.get(before)).is_none_or(|b| !b.is_ascii_digit());
        content.get(place + head.len()..).filter(|_| own).map(<[u8]>::trim_ascii_start)
    })
}

/// A dictionary or array at the beginning of a text, with its strings, whatever stands in them.
fn one_value(text: &[u8]) -> Option<&[u8]> {
    let (mut open, mut round, mut at) = (0_usize, 0_usize, 0);
    while at < LONGEST_VALUE {
        match (*text.get(at)?, round) {
            (b'\\', 1..) => at += 1,
            (b'(', _) => round += 1,
            (b')', 1..) => round -= 1,
            (b'<' | b'[', 0) => open += 1,
            (b'>' | b']', 0) => open = open.checked_sub(1)?,
            _ => {}
        }
        at += 1;
        if open == 0 {
            return text.get(..at);
        }
    }
    None
}

impl Encryption<'_> {
    /// Whether it opens without a password. Only these two values are given to the library, not the file.
    fn opens(&self) -> bool {
        let mut file = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        for (number, value) in [(1, self.dictionary), (2, self.id)] {
            places.push(file.len());
            file.extend(format!("{number} 0 obj\n").into_bytes());
            file.extend(value);
            file.extend(b"\nendobj\n");
        }
        let table = file.len();
        file.extend(b"xref\n0 3\n0000000000 65535 f \n");
        for place in places {
            file.extend(format!("{place:010} 00000 n \n").into_bytes());
        }
        file.extend(format!("trailer\n<</Size 3/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").into_bytes());
        let Ok(mut document) = lopdf::Document::load_mem(&file) else { return false };
        let Ok(id) = document.get_object((2, 0)).cloned() else { return false };
        document.trailer.set("Encrypt", lopdf::Object::Reference((1, 0)));
        document.trailer.set("ID", id);
        document.authenticate_user_password("").is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of these objects, the first of which is its catalog.
    fn file(objects: &[&[u8]], trailer: &str) -> Vec<u8> {
        let mut file = b"%PDF-1.7\n".to_vec();
        for (number, object) in objects.iter().enumerate() {
            file.extend(format!("{} 0 obj\n", number + 1).into_bytes());
            file.extend(*object);
            file.extend(b"\nendobj\n");
        }
        let table = file.len();
        file.extend(
            format!("xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R {trailer}>>\nstartxref\n{table}\n%%EOF\n")
                .into_bytes(),
        );
        file
    }

    const CATALOG: &[u8] = b"<</Type/Catalog/Pages 2 0 R>>";
    const PAGES: &[u8] = b"<</Type/Pages/Kids[3 0 R]/Count 1>>";

    fn with(object: &[u8]) -> Result<(), FileError> {
        check(&file(&[CATALOG, PAGES, object], ""))
    }

    #[test]
    fn a_whole_file_is_taken_in_odd_wrappings_and_refused_when_cut() {
        let whole = file(&[CATALOG, PAGES], "");
        for before in
            [b"".as_slice(), b"\xEF\xBB\xBF", b" \r\n\t", b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"]
        {
            assert_eq!(check(&[before, &whole, b"\r\n\0\0"].concat()), Ok(()));
        }
        let cut = |length: usize| check(&whole[..length]);
        for length in [9, whole.len() / 2, whole.len() - 3] {
            assert_eq!(cut(length), Err(FileError::Incomplete("a PDF document")), "{length}");
        }
        assert!(check(b"%PDF-1.7\nstartxref\n0\n%%EOF").is_err());
        assert!(check(&file(&[b"<</Type/Catalog>>"], "")).is_err());
    }

    #[test]
    fn what_would_act_is_refused_wherever_it_hides() {
        let acts = |object: &[u8]| matches!(with(object), Err(FileError::Active(_)));
        assert!(acts(b"<</S/JavaScript/JS(app.alert\\(1\\))>>") && acts(b"<</S/#4aavaScript>>"));
        assert!(
            acts(b"<</JS 9 0 R>>") && acts(b"<</S/Launch/F(cmd.exe)>>") && acts(b"<</Names<</EmbeddedFiles 9 0 R>>>>")
        );
        let packed = miniz_oxide::deflate::compress_to_vec_zlib(b"9 0 <</S/JavaScript/JS(x)>>", 6);
        let stream = [b"<</Type/ObjStm/N 1>>stream\n".as_slice(), &packed, b"\nendstream"].concat();
        assert!(acts(&stream));
        assert_eq!(with(b"<</S/URI/URI(https://example.org/JSmith)/T(seen by /JS, nurse)>>"), Ok(()));
        assert!(acts(b"<</S/Rendition/JS(app.alert\\(1\\))>>"));
        // A scan has such letters by chance.
        let mut picture = b"<</Type/XObject/Subtype/Image/Filter/DCTDecode/Length 106>>stream\n".to_vec();
        picture.extend((0..50_u8).map(|byte| byte.wrapping_mul(37) | 0x80));
        picture.extend(b"/JS(\x8f/JS 7");
        picture.extend((0..50_u8).map(|byte| byte.wrapping_mul(91) | 0x80));
        picture.extend(b"\nendstream");
        assert_eq!(with(&picture), Ok(()));
    }

    #[test]
    fn a_page_of_a_browser_in_or_around_it_is_refused() {
        let whole = file(&[CATALOG, PAGES], "");
        for (before, after) in [("<html>\n", ""), ("", "<script>alert(1)</script>"), ("#!/bin/sh\n", ""), ("MZ\n", "")]
        {
            assert!(matches!(
                check(&[before.as_bytes(), &whole, after.as_bytes()].concat()),
                Err(FileError::TwoKinds(_))
            ));
        }
        assert!(with(b"<<>>\n%<html><script>\n").is_err());
        assert_eq!(with(b"<</Length 9>>stream\n<html>\nendstream"), Ok(()), "what a page shows may be anything");
    }

    fn encrypted(user: &str) -> Vec<u8> {
        use lopdf::{EncryptionState, EncryptionVersion, Object, Permissions, StringFormat, dictionary};
        let mut document = lopdf::Document::with_version("1.7");
        let pages = document.add_object(dictionary! { "Type" => "Pages", "Kids" => vec![], "Count" => 1 });
        let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
        document.trailer.set("Root", catalog);
        let id = Object::String(b"0123456789abcdef".to_vec(), StringFormat::Literal);
        document.trailer.set("ID", vec![id.clone(), id]);
        let version = EncryptionVersion::V2 {
            document: &document,
            owner_password: "owner",
            user_password: user,
            key_length: 128,
            permissions: Permissions::all(),
        };
        let state = EncryptionState::try_from(version).unwrap();
        document.encrypt(&state).unwrap();
        let mut file = Vec::new();
        document.save_to(&mut file).unwrap();
        file
    }

    #[test]
    fn a_password_to_open_is_refused_and_one_to_change_is_not() {
        assert_eq!(check(&encrypted("secret")), Err(FileError::Password));
        assert_eq!(check(&encrypted("")), Ok(()));
        assert_eq!(
            check(&file(&[CATALOG, PAGES, b"<</Filter/Standard/V 99/R 99>>"], "/Encrypt 3 0 R")),
            Err(FileError::Password)
        );
    }
}

//! Packaged documents (docx, xlsx, xps): the directory is read, and every part unpacked once, piece by piece, up to a bound.

use std::io::{Cursor, Read};

use memchr::memmem;
use portico_domain::cases::{
    document::{FileError, FileType},
    scan::ScanRefusal,
};
use zip::{ZipArchive, result::ZipError};

use super::{ends_as_archive, has_markup, has_virus};

/// No document has more parts.
const MOST_PARTS: usize = 5_000;
/// All parts together unpack to no more than this.
const MOST_UNPACKED: u64 = 256 << 20;
/// A part that unpacks to more than this many times its size is no document, once it is as large as a large one.
const MOST_TIMES: u64 = 150;
const LARGE: u64 = 8 << 20;
/// How much of a part is looked through for what it says; what says something is small.
const MOST_READ: u64 = 32 << 20;

/// Parts that run something, by what their names contain.
const MACROS: [&str; 5] = ["vbaproject", "vbadata", "macrosheets/", "/activex/", "attachedtoolbars"];
/// Programs, by how their names end.
const PROGRAMS: [&str; 14] =
    [".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".ps1", ".js", ".jse", ".vbs", ".vbe", ".hta", ".lnk", ".msi"];

pub(super) fn check(kind: FileType, content: &[u8]) -> Result<(), FileError> {
    let incomplete = || FileError::Incomplete(kind.label());
    if !ends_as_archive(content) {
        return Err(incomplete());
    }
    let mut package = ZipArchive::new(Cursor::new(content)).map_err(|_| incomplete())?;
    if package.offset() != 0 || has_markup(package.comment()) {
        return Err(FileError::TwoKinds(kind.label()));
    }
    if package.len() > MOST_PARTS {
        return Err(FileError::Inflated);
    }
    let (mut left, mut main) = (MOST_UNPACKED, false);
    for number in 0..package.len() {
        if package.by_index_raw(number).map_err(|_| incomplete())?.encrypted() {
            return Err(FileError::Password);
        }
        let part = package.by_index(number).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => FileError::Password,
            _ => incomplete(),
        })?;
        let name = part.name().to_lowercase().replace('\\', "/");
        main |= match kind {
            FileType::Docx => name == "word/document.xml",
            FileType::Xlsx => name == "xl/workbook.xml",
            _ => ending(&name) == "fdseq",
        };
        by_name(&name)?;
        let most = part.compressed_size().saturating_mul(MOST_TIMES).max(LARGE).min(left);
        left -= read(part, &name, most).map_err(|error| error.unwrap_or_else(incomplete))?;
    }
    if main { Ok(()) } else { Err(FileError::Content(kind.label())) }
}

fn ending(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

fn by_name(name: &str) -> Result<(), FileError> {
    if MACROS.iter().any(|part| name.contains(part)) {
        return Err(FileError::Active("macros"));
    }
    if name.contains("externallinks/") {
        return Err(FileError::Active("links that load something from elsewhere"));
    }
    if PROGRAMS.iter().any(|ending| name.ends_with(ending))
        || name.starts_with('/')
        || name.split('/').any(|p| p == "..")
    {
        return Err(FileError::Active("other files"));
    }
    Ok(())
}

/// Unpacks a part to its end, whose sum the library checks; gives its size. `None` as error: it cannot be read.
fn read(mut part: impl Read, name: &str, most: u64) -> Result<u64, Option<FileError>> {
    let mut text = Vec::new();
    let read = part.by_ref().take(MOST_READ.min(most)).read_to_end(&mut text).map_err(|_| None)?;
    let mut size = u64::try_from(read).unwrap_or(u64::MAX);
    by_content(name, &text)?;
    let mut piece = vec![0; 1 << 16];
    loop {
        match part.read(&mut piece).map_err(|_| None)? {
            0 => return Ok(size),
            more => size = size.saturating_add(u64::try_from(more).unwrap_or(u64::MAX)),
        }
        if size > most {
            return Err(Some(FileError::Inflated));
        }
    }
}

/// What a part says that it does. Texts may be written in two bytes a letter.
fn by_content(name: &str, content: &[u8]) -> Result<(), FileError> {
    if has_virus(content) {
        return Err(FileError::Scan(ScanRefusal::Harmful));
    }
    let is_text = [".xml", ".rels", ".vml", ".fdseq", ".fdoc", ".fpage"].iter().any(|ending| name.ends_with(ending));
    if !is_text {
        // A file that was put in as an object, to be started from the document.
        let object: Vec<u8> = "Ole10Native".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let found = memmem::find(content, &object).is_some() || content.starts_with(b"MZ");
        return if found { Err(FileError::Active("other files")) } else { Ok(()) };
    }
    let text: Vec<u8> = content.iter().filter(|byte| **byte != 0).map(u8::to_ascii_lowercase).collect();
    let says = |words: &[u8]| memmem::find(&text, words).is_some();
    if name == "[content_types].xml" && (says(b"macroenabled") || says(b"vbaproject")) {
        return Err(FileError::Active("macros"));
    }
    if says(b"<ddelink") || says(b":ddelink") || has_dde(&text) {
        return Err(FileError::Active("a command that starts another program (DDE)"));
    }
    if ending(name) == "rels" && loads_from_elsewhere(&text) {
        return Err(FileError::Active("links that load something from elsewhere"));
    }
    Ok(())
}

/// A field of Word that starts a program: the word at the beginning of its instruction.
fn has_dde(text: &[u8]) -> bool {
    let instruction = |mark: &[u8], end: &[u8]| {
        memmem::find_iter(text, mark).any(|place| {
            let rest = text.get(place + mark.len()..).unwrap_or_default();
            let words =
                rest.get(memmem::find(rest.get(..rest.len().min(300)).unwrap_or_default(), end).map_or(0, |p| p + 1)..);
            let words = words.unwrap_or_default().trim_ascii_start();
            words.starts_with(b"dde ") || words.starts_with(b"ddeauto")
        })
    };
    instruction(b"instrtext", b">") || instruction(b":instr=", b"\"") || instruction(b":instr=", b"'")
}

/// Whether a relation is to what is not in the package, links aside that a reader has to click.
fn loads_from_elsewhere(relations: &[u8]) -> bool {
    memmem::find_iter(relations, b"targetmode").any(|place| {
        let (before, after) = relations.split_at_checked(place).unwrap_or_default();
        let element = before.get(memchr::memrchr(b'<', before).unwrap_or(0)..).unwrap_or_default();
        let rest = after.get(..memchr::memchr(b'>', after).unwrap_or(after.len())).unwrap_or_default();
        let mode = rest.iter().position(|byte| matches!(byte, b'"' | b'\'')).and_then(|begin| rest.get(begin + 1..));
        let inside = mode.is_some_and(|mode| mode.starts_with(b"internal"));
        let clicked = [element, rest].iter().any(|part| memmem::find(part, b"relationships/hyperlink").is_some());
        !inside && !clicked
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut package = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let usual = [("[Content_Types].xml", b"<Types/>".as_slice()), ("word/document.xml", b"<w:document/>")];
        for (name, content) in usual.iter().chain(parts) {
            package.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            package.write_all(content).unwrap();
        }
        package.finish().unwrap().into_inner()
    }

    fn docx(parts: &[(&str, &[u8])]) -> Result<(), FileError> {
        check(FileType::Docx, &package(parts))
    }

    #[test]
    fn a_package_is_read_to_its_end() {
        let whole = package(&[]);
        assert_eq!(check(FileType::Docx, &whole), Ok(()));
        assert!(matches!(check(FileType::Docx, &whole[..whole.len() / 2]), Err(FileError::Incomplete(_))));
        assert!(matches!(check(FileType::Docx, &whole[..whole.len() - 1]), Err(FileError::Incomplete(_))));
        let mut broken = whole.clone();
        let place = memmem::find(&broken, b"<w:doc").or(memmem::find(&broken, b"word/document.xml")).unwrap() + 18;
        broken[place] ^= 0xFF;
        assert!(check(FileType::Docx, &broken).is_err());
        assert!(matches!(
            check(FileType::Docx, b"PK\x03\x04 word/document.xml [Content_Types].xml MZ"),
            Err(FileError::Incomplete(_))
        ));
        assert!(matches!(check(FileType::Xlsx, &whole), Err(FileError::Content(_))));
        assert!(check(FileType::Docx, &[b"<html>".as_slice(), &whole].concat()).is_err());
    }

    #[test]
    fn what_acts_or_loads_is_refused_and_a_link_to_click_is_not() {
        let active = |name: &str, content: &[u8]| matches!(docx(&[(name, content)]), Err(FileError::Active(_)));
        assert!(active("word/vbaProject.bin", b"x") && active("word/embeddings/a.exe", b"x"));
        assert!(active("xl/externalLinks/externalLink1.xml", b"<x/>") && active("../a.xml", b"x"));
        assert!(active("word/embeddings/a.bin", b"O\0l\0e\x001\x000\0N\0a\0t\0i\0v\0e\0"));
        let relation = |kind: &str, mode: &str| {
            format!(
                "<Relationships><Relationship Id='r1' Type='http://x/relationships/{kind}' Target='http://y' {mode}/></Relationships>"
            )
        };
        let rels = "word/_rels/settings.xml.rels";
        assert!(active(rels, relation("attachedTemplate", "TargetMode='External'").as_bytes()));
        assert!(active(rels, relation("oleObject", "TargetMode=\"&#69;xternal\"").as_bytes()));
        assert!(!active(rels, relation("hyperlink", "TargetMode='External'").as_bytes()));
        assert!(!active(rels, relation("image", "TargetMode='Internal'").as_bytes()));
        assert!(active(
            "word/footer1.xml",
            b"<w:instrText xml:space=\"preserve\"> DDEAUTO c:\\\\cmd.exe</w:instrText>"
        ));
        assert!(active("word/footer1.xml", b"<w:fldSimple w:instr=\" DDE excel\">"));
        assert!(!active("word/footer1.xml", b"<w:t>She added a dde field</w:t>"));
        let wide: Vec<u8> =
            relation("attachedTemplate", "TargetMode='External'").encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(active(rels, &wide));
    }

    #[test]
    fn a_bomb_is_not_unpacked_to_its_end() {
        let zeros = vec![0; usize::try_from(LARGE).unwrap() * 3];
        assert_eq!(docx(&[("word/media/image1.png", &zeros)]), Err(FileError::Inflated));
        assert_eq!(docx(&[("word/media/image1.png", &zeros[..1 << 20])]), Ok(()));
    }
}

//! The older kinds of Office (doc, xls): the directory and all streams are read to their ends.

use std::io::{Cursor, Read};

use cfb::CompoundFile;
use portico_domain::cases::{
    document::{FileError, FileType},
    scan::ScanRefusal,
};

use super::{ends_as_archive, has_markup, has_virus};

/// No document has more streams.
const MOST_STREAMS: usize = 5_000;

/// Storages of macros, by their names.
const MACROS: [&str; 4] = ["macros", "_vba_project_cur", "vba", "_vba_project"];

pub(super) fn check(kind: FileType, content: &[u8]) -> Result<(), FileError> {
    let incomplete = |_| FileError::Incomplete(kind.label());
    let mut file = CompoundFile::open(Cursor::new(content)).map_err(incomplete)?;
    let entries: Vec<_> = file.walk().take(MOST_STREAMS + 1).map(|entry| (entry.path().to_owned(), entry)).collect();
    if entries.len() > MOST_STREAMS {
        return Err(FileError::Inflated);
    }
    let (mut main, mut read) = (None, 0);
    for (path, entry) in entries {
        let name = entry.name().to_lowercase();
        if MACROS.contains(&name.as_str()) {
            return Err(FileError::Active("macros"));
        }
        if name.ends_with("ole10native") {
            return Err(FileError::Active("other files"));
        }
        if !entry.is_stream() {
            continue;
        }
        let mut stream = Vec::new();
        file.open_stream(&path).and_then(|mut s| s.read_to_end(&mut stream)).map_err(incomplete)?;
        // Streams share no sectors: all together are no longer than the file.
        read += stream.len();
        if read > content.len() {
            return Err(FileError::Incomplete(kind.label()));
        }
        if has_virus(&stream) {
            return Err(FileError::Scan(ScanRefusal::Harmful));
        }
        let top = path.parent().is_some_and(|parent| parent.parent().is_none());
        match (kind, name.as_str()) {
            (FileType::Doc, "worddocument") | (FileType::Xls, "workbook" | "book") if top => main = Some(stream),
            _ => {}
        }
    }
    let main = main.ok_or(FileError::Content(kind.label()))?;
    match kind {
        FileType::Doc => word(&main)?,
        _ => excel(&main)?,
    }
    if has_markup_behind(content) || ends_as_archive(content) {
        return Err(FileError::TwoKinds(kind.label()));
    }
    Ok(())
}

/// What stands behind the last full sector belongs to no stream.
fn has_markup_behind(content: &[u8]) -> bool {
    has_markup(content.get(content.len() - content.len() % 512..).unwrap_or_default())
}

/// The block at the beginning of a Word document says whether it is encrypted.
fn word(main: &[u8]) -> Result<(), FileError> {
    let incomplete = FileError::Incomplete(FileType::Doc.label());
    let flags = main.get(10..12).and_then(|two| two.try_into().ok()).map(u16::from_le_bytes).ok_or(incomplete)?;
    if flags & 0x0100 == 0 { Ok(()) } else { Err(FileError::Password) }
}

/// The records at the beginning of a workbook say whether it is encrypted, and of what kind its sheets are.
fn excel(main: &[u8]) -> Result<(), FileError> {
    const END: u16 = 0x000A;
    const PASSWORD: u16 = 0x002F;
    const SHEET: u16 = 0x0085;
    let two = |at: usize| main.get(at..at + 2).and_then(|two| two.try_into().ok()).map(u16::from_le_bytes);
    let incomplete = FileError::Incomplete(FileType::Xls.label());
    let mut at = 0;
    while let (Some(record), Some(length)) = (two(at), two(at + 2)) {
        match record {
            END => return Ok(()),
            PASSWORD => return Err(FileError::Password),
            // A sheet of the macro language that was before the present one.
            SHEET if main.get(at + 9).is_some_and(|kind| kind & 0x0F == 1) => return Err(FileError::Active("macros")),
            _ => at += 4 + usize::from(length),
        }
    }
    Err(incomplete)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn file(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let mut file = CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        for (path, content) in streams {
            if let Some(parent) = std::path::Path::new(path).parent() {
                file.create_storage_all(parent).unwrap();
            }
            file.create_stream(path).unwrap().write_all(content).unwrap();
        }
        file.flush().unwrap();
        file.into_inner().into_inner()
    }

    fn document(flags: u8) -> Vec<u8> {
        let mut main = vec![0; 6000];
        main[11] = flags;
        main
    }

    #[test]
    fn an_older_document_is_read_to_its_end() {
        let whole = file(&[("/WordDocument", &document(0)), ("/1Table", b"x")]);
        assert_eq!(check(FileType::Doc, &whole), Ok(()));
        for length in [512, whole.len() / 4, whole.len() / 2] {
            assert!(matches!(check(FileType::Doc, &whole[..length]), Err(FileError::Incomplete(_))), "{length}");
        }
        assert_eq!(check(FileType::Doc, &file(&[("/WordDocument", &document(1))])), Err(FileError::Password));
        let macros = file(&[("/WordDocument", &document(0)), ("/Macros/VBA/dir", b"x")]);
        assert_eq!(check(FileType::Doc, &macros), Err(FileError::Active("macros")));
        assert!(matches!(check(FileType::Xls, &whole), Err(FileError::Content(_))));
    }

    #[test]
    fn a_workbook_with_a_password_or_macros_is_refused() {
        let workbook = |records: &[u8]| check(FileType::Xls, &file(&[("/Workbook", records)]));
        let begin = b"\x09\x08\x02\0\0\x06";
        assert_eq!(workbook(&[begin.as_slice(), b"\x85\0\x08\0\0\0\0\0\0\0\x01a\x0A\0\0\0"].concat()), Ok(()));
        assert_eq!(workbook(&[begin.as_slice(), b"\x2F\0\0\0\x0A\0\0\0"].concat()), Err(FileError::Password));
        let old = [begin.as_slice(), b"\x85\0\x08\0\0\0\0\0\0\x01\x01a\x0A\0\0\0"].concat();
        assert_eq!(workbook(&old), Err(FileError::Active("macros")));
        assert!(matches!(workbook(begin), Err(FileError::Incomplete(_))));
    }
}

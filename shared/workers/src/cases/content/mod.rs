//! Whether an uploaded document can be opened by whoever reviews it, and does nothing but show itself (CASE-20). A pure
//! function of its bytes; nothing of it is run, and all work is bounded.

mod ole;
mod package;
mod pdf;
mod pictures;

use memchr::memmem;
use portico_domain::cases::{
    document::{FileError, FileType},
    scan::ScanRefusal,
};

/// Reads a document to its end.
///
/// # Errors
/// What is wrong with it, in words for whoever attached it.
pub fn check(kind: FileType, content: &[u8]) -> Result<(), FileError> {
    kind.check(content)?;
    if has_virus(content) {
        return Err(FileError::Scan(ScanRefusal::Harmful));
    }
    match kind {
        FileType::Pdf => pdf::check(content),
        FileType::Tiff | FileType::Mdi => pictures::tiff(kind, content),
        FileType::Jpeg => pictures::jpeg(content),
        FileType::Docx | FileType::Xlsx | FileType::Xps => package::check(kind, content),
        FileType::Doc | FileType::Xls => ole::check(kind, content),
    }
}

/// The text with which scanners of viruses are tried. It stands here in two parts, so that no scanner takes this file for it.
const TEST_VIRUS: [&[u8]; 2] = [b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"];

fn has_virus(content: &[u8]) -> bool {
    memmem::find(content, &TEST_VIRUS.concat()).is_some()
}

/// Whether a browser might take it for a page.
fn has_markup(content: &[u8]) -> bool {
    const PAGES: [&[u8]; 5] = [b"<script", b"<html", b"<!doctype", b"<iframe", b"<?php"];
    memchr::memchr_iter(b'<', content).any(|place| {
        let here = content.get(place..).unwrap_or_default();
        PAGES.iter().any(|page| {
            let after = here.get(page.len()).copied().unwrap_or(b' ');
            here.get(..page.len()).is_some_and(|word| word.eq_ignore_ascii_case(page)) && !after.is_ascii_alphanumeric()
        })
    })
}

/// Whether it ends as an archive does: its directory is found from the end, whatever stands before.
fn ends_as_archive(content: &[u8]) -> bool {
    const END: usize = 22;
    let tail = content.get(content.len().saturating_sub(END + usize::from(u16::MAX))..).unwrap_or_default();
    memmem::find_iter(tail, b"PK\x05\x06").any(|place| {
        let comment = tail.get(place + 20..place + END).and_then(|two| two.try_into().ok()).map(u16::from_le_bytes);
        comment.is_some_and(|comment| place + END + usize::from(comment) == tail.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_two_kinds_or_known_as_a_virus_is_told() {
        assert!(has_markup(b"GIF <SCRIPT src=x>") && has_markup(b"<!DOCTYPE html>") && has_markup(b"<html>"));
        assert!(!has_markup(b"<x:xmpmeta> <rdf:li> <scripture> a < b"));
        let archive = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0";
        assert!(ends_as_archive(&[archive.as_slice(), b"ok"].concat()));
        assert!(!ends_as_archive(&[archive.as_slice(), b"o"].concat()));
        let eicar = [b"%PDF-1.4\n".as_slice(), &TEST_VIRUS.concat()].concat();
        assert_eq!(check(FileType::Pdf, &eicar), Err(FileError::Scan(ScanRefusal::Harmful)));
    }
}

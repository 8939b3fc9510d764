//! Real files to attach: a PDF, a JPEG picture, a Word document; and a program that pretends.

use std::{
    fs,
    io::{Cursor, Write},
};

use anyhow::Result;

use crate::stack::root;

/// A file as a person picks it from a disk.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub content: Vec<u8>,
}

/// A fax of one white page, as a TIFF without compression.
#[must_use]
pub fn white_page() -> Vec<u8> {
    let (width, height) = (1728_u32, 16_u32);
    let entries: [(u16, u32); 7] =
        [(256, width), (257, height), (259, 1), (262, 0), (273, 8), (278, height), (279, width / 8 * height)];
    let mut file = b"II\x2a\0".to_vec();
    file.extend((8 + width / 8 * height).to_le_bytes());
    file.resize(8 + usize::try_from(width / 8 * height).unwrap_or_default(), 0);
    file.extend(7_u16.to_le_bytes());
    for (tag, value) in entries {
        file.extend([tag.to_le_bytes(), 4_u16.to_le_bytes()].concat());
        file.extend([1_u32.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    file
}

/// A PDF of one page with a line of text.
#[must_use]
pub fn pdf(name: &str, text: &str) -> File {
    let shown = text.replace(['(', ')', '\\'], " ");
    let drawing = format!("BT /F1 14 Tf 72 720 Td ({shown}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.7\n".to_owned();
    let mut places = String::from("0000000000 65535 f \n");
    for (number, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", number + 1));
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file.push_str(&format!(
        "xref\n0 {size}\n{places}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    ));
    File { name: name.to_owned(), content: file.into_bytes() }
}

/// The text with which scanners of viruses are tried (EICAR). It stands here in two parts, so that no scanner takes this file for
/// it.
#[must_use]
pub fn test_virus() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].concat().into_bytes()
}

/// A PDF that carries the test of scanners.
#[must_use]
pub fn infected(name: &str) -> File {
    let mut file = pdf(name, "Carries something along");
    file.content.extend(test_virus());
    file
}

/// A grey picture of eight by eight points: baseline JPEG with tables of one code each.
#[must_use]
pub fn jpeg(name: &str) -> File {
    let mut content = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 16];
    content.extend(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    content.extend([0xFF, 0xDB, 0, 67, 0]);
    content.extend([1u8; 64]);
    content.extend([0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
    for table in [0x00, 0x10] {
        content.extend([0xFF, 0xC4, 0, 20, table, 1]);
        content.extend([0u8; 16]);
    }
    content.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x3F, 0xFF, 0xD9]);
    File { name: name.to_owned(), content }
}

/// A Word document of one paragraph.
///
/// # Errors
/// When the package cannot be written.
pub fn docx(name: &str, text: &str) -> Result<File> {
    const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
    let words = text.replace('&', "&amp;").replace('<', "&lt;");
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body></w:document>"#
    );
    let parts = [("[Content_Types].xml", TYPES), ("_rels/.rels", RELATIONS), ("word/document.xml", document.as_str())];
    let parts = parts.map(|(part, content)| (part.to_owned(), content.to_owned()));
    Ok(File { name: name.to_owned(), content: archive(&parts)? })
}

/// A ZIP archive of files, each by its name and text.
///
/// # Errors
/// When it cannot be written.
pub fn archive(files: &[(String, String)]) -> Result<Vec<u8>> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        archive.start_file(name.as_str(), zip::write::SimpleFileOptions::default())?;
        archive.write_all(text.as_bytes())?;
    }
    Ok(archive.finish()?.into_inner())
}

/// The pack of Arkansas as another contract's, as one archive: with a version, a first day, and codes as a sheet; each file as
/// `change` makes it.
///
/// # Errors
/// When the checkout has no such pack.
pub fn pack(
    contract: &str,
    version: &str,
    from: jiff::civil::Date,
    change: impl Fn(&str, String) -> String,
) -> Result<Vec<u8>> {
    let folder = root().join("contracts/arkansas");
    let mut files = Vec::new();
    for name in ["contract.toml", "calendar.toml", "letters.toml", "questionnaires.toml", "catalogue.toml"] {
        let text = fs::read_to_string(folder.join(name))?
            .replacen("id = \"arkansas\"", &format!("id = \"{contract}\""), 1)
            .replacen("version = \"2026.1\"", &format!("version = \"{version}\""), 1)
            .replacen("effective-from = \"2026-01-01\"", &format!("effective-from = \"{from}\""), 1);
        files.push((format!("{contract}/{name}"), change(name, text)));
    }
    for entry in fs::read_dir(folder.join("questionnaires"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push((format!("{contract}/questionnaires/{name}"), fs::read_to_string(&path)?));
    }
    let sheet = "code,modifiers,description,unit,max-units-per-day,age-under,authorization,service-types,description-es,unit-es\n\
                 T1015,U6 UB,Habilitative Services Aged 0-6,1 hour,4,21,required,day-habilitative,\
                 Servicios de habilitación para niños de 0 a 6 años,1 hora\n";
    files.push((format!("{contract}/codes.csv"), change("codes.csv", sheet.to_owned())));
    archive(&files)
}

/// A Windows program under an innocent name.
#[must_use]
pub fn executable(name: &str) -> File {
    let mut content = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xFF\xFF\0\0".to_vec();
    content.extend(b"This program cannot be run in DOS mode.\r\r\n$");
    content.resize(512, 0);
    File { name: name.to_owned(), content }
}

/// The words of a PDF, page by page, single blanks between them.
///
/// # Errors
/// When it is no PDF, or its fonts do not say which letters they show.
pub fn words_of_pdf(content: &[u8]) -> Result<String> {
    let document = lopdf::Document::load_mem(content)?;
    let pages: Vec<u32> = document.get_pages().into_keys().collect();
    let text = document.extract_text(&pages)?;
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The language that a PDF says it is in.
///
/// # Errors
/// When it is no PDF, or says none.
pub fn language_of_pdf(content: &[u8]) -> Result<String> {
    let document = lopdf::Document::load_mem(content)?;
    let language = document.catalog()?.get(b"Lang")?.as_str()?;
    Ok(String::from_utf8_lossy(language).into_owned())
}

/// The size of each piece of text of a PDF, page by page, in points.
///
/// # Errors
/// When it is no PDF.
pub fn sizes_of_pdf(content: &[u8]) -> Result<Vec<Vec<f32>>> {
    let document = lopdf::Document::load_mem(content)?;
    let of = |page| -> Result<Vec<f32>> {
        let operations = lopdf::content::Content::decode(&document.get_page_content(page))?.operations;
        let sizes = operations.iter().filter(|operation| operation.operator == "Tf");
        Ok(sizes.filter_map(|operation| operation.operands.get(1)?.as_float().ok()).collect())
    };
    document.get_pages().into_values().map(of).collect()
}

#[cfg(test)]
mod tests {
    use portico_domain::cases::document::FileType;

    use super::*;

    /// REQ: CASE-20
    #[test]
    fn files_are_what_their_names_say_and_the_program_is_not() {
        let files = [pdf("a.pdf", "Plan"), jpeg("b.jpg"), docx("c.docx", "Plan").unwrap()];
        for file in files {
            assert!(FileType::of_name(&file.name).unwrap().check(&file.content).is_ok(), "{}", file.name);
        }
        assert!(FileType::Pdf.check(&executable("d.pdf").content).is_err());
        assert_eq!(words_of_pdf(&pdf("a.pdf", "A plan").content).unwrap(), "A plan");
    }
}

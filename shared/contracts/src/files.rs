//! The files of a pack: of a folder, or of an archive that somebody sent.

use std::{
    collections::BTreeMap,
    fs,
    io::{Cursor, Read},
    path::{Path, PathBuf},
};

use zip::ZipArchive;

use crate::{questionnaires, sheet, toml_text::TomlText};

/// Files in an archive.
const MOST_FILES: usize = 200;
/// All of them unpacked, in bytes: more than the largest pack that can be stored.
const MOST_BYTES: usize = 4 * 1024 * 1024;

/// The texts of a pack by their names in it: `codes.toml`, `questionnaires/sleep.json`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Files(BTreeMap<String, String>);

impl Files {
    /// Those of a folder. Files that no pack has, such as a note of its author, are passed over.
    ///
    /// # Errors
    /// Every file that cannot be read.
    pub fn of_folder(dir: &Path) -> Result<Self, Vec<String>> {
        let mut paths: Vec<_> = entries(dir)?.into_iter().map(|path| ("", path)).collect();
        let inside = dir.join(questionnaires::FOLDER);
        if inside.is_dir() {
            paths.extend(entries(&inside)?.into_iter().map(|path| (questionnaires::FOLDER, path)));
        }
        let (mut texts, mut problems) = (BTreeMap::new(), Vec::new());
        for (folder, path) in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let name = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if !is_part(&name) {
                continue;
            }
            match fs::read_to_string(&path) {
                Ok(text) => drop(texts.insert(name, text)),
                Err(error) => problems.push(format!("{name}: {error}")),
            }
        }
        if problems.is_empty() { Ok(Self(texts)) } else { Err(problems) }
    }

    /// Those of a ZIP archive of the folder's content, or of the folder.
    ///
    /// # Errors
    /// When it is no such archive or is too large unpacked, or every file that cannot be read.
    pub fn of_archive(bytes: &[u8]) -> Result<Self, Vec<String>> {
        let unread = |_| vec!["This is no ZIP archive that can be read.".to_owned()];
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unread)?;
        if archive.len() > MOST_FILES {
            return Err(vec![format!("The archive has {} files; a pack has {MOST_FILES} at most.", archive.len())]);
        }
        let folder = common(archive.file_names());
        let (mut texts, mut problems, mut room) = (BTreeMap::new(), Vec::new(), MOST_BYTES);
        for place in 0..archive.len() {
            let mut file = archive.by_index(place).map_err(unread)?;
            let name = file.name().strip_prefix(&*folder).unwrap_or(file.name()).to_owned();
            if !file.is_file() || !is_part(&name) {
                continue;
            }
            let mut content = Vec::new();
            // What an archive says of its sizes is not believed.
            let most = u64::try_from(room).unwrap_or(u64::MAX).saturating_add(1);
            if let Err(error) = file.by_ref().take(most).read_to_end(&mut content) {
                problems.push(format!("{name}: {error}"));
                continue;
            }
            let Some(left) = room.checked_sub(content.len()) else {
                return Err(vec![format!("The archive has more than {MOST_BYTES} bytes unpacked.")]);
            };
            room = left;
            match String::from_utf8(content) {
                Ok(_) if texts.contains_key(&name) => problems.push(format!("{name}: stands there twice")),
                // As spreadsheets and Windows' editor save.
                Ok(text) => drop(texts.insert(name, text.trim_start_matches('\u{feff}').to_owned())),
                Err(_) => problems.push(format!("{name}: this is not UTF-8")),
            }
        }
        if texts.is_empty() && problems.is_empty() {
            problems.push("The archive has no file of a pack, such as contract.toml.".to_owned());
        }
        if problems.is_empty() { Ok(Self(texts)) } else { Err(problems) }
    }

    /// All, by their names.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// Files by their names and texts, as a program has them that writes a folder.
    pub fn of_texts(texts: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(texts.into_iter().collect())
    }

    /// The tables.
    pub(crate) fn tables(&self) -> impl Iterator<Item = TomlText> {
        let of = |(name, text): (&String, &String)| TomlText { name: name.clone(), text: text.clone() };
        self.0.iter().filter(|(name, _)| is_table(name)).map(of)
    }

    /// The sheet of codes.
    pub(crate) fn sheet(&self) -> Option<&str> {
        self.0.get(sheet::FILE).map(String::as_str)
    }

    /// The questionnaires by their names in the folder.
    pub(crate) fn questionnaires(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().filter_map(|(name, text)| {
            let (folder, name) = name.split_once('/')?;
            (folder == questionnaires::FOLDER).then_some((name, text.as_str()))
        })
    }
}

/// What is in a folder, in the order of its names.
pub(crate) fn entries(dir: &Path) -> Result<Vec<PathBuf>, Vec<String>> {
    let read = fs::read_dir(dir).and_then(|found| found.map(|entry| entry.map(|e| e.path())).collect());
    let mut paths: Vec<_> = read.map_err(|error| vec![format!("{}: {error}", dir.display())])?;
    paths.sort();
    Ok(paths)
}

/// Whether a name is that of a part of a pack.
fn is_part(name: &str) -> bool {
    match name.split_once('/') {
        None => is_table(name) || name == sheet::FILE,
        Some((folder, name)) => folder == questionnaires::FOLDER && !name.contains('/') && !name.starts_with('.'),
    }
}

fn is_table(name: &str) -> bool {
    name.strip_suffix(".toml").is_some_and(|name| !name.starts_with('.') && !name.contains('/'))
}

/// The one folder that all is in, with its stroke; nothing when there is none.
fn common<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut folders =
        names.filter(|name| !name.starts_with("__MACOSX/")).map(|name| name.split_once('/').map(|(first, _)| first));
    match folders.next().flatten() {
        Some(first) if first != questionnaires::FOLDER && folders.all(|folder| folder == Some(first)) => {
            format!("{first}/")
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn an_archive_of_a_folder_and_one_of_its_content_are_the_same() {
        let of = |prefix: &str| {
            let name = |name: &str| format!("{prefix}{name}");
            let (table, asked, note) = (name("contract.toml"), name("questionnaires/sleep.json"), name("README.md"));
            Files::of_archive(&archive(&[(&table, b"\xef\xbb\xbfid = 1"), (&asked, b"{}"), (&note, b"\xff")])).unwrap()
        };
        assert_eq!(of("").0.keys().collect::<Vec<_>>(), ["contract.toml", "questionnaires/sleep.json"]);
        assert_eq!(of("arkansas/"), of(""));
        assert_eq!(of("").tables().map(|table| table.text).collect::<Vec<_>>(), ["id = 1"]);
    }

    #[test]
    fn what_is_no_pack_says_why() {
        let of = |bytes: &[u8]| Files::of_archive(bytes).unwrap_err().join(" ");
        assert_eq!(of(b"%PDF-1.7"), "This is no ZIP archive that can be read.");
        assert_eq!(of(&archive(&[("photo.jpg", b"x")])), "The archive has no file of a pack, such as contract.toml.");
        assert_eq!(of(&archive(&[("a.toml", b"\xff")])), "a.toml: this is not UTF-8");
        let bomb = archive(&[("a.toml", &vec![b'a'; MOST_BYTES]), ("b.toml", b"b")]);
        assert!(bomb.len() < 100_000);
        assert_eq!(of(&bomb), format!("The archive has more than {MOST_BYTES} bytes unpacked."));
        let many: Vec<(String, &[u8])> = (0..=MOST_FILES).map(|number| (format!("{number}.toml"), &b""[..])).collect();
        let many: Vec<_> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
        assert!(of(&archive(&many)).contains("a pack has 200 at most"));
    }
}

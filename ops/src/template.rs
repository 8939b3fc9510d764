//! The pack of a new agency: a copy of the template, with the contract's id and name filled in (OPS-01). What else is to fill stands
//! between `<<` and `>>`.

use std::{fs, path::Path};

use anyhow::{Context, Result, anyhow, ensure};
use portico_contracts::{files::Files, marks};
use portico_domain::id::ContractId;
use serde::Serialize;

/// The files of a pack, with a comment for each value.
const FILES: [(&str, &str); 5] = [
    ("contract.toml", include_str!("../template/contract.toml")),
    ("calendar.toml", include_str!("../template/calendar.toml")),
    ("codes.toml", include_str!("../template/codes.toml")),
    ("letters.toml", include_str!("../template/letters.toml")),
    ("catalogue.toml", include_str!("../template/catalogue.toml")),
];

/// A pack that was begun.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Begun {
    /// Its folder.
    pub folder: String,
    /// Its files.
    pub files: Vec<String>,
    /// Places that are still to fill.
    pub places: usize,
}

/// Writes the template into a folder that does not exist, whose name is the contract's id.
///
/// # Errors
/// When the folder is there or its name is no id, the name cannot stand in a file, or the disk does not take it.
pub fn begin(folder: &Path, name: &str) -> Result<Begun> {
    let id = folder.file_name().unwrap_or_default().to_string_lossy();
    let id: ContractId = id.parse().map_err(|_| {
        anyhow!(
            "{}: a contract's id, the name of its folder, has 2 to 40 small letters, digits and hyphens",
            folder.display()
        )
    })?;
    let name = name.trim();
    let printable = !name.is_empty() && name.chars().count() <= 100 && !name.contains(['"', '\\']);
    ensure!(
        printable && !name.contains(char::is_control),
        "--name: 1 to 100 characters in one line, without \" and \\"
    );
    ensure!(!folder.exists(), "{} is there already: nothing was changed", folder.display());
    let filled = |text: &str| text.replace("<<id>>", &id.to_string()).replace("<<name>>", name);
    let files: Vec<_> = FILES.map(|(file, text)| (file.to_owned(), filled(text))).into();
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for (file, text) in &files {
        let path = folder.join(file);
        fs::write(&path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    let names = files.iter().map(|(file, _)| file.clone()).collect();
    let places = marks::unfilled(&Files::of_texts(files)).len();
    Ok(Begun { folder: folder.display().to_string(), files: names, places })
}

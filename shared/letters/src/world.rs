//! What the typesetter sees: the template, one letter as JSON, and fonts. No files, no network, no clock.

use std::sync::OnceLock;

use code128::Code128;
use portico_domain::letters::Letter;
use serde::Serialize;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;

use crate::{Error, messages};

/// The families in use: the text face, and one with symbols and further scripts behind it.
const FAMILIES: [&str; 2] = ["Libertinus Serif", "DejaVu Sans Mono"];

/// Renderings after which an unused intermediate result is dropped, which bounds the memory of a warm process.
const KEPT: usize = 4;

/// The footer, 6.7 in wide, has room for this many modules of two fax pixels: a case, a request and a UUID.
const BARCODE_ROOM: u32 = 670;

struct Assets {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    template: Source,
    letter: FileId,
}

static ASSETS: OnceLock<Assets> = OnceLock::new();

fn assets() -> Result<&'static Assets, Error> {
    if let Some(assets) = ASSETS.get() {
        return Ok(assets);
    }
    let file = |name: &str| {
        VirtualPath::new(name)
            .map(|path| FileId::new(RootedPath::new(VirtualRoot::Project, path)))
            .map_err(|refused| Error::Template(format!("{refused:?}")))
    };
    let fonts: Vec<_> = typst_assets::fonts()
        .flat_map(|data| Font::iter(Bytes::new(data)))
        .filter(|font| FAMILIES.contains(&font.info().family.as_str()))
        .collect();
    let assets = Assets {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        template: Source::new(file("letter.typ")?, include_str!("letter.typ").to_owned()),
        letter: file("letter.json")?,
    };
    Ok(ASSETS.get_or_init(|| assets))
}

struct LetterWorld {
    assets: &'static Assets,
    letter: Bytes,
}

impl World for LetterWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.assets.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.assets.book
    }

    fn main(&self) -> FileId {
        self.assets.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.assets.template.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.assets.letter { Ok(self.letter.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.assets.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// The letter as the template reads it.
#[derive(Serialize)]
struct Data<'a> {
    #[serde(flatten)]
    letter: &'a Letter,
    bars: Bars,
}

/// A Code 128 symbol in modules: width, and place and width of each bar.
#[derive(Serialize)]
struct Bars {
    width: u32,
    marks: Vec<(u32, u32)>,
}

pub(crate) fn compile(letter: &Letter) -> Result<PagedDocument, Error> {
    let data = serde_json::to_vec(&Data { letter, bars: bars(&letter.barcode)? }).map_err(Error::Content)?;
    let foreign = std::str::from_utf8(&data).map_or_else(|_| Ok(Vec::new()), unprintable)?;
    if !foreign.is_empty() {
        return Err(Error::Unprintable(foreign));
    }
    let world = LetterWorld { assets: assets()?, letter: Bytes::new(data) };
    let pages = typst::compile::<PagedDocument>(&world).output.map_err(|faults| Error::Template(messages(&faults)));
    typst::comemo::evict(KEPT);
    pages
}

/// Characters of a text that no embedded font can print: a form checks its input with this, long before the letter.
///
/// # Errors
/// [`Error::Template`] if the fonts cannot be read.
pub fn unprintable(text: &str) -> Result<Vec<char>, Error> {
    let fonts = &assets()?.fonts;
    let mut foreign: Vec<_> = text
        .chars()
        .filter(|character| !character.is_control())
        .filter(|&character| fonts.iter().all(|font| !font.info().coverage.contains(u32::from(character))))
        .collect();
    foreign.sort_unstable();
    foreign.dedup();
    Ok(foreign)
}

fn bars(reference: &str) -> Result<Bars, Error> {
    let marks: Vec<_> =
        Code128::encode(reference.as_bytes()).bar_coordinates().map(|bar| (bar.x, u32::from(bar.width))).collect();
    // The coordinates leave a quiet zone of ten modules on the left; the right one is ours to add.
    let width = marks.last().map_or(0, |(x, width)| x.saturating_add(*width).saturating_add(10));
    if width > BARCODE_ROOM { Err(Error::Barcode { length: width }) } else { Ok(Bars { width, marks }) }
}

//! What the typesetter sees: the template, one letter as JSON, and fonts. No files, no network, no clock.

use std::sync::OnceLock;

use code128::Code128;
use portico_domain::{glyphs::first_unprintable, letters::Letter};
use serde::Serialize;
use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;

use crate::{Error, fonts::Fonts, messages};

/// Renderings after which an unused intermediate result is dropped, which bounds the memory of a warm process.
const KEPT: usize = 4;

/// The footer, 6.7 in wide, has room for this many modules of two fax pixels: a case, a request and a UUID.
const BARCODE_ROOM: u32 = 670;

struct Assets {
    library: LazyHash<Library>,
    fonts: Fonts,
    template: Source,
    code: Source,
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
    let assets = Assets {
        library: LazyHash::new(Library::default()),
        fonts: Fonts::common(),
        template: Source::new(file("letter.typ")?, include_str!("letter.typ").to_owned()),
        code: Source::new(file("code.typ")?, include_str!("code.typ").to_owned()),
        letter: file("letter.json")?,
    };
    Ok(ASSETS.get_or_init(|| assets))
}

struct LetterWorld {
    assets: &'static Assets,
    /// Which template is set.
    main: &'static Source,
    letter: Bytes,
    /// Its fonts, if it needs more than the common ones.
    own: Option<Fonts>,
}

impl LetterWorld {
    fn fonts(&self) -> &Fonts {
        self.own.as_ref().unwrap_or(&self.assets.fonts)
    }
}

impl World for LetterWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.assets.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts().book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.assets.letter { Ok(self.letter.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts().all.get(index).cloned()
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
    fonts: Vec<&'a str>,
    /// What stands across every page and before the title of a letter that was not issued.
    mark: Option<&'static str>,
}

/// A Code 128 symbol in modules: width, and place and width of each bar.
#[derive(Serialize)]
struct Bars {
    width: u32,
    marks: Vec<(u32, u32)>,
}

pub(crate) fn compile(letter: &Letter, mark: Option<&'static str>) -> Result<PagedDocument, Error> {
    let (assets, bars) = (assets()?, bars(&letter.barcode)?);
    let own = own_fonts(assets, letter)?;
    let fonts = own.as_ref().unwrap_or(&assets.fonts).families();
    let data = serde_json::to_vec(&Data { letter, bars, fonts, mark }).map_err(Error::Content)?;
    set(&LetterWorld { assets, main: &assets.template, letter: Bytes::new(data), own })
}

/// The page with a code as its template reads it.
#[derive(Serialize)]
struct CodeData<'a, P> {
    #[serde(flatten)]
    page: &'a P,
    fonts: Vec<&'a str>,
}

pub(crate) fn compile_code(page: &impl Serialize) -> Result<PagedDocument, Error> {
    let assets = assets()?;
    let own = own_fonts(assets, page)?;
    let fonts = own.as_ref().unwrap_or(&assets.fonts).families();
    let data = serde_json::to_vec(&CodeData { page, fonts }).map_err(Error::Content)?;
    set(&LetterWorld { assets, main: &assets.code, letter: Bytes::new(data), own })
}

/// The fonts of what is written, if they are more than the common ones.
fn own_fonts(assets: &Assets, written: &impl Serialize) -> Result<Option<Fonts>, Error> {
    let content = serde_json::to_value(written).map_err(Error::Content)?;
    let mut texts = Vec::new();
    collect(&content, &mut texts);
    match texts.iter().find_map(|text| first_unprintable(text)) {
        Some(character) => Err(Error::Unprintable(character)),
        None => assets.fonts.with_scripts_of(texts.into_iter()),
    }
}

fn set(world: &LetterWorld) -> Result<PagedDocument, Error> {
    let pages = typst::compile::<PagedDocument>(world).output.map_err(|faults| Error::Template(messages(&faults)));
    typst::comemo::evict(KEPT);
    pages
}

/// Every text of the letter.
fn collect<'a>(content: &'a Value, texts: &mut Vec<&'a str>) {
    match content {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn bars(reference: &str) -> Result<Bars, Error> {
    let marks: Vec<_> =
        Code128::encode(reference.as_bytes()).bar_coordinates().map(|bar| (bar.x, u32::from(bar.width))).collect();
    // The coordinates leave a quiet zone of ten modules on the left; the right one is ours to add.
    let width = marks.last().map_or(0, |(x, width)| x.saturating_add(*width).saturating_add(10));
    if width > BARCODE_ROOM { Err(Error::Barcode { length: width }) } else { Ok(Bars { width, marks }) }
}

//! The fonts of letters: the text face for all of them, one more for each writing system that a letter needs.
//!
//! The further ones are kept compressed and opened at the first letter that needs them (decision 50).

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use miniz_oxide::inflate::decompress_to_vec_zlib;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

use crate::Error;

/// The text face.
const TEXT: &str = "Libertinus Serif";
/// Behind all others: arrows, boxes, check marks.
const SYMBOLS: &str = "DejaVu Sans Mono";

/// A font of further writing systems: its file, and for which characters it is opened when the text face lacks them.
struct Script {
    file: &'static [u8],
    of: &'static [RangeInclusive<char>],
    opened: OnceLock<Font>,
}

macro_rules! scripts {
    ($($name:literal: $($range:expr),+;)+) => {
        [$(Script {
            file: include_bytes!(concat!("../fonts/", $name, ".ttf.zlib")),
            of: &[$($range),+],
            opened: OnceLock::new(),
        }),+]
    };
}

static SCRIPTS: [Script; 21] = scripts! {
    "latin": '\u{A0}'..='\u{52F}', '\u{1AB0}'..='\u{1AFF}', '\u{1C80}'..='\u{1C8F}', '\u{1D00}'..='\u{1FFF}', '\u{20A0}'..='\u{20CF}',
        '\u{2C60}'..='\u{2C7F}', '\u{2DE0}'..='\u{2DFF}', '\u{A640}'..='\u{A69F}', '\u{A700}'..='\u{A7FF}', '\u{AB30}'..='\u{AB6F}';
    "armenian": '\u{530}'..='\u{58F}', '\u{FB13}'..='\u{FB17}';
    "hebrew": '\u{590}'..='\u{5FF}', '\u{FB1D}'..='\u{FB4F}';
    "arabic": '\u{600}'..='\u{6FF}', '\u{750}'..='\u{77F}', '\u{870}'..='\u{8FF}', '\u{FB50}'..='\u{FDFF}', '\u{FE70}'..='\u{FEFC}';
    "devanagari": '\u{900}'..='\u{97F}', '\u{1CD0}'..='\u{1CFF}', '\u{A8E0}'..='\u{A8FF}';
    "bengali": '\u{980}'..='\u{9FF}';
    "gurmukhi": '\u{A00}'..='\u{A7F}';
    "gujarati": '\u{A80}'..='\u{AFF}';
    "tamil": '\u{B80}'..='\u{BFF}';
    "telugu": '\u{C00}'..='\u{C7F}';
    "kannada": '\u{C80}'..='\u{CFF}';
    "malayalam": '\u{D00}'..='\u{D7F}';
    "thai": '\u{E00}'..='\u{E7F}';
    "lao": '\u{E80}'..='\u{EFF}';
    "myanmar": '\u{1000}'..='\u{109F}', '\u{A9E0}'..='\u{A9FF}', '\u{AA60}'..='\u{AA7F}';
    "georgian": '\u{10A0}'..='\u{10FF}', '\u{1C90}'..='\u{1CBF}', '\u{2D00}'..='\u{2D2F}';
    "hangul": '\u{1100}'..='\u{11FF}', '\u{3130}'..='\u{318F}', '\u{A960}'..='\u{A97F}', '\u{AC00}'..='\u{D7FF}';
    "ethiopic": '\u{1200}'..='\u{139F}', '\u{2D80}'..='\u{2DDF}', '\u{AB00}'..='\u{AB2F}';
    "cherokee": '\u{13A0}'..='\u{13FF}', '\u{AB70}'..='\u{ABBF}';
    "khmer": '\u{1780}'..='\u{17FF}', '\u{19E0}'..='\u{19FF}';
    "han": '\u{2E80}'..='\u{312F}', '\u{31A0}'..='\u{31FF}', '\u{3400}'..='\u{9FFF}', '\u{F900}'..='\u{FAFF}', '\u{FF61}'..='\u{FF9F}',
        '\u{20000}'..='\u{3FFFF}';
};

impl Script {
    fn is_of(&self, character: char) -> bool {
        self.of.iter().any(|run| run.contains(&character))
    }

    fn open(&self) -> Result<&Font, Error> {
        if let Some(font) = self.opened.get() {
            return Ok(font);
        }
        let data = decompress_to_vec_zlib(self.file).map_err(|fault| Error::Font(fault.to_string()))?;
        let font = Font::new(Bytes::new(data), 0).ok_or_else(|| Error::Font("no font".to_owned()))?;
        Ok(self.opened.get_or_init(|| font))
    }
}

/// The fonts that a letter is set with.
pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) all: Vec<Font>,
}

impl Fonts {
    fn new(all: Vec<Font>) -> Self {
        Self { book: LazyHash::new(FontBook::from_fonts(&all)), all }
    }

    /// Those of every letter: the text face in all its styles, then the symbols.
    pub(crate) fn common() -> Self {
        let embedded: Vec<_> = typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data))).collect();
        let of = |family: &'static str| embedded.iter().filter(move |font| font.info().family == family).cloned();
        Self::new(of(TEXT).chain(of(SYMBOLS)).collect())
    }

    /// With those behind the text face that these texts need; none when they need no more than the common ones.
    pub(crate) fn with_scripts_of<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Result<Option<Self>, Error> {
        let mut foreign: Vec<_> =
            texts.flat_map(str::chars).filter(|&c| !c.is_ascii() && !self.in_text_face(c)).collect();
        foreign.sort_unstable();
        foreign.dedup();
        let needed = SCRIPTS.iter().filter(|script| foreign.iter().any(|&character| script.is_of(character)));
        let needed = needed.map(Script::open).collect::<Result<Vec<_>, _>>()?;
        let whole = self.all.iter().cloned().chain(needed.iter().copied().cloned()).collect();
        Ok(if needed.is_empty() { None } else { Some(Self::new(whole)) })
    }

    fn in_text_face(&self, character: char) -> bool {
        self.all.first().is_some_and(|font| covers(font, character))
    }

    /// The families in the order in which they are asked for a glyph.
    pub(crate) fn families(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.all.iter().map(|font| font.info().family.as_str()).collect();
        names.dedup();
        // Symbols come last: some of their letters stand for those of a script's own font.
        names.sort_by_key(|name| *name == SYMBOLS);
        names
    }
}

fn covers(font: &Font, character: char) -> bool {
    font.info().coverage.contains(u32::from(character))
}

/// Every character that some letter can print, in order: what the domain's table is made from.
///
/// # Errors
/// [`Error::Font`] if a font cannot be read.
#[cfg(test)]
pub(crate) fn printable() -> Result<Vec<char>, Error> {
    let common = Fonts::common();
    let opened = SCRIPTS.iter().map(|script| Ok((script, script.open()?))).collect::<Result<Vec<_>, Error>>()?;
    // Some fonts name characters of other uses, and give a glyph of nothing to what shall not be seen.
    let unfit = |c: char| {
        c.is_control()
            || matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF0}'..='\u{FFFF}' | '\u{E0000}'..='\u{10FFFF}')
    };
    let all = (0..=0x10_FFFF).filter_map(char::from_u32).filter(|&character| {
        let scripts = || opened.iter().any(|(script, font)| script.is_of(character) && covers(font, character));
        !unfit(character) && (common.all.iter().any(|font| covers(font, character)) || scripts())
    });
    Ok(all.collect())
}

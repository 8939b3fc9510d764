//! Letters on paper: a [`Letter`] becomes a tagged PDF (PDF/UA-1, LTR-07) and a Group 4 TIFF for the fax carrier.
//!
//! Fonts, standard library and template are made once per process. The same content gives the same bytes: no clock,
//! no random id, the document's date and identifier come from the letter.

mod code;
mod fax;
mod fonts;
pub mod read;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod tests;
mod tiff;
#[cfg(test)]
mod window;
mod world;

pub use code::CodePage;
use portico_domain::{letters::Letter, status::Audience};
use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// Why a letter could not be rendered. Neither variant repeats the letter's words.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The letter has a character for which the embedded fonts have no glyph.
    #[error("no glyph for U+{:04X}", u32::from(*.0))]
    Unprintable(char),
    /// An embedded font cannot be read.
    #[error("letter font: {0}")]
    Font(String),
    /// The reference does not fit into a barcode.
    #[error("the reference of {length} modules is too long for the barcode")]
    Barcode {
        /// Modules it would need.
        length: u32,
    },
    /// The content could not be handed to the template.
    #[error("letter content")]
    Content(#[source] serde_json::Error),
    /// The template failed.
    #[error("letter template: {0}")]
    Template(String),
    /// The PDF is not PDF/UA-1.
    #[error("letter export: {0}")]
    Export(String),
    /// A part of the TIFF is larger than its format can say.
    #[error("fax image too large")]
    TooLarge,
}

/// A letter set in pages, ready for both outputs.
pub struct Document {
    pages: PagedDocument,
    identity: String,
}

impl Document {
    /// Sets the letter.
    ///
    /// # Errors
    /// [`Error::Unprintable`], [`Error::Barcode`], or a fault of the template.
    pub fn new(letter: &Letter) -> Result<Self, Error> {
        Self::marked(letter, None)
    }

    /// Sets the letter to be looked at before it is issued: the same pages, each marked, so that a copy is not taken for a
    /// letter that was sent.
    ///
    /// # Errors
    /// As [`Document::new`].
    pub fn preview(letter: &Letter) -> Result<Self, Error> {
        Self::marked(letter, Some("Not issued"))
    }

    fn marked(letter: &Letter, mark: Option<&'static str>) -> Result<Self, Error> {
        let pages = world::compile(letter, mark)?;
        let audience = match letter.audience {
            Audience::Provider => "provider",
            Audience::Member => "member",
        };
        Ok(Self { pages, identity: format!("{}/{audience}", letter.id) })
    }

    /// Number of pages.
    #[must_use]
    pub fn page_count(&self) -> usize {
        self.pages.pages().len()
    }

    /// The letter as PDF/UA-1.
    ///
    /// # Errors
    /// [`Error::Export`] if the result would not conform.
    pub fn pdf(&self) -> Result<Vec<u8>, Error> {
        let standards =
            PdfStandards::new(&[PdfStandard::Ua_1]).map_err(|refused| Error::Export(refused.message().to_string()))?;
        let options = PdfOptions {
            ident: Smart::Custom(self.identity.clone()),
            creator: Smart::Custom(Some("Portico".to_owned())),
            standards,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&self.pages, &options).map_err(|faults| Error::Export(messages(&faults)))
    }

    /// The letter as a fax: one Group 4 image a page, fine resolution, US letter.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more pages than a TIFF can count.
    pub fn fax(&self) -> Result<Vec<u8>, Error> {
        fax::tiff(self.pages.pages())
    }
}

/// Renders a letter as tagged PDF.
///
/// # Errors
/// See [`Error`].
pub fn render_pdf(letter: &Letter) -> Result<Vec<u8>, Error> {
    Document::new(letter)?.pdf()
}

/// Renders a letter as fax TIFF.
///
/// # Errors
/// See [`Error`].
pub fn render_fax(letter: &Letter) -> Result<Vec<u8>, Error> {
    Document::new(letter)?.fax()
}

/// Number of pages of a letter.
///
/// # Errors
/// See [`Error`].
pub fn page_count(letter: &Letter) -> Result<usize, Error> {
    Ok(Document::new(letter)?.page_count())
}

fn messages(faults: &[SourceDiagnostic]) -> String {
    faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; ")
}

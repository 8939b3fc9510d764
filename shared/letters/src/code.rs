//! The page that is faxed to a new fax number with the code that proves it.

use serde::Serialize;

use crate::{Error, fax, world};

/// What stands on the page; none of it is PHI.
#[derive(Clone, Debug, Serialize)]
pub struct CodePage {
    /// Its heading.
    pub title: String,
    /// What is read before the code.
    pub before: Vec<String>,
    /// The code.
    pub code: String,
    /// What is read after it.
    pub after: Vec<String>,
}

impl CodePage {
    /// The page as a fax machine takes it.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn fax(&self) -> Result<Vec<u8>, Error> {
        fax::tiff(world::compile_code(self)?.pages())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(code: &str) -> CodePage {
        CodePage {
            title: "Confirm your fax number".to_owned(),
            before: vec!["This number was entered for the account jo.smith.".to_owned()],
            code: code.to_owned(),
            after: vec!["If nobody here knows of it, throw this page away.".to_owned()],
        }
    }

    #[test]
    fn a_code_is_one_page_and_another_code_is_another_one() {
        let pages = world::compile_code(&page("123456")).unwrap();
        assert_eq!(pages.pages().len(), 1);
        let image = page("123456").fax().unwrap();
        assert!(image.starts_with(b"II*\0") || image.starts_with(b"MM\0*"));
        assert_eq!(image, page("123456").fax().unwrap());
        assert_ne!(image, page("123457").fax().unwrap());
    }
}

//! Why a request comes to nothing: the Bundle or we ourselves, or what is asked for.

use portico_fhir::answer::Refusal;

use super::outcome::Refused;

/// Why there is no case, or no change of one.
#[derive(Debug)]
pub(super) enum Ended {
    /// The Bundle, the caller or we ourselves.
    Refused(Refused),
    /// The request cannot be taken as it is.
    Business(Vec<Refusal>),
    /// None of it needs authorization.
    NotNeeded(Vec<String>),
}

impl<T: Into<Refused>> From<T> for Ended {
    fn from(refused: T) -> Self {
        Self::Refused(refused.into())
    }
}

impl Ended {
    /// One thing is wrong with it.
    pub(super) fn business(code: &'static str, path: String, text: &str) -> Self {
        Self::Business(vec![Refusal { code, path, text: text.to_owned() }])
    }
}

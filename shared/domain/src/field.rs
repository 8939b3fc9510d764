//! Errors at a field: what a form shows beside the input.

use std::fmt;

use crate::wrong::Wrong;

/// One thing wrong with one field, in words a clerk understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer into what was sent (RFC 6901), e.g. `/lines/0/units`.
    pub pointer: String,
    /// What is wrong, by its code and in words.
    pub objection: Objection,
}

/// What is wrong, and the sentence that says it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Objection {
    /// What is wrong.
    pub wrong: Wrong,
    /// What is wrong and what would be right. Never repeats the value: it may be PHI.
    pub sentence: String,
}

impl Objection {
    /// Nothing stands where something is needed.
    #[must_use]
    pub fn required() -> Self {
        Wrong::Missing.says("This field is required.")
    }

    /// No date.
    #[must_use]
    pub fn not_a_date() -> Self {
        Wrong::NotADate.says("A date is year, month and day, as 2026-05-07.")
    }
}

/// An error whose words are a sentence for a field.
pub trait AtField: fmt::Display {
    /// What is wrong.
    fn wrong(&self) -> Wrong;
}

impl<E: AtField> From<E> for Objection {
    fn from(error: E) -> Self {
        error.wrong().says(&error)
    }
}

impl AtField for std::convert::Infallible {
    fn wrong(&self) -> Wrong {
        match *self {}
    }
}

impl Wrong {
    /// With the sentence for this field.
    #[must_use]
    pub fn says(self, sentence: impl fmt::Display) -> Objection {
        Objection { wrong: self, sentence: sentence.to_string() }
    }
}

/// All that is wrong with what was sent, so that a form is corrected in one go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

impl FieldErrors {
    /// Nothing wrong yet.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Notes an error at `pointer`.
    pub fn add(&mut self, pointer: impl Into<String>, objection: impl Into<Objection>) {
        self.0.push(FieldError { pointer: pointer.into(), objection: objection.into() });
    }

    /// The value of `result`, or `None` with its error noted at `pointer`.
    pub fn keep<T, E: Into<Objection>>(&mut self, pointer: impl Into<String>, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.add(pointer, error)).ok()
    }

    /// Parses a required text: an absent or blank one is an error of its own.
    pub fn parse<T>(&mut self, pointer: impl Into<String>, raw: Option<&str>) -> Option<T>
    where
        T: std::str::FromStr,
        T::Err: Into<Objection>,
    {
        match raw.map(str::trim).filter(|text| !text.is_empty()) {
            None => {
                self.add(pointer, Objection::required());
                None
            }
            Some(text) => self.keep(pointer, text.parse()),
        }
    }

    /// Parses an optional text: absent or blank is no error.
    pub fn parse_optional<T>(&mut self, pointer: impl Into<String>, raw: Option<&str>) -> Option<T>
    where
        T: std::str::FromStr,
        T::Err: Into<Objection>,
    {
        raw.map(str::trim).filter(|text| !text.is_empty()).and_then(|text| self.keep(pointer, text.parse()))
    }

    /// Adds the errors of a part, its pointers placed under `prefix`.
    pub fn nest(&mut self, prefix: &str, part: FieldErrors) {
        self.0.extend(
            part.0
                .into_iter()
                .map(|e| FieldError { pointer: format!("{prefix}{}", e.pointer), objection: e.objection }),
        );
    }

    /// Takes out what is no error here.
    pub fn leave(&mut self, fine: impl Fn(&Wrong) -> bool) {
        self.0.retain(|error| !fine(&error.objection.wrong));
    }

    /// `value` when nothing is wrong, else every error.
    ///
    /// # Errors
    /// All errors noted so far.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, FieldErrors> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self),
        }
    }

    /// `Ok` when nothing is wrong.
    ///
    /// # Errors
    /// All errors noted so far.
    pub fn into_result(self) -> Result<(), FieldErrors> {
        self.finish(Some(()))
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The errors in the order found.
    #[must_use]
    pub fn as_slice(&self) -> &[FieldError] {
        &self.0
    }
}

//! The license of a nurse or a physician.

use std::{fmt, str::FromStr};

use crate::{contact::State, field::AtField, id::text_serde, wrong::Wrong};

/// A professional license: who gave it, and its number. As text `AR E-900001`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct License {
    /// The state that gave it.
    pub state: State,
    /// Its number there.
    pub number: LicenseNumber,
}

/// The number of a license: 2 to 20 letters, digits, periods and hyphens, in upper case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LicenseNumber(String);

/// Text that is no license.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum LicenseError {
    /// Without a state.
    #[error("A license begins with the two-letter code of its state, as AR E-900001.")]
    State,
    /// Without a number.
    #[error("A license number has 2 to 20 letters, digits, periods and hyphens, with a digit among them.")]
    Number,
}

impl AtField for LicenseError {
    fn wrong(&self) -> Wrong {
        match self {
            Self::State => Wrong::LicenseWithoutState,
            Self::Number => Wrong::NotALicenseNumber,
        }
    }
}

impl FromStr for LicenseNumber {
    type Err = LicenseError;
    fn from_str(text: &str) -> Result<Self, LicenseError> {
        let text = text.trim();
        let form = (2..=20).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'))
            && text.bytes().any(|b| b.is_ascii_digit());
        if form { Ok(Self(text.to_ascii_uppercase())) } else { Err(LicenseError::Number) }
    }
}

impl fmt::Display for LicenseNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for License {
    type Err = LicenseError;
    fn from_str(text: &str) -> Result<Self, LicenseError> {
        let (state, number) = text.trim().split_once(' ').ok_or(LicenseError::State)?;
        Ok(Self { state: state.parse().map_err(|_| LicenseError::State)?, number: number.parse()? })
    }
}

impl fmt::Display for License {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.state, self.number)
    }
}

text_serde!(License);

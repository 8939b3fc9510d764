//! National Provider Identifier (45 CFR 162.406).

use std::{fmt, str::FromStr};

use crate::{field::AtField, id::text_serde, wrong::Wrong};

/// Ten digits, the first 1 or 2, with a Luhn check digit as if prefixed by 80840 (ACC-04).
///
/// ```
/// use portico_domain::npi::Npi;
/// assert!("1234567893".parse::<Npi>().is_ok());
/// assert!("1234567890".parse::<Npi>().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Npi([u8; 10]);

/// Why a text is no NPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NpiError {
    /// Not ten digits.
    #[error("An NPI has 10 digits.")]
    Digits,
    /// Begins with something other than 1 or 2.
    #[error("An NPI begins with 1 or 2.")]
    First,
    /// The check digit does not match: most often a typing mistake.
    #[error("This NPI has a typing mistake: its last digit does not match the others.")]
    CheckDigit,
}

impl AtField for NpiError {
    fn wrong(&self) -> Wrong {
        match self {
            Self::Digits | Self::First => Wrong::NotAnNpi,
            Self::CheckDigit => Wrong::NpiTypingMistake,
        }
    }
}

impl FromStr for Npi {
    type Err = NpiError;
    fn from_str(text: &str) -> Result<Self, NpiError> {
        let digits: [u8; 10] = text.as_bytes().try_into().map_err(|_| NpiError::Digits)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(NpiError::Digits);
        }
        if !matches!(digits.first(), Some(b'1' | b'2')) {
            return Err(NpiError::First);
        }
        // The constant prefix 80840 adds 24 to the sum.
        let sum: u32 = digits
            .iter()
            .enumerate()
            .map(|(place, byte)| {
                let digit = u32::from(byte - b'0');
                match (place % 2 == 0, digit) {
                    (true, 5..) => digit * 2 - 9,
                    (true, _) => digit * 2,
                    (false, _) => digit,
                }
            })
            .sum();
        if (sum + 24).is_multiple_of(10) { Ok(Self(digits)) } else { Err(NpiError::CheckDigit) }
    }
}

impl fmt::Display for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|digit| write!(f, "{}", digit - b'0'))
    }
}
text_serde!(Npi);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// REQ: ACC-04
    #[test]
    fn known_numbers() {
        assert!("1993999998".parse::<Npi>().is_ok());
        assert_eq!("1234567890".parse::<Npi>(), Err(NpiError::CheckDigit));
        assert_eq!("3234567893".parse::<Npi>(), Err(NpiError::First));
        assert_eq!("123456789".parse::<Npi>(), Err(NpiError::Digits));
        assert_eq!("12345678९".parse::<Npi>(), Err(NpiError::Digits));
    }

    proptest! {
        /// REQ: ACC-04
        #[test]
        fn one_changed_digit_never_passes(body in "[12][0-9]{8}", place in 1usize..10, by in 1u8..10) {
            let npi = (0..10).map(|d| format!("{body}{d}")).find_map(|t| t.parse::<Npi>().ok()).unwrap();
            prop_assert_eq!(npi.to_string().parse::<Npi>(), Ok(npi));
            let mut text = npi.to_string().into_bytes();
            text[place] = b'0' + (text[place] - b'0' + by) % 10;
            prop_assert!(String::from_utf8(text).unwrap().parse::<Npi>().is_err());
        }
    }
}

//! What the bars at the foot of each page say: a page that comes back by fax is known by them (LTR-08).

use std::{fmt, str::FromStr};

use crate::id::{CaseId, IdError, LetterId, RequestNumber};

/// A letter with its case and request: `<case>-<request>-<letter>`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Reference {
    /// The case.
    pub case: CaseId,
    /// The request that the letter is about.
    pub request: RequestNumber,
    /// The letter.
    pub letter: LetterId,
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.case, self.request, self.letter)
    }
}

impl FromStr for Reference {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let error = || IdError("the reference of a letter");
        let (case, rest) = text.split_once('-').ok_or_else(error)?;
        let (request, letter) = rest.split_once('-').ok_or_else(error)?;
        let case = case.parse().map_err(|_| error())?;
        let request = request.parse().map_err(|_| error())?;
        Ok(Self { case, request, letter: letter.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_read_as_it_is_written_and_nothing_else_is_one() {
        let text = "261270001-R01-ltr_00000000000000000000000000000007";
        assert_eq!(text.parse::<Reference>().unwrap().to_string(), text);
        for other in
            ["", "261270001", "261270001-R01", "261270001-R1-ltr_7", "CK261270001-R01-x", &text[1..], &text[..40]]
        {
            assert!(other.parse::<Reference>().is_err(), "{other}");
        }
    }
}

//! Codes by form. Whether a diagnosis code exists and is billable is `portico-codes`' business.

use std::{fmt, str::FromStr};

use crate::{field::AtField, id::text_serde, wrong::Wrong};

/// A code that has not the form of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// ICD-10-CM.
    #[error("An ICD-10-CM code is a letter, a digit and up to five more characters, as G47.33.")]
    Diagnosis,
    /// CPT, HCPCS or revenue code.
    #[error("A procedure code is a CPT code (as 27447), an HCPCS code (as T1015) or a revenue code (as 0120).")]
    Procedure,
    /// Modifier.
    #[error("A modifier has two letters or digits, as U6.")]
    Modifier,
}

impl AtField for CodeError {
    fn wrong(&self) -> Wrong {
        match self {
            Self::Diagnosis => Wrong::NotADiagnosis,
            Self::Procedure => Wrong::NotAProcedure,
            Self::Modifier => Wrong::NotAModifier,
        }
    }
}

/// ICD-10-CM code by form; kept without its dot, shown with it.
///
/// ```
/// use portico_domain::code::DiagnosisCode;
/// assert_eq!("g4733".parse::<DiagnosisCode>().unwrap().to_string(), "G47.33");
/// assert!("4733".parse::<DiagnosisCode>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct DiagnosisCode(String);

impl DiagnosisCode {
    /// Without the dot, as the federal files have it.
    #[must_use]
    pub fn undotted(&self) -> &str {
        &self.0
    }
}

impl FromStr for DiagnosisCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let code = match text.as_bytes().get(3) {
            Some(b'.') if text.len() > 4 => format!("{}{}", text.get(..3).unwrap_or(""), text.get(4..).unwrap_or("")),
            _ => text.to_owned(),
        }
        .to_ascii_uppercase();
        let form = (3..=7).contains(&code.len())
            && code.bytes().enumerate().all(|(place, byte)| match place {
                0 => byte.is_ascii_uppercase(),
                1 => byte.is_ascii_digit(),
                _ => byte.is_ascii_alphanumeric(),
            });
        if form { Ok(Self(code)) } else { Err(CodeError::Diagnosis) }
    }
}

impl fmt::Display for DiagnosisCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_at_checked(3) {
            Some((category, rest)) if !rest.is_empty() => write!(f, "{category}.{rest}"),
            _ => f.write_str(&self.0),
        }
    }
}
text_serde!(DiagnosisCode);

/// What a procedure code is a code of (CASE-14).
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeType {
    /// CPT (HCPCS level I). Accepted by form: its descriptions are licensed.
    Cpt,
    /// HCPCS level II.
    Hcpcs,
    /// Revenue code of a facility claim.
    Revenue,
}

/// A procedure code by form, upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ProcedureCode(String);

impl ProcedureCode {
    /// Which code set it belongs to; the forms do not overlap.
    #[must_use]
    pub fn code_type(&self) -> CodeType {
        match self.0.as_bytes() {
            [b'A'..=b'V', ..] => CodeType::Hcpcs,
            [_, _, _, _] => CodeType::Revenue,
            _ => CodeType::Cpt,
        }
    }

    /// The code itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProcedureCode {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let code = text.to_ascii_uppercase();
        let form = match code.as_bytes() {
            [b'A'..=b'V', rest @ ..] if rest.len() == 4 => rest.iter().all(u8::is_ascii_digit),
            // Revenue codes: 0001 to 0999, and the 100x, 210x and 310x of behavioral health, therapy and adult care.
            [b'0', rest @ ..] if rest.len() == 3 => rest.iter().all(u8::is_ascii_digit),
            [b'1', b'0', b'0', last] | [b'2' | b'3', b'1', b'0', last] => last.is_ascii_digit(),
            [rest @ .., last] if rest.len() == 4 => {
                rest.iter().all(u8::is_ascii_digit)
                    && (last.is_ascii_digit() || matches!(last, b'F' | b'T' | b'U' | b'M'))
            }
            _ => false,
        };
        if form { Ok(Self(code)) } else { Err(CodeError::Procedure) }
    }
}

impl fmt::Display for ProcedureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
text_serde!(ProcedureCode);

/// Two characters that narrow a procedure code; a line has at most four (CASE-14).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Modifier(String);

impl FromStr for Modifier {
    type Err = CodeError;
    fn from_str(text: &str) -> Result<Self, CodeError> {
        let form = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if form { Ok(Self(text.to_ascii_uppercase())) } else { Err(CodeError::Modifier) }
    }
}

impl fmt::Display for Modifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
text_serde!(Modifier);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// REQ: CASE-12
    #[test]
    fn diagnosis_codes_by_form() {
        for good in ["U07.1", "g47.33", "E119", "F84.0", "S72001A"] {
            assert!(good.parse::<DiagnosisCode>().is_ok(), "{good}");
        }
        for bad in ["", "G", "G4.733", "4G733", "G47.", "G47.33333", "é47"] {
            assert!(bad.parse::<DiagnosisCode>().is_err(), "{bad}");
        }
    }

    /// REQ: CASE-14
    #[test]
    fn procedure_codes_by_form() {
        let kind = |text: &str| text.parse::<ProcedureCode>().map(|code| code.code_type());
        assert_eq!(kind("t1015"), Ok(CodeType::Hcpcs));
        assert_eq!(kind("27447"), Ok(CodeType::Cpt));
        assert_eq!(kind("0042T"), Ok(CodeType::Cpt));
        assert_eq!(kind("0120"), Ok(CodeType::Revenue));
        assert_eq!(kind("1001"), Ok(CodeType::Revenue));
        assert!(kind("W1015").is_err() && kind("2744").is_err() && kind("T10155").is_err());
    }

    proptest! {
        #[test]
        fn what_is_shown_parses_to_the_same(text in "\\PC{0,8}") {
            if let Ok(code) = text.parse::<DiagnosisCode>() {
                prop_assert_eq!(code.to_string().parse(), Ok(code));
            }
            if let Ok(code) = text.parse::<ProcedureCode>() {
                prop_assert_eq!(code.to_string().parse(), Ok(code));
            }
        }
    }
}

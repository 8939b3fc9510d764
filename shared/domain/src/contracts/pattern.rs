//! Which codes a rule is about: one, those from one to another, those that begin alike, or all.

use std::{fmt, str::FromStr};

use crate::{
    code::{CodeError, DiagnosisCode, ProcedureCode},
    id::text_serde,
};

/// The characters of a CPT or HCPCS code; a prefix is of these and never of revenue codes, which are shorter.
const LONG: usize = 5;

/// A pattern that has not the form of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Of procedure codes.
    #[error(
        "Codes are one code (as T1015), a range (as 97010-97799), a beginning (as G01*) or all (*); a range is from a lower to a higher code of one kind."
    )]
    Procedures,
    /// Of diagnoses.
    #[error("Diagnoses are one code (as G47.33) or a beginning of at least three characters (as F84*).")]
    Diagnoses,
    /// A code in it.
    #[error(transparent)]
    Code(#[from] CodeError),
}

/// Procedure codes.
///
/// ```
/// use portico_domain::contracts::pattern::Procedures;
/// let therapy: Procedures = "97010-97799".parse().unwrap();
/// assert!(therapy.contains(&"97110".parse().unwrap()) && !therapy.contains(&"97802".parse().unwrap()));
/// assert!("97799-97010".parse::<Procedures>().is_err());
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Procedures {
    /// This one.
    One(ProcedureCode),
    /// From the first to the last, of one form.
    Range(ProcedureCode, ProcedureCode),
    /// CPT and HCPCS codes that begin so.
    Beginning(String),
    /// All.
    All,
}

impl Procedures {
    /// Whether a code is one of them.
    #[must_use]
    pub fn contains(&self, code: &ProcedureCode) -> bool {
        match self {
            Self::One(one) => one == code,
            Self::Range(first, last) => alike(first, code) && first <= code && code <= last,
            Self::Beginning(text) => code.as_str().len() == LONG && code.as_str().starts_with(text),
            Self::All => true,
        }
    }

    /// The code, where it is one.
    #[must_use]
    pub fn one(&self) -> Option<&ProcedureCode> {
        if let Self::One(code) = self { Some(code) } else { None }
    }

    /// How many codes it can be, at most: the fewer, the more specific.
    #[must_use]
    pub fn width(&self) -> u64 {
        match self {
            Self::One(_) => 1,
            Self::Range(first, last) => digits(last).saturating_sub(digits(first)).saturating_add(1),
            Self::Beginning(text) => 10_u64.pow(u32::try_from(LONG - text.len()).unwrap_or_default()),
            Self::All => u64::MAX,
        }
    }

    /// Whether some code is in both.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) | (_, Self::All) => true,
            (Self::One(code), many) | (many, Self::One(code)) => many.contains(code),
            (Self::Range(first, last), Self::Range(from, to)) => alike(first, from) && first <= to && from <= last,
            (Self::Beginning(one), Self::Beginning(other)) => one.starts_with(other) || other.starts_with(one),
            (Self::Range(first, last), Self::Beginning(text)) | (Self::Beginning(text), Self::Range(first, last)) => {
                let cut = |code: &ProcedureCode| code.as_str().get(..text.len()).unwrap_or_default().to_owned();
                first.as_str().len() == LONG && cut(first) <= *text && *text <= cut(last)
            }
        }
    }
}

/// Whether two codes are of one form: what is between them is of it too.
fn alike(one: &ProcedureCode, other: &ProcedureCode) -> bool {
    let form = |code: &ProcedureCode| {
        let text = code.as_str();
        let end = text.chars().next_back().filter(|end| !end.is_ascii_digit());
        let head = text.chars().next().filter(|head| !head.is_ascii_digit());
        (text.len(), head, end)
    };
    form(one) == form(other)
}

fn digits(code: &ProcedureCode) -> u64 {
    code.as_str().chars().filter_map(|c| c.to_digit(10)).fold(0, |all, digit| all * 10 + u64::from(digit))
}

impl FromStr for Procedures {
    type Err = PatternError;
    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text == "*" {
            return Ok(Self::All);
        }
        if let Some(beginning) = text.strip_suffix('*') {
            let beginning = beginning.to_ascii_uppercase();
            // A code of its form is told from what begins like none.
            let whole = format!("{beginning:0<LONG$}");
            let form = (1..LONG).contains(&beginning.len()) && whole.parse::<ProcedureCode>().is_ok();
            return if form { Ok(Self::Beginning(beginning)) } else { Err(PatternError::Procedures) };
        }
        match text.split_once('-') {
            None => Ok(Self::One(text.parse()?)),
            Some((first, last)) => {
                let (first, last) = (first.trim().parse()?, last.trim().parse()?);
                if alike(&first, &last) && first < last {
                    Ok(Self::Range(first, last))
                } else {
                    Err(PatternError::Procedures)
                }
            }
        }
    }
}

impl fmt::Display for Procedures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(code) => code.fmt(f),
            Self::Range(first, last) => write!(f, "{first}-{last}"),
            Self::Beginning(text) => write!(f, "{text}*"),
            Self::All => f.write_str("*"),
        }
    }
}
text_serde!(Procedures);

/// Diagnoses: one, or all that begin so.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Diagnoses {
    /// Without the dot.
    text: String,
    whole: bool,
}

impl Diagnoses {
    /// Whether a diagnosis is one of them.
    #[must_use]
    pub fn contains(&self, code: &DiagnosisCode) -> bool {
        if self.whole { code.undotted() == self.text } else { code.undotted().starts_with(&self.text) }
    }

    /// Whether some diagnosis is in both.
    #[must_use]
    pub fn meets(&self, other: &Self) -> bool {
        match (self.whole, other.whole) {
            (true, true) => self.text == other.text,
            (true, false) => self.text.starts_with(&other.text),
            (false, true) => other.text.starts_with(&self.text),
            (false, false) => self.text.starts_with(&other.text) || other.text.starts_with(&self.text),
        }
    }
}

impl FromStr for Diagnoses {
    type Err = PatternError;
    fn from_str(text: &str) -> Result<Self, PatternError> {
        let (text, whole) = text.strip_suffix('*').map_or((text, true), |text| (text, false));
        let code: DiagnosisCode = text.trim_end_matches('.').parse().map_err(|_| PatternError::Diagnoses)?;
        Ok(Self { text: code.undotted().to_owned(), whole })
    }
}

impl fmt::Display for Diagnoses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.text.split_at_checked(3) {
            Some((category, rest)) if !rest.is_empty() => write!(f, "{category}.{rest}")?,
            _ => f.write_str(&self.text)?,
        }
        f.write_str(if self.whole { "" } else { "*" })
    }
}
text_serde!(Diagnoses);

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Procedures {
        text.parse().unwrap()
    }

    #[test]
    fn a_pattern_is_shown_as_it_is_written_and_holds_for_its_codes_alone() {
        let holds = |pattern: &str, codes: &str| {
            assert_eq!(of(pattern).to_string(), pattern);
            for code in codes.split(' ') {
                let (code, wanted) = code.strip_prefix('!').map_or((code, true), |code| (code, false));
                assert_eq!(of(pattern).contains(&code.parse().unwrap()), wanted, "{pattern} {code}");
            }
        };
        holds("T1015", "T1015 !T1016");
        holds("97010-97799", "97010 97799 97110 !97800 !0971 !0001F");
        holds("0120-0129", "0120 0129 !0130 !01200");
        holds("G0151-G0164", "G0151 G0164 !G0165 !T1015 !00151");
        holds("0001F-0010F", "0005F !00050 !0005T");
        holds("G01*", "G0151 !G0299");
        holds("01*", "01200 !0120");
        holds("*", "0120 T1015 99499");
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for text in ["X1*", "**", "97010*", "97799-97010", "97010-97010", "0120-01290", "G0151-H0164"] {
            assert_eq!(text.parse::<Procedures>(), Err(PatternError::Procedures), "{text}");
        }
        for text in ["", "T10", "-", "9*9", "97010-9779"] {
            assert_eq!(text.parse::<Procedures>(), Err(PatternError::Code(CodeError::Procedure)), "{text}");
        }
        for text in ["", "*", "F*", "F8*", "8*"] {
            assert_eq!(text.parse::<Diagnoses>(), Err(PatternError::Diagnoses), "{text}");
        }
    }

    #[test]
    fn the_fewer_codes_the_more_specific() {
        let widths: Vec<_> =
            ["T1015", "0120-0129", "97110-97150", "G01*", "97*", "*"].map(of).iter().map(Procedures::width).collect();
        assert_eq!(widths, [1, 10, 41, 100, 1000, u64::MAX]);
    }

    #[test]
    fn patterns_meet_where_a_code_is_in_both() {
        for (one, other, meet) in [
            ("T1015", "T10*", true),
            ("T1015", "T11*", false),
            ("97010-97799", "97700-97999", true),
            ("97010-97799", "97800-97999", false),
            ("97010-97799", "977*", true),
            ("97010-97799", "978*", false),
            ("0120-0129", "01*", false),
            ("G0*", "G01*", true),
            ("G01*", "G02*", false),
            ("*", "0120", true),
        ] {
            assert_eq!((of(one).meets(&of(other)), of(other).meets(&of(one))), (meet, meet), "{one} {other}");
        }
    }

    #[test]
    fn diagnoses_are_one_or_those_that_begin_alike() {
        let of = |text: &str| text.parse::<Diagnoses>().unwrap();
        let code = |text: &str| text.parse::<DiagnosisCode>().unwrap();
        assert_eq!(
            [of("F84*").to_string(), of("f84.0").to_string(), of("F84.0*").to_string()],
            ["F84*", "F84.0", "F84.0*"]
        );
        assert!(
            of("F84*").contains(&code("F84.0"))
                && of("F84*").contains(&code("F84"))
                && !of("F84.0").contains(&code("F84"))
        );
        assert!(of("F84*").meets(&of("F84.0")) && of("F84.0*").meets(&of("F84*")) && !of("F84.0").meets(&of("F84.1")));
    }
}

//! How a member reads what is sent to them: in which language, and in which print (42 CFR 438.10(d), 45 CFR 92.201).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    field::{AtField, Objection},
    wrong::Wrong,
};

/// What is known of how a member reads. What nobody has said is not guessed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The language in which they want their letters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<LanguageTag>,
    /// The print that they need.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
}

impl Reading {
    /// Whether nobody has said anything.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.language.is_none() && self.format.is_none()
    }

    /// With what was said before where this says nothing.
    #[must_use]
    pub fn or(self, before: &Self) -> Self {
        Self { language: self.language.or_else(|| before.language.clone()), format: self.format.or(before.format) }
    }
}

/// The print of a letter.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// At least 12 points, as every letter to a member (42 CFR 438.10(d)(6)(ii)).
    #[default]
    Standard,
    /// At least 18 points (42 CFR 438.10(d)(6)(iii)).
    LargePrint,
}

/// None of the formats.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("The format is standard or large-print.")]
pub struct NoFormat;

impl AtField for NoFormat {
    fn wrong(&self) -> Wrong {
        Wrong::NotAChoice
    }
}

impl FromStr for Format {
    type Err = NoFormat;

    fn from_str(text: &str) -> Result<Self, NoFormat> {
        match text.to_ascii_lowercase().replace([' ', '_'], "-").as_str() {
            "standard" => Ok(Self::Standard),
            "large-print" => Ok(Self::LargePrint),
            _ => Err(NoFormat),
        }
    }
}

/// A language by its code: BCP 47, as `es` or `zh-Hant`, or three letters of ISO 639-2, as eligibility files have it (`spa`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LanguageTag(String);

/// No code of a language.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("A language is a code, as es for Spanish or vi for Vietnamese (ISO 639, BCP 47).")]
pub struct NoLanguage;

impl AtField for NoLanguage {
    fn wrong(&self) -> Wrong {
        Wrong::NotAChoice
    }
}

/// The longest tag that BCP 47 asks every program to take.
const LONGEST: usize = 35;

impl LanguageTag {
    /// The code of the language alone, as `es` of `es-MX`.
    #[must_use]
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }
}

/// A subtag of BCP 47 as it is written: a script as `Hant`, a region as `MX`, all else in small letters.
fn subtag(part: &str) -> String {
    match part.len() {
        2 if part.chars().all(|c| c.is_ascii_alphabetic()) => part.to_ascii_uppercase(),
        4 if part.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            let (first, rest) = part.split_at(1);
            format!("{}{}", first.to_ascii_uppercase(), rest.to_ascii_lowercase())
        }
        _ => part.to_ascii_lowercase(),
    }
}

impl FromStr for LanguageTag {
    type Err = NoLanguage;

    fn from_str(text: &str) -> Result<Self, NoLanguage> {
        let mut parts = text.split(['-', '_']);
        let language = parts.next().unwrap_or_default().to_ascii_lowercase();
        let is_code = (2..=3).contains(&language.len()) && language.chars().all(|c| c.is_ascii_lowercase());
        let rest: Vec<&str> = parts.collect();
        let fits = |part: &&str| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
        if !is_code || text.len() > LONGEST || !rest.iter().all(fits) {
            return Err(NoLanguage);
        }
        // A language that has two letters is written with two (RFC 5646, 2.2.1). Of those that letters are written in.
        let language = match language.as_str() {
            "eng" => "en".to_owned(),
            "spa" => "es".to_owned(),
            _ => language,
        };
        let tag = [language].into_iter().chain(rest.into_iter().map(subtag)).collect::<Vec<_>>();
        Ok(Self(tag.join("-")))
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for LanguageTag {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for LanguageTag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What was said in two fields, each of which may be empty.
pub fn parse(
    errors: &mut crate::field::FieldErrors,
    (language, format): (Option<&str>, Option<&str>),
) -> Option<Reading> {
    let clear = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let language = match clear(language).map(|text| text.parse::<LanguageTag>()) {
        None => Some(None),
        Some(Ok(tag)) => Some(Some(tag)),
        Some(Err(wrong)) => {
            errors.add("/language", Objection::from(wrong));
            None
        }
    };
    let format = match clear(format).map(|text| text.parse::<Format>()) {
        None => Some(None),
        Some(Ok(format)) => Some(Some(format)),
        Some(Err(wrong)) => {
            errors.add("/format", Objection::from(wrong));
            None
        }
    };
    Some(Reading { language: language?, format: format? })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> Result<String, NoLanguage> {
        text.parse::<LanguageTag>().map(|tag| tag.to_string())
    }

    #[test]
    fn a_language_is_a_code_and_is_kept_as_it_is_written() {
        for (typed, kept) in [
            ("es", "es"),
            ("ES", "es"),
            ("spa", "es"),
            ("es-mx", "es-MX"),
            ("zh_hant", "zh-Hant"),
            ("hmn", "hmn"),
            ("es-419", "es-419"),
        ] {
            assert_eq!(tag(typed).as_deref(), Ok(kept), "{typed}");
        }
        for wrong in ["Spanish", "e", "e5", "es-", "-es", "es mx", "español", "es-abcdefghi", "1"] {
            assert_eq!(tag(wrong), Err(NoLanguage), "{wrong}");
        }
        assert_eq!("es-MX".parse::<LanguageTag>().unwrap().primary(), "es");
    }

    #[test]
    fn what_is_said_anew_holds_and_what_is_not_stays() {
        let before = Reading { language: "es".parse().ok(), format: Some(Format::LargePrint) };
        assert_eq!(Reading::default().or(&before), before);
        let said = Reading { language: "vi".parse().ok(), format: None };
        assert_eq!(said.or(&before), Reading { language: "vi".parse().ok(), format: Some(Format::LargePrint) });
        assert!(Reading::default().is_unknown() && !before.is_unknown());
    }

    #[test]
    fn both_fields_tell_what_is_wrong_with_them() {
        let mut errors = crate::field::FieldErrors::none();
        assert_eq!(parse(&mut errors, (Some("Spanish"), Some("big"))), None);
        let pointers: Vec<_> = errors.as_slice().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/language", "/format"]);
        let mut none = crate::field::FieldErrors::none();
        assert_eq!(parse(&mut none, (Some(" "), None)), Some(Reading::default()));
        let large = parse(&mut none, (None, Some("Large Print"))).unwrap();
        assert_eq!((large.format, none.is_empty()), (Some(Format::LargePrint), true));
    }
}

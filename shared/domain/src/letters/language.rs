//! The languages in which letters to members are written: English, and those that have a catalogue of the fixed words beside
//! this file. The words of a contract stand in its pack.

use jiff::civil::Date;

use super::spanish;
use crate::reading::LanguageTag;

/// A language in which a letter is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// The one that a member asks for; none where letters are not written in it.
    #[must_use]
    pub fn of(tag: &LanguageTag) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == tag.primary())
    }

    /// Its code in BCP 47.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Spanish => "es",
        }
    }

    /// Fixed words of a letter, from the English ones. A house test holds that each has them.
    pub(super) fn says(self, english: &str) -> &str {
        match self {
            Self::English => english,
            Self::Spanish => spanish::of(english).unwrap_or(english),
        }
    }

    /// The same, where it is one of our own sentences; none in English, in which all is written.
    pub(super) fn knows(self, english: &str) -> Option<&'static str> {
        match self {
            Self::English => None,
            Self::Spanish => spanish::of(english),
        }
    }

    /// November 23, 2026; 23 de noviembre de 2026.
    pub(super) fn day(self, date: Date) -> String {
        match self {
            Self::English => date.strftime("%B %-d, %Y").to_string(),
            Self::Spanish => format!("{} de {} de {}", date.day(), spanish::month(date), date.year()),
        }
    }

    /// 11/23/2026. In Spanish a month stands in letters: in other countries the day is written first.
    pub(super) fn day_in_table(self, date: Date) -> String {
        match self {
            Self::English => date.strftime("%m/%d/%Y").to_string(),
            Self::Spanish => self.day(date),
        }
    }

    /// From one day to another.
    pub(super) fn days(self, from: &str, to: &str) -> String {
        match self {
            Self::English => format!("{from} to {to}"),
            Self::Spanish => format!("del {from} al {to}"),
        }
    }

    /// How many units.
    pub(super) fn units(self, units: u32) -> String {
        match (self, units) {
            (Self::English, 1) => "1 unit".to_owned(),
            (Self::English, _) => format!("{units} units"),
            (Self::Spanish, 1) => "1 unidad".to_owned(),
            (Self::Spanish, _) => format!("{units} unidades"),
        }
    }
}

//! How to reach a person or a place.

use std::{fmt, str::FromStr};

use email_address::{EmailAddress, Options};
use serde::{Deserialize, Serialize};

pub use crate::phone::Phone;

use crate::{
    field::AtField,
    glyphs::{self, Unprintable},
    wrong::Wrong,
};

/// Text that is no valid contact detail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// E-mail address.
    #[error("This is not an e-mail address, as name@example.org.")]
    Email,
    /// Telephone or fax number.
    #[error("A phone or fax number has 10 digits, area code first, as 501-555-0123.")]
    Phone,
    /// A number that nobody in the United States or Canada can have.
    #[error("There is no such number in the United States or Canada. Check the area code and the digits after it.")]
    NoPhone,
    /// A number that callers pay for.
    #[error("Numbers that callers pay for, as 900 and 976, are not taken.")]
    PaidPhone,
    /// A number behind a switchboard.
    #[error("Enter the number without an extension: it has to be reached directly.")]
    Extension,
    /// State.
    #[error("A state is its two-letter code, as AR.")]
    State,
    /// A state of another country.
    #[error("This is not a state or province of the chosen country.")]
    OtherCountry,
    /// ZIP.
    #[error("A ZIP code has 5 digits, or 9 as 72201-1234.")]
    Zip,
    /// Postal code of the United States or Canada.
    #[error("A postal code is a ZIP code, as 72201, or a Canadian one, as K1A 0B1.")]
    PostalCode,
    /// Any one-line text.
    #[error("This field takes 1 to 100 characters on one line.")]
    Line,
    /// Text that was damaged on its way.
    #[error("A mark stands here in place of letters that were lost before. Take the text from its source again.")]
    Lost,
    /// A person's name.
    #[error("A name has letters: no digits, no @, : or /, and no address of a web page.")]
    Name,
    /// A text that no letter can print.
    #[error(transparent)]
    Unprintable(#[from] Unprintable),
}

impl AtField for ContactError {
    fn wrong(&self) -> Wrong {
        match *self {
            Self::Email => Wrong::NotAnEmail,
            Self::Phone => Wrong::NotAPhone,
            Self::NoPhone => Wrong::NoSuchPhone,
            Self::PaidPhone => Wrong::PaidPhone,
            Self::Extension => Wrong::PhoneExtension,
            Self::State => Wrong::NotAState,
            Self::OtherCountry => Wrong::OtherCountry,
            Self::Zip => Wrong::NotAZip,
            Self::PostalCode => Wrong::NotAPostalCode,
            Self::Line => Wrong::NotALine { most: 100 },
            Self::Lost => Wrong::LostLetters,
            Self::Name => Wrong::NotAName,
            Self::Unprintable(unprintable) => unprintable.wrong(),
        }
    }
}

macro_rules! checked_text {
    ($($(#[$doc:meta])* $name:ident, $error:expr, $make:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, Hash, Debug)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = ContactError;
            fn from_str(text: &str) -> Result<Self, ContactError> {
                let make: fn(&str) -> Option<String> = $make;
                if text.contains('\u{fffd}') {
                    return Err(ContactError::Lost);
                }
                make(glyphs::clean_line(text)?.trim()).map(Self).ok_or($error)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        // What was stored before a rule still loads, as it is: it was checked by the rules of its time.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                Ok(text.parse().unwrap_or(Self(text)))
            }
        }
    )*};
}

/// Reads a text of somebody else's file, which has to keep the rules of today.
pub(crate) fn strict<'de, D: serde::Deserializer<'de>, T: FromStr<Err: fmt::Display>>(
    deserializer: D,
) -> Result<T, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

checked_text! {
    /// An e-mail address; what comes before the `@` is left as typed.
    Email, ContactError::Email, |text| {
        let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
        EmailAddress::parse_with_options(text, options).ok()?;
        let (name, host) = text.rsplit_once('@')?;
        let plain = text.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;:\"()[]\\".contains(&b));
        let host_form = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        // An address in numbers is none that mail goes to.
        let top = host.rsplit('.').next().is_some_and(|top| top.len() > 1 && top.starts_with(|c: char| c.is_ascii_alphabetic()));
        (text.len() <= 254 && plain && host_form && top).then(|| format!("{name}@{}", host.to_ascii_lowercase()))
    };
    /// The two-letter code of a state or territory of the United States, or of a province of Canada.
    State, ContactError::State, |text| {
        let code = text.to_ascii_uppercase();
        (STATES.contains(&code.as_str()) || PROVINCES.contains(&code.as_str())).then_some(code)
    };
    /// A ZIP code of five or nine digits, kept as `72201` or `72201-1234`.
    Zip, ContactError::Zip, |text| {
        let parts: Vec<&str> = text.split(['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2212}']).collect();
        let (five, four) = match parts.as_slice() {
            [five, four] => (*five, *four),
            [all] if all.len() == 9 => all.split_at_checked(5)?,
            [five] => (*five, "0000"),
            _ => return None,
        };
        let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
        // The lowest is 00501.
        let form = digits(five, 5) && digits(four, 4) && five >= "00501";
        // Mainframes fill up with zeros.
        form.then(|| if four == "0000" { five.to_owned() } else { format!("{five}-{four}") })
    };
    /// A ZIP code, or a Canadian postal code in its usual form `K1A 0B1`.
    PostalCode, ContactError::PostalCode, |text| {
        let plain: String = text.chars().filter(|c| *c != ' ').map(|c| c.to_ascii_uppercase()).collect();
        let is = |place: usize, byte: u8| if place.is_multiple_of(2) { byte.is_ascii_uppercase() } else { byte.is_ascii_digit() };
        let canadian = plain.len() == 6 && plain.bytes().enumerate().all(|(place, byte)| is(place, byte));
        if canadian {
            return plain.split_at_checked(3).map(|(area, unit)| format!("{area} {unit}"));
        }
        text.parse::<Zip>().ok().map(|zip| zip.0)
    };
    /// One line of text: a name, a street, a city.
    Line, ContactError::Line, |text| {
        (!text.is_empty() && text.chars().count() <= 100 && !text.chars().any(char::is_control)).then(|| text.to_owned())
    };
}

/// The states, territories and military addresses of the United States, as USPS has them.
const STATES: [&str; 62] = [
    "AA", "AE", "AK", "AL", "AP", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "FM", "GA", "GU", "HI", "IA",
    "ID", "IL", "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MH", "MI", "MN", "MO", "MP", "MS", "MT", "NC", "ND", "NE",
    "NH", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "PR", "PW", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VI",
    "VT", "WA", "WI", "WV", "WY",
];
/// The provinces and territories of Canada.
const PROVINCES: [&str; 13] = ["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"];

impl State {
    /// This state, if it is one of the country.
    ///
    /// # Errors
    /// When it is one of the other country.
    pub fn of(self, country: Country) -> Result<Self, ContactError> {
        let own = match country {
            Country::UnitedStates => STATES.contains(&self.as_str()),
            Country::Canada => PROVINCES.contains(&self.as_str()),
        };
        if own { Ok(self) } else { Err(ContactError::OtherCountry) }
    }
}

impl Line {
    /// The name of a user, who is written to with it: no digits, no address of a page or a mailbox.
    ///
    /// # Errors
    /// When it is none.
    pub fn name(self) -> Result<Self, ContactError> {
        let words: Vec<&str> = self.0.split(|c: char| !(c.is_alphanumeric() || c == '.')).collect();
        let is_host = |word: &&str| {
            let parts = word.trim_end_matches('.').split('.').map(|part| part.chars().count());
            parts.clone().count() > 1 && parts.min().is_some_and(|shortest| shortest > 1)
        };
        let form = self.0.chars().any(char::is_alphabetic)
            && !self.0.chars().any(|c| c.is_numeric() || matches!(c, '@' | ':' | '/' | '\\' | '<' | '>'))
            && !words.iter().any(is_host);
        if form { Ok(self) } else { Err(ContactError::Name) }
    }
}

impl Email {
    /// `j***@example.org`: enough to see a typing mistake of one's own.
    #[must_use]
    pub fn masked(&self) -> String {
        let (name, host) = self.0.rsplit_once('@').unwrap_or_default();
        format!("{}***@{host}", name.chars().take(1).collect::<String>())
    }
}

impl From<Zip> for PostalCode {
    fn from(zip: Zip) -> Self {
        Self(zip.0)
    }
}

impl PostalCode {
    /// The country whose form it has.
    #[must_use]
    pub fn country(&self) -> Country {
        if self.0.starts_with(|c: char| c.is_ascii_digit()) { Country::UnitedStates } else { Country::Canada }
    }
}

/// A country that addresses may be in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum Country {
    /// United States.
    #[serde(rename = "US")]
    UnitedStates,
    /// Canada.
    #[serde(rename = "CA")]
    Canada,
}

/// A postal address in the United States, or of a temporary member in Canada (CASE-06).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Address {
    /// Street and number.
    pub line1: Line,
    /// Suite, building.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line2: Option<Line>,
    /// City.
    pub city: Line,
    /// State or province.
    pub state: State,
    /// ZIP, or Canadian postal code.
    pub zip: PostalCode,
}

impl Address {
    /// The lines as they stand on an envelope.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.line1.to_string()];
        lines.extend(self.line2.as_ref().map(ToString::to_string));
        lines.push(format!("{}, {} {}", self.city, self.state, self.zip));
        if self.zip.country() == Country::Canada {
            lines.push("Canada".to_owned());
        }
        lines
    }
}

/// Contact information of a user (ACC-07). Letters are faxed to the submitter's `fax` (LTR-03).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// First name.
    pub first_name: Line,
    /// Last name.
    pub last_name: Line,
    /// Where they work.
    pub address: Address,
    /// Where links and notices go.
    pub email: Email,
    /// Telephone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Fax, required.
    pub fax: Phone,
}

impl Contact {
    /// First and last name.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// REQ: ACC-07
    #[test]
    fn addresses_are_checked() {
        assert_eq!("Jo@Example.ORG".parse::<Email>().unwrap().as_str(), "Jo@example.org");
        assert_eq!("jo@example.org".parse::<Email>().unwrap().masked(), "j***@example.org");
        let long = format!("{}@example.org", "a".repeat(65));
        for bad in [
            "jo",
            "jo@",
            "@example.org",
            "jo@example",
            "j o@example.org",
            "jo@example..org",
            "a..b@example.org",
            ".a@example.org",
            "a.@example.org",
            "a@-field.example",
            "a@field-.example",
            "a@192.168.1.1",
            "a@[192.168.1.1]",
            "Jo <jo@example.org>",
            "\"jo\"@example.org",
            "jo@exa_mple.org",
            &long,
        ] {
            assert!(bad.parse::<Email>().is_err(), "{bad}");
        }
        for good in ["o'neil+fax@st-mary.example.org", "a.b_c@x.co"] {
            assert!(good.parse::<Email>().is_ok(), "{good}");
        }
        for (typed, kept) in [
            ("72201", "72201"),
            ("72201-1234", "72201-1234"),
            ("722011234", "72201-1234"),
            ("72201\u{2013}1234", "72201-1234"),
            ("722010000", "72201"),
        ] {
            assert_eq!(typed.parse::<Zip>().unwrap().as_str(), kept);
        }
        for bad in [
            "7220",
            "72201-",
            "-72201",
            "722-011234",
            "00000",
            "00000-1234",
            "72201-12",
            "7220-11234",
            "72201-1234-",
            "٧٢٢٠١",
        ] {
            assert!(bad.parse::<Zip>().is_err() && bad.parse::<PostalCode>().is_err(), "{bad}");
        }
        assert_eq!("ar".parse::<State>().unwrap().as_str(), "AR");
        for good in ["PR", "GU", "AE", "DC", "ON"] {
            assert!(good.parse::<State>().is_ok(), "{good}");
        }
        for bad in ["ZZ", "PU", "XX", "A1", "Arkansas", ""] {
            assert!(bad.parse::<State>().is_err(), "{bad}");
        }
        let ontario: State = "ON".parse().unwrap();
        assert!(ontario.clone().of(Country::UnitedStates).is_err() && ontario.of(Country::Canada).is_ok());
        assert_eq!("k1a0b1".parse::<PostalCode>().unwrap().as_str(), "K1A 0B1");
        assert!("K1A 0B1".parse::<Zip>().is_err() && "KK1 0B1".parse::<PostalCode>().is_err());
        assert_eq!("Jos\u{fffd}".parse::<Line>(), Err(ContactError::Lost));
        assert!("two\nlines".parse::<Line>().is_err());
    }

    #[test]
    fn what_was_stored_before_a_rule_still_loads_and_somebody_elses_file_keeps_the_rules() {
        let stored = "Jos\u{fffd}\u{1F4C4} on\ntwo lines";
        let line: Line = serde_json::from_value(serde_json::json!(stored)).unwrap();
        assert_eq!(line.as_str(), stored);
        assert!(stored.parse::<Line>().is_err(), "nobody enters it anew");
        assert_eq!(
            serde_json::from_str::<State>("\"ar\"").unwrap().as_str(),
            "AR",
            "what keeps the rules is in its usual form"
        );
        assert_eq!(serde_json::from_str::<Zip>("\"7220\"").unwrap().as_str(), "7220");
        assert!(serde_json::from_str::<Line>("7").is_err());
        let support = |email: &str| {
            let support = serde_json::json!({ "phone": "800-555-0140", "email": email });
            serde_json::from_value::<crate::contracts::Support>(support)
        };
        assert!(support("help@example.org").is_ok() && support("help").is_err());
    }

    #[test]
    fn a_users_name_is_no_message() {
        let name = |text: &str| text.parse::<Line>().and_then(Line::name).is_ok();
        for good in ["Dana", "O'Brien", "J.R.", "St. John", "Anne-Marie", "Hale, III", "Nguyễn", "Dr. J. Quimby", "明"]
        {
            assert!(name(good), "{good}");
        }
        for bad in [
            "Call 900-555-0100",
            "visit https:",
            "evil.example",
            "see www.evil.example",
            "a@b",
            "1/2",
            "Dana2",
            "...",
            "Ⅷ",
        ] {
            assert!(!name(bad), "{bad}");
        }
    }
}

//! How to reach a person or a place.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    glyphs::{self, Unprintable},
    id::text_serde,
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
    /// State.
    #[error("A state is its two-letter code, as AR.")]
    State,
    /// ZIP.
    #[error("A ZIP code has 5 digits, or 9 as 72201-1234.")]
    Zip,
    /// Postal code of the United States or Canada.
    #[error("A postal code is a ZIP code, as 72201, or a Canadian one, as K1A 0B1.")]
    PostalCode,
    /// Any one-line text.
    #[error("This field takes 1 to 100 characters on one line.")]
    Line,
    /// A text that no letter can print.
    #[error(transparent)]
    Unprintable(#[from] Unprintable),
}

/// A North American telephone or fax number, kept as ten digits.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Phone(String);

impl Phone {
    /// With country code, as carriers take it: `+15015550123`.
    #[must_use]
    pub fn e164(&self) -> String {
        format!("+1{}", self.0)
    }

    /// `(***) ***-0123`: enough to recognize one's own.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("(***) ***-{}", self.0.get(6..).unwrap_or_default())
    }
}

impl FromStr for Phone {
    type Err = ContactError;
    fn from_str(text: &str) -> Result<Self, ContactError> {
        if text.len() > 30 || text.chars().any(|c| !(c.is_ascii_digit() || " +-().".contains(c))) {
            return Err(ContactError::Phone);
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let local = if digits.len() == 11 { digits.strip_prefix('1') } else { Some(digits.as_str()) };
        match local.filter(|d| d.len() == 10 && !d.starts_with(['0', '1'])) {
            Some(local) => Ok(Self(local.to_owned())),
            None => Err(ContactError::Phone),
        }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |range| self.0.get(range).unwrap_or_default();
        write!(f, "{}-{}-{}", part(0..3), part(3..6), part(6..10))
    }
}
text_serde!(Phone);

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
                make(glyphs::clean_line(text)?.trim()).map(Self).ok_or($error)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        text_serde!($name);
    )*};
}

checked_text! {
    /// An e-mail address; what comes before the `@` is left as typed.
    Email, ContactError::Email, |text| {
        let (name, host) = text.rsplit_once('@')?;
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !b"<>,;:\"()[]\\@".contains(&b));
        let dotted = host.split('.').count() > 1 && host.split('.').all(|label| !label.is_empty());
        (text.len() <= 254 && plain(name) && plain(host) && dotted)
            .then(|| format!("{name}@{}", host.to_ascii_lowercase()))
    };
    /// A two-letter state code.
    State, ContactError::State, |text| {
        (text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic())).then(|| text.to_ascii_uppercase())
    };
    /// A ZIP code of five or nine digits.
    Zip, ContactError::Zip, |text| {
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let form = matches!(digits.len(), 5 | 9) && digits.bytes().all(|b| b.is_ascii_digit());
        form.then(|| text.to_owned())
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
    fn phone_numbers_are_ten_digits_however_typed() {
        for typed in ["(501) 555-0123", "1-501-555-0123", "+15015550123", "501.555.0123"] {
            let phone: Phone = typed.parse().unwrap();
            assert_eq!(phone.to_string(), "501-555-0123");
            assert_eq!(phone.e164(), "+15015550123");
            assert_eq!(phone.masked(), "(***) ***-0123");
        }
        for bad in ["555-0123", "001-555-0123", "501555012x", ""] {
            assert!(bad.parse::<Phone>().is_err(), "{bad}");
        }
    }

    /// REQ: ACC-07
    #[test]
    fn addresses_are_checked() {
        assert_eq!("Jo@Example.ORG".parse::<Email>().unwrap().as_str(), "Jo@example.org");
        assert_eq!("jo@example.org".parse::<Email>().unwrap().masked(), "j***@example.org");
        for bad in ["jo", "jo@", "@example.org", "jo@example", "j o@example.org", "jo@example..org"] {
            assert!(bad.parse::<Email>().is_err(), "{bad}");
        }
        assert!(
            "72201".parse::<Zip>().is_ok() && "72201-1234".parse::<Zip>().is_ok() && "7220".parse::<Zip>().is_err()
        );
        assert_eq!("ar".parse::<State>().unwrap().as_str(), "AR");
        assert_eq!("k1a0b1".parse::<PostalCode>().unwrap().as_str(), "K1A 0B1");
        assert!("K1A 0B1".parse::<Zip>().is_err() && "KK1 0B1".parse::<PostalCode>().is_err());
        assert!("two\nlines".parse::<Line>().is_err());
    }
}

//! Releases and the dates on which they were in force.

use jiff::{ToSpan, civil::Date};

/// A published edition of a code system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Release {
    /// `FY2027` for ICD-10-CM; the year or month of the federal file for HCPCS (`2018`, `2026-04`).
    pub label: &'static str,
    /// First date of service it covers.
    pub first: Date,
    /// Last date of service it covers.
    pub last: Date,
}

impl Release {
    pub(crate) fn new(label: &'static str) -> Option<Self> {
        let (first, last) = validity(label)?;
        Some(Self { label, first, last })
    }

    /// Whether the release was in force on `date`.
    #[must_use]
    pub fn covers(&self, date: Date) -> bool {
        (self.first..=self.last).contains(&date)
    }
}

/// ICD-10-CM editions run with the federal fiscal year, October 1 to September 30; HCPCS files are quarterly.
pub(crate) fn validity(label: &str) -> Option<(Date, Date)> {
    let (first, months) = if let Some(year) = label.strip_prefix("FY") {
        (Date::new(year.parse::<i16>().ok()?.checked_sub(1)?, 10, 1), 12)
    } else if let Some((year, month)) = label.split_once('-') {
        (Date::new(year.parse().ok()?, month.parse().ok()?, 1), 3)
    } else {
        (Date::new(label.parse().ok()?, 1, 1), 12)
    };
    let first = first.ok()?;
    let last = first.checked_add(months.months()).ok()?.yesterday().ok()?;
    Some((first, last))
}

#[cfg(test)]
mod tests {
    use super::validity;
    use jiff::civil::date;

    /// REQ: CASE-12
    #[test]
    fn a_fiscal_year_starts_in_october_of_the_year_before() {
        assert_eq!(validity("FY2027"), Some((date(2026, 10, 1), date(2027, 9, 30))));
    }

    /// REQ: CASE-14
    #[test]
    fn a_month_is_the_quarter_it_opens_and_a_year_is_itself() {
        assert_eq!(validity("2026-04"), Some((date(2026, 4, 1), date(2026, 6, 30))));
        assert_eq!(validity("2018"), Some((date(2018, 1, 1), date(2018, 12, 31))));
    }

    /// REQ: CASE-12
    #[test]
    fn other_labels_are_no_release() {
        for label in ["", "FY", "FY20x6", "2026-13", "soon", "FY-32768"] {
            assert_eq!(validity(label), None, "{label}");
        }
    }
}

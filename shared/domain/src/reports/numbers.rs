//! Counts, shares and times, as all reports tell them: two decimals, and nothing where nothing was counted.

use jiff::SignedDuration;

/// Two decimals.
fn rounded(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

/// A count. What counts more than four thousand millions is not counted here.
#[must_use]
pub fn count(items: impl Iterator) -> Option<f64> {
    Some(f64::from(u32::try_from(items.count()).unwrap_or(u32::MAX)))
}

/// So many of a hundred; nothing of nothing.
#[must_use]
pub fn share(part: Option<f64>, whole: Option<f64>) -> Option<f64> {
    let (part, whole) = part.zip(whole)?;
    (whole > 0.0).then(|| rounded(part * 100.0 / whole))
}

/// Elapsed times, in hours.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// In the order of their lengths.
    #[must_use]
    pub fn of(times: impl Iterator<Item = SignedDuration>) -> Self {
        let mut hours: Vec<f64> = times.map(|time| time.as_secs_f64() / 3_600.0).collect();
        hours.sort_by(f64::total_cmp);
        Self(hours)
    }

    /// The same in days of 24 hours.
    #[must_use]
    pub fn in_days(self) -> Self {
        Self(self.0.into_iter().map(|hours| hours / 24.0).collect())
    }

    /// The mean.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let whole = count(self.0.iter())?;
        (whole > 0.0).then(|| rounded(self.0.iter().sum::<f64>() / whole))
    }

    /// The one in the middle; of an even number the mean of the two in the middle.
    #[must_use]
    pub fn median(&self) -> Option<f64> {
        let upper = self.0.len() / 2;
        let lower = if self.0.len().is_multiple_of(2) { upper.checked_sub(1)? } else { upper };
        Some(rounded(f64::midpoint(*self.0.get(lower)?, *self.0.get(upper)?)))
    }

    /// The least time within which nine of ten were done.
    #[must_use]
    pub fn ninetieth(&self) -> Option<f64> {
        let place = (self.0.len() * 9).div_ceil(10).checked_sub(1)?;
        self.0.get(place).copied().map(rounded)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(hours: &[i64]) -> Times {
        Times::of(hours.iter().map(|hours| SignedDuration::from_hours(*hours)))
    }

    #[test]
    fn mean_median_and_ninetieth_percentile() {
        let none = times(&[]);
        assert_eq!((none.mean(), none.median(), none.ninetieth()), (None, None, None));
        let one = times(&[7]);
        assert_eq!((one.mean(), one.median(), one.ninetieth()), (Some(7.0), Some(7.0), Some(7.0)));
        let even = times(&[4, 1, 3, 2]);
        assert_eq!((even.mean(), even.median(), even.ninetieth()), (Some(2.5), Some(2.5), Some(4.0)));
        let ten = times(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
        assert_eq!((ten.median(), ten.ninetieth()), (Some(5.5), Some(9.0)));
        assert_eq!(times(&[24, 25, 25]).mean(), Some(24.67));
        assert_eq!(times(&[36]).in_days().median(), Some(1.5));
    }

    #[test]
    fn a_share_of_nothing_is_nothing() {
        assert_eq!(share(Some(0.0), Some(0.0)), None);
        assert_eq!(share(Some(1.0), Some(3.0)), Some(33.33));
        assert_eq!(share(Some(0.0), Some(3.0)), Some(0.0));
    }
}

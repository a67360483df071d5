//! Layer `day`: a calendar day. Imports nothing.
//!
//! Exclusions and answers end on a day, in UTC; no clock is read here.

use std::fmt;

/// A day of the Gregorian calendar, ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: i32,
    month: u8,
    date: u8,
}

/// Days between 0000-03-01, where the count begins, and 1970-01-01.
const EPOCH: i64 = 719_468;

/// Days in 400 years.
const ERA: i64 = 146_097;

impl Day {
    /// Reads `YYYY-MM-DD`; `None` for anything else and for days that no calendar has.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
        let number = |range: std::ops::Range<usize>| -> Option<u16> {
            let digits = text.get(range)?;
            let all = digits.bytes().all(|b| b.is_ascii_digit());
            all.then(|| digits.parse().ok())?
        };
        if !shape {
            return None;
        }
        let day = Self {
            year: i32::from(number(0..4)?),
            month: u8::try_from(number(5..7)?).ok()?,
            date: u8::try_from(number(8..10)?).ok()?,
        };
        let exists =
            (1..=12).contains(&day.month) && (1..=days_in(day.year, day.month)).contains(&day.date);
        exists.then_some(day)
    }

    /// The day, in UTC, of a number of seconds since 1970-01-01.
    pub fn from_unix(seconds: i64) -> Self {
        Self::from_number(seconds.div_euclid(86_400))
    }

    /// So many days later; earlier if negative.
    #[must_use]
    pub fn plus(self, days: i64) -> Self {
        Self::from_number(self.number().saturating_add(days))
    }

    /// How many days it is from `self` to `later`; negative if that is earlier.
    pub fn until(self, later: Self) -> i64 {
        later.number() - self.number()
    }

    /// Days since 1970-01-01. Years begin in March here, so that a leap day is the last one.
    fn number(self) -> i64 {
        let month = i64::from(self.month);
        let year = i64::from(self.year) - i64::from(month <= 2);
        let era = year.div_euclid(400);
        let year_of_era = year.rem_euclid(400);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(self.date) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        era * ERA + day_of_era - EPOCH
    }

    fn from_number(number: i64) -> Self {
        // Beyond four-digit years nothing can be written, so nothing is lost.
        let shifted = number.clamp(-EPOCH, 2_932_896) + EPOCH;
        let era = shifted.div_euclid(ERA);
        let day_of_era = shifted.rem_euclid(ERA);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let date = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = (shifted_month + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Self {
            year: i32::try_from(year).unwrap_or(9999),
            month: u8::try_from(month).unwrap_or(12),
            date: u8::try_from(date).unwrap_or(31),
        }
    }
}

fn days_in(year: i32, month: u8) -> u8 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_a_calendar_has_are_read() {
        for text in [
            "2026-11-22",
            "2024-02-29",
            "2000-02-29",
            "0001-01-01",
            "9999-12-31",
        ] {
            assert_eq!(Day::parse(text).unwrap().to_string(), text);
        }
        let wrong = [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "2026-1-01",
            "26-01-01",
            "2026-01-0x",
            "2026-01-01 ",
            "+026-01-01",
            "",
            "2026/01/01",
            "2026-01-00",
            "２０26-1",
            "2026-é-1",
        ];
        for text in wrong {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn seconds_fall_on_their_day_in_utc() {
        let cases = [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (86_399, "1970-01-01"),
            (951_782_400, "2000-02-29"),
            (1_795_305_600, "2026-11-22"),
        ];
        for (seconds, day) in cases {
            assert_eq!(Day::from_unix(seconds).to_string(), day);
        }
    }

    #[test]
    fn counting_on_walks_every_day_of_four_centuries() {
        let mut day = Day::parse("1801-01-01").unwrap();
        let first = day;
        for count in 0..ERA {
            assert_eq!(first.until(day), count);
            assert_eq!(Day::parse(&day.to_string()), Some(day));
            let next = day.plus(1);
            assert!(next > day);
            day = next;
        }
        assert_eq!(day.to_string(), "2201-01-01");
    }
}

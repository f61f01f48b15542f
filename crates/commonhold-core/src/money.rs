//! Money: whole minor units of one ISO 4217 currency. No float comes near it.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An ISO 4217 currency code, three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Currencies whose minor unit is not a hundredth (ISO 4217 list one).
const EXPONENTS: &[(&str, u8)] = &[
    ("BIF", 0),
    ("CLP", 0),
    ("DJF", 0),
    ("GNF", 0),
    ("ISK", 0),
    ("JPY", 0),
    ("KMF", 0),
    ("KRW", 0),
    ("PYG", 0),
    ("RWF", 0),
    ("UGX", 0),
    ("UYI", 0),
    ("VND", 0),
    ("VUV", 0),
    ("XAF", 0),
    ("XOF", 0),
    ("XPF", 0),
    ("BHD", 3),
    ("IQD", 3),
    ("JOD", 3),
    ("KWD", 3),
    ("LYD", 3),
    ("OMR", 3),
    ("TND", 3),
    ("CLF", 4),
    ("UYW", 4),
];

impl Currency {
    /// The euro.
    pub const EUR: Self = Self(*b"EUR");

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// How many decimals the currency has (ISO 4217): JPY 0, EUR 2, KWD 3.
    pub fn decimals(&self) -> u8 {
        EXPONENTS.iter().find(|(code, _)| *code == self.code()).map_or(2, |(_, decimals)| *decimals)
    }

    /// 10 to the power of [`Currency::decimals`].
    fn scale(&self) -> i64 {
        10_i64.saturating_pow(u32::from(self.decimals()))
    }
}

impl FromStr for Currency {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|l| l.is_ascii_uppercase()) => Ok(Self([*a, *b, *c])),
            _ => Err(format!("“{text}” is not a currency; write its three letters, such as EUR.")),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in one currency. In records and JSON it is one text: `"-412.35 EUR"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// Whole minor units (cents).
    pub minor: i64,
    /// The currency they are in.
    pub currency: Currency,
}

impl Money {
    /// An amount of minor units.
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads a plain decimal number (`-1234.5`) as an amount of this currency. More decimals than
    /// the currency has are an error, never rounded.
    pub fn from_decimal(number: &str, currency: Currency) -> Result<Self, String> {
        let wrong = || format!("“{number}” is not an amount; write it like -412.35.");
        let (negative, digits) = match number.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, number.strip_prefix('+').unwrap_or(number)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        let ends_in_dot = digits.ends_with('.');
        if whole.is_empty() || ends_in_dot || !all_digits(whole) || !all_digits(fraction) {
            return Err(wrong());
        }
        let decimals = usize::from(currency.decimals());
        if fraction.len() > decimals {
            return Err(format!(
                "“{number} {currency}” has more decimals than {currency} knows ({decimals})."
            ));
        }
        let too_large = || format!("“{number} {currency}” is too large to be an amount.");
        let whole: i64 = whole.parse().map_err(|_| too_large())?;
        let mut cents = fraction.to_owned();
        while cents.len() < decimals {
            cents.push('0');
        }
        let cents: i64 =
            if cents.is_empty() { 0 } else { cents.parse().map_err(|_| too_large())? };
        let minor = whole
            .checked_mul(currency.scale())
            .and_then(|m| m.checked_add(cents))
            .ok_or_else(too_large)?;
        Ok(Self { minor: if negative { minor.saturating_neg() } else { minor }, currency })
    }

    /// The number without the currency: `-412.35`.
    pub fn decimal(&self) -> String {
        let decimals = usize::from(self.currency.decimals());
        let digits =
            format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals.saturating_add(1));
        let (whole, cents) = digits.split_at(digits.len().saturating_sub(decimals));
        let sign = if self.minor < 0 { "-" } else { "" };
        if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{cents}") }
    }

    /// The sum, or nothing when the currencies differ or the number would not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.currency != other.currency {
            return None;
        }
        Some(Self { minor: self.minor.checked_add(other.minor)?, ..self })
    }

    /// The same amount with the other sign.
    pub fn negated(self) -> Self {
        Self { minor: self.minor.saturating_neg(), ..self }
    }

    /// Splits into `parts` amounts that add up exactly; the first ones carry the remainder
    /// (largest remainder): 100.00 in 3 is 33.34, 33.33, 33.33.
    pub fn split(self, parts: u16) -> Vec<Self> {
        let count = u32::from(parts.max(1));
        (0..count).map(|index| self.part(count, index)).collect()
    }

    /// The part at `index` (from 0) of such a split, without making the others; nothing is left of
    /// it beyond the last part.
    pub fn part(self, parts: u32, index: u32) -> Self {
        let count = i64::from(parts.max(1));
        let share = self.minor.div_euclid(count);
        let carries = i64::from(index) < self.minor.rem_euclid(count);
        let minor = if index < parts.max(1) { share.saturating_add(i64::from(carries)) } else { 0 };
        Self { minor, ..self }
    }

    /// So many percent of the amount, to the nearest minor unit; halves go up, so that this part and
    /// the rest are a split by largest remainder. Nothing when the number would not fit.
    pub fn percent(self, percent: u32) -> Option<Self> {
        let product = i128::from(self.minor).checked_mul(i128::from(percent))?;
        let whole = product.div_euclid(100);
        let carries = product.rem_euclid(100) >= 50;
        let minor = i64::try_from(whole.checked_add(i128::from(carries))?).ok()?;
        Some(Self { minor, ..self })
    }

    /// Converts at a rate, rounding half to even on the target's minor unit.
    pub fn convert(self, rate: &Rate, to: Currency) -> Option<Self> {
        let numerator = i128::from(self.minor)
            .checked_mul(i128::from(rate.units))?
            .checked_mul(i128::from(to.scale()))?;
        let denominator =
            10_i128.checked_pow(rate.decimals)?.checked_mul(i128::from(self.currency.scale()))?;
        let minor = i64::try_from(divide_half_even(numerator, denominator)?).ok()?;
        Some(Self { minor, currency: to })
    }
}

/// `numerator / denominator`, rounded half to even; nothing when the denominator is not positive.
pub fn divide_half_even(numerator: i128, denominator: i128) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    let quotient = numerator.checked_div_euclid(denominator)?;
    let rest = numerator.checked_rem_euclid(denominator)?;
    let twice = rest.checked_mul(2)?;
    let odd = quotient.rem_euclid(2) == 1;
    let up = twice > denominator || (twice == denominator && odd);
    quotient.checked_add(i128::from(up))
}

/// `numerator / denominator` as decimal text with `decimals` digits, half to even; nothing when
/// the denominator is not positive. For ratios, percentages and months.
pub fn ratio(numerator: i64, denominator: i64, decimals: u32) -> Option<String> {
    let scaled = i128::from(numerator).checked_mul(10_i128.checked_pow(decimals)?)?;
    let value = divide_half_even(scaled, i128::from(denominator))?;
    let width = usize::try_from(decimals).ok()?.checked_add(1)?;
    let digits = format!("{:0>width$}", value.unsigned_abs());
    let (whole, fraction) = digits.split_at(digits.len().checked_sub(width.checked_sub(1)?)?);
    let sign = if value < 0 { "-" } else { "" };
    Some(if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

/// An exchange rate: a positive decimal number kept exactly, such as `0.9183`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    units: i64,
    decimals: u32,
}

impl FromStr for Rate {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is not a rate; write a positive number such as 0.9183.");
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = format!("{whole}{fraction}");
        if whole.is_empty() || digits.len() > 18 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let units: i64 = digits.parse().map_err(|_| wrong())?;
        if units == 0 {
            return Err(wrong());
        }
        Ok(Self { units, decimals: u32::try_from(fraction.len()).map_err(|_| wrong())? })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.decimal(), self.currency)
    }
}

impl FromStr for Money {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (number, currency) = text
            .split_once(' ')
            .ok_or_else(|| format!("“{text}” is not an amount; write it like 412.35 EUR."))?;
        Self::from_decimal(number, currency.parse()?)
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                crate::json::parsed(d)
            }
        }
    };
}
as_text!(Currency);
as_text!(Money);

#[cfg(test)]
mod tests;

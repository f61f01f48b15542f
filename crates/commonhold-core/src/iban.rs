//! Numbers of bank accounts (IBAN, ISO 13616) and of banks (BIC, ISO 9362).
//!
//! No sentence about a wrong number and no `Debug` output holds the whole number: they land in
//! logs and on screens that are shown to others.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How many characters an IBAN has, by country: facts of SWIFT's IBAN registry (89 countries).
const LENGTHS: &[(usize, &str)] = &[
    (15, "NO"),
    (16, "BE"),
    (18, "DK FI FK FO GL NL SD"),
    (19, "MK SI"),
    (20, "AT BA EE KZ LT LU MN XK"),
    (21, "CH HR LI LV"),
    (22, "BG BH CR DE GB GE IE ME RS VA"),
    (23, "AE GI IL IQ OM SO TL"),
    (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
    (25, "LY PT ST"),
    (26, "IS TR"),
    (27, "BI DJ FR GR IT MC MR SM"),
    (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"),
    (29, "BR EG PS QA UA"),
    (30, "JO KW MU YE"),
    (31, "MT SC"),
    (32, "LC"),
    (33, "RU"),
];

/// Most characters that are looked at, spaces included; the longest number has 34.
const MAX_TYPED: usize = 100;

/// How long an IBAN of this country is; nothing for a country without IBANs.
fn length_in(country: &str) -> Option<usize> {
    let has = |(_, countries): &&(usize, &str)| countries.split(' ').any(|one| one == country);
    LENGTHS.iter().find(has).map(|(length, _)| *length)
}

/// What was typed, without spaces (also those that do not break) and in capitals; only letters
/// and digits of ASCII.
fn letters_and_digits(text: &str, what: &str) -> Result<String, String> {
    if text.len() > MAX_TYPED {
        return Err(format!("This is too long to be {what}."));
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars().filter(|c| !c.is_whitespace()) {
        if !character.is_ascii_alphanumeric() {
            let shown = character.escape_debug();
            return Err(format!(
                "“{shown}” does not belong in {what}: only letters and digits do."
            ));
        }
        out.push(character.to_ascii_uppercase());
    }
    Ok(out)
}

/// The rest of dividing by 97 (ISO 7064) the number an IBAN stands for: its first four characters
/// at the end, and letters as 10 to 35.
fn rest_by_97(compact: &str) -> u32 {
    let (front, back) = compact.split_at_checked(4).unwrap_or((compact, ""));
    let values = back.chars().chain(front.chars()).filter_map(|c| c.to_digit(36));
    values.fold(0, |rest: u32, value| {
        let shift = if value < 10 { 10 } else { 100 };
        rest.saturating_mul(shift).saturating_add(value).rem_euclid(97)
    })
}

/// The number of a bank account (ISO 13616). Its country is known, its length is the country's and
/// its check digits fit; whether the account exists only its bank knows.
///
/// The check finds every wrong digit and every two neighbours that changed places, but for three
/// pairs that stand for the same number either way round: 1 and B, 2 and M, 3 and X.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, type = "string"))]
pub struct Iban(String);

impl Iban {
    /// Capitals and digits without spaces, at most 34: the form records and payment files hold.
    pub fn compact(&self) -> &str {
        &self.0
    }

    /// The country's two letters (ISO 3166; Kosovo is XK).
    pub fn country(&self) -> &str {
        self.0.get(..2).unwrap_or_default()
    }

    /// Enough to tell one's own accounts apart, and no more: `DE89 … 3000`.
    pub fn masked(&self) -> String {
        let first = self.0.get(..4).unwrap_or_default();
        let last = self.0.get(self.0.len().saturating_sub(4)..).unwrap_or_default();
        format!("{first} … {last}")
    }
}

impl FromStr for Iban {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let compact = letters_and_digits(text, "an IBAN")?;
        let (Some(country), Some(check)) = (compact.get(..2), compact.get(2..4)) else {
            return Err("This is too short to be an IBAN, which begins like DE89.".into());
        };
        if country.bytes().any(|letter| letter.is_ascii_digit()) {
            return Err("An IBAN begins with the two letters of its country, such as DE.".into());
        }
        let Some(length) = length_in(country) else {
            return Err(format!("No country with IBANs has the letters {country}."));
        };
        if compact.len() != length {
            let has = compact.len();
            return Err(format!(
                "An IBAN of {country} has {length} characters, this one {has}; look for one that \
                 is missing or too many."
            ));
        }
        let number = check.parse::<u8>().ok().filter(|number| (2..=98).contains(number));
        if number.is_none() || rest_by_97(&compact) != 1 {
            return Err(format!(
                "The check digits of this IBAN ({country}{check} …) do not fit the rest: something \
                 in it was mistyped."
            ));
        }
        Ok(Self(compact))
    }
}

impl fmt::Display for Iban {
    /// In groups of four, as on paper.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, character) in self.0.chars().enumerate() {
            if place > 0 && place.is_multiple_of(4) {
                f.write_str(" ")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Iban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// The number of a bank (business identifier code, ISO 9362): 8 characters, or 11 with a branch.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, type = "string"))]
pub struct Bic(String);

impl Bic {
    /// The code in capitals, as it was given: 8 or 11 characters.
    pub fn code(&self) -> &str {
        &self.0
    }

    /// The two letters of the country (ISO 3166).
    pub fn country(&self) -> &str {
        self.0.get(4..6).unwrap_or_default()
    }
}

impl FromStr for Bic {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let code = letters_and_digits(text, "a BIC")?;
        if code.len() != 8 && code.len() != 11 {
            let has = code.len();
            return Err(format!("A BIC has 8 or 11 characters, this one has {has}."));
        }
        let country = code.get(4..6).unwrap_or_default();
        if country.bytes().any(|letter| letter.is_ascii_digit()) {
            return Err(format!(
                "A BIC has the two letters of a country in its fifth and sixth place, this one has \
                 {country}."
            ));
        }
        // By its form it would be one; it is the word payment files have for “none given”.
        if code == "NOTPROVIDED" {
            return Err("“NOTPROVIDED” is not a bank's BIC; leave it empty instead.".into());
        }
        Ok(Self(code))
    }
}

impl fmt::Display for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Bic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! as_text {
    ($name:ident) => {
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                crate::json::parsed(d)
            }
        }
    };
}
as_text!(Iban);
as_text!(Bic);

#[cfg(test)]
mod tests;

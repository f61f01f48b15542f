//! How a CSV file is to be read: what a person confirms once and the profile remembers.

use serde::{Deserialize, Serialize};

/// The character between fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Separator {
    /// `,`
    #[default]
    #[serde(rename = ",")]
    Comma,
    /// `;`
    #[serde(rename = ";")]
    Semicolon,
    /// A tabulator.
    #[serde(rename = "\t")]
    Tab,
    /// `|`
    #[serde(rename = "|")]
    Bar,
}

impl Separator {
    /// All of them, the most frequent in bank files first.
    pub(in crate::import) const ALL: [Self; 4] =
        [Self::Semicolon, Self::Comma, Self::Tab, Self::Bar];

    /// The character.
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Bar => b'|',
        }
    }
}

/// How letters are written as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Encoding {
    /// UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252, western Europe.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// ISO-8859-1, read as Windows-1252.
    #[serde(rename = "iso-8859-1")]
    Iso88591,
    /// UTF-16, little-endian.
    #[serde(rename = "utf-16le")]
    Utf16Le,
}

/// The mark before the cents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum DecimalMark {
    /// `.`
    #[default]
    #[serde(rename = ".")]
    Dot,
    /// `,`
    #[serde(rename = ",")]
    Comma,
}

impl DecimalMark {
    /// The character.
    pub fn character(self) -> char {
        match self {
            Self::Dot => '.',
            Self::Comma => ',',
        }
    }
}

/// How days are written. A time of day may follow and is left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum DateFormat {
    /// `2026-07-31`
    #[default]
    #[serde(rename = "YYYY-MM-DD")]
    Iso,
    /// `31.07.2026`
    #[serde(rename = "DD.MM.YYYY")]
    Dots,
    /// `31/07/2026`
    #[serde(rename = "DD/MM/YYYY")]
    DayFirst,
    /// `07/31/2026`
    #[serde(rename = "MM/DD/YYYY")]
    MonthFirst,
    /// `20260731`
    #[serde(rename = "YYYYMMDD")]
    Compact,
}

impl DateFormat {
    /// All of them; of two that fit equally the earlier is taken.
    pub(in crate::import) const ALL: [Self; 5] =
        [Self::Iso, Self::Dots, Self::DayFirst, Self::MonthFirst, Self::Compact];

    /// The form in words a person knows: `DD.MM.YYYY`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Iso => "YYYY-MM-DD",
            Self::Dots => "DD.MM.YYYY",
            Self::DayFirst => "DD/MM/YYYY",
            Self::MonthFirst => "MM/DD/YYYY",
            Self::Compact => "YYYYMMDD",
        }
    }
}

/// How a CSV file is to be read. Columns are named as in the file's header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(default)]
pub struct CsvMapping {
    /// The character between fields.
    #[cfg_attr(test, ts(inline))]
    pub separator: Separator,
    /// How letters are written as bytes.
    #[cfg_attr(test, ts(inline))]
    pub encoding: Encoding,
    /// The mark before the cents.
    #[cfg_attr(test, ts(inline))]
    pub decimal: DecimalMark,
    /// How days are written.
    #[cfg_attr(test, ts(inline))]
    pub date_format: DateFormat,
    /// Physical lines before the header.
    pub skip_lines: u32,
    /// The column with the day.
    pub date: String,
    /// The column with the signed amount; else `debit` and `credit` are used.
    pub amount: Option<String>,
    /// The column with money going out, with or without a minus.
    pub debit: Option<String>,
    /// The column with money coming in.
    pub credit: Option<String>,
    /// The column with the currency, as three letters or a sign.
    pub currency: Option<String>,
    /// The currency (ISO 4217) of rows that name none.
    pub fixed_currency: Option<String>,
    /// The column with the other party.
    pub payee: Option<String>,
    /// The column with the purpose.
    pub narration: Option<String>,
    /// The column with the source's own id of the row.
    pub reference: Option<String>,
}

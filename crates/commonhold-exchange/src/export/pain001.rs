//! Orders for a bank: SEPA credit transfers as `pain.001.001.09` or `.03` of ISO 20022, within
//! the rules of the European Payments Council for customers' files (EPC132-08).
//!
//! The schema of such a file lets much through that a bank refuses or, worse, carries out: wrong
//! check digits, sums that do not add up, letters outside the SEPA set. So [`write`] checks all of
//! it before it writes a byte, and says every text it had to change. Writing a file sends nothing:
//! a person takes it to the bank, and only a statement shows that money moved.

mod check;
mod latin;
#[cfg(test)]
mod tests;
mod xml;

use commonhold_core::iban::{Bic, Iban};
use commonhold_core::id::hex;
use commonhold_core::{Currency, Date, Money, Problem, Time};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use latin::sepa_text;

/// Most payments in one file; banks take fewer than the schema allows.
pub const MAX_PAYMENTS: usize = 10_000;
/// Largest single amount, in cents: 999,999,999.99 EUR (EPC132-08).
pub const MAX_MINOR: i64 = 99_999_999_999;
/// Most characters of a payer's or payee's name (EPC132-08; the schema allows 140).
pub const MAX_NAME: usize = 70;
/// Most characters of what a payment is for.
pub const MAX_REMITTANCE: usize = 140;
/// Most characters of the ids in a file.
pub const MAX_ID: usize = 35;
/// Most characters of a town.
pub const MAX_TOWN: usize = 35;

/// The version of the message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "PaymentFileVersion"))]
pub enum Version {
    /// `pain.001.001.09`, what the SEPA rules name since November 2023.
    #[default]
    #[serde(rename = "pain.001.001.09")]
    V09,
    /// `pain.001.001.03`, for banks that still ask for it.
    #[serde(rename = "pain.001.001.03")]
    V03,
}

impl Version {
    /// The message's name, the last part of its namespace: `pain.001.001.09`.
    pub fn name(self) -> &'static str {
        match self {
            Self::V09 => "pain.001.001.09",
            Self::V03 => "pain.001.001.03",
        }
    }
}

/// What a bank is asked to do: payments from one account on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The version to write.
    pub version: Version,
    /// The file's own id, at most 35 characters of the SEPA set; no two files may share one.
    pub message_id: String,
    /// When it was made, as given by the caller.
    pub created: Time,
    /// The day the bank is to carry it out.
    pub execute_on: Date,
    /// The name of who pays.
    pub debtor_name: String,
    /// The account that is paid from.
    pub debtor_iban: Iban,
    /// Its bank; most banks need none.
    pub debtor_bic: Option<Bic>,
    /// Whether the statement is to show one line for all payments (`true`) or one for each. It is
    /// a wish; banks may have agreed on something else. One for each lets a statement be matched.
    pub batch_booking: bool,
    /// The payments, in this order.
    pub payments: Vec<Payment>,
}

/// One payment of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// The id that travels to the payee and back into the statement, at most 35 characters of the
    /// SEPA set. It is never changed here.
    pub end_to_end_id: String,
    /// Euros, from 0.01 to 999,999,999.99.
    pub amount: Money,
    /// The name of who is paid.
    pub creditor_name: String,
    /// The account that is paid to.
    pub creditor_iban: Iban,
    /// Its bank; within SEPA none is needed.
    pub creditor_bic: Option<Bic>,
    /// The payee's town; written only with the country, and only in version 09.
    pub creditor_town: Option<String>,
    /// The payee's country, two capital letters (ISO 3166).
    pub creditor_country: Option<String>,
    /// What it is for; may be empty.
    pub remittance: String,
}

/// A text that is not in the file as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, rename = "PaymentTextChanged"))]
pub struct Changed {
    /// Which one, named as in the problems: `debtor_name`, or `payments/2/creditor_name` for the
    /// second payment.
    pub what: String,
    /// As it was given.
    pub from: String,
    /// As it stands in the file; empty when it was left out.
    pub to: String,
}

/// A payment file, ready to be saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// SHA-256 of the file, hexadecimal.
    pub sha256: String,
    /// How many payments it holds.
    pub count: u32,
    /// What they add up to: the control sum the bank shows.
    pub control_sum: Money,
    /// Texts the SEPA set or its lengths changed, to be shown before the file is saved.
    pub changed: Vec<Changed>,
}

/// Writes an order, or says everything that is wrong with it and writes nothing. The fields of the
/// problems are named like those of [`Order`]; payments are counted from 1.
pub fn write(order: &Order) -> Result<Written, Vec<Problem>> {
    let ready = check::check(order)?;
    let failed = |error: std::io::Error| vec![Problem::new("", format!("{error}."))];
    let bytes = xml::write(order, &ready).map_err(failed)?;
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    Ok(Written {
        sha256: hex(&digest),
        bytes,
        count: ready.count,
        control_sum: Money::new(ready.sum, Currency::EUR),
        changed: ready.changed,
    })
}

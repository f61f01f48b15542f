//! Who pays for the service: income by kind of source over twelve months
//! (`finance.self-funded.sources`).

use super::concentration::Giving;
use super::ledger::Ledger;
use crate::date::Date;
use crate::id::BookId;
use crate::money::Currency;
use crate::records::finance::donor::TYPES;
use crate::store::{Error, Reader};
use serde::Serialize;
use std::collections::BTreeMap;

/// What came from one kind of source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SourceShare {
    /// Who gives: individual, public-entity and so on; `unknown` where no donor is named.
    #[serde(rename = "type")]
    pub donor_type: String,
    /// How many donors.
    pub donors: u32,
    /// What they gave.
    pub amount: String,
    /// Its share of all income, with the unit.
    pub share: String,
}

/// Income by kind of source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct SelfFunded {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// First day of the twelve months.
    #[cfg_attr(test, ts(type = "string"))]
    pub from: Date,
    /// All income of them.
    pub income: String,
    /// By kind of source, in a fixed order.
    pub sources: Vec<SourceShare>,
    /// Whether nothing came from a for-profit owner or investor; nothing while income of unknown
    /// source leaves that open.
    pub met: Option<bool>,
    /// The same as a sentence, with the amounts.
    pub sentence: String,
    /// How it is computed.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// The type of income that names no donor, or one not known here.
const UNKNOWN: &str = "unknown";
/// The type nothing may come from (`finance.self-funded.sources`).
const FORBIDDEN: &str = "for-profit-owner";

/// Computes the income of the twelve months up to the ledger's day, by kind of source.
pub fn self_funded(reader: &Reader, book: &BookId, ledger: &Ledger) -> Result<SelfFunded, Error> {
    let mut giving = Giving::read(reader, book, ledger)?;
    let mut missing = std::mem::take(&mut giving.missing);
    let mut sums: BTreeMap<&str, (u32, i64)> = BTreeMap::new();
    sums.insert(UNKNOWN, (0, giving.unnamed));
    for (donor, sum) in &giving.donors {
        let of_donor = giving.names.get(donor).map_or(UNKNOWN, |donor| donor.donor_type.as_str());
        let known = TYPES.iter().find(|name| **name == of_donor).map_or(UNKNOWN, |name| *name);
        let entry = sums.entry(known).or_default();
        *entry = (entry.0.saturating_add(1), entry.1.saturating_add(*sum));
    }
    let sources: Vec<SourceShare> = TYPES
        .iter()
        .chain(&[UNKNOWN])
        .filter_map(|name| {
            let (donors, sum) = sums.get(name).copied()?;
            (donors > 0 || sum != 0).then(|| SourceShare {
                donor_type: (*name).to_owned(),
                donors,
                amount: ledger.money(sum).to_string(),
                share: giving.share(sum),
            })
        })
        .collect();
    let of = |name: &str| sums.get(name).map_or(0, |(_, sum)| *sum);
    let (owners, unknown) = (of(FORBIDDEN), of(UNKNOWN));
    let income = ledger.money(giving.income);
    let since = format!("from {} to {}", giving.from, ledger.at);
    let (met, sentence) = if owners > 0 {
        let owners = ledger.money(owners);
        (Some(false), format!("{owners} of {income} came from for-profit owners {since}."))
    } else if giving.income <= 0 {
        (None, format!("No income is known {since}."))
    } else if unknown > 0 {
        let unknown = ledger.money(unknown);
        (None, format!("{unknown} of {income} names no donor {since}; who gave it is not known."))
    } else {
        (Some(true), format!("Nothing of {income} came from for-profit owners {since}."))
    };
    if met.is_none() && unknown > 0 {
        missing.push("Name donors, by a pseudonym where they want one, to prove this.".to_owned());
    }
    Ok(SelfFunded {
        at: ledger.at,
        currency: ledger.currency,
        from: giving.from,
        income: income.to_string(),
        sources,
        met,
        sentence,
        formula: format!(
            "income from for-profit owners {} ÷ all income {income} {since}",
            ledger.money(owners)
        ),
        missing,
    })
}

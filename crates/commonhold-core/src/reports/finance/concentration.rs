//! How much of the income hangs on few donors, over twelve months.

use super::efficiency::Ratio;
use super::ledger::{Ledger, all};
use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::money::{Currency, ratio};
use crate::records::Kind;
use crate::records::finance::donor::Donor;
use crate::store::{Error, Reader};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What one donor gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct DonorShare {
    /// The donor.
    #[cfg_attr(test, ts(type = "string"))]
    pub donor: RecordId,
    /// The name or pseudonym; the id when the donor has not arrived yet.
    pub name: String,
    /// Who gives: individual, public-entity and so on; empty when not known.
    #[serde(rename = "type")]
    pub donor_type: String,
    /// What they gave.
    pub amount: String,
    /// Its share of all income, with the unit.
    pub share: String,
}

/// The concentration of income.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Concentration {
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
    /// What of it names no donor.
    pub unnamed: String,
    /// How many donors gave.
    pub count: u32,
    /// The ten who gave most.
    pub donors: Vec<DonorShare>,
    /// The shares: `largest`, `top-three`, `top-ten`.
    pub rows: Vec<Ratio>,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// Most donors that are listed.
const LISTED: usize = 10;

/// Income of twelve months by who gave it, in minor units of the reporting currency.
pub(super) struct Giving {
    pub(super) from: Date,
    /// Donors, those who gave most first.
    pub(super) donors: Vec<(RecordId, i64)>,
    /// What names no donor.
    pub(super) unnamed: i64,
    pub(super) income: i64,
    pub(super) names: BTreeMap<RecordId, Donor>,
    pub(super) missing: Vec<String>,
}

impl Giving {
    pub(super) fn read(reader: &Reader, book: &BookId, ledger: &Ledger) -> Result<Self, Error> {
        let from = ledger.at.year_before();
        let lines = reader.by_donor(book, &ledger.accounts_of("income"), from, ledger.at)?;
        let mut sums: BTreeMap<Option<RecordId>, i64> = BTreeMap::new();
        let mut unpriced = BTreeSet::new();
        let mut income = 0_i64;
        for line in lines {
            let day = line.month.last_day().min(ledger.at);
            let Some(amount) = ledger.convert(line.amount.negated(), day) else {
                unpriced.insert(line.amount.currency);
                continue;
            };
            let sum = sums.entry(line.donor).or_default();
            *sum = sum.saturating_add(amount.minor);
            income = income.saturating_add(amount.minor);
        }
        let unnamed = sums.remove(&None).unwrap_or(0);
        let mut donors: Vec<(RecordId, i64)> =
            sums.into_iter().filter_map(|(donor, sum)| Some((donor?, sum))).collect();
        donors.sort_by_key(|(donor, sum)| (Reverse(*sum), *donor));
        let names = all(reader, book, Kind::Donor)?;
        let missing = ledger.unpriced(&unpriced);
        Ok(Self { from, donors, unnamed, income, names, missing })
    }

    pub(super) fn name(&self, donor: &RecordId) -> String {
        self.names.get(donor).map_or_else(|| donor.to_string(), |found| found.name.clone())
    }

    pub(super) fn share(&self, part: i64) -> String {
        let share = part.checked_mul(100).and_then(|part| ratio(part, self.income, 1));
        let share = share.filter(|_| self.income > 0);
        share.map_or_else(String::new, |share| format!("{share} %"))
    }
}

/// Computes the concentration of the twelve months up to the ledger's day.
pub fn concentration(
    reader: &Reader,
    book: &BookId,
    ledger: &Ledger,
) -> Result<Concentration, Error> {
    let mut giving = Giving::read(reader, book, ledger)?;
    let mut missing = std::mem::take(&mut giving.missing);
    if giving.unnamed != 0 {
        missing.push(format!(
            "{} of {} income names no donor, so the true shares may be larger.",
            ledger.money(giving.unnamed),
            ledger.money(giving.income)
        ));
    }
    if giving.income <= 0 {
        missing.push("No income is known in these twelve months.".to_owned());
    }
    let row = |id: &str, label: &str, formula: &str, count: usize| {
        let given = giving.donors.iter().take(count).map(|(_, sum)| *sum);
        let part = given.fold(0_i64, i64::saturating_add);
        Ratio {
            id: id.to_owned(),
            label: label.to_owned(),
            value: giving.share(part),
            formula: formula.to_owned(),
            amounts: format!("{} ÷ {}", ledger.money(part), ledger.money(giving.income)),
        }
    };
    let donors = giving.donors.iter().take(LISTED).map(|(donor, sum)| DonorShare {
        donor: *donor,
        name: giving.name(donor),
        donor_type: giving.names.get(donor).map_or_else(String::new, |d| d.donor_type.clone()),
        amount: ledger.money(*sum).to_string(),
        share: giving.share(*sum),
    });
    Ok(Concentration {
        at: ledger.at,
        currency: ledger.currency,
        from: giving.from,
        income: ledger.money(giving.income).to_string(),
        unnamed: ledger.money(giving.unnamed).to_string(),
        count: u32::try_from(giving.donors.len()).unwrap_or(u32::MAX),
        donors: donors.collect(),
        rows: vec![
            row("largest", "Largest donor", "largest donor ÷ all income", 1),
            row("top-three", "Three largest donors", "three largest donors ÷ all income", 3),
            row("top-ten", "Ten largest donors", "ten largest donors ÷ all income", 10),
        ],
        missing,
    })
}

//! What the pages and ledgers need to know of the whole book: names, sums and days. Sums are
//! checked; one that does not fit is shown as unknown, never wrong.

use super::Record;
use commonhold_core::date::Date;
use commonhold_core::id::RecordId;
use commonhold_core::money::Currency;
use commonhold_core::records::Kind;
use commonhold_core::records::finance::transaction::Transaction;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A sum of minor units; nothing when it would not fit.
pub(super) type Sum = Option<i64>;

/// Adds to a sum.
pub(super) fn add(sum: &mut Sum, minor: i64) {
    *sum = sum.and_then(|sum| sum.checked_add(minor));
}

/// Where a posting stands in the ledgers' order: day, transaction, line.
pub(super) type Place = (Date, RecordId, usize);

/// An account, also one that only postings name.
#[derive(Default)]
pub(super) struct Account {
    pub path: String,
    pub holds: String,
    pub currency: Option<Currency>,
    pub opened: Option<Date>,
    pub closed: Option<Date>,
    /// Whether its own record is in effect.
    pub ok: bool,
    pub sums: BTreeMap<Currency, Sum>,
    /// Its last posting in each currency.
    pub last: BTreeMap<Currency, Place>,
    pub first: Option<Date>,
    /// Its name in `ledger.beancount`.
    pub beancount: String,
    /// Its name in `ledger.journal`.
    pub journal: String,
}

/// A fund, also one that only postings name.
#[derive(Default)]
pub(super) struct Fund {
    pub name: String,
    /// Its name in `ledger.beancount`, which no other fund has.
    pub unique: String,
    /// Its name as a tag in `ledger.journal`.
    pub label: String,
}

/// The book at a glance.
pub(super) struct Book {
    pub name: String,
    pub license: String,
    pub purpose: String,
    pub homepage: String,
    pub currency: Option<Currency>,
    /// Per kind: records in all, records in effect.
    pub counts: BTreeMap<Kind, (u64, u64)>,
    pub accounts: BTreeMap<RecordId, Account>,
    pub funds: BTreeMap<RecordId, Fund>,
    /// By fund, account and currency.
    pub balances: BTreeMap<(RecordId, RecordId, Currency), Sum>,
    pub currencies: BTreeSet<Currency>,
    pub payees: BTreeSet<String>,
    /// How many transactions in effect each day has.
    pub days: BTreeMap<Date, u32>,
}

fn text(record: &Record, field: &str) -> String {
    record.fields.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn parsed<T: std::str::FromStr>(record: &Record, field: &str) -> Option<T> {
    record.fields.get(field)?.as_str()?.parse().ok()
}

/// The transaction in a record in effect, with its day; nothing for any other record.
pub(super) fn transaction(record: Record) -> Option<(Date, Transaction)> {
    if record.state != "ok" {
        return None;
    }
    let transaction: Transaction = serde_json::from_value(Value::Object(record.fields)).ok()?;
    Some((transaction.date?, transaction))
}

impl Book {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            license: "CC0-1.0".into(),
            purpose: String::new(),
            homepage: String::new(),
            currency: None,
            counts: BTreeMap::new(),
            accounts: BTreeMap::new(),
            funds: BTreeMap::new(),
            balances: BTreeMap::new(),
            currencies: BTreeSet::new(),
            payees: BTreeSet::new(),
            days: BTreeMap::new(),
        }
    }

    /// Takes one record into account, each exactly once.
    pub fn observe(&mut self, kind: Kind, record: &Record) {
        let ok = record.state == "ok";
        let (all, in_effect) = self.counts.entry(kind).or_default();
        *all = all.saturating_add(1);
        *in_effect = in_effect.saturating_add(u64::from(ok));
        match kind {
            Kind::Service if ok => self.observe_service(record),
            Kind::Account => self.observe_account(record, ok),
            Kind::Fund => {
                let fund = self.funds.entry(record.id).or_default();
                if ok || fund.name.is_empty() {
                    fund.name = text(record, "name");
                }
            }
            Kind::Price if ok => {
                let both: [Option<Currency>; 2] = [parsed(record, "base"), parsed(record, "quote")];
                self.currencies.extend(both.into_iter().flatten());
            }
            Kind::Transaction if ok => {
                if let Some((date, transaction)) = transaction(record.clone()) {
                    self.observe_transaction(record.id, date, &transaction);
                }
            }
            _ => {}
        }
    }

    fn observe_service(&mut self, record: &Record) {
        self.purpose = text(record, "purpose");
        self.homepage = text(record, "homepage");
        self.currency = parsed(record, "reporting_currency");
        // Later versions may let a service choose; the field's content is an SPDX id.
        let license = text(record, "license");
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        let begins_well = license.starts_with(|c: char| c.is_ascii_alphanumeric());
        if begins_well && license.len() <= 64 && license.chars().all(plain) {
            self.license = license;
        }
    }

    fn observe_account(&mut self, record: &Record, ok: bool) {
        let account = self.accounts.entry(record.id).or_default();
        if ok || account.path.is_empty() {
            account.path = text(record, "path");
            account.holds = text(record, "type");
            account.currency = parsed(record, "currency");
            account.opened = parsed(record, "opened");
            account.closed = parsed(record, "closed");
            account.ok = ok;
        }
    }

    fn observe_transaction(&mut self, id: RecordId, date: Date, transaction: &Transaction) {
        let count = self.days.entry(date).or_default();
        *count = count.saturating_add(1);
        self.payees.insert(super::ledger_names::payee(transaction));
        for (line, posting) in transaction.postings.iter().enumerate() {
            let (currency, minor) = (posting.amount.currency, posting.amount.minor);
            self.currencies.insert(currency);
            self.funds.entry(posting.fund).or_default();
            let account = self.accounts.entry(posting.account).or_default();
            add(account.sums.entry(currency).or_insert(Some(0)), minor);
            account.first = Some(account.first.map_or(date, |first| first.min(date)));
            let place = (date, id, line);
            let last = account.last.entry(currency).or_insert(place);
            *last = place.max(*last);
            let key = (posting.fund, posting.account, currency);
            add(self.balances.entry(key).or_insert(Some(0)), minor);
        }
    }

    /// Names everything once all records were observed.
    pub fn settle(&mut self) {
        super::ledger_names::assign(self);
    }

    /// Whether an account holds money or debts (and so belongs to a fund's balance).
    pub fn is_balance(&self, account: &RecordId) -> bool {
        let holds = self.accounts.get(account).map(|account| account.holds.as_str());
        matches!(holds, Some("asset" | "liability"))
    }

    /// What each fund holds: its lines on asset and liability accounts.
    pub fn fund_sums(&self) -> BTreeMap<(RecordId, Currency), Sum> {
        let mut sums = BTreeMap::new();
        for ((fund, account, currency), sum) in &self.balances {
            if self.is_balance(account) {
                let total: &mut Sum = sums.entry((*fund, *currency)).or_insert(Some(0));
                match sum {
                    Some(minor) => add(total, *minor),
                    None => *total = None,
                }
            }
        }
        sums
    }

    /// The path of an account, or its id when it has none.
    pub fn account_path(&self, id: &RecordId) -> String {
        let path = self.accounts.get(id).map(|account| account.path.clone());
        path.filter(|path| !path.is_empty()).unwrap_or_else(|| format!("(account {id})"))
    }

    /// The name of a fund, or its id when it has none.
    pub fn fund_name(&self, id: &RecordId) -> String {
        let name = self.funds.get(id).map(|fund| fund.name.clone());
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("(fund {id})"))
    }

    /// The last day with a transaction in effect.
    pub fn last_day(&self) -> Option<Date> {
        self.days.keys().next_back().copied()
    }

    /// The first day anything in the ledgers has.
    pub fn first_day(&self) -> Option<Date> {
        let opened = self.accounts.values().filter_map(|account| account.opened);
        self.days.keys().next().copied().into_iter().chain(opened).min()
    }
}

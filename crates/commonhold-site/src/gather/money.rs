//! The money: reports of the core, with names as the public sees them.

use super::Shown;
use crate::Error;
use crate::public::Public;
use commonhold_core::date::{Date, Month};
use commonhold_core::id::RecordId;
use commonhold_core::money::{self, Currency, ratio};
use commonhold_core::records::finance::account::Account;
use commonhold_core::records::finance::fund::Fund;
use commonhold_core::reports::finance::budget::{BudgetReport, budget};
use commonhold_core::reports::finance::coverage::{PrepaidCoverage, coverage};
use commonhold_core::reports::finance::efficiency::{Efficiency, efficiency};
use commonhold_core::reports::finance::forecast::{Forecast, forecast};
use commonhold_core::reports::finance::ledger::Ledger;
use commonhold_core::reports::finance::overview::{Overview, overview};
use commonhold_core::reports::finance::self_funded::{SelfFunded, self_funded};
use commonhold_core::reports::finance::statements::{Statements, statements};
use commonhold_core::reports::finance::trial_balance::{TrialBalance, trial_balance};
use std::collections::BTreeMap;

/// One account's share of the costs.
pub struct Cost {
    /// The account.
    pub account: RecordId,
    /// What it cost over the months averages are taken over, in minor units.
    pub minor: i64,
    /// The same for an average month.
    pub month: i64,
    /// Percent of all costs, one decimal.
    pub share: String,
}

/// A day on which money came in or went out, in minor units of the reporting currency, both
/// positive.
#[derive(Clone, Copy, Default)]
pub struct Flow {
    /// What came in.
    pub income: i64,
    /// What went out.
    pub expense: i64,
}

/// The money.
pub struct Money {
    /// Sums and prices.
    pub ledger: Ledger,
    /// Accounts as they are shown.
    pub accounts: BTreeMap<RecordId, Account>,
    /// Funds as they are shown.
    pub funds: BTreeMap<RecordId, Fund>,
    /// How it stands.
    pub overview: Overview,
    /// How far recurring income pays, gifts spread over the months they are for.
    pub coverage: PrepaidCoverage,
    /// Ratios.
    pub efficiency: Efficiency,
    /// The year's budget.
    pub budget: BudgetReport,
    /// Every account and fund.
    pub trial: TrialBalance,
    /// What banks said.
    pub statements: Statements,
    /// What is to come.
    pub forecast: Forecast,
    /// Where it comes from.
    pub sources: SelfFunded,
    /// Costs by account over the window, the largest first.
    pub costs: Vec<Cost>,
    /// All of them, for an average month.
    pub cost_month: i64,
    /// The months averages are taken over.
    pub window: Vec<Month>,
    /// Income and expense by day, of the last [`DAYS`] days.
    pub days: BTreeMap<Date, Flow>,
}

impl Money {
    /// An amount of the reporting currency.
    pub fn money(&self, minor: i64) -> money::Money {
        self.ledger.money(minor)
    }

    /// The reporting currency.
    pub fn currency(&self) -> Currency {
        self.ledger.currency
    }

    /// An account's path as it is shown.
    pub fn path(&self, account: &RecordId) -> String {
        let path = self.accounts.get(account).map(|account| account.path.clone());
        path.unwrap_or_else(|| account.to_string())
    }

    /// A fund's name as it is shown.
    pub fn fund(&self, fund: &RecordId) -> String {
        let name = self.funds.get(fund).map(|fund| fund.name.clone());
        name.unwrap_or_else(|| fund.to_string())
    }

    /// What flowed in one month: income and expense, both positive. The same numbers as the
    /// overview's.
    pub fn flow(&self, months: &[Month]) -> Flow {
        let of = |kind: &str| {
            self.ledger.flow(months, |line| self.ledger.type_of(&line.account) == kind).minor
        };
        Flow { income: of("income").saturating_neg(), expense: of("expense") }
    }
}

/// Accounts and funds as they are shown; those somebody took off the list hold money still.
fn named<R: Clone>(
    all: &BTreeMap<RecordId, R>,
    shown: Shown<R>,
    masked: impl Fn(&R) -> R,
) -> BTreeMap<RecordId, R> {
    let mut out: BTreeMap<RecordId, R> = shown.into_iter().collect();
    for (id, record) in all {
        out.entry(*id).or_insert_with(|| masked(record));
    }
    out
}

fn costs(ledger: &Ledger, window: &[Month]) -> (Vec<Cost>, i64) {
    let months = i64::try_from(window.len()).unwrap_or(1).max(1);
    let all = ledger.flow(window, |line| ledger.type_of(&line.account) == "expense").minor;
    let mut costs: Vec<Cost> = ledger
        .accounts_of("expense")
        .into_iter()
        .map(|account| {
            let minor = ledger.flow(window, |line| line.account == account).minor;
            let percent = minor.checked_mul(100).and_then(|part| ratio(part, all, 1));
            Cost {
                account,
                minor,
                month: minor.checked_div(months).unwrap_or(0),
                share: percent.filter(|_| all > 0).unwrap_or_default(),
            }
        })
        .filter(|cost| cost.minor != 0)
        .collect();
    costs.sort_by_key(|cost| (std::cmp::Reverse(cost.minor), cost.account));
    (costs, all.checked_div(months).unwrap_or(0))
}

/// How many days back what flowed is known by day: 53 weeks.
pub const DAYS: u16 = 371;

/// What came in and went out on each of the last days, converted at the price of the day.
fn days(public: &Public<'_>, ledger: &Ledger) -> Result<BTreeMap<Date, Flow>, Error> {
    let mut days: BTreeMap<Date, Flow> = BTreeMap::new();
    let from = public.day().days_earlier(DAYS);
    for (day, account, amount) in public.reader.daily_between(&public.book, from, public.day())? {
        let kind = ledger.type_of(&account);
        if !matches!(kind, "income" | "expense") {
            continue;
        }
        let Some(converted) = ledger.convert(amount, day) else { continue };
        let flow = days.entry(day).or_default();
        if kind == "income" {
            flow.income = flow.income.saturating_sub(converted.minor);
        } else {
            flow.expense = flow.expense.saturating_add(converted.minor);
        }
    }
    Ok(days)
}

/// Reads it.
pub fn read(public: &Public<'_>, ledger: Ledger) -> Result<Money, Error> {
    let (reader, book) = (public.reader, &public.book);
    let window = ledger.window();
    let (costs, cost_month) = costs(&ledger, &window);
    let accounts = named(&ledger.accounts, public.read("account")?, |account| Account {
        path: public.sentence("path", &account.path),
        account_type: account.account_type.clone(),
        function: account.function.clone(),
        ..Account::default()
    });
    let funds = named(&ledger.funds, public.read("fund")?, |fund| Fund {
        name: public.sentence("name", &fund.name),
        restriction: fund.restriction.clone(),
        ..Fund::default()
    });
    Ok(Money {
        accounts,
        funds,
        overview: overview(&ledger),
        coverage: coverage(reader, book, &ledger)?,
        efficiency: efficiency(&ledger),
        budget: budget(reader, book, &ledger)?,
        trial: trial_balance(&ledger),
        statements: statements(reader, book, public.day())?,
        forecast: forecast(reader, book, &ledger)?,
        sources: self_funded(reader, book, &ledger)?,
        costs,
        cost_month,
        window,
        days: days(public, &ledger)?,
        ledger,
    })
}

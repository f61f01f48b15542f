//! The numbers behind the framework's finance requirements (`finance.*`): what the records prove.

use super::clock::clock;
use super::ledger::{Ledger, counting};
use super::self_funded::self_funded;
use super::what_if::costs;
use crate::date::Date;
use crate::id::{BookId, RecordId};
use crate::money::{Money, ratio};
use crate::projection::SumLine;
use crate::records::Kind;
use crate::records::finance::channel::Channel;
use crate::records::finance::policy::Policy;
use crate::records::finance::schedule::Schedule;
use crate::store::{Error, Reader};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What the records say about one requirement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FinanceRequirement {
    /// The requirement's id, such as `finance.history.timely`.
    pub id: String,
    /// Whether the records prove it; nothing where they cannot decide.
    pub met: Option<bool>,
    /// The number, with its unit.
    pub value: String,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is missing, a sentence each.
    pub missing: Vec<String>,
}

/// All finance requirements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct FinanceConformance {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// One row a requirement.
    pub rows: Vec<FinanceRequirement>,
}

fn share(part: u32, whole: u32) -> String {
    let share = ratio(i64::from(part).saturating_mul(100), i64::from(whole), 1);
    share.map_or_else(String::new, |share| format!("{share} %"))
}

fn row(id: &str, met: Option<bool>, value: String, formula: String) -> FinanceRequirement {
    FinanceRequirement { id: format!("finance.{id}"), met, value, formula, missing: Vec::new() }
}

impl FinanceRequirement {
    fn because(mut self, missing: impl IntoIterator<Item = String>) -> Self {
        self.missing.extend(missing);
        self
    }
}

/// What all rows are read off.
struct Looking<'a> {
    reader: &'a Reader,
    book: &'a BookId,
    ledger: &'a Ledger,
    policy: Option<Policy>,
    /// Schedules whose bills still come.
    schedules: Vec<Schedule>,
}

/// Computes the numbers of all finance requirements of the framework's first version.
pub fn conformance(
    reader: &Reader,
    book: &BookId,
    ledger: &Ledger,
) -> Result<FinanceConformance, Error> {
    let policy = counting::<Policy>(reader, book, Kind::Policy)?.into_iter().next();
    let running = |schedule: &Schedule| {
        schedule.from.is_some_and(|from| from <= ledger.at)
            && schedule.until.is_none_or(|until| until >= ledger.at)
    };
    let schedules = counting::<Schedule>(reader, book, Kind::Schedule)?;
    let schedules = schedules.into_iter().map(|(_, schedule)| schedule).filter(running).collect();
    let policy = policy.map(|(_, policy)| policy);
    let looking = Looking { reader, book, ledger, policy, schedules };
    let rows = vec![
        looking.channels()?,
        looking.sources()?,
        row("self-funded.no-perks", None, String::new(), "somebody vouches for it".into()),
        looking.automatic(),
        looking.expenses()?,
        looking.donations()?,
        looking.timely()?,
        looking.efficiency()?,
        looking.shutdown(),
    ];
    Ok(FinanceConformance { at: ledger.at, rows })
}

impl Looking<'_> {
    fn channels(&self) -> Result<FinanceRequirement, Error> {
        let channels = counting::<Channel>(self.reader, self.book, Kind::Channel)?;
        let open: Vec<Channel> = channels
            .into_iter()
            .map(|(_, channel)| channel)
            .filter(|c| c.closed.is_none_or(|closed| closed > self.ledger.at) && c.amount_open)
            .collect();
        let once = open.iter().filter(|channel| channel.one_time).count();
        let again = open.iter().filter(|channel| channel.recurring).count();
        let formula = "channels that are open and let the giver set the amount".to_owned();
        let value = format!("{once} one-time, {again} recurring");
        let lacks = |count: usize, how: &str| {
            (count == 0).then(|| format!("No open channel lets people give {how}, any amount."))
        };
        let missing = [lacks(once, "once"), lacks(again, "at an interval")];
        let met = Some(once > 0 && again > 0);
        Ok(row("self-funded.channels", met, value, formula).because(missing.into_iter().flatten()))
    }

    fn sources(&self) -> Result<FinanceRequirement, Error> {
        let found = self_funded(self.reader, self.book, self.ledger)?;
        let value = found.income.clone();
        let sentence = (found.met != Some(true)).then(|| found.sentence.clone());
        Ok(row("self-funded.sources", found.met, value, found.formula)
            .because(sentence.into_iter().chain(found.missing)))
    }

    /// How much of the expense of the last three months running schedules would have paid.
    fn automatic(&self) -> FinanceRequirement {
        let (ledger, three) = (self.ledger, self.ledger.last_three());
        let mut scheduled: BTreeMap<(RecordId, RecordId), i64> = BTreeMap::new();
        for schedule in &self.schedules {
            let cost = costs(ledger, schedule, three.len());
            let sum = scheduled.entry((schedule.account, schedule.fund)).or_default();
            *sum = sum.saturating_add(cost);
        }
        let is_expense = |line: &SumLine| ledger.type_of(&line.account) == "expense";
        let all = ledger.flow(&three, is_expense).minor;
        let mut covered = 0_i64;
        for ((account, fund), cost) in scheduled {
            let of_it =
                |line: &SumLine| line.account == account && line.fund == fund && is_expense(line);
            covered = covered.saturating_add(cost.min(ledger.flow(&three, of_it).minor.max(0)));
        }
        let value = ratio(covered.saturating_mul(100), all, 1).filter(|_| all > 0);
        let formula = format!(
            "expense that running schedules pay {} ÷ expense of the last {} months {}",
            ledger.money(covered),
            three.len(),
            ledger.money(all)
        );
        let none = self.schedules.is_empty();
        let rule = self.policy.is_none();
        let met = match (none, rule) {
            (true, _) => Some(false),
            (false, false) if all > 0 && covered >= all => Some(true),
            _ => None,
        };
        let value = value.map_or_else(String::new, |value| format!("{value} %"));
        let lacks = [
            none.then(|| "No schedule of payments is running.".to_owned()),
            rule.then(|| "No policy of payments says who pays and who approves.".to_owned()),
        ];
        row("expensing.automatic", met, value, formula).because(lacks.into_iter().flatten())
    }

    fn expenses(&self) -> Result<FinanceRequirement, Error> {
        let accounts = self.ledger.accounts_of("expense");
        let told = self.reader.told(self.book, &accounts, self.ledger.at)?;
        let formula = format!(
            "expenses that name payee, purpose, amount and billed period {} ÷ all {}",
            told.complete, told.all
        );
        let lacks = |with: u32, what: &str| {
            let without = told.all.saturating_sub(with);
            (without > 0).then(|| format!("{without} of {} do not name {what}.", told.all))
        };
        let missing = [
            lacks(told.payee, "who was paid"),
            lacks(told.narration, "what it was for"),
            lacks(told.period, "the billed period"),
        ];
        let met = (told.all > 0).then_some(told.complete == told.all);
        Ok(row("history.expenses", met, share(told.complete, told.all), formula)
            .because(missing.into_iter().flatten()))
    }

    fn donations(&self) -> Result<FinanceRequirement, Error> {
        let accounts = self.ledger.accounts_of("income");
        let regular: Vec<RecordId> = accounts
            .iter()
            .copied()
            .filter(|id| self.ledger.accounts.get(id).is_some_and(|a| a.recurrence.is_some()))
            .collect();
        let (all, told) =
            self.reader.told_interval(self.book, &accounts, &regular, self.ledger.at)?;
        let formula = format!(
            "donations that say whether they come once or at an interval {told} ÷ all {all}"
        );
        let without = all.saturating_sub(told);
        let missing = (without > 0)
            .then(|| format!("{without} of {all} do not say whether they come once or again."));
        let met = (all > 0).then_some(told == all);
        Ok(row("history.donations", met, share(told, all), formula).because(missing))
    }

    fn timely(&self) -> Result<FinanceRequirement, Error> {
        let clock = clock(self.reader, self.book, self.ledger.at)?;
        let due = clock.in_time.saturating_add(clock.breaches);
        let late = (clock.breaches > 0)
            .then(|| format!("{} entries were not public within one working day.", clock.breaches));
        let met = (due > 0).then_some(clock.breaches == 0);
        Ok(row("history.timely", met, clock.share, clock.formula).because(late))
    }

    /// Expenses of twelve months above the service's own limit that name no decision.
    fn efficiency(&self) -> Result<FinanceRequirement, Error> {
        let limit = self.policy.as_ref().and_then(|policy| policy.decision_above);
        let Some(limit) = limit else {
            let missing = "The policy does not say above which amount an expense needs a decision.";
            let formula = "expenses above the policy's limit that name no decision".to_owned();
            return Ok(row("efficiency", None, String::new(), formula).because([missing.into()]));
        };
        let ledger = self.ledger;
        let limit_here = ledger.convert(limit, ledger.at);
        let (from, accounts) = (ledger.at.year_before(), ledger.accounts_of("expense"));
        let (mut above, mut unpriced) = (0_u32, BTreeSet::new());
        for (entry, amount) in self.reader.undecided(self.book, &accounts, from, ledger.at)? {
            let over = exceeds(ledger, (amount, entry.date), limit, limit_here);
            match over {
                Some(over) => above = above.saturating_add(u32::from(over)),
                None => {
                    unpriced.insert(amount.currency);
                }
            }
        }
        let formula =
            format!("expenses above {limit} from {from} to {} that name no decision", ledger.at);
        let missing =
            (above > 0).then(|| format!("{above} expenses above {limit} name no decision."));
        Ok(row("efficiency", Some(above == 0), above.to_string(), formula)
            .because(missing.into_iter().chain(ledger.unpriced(&unpriced))))
    }

    fn shutdown(&self) -> FinanceRequirement {
        let named = self
            .policy
            .as_ref()
            .and_then(|policy| policy.beneficiary.as_deref())
            .is_some_and(|name| !name.trim().is_empty());
        let has = |s: &&Schedule| s.cancel.as_deref().is_some_and(|c| !c.trim().is_empty());
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let all = count(self.schedules.len());
        let with = count(self.schedules.iter().filter(has).count());
        let lacks = self.schedules.iter().filter(|schedule| !has(schedule));
        let lacks = lacks.map(|s| format!("“{}” does not say how it is cancelled.", s.narration));
        let nobody = (!named).then(|| "No beneficiary of left-over money is named.".to_owned());
        let formula =
            format!("running schedules that say how they are cancelled {with} ÷ all {all}");
        let met = Some(named && with == all);
        row("shutdown.plan", met, share(with, all), formula)
            .because(nobody.into_iter().chain(lacks))
    }
}

/// Whether an amount is above a limit; nothing where neither can be turned into the other.
fn exceeds(
    ledger: &Ledger,
    (amount, day): (Money, Date),
    limit: Money,
    limit_here: Option<Money>,
) -> Option<bool> {
    if amount.currency == limit.currency {
        return Some(amount.minor > limit.minor);
    }
    Some(ledger.convert(amount, day)?.minor > limit_here?.minor)
}

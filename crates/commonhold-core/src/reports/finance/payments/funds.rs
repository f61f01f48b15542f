//! Whether a fund may pay something, and whether it can.

use super::facts::Facts;
use crate::date::Date;
use crate::id::RecordId;
use crate::money::Money;
use crate::records::finance::expense::Expense;
use std::collections::BTreeMap;

/// What is spoken for: amounts in payment files that no statement shows yet, by fund and currency.
pub(super) type Promised = BTreeMap<(RecordId, crate::money::Currency), i64>;

/// Why the rules of a fund keep it from paying an expense; nothing when they do not. Money a donor
/// restricted is spent on its purpose, and who says that a bill is for that is a decision.
pub(super) fn may_not(facts: &Facts, expense: &Expense, today: Date) -> Option<String> {
    let Some(fund) = facts.funds.get(&expense.fund) else {
        return Some(
            "The fund that is to pay is not in this service; choose one of its funds.".into(),
        );
    };
    let name = &fund.name;
    if fund.closed.is_some_and(|closed| closed < today) {
        return Some(format!("The fund {name} is closed; choose another one."));
    }
    if let Some(until) = fund.until.filter(|until| *until < today) {
        return Some(format!("The fund {name} could be spent until {until} only."));
    }
    let decided = expense.decision.as_deref().is_some_and(|text| !text.trim().is_empty());
    let restricted = fund.restriction == "donor-restricted" && !decided;
    restricted.then(|| {
        let purpose = fund.purpose.trim_end_matches('.');
        format!(
            "The fund {name} may be spent on its purpose only: {purpose}. Choose another fund, or \
             name the decision that says this is for that."
        )
    })
}

/// What a fund can still pay in a currency: its money less what is promised.
pub(super) fn available(facts: &Facts, promised: &Promised, expense: &Expense) -> Option<Money> {
    let amount = expense.amount?;
    let key = (expense.fund, amount.currency);
    let cash = facts.cash.get(&key).copied().unwrap_or(0);
    let spoken_for = promised.get(&key).copied().unwrap_or(0);
    Some(Money::new(cash.saturating_sub(spoken_for), amount.currency))
}

/// Why the money of a fund does not reach; nothing when it does.
pub(super) fn short(facts: &Facts, promised: &Promised, expense: &Expense) -> Option<String> {
    let (amount, left) = (expense.amount?, available(facts, promised, expense)?);
    let name = facts.funds.get(&expense.fund).map_or("", |fund| fund.name.as_str());
    (left.minor < amount.minor).then(|| {
        format!("The money of the fund {name} runs out: {left} is left, and this costs {amount}.")
    })
}

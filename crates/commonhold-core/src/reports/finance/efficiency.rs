//! What the money was spent on, as ratios with their amounts beside them: for small services a
//! ratio alone misleads.

use super::ledger::Ledger;
use crate::money::ratio;
use serde::Serialize;

/// One ratio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Ratio {
    /// A stable name.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// The value with its unit; empty when it cannot be computed.
    pub value: String,
    /// How it is computed.
    pub formula: String,
    /// The two amounts.
    pub amounts: String,
}

/// Efficiency over the months of the ledger's window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct Efficiency {
    /// The ratios.
    pub rows: Vec<Ratio>,
}

/// Computes the ratios.
pub fn efficiency(ledger: &Ledger) -> Efficiency {
    let window = ledger.window();
    let of_type = |kind: &str| ledger.flow(&window, |l| ledger.type_of(&l.account) == kind).minor;
    let of_function = |function: &str| {
        let wanted = |account: &crate::id::RecordId| {
            ledger.accounts.get(account).and_then(|a| a.function.as_deref()) == Some(function)
        };
        ledger
            .flow(&window, |l| ledger.type_of(&l.account) == "expense" && wanted(&l.account))
            .minor
    };
    let (expense, income) = (of_type("expense"), of_type("income").saturating_neg());
    let percent = |part: i64, whole: i64| {
        let value = part.checked_mul(100).and_then(|p| ratio(p, whole, 1)).filter(|_| whole > 0);
        value.map_or_else(String::new, |value| format!("{value} %"))
    };
    let amounts = |a: i64, b: i64| format!("{} ÷ {}", ledger.money(a), ledger.money(b));
    let row = |id: &str, label: &str, formula: &str, value: String, part: i64, whole: i64| Ratio {
        id: id.into(),
        label: label.into(),
        value,
        formula: formula.into(),
        amounts: amounts(part, whole),
    };
    let (program, admin, raising) =
        (of_function("program"), of_function("admin"), of_function("fundraising"));
    let raise = raising.checked_mul(100).and_then(|r| ratio(r, income, 2)).filter(|_| income > 0);
    let raise = raise.map_or_else(String::new, |value| format!("{value} ct"));
    Efficiency {
        rows: vec![
            row(
                "program-expense-ratio",
                "Programme expense ratio",
                "programme ÷ total expense",
                percent(program, expense),
                program,
                expense,
            ),
            row(
                "admin-overhead",
                "Administrative overhead",
                "administration ÷ total expense",
                percent(admin, expense),
                admin,
                expense,
            ),
            row(
                "cost-to-raise",
                "Cost to raise 1.00",
                "fundraising ÷ contributions",
                raise,
                raising,
                income,
            ),
        ],
    }
}

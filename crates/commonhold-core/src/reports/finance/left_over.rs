//! Money that is left over, and where it goes: running costs, developers, the beneficiary.

use super::ledger::{Ledger, counting};
use super::runway::Figures;
use crate::date::Date;
use crate::id::BookId;
use crate::money::{Currency, divide_half_even};
use crate::records::Kind;
use crate::records::finance::policy::Policy;
use crate::store::{Error, Reader};
use serde::Serialize;

/// One step of the order in which money is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LeftOverStep {
    /// `running-costs`, `developers`, `beneficiary`.
    pub id: String,
    /// Who or what gets it.
    pub label: String,
    /// How much.
    pub amount: String,
    /// How it is computed, with the numbers.
    pub formula: String,
}

/// What is left over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
pub struct LeftOver {
    /// The day it is of.
    #[cfg_attr(test, ts(type = "string"))]
    pub at: Date,
    /// The reporting currency.
    #[cfg_attr(test, ts(type = "string"))]
    pub currency: Currency,
    /// Unrestricted money.
    pub cash: String,
    /// Average monthly expense from it.
    pub average_expense: String,
    /// Months of expense the policy keeps; nothing while no policy says.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub reserve_months: Option<i64>,
    /// What is left over; nothing while no policy says what is kept.
    pub left_over: Option<String>,
    /// The steps, in order; they sum to the unrestricted money.
    pub steps: Vec<LeftOverStep>,
    /// The sentence a proposal can be made of; empty when nothing is left over.
    pub proposal: String,
    /// How it is computed, with the numbers.
    pub formula: String,
    /// What is not known or left out, in sentences.
    pub missing: Vec<String>,
}

/// Computes what is left over on the ledger's day, by the policy of the service.
pub fn left_over(reader: &Reader, book: &BookId, ledger: &Ledger) -> Result<LeftOver, Error> {
    let policy = counting::<Policy>(reader, book, Kind::Policy)?.into_iter().next();
    let policy = policy.map(|(_, policy)| policy).unwrap_or_default();
    let figures = Figures::of(ledger);
    let mut missing = notes(ledger, &policy, &figures);
    let money = |minor: i64| ledger.money(minor);
    let mut report = LeftOver {
        at: ledger.at,
        currency: ledger.currency,
        cash: money(figures.cash).to_string(),
        average_expense: money(figures.average()).to_string(),
        reserve_months: policy.reserve_months,
        left_over: None,
        steps: Vec::new(),
        proposal: String::new(),
        formula: format!(
            "unrestricted money {} − months kept × average monthly expense {}",
            money(figures.cash),
            money(figures.average())
        ),
        missing: Vec::new(),
    };
    let Some(months) = policy.reserve_months else {
        report.missing = missing;
        return Ok(report);
    };
    // months × (expense ÷ months looked at), without rounding in between
    let window = i128::try_from(figures.months).unwrap_or(1).max(1);
    let product = i128::from(figures.expense).saturating_mul(i128::from(months));
    let kept = divide_half_even(product, window).and_then(|kept| i64::try_from(kept).ok());
    let kept = kept.unwrap_or(i64::MAX).max(0);
    let left = figures.cash.saturating_sub(kept).max(0);
    let percent = u32::try_from(policy.developers_percent.unwrap_or(0).clamp(0, 100)).unwrap_or(0);
    let developers = money(left).percent(percent).map_or(0, |part| part.minor);
    let rest = left.saturating_sub(developers);
    report.formula = format!(
        "unrestricted money {} − {months} months × average monthly expense {} ({}) = {}",
        money(figures.cash),
        money(figures.average()),
        money(kept),
        money(figures.cash.saturating_sub(kept))
    );
    report.left_over = Some(money(left).to_string());
    report.steps = steps(ledger, &policy, [figures.cash.saturating_sub(left), developers, rest]);
    if left > 0 {
        report.proposal = format!(
            "On {} the service has {} of unrestricted money. {} stay for {months} months of running \
             costs. Of the {} left over, {} ({percent} %) pay developers of the service and {} go to \
             {}.",
            ledger.at,
            money(figures.cash),
            money(kept),
            money(left),
            money(developers),
            money(rest),
            beneficiary(&policy)
        );
    } else {
        missing
            .push(format!("Nothing is left over: {months} months of expense are {}.", money(kept)));
    }
    report.missing = missing;
    Ok(report)
}

fn beneficiary(policy: &Policy) -> &str {
    let named = policy.beneficiary.as_deref().filter(|name| !name.trim().is_empty());
    named.unwrap_or("the beneficiary, who is not named yet")
}

fn steps(
    ledger: &Ledger,
    policy: &Policy,
    [running, developers, rest]: [i64; 3],
) -> Vec<LeftOverStep> {
    let step = |id: &str, label: &str, minor: i64, formula: String| LeftOverStep {
        id: id.to_owned(),
        label: label.to_owned(),
        amount: ledger.money(minor).to_string(),
        formula,
    };
    let left = ledger.money(developers.saturating_add(rest));
    let percent = policy.developers_percent.unwrap_or(0);
    vec![
        step("running-costs", "Running costs", running, "what stays of unrestricted money".into()),
        step(
            "developers",
            "Developers of the service",
            developers,
            format!("{percent} % of {left}"),
        ),
        step(
            "beneficiary",
            beneficiary(policy),
            rest,
            format!("{left} − {}", ledger.money(developers)),
        ),
    ]
}

/// What is not known, or not in the amounts.
fn notes(ledger: &Ledger, policy: &Policy, figures: &Figures) -> Vec<String> {
    let mut notes = Vec::new();
    if policy.reserve_months.is_none() {
        notes.push("The policy does not say how many months of expense are kept.".to_owned());
    }
    if policy.developers_percent.is_none() {
        notes.push(
            "The policy does not say what part pays developers; nothing is taken.".to_owned(),
        );
    }
    if policy.beneficiary.as_deref().is_none_or(|name| name.trim().is_empty()) {
        notes.push("No beneficiary is named (governance.bylaws).".to_owned());
    }
    if figures.expense <= 0 {
        notes.push("No expense of unrestricted money is known yet.".to_owned());
    }
    let owed = ledger.stock(|line| {
        ledger.type_of(&line.account) == "liability"
            && ledger.restriction_of(&line.fund) == "unrestricted"
    });
    if owed.minor < 0 {
        let owed = ledger.money(owed.minor.saturating_neg());
        notes.push(format!("{owed} of it is owed to others and not taken off."));
    }
    let cash = super::runway::cash(ledger, &["unrestricted"]);
    notes.extend(ledger.unpriced(&cash.missing));
    notes
}

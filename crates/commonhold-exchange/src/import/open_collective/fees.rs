//! Fees inside a row: how a net amount becomes a gross amount and fees.

use super::{Columns, category};
use crate::import::balances;
use crate::import::rows::Row;
use commonhold_core::Money;

/// The other sides of a row, and whether gross and net amount are explained by the fee columns.
///
/// Fees that the export took off the net amount become legs of their own beside the gross amount.
/// Which sign a fee has is found by what adds up, never assumed, where the gross amount is known.
pub(super) fn legs(
    columns: &Columns,
    row: &Row<'_>,
    net: Money,
    refund: bool,
    account: String,
) -> Result<(Vec<(String, Money)>, bool), String> {
    let single = |account: String| vec![(account, net.negated())];
    let mut fees = Vec::new();
    for (column, fee_account) in columns.fees.iter().zip(category::FEE_ACCOUNTS) {
        let cell = row.get(*column);
        if !cell.is_empty() {
            let fee = Money::from_decimal(cell, net.currency)?;
            if fee.minor != 0 {
                fees.push(((*fee_account).to_owned(), fee));
            }
        }
    }
    let gross = match row.get(columns.gross) {
        "" => None,
        cell => Some(Money::from_decimal(cell, net.currency)?),
    };
    let negated = |fees: &[(String, Money)]| -> Vec<(String, Money)> {
        fees.iter().map(|(account, fee)| (account.clone(), fee.negated())).collect()
    };
    let add_up = |gross: Money, legs: &[(String, Money)]| {
        let mut all = vec![(account.clone(), gross.negated())];
        all.extend_from_slice(legs);
        balances(net, &all).then_some(all)
    };
    match gross {
        Some(gross) if gross == net => Ok((single(account), true)),
        // Before 2021-06 fees are inside the net amount and the default columns do not show them.
        Some(gross) if fees.is_empty() => {
            let difference =
                net.negated().checked_add(gross).ok_or("The amounts are too large.")?;
            let fee = (category::FEES.to_owned(), difference);
            Ok((vec![(account, gross.negated()), fee], false))
        }
        Some(gross) => add_up(gross, &negated(&fees))
            .or_else(|| add_up(gross, &fees))
            .map(|legs| (legs, true))
            .ok_or_else(|| "Gross amount, fees and net amount of the row do not add up.".into()),
        None if fees.is_empty() => Ok((single(account), true)),
        None => {
            // Without the gross amount: a fee takes money away, a refund is as written.
            let out = |fee: Money| {
                if !refund && fee.minor > 0 { fee } else { fee.negated() }
            };
            let legs: Vec<_> = fees.into_iter().map(|(name, fee)| (name, out(fee))).collect();
            let sum = legs.iter().try_fold(net, |sum, (_, leg)| sum.checked_add(*leg));
            let gross = sum.ok_or("The amounts are too large.")?;
            add_up(gross, &legs)
                .map(|legs| (legs, true))
                .ok_or_else(|| "The fees do not add up.".into())
        }
    }
}

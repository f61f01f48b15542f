//! Reports about money, in the service's reporting currency.

pub mod balances;
pub mod budget;
pub mod calendar;
pub mod clock;
pub mod closing;
pub mod concentration;
pub mod coverage;
pub mod efficiency;
pub mod forecast;
pub mod ledger;
pub mod left_over;
pub mod overview;
pub mod payments;
pub mod runway;
pub mod self_funded;
pub mod statements;
pub mod trial_balance;
pub mod what_if;

#[cfg(test)]
mod tests;

//! Reports about money, in the service's reporting currency.

pub mod balances;
pub mod efficiency;
pub mod ledger;
pub mod overview;
pub mod payments;
pub mod runway;

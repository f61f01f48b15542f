//! Where the money is and went.

pub mod account;
pub mod approval;
pub mod batch;
pub mod budget;
pub mod channel;
pub mod close;
pub mod donor;
pub mod expense;
pub mod fund;
pub mod import;
pub mod lease;
pub mod outcome;
pub mod payee;
pub mod pledge;
pub mod policy;
pub mod price;
pub mod publication;
pub mod reconciliation;
pub mod schedule;
pub mod statement;
pub mod transaction;

//! Where the money is and went.

pub mod account;
pub mod approval;
pub mod fund;
pub mod import;
pub mod price;
pub mod transaction;

//! Reports give the golden numbers, from the sample and from the shared ledger.

mod framework;
mod golden;

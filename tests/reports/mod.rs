//! Reports give the golden numbers, from the sample and from the shared ledger; a closed period stays
//! as it was, on every laptop.

mod closing;
mod framework;
mod golden;
mod operations;

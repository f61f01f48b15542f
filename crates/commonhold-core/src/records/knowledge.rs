//! How it is done: texts.

pub mod commons;
pub mod feedback;
pub mod page;
pub mod process;
pub mod runbook;
pub mod runbook_run;

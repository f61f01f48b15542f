//! How it is done: texts.

pub mod page;

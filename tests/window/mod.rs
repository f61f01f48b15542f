//! The real window, on a screen that nobody sees, driven the way a person would.
//!
//! `contract` needs no screen; everything else needs Xvfb, WebKitWebDriver and the built window
//! (`cargo build --workspace`, which `make test` does first).

mod contract;
mod driver;
mod filled;
mod finding;
mod first_run;
mod looks;
mod money;
mod processes;
mod publishing;
mod safety;
mod sharing;
mod typing;
mod voted;

//! The whole product without a window: one [`App`] over one profile. The window and the command
//! line call the same functions; clock and randomness come from here and nowhere else.

#![cfg_attr(test, allow(clippy::arithmetic_side_effects, clippy::string_slice))]

pub mod app;
pub mod background;
pub mod clipboard;
pub mod clock;
pub mod commands;
pub mod credentials;
pub mod events;
pub mod failure;
pub mod live;
pub mod places;
pub mod profile;

pub use app::App;
pub use events::{Change, Progress};
pub use failure::{Code, Failure};

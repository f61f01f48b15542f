//! Time and randomness: the one place they come from.

use commonhold_core::Time;
use std::sync::OnceLock;
use std::time::Instant;

/// Where time and random bytes come from; tests and simulations bring their own.
pub trait World: Send {
    /// The moment it is, milliseconds since 1970.
    fn now(&mut self) -> Time;
    /// Fills bytes with unpredictable ones.
    fn random(&mut self, bytes: &mut [u8]) -> Result<(), String>;
}

/// Milliseconds since some moment; never goes back, whatever is done to the clock on the wall. For
/// pauses only.
#[allow(clippy::disallowed_methods)]
pub fn monotonic() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    let since = START.get_or_init(Instant::now).elapsed();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The machine's clock and the operating system's randomness.
pub struct System;

impl World for System {
    #[allow(clippy::disallowed_methods)]
    fn now(&mut self) -> Time {
        Time(jiff::Timestamp::now().as_millisecond())
    }

    fn random(&mut self, bytes: &mut [u8]) -> Result<(), String> {
        getrandom::fill(bytes).map_err(|error| error.to_string())
    }
}

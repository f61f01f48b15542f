//! Time and randomness: the one place they come from.

use commonhold_core::Time;

/// Where time and random bytes come from; tests and simulations bring their own.
pub trait World: Send {
    /// The moment it is, milliseconds since 1970.
    fn now(&mut self) -> Time;
    /// Fills bytes with unpredictable ones.
    fn random(&mut self, bytes: &mut [u8]) -> Result<(), String>;
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

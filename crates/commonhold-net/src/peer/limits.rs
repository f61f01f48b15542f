//! What the other side may take of this device. A stranger gets little; one who is let in to a
//! book gets what a first exchange needs.

use std::time::Duration;
use tokio::time::Instant;

/// How long dialling may take.
pub const DIAL: Duration = Duration::from_secs(10);
/// How long nothing may arrive or leave while an answer is under way.
pub const IDLE: Duration = Duration::from_secs(60);
/// Bytes in a second below which an answer is given up, once it took longer than [`IDLE`].
pub const SLOWEST: u64 = 4096;
/// How long a request may take to arrive whole.
pub const REQUEST: Duration = Duration::from_secs(5);
/// How long a connection may last on which nobody was let in to anything.
pub const UNPROVEN: Duration = Duration::from_secs(10);
/// How long silence lasts until the other side counts as gone.
pub const SILENCE: Duration = Duration::from_secs(12);
/// How often a connection says that it is there.
pub const ALIVE: Duration = Duration::from_secs(4);
/// How long stopping may take.
pub const STOP: Duration = Duration::from_secs(2);
/// Connections of one device, and in all; beyond that the oldest go.
pub const OF_ONE: usize = 4;
pub const IN_ALL: usize = 64;
/// Connections on which nobody was let in yet; beyond that the oldest go.
pub const STRANGERS: usize = 16;
/// Connections that are being made at the same time.
pub const HANDSHAKES: usize = 32;
/// Streams the other side may have open at the same time, of each direction.
pub const STREAMS: u32 = 8;
/// Files held in memory for answers at the same time, for one connection and in all.
pub const FILES_OF_ONE: usize = 2;
pub const FILES: usize = 8;
/// Questions to the source at the same time.
pub const QUESTIONS: usize = 4;
/// Refusals on one connection after which it is closed.
pub const REFUSALS: u32 = 32;
/// Bytes that may wait to be read: of one who asks only, and of one who is asked.
pub const WINDOW_ASKED: u32 = 64 << 10;
pub const WINDOW_ASKING: u32 = 4 << 20;
/// Bytes that may wait to be read on one stream. The library ends a connection that has more than
/// 1,024 pieces of one stream waiting, also when they are only late (quinn-rs/quinn#2809); so many
/// bytes never come in as many packets.
pub const WINDOW_STREAM: u32 = 1 << 20;
/// Devices of the same network that are remembered.
pub const FOUND: usize = 256;
/// Events that wait for whoever listens; what comes beyond that is dropped.
pub const EVENTS: usize = 1024;

/// Lets requests through at a rate; those that come faster wait.
#[derive(Debug)]
pub struct Pace {
    free_at: Instant,
}

impl Pace {
    /// Nothing was asked yet.
    pub fn new(now: Instant) -> Self {
        Self { free_at: now }
    }

    /// How long the next request has to wait. Strangers have five in a second after the first
    /// twenty; others a thousand after the first thousand.
    pub fn wait(&mut self, now: Instant, proven: bool) -> Duration {
        let (gap, spare) = if proven {
            (Duration::from_millis(1), Duration::from_secs(1))
        } else {
            (Duration::from_millis(200), Duration::from_secs(4))
        };
        let earliest = now.checked_sub(spare).unwrap_or(now);
        let at = self.free_at.max(earliest);
        self.free_at = at.checked_add(gap).unwrap_or(at);
        at.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_go_through_and_then_they_wait() {
        let now = Instant::now();
        let hour = now + Duration::from_secs(3600);
        let mut pace = Pace::new(now);
        let waits: Vec<Duration> = (0..30).map(|_| pace.wait(hour, false)).collect();
        assert!(waits.iter().take(20).all(Duration::is_zero));
        assert_eq!(waits[29], Duration::from_millis(1800));
        let mut pace = Pace::new(now);
        assert!((0..1000).all(|_| pace.wait(hour, true).is_zero()));
    }
}

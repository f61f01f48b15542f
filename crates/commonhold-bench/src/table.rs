//! The table this program prints, in Markdown.

use crate::measure::Measure;
use std::time::Duration;

/// What was measured of ours or of a peer.
#[derive(Clone, Copy)]
pub enum Value {
    /// Seconds, less is better.
    Time(Duration),
    /// Bytes, less is better.
    Bytes(u64),
}

impl Value {
    fn number(self) -> f64 {
        match self {
            Self::Time(time) => time.as_secs_f64(),
            #[allow(clippy::cast_precision_loss, reason = "shown with two digits")]
            Self::Bytes(bytes) => bytes as f64,
        }
    }
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Time(time) if time.as_millis() < 100 => {
                write!(f, "{:.1} ms", time.as_secs_f64() * 1000.0)
            }
            Self::Time(time) => write!(f, "{:.2} s", time.as_secs_f64()),
            Self::Bytes(bytes) if *bytes < 100_000 => write!(f, "{:.1} KB", self.number() / 1e3),
            Self::Bytes(_) => write!(f, "{:.2} MB", self.number() / 1e6),
        }
    }
}

/// One row.
pub struct Row {
    what: String,
    ours: Value,
    peer: Option<(String, Value)>,
    target: Option<Value>,
    peak: u64,
}

impl Row {
    /// What was measured, and ours.
    pub fn new(what: impl Into<String>, ours: Value) -> Self {
        Self { what: what.into(), ours, peer: None, target: None, peak: 0 }
    }

    /// The same of a process, with its memory.
    pub fn of(what: impl Into<String>, measure: Measure) -> Self {
        Self { peak: measure.peak, ..Self::new(what, Value::Time(measure.time)) }
    }

    /// Another program's.
    pub fn peer(mut self, name: impl Into<String>, value: Value) -> Self {
        self.peer = Some((name.into(), value));
        self
    }

    /// What it must not exceed.
    pub fn target(mut self, target: Value) -> Self {
        self.target = Some(target);
        self
    }
}

/// All rows so far.
#[derive(Default)]
pub struct Table(Vec<Row>);

impl Table {
    /// Adds a row, and shows it at once to whoever waits.
    pub fn add(&mut self, row: Row) {
        eprintln!("  {}", line(&row));
        self.0.push(row);
    }

    /// Prints all rows.
    pub fn print(&self, size: usize) {
        println!(
            "Book of {size} transactions; the middle of the repetitions; peers in the same run.\n"
        );
        println!("| work | ours | peer | peer ÷ ours | target | met | peak memory |");
        println!("|---|---|---|---|---|---|---|");
        self.0.iter().for_each(|row| println!("{}", line(row)));
    }
}

fn line(row: &Row) -> String {
    let (peer, ratio) =
        row.peer.as_ref().map_or((String::new(), String::new()), |(name, value)| {
            (format!("{name} {value}"), format!("{:.1}", value.number() / row.ours.number()))
        });
    let target = row.target.map_or(String::new(), |target| format!("≤ {target}"));
    let met = row
        .target
        .map_or("", |target| if row.ours.number() <= target.number() { "yes" } else { "no" });
    let peak = if row.peak == 0 { String::new() } else { format!("{} MB", row.peak / 1000) };
    format!("| {} | {} | {peer} | {ratio} | {target} | {met} | {peak} |", row.what, row.ours)
}

//! `bench`: times what a person waits for, beside other programs, in one run.
//!
//! `bench [--size 1k|10k|100k] [--only NAME] [--repeat N]`. The numbers of one run may be compared
//! with each other; those of two machines may not. `docs/BENCHMARKS.md` says what each row means.
#![allow(clippy::float_arithmetic, reason = "ratios and seconds for a person; never money")]

mod generate;
mod measure;
mod place;
mod rows;
mod table;
mod warm;

use place::Place;
use std::process::ExitCode;

/// Anything that went wrong, in words.
type Failed = Box<dyn std::error::Error>;

/// What to run.
pub struct Plan {
    /// Transactions in the large book.
    pub size: usize,
    /// Only rows whose group begins with this.
    pub only: Option<String>,
    /// How often each row is measured; the median counts.
    pub repeat: usize,
}

fn plan(mut words: impl Iterator<Item = String>) -> Result<Plan, Failed> {
    let mut plan = Plan { size: 100_000, only: None, repeat: 3 };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--size" => {
                let text = value()?;
                let thousands = text.strip_suffix('k').ok_or("a size is 1k, 10k or 100k")?;
                plan.size = thousands.parse::<usize>()?.saturating_mul(1000);
            }
            "--only" => plan.only = Some(value()?),
            "--repeat" => plan.repeat = value()?.parse::<usize>()?.max(1),
            other => return Err(format!("bench does not know “{other}”").into()),
        }
    }
    Ok(plan)
}

fn run() -> Result<(), Failed> {
    let mut words = std::env::args().skip(1).peekable();
    if words.peek().is_some_and(|word| word == "--warm") {
        return warm::run(&words.skip(1).collect::<Vec<_>>());
    }
    let plan = plan(words)?;
    let place = Place::new(plan.size, plan.repeat)?;
    let mut table = table::Table::default();
    for (group, work) in rows::GROUPS {
        if plan.only.as_ref().is_none_or(|only| group.starts_with(only.as_str())) {
            eprintln!("{group} …");
            work(&place, &mut table)?;
        }
    }
    table.print(plan.size);
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

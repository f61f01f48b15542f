//! `commonhold-simulator`: runs seeds and says what does not hold.

use commonhold_simulator::{Outcome, Settings, run};
use std::collections::BTreeMap;
use std::process::ExitCode;

/// What is asked for on the command line.
struct Asked {
    from: u64,
    seeds: u64,
    trace: bool,
    keep_going: bool,
    forked_copies: bool,
}

const USAGE: &str = "commonhold-simulator [--seeds N] [--from N] [--seed N] [--trace] [--keep-going] \
     [--forked-copies]";

fn asked() -> Result<Asked, String> {
    let mut asked =
        Asked { from: 1, seeds: 1000, trace: false, keep_going: false, forked_copies: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut number = || {
            let number = words.next().and_then(|word| word.parse().ok());
            number.ok_or_else(|| format!("{word} needs a number\n{USAGE}"))
        };
        match word.as_str() {
            "--seeds" => asked.seeds = number()?,
            "--from" => asked.from = number()?,
            "--seed" => (asked.from, asked.seeds) = (number()?, 1),
            "--trace" => asked.trace = true,
            "--keep-going" => asked.keep_going = true,
            "--forked-copies" => asked.forked_copies = true,
            _ => return Err(format!("{word} is not known\n{USAGE}")),
        }
    }
    Ok(asked)
}

/// Says what failed, and what happened before.
fn report(outcome: &Outcome, why: &str) {
    let seed = outcome.seed;
    println!("seed {seed} failed: {why} — reproduce: make simulate SEED={seed}");
    outcome.last.iter().for_each(|line| eprintln!("  {line}"));
}

// How long it takes is shown to people and decides nothing.
#[allow(clippy::disallowed_methods)]
fn main() -> ExitCode {
    let asked = match asked() {
        Ok(asked) => asked,
        Err(usage) => {
            eprintln!("{usage}");
            return ExitCode::from(2);
        }
    };
    let settings = Settings { loud: asked.trace, forked_copies: asked.forked_copies, broken: None };
    let begun = std::time::Instant::now();
    let (mut steps, mut done, mut failed) = (0_u64, 0_u64, 0_u64);
    let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
    for seed in asked.from..asked.from.saturating_add(asked.seeds) {
        let outcome = run(seed, settings);
        (done, steps) = (done.saturating_add(1), steps.saturating_add(outcome.steps));
        for (what, times) in &outcome.counts {
            let count = counts.entry(what).or_default();
            *count = count.saturating_add(*times);
        }
        if let Some(why) = &outcome.failed {
            failed = failed.saturating_add(1);
            report(&outcome, &why.0);
            if !asked.keep_going {
                break;
            }
        }
        if done.is_multiple_of(50) {
            eprintln!("{done} seeds, {} s", begun.elapsed().as_secs());
        }
    }
    let seconds = begun.elapsed().as_millis();
    println!("{done} seeds, {steps} steps, {failed} failed, {seconds} ms");
    counts.iter().for_each(|(what, times)| println!("{times:>9} {what}"));
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! The same invented transactions on every machine, as a bank's CSV and as plain text journals.

use std::fmt::Write;

/// One payment. Amounts are whole cents.
pub struct Payment {
    date: String,
    cents: i64,
    payee: &'static str,
    narration: String,
    reference: String,
}

/// A word ten payments have, one that half of them have, and the beginning of a third.
pub const RARE: &str = "zephyrine";
/// In every second narration.
pub const FREQUENT: &str = "invoice";
/// Beginning of “bandwidth” and “bank”.
pub const PREFIX: &str = "ban";

const PAYEES: [&str; 16] = [
    "Hetzner Online GmbH",
    "Northwind Hosting",
    "Ada Oyelaran",
    "Registrar of Names",
    "Open Source Collective",
    "Mirror Friends e.V.",
    "Jonas Lindqvist",
    "Payments Europe",
    "Library of Saint Ives",
    "Kernel Research Fund",
    "Tomoko Arai",
    "Fibre Cooperative",
    "Backup Vault Ltd",
    "Universität Beispiel",
    "Rosa Delgado",
    "Civic Software Trust",
];
const THINGS: [&str; 12] = [
    "server rent",
    "bandwidth",
    "bank charges",
    "monthly donation",
    "build machines",
    "storage",
    "domain renewal",
    "maintenance",
    "security audit",
    "travel",
    "documentation",
    "support",
];

/// A small generator of numbers that look random and are always the same (splitmix64).
pub struct Numbers(u64);

impl Numbers {
    /// Begins with a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)).checked_rem(end).unwrap_or(0)
    }

    fn one_of(&mut self, words: &[&'static str]) -> &'static str {
        let place = self.below(words.len().try_into().unwrap_or(1));
        usize::try_from(place).ok().and_then(|place| words.get(place)).copied().unwrap_or("")
    }
}

/// Payments over ten years, oldest first.
pub fn payments(count: usize) -> Vec<Payment> {
    let mut numbers = Numbers::new(20_261_121);
    let step = count.div_ceil(10).max(1);
    (0..count)
        .map(|n| {
            let slot = n.saturating_mul(3360).checked_div(count.max(1)).unwrap_or(0);
            let (year, rest) = (slot / 336, slot % 336);
            let (month, day) = (rest / 28, rest % 28);
            let cents = i64::try_from(numbers.below(90_000)).unwrap_or(0).saturating_add(100);
            let coming = numbers.below(3) == 0;
            let extra = match (n.checked_rem(step) == Some(7), numbers.below(2) == 0) {
                (true, _) => RARE,
                (_, true) => FREQUENT,
                _ => "payment",
            };
            Payment {
                date: format!(
                    "{}-{:02}-{:02}",
                    year.saturating_add(2016),
                    month.saturating_add(1),
                    day.saturating_add(1)
                ),
                cents: if coming { cents } else { cents.saturating_neg() },
                payee: numbers.one_of(&PAYEES),
                narration: format!("{} {extra} {}", numbers.one_of(&THINGS), numbers.below(10_000)),
                reference: format!("R{:010}", numbers.below(10_000_000_000)),
            }
        })
        .collect()
}

/// `-412.35` of whole cents.
fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

/// A bank's CSV.
pub fn csv(payments: &[Payment]) -> String {
    let mut out = String::from("Date,Amount,Currency,Payee,Description,Reference\n");
    for p in payments {
        let amount = decimal(p.cents);
        let _ =
            writeln!(out, "{},{amount},EUR,{},{},{}", p.date, p.payee, p.narration, p.reference);
    }
    out
}

/// How Commonhold is told to read it.
pub const MAPPING: &str = r#"{"separator":",","encoding":"utf-8","decimal":".",
"date_format":"YYYY-MM-DD","skip_lines":0,"date":"Date","amount":"Amount","currency":"Currency",
"payee":"Payee","narration":"Description","reference":"Reference"}"#;

/// How hledger is told to read it.
pub const RULES: &str = "skip 1
fields date,amount,currency,payee,narration,code
date-format %Y-%m-%d
description %payee | %narration
account1 Assets:Bank
account2 Expenses:Uncategorised
if %amount ^[^-]
  account2 Income:Uncategorised
";

/// The same payments as a journal that hledger and ledger both read.
pub fn journal(payments: &[Payment]) -> String {
    let mut out = String::new();
    for p in payments {
        let other = if p.cents > 0 { "Income:Uncategorised" } else { "Expenses:Uncategorised" };
        let (here, there) = (decimal(p.cents), decimal(p.cents.saturating_neg()));
        let _ = writeln!(
            out,
            "{} ({}) {} | {}\n    Assets:Bank  {here} EUR\n    {other}  {there} EUR\n",
            p.date, p.reference, p.payee, p.narration
        );
    }
    out
}

//! A CSV file of a bank, read by the mapping that is guessed and by one the input chooses.
#![no_main]

use commonhold_exchange::import::csv::guess::guess;
use commonhold_exchange::import::{
    CsvMapping, DateFormat, DecimalMark, Encoding, Reading, Separator, read,
};
use commonhold_fuzz::bytes::bit;
use commonhold_fuzz::{Bytes, calm};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

/// Nothing is dropped, everything balances, and no two rows are the same one.
fn look(reading: &Reading) {
    let found = reading.drafts.len() + reading.not_understood.len();
    assert_eq!(reading.rows, found as u64);
    for draft in &reading.drafts {
        let legs = draft.legs.iter().map(|(_, leg)| i128::from(leg.minor)).sum::<i128>();
        assert_eq!(i128::from(draft.amount.minor) + legs, 0);
        assert!(!draft.narration.is_empty() && draft.narration.len() <= 10_000);
    }
    let identities: BTreeSet<&str> = reading.drafts.iter().map(|d| d.identity.as_str()).collect();
    assert_eq!(identities.len(), reading.drafts.len());
}

fn chosen(bytes: &mut Bytes<'_>, columns: &[String]) -> CsvMapping {
    let [form, some] = bytes.array::<2>();
    let mut column = || columns.get(usize::from(bytes.byte())).cloned();
    let mapping = CsvMapping {
        separator: [Separator::Comma, Separator::Semicolon, Separator::Tab, Separator::Bar]
            [usize::from(form & 3)],
        encoding: [Encoding::Utf8, Encoding::Windows1252, Encoding::Iso88591, Encoding::Utf16Le]
            [usize::from(form >> 2 & 3)],
        decimal: if bit(form, 4) { DecimalMark::Comma } else { DecimalMark::Dot },
        date_format: [
            DateFormat::Iso,
            DateFormat::Dots,
            DateFormat::DayFirst,
            DateFormat::MonthFirst,
            DateFormat::Compact,
        ][usize::from(form >> 5) % 5],
        date: column().unwrap_or_default(),
        amount: column().filter(|_| bit(some, 0)),
        debit: column().filter(|_| bit(some, 1)),
        credit: column().filter(|_| bit(some, 2)),
        currency: column().filter(|_| bit(some, 3)),
        fixed_currency: bit(some, 4).then(|| "EUR".to_owned()),
        payee: column().filter(|_| bit(some, 5)),
        narration: column().filter(|_| bit(some, 6)),
        reference: column().filter(|_| bit(some, 7)),
        skip_lines: 0,
    };
    CsvMapping { skip_lines: u32::from(bytes.byte()), ..mapping }
}

fuzz_target!(|data: &[u8]| {
    calm(|| {
        let mut bytes = Bytes(data);
        let choose = bytes.byte() & 1 == 1;
        let mut choice = Bytes(if choose { &data[1..data.len().min(13)] } else { &[] });
        let file = bytes.0.get(choice.0.len()..).unwrap_or_default();
        let _ = guess(file);
        let Ok(reading) = read("csv", file, None) else { return };
        look(&reading);
        if choose
            && let Ok(reading) = read("csv", file, Some(&chosen(&mut choice, &reading.columns)))
        {
            look(&reading);
        }
    });
});

//! Mappings, guesses and identities.

use super::mapping::{DateFormat, DecimalMark, Encoding, Separator};
use super::*;
use crate::import::tests::fixture;
use std::collections::BTreeSet;

fn mapping() -> CsvMapping {
    CsvMapping {
        date: "date".into(),
        amount: Some("amount".into()),
        narration: Some("text".into()),
        reference: Some("ref".into()),
        fixed_currency: Some("EUR".into()),
        separator: Separator::Semicolon,
        decimal: DecimalMark::Comma,
        ..CsvMapping::default()
    }
}

fn identities(bytes: &[u8]) -> BTreeSet<String> {
    let reading = read(bytes, Some(&mapping())).unwrap();
    assert_eq!(reading.not_understood, []);
    reading.drafts.into_iter().map(|draft| draft.identity).collect()
}

/// Story S2: import without loss or doubles.
#[test]
fn overlapping_statements_bring_each_row_once() {
    let first = identities(&fixture("statement-w1"));
    assert_eq!(first.len(), 4);
    assert_eq!(identities(&fixture("statement-w1")).difference(&first).count(), 0);
    let second = read(&fixture("statement-w2"), Some(&mapping())).unwrap();
    let new: Vec<_> = second.drafts.iter().filter(|d| !first.contains(&d.identity)).collect();
    let told: Vec<_> = new.iter().map(|d| (d.line, d.narration.as_str(), d.amount.minor)).collect();
    assert_eq!(told, [(5, "HETZNER", -41_235), (6, "Donation", 500)]);
}

#[test]
fn identity_is_of_what_a_row_says_not_how() {
    let one = identities(b"date;text;amount;ref\n2026-06-01;A  b;1,50;x\n");
    let two = identities(b"ref;date;amount;other;text\n\n X ;2026-06-01;+1,5;9;a B\n");
    assert_eq!(one, two);
    assert_ne!(one, identities(b"date;text;amount;ref\n2026-06-01;A b;1,51;x\n"));
    assert_ne!(one, identities(b"date;text;amount;ref\n2026-06-01;A b x;1,50;\n"));
}

#[test]
fn amounts_are_exact_and_sides_balance() {
    let bytes = b"date;text;amount;ref\n2026-06-01;a;154185,12;\n2026-06-01;;-1;\n";
    let reading = read(bytes, Some(&mapping())).unwrap();
    let told: Vec<_> =
        reading.drafts.iter().map(|d| (d.amount.minor, d.legs[0].0.as_str())).collect();
    assert_eq!(told, [(15_418_512, INCOME), (-100, EXPENSE)]);
    assert_eq!(reading.drafts[1].narration, NO_TEXT);
}

#[test]
fn a_mapping_that_does_not_fit_is_named() {
    let bytes = b"Datum;Betrag\n2026-06-01;1\n";
    let sentence = read(bytes, Some(&mapping())).unwrap_err().to_string();
    assert_eq!(
        sentence,
        "The header in line 1 has no column “date”, “amount”, “text”, “ref”; it has these columns: \
         “Datum”, “Betrag”."
    );
    for mapping in [
        CsvMapping { date: String::new(), ..mapping() },
        CsvMapping { amount: None, ..mapping() },
        CsvMapping { fixed_currency: None, ..mapping() },
        CsvMapping { fixed_currency: Some("euro".into()), ..mapping() },
    ] {
        assert!(matches!(read(bytes, Some(&mapping)), Err(Error::Mapping(_))));
    }
}

#[test]
fn a_bank_file_is_guessed() {
    let found = guess::guess(&fixture("bank-preamble")).unwrap();
    assert!(found.sure, "{:?}", found.warnings);
    assert_eq!(found.mapping.separator, Separator::Semicolon);
    assert_eq!(found.mapping.encoding, Encoding::Windows1252);
    assert_eq!(found.mapping.decimal, DecimalMark::Comma);
    assert_eq!(found.mapping.date_format, DateFormat::Dots);
    assert_eq!(found.mapping.skip_lines, 5);
    assert_eq!(found.mapping.amount.as_deref(), Some("Betrag (EUR)"));
    assert_eq!(found.mapping.fixed_currency.as_deref(), Some("EUR"));
    assert_eq!(found.mapping.payee.as_deref(), Some("Auftraggeber/Empfänger"));
}

#[test]
fn what_is_open_is_said() {
    let found = guess::guess(&fixture("open-questions")).unwrap();
    assert!(!found.sure);
    let said = found.warnings.join(" ");
    for word in ["DD/MM/YYYY and MM/DD/YYYY", "before the cents", "which currency"] {
        assert!(said.contains(word), "{said}");
    }
    let reading = read(&fixture("open-questions"), None).unwrap();
    assert!(!reading.sure && reading.drafts.is_empty() && reading.not_understood.len() == 2);
    let day_first = guess::guess(&fixture("debit-credit")).unwrap();
    assert_eq!(day_first.mapping.date_format, DateFormat::DayFirst);
    assert!(day_first.sure, "{:?}", day_first.warnings);
    let month_first =
        guess::guess(b"Date,Amount,Currency\n1/13/2026,1.50,USD\n1/2/2026,2.50,USD\n");
    assert_eq!(month_first.unwrap().mapping.date_format, DateFormat::MonthFirst);
}

#[test]
fn encodings_and_line_ends_read_alike() {
    let text =
        "\u{feff}date;text;amount;ref\r\n2026-06-01;Zoë;1,50;x\r\n2026-06-02;Ünal;2,50;y\r\n";
    let plain = read(text.as_bytes(), Some(&mapping())).unwrap();
    let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text.trim_start_matches('\u{feff}'));
    let mac = text.replace("\r\n", "\r");
    for (bytes, encoding) in [
        (utf_16.as_slice(), Encoding::Utf16Le),
        (&*latin, Encoding::Windows1252),
        (&*latin, Encoding::Iso88591),
        (mac.as_bytes(), Encoding::Utf8),
    ] {
        let reading = read(bytes, Some(&CsvMapping { encoding, ..mapping() })).unwrap();
        assert_eq!(reading.drafts, plain.drafts, "{encoding:?}");
        assert_eq!(guess::guess(bytes).unwrap().mapping.separator, Separator::Semicolon);
    }
    let wrong = read(&latin, Some(&mapping())).unwrap();
    assert_eq!(wrong.not_understood.len(), 2);
    assert!(wrong.not_understood[0].reason.contains("encoding"));
}

#[test]
fn a_nul_is_reported_with_its_line() {
    let reading = read(
        b"date;text;amount;ref\n2026-06-01;a\0b;1,50;x\n2026-06-02;c;1,50;x\n",
        Some(&mapping()),
    );
    let reading = reading.unwrap();
    assert_eq!((reading.drafts.len(), reading.not_understood[0].line), (1, 2));
}

#[test]
fn the_mapping_has_the_names_of_the_contract() {
    let json = serde_json::to_string(&mapping()).unwrap();
    assert_eq!(
        json,
        concat!(
            r#"{"separator":";","encoding":"utf-8","decimal":",","date_format":"YYYY-MM-DD""#,
            r#","skip_lines":0,"date":"date","amount":"amount","debit":null,"credit":null"#,
            r#","currency":null,"fixed_currency":"EUR","payee":null,"narration":"text""#,
            r#","reference":"ref"}"#,
        )
    );
    assert_eq!(serde_json::from_str::<CsvMapping>(&json).unwrap(), mapping());
    assert_eq!(serde_json::from_str::<CsvMapping>("{}").unwrap(), CsvMapping::default());
    assert!(serde_json::from_str::<CsvMapping>(r#"{"separator":"x"}"#).is_err());
}

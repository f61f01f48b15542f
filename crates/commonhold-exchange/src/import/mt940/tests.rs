//! The traps of MT940 files.

use super::*;
use crate::import::tests::fixture;

fn reading(text: &str) -> Reading {
    read(text.as_bytes()).unwrap()
}

const HEAD: &str = ":20:A\n:25:1/2\n:28C:1\n:60F:C260601EUR10,\n";

#[test]
fn files_without_a_statement_are_refused() {
    for (text, word) in [
        ("1\n2\n3\n", "no statement"),
        (":20:A\n", "no statement"),
        (":60F:C140829EUR147,64\n", "no statement"),
        (":20:A\n:25:1\n:34F:EUR0,\n:61:260601C1,NTRF\n:90C:1EUR1,\n", "MT942"),
        (":NS:", "no statement"),
    ] {
        let sentence = read(text.as_bytes()).unwrap_err().to_string();
        assert!(sentence.contains(word) && sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn reversals_take_back() {
    let text = format!("{HEAD}:61:260601RC4,NTRF\n:61:260601RD1,NTRF\n:62F:C260601EUR7,\n");
    let reading = reading(&text);
    let found: Vec<_> = reading
        .drafts
        .iter()
        .map(|draft| (draft.amount.to_string(), draft.legs[0].0.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("-4.00 EUR".to_owned(), "Income:Uncategorised"),
            ("1.00 EUR".to_owned(), "Expenses:Uncategorised")
        ]
    );
    assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
}

#[test]
fn rows_without_a_currency_are_listed() {
    let reading = reading(":20:A\n:61:260601C4,NTRF\n:61:2606\n");
    assert_eq!((reading.rows, reading.drafts.len()), (2, 0));
    assert!(reading.not_understood[0].reason.contains(":60F:"));
    assert!(reading.not_understood[1].reason.contains("no day"));
}

#[test]
fn a_row_cut_in_two_lines_is_joined() {
    let reading =
        reading(&format!("{HEAD}:61:1811261126CR\n30,00N062NONREF\n:\n:86:166?20SVWZ+Test\n"));
    assert_eq!(reading.drafts[0].amount.to_string(), "30.00 EUR");
    assert_eq!(reading.drafts[0].narration, "Test");
    assert!(reading.warnings[0].contains("no closing balance"));
}

#[test]
fn a_row_is_the_same_in_every_export() {
    let whole = String::from_utf8(fixture("mt940-german.sta")).unwrap();
    let identities = |text: &str| -> Vec<String> {
        reading(text).drafts.into_iter().map(|draft| draft.identity).collect()
    };
    let all = identities(&whole);
    let bare: String = whole
        .lines()
        .filter(|line| !line.starts_with('{') && !line.starts_with("-}"))
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    assert_eq!(all, identities(&bare));
    assert_eq!(all, identities(&whole.replace("Interest", "interest")));
    // Two equal rows are two; in a file of the second message alone they are the same two.
    let second = &bare[bare.rfind(":20:").unwrap()..];
    assert_eq!(all[3..], identities(second));
}

#[test]
fn a_file_twice_in_one_counts_once() {
    let whole = String::from_utf8(fixture("mt940-dutch.sta")).unwrap();
    let once = reading(&whole);
    let twice = reading(&format!("{whole}{whole}"));
    assert_eq!(twice.drafts.len(), once.drafts.len());
    assert_eq!(twice.rows, 2 * once.rows);
    let amount = |reading: &Reading| reading.accounts().len();
    assert_eq!(amount(&twice), 1);
}

//! `docs/ROLES.md` says who may write what, as the code has it.

use crate::support::root;
use commonhold_core::Kind;

/// The rows of the first table whose header is this, without the line below it.
fn rows(text: &str, header: &str) -> Vec<Vec<String>> {
    let lines = text.lines().skip_while(|line| line.trim() != header).skip(2);
    let table = lines.take_while(|line| line.starts_with('|'));
    let cells = |line: &str| {
        let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
        inner.split('|').map(|cell| cell.trim().to_owned()).collect()
    };
    table.map(cells).collect()
}

#[test]
fn the_document_of_roles_names_every_kind_with_those_who_may_write_it() {
    let text = std::fs::read_to_string(root().join("docs/ROLES.md")).unwrap();
    let found: Vec<(String, String)> = rows(&text, "| kind | roles | note |")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    let wanted = Kind::ALL.iter().map(|kind| {
        let roles: Vec<&str> = kind.info().writers.iter().map(|role| role.name()).collect();
        (kind.name().to_owned(), roles.join(", "))
    });
    assert_eq!(found, wanted.collect::<Vec<_>>(), "one row a kind, in the order of the list");
}

#[test]
fn a_row_that_differs_is_noticed() {
    let text = "x\n| kind | roles | note |\n|---|---|---|\n| fund | leadership | |\n\n| a | b | |";
    assert_eq!(rows(text, "| kind | roles | note |"), [["fund", "leadership", ""]]);
    assert!(rows(text, "| kind | role | note |").is_empty());
}

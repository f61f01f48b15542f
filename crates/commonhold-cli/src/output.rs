//! Printing, for a person or for a script.

use commonhold_app::{Failure, Progress};
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// How to print.
#[derive(Clone, Copy)]
pub struct Output {
    /// For a script.
    pub json: bool,
}

impl Output {
    /// Prints a line for a person; a script does not see it. A closed pipe ends quietly.
    pub fn line(&self, text: impl AsRef<str>) {
        if !self.json {
            let _ = writeln!(std::io::stdout(), "{}", text.as_ref());
        }
    }

    /// Prints a value for a script.
    pub fn value(&self, value: &impl Serialize) {
        if self.json {
            let text = serde_json::to_string_pretty(value).unwrap_or_default();
            let _ = writeln!(std::io::stdout(), "{text}");
        }
    }

    /// Prints rows with aligned columns; the last column of numbers is aligned right by its caller.
    pub fn table(&self, header: &[&str], rows: &[Vec<String>]) {
        if self.json {
            return;
        }
        let mut widths: Vec<usize> = header.iter().map(|cell| cell.chars().count()).collect();
        for row in rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let print = |cells: &mut dyn Iterator<Item = &str>| {
            let line: Vec<String> = cells
                .zip(&widths)
                .map(|(cell, width)| {
                    let space = " ".repeat(width.saturating_sub(cell.chars().count()));
                    if is_amount(cell) {
                        format!("{space}{cell}")
                    } else {
                        format!("{cell}{space}")
                    }
                })
                .collect();
            self.line(line.join("  ").trim_end());
        };
        print(&mut header.iter().copied());
        for row in rows {
            print(&mut row.iter().map(String::as_str));
        }
    }

    /// Prints why something was not done.
    pub fn failure(&self, failure: &Failure) {
        if self.json {
            self.value(&serde_json::json!({ "failure": failure }));
            return;
        }
        let mut out = std::io::stderr();
        let _ = writeln!(out, "commonhold: {failure}");
        if let Some(detail) = &failure.detail {
            let _ = writeln!(out, "  ({detail})");
        }
    }

    /// Hears progress and shows it on a terminal.
    pub fn progress(&self) -> impl FnMut(Progress) -> bool + use<> {
        let show = !self.json && std::io::stderr().is_terminal();
        move |progress| {
            if show {
                let total = progress.total.map_or_else(String::new, |total| format!(" of {total}"));
                let _ = write!(
                    std::io::stderr(),
                    "\r{}{total} {}\u{1b}[K\r",
                    progress.done,
                    progress.note
                );
            }
            true
        }
    }
}

/// Whether a cell is an amount of money, which is aligned right.
fn is_amount(cell: &str) -> bool {
    let mut parts = cell.split(' ');
    let number = parts.next().unwrap_or_default();
    let plain = number.chars().all(|c| c.is_ascii_digit() || c == '-' || c == '.');
    let currency = parts.next().is_some_and(|c| c.len() == 3 && c.chars().all(char::is_uppercase));
    plain && currency && parts.next().is_none()
}

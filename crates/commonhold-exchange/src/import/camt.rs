//! Bank statements of ISO 20022: camt.052 (report of the day), camt.053 (statement) and camt.054
//! (notification), of every version, since names are read without their namespace.
//!
//! One entry is one row; an entry that stands for several payments is split when their amounts add
//! up to it exactly, and never counted beside them. Only booked entries become drafts.

mod entry;

use super::bank::Ledger;
use super::number::exact;
use super::xml::{self, Node, Part};
use super::{Error, Reading, day, refuse};
use commonhold_core::{Currency, Date, Money};

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "camt";

/// Messages and the element that is a statement in each.
const MESSAGES: &[(&str, &str, bool)] = &[
    ("BkToCstmrStmt", "Stmt", false),
    ("BkToCstmrAcctRpt", "Rpt", false),
    ("BkToCstmrDbtCdtNtfctn", "Ntfctn", true),
];

/// Reads a file of one message with any number of statements.
///
/// # Errors
/// When the file is no well-formed XML, another message, or holds no statement.
pub fn read(bytes: &[u8]) -> Result<Reading, Error> {
    refuse::check_text(bytes)?;
    refuse::check_web_page(bytes)?;
    let text = xml::decode(bytes);
    if !text.text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Err(Error::Unusable(
            "This is no XML file, so no bank statement of the kind camt; choose another format."
                .into(),
        ));
    }
    let mut message = Message { ledger: Ledger::new(FORMAT), kind: None, text: &text.text };
    xml::walk(&text.text, 3, &mut |part| message.take(part))?;
    if message.ledger.reading.statements.is_empty() {
        return Err(Error::Unusable(
            "The file is a bank's message without any statement in it; export the statement again."
                .into(),
        ));
    }
    if message.kind.is_some_and(|(_, _, notification)| notification) {
        message.ledger.warn(
            "This is a notification of single payments (camt.054), which the statement of the day \
             may hold too; import only one of the two, or look for doubles."
                .into(),
        );
    }
    if text.damaged {
        message.ledger.warn("Some letters of the file cannot be read and stand as �.".into());
    }
    Ok(message.ledger.finish())
}

struct Message<'t> {
    ledger: Ledger,
    kind: Option<(&'static str, &'static str, bool)>,
    text: &'t str,
}

impl Message<'_> {
    fn take(&mut self, part: Part<'_>) -> Result<(), Error> {
        match part {
            Part::Begin(0, "Document", _) => Ok(()),
            Part::Begin(0, name, _) => Err(other_message(name)),
            Part::Begin(1, name, _) => {
                // The first version wrote its number behind the name.
                let plain = name.strip_suffix("V01").unwrap_or(name);
                self.kind = MESSAGES.iter().find(|(known, ..)| *known == plain).copied();
                if self.kind.is_some() { Ok(()) } else { Err(other_message(name)) }
            }
            Part::Begin(_, name, line) => {
                if self.kind.is_some_and(|(_, statement, _)| statement == name) {
                    return self.ledger.begin(line);
                }
                Ok(())
            }
            Part::End(2) => {
                self.ledger.end();
                Ok(())
            }
            Part::End(_) => Ok(()),
            Part::Whole(node) if self.ledger.is_open() => self.statement_part(&node),
            Part::Whole(_) => Ok(()),
        }
    }

    fn statement_part(&mut self, node: &Node) -> Result<(), Error> {
        match node.name.as_str() {
            "Ntry" => return entry::take(&mut self.ledger, node, self.text),
            "Acct" => {
                let number = node.value(&["Id", "IBAN"]).or(node.value(&["Id", "Othr", "Id"]));
                // The first version knew other places.
                let number = number.or(node.value(&["Id", "PrtryAcct", "Id"]));
                if let Some(number) = number.or(node.value(&["Id", "BBAN"])) {
                    self.ledger.set_account(number);
                }
            }
            "ElctrncSeqNb" => self.ledger.set_number(&node.text),
            "Id" | "LglSeqNb" if self.ledger.info().is_some_and(|info| info.number.is_none()) => {
                self.ledger.set_number(&node.text);
            }
            "FrToDt" => {
                let from = node.value(&["FrDtTm"]).or(node.value(&["FrDt"])).and_then(iso);
                let to = node.value(&["ToDtTm"]).or(node.value(&["ToDt"])).and_then(iso);
                if let Some(info) = self.ledger.info() {
                    (info.from, info.to) = (from.or(info.from), to.or(info.to));
                }
            }
            "Bal" => self.balance(node),
            _ => {}
        }
        Ok(())
    }

    /// `OPBD` and `PRCD` are the balance before the first entry, `CLBD` the one after the last.
    fn balance(&mut self, node: &Node) {
        let code = node.value(&["Tp", "CdOrPrtry", "Cd"]).or(node.value(&["Tp", "Cd"]));
        let Some(code @ ("OPBD" | "PRCD" | "CLBD")) = code else { return };
        let signed = money(node.child("Amt")).and_then(|amount| direction(node, amount));
        let day = date(node.child("Dt"));
        match signed {
            Err(reason) => self.ledger.warn(format!("The balance in line {}: {reason}", node.line)),
            Ok(amount) => {
                let Some(info) = self.ledger.info() else { return };
                if code == "CLBD" {
                    info.closing = Some(amount);
                    info.to = info.to.or(day);
                } else if code == "OPBD" || info.opening.is_none() {
                    info.opening = Some(amount);
                }
            }
        }
    }
}

fn other_message(name: &str) -> Error {
    let name = super::text::clip(name, 40);
    Error::Unusable(format!(
        "The file is XML, but no bank statement (it begins with “{name}”); choose a file of the \
         kind camt.052, camt.053 or camt.054."
    ))
}

/// An amount with its currency, without sign.
fn money(node: Option<&Node>) -> Result<Money, String> {
    let node = node.ok_or("The amount is missing.")?;
    let code = node.currency.as_deref().ok_or("The amount has no currency.")?;
    let currency: Currency = code.trim().parse()?;
    let amount = exact(&node.text, currency)?;
    if amount.minor < 0 {
        return Err(format!("The amount {amount} has a sign, which no camt amount has."));
    }
    Ok(amount)
}

/// The amount with the sign that `CdtDbtInd` gives it.
fn direction(node: &Node, amount: Money) -> Result<Money, String> {
    match node.value(&["CdtDbtInd"]) {
        Some("CRDT") => Ok(amount),
        Some("DBIT") => Ok(amount.negated()),
        _ => Err("It does not say whether money comes in or goes out (CdtDbtInd).".into()),
    }
}

/// The day of an element that holds `Dt` or `DtTm`; a moment's day as the bank writes it.
fn date(node: Option<&Node>) -> Option<Date> {
    let node = node?;
    node.value(&["Dt"]).or(node.value(&["DtTm"])).or(node.value(&["Dt", "Dt"])).and_then(iso)
}

fn iso(text: &str) -> Option<Date> {
    let (day, rest) = (text.get(..10)?, text.get(10..)?);
    let sound = rest.is_empty() || rest.starts_with(['T', ' ', 'Z', '+', '-']);
    if sound { day::parse(day, super::DateFormat::Iso).ok() } else { None }
}

#[cfg(test)]
mod tests;

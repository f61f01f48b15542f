//! One entry (`Ntry`) of a statement, with the payments it stands for (`TxDtls`).

use super::{date, direction, money};
use crate::import::Error;
use crate::import::bank::{Entry, Ledger, plain};
use crate::import::xml::Node;
use commonhold_core::Money;

/// Takes an entry into the ledger: as one row, as one row for each payment, or as not understood.
pub(super) fn take(ledger: &mut Ledger, node: &Node, text: &str) -> Result<(), Error> {
    let own = ledger.info().and_then(|info| info.account.clone()).unwrap_or_default();
    let raw = text.get(node.span.0..node.span.1).unwrap_or("");
    if let Some((reason, booked)) = not_booked(node) {
        return ledger.refuse(node.line, raw, reason, booked);
    }
    match read(node, &plain(&own)) {
        Err(reason) => ledger.refuse(node.line, raw, reason, true),
        Ok((entries, warning)) => {
            if let Some(warning) = warning {
                ledger.warn(warning);
            }
            entries.into_iter().try_for_each(|entry| ledger.book(entry))
        }
    }
}

/// Why an entry is not booked, and whether the balances hold it.
fn not_booked(node: &Node) -> Option<(String, bool)> {
    let status = node.child("Sts")?;
    let code = status.value(&["Cd"]).or(status.value(&["Prtry"])).unwrap_or(status.text.trim());
    let reason = match code {
        "BOOK" => return None,
        "PDNG" => "The entry is pending (PDNG): not booked yet; a later statement will hold it.",
        "INFO" => "The entry is for information only (INFO): no money moved.",
        "FUTR" => "The entry lies in the future (FUTR): not booked yet.",
        other => {
            let other = crate::import::text::clip(other, 20);
            return Some((format!("The entry's status “{other}” is not known."), true));
        }
    };
    Some((reason.to_owned(), false))
}

/// The rows of a booked entry, and a warning about it.
fn read(node: &Node, own: &str) -> Result<(Vec<Entry>, Option<String>), String> {
    let amount = direction(node, money(node.child("Amt"))?)?;
    let day = date(node.child("BookgDt")).or_else(|| date(node.child("ValDt")));
    let day = day.ok_or("The entry has no booking day that can be read.")?;
    let reversal = match node.value(&["RvslInd"]) {
        None | Some("false" | "0") => false,
        Some("true" | "1") => true,
        Some(_) => return Err("The entry does not say clearly whether it is a reversal.".into()),
    };
    let details: Vec<&Node> = node
        .all("NtryDtls")
        .flat_map(|details| details.all("TxDtls"))
        .chain(node.all("TxDtls"))
        .collect();
    let base = |line, amount| Entry {
        reversal,
        sign_in_doubt: reversal,
        bank_ref: own_reference(node),
        ..Entry::new(line, day, amount)
    };
    let (parts, warning) = match details.as_slice() {
        [] | [_] => (None, None),
        several => match split(several, amount) {
            Some(parts) => (Some(parts), None),
            None => (
                None,
                Some(format!(
                    "The entry of {amount} on {day} (line {}) stands for {} payments whose amounts \
                     do not add up to it; it is read as one row.",
                    node.line,
                    several.len()
                )),
            ),
        },
    };
    if let Some(parts) = parts {
        let rows = details.iter().zip(parts).map(|(details, amount)| {
            let mut entry = base(details.line, amount);
            fill(&mut entry, details, own);
            entry.text = entry.text.or_else(|| additional(node));
            entry
        });
        return Ok((rows.collect(), None));
    }
    let mut entry = base(node.line, amount);
    match details.as_slice() {
        [only] => fill(&mut entry, only, own),
        several => entry.text = batch_text(node, several.len()),
    }
    entry.text = entry.text.or_else(|| additional(node));
    Ok((vec![entry], warning))
}

/// What the payments of an entry amount to, with signs, when they add up to it exactly: all in the
/// entry's direction, or each in its own.
fn split(details: &[&Node], whole: Money) -> Option<Vec<Money>> {
    let sizes: Option<Vec<Money>> = details.iter().map(|node| size(node, whole)).collect();
    let sizes = sizes?;
    let adds_up = |amounts: &[Money]| {
        let zero = Money::new(0, whole.currency);
        amounts.iter().try_fold(zero, |sum, part| sum.checked_add(*part)) == Some(whole)
    };
    let along: Vec<Money> =
        sizes.iter().map(|size| if whole.minor < 0 { size.negated() } else { *size }).collect();
    if adds_up(&along) {
        return Some(along);
    }
    let own: Option<Vec<Money>> =
        details.iter().zip(&sizes).map(|(node, size)| direction(node, *size).ok()).collect();
    own.filter(|own| adds_up(own))
}

/// A payment's amount in the account's currency: what was settled, else the amount itself.
fn size(node: &Node, whole: Money) -> Option<Money> {
    let settled = node.at(&["AmtDtls", "TxAmt", "Amt"]);
    [settled, node.child("Amt")]
        .into_iter()
        .filter_map(|amount| money(amount).ok())
        .find(|amount| amount.currency == whole.currency)
}

/// Names, references and text of a payment.
fn fill(entry: &mut Entry, node: &Node, own: &str) {
    let refs = |name| node.value(&["Refs", name]).map(str::to_owned);
    entry.end_to_end_id = refs("EndToEndId");
    entry.bank_ref = refs("AcctSvcrRef").or(entry.bank_ref.take());
    let (payee, account) = other_side(node, entry.amount.minor > 0, own);
    entry.payee = payee;
    entry.counterparty_account = account;
    entry.text = remittance(node)
        .or_else(|| node.value(&["AddtlTxInf"]).map(str::to_owned))
        .or_else(|| node.value(&["RtrInf", "AddtlInf"]).map(str::to_owned));
}

/// Name and account of the other side. Who pays is the debtor; where that account is our own, as
/// in payments sent back, it is the creditor.
fn other_side(node: &Node, comes_in: bool, own: &str) -> (Option<String>, Option<String>) {
    let Some(parties) = node.child("RltdPties") else { return (None, None) };
    let side = |party: &str, ultimate: &str, account: &str| {
        let name = |of: &str| {
            parties.value(&[of, "Nm"]).or(parties.value(&[of, "Pty", "Nm"])).map(str::to_owned)
        };
        let number = parties
            .value(&[account, "Id", "IBAN"])
            .or(parties.value(&[account, "Id", "Othr", "Id"]))
            .map(str::to_owned);
        (name(party).or_else(|| name(ultimate)), number)
    };
    let debtor = side("Dbtr", "UltmtDbtr", "DbtrAcct");
    let creditor = side("Cdtr", "UltmtCdtr", "CdtrAcct");
    let ours = |side: &(Option<String>, Option<String>)| {
        !own.is_empty() && side.1.as_deref().is_some_and(|account| plain(account) == own)
    };
    let (first, second) = if comes_in { (debtor, creditor) } else { (creditor, debtor) };
    if ours(&first) && !ours(&second) { second } else { first }
}

/// What the payer wrote; else the reference of an invoice.
fn remittance(node: &Node) -> Option<String> {
    let info = node.child("RmtInf")?;
    let lines: Vec<&str> =
        info.all("Ustrd").map(|line| line.text.trim()).filter(|line| !line.is_empty()).collect();
    if !lines.is_empty() {
        return Some(lines.join(" "));
    }
    let structured = info.child("Strd")?;
    structured
        .value(&["AddtlRmtInf"])
        .or(structured.value(&["CdtrRefInf", "Ref"]))
        .or(structured.value(&["CdtrRefInf", "CdtrRef"]))
        .map(str::to_owned)
}

fn additional(node: &Node) -> Option<String> {
    node.value(&["AddtlNtryInf"]).map(str::to_owned)
}

fn own_reference(node: &Node) -> Option<String> {
    node.value(&["AcctSvcrRef"]).or(node.value(&["NtryRef"])).map(str::to_owned)
}

/// Text of an entry that stands for several payments: what the bank says, else how many.
fn batch_text(node: &Node, details: usize) -> Option<String> {
    let batch = node.at(&["NtryDtls", "Btch"]).or_else(|| node.child("Btch"));
    let said = batch.and_then(|batch| batch.value(&["NbOfTxs"])).map(str::to_owned);
    let count = said.or_else(|| (details > 1).then(|| details.to_string()))?;
    additional(node).or_else(|| Some(format!("Batch of {count} payments")))
}

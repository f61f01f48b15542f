//! Stripe's balance history and its itemized report of balance changes.
//!
//! The account is the balance at Stripe. The net amount is what changes it; a fee is a leg of its
//! own. Payouts and top-ups move money between Stripe and the bank and are no expense or income.

use super::open_collective::category::{ONE_TIME, PROCESSOR_FEES, RECURRING};
use super::platform::{self, Columns, Ids, TRANSFERS};
use super::rows::{Row, Rows, read_all};
use super::text::{clip, fold};
use super::{DateFormat, DecimalMark, Draft, Error, Reading, csv, day, number};
use std::collections::BTreeSet;

/// The format's name in the window and on the command line.
pub const FORMAT: &str = "stripe";

const ID: &[&str] = &["balance_transaction_id", "id"];
const DATE: &[&str] = &["created (utc)", "created_utc", "created"];
const NET: &[&str] = &["net"];
const GROSS: &[&str] = &["gross", "amount"];
const FEE: &[&str] = &["fee"];
const CURRENCY: &[&str] = &["currency"];

/// Whether a header, folded, is that of a balance history or an itemized report.
pub(super) fn is_header(columns: &[String]) -> bool {
    let has = |name: &str| columns.iter().any(|column| column == name);
    let itemized = has("balance_transaction_id") && has("net");
    itemized || (has("id") && has("net") && has("fee") && (has("created (utc)") || has("source")))
}

/// Reads a balance history or an itemized report.
///
/// # Errors
/// When the file is no table or lacks a column that is needed.
pub fn read(bytes: &[u8]) -> Result<Reading, Error> {
    let text = platform::text(bytes)?;
    let separator = platform::separator(&text.text, is_header).unwrap_or_default();
    let mut rows = Rows::new(&text.text, separator.byte(), 0);
    let mut reading = Reading::new(FORMAT);
    let line = platform::header(&mut rows, &mut reading)?;
    let columns = Columns::new(&reading.columns);
    let [id, date, net, gross, fee, currency] =
        columns.needed(line, [ID, DATE, NET, GROSS, FEE, CURRENCY])?;
    let seen = platform::look(&text.text, separator, &[date, net]);
    let of = |at: usize| seen.get(at).map_or(&[][..], Vec::as_slice);
    // Stripe writes MM/DD where it writes slashes; a spreadsheet may have turned that round.
    let (format, sure) = platform::date_format(of(0), Some(DateFormat::MonthFirst));
    let plan = Plan {
        id,
        date,
        net,
        gross,
        fee,
        currency,
        kind: columns.find(&["reporting_category", "type"]),
        texts: [columns.find(&["description"]), columns.find(&["reporting_category", "type"])],
        format,
        mark: platform::decimal_mark(of(1), DecimalMark::Dot),
    };
    reading.sure = sure;
    let (mut ids, mut unknown) = (Ids::default(), BTreeSet::new());
    read_all(&mut rows, text.damaged, &mut reading, |row| plan.draft(row, &mut ids, &mut unknown))?;
    if !unknown.is_empty() {
        let kinds: Vec<&str> = unknown.iter().take(5).map(String::as_str).collect();
        reading.warnings.push(format!(
            "Some rows are of a kind that is not known ({}); they are booked as uncategorised.",
            kinds.join(", ")
        ));
    }
    if reading.rows == 0 {
        reading.warnings.push("The file has a header and no rows.".into());
    }
    Ok(reading)
}

struct Plan {
    id: usize,
    date: usize,
    net: usize,
    gross: usize,
    fee: usize,
    currency: usize,
    kind: Option<usize>,
    texts: [Option<usize>; 2],
    format: DateFormat,
    mark: DecimalMark,
}

impl Plan {
    fn draft(
        &self,
        row: &Row<'_>,
        ids: &mut Ids,
        unknown: &mut BTreeSet<String>,
    ) -> Result<Draft, String> {
        let date = day::parse(row.get(Some(self.date)), self.format)?;
        let currency = platform::currency(row.get(Some(self.currency)))?;
        let money = |at| number::parse(row.get(Some(at)), self.mark, currency);
        let (net, gross) = (money(self.net)?, money(self.gross)?);
        let fee = match row.get(Some(self.fee)) {
            "" => commonhold_core::Money::new(0, currency),
            _ => money(self.fee)?,
        };
        let id = row.get(Some(self.id));
        if id.is_empty() {
            return Err("The row has no id.".into());
        }
        let label = platform::labelled(FORMAT, id, row, &self.texts);
        let kind = fold(row.get(self.kind));
        let text = label.text.clone().unwrap_or_default();
        let gift = platform::says_donation(&text);
        let donation = if platform::says_recurring(&text) { RECURRING } else { ONE_TIME };
        let account = match account(&kind) {
            Kind::Hold => {
                return Err("The row sets money aside or releases it: no money moved.".into());
            }
            Kind::Payment if gift => donation,
            Kind::Payment => csv::INCOME,
            Kind::Transfer => TRANSFERS,
            Kind::Fee => PROCESSOR_FEES,
            Kind::Other => platform::uncategorised(gross),
            Kind::Unknown => {
                if unknown.len() < 20 {
                    unknown.insert(clip(&kind, 40));
                }
                platform::uncategorised(gross)
            }
        };
        let legs = platform::with_fee(account, gross, fee, net)?;
        ids.once(&label.identity, row.line)?;
        let paid = matches!(account, ONE_TIME | RECURRING) && net.minor > 0;
        Ok(label.onto(Draft {
            legs,
            donation: paid,
            interval: if paid { platform::interval(&text) } else { None },
            ..Draft::new(row.line, date, net)
        }))
    }
}

enum Kind {
    /// A payment, or a payment given back.
    Payment,
    Transfer,
    Fee,
    Hold,
    Other,
    Unknown,
}

/// Stripe's types of balance transactions and its reporting categories.
fn account(kind: &str) -> Kind {
    match kind {
        "charge"
        | "payment"
        | "refund"
        | "payment_refund"
        | "payment_failure_refund"
        | "refund_failure"
        | "charge_failure"
        | "partial_capture_reversal"
        | "dispute"
        | "dispute_reversal"
        | "payment_reversal" => Kind::Payment,
        "payout" | "payout_failure" | "payout_cancel" | "payout_reversal" | "topup"
        | "topup_reversal" => Kind::Transfer,
        "stripe_fee" | "stripe_fx_fee" | "fee" | "tax_fee" | "tax" | "network_cost" => Kind::Fee,
        "risk_reserved_funds"
        | "reserved_funds"
        | "reserve_transaction"
        | "reserve_hold"
        | "reserve_release"
        | "payment_network_reserve_hold"
        | "payment_network_reserve_release"
        | "payout_minimum_balance_hold"
        | "payout_minimum_balance_release"
        | "obligation_inbound"
        | "obligation_outbound" => Kind::Hold,
        "transfer"
        | "transfer_reversal"
        | "transfer_refund"
        | "transfer_cancel"
        | "transfer_failure"
        | "adjustment"
        | "other_adjustment"
        | "contribution"
        | "connect_collection_transfer"
        | "application_fee"
        | "application_fee_refund"
        | "platform_earning"
        | "platform_earning_refund" => Kind::Other,
        _ => Kind::Unknown,
    }
}

#[cfg(test)]
mod tests;

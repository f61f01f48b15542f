//! Names that columns of bank and payment files have, folded, the better one first.
//!
//! From the header lines of public exports: Stripe, PayPal, GitHub Sponsors, Liberapay, and
//! statements of European banks. Nothing is read from a column only because of its name: its
//! values must fit too.

pub(super) const DATE: &[&str] = &[
    "date",
    "booking date",
    "bookingdate",
    "transaction date",
    "posting date",
    "completed date",
    "created (utc)",
    "created_utc",
    "buchungstag",
    "buchungsdatum",
    "buchung",
    "datum",
    "date comptable",
    "date operation",
    "date d'opération",
    "fecha",
    "fecha operación",
    "boekdatum",
    "data",
    "bokföringsdag",
    "dato",
    "started date",
    "value date",
    "valutadatum",
    "wertstellung",
    "valuta",
    "created",
];
pub(super) const AMOUNT: &[&str] = &[
    "net",
    "amount",
    "betrag",
    "umsatz",
    "montant",
    "importe",
    "bedrag",
    "belopp",
    "beløb",
    "transaction amount",
    "processed amount",
    "umsatz in eur",
    "importo",
    "gross",
    "brutto",
];
pub(super) const DEBIT: &[&str] = &[
    "debit",
    "debit amount",
    "soll",
    "belastung",
    "withdrawal",
    "withdrawals",
    "paid out",
    "money out",
    "ausgang",
    "débit",
    "cargo",
    "af",
];
pub(super) const CREDIT: &[&str] = &[
    "credit",
    "credit amount",
    "haben",
    "gutschrift",
    "deposit",
    "deposits",
    "paid in",
    "money in",
    "eingang",
    "crédit",
    "abono",
    "bij",
];
pub(super) const CURRENCY: &[&str] =
    &["currency", "währung", "waehrung", "devise", "moneda", "munt", "divisa", "ccy"];
pub(super) const PAYEE: &[&str] = &[
    "payee",
    "name",
    "counterparty",
    "counterparty name",
    "partner name",
    "beguenstigter/zahlungspflichtiger",
    "begünstigter/zahlungspflichtiger",
    "name zahlungsbeteiligter",
    "auftraggeber/empfänger",
    "empfänger",
    "zahlungsempfänger*in",
    "sponsor profile name",
    "sponsor handle",
    "tegenpartij",
    "naam",
];
pub(super) const NARRATION: &[&str] = &[
    "description",
    "narration",
    "verwendungszweck",
    "purpose",
    "memo",
    "details",
    "text",
    "libellé",
    "concepto",
    "omschrijving",
    "subject",
    "note",
    "buchungstext",
    "type",
];
pub(super) const REFERENCE: &[&str] = &[
    "reference",
    "transaction id",
    "balance_transaction_id",
    "referenz",
    "ref",
    "référence",
    "kundenreferenz (end-to-end)",
    "end-to-end",
    "referencia",
    "id",
];

/// Currencies recognised in a header, a preamble or beside an amount.
pub(super) const CURRENCIES: &[&str] = &[
    "EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "BGN", "JPY",
    "CAD", "AUD", "NZD", "INR", "BRL", "MXN", "ZAR",
];

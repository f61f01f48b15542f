//! What a command of the user's own is told about a payment it is to carry out: one JSON object
//! on its standard input. Running the command is the app's matter.

use commonhold_core::iban::{Bic, Iban};
use commonhold_core::{Currency, Date, Money};
use serde::{Deserialize, Serialize};

/// Version of the document; a number that is not known must make a command stop.
pub const VERSION: u32 = 1;

/// One payment, as a command reads it. Fields may be added; none changes its meaning without a
/// new [`VERSION`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookPayment {
    /// [`VERSION`].
    pub v: u32,
    /// The payment's own id, the same whenever it is handed over again: a command must not pay one
    /// id twice.
    pub end_to_end_id: String,
    /// The name of who is paid.
    pub payee: String,
    /// The account to pay to, capitals and digits without spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<Iban>,
    /// Its bank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<Bic>,
    /// The amount as a decimal number in a text, with as many decimals as the currency has:
    /// `"412.35"`. Not a JSON number, which many programs read as a float.
    pub amount: String,
    /// The currency, three capital letters (ISO 4217).
    pub currency: Currency,
    /// What it is for.
    pub remittance: String,
    /// The day it is due.
    pub due: Date,
}

impl HookPayment {
    /// The amount of a payment as a document holds it.
    pub fn money(&self) -> Result<Money, String> {
        Money::from_decimal(&self.amount, self.currency)
    }

    /// The document: one line of UTF-8 with a line feed at its end, fields in their order above.
    pub fn document(&self) -> Result<String, serde_json::Error> {
        let mut text = serde_json::to_string(self)?;
        text.push('\n');
        Ok(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_reads_one_line() {
        let payment = HookPayment {
            v: VERSION,
            end_to_end_id: "29777B04F6FE581CA7C8297C225BEB10".into(),
            payee: "Škoda \"& Søn\"\nHosting".into(),
            iban: Some("NL91 ABNA 0417 1643 00".parse().unwrap()),
            bic: None,
            amount: Money::new(41235, Currency::EUR).decimal(),
            currency: Currency::EUR,
            remittance: "July".into(),
            due: "2026-07-05".parse().unwrap(),
        };
        let text = payment.document().unwrap();
        assert_eq!(
            text,
            "{\"v\":1,\"end_to_end_id\":\"29777B04F6FE581CA7C8297C225BEB10\",\
             \"payee\":\"Škoda \\\"& Søn\\\"\\nHosting\",\"iban\":\"NL91ABNA0417164300\",\
             \"amount\":\"412.35\",\"currency\":\"EUR\",\"remittance\":\"July\",\
             \"due\":\"2026-07-05\"}\n"
        );
        let read: HookPayment = serde_json::from_str(&text).unwrap();
        assert_eq!(read, payment);
        assert_eq!(read.money().unwrap(), Money::new(41235, Currency::EUR));
        assert!(!format!("{payment:?}").contains("0417"));
    }
}

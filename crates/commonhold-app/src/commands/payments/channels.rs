//! Ways a payment leaves: a file for the bank, drafts for Open Collective, a command of the user's
//! own. Each makes one file out of an order; only the command does something by itself.

mod command;

use super::orders::TextChanged;
use crate::app::App;
use crate::failure::{Code, Failure};
use commonhold_core::iban::{Bic, Iban};
use commonhold_core::id::hex;
use commonhold_core::store::Reader;
use commonhold_core::{Date, Money, RecordId, Time};
use commonhold_exchange::export::open_collective::{Draft, ExpenseKind, Item, draft_url};
use commonhold_exchange::export::pain001::{self, Order, Payment, Version};
use sha2::{Digest, Sha256};

pub use command::Command;

/// What is to be paid, with all that the ways of paying need.
#[derive(Clone, Debug)]
pub struct PayOrder {
    /// The id of the message; no two orders share one.
    pub message_id: String,
    /// When it is made.
    pub created: Time,
    /// The day it is to be carried out.
    pub execute_on: Date,
    /// The name of who pays.
    pub payer_name: String,
    /// The account that pays, where it has an IBAN.
    pub payer_iban: Option<Iban>,
    /// Its bank.
    pub payer_bic: Option<Bic>,
    /// The collective on Open Collective, where it is known.
    pub collective: Option<String>,
    /// Of the bank's format: 09 or 03.
    pub version: Version,
    /// The payments.
    pub lines: Vec<PayLine>,
}

/// One payment of an order.
#[derive(Clone, Debug)]
pub struct PayLine {
    /// The expense.
    pub expense: RecordId,
    /// The id that travels with it.
    pub end_to_end_id: String,
    /// How much.
    pub amount: Money,
    /// Who is paid.
    pub payee_name: String,
    /// Where, where it is known.
    pub iban: Option<Iban>,
    /// The payee's bank.
    pub bic: Option<Bic>,
    /// The payee's town.
    pub town: Option<String>,
    /// The payee's country.
    pub country: Option<String>,
    /// What the payee reads.
    pub remittance: String,
    /// The day it is due.
    pub due: Date,
    /// The number of the payee's bill.
    pub reference: Option<String>,
    /// Whether somebody is paid back who has paid it.
    pub reimbursement: bool,
}

/// Something that keeps an order from being made: the payment it is about, or all of it.
pub type Trouble = (Option<RecordId>, String);

/// An order as a file.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its SHA-256, hexadecimal.
    pub sha256: String,
    /// Texts that are not in it as they were given.
    pub changed: Vec<TextChanged>,
}

impl Ready {
    fn of(bytes: Vec<u8>) -> Self {
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        Self { bytes, sha256: hex(&digest), changed: Vec::new() }
    }
}

/// What a way of paying did with one payment by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handed {
    /// The expense.
    pub expense: RecordId,
    /// sent or rejected; nothing where it is not known what became of it.
    pub result: Option<&'static str>,
    /// What it said.
    pub said: String,
}

/// A way payments leave.
pub trait PayOut {
    /// The word records have for it: bank, open-collective, command.
    fn channel(&self) -> &'static str;
    /// The format of its file.
    fn format(&self, order: &PayOrder) -> &'static str;
    /// How its files end.
    fn extension(&self) -> &'static str;
    /// Makes the file, or says what is wrong with the order.
    fn prepare(&self, order: &PayOrder) -> Result<Ready, Vec<Trouble>>;
    /// What is to be done with the file now, in a sentence.
    fn next_step(&self, file: &str) -> String;
    /// Does by itself what it can, after the file was written and remembered. Most ways do nothing
    /// here: a person takes the file.
    fn hand_over(&self, _order: &PayOrder) -> Vec<Handed> {
        Vec::new()
    }
}

/// A file for the bank (pain.001, ISO 20022).
pub struct Bank;

impl Bank {
    fn order(order: &PayOrder) -> Result<Order, Vec<Trouble>> {
        let mut wrong = Vec::new();
        let Some(debtor_iban) = order.payer_iban.clone() else {
            let said = "The account that pays has no IBAN: name the contact that holds it.";
            return Err(vec![(None, said.to_owned())]);
        };
        let mut payments = Vec::new();
        for line in &order.lines {
            let Some(creditor_iban) = line.iban.clone() else {
                wrong.push((Some(line.expense), format!("{} has no IBAN.", line.payee_name)));
                continue;
            };
            payments.push(Payment {
                end_to_end_id: line.end_to_end_id.clone(),
                amount: line.amount,
                creditor_name: line.payee_name.clone(),
                creditor_iban,
                creditor_bic: line.bic.clone(),
                creditor_town: line.town.clone(),
                creditor_country: line.country.clone(),
                remittance: line.remittance.clone(),
            });
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Order {
            version: order.version,
            message_id: order.message_id.clone(),
            created: order.created,
            execute_on: order.execute_on,
            debtor_name: order.payer_name.clone(),
            debtor_iban,
            debtor_bic: order.payer_bic.clone(),
            batch_booking: false,
            payments,
        })
    }
}

impl PayOut for Bank {
    fn channel(&self) -> &'static str {
        "bank"
    }

    fn format(&self, order: &PayOrder) -> &'static str {
        order.version.name()
    }

    fn extension(&self) -> &'static str {
        "xml"
    }

    fn prepare(&self, order: &PayOrder) -> Result<Ready, Vec<Trouble>> {
        let written = pain001::write(&Self::order(order)?).map_err(|problems| {
            let of = |field: &str| {
                let number = field.strip_prefix("payments/")?.split('/').next()?;
                let place = number.parse::<usize>().ok()?.checked_sub(1)?;
                order.lines.get(place).map(|line| line.expense)
            };
            problems.into_iter().map(|p| (of(&p.field), p.message)).collect::<Vec<_>>()
        })?;
        let changed = written.changed.into_iter();
        let changed = changed.map(|text| TextChanged { from: text.from, to: text.to }).collect();
        Ok(Ready { bytes: written.bytes, sha256: written.sha256, changed })
    }

    fn next_step(&self, file: &str) -> String {
        format!(
            "Give {file} to your bank and release it there. It is not sent until a statement of \
             the bank shows it."
        )
    }
}

/// Drafts of expenses for Open Collective, to be typed in there.
pub struct OpenCollective;

impl PayOut for OpenCollective {
    fn channel(&self) -> &'static str {
        "open-collective"
    }

    fn format(&self, _: &PayOrder) -> &'static str {
        "open-collective-drafts"
    }

    fn extension(&self) -> &'static str {
        "txt"
    }

    fn prepare(&self, order: &PayOrder) -> Result<Ready, Vec<Trouble>> {
        let Some(collective) = order.collective.as_deref() else {
            let said = "It is not known which collective pays: enter the way to give of this \
                        account with its address on Open Collective.";
            return Err(vec![(None, said.to_owned())]);
        };
        draft_url(collective).map_err(|why| vec![(None, why)])?;
        let drafts = order.lines.iter().map(|line| {
            let kind = match line.reimbursement {
                true => ExpenseKind::Reimbursement,
                false => ExpenseKind::Invoice,
            };
            let item = Item {
                description: line.remittance.clone(),
                incurred: line.due,
                amount: line.amount,
            };
            let draft = Draft {
                collective: collective.to_owned(),
                kind,
                title: line.remittance.clone(),
                payee: line.payee_name.clone(),
                invoice_number: line.reference.clone(),
                items: vec![item],
            };
            format!("{}Id:       {}\n", draft.text(), line.end_to_end_id)
        });
        Ok(Ready::of(drafts.collect::<Vec<_>>().join("\n").into_bytes()))
    }

    fn next_step(&self, file: &str) -> String {
        format!(
            "Enter the drafts in {file} on Open Collective. Nothing is sent until the \
             collective's transactions show it."
        )
    }
}

/// The key under which this computer keeps its payment command.
const COMMAND: &str = "pay/command";
/// Most parts a payment command may have.
const MAX_PARTS: usize = 64;

/// The payment command of this computer, program and arguments; nothing while there is none. It
/// lies in the profile, never in a book: nobody else can make this computer run anything.
pub fn pay_command(reader: &Reader) -> Result<Option<Vec<String>>, Failure> {
    let bytes = reader.setting(COMMAND)?;
    let parts = bytes.and_then(|bytes| serde_json::from_slice::<Vec<String>>(&bytes).ok());
    Ok(parts.filter(|parts| !parts.is_empty()))
}

/// Sets the payment command of this computer; no parts take it away. The program must be named by
/// its whole path.
pub fn pay_command_set(app: &mut App, parts: &[String]) -> Result<(), Failure> {
    if let Some(program) = parts.first() {
        let path = std::path::Path::new(program);
        if !path.is_absolute() || !path.is_file() {
            return Err(Failure::new(Code::Invalid, format!("{program} is not a program here."))
                .hint("Give the whole path of the program, such as /usr/local/bin/pay."));
        }
    }
    if parts.len() > MAX_PARTS || parts.iter().any(|part| part.contains('\0')) {
        return Err(Failure::new(Code::Invalid, "The command has too many or odd parts."));
    }
    let bytes = serde_json::to_vec(parts).unwrap_or_default();
    Ok(app.store()?.set_setting(COMMAND, &bytes)?)
}

/// The way a channel's payments leave here.
pub(super) fn way(reader: &Reader, channel: &str) -> Result<Box<dyn PayOut>, Failure> {
    match channel {
        "open-collective" => Ok(Box::new(OpenCollective)),
        "command" => match pay_command(reader)? {
            Some(parts) => Ok(Box::new(Command::new(parts))),
            None => Err(Failure::new(Code::NotFound, "This computer has no payment command.")
                .hint("Set one with: commonhold pay command set PROGRAM.")),
        },
        _ => Ok(Box::new(Bank)),
    }
}

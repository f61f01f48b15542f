//! The message itself. Its elements stand in the order the schema wants.

use super::check::{Ready, Texts};
use super::{Order, Payment, Version};
use commonhold_core::iban::{Bic, Iban};
use commonhold_core::{Currency, Money};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

type Xml = Writer<Vec<u8>>;

/// An element that holds one text.
fn text(xml: &mut Xml, name: &str, value: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(value))?;
    Ok(())
}

/// An element that holds others.
fn inside(
    xml: &mut Xml,
    name: &str,
    fill: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element(name).write_inner_content(fill)?;
    Ok(())
}

fn account(xml: &mut Xml, name: &str, iban: &Iban) -> io::Result<()> {
    inside(xml, name, |xml| inside(xml, "Id", |xml| text(xml, "IBAN", iban.compact())))
}

/// A bank; the payer's must be there also when its BIC is not given.
fn bank(xml: &mut Xml, name: &str, version: Version, bic: Option<&Bic>) -> io::Result<()> {
    inside(xml, name, |xml| {
        inside(xml, "FinInstnId", |xml| match (bic, version) {
            (Some(bic), Version::V09) => text(xml, "BICFI", bic.code()),
            (Some(bic), Version::V03) => text(xml, "BIC", bic.code()),
            (None, _) => inside(xml, "Othr", |xml| text(xml, "Id", "NOTPROVIDED")),
        })
    })
}

fn payment(xml: &mut Xml, version: Version, payment: &Payment, texts: &Texts) -> io::Result<()> {
    inside(xml, "PmtId", |xml| text(xml, "EndToEndId", &payment.end_to_end_id))?;
    inside(xml, "Amt", |xml| {
        xml.create_element("InstdAmt")
            .with_attribute(("Ccy", payment.amount.currency.code()))
            .write_text_content(BytesText::new(&payment.amount.decimal()))?;
        Ok(())
    })?;
    if let Some(bic) = &payment.creditor_bic {
        bank(xml, "CdtrAgt", version, Some(bic))?;
    }
    inside(xml, "Cdtr", |xml| {
        text(xml, "Nm", &texts.creditor_name)?;
        if let Some((town, country)) = &texts.address {
            inside(xml, "PstlAdr", |xml| {
                text(xml, "TwnNm", town)?;
                text(xml, "Ctry", country)
            })?;
        }
        Ok(())
    })?;
    account(xml, "CdtrAcct", &payment.creditor_iban)?;
    if !texts.remittance.is_empty() {
        inside(xml, "RmtInf", |xml| text(xml, "Ustrd", &texts.remittance))?;
    }
    Ok(())
}

fn payments(xml: &mut Xml, order: &Order, ready: &Ready) -> io::Result<()> {
    text(xml, "PmtInfId", &order.message_id)?;
    text(xml, "PmtMtd", "TRF")?;
    text(xml, "BtchBookg", if order.batch_booking { "true" } else { "false" })?;
    totals(xml, ready)?;
    inside(xml, "PmtTpInf", |xml| inside(xml, "SvcLvl", |xml| text(xml, "Cd", "SEPA")))?;
    let day = order.execute_on.to_string();
    match order.version {
        Version::V09 => inside(xml, "ReqdExctnDt", |xml| text(xml, "Dt", &day))?,
        Version::V03 => text(xml, "ReqdExctnDt", &day)?,
    }
    inside(xml, "Dbtr", |xml| text(xml, "Nm", &ready.debtor_name))?;
    account(xml, "DbtrAcct", &order.debtor_iban)?;
    bank(xml, "DbtrAgt", order.version, order.debtor_bic.as_ref())?;
    text(xml, "ChrgBr", "SLEV")?;
    for (one, texts) in order.payments.iter().zip(&ready.payments) {
        inside(xml, "CdtTrfTxInf", |xml| payment(xml, order.version, one, texts))?;
    }
    Ok(())
}

/// Number of payments and control sum, the same in both places that have them.
fn totals(xml: &mut Xml, ready: &Ready) -> io::Result<()> {
    text(xml, "NbOfTxs", &ready.count.to_string())?;
    text(xml, "CtrlSum", &Money::new(ready.sum, Currency::EUR).decimal())
}

/// The file.
pub(super) fn write(order: &Order, ready: &Ready) -> io::Result<Vec<u8>> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let namespace = format!("urn:iso:std:iso:20022:tech:xsd:{}", order.version.name());
    xml.create_element("Document")
        .with_attribute(("xmlns", namespace.as_str()))
        .write_inner_content(|xml| {
            inside(xml, "CstmrCdtTrfInitn", |xml| {
                inside(xml, "GrpHdr", |xml| {
                    text(xml, "MsgId", &order.message_id)?;
                    text(xml, "CreDtTm", &order.created.to_string())?;
                    totals(xml, ready)?;
                    inside(xml, "InitgPty", |xml| text(xml, "Nm", &ready.debtor_name))
                })?;
                inside(xml, "PmtInf", |xml| payments(xml, order, ready))
            })
        })?;
    let mut bytes = xml.into_inner();
    bytes.push(b'\n');
    Ok(bytes)
}

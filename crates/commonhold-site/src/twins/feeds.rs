//! Feeds (Atom, RFC 4287): money, decisions and phases, incidents, deploys; and the sitemap.

use crate::Error;
use crate::gather::{Book, text};
use crate::html::Words;
use crate::messages::{Language, Messages};
use crate::output::Output;
use crate::pages::ledger;
use commonhold_core::date::{Date, Time};
use commonhold_core::id::{RecordId, from_purpose};
use quick_xml::escape::escape;
use std::fmt::Write;

/// Most entries of a feed.
const MOST: usize = 50;

/// One entry of a feed.
struct Item {
    id: RecordId,
    title: String,
    updated: Time,
    /// Where it is shown, from the root.
    path: String,
    summary: String,
}

/// A text as XML may hold it.
pub fn clean(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    let plain: String =
        text.chars().filter(allowed).filter(|c| !matches!(c, '\u{fffe}' | '\u{ffff}')).collect();
    escape(plain.as_str()).into_owned()
}

/// The beginning of a day.
fn morning(day: Date) -> Time {
    format!("{day}T00:00:00Z").parse().unwrap_or_default()
}

/// Writes them.
pub fn write(book: &Book<'_>, out: &mut Output<'_>) -> Result<(), Error> {
    let language = book.options.languages.first().copied().unwrap_or(Language::En);
    let m = Messages::of(language);
    let feeds: [(&str, Vec<Item>); 4] = [
        ("money", money(book, &m)?),
        ("decisions", decisions(book, &m)),
        ("incidents", incidents(book)),
        ("deploys", deploys(book)),
    ];
    for (name, mut items) in feeds {
        items.sort_by_key(|item| (std::cmp::Reverse(item.updated), item.id));
        items.truncate(MOST);
        let text = feed(book, &m, name, &items)?;
        out.whole(&format!("feeds/{name}.atom"), text.as_bytes())?;
    }
    Ok(())
}

fn feed(book: &Book<'_>, m: &Messages, name: &str, items: &[Item]) -> Result<String, Error> {
    let failed = |_| std::io::Error::other("a feed could not be written");
    let id = from_purpose(&book.public.book, &format!("feed/{name}"));
    let updated = items.iter().map(|item| item.updated).max().unwrap_or(Time(0));
    let base = book.options.base_url.as_deref();
    let way = |path: &str| match base {
        Some(base) => format!("{base}/{path}"),
        None => format!("../{path}"),
    };
    let title = format!("{} – {}", book.service.name, m.t(&format!("nav.{name}")));
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    writeln!(xml, "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">", m.language.tag())
        .map_err(failed)?;
    writeln!(xml, " <id>urn:uuid:{id}</id>\n <title>{}</title>", clean(&title)).map_err(failed)?;
    writeln!(
        xml,
        " <updated>{updated}</updated>\n <author><name>{}</name></author>",
        clean(&book.service.name)
    )
    .map_err(failed)?;
    writeln!(
        xml,
        " <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
        clean(&way("index.html"))
    )
    .map_err(failed)?;
    if base.is_some() {
        let own = clean(&way(&format!("feeds/{name}.atom")));
        writeln!(xml, " <link rel=\"self\" type=\"application/atom+xml\" href=\"{own}\"/>")
            .map_err(failed)?;
    }
    for item in items {
        writeln!(
            xml,
            " <entry>\n  <id>urn:uuid:{}</id>\n  <title>{}</title>\n  <updated>{}</updated>\n  \
             <link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>\n  <summary>{}</summary>\n </entry>",
            item.id,
            clean(&item.title),
            item.updated,
            clean(&way(&item.path)),
            clean(&item.summary)
        )
        .map_err(failed)?;
    }
    xml.push_str("</feed>\n");
    Ok(xml)
}

fn money(book: &Book<'_>, m: &Messages) -> Result<Vec<Item>, Error> {
    let words = Words { book, m };
    let mut items = Vec::new();
    for (month, _) in &book.months {
        let entries = book.public.month(*month)?;
        let first = entries.len().saturating_sub(MOST);
        for (entry, place) in entries.iter().zip(0_usize..).skip(first) {
            let done = ledger::effect(book, entry);
            let amounts: Vec<String> = done.amounts.iter().map(ToString::to_string).collect();
            let page = ledger::path(*month, place.checked_div(ledger::PAGE).unwrap_or(0));
            items.push(Item {
                id: entry.id,
                title: format!("{} ({})", ledger::title(&words, entry), amounts.join(", ")),
                updated: morning(entry.transaction.date.unwrap_or_default()),
                path: format!("{page}#t-{}", entry.id),
                summary: amounts.join(", "),
            });
        }
        if items.len() >= MOST {
            break;
        }
    }
    Ok(items)
}

fn decisions(book: &Book<'_>, m: &Messages) -> Vec<Item> {
    let vote_page = |id: &RecordId| format!("decisions/{id}.html");
    let decided = book.decisions.iter().map(|(id, decision)| {
        let vote = decision.proposal.filter(|vote| book.votes.iter().any(|v| v.id == *vote));
        Item {
            id: *id,
            title: decision.title.clone(),
            updated: morning(decision.date.unwrap_or_default()),
            path: vote.map_or_else(|| format!("decisions.html#d-{id}"), |vote| vote_page(&vote)),
            summary: decision.text.clone(),
        }
    });
    let votes = book.votes.iter().map(|vote| Item {
        id: vote.id,
        title: vote.proposal.title.clone(),
        updated: vote.proposal.opened.unwrap_or(Time(0)),
        path: vote_page(&vote.id),
        summary: vote.rule.clone(),
    });
    let phases = book.phases.iter().map(|(id, phase)| Item {
        id: *id,
        title: format!("{}: {}", m.t("framework.phase"), m.word("phase", &phase.to)),
        updated: morning(phase.date.unwrap_or_default()),
        path: "framework.html#phase".to_owned(),
        summary: phase.statement.clone(),
    });
    decided.chain(votes).chain(phases).collect()
}

fn incidents(book: &Book<'_>) -> Vec<Item> {
    let one = |incident: &crate::gather::operations::Incident| {
        let last =
            incident.lines.iter().filter_map(|(_, line)| text(line, "at").parse().ok()).max();
        let started = incident.moment("started").unwrap_or(Time(0));
        Item {
            id: incident.id,
            title: text(&incident.fields, "title").to_owned(),
            updated: incident.moment("resolved").into_iter().chain(last).max().unwrap_or(started),
            path: format!("incidents/{}.html", incident.id),
            summary: incident
                .lines
                .last()
                .map(|(_, l)| text(l, "text"))
                .unwrap_or_default()
                .to_owned(),
        }
    };
    book.operations.incidents.iter().map(one).collect()
}

fn deploys(book: &Book<'_>) -> Vec<Item> {
    let one = |(id, deploy): &(RecordId, commonhold_core::json::Fields)| Item {
        id: *id,
        title: format!("{}: {}", text(deploy, "environment"), text(deploy, "result")),
        updated: text(deploy, "started").parse().unwrap_or(Time(0)),
        path: "deploys.html".to_owned(),
        summary: text(deploy, "changelog").to_owned(),
    };
    book.operations.deploys.iter().take(MOST).map(one).collect()
}

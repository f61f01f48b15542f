//! Texts people wrote (CommonMark), as HTML that can do nothing: raw HTML stays text, pictures
//! become links, addresses are http, https or mailto, and headings follow the page's own.

use maud::{Markup, PreEscaped};
use pulldown_cmark::{Alignment, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Longest text that is laid out; what is longer is shown as it was written.
const MAX: usize = 2_000_000;

fn level(number: u8) -> HeadingLevel {
    match number {
        0 | 1 => HeadingLevel::H1,
        2 => HeadingLevel::H2,
        3 => HeadingLevel::H3,
        4 => HeadingLevel::H4,
        5 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn allowed(address: &str) -> bool {
    ["https://", "http://", "mailto:"].iter().any(|start| address.starts_with(start))
}

/// Lays a text out below a heading of level `below`.
pub fn render(text: &str, below: u8) -> Markup {
    if text.len() > MAX {
        return maud::html! { pre { (text) } };
    }
    let first = below.saturating_add(1);
    let (mut top, mut last, mut given) = (None, below, first);
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(text, options).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::Heading { level: written, .. }) => {
            let written = rank(written);
            let top = *top.get_or_insert(written);
            // Never more than one step down: readers of headings count on it.
            let wanted = first.saturating_add(written.saturating_sub(top));
            given = wanted.min(last.saturating_add(1)).clamp(first, 6);
            last = given;
            let (id, classes, attrs) = (None, Vec::new(), Vec::new());
            Event::Start(Tag::Heading { level: level(given), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(level(given))),
        Event::Start(
            Tag::Image { dest_url, title, id, .. } | Tag::Link { dest_url, title, id, .. },
        ) => {
            let dest_url = if allowed(&dest_url) { dest_url } else { CowStr::Borrowed("#main") };
            let link_type = pulldown_cmark::LinkType::Inline;
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        // Alignment would need styles of its own.
        Event::Start(Tag::Table(columns)) => {
            Event::Start(Tag::Table(vec![Alignment::None; columns.len()]))
        }
        other => other,
    });
    let mut out = String::with_capacity(text.len());
    html::push_html(&mut out, events);
    // Column headings say so to screen readers.
    PreEscaped(out.replace("<th ", "<th scope=\"col\" ").replace("<th>", "<th scope=\"col\">"))
}

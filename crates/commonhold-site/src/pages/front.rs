//! The front page: what a giver asks first.

use super::Written;
use crate::format::{self, amount, amount_words, money, number};
use crate::gather::text;
use crate::html::{Leaf, Words, chart, markdown};
use commonhold_core::date::Month;
use commonhold_core::records::finance::channel::Channel;
use maud::{Markup, html};

/// How many of the last decisions and incidents it names.
const LAST: usize = 5;
/// How many accounts it names by their cost.
const COSTS: usize = 6;

/// Writes it.
pub fn write(words: &Words<'_>) -> Written {
    let leaf = words.leaf("index.html");
    let book = words.book;
    let body = html! {
        (what(&leaf))
        (facts(&leaf))
        (cost(&leaf))
        (by_month(&leaf))
        (end(&leaf))
        (who(&leaf))
        (decided(&leaf))
        (happened(&leaf))
        (give(&leaf))
    };
    let page = leaf.page(&book.service.name, &body);
    (leaf.path, page)
}

fn what(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let service = &book.service;
    html! {
        @if !service.purpose.is_empty() { p.lead { (service.purpose) } }
        p {
            span.tag { (m.word("phase", &book.phase)) }
            @if !service.category.is_empty() { " " (service.category) }
            @if let Some(form) = &service.legal_form { " · " (form) }
            @if let Some(host) = &service.fiscal_host { " · " (m.fill("front.host", &[("host", host)])) }
            @if let Some(page) = &service.homepage { " · " a href=(page) rel="external" { (m.t("front.homepage")) } }
            @if let Some(code) = &service.repository { " · " a href=(code) rel="external" { (m.t("front.source")) } }
        }
    }
}

fn facts(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let (overview, coverage) = (&book.money.overview, &book.money.coverage);
    let runway = &overview.runway;
    let months = |value: &Option<String>| {
        html! {
            @match value {
                Some(months) => span.big { (number(m, months, &m.t("months"))) },
                None => span.big { (m.t("unknown")) },
            }
        }
    };
    html! {
        dl.facts {
            div {
                dt { (m.t("front.cost")) }
                dd { span.big { (money(m, book.money.money(book.money.cost_month))) } (m.t("front.cost.note")) " " (leaf.how("cost")) }
            }
            div {
                dt { (m.t("front.runway")) }
                dd { (months(&runway.months)) (m.t("front.runway.note")) " " (leaf.how("runway")) }
            }
            div {
                dt { (m.t("front.runway.recurring")) }
                dd {
                    @if runway.covered { span.big { (m.t("covered")) } }
                    @else { (months(&runway.recurring_only_months)) }
                    (m.t("front.runway.recurring.note")) " " (leaf.how("runway-recurring"))
                }
            }
            div {
                dt { (m.t("front.coverage")) }
                dd {
                    @match &coverage.percent {
                        Some(percent) => span.big { (number(m, percent, "%")) },
                        None => span.big { (m.t("unknown")) },
                    }
                    (m.t("front.coverage.note")) " " (leaf.how("coverage"))
                }
            }
            div {
                dt { (m.t("front.money")) }
                dd {
                    span.big { (amount(m, &runway.cash)) }
                    (m.fill("front.money.note", &[("total", &amount_words(m, &overview.total))])) " "
                    a.how href=(format!("{}#funds", leaf.to("money.html"))) { (m.t("entries")) }
                }
            }
        }
        @for sentence in &overview.missing {
            p.quiet lang="en" { (book.public.sentence("overview", sentence)) }
        }
    }
}

fn cost(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let costs = &book.money.costs;
    let largest = costs.first().map_or(1, |cost| cost.minor);
    let rest = costs.len().saturating_sub(COSTS);
    html! {
        h2 id="costs" { (m.t("front.costs")) }
        @if costs.is_empty() { p { (m.t("front.costs.none")) } }
        @else {
            div.wide tabindex="0" { table {
                caption { (m.fill("front.costs.caption", &[("n", &book.money.window.len().to_string())])) }
                thead { tr {
                    th scope="col" { (m.t("col.account")) }
                    th scope="col" { (m.t("col.share")) }
                    th.n scope="col" { (m.t("col.percent")) }
                    th.n scope="col" { (m.t("col.month")) }
                } }
                tbody {
                    @for cost in costs.iter().take(COSTS) {
                        tr {
                            th scope="row" {
                                a href=(leaf.to(&format!("money/account-{}.html", cost.account))) {
                                    (format::account_label(&book.money.path(&cost.account)))
                                }
                            }
                            td.bar { (chart::bar(cost.minor, largest)) }
                            td.n { (number(m, &cost.share, "%")) }
                            td.n { (money(m, book.money.money(cost.month))) }
                        }
                    }
                }
            } }
            @if rest > 0 { p { a href=(leaf.to("money.html#costs")) { (m.count("front.costs.more", rest)) } } }
        }
    }
}

/// Income and expense of the last twelve months, as a chart with its table.
pub fn by_month(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let last = book.day().month();
    let first = book.months.last().map_or(last, |(month, _)| *month);
    let from = first.index().max(last.back(11).index());
    let months: Vec<Month> = (from..=last.index()).map(Month::from_index).collect();
    let flows: Vec<_> = months.iter().map(|month| book.money.flow(&[*month])).collect();
    let pairs: Vec<chart::Pair> = months
        .iter()
        .zip(&flows)
        .zip(0_usize..)
        .map(|((month, flow), place)| {
            let shown = months.len().saturating_sub(place).saturating_sub(1).is_multiple_of(3);
            let words = format::month_words(m, *month);
            let label: String = words
                .chars()
                .take(3)
                .chain(words.chars().skip(words.chars().count().saturating_sub(5)))
                .collect();
            let label = if shown { label } else { String::new() };
            chart::Pair { label, first: flow.income, second: flow.expense }
        })
        .collect();
    let most = flows.iter().map(|flow| flow.income.max(flow.expense)).max().unwrap_or(0);
    let highest = amount_words(m, &book.money.money(most).to_string());
    html! {
        h2 id="months" { (m.t("front.months")) }
        @if most == 0 { p { (m.t("months.none")) } }
        @else { figure {
            (chart::pairs(&m.t("front.months.title"), &pairs, &highest))
            figcaption {
                span.key.in {} " " (m.t("income")) " " span.key {} " " (m.t("expense"))
            }
        } }
        details {
            summary { (m.t("front.months.table")) }
            div.wide tabindex="0" { table {
                caption { (m.t("front.months.title")) }
                thead { tr {
                    th scope="col" { (m.t("col.month.name")) }
                    th.n scope="col" { (m.t("income")) }
                    th.n scope="col" { (m.t("expense")) }
                } }
                tbody {
                    @for (month, flow) in months.iter().zip(&flows).rev() {
                        tr {
                            th scope="row" { (month_link(leaf, *month)) }
                            td.n { (money(m, book.money.money(flow.income))) }
                            td.n { (money(m, book.money.money(flow.expense))) }
                        }
                    }
                }
            } }
        }
    }
}

/// A month, with the way to its entries where it has some.
pub fn month_link(leaf: &Leaf<'_>, month: Month) -> Markup {
    let words = format::month_words(leaf.m, month);
    let there = leaf.book.months.iter().any(|(other, _)| *other == month);
    html! {
        @if there { a href=(leaf.to(&format!("money/{month}.html"))) { (words) } } @else { (words) }
    }
}

fn end(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        h2 id="end" { (m.t("front.end")) }
        @match &book.plan {
            None => p { (m.t("front.end.none")) },
            Some(plan) => {
                @if let (Some(grace), Some(shutdown)) = (plan.grace_days, plan.shutdown_days) {
                    p { (m.fill("front.end.days", &[("grace", &grace.to_string()), ("shutdown", &shutdown.to_string())])) }
                }
                @if plan.leftover.trim().is_empty() { p { (m.t("front.end.leftover.none")) } }
                @else { div.text { (markdown::render(&format::short(&plan.leftover, 400), 2)) } }
                p { a href=(format!("{}#end", leaf.to("framework.html"))) { (m.t("front.end.more")) } }
            }
        }
    }
}

fn who(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let people = &book.people;
    html! {
        h2 id="who" { (m.t("front.who")) }
        ul.plain {
            @for person in people.shown.iter().take(12) {
                li {
                    (leaf.person(&person.id))
                    @if !person.roles.is_empty() {
                        " – " (person.roles.iter().map(|role| m.word("role", role)).collect::<Vec<_>>().join(", "))
                    }
                    @for work in &person.paid {
                        " " span.tag { (m.t("paid")) } " "
                        @if let Some(sum) = work.amount { (money(m, sum)) " " (m.word("per", &work.per)) }
                    }
                }
            }
        }
        @let more = people.shown.len().saturating_sub(12).saturating_add(people.hidden);
        @if more > 0 { p.quiet { (m.count("front.who.more", more)) } }
        p { a href=(leaf.to("people.html")) { (m.t("front.who.all")) } }
    }
}

fn decided(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        h2 id="decided" { (m.t("front.decided")) }
        @if book.decisions.is_empty() { p { (m.t("front.decided.none")) } }
        ul.plain {
            @for (id, decision) in book.decisions.iter().take(LAST) {
                li {
                    a href=(super::decisions::way(leaf, id, decision)) { (decision.title) }
                    @if let Some(day) = decision.date { " " span.quiet { (format::day(m, day)) } }
                }
            }
        }
        p { a href=(leaf.to("decisions.html")) { (m.t("front.decided.all")) } }
    }
}

fn happened(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let incidents = &book.operations.incidents;
    html! {
        h2 id="happened" { (m.t("front.happened")) }
        @if incidents.is_empty() { p { (m.t("front.happened.none")) } }
        ul.plain {
            @for incident in incidents.iter().take(LAST) {
                li {
                    a href=(leaf.to(&format!("incidents/{}.html", incident.id))) {
                        (text(&incident.fields, "title"))
                    }
                    " " span.tag { (m.word("severity", text(&incident.fields, "severity"))) }
                    @if let Some(time) = incident.moment("started") { " " span.quiet { (format::day(m, time.date())) } }
                    @if incident.moment("resolved").is_none() { " " span.tag.no { (m.t("incident.open")) } }
                }
            }
        }
        p { a href=(leaf.to("incidents.html")) { (m.t("front.happened.all")) } }
    }
}

fn give(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let closing = book.ends();
    let ways = |wanted: fn(&Channel) -> bool| {
        book.channels.iter().filter(|(_, c)| wanted(c)).map(|(_, c)| c).collect::<Vec<_>>()
    };
    let list = |title: &str, channels: Vec<&Channel>| {
        html! {
            h3 { (m.t(title)) }
            @if channels.is_empty() { p { (m.t("give.none")) } }
            ul {
                @for channel in channels {
                    li {
                        @match &channel.url {
                            Some(url) => a href=(url) rel="external" { (channel.name) },
                            None => (channel.name),
                        }
                        @if channel.amount_open { " – " (m.t("give.open")) }
                        @if let Some(health @ ("trouble" | "down")) = channel.health.as_deref() {
                            " " span.tag.no { (m.word("health", health)) }
                        }
                    }
                }
            }
        }
    };
    html! {
        h2 id="give" { (m.t("give")) }
        @if closing { p { (m.t("give.closing")) } }
        @else {
            (list("give.once", ways(|channel| channel.one_time)))
            (list("give.monthly", ways(|channel| channel.recurring)))
        }
        h3 { (m.t("give.stop")) }
        p { (m.t("give.stop.text")) }
    }
}

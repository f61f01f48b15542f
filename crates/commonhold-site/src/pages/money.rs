//! The money at a glance.

use super::Written;
use super::front::month_link;
use crate::format::{self, account_label, amount, amount_words, money, number, with_unit};
use crate::html::{Leaf, Words, chart};
use commonhold_core::date::Month;
use commonhold_core::id::RecordId;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// Writes the page of all money.
pub fn write(words: &Words<'_>) -> Written {
    let leaf = words.leaf("money.html");
    let m = words.m;
    let body = html! {
        ul.contents {
            @for part in ["months", "funds", "costs", "budget", "coverage", "efficiency", "sources", "forecast", "balances", "statements"] {
                li { a href=(format!("#{part}")) { (m.t(&format!("money.{part}"))) } }
            }
        }
        (months(&leaf))
        (funds(&leaf))
        (costs(&leaf))
        (budget(&leaf))
        (coverage(&leaf))
        (efficiency(&leaf))
        (sources(&leaf))
        (forecast(&leaf))
        (balances(&leaf))
        (statements(&leaf))
    };
    let page = leaf.page(&m.t("nav.money"), &body);
    (leaf.path, page)
}

fn months(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        h2 id="months" { (m.t("money.months")) }
        @if book.months.is_empty() { p { (m.t("months.none")) } }
        @else { div.wide tabindex="0" { table {
            caption { (m.t("money.months.caption")) }
            thead { tr {
                th scope="col" { (m.t("col.month.name")) }
                th.n scope="col" { (m.t("col.entries")) }
                th.n scope="col" { (m.t("income")) }
                th.n scope="col" { (m.t("expense")) }
            } }
            tbody {
                @for (month, count) in &book.months {
                    @let flow = book.money.flow(&[*month]);
                    tr {
                        th scope="row" { (month_link(leaf, *month)) }
                        td.n { (m.number(&count.to_string())) }
                        td.n { (money(m, book.money.money(flow.income))) }
                        td.n { (money(m, book.money.money(flow.expense))) }
                    }
                }
            }
        } } }
    }
}

fn funds(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let overview = &book.money.overview;
    html! {
        h2 id="funds" { (m.t("money.funds")) }
        div.wide tabindex="0" { table {
            caption { (m.t("money.funds.caption")) }
            thead { tr {
                th scope="col" { (m.t("col.fund")) }
                th.n scope="col" { (m.t("col.amount")) }
                th scope="col" { (m.t("col.restriction")) }
                th scope="col" { (m.t("col.purpose")) }
            } }
            tbody {
                @for fund in &overview.balances {
                    tr {
                        th scope="row" { a href=(format!("#b-{}", fund.fund)) { (book.money.fund(&fund.fund)) } }
                        td.n {
                            (amount(m, &fund.total))
                            @if let Some(converted) = &fund.converted { br; span.quiet { (converted) } }
                        }
                        td { (m.word("restriction", &fund.restriction)) }
                        td { (book.money.funds.get(&fund.fund).map(|f| f.purpose.clone()).unwrap_or_default()) }
                    }
                }
                tr.sum { th scope="row" { (m.t("total")) } td.n { (amount(m, &overview.total)) } td {} td {} }
            }
        } }
        p.quiet { (m.t("money.funds.note")) " " (leaf.how("funds")) }
    }
}

fn costs(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let costs = &book.money.costs;
    let largest = costs.first().map_or(1, |cost| cost.minor);
    html! {
        h2 id="costs" { (m.t("money.costs")) }
        @if costs.is_empty() { p { (m.t("front.costs.none")) } }
        @else { div.wide tabindex="0" { table {
            caption { (m.fill("front.costs.caption", &[("n", &book.money.window.len().to_string())])) }
            thead { tr {
                th scope="col" { (m.t("col.account")) }
                th scope="col" { (m.t("col.function")) }
                th scope="col" { (m.t("col.share")) }
                th.n scope="col" { (m.t("col.percent")) }
                th.n scope="col" { (m.t("col.month")) }
            } }
            tbody {
                @for cost in costs {
                    tr {
                        th scope="row" { (account_link(leaf, &cost.account)) }
                        td { (book.money.accounts.get(&cost.account).and_then(|a| a.function.as_deref()).map(|f| m.word("function", f)).unwrap_or_default()) }
                        td.bar { (chart::bar(cost.minor, largest)) }
                        td.n { (number(m, &cost.share, "%")) }
                        td.n { (money(m, book.money.money(cost.month))) }
                    }
                }
                tr.sum { th scope="row" { (m.t("total")) } td {} td {} td {} td.n { (money(m, book.money.money(book.money.cost_month))) } }
            }
        } } }
    }
}

fn account_link(leaf: &Leaf<'_>, account: &RecordId) -> Markup {
    html! {
        a href=(leaf.to(&format!("money/account-{account}.html"))) {
            (account_label(&leaf.book.money.path(account)))
        }
    }
}

fn budget(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let report = &book.money.budget;
    html! {
        h2 id="budget" { (m.t("money.budget")) }
        @if report.lines.is_empty() { p { (m.t("money.budget.none")) } }
        @else {
            div.wide tabindex="0" { table {
                caption { (format::day(m, report.from)) " – " (format::day(m, report.to)) }
                thead { tr {
                    th scope="col" { (m.t("col.account")) }
                    th scope="col" { (m.t("col.fund")) }
                    th.n scope="col" { (m.t("col.planned")) }
                    th.n scope="col" { (m.t("col.actual")) }
                    th.n scope="col" { (m.t("col.difference")) }
                } }
                tbody {
                    @for line in &report.lines {
                        tr {
                            th scope="row" { (account_link(leaf, &line.account)) }
                            td { (book.money.fund(&line.fund)) }
                            td.n { (amount(m, &line.planned)) }
                            td.n { (amount(m, &line.actual)) }
                            td.n { (amount(m, &line.difference)) }
                        }
                    }
                    tr.sum {
                        th scope="row" { (m.t("money.budget.result")) } td {}
                        td.n { (amount(m, &report.planned_result)) }
                        td.n { (amount(m, &report.actual_result)) }
                        td {}
                    }
                }
            } }
            p.quiet { (leaf.how("budget")) }
        }
    }
}

fn coverage(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let report = &book.money.coverage;
    html! {
        h2 id="coverage" { (m.t("money.coverage")) }
        p {
            @match &report.percent { Some(percent) => span.big { (number(m, percent, "%")) }, None => span.big { (m.t("unknown")) } }
            (m.t("money.coverage.text")) " " (leaf.how("coverage"))
        }
        div.wide tabindex="0" { table {
            caption { (m.t("money.coverage.caption")) }
            thead { tr {
                th scope="col" { (m.t("col.month.name")) }
                th.n scope="col" { (m.t("col.received")) }
                th.n scope="col" { (m.t("col.spread")) }
                th.n scope="col" { (m.t("expense")) }
            } }
            tbody {
                @for month in &report.months {
                    tr {
                        th scope="row" {
                            @match month.month.parse::<Month>() { Ok(parsed) => (month_link(leaf, parsed)), Err(_) => (month.month) }
                        }
                        td.n { (amount(m, &month.received)) }
                        td.n { (amount(m, &month.spread)) }
                        td.n { (amount(m, &month.expense)) }
                    }
                }
            }
        } }
    }
}

fn efficiency(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    html! {
        h2 id="efficiency" { (m.t("money.efficiency")) }
        div.wide tabindex="0" { table {
            caption { (m.t("money.efficiency.caption")) }
            thead { tr {
                th scope="col" { (m.t("col.ratio")) }
                th scope="col" { (m.t("col.formula")) }
                th scope="col" { (m.t("col.amounts")) }
                th.n scope="col" { (m.t("col.value")) }
            } }
            tbody {
                @for ratio in &book.money.efficiency.rows {
                    tr {
                        th scope="row" { (m.word("ratio", &ratio.id)) }
                        td { (m.word("ratio.formula", &ratio.id)) }
                        td { @for (part, place) in ratio.amounts.split(" ÷ ").zip(0_usize..) { @if place > 0 { " ÷ " } (amount_words(m, part)) } }
                        td.n { @if ratio.value.is_empty() { (m.t("unknown")) } @else { (with_unit(m, &ratio.value)) } }
                    }
                }
            }
        } }
        p.quiet { (m.t("money.efficiency.note")) }
    }
}

fn sources(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let report = &book.money.sources;
    html! {
        h2 id="sources" { (m.t("money.sources")) }
        div.wide tabindex="0" { table {
            caption { (m.t("money.sources.caption")) }
            thead { tr {
                th scope="col" { (m.t("col.source")) }
                th.n scope="col" { (m.t("col.givers")) }
                th.n scope="col" { (m.t("col.percent")) }
                th.n scope="col" { (m.t("col.amount")) }
            } }
            tbody {
                @for source in &report.sources {
                    tr {
                        th scope="row" { (m.word("source", &source.donor_type)) }
                        td.n { (source.donors) }
                        td.n { (with_unit(m, &source.share)) }
                        td.n { (amount(m, &source.amount)) }
                    }
                }
                tr.sum { th scope="row" { (m.t("total")) } td {} td {} td.n { (amount(m, &report.income)) } }
            }
        } }
    }
}

fn forecast(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let report = &book.money.forecast;
    html! {
        h2 id="forecast" { (m.t("money.forecast")) }
        div.wide tabindex="0" { table {
            caption { (m.t("money.forecast.caption")) }
            thead { tr {
                th scope="col" { (m.t("col.month.name")) }
                th.n scope="col" { (m.t("income")) }
                th.n scope="col" { (m.t("expense")) }
                th.n scope="col" { (m.t("col.left")) }
            } }
            tbody {
                @for month in &report.months {
                    tr {
                        th scope="row" { (format::month_text(m, &month.month)) }
                        td.n { (amount(m, &month.income)) }
                        td.n { (amount(m, &month.expense)) }
                        td.n { (amount(m, &month.cash)) @if month.below_zero { " " span.tag.no { (m.t("below")) } } }
                    }
                }
            }
        } }
        p.quiet { (leaf.how("forecast")) }
    }
}

fn balances(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let trial = &book.money.trial;
    let mut seen = BTreeSet::new();
    html! {
        h2 id="balances" { (m.t("money.balances")) }
        div.wide tabindex="0" { table {
            caption { (m.t("money.balances.caption")) }
            thead { tr {
                th scope="col" { (m.t("col.account")) }
                th scope="col" { (m.t("col.fund")) }
                th.n scope="col" { (m.t("col.debit")) }
                th.n scope="col" { (m.t("col.credit")) }
            } }
            tbody {
                @for row in &trial.rows {
                    tr id=[seen.insert(row.fund).then(|| format!("b-{}", row.fund))] {
                        th scope="row" { (m.word("type", &row.account_type)) " · " (account_link(leaf, &row.account)) }
                        td { (book.money.fund(&row.fund)) }
                        td.n { (amount(m, &row.debit)) }
                        td.n { (amount(m, &row.credit)) }
                    }
                }
                @for total in &trial.totals {
                    tr.sum id=[seen.insert(total.fund).then(|| format!("b-{}", total.fund))] {
                        th scope="row" { (m.t("total")) }
                        td { (book.money.fund(&total.fund)) }
                        td.n { (amount(m, &total.debit)) }
                        td.n { (amount(m, &total.credit)) }
                    }
                }
            }
        } }
        // A fund that never held anything still has a place to lead to.
        @for fund in &book.money.overview.balances {
            @if seen.insert(fund.fund) { p.quiet id=(format!("b-{}", fund.fund)) { (book.money.fund(&fund.fund)) ": " (amount(m, &fund.total)) } }
        }
        p.quiet { (m.t(if trial.balanced { "money.balances.ok" } else { "money.balances.off" })) }
    }
}

fn statements(leaf: &Leaf<'_>) -> Markup {
    let (book, m) = (leaf.book, leaf.m);
    let report = &book.money.statements;
    html! {
        h2 id="statements" { (m.t("money.statements")) }
        @if report.accounts.is_empty() { p { (m.t("money.statements.none")) } }
        @for account in &report.accounts {
            h3 { (account_link(leaf, &account.account)) }
            div.wide tabindex="0" { table {
                caption { (m.t(if account.chained { "money.statements.chained" } else { "money.statements.broken" })) }
                thead { tr {
                    th scope="col" { (m.t("col.from")) }
                    th scope="col" { (m.t("col.to")) }
                    th.n scope="col" { (m.t("col.opening")) }
                    th.n scope="col" { (m.t("col.closing")) }
                    th.n scope="col" { (m.t("col.books")) }
                    th scope="col" { (m.t("col.link")) }
                } }
                tbody {
                    @for row in &account.rows {
                        tr {
                            td { (format::maybe_day(m, row.from)) }
                            td { (format::maybe_day(m, row.to)) }
                            td.n { (amount(m, &row.opening)) }
                            td.n { (amount(m, &row.closing)) }
                            td.n { (amount(m, &row.ledger_balance)) }
                            td { (m.word("link", &row.link)) }
                        }
                    }
                }
            } }
        }
    }
}

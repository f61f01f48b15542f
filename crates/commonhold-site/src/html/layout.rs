//! The frame of a page: head, banner, navigation, foot; and its links.

use crate::format;
use crate::gather::{Book, people::mark};
use crate::messages::{Language, Messages};
use commonhold_core::id::RecordId;
use maud::{DOCTYPE, Markup, html};

/// A language's pages.
pub struct Words<'a> {
    /// The book.
    pub book: &'a Book<'a>,
    /// The words.
    pub m: &'a Messages,
}

/// One page being written. Its path is the one inside the language's folder.
pub struct Leaf<'a> {
    /// The book.
    pub book: &'a Book<'a>,
    /// The words.
    pub m: &'a Messages,
    /// Where it lies, such as `money/2026-06.html`.
    pub path: String,
}

/// The pages named on every page, with the key of their name.
pub const PLACES: &[(&str, &str)] = &[
    ("index.html", "nav.front"),
    ("money.html", "nav.money"),
    ("decisions.html", "nav.decisions"),
    ("people.html", "nav.people"),
    ("incidents.html", "nav.incidents"),
    ("deploys.html", "nav.deploys"),
    ("knowledge.html", "nav.knowledge"),
    ("roadmap.html", "nav.roadmap"),
    ("framework.html", "nav.framework"),
    ("community.html", "nav.community"),
    ("formulas.html", "nav.formulas"),
    ("data.html", "nav.data"),
];

/// The folder of a language's pages, with its `/`; nothing at the root.
pub fn folder(book: &Book<'_>, language: Language) -> String {
    if book.options.languages.first() == Some(&language) {
        String::new()
    } else {
        format!("{}/", language.tag())
    }
}

impl<'a> Words<'a> {
    /// A page of this language.
    pub fn leaf(&self, path: impl Into<String>) -> Leaf<'a> {
        Leaf { book: self.book, m: self.m, path: path.into() }
    }
}

impl Leaf<'_> {
    /// The way to the language's folder.
    fn up(&self) -> String {
        "../".repeat(self.path.matches('/').count())
    }

    /// The way to a page of the same language.
    pub fn to(&self, path: &str) -> String {
        format!("{}{path}", self.up())
    }

    /// The way to a file at the root.
    pub fn root(&self, path: &str) -> String {
        let own = folder(self.book, self.m.language);
        format!("{}{}{path}", self.up(), "../".repeat(own.matches('/').count()))
    }

    /// What somebody is called, with a link to where they are shown.
    pub fn person(&self, id: &RecordId) -> Markup {
        let shown = self.book.people.shown.iter().any(|person| person.id == *id);
        let name = self.person_words(id);
        html! {
            @if shown { a href=(format!("{}#p-{id}", self.to("people.html"))) { (name) } }
            @else { (name) }
        }
    }

    /// What somebody is called.
    pub fn person_words(&self, id: &RecordId) -> String {
        match self.book.public.name(id) {
            Some(name) => name.to_owned(),
            None => self.m.fill("person.unnamed", &[("mark", &mark(id))]),
        }
    }

    /// The way to where a number is explained.
    pub fn how(&self, anchor: &str) -> Markup {
        html! {
            a.how href=(format!("{}#{anchor}", self.to("formulas.html"))) { (self.m.t("how")) }
        }
    }

    /// The whole page.
    pub fn page(&self, title: &str, body: &Markup) -> String {
        let (book, m) = (self.book, self.m);
        let name = &book.service.name;
        let whole = if title == *name { name.clone() } else { format!("{title} – {name}") };
        let markup = html! {
            (DOCTYPE)
            html lang=(m.language.tag()) dir="ltr" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="generator" content="Commonhold";
                    title { (whole) }
                    link rel="stylesheet" href=(self.root("style.css"));
                    @for language in &book.options.languages {
                        @if *language != m.language {
                            link rel="alternate" hreflang=(language.tag()) href=(self.other(*language));
                        }
                    }
                    @if self.path == "index.html" { (self.front_links()) }
                }
                body {
                    a.skip href="#main" { (m.t("skip")) }
                    (self.banner())
                    header.top {
                        p.name { a href=(self.to("index.html")) { (name) } }
                        (self.navigation())
                    }
                    main id="main" { h1 { (title) } (body) }
                    (self.foot())
                }
            }
        };
        markup.into_string()
    }

    /// The way to this page in another language.
    fn other(&self, language: Language) -> String {
        self.root(&format!("{}{}", folder(self.book, language), self.path))
    }

    fn front_links(&self) -> Markup {
        html! {
            @for feed in ["money", "decisions", "incidents", "deploys"] {
                link rel="alternate" type="application/atom+xml"
                    title=(self.m.t(&format!("nav.{feed}"))) href=(self.root(&format!("feeds/{feed}.atom")));
            }
            link rel="alternate" type="application/ld+json" href=(self.root("service.jsonld"));
            link rel="alternate" type="application/json" href=(self.root("api/service.json"));
        }
    }

    fn banner(&self) -> Markup {
        let (book, m) = (self.book, self.m);
        let end = book.end().map(|end| format::day_words(m, end));
        html! {
            @if book.ends() {
                p.banner role="note" {
                    strong { (m.t(&format!("banner.{}", book.phase))) }
                    @if let Some(end) = end.filter(|_| book.phase == "closing") {
                        " " (m.fill("banner.end", &[("day", &end)]))
                    }
                    " " a href=(format!("{}#end", self.to("framework.html"))) { (m.t("banner.more")) }
                }
            }
        }
    }

    fn navigation(&self) -> Markup {
        let here = |path: &str| {
            let (stem, own) = (path.trim_end_matches(".html"), self.path.as_str());
            own == path || own.strip_prefix(stem).is_some_and(|rest| rest.starts_with('/'))
        };
        html! {
            nav aria-label=(self.m.t("nav")) {
                ul {
                    @for (path, key) in PLACES {
                        li {
                            a href=(self.to(path)) aria-current=[here(path).then_some("page")] {
                                (self.m.t(key))
                            }
                        }
                    }
                }
            }
        }
    }

    fn foot(&self) -> Markup {
        let (book, m) = (self.book, self.m);
        let others = book.options.languages.iter().filter(|language| **language != m.language);
        html! {
            footer {
                p.asof {
                    (m.t("asof")) " " (format::day(m, book.day())) ". "
                    (m.count("unpublished", usize::try_from(book.unpublished).unwrap_or(0)))
                }
                p {
                    a href=(self.to("formulas.html")) { (m.t("foot.formulas")) } " · "
                    a href=(self.to("data.html")) { (m.t("foot.data")) }
                    @for language in others {
                        " · "
                        a href=(self.other(*language)) lang=(language.tag()) hreflang=(language.tag()) {
                            (language.own_name())
                        }
                    }
                }
                p.made { (m.t("foot.made")) }
            }
        }
    }
}

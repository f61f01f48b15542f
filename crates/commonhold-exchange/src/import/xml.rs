//! XML documents read part by part: names without their namespace, nothing of the document's own
//! declarations expanded, depth and sizes bounded.

use super::{Error, MAX_FIELD_BYTES};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// Deepest element.
const MAX_DEPTH: usize = 64;
/// Most elements of one part.
const MAX_NODES: usize = 500_000;

/// An element with everything in it.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// Its name without namespace.
    pub name: String,
    /// The attribute `Ccy`.
    pub currency: Option<String>,
    /// The text directly in it.
    pub text: String,
    /// The elements in it.
    pub children: Vec<Node>,
    /// Line it begins on, from 1.
    pub line: u64,
    /// First and last byte in the text.
    pub span: (usize, usize),
}

impl Node {
    /// The first element of this name in it.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// All elements of this name in it.
    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The element at the end of a path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    /// The text at the end of a path; nothing when it is empty.
    pub(super) fn value(&self, path: &[&str]) -> Option<&str> {
        self.at(path).map(|node| node.text.trim()).filter(|text| !text.is_empty())
    }
}

/// What stands in a document, one after the other.
pub(super) enum Part<'p> {
    /// An element above the parts begins: depth (the outermost is 0), name, line.
    Begin(usize, &'p str, u64),
    /// A part with all in it.
    Whole(Node),
    /// An element above the parts ends: its depth.
    End(usize),
}

fn broken(line: u64) -> Error {
    Error::Unusable(format!(
        "The XML is damaged near line {line}: an element is not closed or not written as XML is; \
         export the file again."
    ))
}

/// Walks through a document. Elements above `depth` are told as they begin and end, those at
/// `depth` as a whole.
///
/// # Errors
/// When the document is not well-formed, declares a document type, or is beyond the bounds; else
/// what `visit` says.
pub(super) fn walk(
    text: &str,
    depth: usize,
    visit: &mut dyn FnMut(Part<'_>) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut walker = Walker { text, depth, ..Walker::default() };
    let mut reader = Reader::from_str(text);
    loop {
        let from = place(&reader);
        walker.count_lines(from);
        let event = reader.read_event().map_err(|_| broken(walker.line))?;
        let to = place(&reader);
        match event {
            Event::Start(tag) => walker.begin(&tag, from, visit)?,
            Event::Empty(tag) => {
                walker.begin(&tag, from, visit)?;
                walker.end(to, visit)?;
            }
            Event::End(_) => walker.end(to, visit)?,
            Event::Text(part) => walker.write(&part.xml10_content())?,
            Event::CData(part) => walker.write(&part.xml10_content())?,
            Event::GeneralRef(entity) => {
                let letter = entity.resolve_char_ref().map_err(|_| broken(walker.line))?;
                match letter {
                    Some(letter) => walker.write(letter.encode_utf8(&mut [0; 4]))?,
                    None => {
                        let known = resolve_xml_entity(&entity.xml10_content());
                        walker.write(known.ok_or_else(|| broken(walker.line))?)?;
                    }
                }
            }
            Event::DocType(_) => {
                return Err(Error::Unusable(
                    "The file declares a document type of its own, which no bank statement does; \
                     it is not read."
                        .into(),
                ));
            }
            Event::Eof if walker.done => return Ok(()),
            Event::Eof => return Err(broken(walker.line)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

fn place(reader: &Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

#[derive(Default)]
struct Walker<'t> {
    text: &'t str,
    depth: usize,
    /// How many elements above the parts are open.
    above: usize,
    /// The part being read: the elements open in it.
    open: Vec<Node>,
    nodes: usize,
    counted: usize,
    line: u64,
    done: bool,
}

impl Walker<'_> {
    fn count_lines(&mut self, to: usize) {
        let passed = self.text.as_bytes().get(self.counted..to).unwrap_or(&[]);
        let ends = passed.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.max(1).saturating_add(u64::try_from(ends).unwrap_or(0));
        self.counted = to.max(self.counted);
    }

    fn begin(
        &mut self,
        tag: &BytesStart<'_>,
        from: usize,
        visit: &mut dyn FnMut(Part<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if self.done || self.open.len() > MAX_DEPTH {
            return Err(broken(self.line));
        }
        let name = tag.local_name();
        if self.open.is_empty() && self.above < self.depth {
            visit(Part::Begin(self.above, name.as_ref(), self.line))?;
            self.above = self.above.saturating_add(1);
            return Ok(());
        }
        self.nodes = self.nodes.saturating_add(1);
        if self.nodes > MAX_NODES {
            return Err(Error::Unusable(format!(
                "One entry of the file, up to line {}, holds more than {MAX_NODES} elements; \
                 export a shorter period.",
                self.line
            )));
        }
        let currency = match tag.try_get_attribute("Ccy") {
            Ok(found) => found.map(|found| found.value.into_owned()),
            Err(_) => return Err(broken(self.line)),
        };
        self.open.push(Node {
            name: name.as_ref().to_owned(),
            currency,
            line: self.line,
            span: (from, from),
            ..Node::default()
        });
        Ok(())
    }

    fn end(
        &mut self,
        to: usize,
        visit: &mut dyn FnMut(Part<'_>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if let Some(mut node) = self.open.pop() {
            node.span.1 = to;
            if let Some(parent) = self.open.last_mut() {
                parent.children.push(node);
                return Ok(());
            }
            self.nodes = 0;
            return visit(Part::Whole(node));
        }
        self.above = self.above.checked_sub(1).ok_or_else(|| broken(self.line))?;
        self.done = self.above == 0;
        visit(Part::End(self.above))
    }

    fn write(&mut self, text: &str) -> Result<(), Error> {
        let Some(node) = self.open.last_mut() else {
            return if text.trim().is_empty() { Ok(()) } else { self.stray() };
        };
        if node.text.len().saturating_add(text.len()) > MAX_FIELD_BYTES {
            return Err(Error::FieldTooLong { line: self.line });
        }
        node.text.push_str(text);
        Ok(())
    }

    /// Text where only elements stand: odd, but harmless inside; outside it is no XML.
    fn stray(&self) -> Result<(), Error> {
        if self.above > 0 { Ok(()) } else { Err(broken(self.line)) }
    }
}

/// Decodes a document by its byte order mark, its own declaration, or as UTF-8.
pub(super) fn decode(bytes: &[u8]) -> super::rows::Text<'_> {
    let head = bytes.get(..200).unwrap_or(bytes);
    let said = String::from_utf8_lossy(head);
    let declared = said.split_once("encoding=").and_then(|(_, rest)| {
        let rest = rest.trim_start_matches(['"', '\'']);
        encoding_rs::Encoding::for_label(rest.split(['"', '\'', '?']).next()?.as_bytes())
    });
    // A declaration that could be read as single bytes is not that of a UTF-16 document.
    let declared =
        declared.filter(|found| *found != encoding_rs::UTF_16LE && *found != encoding_rs::UTF_16BE);
    let fallback = declared.unwrap_or(encoding_rs::UTF_8);
    let (text, _, damaged) = fallback.decode(bytes);
    super::rows::Text { text, damaged }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        walk(text, 1, &mut |part| {
            found.push(match part {
                Part::Begin(depth, name, line) => format!("+{depth}{name}@{line}"),
                Part::Whole(node) => {
                    let inner: Vec<_> = node.children.iter().map(|c| c.text.trim()).collect();
                    format!("{}={}{inner:?}@{}", node.name, node.text.trim(), node.line)
                }
                Part::End(depth) => format!("-{depth}"),
            });
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn parts_are_told_in_order() {
        let text = "<?xml version=\"1.0\"?>\n<n:a xmlns:n='x'>\n <b>1 &amp; &#50;<c>x</c></b>\n<d/></n:a>\n";
        assert_eq!(parts(text).unwrap(), ["+0a@2", "b=1 & 2[\"x\"]@3", "d=[]@4", "-0"]);
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in [
            "",
            "a",
            "<a>",
            "<a><b></a></b>",
            "<a/><b/>",
            "<a>&own;</a>",
            "</a>",
            "<!DOCTYPE a [<!ENTITY own 'x'>]><a>x</a>",
            "<a/>b",
            "<a><b x='1' x='2' Ccy=1/></a>",
        ] {
            assert!(parts(text).is_err(), "{text}");
        }
        assert!(parts(&"<a>".repeat(10_000)).is_err());
        assert!(parts(&format!("<a><b>{}</b></a>", "<c/>".repeat(MAX_NODES))).is_err());
        assert!(parts(&format!("<a><b>{}</b></a>", "x".repeat(MAX_FIELD_BYTES + 1))).is_err());
    }

    #[test]
    fn letters_are_decoded_as_declared() {
        let text = decode(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4</a>");
        assert!(text.text.ends_with("<a>\u{e4}</a>") && !text.damaged);
        assert!(decode(b"<a>\xe4</a>").damaged);
        assert_eq!(decode(b"\xff\xfe<\0a\0/\0>\0").text, "<a/>");
    }
}

//! Reading the listings of S3 and WebDAV. They come from a server that may send anything: nothing
//! is built from them but names that fit, and no entity of the document's own is expanded.

use crate::fault::Fault;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// The longest text in a listing that is looked at, in bytes: a path of an S3 object has at most
/// 1,024, each of which may be written as three.
const LONGEST: usize = 8192;

/// What stands in a listing, one after the other.
enum Piece<'a> {
    Begin(&'a str),
    /// The end of an element, with the text in it if it held nothing but text.
    End(&'a str, &'a str),
}

fn garbled() -> Fault {
    Fault::senseless("the server's list of files cannot be read; is this the right address?")
}

/// Walks through a document whose outermost element has this name.
fn walk(
    bytes: &[u8],
    outermost: &str,
    visit: &mut dyn FnMut(Piece<'_>) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| garbled())?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let (mut depth, mut held) = (0_usize, String::new());
    let mut found = false;
    loop {
        match reader.read_event().map_err(|_| garbled())? {
            Event::Start(tag) => {
                let name = tag.local_name();
                found |= depth == 0 && name.as_ref() == outermost;
                if !found || depth > 32 {
                    return Err(garbled());
                }
                depth = depth.saturating_add(1);
                held.clear();
                visit(Piece::Begin(name.as_ref()))?;
            }
            Event::Empty(tag) => {
                found |= depth == 0 && tag.local_name().as_ref() == outermost;
                held.clear();
                visit(Piece::Begin(tag.local_name().as_ref()))?;
                visit(Piece::End(tag.local_name().as_ref(), ""))?;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                visit(Piece::End(tag.local_name().as_ref(), held.trim()))?;
                held.clear();
            }
            Event::Text(part) if depth > 0 => held.push_str(&part.xml10_content()),
            Event::CData(part) if depth > 0 => held.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) if depth > 0 => match entity.resolve_char_ref() {
                Ok(Some(letter)) => held.push(letter),
                Ok(None) => {
                    held.push_str(resolve_xml_entity(&entity).ok_or_else(garbled)?);
                }
                Err(_) => return Err(garbled()),
            },
            Event::Eof if found && depth == 0 => return Ok(()),
            Event::Eof => return Err(garbled()),
            _ => {}
        }
        if held.len() > LONGEST {
            return Err(garbled());
        }
    }
}

/// One page of a listing of S3 (`ListObjectsV2`).
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Page {
    /// Names of objects, with their lengths.
    pub objects: Vec<(String, u64)>,
    /// What precedes the delimiter in names that have one.
    pub folders: Vec<String>,
    /// What the next page is asked for with, if there is one.
    pub next: Option<String>,
}

/// Reads a page, with the names for which this says yes.
pub(crate) fn page(bytes: &[u8], fits: &dyn Fn(&str) -> bool) -> Result<Page, Fault> {
    let mut page = Page::default();
    let (mut key, mut size, mut folder) = (String::new(), None, false);
    let mut more = None;
    walk(bytes, "ListBucketResult", &mut |piece| {
        match piece {
            Piece::Begin("Contents") => (key, size) = (String::new(), None),
            Piece::Begin("CommonPrefixes") => folder = true,
            Piece::End("Key", text) => key = percent_decoded(text),
            Piece::End("Size", text) => size = text.parse().ok(),
            Piece::End("Contents", _) => {
                let key = std::mem::take(&mut key);
                if let Some(size) = size.filter(|_| fits(&key)) {
                    page.objects.push((key, size));
                }
            }
            Piece::End("Prefix", text) if folder => {
                let text = percent_decoded(text);
                if fits(&text) {
                    page.folders.push(text);
                }
            }
            Piece::End("CommonPrefixes", _) => folder = false,
            Piece::End("NextContinuationToken", text) => page.next = Some(text.to_owned()),
            Piece::End("IsTruncated", text) => more = Some(text == "true"),
            _ => {}
        }
        Ok(())
    })?;
    page.next = page.next.filter(|text| !text.is_empty() && more != Some(false));
    if more == Some(true) && page.next.is_none() {
        return Err(garbled());
    }
    Ok(page)
}

/// What a web folder says about itself or something in it (`PROPFIND`, RFC 4918).
#[derive(Debug, PartialEq)]
pub(crate) struct Resource {
    /// Its path on the server, decoded.
    pub path: String,
    /// Its length in bytes, if it says one.
    pub bytes: Option<u64>,
    /// Whether it is a folder.
    pub folder: bool,
}

/// Reads what a web folder lists, one after the other.
pub(crate) fn resources(
    bytes: &[u8],
    visit: &mut dyn FnMut(Resource) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let (mut href, mut length, mut folder) = (None, None, false);
    walk(bytes, "multistatus", &mut |piece| {
        match piece {
            Piece::Begin("response") => (href, length, folder) = (None, None, false),
            Piece::Begin("collection") => folder = true,
            Piece::End("href", text) if href.is_none() => href = Some(path_of(text)),
            Piece::End("getcontentlength", text) => length = length.or(text.parse().ok()),
            Piece::End("response", _) => {
                if let Some(path) = href.take() {
                    visit(Resource { path, bytes: length, folder })?;
                }
            }
            _ => {}
        }
        Ok(())
    })
}

/// The path an address or path on a server names, decoded.
fn path_of(href: &str) -> String {
    let rest = href.split_once("://").map_or(href, |(_, rest)| {
        rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/")
    });
    percent_decoded(rest)
}

/// A text with `%41` and the like resolved. Bytes that are no text become what no name holds.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let digit = |b: &u8| char::from(*b).to_digit(16).and_then(|n| u8::try_from(n).ok());
        rest = match (first, tail) {
            (b'%', [high, low, after @ ..]) => match (digit(high), digit(low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high.wrapping_shl(4) | low);
                    after
                }
                _ => {
                    bytes.push(b'%');
                    tail
                }
            },
            _ => {
                bytes.push(*first);
                tail
            }
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The word of S3 for what went wrong, out of the answer's text; empty if there is none.
pub(crate) fn word_of_error(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let word = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    let word = word.map_or("", |(word, _)| word);
    let sound = word.len() <= 64 && word.bytes().all(|b| b.is_ascii_alphanumeric());
    if sound { word.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(text: &str) -> Result<Vec<Resource>, Fault> {
        let mut all = Vec::new();
        resources(text.as_bytes(), &mut |one| {
            all.push(one);
            Ok(())
        })?;
        Ok(all)
    }

    #[test]
    fn what_servers_answer_is_read() {
        // As Nextcloud writes it: two groups of properties, one of them of those it lacks.
        let text = r#"<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:oc="x"><d:response>
            <d:href>/dav/a%20b/R&amp;D/</d:href><d:propstat><d:prop><d:resourcetype><d:collection/>
            </d:resourcetype></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat><d:propstat>
            <d:prop><d:getcontentlength/></d:prop><d:status>HTTP/1.1 404 Not Found</d:status>
            </d:propstat></d:response><d:response><d:href>https://h.example:1/dav/x.chk</d:href>
            <d:propstat><d:prop><d:resourcetype/><d:getcontentlength>12</d:getcontentlength>
            </d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>
            </d:multistatus>"#;
        let folder = Resource { path: "/dav/a b/R&D/".into(), bytes: None, folder: true };
        let file = Resource { path: "/dav/x.chk".into(), bytes: Some(12), folder: false };
        assert_eq!(listed(text).unwrap(), [folder, file]);

        let text = "<ListBucketResult><Prefix>p</Prefix><IsTruncated>true</IsTruncated>\
            <Contents><Key>a&amp;b/%63</Key><Size>3</Size></Contents><Contents><Key>no</Key>\
            </Contents><CommonPrefixes><Prefix>c/</Prefix></CommonPrefixes>\
            <NextContinuationToken>t==</NextContinuationToken></ListBucketResult>";
        let page = page(text.as_bytes(), &|_| true).unwrap();
        assert_eq!(page.objects, [("a&b/c".to_owned(), 3)]);
        assert_eq!((page.folders, page.next), (vec!["c/".to_owned()], Some("t==".to_owned())));
    }

    #[test]
    fn garbage_is_an_error() {
        let deep = format!("<multistatus>{}", "<a>".repeat(50_000));
        let long = format!("<multistatus><href>{}</href></multistatus>", "x".repeat(10_000));
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><multistatus><href>&a;</href></multistatus>";
        for text in ["", "hello", "<html></html>", "<multistatus>", "<multistatus/", &deep, &long] {
            assert!(listed(text).is_err(), "{}", text.get(..20).unwrap_or(text));
        }
        assert!(listed(bomb).is_err() && resources(b"<multistatus>\xff", &mut |_| Ok(())).is_err());
        assert!(listed("<multistatus/>").unwrap().is_empty());
        let endless = "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>";
        assert!(page(endless.as_bytes(), &|_| true).is_err());
    }

    #[test]
    fn texts_are_decoded() {
        assert_eq!(percent_decoded("a%2Fb%2"), "a/b%2");
        assert_eq!(percent_decoded("%zz%"), "%zz%");
        assert!(percent_decoded("%ff").contains('\u{fffd}'));
        assert_eq!(word_of_error(b"<Error><Code>NoSuchKey</Code>"), "NoSuchKey");
        assert_eq!(word_of_error(b"<Code>a secret!</Code>"), "");
    }
}

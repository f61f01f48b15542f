//! QR codes (ISO/IEC 18004) of tickets, as SVG for the window and as letters for the terminal.

use qrcodegen::{QrCode, QrCodeEcc};

/// Light modules around the code that readers need.
const MARGIN: i32 = 4;
/// More letters than this no code holds.
const MOST: usize = 4296;

/// An SVG picture, black on white, with its margin; one unit for a module. Nothing if the text is
/// too long for a code.
pub fn qr_svg(text: &str) -> Option<String> {
    let code = code(text)?;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let (left, top) = (x.saturating_add(MARGIN), y.saturating_add(MARGIN));
            path.push_str(&format!("M{left},{top}h1v1h-1z"));
        }
    }
    let side = code.size().saturating_add(MARGIN.saturating_mul(2));
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0,0h{side}v{side}h-{side}z\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// Lines for a terminal, two modules in each letter, light ones drawn: right way round where
/// letters are light on dark, and readable for most readers where they are not.
pub fn qr_terminal(text: &str) -> Option<String> {
    let code = code(text)?;
    let end = code.size().saturating_add(MARGIN);
    let light = |x, y| !code.get_module(x, y); // outside of the code all are light
    let mut out = String::new();
    for y in (MARGIN.saturating_neg()..end).step_by(2) {
        for x in MARGIN.saturating_neg()..end {
            out.push(match (light(x, y), light(x, y.saturating_add(1))) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        out.push('\n');
    }
    Some(out)
}

fn code(text: &str) -> Option<QrCode> {
    let fits = (1..=MOST).contains(&text.len());
    let levels = [QrCodeEcc::Medium, QrCodeEcc::Low];
    levels.into_iter().filter(|_| fits).find_map(|level| QrCode::encode_text(text, level).ok())
}

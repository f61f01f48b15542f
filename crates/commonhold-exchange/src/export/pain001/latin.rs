//! The letters a SEPA payment may hold (EPC217-08): `a-z A-Z 0-9 / - ? : ( ) . , ' +` and space.

/// Letters that stand for others: the base letter without its marks, and what ligatures and a few
/// letters of their own are commonly written as. (to, from)
const LATIN: &[(&str, &str)] = &[
    ("A", "ÀÁÂÃÄÅĀĂĄǍǞǠǺȀȂȦḀẠẢẤẦẨẪẬẮẰẲẴẶ"),
    ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặª"),
    ("B", "ḂḄḆ"),
    ("b", "ḃḅḇ"),
    ("C", "ÇĆĈĊČḈ"),
    ("c", "çćĉċčḉ"),
    ("D", "ÐĎĐḊḌḎḐḒ"),
    ("d", "ðďđḋḍḏḑḓ"),
    ("E", "ÈÉÊËĒĔĖĘĚȄȆȨḔḖḘḚḜẸẺẼẾỀỂỄỆƏ"),
    ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệə"),
    ("F", "Ḟ"),
    ("f", "ḟ"),
    ("G", "ĜĞĠĢǤǦǴḠ"),
    ("g", "ĝğġģǥǧǵḡ"),
    ("H", "ĤĦȞḢḤḦḨḪ"),
    ("h", "ĥħȟḣḥḧḩḫẖ"),
    ("I", "ÌÍÎÏĨĪĬĮİǏȈȊḬḮỈỊ"),
    ("i", "ìíîïĩīĭįıǐȉȋḭḯỉị"),
    ("J", "Ĵ"),
    ("j", "ĵǰ"),
    ("K", "ĶǨḰḲḴ"),
    ("k", "ķǩḱḳḵĸ"),
    ("L", "ĹĻĽĿŁḶḸḺḼ"),
    ("l", "ĺļľŀłḷḹḻḽ"),
    ("M", "ḾṀṂ"),
    ("m", "ḿṁṃ"),
    ("N", "ÑŃŅŇŊǸṄṆṈṊ"),
    ("n", "ñńņňŋǹṅṇṉṋŉ"),
    ("O", "ÒÓÔÕÖØŌŎŐƠǑǪǬǾȌȎȪȬȮȰṌṎṐṒỌỎỐỒỔỖỘỚỜỞỠỢ"),
    ("o", "òóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợº"),
    ("P", "ṔṖ"),
    ("p", "ṕṗ"),
    ("R", "ŔŖŘȐȒṘṚṜṞ"),
    ("r", "ŕŗřȑȓṙṛṝṟ"),
    ("S", "ŚŜŞŠȘṠṢṤṦṨ"),
    ("s", "śŝşšșṡṣṥṧṩſ"),
    ("T", "ŢŤŦȚṪṬṮṰ"),
    ("t", "ţťŧțṫṭṯṱẗ"),
    ("U", "ÙÚÛÜŨŪŬŮŰŲƯǓǕǗǙǛȔȖṲṴṶṸṺỤỦỨỪỬỮỰ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ("V", "ṼṾ"),
    ("v", "ṽṿ"),
    ("W", "ŴẀẂẄẆẈ"),
    ("w", "ŵẁẃẅẇẉẘ"),
    ("X", "ẊẌ"),
    ("x", "ẋẍ"),
    ("Y", "ÝŶŸȲẎỲỴỶỸ"),
    ("y", "ýÿŷȳẏẙỳỵỷỹ"),
    ("Z", "ŹŻŽƵẐẒẔ"),
    ("z", "źżžƶẑẓẕ"),
    ("AE", "ÆǢǼ"),
    ("ae", "æǣǽ"),
    ("OE", "Œ"),
    ("oe", "œ"),
    ("IJ", "Ĳ"),
    ("ij", "ĳ"),
    ("ss", "ß"),
    ("SS", "ẞ"),
    ("Th", "Þ"),
    ("th", "þ"),
    ("'", "’‘ʼ"),
];

/// Whether a character may stand in a payment file.
pub(super) fn belongs(character: char) -> bool {
    character.is_ascii_alphanumeric() || "/-?:().,'+ ".contains(character)
}

/// Marks that stand alone after their letter (text taken apart, as macOS file names are).
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}')
}

/// A text in the letters of SEPA: letters lose their marks (ö is o, ø is o, ß is ss), what has no
/// such letter becomes a full stop, white space becomes one space and none is left at the ends.
/// “Škoda & Søn – Hosting” is “Skoda . Son . Hosting”.
pub fn sepa_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_whitespace() || character.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if belongs(character) {
            out.push(character);
        } else if !is_mark(character) {
            let known = LATIN.iter().find(|(_, from)| from.contains(character));
            out.push_str(known.map_or(".", |(to, _)| *to));
        }
    }
    out.truncate(out.trim_end().len());
    out
}

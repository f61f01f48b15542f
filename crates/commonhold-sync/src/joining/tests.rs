mod frozen;

use super::*;
use commonhold_core::keys::DeviceKeys;

const WORDS: &str = "zoo able ability river stone apple";

fn keys() -> DeviceKeys {
    DeviceKeys::from_seed([5; 32])
}

fn invitation() -> Invitation {
    Invitation {
        id: [1; 16],
        book: BookId([2; 32]),
        secret: WORDS.into(),
        seed: [3; 32],
        inviter: Device([4; 32]),
        person: Some(RecordId::from_bytes([6; 16])),
        name: "Ada".into(),
        roles: vec!["treasurer".into()],
        expires: 1_800_000_000_000,
        folder: "Ordner in der Küche".into(),
        used: false,
        revoked: false,
    }
}

fn for_ticket() -> Invitation {
    Invitation { secret: "ab".repeat(32), ..invitation() }
}

fn request() -> Request {
    Request {
        device: keys().device(),
        sealing: keys().sealing(),
        nonce: [7; 16],
        name: "Ada Löwe".into(),
        label: "laptop".into(),
    }
}

fn accepted() -> Welcome {
    Welcome::Accepted { book: BookId([2; 32]), name: "Free kitchen".into() }
}

fn begin(offer: &[u8], secret: &str) -> Result<(Joining, Vec<u8>), String> {
    Joining::begin(offer, secret, None, &request(), &keys(), [8; 32])
}

fn begin_with(offer: &[u8], ticket: &Ticket) -> Result<(Joining, Vec<u8>), String> {
    Joining::begin(offer, "", Some(ticket), &request(), &keys(), [8; 32])
}

/// Flips each byte in turn, and cuts before it.
fn damaged(bytes: &[u8]) -> impl Iterator<Item = (usize, Vec<u8>)> {
    (0..bytes.len()).flat_map(move |place| {
        let mut flipped = bytes.to_vec();
        flipped[place] ^= 1 << (place % 8);
        [(place, flipped), (place, bytes[..place].to_vec())]
    })
}

#[test]
fn six_words_bring_a_device_in() {
    let (joining, message) = begin(&invitation().offer(), WORDS).unwrap();
    let opened = invitation().open_request(&message).unwrap();
    assert_eq!(opened.request, request());
    assert_eq!(opened.compare_words, joining.compare_words());
    assert_eq!(opened.compare_words.split(' ').count(), 3);
    for welcome in [accepted(), Welcome::Refused { reason: "I do not know you.".into() }] {
        let answer = invitation().welcome(&opened, &welcome).unwrap();
        assert_eq!(joining.welcome(&answer).unwrap(), welcome);
    }
}

#[test]
fn a_ticket_brings_a_device_in_also_one_with_words() {
    for invitation in [for_ticket(), invitation()] {
        let ticket = invitation.ticket("Free kitchen").unwrap();
        let ticket = Ticket::parse(&ticket.text()).unwrap();
        let (joining, message) = begin_with(&invitation.offer(), &ticket).unwrap();
        let opened = invitation.open_request(&message).unwrap();
        assert_eq!(opened.compare_words, joining.compare_words());
        let answer = invitation.welcome(&opened, &accepted()).unwrap();
        assert_eq!(joining.welcome(&answer).unwrap(), accepted());
    }
}

#[test]
fn words_may_be_typed_in_any_way_and_must_be_the_right_ones() {
    let offer = invitation().offer();
    let (_, message) = begin(&offer, " ZOO-able\nAbility  river, stone apple").unwrap();
    assert!(invitation().open_request(&message).is_ok());
    let (_, message) = begin(&offer, &WORDS.replace("zoo", "zone")).unwrap();
    assert_eq!(invitation().open_request(&message).unwrap_err(), WRONG_SECRET);
    assert!(begin(&offer, "zoo able").unwrap_err().contains("six words; these are 2"));
    assert!(begin(&offer, &WORDS.replace("river", "rivr")).unwrap_err().contains("“river”"));
}

#[test]
fn the_same_seeds_give_the_same_bytes_and_other_seeds_others() {
    let offer = invitation().offer();
    assert_eq!(offer, invitation().offer());
    assert_ne!(offer, Invitation { seed: [9; 32], ..invitation() }.offer());
    let (joining, message) = begin(&offer, WORDS).unwrap();
    assert_eq!(message, joining.message());
    assert!((joining.clone(), message.clone()) == begin(&offer, WORDS).unwrap());
    let other = Joining::begin(&offer, WORDS, None, &request(), &keys(), [9; 32]).unwrap();
    assert_ne!(other.1, message);
    assert_ne!(other.0.compare_words(), joining.compare_words());
}

#[test]
fn the_offer_tells_nothing_of_people_or_book() {
    let other = Invitation {
        name: "Eve".into(),
        roles: vec![],
        person: None,
        book: BookId([9; 32]),
        inviter: Device([9; 32]),
        folder: String::new(),
        ..invitation()
    };
    assert_eq!(other.offer(), invitation().offer());
    assert_eq!(invitation().offer().len(), 4 + 16 + 8 + 33);
    let offer = Offer::read(&invitation().offer()).unwrap();
    assert_eq!((offer.id, offer.expires), ([1; 16], 1_800_000_000_000));
}

#[test]
fn an_altered_offer_never_ends_in_an_opened_request() {
    for (place, bad) in damaged(&invitation().offer()) {
        let answer = joiner::answer(&bad, WORDS, None, &request(), &keys(), [8; 32]);
        if let Ok((_, _, message)) = answer {
            assert!(invitation().open_request(&message).is_err(), "byte {place}");
        }
    }
    let longer = [invitation().offer(), vec![0]].concat();
    assert_eq!(begin(&longer, WORDS).unwrap_err(), NO_OFFER);
}

#[test]
fn an_altered_request_is_refused() {
    let (_, message) = begin(&invitation().offer(), WORDS).unwrap();
    for (place, bad) in damaged(&message) {
        assert!(invitation().open_request(&bad).is_err(), "byte {place}");
    }
    let long = [message, vec![0; MAX_BYTES]].concat();
    assert_eq!(invitation().open_request(&long).unwrap_err(), NO_REQUEST);
}

#[test]
fn an_altered_or_foreign_welcome_is_refused() {
    let (joining, message) = begin(&invitation().offer(), WORDS).unwrap();
    let opened = invitation().open_request(&message).unwrap();
    let answer = invitation().welcome(&opened, &accepted()).unwrap();
    for (place, bad) in damaged(&answer) {
        assert!(joining.welcome(&bad).is_err(), "byte {place}");
    }
    assert!(joining.welcome(&[answer.clone(), vec![0; MAX_BYTES]].concat()).is_err());
    let offer = invitation().offer();
    let other = Joining::begin(&offer, WORDS, None, &request(), &keys(), [9; 32]).unwrap().0;
    assert_eq!(other.welcome(&answer).unwrap_err(), WRONG_ANSWER);
    let other = Invitation { id: [9; 16], ..invitation() }.welcome(&opened, &accepted()).unwrap();
    assert_eq!(joining.welcome(&other).unwrap_err(), WRONG_ANSWER);
}

#[test]
fn a_request_repeated_under_another_invitation_is_refused() {
    let (_, message) = begin(&invitation().offer(), WORDS).unwrap();
    let other = Invitation { id: [9; 16], ..invitation() };
    assert!(other.open_request(&message).unwrap_err().contains("another invitation"));
    let mut renamed = message.clone();
    renamed[4..20].copy_from_slice(&[9; 16]);
    assert_eq!(other.open_request(&renamed).unwrap_err(), WRONG_SECRET);
    let later = Invitation { expires: 1_900_000_000_000, ..invitation() };
    assert_eq!(later.open_request(&message).unwrap_err(), WRONG_SECRET);
    let again = Invitation { seed: [9; 32], ..invitation() };
    assert_eq!(again.open_request(&message).unwrap_err(), WRONG_SECRET);
}

#[test]
fn a_ticket_binds_book_and_inviter() {
    let invitation = for_ticket();
    let good = invitation.ticket("x").unwrap();
    for bad in [
        Ticket { book: BookId([9; 32]), ..good.clone() },
        Ticket { inviter: Device([9; 32]), ..good.clone() },
    ] {
        let (_, message) = begin_with(&invitation.offer(), &bad).unwrap();
        assert_eq!(invitation.open_request(&message).unwrap_err(), WRONG_SECRET);
    }
    let other = Ticket { id: [9; 16], ..good.clone() };
    assert!(begin_with(&invitation.offer(), &other).unwrap_err().contains("another invitation"));
    let other = Ticket { expires: 1, ..good.clone() };
    assert!(begin_with(&invitation.offer(), &other).unwrap_err().contains("altered"));
    let words =
        Joining::begin(&invitation.offer(), WORDS, Some(&good), &request(), &keys(), [8; 32]);
    assert!(words.unwrap_err().contains("not those of the ticket"));
    let (joining, message) = begin_with(&invitation.offer(), &good).unwrap();
    let opened = invitation.open_request(&message).unwrap();
    let elsewhere = Welcome::Accepted { book: BookId([9; 32]), name: "x".into() };
    let answer = invitation.welcome(&opened, &elsewhere).unwrap();
    assert!(joining.welcome(&answer).unwrap_err().contains("another service"));
}

/// Somebody who overheard the words answers the joiner in the inviter's place, and the inviter in
/// the joiner's: everything opens, and the words to compare differ.
#[test]
fn who_stands_between_with_the_right_words_is_seen_in_the_words_to_compare() {
    let middle = Invitation { seed: [66; 32], ..invitation() };
    let (joining, message) = begin(&middle.offer(), WORDS).unwrap();
    let caught = middle.open_request(&message).unwrap();
    let evil = DeviceKeys::from_seed([66; 32]);
    let forged =
        Request { device: evil.device(), sealing: evil.sealing(), ..caught.request.clone() };
    let offer = invitation().offer();
    let (_, message) = Joining::begin(&offer, WORDS, None, &forged, &evil, [66; 32]).unwrap();
    let opened = invitation().open_request(&message).unwrap();
    assert_ne!(opened.compare_words, joining.compare_words());
}

#[test]
fn a_device_is_named_only_by_who_has_its_key() {
    let other = Request { device: Device([9; 32]), ..request() };
    let begun = Joining::begin(&invitation().offer(), WORDS, None, &other, &keys(), [8; 32]);
    assert!(begun.unwrap_err().contains("another device"));
    // A joiner who leaves that check out, and signs with a key of its own.
    let (state, half) = exchange::inviter(&[1; 16], WORDS, &[3; 32]);
    let offer = Offer { id: [1; 16], expires: 1_800_000_000_000, half };
    let (joiner, half) = exchange::joiner(&offer, WORDS, &[8; 32]);
    let head = RequestHead { id: [1; 16], ticket: false, half };
    let shared = state.finish(&head.half).unwrap();
    assert_eq!(joiner.finish(&offer.half).unwrap(), shared);
    let session = Session::new(&shared, &offer, &head, None);
    let victim = DeviceKeys::from_seed([9; 32]).device();
    for (device, outcome) in [(victim, WRONG_DEVICE), (Device([0; 32]), WRONG_DEVICE)] {
        let plain = session.write_request(&Request { device, ..request() }, &keys()).unwrap();
        let sealed = session.request.seal(REQUEST, &plain).unwrap();
        let message = [head.bytes(), sealed].concat();
        assert_eq!(invitation().open_request(&message).unwrap_err(), outcome);
    }
}

#[test]
fn texts_are_short_and_show_what_they_say() {
    let offer = invitation().offer();
    for bad in ["a\nb", "a\u{1b}[2J", "a\u{202e}b", "a\0", &"x".repeat(201)] {
        let named = Request { name: bad.into(), ..request() };
        let begun = Joining::begin(&offer, WORDS, None, &named, &keys(), [8; 32]);
        assert!(begun.unwrap_err().contains("too long"), "{bad:?}");
        assert_eq!(Welcome::Refused { reason: bad.into() }.bytes(), None, "{bad:?}");
    }
    let longest = Request { name: "𝕏".repeat(200), label: "𝕏".repeat(200), ..request() };
    let (_, message) = Joining::begin(&offer, WORDS, None, &longest, &keys(), [8; 32]).unwrap();
    assert!(message.len() <= MAX_BYTES);
    assert_eq!(invitation().open_request(&message).unwrap().request, longest);
}

#[test]
fn no_bytes_make_a_decoder_panic() {
    let (joining, message) = begin(&invitation().offer(), WORDS).unwrap();
    let mut stream = blake3::Hasher::new().update(b"any bytes").finalize_xof();
    for length in (0..300).chain([5000]) {
        let mut any = vec![0; length];
        stream.fill(&mut any);
        for tag in [&b""[..], OFFER, REQUEST, WELCOME, &message[..54]] {
            let bytes = [tag, &any].concat();
            assert!(Offer::read(&bytes).is_err() || bytes.len() == 61);
            assert!(invitation().open_request(&bytes).is_err());
            assert!(joining.welcome(&bytes).is_err());
            let _ = (Request::read(&any), Welcome::read(&any), invitation_of(&bytes));
        }
        let _ = Ticket::parse(&String::from_utf8_lossy(&any));
    }
}

#[test]
fn messages_name_their_invitation() {
    let (_, message) = begin(&invitation().offer(), WORDS).unwrap();
    assert_eq!(invitation_of(&invitation().offer()), Some([1; 16]));
    assert_eq!(invitation_of(&message), Some([1; 16]));
    assert_eq!(invitation_of(b"CHO1 and sixteen more bytes"), None);
}

#[test]
fn what_is_kept_survives_json_and_debug_tells_no_secret() {
    let kept = serde_json::to_string(&invitation()).unwrap();
    assert!(serde_json::from_str::<Invitation>(&kept).unwrap() == invitation());
    let (joining, _) = begin(&invitation().offer(), WORDS).unwrap();
    let kept = serde_json::to_string(&joining).unwrap();
    assert!(serde_json::from_str::<Joining>(&kept).unwrap() == joining);
    assert!(!kept.contains("zoo"));
    let ticket = invitation().ticket("x").unwrap();
    assert!(!format!("{:?} {joining:?} {ticket:?}", invitation()).contains("zoo"));
}

#[test]
fn tickets_are_read_however_they_were_copied() {
    for invitation in [invitation(), for_ticket()] {
        let ticket = invitation.ticket("Freie Küche").unwrap();
        let text = ticket.text();
        assert!(text.starts_with("COMMONHOLD1:"));
        assert!(text.chars().all(|c| matches!(c, 'A'..='Z' | '0'..='9' | ':')), "{text}");
        assert_eq!(Ticket::parse(&text).unwrap(), ticket);
        let mut lines = String::from("\u{feff} \n");
        for (place, letter) in text.to_lowercase().chars().enumerate() {
            lines.push(letter);
            lines.push_str(if place % 7 == 0 { "\r\n  " } else { "" });
        }
        assert_eq!(Ticket::parse(&lines).unwrap(), ticket);
    }
}

#[test]
fn what_is_no_ticket_is_told_in_one_sentence() {
    let text = invitation().ticket("Free kitchen").unwrap().text();
    let sentence = |text: &str| Ticket::parse(text).unwrap_err();
    for place in 12..text.len() {
        let mut bad = text.clone().into_bytes();
        bad[place] = if bad[place] == b'A' { b'B' } else { b'A' };
        let bad = String::from_utf8(bad).unwrap();
        assert_eq!(sentence(&bad), DAMAGED, "letter {place}");
        assert_eq!(sentence(&text[..place]), DAMAGED, "cut at {place}");
    }
    assert!(sentence("hello").contains("does not begin with COMMONHOLD1:"));
    assert!(sentence("").contains("does not begin"));
    assert!(sentence("commonhold2:aaaa").contains("newer version"));
    assert!(sentence("COMMONHOLD1:AB1C").contains("“1”"));
    assert!(sentence(&"A".repeat(9000)).contains("too long"));
}

const DAMAGED: &str = "A letter of the invitation is wrong or missing. Copy all of it once more.";

#[test]
fn a_ticket_can_always_be_read_whatever_its_texts() {
    let invitation = Invitation { folder: "x".repeat(201), ..invitation() };
    let ticket = invitation.ticket(&"a\n".repeat(300)).unwrap();
    let read = Ticket::parse(&ticket.text()).unwrap();
    assert_eq!((read.name, read.folder), ("a".repeat(200), String::new()));
    assert!(Invitation { secret: "zoo".into(), ..invitation }.ticket("x").is_err());
}

#[test]
fn qr_codes_hold_a_ticket() {
    let text = for_ticket().ticket("Free kitchen").unwrap().text();
    let svg = qr_svg(&text).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
    let lines = qr_terminal(&text).unwrap();
    let widths: Vec<usize> = lines.lines().map(|line| line.chars().count()).collect();
    assert!(widths.iter().all(|width| *width == widths[0] && *width < 80), "{widths:?}");
    assert_eq!(widths.len(), widths[0].div_ceil(2));
    assert!(lines.lines().next().unwrap().chars().all(|c| c == '█'));
    for bad in ["", &"A".repeat(4297), &"a".repeat(3000)] {
        assert_eq!((qr_svg(bad), qr_terminal(bad)), (None, None));
    }
}

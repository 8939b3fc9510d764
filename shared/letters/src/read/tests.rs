use super::*;
use crate::{render_fax, tests::samples};

/// The page as another machine sends it: through `place`, and every so often a dot of the wrong colour.
fn again(page: &Page, height: usize, place: impl Fn(usize, usize) -> (i64, i64), dirt: u64) -> Page {
    let mut other =
        Page { height, dots: vec![0; page.stride() * height], is_coarse: height * 2 <= page.height + 1, ..*page };
    let mut chance = 88_172_645_463_325_252_u64;
    for y in 0..height {
        for x in 0..page.width {
            chance ^= chance << 13;
            chance ^= chance >> 7;
            chance ^= chance << 17;
            let (from_x, from_y) = place(x, y);
            let black = usize::try_from(from_x).ok().zip(usize::try_from(from_y).ok());
            let black = black.is_some_and(|(x, y)| y < page.height && page.is_black(x, y));
            if black != (dirt > 0 && chance.is_multiple_of(dirt)) {
                other.dots[y * page.stride() + x / 8] |= 0x80 >> (x % 8);
            }
        }
    }
    other
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap()
}

#[test]
fn a_letter_is_known_by_its_bars_upside_down_askew_coarse_and_dirty() {
    for (name, letter) in samples::all().into_iter().take(2) {
        let read = pages(&render_fax(&letter).unwrap()).unwrap();
        for page in &read {
            assert_eq!(page.bars(), std::slice::from_ref(&letter.barcode), "{name}");
        }
        let page = &read[0];
        let (width, height) = (whole(page.width), whole(page.height));
        let askew = |slope: i64| {
            move |x, y| (whole(x) + whole(y) * slope / 1000, whole(y) - (whole(x) - width / 2) * slope / 1000)
        };
        let turned = move |x, y| (width - 1 - whole(x), height - 1 - whole(y));
        let coarse = |x, y| (whole(x), 2 * whole(y));
        let half = page.height / 2;
        for (how, other) in [
            ("turned", again(page, page.height, turned, 0)),
            ("dirty", again(page, page.height, |x, y| (whole(x), whole(y)), 60)),
            ("askew", again(page, page.height, askew(22), 0)),
            ("askew the other way", again(page, page.height, askew(-31), 0)),
            ("coarse", again(page, half, coarse, 0)),
            ("turned, askew and dirty", again(&again(page, page.height, askew(15), 0), page.height, turned, 120)),
        ] {
            assert_eq!(other.bars(), std::slice::from_ref(&letter.barcode), "{name} {how}");
        }
    }
}

#[test]
fn a_page_without_bars_says_nothing() {
    let page = crate::CodePage {
        title: "Fax".into(),
        before: vec!["||| || | |||| ".repeat(40)],
        code: "1".into(),
        after: vec![],
    };
    let read = pages(&page.fax().unwrap()).unwrap();
    assert_eq!(read.len(), 1);
    assert!(read[0].bars().is_empty());
    let white = Page { dots: vec![0; read[0].dots.len()], ..read[0].clone() };
    let black = Page { dots: vec![255; read[0].dots.len()], ..read[0].clone() };
    assert!(white.bars().is_empty() && black.bars().is_empty());
}

#[test]
fn every_character_is_read_that_a_code_may_have() {
    let texts = ["261270001", "R01-0123456789", "Aa-Zz_0~", "00000000", "ltr_0197a3c2f0c07d0aa1b2c3d4e5f60002"];
    for text in texts.into_iter().map(ToOwned::to_owned).chain((32..127_u8).map(|c| format!("{0}{0}7", char::from(c))))
    {
        let bars: Vec<_> =
            code128::Code128::encode(text.as_bytes()).bar_coordinates().map(|bar| (bar.x, bar.width)).collect();
        let mut page = Page { width: 1728, height: 60, is_coarse: false, dots: vec![0; 216 * 60] };
        for (x, width) in bars {
            for y in 5..55 {
                for dot in (x * 2 + 40)..((x + u32::from(width)) * 2 + 40) {
                    let dot = usize::try_from(dot).unwrap();
                    page.dots[y * 216 + dot / 8] |= 0x80 >> (dot % 8);
                }
            }
        }
        assert_eq!(page.bars(), [text]);
    }
}

#[test]
fn a_file_that_is_no_fax_or_lies_has_no_pages() {
    let (_, letter) = samples::all().remove(0);
    let file = render_fax(&letter).unwrap();
    assert!(pages(&[]).is_none() && pages(b"%PDF-1.7").is_none() && pages(b"II\x2a\0\x08\0\0\0").is_none());
    for cut in [8, 100, file.len() / 2, file.len() - 3] {
        assert!(pages(&file[..cut]).is_none(), "{cut}");
    }
    // A directory that follows itself, one without end, and a width that nobody prints.
    let changed = |place: usize, bytes: &[u8]| {
        let mut file = file.clone();
        file[place..place + bytes.len()].copy_from_slice(bytes);
        file
    };
    let first = usize::try_from(u32::from_le_bytes(file[4..8].try_into().unwrap())).unwrap();
    let entries = usize::from(u16::from_le_bytes(file[first..first + 2].try_into().unwrap()));
    assert!(pages(&changed(first + 2 + 12 * entries, &file[4..8])).is_none());
    assert!(pages(&changed(first, &[255, 255])).is_none());
    assert!(pages(&changed(first + 2 + 12 + 8, &[255, 255, 255, 127])).is_none());
}

#[test]
fn a_picture_has_the_proportions_of_the_page_and_all_of_its_dots() {
    let page = Page { width: 10, height: 2, is_coarse: true, dots: vec![0b1010_0000, 0b0100_0000, 0, 0] };
    let png = page.png();
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x0a\0\0\0\x04\x01\0\0\0\0"));
    let begin = png.windows(4).position(|word| word == b"IDAT").unwrap();
    let length = usize::try_from(u32::from_be_bytes(png[begin - 4..begin].try_into().unwrap())).unwrap();
    let raw = miniz_oxide::inflate::decompress_to_vec_zlib(&png[begin + 4..begin + 4 + length]).unwrap();
    assert_eq!(raw, [0, 0b0101_1111, 0b1011_1111, 0, 0b0101_1111, 0b1011_1111, 0, 255, 255, 0, 255, 255]);
    assert!(png.ends_with(&[b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82]));
}

//! What a fax machine makes of a page: upside down, a little askew, coarse and dirty, in a plain TIFF.

use anyhow::{Context, Result};
use portico_letters::read::{self, Page};

/// Lines down for a thousand dots across.
const ASKEW: i64 = 14;
/// One dot of so many is of the wrong colour.
const DIRT: u64 = 150;

/// The pages as they come out of another machine.
pub(crate) fn faxed_back(file: &[u8]) -> Result<Vec<u8>> {
    let pages = read::pages(file).context("the letter is a fax")?;
    tiff(&pages.iter().map(crumpled).collect::<Result<Vec<_>>>()?)
}

/// A page without bars: some lines of nothing much.
pub(crate) fn form() -> Result<Vec<u8>> {
    let (width, height) = (1728, 1000);
    let black = |x: usize, y: usize| y % 40 < 12 && x % 24 < 16 && (200..1500).contains(&x) && (100..900).contains(&y);
    tiff(&[Drawn::of(width, height, black)])
}

struct Drawn {
    width: usize,
    height: usize,
    dots: Vec<u8>,
}

impl Drawn {
    fn of(width: usize, height: usize, black: impl Fn(usize, usize) -> bool) -> Self {
        let mut dots = Vec::new();
        for y in 0..height {
            for byte in 0..width.div_ceil(8) {
                let bit = |n: usize| if black(byte * 8 + n, y) { 0x80_u8 >> n } else { 0 };
                dots.push((0..8).map(bit).sum());
            }
        }
        Self { width, height, dots }
    }
}

fn crumpled(page: &Page) -> Result<Drawn> {
    let (width, height) = page.size();
    let (wide, high) = (i64::try_from(width)?, i64::try_from(height)?);
    let black = |x: usize, y: usize| {
        let (x, y) = (i64::try_from(x).unwrap_or(0), i64::try_from(y).unwrap_or(0));
        let dirt = (x * 7919 + y * 104_729).unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let (x, y) = (wide - 1 - x, high - 1 - y);
        let (x, y) = (x + y * ASKEW / 1000, y - (x - wide / 2) * ASKEW / 1000);
        let drawn = usize::try_from(x).ok().zip(usize::try_from(y).ok()).is_some_and(|(x, y)| page.is_black(x, y));
        drawn != dirt.is_multiple_of(DIRT)
    };
    Ok(Drawn::of(width, height, black))
}

/// Big-endian, one uncompressed strip a page: the other ways that the format allows than our own faxes go.
fn tiff(pages: &[Drawn]) -> Result<Vec<u8>> {
    let mut file = b"MM\0\x2a\0\0\0\x08".to_vec();
    for (number, page) in pages.iter().enumerate() {
        let (begin, entries) = (file.len(), 9_usize);
        let data = begin + 2 + 12 * entries + 4;
        let next = if number + 1 < pages.len() { data + page.dots.len().next_multiple_of(2) } else { 0 };
        file.extend(u16::try_from(entries)?.to_be_bytes());
        for (tag, value) in [
            (256_u16, page.width),
            (257, page.height),
            (258, 1),
            (259, 1),
            (262, 0),
            (273, data),
            (277, 1),
            (278, page.height),
            (279, page.dots.len()),
        ] {
            file.extend([tag.to_be_bytes(), 4_u16.to_be_bytes()].concat());
            file.extend([1_u32.to_be_bytes(), u32::try_from(value)?.to_be_bytes()].concat());
        }
        file.extend(u32::try_from(next)?.to_be_bytes());
        file.extend(&page.dots);
        file.resize(data + page.dots.len().next_multiple_of(2), 0);
    }
    Ok(file)
}

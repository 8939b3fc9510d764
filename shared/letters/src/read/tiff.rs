//! TIFF 6.0 as fax carriers give it (RFC 2301): one directory a page, strips of Group 4, Group 3 in one dimension, or plain
//! dots. Everything that the file says is bounded.

use fax::decoder::{decode_g3, decode_g4};

use super::Page;

/// A fax of more pages is no fax that people read.
const MOST_PAGES: usize = 300;
/// Dots of a line: A3 at 400 dots an inch.
const WIDEST: usize = 4864;
/// Lines of a page: two feet and more at 400 lines an inch.
const LONGEST: usize = 10_000;

/// Entries of a directory: some thirty are known.
const MOST_ENTRIES: usize = 100;
/// What is read of them.
const KNOWN: [usize; 13] = [256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 282, 283, 292];

/// Bytes that the dots of all pages take together: those of five hundred pages of a fine fax.
const MOST_DOTS: usize = 256 << 20;

/// The order of bytes in numbers.
#[derive(Clone, Copy)]
struct File<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> File<'a> {
    fn at(self, place: usize, length: usize) -> Option<&'a [u8]> {
        self.bytes.get(place..place.checked_add(length)?)
    }

    fn short(self, place: usize) -> Option<usize> {
        let two = self.at(place, 2)?.try_into().ok()?;
        Some(usize::from(if self.little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) }))
    }

    fn long(self, place: usize) -> Option<usize> {
        let four = self.at(place, 4)?.try_into().ok()?;
        usize::try_from(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) }).ok()
    }

    /// The numbers of an entry of a directory, at most as many as lines of a page.
    fn numbers(self, entry: usize) -> Option<Vec<usize>> {
        let (size, count) = (self.short(entry + 2)?, self.long(entry + 4)?);
        let width = match size {
            3 => 2,
            4 => 4,
            // A rational, of which the whole part is enough.
            5 => 8,
            _ => return Some(Vec::new()),
        };
        if count > LONGEST {
            return None;
        }
        let first = if count * width <= 4 { entry + 8 } else { self.long(entry + 8)? };
        let number = |n: usize| match width {
            2 => self.short(first + 2 * n),
            4 => self.long(first + 4 * n),
            _ => Some(self.long(first + 8 * n)? / self.long(first + 8 * n + 4)?.max(1)),
        };
        (0..count).map(number).collect()
    }
}

pub(super) fn pages(bytes: &[u8]) -> Option<Vec<Page>> {
    let little = match bytes.get(..4)? {
        b"II\x2a\0" => true,
        b"MM\0\x2a" => false,
        _ => return None,
    };
    let file = File { bytes, little };
    let (mut pages, mut dots, mut directory) = (Vec::<Page>::new(), 0, file.long(4)?);
    // No byte is a part of two strips.
    let mut left = bytes.len();
    while directory != 0 {
        let page = page(file, directory, &mut left)?;
        dots += page.dots.len();
        if pages.len() == MOST_PAGES || dots > MOST_DOTS {
            return None;
        }
        pages.push(page);
        directory = file.long(directory + 2 + 12 * file.short(directory)?)?;
    }
    (!pages.is_empty()).then_some(pages)
}

/// What a directory says, with what holds where it says nothing.
struct Said {
    width: usize,
    height: usize,
    compression: usize,
    black_is_zero: bool,
    reversed: bool,
    strips: Vec<usize>,
    sizes: Vec<usize>,
    rows: usize,
    across: usize,
    down: usize,
    two_dimensions: bool,
}

fn page(file: File<'_>, directory: usize, left: &mut usize) -> Option<Page> {
    let mut said = Said {
        width: 0,
        height: 0,
        compression: 1,
        black_is_zero: false,
        reversed: false,
        strips: Vec::new(),
        sizes: Vec::new(),
        rows: usize::MAX,
        across: 204,
        down: 196,
        two_dimensions: false,
    };
    let entries = file.short(directory).filter(|entries| *entries <= MOST_ENTRIES)?;
    for n in 0..entries {
        let entry = directory + 2 + 12 * n;
        if !KNOWN.contains(&file.short(entry)?) {
            continue;
        }
        let numbers = file.numbers(entry)?;
        let Some(&first) = numbers.first() else { continue };
        match file.short(entry)? {
            256 => said.width = first,
            257 => said.height = first,
            // Grey or coloured pages come from no fax machine.
            258 | 277 if first != 1 => return None,
            259 => said.compression = first,
            262 => said.black_is_zero = first == 1,
            266 => said.reversed = first == 2,
            273 => said.strips = numbers,
            278 => said.rows = first,
            279 => said.sizes = numbers,
            282 => said.across = first,
            283 => said.down = first,
            292 => said.two_dimensions = first & 1 == 1,
            _ => {}
        }
    }
    if !(1..=WIDEST).contains(&said.width) || !(1..=LONGEST).contains(&said.height) {
        return None;
    }
    let mut page = Page {
        width: said.width,
        height: said.height,
        is_coarse: said.down * 3 < said.across * 2,
        dots: vec![0; said.width.div_ceil(8) * said.height],
    };
    let mut line = 0;
    for (place, size) in said.strips.iter().zip(&said.sizes) {
        *left = left.checked_sub(*size)?;
        let mut strip = file.at(*place, *size)?.to_vec();
        if said.reversed {
            for byte in &mut strip {
                *byte = byte.reverse_bits();
            }
        }
        let lines = said.rows.min(said.height.saturating_sub(line));
        strip_into(&mut page, (line, lines), &strip, &said)?;
        line += lines;
    }
    // Lines that no strip has are not blank: they are not there.
    (line == said.height).then_some(page)
}

/// Decodes a strip into the lines from `first` on.
fn strip_into(page: &mut Page, (first, lines): (usize, usize), strip: &[u8], said: &Said) -> Option<()> {
    let (width, stride, mut line) = (page.width, page.stride(), 0);
    let dots = page.dots.get_mut(first * stride..(first + lines) * stride)?;
    if said.compression == 1 {
        let plain = strip.get(..dots.len())?;
        dots.copy_from_slice(plain);
        if said.black_is_zero {
            invert(dots, stride, width);
        }
        return Some(());
    }
    let mut take = |changes: &[u32]| {
        if let Some(row) = dots.get_mut(line * stride..(line + 1) * stride) {
            blacken(row, changes, width);
        }
        line += 1;
    };
    match said.compression {
        4 => decode_g4(strip.iter().copied(), u32::try_from(width).ok()?, u32::try_from(lines).ok(), &mut take)?,
        // The end of a Group 3 page is often cut off: what came is the page.
        3 if !said.two_dimensions => drop(decode_g3(strip.iter().copied(), &mut take)),
        _ => return None,
    }
    if said.black_is_zero {
        invert(dots.get_mut(..line.min(lines) * stride)?, stride, width);
    }
    (line > 0).then_some(())
}

/// Makes black white and white black, and leaves what lies beyond the width.
fn invert(dots: &mut [u8], stride: usize, width: usize) {
    let beyond = u32::try_from(stride * 8 - width).unwrap_or(0);
    for row in dots.chunks_mut(stride) {
        for byte in row.iter_mut() {
            *byte = !*byte;
        }
        if let Some(last) = row.last_mut() {
            *last &= 0xff_u8.checked_shl(beyond).unwrap_or(0);
        }
    }
}

/// Blackens what lies between each change to black and the next one.
fn blacken(row: &mut [u8], changes: &[u32], width: usize) {
    let place = |at: &u32| usize::try_from(*at).map_or(width, |at| at.min(width));
    for run in changes.chunks(2) {
        let (from, to) = (run.first().map_or(width, place), run.get(1).map_or(width, place));
        for x in from..to {
            if let Some(byte) = row.get_mut(x / 8) {
                *byte |= 0x80 >> (x % 8);
            }
        }
    }
}

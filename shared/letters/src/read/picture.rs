//! A page as PNG (ISO/IEC 15948): two colours, one bit a dot.

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::Page;

/// Between speed and size; a page is some tens of kilobytes.
const EFFORT: u8 = 4;

pub(super) fn png(page: &Page) -> Vec<u8> {
    // Lines that stand twice as far apart as dots are drawn twice.
    let times = if page.is_coarse { 2 } else { 1 };
    let mut raw = Vec::with_capacity((page.stride() + 1) * page.height * times);
    for y in 0..page.height {
        for _ in 0..times {
            raw.push(0);
            raw.extend(page.line(y).iter().map(|byte| !byte));
        }
    }
    let size = |length: usize| u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes();
    let mut header = [size(page.width), size(page.height * times)].concat();
    // One bit, grey, and the only ways there are to compress, filter and not to interlace.
    header.extend([1, 0, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [(b"IHDR", header), (b"IDAT", compress_to_vec_zlib(&raw, EFFORT)), (b"IEND", Vec::new())] {
        file.extend(size(content.len()));
        let from = file.len();
        file.extend(kind);
        file.extend(content);
        let check = crc(file.get(from..).unwrap_or_default());
        file.extend(check.to_be_bytes());
    }
    file
}

/// CRC-32 as PNG has it.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}

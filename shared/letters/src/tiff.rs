//! TIFF 6.0 with Group 4 pages, as fax carriers take it (class F of RFC 2306): little-endian, one strip a page.

use crate::Error;

/// Pixels of a fax line (ITU-T T.4, A4 and letter).
pub(crate) const WIDTH: u32 = 1728;
/// Lines of a US letter page: 11 in at 196 lines per inch.
pub(crate) const HEIGHT: u32 = 2156;

/// Bytes before the first page.
const HEADER: usize = 8;
/// Entries of a directory.
const ENTRIES: u16 = 18;
/// Count, entries, and the offset of the next directory.
const DIRECTORY: usize = 2 + ENTRIES as usize * 12 + 4;
/// Two rational numbers follow the directory.
const RATIONALS: usize = 16;

/// Type codes of the format.
#[derive(Clone, Copy)]
enum Value {
    Short(u16),
    Pair(u16, u16),
    Long(u32),
    Rational(u32),
}

/// Writes one image a page.
pub(crate) fn write(pages: &[Vec<u8>]) -> Result<Vec<u8>, Error> {
    let total = u16::try_from(pages.len()).map_err(|_| Error::TooLarge)?;
    let mut file = b"II\x2a\0".to_vec();
    file.extend(offset(HEADER)?.to_le_bytes());
    for (number, strip) in (0..total).zip(pages) {
        let here = file.len();
        let rationals = here + DIRECTORY;
        let data = rationals + RATIONALS;
        let padded = strip.len().next_multiple_of(2);
        let next = if number + 1 < total { data + padded } else { 0 };
        // Tags in ascending order, as the format demands.
        let entries: [(u16, Value); ENTRIES as usize] = [
            (254, Value::Long(2)),                          // NewSubfileType: a page of several
            (256, Value::Long(WIDTH)),                      // ImageWidth
            (257, Value::Long(HEIGHT)),                     // ImageLength
            (258, Value::Short(1)),                         // BitsPerSample
            (259, Value::Short(4)),                         // Compression: T.6
            (262, Value::Short(0)),                         // PhotometricInterpretation: 0 is white
            (266, Value::Short(1)),                         // FillOrder: most significant bit first
            (273, Value::Long(offset(data)?)),              // StripOffsets
            (274, Value::Short(1)),                         // Orientation
            (277, Value::Short(1)),                         // SamplesPerPixel
            (278, Value::Long(HEIGHT)),                     // RowsPerStrip: all
            (279, Value::Long(offset(strip.len())?)),       // StripByteCounts
            (282, Value::Rational(offset(rationals)?)),     // XResolution
            (283, Value::Rational(offset(rationals + 8)?)), // YResolution
            (284, Value::Short(1)),                         // PlanarConfiguration
            (293, Value::Long(0)),                          // T6Options
            (296, Value::Short(2)),                         // ResolutionUnit: inch
            (297, Value::Pair(number, total)),              // PageNumber
        ];
        file.extend(ENTRIES.to_le_bytes());
        for (tag, value) in entries {
            file.extend(entry(tag, value));
        }
        file.extend(offset(next)?.to_le_bytes());
        for dots in [204_u32, 1, 196, 1] {
            file.extend(dots.to_le_bytes());
        }
        file.extend(strip);
        file.resize(data + padded, 0);
    }
    Ok(file)
}

/// Tag, type, count, value.
fn entry(tag: u16, value: Value) -> Vec<u8> {
    let (code, count, content): (u16, u32, u32) = match value {
        Value::Short(value) => (3, 1, u32::from(value)),
        Value::Pair(first, second) => (3, 2, u32::from(first) | u32::from(second) << 16),
        Value::Long(value) => (4, 1, value),
        Value::Rational(at) => (5, 1, at),
    };
    let mut bytes = Vec::with_capacity(12);
    bytes.extend(tag.to_le_bytes());
    bytes.extend(code.to_le_bytes());
    bytes.extend(count.to_le_bytes());
    bytes.extend(content.to_le_bytes());
    bytes
}

fn offset(at: usize) -> Result<u32, Error> {
    u32::try_from(at).map_err(|_| Error::TooLarge)
}

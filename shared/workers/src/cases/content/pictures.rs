//! Pictures: read from directory to directory, from segment to segment, to the end.

use portico_domain::cases::document::{FileError, FileType};

use super::{ends_as_archive, has_markup};

/// No document has more pages than this; a chain that goes on is a loop.
const MOST_PAGES: usize = 10_000;
/// No more entries and parts of pictures are looked at, in all directories together.
const MOST_PARTS: usize = 2_000_000;

/// A TIFF (and an MDI, which is built alike) is a chain of directories; what they point at lies in the file.
pub(super) fn tiff(kind: FileType, content: &[u8]) -> Result<(), FileError> {
    let pages = Directories { content, little: !content.starts_with(b"MM"), whole: kind == FileType::Tiff };
    pages.check().ok_or(FileError::Incomplete(kind.label()))?;
    one_kind(kind, content)
}

fn one_kind(kind: FileType, content: &[u8]) -> Result<(), FileError> {
    if has_markup(content) || ends_as_archive(content) { Err(FileError::TwoKinds(kind.label())) } else { Ok(()) }
}

struct Directories<'a> {
    content: &'a [u8],
    little: bool,
    /// Whether every page has its picture: an MDI may keep it in a way of its own.
    whole: bool,
}

impl Directories<'_> {
    fn check(&self) -> Option<()> {
        let (mut directory, mut left) = (self.long(4)?, MOST_PARTS);
        for _ in 0..MOST_PAGES {
            let entries = usize::from(self.short(directory)?);
            let after = directory.checked_add(2 + 12 * entries)?;
            let (mut places, mut lengths) = (None::<Values>, None);
            left = left.checked_sub(entries)?;
            for entry in (0..entries).map(|place| directory + 2 + 12 * place) {
                let (tag, values) = (self.short(entry)?, self.values(entry)?);
                match tag {
                    273 | 324 => places = Some(values),
                    279 | 325 => lengths = Some(values),
                    _ => {}
                }
            }
            left = left.checked_sub(places.map_or(0, |places| places.count))?;
            match (places, lengths) {
                (Some(places), Some(lengths)) => self.picture(places, lengths)?,
                // Old writers of one strip leave its length out.
                (Some(places), None) => self.bytes(self.value(places, 0)?, 1).map(|_| ())?,
                (None, _) if self.whole => return None,
                (None, _) => {}
            }
            directory = self.long(after)?;
            if directory == 0 {
                return (entries > 0).then_some(());
            }
        }
        None
    }

    /// Every part of the picture lies in the file.
    fn picture(&self, places: Values, lengths: Values) -> Option<()> {
        if places.count == 0 || lengths.count < places.count {
            return None;
        }
        (0..places.count).try_for_each(|part| {
            let (place, length) = (self.value(places, part)?, self.value(lengths, part)?);
            self.bytes(place, length).map(|_| ())
        })
    }

    /// Where the values of an entry lie; none when they lie beyond the end.
    fn values(&self, entry: usize) -> Option<Values> {
        let size = match self.short(entry + 2)? {
            3 | 8 => 2,
            4 | 9 | 11 | 13 => 4,
            5 | 10 | 12 => 8,
            _ => 1,
        };
        let count = self.long(entry + 4)?;
        let length = count.checked_mul(size)?;
        let place = if length <= 4 { entry + 8 } else { self.long(entry + 8)? };
        self.bytes(place, length)?;
        Some(Values { place, size, count })
    }

    fn value(&self, values: Values, number: usize) -> Option<usize> {
        let place = values.place.checked_add(values.size.checked_mul(number)?)?;
        if values.size == 2 { self.short(place).map(usize::from) } else { self.long(place) }
    }

    fn bytes(&self, at: usize, length: usize) -> Option<&[u8]> {
        self.content.get(at..at.checked_add(length)?)
    }

    fn short(&self, at: usize) -> Option<u16> {
        let two = self.bytes(at, 2)?.try_into().ok()?;
        Some(if self.little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) })
    }

    fn long(&self, at: usize) -> Option<usize> {
        let four = self.bytes(at, 4)?.try_into().ok()?;
        usize::try_from(if self.little { u32::from_le_bytes(four) } else { u32::from_be_bytes(four) }).ok()
    }
}

#[derive(Clone, Copy)]
struct Values {
    place: usize,
    size: usize,
    count: usize,
}

/// A JPEG is a chain of segments with a picture in it, up to its end mark. What phones put behind the mark is let be.
pub(super) fn jpeg(content: &[u8]) -> Result<(), FileError> {
    segments(content).ok_or(FileError::Incomplete(FileType::Jpeg.label()))?;
    one_kind(FileType::Jpeg, content)
}

fn segments(content: &[u8]) -> Option<()> {
    let (mut at, mut frame, mut scan) = (2, false, false);
    loop {
        if *content.get(at)? != 0xFF {
            return None;
        }
        while *content.get(at)? == 0xFF {
            at += 1;
        }
        let mark = *content.get(at)?;
        at += 1;
        match mark {
            0xD9 => return (frame && scan).then_some(()),
            0x01 | 0xD0..=0xD7 => continue,
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => frame = true,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(content.get(at..at + 2)?.try_into().ok()?));
        content.get(at..at + length.max(2))?;
        at += length.max(2);
        if mark == 0xDA {
            scan = true;
            at = behind_scan(content, at)?;
        }
    }
}

/// The next mark behind a scan: in it, 0xFF is followed by 0 or by a restart.
fn behind_scan(content: &[u8], from: usize) -> Option<usize> {
    memchr::memchr_iter(0xFF, content.get(from..)?)
        .map(|place| from + place)
        .find(|place| content.get(place + 1).is_some_and(|next| !matches!(next, 0 | 0xD0..=0xD7 | 0xFF)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_page(next: u32) -> Vec<u8> {
        let mut file = b"II*\0\x08\0\0\0\x02\0".to_vec();
        for (tag, value) in [(273_u16, 38_u32), (279, 4)] {
            file.extend(tag.to_le_bytes());
            file.extend([4, 0, 1, 0, 0, 0]);
            file.extend(value.to_le_bytes());
        }
        file.extend(next.to_le_bytes());
        file.extend(*b"abcd");
        file
    }

    #[test]
    fn a_tiff_that_is_cut_off_or_goes_in_a_circle_is_incomplete() {
        let whole = a_page(0);
        assert_eq!(tiff(FileType::Tiff, &whole), Ok(()));
        for length in 4..whole.len() {
            assert!(tiff(FileType::Tiff, &whole[..length]).is_err(), "{length}");
        }
        assert!(tiff(FileType::Tiff, &a_page(8)).is_err());
        assert!(tiff(FileType::Tiff, b"MM\0*\0\0\0\x08\0\0\0\0\0\0").is_err());
        let page = [whole.as_slice(), b"<script>alert(1)</script>"].concat();
        assert_eq!(tiff(FileType::Tiff, &page), Err(FileError::TwoKinds("a TIFF picture")));
    }

    fn picture() -> Vec<u8> {
        let mut file = b"\xFF\xD8\xFF\xE0\0\x04ab".to_vec();
        file.extend(b"\xFF\xC0\0\x0B\x08\0\x08\0\x08\x01\x01\x11\0");
        file.extend(b"\xFF\xDA\0\x08\x01\x01\0\0\x3F\0\x3F\xFF\0\x3F\xFF\xD0\x3F\xFF\xD9");
        file
    }

    #[test]
    fn a_jpeg_that_is_cut_off_is_incomplete() {
        let whole = picture();
        assert_eq!(jpeg(&whole), Ok(()));
        for length in 2..whole.len() {
            assert!(jpeg(&whole[..length]).is_err(), "{length}");
        }
        assert!(jpeg(b"\xFF\xD8\xFF\xD9").is_err());
        assert_eq!(jpeg(&[whole.as_slice(), b"what a phone adds"].concat()), Ok(()));
        assert!(jpeg(&[whole.as_slice(), b"<html><script>"].concat()).is_err());
    }
}

//! Faxes as they come back: their pages from a TIFF, the bars on them, and pictures of them that a browser shows.

mod bars;
mod picture;
#[cfg(test)]
mod tests;
mod tiff;

/// A page in black and white.
#[derive(Clone, PartialEq, Eq)]
pub struct Page {
    width: usize,
    height: usize,
    /// Whether its lines stand twice as far apart as its dots: the ordinary resolution of fax machines.
    is_coarse: bool,
    /// Line by line, each from a byte of its own on; the highest bit is the dot on the left, and 1 is black.
    dots: Vec<u8>,
}

impl Page {
    fn stride(&self) -> usize {
        self.width.div_ceil(8)
    }

    /// Dots of a line, and lines.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// Whether a dot is black; beyond the page none is.
    #[must_use]
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        let byte = self.dots.get(y * self.stride() + x / 8).copied().unwrap_or(0);
        x < self.width && byte & (0x80 >> (x % 8)) != 0
    }

    fn line(&self, y: usize) -> &[u8] {
        self.dots.get(y * self.stride()..(y + 1) * self.stride()).unwrap_or_default()
    }

    /// What the bars on it say: codes whose check digit is right, each once. The page may be upside down, a little askew, coarse
    /// and dirty.
    #[must_use]
    pub fn bars(&self) -> Vec<String> {
        bars::read(self)
    }

    /// The page as a PNG in the proportions of the paper.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        picture::png(self)
    }
}

/// The pages of a fax; `None` when it is no TIFF of fax pages, is damaged, or has more than a fax has.
#[must_use]
pub fn pages(file: &[u8]) -> Option<Vec<Page>> {
    tiff::pages(file)
}

//! Pages to black and white at the fine resolution of Group 3 fax machines: 204 by 196 dots per inch.

use fax::encoder::Encoder;
use fax::{Color, VecWriter};
use typst::layout::{Ratio, Size, Transform};
use typst::utils::Scalar;
use typst_layout::Page;
use typst_render::{RenderOptions, render};

use crate::{
    Error,
    tiff::{self, HEIGHT, WIDTH},
};

const ACROSS: f64 = 204.0 / 72.0;
const DOWN: f64 = 196.0 / 72.0;

/// Darker than this is black. Above the middle, so that the hairlines of the text face survive.
const THRESHOLD: u16 = 192;

pub(crate) fn tiff(pages: &[Page]) -> Result<Vec<u8>, Error> {
    tiff::write(&pages.iter().map(group4).collect::<Vec<_>>())
}

/// One page as Group 4 data. The page is drawn in fax proportions rather than resampled, which keeps edges sharp.
fn group4(page: &Page) -> Vec<u8> {
    let mut page = page.clone();
    let squeeze = DOWN / ACROSS;
    page.frame.transform(Transform::scale(Ratio::one(), Ratio::new(squeeze)));
    let size = page.frame.size();
    *page.frame.size_mut() = Size::new(size.x, size.y * squeeze);
    let options = RenderOptions { pixel_per_pt: Scalar::new(ACROSS), ..RenderOptions::default() };
    let drawn = render(&page, &options);

    // 8.5 in are 1734 pixels, six more than a fax line holds: three go on each side, from the margins.
    let (have, lines) = (drawn.width() as usize, drawn.height() as usize);
    let cut = have.saturating_sub(WIDTH as usize) / 2;
    let pixels = drawn.pixels();
    let mut encoder = Encoder::new(VecWriter::new());
    for line in 0..HEIGHT as usize {
        let row = if line < lines { pixels.get(line * have + cut..(line + 1) * have).unwrap_or_default() } else { &[] };
        let colors = (0..WIDTH as usize).map(|x| match row.get(x) {
            Some(pixel) if luma(pixel.red(), pixel.green(), pixel.blue()) < THRESHOLD => Color::Black,
            _ => Color::White,
        });
        match encoder.encode_line(colors, WIDTH) {
            Ok(()) => {}
            Err(never) => match never {},
        }
    }
    match encoder.finish() {
        Ok(writer) => writer.finish(),
        Err(never) => match never {},
    }
}

/// Brightness from 0 to 255 (Rec. 601 weights).
fn luma(red: u8, green: u8, blue: u8) -> u16 {
    let weighted = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    u16::try_from(weighted / 1000).unwrap_or(u16::MAX)
}

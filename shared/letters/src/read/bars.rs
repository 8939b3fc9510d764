//! Code 128 (ISO/IEC 15417) on a fax page: looked for along lines of several slopes, each some dots thick, for a fax is dirty
//! and never quite straight. The check digit says whether it was read right.

use super::Page;

/// Modules of bar and space of each value; the last is the stop, without its last bar.
const PATTERNS: [[u8; 6]; 107] = patterns(
    b"212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232233111",
);

const fn patterns(digits: &[u8; 642]) -> [[u8; 6]; 107] {
    let mut table = [[0; 6]; 107];
    let (mut value, mut place) = (0, 0);
    while value < 107 {
        let mut element = 0;
        while element < 6 {
            #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler, which sees every place")]
            {
                table[value][element] = digits[place] - b'0';
            }
            element += 1;
            place += 1;
        }
        value += 1;
    }
    table
}

/// Values with a meaning of their own.
const SHIFT: usize = 98;
const CODE_C: usize = 99;
const CODE_B: usize = 100;
const CODE_A: usize = 101;
const START_A: usize = 103;
const STOP: usize = 106;

/// Slopes that are looked along, in dots down for a thousand across: as crooked as a sheet goes through a machine.
const STEEPEST: i32 = 50;
const SLOPE_STEP: i32 = 10;
/// Characters of a code, at most.
const LONGEST: usize = 120;
/// How wrong a character may be, in modules over its sums of two elements.
const TOLERANCE: f32 = 2.2;
/// White before the first bar, in modules.
const QUIET: f32 = 5.0;

pub(super) fn read(page: &Page) -> Vec<String> {
    let band = if page.is_coarse { 3 } else { 6 };
    let sums = sums(page, band);
    let mut found = Vec::new();
    let (mut edges, half) = (Vec::new(), f32::from(u8::try_from(band).unwrap_or(u8::MAX)) / 2.0);
    // A code is seven bands high and more.
    for y in (0..page.height).step_by(2 * band) {
        for slope in slopes() {
            edges_along(page, &sums, (y, slope), half, &mut edges);
            if let Some(text) = text_of(&edges).or_else(|| text_of(&reversed(&edges, page.width))) {
                if !found.contains(&text) {
                    found.push(text);
                }
                break;
            }
        }
    }
    found
}

/// The flat one first, then ever steeper ones.
fn slopes() -> impl Iterator<Item = i32> {
    (0..=STEEPEST / SLOPE_STEP).flat_map(|n| [n * SLOPE_STEP, -n * SLOPE_STEP]).skip(1)
}

/// For each dot how many of the `band` dots from it down are black.
fn sums(page: &Page, band: usize) -> Vec<u8> {
    let mut sums = vec![0_u8; page.width * page.height];
    let mut column = vec![0_u8; page.width];
    for y in (0..page.height).rev() {
        for (x, count) in column.iter_mut().enumerate() {
            *count += u8::from(page.is_black(x, y));
            *count -= u8::from(y + band < page.height && page.is_black(x, y + band));
        }
        if let Some(line) = sums.get_mut(y * page.width..(y + 1) * page.width) {
            line.copy_from_slice(&column);
        }
    }
    sums
}

/// Where the colour changes along a line, parts of dots included. The first change is to black.
fn edges_along(page: &Page, sums: &[u8], (y, slope): (usize, i32), half: f32, edges: &mut Vec<f32>) {
    edges.clear();
    let (middle, mut before) = (i64::try_from(page.width / 2).unwrap_or(0), 0.0);
    for x in 0..page.width {
        let across = i64::try_from(x).unwrap_or(0) - middle;
        let down = usize::try_from(i64::try_from(y).unwrap_or(0) + across * i64::from(slope) / 1000);
        let sum = down.ok().filter(|y| *y < page.height).and_then(|y| sums.get(y * page.width + x));
        let now = sum.map_or(0.0, |sum| f32::from(*sum));
        if (before < half) != (now < half) {
            edges.push(place(x) - (now - half) / (now - before));
        }
        before = now;
    }
}

#[expect(clippy::cast_precision_loss, reason = "a page is some thousand dots wide")]
fn place(x: usize) -> f32 {
    x as f32
}

/// The same line from its other end.
fn reversed(edges: &[f32], width: usize) -> Vec<f32> {
    // One that ends in black has no last change: it is no place for the end of a code either.
    let whole = edges.len() - edges.len() % 2;
    edges.iter().take(whole).rev().map(|edge| place(width) - edge).collect()
}

fn text_of(edges: &[f32]) -> Option<String> {
    // A code of one character has four symbols: start, character, check and stop.
    (0..edges.len().saturating_sub(24)).step_by(2).find_map(|first| code_from(edges, first))
}

/// The code whose first bar begins at this change.
fn code_from(edges: &[f32], first: usize) -> Option<String> {
    let begin = *edges.get(first)?;
    let module = (edges.get(first + 6)? - begin) / 11.0;
    let quiet = begin - first.checked_sub(1).and_then(|before| edges.get(before)).copied().unwrap_or(-begin);
    if !(1.0..=20.0).contains(&module) || quiet < QUIET * module {
        return None;
    }
    let mut values = Vec::new();
    loop {
        let symbol = edges.get(first + 6 * values.len()..=first + 6 * values.len() + 6)?;
        let (value, wide) = symbol_of(symbol, module)?;
        let right = if values.is_empty() { (START_A..STOP).contains(&value) } else { value < START_A || value == STOP };
        if !right || values.len() > LONGEST {
            return None;
        }
        if value == STOP {
            break;
        }
        // Paper is drawn through a machine at a speed that wanders.
        if (wide / module - 1.0).abs() > 0.2 {
            return None;
        }
        values.push(value);
    }
    let check = values.pop()?;
    let weighted = |(place, value): (usize, &usize)| place.max(1) * value;
    let sum: usize = values.iter().enumerate().map(weighted).sum();
    if values.len() < 2 || sum % 103 != check { None } else { decoded(&values) }
}

/// The value of a symbol, and the module that it was drawn with. Sums of a bar and a space do not change with the blackness of
/// a print; the elements themselves decide between symbols whose sums are alike.
fn symbol_of(edges: &[f32], about: f32) -> Option<(usize, f32)> {
    let widths: Vec<f32> =
        edges.windows(2).map(|pair| pair.last().zip(pair.first()).map_or(0.0, |(to, from)| to - from)).collect();
    let module = widths.iter().sum::<f32>() / 11.0;
    if !(0.7..=1.3).contains(&(module / about)) {
        return None;
    }
    let error = |pattern: &[u8; 6]| {
        let off: Vec<f32> =
            widths.iter().zip(pattern).map(|(width, modules)| width / module - f32::from(*modules)).collect();
        let sums: f32 = off.windows(2).map(|pair| pair.iter().sum::<f32>().abs()).sum();
        let bars: f32 = off.iter().step_by(2).sum();
        (sums, sums + bars.abs() * 0.5 + off.iter().map(|off| off.abs()).sum::<f32>() * 0.2)
    };
    let (value, (sums, _)) =
        PATTERNS.iter().map(error).enumerate().min_by(|(_, (_, one)), (_, (_, other))| one.total_cmp(other))?;
    (sums <= TOLERANCE).then_some((value, module))
}

/// The text of values without check and stop.
fn decoded(values: &[usize]) -> Option<String> {
    let (start, rest) = values.split_first()?;
    let (mut set, mut shifted, mut text) = (b'A' + u8::try_from(start - START_A).ok()?, false, String::new());
    for value in rest {
        let now = match (set, shifted) {
            (b'A', true) => b'B',
            (b'B', true) => b'A',
            (set, _) => set,
        };
        shifted = false;
        match (now, *value) {
            (b'C', value) if value < 100 => text.push_str(&format!("{value:02}")),
            (b'A', value) if value < 64 => text.push(char::from(u8::try_from(value + 32).ok()?)),
            (b'B', value) if value < 95 => text.push(char::from(u8::try_from(value + 32).ok()?)),
            (b'A' | b'B', SHIFT) => shifted = true,
            (b'A' | b'B', CODE_C) => set = b'C',
            (b'A' | b'C', CODE_B) => set = b'B',
            (b'B' | b'C', CODE_A) => set = b'A',
            // Control characters and functions stand in no letter.
            _ => return None,
        }
    }
    Some(text)
}

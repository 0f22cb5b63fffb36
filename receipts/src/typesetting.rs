//! Sets a text into an area: one line, then several, then smaller; never cut, never over the edge.

use crate::RenderError;
use crate::fonts::{Faces, Glyph};
use crate::page::{Area, PT_PER_MM, Page, SetText};

/// From one line's baseline to the next, in em.
const LEADING_EM: f32 = 1.25;
/// A Chinese character's middle stands this far above the baseline, in em (ascent 0.88, descent 0.12).
const MIDDLE_EM: f32 = 0.38;
/// Sizes are tried in steps of a quarter point.
const STEP_PT: f32 = 0.25;
/// A text that could wrap is rather set on one line as long as that costs no more than this part of its size.
const RATHER_ONE_LINE: f32 = 0.88;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
    Right,
}

/// How a text may be set.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    pub(crate) size_pt: f32,
    /// What can still be read on a laser printer's paper; below it the text does not fit.
    pub(crate) smallest_pt: f32,
    pub(crate) align: Align,
    /// Figures and titles stay on one line.
    pub(crate) wraps: bool,
    pub(crate) bold: bool,
    /// From the top of the area down instead of around its middle.
    pub(crate) at_top: bool,
}

impl Style {
    pub(crate) const fn new(size_pt: f32, smallest_pt: f32, align: Align) -> Self {
        Self {
            size_pt,
            smallest_pt,
            align,
            wraps: true,
            bold: false,
            at_top: false,
        }
    }

    pub(crate) const fn one_line(self) -> Self {
        Self {
            wraps: false,
            ..self
        }
    }

    pub(crate) const fn aligned(self, align: Align) -> Self {
        Self { align, ..self }
    }

    pub(crate) const fn at_top(self) -> Self {
        Self {
            at_top: true,
            ..self
        }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }
}

type Run = Vec<(char, Glyph)>;

/// Sets `text`, an entry called `field`, into the middle of the area's height.
pub(crate) fn set(
    page: &mut Page,
    faces: &Faces<'_>,
    (field, text): (&'static str, &str),
    area: Area,
    style: Style,
) -> Result<(), RenderError> {
    let run = choose_glyphs(faces, field, text)?;
    if run.is_empty() {
        return Ok(());
    }
    let (size_pt, lines) = fit(&run, area, style).ok_or(RenderError::DoesNotFit { field })?;
    let em = size_pt / PT_PER_MM;
    let middle_of_first_mm = if style.at_top {
        area.top + LEADING_EM * em / 2.0
    } else {
        let further_lines = lines.iter().skip(1).map(|_line| LEADING_EM * em / 2.0);
        area.top + area.height / 2.0 - further_lines.sum::<f32>()
    };
    let mut baseline_mm = middle_of_first_mm + MIDDLE_EM * em;
    for run in lines {
        let spare = area.width - width_em(&run) * em;
        let indent = match style.align {
            Align::Left => 0.0,
            Align::Centre => spare / 2.0,
            Align::Right => spare,
        };
        page.texts.push(SetText {
            left_mm: area.left + indent,
            baseline_mm,
            size_pt,
            bold: style.bold,
            run,
        });
        baseline_mm += LEADING_EM * em;
    }
    Ok(())
}

/// How wide a text comes out on one line.
pub(crate) fn width_mm(
    faces: &Faces<'_>,
    (field, text): (&'static str, &str),
    size_pt: f32,
) -> Result<f32, RenderError> {
    Ok(width_em(&choose_glyphs(faces, field, text)?) * size_pt / PT_PER_MM)
}

fn choose_glyphs(faces: &Faces<'_>, field: &'static str, text: &str) -> Result<Run, RenderError> {
    text.trim()
        .chars()
        .map(|character| match faces.glyph(character) {
            Some(glyph) => Ok((character, glyph)),
            None => Err(RenderError::NoGlyph { field, character }),
        })
        .collect()
}

fn width_em(run: &[(char, Glyph)]) -> f32 {
    run.iter().map(|(_, glyph)| glyph.advance_em).sum()
}

/// The largest size, and the lines at that size, with which the run fits the area.
fn fit(run: &[(char, Glyph)], area: Area, style: Style) -> Option<(f32, Vec<Run>)> {
    let one_line_down_to = if style.wraps {
        style.smallest_pt.max(style.size_pt * RATHER_ONE_LINE)
    } else {
        style.smallest_pt
    };
    let on_one_line = sizes(style.size_pt, one_line_down_to)
        .find(|size| width_em(run) * size / PT_PER_MM <= area.width);
    if let Some(size) = on_one_line {
        return Some((size, vec![run.to_vec()]));
    }
    if !style.wraps {
        return None;
    }
    // A smaller size is better than a word or number cut in two; cut in two is better than not at all.
    let wrapped = |may_cut_a_word: bool| {
        sizes(style.size_pt, style.smallest_pt).find_map(|size| {
            let em = size / PT_PER_MM;
            let filled = break_lines(run, area.width / em, !style.at_top);
            let heights = filled.lines.iter().map(|_line| LEADING_EM * em);
            let fits = heights.sum::<f32>() <= area.height;
            (fits && (may_cut_a_word || !filled.cut_a_word)).then_some((size, filled.lines))
        })
    };
    wrapped(false).or_else(|| wrapped(true))
}

fn sizes(from_pt: f32, down_to_pt: f32) -> impl Iterator<Item = f32> {
    std::iter::successors(Some(from_pt), |size| Some(size - STEP_PT))
        .take_while(move |size| *size >= down_to_pt)
}

/// Breaks a run into lines no wider than `width_em`; `balanced` lines are about equally long.
fn break_lines(run: &[(char, Glyph)], width_em: f32, balanced: bool) -> Filled {
    let full = fill_lines(run, width_em);
    if !balanced {
        return full;
    }
    // The narrowest measure that needs no line more and cuts no word.
    (1_u8..20)
        .map(|step| fill_lines(run, width_em * (0.05 * f32::from(step))))
        .find(|filled| filled.lines.len() <= full.lines.len() && !filled.cut_a_word)
        .unwrap_or(full)
}

struct Filled {
    lines: Vec<Run>,
    cut_a_word: bool,
}

/// Fills line after line; a word longer than a line is broken anywhere.
fn fill_lines(run: &[(char, Glyph)], measure_em: f32) -> Filled {
    let names_in_parts = run.iter().any(|(character, _)| *character == '·');
    let mut lines = Vec::new();
    let mut cut_a_word = false;
    let mut rest = run;
    while !rest.is_empty() {
        let mut width = 0.0;
        let fits = rest
            .iter()
            .take_while(|(_, glyph)| {
                width += glyph.advance_em;
                width <= measure_em
            })
            .count()
            .max(1);
        let at = if fits == rest.len() {
            fits
        } else {
            let between_words = (1..=fits)
                .rev()
                .find(|&at| may_break(rest[at - 1].0, rest[at].0, names_in_parts));
            cut_a_word |= between_words.is_none();
            between_words.unwrap_or(fits)
        };
        let (line, after) = rest.split_at(at);
        lines.push(trimmed(line));
        rest = after;
    }
    lines.retain(|line| !line.is_empty());
    Filled { lines, cut_a_word }
}

fn trimmed(line: &[(char, Glyph)]) -> Run {
    let blank = |(character, _): &&(char, Glyph)| character.is_whitespace();
    let leading = line.iter().take_while(blank).count();
    let trailing = line[leading..].iter().rev().take_while(blank).count();
    line[leading..line.len() - trailing].to_vec()
}

/// Between Chinese characters anywhere, but in a name of several parts only after a part; not inside a word or figure,
/// nor so that a line would begin with a closing mark or end with an opening one.
fn may_break(before: char, after: char, names_in_parts: bool) -> bool {
    let in_word = |c: char| c.is_ascii_alphanumeric() || ".,:/-_".contains(c);
    let inside_word = in_word(before) && in_word(after);
    let inside_part = names_in_parts && before != '·' && !before.is_whitespace();
    let begins_badly = "，。、；：！？）】》」』”’·,.;:!?)]}%".contains(after);
    let ends_badly = "（【《「『“‘([{".contains(before);
    !(inside_word || inside_part || begins_badly || ends_badly)
}

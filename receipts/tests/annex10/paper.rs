//! Drawn sheets as files, and the poppler programs that read them back.

use std::fs;
use std::io::{BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::Command;

use receipts::{Annex10, Fonts, render};

use crate::specimen::fonts;

/// Draws a sheet into a file that stays in the build directory, so that it can be looked at.
pub(crate) fn draw(name: &str, sheet: &Annex10) -> PathBuf {
    draw_with(name, sheet, fonts())
}

pub(crate) fn draw_with(name: &str, sheet: &Annex10, fonts: &Fonts) -> PathBuf {
    let path = built(&format!("{name}.pdf"));
    let bytes = render(sheet, fonts).expect("the sheet is drawn");
    fs::write(&path, bytes).expect("the build directory can be written");
    path
}

/// A file in the build directory.
pub(crate) fn built(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// A file stored beside the tests.
pub(crate) fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/annex10/golden")
        .join(name)
}

/// Runs one of poppler's programs on a PDF and returns what it wrote to its standard output.
pub(crate) fn poppler(program: &str, before: &[&str], pdf: &Path, after: &[&str]) -> Vec<u8> {
    let run = Command::new(program)
        .args(before)
        .arg(pdf)
        .args(after)
        .output()
        .expect("install poppler-utils");
    assert!(
        run.status.success() && run.stderr.is_empty(),
        "{program}: {}",
        String::from_utf8_lossy(&run.stderr)
    );
    run.stdout
}

/// One page's text as it stands on paper, line by line, each gap as one space.
pub(crate) fn lines(pdf: &Path, page: u32) -> Vec<String> {
    let page = page.to_string();
    let text = poppler(
        "pdftotext",
        &["-f", &page, "-l", &page, "-layout"],
        pdf,
        &["-"],
    );
    String::from_utf8(text)
        .expect("pdftotext writes UTF-8")
        .lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect()
}

/// How many pages a PDF has.
pub(crate) fn page_count(pdf: &Path) -> usize {
    lopdf::Document::load(pdf)
        .expect("the sheet is a PDF")
        .get_pages()
        .len()
}

/// A grey picture: 0 is black.
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) grey: Vec<u8>,
}

impl Picture {
    /// A page at so many dots an inch.
    pub(crate) fn of_page(pdf: &Path, page: u32, dpi: u32) -> Self {
        let (page, dpi) = (page.to_string(), dpi.to_string());
        let options = ["-gray", "-r", &dpi, "-f", &page, "-l", &page];
        Self::from_pgm(&poppler("pdftoppm", &options, pdf, &[]))
    }

    /// `P5`, width, height and 255, each ended by one blank; then the dots.
    fn from_pgm(pgm: &[u8]) -> Self {
        let mut parts = pgm.splitn(4, u8::is_ascii_whitespace);
        let mut number = || -> usize {
            let part = parts.next().expect("a header");
            let part = str::from_utf8(part).expect("ASCII");
            part.trim_start_matches('P').parse().expect("a number")
        };
        let [kind, width, height] = [number(), number(), number()];
        let grey = parts.next().and_then(|rest| rest.strip_prefix(b"255\n"));
        assert_eq!(kind, 5, "pdftoppm -gray writes PGM");
        let grey = grey.expect("eight bits a dot").to_vec();
        assert_eq!(grey.len(), width * height);
        Self {
            width,
            height,
            grey,
        }
    }

    pub(crate) fn load(path: &Path) -> Self {
        let png = fs::File::open(path).expect("the stored picture");
        let mut reader = png::Decoder::new(BufReader::new(png))
            .read_info()
            .expect("a PNG");
        let mut grey = vec![0; reader.output_buffer_size().expect("a small picture")];
        let frame = reader.next_frame(&mut grey).expect("a whole PNG");
        assert_eq!(frame.color_type, png::ColorType::Grayscale);
        assert_eq!(frame.bit_depth, png::BitDepth::Eight);
        Self {
            width: frame.width as usize,
            height: frame.height as usize,
            grey,
        }
    }

    pub(crate) fn save(&self, path: &Path) {
        let file = fs::File::create(path).expect("the build directory can be written");
        let size = [self.width, self.height].map(|side| u32::try_from(side).expect("a page"));
        let mut encoder = png::Encoder::new(BufWriter::new(file), size[0], size[1]);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_compression(png::Compression::High);
        let mut writer = encoder.write_header().expect("the picture is written");
        writer
            .write_image_data(&self.grey)
            .expect("the picture is written");
    }

    /// The part of the picture from a left top corner, in dots.
    pub(crate) fn cut(&self, (left, top): (usize, usize), (width, height): (usize, usize)) -> Self {
        let grey = self
            .grey
            .chunks(self.width)
            .skip(top)
            .take(height)
            .flat_map(|row| &row[left..left + width])
            .copied()
            .collect();
        Self {
            width,
            height,
            grey,
        }
    }

    /// How many dots are dark.
    pub(crate) fn ink(&self) -> usize {
        self.grey.iter().filter(|dot| **dot < 128).count()
    }
}

//! A real folder with everything in it that people and programs put there.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use rustix::fs::{CWD, FileType, Mode, mknodat};
use tempfile::TempDir;

use super::file::{FileId, name_text};
use super::memory::QUIET;
use super::*;
use crate::bill::bounds::LARGEST_FILE;

const BILL: &[u8] = b"a bill";

fn second(of: u64) -> Duration {
    Duration::from_secs(of)
}

/// Looks into the folder at this second; names closed since are given.
fn look(memory: &mut Memory, folder: &Path, closed: &[&str], at: u64) {
    let closed: HashSet<OsString> = closed.iter().map(OsString::from).collect();
    memory.take_in(scan(folder).unwrap(), &closed, second(at));
}

fn to_be_read(memory: &Memory, at: u64) -> Vec<String> {
    let names = memory.to_be_read(second(at)).into_iter();
    names.map(|(name, _)| name_text(&name)).collect()
}

#[test]
fn only_whole_files_are_read_and_nothing_leads_out_of_the_folder() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    let outside = TempDir::new().unwrap();
    fs::write(outside.path().join("secret.csv"), BILL).unwrap();
    fs::write(at("ZY1.csv"), BILL).unwrap();
    fs::write(at("ZY2.csv.part"), BILL).unwrap();
    fs::write(at("~$ZY2.xlsx"), BILL).unwrap();
    fs::write(at(".ZY2.csv"), BILL).unwrap();
    fs::write(at("empty.csv"), b"").unwrap();
    fs::create_dir(at("old")).unwrap();
    symlink(outside.path().join("secret.csv"), at("link.csv")).unwrap();
    mknodat(
        CWD,
        at("pipe.csv"),
        FileType::Fifo,
        Mode::RUSR | Mode::WUSR,
        0,
    )
    .unwrap();
    let large = fs::File::create(at("large.csv")).unwrap();
    large
        .set_len(u64::try_from(LARGEST_FILE).unwrap() + 1)
        .unwrap();

    let mut memory = Memory::default();
    look(&mut memory, folder.path(), &[], 0);
    look(&mut memory, folder.path(), &[], QUIET.as_secs());
    assert_eq!(to_be_read(&memory, QUIET.as_secs()), ["ZY1.csv"]);
    let mut unfit: Vec<(String, Unfit)> = memory
        .newest_first()
        .into_iter()
        .filter_map(|file| match file.read {
            Some(Read::Unfit(unfit)) => Some((file.shown_name(), unfit)),
            Some(Read::Head(_) | Read::NoBill(_)) | None => None,
        })
        .collect();
    unfit.sort_by(|one, other| one.0.cmp(&other.0));
    let expected = [
        ("empty.csv", Unfit::Empty),
        ("large.csv", Unfit::TooLarge),
        ("link.csv", Unfit::Link),
        ("pipe.csv", Unfit::Special),
    ];
    assert_eq!(unfit, expected.map(|(name, why)| (name.to_owned(), why)));
}

#[test]
fn a_file_that_may_be_half_written_waits_until_it_is_closed_or_has_been_quiet() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("ZY1.csv");
    let mut memory = Memory::default();
    fs::write(&path, b"first half").unwrap();
    look(&mut memory, folder.path(), &[], 100);
    assert!(to_be_read(&memory, 104).is_empty());
    assert_eq!(memory.next_whole(second(103)), Some(second(2)));
    // It grows before it has been quiet for long enough: the wait begins anew.
    fs::write(&path, b"first half, second half").unwrap();
    look(&mut memory, folder.path(), &[], 104);
    assert!(to_be_read(&memory, 108).is_empty());
    look(&mut memory, folder.path(), &[], 109);
    assert_eq!(to_be_read(&memory, 109), ["ZY1.csv"]);
    // Whoever wrote it was heard to close it: no wait.
    fs::write(&path, b"another one").unwrap();
    look(&mut memory, folder.path(), &["ZY1.csv"], 110);
    assert_eq!(to_be_read(&memory, 110), ["ZY1.csv"]);
    assert_eq!(memory.next_whole(second(110)), Some(QUIET));
    fs::remove_file(&path).unwrap();
    look(&mut memory, folder.path(), &[], 111);
    assert!(to_be_read(&memory, 200).is_empty());
    assert_eq!(memory.next_whole(second(111)), None);
}

#[test]
fn what_is_read_is_the_version_that_was_seen_or_nothing() {
    let folder = TempDir::new().unwrap();
    let name = OsString::from("ZY1.csv");
    let path = folder.path().join(&name);
    fs::write(&path, BILL).unwrap();
    let version = scan(folder.path()).unwrap().files.remove(0).1;
    let read = |version| content(folder.path(), &name, version);
    assert_eq!(read(&version).unwrap().as_deref(), Some(BILL));
    let id = FileId::of(&name, &version);

    fs::write(&path, b"b bill").unwrap();
    assert_eq!(read(&version).unwrap(), None);
    let later = scan(folder.path()).unwrap().files.remove(0).1;
    assert_ne!(FileId::of(&name, &later).as_str(), id.as_str());

    fs::remove_file(&path).unwrap();
    symlink("/etc/hostname", &path).unwrap();
    assert!(read(&later).is_err());
    fs::remove_file(&path).unwrap();
    mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
    assert_eq!(read(&later).unwrap(), None);
}

#[test]
fn a_folder_that_is_none_says_what_it_is() {
    let folder = TempDir::new().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), BILL).unwrap();
    symlink(folder.path(), at("link")).unwrap();
    for (name, expected) in [
        ("gone", FolderTrouble::Missing),
        ("file", FolderTrouble::NotAFolder),
        ("link", FolderTrouble::NotAFolder),
    ] {
        assert_eq!(scan(&at(name)).unwrap_err(), expected, "{name}");
    }
}

#[test]
fn a_name_that_windows_wrote_over_a_share_is_read_as_gbk() {
    use std::os::unix::ffi::OsStringExt as _;
    let gbk = OsString::from_vec(encoding_rs::GBK.encode("费用清单ZY1.csv").0.into_owned());
    assert_eq!(name_text(&gbk), "费用清单ZY1.csv");
}

#[tokio::test]
async fn the_kernel_tells_of_files_that_are_closed_or_come_whole_and_of_the_folders_end() {
    let above = TempDir::new().unwrap();
    let folder = above.path().join("bills");
    fs::create_dir(&folder).unwrap();
    let watch = Watch::of(&folder);
    assert!(matches!(watch, Watch::Kernel(_)));
    let mut closed = HashSet::new();
    let mut hear_of = async |name: &str| {
        while !closed.contains(&OsString::from(name)) {
            let told = watch.told().await;
            assert!(!told.folder_gone);
            closed.extend(told.closed);
        }
    };
    fs::write(folder.join("ZY1.csv"), BILL).unwrap();
    hear_of("ZY1.csv").await;
    fs::write(above.path().join("ZY2.csv"), BILL).unwrap();
    fs::rename(above.path().join("ZY2.csv"), folder.join("ZY2.csv")).unwrap();
    hear_of("ZY2.csv").await;

    fs::remove_dir_all(&folder).unwrap();
    while !watch.told().await.folder_gone {}
}

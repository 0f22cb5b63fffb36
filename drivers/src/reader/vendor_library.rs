//! The national reader interface in a vendor's shared library: the only module that speaks C.
#![allow(
    unsafe_code,
    reason = "SSCardDriver libraries are C; nothing else in this package is unsafe"
)]

use std::ffi::{c_char, c_int};
use std::path::Path;

use libloading::{Library, Symbol};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// `iReadCardBas`: 3 = find out whether the card is in the contact or the contactless slot.
const AUTOMATIC: c_int = 3;

const READ_CARD: &[u8] = b"iReadCardBas\0";

/// Room for an answer. The interface names no length; the longest known answer has 300 bytes.
const ROOM: usize = 8 * 1024;

/// A loaded `SSCardDriver` library.
#[derive(Debug)]
pub(super) struct VendorLibrary(Library);

/// Why a vendor's library is not used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum LibraryFault {
    /// Nothing would keep it from the agent's keys: neither this kernel nor an account of its own.
    #[error("nothing would keep it from the agent's keys")]
    Unconfined,
    /// It cannot be loaded; in the loader's words.
    #[error("it cannot be loaded: {0}")]
    Unloadable(String),
    /// It has not the function that reads a card.
    #[error("it has no iReadCardBas")]
    Functionless,
}

/// A call that brought no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CallFailure {
    /// The library's code, mostly negative.
    Code(i32),
    /// The library has no function of that name.
    NoSuchFunction,
    /// The answer does not end.
    Unterminated,
}

type ReadFunction = unsafe extern "C" fn(c_int, *mut c_char) -> c_int;
type Step2Function = unsafe extern "C" fn(*const c_char, *mut c_char) -> c_int;

impl VendorLibrary {
    pub(super) fn load(path: &Path) -> Result<Self, libloading::Error> {
        // SAFETY: loading runs the library's initialisers. The hospital chose this library and installed it; this process
        // exists so that its crashes and hangs harm nobody else.
        unsafe { Library::new(path) }.map(Self)
    }

    /// Whether it has the function by which every such library reads a card.
    pub(super) fn reads_cards(&self) -> bool {
        self.symbol::<ReadFunction>(READ_CARD).is_ok()
    }

    /// `iReadCardBas(iType, pOutInfo)`.
    pub(super) fn read_card(&self) -> Result<Zeroizing<Vec<u8>>, CallFailure> {
        self.read_function(READ_CARD)
    }

    /// `iReadCardBas_HSM_Step1(iType, pOutInfo)`.
    pub(super) fn hsm_step1(&self) -> Result<Zeroizing<Vec<u8>>, CallFailure> {
        self.read_function(b"iReadCardBas_HSM_Step1\0")
    }

    /// `iReadCardBas_HSM_Step2(pKey, pOutInfo)`; `key` must not contain a zero byte.
    pub(super) fn hsm_step2(&self, key: &[u8]) -> Result<Zeroizing<Vec<u8>>, CallFailure> {
        let mut key = Zeroizing::new(key.to_vec());
        key.push(0);
        let function: Symbol<'_, Step2Function> = self.symbol(b"iReadCardBas_HSM_Step2\0")?;
        let mut room = Zeroizing::new(vec![0_u8; ROOM]);
        // SAFETY: the signature is the interface's; `key` ends with a zero and `room` is writable for ROOM bytes, more
        // than any answer of the interface.
        let code = unsafe { function(key.as_ptr().cast(), room.as_mut_ptr().cast()) };
        answer(code, room)
    }

    fn read_function(&self, name: &[u8]) -> Result<Zeroizing<Vec<u8>>, CallFailure> {
        let function: Symbol<'_, ReadFunction> = self.symbol(name)?;
        let mut room = Zeroizing::new(vec![0_u8; ROOM]);
        // SAFETY: the signature is the interface's; `room` is writable for ROOM bytes, more than any answer.
        let code = unsafe { function(AUTOMATIC, room.as_mut_ptr().cast()) };
        answer(code, room)
    }

    fn symbol<F>(&self, name: &[u8]) -> Result<Symbol<'_, F>, CallFailure> {
        // SAFETY: the callers name the type that the national interface gives this function.
        unsafe { self.0.get(name) }.or(Err(CallFailure::NoSuchFunction))
    }
}

/// Zero means well; what was written before the first zero byte is the answer. Some libraries give a positive number with their
/// answer, its length for example; with nothing in it that is a code as well.
fn answer(code: c_int, mut room: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, CallFailure> {
    if code < 0 {
        return Err(CallFailure::Code(code));
    }
    let end = room
        .iter()
        .position(|b| *b == 0)
        .ok_or(CallFailure::Unterminated)?;
    if code > 0 && end == 0 {
        return Err(CallFailure::Code(code));
    }
    room.truncate(end);
    Ok(room)
}

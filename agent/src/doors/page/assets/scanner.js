// A scanner that is a keyboard: its code is heard wherever the focus is, and reaches no other field, key or button. Loaded before the
// page's own script, so that it hears every key first.
"use strict";

// A scanner that is a keyboard types evenly and faster than anybody, and ends with Enter: what it types is a code, wherever
// the focus is. Its Enter presses nothing, and the field that it typed into is as it was.
const burst = { text: "", strokes: 0, letters: 0, digits: 0, numbered: 0, to: 0, gaps: [], processed: 0, number: "" };
// The field that is being typed into, as it was before.
const held = { field: null, value: "", typed: false, to: 0, loose: false };
// A key came whose text has not come yet; text without one is an input method's.
let keyed = false;
// After a code: a second terminator, or the rest of a code that an input method has spoilt.
const after = { until: 0, spoilt: null };
let typed = false;
const MODIFIERS = ["Shift", "NumLock", "CapsLock", "Alt", "AltGraph", "Control", "ScrollLock"];
const PAUSE = 300;
// A character by its number takes a scanner eight strokes; an input method hands out what it had in hand late.
const LONG_PAUSE = 1000;

// When a key was struck; one that an input method has passed on comes with any time, also 0.
function when(event) {
  const at = event.timeStamp;
  const now = performance.now();
  return at >= Math.max(burst.to, held.to) && now - at < 2000 ? at : now;
}

function hold(now) {
  const field = document.activeElement;
  if (now - held.to > PAUSE || held.field !== field) Object.assign(held, { field, value: field?.value, typed, loose: false });
  held.to = now;
}

function forget() {
  Object.assign(burst, { text: "", strokes: 0, letters: 0, digits: 0, numbered: 0, gaps: [], processed: 0 });
}

function patience() {
  return burst.strokes && burst.numbered === burst.strokes ? LONG_PAUSE : PAUSE;
}

function struckOne(now, text, code) {
  if (!burst.strokes || now - burst.to > patience()) {
    forget();
    if (!held.loose) held.field = null;
  } else {
    burst.gaps.push(now - burst.to);
  }
  hold(now);
  burst.text += text;
  burst.strokes += 1;
  burst.letters += /^Key/.test(code);
  burst.digits += /^(Digit|Numpad)\d/.test(code);
  burst.to = now;
}

// Scanners need 1 to 100 ms a key and keep to it; people are slower, or uneven, or write words.
function isScanned() {
  const { strokes, letters, digits, numbered, gaps } = burst;
  if (strokes < 6 || !gaps.length) return false;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const uneven = gaps.reduce((sum, gap) => sum + Math.abs(gap - mean), 0) / gaps.length;
  return numbered === strokes || mean < 30 || (strokes >= 16 && mean < 60) || (strokes >= 16 && letters > 5 && digits > 2 && mean < 150 && uneven < 0.4 * mean);
}

// The field that a code was typed into is as it was before; one for codes is empty.
function undo() {
  const { field, value } = held;
  if (field?.id === "code") field.value = "";
  else if (typeof value === "string" && field.value !== value) field.value = value;
  typed = held.typed;
}

// Where people sign in nothing is a code, nor in a password: it is typed fast and evenly by whoever knows it. The field for codes is of
// the same type and no password.
const noCodes = document.body.hasAttribute("data-no-codes");
function isPassword(field) {
  return field.type === "password" && field.id !== "code";
}

document.addEventListener("keydown", (event) => {
  if (!event.isTrusted || noCodes || isPassword(event.target)) return;
  const now = when(event);
  if (MODIFIERS.includes(event.key)) return;
  keyed = true;
  // Of a spoilt code every key is one of the rest; after a read one only a second terminator is.
  if (now < after.until && (after.spoilt || event.key === "Enter")) {
    if (after.spoilt) after.until = now + LONG_PAUSE;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (settling) tooFast();
    return;
  }
  Object.assign(after, { until: 0, spoilt: null });
  if (event.key === "Process" || event.keyCode === 229) {
    struckOne(now, "", event.code);
    burst.processed += 1;
    if ((burst.processed >= 8 && isScanned()) || (event.code === "Enter" && isHandedOut(now))) chinese(now);
  } else if (event.key === "Enter") {
    if (isScanned() && now - burst.to < patience()) {
      scanned(event, now);
    } else if (isHandedOut(now)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      chinese(now);
    } else {
      forget();
    }
  } else if (event.altKey && /^Numpad\d$/.test(event.code)) {
    // Scanners for any layout hold Alt and type a character's number.
    burst.number += event.code.at(-1);
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (/^[!-~]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) {
    struckOne(now, inItsCase(event), event.code);
  } else if (event.key === " " && burst.strokes && now - burst.to < PAUSE / 2) {
    struckOne(now, " ", event.code);
    // A blank inside a code ticks and presses nothing.
    if (!isTyping(event.target)) event.preventDefault();
  } else if (/^F\d+$/.test(event.key) && burst.strokes >= 2 && now - burst.to < PAUSE / 3 && !settling) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    forget();
  }
}, true);

// An input method that is driven this fast may keep the keys to itself and hand out text alone.
const composed = { count: 0, from: 0, to: 0 };
document.addEventListener("beforeinput", (event) => {
  const now = when(event);
  if (!event.isTrusted || noCodes || isPassword(event.target) || event.target.id === "code" || (after.spoilt && now < after.until)) return;
  hold(now);
  if (!keyed) held.loose = true;
  keyed = false;
  if (!/Composition/.test(event.inputType)) return;
  if (now - composed.to > PAUSE) Object.assign(composed, { count: 0, from: now });
  composed.count += 1;
  composed.to = now;
  if (composed.count >= 6 && now - composed.from < 30 * composed.count) chinese(now);
}, true);

// The same at a slower scanner, or a slow counter: as fast as a person types, but with a code's digits, and Enter at once behind it.
function isHandedOut(now) {
  const { count, from, to } = composed;
  const { field, value } = held;
  if (count < 12 || to - from > 150 * count || now - to > PAUSE || typeof field?.value !== "string") return false;
  const digits = (text) => text.replace(/\D/g, "").length;
  return digits(field.value) - digits(value ?? "") >= 3;
}

// What an input method still had in hand comes late, and belongs to the spoilt code.
document.addEventListener("input", (event) => {
  if (!after.spoilt || performance.now() > after.until) return;
  if (event.target.id === "code") event.target.value = "";
  else if (event.target === after.spoilt.field) event.target.value = after.spoilt.value;
  event.stopImmediatePropagation();
}, true);

document.addEventListener("keyup", (event) => {
  if (!event.isTrusted || event.key !== "Alt" || !burst.number) return;
  const number = Number(burst.number);
  burst.number = "";
  event.preventDefault();
  if (number < 32 || number > 126) return;
  struckOne(when(event), String.fromCharCode(number), "");
  burst.numbered += 1;
}, true);

// With Caps Lock on, the keys of a scanner come out with their case turned round.
function inItsCase(event) {
  const key = event.key;
  if (!/[a-zA-Z]/.test(key) || !event.getModifierState("CapsLock")) return key;
  return key === key.toLowerCase() ? key.toUpperCase() : key.toLowerCase();
}

function isTyping(field) {
  return Boolean(field.matches?.("input:not([type=radio], [type=checkbox], [type=file]), textarea"));
}

function scanned(event, now) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const { text, processed } = burst;
  const { field } = held;
  // What somebody pasted or corrected in the field for codes stands there and not in the keys.
  const code = field?.id === "code" && field.value.length > burst.strokes ? field.value : text;
  after.until = now + PAUSE;
  if (processed) {
    chinese(now);
    return;
  }
  undo();
  forget();
  sendCode(code);
}

// An input method takes the keys: the code is spoilt. The field for codes is out of its reach.
function chinese(now) {
  const { field, value } = held;
  Object.assign(after, { until: now + LONG_PAUSE, spoilt: { field, value } });
  // Ends what the input method has begun.
  field?.blur();
  undo();
  forget();
  say(document.body.dataset.chinese);
  document.getElementById("code")?.focus();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-scan]")) return;
  event.preventDefault();
  const code = event.target.elements.code.value;
  event.target.reset();
  sendCode(code);
});

// In the background: what is half filled in stays, and the desk tells what came of it.
function sendCode(code) {
  chosen = null;
  if (!document.getElementById("scan")) {
    if (!settling) say(document.body.dataset.elsewhere);
    return;
  }
  ask("/code", { method: "POST", body: new URLSearchParams({ code }), redirect: "manual" }).catch(down);
}

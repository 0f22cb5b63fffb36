// Function keys, one press a form, and looking again when the counter says that something has changed.
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

document.addEventListener("keydown", (event) => {
  if (!event.isTrusted) return;
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
    if (burst.processed >= 8 && isScanned()) chinese(now);
  } else if (event.key === "Enter") {
    if (isScanned() && now - burst.to < patience()) scanned(event, now);
    else forget();
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
  if (!event.isTrusted || event.target.id === "code" || (after.spoilt && now < after.until)) return;
  hold(now);
  if (!keyed) held.loose = true;
  keyed = false;
  if (!/Composition/.test(event.inputType)) return;
  if (now - composed.to > PAUSE) Object.assign(composed, { count: 0, from: now });
  composed.count += 1;
  composed.to = now;
  if (composed.count >= 6 && now - composed.from < 30 * composed.count) chinese(now);
}, true);

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
  if (!document.getElementById("scan")) {
    if (!settling) say(document.body.dataset.elsewhere);
    return;
  }
  ask("/code", { method: "POST", body: new URLSearchParams({ code }), redirect: "manual" }).catch(down);
}

// Settling takes a person's press, alone: no other key shortly before or after it. What a scanner types comes faster, whatever
// keys it contains; what another script makes up is not trusted. The form has no address but for that moment, so that
// no other way of sending it settles.
const QUIET = 200;
const settling = document.querySelector("form[data-settles]");
const settleAt = settling?.getAttribute("action");
settling?.removeAttribute("action");
// A burst may have begun on the screen before this one.
const struck = { at: performance.now(), alone: false };
let settle = null;

document.addEventListener("keydown", (event) => {
  if (!event.isTrusted || event.repeat) return;
  struck.alone = event.timeStamp - struck.at > QUIET;
  struck.at = event.timeStamp;
  if (settle) tooFast();
}, true);

document.addEventListener("click", (event) => {
  if (!settling || event.target.closest("button")?.form !== settling) return;
  event.preventDefault();
  // Enter and space press a button as a click without a place; a mouse's must not come amid keys either.
  const alone = event.detail === 0 ? struck.alone : event.timeStamp - struck.at > QUIET;
  if (event.isTrusted) press(alone);
}, true);

function press(alone) {
  if (settling.dataset.sent || settle) return;
  if (!alone) {
    tooFast();
    return;
  }
  const unconfirmed = settling.querySelector(":invalid");
  if (unconfirmed) {
    say(settling.dataset.unconfirmed);
    unconfirmed.focus();
    return;
  }
  settle = setTimeout(() => {
    settle = null;
    settling.dataset.sent = "yes";
    busy(settling);
    leaving = true;
    settling.setAttribute("action", settleAt);
    HTMLFormElement.prototype.submit.call(settling);
  }, QUIET);
}

function tooFast() {
  clearTimeout(settle);
  settle = null;
  say(settling.dataset.tooFast);
}

document.addEventListener("submit", (event) => {
  if (event.target === settling) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);

// Keys: an element that names its key is pressed, followed or focused by it. Only function keys are keys; those that mean
// nothing on a screen do nothing there: none of the browser's own tools opens by a slip.
const OURS = ["F1", "F2", "F3", "F4", "F6", "F7", "F8", "F9", "F10", "F12"];
document.addEventListener("keydown", (event) => {
  if (!event.isTrusted || !OURS.includes(event.key)) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  if (event.isComposing || event.repeat) return;
  const target = document.querySelector(`[data-key~="${event.key}"]`);
  if (!target) return;
  target.focus();
  if (target.form && target.form === settling) press(struck.alone);
  else if (target.matches("a, button")) target.click();
  else target.select?.();
});

// Enter moves on: to the next field, at last to the button.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const at = event.target;
  if (!at.matches?.("input, select") || !at.form || at.form.matches("[data-scan], [data-find]")) return;
  event.preventDefault();
  const all = [...at.form.elements].filter((field) => field.matches("input:not([type=hidden]), select, button") && field.offsetParent);
  const rest = all.slice(all.indexOf(at) + 1).filter((field) => field.type !== "radio" || field.name !== at.name);
  const next = rest.find((field) => field.type !== "radio" || field.checked || !rest.some((other) => other.name === field.name && other.checked));
  next?.focus();
  if (next && isTyping(next)) next.select();
});

// A held-down Enter presses once.
document.addEventListener("keydown", (event) => {
  if (event.repeat && event.key === "Enter") event.preventDefault();
});

// One press: the form is sent once, and its button says so.
let leaving = false;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  if (event.submitter?.value !== "judge") busy(form);
  if (form.matches("[data-keep-file]")) {
    event.preventDefault();
    sendKeepingFile(form, event.submitter?.hasAttribute("formaction") ? event.submitter.formAction : form.action);
  } else {
    leaving = true;
  }
});

function busy(form) {
  const pressed = form.querySelector("[data-busy]");
  if (!pressed) return;
  pressed.dataset.calm = pressed.innerHTML;
  pressed.textContent = pressed.dataset.busy;
  pressed.setAttribute("aria-disabled", "true");
}

function calm(form) {
  delete form.dataset.sent;
  if (form === settling) form.removeAttribute("action");
  const pressed = form.querySelector("[data-busy]");
  if (pressed?.dataset.calm) {
    pressed.innerHTML = pressed.dataset.calm;
    pressed.removeAttribute("aria-disabled");
  }
}

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  leaving = false;
  document.querySelectorAll("[data-sent]").forEach(calm);
});

// What was typed is not lost by a wrong key.
document.addEventListener("input", (event) => {
  if (event.target.closest("form[method=post]:not([data-scan])")) typed = true;
});
window.addEventListener("beforeunload", (event) => {
  if (typed && !leaving) event.preventDefault();
});

// The chosen file is named in Chinese whatever the browser's language.
for (const input of document.querySelectorAll("input[type=file]")) {
  const face = document.createElement("span");
  const name = document.createElement("span");
  face.className = "pickfile";
  input.replaceWith(face);
  face.append(name, input);
  const tell = () => {
    const file = input.files[0];
    name.textContent = file ? `${file.name}（${Math.ceil(file.size / 1024)} KB）` : input.dataset.ask;
  };
  input.addEventListener("change", () => {
    tell();
    // Another file is chosen instead of those that lie in the folder.
    const other = input.form?.querySelector("[name=offered][value='']");
    if (other && input.files[0]) other.checked = true;
  });
  tell();
}

// The bill's form is sent in the background: after an error the chosen file is still chosen.
async function sendKeepingFile(form, address) {
  let answer;
  try {
    const response = await ask(address, { method: "POST", body: new FormData(form) });
    if (response.redirected) {
      leaving = true;
      location.assign(response.url);
      return;
    }
    answer = parse(await response.text());
  } catch {
    calm(form);
    // A file that was changed or moved cannot be sent, nor an answer be had from an agent that is down: each is said as it is.
    const readable = await Promise.all([...form.querySelectorAll("input[type=file]")].map(canBeRead));
    if (readable.every(Boolean)) {
      down();
      say(form.dataset.down);
    } else {
      say(form.dataset.unreadable);
    }
    return;
  }
  calm(form);
  const notice = answer?.getElementById("notice") ?? answer?.querySelector("main");
  if (notice) {
    document.getElementById("notice").innerHTML = notice.innerHTML;
    focusNotice();
  } else {
    say(form.dataset.unreadable);
  }
}

function canBeRead(input) {
  const file = input.files[0];
  return !file || file.slice(0, 1).arrayBuffer().then(() => true, () => false);
}

// Says a sentence where notices stand.
function say(words) {
  const said = document.createElement("p");
  said.className = "notice say";
  said.tabIndex = -1;
  said.dataset.focus = "";
  said.setAttribute("role", "alert");
  said.textContent = words;
  (document.getElementById("notice") ?? document.getElementById("said")).replaceChildren(said);
  focusNotice();
}

// What is looked for is sent in the background: neither the browser's history nor its saved sessions learn a name.
let found = "";
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-find]")) return;
  event.preventDefault();
  found = event.target.elements.find.value.trim();
  refresh().then(() => document.getElementById("find").select()).catch(down);
});

function focusNotice() {
  const notice = document.querySelector("[data-focus]");
  notice?.focus();
  notice?.scrollIntoView({ block: "center" });
}
focusNotice();

// Looking again.
function parse(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

// Puts `fresh` in the place of `stale`; whoever had the focus keeps it.
function replace(stale, fresh) {
  if (!stale || !fresh || stale.outerHTML === fresh.outerHTML) return;
  const focused = stale.contains(document.activeElement) ? document.activeElement.id : "";
  for (const open of stale.querySelectorAll("details[open][id]")) {
    const same = fresh.querySelector(`[id="${open.id}"]`);
    if (same) same.open = true;
  }
  stale.replaceWith(document.adoptNode(fresh));
  if (focused) document.getElementById(focused)?.focus();
}

// Looks again, once at a time; `stamp` names the reading on the desk where an event told of it.
let looking = false;
let waiting = null;
async function look(stamp) {
  if (looking) {
    waiting = stamp;
    return;
  }
  looking = true;
  try {
    const form = document.querySelector("form[data-judge]");
    const judged = document.querySelector("[name=presented]")?.value || "-";
    if (form && stamp && stamp !== judged && !form.dataset.sent) await judge(form);
    else await refresh();
  } catch {
    // The event stream tells of a broken connection.
  } finally {
    looking = false;
  }
  if (waiting !== null) {
    const next = waiting;
    waiting = null;
    look(next);
  }
}

async function refresh() {
  const looked = found && { method: "POST", body: new URLSearchParams({ find: found }) };
  const response = await ask(document.body.dataset.live || location.href, looked || {});
  if (!response.ok) return;
  const fresh = parse(await response.text());
  for (const part of document.querySelectorAll("[data-refresh]")) {
    replace(part, fresh.getElementById(part.id));
  }
  document.dispatchEvent(new Event("refreshed"));
  const primary = document.getElementById("primary");
  const at = document.activeElement;
  if (primary && (at === document.body || (at.id === "code" && !at.value))) primary.focus();
}

// The rules are asked again with what is filled in; the form itself stays as it is, unless it was somebody else's.
async function judge(form) {
  const asked = new URLSearchParams(new FormData(form));
  asked.set("act", "judge");
  const response = await ask(form.action, { method: "POST", body: asked });
  const fresh = parse(await response.text());
  const screen = fresh.getElementById("admission-screen");
  if (!screen || form.dataset.sent) return;
  if (screen.hasAttribute("data-emptied")) {
    typed = false;
    replace(document.getElementById("main"), fresh.getElementById("main"));
    focusNotice();
    return;
  }
  replace(document.getElementById("judgement"), fresh.getElementById("judgement"));
  replace(document.getElementById("notice"), fresh.getElementById("notice"));
  replace(document.getElementById("standing"), fresh.getElementById("standing"));
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-judge]");
  if (form && event.target.matches("[type=radio], [type=checkbox], [name=registered_at]")) look("changed");
});

// Live events; a window nobody sees lets go of its connection.
let events = null;
function listen() {
  if (events || document.hidden || !document.body.hasAttribute("data-live")) return;
  events = new EventSource("/events");
  events.addEventListener("open", () => { document.getElementById("connection").hidden = true; });
  events.addEventListener("error", () => {
    down();
    // Refused, and not tried again by the browser: the session is gone, or its cookie.
    if (events?.readyState === EventSource.CLOSED) {
      deaf();
      returned();
    }
  });
  events.addEventListener("session", (event) => sessionStorage.setItem(KEPT, event.data));
  for (const kind of ["tick", "desk", "counter"]) {
    events.addEventListener(kind, (event) => look(event.data));
  }
  events.addEventListener("bye", signedOut);
}
function deaf() {
  events?.close();
  events = null;
}
document.addEventListener("visibilitychange", () => (document.hidden ? deaf() : listen()));

// The session. Cookies know no ports: another server of this PC can delete them. What is kept here is this page's alone, and brings
// the cookie back as long as the session is open.
const KEPT = "session";
const RESUMED = "resumed";
async function resume() {
  const session = sessionStorage.getItem(KEPT);
  if (!session) return false;
  const answer = await fetch("/resume", { method: "POST", body: new URLSearchParams({ session }) });
  if (answer.status === 401) sessionStorage.removeItem(KEPT);
  return answer.ok;
}

// Asks, once more where the cookie was lost.
async function ask(address, options) {
  const response = await fetch(address, options);
  if (response.status !== 401) return response;
  if (!await resume()) {
    signedOut();
    return response;
  }
  return fetch(address, options);
}

// Nobody's window shows nobody.
function signedOut() {
  deaf();
  sessionStorage.removeItem(KEPT);
  document.getElementById("main").replaceChildren();
  leaving = true;
  location.replace("/");
}

function down() {
  document.getElementById("connection").hidden = leaving;
}

// After a refusal of the events: with the cookie back they go on; where the agent does not answer it is asked again later.
async function returned() {
  try {
    if (await resume()) listen();
    else signedOut();
  } catch {
    setTimeout(returned, 3000);
  }
}

// On the page that says how to sign in: it may be the cookie alone that is gone. Not twice at once, where a browser keeps none.
if (document.body.hasAttribute("data-signed-out")) {
  const before = Number(sessionStorage.getItem(RESUMED));
  if (Date.now() - before > 3000) {
    resume().then((open) => {
      if (!open) return;
      sessionStorage.setItem(RESUMED, String(Date.now()));
      location.replace(location.pathname + location.search);
    }).catch(() => {});
  }
}

listen();

// Function keys, one press a form, and looking again when the counter says that something has changed.
"use strict";

// When somebody last touched anything: what the page asks on its own keeps nobody signed in.
let touched = performance.now();
for (const kind of ["keydown", "pointerdown", "wheel"]) {
  document.addEventListener(kind, (event) => { if (event.isTrusted) touched = performance.now(); }, { capture: true, passive: true });
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
let chosen = null;
const OURS = ["F1", "F2", "F3", "F4", "F6", "F7", "F8", "F9", "F10", "F11", "F12"];
document.addEventListener("keydown", (event) => {
  if (!event.isTrusted || !OURS.includes(event.key)) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  if (event.isComposing || event.repeat) return;
  const target = document.querySelector(`[data-key~="${event.key}"]`);
  if (!target) return;
  target.focus();
  // Where a person went by a key they stay.
  chosen = target;
  if (target.form && target.form === settling) press(struck.alone);
  else if (target.matches("a, button")) target.click();
  else target.select?.();
});

// Enter moves on: to the next field, at last to the button.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  const at = event.target;
  if (!at.matches?.("input, select") || !at.form || at.matches("[data-sends]") || at.form.matches("[data-scan], [data-find]")) return;
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

// A notice about one field is bound to it, and the field is where to go on.
function focusNotice() {
  const notice = document.querySelector("[data-focus]");
  for (const field of document.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
  const field = notice?.dataset.field && labelled(notice.dataset.field);
  if (field) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "notice-say");
  }
  (field || notice)?.focus();
  notice?.scrollIntoView({ block: "center" });
}

function labelled(name) {
  const label = [...document.querySelectorAll("main label")].find((label) => label.firstChild?.textContent.trim() === name);
  return label?.control;
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
  if (primary && (at === document.body || (at.id === "code" && !at.value && at !== chosen))) primary.focus();
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
async function ask(address, options = {}) {
  const idle = String(Math.floor((performance.now() - touched) / 1000));
  options.headers = { ...options.headers, "x-idle": idle };
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

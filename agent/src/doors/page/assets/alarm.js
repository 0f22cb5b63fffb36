// Uploads that are late, soon will be, or wait for a person are told to whoever looks elsewhere: in the title, by a sound, and
// in a corner of the screen where the browser may. Never who they are about.
"use strict";

const TITLE = document.title.replace(/^【[^】]*】/, "");
const TOLD = "alarm";

function tellAlarm() {
  const alarm = document.getElementById("alarm");
  if (!alarm) return;
  const { mark, words, counts } = alarm.dataset;
  document.title = mark + TITLE;
  const before = (sessionStorage.getItem(TOLD) || "0 0 0").split(" ").map(Number);
  sessionStorage.setItem(TOLD, counts);
  // Told again only where there are more than when it was told.
  if (!counts.split(" ").some((count, kind) => Number(count) > before[kind])) return;
  beep();
  if (window.Notification?.permission !== "granted" || document.hasFocus()) return;
  // One for all windows of the page.
  const told = new Notification(words, { tag: "uploads", requireInteraction: true });
  told.addEventListener("click", () => window.focus());
}

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const loud = audio.createGain();
  loud.gain.value = 0.2;
  tone.frequency.value = 880;
  tone.connect(loud).connect(audio.destination);
  tone.addEventListener("ended", () => audio.close());
  tone.start();
  tone.stop(audio.currentTime + 0.4);
}

// The browser is asked for leave when somebody presses the button, never by itself.
const notify = document.getElementById("notify");
if (notify && window.Notification?.permission === "default") {
  notify.hidden = false;
  notify.addEventListener("click", async () => {
    await Notification.requestPermission();
    notify.hidden = Notification.permission !== "default";
  });
}

// A window that nobody sees has let go of its live events: it asks now and then.
setInterval(() => {
  if (document.hidden) look();
}, 60_000);

// What must not be overlooked on this screen is heard once.
let heard = "";
function hear() {
  const loud = document.querySelector("[data-beep]")?.textContent ?? "";
  if (loud && loud !== heard) beep();
  heard = loud;
}

document.addEventListener("refreshed", tellAlarm);
document.addEventListener("refreshed", hear);
tellAlarm();
hear();

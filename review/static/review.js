// The keyboard of the review screen. Everything here can be done with a mouse as well.
"use strict";

const TYPING_MS = 700; // a digit so soon after a candidate's key means that a number is typed
let viewer = null;
let typing = false;
let picked = { key: "", at: 0 };

const card = () => document.getElementById("card");
const field = () => document.getElementById("value");
const half = (text) => text.replace(/[\uff01-\uff5e]/g, (one) =>
  String.fromCharCode(one.charCodeAt(0) - 0xfee0)).replace("。", ".").trim();

// Figures are compared as whole numbers of the smallest decimal: no rounding.
function scaled(texts) {
  const clean = texts.map((text) => half(text).replace(/,/g, ""));
  if (!clean.every((text) => /^[-+]?\d+(\.\d+)?$/.test(text))) return null;
  const places = Math.max(0, ...clean.map((text) => (text.split(".")[1] || "").length));
  return [places, clean.map((text) => {
    const [whole, rest = ""] = text.replace("+", "").split(".");
    return BigInt(whole + rest.padEnd(places, "0"));
  })];
}

function spelled(number, places) {
  const digits = (number < 0n ? -number : number).toString().padStart(places + 1, "0");
  const cut = digits.length - places;
  const rest = digits.slice(cut).replace(/0+$/, "");
  return (number < 0n ? "−" : "") + digits.slice(0, cut) + (rest && `.${rest}`);
}

function weigh() {
  if (!field()) return;
  const blank = document.getElementById("standing").value === "blank";
  const mine = field().value.trim() ? field().value : (blank ? "0" : "");
  document.querySelectorAll(".card .balance").forEach((balance) => {
    const terms = [...balance.querySelectorAll(".term")];
    terms.filter((term) => term.classList.contains("mine")).forEach((term) => {
      term.dataset.value = mine;
      term.querySelector("var").textContent = field().value.trim() || (blank ? "—" : "?");
    });
    const found = scaled(terms.map((term) => term.dataset.value));
    let [verdict, state] = [balance.dataset.unknown, "open"];
    if (found) {
      const off = found[1].reduce((sum, one, place) =>
        terms[place].closest("[data-side]").dataset.side === "stated" ? sum + one : sum - one, 0n);
      state = off === 0n ? "good" : "bad";
      verdict = off === 0n ? balance.dataset.holds
        : `${balance.dataset.fails} (${balance.dataset.off} ${spelled(off, found[0])})`;
    }
    balance.classList.remove("good", "bad", "open");
    balance.classList.add(state);
    balance.querySelector(".sign").textContent = state === "bad" ? "≠" : "=";
    balance.querySelector(".verdict").textContent = verdict;
  });
  const wrong = field().value.trim() && !scaled([field().value]);
  field().setAttribute("aria-invalid", wrong ? "true" : "false");
  document.querySelectorAll(".option").forEach((one) => {
    const same = typing ? false : one.dataset.pick === field().value && (one.dataset.pick !== "" || blank);
    one.setAttribute("aria-pressed", same ? "true" : "false");
  });
}

function put(text, { blank = false, typed = false } = {}) {
  typing = typed;
  picked = { key: "", at: 0 };
  field().value = text;
  field().placeholder = blank ? field().dataset.blank : "?";
  document.getElementById("standing").value = blank ? "blank" : "";
  if (typed) field().focus({ preventScroll: true });
  weigh();
}

function pick(option) {
  put(option.dataset.pick, { blank: option.dataset.pick === "" });
  picked = { key: option.dataset.number, at: performance.now() };
}

function ready() {
  typing = false;
  picked = { key: "", at: 0 };
  document.querySelectorAll("img[data-missing]").forEach((image) => {
    const missing = () => {
      const said = document.createElement("p");
      said.className = "none";
      said.textContent = image.dataset.missing;
      image.replaceWith(said);
    };
    if (image.complete && !image.naturalWidth && image.loading !== "lazy") missing();
    else image.addEventListener("error", missing, { once: true });
  });
  const root = document.querySelector(".viewer:not(.none)");
  viewer = root ? new Viewer(root) : null;
  if (card()?.dataset.following) new Image().src = card().dataset.following; // at hand when it comes
  const told = document.querySelector("[data-announce]");
  if (told) document.getElementById("live").textContent = told.textContent;
  if (!field()) return;
  const entry = field();
  entry.dataset.first = JSON.stringify([entry.value, document.getElementById("standing").value]);
  entry.addEventListener("input", () => {
    typing = true;
    document.getElementById("standing").value = "";
    weigh();
  });
  document.querySelectorAll(".option").forEach((one) => one.addEventListener("click", () => pick(one)));
  document.getElementById("answer").addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name === "answer") return;
    const nothing = !entry.value.trim() && document.getElementById("standing").value !== "blank";
    if (nothing || (entry.value.trim() && !scaled([entry.value]))) {
      event.preventDefault();
      event.stopImmediatePropagation();
      document.getElementById("live").textContent = entry.dataset.wrong;
      entry.focus();
    }
  }, { capture: true });
  if (!matchMedia("(pointer: coarse)").matches) {
    entry.focus({ preventScroll: true });
    entry.select();
  }
  weigh();
}

function keyOf(event) {
  // An input method for Chinese may hold the key back; the place on the keyboard is known.
  if (event.key === "Process" || event.isComposing) {
    return event.code.replace(/^Key/, "").replace(/^(Digit|Numpad)/, "").toLowerCase();
  }
  return half(event.key.length === 1 && event.key !== " " ? event.key : event.key === " " ? "Space" : event.key);
}

// On a sheet of several figures a digit takes one off, Enter accepts the rest once all are seen.
function sheeted(key, event) {
  const box = document.querySelector(`[data-off="${CSS.escape(key)}"]`);
  if (box) box.checked = !box.checked;
  else if (key !== "Enter" || event.target.closest("a, button")) return false;
  else document.getElementById("accept-all").click();
  return true;
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "sheet") return;
  const seen = [...event.target.querySelectorAll("li")].every((one) => {
    const image = one.querySelector("img");
    return one.querySelector("[data-off]").checked || (image && image.complete && image.naturalWidth);
  });
  if (seen) return;
  event.preventDefault(); // what is not shown cannot be accepted
  event.stopImmediatePropagation();
}, { capture: true });

// Among pictures side by side: arrows move, a digit shows its own. Tells whether a key was one.
function walked(key) {
  const digit = document.querySelector(`[data-digit="${CSS.escape(key)}"]`);
  if (digit) {
    digit.click();
    return true;
  }
  const boxes = [...document.querySelectorAll(".wall a")];
  const at = boxes.indexOf(document.activeElement);
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 0, ArrowUp: 0 }[key];
  if (step === undefined || !boxes.length) return false;
  let to = at < 0 ? 0 : at + step;
  if (at >= 0 && !step) {
    const here = boxes[at].getBoundingClientRect();
    const down = key === "ArrowDown";
    const beyond = boxes.map((one, place) => [one.getBoundingClientRect(), place])
      .filter(([box]) => (down ? box.top > here.top + 2 : box.top < here.top - 2))
      .map(([box, place]) => [Math.abs(box.top - here.top) * 1000 + Math.abs(box.left - here.left), place])
      .sort((one, other) => one[0] - other[0]);
    to = beyond.length ? beyond[0][1] : at;
  }
  boxes[Math.min(Math.max(to, 0), boxes.length - 1)].focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const dialog = document.getElementById("keys");
  if (dialog && dialog.open) {
    if (event.key === "?") dialog.close();
    return;
  }
  const inField = event.target === field();
  if (!inField && event.target.closest("input, select, textarea")) return;
  const key = keyOf(event);
  if (key === "?") {
    event.preventDefault();
    dialog?.showModal();
    return;
  }
  if (/^[a-z]$/i.test(key)) {
    const wanted = key.toLowerCase();
    if (wanted === "t" && card()) window.location.assign(card().dataset.tableUrl);
    const button = document.querySelector(`#screen [data-key="${wanted}"]`);
    event.preventDefault();
    button?.click();
    return;
  }
  if (key === "+" || key === "=") {
    viewer?.zoomed("in");
    event.preventDefault();
    return;
  }
  if (document.getElementById("sheet")) {
    if (sheeted(key, event)) event.preventDefault();
    return;
  }
  if (document.querySelector(".wall") && !field()) {
    if (walked(key)) event.preventDefault();
    return;
  }
  if (!field() || field().disabled || field().closest("fieldset").disabled) return;
  if (key === "Escape") {
    const [text, standing] = JSON.parse(field().dataset.first);
    put(text, { blank: standing === "blank" });
  } else if (key === "Space" && (inField || event.target === document.body)) {
    put("", { typed: true });
  } else if (key === "Enter" && !event.target.closest("button, a, summary")) {
    if (!inField) document.getElementById("accept").click();
    else return;
  } else if (/^[0-9.\-]$/.test(key)) {
    const soon = picked.key && performance.now() - picked.at < TYPING_MS;
    const option = event.code.startsWith("Numpad") ? null
      : document.querySelector(`.option[data-number="${key}"]`);
    if (typing && inField && key === event.key) return;
    if (typing) put(field().value + key, { typed: true });
    else if (soon) put(picked.key + key, { typed: true });
    else if (option) pick(option);
    else put(key, { typed: true });
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-opens='keys']")) document.getElementById("keys").showModal();
});

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => {
    const box = event.target.closest?.("[data-shows]");
    if (box) viewer?.show(box.dataset.shows, box.dataset.turns, box.dataset.page, box.dataset.image);
  });
}

document.addEventListener("DOMContentLoaded", ready);
document.addEventListener("htmx:after:swap", ready);

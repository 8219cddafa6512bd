// Drafts: a form with data-draft="key" keeps what one types on this device until it was sent well. A draft belongs to
// the person signed in (data-person of the page); signing out (a form with data-forget) drops all of this device.
// What the server sends back with errors is newer than the draft and stands. Passwords and files are never kept.
import { clockTime, piece, words } from "./words.js";

const PREFIX = "komaq:draft:";
const SENT = "komaq:draft-sent";
const WAIT = 400;
const KEEP = 14 * 24 * 60 * 60 * 1000;

let forgotten = false;

const place = (form) => `${PREFIX}${document.body.dataset.person ?? ""}:${form.dataset.draft}`;

function fields(form) {
  return [...form.elements].filter(
    (field) => field.name && field.matches("input, textarea, select") && !["password", "file", "hidden", "submit"].includes(field.type),
  );
}

function read(form) {
  return fields(form)
    .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
    .flatMap((field) =>
      field.multiple ? [...field.selectedOptions].map((option) => [field.name, option.value]) : [[field.name, field.value]],
    );
}

function write(form, values) {
  for (const field of fields(form)) {
    const own = values.filter(([name]) => name === field.name).map(([, value]) => value);
    if (["checkbox", "radio"].includes(field.type)) field.checked = own.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = own.includes(option.value);
    else if (own.length) field.value = own[0];
  }
  form.dispatchEvent(new CustomEvent("komaq:restored", { bubbles: true }));
}

function line(form) {
  let shown = form.querySelector("[data-draft-line]");
  if (!shown) {
    shown = piece("draft");
    form.prepend(shown);
  }
  return shown;
}

function say(form, text, droppable) {
  const shown = line(form);
  shown.querySelector("[data-text]").textContent = text;
  shown.querySelector("[data-draft-drop]").hidden = !droppable;
}

function keep(form) {
  if (forgotten) return; // what was typed just before signing out
  const at = new Date();
  try {
    localStorage.setItem(place(form), JSON.stringify({ at: at.getTime(), values: read(form) }));
  } catch {
    return; // the device is full or refuses: the form works as before
  }
  say(form, words("saved", { time: clockTime(at) }), false);
}

function stored(form) {
  const draft = JSON.parse(localStorage.getItem(place(form)) ?? "null");
  return draft && Date.now() - draft.at < KEEP ? draft : null;
}

function start(form) {
  if (form.dataset.draftOn !== undefined) return;
  form.dataset.draftOn = "";
  const first = read(form);
  let timer = 0;
  const draft = stored(form);
  const answered = form.querySelector('[aria-invalid="true"]');
  if (draft && !answered && JSON.stringify(draft.values) !== JSON.stringify(first)) {
    write(form, draft.values);
    say(form, words("restored", { time: clockTime(new Date(draft.at)) }), true);
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(keep, WAIT, form);
  });
  form.addEventListener("click", (event) => {
    if (!event.target.closest("[data-draft-drop]")) return;
    localStorage.removeItem(place(form));
    write(form, first);
    line(form).remove();
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    keep(form);
    sessionStorage.setItem(SENT, JSON.stringify([form.dataset.draft, place(form)]));
  });
}

/** The page after a submit: without the same form full of errors, the draft has done its duty. */
export function settleDraft(page = document) {
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (!sent) return;
  const [key, kept] = JSON.parse(sent);
  const back = page.querySelector(`form[data-draft="${CSS.escape(key)}"]`);
  const refused = back?.querySelector('[aria-invalid="true"]') || page.querySelector('main [role="alert"], .state');
  if (!refused) localStorage.removeItem(kept);
}

function forget(event) {
  if (!event.target.matches("form[data-forget]")) return;
  forgotten = true;
  sessionStorage.removeItem(SENT);
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

export function startDrafts() {
  document.addEventListener("submit", forget);
  settleDraft();
  document.querySelectorAll("form[data-draft]").forEach(start);
  document.addEventListener("htmx:load", (event) => {
    const brought = event.detail.elt;
    if (brought.matches?.("form[data-draft]")) start(brought);
    brought.querySelectorAll?.("form[data-draft]").forEach(start);
  });
  document.addEventListener("htmx:afterOnLoad", (event) => {
    if (event.detail.successful && sessionStorage.getItem(SENT)) settleDraft();
  });
}

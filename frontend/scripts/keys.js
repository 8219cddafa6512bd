// Keys: "/" searches, "?" lists the keys, "g" and a letter goes to a place. Places carry data-key in the rail.

const PAUSE = 1200;
let going = 0;

export function typing(target) {
  return Boolean(target.closest?.("input, textarea, select, [contenteditable]")) || Boolean(document.querySelector("dialog[open]"));
}

function open(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
  return Boolean(dialog);
}

function go(letter) {
  const place = [...document.querySelectorAll("a[data-key]")].find((link) => link.dataset.key === letter);
  if (place) place.click();
  return Boolean(place);
}

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return false;
  const key = event.key.toLowerCase();
  if (event.timeStamp < going) {
    going = 0;
    return go(key);
  }
  if (key === "g" && document.querySelector("a[data-key]")) {
    going = event.timeStamp + PAUSE;
    return true;
  }
  if (key === "/") return open("palette");
  return key === "?" && open("keys");
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (press(event)) event.preventDefault();
  });
}

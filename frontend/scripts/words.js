// Words and pieces of markup come from the page (core/_words.html), so they are translated and drawn by the server.

/** The sentence of that name, with {holes} filled. */
export function words(name, holes = {}) {
  const text = document.getElementById("words")?.dataset[name] ?? "";
  return text.replaceAll(/\{(\w+)\}/g, (_, hole) => holes[hole] ?? "");
}

/** A fresh copy of the piece of that name; `text` goes into its [data-text]. */
export function piece(name, text) {
  const template = document.getElementById(`words-${name}`);
  const copy = template.content.firstElementChild.cloneNode(true);
  if (text !== undefined) copy.querySelector("[data-text]").textContent = text;
  return copy;
}

/** 07:31, on the clock of the device. */
export function clockTime(at = new Date()) {
  return at.toLocaleTimeString("es-PE", { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** 3.1 MB, 640 kB. */
export function fileSize(bytes) {
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} kB`;
}

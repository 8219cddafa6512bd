// Notices in the corner: they close by their button, good news also by itself; trouble stays.
// The server may send one with the header HX-Trigger: {"komaq:toast": {"text": "…", "tone": "ok"}}.
import { piece } from "./words.js";

const STAY = 10_000;
const KEPT = "komaq:messages";

export function toast(text, tone = "ok") {
  const corner = document.getElementById("toasts");
  if (!corner || !text) return;
  const already = [...corner.querySelectorAll("[data-text]")].some((old) => old.textContent === text);
  if (already) return;
  const box = piece("toast", text);
  if (tone === "bad") {
    box.dataset.stays = "";
    box.setAttribute("role", "alert");
  }
  corner.append(box);
  leaveLater(box);
}

/** Keeps what a page said for the page that opens next. */
export function keepMessages(page) {
  const said = [...page.querySelectorAll("[data-message] [data-text]")].map((text) => text.textContent.trim());
  if (said.length) sessionStorage.setItem(KEPT, JSON.stringify(said));
}

function leaveLater(box) {
  if ("stays" in box.dataset) return;
  setTimeout(() => {
    if (box.matches(":hover, :focus-within")) leaveLater(box);
    else box.remove();
  }, STAY);
}

export function startToasts() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest("[data-message]")?.remove();
  });
  document.addEventListener("komaq:toast", (event) => toast(event.detail.text, event.detail.tone));
  document.querySelectorAll("#toasts > .toast").forEach(leaveLater);
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  sessionStorage.removeItem(KEPT);
  kept.forEach((text) => toast(text));
}

// The eye beside a password shows and hides it.
import { words } from "./words.js";

export function startReveal() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    const input = button?.parentElement.querySelector("input");
    if (!input) return;
    const show = input.type === "password";
    input.type = show ? "text" : "password";
    button.setAttribute("aria-label", words(show ? "hide" : "show"));
    button.setAttribute("aria-pressed", String(show));
    input.focus();
  });
}

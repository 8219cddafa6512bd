// Light, dark or as the device: the choice is a cookie, so that the server can write data-theme before the first paint.
import { words } from "./words.js";

const YEAR = 365 * 24 * 60 * 60;
const NEXT = { system: "light", light: "dark", dark: "system" };

function current() {
  return document.documentElement.dataset.theme ?? "system";
}

function choose(theme) {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  label();
}

function label() {
  const theme = current();
  const text = words(`theme${theme[0].toUpperCase()}${theme.slice(1)}`);
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    const inside = button.querySelector("[data-text]");
    if (inside) inside.textContent = text;
    else {
      button.setAttribute("aria-label", text);
      button.title = text;
    }
  }
}

export function startTheme() {
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-toggle]")) choose(NEXT[current()]);
  });
  label();
}

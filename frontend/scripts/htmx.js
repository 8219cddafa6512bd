// htmx: the CSRF token travels with every request, and a failed request says so. Settings stand in meta[htmx-config].
import { toast } from "./toast.js";
import { words } from "./words.js";

const TICKS = "input[type=checkbox], input[type=radio]";

// A piece that is fetched again keeps what was ticked in it meanwhile.
function keepTicks(event) {
  const piece = event.detail.target;
  if (!piece?.matches?.("[data-keep-ticks]")) return;
  const ticked = [...piece.querySelectorAll(TICKS)].filter((input) => input.checked).map((input) => [input.name, input.value]);
  const again = () => {
    for (const input of document.getElementById(piece.id).querySelectorAll(TICKS)) {
      if (ticked.some(([name, value]) => name === input.name && value === input.value)) input.checked = true;
    }
  };
  document.addEventListener("htmx:afterSwap", again, { once: true });
}

export function startHtmx() {
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:beforeSwap", keepTicks);
  document.addEventListener("htmx:sendError", () => toast(words("lost"), "bad"));
  document.addEventListener("htmx:timeout", () => toast(words("lost"), "bad"));
  document.addEventListener("htmx:responseError", () => toast(words("failed"), "bad"));
}

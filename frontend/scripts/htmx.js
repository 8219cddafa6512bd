// htmx: the CSRF token travels with every request, and a failed request says so. Settings stand in meta[htmx-config].
import { toast } from "./toast.js";
import { words } from "./words.js";

export function startHtmx() {
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:sendError", () => toast(words("lost"), "bad"));
  document.addEventListener("htmx:timeout", () => toast(words("lost"), "bad"));
  document.addEventListener("htmx:responseError", () => toast(words("failed"), "bad"));
}

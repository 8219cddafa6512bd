// A button beside what is shown once copies it; without the browser's leave the text is selected instead.
import { toast } from "./toast.js";

async function copy(button) {
  const input = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(input.value);
    toast(button.dataset.copied);
  } catch {
    input.focus();
    input.select();
  }
}

export function startCopy() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
}

// The search palette: asks the server while one types, moves with the arrows, opens with Enter.
// Without scripts its form leads to the same address as a page.

const WAIT = 150;
const LEAST = 2;

function startIn(dialog) {
  const form = dialog.querySelector("form");
  const input = dialog.querySelector("input[name=q]");
  const results = dialog.querySelector("[data-palette]");
  const hint = results.innerHTML;
  let timer = 0;
  let asked = "";
  let request = new AbortController();

  const options = () => [...results.querySelectorAll("[role=option]")];
  const chosen = () => results.querySelector('[role=option][aria-selected="true"]');

  function choose(option) {
    chosen()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  }

  function show(html) {
    results.innerHTML = html;
    const list = results.querySelector("[role=listbox]");
    input.setAttribute("aria-expanded", String(Boolean(list)));
    input.setAttribute("aria-controls", list?.id ?? results.id);
    choose(options()[0]);
  }

  async function ask() {
    const query = input.value.trim();
    if (query === asked) return;
    asked = query;
    request.abort();
    if (query.length < LEAST) return show(hint);
    request = new AbortController();
    try {
      const answer = await fetch(`${form.action}?${new URLSearchParams({ q: query })}`, {
        headers: { "HX-Request": "true", "HX-Target": results.id },
        signal: request.signal,
      });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") asked = ""; // no signal: the next key asks again
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("keydown", (event) => {
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
    }
  });
  form.addEventListener("submit", (event) => {
    if (!chosen() || input.value.trim() !== asked) return;
    event.preventDefault();
    chosen().click();
  });
  results.addEventListener("pointermove", (event) => {
    const option = event.target.closest("[role=option]");
    if (option && option !== chosen()) choose(option);
  });
  dialog.addEventListener("toggle", () => dialog.open && input.select());
}

export function startPalette() {
  const dialog = document.getElementById("palette");
  if (dialog?.querySelector("form")) startIn(dialog);
}

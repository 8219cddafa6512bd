// One press, one deed: while a form is on its way its button is busy and a second submit does nothing.

const SENDING = "sending";

function buttons(form) {
  return [...form.elements].filter((control) => control.matches("button:not([type=button]), input[type=submit]"));
}

export function hold(form, submitter) {
  form.dataset[SENDING] = "";
  for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
  submitter?.setAttribute("aria-busy", "true");
}

export function release(form) {
  delete form.dataset[SENDING];
  for (const button of buttons(form)) {
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  }
}

export function startGuard() {
  document.addEventListener(
    "submit",
    (event) => {
      if (!(SENDING in event.target.dataset)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    { capture: true },
  );
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.target === "_blank" || "download" in form.dataset) return; // a download leaves the page where it is
    hold(form, event.submitter);
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.target instanceof HTMLFormElement) hold(event.target, event.detail.requestConfig.triggeringEvent?.submitter);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target instanceof HTMLFormElement) release(event.target);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(release);
  });
}

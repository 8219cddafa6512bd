// Dialogs: commandfor/command where the browser lacks it, a press beside the box closes it, and a dialog that htmx
// brings with data-open opens by itself.

function follow(button) {
  const target = document.getElementById(button.getAttribute("commandfor"));
  const command = button.getAttribute("command");
  if (!target) return;
  if (command === "show-modal" && !target.open) target.showModal();
  else if (command === "close") target.close();
  else if (command?.endsWith("-popover")) target[command.replace("-popover", "Popover")]();
}

function outside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return (
    event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom
  );
}

export function startDialogs() {
  const native = "commandForElement" in HTMLButtonElement.prototype;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[commandfor]");
    if (button && !native) follow(button);
  });
  document.addEventListener("pointerdown", (event) => {
    const dialog = event.target;
    // A form in it may hold typed text: only boxes without one close by a press beside them.
    if (dialog instanceof HTMLDialogElement && outside(dialog, event) && !dialog.querySelector("form[method=post]")) {
      dialog.close();
    }
  });
  document.addEventListener("htmx:load", (event) => {
    const dialog = event.detail.elt.closest?.("dialog[data-open]") ?? event.detail.elt.querySelector?.("dialog[data-open]");
    if (dialog && !dialog.open) dialog.showModal();
  });
}

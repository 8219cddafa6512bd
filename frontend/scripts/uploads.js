// Files with data-upload: photos are made smaller and shown before they leave, the form is sent with a percentage, and a
// lost connection keeps the form with everything in it and offers to send again. Without scripts it is a plain form.
import { hold, release } from "./guard.js";
import { shrink } from "./photos.js";
import { keepMessages } from "./toast.js";
import { fileSize, piece, words } from "./words.js";

const preparing = new WeakMap();

function list(input) {
  const anchor = input.closest(".drop") ?? input;
  if (!anchor.nextElementSibling?.matches(".uploads")) {
    const box = document.createElement("div");
    box.className = "uploads";
    anchor.after(box);
  }
  return anchor.nextElementSibling;
}

function row(file) {
  const shown = piece("upload");
  shown.querySelector(".upload__name").textContent = file.name;
  shown.querySelector(".meta").textContent = words("ready", { size: fileSize(file.size) });
  return shown;
}

function preview(file) {
  const figure = document.createElement("figure");
  figure.className = "photo";
  const image = document.createElement("img");
  image.alt = file.name;
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
  image.addEventListener("error", () => image.remove(), { once: true });
  const caption = document.createElement("figcaption");
  caption.textContent = words("ready", { size: fileSize(file.size) });
  figure.append(image, caption);
  return figure;
}

function show(input) {
  const box = list(input);
  const photos = document.createElement("div");
  photos.className = "photos";
  box.replaceChildren();
  for (const file of input.files) (file.type.startsWith("image/") ? photos : box).append((file.type.startsWith("image/") ? preview : row)(file));
  if (photos.childElementCount) box.append(photos);
}

async function prepare(input) {
  const bag = new DataTransfer();
  for (const file of [...input.files]) bag.items.add(await shrink(file));
  input.files = bag.files;
  show(input);
}

function inputs(form) {
  return [...form.querySelectorAll("input[type=file][data-upload]")];
}

function progress(form) {
  form.querySelector("[data-retry]")?.remove();
  const shown = form.querySelector("[data-progress]") ?? piece("progress", words("shrinking"));
  form.append(shown);
  return (sent, total) => {
    const percent = Math.round((100 * sent) / total);
    shown.querySelector("[data-text]").textContent = words("sending", { percent });
    shown.querySelector("[data-share]").textContent = `${fileSize(sent)} / ${fileSize(total)}`;
    shown.querySelector("progress").value = percent;
  };
}

function offerRetry(form, submitter, text) {
  release(form);
  form.querySelector("[data-progress]")?.remove();
  const note = piece("retry", text);
  note.querySelector("button").addEventListener("click", () => send(form, submitter));
  form.append(note);
}

function arrive(form, request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html");
  const back = page.querySelector("main");
  const here = document.querySelector("main");
  const stays = new URL(request.responseURL).pathname === location.pathname && page.querySelector('[aria-invalid="true"], main [role="alert"]');
  if (!stays || !back) {
    keepMessages(page);
    location.assign(request.responseURL);
    return;
  }
  release(form); // its button may stand outside <main>, and stays
  const files = new Map(inputs(form).map((input) => [input.name, input.files]));
  here.replaceWith(back); // the form came back with its errors: put the files in again
  window.htmx.process(back);
  for (const input of back.querySelectorAll("input[type=file][data-upload]")) {
    if (!files.get(input.name)?.length) continue;
    input.files = files.get(input.name);
    show(input);
  }
  back.querySelector('[aria-invalid="true"], [role="alert"]')?.scrollIntoView({ block: "center" });
}

async function send(form, submitter) {
  hold(form, submitter);
  const move = progress(form);
  await Promise.all(inputs(form).map((input) => preparing.get(input)));
  const request = new XMLHttpRequest();
  request.open("POST", submitter?.getAttribute("formaction") || form.getAttribute("action") || location.href);
  request.upload.addEventListener("progress", (event) => event.lengthComputable && move(event.loaded, event.total));
  request.addEventListener("load", () => {
    if (request.status >= 500 || request.status === 413 || request.status === 429) offerRetry(form, submitter, words("failed"));
    else arrive(form, request);
  });
  for (const trouble of ["error", "timeout", "abort"]) {
    request.addEventListener(trouble, () => offerRetry(form, submitter, words("lost")));
  }
  request.send(new FormData(form, submitter));
}

export function startUploads() {
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("input[type=file][data-upload]")) return;
    show(event.target);
    preparing.set(event.target, prepare(event.target));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (!inputs(form).some((input) => input.files.length)) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => event.target.closest?.(".drop")?.toggleAttribute("data-over", kind === "dragover"));
  }
}

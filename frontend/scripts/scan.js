// A button beside a field reads a label with the camera and sends the form; it shows where the browser can read codes.
import { toast } from "./toast.js";

const EVERY_MS = 200;

function look(detector, video, dialog, input) {
  const timer = setInterval(async () => {
    if (!dialog.open || video.readyState < 2) return;
    const [code] = await detector.detect(video).catch(() => []);
    if (!code || !dialog.open) return;
    input.value = code.rawValue;
    dialog.close();
    input.form.requestSubmit();
  }, EVERY_MS);
  dialog.addEventListener("close", () => clearInterval(timer), { once: true });
}

async function scan(button) {
  const dialog = document.getElementById(`${button.dataset.scan}-camera`);
  const video = dialog.querySelector("video");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    toast(button.dataset.refused, "bad");
    return;
  }
  video.srcObject = stream;
  dialog.addEventListener("close", () => stream.getTracks().forEach((track) => track.stop()), { once: true });
  dialog.showModal();
  await video.play();
  look(new BarcodeDetector(), video, dialog, document.getElementById(button.dataset.scan));
}

export function startScan() {
  const able = "BarcodeDetector" in window && navigator.mediaDevices;
  for (const button of document.querySelectorAll("[data-scan]")) {
    button.hidden = !able;
    button.addEventListener("click", () => scan(button));
  }
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

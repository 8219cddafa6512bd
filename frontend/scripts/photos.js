// A photo leaves the device no larger than it is read: 2048 px at the long side, JPEG. What cannot be decoded goes as it is.

const LONGEST = 2048;
const QUALITY = 0.85;

export async function shrink(file) {
  if (!file.type.startsWith("image/") || file.type === "image/svg+xml" || file.type === "image/gif") return file;
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const scale = LONGEST / Math.max(picture.width, picture.height);
  if (scale >= 1 && file.type === "image/jpeg") return file;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * Math.min(1, scale));
  canvas.height = Math.round(picture.height * Math.min(1, scale));
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff"; // see-through parts become white, as on paper
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const data = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!data || data.size >= file.size) return file;
  return new File([data], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
}

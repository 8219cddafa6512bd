// Bundles styles and scripts into komaq/core/static/dist/ (not committed; the wheel and the image carry it).
// One line per output with its size, raw and compressed. Names stay plain: Django's manifest storage adds the hash.
//   app.css   every style, room-*.css at the end        app.js   what every page loads
//   <page>.js one bundle per file in scripts/pages/      *.woff2  our own typeface
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "komaq", "core", "static", "dist");
const targets = ["chrome123", "firefox121", "safari17.5"];

async function filesIn(folder, pattern) {
  if (!existsSync(join(here, folder))) return [];
  const names = await readdir(join(here, folder));
  return names.filter((name) => pattern.test(name)).sort();
}

async function buildStyles() {
  const rooms = await filesIn("styles", /^room-.+\.css$/);
  const contents = ["app.css", ...rooms].map((name) => `@import "./${name}";`).join("\n");
  await build({
    stdin: { contents, loader: "css", resolveDir: join(here, "styles"), sourcefile: "all.css" },
    outfile: join(out, "app.css"),
    bundle: true,
    minify: true,
    target: targets,
    supported: { nesting: true },
    loader: { ".woff2": "file" },
    assetNames: "[name]",
    logLevel: "warning",
  });
}

async function buildScripts() {
  const pages = await filesIn("scripts/pages", /\.js$/);
  await build({
    entryPoints: ["scripts/app.js", ...pages.map((name) => `scripts/pages/${name}`)],
    absWorkingDir: here,
    outdir: out,
    entryNames: "[name]",
    bundle: true,
    minify: true,
    format: "esm",
    target: targets,
    legalComments: "none",
    logLevel: "warning",
  });
}

async function report() {
  for (const name of (await readdir(out)).sort()) {
    const data = await readFile(join(out, name));
    const packed = name.endsWith(".woff2") ? data.length : gzipSync(data, { level: 9 }).length;
    const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9);
    console.log(`${basename(name).padEnd(36)}${kb(data.length)}  gz${kb(packed)}`);
  }
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await Promise.all([
  buildStyles(),
  buildScripts(),
  copyFile(join(here, "node_modules/@fontsource-variable/inter/LICENSE"), join(out, "inter-license.txt")),
]);
await report();

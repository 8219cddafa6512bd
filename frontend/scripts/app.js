// What every page loads. Pages work without it; each module adds one thing.
import htmx from "htmx.org";
import { startCopy } from "./copy.js";
import { startDialogs } from "./dialogs.js";
import { startDrafts } from "./drafts.js";
import { startGuard } from "./guard.js";
import { startHtmx } from "./htmx.js";
import { startKeys } from "./keys.js";
import { startPalette } from "./palette.js";
import { startReveal } from "./reveal.js";
import { startScan } from "./scan.js";
import { startTheme } from "./theme.js";
import { startToasts } from "./toast.js";
import { startUploads } from "./uploads.js";

window.htmx = htmx; // page bundles use this one copy
startHtmx();
startTheme();
startDialogs();
startKeys();
startPalette();
startDrafts();
startUploads();
startGuard(); // last: it must see whether another listener took the submit
startReveal();
startCopy();
startScan();
startToasts();

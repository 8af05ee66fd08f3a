/** Builds the console into the router's files: hashed names, one list of them, no time and no path of this machine in it. */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { parse } from "smol-toml";

const HERE = dirname(fileURLToPath(import.meta.url));
const LIBRARY = join(HERE, "../shared/ion_mentoring");
const SITE = process.argv.includes("--into") ? process.argv[process.argv.indexOf("--into") + 1] : join(LIBRARY, "handlers/api/console_files");
const LANGUAGES = ["ko", "en"];
const EARLIER = 3; // releases whose files stay, for pages that were loaded before

const hash = (bytes) => createHash("sha256").update(bytes).digest("hex");
const from = (path) => readFileSync(join(HERE, path));
const files = new Map();

/** Adds a file under a name that its content gives it, and returns its address. */
function asset(name, bytes) {
  const [stem, ending] = name.split(/\.(?=[^.]+$)/);
  const hashed = `${stem}.${hash(bytes).slice(0, 10)}.${ending}`;
  files.set(`assets/${hashed}`, Buffer.from(bytes));
  return `/assets/${hashed}`;
}

const options = {
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  write: false,
  target: "es2022",
  format: "esm",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  charset: "utf8", // modules are read as such, and Korean is half as long
  metafile: true,
};

/** The numbers and lines of help of the product, out of its one table: those to call. */
function lines() {
  const { countries } = parse(readFileSync(join(LIBRARY, "understanding/safety/helplines.toml"), "utf8"));
  const order = (one) => (one.of === "police" ? 1 : 0); // as the server has it for whoever may die by their own hand
  const made = Object.entries(countries).map(([code, { numbers, lines: own = [] }]) => {
    const emergency = numbers.toSorted((a, b) => order(a) - order(b)).map(({ number, ko, en }) => [number, ko, en]);
    const others = own.filter((line) => line.number).map(({ number, name: { ko, en } }) => [number, ko, en]);
    return [code, [emergency, others]];
  });
  return `/** Made by build.mjs of understanding/safety/helplines.toml: do not edit. */

/** A number, and who answers there in Korean and English. */
export type Line = [number: string, ko: string, en: string];

/** By country: the numbers of this minute, and the lines. */
export const LINES: Record<string, [emergency: Line[], lines: Line[]]> = ${JSON.stringify(Object.fromEntries(made), null, 1)};
`;
}

/** The scripts and the style; their own names have esbuild's hash, which is made of their content, too. */
async function bundle() {
  const result = await build({
    ...options,
    entryPoints: { app: "src/main.tsx" },
    splitting: true,
    outdir: "/assets",
    entryNames: "[name].[hash]",
    chunkNames: "[name].[hash]",
    loader: { ".css": "text" }, // the operators' style goes with their script: nobody else loads it
  });
  for (const file of result.outputFiles) files.set(`assets/${basename(file.path)}`, Buffer.from(file.contents));
  const styles = await build({ ...options, entryPoints: ["src/style/console.css"], outdir: "/assets" });
  const entries = Object.entries(result.metafile.outputs);
  const app = basename(entries.find(([, one]) => one.entryPoint === "src/main.tsx")[0]);
  const first = entries.find(([path]) => basename(path) === app)[1].imports.filter((one) => one.kind === "import-statement");
  const words = Object.fromEntries(LANGUAGES.map((one) => [one, `/assets/${basename(entries.find(([, other]) => other.entryPoint === `src/words/${one}.ts`)[0])}`]));
  return { app: `/assets/${app}`, first: first.map((one) => `/assets/${basename(one.path)}`), words, style: asset("console.css", styles.outputFiles[0].contents) };
}

/** The licences of all that is in the bundle. */
function licences() {
  const texts = ["preact", "@preact/signals", "@preact/signals-core", "idb"].map((name) => {
    const { version, license } = JSON.parse(from(`node_modules/${name}/package.json`));
    return `${name} ${version} (${license})\n\n${from(`node_modules/${name}/LICENSE`).toString().trim()}\n`;
  });
  return `The console of ION Mentoring contains:\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

/** The words of one language, out of their module. */
async function wordsOf(language) {
  const made = await build({ ...options, metafile: false, entryPoints: [`src/words/${language}.ts`], format: "esm" });
  return (await import(`data:text/javascript;base64,${Buffer.from(made.outputFiles[0].contents).toString("base64")}`))[language];
}

function filled(template, slots) {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, slot) => slots[slot]);
}

const madeLines = lines();
const linesFile = join(HERE, "src/safety/made.ts");
if (!existsSync(linesFile) || readFileSync(linesFile, "utf8") !== madeLines) writeFileSync(linesFile, madeLines);

const { app, first, words, style } = await bundle();
const icons = Object.fromEntries(["icon.svg", "icon-180.png", "icon-192.png", "icon-512.png", "icon-mask.png"].map((name) => [name.split(".")[0].replace("-", ""), asset(name, from(`src/icons/${name}`))]));
files.set("assets/licences.txt", Buffer.from(licences()));
for (const language of LANGUAGES) {
  const said = await wordsOf(language);
  const preloads = [...first, words[language]].map((path) => `<link rel="modulepreload" href="${path}">`).join("\n");
  const slots = { app, style, preloads, language, name: said["app.name"], lead: said["app.lead"], label: said["composer.label"], placeholder: said["composer.placeholder"], notice: said["app.notice"], ...icons };
  slots.manifest = asset(`manifest.${language}.webmanifest`, filled(from("src/manifest.webmanifest").toString(), slots));
  files.set(`index.${language}.html`, Buffer.from(filled(from("src/shell.html").toString(), slots)));
}
const shells = ["index.ko.html", "index.en.html"];
const precached = [...files.keys()].filter((name) => name.startsWith("assets/") && !/\.(png|txt)$/.test(name)).sort();
const list = Object.fromEntries([...precached, ...shells].map((name) => [name, hash(files.get(name))]));
const worker = await build({ ...options, entryPoints: ["src/worker/sw.ts"], format: "iife", define: { LIST: JSON.stringify(list) } });
files.set("sw.js", Buffer.from(worker.outputFiles[0].contents));
const gone = await build({ ...options, entryPoints: ["src/worker/gone.ts"], format: "iife" });
files.set("sw.gone.js", Buffer.from(gone.outputFiles[0].contents));

/** The releases so far, newest first, each with the names of its assets. */
function releases() {
  const path = join(SITE, "files.json");
  const before = existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : { releases: [] };
  const at = process.argv.indexOf("--release");
  if (at < 0) return before.releases;
  const assets = [...files].filter(([name]) => name.startsWith("assets/")).sort(([a], [b]) => (a < b ? -1 : 1));
  return [{ version: process.argv[at + 1], assets: Object.fromEntries(assets.map(([name, bytes]) => [name, hash(bytes)])) }, ...before.releases].slice(0, EARLIER);
}

const kept = releases();
mkdirSync(join(SITE, "assets"), { recursive: true });
const stay = new Set([...files.keys(), ...kept.flatMap((release) => Object.keys(release.assets))]);
for (const name of readdirSync(join(SITE, "assets"))) if (!stay.has(`assets/${name}`)) rmSync(join(SITE, "assets", name));
for (const [name, bytes] of files) writeFileSync(join(SITE, name), bytes);
const sums = Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, bytes]) => [name, hash(bytes)]));
writeFileSync(join(SITE, "files.json"), `${JSON.stringify({ files: sums, first: { app, first, style }, releases: kept }, null, 1)}\n`);

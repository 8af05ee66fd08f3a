/** Bundles the tests of small parts, and runs them with node's own runner. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const into = mkdtempSync(join(tmpdir(), "console-"));
const tests = readdirSync(HERE).filter((name) => name.endsWith(".test.ts"));
await build({
  absWorkingDir: HERE,
  entryPoints: tests,
  bundle: true,
  platform: "node",
  format: "esm",
  outdir: into,
  outExtension: { ".js": ".mjs" },
  external: ["node:*"],
  logLevel: "error",
});
const ran = spawnSync(process.execPath, ["--test", ...tests.map((name) => join(into, name.replace(".ts", ".mjs")))], { stdio: "inherit" });
rmSync(into, { recursive: true });
process.exit(ran.status ?? 1);

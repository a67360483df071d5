#!/usr/bin/env node
// Runs the program of the platform package that npm installed beside this one.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `tmrs-cli-${process.platform}-${process.arch}`;
const program = `bin/tmrs${process.platform === "win32" ? ".exe" : ""}`;

// npm installs the package for this system's C library; an npm that does not know of C
// libraries installs both, and the one for glibc does not start on musl.
const names = process.platform === "linux" ? [name, `${name}-musl`] : [name];
for (const each of names) {
  let path;
  try {
    path = require.resolve(`${each}/${program}`);
  } catch {
    continue;
  }
  const { status, signal, error } = spawnSync(path, process.argv.slice(2), { stdio: "inherit" });
  if (error?.code === "ENOENT" && each !== names.at(-1)) continue;
  if (error) {
    console.error(`tmrs: ${error.message}`);
    process.exit(2);
  }
  if (signal) process.kill(process.pid, signal);
  process.exit(status ?? 2);
}
console.error(
  `tmrs: the package ${name} is not installed. Either there is none for this system, or npm left out ` +
    "optional dependencies (--omit=optional); https://github.com/tmrs-dev/tmrs has other ways to install.",
);
process.exit(2);

#!/usr/bin/env node
// Runs the program of the platform package that npm installed beside this one.
"use strict";

const { spawnSync } = require("node:child_process");

const name = `@tmrs/${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/bin/tmrs${process.platform === "win32" ? ".exe" : ""}`);
} catch {
  console.error(
    `tmrs: the package ${name} is not installed. Either there is none for this system, or npm left out ` +
      "optional dependencies (--omit=optional); https://github.com/tmrs-dev/tmrs has other ways to install.",
  );
  process.exit(2);
}

const { status, signal, error } = spawnSync(program, process.argv.slice(2), { stdio: "inherit" });
if (error) {
  console.error(`tmrs: ${error.message}`);
  process.exit(2);
}
if (signal) process.kill(process.pid, signal);
process.exit(status ?? 2);

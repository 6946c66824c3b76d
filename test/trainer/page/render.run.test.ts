import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, test } from "@jest/globals";

import { reportPage } from "../../../trainer/page/page.ts";
import { renderPage } from "../../../trainer/page/render.ts";
import { reports } from "./reports.ts";

const patience = 60_000;

/** A program in the place of the page's own: only so can it be late, loud or broken. */
async function program(source: string) {
  const directory = await mkdtempDisposable(path.join(tmpdir(), "page-program-"));
  const file = path.join(directory.path, "program.mjs");
  await writeFile(file, source);
  return { file, [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose]() };
}

test(
  "returns the page that this process would make",
  async () => {
    expect(await renderPage(reports.aborted())).toBe(await reportPage(reports.aborted()));
  },
  patience,
);

test(
  "a report that is none is refused with the words of the program",
  async () => {
    const broken = { ...reports.failed(), startedAt: "yesterday" };
    await expect(renderPage(broken)).rejects.toThrow(
      /^Cannot make report\.html: its program ended with exit code 65: Cannot read standard input as the JSON report of a run: .*startedAt/s,
    );
  },
  patience,
);

test(
  "a program that is killed is told so",
  async () => {
    await using killed = await program("process.kill(process.pid, 'SIGKILL')");
    await expect(renderPage(reports.failed(), { program: killed.file })).rejects.toThrow(
      "Cannot make report.html: its program was ended by SIGKILL",
    );
  },
  patience,
);

test(
  "a program that takes too long is killed",
  async () => {
    await using late = await program("setTimeout(() => {}, 20000)");
    await expect(renderPage(reports.failed(), { program: late.file, seconds: 1 })).rejects.toThrow(
      "Cannot make report.html: it took longer than 1 s",
    );
  },
  patience,
);

test(
  "a run that is told to stop does not wait for its page",
  async () => {
    await using late = await program("setTimeout(() => {}, 20000)");
    const stop = new AbortController();
    const page = renderPage(reports.failed(), { program: late.file, signal: stop.signal });
    stop.abort();
    await expect(page).rejects.toThrow("Cannot make report.html: the run was told to stop");
  },
  patience,
);

test(
  "the program inherits no secrets",
  async () => {
    process.env["DATABASE_URL"] = "postgres://somebody:secret@localhost/velo";
    await using told = await program("process.stdout.write(JSON.stringify(Object.keys(process.env)))");
    const names = await renderPage(reports.failed(), { program: told.file });
    delete process.env["DATABASE_URL"];
    expect(names).not.toContain("DATABASE_URL");
  },
  patience,
);

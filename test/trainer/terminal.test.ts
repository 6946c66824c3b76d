import { WriteStream } from "node:tty";
import { describe, expect, test } from "@jest/globals";

import { terminalDisplay } from "../../trainer/terminal.ts";

/** A terminal of 100 columns that remembers what was written to it, colours and movements taken out. */
function fakeTerminal() {
  let written = "";
  const stream = Object.create(WriteStream.prototype) as WriteStream;
  Object.assign(stream, {
    isTTY: true,
    columns: 100,
    write: (text: string) => {
      written += text;
      return true;
    },
  });
  return { stream, text: () => written.replace(/\u001b\[[?\d;]*[A-Za-z]/g, "\n"), raw: () => written };
}

describe("terminalDisplay()", () => {
  test("shows the stage's number and name, a bar, the percentage and the time left", () => {
    const terminal = fakeTerminal();
    const display = terminalDisplay(terminal.stream);
    display.show({ stage: "search", done: 0, total: undefined, etaSeconds: undefined });
    display.show({ stage: "search", done: 5, total: 10, etaSeconds: 7 });
    display.clear();
    expect(terminal.text()).toMatch(/\[5\/11\] search +\|[^|]+\| 0 %/);
    expect(terminal.text()).toMatch(/\[5\/11\] search +\|[^|]+\| 50 % 7 s left/);
  });

  test("gives the cursor back", () => {
    const terminal = fakeTerminal();
    const display = terminalDisplay(terminal.stream);
    display.show({ stage: "open", done: 0, total: 1, etaSeconds: undefined });
    expect(terminal.raw()).toContain("\u001b[?25l");
    display.clear();
    expect(terminal.raw().lastIndexOf("\u001b[?25h")).toBeGreaterThan(
      terminal.raw().lastIndexOf("\u001b[?25l"),
    );
  });

  test("writes nothing when there is nothing to clear", () => {
    const terminal = fakeTerminal();
    terminalDisplay(terminal.stream).clear();
    expect(terminal.raw()).toBe("");
  });
});

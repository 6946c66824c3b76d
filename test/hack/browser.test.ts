import { chmodSync, mkdtempDisposableSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, test } from "@jest/globals";

import { findBrowser } from "../../hack/browser.ts";

function directoryWith(names: readonly string[], mode = 0o755) {
  const directory = mkdtempDisposableSync(path.join(tmpdir(), "browsers-"));
  for (const name of names) {
    writeFileSync(path.join(directory.path, name), "");
    chmodSync(path.join(directory.path, name), mode);
  }
  return directory;
}

test("CHROMIUM_PATH comes first, and is not replaced by another when it leads nowhere", () => {
  using found = directoryWith(["chromium", "mine"]);
  const mine = path.join(found.path, "mine");
  expect(findBrowser({ CHROMIUM_PATH: mine, PATH: found.path })).toBe(mine);
  expect(findBrowser({ CHROMIUM_PATH: `${mine}-not`, PATH: found.path })).toBeUndefined();
  expect(findBrowser({ CHROMIUM_PATH: "", PATH: found.path })).toBe(path.join(found.path, "chromium"));
});

test("chromium is preferred to google-chrome, wherever on PATH they are", () => {
  using chrome = directoryWith(["google-chrome"]);
  using chromium = directoryWith(["chromium-browser"]);
  const search = { PATH: [chrome.path, chromium.path].join(path.delimiter) };
  expect(findBrowser(search)).toBe(path.join(chromium.path, "chromium-browser"));
});

test("what cannot be run is no browser", () => {
  using found = directoryWith(["chromium"], 0o644);
  expect(findBrowser({ PATH: found.path })).toBeUndefined();
  expect(findBrowser({})).toBeUndefined();
});

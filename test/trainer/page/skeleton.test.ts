import { expect, test } from "@jest/globals";

import { reportPage } from "../../../trainer/page/page.ts";
import { nastyTexts, talkative, textFields, withTexts } from "./hostile.ts";

/** The page without its texts: what a browser takes for structure. */
const skeleton = (page: string): string[] => page.match(/<[^>]*>/g) ?? [];

test("no text of a report changes the structure of its page", async () => {
  const report = talkative();
  const fields = textFields(report);
  expect(fields).toEqual(
    expect.arrayContaining([
      "message",
      "requestedBy",
      "evaluation.stations.3.name",
      "gate.why",
      "restored.hold.why",
    ]),
  );
  const page = (text: string): Promise<string> => reportPage(withTexts(report, fields, () => text));
  expect(skeleton(await page(`x${nastyTexts.join("")}`))).toEqual(skeleton(await page("x")));
}, 60_000);

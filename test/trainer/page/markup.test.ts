import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { escaped, markup, trusted } from "../../../trainer/page/markup.ts";

/** What an HTML parser makes of text between tags and in quoted attributes. */
const parsed = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");

describe("markup", () => {
  test.each([
    {
      name: "text is escaped",
      made: markup`<p>${`<b a="1" c='2'>&`}</p>`,
      is: "<p>&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;</p>",
    },
    { name: "markup is not", made: markup`<p>${markup`<b>${"<"}</b>`}</p>`, is: "<p><b>&lt;</b></p>" },
    { name: "nor what is trusted", made: markup`${trusted("<i>")}`, is: "<i>" },
    { name: "lists are joined", made: markup`${["<", markup`<br>`, 3]}`, is: "&lt;<br>3" },
    { name: "absence is nothing", made: markup`<p>${undefined}</p>`, is: "<p></p>" },
  ])("$name", ({ made, is }) => {
    expect(made.markup).toBe(is);
  });

  test("any text comes back from its escaped form, which can open no tag and close no attribute", () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.oneof(
            fc.constantFrom("<", ">", "&", '"', "'", ";", "#", "/"),
            fc.string({ maxLength: 1 }),
          ),
        }),
        (text) => {
          expect(escaped(text)).not.toMatch(/[<>"']/);
          expect(parsed(escaped(text))).toBe(text);
        },
      ),
    );
  });
});

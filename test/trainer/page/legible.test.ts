import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { legible } from "../../../trainer/page/legible.ts";

describe("legible()", () => {
  test.each([
    { name: "ordinary names stay", text: "Compteur Vélo l’Océan ①", is: "Compteur Vélo l’Océan ①" },
    { name: "white space becomes a space", text: "a\r\n\tb", is: "a b" },
    { name: "a control is named", text: "a\u0000b\u001b[31m", is: "a⟨U+0000⟩b⟨U+001B⟩[31m" },
    { name: "what turns text around is named", text: "a\u202ecba", is: "a⟨U+202E⟩cba" },
    { name: "so are isolates and marks", text: "\u2066x\u2069\u200f", is: "⟨U+2066⟩x⟨U+2069⟩⟨U+200F⟩" },
    { name: "what takes no place is named", text: "a\u200bb\ufeff", is: "a⟨U+200B⟩b⟨U+FEFF⟩" },
    { name: "half of a pair is named", text: "a\ud83d!", is: "a⟨U+D83D⟩!" },
    { name: "a whole pair stays", text: "🚲", is: "🚲" },
    { name: "joiners stay", text: "می\u200cخواهم 👩\u200d🚀", is: "می\u200cخواهم 👩\u200d🚀" },
    { name: "long texts are cut", text: "x".repeat(2001), is: `${"x".repeat(2000)}…` },
  ])("$name", ({ text, is }) => {
    expect(legible(text)).toBe(is);
  });

  test("no text keeps a control, a bidirectional control or half of a pair", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(legible(text)).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

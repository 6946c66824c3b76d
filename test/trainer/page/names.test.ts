import { expect, test } from "@jest/globals";

import { withoutCommonStart } from "../../../trainer/page/names.ts";

test.each([
  {
    name: "words that most names begin with are left out, also where some names do not",
    names: ["Compteur Vélo A", "Compteur Vélo B", "Compteur Vélo C", "Compteur Piéton D", "E"],
    is: ["A", "B", "C", "Compteur Piéton D", "E"],
  },
  {
    name: "a start that few share stays",
    names: ["Rue A", "Rue B", "Quai C", "Quai D"],
    is: ["Rue A", "Rue B", "Quai C", "Quai D"],
  },
  { name: "two names share nothing", names: ["Rue A", "Rue B"], is: ["Rue A", "Rue B"] },
  { name: "a part of a word is no word", names: ["Vélos A", "Vélo B", "Vélo C"], is: ["Vélos A", "B", "C"] },
  {
    name: "a name that is only the start stays whole",
    names: ["Rue A", "Rue B", "Rue "],
    is: ["A", "B", "Rue "],
  },
  {
    name: "equal names stay what they are told apart by",
    names: ["Rue A", "Rue A", "Rue A"],
    is: ["A", "A", "A"],
  },
  { name: "no names", names: [], is: [] },
])("$name", ({ names, is }) => {
  expect(withoutCommonStart(names)).toEqual(is);
});

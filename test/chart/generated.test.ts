import { expect, test } from "@jest/globals";

import { staleFiles } from "../../hack/chart.ts";

test("the chart's CRD and the schema of its values are those of the contract", async () => {
  expect(await staleFiles()).toEqual([]);
});
